//! Generic rows on both engines: paging, scopes, filters, writes; refusals as carefully.
#![expect(clippy::unwrap_used, reason = "a set-up that fails is a test that fails")]
mod filters;
mod folding;
mod known;
mod names;
mod quarters;
mod sealing;
mod searches;

use kernel::{Ctx, Day, Error, Instant, Result};
use meta::{
    Entity, Field, FieldKind, Grade, Seek, any, day, flag, instant, int, money, one_of, refers,
    text,
};
use serde_json::{Map, Value as Json, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use store::rows::{self, Change, Count, ListQuery, Reads, Total};
use store::scope::{Belongs, Scope, intern};
use store::{Store, Target};

static THING: Entity = Entity::new(
    "thing",
    "test",
    &[
        Field::new("id", FieldKind::Any).by_commands(),
        int("version").by_commands(),
        any("scope_id").by_commands(),
        text("name", 40).by_sound("name_sound").required().in_list(),
        one_of("kind", &["a", "b"]).required().in_list(),
        day("due").in_list(),
        money("amount").in_list(),
        text("currency", 3),
        flag("urgent"),
        refers("mate", "thing"),
        any("owner"),
        int("counter").by_commands(),
        instant("seen_at"),
        text("nick", 40).by_sound("nick_sound"),
        one_of("step", &["none", "half", "done"]).in_list(),
    ],
)
.collection("things")
.unique(&[&["name"]])
.index(&[&["due", "id"], &["kind", "id"]])
.open_until(&[("step", "done")])
.title("name")
.searched(&[("name", Seek::Words), ("currency", Seek::Number), ("nick", Seek::Words)]);

static MASTER: Entity =
    Entity::new("product", "product", &[Field::new("id", FieldKind::Any), text("name", 40)])
        .grade(Grade::Guarded)
        .title("name");

static BOOK: Entity = Entity::new("book", "test", &[any("id"), text("name", 40)]);

static ALL: &[&Entity] = &[&THING, &MASTER, &BOOK];

struct Place {
    store: Store,
    schema: Option<String>,
    dir: std::path::PathBuf,
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(schema) = &self.schema {
            let _ended = self.store.script(&format!("DROP SCHEMA {schema} CASCADE"));
        }
        let _gone = std::fs::remove_dir_all(&self.dir);
    }
}

const NOW: Instant = Instant(Instant::DAY * 20_500);

/// A fresh SQLite file and, where `HUILIU_TEST_PG` names a server, a schema of its own there.
fn places() -> Vec<Place> {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let name = format!("rows_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let dir = std::env::temp_dir().join(&name);
    std::fs::create_dir_all(&dir).unwrap();
    let mut all: Vec<&Entity> = store::ENTITIES.to_vec();
    all.extend(ALL);
    let open = |target| Store::open_declared(&target, NOW, &all).unwrap();
    let lite = open(Target::File(dir.join("t.db")));
    let mut places = vec![Place { store: lite, schema: None, dir: dir.clone() }];
    if let Ok(url) = std::env::var("HUILIU_TEST_PG") {
        let target = Target::Postgres { url, schema: name.clone() };
        places.push(Place { store: open(target), schema: Some(name), dir });
    }
    places
}

fn cx(store: &Store, user: i64) -> Ctx {
    let mut cx = Ctx::system(1, NOW, store.ids());
    (cx.user, cx.company) = (user, 5);
    cx
}

fn add(store: &Store, user: i64, body: Json) -> Result<Json> {
    store.run(&cx(store, user), |cx, tx| rows::create(cx, tx, &THING, &body, None))
}

fn id(row: &Json) -> i64 {
    row["id"].as_str().unwrap().parse().unwrap()
}

/// Forty rows of four owners with repeated kinds and days, some without a day.
fn forty(store: &Store) -> Vec<Json> {
    let row = |n: i64| {
        let due = if n % 5 == 0 { Json::Null } else { json!(format!("2026-01-{:02}", n % 7 + 1)) };
        let kind = if n % 3 == 0 { "a" } else { "b" };
        let body = json!({"name": format!("T-{:02}", (n * 17) % 40), "kind": kind, "due": due});
        add(store, n % 4 + 1, body).unwrap()
    };
    (0..40).map(row).collect()
}

fn query(params: &[(&str, &str)]) -> Result<ListQuery> {
    let pairs: Vec<(String, String)> =
        params.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    ListQuery::parse(&THING, &pairs, &reads())
}

/// A Sunday, in a company of China; `mate` and `owner` name things.
fn reads() -> Reads<'static> {
    let cx = Ctx::system(1, NOW, std::sync::Arc::new(kernel::IdMaker::new(1, 0)));
    let named = |field: &Field| matches!(field.name, "mate" | "owner").then_some(&THING);
    Reads { today: Day::of(2026, 2, 15), ..Reads::of(&cx, Box::leak(Box::new(named))) }
}

