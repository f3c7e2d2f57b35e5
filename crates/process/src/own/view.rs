//! Facts as a log of one kind of case: pieces of work with their starts, nothing of the books.
use super::facts::{Facts, HUMAN, PROGRAM, START};
use super::masters::Masters;
use crate::log::{Attribute, Events, Log, NO_TIME, NONE, Names};
use rustc_hash::FxHashMap;

/// Activities of these objects are bookkeeping and talk about the work, not the work.
const BOOKS: [&str; 5] = ["comment", "entry", "file", "task", "voucher"];
/// What a program does has no person; it gets this name.
pub const PROGRAM_NAME: &str = "⚙";

/// What of the facts a log holds.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'w> {
    /// The object whose life is a case: `order`, `lead`, `opportunity`, `shipment`, `invoice`, …
    pub case: &'w str,
    /// Facts that happened in between, by microseconds.
    pub from: i64,
    pub until: i64,
}

impl<'w> Wanted<'w> {
    /// All there is.
    #[must_use]
    pub const fn all(case: &'w str) -> Self {
        Self { case, from: i64::MIN, until: i64::MAX }
    }
}

/// A log and the ids of its cases, by number of the object in the log.
#[derive(Debug, Default)]
pub struct OwnLog {
    pub log: Log,
    pub cases: Vec<i64>,
    /// The fact behind each event.
    pub facts: Vec<u32>,
}

/// The log of one kind of case. Cases bear their document number where one is known.
#[must_use]
pub fn log(facts: &Facts, masters: &Masters, wanted: Wanted<'_>) -> OwnLog {
    let mut own = OwnLog::default();
    own.log.offset_minutes = 480;
    own.log.objects.types.intern(wanted.case);
    let Some(kind) = facts.kind(wanted.case) else { return own };
    let is_work: Vec<bool> = facts.activities.iter().map(is_work).collect();
    let (begun, mut recorded) = (begun(facts), facts.recordings());
    let mut number: FxHashMap<i64, u32> = FxHashMap::default();
    let mut people: FxHashMap<i64, u32> = FxHashMap::default();
    let mut activity_of = vec![NONE; facts.activities.len()];
    let mut touched: Vec<i64> = Vec::new();
    let is_in = |fact: usize| {
        let at = facts.at[fact];
        is_work[facts.activity[fact] as usize] && wanted.from <= at && at < wanted.until
    };
    reserve(&mut own, facts, (kind, &is_in));
    for fact in 0..facts.len() {
        let (activity, at) = (facts.activity[fact] as usize, facts.at[fact]);
        let start = begun.get(&(fact as u32));
        if !is_in(fact) || !facts.counts(fact) || start == Some(&None) {
            continue;
        }
        touched.clear();
        touched.extend(facts.touches(fact).filter(|(of, _)| *of == kind).map(|(_, id)| id));
        if touched.is_empty() {
            continue;
        }
        let event = own.facts.len() as u32;
        own.facts.push(fact as u32);
        let place = &mut activity_of[activity];
        if *place == NONE {
            *place = own.log.activities.intern(facts.activity(fact));
        }
        let events: &mut Events = &mut own.log.events;
        events.activity.push(*place);
        events.end.push(at);
        events.start.push(start.copied().flatten().unwrap_or(NO_TIME));
        events.recorded.push(recorded(fact));
        let resource = resource(facts, masters, fact, &mut own.log.resources, &mut people);
        events.resource.push(resource);
        for id in &touched {
            let cases = &mut own.cases;
            let object = *number.entry(*id).or_insert_with(|| {
                cases.push(*id);
                cases.len() as u32 - 1
            });
            own.log.e2o.event.push(event);
            own.log.e2o.object.push(object);
            own.log.e2o.qualifier.push(0);
        }
    }
    own.log.qualifiers.intern("");
    name_cases(&mut own, masters, wanted.case);
    departments(&mut own, facts, masters);
    own
}

/// Room for as many events as there can be: columns that double hold half as much again.
fn reserve(own: &mut OwnLog, facts: &Facts, (kind, is_in): (u8, &dyn Fn(usize) -> bool)) {
    let (mut events, mut touches) = (0, 0);
    for fact in (0..facts.len()).filter(|fact| is_in(*fact)) {
        let of_kind = facts.touches(fact).filter(|(of, _)| *of == kind).count();
        (events, touches) = (events + usize::from(of_kind > 0), touches + of_kind);
    }
    let of = &mut own.log.events;
    own.facts.reserve_exact(events);
    of.activity.reserve_exact(events);
    of.resource.reserve_exact(events);
    for column in [&mut of.start, &mut of.end, &mut of.recorded] {
        column.reserve_exact(events);
    }
    let e2o = &mut own.log.e2o;
    for column in [&mut e2o.event, &mut e2o.object, &mut e2o.qualifier] {
        column.reserve_exact(touches);
    }
}

