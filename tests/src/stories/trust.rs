//! How far a customer is trusted: a blocked account takes no credit, and a cleared one frees it.
use crate::house::{House, code, each};
use flows::order_to_cash::holds::release_hold;
use flows::order_to_cash::pay::{NewPayment, Pays, What, receive_payment};
use flows::order_to_cash::trust::set_credit_state;
use kernel::{DocRef, Id, Qty, Result, Stored};
use party::Party;
use policy::{Hold, HoldKind, questions};
use product::Product;
use sales::{Order, OrderState};
use store::find;
use terms::{CreditAccount, CreditState};

fn set(h: &House, party: Id<Party>, to: CreditState, reason: &str) -> Result<CreditAccount> {
    h.as_user(5, |cx, tx| set_credit_state(cx, tx, party, to, reason))
}

fn account(h: &House, party: Id<Party>) -> Result<CreditAccount> {
    let key = [Stored::Int(h.company), Stored::Int(party.raw())];
    let query = find!(CreditAccount, "company = $2 AND party = $3");
    h.read(|_, tx| Ok(tx.list::<CreditAccount>(query, &key)?.remove(0)))
}

fn holds(h: &House, order: Id<Order>) -> Result<Vec<Hold>> {
    let on = DocRef { kind: "order", id: order.raw() };
    h.read(|_, tx| questions::open_holds(tx, on))
}

fn kinds(h: &House, order: Id<Order>) -> Result<Vec<HoldKind>> {
    Ok(holds(h, order)?.iter().map(|hold| hold.kind).collect())
}

fn stocked(h: &House, limit: Option<i64>) -> Result<(Id<Product>, Id<Party>)> {
    let screws = h.product("SCREW-M4", "1.13", 1_000, 70)?;
    Ok((screws, h.customer("恒远机电", "N30", limit)?))
}

#[test]
fn a_blocked_customer_is_held_however_much_is_left_and_freed_in_the_old_order() {
    each(|h| {
        let (screws, customer) = stocked(h, Some(300))?;
        let first = h.submitted(customer, &[(screws, 100)])?;
        let second = h.submitted(customer, &[(screws, 50)])?;
        assert_eq!(account(h, customer)?.order_part, 169_50);
        assert_eq!(code(set(h, customer, CreditState::Blocked, " ")), "credit.reason_required");
        assert_eq!(account(h, customer)?.state, CreditState::Ok, "a refusal changes nothing");

        let blocked = set(h, customer, CreditState::Blocked, "欠款诉讼中")?;
        assert_eq!((blocked.state, blocked.used), (CreditState::Blocked, 0));
        for order in [first.id, second.id] {
            assert_eq!(kinds(h, order)?, [HoldKind::Credit]);
            assert_eq!(holds(h, order)?[0].about, "blocked");
            assert_eq!(code(h.ship_all(order)), "shipment.held");
        }
        h.check()?;
        let third = h.submitted(customer, &[(screws, 10)])?;
        assert_eq!(third.state, OrderState::Confirmed, "a block never refuses an order");
        assert_eq!(kinds(h, third.id)?, [HoldKind::Credit]);
        let before = holds(h, first.id)?[0].id;
        set(h, customer, CreditState::Blocked, "再次冻结")?;
        assert_eq!(holds(h, first.id)?[0].id, before, "blocking again changes nothing");

        let cleared = set(h, customer, CreditState::Watch, "已达成和解")?;
        assert_eq!((cleared.state, cleared.used), (CreditState::Watch, 180_80));
        for order in [first.id, second.id, third.id] {
            assert_eq!(kinds(h, order)?, []);
            h.ship_all(order)?;
        }
        set(h, customer, CreditState::Ok, "按期付款")?;
        assert_eq!(code(set(h, customer, CreditState::Watch, "")), "credit.reason_required");
        h.check()
    });
}

#[test]
fn what_left_before_is_billed_and_what_is_paid_before_leaves() {
    each(|h| {
        let (screws, customer) = stocked(h, None)?;
        let left = h.submitted(customer, &[(screws, 100)])?;
        for shipment in h.ship_all(left.id)? {
            h.deliver(shipment)?;
        }
        set(h, customer, CreditState::Blocked, "逾期")?;
        assert_eq!(kinds(h, left.id)?, [], "nothing of it claims credit any more");
        assert_eq!(h.bill(left.id)?.gross, 113_00);
        let next = h.submitted(customer, &[(screws, 10)])?;
        assert_eq!(kinds(h, next.id)?, [HoldKind::Credit], "without a limit, but blocked");
        assert_eq!(next.lines[0].reserved, Qty::ZERO);
        let new = NewPayment {
            currency: None,
            rate: None,
            party: customer,
            amount: 11_30,
            method: "transfer".into(),
            value_day: h.cx(3).today(),
            reference: "预付".into(),
            pays: vec![Pays { what: What::Order(next.id), amount: 11_30 }],
        };
        h.as_user(3, |cx, tx| receive_payment(cx, tx, &new))?;
        assert_eq!(kinds(h, next.id)?, [], "paid in advance needs no credit (T03)");
        h.ship_all(next.id)?;
        let other = h.submitted(customer, &[(screws, 20)])?;
        let hold = holds(h, other.id)?[0].id;
        let own = h.as_user(1, |cx, tx| release_hold(cx, tx, hold, "老客户"));
        assert_eq!(code(own), "hold.own_request");
        h.as_user(5, |cx, tx| release_hold(cx, tx, hold, "总经理同意"))?;
        h.ship_all(other.id)?;
        h.check()
    });
}

#[test]
fn a_cleared_account_frees_no_more_than_its_limit() {
    each(|h| {
        let (screws, customer) = stocked(h, Some(200))?;
        let first = h.submitted(customer, &[(screws, 100)])?;
        set(h, customer, CreditState::Blocked, "核对账目")?;
        let second = h.submitted(customer, &[(screws, 100)])?;
        set(h, customer, CreditState::Ok, "已对清")?;
        assert_eq!(kinds(h, first.id)?, [], "the older hold first");
        assert_eq!(kinds(h, second.id)?, [HoldKind::Credit], "226.00 does not fit 200.00");
        assert_eq!(account(h, customer)?.used, 113_00);
        h.check()
    });
}
