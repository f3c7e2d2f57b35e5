//! What the stored rows of an import sum up to: our side of the reconciliation.
use super::ImportBatch;
use kernel::{Currency, Price, Result, Stored, div_round};
use serde_json::Value as Json;
use store::{Sql, Tx, sql};

/// Rows of a page.
const PAGE: usize = 2000;

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
    for (name, scale, sql) in sales_sums().into_iter().chain(money_sums()) {
        let sum: Option<i64> = tx.value(sql, &[Stored::Int(batch.id.raw())])?;
        let exact = i128::from(sum.unwrap_or(0)) * if scale { minor } else { 1 };
        sums.push(StoredSum { name, exact, rounded: exact });
    }
    sums.extend(orders(tx, batch)?);
    sums.extend(invoice_lines(tx, batch)?);
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

type Total = (&'static str, bool, &'static Sql);

fn sales_sums() -> [Total; 9] {
    [
        total!(
            "products.list_price",
            false,
            "list_price",
            "product WHERE tenant_id = $1 AND batch_id = $2"
        ),
        total!(
            "opportunities.amount",
            true,
            "amount",
            "opportunity WHERE tenant_id = $1 AND batch_id = $2"
        ),
        total!(
            "opportunities.won",
            true,
            "amount",
            "opportunity WHERE tenant_id = $1 AND batch_id = $2 AND state = 'won'"
        ),
        total!(
            "orders.freight",
            true,
            "freight",
            "sales_order WHERE tenant_id = $1 AND batch_id = $2"
        ),
        total!(
            "orders.quantity",
            false,
            "l.ordered",
            "order_line l JOIN sales_order o ON o.tenant_id = l.tenant_id AND o.id = l.order_id \
             WHERE o.tenant_id = $1 AND o.batch_id = $2"
        ),
        total!(
            "leads.est_amount",
            true,
            "est_amount",
            "lead WHERE tenant_id = $1 AND batch_id = $2"
        ),
        total!(
            "leads.converted",
            false,
            "CASE state WHEN 'converted' THEN 1000000 ELSE 0 END",
            "lead WHERE tenant_id = $1 AND batch_id = $2"
        ),
        total!("orders.paid", true, "paid", "sales_order WHERE tenant_id = $1 AND batch_id = $2"),
        total!(
            "reviews.score",
            false,
            "score * 1000000",
            "order_review WHERE tenant_id = $1 AND batch_id = $2"
        ),
    ]
}

fn money_sums() -> [Total; 7] {
    [
        total!(
            "stock.quantity",
            false,
            "l.qty",
            "receipt_line l JOIN external_ref r ON r.tenant_id = l.tenant_id \
             AND r.object_type = 'receipt' AND r.object_id = l.receipt \
             WHERE l.tenant_id = $1 AND r.batch_id = $2"
        ),
        total!(
            "stock.value",
            true,
            "l.value",
            "receipt_line l JOIN external_ref r ON r.tenant_id = l.tenant_id \
             AND r.object_type = 'receipt' AND r.object_id = l.receipt \
             WHERE l.tenant_id = $1 AND r.batch_id = $2"
        ),
        total!(
            "payables.amount",
            true,
            "amount",
            "opening_payable WHERE tenant_id = $1 AND batch_id = $2"
        ),
        total!("invoices.amount", true, "gross", "invoice WHERE tenant_id = $1 AND batch_id = $2"),
        total!(
            "invoices.disputed",
            true,
            "gross",
            "invoice WHERE tenant_id = $1 AND batch_id = $2 AND disputed = 1"
        ),
        total!("invoices.open", true, "open", "invoice WHERE tenant_id = $1 AND batch_id = $2"),
        total!("payments.amount", true, "amount", "payment WHERE tenant_id = $1 AND batch_id = $2"),
    ]
}

/// Sums of one page of rows: the exact amounts that orders keep beside the rounded ones.
#[derive(Default)]
struct OrderSums {
    net: (i128, i128),
    profit: i128,
}

fn orders(tx: &mut Tx, batch: &ImportBatch) -> Result<[StoredSum; 2]> {
    let (mut sums, mut after) = (OrderSums::default(), 0);
    loop {
        let page = tx.rows(
            sql!(
                "SELECT id, net, exact FROM sales_order WHERE tenant_id = $1 AND batch_id = $2 \
                 AND id > $3 ORDER BY id LIMIT 2000"
            ),
            &[Stored::Int(batch.id.raw()), Stored::Int(after)],
        )?;
        let full = page.len() == PAGE;
        for mut row in page {
            after = row.take()?;
            sums.net.1 += i128::from(row.take::<i64>()?) * scale_of(batch.currency);
            let text: String = row.take()?;
            let kept: Json = serde_json::from_str(&text).unwrap_or(Json::Null);
            let of = |name: &str| -> Result<i128> {
                let text = kept.get(name).and_then(Json::as_str).unwrap_or("0");
                Ok(i128::from(Price::parse(text)?.0))
            };
            sums.net.0 += of("net")?;
            sums.profit += of("profit")?;
        }
        if !full {
            let (exact, rounded) = sums.net;
            let profit = sums.profit;
            return Ok([
                StoredSum { name: "orders.net", exact, rounded },
                StoredSum { name: "orders.profit", exact: profit, rounded: profit },
            ]);
        }
    }
}

/// Lines of invoices keep price and quantity as the file has them.
fn invoice_lines(tx: &mut Tx, batch: &ImportBatch) -> Result<[StoredSum; 2]> {
    let (mut exact, mut rounded, mut qty, mut after) = (0, 0, 0, 0);
    let one = i128::from(Price::SCALE);
    loop {
        let page = tx.rows(
            sql!(
                "SELECT l.id, l.qty, l.price, l.gross FROM invoice_line l JOIN invoice i \
                 ON i.tenant_id = l.tenant_id AND i.id = l.invoice WHERE l.tenant_id = $1 \
                 AND i.batch_id = $2 AND l.id > $3 ORDER BY l.id LIMIT 2000"
            ),
            &[Stored::Int(batch.id.raw()), Stored::Int(after)],
        )?;
        let full = page.len() == PAGE;
        for mut row in page {
            after = row.take()?;
            let (of, price): (i64, i64) = (row.take()?, row.take()?);
            qty += i128::from(of);
            exact += i128::from(of) * i128::from(price);
            rounded += i128::from(row.take::<i64>()?) * scale_of(batch.currency);
        }
        if !full {
            return Ok([
                StoredSum { name: "invoices.lines", exact: div_round(exact, one), rounded },
                StoredSum { name: "invoices.quantity", exact: qty, rounded: qty },
            ]);
        }
    }
}
