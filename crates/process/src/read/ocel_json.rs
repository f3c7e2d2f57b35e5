//! OCEL 2.0 and OCEL 1 as JSON: one event or object at a time, whatever order the file has them in.
use super::{Ask, is_resource, stage};
use crate::log::build::NewEvent;
use crate::log::time::{self, DayOrder};
use crate::log::{Builder, NO_TIME, Trouble};
use kernel::{Error, Result};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::Read;

/// What the declarations of the file name.
#[derive(Default)]
struct Declared {
    events: Option<BTreeSet<String>>,
    objects: Option<BTreeSet<String>>,
}

struct State<'a> {
    ask: &'a Ask,
    builder: &'a mut Builder,
    declared: Declared,
    used_events: BTreeSet<String>,
    used_objects: BTreeSet<String>,
    is_first_ocel: bool,
}

pub(super) fn read(stream: impl Read, ask: &Ask, builder: &mut Builder) -> Result<()> {
    let mut state = State {
        ask,
        builder,
        declared: Declared::default(),
        used_events: BTreeSet::new(),
        used_objects: BTreeSet::new(),
        is_first_ocel: false,
    };
    let mut json = serde_json::Deserializer::from_reader(stream);
    let whole = Document(&mut state).deserialize(&mut json).and_then(|()| json.end());
    whole.map_err(|e| {
        Error::invalid("log.broken", &e)
            .with("place", format!("line {}, column {}", e.line(), e.column()))
    })?;
    state.note_declarations();
    Ok(())
}

impl State<'_> {
    fn note_declarations(&mut self) {
        let pairs = [
            (self.declared.events.take(), std::mem::take(&mut self.used_events), "eventTypes"),
            (self.declared.objects.take(), std::mem::take(&mut self.used_objects), "objectTypes"),
        ];
        for (declared, used, member) in pairs {
            match declared {
                None => self.builder.quality().note(Trouble::MissingGlobal, || member.to_owned()),
                Some(declared) => {
                    for name in used.difference(&declared) {
                        self.builder.quality().note(Trouble::UndeclaredType, || name.clone());
                    }
                }
            }
        }
        if self.is_first_ocel {
            // OCEL 1 declares object types only; activities need no declaration there.
            let quality = self.builder.quality();
            if let Some(finding) = quality.findings.get_mut(&Trouble::MissingGlobal) {
                let before = finding.places.len();
                finding.places.retain(|place| place != "eventTypes");
                finding.count -= (before - finding.places.len()) as u64;
            }
            quality.findings.retain(|_, finding| finding.count > 0);
        }
    }
    fn time(&mut self, text: &str) -> i64 {
        match time::read(text, DayOrder::DayFirst) {
            None => NO_TIME,
            Some(read) => {
                self.builder.offset(read.offset);
                read.at
            }
        }
    }
    fn event(&mut self, id: &str, event: EventMember) {
        if !self.builder.event_id(id) {
            self.builder.quality().note(Trouble::EventTwice, || id.to_owned());
            return;
        }
        let at = self.time(&event.time);
        let attributes: Vec<(String, String)> = event.attributes.into_pairs();
        let of = |name: &str| {
            attributes.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
        };
        let recorded = of("recorded_at").and_then(|t| time::read(t, DayOrder::DayFirst));
        let resource = attributes.iter().find(|(name, _)| is_resource(name));
        let start = of("start_timestamp").map_or(NO_TIME, |t| self.time(t));
        let number = self.builder.event(&NewEvent {
            activity: &event.activity,
            end: at,
            start,
            recorded: recorded.map_or(NO_TIME, |r| r.at),
            resource: resource.map(|(_, value)| value.as_str()),
            stage: of("lifecycle").map_or_else(Default::default, stage),
        });
        for (name, value) in &attributes {
            if self.ask.keep.wants(name) {
                self.builder.attribute(number, name, value);
            }
        }
        for related in event.related {
            let (object, qualifier) = related.parts();
            let object = self.builder.object_named(&object);
            self.builder.relate(number, object, &qualifier);
        }
        if !self.used_events.contains(&event.activity) {
            self.used_events.insert(event.activity);
        }
    }
    fn object(&mut self, id: &str, object: ObjectMember) {
        let number = self.builder.object(id, &object.object_type);
        for attribute in object.attributes {
            let at = attribute.time.as_deref().map_or(NO_TIME, |t| self.time(t));
            if self.ask.keep.wants(&attribute.name) {
                self.builder.change(number, &attribute.name, &text(attribute.value), at);
            }
        }
        for (name, value) in object.values {
            if self.ask.keep.wants(&name) {
                self.builder.change(number, &name, &text(value), NO_TIME);
            }
        }
        for related in object.related {
            let (target, qualifier) = related.parts();
            let target = self.builder.object_named(&target);
            self.builder.link(number, target, &qualifier);
        }
        if !self.used_objects.contains(&object.object_type) {
            self.used_objects.insert(object.object_type);
        }
    }
}

