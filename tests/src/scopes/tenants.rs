//! Two tenants behind one server: what is one's is nobody's to the other. Every operation of the
//! written API with an id is asked with the other's and with nobody's, by an administrator and by
//! their key; every list, search, table and live line is read for what is not one's own.
use super::{CLOCK, Looker, Reply, World, doors, list, naming, searched, state};
use crate::house::{House, beside, each};
use http::{Asked, Inside, Kind, Tenant, Tenants};
use kernel::{Instant, Result};
use meta::{Entity, FieldKind};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use store::moving::sums;

/// What only the other tenant has: found anywhere, it came through the wall.
const MARK: &str = "隔壁老王";
const THEIRS: i64 = 1_795_000_000;

/// Both, behind one server.
struct Two {
    mine: World,
    theirs: World,
    /// My administrator by sign-in, and by a key.
    mes: Vec<Looker>,
}

fn two(house: &House, other: &House) -> Result<Two> {
    other.customer(MARK, "N30", None)?;
    let (mut theirs, mut mine) = (World::new(other)?, World::new(house)?);
    let served = |house: &House| -> Result<Tenant> {
        let hosts = vec![format!("t{}.example.com", house.tenant)];
        Ok(Tenant { hosts, state: state(house)? })
    };
    let all = Tenants::new(vec![served(house)?, served(other)?])?;
    mine.inside = Inside::of(&all)?;
    theirs.inside = Inside::of(&all)?;
    let admin = mine.lookers.iter().find(|l| l.login == "only_admin").expect("an administrator");
    let body = json!({ "name": "program", "permissions": ["*"],
        "expires_at": "2026-06-01T00:00:00Z" });
    let made = mine.ask(admin, "POST", "/api/v1/me/keys", Some(&body));
    let key = made.body["token"].as_str().unwrap_or_else(|| panic!("{}", made.body)).to_owned();
    let named = |token: &str, login: &str| -> Result<Looker> {
        let (now, maker) = (house.now(), house.store.ids());
        let cx =
            house.read(|_, tx| access::questions::user_ctx(tx, &admin.login, "HL", now, maker))?;
        Ok(Looker { login: login.to_owned(), cx, token: token.to_owned() })
    };
    let mes = vec![named(&admin.token, "administrator")?, named(&key, "their key")?];
    Ok(Two { mine, theirs, mes })
}

/// Two tenants of one server on each engine.
fn each_two(story: impl Fn(&House, &House, &Two) -> Result<()>) {
    each(|house| {
        let other = beside(house, THEIRS);
        let two = two(house, &other)?;
        story(house, &other, &two)
    });
}

/// An id that neither has.
fn nobodys(id: &str) -> String {
    (id.parse::<i64>().unwrap_or(1) + (999_999 << 22)).to_string()
}

/// What is answered, without the id that was asked for.
fn said(reply: &Reply, id: &str) -> (u16, String) {
    (reply.status, reply.body.to_string().replace(id, "ID"))
}

/// Ids of theirs for each first part of an address.
fn ids(two: &Two) -> BTreeMap<String, Vec<String>> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, rows) in &two.theirs.rows {
        let Some(entity) = two.mine.catalog.entity(name) else { continue };
        let some = rows.iter().take(2).map(|row| row.id.clone());
        all.entry(entity.collection.to_owned()).or_default().extend(some);
    }
    let admin = two.theirs.lookers.iter().find(|l| l.login == "only_admin").expect("there");
    for (part, path) in [("sign-ins", "/api/v1/me/sign-ins"), ("accounts", "/api/v1/accounts")] {
        let reply = two.theirs.ask(admin, "GET", path, None);
        let found = reply.ids().into_iter().take(2).map(str::to_owned);
        all.entry(part.to_owned()).or_default().extend(found);
    }
    all
}

/// Every operation of the written API whose address has an id.
fn with_ids(two: &Two) -> Vec<(&'static str, String)> {
    let document = http::openapi::document(&two.mine.catalog);
    let paths = document["paths"].as_object().expect("paths");
    let mut all = Vec::new();
    for (path, methods) in paths.iter().filter(|(path, _)| path.contains("{id}")) {
        for (name, method) in [("get", "GET"), ("post", "POST"), ("patch", "PATCH")] {
            if methods.get(name).is_some() {
                all.push((method, path.clone()));
            }
        }
    }
    all
}

