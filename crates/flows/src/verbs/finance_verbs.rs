//! Verbs of invoices, payments, periods, vouchers, approvals and credit limits.
use super::body::{Body, show, show_with};
use super::credit_verbs;
use crate::Verb;
use crate::order_to_cash::bill;
use crate::order_to_cash::bill_several;
use crate::order_to_cash::pay::{self, NewPayment, Pays, What};
use crate::order_to_cash::picked::{Part, Picked};
use crate::order_to_cash::revalue::{self, Unvalued};
use crate::order_to_cash::statements::{self, Agreed};
use crate::order_to_cash::trust;
use finance::{Dealt, Noted};
use kernel::{Ctx, Error, Id, Result};
use ledger::vouchers::{self, Grouping};
use meta::{Field, day, flag, int, money, one_of, rate, refers, text};
use party::Party;
use sales::Order;
use serde_json::{Value, json};
use store::Tx;
use terms::CreditState;

const fn verb(
    entity: &'static str,
    name: &'static str,
    permission: &'static str,
    takes: &'static [Field],
    run: crate::verb::Run,
) -> Verb {
    Verb { entity, name, permission, moves: true, takes, lines: &[], run }
}

const REASON: &[Field] = &[text("reason", 200)];
const PAYS: &[Field] =
    &[refers("invoice", "invoice"), refers("order", "order"), money("amount").required()];
const PICKED: &[Field] =
    &[refers("order", "order").required(), refers("shipment", "shipment"), flag("services")];
const NOTED: &[Field] =
    &[int("line_no").required(), money("difference").required(), text("note", 200)];
const DEALT: &[Field] =
    &[int("line_no").required(), one_of("dealt", &["adjusted", "carried"]).required()];
const SIGNED: &[Field] = &[text("signed_by", 60).personal()];
pub(super) const METHODS: &[&str] = &["transfer", "wechat", "alipay", "cash", "bill"];