fn text(value: Json) -> String {
    match value {
        Json::String(text) => text,
        Json::Null => String::new(),
        other => other.to_string(),
    }
}

// ---- members, of both versions

#[derive(Deserialize)]
struct EventMember {
    #[serde(default)]
    id: Json,
    #[serde(rename = "type", alias = "ocel:activity", default)]
    activity: String,
    #[serde(alias = "ocel:timestamp", default)]
    time: String,
    #[serde(alias = "ocel:vmap", default)]
    attributes: Attributes,
    #[serde(rename = "relationships", alias = "ocel:omap", alias = "ocel:typedOmap", default)]
    related: Vec<Related>,
}

#[derive(Deserialize)]
struct ObjectMember {
    #[serde(default)]
    id: Json,
    #[serde(rename = "type", alias = "ocel:type", default)]
    object_type: String,
    #[serde(default)]
    attributes: Vec<Named>,
    #[serde(rename = "ocel:ovmap", default)]
    values: BTreeMap<String, Json>,
    #[serde(rename = "relationships", alias = "ocel:o2o", default)]
    related: Vec<Related>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
    #[serde(default)]
    value: Json,
    time: Option<String>,
}

/// A list of names and values, or a map of them.
#[derive(Deserialize)]
#[serde(untagged)]
enum Attributes {
    List(Vec<Named>),
    Map(BTreeMap<String, Json>),
}

impl Default for Attributes {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

impl Attributes {
    fn into_pairs(self) -> Vec<(String, String)> {
        match self {
            Self::List(list) => list.into_iter().map(|n| (n.name, text(n.value))).collect(),
            Self::Map(map) => map.into_iter().map(|(name, value)| (name, text(value))).collect(),
        }
    }
}

/// An object's id with a qualifier, or the id alone.
#[derive(Deserialize)]
#[serde(untagged)]
enum Related {
    Qualified {
        #[serde(rename = "objectId", alias = "ocel:oid")]
        object: Json,
        #[serde(alias = "ocel:qualifier", default)]
        qualifier: String,
    },
    Plain(Json),
}

impl Related {
    fn parts(self) -> (String, String) {
        match self {
            Self::Qualified { object, qualifier } => (text(object), qualifier),
            Self::Plain(object) => (text(object), String::new()),
        }
    }
}

// ---- the document, streamed

struct Document<'a, 'b>(&'a mut State<'b>);

impl<'de> DeserializeSeed<'de> for Document<'_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Document<'_, '_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an OCEL document")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let names = |types: Vec<Named>| Some(types.into_iter().map(|t| t.name).collect());
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "eventTypes" => self.0.declared.events = names(map.next_value()?),
                "objectTypes" => self.0.declared.objects = names(map.next_value()?),
                "ocel:global-log" => {
                    self.0.is_first_ocel = true;
                    let global: BTreeMap<String, Json> = map.next_value()?;
                    let types = global.get("ocel:object-types").and_then(Json::as_array);
                    let name = |t: &Json| t.as_str().map(str::to_owned);
                    self.0.declared.objects = types.map(|t| t.iter().filter_map(name).collect());
                }
                "events" | "ocel:events" => {
                    self.0.is_first_ocel |= key.starts_with("ocel:");
                    map.next_value_seed(Members { state: self.0, are_events: true })?;
                }
                "objects" | "ocel:objects" => {
                    map.next_value_seed(Members { state: self.0, are_events: false })?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// All events or all objects, as a list (2.0) or by id (1).
struct Members<'a, 'b> {
    state: &'a mut State<'b>,
    are_events: bool,
}

impl<'de> DeserializeSeed<'de> for Members<'_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Members<'_, '_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of members, or members by id")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        if self.are_events {
            while let Some(mut event) = members.next_element::<EventMember>()? {
                let id = text(event.id.take());
                self.state.event(&id, event);
            }
        } else {
            while let Some(mut object) = members.next_element::<ObjectMember>()? {
                let id = text(object.id.take());
                self.state.object(&id, object);
            }
        }
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(id) = members.next_key::<String>()? {
            if self.are_events {
                let event = members.next_value::<EventMember>()?;
                self.state.event(&id, event);
            } else {
                let object = members.next_value::<ObjectMember>()?;
                self.state.object(&id, object);
            }
        }
        Ok(())
    }
}
