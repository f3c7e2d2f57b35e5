//! Lists in the order of what other rows are called: paged, under scopes, and refused where long.
use super::*;
use serde_json::json;

/// All pages, three rows each; the names of mates are seen under a scope of their own.
fn paged(store: &Store, scope: &Scope, mates: &Scope, sort: &str) -> Vec<String> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let asked = [("sort", sort), ("limit", "3"), ("cursor", &cursor), ("count", "no")];
        let mut asked = query(&asked).unwrap();
        asked.scopes.insert("thing", mates.clone());
        let page = list(store, scope, &asked).unwrap();
        all.extend(names(&page.rows));
        match page.next {
            Some(next) => cursor = next,
            None => return all,
        }
    }
}

/// `mates` of two owners, made in another order than that of their names, and who names them.
fn add_all(store: &Store) {
    let mate = |user, name| id(&add(store, user, json!({"name": name, "kind": "a"})).unwrap());
    let (c, a, b) = (mate(1, "c"), mate(2, "a"), mate(1, "b"));
    for (name, mate) in [("x1", c), ("x2", a), ("x3", b), ("x4", c), ("x5", a)] {
        let body = json!({"name": name, "kind": "b", "mate": mate.to_string()});
        add(store, 1, body).unwrap();
    }
    add(store, 1, json!({"name": "x6", "kind": "b"})).unwrap();
}

#[test]
fn a_list_is_ordered_by_what_the_rows_that_it_names_are_called() {
    for place in places() {
        let store = &place.store;
        add_all(store);
        let all = |sort| paged(store, &Scope::All, &Scope::All, sort);
        // Without a mate first; then by the mate's name, not by its id; then by one's own id.
        let up = ["c", "a", "b", "x6", "x2", "x5", "x3", "x1", "x4"];
        assert_eq!(all("mate.name"), up);
        assert_eq!(all("-mate.name"), up.iter().rev().copied().collect::<Vec<_>>());
        let mixed = ["x6", "c", "b", "a", "x5", "x2", "x3", "x4", "x1"];
        assert_eq!(all("mate.name,-name"), mixed);
        assert_eq!(all("kind,mate.name"), up);
        let own = scope_of(store, &[1]);
        let mine = paged(store, &own, &Scope::All, "mate.name");
        assert_eq!(mine, ["c", "b", "x6", "x2", "x5", "x3", "x1", "x4"]);
        // Whoever does not see a mate does not see where its name stands.
        let veiled = paged(store, &Scope::All, &own, "mate.name");
        assert_eq!(veiled, ["c", "a", "b", "x2", "x5", "x6", "x3", "x1", "x4"]);
        let none = paged(store, &Scope::All, &Scope::Only(vec![]), "mate.name");
        assert_eq!(none, ["c", "a", "b", "x1", "x2", "x3", "x4", "x5", "x6"]);
    }
}

#[test]
fn an_either_list_is_ordered_by_names_too() {
    for place in places() {
        let store = &place.store;
        add_all(store);
        let tree = json!({"or": [["kind", "eq", "b"], ["due", "eq", "2026-01-01"]]}).to_string();
        let mut asked = query(&[("where", &tree), ("sort", "-mate.name")]).unwrap();
        asked.scopes.insert("thing", Scope::All);
        let found = list(store, &Scope::All, &asked).unwrap();
        assert_eq!(names(&found.rows), ["x4", "x1", "x3", "x5", "x2", "x6"]);
        assert_eq!(found.total, Some(Total::Exactly(6)));
    }
}

#[test]
fn a_long_list_is_not_ordered_by_names_until_it_is_filtered() {
    for place in places() {
        let store = &place.store;
        add_all(store);
        ten_thousand(store);
        let asked = |filter: &[(&str, &str)]| {
            let all: Vec<(&str, &str)> =
                filter.iter().copied().chain([("sort", "mate.name")]).collect();
            let mut asked = query(&all).unwrap();
            asked.scopes.insert("thing", Scope::All);
            list(store, &Scope::All, &asked)
        };
        let refused = asked(&[]).unwrap_err();
        assert_eq!(refused.code, "list.sort_needs_filter");
        let found = asked(&[("filter", "kind:eq:b")]).unwrap();
        assert_eq!(names(&found.rows), ["x6", "x2", "x5", "x3", "x1", "x4"]);
    }
}

