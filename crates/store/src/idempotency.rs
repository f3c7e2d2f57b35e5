//! A retried request acts once: key, body hash and reply are kept by the command's transaction.
use crate::{Tx, sql};
use kernel::{Cell, Ctx, Error, Result, Stored};

/// A request's claim to be the same as another.
#[derive(Clone, Debug)]
pub struct Claim {
    pub key: String,
    pub route: String,
    /// SHA-256 of the body, hexadecimal.
    pub body_hash: String,
}

/// The reply that was given the first time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reply {
    pub status: i64,
    pub body: String,
}

/// The earlier reply to the same claim, if any.
///
/// Error: `idempotency.mismatch` when the key was used for another request.
pub fn replay(cx: &Ctx, tx: &mut Tx, claim: &Claim) -> Result<Option<Reply>> {
    let sql = sql!(
        "SELECT route, body_hash, status, body FROM idempotency \
         WHERE tenant_id = $1 AND actor = $2 AND key = $3"
    );
    let key = [Stored::Int(cx.user), Stored::text(claim.key.clone())];
    let Some(mut row) = tx.rows(sql, &key)?.into_iter().next() else { return Ok(None) };
    let (route, body_hash): (String, String) = (row.take()?, row.take()?);
    if (route.as_str(), body_hash.as_str()) != (claim.route.as_str(), claim.body_hash.as_str()) {
        return Err(Error::conflict("idempotency.mismatch", &claim.key));
    }
    Ok(Some(Reply { status: row.take()?, body: row.take()? }))
}

/// Keeps the reply with the command's effect. Two at once: the second's insert loses and fails
/// with `store.duplicate`; run again, it replays.
pub fn keep(cx: &Ctx, tx: &mut Tx, claim: &Claim, reply: &Reply) {
    let text = |s: &str| Stored::text(s);
    tx.put(
        sql!(
            "INSERT INTO idempotency (tenant_id, actor, key, route, body_hash, status, body, \
             recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        &[
            Stored::Int(cx.user),
            text(&claim.key),
            text(&claim.route),
            text(&claim.body_hash),
            Stored::Int(reply.status),
            text(&reply.body),
            cx.now.store(),
        ],
    );
}

/// Forgets keys older than seven days; how many.
pub fn forget_old(cx: &Ctx, tx: &mut Tx) -> Result<u64> {
    let before = Stored::Int(cx.now.0 - 7 * kernel::Instant::DAY);
    tx.exec(sql!("DELETE FROM idempotency WHERE tenant_id = $1 AND recorded_at < $2"), &[before])
}
