//! Searched texts: written with their row, gone with it, seen under its scope; on both engines.
use super::*;
use serde_json::json;
use store::search::{self, Sees};

fn sought(store: &Store, scope: &Scope, question: &str) -> Vec<String> {
    let sees = [Sees { entity: &THING, scope: scope.clone() }];
    let hits =
        store.read(&cx(store, 1), |cx, tx| search::find(cx, tx, question, &sees, 20)).unwrap();
    hits.into_iter().map(|hit| hit.title).collect()
}

#[test]
fn what_a_row_is_found_by_is_said_beside_its_title() {
    for place in places() {
        let store = &place.store;
        add(store, 1, json!({"name": "L-1", "kind": "a", "nick": "恒远机电"})).unwrap();
        add(store, 1, json!({"name": "海天", "kind": "a"})).unwrap();
        let called = |question| {
            let sees = [Sees { entity: &THING, scope: Scope::All }];
            let find = |cx: &Ctx, tx: &mut store::Tx<'_>| search::find(cx, tx, question, &sees, 20);
            let hits = store.read(&cx(store, 1), find).unwrap();
            hits.into_iter().map(|hit| (hit.title, hit.called)).collect::<Vec<_>>()
        };
        assert_eq!(called("恒远"), [("L-1".to_owned(), vec!["恒远机电".to_owned()])]);
        assert_eq!(called("海天"), [("海天".to_owned(), vec![])]);
    }
}

/// All parts as they are kept.
fn parts(store: &Store) -> Vec<(String, i64, i64)> {
    let sql = store::sql!(
        "SELECT token, object_id, scope_id FROM search_token WHERE tenant_id = $1 \
         ORDER BY token, object_id"
    );
    let read = |_: &Ctx, tx: &mut store::Tx<'_>| {
        let rows = tx.rows(sql, &[])?;
        rows.into_iter().map(|mut r| Ok((r.take()?, r.take()?, r.take()?))).collect()
    };
    store.read(&cx(store, 1), read).unwrap()
}

#[test]
fn a_row_is_found_by_its_words_and_no_longer_by_those_that_it_lost() {
    for place in places() {
        let store = &place.store;
        let row = add(store, 1, json!({"name": "恒远机电 M8", "kind": "a"})).unwrap();
        for question in ["恒远", "恒远机", "hy", "hengyuanjidian", "m8", "恒远 m8"] {
            assert_eq!(sought(store, &Scope::All, question), ["恒远机电 M8"], "{question}");
        }
        for question in ["远恒", "恒天机", "m9", "恒远 m9", ""] {
            assert!(sought(store, &Scope::All, question).is_empty(), "{question}");
        }
        let before = parts(store);
        let write = |body: Json| {
            let change = Change { id: id(&row), version: None, body: &body };
            store
                .run(&cx(store, 1), |cx, tx| {
                    rows::change(cx, tx, &THING, &Scope::All, &change, None)
                })
                .unwrap();
        };
        write(json!({"kind": "b"}));
        assert_eq!(parts(store), before, "another field is no business of the search");
        write(json!({"name": "恒天机电"}));
        assert!(sought(store, &Scope::All, "恒远").is_empty());
        assert!(sought(store, &Scope::All, "m8").is_empty());
        assert_eq!(sought(store, &Scope::All, "恒天机"), ["恒天机电"]);
    }
}

#[test]
fn a_search_sees_what_its_scope_reaches_and_ranks_the_whole_before_the_beginning() {
    for place in places() {
        let store = &place.store;
        for (user, name) in [(1, "42 nuts"), (2, "428 nuts"), (1, "nuts 42"), (2, "the 42")] {
            add(store, user, json!({"name": name, "kind": "a"})).unwrap();
        }
        assert_eq!(sought(store, &Scope::All, "42"), ["the 42", "nuts 42", "42 nuts", "428 nuts"]);
        assert_eq!(sought(store, &scope_of(store, &[1]), "42"), ["nuts 42", "42 nuts"]);
        assert_eq!(sought(store, &scope_of(store, &[1]), "42 nut"), ["nuts 42", "42 nuts"]);
        assert!(sought(store, &Scope::Only(vec![]), "42").is_empty());
    }
}

