//! Stores the facts of a command, and seals committed ones into the chain.
pub use crate::audit::{Audited, Broken, audit, head_now, holds, silent, states, strangers};
use crate::driver::{Driver, Lock, Write};
use crate::{Sql, Told, Tx, sql};
use kernel::{Cell, Ctx, Digest, Error, Fact, Result, Stored};

/// Digest of a fact: over everything that it says, in a fixed order.
#[must_use]
pub fn digest(id: i64, tenant: i64, fact: &Fact, attrs: &str) -> String {
    let mut d = Digest::new();
    d.number(tenant).number(id).text(fact.activity.name).text(fact.phase.name());
    d.number(fact.instance).text(fact.from_state).text(fact.to_state);
    d.number(fact.occurred_at.0).number(fact.recorded_at.0);
    d.number(fact.actor).text(fact.actor_kind.name()).number(fact.acting_for).number(TEAM);
    d.text(fact.channel.name()).text(fact.source.name()).number(fact.batch);
    d.number(fact.company).text(&fact.reason);
    let amount = fact.amount;
    d.number(amount.map_or(0, |m| m.minor)).text(amount.as_ref().map_or("", |m| m.currency.code()));
    d.number(fact.amount_base).number(fact.decision).number(PROCESS_VERSION);
    d.number(fact.cause).text(attrs);
    let mut objects: Vec<_> = fact.objects.iter().map(|o| (o.kind, o.id, o.qualifier)).collect();
    objects.sort_unstable();
    for (kind, id, qualifier) in objects {
        d.text(kind).number(id).text(qualifier);
    }
    let mut changes: Vec<_> =
        fact.changes.iter().map(|c| (c.kind, c.id, c.attr, c.value.as_str())).collect();
    changes.sort_unstable();
    for (kind, id, attr, value) in changes {
        d.text(kind).number(id).text(attr).text(value);
    }
    d.finish()
}

/// Nobody says these of a fact yet.
const TEAM: i64 = 0;
const PROCESS_VERSION: i64 = 1;

/// Attributes as JSON in key order: one fact has one text on both engines.
fn attrs_json(fact: &Fact) -> String {
    if fact.attrs.is_empty() {
        return "{}".into();
    }
    let mut sorted = fact.attrs.clone();
    sorted.sort();
    let map = sorted.into_iter().map(|(k, v)| (k.to_owned(), v.into()));
    serde_json::Value::Object(map.collect()).to_string()
}

/// Queues the rows of all facts that the command told.
pub(crate) fn write(cx: &Ctx, tx: &mut Tx) -> Result<Vec<Told>> {
    let (facts, mut told) = (tx.take_facts(), Vec::new());
    for fact in &facts {
        if fact.objects.is_empty() {
            return Err(Error::bug("bug.fact_without_object", fact.activity.name));
        }
        let is_named =
            |c: &kernel::Change| fact.objects.iter().any(|o| (o.kind, o.id) == (c.kind, c.id));
        if !fact.changes.iter().all(is_named) {
            return Err(Error::bug("bug.change_without_object", fact.activity.name));
        }
        let id = cx.id::<Fact>().raw();
        let attrs = attrs_json(fact);
        let digest = digest(id, cx.tenant, fact, &attrs);
        insert_fact(tx, id, fact, &attrs, &digest);
        told.push(Told { tenant: cx.tenant, fact: id, digest });
    }
    // Rows of one table follow each other: they share statements.
    for (fact, told) in facts.iter().zip(&told) {
        insert_objects(tx, told.fact, fact);
    }
    for (fact, told) in facts.iter().zip(&told) {
        insert_changes(tx, told.fact, fact);
    }
    Ok(told)
}

fn insert_fact(tx: &mut Tx, id: i64, fact: &Fact, attrs: &str, digest: &str) {
    let text = |s: &str| Stored::text(s);
    tx.put_all(
        sql!(
            "INSERT INTO fact (tenant_id, id, activity, lifecycle, instance_id, from_state, \
             to_state, occurred_at, recorded_at, actor, actor_kind, acting_for, team, channel, \
             source, batch_id, company, reason, amount, currency, amount_base, decision_id, \
             process_version, cause_id, attrs, digest) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, \
             $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, \
             $25, $26)"
        ),
        [
            Stored::Int(id),
            Stored::name(fact.activity.name),
            Stored::name(fact.phase.name()),
            Stored::Int(fact.instance),
            Stored::name(fact.from_state),
            Stored::name(fact.to_state),
            fact.occurred_at.store(),
            fact.recorded_at.store(),
            Stored::Int(fact.actor),
            Stored::name(fact.actor_kind.name()),
            Stored::Int(fact.acting_for),
            Stored::Int(TEAM),
            Stored::name(fact.channel.name()),
            Stored::name(fact.source.name()),
            Stored::Int(fact.batch),
            Stored::Int(fact.company),
            text(&fact.reason),
            Stored::Int(fact.amount.map_or(0, |m| m.minor)),
            text(fact.amount.as_ref().map_or("", |m| m.currency.code())),
            Stored::Int(fact.amount_base),
            Stored::Int(fact.decision),
            Stored::Int(PROCESS_VERSION),
            Stored::Int(fact.cause),
            text(attrs),
            text(digest),
        ],
    );
}

