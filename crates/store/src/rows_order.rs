//! The order of a list's rows, and where a page ends: keys, cursors, *after this row*.
use crate::rows::{Dir, ListQuery, Sort};
use crate::rows_sql::Params;
use kernel::{Error, Result, Stored};
use meta::{Entity, Field, FieldKind};
use serde_json::Value as Json;

pub(crate) struct Key {
    /// The column, with a neutral value where it may be NULL.
    expr: String,
    is_text: bool,
    dir: Dir,
    /// The column itself, where it may be NULL.
    bare: Option<&'static str>,
}

pub(crate) fn keys(query: &ListQuery) -> Vec<Key> {
    let key = |(at, sort): (usize, &Sort)| {
        if sort.of.is_some() {
            return Key { expr: named(at), is_text: true, dir: sort.dir, bare: None };
        }
        let field = sort.field;
        let is_text = is_text(field);
        if let Some(sound) = field.sound {
            return Key { expr: sound.into(), is_text, dir: sort.dir, bare: None };
        }
        let neutral = if is_text { "''" } else { "0" };
        let name = field.name;
        let expr =
            if field.nullable() { format!("COALESCE({name}, {neutral})") } else { name.to_owned() };
        Key { expr, is_text, dir: sort.dir, bare: field.nullable().then_some(name) }
    };
    let mut keys: Vec<Key> = query.sort.iter().enumerate().map(key).collect();
    if !query.sort.iter().any(|s| s.field.name == "id") {
        let dir = keys.last().map_or(Dir::Asc, |k| k.dir);
        keys.push(Key { expr: "id".into(), is_text: false, dir, bare: None });
    }
    keys
}

/// The sounds that a list is ordered by, behind its columns: what is put together of several ranges
/// is ordered once more, and the next page begins after them.
pub(crate) fn sounds(query: &ListQuery) -> String {
    let own = query.sort.iter().filter(|sort| sort.of.is_none());
    own.filter_map(|sort| sort.field.sound).map(|sound| format!(", {sound}")).collect()
}

/// What another row's name is called in a statement, by the place of its key in the order.
pub(crate) fn named(at: usize) -> String {
    format!("named_{at}")
}

fn is_text(field: &Field) -> bool {
    matches!(field.kind, FieldKind::Text { .. } | FieldKind::Enum(_) | FieldKind::Day)
}

pub(crate) fn order(keys: &[Key]) -> String {
    let key = |k: &Key| match k.dir {
        Dir::Asc => k.expr.clone(),
        Dir::Desc => format!("{} DESC", k.expr),
    };
    keys.iter().map(key).collect::<Vec<_>>().join(", ")
}

/// *After this row in order*: a row comparison where all keys run one way, else nested, never OR.
pub(crate) fn after(keys: &[Key], values: &[Stored], params: &mut Params) -> String {
    let places: Vec<String> = values.iter().map(|v| params.bind(v.clone())).collect();
    let one_way = keys.iter().all(|k| k.dir == keys[0].dir);
    if one_way {
        let exprs: Vec<&str> = keys.iter().map(|k| k.expr.as_str()).collect();
        let sign = strictly(keys[0].dir);
        return format!("({}) {sign} ({})", exprs.join(", "), places.join(", "));
    }
    let pairs: Vec<(&Key, &String)> = keys.iter().zip(&places).collect();
    nested(&pairs)
}

fn nested(pairs: &[(&Key, &String)]) -> String {
    let Some(((key, place), rest)) = pairs.split_first() else { return "1 = 1".into() };
    let (expr, sign) = (&key.expr, strictly(key.dir));
    if rest.is_empty() {
        return format!("{expr} {sign} {place}");
    }
    let rest = nested(rest);
    format!("{expr} {sign}= {place} AND NOT ({expr} = {place} AND NOT ({rest}))")
}

const fn strictly(dir: Dir) -> &'static str {
    match dir {
        Dir::Asc => ">",
        Dir::Desc => "<",
    }
}

/// The two sides of a list that is ordered by a column with an index that may be NULL, each as
/// `(conditions, order)` that the index can lead: rows without a value come before all values, or
/// after them where the order runs down. `None` where a list is not of this kind.
pub(crate) fn sides(
    entity: &Entity,
    keys: &[Key],
    after: Option<&[Stored]>,
    params: &mut Params,
) -> Option<Vec<(String, String)>> {
    let [first, last] = keys else { return None };
    let name = first.bare?;
    let leads = |index: &&[&str]| index.first() == Some(&name);
    if last.expr != "id" || last.dir != first.dir || !entity.index.iter().any(leads) {
        return None;
    }
    let is_up = first.dir == Dir::Asc;
    let (sign, by_id) = (strictly(first.dir), order(&keys[1..]));
    let with = order(&[Key { expr: name.into(), ..*first }, Key { expr: "id".into(), ..*last }]);
    let (mut without_from, mut with_from) = (Some(String::new()), Some(String::new()));
    if let Some([value, id]) = after {
        let is_without = matches!(value, Stored::Int(0)) || *value == Stored::text("");
        if is_without {
            without_from = Some(format!(" AND id {sign} {}", params.bind(id.clone())));
            with_from = is_up.then(String::new);
        } else {
            let (v, i) = (params.bind(value.clone()), params.bind(id.clone()));
            without_from = (!is_up).then(String::new);
            with_from = Some(format!(" AND ({name}, id) {sign} ({v}, {i})"));
        }
    }
    let without = without_from.map(|from| (format!(" AND {name} IS NULL{from}"), by_id));
    let with = with_from.map(|from| (format!(" AND {name} IS NOT NULL{from}"), with));
    Some(without.into_iter().chain(with).collect())
}

