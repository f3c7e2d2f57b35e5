//! A request for approval (lifecycles.md E27, one step): who asks is never who decides. Pure.
use crate::{Hold, facts};
use kernel::{
    Activity, Class, Ctx, Currency, DocRef, Done, Error, Fact, Id, Instant, Lifecycle, Money, Move,
    Phase, Result, names,
};

names! {
    pub enum ApprovalState {
        Pending = "pending",
        Approved = "approved",
        Rejected = "rejected",
        Returned = "returned",
        Withdrawn = "withdrawn",
    }
}

const fn step(
    from: &'static str,
    verb: &'static str,
    to: &'static str,
    permission: &'static str,
) -> Move {
    let class = Class::Business;
    Move { from, verb, to, permission, class, role: "approver", sla_minutes: 480 }
}

const DECIDE: &str = "policy.approval.decide";
const ASK: &str = "policy.approval.ask";

pub static APPROVAL_LIFECYCLE: Lifecycle = Lifecycle {
    entity: "approval",
    states: ApprovalState::NAMES,
    moves: &[
        step("pending", "approve", "approved", DECIDE),
        step("pending", "reject", "rejected", DECIDE),
        step("pending", "send_back", "returned", DECIDE),
        step("pending", "withdraw", "withdrawn", ASK),
        step("returned", "resubmit", "pending", ASK),
        step("returned", "withdraw", "withdrawn", ASK),
    ],
};

/// What may be said to a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    Approve,
    Reject,
    /// Back to who asked, with a question.
    SendBack,
}

