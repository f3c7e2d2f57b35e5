//! The first figures of a log: how many, from when to when, how long.
use super::stats::Summary;
use crate::log::{Flat, Log};

/// Durations and lengths of cases.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    pub cases: u64,
    pub events: u64,
    /// Microseconds since 1970.
    pub first: i64,
    pub last: i64,
    pub events_per_case: Summary,
    /// From the first event's end to the last event's end, in seconds.
    pub durations: Summary,
    /// The same for each case, in microseconds.
    pub of_case: Vec<i64>,
}

impl Overview {
    /// Of some traces.
    #[must_use]
    pub fn of(log: &Log, flat: &Flat) -> Self {
        let end = |event: &u32| log.events.end[*event as usize];
        let of_case: Vec<i64> = flat
            .traces()
            .map(|trace| trace.last().map_or(0, end) - trace.first().map_or(0, end))
            .collect();
        let mut lengths: Vec<i64> = flat.traces().map(|trace| trace.len() as i64).collect();
        Self {
            cases: flat.len() as u64,
            events: flat.events.len() as u64,
            first: flat.events.iter().map(end).min().unwrap_or(0),
            last: flat.events.iter().map(end).max().unwrap_or(0),
            events_per_case: Summary::of_counts(&mut lengths),
            durations: Summary::of(&mut of_case.clone()),
            of_case,
        }
    }
}
