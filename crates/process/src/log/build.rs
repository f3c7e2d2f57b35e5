//! Puts a log together, event by event, in whatever order a file tells it. Reads no file itself.
use super::{Attribute, CASE, Change, Log, NO_TIME, NONE, Quality, Relations, Stage, Trouble};
use std::collections::BTreeMap;

/// An event as a reader hands it over.
#[derive(Clone, Copy, Debug)]
pub struct NewEvent<'a> {
    pub activity: &'a str,
    /// When it was done; [`NO_TIME`] where the file tells it later.
    pub end: i64,
    pub start: i64,
    pub recorded: i64,
    pub resource: Option<&'a str>,
    pub stage: Stage,
}

impl<'a> NewEvent<'a> {
    /// An event that is done at one instant.
    #[must_use]
    pub const fn at(activity: &'a str, end: i64) -> Self {
        let (start, recorded) = (NO_TIME, NO_TIME);
        Self { activity, end, start, recorded, resource: None, stage: Stage::Complete }
    }
}

/// A log in the making.
#[derive(Debug, Default)]
pub struct Builder {
    log: Log,
    attributes: BTreeMap<String, usize>,
    offsets: BTreeMap<i32, u64>,
    /// What the last case event was, since files keep cases together.
    last_case: (String, u32),
}

