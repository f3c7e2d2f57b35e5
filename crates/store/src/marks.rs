//! What a live update says of a row: its version, and whether a scope reaches it.
use crate::scope::Scope;
use crate::{Sql, Tx, rows};
use kernel::{Result, Stored};
use meta::Entity;

/// A row as it stands now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mark {
    pub id: i64,
    /// 0 where the entity has none.
    pub version: i64,
    /// 0 where the entity has none.
    pub scope: i64,
}

/// Ids of one question.
const AT_ONCE: usize = 200;

/// The marks of rows; those that are gone are left out.
pub fn of(tx: &mut Tx, entity: &'static Entity, ids: &[i64]) -> Result<Vec<Mark>> {
    let column = |name: &str| if entity.has(name) { name.to_owned() } else { "0".to_owned() };
    let (version, scope) = (column("version"), column("scope_id"));
    let mut marks = Vec::with_capacity(ids.len());
    for some in ids.chunks(AT_ONCE) {
        let size = some.len().next_power_of_two();
        let places: Vec<String> = (0..size).map(|n| format!("${}", n + 2)).collect();
        let sql = Sql::new(format!(
            "SELECT id, CAST({version} AS BIGINT), CAST({scope} AS BIGINT) FROM {} \
             WHERE tenant_id = $1 AND id IN ({})",
            entity.table,
            places.join(", ")
        ));
        let mut params: Vec<Stored> = some.iter().map(|id| Stored::Int(*id)).collect();
        params.resize(size, Stored::Int(some[some.len() - 1]));
        for mut row in tx.built_rows(&sql, &params)? {
            marks.push(Mark { id: row.take()?, version: row.take()?, scope: row.take()? });
        }
    }
    Ok(marks)
}

/// Does a scope reach a row? Nothing of an entity that only whoever sees all may see.
#[must_use]
pub fn reaches(entity: &Entity, scope: &Scope, mark: &Mark) -> bool {
    match rows::reach(entity, scope) {
        Ok(Some([])) => true,
        Ok(Some(_)) => scope.reaches(mark.scope),
        Ok(None) | Err(_) => false,
    }
}
