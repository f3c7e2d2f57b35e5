//! OCEL 2.0 as XML, in the order that its schema asks for.
use super::{attributes, by_object, declared, event_id, since, unwritable};
use crate::log::{Log, Names, time};
use kernel::Result;
use quick_xml::escape::escape;
use std::collections::BTreeSet;
use std::io::{self, Write};

/// Writes the log. Error: `export.cannot_write`.
pub fn ocel_xml(log: &Log, out: &mut dyn Write) -> Result<()> {
    log_into(log, out).map_err(|e| unwritable(&e))
}

fn log_into(log: &Log, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<log>\n")?;
    let declared = declared(log);
    types(out, "object-type", &log.objects.types, &declared.objects)?;
    types(out, "event-type", &log.activities, &declared.events)?;
    objects(log, out)?;
    events(log, out)?;
    out.write_all(b"</log>\n")?;
    out.flush()
}

fn types(
    out: &mut dyn Write,
    tag: &str,
    names: &Names,
    attributes: &[BTreeSet<String>],
) -> io::Result<()> {
    writeln!(out, "<{tag}s>")?;
    for (name, own) in names.iter().zip(attributes) {
        write!(out, "<{tag} name=\"{}\"><attributes>", escape(name))?;
        for attribute in own {
            write!(out, "<attribute name=\"{}\" type=\"string\"/>", escape(attribute.as_str()))?;
        }
        writeln!(out, "</attributes></{tag}>")?;
    }
    writeln!(out, "</{tag}s>")
}

fn related(out: &mut dyn Write, id: &str, qualifier: &str, of_type: &str) -> io::Result<()> {
    write!(
        out,
        "<object object-id=\"{}\" qualifier=\"{}\" type=\"{}\"/>",
        escape(id),
        escape(qualifier),
        escape(of_type)
    )
}

fn objects(log: &Log, out: &mut dyn Write) -> io::Result<()> {
    let own = by_object(log);
    let all = &log.objects;
    let type_of = |object: u32| all.types.text(all.of_type[object as usize]);
    writeln!(out, "<objects>")?;
    for (object, id) in all.ids.iter().enumerate() {
        let of_type = type_of(object as u32);
        write!(out, "<object id=\"{}\" type=\"{}\"><attributes>", escape(id), escape(of_type))?;
        for change in own.changes[object].iter().map(|at| &all.changes[*at as usize]) {
            write!(
                out,
                "<attribute name=\"{}\" time=\"{}\">{}</attribute>",
                escape(log.values.text(change.name)),
                since(change.at),
                escape(log.values.text(change.value))
            )?;
        }
        write!(out, "</attributes><objects>")?;
        for (_, target, qualifier) in own.links[object].iter().map(|at| &log.o2o[*at as usize]) {
            let qualifier = log.qualifiers.text(*qualifier);
            related(out, all.ids.text(*target), qualifier, type_of(*target))?;
        }
        writeln!(out, "</objects></object>")?;
    }
    writeln!(out, "</objects>")
}

fn events(log: &Log, out: &mut dyn Write) -> io::Result<()> {
    let all = &log.objects;
    let mut touch = 0;
    writeln!(out, "<events>")?;
    for event in 0..log.events.len() {
        write!(
            out,
            "<event id=\"{}\" type=\"{}\" time=\"{}\"><attributes>",
            escape(event_id(log, event)),
            escape(log.activities.text(log.events.activity[event])),
            time::iso(log.events.end[event])
        )?;
        for (name, value) in attributes(log, event) {
            write!(out, "<attribute name=\"{}\">{}</attribute>", escape(name), escape(value))?;
        }
        write!(out, "</attributes><objects>")?;
        while log.e2o.event.get(touch) == Some(&(event as u32)) {
            let object = log.e2o.object[touch];
            let qualifier = log.qualifiers.text(log.e2o.qualifier[touch]);
            let of_type = all.types.text(all.of_type[object as usize]);
            related(out, all.ids.text(object), qualifier, of_type)?;
            touch += 1;
        }
        writeln!(out, "</objects></event>")?;
    }
    writeln!(out, "</events>")
}
