//! Generic rows of declared entities: read, list, filter, page, save, under a scope.
//!
//! Column names come from declarations only; everything from outside is a bound parameter.
use crate::custom;
use crate::rows_filter::{self, VALUES, known};
use crate::rows_sql::{self, Built};
use crate::scope::Scope;
use crate::sight::{self, Veil};
use crate::{Row, Tx, rows_named, rows_order, rows_settle};
use kernel::{Ctx, Currency, Error, Result, Stored};
use meta::{Entity, Field, FieldKind, Grade, check};
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

pub use crate::rows_filter::{DEPTH, Filter, Op, Place, Reads, TERMS, Test};
pub use crate::rows_group::{GROUPS, Grouping, Step, groups};
pub use crate::rows_sum::{Sum, Wanted, sums};
pub use crate::rows_write::{CHANGED, CREATED, Change, Check, FACTS, change, create, statements};

/// Rows of a page, at most and unless asked otherwise.
pub const MOST: usize = 200;
pub const USUAL: usize = 50;
/// Totals are exact up to here.
pub const COUNTED: i64 = 10_000;
/// Lines of one document.
const LINES: usize = 2000;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dir {
    Asc,
    Desc,
}

#[derive(Clone, Copy, Debug)]
pub struct Sort {
    pub field: &'static Field,
    pub dir: Dir,
    /// Ordered by what people know the row by that the field names, not by its id. Only of lists
    /// of [`COUNTED`] rows at most, since no index holds another row's name.
    pub of: Option<&'static Entity>,
}

/// Should the rows be counted?
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Count {
    No,
    /// Exact up to [`COUNTED`].
    Capped,
    Exact,
}

/// What a list asks for.
#[derive(Clone, Debug)]
pub struct ListQuery {
    /// Whose rows, by its name.
    pub entity: &'static str,
    /// All must hold.
    pub filter: Vec<Filter>,
    /// How far the reader sees rows of the entities that the filter looks at, by their names.
    pub scopes: BTreeMap<&'static str, Scope>,
    /// The id is the last key by itself.
    pub sort: Vec<Sort>,
    pub cursor: Option<String>,
    pub limit: usize,
    /// Empty: the entity's list columns.
    pub fields: Vec<&'static Field>,
    /// Fields of the tenant's own to show.
    pub customs: Vec<&'static Field>,
    pub count: Count,
    /// Settled when the list is read: the column by whose index all its rows are read, few as they
    /// are.
    pub led_by: Option<&'static str>,
}

impl Default for ListQuery {
    fn default() -> Self {
        Self {
            entity: "",
            filter: Vec::new(),
            scopes: BTreeMap::new(),
            sort: Vec::new(),
            cursor: None,
            limit: USUAL,
            fields: Vec::new(),
            customs: Vec::new(),
            count: Count::No,
            led_by: None,
        }
    }
}

impl ListQuery {
    /// Reads an address's parameters: `filter=field:op:value` (repeated; `in` takes commas),
    /// `where` (a tree of and/or), `q`, `sort=-day,number,party.name`, `fields=a,b`, `limit`,
    /// `cursor`, `count=no|capped|exact`.
    ///
    /// Errors: `list.unknown_parameter`, `list.limit`, `list.not_sortable`, `filter.*`,
    /// `field.*`, `period.*`, `cursor.invalid`.
    pub fn parse(entity: &Entity, pairs: &[(String, String)], reads: &Reads<'_>) -> Result<Self> {
        let mut query = Self { entity: entity.name, count: Count::Capped, ..Self::default() };
        let mut counted = false;
        let customs = reads.customs.iter().map(|custom| custom.field());
        query.customs = customs.filter(|field| field.in_list).collect();
        for (name, value) in pairs {
            match name.as_str() {
                "filter" => query.filter.push(rows_filter::from_text(entity, value, reads)?),
                "where" if value.is_empty() => {}
                "where" => query.filter.push(rows_filter::from_tree(entity, value, reads)?),
                "q" => query.filter.extend(rows_filter::from_q(entity, value)?),
                "sort" => query.sort = parse_sort(entity, value, reads)?,
                "fields" => (query.fields, query.customs) = parse_fields(entity, value, reads)?,
                "limit" => query.limit = parse_limit(value)?,
                "cursor" => query.cursor = Some(value.clone()).filter(|v| !v.is_empty()),
                "count" => (query.count, counted) = (parse_count(value)?, true),
                other => return Err(Error::invalid("list.unknown_parameter", other)),
            }
        }
        rows_filter::within_limits(&query.filter)?;
        if query.cursor.is_some() && !counted {
            query.count = Count::No;
        }
        Ok(query)
    }

