//! What every request shares: the store, the catalogue, the clock, and a few limits.
use crate::catalog::Catalog;
use crate::live::Live;
use crate::logs::Logs;
use crate::measure::View;
use kernel::{Ctx, Error, Instant, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use store::Store;

/// How people reach us; decides the cookie's name and flags.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Transport {
    /// On this machine, or behind nothing.
    Plain,
    Tls,
}

/// What `app` hands over.
pub struct Settings {
    pub store: Arc<Store>,
    pub tenant: i64,
    /// As the tenant is called at sign-in.
    pub code: String,
    pub catalog: Catalog,
    pub clock: fn() -> Instant,
    pub random: fn() -> [u8; 32],
    pub transport: Transport,
    /// Where files lie; none where nothing can be attached.
    pub files: Option<connect::files::Files>,
    /// How mail goes out.
    pub mailer: connect::mail::Mailer,
    /// The file that keeps facts as columns.
    pub columns: std::path::PathBuf,
}

/// Settings that were checked, and what requests count together.
pub struct State {
    pub(crate) set: Settings,
    running: Mutex<BTreeSet<(i64, String)>>,
    rates: Mutex<Rates>,
    /// Requests that run now.
    inside: AtomicUsize,
    pub(crate) live: Live,
    pub(crate) view: View,
    pub(crate) logs: Logs,
}

/// Requests of one API key in a minute.
const OF_KEY: u32 = 600;

/// Requests of keys in the minute that runs.
#[derive(Default)]
struct Rates {
    minute: i64,
    counts: BTreeMap<i64, u32>,
}

/// Requests of one tenant at once, where a process serves several: half of its threads.
pub(crate) const OF_TENANT: usize = 256;

/// Passwords hashed at once: each takes 19 MiB. And callers that may wait for their turn.
const HASHING: usize = 4;
const WAITING: usize = 64;

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    /// Error: `bug.route_without_permission`, so that a gap stops the program and not a guard.
    pub fn new(settings: Settings) -> Result<Arc<Self>> {
        settings.catalog.check()?;
        let running = Mutex::new(BTreeSet::new());
        let view = View::new(settings.columns.clone());
        let logs = Logs::new(&settings.columns);
        Ok(Arc::new(Self {
            set: settings,
            running,
            rates: Mutex::default(),
            inside: AtomicUsize::new(0),
            live: Live::default(),
            view,
            logs,
        }))
    }

    pub(crate) fn now(&self) -> Instant {
        (self.set.clock)()
    }

    /// The system in this tenant: for signing in, before anyone is known.
    pub(crate) fn system(&self) -> Ctx {
        Ctx::system(self.set.tenant, self.now(), self.set.store.ids())
    }

    /// Takes a key for as long as its request runs. Error: `idempotency.running`.
    pub(crate) fn take_key(&self, user: i64, key: &str) -> Result<RunningKey<'_>> {
        let taken = (user, key.to_owned());
        if !locked(&self.running).insert(taken.clone()) {
            return Err(Error::conflict("idempotency.running", key));
        }
        Ok(RunningKey { state: self, taken })
    }

    /// Counts a request of an API key. Error: `access.rate_limited`.
    pub(crate) fn count_request(&self, key: i64, now: Instant) -> Result<()> {
        let mut rates = locked(&self.rates);
        let minute = now.0.div_euclid(Instant::MINUTE);
        if rates.minute != minute {
            *rates = Rates { minute, counts: BTreeMap::new() };
        }
        let count = rates.counts.entry(key).or_default();
        *count += 1;
        if *count > OF_KEY {
            let left = Instant::MINUTE - now.0.rem_euclid(Instant::MINUTE);
            let seconds = left / Instant::SECOND + 1;
            let e = Error::conflict("access.rate_limited", OF_KEY).with("limit", OF_KEY);
            return Err(e.with("seconds", seconds));
        }
        Ok(())
    }

    /// Hashes or verifies a password in its turn. Error: `store.queue_full`.
    pub(crate) fn hash<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let _turn = HASHING_NOW.enter()?;
        work()
    }

    /// Comes in among the requests of this tenant. Error: `store.queue_full`.
    pub(crate) fn come_in(&self) -> Result<Visit<'_>> {
        let visit = Visit(self);
        if self.inside.fetch_add(1, Ordering::AcqRel) >= OF_TENANT {
            return Err(Error::conflict("store.queue_full", OF_TENANT));
        }
        Ok(visit)
    }
}

pub(crate) struct RunningKey<'s> {
    state: &'s State,
    taken: (i64, String),
}
impl Drop for RunningKey<'_> {
    fn drop(&mut self) {
        locked(&self.state.running).remove(&self.taken);
    }
}

/// A request that runs.
pub(crate) struct Visit<'s>(&'s State);
impl Drop for Visit<'_> {
    fn drop(&mut self) {
        self.0.inside.fetch_sub(1, Ordering::AcqRel);
    }
}

/// The process's: memory is one, however many tenants it serves.
static HASHING_NOW: Gate = Gate { count: Mutex::new((0, 0)), left: Condvar::new() };

struct Gate {
    /// Inside, and waiting.
    count: Mutex<(usize, usize)>,
    left: Condvar,
}

struct Turn<'g>(&'g Gate);
impl Drop for Turn<'_> {
    fn drop(&mut self) {
        locked(&self.0.count).0 -= 1;
        self.0.left.notify_one();
    }
}

impl Gate {
    fn enter(&self) -> Result<Turn<'_>> {
        let mut count = locked(&self.count);
        if count.0 >= HASHING && count.1 >= WAITING {
            return Err(Error::conflict("store.queue_full", WAITING));
        }
        count.1 += 1;
        while count.0 >= HASHING {
            count = self.left.wait(count).unwrap_or_else(PoisonError::into_inner);
        }
        *count = (count.0 + 1, count.1 - 1);
        drop(count);
        Ok(Turn(self))
    }
}
