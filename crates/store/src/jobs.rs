//! Queueing jobs with the command that leaves them, and the life of one: taken, stepped, ended.
//!
//! Holds: a job that was queued is done, dead or cancelled in the end; a step's rows, its place and
//! its lease are one transaction, so each step counts once; only the holder of the lease steps.
pub use crate::job::{
    CANCELLED, DIED, FACTS, FINISHED, GOOD_FOR, JOB_LIFECYCLE, Job, JobState, KINDS, QUEUED,
    RETRIED, TRIES, back_off,
};
use crate::{Tx, find, sql};
use kernel::{Cell, Ctx, DocRef, Done, Error, Id, Result, Stored};
use serde_json::Value as Json;

/// Work that a command leaves.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// One of [`KINDS`].
    pub kind: &'static str,
    pub on: DocRef,
    pub payload: Json,
}

impl NewJob {
    #[must_use]
    pub fn of(kind: &'static str, on: DocRef) -> Self {
        Self { kind, on, payload: Json::Object(serde_json::Map::new()) }
    }
}

/// Bytes of a payload: ids and numbers, no document.
const PAYLOAD: usize = 4000;

/// Queues work with the command's own transaction. Errors: bugs only.
pub fn queue(cx: &Ctx, tx: &mut Tx, new: NewJob) -> Result<Id<Job>> {
    let payload = new.payload.to_string();
    if !KINDS.contains(&new.kind) || payload.len() > PAYLOAD {
        return Err(Error::bug("bug.job", new.kind));
    }
    let job = Job {
        id: cx.id(),
        version: 1,
        company: cx.company,
        kind: new.kind.to_owned(),
        subject_kind: new.on.kind.to_owned(),
        subject: new.on.id,
        payload,
        state: JobState::Open,
        asked_by: cx.user,
        queued_at: cx.now,
        ended_at: None,
        due_at: cx.now,
        attempts: 0,
        holder: String::new(),
        leased_until: None,
        place: 0,
        steps_done: 0,
        steps_total: 0,
        last_error: String::new(),
    };
    tx.insert(std::slice::from_ref(&job));
    tx.tell(job.fact(cx, QUEUED, Some(new.on)).moved("", job.state.name()));
    Ok(job.id)
}

/// Queues work unless the same is open and has not begun: what begins later sees this change too.
///
/// The caller holds the subject's lock, and so does every step of such work.
pub fn queue_once(cx: &Ctx, tx: &mut Tx, new: NewJob) -> Result<()> {
    let open: Vec<Job> = tx.list(
        find!(Job, "subject_kind = $2 AND subject = $3 AND state = 'open' AND kind = $4"),
        &[text(new.on.kind), Stored::Int(new.on.id), text(new.kind)],
    )?;
    // A job that somebody took may stand before its first step or behind it: only a step tells.
    if open.iter().any(|job| job.place == 0 && job.steps_done == 0) {
        return Ok(());
    }
    queue(cx, tx, new).map(|_| ())
}

/// The newest work on a document, whatever became of it.
pub fn newest(tx: &mut Tx, on: DocRef) -> Result<Option<Job>> {
    let found: Vec<Job> = tx.list(
        find!(Job, "subject_kind = $2 AND subject = $3 ORDER BY id DESC LIMIT 1"),
        &[text(on.kind), Stored::Int(on.id)],
    )?;
    Ok(found.into_iter().next())
}

fn text(s: &str) -> Stored {
    Stored::text(s)
}

/// Jobs that one look finds.
const LOOK: i64 = 16;

/// Jobs that are due and held by nobody, the longest waiting first.
pub fn due(cx: &Ctx, tx: &mut Tx) -> Result<Vec<Id<Job>>> {
    let rows = tx.rows(
        sql!(
            "SELECT id FROM job WHERE tenant_id = $1 AND state = 'open' AND due_at <= $2 \
             AND leased_until <= $2 ORDER BY due_at, id LIMIT $3"
        ),
        &[cx.now.store(), Stored::Int(LOOK)],
    )?;
    rows.into_iter().map(|mut row| row.take()).collect()
}

/// Takes a job for `holder`, unless somebody was first.
pub fn take(cx: &Ctx, tx: &mut Tx, id: Id<Job>, holder: &str) -> Result<Option<Job>> {
    let taken = tx.exec(
        sql!(
            "UPDATE job SET holder = $3, leased_until = $4, attempts = attempts + 1 \
             WHERE tenant_id = $1 AND id = $2 AND state = 'open' AND due_at <= $5 \
             AND leased_until <= $5"
        ),
        &[id.store(), text(holder), Stored::Int(cx.now.0 + GOOD_FOR), cx.now.store()],
    )?;
    if taken == 0 {
        return Ok(None);
    }
    let mut job = tx.lock(id)?;
    // Each taking counts: work that ends the program with it must not go on for ever.
    if job.attempts > TRIES {
        let code = if job.last_error.is_empty() { "job.never_ended" } else { "job.tries" };
        if let Done::Now(fact) = job.give_up(cx, code)? {
            tx.update(std::slice::from_ref(&job));
            tx.tell(fact);
        }
        return Ok(None);
    }
    Ok(Some(job))
}

