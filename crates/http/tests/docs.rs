//! Writes `docs/api.md` and `docs/openapi.json` from the real router and the real verbs: one order
//! from set-up to cash. With `HUILIU_WRITE_DOCS` set it writes them, else it compares.
#![expect(clippy::unwrap_used, reason = "a set-up that fails is a test that fails")]
use axum::body::{Body, to_bytes};
use axum::http::Request;
use http::{Catalog, Settings, State, Transport};
use kernel::{Ctx, Instant};
use serde_json::{Value as Json, json};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU8, Ordering};
use store::{Store, Target};
use tower::ServiceExt;

const START: i64 = Instant::DAY * 20_500 + 2 * Instant::HOUR;
static CLOCK: AtomicI64 = AtomicI64::new(START);
static DICE: AtomicU8 = AtomicU8::new(1);

fn random() -> [u8; 32] {
    [DICE.fetch_add(1, Ordering::Relaxed); 32]
}

/// The page under way, and the program it is written from.
struct Book {
    state: Arc<State>,
    store: Arc<Store>,
    runtime: tokio::runtime::Runtime,
    dir: std::path::PathBuf,
    target: Target,
    token: String,
    text: String,
}

impl Drop for Book {
    fn drop(&mut self) {
        if let Target::Postgres { schema, .. } = &self.target {
            let _ended = self.store.script(&format!("DROP SCHEMA {schema} CASCADE"));
        }
        let _gone = std::fs::remove_dir_all(&self.dir);
    }
}

const INTRO: &str = "# The API\n\nMade by `HUILIU_WRITE_DOCS=1 cargo test -p http@0.1.0 --test \
    docs` from the real router; the same test compares it in CI. The whole contract is in \
    [openapi.json](openapi.json).\n\n\
    - JSON over HTTP under `/api/v1`. Decimals are strings, ids are strings, days are ISO, \
    instants RFC 3339 in UTC.\n\
    - Who asks: a session cookie (`POST /api/v1/sign-in`), or `Authorization: Bearer TOKEN` for \
    programs. A write with the cookie needs `Content-Type: application/json` and comes from our \
    own pages.\n\
    - Another company than one's own: the header `Huiliu-Company: CODE`.\n\
    - Errors are RFC 9457 problems. `code` is stable; `title` is for people, in the language of \
    `Accept-Language`.\n\
    - `Idempotency-Key` on writes: the same key acts once and gives the same reply for 7 days. \
    Verbs that move money or goods need it. A refusal keeps nothing, so the key may be used \
    again.\n\
    - `If-Match: \"3\"`, or `version` in the body: 409 when somebody else was first.\n\
    - Lists: `filter=field:op:value` (repeated; `eq ne lt le gt ge in contains starts`), `q`, \
    `sort=-day,number`, `fields=a,b`, `limit` (to 200), `cursor` (the `next` of the page before), \
    `count=no|capped|exact`. Totals are exact to 10000, then `10000+`.\n\
    - A row outside your scope answers as one that does not exist: 404.\n";

impl Book {
    /// The clock and the dice start again, so that each engine tells the same book.
    fn new(target: Target, dir: std::path::PathBuf) -> Self {
        CLOCK.store(START, Ordering::Relaxed);
        DICE.store(1, Ordering::Relaxed);
        let now = Instant(START);
        let store = Store::open_declared(&target, now, &flows::entities()).unwrap();
        let store = Arc::new(store);
        let settings = Settings {
            store: Arc::clone(&store),
            tenant: 1,
            code: "main".into(),
            catalog: Catalog::of_flows(),
            clock: || Instant(CLOCK.fetch_add(Instant::SECOND, Ordering::Relaxed)),
            random,
            transport: Transport::Plain,
            files: None,
            mailer: connect::mail::Mailer::default(),
            columns: dir.join("1.facts"),
        };
        let state = State::new(settings).unwrap();
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(1).enable_all().build().unwrap();
        let (token, text) = (String::new(), INTRO.to_owned());
        Self { state, store, runtime, dir, target, token, text }
    }

    fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Told {
        let mut request = Request::builder().method(method).uri(path).header("host", "localhost");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let router = http::router(http::Tenants::one(Arc::clone(&self.state)));
        self.runtime.block_on(async move {
            let response = router.oneshot(request).await.unwrap();
            let status = response.status().as_u16();
            let header = |name: &str| {
                let value = response.headers().get(name).and_then(|v| v.to_str().ok());
                value.unwrap_or("").to_owned()
            };
            let named = ["content-type", "etag", "idempotency-replayed", "retry-after", "location"];
            let headers = named.map(|n| (n, header(n))).into_iter().filter(|(_, v)| !v.is_empty());
            let headers: Vec<_> = headers.collect();
            let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
            Told { status, headers, body: String::from_utf8_lossy(&body).into_owned() }
        })
    }

    /// Asks, and writes question and answer down.
    fn tell(&mut self, says: &str, ask: &Ask<'_>) -> Json {
        let bearer = format!("Bearer {}", self.token);
        let mut headers: Vec<(&str, &str)> = vec![("accept-language", "en")];
        if !self.token.is_empty() && !ask.alone {
            headers.push(("authorization", &bearer));
        }
        headers.extend_from_slice(ask.headers);
        let body = ask.body.as_ref().map(ToString::to_string).unwrap_or_default();
        if ask.body.is_some() {
            headers.push(("content-type", "application/json"));
        }
        let told = self.send(ask.method, ask.path, &headers, &body);
        let _infallible =
            write!(self.text, "\n## {says}\n\n```http\n{} {}\n", ask.method, ask.path);
        for (name, value) in &headers {
            let value = if *name == "authorization" { "Bearer TOKEN" } else { value };
            let _infallible = writeln!(self.text, "{name}: {value}");
        }
        if let Some(body) = &ask.body {
            let _infallible = write!(self.text, "\n{}\n", pretty(body));
        }
        let _infallible = write!(self.text, "```\n\n```http\nHTTP/1.1 {}\n", told.status);
        for (name, value) in &told.headers {
            let _infallible = writeln!(self.text, "{name}: {value}");
        }
        let answer: Json = serde_json::from_str(&told.body).unwrap_or(Json::Null);
        let shown = if answer.is_null() { told.body.clone() } else { pretty(&hidden(&answer)) };
        let _infallible = write!(self.text, "\n{shown}\n```\n");
        assert_eq!(told.status, ask.status, "{says}: {}", told.body);
        answer
    }

    /// A request of the user whose book this is, that the book does not tell: it holds a secret.
    fn send_signed(&self, method: &str, path: &str, body: &str) -> Told {
        let bearer = format!("Bearer {}", self.token);
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        self.send(method, path, &headers, body)
    }
}

struct Told {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
}

struct Ask<'a> {
    method: &'a str,
    path: &'a str,
    headers: &'a [(&'a str, &'a str)],
    body: Option<Json>,
    status: u16,
    /// Without saying who asks.
    alone: bool,
}

fn get(path: &str) -> Ask<'_> {
    Ask { method: "GET", path, headers: &[], body: None, status: 200, alone: false }
}
fn post(path: &str, body: Json) -> Ask<'_> {
    Ask { method: "POST", body: Some(body), ..get(path) }
}

fn pretty(value: &Json) -> String {
    serde_json::to_string_pretty(value).unwrap()
}

/// A session's token is for its owner only, also in a book.
fn hidden(answer: &Json) -> Json {
    let mut shown = answer.clone();
    if shown["token"].is_string() {
        shown["token"] = json!("TOKEN");
    }
    shown
}

fn id(row: &Json) -> String {
    row["id"].as_str().unwrap_or_else(|| panic!("no id: {row}")).to_owned()
}

/// The first company, by the link that the program prints.
fn set_up(book: &mut Book) {
    let cx = Ctx::system(1, Instant(CLOCK.load(Ordering::Relaxed)), book.store.ids());
    let link = book.store.run(&cx, |cx, tx| {
        access::commands::create_tenant(cx, tx, "汇流")?;
        access::commands::issue_link(cx, tx, None, [200; 32]).map(|t| t.text().to_owned())
    });
    let link = link.unwrap();
    let alone = |ask: Ask<'static>| Ask { alone: true, ..ask };
    book.tell("Is a company set up?", &alone(get("/api/v1/start")));
    let looked = book.send("GET", &format!("/api/v1/links/{link}"), &[], "");
    assert_eq!(looked.status, 200, "{}", looked.body);
    let answers = json!({ "link": link, "name": "汇流五金", "code": "HL", "start_period": "2026-01",
        "chart": "enterprise", "taxpayer": "general", "prices": "incl",
        "default_tax_code": "VAT13", "costing": "moving_average",
        "recognition": "on_acceptance", "credit_control": "yes", "person": "Wang",
        "login": "wang", "password": "correct horse" });
    let json = [("content-type", "application/json")];
    let told = book.send("POST", "/api/v1/set-up", &json, &answers.to_string());
    assert_eq!(told.status, 200, "{}", told.body);
    let again = book.send("POST", "/api/v1/set-up", &json, &answers.to_string());
    assert_eq!(again.status, 403, "{}", again.body);
}