#[test]
fn only_what_a_row_is_called_orders_a_list_of_others() {
    for (sort, code) in [
        ("mate.due", "list.not_sortable"),
        ("mate.id", "list.not_sortable"),
        ("name.name", "list.not_sortable"),
        ("mate.name,-mate.name", "list.not_sortable"),
        ("mate,mate.name", "list.not_sortable"),
        ("mate.mate.name", "list.not_sortable"),
        ("nobody.name", "field.unknown"),
    ] {
        assert_eq!(query(&[("sort", sort)]).map_err(|e| e.code).err(), Some(code), "{sort}");
    }
    // A page's end belongs to its order.
    for place in places() {
        let store = &place.store;
        add_all(store);
        let page = |sort, cursor: &str| {
            let mut asked = query(&[("sort", sort), ("limit", "2"), ("cursor", cursor)]).unwrap();
            asked.scopes.insert("thing", Scope::All);
            list(store, &Scope::All, &asked)
        };
        let next = page("mate.name", "").unwrap().next.unwrap();
        assert_eq!(page("mate", &next).map_err(|e| e.code).err(), Some("cursor.invalid"));
        assert_eq!(page("-mate.name", &next).map_err(|e| e.code).err(), Some("cursor.invalid"));
    }
}

#[test]
fn names_are_ordered_by_how_they_sound_and_paged_without_gap_or_repetition() {
    let sorted = [
        "3号仓",
        "安徽恒通",
        "ＢＭＷ",
        "重庆长江",
        "恒通",
        "恒远",
        "黎明",
        "李丽",
        "李明",
        "力行",
        "林丽",
        "x",
        "曾国强",
        "中山",
    ];
    for place in places() {
        let store = &place.store;
        for at in [9, 2, 13, 0, 7, 4, 11, 1, 5, 12, 3, 10, 6, 8] {
            add(store, 1, json!({"name": sorted[at], "kind": "a", "nick": sorted[13 - at]}))
                .unwrap();
        }
        let paged = |sort: &str| paged(store, &Scope::All, &Scope::All, sort);
        let back: Vec<&str> = sorted.iter().rev().copied().collect();
        assert_eq!(paged("name"), sorted);
        assert_eq!(paged("-name"), back);
        assert_eq!(paged("nick"), back);
        assert_eq!(paged("kind,-name"), back);
    }
}

#[test]
fn a_name_that_is_changed_stands_where_its_new_sound_is() {
    for place in places() {
        let store = &place.store;
        let row = add(store, 1, json!({"name": "恒远", "kind": "a"})).unwrap();
        for name in ["安徽", "李明", "中山"] {
            add(store, 1, json!({"name": name, "kind": "a"})).unwrap();
        }
        let order = || paged(store, &Scope::All, &Scope::All, "name");
        assert_eq!(order(), ["安徽", "恒远", "李明", "中山"]);
        let body = json!({"name": "宁波"});
        let change = Change { id: id(&row), version: None, body: &body };
        store
            .run(&cx(store, 1), |cx, tx| rows::change(cx, tx, &THING, &Scope::All, &change, None))
            .unwrap();
        assert_eq!(order(), ["安徽", "李明", "宁波", "中山"]);
        // What was written before the sounds were, or by another table, is found and mended.
        store.script("UPDATE thing SET name_sound = 'zz' WHERE name = '安徽'").unwrap();
        assert_eq!(order(), ["李明", "宁波", "中山", "安徽"]);
        // A database from before has none at all: still every row once, in pages.
        store.script("UPDATE thing SET name_sound = ''").unwrap();
        assert_eq!(order().len(), 4);
        assert_eq!(paged(store, &Scope::All, &Scope::All, "mate.name,-name").len(), 4);
        let sounds = |cx: &Ctx, tx: &mut store::Tx<'_>| store::sound::write_some(cx, tx, &THING, 0);
        store.run(&cx(store, 1), sounds).unwrap();
        store.script("UPDATE thing SET name_sound = 'zz' WHERE name = '安徽'").unwrap();
        let look = |_: &Ctx, tx: &mut store::Tx<'_>| store::sound::look_at_some(tx, &THING, 0);
        let untrue = || store.read(&cx(store, 1), look).unwrap().1;
        assert_eq!(untrue().iter().map(|u| u.column).collect::<Vec<_>>(), ["name_sound"]);
        store.run(&cx(store, 1), sounds).unwrap();
        assert!(untrue().is_empty());
        assert_eq!(order(), ["安徽", "李明", "宁波", "中山"]);
    }
}
