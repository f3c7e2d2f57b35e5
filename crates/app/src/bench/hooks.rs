//! `huiliu bench hooks`: the program is ended by force while it tells a webhook what clients write;
//! every fact must have been told at least once, in the order of the chain.
use crate::bench::{ground, kill};
use crate::outside::{now, random};
use crate::{cli, place};
use connect::courier::Courier;
use connect::egress::{Egress, Reach};
use connect::webhooks::{self, Wish};
use kernel::{Error, Instant, Result};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::{Store, consumers};

/// Threads that tell, in the program that is ended.
const COURIERS: usize = 2;
/// One request in so many is heard and not answered.
const HANGS_UP: usize = 400;

/// Places in the chain as they were heard, again and again included.
type Heard = Arc<Mutex<Vec<i64>>>;

/// Writes as `bench acks` does, and tells webhooks meanwhile, until it is ended.
pub(crate) fn acknowledge(at: &cli::Place, clients: usize) -> Result<ExitCode> {
    kill::acknowledge_beside(at, clients, |store| {
        for hand in 0..COURIERS {
            let store = Arc::clone(store);
            let name: String = random().iter().take(8).map(|b| format!("{b:02x}")).collect();
            std::thread::spawn(move || tell(&store, &format!("{name}:{hand}")));
        }
        let store = Arc::clone(store);
        std::thread::spawn(move || {
            loop {
                // An error here is one there, where it is looked at.
                let _sealed = store.seal_recent(place::FIRST, now());
                std::thread::sleep(Duration::from_millis(50));
            }
        });
    })
}

fn tell(store: &Store, holder: &str) {
    let (egress, stop) = (Egress::new(Reach::Anywhere), AtomicBool::new(false));
    let clock = || now();
    let courier = Courier {
        store,
        tenant: place::FIRST,
        clock: &clock,
        egress: &egress,
        stop: &stop,
        holder,
    };
    loop {
        if !courier.round().is_ok_and(|round| round.passed > 0) {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Ends the program so many times (default 20), then has what is left told, and counts.
pub(crate) fn run(at: &cli::Place, bench: &cli::Bench) -> Result<ExitCode> {
    let (times, clients) = (bench.orders.unwrap_or(20), bench.clients.unwrap_or(4));
    let heard: Heard = Arc::default();
    let url = listen(&heard)?;
    let begun = found(at, &url)?;
    let mut seed: u64 = 20_261_122;
    for _ in 0..times {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let wait = Duration::from_millis(300 + (seed >> 33) % 1200);
        kill::one_life(at, "hookacks", clients, wait)?;
    }
    let (facts, before) = (drain(at, begun)?, heard.lock().map_or(0, |h| h.len()));
    let all = heard.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let (lost, disordered) = judge(&facts, &all);
    outln!(
        "{}",
        json!({
            "suite": "hooks", "engine": if at.database.is_some() { "postgres" } else { "sqlite" },
            "kills": times, "facts": facts.len(), "told": before, "lost": lost,
            "out_of_order": disordered,
        })
    );
    let fine = lost == 0 && disordered == 0 && !facts.is_empty();
    Ok(if fine { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// A company with a webhook for everything; the place in the chain after which it is told.
fn found(at: &cli::Place, url: &str) -> Result<i64> {
    let place = place::open(at)?;
    ground::found(&place.store, place.tenant)?;
    place.store.seal(place.tenant, now())?;
    let cx = place.system();
    let wish = Wish { name: "bench", url, activities: "*" };
    place.store.run(&cx, |cx, tx| {
        let made = webhooks::create(cx, tx, &wish)?;
        webhooks::issue_secret(cx, tx, made.id, [7; 32])?;
        webhooks::enable(cx, tx, made.id)?;
        consumers::newest(tx)
    })
}

/// Has everything told that is left, whatever waits for a later try; the places that had to be.
fn drain(at: &cli::Place, begun: i64) -> Result<Vec<i64>> {
    let place = place::open(at)?;
    place.store.seal(place.tenant, now())?;
    let (egress, stop) = (Egress::new(Reach::Anywhere), AtomicBool::new(false));
    let ahead = std::cell::Cell::new(0);
    let clock = || now().plus(ahead.get());
    let courier = Courier {
        store: &place.store,
        tenant: place::FIRST,
        clock: &clock,
        egress: &egress,
        stop: &stop,
        holder: "drain",
    };
    for _ in 0..100_000 {
        if courier.round()?.passed == 0 {
            // A try that failed, or the lease of one that was ended: an hour later both are over.
            ahead.set(ahead.get() + Instant::HOUR);
        }
        let left = place.store.read(&place.system(), |_, tx| {
            let newest = consumers::newest(tx)?;
            let sql = store::sql!(
                "SELECT seq FROM consumer WHERE tenant_id = $1 AND name LIKE 'webhook:%' \
                 ORDER BY seq LIMIT 1"
            );
            Ok(newest - tx.value::<i64>(sql, &[])?.unwrap_or(0))
        })?;
        if left == 0 {
            break;
        }
    }
    let mut places = Vec::new();
    let mut from = begun;
    loop {
        let facts = place
            .store
            .read(&place.system(), |_, tx| consumers::after(tx, from, consumers::LOOK))?;
        let Some(last) = facts.last().map(|f| f.seq) else { return Ok(places) };
        places.extend(facts.iter().filter(|f| f.has_effects()).map(|f| f.seq));
        from = last;
    }
}

/// How many were never heard, and how many first came after one that stands behind them.
fn judge(facts: &[i64], heard: &[i64]) -> (usize, usize) {
    let mut first: BTreeMap<i64, usize> = BTreeMap::new();
    for (at, seq) in heard.iter().enumerate() {
        first.entry(*seq).or_insert(at);
    }
    let lost = facts.iter().filter(|seq| !first.contains_key(seq)).count();
    let order: Vec<usize> = first.values().copied().collect();
    (lost, order.windows(2).filter(|pair| pair[0] > pair[1]).count())
}

/// A receiver on this machine; its address.
fn listen(heard: &Heard) -> Result<String> {
    let broken = |e: std::io::Error| Error::bug("bug.child", e);
    let listener = TcpListener::bind("127.0.0.1:0").map_err(broken)?;
    let address = listener.local_addr().map_err(broken)?;
    let heard = Arc::clone(heard);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let heard = Arc::clone(&heard);
            // A line that breaks is what this is about.
            std::thread::spawn(move || drop(answer(stream, &heard)));
        }
    });
    Ok(format!("http://{address}/hook"))
}

fn answer(stream: TcpStream, heard: &Heard) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let line = line.trim_end().to_ascii_lowercase();
            if let Some(given) = line.strip_prefix("content-length: ") {
                length = given.parse().unwrap_or(0);
            }
            if line.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let told: Value = serde_json::from_slice(&body).unwrap_or_default();
        let count = {
            let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
            heard.push(told["data"]["seq"].as_i64().unwrap_or(0));
            heard.len()
        };
        if count.is_multiple_of(HANGS_UP) {
            return Ok(());
        }
        reader.get_mut().write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")?;
    }
}