fn insert_objects(tx: &mut Tx, id: i64, fact: &Fact) {
    for object in &fact.objects {
        tx.put_all(
            sql!(
                "INSERT INTO fact_object (tenant_id, object_type, object_id, occurred_at, \
                 fact_id, qualifier, activity) VALUES ($1, $2, $3, $4, $5, $6, $7)"
            ),
            [
                Stored::name(object.kind),
                Stored::Int(object.id),
                fact.occurred_at.store(),
                Stored::Int(id),
                Stored::name(object.qualifier),
                Stored::name(fact.activity.name),
            ],
        );
    }
}

fn insert_changes(tx: &mut Tx, id: i64, fact: &Fact) {
    let text = |s: &str| Stored::text(s);
    for change in &fact.changes {
        tx.put_all(
            sql!(
                "INSERT INTO object_change (tenant_id, object_type, object_id, fact_id, attr, \
                 value) VALUES ($1, $2, $3, $4, $5, $6)"
            ),
            [
                Stored::name(change.kind),
                Stored::Int(change.id),
                Stored::Int(id),
                Stored::name(change.attr),
                text(&change.value),
            ],
        );
    }
}

/// The end of a tenant's chain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Head {
    pub seq: i64,
    pub hash: String,
}

/// The hash of one link: over the one before, the fact's digest and its place.
#[must_use]
pub fn link(prev: &str, seq: i64, digest: &str) -> String {
    let mut d = Digest::new();
    d.text(prev).number(seq).text(digest);
    d.finish()
}

fn head_sql() -> &'static Sql {
    sql!("SELECT seq, hash FROM fact_seal WHERE tenant_id = $1 ORDER BY seq DESC LIMIT 1")
}

fn seal_sql() -> &'static Sql {
    sql!(
        "INSERT INTO fact_seal (tenant_id, seq, fact_id, prev_hash, hash) \
         VALUES ($1, $2, $3, $4, $5)"
    )
}

/// Appends facts to their tenants' chains inside the transaction of `driver`.
pub(crate) fn seal(driver: &mut dyn Driver, told: &[Told]) -> Result<()> {
    let mut heads: std::collections::BTreeMap<i64, Head> = std::collections::BTreeMap::new();
    let mut links = Vec::with_capacity(told.len());
    for fact in told {
        let head = match heads.entry(fact.tenant) {
            std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::btree_map::Entry::Vacant(new) => {
                new.insert(head(driver, fact.tenant)?)
            }
        };
        let seq = head.seq + 1;
        let hash = link(&head.hash, seq, &fact.digest);
        let params = vec![
            Stored::Int(fact.tenant),
            Stored::Int(seq),
            Stored::Int(fact.fact),
            Stored::text(head.hash.clone()),
            Stored::text(hash.clone()),
        ];
        links.push(Write { sql: seal_sql(), params, expect: None });
        *head = Head { seq, hash };
    }
    driver.batch(&links)?;
    Ok(())
}

fn head(driver: &mut dyn Driver, tenant: i64) -> Result<Head> {
    let rows = driver.rows(head_sql(), &[Stored::Int(tenant)], Lock::None)?;
    match rows.into_iter().next() {
        Some(mut row) => Ok(Head { seq: row.take()?, hash: row.take()? }),
        None => Ok(Head { seq: 0, hash: String::new() }),
    }
}

/// At most so many facts, committed but not yet sealed, looked for above `after` (an id), oldest
/// first.
pub(crate) fn unsealed(
    driver: &mut dyn Driver,
    tenant: i64,
    after: i64,
    limit: i64,
) -> Result<Vec<Told>> {
    let sql = sql!(
        "SELECT f.id, f.digest FROM fact f LEFT JOIN fact_seal s ON s.tenant_id = f.tenant_id \
         AND s.fact_id = f.id AND s.fact_id > $2 WHERE f.tenant_id = $1 AND f.id > $2 \
         AND s.fact_id IS NULL ORDER BY f.id LIMIT $3"
    );
    let params = [Stored::Int(tenant), Stored::Int(after), Stored::Int(limit)];
    let rows = driver.rows(sql, &params, Lock::None)?;
    let told = |mut row: crate::Row| Ok(Told { tenant, fact: row.take()?, digest: row.take()? });
    rows.into_iter().map(told).collect()
}

/// The greatest sealed fact id of a tenant, 0 when none.
pub(crate) fn last_sealed(driver: &mut dyn Driver, tenant: i64) -> Result<i64> {
    let sql = sql!(
        "SELECT CAST(COALESCE(MAX(fact_id), 0) AS BIGINT) FROM fact_seal WHERE tenant_id = $1"
    );
    let rows = driver.rows(sql, &[Stored::Int(tenant)], Lock::None)?;
    rows.into_iter().next().map_or(Ok(0), |mut row| row.take())
}