#[test]
fn an_id_of_another_tenant_is_answered_like_an_id_of_nobody() {
    each_two(|_, _, two| {
        let (ids, mut asked, mut absent, mut wrong) = (ids(two), 0, 0, Vec::new());
        let any: Vec<String> = ids.values().flatten().take(3).cloned().collect();
        for (method, path) in with_ids(two) {
            let part = path.split('/').take_while(|p| *p != "{id}").last().unwrap_or_default();
            let collections: Vec<&str> = match part {
                "{collection}" => vec!["orders", "parties", "invoices"],
                part => vec![part],
            };
            for collection in collections {
                let of = ids.get(collection).filter(|of| !of.is_empty()).unwrap_or(&any);
                for (id, who) in of.iter().flat_map(|id| two.mes.iter().map(move |w| (id, w))) {
                    let path = path.replace("{collection}", collection).replace("{file}", id);
                    let body = (method != "GET").then(|| body_for(two, who, &path));
                    let at = |id: &str| {
                        // A key has so many requests in a minute.
                        CLOCK.fetch_add(Instant::SECOND / 5, Ordering::Relaxed);
                        let path = path.replace("{id}", id);
                        said(&two.mine.ask(who, method, &path, body.as_ref()), id)
                    };
                    let (foreign, absent_one) = (at(id), at(&nobodys(id)));
                    if foreign != absent_one || foreign.0 < 400 {
                        wrong.push(format!("{} {method} {path}: {foreign:?}", who.login));
                    }
                    asked += 1;
                    absent += usize::from(foreign.0 == 404);
                }
            }
        }
        println!("{asked} asked, {absent} were not found");
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(asked > 400 && absent > 250, "{asked} {absent}");
        Ok(())
    });
}

/// A body with everything that a verb requires, so that the row is looked for.
fn body_for(two: &Two, who: &Looker, path: &str) -> Json {
    let operations = two.mine.catalog.operations();
    let run = operations.iter().find_map(|o| match o.kind {
        Kind::Run(verb) if o.path == path => Some(verb),
        _ => None,
    });
    run.map_or_else(|| json!({}), |verb| naming(&two.mine, who, verb, (false, "", "")))
}

/// Theirs in a body: refused as unknown, and nothing of it is kept.
#[test]
fn a_row_of_another_tenant_in_a_body_is_unknown_and_is_not_kept() {
    each_two(|house, _, two| {
        let entities: Vec<&'static Entity> =
            flows::entities().into_iter().filter(|e| !running(e.name)).collect();
        let before = sums(&house.target, &entities)?;
        let (mut refused, mut wrong) = (0, Vec::new());
        for who in &two.mes {
            for operation in two.mine.catalog.operations() {
                let (id, verb) = match operation.kind {
                    Kind::Make(verb) => ("", verb),
                    Kind::Run(verb) => match two.mine.rows.get(operation.entity.name) {
                        Some(rows) if !rows.is_empty() => (rows[0].id.as_str(), verb),
                        _ => continue,
                    },
                    _ => continue,
                };
                for (of_line, fields) in [(false, verb.takes), (true, verb.lines)] {
                    for field in fields {
                        let FieldKind::Ref(to) = field.kind else { continue };
                        let Some(theirs) = two.theirs.rows.get(to).and_then(|r| r.first()) else {
                            continue;
                        };
                        let path = operation.path.replace("{id}", id);
                        let tell = |id: &str| {
                            let body = naming(&two.mine, who, verb, (of_line, field.name, id));
                            said(&two.mine.ask(who, "POST", &path, Some(&body)), id)
                        };
                        let (foreign, absent) = (tell(&theirs.id), tell(&nobodys(&theirs.id)));
                        let at = format!("{} {path} {}", who.login, field.name);
                        if foreign != absent || foreign.0 < 400 {
                            wrong.push(format!("{at}: {foreign:?} {absent:?}"));
                        }
                        refused += usize::from(foreign.0 == 422 || foreign.0 == 404);
                    }
                }
            }
        }
        println!("{refused} were unknown");
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(refused > 20, "{refused}");
        assert_eq!(sums(&house.target, &entities)?, before, "a refusal keeps nothing");
        Ok(())
    });
}

/// Rows that a request leaves whoever it comes from: how keys and sessions were used.
fn running(name: &str) -> bool {
    matches!(name, "idempotency" | "sign_in" | "sign_in_attempt" | "api_key" | "lease")
}

#[test]
fn lists_searches_tables_and_live_lines_have_nothing_of_another_tenant() {
    each_two(|_, _, two| {
        let theirs: Vec<&str> =
            two.theirs.rows.values().flatten().map(|row| row.id.as_str()).collect();
        let mine: Vec<&str> = two.mine.rows.values().flatten().map(|row| row.id.as_str()).collect();
        assert!(mine.len() > 100 && theirs.len() > 100, "{} {}", mine.len(), theirs.len());
        let kinds = two.mine.rows.iter().map(|(kind, rows)| (kind, rows, &two.theirs.rows[kind]));
        for (kind, mine, theirs) in kinds {
            let shared = mine.iter().find(|row| theirs.iter().any(|other| other.id == row.id));
            assert!(shared.is_none(), "{kind}");
        }
        for world in [&two.mine, &two.theirs] {
            let admin = world.lookers.iter().find(|l| l.login == "only_admin").expect("there");
            for operation in world.catalog.operations() {
                if matches!(operation.kind, Kind::List) {
                    list(world, admin, &operation);
                }
            }
            searched(world, admin);
            doors::exported(world, admin);
        }
        let admin = two.mes.first().expect("an administrator");
        doors::heard(&two.mine, admin);
        everything_read(two, &theirs);
        Ok(())
    });
}

