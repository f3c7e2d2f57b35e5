//! No row outside its scope is seen by anybody: every role × every entity, through the API, by
//! list, count, conditions (also on rows one step away), groups, search and bulk verbs; on both
//! engines.
//!
//! What may be seen is worked out here anew, from owners and departments.
mod doors;
mod oracle;
mod talked;
mod tenants;

use crate::house::{House, each};
use access::company::Company;
use access::department::{Department, NewDepartment};
use access::role::{Reach, USUAL};
use access::user::{NewUser, User};
use http::{Asked, Catalog, Inside, Kind, Operation, Settings, State, Transport};
use kernel::{Ctx, Id, Instant, Result, ScopeKind};
use meta::{Entity, FieldKind};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use store::Tx;
use store::rows::{self, ListQuery};
use store::scope::Scope;

static CLOCK: AtomicI64 = AtomicI64::new(0);
static DICE: AtomicU64 = AtomicU64::new(1);

fn random() -> [u8; 32] {
    let mut bytes = [3; 32];
    bytes[..8].copy_from_slice(&DICE.fetch_add(1, Ordering::Relaxed).to_le_bytes());
    bytes
}

/// Somebody who looks.
struct Looker {
    login: String,
    cx: Ctx,
    token: String,
}

/// A row as it is, whoever looks: its scope, and what people know it by.
struct Fact {
    id: String,
    scope: i64,
    title: String,
}

struct World {
    catalog: Catalog,
    inside: Inside,
    lookers: Vec<Looker>,
    rows: BTreeMap<&'static str, Vec<Fact>>,
    /// Owner and department of each interned scope.
    scopes: BTreeMap<i64, (i64, i64)>,
    /// Each department with those below it.
    below: BTreeMap<i64, BTreeSet<i64>>,
    oracle: oracle::Oracle,
}

/// Departments: 1, 11 below it, and 2. Their people, and one in 1 who has no rows.
const PEOPLE: &[(&str, &str)] = &[("ann", "D1"), ("bob", "D11"), ("cai", "D2")];

fn department(house: &House, code: &str, parent: Option<Id<Department>>) -> Result<Department> {
    let company = Id::<Company>::from_raw(house.company);
    let new = NewDepartment { company, code, name: code, parent };
    house.run(|cx, tx| access::commands::create_department(cx, tx, &new))
}

fn user(house: &House, login: &str, of: &Department, role: &str) -> Result<User> {
    let roles: &[&str] = if role.is_empty() { &[] } else { &[role] };
    let new = NewUser { login, name: login, department: Some(of.id), roles };
    house.run(|cx, tx| access::commands::create_user(cx, tx, &new))
}

/// One row of everything that a person's day leaves behind, by everybody.
fn work(house: &House, people: &[User]) -> Result<()> {
    let product = house.product("P1", "1.13", 10_000, 70)?;
    let party = house.customer("恒远机电有限公司", "N30", None)?;
    for person in people {
        let as_them = |entity: &str, verb: &str, id: i64, body: Json| {
            let mut cx = house.cx(person.id.raw());
            cx.department = person.department.map_or(0, Id::raw);
            house.store.run(&cx, |cx, tx| flows::run_as(cx, tx, entity, verb, id, &body))
        };
        let id_of = |row: &Json| row["id"].as_str().and_then(|t| t.parse().ok()).unwrap_or(0_i64);
        let party = party.to_string();
        as_them("lead", "create", 0, json!({"name": person.login, "phone": "13800138000"}))?;
        let opportunity = json!({"name": format!("need of {}", person.login), "party": party});
        as_them("opportunity", "create", 0, opportunity)?;
        let line = json!([{ "product": product.to_string(), "qty": "1" }]);
        let quote = json!({"party": party, "lines": line, "valid_until": "2026-12-31"});
        as_them("quote", "create", 0, quote)?;
        let order = json!({"party": party, "lines": line, "customer_po_no": person.login,
            "requested_on": "2026-02-05", "ship_to": "宁波"});
        let order = id_of(&as_them("order", "create", 0, order)?);
        as_them("order", "submit", order, json!({}))?;
        let order = Id::from_raw(order);
        for shipment in house.ship_all(order)? {
            house.deliver(shipment)?;
        }
        let invoice = house.bill(order)?;
        house.pay(&invoice)?;
    }
    Ok(())
}

