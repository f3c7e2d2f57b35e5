//! What of a source is ours already, what is unfinished, and what the stored rows sum up to.
use super::ImportBatch;
use kernel::{Ctx, Currency, Price, Result, Stored};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use store::{Sql, Tx, find, sql};

/// A row of the source that is ours.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KnownRef {
    pub hash: String,
    pub batch: i64,
}

/// Everything of one source that a company has, by kind and key.
#[derive(Clone, Debug, Default)]
pub struct Known {
    rows: BTreeMap<String, BTreeMap<String, KnownRef>>,
}

impl Known {
    #[must_use]
    pub fn get(&self, kind: &str, key: &str) -> Option<&KnownRef> {
        self.rows.get(kind)?.get(key)
    }
    /// Has the source given any row of this kind?
    #[must_use]
    pub fn has_kind(&self, kind: &str) -> bool {
        self.rows.contains_key(kind)
    }
    /// Rows that a batch has written.
    #[must_use]
    pub fn of_batch(&self, batch: i64) -> usize {
        self.rows.values().flat_map(BTreeMap::values).filter(|r| r.batch == batch).count()
    }
}

/// Rows of a page.
const PAGE: usize = 2000;

/// Reads what the context's company has of a source.
pub fn known(cx: &Ctx, tx: &mut Tx, source: &str) -> Result<Known> {
    let mut known = Known::default();
    let mut after = 0;
    loop {
        let page = tx.rows(
            sql!(
                "SELECT id, kind, key, row_hash, batch_id FROM external_ref WHERE tenant_id = $1 \
                 AND source = $2 AND id > $3 AND company IN (0, $4) ORDER BY id LIMIT 2000"
            ),
            &[Stored::Text(source.to_owned()), Stored::Int(after), Stored::Int(cx.company)],
        )?;
        let full = page.len() == PAGE;
        for mut row in page {
            after = row.take()?;
            let (kind, key): (String, String) = (row.take()?, row.take()?);
            let found = KnownRef { hash: row.take()?, batch: row.take()? };
            known.rows.entry(kind).or_default().insert(key, found);
        }
        if !full {
            return Ok(known);
        }
    }
}

/// The batch of a source that is not yet applied, or not yet wholly undone.
pub fn unfinished(cx: &Ctx, tx: &mut Tx, source: &str) -> Result<Option<ImportBatch>> {
    let query = find!(
        ImportBatch,
        "source = $2 AND state IN ('validated', 'applying', 'undoing') AND company = $3 \
         ORDER BY id LIMIT 1"
    );
    let key = [Stored::Text(source.to_owned()), Stored::Int(cx.company)];
    Ok(tx.list(query, &key)?.into_iter().next())
}

/// A sum over a batch's stored rows, in millionths.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredSum {
    pub name: &'static str,
    /// Over the amounts as the file had them.
    pub exact: i128,
    /// Over the amounts that our documents show.
    pub rounded: i128,
}

/// Millionths of one minor unit.
#[must_use]
pub fn scale_of(currency: Currency) -> i128 {
    i128::from(Price::SCALE) / 10_i128.pow(currency.places())
}

/// What the stored rows of a batch sum up to, by the names that `intake` uses.
pub fn stored_sums(tx: &mut Tx, batch: &ImportBatch) -> Result<Vec<StoredSum>> {
    let minor = scale_of(batch.currency);
    let mut sums = Vec::new();
    for (name, scale, sql) in plain_sums() {
        let sum: Option<i64> = tx.value(sql, &[Stored::Int(batch.id.raw())])?;
        let exact = i128::from(sum.unwrap_or(0)) * if scale { minor } else { 1 };
        sums.push(StoredSum { name, exact, rounded: exact });
    }
    sums.push(orders_net(tx, batch)?);
    Ok(sums)
}

/// Name, whether in minor units (else in millionths), and the sum over a batch's rows.
macro_rules! total {
    ($name:literal, $minor:literal, $column:literal, $rows:literal) => {
        (
            $name,
            $minor,
            sql!(concat!("SELECT CAST(COALESCE(SUM(", $column, "), 0) AS BIGINT) FROM ", $rows)),
        )
    };
}

fn plain_sums() -> [(&'static str, bool, &'static Sql); 9] {
    [
        total!(
            "products.list_price",
            false,
            "list_price",
            "product WHERE tenant_id = $1 AND batch_id = $2 AND batch_id <> 0"
        ),
        total!(
            "opportunities.amount",
            true,
            "amount",
            "opportunity WHERE tenant_id = $1 AND batch_id = $2 AND batch_id <> 0"
        ),
        total!(
            "opportunities.won",
            true,
            "amount",
            "opportunity WHERE tenant_id = $1 AND batch_id = $2 AND batch_id <> 0 AND state = 'won'"
        ),
        total!(
            "orders.freight",
            true,
            "freight",
            "sales_order WHERE tenant_id = $1 AND batch_id = $2 AND batch_id <> 0"
        ),
        total!(
            "orders.quantity",
            false,
            "l.ordered",
            "order_line l JOIN sales_order o ON o.tenant_id = l.tenant_id AND o.id = l.order_id \
             WHERE o.tenant_id = $1 AND o.batch_id = $2 AND o.batch_id <> 0"
        ),
        total!(
            "invoices.amount",
            true,
            "gross",
            "invoice WHERE tenant_id = $1 AND batch_id = $2 AND batch_id <> 0"
        ),
        total!(
            "invoices.disputed",
            true,
            "gross",
            "invoice WHERE tenant_id = $1 AND batch_id = $2 AND batch_id <> 0 AND disputed = 1"
        ),
        total!(
            "invoices.open",
            true,
            "open",
            "invoice WHERE tenant_id = $1 AND batch_id = $2 AND batch_id <> 0"
        ),
        total!(
            "payments.amount",
            true,
            "amount",
            "payment WHERE tenant_id = $1 AND batch_id = $2 AND batch_id <> 0"
        ),
    ]
}

/// Orders keep their exact amounts beside the rounded ones.
fn orders_net(tx: &mut Tx, batch: &ImportBatch) -> Result<StoredSum> {
    let (mut exact, mut rounded, mut after) = (0, 0, 0);
    loop {
        let page = tx.rows(
            sql!(
                "SELECT id, net, exact FROM sales_order WHERE tenant_id = $1 AND batch_id = \
                 $2 AND batch_id <> 0 \
                 AND id > $3 ORDER BY id LIMIT 2000"
            ),
            &[Stored::Int(batch.id.raw()), Stored::Int(after)],
        )?;
        let full = page.len() == PAGE;
        for mut row in page {
            after = row.take()?;
            rounded += i128::from(row.take::<i64>()?) * scale_of(batch.currency);
            let text: String = row.take()?;
            let kept: Json = serde_json::from_str(&text).unwrap_or(Json::Null);
            let net = kept.get("net").and_then(Json::as_str).unwrap_or_default();
            exact += i128::from(Price::parse(net)?.0);
        }
        if !full {
            return Ok(StoredSum { name: "orders.net", exact, rounded });
        }
    }
}
