//! `huiliu bench`: measures this program on this machine, beside the raw limit of its engine.
mod fill;
mod flow;
mod ground;

use crate::cli;
use kernel::Result;
use std::process::ExitCode;

/// Runs a suite.
pub(crate) fn run(at: &cli::Place, bench: &cli::Bench) -> Result<ExitCode> {
    match bench.suite.as_str() {
        "fill" => fill::run(at, bench.orders.unwrap_or(10_000), bench.json),
        _ => flow::run(at, bench),
    }
}
