//! Live updates: who may see a row hears that it changed, and fetches it again.
//!
//! One look for all connections reads the newly sealed facts and finds which rows they name; each
//! connection sends on what its user's scopes reach. It works the same on several processes of one
//! database, since each reads the facts.
use crate::ask::Ask;
use crate::routes;
use crate::state::State;
use access::Session;
use axum::body::{Body, Bytes};
use axum::response::Response;
use futures_util::stream;
use kernel::{Ctx, Error, Result};
use meta::Entity;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::consumers::{self, Sealed};
use store::marks::{self, Mark};
use store::{Store, Tx};
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::sync::watch;

/// Connections of one user, and of one process.
const OF_USER: usize = 8;
const OF_ALL: usize = 512;
/// Batches that a slow connection may be behind before it reads for itself.
const BEHIND: usize = 64;
/// Facts that a connection which comes back catches up with; beyond it is told to fetch anew.
const CATCH_UP: i64 = 2000;
/// A sign of life, so that nobody between us takes the line for dead; who may hear is asked again.
const BEAT: Duration = Duration::from_secs(15);

/// What the connections of a process share.
pub(crate) struct Live {
    sender: broadcast::Sender<Arc<Batch>>,
    /// Up to where the facts were looked at; below 0 while nobody listens.
    seq: AtomicI64,
    open: Mutex<BTreeMap<i64, usize>>,
    /// Set when the program ends: who waits for a last request to end must not wait for these.
    ending: watch::Sender<bool>,
}

impl Live {
    pub(crate) fn end(&self) {
        self.ending.send_replace(true);
    }
}

impl Default for Live {
    fn default() -> Self {
        let (seq, open) = (AtomicI64::new(-1), Mutex::default());
        let ending = watch::Sender::new(false);
        Self { sender: broadcast::Sender::new(BEHIND), seq, open, ending }
    }
}