impl Answer {
    const fn step(self) -> (&'static str, ApprovalState) {
        match self {
            Self::Approve => ("approve", ApprovalState::Approved),
            Self::Reject => ("reject", ApprovalState::Rejected),
            Self::SendBack => ("send_back", ApprovalState::Returned),
        }
    }
    const fn told(self) -> (Activity, Phase) {
        match self {
            Self::Approve => (facts::GRANTED, Phase::Complete),
            Self::Reject => (facts::REJECTED, Phase::Complete),
            Self::SendBack => (facts::RETURNED, Phase::Return),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Approval {
    pub id: Id<Approval>,
    pub version: i64,
    pub scope_id: i64,
    pub company: i64,
    /// The document that waits for it.
    pub subject_kind: String,
    pub subject: i64,
    pub party: i64,
    /// The kind of hold that it may lift.
    pub kind: crate::HoldKind,
    pub currency: Currency,
    /// Minor units.
    pub amount: i64,
    pub state: ApprovalState,
    /// Who may decide.
    pub role: String,
    pub requested_by: i64,
    pub requested_at: Option<Instant>,
    pub decided_by: i64,
    pub decided_at: Option<Instant>,
    pub comment: String,
}

/// What a request is about, for its facts.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// The document that waits.
    pub on: DocRef,
    pub hold: Id<Hold>,
    /// The request's amount in the company's base currency, minor units.
    pub base: i64,
}

impl Approval {
    /// Asks a role to let a hold pass; the scope is that of the document under it.
    #[must_use]
    pub fn request(cx: &Ctx, hold: &Hold, on: DocRef, role: &str, scope_id: i64) -> Self {
        Self {
            id: cx.id(),
            version: 1,
            scope_id,
            company: cx.company,
            subject_kind: on.kind.to_owned(),
            subject: on.id,
            party: hold.party,
            kind: hold.kind,
            currency: hold.currency,
            amount: hold.amount,
            state: ApprovalState::Pending,
            role: role.to_owned(),
            requested_by: cx.user,
            requested_at: Some(cx.now),
            decided_by: 0,
            decided_at: None,
            comment: String::new(),
        }
    }

    /// A fact about this request, the document under it and the hold that it may lift. All facts
    /// of one request share their instance.
    #[must_use]
    pub fn fact(&self, cx: &Ctx, activity: Activity, about: &About) -> Fact {
        let mut fact = cx.fact(activity).on("approval", self.id.raw(), "approval");
        fact.instance = self.id.raw();
        let fact = fact.on(about.on.kind, about.on.id, "about");
        let fact = fact.on("hold", about.hold.raw(), "hold").on("party", self.party, "customer");
        let amount = Money::new(self.amount, self.currency);
        fact.because(self.kind.name()).worth(amount, about.base)
    }

    /// The fact of the request itself.
    #[must_use]
    pub fn requested(&self, cx: &Ctx, about: &About) -> Fact {
        let mut fact = self.fact(cx, facts::REQUESTED, about).moved("", self.state.name());
        fact.phase = Phase::Start;
        fact.attr("role", &self.role)
    }

    /// Decides it. Errors: `approval.own_request`, `approval.comment_required` for a no or a
    /// question, `state.not_allowed`.
    pub fn answer(
        &mut self,
        cx: &Ctx,
        answer: Answer,
        comment: &str,
    ) -> Result<Done<(Activity, Phase)>> {
        let (verb, to) = answer.step();
        let Done::Now(next) = APPROVAL_LIFECYCLE.step(self.state, verb, to)? else {
            return Ok(Done::Already);
        };
        if self.requested_by == cx.user && cx.user != 0 {
            return Err(Error::forbidden("approval.own_request", self.kind.name()));
        }
        if answer != Answer::Approve && comment.trim().is_empty() {
            return Err(Error::invalid("approval.comment_required", verb));
        }
        self.decided(cx, next, comment);
        Ok(Done::Now(answer.told()))
    }

    /// Takes it back, or asks once more after a question. Errors: `approval.not_yours`,
    /// `state.not_allowed`.
    pub fn ask(&mut self, cx: &Ctx, again: Again, comment: &str) -> Result<Done<()>> {
        let (verb, to) = match again {
            Again::Resubmit => ("resubmit", ApprovalState::Pending),
            Again::Withdraw => ("withdraw", ApprovalState::Withdrawn),
        };
        let Done::Now(next) = APPROVAL_LIFECYCLE.step(self.state, verb, to)? else {
            return Ok(Done::Already);
        };
        if self.requested_by != cx.user && cx.user != 0 {
            return Err(Error::forbidden("approval.not_yours", self.kind.name()));
        }
        self.decided(cx, next, comment);
        Ok(Done::Now(()))
    }

    /// Its cause is gone, or the hold was lifted: nobody needs to decide any more.
    pub fn over(&mut self, cx: &Ctx, to: ApprovalState, comment: &str) -> Done<()> {
        if !self.is_open() {
            return Done::Already;
        }
        self.decided(cx, to, comment);
        Done::Now(())
    }

    /// Waits for an answer, or for a better question.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.state, ApprovalState::Pending | ApprovalState::Returned)
    }

    fn decided(&mut self, cx: &Ctx, to: ApprovalState, comment: &str) {
        self.state = to;
        comment.clone_into(&mut self.comment);
        if to == ApprovalState::Pending {
            (self.decided_by, self.decided_at) = (0, None);
            self.requested_at = Some(cx.now);
        } else {
            (self.decided_by, self.decided_at) = (cx.user, Some(cx.now));
        }
    }
}

/// What who asked may do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Again {
    Resubmit,
    Withdraw,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Grounds, HoldKind};
    use kernel::{IdMaker, Instant};
    use std::sync::Arc;

    fn cx(user: i64) -> Ctx {
        let now = Instant(Instant::DAY * 20_000);
        let mut cx = Ctx::system(1, now, Arc::new(IdMaker::new(1, 0)));
        cx.user = user;
        cx
    }

    fn asked(by: i64) -> Approval {
        let cx = cx(by);
        let on = DocRef { kind: "order", id: 7 };
        let why = Grounds::none(cx.base);
        let hold = Hold::place(&cx, HoldKind::Price, on, 3, &why);
        Approval::request(&cx, &hold, on, "approver", 0)
    }

    #[test]
    fn who_asks_never_decides_and_a_no_says_why() {
        let mut own = asked(1);
        let refused = own.answer(&cx(1), Answer::Approve, "");
        assert_eq!(refused.map_err(|e| e.code), Err("approval.own_request"));
        let mute = own.answer(&cx(2), Answer::Reject, " ");
        assert_eq!(mute.map_err(|e| e.code), Err("approval.comment_required"));
        assert!(matches!(own.answer(&cx(2), Answer::Reject, "毛利太低"), Ok(Done::Now(_))));
        assert!(matches!(own.answer(&cx(2), Answer::Reject, ""), Ok(Done::Already)));
        assert!(own.answer(&cx(2), Answer::Approve, "").is_err(), "a no stays a no");
    }

    #[test]
    fn a_question_comes_back_to_who_asked_and_to_nobody_else() {
        let mut sent = asked(1);
        assert!(sent.answer(&cx(2), Answer::SendBack, "为什么这么低？").is_ok());
        let other = sent.ask(&cx(3), Again::Resubmit, "");
        assert_eq!(other.map_err(|e| e.code), Err("approval.not_yours"));
        assert!(matches!(sent.ask(&cx(1), Again::Resubmit, "量大"), Ok(Done::Now(()))));
        assert_eq!((sent.state, sent.decided_by), (ApprovalState::Pending, 0));
        assert!(matches!(sent.ask(&cx(1), Again::Withdraw, ""), Ok(Done::Now(()))));
        assert!(!sent.is_open());
    }
}
