//! What an import did, with its reconciliation.
use crate::note::{Difference, Note};
use crate::plan::KindCount;
use crate::sums;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;

/// One sum, from the files and from what is stored, in millionths.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SumLine {
    pub name: &'static str,
    pub file: i128,
    pub stored: i128,
    /// As our documents show it, rounded line by line.
    pub rounded: i128,
}

impl SumLine {
    #[must_use]
    pub const fn is_equal(&self) -> bool {
        self.file == self.stored
    }
    /// Rounded less exact.
    #[must_use]
    pub const fn difference(&self) -> i128 {
        self.rounded - self.stored
    }
    pub(crate) fn json(&self) -> Json {
        json!({
            "name": self.name,
            "file": sums::shown(self.file),
            "stored": sums::shown(self.stored),
            "equal": self.is_equal(),
            "rounded": sums::shown(self.rounded),
            "rounding_difference": sums::shown(self.difference()),
        })
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Report {
    pub mapping: &'static str,
    /// `None`: there was nothing new.
    pub batch: Option<i64>,
    /// An import that was stopped went on.
    pub resumed: bool,
    pub applied: usize,
    pub counts: BTreeMap<&'static str, KindCount>,
    pub sums: Vec<SumLine>,
    /// Receivables opened in our books at cut-over, minor units of the base currency.
    pub opened_base: i64,
    pub notes: Vec<Note>,
    pub differences: Vec<Difference>,
}

impl Report {
    /// Counts, sums and notes: what `import --json` prints, and what the batch keeps.
    #[must_use]
    pub fn json(&self) -> Json {
        let count = |(kind, count): (&&'static str, &KindCount)| ((*kind).to_owned(), count.json());
        json!({
            "mapping": self.mapping,
            "batch": self.batch.map(|id| id.to_string()),
            "resumed": self.resumed,
            "applied": self.applied,
            "counts": self.counts.iter().map(count).collect::<Map<String, Json>>(),
            "sums": self.sums.iter().map(SumLine::json).collect::<Vec<_>>(),
            "reconciled": self.sums.iter().all(SumLine::is_equal),
            "opened_base": self.opened_base,
            "differences": Difference::all_json(&self.differences),
            "notes": self.notes.iter().map(Note::json).collect::<Vec<_>>(),
        })
    }
}
