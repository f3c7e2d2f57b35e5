//! Applying a plan: in chunks, each whole; what was stopped goes on where it was.
use crate::plan::{KindCount, Plan};
use crate::report::{Report, SumLine};
use crate::sums;
use flows::history::{self, BatchState, ImportBatch, Known, NewBatch, Row};
use kernel::{Channel, Ctx, Error, Id, Result, Source};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use store::Store;

/// Rows of our tables that one chunk becomes: few enough that others hardly wait.
const CHUNK: usize = 400;

/// How far an import is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Progress {
    pub batch: i64,
    pub done: usize,
    pub total: usize,
}

/// Writes what is new in a checked plan, reconciles it, and says what it did.
///
/// `cx` gives a fresh context of the company that the rows belong to, one a chunk. Nothing new
/// writes nothing. `progress` is told after each chunk and may break off: what is written stays,
/// and the same files go on from there.
///
/// Errors: `import.stopped`, `import.not_valid`, `import.unfinished` and `import.undo_unfinished`
/// while another import of this source is under way, `import.not_reconciled`, those of the door.
pub fn apply(
    store: &Store,
    cx: &dyn Fn() -> Ctx,
    plan: &Plan,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Report> {
    if !plan.is_valid() {
        return Err(Error::invalid("import.not_valid", plan.faults.len()));
    }
    let now = cx();
    now.allow("history.import.apply")?;
    let source = plan.source.as_str();
    let (known, under_way) = store.read(&now, |cx, tx| {
        Ok((history::known(cx, tx, source)?, history::unfinished(cx, tx, source)?))
    })?;
    let resumed = resumable(under_way, plan)?;
    let new: Vec<&Row> = plan.rows.iter().filter(|row| !is_known(&known, row)).collect();
    let is_resumed = resumed.is_some();
    let batch = match resumed {
        Some(batch) => batch,
        None if new.is_empty() => return Ok(nothing_new(plan, &known)),
        None => store.run(&now, |cx, tx| history::start(cx, tx, &new_batch(plan, new.len())))?,
    };
    let before = known.of_batch(batch.id.raw());
    let total = before + new.len();
    let mut done = before;
    for (at, chunk) in chunks(&new).into_iter().enumerate() {
        // What was written so far changes how the rest is best written: once for each doubling.
        if at.is_power_of_two() {
            store.notice_growth()?;
        }
        let rows: Vec<Row> = chunk.iter().map(|row| (*row).clone()).collect();
        let cx = of_batch(cx(), &batch);
        store.run(&cx, |cx, tx| history::apply_chunk(cx, tx, batch.id, &rows))?;
        done += rows.len();
        if progress(Progress { batch: batch.id.raw(), done, total }).is_break() && done < total {
            let e = Error::conflict("import.stopped", source).with("batch", batch.id);
            return Err(e.with("done", done));
        }
    }
    store.notice_growth()?;
    let sums = reconcile(store, &now, plan, &batch, &known)?;
    let mut report = Report {
        mapping: plan.mapping.name,
        batch: Some(batch.id.raw()),
        resumed: is_resumed,
        applied: total,
        counts: counts(plan, &known, batch.id),
        sums,
        opened_base: 0,
        notes: plan.notes.clone(),
        differences: plan.differences.clone(),
    };
    let cx = of_batch(cx(), &batch);
    let text = report.json().to_string();
    report.opened_base = store.run(&cx, |cx, tx| history::finish(cx, tx, batch.id, &text))?;
    Ok(report)
}

pub(crate) fn is_known(known: &Known, row: &Row) -> bool {
    known.get(row.origin().kind, &row.origin().key).is_some()
}

/// The stopped import of the same files, if there is one.
pub(crate) fn resumable(
    under_way: Option<ImportBatch>,
    plan: &Plan,
) -> Result<Option<ImportBatch>> {
    match under_way {
        None => Ok(None),
        Some(batch) if batch.state == BatchState::Undoing => {
            let e = Error::conflict("import.undo_unfinished", &plan.source);
            Err(e.with("batch", batch.id))
        }
        Some(batch) if batch.digest == plan.digest => Ok(Some(batch)),
        Some(batch) => {
            let e = Error::conflict("import.unfinished", &plan.source);
            Err(e.with("batch", batch.id))
        }
    }
}

pub(crate) fn new_batch(plan: &Plan, rows: usize) -> NewBatch {
    NewBatch {
        source: plan.source.clone(),
        currency: plan.into.currency,
        rate: plan.into.rate(),
        files: plan.files().to_string(),
        digest: plan.digest.clone(),
        rows: rows as i64,
        earliest: plan.earliest,
        cut_over: plan.cut_over,
    }
}

/// A context whose facts say that they come from this import.
fn of_batch(mut cx: Ctx, batch: &ImportBatch) -> Ctx {
    (cx.source, cx.channel, cx.batch) = (Source::Import, Channel::File, batch.id.raw());
    cx
}

/// Runs of rows that become at most [`CHUNK`] rows of ours; one large row stands alone.
fn chunks<'r, 'p>(rows: &'r [&'p Row]) -> Vec<&'r [&'p Row]> {
    let mut chunks = Vec::new();
    let (mut from, mut weight) = (0, 0);
    for (at, row) in rows.iter().enumerate() {
        if at > from && weight + row.weight() > CHUNK {
            chunks.push(&rows[from..at]);
            (from, weight) = (at, 0);
        }
        weight += row.weight();
    }
    if from < rows.len() {
        chunks.push(&rows[from..]);
    }
    chunks
}

