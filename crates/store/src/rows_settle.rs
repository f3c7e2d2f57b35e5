//! Conditions on rows that a row names (`party.code = …`) are looked up first: where few rows meet
//! them, the list asks for their ids, so that an index of its own leads it and gives the order.
use crate::rows::ListQuery;
use crate::rows_filter::{Filter, Op, Place, Test};
use crate::rows_sql::{Built, Params};
use crate::{Sql, Tx, rows_where};
use kernel::{Result, Stored};
use std::borrow::Cow;

/// More named rows than these stay a condition of the statement.
const FEW: usize = 64;
/// The id of no row.
const NOBODY: i64 = -1;

/// The same list, its conditions on named rows settled where they are few.
pub(crate) fn settled<'q>(tx: &mut Tx, query: &'q ListQuery) -> Result<Cow<'q, ListQuery>> {
    let mut named = Vec::new();
    query.filter.iter().for_each(|f| f.looks_at(&mut named));
    if named.is_empty() {
        return Ok(Cow::Borrowed(query));
    }
    let mut own = query.clone();
    for filter in &mut own.filter {
        settle(tx, query, filter)?;
    }
    Ok(Cow::Owned(own))
}

fn settle(tx: &mut Tx, query: &ListQuery, filter: &mut Filter) -> Result<()> {
    match filter {
        Filter::All(parts) | Filter::Any(parts) => {
            parts.iter_mut().try_for_each(|part| settle(tx, query, part))
        }
        Filter::Is(test) => {
            let Place::Of { by, .. } = test.place else { return Ok(()) };
            let Some(ids) = named(tx, query, test)? else { return Ok(()) };
            let (op, values) = match ids.as_slice() {
                [] => (Op::Eq, vec![Stored::Int(NOBODY)]),
                [one] => (Op::Eq, vec![one.clone()]),
                _ => (Op::In, ids),
            };
            *test = Test { place: Place::Own(by), op, values };
            Ok(())
        }
    }
}

/// The ids of the rows that a condition names; `None` where they are many.
fn named(tx: &mut Tx, query: &ListQuery, test: &Test) -> Result<Option<Vec<Stored>>> {
    let mut params = Params::default();
    let Some(rows) = rows_where::named(test, query, &mut params)? else {
        return Ok(Some(Vec::new()));
    };
    let limit = params.bind(Stored::Int(FEW as i64 + 1));
    let built = Built { sql: Sql::new(format!("{rows} LIMIT {limit}")), params: params.all() };
    let found = tx.built_rows(&built.sql, &built.params)?;
    if found.len() > FEW {
        return Ok(None);
    }
    found.into_iter().map(|mut row| row.take().map(Stored::Int)).collect::<Result<_>>().map(Some)
}
