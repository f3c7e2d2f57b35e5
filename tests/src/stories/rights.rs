//! The owner's day with rights: departments move, roles are bounded, values are masked, keys are
//! made and revoked, duties are kept apart, work is delegated; through the API, on both engines.
use crate::house::{House, TENANT, each};
use access::commands;
use access::department::NewDepartment;
use access::user::{NewUser, User};
use http::{Asked, Catalog, Inside, Settings, State, Transport};
use kernel::{Id, Instant, Result};
use serde_json::{Value as Json, json};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

static CLOCK: AtomicI64 = AtomicI64::new(0);
static DICE: AtomicU64 = AtomicU64::new(1);
static ALONE: Mutex<()> = Mutex::new(());

fn random() -> [u8; 32] {
    let mut bytes = [5; 32];
    bytes[..8].copy_from_slice(&DICE.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    bytes.rotate_left(4);
    bytes
}

/// The API of a house, and the people who use it.
struct Office<'h> {
    house: &'h House,
    /// The clock is one for all: stories that move it are told one by one.
    _alone: MutexGuard<'static, ()>,
    inside: Inside,
}

struct Person {
    id: String,
    token: String,
}

impl<'h> Office<'h> {
    fn open(house: &'h House) -> Result<Self> {
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        CLOCK.store(house.now().0, Ordering::Relaxed);
        house.run(commands::create_usual_roles)?;
        let settings = Settings {
            store: Arc::clone(&house.store),
            tenant: TENANT,
            catalog: Catalog::of_flows(),
            clock: || Instant(CLOCK.load(Ordering::Relaxed)),
            random,
            transport: Transport::Plain,
            files: None,
            columns: std::env::temp_dir().join(format!("huiliu-r{}.facts", std::process::id())),
        };
        Ok(Self { house, _alone: alone, inside: Inside::new(State::new(settings)?)? })
    }

    fn person(&self, login: &str, department: &str, roles: &[&str]) -> Result<Person> {
        let department = self.department_of(department)?;
        let new = NewUser { login, name: login, department, roles };
        let user: User = self.house.run(|cx, tx| commands::create_user(cx, tx, &new))?;
        self.sign_in(user.id)
    }

    fn sign_in(&self, user: Id<User>) -> Result<Person> {
        let bytes = random();
        let link = self.house.run(|cx, tx| commands::issue_link(cx, tx, Some(user), bytes))?;
        let body = json!({ "link": link.text(), "bearer": true });
        let (_, reply) = self.ask("", "POST", "/api/v1/sign-in", Some(&body));
        let token = reply["token"].as_str().expect("a token").to_owned();
        Ok(Person { id: user.to_string(), token })
    }

    fn department_of(&self, code: &str) -> Result<Option<Id<access::department::Department>>> {
        if code.is_empty() {
            return Ok(None);
        }
        let company = Id::from_raw(self.house.company);
        let new = NewDepartment { company, code, name: code, parent: None };
        let known = self.house.read(|_, tx| {
            let code = kernel::Stored::text(code);
            let sql = store::find!(access::department::Department, "code = $2");
            tx.list::<access::department::Department>(sql, &[code])
        })?;
        match known.first() {
            Some(known) => Ok(Some(known.id)),
            None => {
                let made = self.house.run(|cx, tx| commands::create_department(cx, tx, &new))?;
                Ok(Some(made.id))
            }
        }
    }

    fn ask(&self, token: &str, method: &'static str, path: &str, body: Option<&Json>) -> Reply {
        self.ask_for(token, "", method, path, body)
    }

    fn ask_for(
        &self,
        token: &str,
        principal: &str,
        method: &'static str,
        path: &str,
        body: Option<&Json>,
    ) -> Reply {
        let key = DICE.fetch_add(1, Ordering::Relaxed).to_string();
        let asked = Asked { method, path, token, body, key: &key };
        self.inside.ask_for(&asked, principal).expect("an answer")
    }

