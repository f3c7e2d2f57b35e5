//! A wish to trust a customer more (lifecycles.md E11): a higher limit, or none, or a lighter
//! state. Who asks is never who decides. Pure.
use crate::{CreditAccount, CreditState, facts};
use kernel::{
    Activity, Class, Ctx, Currency, DocRef, Done, Error, Fact, Id, Instant, Lifecycle, Money, Move,
    Result, names,
};
use party::Party;

names! {
    pub enum CreditChangeState {
        Asked = "asked",
        Approved = "approved",
        Rejected = "rejected",
        Withdrawn = "withdrawn",
    }
}

names! {
    /// What of an account is to change.
    pub enum CreditChangeKind {
        Limit = "limit",
        State = "state",
    }
}

const fn mv(verb: &'static str, to: &'static str, permission: &'static str, class: Class) -> Move {
    Move { from: "asked", verb, to, permission, class, role: "approver", sla_minutes: 480 }
}

const APPROVE: &str = "terms.credit.approve";

pub static CREDIT_CHANGE_LIFECYCLE: Lifecycle = Lifecycle {
    entity: "credit_change",
    states: CreditChangeState::NAMES,
    moves: &[
        mv("approve", "approved", APPROVE, Class::Business),
        mv("reject", "rejected", APPROVE, Class::Waste),
        mv("withdraw", "withdrawn", "terms.credit.ask", Class::Waste),
    ],
};

/// What an account allows: its limit in minor units of its currency (`None`: no limit), its state.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Trust {
    pub limit: Option<i64>,
    pub state: CreditState,
}

impl Trust {
    #[must_use]
    pub const fn of(account: &CreditAccount) -> Self {
        let limit = if account.controlled { Some(account.credit_limit) } else { None };
        Self { limit, state: account.state }
    }
    /// Does the other limit let the customer owe more?
    #[must_use]
    pub const fn is_raised_by(&self, limit: Option<i64>) -> bool {
        match (self.limit, limit) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(before), Some(after)) => after > before,
        }
    }
    /// Is the other state a lighter one?
    #[must_use]
    pub const fn is_eased_by(&self, state: CreditState) -> bool {
        (state as u8) < (self.state as u8)
    }
}

#[derive(Clone, Debug)]
pub struct CreditChange {
    pub id: Id<CreditChange>,
    pub version: i64,
    pub scope_id: i64,
    pub number: String,
    pub company: i64,
    pub party: Id<Party>,
    pub kind: CreditChangeKind,
    pub state: CreditChangeState,
    pub currency: Currency,
    /// Had the account a limit when it was asked for, and is it to have one?
    pub was_limited: bool,
    pub limited: bool,
    /// Minor units.
    pub limit_before: i64,
    pub limit_after: i64,
    pub trust_before: CreditState,
    pub trust_after: CreditState,
    pub reason: String,
    pub asked_by: i64,
    pub asked_at: Option<Instant>,
    pub decided_by: i64,
    pub decided_at: Option<Instant>,
    pub comment: String,
}

impl CreditChange {
    /// Asks for it. Error: `credit.reason_required`.
    pub fn ask(
        cx: &Ctx,
        account: &CreditAccount,
        after: Trust,
        reason: &str,
        scope_id: i64,
    ) -> Result<Self> {
        if reason.trim().is_empty() {
            return Err(Error::invalid("credit.reason_required", "").with("field", "reason"));
        }
        let before = Trust::of(account);
        let kind = match before.state == after.state {
            true => CreditChangeKind::Limit,
            false => CreditChangeKind::State,
        };
        Ok(Self {
            id: cx.id(),
            version: 1,
            scope_id,
            number: String::new(),
            company: cx.company,
            party: account.party,
            kind,
            state: CreditChangeState::Asked,
            currency: account.currency,
            was_limited: before.limit.is_some(),
            limited: after.limit.is_some(),
            limit_before: before.limit.unwrap_or(0),
            limit_after: after.limit.unwrap_or(0),
            trust_before: before.state,
            trust_after: after.state,
            reason: reason.trim().to_owned(),
            asked_by: cx.user,
            asked_at: Some(cx.now),
            decided_by: 0,
            decided_at: None,
            comment: String::new(),
        })
    }