impl Builder {
    /// What was wrong so far.
    pub fn quality(&mut self) -> &mut Quality {
        &mut self.log.quality
    }
    /// How many events there are so far.
    #[must_use]
    pub fn events(&self) -> usize {
        self.log.events.len()
    }
    /// How many objects were named so far.
    #[must_use]
    pub fn objects(&self) -> usize {
        self.log.objects.ids.len()
    }
    /// Adds an event and gives its number.
    pub fn event(&mut self, new: &NewEvent<'_>) -> u32 {
        let events = &mut self.log.events;
        let number = events.len() as u32;
        events.activity.push(self.log.activities.intern(new.activity));
        events.end.push(new.end);
        let start = if new.start != NO_TIME && new.end != NO_TIME && new.start > new.end {
            let place = || format!("event {}", number + 1);
            self.log.quality.note(Trouble::StartAfterEnd, place);
            NO_TIME
        } else {
            new.start
        };
        events.start.push(start);
        if new.recorded != NO_TIME && events.recorded.is_empty() {
            events.recorded = vec![NO_TIME; number as usize];
        }
        if new.recorded != NO_TIME || !events.recorded.is_empty() {
            events.recorded.push(new.recorded);
        }
        let resource = new.resource.filter(|r| !r.is_empty());
        events.resource.push(resource.map_or(NONE, |r| self.log.resources.intern(r)));
        if new.stage != Stage::Complete && events.stage.is_empty() {
            events.stage = vec![Stage::Complete; number as usize];
        }
        if new.stage != Stage::Complete || !events.stage.is_empty() {
            events.stage.push(new.stage);
        }
        number
    }
    /// Adds an event of one case, made when it is new.
    pub fn case_event(&mut self, case: &str, new: &NewEvent<'_>) -> u32 {
        if self.last_case.0 != case || self.log.objects.ids.is_empty() {
            self.last_case = (case.to_owned(), self.object(case, CASE));
        }
        let event = self.event(new);
        let object = self.last_case.1;
        self.relate(event, object, "");
        event
    }
    /// Remembers an event's own id; `false` where an earlier event has it.
    pub fn event_id(&mut self, id: &str) -> bool {
        let before = self.log.events.ids.len();
        self.log.events.ids.intern(id) as usize == before
    }
    /// The event with an id.
    #[must_use]
    pub fn event_of(&self, id: &str) -> Option<u32> {
        self.log.events.ids.find(id)
    }
    /// Sets the time of an event, that the file tells apart from it.
    pub fn tell(&mut self, event: u32, end: i64) {
        self.log.events.end[event as usize] = end;
    }
    /// Sets who did it.
    pub fn resource(&mut self, event: u32, resource: &str) {
        if !resource.is_empty() {
            self.log.events.resource[event as usize] = self.log.resources.intern(resource);
        }
    }
    /// Sets when the work began; unknown where that is after its end.
    pub fn started(&mut self, event: u32, start: i64) {
        let end = self.log.events.end[event as usize];
        if start != NO_TIME && end != NO_TIME && start > end {
            let place = || format!("event {}", event + 1);
            self.log.quality.note(Trouble::StartAfterEnd, place);
            return;
        }
        self.log.events.start[event as usize] = start;
    }
    /// Sets what the event says of its activity's life.
    pub fn stage(&mut self, event: u32, stage: Stage) {
        let events = &mut self.log.events;
        if stage != Stage::Complete && events.stage.is_empty() {
            events.stage = vec![Stage::Complete; events.activity.len()];
        }
        if let Some(place) = events.stage.get_mut(event as usize) {
            *place = stage;
        }
    }
    /// Sets when an event was written down.
    pub fn recorded(&mut self, event: u32, at: i64) {
        let events = &mut self.log.events;
        if events.recorded.is_empty() {
            events.recorded = vec![NO_TIME; events.activity.len()];
        }
        events.recorded[event as usize] = at;
    }
    /// A further attribute of an event.
    pub fn attribute(&mut self, event: u32, name: &str, value: &str) {
        let at = match self.attributes.get(name) {
            Some(at) => *at,
            None => {
                let at = self.log.attributes.len();
                self.log.attributes.push(Attribute { name: name.to_owned(), ..Default::default() });
                self.attributes.insert(name.to_owned(), at);
                at
            }
        };
        let value = self.log.values.intern(value);
        let attribute = &mut self.log.attributes[at];
        attribute.events.push(event);
        attribute.values.push(value);
    }
    /// An object by its id; its type may be told later.
    pub fn object_named(&mut self, id: &str) -> u32 {
        let number = self.log.objects.ids.intern(id);
        if self.log.objects.of_type.len() <= number as usize {
            self.log.objects.of_type.push(NONE);
        }
        number
    }
    /// Whether a type is known already.
    #[must_use]
    pub fn knows_type(&self, object_type: &str) -> bool {
        self.log.objects.types.find(object_type).is_some()
    }
    /// Declares a type.
    pub fn object_type(&mut self, name: &str) -> u32 {
        self.log.objects.types.intern(name)
    }
    /// An object with its type.
    pub fn object(&mut self, id: &str, object_type: &str) -> u32 {
        let number = self.object_named(id);
        let of_type = self.log.objects.types.intern(object_type);
        let known = &mut self.log.objects.of_type[number as usize];
        if *known == NONE {
            *known = of_type;
        } else if *known != of_type {
            self.log.quality.note(Trouble::ObjectTwice, || id.to_owned());
        }
        number
    }
    /// An event touches an object.
    pub fn relate(&mut self, event: u32, object: u32, qualifier: &str) {
        let qualifier = self.log.qualifiers.intern(qualifier);
        self.log.e2o.event.push(event);
        self.log.e2o.object.push(object);
        self.log.e2o.qualifier.push(qualifier);
    }
    /// An object is linked to another.
    pub fn link(&mut self, source: u32, target: u32, qualifier: &str) {
        let qualifier = self.log.qualifiers.intern(qualifier);
        self.log.o2o.push((source, target, qualifier));
    }
    /// An object's attribute has a value from some time on.
    pub fn change(&mut self, object: u32, name: &str, value: &str, at: i64) {
        let (name, value) = (self.log.values.intern(name), self.log.values.intern(value));
        self.log.objects.changes.push(Change { object, name, value, at });
    }
    /// A local offset that the file uses.
    pub fn offset(&mut self, minutes: Option<i32>) {
        if let Some(minutes) = minutes {
            *self.offsets.entry(minutes).or_default() += 1;
        }
    }
    /// The log, with everything broken left out and counted.
    #[must_use]
    pub fn finish(mut self) -> Log {
        let commonest = self.offsets.iter().max_by_key(|(minutes, n)| (**n, -minutes.abs()));
        self.log.offset_minutes = commonest.map_or(0, |(minutes, _)| *minutes);
        leave_out_timeless(&mut self.log);
        leave_out_dangling(&mut self.log);
        settle_relations(&mut self.log);
        count_untouched(&mut self.log);
        for attribute in &mut self.log.attributes {
            settle_attribute(attribute);
        }
        for name in ["NA", "N/A", "null", "NULL", "nan", "NaN", "None"] {
            if self.log.objects.ids.find(name).is_some() {
                self.log.quality.note(Trouble::CaseLooksMissing, || name.to_owned());
            }
        }
        self.log
    }
}

