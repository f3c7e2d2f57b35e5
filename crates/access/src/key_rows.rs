//! Load and save of API keys, duty rules and delegations.
use crate::delegation::Delegation;
use crate::duty::DutyRule;
use crate::entities::{API_KEY, DELEGATION, DUTY_RULE};
use crate::key::ApiKey;
use crate::user::User;
use kernel::{Cell, Id, Instant, Result, Stored};
use store::{Tx, find, sql};

store::record!(ApiKey => API_KEY {
    id, version, user_id, name, begins, token_hash, permissions, created_at, expires_at,
    last_used_at, revoked_at,
});
store::record!(DutyRule => DUTY_RULE {
    id, version, code, kind, entity, first, second, effect, reason,
});
store::record!(Delegation => DELEGATION {
    id, version, scope_id, from_user, to_user, permissions, from_at, until_at, reason, given_by,
    revoked_at,
});

pub(crate) fn by_token(tx: &mut Tx, token_hash: &str) -> Result<Option<ApiKey>> {
    let hash = Stored::text(token_hash);
    Ok(tx.list(find!(ApiKey, "token_hash = $2"), &[hash])?.into_iter().next())
}

/// The owner of a key by what stands in the open of it.
pub(crate) fn by_begin(tx: &mut Tx, begins: &str) -> Result<Option<ApiKey>> {
    let begins = Stored::text(begins);
    let found = tx.list(find!(ApiKey, "begins = $2 ORDER BY id LIMIT 1"), &[begins])?;
    Ok(found.into_iter().next())
}

/// A person's keys, newest first.
pub(crate) fn of_user(tx: &mut Tx, user: Id<User>) -> Result<Vec<ApiKey>> {
    tx.list(find!(ApiKey, "user_id = $2 ORDER BY id DESC LIMIT 200"), &[user.store()])
}

pub(crate) fn used(tx: &mut Tx, id: Id<ApiKey>, now: Instant) {
    tx.put(
        sql!(
            "UPDATE api_key SET last_used_at = $3 \
             WHERE tenant_id = $1 AND id = $2 AND last_used_at < $3"
        ),
        &[id.store(), now.store()],
    );
}

/// Ends a key; false when it had ended before.
pub(crate) fn revoke(tx: &mut Tx, id: Id<ApiKey>, now: Instant) -> Result<bool> {
    let sql = sql!(
        "UPDATE api_key SET revoked_at = $3 WHERE tenant_id = $1 AND id = $2 AND revoked_at = 0"
    );
    Ok(tx.exec(sql, &[id.store(), now.store()])? == 1)
}

/// What somebody gave another one to do, that holds now.
pub(crate) fn delegated(tx: &mut Tx, from: i64, to: i64, now: Instant) -> Result<Vec<Delegation>> {
    let sql = find!(
        Delegation,
        "to_user = $2 AND from_user = $3 AND revoked_at = 0 AND from_at <= $4 AND until_at > $4 \
         ORDER BY id LIMIT 50"
    );
    tx.list(sql, &[Stored::Int(to), Stored::Int(from), now.store()])
}

/// Delegations of somebody or to somebody, newest first.
pub(crate) fn delegations(tx: &mut Tx, user: i64) -> Result<Vec<Delegation>> {
    let sql = find!(
        Delegation,
        "id IN (SELECT d.id FROM delegation d WHERE d.tenant_id = $1 AND d.from_user = $2 \
         UNION SELECT d.id FROM delegation d WHERE d.tenant_id = $1 AND d.to_user = $2) \
         ORDER BY id DESC LIMIT 200"
    );
    tx.list(sql, &[Stored::Int(user)])
}
