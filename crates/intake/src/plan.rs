//! The plan of an import: what the files hold, what of it is new, what is wrong. Writes nothing.
use crate::check;
use crate::fault::{At, Fault, Faults};
use crate::mapping::Mapping;
use crate::mappings;
use crate::note::{Difference, Note};
use crate::read::{Reading, Sheet, Taken};
use crate::shown;
use crate::style::Asked;
use crate::sums::{self, Sums};
use crate::table::Source;
use flows::history::{Known, Row, Settlement};
use kernel::{Currency, Day, Digest, Error, Rate, Result};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;

/// Files of one import, and rows of each that a preview shows.
const MOST_FILES: usize = 100;
const FIRST: usize = 3;
/// Changed rows that are named.
const NAMED: usize = 20;

/// Whereto a file's rows go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Aim {
    /// The currency of the files' amounts.
    pub currency: Currency,
    /// The base currency of the company.
    pub base: Currency,
    /// Base units per unit of `currency`, where they differ and somebody knows.
    pub rate: Option<Rate>,
}

impl Aim {
    pub(crate) fn rate(&self) -> Rate {
        if self.currency == self.base { Rate::whole(1) } else { self.rate.unwrap_or(Rate::ZERO) }
    }
}

/// Rows of one kind.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct KindCount {
    pub rows: usize,
    pub new: usize,
    pub unchanged: usize,
    /// Known, but the source says something else now: reported, not applied.
    pub changed: usize,
    pub changed_keys: Vec<String>,
}

/// What an import would do.
pub struct Plan {
    pub mapping: &'static Mapping,
    /// By which a second import knows its rows.
    pub source: String,
    pub into: Aim,
    /// Empty: every row of every file is good.
    pub faults: Vec<Fault>,
    pub notes: Vec<Note>,
    pub counts: BTreeMap<&'static str, KindCount>,
    /// The earliest day in the files, and the day after the last.
    pub earliest: Option<Day>,
    pub cut_over: Option<Day>,
    /// Over all files, whatever their order.
    pub digest: String,
    /// Where the files contradict themselves: told, never forced.
    pub differences: Vec<Difference>,
    pub(crate) sums: Sums,
    pub(crate) rows: Vec<Row>,
    pub(crate) taken: Vec<Taken>,
    first: Json,
    pub(crate) shown: Json,
}

/// Reads and checks files given in any order. `known` is what the company has of this source.
///
/// Errors (of the call; those of rows are in the plan): `import.no_files`,
/// `import.too_many_files`.
pub fn plan(
    mapping: &'static Mapping,
    sources: Vec<Source>,
    into: Aim,
    known: &Known,
) -> Result<Plan> {
    plan_as(mapping, sources, into, known, &Asked::default())
}

/// As [`plan`], of files that are written as somebody says, where they say it.
pub fn plan_as(
    mapping: &'static Mapping,
    sources: Vec<Source>,
    into: Aim,
    known: &Known,
    asked: &Asked,
) -> Result<Plan> {
    if sources.is_empty() {
        return Err(Error::invalid("import.no_files", mapping.name));
    }
    if sources.len() > MOST_FILES {
        return Err(Error::invalid("import.too_many_files", sources.len()).with("max", MOST_FILES));
    }
    let mut reading = Reading::default();
    for source in sources {
        reading.take(mapping, source, into.currency, asked);
    }
    check::check(&mut reading, mapping, known);
    let first = first(&reading.sheets);
    let built = mappings::build(mapping, &mut reading, known, into.currency);
    if into.rate().is_zero() && built.rows.iter().any(has_amount) {
        reading.notes.count("rate_unknown", &[("currency", into.currency.code())]);
    }
    unwritable(&built.rows, into, &mut reading.faults);
    let shown = shown::rows(&reading, &reading.faults.all);
    Ok(Plan {
        mapping,
        source: asked.source.clone().unwrap_or_else(|| mapping.name.to_owned()),
        into,
        counts: counts(&built.rows, known),
        earliest: built.days.map(|(first, _)| first),
        cut_over: built.days.map(|(_, last)| last.plus_days(1)),
        digest: digest(&reading.taken),
        sums: sums::of(built.rows.iter(), into.currency),
        rows: built.rows,
        differences: built.differences,
        first,
        shown,
        taken: reading.taken,
        faults: reading.faults.all,
        notes: reading.notes.all,
    })
}

fn has_amount(row: &Row) -> bool {
    matches!(row, Row::Opportunity(_) | Row::Order(_) | Row::Invoice(_) | Row::Payable(_))
}

