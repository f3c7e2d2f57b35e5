//! Lists over the wire: trees of conditions, groups, and what they refuse.
use crate::house::House;
use serde_json::{Value as Json, json};

fn encoded(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}

fn numbers(reply: &Json) -> Vec<&str> {
    let rows = reply["rows"].as_array().unwrap();
    rows.iter().map(|r| r["number"].as_str().unwrap()).collect()
}

#[test]
fn a_list_is_asked_by_a_tree_and_by_rows_one_step_away_within_ones_own_scope() {
    let house = House::new();
    let (east, west) = (house.party("East"), house.party("West"));
    house.order("li.lei", "A-1", &east);
    house.order("li.lei", "A-2", &west);
    house.order("han.meimei", "B-1", &east);
    let list = |login: &str, tree: Json| {
        let tree = encoded(&tree.to_string());
        let path = format!("/api/v1/orders?sort=number&where={tree}");
        house.ask(login, "GET", &path, None)
    };
    let east = json!(["party.name", "starts", "east"]);
    assert_eq!(numbers(&list("boss", east.clone()).json()), ["A-1", "B-1"]);
    assert_eq!(numbers(&list("li.lei", east.clone()).json()), ["A-1"]);
    let either = json!({"or": [east, ["number", "eq", "A-2"]]});
    assert_eq!(numbers(&list("boss", either.clone()).json()), ["A-1", "A-2", "B-1"]);
    assert_eq!(numbers(&list("han.meimei", either).json()), ["B-1"]);
    let today = json!({"and": [["ordered_on", "eq", "@today"], ["owner.login", "eq", "li.lei"]]});
    assert_eq!(numbers(&list("boss", today).json()), ["A-1", "A-2"]);
    let refused = list("boss", json!(["number.x", "eq", "1"]));
    assert_eq!((refused.status, refused.code()), (422, "filter.no_relation".into()));
}

#[test]
fn orders_are_listed_by_what_their_customers_are_called() {
    let house = House::new();
    let (west, east) = (house.party("West"), house.party("East"));
    house.order("li.lei", "A-1", &west);
    house.order("li.lei", "A-2", &east);
    house.order("han.meimei", "B-1", &east);
    let list = |login: &str, sort: &str| {
        house.ask(login, "GET", &format!("/api/v1/orders?sort={sort}"), None)
    };
    assert_eq!(numbers(&list("boss", "party.name").json()), ["A-2", "B-1", "A-1"]);
    assert_eq!(numbers(&list("boss", "-party.name").json()), ["A-1", "B-1", "A-2"]);
    assert_eq!(numbers(&list("li.lei", "party.name").json()), ["A-2", "A-1"]);
    // The declaration says so to who may read customers.
    let order = house.ask("boss", "GET", "/api/v1/meta/order", None).json();
    let fields = order["fields"].as_array().unwrap();
    let field = |name: &str| fields.iter().find(|f| f["name"] == name).unwrap();
    assert_eq!(field("party")["sort"], "party.name");
    assert_eq!(field("number")["sort"], Json::Null);
    assert_eq!(order["order"], "");
    for (sort, code) in
        [("party.region", "list.not_sortable"), ("number.name", "list.not_sortable")]
    {
        let refused = list("boss", sort);
        assert_eq!((refused.status, refused.code()), (422, code.into()), "{sort}");
    }
}

#[test]
fn groups_are_counted_and_summed_within_ones_own_scope() {
    let house = House::new();
    let party = house.party("East");
    house.order("li.lei", "A-1", &party);
    house.order("li.lei", "A-2", &party);
    house.order("han.meimei", "B-1", &party);
    let groups = |login: &str, rest: &str| {
        house.ask(login, "GET", &format!("/api/v1/orders/groups?{rest}"), None)
    };
    let all = groups("boss", "by=party&sum=gross").json();
    let group = json!({"value": party, "currency": "CNY", "count": 3, "sums": {"gross": "339.00"}});
    assert_eq!(all, json!({"groups": [group], "more": false}));
    let own = groups("li.lei", "by=state&sum=gross&filter=number:ne:A-2").json();
    assert_eq!(own["groups"][0]["sums"]["gross"], "113.00");
    let refused = groups("nobody", "by=state");
    assert_eq!((refused.status, refused.code()), (403, "access.forbidden".into()));
    let refused = groups("boss", "sum=gross");
    assert_eq!((refused.status, refused.code()), (422, "field.required".into()));
    let lost = house.ask("boss", "POST", "/api/v1/orders/groups", Some(&json!({})));
    assert_eq!(lost.code(), "request.method_not_allowed");
}

