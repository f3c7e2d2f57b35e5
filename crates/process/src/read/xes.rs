//! XES: traces, events and their attributes, streamed. Nested attributes are passed over.
use super::xml::{broken, key_and_value, reader, value};
use super::{Ask, stage};
use crate::log::build::NewEvent;
use crate::log::time::{self, DayOrder};
use crate::log::{Builder, CASE, NO_TIME, Stage, Trouble};
use kernel::Result;
use quick_xml::events::{BytesStart, Event};
use std::io::BufRead;

/// Texts that are used again for each event, so that reading allocates little.
#[derive(Default)]
struct Pairs {
    pairs: Vec<(String, String)>,
    used: usize,
}

impl Pairs {
    fn push(&mut self, key: &str, value: &str) {
        if self.used == self.pairs.len() {
            self.pairs.push(<(String, String)>::default());
        }
        let (own_key, own_value) = &mut self.pairs[self.used];
        own_key.clear();
        own_key.push_str(key);
        own_value.clear();
        own_value.push_str(value);
        self.used += 1;
    }
    fn iter(&self) -> impl Iterator<Item = &(String, String)> {
        self.pairs[..self.used].iter()
    }
}

/// What is open now.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Log,
    Global,
    Trace,
    Event,
}

struct State<'a> {
    ask: &'a Ask,
    builder: &'a mut Builder,
    open: Open,
    /// How deep in something that is passed over.
    passing: usize,
    traces: u64,
    has_global: bool,
    case: Option<String>,
    case_attributes: Pairs,
    first: u32,
    activity: Option<String>,
    at: i64,
    start: i64,
    resource: String,
    stage: Stage,
    attributes: Pairs,
}

pub(super) fn read(stream: impl BufRead, ask: &Ask, builder: &mut Builder) -> Result<()> {
    let mut reader = reader(stream);
    let mut state = State {
        ask,
        builder,
        open: Open::Log,
        passing: 0,
        traces: 0,
        has_global: false,
        case: None,
        case_attributes: Pairs::default(),
        first: 0,
        activity: None,
        at: NO_TIME,
        start: NO_TIME,
        resource: String::new(),
        stage: Stage::Complete,
        attributes: Pairs::default(),
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
                is_whole |= state.passing == 0 && element.local_name().as_ref() == "log";
                state.end(element.local_name().as_ref());
            }
            Event::Eof => break,
            _ => {}
        }
        buffer.clear();
    }
    if !is_whole {
        return Err(broken(&reader, "</log>"));
    }
    if !state.has_global {
        state
            .builder
            .quality()
            .note(Trouble::MissingGlobal, || "global scope=\"event\"".to_owned());
    }
    Ok(())
}

impl State<'_> {
    fn begin(&mut self, element: &BytesStart<'_>) {
        if self.passing > 0 {
            self.passing += 1;
            return;
        }
        match (self.open, element.local_name().as_ref()) {
            (Open::Log, "log") => {}
            (Open::Log, "trace") => self.begin_trace(),
            (Open::Trace, "event") => self.begin_event(),
            (Open::Log, "global") => {
                self.has_global |= value(element, "scope").as_deref() == Some("event");
                self.open = Open::Global;
            }
            (Open::Trace | Open::Event, kind) => {
                if let (Some(key), Some(value)) = key_and_value(element) {
                    self.attribute(kind, &key, &value);
                }
                self.passing = 1;
            }
            _ => self.passing = 1,
        }
    }
    fn end(&mut self, name: &str) {
        if self.passing > 0 {
            self.passing -= 1;
            return;
        }
        match (self.open, name) {
            (Open::Global, _) => self.open = Open::Log,
            (Open::Event, _) => {
                self.end_event();
                self.open = Open::Trace;
            }
            (Open::Trace, _) => {
                self.end_trace();
                self.open = Open::Log;
            }
            _ => {}
        }
    }
    fn begin_trace(&mut self) {
        self.open = Open::Trace;
        self.traces += 1;
        self.case = None;
        self.case_attributes.used = 0;
        self.first = self.builder.events() as u32;
    }
    fn begin_event(&mut self) {
        self.open = Open::Event;
        self.activity = None;
        (self.at, self.start) = (NO_TIME, NO_TIME);
        self.resource.clear();
        self.stage = Stage::Complete;
        self.attributes.used = 0;
    }
    fn attribute(&mut self, kind: &str, key: &str, value: &str) {
        if self.open == Open::Trace {
            if key == "concept:name" {
                self.case = Some(value.to_owned());
            } else if self.ask.keep.wants(key) {
                self.case_attributes.push(key, value);
            }
            return;
        }
        match key {
            "concept:name" => self.activity = Some(value.to_owned()),
            "time:timestamp" => self.at = self.time(kind, value),
            "start_timestamp" | "time:start" => self.start = self.time(kind, value),
            "org:resource" => value.clone_into(&mut self.resource),
            "lifecycle:transition" => self.stage = stage(value),
            _ if self.ask.keep.wants(key) => self.attributes.push(key, value),
            _ => {}
        }
    }
    fn time(&mut self, kind: &str, value: &str) -> i64 {
        let number = self.builder.events() + 1;
        let Some(read) = time::read(value, DayOrder::DayFirst) else { return NO_TIME };
        if kind != "date" {
            self.builder.quality().note(Trouble::TextTime, || format!("event {number}: {value}"));
        }
        if read.assumed {
            let place = || format!("event {number}: {value}");
            self.builder.quality().note(Trouble::AmbiguousDate, place);
        }
        self.builder.offset(read.offset);
        read.at
    }
    fn end_event(&mut self) {
        let trouble = match &self.activity {
            None => Trouble::NoActivity,
            Some(_) if self.at == NO_TIME => Trouble::NoTime,
            Some(activity) => {
                let new = NewEvent {
                    start: self.start,
                    resource: Some(&self.resource),
                    stage: self.stage,
                    ..NewEvent::at(activity, self.at)
                };
                let event = self.builder.event(&new);
                for (key, value) in self.attributes.iter() {
                    self.builder.attribute(event, key, value);
                }
                return;
            }
        };
        let place = format!("trace {}, after event {}", self.traces, self.builder.events());
        self.builder.quality().note(trouble, || place);
    }
    fn end_trace(&mut self) {
        let until = self.builder.events() as u32;
        let number = self.traces;
        let case = match self.case.take() {
            Some(case) => case,
            None => {
                self.builder.quality().note(Trouble::CaseUnnamed, || format!("trace {number}"));
                format!("#{number}")
            }
        };
        if self.first == until {
            self.builder.quality().note(Trouble::EmptyCase, || case);
            return;
        }
        let before = self.builder.objects();
        let object = self.builder.object(&case, CASE);
        if self.builder.objects() == before {
            self.builder.quality().note(Trouble::CaseTwice, || case.clone());
        }
        for event in self.first..until {
            self.builder.relate(event, object, "");
        }
        for (key, value) in self.case_attributes.iter() {
            self.builder.change(object, key, value, NO_TIME);
        }
    }
}