#[test]
fn a_refused_write_and_a_forged_question_leave_no_trace() {
    for place in places() {
        let store = &place.store;
        add(store, 1, json!({"name": "one", "kind": "a"})).unwrap();
        let before = parts(store);
        assert!(add(store, 1, json!({"name": "one", "kind": "a"})).is_err());
        assert_eq!(parts(store), before);
        for question in ["%", "_", "' OR 1=1 --", "a'); DROP TABLE thing; --", "\u{10FFFF}x"] {
            assert!(sought(store, &Scope::All, question).is_empty(), "{question}");
        }
    }
}

#[test]
fn a_rebuild_brings_back_what_was_there() {
    for place in places() {
        let store = &place.store;
        for n in 0..450 {
            add(store, n % 3 + 1, json!({"name": format!("机 {n}"), "kind": "a"})).unwrap();
        }
        let before = parts(store);
        assert!(before.len() > 900);
        let clear = |_: &Ctx, tx: &mut store::Tx<'_>| search::clear_some(tx, &THING);
        while store.run(&cx(store, 1), clear).unwrap() {}
        assert!(parts(store).is_empty());
        let mut after = Some(0);
        while let Some(from) = after {
            after = store
                .run(&cx(store, 1), |cx, tx| search::rebuild_some(cx, tx, &THING, from))
                .unwrap();
        }
        assert_eq!(parts(store), before);
    }
}

fn listed(store: &Store, scope: &Scope, q: &str) -> (Vec<String>, Option<Total>) {
    let page = list(store, scope, &query(&[("q", q), ("sort", "name")]).unwrap()).unwrap();
    (names(&page.rows), page.total)
}

#[test]
fn a_lists_own_search_finds_what_search_finds_and_what_a_title_has_somewhere() {
    for place in places() {
        let store = &place.store;
        for (user, name) in [(1, "恒远机电 M8"), (2, "恒天机电"), (1, "SCREW-M4")] {
            add(store, user, json!({"name": name, "kind": "a", "currency": "CNY"})).unwrap();
        }
        for (q, expected) in [
            ("hy", vec!["恒远机电 M8"]),
            ("远机", vec!["恒远机电 M8"]),
            ("机电", vec!["恒天机电", "恒远机电 M8"]),
            ("crew", vec!["SCREW-M4"]),
            ("hy m9", vec![]),
            ("--", vec![]),
            ("-", vec!["SCREW-M4"]),
            ("%", vec![]),
        ] {
            let found = listed(store, &Scope::All, q);
            assert_eq!(
                found,
                (
                    expected.iter().map(|n| (*n).to_owned()).collect(),
                    Some(Total::Exactly(expected.len() as i64))
                ),
                "{q}"
            );
        }
        let theirs = listed(store, &scope_of(store, &[2]), "机电");
        assert_eq!(theirs.0, ["恒天机电"]);
    }
}

#[test]
fn in_a_very_long_list_the_parts_of_search_answer_alone() {
    for place in places() {
        let store = &place.store;
        let add_some = |from: usize| {
            store.run(&cx(store, 1), |cx, tx| {
                for n in from..from + 1000 {
                    let body = json!({"name": format!("N{n:05} nut"), "kind": "a"});
                    rows::create(cx, tx, &THING, &body, None)?;
                }
                Ok(())
            })
        };
        for thousand in 0..10 {
            add_some(thousand * 1000).unwrap();
        }
        assert_eq!(listed(store, &Scope::All, "7654 n").0, ["N07654 nut"], "anywhere in a title");
        add_some(10_000).unwrap();
        assert!(listed(store, &Scope::All, "7654 n").0.is_empty(), "no part begins so");
        assert_eq!(listed(store, &Scope::All, "n07654").0, ["N07654 nut"]);
        assert_eq!(listed(store, &Scope::All, "nut n0765").1, Some(Total::Exactly(10)));
        assert_eq!(listed(store, &Scope::All, "nut").1, Some(Total::Above));
        assert!(listed(store, &scope_of(store, &[2]), "nut").0.is_empty());
        let wanted = rows::Grouping::parse(
            &THING,
            &[("by".into(), "kind".into()), ("q".into(), "nut n0765".into())],
            &reads(),
        );
        let groups = |cx: &Ctx, tx: &mut store::Tx<'_>| {
            rows::groups(cx, tx, &THING, &Scope::All, &wanted.clone().unwrap())
        };
        let groups = store.read(&cx(store, 1), groups).unwrap();
        assert_eq!(groups["groups"][0]["count"], 10);
    }
}
