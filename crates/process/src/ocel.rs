//! Sealed facts as OCEL 2.0 JSON: events, the objects that they touch, and the objects' attributes.
//!
//! Streams in the order of the seal, so one log gives one file, byte for byte, and a larger log
//! needs no more memory. Facts of undone imports are left out, and with them the objects that
//! nothing else tells of. Types come last, when all their attributes have been seen.
use kernel::{Error, Instant, Result, Stored};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use store::{Row, Tx, sql};

/// What an export holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    pub events: u64,
    pub objects: u64,
    pub relations: u64,
    pub event_types: u64,
    pub object_types: u64,
    /// Facts left out because their import was undone.
    pub left_out: u64,
}

type Types = BTreeMap<String, BTreeSet<String>>;

/// Writes everything sealed up to now. Error: `export.cannot_write`.
pub fn export(tx: &mut Tx, out: &mut dyn Write) -> Result<Counts> {
    let mut counts = Counts::default();
    let undone = undone(tx)?;
    let until = tx.value(
        sql!("SELECT seq FROM fact_seal WHERE tenant_id = $1 ORDER BY seq DESC LIMIT 1"),
        &[],
    )?;
    let until: i64 = until.unwrap_or(0);
    put(out, "{\"events\":[")?;
    let event_types = events(tx, out, &undone, until, &mut counts)?;
    put(out, "\n],\"objects\":[")?;
    let object_types = objects(tx, out, &undone, until, &mut counts)?;
    put(out, "\n],\"eventTypes\":[")?;
    types(out, &event_types)?;
    put(out, "\n],\"objectTypes\":[")?;
    types(out, &object_types)?;
    put(out, "\n]}\n")?;
    out.flush().map_err(|e| unwritable(&e))?;
    counts.event_types = event_types.len() as u64;
    counts.object_types = object_types.len() as u64;
    Ok(counts)
}

fn unwritable(e: &std::io::Error) -> Error {
    Error::conflict("export.cannot_write", e)
}

fn put(out: &mut dyn Write, text: &str) -> Result<()> {
    out.write_all(text.as_bytes()).map_err(|e| unwritable(&e))
}

/// One member of an array, on a line of its own.
fn put_member(out: &mut dyn Write, is_first: bool, member: &Json) -> Result<()> {
    put(out, if is_first { "\n" } else { ",\n" })?;
    put(out, &member.to_string())
}

/// Batches that were undone.
fn undone(tx: &mut Tx) -> Result<BTreeSet<i64>> {
    let rows = tx.rows(
        sql!(
            "SELECT batch_id FROM fact WHERE tenant_id = $1 AND activity = 'import.undone' \
             ORDER BY occurred_at"
        ),
        &[],
    )?;
    rows.into_iter().map(|mut row| row.take()).collect()
}

// ---- events

struct Event {
    id: i64,
    activity: String,
    occurred_at: Instant,
    batch: i64,
    attrs: Vec<(String, String)>,
}

fn events(
    tx: &mut Tx,
    out: &mut dyn Write,
    undone: &BTreeSet<i64>,
    until: i64,
    counts: &mut Counts,
) -> Result<Types> {
    let mut types = Types::new();
    let mut after = 0;
    while after < until {
        let page = events_after(tx, after, until)?;
        let Some((last, _)) = page.last() else { break };
        let relations = relations(tx, after, *last)?;
        after = *last;
        for (_, event) in page {
            if undone.contains(&event.batch) {
                counts.left_out += 1;
                continue;
            }
            let of = relations.get(&event.id).map_or(&[][..], Vec::as_slice);
            counts.relations += of.len() as u64;
            let seen = types.entry(event.activity.clone()).or_default();
            seen.extend(event.attrs.iter().map(|(name, _)| name.clone()));
            put_member(out, counts.events == 0, &event_json(&event, of))?;
            counts.events += 1;
        }
    }
    Ok(types)
}

fn event_json(event: &Event, relations: &[Json]) -> Json {
    let attr = |(name, value): &(String, String)| named(name, value);
    serde_json::json!({
        "id": event.id.to_string(),
        "type": event.activity,
        "time": event.occurred_at.rfc3339(),
        "attributes": event.attrs.iter().map(attr).collect::<Vec<_>>(),
        "relationships": relations,
    })
}

fn named(name: &str, value: &str) -> Json {
    serde_json::json!({ "name": name, "value": value })
}

