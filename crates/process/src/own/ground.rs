//! Everything that a measurement of our own stands on: facts, masters, working hours.
use super::agreed::Agreed;
use super::cache::Kept;
use super::calendar::Hours;
use super::masters::Masters;
use super::{Facts, view};
use crate::report::Study;
use kernel::{Ctx, Error, Result};
use meta::Entity;
use std::path::Path;
use store::Store;

/// Facts with what they are sliced by.
#[derive(Debug)]
pub struct Ground {
    kept: Kept,
    pub masters: Masters,
    pub hours: Hours,
    pub agreed: Agreed,
}

impl Ground {
    /// Of facts at hand, kept in no file.
    #[must_use]
    pub fn of(facts: Facts, masters: Masters) -> Self {
        let hours = Hours::china();
        let agreed = Agreed::of(&facts, &masters, &hours);
        Self { kept: Kept::of(facts), masters, hours, agreed }
    }
    /// Opens the file of columns, catches up with the seal and reads the masters.
    ///
    /// Errors: those of the store, `file.not_written`.
    pub fn open(
        path: &Path,
        store: &Store,
        cx: &Ctx,
        entities: &[&'static Entity],
    ) -> Result<Self> {
        let kept = Kept::open(path, store, cx)?;
        let masters = Masters::read(store, cx, entities)?;
        let hours = Hours::china();
        let agreed = Agreed::of(&kept.facts, &masters, &hours);
        Ok(Self { kept, masters, hours, agreed })
    }
    /// Reads what was sealed since, and the masters again where anything came.
    pub fn refresh(
        &mut self,
        store: &Store,
        cx: &Ctx,
        entities: &[&'static Entity],
    ) -> Result<usize> {
        let came = self.kept.refresh(store, cx)?;
        if came > 0 {
            self.masters = Masters::read(store, cx, entities)?;
            self.agreed = Agreed::of(&self.kept.facts, &self.masters, &self.hours);
        }
        Ok(came)
    }
    #[must_use]
    pub const fn facts(&self) -> &Facts {
        &self.kept.facts
    }
    /// The study of one kind of case. Errors: `log.no_such_type`, `log.no_events`.
    pub fn study(&self, case: &str) -> Result<Study> {
        let facts = self.facts();
        if facts.kind(case).is_none() {
            let known: Vec<&str> = facts.kinds.iter().collect();
            return Err(Error::invalid("log.no_such_type", case).with("types", known.join(", ")));
        }
        let own = view::log(facts, &self.masters, view::Wanted::all(case));
        if own.log.events.is_empty() {
            return Err(Error::invalid("log.no_events", case).with("left_out", 0));
        }
        Study::of_own(own, facts, &self.agreed, &self.hours)
    }
}
