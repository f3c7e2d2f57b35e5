//! Proving the chain of facts from the rows: digests recomputed, links followed.
use crate::facts::{Head, link};
use crate::{Engine, Row, Sql, Tx, sql};
use kernel::{Digest, Result, Stored};
use meta::Entity;
use std::collections::BTreeMap;

/// Facts looked at in one step of [`audit`].
const STEP: i64 = 2000;

/// One step along the chain.
pub struct Audited {
    pub head: Head,
    /// Facts looked at.
    pub looked: usize,
    pub broken: Vec<Broken>,
}

/// Where a chain breaks, and how.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Broken {
    /// `fact.changed`, `fact.removed`, `fact.inserted`, `seal.changed`, `seal.removed`,
    /// `part.inserted`, `chain.rewritten`, `chain.shortened`: stable names.
    pub what: &'static str,
    pub seq: i64,
    pub fact: i64,
    pub expected: String,
    pub found: String,
}

/// A sealed fact as it stands.
struct Link {
    seq: i64,
    prev: String,
    hash: String,
    fact: i64,
    /// Its kept digest, the digest of what stands there now, and whether its parts say the same
    /// time and activity; `None` where the fact is gone.
    digests: Option<(String, String, bool)>,
}

/// Follows the chain from `head` by up to two thousand facts; `None` at its end.
///
/// Every digest is computed again from the stored fact with its objects and changes, every link
/// from the one before. What is broken is named, and the rest is followed all the same.
pub fn audit(tx: &mut Tx, head: &Head) -> Result<Option<Audited>> {
    let links = links(tx, head)?;
    if links.is_empty() {
        return Ok(None);
    }
    let mut step = Audited { head: head.clone(), looked: links.len(), broken: Vec::new() };
    let mut links = links.into_iter().peekable();
    while let Some(link) = links.next() {
        let next = links.peek().filter(|next| next.seq == link.seq + 1).map(|n| n.prev.clone());
        follow(&mut step, link, next);
    }
    Ok(Some(step))
}

/// Looks at one link, and moves on.
fn follow(step: &mut Audited, of: Link, next: Option<String>) {
    let (at, seq, fact) = (&step.head, of.seq, of.fact);
    let mut broken = |what: &'static str, expected: &str, found: &str| {
        let (expected, found) = (expected.to_owned(), found.to_owned());
        step.broken.push(Broken { what, seq, fact, expected, found });
    };
    let is_next = seq == at.seq + 1;
    if !is_next {
        broken("seal.removed", &(at.seq + 1).to_string(), &seq.to_string());
    } else if of.prev != at.hash {
        broken("seal.changed", &at.hash, &of.prev);
    }
    // An altered link to the one before is named above; what it should have been goes on.
    let prev = if is_next { &at.hash } else { &of.prev };
    let mut hash = of.hash.clone();
    match &of.digests {
        None => broken("fact.removed", &fact.to_string(), ""),
        Some((kept, now, agrees)) if kept != now || !agrees => {
            broken("fact.changed", kept, now);
        }
        Some((kept, ..)) => {
            let expected = link(prev, seq, kept);
            // Whose fault it is the next link knows: it holds the hash that was.
            match &next {
                _ if expected == of.hash => {}
                Some(next) if *next != of.hash => {
                    broken("seal.changed", next, &of.hash);
                    hash.clone_from(next);
                }
                Some(_) | None => broken("fact.changed", &of.hash, &expected),
            }
        }
    }
    step.head = Head { seq, hash };
}

/// The next links after `head`; there may be gaps between their numbers.
fn links(tx: &mut Tx, head: &Head) -> Result<Vec<Link>> {
    let rows = tx.rows(
        sql!(
            "SELECT s.seq, s.prev_hash, s.hash, s.fact_id, f.id, f.digest, f.activity, \
             f.lifecycle, f.instance_id, f.from_state, f.to_state, f.occurred_at, f.recorded_at, \
             f.actor, f.actor_kind, f.acting_for, f.team, f.channel, f.source, f.batch_id, \
             f.company, f.reason, f.amount, f.currency, f.amount_base, f.decision_id, \
             f.process_version, f.cause_id, f.attrs \
             FROM fact_seal s LEFT JOIN fact f ON f.tenant_id = s.tenant_id AND f.id = s.fact_id \
             WHERE s.tenant_id = $1 AND s.seq > $2 ORDER BY s.seq LIMIT $3"
        ),
        &[Stored::Int(head.seq), Stored::Int(STEP)],
    )?;
    let mut links = Vec::with_capacity(rows.len());
    let mut facts = Vec::with_capacity(rows.len());
    for mut row in rows {
        let (seq, prev, hash) = (row.take()?, row.take()?, row.take()?);
        let fact: i64 = row.take()?;
        let there: Option<i64> = row.take()?;
        links.push(Link { seq, prev, hash, fact, digests: None });
        facts.push(there.map(|_| row));
    }
    let Some(last) = links.last().map(|l| l.seq) else { return Ok(links) };
    let objects = objects_between(tx, head.seq, last)?;
    let changes = changes_between(tx, head.seq, last)?;
    for (link, row) in links.iter_mut().zip(facts) {
        let Some(row) = row else { continue };
        let parts = (objects.get(&link.fact), changes.get(&link.fact));
        link.digests = Some(digests(tx.tenant(), link.fact, row, parts)?);
    }
    Ok(links)
}

