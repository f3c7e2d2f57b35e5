//! Trees of conditions, days said from today on, rows one step away, groups: on both engines.
use super::*;
use serde_json::json;

/// Half past one at night on the 15th in China: still the 14th in UTC.
const NIGHT: &str = "2026-02-14T17:30:00Z";

fn asked(tree: &Json) -> Result<ListQuery> {
    query(&[("where", &tree.to_string())])
}

fn found(store: &Store, scope: &Scope, mut query: ListQuery) -> Vec<String> {
    query.scopes.insert("thing", scope.clone());
    let mut names = names(&list(store, &Scope::All, &query).unwrap().rows);
    names.sort();
    names
}

fn add_all(store: &Store) {
    let add = |user, body| add(store, user, body).unwrap();
    let mate = add(1, json!({"name": "mine", "kind": "a", "due": "2026-02-15"}));
    let other = add(2, json!({"name": "theirs", "kind": "a", "due": "2026-01-31"}));
    add(
        1,
        json!({"name": "x", "kind": "b", "due": "2026-02-09", "mate": mate["id"],
        "seen_at": NIGHT, "amount": "3.00"}),
    );
    add(
        1,
        json!({"name": "y", "kind": "b", "due": "2026-02-16", "mate": other["id"],
        "owner": other["id"], "currency": "USD", "amount": "4.00"}),
    );
    add(1, json!({"name": "z", "kind": "b", "currency": "CNY", "amount": "5.50"}));
}

#[test]
fn and_and_or_nest_and_mean_what_they_say() {
    for place in places() {
        add_all(&place.store);
        for (tree, expected) in [
            (json!(["kind", "eq", "a"]), vec!["mine", "theirs"]),
            (
                json!({"or": [["name", "eq", "x"], ["kind", "eq", "a"]]}),
                vec!["mine", "theirs", "x"],
            ),
            (
                json!({"or": [
                    {"and": [["kind", "eq", "b"], ["due", "empty", "yes"]]},
                    {"and": [["kind", "eq", "a"], {"or": [["name", "starts", "th"],
                        ["name", "eq", "none"]]}]},
                ]}),
                vec!["theirs", "z"],
            ),
            (json!({"and": [["name", "in", ["x", "y", "q"]], ["amount", "gt", "3"]]}), vec!["y"]),
            (json!({"or": [["urgent", "eq", true], ["due", "empty", true]]}), vec!["z"]),
        ] {
            let got = found(&place.store, &Scope::All, asked(&tree).unwrap());
            assert_eq!(got, expected, "{tree}");
        }
    }
}

/// Each condition is led by an index of its own: no row twice, none lost between pages, the same
/// order and number as of rows chosen by hand.
#[test]
fn either_of_several_pages_like_one_list() {
    for place in places() {
        let rows = forty(&place.store);
        let tree = json!({"or": [["kind", "eq", "a"], ["due", "eq", "2026-01-03"],
            {"and": [["due", "eq", "2026-01-05"], ["kind", "eq", "b"]]}]})
        .to_string();
        let is_meant = |row: &&Json| {
            row["kind"] == "a" || row["due"] == "2026-01-03" || row["due"] == "2026-01-05"
        };
        let mut expected = names(&rows.iter().filter(is_meant).cloned().collect::<Vec<_>>());
        expected.sort();
        for scope in [Scope::All, scope_of(&place.store, &[1, 2, 3, 4])] {
            for sort in ["name", "-due", "kind,-name", "-id"] {
                let asked = [("where", &*tree), ("sort", sort), ("limit", "4")];
                let mut found = paged(&place.store, &scope, &asked, expected.len());
                if sort == "name" {
                    assert_eq!(found, expected);
                }
                found.sort();
                assert_eq!(found, expected, "{sort}");
            }
            let one = scope_of(&place.store, &[2]);
            let query = query(&[("where", &tree), ("count", "exact")]).unwrap();
            let seen = list(&place.store, &one, &query).unwrap();
            assert!(seen.rows.len() < expected.len() && !seen.rows.is_empty());
            assert_eq!(seen.total, Some(Total::Exactly(seen.rows.len() as i64)));
        }
    }
}

/// Is a row of this step and day meant?
type Holds = fn(&str, &str) -> bool;