    fn get(&self, who: &Person, path: &str) -> Json {
        let (status, body) = self.ask(&who.token, "GET", &format!("/api/v1/{path}"), None);
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    fn post(&self, who: &Person, path: &str, body: Json) -> Json {
        let (status, reply) = self.ask(&who.token, "POST", &format!("/api/v1/{path}"), Some(&body));
        assert!(status < 300, "{path} {body}: {reply}");
        reply
    }

    /// The code of a refusal.
    fn refused(&self, who: &Person, method: &'static str, path: &str, body: Json) -> String {
        let body = (method != "GET").then_some(body);
        let path = format!("/api/v1/{path}");
        let (status, reply) = self.ask(&who.token, method, &path, body.as_ref());
        assert!(status >= 400, "{path}: {reply}");
        reply["code"].as_str().unwrap_or("").to_owned()
    }

    fn ids(&self, who: &Person, path: &str) -> Vec<String> {
        let rows = self.get(who, path)["rows"].as_array().cloned().unwrap_or_default();
        rows.iter().filter_map(|row| row["id"].as_str().map(str::to_owned)).collect()
    }

    fn role(&self, who: &Person, code: &str) -> String {
        self.ids(who, &format!("roles?filter=code:eq:{code}")).remove(0)
    }

    fn facts(&self, activity: &str) -> Vec<Json> {
        let wanted = flows::trail::Wanted { activity: activity.to_owned(), ..Default::default() };
        let found = self.house.read(|cx, tx| flows::trail::trail(cx, tx, &wanted));
        found.expect("a trail")["rows"].as_array().cloned().unwrap_or_default()
    }
}

type Reply = (u16, Json);

/// A lead that the owner's desk gave to somebody.
fn lead(office: &Office<'_>, boss: &Person, to: &Person, name: &str) -> String {
    let body = json!({ "name": name, "phone": "13800138000", "mail": "wang@huaxing.cn" });
    let lead = office.post(boss, "leads", body)["id"].as_str().expect("an id").to_owned();
    office.post(boss, &format!("leads/{lead}/assign"), json!({ "owner": to.id }));
    lead
}

#[test]
fn heads_see_what_is_below_them_and_rows_follow_a_department_that_moves() {
    each(|house| {
        let office = Office::open(house)?;
        let boss = office.person("boss", "", &["admin"])?;
        let east = office.post(&boss, "departments", json!({ "code": "E", "name": "华东" }));
        let east = east["id"].as_str().expect("an id");
        let team = office.post(&boss, "roles", json!({ "code": "head", "name": "" }));
        let team = format!("roles/{}/grant", team["id"].as_str().expect("an id"));
        for permission in ["crm.*", "access.contact.read"] {
            let grant = json!({ "permission": permission, "reach": "department" });
            office.post(&boss, &team, grant);
        }
        let head = office.person("head", "E", &["head"])?;
        let ningbo = office.post(&boss, "departments", json!({ "code": "N", "name": "宁波" }));
        let ningbo = ningbo["id"].as_str().expect("an id");
        let seller = office.person("seller", "N", &["sales"])?;
        let theirs = lead(&office, &boss, &seller, "恒远机电");
        assert!(office.ids(&head, "leads").is_empty(), "another department");
        let path = format!("departments/{ningbo}");
        let below = json!({ "parent": east });
        let (status, reply) =
            office.ask(&boss.token, "PATCH", &format!("/api/v1/{path}"), Some(&below));
        assert_eq!(status, 200, "{reply}");
        assert_eq!(office.ids(&head, "leads"), [theirs.clone()], "it came below them");
        assert_eq!(office.get(&head, "leads?count=exact")["total"], 1);
        // No circle, and nothing of a stranger's.
        let circle = json!({ "parent": ningbo });
        let refused = office.refused(&boss, "PATCH", &format!("departments/{east}"), circle);
        assert_eq!(refused, "department.cycle");
        let refused = office.refused(&boss, "PATCH", &path, json!({ "parent": "77" }));
        assert_eq!(refused, "department.not_found");
        let refused = office.refused(&seller, "PATCH", &path, json!({ "parent": null }));
        assert_eq!(refused, "access.forbidden");
        // To the top again: the head sees nothing, the seller still their own.
        let top = json!({ "parent": null });
        office.ask(&boss.token, "PATCH", &format!("/api/v1/{path}"), Some(&top));
        assert!(office.ids(&head, "leads").is_empty());
        assert_eq!(office.ids(&seller, "leads"), [theirs]);
        let moved = office.facts("department.moved");
        assert_eq!(moved.len(), 2, "{moved:?}");
        assert_eq!(moved[0]["actor"], boss.id.as_str());
        Ok(())
    });
}

#[test]
fn a_role_reaches_as_far_on_each_kind_of_record_as_was_set_for_it() {
    each(|house| {
        let office = Office::open(house)?;
        let boss = office.person("boss", "", &["admin"])?;
        let (ann, bob) =
            (office.person("ann", "A", &["sales"])?, office.person("bob", "B", &["sales"])?);
        let (of_ann, of_bob) = (lead(&office, &boss, &ann, "甲"), lead(&office, &boss, &bob, "乙"));
        assert_eq!(office.ids(&ann, "leads"), [of_ann.clone()]);
        let role = office.role(&boss, "sales");
        let all = json!({ "entity": "lead", "reach": "all" });
        office.post(&boss, &format!("roles/{role}/set_reach"), all.clone());
        let mut seen = office.ids(&ann, "leads");
        seen.sort();
        assert_eq!(seen, [of_ann.clone(), of_bob.clone()]);
        // What is said twice is told once; the reach grants nothing that the role lacks.
        office.post(&boss, &format!("roles/{role}/set_reach"), all);
        assert_eq!(office.facts("role.reach_set").len(), 1);
        let entry = json!({ "entity": "entry", "reach": "all" });
        office.post(&boss, &format!("roles/{role}/set_reach"), entry);
        assert_eq!(office.refused(&ann, "GET", "entries", json!({})), "access.forbidden");
        office.post(&boss, &format!("roles/{role}/clear_reach"), json!({ "entity": "lead" }));
        assert_eq!(office.ids(&ann, "leads"), [of_ann]);
        let admin = office.role(&boss, "admin");
        let own = json!({ "entity": "lead", "reach": "own" });
        let refused = office.refused(&boss, "POST", &format!("roles/{admin}/set_reach"), own);
        assert_eq!(refused, "role.admin_is_unbounded");
        let nothing = json!({ "entity": "ghost", "reach": "own" });
        let refused = office.refused(&boss, "POST", &format!("roles/{role}/set_reach"), nothing);
        assert_eq!(refused, "role.no_entity");
        let theirs = json!({ "entity": "lead", "reach": "all" });
        let refused = office.refused(&ann, "POST", &format!("roles/{role}/set_reach"), theirs);
        assert_eq!(refused, "access.forbidden");
        Ok(())
    });
}

#[test]
fn a_phone_is_masked_a_cost_is_hidden_and_nobody_asks_by_what_they_may_not_read() {
    each(|house| {
        let office = Office::open(house)?;
        let boss = office.person("boss", "", &["admin"])?;
        let seller = office.person("seller", "A", &["sales"])?;
        let made = office.post(&boss, "roles", json!({ "code": "reader", "name": "" }));
        let reader = made["id"].as_str().expect("an id").to_owned();
        for permission in ["crm.*", "product.*", "sales.*.read"] {
            let grant = json!({ "permission": permission, "reach": "all" });
            office.post(&boss, &format!("roles/{reader}/grant"), grant);
        }
        let clerk = office.person("clerk", "A", &["reader"])?;
        let id = lead(&office, &boss, &seller, "恒远机电");
        assert_eq!(office.get(&seller, &format!("leads/{id}"))["phone"], "13800138000");
        let seen = office.get(&clerk, &format!("leads/{id}"));
        assert_eq!(
            (&seen["phone"], &seen["mail"]),
            (&json!("138****8000"), &json!("w***@huaxing.cn"))
        );
        let listed = office.get(&clerk, "leads?fields=*");
        assert_eq!(listed["rows"][0]["phone"], "138****8000");
        for asked in [
            "leads?filter=phone:eq:13800138000",
            "leads?filter=phone:starts:138",
            "leads?sort=phone",
            "leads/groups?by=phone",
            "leads?where=%7B%22or%22%3A%5B%5B%22phone%22%2C%22eq%22%2C%2213800138000%22%5D%5D%7D",
            "leads/export?format=csv&filter=phone:starts:138",
        ] {
            assert_eq!(
                office.refused(&clerk, "GET", asked, json!({})),
                "field.not_readable",
                "{asked}"
            );
        }
        // Found by its name, not by its phone.
        let found = |who: &Person, q: &str| {
            office.get(who, &format!("search?q={q}"))["rows"].as_array().map_or(0, Vec::len)
        };
        assert_eq!((found(&seller, "13800138000"), found(&seller, "hengyuan")), (1, 1));
        assert_eq!((found(&clerk, "13800138000"), found(&clerk, "hengyuan")), (0, 1));
        // Nobody saves a mask back, or a value that they do not see.
        let masked = json!({ "name": "x", "phone": "138****8000" });
        assert_eq!(office.refused(&clerk, "POST", "leads", masked), "field.not_writable");
        house.product("P1", "1.13", 0, 0)?;
        let product = office.ids(&clerk, "products").remove(0);
        assert!(office.get(&clerk, &format!("products/{product}"))["standard_cost"].is_null());
        assert!(office.get(&boss, &format!("products/{product}"))["standard_cost"].is_string());
        let cost = json!({ "standard_cost": "1" });
        let refused = office.refused(&clerk, "PATCH", &format!("products/{product}"), cost);
        assert_eq!(refused, "field.not_writable");
        let by_cost = "products?filter=standard_cost:gt:0.5";
        assert_eq!(office.refused(&clerk, "GET", by_cost, json!({})), "field.not_readable");
        // The form does not know the field at all.
        let named = |who: &Person| office.get(who, "meta/product").to_string();
        assert!(named(&boss).contains("standard_cost") && !named(&clerk).contains("standard_cost"));
        Ok(())
    });
}

#[test]
fn the_owner_hides_a_field_from_a_role_everywhere_and_shows_it_again() {
    each(|house| {
        let office = Office::open(house)?;
        let boss = office.person("boss", "", &["admin"])?;
        let desk = office.person("desk", "A", &["order_desk"])?;
        let product = house.product("P1", "1.13", 1000, 70)?;
        let party = house.customer("恒远机电有限公司", "N30", None)?;
        let order = house.submitted(party, &[(product, 10)])?.id;
        let path = format!("orders/{order}");
        assert_eq!(office.get(&desk, &path)["gross"], "11.30");
        let role = office.role(&boss, "order_desk");
        let set = |field: &str, sight: &str, writes: bool| json!({ "entity": "order", "field": field, "sight": sight, "writes": writes });
        office.post(&boss, &format!("roles/{role}/set_field"), set("gross", "hidden", false));
        assert!(office.get(&desk, &path)["gross"].is_null());
        assert!(!office.get(&desk, "orders?fields=*").to_string().contains("gross"));
        assert_eq!(office.get(&boss, &path)["gross"], "11.30");
        for asked in ["orders?sort=-gross", "orders/groups?by=state&sum=gross"] {
            assert_eq!(office.refused(&desk, "GET", asked, json!({})), "field.not_readable");
        }
        let chain = office.get(&desk, &format!("{path}/chain"));
        assert!(chain["order"]["number"].is_string() && chain["order"]["gross"].is_null());
        let told = office.get(&desk, &format!("{path}/facts"));
        assert!(told["rows"].as_array().expect("rows").iter().all(|f| f["worth"].is_null()));
        let whole = office.get(&boss, &format!("{path}/facts"));
        assert!(whole["rows"].as_array().expect("rows").iter().any(|f| f["worth"] == "11.30 CNY"));
        // The reply of a verb is veiled like the row.
        let held = office.post(&desk, &format!("{path}/cancel"), json!({ "reason": "customer" }));
        assert!(held["number"].is_string() && held["gross"].is_null(), "{held}");
        office.post(
            &boss,
            &format!("roles/{role}/clear_field"),
            json!({"entity": "order", "field": "gross"}),
        );
        assert_eq!(office.get(&desk, &path)["gross"], "11.30");
        // Seen but not written.
        let of_party =
            json!({"entity": "party", "field": "grade", "sight": "whole", "writes": false});
        office.post(&boss, &format!("roles/{role}/set_field"), of_party);
        let grade = json!({ "grade": "A" });
        let refused = office.refused(&desk, "PATCH", &format!("parties/{party}"), grade);
        assert_eq!(refused, "field.not_writable");
        for (body, code) in [
            (set("state", "hidden", false), "role.field_is_needed"),
            (set("gross", "masked", false), "role.field_needs_text"),
            (set("ghost", "hidden", false), "field.unknown"),
            (set("gross", "hidden", true), "role.field_needs_sight"),
        ] {
            let refused = office.refused(&boss, "POST", &format!("roles/{role}/set_field"), body);
            assert_eq!(refused, code);
        }
        Ok(())
    });
}

/// A key of somebody's: its id and its secret.
fn key(office: &Office<'_>, who: &Person, permissions: &[&str], days: i64) -> (String, String) {
    let until = office.house.now().plus(days * Instant::DAY).rfc3339();
    let body = json!({ "name": "shop", "permissions": permissions, "expires_at": until });
    let made = office.post(who, "me/keys", body);
    let text = |name: &str| made[name].as_str().expect("told once").to_owned();
    (text("id"), text("token"))
}

#[test]
fn a_key_does_what_its_person_may_and_it_names_until_it_is_revoked() {
    each(|house| {
        let office = Office::open(house)?;
        let boss = office.person("boss", "", &["admin"])?;
        let ann = office.person("ann", "A", &["sales"])?;
        let bob = office.person("bob", "B", &["sales"])?;
        let (of_ann, _) = (lead(&office, &boss, &ann, "甲"), lead(&office, &boss, &bob, "乙"));
        let (id, token) = key(&office, &ann, &["crm.lead.*"], 30);
        let shop = Person { id: ann.id.clone(), token: token.clone() };
        // Its person's rows, what it names, nothing else; a phone is not among what it names.
        assert_eq!(office.ids(&shop, "leads"), [of_ann.clone()]);
        assert_eq!(office.get(&shop, "leads?fields=phone")["rows"][0]["phone"], "138****8000");
        assert_eq!(office.refused(&shop, "GET", "opportunities", json!({})), "access.forbidden");
        assert_eq!(office.refused(&shop, "GET", "entries", json!({})), "access.forbidden");
        office.post(&shop, &format!("leads/{of_ann}/accept"), json!({}));
        let accepted =
            house.read(|_, tx| flows::story(tx, "lead", of_ann.parse().expect("an id")))?;
        assert_eq!(
            (&accepted[0]["actor_kind"], &accepted[0]["actor"]),
            (&json!("api"), &json!(ann.id))
        );
        // What only a person does.
        for (path, body) in [
            (
                "me/keys",
                json!({"name": "x", "permissions": ["crm.lead.*"], "expires_at": "2026-01-09T00:00:00Z"}),
            ),
            ("me/password", json!({ "password": "correct horse battery" })),
            ("sign-out", json!({})),
        ] {
            assert_eq!(
                office.refused(&shop, "POST", path, body),
                "access.by_person_only",
                "{path}"
            );
        }
        // Nobody makes a key that may more than they do, or one for ever.
        let wanted = |permissions: &[&str], until: &str| json!({ "name": "x", "permissions": permissions, "expires_at": until });
        let (soon, late) = ("2026-01-20T00:00:00Z", "2029-01-01T00:00:00Z");
        for (body, code) in [
            (wanted(&["ledger.*"], soon), "api_key.beyond"),
            (wanted(&["*"], soon), "api_key.beyond"),
            (wanted(&[], soon), "api_key.no_permission"),
            (wanted(&["crm.lead.*"], late), "api_key.lifetime"),
            (wanted(&["crm.lead.*"], "2020-01-01T00:00:00Z"), "api_key.lifetime"),
        ] {
            assert_eq!(office.refused(&ann, "POST", "me/keys", body), code);
        }
        // The secret is told nowhere again.
        let listed = office.get(&ann, "me/keys");
        assert_eq!(listed["rows"][0]["id"], id.as_str());
        assert!(listed["rows"][0]["last_used_at"].is_string());
        let secret = &token[13..];
        assert!(!listed.to_string().contains(secret));
        let told =
            house.read(|cx, tx| flows::trail::trail(cx, tx, &flows::trail::Wanted::default()))?;
        assert!(!told.to_string().contains(secret));
        assert_eq!(office.facts("api_key.created").len(), 1);
        assert!(office.ids(&bob, "me/keys").is_empty());
        let revoke = format!("me/keys/{id}/revoke");
        assert_eq!(office.refused(&bob, "POST", &revoke, json!({})), "store.not_found");
        // What its person loses, the key loses; then the key itself ends.
        let role = office.role(&boss, "sales");
        let crm = json!({ "permission": "crm.*" });
        office.post(&boss, &format!("roles/{role}/withdraw_grant"), crm);
        assert_eq!(office.refused(&shop, "GET", "leads", json!({})), "access.forbidden");
        let crm = json!({ "permission": "crm.*", "reach": "own" });
        office.post(&boss, &format!("roles/{role}/grant"), crm);
        assert_eq!(office.ids(&shop, "leads").len(), 1);
        office.post(&ann, &revoke, json!({}));
        office.post(&ann, &revoke, json!({}));
        assert_eq!(office.facts("api_key.revoked").len(), 1);
        let (status, reply) = office.ask(&token, "GET", "/api/v1/leads", None);
        assert_eq!((status, &reply["code"]), (401, &json!("access.sign_in_needed")));
        Ok(())
    });
}

#[test]
fn keys_end_with_their_time_and_their_person_and_wrong_secrets_wait_like_passwords() {
    each(|house| {
        let office = Office::open(house)?;
        let boss = office.person("boss", "", &["admin"])?;
        let ann = office.person("ann", "A", &["sales"])?;
        let (_, token) = key(&office, &ann, &["crm.*"], 30);
        let status = |token: &str| office.ask(token, "GET", "/api/v1/leads", None).0;
        assert_eq!(status(&token), 200);
        // A wrong secret: five tries are free, then one waits; the right one never does.
        let mut wrong = token.clone();
        let last = wrong.pop();
        wrong.push(if last == Some('0') { '1' } else { '0' });
        for _ in 0..5 {
            assert_eq!(status(&wrong), 401);
        }
        assert_eq!(office.facts("api_key.refused").len(), 5);
        let (code, reply) = office.ask(&wrong, "GET", "/api/v1/leads", None);
        assert_eq!((code, &reply["code"]), (429, &json!("access.throttled")));
        assert_eq!(status(&token), 200);
        // Six hundred requests a minute.
        let over = (0..700).map(|_| status(&token)).find(|s| *s != 200);
        assert_eq!(over, Some(429));
        CLOCK.store(house.now().0 + Instant::MINUTE, Ordering::Relaxed);
        assert_eq!(status(&token), 200);
        let bob = office.person("bob", "B", &["sales"])?;
        let (_, other) = key(&office, &bob, &["crm.*"], 30);
        CLOCK.store(house.now().0 + Instant::HOUR, Ordering::Relaxed);
        office.post(&boss, &format!("users/{}/disable", ann.id), json!({}));
        assert_eq!(status(&token), 401, "its person is gone");
        assert_eq!(status(&other), 200);
        CLOCK.store(house.now().0 + 30 * Instant::DAY, Ordering::Relaxed);
        assert_eq!(status(&other), 401, "its time is over");
        CLOCK.store(house.now().0, Ordering::Relaxed);
        Ok(())
    });
}

#[test]
fn duties_that_a_rule_keeps_apart_are_neither_given_nor_done_and_the_auditor_sees_who_did() {
    each(|house| {
        let office = Office::open(house)?;
        let boss = office.person("boss", "", &["admin"])?;
        let finance = office.person("finance", "F", &["finance"])?;
        let rule = |who: &Person, code: &str| {
            office.ids(who, &format!("duty_rules?filter=code:eq:{code}")).remove(0)
        };
        // A company of one person: warned of, and nothing stops.
        let given = format!("users/{}/assign_role", finance.id);
        let sales = office.role(&boss, "order_desk");
        let warned = office.post(&boss, &given, json!({ "role": sales }));
        assert!(warned["warnings"].is_null(), "{warned}");
        let admin = office.role(&boss, "admin");
        let warned = office.post(&boss, &given, json!({ "role": admin }));
        assert!(warned["warnings"].to_string().contains("rights_and_money"), "{warned}");
        office.post(
            &boss,
            &format!("users/{}/withdraw_role", finance.id),
            json!({ "role": admin }),
        );
        // Refused from now on: neither by a role, nor by a grant to a role that somebody has.
        let refuse = json!({ "effect": "refuse" });
        for code in ["rights_and_money", "receive_and_apply"] {
            let path = format!("/api/v1/duty_rules/{}", rule(&boss, code));
            let (status, reply) = office.ask(&boss.token, "PATCH", &path, Some(&refuse));
            assert_eq!(status, 200, "{reply}");
        }
        let made = office.post(&boss, "roles", json!({ "code": "hr", "name": "" }));
        let hr = made["id"].as_str().expect("an id").to_owned();
        let assigns = json!({ "permission": "access.user.assign_role", "reach": "all" });
        office.post(&boss, &format!("roles/{hr}/grant"), assigns);
        assert_eq!(office.refused(&boss, "POST", &given, json!({ "role": hr })), "duty.refused");
        let role = office.role(&boss, "finance");
        let assigns = json!({ "permission": "access.*", "reach": "all" });
        let refused = office.refused(&boss, "POST", &format!("roles/{role}/grant"), assigns);
        assert_eq!(refused, "duty.refused");
        // On one document: who received the money does not allocate it.
        let product = house.product("P1", "1.13", 1000, 70)?;
        let party = house.customer("恒远机电有限公司", "N30", None)?;
        let order = house.submitted(party, &[(product, 10)])?.id;
        for shipment in house.ship_all(order)? {
            house.deliver(shipment)?;
        }
        let invoice = house.bill(order)?;
        let body = json!({ "party": party.to_string(), "amount": "11.30", "method": "transfer",
            "value_day": "2026-01-05", "reference": "R1" });
        let payment = office.post(&finance, "payments", body);
        let payment = payment["id"].as_str().expect("an id").to_owned();
        let pays = json!({ "lines": [{ "invoice": invoice.id.to_string(), "amount": "11.30" }] });
        let path = format!("payments/{payment}/allocate");
        assert_eq!(office.refused(&finance, "POST", &path, pays.clone()), "duty.crossed");
        assert_eq!(house.read(|_, tx| tx.get(invoice.id))?.open, 1130, "nothing of it is kept");
        let cashier = office.person("cashier", "F", &["cashier"])?;
        office.post(&cashier, &path, pays);
        // Nor both at once.
        let both = json!({ "party": party.to_string(), "amount": "1.00", "method": "transfer",
            "value_day": "2026-01-05", "reference": "R2",
            "lines": [{ "order": order.to_string(), "amount": "1.00" }] });
        assert_eq!(office.refused(&finance, "POST", "payments", both), "duty.crossed");
        // The auditor sees who holds both, with the administrator among them.
        let auditor = office.person("auditor", "", &["auditor"])?;
        let found = office.get(&auditor, "audit/violations");
        assert!(found["held"].to_string().contains("rights_and_money"), "{found}");
        assert_eq!(
            office.refused(&finance, "GET", "audit/violations", json!({})),
            "access.forbidden"
        );
        let unknown = json!({ "code": "x", "kind": "document", "entity": "order",
            "first": "order.submitted", "second": "order.eaten", "effect": "warn" });
        let refused = office.refused(&boss, "POST", "duty_rules", unknown);
        assert_eq!(refused, "duty.unknown_activity");
        Ok(())
    });
}

#[test]
fn a_stand_in_has_the_persons_rights_within_the_delegation_and_both_are_told() {
    each(|house| {
        let office = Office::open(house)?;
        let boss = office.person("boss", "", &["admin"])?;
        let ann = office.person("ann", "A", &["sales"])?;
        let bob = office.person("bob", "B", &["warehouse"])?;
        let of_ann = lead(&office, &boss, &ann, "甲");
        let until = |days: i64| house.now().plus(days * Instant::DAY).rfc3339();
        let given = |to: &Person, permissions: &str, days: i64| {
            json!({ "to_user": to.id, "permissions": permissions, "reason": "假期",
                "until_at": until(days) })
        };
        let as_ann = |who: &Person, method: &'static str, path: &str| {
            let body = json!({});
            let body = (method == "POST").then_some(&body);
            office.ask_for(&who.token, &ann.id, method, &format!("/api/v1/{path}"), body)
        };
        let code = |reply: Reply| reply.1["code"].as_str().unwrap_or("").to_owned();
        assert_eq!(code(as_ann(&bob, "GET", "leads")), "delegation.none");
        for (body, code) in [
            (given(&ann, "crm.*", 7), "delegation.to_oneself"),
            (given(&bob, "*", 7), "delegation.too_wide"),
            (given(&bob, "crm.*", -1), "delegation.time"),
        ] {
            assert_eq!(office.refused(&ann, "POST", "delegations", body), code);
        }
        let made = office.post(&ann, "delegations", given(&bob, "crm.*", 7));
        let id = made["id"].as_str().expect("an id").to_owned();
        // Ann's rows and rights within crm; none of Bob's own while he stands in.
        let (status, seen) = as_ann(&bob, "GET", "leads");
        assert_eq!((status, &seen["rows"][0]["id"]), (200, &json!(of_ann)));
        assert_eq!(code(as_ann(&bob, "GET", "orders")), "access.forbidden");
        assert_eq!(code(as_ann(&bob, "GET", "shipments")), "access.forbidden");
        assert_eq!(office.refused(&bob, "GET", "leads", json!({})), "access.forbidden");
        let (status, reply) = as_ann(&bob, "POST", &format!("leads/{of_ann}/accept"));
        assert_eq!(status, 200, "{reply}");
        let told = house.read(|_, tx| {
            let sql = store::sql!(
                "SELECT acting_for FROM fact WHERE tenant_id = $1 AND actor = $2 \
                 AND activity = 'lead.contacted'"
            );
            tx.value::<i64>(sql, &[kernel::Stored::Int(bob.id.parse().expect("an id"))])
        })?;
        assert_eq!(told.map(|id| id.to_string()), Some(ann.id.clone()));
        // Nothing is passed on: Cai stands in for Bob, and reaches nothing of Ann's.
        let cai = office.person("cai", "C", &["warehouse"])?;
        office.post(&bob, "delegations", given(&cai, "crm.*", 7));
        assert_eq!(code(as_ann(&cai, "GET", "leads")), "delegation.none");
        let leads = "/api/v1/leads";
        let reply = office.ask_for(&cai.token, &bob.id, "GET", leads, None);
        assert_eq!(code(reply), "access.forbidden");
        // No rights, no keys, no passwords in another's place.
        let body = json!({ "name": "x", "permissions": ["crm.*"], "expires_at": until(1) });
        let reply = office.ask_for(&bob.token, &ann.id, "POST", "/api/v1/me/keys", Some(&body));
        assert_eq!(code(reply), "access.by_person_only");
        // Bob cannot take it back, Ann can; then it is over, as it is when its time is.
        let revoke = format!("delegations/{id}/revoke");
        assert_eq!(office.refused(&bob, "POST", &revoke, json!({})), "store.not_found");
        office.post(&ann, &revoke, json!({}));
        assert_eq!(code(as_ann(&bob, "GET", "leads")), "delegation.none");
        let short = json!({ "to_user": bob.id, "permissions": "crm.*", "reason": "午休",
            "until_at": house.now().plus(Instant::HOUR).rfc3339() });
        office.post(&ann, "delegations", short);
        assert_eq!(as_ann(&bob, "GET", "leads").0, 200);
        CLOCK.store(house.now().0 + Instant::HOUR, Ordering::Relaxed);
        assert_eq!(code(as_ann(&bob, "GET", "leads")), "delegation.none", "the time is over");
        CLOCK.store(house.now().0, Ordering::Relaxed);
        assert_eq!(office.facts("delegation.given").len(), 3);
        assert_eq!(office.facts("delegation.revoked").len(), 1);
        Ok(())
    });
}

