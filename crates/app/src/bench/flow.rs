//! Order to cash under load: 3 lines; submit, ship, deliver + recognise, bill + post, pay.
use crate::bench::ground::{self, Ground};
use crate::outside::{cpu_seconds, say, write};
use crate::{cli, place};
use flows::order_to_cash::enter::NewOrder;
use flows::order_to_cash::pay::{NewPayment, Pays, What, receive_payment};
use flows::order_to_cash::{bill, ship, submit};
use kernel::{Ctx, Error, Qty, Result};
use sales::{Asked, Order};
use serde_json::{Value, json};
use std::ops::Range;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex, PoisonError};
use std::time::{Duration, Instant};
use store::{Store, Target, Tx};

/// What one run gave.
struct Run {
    engine: &'static str,
    clients: usize,
    flows: usize,
    flows_per_s: f64,
    raw_flows_per_s: f64,
    cpu_ms_per_flow: f64,
    statements_per_flow: f64,
    commits_per_flow: f64,
    p50_ms: f64,
    p99_ms: f64,
}

/// Measures with the clients asked for, else with 1 and with 32, on SQLite and, where a database
/// is given, on PostgreSQL.
pub(crate) fn run(at: &cli::Place, bench: &cli::Bench) -> Result<ExitCode> {
    let clients = bench.clients.map_or_else(|| vec![1, 32], |n| vec![n.max(1)]);
    let mut runs = Vec::new();
    for clients in clients {
        let flows = bench.orders.unwrap_or(if clients == 1 { 400 } else { 2000 });
        let mut engines = vec![None];
        if let Some(url) = &at.database {
            engines.push(Some(url.as_str()));
        }
        for engine in engines {
            let name = if engine.is_some() { "postgres" } else { "sqlite" };
            if !bench.json {
                let count = clients.to_string();
                outln!("{}", say("cli-bench-running", &[("engine", name), ("clients", &count)]));
            }
            let run = measure(at, engine, clients, flows)?;
            if !bench.json {
                outln!("{}", run.line());
            }
            runs.push(run);
        }
    }
    if bench.json {
        outln!("{}", Value::Array(runs.iter().map(Run::json).collect()));
    }
    if let Some(path) = &bench.doc {
        write(path, &page(&runs))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Fresh places of the same ground: to measure on, to record the writes of the same flows on (what
/// is kept of them costs time of its own), and to replay them on.
const PLACES: [&str; 3] = ["measured", "recorded", "raw"];

/// Makes fresh places of these names beside the data folder's own rows.
pub(crate) fn places<const N: usize>(
    at: &cli::Place,
    database: Option<&str>,
    names: [&str; N],
) -> Result<([Target; N], Cleanup)> {
    let tag = format!("bench_{}", std::process::id());
    match database {
        None => {
            let dir = at.data.join(&tag);
            std::fs::create_dir_all(&dir)
                .map_err(|e| Error::conflict("folder.unusable", e).with("path", dir.display()))?;
            let files = names.map(|name| Target::File(dir.join(name).with_extension("db")));
            Ok((files, Cleanup::Folder(dir)))
        }
        Some(url) => {
            let schemas = names.map(|name| format!("{tag}_{name}"));
            let at = |schema: &str| Target::Postgres { url: url.into(), schema: schema.into() };
            let admin = Store::open(&at("public"), ground::start())?;
            for schema in &schemas {
                admin.script(&format!("DROP SCHEMA IF EXISTS {schema} CASCADE"))?;
                admin.script(&format!("CREATE SCHEMA {schema}"))?;
            }
            let targets = schemas.each_ref().map(|schema| at(schema));
            Ok((targets, Cleanup::Schemas(Box::new(admin), schemas.into())))
        }
    }
}

/// What is removed when a run is over.
pub(crate) enum Cleanup {
    Folder(std::path::PathBuf),
    Schemas(Box<Store>, Vec<String>),
}
impl Drop for Cleanup {
    fn drop(&mut self) {
        match self {
            Self::Folder(dir) => drop(std::fs::remove_dir_all(dir)),
            Self::Schemas(admin, schemas) => {
                for schema in schemas {
                    drop(admin.script(&format!("DROP SCHEMA IF EXISTS {schema} CASCADE")));
                }
            }
        }
    }
}

fn measure(at: &cli::Place, database: Option<&str>, clients: usize, flows: usize) -> Result<Run> {
    let ([measured, recorded, raw], _cleanup) = places(at, database, PLACES)?;
    let (store, ground) = founded(&measured)?;
    let before = store.counted();
    let cpu = cpu_seconds();
    let (took, mut latencies) = load(&store, &ground, clients, 0..flows)?;
    let cpu = cpu_seconds() - cpu;
    let after = store.counted();
    prove(&store, &ground)?;
    let replay = {
        let (recorded, ground) = founded(&recorded)?;
        recorded.start_log()?;
        load(&recorded, &ground, clients, 0..flows)?;
        let log = recorded.take_log()?;
        let (raw, _) = founded(&raw)?;
        let begun = Instant::now();
        raw.replay(&log, 64)?;
        begun.elapsed()
    };
    latencies.sort_unstable();
    let per = |n: u64| n as f64 / flows as f64;
    let at_share = |share: f64| {
        let index = ((latencies.len() - 1) as f64 * share).round() as usize;
        latencies[index].as_secs_f64() * 1000.0
    };
    Ok(Run {
        engine: store.engine().name(),
        clients,
        flows,
        flows_per_s: flows as f64 / took.as_secs_f64(),
        raw_flows_per_s: flows as f64 / replay.as_secs_f64(),
        cpu_ms_per_flow: cpu * 1000.0 / flows as f64,
        statements_per_flow: per(after.0 - before.0),
        commits_per_flow: per(after.1 - before.1),
        p50_ms: at_share(0.5),
        p99_ms: at_share(0.99),
    })
}

/// What a flow costs one client.
pub(crate) struct Cost {
    pub(crate) cpu_ms: f64,
    pub(crate) wall_ms: f64,
    /// Of one command.
    pub(crate) p50_ms: f64,
}

/// Runs the flows of these numbers by one client.
pub(crate) fn cost(store: &Arc<Store>, ground: &Arc<Ground>, flows: Range<usize>) -> Result<Cost> {
    let count = flows.len() as f64;
    let cpu = cpu_seconds();
    let (took, mut latencies) = load(store, ground, 1, flows)?;
    let cpu_ms = (cpu_seconds() - cpu) * 1000.0 / count;
    latencies.sort_unstable();
    let middle = latencies.get(latencies.len() / 2).map_or(0.0, Duration::as_secs_f64);
    Ok(Cost { cpu_ms, wall_ms: took.as_secs_f64() * 1000.0 / count, p50_ms: middle * 1000.0 })
}

pub(crate) fn founded(target: &Target) -> Result<(Arc<Store>, Arc<Ground>)> {
    let store = Store::open(target, ground::start())?;
    let ground = ground::found(&store, place::FIRST)?;
    Ok((Arc::new(store), Arc::new(ground)))
}

/// A measurement of a company whose books do not balance is worth nothing.
fn prove(store: &Store, ground: &Ground) -> Result<()> {
    let cx = context(store, ground);
    store.seal(cx.tenant, cx.now)?;
    let report = store.read(&cx, flows::check::run)?;
    match report.breaches.first() {
        None => Ok(()),
        Some(first) => Err(Error::bug("bug.check", format!("{first:?}"))),
    }
}

fn context(store: &Store, ground: &Ground) -> Ctx {
    let mut cx = Ctx::system(place::FIRST, ground::start(), store.ids());
    cx.company = ground.company;
    cx.user = 1;
    cx.actor_kind = kernel::ActorKind::Human;
    cx.source = kernel::Source::Api;
    cx
}

/// Runs the flows from so many threads; how long, and how long each command took.
fn load(
    store: &Arc<Store>,
    ground: &Arc<Ground>,
    clients: usize,
    flows: Range<usize>,
) -> Result<(Duration, Vec<Duration>)> {
    let next = Arc::new(AtomicUsize::new(flows.start));
    let all = Arc::new(Mutex::new(Vec::with_capacity(flows.len() * 5)));
    let barrier = Arc::new(Barrier::new(clients + 1));
    let threads: Vec<_> = (0..clients)
        .map(|_| {
            let (store, ground) = (Arc::clone(store), Arc::clone(ground));
            let (next, all, barrier) = (Arc::clone(&next), Arc::clone(&all), Arc::clone(&barrier));
            std::thread::spawn(move || -> Result<()> {
                let mut mine = Vec::new();
                barrier.wait();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= flows.end {
                        break;
                    }
                    one(&store, &ground, number, &mut mine)?;
                }
                all.lock().unwrap_or_else(PoisonError::into_inner).extend(mine);
                Ok(())
            })
        })
        .collect();
    barrier.wait();
    let begun = Instant::now();
    for thread in threads {
        thread.join().unwrap_or_else(|_| Err(Error::bug("bug.panic", "a client died")))?;
    }
    let took = begun.elapsed();
    let latencies = std::mem::take(&mut *all.lock().unwrap_or_else(PoisonError::into_inner));
    Ok((took, latencies))
}

/// One flow: five commands, each its own transaction.
fn one(store: &Store, ground: &Ground, number: usize, times: &mut Vec<Duration>) -> Result<()> {
    let cx = context(store, ground);
    let order = timed(times, || submitted(store, &cx, ground, number))?;
    let shipments = store.read(&cx, |_, tx| stock::commands::open_shipments(tx, order.id.raw()))?;
    for shipment in shipments {
        let all = ship::Leaving::default();
        timed(times, || store.run(&cx, |cx, tx| ship::ship(cx, tx, shipment.id, &all)))?;
        timed(times, || {
            store.run(&cx, |cx, tx| ship::deliver(cx, tx, shipment.id, "signed", None))
        })?;
    }
    let invoice = timed(times, || store.run(&cx, |cx, tx| bill::bill_and_post(cx, tx, order.id)))?;
    let payment = NewPayment {
        currency: None,
        rate: None,
        party: invoice.party,
        amount: invoice.gross,
        method: "transfer".to_owned(),
        value_day: cx.today(),
        reference: invoice.number.clone(),
        pays: vec![Pays { what: What::Invoice(invoice.id), amount: invoice.gross }],
    };
    timed(times, || store.run(&cx, |cx, tx| receive_payment(cx, tx, &payment)))?;
    Ok(())
}

fn timed<T>(times: &mut Vec<Duration>, job: impl FnOnce() -> Result<T>) -> Result<T> {
    let begun = Instant::now();
    let result = job();
    times.push(begun.elapsed());
    result
}

/// Enters and submits an order in one command.
fn submitted(store: &Store, cx: &Ctx, ground: &Ground, number: usize) -> Result<Order> {
    let new = order_of(cx, ground, number);
    store.run(cx, |cx, tx| submit_new(cx, tx, &new))
}

/// An order of three lines. Spread by a simple stride, so that clients meet on customers and
/// products as in life, and runs are alike.
pub(crate) fn order_of(cx: &Ctx, ground: &Ground, number: usize) -> NewOrder {
    let asked = |line: usize| Asked {
        product: ground.products[(number * 7 + line * 131) % ground.products.len()],
        qty: Qty::whole(1 + ((number + line) % 9) as i64),
        price: None,
        discount: 0,
    };
    let customer = ground.customers[(number * 13) % ground.customers.len()];
    let mut new = NewOrder::of(customer, (0..3).map(asked).collect());
    new.requested_on = Some(cx.today().plus_days(7));
    "Ningbo".clone_into(&mut new.ship_to);
    new
}

/// Enters and submits.
pub(crate) fn submit_new(cx: &Ctx, tx: &mut Tx, new: &NewOrder) -> Result<Order> {
    submit::enter_and_submit(cx, tx, new)
}

impl Run {
    fn ratio(&self) -> f64 {
        self.flows_per_s / self.raw_flows_per_s
    }
    fn line(&self) -> String {
        format!(
            "{} × {}: {:.0} flows/s, raw {:.0}, ratio {:.2}; {:.2} CPU ms, {:.0} statements, \
             {:.2} commits a flow; command p50 {:.2} ms, p99 {:.2} ms",
            self.engine,
            self.clients,
            self.flows_per_s,
            self.raw_flows_per_s,
            self.ratio(),
            self.cpu_ms_per_flow,
            self.statements_per_flow,
            self.commits_per_flow,
            self.p50_ms,
            self.p99_ms
        )
    }
    fn json(&self) -> Value {
        json!({
            "suite": "flow",
            "engine": self.engine,
            "clients": self.clients,
            "flows": self.flows,
            "flows_per_s": self.flows_per_s,
            "raw_flows_per_s": self.raw_flows_per_s,
            "ratio": self.ratio(),
            "cpu_ms_per_flow": self.cpu_ms_per_flow,
            "statements_per_flow": self.statements_per_flow,
            "commits_per_flow": self.commits_per_flow,
            "p50_ms": self.p50_ms,
            "p99_ms": self.p99_ms,
        })
    }
}

fn page(runs: &[Run]) -> String {
    let mut page = String::from(
        "# Performance\n\nWritten by `huiliu bench flow --doc docs/performance.md`, in the `perf` \
         profile.\n\nA flow is an order of three lines carried to cash in five commands (submit; \
         ship; deliver and recognise; bill and post; pay and allocate), each one durable \
         transaction with its facts. The raw limit replays the writes of the same flows, \
         recorded in a second run, with prepared statements by one thread, at most 64 commands a \
         commit, without reads. CPU is this process's (on PostgreSQL the server's own is not in \
         it). Machines differ and are noisy: compare ratios.\n\n| engine | clients | flows/s | raw \
         flows/s | ratio | CPU ms a flow | statements a flow | commits a flow | command p50 ms | \
         p99 ms |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    for run in runs {
        page.push_str(&format!(
            "| {} | {} | {:.0} | {:.0} | {:.2} | {:.2} | {:.0} | {:.2} | {:.2} | {:.2} |\n",
            run.engine,
            run.clients,
            run.flows_per_s,
            run.raw_flows_per_s,
            run.ratio(),
            run.cpu_ms_per_flow,
            run.statements_per_flow,
            run.commits_per_flow,
            run.p50_ms,
            run.p99_ms
        ));
    }
    page
}