fn events_after(tx: &mut Tx, after: i64, until: i64) -> Result<Vec<(i64, Event)>> {
    let rows = tx.rows(
        sql!(
            "SELECT s.seq, f.id, f.activity, f.occurred_at, f.batch_id, f.attrs, f.lifecycle, \
             f.from_state, f.to_state, f.reason, f.actor_kind, f.channel, f.source, f.currency, \
             f.actor, f.company, f.instance_id, f.decision_id, f.amount, f.amount_base, \
             f.recorded_at \
             FROM fact_seal s JOIN fact f ON f.tenant_id = s.tenant_id AND f.id = s.fact_id \
             WHERE s.tenant_id = $1 AND s.seq > $2 AND s.seq <= $3 ORDER BY s.seq LIMIT 1000"
        ),
        &[Stored::Int(after), Stored::Int(until)],
    )?;
    rows.into_iter().map(event).collect()
}

/// What every fact has, in the order of the statement's columns.
const TEXTS: [&str; 8] = [
    "lifecycle",
    "from_state",
    "to_state",
    "reason",
    "actor_kind",
    "channel",
    "source",
    "currency",
];
const NUMBERS: [&str; 6] = ["actor", "company", "instance", "decision", "amount", "amount_base"];

/// A fact's own attribute, kept apart where it is called like one that every fact has.
fn own_name(name: String) -> String {
    let is_common = TEXTS.contains(&name.as_str())
        || NUMBERS.contains(&name.as_str())
        || matches!(name.as_str(), "batch" | "recorded_at");
    if is_common { format!("own_{name}") } else { name }
}

fn event(mut row: Row) -> Result<(i64, Event)> {
    let seq = row.take()?;
    let (id, activity, occurred_at) = (row.take()?, row.take()?, row.take()?);
    let batch: i64 = row.take()?;
    let own: String = row.take()?;
    let own: BTreeMap<String, Json> = serde_json::from_str(&own).unwrap_or_default();
    let text = |value: Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut attrs: BTreeMap<String, String> =
        own.into_iter().map(|(name, value)| (own_name(name), text(value))).collect();
    for name in TEXTS {
        let value: String = row.take()?;
        if !value.is_empty() {
            attrs.insert(name.to_owned(), value);
        }
    }
    for name in NUMBERS {
        let value: i64 = row.take()?;
        if value != 0 {
            attrs.insert(name.to_owned(), value.to_string());
        }
    }
    let recorded_at: Instant = row.take()?;
    attrs.insert("recorded_at".to_owned(), recorded_at.rfc3339());
    if batch != 0 {
        attrs.insert("batch".to_owned(), batch.to_string());
    }
    let attrs = attrs.into_iter().collect();
    Ok((seq, Event { id, activity, occurred_at, batch, attrs }))
}

/// What the facts of some seals touch, by fact, ordered by type and id.
fn relations(tx: &mut Tx, after: i64, until: i64) -> Result<BTreeMap<i64, Vec<Json>>> {
    let rows = tx.rows(
        sql!(
            "SELECT o.fact_id, o.object_type, o.object_id, o.qualifier FROM fact_seal s \
             JOIN fact_object o ON o.tenant_id = s.tenant_id AND o.fact_id = s.fact_id \
             WHERE s.tenant_id = $1 AND s.seq > $2 AND s.seq <= $3 \
             ORDER BY s.seq, o.object_type, o.object_id"
        ),
        &[Stored::Int(after), Stored::Int(until)],
    )?;
    let mut all: BTreeMap<i64, Vec<Json>> = BTreeMap::new();
    for mut row in rows {
        let (fact, kind, id): (i64, String, i64) = (row.take()?, row.take()?, row.take()?);
        let qualifier: String = row.take()?;
        let of = serde_json::json!({ "objectId": object_id(&kind, id), "qualifier": qualifier });
        all.entry(fact).or_default().push(of);
    }
    Ok(all)
}

/// Ids are unique over all types.
fn object_id(kind: &str, id: i64) -> String {
    format!("{kind}:{id}")
}

// ---- objects

/// A place in the objects, ordered by type and id.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
struct Place {
    kind: String,
    id: i64,
}

fn objects(
    tx: &mut Tx,
    out: &mut dyn Write,
    undone: &BTreeSet<i64>,
    until: i64,
    counts: &mut Counts,
) -> Result<Types> {
    let mut types = Types::new();
    let mut after = Place::default();
    loop {
        let page = objects_after(tx, &after)?;
        let Some(end) = page.last().cloned() else { return Ok(types) };
        let told = told(tx, &after, &end, undone, until)?;
        let mut attrs = attributes(tx, &after, &end, undone, until)?;
        for place in page.into_iter().filter(|place| told.contains(place)) {
            let own = attrs.remove(&place).unwrap_or_default();
            let seen = types.entry(place.kind.clone()).or_default();
            seen.extend(own.iter().map(|(name, _)| name.clone()));
            let own: Vec<Json> = own.into_iter().map(|(_, attr)| attr).collect();
            let object = serde_json::json!({
                "id": object_id(&place.kind, place.id), "type": place.kind, "attributes": own,
            });
            put_member(out, counts.objects == 0, &object)?;
            counts.objects += 1;
        }
        after = end;
    }
}

