//! The catalogue of KPIs: `kpi/catalogue.json`, versioned with the program.
use super::expr::Expr;
use kernel::{Error, Result};
use serde_json::Value as Json;

static TEXT: &str = include_str!("../../kpi/catalogue.json");

/// How rows become one figure.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Agg {
    Count,
    /// The whole sum of a column, in its own unit.
    Sum,
    Mean,
    Median,
    /// The share of rows of which the value is true, in per cent.
    Share,
    /// The share of the weight of such rows, in per cent.
    WeightedShare,
    /// A figure of receivables at the end of the period; `value` names it.
    Receivables,
    /// A figure of what stands at a moment: orders in hand, customers; `value` names it.
    Standing,
    /// Cases closed for each working day.
    PerWorkingDay,
}

/// One KPI.
#[derive(Clone, Debug)]
pub struct Kpi {
    pub id: String,
    pub zh: String,
    pub en: String,
    pub group: String,
    pub unit: String,
    /// `up`, `down` or `context`.
    pub direction: String,
    pub owner: String,
    pub goal: String,
    pub target: Option<f64>,
    /// A KPI that must not get worse while this one gets better.
    pub guard: Option<String>,
    pub table: String,
    /// The time that puts a row into a period.
    pub by: String,
    pub agg: Agg,
    pub value: Expr,
    pub filter: Option<Expr>,
    pub weight: Option<String>,
    /// A cohort is ripe so many days after its period.
    pub ripe_after: i64,
    /// Fewer rows than these are no figure.
    pub least: usize,
    /// Only of work that this house did: files of other systems do not tell of it.
    pub ours: bool,
    /// As written, for people.
    pub formula: String,
}

/// A KPI that nothing here can compute yet.
#[derive(Clone, Debug)]
pub struct Missing {
    pub id: String,
    pub zh: String,
    pub en: String,
    pub group: String,
    /// What has to exist first.
    pub needs: String,
}

/// What one of the seeds reports as its result, for the goal board.
#[derive(Clone, Debug)]
pub struct Goal {
    pub kpi: String,
    /// The change wanted, in per cent of the baseline; or the value wanted.
    pub change: Option<f64>,
    pub value: Option<f64>,
    pub zh: String,
    pub en: String,
}

/// All of them.
#[derive(Clone, Debug)]
pub struct Catalogue {
    pub version: i64,
    pub kpis: Vec<Kpi>,
    pub missing: Vec<Missing>,
    pub goals: Vec<Goal>,
}

/// Ratios need five rows and percentiles twenty, unless the catalogue says otherwise.
const RATIO: usize = 5;
const PERCENTILE: usize = 20;

impl Catalogue {
    /// The catalogue of this program. Errors: `kpi.catalogue`, `kpi.formula`.
    pub fn ours() -> Result<Self> {
        Self::parse(TEXT)
    }
    /// Reads a catalogue. Errors: `kpi.catalogue`, `kpi.formula`.
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = |e: serde_json::Error| Error::bug("kpi.catalogue", e);
        let all: Json = serde_json::from_str(text).map_err(wrong)?;
        let list = |name: &str| all[name].as_array().map_or(&[][..], Vec::as_slice);
        let kpis = list("kpis").iter().map(kpi).collect::<Result<_>>()?;
        let missing = list("missing").iter().map(missing).collect();
        let goals = list("goals").iter().map(goal).collect();
        Ok(Self { version: all["version"].as_i64().unwrap_or(0), kpis, missing, goals })
    }
    /// A KPI by id. Error: `kpi.not_found`.
    pub fn get(&self, id: &str) -> Result<&Kpi> {
        let found = self.kpis.iter().find(|k| k.id == id);
        found.ok_or_else(|| Error::not_found("kpi.not_found", id))
    }
}

fn text(of: &Json, name: &str) -> String {
    of[name].as_str().unwrap_or_default().to_owned()
}

fn kpi(of: &Json) -> Result<Kpi> {
    let id = text(of, "id");
    let agg = match of["agg"].as_str().unwrap_or_default() {
        "count" => Agg::Count,
        "sum" => Agg::Sum,
        "mean" => Agg::Mean,
        "median" => Agg::Median,
        "share" => Agg::Share,
        "weighted_share" => Agg::WeightedShare,
        "receivables" => Agg::Receivables,
        "standing" => Agg::Standing,
        "per_working_day" => Agg::PerWorkingDay,
        other => return Err(Error::bug("kpi.catalogue", format!("{id}: {other}"))),
    };
    let written = of["value"].as_str().unwrap_or("1");
    let filter = of["where"].as_str();
    let least = match agg {
        Agg::Median => PERCENTILE,
        Agg::Share | Agg::WeightedShare | Agg::Mean => RATIO,
        _ => 0,
    };
    let (table, by) = (text(of, "table"), text(of, "by"));
    let where_ = filter.map(|f| format!(" where {f}")).unwrap_or_default();
    let ours = of["ours"].as_bool().unwrap_or(false);
    let but = if ours { " without history" } else { "" };
    Ok(Kpi {
        formula: format!("{} {written} of {table}{where_} by {by}{but}", text(of, "agg")),
        zh: text(of, "zh"),
        en: text(of, "en"),
        group: text(of, "group"),
        unit: text(of, "unit"),
        direction: text(of, "direction"),
        owner: text(of, "owner"),
        goal: text(of, "goal"),
        target: of["target"].as_f64(),
        guard: of["guard"].as_str().map(str::to_owned),
        table,
        by,
        agg,
        value: Expr::parse(written)?,
        filter: filter.map(Expr::parse).transpose()?,
        weight: of["weight"].as_str().map(str::to_owned),
        ours,
        ripe_after: of["ripe_after"].as_i64().unwrap_or(0),
        least: of["least"].as_u64().map_or(least, |n| n as usize),
        id,
    })
}

fn missing(of: &Json) -> Missing {
    let text = |name| text(of, name);
    Missing {
        id: text("id"),
        zh: text("zh"),
        en: text("en"),
        group: text("group"),
        needs: text("needs"),
    }
}

fn goal(of: &Json) -> Goal {
    Goal {
        kpi: text(of, "kpi"),
        change: of["change"].as_f64(),
        value: of["value"].as_f64(),
        zh: text(of, "zh"),
        en: text(of, "en"),
    }
}
