//! A small house behind the real router: one room of its own, a clock and dice that tests move.
use access::commands;
use access::company::NewCompany;
use access::user::NewUser;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use http::{Catalog, Settings, State, Transport, Verb};
use kernel::{Class, Ctx, Currency, Error, Id, Instant, Lifecycle, Move, Result};
use meta::{
    Entity, Field, FieldKind, Look, Seek, any, day, int, money, one_of, qty, rate, refers, text,
};
use serde_json::{Value as Json, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering};
use store::scope::{Belongs, intern};
use store::{Store, Target, Tx};
use tower::ServiceExt;

const fn id() -> Field {
    Field::new("id", FieldKind::Any).by_commands()
}
const fn version() -> Field {
    int("version").by_commands()
}

static PARTY: Entity = Entity::new(
    "party",
    "party",
    &[id(), version(), text("code", 40).required().in_list(), text("name", 200).in_list()],
)
.collection("parties")
.unique(&[&["code"]])
.title("name")
.searched(&[("code", Seek::Number), ("name", Seek::Words)]);

/// Beside what a product is called, some fields that no web code and no catalogue knows.
static PRODUCT: Entity = Entity::new(
    "product",
    "product",
    &[
        id(),
        version(),
        text("name", 200).required().in_list(),
        one_of("zz_shade", &["zz_dark", "zz_pale"]).in_list(),
        day("zz_mixed_on"),
        rate("zz_share").looks(Look::Percent).in_list(),
        text("zz_call", 40).looks(Look::Phone).in_list(),
        int("zz_opens").looks(Look::Clock),
    ],
)
.collection("products")
.title("name");

static STATES: &[&str] = &["draft", "confirmed", "cancelled"];
const fn step(
    from: &'static str,
    verb: &'static str,
    to: &'static str,
    right: &'static str,
) -> Move {
    let (permission, class, role, sla_minutes) = (right, Class::Value, "sales", 0);
    Move { from, verb, to, permission, class, role, sla_minutes }
}
static LIFE: Lifecycle = Lifecycle {
    entity: "order",
    states: STATES,
    moves: &[
        step("draft", "submit", "confirmed", "sales.order.submit"),
        step("draft", "cancel", "cancelled", "sales.order.cancel"),
        step("confirmed", "ship", "confirmed", "stock.order.ship"),
    ],
};

static ORDER: Entity = Entity::new(
    "order",
    "sales",
    &[
        id(),
        version(),
        any("scope_id").by_commands(),
        text("number", 32).in_list().by_commands(),
        refers("party", "party").required().in_list(),
        one_of("state", STATES).in_list().by_commands(),
        one_of("fulfilment", &["none", "full"]).in_list().by_commands(),
        one_of("billing", &["none", "full"]).in_list().by_commands(),
        one_of("payment", &["none", "full"]).in_list().by_commands(),
        int("holds").in_list().by_commands(),
        day("ordered_on").in_list(),
        day("promised_now").in_list(),
        text("currency", 3).in_list(),
        money("gross").in_list(),
        any("owner").by_commands(),
    ],
)
.table("sales_order")
.collection("orders")
.lifecycle(&LIFE)
.title("number")
.searched(&[("number", Seek::Number)]);

static ORDER_LINE: Entity = Entity::new(
    "order_line",
    "sales",
    &[
        any("id"),
        refers("order_id", "order").required(),
        int("line_no"),
        refers("product", "product").required(),
        qty("ordered"),
    ],
)
.collection("order_lines")
.line_of("order_id");

static SHIPMENT: Entity = Entity::new("shipment", "stock", &[any("id"), text("number", 20)])
    .grade(meta::Grade::Document)
    .collection("shipments");

struct Order {
    id: Id<Order>,
    version: i64,
    scope_id: i64,
    number: String,
    party: i64,
    state: String,
    fulfilment: String,
    billing: String,
    payment: String,
    holds: i64,
    ordered_on: String,
    promised_now: String,
    currency: String,
    gross: i64,
    owner: i64,
}
store::record!(Order => ORDER {
    id, version, scope_id, number, party, state, fulfilment, billing, payment, holds, ordered_on,
    promised_now, currency, gross, owner,
});
struct Line {
    id: Id<Line>,
    order_id: Id<Order>,
    line_no: i64,
    product: i64,
    ordered: i64,
}
store::record!(Line => ORDER_LINE { id, order_id, line_no, product, ordered });