fn list(store: &Store, scope: &Scope, query: &ListQuery) -> Result<rows::Page> {
    store.read(&cx(store, 1), |cx, tx| rows::list(cx, tx, &THING, scope, query))
}

fn names(rows: &[Json]) -> Vec<String> {
    rows.iter().map(|r| r["name"].as_str().unwrap().to_owned()).collect()
}

/// Rows of nobody, two more than are counted.
fn ten_thousand(store: &Store) {
    let rows = "INSERT INTO thing (tenant_id, id, version, scope_id, name, kind, due, amount, \
                currency, urgent, mate, owner, counter, seen_at, nick, step, name_sound, \
                nick_sound) \
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10002) \
                SELECT 1, i, 1, 9, 'n' || i, 'a', NULL, 0, '', 0, NULL, 0, 0, 0, '', '', 'n' || i, \
                '' FROM n";
    store.script(rows).unwrap();
}

/// All pages of a list, seven rows each.
fn all_pages(store: &Store, scope: &Scope, sort: &str) -> Vec<Json> {
    let mut rows = Vec::new();
    let mut cursor = String::new();
    loop {
        let asked =
            query(&[("sort", sort), ("limit", "7"), ("cursor", &cursor), ("count", "no")]).unwrap();
        let page = list(store, scope, &asked).unwrap();
        rows.extend(page.rows);
        match page.next {
            Some(next) => cursor = next,
            None => return rows,
        }
    }
}

fn scope_of(store: &Store, owners: &[i64]) -> Scope {
    let mut ids: Vec<i64> = owners
        .iter()
        .map(|owner| {
            let belongs = Belongs { company: 5, owner: *owner, ..Belongs::default() };
            store.run(&cx(store, 1), |cx, tx| intern(cx, tx, belongs)).unwrap()
        })
        .collect();
    ids.sort_unstable();
    Scope::Only(ids)
}

#[test]
fn pages_in_every_order_give_each_row_once() {
    for place in places() {
        let all = forty(&place.store);
        let text = |row: &Json, name: &str| row[name].as_str().unwrap_or("").to_owned();
        for sort in
            ["", "name", "-name", "due", "-due", "-due,-name", "kind,-due", "-kind,due,-name"]
        {
            let mut expected = all.clone();
            expected.sort_by(|a, b| {
                let keys = sort.split(',').filter(|k| !k.is_empty());
                let mut order = std::cmp::Ordering::Equal;
                let mut last = false;
                for key in keys {
                    last = key.starts_with('-');
                    let name = key.trim_start_matches('-');
                    let by = text(a, name).cmp(&text(b, name));
                    order = order.then(if last { by.reverse() } else { by });
                }
                let by_id = id(a).cmp(&id(b));
                order.then(if last { by_id.reverse() } else { by_id })
            });
            let got = all_pages(&place.store, &Scope::All, sort);
            assert_eq!(names(&got), names(&expected), "{sort}");
        }
    }
}

#[test]
fn a_list_shows_the_rows_of_the_scope_and_no_other_however_wide() {
    for place in places() {
        let all = forty(&place.store);
        for owners in [vec![1], vec![2, 3], (2..=3).chain(100..180).collect()] {
            let scope = scope_of(&place.store, &owners);
            let got = all_pages(&place.store, &scope, "-name");
            let mut mine: Vec<String> = (0..40)
                .filter(|n| owners.contains(&((*n as i64) % 4 + 1)))
                .map(|n: usize| all[n]["name"].as_str().unwrap().to_owned())
                .collect();
            mine.sort_by(|a, b| b.cmp(a));
            assert_eq!(names(&got), mine, "{owners:?}");
            let counted = list(&place.store, &scope, &query(&[("count", "exact")]).unwrap());
            assert_eq!(counted.unwrap().total, Some(Total::Exactly(mine.len() as i64)));
        }
        let none = list(&place.store, &Scope::Only(vec![]), &query(&[]).unwrap()).unwrap();
        assert!(none.rows.is_empty());
    }
}

