//! What is not wrong but must be said: what is missing, was changed by an alias, or is left out.
use meta::words::{self, Lang};
use serde_json::{Value as Json, json};

/// A statement about the files, with how many rows it is true of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    /// The last part of its message's key, `note-import-…`.
    pub code: &'static str,
    pub count: u64,
    pub values: Vec<(&'static str, String)>,
}

impl Note {
    /// `{code, count, message: {zh, en}}`.
    #[must_use]
    pub fn json(&self) -> Json {
        let text = |lang| {
            let count = self.count.to_string();
            let mut values = vec![("count", count.as_str())];
            values.extend(self.values.iter().map(|(name, value)| (*name, value.as_str())));
            words::text(lang, &format!("note-import-{}", self.code.replace('_', "-")), &values)
        };
        let message = json!({ "zh": text(Lang::Zh), "en": text(Lang::En) });
        json!({ "code": self.code, "count": self.count, "message": message })
    }
}

#[derive(Default)]
pub(crate) struct Notes {
    pub(crate) all: Vec<Note>,
}

impl Notes {
    /// Counts one more row for which it is true.
    pub(crate) fn count(&mut self, code: &'static str, values: &[(&'static str, &str)]) {
        let values: Vec<(&'static str, String)> =
            values.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        match self.all.iter_mut().find(|n| n.code == code && n.values == values) {
            Some(note) => note.count += 1,
            None => self.all.push(Note { code, count: 1, values }),
        }
    }
    pub(crate) fn add(&mut self, code: &'static str, count: usize) {
        if count > 0 {
            self.all.push(Note { code, count: count as u64, values: Vec::new() });
        }
    }
}
