//! XES: the traces of one object type.
use super::{stage, unwritable};
use crate::log::{Flat, Log, NO_TIME, NONE, time};
use kernel::Result;
use quick_xml::escape::escape;
use std::io::{self, Write};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
<log xes.version=\"1849-2016\" xes.features=\"\" xmlns=\"http://www.xes-standard.org/\">\n\
\t<extension name=\"Concept\" prefix=\"concept\" \
uri=\"http://www.xes-standard.org/concept.xesext\"/>\n\
\t<extension name=\"Time\" prefix=\"time\" uri=\"http://www.xes-standard.org/time.xesext\"/>\n\
\t<extension name=\"Organizational\" prefix=\"org\" \
uri=\"http://www.xes-standard.org/org.xesext\"/>\n\
\t<extension name=\"Lifecycle\" prefix=\"lifecycle\" \
uri=\"http://www.xes-standard.org/lifecycle.xesext\"/>\n\
\t<global scope=\"trace\">\n\t\t<string key=\"concept:name\" value=\"\"/>\n\t</global>\n\
\t<global scope=\"event\">\n\t\t<string key=\"concept:name\" value=\"\"/>\n\
\t\t<date key=\"time:timestamp\" value=\"1970-01-01T00:00:00Z\"/>\n\
\t\t<string key=\"lifecycle:transition\" value=\"complete\"/>\n\t</global>\n\
\t<classifier name=\"Activity\" keys=\"concept:name\"/>\n";

/// Writes the traces. Error: `export.cannot_write`.
pub fn xes(log: &Log, flat: &Flat, out: &mut dyn Write) -> Result<()> {
    log_into(log, flat, out).map_err(|e| unwritable(&e))
}

fn pair(out: &mut dyn Write, tag: &str, key: &str, value: &str) -> io::Result<()> {
    writeln!(out, "\t\t<{tag} key=\"{}\" value=\"{}\"/>", escape(key), escape(value))
}

fn log_into(log: &Log, flat: &Flat, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(HEAD.as_bytes())?;
    let own = super::by_object(log);
    for (case, trace) in flat.traces().enumerate() {
        let object = flat.cases[case] as usize;
        writeln!(out, "\t<trace>")?;
        pair(out, "string", "concept:name", flat.name(log, case))?;
        // XES knows no history of a case's attributes: the last value stands.
        let mut last = std::collections::BTreeMap::new();
        for change in own.changes[object].iter().map(|at| &log.objects.changes[*at as usize]) {
            last.insert(log.values.text(change.name), log.values.text(change.value));
        }
        for (name, value) in last.into_iter().filter(|(name, _)| *name != "concept:name") {
            pair(out, "string", name, value)?;
        }
        for event in trace {
            event_into(log, *event as usize, out)?;
        }
        writeln!(out, "\t</trace>")?;
    }
    out.write_all(b"</log>\n")?;
    out.flush()
}

fn event_into(log: &Log, event: usize, out: &mut dyn Write) -> io::Result<()> {
    let events = &log.events;
    writeln!(out, "\t\t<event>")?;
    pair(out, "string", "concept:name", log.activities.text(events.activity[event]))?;
    pair(out, "date", "time:timestamp", &time::iso(events.end[event]))?;
    if events.start[event] != NO_TIME {
        pair(out, "date", "start_timestamp", &time::iso(events.start[event]))?;
    }
    pair(out, "string", "lifecycle:transition", stage(events.stage(event)))?;
    if events.resource[event] != NONE {
        pair(out, "string", "org:resource", log.resources.text(events.resource[event]))?;
    }
    let known = ["concept:name", "time:timestamp", "start_timestamp", "lifecycle:transition"];
    for attribute in &log.attributes {
        let value = attribute.of(event as u32);
        let name = attribute.name.as_str();
        if value != NONE && name != "org:resource" && !known.contains(&name) {
            pair(out, "string", name, log.values.text(value))?;
        }
    }
    writeln!(out, "\t\t</event>")
}
