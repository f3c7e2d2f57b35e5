//! One invoice over several orders, and the billing run: each order keeps its own share (T14, T15).
use crate::house::{House, code, each};
use crate::stories::returns::comes_back_and_settled;
use finance::{Allocation, BillableItem, Invoice, OpenItem};
use flows::order_to_cash::bill::{bill_order, cancel_invoice, post_invoice};
use flows::order_to_cash::bill_several::{self, Run, bill_together};
use flows::order_to_cash::net::apply_credit;
use flows::order_to_cash::pay::{NewPayment, Pays, What, receive_payment, unallocate};
use flows::order_to_cash::picked::{MAX_PICKED, Part, Picked};
use kernel::{Ctx, Day, Id, Result, ScopeKind, Stored};
use party::Party;
use product::Product;
use sales::{Order, OrderState};
use store::find;

const ZHANG: i64 = 3;

/// So many screws at 1.13, delivered.
fn delivered(h: &House, party: Id<Party>, screws: Id<Product>, pieces: i64) -> Result<Id<Order>> {
    let order = h.submitted(party, &[(screws, pieces)])?.id;
    for shipment in h.ship_all(order)? {
        h.deliver(shipment)?;
    }
    Ok(order)
}

fn together(h: &House, orders: &[Id<Order>]) -> Result<Invoice> {
    let orders: Vec<Picked> = orders.iter().map(|o| Picked::all(o.raw())).collect();
    h.as_user(ZHANG, |cx, tx| bill_together(cx, tx, &orders))
}

fn posts(h: &House, invoice: &Invoice) -> Result<Invoice> {
    h.as_user(ZHANG, |cx, tx| post_invoice(cx, tx, invoice.id))
}

fn pays(h: &House, party: Id<Party>, amount: i64, what: What) -> Result<finance::Payment> {
    let new = NewPayment {
        currency: None,
        rate: None,
        party,
        amount,
        method: "transfer".into(),
        value_day: h.cx(ZHANG).today(),
        reference: String::new(),
        pays: vec![Pays { what, amount }],
    };
    h.as_user(ZHANG, |cx, tx| receive_payment(cx, tx, &new))
}

/// What of an invoice is owed for each order: amount and open, in the order of the orders.
fn shares(h: &House, invoice: &Invoice) -> Result<Vec<(i64, i64)>> {
    let key = [Stored::Int(invoice.id.raw())];
    h.read(|_, tx| {
        let query = find!(OpenItem, "invoice = $2 ORDER BY order_id");
        Ok(tx.list::<OpenItem>(query, &key)?.iter().map(|i| (i.amount, i.open)).collect())
    })
}

/// The orders that an invoice is over, and how many of its lines are of each.
fn orders_named(h: &House, invoice: &Invoice) -> Result<Vec<(Id<Order>, usize)>> {
    let id = invoice.id.raw();
    let found = h.read(|_, tx| flows::questions::orders_of_invoice(tx, id))?;
    let named = |order: &serde_json::Value| {
        let id = order["id"].as_str().and_then(|id| id.parse().ok()).unwrap_or(0);
        (Id::from_raw(id), order["lines"].as_array().map_or(0, Vec::len))
    };
    Ok(found.iter().map(named).collect())
}

fn ready(h: &House, order: Id<Order>) -> Result<Vec<BillableItem>> {
    let key = [Stored::Int(order.raw())];
    let query = find!(BillableItem, "order_id = $2 AND state = 'ready' ORDER BY id");
    h.read(|_, tx| tx.list(query, &key))
}

fn run(h: &House, party: Option<Id<Party>>, until: Day) -> Result<Run> {
    h.as_user(ZHANG, |cx, tx| bill_several::bill_period(cx, tx, party.map(Id::raw), until))
}

