//! 变更单: a confirmed order becomes another one by a document with before and after.
use crate::house::{House, code, each};
use flows::order_to_cash::change::{Change, LineChange, cancel_remainder};
use flows::order_to_cash::change_orders::{self, NewChange};
use kernel::{Day, DocRef, Id, Price, Qty, Result, ScopeKind, Stored};
use party::Party;
use policy::{HoldKind, questions};
use product::Product;
use sales::{Asked, AskedBy, ChangeAction, ChangeOrder, ChangeState, Ending, Order, OrderState};
use store::sql;

const CHEN: i64 = 1;
const BOSS: i64 = 4;

fn wish(order: Id<Order>, asked_by: AskedBy, lines: Vec<LineChange>) -> NewChange {
    let change = Change { lines, reason: "客户来电".into(), ..Change::default() };
    NewChange { order, asked_by, evidence: String::new(), change }
}

fn draw_up(h: &House, new: &NewChange) -> Result<ChangeOrder> {
    h.as_user(CHEN, |cx, tx| change_orders::draw_up(cx, tx, new))
}

fn submit(h: &House, of: &ChangeOrder) -> Result<ChangeOrder> {
    h.as_user(CHEN, |cx, tx| change_orders::submit(cx, tx, of.id))
}

fn withdraw(h: &House, of: &ChangeOrder) -> Result<ChangeOrder> {
    h.as_user(CHEN, |cx, tx| change_orders::end(cx, tx, of.id, Ending::Withdraw, "不改了"))
}

/// Drawn up by Chen for the customer, and submitted.
fn changed(h: &House, order: Id<Order>, lines: Vec<LineChange>) -> Result<ChangeOrder> {
    let made = draw_up(h, &wish(order, AskedBy::Customer, lines))?;
    submit(h, &made)
}

fn found(h: &House, id: Id<ChangeOrder>) -> Result<ChangeOrder> {
    h.read(|_, tx| sales::commands::change(tx, id))
}

fn piece(product: Id<Product>, pieces: i64) -> Asked {
    Asked { product, qty: Qty::whole(pieces), price: None, discount: 0 }
}

fn priced(no: i64, price: &str) -> Result<LineChange> {
    Ok(LineChange::Set { no, qty: None, price: Some(Price::parse(price)?), discount: None })
}

fn kinds(h: &House, order: Id<Order>) -> Result<Vec<HoldKind>> {
    let on = DocRef { kind: "order", id: order.raw() };
    h.read(|_, tx| Ok(questions::open_holds(tx, on)?.iter().map(|hold| hold.kind).collect()))
}

/// Facts of an activity that name the change order.
fn told(h: &House, of: Id<ChangeOrder>, activity: &str) -> Result<i64> {
    let query = sql!(
        "SELECT COUNT(*) FROM fact f JOIN fact_object o ON o.tenant_id = f.tenant_id \
         AND o.fact_id = f.id WHERE f.tenant_id = $1 AND f.activity = $2 \
         AND o.object_type = 'change_order' AND o.object_id = $3"
    );
    let key = [Stored::text(activity), Stored::Int(of.raw())];
    h.read(|_, tx| Ok(tx.value(query, &key)?.unwrap_or(0)))
}

/// A hundred screws at 1.13 on a confirmed order, of five hundred that lie there.
fn hundred(h: &House, limit: Option<i64>) -> Result<(Id<Product>, Id<Party>, Order)> {
    let screws = h.product("SCREW-M4", "1.13", 500, 70)?;
    let customer = h.customer("恒远机电", "N30", limit)?;
    let order = h.submitted(customer, &[(screws, 100)])?;
    Ok((screws, customer, order))
}

