//! Goods come back: before and after revenue, billed or not, paid or not (T39).
use crate::house::{House, code, each};
use flows::order_to_cash::pay::{NewPayment, Pays, What, receive_payment};
use flows::order_to_cash::returns::{self, NewReturn};
use flows::order_to_cash::{net, submit};
use kernel::{Id, Qty, Result, Stored};
use product::Product;
use sales::{Order, OrderState};
use stock::{Fault, Return};
use store::sql;

fn asks(h: &House, order: Id<Order>, pieces: i64) -> Result<Return> {
    let line = h.get(order)?.lines[0].id;
    let new = NewReturn {
        order,
        reason: "螺纹有毛刺".into(),
        fault: Fault::Us,
        lines: vec![(line, Qty::whole(pieces))],
    };
    h.as_user(1, |cx, tx| returns::request_return(cx, tx, &new))
}

/// Asked for, approved by somebody else, received by the warehouse.
fn comes_back(h: &House, order: Id<Order>, pieces: i64) -> Result<Return> {
    let asked = asks(h, order, pieces)?;
    h.as_user(3, |cx, tx| returns::approve_return(cx, tx, asked.id))?;
    h.as_user(3, |cx, tx| returns::receive_return(cx, tx, asked.id, &[]))
}

fn settled(h: &House, back: &Return) -> Result<Return> {
    h.as_user(3, |cx, tx| returns::settle_return(cx, tx, back.id))
}

fn on_hand(h: &House, product: Id<Product>) -> Result<i64> {
    h.read(|_, tx| {
        let sum = sql!(
            "SELECT CAST(COALESCE(SUM(on_hand), 0) AS BIGINT) FROM stock \
             WHERE tenant_id = $1 AND product = $2"
        );
        Ok(tx.value::<i64>(sum, &[Stored::Int(product.raw())])?.unwrap_or(0) / Qty::SCALE)
    })
}

/// 100 screws at 1.13 with tax, bought at 0.70: shipped, and delivered if said.
fn shipped(h: &House, deliver: bool) -> Result<(Id<Order>, Id<Product>)> {
    let screws = h.product("SCREW-M4", "1.13", 1000, 70)?;
    let customer = h.customer("恒远机电", "N30", Some(10_000_00))?;
    let order = h.submitted(customer, &[(screws, 100)])?.id;
    for shipment in h.ship_all(order)? {
        if deliver {
            h.deliver(shipment)?;
        }
    }
    Ok((order, screws))
}

#[test]
fn t39_ten_of_a_hundred_come_back_after_they_were_billed_and_the_order_closes() {
    each(|h| {
        let (order, screws) = shipped(h, true)?;
        let invoice = h.bill(order)?;
        let back = comes_back(h, order, 10)?;
        assert_eq!(on_hand(h, screws)?, 910);
        assert_eq!(h.balance("cost_of_sales")?, 63_00, "ninety at 0.70");
        assert_eq!(h.balance("goods_shipped")?, 0);
        assert_eq!(h.balance("revenue")?, -90_00);
        h.check()?;
        let back = settled(h, &back)?;
        let note = h.read(|_, tx| tx.get(Id::<finance::Invoice>::from_raw(back.credit_note)))?;
        assert_eq!((note.gross, note.tax, note.open), (-11_30, -1_30, 0));
        assert!(note.number.starts_with("CN-"), "{}", note.number);
        let invoice = h.read(|_, tx| tx.get(invoice.id))?;
        assert_eq!(invoice.open, 101_70, "the note is set against it at once");
        assert_eq!(h.balance("receivable")?, 101_70);
        assert_eq!(h.balance("output_vat")?, -11_70);
        h.pay(&invoice)?;
        let order = h.get(order)?;
        assert_eq!(order.state, OrderState::Closed);
        assert!(h.open_shipments(order.id)?.is_empty(), "nothing is shipped again");
        h.check()
    });
}

#[test]
fn t39_what_comes_back_before_it_is_signed_for_never_becomes_revenue() {
    each(|h| {
        let (order, screws) = shipped(h, false)?;
        assert_eq!(h.balance("goods_shipped")?, 70_00);
        let back = comes_back(h, order, 10)?;
        assert_eq!(on_hand(h, screws)?, 910);
        assert_eq!(h.balance("goods_shipped")?, 63_00);
        assert_eq!(h.balance("revenue")?, 0);
        settled(h, &back)?;
        h.check()?;
        let shipments = h.read(|_, tx| {
            let all: Vec<stock::Shipment> = tx.list(
                store::find!(stock::Shipment, "order_id = $2"),
                &[Stored::Int(order.raw())],
            )?;
            Ok(all)
        })?;
        h.deliver(shipments[0].id)?;
        assert_eq!(h.balance("goods_shipped")?, 0);
        assert_eq!(h.balance("cost_of_sales")?, 63_00);
        assert_eq!(h.balance("revenue")?, -90_00);
        let invoice = h.bill(order)?;
        assert_eq!(invoice.gross, 101_70);
        h.pay(&invoice)?;
        assert_eq!(h.get(order)?.state, OrderState::Closed);
        h.check()
    });
}

#[test]
fn what_came_back_before_it_was_billed_is_left_off_the_invoice() {
    each(|h| {
        let (order, _) = shipped(h, true)?;
        let back = comes_back(h, order, 10)?;
        let back = settled(h, &back)?;
        assert_eq!(back.credit_note, 0, "nothing was billed yet");
        let invoice = h.bill(order)?;
        assert_eq!((invoice.gross, invoice.tax), (101_70, 11_70));
        h.pay(&invoice)?;
        assert_eq!(h.get(order)?.state, OrderState::Closed);
        h.check()
    });
}

