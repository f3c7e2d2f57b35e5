//! Verbs of returns, and of credit notes that are set against invoices.
use super::body::{Body, show, show_with};
use crate::Verb;
use crate::order_to_cash::{net, returns};
use kernel::{Ctx, Error, Id, Result};
use meta::{Field, any, money, one_of, qty, refers, text};
use serde_json::Value;
use stock::{Fault, Return};
use store::Tx;

const fn verb(
    entity: &'static str,
    name: &'static str,
    permission: &'static str,
    takes: &'static [Field],
    run: crate::verb::Run,
) -> Verb {
    Verb { entity, name, permission, moves: true, takes, lines: &[], run }
}

const REASON: &[Field] = &[text("reason", 200).required()];
const QUANTITIES: &[Field] = &[any("id").required(), qty("qty").required()];

pub(super) static VERBS: &[Verb] = &[
    Verb {
        lines: QUANTITIES,
        ..verb(
            "return",
            "create",
            "sales.return.create",
            &[
                refers("order", "order").required(),
                text("reason", 200).required(),
                one_of("fault", Fault::NAMES),
            ],
            create,
        )
    },
    verb("return", "approve", "sales.return.approve", &[], |cx, tx, id, _| {
        shown(cx, returns::approve_return(cx, tx, Id::from_raw(id)))
    }),
    verb("return", "reject", "sales.return.approve", REASON, |cx, tx, id, body| {
        let reason = Body::new(cx, body).text("reason");
        shown(cx, returns::reject_return(cx, tx, Id::from_raw(id), &reason))
    }),
    verb("return", "cancel", "sales.return.create", REASON, |cx, tx, id, body| {
        let reason = Body::new(cx, body).text("reason");
        shown(cx, returns::cancel_return(cx, tx, Id::from_raw(id), &reason))
    }),
    Verb {
        lines: QUANTITIES,
        ..verb("return", "receive", "stock.return.receive", &[], |cx, tx, id, body| {
            let came = quantities(&Body::new(cx, body))?;
            shown(cx, returns::receive_return(cx, tx, Id::from_raw(id), &came))
        })
    },
    verb("return", "settle", "finance.return.settle", &[], |cx, tx, id, _| {
        shown(cx, returns::settle_return(cx, tx, Id::from_raw(id)))
    }),
    verb(
        "invoice",
        "apply_credit",
        "finance.payment.allocate",
        &[refers("invoice", "invoice").required(), money("amount").required()],
        |cx, tx, id, body| {
            let body = Body::new(cx, body);
            let (invoice, amount) = (body.id("invoice")?, body.money("amount")?);
            Ok(show(&net::apply_credit(cx, tx, Id::from_raw(id), invoice, amount)?, cx.base))
        },
    ),
];

fn shown(cx: &Ctx, found: Result<Return>) -> Result<Value> {
    let found = found?;
    Ok(show_with(&found, &found.lines, cx.base))
}

/// Lines by id, with quantities.
fn quantities<T>(body: &Body<'_>) -> Result<Vec<(Id<T>, kernel::Qty)>> {
    body.lines().into_iter().map(|l| Ok((l.id("id")?, l.qty("qty")?))).collect()
}

fn create(cx: &Ctx, tx: &mut Tx, _: i64, body: &Value) -> Result<Value> {
    let body = Body::new(cx, body);
    let fault = match body.text("fault").as_str() {
        "" => Fault::Us,
        name if Fault::NAMES.contains(&name) => Fault::named(name)?,
        name => {
            let e = Error::invalid("field.not_one_of", name).with("field", "fault");
            return Err(e.with("allowed", Fault::NAMES.join(", ")));
        }
    };
    let new = returns::NewReturn {
        order: body.id("order")?,
        reason: body.text("reason"),
        fault,
        lines: quantities(&body)?,
    };
    shown(cx, returns::request_return(cx, tx, &new))
}