#[test]
fn a_row_outside_the_scope_looks_like_one_that_does_not_exist() {
    for place in places() {
        let store = &place.store;
        let row = add(store, 1, json!({"name": "mine", "kind": "a"})).unwrap();
        let get = |scope: &Scope, id: i64| {
            store.read(&cx(store, 1), |cx, tx| rows::get(cx, tx, &THING, scope, id, &[]))
        };
        assert_eq!(get(&scope_of(store, &[1]), id(&row)).unwrap(), row);
        let outside = get(&scope_of(store, &[2]), id(&row)).unwrap_err();
        let missing = get(&scope_of(store, &[2]), 12345).unwrap_err();
        assert_eq!((outside.code, outside.kind), ("store.not_found", missing.kind));
        assert_eq!((outside.code, &outside.detail), (missing.code, &missing.detail));
    }
}

#[test]
fn without_a_scope_column_only_masters_are_read_by_those_who_reach_less_than_all() {
    for place in places() {
        let store = &place.store;
        let own = Scope::Only(vec![1]);
        let read = |entity: &'static Entity| {
            store.read(&cx(store, 1), |cx, tx| {
                rows::list(cx, tx, entity, &own, &ListQuery::default()).map(|p| p.rows.len())
            })
        };
        assert_eq!(read(&MASTER), Ok(0));
        assert_eq!(read(&BOOK).map_err(|e| e.code), Err("row.needs_all"));
        let fact = store::ENTITIES.iter().find(|e| e.name == "fact").unwrap();
        assert_eq!(read(fact).map_err(|e| e.code), Err("row.not_listed"));
    }
}

#[test]
fn filters_compare_by_type_and_text_is_never_a_pattern_or_sql() {
    for place in places() {
        let store = &place.store;
        for (name, kind, due, amount, urgent) in [
            ("50%_off", "a", json!("2026-01-05"), "10.00", true),
            ("500 off", "b", json!("2026-02-05"), "-2.50", false),
            ("x' OR 1=1 --", "b", Json::Null, "7.00", false),
        ] {
            let body = json!({"name": name, "kind": kind, "due": due, "amount": amount,
                "urgent": urgent});
            add(store, 1, body).unwrap();
        }
        for (filter, expected) in [
            ("kind:eq:a", 1),
            ("kind:ne:a", 2),
            ("kind:in:a,b", 3),
            ("name:contains:0%_O", 1),
            ("name:starts:50", 2),
            ("name:starts:%", 0),
            ("name:eq:x' OR 1=1 --", 1),
            ("name:contains:' OR", 1),
            ("due:eq:", 1),
            ("due:ne:", 2),
            ("due:ne:2026-01-05", 2),
            ("due:ge:2026-02-01", 1),
            ("amount:lt:0", 1),
            ("amount:gt:6.99", 2),
            ("urgent:eq:true", 1),
            ("mate:eq:", 3),
        ] {
            let found = list(store, &Scope::All, &query(&[("filter", filter)]).unwrap()).unwrap();
            assert_eq!(found.rows.len(), expected, "{filter}");
            assert_eq!(found.total, Some(Total::Exactly(expected as i64)), "{filter}");
        }
        let found = list(store, &Scope::All, &query(&[("q", "OFF")]).unwrap()).unwrap();
        assert_eq!(found.rows.len(), 2);
    }
}

#[test]
fn a_query_that_the_declaration_does_not_know_is_refused() {
    let many: Vec<(&str, &str)> = vec![("filter", "kind:eq:a"); 41];
    assert_eq!(query(&many).map_err(|e| e.code).err(), Some("filter.too_many"));
    for (name, value, code) in [
        ("filter", "tenant_id:eq:1", "field.unknown"),
        ("filter", "name); DROP TABLE thing --:eq:1", "field.unknown"),
        ("filter", "name:like:x", "filter.unknown_op"),
        ("filter", "name", "filter.malformed"),
        ("filter", "kind:eq:c", "field.not_one_of"),
        ("filter", "kind:lt:a", "filter.not_comparable"),
        ("filter", "due:contains:2026", "filter.not_comparable"),
        ("filter", "due:eq:2026-02-30", "day.invalid"),
        ("filter", "amount:eq:1e3", "number.invalid"),
        ("filter", "urgent:eq:perhaps", "filter.malformed"),
        ("sort", "name,name", "list.not_sortable"),
        ("sort", "1;--", "field.unknown"),
        ("fields", "name,secret", "field.unknown"),
        ("limit", "0", "list.limit"),
        ("limit", "201", "list.limit"),
        ("count", "all", "list.unknown_parameter"),
        ("page", "2", "list.unknown_parameter"),
    ] {
        let refused = query(&[(name, value)]).map_err(|e| e.code).err();
        assert_eq!(refused, Some(code), "{name}={value}");
    }
}

