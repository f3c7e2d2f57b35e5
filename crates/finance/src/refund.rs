//! Refunds: money that goes back to a customer, tied to the free money that it comes from. Pure.
//!
//! From its draft on it is kept out of what may be used otherwise; the books move when it left the
//! bank and not before.
use crate::{Invoice, Payment, PaymentState, facts};
use kernel::{
    Activity, ActorKind, Class, Ctx, Currency, Day, DocRef, Done, Error, Fact, Id, Instant,
    Lifecycle, Money, Move, Rate, Result, in_base, names, share,
};
use party::Party;

names! {
    pub enum RefundState {
        Draft = "draft",
        Approved = "approved",
        InProcess = "in_process",
        Cleared = "cleared",
        Failed = "failed",
        Reversed = "reversed",
        Withdrawn = "withdrawn",
    }
}

const fn mv(
    from: &'static str,
    verb: &'static str,
    to: &'static str,
    permission: &'static str,
    class: Class,
) -> Move {
    Move { from, verb, to, permission, class, role: "cashier", sla_minutes: 480 }
}

const CREATE: &str = "finance.refund.create";
const APPROVE: &str = "finance.refund.approve";
const PAY: &str = "finance.refund.pay";

pub static REFUND_LIFECYCLE: Lifecycle = Lifecycle {
    entity: "refund",
    states: RefundState::NAMES,
    moves: &[
        mv("draft", "approve", "approved", APPROVE, Class::Business),
        mv("approved", "start", "in_process", PAY, Class::Business),
        mv("in_process", "clear", "cleared", PAY, Class::Business),
        mv("in_process", "fail", "failed", PAY, Class::Waste),
        mv("failed", "retry", "in_process", PAY, Class::Waste),
        mv("cleared", "reverse", "reversed", PAY, Class::Waste),
        mv("draft", "withdraw", "withdrawn", CREATE, Class::Waste),
        mv("approved", "withdraw", "withdrawn", CREATE, Class::Waste),
        mv("failed", "withdraw", "withdrawn", CREATE, Class::Waste),
    ],
};

/// Money on its way back. Exactly one of `payment` and `credit_note` is what it comes from.
#[derive(Clone, Debug)]
pub struct Refund {
    pub id: Id<Refund>,
    pub version: i64,
    pub scope_id: i64,
    pub number: String,
    pub company: i64,
    pub party: Id<Party>,
    pub payment: Option<Id<Payment>>,
    pub credit_note: Option<Id<Invoice>>,
    pub state: RefundState,
    pub method: String,
    /// Its source's.
    pub currency: Currency,
    /// What it left the bank at; its source's until then.
    pub rate: Rate,
    /// Minor units of its currency.
    pub amount: i64,
    /// What the books had it at when it was drawn up, base currency.
    pub amount_base: i64,
    /// What left the bank, base currency; 0 before.
    pub paid_base: i64,
    pub reason: String,
    /// What the bank calls it.
    pub reference: String,
    pub made_by: i64,
    /// The person who did; 0 where the threshold did.
    pub approved_by: i64,
    pub approved_at: Option<Instant>,
    /// Did the company's threshold let it go, and no person?
    pub by_rule: bool,
    /// The threshold at that moment, and what had been drawn up of its source by then, this one
    /// among it: base currency, 0 where a person decided.
    pub rule_amount_base: i64,
    pub rule_sum_base: i64,
    /// The bank's day, once it left.
    pub value_day: Option<Day>,
    pub cleared_at: Option<Instant>,
    /// Why it failed, was taken back or withdrawn.
    pub trouble: String,
}

