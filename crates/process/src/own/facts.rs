//! Facts in columns, in the order of the seal, append-only.
use super::runs::{Few, Runs};
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

/// Written down when it happened.
const AT_ONCE: i64 = i64::MIN;

/// The columns, all of one length but those that say otherwise.
#[derive(Debug, Default)]
pub struct Facts {
    pub activities: Names,
    pub reasons: Names,
    pub kinds: Names,
    pub attr_names: Names,
    pub attr_values: Names,
    /// Entry of `activities`.
    pub activity: Vec<u16>,
    pub phase: Vec<u8>,
    /// When it happened, microseconds since 1970 UTC.
    pub at: Vec<i64>,
    /// When it was written down, or [`AT_ONCE`].
    pub(super) recorded: Runs,
    pub(super) actor: Few,
    /// In whose place; 0 where it was the actor's own.
    pub(super) acting_for: Runs,
    pub actor_kind: Vec<u8>,
    /// Entry of `reasons`; 0 is none.
    pub reason: Vec<u32>,
    /// In the base currency's minor units.
    pub amount: Vec<i64>,
    pub(super) instance: Runs,
    pub(super) batch: Runs,
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
    pub acting_for: i64,
    pub actor_kind: u8,
    pub reason: String,
    pub amount: i64,
    pub instance: i64,
    pub batch: i64,
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
        self.at.len()
    }
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.at.is_empty()
    }
    /// Appends a fact with what it touches (kind and id).
    pub fn push<'a>(&mut self, new: &NewFact, touches: impl Iterator<Item = (&'a str, i64)>) {
        if new.activity == "import.undone" {
            self.undone.insert(new.batch);
        }
        let fact = self.len();
        self.activity.push(self.activities.intern(&new.activity) as u16);
        self.phase.push(new.phase);
        self.at.push(new.at);
        let recorded = if new.recorded == new.at { AT_ONCE } else { new.recorded };
        self.recorded.push(fact, recorded);
        self.actor.push(new.actor);
        self.acting_for.push(fact, new.acting_for);
        self.actor_kind.push(new.actor_kind);
        self.reason.push(self.reasons.intern(&new.reason));
        self.amount.push(new.amount);
        self.instance.push(fact, new.instance);
        self.batch.push(fact, new.batch);
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
    /// Takes room for facts, touches and attributes that will come.
    pub(super) fn reserve(&mut self, facts: usize, touches: usize, attrs: usize) {
        self.activity.reserve_exact(facts);
        [&mut self.phase, &mut self.actor_kind].into_iter().for_each(|c| c.reserve_exact(facts));
        [&mut self.at, &mut self.amount].into_iter().for_each(|c| c.reserve_exact(facts));
        let words = [&mut self.reason, &mut self.touch_end, &mut self.attr_end];
        words.into_iter().chain([&mut self.actor.of]).for_each(|c| c.reserve_exact(facts));
        self.touch_kind.reserve_exact(touches);
        self.touch_id.reserve_exact(touches);
        self.attr_name.reserve_exact(attrs);
        self.attr_value.reserve_exact(attrs);
    }
    /// Gives back what columns hold beyond their ends, where that is much.
    pub fn shrink(&mut self) {
        fn fit<T>(column: &mut Vec<T>) {
            if column.capacity() > column.len() + column.len() / 8 {
                column.shrink_to_fit();
            }
        }
        [&mut self.at, &mut self.amount, &mut self.touch_id].into_iter().for_each(fit);
        let words = [&mut self.reason, &mut self.touch_end, &mut self.attr_end];
        words.into_iter().chain([&mut self.attr_value, &mut self.actor.of]).for_each(fit);
        [&mut self.recorded, &mut self.acting_for, &mut self.instance, &mut self.batch]
            .into_iter()
            .for_each(Runs::shrink);
        [&mut self.activity, &mut self.attr_name].into_iter().for_each(fit);
        [&mut self.phase, &mut self.actor_kind, &mut self.touch_kind].into_iter().for_each(fit);
    }
    /// Whether a fact counts: not of an import that was undone.
    #[must_use]
    pub fn counts(&self, fact: usize) -> bool {
        self.undone.is_empty() || !self.undone.contains(&self.batch(fact))
    }
    /// The import that a fact came with; 0 for work of this house.
    #[must_use]
    pub fn batch(&self, fact: usize) -> i64 {
        self.batch.get(fact)
    }
    /// The piece of work that a fact is part of; 0 for none.
    #[must_use]
    pub fn instance(&self, fact: usize) -> i64 {
        self.instance.get(fact)
    }
    /// Who acted.
    #[must_use]
    pub fn actor(&self, fact: usize) -> i64 {
        self.actor.get(fact)
    }
    /// In whose place the actor acted; 0 where it was the actor's own.
    #[must_use]
    pub fn acting_for(&self, fact: usize) -> i64 {
        self.acting_for.get(fact)
    }
    /// When a fact was written down.
    #[must_use]
    pub fn recorded(&self, fact: usize) -> i64 {
        self.written(fact, self.recorded.get(fact))
    }
    /// The same for facts in ascending order.
    pub fn recordings(&self) -> impl FnMut(usize) -> i64 + '_ {
        let mut cursor = self.recorded.cursor();
        move |fact| self.written(fact, cursor.get(fact))
    }
    fn written(&self, fact: usize, recorded: i64) -> i64 {
        if recorded == AT_ONCE { self.at[fact] } else { recorded }
    }
    /// Facts that are part of a piece of work, with its instance, in the order of the seal.
    pub fn instances(&self) -> impl Iterator<Item = (usize, i64)> + '_ {
        let ends = self.instance.iter().skip(1).map(|(from, _)| from).chain([self.len()]);
        let runs = self.instance.iter().zip(ends).filter(|((_, instance), _)| *instance != 0);
        runs.flat_map(|((from, instance), to)| (from..to).map(move |fact| (fact, instance)))
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
