//! A thousand ways to touch the chain of facts, each of them seen.
use crate::house::{House, each, open};
use kernel::{Result, Stored};
use store::facts::{Broken, Head, audit, head_now, holds, strangers};

/// Everything that the audit finds.
fn found(h: &House) -> Result<Vec<Broken>> {
    h.read(|_, tx| {
        let mut head = Head { seq: 0, hash: String::new() };
        let mut all = Vec::new();
        while let Some(step) = audit(tx, &head)? {
            all.extend(step.broken);
            head = step.head;
        }
        all.extend(strangers(tx)?);
        Ok(all)
    })
}

fn lived(h: &House) -> Result<Head> {
    let screws = h.product("SCREW-M4", "1.13", 1000, 70)?;
    let customer = h.customer("恒远机电", "N30", Some(10_000))?;
    let order = h.submitted(customer, &[(screws, 100)])?;
    let shipments = h.ship_all(order.id)?;
    h.deliver(shipments[0])?;
    h.bill(order.id)?;
    h.run(|cx, tx| {
        let fact = cx.fact(store::rows::CREATED).on("party", customer.raw(), "party");
        tx.tell(fact.change("party", customer.raw(), "industry", "trade"));
        Ok(())
    })?;
    h.store.seal(crate::house::TENANT, h.now())?;
    h.read(|_, tx| head_now(tx))
}

/// The facts of the chain, by seq.
fn facts(h: &House) -> Result<Vec<i64>> {
    h.read(|_, tx| {
        let sql = store::sql!("SELECT fact_id FROM fact_seal WHERE tenant_id = $1 ORDER BY seq");
        tx.rows(sql, &[])?.into_iter().map(|mut row| row.take()).collect()
    })
}

const NUMBERS: &[&str] = &[
    "instance_id",
    "occurred_at",
    "recorded_at",
    "actor",
    "acting_for",
    "team",
    "batch_id",
    "company",
    "amount",
    "amount_base",
    "decision_id",
    "process_version",
    "cause_id",
];
const TEXTS: &[&str] = &[
    "activity",
    "lifecycle",
    "from_state",
    "to_state",
    "actor_kind",
    "channel",
    "source",
    "reason",
    "currency",
    "digest",
];

/// Every column is changed, one at a time: found, named, and nothing else.
#[test]
fn a_changed_fact_is_seen_and_named_whichever_of_its_columns_it_is() {
    let Some(h) = open("sqlite") else { return };
    lived(&h).unwrap();
    assert_eq!(found(&h).unwrap(), []);
    let facts = facts(&h).unwrap();
    let mut tried = 0;
    for (at, fact) in facts.iter().enumerate() {
        let mut changes: Vec<(String, String)> = Vec::new();
        for column in NUMBERS {
            changes.push((format!("{column} = {column} + 1"), format!("{column} = {column} - 1")));
        }
        for column in TEXTS {
            let back = format!("{column} = substr({column}, 2)");
            changes.push((format!("{column} = 'x' || {column}"), back));
        }
        let attrs = "attrs = json_set(attrs, '$.zz', '1')".to_owned();
        changes.push((attrs, "attrs = json_remove(attrs, '$.zz')".to_owned()));
        // Each fact has a quarter of its columns changed, so each column a quarter of the facts.
        let quarter = changes.iter().enumerate().filter(|(n, _)| (n + at) % 4 == 0);
        for (_, (change, back)) in quarter {
            let set = |what: &str| {
                h.store.script(&format!("UPDATE fact SET {what} WHERE id = {fact};")).unwrap();
            };
            set(change);
            let seen = found(&h).unwrap();
            let (seq, fact) = (at as i64 + 1, *fact);
            assert!(
                seen.iter().all(|b| (b.what, b.seq, b.fact) == ("fact.changed", seq, fact))
                    && seen.len() == 1,
                "{change}: {seen:?}"
            );
            set(back);
            tried += 1;
        }
    }
    assert_eq!(found(&h).unwrap(), []);
    println!("{tried} changes of {} facts, each seen", facts.len());
    assert!(tried >= 200, "{tried}");
}

