//! `huiliu bench`: measures this program on this machine, beside the raw limit of its engine.
mod fill;
mod flow;
mod ground;
mod growth;
mod hooks;
mod import;
mod kill;
mod own;
mod pair;
mod plants;
mod process;
mod random;
mod reads;
mod restore;

use crate::cli;
use kernel::Result;
use std::process::ExitCode;

/// Runs a suite.
pub(crate) fn run(at: &cli::Place, bench: &cli::Bench) -> Result<ExitCode> {
    match bench.suite.as_str() {
        "acks" => kill::acknowledge(at, bench.clients.unwrap_or(32)),
        "random" => random::run(at, bench),
        "kill" => kill::run(at, bench),
        "hooks" => hooks::run(at, bench),
        "hookacks" => hooks::acknowledge(at, bench.clients.unwrap_or(4)),
        "import" => import::run(at, bench),
        "restore" => restore::run(at, bench),
        "found" => restore::found(at),
        "fill" => fill::run(at, bench.orders.unwrap_or(10_000), bench.json),
        "growth" => growth::run(at, bench),
        "pair" => pair::run(at, bench),
        "startup" => growth::startup(at),
        "memory" => growth::memory(at),
        "warm" => own::warm(at),
        "figures" => own::figures(at),
        "lists" | "search" | "customer" => reads::run(at, bench),
        "process" => process::run(at, bench),
        "plants" => plants::run(at, bench),
        "own" => own::run(at, bench),
        _ => flow::run(at, bench),
    }
}
