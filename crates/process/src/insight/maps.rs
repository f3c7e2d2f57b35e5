//! The company's own process as the screens ask for it: which cases, then what [`Subject`] says.
use super::subject::Subject;
use super::{Insight, Traces};
use crate::log::{Flat, Log};
use kernel::{Day, Error, Result};
use serde_json::Value as Json;

/// What part of the process is asked for.
#[derive(Clone, Debug)]
pub struct Ask {
    pub case: String,
    pub activities: f64,
    pub paths: f64,
    /// Cases that began in these days.
    pub from: Option<Day>,
    pub until: Option<Day>,
    /// Cases with this value of a dimension.
    pub dimension: Option<String>,
    pub value: Option<String>,
    /// Cases that went from one activity to another; both, or the first alone.
    pub step: Option<(String, String)>,
    pub variant: Option<usize>,
    /// Whether people may be told as a dimension.
    pub people: bool,
}

impl Ask {
    /// All cases of a kind, the sliders where they stand at first.
    #[must_use]
    pub fn usual(case: &str) -> Self {
        Self {
            case: case.to_owned(),
            activities: 0.5,
            paths: 0.1,
            from: None,
            until: None,
            dimension: None,
            value: None,
            step: None,
            variant: None,
            people: false,
        }
    }
}

/// The cases of a log that began in the days asked for, and that `is_in` takes by their object.
pub(crate) fn in_days(
    log: &Log,
    flat: &Flat,
    ask: &Ask,
    midnight: &dyn Fn(Day) -> i64,
    is_in: impl Fn(u32) -> bool,
) -> Flat {
    let (from, until) = (ask.from.map(midnight), ask.until.map(|d| midnight(d.plus_days(1))));
    flat.select(|case| {
        let begun = log.events.end[flat.trace(case)[0] as usize];
        let is_timely = from.is_none_or(|f| f <= begun) && until.is_none_or(|u| begun < u);
        is_timely && is_in(flat.cases[case])
    })
}

impl Insight {
    fn selected(&self, traces: &Traces, ask: &Ask) -> Result<Flat> {
        let table = self.cases.table(&ask.case);
        let slice = match (&ask.dimension, &ask.value) {
            (Some(dimension), Some(value)) => {
                let wrong = || Error::invalid("kpi.no_such_dimension", dimension);
                let table = table.ok_or_else(wrong)?;
                let column = table.slice(dimension).ok_or_else(wrong)?;
                Some((table, column, table.words.find(value)))
            }
            _ => None,
        };
        let midnight = |day: Day| self.ground.hours.midnight(day);
        Ok(in_days(&traces.own.log, &traces.flat, ask, &midnight, |object| {
            let id = traces.own.cases[object as usize];
            slice.as_ref().is_none_or(|(table, column, word)| {
                table.row(id).is_some_and(|row| Some(column[row]) == *word)
            })
        }))
    }

    fn look<T>(&self, ask: &Ask, of: impl FnOnce(&Subject<'_>) -> T) -> Result<T> {
        let traces = self.traces(&ask.case)?;
        let flat = self.selected(traces, ask)?;
        Ok(of(&Subject {
            case: &ask.case,
            log: &traces.own.log,
            flat: &flat,
            working: &|from, to| self.ground.hours.working(from, to),
            id: &|object| traces.own.cases[object as usize],
            number: &|id| self.number(&ask.case, id),
            dimensions: self.dimensions(&ask.case, ask.people),
            values: self.values(ask),
            seq: self.seq(),
        }))
    }

    /// The map. Errors: `log.no_such_type`, `kpi.no_such_dimension`.
    pub fn map(&self, ask: &Ask) -> Result<Json> {
        self.look(ask, |subject| subject.map(ask))
    }

    /// The commonest ways. Errors: `log.no_such_type`, `kpi.no_such_dimension`.
    pub fn variants(&self, ask: &Ask) -> Result<Json> {
        self.look(ask, |subject| subject.variants())
    }

    /// Cases, longest first: all selected, those of a step, or those of a variant.
    ///
    /// Errors: `log.no_such_type`, `kpi.no_such_dimension`.
    pub fn cases(&self, ask: &Ask) -> Result<Json> {
        self.look(ask, |subject| subject.cases(ask))
    }

    fn values(&self, ask: &Ask) -> Vec<String> {
        let table = self.cases.table(&ask.case);
        let column = ask.dimension.as_deref().and_then(|d| table?.slice(d));
        let (Some(table), Some(column)) = (table, column) else { return Vec::new() };
        let mut seen = column.to_vec();
        seen.sort_unstable();
        seen.dedup();
        let mut all: Vec<String> =
            seen.into_iter().map(|w| table.words.text(w).to_owned()).collect();
        all.sort();
        all
    }
}
