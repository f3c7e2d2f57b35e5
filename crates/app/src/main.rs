//! The binary `huiliu`: the only place that reads the clock, the environment and the dice.
#![deny(clippy::print_stdout)]

#[macro_use]
mod outside;
mod bench;
mod cli;
mod help;
mod place;
mod verbs;

use clap::{CommandFactory, FromArgMatches};
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let matches = help::speak(cli::Cli::command()).get_matches();
    let cli = match cli::Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => error.exit(),
    };
    match verbs::run(&cli) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{}", meta::words::error(outside::lang(), &error));
            eprintln!("({})", error.code);
            cli::exit_code(&error)
        }
    }
}