/// What a fact is about: kind, id, qualifier, and what is kept twice.
type Objects = BTreeMap<i64, Vec<(String, i64, String, i64, String)>>;

fn objects_between(tx: &mut Tx, from: i64, until: i64) -> Result<Objects> {
    let rows = tx.rows(
        sql!(
            "SELECT o.fact_id, o.object_type, o.object_id, o.qualifier, o.occurred_at, o.activity \
             FROM fact_seal s JOIN fact_object o ON o.tenant_id = s.tenant_id \
             AND o.fact_id = s.fact_id WHERE s.tenant_id = $1 AND s.seq > $2 AND s.seq <= $3"
        ),
        &[Stored::Int(from), Stored::Int(until)],
    )?;
    let mut objects: Objects = BTreeMap::new();
    for mut row in rows {
        let fact: i64 = row.take()?;
        let (kind, id, qualifier) = (row.take()?, row.take()?, row.take()?);
        objects.entry(fact).or_default().push((kind, id, qualifier, row.take()?, row.take()?));
    }
    for list in objects.values_mut() {
        list.sort_unstable();
    }
    Ok(objects)
}

type Changes = BTreeMap<i64, Vec<(String, i64, String, String)>>;

fn changes_between(tx: &mut Tx, from: i64, until: i64) -> Result<Changes> {
    let rows = tx.rows(
        sql!(
            "SELECT c.fact_id, c.object_type, c.object_id, c.attr, c.value FROM fact_seal s \
             JOIN fact_object o ON o.tenant_id = s.tenant_id AND o.fact_id = s.fact_id \
             JOIN object_change c ON c.tenant_id = o.tenant_id AND c.object_type = o.object_type \
             AND c.object_id = o.object_id AND c.fact_id = o.fact_id \
             WHERE s.tenant_id = $1 AND s.seq > $2 AND s.seq <= $3"
        ),
        &[Stored::Int(from), Stored::Int(until)],
    )?;
    let mut changes: Changes = BTreeMap::new();
    for mut row in rows {
        let fact: i64 = row.take()?;
        let change = (row.take()?, row.take()?, row.take()?, row.take()?);
        changes.entry(fact).or_default().push(change);
    }
    for list in changes.values_mut() {
        list.sort_unstable();
    }
    Ok(changes)
}

type Parts<'p> = (
    Option<&'p Vec<(String, i64, String, i64, String)>>,
    Option<&'p Vec<(String, i64, String, String)>>,
);

/// The digest that a fact keeps, that of what it says now, and whether its objects agree with it.
fn digests(
    tenant: i64,
    fact: i64,
    mut row: Row,
    (objects, changes): Parts<'_>,
) -> Result<(String, String, bool)> {
    let kept: String = row.take()?;
    let cells = row.rest();
    let text = |at: usize| match &cells[at] {
        Stored::Text(text) => text.as_str(),
        Stored::Int(_) | Stored::Null => "",
    };
    let mut d = Digest::new();
    d.number(tenant).number(fact);
    for cell in cells.iter().take(cells.len() - 1) {
        match cell {
            Stored::Int(n) => d.number(*n),
            Stored::Text(text) => d.text(text),
            Stored::Null => d.text(""),
        };
    }
    let attrs: serde_json::Value =
        serde_json::from_str(text(cells.len() - 1)).unwrap_or(serde_json::Value::Null);
    d.text(&attrs.to_string());
    let (activity, occurred_at) = (text(0), &cells[5]);
    let mut agrees = true;
    for (kind, id, qualifier, at, said) in objects.into_iter().flatten() {
        d.text(kind).number(*id).text(qualifier);
        agrees &= said == activity && *occurred_at == Stored::Int(*at);
    }
    for (kind, id, attr, value) in changes.into_iter().flatten() {
        d.text(kind).number(*id).text(attr).text(value);
    }
    Ok((kept, d.finish(), agrees))
}