#[test]
fn a_search_finds_what_one_may_read_and_says_where_it_opens() {
    let house = House::new();
    let party = house.party("恒远机电有限公司");
    let own = house.order("li.lei", "SO-2026-00042", &party);
    house.order("han.meimei", "SO-2026-00043", &party);
    let find = |login: &str, q: &str| {
        let reply = house.ask(login, "GET", &format!("/api/v1/search?q={}", encoded(q)), None);
        assert_eq!(reply.status, 200, "{}", reply.text);
        let rows = reply.json()["rows"].as_array().unwrap().clone();
        let said = |row: &Json| {
            let text = |name: &str| row[name].as_str().unwrap_or("").to_owned();
            (text("collection"), text("id"), text("title"))
        };
        rows.iter().map(said).collect::<Vec<_>>()
    };
    let found = |collection: &str, id: &str, title: &str| {
        (collection.to_owned(), id.to_owned(), title.to_owned())
    };
    let firm = found("parties", &party, "恒远机电有限公司");
    for q in ["恒远", "远机电", "hyjd", "hengyuan", "jidian", "恒"] {
        assert_eq!(find("li.lei", q), std::slice::from_ref(&firm), "{q}");
    }
    let mine = found("orders", &own, "SO-2026-00042");
    for q in ["so-2026-00042", "42", "SO 2026 000", "so2026"] {
        assert_eq!(find("li.lei", q), std::slice::from_ref(&mine), "{q}");
    }
    assert_eq!(find("boss", "so2026").len(), 2);
    for q in ["43", "SO-2026-00043", "恒天", "xyz", "a"] {
        assert!(find("li.lei", q).is_empty(), "{q}");
    }
    assert!(find("nobody", "so2026").is_empty());
    for (query, code) in [
        ("", "field.required"),
        ("q=%20", "field.required"),
        ("q=so&limit=51", "list.limit"),
        ("q=so&limit=0", "list.limit"),
    ] {
        let refused = house.ask("boss", "GET", &format!("/api/v1/search?{query}"), None);
        assert_eq!((refused.status, refused.code()), (422, code.into()), "{query}");
    }
}

#[test]
fn a_view_is_kept_shared_and_removed_by_those_who_may() {
    let house = House::new();
    let views = |login: &str| {
        let reply = house.ask(login, "GET", "/api/v1/views?entity=order", None);
        assert_eq!(reply.status, 200, "{}", reply.text);
        let rows = reply.json()["rows"].as_array().unwrap().clone();
        rows.iter().map(|r| r["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let save = |login: &str, body: Json| house.ask(login, "POST", "/api/v1/views", Some(&body));
    let own = json!({"entity": "order", "name": "Mine", "asked": "filter=state:eq:draft",
        "usual": true});
    let own = save("li.lei", own);
    assert_eq!(own.status, 201, "{}", own.text);
    let own = own.json();
    assert_eq!((&own["usual"], &own["mine"]), (&json!(true), &json!(true)));
    assert_eq!(views("li.lei"), ["Mine"]);
    assert!(views("han.meimei").is_empty());
    let path = format!("/api/v1/views/{}", own["id"].as_str().unwrap());
    let stolen = house.ask("han.meimei", "PATCH", &path, Some(&json!({"name": "Hers"})));
    assert_eq!((stolen.status, stolen.code()), (404, "store.not_found".into()));
    let shared = house.ask("li.lei", "PATCH", &path, Some(&json!({"share": "all"})));
    assert_eq!((shared.status, shared.code()), (403, "access.forbidden".into()));
    let roles = house.ask("boss", "GET", "/api/v1/roles?filter=code:eq:sales", None).json();
    let role = roles["rows"][0]["id"].as_str().unwrap().to_owned();
    let for_sales = save(
        "boss",
        json!({"entity": "order", "name": "Sales", "share": "role",
        "role": role, "usual": true, "asked": "where=%5B%22state%22%2C%22eq%22%2C%22draft%22%5D"}),
    );
    assert_eq!(for_sales.status, 201, "{}", for_sales.text);
    save("boss", json!({"entity": "order", "name": "All", "share": "all", "asked": ""}));
    assert_eq!(views("han.meimei"), ["All", "Sales"]);
    assert_eq!(views("jim"), ["All"]);
    let second = save("li.lei", json!({"entity": "order", "name": "Other", "usual": true}));
    assert_eq!(second.status, 201, "{}", second.text);
    let rows = house.ask("li.lei", "GET", "/api/v1/views?entity=order", None).json();
    let usual: Vec<&Json> = rows["rows"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|r| r["usual"] == json!(true))
        .map(|r| &r["name"])
        .collect();
    assert_eq!(usual, [&json!("Other"), &json!("Sales")]);
    for (body, code) in [
        (json!({"entity": "order", "name": " "}), "view.no_name"),
        (json!({"entity": "order", "name": "Mine"}), "view.name_taken"),
        (json!({"entity": "order", "name": "x", "asked": "filter=colour:eq:red"}), "field.unknown"),
        (json!({"entity": "fact", "name": "x"}), "request.no_such_path"),
        (json!({"entity": "order", "name": "x", "owner": "1"}), "field.unknown"),
    ] {
        assert_eq!(save("li.lei", body.clone()).code(), code, "{body}");
    }
    let stale = house.ask("li.lei", "PATCH", &path, Some(&json!({"name": "M", "version": 7})));
    assert_eq!(stale.code(), "store.version_conflict");
    let gone = house.ask("li.lei", "POST", &format!("{path}/remove"), Some(&json!({})));
    assert_eq!(gone.status, 200, "{}", gone.text);
    assert_eq!(views("li.lei"), ["All", "Other", "Sales"]);
}
