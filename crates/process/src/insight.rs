//! One view of the company at one seal: facts, cases, figures, ready to be asked. What asks it
//! over HTTP or on the command line gets JSON, and adds nothing.
pub(crate) mod attributes;
mod beside;
mod figures;
mod lost;
pub(crate) mod maps;
mod people;
pub mod places;
pub(crate) mod subject;

use crate::cases::Cases;
use crate::cases::specs::PERSON;
use crate::kpi::partials::Partials;
use crate::kpi::receivables::Receivables;
use crate::kpi::standing::Standing;
use crate::kpi::{Catalogue, Engine};
use crate::log::{Flat, Only};
use crate::own::facts::NewFact;
use crate::own::view::{self, OwnLog, Wanted};
use crate::own::{Ground, Hours};
use kernel::{Ctx, Error, Result};
use meta::Entity;
use std::path::Path;
use std::sync::OnceLock;
use store::Store;

pub use figures::{Ask as FiguresAsk, RowsAsk, Target};
pub use maps::Ask as MapAsk;
pub(crate) use {attributes::Attribute, people::Who};

/// Everything measured, as of the last seal that was read.
pub struct Insight {
    pub ground: Ground,
    pub cases: Cases,
    pub receivables: Receivables,
    pub standing: Standing,
    pub catalogue: Catalogue,
    partials: Partials,
    found: Found,
}

/// What is found out when it is first asked for, and again after facts came.
#[derive(Default)]
struct Found {
    logs: [OnceLock<Traces>; SHOWN.len()],
    lost: OnceLock<Vec<crate::waste::Finding>>,
    faults: OnceLock<Vec<crate::waste::Fault>>,
    decisions: OnceLock<Vec<crate::waste::Decision>>,
    worth: OnceLock<Vec<crate::waste::worth::Worth>>,
}

/// The log of one kind of case with its traces.
struct Traces {
    own: OwnLog,
    flat: Flat,
    /// Attributes of its facts that cases are told apart by.
    attributes: Vec<String>,
}

/// Kinds of case whose process is shown.
pub const SHOWN: [&str; 8] =
    ["order", "lead", "opportunity", "quote", "shipment", "invoice", "payment", "return"];

impl Insight {
    /// Opens the columns, catches up and computes.
    ///
    /// Errors: those of [`Ground::open`].
    pub fn open(
        path: &Path,
        store: &Store,
        cx: &Ctx,
        entities: &[&'static Entity],
    ) -> Result<Self> {
        Self::of(Ground::open(path, store, cx, entities)?)
    }
    /// Computes everything from facts at hand. Errors: those of the catalogue.
    pub fn of(ground: Ground) -> Result<Self> {
        let catalogue = Catalogue::ours()?;
        let (cases, receivables) = (Cases::default(), Receivables::default());
        let (standing, partials) = (Standing::default(), Partials::default());
        let found = Found::default();
        let mut insight = Self { ground, cases, receivables, standing, catalogue, partials, found };
        insight.compute(0, true);
        Ok(insight)
    }
    /// Reads what was sealed since, and computes again what it changes; how many facts came.
    pub fn refresh(
        &mut self,
        store: &Store,
        cx: &Ctx,
        entities: &[&'static Entity],
    ) -> Result<usize> {
        let came = self.ground.refresh(store, cx, entities)?;
        if came.count > 0 {
            self.compute(came.from, came.is_other);
        }
        Ok(came.count)
    }
    /// Takes in one fact at hand, as a refresh takes in those that were sealed.
    pub fn tell<'a>(&mut self, new: &NewFact, touches: impl Iterator<Item = (&'a str, i64)>) {
        let from = self.ground.facts().len();
        self.ground.tell(new, touches);
        self.compute(from, false);
    }
    fn compute(&mut self, from: usize, all: bool) {
        let from = if all {
            (self.cases, self.partials) = (Cases::default(), Partials::default());
            0
        } else {
            from
        };
        let dirty = self.cases.update(&self.ground, from);
        self.partials.update(&self.catalogue, &self.cases, &self.ground.hours, &dirty);
        self.receivables = Receivables::of(&self.cases, self.ground.facts());
        self.standing = Standing::of(&self.cases, &self.ground.masters, &self.ground.hours);
        self.found = Found::default();
    }
    /// What loses time.
    pub fn lost(&self) -> &[crate::waste::Finding] {
        self.found.lost.get_or_init(|| crate::waste::findings(&self.ground))
    }
    fn all_faults(&self) -> &[crate::waste::Fault] {
        // What is still open is as old as the last fact.
        let now = || self.ground.facts().at.iter().copied().max().unwrap_or(0);
        let find = || crate::waste::faults::all(&self.ground, &self.cases, now());
        self.found.faults.get_or_init(find)
    }
    fn decisions(&self) -> &[crate::waste::Decision] {
        let find = || crate::waste::decisions::all(&self.ground, &self.cases);
        self.found.decisions.get_or_init(find)
    }
    fn worth(&self) -> &[crate::waste::worth::Worth] {
        self.found.worth.get_or_init(|| crate::waste::worth::all(&self.ground, &self.cases))
    }
    /// The engine of figures, as of an instant.
    #[must_use]
    pub fn engine(&self, now: i64) -> Engine<'_> {
        let Self { catalogue, cases, partials, receivables, standing, ground, .. } = self;
        Engine { catalogue, cases, partials, receivables, standing, hours: &ground.hours, now }
    }
    #[must_use]
    pub const fn hours(&self) -> &Hours {
        &self.ground.hours
    }
    /// The seal up to which everything is known.
    #[must_use]
    pub fn seq(&self) -> i64 {
        self.ground.facts().until
    }
    /// What the cases of a table are sliced by; people only where they may be told.
    fn dimensions(&self, table: &str, people: bool) -> Vec<&'static str> {
        let all = self.cases.table(table).map(|t| t.dimensions().collect::<Vec<_>>());
        all.into_iter().flatten().filter(|of| people || *of != PERSON).collect()
    }
    fn traces(&self, case: &str) -> Result<&Traces> {
        let known = || SHOWN.join(", ");
        let wrong = || Error::invalid("log.no_such_type", case).with("types", known());
        let at = SHOWN.iter().position(|shown| *shown == case).ok_or_else(wrong)?;
        Ok(self.found.logs[at].get_or_init(|| Traces::of(&self.ground, SHOWN[at])))
    }
}

impl Traces {
    fn of(ground: &Ground, case: &'static str) -> Self {
        let own = view::log(ground.facts(), &ground.masters, Wanted::all(case));
        let flat = Flat::of(&own.log, 0, Only::All);
        let attributes = attributes::of_facts(ground.facts(), &own.facts);
        Self { own, flat, attributes }
    }
}
