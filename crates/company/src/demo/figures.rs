//! What a finished year looks like, read back from the books, and whether that is believable.
use kernel::{Cell, Day, Instant, Result, Stored, Zone};
use store::{Row, Sql, Tx, sql};

/// Figures of a year. Shares are in thousandths, amounts in minor units.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Figures {
    pub orders: i64,
    /// Neither cancelled nor wholly delivered at the year's end.
    pub open_orders: i64,
    /// Net revenue recognised in the year.
    pub revenue: i64,
    /// Of revenue.
    pub gross_margin: i64,
    /// Billed receivables against sales billed in the year, in days.
    pub dso_days: i64,
    /// Of receivables.
    pub overdue: i64,
    /// Of orders due: all lines delivered in full by the first promise.
    pub otif: i64,
    /// Of orders dispatched: no human act between entry and dispatch but the warehouse's.
    pub touchless: i64,
    /// Of orders: a hold of this kind was ever placed.
    pub data_holds: i64,
    pub price_holds: i64,
    pub credit_holds: i64,
    pub overdue_holds: i64,
    pub prepayment_holds: i64,
    pub stock_holds: i64,
    /// Of orders: they waited for goods that came in by a receipt.
    pub backorders: i64,
    pub cancelled: i64,
    pub changed: i64,
    /// Of orders: they came from a quotation.
    pub quoted: i64,
    pub leads: i64,
    pub opportunities: i64,
    pub won: i64,
    /// Of invoices: posted from the 25th of a month on.
    pub invoiced_from_the_25th: i64,
    /// Days of cost of sales that lie in stock.
    pub stock_days: i64,
    pub facts: i64,
}

/// Days after which a signed delivery note is back: later promises are not judged yet.
const NOTES_BACK: i64 = 21;

/// Reads the figures of the year from one day to another, both included.
pub fn figures(tx: &mut Tx, from: Day, until: Day) -> Result<Figures> {
    let days = [Stored::text(from.to_string()), Stored::text(until.to_string())];
    let orders = count(tx, sql!("SELECT COUNT(*) FROM sales_order WHERE tenant_id = $1"))?.max(1);
    let (revenue, cost) = (-turnover(tx, "revenue", &days)?, turnover(tx, "cost_of_sales", &days)?);
    let (receivable, overdue) = receivables(tx, until)?;
    let (billed, invoices, late) = invoiced(tx, &days)?;
    let stock = count(
        tx,
        sql!(
            "SELECT CAST(COALESCE(SUM(value), 0) AS BIGINT) FROM stock_value WHERE tenant_id = $1"
        ),
    )?;
    let mut holds = Holds { orders, tx };
    let [data_holds, price_holds, credit_holds] = holds.shares(["data", "price", "credit"])?;
    let [overdue_holds, prepayment_holds, stock_holds] =
        holds.shares(["overdue", "prepayment", "stock"])?;
    let year = (from, until.plus_days(-NOTES_BACK));
    Ok(Figures {
        orders,
        open_orders: open_orders(tx)?,
        revenue,
        gross_margin: (revenue - cost) * 1000 / revenue.max(1),
        dso_days: receivable * 365 / billed.max(1),
        overdue: overdue * 1000 / receivable.max(1),
        otif: otif(tx, year)?,
        touchless: touchless(tx)?,
        data_holds,
        price_holds,
        credit_holds,
        overdue_holds,
        prepayment_holds,
        stock_holds,
        backorders: told_of(tx, "order.promised")? * 1000 / orders,
        cancelled: told_of(tx, "order.cancelled")? * 1000 / orders,
        changed: (told_of(tx, "order.changed")?
            + told_of(tx, "order.date_changed")?
            + told_of(tx, "order.qty_changed")?)
            * 1000
            / orders,
        quoted: told_of(tx, "quote.accepted")? * 1000 / orders,
        leads: count(tx, sql!("SELECT COUNT(*) FROM lead WHERE tenant_id = $1"))?,
        opportunities: count(tx, sql!("SELECT COUNT(*) FROM opportunity WHERE tenant_id = $1"))?,
        won: count(
            tx,
            sql!("SELECT COUNT(*) FROM opportunity WHERE tenant_id = $1 AND state = 'won'"),
        )?,
        invoiced_from_the_25th: late * 1000 / invoices.max(1),
        stock_days: stock * 365 / cost.max(1),
        facts: count(tx, sql!("SELECT COUNT(*) FROM fact WHERE tenant_id = $1"))?,
    })
}

