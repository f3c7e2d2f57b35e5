//! A job: work that a command leaves to be done after it, with its lifecycle. Pure.
use crate::entities::JOB;
use kernel::{
    Activity, Class, Ctx, DocRef, Done, Error, Fact, Id, Instant, Lifecycle, Move, Result, names,
};

names! {
    pub enum JobState {
        Open = "open",
        Done = "done",
        Dead = "dead",
        Cancelled = "cancelled",
    }
}

/// The kinds of work that the house knows; each is done by the crate that declares its handler.
pub const KINDS: &[&str] = &["advance", "close_day", "tax_point", "mail", "import"];

/// Failures in a row before a job is given up.
pub const TRIES: i64 = 8;
/// How long a lease is good without a step.
pub const GOOD_FOR: i64 = 30 * Instant::SECOND;

pub const QUEUED: Activity = Activity::new("job.queued", "work was left to be done by itself");
pub const FINISHED: Activity = Activity::new("job.done", "work that went on by itself is done");
pub const DIED: Activity =
    Activity::new("job.died", "work that went on by itself failed too often and was given up");
pub const RETRIED: Activity =
    Activity::new("job.retried", "somebody had work that was given up done again");
pub const CANCELLED: Activity =
    Activity::new("job.cancelled", "somebody cancelled work before it was done");
pub static FACTS: &[Activity] = &[QUEUED, FINISHED, DIED, RETRIED, CANCELLED];

const fn mv(from: &'static str, verb: &'static str, to: &'static str) -> Move {
    let permission = match to.as_bytes()[0] {
        b'c' => "store.job.cancel",
        _ => "store.job.retry",
    };
    Move { from, verb, to, permission, class: Class::Business, role: "admin", sla_minutes: 0 }
}

pub static JOB_LIFECYCLE: Lifecycle = Lifecycle {
    entity: "job",
    states: JobState::NAMES,
    moves: &[
        mv("open", "finish", "done"),
        mv("open", "give_up", "dead"),
        mv("dead", "retry", "open"),
        mv("open", "cancel", "cancelled"),
        mv("dead", "cancel", "cancelled"),
    ],
};

#[derive(Clone, Debug)]
pub struct Job {
    pub id: Id<Job>,
    pub version: i64,
    pub company: i64,
    pub kind: String,
    /// The document that the work is about.
    pub subject_kind: String,
    pub subject: i64,
    pub payload: String,
    pub state: JobState,
    /// Whoever's command left the work; 0 for a schedule.
    pub asked_by: i64,
    pub queued_at: Instant,
    pub ended_at: Option<Instant>,
    /// Not before this.
    pub due_at: Instant,
    /// Failures and takings since the last step that succeeded.
    pub attempts: i64,
    pub holder: String,
    pub leased_until: Option<Instant>,
    /// Where the next step begins; what it means is the kind's.
    pub place: i64,
    pub steps_done: i64,
    pub steps_total: i64,
    pub last_error: String,
}
crate::record!(Job => JOB {
    id, version, company, kind, subject_kind, subject, payload, state, asked_by, queued_at,
    ended_at, due_at, attempts, holder, leased_until, place, steps_done, steps_total, last_error,
});

impl Job {
    /// A fact about this job and the document that it works on.
    #[must_use]
    pub fn fact(&self, cx: &Ctx, activity: Activity, subject: Option<DocRef>) -> Fact {
        let fact = cx.fact(activity).on("job", self.id.raw(), "job").attr("kind", &self.kind);
        match subject {
            Some(on) => fact.on(on.kind, on.id, "work"),
            None => fact,
        }
    }

    fn go(&mut self, cx: &Ctx, verb: &'static str, to: JobState) -> Result<Done<Fact>> {
        let from = self.state;
        let Done::Now(next) = JOB_LIFECYCLE.step(from, verb, to)? else {
            return Ok(Done::Already);
        };
        self.state = next;
        self.holder.clear();
        self.leased_until = None;
        self.ended_at = (next != JobState::Open).then_some(cx.now);
        let activity = match next {
            JobState::Open => RETRIED,
            JobState::Done => FINISHED,
            JobState::Dead => DIED,
            JobState::Cancelled => CANCELLED,
        };
        Ok(Done::Now(self.fact(cx, activity, None).moved(from.name(), next.name())))
    }

    pub(crate) fn finish(&mut self, cx: &Ctx) -> Result<Done<Fact>> {
        self.go(cx, "finish", JobState::Done)
    }
    pub(crate) fn give_up(&mut self, cx: &Ctx, code: &str) -> Result<Done<Fact>> {
        let done = self.go(cx, "give_up", JobState::Dead)?;
        Ok(match done {
            Done::Now(fact) => Done::Now(fact.because(code)),
            Done::Already => Done::Already,
        })
    }
    /// Takes it up again, where it stopped. Error: `state.not_allowed`.
    pub(crate) fn retry(&mut self, cx: &Ctx) -> Result<Done<Fact>> {
        let done = self.go(cx, "retry", JobState::Open)?;
        if matches!(done, Done::Now(_)) {
            (self.attempts, self.due_at) = (0, cx.now);
        }
        Ok(done)
    }
    /// Errors: `job.must_be_done` for work that documents count on, `state.not_allowed`.
    pub(crate) fn cancel(&mut self, cx: &Ctx) -> Result<Done<Fact>> {
        let open = matches!(self.state, JobState::Open | JobState::Dead);
        if open && self.kind == "advance" {
            return Err(Error::conflict("job.must_be_done", &self.kind));
        }
        self.go(cx, "cancel", JobState::Cancelled)
    }
}

/// How long the next try waits after so many failures: 5 s, four times as long each, an hour at
/// most. Eight tries in a row take two and a half hours.
#[must_use]
pub fn back_off(attempts: i64) -> i64 {
    let fourfold = (attempts - 1).clamp(0, 5) * 2;
    ((5 << fourfold) * Instant::SECOND).min(Instant::HOUR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_waits_four_times_as_long_up_to_an_hour() {
        let seconds: Vec<i64> = (0..=9).map(|n| back_off(n) / Instant::SECOND).collect();
        assert_eq!(seconds, [5, 5, 20, 80, 320, 1280, 3600, 3600, 3600, 3600]);
    }
}
