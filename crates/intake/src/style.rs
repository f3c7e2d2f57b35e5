//! How a file is written: what was found of it, and what somebody said of it. Inert.
use kernel::{Error, Result};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// A character encoding that a file may have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
    Utf32Le,
    Utf32Be,
    Gb18030,
    Big5,
    Windows1252,
}

impl Encoding {
    const ALL: [Self; 8] = [
        Self::Utf8,
        Self::Utf16Le,
        Self::Utf16Be,
        Self::Utf32Le,
        Self::Utf32Be,
        Self::Gb18030,
        Self::Big5,
        Self::Windows1252,
    ];
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Utf32Le => "utf-32le",
            Self::Utf32Be => "utf-32be",
            Self::Gb18030 => "gb18030",
            Self::Big5 => "big5",
            Self::Windows1252 => "windows-1252",
        }
    }
    /// Reads a name, `gbk` and `gb2312` for GB18030. Error: `import.style`.
    pub fn parse(text: &str) -> Result<Self> {
        let name = text.to_ascii_lowercase();
        let name = match name.as_str() {
            "utf8" => "utf-8",
            "gbk" | "gb2312" => "gb18030",
            "latin1" | "iso-8859-1" => "windows-1252",
            other => other,
        };
        Self::ALL
            .into_iter()
            .find(|one| one.name() == name)
            .ok_or_else(|| unknown(text, &Self::ALL.map(Self::name).join(", ")))
    }
}

fn unknown(text: &str, known: &str) -> Error {
    Error::invalid("import.style", text).with("known", known)
}

/// What stands between whole and part of a number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Decimal {
    /// `1,234.56`.
    Point,
    /// `1.234,56` or `1 234,56`.
    Comma,
}

impl Decimal {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Point => "point",
            Self::Comma => "comma",
        }
    }
    /// Error: `import.style`.
    pub fn parse(text: &str) -> Result<Self> {
        match text {
            "point" | "." => Ok(Self::Point),
            "comma" | "," => Ok(Self::Comma),
            _ => Err(unknown(text, "point, comma")),
        }
    }
}

/// In which order a day is written where the year stands last.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DayOrder {
    /// `31/12/2026`.
    DayFirst,
    /// `12/31/2026`.
    MonthFirst,
}

impl DayOrder {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DayFirst => "dmy",
            Self::MonthFirst => "mdy",
        }
    }
    /// Error: `import.style`.
    pub fn parse(text: &str) -> Result<Self> {
        match text {
            "dmy" => Ok(Self::DayFirst),
            "mdy" => Ok(Self::MonthFirst),
            _ => Err(unknown(text, "dmy, mdy")),
        }
    }
}

/// What somebody said about the files; the rest is found out.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Asked {
    pub encoding: Option<Encoding>,
    /// Between cells: `,` `;` `|`, a tab (`\t`), or several characters.
    pub separator: Option<String>,
    /// The line of the headings, from 1.
    pub header: Option<u64>,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    pub days: Option<DayOrder>,
    pub numbers: Option<Decimal>,
    /// Cells that somebody changed before they were applied.
    pub edits: Vec<Edit>,
    /// Which column of ours each heading is, where nobody knows the file by its headings.
    pub assigned: Option<Assigned>,
    /// The source by which a second import knows its rows; else the mapping's name.
    pub source: Option<String>,
}

/// A staged cell that somebody changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    pub file: String,
    pub line: u64,
    /// The column's name in the mapping.
    pub column: String,
    pub value: String,
}

/// Columns of a file of ours, each with the heading that holds it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Assigned {
    /// The kind of rows: `customers`, `orders` …
    pub target: String,
    /// Our column and their heading.
    pub columns: Vec<(String, String)>,
}

/// How one file is written, for the preview.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Style {
    /// `None` for a workbook.
    pub encoding: Option<Encoding>,
    /// It began with a byte order mark.
    pub marked: bool,
    pub separator: String,
    /// `LF`, `CRLF`, `CR`, or several of them.
    pub line_end: String,
    /// Sheet of a workbook.
    pub sheet: String,
    /// 0 where there are no headings.
    pub header_line: u64,
    /// How each column of days and numbers is written.
    pub columns: BTreeMap<&'static str, &'static str>,
}

impl Style {
    /// `{encoding, marked, separator, line_end, sheet, header_line, columns}`.
    #[must_use]
    pub fn json(&self) -> Json {
        json!({
            "encoding": self.encoding.map(Encoding::name),
            "marked": self.marked,
            "separator": self.separator,
            "line_end": self.line_end,
            "sheet": self.sheet,
            "header_line": self.header_line,
            "columns": self.columns,
        })
    }
}
