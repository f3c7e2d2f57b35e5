//! What is wrong with a row, told so that a person finds the cell and knows what to do.
use kernel::Error;
use meta::words::{self, Lang};
use serde_json::{Value as Json, json};

/// Faults of one import, at most.
pub const MOST_FAULTS: usize = 1000;

/// Characters of a value that are shown.
const SHOWN: usize = 80;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    pub file: String,
    /// 1 is the header; 0 is the file as a whole.
    pub line: u64,
    pub column: String,
    pub value: String,
    /// Code and what its message names.
    pub error: Error,
}

impl Fault {
    /// `{file, line, column, value, code, message: {zh, en}}`.
    #[must_use]
    pub fn json(&self) -> Json {
        json!({
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "value": self.value,
            "code": self.error.code,
            "message": {
                "zh": words::error(Lang::Zh, &self.error),
                "en": words::error(Lang::En, &self.error),
            },
        })
    }
}

/// Faults as they are found; after [`MOST_FAULTS`] only that there are more.
#[derive(Default)]
pub(crate) struct Faults {
    pub(crate) all: Vec<Fault>,
}

/// Where a fault is.
#[derive(Clone, Copy)]
pub(crate) struct At<'a> {
    pub(crate) file: &'a str,
    pub(crate) line: u64,
    pub(crate) column: &'a str,
    pub(crate) value: &'a str,
}

impl<'a> At<'a> {
    pub(crate) const fn file(file: &'a str) -> Self {
        Self { file, line: 0, column: "", value: "" }
    }
}

impl Faults {
    pub(crate) fn is_full(&self) -> bool {
        self.all.len() > MOST_FAULTS
    }

    pub(crate) fn add(&mut self, at: At<'_>, error: Error) {
        if self.is_full() {
            return;
        }
        let error = if self.all.len() == MOST_FAULTS {
            Error::invalid("import.too_many_errors", MOST_FAULTS)
        } else {
            error
        };
        self.all.push(Fault {
            file: at.file.to_owned(),
            line: at.line,
            column: at.column.to_owned(),
            value: at.value.chars().take(SHOWN).collect(),
            error,
        });
    }
}
