//! Sixty-four clients at once against the last stock and the last credit, on both engines.
use crate::house::{House, SharedHouse, TENANT, check, open, shared};
use access::user::NewUser;
use crm::Lead;
use crm::commands::NewLead;
use flows::order_to_cash::submit::submit_order;
use kernel::{Ctx, Error, Id, Instant, Qty, Result};
use sales::{Order, OrderState};
use std::sync::{Arc, Barrier};
use store::Tx;

fn cx(house: &SharedHouse, at: Instant, user: i64) -> Ctx {
    let mut cx = Ctx::system(TENANT, at, house.store.ids());
    cx.company = house.company;
    cx.user = user;
    cx
}

/// Does the same with every id at the same moment, each from a thread of its own.
fn all_at_once<T: 'static, D: Send + 'static>(
    house: &Arc<SharedHouse>,
    (at, user): (Instant, i64),
    ids: &[Id<T>],
    act: fn(&Ctx, &mut Tx, Id<T>) -> Result<D>,
) -> Vec<Result<D>> {
    let barrier = Arc::new(Barrier::new(ids.len()));
    let threads: Vec<_> = ids
        .iter()
        .map(|id| {
            let (house, barrier, id) = (Arc::clone(house), Arc::clone(&barrier), id.raw());
            std::thread::spawn(move || {
                barrier.wait();
                let cx = cx(&house, at, user);
                house.store.run(&cx, |cx, tx| act(cx, tx, Id::from_raw(id)))
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
