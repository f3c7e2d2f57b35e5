//! Lists of rows that meet one of several conditions (`or`), each of which an index of its own can
//! lead. An engine that is asked for all of them at once reads the whole table in order; so each
//! condition is asked for alone, cut at what the list can need, and what they find is put together.
use crate::rows::ListQuery;
use crate::rows_filter::{Filter, Op, Place, Test};
use crate::rows_sql::Params;
use crate::rows_where::{all, conditions};
use kernel::Result;
use meta::Entity;

/// A list's conditions as SQL.
pub(crate) enum Clause {
    /// ` AND …`, all at once.
    Whole(String),
    /// ` AND …` of each condition of which one is enough, every other of the list's in it.
    Either(Vec<String>),
}

/// More conditions than these are asked for at once.
const PARTS: usize = 8;

/// What a list asks for. `scoped` (` AND …`) stands in every part.
pub(crate) fn clause(
    entity: &Entity,
    query: &ListQuery,
    scoped: &str,
    params: &mut Params,
) -> Result<Clause> {
    let Some((at, parts)) = parts(entity, query) else {
        return Ok(Clause::Whole(format!("{scoped}{}", conditions(query, params)?)));
    };
    let others = query.filter.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, f)| f);
    let others = all(others, query, params)?;
    let part = |part| Ok(format!("{scoped}{others}{}", all([part].into_iter(), query, params)?));
    parts.iter().map(part).collect::<Result<_>>().map(Clause::Either)
}

/// The first *or* of which every condition has an index.
fn parts<'q>(entity: &Entity, query: &'q ListQuery) -> Option<(usize, &'q [Filter])> {
    query.filter.iter().enumerate().find_map(|(at, filter)| match filter {
        Filter::Any(parts) if (2..=PARTS).contains(&parts.len()) => {
            parts.iter().all(|part| is_led(entity, part)).then_some((at, parts.as_slice()))
        }
        _ => None,
    })
}

/// Is an index led by the condition? Equality only: of a range, the order would be the range's.
fn is_led(entity: &Entity, filter: &Filter) -> bool {
    match filter {
        Filter::All(parts) => parts.iter().any(|part| is_led(entity, part)),
        Filter::Is(Test { place: Place::Own(field), op: Op::Eq | Op::In, .. }) => {
            let mut all = entity.index.iter().chain(entity.unique);
            all.any(|index| index.first() == Some(&field.name))
        }
        _ => false,
    }
}

/// `SELECT id …` of the rows that meet one of the conditions, each cut by `tail`.
pub(crate) fn ids(entity: &Entity, parts: &[String], tail: &str) -> String {
    let part = |(at, part): (usize, &String)| {
        let range = format!("SELECT id FROM {} WHERE tenant_id = $1{part}{tail}", entity.table);
        format!("SELECT id FROM ({range}) e{at}")
    };
    parts.iter().enumerate().map(part).collect::<Vec<_>>().join(" UNION ")
}