const TOLD: kernel::Activity = kernel::Activity::new("order.changed", "test");

fn create(cx: &Ctx, tx: &mut Tx, _: i64, body: &Json) -> Result<Json> {
    let (company, owner) = (cx.company, cx.user);
    let scope_id = intern(cx, tx, Belongs { company, owner, ..Belongs::default() })?;
    let of = |value: &Json| value.as_str().unwrap_or("").to_owned();
    let order = Order {
        id: cx.id(),
        version: 1,
        scope_id,
        number: of(&body["number"]),
        party: of(&body["party"]).parse().unwrap_or(0),
        state: "draft".into(),
        fulfilment: "none".into(),
        billing: "none".into(),
        payment: "none".into(),
        holds: 0,
        ordered_on: cx.today().to_string(),
        promised_now: cx.today().plus_days(7).to_string(),
        currency: "CNY".into(),
        gross: kernel::Money::parse(&of(&body["gross"]), Currency::CNY)?.minor,
        owner,
    };
    tx.insert(std::slice::from_ref(&order));
    let lines = body["lines"].as_array().cloned().unwrap_or_default();
    for (at, line) in lines.iter().enumerate() {
        let product = of(&line["product"]).parse().unwrap_or(0);
        let ordered = kernel::Qty::parse(&of(&line["qty"]))?.0;
        let line_no = at as i64 + 1;
        tx.insert(&[Line { id: cx.id(), order_id: order.id, line_no, product, ordered }]);
    }
    tx.tell(cx.fact(TOLD).on("order", order.id.raw(), "created").moved("", "draft"));
    Ok(json!({ "id": order.id.to_string(), "version": 1, "state": "draft" }))
}

fn to(cx: &Ctx, tx: &mut Tx, id: i64, verb: &'static str, state: &str) -> Result<Json> {
    let mut order: Order = tx.lock(Id::from_raw(id))?;
    let open = LIFE.open(&order.state);
    if !open.iter().any(|m| m.verb == verb) {
        return Err(LIFE.refusal(&order.state, verb));
    }
    order.state = state.to_owned();
    if verb == "ship" {
        order.holds += 1;
    }
    tx.update(std::slice::from_ref(&order));
    tx.tell(cx.fact(TOLD).on("order", id, "changed"));
    Ok(json!({ "id": id.to_string(), "version": order.version + 1, "state": state }))
}

static TAKES: &[Field] =
    &[refers("party", "party").required(), text("number", 32), money("gross").required()];
static LINES: &[Field] = &[refers("product", "product").required(), qty("qty").required()];
static CREATE: Verb = Verb {
    entity: "order",
    name: "create",
    permission: "sales.order.create",
    moves: false,
    takes: TAKES,
    lines: LINES,
    run: create,
};
static SUBMIT: Verb = Verb {
    entity: "order",
    name: "submit",
    permission: "sales.order.submit",
    moves: false,
    takes: &[],
    lines: &[],
    run: |cx, tx, id, _| to(cx, tx, id, "submit", "confirmed"),
};
static CANCEL: Verb = Verb {
    entity: "order",
    name: "cancel",
    permission: "sales.order.cancel",
    moves: false,
    takes: &[text("reason", 40).required()],
    lines: &[],
    run: |cx, tx, id, _| to(cx, tx, id, "cancel", "cancelled"),
};
static SHIP: Verb = Verb {
    entity: "order",
    name: "ship",
    permission: "stock.order.ship",
    moves: true,
    takes: &[],
    lines: &[],
    run: |cx, tx, id, _| to(cx, tx, id, "ship", "confirmed"),
};
static BURN: Verb = Verb {
    entity: "order",
    name: "burn",
    permission: "sales.order.burn",
    moves: false,
    takes: &[],
    lines: &[],
    run: |_, _, _, _| Err(Error::bug("bug.secret", "the inside of the house")),
};

fn chain(cx: &Ctx, tx: &mut Tx, id: i64) -> Result<Json> {
    let scope = store::scope::Scope::All;
    let order = store::rows::get(cx, tx, &ORDER, &scope, id, &[&ORDER_LINE])?;
    let shipment = json!({ "number": "SH-1", "state": "shipped", "shipped_at": "2026-02-01" });
    Ok(json!({ "order": order, "shipments": [shipment], "invoices": [] }))
}

