//! The first pages, without script: set-up, signing in, orders, one order and its buttons.

use crate::house::{GOOD, House, Reply};

fn form(house: &House, path: &str, body: &str) -> Reply {
    let headers =
        [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
    house.raw("POST", path, &headers, body.as_bytes().to_vec())
}

fn cookie(reply: &Reply) -> String {
    reply.header("set-cookie").split(';').next().unwrap_or("").to_owned()
}

#[test]
fn the_first_run_leads_through_set_up_to_the_orders() {
    let house = House::empty();
    let first = house.send("GET", "/", &[], None);
    assert!(first.text.contains("公司还没有设置"), "{}", first.text);
    let link = house.setup_link();
    let page = house.send("GET", &format!("/link/{link}"), &[], None);
    assert!(page.text.contains("启用期间") && page.text.contains(&link), "{}", page.text);
    let answers = |password: &str| {
        format!(
            "link={link}&name=%E6%B1%87%E6%B5%81&code=HL&start_period=2026-01&chart=small\
             &taxpayer=general&prices=incl&default_tax_code=VAT13&costing=moving_average\
             &recognition=on_ship&credit_control=yes&person=Wang&login=wang&password={password}"
        )
    };
    let weak = form(&house, "/set-up", &answers("12345678"));
    assert_eq!(weak.status, 422);
    assert!(weak.text.contains("这个密码太常见") && weak.text.contains("value=\"汇流\""));
    let strange = form(&house, "/set-up", &answers("good%20horse").replace("small", "other"));
    assert_eq!(strange.status, 422);
    let done = form(&house, "/set-up", &answers("good%20horse"));
    assert_eq!((done.status, done.header("location")), (303, "/orders"), "{}", done.text);
    let orders = house.send("GET", "/orders", &[("cookie", &cookie(&done))], None);
    assert_eq!(orders.status, 200, "{}", orders.text);
    assert!(orders.text.contains("汇流") && orders.text.contains("Wang"));
    let again = form(&house, "/set-up", &answers("good%20horse"));
    assert_eq!(again.status, 403);
}

#[test]
fn a_form_signs_in_and_a_refusal_says_why() {
    let house = House::new();
    house.set_password("li.lei");
    let wrong = form(&house, "/sign-in", "login=li.lei&password=wrong");
    assert_eq!(wrong.status, 401);
    assert!(wrong.text.contains("登录名或密码不对") && wrong.text.contains("value=\"li.lei\""));
    let password = GOOD.replace(' ', "+");
    let right = form(&house, "/sign-in", &format!("login=li.lei&password={password}"));
    assert_eq!((right.status, right.header("location")), (303, "/orders"));
    let cookie = cookie(&right);
    let first = house.send("GET", "/", &[("cookie", &cookie)], None);
    assert_eq!(first.header("location"), "/orders");
    let out = house.raw("POST", "/sign-out", &[("cookie", &cookie)], Vec::new());
    assert_eq!(out.header("location"), "/");
    let after = house.send("GET", "/orders", &[("cookie", &cookie)], None);
    assert_eq!((after.status, after.header("location")), (303, "/"));
}

#[test]
fn looking_at_a_link_does_not_use_it_up_and_pressing_the_button_does() {
    let house = House::new();
    let path = format!("/link/{}", house.link("li.lei"));
    for _ in 0..2 {
        assert_eq!(house.send("GET", &path, &[], None).status, 200);
    }
    let evil = [("sec-fetch-site", "cross-site")];
    assert_eq!(house.raw("POST", &path, &evil, Vec::new()).status, 403);
    assert_eq!(form(&house, &path, "").header("location"), "/orders");
    assert_eq!(form(&house, &path, "").status, 403);
    assert_eq!(house.send("GET", &path, &[], None).status, 403);
}

#[test]
fn the_list_finds_orders_by_number_customer_and_state() {
    let house = House::new();
    let (acme, huaxing) = (house.party("ACME"), house.party("华兴电气"));
    house.order("li.lei", "SO-2026-00001", &acme);
    let second = house.order("li.lei", "SO-2026-00002", &huaxing);
    house.order("han.meimei", "SO-2026-00003", &acme);
    house.ask("li.lei", "POST", &format!("/api/v1/orders/{second}/submit"), None);
    let shown = |query: &str| {
        let page = house.browse("li.lei", "GET", &format!("/orders?{query}"), "");
        assert_eq!(page.status, 200, "{}", page.text);
        ["00001", "00002", "00003"].map(|n| page.text.contains(n))
    };
    assert_eq!(shown(""), [true, true, false]);
    assert_eq!(shown("q=%E5%8D%8E%E5%85%B4"), [false, true, false]);
    assert_eq!(shown("q=00001"), [true, false, false]);
    assert_eq!(shown("q=nobody"), [false, false, false]);
    assert_eq!(shown("state=confirmed"), [false, true, false]);
    let strange = house.browse("li.lei", "GET", "/orders?state=%3Cscript%3E", "");
    assert_eq!(strange.status, 422);
    assert!(!strange.text.contains("<script"), "{}", strange.text);
}

#[test]
fn thirty_orders_are_a_page_and_the_next_is_a_link() {
    let house = House::new();
    let party = house.party("ACME");
    for n in 1..=31 {
        house.order("li.lei", &format!("SO-{n:03}"), &party);
    }
    let first = house.browse("li.lei", "GET", "/orders?q=so-0", "");
    assert!(first.text.contains("SO-031") && !first.text.contains("SO-001"));
    let href = first.text.split("href=\"/orders?cursor=").nth(1).unwrap();
    let href = href.split('"').next().unwrap().replace("&amp;", "&");
    let second = house.browse("li.lei", "GET", &format!("/orders?cursor={href}"), "");
    assert!(second.text.contains("SO-001") && !second.text.contains("SO-031"));
}

/// The value of a hidden field of a form on a page.
fn hidden<'p>(page: &'p str, action: &str, name: &str) -> &'p str {
    let form = page.split(&format!("action=\"{action}\"")).nth(1).unwrap();
    let mark = format!("name=\"{name}\" value=\"");
    form.split(mark.as_str()).nth(1).unwrap().split('"').next().unwrap()
}

