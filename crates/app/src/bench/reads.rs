//! Reading over the API, in process: `lists`, `search` and `customer`, in a folder that `fill`
//! made.
//!
//! Each question is asked by an administrator, who reaches everything; answers are whole ones, with
//! guards, session, scope and JSON. What a question asks for moves with each turn.
use crate::bench::fill::LIVE;
use crate::outside::{now, random};
use crate::verbs::sign_in;
use crate::{cli, place};
use access::user::NewUser;
use http::{Asked, Catalog, Inside, Settings, State, Transport};
use kernel::{Error, Result};
use serde_json::{Value, json};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

/// Turns of each question.
const TURNS: usize = 100;
/// Who asks.
const LOGIN: &str = "bench";

/// One question by its turn; several addresses are one look at one screen.
type Question = (&'static str, fn(&Known, usize) -> Vec<String>);

/// What the folder holds.
struct Known {
    orders: usize,
    /// Ids of customers.
    customers: Vec<String>,
}

/// How long the answers to one question took, ms.
pub(crate) struct Took {
    pub(crate) question: &'static str,
    pub(crate) p50_ms: f64,
    pub(crate) p95_ms: f64,
}

/// Asks every question of the suite and prints p50 and p95.
pub(crate) fn run(at: &cli::Place, bench: &cli::Bench) -> Result<ExitCode> {
    let place = place::open(at)?;
    let asker = Asker::new(&place)?;
    let took = asker.suite(&bench.suite, bench.clients.unwrap_or(TURNS).max(1))?;
    if bench.json {
        let json =
            |t: &Took| json!({ "question": t.question, "p50_ms": t.p50_ms, "p95_ms": t.p95_ms });
        let questions: Vec<Value> = took.iter().map(json).collect();
        let (suite, orders) = (&bench.suite, asker.known.orders);
        outln!("{}", json!({ "suite": suite, "orders": orders, "questions": questions }));
    } else {
        for one in &took {
            outln!("{}: p50 {:.2} ms, p95 {:.2} ms", one.question, one.p50_ms, one.p95_ms);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// An administrator at the API of a place.
pub(crate) struct Asker {
    inside: Inside,
    token: String,
    known: Known,
}

impl Asker {
    /// Signs in. Error: `bench.empty` where nothing was filled.
    pub(crate) fn new(place: &place::Place) -> Result<Self> {
        let settings = Settings {
            store: Arc::clone(&place.store),
            tenant: place.tenant,
            code: place.listed.code.clone(),
            catalog: Catalog::of_flows(),
            clock: now,
            random,
            transport: Transport::Plain,
            files: None,
            mailer: connect::mail::Mailer::default(),
            columns: place.columns(),
        };
        let inside = Inside::new(State::new(settings)?)?;
        let token = signed_in(place, &inside)?;
        let known = known(&inside, &token)?;
        Ok(Self { inside, token, known })
    }

    /// Asks each question of `lists`, `search` or `customer` so many times.
    pub(crate) fn suite(&self, suite: &str, turns: usize) -> Result<Vec<Took>> {
        let questions: &[Question] = match suite {
            "lists" => LISTS,
            "newest" => &LISTS[..1],
            "search" => SEARCHES,
            _ => CUSTOMER,
        };
        let mut measured = Vec::with_capacity(questions.len());
        for (name, question) in questions {
            let mut took = Vec::with_capacity(turns);
            for turn in 0..turns {
                let addresses = question(&self.known, turn);
                let begun = Instant::now();
                for path in &addresses {
                    get(&self.inside, &self.token, path)?;
                }
                took.push(begun.elapsed().as_secs_f64() * 1000.0);
            }
            took.sort_by(f64::total_cmp);
            let at = |share: usize| took[(took.len() - 1) * share / 100];
            measured.push(Took { question: name, p50_ms: at(50), p95_ms: at(95) });
        }
        Ok(measured)
    }
}

fn get(inside: &Inside, token: &str, path: &str) -> Result<Value> {
    let (status, body) = inside.ask(&Asked { method: "GET", path, token, body: None, key: "" })?;
    match status {
        200 => Ok(body),
        _ => Err(Error::bug("bug.bench", format!("{path}: {status} {body}"))),
    }
}

/// An administrator with a session of a program; made on first use.
fn signed_in(place: &place::Place, inside: &Inside) -> Result<String> {
    let cx = place.system();
    let known = place.store.read(&cx, |_, tx| access::user_rows::by_login(tx, LOGIN))?;
    if known.is_none() {
        let company = place.store.read(&cx, |_, tx| access::questions::first_company(tx))?;
        if company.is_none() {
            return Err(Error::conflict("bench.empty", "fill"));
        }
        place.store.run(&cx, |cx, tx| {
            let roles = access::questions::first_admin(tx)?;
            if roles.is_none() {
                access::commands::create_usual_roles(cx, tx)?;
            }
            let new = NewUser { login: LOGIN, name: LOGIN, department: None, roles: &["admin"] };
            access::commands::create_user(cx, tx, &new).map(|_| ())
        })?;
    }
    let link = sign_in::link(place, LOGIN)?;
    let body = json!({ "link": link, "bearer": true });
    let path = "/api/v1/sign-in";
    let asked = Asked { method: "POST", path, token: "", body: Some(&body), key: "" };
    let (_, reply) = inside.ask(&asked)?;
    let token = reply["token"].as_str().map(str::to_owned);
    token.ok_or_else(|| Error::bug("bug.bench", reply))
}

fn known(inside: &Inside, token: &str) -> Result<Known> {
    let count = get(inside, token, "/api/v1/orders?limit=1&count=exact&fields=id")?;
    let orders = count["total"].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    let path = "/api/v1/parties?limit=200&fields=id&filter=is_customer:eq:true";
    let parties = get(inside, token, path)?;
    let ids = parties["rows"].as_array().into_iter().flatten();
    let customers: Vec<String> =
        ids.filter_map(|row| row["id"].as_str()).map(str::to_owned).collect();
    if orders == 0 || customers.is_empty() {
        return Err(Error::conflict("bench.empty", "fill"));
    }
    Ok(Known { orders, customers })
}

impl Known {
    fn customer(&self, turn: usize) -> &str {
        &self.customers[turn * 7 % self.customers.len()]
    }
    /// The running number of some order that this program numbered (`fill` makes so many first).
    fn number(&self, turn: usize) -> usize {
        turn * 7919 % self.orders.min(LIVE) + 1
    }
}

/// Columns of the web app's list.
const COLUMNS: &str =
    "fields=number,party,state,fulfilment,billing,payment,gross,currency,ordered_on,promised_now";

fn orders(rest: &str) -> Vec<String> {
    vec![format!("/api/v1/orders?{COLUMNS}&{rest}")]
}
fn groups(rest: &str) -> Vec<String> {
    vec![format!("/api/v1/orders/groups?{rest}")]
}

/// A tree as an address says it.
fn tree(tree: &Value) -> String {
    let text = tree.to_string();
    format!("where={}", text.bytes().map(|b| format!("%{b:02X}")).collect::<String>())
}

static LISTS: &[Question] = &[
    ("newest", |_, _| orders("sort=-id")),
    ("one state", |_, _| orders("sort=-id&filter=state:eq:confirmed")),
    ("one customer", |k, n| orders(&format!("sort=-id&filter=party:eq:{}", k.customer(n)))),
    ("one day", |_, _| orders("sort=-id&filter=ordered_on:eq:@2026-03-02")),
    ("number begins", |k, n| {
        orders(&format!("sort=-id&count=no&filter=number:eq:SO-2026-{:05}", k.number(n)))
    }),
    ("customer by name", |_, n| orders(&format!("sort=-id&filter=party.code:eq:C{:05}", n % 200))),
    ("either of two", |_, n| {
        let code = format!("C{:05}", n % 200);
        let either = json!({"or": [["party.code", "eq", code], ["state", "eq", "draft"]]});
        orders(&format!("sort=-id&{}", tree(&either)))
    }),
    ("invoices due", |_, _| {
        vec!["/api/v1/invoices?sort=due&filter=state:eq:posted&filter=due:lt:@2030".to_owned()]
    }),
    ("groups of one customer", |k, n| {
        groups(&format!("by=state&sum=gross&filter=party:eq:{}", k.customer(n)))
    }),
];

fn search(question: &str) -> Vec<String> {
    vec![format!("/api/v1/search?q={}", question.replace(' ', "+"))]
}

static SEARCHES: &[Question] = &[
    ("whole number", |k, n| search(&format!("SO-2026-{:05}", k.number(n)))),
    ("running number", |k, n| search(&k.number(n).to_string())),
    ("number begins", |k, n| search(&format!("SO-2026-{}", k.number(n) % 90 + 10))),
    ("all numbers begin", |_, _| search("SO-20")),
    ("customer's code", |_, n| search(&format!("C{:05}", n % 200))),
    ("name begins", |_, _| search("cust")),
    ("two words", |_, n| search(&format!("customer {}", n % 200))),
    ("nothing", |_, n| search(&format!("zz{n}"))),
];

/// What the web app asks when a customer is opened.
static CUSTOMER: &[Question] = &[
    ("customer 360", |k, n| {
        let id = k.customer(n);
        let list = |of: &str| format!("/api/v1/{of}?limit=5&sort=-id&filter=party:eq:{id}");
        vec![
            format!("/api/v1/parties/{id}?lines=yes&verbs=yes"),
            format!("/api/v1/river?party={id}"),
            format!("/api/v1/parties/{id}/credit"),
            list("orders"),
            list("invoices"),
            list("opportunities"),
        ]
    }),
    ("record", |k, n| vec![format!("/api/v1/parties/{}?lines=yes&verbs=yes", k.customer(n))]),
    ("river", |k, n| vec![format!("/api/v1/river?party={}", k.customer(n))]),
    ("credit", |k, n| vec![format!("/api/v1/parties/{}/credit", k.customer(n))]),
    ("orders", |k, n| {
        let id = k.customer(n);
        vec![format!("/api/v1/orders?limit=5&sort=-id&filter=party:eq:{id}")]
    }),
];
