//! The day close: what stood on the balance accounts at the end of each day, from the entries.
//!
//! Days are closed in order. An entry that was posted for a day already closed makes that day and
//! all after it be closed again, so the rows are always what the entries say; doing it twice
//! writes the same rows.
use super::entities::DAY_CLOSE;
use kernel::{Ctx, Day, Id, Instant, Result, Stored};
use store::jobs::{Job, Step};
use store::{Tx, find, sql};

/// Account roles whose balances are kept by day.
pub const ROLES: [&str; 6] = [
    "receivable",
    "receivable_unbilled",
    "inventory",
    "goods_shipped",
    "customer_advance",
    "contract_liability",
];

/// Rows of customers and products in one step.
const RANGE: i64 = 500;
/// Days without an entry that one step closes.
const QUIET: i64 = 60;
/// Entries are looked at again this far back: one with a smaller id may have been committed late.
const LATE: i64 = (Instant::HOUR / 1000) << 22;

/// How far a company's days are closed.
struct DayClose {
    id: Id<DayClose>,
    /// The last closed day; empty before the first.
    day: String,
    /// The newest entry when somebody last looked for entries of closed days.
    entry: i64,
}
store::record!(DayClose => DAY_CLOSE { id, day, entry });

/// Closes the next range of the first day that is over and not closed, and the quiet days after it.
///
/// The job's place is twice the day's number (days since 1970); one more when the day is begun.
pub(super) fn step(cx: &Ctx, tx: &mut Tx, job: &Job) -> Result<Step> {
    let until = cx.today().plus_days(-1);
    let mut close = locked(cx, tx)?;
    let begun = job.place % 2 == 1;
    if !begun {
        look_back(cx, tx, &mut close, job.place == 0)?;
    }
    let Some(day) = next_day(cx, tx, &close)?.filter(|day| *day <= until) else {
        tx.update(&[close]);
        return Ok(Step::Done);
    };
    let more = |place: i64, done: i64, last: Day| {
        let total = done + last.days_until(until);
        Step::More { place, done, total }
    };
    if !begun {
        forget(cx, tx, day, day);
    }
    if keep_each(cx, tx, day)? == RANGE as u64 {
        tx.update(&[close]);
        return Ok(more(day.number() * 2 + 1, job.steps_done, day));
    }
    let last = quiet_until(cx, tx, day)?.min(until);
    keep_totals(cx, tx, day, last)?;
    close.day = last.to_string();
    tx.update(&[close]);
    if last == until {
        return Ok(Step::Done);
    }
    Ok(more(last.number() * 2, job.steps_done + day.days_until(last) + 1, last))
}

/// The company's row, locked; made at its first close.
fn locked(cx: &Ctx, tx: &mut Tx) -> Result<DayClose> {
    let known: Vec<DayClose> =
        tx.lock_list(find!(DayClose, "id = $2"), &[Stored::Int(cx.company)])?;
    if let Some(close) = known.into_iter().next() {
        return Ok(close);
    }
    let close = DayClose { id: Id::from_raw(cx.company), day: String::new(), entry: 0 };
    tx.insert(std::slice::from_ref(&close));
    Ok(close)
}

/// Goes back to before the first day for which somebody posted since.
fn look_back(cx: &Ctx, tx: &mut Tx, close: &mut DayClose, first_step: bool) -> Result<()> {
    let after = if first_step { close.entry - LATE } else { close.entry };
    let Some(mut row) = tx
        .rows(
            sql!(
                "SELECT COALESCE(MIN(day), ''), CAST(COALESCE(MAX(id), 0) AS BIGINT) FROM entry \
                 WHERE tenant_id = $1 AND id > $2 AND company = $3"
            ),
            &[Stored::Int(after), Stored::Int(cx.company)],
        )?
        .into_iter()
        .next()
    else {
        return Ok(());
    };
    let (earliest, newest): (String, i64) = (row.take()?, row.take()?);
    close.entry = close.entry.max(newest);
    if let Ok(earliest) = Day::parse(&earliest)
        && earliest.to_string() <= close.day
    {
        close.day = earliest.plus_days(-1).to_string();
    }
    Ok(())
}

