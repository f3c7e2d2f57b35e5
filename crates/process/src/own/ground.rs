//! Everything that a measurement of our own stands on: facts, masters, working hours.
use super::agreed::Agreed;
use super::cache::Kept;
use super::calendar::Hours;
use super::facts::NewFact;
use super::masters::Masters;
use super::{Facts, view};
use crate::report::Study;
use kernel::{Ctx, Error, Result};
use meta::Entity;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;
use store::Store;

/// Facts with what they are sliced by.
#[derive(Debug)]
pub struct Ground {
    kept: Kept,
    pub masters: Masters,
    pub hours: Hours,
    agreed: OnceLock<Agreed>,
}

/// What a refresh brought.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Came {
    /// The first fact that is new, and how many came.
    pub from: usize,
    pub count: usize,
    /// Whether it may have changed rows that no new fact touches.
    pub is_other: bool,
}

impl Ground {
    /// Of facts at hand, kept in no file.
    #[must_use]
    pub fn of(facts: Facts, masters: Masters) -> Self {
        let hours = Hours::china();
        Self { kept: Kept::of(facts), masters, hours, agreed: OnceLock::new() }
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
        Self::open_until(path, store, cx, entities, i64::MAX)
    }
    /// The same, knowing no fact that was sealed later than `most`.
    pub fn open_until(
        path: &Path,
        store: &Store,
        cx: &Ctx,
        entities: &[&'static Entity],
        most: i64,
    ) -> Result<Self> {
        let kept = Kept::open_until(path, store, cx, most)?;
        let masters = Masters::read(store, cx, entities)?;
        let hours = Hours::china();
        Ok(Self { kept, masters, hours, agreed: OnceLock::new() })
    }
    /// Reads what was sealed since, and again the masters that it touches.
    pub fn refresh(
        &mut self,
        store: &Store,
        cx: &Ctx,
        entities: &[&'static Entity],
    ) -> Result<Came> {
        let from = self.facts().len();
        let count = self.kept.refresh(store, cx)?;
        if count == 0 {
            return Ok(Came { from, count, is_other: false });
        }
        let mut touched: BTreeMap<String, Vec<i64>> = BTreeMap::new();
        let mut is_undone = false;
        let facts = &self.kept.facts;
        for fact in from..facts.len() {
            is_undone |= facts.activity(fact) == "import.undone";
            for (kind, id) in facts.touches(fact) {
                touched.entry(facts.kinds.text(u32::from(kind)).to_owned()).or_default().push(id);
            }
        }
        for ids in touched.values_mut() {
            ids.sort_unstable();
            ids.dedup();
        }
        self.agreed = OnceLock::new();
        let is_other = if is_undone {
            self.masters = Masters::read(store, cx, entities)?;
            true
        } else {
            self.masters.refresh(store, cx, entities, &touched)?
        };
        Ok(Came { from, count, is_other })
    }
    /// Appends a fact at hand, kept in no file.
    pub fn tell<'a>(&mut self, new: &NewFact, touches: impl Iterator<Item = (&'a str, i64)>) {
        self.kept.facts.push(new, touches);
        self.agreed = OnceLock::new();
    }
    /// Waits that were agreed on, found when they are first asked for.
    pub fn agreed(&self) -> &Agreed {
        self.agreed.get_or_init(|| Agreed::of(self.facts(), &self.masters, &self.hours))
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
        Study::of_own(own, facts, self.agreed(), &self.hours)
    }
}