/// A role whose people see their department, and one that sees nothing.
fn lookers(house: &House) -> Result<Vec<User>> {
    house.run(access::commands::create_usual_roles)?;
    let team = house.run(|cx, tx| access::commands::create_role(cx, tx, "team", "team"))?;
    for permission in ["*.read", "sales.*", "crm.*"] {
        house.run(|cx, tx| {
            access::commands::grant(cx, tx, team.id, permission, Reach::Department).map(|_| ())
        })?;
    }
    oracle::bounded_roles(house)?;
    let one = department(house, "D1", None)?;
    let below = department(house, "D11", Some(one.id))?;
    let two = department(house, "D2", None)?;
    let of = |code: &str| match code {
        "D1" => &one,
        "D11" => &below,
        _ => &two,
    };
    let mut all = Vec::new();
    for (login, code) in PEOPLE {
        all.push(user(house, login, of(code), "sales")?);
    }
    work(house, &all)?;
    for usual in USUAL {
        all.push(user(house, &format!("only_{}", usual.code), &one, usual.code)?);
    }
    all.push(user(house, "head", &one, "team")?);
    all.push(user(house, "head_below", &below, "team")?);
    for role in ["bounded", "veiled"] {
        all.push(user(house, role, &one, role)?);
    }
    all.push(user(house, "guest", &two, "")?);
    Ok(all)
}

/// What serves a house.
fn state(house: &House) -> Result<Arc<State>> {
    let named = format!("huiliu-{}-{}", std::process::id(), house.tenant);
    let dir = std::env::temp_dir().join(named);
    State::new(Settings {
        store: Arc::clone(&house.store),
        tenant: house.tenant,
        code: format!("t{}", house.tenant),
        catalog: Catalog::of_flows(),
        clock: || Instant(CLOCK.load(Ordering::Relaxed)),
        random,
        transport: Transport::Plain,
        files: Some(connect::files::Files::at(dir.join("files"))),
        mailer: connect::mail::Mailer::default(),
        columns: dir.join("process").join("own.facts"),
    })
}

impl World {
    fn new(house: &House) -> Result<Self> {
        let users = lookers(house)?;
        CLOCK.store(house.now().0, Ordering::Relaxed);
        let inside = Inside::new(state(house)?)?;
        let mut lookers = Vec::new();
        for user in users {
            let bytes = random();
            let link =
                house.run(|cx, tx| access::commands::issue_link(cx, tx, Some(user.id), bytes))?;
            let body = json!({ "link": link.text(), "bearer": true });
            let path = "/api/v1/sign-in";
            let asked = Asked { method: "POST", path, token: "", body: Some(&body), key: "" };
            let (_, reply) = inside.ask(&asked)?;
            let token = reply["token"].as_str().expect("a token").to_owned();
            let (now, maker) = (house.now(), house.store.ids());
            let cx = house
                .read(|_, tx| access::questions::user_ctx(tx, &user.login, "HL", now, maker))?;
            lookers.push(Looker { login: user.login, cx, token });
        }
        // What is not sealed yet is heard by nobody.
        house.store.seal(house.tenant, house.now())?;
        let catalog = Catalog::of_flows();
        let rows = house.read(|cx, tx| all_rows(cx, tx, &catalog))?;
        let (scopes, below) = house.read(|_, tx| Ok((owners(tx)?, departments(tx)?)))?;
        let oracle = house.read(|_, tx| oracle::Oracle::read(tx))?;
        Ok(Self { catalog, inside, lookers, rows, scopes, below, oracle })
    }

    fn ask(&self, who: &Looker, method: &'static str, path: &str, body: Option<&Json>) -> Reply {
        // A key of its own each time: nothing is answered from before.
        let key = DICE.fetch_add(1, Ordering::Relaxed).to_string();
        let asked = Asked { method, path, token: &who.token, body, key: &key };
        let (status, body) = self.inside.ask(&asked).expect("an answer");
        Reply { status, body }
    }

