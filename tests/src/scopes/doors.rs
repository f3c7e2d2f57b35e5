//! The other doors: tables taken out, live updates, and what of a row is shown and asked by.
use super::oracle::Seen;
use super::{Looker, World};
use crate::house::each;
use http::Asked;
use kernel::{Ctx, Result};
use meta::{Entity, FieldKind};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use store::Tx;
use store::rows::{self, Count, ListQuery};
use store::scope::Scope;

/// A table has the rows of the list: each of those in scope by its id, and no other.
pub(super) fn exported(world: &World, who: &Looker) {
    for entity in listed(world) {
        let Some(allowed) = world.allowed(who, entity, &entity.permission("read")) else {
            continue;
        };
        let path = format!("/api/v1/{}/export?format=csv&fields=id", entity.collection);
        let asked = Asked { method: "GET", path: &path, token: &who.token, body: None, key: "" };
        let (status, bytes) = world.inside.bytes(&asked, "").expect("an answer");
        let text = String::from_utf8_lossy(&bytes);
        if status == 403 {
            assert!(text.contains("row.needs_all"), "{} {path}: {text}", who.login);
            continue;
        }
        let digits = |line: &str| line.chars().filter(char::is_ascii_digit).collect::<String>();
        let found: BTreeSet<String> =
            text.lines().skip(1).map(digits).filter(|id| !id.is_empty()).collect();
        let wanted: BTreeSet<String> = allowed.iter().map(|id| (*id).to_owned()).collect();
        assert_eq!(found, wanted, "{} {path}", who.login);
    }
}

/// Of all that ever happened, a live connection hears of rows in scope, of each of them that a fact
/// named, and of no other.
pub(super) fn heard(world: &World, who: &Looker) {
    let told = world.inside.heard(&who.cx).expect("what was heard");
    let mut heard: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for change in &told {
        let (entity, id) = (change["entity"].as_str(), change["id"].as_str());
        if let (Some(entity), Some(id)) = (entity, id) {
            heard.entry(entity).or_default().insert(id);
        }
    }
    for entity in listed(world) {
        let heard = heard.remove(entity.name).unwrap_or_default();
        let Some(allowed) = world.allowed(who, entity, &entity.permission("read")) else {
            assert!(heard.is_empty(), "{} heard of {}", who.login, entity.name);
            continue;
        };
        assert!(heard.is_subset(&allowed), "{} heard of {}", who.login, entity.name);
        // Documents are born by facts: who may see one has heard of it.
        if entity.lifecycle.is_some() && entity.has("scope_id") {
            assert_eq!(heard, allowed, "{} missed {}", who.login, entity.name);
        }
    }
    heard.remove("inbox");
    assert!(heard.is_empty(), "{} heard of {heard:?}", who.login);
}

pub(super) fn listed(world: &World) -> impl Iterator<Item = &'static Entity> {
    let entities: Vec<&'static Entity> = world
        .catalog
        .entities
        .iter()
        .copied()
        .filter(|e| e.grade != meta::Grade::Internal)
        .collect();
    let shown = |e: &&'static Entity| world.catalog.collection(e.collection).is_some();
    entities.into_iter().filter(shown).collect::<Vec<_>>().into_iter()
}

type Raw = BTreeMap<&'static str, BTreeMap<String, Json>>;