impl Figures {
    /// What is outside the ranges of a believable year (`demo-company.md`; where it gives shares,
    /// with the chance of 3,000 draws on both sides); empty when all is well.
    #[must_use]
    pub fn check(&self) -> Vec<String> {
        let ranges = [
            ("dso_days", self.dso_days, 55, 75),
            ("otif", self.otif, 780, 880),
            ("overdue", self.overdue, 180, 280),
            ("touchless", self.touchless, 100, 250),
            ("gross_margin", self.gross_margin, 120, 220),
            ("data_holds", self.data_holds, 50, 110),
            ("price_holds", self.price_holds, 40, 100),
            ("credit_holds", self.credit_holds, 65, 170),
            ("prepayment_holds", self.prepayment_holds, 100, 190),
            ("stock_holds", self.stock_holds, 85, 180),
            ("backorders", self.backorders, 130, 230),
            ("cancelled", self.cancelled, 15, 45),
        ];
        let outside = |(name, is, low, high): &(&str, i64, i64, i64)| {
            let inside = (low..=high).contains(&is);
            (!inside).then(|| format!("{name}: {is} is not within {low} to {high}"))
        };
        ranges.iter().filter_map(outside).collect()
    }
}

fn count(tx: &mut Tx, sql: &'static Sql) -> Result<i64> {
    Ok(tx.value(sql, &[])?.unwrap_or(0))
}

/// Orders that a fact of this activity touches.
fn told_of(tx: &mut Tx, activity: &str) -> Result<i64> {
    let sql = sql!(
        "SELECT COUNT(DISTINCT object_id) FROM fact_object \
         WHERE tenant_id = $1 AND object_type = 'order' AND activity = $2"
    );
    Ok(tx.value(sql, &[Stored::text(activity)])?.unwrap_or(0))
}

fn turnover(tx: &mut Tx, role: &str, days: &[Stored; 2]) -> Result<i64> {
    let sql = sql!(
        "SELECT CAST(COALESCE(SUM(l.debit - l.credit), 0) AS BIGINT) FROM entry_line l \
         JOIN account_role r ON r.tenant_id = l.tenant_id AND r.company = l.company \
         AND r.account = l.account \
         WHERE l.tenant_id = $1 AND r.role = $2 AND l.day >= $3 AND l.day <= $4"
    );
    let key = [Stored::text(role), days[0].clone(), days[1].clone()];
    Ok(tx.value(sql, &key)?.unwrap_or(0))
}

/// Open, and of it overdue.
pub(super) fn receivables(tx: &mut Tx, until: Day) -> Result<(i64, i64)> {
    let sql = sql!(
        "SELECT CAST(COALESCE(SUM(open), 0) AS BIGINT), \
         CAST(COALESCE(SUM(CASE WHEN due < $2 THEN open ELSE 0 END), 0) AS BIGINT) \
         FROM open_item WHERE tenant_id = $1 AND open > 0"
    );
    pair(tx.rows(sql, &[Stored::text(until.to_string())])?)
}

/// Gross amount and number of invoices of the year, and how many came from the 25th on.
fn invoiced(tx: &mut Tx, days: &[Stored; 2]) -> Result<(i64, i64, i64)> {
    let sql = sql!(
        "SELECT day, gross FROM invoice WHERE tenant_id = $1 AND kind = 'invoice' \
         AND state IN ('posted', 'settled') AND day >= $2 AND day <= $3"
    );
    let (mut gross, mut number, mut late) = (0, 0, 0);
    for mut row in tx.rows(sql, days)? {
        let day: Day = row.take()?;
        gross += row.take::<i64>()?;
        number += 1;
        late += i64::from(day.day() >= 25);
    }
    Ok((gross, number, late))
}