/// The next objects that facts tell of, in order.
fn objects_after(tx: &mut Tx, after: &Place) -> Result<Vec<Place>> {
    let rows = tx.rows(
        sql!(
            "SELECT object_type, object_id FROM fact_object WHERE tenant_id = $1 \
             AND (object_type, object_id) > ($2, $3) \
             GROUP BY object_type, object_id ORDER BY object_type, object_id LIMIT 1000"
        ),
        &[Stored::text(after.kind.clone()), Stored::Int(after.id)],
    )?;
    rows.into_iter().map(|mut row| Ok(Place { kind: row.take()?, id: row.take()? })).collect()
}

// `s.seq + 0` keeps SQLite from walking the whole seal for every page: the range comes first.

/// Those of the objects after one place up to another that a counting, sealed fact tells of.
fn told(
    tx: &mut Tx,
    after: &Place,
    end: &Place,
    undone: &BTreeSet<i64>,
    until: i64,
) -> Result<BTreeSet<Place>> {
    let rows = tx.rows(
        sql!(
            "SELECT o.object_type, o.object_id, f.batch_id FROM fact_object o \
             JOIN fact f ON f.tenant_id = o.tenant_id AND f.id = o.fact_id \
             JOIN fact_seal s ON s.tenant_id = o.tenant_id AND s.fact_id = o.fact_id \
             WHERE o.tenant_id = $1 AND (o.object_type, o.object_id) > ($2, $3) \
             AND (o.object_type, o.object_id) <= ($4, $5) AND s.seq + 0 <= $6 \
             GROUP BY o.object_type, o.object_id, f.batch_id"
        ),
        &range(after, end, until),
    )?;
    let mut told = BTreeSet::new();
    for mut row in rows {
        let place = Place { kind: row.take()?, id: row.take()? };
        if !undone.contains(&row.take()?) {
            told.insert(place);
        }
    }
    Ok(told)
}

fn range(after: &Place, end: &Place, until: i64) -> [Stored; 5] {
    [
        Stored::text(after.kind.clone()),
        Stored::Int(after.id),
        Stored::text(end.kind.clone()),
        Stored::Int(end.id),
        Stored::Int(until),
    ]
}

type Attributes = BTreeMap<Place, Vec<(String, Json)>>;

/// Attribute values of the objects after one place up to another, by name and time.
fn attributes(
    tx: &mut Tx,
    after: &Place,
    end: &Place,
    undone: &BTreeSet<i64>,
    until: i64,
) -> Result<Attributes> {
    let rows = tx.rows(
        sql!(
            "SELECT c.object_type, c.object_id, c.attr, c.value, f.occurred_at, f.batch_id \
             FROM object_change c \
             JOIN fact f ON f.tenant_id = c.tenant_id AND f.id = c.fact_id \
             JOIN fact_seal s ON s.tenant_id = c.tenant_id AND s.fact_id = c.fact_id \
             WHERE c.tenant_id = $1 AND (c.object_type, c.object_id) > ($2, $3) \
             AND (c.object_type, c.object_id) <= ($4, $5) AND s.seq + 0 <= $6 \
             ORDER BY c.object_type, c.object_id, c.attr, f.occurred_at, s.seq"
        ),
        &range(after, end, until),
    )?;
    let mut all = Attributes::new();
    for mut row in rows {
        let place = Place { kind: row.take()?, id: row.take()? };
        let (name, value): (String, String) = (row.take()?, row.take()?);
        let at: Instant = row.take()?;
        if !undone.contains(&row.take()?) {
            let attr = serde_json::json!({ "name": name, "value": value, "time": at.rfc3339() });
            all.entry(place).or_default().push((name, attr));
        }
    }
    Ok(all)
}

fn types(out: &mut dyn Write, types: &Types) -> Result<()> {
    for (at, (name, attrs)) in types.iter().enumerate() {
        let attr = |name: &String| serde_json::json!({ "name": name, "type": "string" });
        let attrs: Vec<Json> = attrs.iter().map(attr).collect();
        let member = serde_json::json!({ "name": name, "attributes": attrs });
        put_member(out, at == 0, &member)?;
    }
    Ok(())
}