    /// The entities whose rows the conditions and the order look at beside the list's own: the
    /// caller says for each how far the reader sees (`scopes`).
    #[must_use]
    pub fn looks_at(&self) -> Vec<&'static Entity> {
        let mut found = Vec::new();
        self.filter.iter().for_each(|f| f.looks_at(&mut found));
        for to in self.sort.iter().filter_map(|s| s.of) {
            if !found.iter().any(|known| known.name == to.name) {
                found.push(to);
            }
        }
        found
    }
}

fn parse_sort(entity: &Entity, text: &str, reads: &Reads<'_>) -> Result<Vec<Sort>> {
    let mut sort: Vec<Sort> = Vec::new();
    for part in text.split(',').filter(|p| !p.is_empty()) {
        let (dir, name) = match part.strip_prefix('-') {
            Some(name) => (Dir::Desc, name),
            None => (Dir::Asc, part),
        };
        let refused = || Error::invalid("list.not_sortable", name).with("field", name);
        let (field, of) = match name.split_once('.') {
            None => (known(entity, name)?, None),
            Some((by, title)) => {
                let by = known(entity, by)?;
                let to = (reads.named)(by).filter(|to| is_named_by(to, title));
                (by, Some(to.ok_or_else(refused)?))
            }
        };
        let repeated = sort.iter().any(|s| s.field.name == field.name);
        if matches!(field.kind, FieldKind::Json) || repeated || sort.len() == 3 {
            return Err(refused());
        }
        sort.push(Sort { field, dir, of });
    }
    Ok(sort)
}

/// Is this what people know its rows by, in words?
#[must_use]
pub fn is_named_by(entity: &Entity, title: &str) -> bool {
    let is_text = |f: &Field| matches!(f.kind, FieldKind::Text { .. });
    entity.grade != Grade::Internal
        && entity.title == title
        && entity.field(title).is_some_and(is_text)
}

type Fields = Vec<&'static Field>;

/// Declared fields, and the tenant's own.
fn parse_fields(entity: &Entity, text: &str, reads: &Reads<'_>) -> Result<(Fields, Fields)> {
    let own: Fields = reads.customs.iter().map(|custom| custom.field()).collect();
    if text == "*" {
        return Ok((entity.fields.iter().collect(), own));
    }
    let (mut fields, mut customs) = (Fields::new(), Fields::new());
    for name in text.split(',').filter(|p| !p.is_empty()) {
        match own.iter().find(|field| field.name == name) {
            Some(custom) => customs.push(custom),
            None => fields.push(known(entity, name)?),
        }
    }
    Ok((fields, customs))
}

fn parse_limit(text: &str) -> Result<usize> {
    let limit: Option<usize> = text.parse().ok();
    limit
        .filter(|n| (1..=MOST).contains(n))
        .ok_or_else(|| Error::invalid("list.limit", text).with("limit", MOST))
}

fn parse_count(text: &str) -> Result<Count> {
    match text {
        "no" => Ok(Count::No),
        "capped" => Ok(Count::Capped),
        "exact" => Ok(Count::Exact),
        other => Err(Error::invalid("list.unknown_parameter", format!("count={other}"))),
    }
}

/// How many rows there are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Total {
    Exactly(i64),
    /// More than [`COUNTED`].
    Above,
}

impl Total {
    /// A number, or `10000+`.
    #[must_use]
    pub fn shown(self) -> Json {
        match self {
            Self::Exactly(n) => Json::from(n),
            Self::Above => Json::String(format!("{COUNTED}+")),
        }
    }
}

/// Some rows of a list, and where the next begin.
#[derive(Clone, Debug)]
pub struct Page {
    pub rows: Vec<Json>,
    pub next: Option<String>,
    pub total: Option<Total>,
}

impl Page {
    /// `{"rows": […], "next": …, "total": …}`.
    #[must_use]
    pub fn shown(self) -> Json {
        let total = self.total.map_or(Json::Null, Total::shown);
        serde_json::json!({ "rows": self.rows, "next": self.next, "total": total })
    }
}

/// Masters that a tenant's companies share: whoever may read them at all may read each.
fn is_shared(entity: &Entity) -> bool {
    matches!(entity.room, "party" | "product")
}