/// Every address of the written API without an id, read by both; no word and no id of theirs.
fn everything_read(two: &Two, theirs: &[&str]) {
    let document = http::openapi::document(&two.mine.catalog);
    let paths = document["paths"].as_object().expect("paths");
    let (mut read, mut marked) = (0, 0);
    let open = |path: &str| path.contains('{') || path == "/api/v1/live";
    for path in paths.keys().filter(|path| !open(path) && paths[*path].get("get").is_some()) {
        let more = match path.as_str() {
            "/api/v1/search" => "?q=%E9%9A%94%E5%A3%81",
            "/api/v1/parties" => "?q=%E9%9A%94%E5%A3%81&count=exact",
            _ => "",
        };
        let path = format!("{path}{more}");
        for who in &two.mes {
            let asked =
                Asked { method: "GET", path: &path, token: &who.token, body: None, key: "" };
            let (status, bytes) = two.mine.inside.bytes(&asked, "").expect("an answer");
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains(MARK), "{} {path}", who.login);
            let id = theirs.iter().filter(|id| id.len() > 6).find(|id| text.contains(**id));
            assert!(id.is_none(), "{} {path}: {id:?}", who.login);
            read += usize::from(status == 200);
        }
        // The same question to its owner finds it, or nothing would be proved.
        let owner = two.theirs.lookers.iter().find(|l| l.login == "only_admin").expect("there");
        let reply = two.theirs.ask(owner, "GET", &path, None);
        marked += usize::from(reply.body.to_string().contains(MARK));
    }
    println!("{read} read, {marked} have the mark for its owner");
    assert!(read > 150 && marked >= 2, "{read} {marked}");
}

#[test]
fn a_token_of_one_tenant_opens_no_other_whatever_it_claims() {
    each_two(|house, other, two| {
        let me = |token: &str| {
            let path = "/api/v1/me";
            let asked = Asked { method: "GET", path, token, body: None, key: "" };
            two.mine.inside.ask(&asked).map(|(status, body)| (status, body["code"].clone()))
        };
        let (refused, mine) = ((403, json!("access.sign_in_needed")), &two.mes[0].token);
        let stranger = me("1-00")?;
        assert_eq!(stranger.1, refused.1);
        for token in [mine, &two.mes[1].token] {
            assert_eq!(me(token)?.0, 200);
            let forged =
                token.replace(&format!("{}-", house.tenant), &format!("{}-", other.tenant));
            assert_ne!(*token, forged);
            assert_eq!(me(&forged)?, stranger, "proved where it claims to be, and not there");
            let nowhere = token.replace(&format!("{}-", house.tenant), "77-");
            assert_eq!(me(&nowhere)?, stranger);
        }
        Ok(())
    });
}

#[test]
fn a_password_opens_only_the_tenant_whose_code_is_said() {
    each_two(|house, other, two| {
        let hashed = access::password::hash("only_admin", "correct horse", [7; 16])?;
        house.run(|cx, tx| {
            let user = access::user_rows::by_login(tx, "only_admin")?.expect("there");
            access::commands::set_password(cx, tx, user.id, &hashed)
        })?;
        let sign_in = |tenant: Option<&str>, host: &str| {
            let mut body = json!({ "login": "only_admin", "password": "correct horse",
                "bearer": true });
            if let Some(code) = tenant {
                body["tenant"] = json!(code);
            }
            let path = "/api/v1/sign-in";
            let asked = Asked { method: "POST", path, token: "", body: Some(&body), key: "" };
            two.mine.inside.ask_at(host, &asked)
        };
        let (mine, theirs) = (format!("t{}", house.tenant), format!("t{}", other.tenant));
        let code = |reply: &(u16, Json)| reply.1["code"].as_str().unwrap_or("").to_owned();
        assert_eq!(code(&sign_in(None, "inside")?), "tenant.which");
        let entered = sign_in(Some(&mine), "inside")?;
        assert_eq!(entered.0, 200, "{}", entered.1);
        let (wrong, unknown) = (sign_in(Some(&theirs), "inside")?, sign_in(Some("x"), "inside")?);
        assert_eq!(wrong, unknown, "no code is betrayed");
        assert_eq!(code(&wrong), "access.wrong_sign_in");
        // A host name says the tenant; what leads elsewhere is refused there.
        assert_eq!(sign_in(None, "t1.example.com:8360")?.0, 200);
        assert_eq!(sign_in(Some(&mine), &format!("{theirs}.example.com"))?, wrong);
        let token = entered.1["token"].as_str().expect("a token").to_owned();
        let path = "/api/v1/me";
        let asked = Asked { method: "GET", path, token: &token, body: None, key: "" };
        assert_eq!(two.mine.inside.ask_at("t1.example.com", &asked)?.0, 200);
        let elsewhere = two.mine.inside.ask_at(&format!("{theirs}.example.com"), &asked)?;
        assert_eq!(code(&elsewhere), "access.sign_in_needed");
        Ok(())
    });
}
