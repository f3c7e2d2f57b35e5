//! OCEL 2.0 as XML, streamed.
use super::xml::{broken, reader, value};
use super::{Ask, is_resource, stage};
use crate::log::build::NewEvent;
use crate::log::time::{self, DayOrder};
use crate::log::{Builder, NO_TIME, NONE, Trouble};
use kernel::Result;
use quick_xml::events::{BytesStart, Event};
use std::io::BufRead;

#[derive(Clone, Copy, PartialEq, Eq)]
enum In {
    Outside,
    Types,
    Objects,
    Events,
}

struct State<'a> {
    ask: &'a Ask,
    builder: &'a mut Builder,
    section: In,
    depth: usize,
    /// The object or event that is open, and whether an event of that id stood before.
    current: u32,
    is_twice: bool,
    /// The attribute that is open: name and time; its text so far.
    attribute: Option<(String, i64)>,
    text: String,
}

pub(super) fn read(stream: impl BufRead, ask: &Ask, builder: &mut Builder) -> Result<()> {
    let mut reader = reader(stream);
    let mut state = State {
        ask,
        builder,
        section: In::Outside,
        depth: 0,
        current: NONE,
        is_twice: false,
        attribute: None,
        text: String::new(),
    };
    let mut buffer = Vec::new();
    let mut is_whole = false;
    loop {
        match reader.read_event_into(&mut buffer).map_err(|e| broken(&reader, e))? {
            Event::Start(element) => state.begin(&element),
            Event::Empty(element) => {
                state.begin(&element);
                state.end(element.local_name().as_ref());
            }
            Event::End(element) => {
                state.end(element.local_name().as_ref());
                is_whole |= element.local_name().as_ref() == "log";
            }
            Event::Text(text) if state.attribute.is_some() => {
                state.text.push_str(&text.xml10_content());
            }
            Event::CData(text) if state.attribute.is_some() => {
                state.text.push_str(&text.xml10_content());
            }
            Event::GeneralRef(reference) if state.attribute.is_some() => {
                let entity = format!("&{};", reference.xml10_content());
                let plain = quick_xml::escape::unescape(&entity);
                state.text.push_str(plain.as_deref().unwrap_or(&entity));
            }
            Event::Eof => break,
            _ => {}
        }
        buffer.clear();
    }
    if is_whole { Ok(()) } else { Err(broken(&reader, "</log>")) }
}

impl State<'_> {
    fn begin(&mut self, element: &BytesStart<'_>) {
        self.depth += 1;
        let name = element.local_name();
        let get = |key: &str| value(element, key).map(std::borrow::Cow::into_owned);
        match (self.section, name.as_ref()) {
            (In::Outside, "object-types" | "event-types") => self.section = In::Types,
            (In::Outside, "objects") => self.section = In::Objects,
            (In::Outside, "events") => self.section = In::Events,
            (In::Types, "object-type") => {
                if let Some(name) = get("name") {
                    self.builder.object_type(&name);
                }
            }
            (In::Objects, "object") if self.current == NONE => self.object(get("id"), get("type")),
            (In::Events, "event") => self.event(get("id"), get("type"), get("time")),
            (_, "object" | "relationship" | "relobj") if self.current != NONE => {
                let target = get("object-id").or_else(|| get("objectId"));
                self.relate(target, get("qualifier").or_else(|| get("relationship")));
            }
            (In::Objects | In::Events, "attribute") => {
                let at = get("time").map_or(NO_TIME, |t| self.time(&t));
                self.attribute = get("name").map(|name| (name, at));
                self.text.clear();
            }
            _ => {}
        }
    }
    fn end(&mut self, name: &str) {
        self.depth -= 1;
        match name {
            "object-types" | "event-types" | "objects" | "events" if self.depth == 1 => {
                self.section = In::Outside;
            }
            "object" | "event" if self.depth == 2 => self.current = NONE,
            "attribute" => self.end_attribute(),
            _ => {}
        }
    }
    fn time(&mut self, text: &str) -> i64 {
        let Some(read) = time::read(text, DayOrder::DayFirst) else { return NO_TIME };
        self.builder.offset(read.offset);
        read.at
    }
    fn object(&mut self, id: Option<String>, of_type: Option<String>) {
        let (Some(id), Some(of_type)) = (id, of_type) else {
            self.builder.quality().note(Trouble::NoCase, || "object".to_owned());
            return;
        };
        if !self.builder.knows_type(&of_type) {
            self.builder.quality().note(Trouble::UndeclaredType, || of_type.clone());
        }
        self.current = self.builder.object(&id, &of_type);
    }
    fn event(&mut self, id: Option<String>, of_type: Option<String>, at: Option<String>) {
        let id = id.unwrap_or_else(|| format!("#{}", self.builder.events() + 1));
        self.is_twice = !self.builder.event_id(&id);
        if self.is_twice {
            self.builder.quality().note(Trouble::EventTwice, || id);
            return;
        }
        let end = at.map_or(NO_TIME, |t| self.time(&t));
        self.current = self.builder.event(&NewEvent::at(&of_type.unwrap_or_default(), end));
    }
    fn relate(&mut self, target: Option<String>, qualifier: Option<String>) {
        let Some(target) = target else { return };
        let object = self.builder.object_named(&target);
        let qualifier = qualifier.unwrap_or_default();
        if self.section == In::Objects {
            self.builder.link(self.current, object, &qualifier);
        } else {
            self.builder.relate(self.current, object, &qualifier);
        }
    }
    fn end_attribute(&mut self) {
        let Some((name, at)) = self.attribute.take() else { return };
        let value = std::mem::take(&mut self.text);
        if self.current == NONE {
            return;
        }
        if self.section == In::Objects {
            if self.ask.keep.wants(&name) {
                self.builder.change(self.current, &name, &value, at);
            }
            return;
        }
        let time_of = |text: &str| time::read(text, DayOrder::DayFirst).map(|r| r.at);
        match name.as_str() {
            _ if is_resource(&name) => self.builder.resource(self.current, &value),
            "lifecycle" => self.builder.stage(self.current, stage(&value)),
            "start_timestamp" => {
                self.builder.started(self.current, time_of(&value).unwrap_or(NO_TIME));
            }
            "recorded_at" => {
                self.builder.recorded(self.current, time_of(&value).unwrap_or(NO_TIME));
            }
            _ => {}
        }
        if self.ask.keep.wants(&name) {
            self.builder.attribute(self.current, &name, &value);
        }
    }
}
