//! What one may not decide alone: a deep discount asks for approval, and is answered.
use crate::house::{House, code, each};
use flows::order_to_cash::change::{Change, cancel_order, change_order};
use flows::order_to_cash::enter::{NewOrder, create_order};
use flows::order_to_cash::holds::{answer, ask, request_release};
use flows::order_to_cash::submit::submit_order;
use kernel::{Id, Price, Qty, Result, Stored};
use policy::{Again, Answer, Approval, ApprovalState, Hold};
use sales::{Asked, Order, OrderState};
use store::find;

/// An order of 100 screws at 0.90 instead of 1.13, entered and submitted by user 1.
fn cheap(h: &House) -> Result<Order> {
    let screws = h.product("SCREW-M4", "1.13", 1000, 70)?;
    let customer = h.customer("恒远机电", "N30", None)?;
    let asked = Asked {
        product: screws,
        qty: Qty::whole(100),
        price: Some(Price::parse("0.90")?),
        discount: 0,
    };
    let mut new = NewOrder::of(customer, vec![asked]);
    new.requested_on = Some(h.cx(1).today().plus_days(7));
    "宁波市江北区".clone_into(&mut new.ship_to);
    h.as_user(1, |cx, tx| {
        let id = create_order(cx, tx, &new)?.id;
        submit_order(cx, tx, id)
    })
}

fn asked(h: &House, order: Id<Order>) -> Result<Vec<Approval>> {
    let key = [Stored::Int(order.raw())];
    h.read(|_, tx| {
        tx.list(find!(Approval, "subject_kind = 'order' AND subject = $2 ORDER BY id"), &key)
    })
}

fn hold(h: &House, order: Id<Order>) -> Result<Hold> {
    let key = [Stored::Int(order.raw())];
    let all: Vec<Hold> = h.read(|_, tx| {
        tx.list(find!(Hold, "subject_kind = 'order' AND subject = $2 ORDER BY id"), &key)
    })?;
    Ok(all[0].clone())
}

#[test]
fn a_deep_discount_is_asked_about_questioned_explained_and_granted() {
    each(|h| {
        let order = cheap(h)?;
        assert_eq!((order.state, order.holds), (OrderState::Submitted, 1));
        let why = hold(h, order.id)?;
        assert_eq!((why.discount.to_string(), why.amount), ("0.203539823".into(), 90_00));
        let request = asked(h, order.id)?.remove(0);
        assert_eq!((request.state, request.role.as_str()), (ApprovalState::Pending, "approver"));

        let own = h.as_user(1, |cx, tx| answer(cx, tx, request.id, Answer::Approve, "行"));
        assert_eq!(code(own), "approval.own_request");
        let mute = h.as_user(4, |cx, tx| answer(cx, tx, request.id, Answer::SendBack, " "));
        assert_eq!(code(mute), "approval.comment_required");
        h.as_user(4, |cx, tx| answer(cx, tx, request.id, Answer::SendBack, "为什么这么低？"))?;
        let early = h.as_user(4, |cx, tx| answer(cx, tx, request.id, Answer::Approve, "行"));
        assert_eq!(code(early), "state.not_allowed", "who asked has the word");
        let stranger = h.as_user(4, |cx, tx| ask(cx, tx, request.id, Again::Resubmit, "量大"));
        assert_eq!(code(stranger), "approval.not_yours");
        h.as_user(1, |cx, tx| ask(cx, tx, request.id, Again::Resubmit, "年度框架，量大"))?;
        let done = h.as_user(4, |cx, tx| answer(cx, tx, request.id, Answer::Approve, "同意"))?;
        assert_eq!((done.state, done.decided_by), (ApprovalState::Approved, 4));
        let again = h.as_user(4, |cx, tx| answer(cx, tx, request.id, Answer::Approve, "同意"))?;
        assert_eq!(again.version, done.version, "saying yes twice says it once");

        let order = h.get(order.id)?;
        assert_eq!((order.state, order.holds), (OrderState::Confirmed, 0));
        assert_eq!(hold(h, order.id)?.release_reason, "同意");
        h.check()
    });
}

#[test]
fn after_a_no_the_order_stands_until_approval_is_asked_for_once_more() {
    each(|h| {
        let order = cheap(h)?;
        let first = asked(h, order.id)?.remove(0);
        h.as_user(4, |cx, tx| answer(cx, tx, first.id, Answer::Reject, "低于成本"))?;
        assert_eq!(h.get(order.id)?.holds, 1);
        let late = h.as_user(1, |cx, tx| ask(cx, tx, first.id, Again::Withdraw, ""));
        assert_eq!(code(late), "state.not_allowed");

        let held = hold(h, order.id)?.id;
        h.as_user(1, |cx, tx| request_release(cx, tx, held))?;
        h.as_user(1, |cx, tx| request_release(cx, tx, held))?;
        let all = asked(h, order.id)?;
        assert_eq!(all.len(), 2, "an open request is not made twice");
        h.as_user(4, |cx, tx| answer(cx, tx, all[1].id, Answer::Approve, ""))?;
        assert_eq!(h.get(order.id)?.state, OrderState::Confirmed);
        let over = h.as_user(1, |cx, tx| request_release(cx, tx, held));
        assert_eq!(code(over), "hold.released");
        h.check()
    });
}

#[test]
fn a_request_whose_order_is_cancelled_asks_nobody_any_more() {
    each(|h| {
        let order = cheap(h)?;
        h.as_user(3, |cx, tx| cancel_order(cx, tx, order.id, "客户撤单"))?;
        assert_eq!(asked(h, order.id)?[0].state, ApprovalState::Withdrawn);
        h.check()
    });
}

#[test]
fn missing_data_is_mended_and_nobody_is_asked_about_it() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 1000, 70)?;
        let customer = h.customer("恒远机电", "N30", None)?;
        let asked_for =
            vec![Asked { product: screws, qty: Qty::whole(1), price: None, discount: 0 }];
        let new = NewOrder::of(customer, asked_for);
        let order = h.as_user(1, |cx, tx| {
            let id = create_order(cx, tx, &new)?.id;
            submit_order(cx, tx, id)
        })?;
        let held = hold(h, order.id)?;
        assert_eq!(held.about, "requested_on,ship_to");
        assert!(asked(h, order.id)?.is_empty());
        let nobody = h.as_user(1, |cx, tx| request_release(cx, tx, held.id));
        assert_eq!(code(nobody), "hold.nobody_approves");
        let change = Change {
            requested_on: Some(h.cx(1).today().plus_days(3)),
            ship_to: Some("宁波市江北区".into()),
            reason: "补全".into(),
            ..Change::default()
        };
        h.as_user(1, |cx, tx| change_order(cx, tx, order.id, &change))?;
        h.check()
    });
}
