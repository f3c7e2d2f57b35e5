//! Verbs of quotations, orders and holds.
use super::body::{Body, show_with};
use crate::order_to_cash::change::{self, Change, LineChange};
use crate::order_to_cash::enter::{self, NewOrder};
use crate::order_to_cash::{bill, ship, submit};
use crate::{Verb, lead_to_order};
use kernel::{Ctx, Error, Id, Result};
use meta::{Field, day, flag, int, money, price, qty, rate, refers, text};
use sales::{Order, Quote};
use serde_json::Value;
use store::Tx;

const fn verb(
    entity: &'static str,
    name: &'static str,
    permission: &'static str,
    takes: &'static [Field],
    run: crate::verb::Run,
) -> Verb {
    Verb { entity, name, permission, moves: false, takes, lines: &[], run }
}

const REASON: &[Field] = &[text("reason", 200)];
const LINES: &[Field] = &[
    refers("product", "product").required(),
    qty("qty").required(),
    price("price"),
    money("discount"),
];

pub(super) const CHANGES: &[Field] = &[
    int("line_no"),
    flag("remove"),
    refers("product", "product"),
    qty("qty"),
    price("price"),
    money("discount"),
];

pub(super) static VERBS: &[Verb] = &[
    Verb {
        lines: LINES,
        ..verb(
            "order",
            "create",
            "sales.order.create",
            &[
                refers("party", "party").required(),
                day("requested_on"),
                text("ship_to", 300),
                text("customer_po_no", 60),
                text("channel", 20),
                text("currency", 3),
                rate("rate"),
            ],
            create_order,
        )
    },
    Verb {
        moves: true,
        ..verb("order", "submit", "sales.order.submit", &[], |cx, tx, id, _| {
            order(cx, submit::submit_order(cx, tx, Id::from_raw(id)))
        })
    },
    Verb {
        moves: true,
        ..verb("order", "confirm", "sales.order.confirm", &[], |cx, tx, id, _| {
            order(cx, submit::confirm_order(cx, tx, Id::from_raw(id)))
        })
    },
    Verb {
        lines: CHANGES,
        ..verb(
            "order",
            "change",
            "sales.order.change",
            &[day("requested_on"), text("ship_to", 300), text("reason", 200)],
            change_order,
        )
    },
    verb("order", "cancel", "sales.order.cancel", REASON, |cx, tx, id, body| {
        let reason = Body::new(cx, body).text("reason");
        order(cx, change::cancel_order(cx, tx, Id::from_raw(id), &reason))
    }),
    verb(
        "order",
        "cancel_remainder",
        "sales.order.cancel_remainder",
        REASON,
        |cx, tx, id, body| {
            let reason = Body::new(cx, body).text("reason");
            order(cx, change::cancel_remainder(cx, tx, Id::from_raw(id), &reason))
        },
    ),
    Verb {
        moves: true,
        ..verb("order", "perform", "sales.order.perform", &[], |cx, tx, id, _| {
            order(cx, ship::perform(cx, tx, Id::from_raw(id)))
        })
    },
    Verb {
        moves: true,
        ..verb("order", "bill", "finance.invoice.create", &[], |cx, tx, id, _| {
            let invoice = bill::bill_order(cx, tx, Id::from_raw(id))?;
            Ok(show_with(&invoice, &invoice.lines, cx.base))
        })
    },
    verb(
        "order",
        "promise",
        "sales.order.promise",
        &[day("promised_on").required(), text("reason", 200).required()],
        |cx, tx, id, body| {
            let body = Body::new(cx, body);
            let missing = || Error::invalid("field.required", "promised_on");
            let on = body.day("promised_on")?.ok_or_else(missing)?;
            order(cx, change::promise(cx, tx, Id::from_raw(id), on, &body.text("reason")))
        },
    ),
    verb("order", "reopen", "sales.order.reopen", REASON, |cx, tx, id, body| {
        let reason = Body::new(cx, body).text("reason");
        order(cx, submit::reopen_order(cx, tx, Id::from_raw(id), &reason))
    }),
    verb("order", "close", "sales.order.close", &[], |cx, tx, id, _| {
        order(cx, submit::close_order(cx, tx, Id::from_raw(id)))
    }),
    Verb {
        lines: LINES,
        ..verb(
            "quote",
            "create",
            "sales.quote.create",
            &[
                refers("party", "party").required(),
                refers("opportunity", "opportunity"),
                day("valid_until"),
                text("currency", 3),
                rate("rate"),
            ],
            create_quote,
        )
    },
    verb("quote", "submit", "sales.quote.move", &[], |cx, tx, id, _| {
        quote(cx, lead_to_order::submit_quote(cx, tx, Id::from_raw(id)))
    }),
    verb("quote", "approve", "sales.quote.approve", &[], |cx, tx, id, _| {
        quote(cx, lead_to_order::approve_quote(cx, tx, Id::from_raw(id)))
    }),
    verb("quote", "send", "sales.quote.move", &[], |cx, tx, id, _| {
        quote(cx, lead_to_order::send_quote(cx, tx, Id::from_raw(id)))
    }),
    Verb {
        lines: LINES,
        ..verb("quote", "revise", "sales.quote.create", &[], |cx, tx, id, body| {
            let currency = tx.get(Id::<Quote>::from_raw(id))?.currency;
            let lines = Body::new(cx, body).of_currency(currency).asked()?;
            quote(cx, lead_to_order::revise_quote(cx, tx, Id::from_raw(id), &lines))
        })
    },
    verb("quote", "accept", "sales.quote.move", &[], |cx, tx, id, _| {
        order(cx, lead_to_order::accept_quote(cx, tx, Id::from_raw(id)))
    }),
    verb("quote", "reject", "sales.quote.move", REASON, |cx, tx, id, body| {
        let reason = Body::new(cx, body).text("reason");
        quote(cx, lead_to_order::reject_quote(cx, tx, Id::from_raw(id), &reason))
    }),
    verb("quote", "expire", "sales.quote.move", &[], |cx, tx, id, _| {
        quote(cx, lead_to_order::expire_quote(cx, tx, Id::from_raw(id)))
    }),
    verb("quote", "withdraw", "sales.quote.move", &[], |cx, tx, id, _| {
        quote(cx, lead_to_order::withdraw_quote(cx, tx, Id::from_raw(id)))
    }),
];

