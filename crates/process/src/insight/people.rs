//! The organisation as the work shows it: who does what, who hands over to whom, between which
//! departments, and which activities hang on how few people.
use super::subject::Subject;
use crate::log::NONE;
use crate::mine::People;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// Hand-overs between people that are told.
const HAND_OVERS: usize = 60;
const PEOPLE: usize = 200;

/// Whom a resource of a log stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Who {
    pub(crate) name: String,
    pub(crate) department: String,
    pub(crate) roles: Vec<String>,
    pub(crate) is_program: bool,
}

/// What one department does.
#[derive(Default)]
struct Department {
    events: u64,
    people: u64,
}

impl Subject<'_> {
    /// Everything about the people of these cases; `who` tells of a resource by its name.
    pub(crate) fn people(&self, who: &dyn Fn(&str) -> Who) -> Json {
        let (log, flat) = (self.log, self.flat);
        let people = People::of(log, flat);
        let known: Vec<Who> = log.resources.iter().map(who).collect();
        let of = |resource: u32| &known[resource as usize];
        let mut departments: BTreeMap<&str, Department> = BTreeMap::new();
        for person in &people.people {
            let department = departments.entry(&of(person.resource).department).or_default();
            department.events += person.events;
            department.people += u64::from(!of(person.resource).is_program);
        }
        let person = |p: &crate::mine::people::Person| {
            let of = of(p.resource);
            json!({ "name": of.name, "department": of.department, "roles": of.roles,
                "program": of.is_program, "events": p.events, "cases": p.cases,
                "activities": p.activities, "worked": p.worked / 1_000_000 })
        };
        let mut between: BTreeMap<(&str, &str), u64> = BTreeMap::new();
        for h in &people.hand_overs {
            let pair = (of(h.from).department.as_str(), of(h.to).department.as_str());
            *between.entry(pair).or_default() += h.count;
        }
        let given = people.hand_overs.iter().filter(|h| h.from != h.to).take(HAND_OVERS);
        let carrier = |c: &crate::mine::people::Carriers| {
            json!({ "activity": log.activities.text(c.activity), "events": c.events,
                "people": c.people, "bus_factor": c.bus_factor, "first": of(c.first).name,
                "first_events": c.first_events })
        };
        let by_humans =
            |c: &&crate::mine::people::Carriers| !of(c.first).is_program && c.people > 0;
        let [person_back, department_back] = self.back_and_forth(&known);
        json!({
            "case": self.case, "cases": flat.len(), "events": flat.events.len(), "seq": self.seq,
            "people": people.people.iter().take(PEOPLE).map(person).collect::<Vec<_>>(),
            "departments": departments.iter().map(|(name, d)| {
                json!({ "name": name, "events": d.events, "people": d.people })
            }).collect::<Vec<_>>(),
            "between": between.iter().map(|((from, to), count)| {
                json!({ "from": from, "to": to, "count": count })
            }).collect::<Vec<_>>(),
            "hand_overs": given.map(|h| {
                json!({ "from": of(h.from).name, "to": of(h.to).name, "count": h.count })
            }).collect::<Vec<_>>(),
            "handed": people.between_different,
            "carriers": people.carriers.iter().filter(by_humans).map(carrier).collect::<Vec<_>>(),
            "ping_pong_people": person_back, "ping_pong_departments": department_back,
        })
    }

    /// A B A among people, and among departments.
    fn back_and_forth(&self, known: &[Who]) -> [u64; 2] {
        let names: BTreeSet<&str> = known.iter().map(|w| w.department.as_str()).collect();
        let names: Vec<&str> = names.into_iter().collect();
        let place = |w: &Who| names.binary_search(&w.department.as_str()).unwrap_or(0) as u32;
        let departments: Vec<u32> = known.iter().map(place).collect();
        let mut told = [0; 2];
        for trace in self.flat.traces() {
            let (mut person, mut department) = ([NONE; 2], [NONE; 2]);
            for event in trace {
                let resource = self.log.events.resource[*event as usize];
                if resource == NONE || known[resource as usize].is_program {
                    continue;
                }
                told[0] += u64::from(back(&mut person, resource));
                told[1] += u64::from(back(&mut department, departments[resource as usize]));
            }
        }
        told
    }
}

/// Whether the third of three is the first again; the last two are remembered.
fn back(last: &mut [u32; 2], now: u32) -> bool {
    if last[1] == now {
        return false;
    }
    let is_back = last[0] == now && last[0] != NONE;
    *last = [last[1], now];
    is_back
}
