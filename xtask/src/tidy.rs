//! `tidy`: what holds in every file of the house and no compiler checks. Each check is a pure
//! function from the files to findings, with its rule held as data.
mod code;
mod doors;
mod house;
mod labels;
mod layers;
mod papers;
mod shape;
mod words;

use house::House;
use std::fmt;
use std::path::Path;
use std::process::ExitCode;

pub(crate) const PURPOSE: &str =
    "checks layers, file shape, doors, messages, labels, facts and papers";

static CHECKS: &[fn(&House, &mut Findings)] = &[
    layers::check,
    shape::check,
    doors::check,
    words::check_errors,
    words::check_languages,
    words::check_facts,
    labels::check_labels,
    papers::check_dependencies,
    papers::check_migrations,
];

/// Reads the house, prints every finding, and fails if one of them is more than a warning.
pub(crate) fn run(root: &Path) -> ExitCode {
    let house = match House::read(root) {
        Ok(house) => house,
        Err(why) => {
            eprintln!("error: {why}");
            return ExitCode::FAILURE;
        }
    };
    let findings = Findings::of(&house);
    for finding in &findings.0 {
        println!("{finding}");
    }
    let broken = findings.0.iter().filter(|f| f.weight == Weight::Broken).count();
    println!(
        "tidy: {} source files, {broken} broken, {} warnings",
        house.sources.len(),
        findings.0.len() - broken
    );
    if broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Weight {
    Warning,
    Broken,
}

/// One thing that does not hold: where, what, and what to do about it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Finding {
    file: String,
    line: usize,
    weight: Weight,
    what: String,
    todo: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let weight = if self.weight == Weight::Warning { "warning: " } else { "" };
        write!(f, "{}:{}: {weight}{}; {}", self.file, self.line, self.what, self.todo)
    }
}

#[derive(Default, Debug)]
struct Findings(Vec<Finding>);

impl Findings {
    /// Every check's findings, ordered by place.
    fn of(house: &House) -> Self {
        let mut findings = Self::default();
        for check in CHECKS {
            check(house, &mut findings);
        }
        findings.0.sort();
        findings.0.dedup();
        findings
    }

    fn refuse(&mut self, file: &str, line: usize, what: impl ToString, todo: impl ToString) {
        self.add(Weight::Broken, file, line, what.to_string(), todo.to_string());
    }

    fn warn(&mut self, file: &str, line: usize, what: impl ToString, todo: impl ToString) {
        self.add(Weight::Warning, file, line, what.to_string(), todo.to_string());
    }

    fn add(&mut self, weight: Weight, file: &str, line: usize, what: String, todo: String) {
        self.0.push(Finding { file: file.to_owned(), line, weight, what, todo });
    }
}

/// What one check says of a house made of these files.
#[cfg(test)]
fn found(check: fn(&House, &mut Findings), files: &[(&str, &str)]) -> Vec<String> {
    let house = House::of(files.iter().map(|(p, t)| ((*p).to_owned(), (*t).to_owned())).collect());
    let mut findings = Findings::default();
    check(&house, &mut findings);
    findings.0.iter().map(ToString::to_string).collect()
}
