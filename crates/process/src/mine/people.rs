//! People and hand-overs: who does what, who gives to whom, and what hangs on one person.
use crate::log::{Flat, Log, NONE};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// What one person does.
#[derive(Clone, Debug, Default)]
pub struct Person {
    /// Entry of the log's resources.
    pub resource: u32,
    pub events: u64,
    pub cases: u64,
    pub activities: u64,
    /// Time worked, in microseconds, where the log tells starts.
    pub worked: i64,
}

/// From one person to another, in neighbouring events of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandOver {
    pub from: u32,
    pub to: u32,
    pub count: u64,
}

/// Who carries an activity.
#[derive(Clone, Debug)]
pub struct Carriers {
    pub activity: u32,
    pub events: u64,
    pub people: u64,
    /// The fewest people who did 80 % of it.
    pub bus_factor: u64,
    /// The one who did most of it, and how much.
    pub first: u32,
    pub first_events: u64,
}

/// People of a log.
#[derive(Clone, Debug, Default)]
pub struct People {
    /// Most events first, then by name.
    pub people: Vec<Person>,
    /// Most frequent first, then by name; with those from a person to themself.
    pub hand_overs: Vec<HandOver>,
    /// Neighbouring events whose people differ.
    pub between_different: u64,
    /// Fewest people first.
    pub carriers: Vec<Carriers>,
    /// Pairs of a person and an activity that occur.
    pub pairs: u64,
}

impl People {
    /// Of some traces. Events without a person break no chain: they are passed over.
    #[must_use]
    pub fn of(log: &Log, flat: &Flat) -> Self {
        let n = log.resources.len();
        let mut people: Vec<Person> =
            (0..n as u32).map(|resource| Person { resource, ..Person::default() }).collect();
        let mut last_case = vec![NONE; n];
        let mut hand_overs: BTreeMap<(u32, u32), u64> = BTreeMap::new();
        let mut of_activity: BTreeMap<(u32, u32), u64> = BTreeMap::new();
        for (case, trace) in flat.traces().enumerate() {
            let mut from = NONE;
            for event in trace {
                let at = *event as usize;
                let to = log.events.resource[at];
                if to != NONE {
                    let person = &mut people[to as usize];
                    person.events += 1;
                    let is_new = last_case[to as usize] != case as u32;
                    person.cases += u64::from(is_new);
                    last_case[to as usize] = case as u32;
                    if log.events.start[at] != crate::log::NO_TIME {
                        person.worked += log.events.end[at] - log.events.start[at];
                    }
                    *of_activity.entry((log.events.activity[at], to)).or_default() += 1;
                    if from != NONE {
                        *hand_overs.entry((from, to)).or_default() += 1;
                    }
                    from = to;
                }
            }
        }
        for (_, person) in of_activity.keys() {
            people[*person as usize].activities += 1;
        }
        let ranks = log.resources.ranks();
        let rank = |resource: u32| ranks[resource as usize];
        people.retain(|p| p.events > 0);
        people.sort_by_key(|p| (Reverse(p.events), rank(p.resource)));
        let mut list: Vec<HandOver> = hand_overs
            .into_iter()
            .map(|((from, to), count)| HandOver { from, to, count })
            .collect();
        list.sort_by_key(|h| (Reverse(h.count), rank(h.from), rank(h.to)));
        let different = list.iter().filter(|h| h.from != h.to).map(|h| h.count).sum();
        Self {
            people,
            between_different: different,
            hand_overs: list,
            pairs: of_activity.len() as u64,
            carriers: carriers(&of_activity, &rank),
        }
    }
}

fn carriers(of_activity: &BTreeMap<(u32, u32), u64>, rank: &dyn Fn(u32) -> u32) -> Vec<Carriers> {
    let activities: BTreeSet<u32> = of_activity.keys().map(|(activity, _)| *activity).collect();
    let mut all: Vec<Carriers> = activities
        .into_iter()
        .map(|activity| {
            let of = of_activity.range((activity, 0)..=(activity, NONE));
            let mut counts: Vec<(u64, u32)> = of.map(|((_, who), n)| (*n, *who)).collect();
            counts.sort_by_key(|(n, who)| (Reverse(*n), rank(*who)));
            let events: u64 = counts.iter().map(|(n, _)| n).sum();
            let mut covered = 0;
            let enough = |(n, _): &(u64, u32)| {
                covered += n;
                covered * 5 >= events * 4
            };
            let bus_factor = counts.iter().position(enough).map_or(0, |at| at as u64 + 1);
            let (first_events, first) = counts.first().copied().unwrap_or((0, NONE));
            let people = counts.len() as u64;
            Carriers { activity, events, people, bus_factor, first, first_events }
        })
        .collect();
    all.sort_by_key(|c| (c.bus_factor, Reverse(c.events), c.activity));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::build::NewEvent;
    use crate::log::{Builder, Only};

    #[test]
    fn hand_overs_and_bus_factor_counted_by_hand() {
        let mut builder = Builder::default();
        let rows = [("1", "a", "Ann"), ("1", "b", ""), ("1", "c", "Bob"), ("1", "c", "Bob")];
        for (at, (case, activity, person)) in rows.iter().enumerate() {
            let resource = Some(*person);
            builder.case_event(case, &NewEvent { resource, ..NewEvent::at(activity, at as i64) });
        }
        for at in 0..8 {
            let resource = Some("Ann");
            builder.case_event("2", &NewEvent { resource, ..NewEvent::at("c", at) });
        }
        let log = builder.finish();
        let people = People::of(&log, &Flat::of(&log, 0, Only::All));
        let count = |from, to| {
            people.hand_overs.iter().find(|h| (h.from, h.to) == (from, to)).map(|h| h.count)
        };
        // Ann is 0, Bob is 1; the event of nobody is passed over.
        assert_eq!((count(0, 1), count(1, 1), count(0, 0)), (Some(1), Some(1), Some(7)));
        assert_eq!((people.between_different, people.pairs), (1, 3));
        let c = people.carriers.iter().find(|c| log.activities.text(c.activity) == "c");
        // Ann did 8 of 10: one person covers 80 %.
        let c = c.expect("c was done");
        assert_eq!((c.people, c.bus_factor, c.first, c.first_events), (2, 1, 0, 8));
    }
}
