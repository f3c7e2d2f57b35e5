//! Which policies are in force, and what holds a document.
use crate::{Approval, Hold, PolicyVersion};
use kernel::{Ctx, DocRef, Result, Stored};
use std::collections::BTreeMap;
use store::{Tx, find};

/// The versions in force today, by name; the highest number that has started wins.
pub fn in_force(cx: &Ctx, tx: &mut Tx) -> Result<BTreeMap<String, PolicyVersion>> {
    let found: Vec<PolicyVersion> = tx.list(
        find!(PolicyVersion, "company = $2 AND effective_from <= $3 ORDER BY name, number"),
        &[Stored::Int(cx.company), Stored::text(cx.today().to_string())],
    )?;
    Ok(found.into_iter().map(|p| (p.name.clone(), p)).collect())
}

/// Open holds on a document, oldest first.
pub fn open_holds(tx: &mut Tx, on: DocRef) -> Result<Vec<Hold>> {
    tx.list(
        find!(Hold, "subject_kind = $2 AND subject = $3 AND open = 1 ORDER BY id"),
        &[Stored::text(on.kind), Stored::Int(on.id)],
    )
}

/// Open holds of a customer that money may lift (credit, overdue), oldest first: the order in which
/// freed credit is given out.
pub fn money_holds_of(tx: &mut Tx, party: i64) -> Result<Vec<Hold>> {
    tx.list(
        find!(
            Hold,
            "party = $2 AND open = 1 AND kind IN ('credit', 'overdue') ORDER BY id LIMIT 200"
        ),
        &[Stored::Int(party)],
    )
}

/// Pending approvals of a document.
pub fn pending(tx: &mut Tx, on: DocRef) -> Result<Vec<Approval>> {
    tx.list(
        find!(Approval, "subject_kind = $2 AND subject = $3 AND state = 'pending' ORDER BY id"),
        &[Stored::text(on.kind), Stored::Int(on.id)],
    )
}
