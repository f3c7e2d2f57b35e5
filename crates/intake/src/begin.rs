//! Beginning an import, or its undo, in one transaction; a job does the rest, so that nobody waits
//! in front of a screen, and what was stopped goes on.
use crate::apply::{is_known, new_batch, resumable};
use crate::plan::Plan;
use flows::history::{self, ImportBatch};
use kernel::{Ctx, DocRef, Done, Error, Id, Result};
use serde_json::json;
use store::Tx;
use store::jobs::{self, NewJob};

/// The kind of the job.
pub(crate) const KIND: &str = "import";

fn document(batch: Id<ImportBatch>) -> DocRef {
    DocRef { kind: "import_batch", id: batch.raw() }
}

/// Starts the batch of a checked plan, or takes up the stopped one of the same files, and leaves a
/// job that applies it. `wish` is the digest under which the whole wish is kept. `None`: everything
/// in the files is here already.
///
/// Errors: `import.not_valid`, `import.unfinished`, `import.undo_unfinished`.
pub fn begin(cx: &Ctx, tx: &mut Tx, plan: &Plan, wish: &str) -> Result<Option<ImportBatch>> {
    cx.allow("history.import.apply")?;
    if !plan.is_valid() {
        return Err(Error::invalid("import.not_valid", plan.faults.len()));
    }
    let known = history::known(cx, tx, &plan.source)?;
    let under_way = history::unfinished(cx, tx, &plan.source)?;
    let new = plan.rows().iter().filter(|row| !is_known(&known, row)).count();
    let batch = match resumable(under_way, plan)? {
        Some(batch) => batch,
        None if new == 0 => return Ok(None),
        None => history::start(cx, tx, &new_batch(plan, new))?,
    };
    let payload = json!({ "wish": wish });
    jobs::queue_once(cx, tx, NewJob { kind: KIND, on: document(batch.id), payload })?;
    Ok(Some(batch))
}

/// Begins to take an import back and leaves a job that removes its rows.
///
/// Errors: `import.not_found`, `import.undo_referred`, `import.undo_posted`.
pub fn begin_undo(cx: &Ctx, tx: &mut Tx, batch: i64) -> Result<()> {
    let found = history::find_batch(tx, batch)?;
    if found.company != cx.company {
        return Err(Error::not_found("import.not_found", batch));
    }
    if matches!(history::begin_undo(cx, tx, found.id)?, Done::Now(_)) {
        let payload = json!({ "undo": true });
        jobs::queue(cx, tx, NewJob { kind: KIND, on: document(found.id), payload })?;
    }
    Ok(())
}