fn signing(book: &mut Book) {
    let mut wrong = post("/api/v1/sign-in", json!({ "login": "wang", "password": "wrong horse" }));
    wrong.status = 401;
    let right = json!({ "login": "wang", "password": "correct horse", "bearer": true });
    let signed_in = book.tell("Signing in as a program", &post("/api/v1/sign-in", right));
    let token = signed_in["token"].as_str().unwrap().to_owned();
    book.tell("A wrong password", &wrong);
    let mut alone = get("/api/v1/me");
    (alone.alone, alone.status) = (true, 401);
    book.token = token;
    book.tell("Without a session", &alone);
    book.tell("Who am I", &get("/api/v1/me"));
}

fn goods(book: &mut Book) -> (String, String) {
    let made = |ask: Ask<'static>| Ask { status: 201, ..ask };
    let party = json!({ "code": "C-001", "name": "华兴电气", "is_customer": true, "active": true,
            "tax_id": "91350100M000100Y43",
            "terms_code": "N30" });
    let party = id(&book.tell("A customer", &made(post("/api/v1/parties", party))));
    let product = json!({ "code": "SCREW-M4", "name": "螺丝 M4", "kind": "goods", "unit": "个",
            "tax_code": "VAT13", "list_price": "0.35", "active": true });
    let product = id(&book.tell("A product", &made(post("/api/v1/products", product))));
    let warehouse = json!({ "code": "W2", "name": "二号仓", "priority": 1 });
    let mut made = post("/api/v1/warehouses", warehouse);
    made.status = 201;
    let warehouse = id(&book.tell("Making a master", &made));
    let lines = json!([{ "product": product, "qty": "1000", "value": "200.00" }]);
    let receipt = json!({ "kind": "opening", "warehouse": warehouse, "lines": lines });
    let headers = [("idempotency-key", "opening-1")];
    let mut made = post("/api/v1/receipts", receipt);
    (made.status, made.headers) = (201, &headers);
    book.tell("Taking stock in", &made);
    let path = format!("/api/v1/parties/{party}/set_credit_limit");
    let headers = [("idempotency-key", "limit-1")];
    let limit = Ask { headers: &headers, ..post(&path, json!({ "limit": "10000.00" })) };
    book.tell("A verb on a master", &limit);
    (party, product)
}

fn ordering(book: &mut Book, party: &str, product: &str) -> String {
    let lines = json!([{ "product": product, "qty": "200", "price": "0.35" }]);
    let ship_to = "厦门市湖里区 1 号";
    let body = json!({ "party": party, "customer_po_no": "PO-77", "ship_to": ship_to,
        "requested_on": "2026-02-20", "lines": lines });
    let mut made = post("/api/v1/orders", body.clone());
    made.status = 201;
    let order = id(&book.tell("Entering an order", &made));
    let mut bad = body;
    bad["lines"][0]["qty"] = json!("many");
    bad["colour"] = json!("red");
    let mut refused = post("/api/v1/orders", bad);
    refused.status = 422;
    book.tell("A field that nobody declared", &refused);
    let path = format!("/api/v1/orders/{order}?lines=yes&verbs=yes");
    book.tell("One order with its lines and what may be done", &get(&path));
    let path = format!("/api/v1/orders/{order}/submit");
    let headers = [("idempotency-key", "submit-1"), ("if-match", "\"1\"")];
    let submit = || Ask { headers: &headers, ..post(&path, json!({})) };
    let mut late = submit();
    let stale = [("idempotency-key", "submit-0"), ("if-match", "\"9\"")];
    (late.headers, late.status) = (&stale, 409);
    book.tell("Somebody else was first", &late);
    let mut keyless = post(&path, json!({}));
    keyless.status = 422;
    book.tell("A verb that moves goods needs a key", &keyless);
    book.tell("Submitting it: every check runs", &submit());
    book.tell("The same key again: the same reply, nothing done twice", &submit());
    order
}