/// How a step of a job ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Go on at this place; so many steps of so many are done.
    More {
        place: i64,
        done: i64,
        total: i64,
    },
    Done,
}

/// Renews the lease in the step's own transaction. Error: `job.lost` when it is another's, or the
/// job ended meanwhile; the step then leaves nothing behind.
pub fn hold_on(cx: &Ctx, tx: &mut Tx, job: &Job) -> Result<()> {
    let held = tx.exec(
        sql!(
            "UPDATE job SET leased_until = $4 WHERE tenant_id = $1 AND id = $2 AND holder = $3 \
             AND state = 'open' AND place = $5"
        ),
        &[
            job.id.store(),
            text(&job.holder),
            Stored::Int(cx.now.0 + GOOD_FOR),
            Stored::Int(job.place),
        ],
    )?;
    if held == 1 { Ok(()) } else { Err(Error::conflict("job.lost", &job.kind)) }
}

/// Keeps what a step came to, after [`hold_on`] in the same transaction; the job as it is now.
pub fn stepped(cx: &Ctx, tx: &mut Tx, job: &Job, step: &Step) -> Result<Option<Job>> {
    let mut next = tx.get(job.id)?;
    match *step {
        Step::More { place, done, total } => {
            let kept = [Stored::Int(place), Stored::Int(done), Stored::Int(total)];
            let mut params = vec![job.id.store()];
            params.extend(kept);
            tx.put(
                sql!(
                    "UPDATE job SET place = $3, steps_done = $4, steps_total = $5, attempts = 0, \
                     last_error = '' WHERE tenant_id = $1 AND id = $2"
                ),
                &params,
            );
            (next.place, next.steps_done, next.steps_total, next.attempts) =
                (place, done, total, 0);
            Ok(Some(next))
        }
        Step::Done => {
            if let Done::Now(fact) = next.finish(cx)? {
                next.steps_done = next.steps_total;
                tx.update(std::slice::from_ref(&next));
                tx.tell(fact);
            }
            Ok(None)
        }
    }
}

/// A step failed: the job waits for its next try, or is given up.
pub fn failed(cx: &Ctx, tx: &mut Tx, job: &Job, error: &Error) -> Result<()> {
    let mut now = tx.lock(job.id)?;
    if now.holder != job.holder || now.state != JobState::Open {
        return Ok(());
    }
    now.last_error = error.to_string().chars().take(500).collect();
    now.due_at = cx.now.plus(back_off(now.attempts));
    (now.holder, now.leased_until) = (String::new(), None);
    if now.attempts >= TRIES {
        if let Done::Now(fact) = now.give_up(cx, error.code)? {
            tx.update(std::slice::from_ref(&now));
            tx.tell(fact);
        }
        return Ok(());
    }
    tx.put(
        sql!(
            "UPDATE job SET holder = '', leased_until = 0, due_at = $3, last_error = $4 \
             WHERE tenant_id = $1 AND id = $2"
        ),
        &[now.id.store(), now.due_at.store(), text(&now.last_error)],
    );
    Ok(())
}

/// Gives a job back untouched: the program ends.
pub fn give_back(tx: &mut Tx, job: &Job) {
    tx.put(
        sql!(
            "UPDATE job SET holder = '', leased_until = 0, attempts = 0 WHERE tenant_id = $1 \
             AND id = $2 AND holder = $3 AND state = 'open'"
        ),
        &[job.id.store(), text(&job.holder)],
    );
}

/// Has a dead job done again. Errors: `store.not_found`, `state.not_allowed`.
pub fn retry(cx: &Ctx, tx: &mut Tx, id: Id<Job>) -> Result<Job> {
    cx.allow("store.job.retry")?;
    decide(tx, id, |job| job.retry(cx))
}

/// Cancels a job. Errors: `store.not_found`, `job.must_be_done`, `state.not_allowed`.
pub fn cancel(cx: &Ctx, tx: &mut Tx, id: Id<Job>) -> Result<Job> {
    cx.allow("store.job.cancel")?;
    decide(tx, id, |job| job.cancel(cx))
}

fn decide(
    tx: &mut Tx,
    id: Id<Job>,
    rule: impl FnOnce(&mut Job) -> Result<Done<kernel::Fact>>,
) -> Result<Job> {
    let mut job = tx.lock(id)?;
    if let Done::Now(fact) = rule(&mut job)? {
        tx.update(std::slice::from_ref(&job));
        tx.tell(fact);
        job.version += 1;
    }
    Ok(job)
}