#[test]
fn two_orders_on_one_invoice_each_with_its_deposit_its_share_and_its_end() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 1_000, 70)?;
        let customer = h.customer("恒远机电", "N30", None)?;
        let first = delivered(h, customer, screws, 100)?;
        let second = delivered(h, customer, screws, 50)?;
        pays(h, customer, 20_00, What::Order(second))?;
        let draft = together(h, &[first, second])?;
        assert_eq!((draft.order_id, draft.lines.len(), draft.gross), (0, 2, 169_50));
        assert_eq!(
            code(h.as_user(ZHANG, |cx, tx| bill_order(cx, tx, first))),
            "order.nothing_to_bill"
        );
        assert_eq!(orders_named(h, &draft)?, [(first, 1), (second, 1)], "its lines name them");
        let invoice = posts(h, &draft)?;
        assert_eq!((invoice.gross, invoice.open), (169_50, 149_50), "the deposit paid its share");
        assert_eq!(shares(h, &invoice)?, [(113_00, 113_00), (56_50, 36_50)]);
        assert_eq!((h.get(first)?.paid, h.get(second)?.paid), (0, 20_00));
        assert_eq!(h.balance("contract_liability")?, 0);
        h.check()?;

        assert_eq!(
            code(pays(h, customer, 149_51, What::Invoice(invoice.id))),
            "invoice.over_allocated"
        );
        let paid = pays(h, customer, 120_00, What::Invoice(invoice.id))?;
        assert_eq!(shares(h, &invoice)?, [(113_00, 0), (56_50, 29_50)], "the first share first");
        assert_eq!(h.get(first)?.state, OrderState::Closed);
        assert_eq!((h.get(second)?.state, h.get(second)?.paid), (OrderState::Confirmed, 27_00));
        h.check()?;
        let parts: Vec<Allocation> = h.read(|_, tx| {
            tx.list(find!(Allocation, "payment = $2 ORDER BY id"), &[Stored::Int(paid.id.raw())])
        })?;
        let amounts: Vec<i64> = parts.iter().map(|a| a.amount).collect();
        assert_eq!(amounts, [113_00, 7_00]);
        h.as_user(ZHANG, |cx, tx| unallocate(cx, tx, parts[1].id, "记错"))?;
        assert_eq!(shares(h, &invoice)?, [(113_00, 0), (56_50, 36_50)], "only that part is free");
        h.check()?;
        pays(h, customer, 36_50, What::Invoice(invoice.id))?;
        assert_eq!(h.get(second)?.state, OrderState::Closed);
        h.check()
    });
}

#[test]
fn goods_that_come_back_go_against_their_own_orders_share() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 1_000, 70)?;
        let customer = h.customer("恒远机电", "N30", None)?;
        let first = delivered(h, customer, screws, 100)?;
        let second = delivered(h, customer, screws, 50)?;
        let invoice = posts(h, &together(h, &[first, second])?)?;
        let back = comes_back_and_settled(h, second, 10)?;
        assert_ne!(back.credit_note, 0);
        assert_eq!(shares(h, &invoice)?, [(113_00, 113_00), (56_50, 45_20)]);
        h.check()?;
        pays(h, customer, 158_20, What::Invoice(invoice.id))?;
        assert_eq!(
            (h.get(first)?.state, h.get(second)?.state),
            (OrderState::Closed, OrderState::Closed)
        );
        // Now paid, the next return's note is free: it goes against another invoice's shares.
        let back = comes_back_and_settled(h, first, 50)?;
        let third = delivered(h, customer, screws, 30)?;
        let fourth = delivered(h, customer, screws, 30)?;
        let other = posts(h, &together(h, &[third, fourth])?)?;
        let note = Id::from_raw(back.credit_note);
        let set = |amount| h.as_user(ZHANG, |cx, tx| apply_credit(cx, tx, note, other.id, amount));
        assert_eq!(code(set(56_51)), "credit.too_much");
        set(56_50)?;
        assert_eq!(shares(h, &other)?, [(33_90, 0), (33_90, 11_30)]);
        assert_eq!((h.get(third)?.paid, h.get(fourth)?.paid), (33_90, 22_60));
        h.check()
    });
}

#[test]
fn what_an_invoice_says_once_has_to_be_the_same_of_all_its_orders() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 1_000, 70)?;
        let customer = h.customer("恒远机电", "N30", None)?;
        let other = h.customer("华兴五金", "N30", None)?;
        let first = delivered(h, customer, screws, 100)?;
        let foreign = delivered(h, other, screws, 10)?;
        let h_orders = |orders: &[Id<Order>]| code(together(h, orders));
        assert_eq!(h_orders(&[first, foreign]), "invoice.orders_differ");
        assert_eq!(h_orders(&[]), "invoice.no_orders");
        let waiting = h.submitted(customer, &[(screws, 5)])?.id;
        assert_eq!(h_orders(&[first, waiting]), "order.nothing_to_bill");
        assert_eq!(ready(h, first)?.len(), 1, "a refusal keeps nothing");
        let draft = together(h, &[first])?;
        assert_eq!((draft.order_id, draft.gross), (first.raw(), 113_00));
        assert_eq!(h_orders(&[first]), "order.nothing_to_bill");
        h.as_user(ZHANG, |cx, tx| cancel_invoice(cx, tx, draft.id))?;
        assert_eq!(ready(h, first)?.len(), 1, "given up, it can be billed again (T24)");
        h.check()
    });
}