fn to_cash(book: &mut Book, party: &str, order: &str) {
    let path = format!("/api/v1/shipments?filter=order_id:eq:{order}&fields=number,state");
    let shipments = book.tell("A list, filtered", &get(&path));
    assert!(shipments["rows"][0].is_object(), "{}", book.text);
    let shipment = id(&shipments["rows"][0]);
    let step = |book: &mut Book, says: &str, path: String, body: Json| {
        let key = format!("key-{}", path.rsplit('/').next().unwrap_or(""));
        let headers = [("idempotency-key", key.as_str())];
        book.tell(says, &Ask { headers: &headers, ..post(&path, body) })
    };
    let of = |verb: &str| format!("/api/v1/shipments/{shipment}/{verb}");
    step(book, "Picking", of("pick"), json!({}));
    let tracking = json!({ "carrier": "SF", "tracking": "SF100" });
    step(book, "Shipping", of("ship"), tracking);
    step(book, "The customer signed", of("deliver"), json!({ "signed_by": "Li" }));
    let bill = format!("/api/v1/orders/{order}/bill");
    let invoice = step(book, "Billing what was earned", bill, json!({}));
    let (invoice, state) = (id(&invoice), invoice["state"].clone());
    if state == "draft" {
        let post = format!("/api/v1/invoices/{invoice}/post");
        step(book, "Posting the invoice", post, json!({}));
    }
    let lines = json!([{ "invoice": invoice, "amount": "70.00" }]);
    let payment = json!({ "party": party, "amount": "70.00", "method": "transfer",
        "reference": "PO-77", "lines": lines });
    let headers = [("idempotency-key", "pay-1")];
    let mut paid = post("/api/v1/payments", payment);
    (paid.status, paid.headers) = (201, &headers);
    book.tell("Money came in", &paid);
    let chain = format!("/api/v1/orders/{order}/chain");
    book.tell("The order with everything from lead to cash", &get(&chain));
}

/// What the web app is made from, and what it shows beside documents.
fn screens(book: &mut Book, party: &str, product: &str, order: &str) {
    book.tell("What an entity is made of", &get("/api/v1/meta/hold"));
    let lines = json!([{ "product": product, "qty": "3" }]);
    let asked = json!({ "party": party, "lines": lines });
    let dry = post("/api/v1/orders?dry=yes", asked);
    book.tell("What an order would cost: nothing is kept", &dry);
    let kept = get("/api/v1/orders?count=exact&limit=1&fields=number");
    assert_eq!(book.tell("Nothing was kept", &kept)["total"], 1);
    let facts = book.tell("What happened to it", &get(&format!("/api/v1/orders/{order}/facts")));
    let newest = facts["rows"][0]["activity"].as_str().unwrap_or("").to_owned();
    assert_eq!(newest, "order.closed");
    let river = book.tell("Where the work stands", &get(&format!("/api/v1/river?party={party}")));
    assert_eq!(river["figures"][0]["months"][0]["amount"], "70.00");
    let balances = get("/api/v1/balances?from=2026-01-01&until=2026-12-31");
    let balances = book.tell("Balances of accounts", &balances);
    let cents = |row: &Json| row["closing"].as_str().unwrap().replace('.', "").parse::<i64>();
    let sum: i64 = balances["rows"].as_array().unwrap().iter().map(|r| cents(r).unwrap()).sum();
    assert_eq!(sum, 0, "debit and credit are equal");
    let bank = balances["rows"][0]["id"].as_str().unwrap().to_owned();
    let behind = format!("/api/v1/balances/{bank}?from=2026-01-01");
    book.tell("What stands behind an account", &get(&behind));
    let credit = format!("/api/v1/parties/{party}/credit");
    let credit = get(&credit);
    assert_eq!(book.tell("A customer's credit", &credit)["credit"]["left"], "10000.00");
}

