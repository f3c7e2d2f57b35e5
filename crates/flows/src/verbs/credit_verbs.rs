//! Verbs of changes of credit that wait for somebody else.
use super::body::{Body, only_id, show};
use crate::Verb;
use crate::order_to_cash::trust;
use kernel::Id;
use meta::{Field, text};
use serde_json::Value;
use terms::CreditChange;

const fn verb(
    name: &'static str,
    permission: &'static str,
    takes: &'static [Field],
    run: crate::verb::Run,
) -> Verb {
    Verb { entity: "credit_change", name, permission, moves: true, takes, lines: &[], run }
}

const APPROVE: &str = "terms.credit.approve";

pub(super) static VERBS: &[Verb] = &[
    verb("approve", APPROVE, &[text("comment", 200)], |cx, tx, id, body| {
        let comment = Body::new(cx, body).text("comment");
        Ok(show(&trust::approve(cx, tx, Id::from_raw(id), &comment)?, cx.base))
    }),
    verb("reject", APPROVE, &[text("comment", 200).required()], |cx, tx, id, body| {
        let comment = Body::new(cx, body).text("comment");
        Ok(show(&trust::reject(cx, tx, Id::from_raw(id), &comment)?, cx.base))
    }),
    verb("withdraw", "terms.credit.ask", &[], |cx, tx, id, _| {
        Ok(show(&trust::withdraw(cx, tx, Id::from_raw(id))?, cx.base))
    }),
];

/// The customer, and the number of the change where it waits for somebody.
pub(super) fn set_or_asked(party: i64, asked: Option<&CreditChange>) -> Value {
    let mut reply = only_id(party);
    if let Some(change) = asked {
        reply["credit_change"] = change.number.as_str().into();
    }
    reply
}
