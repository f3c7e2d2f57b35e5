//! Search: parts of the texts that rows are found by, written with the row itself, and looked up
//! under the reader's scope.
//!
//! A command notes what changed; the parts are cut and written once at its end, and only where they
//! differ, so that a move of a state costs nothing. Nobody else writes `search_token`.
use crate::rows_sql;
use crate::{Sql, Tx, sql};
use kernel::{Ctx, Result, Stored, Text};
use meta::tokens::{self, PARTS};
use meta::{Entity, Seek};
use std::collections::BTreeMap;

pub use crate::search_find::{Hit, MOST, Sees, find};

/// Which cells of a row are searched.
pub(crate) struct Columns {
    entity: &'static Entity,
    texts: Vec<(usize, Seek)>,
    scope_at: Option<usize>,
}

impl Columns {
    pub(crate) fn of(entity: &'static Entity, columns: &[&str]) -> Self {
        let at = |name: &str| columns.iter().position(|c| *c == name);
        let texts = entity.searched.iter().filter_map(|(name, seek)| Some((at(name)?, *seek)));
        Self { entity, texts: texts.collect(), scope_at: at("scope_id") }
    }

    /// What changed of the searched texts or of who may see them; `None` when nothing did.
    pub(crate) fn changed(&self, old: Option<&[Stored]>, new: Option<&[Stored]>) -> Option<Sought> {
        if self.texts.is_empty() {
            return None;
        }
        let cell = |row: &[Stored], at: usize| row.get(at).cloned();
        let same = |at: usize| match (old, new) {
            (Some(old), Some(new)) => old.get(at) == new.get(at),
            _ => false,
        };
        let all = self.texts.iter().map(|(at, _)| *at).chain(self.scope_at);
        if { all }.all(same) {
            return None;
        }
        let Some(Stored::Int(id)) = new.or(old).and_then(|row| cell(row, 0)) else { return None };
        let said = |row: Option<&[Stored]>| row.map(|row| self.said(row)).unwrap_or_default();
        Some(Sought { entity: self.entity, id, old: said(old), new: said(new) })
    }

    fn said(&self, row: &[Stored]) -> Said {
        let scope = match self.scope_at.and_then(|at| row.get(at)) {
            Some(Stored::Int(scope)) => *scope,
            _ => 0,
        };
        let text = |(at, seek): &(usize, Seek)| match row.get(*at) {
            Some(Stored::Text(text)) if !text.is_empty() => Some((*seek, text.clone())),
            _ => None,
        };
        Said { scope, texts: self.texts.iter().filter_map(text).collect() }
    }
}

/// The searched texts of one row before and after.
pub(crate) struct Sought {
    entity: &'static Entity,
    id: i64,
    old: Said,
    new: Said,
}

#[derive(Clone, Default)]
struct Said {
    scope: i64,
    texts: Vec<(Seek, Text)>,
}

/// Each part once, by its best weight.
type Parts = BTreeMap<String, i64>;

impl Said {
    fn parts(&self) -> Parts {
        let mut parts = Parts::new();
        for (seek, text) in &self.texts {
            for (part, weight) in tokens::of(*seek, text) {
                let kept = parts.entry(part).or_insert(weight.stored());
                *kept = weight.stored().min(*kept);
            }
        }
        while parts.len() > PARTS {
            parts.pop_last();
        }
        parts
    }
}

/// Queues what the command's changes come to: parts that went, then parts that are new.
pub(crate) fn write(tx: &mut Tx) {
    let mut net: BTreeMap<(&'static str, i64), Sought> = BTreeMap::new();
    for sought in tx.take_sought() {
        match net.entry((sought.entity.name, sought.id)) {
            std::collections::btree_map::Entry::Occupied(mut known) => {
                known.get_mut().new = sought.new;
            }
            std::collections::btree_map::Entry::Vacant(first) => {
                first.insert(sought);
            }
        }
    }
    let (mut gone, mut made) = (Vec::new(), Vec::new());
    for sought in net.values() {
        let (old, new) = (sought.old.parts(), sought.new.parts());
        let moved = sought.old.scope != sought.new.scope;
        gone.extend(old.keys().filter(|p| !new.contains_key(*p)).map(|p| row(sought, p)));
        for (part, weight) in new.iter().filter(|(p, w)| moved || old.get(*p) != Some(w)) {
            let mut row = row(sought, part);
            row.extend([Stored::Int(sought.new.scope), Stored::Int(*weight)]);
            made.push(row);
        }
    }
    for key in &gone {
        let sql = sql!(
            "DELETE FROM search_token WHERE tenant_id = $1 AND object_type = $2 AND token = $3 \
             AND object_id = $4"
        );
        tx.put(sql, key);
    }
    for row in &made {
        tx.put(insert(), row);
    }
}

fn row(of: &Sought, part: &str) -> Vec<Stored> {
    let kind = Stored::text(of.entity.name);
    vec![kind, Stored::text(part), Stored::Int(of.id)]
}

fn insert() -> &'static Sql {
    sql!(
        "INSERT INTO search_token (tenant_id, object_type, token, object_id, scope_id, weight) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant_id, object_type, token, object_id) \
         DO UPDATE SET scope_id = excluded.scope_id, weight = excluded.weight"
    )
}

/// Parts removed in one step, and rows cut anew in one.
const CLEARED: i64 = 5000;
const REBUILT: usize = 200;

/// Removes some parts of an entity's rows; `false` when none was left.
pub fn clear_some(tx: &mut Tx, entity: &Entity) -> Result<bool> {
    let kind = Stored::text(entity.name);
    let bound: Option<String> = tx.value(
        sql!(
            "SELECT token FROM search_token WHERE tenant_id = $1 AND object_type = $2 \
             ORDER BY token LIMIT 1 OFFSET $3"
        ),
        &[kind.clone(), Stored::Int(CLEARED)],
    )?;
    let gone = match bound {
        Some(bound) => tx.exec(
            sql!(
                "DELETE FROM search_token WHERE tenant_id = $1 AND object_type = $2 AND token <= $3"
            ),
            &[kind, Stored::text(bound)],
        )?,
        None => tx.exec(
            sql!("DELETE FROM search_token WHERE tenant_id = $1 AND object_type = $2"),
            &[kind],
        )?,
    };
    Ok(gone > 0)
}

/// Cuts the texts of some rows above `after` anew; the last row's id, `None` when none was left.
///
/// For rows that are older than the search itself, or than a change of what is searched.
pub fn rebuild_some(
    _: &Ctx,
    tx: &mut Tx,
    entity: &'static Entity,
    after: i64,
) -> Result<Option<i64>> {
    let columns: Vec<&str> = entity.fields.iter().map(|f| f.name).collect();
    let of = Columns::of(entity, &columns);
    if of.texts.is_empty() {
        return Ok(None);
    }
    let built = rows_sql::above(entity, after, REBUILT);
    let mut last = None;
    for row in tx.built_rows(&built.sql, &built.params)? {
        let row = row.rest();
        if let Some(Stored::Int(id)) = row.first() {
            last = Some(*id);
        }
        tx.seek(&of, None, Some(&row));
    }
    Ok(last)
}