/// Users with their roles, and the way in for somebody without a password.
fn people(book: &mut Book) {
    let made = |ask: Ask<'static>| Ask { status: 201, ..ask };
    let new = json!({ "login": "li.lei", "name": "李雷", "role_code": "sales" });
    let user = id(&book.tell("A new user", &made(post("/api/v1/users", new))));
    let roles = book.tell("Roles", &get("/api/v1/roles?filter=code:eq:cashier"));
    let role = id(&roles["rows"][0]);
    let give = format!("/api/v1/users/{user}/assign_role");
    book.tell("Giving a role", &post(&give, json!({ "role": role })));
    let held = book.tell("Who has which role", &get(&format!("/api/v1/users/{user}?lines=yes")));
    assert_eq!(held["user_roles"].as_array().map(Vec::len), Some(2));
    let grant = format!("/api/v1/roles/{role}/grant");
    let right = json!({ "permission": "crm.lead.read", "reach": "own" });
    book.tell("A role may do more", &post(&grant, right));
    let less = format!("/api/v1/roles/{role}/withdraw_grant");
    book.tell("A role may do less", &post(&less, json!({ "permission": "crm.lead.read" })));
    let sent = book.send_signed("POST", &format!("/api/v1/users/{user}/link"), "{}");
    assert_eq!(sent.status, 200, "{}", sent.body);
    let path: Json = serde_json::from_str(&sent.body).unwrap();
    let link = path["path"].as_str().unwrap().trim_start_matches("/link/").to_owned();
    let json = [("content-type", "application/json")];
    let body = json!({ "link": link, "bearer": true }).to_string();
    assert_eq!(book.send("POST", "/api/v1/sign-in", &json, &body).status, 200);
    assert_eq!(book.send("POST", "/api/v1/sign-in", &json, &body).status, 403, "it works once");
    book.tell("Shutting a user out", &post(&format!("/api/v1/users/{user}/disable"), json!({})));
    let admin = get("/api/v1/roles?filter=code:eq:admin&fields=code");
    let admin = id(&book.tell("The administrators", &admin)["rows"][0]);
    let last = format!("/api/v1/roles/{admin}/withdraw_grant");
    let last = Ask { status: 409, ..post(&last, json!({ "permission": "*" })) };
    book.tell("The last right of all stays", &last);
}

fn refusals(book: &mut Book, order: &str) {
    let mut missing = get("/api/v1/orders/42");
    missing.status = 404;
    book.tell("What is not there, or not yours", &missing);
    let path = format!("/api/v1/orders/{order}/cancel");
    let closed = Ask { status: 409, ..post(&path, json!({ "reason": "late" })) };
    book.tell("A verb that the state closes", &closed);
    let many = json!({ "ids": [order, "42"], "reason": "late" });
    book.tell("Many rows at once: a result each", &post("/api/v1/orders/bulk/cancel", many));
    let mut sorted = get("/api/v1/orders?sort=colour");
    sorted.status = 422;
    book.tell("A sort key that is no field", &sorted);
    book.tell("My sessions", &get("/api/v1/me/sign-ins"));
    book.tell("Signing out", &post("/api/v1/sign-out", json!({})));
}

fn write(target: Target, dir: &Path) -> String {
    let mut book = Book::new(target, dir.to_owned());
    set_up(&mut book);
    signing(&mut book);
    let (party, product) = goods(&mut book);
    let order = ordering(&mut book, &party, &product);
    to_cash(&mut book, &party, &order);
    screens(&mut book, &party, &product, &order);
    people(&mut book);
    refusals(&mut book, &order);
    std::mem::take(&mut book.text)
}

#[test]
fn the_written_api_is_the_running_api_on_both_engines() {
    let name = format!("http_docs_{}", std::process::id());
    let dir = std::env::temp_dir().join(&name);
    std::fs::create_dir_all(&dir).unwrap();
    let text = write(Target::File(dir.join("t.db")), &dir);
    if let Ok(url) = std::env::var("HUILIU_TEST_PG") {
        let target = Target::Postgres { url, schema: name.clone() };
        let other = write(target, &dir);
        let differs = other.lines().zip(text.lines()).find(|(a, b)| a != b);
        assert_eq!(differs, None, "PostgreSQL and SQLite tell different books");
    }
    hold("docs/api.md", &text);
    let document = http::openapi::document(&Catalog::of_flows());
    hold("docs/openapi.json", &format!("{}\n", pretty(&document)));
}

fn hold(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name);
    if std::env::var("HUILIU_WRITE_DOCS").is_ok() {
        std::fs::write(&path, text).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = kept.lines().zip(text.lines()).position(|(a, b)| a != b);
    let at = differs.unwrap_or_else(|| kept.lines().count().min(text.lines().count()));
    assert!(kept == text, "{name} differs from line {}: write it with HUILIU_WRITE_DOCS=1", at + 1);
}
