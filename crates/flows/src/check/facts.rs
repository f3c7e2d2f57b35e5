//! The chain of facts is whole and unbroken, and every document's state is what its facts tell.
use super::{Breach, Report};
use kernel::{Ctx, Result, Stored};
use meta::{Entity, Grade};
use store::facts::{Head, audit};
use store::{Tx, sql};

pub(super) fn prove(_cx: &Ctx, tx: &mut Tx, report: &mut Report) -> Result<()> {
    report.proved.push("facts.chain_is_unbroken");
    let mut head = Head { seq: 0, hash: String::new() };
    while let Some(next) = audit(tx, &head)? {
        for broken in next.broken.into_iter().take(super::LISTED) {
            report.breaches.push(Breach {
                invariant: "facts.chain_is_unbroken",
                object: format!("{}: fact {} at seq {}", broken.what, broken.fact, broken.seq),
                expected: broken.expected,
                found: broken.found,
            });
        }
        head = next.head;
    }
    let unsealed: Option<i64> = tx.value(
        sql!(
            "SELECT COUNT(*) FROM fact f LEFT JOIN fact_seal s ON s.tenant_id = f.tenant_id \
             AND s.fact_id = f.id WHERE f.tenant_id = $1 AND s.fact_id IS NULL"
        ),
        &[],
    )?;
    report.same("facts.all_are_sealed", "facts", 0, unsealed.unwrap_or(0));
    for entity in crate::entities() {
        if matches!(entity.grade, Grade::Document | Grade::Plain | Grade::Guarded) {
            told(tx, entity, report)?;
        }
        if entity.lifecycle.is_some() {
            states(tx, entity, report)?;
        }
    }
    Ok(())
}

/// Every document is named by at least one fact.
fn told(tx: &mut Tx, entity: &Entity, report: &mut Report) -> Result<()> {
    let silent = store::facts::silent(tx, entity)?;
    report.same("facts.every_document_is_told", entity.name, 0, silent);
    Ok(())
}

/// A document's state is the last that a fact moved it to.
fn states(tx: &mut Tx, entity: &Entity, report: &mut Report) -> Result<()> {
    let rows = tx.rows(
        sql!(
            "SELECT o.object_id, f.to_state FROM fact_object o JOIN fact f \
             ON f.tenant_id = o.tenant_id AND f.id = o.fact_id WHERE o.tenant_id = $1 \
             AND o.object_type = $2 AND o.qualifier = 'subject' AND f.to_state <> '' \
             ORDER BY o.object_id, o.fact_id"
        ),
        &[Stored::text(entity.name)],
    )?;
    let mut last: std::collections::BTreeMap<i64, String> = std::collections::BTreeMap::new();
    for mut row in rows {
        last.insert(row.take()?, row.take()?);
    }
    report.proved.push("facts.tell_every_state");
    for (id, state) in store::facts::states(tx, entity)? {
        let told = last.get(&id).cloned().unwrap_or_default();
        if told != state && !told.is_empty() {
            report.breaches.push(Breach {
                invariant: "facts.tell_every_state",
                object: format!("{} {id}", entity.name),
                expected: told,
                found: state,
            });
        }
    }
    Ok(())
}
