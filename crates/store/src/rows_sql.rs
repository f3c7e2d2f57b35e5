//! Compiles generic reads: keyset pages, unions over scopes, counts. Portable subset only.
use crate::Sql;
use crate::rows::{COUNTED, Count, GROUPS, Grouping, ListQuery, Step};
use crate::rows_either::{self, Clause};
use crate::rows_order::{after, keys, order, read_cursor, sides, sounds};
use crate::rows_where::conditions;
use kernel::{Error, Result, Stored};
use meta::{Entity, Field, FieldKind};

/// A statement with its parameters; the tenant is `$1` and comes by itself.
pub(crate) struct Built {
    pub(crate) sql: Sql,
    pub(crate) params: Vec<Stored>,
}

/// Up to here a list over scopes is a union of index ranges; above, one range with a filter.
const RANGES: usize = 64;
/// Scopes of one user.
const SCOPES: usize = 8192;
/// No scope has it: fills a list up to a length that few statements share.
const NO_SCOPE: i64 = -1;

#[derive(Default)]
pub(crate) struct Params(Vec<Stored>);

impl Params {
    pub(crate) fn all(&self) -> Vec<Stored> {
        self.0.clone()
    }
    pub(crate) fn bind(&mut self, value: Stored) -> String {
        self.0.push(value);
        format!("${}", self.0.len() + 1)
    }
    /// `$4, $5, …`: filled up to a power of two, so that few shapes of statements exist.
    pub(crate) fn bind_all(&mut self, values: &[Stored], filler: &Stored) -> String {
        let fill = values.len().next_power_of_two() - values.len();
        let all = values.iter().chain(std::iter::repeat_n(filler, fill));
        all.map(|v| self.bind(v.clone())).collect::<Vec<_>>().join(", ")
    }
}