pub(crate) fn catalog() -> Catalog {
    let own: [&'static Entity; 5] = [&PARTY, &PRODUCT, &ORDER, &ORDER_LINE, &SHIPMENT];
    let entities =
        store::ENTITIES.iter().chain(access::entities::ENTITIES).chain(connect::ENTITIES);
    let entities = entities.chain(&own).copied().collect();
    let verbs = vec![&CREATE, &SUBMIT, &CANCEL, &SHIP, &BURN];
    Catalog {
        entities,
        verbs,
        rules: Vec::new(),
        chain,
        outlook: |_, _, _, _| Ok(()),
        open_company: |_, _, _, _| Ok(()),
    }
}

pub(crate) const START: i64 = Instant::DAY * 20_500;
static CLOCK: AtomicI64 = AtomicI64::new(START);
static DICE: AtomicU64 = AtomicU64::new(1);

fn random() -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&DICE.fetch_add(1, Ordering::Relaxed).to_le_bytes());
    bytes
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) text: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Json {
        serde_json::from_str(&self.text).unwrap_or(Json::Null)
    }
    pub(crate) fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or("").to_owned()
    }
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }
}

pub(crate) struct House {
    pub(crate) state: Arc<State>,
    store: Arc<Store>,
    pub(crate) dir: std::path::PathBuf,
    runtime: tokio::runtime::Runtime,
    /// Bearer tokens by login.
    tokens: Vec<(&'static str, String)>,
}

impl Drop for House {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.dir);
    }
}

pub(crate) const GOOD: &str = "correct horse";
pub(crate) const USERS: &[(&str, &[&str])] = &[
    ("li.lei", &["sales"]),
    ("han.meimei", &["sales"]),
    ("boss", &["admin"]),
    ("jim", &["warehouse"]),
    ("nobody", &[]),
];

/// Mail lies in a folder of the house.
fn mailer(dir: &std::path::Path) -> connect::mail::Mailer {
    let setting = format!("file:{}", dir.join("mail").display());
    connect::mail::Mailer::new(&setting, "huiliu@example.com", "https://huiliu.example.com")
        .unwrap()
}

impl House {
    /// Nothing is set up yet.
    pub(crate) fn empty() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("http_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let dir = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&dir).unwrap();
        let target = Target::File(dir.join("t.db"));
        let now = Instant(START);
        let store = Arc::new(Store::open_declared(&target, now, &catalog().entities).unwrap());
        let settings = Settings {
            store: Arc::clone(&store),
            tenant: 1,
            code: "main".into(),
            catalog: catalog(),
            clock: || Instant(CLOCK.fetch_add(1000, Ordering::Relaxed)),
            random,
            transport: Transport::Plain,
            files: Some(connect::files::Files::at(dir.join("files"))),
            mailer: mailer(&dir),
            columns: dir.join("1.facts"),
        };
        let state = State::new(settings).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = { runtime }.worker_threads(2).enable_all().build().unwrap();
        let house = Self { state, store, dir, runtime, tokens: Vec::new() };
        house.system(|cx, tx| commands::create_tenant(cx, tx, "汇流集团").map(|_| ()));
        house
    }

    /// A company with users of several roles, each signed in.
    pub(crate) fn new() -> Self {
        let mut house = Self::empty();
        house.system(|cx, tx| {
            commands::create_company(cx, tx, NewCompany::usual("HL", "汇流五金", "2026-01"))?;
            commands::create_usual_roles(cx, tx)?;
            for (login, roles) in USERS {
                let new = NewUser { login, name: login, department: None, roles };
                commands::create_user(cx, tx, &new)?;
            }
            Ok(())
        });
        for (login, _) in USERS {
            let link = house.link(login);
            let body = json!({ "link": link, "bearer": true });
            let reply = house.send("POST", "/api/v1/sign-in", &[], Some(&body));
            house.tokens.push((login, reply.json()["token"].as_str().unwrap().to_owned()));
        }
        house
    }

    pub(crate) fn system<T>(&self, job: impl Fn(&Ctx, &mut Tx) -> Result<T>) -> T {
        let cx = Ctx::system(1, Instant(START), self.store.ids());
        self.store.run(&cx, job).unwrap()
    }