/// What is not done, and a range of days, is found by an index: the same rows as of rows chosen by
/// hand, those without a value among them, with every other condition, order, scope and count.
#[test]
fn few_rows_that_an_index_leads_page_like_any_list() {
    for place in places() {
        for n in 0..40_i64 {
            let step = ["done", "done", "half", "done", "none", "", "done"][n as usize % 7];
            let kind = if n % 3 == 0 { "a" } else { "b" };
            let mut body = json!({"name": format!("T-{:02}", (n * 17) % 40), "kind": kind});
            if n % 5 != 0 {
                body["due"] = json!(format!("2026-01-{:02}", n % 7 + 1));
            }
            if !step.is_empty() {
                body["step"] = json!(step);
            }
            add(&place.store, n % 4 + 1, body).unwrap();
        }
        let all = all_pages(&place.store, &Scope::All, "id");
        let meant: [(&str, Holds); 10] = [
            ("step:ne:done", |step, _| step != "done"),
            ("step:eq:half", |step, _| step == "half"),
            ("step:in:half,none", |step, _| step == "half" || step == "none"),
            ("step:in:half,done", |step, _| step == "half" || step == "done"),
            ("step:ne:half", |step, _| step != "half"),
            ("step:eq:done", |step, _| step == "done"),
            ("due:ge:2026-01-05", |_, due| due >= "2026-01-05"),
            ("due:lt:2026-01-03", |_, due| !due.is_empty() && due < "2026-01-03"),
            ("due:eq:@last_month", |_, due| !due.is_empty()),
            ("due:ne:@last_month", |_, due| due.is_empty()),
        ];
        for (filter, holds) in meant {
            for kind in [None, Some("a")] {
                let is_meant = |row: &&Json| {
                    let of = |name: &str| row[name].as_str().unwrap_or("");
                    holds(of("step"), of("due")) && kind.is_none_or(|kind| row["kind"] == kind)
                };
                let meant: Vec<Json> = all.iter().filter(is_meant).cloned().collect();
                let mut expected = names(&meant);
                expected.sort();
                assert!(!expected.is_empty() && expected.len() < all.len());
                let of_kind = kind.map(|kind| format!("kind:eq:{kind}"));
                for scope in [Scope::All, scope_of(&place.store, &[1, 2, 3, 4])] {
                    for sort in ["name", "-id", "kind,-name", "-due"] {
                        let mut asked = vec![("filter", filter), ("sort", sort), ("limit", "4")];
                        asked.extend(of_kind.as_deref().map(|kind| ("filter", kind)));
                        let mut found = paged(&place.store, &scope, &asked, expected.len());
                        found.sort();
                        assert_eq!(found, expected, "{filter} {kind:?} {sort}");
                    }
                }
            }
        }
    }
}

/// The names of all pages of a list; each page says how many there are.
fn paged(store: &Store, scope: &Scope, asked: &[(&str, &str)], total: usize) -> Vec<String> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let mut page = asked.to_vec();
        page.extend([("cursor", &*cursor), ("count", "capped")]);
        let page = list(store, scope, &query(&page).unwrap()).unwrap();
        assert_eq!(page.total, Some(Total::Exactly(total as i64)));
        found.extend(page.rows);
        let Some(next) = page.next else { break };
        cursor = next;
    }
    names(&found)
}

#[test]
fn days_are_said_from_the_companys_today_on() {
    for place in places() {
        add_all(&place.store);
        for (filter, expected) in [
            ("due:eq:@today", vec!["mine"]),
            ("due:lt:@today", vec!["theirs", "x"]),
            ("due:eq:@this_week", vec!["mine", "x"]),
            ("due:eq:@next_week", vec!["y"]),
            ("due:eq:@last_month", vec!["theirs"]),
            ("due:eq:@last_7_days", vec!["mine", "x"]),
            ("due:eq:@next_2_days", vec!["mine", "y"]),
            ("due:gt:@this_week", vec!["y"]),
            ("due:ne:@this_month", vec!["theirs", "z"]),
            ("seen_at:eq:@today", vec!["x"]),
            ("seen_at:ge:@today", vec!["x"]),
            ("seen_at:lt:@today", vec![]),
            ("seen_at:le:@today", vec!["x"]),
            ("seen_at:gt:@yesterday", vec!["x"]),
            ("seen_at:empty:yes", vec!["mine", "theirs", "y", "z"]),
        ] {
            let got = found(&place.store, &Scope::All, query(&[("filter", filter)]).unwrap());
            assert_eq!(got, expected, "{filter}");
        }
    }
}

#[test]
fn a_row_one_step_away_is_looked_at_only_where_the_reader_sees_it() {
    for place in places() {
        let store = &place.store;
        add_all(store);
        let of_one = scope_of(store, &[1]);
        for (filter, all, one) in [
            ("mate.kind:eq:a", vec!["x", "y"], vec!["x"]),
            ("mate.name:starts:th", vec!["y"], vec![]),
            ("mate.due:eq:@last_month", vec!["y"], vec![]),
            ("mate.mate:empty:yes", vec!["x", "y"], vec!["x"]),
            ("owner.name:eq:theirs", vec!["y"], vec![]),
        ] {
            let asked = || query(&[("filter", filter)]).unwrap();
            assert_eq!(found(store, &Scope::All, asked()), all, "{filter}");
            assert_eq!(found(store, &of_one, asked()), one, "{filter}");
            assert!(found(store, &Scope::Only(vec![]), asked()).is_empty(), "{filter}");
        }
        let unscoped = list(store, &Scope::All, &query(&[("filter", "mate.kind:eq:a")]).unwrap());
        assert_eq!(
            unscoped.map(|p| p.rows.len()).map_err(|e| e.code),
            Err("bug.filter_without_scope")
        );
    }
}