/// The day after the last closed one, else that of the first entry.
fn next_day(cx: &Ctx, tx: &mut Tx, close: &DayClose) -> Result<Option<Day>> {
    if let Ok(last) = Day::parse(&close.day) {
        return Ok(Some(last.plus_days(1)));
    }
    entry_after(cx, tx, "")
}

/// The first day with an entry after a day (ISO text).
fn entry_after(cx: &Ctx, tx: &mut Tx, after: &str) -> Result<Option<Day>> {
    let day: Option<String> = tx.value(
        sql!(
            "SELECT day FROM entry WHERE tenant_id = $1 AND company = $2 AND day > $3 \
             ORDER BY day LIMIT 1"
        ),
        &[Stored::Int(cx.company), Stored::text(after)],
    )?;
    Ok(day.and_then(|day| Day::parse(&day).ok()))
}

/// The last of the days after `day` that have no entry, up to so many.
fn quiet_until(cx: &Ctx, tx: &mut Tx, day: Day) -> Result<Day> {
    let longest = day.plus_days(QUIET);
    let next = entry_after(cx, tx, &day.to_string())?;
    Ok(next.map_or(longest, |next| next.plus_days(-1).min(longest)))
}

fn forget(cx: &Ctx, tx: &mut Tx, from: Day, until: Day) {
    tx.put(
        sql!(
            "DELETE FROM balance_day WHERE tenant_id = $1 AND company = $2 AND day >= $3 \
             AND day <= $4"
        ),
        &[Stored::Int(cx.company), Stored::text(from.to_string()), Stored::text(until.to_string())],
    );
}

fn of_roles(cx: &Ctx, day: Day) -> Vec<Stored> {
    let mut params = vec![Stored::Int(cx.company), Stored::text(day.to_string())];
    params.extend(ROLES.map(Stored::name));
    params
}

/// Keeps customers and products that the day moved and that are not kept yet; how many.
fn keep_each(cx: &Ctx, tx: &mut Tx, day: Day) -> Result<u64> {
    let mut params = of_roles(cx, day);
    params.push(Stored::Int(RANGE));
    tx.exec(
        sql!(
            "INSERT INTO balance_day (tenant_id, company, role, grain, party, product, day, \
             amount) SELECT $1, $2, m.role, 'each', m.party, m.product, $3, m.amount + COALESCE( \
             (SELECT b.amount FROM balance_day b WHERE b.tenant_id = $1 AND b.company = $2 \
             AND b.role = m.role AND b.grain = 'each' AND b.party = m.party \
             AND b.product = m.product AND b.day < $3 ORDER BY b.day DESC LIMIT 1), 0) FROM \
             (SELECT r.role AS role, l.party AS party, l.product AS product, \
             CAST(COALESCE(SUM(l.debit - l.credit), 0) AS BIGINT) AS amount FROM account_role r \
             JOIN entry_line l ON l.tenant_id = r.tenant_id AND l.company = r.company \
             AND l.account = r.account WHERE r.tenant_id = $1 AND r.company = $2 AND l.day = $3 \
             AND r.role IN ($4, $5, $6, $7, $8, $9) AND NOT EXISTS (SELECT 1 FROM balance_day w \
             WHERE w.tenant_id = $1 AND w.company = $2 AND w.role = r.role AND w.grain = 'each' \
             AND w.party = l.party AND w.product = l.product AND w.day = $3) \
             GROUP BY r.role, l.party, l.product ORDER BY r.role, l.party, l.product LIMIT $10) m"
        ),
        &params,
    )
}

