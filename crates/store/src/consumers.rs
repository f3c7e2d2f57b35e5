//! Readers of the sealed facts: each has a cursor, one holder at a time, and misses nothing.
//!
//! Facts come in the order of their seal, so in order for every object. A reader whose effects are
//! rows moves its cursor in their transaction and acts once; one that reaches outside moves it
//! after the effect and may act twice.
use crate::jobs::{GOOD_FOR, back_off};
use crate::{Row, Tx, sql};
use kernel::{Cell, Ctx, Error, Instant, Result, Stored};
use std::collections::BTreeMap;

/// A sealed fact with the objects that it names, the subject first.
#[derive(Clone, Debug)]
pub struct Sealed {
    pub seq: i64,
    pub id: i64,
    pub activity: String,
    pub from_state: String,
    pub to_state: String,
    pub occurred_at: Instant,
    pub recorded_at: Instant,
    pub actor: i64,
    pub actor_kind: String,
    pub source: String,
    pub company: i64,
    pub reason: String,
    /// Minor units.
    pub amount: i64,
    pub currency: String,
    /// JSON.
    pub attrs: String,
    pub objects: Vec<Object>,
}

/// An object that a fact names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Object {
    pub kind: String,
    pub id: i64,
    pub qualifier: String,
}

impl Sealed {
    /// What came in with an import has had its effects where it came from.
    #[must_use]
    pub fn has_effects(&self) -> bool {
        self.source != "import"
    }
    /// What the fact is about.
    #[must_use]
    pub fn subject(&self) -> Option<&Object> {
        self.objects.iter().find(|o| o.qualifier == "subject").or(self.objects.first())
    }
}

/// Facts of one look, at most.
pub const LOOK: i64 = 500;

/// The next facts after `seq`, at most `limit` and never more than [`LOOK`].
pub fn after(tx: &mut Tx, seq: i64, limit: i64) -> Result<Vec<Sealed>> {
    let rows = tx.rows(
        sql!(
            "SELECT s.seq, f.id, f.activity, f.from_state, f.to_state, f.occurred_at, \
             f.recorded_at, f.actor, f.actor_kind, f.source, f.company, f.reason, f.amount, \
             f.currency, f.attrs FROM fact_seal s JOIN fact f ON f.tenant_id = s.tenant_id \
             AND f.id = s.fact_id WHERE s.tenant_id = $1 AND s.seq > $2 ORDER BY s.seq LIMIT $3"
        ),
        &[Stored::Int(seq), Stored::Int(limit.clamp(1, LOOK))],
    )?;
    let mut facts: Vec<Sealed> = rows.into_iter().map(sealed).collect::<Result<_>>()?;
    let Some(last) = facts.last().map(|f| f.seq) else { return Ok(facts) };
    let rows = tx.rows(
        sql!(
            "SELECT o.fact_id, o.object_type, o.object_id, o.qualifier FROM fact_seal s \
             JOIN fact_object o ON o.tenant_id = s.tenant_id AND o.fact_id = s.fact_id \
             WHERE s.tenant_id = $1 AND s.seq > $2 AND s.seq <= $3"
        ),
        &[Stored::Int(seq), Stored::Int(last)],
    )?;
    let mut objects: BTreeMap<i64, Vec<Object>> = BTreeMap::new();
    for mut row in rows {
        let fact: i64 = row.take()?;
        let object = Object { kind: row.take()?, id: row.take()?, qualifier: row.take()? };
        objects.entry(fact).or_default().push(object);
    }
    for fact in &mut facts {
        fact.objects = objects.remove(&fact.id).unwrap_or_default();
        let rank = |o: &Object| (o.qualifier != "subject", o.kind.clone(), o.id);
        fact.objects.sort_by_key(rank);
    }
    Ok(facts)
}

fn sealed(mut row: Row) -> Result<Sealed> {
    Ok(Sealed {
        seq: row.take()?,
        id: row.take()?,
        activity: row.take()?,
        from_state: row.take()?,
        to_state: row.take()?,
        occurred_at: row.take()?,
        recorded_at: row.take()?,
        actor: row.take()?,
        actor_kind: row.take()?,
        source: row.take()?,
        company: row.take()?,
        reason: row.take()?,
        amount: row.take()?,
        currency: row.take()?,
        attrs: row.take()?,
        objects: Vec::new(),
    })
}