/// Rows that the facts of `(from, until]` name.
struct Batch {
    from: i64,
    until: i64,
    changes: Vec<(&'static Entity, Vec<i64>, Vec<Mark>)>,
    /// Users who got something into their inbox.
    inboxes: BTreeSet<i64>,
}

/// Reads what was sealed since the last look and passes it to the connections. Done by a thread of
/// its own, a few times a second.
pub fn look(state: &State) -> Result<()> {
    let live = &state.live;
    if live.sender.receiver_count() == 0 {
        live.seq.store(-1, Ordering::Release);
        return Ok(());
    }
    let from = live.seq.load(Ordering::Acquire);
    let system = state.system();
    if from < 0 {
        let newest = state.set.store.read(&system, |_, tx| consumers::newest(tx))?;
        live.seq.store(newest, Ordering::Release);
        // Who connected since the last look may stand before this: what lies between is a gap,
        // which it reads for itself.
        let (changes, inboxes) = (Vec::new(), BTreeSet::new());
        let gap = Batch { from: newest, until: newest, changes, inboxes };
        let _heard = live.sender.send(Arc::new(gap));
        return Ok(());
    }
    let batch = state.set.store.read(&system, |_, tx| gather(state, tx, from))?;
    if let Some(batch) = batch {
        live.seq.store(batch.until, Ordering::Release);
        // Nobody listens any more: the next look notices.
        let _heard = live.sender.send(Arc::new(batch));
    }
    Ok(())
}

fn gather(state: &State, tx: &mut Tx, from: i64) -> Result<Option<Batch>> {
    let facts = consumers::after(tx, from, consumers::LOOK)?;
    let Some(until) = facts.last().map(|f| f.seq) else { return Ok(None) };
    let inboxes = facts.iter().flat_map(recipients).collect();
    let mut named: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
    for object in facts.iter().flat_map(|f| &f.objects) {
        named.entry(object.kind.as_str()).or_default().insert(object.id);
    }
    let mut changes = Vec::new();
    for entity in state.set.catalog.listed() {
        let Some(ids) = named.get(entity.name) else { continue };
        let ids: Vec<i64> = ids.iter().copied().collect();
        let found = marks::of(tx, entity, &ids)?;
        changes.push((entity, ids, found));
    }
    Ok(Some(Batch { from, until, changes, inboxes }))
}

fn recipients(fact: &Sealed) -> impl Iterator<Item = i64> {
    let to = fact.objects.iter().filter(|o| (&*o.kind, &*o.qualifier) == ("user", "recipient"));
    to.map(|o| o.id)
}

/// What of a batch a user hears: rows within the scope of their right to read, no others.
fn heard(cx: &Ctx, tx: &mut Tx, batch: &Batch) -> Result<Vec<Json>> {
    let mut all = Vec::new();
    for (entity, ids, found) in &batch.changes {
        let permission = entity.permission("read");
        if cx.reach(&permission).is_none() {
            continue;
        }
        let scope = access::scope_for(cx, tx, &permission)?;
        let tell = |id: i64, version: i64| {
            json!({ "entity": entity.name, "collection": entity.collection,
                "id": id.to_string(), "version": version })
        };
        let seen = found.iter().filter(|mark| marks::reaches(entity, &scope, mark));
        all.extend(seen.map(|mark| tell(mark.id, mark.version)));
        if scope == store::scope::Scope::All {
            let gone = ids.iter().filter(|id| !found.iter().any(|m| m.id == **id));
            all.extend(gone.map(|id| tell(*id, 0)));
        }
    }
    if batch.inboxes.contains(&cx.user) {
        all.push(json!({ "entity": "inbox", "collection": "inbox", "id": cx.user.to_string() }));
    }
    Ok(all)
}

/// What a user hears of all sealed facts from the first on, as connections hear it.
pub(crate) fn all_heard(state: &State, cx: &Ctx) -> Result<Vec<Json>> {
    state.set.store.read(cx, |cx, tx| {
        let (mut told, mut from) = (Vec::new(), 0);
        while let Some(batch) = gather(state, tx, from)? {
            told.extend(heard(cx, tx, &batch)?);
            from = batch.until;
        }
        Ok(told)
    })
}

/// A place among the connections; free again when it is dropped.
struct Seat {
    state: Arc<State>,
    user: i64,
}

impl Seat {
    /// Error: `live.too_many`.
    fn take(state: &Arc<State>, user: i64) -> Result<Self> {
        let mut open = state.live.open.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = open.values().sum();
        let mine = open.entry(user).or_default();
        let limit = if *mine >= OF_USER { OF_USER } else { OF_ALL };
        if *mine >= OF_USER || all >= OF_ALL {
            return Err(Error::conflict("live.too_many", limit).with("limit", limit));
        }
        *mine += 1;
        Ok(Self { state: Arc::clone(state), user })
    }
}
impl Drop for Seat {
    fn drop(&mut self) {
        let mut open = self.state.live.open.lock().unwrap_or_else(PoisonError::into_inner);
        let left = open.get(&self.user).map_or(0, |count| count - 1);
        if left == 0 {
            open.remove(&self.user);
        } else {
            open.insert(self.user, left);
        }
    }
}

/// One open connection.
struct Listener {
    seat: Seat,
    ask: Ask,
    receiver: broadcast::Receiver<Arc<Batch>>,
    ending: watch::Receiver<bool>,
    /// Up to where its user was told.
    at: i64,
    /// What is said first.
    greeting: Option<String>,
}

/// `GET /api/v1/live`: server-sent events `change` with rows, `reset` when too much was missed,
/// `end` when the session has ended. `Last-Event-ID` goes on where a lost connection was.
///
/// Errors: `access.sign_in_needed`, `live.too_many`.
pub(crate) fn open(state: &Arc<State>, ask: Ask) -> Result<Response> {
    let session = routes::session(state, &ask)?;
    let seat = Seat::take(state, session.cx.user)?;
    let receiver = state.live.sender.subscribe();
    let newest = state.set.store.read(&session.cx, |_, tx| consumers::newest(tx))?;
    let last = ask.header("last-event-id").and_then(|text| text.parse::<i64>().ok());
    let (at, greeting) = match last {
        Some(last) if (0..=newest).contains(&last) && newest - last <= CATCH_UP => (last, None),
        Some(_) => (newest, Some(said(newest, "reset", &json!({})))),
        None => (newest, Some(said(newest, "hello", &json!({})))),
    };
    let ending = state.live.ending.subscribe();
    let listener = Listener { seat, ask, receiver, ending, at, greeting };
    let events = stream::unfold(Some(listener), |listener| async {
        let mut listener = listener?;
        let (text, goes_on) = listener.next().await;
        Some((Ok::<Bytes, Infallible>(text.into()), goes_on.then_some(listener)))
    });
    let mut response = Response::new(Body::from_stream(events));
    let headers = response.headers_mut();
    for (name, value) in [
        ("content-type", "text/event-stream"),
        ("cache-control", "no-store"),
        ("x-accel-buffering", "no"),
    ] {
        headers.insert(name, axum::http::HeaderValue::from_static(value));
    }
    Ok(response)
}

fn said(seq: i64, event: &str, data: &Json) -> String {
    format!("id: {seq}\nevent: {event}\ndata: {data}\n\n")
}

impl Listener {
    /// The next thing to say, and whether there will be more.
    async fn next(&mut self) -> (String, bool) {
        if let Some(greeting) = self.greeting.take() {
            return (greeting, true);
        }
        loop {
            let heard = tokio::select! {
                _ = self.ending.wait_for(|ending| *ending) => None,
                heard = tokio::time::timeout(BEAT, self.receiver.recv()) => Some(heard),
            };
            let Some(heard) = heard else { return self.bye() };
            match heard {
                Ok(Ok(batch)) if batch.until <= self.at => {}
                Ok(Ok(batch)) => {
                    if let Some(said) = self.tell(Some(batch)).await {
                        return said;
                    }
                }
                // Too slow: the next batch begins behind a gap, which it reads for itself.
                Ok(Err(RecvError::Lagged(_))) => {}
                Ok(Err(RecvError::Closed)) => return self.bye(),
                Err(_) => {
                    let silence = (": beat\n\n".to_owned(), true);
                    return self.tell(None).await.unwrap_or(silence);
                }
            }
        }
    }

