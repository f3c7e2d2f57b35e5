//! Load and save of sign-ins and of failed attempts.
use crate::entities::{SIGN_IN, SIGN_IN_ATTEMPT};
use crate::sign_in::{PARALLEL, SignIn, SignInAttempt};
use crate::user::User;
use kernel::{Cell, Ctx, Id, Instant, Result, Stored};
use store::{Tx, find, sql};

store::record!(SignIn => SIGN_IN {
    id, token_hash, user_id, kind, created_at, expires_at, last_seen_at, revoked_at, device,
});
store::record!(SignInAttempt => SIGN_IN_ATTEMPT { id, login_hash, failures, last_at });

/// The row of a token, whatever it is good for.
pub(crate) fn by_token(tx: &mut Tx, token_hash: &str) -> Result<Option<SignIn>> {
    let hash = Stored::text(token_hash);
    Ok(tx.list(find!(SignIn, "token_hash = $2"), &[hash])?.into_iter().next())
}

/// A user's sessions that are not revoked, newest first.
pub(crate) fn open_sessions(tx: &mut Tx, user: Id<User>) -> Result<Vec<SignIn>> {
    tx.list(
        find!(
            SignIn,
            "user_id = $2 AND kind = 'session' AND revoked_at = 0 ORDER BY id DESC LIMIT 100"
        ),
        &[user.store()],
    )
}

/// Ends one token; false when it had ended before: two who redeem a link at once, one wins.
pub(crate) fn revoke(tx: &mut Tx, id: Id<SignIn>, now: Instant) -> Result<bool> {
    let sql = sql!(
        "UPDATE sign_in SET revoked_at = $3 WHERE tenant_id = $1 AND id = $2 AND revoked_at = 0"
    );
    Ok(tx.exec(sql, &[id.store(), now.store()])? == 1)
}

/// Ends every session and link of a user.
pub(crate) fn revoke_all(tx: &mut Tx, user: Id<User>, now: Instant) {
    tx.put(
        sql!(
            "UPDATE sign_in SET revoked_at = $3 \
             WHERE tenant_id = $1 AND user_id = $2 AND revoked_at = 0"
        ),
        &[user.store(), now.store()],
    );
}

/// Adds a session; the oldest beyond [`PARALLEL`] give way.
pub(crate) fn add_session(tx: &mut Tx, user: Id<User>, new: &SignIn, now: Instant) -> Result<()> {
    for old in open_sessions(tx, user)?.iter().skip(PARALLEL - 1) {
        revoke(tx, old.id, now)?;
    }
    tx.insert(std::slice::from_ref(new));
    Ok(())
}

pub(crate) fn see(tx: &mut Tx, id: Id<SignIn>, now: Instant) {
    tx.put(
        sql!(
            "UPDATE sign_in SET last_seen_at = $3 \
             WHERE tenant_id = $1 AND id = $2 AND last_seen_at < $3"
        ),
        &[id.store(), now.store()],
    );
}

/// Removes tokens that ended 30 days ago.
pub(crate) fn forget(tx: &mut Tx, now: Instant) -> Result<u64> {
    let before = Instant(now.0 - 30 * Instant::DAY).store();
    tx.exec(sql!("DELETE FROM sign_in WHERE tenant_id = $1 AND expires_at < $2"), &[before])
}

pub(crate) fn attempt(tx: &mut Tx, login_hash: &str) -> Result<Option<SignInAttempt>> {
    let hash = Stored::text(login_hash);
    Ok(tx.list(find!(SignInAttempt, "login_hash = $2"), &[hash])?.into_iter().next())
}

/// Counts a failure; one that lies a day back is forgotten, so nobody is shut out for good.
pub(crate) fn fail(cx: &Ctx, tx: &mut Tx, login_hash: &str) -> Result<()> {
    let yesterday = Instant(cx.now.0 - Instant::DAY).store();
    tx.exec(
        sql!(
            "INSERT INTO sign_in_attempt (tenant_id, id, login_hash, failures, last_at) \
             VALUES ($1, $2, $3, 1, $4) ON CONFLICT (tenant_id, login_hash) DO UPDATE SET \
             failures = CASE WHEN sign_in_attempt.last_at < $5 THEN 1 \
             ELSE sign_in_attempt.failures + 1 END, last_at = $4"
        ),
        &[
            cx.id::<SignInAttempt>().store(),
            Stored::text(login_hash),
            cx.now.store(),
            yesterday.clone(),
        ],
    )?;
    tx.put(sql!("DELETE FROM sign_in_attempt WHERE tenant_id = $1 AND last_at < $2"), &[yesterday]);
    Ok(())
}

pub(crate) fn forgive(tx: &mut Tx, login_hash: &str) {
    let sql = sql!("DELETE FROM sign_in_attempt WHERE tenant_id = $1 AND login_hash = $2");
    tx.put(sql, &[Stored::text(login_hash)]);
}
