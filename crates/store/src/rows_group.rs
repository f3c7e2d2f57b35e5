//! Rows of a list in groups: how many have the same value, and sums of their figures, under the
//! same scope and conditions as the list itself.
use crate::rows::{ListQuery, Reads};
use crate::rows_filter::known;
use crate::rows_settle::settled;
use crate::scope::Scope;
use crate::sight;
use crate::{Row, Tx, rows_sql};
use kernel::{Ctx, Currency, Error, Result, Stored};
use meta::{Entity, Field, FieldKind, check};
use serde_json::{Map, Value as Json, json};

/// Groups of one answer, figures of one group.
pub const GROUPS: usize = 200;
const SUMS: usize = 4;

/// By how much of a day rows are told apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    Whole,
    Year,
    Month,
}

/// What is grouped.
#[derive(Clone, Debug)]
pub struct Grouping {
    pub query: ListQuery,
    pub by: &'static Field,
    pub step: Step,
    pub sums: Vec<&'static Field>,
}

impl Grouping {
    /// Reads `by=state` or `by=ordered_on.month`, `sum=gross,net`, and the list's own `filter`,
    /// `where` and `q`.
    ///
    /// Errors: `group.not_groupable`, `group.not_summable`, `group.too_many_sums`,
    /// `field.required`, those of [`ListQuery::parse`].
    pub fn parse(entity: &Entity, pairs: &[(String, String)], reads: &Reads<'_>) -> Result<Self> {
        let own = |name: &str| matches!(name, "by" | "sum");
        let listed = |name: &str| matches!(name, "filter" | "where" | "q");
        if let Some((name, _)) = pairs.iter().find(|(n, _)| !own(n) && !listed(n)) {
            return Err(Error::invalid("list.unknown_parameter", name));
        }
        let rest: Vec<_> = pairs.iter().filter(|(n, _)| listed(n)).cloned().collect();
        let query = ListQuery::parse(entity, &rest, reads)?;
        let asked = |name: &str| pairs.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
        let by = asked("by").filter(|by| !by.is_empty());
        let by = by.ok_or_else(|| Error::invalid("field.required", "by").with("field", "by"))?;
        let (by, step) = parse_by(entity, by)?;
        let names = asked("sum").unwrap_or("").split(',').filter(|n| !n.is_empty());
        let sums: Vec<&'static Field> = names.map(|n| summed(entity, n)).collect::<Result<_>>()?;
        if sums.len() > SUMS {
            return Err(Error::invalid("group.too_many_sums", sums.len()).with("limit", SUMS));
        }
        Ok(Self { query, by, step, sums })
    }

    /// Money of rows in several currencies is summed apart.
    pub(crate) fn by_currency(&self, entity: &Entity) -> bool {
        let apart = |f: &Field| matches!(f.kind, FieldKind::Money) && !f.is_base();
        entity.has("currency") && self.sums.iter().any(|f| apart(f))
    }
}

fn parse_by(entity: &Entity, text: &str) -> Result<(&'static Field, Step)> {
    let refused = || Error::invalid("group.not_groupable", text).with("field", text);
    let (name, step) = match text.split_once('.') {
        None => (text, Step::Whole),
        Some((name, "month")) => (name, Step::Month),
        Some((name, "year")) => (name, Step::Year),
        Some(_) => return Err(refused()),
    };
    let field = known(entity, name)?;
    let is_day = matches!(field.kind, FieldKind::Day);
    let groups = matches!(
        field.kind,
        FieldKind::Text { .. }
            | FieldKind::Enum(_)
            | FieldKind::Bool
            | FieldKind::Ref(_)
            | FieldKind::Any
            | FieldKind::Int
            | FieldKind::Day
    );
    let is_machinery = matches!(name, "id" | "version" | "scope_id");
    if !groups || is_machinery || (step != Step::Whole && !is_day) {
        return Err(refused());
    }
    Ok((field, step))
}

fn summed(entity: &Entity, name: &str) -> Result<&'static Field> {
    let field = known(entity, name)?;
    let sums = matches!(field.kind, FieldKind::Money | FieldKind::Qty | FieldKind::Int)
        && !matches!(name, "version" | "line_no");
    match sums {
        true => Ok(field),
        false => Err(Error::invalid("group.not_summable", name).with("field", name)),
    }
}

/// `{"groups": [{"value", "currency", "count", "sums"}], "more"}`: the largest groups first.
///
/// Errors: those of [`crate::rows::list`], but for paging.
pub fn groups(
    cx: &Ctx,
    tx: &mut Tx,
    entity: &'static Entity,
    scope: &Scope,
    wanted: &Grouping,
) -> Result<Json> {
    if entity.grade == meta::Grade::Internal {
        return Err(Error::not_found("row.not_listed", entity.name));
    }
    sight::may_ask(cx, entity, &wanted.query)?;
    sight::may_sum(cx, entity, &[wanted.by])?;
    sight::may_sum(cx, entity, &wanted.sums)?;
    let Some(reach) = crate::rows::reach(entity, scope)? else {
        return Ok(json!({ "groups": [], "more": false }));
    };
    let query = settled(cx, tx, entity, &wanted.query)?.into_owned();
    let settled = Grouping { query, ..wanted.clone() };
    let built = rows_sql::groups(entity, reach, &settled, cx.base.code())?;
    let mut rows = tx.built_rows(&built.sql, &built.params)?;
    let more = rows.len() > GROUPS;
    rows.truncate(GROUPS);
    let groups: Vec<Json> =
        rows.into_iter().map(|row| shown(cx, wanted, row)).collect::<Result<_>>()?;
    Ok(json!({ "groups": groups, "more": more }))
}

fn shown(cx: &Ctx, wanted: &Grouping, mut row: Row) -> Result<Json> {
    let value = match wanted.by.kind {
        FieldKind::Text { .. } | FieldKind::Enum(_) => Json::String(row.take()?),
        FieldKind::Day => match row.take::<String>()? {
            day if day.is_empty() => Json::Null,
            day => Json::String(day),
        },
        FieldKind::Ref(_) => match row.take::<i64>()? {
            0 => Json::Null,
            id => Json::String(id.to_string()),
        },
        _ => check::show(wanted.by, &Stored::Int(row.take()?), cx.base),
    };
    let code: String = row.take()?;
    let currency = if code.is_empty() { cx.base } else { Currency::parse(&code)? };
    let count: i64 = row.take()?;
    let mut sums = Map::new();
    for field in &wanted.sums {
        let sum: i64 = row.take()?;
        let currency = if field.is_base() { cx.base } else { currency };
        sums.insert(field.name.to_owned(), check::show(field, &Stored::Int(sum), currency));
    }
    let has_money = wanted.sums.iter().any(|f| matches!(f.kind, FieldKind::Money));
    let currency = has_money.then(|| currency.code());
    Ok(json!({ "value": value, "currency": currency, "count": count, "sums": sums }))
}