fn order(cx: &Ctx, order: Result<Order>) -> Result<Value> {
    let order = order?;
    Ok(show_with(&order, &order.lines, cx.base))
}

fn quote(cx: &Ctx, quote: Result<Quote>) -> Result<Value> {
    let quote = quote?;
    Ok(show_with(&quote, &quote.lines, cx.base))
}

fn create_order(cx: &Ctx, tx: &mut Tx, _: i64, body: &Value) -> Result<Value> {
    let body = Body::new(cx, body);
    let mut new = NewOrder::of(body.id("party")?, body.asked()?);
    new.requested_on = body.day("requested_on")?;
    new.ship_to = body.text("ship_to");
    if new.ship_to.is_empty() {
        new.ship_to = lead_to_order::ship_to_of(tx, new.party)?;
    }
    new.customer_po_no = body.text("customer_po_no");
    new.channel = body.text("channel");
    (new.currency, new.rate) = (body.currency()?, body.rate()?);
    order(cx, enter::create_order(cx, tx, &new))
}

fn change_order(cx: &Ctx, tx: &mut Tx, id: i64, body: &Value) -> Result<Value> {
    let currency = tx.get(Id::<Order>::from_raw(id))?.currency;
    let change = change_of(&Body::new(cx, body).of_currency(currency))?;
    order(cx, change::change_order(cx, tx, Id::from_raw(id), &change))
}

/// What is wanted otherwise of an order.
pub(super) fn change_of(body: &Body<'_>) -> Result<Change> {
    Ok(Change {
        lines: body.lines().iter().map(line_change).collect::<Result<_>>()?,
        requested_on: body.day("requested_on")?,
        ship_to: Some(body.text("ship_to")).filter(|s| !s.is_empty()),
        reason: body.text("reason"),
    })
}

/// Without a number a new line, with `remove` none any more, else other values of the line.
fn line_change(line: &Body<'_>) -> Result<LineChange> {
    if !line.has("line_no") {
        return Ok(LineChange::Add(line.one_asked()?));
    }
    let no = line.int("line_no")?;
    if line.yes("remove") {
        return Ok(LineChange::Remove(no));
    }
    let qty = line.has("qty").then(|| line.qty("qty")).transpose()?;
    let discount = line.has("discount").then(|| line.money("discount")).transpose()?;
    Ok(LineChange::Set { no, qty, price: line.price("price")?, discount })
}

fn create_quote(cx: &Ctx, tx: &mut Tx, _: i64, body: &Value) -> Result<Value> {
    let body = Body::new(cx, body);
    let new = lead_to_order::NewQuote {
        party: body.id("party")?,
        opportunity: body.id_or_none("opportunity")?,
        valid_until: body.day("valid_until")?,
        lines: body.asked()?,
        currency: body.currency()?,
        rate: body.rate()?,
    };
    quote(cx, lead_to_order::create_quote(cx, tx, &new))
}