/// Facts, and parts of facts, that stand outside the chain: at most a hundred.
///
/// A fact of the last minute may not be sealed yet, where another process writes.
pub fn strangers(tx: &mut Tx) -> Result<Vec<Broken>> {
    let newest = crate::consumers::newest(tx)?;
    let last: Option<i64> = tx.value(
        sql!("SELECT fact_id FROM fact_seal WHERE tenant_id = $1 AND seq = $2"),
        &[Stored::Int(newest)],
    )?;
    let settled = match tx.engine() {
        Engine::Sqlite => i64::MAX,
        Engine::Postgres => last.unwrap_or(0) - (60_000 << 22),
    };
    let facts = tx.rows(
        sql!(
            "SELECT f.id FROM fact f LEFT JOIN fact_seal s ON s.tenant_id = f.tenant_id \
             AND s.fact_id = f.id WHERE f.tenant_id = $1 AND f.id <= $2 AND s.fact_id IS NULL \
             ORDER BY f.id LIMIT 100"
        ),
        &[Stored::Int(settled)],
    )?;
    let objects = tx.rows(
        sql!(
            "SELECT o.fact_id FROM fact_object o LEFT JOIN fact f ON f.tenant_id = o.tenant_id \
             AND f.id = o.fact_id WHERE o.tenant_id = $1 AND f.id IS NULL LIMIT 100"
        ),
        &[],
    )?;
    let changes = tx.rows(
        sql!(
            "SELECT c.fact_id FROM object_change c LEFT JOIN fact_object o \
             ON o.tenant_id = c.tenant_id AND o.object_type = c.object_type \
             AND o.object_id = c.object_id AND o.fact_id = c.fact_id \
             WHERE c.tenant_id = $1 AND o.fact_id IS NULL LIMIT 100"
        ),
        &[],
    )?;
    let mut all = Vec::new();
    for (what, rows) in
        [("fact.inserted", facts), ("part.inserted", objects), ("part.inserted", changes)]
    {
        for mut row in rows {
            let fact: i64 = row.take()?;
            let (expected, found) = (String::new(), fact.to_string());
            all.push(Broken { what, seq: 0, fact, expected, found });
        }
    }
    Ok(all)
}

/// Is a head that was written down before still in the chain?
pub fn holds(tx: &mut Tx, head: &Head) -> Result<Option<Broken>> {
    let hash: Option<String> = tx.value(
        sql!("SELECT hash FROM fact_seal WHERE tenant_id = $1 AND seq = $2"),
        &[Stored::Int(head.seq)],
    )?;
    let what = match &hash {
        Some(hash) if *hash == head.hash => return Ok(None),
        Some(_) => "chain.rewritten",
        None => "chain.shortened",
    };
    let (expected, found) = (head.hash.clone(), hash.unwrap_or_default());
    Ok(Some(Broken { what, seq: head.seq, fact: 0, expected, found }))
}

/// The end of the chain as it stands.
pub fn head_now(tx: &mut Tx) -> Result<Head> {
    let rows = tx.rows(
        sql!("SELECT seq, hash FROM fact_seal WHERE tenant_id = $1 ORDER BY seq DESC LIMIT 1"),
        &[],
    )?;
    match rows.into_iter().next() {
        Some(mut row) => Ok(Head { seq: row.take()?, hash: row.take()? }),
        None => Ok(Head { seq: 0, hash: String::new() }),
    }
}

/// Rows of an entity that no fact names: how many.
pub fn silent(tx: &mut Tx, entity: &Entity) -> Result<i64> {
    let sql = Sql::new(format!(
        "SELECT COUNT(*) FROM {} e WHERE e.tenant_id = $1 AND NOT EXISTS (SELECT 1 FROM \
         fact_object o WHERE o.tenant_id = e.tenant_id AND o.object_type = $2 \
         AND o.object_id = e.id)",
        entity.table
    ));
    let rows = tx.built_rows(&sql, &[Stored::text(entity.name)])?;
    rows.into_iter().next().map_or(Ok(0), |mut row| row.take())
}

/// Id and state of every row of an entity with a lifecycle.
pub fn states(tx: &mut Tx, entity: &Entity) -> Result<Vec<(i64, String)>> {
    let sql = Sql::new(format!("SELECT id, state FROM {} WHERE tenant_id = $1", entity.table));
    let rows = tx.built_rows(&sql, &[])?;
    rows.into_iter().map(|mut row| Ok((row.take()?, row.take()?))).collect()
}