/// Events whose time the file never told.
fn leave_out_timeless(log: &mut Log) {
    if !log.events.end.contains(&NO_TIME) {
        return;
    }
    let events = std::mem::take(&mut log.events);
    let mut moved = vec![NONE; events.len()];
    for (at, place) in moved.iter_mut().enumerate() {
        if events.end[at] == NO_TIME {
            let place = || place_of(&events.ids, at);
            log.quality.note(Trouble::NoTime, place);
            continue;
        }
        *place = log.events.len() as u32;
        log.events.activity.push(events.activity[at]);
        log.events.start.push(events.start[at]);
        log.events.end.push(events.end[at]);
        log.events.resource.push(events.resource[at]);
        if !events.recorded.is_empty() {
            log.events.recorded.push(events.recorded[at]);
        }
        if !events.stage.is_empty() {
            log.events.stage.push(events.stage[at]);
        }
        if !events.ids.is_empty() {
            log.events.ids.intern(events.ids.text(at as u32));
        }
    }
    let e2o = std::mem::take(&mut log.e2o);
    for at in 0..e2o.event.len() {
        if moved[e2o.event[at] as usize] != NONE {
            log.e2o.event.push(moved[e2o.event[at] as usize]);
            log.e2o.object.push(e2o.object[at]);
            log.e2o.qualifier.push(e2o.qualifier[at]);
        }
    }
    for attribute in &mut log.attributes {
        let pairs = attribute.events.iter().zip(&attribute.values);
        let kept = pairs.filter(|(e, _)| moved[**e as usize] != NONE);
        (attribute.events, attribute.values) = kept.map(|(e, v)| (moved[*e as usize], *v)).unzip();
    }
}

fn place_of(ids: &super::Names, event: usize) -> String {
    match ids.text(event as u32) {
        "" => format!("event {}", event + 1),
        id => id.to_owned(),
    }
}

/// Relations and links to objects that the file never told of.
fn leave_out_dangling(log: &mut Log) {
    if !log.objects.of_type.contains(&NONE) {
        return;
    }
    let is_known = |object: u32| log.objects.of_type[object as usize] != NONE;
    let e2o = std::mem::take(&mut log.e2o);
    let mut kept = Relations::default();
    for at in 0..e2o.event.len() {
        let (event, object) = (e2o.event[at], e2o.object[at]);
        if is_known(object) {
            kept.event.push(event);
            kept.object.push(object);
            kept.qualifier.push(e2o.qualifier[at]);
        } else {
            let place = || {
                let event = place_of(&log.events.ids, event as usize);
                format!("{event} → {}", log.objects.ids.text(object))
            };
            log.quality.note(Trouble::DanglingObject, place);
        }
    }
    log.e2o = kept;
    let links = std::mem::take(&mut log.o2o);
    for (source, target, qualifier) in links {
        if is_known(source) && is_known(target) {
            log.o2o.push((source, target, qualifier));
        } else {
            let ids = &log.objects.ids;
            let place = || format!("{} → {}", ids.text(source), ids.text(target));
            log.quality.note(Trouble::DanglingLink, place);
        }
    }
    log.objects.changes.retain(|c| log.objects.of_type[c.object as usize] != NONE);
    forget_unknown_objects(log);
}

/// Objects that were only named get no number in the finished log.
fn forget_unknown_objects(log: &mut Log) {
    let objects = std::mem::take(&mut log.objects);
    let mut moved = vec![NONE; objects.of_type.len()];
    for (at, of_type) in objects.of_type.iter().enumerate().filter(|(_, t)| **t != NONE) {
        moved[at] = log.objects.ids.intern(objects.ids.text(at as u32));
        log.objects.of_type.push(*of_type);
    }
    log.objects.types = objects.types;
    let change = |c: &Change| Change { object: moved[c.object as usize], ..*c };
    log.objects.changes = objects.changes.iter().map(change).collect();
    for object in &mut log.e2o.object {
        *object = moved[*object as usize];
    }
    for (source, target, _) in &mut log.o2o {
        (*source, *target) = (moved[*source as usize], moved[*target as usize]);
    }
}