#[test]
fn totals_are_exact_to_ten_thousand_and_beyond_on_demand() {
    for place in places() {
        let store = &place.store;
        ten_thousand(store);
        let total = |count, scope: &Scope| {
            let asked = ListQuery { count, ..ListQuery::default() };
            list(store, scope, &asked).unwrap().total
        };
        assert_eq!(total(Count::Capped, &Scope::All), Some(Total::Above));
        assert_eq!(Total::Above.shown(), json!("10000+"));
        assert_eq!(total(Count::Exact, &Scope::Only(vec![9])), Some(Total::Exactly(10002)));
        assert_eq!(total(Count::No, &Scope::All), None);
        // So many are not done that their index helps nobody: they are read in order.
        let open = query(&[("filter", "step:ne:done"), ("count", "exact")]).unwrap();
        let page = list(store, &Scope::All, &open).unwrap();
        assert_eq!((page.rows.len(), page.total), (50, Some(Total::Exactly(10002))));
        let half = query(&[("filter", "step:eq:half")]).unwrap();
        assert_eq!(list(store, &Scope::All, &half).unwrap().total, Some(Total::Exactly(0)));
    }
}

fn facts(store: &Store) -> i64 {
    let count = |_: &Ctx, tx: &mut store::Tx<'_>| {
        tx.value(store::sql!("SELECT CAST(COUNT(*) AS BIGINT) FROM fact WHERE tenant_id = $1"), &[])
    };
    store.read(&cx(store, 1), count).unwrap().unwrap_or(0)
}

#[test]
fn a_refused_write_leaves_neither_row_nor_fact() {
    let refuse: rows::Check =
        |row| if row["name"] == "no" { Err(Error::invalid("test.no", "no")) } else { Ok(()) };
    for place in places() {
        let store = &place.store;
        add(store, 1, json!({"name": "first", "kind": "a"})).unwrap();
        for (body, code) in [
            (json!({"name": "x", "kind": "a", "colour": "red"}), "field.unknown"),
            (json!({"name": "x", "kind": "a", "id": "7"}), "field.set_by_commands"),
            (json!({"name": "x", "kind": "a", "scope_id": "7"}), "field.set_by_commands"),
            (json!({"name": "x", "kind": "a", "counter": 7}), "field.set_by_commands"),
            (json!({"kind": "a"}), "field.required"),
            (json!({"name": "x", "kind": "z"}), "field.not_one_of"),
            (json!({"name": "x".repeat(41), "kind": "a"}), "field.too_long"),
            (json!({"name": "x", "kind": "a", "amount": "1.001"}), "number.too_precise"),
            (json!({"name": "first", "kind": "a"}), "store.duplicate"),
            (json!({"name": "x", "kind": "a", "mate": "99"}), "store.reference"),
            (json!(["x"]), "body.not_an_object"),
        ] {
            assert_eq!(add(store, 1, body.clone()).map_err(|e| e.code), Err(code), "{body}");
        }
        let guarded = |body: Json, rule: Option<rows::Check>| {
            store.run(&cx(store, 1), |cx, tx| rows::create(cx, tx, &MASTER, &body, rule))
        };
        let refused = guarded(json!({"name": "no"}), None).map_err(|e| e.code);
        assert_eq!(refused, Err("row.by_commands"));
        let refused = guarded(json!({"name": "no"}), Some(refuse)).map_err(|e| e.code);
        assert_eq!(refused, Err("test.no"));
        assert_eq!(facts(store), 1);
        let left = list(store, &Scope::All, &query(&[]).unwrap()).unwrap();
        assert_eq!(names(&left.rows), ["first"]);
        assert!(guarded(json!({"name": "yes"}), Some(refuse)).is_ok());
        assert_eq!(facts(store), 2);
    }
}

