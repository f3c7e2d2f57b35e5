//! The process and the KPIs over HTTP: what `process` measures, for whoever may see all of it.
//!
//! One view of the company is kept in memory and brought up to date when it is asked for, at most
//! every few seconds. Nothing here writes a row.
use crate::ask::{Answer, Ask};
use crate::logs;
use crate::state::State;
use access::Session;
use flows::scorecards::Bands;
use kernel::{Ctx, Day, Error, Instant, Qty, Result, ScopeKind};
use process::cases::specs::PERSON;
use process::insight::{FiguresAsk, Insight, MapAsk, RowsAsk, Target};
use process::kpi::{Catalogue, Grain, Period};
use serde_json::Value as Json;
use std::path::PathBuf;
use std::sync::{PoisonError, RwLock};

/// The permission to look at the process, and at the figures.
pub(crate) const READ_PROCESS: &str = "process.process.read";
pub(crate) const READ_KPI: &str = "process.kpi.read";
/// Names of people beside what they did.
const READ_PEOPLE: &str = "process.people.read";

/// So long a view is told without looking for new facts.
const FRESH: i64 = 5_000_000;
/// Periods that may be asked for at once.
const PERIODS: usize = 60;

/// The view of the company, once it was asked for.
pub(crate) struct View {
    columns: PathBuf,
    kept: RwLock<Option<(Insight, Instant)>>,
}

impl View {
    pub(crate) const fn new(columns: PathBuf) -> Self {
        Self { columns, kept: RwLock::new(None) }
    }
}

/// Asks the view, brought up to date where it is older than a few seconds.
fn with(state: &State, now: Instant, job: impl FnOnce(&Insight) -> Result<Json>) -> Result<Answer> {
    let cx = state.system();
    let view = &state.view;
    let is_fresh = |at: Instant| now.0 - at.0 < FRESH;
    {
        let kept = view.kept.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((insight, at)) = kept.as_ref()
            && is_fresh(*at)
        {
            return job(insight).map(|body| Answer::json(200, &body));
        }
    }
    let mut kept = view.kept.write().unwrap_or_else(PoisonError::into_inner);
    let (store, entities) = (&state.set.store, &state.set.catalog.entities);
    match kept.as_mut() {
        None => *kept = Some((Insight::open(&view.columns, store, &cx, entities)?, now)),
        Some((insight, at)) if !is_fresh(*at) => {
            insight.refresh(store, &cx, entities)?;
            *at = now;
        }
        Some(_) => {}
    }
    let insight = kept.as_ref().map(|(insight, _)| insight);
    let insight = insight.ok_or_else(|| Error::bug("bug.internal", "a view"))?;
    job(insight).map(|body| Answer::json(200, &body))
}

/// Figures of the whole company belong to nobody in particular: a grant must reach all of it.
fn needs_all(cx: &Ctx, permission: &str) -> Result<()> {
    match cx.reach(permission) {
        Some(ScopeKind::All) => Ok(()),
        _ => Err(Error::forbidden("access.forbidden", permission)),
    }
}

fn day(ask: &Ask, name: &'static str) -> Result<Option<Day>> {
    match ask.asked(name).filter(|text| !text.is_empty()) {
        Some(text) => Day::parse(text).map(Some).map_err(|e| e.with("field", name)),
        None => Ok(None),
    }
}

fn text(ask: &Ask, name: &str) -> Option<String> {
    ask.asked(name).filter(|t| !t.is_empty()).map(str::to_owned)
}

/// Whether people may be told as a dimension; an error where one is asked for and they may not.
fn people(cx: &Ctx, ask: &Ask) -> Result<bool> {
    let may = cx.reach(READ_PEOPLE) == Some(ScopeKind::All);
    let is_person = |of: &str| of == PERSON || of.starts_with("person.");
    if !may && ask.asked("dimension").is_some_and(is_person) {
        return Err(Error::forbidden("access.forbidden", READ_PEOPLE));
    }
    Ok(may)
}

fn figures(state: &State, cx: &Ctx, ask: &Ask) -> Result<FiguresAsk> {
    let grain = Grain::named(ask.asked("grain").unwrap_or("month"))?;
    let count = match ask.asked("count") {
        None => 13,
        Some(text) => {
            text.parse().ok().filter(|n| (1..=PERIODS).contains(n)).ok_or_else(|| {
                Error::invalid("kpi.too_many_periods", text).with("limit", PERIODS)
            })?
        }
    };
    // With a dimension, an empty value asks for the cases that have none.
    let value = ask.asked("value").map(str::to_owned);
    let people = people(cx, ask)?;
    let dimension = text(ask, "dimension");
    Ok(FiguresAsk { grain, count, dimension, value, people, targets: targets(state)? })
}

