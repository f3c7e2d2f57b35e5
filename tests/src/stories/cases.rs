//! The acceptance cases that this step touches, each named after its number.
use crate::house::{House, code, each};
use flows::order_to_cash::change::{cancel_order, cancel_remainder};
use flows::order_to_cash::holds::release_hold;
use flows::order_to_cash::pay::{NewPayment, Pays, What, receive_payment};
use flows::order_to_cash::{bill, ship, submit};
use kernel::{Day, DocRef, Id, Qty, Result};
use policy::{Hold, HoldKind, questions};
use sales::{Order, OrderState};

fn holds(h: &House, order: Id<Order>) -> Result<Vec<Hold>> {
    h.read(|_, tx| questions::open_holds(tx, DocRef { kind: "order", id: order.raw() }))
}

fn kinds(h: &House, order: Id<Order>) -> Result<Vec<HoldKind>> {
    Ok(holds(h, order)?.iter().map(|hold| hold.kind).collect())
}

fn payment(h: &House, party: Id<party::Party>, amount: i64, pays: Vec<Pays>) -> NewPayment {
    NewPayment {
        currency: None,
        rate: None,
        party,
        amount,
        method: "transfer".into(),
        value_day: h.cx(0).today(),
        reference: String::new(),
        pays,
    }
}

#[test]
fn t02_goods_that_left_are_billed_though_the_customer_is_over_the_limit_now() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 1000, 70)?;
        let customer = h.customer("恒远机电", "N30", Some(200))?;
        let first = h.submitted(customer, &[(screws, 100)])?;
        for shipment in h.ship_all(first.id)? {
            h.deliver(shipment)?;
        }
        h.run(|cx, tx| {
            flows::order_to_cash::trust::set_credit_limit(cx, tx, customer, Some(50_00))
        })?;
        let invoice = h.bill(first.id)?;
        assert_eq!(invoice.gross, 113_00);
        let next = h.submitted(customer, &[(screws, 10)])?;
        assert_eq!(kinds(h, next.id)?, [HoldKind::Credit]);
        assert!(h.open_shipments(next.id)?.is_empty(), "a held order takes no goods");
        Ok(())
    });
}

#[test]
fn t03_a_fully_prepaid_order_needs_no_credit() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 1000, 70)?;
        let customer = h.customer("恒远机电", "PREPAID", Some(0))?;
        let id = h.order(customer, &[(screws, 100)])?;
        let deposit = vec![Pays { what: What::Order(id), amount: 113_00 }];
        h.as_user(3, |cx, tx| {
            receive_payment(cx, tx, &payment(h, customer, 113_00, deposit.clone()))
        })?;
        let order = h.as_user(1, |cx, tx| submit::submit_order(cx, tx, id))?;
        assert_eq!(order.state, OrderState::Confirmed);
        assert_eq!(order.holds, 0);
        for shipment in h.ship_all(id)? {
            h.deliver(shipment)?;
        }
        assert_eq!(h.balance("output_vat")?, -13_00, "no written due date: taxed at dispatch");
        let invoice = h.bill(id)?;
        assert_eq!(invoice.open, 0, "the deposit moved onto the invoice (T15)");
        assert_eq!(h.balance("customer_advance")?, 0);
        assert_eq!(h.get(id)?.state, OrderState::Closed);
        Ok(())
    });
}

#[test]
fn prepaid_goods_wait_for_the_money_and_leave_when_it_comes() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 1000, 70)?;
        let customer = h.customer("恒远机电", "PREPAID", None)?;
        let order = h.submitted(customer, &[(screws, 100)])?;
        assert_eq!(kinds(h, order.id)?, [HoldKind::Prepayment]);
        assert!(h.open_shipments(order.id)?.is_empty());
        let half = vec![Pays { what: What::Order(order.id), amount: 50_00 }];
        h.as_user(3, |cx, tx| receive_payment(cx, tx, &payment(h, customer, 50_00, half.clone())))?;
        assert_eq!(kinds(h, order.id)?, [HoldKind::Prepayment]);
        let rest = vec![Pays { what: What::Order(order.id), amount: 63_00 }];
        h.as_user(3, |cx, tx| receive_payment(cx, tx, &payment(h, customer, 63_00, rest.clone())))?;
        assert!(kinds(h, order.id)?.is_empty());
        assert_eq!(h.open_shipments(order.id)?.len(), 1);
        Ok(())
    });
}

