//! Filters by what cases and their events carry: fields of our documents, attributes of our facts,
//! and whatever a log of another system tells.
use super::{Insight, Traces};
use crate::log::{Flat, Log, NONE};
use std::collections::{BTreeMap, BTreeSet};

/// Values of one attribute that are told; one with more is a name or a number, and no filter.
pub(crate) const VALUES: usize = 200;

/// What a case may be told apart by: where it lies, and its name there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Attribute<'a> {
    /// A field of the case's document.
    Field(&'a str),
    /// What some fact of the case says.
    Fact(&'a str),
    /// What some event of another system's log carries.
    Event(&'a str),
    /// What the log says of the case itself.
    Case(&'a str),
    /// Who did something in it.
    Person,
}

impl<'a> Attribute<'a> {
    pub(crate) fn named(text: &'a str) -> Option<Self> {
        let (sort, name) = text.split_once('.')?;
        match sort {
            "field" => Some(Self::Field(name)),
            "fact" => Some(Self::Fact(name)),
            "event" => Some(Self::Event(name)),
            "case" => Some(Self::Case(name)),
            "person" => Some(Self::Person),
            _ => None,
        }
    }
}

/// Fields by which a document is called, not told apart.
const NAMES: [&str; 3] = ["number", "code", "name"];

impl Insight {
    /// Attributes of one kind of case that have few enough values.
    pub(super) fn attributes(&self, case: &str, traces: &Traces) -> Vec<String> {
        let masters = &self.ground.masters;
        let fields = masters.texts(case).filter(|name| !NAMES.contains(name));
        let few = |name: &&str| {
            let column = masters.ids(case).iter().map(|id| masters.text(case, name, *id));
            few(column)
        };
        let fields = fields.filter(few).map(|name| format!("field.{name}"));
        fields.chain(traces.attributes.iter().map(|name| format!("fact.{name}"))).collect()
    }

    /// The values that a case has of an attribute; nothing where ours know no such attribute.
    pub(super) fn values_of<'i>(
        &'i self,
        case: &str,
        traces: &'i Traces,
        attribute: Attribute<'_>,
        at: usize,
    ) -> Vec<&'i str> {
        let facts = self.ground.facts();
        match attribute {
            Attribute::Field(name) => {
                let id = traces.own.cases[traces.flat.cases[at] as usize];
                vec![self.ground.masters.text(case, name, id)]
            }
            Attribute::Fact(name) => {
                let of = |event: &u32| facts.attr(traces.own.facts[*event as usize] as usize, name);
                traces.flat.trace(at).iter().filter_map(of).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// Whether there are at least two and not too many.
fn few<'a>(values: impl Iterator<Item = &'a str>) -> bool {
    let mut seen = BTreeSet::new();
    for value in values {
        seen.insert(value);
        if seen.len() > VALUES {
            return false;
        }
    }
    seen.len() > 1
}

/// Attributes of our facts that have few enough values.
pub(crate) fn of_facts(facts: &crate::own::Facts, own: &[u32]) -> Vec<String> {
    let mut seen: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); facts.attr_names.len()];
    for fact in own {
        for (name, value) in facts.attrs(*fact as usize) {
            let seen = &mut seen[name as usize];
            if seen.len() <= VALUES {
                seen.insert(value);
            }
        }
    }
    let names = facts.attr_names.iter().zip(&seen);
    let mut all: Vec<String> = names
        .filter(|(_, seen)| (2..=VALUES).contains(&seen.len()))
        .map(|(name, _)| name.to_owned())
        .collect();
    all.sort();
    all
}

/// Attributes of another system's log that have few enough values.
pub(crate) fn of_log(log: &Log) -> Vec<String> {
    let mut all = Vec::new();
    for attribute in &log.attributes {
        if few(attribute.values.iter().map(|v| log.values.text(*v))) {
            all.push(format!("event.{}", attribute.name));
        }
    }
    let mut of_cases: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for change in &log.objects.changes {
        let seen = of_cases.entry(change.name).or_default();
        if seen.len() <= VALUES {
            seen.insert(change.value);
        }
    }
    let cases = of_cases.iter().filter(|(_, seen)| (2..=VALUES).contains(&seen.len()));
    all.extend(cases.map(|(name, _)| format!("case.{}", log.values.text(*name))));
    if (2..=VALUES).contains(&log.resources.len()) {
        all.push("person.".to_owned());
    }
    all.sort();
    all
}

/// The values of an attribute by case of a log's traces; `None` where the log has no such one.
pub(crate) fn by_case<'l>(
    log: &'l Log,
    flat: &Flat,
    of: Attribute<'_>,
) -> Option<Vec<Vec<&'l str>>> {
    let events = |value: &dyn Fn(u32) -> u32, names: &'l crate::log::Names| {
        let of_case = |trace: &[u32]| {
            let known = trace.iter().map(|event| value(*event)).filter(|v| *v != NONE);
            let seen: BTreeSet<u32> = known.collect();
            seen.into_iter().map(|v| names.text(v)).collect()
        };
        Some(flat.traces().map(of_case).collect())
    };
    match of {
        Attribute::Person => events(&|e| log.events.resource[e as usize], &log.resources),
        Attribute::Event(name) => {
            let attribute = log.attribute(name)?;
            events(&|e| attribute.of(e), &log.values)
        }
        Attribute::Case(name) => {
            let name = log.values.find(name)?;
            let mut of_object: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
            for change in log.objects.changes.iter().filter(|c| c.name == name) {
                let told = log.values.text(change.value);
                of_object.entry(change.object).or_default().push(told);
            }
            let of_case = |object: &u32| {
                let told = of_object.get(object).map_or(&[][..], Vec::as_slice);
                told.to_vec()
            };
            Some(flat.cases.iter().map(of_case).collect())
        }
        Attribute::Field(_) | Attribute::Fact(_) => None,
    }
}

/// All values that any case has, those of most cases first; at most so many.
pub(crate) fn told<'a>(cases: impl Iterator<Item = Vec<&'a str>>) -> Vec<String> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for mut values in cases {
        values.sort_unstable();
        values.dedup();
        for value in values {
            *counts.entry(value).or_default() += 1;
        }
    }
    let mut all: Vec<(&str, u64)> = counts.into_iter().collect();
    all.sort_by_key(|(value, n)| (std::cmp::Reverse(*n), *value));
    all.into_iter().take(VALUES).map(|(value, _)| value.to_owned()).collect()
}