/// What this company set itself: figures are everybody's, and so are their targets.
fn targets(state: &State) -> Result<Vec<Target>> {
    // A house that declares no targets has none.
    if !state.set.catalog.entities.iter().any(|e| e.name == "kpi_target") {
        return Ok(Vec::new());
    }
    let set = state.set.store.read(&state.system(), |_, tx| flows::targets::all(tx))?;
    let catalogue = Catalogue::ours()?;
    let target = |set: flows::targets::KpiTarget| {
        let unit = &catalogue.get(&set.kpi).ok()?.unit;
        // A figure is a statistic; money is told in minor units.
        let value =
            set.target.0 as f64 / Qty::SCALE as f64 * if unit == "money" { 100.0 } else { 1.0 };
        Some(Target { id: set.id.raw(), kpi: set.kpi, value, owner: set.owner })
    };
    Ok(set.into_iter().filter_map(target).collect())
}

/// Tells whoever answers for a figure that its last whole week missed the target, or is news.
///
/// Errors: those of the store.
pub fn look_at_targets(state: &State) -> Result<()> {
    let (targets, now) = (targets(state)?, state.now());
    if targets.is_empty() {
        return Ok(());
    }
    let mut missed = Vec::new();
    with(state, now, |insight| {
        for target in &targets {
            missed.extend(insight.missed(target, now.0)?.map(|what| (target.id, what)));
        }
        Ok(Json::Null)
    })?;
    for (id, what) in missed {
        let id = kernel::Id::from_raw(id);
        state.set.store.run(&state.system(), |cx, tx| flows::targets::miss(cx, tx, id, &what))?;
    }
    Ok(())
}

/// Sends every scorecard that is due to its reader.
///
/// Errors: those of the store.
pub fn send_scorecards(state: &State) -> Result<()> {
    if !state.set.catalog.entities.iter().any(|e| e.name == "scorecard") {
        return Ok(());
    }
    let (cx, now) = (state.system(), state.now());
    let cards = state.set.store.read(&cx, |_, tx| flows::scorecards::active(tx))?;
    let due: Vec<_> = cards.iter().filter_map(|c| Some((c, c.due(&cx.zone, now)?))).collect();
    if due.is_empty() {
        return Ok(());
    }
    let targets = targets(state)?;
    let mut told = Vec::new();
    with(state, now, |insight| {
        for (card, day) in &due {
            let board = Some(card.board.name()).filter(|board| *board != "all");
            let [red, amber, green] =
                insight.bands(board, Grain::named(card.every.name())?, &targets, now.0)?;
            told.push((card.id, *day, Bands { red, amber, green }));
        }
        Ok(Json::Null)
    })?;
    for (id, day, bands) in told {
        let cx = state.system();
        state.set.store.run(&cx, |cx, tx| flows::scorecards::send(cx, tx, id, day, bands))?;
    }
    Ok(())
}

/// `GET /api/v1/kpis?grain=&count=&dimension=&value=`
pub(crate) fn board(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    needs_all(&session.cx, READ_KPI)?;
    let wanted = figures(state, &session.cx, ask)?;
    with(state, ask.now, |insight| insight.board(&wanted, ask.now.0))
}

fn id(ask: &Ask) -> &str {
    ask.params.first().map_or("", String::as_str)
}

/// `GET /api/v1/kpis/{id}?grain=&count=&dimension=`: whole, and by the values of a dimension.
pub(crate) fn kpi(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    needs_all(&session.cx, READ_KPI)?;
    let wanted = figures(state, &session.cx, ask)?;
    with(state, ask.now, |insight| insight.kpi(id(ask), &wanted, ask.now.0))
}

/// `GET /api/v1/kpis/{id}/cases?from=&until=&dimension=&value=`: what is behind a figure.
pub(crate) fn kpi_cases(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    needs_all(&session.cx, READ_KPI)?;
    people(&session.cx, ask)?;
    let missing = |name: &'static str| move || Error::invalid("day.invalid", name);
    let from = day(ask, "from")?.ok_or_else(missing("from"))?;
    let until = day(ask, "until")?.ok_or_else(missing("until"))?;
    let (dimension, value) = (text(ask, "dimension"), ask.asked("value").map(str::to_owned));
    let wanted = RowsAsk { period: Period { from, until }, dimension, value };
    with(state, ask.now, |insight| insight.kpi_rows(id(ask), &wanted, ask.now.0))
}

