//! 职责分离: two rights that one person may not hold, two things that one person may not both do
//! on one document. Rules are data; those that a tenant starts with are only warned of.
use kernel::{Error, Id, Result, names};

names! {
    pub enum DutyKind {
        /// Two permissions.
        Hold = "hold",
        /// Two activities on one document.
        Document = "document",
    }
}
names! {
    pub enum Effect {
        Off = "off",
        /// Told to whoever gives the right, and listed for the auditor.
        Warn = "warn",
        /// Neither given nor done.
        Refuse = "refuse",
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DutyRule {
    pub id: Id<DutyRule>,
    pub version: i64,
    pub code: String,
    pub kind: DutyKind,
    /// The kind of document; empty where rights are held apart.
    pub entity: String,
    /// A permission, or an activity.
    pub first: String,
    pub second: String,
    pub effect: Effect,
    pub reason: String,
}

impl DutyRule {
    /// Errors: `duty.code_invalid`, `duty.needs_two`, `duty.needs_document`.
    pub fn check(&self) -> Result<()> {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if self.code.is_empty() || self.code.len() > 40 || !self.code.chars().all(fits) {
            return Err(Error::invalid("duty.code_invalid", &self.code).with("field", "code"));
        }
        if self.first.is_empty() || self.second.is_empty() || self.first == self.second {
            return Err(Error::invalid("duty.needs_two", &self.code).with("field", "second"));
        }
        if (self.kind == DutyKind::Document) == self.entity.is_empty() {
            return Err(Error::invalid("duty.needs_document", &self.code).with("field", "entity"));
        }
        Ok(())
    }
}

/// A rule that a tenant starts with, at *warn*: a company of one person runs all the same.
pub struct UsualDuty {
    pub code: &'static str,
    /// Empty where rights are held apart.
    pub entity: &'static str,
    pub first: &'static str,
    pub second: &'static str,
}

const fn hold(code: &'static str, first: &'static str, second: &'static str) -> UsualDuty {
    UsualDuty { code, entity: "", first, second }
}
const fn on(
    code: &'static str,
    entity: &'static str,
    first: &'static str,
    second: &'static str,
) -> UsualDuty {
    UsualDuty { code, entity, first, second }
}

pub static USUAL: &[UsualDuty] = &[
    hold("rights_and_money", "access.user.assign_role", "finance.payment.receive"),
    hold("order_and_credit", "sales.order.submit", "terms.credit.release"),
    hold("order_and_approval", "sales.order.submit", "sales.order.approve"),
    hold("bill_and_cash", "finance.invoice.post", "finance.payment.receive"),
    on("submit_and_release_credit", "order", "order.submitted", "order.credit_released"),
    on("submit_and_release", "order", "order.submitted", "order.released"),
    on("receive_and_apply", "payment", "payment.received", "payment.applied"),
    on("request_and_grant", "approval", "approval.requested", "approval.granted"),
    on("quote_and_approve", "quote", "quote.submitted", "quote.approved"),
    on("draw_up_and_approve_refund", "refund", "refund.drafted", "refund.approved"),
    hold("refund_and_approval", "finance.refund.create", "finance.refund.approve"),
    hold("credit_and_approval", "terms.credit.ask", "terms.credit.approve"),
    on("ask_and_approve_credit", "credit_change", "credit.change_asked", "credit.change_approved"),
    on("request_and_approve_return", "return", "return.requested", "return.approved"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_names_two_things_and_a_document_exactly_where_they_are_done_on_one() {
        let rule = DutyRule {
            id: Id::from_raw(1),
            version: 1,
            code: "receive_and_apply".into(),
            kind: DutyKind::Document,
            entity: "payment".into(),
            first: "payment.received".into(),
            second: "payment.applied".into(),
            effect: Effect::Warn,
            reason: String::new(),
        };
        assert_eq!(rule.check(), Ok(()));
        let code = |rule: DutyRule| rule.check().map_err(|e| e.code);
        let same = DutyRule { second: rule.first.clone(), ..rule.clone() };
        assert_eq!(code(same), Err("duty.needs_two"));
        let nowhere = DutyRule { entity: String::new(), ..rule.clone() };
        assert_eq!(code(nowhere), Err("duty.needs_document"));
        let stray = DutyRule { kind: DutyKind::Hold, ..rule.clone() };
        assert_eq!(code(stray), Err("duty.needs_document"));
        assert_eq!(code(DutyRule { code: "Ä".into(), ..rule }), Err("duty.code_invalid"));
    }
}