/// The place of the newest sealed fact; 0 where there is none.
pub fn newest(tx: &mut Tx) -> Result<i64> {
    let seq: Option<i64> = tx.value(
        sql!("SELECT seq FROM fact_seal WHERE tenant_id = $1 ORDER BY seq DESC LIMIT 1"),
        &[],
    )?;
    Ok(seq.unwrap_or(0))
}

/// Where a reader stands.
#[derive(Clone, Debug)]
pub struct Reader {
    pub name: String,
    pub seq: i64,
    pub holder: String,
    /// Failures in a row, and since when.
    pub attempts: i64,
    pub failing_since: Option<Instant>,
    pub due_at: Option<Instant>,
    pub last_error: String,
}

fn text(s: &str) -> Stored {
    Stored::text(s)
}

/// Makes a reader that begins after `seq`, where there is none of that name.
pub fn ensure(tx: &mut Tx, name: &str, seq: i64) {
    tx.put(
        sql!(
            "INSERT INTO consumer (tenant_id, name, seq, holder, leased_until, due_at, attempts, \
             failing_since, last_error) VALUES ($1, $2, $3, '', 0, 0, 0, 0, '') \
             ON CONFLICT (tenant_id, name) DO NOTHING"
        ),
        &[text(name), Stored::Int(seq)],
    );
}

/// A reader as it stands.
pub fn reader(tx: &mut Tx, name: &str) -> Result<Option<Reader>> {
    let rows = tx.rows(
        sql!(
            "SELECT name, seq, holder, attempts, failing_since, due_at, last_error FROM consumer \
             WHERE tenant_id = $1 AND name = $2"
        ),
        &[text(name)],
    )?;
    let reader = |mut row: Row| {
        Ok(Reader {
            name: row.take()?,
            seq: row.take()?,
            holder: row.take()?,
            attempts: row.take()?,
            failing_since: row.take()?,
            due_at: row.take()?,
            last_error: row.take()?,
        })
    };
    rows.into_iter().next().map(reader).transpose()
}

/// Takes a reader that is due for `holder`, or renews what it holds; none while another reads.
pub fn take(cx: &Ctx, tx: &mut Tx, name: &str, holder: &str) -> Result<Option<Reader>> {
    let taken = tx.exec(
        sql!(
            "UPDATE consumer SET holder = $3, leased_until = $4 WHERE tenant_id = $1 AND name = $2 \
             AND due_at <= $5 AND (holder = $3 OR leased_until <= $5)"
        ),
        &[text(name), text(holder), Stored::Int(cx.now.0 + GOOD_FOR), cx.now.store()],
    )?;
    if taken == 0 { Ok(None) } else { reader(tx, name) }
}

/// Moves a reader on, and forgets its failures. Error: `consumer.lost` when it is another's or was
/// set elsewhere meanwhile.
pub fn advance(tx: &mut Tx, reader: &Reader, seq: i64) -> Result<()> {
    let moved = tx.exec(
        sql!(
            "UPDATE consumer SET seq = $5, attempts = 0, failing_since = 0, due_at = 0, \
             last_error = '' WHERE tenant_id = $1 AND name = $2 AND holder = $3 AND seq = $4"
        ),
        &[text(&reader.name), text(&reader.holder), Stored::Int(reader.seq), Stored::Int(seq)],
    )?;
    if moved == 1 { Ok(()) } else { Err(Error::conflict("consumer.lost", &reader.name)) }
}

/// A reader could not act on the next fact: it waits; since when it fails.
pub fn failed(cx: &Ctx, tx: &mut Tx, reader: &Reader, error: &str) -> Result<Instant> {
    let attempts = reader.attempts + 1;
    let since = reader.failing_since.unwrap_or(cx.now);
    let said: String = error.chars().take(500).collect();
    tx.put(
        sql!(
            "UPDATE consumer SET attempts = $4, failing_since = $5, due_at = $6, last_error = $7 \
             WHERE tenant_id = $1 AND name = $2 AND holder = $3"
        ),
        &[
            text(&reader.name),
            text(&reader.holder),
            Stored::Int(attempts),
            since.store(),
            Stored::Int(cx.now.0 + back_off(attempts)),
            text(&said),
        ],
    );
    Ok(since)
}

/// Sets a reader to begin after `seq` again, whoever holds it: its holder finds its move refused.
pub fn set(tx: &mut Tx, name: &str, seq: i64) {
    tx.put(
        sql!(
            "UPDATE consumer SET seq = $3, attempts = 0, failing_since = 0, due_at = 0, \
             last_error = '', leased_until = 0, holder = '' WHERE tenant_id = $1 AND name = $2"
        ),
        &[text(name), Stored::Int(seq)],
    );
}