fn part(cx: &Ctx, ask: &Ask) -> Result<MapAsk> {
    let share = |name: &str, usual: f64| {
        ask.asked(name).and_then(|t| t.parse::<f64>().ok()).map_or(usual, |v| v.clamp(0.0, 1.0))
    };
    let step = text(ask, "step").map(|a| (a, text(ask, "next").unwrap_or_default()));
    Ok(MapAsk {
        case: text(ask, "case").unwrap_or_else(|| "order".to_owned()),
        activities: share("activities", 0.5),
        paths: share("paths", 0.1),
        from: day(ask, "from")?,
        until: day(ask, "until")?,
        dimension: text(ask, "dimension"),
        value: ask.asked("value").map(str::to_owned),
        step,
        variant: ask.asked("variant").and_then(|t| t.parse().ok()),
        people: people(cx, ask)?,
    })
}

/// `GET /api/v1/process/map?case=&activities=&paths=&from=&until=&dimension=&value=`; `log=`
/// looks at another system's log instead, as the four below do. A dimension is one of ours, or one
/// of the answer's `attributes`.
pub(crate) fn map(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    needs_all(&session.cx, READ_PROCESS)?;
    let wanted = part(&session.cx, ask)?;
    match ask.asked("log") {
        Some(id) => logs::look(state, id, |log| log.map(&wanted)),
        None => with(state, ask.now, |insight| insight.map(&wanted)),
    }
}

/// `GET /api/v1/process/compare?…&also_from=&also_until=&also_value=`: the same part beside
/// another period, another value of the dimension, or both.
pub(crate) fn compare(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    needs_all(&session.cx, READ_PROCESS)?;
    let wanted = part(&session.cx, ask)?;
    let value = ask.asked("also_value").map(str::to_owned);
    let other = MapAsk {
        from: day(ask, "also_from")?,
        until: day(ask, "also_until")?,
        value: value.or_else(|| wanted.value.clone()),
        ..wanted.clone()
    };
    match ask.asked("log") {
        Some(id) => logs::look(state, id, |log| log.beside(&wanted, &other)),
        None => with(state, ask.now, |insight| insight.beside(&wanted, &other)),
    }
}

/// `GET /api/v1/process/people`, of the same part of the process: people, departments, hand-overs.
pub(crate) fn organisation(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    needs_all(&session.cx, READ_PROCESS)?;
    needs_all(&session.cx, READ_PEOPLE)?;
    let wanted = part(&session.cx, ask)?;
    match ask.asked("log") {
        Some(id) => logs::look(state, id, |log| log.people(&wanted)),
        None => with(state, ask.now, |insight| insight.people(&wanted)),
    }
}

/// `GET /api/v1/process/variants`, of the same part of the process.
pub(crate) fn variants(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    needs_all(&session.cx, READ_PROCESS)?;
    let wanted = part(&session.cx, ask)?;
    match ask.asked("log") {
        Some(id) => logs::look(state, id, |log| log.variants(&wanted)),
        None => with(state, ask.now, |insight| insight.variants(&wanted)),
    }
}

/// `GET /api/v1/process/cases?step=&next=&variant=`: longest first.
pub(crate) fn cases(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    needs_all(&session.cx, READ_PROCESS)?;
    let wanted = part(&session.cx, ask)?;
    match ask.asked("log") {
        Some(id) => logs::look(state, id, |log| log.cases(&wanted)),
        None => with(state, ask.now, |insight| insight.cases(&wanted)),
    }
}

/// `GET /api/v1/process/findings`: what loses time, ranked by money × days.
pub(crate) fn findings(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    needs_all(&session.cx, READ_PROCESS)?;
    let with_people = people(&session.cx, ask)?;
    with(state, ask.now, |insight| Ok(insight.findings(with_people)))
}

/// `GET /api/v1/process/faults`: faults and wastes with their cases, and how far decisions are.
pub(crate) fn faults(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    needs_all(&session.cx, READ_PROCESS)?;
    with(state, ask.now, |insight| Ok(insight.faults()))
}