/// A page of an entity's rows that the scope reaches.
///
/// Errors: `row.not_listed`, `row.needs_all`, `field.not_readable`, `cursor.invalid`,
/// `scope.too_wide`, `list.sort_needs_filter` (more than [`COUNTED`] rows by another row's name).
pub fn list(
    cx: &Ctx,
    tx: &mut Tx,
    entity: &'static Entity,
    scope: &Scope,
    query: &ListQuery,
) -> Result<Page> {
    if entity.grade == Grade::Internal {
        return Err(Error::not_found("row.not_listed", entity.name));
    }
    sight::may_ask(cx, entity, query)?;
    let columns = columns_of(entity, query);
    let reach = match reach(entity, scope)? {
        Some(reach) => reach,
        None => return Ok(Page { rows: Vec::new(), next: None, total: empty_total(query) }),
    };
    let query = &*rows_settle::settled(cx, tx, entity, query)?;
    let by_names = query.sort.iter().any(|s| s.of.is_some());
    let counted = match by_names {
        true => count(tx, entity, reach, query, Count::Capped)?,
        false => None,
    };
    if counted == Some(Total::Above) {
        let e = Error::conflict("list.sort_needs_filter", COUNTED);
        return Err(e.with("limit", COUNTED));
    }
    let built = match by_names {
        true => rows_named::page(entity, &columns, reach, query)?,
        false => rows_sql::page(entity, &columns, reach, query)?,
    };
    let mut rows = cells(tx, &built)?;
    let more = rows.len() > query.limit;
    rows.truncate(query.limit);
    let next = match rows.last() {
        Some(last) if more => Some(rows_order::cursor(query, &columns, last)),
        _ => None,
    };
    let total = match counted {
        // Not above what is counted, so it is exact.
        Some(total) if query.count != Count::No => Some(total),
        _ => count(tx, entity, reach, query, query.count)?,
    };
    let veil = Veil::of(cx, entity);
    let show = |row: &Vec<Stored>| {
        let mut row = show(&columns, row, cx.base);
        custom::lift(&mut row, &query.customs);
        veil.over(&mut row);
        Json::Object(row)
    };
    Ok(Page { rows: rows.iter().map(show).collect(), next, total })
}

fn empty_total(query: &ListQuery) -> Option<Total> {
    (query.count != Count::No).then_some(Total::Exactly(0))
}

/// The scopes to look under; all rows for `Some([])`, no row for `None`.
pub(crate) fn reach<'s>(entity: &Entity, scope: &'s Scope) -> Result<Option<&'s [i64]>> {
    match scope {
        Scope::All => Ok(Some(&[])),
        Scope::Only(_) if is_shared(entity) => Ok(Some(&[])),
        Scope::Only(_) if !entity.has("scope_id") => {
            Err(Error::forbidden("row.needs_all", entity.name))
        }
        Scope::Only(list) if list.is_empty() => Ok(None),
        Scope::Only(list) => Ok(Some(list)),
    }
}

/// What is asked for, and what paging, versions and money need.
fn columns_of(entity: &'static Entity, query: &ListQuery) -> Vec<&'static Field> {
    let asked: Vec<&'static Field> = match query.fields.as_slice() {
        [] => entity.fields.iter().filter(|f| f.in_list).collect(),
        some => some.to_vec(),
    };
    let always = ["id", "version"].iter().filter_map(|name| entity.field(name));
    let has_money = asked.iter().any(|f| matches!(f.kind, FieldKind::Money));
    let currency = entity.field("currency").filter(|_| has_money);
    let mut columns: Vec<&'static Field> = Vec::new();
    let sorted = query.sort.iter().map(|s| s.field);
    let custom = (!query.customs.is_empty()).then_some(&custom::COLUMN);
    for field in always.chain(asked.iter().copied()).chain(sorted).chain(currency).chain(custom) {
        if !columns.iter().any(|c| c.name == field.name) {
            columns.push(field);
        }
    }
    columns
}

fn count(
    tx: &mut Tx,
    entity: &Entity,
    reach: &[i64],
    query: &ListQuery,
    how: Count,
) -> Result<Option<Total>> {
    if how == Count::No {
        return Ok(None);
    }
    let built = rows_sql::count(entity, reach, query, how)?;
    let row = tx.built_rows(&built.sql, &built.params)?.into_iter().next();
    let found: i64 = row.map_or(Ok(0), |mut row| row.take())?;
    let above = how == Count::Capped && found > COUNTED;
    Ok(Some(if above { Total::Above } else { Total::Exactly(found) }))
}

fn cells(tx: &mut Tx, built: &Built) -> Result<Vec<Vec<Stored>>> {
    Ok(tx.built_rows(&built.sql, &built.params)?.into_iter().map(Row::rest).collect())
}