#[test]
fn everything_comes_back_before_billing_and_nothing_is_left_to_bill() {
    each(|h| {
        let (order, _) = shipped(h, true)?;
        let back = comes_back(h, order, 100)?;
        settled(h, &back)?;
        assert_eq!(code(h.bill(order)), "order.nothing_to_bill");
        assert_eq!(h.get(order)?.state, OrderState::Closed);
        for role in ["goods_shipped", "cost_of_sales", "revenue", "output_vat", "receivable"] {
            assert_eq!(h.balance(role)?, 0, "{role}");
        }
        h.check()
    });
}

#[test]
fn a_credit_note_on_a_paid_invoice_pays_for_the_next_one() {
    each(|h| {
        let (order, screws) = shipped(h, true)?;
        let invoice = h.bill(order)?;
        h.pay(&invoice)?;
        assert_eq!(h.get(order)?.state, OrderState::Closed);
        let back = comes_back(h, order, 10)?;
        let back = settled(h, &back)?;
        let note: Id<finance::Invoice> = Id::from_raw(back.credit_note);
        assert_eq!(h.balance("receivable")?, -11_30, "the customer's money");
        let next = h.submitted(invoice.party, &[(screws, 20)])?.id;
        for shipment in h.ship_all(next)? {
            h.deliver(shipment)?;
        }
        let second = h.bill(next)?;
        let apply =
            |amount| h.as_user(3, |cx, tx| net::apply_credit(cx, tx, note, second.id, amount));
        assert_eq!(code(apply(11_31)), "credit.too_much");
        assert_eq!(code(apply(0)), "payment.amount");
        let note = apply(11_30)?;
        assert_eq!((note.open, note.state), (0, finance::InvoiceState::Settled));
        let second = h.read(|_, tx| tx.get(second.id))?;
        assert_eq!(second.open, 11_30);
        let paid = Pays { what: What::Invoice(note.id), amount: 1_00 };
        let wrong = NewPayment {
            currency: None,
            rate: None,
            party: note.party,
            amount: 1_00,
            method: "transfer".into(),
            value_day: h.cx(0).today(),
            reference: String::new(),
            pays: vec![paid],
        };
        let refused = h.as_user(3, |cx, tx| receive_payment(cx, tx, &wrong));
        assert_eq!(code(refused), "payment.pays_credit_note");
        h.pay(&second)?;
        assert_eq!(h.get(next)?.state, OrderState::Closed);
        h.check()
    });
}

#[test]
fn goods_that_came_back_go_to_who_waits_for_them() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 100, 70)?;
        let first = h.customer("恒远机电", "N30", None)?;
        let order = h.submitted(first, &[(screws, 100)])?.id;
        for shipment in h.ship_all(order)? {
            h.deliver(shipment)?;
        }
        let other = h.customer("宁波精工", "N30", None)?;
        let waiting = h.submitted(other, &[(screws, 8)])?.id;
        assert_eq!(h.get(waiting)?.holds, 1, "nothing is on hand");
        comes_back(h, order, 10)?;
        let served = h.get(waiting)?;
        assert_eq!((served.holds, served.lines[0].reserved), (0, Qty::whole(8)));
        h.check()
    });
}

#[test]
fn a_return_that_makes_no_sense_is_refused_and_nothing_changes() {
    each(|h| {
        let (order, screws) = shipped(h, true)?;
        assert_eq!(code(asks(h, order, 101)), "return.too_much");
        assert_eq!(code(asks(h, order, 0)), "line.quantity");
        let asked = asks(h, order, 60)?;
        assert_eq!(code(asks(h, order, 41)), "return.too_much");
        let own = h.as_user(1, |cx, tx| returns::approve_return(cx, tx, asked.id));
        assert_eq!(code(own), "return.own_request");
        let early = h.as_user(3, |cx, tx| returns::receive_return(cx, tx, asked.id, &[]));
        assert_eq!(code(early), "state.not_allowed");
        h.as_user(3, |cx, tx| returns::approve_return(cx, tx, asked.id))?;
        let line = asked.lines[0].id;
        let receive = |qty: i64| {
            let came = [(line, Qty::whole(qty))];
            h.as_user(3, |cx, tx| returns::receive_return(cx, tx, asked.id, &came))
        };
        assert_eq!(code(receive(61)), "return.too_much");
        assert_eq!(code(receive(0)), "return.nothing");
        assert_eq!(on_hand(h, screws)?, 900);
        receive(5)?;
        receive(5)?;
        assert_eq!(on_hand(h, screws)?, 905, "receiving again changes nothing");
        let reject = h.as_user(3, |cx, tx| returns::reject_return(cx, tx, asked.id, "晚了"));
        assert_eq!(code(reject), "state.not_allowed");
        let draft = h.order(h.get(order)?.party, &[(screws, 1)])?;
        assert_eq!(code(asks(h, draft, 1)), "state.not_allowed");
        h.as_user(1, |cx, tx| submit::submit_order(cx, tx, draft))?;
        assert_eq!(code(asks(h, draft, 1)), "return.nothing_left");
        h.check()
    });
}

/// Ten of a hundred screws come back after they were billed and paid: the order, its credit note.
pub(crate) fn credited_after_payment(h: &House) -> Result<(Id<Order>, finance::Invoice)> {
    let (order, _) = shipped(h, true)?;
    let invoice = h.bill(order)?;
    h.pay(&invoice)?;
    let back = settled(h, &comes_back(h, order, 10)?)?;
    let note = h.read(|_, tx| tx.get(Id::<finance::Invoice>::from_raw(back.credit_note)))?;
    Ok((order, note))
}

/// So many pieces of an order come back, and the money is put right.
pub(crate) fn comes_back_and_settled(h: &House, order: Id<Order>, pieces: i64) -> Result<Return> {
    settled(h, &comes_back(h, order, pieces)?)
}
