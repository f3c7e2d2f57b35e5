//! Telling webhooks of facts, in the order of their seal, each until it says that it heard.
//!
//! A webhook's cursor moves after its receiver accepted a fact, so none is left out; whoever is
//! ended between the answer and the move tells it once more, under the same id.
use crate::egress::Egress;
use crate::webhook::{Webhook, wants};
use crate::{sign, webhooks};
use kernel::{Ctx, Currency, Error, Id, IdMaker, Instant, Money, Result};
use serde_json::{Value as Json, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use store::Store;
use store::consumers::{self, Reader, Sealed};

/// Facts told to one webhook before the next has its turn.
const TURN: i64 = 100;
/// How long a webhook may fail before it is switched off.
pub const GIVES_UP_AFTER: i64 = 3 * Instant::DAY;

/// Somebody who tells webhooks: a thread of the program, or a test.
pub struct Courier<'w> {
    pub store: &'w Store,
    pub tenant: i64,
    pub clock: &'w dyn Fn() -> Instant,
    pub egress: &'w Egress,
    pub stop: &'w AtomicBool,
    /// Names this courier among those of all processes.
    pub holder: &'w str,
}

/// What a round came to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Round {
    /// Facts that receivers accepted.
    pub told: usize,
    /// Places that cursors moved on, over what nobody wants too; 0 when there is nothing to do.
    pub passed: i64,
}

impl Courier<'_> {
    fn system(&self) -> Ctx {
        let ids: Arc<IdMaker> = self.store.ids();
        Ctx::system(self.tenant, (self.clock)(), ids)
    }

    /// Gives every webhook that is on, due and nobody else's its turn.
    pub fn round(&self) -> Result<Round> {
        let on = store::find!(Webhook, "state = 'on' ORDER BY id LIMIT 100");
        let all: Vec<Webhook> = self.store.read(&self.system(), |_, tx| tx.list(on, &[]))?;
        let mut round = Round::default();
        for webhook in &all {
            if self.stop.load(Ordering::Acquire) {
                break;
            }
            let turn = self.turn(webhook)?;
            round = Round { told: round.told + turn.told, passed: round.passed + turn.passed };
        }
        Ok(round)
    }

    fn turn(&self, webhook: &Webhook) -> Result<Round> {
        let cx = self.system();
        let name = webhook.reader();
        let new = self.store.read(&cx, |cx, tx| {
            let Some(reader) = consumers::reader(tx, &name)? else { return Ok(false) };
            let due = reader.due_at.is_none_or(|at| at <= cx.now);
            Ok(due && consumers::newest(tx)? > reader.seq)
        })?;
        if !new {
            return Ok(Round::default());
        }
        let taken = self.store.run(&cx, |cx, tx| consumers::take(cx, tx, &name, self.holder))?;
        let Some(mut reader) = taken else { return Ok(Round::default()) };
        let (facts, secrets) = self.store.read(&cx, |cx, tx| {
            let facts = consumers::after(tx, reader.seq, TURN)?;
            Ok((facts, webhooks::secrets(cx, tx, webhook.id)?))
        })?;
        let (begun, mut told) = (reader.seq, 0);
        let mut passed = reader.seq;
        let round = |told: usize, until: i64| Round { told, passed: until - begun };
        for fact in &facts {
            if self.stop.load(Ordering::Acquire) {
                break;
            }
            if fact.has_effects() && wants(&webhook.activities, &fact.activity) {
                if let Err(error) = self.tell(webhook, &secrets, fact) {
                    self.fails(webhook.id, &reader, passed, &error)?;
                    return Ok(round(told, passed));
                }
                told += 1;
                reader = match self.moved(&reader, fact.seq)? {
                    Some(reader) => reader,
                    None => return Ok(round(told, passed)),
                };
            }
            passed = fact.seq;
        }
        if passed > reader.seq {
            self.moved(&reader, passed)?;
        }
        Ok(round(told, passed))
    }

    /// Moves the cursor and renews the lease; none when it was set elsewhere or switched off.
    fn moved(&self, reader: &Reader, seq: i64) -> Result<Option<Reader>> {
        let cx = self.system();
        let moved = self.store.run(&cx, |cx, tx| {
            consumers::advance(tx, reader, seq)?;
            consumers::take(cx, tx, &reader.name, self.holder)
        });
        match moved {
            Err(error) if error.code == "consumer.lost" => Ok(None),
            other => other,
        }
    }

    /// The webhook waits for its next try, or is switched off after it failed for long.
    fn fails(&self, id: Id<Webhook>, reader: &Reader, passed: i64, error: &Error) -> Result<()> {
        let gone = error.fields.iter().any(|(name, value)| *name == "status" && value == "410");
        self.store.run(&self.system(), |cx, tx| {
            let mut reader = reader.clone();
            if passed > reader.seq {
                // What it does not want is behind it, though the next fact is not.
                match consumers::advance(tx, &reader, passed) {
                    Err(lost) if lost.code == "consumer.lost" => return Ok(()),
                    other => other?,
                }
                reader.seq = passed;
            }
            let since = consumers::failed(cx, tx, &reader, &error.to_string())?;
            if gone || cx.now.0 - since.0 >= GIVES_UP_AFTER {
                webhooks::disable(cx, tx, id, &error.to_string())?;
            }
            Ok(())
        })
    }

    /// Errors: `webhook.refused` with the status of the answer, those of [`Egress::post`].
    fn tell(&self, webhook: &Webhook, secrets: &[String], fact: &Sealed) -> Result<()> {
        let id = format!("msg_{}", fact.id);
        let seconds = (self.clock)().0 / Instant::SECOND;
        let body = message(fact).to_string();
        let headers = [
            ("webhook-id", id.clone()),
            ("webhook-timestamp", seconds.to_string()),
            ("webhook-signature", sign::signature(secrets, &id, seconds, &body)?),
        ];
        let status = self.egress.post(&webhook.url, &headers, &body)?;
        if (200..300).contains(&status) {
            return Ok(());
        }
        Err(Error::conflict("webhook.refused", &webhook.url).with("status", status))
    }
}

/// A fact as it is told: what happened, to which objects; ids and numbers, nothing personal.
#[must_use]
pub fn message(fact: &Sealed) -> Json {
    let object = |o: &consumers::Object| {
        let id = o.id.to_string();
        json!({ "type": o.kind, "id": id, "as": o.qualifier })
    };
    let priced = Currency::parse(&fact.currency).ok().filter(|_| !fact.currency.is_empty());
    let amount = priced.map(|currency| Money::new(fact.amount, currency).amount());
    let attrs: Json = serde_json::from_str(&fact.attrs).unwrap_or_default();
    json!({
        "type": fact.activity,
        "timestamp": fact.recorded_at.rfc3339(),
        "data": {
            "seq": fact.seq,
            "fact": fact.id.to_string(),
            "occurred_at": fact.occurred_at.rfc3339(),
            "from": fact.from_state,
            "to": fact.to_state,
            "actor": fact.actor.to_string(),
            "actor_kind": fact.actor_kind,
            "company": fact.company.to_string(),
            "reason": fact.reason,
            "amount": amount,
            "currency": fact.currency,
            "objects": fact.objects.iter().map(object).collect::<Vec<_>>(),
            "attrs": attrs,
        },
    })
}
