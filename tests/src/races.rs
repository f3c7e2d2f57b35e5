//! Sixty-four clients at once against the last stock and the last credit, on both engines.
use crate::house::{House, SharedHouse, TENANT, check, open, shared};
use access::user::NewUser;
use crm::Lead;
use crm::commands::NewLead;
use flows::order_to_cash::submit::submit_order;
use flows::order_to_cash::trust::set_credit_state;
use kernel::{Ctx, Error, Id, Instant, Qty, Result};
use party::Party;
use sales::{Order, OrderState};
use std::sync::{Arc, Barrier};
use store::{Tx, find};
use terms::{CreditAccount, CreditState};

fn cx(house: &SharedHouse, at: Instant, user: i64) -> Ctx {
    let mut cx = Ctx::system(TENANT, at, house.store.ids());
    cx.company = house.company;
    cx.user = user;
    cx
}

/// Does the same with every one at the same moment, each from a thread of its own.
fn all_at_once<I: Copy + Send + 'static, D: Send + 'static>(
    house: &Arc<SharedHouse>,
    (at, user): (Instant, i64),
    all: &[I],
    act: fn(&Ctx, &mut Tx, I) -> Result<D>,
) -> Vec<Result<D>> {
    let barrier = Arc::new(Barrier::new(all.len()));
    let threads: Vec<_> = all
        .iter()
        .map(|one| {
            let (house, barrier, one) = (Arc::clone(house), Arc::clone(&barrier), *one);
            std::thread::spawn(move || {
                barrier.wait();
                let cx = cx(&house, at, user);
                house.store.run(&cx, |cx, tx| act(cx, tx, one))
            })
        })
        .collect();
    let joined = |t: std::thread::JoinHandle<Result<D>>| {
        t.join().unwrap_or_else(|_| Err(Error::bug("bug.panic", "a client died")))
    };
    threads.into_iter().map(joined).collect()
}

/// Submits every order at the same moment.
fn submit_all(house: &Arc<SharedHouse>, at: Instant, orders: &[Id<Order>]) -> Result<Vec<Order>> {
    all_at_once(house, (at, 1), orders, submit_order).into_iter().collect()
}

#[test]
fn t06_the_last_stock_goes_to_exactly_one_of_64_clients() {
    for engine in ["sqlite", "postgres"] {
        let Some(h) = open(engine) else { continue };
        let last = h.product("LAST", "1.13", 10, 70).expect("a product");
        let orders: Vec<Id<Order>> = (0..64)
            .map(|n| {
                let customer = h.customer(&format!("客户{n}"), "N30", None).expect("a customer");
                h.order(customer, &[(last, 10)]).expect("a draft")
            })
            .collect();
        let (at, house) = (h.now(), shared(h));
        let done = submit_all(&house, at, &orders).expect("every submit succeeds");
        assert!(done.iter().all(|o| o.state == OrderState::Confirmed));
        let served: Vec<Qty> = done.iter().map(|o| o.lines[0].reserved).collect();
        let whole = served.iter().filter(|q| **q == Qty::whole(10)).count();
        let none = served.iter().filter(|q| q.is_zero()).count();
        assert_eq!((whole, none), (1, 63), "{engine}: one hard reservation, the rest wait");
        check(&house.store, &cx(&house, at, 0)).expect("every invariant holds");
        println!("{engine}: 64 clients, 10 pieces: oversold 0");
    }
}

#[test]
fn t06_the_last_credit_goes_to_exactly_one_of_64_orders() {
    for engine in ["sqlite", "postgres"] {
        let Some(h) = open(engine) else { continue };
        let screws = h.product("SCREW", "1.13", 100_000, 70).expect("a product");
        let customer = h.customer("恒远机电", "N30", Some(150)).expect("a customer");
        let orders: Vec<Id<Order>> =
            (0..64).map(|_| h.order(customer, &[(screws, 100)]).expect("a draft")).collect();
        let (at, house) = (h.now(), shared(h));
        let done = submit_all(&house, at, &orders).expect("every submit succeeds");
        assert!(done.iter().all(|o| o.state == OrderState::Confirmed), "credit never refuses");
        let free = done.iter().filter(|o| o.holds == 0).count();
        assert_eq!(free, 1, "{engine}: exactly one order is free of holds");
        let taken: i64 = done.iter().map(|o| o.credit_taken).sum();
        assert_eq!(taken, 113_00);
        check(&house.store, &cx(&house, at, 0)).expect("every invariant holds");
        println!("{engine}: 64 clients, one credit line: over-credit 0");
    }
}

/// Two users press the same button at once: one act, the other sees it done.
#[test]
fn the_same_order_submitted_by_32_clients_is_confirmed_once() {
    for engine in ["sqlite", "postgres"] {
        let Some(h) = open(engine) else { continue };
        let screws = h.product("SCREW", "1.13", 1000, 70).expect("a product");
        let customer = h.customer("恒远机电", "N30", None).expect("a customer");
        let order = h.order(customer, &[(screws, 100)]).expect("a draft");
        let (at, house) = (h.now(), shared(h));
        let done = submit_all(&house, at, &[order; 32]).expect("all see it confirmed");
        assert!(done.iter().all(|o| o.number == "SO-2026-00001"));
        check(&house.store, &cx(&house, at, 0)).expect("every invariant holds");
    }
}

