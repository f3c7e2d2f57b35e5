//! The work of an import in the background: a few seconds of chunks a step, until it is applied,
//! or until its rows are removed. What was stopped goes on from the rows that are there.
use crate::apply::{Progress, apply};
use crate::begin::KIND;
use crate::plan::Aim;
use crate::undo::undo;
use crate::wanted::Wanted;
use flows::history::{self, BatchState, ImportBatch};
use kernel::{Ctx, Error, Instant, Result};
use serde_json::Value as Json;
use std::ops::ControlFlow;
use std::sync::Arc;
use store::Store;
use store::jobs::{Job, Step};
use store::work::{Handler, Work};

/// Gives a kept file's bytes by its digest.
pub type Reader = Arc<dyn Fn(&str) -> Result<Vec<u8>> + Send + Sync>;

/// How long a step goes on: well below the time for which its lease is good.
const STEP: i64 = 8 * Instant::SECOND;

/// The handler of imports.
#[must_use]
pub fn handler(read: Reader, clock: fn() -> Instant) -> Handler {
    let act = move |store: &Store, cx: &Ctx, job: &Job| step(store, cx, job, &read, clock);
    Handler { kind: KIND, work: Work::Outside(Box::new(act)) }
}

fn step(store: &Store, cx: &Ctx, job: &Job, read: &Reader, clock: fn() -> Instant) -> Result<Step> {
    let batch = store.read(cx, |_, tx| history::find_batch(tx, job.subject))?;
    let fresh = || {
        let mut own = Ctx::system(cx.tenant, clock(), store.ids());
        (own.company, own.base, own.zone) = (cx.company, cx.base, cx.zone.clone());
        own
    };
    match batch.state {
        BatchState::Applied | BatchState::Undone => Ok(Step::Done),
        BatchState::Undoing => undo(store, &fresh, batch.id.raw()).map(|_| Step::Done),
        BatchState::Validated | BatchState::Applying => {
            go_on(store, &fresh, (job, &batch), read, clock)
        }
    }
}

fn go_on(
    store: &Store,
    fresh: &dyn Fn() -> Ctx,
    (job, batch): (&Job, &ImportBatch),
    read: &Reader,
    clock: fn() -> Instant,
) -> Result<Step> {
    let lost = || Error::conflict("import.wish", "payload").with("field", "payload");
    let payload: Json = serde_json::from_str(&job.payload).map_err(|_| lost())?;
    let wish = read(payload["wish"].as_str().ok_or_else(lost)?)?;
    let wish: Json = serde_json::from_slice(&wish).map_err(|_| lost())?;
    let wanted = Wanted::parse(&wish)?;
    let now = fresh();
    let learnt = |name: &str| store.read(&now, |_, tx| history::learnt(tx, name));
    let (draft, _) = wanted.draft(&|digest| read(digest), &learnt)?;
    let known = store.read(&now, |cx, tx| history::known(cx, tx, &batch.source))?;
    let aim = Aim { currency: batch.currency, base: now.base, rate: wanted.rate };
    let plan = draft.plan(aim, &known)?;
    let until = clock().plus(STEP);
    let mut at = (0, 0);
    let mut progress = |now: Progress| {
        at = (now.done as i64, now.total as i64);
        if clock() < until { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    match apply(store, fresh, &plan, &mut progress) {
        Ok(_) => Ok(Step::Done),
        Err(e) if e.code == "import.stopped" => {
            Ok(Step::More { place: at.0, done: at.0, total: at.1 })
        }
        Err(e) => Err(e),
    }
}
