//! What an auditor asks: who may do what and why, who signed in, whose keys there are. Reads only;
//! no secret and no hash of one.
use crate::delegation::Delegation;
use crate::duties;
use crate::duty::{DutyKind, Effect};
use crate::key::ApiKey;
use crate::role::Reach;
use kernel::{Cell, Instant, Result, Stored};
use store::{Tx, find, sql};

/// Rows of one answer.
const MOST: i64 = 5000;

/// A right of somebody, and the role that gives it.
#[derive(Clone, Debug)]
pub struct Right {
    pub user: i64,
    pub login: String,
    pub role: i64,
    pub role_code: String,
    pub permission: String,
    pub reach: Reach,
}

/// Rights of one user, or of everybody who may sign in for 0, by user and permission.
pub fn rights(tx: &mut Tx, user: i64) -> Result<Vec<Right>> {
    let rows = tx.rows(
        sql!(
            "SELECT u.id, u.login, r.id, r.code, g.permission, g.reach FROM app_user u \
             JOIN user_role m ON m.tenant_id = u.tenant_id AND m.user_id = u.id \
             JOIN role r ON r.tenant_id = m.tenant_id AND r.id = m.role \
             JOIN role_grant g ON g.tenant_id = m.tenant_id AND g.role = m.role \
             WHERE u.tenant_id = $1 AND (u.id = $2 OR $2 = 0) AND u.disabled_at = 0 \
             ORDER BY u.id, g.permission, r.id LIMIT $3"
        ),
        &[Stored::Int(user), Stored::Int(MOST)],
    )?;
    let right = |mut row: store::Row| {
        Ok(Right {
            user: row.take()?,
            login: row.take()?,
            role: row.take()?,
            role_code: row.take()?,
            permission: row.take()?,
            reach: row.take()?,
        })
    };
    rows.into_iter().map(right).collect()
}

/// A device that somebody was signed in on.
#[derive(Clone, Debug)]
pub struct Seen {
    pub id: i64,
    pub user: i64,
    pub login: String,
    pub device: String,
    pub created_at: Instant,
    pub last_seen_at: Instant,
    pub revoked_at: Option<Instant>,
}

/// Sign-ins before one of them, newest first, of one user or of everybody for 0. They are kept for
/// 30 days after their end; the facts of signing in are kept for good.
pub fn sign_ins(tx: &mut Tx, user: i64, before: i64) -> Result<Vec<Seen>> {
    let rows = tx.rows(
        sql!(
            "SELECT s.id, u.id, u.login, s.device, s.created_at, s.last_seen_at, s.revoked_at \
             FROM sign_in s JOIN app_user u ON u.tenant_id = s.tenant_id AND u.id = s.user_id \
             WHERE s.tenant_id = $1 AND s.kind = 'session' AND (s.user_id = $2 OR $2 = 0) \
             AND s.id < $3 ORDER BY s.id DESC LIMIT 200"
        ),
        &[Stored::Int(user), Stored::Int(if before == 0 { i64::MAX } else { before })],
    )?;
    let seen = |mut row: store::Row| {
        Ok(Seen {
            id: row.take()?,
            user: row.take()?,
            login: row.take()?,
            device: row.take()?,
            created_at: row.take()?,
            last_seen_at: row.take()?,
            revoked_at: row.take()?,
        })
    };
    rows.into_iter().map(seen).collect()
}

/// Everybody's keys, newest first.
pub fn keys(tx: &mut Tx) -> Result<Vec<ApiKey>> {
    tx.list(find!(ApiKey, "id > 0 ORDER BY id DESC LIMIT 1000"), &[])
}

/// Everybody's delegations, newest first.
pub fn delegations(tx: &mut Tx) -> Result<Vec<Delegation>> {
    tx.list(find!(Delegation, "id > 0 ORDER BY id DESC LIMIT 1000"), &[])
}

/// Two things that one person did on one document though a rule keeps them apart.
#[derive(Clone, Debug)]
pub struct Crossed {
    pub code: String,
    pub effect: Effect,
    pub user: i64,
    pub entity: String,
    pub document: i64,
    pub first_at: Instant,
    pub second_at: Instant,
}

/// Crossings of one rule in an answer.
const OF_RULE: i64 = 200;

/// What facts say was done by one person on one document, newest first, at most 200 of a rule.
pub fn crossed(tx: &mut Tx, since: Instant) -> Result<Vec<Crossed>> {
    let mut rules = duties::all(tx)?;
    rules.retain(|r| r.kind == DutyKind::Document && r.effect != Effect::Off);
    let mut found = Vec::new();
    for rule in rules {
        let rows = tx.rows(
            sql!(
                "SELECT b.actor, y.object_id, a.recorded_at, b.recorded_at FROM fact_object y \
                 JOIN fact_object x ON x.tenant_id = y.tenant_id \
                 AND x.object_type = y.object_type AND x.object_id = y.object_id \
                 JOIN fact b ON b.tenant_id = y.tenant_id AND b.id = y.fact_id \
                 JOIN fact a ON a.tenant_id = x.tenant_id AND a.id = x.fact_id \
                 WHERE y.tenant_id = $1 AND y.activity = $2 AND b.recorded_at >= $3 \
                 AND y.object_type = $4 AND x.activity = $5 AND a.actor = b.actor \
                 AND a.actor > 0 ORDER BY y.fact_id DESC LIMIT $6"
            ),
            &[
                Stored::text(rule.second.as_str()),
                since.store(),
                Stored::text(rule.entity.as_str()),
                Stored::text(rule.first.as_str()),
                Stored::Int(OF_RULE),
            ],
        )?;
        for mut row in rows {
            let one = Crossed {
                code: rule.code.clone(),
                effect: rule.effect,
                user: row.take()?,
                entity: rule.entity.clone(),
                document: row.take()?,
                first_at: row.take()?,
                second_at: row.take()?,
            };
            // Money allocated in parts is one crossing, told at its last.
            let same =
                |c: &Crossed| (&c.code, c.user, c.document) == (&one.code, one.user, one.document);
            if !found.iter().any(same) {
                found.push(one);
            }
        }
    }
    Ok(found)
}
