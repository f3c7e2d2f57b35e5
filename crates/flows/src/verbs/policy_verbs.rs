//! Verbs of holds and of requests for approval.
use super::body::{Body, show, show_with};
use crate::Verb;
use crate::order_to_cash::holds;
use kernel::{Ctx, Id, Result};
use meta::{Field, text};
use policy::{Again, Answer, Approval};
use serde_json::Value;
use store::Tx;

const DECIDE: &str = "policy.approval.decide";
const ASK: &str = "policy.approval.ask";
const COMMENT: &[Field] = &[text("comment", 500)];
const WHY: &[Field] = &[text("comment", 500).required()];

const fn verb(
    entity: &'static str,
    name: &'static str,
    permission: &'static str,
    takes: &'static [Field],
    run: crate::verb::Run,
) -> Verb {
    Verb { entity, name, permission, moves: true, takes, lines: &[], run }
}

pub(super) static VERBS: &[Verb] = &[
    verb("hold", "release", "policy.hold.release", &[text("reason", 200)], |cx, tx, id, body| {
        let reason = Body::new(cx, body).text("reason");
        let order = holds::release_hold(cx, tx, Id::from_raw(id), &reason)?;
        Ok(show_with(&order, &order.lines, cx.base))
    }),
    verb("hold", "request_release", ASK, &[], |cx, tx, id, _| {
        Ok(show(&holds::request_release(cx, tx, Id::from_raw(id))?, cx.base))
    }),
    verb("approval", "approve", DECIDE, COMMENT, |cx, tx, id, body| {
        answer(cx, tx, id, Answer::Approve, body)
    }),
    verb("approval", "reject", DECIDE, WHY, |cx, tx, id, body| {
        answer(cx, tx, id, Answer::Reject, body)
    }),
    verb("approval", "send_back", DECIDE, WHY, |cx, tx, id, body| {
        answer(cx, tx, id, Answer::SendBack, body)
    }),
    verb("approval", "resubmit", ASK, COMMENT, |cx, tx, id, body| {
        ask(cx, tx, id, Again::Resubmit, body)
    }),
    verb("approval", "withdraw", ASK, COMMENT, |cx, tx, id, body| {
        ask(cx, tx, id, Again::Withdraw, body)
    }),
];

fn answer(cx: &Ctx, tx: &mut Tx, id: i64, answer: Answer, body: &Value) -> Result<Value> {
    let comment = Body::new(cx, body).text("comment");
    let asked: Approval = holds::answer(cx, tx, Id::from_raw(id), answer, &comment)?;
    Ok(show(&asked, cx.base))
}

fn ask(cx: &Ctx, tx: &mut Tx, id: i64, again: Again, body: &Value) -> Result<Value> {
    let comment = Body::new(cx, body).text("comment");
    Ok(show(&holds::ask(cx, tx, Id::from_raw(id), again, &comment)?, cx.base))
}
