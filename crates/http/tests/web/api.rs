//! The API behind the real router on SQLite: what it does, and what it refuses.

use crate::house::{GOOD, House};
use serde_json::{Value as Json, json};

#[test]
fn a_password_signs_in_with_a_cookie_that_scripts_cannot_read() {
    let house = House::new();
    house.set_password("li.lei");
    let body = json!({ "login": "li.lei", "password": GOOD });
    let reply = house.send("POST", "/api/v1/sign-in", &[], Some(&body));
    assert_eq!(reply.status, 200, "{}", reply.text);
    let cookie = reply.header("set-cookie");
    assert!(cookie.starts_with("hl_sid=") && cookie.contains("HttpOnly"), "{cookie}");
    assert!(cookie.contains("SameSite=Lax"), "{cookie}");
    assert!(!reply.text.contains("token"), "the token is in the cookie only");
    let cookie = cookie.split(';').next().unwrap();
    let me = house.send("GET", "/api/v1/me", &[("cookie", cookie)], None);
    assert_eq!(me.json()["user"]["login"], "li.lei");
    assert_eq!(me.json()["company"]["currency"], "CNY");
    let json = [("cookie", cookie)];
    let out = house.send("POST", "/api/v1/sign-out", &json, Some(&json!({})));
    assert_eq!(out.status, 200, "{}", out.text);
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(house.send("GET", "/api/v1/me", &json, None).status, 401);
}

#[test]
fn a_wrong_password_and_an_unknown_login_look_the_same_and_must_soon_wait() {
    let house = House::new();
    house.set_password("li.lei");
    let sign_in = |login: &str, password: &str| {
        let body = json!({ "login": login, "password": password });
        house.send("POST", "/api/v1/sign-in", &[("accept-language", "en")], Some(&body))
    };
    let (wrong, unknown) = (sign_in("li.lei", "wrong horse"), sign_in("ghost", GOOD));
    assert_eq!((wrong.status, wrong.code()), (401, "access.wrong_sign_in".into()));
    assert_eq!(wrong.text, unknown.text);
    for _ in 0..4 {
        assert_eq!(sign_in("li.lei", "wrong horse").status, 401);
    }
    let throttled = sign_in("li.lei", GOOD);
    assert_eq!((throttled.status, throttled.code()), (429, "access.throttled".into()));
    assert_eq!(throttled.header("retry-after"), "1");
    assert_eq!(throttled.header("content-type"), "application/problem+json");
}

#[test]
fn without_a_session_nothing_answers_however_the_path_is_bent() {
    let house = House::new();
    for (method, path) in [
        ("GET", "/api/v1/me"),
        ("GET", "/api/v1/me/sign-ins"),
        ("POST", "/api/v1/sign-out"),
        ("GET", "/api/v1/orders"),
        ("POST", "/api/v1/orders"),
        ("GET", "/api/v1/orders/1"),
        ("PATCH", "/api/v1/orders/1"),
        ("POST", "/api/v1/orders/1/submit"),
        ("POST", "/api/v1/orders/bulk/submit"),
        ("GET", "/api/v1/orders/1/chain"),
        ("GET", "/api/v1/nothing"),
    ] {
        let reply = house.send(method, path, &[], None);
        assert_eq!((reply.status, reply.code()), (401, "access.sign_in_needed".into()), "{path}");
    }
    for path in [
        "/api/v1/me;.css",
        "/api/v1/sign-in/../me",
        "/api/v1/sign-in/..;/me",
        "/api/v1/%6de",
        "/api/v1//me",
        "//api/v1/me",
        "/api/v1/me/",
        "/API/V1/ME",
        "/healthz/../api/v1/me",
        "/healthz%2f..%2fapi/v1/me",
        "/api/v1/orders%2f1",
        "/api/v1/openapi.json/../orders",
        "/style.css/../api/v1/orders",
        "/api/v1/me%00.css",
        "/api/v1/orders?x=/healthz",
    ] {
        for method in ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"] {
            let reply = house.raw(method, path, &[], Vec::new());
            assert!(reply.status >= 400, "{method} {path}: {} {}", reply.status, reply.text);
        }
    }
    let forged = [("authorization", "Bearer 00"), ("cookie", "hl_sid=00")];
    assert_eq!(house.send("GET", "/api/v1/orders", &forged, None).status, 401);
}