#[test]
fn t14_one_run_bills_a_month_none_lost_and_none_twice() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 5_000, 70)?;
        let mut sum = 0;
        let mut customers = Vec::new();
        for n in 0..5 {
            let terms = if n % 2 == 0 { "N30" } else { "M30" };
            let customer = h.customer(&format!("客户{n}"), terms, None)?;
            for pieces in [10, 20, 30] {
                delivered(h, customer, screws, pieces)?;
                sum += pieces * 1_13;
            }
            customers.push(customer);
        }
        let back = delivered(h, customers[0], screws, 40)?;
        comes_back_and_settled(h, back, 40)?;
        assert_eq!(code(run(h, None, Day::of(2026, 1, 31))), "statement.too_early");
        h.day(Day::of(2026, 2, 2));
        let late = delivered(h, customers[1], screws, 7)?;
        let january = run(h, None, Day::of(2026, 1, 31))?;
        assert_eq!((january.made.len(), january.more), (5, false), "one for each customer");
        assert_eq!(january.made.iter().map(|i| i.gross).sum::<i64>(), sum);
        assert_eq!(run(h, None, Day::of(2026, 1, 31))?.made.len(), 0, "none twice");
        assert_eq!(ready(h, late)?.len(), 1, "February waits for February");
        let one = run(h, Some(customers[1]), Day::of(2026, 2, 2))?;
        assert_eq!(one.made[0].gross, 7_91);
        assert_eq!(code(run(h, Some(customers[1]), Day::of(2026, 2, 2))), "invoice.nothing_ready");
        for invoice in &january.made {
            let posted = posts(h, invoice)?;
            h.pay(&posted)?;
        }
        h.check()
    });
}

#[test]
fn who_reaches_only_their_own_orders_bills_none_of_anothers() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 1_000, 70)?;
        let customer = h.customer("恒远机电", "N30", None)?;
        let order = delivered(h, customer, screws, 100)?;
        let cx = h.reaching(ZHANG, "finance.*", ScopeKind::Own);
        let together =
            h.store.run(&cx, |cx, tx| bill_together(cx, tx, &[Picked::all(order.raw())]));
        assert_eq!(code(together), "access.forbidden");
        let until = h.cx(ZHANG).today();
        let period = |cx: &Ctx| {
            let party = Some(customer.raw());
            h.store.run(cx, |cx, tx| bill_several::bill_period(cx, tx, party, until))
        };
        assert_eq!(code(period(&cx)), "invoice.nothing_ready");
        assert_eq!(ready(h, order)?.len(), 1, "it waits as before");
        let run = period(&h.reaching(ZHANG, "finance.*", ScopeKind::All))?;
        assert_eq!(run.made.len(), 1);
        h.check()
    });
}

fn bills(h: &House, picked: &[Picked]) -> Result<Invoice> {
    h.as_user(ZHANG, |cx, tx| bill_together(cx, tx, picked))
}

fn delivery(order: Id<Order>, shipment: Id<stock::Shipment>) -> Picked {
    Picked { order: order.raw(), part: Part::Delivery(shipment) }
}

/// A customer, their order, and its deliveries.
type Delivered = (Id<Party>, Id<Order>, Vec<Id<stock::Shipment>>);

/// An order of 100 screws that leaves in three deliveries of 30, 30 and 40, all signed for.
fn in_three(h: &House) -> Result<Delivered> {
    let screws = h.product("SCREW-M4", "1.13", 30, 70)?;
    let customer = h.customer("恒远机电", "N30", None)?;
    let order = h.submitted(customer, &[(screws, 100)])?.id;
    let mut all = Vec::new();
    for more in [30, 40, 0] {
        for shipment in h.ship_all(order)? {
            h.deliver(shipment)?;
            all.push(shipment);
        }
        if more > 0 {
            h.stock_up(screws, more, 70)?;
        }
    }
    Ok((customer, order, all))
}

