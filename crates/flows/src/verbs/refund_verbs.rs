//! Verbs of refunds.
use super::body::{Body, show};
use super::finance_verbs::METHODS;
use crate::Verb;
use crate::order_to_cash::refund::{self, Left, NewRefund, Source};
use finance::Refund;
use kernel::{Ctx, Error, Id, Result};
use meta::{Field, day, money, one_of, rate, refers, text};
use serde_json::Value;
use store::Tx;

const fn verb(
    name: &'static str,
    permission: &'static str,
    takes: &'static [Field],
    run: crate::verb::Run,
) -> Verb {
    Verb { entity: "refund", name, permission, moves: true, takes, lines: &[], run }
}

const REASON: &[Field] = &[text("reason", 200).required()];
const CREATE: &str = "finance.refund.create";
const PAY: &str = "finance.refund.pay";

pub(super) static VERBS: &[Verb] = &[
    verb(
        "create",
        CREATE,
        &[
            refers("payment", "payment"),
            refers("credit_note", "invoice"),
            money("amount").required(),
            one_of("method", METHODS).required(),
            text("reason", 200).required(),
        ],
        create,
    ),
    verb("approve", "finance.refund.approve", &[], |cx, tx, id, _| {
        shown(cx, refund::approve(cx, tx, Id::from_raw(id)))
    }),
    verb("start", PAY, &[], |cx, tx, id, _| shown(cx, refund::start(cx, tx, Id::from_raw(id)))),
    verb("clear", PAY, &[day("value_day"), rate("rate"), text("reference", 200)], clear),
    verb("fail", PAY, REASON, |cx, tx, id, body| {
        let reason = Body::new(cx, body).text("reason");
        shown(cx, refund::fail(cx, tx, Id::from_raw(id), &reason))
    }),
    verb("retry", PAY, &[], |cx, tx, id, _| shown(cx, refund::retry(cx, tx, Id::from_raw(id)))),
    verb("reverse", PAY, REASON, |cx, tx, id, body| {
        let reason = Body::new(cx, body).text("reason");
        shown(cx, refund::reverse(cx, tx, Id::from_raw(id), &reason))
    }),
    verb("withdraw", CREATE, REASON, |cx, tx, id, body| {
        let reason = Body::new(cx, body).text("reason");
        shown(cx, refund::withdraw(cx, tx, Id::from_raw(id), &reason))
    }),
];

fn shown(cx: &Ctx, found: Result<Refund>) -> Result<Value> {
    Ok(show(&found?, cx.base))
}

fn create(cx: &Ctx, tx: &mut Tx, _: i64, body: &Value) -> Result<Value> {
    let body = Body::new(cx, body);
    let from = match (body.id_or_none("payment")?, body.id_or_none("credit_note")?) {
        (Some(payment), None) => Source::Payment(payment),
        (None, Some(note)) => Source::CreditNote(note),
        _ => return Err(Error::invalid("refund.of_one_thing", "").with("field", "payment")),
    };
    let method = body.text("method");
    if !METHODS.contains(&method.as_str()) {
        return Err(Error::invalid("field.not_one_of", method)
            .with("field", "method")
            .with("allowed", METHODS.join(", ")));
    }
    // An amount has the decimals of what it comes from.
    let currency = refund::currency_of(tx, from)?;
    let body = body.of_currency(currency);
    let new =
        NewRefund { from, amount: body.money("amount")?, method, reason: body.text("reason") };
    shown(cx, refund::draw_up(cx, tx, &new))
}

fn clear(cx: &Ctx, tx: &mut Tx, id: i64, body: &Value) -> Result<Value> {
    let body = Body::new(cx, body);
    let left =
        Left { day: body.day("value_day")?, rate: body.rate()?, reference: body.text("reference") };
    shown(cx, refund::clear(cx, tx, Id::from_raw(id), &left))
}