#[test]
fn what_needs_no_session_shows_nothing_of_the_company() {
    let house = House::new();
    assert_eq!(house.send("GET", "/healthz", &[], None).json(), json!({ "status": "ok" }));
    let document = house.send("GET", "/api/v1/openapi.json", &[], None).json();
    assert_eq!(document["openapi"], "3.1.0");
    let submit = &document["paths"]["/api/v1/orders/{id}/submit"]["post"];
    assert_eq!(submit["x-permission"], "sales.order.submit");
    let secret = ["/api/v1/passwords", "/api/v1/password", "/api/v1/sign_in", "/api/v1/fact"];
    assert!(secret.iter().all(|path| document["paths"][*path].is_null()));
}

#[test]
fn a_row_of_another_owner_looks_like_one_that_does_not_exist() {
    let house = House::new();
    let party = house.party("ACME");
    let order = house.order("li.lei", "SO-1", &party);
    let path = format!("/api/v1/orders/{order}");
    let of = |login: &str, method: &str, path: &str| house.ask(login, method, path, None);
    assert_eq!(of("li.lei", "GET", &path).json()["number"], "SO-1");
    assert_eq!(of("boss", "GET", &path).status, 200);
    for (method, more) in [("GET", ""), ("GET", "/chain"), ("POST", "/submit")] {
        let foreign = of("han.meimei", method, &format!("{path}{more}"));
        let missing = of("han.meimei", method, &format!("/api/v1/orders/42{more}"));
        assert_eq!((foreign.status, foreign.code()), (404, "store.not_found".into()), "{more}");
        let strip = |reply: &crate::house::Reply, id: &str| reply.text.replace(id, "ID");
        assert_eq!(strip(&foreign, &order), strip(&missing, "42"));
    }
    assert_eq!(of("han.meimei", "GET", "/api/v1/orders").json()["rows"], json!([]));
    assert_eq!(of("nobody", "GET", "/api/v1/orders").code(), "access.forbidden");
    assert_eq!(of("jim", "POST", &format!("{path}/submit")).code(), "access.forbidden");
    assert_eq!(of("li.lei", "GET", &path).json()["state"], "draft");
}

#[test]
fn the_browsers_cookie_is_worth_nothing_to_another_site() {
    let house = House::new();
    let party = house.party("ACME");
    let order = house.order("li.lei", "SO-1", &party);
    let path = format!("/api/v1/orders/{order}/submit");
    let cookie = format!("hl_sid={}", house.token("li.lei"));
    let send = |more: &[(&str, &str)]| {
        let mut headers = vec![("cookie", cookie.as_str())];
        headers.extend_from_slice(more);
        house.raw("POST", &path, &headers, b"{}".to_vec())
    };
    let json = ("content-type", "application/json");
    for (more, status, code) in [
        (vec![json, ("sec-fetch-site", "cross-site")], 403, "request.cross_site"),
        (vec![json, ("sec-fetch-site", "same-site")], 403, "request.cross_site"),
        (vec![json, ("origin", "https://evil.test")], 403, "request.cross_site"),
        (vec![json, ("origin", "null")], 403, "request.cross_site"),
        (vec![("sec-fetch-site", "same-origin")], 415, "request.not_json"),
        (vec![("content-type", "text/plain")], 415, "request.not_json"),
        (vec![("content-type", "application/x-www-form-urlencoded")], 415, "request.not_json"),
    ] {
        let reply = send(&more);
        assert_eq!((reply.status, reply.code()), (status, code.to_owned()), "{more:?}");
    }
    let order = house.ask("li.lei", "GET", &format!("/api/v1/orders/{order}"), None);
    assert_eq!(order.json()["state"], "draft");
    let own = send(&[json, ("origin", "http://hl.test")]);
    assert_eq!(own.status, 200, "{}", own.text);
}

