//! Lists in the order of names that stand in other rows: of orders by what their customers are
//! called. Only of lists that are counted, since each row's name is looked up before the first
//! page.
use crate::Sql;
use crate::rows::{self, ListQuery};
use crate::rows_either::{self, Clause};
use crate::rows_order::{after, keys, named, order, read_cursor};
use crate::rows_sql::{Built, Params, names, scoped};
use kernel::{Error, Result, Stored};
use meta::{Entity, Field};

/// A page, with the names after the columns. A row whose reader may not see the one that it names
/// stands where those without a name stand.
pub(crate) fn page(
    entity: &Entity,
    columns: &[&'static Field],
    reach: &[i64],
    query: &ListQuery,
) -> Result<Built> {
    let mut params = Params::default();
    let keys = keys(query);
    let (mut inner, mut outer) = (names(columns), names(columns));
    for (at, sort) in query.sort.iter().enumerate() {
        let Some(to) = sort.of else {
            let own = sort.field.sound.map(|sound| format!(", {sound}")).unwrap_or_default();
            inner.push_str(&own);
            outer.push_str(&own);
            continue;
        };
        let (name, of) = (named(at), name_of(to, sort.field, query, &mut params)?);
        inner.push_str(&format!(", {of} AS {name}"));
        outer.push_str(&format!(", {name}"));
    }
    let within = scoped(reach, &mut params)?;
    let clause = match rows_either::clause(entity, query, &within, &mut params)? {
        Clause::Whole(clause) => clause,
        Clause::Either(parts) => format!(" AND id IN ({})", rows_either::ids(entity, &parts, "")),
    };
    let last = query.cursor.as_ref().map(|cursor| read_cursor(query, cursor)).transpose()?;
    let from = match last {
        Some(last) => format!(" WHERE {}", after(&keys, &last, &mut params)),
        None => String::new(),
    };
    let limit = params.bind(Stored::Int(query.limit as i64 + 1));
    let text = format!(
        "SELECT {outer} FROM (SELECT {inner} FROM {} r WHERE tenant_id = $1{clause}) u{from} \
         ORDER BY {} LIMIT {limit}",
        entity.table,
        order(&keys)
    );
    Ok(Built { sql: Sql::new(text), params: params.all() })
}

/// What the row is called that a field names, as it is ordered: a name by its sound.
fn name_of(to: &Entity, by: &Field, query: &ListQuery, params: &mut Params) -> Result<String> {
    let unscoped = || Error::bug("bug.filter_without_scope", to.name);
    let scope = query.scopes.get(to.name).ok_or_else(unscoped)?;
    let Some(reach) = rows::reach(to, scope)? else { return Ok("''".to_owned()) };
    let (within, table) = (scoped(reach, params)?, to.table);
    let title = to.field(to.title).and_then(|f| f.sound).unwrap_or(to.title);
    let name = format!(
        "SELECT {title} FROM {table} n WHERE n.tenant_id = $1 AND n.id = r.{}{within}",
        by.name
    );
    Ok(format!("COALESCE(({name}), '')"))
}