#[test]
fn a_tree_beyond_its_limits_or_out_of_shape_is_refused() {
    let deep = |levels: usize| {
        (0..levels).fold(json!(["kind", "eq", "a"]), |inner, _| json!({ "and": [inner] }))
    };
    assert!(asked(&deep(4)).is_ok());
    let wide = |terms: usize| json!({ "or": vec![json!(["kind", "eq", "a"]); terms] });
    assert!(asked(&wide(40)).is_ok());
    for (tree, code) in [
        (deep(5), "filter.too_deep"),
        (json!({"and": [wide(20), wide(21)]}), "filter.too_many"),
        (wide(41), "filter.malformed"),
        (json!({"or": []}), "filter.malformed"),
        (json!({"not": [["kind", "eq", "a"]]}), "filter.malformed"),
        (json!({"and": [["kind", "eq", "a"]], "or": []}), "filter.malformed"),
        (json!(["kind", "eq"]), "filter.malformed"),
        (json!(["kind", "eq", null]), "filter.malformed"),
        (json!(["name", "eq", ["x", "y"]]), "filter.too_many"),
        (json!(["name", "empty", "perhaps"]), "filter.malformed"),
        (json!(["amount", "empty", "yes"]), "filter.not_comparable"),
        (json!(["name", "in", vec!["x"; 201]]), "filter.too_many"),
        (json!(["name.kind", "eq", "a"]), "filter.no_relation"),
        (json!(["mate.mate.kind", "eq", "a"]), "field.unknown"),
        (json!(["mate.tenant_id", "eq", "1"]), "field.unknown"),
        (json!(["due", "eq", "@soon"]), "period.unknown"),
        (json!(["due", "eq", "@last_99999_days"]), "period.too_long"),
        (json!(["due", "within", "@today"]), "filter.unknown_op"),
        (json!(7), "filter.malformed"),
        (json!(["name", "eq", "x".repeat(9000)]), "filter.too_long"),
    ] {
        assert_eq!(asked(&tree).map_err(|e| e.code).err(), Some(code), "{tree}");
    }
    assert_eq!(query(&[("where", "{")]).map_err(|e| e.code).err(), Some("filter.malformed"));
}

fn grouped(store: &Store, scope: &Scope, params: &[(&str, &str)]) -> Result<Json> {
    let pairs: Vec<(String, String)> =
        params.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let wanted = rows::Grouping::parse(&THING, &pairs, &reads())?;
    store.read(&cx(store, 1), |cx, tx| rows::groups(cx, tx, &THING, scope, &wanted))
}

#[test]
fn groups_count_and_sum_what_the_list_shows_each_currency_apart() {
    for place in places() {
        let store = &place.store;
        add_all(store);
        let all = grouped(store, &Scope::All, &[("by", "kind")]).unwrap();
        assert_eq!(
            all,
            json!({"groups": [
                {"value": "b", "currency": null, "count": 3, "sums": {}},
                {"value": "a", "currency": null, "count": 2, "sums": {}},
            ], "more": false})
        );
        let sums = grouped(
            store,
            &Scope::All,
            &[("by", "kind"), ("sum", "amount"), ("filter", "kind:eq:b")],
        );
        let sums = sums.unwrap();
        let shown =
            |at: usize| (sums["groups"][at]["currency"].clone(), &sums["groups"][at]["sums"]);
        // A row without a currency counts as the company's own, and so stands beside its like.
        assert_eq!(shown(0), (json!("CNY"), &json!({"amount": "8.50"})));
        assert_eq!(shown(1), (json!("USD"), &json!({"amount": "4.00"})));
        let months = grouped(store, &Scope::All, &[("by", "due.month")]).unwrap();
        let values: Vec<&Json> =
            months["groups"].as_array().unwrap().iter().map(|g| &g["value"]).collect();
        assert_eq!(values, [&json!("2026-02"), &Json::Null, &json!("2026-01")]);
        let own = grouped(store, &scope_of(store, &[2]), &[("by", "kind")]).unwrap();
        assert_eq!(
            own["groups"],
            json!([{"value": "a", "currency": null, "count": 1, "sums": {}}])
        );
        let none = grouped(store, &Scope::Only(vec![]), &[("by", "kind")]).unwrap();
        assert_eq!(none["groups"], json!([]));
        for (params, code) in [
            (vec![], "field.required"),
            (vec![("by", "amount")], "group.not_groupable"),
            (vec![("by", "id")], "group.not_groupable"),
            (vec![("by", "kind.month")], "group.not_groupable"),
            (vec![("by", "due.week")], "group.not_groupable"),
            (vec![("by", "kind"), ("sum", "name")], "group.not_summable"),
            (
                vec![("by", "kind"), ("sum", "amount,amount,amount,amount,amount")],
                "group.too_many_sums",
            ),
            (vec![("by", "kind"), ("limit", "5")], "list.unknown_parameter"),
        ] {
            let refused = grouped(store, &Scope::All, &params).map_err(|e| e.code);
            assert_eq!(refused.err(), Some(code), "{params:?}");
        }
    }
}