#[test]
fn an_order_shows_its_axes_chain_and_life_and_its_open_verbs_are_buttons() {
    let house = House::new();
    let party = house.party("<b>ACME</b>");
    let order = house.order("li.lei", "SO-7", &party);
    let path = format!("/orders/{order}");
    let page = house.browse("li.lei", "GET", &path, "");
    assert_eq!(page.status, 200, "{}", page.text);
    for expected in ["SO-7", "&lt;b&gt;ACME", "113.00 CNY", "SH-1", "not billed", "What happened"] {
        assert!(page.text.contains(expected), "{expected}: {}", page.text);
    }
    assert!(!page.text.contains("<b>ACME") && !page.text.contains("<script"));
    assert!(page.text.contains("<button disabled title="), "closed verbs are greyed with a reason");
    let action = format!("{path}/orders/{order}/submit");
    let (key, version) =
        (hidden(&page.text, &action, "key"), hidden(&page.text, &action, "version"));
    let sent = format!("key={key}&version={version}");
    let done = house.browse("li.lei", "POST", &action, &sent);
    assert_eq!((done.status, done.header("location")), (303, path.as_str()), "{}", done.text);
    let twice = house.browse("li.lei", "POST", &action, &sent);
    assert_eq!(twice.status, 303, "a double click acts once");
    let stale = house.browse("li.lei", "POST", &action, "key=other&version=1");
    assert_eq!(stale.status, 409);
    assert!(stale.text.contains("changed it first"), "{}", stale.text);
    let reason = format!("{path}/orders/{order}/cancel");
    let closed = house.browse("li.lei", "POST", &reason, "key=k3&reason=late");
    assert_eq!(closed.status, 409);
    let foreign = house.browse("han.meimei", "GET", &path, "");
    assert_eq!(foreign.status, 404);
    let foreign = house.browse("han.meimei", "POST", &action, "key=k4");
    assert_eq!(foreign.status, 404);
}

#[test]
fn the_language_is_chosen_by_the_address_and_kept() {
    let house = House::new();
    let page = house.send("GET", "/?lang=en", &[], None);
    assert!(page.text.contains("<html lang=\"en\">") && page.text.contains("Sign in"));
    assert!(page.header("set-cookie").starts_with("hl_lang=en"));
    let kept = house.send("GET", "/", &[("cookie", "hl_lang=en")], None);
    assert!(kept.text.contains("Sign in"));
    let other = house.send("GET", "/", &[("accept-language", "zh-CN,zh")], None);
    assert!(other.text.contains("登录") && other.text.contains("?lang=en"));
}

#[test]
fn every_key_of_the_pages_has_its_words() {
    let house = House::new();
    let party = house.party("ACME");
    let order = house.order("li.lei", "SO-7", &party);
    let setup = House::empty();
    let link = setup.setup_link();
    for lang in ["zh-CN", "en"] {
        let cookie = format!("hl_sid={}; hl_lang={lang}", house.token("li.lei"));
        let with = [("cookie", cookie.as_str())];
        for page in [
            house.send("GET", "/orders", &with, None),
            house.send("GET", &format!("/orders/{order}"), &with, None),
            house.send("GET", &format!("/?lang={lang}"), &[], None),
            house.send("GET", &format!("/link/{}?lang={lang}", house.link("boss")), &[], None),
            setup.send("GET", &format!("/link/{link}?lang={lang}"), &[], None),
            setup.send("GET", &format!("/?lang={lang}"), &[], None),
        ] {
            assert_eq!(page.status, 200, "{}", page.text);
            assert!(!page.text.contains("page-") && !page.text.contains("error-"), "{}", page.text);
        }
    }
}