#[test]
fn single_deliveries_are_billed_and_the_others_wait() {
    each(|h| {
        let (customer, order, all) = in_three(h)?;
        let &[first, second, third] = &all[..] else { panic!("three deliveries: {all:?}") };
        let seen = |h: &House| -> Result<serde_json::Value> {
            let every = store::scope::Scope::All;
            let rows = |cx: &Ctx, tx: &mut store::Tx| {
                flows::billable::of_party(cx, tx, customer.raw(), &every)
            };
            Ok(h.read(rows)?.into())
        };
        let rows = seen(h)?;
        let parts = rows[0]["parts"].as_array().map_or(0, Vec::len);
        assert_eq!((&rows[0]["gross"], parts), (&"113.00".into(), 3));
        assert_eq!(rows[0]["parts"][2]["gross"], "45.20");
        // The last one first: its part of the money is its own, whatever is billed before.
        let draft = bills(h, &[delivery(order, third)])?;
        assert_eq!((draft.gross, draft.lines.len(), draft.order_id), (45_20, 1, order.raw()));
        assert_eq!(ready(h, order)?.len(), 2, "the others wait");
        assert_eq!(code(bills(h, &[delivery(order, third)])), "invoice.delivery_billed");
        let posted = posts(h, &draft)?;
        h.check()?;
        assert_eq!(code(bills(h, &[delivery(order, third)])), "invoice.delivery_billed");
        assert_eq!(seen(h)?[0]["gross"], "67.80");
        let both = bills(h, &[delivery(order, first), delivery(order, second)])?;
        assert_eq!((both.gross, both.lines.len()), (67_80, 2));
        h.as_user(ZHANG, |cx, tx| cancel_invoice(cx, tx, both.id))?;
        assert_eq!(ready(h, order)?.len(), 2, "given up, they wait again");
        let rest = posts(h, &bills(h, &[Picked::all(order.raw())])?)?;
        assert_eq!(rest.gross, 67_80);
        assert_eq!(seen(h)?.as_array().map_or(1, Vec::len), 0, "nothing is left to bill");
        h.pay(&posted)?;
        h.pay(&rest)?;
        assert_eq!(h.get(order)?.state, OrderState::Closed);
        h.check()
    });
}

#[test]
fn deliveries_of_several_orders_go_on_one_invoice_each_with_its_share() {
    each(|h| {
        let (customer, order, all) = in_three(h)?;
        let screws = h.get(order)?.lines[0].product;
        h.stock_up(screws, 50, 70)?;
        let other = delivered(h, customer, screws, 50)?;
        let picked = [delivery(order, all[1]), Picked::all(other.raw())];
        let invoice = posts(h, &bills(h, &picked)?)?;
        assert_eq!(shares(h, &invoice)?, [(33_90, 33_90), (56_50, 56_50)]);
        assert_eq!(ready(h, order)?.len(), 2);
        h.check()
    });
}

#[test]
fn what_is_not_of_the_order_or_not_signed_for_is_refused_and_nothing_is_kept() {
    each(|h| {
        let (customer, order, all) = in_three(h)?;
        let screws = h.get(order)?.lines[0].product;
        let stranger = h.customer("华兴五金", "N30", None)?;
        h.stock_up(screws, 60, 70)?;
        let theirs = delivered(h, stranger, screws, 10)?;
        let waiting = h.submitted(customer, &[(screws, 50)])?.id;
        let under_way = h.ship_all(waiting)?[0];
        let refused = |picked: &[Picked]| code(bills(h, picked));
        assert_eq!(refused(&[delivery(theirs, all[0])]), "invoice.delivery_of_other_order");
        let nowhere = Id::from_raw(7);
        assert_eq!(refused(&[delivery(order, nowhere)]), "invoice.delivery_of_other_order");
        let both = [delivery(order, all[0]), Picked::all(theirs.raw())];
        assert_eq!(refused(&both), "invoice.orders_differ", "another customer's");
        assert_eq!(refused(&[delivery(waiting, under_way)]), "invoice.delivery_not_ready");
        let services = Picked { order: order.raw(), part: Part::Services };
        assert_eq!(refused(&[services]), "order.nothing_to_bill");
        assert_eq!(refused(&[]), "invoice.no_orders");
        let many = vec![delivery(order, all[0]); MAX_PICKED + 1];
        assert_eq!(refused(&many), "invoice.too_many_picked");
        let cx = h.reaching(ZHANG, "finance.*", ScopeKind::Own);
        let one = [delivery(order, all[0])];
        let not_theirs = h.store.run(&cx, |cx, tx| bill_together(cx, tx, &one));
        assert_eq!(code(not_theirs), "access.forbidden");
        assert_eq!((ready(h, order)?.len(), ready(h, theirs)?.len()), (3, 1), "no trace");
        h.check()
    });
}

#[test]
fn what_came_back_goes_along_with_the_delivery_that_is_billed() {
    each(|h| {
        let (_, order, all) = in_three(h)?;
        comes_back_and_settled(h, order, 10)?;
        let invoice = posts(h, &bills(h, &[delivery(order, all[2])])?)?;
        assert_eq!(invoice.gross, 33_90, "40 less the 10 that came back");
        h.check()?;
        let rest = posts(h, &bills(h, &[Picked::all(order.raw())])?)?;
        assert_eq!(rest.gross, 67_80);
        h.check()
    });
}
