//! Fields of a tenant's own: declared, filled in, listed, asked by, described, refused.
use crate::house::House;
use serde_json::{Value as Json, json};

fn declare(house: &House, login: &str, body: Json) -> (u16, String, Json) {
    let reply = house.ask(login, "POST", "/api/v1/custom-fields", Some(&body));
    (reply.status, reply.code(), reply.json())
}

fn field(name: &str, kind: &str) -> Json {
    json!({"entity": "party", "name": name, "kind": kind, "label_zh": "颜色", "label_en": "Colour",
        "filterable": true, "in_list": true})
}

/// A text, a number, a day, a choice, a yes or no, and another party.
fn all(house: &House) {
    for (name, kind) in
        [("c_words", "text"), ("c_weight", "number"), ("c_since", "day"), ("c_vip", "flag")]
    {
        assert_eq!(declare(house, "boss", field(name, kind)).0, 201, "{name}");
    }
    let mut colour = field("c_colour", "choice");
    colour["options"] = json!(["red", "blue"]);
    assert_eq!(declare(house, "boss", colour).0, 201);
    let mut group = field("c_group", "reference");
    group["refers"] = json!("party");
    assert_eq!(declare(house, "boss", group).0, 201);
}

#[test]
fn a_field_of_ones_own_stands_in_forms_lists_conditions_and_the_description() {
    let house = House::new();
    all(&house);
    let parent = house.party("Mother");
    let body = json!({"code": "A", "name": "A", "c_words": "one two", "c_weight": "2.5",
        "c_since": "2026-02-16", "c_vip": true, "c_colour": "red", "c_group": parent});
    let made = house.ask("boss", "POST", "/api/v1/parties", Some(&body));
    assert_eq!(made.status, 201, "{}", made.text);
    let id = made.json()["id"].as_str().unwrap().to_owned();
    for name in ["c_words", "c_weight", "c_since", "c_vip", "c_colour", "c_group"] {
        assert_eq!(made.json()[name], body[name], "{name}");
    }
    let path = format!("/api/v1/parties/{id}");
    assert_eq!(house.ask("li.lei", "GET", &path, None).json()["c_colour"], "red");
    let found = |filter: &str| {
        let path = format!("/api/v1/parties?fields=name,c_colour&filter={filter}");
        let reply = house.ask("li.lei", "GET", &path, None);
        assert_eq!(reply.status, 200, "{filter}: {}", reply.text);
        let rows = reply.json()["rows"].as_array().unwrap().clone();
        rows.iter().map(|r| r["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for filter in [
        "c_colour:eq:red",
        "c_colour:in:blue,red",
        "c_words:contains:TWO",
        "c_weight:gt:2.4",
        "c_weight:le:2.5",
        "c_since:eq:@today",
        "c_vip:eq:true",
        "c_since:empty:no",
    ] {
        assert_eq!(found(filter), ["A"], "{filter}");
    }
    for filter in ["c_colour:ne:red", "c_colour:empty:yes", "c_since:ne:@today", "c_since:eq:"] {
        assert_eq!(found(filter), ["Mother"], "{filter}");
    }
    assert!(found("c_weight:gt:2.5").is_empty() && found("c_since:lt:@today").is_empty());
    assert_eq!(found(&format!("c_group:eq:{parent}")), ["A"]);
    let version = made.json()["version"].as_i64().unwrap();
    let change = json!({"c_colour": "blue", "c_words": "", "name": "AA", "version": version - 1});
    let changed = house.ask("boss", "PATCH", &path, Some(&change));
    assert_eq!(changed.status, 409, "custom values moved the version on");
    let change = json!({"c_colour": "blue", "c_words": "", "name": "AA", "version": version});
    let changed = house.ask("boss", "PATCH", &path, Some(&change));
    assert_eq!(changed.status, 200, "{}", changed.text);
    assert_eq!(
        (found("c_colour:eq:blue"), found("c_words:empty:yes").len()),
        (vec!["AA".into()], 2)
    );
    assert!(found("c_colour:eq:red").is_empty());
    let meta = house.ask("li.lei", "GET", "/api/v1/meta/party", None).json();
    let fields = meta["fields"].as_array().unwrap();
    let colour = fields.iter().find(|f| f["name"] == "c_colour").unwrap();
    assert_eq!(colour["options"], json!(["red", "blue"]));
    assert_eq!(colour["labels"]["en"], "Colour");
    let says = |reply: Json| {
        reply["components"]["schemas"]["party"]["properties"]["c_colour"]["enum"].clone()
    };
    let api = "/api/v1/openapi.json";
    assert_eq!(says(house.ask("li.lei", "GET", api, None).json()), json!(["red", "blue"]));
    assert_eq!(says(house.send("GET", api, &[], None).json()), Json::Null);
}

#[test]
fn a_document_keeps_values_of_ones_own_from_its_making_on() {
    let house = House::new();
    let mut grade = field("c_grade", "text");
    grade["entity"] = json!("order");
    assert_eq!(declare(&house, "boss", grade).0, 201);
    let party = house.party("ACME");
    let body = json!({"number": "SO-1", "party": party, "gross": "113.00", "c_grade": "A"});
    let made = house.ask("li.lei", "POST", "/api/v1/orders", Some(&body));
    assert_eq!((made.status, &made.json()["c_grade"]), (201, &json!("A")), "{}", made.text);
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let submit = house.ask("li.lei", "POST", &format!("/api/v1/orders/{id}/submit"), None);
    assert_eq!(submit.status, 200, "{}", submit.text);
    let row = house.ask("li.lei", "GET", &format!("/api/v1/orders/{id}"), None).json();
    assert_eq!((&row["c_grade"], &row["state"]), (&json!("A"), &json!("confirmed")));
    let list = house.ask("han.meimei", "GET", "/api/v1/orders?filter=c_grade:eq:A", None).json();
    assert_eq!(list["rows"], json!([]), "another's order is in nobody else's scope");
}

#[test]
fn what_does_not_fit_is_refused_and_leaves_nothing() {
    let house = House::new();
    all(&house);
    let before = house.ask("boss", "GET", "/api/v1/parties?count=exact", None).json();
    for (name, value, code) in [
        ("c_colour", json!("green"), "field.not_one_of"),
        ("c_weight", json!("heavy"), "number.invalid"),
        ("c_since", json!("2026-02-30"), "day.invalid"),
        ("c_vip", json!("perhaps"), "field.invalid"),
        ("c_words", json!("x".repeat(201)), "field.too_long"),
        ("c_group", json!("12345"), "store.not_found"),
        ("c_none", json!("x"), "field.unknown"),
    ] {
        let body = json!({"code": "A", "name": "A", name: value});
        let reply = house.ask("boss", "POST", "/api/v1/parties", Some(&body));
        assert_eq!(reply.code(), code, "{name}: {}", reply.text);
    }
    let after = house.ask("boss", "GET", "/api/v1/parties?count=exact", None).json();
    assert_eq!(before, after);
    for (change, code) in [
        (json!({"name": "colour"}), "custom.name_invalid"),
        (json!({"name": "c_Übel"}), "custom.name_invalid"),
        (json!({"label_en": " "}), "custom.no_label"),
        (json!({"entity": "fact"}), "custom.no_entity"),
        (json!({"entity": "user"}), "custom.no_entity"),
        (json!({"kind": "choice"}), "custom.choices"),
        (json!({"kind": "reference"}), "custom.no_entity"),
        (json!({"name": "c_words"}), "custom.name_taken"),
        (json!({"colour": "red"}), "field.unknown"),
    ] {
        let mut body = field("c_new", "text");
        for (name, value) in change.as_object().unwrap() {
            body[name.as_str()] = value.clone();
        }
        assert_eq!(declare(&house, "boss", body).1, code, "{change}");
    }
    assert_eq!(declare(&house, "li.lei", field("c_x", "text")).1, "access.forbidden");
    let rows = house.ask("boss", "GET", "/api/v1/custom-fields", None).json();
    let id = rows["rows"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/custom-fields/{id}");
    let fixed = house.ask("boss", "PATCH", &path, Some(&json!({"kind": "day"})));
    assert_eq!(fixed.code(), "custom.fixed");
    let away = house.ask("boss", "PATCH", &path, Some(&json!({"active": false})));
    assert_eq!(away.status, 200, "{}", away.text);
    let gone = house.ask("boss", "GET", "/api/v1/parties?filter=c_words:eq:x", None);
    assert_eq!(gone.code(), "field.unknown");
}