#[test]
fn a_body_is_held_against_what_the_verb_declares() {
    let house = House::new();
    let (party, long) = (house.party("ACME"), "x".repeat(33));
    let line = |qty: &str| json!({ "product": "1", "qty": qty });
    for (body, code) in [
        (json!({ "gross": "1" }), "field.required"),
        (json!({ "party": party, "gross": "1", "state": "confirmed" }), "field.unknown"),
        (json!({ "party": party, "gross": "1", "owner": "1" }), "field.unknown"),
        (json!({ "party": party, "gross": "1.001" }), "number.too_precise"),
        (json!({ "party": party, "gross": "much" }), "number.invalid"),
        (json!({ "party": party, "gross": "1", "number": long }), "field.too_long"),
        (json!({ "party": party, "gross": "1", "lines": [line("x")] }), "number.invalid"),
        (json!({ "party": party, "gross": "1", "lines": {} }), "lines.malformed"),
        (json!({ "party": party, "gross": "1", "lines": [{ "qty": "1" }] }), "field.required"),
        (json!([]), "body.not_an_object"),
    ] {
        let reply = house.ask("li.lei", "POST", "/api/v1/orders", Some(&body));
        assert_eq!((reply.status, reply.code()), (422, code.to_owned()), "{body}");
    }
    let lines: Vec<Json> = (0..2001).map(|_| line("1")).collect();
    let body = json!({ "party": party, "gross": "1", "lines": lines });
    let reply = house.ask("li.lei", "POST", "/api/v1/orders", Some(&body));
    assert_eq!(reply.code(), "lines.too_many");
    let body = json!({ "party": party, "gross": "1", "lines": [line("1"), line("y")] });
    let reply = house.ask("li.lei", "POST", "/api/v1/orders", Some(&body));
    assert_eq!(reply.json()["fields"]["line"], "2");
    assert_eq!(house.ask("boss", "GET", "/api/v1/orders", None).json()["total"], 0);
}

#[test]
fn a_version_that_moved_on_is_a_conflict() {
    let house = House::new();
    let party = house.party("ACME");
    let order = house.order("li.lei", "SO-1", &party);
    let path = format!("/api/v1/orders/{order}/submit");
    let with =
        |version: &str| house.ask_with("li.lei", "POST", &path, &[("if-match", version)], None);
    let late = with("\"7\"");
    assert_eq!((late.status, late.code()), (409, "store.version_conflict".into()));
    assert_eq!(with("seven").code(), "request.if_match");
    let in_body = house.ask("li.lei", "POST", &path, Some(&json!({ "version": 7 })));
    assert_eq!(in_body.code(), "store.version_conflict");
    let done = with("\"1\"");
    assert_eq!((done.status, done.header("etag")), (200, "\"2\""));
    let path = format!("/api/v1/parties/{party}");
    let change = |version: i64| {
        let body = json!({ "name": "ACME 2", "version": version });
        house.ask("boss", "PATCH", &path, Some(&body))
    };
    assert_eq!(change(3).code(), "store.version_conflict");
    assert_eq!(change(1).json()["version"], 2);
    assert_eq!(change(1).code(), "store.version_conflict");
}

#[test]
fn a_key_acts_once_and_refusals_keep_nothing() {
    let house = House::new();
    let party = house.party("ACME");
    let order = house.order("li.lei", "SO-1", &party);
    let ship = format!("/api/v1/orders/{order}/ship");
    let post = |key: &str, path: &str, body: &Json| {
        house.ask_with("boss", "POST", path, &[("idempotency-key", key)], Some(body))
    };
    let none = house.ask("boss", "POST", &ship, None);
    assert_eq!((none.status, none.code()), (422, "idempotency.required".into()));
    assert_eq!(post("", &ship, &json!({})).code(), "idempotency.invalid_key");
    assert_eq!(post(&"k".repeat(201), &ship, &json!({})).code(), "idempotency.invalid_key");
    let early = post("k1", &ship, &json!({}));
    assert_eq!((early.status, early.code()), (409, "state.not_allowed".into()));
    house.ask("boss", "POST", &format!("/api/v1/orders/{order}/submit"), None);
    let first = post("k1", &ship, &json!({}));
    assert_eq!((first.status, first.header("idempotency-replayed")), (200, ""), "{}", first.text);
    let again = post("k1", &ship, &json!({}));
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!((again.status, &again.text), (first.status, &first.text));
    let shipped = house.ask("boss", "GET", &format!("/api/v1/orders/{order}"), None).json();
    assert_eq!((&shipped["holds"], &shipped["version"]), (&json!(1), &json!(3)));
    let other = post("k1", &ship, &json!({ "version": 3 }));
    assert_eq!((other.status, other.code()), (409, "idempotency.mismatch".into()));
    let elsewhere = post("k1", &format!("/api/v1/orders/{order}/submit"), &json!({}));
    assert_eq!(elsewhere.code(), "idempotency.mismatch");
}