fn nothing_new(plan: &Plan, known: &Known) -> Report {
    Report {
        mapping: plan.mapping.name,
        batch: None,
        resumed: false,
        applied: 0,
        counts: counts(plan, known, Id::from_raw(0)),
        sums: Vec::new(),
        opened_base: 0,
        notes: plan.notes.clone(),
        differences: plan.differences.clone(),
    }
}

/// Rows of this batch count as new, also those that an earlier run of it wrote.
fn counts(plan: &Plan, known: &Known, batch: Id<ImportBatch>) -> BTreeMap<&'static str, KindCount> {
    let mut counts: BTreeMap<&'static str, KindCount> = BTreeMap::new();
    for origin in plan.rows.iter().map(Row::origin) {
        let count = counts.entry(origin.kind).or_default();
        count.rows += 1;
        match known.get(origin.kind, &origin.key) {
            None => count.new += 1,
            Some(ours) if ours.batch == batch.raw() => count.new += 1,
            Some(same) if same.hash == origin.hash => count.unchanged += 1,
            Some(_) => {
                count.changed += 1;
                count.changed_keys.push(origin.key.clone());
            }
        }
        count.changed_keys.truncate(20);
    }
    counts
}

/// Compares the files' exact sums with the stored ones.
///
/// Error: `import.not_reconciled`; the import then stays open and can be undone.
fn reconcile(
    store: &Store,
    cx: &Ctx,
    plan: &Plan,
    batch: &ImportBatch,
    known: &Known,
) -> Result<Vec<SumLine>> {
    let is_ours = |row: &&Row| {
        let found = known.get(row.origin().kind, &row.origin().key);
        found.is_none_or(|ours| ours.batch == batch.id.raw())
    };
    let files = sums::of(plan.rows.iter().filter(is_ours), plan.into.currency);
    let stored = store.read(cx, |_, tx| history::stored_sums(tx, batch))?;
    let mut lines = Vec::new();
    for (name, file) in files {
        let found = stored.iter().find(|sum| sum.name == name);
        let (stored, rounded) = found.map_or((0, 0), |sum| (sum.exact, sum.rounded));
        let line = SumLine { name, file, stored, rounded };
        if !line.is_equal() {
            let e = Error::bug("import.not_reconciled", name).with("file", sums::shown(file));
            return Err(e.with("stored", sums::shown(stored)).with("batch", batch.id));
        }
        lines.push(line);
    }
    Ok(lines)
}
