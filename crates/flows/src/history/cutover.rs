//! The entries of history: receivables still open at cut-over with the credit that they take, and
//! payables.
use super::ImportBatch;
use access::company::Company;
use kernel::{Ctx, Day, Error, Id, Result, Stored};
use ledger::{Draft, DraftLine, Entry, EntryLine, Period, PeriodState, posting};
use party::Party;
use store::{Tx, find, sql};
use terms::{CreditDelta, credit_account};

/// What one customer still owes of a batch, in the batch's currency and in base currency.
struct Open {
    party: Id<Party>,
    amount: i64,
    base: i64,
}

fn open_of(tx: &mut Tx, batch: &ImportBatch) -> Result<Vec<Open>> {
    let rows = tx.rows(
        sql!(
            "SELECT o.party, CAST(COALESCE(SUM(o.open), 0) AS BIGINT), \
             CAST(COALESCE(SUM(o.open_base), 0) AS BIGINT) FROM open_item o \
             JOIN invoice i ON i.tenant_id = o.tenant_id AND i.id = o.invoice \
             WHERE i.tenant_id = $1 AND i.batch_id = $2 AND i.batch_id <> 0 AND o.open <> 0 \
             GROUP BY o.party ORDER BY o.party"
        ),
        &[Stored::Int(batch.id.raw())],
    )?;
    let open = |mut row: store::Row| {
        Ok(Open { party: row.take()?, amount: row.take()?, base: row.take()? })
    };
    rows.into_iter().map(open).collect()
}

/// Posts what is open at cut-over, one entry for the control account, and takes the credit.
///
/// Errors: `import.rate_needed`, those of posting.
pub(super) fn open_books(cx: &Ctx, tx: &mut Tx, batch: &ImportBatch) -> Result<i64> {
    open_payables(cx, tx, batch)?;
    open_receivables(cx, tx, batch)
}

/// One entry for the bills of suppliers that are not paid.
fn open_payables(cx: &Ctx, tx: &mut Tx, batch: &ImportBatch) -> Result<()> {
    let rows = tx.rows(
        sql!(
            "SELECT party, CAST(COALESCE(SUM(open), 0) AS BIGINT) FROM opening_payable \
             WHERE tenant_id = $1 AND batch_id = $2 GROUP BY party ORDER BY party"
        ),
        &[Stored::Int(batch.id.raw())],
    )?;
    if rows.is_empty() {
        return Ok(());
    }
    batch.needs_rate()?;
    let mut lines = Vec::with_capacity(rows.len() + 1);
    let mut total = (0, 0);
    for mut row in rows {
        let (party, amount): (i64, i64) = (row.take()?, row.take()?);
        let base = batch.base(amount);
        total = (total.0 + base, total.1 + amount);
        lines.push(DraftLine::credit("payable", base, amount).party(party));
    }
    lines.push(DraftLine::debit("opening_equity", total.0, total.1));
    let draft = Draft {
        day: entry_day(tx, batch)?,
        kind: "opening",
        origin: batch.doc(),
        text: format!("{}: open payables at cut-over", batch.source),
        currency: batch.currency,
        rate: batch.rate,
        reverses: 0,
        lines,
    };
    posting::post(cx, tx, &[draft]).map(|_| ())
}

fn open_receivables(cx: &Ctx, tx: &mut Tx, batch: &ImportBatch) -> Result<i64> {
    let open = open_of(tx, batch)?;
    if open.is_empty() {
        return Ok(0);
    }
    batch.needs_rate()?;
    let mut lines = Vec::with_capacity(open.len() + 1);
    let mut total = (0, 0);
    for one in &open {
        total = (total.0 + one.base, total.1 + one.amount);
        lines.push(DraftLine::debit("receivable", one.base, one.amount).party(one.party.raw()));
    }
    lines.push(DraftLine::credit("opening_equity", total.0, total.1));
    let draft = Draft {
        day: entry_day(tx, batch)?,
        kind: "opening",
        origin: batch.doc(),
        text: format!("{}: open receivables at cut-over", batch.source),
        currency: batch.currency,
        rate: batch.rate,
        reverses: 0,
        lines,
    };
    posting::post(cx, tx, &[draft])?;
    change_credit(cx, tx, &open, 1)?;
    Ok(total.0)
}

/// The cut-over day, or the first day of our books where these begin later.
pub(super) fn entry_day(tx: &mut Tx, batch: &ImportBatch) -> Result<Day> {
    let company: Company = tx.get(Id::from_raw(batch.company))?;
    let first = Day::parse(&format!("{}-01", company.start_period))?;
    Ok(batch.cut_over.map_or(first, |day| day.max(first)))
}

fn change_credit(cx: &Ctx, tx: &mut Tx, open: &[Open], sign: i64) -> Result<()> {
    for one in open {
        let account = credit_account::lock(cx, tx, one.party)?;
        let receivable = sign * one.base;
        credit_account::change(
            tx,
            account.id,
            CreditDelta { receivable, ..CreditDelta::default() },
        );
    }
    Ok(())
}

/// Takes the opening back, as long as no voucher and no closed period holds it; what is removed.
///
/// Error: `import.undo_posted`.
pub(super) fn close_books(cx: &Ctx, tx: &mut Tx, batch: &ImportBatch) -> Result<Vec<Id<Entry>>> {
    let key = [Stored::Int(batch.id.raw())];
    let entries: Vec<Entry> = tx.lock_list(
        find!(Entry, "origin_kind = 'import_batch' AND origin = $2 ORDER BY id"),
        &key,
    )?;
    for entry in &entries {
        let period: Period = tx.get(entry.period)?;
        if entry.voucher.is_some() || period.state != PeriodState::Open {
            return Err(Error::conflict("import.undo_posted", &batch.source));
        }
    }
    if batch.applied_at.is_some() {
        let open = open_of(tx, batch)?;
        change_credit(cx, tx, &open, -1)?;
    }
    let lines: Vec<EntryLine> = tx.list(
        find!(
            EntryLine,
            "entry IN (SELECT id FROM entry WHERE tenant_id = $1 \
             AND origin_kind = 'import_batch' AND origin = $2) ORDER BY id"
        ),
        &key,
    )?;
    tx.delete(&lines);
    tx.delete(&entries);
    Ok(entries.iter().map(|entry| entry.id).collect())
}
