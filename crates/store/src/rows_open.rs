//! Conditions that only rows meet which are not done yet (`fulfilment` is not `full`): of a million
//! orders few. Where they are few indeed, each value is asked for by the index of what is open;
//! where they are many, a read in the list's order meets some soon.
use crate::Tx;
use crate::rows_filter::{Filter, Op, Place, Test};
use crate::rows_settle::are_few;
use kernel::{Result, Stored};
use meta::{Entity, Field, FieldKind};

/// A condition on a column of [`Entity::open`] that no row meets which has come to the last value.
pub(crate) struct Asked {
    field: &'static Field,
    last: &'static str,
    values: Vec<Stored>,
}

/// Is the condition one that only open rows meet?
pub(crate) fn asked(entity: &Entity, filter: &Filter) -> Option<Asked> {
    let Filter::Is(Test { place: Place::Own(field), op, values }) = filter else { return None };
    let FieldKind::Enum(names) = field.kind else { return None };
    let (_, last) = entity.open.iter().find(|(name, _)| *name == field.name)?;
    let values: Vec<Stored> = match op {
        Op::Eq | Op::In => values.clone(),
        Op::Ne => {
            // A row may have no value at all.
            let all = names.iter().chain(&[""]).map(|name| Stored::text(*name));
            all.filter(|name| !values.contains(name)).collect()
        }
        _ => return None,
    };
    let is_open = !values.is_empty() && !values.contains(&Stored::text(*last));
    is_open.then_some(Asked { field, last, values })
}

/// The same conditions, those for open rows in words that their index leads.
pub(crate) fn settled(tx: &mut Tx, entity: &Entity, all: Vec<Filter>) -> Result<Vec<Filter>> {
    let mut settled = Vec::with_capacity(all.len() + 1);
    for filter in all {
        let Some(asked) = asked(entity, &filter) else {
            settled.push(filter);
            continue;
        };
        let condition = format!(" AND {} <> '{}'", asked.field.name, asked.last);
        if are_few(tx, entity, &condition)? {
            settled.extend(asked.led());
        } else {
            settled.push(filter);
        }
    }
    Ok(settled)
}

impl Asked {
    /// The condition by value, and once more for all of them.
    fn led(self) -> Vec<Filter> {
        let is =
            |op, value| Filter::Is(Test { place: Place::Own(self.field), op, values: vec![value] });
        let open = || is(Op::Open, Stored::text(self.last));
        let each = |value: &Stored| Filter::All(vec![is(Op::Eq, value.clone()), open()]);
        let mut parts: Vec<Filter> = self.values.iter().map(each).collect();
        match parts.pop() {
            Some(one) if parts.is_empty() => vec![one],
            Some(one) => {
                parts.push(one);
                vec![open(), Filter::Any(parts)]
            }
            None => vec![open()],
        }
    }
}
