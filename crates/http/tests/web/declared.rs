//! A field is declared and nothing else is done: it is in the list, the form, the filter and the
//! table that is taken out. The browser's half is `web/e2e/declared.spec.mjs`.
use crate::house::House;
use serde_json::json;
use std::io::Read;

#[test]
fn a_declared_field_is_described_written_filtered_and_taken_out() {
    let house = House::new();
    let described = house.ask("boss", "GET", "/api/v1/meta/product", None).json();
    let fields = described["fields"].as_array().unwrap();
    let shade = fields.iter().find(|f| f["name"] == "zz_shade").unwrap();
    assert_eq!((&shade["type"], &shade["in_list"]), (&json!("enum"), &json!(true)));
    // What its value is to people is said beside its kind, which stays as it is.
    let share = fields.iter().find(|f| f["name"] == "zz_share").unwrap();
    assert_eq!((&share["type"], &share["look"]), (&json!("rate"), &json!("percent")));
    assert!(shade["look"].is_null());
    for (name, shade) in [("Oak", "zz_dark"), ("Ash", "zz_pale")] {
        let body = json!({
            "name": name, "zz_shade": shade, "zz_mixed_on": "2026-03-01",
            "zz_share": "0.125", "zz_call": "0571-88990011", "zz_opens": 485,
        });
        let made = house.ask("boss", "POST", "/api/v1/products", Some(&body));
        assert_eq!(made.status, 201, "{}", made.text);
    }
    let wrong = json!({ "name": "Elm", "zz_shade": "zz_green" });
    let refused = house.ask("boss", "POST", "/api/v1/products", Some(&wrong));
    assert_eq!(refused.code(), "field.not_one_of");
    let path = "/api/v1/products?filter=zz_shade:eq:zz_pale";
    let found = house.ask("boss", "GET", path, None).json();
    assert_eq!((&found["total"], &found["rows"][0]["name"]), (&json!(1), &json!("Ash")));
    let path = "/api/v1/products?filter=zz_share:gt:0.12&filter=zz_opens:lt:500";
    assert_eq!(house.ask("boss", "GET", path, None).json()["total"], 2);
    let fields = "name,zz_shade,zz_share,zz_call,zz_opens";
    let path = format!("/api/v1/products/export?format=csv&fields={fields}&sort=name&lang=en");
    let table = house.ask("boss", "GET", &path, None).text;
    let lines: Vec<&str> = table.trim_start_matches('\u{feff}').lines().collect();
    let rest = "12.5%,0571-88990011,08:05";
    let (ash, oak) = (format!("Ash,zz_pale,{rest}"), format!("Oak,zz_dark,{rest}"));
    assert_eq!(lines, [format!("Name,{}", &fields[5..]), ash, oak]);
}

/// Serves such a house until nobody reads it any more: `web/e2e/declared.spec.mjs` looks at it.
#[test]
#[ignore = "waits for a browser; web/e2e/declared.spec.mjs starts it"]
fn a_house_to_look_at() {
    let house = House::new();
    let (done, stop) = tokio::sync::oneshot::channel();
    let (address, serving) = house.serve(stop);
    println!("serving http://{address} {}", house.token("boss"));
    let _closed = std::io::stdin().read_to_end(&mut Vec::new());
    let _heard = done.send(());
    house.wait(serving);
}
