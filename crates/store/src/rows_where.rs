//! Compiles a list's conditions. Columns come from declarations, values are bound, and rows that
//! another row names are looked at under the reader's scope of their own entity.
use crate::rows::{self, ListQuery};
use crate::rows_filter::{By, Filter, Op, Place, Test};
use crate::rows_sql::{Params, scoped};
use crate::search_find;
use kernel::{Error, Result, Stored};
use meta::{Field, FieldKind};

/// ` AND …` for every condition of a list.
pub(crate) fn conditions(query: &ListQuery, params: &mut Params) -> Result<String> {
    all(query.filter.iter(), query, params)
}

/// ` AND …` for some of them.
pub(crate) fn all<'q>(
    filters: impl Iterator<Item = &'q Filter>,
    query: &ListQuery,
    params: &mut Params,
) -> Result<String> {
    let mut all = String::new();
    for filter in filters {
        all.push_str(" AND ");
        all.push_str(&clause(filter, query, params)?);
    }
    Ok(all)
}

fn clause(filter: &Filter, query: &ListQuery, params: &mut Params) -> Result<String> {
    let joined = |parts: &[Filter], by: &str, params: &mut Params| {
        let parts: Result<Vec<String>> = parts.iter().map(|p| clause(p, query, params)).collect();
        Ok(format!("({})", parts?.join(by)))
    };
    match filter {
        Filter::All(parts) => joined(parts, " AND ", params),
        Filter::Any(parts) => joined(parts, " OR ", params),
        Filter::Is(test) => compared(test, query, params),
        Filter::Known(known) => match known.by {
            By::Title => compared(&known.title, query, params),
            By::Parts => Ok(search_find::having(query.entity, &known.asked, params)),
            By::Both => {
                let parts = search_find::having(query.entity, &known.asked, params);
                Ok(format!("({parts} OR {})", compared(&known.title, query, params)?))
            }
        },
    }
}

fn compared(test: &Test, query: &ListQuery, params: &mut Params) -> Result<String> {
    match test.place {
        Place::Own(field) => Ok(condition(field.name, field, test, params)),
        Place::Custom(field) => Ok(custom(field, test, query, params)),
        Place::Of { by, .. } => Ok(match named(test, query, params)? {
            Some(rows) => format!("{} IN ({rows})", by.name),
            None => "1 = 0".into(),
        }),
    }
}

/// `SELECT id …` of the rows that a condition on named rows means; `None`: the reader sees none.
pub(crate) fn named(test: &Test, query: &ListQuery, params: &mut Params) -> Result<Option<String>> {
    let Place::Of { to, field, .. } = test.place else { return Ok(None) };
    let unscoped = || Error::bug("bug.filter_without_scope", to.name);
    let scope = query.scopes.get(to.name).ok_or_else(unscoped)?;
    let Some(reach) = rows::reach(to, scope)? else { return Ok(None) };
    let scoped = scoped(reach, params)?;
    let inner = condition(field.name, field, test, params);
    Ok(Some(format!("SELECT id FROM {} WHERE tenant_id = $1{scoped} AND {inner}", to.table)))
}

/// A value that stands beside the row: what is not there is equal to nothing.
fn custom(field: &Field, test: &Test, query: &ListQuery, params: &mut Params) -> String {
    let first = test.values.first().unwrap_or(&Stored::Null);
    let (lacks, op) = match (test.op, first) {
        (Op::Eq, Stored::Null) | (Op::Empty, Stored::Int(1)) => (true, None),
        (Op::Ne, Stored::Null) | (Op::Empty, _) => (false, None),
        (Op::Ne, _) => (true, Some(Op::Eq)),
        (Op::Outside, _) => (true, Some(Op::Within)),
        (op, _) => (false, Some(op)),
    };
    let is_text =
        matches!(field.kind, FieldKind::Text { .. } | FieldKind::Enum(_) | FieldKind::Day);
    let column = if is_text { "words" } else { "number" };
    let kind = params.bind(Stored::text(query.entity));
    let name = params.bind(Stored::text(field.name));
    let inner = op.map_or_else(String::new, |op| {
        let test = Test { op, ..test.clone() };
        format!(" AND {}", condition(column, field, &test, params))
    });
    let not = if lacks { "NOT " } else { "" };
    format!(
        "id {not}IN (SELECT object_id FROM custom_index WHERE tenant_id = $1 \
         AND object_type = {kind} AND field = {name}{inner})"
    )
}