/// What is done to the rows, and the name that it is found under.
const BLOWS: &[(&str, &str)] = &[
    ("DELETE FROM fact WHERE id = $", "fact.removed"),
    ("DELETE FROM fact_seal WHERE fact_id = $", "seal.removed"),
    ("DELETE FROM fact_object WHERE fact_id = $", "fact.changed"),
    ("UPDATE fact_object SET object_id = object_id + 1 WHERE fact_id = $", "fact.changed"),
    ("UPDATE fact_object SET occurred_at = occurred_at + 1 WHERE fact_id = $", "fact.changed"),
    ("UPDATE fact_object SET activity = 'x' WHERE fact_id = $", "fact.changed"),
    ("UPDATE fact_object SET qualifier = 'x' WHERE fact_id = $", "fact.changed"),
    (
        "INSERT INTO fact_object SELECT tenant_id, 'order', 7, occurred_at, fact_id, '', activity \
         FROM fact_object WHERE fact_id = $ LIMIT 1",
        "fact.changed",
    ),
    (
        "INSERT INTO object_change SELECT tenant_id, object_type, object_id, fact_id, 'x', 'y' \
         FROM fact_object WHERE fact_id = $ LIMIT 1",
        "fact.changed",
    ),
    (
        "INSERT INTO object_change SELECT tenant_id, 'order', 7, fact_id, 'x', 'y' \
         FROM fact_object WHERE fact_id = $ LIMIT 1",
        "part.inserted",
    ),
    ("UPDATE fact_seal SET hash = 'x' || substr(hash, 2) WHERE fact_id = $", "seal.changed"),
    (
        "UPDATE fact_seal SET prev_hash = 'x' || substr(prev_hash, 2) WHERE fact_id = $",
        "seal.changed",
    ),
    ("UPDATE fact_seal SET fact_id = fact_id + 4000000000 WHERE fact_id = $", "fact.removed"),
    (
        "CREATE TEMP TABLE one AS SELECT * FROM fact WHERE id = $; \
         UPDATE one SET id = id + 4000000000; INSERT INTO fact SELECT * FROM one; DROP TABLE one",
        "fact.inserted",
    ),
];

#[test]
fn a_row_that_was_removed_inserted_or_changed_around_a_fact_is_seen_and_named() {
    let Some(h) = open("sqlite") else { return };
    lived(&h).unwrap();
    let facts = facts(&h).unwrap();
    // Not the newest: a chain's end is proved by a head that was written down.
    let some: Vec<i64> = facts.iter().take(facts.len() - 1).step_by(3).copied().collect();
    let mut tried = 0;
    for (blow, name) in BLOWS {
        for fact in &some {
            let keep = "CREATE TEMP TABLE k1 AS SELECT * FROM fact; \
                 CREATE TEMP TABLE k2 AS SELECT * FROM fact_object; \
                 CREATE TEMP TABLE k3 AS SELECT * FROM object_change; \
                 CREATE TEMP TABLE k4 AS SELECT * FROM fact_seal;";
            let back = "DELETE FROM fact; DELETE FROM fact_object; DELETE FROM object_change; \
                 DELETE FROM fact_seal; INSERT INTO fact SELECT * FROM k1; \
                 INSERT INTO fact_object SELECT * FROM k2; \
                 INSERT INTO object_change SELECT * FROM k3; \
                 INSERT INTO fact_seal SELECT * FROM k4; \
                 DROP TABLE k1; DROP TABLE k2; DROP TABLE k3; DROP TABLE k4;";
            h.store.script(keep).unwrap();
            h.store.script(&format!("{};", blow.replace('$', &fact.to_string()))).unwrap();
            let seen = found(&h).unwrap();
            assert!(seen.iter().any(|b| b.what == *name), "{blow}: {seen:?}");
            h.store.script(back).unwrap();
            tried += 1;
        }
    }
    assert_eq!(found(&h).unwrap(), []);
    println!("{tried} blows, each seen");
}

/// Whoever cuts the newest facts off, or writes the whole chain anew, is seen by a head that was
/// written down elsewhere.
#[test]
fn a_chain_that_was_cut_or_written_anew_does_not_hold_a_head_from_before() {
    each(|h| {
        let head = lived(h)?;
        assert_eq!(h.read(|_, tx| holds(tx, &head))?, None);
        let cut = format!("DELETE FROM fact_seal WHERE seq = {};", head.seq);
        h.store.script(&cut)?;
        let seen = h.read(|_, tx| holds(tx, &head))?.map(|b| b.what);
        assert_eq!(seen, Some("chain.shortened"));
        let other = Head { seq: head.seq - 1, hash: "0".repeat(64) };
        let seen = h.read(|_, tx| holds(tx, &other))?.map(|b| b.what);
        assert_eq!(seen, Some("chain.rewritten"));
        // Put back, so that the house's own check holds.
        let told = h.store.seal(crate::house::TENANT, h.now())?;
        if told == 0 {
            let prev = h.read(|_, tx| head_now(tx))?;
            let fact: Option<i64> = h.read(|_, tx| {
                tx.value(
                    store::sql!(
                        "SELECT id FROM fact WHERE tenant_id = $1 ORDER BY id DESC LIMIT 1"
                    ),
                    &[],
                )
            })?;
            let row = [Stored::Int(fact.unwrap_or(0)), Stored::text(prev.hash)];
            let (Stored::Int(fact), Stored::Text(prev)) = (&row[0], &row[1]) else { return Ok(()) };
            h.store.script(&format!(
                "INSERT INTO fact_seal (tenant_id, seq, fact_id, prev_hash, hash) \
                 VALUES (1, {}, {fact}, '{prev}', '{}');",
                head.seq, head.hash
            ))?;
        }
        Ok(())
    });
}