#[test]
fn a_change_shows_before_and_after_and_becomes_the_orders_truth_when_it_is_submitted() {
    each(|h| {
        let (_, _, order) = hundred(h, Some(1_000))?;
        let mut new = wish(order.id, AskedBy::Customer, vec![LineChange::qty(1, Qty::whole(150))]);
        new.change.requested_on = Some(Day::of(2026, 2, 11));
        new.change.ship_to = Some("宁波市北仑区".into());
        let drawn = draw_up(h, &new)?;
        assert_eq!((drawn.state, drawn.number.as_str()), (ChangeState::Draft, "CO-2026-00001"));
        assert_eq!((drawn.gross_before, drawn.gross_after), (113_00, 169_50));
        let line = &drawn.lines[0];
        assert_eq!(line.action, ChangeAction::Qty);
        assert_eq!((line.qty_before, line.qty_after), (Qty::whole(100), Qty::whole(150)));
        assert_eq!(drawn.requested_was, order.requested_on);
        let still = h.get(order.id)?;
        assert_eq!((still.version, still.gross), (order.version, 113_00), "nothing has changed");

        let applied = submit(h, &drawn)?;
        assert_eq!(applied.state, ChangeState::Applied);
        let now = h.get(order.id)?;
        assert_eq!((now.gross, now.credit_taken), (169_50, 169_50));
        assert_eq!(now.lines[0].reserved, Qty::whole(150));
        assert_eq!(now.requested_on, Some(Day::of(2026, 2, 11)));
        assert!(now.version > order.version);
        let open = h.open_shipments(order.id)?;
        assert!(open.iter().all(|s| s.ship_to == "宁波市北仑区"), "what has not left follows");
        let again = submit(h, &drawn)?;
        assert_eq!(again.version, applied.version, "submitting again changes nothing");
        assert_eq!(h.get(order.id)?.version, now.version);
        for activity in ["drafted", "submitted", "applied"] {
            assert_eq!(told(h, drawn.id, &format!("change_order.{activity}"))?, 1, "{activity}");
        }
        assert_eq!(told(h, drawn.id, "change_order.approved")?, 0);
        h.check()
    });
}

#[test]
fn below_what_left_nothing_is_drawn_up_and_nothing_is_applied() {
    each(|h| {
        let (_, _, order) = hundred(h, None)?;
        let less = draw_up(
            h,
            &wish(order.id, AskedBy::Customer, vec![LineChange::qty(1, Qty::whole(40))]),
        )?;
        for shipment in h.ship_all(order.id)? {
            h.deliver(shipment)?;
        }
        assert_eq!(code(submit(h, &less)), "order.below_floor");
        assert_eq!(found(h, less.id)?.state, ChangeState::Draft, "a refusal leaves it as it was");
        assert_eq!(h.get(order.id)?.gross, 113_00);
        withdraw(h, &less)?;
        let draw = |lines| code(draw_up(h, &wish(order.id, AskedBy::Customer, lines)));
        assert_eq!(draw(vec![LineChange::qty(1, Qty::whole(99))]), "order.below_floor");
        assert_eq!(draw(vec![priced(1, "1.00")?]), "order.price_is_fixed");
        assert_eq!(draw(vec![LineChange::qty(1, Qty::whole(100))]), "change_order.nothing_changes");
        assert_eq!(draw(vec![LineChange::qty(7, Qty::whole(1))]), "order.no_such_line");
        assert_eq!(draw(vec![LineChange::Remove(1)]), "change_order.nothing_changes");

        changed(h, order.id, vec![LineChange::qty(1, Qty::whole(120))])?;
        for shipment in h.ship_all(order.id)? {
            h.deliver(shipment)?;
        }
        let invoice = h.bill(order.id)?;
        assert_eq!(invoice.gross, 135_60);
        h.pay(&invoice)?;
        let closed = h.get(order.id)?;
        assert_eq!(closed.state, OrderState::Closed);
        assert_eq!(draw(vec![LineChange::qty(1, Qty::whole(130))]), "change_order.not_confirmed");
        h.check()
    });
}

#[test]
fn a_draft_whose_before_is_no_longer_there_is_not_applied() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 60, 70)?;
        let customer = h.customer("恒远机电", "N30", None)?;
        let order = h.submitted(customer, &[(screws, 100)])?;
        let more = vec![LineChange::qty(1, Qty::whole(120))];
        let more = draw_up(h, &wish(order.id, AskedBy::Customer, more))?;
        h.ship_all(order.id)?;
        h.as_user(3, |cx, tx| cancel_remainder(cx, tx, order.id, "不再补货"))?;
        assert_eq!(h.get(order.id)?.lines[0].wanted(), Qty::whole(60));
        assert_eq!(code(submit(h, &more)), "change_order.outdated");
        assert_eq!(h.get(order.id)?.lines[0].wanted(), Qty::whole(60));
        withdraw(h, &more)?;
        h.check()
    });
}

