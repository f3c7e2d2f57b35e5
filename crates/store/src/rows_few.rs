//! Conditions that few rows meet and that an index leads: a range of days, what is not done yet
//! (`fulfilment` is not `full`).
//!
//! Where a list is cut after some rows, an engine likes to read in the list's order until it has
//! them: of a million orders, past nearly all, if those that it looks for came first. So they are
//! counted in their index; where they are few, all of them are read by it and then ordered. Where
//! they are many, a read in order meets some soon.
use crate::rows::{COUNTED, ListQuery};
use crate::rows_filter::{Filter, Op, Place, Test};
use crate::rows_sql::Params;
use crate::{Sql, Tx, rows_where};
use kernel::{Result, Stored};
use meta::{Entity, FieldKind};

/// Could an index lead a list by the condition, other than by one value? The same condition as an
/// engine sees that the index has it, and the index's first column.
fn leads(entity: &Entity, filter: &Filter) -> Option<(Vec<Filter>, &'static str)> {
    let Filter::Is(test) = filter else { return None };
    let Place::Own(field) = test.place else { return None };
    if matches!(test.op, Op::Lt | Op::Le | Op::Gt | Op::Ge | Op::Within) {
        let mut all = entity.index.iter().chain(entity.unique);
        let is_led = all.any(|index| index.first() == Some(&field.name));
        return is_led.then(|| (vec![filter.clone()], field.name));
    }
    let last = means_open(entity, test)?;
    let open = Test { place: test.place, op: Op::Open, values: vec![Stored::text(last)] };
    Some((vec![Filter::Is(open), filter.clone()], field.name))
}

/// The last value of a column of [`Entity::open`], where no row meets the condition that has come
/// to it.
fn means_open(entity: &Entity, test: &Test) -> Option<&'static str> {
    let field = test.place.field();
    let (_, last) = entity.open.iter().find(|(name, _)| *name == field.name)?;
    let has_last = test.values.contains(&Stored::text(*last));
    let is_open = match test.op {
        Op::Eq | Op::In => !has_last,
        Op::Ne => has_last,
        _ => false,
    };
    (is_open && matches!(field.kind, FieldKind::Enum(_))).then_some(last)
}

pub(crate) fn is_led(entity: &Entity, query: &ListQuery) -> bool {
    query.filter.iter().any(|filter| leads(entity, filter).is_some())
}

/// Lets the first condition that few rows meet lead the list.
pub(crate) fn settle(tx: &mut Tx, entity: &Entity, query: &mut ListQuery) -> Result<()> {
    for at in 0..query.filter.len() {
        let Some((condition, column)) = leads(entity, &query.filter[at]) else { continue };
        if query.sort.first().is_some_and(|sort| sort.field.name == column && sort.of.is_none()) {
            // The list's order is the index's.
            continue;
        }
        let mut params = Params::default();
        let condition_sql = rows_where::all(condition.iter(), query, &mut params)?;
        let tail = format!("{condition_sql} ORDER BY {column}");
        if are_few(tx, entity, &tail, params)? {
            query.filter.splice(at..=at, condition);
            query.led_by = Some(column);
            break;
        }
    }
    Ok(())
}

/// Do [`COUNTED`] rows at most meet the condition (` AND …`)?
pub(crate) fn are_few(
    tx: &mut Tx,
    entity: &Entity,
    condition: &str,
    mut params: Params,
) -> Result<bool> {
    let enough = params.bind(Stored::Int(COUNTED + 1));
    let from = format!("FROM {} WHERE tenant_id = $1{condition}", entity.table);
    let some = format!("SELECT 1 {from} LIMIT {enough}");
    let sql = Sql::new(format!("SELECT CAST(COUNT(*) AS BIGINT) FROM ({some}) c"));
    let row = tx.built_rows(&sql, &params.all())?.into_iter().next();
    let rows: i64 = row.map_or(Ok(0), |mut row| row.take())?;
    Ok(rows <= COUNTED)
}
