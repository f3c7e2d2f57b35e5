//! What each verb of the command line does.
mod audit;
mod check;
mod crew;
mod demo;
mod export;
mod import;
mod keep;
mod keep_pg;
mod kpi;
mod migrate;
pub(crate) mod mine;
mod reindex;
mod serve;
pub(crate) mod sign_in;
mod tenant;

use crate::cli::{Cli, Verb};
use kernel::Result;
use std::process::ExitCode;

/// Runs the verb.
pub(crate) fn run(cli: &Cli) -> Result<ExitCode> {
    match &cli.verb {
        Verb::Serve(serve) => serve::run(&cli.place, serve, None),
        Verb::SignIn(sign_in) => sign_in::run(&cli.place, sign_in),
        Verb::Tenant(ask) => tenant::run(&cli.place, ask),
        Verb::Migrate(ask) => migrate::run(&cli.place, ask),
        Verb::Audit(ask) => audit::run(&cli.place, ask),
        Verb::Backup(ask) => keep::backup(&cli.place, ask),
        Verb::Restore(ask) => keep::restore(&cli.place, ask),
        Verb::Check(json) => check::run(&cli.place, json.json),
        Verb::Bench(bench) => crate::bench::run(&cli.place, bench),
        Verb::Demo(demo) => demo::run(&cli.place, demo),
        Verb::Import(import) => import::run(&cli.place, import),
        Verb::Mine(mine) => mine::run(&cli.place, mine),
        Verb::Kpi(kpi) => kpi::run(&cli.place, kpi),
        Verb::Reindex(json) => reindex::run(&cli.place, json.json),
        Verb::Export(export) => export::run(&cli.place, export),
    }
}
