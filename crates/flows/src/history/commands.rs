//! Verbs of the door: starting a batch, writing a chunk of it, finishing it.
use super::door::Door;
use super::{ImportBatch, ImportProgress, NewBatch, Row, cutover, facts};
use super::{leads, masters, opening, orders, payments, people, pipeline, receivables};
use kernel::{Ctx, Done, Error, Id, Result, Stored};
use store::{Tx, find};

/// Rows of our tables that one chunk may become.
const CHUNK: usize = 1000;

/// A batch of checked rows. Error: `import.unfinished` while another of this source is under way.
pub fn start(cx: &Ctx, tx: &mut Tx, new: &NewBatch) -> Result<ImportBatch> {
    cx.allow("history.import.apply")?;
    if let Some(other) = super::unfinished(cx, tx, &new.source)? {
        let e = Error::conflict("import.unfinished", &new.source);
        return Err(e.with("batch", other.id));
    }
    let batch = ImportBatch::new(cx, new);
    let (rows_total, id) = (batch.rows, Id::from_raw(batch.id.raw()));
    tx.insert(std::slice::from_ref(&batch));
    tx.insert(&[ImportProgress { id, rows_total, rows_done: 0, chunks: 0, updated_at: cx.now }]);
    let fact = batch.fact(cx, facts::VALIDATED).moved("", batch.state.name());
    tx.tell(fact.attr("rows", batch.rows));
    Ok(batch)
}

/// Writes some rows: whole, or not at all.
///
/// Errors: `import.chunk_too_large`, `import.reference_gone`, `state.not_allowed`;
/// `store.duplicate` when somebody else imports the same rows at this moment.
pub fn apply_chunk(
    cx: &Ctx,
    tx: &mut Tx,
    id: Id<ImportBatch>,
    rows: &[Row],
) -> Result<ImportProgress> {
    cx.allow("history.import.apply")?;
    if rows.len() > 1 && rows.iter().map(Row::weight).sum::<usize>() > CHUNK {
        return Err(Error::invalid("import.chunk_too_large", rows.len()).with("max", CHUNK));
    }
    let mut batch: ImportBatch = tx.lock(id)?;
    if let Done::Now(fact) = batch.apply(cx)? {
        tx.update(std::slice::from_ref(&batch));
        tx.tell(fact);
    }
    let mut door = Door::open(cx, tx, &batch, rows)?;
    opening::balances_are_base(&batch, cx.base, rows)?;
    masters::add_parties(&mut door, tx, rows)?;
    masters::add_contacts(&mut door, tx, rows)?;
    masters::add_products(&mut door, tx, rows)?;
    people::add_offices(&mut door, tx, rows)?;
    people::add_agents(&mut door, tx, rows)?;
    leads::add_leads(&mut door, tx, rows)?;
    pipeline::add_opportunities(&mut door, tx, rows)?;
    orders::add_orders(&mut door, tx, rows)?;
    payments::add_payments(&mut door, tx, rows)?;
    payments::add_reviews(&mut door, tx, rows)?;
    receivables::add_invoices(&mut door, tx, rows)?;
    opening::add_warehouses(&mut door, tx, rows)?;
    opening::add_stock(&mut door, tx, rows)?;
    opening::add_payables(&mut door, tx, rows)?;
    opening::add_balances(&mut door, tx, rows)?;
    door.close(tx);
    go_on(cx, tx, id, rows.len() as i64)
}

fn go_on(cx: &Ctx, tx: &mut Tx, id: Id<ImportBatch>, rows: i64) -> Result<ImportProgress> {
    let mut progress: ImportProgress = tx.get(Id::from_raw(id.raw()))?;
    progress.rows_done += rows;
    progress.chunks += 1;
    progress.updated_at = cx.now;
    tx.update(std::slice::from_ref(&progress));
    Ok(progress)
}

/// The last row is written: opens the books at cut-over and keeps the report.
///
/// Returns the base amount opened. Errors: those of the opening entry.
pub fn finish(cx: &Ctx, tx: &mut Tx, id: Id<ImportBatch>, report: &str) -> Result<i64> {
    cx.allow("history.import.apply")?;
    let mut batch: ImportBatch = tx.lock(id)?;
    let Done::Now(fact) = batch.finish(cx, report)? else { return Ok(0) };
    let opened = cutover::open_books(cx, tx, &batch)?;
    tx.update(std::slice::from_ref(&batch));
    tx.tell(fact.attr("rows", batch.rows).attr("opened_base", opened));
    Ok(opened)
}

/// A batch by id. Error: `import.not_found`.
pub fn find_batch(tx: &mut Tx, id: i64) -> Result<ImportBatch> {
    let found: Vec<ImportBatch> = tx.list(find!(ImportBatch, "id = $2"), &[Stored::Int(id)])?;
    found.into_iter().next().ok_or_else(|| Error::not_found("import.not_found", id))
}
