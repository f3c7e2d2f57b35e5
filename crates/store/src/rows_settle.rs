//! Conditions on rows that a row names (`party.code = …`) are looked up first: where few rows meet
//! them, the list asks for their ids, so that an index of its own leads it and gives the order.
//! Conditions that few rows meet lead the list by their own index (`rows_few`).
//! And how a list's own search (`q`) answers: a short list looks into titles too, which reads every
//! row; a long one only at the parts that search keeps.
use crate::rows::ListQuery;
use crate::rows_filter::{By, Filter, Op, Place, Test};
use crate::rows_sql::{Built, Params};
use crate::{Sql, Tx, rows_few, rows_where, search_seen};
use kernel::{Ctx, Result, Stored};
use meta::Entity;
use std::borrow::Cow;

/// More named rows than these stay a condition of the statement.
const FEW: usize = 64;
/// The id of no row.
const NOBODY: i64 = -1;

/// The same list, its conditions on named rows settled where they are few, and its search.
pub(crate) fn settled<'q>(
    cx: &Ctx,
    tx: &mut Tx,
    entity: &Entity,
    query: &'q ListQuery,
) -> Result<Cow<'q, ListQuery>> {
    let mut named = Vec::new();
    query.filter.iter().for_each(|f| f.looks_at(&mut named));
    let is_sought = query.filter.iter().any(|f| matches!(f, Filter::Known(_)));
    let is_led = rows_few::is_led(entity, query);
    if named.is_empty() && !is_sought && !is_led {
        return Ok(Cow::Borrowed(query));
    }
    let by = if is_sought { known_by(cx, tx, entity)? } else { By::Title };
    let mut own = query.clone();
    for filter in &mut own.filter {
        match filter {
            Filter::Known(known) if known.asked.is_empty() => {}
            Filter::Known(known) => known.by = by,
            filter => settle(tx, query, filter)?,
        }
    }
    if is_led {
        rows_few::settle(tx, entity, &mut own)?;
    }
    Ok(Cow::Owned(own))
}

/// Who may not read everything that rows are found by finds them by their title alone.
fn known_by(cx: &Ctx, tx: &mut Tx, entity: &Entity) -> Result<By> {
    if entity.searched.is_empty() || !search_seen::sees_all(cx, entity) {
        return Ok(By::Title);
    }
    let are_few = rows_few::are_few(tx, entity, "", Params::default())?;
    Ok(if are_few { By::Both } else { By::Parts })
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
        Filter::Known(_) => Ok(()),
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
