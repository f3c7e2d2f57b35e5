//! The company's own process as the screens ask for it: which cases, then what [`Subject`] says.
use super::attributes::told;
use super::subject::Subject;
use super::{Attribute, Insight, Traces, Who};
use crate::log::{Flat, Log};
use crate::own::view::PROGRAM_NAME;
use kernel::{Day, Error, Result};
use rustc_hash::FxHashMap;
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
    /// Whether every case is asked for.
    fn is_all(&self) -> bool {
        self.from.is_none() && self.until.is_none() && self.value.is_none()
    }
}

/// The cases of a log that began in the days asked for, and that `is_in` takes.
pub(crate) fn in_days(
    log: &Log,
    flat: &Flat,
    ask: &Ask,
    midnight: &dyn Fn(Day) -> i64,
    is_in: impl Fn(usize) -> bool,
) -> Flat {
    let (from, until) = (ask.from.map(midnight), ask.until.map(|d| midnight(d.plus_days(1))));
    flat.select(|case| {
        let begun = log.events.end[flat.trace(case)[0] as usize];
        let is_timely = from.is_none_or(|f| f <= begun) && until.is_none_or(|u| begun < u);
        is_timely && is_in(case)
    })
}

impl Insight {
    fn selected(&self, traces: &Traces, ask: &Ask) -> Result<Flat> {
        let midnight = |day: Day| self.ground.hours.midnight(day);
        let (log, flat) = (&traces.own.log, &traces.flat);
        let Some((name, value)) = ask.dimension.as_deref().zip(ask.value.as_deref()) else {
            return Ok(in_days(log, flat, ask, &midnight, |_| true));
        };
        let wrong = || Error::invalid("kpi.no_such_dimension", name);
        if let Some(attribute) = Attribute::named(name) {
            if !self.attributes(&ask.case, traces).iter().any(|known| known == name) {
                return Err(wrong());
            }
            let has = |case| self.values_of(&ask.case, traces, attribute, case).contains(&value);
            return Ok(in_days(log, flat, ask, &midnight, has));
        }
        let table = self.cases.table(&ask.case).ok_or_else(wrong)?;
        let column = table.slice(name).ok_or_else(wrong)?;
        let word = table.words.find(value);
        Ok(in_days(log, flat, ask, &midnight, |case| {
            let row = table.row(traces.own.cases[flat.cases[case] as usize]);
            row.is_some_and(|row| Some(column[row]) == word)
        }))
    }

    fn look<T>(&self, ask: &Ask, of: impl FnOnce(&Subject<'_>) -> T) -> Result<T> {
        let traces = self.traces(&ask.case)?;
        let selected;
        // Everything is what is there: no copy of it is made for each move of a slider.
        let flat = if ask.is_all() {
            &traces.flat
        } else {
            selected = self.selected(traces, ask)?;
            &selected
        };
        Ok(of(&self.subject(traces, flat, ask)))
    }

    fn subject<'s>(&'s self, traces: &'s Traces, flat: &'s Flat, ask: &'s Ask) -> Subject<'s> {
        Subject {
            case: &ask.case,
            log: &traces.own.log,
            flat,
            working: Box::new(|from, to| self.ground.hours.working(from, to)),
            id: Box::new(|object| traces.own.cases[object as usize]),
            number: Box::new(|id| self.number(&ask.case, id)),
            dimensions: self.dimensions(&ask.case, ask.people),
            attributes: self.attributes(&ask.case, traces),
            values: self.values(traces, ask),
            seq: self.seq(),
        }
    }

    /// The map. Errors: `log.no_such_type`, `kpi.no_such_dimension`.
    pub fn map(&self, ask: &Ask) -> Result<Json> {
        self.look(ask, |subject| subject.map(ask))
    }

    /// Two parts beside each other. Errors: `log.no_such_type`, `kpi.no_such_dimension`.
    pub fn beside(&self, ask: &Ask, other: &Ask) -> Result<Json> {
        let traces = self.traces(&ask.case)?;
        let (one, two) = (self.selected(traces, ask)?, self.selected(traces, other)?);
        let (one, two) = (self.subject(traces, &one, ask), self.subject(traces, &two, other));
        Ok(one.beside(&two, ask))
    }

    /// People, departments, hand-overs. Errors: `log.no_such_type`, `kpi.no_such_dimension`.
    pub fn people(&self, ask: &Ask) -> Result<Json> {
        let masters = &self.ground.masters;
        let users = masters.ids("user").iter();
        let by_login: FxHashMap<&str, i64> =
            users.map(|id| (masters.text("user", "login", *id), *id)).collect();
        let roles = masters.by("user_role", "user_id");
        let role = |of: &i64| {
            let role = masters.number("user_role", "role", *of).unwrap_or(0);
            match masters.text("role", "name", role) {
                "" => masters.text("role", "code", role).to_owned(),
                name => name.to_owned(),
            }
        };
        let who = |login: &str| {
            let Some(user) = by_login.get(login) else {
                let is_program = login == PROGRAM_NAME;
                return Who { name: login.to_owned(), is_program, ..Who::default() };
            };
            let department = masters.number("user", "department", *user).unwrap_or(0);
            let mut roles: Vec<String> = roles.get(user).into_iter().flatten().map(role).collect();
            roles.sort();
            Who {
                name: masters.text("user", "name", *user).to_owned(),
                department: masters.text("department", "name", department).to_owned(),
                roles,
                is_program: false,
            }
        };
        self.look(ask, |subject| subject.people(&who))
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

    fn values(&self, traces: &Traces, ask: &Ask) -> Vec<String> {
        if let Some(attribute) = ask.dimension.as_deref().and_then(Attribute::named) {
            let of = |at| self.values_of(&ask.case, traces, attribute, at);
            return told((0..traces.flat.len()).map(of));
        }
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
