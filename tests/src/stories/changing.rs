//! An order is changed after it was entered: lines come and go, prices move, the rest follows.
use crate::house::{House, code, each};
use flows::order_to_cash::change::{self, Change, LineChange, change_order};
use flows::order_to_cash::enter::{NewOrder, create_order};
use kernel::{Id, Price, Qty, Result, Stored};
use product::Product;
use sales::{Asked, Order, OrderState};
use stock::Shipment;
use store::find;

fn changed(h: &House, order: Id<Order>, lines: Vec<LineChange>) -> Result<Order> {
    let change = Change { lines, reason: "客户来电".into(), ..Change::default() };
    h.as_user(3, |cx, tx| change_order(cx, tx, order, &change))
}

fn by_document(h: &House, order: Id<Order>, lines: Vec<LineChange>) -> Result<Order> {
    h.changed(order, Change { lines, reason: "客户来电".into(), ..Change::default() })
}

fn piece(product: Id<Product>, pieces: i64) -> Asked {
    Asked { product, qty: Qty::whole(pieces), price: None, discount: 0 }
}

fn priced(no: i64, price: &str) -> Result<Vec<LineChange>> {
    let price = Some(Price::parse(price)?);
    Ok(vec![LineChange::Set { no, qty: None, price, discount: None }])
}

#[test]
fn a_draft_gets_another_line_loses_one_and_is_repriced() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 100, 70)?;
        let nuts = h.product("NUT-M4", "0.50", 100, 30)?;
        let customer = h.customer("恒远机电", "N30", None)?;
        let new = NewOrder::of(customer, vec![piece(screws, 10)]);
        let draft = h.as_user(1, |cx, tx| create_order(cx, tx, &new))?.id;
        let more = changed(h, draft, vec![LineChange::Add(piece(nuts, 4))])?;
        assert_eq!((more.lines.len(), more.gross), (2, 13_30));
        assert_eq!(more.lines[1].line_no, 2);
        let cheaper = changed(h, draft, priced(2, "0.45")?)?;
        assert_eq!(cheaper.gross, 13_10);
        let less = changed(h, draft, vec![LineChange::Remove(1)])?;
        assert_eq!((less.lines.len(), less.gross), (1, 1_80));
        assert_eq!(code(changed(h, draft, vec![LineChange::Remove(2)])), "order.last_line");
        let again = changed(h, draft, priced(2, "0.45")?)?;
        assert_eq!(again.version, less.version, "what stands already changes nothing");
        assert_eq!(code(changed(h, draft, vec![LineChange::Remove(1)])), "order.no_such_line");
        assert_eq!(h.get(draft)?.lines.len(), 1, "a refusal leaves what was there");
        h.check()
    });
}

#[test]
fn a_confirmed_order_gets_a_line_with_its_goods_and_lets_one_go() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 100, 70)?;
        let nuts = h.product("NUT-M4", "0.50", 100, 30)?;
        let customer = h.customer("恒远机电", "N30", Some(1_000))?;
        let order = h.submitted(customer, &[(screws, 10)])?.id;
        let more = by_document(h, order, vec![LineChange::Add(piece(nuts, 4))])?;
        assert_eq!(more.lines[1].reserved, Qty::whole(4));
        assert_eq!((more.gross, more.credit_taken), (13_30, 13_30));
        let less = by_document(h, order, vec![LineChange::Remove(1)])?;
        assert_eq!((less.lines[0].wanted(), less.lines[0].reserved), (Qty::ZERO, Qty::ZERO));
        assert_eq!((less.gross, less.credit_taken), (2_00, 2_00));
        for shipment in h.ship_all(order)? {
            h.deliver(shipment)?;
        }
        let late = by_document(h, order, priced(2, "0.40")?);
        assert_eq!(code(late), "order.price_is_fixed");
        let invoice = h.bill(order)?;
        assert_eq!(invoice.gross, 2_00);
        h.pay(&invoice)?;
        assert_eq!(h.get(order)?.state, OrderState::Closed);
        h.check()
    });
}

