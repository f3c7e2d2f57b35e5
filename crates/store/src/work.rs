//! Doing jobs: one is taken, stepped until it ends, and given back when the program does.
//!
//! Threads belong to `app`; here is what one of them does each time it is its turn.
use crate::jobs::{self, Job, Step};
use crate::{Store, Tx};
use kernel::{Ctx, Error, IdMaker, Instant, Result};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// One step of a kind of work in its transaction.
pub type Rows = fn(&Ctx, &mut Tx, &Job) -> Result<Step>;

/// One step that reaches outside, between transactions; it may be done twice.
pub type Outside = Box<dyn Fn(&Store, &Ctx, &Job) -> Result<Step> + Send + Sync>;

/// How a kind of work is done.
pub enum Work {
    Rows(Rows),
    Outside(Outside),
}

/// A kind of work with its handler.
pub struct Handler {
    pub kind: &'static str,
    pub work: Work,
}

/// The context of a company's work; of the tenant's where the company is 0.
pub type AtWork = fn(&mut Tx, i64, Instant, Arc<IdMaker>) -> Result<Ctx>;

/// Somebody who does jobs: a thread of the program, or a test.
pub struct Hand<'w> {
    pub store: &'w Store,
    pub tenant: i64,
    pub clock: &'w dyn Fn() -> Instant,
    pub handlers: &'w [Handler],
    pub at_work: AtWork,
    /// Set when the program ends: what is held is given back after the step.
    pub stop: &'w AtomicBool,
    /// Names this hand among those of all processes.
    pub holder: &'w str,
}

impl Hand<'_> {
    fn system(&self) -> Ctx {
        Ctx::system(self.tenant, (self.clock)(), self.store.ids())
    }

    /// Takes one job that is due, and does it; was there one?
    ///
    /// Errors: those of the store; what fails in a job is kept with the job.
    pub fn do_one(&self) -> Result<bool> {
        let due = self.store.read(&self.system(), jobs::due)?;
        for id in due {
            let take = |cx: &Ctx, tx: &mut Tx| jobs::take(cx, tx, id, self.holder);
            if let Some(job) = self.store.run(&self.system(), take)? {
                self.carry_on(job)?;
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn carry_on(&self, mut job: Job) -> Result<()> {
        loop {
            if self.stop.load(Ordering::Acquire) {
                return self.store.run(&self.system(), |_, tx| {
                    jobs::give_back(tx, &job);
                    Ok(())
                });
            }
            match self.one_step(&job) {
                Ok(Some(next)) => job = next,
                Ok(None) => return Ok(()),
                // Somebody else goes on with it, or it was cancelled.
                Err(error) if error.code == "job.lost" => return Ok(()),
                Err(error) => {
                    return self
                        .store
                        .run(&self.system(), |cx, tx| jobs::failed(cx, tx, &job, &error));
                }
            }
        }
    }

    fn one_step(&self, job: &Job) -> Result<Option<Job>> {
        let unknown = || Error::bug("bug.job", &job.kind);
        let handler = self.handlers.iter().find(|h| h.kind == job.kind).ok_or_else(unknown)?;
        let now = (self.clock)();
        let cx = self
            .store
            .read(&self.system(), |_, tx| (self.at_work)(tx, job.company, now, self.store.ids()))?;
        match &handler.work {
            Work::Rows(step) => self.store.run(&cx, |cx, tx| {
                jobs::hold_on(cx, tx, job)?;
                let done = step(cx, tx, job)?;
                jobs::stepped(cx, tx, job, &done)
            }),
            Work::Outside(act) => {
                self.store.run(&cx, |cx, tx| jobs::hold_on(cx, tx, job))?;
                let done = act(self.store, &cx, job)?;
                self.store.run(&cx, |cx, tx| {
                    jobs::hold_on(cx, tx, job)?;
                    jobs::stepped(cx, tx, job, &done)
                })
            }
        }
    }
}
