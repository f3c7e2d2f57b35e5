//! Writes a log in the forms that other tools read: XES, OCEL 2.0 (XML, SQLite), CSV.
//!
//! One event at a time, in the order of the log, so the same log gives the same bytes (SQLite: the
//! same rows). The JSON form of our own facts is `ocel`, which needs no log in memory.
mod csv_table;
mod ocel_sqlite;
mod ocel_xml;
mod xes;

pub use csv_table::csv;
pub use ocel_sqlite::ocel_sqlite;
pub use ocel_xml::ocel_xml;
pub use xes::xes;

use crate::log::{Log, NO_TIME, NONE, Stage, time};
use kernel::Error;
use std::collections::BTreeSet;

/// What cannot be written, and why.
fn unwritable(e: &std::io::Error) -> Error {
    Error::conflict("export.cannot_write", e)
}

/// The id of an event: its own, or its number.
fn event_id(log: &Log, event: usize) -> String {
    match log.events.ids.text(event as u32) {
        "" => format!("e{}", event + 1),
        id => id.to_owned(),
    }
}

/// Attributes that the columns hold beside the activity and the time, unless the log keeps them as
/// attributes too.
const COLUMNS: [&str; 4] = ["org:resource", "start_timestamp", "recorded_at", "lifecycle"];

/// All attributes of an event, by name.
fn attributes(log: &Log, event: usize) -> Vec<(&str, String)> {
    let value = |a: &'_ crate::log::Attribute| log.values.text(a.of(event as u32)).to_owned();
    let kept = log.attributes.iter().filter(|a| a.of(event as u32) != NONE);
    let mut all: Vec<(&str, String)> = kept.map(|a| (a.name.as_str(), value(a))).collect();
    let events = &log.events;
    let recorded = events.recorded.get(event).copied().unwrap_or(NO_TIME);
    let instant = |at: i64| (at != NO_TIME).then(|| time::iso(at));
    let resource = events.resource[event];
    let is_told = log.attributes.iter().any(|a| crate::read::is_resource(&a.name));
    let own = [
        (resource != NONE && !is_told).then(|| log.resources.text(resource).to_owned()),
        instant(events.start[event]),
        instant(recorded),
        (!events.stage.is_empty()).then(|| stage(events.stage(event)).to_owned()),
    ];
    for (name, value) in COLUMNS.into_iter().zip(own) {
        if let Some(value) = value.filter(|_| log.attribute(name).is_none()) {
            all.push((name, value));
        }
    }
    all.sort_unstable();
    all
}

/// The name of a stage in XES.
const fn stage(of: Stage) -> &'static str {
    match of {
        Stage::Complete => "complete",
        Stage::Start => "start",
        Stage::Other => "unknown",
    }
}

/// Attribute names by event type and by object type, as OCEL declares them.
struct Declared {
    events: Vec<BTreeSet<String>>,
    objects: Vec<BTreeSet<String>>,
}

fn declared(log: &Log) -> Declared {
    let mut events = vec![BTreeSet::new(); log.activities.len()];
    for event in 0..log.events.len() {
        let of = &mut events[log.events.activity[event] as usize];
        for (name, _) in attributes(log, event) {
            if !of.contains(name) {
                of.insert(name.to_owned());
            }
        }
    }
    let mut objects = vec![BTreeSet::new(); log.objects.types.len()];
    for change in &log.objects.changes {
        let of = &mut objects[log.objects.of_type[change.object as usize] as usize];
        let name = log.values.text(change.name);
        if !of.contains(name) {
            of.insert(name.to_owned());
        }
    }
    Declared { events, objects }
}

/// Changes and links of each object, by object.
struct ByObject {
    changes: Vec<Vec<u32>>,
    links: Vec<Vec<u32>>,
}

fn by_object(log: &Log) -> ByObject {
    let n = log.objects.ids.len();
    let (mut changes, mut links) = (vec![Vec::new(); n], vec![Vec::new(); n]);
    for (at, change) in log.objects.changes.iter().enumerate() {
        changes[change.object as usize].push(at as u32);
    }
    for (at, (source, ..)) in log.o2o.iter().enumerate() {
        links[*source as usize].push(at as u32);
    }
    ByObject { changes, links }
}

/// The time of a change; what always held has held since 1970.
fn since(at: i64) -> String {
    time::iso(if at == NO_TIME { 0 } else { at })
}
