//! Sixty-four clients at once against the last stock and the last credit, on both engines.
use crate::house::{SharedHouse, TENANT, check, open, shared};
use flows::order_to_cash::submit::submit_order;
use kernel::{Ctx, Error, Id, Instant, Qty, Result};
use sales::{Order, OrderState};
use std::sync::{Arc, Barrier};

fn cx(house: &SharedHouse, at: Instant, user: i64) -> Ctx {
    let mut cx = Ctx::system(TENANT, at, house.store.ids());
    cx.company = house.company;
    cx.user = user;
    cx
}

/// Submits every order at the same moment, each from a thread of its own.
fn submit_all(house: &Arc<SharedHouse>, at: Instant, orders: &[Id<Order>]) -> Result<Vec<Order>> {
    let barrier = Arc::new(Barrier::new(orders.len()));
    let threads: Vec<_> = orders
        .iter()
        .map(|id| {
            let (house, barrier, id) = (Arc::clone(house), Arc::clone(&barrier), *id);
            std::thread::spawn(move || {
                barrier.wait();
                let cx = cx(&house, at, 1);
                house.store.run(&cx, |cx, tx| submit_order(cx, tx, id))
            })
        })
        .collect();
    let joined = |t: std::thread::JoinHandle<Result<Order>>| {
        t.join().unwrap_or_else(|_| Err(Error::bug("bug.panic", "a client died")))
    };
    threads.into_iter().map(joined).collect()
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
