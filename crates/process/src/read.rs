//! Reads event logs of other systems: recognises the format by content and streams it into columns.
//!
//! No reader builds a tree of the document; each hands one event at a time to [`Builder`].
mod csv_table;
mod ocel_json;
mod ocel_sqlite;
mod ocel_xml;
mod open;
mod tags;
mod workbook;
mod xes;
mod xml;

pub use csv_table::Columns;

use crate::log::{Builder, Log};
use kernel::{Error, Result};
use std::path::Path;

/// The formats, by content.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    Xes,
    /// OCEL 2.0 or 1 as JSON.
    OcelJson,
    OcelXml,
    OcelSqlite,
    Csv,
    /// XLSX, XLS or ODS: its first sheet, read as CSV is.
    Workbook,
}

impl Format {
    /// What people call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Xes => "XES",
            Self::OcelJson => "OCEL JSON",
            Self::OcelXml => "OCEL XML",
            Self::OcelSqlite => "OCEL SQLite",
            Self::Csv => "CSV",
            Self::Workbook => "XLSX",
        }
    }
}

/// Which attributes beside case, activity, times and resource are read.
#[derive(Clone, Debug, Default)]
pub enum Keep {
    #[default]
    All,
    Named(Vec<String>),
}

impl Keep {
    /// Whether an attribute is read.
    #[must_use]
    pub fn wants(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Named(names) => names.iter().any(|n| n.eq_ignore_ascii_case(name)),
        }
    }
}

/// How to read.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// Columns of a table, where the guess is not wanted.
    pub columns: Columns,
    pub keep: Keep,
}

/// A log with what was found out about its file.
#[derive(Debug)]
pub struct Source {
    pub log: Log,
    pub format: Format,
    /// Which columns of a table were taken.
    pub columns: Option<Columns>,
    /// The bytes of the file.
    pub bytes: u64,
}

/// Told now and then: bytes read so far, bytes of the file.
pub type Progress<'a> = &'a mut dyn FnMut(u64, u64);

/// Reads a file. Errors: `log.cannot_read`, `log.empty`, `log.unknown_format`, `log.is_workbook`,
/// `log.workbook_too_large`, `log.broken`, `log.columns_unknown`, `log.no_such_column`,
/// `log.no_events`.
pub fn read(path: &Path, ask: &Ask, progress: Progress<'_>) -> Result<Source> {
    let mut input = open::open(path, progress)?;
    let format = input.format;
    let bytes = input.bytes;
    let mut builder = Builder::default();
    let mut columns = None;
    match format {
        Format::Xes => xes::read(&mut input.stream, ask, &mut builder)?,
        Format::OcelJson => ocel_json::read(&mut input.stream, ask, &mut builder)?,
        Format::OcelXml => ocel_xml::read(&mut input.stream, ask, &mut builder)?,
        Format::OcelSqlite => {
            drop(input);
            ocel_sqlite::read(path, ask, &mut builder)?;
        }
        Format::Csv => columns = Some(csv_table::read(&mut input.stream, ask, &mut builder)?),
        Format::Workbook => {
            let mut table =
                workbook::table(&mut input.stream).map_err(|e| e.with("path", path.display()))?;
            columns = Some(csv_table::read(&mut table, ask, &mut builder)?);
        }
    }
    let log = builder.finish();
    if log.events.is_empty() {
        let left_out: u64 =
            log.quality.findings.iter().filter(|(t, _)| t.leaves_out()).map(|(_, f)| f.count).sum();
        return Err(Error::invalid("log.no_events", path.display()).with("left_out", left_out));
    }
    Ok(Source { log, format, columns, bytes })
}

/// Names under which files tell who did it.
pub(crate) fn is_resource(name: &str) -> bool {
    const NAMES: [&str; 7] =
        ["org:resource", "resource", "actor", "user", "performer", "employee", "人员"];
    NAMES.iter().any(|n| n.eq_ignore_ascii_case(name))
}

/// A lifecycle transition of XES, or of our own facts.
fn stage(transition: &str) -> crate::log::Stage {
    use crate::log::Stage;
    let is = |name: &str| transition.eq_ignore_ascii_case(name);
    if is("complete") || transition.is_empty() {
        Stage::Complete
    } else if is("start") {
        Stage::Start
    } else {
        Stage::Other
    }
}
