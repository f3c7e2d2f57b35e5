//! The threads beside the server that do jobs, look at the schedules, and deliver effects.
use crate::outside::{now, random};
use crate::verbs::serve::report;
use crate::{cli, place};
use connect::courier::Courier;
use connect::egress::{Egress, Reach};
use http::State;
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

/// Starts the threads.
pub(crate) fn begin(
    store: &Arc<Store>,
    state: &Arc<State>,
    stop: &Arc<AtomicBool>,
    (at, outside): (&cli::Place, &cli::Outside),
) -> Result<Running> {
    let reach = outside.reach();
    let process = name();
    let mut threads = Vec::new();
    for hand in 0..HANDS {
        let crew = Crew {
            store: Arc::clone(store),
            stop: Arc::clone(stop),
            holder: format!("{process}:{hand}"),
        };
        let mut handlers = flows::jobs::handlers();
        handlers.push(connect::mail::handler(outside.mailer()?));
        let files = outside.files(at)?;
        handlers.push(intake::handler(Arc::new(move |digest| files.read(digest)), now));
        threads.push(thread("jobs", move || crew.do_jobs(&handlers))?);
    }
    for hand in 0..COURIERS {
        let crew = Crew {
            store: Arc::clone(store),
            stop: Arc::clone(stop),
            holder: format!("{process}:courier:{hand}"),
        };
        threads.push(thread("webhooks", move || crew.tell_webhooks(reach))?);
    }
    let (shared, ends) = (Arc::clone(state), Arc::clone(stop));
    threads.push(thread("live", move || {
        while !ends.load(Ordering::Acquire) {
            report(http::look_for_changes(&shared));
            std::thread::sleep(REST);
        }
    })?);
    let (shared, ends) = (Arc::clone(state), Arc::clone(stop));
    threads.push(thread("targets", move || {
        let mut rests: u64 = 0;
        while !ends.load(Ordering::Acquire) {
            rests += 1;
            std::thread::sleep(REST);
            if rests % TARGETS == LOOKS {
                report(http::look_at_targets(&shared));
            }
            if rests % CARDS == LOOKS {
                report(http::send_scorecards(&shared));
            }
        }
    })?);
    let crew = Crew { store: Arc::clone(store), stop: Arc::clone(stop), holder: process };
    threads.push(thread("schedules", move || crew.look_at_schedules())?);
    Ok(Running(threads))
}

/// What one thread has.
struct Crew {
    store: Arc<Store>,
    stop: Arc<AtomicBool>,
    holder: String,
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
            tenant: place::TENANT,
            clock: &now,
            handlers,
            at_work: flows::jobs::at_work,
            stop: &self.stop,
            holder: &self.holder,
        };
        while !self.stop.load(Ordering::Acquire) {
            match hand.do_one() {
                Ok(true) => {}
                Ok(false) => std::thread::sleep(REST),
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
            tenant: place::TENANT,
            clock: &now,
            egress: &egress,
            stop: &self.stop,
            holder: &self.holder,
        };
        while !self.stop.load(Ordering::Acquire) {
            match courier.round() {
                Ok(round) if round.passed == 0 => std::thread::sleep(REST),
                Ok(_) => {}
                Err(error) => {
                    report(Err(error));
                    std::thread::sleep(REST * 4);
                }
            }
        }
    }

    /// Tells people what the newest facts have for them.
    fn give_notices(&self) -> Result<()> {
        let cx = Ctx::system(place::TENANT, now(), self.store.ids());
        while self.store.read(&cx, |_, tx| flows::notices::waits(tx))? {
            let cx = Ctx::system(place::TENANT, now(), self.store.ids());
            let look = |cx: &Ctx, tx: &mut store::Tx| flows::notices::look(cx, tx, &self.holder);
            if self.store.run(&cx, look)? == 0 {
                break;
            }
        }
        Ok(())
    }

    fn look_at_schedules(&self) {
        let mut rests: u64 = 0;
        while !self.stop.load(Ordering::Acquire) {
            report(self.give_notices());
            if rests.is_multiple_of(LOOKS) {
                let cx = Ctx::system(place::TENANT, now(), self.store.ids());
                report(self.store.run(&cx, |cx, tx| {
                    flows::jobs::ensure(cx, tx)?;
                    flows::jobs::look(cx, tx).map(|_| ())
                }));
            }
            rests += 1;
            std::thread::sleep(REST);
        }
    }
}