/// Every row whole, as nobody sees it.
fn raw(cx: &Ctx, tx: &mut Tx, entities: &[&'static Entity]) -> Result<Raw> {
    let mut all = Raw::new();
    for entity in entities {
        let fields = entity.fields.iter().collect();
        let mut query = ListQuery { fields, limit: rows::MOST, ..ListQuery::default() };
        query.count = Count::No;
        loop {
            let page = rows::list(cx, tx, entity, &Scope::All, &query)?;
            let of = all.entry(entity.name).or_default();
            of.extend(page.rows.into_iter().map(|row| (id(&row), row)));
            match page.next {
                Some(next) => query.cursor = Some(next),
                None => break,
            }
        }
    }
    Ok(all)
}

fn id(row: &Json) -> String {
    row["id"].as_str().unwrap_or("").to_owned()
}

/// Holds what is shown of a row against the whole row; how many values were veiled.
fn veiled(world: &World, who: &Looker, entity: &Entity, shown: &Json, whole: &Json) -> usize {
    let mut count = 0;
    for field in entity.fields {
        let at = format!("{} {}.{}: {shown}", who.login, entity.name, field.name);
        let (seen, is) = (shown.get(field.name), &whole[field.name]);
        match world.oracle.seen(who.cx.user, entity, field) {
            Seen::All => assert_eq!(seen, Some(is), "{at}"),
            Seen::Nothing => {
                assert_eq!(seen, None, "{at}");
                count += 1;
            }
            Seen::Mask => {
                let (seen, is) = (seen.and_then(Json::as_str), is.as_str().unwrap_or(""));
                let seen = seen.unwrap_or_else(|| panic!("{at}"));
                assert!(is.is_empty() || (seen.contains('*') && seen != is), "{at}");
                count += usize::from(!is.is_empty());
            }
        }
    }
    count
}

/// Lists, single rows with lines, tables: no value that a role hides or masks. And nobody filters,
/// sorts, groups or sums by one.
#[test]
fn nobody_sees_or_asks_by_a_value_that_is_kept_from_them() {
    each(|house| {
        let world = World::new(house)?;
        let entities: Vec<&'static Entity> = listed(&world).collect();
        let raw = house.read(|cx, tx| raw(cx, tx, &entities))?;
        let (mut kept, mut refused) = (0, 0);
        for who in &world.lookers {
            for entity in &entities {
                let Some(allowed) = world.allowed(who, entity, &entity.permission("read")) else {
                    continue;
                };
                let Some(rows) = raw.get(entity.name).filter(|_| !allowed.is_empty()) else {
                    continue;
                };
                refused += asked_by(&world, who, entity);
                let path = format!("/api/v1/{}?limit=200&fields=*", entity.collection);
                let reply = world.ask(who, "GET", &path, None);
                for row in reply.body["rows"].as_array().into_iter().flatten() {
                    kept += veiled(&world, who, entity, row, &rows[&id(row)]);
                }
                for one in allowed.iter().take(2) {
                    kept += opened(&world, who, entity, &rows[*one]);
                }
            }
        }
        println!("{kept} values kept, {refused} questions refused");
        assert!(kept > 100 && refused > 80, "{kept} {refused}");
        Ok(())
    });
}

fn opened(world: &World, who: &Looker, entity: &Entity, whole: &Json) -> usize {
    let path = format!("/api/v1/{}/{}?lines=yes", entity.collection, id(whole));
    let reply = world.ask(who, "GET", &path, None);
    assert_eq!(reply.status, 200, "{} {path}: {}", who.login, reply.body);
    let mut kept = veiled(world, who, entity, &reply.body, whole);
    for line in world.catalog.lines_of(entity) {
        for row in reply.body[line.collection].as_array().into_iter().flatten() {
            for field in line.fields {
                let seen = world.oracle.seen(who.cx.user, line, field);
                let at = format!("{} {path} {}.{}", who.login, line.name, field.name);
                match seen {
                    Seen::All => assert!(row.get(field.name).is_some(), "{at}"),
                    Seen::Nothing => assert!(row.get(field.name).is_none(), "{at}"),
                    Seen::Mask => {
                        let text = row[field.name].as_str().unwrap_or("");
                        assert!(text.is_empty() || text.contains('*'), "{at}: {text}");
                    }
                }
                kept += usize::from(seen != Seen::All);
            }
        }
    }
    kept
}

/// Every way to ask by a field that is not seen whole.
fn asked_by(world: &World, who: &Looker, entity: &Entity) -> usize {
    let mut refused = 0;
    for field in entity.fields {
        if world.oracle.seen(who.cx.user, entity, field) == Seen::All {
            continue;
        }
        let (base, name) = (format!("/api/v1/{}", entity.collection), field.name);
        let mut ways = vec![format!("{base}?sort={name}")];
        match field.kind {
            FieldKind::Text { .. } => {
                ways.push(format!("{base}?filter={name}:starts:1"));
                ways.push(format!("{base}/groups?by={name}"));
                ways.push(format!("{base}/export?format=csv&filter={name}:contains:1"));
            }
            FieldKind::Money => {
                ways.push(format!("{base}?filter={name}:gt:1"));
                let by = entity.fields.iter().find(|f| matches!(f.kind, FieldKind::Enum(_)));
                if let Some(by) = by {
                    ways.push(format!("{base}/groups?by={}&sum={name}", by.name));
                }
            }
            FieldKind::Ref(_) => {
                ways.push(format!("{base}?filter={name}:gt:1"));
                ways.push(format!("{base}?filter={name}.id:gt:1"));
                ways.push(format!("{base}/groups?by={name}"));
            }
            _ => ways.push(format!("{base}?filter={name}:gt:1")),
        }
        for path in &ways {
            let reply = world.ask(who, "GET", path, None);
            assert_eq!(reply.code(), "field.not_readable", "{} {path}: {}", who.login, reply.body);
            refused += 1;
        }
    }
    refused
}
