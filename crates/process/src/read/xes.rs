//! XES: traces, events and their attributes, streamed. Nested attributes are passed over.
use super::tags::{Element, Raw, Tag, Tags};
use super::{Ask, stage};
use crate::log::build::NewEvent;
use crate::log::time::{self, DayOrder};
use crate::log::{Builder, CASE, NO_TIME, Stage, Trouble};
use kernel::Result;
use std::io::BufRead;

/// Keys of an event that are columns of their own.
const KNOWN: [&str; 6] = [
    "concept:name",
    "time:timestamp",
    "start_timestamp",
    "time:start",
    "org:resource",
    "lifecycle:transition",
];

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
    let mut tags = Tags::of(stream);
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
    let mut is_whole = false;
    loop {
        match tags.next()? {
            Tag::Open(element) => {
                if !state.begin(&element) {
                    return Err(tags.broken("UTF-8"));
                }
                if element.is_empty {
                    state.end(element.name);
                }
            }
            Tag::Close(name) => {
                is_whole |= state.passing == 0 && name == "log";
                state.end(name);
            }
            Tag::End => break,
        }
    }
    if !is_whole {
        return Err(tags.broken("</log>"));
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
    /// `false` where an attribute is no text.
    fn begin(&mut self, element: &Element<'_>) -> bool {
        if self.passing > 0 {
            self.passing += 1;
            return true;
        }
        match (self.open, element.name) {
            (Open::Log, "log") => {}
            (Open::Log, "trace") => self.begin_trace(),
            (Open::Trace, "event") => self.begin_event(),
            (Open::Log, "global") => {
                self.has_global |= element.value("scope").as_deref() == Some("event");
                self.open = Open::Global;
            }
            (Open::Trace | Open::Event, kind) => {
                self.passing = 1;
                if let Some((key, value)) = element.key_and_value() {
                    return self.attribute(kind, key, value).is_some();
                }
            }
            _ => self.passing = 1,
        }
        true
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
    /// Values that nobody wants are not looked at. `None` where it is no text.
    fn attribute(&mut self, kind: &str, key: Raw<'_>, value: Raw<'_>) -> Option<()> {
        let key = key.text()?;
        let is_known = match self.open {
            Open::Trace => key == "concept:name",
            _ => KNOWN.contains(&key.as_ref()),
        };
        if !is_known && !self.ask.keep.wants(&key) {
            return Some(());
        }
        let value = value.text()?;
        if self.open == Open::Trace {
            if is_known {
                self.case = Some(value.into_owned());
            } else {
                self.case_attributes.push(&key, &value);
            }
            return Some(());
        }
        match key.as_ref() {
            "concept:name" => {
                let activity = self.activity.get_or_insert_default();
                activity.clear();
                activity.push_str(&value);
            }
            "time:timestamp" => self.at = self.time(kind, &value),
            "start_timestamp" | "time:start" => self.start = self.time(kind, &value),
            "org:resource" => value.as_ref().clone_into(&mut self.resource),
            "lifecycle:transition" => self.stage = stage(&value),
            _ => self.attributes.push(&key, &value),
        }
        Some(())
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
