//! Leases: who makes ids under which node, who seals, who runs a job. A lease is a row.
use crate::driver::{Driver, Lock};
use crate::sql;
use kernel::{Error, Instant, Result, Stored};

/// How long a lease is good without renewal, in microseconds.
const GOOD_FOR: i64 = 30 * Instant::SECOND;
/// Nodes per installation (10 bits), and the tenant under which leases of the installation stand.
const NODES: i64 = 1024;
const INSTALLATION: i64 = 0;

/// Takes the first free node; its number and the greatest id that it may have made.
///
/// Error: `store.no_node` when all are in use.
pub(crate) fn take_node(driver: &mut dyn Driver, now: Instant) -> Result<(i64, i64)> {
    let made = last_fact(driver)?;
    for node in 1..NODES {
        let name = format!("node:{node}");
        let rows = driver.rows(
            sql!(
                "INSERT INTO lease (tenant_id, name, holder, until, last_id) \
                 VALUES ($1, $2, 'process', $3, 0) ON CONFLICT (tenant_id, name) DO UPDATE SET \
                 until = excluded.until WHERE lease.until < $4 RETURNING last_id"
            ),
            &[
                Stored::Int(INSTALLATION),
                Stored::text(name),
                Stored::Int(now.0 + GOOD_FOR),
                Stored::Int(now.0 + reusable(driver)),
            ],
            Lock::None,
        )?;
        if let Some(mut row) = rows.into_iter().next() {
            let last: i64 = row.take()?;
            return Ok((node, last.max(made)));
        }
    }
    Err(Error::conflict("store.no_node", NODES))
}

/// On SQLite the folder's lock proves that no other process lives, so every lease is free.
fn reusable(driver: &dyn Driver) -> i64 {
    match driver.engine() {
        crate::Engine::Sqlite => i64::MAX / 4,
        crate::Engine::Postgres => 0,
    }
}

/// The greatest fact id of all tenants, sealed or (of a process that died) not yet: no id of a
/// committed command exceeds it by much.
fn last_fact(driver: &mut dyn Driver) -> Result<i64> {
    let sealed = sql!(@made true, crate::Sql::new(
        "SELECT CAST(COALESCE(MAX(fact_id), 0) AS BIGINT) FROM fact_seal"
    ));
    // Whoever seals has a lease under each tenant.
    let told = sql!(@made true, crate::Sql::new(
        "SELECT CAST(COALESCE(MAX((SELECT MAX(f.id) FROM fact f \
         WHERE f.tenant_id = l.tenant_id)), 0) AS BIGINT) FROM lease l \
         WHERE l.tenant_id > 0 AND l.name = 'seal'"
    ));
    let mut last = 0;
    for sql in [sealed, told] {
        for mut row in driver.rows(sql, &[], Lock::None)? {
            last = last.max(row.take()?);
        }
    }
    Ok(last)
}

/// Gives a node back at the end of its process, with the greatest id that it made: nobody has to
/// wait until the lease runs out, and whoever takes the node next makes greater ids.
pub(crate) fn release_node(driver: &mut dyn Driver, last: i64) -> Result<()> {
    write_node(driver, last, Instant(-1))
}

pub(crate) fn renew_node(driver: &mut dyn Driver, last: i64, now: Instant) -> Result<()> {
    write_node(driver, last, Instant(now.0 + GOOD_FOR))
}

fn write_node(driver: &mut dyn Driver, last: i64, until: Instant) -> Result<()> {
    let node = (last >> 12) & (NODES - 1);
    let sql = sql!("UPDATE lease SET until = $3, last_id = $4 WHERE tenant_id = $1 AND name = $2");
    let params = [
        Stored::Int(INSTALLATION),
        Stored::text(format!("node:{node}")),
        Stored::Int(until.0),
        Stored::Int(last),
    ];
    driver.exec(sql, &params)?;
    Ok(())
}

/// Locks a tenant's lease row for this transaction; makes it on first use.
pub(crate) fn hold(driver: &mut dyn Driver, tenant: i64, name: &str, now: Instant) -> Result<bool> {
    let sql = sql!(
        "INSERT INTO lease (tenant_id, name, holder, until, last_id) VALUES ($1, $2, '', $3, 0) \
         ON CONFLICT (tenant_id, name) DO UPDATE SET until = excluded.until RETURNING last_id"
    );
    let params = [Stored::Int(tenant), Stored::text(name), Stored::Int(now.0)];
    Ok(!driver.rows(sql, &params, Lock::None)?.is_empty())
}