pub(super) static VERBS: &[Verb] = &[
    Verb {
        lines: PICKED,
        ..verb(
            "invoice",
            "create",
            "finance.invoice.create",
            &[refers("party", "party"), day("until")],
            create_invoice,
        )
    },
    verb("invoice", "post", "finance.invoice.post", &[], |cx, tx, id, _| {
        let invoice = bill::post_invoice(cx, tx, Id::from_raw(id))?;
        Ok(show_with(&invoice, &invoice.lines, cx.base))
    }),
    verb("invoice", "cancel", "finance.invoice.cancel", &[], |cx, tx, id, _| {
        Ok(show(&bill::cancel_invoice(cx, tx, Id::from_raw(id))?, cx.base))
    }),
    Verb {
        lines: PAYS,
        ..verb(
            "payment",
            "create",
            "finance.payment.receive",
            &[
                refers("party", "party").required(),
                money("amount").required(),
                text("currency", 3),
                rate("rate"),
                one_of("method", METHODS).required(),
                day("value_day"),
                text("reference", 200),
            ],
            create_payment,
        )
    },
    Verb {
        lines: PAYS,
        ..verb("payment", "allocate", "finance.payment.allocate", &[], |cx, tx, id, body| {
            let currency = tx.get(Id::<finance::Payment>::from_raw(id))?.currency;
            let pays = pays(&Body::new(cx, body).of_currency(currency))?;
            Ok(show(&pay::allocate(cx, tx, Id::from_raw(id), &pays)?, cx.base))
        })
    },
    verb("payment", "reverse", "finance.payment.reverse", REASON, |cx, tx, id, body| {
        let reason = Body::new(cx, body).text("reason");
        Ok(show(&pay::reverse_payment(cx, tx, Id::from_raw(id), &reason)?, cx.base))
    }),
    verb("allocation", "reverse", "finance.payment.allocate", REASON, |cx, tx, id, body| {
        let reason = Body::new(cx, body).text("reason");
        Ok(show(&pay::unallocate(cx, tx, Id::from_raw(id), &reason)?, cx.base))
    }),
    verb(
        "statement",
        "create",
        "finance.statement.create",
        &[refers("party", "party"), day("period_until").required()],
        create_statement,
    ),
    verb("statement", "send", "finance.statement.send", &[], |cx, tx, id, _| {
        let sent = statements::send(cx, tx, Id::from_raw(id))?;
        Ok(show_with(&sent, &sent.lines, cx.base))
    }),
    Verb {
        lines: NOTED,
        ..verb("statement", "differ", "finance.statement.confirm", REASON, differ_statement)
    },
    Verb {
        lines: DEALT,
        ..verb("statement", "confirm", "finance.statement.confirm", SIGNED, confirm_statement)
    },
    verb("statement", "settle", "finance.statement.settle", &[], |cx, tx, id, _| {
        let settled = statements::settle(cx, tx, Id::from_raw(id))?;
        Ok(show_with(&settled, &settled.lines, cx.base))
    }),
    verb("period", "revalue", "ledger.period.revalue", &[], |cx, tx, id, _| {
        let valued = revalue::revalue(cx, tx, Id::from_raw(id))?;
        let mut shown = show(&tx.get(Id::<ledger::Period>::from_raw(id))?, cx.base);
        shown["lines"] = valued.iter().map(|v| v.json(cx.base)).collect::<Vec<_>>().into();
        Ok(shown)
    }),
    verb(
        "period",
        "close",
        "ledger.period.close",
        &[flag("without_revaluation")],
        |cx, tx, id, body| {
            let leave = Body::new(cx, body).yes("without_revaluation");
            let unvalued = if leave { Unvalued::Leave } else { Unvalued::Refuse };
            Ok(show(&revalue::close_period(cx, tx, Id::from_raw(id), unvalued)?, cx.base))
        },
    ),
    verb("period", "reopen", "ledger.period.reopen", REASON, |cx, tx, id, body| {
        let reason = Body::new(cx, body).text("reason");
        Ok(show(&ledger::commands::reopen_period(cx, tx, Id::from_raw(id), &reason)?, cx.base))
    }),
    verb(
        "voucher",
        "create",
        "ledger.voucher.generate",
        &[text("period", 7).required()],
        |cx, tx, _, body| {
            let period = Body::new(cx, body).text("period");
            let made = vouchers::generate(cx, tx, &period, Grouping::Each)?;
            Ok(json!({ "vouchers": made }))
        },
    ),
    verb("voucher", "review", "ledger.voucher.review", &[], |cx, tx, id, _| {
        Ok(show(&vouchers::review(cx, tx, Id::from_raw(id))?, cx.base))
    }),
    verb(
        "party",
        "set_credit_limit",
        "terms.credit.set_limit",
        &[money("limit"), text("reason", 200)],
        |cx, tx, id, body| {
            let limit = match &body["limit"] {
                Value::Null => None,
                _ => Some(Body::new(cx, body).money("limit")?),
            };
            let reason = Body::new(cx, body).text("reason");
            let asked = trust::ask_limit(cx, tx, Id::from_raw(id), limit, &reason)?;
            Ok(credit_verbs::set_or_asked(id, asked.as_ref()))
        },
    ),
    verb(
        "party",
        "set_credit_state",
        "terms.credit.set_state",
        &[one_of("state", CreditState::NAMES).required(), text("reason", 200).required()],
        |cx, tx, id, body| {
            let body = Body::new(cx, body);
            let name = body.text("state");
            if !CreditState::NAMES.contains(&name.as_str()) {
                let e = Error::invalid("field.not_one_of", name).with("field", "state");
                return Err(e.with("allowed", CreditState::NAMES.join(", ")));
            }
            let (to, reason) = (CreditState::named(&name)?, body.text("reason"));
            let asked = trust::ask_state(cx, tx, Id::from_raw(id), to, &reason)?;
            Ok(credit_verbs::set_or_asked(id, asked.as_ref()))
        },
    ),
];

fn pays(body: &Body<'_>) -> Result<Vec<Pays>> {
    let one = |line: Body<'_>| {
        let what = match (line.id_or_none("invoice")?, line.id_or_none("order")?) {
            (Some(invoice), None) => What::Invoice(invoice),
            (None, Some(order)) => What::Order(order),
            _ => return Err(Error::invalid("payment.pays_one_thing", "lines")),
        };
        Ok(Pays { what, amount: line.money("amount")? })
    };
    body.lines().into_iter().map(one).collect()
}

