//! What happened to one document: its facts, who did them, and what they changed.
use kernel::{Instant, Result, Stored};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::{Row, Tx, sql};

/// Facts of one story, at most.
const MOST: i64 = 500;

/// The story of an object, newest first, at most 500 facts; each with its actor's name, its money,
/// and the attributes that it changed with the value before.
pub fn story(tx: &mut Tx, kind: &str, id: i64) -> Result<Vec<Value>> {
    let of = [Stored::text(kind), Stored::Int(id)];
    let mut changes = changes(tx, &of)?;
    let mut bound = of.to_vec();
    bound.push(Stored::Int(MOST));
    let rows = tx.rows(
        sql!(
            "SELECT f.id, f.activity, f.from_state, f.to_state, f.occurred_at, f.actor, \
             f.actor_kind, f.reason, f.amount, f.currency, COALESCE(u.name, '') \
             FROM fact_object o JOIN fact f ON f.tenant_id = o.tenant_id AND f.id = o.fact_id \
             LEFT JOIN app_user u ON u.tenant_id = f.tenant_id AND u.id = f.actor \
             WHERE o.tenant_id = $1 AND o.object_type = $2 AND o.object_id = $3 \
             ORDER BY o.occurred_at DESC, o.fact_id DESC LIMIT $4"
        ),
        &bound,
    )?;
    rows.into_iter().map(|row| told(row, &mut changes)).collect()
}

/// By fact: attribute, value before, value after.
type Changes = BTreeMap<i64, Vec<(String, String, String)>>;

fn changes(tx: &mut Tx, of: &[Stored]) -> Result<Changes> {
    let rows = tx.rows(
        sql!(
            "SELECT fact_id, attr, value FROM object_change WHERE tenant_id = $1 \
             AND object_type = $2 AND object_id = $3 ORDER BY fact_id, attr LIMIT 5000"
        ),
        of,
    )?;
    let mut last: BTreeMap<String, String> = BTreeMap::new();
    let mut all = Changes::new();
    for mut row in rows {
        let (fact, attr, value): (i64, String, String) = (row.take()?, row.take()?, row.take()?);
        let before = last.insert(attr.clone(), value.clone()).unwrap_or_default();
        all.entry(fact).or_default().push((attr, before, value));
    }
    Ok(all)
}

fn told(mut row: Row, changes: &mut Changes) -> Result<Value> {
    let id: i64 = row.take()?;
    let activity: String = row.take()?;
    let (from, to): (String, String) = (row.take()?, row.take()?);
    let at: Instant = row.take()?;
    let actor: i64 = row.take()?;
    let (kind, reason): (String, String) = (row.take()?, row.take()?);
    let (amount, currency): (i64, String) = (row.take()?, row.take()?);
    let name: String = row.take()?;
    let priced = kernel::Currency::parse(&currency).ok().filter(|_| amount != 0);
    let worth = priced.map(|currency| kernel::Money::new(amount, currency).to_string());
    let changed: Vec<Value> =
        changes.remove(&id).unwrap_or_default().into_iter().map(shown_change).collect();
    Ok(json!({
        "id": id.to_string(),
        "activity": activity,
        "from": from,
        "to": to,
        "occurred_at": at.rfc3339(),
        "actor": actor.to_string(),
        "actor_kind": kind,
        "actor_name": name,
        "reason": reason,
        "worth": worth,
        "changes": changed,
    }))
}

fn shown_change((field, before, after): (String, String, String)) -> Value {
    json!({ "field": field, "before": before, "after": after })
}
