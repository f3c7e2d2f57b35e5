//! What is not wrong but must be said: what is missing, was changed by an alias, or is left out.
use crate::sums;
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

/// Two amounts of the files that should be one, in millionths of the major unit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// What it is about: `order`.
    pub kind: &'static str,
    pub key: String,
    /// Which amounts: `paid_is_items_and_freight`.
    pub what: &'static str,
    pub stated: i128,
    pub found: i128,
}

impl Difference {
    /// `{count, stated, found, difference, all: [{kind, key, what, stated, found}]}`.
    #[must_use]
    pub fn all_json(all: &[Self]) -> Json {
        let sum = |of: fn(&Self) -> i128| all.iter().map(of).sum::<i128>();
        let one = |d: &Self| {
            json!({
                "kind": d.kind, "key": d.key, "what": d.what,
                "stated": sums::shown(d.stated), "found": sums::shown(d.found),
            })
        };
        let (stated, found) = (sum(|d| d.stated), sum(|d| d.found));
        json!({
            "count": all.len(),
            "stated": sums::shown(stated),
            "found": sums::shown(found),
            "difference": sums::shown(stated - found),
            "all": all.iter().map(one).collect::<Vec<_>>(),
        })
    }
}

#[derive(Default)]
pub(crate) struct Notes {
    pub(crate) all: Vec<Note>,
}

impl Notes {
    /// Counts one more row for which it is true.
    pub(crate) fn count(&mut self, code: &'static str, values: &[(&'static str, &str)]) {
        self.count_all(code, values, 1);
    }
    /// Counts so many more.
    pub(crate) fn count_all(
        &mut self,
        code: &'static str,
        values: &[(&'static str, &str)],
        count: u64,
    ) {
        let is_same = |note: &&mut Note| {
            let pairs = note.values.iter().map(|(name, value)| (*name, value.as_str()));
            note.code == code && pairs.eq(values.iter().copied())
        };
        if count == 0 {
            return;
        }
        match self.all.iter_mut().find(is_same) {
            Some(note) => note.count += count,
            None => {
                let values = values.iter().map(|(name, value)| (*name, (*value).to_owned()));
                self.all.push(Note { code, count, values: values.collect() });
            }
        }
    }
    pub(crate) fn add(&mut self, code: &'static str, count: usize) {
        if count > 0 {
            self.all.push(Note { code, count: count as u64, values: Vec::new() });
        }
    }
}