#[test]
fn who_reaches_only_their_own_orders_draws_up_no_change_of_anothers() {
    each(|h| {
        let (_, _, order) = hundred(h, None)?;
        let drawn = |reach: ScopeKind| {
            let cx = h.reaching(BOSS, "sales.*", reach);
            let new = wish(order.id, AskedBy::Customer, vec![LineChange::qty(1, Qty::whole(150))]);
            code(h.store.run(&cx, |cx, tx| change_orders::draw_up(cx, tx, &new)))
        };
        assert_eq!(drawn(ScopeKind::Own), "access.forbidden");
        let waits = h.read(|_, tx| sales::commands::open_change(tx, order.id))?;
        assert!(waits.is_none(), "nothing stands before the order");
        assert_eq!(drawn(ScopeKind::All), "ok");
        h.check()
    });
}

#[test]
fn a_deep_price_waits_for_somebody_elses_yes_which_is_not_asked_for_twice() {
    each(|h| {
        let (_, _, order) = hundred(h, None)?;
        let waits = changed(h, order.id, vec![priced(1, "0.90")?])?;
        assert_eq!((waits.state, waits.needs_approval), (ChangeState::PendingChecks, true));
        let still = h.get(order.id)?;
        assert_eq!((still.gross, still.holds), (113_00, 0), "the order goes on as it was");
        let own = h.as_user(CHEN, |cx, tx| change_orders::approve(cx, tx, waits.id));
        assert_eq!(code(own), "change_order.own_request");
        let early = h.as_user(CHEN, |cx, tx| change_orders::agree(cx, tx, waits.id, "邮件"));
        assert_eq!(code(early), "state.not_allowed");
        let second = draw_up(h, &wish(order.id, AskedBy::Customer, vec![priced(1, "1.00")?]));
        assert_eq!(code(second), "change_order.another_open");

        let applied = h.as_user(BOSS, |cx, tx| change_orders::approve(cx, tx, waits.id))?;
        assert_eq!((applied.state, applied.approved_by), (ChangeState::Applied, BOSS));
        assert_eq!(h.get(order.id)?.gross, 90_00);
        assert_eq!(kinds(h, order.id)?, [], "a yes before is no hold after");
        let again = changed(h, order.id, vec![LineChange::qty(1, Qty::whole(110))])?;
        assert_eq!(again.state, ChangeState::Applied, "the same discount was let pass");
        let deeper = changed(h, order.id, vec![priced(1, "0.60")?])?;
        assert_eq!(deeper.state, ChangeState::PendingChecks, "a deeper one was not");
        let no = |why: &str| {
            h.as_user(BOSS, |cx, tx| change_orders::end(cx, tx, deeper.id, Ending::Reject, why))
        };
        assert_eq!(code(no(" ")), "change_order.reason_required");
        assert_eq!(no("毛利太低")?.state, ChangeState::Declined);
        assert_eq!(h.get(order.id)?.gross, 99_00);
        assert_eq!(code(submit(h, &deeper)), "state.not_allowed");
        h.ship_all(order.id)?;
        h.check()
    });
}