    /// The rows that somebody may see with a permission, by what is written about them.
    fn allowed(&self, who: &Looker, entity: &Entity, permission: &str) -> Option<BTreeSet<&str>> {
        let reach = self.oracle.reach(who.cx.user, entity.name, permission)?;
        let shared = matches!(entity.room, "party" | "product");
        let reaches = |row: &&Fact| match (reach, self.scopes.get(&row.scope)) {
            (ScopeKind::All, _) => true,
            _ if shared => true,
            (_, None) => false,
            (ScopeKind::Own, Some((owner, _))) => *owner == who.cx.user,
            (ScopeKind::Department, Some((owner, department))) => {
                let mine = self.below.get(&who.cx.department);
                *owner == who.cx.user || mine.is_some_and(|all| all.contains(department))
            }
        };
        let rows = self.rows.get(entity.name).map_or(&[][..], Vec::as_slice);
        Some(rows.iter().filter(reaches).map(|row| row.id.as_str()).collect())
    }
}

struct Reply {
    status: u16,
    body: Json,
}

impl Reply {
    fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or("")
    }
    fn ids(&self) -> BTreeSet<&str> {
        let rows = self.body["rows"].as_array().into_iter().flatten();
        rows.filter_map(|row| row["id"].as_str()).collect()
    }
}

fn all_rows(cx: &Ctx, tx: &mut Tx, of: &Catalog) -> Result<BTreeMap<&'static str, Vec<Fact>>> {
    let mut all = BTreeMap::new();
    for entity in of.entities.iter().filter(|e| of.collection(e.collection).is_some()) {
        let names = ["id", "scope_id", entity.title];
        let fields = entity.fields.iter().filter(|f| names.contains(&f.name)).collect();
        let mut query = ListQuery { fields, limit: rows::MOST, ..ListQuery::default() };
        let text = |row: &Json, name: &str| row[name].as_str().unwrap_or("").to_owned();
        let fact = |row: &Json| Fact {
            id: text(row, "id"),
            scope: text(row, "scope_id").parse().unwrap_or(0),
            title: text(row, entity.title),
        };
        let facts: &mut Vec<Fact> = all.entry(entity.name).or_default();
        loop {
            let page = rows::list(cx, tx, entity, &Scope::All, &query)?;
            facts.extend(page.rows.iter().map(fact));
            match page.next {
                Some(next) => query.cursor = Some(next),
                None => break,
            }
        }
    }
    Ok(all)
}

fn owners(tx: &mut Tx) -> Result<BTreeMap<i64, (i64, i64)>> {
    let sql =
        store::sql!("SELECT id, owner, department FROM scope WHERE tenant_id = $1 AND id > 0");
    let rows = tx.rows(sql, &[])?;
    rows.into_iter().map(|mut row| Ok((row.take()?, (row.take()?, row.take()?)))).collect()
}

fn departments(tx: &mut Tx) -> Result<BTreeMap<i64, BTreeSet<i64>>> {
    let all: Vec<Department> = tx.list(store::find!(Department, "id > 0 ORDER BY id"), &[])?;
    let mut below: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
    for department in &all {
        let mut at = Some(department.id);
        while let Some(id) = at {
            below.entry(id.raw()).or_default().insert(department.id.raw());
            at = all.iter().find(|d| d.id == id).and_then(|d| d.parent);
        }
    }
    Ok(below)
}

#[test]
fn nobody_sees_a_row_outside_their_scope_whatever_they_ask() {
    each(|house| {
        let world = World::new(house)?;
        let (mut lists, mut narrow, mut relations, mut bulk) = (0, 0, 0, 0);
        for who in &world.lookers {
            for operation in world.catalog.operations() {
                match operation.kind {
                    Kind::List => {
                        lists += 1;
                        narrow += list(&world, who, &operation);
                        relations += related(&world, who, operation.entity);
                    }
                    Kind::Bulk(_) => bulk += many(&world, who, &operation),
                    _ => {}
                }
            }
            searched(&world, who);
            doors::exported(&world, who);
            doors::heard(&world, who);
        }
        println!("{lists} lists, {narrow} narrower than all, {relations} relations, {bulk} bulk");
        // A world in which everybody saw everything would prove nothing.
        assert!(narrow > 30 && relations > 500 && bulk > 20, "{narrow} {relations} {bulk}");
        Ok(())
    });
}

