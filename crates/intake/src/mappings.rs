//! The sources that we know, and how their lines become typed rows.
mod adventureworks;
mod ar_ibm;
mod crm_formats;
mod crm_maven;
mod leads_xeducation;
mod northwind;
mod olist_funnel;
mod olist_orders;
mod online_retail;
pub(crate) mod opening;
mod superstore;
pub(crate) mod tables;
mod vcards;

use crate::fault::At;
use crate::mapping::{FileMap, Mapping};
use crate::note::Difference;
use crate::read::{Line, Reading};
use flows::history::{Books, GivenAgent, GivenParty, Known, Link, Origin, Row, Trade};
use kernel::{Currency, Day, Digest, Error, Result};

static ALL: [&Mapping; 13] = [
    &adventureworks::MAPPING,
    &ar_ibm::MAPPING,
    &crm_formats::MAPPING,
    &crm_maven::MAPPING,
    &leads_xeducation::MAPPING,
    &northwind::MAPPING,
    &olist_funnel::MAPPING,
    &olist_orders::MAPPING,
    &online_retail::MAPPING,
    &opening::MAPPING,
    &superstore::MAPPING,
    &tables::MAPPING,
    &vcards::MAPPING,
];

/// Every mapping, for `import --list`.
#[must_use]
pub fn all() -> &'static [&'static Mapping] {
    &ALL
}

/// The tables of people's own: what their rows can be, and of which columns.
#[must_use]
pub const fn own_tables() -> &'static [FileMap] {
    tables::MAPPING.files
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
    pub(crate) differences: Vec<Difference>,
    /// The accounts of the company.
    pub(crate) books: Books,
    pub(crate) currency: Currency,
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
pub(crate) fn build(
    mapping: &Mapping,
    reading: &mut Reading,
    known: &Known,
    currency: Currency,
) -> Build {
    let (rows, differences, books) = (Vec::new(), Vec::new(), known.books.clone());
    let mut build = Build { rows, days: None, differences, books, currency };
    (mapping.build)(reading, &mut build);
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

/// The origin of something that has no row of its own: made of what rows say of it.
fn made_of(kind: &'static str, key: &str) -> Origin {
    let mut digest = Digest::new();
    digest.text(key);
    Origin { kind, key: key.to_owned(), hash: digest.finish() }
}

/// A party of which no more is known than its code and name.
fn party(origin: Origin, code: String, name: String) -> GivenParty {
    GivenParty {
        origin,
        code,
        name,
        trade: Trade::Customer,
        tax_id: String::new(),
        industry: String::new(),
        country: String::new(),
        region: String::new(),
        parent: None,
        contact: None,
        place: None,
        note: String::new(),
        reuse: false,
    }
}

/// Somebody of whom only a key is known.
fn agent(key: &str) -> Row {
    let origin = made_of("agent", key);
    Row::Agent(GivenAgent { origin, name: key.to_owned(), office: None })
}

/// `name value` of those that say something, joined.
fn told(parts: &[(&str, String)]) -> String {
    let said = parts.iter().filter(|(_, value)| !value.is_empty());
    said.map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join("; ")
}

/// Parts that say something, joined by commas.
fn joined(parts: &[String]) -> String {
    let said: Vec<&str> =
        parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    said.join(", ")
}
