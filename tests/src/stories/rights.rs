//! The owner's day with rights: departments move, roles are bounded, values are masked, keys are
//! made and revoked, duties are kept apart, work is delegated; through the API, on both engines.
//! Keys are told in `keys.rs`; duties, delegations and what the auditor asks in `duties.rs`.
use crate::house::{House, TENANT, each};
use access::commands;
use access::department::NewDepartment;
use access::user::{NewUser, User};
use http::{Asked, Catalog, Inside, Settings, State, Transport};
use kernel::{Id, Instant, Result};
use serde_json::{Value as Json, json};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub(super) static CLOCK: AtomicI64 = AtomicI64::new(0);
static DICE: AtomicU64 = AtomicU64::new(1);
static ALONE: Mutex<()> = Mutex::new(());

fn random() -> [u8; 32] {
    let mut bytes = [5; 32];
    bytes[..8].copy_from_slice(&DICE.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    bytes.rotate_left(4);
    bytes
}

/// The API of a house, and the people who use it.
pub(super) struct Office<'h> {
    pub(super) house: &'h House,
    /// The clock is one for all: stories that move it are told one by one.
    _alone: MutexGuard<'static, ()>,
    inside: Inside,
}

pub(super) struct Person {
    pub(super) id: String,
    pub(super) token: String,
}

impl<'h> Office<'h> {
    pub(super) fn open(house: &'h House) -> Result<Self> {
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        CLOCK.store(house.now().0, Ordering::Relaxed);
        house.run(commands::create_usual_roles)?;
        let settings = Settings {
            store: Arc::clone(&house.store),
            tenant: TENANT,
            code: "main".into(),
            catalog: Catalog::of_flows(),
            clock: || Instant(CLOCK.load(Ordering::Relaxed)),
            random,
            transport: Transport::Plain,
            files: None,
            mailer: connect::mail::Mailer::default(),
            columns: std::env::temp_dir().join(format!("huiliu-r{}.facts", std::process::id())),
        };
        Ok(Self { house, _alone: alone, inside: Inside::new(State::new(settings)?)? })
    }

    pub(super) fn person(&self, login: &str, department: &str, roles: &[&str]) -> Result<Person> {
        let department = self.department_of(department)?;
        let new = NewUser { login, name: login, department, roles };
        let user: User = self.house.run(|cx, tx| commands::create_user(cx, tx, &new))?;
        self.sign_in(user.id)
    }

    pub(super) fn sign_in(&self, user: Id<User>) -> Result<Person> {
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

    pub(super) fn ask(
        &self,
        token: &str,
        method: &'static str,
        path: &str,
        body: Option<&Json>,
    ) -> Reply {
        self.ask_for(token, "", method, path, body)
    }

    pub(super) fn ask_for(
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

    pub(super) fn get(&self, who: &Person, path: &str) -> Json {
        let (status, body) = self.ask(&who.token, "GET", &format!("/api/v1/{path}"), None);
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    pub(super) fn post(&self, who: &Person, path: &str, body: Json) -> Json {
        let (status, reply) = self.ask(&who.token, "POST", &format!("/api/v1/{path}"), Some(&body));
        assert!(status < 300, "{path} {body}: {reply}");
        reply
    }

    /// The code of a refusal.
    pub(super) fn refused(
        &self,
        who: &Person,
        method: &'static str,
        path: &str,
        body: Json,
    ) -> String {
        let body = (method != "GET").then_some(body);
        let path = format!("/api/v1/{path}");
        let (status, reply) = self.ask(&who.token, method, &path, body.as_ref());
        assert!(status >= 400, "{path}: {reply}");
        reply["code"].as_str().unwrap_or("").to_owned()
    }

    pub(super) fn ids(&self, who: &Person, path: &str) -> Vec<String> {
        let rows = self.get(who, path)["rows"].as_array().cloned().unwrap_or_default();
        rows.iter().filter_map(|row| row["id"].as_str().map(str::to_owned)).collect()
    }

    pub(super) fn role(&self, who: &Person, code: &str) -> String {
        self.ids(who, &format!("roles?filter=code:eq:{code}")).remove(0)
    }

    pub(super) fn facts(&self, activity: &str) -> Vec<Json> {
        let wanted = flows::trail::Wanted { activity: activity.to_owned(), ..Default::default() };
        let found = self.house.read(|cx, tx| flows::trail::trail(cx, tx, &wanted));
        found.expect("a trail")["rows"].as_array().cloned().unwrap_or_default()
    }
}

pub(super) type Reply = (u16, Json);

/// A lead that the owner's desk gave to somebody.
pub(super) fn lead(office: &Office<'_>, boss: &Person, to: &Person, name: &str) -> String {
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
        assert_eq!(office.ids(&head, "leads"), std::slice::from_ref(&theirs), "it came below them");
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
        assert_eq!(office.ids(&ann, "leads"), std::slice::from_ref(&of_ann));
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
        let set = |field: &str, sight: &str, writes: bool| {
            let entity = "order";
            json!({ "entity": entity, "field": field, "sight": sight, "writes": writes })
        };
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
