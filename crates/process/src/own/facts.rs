//! Facts in columns, in the order of the seal, append-only.
use crate::log::Names;
use std::collections::BTreeSet;

/// Where in a piece of work a fact stands; the rest of the phases is neither.
pub const COMPLETE: u8 = 0;
pub const START: u8 = 1;
pub const OTHER: u8 = 2;

/// Who acted: a person, or a program of some kind.
pub const HUMAN: u8 = 0;
pub const PROGRAM: u8 = 1;
/// A customer or supplier acted himself.
pub const PARTNER: u8 = 2;
/// Nobody knows: history from elsewhere.
pub const UNKNOWN: u8 = 3;

/// The columns, all of one length but those that say otherwise.
#[derive(Debug, Default)]
pub struct Facts {
    pub activities: Names,
    pub reasons: Names,
    pub kinds: Names,
    pub attr_names: Names,
    pub attr_values: Names,
    pub id: Vec<i64>,
    /// Entry of `activities`.
    pub activity: Vec<u16>,
    pub phase: Vec<u8>,
    /// When it happened, microseconds since 1970 UTC.
    pub at: Vec<i64>,
    pub recorded: Vec<i64>,
    pub actor: Vec<i64>,
    pub actor_kind: Vec<u8>,
    /// Entry of `reasons`; 0 is none.
    pub reason: Vec<u32>,
    /// In the base currency's minor units.
    pub amount: Vec<i64>,
    pub instance: Vec<i64>,
    pub batch: Vec<i64>,
    pub company: Vec<i64>,
    /// Where the touches of each fact end.
    pub touch_end: Vec<u32>,
    /// Entry of `kinds`, and the id, by touch.
    pub touch_kind: Vec<u8>,
    pub touch_id: Vec<i64>,
    /// Where the attributes of each fact end.
    pub attr_end: Vec<u32>,
    pub attr_name: Vec<u16>,
    pub attr_value: Vec<u32>,
    /// The last seal that was read, and its hash.
    pub until: i64,
    pub head: String,
    /// Imports that were undone: their facts are stepped over.
    pub undone: BTreeSet<i64>,
}

/// A fact on its way in.
#[derive(Clone, Debug, Default)]
pub struct NewFact {
    pub id: i64,
    pub activity: String,
    pub phase: u8,
    pub at: i64,
    pub recorded: i64,
    pub actor: i64,
    pub actor_kind: u8,
    pub reason: String,
    pub amount: i64,
    pub instance: i64,
    pub batch: i64,
    pub company: i64,
    pub attrs: Vec<(String, String)>,
}