#[test]
fn many_rows_at_once_give_a_result_each() {
    let house = House::new();
    let party = house.party("ACME");
    let first = house.order("li.lei", "SO-1", &party);
    let second = house.order("li.lei", "SO-2", &party);
    let foreign = house.order("han.meimei", "SO-3", &party);
    house.ask("li.lei", "POST", &format!("/api/v1/orders/{second}/submit"), None);
    let post = |body: &Json| house.ask("li.lei", "POST", "/api/v1/orders/bulk/submit", Some(body));
    let reply = post(&json!({ "ids": [first, second, foreign, first] }));
    let results = reply.json()["results"].as_array().unwrap().clone();
    let seen: Vec<(i64, &str)> = results
        .iter()
        .map(|r| (r["status"].as_i64().unwrap(), r["problem"]["code"].as_str().unwrap_or("")))
        .collect();
    assert_eq!(seen, [(200, ""), (409, "state.not_allowed"), (404, "store.not_found")]);
    let said: Vec<&Json> = results.iter().map(|r| &r["result"]).collect();
    assert_eq!(said, ["done", "refused", "refused"]);
    assert_eq!(results[2]["code"], "store.not_found");
    let forbidden = house.ask("jim", "POST", "/api/v1/orders/bulk/submit", Some(&json!({})));
    assert_eq!((forbidden.status, forbidden.code()), (403, "access.forbidden".into()));
    assert_eq!(post(&json!({})).code(), "field.required");
    assert_eq!(post(&json!({ "ids": [] })).code(), "field.required");
    assert_eq!(post(&json!({ "ids": ["x"] })).code(), "id.invalid");
    let many: Vec<i64> = (1..=201).collect();
    assert_eq!(post(&json!({ "ids": many })).code(), "bulk.too_many");
}

#[test]
fn a_list_filters_sorts_and_pages_by_the_declaration() {
    let house = House::new();
    let party = house.party("ACME");
    for n in 1..=5 {
        house.order("li.lei", &format!("SO-{n}"), &party);
    }
    let get = |query: &str| house.ask("li.lei", "GET", &format!("/api/v1/orders?{query}"), None);
    let page = get("sort=-number&limit=2&fields=number").json();
    assert_eq!(page["total"], 5);
    assert_eq!(page["rows"][0]["number"], "SO-5");
    assert_eq!(page["rows"][0]["version"], 1);
    let next = page["next"].as_str().unwrap();
    let page = get(&format!("sort=-number&limit=2&cursor={next}")).json();
    assert_eq!((&page["rows"][0]["number"], &page["total"]), (&json!("SO-3"), &Json::Null));
    assert_eq!(get("filter=number:in:SO-1,SO-4&count=exact").json()["total"], 2);
    assert_eq!(get("q=so-2").json()["rows"].as_array().unwrap().len(), 1);
    assert_eq!(get("filter=gross:ge:113.00").json()["total"], 5);
    for (query, code) in [
        ("filter=secret:eq:1", "field.unknown"),
        ("sort=number;drop", "field.unknown"),
        ("limit=500", "list.limit"),
        ("cursor=deadbeef", "cursor.invalid"),
        ("offset=3", "list.unknown_parameter"),
    ] {
        let reply = get(query);
        assert_eq!((reply.status, reply.code()), (422, code.to_owned()), "{query}");
    }
    let order = page["rows"][0]["id"].as_str().unwrap();
    let row =
        house.ask("li.lei", "GET", &format!("/api/v1/orders/{order}?lines=yes&verbs=yes"), None);
    let row = row.json();
    assert_eq!(row["order_lines"], json!([]));
    let open = |verb: &str| {
        let all = row["verbs"].as_array().unwrap();
        all.iter().find(|v| v["verb"] == verb).unwrap()["open"].clone()
    };
    assert_eq!((open("submit"), open("ship")), (json!(true), json!(false)));
}

#[test]
fn only_declared_writes_exist() {
    let house = House::new();
    let ask = |method: &str, path: &str| {
        let reply = house.ask("boss", method, path, Some(&json!({ "name": "X" })));
        (reply.status, reply.code())
    };
    let no_method = (405, "request.method_not_allowed".to_owned());
    let no_path = (404, "request.no_such_path".to_owned());
    assert_eq!(ask("POST", "/api/v1/users"), no_method);
    assert_eq!(ask("PATCH", "/api/v1/users/1"), no_method);
    assert_eq!(ask("PATCH", "/api/v1/orders/1"), no_method);
    assert_eq!(ask("POST", "/api/v1/orders/1/explode"), no_path);
    assert_eq!(ask("GET", "/api/v1/password"), no_path);
    assert_eq!(ask("GET", "/api/v1/sign_in"), no_path);
    assert_eq!(ask("GET", "/api/v1/order_lines"), no_path);
    assert_eq!(ask("GET", "/api/v1/orders/abc"), no_path);
    assert_eq!(ask("DELETE", "/api/v1/parties/1"), no_method);
    assert_eq!(ask("GET", "/nowhere"), no_path);
}

