//! The way in for the web app, dry runs, and what answers where a browser asks for a page.

use crate::house::{GOOD, House};
use serde_json::{Value as Json, json};

fn answers(link: &str, password: &str) -> Json {
    json!({ "link": link, "name": "汇流", "code": "HL", "start_period": "2026-01",
        "chart": "small", "taxpayer": "general", "prices": "incl", "default_tax_code": "VAT13",
        "costing": "moving_average", "recognition": "on_ship", "credit_control": "yes",
        "person": "Wang", "login": "wang", "password": password })
}

#[test]
fn the_first_run_sets_up_a_company_once_and_signs_its_administrator_in() {
    let house = House::empty();
    let start = || house.send("GET", "/api/v1/start", &[], None).json();
    assert_eq!(start(), json!({ "set_up": false, "company": null, "asks_tenant": false }));
    let link = house.setup_link();
    let looked = house.send("GET", &format!("/api/v1/links/{link}"), &[], None);
    assert_eq!(looked.json()["kind"], "set_up");
    let set_up = |body: &Json| house.send("POST", "/api/v1/set-up", &[], Some(body));
    let weak = set_up(&answers(&link, "12345678"));
    assert_eq!((weak.status, weak.code()), (422, "password.too_common".into()));
    let mut strange = answers(&link, GOOD);
    strange["chart"] = json!("other");
    let strange = set_up(&strange);
    assert_eq!((strange.status, strange.code()), (422, "field.not_one_of".into()));
    assert_eq!(start()["set_up"], false);
    let done = set_up(&answers(&link, GOOD));
    assert_eq!(done.status, 200, "{}", done.text);
    let cookie = done.header("set-cookie").split(';').next().unwrap_or("").to_owned();
    let me = house.send("GET", "/api/v1/me", &[("cookie", &cookie)], None);
    assert_eq!(me.json()["user"]["login"], "wang");
    assert_eq!(start(), json!({ "set_up": true, "company": "汇流", "asks_tenant": false }));
    assert_eq!(set_up(&answers(&link, GOOD)).status, 403);
    let used = house.send("GET", &format!("/api/v1/links/{link}"), &[], None);
    assert_eq!((used.status, used.code()), (403, "access.link_invalid".into()));
}

#[test]
fn looking_at_a_link_does_not_use_it_up() {
    let house = House::new();
    let link = house.link("li.lei");
    for _ in 0..2 {
        let looked = house.send("GET", &format!("/api/v1/links/{link}"), &[], None);
        assert_eq!(looked.json()["kind"], "sign_in");
    }
    let body = json!({ "link": link });
    assert_eq!(house.send("POST", "/api/v1/sign-in", &[], Some(&body)).status, 200);
    assert_eq!(house.send("POST", "/api/v1/sign-in", &[], Some(&body)).status, 403);
}

#[test]
fn a_new_password_ends_other_sign_ins_and_this_one_goes_on() {
    let house = House::new();
    house.set_password("li.lei");
    let sign_in = |password: &str| {
        let body = json!({ "login": "li.lei", "password": password });
        let reply = house.send("POST", "/api/v1/sign-in", &[], Some(&body));
        (reply.status, reply.header("set-cookie").split(';').next().unwrap_or("").to_owned())
    };
    let ((_, mine), (_, other)) = (sign_in(GOOD), sign_in(GOOD));
    let json = [("cookie", mine.as_str()), ("content-type", "application/json")];
    let change = |plain: &str| {
        let body = json!({ "password": plain });
        house.send("POST", "/api/v1/me/password", &json, Some(&body))
    };
    assert_eq!(change("short").code(), "password.too_short");
    let done = change("staple battery");
    assert_eq!(done.status, 200, "{}", done.text);
    let fresh = done.header("set-cookie").split(';').next().unwrap_or("").to_owned();
    let me = |cookie: &str| house.send("GET", "/api/v1/me", &[("cookie", cookie)], None).status;
    assert_eq!((me(&fresh), me(&mine), me(&other)), (200, 401, 401));
    assert_eq!((sign_in(GOOD).0, sign_in("staple battery").0), (401, 200));
}

#[test]
fn a_dry_run_shows_what_would_be_and_keeps_nothing() {
    let house = House::new();
    let party = house.party("ACME");
    let body = json!({ "party": party, "number": "SO-9" });
    let before =
        house.ask("boss", "GET", "/api/v1/orders?count=exact", None).json()["total"].clone();
    let dry = house.ask("boss", "POST", "/api/v1/orders?dry=yes", Some(&body));
    let real = house.ask("boss", "POST", "/api/v1/orders", Some(&body));
    assert_eq!(dry.status == 200, real.status == 201, "{} {}", dry.text, real.text);
    let after =
        house.ask("boss", "GET", "/api/v1/orders?count=exact", None).json()["total"].clone();
    let made = i64::from(real.status == 201);
    assert_eq!(after.as_i64(), before.as_i64().map(|n| n + made), "only the real one is kept");
    let refused = house.ask("jim", "POST", "/api/v1/orders?dry=yes", Some(&body));
    assert_eq!(refused.code(), "access.forbidden");
}

#[test]
fn what_is_declared_is_told_to_whoever_may_read_it() {
    let house = House::new();
    let index = house.ask("boss", "GET", "/api/v1/meta", None).json();
    let names = |index: &Json| -> Vec<String> {
        let all = index["entities"].as_array().cloned().unwrap_or_default();
        all.iter().map(|e| e["name"].as_str().unwrap_or("").to_owned()).collect()
    };
    assert!(names(&index).contains(&"order".to_owned()), "{index}");
    let order = house.ask("boss", "GET", "/api/v1/meta/order", None).json();
    assert_eq!(order["title"], "number");
    assert_eq!(order["states"][0], "draft");
    let party = order["fields"].as_array().unwrap().iter().find(|f| f["name"] == "party");
    assert_eq!(party.map(|f| f["ref"].clone()), Some(json!("party")));
    let nobody = house.ask("nobody", "GET", "/api/v1/meta", None).json();
    assert!(!names(&nobody).contains(&"order".to_owned()), "{nobody}");
    let refused = house.ask("nobody", "GET", "/api/v1/meta/order", None);
    assert_eq!((refused.status, refused.code()), (403, "access.forbidden".into()));
}

#[test]
fn a_browser_gets_a_page_for_any_address_and_a_program_a_problem() {
    let house = House::new();
    let page = [("accept", "text/html")];
    for path in ["/", "/orders", "/orders/7", "/link/abc", "/nothing"] {
        let reply = house.send("GET", path, &page, None);
        assert_eq!(reply.status, 200, "{path}");
        assert!(reply.header("content-type").starts_with("text/html"), "{path}");
        let policy = reply.header("content-security-policy");
        assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{policy}");
        assert!(!reply.text.contains("<script>"), "no script stands in the page");
    }
    for (method, path, headers) in [
        ("GET", "/orders", &[("accept", "application/json")][..]),
        ("GET", "/api/v2/nothing", &page[..]),
        ("GET", "/assets/none.js", &page[..]),
        ("POST", "/orders", &page[..]),
    ] {
        let reply = house.send(method, path, headers, None);
        assert_eq!((reply.status, reply.code()), (404, "request.no_such_path".into()), "{path}");
    }
}
