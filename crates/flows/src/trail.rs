//! Who did what and when, over everything: the facts of a company, newest first, by who, what and
//! when. Facts hold ids and numbers, so a trail shows nobody's personal values.
use kernel::{Ctx, Instant, Result, Stored};
use serde_json::{Value, json};
use store::{Row, Tx, sql};

/// Facts of an answer, and facts that are looked through for one.
pub const MOST: usize = 50;
const LOOKED_AT: i64 = 20_000;

/// What somebody wants to see of the trail; empty and 0 leave open.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Facts before this one; 0 begins with the newest.
    pub before: i64,
    pub actor: i64,
    /// The kind of document.
    pub kind: String,
    pub id: i64,
    pub activity: String,
    pub from: Option<Instant>,
    /// The first moment that is out.
    pub until: Option<Instant>,
}

/// `{rows, next}`: at most fifty facts with the documents that they name. `next` goes on below;
/// it stands also where the facts
/// that were looked through had too few of the wanted kind.
pub fn trail(cx: &Ctx, tx: &mut Tx, wanted: &Wanted) -> Result<Value> {
    let before = if wanted.before == 0 { i64::MAX } else { wanted.before };
    let last = lowest(tx, before)?;
    let end = wanted.until.map_or(i64::MAX, |at| at.0);
    let params = [
        Stored::Int(before),
        Stored::Int(last),
        Stored::Int(cx.company),
        Stored::Int(wanted.actor),
        Stored::Text(wanted.kind.clone()),
        Stored::Int(wanted.id),
        Stored::Text(wanted.activity.clone()),
        Stored::Int(wanted.from.map_or(0, |at| at.0)),
        Stored::Int(end),
        Stored::Int(MOST as i64),
    ];
    let rows = tx.rows(
        sql!(
            "SELECT f.id, f.activity, f.from_state, f.to_state, f.recorded_at, f.occurred_at, \
             f.actor, f.actor_kind, f.channel, f.source, f.reason, COALESCE(u.name, ''), \
             COALESCE(n.object_type, ''), COALESCE(n.object_id, 0) \
             FROM (SELECT * FROM fact WHERE tenant_id = $1 AND id < $2 AND id >= $3 \
             AND company IN (0, $4) AND ($5 = 0 OR actor = $5) AND ($6 = '' OR EXISTS \
             (SELECT 1 FROM fact_object o WHERE o.tenant_id = fact.tenant_id \
             AND o.fact_id = fact.id AND o.object_type = $6 AND ($7 = 0 OR o.object_id = $7))) \
             AND ($8 = '' OR activity = $8) AND recorded_at >= $9 AND recorded_at < $10 \
             ORDER BY id DESC LIMIT $11) f \
             LEFT JOIN app_user u ON u.tenant_id = f.tenant_id AND u.id = f.actor \
             LEFT JOIN fact_object n ON n.tenant_id = f.tenant_id AND n.fact_id = f.id \
             ORDER BY f.id DESC, n.object_type, n.object_id"
        ),
        &params,
    )?;
    let mut all: Vec<Value> = Vec::with_capacity(MOST);
    for row in rows {
        add(row, &mut all)?;
    }
    let next = match all.last().filter(|_| all.len() == MOST) {
        Some(row) => row["id"].as_str().map(str::to_owned),
        None => (last > 0).then(|| last.to_string()),
    };
    Ok(json!({ "rows": all, "next": next }))
}

/// The oldest fact that one answer looks at; 0 where the trail begins before it.
fn lowest(tx: &mut Tx, before: i64) -> Result<i64> {
    let found = tx.value::<i64>(
        sql!(
            "SELECT id FROM fact WHERE tenant_id = $1 AND id < $2 ORDER BY id DESC LIMIT 1 OFFSET $3"
        ),
        &[Stored::Int(before), Stored::Int(LOOKED_AT)],
    )?;
    Ok(found.unwrap_or(0))
}

/// Adds a fact, or one more document to the fact before.
fn add(mut row: Row, all: &mut Vec<Value>) -> Result<()> {
    let id: i64 = row.take()?;
    let activity: String = row.take()?;
    let (from, to): (String, String) = (row.take()?, row.take()?);
    let (recorded, occurred): (Instant, Instant) = (row.take()?, row.take()?);
    let actor: i64 = row.take()?;
    let (kind, channel): (String, String) = (row.take()?, row.take()?);
    let (source, reason): (String, String) = (row.take()?, row.take()?);
    let name: String = row.take()?;
    let (object, object_id): (String, i64) = (row.take()?, row.take()?);
    let id = id.to_string();
    if all.last().is_none_or(|before| before["id"] != id.as_str()) {
        all.push(json!({
            "id": id, "activity": activity, "from": from, "to": to, "at": recorded.rfc3339(),
            "occurred_at": occurred.rfc3339(), "actor": actor.to_string(), "actor_kind": kind,
            "actor_name": name, "channel": channel, "source": source, "reason": reason,
            "objects": [], "more": 0,
        }));
    }
    let Some(fact) = all.last_mut() else { return Ok(()) };
    match fact["objects"].as_array_mut() {
        Some(objects) if !object.is_empty() && objects.len() < NAMED => {
            objects.push(json!({ "kind": object, "id": object_id.to_string() }));
        }
        Some(_) if !object.is_empty() => {
            fact["more"] = json!(fact["more"].as_i64().unwrap_or(0) + 1);
        }
        _ => {}
    }
    Ok(())
}

/// Documents of one fact that are named; an import's fact has hundreds.
const NAMED: usize = 4;
