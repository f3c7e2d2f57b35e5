//! KPIs as JSON: the board, one KPI in slices, the cases behind a cell, the goals.
use super::Insight;
use crate::kpi::catalogue::Agg;
use crate::kpi::engine::{Band, Empty, Slice};
use crate::kpi::signal;
use crate::kpi::{Cell, Engine, Grain, Kpi, Period};
use kernel::{Day, Result};
use serde_json::{Value as Json, json};

/// What figures are asked for.
#[derive(Clone, Debug)]
pub struct Ask {
    pub grain: Grain,
    pub count: usize,
    pub dimension: Option<String>,
    pub value: Option<String>,
    /// Whether people may be told as a dimension.
    pub people: bool,
    /// What this company set itself, instead of the catalogue's targets.
    pub targets: Vec<Target>,
}

/// What a figure ought to be in this company, in its unit; money in minor units.
#[derive(Clone, PartialEq, Debug)]
pub struct Target {
    pub id: i64,
    pub kpi: String,
    pub value: f64,
    /// The user who answers for it.
    pub owner: i64,
}

/// Which cell's cases are asked for.
#[derive(Clone, Debug)]
pub struct RowsAsk {
    pub period: Period,
    pub dimension: Option<String>,
    pub value: Option<String>,
}

/// Cases of a cell that are listed.
const LISTED: usize = 200;
/// Slices of a dimension that are told.
const SLICES: usize = 24;
/// Months of a goal's baseline and of what it is compared with.
const GOAL_MONTHS: i64 = 3;

impl Insight {
    /// All KPIs for the last periods.
    ///
    /// Errors: `kpi.no_such_dimension`.
    pub fn board(&self, ask: &Ask, now: i64) -> Result<Json> {
        let (engine, today) = (self.engine(now), self.hours().day(now));
        let periods = Period::last(ask.grain, today, ask.count);
        let mut all = Vec::new();
        for kpi in &self.catalogue.kpis {
            all.push(self.one(&engine, kpi, &periods, slice(ask), (today, ask))?);
        }
        let missing = self.catalogue.missing.iter().map(
            |m| json!({ "id": m.id, "zh": m.zh, "en": m.en, "group": m.group, "needs": m.needs }),
        );
        Ok(json!({
            "version": self.catalogue.version,
            "seq": self.seq(),
            "kpis": all,
            "missing": missing.collect::<Vec<_>>(),
            "goals": self.goals(&engine, today)?,
        }))
    }

    /// Whether the last whole week of a figure missed its target (`red`) or is news (a signal),
    /// with its Monday; nothing where all is well or nothing can be said.
    ///
    /// Errors: `kpi.not_found`.
    pub fn missed(&self, target: &Target, now: i64) -> Result<Option<String>> {
        let (engine, today) = (self.engine(now), self.hours().day(now));
        let kpi = Kpi { target: Some(target.value), ..self.catalogue.get(&target.kpi)?.clone() };
        let week = Period::last(Grain::Week, today, 2)[0];
        let cell = engine.cells(&kpi, &[week], None)?[0];
        let is_red = cell.is_ripe && cell.value.and_then(|v| Band::of(&kpi, v)) == Some(Band::Red);
        let what = if is_red { Some("red") } else { engine.signal(&kpi, today)? };
        Ok(what.map(|what| format!("{what}:{}", week.from)))
    }

    /// How many figures of a board (a goal, or all) are red, amber and green in the last whole
    /// period; those without a target, or that are not ripe yet, are none of them.
    ///
    /// Errors: those of the engine.
    pub fn bands(
        &self,
        board: Option<&str>,
        grain: Grain,
        targets: &[Target],
        now: i64,
    ) -> Result<[usize; 3]> {
        let (engine, today) = (self.engine(now), self.hours().day(now));
        let last = Period::last(grain, today, 2)[0];
        let mut counts = [0; 3];
        for kpi in self.catalogue.kpis.iter().filter(|k| board.is_none_or(|goal| k.goal == goal)) {
            let set = targets.iter().find(|t| t.kpi == kpi.id).map(|set| set.value);
            let kpi = Kpi { target: set.or(kpi.target), ..kpi.clone() };
            let cell = engine.cells(&kpi, &[last], None)?[0];
            match cell.value.filter(|_| cell.is_ripe).and_then(|v| Band::of(&kpi, v)) {
                Some(Band::Red) => counts[0] += 1,
                Some(Band::Amber) => counts[1] += 1,
                Some(Band::Green) => counts[2] += 1,
                None => {}
            }
        }
        Ok(counts)
    }