#[test]
fn an_order_over_credit_is_confirmed_with_a_hold_and_released_by_payment() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 1000, 70)?;
        let customer = h.customer("恒远机电", "N30", Some(150))?;
        let first = h.submitted(customer, &[(screws, 100)])?;
        let second = h.submitted(customer, &[(screws, 100)])?;
        assert_eq!((first.holds, second.holds), (0, 1));
        assert_eq!(second.state, OrderState::Confirmed, "confirm never fails for credit");
        for shipment in h.ship_all(first.id)? {
            h.deliver(shipment)?;
        }
        let invoice = h.bill(first.id)?;
        assert_eq!(kinds(h, second.id)?, [HoldKind::Credit]);
        h.pay(&invoice)?;
        assert!(kinds(h, second.id)?.is_empty());
        assert_eq!(h.open_shipments(second.id)?.len(), 1);
        Ok(())
    });
}

#[test]
fn a_credit_hold_is_released_by_hand_but_not_by_who_entered_the_order() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 1000, 70)?;
        let customer = h.customer("恒远机电", "N30", Some(10))?;
        let order = h.submitted(customer, &[(screws, 100)])?;
        let hold = holds(h, order.id)?.remove(0).id;
        let own = h.as_user(1, |cx, tx| release_hold(cx, tx, hold, "ok"));
        assert_eq!(code(own), "hold.own_request");
        let silent = h.as_user(4, |cx, tx| release_hold(cx, tx, hold, " "));
        assert_eq!(code(silent), "hold.reason_required");
        let order = h.as_user(4, |cx, tx| release_hold(cx, tx, hold, "老客户"))?;
        assert_eq!((order.holds, order.credit_taken), (0, 113_00));
        let again = h.as_user(4, |cx, tx| release_hold(cx, tx, hold, "老客户"))?;
        assert_eq!(again.version, order.version);
        assert_eq!(h.open_shipments(order.id)?.len(), 1);
        Ok(())
    });
}

#[test]
fn t10_an_order_that_left_is_not_cancelled_but_its_remainder_is() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 60, 70)?;
        let customer = h.customer("恒远机电", "N30", Some(1_000))?;
        let order = h.submitted(customer, &[(screws, 100)])?.id;
        for shipment in h.ship_all(order)? {
            h.deliver(shipment)?;
        }
        let refused = h.run(|cx, tx| cancel_order(cx, tx, order, "customer"));
        assert_eq!(code(refused), "order.already_shipped");
        let rest = h.run(|cx, tx| cancel_remainder(cx, tx, order, "customer"))?;
        assert_eq!(rest.lines[0].cancelled, Qty::whole(40));
        assert_eq!((rest.gross, rest.credit_taken, rest.holds), (67_80, 0, 0));
        let again = h.run(|cx, tx| cancel_remainder(cx, tx, order, "customer"))?;
        assert_eq!(again.version, rest.version);
        let invoice = h.bill(order)?;
        h.pay(&invoice)?;
        assert_eq!(h.get(order)?.state, OrderState::Closed);
        Ok(())
    });
}

#[test]
fn t38_shipped_in_january_signed_in_february_invoiced_in_march() {
    each(|h| {
        let motor = h.product("MOTOR", "113", 100, 70_00)?;
        let customer = h.customer("恒远机电", "N30", None)?;
        h.day(Day::of(2026, 1, 20));
        let order = h.submitted(customer, &[(motor, 100)])?.id;
        let shipment = h.ship_all(order)?[0];
        h.day(Day::of(2026, 1, 31));
        assert_eq!(h.balance("goods_shipped")?, 7_000_00);
        assert_eq!((h.balance("revenue")?, h.balance("inventory")?), (0, 0));

        h.day(Day::of(2026, 2, 5));
        h.deliver(shipment)?;
        h.day(Day::of(2026, 2, 28));
        assert_eq!(h.balance("receivable_unbilled")?, 11_300_00);
        assert_eq!(h.balance("revenue")?, -10_000_00);
        assert_eq!(h.balance("output_vat_deferred")?, -1_300_00);
        assert_eq!(h.balance("cost_of_sales")?, 7_000_00);
        assert_eq!(h.balance("goods_shipped")?, 0);
        assert_eq!(h.balance("output_vat")?, 0);

        h.day(Day::of(2026, 3, 10));
        h.bill(order)?;
        assert_eq!(h.balance("output_vat")?, -1_300_00);
        assert_eq!(h.balance("output_vat_deferred")?, 0);
        assert_eq!(h.balance("revenue")?, -10_000_00);
        assert_eq!(h.balance("receivable")?, 11_300_00);
        let (from, until) = (Day::of(2026, 3, 1), Day::of(2026, 3, 31));
        let march = h.read(|cx, tx| ledger::questions::trial_balance(cx, tx, from, until))?;
        let net: i64 = march.iter().map(|line| line.balance()).sum();
        assert_eq!(net, 0);
        Ok(())
    });
}