    #[must_use]
    pub const fn doc(&self) -> DocRef {
        DocRef { kind: "credit_change", id: self.id.raw() }
    }
    #[must_use]
    pub const fn before(&self) -> Trust {
        let limit = if self.was_limited { Some(self.limit_before) } else { None };
        Trust { limit, state: self.trust_before }
    }
    #[must_use]
    pub const fn after(&self) -> Trust {
        let limit = if self.limited { Some(self.limit_after) } else { None };
        Trust { limit, state: self.trust_after }
    }
    #[must_use]
    pub fn fact(&self, cx: &Ctx, activity: Activity) -> Fact {
        let fact = cx.fact(activity).on("credit_change", self.id.raw(), "credit_change");
        let fact = fact.on("party", self.party.raw(), "customer").because(&self.reason);
        fact.worth(Money::new(self.limit_after, self.currency), self.limit_after)
    }

    /// Somebody else's yes. Errors: `credit_change.own_request`, `state.not_allowed`.
    pub fn approve(&mut self, cx: &Ctx, comment: &str) -> Result<Done<Fact>> {
        let to = CreditChangeState::Approved;
        self.decide(cx, ("approve", to, facts::CHANGE_APPROVED), comment)
    }
    /// Somebody else's no, with its reason. Errors: `credit_change.own_request`,
    /// `credit.reason_required`, `state.not_allowed`.
    pub fn reject(&mut self, cx: &Ctx, comment: &str) -> Result<Done<Fact>> {
        let to = CreditChangeState::Rejected;
        if self.state == CreditChangeState::Asked && comment.trim().is_empty() {
            return Err(Error::invalid("credit.reason_required", "").with("field", "comment"));
        }
        self.decide(cx, ("reject", to, facts::CHANGE_REJECTED), comment)
    }
    /// Nobody needs it any more. Error: `state.not_allowed`.
    pub fn withdraw(&mut self, cx: &Ctx) -> Result<Done<Fact>> {
        self.go(cx, ("withdraw", CreditChangeState::Withdrawn, facts::CHANGE_WITHDRAWN), "")
    }

    fn decide(&mut self, cx: &Ctx, step: Step, comment: &str) -> Result<Done<Fact>> {
        let is_open = self.state == CreditChangeState::Asked;
        if is_open && self.asked_by == cx.user && cx.user != 0 {
            return Err(Error::forbidden("credit_change.own_request", &self.number));
        }
        self.go(cx, step, comment)
    }

    fn go(&mut self, cx: &Ctx, (verb, to, told): Step, comment: &str) -> Result<Done<Fact>> {
        let from = self.state;
        let Done::Now(to) = CREDIT_CHANGE_LIFECYCLE.step(from, verb, to)? else {
            return Ok(Done::Already);
        };
        self.state = to;
        comment.trim().clone_into(&mut self.comment);
        (self.decided_by, self.decided_at) = (cx.user, Some(cx.now));
        Ok(Done::Now(self.fact(cx, told).moved(from.name(), to.name())))
    }
}

/// A verb, the state that it leads to, and what it tells.
type Step = (&'static str, CreditChangeState, Activity);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_limit_is_the_highest_and_a_first_limit_is_none_raised() {
        let of = |limit| Trust { limit, state: CreditState::Ok };
        assert!(of(Some(100)).is_raised_by(None));
        assert!(of(Some(100)).is_raised_by(Some(101)));
        assert!(!of(Some(100)).is_raised_by(Some(100)));
        assert!(!of(None).is_raised_by(Some(1)));
        assert!(!of(None).is_raised_by(None));
    }

    #[test]
    fn blocked_is_heavier_than_watched_and_watched_than_trusted() {
        let of = |state| Trust { limit: None, state };
        assert!(of(CreditState::Blocked).is_eased_by(CreditState::Watch));
        assert!(of(CreditState::Watch).is_eased_by(CreditState::Ok));
        assert!(!of(CreditState::Ok).is_eased_by(CreditState::Blocked));
        assert!(!of(CreditState::Watch).is_eased_by(CreditState::Watch));
    }
}
