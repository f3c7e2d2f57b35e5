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
    for (name, shade) in [("Oak", "zz_dark"), ("Ash", "zz_pale")] {
        let body = json!({ "name": name, "zz_shade": shade, "zz_mixed_on": "2026-03-01" });
        let made = house.ask("boss", "POST", "/api/v1/products", Some(&body));
        assert_eq!(made.status, 201, "{}", made.text);
    }
    let wrong = json!({ "name": "Elm", "zz_shade": "zz_green" });
    let refused = house.ask("boss", "POST", "/api/v1/products", Some(&wrong));
    assert_eq!(refused.code(), "field.not_one_of");
    let path = "/api/v1/products?filter=zz_shade:eq:zz_pale";
    let found = house.ask("boss", "GET", path, None).json();
    assert_eq!((&found["total"], &found["rows"][0]["name"]), (&json!(1), &json!("Ash")));
    let path = "/api/v1/products/export?format=csv&fields=name,zz_shade&sort=name&lang=en";
    let table = house.ask("boss", "GET", path, None).text;
    let lines: Vec<&str> = table.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines, ["Name,zz_shade", "Ash,zz_pale", "Oak,zz_dark"]);
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