#[test]
fn what_is_confirmed_is_changed_by_a_change_order_only() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 100, 70)?;
        let customer = h.customer("恒远机电", "N30", None)?;
        let order = h.submitted(customer, &[(screws, 10)])?;
        let day = order.requested_on.map(|d| d.plus_days(3));
        let wishes = [
            Change { lines: vec![LineChange::qty(1, Qty::whole(12))], ..Change::default() },
            Change { lines: vec![LineChange::Add(piece(screws, 2))], ..Change::default() },
            Change { lines: vec![LineChange::Remove(1)], ..Change::default() },
            Change { lines: priced(1, "1.10")?, ..Change::default() },
            Change { requested_on: day, ..Change::default() },
            Change { ship_to: Some("宁波市北仑区".into()), ..Change::default() },
        ];
        for wish in &wishes {
            let wish = Change { reason: "客户来电".into(), ..wish.clone() };
            let direct = h.as_user(3, |cx, tx| change_order(cx, tx, order.id, &wish));
            assert_eq!(code(direct), "order.needs_change_order", "{wish:?}");
        }
        let still = h.get(order.id)?;
        assert_eq!((still.version, still.gross), (order.version, 11_30), "nothing has changed");
        let by_document =
            h.changed(order.id, Change { reason: "客户来电".into(), ..wishes[0].clone() })?;
        assert_eq!(by_document.lines[0].ordered, Qty::whole(12));
        h.check()
    });
}

#[test]
fn a_line_that_no_column_holds_is_refused() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 100, 70)?;
        let customer = h.customer("恒远机电", "N30", None)?;
        let order = h.order(customer, &[(screws, 1)])?;
        for pieces in [1_000_000_001, 1_000_000_000] {
            let huge = vec![LineChange::Set {
                no: 1,
                qty: Some(Qty::whole(pieces)),
                price: Some(Price::parse("1000")?),
                discount: None,
            }];
            assert_eq!(code(changed(h, order, huge)), "line.too_much");
        }
        Ok(())
    });
}

#[test]
fn two_lines_of_one_product_take_no_more_than_there_is() {
    use flows::order_to_cash::receive::{NewReceipt, NewReceiptLine, receive};
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 40, 70)?;
        let line =
            |pieces: i64| NewReceiptLine { product: screws, qty: Qty::whole(pieces), value: 0 };
        let out = |pieces: [i64; 2]| NewReceipt {
            kind: stock::ReceiptKind::OtherOut,
            warehouse: h.warehouse,
            reason: "报废".into(),
            lines: pieces.map(line).to_vec(),
        };
        let too_much = h.run(|cx, tx| receive(cx, tx, &out([26, 23])));
        assert_eq!(code(too_much), "stock.short", "each fits alone, both do not");
        h.run(|cx, tx| receive(cx, tx, &out([26, 14])).map(|_| ()))?;
        h.check()
    });
}

/// How often an order was promised for another day, and whether a reason was told each time.
fn promises(h: &House, order: Id<Order>) -> Result<i64> {
    let sql = store::sql!(
        "SELECT COUNT(*) FROM fact f JOIN fact_object o ON o.tenant_id = f.tenant_id \
         AND o.fact_id = f.id WHERE f.tenant_id = $1 AND o.object_type = 'order' \
         AND o.object_id = $2 AND f.activity = 'order.promised' AND f.reason <> ''"
    );
    h.read(|_, tx| tx.value::<i64>(sql, &[Stored::Int(order.raw())])).map(Option::unwrap_or_default)
}

#[test]
fn a_later_day_is_promised_with_a_reason_and_the_first_promise_stays() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 100, 70)?;
        let customer = h.customer("恒远机电", "N30", None)?;
        let order = h.submitted(customer, &[(screws, 10)])?;
        let first = order.promised_first.expect("confirmation promises");
        let promise =
            |on, why: &str| h.as_user(3, |cx, tx| change::promise(cx, tx, order.id, on, why));
        let later = first.plus_days(5);
        assert_eq!(code(promise(later, " ")), "order.reason_required");
        assert_eq!(code(promise(first.plus_days(-400), "晚了")), "order.promise_past");
        let moved = promise(later, "供应商晚到")?;
        assert_eq!((moved.promised_first, moved.promised_now), (Some(first), Some(later)));
        let planned: Vec<Shipment> = h.read(|_, tx| {
            tx.list(find!(Shipment, "order_id = $2"), &[Stored::Int(order.id.raw())])
        })?;
        assert_eq!(planned.iter().map(|s| s.planned_on).collect::<Vec<_>>(), [Some(later)]);
        let again = promise(later, "供应商晚到")?;
        assert_eq!(again.version, moved.version, "the same day is no second promise");
        assert_eq!(promises(h, order.id)?, 1);
        h.ship_all(order.id)?;
        assert_eq!(code(promise(later.plus_days(1), "再晚")), "order.nothing_to_promise");
        h.check()
    });
}
