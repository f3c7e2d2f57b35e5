//! Verbs of change orders.
use super::body::{Body, show_with};
use super::sales_verbs::{CHANGES, change_of};
use crate::Verb;
use crate::order_to_cash::change_orders::{self, NewChange};
use kernel::{Ctx, Error, Id, Result};
use meta::{Field, day, one_of, refers, text};
use sales::{AskedBy, ChangeOrder, Ending};
use serde_json::Value;
use store::Tx;

const fn verb(
    name: &'static str,
    permission: &'static str,
    takes: &'static [Field],
    run: crate::verb::Run,
) -> Verb {
    Verb { entity: "change_order", name, permission, moves: true, takes, lines: &[], run }
}

const REASON: &[Field] = &[text("reason", 200).required()];
const MOVE: &str = "sales.change_order.move";
const APPROVE: &str = "sales.change_order.approve";

pub(super) static VERBS: &[Verb] = &[
    Verb {
        lines: CHANGES,
        ..verb(
            "create",
            "sales.change_order.create",
            &[
                refers("order", "order").required(),
                one_of("asked_by", AskedBy::NAMES).required(),
                text("reason", 200).required(),
                text("evidence", 200),
                day("requested_on"),
                text("ship_to", 300),
            ],
            create,
        )
    },
    verb("submit", MOVE, &[], |cx, tx, id, _| {
        shown(cx, change_orders::submit(cx, tx, Id::from_raw(id)))
    }),
    verb("approve", APPROVE, &[], |cx, tx, id, _| {
        shown(cx, change_orders::approve(cx, tx, Id::from_raw(id)))
    }),
    verb("reject", APPROVE, REASON, |cx, tx, id, body| end(cx, tx, id, Ending::Reject, body)),
    verb("agree", MOVE, &[text("evidence", 200).required()], |cx, tx, id, body| {
        let evidence = Body::new(cx, body).text("evidence");
        shown(cx, change_orders::agree(cx, tx, Id::from_raw(id), &evidence))
    }),
    verb("decline", MOVE, REASON, |cx, tx, id, body| end(cx, tx, id, Ending::Decline, body)),
    verb("withdraw", MOVE, REASON, |cx, tx, id, body| end(cx, tx, id, Ending::Withdraw, body)),
];

fn shown(cx: &Ctx, found: Result<ChangeOrder>) -> Result<Value> {
    let found = found?;
    Ok(show_with(&found, &found.lines, cx.base))
}

fn end(cx: &Ctx, tx: &mut Tx, id: i64, how: Ending, body: &Value) -> Result<Value> {
    let reason = Body::new(cx, body).text("reason");
    shown(cx, change_orders::end(cx, tx, Id::from_raw(id), how, &reason))
}

fn create(cx: &Ctx, tx: &mut Tx, _: i64, body: &Value) -> Result<Value> {
    let body = Body::new(cx, body);
    let name = body.text("asked_by");
    if !AskedBy::NAMES.contains(&name.as_str()) {
        let e = Error::invalid("field.not_one_of", name).with("field", "asked_by");
        return Err(e.with("allowed", AskedBy::NAMES.join(", ")));
    }
    let new = NewChange {
        order: body.id("order")?,
        asked_by: AskedBy::named(&name)?,
        evidence: body.text("evidence"),
        change: change_of(&body)?,
    };
    shown(cx, change_orders::draw_up(cx, tx, &new))
}
