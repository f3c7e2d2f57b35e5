//! Proving the chain of facts from the rows: digests recomputed, links followed.
use crate::facts::{Head, link};
use crate::{Row, Sql, Tx, sql};
use kernel::{Digest, Result, Stored};
use meta::Entity;
use std::collections::BTreeMap;

/// Facts looked at in one step of [`audit`].
const STEP: i64 = 2000;

/// One step along the chain.
pub struct Audited {
    pub head: Head,
    pub broken: Option<Broken>,
}

/// Where a chain breaks.
pub struct Broken {
    pub seq: i64,
    pub fact: i64,
    pub expected: String,
    pub found: String,
}

/// Follows the chain from `head` by up to two thousand facts; `None` at its end.
///
/// Every digest is computed again from the stored fact, every link from the one before.
pub fn audit(tx: &mut Tx, head: &Head) -> Result<Option<Audited>> {
    let rows = tx.rows(
        sql!(
            "SELECT s.seq, s.prev_hash, s.hash, f.id, f.digest, f.activity, f.lifecycle, \
             f.instance_id, f.from_state, f.to_state, f.occurred_at, f.recorded_at, f.actor, \
             f.actor_kind, f.acting_for, f.channel, f.source, f.batch_id, f.company, f.reason, \
             f.amount, f.currency, f.amount_base, f.decision_id, f.cause_id, f.attrs \
             FROM fact_seal s JOIN fact f ON f.tenant_id = s.tenant_id AND f.id = s.fact_id \
             WHERE s.tenant_id = $1 AND s.seq > $2 AND s.seq <= $3 ORDER BY s.seq"
        ),
        &[Stored::Int(head.seq), Stored::Int(head.seq + STEP)],
    )?;
    let sealed = sealed_between(tx, head.seq, head.seq + STEP)?;
    if rows.is_empty() && sealed == 0 {
        return Ok(None);
    }
    let objects = objects_between(tx, head.seq, head.seq + STEP)?;
    let mut at = head.clone();
    let looked = rows.len() as i64;
    for row in rows {
        if let Some(broken) = follow(tx.tenant(), row, &objects, &mut at)? {
            return Ok(Some(Audited { head: at, broken: Some(broken) }));
        }
    }
    let lost = Broken {
        seq: at.seq + 1,
        fact: 0,
        expected: sealed.to_string(),
        found: looked.to_string(),
    };
    Ok(Some(Audited { head: at, broken: (sealed != looked).then_some(lost) }))
}

fn sealed_between(tx: &mut Tx, from: i64, until: i64) -> Result<i64> {
    let count: Option<i64> = tx.value(
        sql!("SELECT COUNT(*) FROM fact_seal WHERE tenant_id = $1 AND seq > $2 AND seq <= $3"),
        &[Stored::Int(from), Stored::Int(until)],
    )?;
    Ok(count.unwrap_or(0))
}

type Objects = BTreeMap<i64, Vec<(String, i64, String)>>;

fn objects_between(tx: &mut Tx, from: i64, until: i64) -> Result<Objects> {
    let rows = tx.rows(
        sql!(
            "SELECT o.fact_id, o.object_type, o.object_id, o.qualifier FROM fact_seal s \
             JOIN fact_object o ON o.tenant_id = s.tenant_id AND o.fact_id = s.fact_id \
             WHERE s.tenant_id = $1 AND s.seq > $2 AND s.seq <= $3"
        ),
        &[Stored::Int(from), Stored::Int(until)],
    )?;
    let mut objects: Objects = BTreeMap::new();
    for mut row in rows {
        let fact: i64 = row.take()?;
        objects.entry(fact).or_default().push((row.take()?, row.take()?, row.take()?));
    }
    for list in objects.values_mut() {
        list.sort_unstable();
    }
    Ok(objects)
}

/// Checks one link and moves on; what is broken about it, if anything.
fn follow(tenant: i64, mut row: Row, objects: &Objects, at: &mut Head) -> Result<Option<Broken>> {
    let seq: i64 = row.take()?;
    let (prev, hash): (String, String) = (row.take()?, row.take()?);
    let fact: i64 = row.take()?;
    let kept: String = row.take()?;
    let mut d = Digest::new();
    d.number(tenant).number(fact);
    digest_rest(&mut d, &mut row)?;
    for (kind, id, qualifier) in objects.get(&fact).into_iter().flatten() {
        d.text(kind).number(*id).text(qualifier);
    }
    let digest = d.finish();
    let expected = link(&at.hash, at.seq + 1, &digest);
    if digest != kept || prev != at.hash || seq != at.seq + 1 || hash != expected {
        return Ok(Some(Broken { seq, fact, expected, found: hash }));
    }
    *at = Head { seq, hash };
    Ok(None)
}

/// The fields of a stored fact in the order of [`crate::facts::digest`].
fn digest_rest(d: &mut Digest, row: &mut Row) -> Result<()> {
    const TEXT: &[bool] = &[
        true, true, false, true, true, false, false, false, true, false, true, true, false, false,
        true, false, true, false, false, false,
    ];
    for is_text in TEXT {
        if *is_text {
            d.text(&row.take::<String>()?);
        } else {
            d.number(row.take()?);
        }
    }
    let attrs: String = row.take()?;
    let attrs: serde_json::Value = serde_json::from_str(&attrs).unwrap_or_default();
    d.text(&attrs.to_string());
    Ok(())
}

/// Rows of an entity that no fact names: how many.
pub fn silent(tx: &mut Tx, entity: &Entity) -> Result<i64> {
    let sql = Sql::new(format!(
        "SELECT COUNT(*) FROM {} e WHERE e.tenant_id = $1 AND NOT EXISTS (SELECT 1 FROM \
         fact_object o WHERE o.tenant_id = e.tenant_id AND o.object_type = $2 \
         AND o.object_id = e.id)",
        entity.table
    ));
    let rows = tx.built_rows(&sql, &[Stored::text(entity.name.to_owned())])?;
    rows.into_iter().next().map_or(Ok(0), |mut row| row.take())
}

/// Id and state of every row of an entity with a lifecycle.
pub fn states(tx: &mut Tx, entity: &Entity) -> Result<Vec<(i64, String)>> {
    let sql = Sql::new(format!("SELECT id, state FROM {} WHERE tenant_id = $1", entity.table));
    let rows = tx.built_rows(&sql, &[])?;
    rows.into_iter().map(|mut row| Ok((row.take()?, row.take()?))).collect()
}
