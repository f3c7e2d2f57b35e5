//! `huiliu bench plants`: makes demo companies, looks for what loses time in each, and compares
//! with what was planted. The findings never see the truth. Companies are kept in the data folder
//! and looked at again without `--make`.
use crate::cli;
use crate::outside::write;
use company::demo::plants::Plant;
use company::demo::{self, Options, Truth};
use kernel::{Ctx, Day, Error, Result, Zone};
use process::own::Ground;
use process::waste::{Finding, findings};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;
use store::{Store, Target};

/// The last simulated day: fixed, so that a seed is one company.
const UNTIL: Day = Day::of(2026, 11, 20);
/// So many places more than there are plants may a plant's rank be.
const BEYOND: usize = 2;
/// Months that both have, of those that either has.
const OVERLAP: f64 = 0.5;
/// How many of all plants must be found, in per cent.
const WANTED: usize = 90;

/// A plant and where it was found.
struct Told {
    seed: u64,
    name: &'static str,
    cases: usize,
    per_mille: usize,
    rank: Option<usize>,
    limit: usize,
}

impl Told {
    fn is_found(&self) -> bool {
        self.rank.is_some_and(|rank| rank <= self.limit)
    }
}

/// Looks at `--clients` seeds (20) from `--seed` on (1), of `--orders` orders (3,000); makes those
/// that are not there.
pub(crate) fn run(at: &cli::Place, bench: &cli::Bench) -> Result<ExitCode> {
    let seeds = bench.clients.unwrap_or(20) as u64;
    let orders = bench.orders.unwrap_or(3_000);
    let (mut told, mut decoys) = (Vec::new(), Vec::new());
    let first = bench.seed.unwrap_or(1);
    for seed in first..first + seeds {
        let folder = at.data.join(format!("plants-{seed}"));
        let (truth, found, who) = one(&folder, seed, orders, bench.make)?;
        let limit = truth.plants.len() + BEYOND;
        for plant in &truth.plants {
            let rank = found.iter().zip(&who).position(|(f, who)| is_it(plant, f, who));
            let (_, name, _) = plant.spot.words();
            let per_mille = plant.cases.len() * 1000 / (plant.of.max(1) as usize);
            let (cases, rank) = (plant.cases.len(), rank.map(|at| at + 1));
            told.push(Told { seed, name, cases, per_mille, rank, limit });
        }
        decoys.extend(ranked_decoys(seed, &found));
        eprintln!("{seed}: {} findings, {} plants", found.len(), truth.plants.len());
    }
    let all = figures(&told, &decoys);
    if bench.json {
        outln!("{all}");
    } else {
        outln!("{}", page(&told, &all));
    }
    if let Some(path) = &bench.doc {
        write(path, &page(&told, &all))?;
    }
    let holds = all["found_often_enough"] == json!(true) && decoys.is_empty();
    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// One company: its truth, its findings, and the login of each finding's person.
fn one(
    folder: &Path,
    seed: u64,
    orders: usize,
    anew: bool,
) -> Result<(Truth, Vec<Finding>, Vec<String>)> {
    let told = folder.join(format!("truth-{orders}.json"));
    if anew || !told.exists() {
        make(folder, seed, orders, &told)?;
    }
    let text = std::fs::read_to_string(&told).map_err(|e| unwritable(&told, &e))?;
    let truth = Truth::parse(&text).ok_or_else(|| Error::bug("bug.internal", told.display()))?;
    let now = Zone::china().at(UNTIL, 23 * 60);
    let store = Store::open(&Target::File(folder.join("huiliu.db")), now)?;
    let cx = Ctx::system(1, now, store.ids());
    let ground = Ground::open(&folder.join("1.facts"), &store, &cx, &flows::entities())?;
    let found = findings(&ground);
    let login = |f: &Finding| ground.masters.text("user", "login", f.person).to_owned();
    let who = found.iter().map(login).collect();
    Ok((truth, found, who))
}

/// Makes the company, and its truth last, so that a company half made is made again.
fn make(folder: &Path, seed: u64, orders: usize, told: &Path) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).map_err(|e| unwritable(folder, &e))?;
    }
    std::fs::create_dir_all(folder).map_err(|e| unwritable(folder, &e))?;
    let count = u32::try_from(orders).unwrap_or(u32::MAX);
    let options = Options { orders: count, ..Options::usual(seed, UNTIL, 1) };
    let start = Zone::china().at(options.from(), 0);
    let store = Store::open(&Target::File(folder.join("huiliu.db")), start)?;
    let truth = demo::make(&store, &options, &mut |_| {})?;
    write(told, &truth.json().to_string())
}