    pub(crate) fn set_password(&self, login: &str) {
        let hashed = access::password::hash(login, GOOD, [7; 16]).unwrap();
        self.system(|cx, tx| {
            let user = access::user_rows::by_login(tx, login)?.unwrap();
            commands::set_password(cx, tx, user.id, &hashed)
        });
    }

    pub(crate) fn link(&self, login: &str) -> String {
        let bytes = random();
        self.system(|cx, tx| {
            let user = access::user_rows::by_login(tx, login)?.unwrap();
            commands::issue_link(cx, tx, Some(user.id), bytes).map(|t| t.text().to_owned())
        })
    }

    pub(crate) fn setup_link(&self) -> String {
        let bytes = random();
        self.system(|cx, tx| commands::issue_link(cx, tx, None, bytes).map(|t| t.text().to_owned()))
    }

    pub(crate) fn raw(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Reply {
        let mut request = Request::builder().method(method).uri(path).header("host", "hl.test");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body)).unwrap();
        let router = http::router(http::Tenants::one(Arc::clone(&self.state)));
        self.runtime.block_on(async move {
            let response = router.oneshot(request).await.unwrap();
            let status = response.status().as_u16();
            let header = |(n, v): (&axum::http::HeaderName, &axum::http::HeaderValue)| {
                (n.as_str().to_owned(), v.to_str().unwrap_or("").to_owned())
            };
            let headers = response.headers().iter().map(header).collect();
            let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
            Reply { status, headers, text: String::from_utf8_lossy(&body).into_owned() }
        })
    }

    pub(crate) fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Json>,
    ) -> Reply {
        let mut headers = headers.to_vec();
        if body.is_some() {
            headers.push(("content-type", "application/json"));
        }
        let body = body.map(ToString::to_string).unwrap_or_default();
        self.raw(method, path, &headers, body.into_bytes())
    }

    /// As a signed-in program of a user.
    pub(crate) fn ask(&self, login: &str, method: &str, path: &str, body: Option<&Json>) -> Reply {
        self.ask_with(login, method, path, &[], body)
    }

    pub(crate) fn ask_with(
        &self,
        login: &str,
        method: &str,
        path: &str,
        more: &[(&str, &str)],
        body: Option<&Json>,
    ) -> Reply {
        let bearer = format!("Bearer {}", self.token(login));
        let mut headers = vec![("authorization", bearer.as_str()), ("accept-language", "en")];
        headers.extend_from_slice(more);
        self.send(method, path, &headers, body)
    }

    pub(crate) fn token(&self, login: &str) -> &str {
        self.tokens.iter().find(|(n, _)| *n == login).map(|(_, t)| t.as_str()).unwrap()
    }

    /// Serves on a free port of this machine until told to stop.
    pub(crate) fn serve(
        &self,
        stop: tokio::sync::oneshot::Receiver<()>,
    ) -> (std::net::SocketAddr, tokio::task::JoinHandle<std::io::Result<()>>) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0");
        let listener = self.runtime.block_on(listener).unwrap();
        let address = listener.local_addr().unwrap();
        let until = async move {
            let _told = stop.await;
        };
        let serving = http::serve(http::Tenants::one(Arc::clone(&self.state)), listener, until);
        (address, self.runtime.spawn(serving))
    }

    pub(crate) fn wait(&self, running: tokio::task::JoinHandle<std::io::Result<()>>) {
        self.runtime.block_on(running).unwrap().unwrap();
    }

    pub(crate) fn party(&self, name: &str) -> String {
        let body = json!({ "code": name, "name": name });
        let reply = self.ask("boss", "POST", "/api/v1/parties", Some(&body));
        assert_eq!(reply.status, 201, "{}", reply.text);
        reply.json()["id"].as_str().unwrap().to_owned()
    }

    /// A draft order of a user; its id.
    pub(crate) fn order(&self, login: &str, number: &str, party: &str) -> String {
        let body = json!({ "number": number, "party": party, "gross": "113.00" });
        let reply = self.ask(login, "POST", "/api/v1/orders", Some(&body));
        assert_eq!(reply.status, 201, "{}", reply.text);
        reply.json()["id"].as_str().unwrap().to_owned()
    }
}