/// Keeps the totals of a day with entries and of the quiet days after it.
fn keep_totals(cx: &Ctx, tx: &mut Tx, day: Day, last: Day) -> Result<()> {
    let before = totals(cx, tx, day.plus_days(-1))?;
    let moved = tx.rows(
        sql!(
            "SELECT r.role, CAST(COALESCE(SUM(l.debit - l.credit), 0) AS BIGINT) \
             FROM account_role r JOIN entry_line l ON l.tenant_id = r.tenant_id \
             AND l.company = r.company AND l.account = r.account WHERE r.tenant_id = $1 \
             AND r.company = $2 AND l.day = $3 AND r.role IN ($4, $5, $6, $7, $8, $9) \
             GROUP BY r.role"
        ),
        &of_roles(cx, day),
    )?;
    let mut amounts = before;
    for mut row in moved {
        let (role, amount): (String, i64) = (row.take()?, row.take()?);
        match amounts.iter_mut().find(|(known, _)| *known == role) {
            Some((_, sum)) => *sum += amount,
            None => amounts.push((role, amount)),
        }
    }
    if last > day {
        forget(cx, tx, day.plus_days(1), last);
    }
    for ahead in 0..=day.days_until(last) {
        for (role, amount) in &amounts {
            tx.put(
                sql!(
                    "INSERT INTO balance_day (tenant_id, company, role, grain, party, product, \
                     day, amount) VALUES ($1, $2, $3, 'total', 0, 0, $4, $5)"
                ),
                &[
                    Stored::Int(cx.company),
                    Stored::text(role.clone()),
                    Stored::text(day.plus_days(ahead).to_string()),
                    Stored::Int(*amount),
                ],
            );
        }
    }
    Ok(())
}

/// The totals of a closed day by role, debit positive; none for a day that is not closed.
pub fn totals(cx: &Ctx, tx: &mut Tx, day: Day) -> Result<Vec<(String, i64)>> {
    let rows = tx.rows(
        sql!(
            "SELECT role, amount FROM balance_day WHERE tenant_id = $1 AND company = $2 \
             AND day = $3 AND grain = 'total' ORDER BY role"
        ),
        &[Stored::Int(cx.company), Stored::text(day.to_string())],
    )?;
    rows.into_iter().map(|mut row| Ok((row.take()?, row.take()?))).collect()
}

/// What stood on a role's account at the end of a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Balance {
    pub party: i64,
    pub product: i64,
    /// Minor units of base currency, debit positive.
    pub amount: i64,
}

/// Balances of a role by customer and product as of a day, at most 10,000; zeros are left out.
pub fn as_of(cx: &Ctx, tx: &mut Tx, role: &str, day: Day) -> Result<Vec<Balance>> {
    let rows = tx.rows(
        sql!(
            "SELECT b.party, b.product, b.amount FROM balance_day b WHERE b.tenant_id = $1 \
             AND b.company = $2 AND b.role = $3 AND b.grain = 'each' AND b.day <= $4 \
             AND b.amount <> 0 AND NOT EXISTS (SELECT 1 FROM balance_day n \
             WHERE n.tenant_id = b.tenant_id AND n.company = b.company AND n.role = b.role \
             AND n.grain = 'each' AND n.party = b.party AND n.product = b.product \
             AND n.day > b.day AND n.day <= $4) ORDER BY b.party, b.product LIMIT 10000"
        ),
        &[Stored::Int(cx.company), Stored::text(role), Stored::text(day.to_string())],
    )?;
    let balance = |mut row: store::Row| {
        Ok(Balance { party: row.take()?, product: row.take()?, amount: row.take()? })
    };
    rows.into_iter().map(balance).collect()
}

/// The last day of a company whose balances are kept.
pub fn closed_until(cx: &Ctx, tx: &mut Tx) -> Result<Option<Day>> {
    let close: Option<DayClose> = tx.find(Id::from_raw(cx.company))?;
    Ok(close.and_then(|close| Day::parse(&close.day).ok()))
}
