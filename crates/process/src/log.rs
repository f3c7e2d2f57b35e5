//! An event log in columns: events, objects, and which event touched which object. Reads no file.
//!
//! Object-centric from the start: an event may touch many objects of many types, and a log of cases
//! is one object type whose every event touches one object. Texts are interned, times are integers
//! (microseconds since 1970, UTC), so a million events are some tens of megabytes.
pub mod build;
pub mod flat;
pub mod names;
pub mod quality;
pub mod time;

pub use build::Builder;
pub use flat::{Flat, Only};
pub use names::Names;
pub use quality::{Finding, Quality, Trouble};

/// No entry of a table of names.
pub const NONE: u32 = u32::MAX;
/// No time.
pub const NO_TIME: i64 = i64::MIN;
/// Microseconds of a second.
pub const SECOND: i64 = 1_000_000;
/// The object type of logs that know only cases.
pub const CASE: &str = "case";

/// What an event says of its activity's life.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Stage {
    /// It is done; what a log without lifecycle means.
    #[default]
    Complete,
    /// It begins.
    Start,
    /// Anything between (scheduled, assigned, suspended, …).
    Other,
}

/// The events, a column each; all of one length but those that say otherwise.
#[derive(Debug, Default)]
pub struct Events {
    /// Entry of [`Log::activities`].
    pub activity: Vec<u32>,
    /// When the work began, or [`NO_TIME`].
    pub start: Vec<i64>,
    /// When it was done: the time of the event.
    pub end: Vec<i64>,
    /// When it was written down; empty where the log does not say.
    pub recorded: Vec<i64>,
    /// Entry of [`Log::resources`], or [`NONE`].
    pub resource: Vec<u32>,
    /// Empty where every event is a completion.
    pub stage: Vec<Stage>,
    /// The ids that the file gave; empty where it gave none.
    pub ids: Names,
}

impl Events {
    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.activity.len()
    }
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.activity.is_empty()
    }
    /// What an event says of its activity's life.
    #[must_use]
    pub fn stage(&self, event: usize) -> Stage {
        self.stage.get(event).copied().unwrap_or_default()
    }
    /// The order of events in a trace, defined once: when it happened, when it was written down
    /// (where a log does not say: when the work began), then the order of the file.
    #[must_use]
    pub fn order(&self, event: u32) -> (i64, i64, i64, u32) {
        let at = event as usize;
        let recorded = self.recorded.get(at).copied().unwrap_or(NO_TIME);
        (self.end[at], recorded, self.start[at], event)
    }
}

/// A further attribute of events: only those that carry it.
#[derive(Debug, Default)]
pub struct Attribute {
    pub name: String,
    /// Events, ascending.
    pub events: Vec<u32>,
    /// Entries of [`Log::values`], one for each event.
    pub values: Vec<u32>,
}

impl Attribute {
    /// The value of one event, or [`NONE`].
    #[must_use]
    pub fn of(&self, event: u32) -> u32 {
        self.events.binary_search(&event).map_or(NONE, |at| self.values[at])
    }
}

/// A value of an object's attribute from some time on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Change {
    pub object: u32,
    /// Entries of [`Log::values`].
    pub name: u32,
    pub value: u32,
    /// [`NO_TIME`] where the file gives none: it always held.
    pub at: i64,
}

/// The objects: one entry of `ids` each.
#[derive(Debug, Default)]
pub struct Objects {
    pub types: Names,
    pub ids: Names,
    /// Entry of `types` by object.
    pub of_type: Vec<u32>,
    pub changes: Vec<Change>,
}

/// Which event touched which object, ordered by event; each pair once.
#[derive(Debug, Default)]
pub struct Relations {
    pub event: Vec<u32>,
    pub object: Vec<u32>,
    /// Entry of [`Log::qualifiers`].
    pub qualifier: Vec<u32>,
}

/// A log, as [`Builder::finish`] leaves it.
#[derive(Debug, Default)]
pub struct Log {
    pub activities: Names,
    pub resources: Names,
    pub values: Names,
    pub qualifiers: Names,
    pub events: Events,
    pub attributes: Vec<Attribute>,
    pub objects: Objects,
    pub e2o: Relations,
    /// Object, object, qualifier.
    pub o2o: Vec<(u32, u32, u32)>,
    /// The commonest offset of local time in the file, in minutes east of Greenwich.
    pub offset_minutes: i32,
    /// What was wrong with the file, with counts.
    pub quality: Quality,
}

impl Log {
    /// Object types that events touch, with how many objects and touches, most touches first.
    #[must_use]
    pub fn object_types(&self) -> Vec<TypeCount> {
        let mut counts: Vec<TypeCount> = (0..self.objects.types.len())
            .map(|of| TypeCount { object_type: of as u32, objects: 0, touched: 0, touches: 0 })
            .collect();
        let mut touched = vec![false; self.objects.ids.len()];
        for of in &self.objects.of_type {
            counts[*of as usize].objects += 1;
        }
        for object in &self.e2o.object {
            let count = &mut counts[self.objects.of_type[*object as usize] as usize];
            count.touches += 1;
            if !std::mem::replace(&mut touched[*object as usize], true) {
                count.touched += 1;
            }
        }
        counts.sort_by_key(|c| (std::cmp::Reverse(c.touches), c.object_type));
        counts
    }
    /// An attribute by name.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|a| a.name == name)
    }
    /// Whether any event says when its work began, other than when it was done.
    #[must_use]
    pub fn has_starts(&self) -> bool {
        let differ = |(start, end): (&i64, &i64)| *start != NO_TIME && start != end;
        self.events.start.iter().zip(&self.events.end).any(differ)
            || self.events.stage.contains(&Stage::Start)
    }
    /// First and last time in the log.
    #[must_use]
    pub fn span(&self) -> Option<(i64, i64)> {
        Some((*self.events.end.iter().min()?, *self.events.end.iter().max()?))
    }
}

/// How much of one object type a log holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TypeCount {
    /// Entry of [`Objects::types`].
    pub object_type: u32,
    pub objects: u64,
    /// Objects that at least one event touches.
    pub touched: u64,
    pub touches: u64,
}
