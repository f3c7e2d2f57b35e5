//! `huiliu bench kill`: the program is ended by force while 32 clients write; what it had
//! acknowledged must be there, and every invariant must hold.
use crate::bench::{flow, ground};
use crate::outside::now;
use crate::{cli, place};
use flows::order_to_cash::{bill, ship};
use kernel::{Ctx, Error, Id, Result};
use serde_json::json;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use store::Store;

/// Writes orders from so many threads until it is ended; each id is printed after its commit.
pub(crate) fn acknowledge(at: &cli::Place, clients: usize) -> Result<ExitCode> {
    acknowledge_beside(at, clients, |_| {})
}

/// The same, with something else that goes on beside it.
pub(crate) fn acknowledge_beside(
    at: &cli::Place,
    clients: usize,
    beside: impl FnOnce(&Arc<Store>),
) -> Result<ExitCode> {
    let place = Arc::new(place::open(at)?);
    let cx = place.system();
    let known = place.store.read(&cx, |_, tx| access::questions::first_company(tx))?;
    let ground = Arc::new(match known {
        Some(company) => ground::again(&place.store, place.tenant, company.id.raw())?,
        None => ground::found(&place.store, place.tenant)?,
    });
    beside(&place.store);
    outln!("ready");
    let next = Arc::new(AtomicUsize::new(0));
    let threads: Vec<_> = (0..clients)
        .map(|_| {
            let (place, ground) = (Arc::clone(&place), Arc::clone(&ground));
            let next = Arc::clone(&next);
            std::thread::spawn(move || write_on(&place, &ground, &next))
        })
        .collect();
    for thread in threads {
        thread.join().unwrap_or_else(|_| Err(Error::bug("bug.panic", "a client died")))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn write_on(place: &place::Place, ground: &ground::Ground, next: &AtomicUsize) -> Result<()> {
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let mut cx = Ctx::system(place.tenant, now(), place.store.ids());
        cx.company = ground.company;
        let new = flow::order_of(&cx, ground, number);
        let order = place.store.run(&cx, |cx, tx| flow::submit_new(cx, tx, &new))?;
        say(&format!("order {}", order.id))?;
        let open =
            place.store.read(&cx, |_, tx| stock::commands::open_shipments(tx, order.id.raw()))?;
        for shipment in open {
            let all = ship::Leaving::default();
            place.store.run(&cx, |cx, tx| ship::ship(cx, tx, shipment.id, &all))?;
            place.store.run(&cx, |cx, tx| ship::deliver(cx, tx, shipment.id, "signed", None))?;
            say(&format!("shipment {}", shipment.id))?;
        }
        let invoice = place.store.run(&cx, |cx, tx| bill::bill_and_post(cx, tx, order.id))?;
        say(&format!("invoice {}", invoice.id))?;
    }
}

/// A whole line at once: what the parent reads was acknowledged.
fn say(line: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    let written = writeln!(out, "{line}").and_then(|()| out.flush());
    written.map_err(|e| Error::bug("bug.output", e))
}

/// Ends the program so many times (default 50) at moments drawn from a fixed seed.
pub(crate) fn run(at: &cli::Place, bench: &cli::Bench) -> Result<ExitCode> {
    let times = bench.orders.unwrap_or(50);
    let clients = bench.clients.unwrap_or(32);
    let mut seed: u64 = 20_261_122;
    let mut acknowledged: Vec<String> = Vec::new();
    let begun = Instant::now();
    for _ in 0..times {
        // A linear congruence is dice enough for the moment of a blow.
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let wait = Duration::from_millis(20 + (seed >> 33) % 600);
        acknowledged.extend(one_life(at, "acks", clients, wait)?);
    }
    let (lost, breaches) = look(at, &acknowledged)?;
    let seconds = begun.elapsed().as_secs_f64();
    let engine = if at.database.is_some() { "postgres" } else { "sqlite" };
    outln!(
        "{}",
        json!({
            "suite": "kill", "engine": engine, "kills": times, "clients": clients,
            "acknowledged": acknowledged.len(), "lost": lost, "breaches": breaches,
            "seconds": seconds,
        })
    );
    let fine = lost == 0 && breaches == 0 && !acknowledged.is_empty();
    Ok(if fine { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Starts the writer, lets it write for a while, ends it; what it acknowledged.
pub(crate) fn one_life(
    at: &cli::Place,
    suite: &str,
    clients: usize,
    wait: Duration,
) -> Result<Vec<String>> {
    let broken = |e: std::io::Error| Error::bug("bug.child", e);
    let program = std::env::current_exe().map_err(broken)?;
    let mut command = Command::new(program);
    command.args(["bench", suite, "--clients", &clients.to_string(), "--data"]).arg(&at.data);
    if let Some(url) = &at.database {
        command.args(["--database", url]);
    }
    let mut child: Child = command.stdout(Stdio::piped()).spawn().map_err(broken)?;
    let out = child.stdout.take().ok_or_else(|| Error::bug("bug.child", "no output"))?;
    let mut lines = BufReader::new(out);
    let mut first = String::new();
    lines.read_line(&mut first).map_err(broken)?;
    if first.trim() != "ready" {
        let _ended = child.kill();
        return Err(Error::bug("bug.child", format!("it said {first:?} and not that it is ready")));
    }
    let reader = std::thread::spawn(move || {
        lines.lines().map_while(std::result::Result::ok).collect::<Vec<String>>()
    });
    std::thread::sleep(wait);
    child.kill().map_err(broken)?;
    let _status = child.wait().map_err(broken)?;
    reader.join().map_err(|_| Error::bug("bug.child", "the reader died"))
}

/// Looks for every acknowledged document, and proves every invariant.
pub(crate) fn look(at: &cli::Place, acknowledged: &[String]) -> Result<(usize, usize)> {
    let place = place::open(at)?;
    place.store.seal(place.tenant, now())?;
    let cx = place.system();
    let mut lost = 0;
    place.store.read(&cx, |_, tx| {
        for line in acknowledged {
            let (kind, id) = line.split_once(' ').unwrap_or_default();
            let id: i64 = id.parse().unwrap_or(0);
            let there = match kind {
                "order" => tx.find::<sales::Order>(Id::from_raw(id))?.is_some(),
                "shipment" => tx
                    .find::<stock::Shipment>(Id::from_raw(id))?
                    .is_some_and(|s| s.state == stock::ShipmentState::Delivered),
                "invoice" => tx.find::<finance::Invoice>(Id::from_raw(id))?.is_some(),
                _ => false,
            };
            if !there {
                eprintln!("lost: {line}");
                lost += 1;
            }
        }
        Ok(())
    })?;
    let report = place.store.read(&cx, flows::check::run)?;
    for breach in &report.breaches {
        eprintln!("{}: {}", breach.invariant, breach.object);
    }
    Ok((lost, report.breaches.len()))
}