impl Refund {
    #[must_use]
    pub const fn doc(&self) -> DocRef {
        DocRef { kind: "refund", id: self.id.raw() }
    }
    #[must_use]
    pub fn fact(&self, cx: &Ctx, activity: Activity) -> Fact {
        let fact = cx.fact(activity).on("refund", self.id.raw(), "refund");
        let fact = fact.on("party", self.party.raw(), "customer");
        let fact = fact.on("payment", self.payment.map_or(0, Id::raw), "payment");
        let fact = fact.on("invoice", self.credit_note.map_or(0, Id::raw), "credit_note");
        let base = if self.cleared_at.is_some() { self.paid_base } else { self.amount_base };
        fact.worth(Money::new(self.amount, self.currency), base)
    }
    fn go(
        &mut self,
        cx: &Ctx,
        verb: &'static str,
        to: RefundState,
        activity: Activity,
    ) -> Result<Done<Fact>> {
        let from = self.state;
        let Done::Now(to) = REFUND_LIFECYCLE.step(from, verb, to)? else {
            return Ok(Done::Already);
        };
        self.state = to;
        Ok(Done::Now(self.fact(cx, activity).moved(from.name(), to.name())))
    }
    /// Somebody else's yes. Error: `refund.own_request`.
    pub fn approve(&mut self, cx: &Ctx) -> Result<Done<Fact>> {
        let to = RefundState::Approved;
        if REFUND_LIFECYCLE.step(self.state, "approve", to)? == Done::Already {
            return Ok(Done::Already);
        }
        if self.made_by == cx.user && cx.user != 0 {
            return Err(Error::forbidden("refund.own_request", &self.number));
        }
        (self.approved_by, self.approved_at) = (cx.user, Some(cx.now));
        self.go(cx, "approve", to, facts::REFUND_APPROVED)
    }
    /// Nobody is asked where all refunds of its source, this one among them, come to no more than
    /// the company's threshold; a threshold of 0 asks always. Both in base currency.
    pub fn pass(&mut self, cx: &Ctx, threshold: i64, sum: i64) -> Result<Option<Fact>> {
        if threshold <= 0 || sum > threshold {
            return Ok(None);
        }
        (self.by_rule, self.rule_amount_base, self.rule_sum_base) = (true, threshold, sum);
        (self.approved_by, self.approved_at) = (0, Some(cx.now));
        let done = self.go(cx, "approve", RefundState::Approved, facts::REFUND_PASSED)?;
        let mut fact = done.now()?.attr("threshold", threshold).attr("sum", sum);
        fact.actor_kind = ActorKind::Rule;
        Ok(Some(fact))
    }
    /// Given to the bank.
    pub fn start(&mut self, cx: &Ctx) -> Result<Done<Fact>> {
        self.go(cx, "start", RefundState::InProcess, facts::REFUND_SENT)
    }
    /// It left the bank, on its day and at its rate.
    pub fn clear(
        &mut self,
        cx: &Ctx,
        (day, rate): (Day, Rate),
        reference: &str,
    ) -> Result<Done<Fact>> {
        let to = RefundState::Cleared;
        if REFUND_LIFECYCLE.step(self.state, "clear", to)? == Done::Already {
            return Ok(Done::Already);
        }
        (self.value_day, self.cleared_at) = (Some(day), Some(cx.now));
        (self.rate, self.paid_base) = (rate, in_base(self.amount, self.currency, rate));
        reference.clone_into(&mut self.reference);
        self.go(cx, "clear", to, facts::REFUND_PAID)
    }
    /// The bank did not do it. Error: `refund.reason_required`.
    pub fn fail(&mut self, cx: &Ctx, reason: &str) -> Result<Done<Fact>> {
        self.because(cx, ("fail", RefundState::Failed, facts::REFUND_FAILED), reason)
    }
    /// Given to the bank once more.
    pub fn retry(&mut self, cx: &Ctx) -> Result<Done<Fact>> {
        self.go(cx, "retry", RefundState::InProcess, facts::REFUND_RETRIED)
    }
    /// It came back after it had left. Error: `refund.reason_required`.
    pub fn reverse(&mut self, cx: &Ctx, reason: &str) -> Result<Done<Fact>> {
        self.because(cx, ("reverse", RefundState::Reversed, facts::REFUND_REVERSED), reason)
    }
    /// Nobody is to have it: the money is free again. Error: `refund.reason_required`.
    pub fn withdraw(&mut self, cx: &Ctx, reason: &str) -> Result<Done<Fact>> {
        self.because(cx, ("withdraw", RefundState::Withdrawn, facts::REFUND_WITHDRAWN), reason)
    }
    fn because(
        &mut self,
        cx: &Ctx,
        (verb, to, activity): (&'static str, RefundState, Activity),
        reason: &str,
    ) -> Result<Done<Fact>> {
        if REFUND_LIFECYCLE.step(self.state, verb, to)? == Done::Already {
            return Ok(Done::Already);
        }
        if reason.trim().is_empty() {
            return Err(Error::invalid("refund.reason_required", &self.number));
        }
        reason.trim().clone_into(&mut self.trouble);
        let fact = self.go(cx, verb, to, activity)?.now()?;
        Ok(Done::Now(fact.because(reason.trim())))
    }
}

/// Errors of what a refund may take: `payment.amount`, `refund.too_much` with what is free.
fn may_take(amount: i64, free: i64, currency: Currency, number: &str) -> Result<()> {
    if amount <= 0 {
        return Err(Error::invalid("payment.amount", Money::new(amount, currency)));
    }
    if amount > free {
        let e = Error::conflict("refund.too_much", number).with("field", "amount");
        return Err(e.with("free", Money::new(free, currency)));
    }
    Ok(())
}

impl Payment {
    /// Neither applied nor on its way back.
    #[must_use]
    pub const fn free(&self) -> i64 {
        self.unapplied - self.held
    }
    /// The same in base currency, at the rate that it came at.
    #[must_use]
    pub const fn free_base(&self) -> i64 {
        self.unapplied_base - self.held_base
    }
    /// Keeps a part for a refund; what that is in base currency. Errors: `refund.too_much`,
    /// `payment.amount`, `refund.source_not_free` unless it is cleared money of this company's own
    /// books.
    pub fn hold(&mut self, amount: i64) -> Result<i64> {
        if self.state != PaymentState::Cleared || self.history {
            return Err(Error::conflict("refund.source_not_free", &self.number));
        }
        may_take(amount, self.free(), self.currency, &self.number)?;
        let base = share(self.free_base(), amount, self.free());
        self.held += amount;
        self.held_base += base;
        Ok(base)
    }
    /// What was kept for a refund is free again.
    pub const fn release(&mut self, amount: i64, base: i64) {
        self.held -= amount;
        self.held_base -= base;
    }
    /// What was kept for a refund left with it.
    pub const fn refunded(&mut self, amount: i64, base: i64) {
        self.release(amount, base);
        self.unapplied -= amount;
        self.unapplied_base -= base;
    }
}

impl Invoice {
    /// What of a credit note we still owe and nothing keeps.
    #[must_use]
    pub const fn free(&self) -> i64 {
        -self.open - self.held
    }
    /// Keeps a part of a credit note for a refund; what that is in base currency. Errors:
    /// `refund.too_much`, `payment.amount`, `credit.not_a_note`, `refund.source_not_free`.
    pub fn hold(&mut self, amount: i64) -> Result<i64> {
        if !self.is_credit_note() {
            return Err(Error::invalid("credit.not_a_note", &self.number));
        }
        if self.posted_at.is_none() || self.history {
            return Err(Error::conflict("refund.source_not_free", &self.number));
        }
        may_take(amount, self.free(), self.currency, &self.number)?;
        let base = share(-self.open_base - self.held_base, amount, self.free());
        self.held += amount;
        self.held_base += base;
        Ok(base)
    }
    /// A part is kept no longer; what of the kept base amount that was, the last part all of it.
    pub const fn release(&mut self, amount: i64) -> i64 {
        let base = share(self.held_base, amount, self.held);
        self.held -= amount;
        self.held_base -= base;
        base
    }
    /// What is open was valued anew by so much in base currency; by how much what is kept of a
    /// credit note changed with it.
    pub const fn revalued(&mut self, more: i64) -> i64 {
        self.open_base += more;
        if self.held == 0 {
            return 0;
        }
        let was = self.held_base;
        self.held_base = share(-self.open_base, self.held, -self.open);
        self.held_base - was
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::IdMaker;
    use std::sync::Arc;

    fn cx(user: i64) -> Ctx {
        let mut cx = Ctx::system(1, Instant(1_000_000), Arc::new(IdMaker::new(1, 0)));
        cx.user = user;
        cx
    }

    fn refund() -> Refund {
        Refund {
            id: Id::from_raw(1),
            version: 1,
            scope_id: 0,
            number: "RF-1".into(),
            company: 1,
            party: Id::from_raw(2),
            payment: Some(Id::from_raw(3)),
            credit_note: None,
            state: RefundState::Draft,
            method: "transfer".into(),
            currency: Currency::CNY,
            rate: Rate(Rate::SCALE),
            amount: 10_00,
            amount_base: 10_00,
            paid_base: 0,
            reason: "多付".into(),
            reference: String::new(),
            made_by: 7,
            approved_by: 0,
            approved_at: None,
            by_rule: false,
            rule_amount_base: 0,
            rule_sum_base: 0,
            value_day: None,
            cleared_at: None,
            trouble: String::new(),
        }
    }

    fn payment(unapplied: i64) -> Payment {
        Payment {
            id: Id::from_raw(3),
            version: 1,
            scope_id: 0,
            number: "RC-1".into(),
            company: 1,
            party: Id::from_raw(2),
            direction: "in".into(),
            method: "transfer".into(),
            state: PaymentState::Cleared,
            currency: Currency::CNY,
            rate: Rate(Rate::SCALE),
            amount: 50_00,
            unapplied,
            amount_base: 50_00,
            unapplied_base: unapplied,
            held: 0,
            held_base: 0,
            value_day: Day::of(2026, 1, 5),
            reference: String::new(),
            received_at: None,
            history: false,
            batch_id: 0,
        }
    }

    #[test]
    fn what_is_kept_for_a_refund_is_not_free_for_anything_else() -> Result<()> {
        let mut from = payment(30_00);
        from.hold(20_00)?;
        assert_eq!((from.free(), from.unapplied), (10_00, 30_00));
        assert_eq!(from.hold(10_01).map_err(|e| e.code), Err("refund.too_much"));
        assert_eq!(from.hold(0).map_err(|e| e.code), Err("payment.amount"));
        assert_eq!(from.apply(10_01).map_err(|e| e.code), Err("payment.over_allocated"));
        assert_eq!(from.apply(10_00)?, 10_00);
        from.refunded(20_00, 20_00);
        assert_eq!((from.free(), from.unapplied, from.held), (0, 0, 0));
        assert_eq!((from.unapplied_base, from.held_base), (0, 0));
        Ok(())
    }

    #[test]
    fn parts_that_are_kept_and_parts_that_pay_leave_no_cent_in_base_currency() -> Result<()> {
        let mut from = payment(1_00);
        (from.currency, from.unapplied_base) = (Currency::USD, 7_13);
        let kept = [from.hold(33)?, from.hold(33)?];
        assert_eq!((kept, from.held_base), ([2_35, 2_35], 4_70));
        assert_eq!(from.apply(34)?, 2_43, "what is free and not what is kept");
        from.refunded(33, kept[0]);
        from.release(33, kept[1]);
        assert_eq!((from.unapplied_base, from.held_base, from.free_base()), (2_35, 0, 2_35));
        assert_eq!(from.hold(33)?, 2_35, "the last part takes the rest");
        Ok(())
    }

    #[test]
    fn nobody_approves_an_own_refund_and_a_refusal_leaves_it_as_it_was() -> Result<()> {
        let mut own = refund();
        assert_eq!(own.approve(&cx(7)).map_err(|e| e.code), Err("refund.own_request"));
        assert_eq!((own.state, own.approved_by), (RefundState::Draft, 0));
        assert_eq!(own.withdraw(&cx(7), " ").map_err(|e| e.code), Err("refund.reason_required"));
        assert_eq!(own.state, RefundState::Draft);
        own.approve(&cx(8))?.now()?;
        assert_eq!((own.state, own.approved_by), (RefundState::Approved, 8));
        assert_eq!(own.approve(&cx(7))?, Done::Already);
        Ok(())
    }

    #[test]
    fn a_threshold_lets_go_what_all_refunds_of_a_source_come_to_and_says_by_what() -> Result<()> {
        for (threshold, sum) in [(0, 10_00), (0, 0), (-1, -2), (49_99, 50_00)] {
            let mut one = refund();
            assert!(one.pass(&cx(7), threshold, sum)?.is_none(), "{threshold} {sum}");
            assert_eq!((one.state, one.by_rule), (RefundState::Draft, false));
            assert_eq!(one.approved_at, None);
        }
        let mut one = refund();
        let fact = one.pass(&cx(7), 50_00, 50_00)?.ok_or_else(|| Error::bug("bug.test", ""))?;
        assert_eq!((one.state, one.approved_by), (RefundState::Approved, 0));
        assert_eq!((one.by_rule, one.rule_amount_base, one.rule_sum_base), (true, 50_00, 50_00));
        assert_eq!((fact.activity.name, fact.actor_kind), ("refund.passed", ActorKind::Rule));
        assert_eq!(one.approve(&cx(7))?, Done::Already, "there is nothing left to approve");
        Ok(())
    }

    #[test]
    fn a_refund_that_failed_is_tried_again_or_given_up() -> Result<()> {
        let mut one = refund();
        assert!(one.start(&cx(7)).is_err(), "nobody has approved it");
        one.approve(&cx(8))?.now()?;
        one.start(&cx(7))?.now()?;
        assert!(one.withdraw(&cx(7), "不退了").is_err(), "the bank has it");
        one.fail(&cx(7), "账号不符")?.now()?;
        one.retry(&cx(7))?.now()?;
        let left = (Day::of(2026, 1, 6), Rate(Rate::SCALE));
        one.clear(&cx(7), left, "B1")?.now()?;
        assert_eq!(one.clear(&cx(7), left, "B1")?, Done::Already);
        one.reverse(&cx(7), "退票")?.now()?;
        assert!(one.retry(&cx(7)).is_err());
        Ok(())
    }
}