/// The order in words: a cursor of another order is refused.
fn signature(query: &ListQuery) -> String {
    let part = |s: &Sort| {
        let title = s.of.map_or(String::new(), |of| format!(".{}", of.title));
        match s.dir {
            Dir::Asc => format!("{}{title}", s.field.name),
            Dir::Desc => format!("-{}{title}", s.field.name),
        }
    };
    query.sort.iter().map(part).collect::<Vec<_>>().join(",")
}

/// Where a page ends: the order and the last row's keys. Sounds and names of other rows stand after
/// the columns, in the order that the list is sorted by them.
pub(crate) fn cursor(query: &ListQuery, columns: &[&'static Field], row: &[Stored]) -> String {
    let value = |name: &str| {
        let at = columns.iter().position(|c| c.name == name);
        match at.map(|at| (columns[at], &row[at])) {
            Some((_, Stored::Int(n))) => Json::from(*n),
            Some((_, Stored::Text(text))) => Json::from(text.as_str()),
            Some((field, Stored::Null)) if is_text(field) => Json::from(""),
            _ => Json::from(0),
        }
    };
    let mut parts = vec![Json::from(signature(query))];
    // As they are stored: a page goes on where the last one ended, also where a sound is untrue.
    let mut names = row.iter().skip(columns.len());
    parts.extend(query.sort.iter().map(|s| {
        if s.of.is_none() && s.field.sound.is_none() {
            return value(s.field.name);
        }
        match names.next() {
            Some(Stored::Text(text)) => Json::from(text.as_str()),
            _ => Json::from(""),
        }
    }));
    if !query.sort.iter().any(|s| s.field.name == "id") {
        parts.push(value("id"));
    }
    let text = Json::Array(parts).to_string();
    text.bytes().map(|b| format!("{b:02x}")).collect()
}

pub(crate) fn read_cursor(query: &ListQuery, text: &str) -> Result<Vec<Stored>> {
    let invalid = || Error::invalid("cursor.invalid", text.chars().take(40).collect::<String>());
    if !text.is_ascii() || text.len() > 4000 {
        return Err(invalid());
    }
    let byte = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..text.len()).step_by(2).map(byte).collect();
    let parts: Vec<Json> =
        bytes.and_then(|b| serde_json::from_slice(&b).ok()).ok_or_else(invalid)?;
    let keys = keys(query);
    let (first, values) = parts.split_first().ok_or_else(invalid)?;
    if first.as_str() != Some(&signature(query)) || values.len() != keys.len() {
        return Err(invalid());
    }
    let value = |(key, value): (&Key, &Json)| match (value.as_i64(), value.as_str()) {
        (Some(n), _) if !key.is_text => Ok(Stored::Int(n)),
        (_, Some(text)) if key.is_text && !text.contains('\0') => Ok(Stored::text(text)),
        _ => Err(invalid()),
    };
    keys.iter().zip(values).map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use meta::{any, day, text};

    static FIELDS: [Field; 3] = [any("id"), text("number", 20), day("due")];

    fn sorted(by: &[(usize, Dir)]) -> ListQuery {
        let sort = by.iter().map(|(at, dir)| Sort { field: &FIELDS[*at], dir: *dir, of: None });
        let sort = sort.collect();
        ListQuery { sort, ..ListQuery::default() }
    }

    #[test]
    fn one_way_orders_compare_rows_and_mixed_ones_nest_without_or() {
        let values = [Stored::name("A"), Stored::name("B"), Stored::Int(1)];
        let of = |query: &ListQuery| after(&keys(query), &values, &mut Params::default());
        let same = of(&sorted(&[(1, Dir::Desc), (2, Dir::Desc)]));
        assert_eq!(same, "(number, COALESCE(due, ''), id) < ($2, $3, $4)");
        let mixed = of(&sorted(&[(1, Dir::Asc), (2, Dir::Desc)]));
        assert!(!mixed.contains("OR"), "{mixed}");
        assert!(mixed.starts_with("number >= $2 AND NOT (number = $2 AND NOT ("), "{mixed}");
    }

    #[test]
    fn a_cursor_is_read_back_and_a_forged_one_refused() -> Result<()> {
        let query = sorted(&[(1, Dir::Asc), (2, Dir::Desc)]);
        let columns: Vec<&'static Field> = FIELDS.iter().collect();
        let row = [Stored::Int(7), Stored::name("SO-1"), Stored::Null];
        let text = cursor(&query, &columns, &row);
        let read = read_cursor(&query, &text)?;
        let expected = [Stored::name("SO-1"), Stored::text(String::new()), Stored::Int(7)];
        assert_eq!(read, expected);
        let other = sorted(&[(1, Dir::Desc), (2, Dir::Desc)]);
        assert_eq!(read_cursor(&other, &text).map_err(|e| e.code), Err("cursor.invalid"));
        for forged in ["", "zz", "5b5d", "汇流", "5b22222c2278225d"] {
            let refused = read_cursor(&query, forged).map_err(|e| e.code);
            assert_eq!(refused, Err("cursor.invalid"), "{forged}");
        }
        Ok(())
    }
}
