//! Scopes: who may see a row, interned to one small number on the row.
use crate::{Tx, sql};
use kernel::{Ctx, Error, Id, Result, Stored};

/// What a row belongs to; 0 where it does not apply.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Belongs {
    pub company: i64,
    pub owner: i64,
    pub department: i64,
    pub warehouse: i64,
    pub party: i64,
}

/// The rows that a user's permission reaches.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Scope {
    All,
    /// Interned scopes, ascending. Empty reaches nothing.
    Only(Vec<i64>),
}

impl Scope {
    #[must_use]
    pub fn reaches(&self, scope_id: i64) -> bool {
        match self {
            Self::All => true,
            Self::Only(list) => list.binary_search(&scope_id).is_ok(),
        }
    }
}

/// The number under which `belongs` is known; made on first use.
pub fn intern(cx: &Ctx, tx: &mut Tx, belongs: Belongs) -> Result<i64> {
    let key =
        [belongs.company, belongs.owner, belongs.department, belongs.warehouse, belongs.party];
    let key: Vec<Stored> = key.iter().map(|n| Stored::Int(*n)).collect();
    let find = sql!(
        "SELECT id FROM scope WHERE tenant_id = $1 AND company = $2 AND owner = $3 \
         AND department = $4 AND warehouse = $5 AND party = $6"
    );
    if let Some(known) = tx.value(find, &key)? {
        return Ok(known);
    }
    let mut row = key.clone();
    row.push(Stored::Int(cx.id::<Belongs>().raw()));
    tx.exec(
        sql!(
            "INSERT INTO scope (tenant_id, company, owner, department, warehouse, party, id) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING"
        ),
        &row,
    )?;
    let known: Option<i64> = tx.value(find, &key)?;
    known.ok_or_else(|| Error::bug("bug.scope", belongs.owner))
}

/// All interned scopes of an owner, or of the departments of a list.
pub fn of_owner(tx: &mut Tx, owner: i64) -> Result<Scope> {
    let sql = sql!("SELECT id FROM scope WHERE tenant_id = $1 AND owner = $2 ORDER BY id");
    only(tx.rows(sql, &[Stored::Int(owner)])?)
}

/// See [`of_owner`].
pub fn of_department(tx: &mut Tx, department: i64) -> Result<Scope> {
    let sql = sql!("SELECT id FROM scope WHERE tenant_id = $1 AND department = $2 ORDER BY id");
    only(tx.rows(sql, &[Stored::Int(department)])?)
}

fn only(rows: Vec<crate::Row>) -> Result<Scope> {
    rows.into_iter().map(|mut row| row.take()).collect::<Result<_>>().map(Scope::Only)
}

/// An owner's id, typed.
#[must_use]
pub fn owner<T>(id: Option<Id<T>>) -> i64 {
    id.map_or(0, Id::raw)
}
