//! An approval request (lifecycles.md E27, one step): who asks is never who decides. Pure.
use kernel::{Class, Ctx, DocRef, Done, Error, Id, Instant, Lifecycle, Move, Result, names};

names! {
    pub enum ApprovalState {
        Pending = "pending",
        Approved = "approved",
        Rejected = "rejected",
        Withdrawn = "withdrawn",
    }
}

const fn step(verb: &'static str, to: &'static str, permission: &'static str) -> Move {
    let class = Class::Business;
    Move { from: "pending", verb, to, permission, class, role: "approver", sla_minutes: 480 }
}

pub static APPROVAL_LIFECYCLE: Lifecycle = Lifecycle {
    entity: "approval",
    states: ApprovalState::NAMES,
    moves: &[
        step("approve", "approved", "policy.approval.approve"),
        step("reject", "rejected", "policy.approval.reject"),
        step("withdraw", "withdrawn", "policy.approval.withdraw"),
    ],
};

#[derive(Clone, Debug)]
pub struct Approval {
    pub id: Id<Approval>,
    pub version: i64,
    pub scope_id: i64,
    pub company: i64,
    pub subject_kind: String,
    pub subject: i64,
    pub kind: String,
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

impl Approval {
    #[must_use]
    pub fn request(cx: &Ctx, on: DocRef, kind: &str, amount: i64) -> Self {
        Self {
            id: cx.id(),
            version: 1,
            scope_id: 0,
            company: cx.company,
            subject_kind: on.kind.to_owned(),
            subject: on.id,
            kind: kind.to_owned(),
            amount,
            state: ApprovalState::Pending,
            role: "approver".to_owned(),
            requested_by: cx.user,
            requested_at: Some(cx.now),
            decided_by: 0,
            decided_at: None,
            comment: String::new(),
        }
    }

    /// Decides it. Errors: `approval.own_request`, `state.not_allowed`.
    pub fn decide(
        &mut self,
        cx: &Ctx,
        verb: &'static str,
        to: ApprovalState,
        comment: &str,
    ) -> Result<Done<()>> {
        let Done::Now(next) = APPROVAL_LIFECYCLE.step(self.state, verb, to)? else {
            return Ok(Done::Already);
        };
        let own = self.requested_by == cx.user && cx.user != 0;
        if own && next != ApprovalState::Withdrawn {
            return Err(Error::forbidden("approval.own_request", &self.kind));
        }
        self.state = next;
        self.decided_by = cx.user;
        self.decided_at = Some(cx.now);
        self.comment = comment.to_owned();
        Ok(Done::Now(()))
    }
}
