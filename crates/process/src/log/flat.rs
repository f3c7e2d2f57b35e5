//! A flat view: the traces of one object type. Holds numbers of events only, no copy of them.
use super::{Log, NONE, Stage};

/// Which events a view holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Only {
    #[default]
    All,
    /// Completions only, for logs that tell starts as events of their own.
    Complete,
}

/// Traces of one object type: every object that an event touches is a case.
#[derive(Debug, Default)]
pub struct Flat {
    /// Entry of the log's object types.
    pub object_type: u32,
    /// The object of each case, in the order of the file.
    pub cases: Vec<u32>,
    /// Where the events of each case begin; one more entry than cases.
    pub offsets: Vec<u32>,
    /// Events, case by case, in the order of [`super::Events::order`].
    pub events: Vec<u32>,
    /// Neighbours in a trace at the same time.
    pub equal_times: u64,
    /// Neighbours that the file tells in another order than their times.
    pub out_of_order: u64,
}

impl Flat {
    /// The traces of an object type.
    #[must_use]
    pub fn of(log: &Log, object_type: u32, only: Only) -> Self {
        let is_kept =
            |event: u32| only == Only::All || log.events.stage(event as usize) == Stage::Complete;
        let is_of_type = |object: u32| log.objects.of_type[object as usize] == object_type;
        let mut lengths = vec![0_u32; log.objects.ids.len()];
        let touches = || log.e2o.event.iter().copied().zip(log.e2o.object.iter().copied());
        let kept = || touches().filter(|(event, object)| is_of_type(*object) && is_kept(*event));
        for (_, object) in kept() {
            lengths[object as usize] += 1;
        }
        let mut flat = Self { object_type, offsets: vec![0], ..Self::default() };
        let mut next = vec![NONE; lengths.len()];
        let mut total = 0;
        for (object, length) in lengths.iter().enumerate().filter(|(_, length)| **length > 0) {
            next[object] = total;
            total += length;
            flat.cases.push(object as u32);
            flat.offsets.push(total);
        }
        flat.events = vec![0; total as usize];
        for (event, object) in kept() {
            flat.events[next[object as usize] as usize] = event;
            next[object as usize] += 1;
        }
        flat.settle(log);
        flat
    }
    /// Orders each trace, counts an event once, and notes equal and disordered times.
    fn settle(&mut self, log: &Log) {
        let mut to = 0;
        for case in 0..self.cases.len() {
            let (from, until) = (self.offsets[case] as usize, self.offsets[case + 1] as usize);
            let trace = &mut self.events[from..until];
            let moved = trace
                .windows(2)
                .filter(|p| log.events.end[p[0] as usize] > log.events.end[p[1] as usize]);
            self.out_of_order += moved.count() as u64;
            if !trace.is_sorted_by_key(|event| log.events.order(*event)) {
                trace.sort_unstable_by_key(|event| log.events.order(*event));
            }
            let begun = to;
            for at in from..until {
                let event = self.events[at];
                if to > begun && self.events[to - 1] == event {
                    continue;
                }
                let end = |event: u32| log.events.end[event as usize];
                let is_equal = to > begun && end(self.events[to - 1]) == end(event);
                self.equal_times += u64::from(is_equal);
                self.events[to] = event;
                to += 1;
            }
            self.offsets[case] = begun as u32;
        }
        self.events.truncate(to);
        if let Some(last) = self.offsets.last_mut() {
            *last = to as u32;
        }
    }
    /// The same traces with only some of their events; cases without any are gone.
    #[must_use]
    pub fn keep(&self, is_kept: impl Fn(u32) -> bool) -> Self {
        let mut flat = Self { object_type: self.object_type, offsets: vec![0], ..Self::default() };
        for (case, trace) in self.traces().enumerate() {
            let before = flat.events.len();
            flat.events.extend(trace.iter().copied().filter(|event| is_kept(*event)));
            if flat.events.len() > before {
                flat.cases.push(self.cases[case]);
                flat.offsets.push(flat.events.len() as u32);
            }
        }
        flat
    }
    /// Some of the cases, whole.
    #[must_use]
    pub fn select(&self, is_kept: impl Fn(usize) -> bool) -> Self {
        let mut flat = Self { object_type: self.object_type, offsets: vec![0], ..Self::default() };
        for (case, trace) in self.traces().enumerate().filter(|(case, _)| is_kept(*case)) {
            flat.cases.push(self.cases[case]);
            flat.events.extend_from_slice(trace);
            flat.offsets.push(flat.events.len() as u32);
        }
        flat
    }
    /// How many cases.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cases.len()
    }
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cases.is_empty()
    }
    /// The events of a case, in order.
    #[must_use]
    pub fn trace(&self, case: usize) -> &[u32] {
        &self.events[self.offsets[case] as usize..self.offsets[case + 1] as usize]
    }
    /// All traces.
    pub fn traces(&self) -> impl Iterator<Item = &[u32]> {
        (0..self.len()).map(|case| self.trace(case))
    }
    /// The name of a case.
    #[must_use]
    pub fn name<'a>(&self, log: &'a Log, case: usize) -> &'a str {
        log.objects.ids.text(self.cases[case])
    }
}

#[cfg(test)]
mod tests {
    use super::super::build::NewEvent;
    use super::super::{Builder, NO_TIME};
    use super::*;

    #[test]
    fn a_trace_goes_by_end_then_start_then_the_order_of_the_file() {
        let mut builder = Builder::default();
        let mut add = |case: &str, activity: &str, start: i64, end: i64| {
            let new = NewEvent { start, ..NewEvent::at(activity, end) };
            builder.case_event(case, &new);
        };
        add("b", "late", 5, 30);
        add("a", "only", NO_TIME, 1);
        add("b", "second", 7, 20);
        add("b", "first", 6, 20);
        add("b", "third", 7, 20);
        let log = builder.finish();
        let flat = Flat::of(&log, 0, Only::All);
        let names = |case| -> Vec<&str> {
            let activity = |e: &u32| log.activities.text(log.events.activity[*e as usize]);
            flat.trace(case).iter().map(activity).collect()
        };
        assert_eq!(names(0), ["first", "second", "third", "late"]);
        assert_eq!((names(1), flat.name(&log, 1)), (vec!["only"], "a"));
        assert_eq!((flat.equal_times, flat.out_of_order), (2, 1));
    }

    #[test]
    fn an_event_related_twice_to_one_object_is_in_its_trace_once() {
        let mut builder = Builder::default();
        let order = builder.object("o", "order");
        let event = builder.event(&NewEvent::at("place", 1));
        builder.relate(event, order, "of");
        builder.relate(event, order, "about");
        let log = builder.finish();
        assert_eq!((log.e2o.event.len(), Flat::of(&log, 0, Only::All).events), (2, vec![0]));
    }
}
