//! Nobody finds a row by a text that they may not read: what was found by one is looked at again.
use crate::rows_sql::Params;
use crate::sight;
use crate::{Sql, Tx};
use kernel::{Ctx, Result, Sight, Stored};
use meta::tokens::{self, Asked, Term};
use meta::{Entity, Seek};
use std::collections::BTreeSet;

/// Does the reader see everything whole that rows of an entity are found by?
pub(crate) fn sees_all(cx: &Ctx, entity: &Entity) -> bool {
    readable(cx, entity).len() == entity.searched.len()
}

fn readable(cx: &Ctx, entity: &Entity) -> Vec<(&'static str, Seek)> {
    let whole = |(name, _): &&(&'static str, Seek)| {
        entity.field(name).is_some_and(|f| sight::of(cx, entity, f) == Sight::Whole)
    };
    entity.searched.iter().filter(whole).copied().collect()
}

/// Of some rows those that fit the question by what the reader may read.
pub(crate) fn fitting(
    cx: &Ctx,
    tx: &mut Tx,
    entity: &Entity,
    ids: &[i64],
    asked: &Asked,
) -> Result<BTreeSet<i64>> {
    let (texts, mut fit) = (readable(cx, entity), BTreeSet::new());
    let Some(first) = ids.first() else { return Ok(fit) };
    let mut params = Params::default();
    let all: Vec<Stored> = ids.iter().map(|id| Stored::Int(*id)).collect();
    let list = params.bind_all(&all, &Stored::Int(*first));
    let columns: String = texts.iter().map(|(name, _)| format!(", {name}")).collect();
    let table = entity.table;
    let sql = format!("SELECT id{columns} FROM {table} WHERE tenant_id = $1 AND id IN ({list})");
    for mut row in tx.built_rows(&Sql::new(sql), &params.all())? {
        let id: i64 = row.take()?;
        let mut parts = BTreeSet::new();
        for (_, seek) in &texts {
            let text: String = row.take()?;
            parts.extend(tokens::of(*seek, &text).into_iter().map(|(part, _)| part));
        }
        if fits(&parts, asked) {
            fit.insert(id);
        }
    }
    Ok(fit)
}

fn fits(parts: &BTreeSet<String>, asked: &Asked) -> bool {
    let begins = |text: &String| parts.iter().any(|part| part.starts_with(text.as_str()));
    let has = |term: &Term| match term {
        Term::Is(text) => parts.contains(text),
        Term::Begins(text) => begins(text),
    };
    asked.whole.as_ref().is_some_and(begins)
        || (!asked.terms.is_empty() && asked.terms.iter().all(has))
}