/// Bodies that name rows: what lies outside its writer's scope is refused as if it did not exist.
#[test]
fn nobody_writes_about_a_row_outside_their_scope() {
    each(|house| {
        let world = World::new(house)?;
        let mut refused = BTreeSet::new();
        for who in &world.lookers {
            for operation in world.catalog.operations() {
                let Kind::Make(verb) = operation.kind else { continue };
                for (of_line, fields) in [(false, verb.takes), (true, verb.lines)] {
                    for field in fields {
                        if let Some(hidden) = outside(&world, who, field) {
                            let body = naming(&world, who, verb, (of_line, field.name, hidden));
                            let path = &operation.path;
                            let reply = world.ask(who, "POST", path, Some(&body));
                            let at = format!("{} {path} {body}: {}", who.login, reply.body);
                            match reply.code() {
                                "access.forbidden" => {}
                                "reference.not_found" => {
                                    refused.insert((verb.entity, field.name));
                                }
                                _ => panic!("{at}"),
                            }
                        }
                    }
                }
            }
        }
        println!("{refused:?}");
        let wanted = [("quote", "opportunity"), ("return", "order")];
        assert!(wanted.iter().all(|one| refused.contains(one)), "{refused:?}");
        Ok(())
    });
}

/// A row that a field may name and its reader may not see.
fn outside<'w>(world: &'w World, who: &Looker, field: &meta::Field) -> Option<&'w str> {
    let FieldKind::Ref(name) = field.kind else { return None };
    let entity = world.catalog.entities.iter().find(|e| e.name == name)?;
    let allowed = world.allowed(who, entity, &entity.permission("read"))?;
    let rows = world.rows.get(name)?;
    rows.iter().map(|row| row.id.as_str()).find(|id| !allowed.contains(id))
}

/// A body with everything that is required, and one field that names a row.
fn naming(world: &World, who: &Looker, verb: &flows::Verb, named: (bool, &str, &str)) -> Json {
    let value = |of_line: bool, field: &meta::Field| match field.kind {
        _ if (of_line, field.name) == (named.0, named.1) => json!(named.2),
        FieldKind::Ref(name) => {
            let entity = world.catalog.entities.iter().find(|e| e.name == name).expect("declared");
            let seen = world.allowed(who, entity, &entity.permission("read")).unwrap_or_default();
            json!(seen.first().copied().unwrap_or("1"))
        }
        FieldKind::Day => json!("2026-02-02"),
        FieldKind::Int | FieldKind::Any => json!(1),
        FieldKind::Enum(names) => json!(names[0]),
        _ => json!("1"),
    };
    let all = |of_line: bool, fields: &'static [meta::Field]| -> Json {
        let wanted = |f: &&meta::Field| f.required || (of_line, f.name) == (named.0, named.1);
        let told = fields.iter().filter(wanted).map(|f| (f.name.to_owned(), value(of_line, f)));
        Json::Object(told.collect())
    };
    let mut body = all(false, verb.takes);
    if !verb.lines.is_empty() {
        body["lines"] = json!([all(true, verb.lines)]);
    }
    body
}

/// List, count and groups; 1 where the reader sees some rows and not all.
fn list(world: &World, who: &Looker, operation: &Operation) -> usize {
    let entity = operation.entity;
    let base = format!("/api/v1/{}", entity.collection);
    let reply = world.ask(who, "GET", &format!("{base}?limit=200&count=exact&fields=id"), None);
    let at = format!("{} {base}", who.login);
    let Some(allowed) = world.allowed(who, entity, &operation.permission) else {
        assert_eq!(reply.code(), "access.forbidden", "{at}");
        return 0;
    };
    if reply.code() == "row.needs_all" {
        assert!(!entity.has("scope_id"), "{at}");
        return 0;
    }
    assert_eq!(reply.body["total"], json!(allowed.len()), "{at}");
    if allowed.len() > rows::MOST {
        assert!(reply.ids().is_subset(&allowed), "{at}");
        return 0;
    }
    assert_eq!(reply.ids(), allowed, "{at}");
    let any = json!({"or": [["id", "ge", "0"], ["id", "lt", "0"]]}).to_string();
    let any: String = any.bytes().map(|b| format!("%{b:02X}")).collect();
    let either = world.ask(who, "GET", &format!("{base}?limit=200&fields=id&where={any}"), None);
    assert_eq!(either.ids(), allowed, "{at} by a tree");
    for field in entity.fields.iter().filter(|f| matches!(f.kind, FieldKind::Enum(_))) {
        let groups = world.ask(who, "GET", &format!("{base}/groups?by={}", field.name), None);
        let all = groups.body["groups"].as_array().expect("groups");
        let counted: u64 = all.iter().filter_map(|g| g["count"].as_u64()).sum();
        assert_eq!(counted as usize, allowed.len(), "{at} by {}", field.name);
    }
    let all = world.rows.get(entity.name).map_or(0, Vec::len);
    usize::from(allowed.len() < all && all > 0)
}