impl Facts {
    #[must_use]
    pub fn new() -> Self {
        let mut facts = Self::default();
        facts.reasons.intern("");
        facts
    }
    #[must_use]
    pub fn len(&self) -> usize {
        self.id.len()
    }
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.id.is_empty()
    }
    /// Appends a fact with what it touches (kind and id).
    pub fn push<'a>(&mut self, new: &NewFact, touches: impl Iterator<Item = (&'a str, i64)>) {
        if new.activity == "import.undone" {
            self.undone.insert(new.batch);
        }
        self.id.push(new.id);
        self.activity.push(self.activities.intern(&new.activity) as u16);
        self.phase.push(new.phase);
        self.at.push(new.at);
        self.recorded.push(new.recorded);
        self.actor.push(new.actor);
        self.actor_kind.push(new.actor_kind);
        self.reason.push(self.reasons.intern(&new.reason));
        self.amount.push(new.amount);
        self.instance.push(new.instance);
        self.batch.push(new.batch);
        self.company.push(new.company);
        for (kind, id) in touches {
            self.touch_kind.push(self.kinds.intern(kind) as u8);
            self.touch_id.push(id);
        }
        self.touch_end.push(self.touch_id.len() as u32);
        for (name, value) in &new.attrs {
            self.attr_name.push(self.attr_names.intern(name) as u16);
            self.attr_value.push(self.attr_values.intern(value));
        }
        self.attr_end.push(self.attr_name.len() as u32);
    }
    /// Gives back what columns hold beyond their ends, where that is much.
    pub fn shrink(&mut self) {
        fn fit<T>(column: &mut Vec<T>) {
            if column.capacity() > column.len() + column.len() / 8 {
                column.shrink_to_fit();
            }
        }
        [
            &mut self.id,
            &mut self.at,
            &mut self.recorded,
            &mut self.actor,
            &mut self.amount,
            &mut self.instance,
            &mut self.batch,
            &mut self.company,
            &mut self.touch_id,
        ]
        .into_iter()
        .for_each(fit);
        [&mut self.reason, &mut self.touch_end, &mut self.attr_end, &mut self.attr_value]
            .into_iter()
            .for_each(fit);
        [&mut self.activity, &mut self.attr_name].into_iter().for_each(fit);
        [&mut self.phase, &mut self.actor_kind, &mut self.touch_kind].into_iter().for_each(fit);
    }
    /// Whether a fact counts: not of an import that was undone.
    #[must_use]
    pub fn counts(&self, fact: usize) -> bool {
        let batch = self.batch[fact];
        batch == 0 || !self.undone.contains(&batch)
    }
    /// The name of a fact's activity.
    #[must_use]
    pub fn activity(&self, fact: usize) -> &str {
        self.activities.text(u32::from(self.activity[fact]))
    }
    /// Why, in the words of the fact.
    #[must_use]
    pub fn reason(&self, fact: usize) -> &str {
        self.reasons.text(self.reason[fact])
    }
    /// What a fact touches: entries of `kinds`, and ids.
    pub fn touches(&self, fact: usize) -> impl Iterator<Item = (u8, i64)> + '_ {
        let range = range(&self.touch_end, fact);
        self.touch_kind[range.clone()].iter().copied().zip(self.touch_id[range].iter().copied())
    }
    /// The first object of a kind that a fact touches.
    #[must_use]
    pub fn object(&self, fact: usize, kind: Option<u8>) -> Option<i64> {
        let kind = kind?;
        self.touches(fact).find(|(of, _)| *of == kind).map(|(_, id)| id)
    }
    /// The number of a kind of object, if any fact touches one.
    #[must_use]
    pub fn kind(&self, name: &str) -> Option<u8> {
        self.kinds.find(name).map(|n| n as u8)
    }
    /// The number of an activity, if any fact tells it.
    #[must_use]
    pub fn known(&self, activity: &str) -> Option<u16> {
        self.activities.find(activity).map(|n| n as u16)
    }
    /// The attributes of a fact: entries of `attr_names` and `attr_values`.
    pub fn attrs(&self, fact: usize) -> impl Iterator<Item = (u16, u32)> + '_ {
        let range = range(&self.attr_end, fact);
        self.attr_name[range.clone()].iter().copied().zip(self.attr_value[range].iter().copied())
    }
    /// An attribute of a fact.
    #[must_use]
    pub fn attr(&self, fact: usize, name: &str) -> Option<&str> {
        let name = self.attr_names.find(name)? as u16;
        let mut all = range(&self.attr_end, fact);
        all.find(|at| self.attr_name[*at] == name)
            .map(|at| self.attr_values.text(self.attr_value[at]))
    }
    /// The facts of some activities, in the order of the seal.
    #[must_use]
    pub fn of(&self, activities: &[&str]) -> Vec<u32> {
        let mut wanted = vec![false; self.activities.len()];
        for name in activities {
            if let Some(at) = self.activities.find(name) {
                wanted[at as usize] = true;
            }
        }
        let is = |fact: &u32| {
            wanted[self.activity[*fact as usize] as usize] && self.counts(*fact as usize)
        };
        (0..self.len() as u32).filter(is).collect()
    }
}

fn range(ends: &[u32], at: usize) -> std::ops::Range<usize> {
    let from = if at == 0 { 0 } else { ends[at - 1] as usize };
    from..ends[at] as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_is_found_by_what_it_tells_and_an_undone_import_does_not_count() {
        let mut facts = Facts::new();
        let new = |activity: &str, batch: i64| NewFact {
            activity: activity.to_owned(),
            batch,
            attrs: vec![("due".to_owned(), "2026-03-01".to_owned())],
            ..NewFact::default()
        };
        facts.push(&new("order.entered", 0), [("order", 7), ("party", 9)].into_iter());
        facts.push(&new("order.entered", 5), [("order", 8)].into_iter());
        facts.push(&new("import.undone", 5), [("import_batch", 5)].into_iter());
        assert_eq!(facts.object(0, facts.kind("party")), Some(9));
        assert_eq!(facts.object(1, facts.kind("party")), None);
        assert_eq!(facts.attr(1, "due"), Some("2026-03-01"));
        assert_eq!((facts.counts(0), facts.counts(1), facts.counts(2)), (true, false, false));
        assert_eq!(facts.of(&["order.entered", "never.told"]), [0]);
    }
}