/// Whether an activity is work, and not the books' echo of it.
#[must_use]
pub fn is_work(activity: &str) -> bool {
    activity.split_once('.').is_some_and(|(object, _)| !BOOKS.contains(&object))
}

/// What is known of facts that are part of a piece of work: when it began, for those that complete
/// it; `None` for a start that its completion tells of.
fn begun(facts: &Facts) -> FxHashMap<u32, Option<i64>> {
    let mut all: FxHashMap<i64, (i64, bool)> = FxHashMap::default();
    let parts = || facts.instances().filter(|(fact, _)| facts.counts(*fact));
    for (fact, instance) in parts() {
        if facts.phase[fact] == START {
            all.entry(instance).or_insert((facts.at[fact], false));
        } else if let Some(known) = all.get_mut(&instance) {
            known.1 = true;
        }
    }
    let mut known = FxHashMap::default();
    for (fact, instance) in parts() {
        match all.get(&instance) {
            Some((_, true)) if facts.phase[fact] == START => known.insert(fact as u32, None),
            Some((start, true)) if *start <= facts.at[fact] => {
                known.insert(fact as u32, Some(*start))
            }
            _ => continue,
        };
    }
    known
}

/// Who did it: a login, or the one name of all programs.
fn resource(
    facts: &Facts,
    masters: &Masters,
    fact: usize,
    names: &mut Names,
    people: &mut FxHashMap<i64, u32>,
) -> u32 {
    match facts.actor_kind[fact] {
        HUMAN => {
            let actor = facts.actor(fact);
            *people.entry(actor).or_insert_with(|| match masters.text("user", "login", actor) {
                "" => names.intern(&actor.to_string()),
                login => names.intern(login),
            })
        }
        PROGRAM => names.intern(PROGRAM_NAME),
        _ => NONE,
    }
}

fn name_cases(own: &mut OwnLog, masters: &Masters, case: &str) {
    for id in &own.cases {
        let known = masters.text(case, "number", *id);
        let before = own.log.objects.ids.len();
        let is_new = !known.is_empty() && own.log.objects.ids.intern(known) as usize == before;
        if !is_new {
            own.log.objects.ids.push(&format!("{case}:{id}"));
        }
        own.log.objects.of_type.push(0);
    }
}

/// The department of whoever acted, for lanes.
fn departments(own: &mut OwnLog, facts: &Facts, masters: &Masters) {
    let mut known: FxHashMap<i64, u32> = FxHashMap::default();
    let mut attribute = Attribute { name: "department".to_owned(), ..Attribute::default() };
    for (event, fact) in own.facts.iter().enumerate() {
        let at = *fact as usize;
        if facts.actor_kind[at] != HUMAN {
            continue;
        }
        let actor = facts.actor(at);
        let values = &mut own.log.values;
        let value = *known.entry(actor).or_insert_with(|| {
            let department = masters.number("user", "department", actor).unwrap_or(0);
            match masters.text("department", "name", department) {
                "" => NONE,
                name => values.intern(name),
            }
        });
        if value != NONE {
            attribute.events.push(event as u32);
            attribute.values.push(value);
        }
    }
    if !attribute.events.is_empty() {
        own.log.attributes.push(attribute);
    }
}

#[cfg(test)]
mod tests {
    use super::super::facts::{COMPLETE, NewFact};
    use super::*;
    use crate::log::{Flat, Only};

    #[test]
    fn starts_join_their_completion_and_the_books_are_left_out() {
        let mut facts = Facts::new();
        let new = |activity: &str, phase: u8, at: i64| NewFact {
            activity: activity.to_owned(),
            phase,
            at,
            recorded: at,
            instance: if activity.starts_with("pick") { 9 } else { 0 },
            actor: 4,
            ..NewFact::default()
        };
        let of = |id| [("order", id), ("shipment", 9)].into_iter();
        facts.push(&new("order.entered", COMPLETE, 10), of(1));
        facts.push(&new("pick.started", START, 20), of(1));
        facts.push(&new("entry.posted", COMPLETE, 25), of(1));
        facts.push(&new("pick.completed", COMPLETE, 30), of(1));
        facts.push(&new("order.entered", COMPLETE, 40), of(2));
        let own = log(&facts, &Masters::default(), Wanted::all("order"));
        assert_eq!((own.log.events.len(), own.cases.as_slice()), (3, &[1, 2][..]));
        assert_eq!(own.log.events.start, [NO_TIME, 20, NO_TIME]);
        assert_eq!(own.log.objects.ids.iter().collect::<Vec<_>>(), ["order:1", "order:2"]);
        let flat = Flat::of(&own.log, 0, Only::All);
        assert_eq!(flat.trace(0), [0, 1]);
        let early = Wanted { until: 30, ..Wanted::all("order") };
        assert_eq!(log(&facts, &Masters::default(), early).log.events.len(), 1);
        let shipments = log(&facts, &Masters::default(), Wanted::all("shipment"));
        assert_eq!((shipments.cases.len(), shipments.log.events.len()), (1, 3));
    }
}