/// A row as the outside sees it.
pub(crate) fn show(
    columns: &[&'static Field],
    row: &[Stored],
    base: Currency,
) -> Map<String, Json> {
    let at = columns.iter().position(|c| c.name == "currency");
    let currency = match at.and_then(|at| row.get(at)) {
        Some(Stored::Text(code)) => Currency::parse(code).unwrap_or(base),
        _ => base,
    };
    let cell = |(field, cell): (&&'static Field, &Stored)| {
        let currency = if field.is_base() { base } else { currency };
        (field.name.to_owned(), check::show(field, cell, currency))
    };
    columns.iter().zip(row).map(cell).collect()
}

/// One row with its version and, under their collections' names, the lines asked for.
///
/// Error: `store.not_found`, also where the scope does not reach it.
pub fn get(
    cx: &Ctx,
    tx: &mut Tx,
    entity: &'static Entity,
    scope: &Scope,
    id: i64,
    lines: &[&'static Entity],
) -> Result<Json> {
    let (columns, row) = load(tx, entity, scope, id)?;
    let mut shown = show(&columns, &row, cx.base);
    let currency = shown.get("currency").and_then(Json::as_str).unwrap_or("");
    let currency = Currency::parse(currency).unwrap_or(cx.base);
    Veil::of(cx, entity).over(&mut shown);
    for line in lines {
        if line.parent_entity() != Some(entity.name) {
            return Err(Error::bug("bug.no_line", line.name).with("entity", entity.name));
        }
        let columns: Vec<&'static Field> = line.fields.iter().collect();
        let built = rows_sql::lines(line, id, LINES);
        let rows = cells(tx, &built)?;
        let veil = Veil::of(cx, line);
        let show = |row: &Vec<Stored>| {
            let mut row = show(&columns, row, currency);
            veil.over(&mut row);
            Json::Object(row)
        };
        shown.insert(line.collection.to_owned(), rows.iter().map(show).collect());
    }
    Ok(Json::Object(shown))
}

/// All columns of one row within the scope.
pub(crate) fn load(
    tx: &mut Tx,
    entity: &'static Entity,
    scope: &Scope,
    id: i64,
) -> Result<(Vec<&'static Field>, Vec<Stored>)> {
    let missing = || Error::not_found("store.not_found", entity.name).with("id", id);
    let columns: Vec<&'static Field> = entity.fields.iter().collect();
    let reached = match scope {
        Scope::All => true,
        Scope::Only(_) => is_shared(entity) || entity.has("scope_id"),
    };
    if !reached || entity.grade == Grade::Internal {
        return Err(missing());
    }
    let found = cells(tx, &rows_sql::one(entity, id))?.into_iter().next();
    let row = found.ok_or_else(missing)?;
    let scope_id = columns.iter().position(|c| c.name == "scope_id").map(|at| &row[at]);
    match scope_id {
        Some(Stored::Int(of)) if !scope.reaches(*of) && !is_shared(entity) => Err(missing()),
        _ => Ok((columns, row)),
    }
}

/// The first of some ids that a scope does not reach or that has no row; `None` when all may be
/// named.
pub fn out_of_reach(
    tx: &mut Tx,
    entity: &'static Entity,
    scope: &Scope,
    ids: &[i64],
) -> Result<Option<i64>> {
    if *scope == Scope::All || is_shared(entity) {
        return unknown(tx, entity, ids);
    }
    if !entity.has("scope_id") {
        return Ok(ids.first().copied());
    }
    for some in ids.chunks(VALUES) {
        let built = rows_sql::scopes_of(entity, some);
        let mut reached = std::collections::BTreeSet::new();
        for mut row in tx.built_rows(&built.sql, &built.params)? {
            let (id, of): (i64, i64) = (row.take()?, row.take()?);
            if scope.reaches(of) {
                reached.insert(id);
            }
        }
        if let Some(hidden) = some.iter().find(|id| !reached.contains(id)) {
            return Ok(Some(*hidden));
        }
    }
    Ok(None)
}

/// The first of some ids that has no row here.
pub fn unknown(tx: &mut Tx, entity: &'static Entity, ids: &[i64]) -> Result<Option<i64>> {
    for some in ids.chunks(VALUES) {
        let built = rows_sql::known(entity, some);
        let mut known = std::collections::BTreeSet::new();
        for mut row in tx.built_rows(&built.sql, &built.params)? {
            known.insert(row.take::<i64>()?);
        }
        if let Some(stranger) = some.iter().find(|id| !known.contains(id)) {
            return Ok(Some(*stranger));
        }
    }
    Ok(None)
}

/// What people know rows by, for lists that name other rows. Unknown ids are left out.
pub fn titles(tx: &mut Tx, entity: &'static Entity, ids: &[i64]) -> Result<BTreeMap<i64, String>> {
    let mut ids: Vec<i64> = ids.iter().copied().filter(|id| *id > 0).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut titles = BTreeMap::new();
    let is_text = entity
        .field(entity.title)
        .is_some_and(|f| matches!(f.kind, FieldKind::Text { .. } | FieldKind::Enum(_)));
    if !is_text {
        return Ok(titles);
    }
    for some in ids.chunks(VALUES) {
        let built = rows_sql::titles(entity, some);
        for mut row in tx.built_rows(&built.sql, &built.params)? {
            titles.insert(row.take()?, row.take()?);
        }
    }
    Ok(titles)
}
