//! Names of rows that others name, for one reader: an export shows no name that a list would not.
use crate::questions::scope_for;
use kernel::{Ctx, Error, Result};
use std::collections::BTreeMap;
use store::Tx;
use store::meta::Entity;
use store::rows::{self, Count, ListQuery, Reads};

/// What the reader knows rows by: of those in their scope only; another has no name.
///
/// Errors: those of [`rows::list`].
pub fn titles(
    cx: &Ctx,
    tx: &mut Tx,
    entity: &'static Entity,
    ids: &[i64],
) -> Result<BTreeMap<i64, String>> {
    let mut titles = BTreeMap::new();
    let permission = entity.permission("read");
    if ids.is_empty() || entity.title == "id" || cx.reach(&permission).is_none() {
        return Ok(titles);
    }
    let scope = scope_for(cx, tx, &permission)?;
    let reads = Reads::of(cx, &|_| None);
    for some in ids.chunks(rows::MOST) {
        let ids: Vec<String> = some.iter().map(ToString::to_string).collect();
        let text = |name: &str, value: String| (name.to_owned(), value);
        let asked = [
            text("filter", format!("id:in:{}", ids.join(","))),
            text("fields", entity.title.into()),
        ];
        let query = ListQuery::parse(entity, &asked, &reads)?;
        let query = ListQuery { limit: rows::MOST, count: Count::No, ..query };
        for row in rows::list(cx, tx, entity, &scope, &query)?.rows {
            let id = row["id"].as_str().and_then(|id| id.parse().ok());
            let id = id.ok_or_else(|| Error::bug("bug.no_id", entity.name))?;
            if let Some(title) = row[entity.title].as_str() {
                titles.insert(id, title.to_owned());
            }
        }
    }
    Ok(titles)
}
