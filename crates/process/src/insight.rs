//! One view of the company at one seal: facts, cases, figures, ready to be asked. What asks it
//! over HTTP or on the command line gets JSON, and adds nothing.
mod figures;
mod lost;
mod maps;

use crate::cases::Cases;
use crate::kpi::receivables::Receivables;
use crate::kpi::{Catalogue, Engine};
use crate::log::{Flat, Only};
use crate::own::view::{self, OwnLog, Wanted};
use crate::own::{Ground, Hours};
use kernel::{Ctx, Error, Result};
use meta::Entity;
use std::collections::BTreeMap;
use std::path::Path;
use store::Store;

pub use figures::{Ask as FiguresAsk, RowsAsk};
pub use maps::Ask as MapAsk;

/// Everything measured, as of the last seal that was read.
pub struct Insight {
    pub ground: Ground,
    pub cases: Cases,
    pub receivables: Receivables,
    pub catalogue: Catalogue,
    logs: BTreeMap<&'static str, Traces>,
    lost: Vec<crate::waste::Finding>,
}

/// The log of one kind of case with its traces.
struct Traces {
    own: OwnLog,
    flat: Flat,
}

/// Kinds of case whose process is shown.
pub const SHOWN: [&str; 5] = ["order", "lead", "opportunity", "shipment", "invoice"];

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
        let (logs, lost) = (BTreeMap::new(), Vec::new());
        let mut insight = Self { ground, cases, receivables, catalogue, logs, lost };
        insight.compute();
        Ok(insight)
    }
    /// Reads what was sealed since, and computes again where anything came.
    pub fn refresh(
        &mut self,
        store: &Store,
        cx: &Ctx,
        entities: &[&'static Entity],
    ) -> Result<usize> {
        let came = self.ground.refresh(store, cx, entities)?;
        if came > 0 {
            self.compute();
        }
        Ok(came)
    }
    fn compute(&mut self) {
        self.cases = Cases::of(&self.ground);
        self.receivables = Receivables::of(&self.cases, self.ground.facts());
        self.lost = crate::waste::findings(&self.ground);
        let traces = |name: &'static str| (name, Traces::of(&self.ground, name));
        self.logs = SHOWN.into_iter().map(traces).collect();
    }
    /// The engine of figures, as of an instant.
    #[must_use]
    pub fn engine(&self, now: i64) -> Engine<'_> {
        Engine::new(&self.catalogue, &self.cases, &self.receivables, &self.ground, now)
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
    fn traces(&self, case: &str) -> Result<&Traces> {
        let known = || SHOWN.join(", ");
        self.logs
            .get(case)
            .ok_or_else(|| Error::invalid("log.no_such_type", case).with("types", known()))
    }
    /// How a person knows a case: its number, else its id.
    fn number(&self, kind: &str, id: i64) -> String {
        match self.ground.masters.text(kind, "number", id) {
            "" => id.to_string(),
            number => number.to_owned(),
        }
    }
}

impl Traces {
    fn of(ground: &Ground, case: &'static str) -> Self {
        let own = view::log(ground.facts(), &ground.masters, Wanted::all(case));
        let flat = Flat::of(&own.log, 0, Only::All);
        Self { own, flat }
    }
}