    /// One KPI for the last periods, whole and by the values of a dimension.
    ///
    /// Errors: `kpi.not_found`, `kpi.no_such_dimension`.
    pub fn kpi(&self, id: &str, ask: &Ask, now: i64) -> Result<Json> {
        let (engine, today) = (self.engine(now), self.hours().day(now));
        let kpi = self.catalogue.get(id)?;
        let periods = Period::last(ask.grain, today, ask.count);
        let mut told = self.one(&engine, kpi, &periods, None, (today, ask))?;
        let mut slices = Vec::new();
        if let Some(dimension) = &ask.dimension {
            for value in engine.values(kpi, dimension).iter().take(SLICES) {
                let cells = engine.cells(kpi, &periods, Some((dimension, value)))?;
                let cells: Vec<Json> = cells.iter().map(|c| self.cell(kpi, c)).collect();
                slices.push(json!({ "value": value, "cells": cells }));
            }
        }
        told["slices"] = json!(slices);
        told["chart"] = self.chart(&engine, kpi, &periods)?;
        told["formula"] = json!(kpi.formula);
        Ok(told)
    }

    /// The periods that are ripe as a control chart; null where there are too few of them.
    fn chart(&self, engine: &Engine<'_>, kpi: &Kpi, periods: &[Period]) -> Result<Json> {
        let cells = engine.cells(kpi, periods, None)?;
        let ripe: Vec<(Period, f64)> =
            cells.iter().filter(|c| c.is_ripe).filter_map(|c| Some((c.period, c.value?))).collect();
        let values: Vec<f64> = ripe.iter().map(|(_, value)| *value).collect();
        let Some(chart) = signal::chart(&values) else { return Ok(Json::Null) };
        let mut points = Vec::new();
        for ((period, value), mark) in ripe.iter().zip(&chart.marks) {
            let (from, value) = (period.from.to_string(), figure(kpi, *value));
            points.push(json!({ "from": from, "value": value, "mark": mark }));
        }
        let limits = chart.limits;
        Ok(json!({
            "centre": figure(kpi, limits.centre),
            "low": figure(kpi, limits.low),
            "high": figure(kpi, limits.high),
            "points": points,
        }))
    }

    /// The cases behind one cell, largest value first.
    ///
    /// Errors: `kpi.not_found`, `kpi.no_such_dimension`.
    pub fn kpi_rows(&self, id: &str, ask: &RowsAsk, now: i64) -> Result<Json> {
        let (engine, kpi) = (self.engine(now), self.catalogue.get(id)?);
        let slice = ask.dimension.as_deref().zip(ask.value.as_deref());
        let rows = engine.rows(kpi, ask.period, slice)?;
        let row = |(id, value): &(i64, f64)| {
            let mut row = self.listed(&kpi.table, *id);
            row["value"] = json!(round(*value));
            row
        };
        let shown: Vec<Json> = rows.iter().take(LISTED).map(row).collect();
        // Behind a figure of receivables stands what is open, in whole minor units as all money.
        let unit = if kpi.agg == Agg::Receivables { "money" } else { kpi.unit.as_str() };
        Ok(json!({ "kind": kpi.table, "unit": unit, "count": rows.len(), "rows": shown }))
    }