/// Open receivables are opened in our books, which need base amounts: known before anything runs.
fn unwritable(rows: &[Row], into: Aim, faults: &mut Faults) {
    let is_open = |row: &Row| match row {
        Row::Invoice(row) => row.settlement == Settlement::Open,
        Row::Payable(_) => true,
        _ => false,
    };
    if into.rate().is_zero() && rows.iter().any(is_open) {
        faults.add(At::file(""), Error::invalid("import.rate_needed", into.currency));
    }
    let is_base = |row: &Row| matches!(row, Row::Stock(_) | Row::Balances(_));
    if into.currency != into.base && rows.iter().any(is_base) {
        let e = Error::invalid("import.balances_base", into.currency).with("base", into.base);
        faults.add(At::file(""), e);
    }
}

fn counts(rows: &[Row], known: &Known) -> BTreeMap<&'static str, KindCount> {
    let mut counts: BTreeMap<&'static str, KindCount> = BTreeMap::new();
    for origin in rows.iter().map(Row::origin) {
        let count = counts.entry(origin.kind).or_default();
        count.rows += 1;
        match known.get(origin.kind, &origin.key) {
            None => count.new += 1,
            Some(same) if same.hash == origin.hash => count.unchanged += 1,
            Some(_) => {
                count.changed += 1;
                if count.changed_keys.len() < NAMED {
                    count.changed_keys.push(origin.key.clone());
                }
            }
        }
    }
    counts
}

fn digest(taken: &[Taken]) -> String {
    let mut digests: Vec<&str> = taken.iter().map(|taken| taken.digest.as_str()).collect();
    digests.sort_unstable();
    let mut all = Digest::new();
    for digest in digests {
        all.text(digest);
    }
    all.finish()
}

/// The first rows of each file as they were understood.
fn first(sheets: &[Sheet]) -> Json {
    let row = |sheet: &Sheet, at: usize| {
        let used = sheet.map.columns.iter().filter(|column| column.kind != crate::Kind::Unused);
        let cell = |column: &crate::Column| {
            let line = &sheet.lines[at];
            let text = match column.kind {
                crate::Kind::YesNo { .. } => line.is_yes(sheet.map, column.name).to_string(),
                crate::Kind::Price => line
                    .number(sheet.map, column.name)
                    .map_or_else(String::new, |n| sums::shown(n.into())),
                _ => line.text(sheet.map, column.name),
            };
            (column.name.to_owned(), Json::String(text))
        };
        Json::Object(used.map(cell).collect())
    };
    let rows = |sheet: &Sheet| (0..sheet.lines.len().min(FIRST)).map(|at| row(sheet, at)).collect();
    let all = sheets.iter().map(|sheet| (sheet.map.name.to_owned(), Json::Array(rows(sheet))));
    Json::Object(all.collect::<Map<String, Json>>())
}

impl KindCount {
    pub(crate) fn json(&self) -> Json {
        json!({
            "rows": self.rows,
            "new": self.new,
            "unchanged": self.unchanged,
            "changed": self.changed,
            "changed_keys": self.changed_keys,
        })
    }
}

impl Plan {
    /// The typed rows, each after those it names.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }
    /// Every row of every file is good.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.faults.is_empty()
    }

    /// The preview and the faults: what `import --dry-run --json` prints.
    #[must_use]
    pub fn json(&self) -> Json {
        let sum =
            |(name, sum): (&&'static str, &i128)| ((*name).to_owned(), sums::shown(*sum).into());
        let count = |(kind, count): (&&'static str, &KindCount)| ((*kind).to_owned(), count.json());
        json!({
            "mapping": self.mapping.name,
            "source": self.source,
            "valid": self.is_valid(),
            "currency": self.into.currency.code(),
            "files": self.files(),
            "earliest": self.earliest.map(|day| day.to_string()),
            "cut_over": self.cut_over.map(|day| day.to_string()),
            "counts": self.counts.iter().map(count).collect::<Map<String, Json>>(),
            "sums": self.sums.iter().map(sum).collect::<Map<String, Json>>(),
            "differences": Difference::all_json(&self.differences),
            "notes": self.notes.iter().map(Note::json).collect::<Vec<_>>(),
            "first_rows": self.first,
            "rows": self.shown,
            "errors": self.faults.iter().map(Fault::json).collect::<Vec<_>>(),
        })
    }

    pub(crate) fn files(&self) -> Json {
        let file = |taken: &Taken| {
            let (name, file) = (&taken.name, taken.file);
            json!({
                "name": name, "is": file, "rows": taken.rows, "digest": taken.digest,
                "style": taken.style.json(),
            })
        };
        Json::Array(self.taken.iter().map(file).collect())
    }
}
