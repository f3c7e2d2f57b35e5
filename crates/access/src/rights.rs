//! What somebody's roles grant and what bounds them, read in one statement at each sign of life.
use crate::role::{Reach, Shown};
use crate::user::User;
use kernel::{Bounds, Cell, Duty, EntityReach, FieldRule, Grant, Id, Result};
use store::{Row, Tx, sql};

/// Grants, reaches, rules of fields, and the duties that are kept apart.
pub(crate) fn of(tx: &mut Tx, user: Id<User>) -> Result<(Vec<Grant>, Bounds)> {
    let rows = tx.rows(
        sql!(
            "SELECT CAST(1 AS BIGINT), m.role, g.permission, g.reach, '', '', CAST(0 AS BIGINT) \
             FROM user_role m JOIN role_grant g ON g.tenant_id = m.tenant_id AND g.role = m.role \
             WHERE m.tenant_id = $1 AND m.user_id = $2 \
             UNION ALL SELECT CAST(2 AS BIGINT), m.role, r.entity, r.reach, '', '', \
             CAST(0 AS BIGINT) FROM user_role m JOIN role_reach r ON r.tenant_id = m.tenant_id \
             AND r.role = m.role WHERE m.tenant_id = $1 AND m.user_id = $2 \
             UNION ALL SELECT CAST(3 AS BIGINT), m.role, f.entity, f.sight, f.field, '', f.writes \
             FROM user_role m JOIN role_field f ON f.tenant_id = m.tenant_id AND f.role = m.role \
             WHERE m.tenant_id = $1 AND m.user_id = $2 \
             UNION ALL SELECT CAST(4 AS BIGINT), CAST(0 AS BIGINT), d.code, d.entity, d.first, \
             d.second, CAST(0 AS BIGINT) FROM duty_rule d WHERE d.tenant_id = $1 \
             AND d.kind = 'document' AND d.effect = 'refuse'"
        ),
        &[user.store()],
    )?;
    let (mut grants, mut bounds) = (Vec::new(), Bounds::default());
    for row in rows {
        take(row, &mut grants, &mut bounds)?;
    }
    grants.sort_by(|a, b| (&a.permission, a.reach, a.role).cmp(&(&b.permission, b.reach, b.role)));
    Ok((grants, bounds))
}

/// How far every role reaches on what it was set for.
pub(crate) fn reaches(tx: &mut Tx) -> Result<Vec<EntityReach>> {
    let sql = sql!(
        "SELECT role, entity, reach FROM role_reach WHERE tenant_id = $1 AND id > $2 \
         ORDER BY id LIMIT 20000"
    );
    let reach = |mut row: Row| {
        let (role, entity): (i64, String) = (row.take()?, row.take()?);
        let reach: Reach = row.take()?;
        Ok(EntityReach { role, entity, reach: reach.kind() })
    };
    tx.rows(sql, &[kernel::Stored::Int(0)])?.into_iter().map(reach).collect()
}

fn take(mut row: Row, grants: &mut Vec<Grant>, bounds: &mut Bounds) -> Result<()> {
    let (what, role): (i64, i64) = (row.take()?, row.take()?);
    let first: String = row.take()?;
    match what {
        1 => {
            let reach: Reach = row.take()?;
            grants.push(Grant { permission: first, reach: reach.kind(), role });
        }
        2 => {
            let reach: Reach = row.take()?;
            bounds.reaches.push(EntityReach { role, entity: first, reach: reach.kind() });
        }
        3 => {
            let (sight, field): (Shown, String) = (row.take()?, row.take()?);
            let (_, writes): (String, bool) = (row.take()?, row.take()?);
            let sight = sight.sight();
            bounds.fields.push(FieldRule { role, entity: first, field, sight, writes });
        }
        _ => {
            let (entity, one): (String, String) = (row.take()?, row.take()?);
            let (code, second) = (first, row.take()?);
            bounds.duties.push(Duty { code, entity, first: one, second });
        }
    }
    Ok(())
}