fn pair<A: Cell + Default, B: Cell + Default>(rows: Vec<Row>) -> Result<(A, B)> {
    match rows.into_iter().next() {
        Some(mut row) => Ok((row.take()?, row.take()?)),
        None => Ok((A::default(), B::default())),
    }
}

struct Holds<'a, 't> {
    orders: i64,
    tx: &'a mut Tx<'t>,
}

impl Holds<'_, '_> {
    fn shares(&mut self, kinds: [&str; 3]) -> Result<[i64; 3]> {
        let sql = sql!(
            "SELECT COUNT(DISTINCT subject) FROM hold \
             WHERE tenant_id = $1 AND subject_kind = 'order' AND kind = $2"
        );
        let mut all = [0; 3];
        for (share, kind) in all.iter_mut().zip(kinds) {
            let held: Option<i64> = self.tx.value(sql, &[Stored::text(kind)])?;
            *share = held.unwrap_or(0) * 1000 / self.orders;
        }
        Ok(all)
    }
}

fn open_orders(tx: &mut Tx) -> Result<i64> {
    let sql = sql!(
        "SELECT COUNT(*) FROM sales_order o WHERE o.tenant_id = $1 \
         AND o.state IN ('draft', 'submitted', 'confirmed') AND EXISTS (SELECT 1 \
         FROM order_line l WHERE l.tenant_id = o.tenant_id AND l.order_id = o.id \
         AND l.shipped < l.ordered - l.cancelled)"
    );
    count(tx, sql)
}

/// Thousandths of the orders due by which everything was there on the first promised day.
fn otif(tx: &mut Tx, (from, until): (Day, Day)) -> Result<i64> {
    let sql = sql!(
        "SELECT o.promised_first, CAST(COALESCE((SELECT MAX(s.delivered_at) FROM shipment s \
         WHERE s.tenant_id = o.tenant_id AND s.order_id = o.id AND s.state = 'delivered'), 0) \
         AS BIGINT), (SELECT COUNT(*) FROM order_line l WHERE l.tenant_id = o.tenant_id \
         AND l.order_id = o.id AND l.kind = 'goods' AND l.delivered < l.ordered - l.cancelled) \
         FROM sales_order o WHERE o.tenant_id = $1 AND o.state IN ('confirmed', 'closed') \
         AND o.promised_first >= $2 AND o.promised_first <= $3 AND EXISTS (SELECT 1 \
         FROM order_line g WHERE g.tenant_id = o.tenant_id AND g.order_id = o.id \
         AND g.kind = 'goods')"
    );
    let key = [Stored::text(from.to_string()), Stored::text(until.to_string())];
    let (mut due, mut kept) = (0, 0);
    for mut row in tx.rows(sql, &key)? {
        let (promised, last, short): (Day, Instant, i64) = (row.take()?, row.take()?, row.take()?);
        due += 1;
        kept += i64::from(short == 0 && Zone::china().day(last) <= promised);
    }
    Ok(kept * 1000 / due.max(1))
}

fn touchless(tx: &mut Tx) -> Result<i64> {
    let sql = sql!(
        "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN (SELECT COUNT(*) FROM fact_object h \
         JOIN fact f ON f.tenant_id = h.tenant_id AND f.id = h.fact_id \
         WHERE h.tenant_id = $1 AND h.object_type = 'order' AND h.object_id = d.object_id \
         AND h.occurred_at < d.gone AND f.actor_kind = 'human' AND h.activity NOT IN \
         ('order.entered', 'shipment.created', 'shipment.changed', 'shipment.cancelled', \
         'pick.started', 'pick.completed', 'pack.completed', 'stock.reserved', 'stock.released', \
         'stock.shorted')) = 0 THEN 1 ELSE 0 END), 0) AS BIGINT) FROM (SELECT object_id, \
         MIN(occurred_at) AS gone FROM fact_object WHERE tenant_id = $1 AND object_type = 'order' \
         AND activity = 'ship.dispatched' GROUP BY object_id) d"
    );
    let (dispatched, untouched): (i64, i64) = pair(tx.rows(sql, &[])?)?;
    Ok(untouched * 1000 / dispatched.max(1))
}