#[test]
fn what_we_wish_waits_for_the_customer_who_agrees_or_declines() {
    each(|h| {
        let (screws, _, order) = hundred(h, None)?;
        let nuts = h.product("NUT-M4", "0.50", 100, 30)?;
        let lines = vec![LineChange::qty(1, Qty::whole(60)), LineChange::Add(piece(nuts, 4))];
        let ours = submit(h, &draw_up(h, &wish(order.id, AskedBy::Supply, lines))?)?;
        assert_eq!(ours.state, ChangeState::PendingCustomer);
        let agree =
            |why: &str| h.as_user(CHEN, |cx, tx| change_orders::agree(cx, tx, ours.id, why));
        assert_eq!(code(agree("")), "change_order.evidence_required");
        let no =
            h.as_user(BOSS, |cx, tx| change_orders::end(cx, tx, ours.id, Ending::Reject, "不同意"));
        assert_eq!(code(no), "state.not_allowed", "that is the customer's to say now");
        let applied = agree("2026-01-05 邮件")?;
        assert_eq!((applied.state, applied.delta()), (ChangeState::Applied, -43_20));
        let now = h.get(order.id)?;
        assert_eq!((now.gross, now.lines.len(), now.lines[1].product), (69_80, 2, nuts));
        assert_eq!(now.lines[1].reserved, Qty::whole(4));
        // What was let go of can be had by the next one.
        let next = h.submitted(h.customer("宁波制造", "N30", None)?, &[(screws, 440)])?;
        assert_eq!((next.holds, next.lines[0].reserved), (0, Qty::whole(440)));

        let other =
            submit(h, &draw_up(h, &wish(order.id, AskedBy::Sales, vec![LineChange::Remove(1)]))?)?;
        let declined = h.as_user(CHEN, |cx, tx| {
            change_orders::end(cx, tx, other.id, Ending::Decline, "客户坚持原数量")
        })?;
        assert_eq!(declined.state, ChangeState::Declined);
        assert_eq!(h.get(order.id)?.gross, 69_80);
        let gone = changed(h, order.id, vec![LineChange::Remove(1)])?;
        assert_eq!(
            (gone.lines[0].action, gone.state),
            (ChangeAction::Cancel, ChangeState::Applied)
        );
        assert_eq!(h.get(order.id)?.gross, 2_00);
        assert_eq!(
            code(draw_up(h, &wish(order.id, AskedBy::Sales, vec![LineChange::Remove(2)]))),
            "order.last_line"
        );
        h.check()
    });
}

#[test]
fn a_change_beyond_credit_or_stock_is_applied_and_held_and_one_back_lifts_both() {
    each(|h| {
        let (_, _, order) = hundred(h, Some(200))?;
        changed(h, order.id, vec![LineChange::qty(1, Qty::whole(200))])?;
        assert_eq!(kinds(h, order.id)?, [HoldKind::Credit], "226.00 does not fit 200.00");
        assert_eq!(h.get(order.id)?.credit_taken, 0);
        assert_eq!(code(h.ship_all(order.id)), "shipment.held");
        changed(h, order.id, vec![LineChange::qty(1, Qty::whole(150))])?;
        let fits = h.get(order.id)?;
        assert_eq!((fits.holds, fits.credit_taken), (0, 169_50));
        assert_eq!(fits.lines[0].reserved, Qty::whole(150));

        let rich = h.customer("宁波制造", "N30", None)?;
        let last = h.submitted(rich, &[(fits.lines[0].product, 100)])?;
        changed(h, last.id, vec![LineChange::qty(1, Qty::whole(400))])?;
        assert_eq!(kinds(h, last.id)?, [HoldKind::Stock], "fifty are missing");
        assert_eq!(h.get(last.id)?.lines[0].reserved, Qty::whole(350));
        changed(h, last.id, vec![LineChange::qty(1, Qty::whole(350))])?;
        assert_eq!(kinds(h, last.id)?, []);
        h.check()
    });
}

#[test]
fn of_two_who_change_an_order_at_once_one_is_refused() {
    each(|h| {
        let (_, _, order) = hundred(h, None)?;
        let draft = h.order(order.party, &[(order.lines[0].product, 1)])?;
        let early =
            draw_up(h, &wish(draft, AskedBy::Customer, vec![LineChange::qty(1, Qty::whole(2))]));
        assert_eq!(code(early), "change_order.not_confirmed");
        let mut mute = wish(order.id, AskedBy::Customer, vec![LineChange::qty(1, Qty::whole(2))]);
        mute.change.reason = " ".into();
        assert_eq!(code(draw_up(h, &mute)), "change_order.reason_required");
        let first = draw_up(
            h,
            &wish(order.id, AskedBy::Customer, vec![LineChange::qty(1, Qty::whole(2))]),
        )?;
        let second =
            draw_up(h, &wish(order.id, AskedBy::Customer, vec![LineChange::qty(1, Qty::whole(3))]));
        assert_eq!(code(second), "change_order.another_open");
        let gone = withdraw(h, &first)?;
        assert_eq!(gone.state, ChangeState::Withdrawn);
        assert_eq!(withdraw(h, &first)?.version, gone.version, "withdrawing again changes nothing");
        assert_eq!(code(submit(h, &first)), "state.not_allowed");
        changed(h, order.id, vec![LineChange::qty(1, Qty::whole(3))])?;
        assert_eq!(h.get(order.id)?.gross, 3_39);
        h.check()
    });
}
