//! `huiliu bench import`: orders as history while others work, and a file with bad rows (T32).
use crate::bench::{flow, ground};
use crate::outside::{peak_mebibytes, write};
use crate::{cli, place};
use intake::{Aim, Draft, Plan};
use kernel::{Ctx, Currency, Error, Result};
use serde_json::{Value, json};
use std::fmt::Write;
use std::ops::{ControlFlow, Range};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use store::{Store, Target};

/// Commands of others in a second, while the import runs.
const OTHERS: u64 = 50;
/// People who give them, each one after the other: one alone would wait for their own.
const PEOPLE: u64 = 8;

/// Measures on SQLite, or on the database that is given.
pub(crate) fn run(at: &cli::Place, bench: &cli::Bench) -> Result<ExitCode> {
    let orders = bench.orders.unwrap_or(100_000);
    let dir = at.data.join(format!("bench_{}", std::process::id()));
    std::fs::create_dir_all(&dir)
        .map_err(|e| Error::conflict("folder.unusable", e).with("path", dir.display()))?;
    let schema = format!("bench_{}", std::process::id());
    let target = match &at.database {
        None => Target::File(dir.join("import.db")),
        Some(url) => {
            let public = Target::Postgres { url: url.clone(), schema: "public".into() };
            Store::open(&public, ground::start())?.script(&format!("CREATE SCHEMA {schema}"))?;
            Target::Postgres { url: url.clone(), schema: schema.clone() }
        }
    };
    let store = Arc::new(Store::open(&target, ground::start())?);
    let done = measure(&store, &dir, orders);
    if at.database.is_some() {
        store.script(&format!("DROP SCHEMA {schema} CASCADE"))?;
    }
    drop(std::fs::remove_dir_all(&dir));
    let figures = done?;
    if bench.json {
        outln!("{figures:#}");
    } else {
        for (name, value) in figures.as_object().into_iter().flatten() {
            outln!("{name}: {value}");
        }
    }
    if let Some(path) = &bench.doc {
        crate::outside::write(path, &format!("```json\n{figures:#}\n```\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn measure(store: &Arc<Store>, dir: &std::path::Path, orders: usize) -> Result<Value> {
    let ground = Arc::new(ground::found(store, place::FIRST)?);
    let company = ground.company;
    let context = || {
        let mut cx = Ctx::system(place::FIRST, ground::start(), store.ids());
        cx.company = company;
        cx
    };
    let path = dir.join("orders.csv");
    write(&path, &orders_csv(0..orders))?;
    let before = peak_mebibytes();
    let begun = Instant::now();
    let plan = plan(store, &context(), &path, "orders")?;
    let planned = begun.elapsed();
    let peak_planned = peak_mebibytes();
    let stop = AtomicBool::new(false);
    let (report, latencies) = std::thread::scope(|scope| {
        let people: Vec<_> = (0..PEOPLE)
            .map(|person| {
                let (ground, context, stop) = (&ground, &context, &stop);
                scope.spawn(move || others(store, ground, context, stop, person))
            })
            .collect();
        let report = intake::apply(store, &context, &plan, &mut |_| ControlFlow::Continue(()));
        stop.store(true, Ordering::Relaxed);
        let joined: Vec<_> = people.into_iter().map(std::thread::ScopedJoinHandle::join).collect();
        (report, joined)
    });
    let whole = begun.elapsed();
    let report = report?;
    let lost = |_| Error::bug("bug.bench_thread", "others");
    let mut took = Vec::new();
    for times in latencies {
        took.extend(times.map_err(lost)??);
    }
    let mut latencies = took;
    latencies.sort_unstable();
    let peak = peak_mebibytes();
    drop(plan);
    let at = |share: usize| {
        let n = (latencies.len() * share / 1000).min(latencies.len().saturating_sub(1));
        latencies.get(n).map_or(0.0, |d| d.as_secs_f64() * 1000.0)
    };
    let bad = bad_rows(store, &context, dir)?;
    Ok(json!({
        "suite": "import",
        "orders": orders,
        "rows_applied": report.applied,
        "reconciled": report.sums.iter().all(intake::SumLine::is_equal),
        "plan_s": planned.as_secs_f64(),
        "whole_s": whole.as_secs_f64(),
        "peak_mib": peak,
        "peak_mib_before": before,
        "peak_mib_planned": peak_planned,
        "others": latencies.len(),
        "others_p50_ms": at(500),
        "others_p99_ms": at(990),
        "others_worst_ms": at(1000),
        "bad_rows": bad,
    }))
}

/// The orders of these numbers, of two and three lines in turn.
pub(crate) fn orders_csv(orders: Range<usize>) -> String {
    let mut text = String::with_capacity(orders.len() * 150);
    text.push_str("number,customer,ordered_on,shipped_on,product,quantity,price,discount\n");
    for n in orders {
        for line in 0..2 + n % 2 {
            let (day, price) = (1 + n % 28, 100 + (n * 7 + line) % 900);
            let _written = writeln!(
                text,
                "H{n:06},C{:05},2025-{:02}-{day:02},2025-12-31,P{:05},{},{price}.25,0.05",
                n % 200,
                1 + n % 12,
                (n * 3 + line * 17) % 500,
                1 + line,
            );
        }
    }
    text
}

/// Reads and maps a file as a person would who confirms what was guessed.
pub(crate) fn plan(store: &Store, cx: &Ctx, path: &std::path::Path, target: &str) -> Result<Plan> {
    let path = path.to_owned();
    let opener: intake::Opener = Arc::new(move || Ok(Box::new(std::fs::File::open(&path)?)));
    let mut draft = Draft::opening(vec![(format!("{target}.csv"), opener)]);
    let assigned = draft.guess(Some(target))?.assigned(&[])?;
    draft.map(assigned)?;
    let source = draft.source()?;
    let known = store.read(cx, |cx, tx| intake::known(cx, tx, source))?;
    let into = Aim { currency: Currency::CNY, base: Currency::CNY, rate: None };
    draft.plan(into, &known)
}

/// One of the people who enter and submit orders at a steady pace, whatever the import does; how
/// long each command took from the moment at which it was due.
fn others(
    store: &Store,
    ground: &ground::Ground,
    context: &dyn Fn() -> Ctx,
    stop: &AtomicBool,
    person: u64,
) -> Result<Vec<Duration>> {
    let begun = Instant::now();
    let mut times = Vec::new();
    let mut number = person;
    while !stop.load(Ordering::Relaxed) {
        let due = Duration::from_micros(number * 1_000_000 / OTHERS);
        if let Some(wait) = due.checked_sub(begun.elapsed()) {
            std::thread::sleep(wait);
        }
        let cx = context();
        let new = flow::order_of(&cx, ground, number as usize);
        store.run(&cx, |cx, tx| flow::submit_new(cx, tx, &new).map(|_| ()))?;
        times.push(begun.elapsed() - due);
        number += PEOPLE;
    }
    Ok(times)
}

const ROWS: usize = 100_000;

fn products_csv(bad: &[usize]) -> String {
    let mut text = "code,name,price\n".to_owned();
    for n in 0..ROWS {
        let price = if bad.contains(&n) { "cheap" } else { "12.50" };
        let _written = writeln!(text, "B{n:06},Bolt {n},{price}");
    }
    text
}

/// Case T32: 100,000 rows of which three are bad; then none; then undone.
fn bad_rows(store: &Store, context: &dyn Fn() -> Ctx, dir: &std::path::Path) -> Result<Value> {
    let count = |cx: &Ctx| {
        store.read(cx, |_, tx| {
            tx.value::<i64>(store::sql!("SELECT COUNT(*) FROM product WHERE tenant_id = $1"), &[])
        })
    };
    let path = dir.join("products.csv");
    let before = count(&context())?;
    write(&path, &products_csv(&[7, 50_000, 99_999]))?;
    let bad = plan(store, &context(), &path, "products")?;
    let lines: Vec<u64> = bad.faults.iter().map(|fault| fault.line).collect();
    let refused = intake::apply(store, context, &bad, &mut |_| ControlFlow::Continue(())).is_err();
    let after_refusal = count(&context())?;
    write(&path, &products_csv(&[]))?;
    let good = plan(store, &context(), &path, "products")?;
    let begun = Instant::now();
    let report = intake::apply(store, context, &good, &mut |_| ControlFlow::Continue(()))?;
    let applied_s = begun.elapsed().as_secs_f64();
    let applied = count(&context())?;
    let begun = Instant::now();
    intake::undo(store, context, report.batch.unwrap_or(0))?;
    let undone_s = begun.elapsed().as_secs_f64();
    Ok(json!({
        "rows": ROWS,
        "bad_lines": lines,
        "refused": refused,
        "written_by_the_refused": after_refusal != before,
        "applied": applied.unwrap_or(0) - before.unwrap_or(0),
        "applied_s": applied_s,
        "undone_s": undone_s,
        "left_by_undo": count(&context())?.unwrap_or(0) - before.unwrap_or(0),
    }))
}