/// Conditions on rows one step away: those that the reader may not see match nothing.
fn related(world: &World, who: &Looker, entity: &'static Entity) -> usize {
    let Some(own) = world.allowed(who, entity, &entity.permission("read")) else { return 0 };
    let mut asked = 0;
    for by in entity.fields {
        let Some(to) = world.catalog.named(by) else { continue };
        let path = format!(
            "/api/v1/{}?limit=200&fields=id,{}&filter={}.id:gt:0",
            entity.collection, by.name, by.name
        );
        let reply = world.ask(who, "GET", &path, None);
        let at = format!("{} {path}", who.login);
        asked += 1;
        let Some(theirs) = world.allowed(who, to, &to.permission("read")) else {
            assert_eq!(reply.code(), "access.forbidden", "{at}");
            continue;
        };
        if reply.status == 403 {
            let kept = world.oracle.seen(who.cx.user, entity, by) != oracle::Seen::All;
            let code = if kept { "field.not_readable" } else { "row.needs_all" };
            assert_eq!(reply.code(), code, "{at}");
            continue;
        }
        assert_eq!(reply.status, 200, "{at}: {}", reply.body);
        assert!(reply.ids().is_subset(&own), "{at}");
        for row in reply.body["rows"].as_array().into_iter().flatten() {
            let named = row[by.name].as_str().unwrap_or("");
            assert!(theirs.contains(named), "{at} looked at {named}");
        }
    }
    asked
}

/// Every title and every running number, asked in the search.
fn searched(world: &World, who: &Looker) {
    let titles: BTreeSet<&str> =
        world.rows.values().flatten().map(|row| row.title.as_str()).collect();
    let more = ["2026", "000", "so", "need", "13800138000", "8000", "hengyuan"];
    for title in titles.into_iter().filter(|t| !t.is_empty()).chain(more) {
        let encoded: String = title.bytes().map(|b| format!("%{b:02X}")).collect();
        let path = format!("/api/v1/search?limit=50&q={encoded}");
        let reply = world.ask(who, "GET", &path, None);
        for hit in reply.body["rows"].as_array().expect("rows") {
            let (collection, id) = (hit["collection"].as_str(), hit["id"].as_str());
            let entity = collection.and_then(|c| world.catalog.collection(c)).expect("a place");
            let allowed = world.allowed(who, entity, &entity.permission("read"));
            let seen = allowed.is_some_and(|all| id.is_some_and(|id| all.contains(id)));
            assert!(seen, "{} found {hit} by {title}", who.login);
        }
    }
}

/// A verb asked for rows outside: each is refused as if it were not there.
fn many(world: &World, who: &Looker, operation: &Operation) -> usize {
    let Kind::Bulk(verb) = operation.kind else { return 0 };
    let entity = operation.entity;
    let allowed = world.allowed(who, entity, verb.permission);
    let rows = world.rows.get(entity.name).map_or(&[][..], Vec::as_slice);
    let outside = |row: &&Fact| !allowed.as_ref().is_some_and(|all| all.contains(row.id.as_str()));
    let ids: Vec<&str> = rows.iter().filter(outside).map(|row| row.id.as_str()).collect();
    let needs = verb.takes.iter().any(|f| f.required) || !verb.lines.is_empty() || verb.moves;
    if ids.is_empty() || (needs && allowed.is_some()) {
        return 0;
    }
    let reply = world.ask(who, "POST", &operation.path, Some(&json!({ "ids": ids })));
    let at = format!("{} {}", who.login, operation.path);
    if allowed.is_none() {
        assert_eq!(reply.code(), "access.forbidden", "{at}");
        return 0;
    }
    let results = reply.body["results"].as_array().unwrap_or_else(|| panic!("{at} {}", reply.body));
    assert_eq!(results.len(), ids.len(), "{at}");
    for result in results {
        assert_eq!(result["result"], "refused", "{at}");
        assert_eq!(result["code"], "store.not_found", "{at}");
    }
    1
}
