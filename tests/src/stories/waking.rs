//! What one lets go of, the next one gets at once: goods, credit, and a debt that is paid.
use crate::house::{House, code, each};
use flows::order_to_cash::change::{Change, LineChange, cancel_order, cancel_remainder};
use flows::order_to_cash::pay::{NewPayment, Pays, What, receive_payment};
use flows::order_to_cash::ship;
use kernel::{Day, DocRef, Id, Qty, Result};
use policy::{HoldKind, questions};
use sales::{Order, OrderState};

fn kinds(h: &House, order: Id<Order>) -> Result<Vec<HoldKind>> {
    let on = DocRef { kind: "order", id: order.raw() };
    h.read(|_, tx| Ok(questions::open_holds(tx, on)?.iter().map(|hold| hold.kind).collect()))
}

#[test]
fn goods_of_a_cancelled_order_go_to_the_next_in_line() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 100, 70)?;
        let customer = h.customer("恒远机电", "N30", None)?;
        let first = h.submitted(customer, &[(screws, 80)])?.id;
        let second = h.submitted(customer, &[(screws, 60)])?.id;
        assert_eq!(h.get(second)?.lines[0].reserved, Qty::whole(20));
        h.as_user(3, |cx, tx| cancel_order(cx, tx, first, "客户撤单"))?;
        assert_eq!(h.get(second)?.lines[0].reserved, Qty::whole(60));
        assert_eq!(kinds(h, second)?, []);
        h.check()
    });
}

#[test]
fn credit_of_a_smaller_order_frees_the_one_that_waits() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 1000, 70)?;
        let customer = h.customer("恒远机电", "N30", Some(200))?;
        let first = h.submitted(customer, &[(screws, 150)])?.id;
        let second = h.submitted(customer, &[(screws, 100)])?.id;
        assert_eq!(kinds(h, second)?, [HoldKind::Credit]);
        let change = Change {
            lines: vec![LineChange::qty(1, Qty::whole(50))],
            reason: "客户减量".into(),
            ..Change::default()
        };
        h.changed(first, change)?;
        assert_eq!(kinds(h, second)?, []);
        assert_eq!(h.get(second)?.lines[0].reserved, Qty::whole(100));
        h.check()
    });
}

#[test]
fn t22_an_overdue_customer_who_pays_gets_the_goods() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 1000, 70)?;
        let customer = h.customer("恒远机电", "N30", None)?;
        let first = h.submitted(customer, &[(screws, 100)])?.id;
        for shipment in h.ship_all(first)? {
            h.deliver(shipment)?;
        }
        let invoice = h.bill(first)?;
        h.day(Day::of(2026, 6, 1));
        let second = h.submitted(customer, &[(screws, 10)])?.id;
        assert_eq!(kinds(h, second)?, [HoldKind::Overdue]);
        let shipment = h.open_shipments(second)?[0].id;
        let pick = || h.as_user(3, |cx, tx| ship::pick(cx, tx, shipment));
        assert_eq!(code(pick()), "shipment.held");
        let half = NewPayment {
            currency: None,
            rate: None,
            party: customer,
            amount: 50_00,
            method: "transfer".into(),
            value_day: h.cx(0).today(),
            reference: String::new(),
            pays: vec![Pays { what: What::Invoice(invoice.id), amount: 50_00 }],
        };
        h.as_user(3, |cx, tx| receive_payment(cx, tx, &half))?;
        assert_eq!(kinds(h, second)?, [HoldKind::Overdue], "half of it is still overdue");
        let rest = h.read(|_, tx| tx.get(invoice.id))?;
        let rest = NewPayment {
            currency: None,
            rate: None,
            amount: rest.open,
            pays: vec![Pays { what: What::Invoice(rest.id), amount: rest.open }],
            ..half
        };
        h.as_user(3, |cx, tx| receive_payment(cx, tx, &rest))?;
        assert_eq!(kinds(h, second)?, []);
        pick()?;
        h.check()
    });
}

#[test]
fn a_smaller_order_waits_for_a_smaller_deposit() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 1000, 70)?;
        let customer = h.customer("恒远机电", "PREPAID", None)?;
        let order = h.submitted(customer, &[(screws, 100)])?.id;
        assert_eq!(kinds(h, order)?, [HoldKind::Prepayment]);
        let change = Change {
            lines: vec![LineChange::qty(1, Qty::whole(50))],
            reason: "客户减量".into(),
            ..Change::default()
        };
        h.changed(order, change)?;
        let deposit = NewPayment {
            currency: None,
            rate: None,
            party: customer,
            amount: 56_50,
            method: "transfer".into(),
            value_day: h.cx(0).today(),
            reference: String::new(),
            pays: vec![Pays { what: What::Order(order), amount: 56_50 }],
        };
        h.as_user(3, |cx, tx| receive_payment(cx, tx, &deposit))?;
        assert_eq!(kinds(h, order)?, []);
        assert_eq!(h.open_shipments(order)?.len(), 1);
        h.check()
    });
}

#[test]
fn an_order_of_which_nothing_left_has_no_remainder() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 1000, 70)?;
        let customer = h.customer("恒远机电", "N30", None)?;
        let order = h.submitted(customer, &[(screws, 100)])?.id;
        let refused = h.as_user(3, |cx, tx| cancel_remainder(cx, tx, order, "不要了"));
        assert_eq!(code(refused), "order.nothing_left_yet");
        assert_eq!(h.get(order)?.state, OrderState::Confirmed);
        h.check()
    });
}