#[test]
fn t40_seven_pieces_at_3_33_sum_to_the_same_cents_everywhere() {
    each(|h| {
        let part = h.product("PART", "3.33", 7, 100)?;
        let customer = h.customer("恒远机电", "N30", None)?;
        let order = h.submitted(customer, &[(part, 7)])?;
        assert_eq!((order.gross, order.net, order.tax), (23_31, 20_63, 2_68));
        let open = h.open_shipments(order.id)?;
        let line = open[0].lines[0].id;
        let leaving = ship::Leaving { lines: vec![(line, Qty::whole(3))], ..Default::default() };
        h.run(|cx, tx| ship::ship(cx, tx, open[0].id, &leaving))?;
        h.deliver(open[0].id)?;
        let first = h.bill(order.id)?;
        for shipment in h.ship_all(order.id)? {
            h.deliver(shipment)?;
        }
        let second = h.bill(order.id)?;
        assert_eq!((first.gross + second.gross, first.tax + second.tax), (23_31, 2_68));
        assert_eq!(h.balance("receivable")?, 23_31);
        assert_eq!(h.balance("output_vat")?, -2_68);
        assert_eq!(h.balance("revenue")?, -20_63);
        assert_eq!(h.balance("receivable_unbilled")?, 0);
        Ok(())
    });
}

#[test]
fn every_verb_twice_changes_nothing_the_second_time() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 1000, 70)?;
        let customer = h.customer("恒远机电", "N30", None)?;
        let order = h.submitted(customer, &[(screws, 100)])?;
        let facts = || {
            h.read(|_, tx| {
                tx.value::<i64>(store::sql!("SELECT COUNT(*) FROM fact WHERE tenant_id = $1"), &[])
            })
        };
        let twice = |name: &str, job: &dyn Fn() -> Result<()>| -> Result<()> {
            job()?;
            let before = facts()?;
            job()?;
            assert_eq!(facts()?, before, "{name}");
            Ok(())
        };
        twice("submit", &|| {
            h.as_user(1, |cx, tx| submit::submit_order(cx, tx, order.id)).map(|_| ())
        })?;
        let shipment = h.open_shipments(order.id)?[0].id;
        twice("start_picking", &|| {
            h.run(|cx, tx| ship::start_picking(cx, tx, shipment)).map(|_| ())
        })?;
        twice("pick", &|| h.run(|cx, tx| ship::pick(cx, tx, shipment)).map(|_| ()))?;
        twice("pack", &|| h.run(|cx, tx| ship::pack(cx, tx, shipment)).map(|_| ()))?;
        let all = ship::Leaving::default();
        twice("ship", &|| h.run(|cx, tx| ship::ship(cx, tx, shipment, &all)).map(|_| ()))?;
        twice("deliver", &|| h.deliver(shipment))?;
        twice("recognise", &|| h.run(|cx, tx| ship::recognise(cx, tx, shipment)).map(|_| ()))?;
        let invoice = h.run(|cx, tx| bill::bill_order(cx, tx, order.id))?;
        twice("post", &|| h.run(|cx, tx| bill::post_invoice(cx, tx, invoice.id)).map(|_| ()))?;
        let posted = h.read(|_, tx| tx.get(invoice.id))?;
        let paid = h.pay(&posted)?;
        let allocation = h.read(|_, tx| {
            let key = [kernel::Stored::Int(paid.id.raw())];
            let all: Vec<finance::Allocation> =
                tx.list(store::find!(finance::Allocation, "payment = $2"), &key)?;
            Ok(all[0].id)
        })?;
        let why = "wrong invoice";
        twice("unallocate", &|| {
            h.run(|cx, tx| flows::order_to_cash::pay::unallocate(cx, tx, allocation, why))
                .map(|_| ())
        })?;
        twice("reverse", &|| {
            h.run(|cx, tx| flows::order_to_cash::pay::reverse_payment(cx, tx, paid.id, why))
                .map(|_| ())
        })?;
        assert_eq!(h.balance("bank")?, 0);
        assert_eq!(h.balance("receivable")?, 113_00);
        Ok(())
    });
}