    fn one(
        &self,
        engine: &Engine<'_>,
        kpi: &Kpi,
        periods: &[Period],
        slice: Slice<'_>,
        (today, ask): (Day, &Ask),
    ) -> Result<Json> {
        let set = ask.targets.iter().find(|t| t.kpi == kpi.id);
        let own = set.map(|set| Kpi { target: Some(set.value), ..kpi.clone() });
        let kpi = own.as_ref().unwrap_or(kpi);
        let name = |user: i64| self.ground.masters.text("user", "name", user);
        let owner = |set: &Target| ask.people.then(|| name(set.owner));
        // A KPI whose cases do not know the dimension is told whole.
        let cells = match engine.cells(kpi, periods, slice) {
            Err(e) if e.code == "kpi.no_such_dimension" => engine.cells(kpi, periods, None)?,
            other => other?,
        };
        let dimensions = self.dimensions(&kpi.table, ask.people);
        let latest = cells.iter().rev().find(|c| c.is_ripe && c.value.is_some());
        let band = latest.and_then(|c| Band::of(kpi, c.value?)).map(Band::name);
        Ok(json!({
            "id": kpi.id, "zh": kpi.zh, "en": kpi.en, "group": kpi.group, "unit": kpi.unit,
            "direction": kpi.direction, "owner": kpi.owner, "goal": kpi.goal,
            "target": kpi.target, "guard": kpi.guard, "kind": kpi.table,
            "set": set.map(|set| json!({ "id": set.id.to_string(), "owner": owner(set) })),
            "dimensions": dimensions,
            "band": band,
            "signal": if slice.is_none() { engine.signal(kpi, today)? } else { None },
            "cells": cells.iter().map(|c| self.cell(kpi, c)).collect::<Vec<_>>(),
        }))
    }

    fn cell(&self, kpi: &Kpi, cell: &Cell) -> Json {
        let empty = cell.empty.map(|why| match why {
            Empty::Few => "few",
            Empty::Nothing => "nothing",
        });
        let value = cell.value.map(|v| figure(kpi, v));
        json!({
            "from": cell.period.from.to_string(), "until": cell.period.until.to_string(),
            "value": value, "p90": cell.p90.map(round), "n": cell.n, "empty": empty,
            "ripe": cell.is_ripe,
        })
    }

    /// What the seeds report as results, against this company's first and last months.
    fn goals(&self, engine: &Engine<'_>, today: Day) -> Result<Vec<Json>> {
        let mut all = Vec::new();
        let month = today.first_of_month();
        let last = Period { from: month.plus_months(-GOAL_MONTHS), until: month };
        let facts = self.ground.facts();
        let first = facts.at.iter().min().map_or(month, |at| self.hours().day(*at));
        let begin = first.first_of_month().plus_months(1);
        let base = Period { from: begin, until: begin.plus_months(GOAL_MONTHS) };
        for goal in &self.catalogue.goals {
            let mut told = json!({
                "kpi": goal.kpi, "zh": goal.zh, "en": goal.en,
                "change": goal.change, "wanted": goal.value,
            });
            if let Ok(kpi) = self.catalogue.get(&goal.kpi) {
                let cells = engine.cells(kpi, &[base, last], None)?;
                let (before, now) = (cells[0].value, cells[1].value);
                let is_apart = base.until <= last.from;
                let moved = before.zip(now).filter(|(b, _)| is_apart && *b != 0.0);
                let moved = moved.map(|(b, n)| (n - b) * 100.0 / b);
                told["before"] = json!(before.map(round));
                told["now"] = json!(now.map(round));
                told["moved"] = json!(moved.map(round));
                told["unit"] = json!(kpi.unit);
                told["direction"] = json!(kpi.direction);
                told["reached"] = json!(reached(goal.change, goal.value, kpi, moved, now));
            }
            all.push(told);
        }
        Ok(all)
    }
}

/// Whether a goal is met; `None` where nothing can be said yet.
fn reached(
    change: Option<f64>,
    value: Option<f64>,
    kpi: &Kpi,
    moved: Option<f64>,
    now: Option<f64>,
) -> Option<bool> {
    if let Some(wanted) = value {
        let now = now?;
        return Some(if kpi.direction == "up" { now >= wanted } else { now <= wanted });
    }
    let (wanted, moved) = (change?, moved?);
    Some(if wanted < 0.0 { moved <= wanted } else { moved >= wanted })
}

/// A figure as it goes out: money in whole minor units.
fn figure(kpi: &Kpi, value: f64) -> Json {
    if kpi.unit == "money" { json!((value as i64).to_string()) } else { json!(round(value)) }
}

fn slice(ask: &Ask) -> Slice<'_> {
    ask.dimension.as_deref().zip(ask.value.as_deref())
}

/// Four decimals: enough for people, and the same text everywhere.
fn round(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}
