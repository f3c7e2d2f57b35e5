//! What was wrong with a log, with counts and the first places: nothing is dropped in silence.
use std::collections::BTreeMap;

/// A kind of trouble; its text is `mine-trouble-…` of the catalogues.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Trouble {
    /// Left out: the row or event has no case.
    NoCase,
    /// Kept: a trace without a case id got its number as one.
    CaseUnnamed,
    /// Left out: the row or event has no activity.
    NoActivity,
    /// Left out: the event has no time, or one that nobody can read.
    NoTime,
    /// Left out: the row cannot be read (too few columns, broken quoting).
    BadRow,
    /// Kept: a time given as text, read all the same.
    TextTime,
    /// Kept: a time of the form 01/02/2024; the day was taken to come first.
    AmbiguousDate,
    /// Kept: neighbours in a trace at the same time; the order of the file decides.
    EqualTimes,
    /// Kept, put in order by time.
    OutOfOrder,
    /// Kept: the work begins after it ends; the beginning was taken to be unknown.
    StartAfterEnd,
    /// Left out: the event names an object that the file does not hold.
    DanglingObject,
    /// Left out: a relation names an event that the file does not hold.
    DanglingEvent,
    /// Left out: a link between objects names one that the file does not hold.
    DanglingLink,
    /// Kept in the object-centric log, in no trace: the event touches no object of the file.
    EventWithoutObject,
    /// Kept: no event touches the object.
    ObjectWithoutEvent,
    /// Counted once: the same event and object related again.
    RelationTwice,
    /// Left out: an event with the id of an earlier one.
    EventTwice,
    /// Kept as the first said: an object told twice with different types.
    ObjectTwice,
    /// Kept: an id stored as a number here and as text there.
    NumericId,
    /// Kept: the event or object has a type that the file does not declare.
    UndeclaredType,
    /// Kept: a declaration that the standard asks for is missing.
    MissingGlobal,
    /// Left out: a case without any event.
    EmptyCase,
    /// Joined: another trace with the same case id.
    CaseTwice,
    /// Kept: a case id that means "missing" to some tools (`NA`, `null`, `nan`).
    CaseLooksMissing,
    /// Kept: bytes that are not UTF-8 were replaced.
    NotUtf8,
    /// Kept: a completion without its start; its beginning is unknown.
    NoStart,
    /// Left out of the instances: a start that is never completed.
    NeverCompleted,
}

impl Trouble {
    /// The name in the catalogues and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoCase => "no-case",
            Self::CaseUnnamed => "case-unnamed",
            Self::NoActivity => "no-activity",
            Self::NoTime => "no-time",
            Self::BadRow => "bad-row",
            Self::TextTime => "text-time",
            Self::AmbiguousDate => "ambiguous-date",
            Self::EqualTimes => "equal-times",
            Self::OutOfOrder => "out-of-order",
            Self::StartAfterEnd => "start-after-end",
            Self::DanglingObject => "dangling-object",
            Self::DanglingEvent => "dangling-event",
            Self::DanglingLink => "dangling-link",
            Self::EventWithoutObject => "event-without-object",
            Self::ObjectWithoutEvent => "object-without-event",
            Self::RelationTwice => "relation-twice",
            Self::EventTwice => "event-twice",
            Self::ObjectTwice => "object-twice",
            Self::NumericId => "numeric-id",
            Self::UndeclaredType => "undeclared-type",
            Self::MissingGlobal => "missing-global",
            Self::EmptyCase => "empty-case",
            Self::CaseTwice => "case-twice",
            Self::CaseLooksMissing => "case-looks-missing",
            Self::NotUtf8 => "not-utf8",
            Self::NoStart => "no-start",
            Self::NeverCompleted => "never-completed",
        }
    }
    /// Whether something of the file is not in the figures because of it.
    #[must_use]
    pub const fn leaves_out(self) -> bool {
        matches!(
            self,
            Self::NoCase
                | Self::NoActivity
                | Self::NoTime
                | Self::BadRow
                | Self::DanglingObject
                | Self::DanglingEvent
                | Self::DanglingLink
                | Self::EventWithoutObject
                | Self::EventTwice
                | Self::EmptyCase
                | Self::NeverCompleted
        )
    }
}

/// One kind of trouble: how often, and where it was met first.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Finding {
    pub count: u64,
    /// At most three places (a line, an event, an id).
    pub places: Vec<String>,
}

/// All that was wrong.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Quality {
    pub findings: BTreeMap<Trouble, Finding>,
}

impl Quality {
    /// Notes it; the place is made only for the first three.
    pub fn note(&mut self, trouble: Trouble, place: impl FnOnce() -> String) {
        let finding = self.findings.entry(trouble).or_default();
        finding.count += 1;
        if finding.places.len() < 3 {
            finding.places.push(place());
        }
    }
    /// Notes many at once, without places.
    pub fn add(&mut self, trouble: Trouble, count: u64) {
        if count > 0 {
            self.findings.entry(trouble).or_default().count += count;
        }
    }
    /// How often.
    #[must_use]
    pub fn count(&self, trouble: Trouble) -> u64 {
        self.findings.get(&trouble).map_or(0, |f| f.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trouble_is_counted_with_its_first_three_places() {
        let mut quality = Quality::default();
        for line in 2..=6 {
            quality.note(Trouble::NoTime, || format!("line {line}"));
        }
        quality.add(Trouble::EmptyCase, 0);
        let finding = &quality.findings[&Trouble::NoTime];
        assert_eq!(
            (finding.count, finding.places.join(", ")),
            (5, "line 2, line 3, line 4".into())
        );
        assert_eq!((quality.findings.len(), quality.count(Trouble::EmptyCase)), (1, 0));
    }
}