#[test]
fn a_change_needs_the_version_it_looked_at_and_nothing_new_tells_nothing() {
    for place in places() {
        let store = &place.store;
        let row = add(store, 1, json!({"name": "one", "kind": "a", "amount": "1.50"})).unwrap();
        let scope = scope_of(store, &[1]);
        let change = |version: Option<i64>, scope: &Scope, body: Json| {
            let change = Change { id: id(&row), version, body: &body };
            store.run(&cx(store, 1), |cx, tx| rows::change(cx, tx, &THING, scope, &change, None))
        };
        let changed = change(Some(1), &scope, json!({"kind": "b", "amount": "2.00"})).unwrap();
        assert_eq!((&changed["version"], &changed["amount"]), (&json!(2), &json!("2.00")));
        assert_eq!(facts(store), 2);
        let late = change(Some(1), &scope, json!({"kind": "a"})).unwrap_err();
        assert_eq!(late.code, "store.version_conflict");
        let foreign = change(None, &scope_of(store, &[2]), json!({"kind": "a"}));
        assert_eq!(foreign.map_err(|e| e.code), Err("store.not_found"));
        let counted = change(None, &scope, json!({"counter": 3}));
        assert_eq!(counted.map_err(|e| e.code), Err("field.set_by_commands"));
        assert_eq!(change(Some(2), &scope, json!({"kind": "b"})).unwrap()["version"], json!(2));
        assert_eq!(facts(store), 2);
    }
}

#[test]
fn a_new_row_belongs_to_whoever_made_it_and_slices_are_kept() {
    for place in places() {
        let store = &place.store;
        let row = add(store, 3, json!({"name": "one", "kind": "b", "urgent": true})).unwrap();
        assert_eq!(
            row["scope_id"],
            json!(match scope_of(store, &[3]) {
                Scope::Only(ids) => ids[0].to_string(),
                Scope::All => String::new(),
            })
        );
        let sql = || {
            store::sql!(
                "SELECT attr, value FROM object_change WHERE tenant_id = $1 \
                 AND object_type = 'thing' \
             ORDER BY attr"
            )
        };
        let kept: Vec<Map<String, Json>> = store
            .read(&cx(store, 1), |_, tx| {
                let row = |mut r: store::Row| {
                    let (attr, value): (String, String) = (r.take()?, r.take()?);
                    Ok(Map::from_iter([(attr, Json::from(value))]))
                };
                tx.rows(sql(), &[])?.into_iter().map(row).collect()
            })
            .unwrap();
        assert_eq!(
            json!(kept),
            json!([{"kind": "b"}, {"mate": ""}, {"step": ""}, {"urgent": "1"}])
        );
    }
}

#[test]
fn sums_are_by_currency_and_month_and_of_ones_own_rows_only() {
    for place in places() {
        let rows = [
            (1, "A", "2026-01-05", "100.00", "CNY"),
            (1, "B", "2026-01-31", "0.05", "CNY"),
            (2, "C", "2026-02-01", "-40.00", "CNY"),
            (2, "D", "2026-02-02", "7.00", "USD"),
            (2, "E", "2026-02-03", "9.99", ""),
        ];
        for (owner, name, due, amount, currency) in rows {
            let body = json!({ "name": name, "kind": "a", "due": due, "amount": amount,
                "currency": currency });
            add(&place.store, owner, body).unwrap();
        }
        let sums = |scope: &Scope, params: &[(&str, &str)], month: bool| {
            let query = query(params).unwrap();
            let month = THING.field("due").filter(|_| month);
            let wanted = rows::Wanted { query: &query, money: THING.field("amount"), month };
            let sums = place
                .store
                .read(&cx(&place.store, 1), |cx, tx| rows::sums(cx, tx, &THING, scope, wanted));
            let shown = |s: &rows::Sum| format!("{} {} {}", s.month, s.count, s.amount);
            sums.unwrap().iter().map(shown).collect::<Vec<_>>()
        };
        // A row without a currency is in the company's own.
        let all = [" 1 9.99 CNY", " 3 60.05 CNY", " 1 7.00 USD"];
        assert_eq!(sums(&Scope::All, &[], false), all);
        let own = scope_of(&place.store, &[1]);
        assert_eq!(sums(&own, &[], false), [" 2 100.05 CNY"]);
        assert_eq!(sums(&own, &[("filter", "due:ge:2026-01-10")], false), [" 1 0.05 CNY"]);
        assert_eq!(sums(&own, &[], true), ["2026-01 2 100.05 CNY"]);
        assert_eq!(sums(&Scope::Only(Vec::new()), &[], true), Vec::<String>::new());
    }
}