fn create_payment(cx: &Ctx, tx: &mut Tx, _: i64, body: &Value) -> Result<Value> {
    let body = Body::new(cx, body);
    let party: Id<Party> = body.id("party")?;
    let method = body.text("method");
    if !METHODS.contains(&method.as_str()) {
        return Err(Error::invalid("field.not_one_of", method)
            .with("field", "method")
            .with("allowed", METHODS.join(", ")));
    }
    let new = NewPayment {
        party: tx.get(party)?.id,
        amount: body.money("amount")?,
        currency: body.currency()?,
        rate: body.rate()?,
        method,
        value_day: body.day("value_day")?.unwrap_or_else(|| cx.today()),
        reference: body.text("reference"),
        pays: pays(&body)?,
    };
    Ok(show(&pay::receive_payment(cx, tx, &new)?, cx.base))
}

/// An order; of it one delivery, or what was rendered and not delivered; else all that is ready.
fn one_picked(line: Body<'_>) -> Result<Picked> {
    let order = line.id::<Order>("order")?.raw();
    let part = match (line.id_or_none("shipment")?, line.yes("services")) {
        (Some(shipment), false) => Part::Delivery(shipment),
        (None, true) => Part::Services,
        (None, false) => Part::All,
        (Some(_), true) => {
            return Err(Error::invalid("invoice.one_part_a_line", order).with("field", "lines"));
        }
    };
    Ok(Picked { order, part })
}

/// Of what the lines pick, on one invoice; without lines all that is ready until a day, of one
/// customer or of all whose statement day it is.
fn create_invoice(cx: &Ctx, tx: &mut Tx, _: i64, body: &Value) -> Result<Value> {
    let body = Body::new(cx, body);
    let picked: Vec<Picked> = body.lines().into_iter().map(one_picked).collect::<Result<_>>()?;
    if let (Some(until), true) = (body.day("until")?, picked.is_empty()) {
        let party = body.id_or_none::<Party>("party")?.map(Id::raw);
        let run = bill_several::bill_period(cx, tx, party, until)?;
        let shown: Vec<Value> = run.made.iter().map(|i| show(i, cx.base)).collect();
        return Ok(json!({ "invoices": shown, "more": run.more }));
    }
    let made = bill_several::bill_together(cx, tx, &picked)?;
    Ok(show_with(&made, &made.lines, cx.base))
}

/// Of one customer, or with no customer named, of all whose statement day it is.
fn create_statement(cx: &Ctx, tx: &mut Tx, _: i64, body: &Value) -> Result<Value> {
    let body = Body::new(cx, body);
    let until = body.day("period_until")?;
    let until = until.ok_or_else(|| Error::invalid("field.required", "period_until"))?;
    let Some(party) = body.id_or_none("party")? else {
        let run = statements::run(cx, tx, until)?;
        let shown: Vec<Value> = run.made.iter().map(|s| show(s, cx.base)).collect();
        return Ok(json!({ "statements": shown, "more": run.more }));
    };
    let made = statements::draw_up(cx, tx, party, until)?;
    let first = made.first().ok_or_else(|| Error::bug("bug.no_statement", until))?;
    Ok(show_with(first, &first.lines, cx.base))
}

fn differ_statement(cx: &Ctx, tx: &mut Tx, id: i64, body: &Value) -> Result<Value> {
    let body = Body::new(cx, body);
    let one = |line: Body<'_>| {
        Ok(Noted {
            line_no: line.int("line_no")?,
            difference: line.money("difference")?,
            note: line.text("note"),
        })
    };
    let noted: Vec<Noted> = body.lines().into_iter().map(one).collect::<Result<_>>()?;
    let found = statements::differ(cx, tx, Id::from_raw(id), &noted, &body.text("reason"))?;
    Ok(show_with(&found, &found.lines, cx.base))
}

fn confirm_statement(cx: &Ctx, tx: &mut Tx, id: i64, body: &Value) -> Result<Value> {
    let body = Body::new(cx, body);
    let one = |line: Body<'_>| {
        let how = line.text("dealt");
        let how = [Dealt::Adjusted, Dealt::Carried].into_iter().find(|d| d.name() == how);
        let how = how.ok_or_else(|| Error::invalid("statement.dealt_how", line.text("dealt")))?;
        Ok((line.int("line_no")?, how))
    };
    let dealt = body.lines().into_iter().map(one).collect::<Result<_>>()?;
    let agreed = Agreed { signed_by: body.text("signed_by"), dealt };
    let found = statements::confirm(cx, tx, Id::from_raw(id), &agreed)?;
    Ok(show_with(&found, &found.lines, cx.base))
}