#[test]
fn a_problem_speaks_the_readers_language_and_a_bug_keeps_its_inside() {
    let house = House::new();
    let party = house.party("ACME");
    let order = house.order("boss", "SO-1", &party);
    let bearer = format!("Bearer {}", house.token("boss"));
    let get = |lang: &str| {
        let headers = [("authorization", bearer.as_str()), ("accept-language", lang)];
        house.send("GET", "/api/v1/orders/42", &headers, None).json()["title"].clone()
    };
    assert_eq!(get("en-GB,en"), "There is no such order, or it is not in your scope.");
    assert_eq!(get("zh-CN"), "找不到这条记录（order），或它不在您的数据范围内。");
    let bug = house.ask("boss", "POST", &format!("/api/v1/orders/{order}/burn"), None);
    assert_eq!((bug.status, bug.code()), (500, "bug.internal".into()));
    assert!(!bug.text.contains("secret") && !bug.text.contains("inside"), "{}", bug.text);
    assert!(!bug.json()["trace"].as_str().unwrap().is_empty());
}

#[test]
fn bodies_have_a_limit_and_every_answer_its_headers() {
    let house = House::new();
    let bearer = format!("Bearer {}", house.token("boss"));
    let send = |body: Vec<u8>| {
        let json = ("content-type", "application/json");
        house.raw("POST", "/api/v1/orders", &[("authorization", &bearer), json], body)
    };
    let large = send(vec![b' '; 1024 * 1024 + 1]);
    assert_eq!((large.status, large.code()), (413, "request.too_large".into()));
    assert_eq!(send(b"{".to_vec()).code(), "request.malformed");
    assert_eq!(send(vec![0xff, 0xfe]).code(), "request.malformed");
    for path in ["/", "/healthz", "/api/v1/me", "/nowhere", "/api/v1/openapi.json"] {
        let reply = house.send("GET", path, &[], None);
        let policy = reply.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{path}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        let is_app = path == "/" && !reply.header("etag").is_empty();
        let keeps = if is_app { "no-cache" } else { "no-store" };
        assert_eq!(reply.header("cache-control"), keeps, "{path}");
    }
}

#[test]
fn sessions_are_listed_and_ones_own_can_be_revoked() {
    let house = House::new();
    let all = house.ask("li.lei", "GET", "/api/v1/me/sign-ins", None).json();
    let mine = all["rows"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(all["rows"][0]["this"], json!(true));
    let path = format!("/api/v1/me/sign-ins/{mine}/revoke");
    let foreign = house.ask("han.meimei", "POST", &path, None);
    assert_eq!((foreign.status, foreign.code()), (404, "store.not_found".into()));
    assert_eq!(house.ask("li.lei", "POST", &path, None).status, 200);
    assert_eq!(house.ask("li.lei", "GET", "/api/v1/me", None).status, 401);
}

#[test]
fn the_same_key_from_many_hands_at_once_acts_once() {
    let house = House::new();
    let party = house.party("ACME");
    let order = house.order("li.lei", "SO-1", &party);
    house.ask("li.lei", "POST", &format!("/api/v1/orders/{order}/submit"), None);
    let path = format!("/api/v1/orders/{order}/ship");
    let key = [("idempotency-key", "k1")];
    let ship = || house.ask_with("boss", "POST", &path, &key, Some(&json!({})));
    let replies: Vec<(u16, String)> = std::thread::scope(|scope| {
        let hands: Vec<_> = (0..16).map(|_| scope.spawn(ship)).collect();
        let reply = |hand: std::thread::ScopedJoinHandle<'_, crate::house::Reply>| {
            let reply = hand.join().unwrap();
            (reply.status, reply.code())
        };
        hands.into_iter().map(reply).collect()
    });
    let fits = |(status, code): &(u16, String)| match status {
        200 => code.is_empty(),
        _ => (*status, code.as_str()) == (409, "idempotency.running"),
    };
    assert!(replies.iter().all(fits), "{replies:?}");
    assert!(replies.iter().any(|(status, _)| *status == 200), "{replies:?}");
    let order = house.ask("boss", "GET", &format!("/api/v1/orders/{order}"), None).json();
    assert_eq!(order["holds"], 1);
}

#[test]
fn the_server_answers_on_a_socket_and_stops_when_told() {
    use std::io::{Read, Write};
    let house = House::new();
    let (told, stop) = tokio::sync::oneshot::channel::<()>();
    let (address, running) = house.serve(stop);
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    let ask = "GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    stream.write_all(ask.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("{\"status\":\"ok\"}"));
    told.send(()).unwrap();
    house.wait(running);
}
