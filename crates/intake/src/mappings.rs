//! The sources that we know, and how their lines become typed rows.
mod ar_ibm;
mod crm_maven;
mod northwind;

use crate::fault::At;
use crate::mapping::{FileMap, Mapping};
use crate::read::{Line, Reading};
use flows::history::{Link, Origin, Row};
use kernel::{Day, Error, Result};

static ALL: [&Mapping; 3] = [&crm_maven::MAPPING, &northwind::MAPPING, &ar_ibm::MAPPING];

/// Every mapping, for `import --list`.
#[must_use]
pub fn all() -> &'static [&'static Mapping] {
    &ALL
}

/// A mapping by name. Error: `import.unknown_mapping`, naming those there are.
pub fn named(name: &str) -> Result<&'static Mapping> {
    ALL.iter().find(|mapping| mapping.name == name).copied().ok_or_else(|| {
        let names: Vec<&str> = ALL.iter().map(|mapping| mapping.name).collect();
        Error::not_found("import.unknown_mapping", name).with("known", names.join(", "))
    })
}

/// Rows as they are made, in an order in which each names only earlier ones.
pub(crate) struct Build {
    pub(crate) rows: Vec<Row>,
    /// The first and the last day on which something happened.
    pub(crate) days: Option<(Day, Day)>,
}

impl Build {
    /// Notes a day on which something happened.
    fn happened(&mut self, day: Option<Day>) {
        if let Some(day) = day {
            let (first, last) = self.days.unwrap_or((day, day));
            self.days = Some((first.min(day), last.max(day)));
        }
    }
}

/// Makes typed rows of all good lines; adds what only a whole row shows.
pub(crate) fn build(mapping: &Mapping, reading: &mut Reading) -> Build {
    let mut build = Build { rows: Vec::new(), days: None };
    match mapping.name {
        "crm_maven" => crm_maven::build(reading, &mut build),
        "northwind" => northwind::build(reading, &mut build),
        _ => ar_ibm::build(reading, &mut build),
    }
    build
}

// ---- what the mappings share

/// The lines of a file that are not at fault; none when it was not given.
fn lines<'r>(reading: &'r Reading, map: &FileMap) -> impl Iterator<Item = &'r Line> + use<'r> {
    let sheet = reading.sheet(map.name);
    sheet.into_iter().flat_map(|sheet| &sheet.lines).filter(|line| !line.is_bad)
}

fn origin(map: &FileMap, line: &Line) -> Origin {
    Origin { kind: map.kind, key: line.key(map), hash: line.hash() }
}

fn link(target: &FileMap, key: String) -> Option<Link> {
    (!key.is_empty()).then_some(Link { kind: target.kind, key })
}

/// Adds a fault of a whole row, shown at one of its columns.
fn fault(reading: &mut Reading, place: (usize, u64), column: &str, value: &str, error: Error) {
    let file = reading.names[place.0].clone();
    reading.faults.add(At { file: &file, line: place.1, column, value }, error);
}
