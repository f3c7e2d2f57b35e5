//! The threads beside the server that do jobs, look at the schedules, and deliver effects.
use crate::cli;
use crate::outside::{now, random};
use crate::place::Place;
use crate::verbs::serve::{Served, report};
use connect::courier::Courier;
use connect::egress::{Egress, Reach};
use kernel::{Ctx, Error, Result};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;
use store::Store;
use store::work::{Hand, Handler};

/// Threads that do jobs, in each process.
const HANDS: usize = 2;
/// Threads that tell webhooks: a receiver that hangs holds up one of them.
const COURIERS: usize = 3;
/// How long a thread that found nothing to do waits.
const REST: Duration = Duration::from_millis(250);
/// How many rests between two looks at the schedules, and at the targets of figures.
const LOOKS: u64 = 20;
const TARGETS: u64 = 14_400;
/// The same for scorecards: a minute.
const CARDS: u64 = 240;

/// Running threads.
pub(crate) struct Running(Vec<JoinHandle<()>>);

impl Running {
    /// Waits until each thread has given back what it held; the caller has told them to stop.
    pub(crate) fn end(self) {
        for thread in self.0 {
            let _joined = thread.join();
        }
    }
}

/// Starts the threads. Jobs and webhooks have hands of their own for each tenant, so that one with
/// much work, or with a receiver that hangs, stops no other; what is short is done in turns.
pub(crate) fn begin(
    all: &Arc<Vec<Served>>,
    stop: &Arc<AtomicBool>,
    outside: &cli::Outside,
) -> Result<Running> {
    let (reach, process) = (outside.reach(), name());
    // What nobody waits for may be looked for more seldom where many do nothing.
    let rest = REST * u32::try_from(1 + all.len() / 8).unwrap_or(1);
    let mut threads = Vec::new();
    for of in all.iter() {
        let crew = |holder: String| Crew {
            store: Arc::clone(&of.place.store),
            tenant: of.place.tenant,
            stop: Arc::clone(stop),
            holder,
            rest,
        };
        for hand in 0..HANDS {
            let crew = crew(format!("{process}:{hand}"));
            let mut handlers = flows::jobs::handlers();
            handlers.push(connect::mail::handler(outside.mailer()?));
            let files = outside.files(&of.place)?;
            handlers.push(intake::handler(Arc::new(move |digest| files.read(digest)), now));
            threads.push(thread("jobs", move || crew.do_jobs(&handlers))?);
        }
        for hand in 0..COURIERS {
            let crew = crew(format!("{process}:courier:{hand}"));
            threads.push(thread("webhooks", move || crew.tell_webhooks(reach))?);
        }
    }
    let (shared, ends) = (Arc::clone(all), Arc::clone(stop));
    threads.push(thread("live", move || {
        while !ends.load(Ordering::Acquire) {
            for of in shared.iter() {
                report(http::look_for_changes(&of.state));
            }
            std::thread::sleep(REST);
        }
    })?);
    let (shared, ends) = (Arc::clone(all), Arc::clone(stop));
    threads.push(thread("targets", move || look_at_figures(&shared, &ends))?);
    let (shared, ends) = (Arc::clone(all), Arc::clone(stop));
    threads.push(thread("schedules", move || look_at_schedules(&shared, &ends, &process))?);
    Ok(Running(threads))
}

/// The targets of figures and the scorecards of each tenant, in turn.
fn look_at_figures(all: &[Served], stop: &AtomicBool) {
    let mut rests: u64 = 0;
    while !stop.load(Ordering::Acquire) {
        rests += 1;
        std::thread::sleep(REST);
        for of in all {
            if rests % TARGETS == LOOKS {
                report(http::look_at_targets(&of.state));
            }
            if rests % CARDS == LOOKS {
                report(http::send_scorecards(&of.state));
            }
        }
    }
}

/// The notices and schedules of each tenant, in turn: a batch of notices each time round.
fn look_at_schedules(all: &[Served], stop: &AtomicBool, holder: &str) {
    let mut rests: u64 = 0;
    while !stop.load(Ordering::Acquire) {
        let mut given = false;
        for Served { place, .. } in all {
            match give_notices(place, holder) {
                Ok(some) => given |= some,
                Err(error) => report(Err(error)),
            }
            if rests.is_multiple_of(LOOKS) {
                report(place.store.run(&place.system(), |cx, tx| {
                    flows::jobs::ensure(cx, tx)?;
                    flows::jobs::look(cx, tx).map(|_| ())
                }));
            }
        }
        if !given {
            rests += 1;
            std::thread::sleep(REST);
        }
    }
}

/// Tells people what the newest facts have for them; were there any?
fn give_notices(place: &Place, holder: &str) -> Result<bool> {
    if !place.store.read(&place.system(), |_, tx| flows::notices::waits(tx))? {
        return Ok(false);
    }
    let look = |cx: &Ctx, tx: &mut store::Tx| flows::notices::look(cx, tx, holder);
    Ok(place.store.run(&place.system(), look)? > 0)
}

/// What one thread has.
struct Crew {
    store: Arc<Store>,
    tenant: i64,
    stop: Arc<AtomicBool>,
    holder: String,
    rest: Duration,
}

/// A name that no other process has: the holder of leases.
fn name() -> String {
    random().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn thread(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    let made = std::thread::Builder::new().name(name.to_owned()).spawn(work);
    made.map_err(|e| Error::bug("bug.thread", e))
}

impl Crew {
    fn do_jobs(&self, handlers: &[Handler]) {
        let hand = Hand {
            store: &self.store,
            tenant: self.tenant,
            clock: &now,
            handlers,
            at_work: flows::jobs::at_work,
            stop: &self.stop,
            holder: &self.holder,
        };
        while !self.stop.load(Ordering::Acquire) {
            match hand.do_one() {
                Ok(true) => {}
                Ok(false) => std::thread::sleep(self.rest),
                Err(error) => {
                    report(Err(error));
                    std::thread::sleep(REST * 4);
                }
            }
        }
    }

    fn tell_webhooks(&self, reach: Reach) {
        let egress = Egress::new(reach);
        let courier = Courier {
            store: &self.store,
            tenant: self.tenant,
            clock: &now,
            egress: &egress,
            stop: &self.stop,
            holder: &self.holder,
        };
        while !self.stop.load(Ordering::Acquire) {
            match courier.round() {
                Ok(round) if round.passed == 0 => std::thread::sleep(self.rest),
                Ok(_) => {}
                Err(error) => {
                    report(Err(error));
                    std::thread::sleep(REST * 4);
                }
            }
        }
    }
}