#[test]
fn the_auditor_sees_who_may_do_what_and_why_and_nobody_else_does() {
    each(|house| {
        let office = Office::open(house)?;
        let boss = office.person("boss", "", &["admin"])?;
        let ann = office.person("ann", "A", &["sales"])?;
        let bob = office.person("bob", "B", &["warehouse"])?;
        let auditor = office.person("auditor", "", &["auditor"])?;
        let (key, token) = key(&office, &ann, &["crm.*"], 30);
        let given = json!({ "to_user": bob.id, "permissions": "crm.*", "reason": "假期",
            "until_at": house.now().plus(Instant::DAY).rfc3339() });
        office.post(&ann, "delegations", given);
        let of_ann = office.get(&auditor, &format!("audit/rights?user={}", ann.id));
        let rows = of_ann["rows"].as_array().expect("rows");
        let crm = rows.iter().find(|r| r["permission"] == "crm.*").expect("a right");
        assert_eq!((&crm["reach"], &crm["role_code"]), (&json!("own"), &json!("sales")));
        assert_eq!(of_ann["keys"][0]["id"], key.as_str());
        assert!(!of_ann.to_string().contains(&token[13..]));
        let of_bob = office.get(&auditor, &format!("audit/rights?user={}", bob.id));
        assert_eq!(of_bob["delegations"][0]["from_user"], ann.id.as_str());
        let everybody = office.get(&auditor, "audit/rights");
        assert!(everybody["rows"].as_array().expect("rows").len() > rows.len());
        let seen = office.get(&auditor, &format!("audit/sign-ins?user={}", ann.id));
        assert_eq!(seen["rows"][0]["login"], "ann");
        assert_eq!(
            office.get(&auditor, "audit/sign-ins")["rows"].as_array().map(Vec::len),
            Some(4)
        );
        for who in [&ann, &bob] {
            for path in ["audit/rights", "audit/sign-ins", "audit/violations"] {
                assert_eq!(office.refused(who, "GET", path, json!({})), "access.forbidden");
            }
        }
        // Changes of rights are told: by whom, of which role, without anybody's name.
        let role = office.role(&boss, "sales");
        let grant = json!({ "permission": "terms.*", "reach": "own" });
        office.post(&boss, &format!("roles/{role}/grant"), grant);
        let told = office.get(&auditor, &format!("trail?kind=role&id={role}"));
        assert_eq!(told["rows"][0]["activity"], "role.granted");
        assert_eq!(told["rows"][0]["actor"], boss.id.as_str());
        Ok(())
    });
}