/// Somebody blocks a customer, somebody else only watches them, and orders come in meanwhile: each
/// order is held as the last word says, and what is used is what is not held.
#[test]
fn a_customer_blocked_and_watched_at_once_is_what_the_last_word_says() {
    for engine in ["sqlite", "postgres"] {
        let Some(h) = open(engine) else { continue };
        let screws = h.product("SCREW", "1.13", 100_000, 70).expect("a product");
        let customer = h.customer("恒远机电", "N30", Some(100_000)).expect("a customer");
        let orders: Vec<Vec<Act>> = (0..ROUNDS)
            .map(|_| (0..4).map(|_| h.order(customer, &[(screws, 100)])))
            .map(|round| round.map(|order| Act::Submits(order.expect("a draft"))).collect())
            .collect();
        let (at, house) = (h.now(), shared(h));
        let says = |words: &[CreditState]| words.iter().map(|w| Act::Says(customer, *w)).collect();
        for (round, orders) in orders.into_iter().enumerate() {
            let mut acts: Vec<Act> = match round % 3 {
                0 => says(&[CreditState::Blocked, CreditState::Watch]),
                _ => says(&[CreditState::Blocked]),
            };
            acts.splice(1..1, orders);
            for done in all_at_once(&house, (at, 1), &acts, act) {
                done.unwrap_or_else(|e| panic!("{engine}: {e:?}"));
            }
            let (held, all, account) = credit_of(&house, at).expect("they are read");
            let used = i64::try_from(all - held).expect("few") * 113_00;
            let meant = if account.state == CreditState::Blocked { all } else { 0 };
            assert_eq!((held, account.used), (meant, used), "{engine} {round}: {account:?}");
            check(&house.store, &cx(&house, at, 0)).expect("every invariant holds");
            let freed = says(&[CreditState::Watch]);
            assert!(all_at_once(&house, (at, 1), &freed, act).iter().all(Result::is_ok));
        }
        println!("{engine}: {ROUNDS} blocks among orders: none took credit behind one");
    }
}

/// Times that a customer is blocked while orders come in.
const ROUNDS: usize = 12;

/// Held orders, all of them, and the one account.
fn credit_of(house: &SharedHouse, at: Instant) -> Result<(usize, usize, CreditAccount)> {
    house.store.read(&cx(house, at, 0), |_, tx| {
        let account = tx.list::<CreditAccount>(find!(CreditAccount, "id > 0"), &[])?.remove(0);
        let orders: Vec<Order> = tx.list(find!(Order, "state = 'confirmed'"), &[])?;
        Ok((orders.iter().filter(|o| o.holds == 1).count(), orders.len(), account))
    })
}

#[derive(Clone, Copy)]
enum Act {
    Says(Id<Party>, CreditState),
    Submits(Id<Order>),
}

fn act(cx: &Ctx, tx: &mut Tx, act: Act) -> Result<()> {
    match act {
        Act::Says(party, state) => set_credit_state(cx, tx, party, state, "同时").map(drop),
        Act::Submits(order) => submit_order(cx, tx, order).map(drop),
    }
}

/// One person's sixteen requests at once take no more leads than the company lets them hold.
#[test]
fn sixteen_requests_of_one_person_take_as_many_leads_as_they_may_hold() {
    for engine in ["sqlite", "postgres"] {
        let Some(h) = open(engine) else { continue };
        let leads: Vec<Id<Lead>> = (0..16).map(|n| pooled(&h, n).expect("a lead")).collect();
        let taker = h
            .run(|cx, tx| {
                access::commands::create_usual_roles(cx, tx)?;
                let params = r#"{"most": "3", "rest_days": "0"}"#;
                let condition = r#"{">=": ["held", "most"]}"#;
                policy::commands::set(cx, tx, "lead_pool", condition, params)?;
                let (login, name) = ("li.lei", "李雷");
                let new = NewUser { login, name, department: None, roles: &["sales"] };
                access::commands::create_user(cx, tx, &new)
            })
            .expect("a user");
        let (at, house) = (h.now(), shared(h));
        let one = (at, taker.id.raw());
        let done = all_at_once(&house, one, &leads, crm::commands::pick);
        let refused = done.iter().filter_map(|d| d.as_ref().err()).map(|e| e.code);
        assert_eq!(refused.collect::<Vec<_>>(), ["lead.hold_too_many"; 13], "{engine}");
        println!("{engine}: 16 requests, at most 3 leads: 3 taken");
    }
}

fn pooled(h: &House, n: usize) -> Result<Id<Lead>> {
    let phone = format!("1380013{n:04}");
    let new = NewLead { name: format!("线索{n}"), phone, ..NewLead::default() };
    h.run(|cx, tx| {
        let lead = crm::commands::create_lead(cx, tx, &new)?;
        crm::commands::pool(cx, tx, lead.id, "").map(|lead| lead.id)
    })
}
