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

/// Which facts an answer shows; both of its statements ask the same.
macro_rules! chosen {
    () => {
        "f.tenant_id = $1 AND f.id < $2 AND f.id >= $3 AND f.company IN (0, $4) \
         AND (f.actor = $5 OR $5 = 0) AND ($6 = '' OR EXISTS (SELECT 1 FROM fact_object o \
         WHERE o.tenant_id = f.tenant_id AND o.fact_id = f.id AND o.object_type = $6 \
         AND (o.object_id = $7 OR $7 = 0))) AND ($8 = '' OR f.activity = $8) \
         AND f.recorded_at >= $9 AND f.recorded_at < $10 ORDER BY f.id DESC LIMIT $11"
    };
}

/// `{rows, next}`: at most fifty facts with the documents that they name. `next` goes on below;
/// it stands also where the facts that were looked through had too few of the wanted kind.
pub fn trail(cx: &Ctx, tx: &mut Tx, wanted: &Wanted) -> Result<Value> {
    let before = if wanted.before == 0 { i64::MAX } else { wanted.before };
    let last = lowest(tx, before)?;
    let end = wanted.until.map_or(i64::MAX, |at| at.0);
    let params = [
        Stored::Int(before),
        Stored::Int(last),
        Stored::Int(cx.company),
        Stored::Int(wanted.actor),
        Stored::text(wanted.kind.as_str()),
        Stored::Int(wanted.id),
        Stored::text(wanted.activity.as_str()),
        Stored::Int(wanted.from.map_or(0, |at| at.0)),
        Stored::Int(end),
        Stored::Int(MOST as i64),
    ];
    let rows = tx.rows(
        sql!(concat!(
            "SELECT f.id, f.activity, f.from_state, f.to_state, f.recorded_at, f.occurred_at, \
             f.actor, f.actor_kind, f.channel, f.source, f.reason, COALESCE(u.name, '') \
             FROM fact f LEFT JOIN app_user u ON u.tenant_id = f.tenant_id AND u.id = f.actor \
             WHERE ",
            chosen!()
        )),
        &params,
    )?;
    let mut all: Vec<Value> = rows.into_iter().map(told).collect::<Result<_>>()?;
    let named = tx.rows(
        sql!(concat!(
            "SELECT n.fact_id, n.object_type, n.object_id FROM fact_object n \
             WHERE n.tenant_id = $1 AND n.fact_id IN (SELECT f.id FROM fact f WHERE ",
            chosen!(),
            ") ORDER BY n.fact_id DESC, n.object_type, n.object_id"
        )),
        &params,
    )?;
    name(named, &mut all)?;
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
            "SELECT id FROM fact WHERE tenant_id = $1 AND id < $2 ORDER BY id DESC \
             LIMIT 1 OFFSET $3"
        ),
        &[Stored::Int(before), Stored::Int(LOOKED_AT)],
    )?;
    Ok(found.unwrap_or(0))
}

fn told(mut row: Row) -> Result<Value> {
    let id: i64 = row.take()?;
    let activity: String = row.take()?;
    let (from, to): (String, String) = (row.take()?, row.take()?);
    let (recorded, occurred): (Instant, Instant) = (row.take()?, row.take()?);
    let actor: i64 = row.take()?;
    let (kind, channel): (String, String) = (row.take()?, row.take()?);
    let (source, reason): (String, String) = (row.take()?, row.take()?);
    let name: String = row.take()?;
    Ok(json!({
        "id": id.to_string(), "activity": activity, "from": from, "to": to,
        "at": recorded.rfc3339(), "occurred_at": occurred.rfc3339(),
        "actor": actor.to_string(), "actor_kind": kind, "actor_name": name,
        "channel": channel, "source": source, "reason": reason, "objects": [], "more": 0,
    }))
}

/// Documents of one fact that are named; an import's fact has hundreds.
const NAMED: usize = 4;

/// Puts documents to their facts; both come newest fact first.
fn name(rows: Vec<Row>, all: &mut [Value]) -> Result<()> {
    let mut at = 0;
    for mut row in rows {
        let (fact, kind, id): (i64, String, i64) = (row.take()?, row.take()?, row.take()?);
        let fact = fact.to_string();
        while all.get(at).is_some_and(|told| told["id"] != fact.as_str()) {
            at += 1;
        }
        let Some(told) = all.get_mut(at) else { return Ok(()) };
        match told["objects"].as_array_mut() {
            Some(objects) if objects.len() < NAMED => {
                objects.push(json!({ "kind": kind, "id": id.to_string() }));
            }
            _ => told["more"] = json!(told["more"].as_i64().unwrap_or(0) + 1),
        }
    }
    Ok(())
}
