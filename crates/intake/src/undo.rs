//! Undoing an import: asked for once, done in steps, and gone on with after a stop.
use flows::history::{self, BatchState};
use kernel::{Channel, Ctx, Id, Result, Source};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;
use store::Store;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UndoReport {
    pub batch: i64,
    pub source: String,
    /// Rows removed, by table.
    pub removed: BTreeMap<&'static str, u64>,
    /// It was undone before: nothing was left to remove.
    pub was_undone: bool,
}

impl UndoReport {
    #[must_use]
    pub fn json(&self) -> Json {
        let removed =
            self.removed.iter().map(|(table, rows)| ((*table).to_owned(), (*rows).into()));
        json!({
            "batch": self.batch.to_string(),
            "mapping": self.source,
            "removed": removed.collect::<Map<String, Json>>(),
            "was_undone": self.was_undone,
        })
    }
}

/// Removes everything that a batch wrote, if nothing else refers to it.
///
/// Errors: `import.not_found`, `import.undo_referred`, `import.undo_posted`,
/// `import.undo_blocked`.
pub fn undo(store: &Store, cx: &dyn Fn() -> Ctx, batch: i64) -> Result<UndoReport> {
    let id = Id::from_raw(batch);
    let found = store.read(&cx(), |_, tx| history::find_batch(tx, batch))?;
    let of_batch = || {
        let mut cx = cx();
        (cx.source, cx.channel, cx.batch) = (Source::Import, Channel::File, batch);
        cx.company = found.company;
        cx
    };
    let (source, was_undone) = (found.source.clone(), found.state == BatchState::Undone);
    let mut report = UndoReport { batch, source, removed: BTreeMap::new(), was_undone };
    if was_undone {
        return Ok(report);
    }
    // `Already` is an undo that was stopped: it goes on.
    let _begun = store.run(&of_batch(), |cx, tx| history::begin_undo(cx, tx, id))?;
    let mut from = 0;
    let remove = |from| store.run(&of_batch(), |cx, tx| history::remove_some(cx, tx, id, from));
    while let Some(step) = remove(from)? {
        from = step.kind;
        *report.removed.entry(step.table).or_insert(0) += step.rows;
    }
    store.run(&of_batch(), |cx, tx| history::finish_undo(cx, tx, id))?;
    Ok(report)
}
