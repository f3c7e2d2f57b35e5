//! `huiliu bench pair`: what a flow costs in a grown company, and in a small one beside it.
//!
//! Minutes lie between two sizes of one company that grows, and a machine is not the same after
//! minutes: here both are measured in turns, and the middle of the turns is what counts.
use crate::bench::growth::number;
use crate::bench::{fill, flow, ground};
use crate::{cli, place};
use kernel::{Error, Result};
use serde_json::{Value, json};
use std::process::ExitCode;
use std::sync::Arc;
use store::sql;

/// Turns of each of the two.
const TURNS: usize = 25;
/// Flows of one turn.
const FLOWS: usize = 40;

/// The middles of all turns: milliseconds.
pub(crate) struct Pair {
    small: Middle,
    grown: Middle,
    /// Orders of the grown company.
    orders: f64,
}

struct Middle {
    cpu_ms: f64,
    wall_ms: f64,
}

/// Measures the data folder's company beside a fresh one of 10,000 orders.
///
/// Errors: `bench.empty`.
pub(crate) fn run(at: &cli::Place, bench: &cli::Bench) -> Result<ExitCode> {
    let pair = measure(at)?;
    if bench.json {
        outln!("{}", pair.json());
    } else {
        outln!("{}", pair.line());
    }
    Ok(ExitCode::SUCCESS)
}

fn measure(at: &cli::Place) -> Result<Pair> {
    let place = place::open(at)?;
    let known = place.store.read(&place.system(), |_, tx| access::questions::first_company(tx))?;
    let company = known.ok_or_else(|| Error::conflict("bench.empty", at.data.display()))?;
    let ground = ground::again(&place.store, place.tenant, company.id.raw())?;
    let grown = (Arc::clone(&place.store), Arc::new(ground));
    let ([beside], _cleanup) = flow::places(at, at.database.as_deref(), ["beside"])?;
    let small = flow::founded(&beside)?;
    fill::carry(&small.0, place::FIRST, &small.1, 0..fill::LIVE)?;

    let mut turns: [Vec<flow::Cost>; 2] = [Vec::new(), Vec::new()];
    for turn in 0..=TURNS {
        let flows = turn * FLOWS..(turn + 1) * FLOWS;
        // Who comes first changes: what one leaves behind for the other to pay comes out even.
        let order = if turn % 2 == 0 { [0, 1] } else { [1, 0] };
        for which in order {
            let (store, ground) = if which == 0 { &small } else { &grown };
            let cost = flow::cost(store, ground, flows.clone())?;
            // The first turn fills the caches.
            if turn > 0 {
                turns[which].push(cost);
            }
        }
    }
    let count = sql!("SELECT COUNT(*) FROM sales_order WHERE tenant_id = $1");
    let orders = place.store.read(&place.system(), |_, tx| tx.value::<i64>(count, &[]))?;
    let [small, grown] = turns.map(|turns| Middle::of(&turns));
    Ok(Pair { small, grown, orders: orders.unwrap_or(0) as f64 })
}

impl Middle {
    fn of(turns: &[flow::Cost]) -> Self {
        let middle = |of: fn(&flow::Cost) -> f64| {
            let mut all: Vec<f64> = turns.iter().map(of).collect();
            all.sort_unstable_by(f64::total_cmp);
            all.get(all.len() / 2).copied().unwrap_or(0.0)
        };
        Self { cpu_ms: middle(|c| c.cpu_ms), wall_ms: middle(|c| c.wall_ms) }
    }
}

impl Pair {
    /// What a process of its own printed.
    pub(crate) fn of(said: &Value) -> Result<Self> {
        let middle = |of: &Value| -> Result<Middle> {
            Ok(Middle { cpu_ms: number(of, "cpu_ms")?, wall_ms: number(of, "wall_ms")? })
        };
        let (small, grown) = (middle(&said["small"])?, middle(&said["grown"])?);
        Ok(Self { small, grown, orders: number(said, "orders")? })
    }
    /// How much more a flow costs in the grown one: of the process's time, and of the clock's.
    fn growth(&self) -> (f64, f64) {
        let more = |small: f64, grown: f64| (grown / small - 1.0) * 100.0;
        (more(self.small.cpu_ms, self.grown.cpu_ms), more(self.small.wall_ms, self.grown.wall_ms))
    }
    pub(crate) fn json(&self) -> Value {
        let middle = |of: &Middle| json!({ "cpu_ms": of.cpu_ms, "wall_ms": of.wall_ms });
        let (cpu, wall) = self.growth();
        json!({ "suite": "pair", "orders": self.orders, "small": middle(&self.small),
            "grown": middle(&self.grown), "cpu_growth_percent": cpu, "wall_growth_percent": wall })
    }
    pub(crate) fn line(&self) -> String {
        let (cpu, wall) = self.growth();
        format!(
            "a flow at {} orders beside {}: CPU {:.2} ms beside {:.2} ({cpu:+.1} %), clock {:.2} \
             ms beside {:.2} ({wall:+.1} %)",
            self.orders,
            fill::LIVE,
            self.grown.cpu_ms,
            self.small.cpu_ms,
            self.grown.wall_ms,
            self.small.wall_ms
        )
    }
    /// Its part of the page of growth.
    pub(crate) fn section(&self) -> String {
        let (cpu, wall) = self.growth();
        format!(
            "\n## A flow in the grown company and in a small one, in turns\n\nThe middle of \
             {TURNS} turns of {FLOWS} flows of one client in each; on PostgreSQL the server's CPU \
             is not in CPU.\n\n| a flow | {} orders | {} orders | more |\n|---|--:|--:|--:|\n| CPU \
             ms | {:.2} | {:.2} | {cpu:.1} % |\n| clock ms | {:.2} | {:.2} | {wall:.1} % |\n",
            fill::LIVE,
            self.orders,
            self.small.cpu_ms,
            self.grown.cpu_ms,
            self.small.wall_ms,
            self.grown.wall_ms
        )
    }
}