/// A page: rows after the cursor in order, one more than the limit.
pub(crate) fn page(
    entity: &Entity,
    columns: &[&'static Field],
    reach: &[i64],
    query: &ListQuery,
) -> Result<Built> {
    let mut params = Params::default();
    let keys = keys(query);
    let last = query.cursor.as_ref().map(|cursor| read_cursor(query, cursor)).transpose()?;
    let list = names(columns) + &sounds(query);
    let limit = params.bind(Stored::Int(query.limit as i64 + 1));
    let order = order(&keys);
    let table = entity.table;
    let from = format!("SELECT {list} FROM {table} WHERE tenant_id = $1");
    let mut clause = match rows_either::clause(entity, query, "", &mut params)? {
        Clause::Whole(clause) => clause,
        Clause::Either(parts) => {
            let mut tail = scoped(reach, &mut params)?;
            if let Some(last) = &last {
                tail.push_str(" AND ");
                tail.push_str(&after(&keys, last, &mut params));
            }
            let end = format!("ORDER BY {order} LIMIT {limit}");
            let ids = rows_either::ids(entity, &parts, &format!("{tail} {end}"));
            let text = format!("{from} AND id IN ({ids}) {end}");
            return Ok(Built { sql: Sql::new(text), params: params.0 });
        }
    };
    if reach.is_empty()
        && query.led_by.is_none()
        && let Some(sides) = sides(entity, &keys, last.as_deref(), &mut params)
    {
        let side = |(at, (on, by)): (usize, &(String, String))| {
            let range = format!("{from}{clause}{on} ORDER BY {by} LIMIT {limit}");
            format!("SELECT {list} FROM ({range}) b{at}")
        };
        let ranges: Vec<String> = sides.iter().enumerate().map(side).collect();
        let all = ranges.join(" UNION ALL ");
        let text = format!("SELECT {list} FROM ({all}) u ORDER BY {order} LIMIT {limit}");
        return Ok(Built { sql: Sql::new(text), params: params.0 });
    }
    if let Some(last) = &last {
        clause.push_str(" AND ");
        clause.push_str(&after(&keys, last, &mut params));
    }
    if let Some(column) = query.led_by {
        let few = few(&format!("{from}{clause}"), column, reach, &mut params)?;
        let text = format!("SELECT {list} FROM ({few}) f ORDER BY {order} LIMIT {limit}");
        return Ok(Built { sql: Sql::new(text), params: params.0 });
    }
    let tail = format!("{clause} ORDER BY {order} LIMIT {limit}");
    let text = match reach {
        [] => format!("{from}{tail}"),
        [one] => {
            let scope = params.bind(Stored::Int(*one));
            format!("{from} AND scope_id = {scope}{tail}")
        }
        few if few.len() <= RANGES => {
            let mut few: Vec<i64> = few.to_vec();
            few.resize(few.len().next_power_of_two(), NO_SCOPE);
            union(&few, &from, &tail, &list, &format!("{order} LIMIT {limit}"), &mut params)
        }
        many => format!("{from}{}{tail}", scoped(many, &mut params)?),
    };
    Ok(Built { sql: Sql::new(text), params: params.0 })
}

/// All rows of a list that are few, read by the index of a column. The limit keeps an engine from
/// reading in the list's order instead; it leaves room for rows that came since they were counted.
fn few(rows: &str, column: &str, reach: &[i64], params: &mut Params) -> Result<String> {
    let scoped = scoped(reach, params)?;
    let all = params.bind(Stored::Int(2 * COUNTED));
    Ok(format!("{rows}{scoped} ORDER BY {column} LIMIT {all}"))
}

/// One index range a scope, each ordered and cut, then merged.
fn union(
    scopes: &[i64],
    from: &str,
    tail: &str,
    list: &str,
    end: &str,
    params: &mut Params,
) -> String {
    let range = |(at, scope): (usize, &i64)| {
        let scope = params.bind(Stored::Int(*scope));
        format!("SELECT {list} FROM ({from} AND scope_id = {scope}{tail}) b{at}")
    };
    let ranges: Vec<String> = scopes.iter().enumerate().map(range).collect();
    format!("SELECT {list} FROM ({}) u ORDER BY {end}", ranges.join(" UNION ALL "))
}

pub(crate) fn scoped(scopes: &[i64], params: &mut Params) -> Result<String> {
    if scopes.is_empty() {
        return Ok(String::new());
    }
    if scopes.len() > SCOPES {
        return Err(Error::conflict("scope.too_wide", scopes.len()).with("limit", SCOPES));
    }
    let values: Vec<Stored> = scopes.iter().map(|s| Stored::Int(*s)).collect();
    let list = params.bind_all(&values, &Stored::Int(NO_SCOPE));
    Ok(format!(" AND scope_id IN ({list})"))
}

/// How many rows a list has; stops just above [`COUNTED`] unless asked for all.
pub(crate) fn count(
    entity: &Entity,
    reach: &[i64],
    query: &ListQuery,
    how: Count,
) -> Result<Built> {
    let mut params = Params::default();
    let scoped = scoped(reach, &mut params)?;
    let clause = match rows_either::clause(entity, query, &scoped, &mut params)? {
        Clause::Whole(clause) => clause,
        Clause::Either(parts) => {
            let tail = match how {
                Count::Exact => String::new(),
                _ => format!(" LIMIT {}", params.bind(Stored::Int(COUNTED + 1))),
            };
            let ids = rows_either::ids(entity, &parts, &tail);
            let text = format!("SELECT CAST(COUNT(*) AS BIGINT) FROM ({ids}) c");
            return Ok(Built { sql: Sql::new(text), params: params.0 });
        }
    };
    let led = query.led_by.map_or(String::new(), |column| format!(" ORDER BY {column}"));
    let from = format!("FROM {} WHERE tenant_id = $1{clause}", entity.table);
    let text = match how {
        Count::Exact => format!("SELECT CAST(COUNT(*) AS BIGINT) {from}"),
        Count::Capped | Count::No => {
            let enough = params.bind(Stored::Int(COUNTED + 1));
            // No column is asked for: an index that has all conditions answers alone.
            format!("SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT 1 {from}{led} LIMIT {enough}) c")
        }
    };
    Ok(Built { sql: Sql::new(text), params: params.0 })
}

/// Count and sum by currency, and by month where asked.
pub(crate) fn sums(
    entity: &Entity,
    reach: &[i64],
    wanted: &crate::rows::Wanted<'_>,
) -> Result<Built> {
    let mut params = Params::default();
    let clause = conditions(wanted.query, &mut params)?;
    let scoped = scoped(reach, &mut params)?;
    // What is kept in the company's own currency is never told apart by another one.
    let apart = entity.has("currency") && !wanted.money.is_some_and(Field::is_base);
    let currency = if apart { "currency" } else { "''" };
    let month = wanted.month.map_or("''".to_owned(), |f| format!("substr({}, 1, 7)", f.name));
    let amount = wanted.money.map_or("0", |f| f.name);
    let text = format!(
        "SELECT c, m, CAST(COUNT(*) AS BIGINT), CAST(COALESCE(SUM(a), 0) AS BIGINT) FROM \
         (SELECT {currency} AS c, {month} AS m, {amount} AS a FROM {} \
         WHERE tenant_id = $1{scoped}{clause}) s GROUP BY c, m ORDER BY c, m",
        entity.table
    );
    Ok(Built { sql: Sql::new(text), params: params.0 })
}

/// Count and sums of each value of a field, the largest groups first.
pub(crate) fn groups(
    entity: &Entity,
    reach: &[i64],
    wanted: &Grouping,
    base: &str,
) -> Result<Built> {
    let mut params = Params::default();
    let clause = conditions(&wanted.query, &mut params)?;
    let scoped = scoped(reach, &mut params)?;
    let name = wanted.by.name;
    let value = match (wanted.step, wanted.by.kind) {
        (Step::Month, _) => format!("substr(COALESCE({name}, ''), 1, 7)"),
        (Step::Year, _) => format!("substr(COALESCE({name}, ''), 1, 4)"),
        (Step::Whole, FieldKind::Day) => format!("COALESCE({name}, '')"),
        (Step::Whole, FieldKind::Ref(_)) => format!("COALESCE({name}, 0)"),
        (Step::Whole, _) => name.to_owned(),
    };
    let currency = match wanted.by_currency(entity) {
        // A row without one counts in the company's own.
        true => {
            let base = params.bind(Stored::text(base));
            format!("COALESCE(NULLIF(currency, ''), {base})")
        }
        false => "''".to_owned(),
    };
    let (mut taken, mut summed) = (String::new(), String::new());
    for (at, field) in wanted.sums.iter().enumerate() {
        taken.push_str(&format!(", {} AS s{at}", field.name));
        summed.push_str(&format!(", CAST(COALESCE(SUM(s{at}), 0) AS BIGINT)"));
    }
    let limit = params.bind(Stored::Int(GROUPS as i64 + 1));
    let text = format!(
        "SELECT v, c, CAST(COUNT(*) AS BIGINT) AS n{summed} FROM \
         (SELECT {value} AS v, {currency} AS c{taken} FROM {} \
         WHERE tenant_id = $1{scoped}{clause}) g GROUP BY v, c ORDER BY n DESC, v, c LIMIT {limit}",
        entity.table
    );
    Ok(Built { sql: Sql::new(text), params: params.0 })
}

pub(crate) fn one(entity: &'static Entity, id: i64) -> Built {
    let list = names(&entity.fields.iter().collect::<Vec<_>>());
    let table = entity.table;
    let text = format!("SELECT {list} FROM {table} WHERE tenant_id = $1 AND id = $2");
    Built { sql: Sql::new(text), params: vec![Stored::Int(id)] }
}

/// Ids with the scope that each row stands in.
pub(crate) fn scopes_of(entity: &'static Entity, ids: &[i64]) -> Built {
    let mut params = Params::default();
    let values: Vec<Stored> = ids.iter().map(|id| Stored::Int(*id)).collect();
    let list = params.bind_all(&values, &Stored::Int(0));
    let table = entity.table;
    let text = format!("SELECT id, scope_id FROM {table} WHERE tenant_id = $1 AND id IN ({list})");
    Built { sql: Sql::new(text), params: params.0 }
}

/// Whole rows above an id, in order.
pub(crate) fn above(entity: &'static Entity, id: i64, limit: usize) -> Built {
    columns_above(entity, &names(&entity.fields.iter().collect::<Vec<_>>()), id, limit)
}

/// These columns of the rows above an id, in order.
pub(crate) fn columns_above(entity: &Entity, list: &str, id: i64, limit: usize) -> Built {
    let table = entity.table;
    let text =
        format!("SELECT {list} FROM {table} WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT $3");
    Built { sql: Sql::new(text), params: vec![Stored::Int(id), Stored::Int(limit as i64)] }
}

/// A document's lines in the order of their numbers, else as they were made.
pub(crate) fn lines(line: &'static Entity, parent: i64, limit: usize) -> Built {
    let list = names(&line.fields.iter().collect::<Vec<_>>());
    let (table, of) = (line.table, line.parent);
    let number = ["line_no", "number", "position"].iter().find(|name| line.has(name));
    let order = number.map_or("id".to_owned(), |name| format!("{name}, id"));
    let text = format!(
        "SELECT {list} FROM {table} WHERE tenant_id = $1 AND {of} = $2 ORDER BY {order} LIMIT $3"
    );
    Built { sql: Sql::new(text), params: vec![Stored::Int(parent), Stored::Int(limit as i64)] }
}

pub(crate) fn known(entity: &'static Entity, ids: &[i64]) -> Built {
    let mut params = Params::default();
    let values: Vec<Stored> = ids.iter().map(|id| Stored::Int(*id)).collect();
    let list = params.bind_all(&values, &Stored::Int(NO_SCOPE));
    let table = entity.table;
    let text = format!("SELECT id FROM {table} WHERE tenant_id = $1 AND id IN ({list})");
    Built { sql: Sql::new(text), params: params.0 }
}

pub(crate) fn titles(entity: &'static Entity, ids: &[i64]) -> Built {
    let mut params = Params::default();
    let values: Vec<Stored> = ids.iter().map(|id| Stored::Int(*id)).collect();
    let list = params.bind_all(&values, &Stored::Int(NO_SCOPE));
    let (table, title) = (entity.table, entity.title);
    let text = format!("SELECT id, {title} FROM {table} WHERE tenant_id = $1 AND id IN ({list})");
    Built { sql: Sql::new(text), params: params.0 }
}

pub(crate) fn names(columns: &[&'static Field]) -> String {
    columns.iter().map(|c| c.name).collect::<Vec<_>>().join(", ")
}