    /// Says what of a batch, and of the gap before it, the user may hear; nothing where that is
    /// nothing. Without a batch it only asks whether the session still holds.
    async fn tell(&mut self, batch: Option<Arc<Batch>>) -> Option<(String, bool)> {
        let (state, ask, at) = (Arc::clone(&self.seat.state), self.ask.clone(), self.at);
        let until = batch.as_ref().map_or(at, |b| b.until);
        let work = move || {
            let session = routes::session(&state, &ask)?;
            batch.map_or(Ok(Some(Vec::new())), |batch| hear(&state, &session, at, &batch))
        };
        let told = tokio::task::spawn_blocking(work).await;
        match told {
            Ok(Ok(Some(changes))) => {
                self.at = until;
                let data = json!({ "changes": changes });
                (!changes.is_empty()).then(|| (said(until, "change", &data), true))
            }
            Ok(Ok(None)) => {
                self.at = until;
                Some((said(until, "reset", &json!({})), true))
            }
            // The session has ended, or the program is in trouble: the client comes back and asks.
            Ok(Err(_)) | Err(_) => Some(self.bye()),
        }
    }

    fn bye(&self) -> (String, bool) {
        (said(self.at, "end", &json!({})), false)
    }
}

/// What a user hears of `(at, batch.until]`; `None` when that is too much to tell.
fn hear(state: &State, session: &Session, at: i64, batch: &Batch) -> Result<Option<Vec<Json>>> {
    let store: &Store = &state.set.store;
    if batch.from - at > CATCH_UP {
        return Ok(None);
    }
    let told = store.read(&session.cx, |cx, tx| {
        let (mut told, mut from) = (Vec::new(), at);
        while from < batch.from {
            let Some(missed) = gather(state, tx, from)? else { break };
            told.extend(heard(cx, tx, &missed)?);
            from = missed.until;
        }
        if from < batch.until {
            told.extend(heard(cx, tx, batch)?);
        }
        Ok(told)
    })?;
    Ok(Some(told))
}