fn unwritable(path: &Path, e: &std::io::Error) -> Error {
    Error::conflict("file.not_written", e).with("path", path.display())
}

/// The same step, cause, place and months.
fn is_it(plant: &Plant, found: &Finding, login: &str) -> bool {
    let (step, _, cause) = plant.spot.words();
    let both = found.until.min(plant.until).number() - found.from.max(plant.from).number();
    let either = found.until.max(plant.until).number() - found.from.min(plant.from).number();
    let months = both.max(0) as f64 / either.max(1) as f64;
    // Whoever approves is away with all others: the step is the place.
    let of = |place: &String| place.contains(&plant.who);
    let is_there = of(&found.place) || found.also.iter().any(of) || login == plant.who;
    let place = step == "price_approval" || is_there;
    found.step == step && found.why.cause.name() == cause && months >= OVERLAP && place
}

/// Findings that are a decoy: the roads as a whole in the months of the mix, or a finding of the
/// months of the Spring Festival alone.
fn ranked_decoys(seed: u64, found: &[Finding]) -> Vec<String> {
    let is_mix = |f: &&Finding| f.step == "transit" && f.place.is_empty();
    let is_festival = |f: &&Finding| {
        let (from, until) = (Day::of(2026, 2, 1), Day::of(2026, 3, 31));
        from <= f.from && f.until <= until
    };
    let decoy = |f: &Finding| format!("{seed}: {} {}..{}", f.step, f.from, f.until);
    found.iter().filter(|f| is_mix(f) || is_festival(f)).map(decoy).collect()
}

fn figures(told: &[Told], decoys: &[String]) -> Value {
    let share = |of: &[&Told]| {
        let found = of.iter().filter(|t| t.is_found()).count();
        json!({ "plants": of.len(), "found": found })
    };
    let all: Vec<&Told> = told.iter().collect();
    let found = all.iter().filter(|t| t.is_found()).count();
    let kinds: BTreeSet<&str> = told.iter().map(|t| t.name).collect();
    let of = |name: &str| told.iter().filter(|t| t.name == name).collect::<Vec<_>>();
    let by_plant: BTreeMap<&str, Value> =
        kinds.into_iter().map(|name| (name, share(&of(name)))).collect();
    json!({
        "all": share(&all),
        "by_plant": by_plant,
        "decoys_ranked": decoys,
        "found_often_enough": found * 100 >= all.len() * WANTED,
    })
}

fn page(told: &[Told], all: &Value) -> String {
    let seeds: BTreeSet<u64> = told.iter().map(|t| t.seed).collect();
    let found = told.iter().filter(|t| t.is_found()).count();
    let mut out = format!(
        "# What was planted, and what was found\n\n\
         Written by `huiliu bench plants --seed {} --clients {}`: {} demo companies, \
         **{found} of {} plants found**, decoys ranked: {}. *Rank n of m*: place among the \
         findings by money × days, of the number of plants and two.\n\n\
         | seed | plant | cases | per mille | rank | found |\n|---|---|--:|--:|---|---|\n",
        seeds.first().copied().unwrap_or_default(),
        seeds.len(),
        seeds.len(),
        told.len(),
        all["decoys_ranked"].as_array().map_or(0, Vec::len),
    );
    for t in told {
        let rank = t.rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string());
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {rank} of {} | {} |",
            t.seed,
            t.name,
            t.cases,
            t.per_mille,
            t.limit,
            if t.is_found() { "yes" } else { "no" }
        );
    }
    out.push_str("\n| plant | found | of |\n|---|--:|--:|\n");
    for (name, kind) in all["by_plant"].as_object().into_iter().flatten() {
        let _ = writeln!(out, "| {name} | {} | {} |", kind["found"], kind["plants"]);
    }
    out
}