/// Orders relations by event and leaves out what is told twice.
fn settle_relations(log: &mut Log) {
    let e2o = &log.e2o;
    if e2o.event.windows(2).all(|pair| pair[0] < pair[1]) {
        return;
    }
    let mut order: Vec<u32> = (0..e2o.event.len() as u32).collect();
    order.sort_by_key(|at| e2o.event[*at as usize]);
    let mut kept = Relations::default();
    let mut of_event: Vec<(u32, u32)> = Vec::new();
    for at in order {
        let at = at as usize;
        let event = e2o.event[at];
        if kept.event.last() != Some(&event) {
            of_event.clear();
        }
        let pair = (e2o.object[at], e2o.qualifier[at]);
        if of_event.contains(&pair) {
            let ids = &log.objects.ids;
            let place =
                || format!("{} → {}", place_of(&log.events.ids, event as usize), ids.text(pair.0));
            log.quality.note(Trouble::RelationTwice, place);
            continue;
        }
        of_event.push(pair);
        kept.event.push(event);
        kept.object.push(pair.0);
        kept.qualifier.push(pair.1);
    }
    log.e2o = kept;
}

fn count_untouched(log: &mut Log) {
    let mut touched = vec![false; log.objects.ids.len()];
    let mut has_object = vec![false; log.events.len()];
    for (event, object) in log.e2o.event.iter().zip(&log.e2o.object) {
        touched[*object as usize] = true;
        has_object[*event as usize] = true;
    }
    for (object, _) in touched.iter().enumerate().filter(|(_, touched)| !**touched) {
        let place = || log.objects.ids.text(object as u32).to_owned();
        log.quality.note(Trouble::ObjectWithoutEvent, place);
    }
    for (event, _) in has_object.iter().enumerate().filter(|(_, has)| !**has) {
        log.quality.note(Trouble::EventWithoutObject, || place_of(&log.events.ids, event));
    }
}

/// Ascending by event; of two values of one event the last one holds.
fn settle_attribute(attribute: &mut Attribute) {
    if attribute.events.windows(2).all(|pair| pair[0] < pair[1]) {
        return;
    }
    let pairs = attribute.events.iter().copied().zip(attribute.values.iter().copied());
    let last: BTreeMap<u32, u32> = pairs.collect();
    (attribute.events, attribute.values) = last.into_iter().unzip();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_refers_to_nothing_is_left_out_and_counted() {
        let mut builder = Builder::default();
        let order = builder.object("o1", "order");
        let ghost = builder.object_named("ghost");
        builder.object("idle", "order");
        let placed = builder.event(&NewEvent::at("place", 10));
        let lost = builder.event(&NewEvent::at("lose", 20));
        let timeless = builder.event(&NewEvent::at("wait", NO_TIME));
        builder.relate(placed, order, "of");
        builder.relate(lost, ghost, "of");
        builder.relate(timeless, order, "of");
        builder.relate(placed, order, "of");
        builder.link(order, ghost, "");
        let log = builder.finish();
        assert_eq!((log.events.len(), log.objects.ids.len(), log.e2o.event.len()), (2, 2, 1));
        let count = |trouble| log.quality.count(trouble);
        assert_eq!(count(Trouble::DanglingObject), 1);
        assert_eq!(count(Trouble::DanglingLink), 1);
        assert_eq!(count(Trouble::NoTime), 1);
        assert_eq!(count(Trouble::RelationTwice), 1);
        assert_eq!(count(Trouble::EventWithoutObject), 1);
        assert_eq!(count(Trouble::ObjectWithoutEvent), 1);
    }

    #[test]
    fn an_object_may_be_told_after_the_event_that_touches_it() {
        let mut builder = Builder::default();
        let event = builder.event(&NewEvent::at("place", 10));
        let order = builder.object_named("o1");
        builder.relate(event, order, "");
        builder.object("o1", "order");
        let log = builder.finish();
        assert_eq!((log.e2o.object.len(), log.quality.findings.len()), (1, 0));
    }
}