fn condition(name: &str, field: &Field, test: &Test, params: &mut Params) -> String {
    let first = test.values.first().unwrap_or(&Stored::Null);
    // What has not happened yet is neither before nor after anything.
    let happened = if matches!(field.kind, FieldKind::Instant) {
        format!("{name} > 0 AND ")
    } else {
        String::new()
    };
    let mut is = |sign: &str| format!("{name} {sign} {}", params.bind(first.clone()));
    match (test.op, first) {
        (Op::Eq, Stored::Null) => format!("{name} IS NULL"),
        (Op::Ne, Stored::Null) => format!("{name} IS NOT NULL"),
        (Op::Eq, _) => is("="),
        (Op::Ne, _) if field.nullable() => is("IS DISTINCT FROM"),
        (Op::Ne, _) => is("<>"),
        (Op::Lt, _) => format!("({happened}{})", is("<")),
        (Op::Le, _) => format!("({happened}{})", is("<=")),
        (Op::Gt, _) => is(">"),
        (Op::Ge, _) => is(">="),
        (Op::In, _) => format!("{name} IN ({})", params.bind_all(&test.values, first)),
        // A word of the declaration: bound, no engine could tell that the index has the row.
        (Op::Open, Stored::Text(last)) => format!("{name} <> '{last}'"),
        (Op::Open, _) => "1 = 1".to_owned(),
        (Op::Contains, _) => like(name, &format!("%{}%", pattern(first)), params),
        (Op::Starts, _) => like(name, &format!("{}%", pattern(first)), params),
        (Op::Empty, wanted) => empty(name, field, *wanted == Stored::Int(1)),
        (Op::Within, _) => within(name, field, test, params),
        (Op::Outside, _) => {
            let inner = within(name, field, test, params);
            if field.nullable() {
                format!("({name} IS NULL OR NOT {inner})")
            } else {
                format!("NOT {inner}")
            }
        }
    }
}

fn within(name: &str, field: &Field, test: &Test, params: &mut Params) -> String {
    let mut bound = |at: usize| params.bind(test.values.get(at).cloned().unwrap_or(Stored::Null));
    let (from, until) = (bound(0), bound(1));
    let sign = if matches!(field.kind, FieldKind::Day) { "<=" } else { "<" };
    format!("({name} >= {from} AND {name} {sign} {until})")
}

fn empty(name: &str, field: &Field, wanted: bool) -> String {
    match (field.kind, wanted) {
        (FieldKind::Ref(_) | FieldKind::Day, true) => format!("{name} IS NULL"),
        (FieldKind::Ref(_) | FieldKind::Day, false) => format!("{name} IS NOT NULL"),
        (FieldKind::Text { .. } | FieldKind::Enum(_), true) => format!("{name} = ''"),
        (FieldKind::Text { .. } | FieldKind::Enum(_), false) => format!("{name} <> ''"),
        (_, true) => format!("{name} = 0"),
        (_, false) => format!("{name} <> 0"),
    }
}

fn like(name: &str, pattern: &str, params: &mut Params) -> String {
    format!("lower({name}) LIKE {} ESCAPE '!'", params.bind(Stored::text(pattern)))
}

/// Both engines fold ASCII only, and so do we.
fn pattern(value: &Stored) -> String {
    let Stored::Text(text) = value else { return String::new() };
    text.to_ascii_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_patterns_are_escaped() {
        let value = Stored::name("50%_OFF!");
        assert_eq!(pattern(&value), "50!%!_off!!");
    }
}
