//! A hold: a typed reason why a document may not go on, placed and released with facts. Pure.
use crate::Approval;
use kernel::{Ctx, Currency, DocRef, Done, Id, Instant, Rate, names};

names! {
    /// Why (lifecycles.md E4).
    pub enum HoldKind {
        Data = "data",
        Price = "price",
        Credit = "credit",
        Overdue = "overdue",
        Prepayment = "prepayment",
        Stock = "stock",
        Approval = "approval",
        Duplicate = "duplicate",
        Customer = "customer",
        Billing = "billing",
    }
}

names! {
    /// How a hold ended.
    pub enum ReleaseKind {
        Open = "",
        Cleared = "condition_cleared",
        Approved = "approved",
        Waived = "waived",
        Expired = "expired",
    }
}

/// The steps that holds may block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    Confirm,
    Reserve,
    Pick,
    Ship,
    Invoice,
}

/// The default matrix of lifecycles.md E4. Goods that left are never kept from billing by credit
/// or overdue (T02). *Reserve* means hard reservations: a held order may wish, not take.
#[must_use]
pub const fn blocks(kind: HoldKind, stage: Stage) -> bool {
    match kind {
        HoldKind::Data => matches!(stage, Stage::Confirm),
        HoldKind::Price | HoldKind::Approval => {
            matches!(stage, Stage::Confirm | Stage::Pick | Stage::Ship)
        }
        HoldKind::Credit | HoldKind::Prepayment => {
            matches!(stage, Stage::Reserve | Stage::Pick | Stage::Ship)
        }
        HoldKind::Overdue => matches!(stage, Stage::Pick | Stage::Ship),
        HoldKind::Stock => false,
        HoldKind::Duplicate => {
            matches!(stage, Stage::Confirm | Stage::Reserve | Stage::Pick | Stage::Ship)
        }
        HoldKind::Customer => matches!(stage, Stage::Pick | Stage::Ship),
        HoldKind::Billing => matches!(stage, Stage::Invoice),
    }
}

/// The role that may let a hold of this kind pass; none where only its cause can go, or where the
/// order desk decides alone.
#[must_use]
pub const fn approver(kind: HoldKind) -> Option<&'static str> {
    match kind {
        HoldKind::Price | HoldKind::Approval => Some("approver"),
        HoldKind::Credit | HoldKind::Overdue => Some("credit"),
        HoldKind::Data
        | HoldKind::Prepayment
        | HoldKind::Stock
        | HoldKind::Duplicate
        | HoldKind::Customer
        | HoldKind::Billing => None,
    }
}

/// Why a hold was placed, in fields: a screen says it in its reader's words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Grounds {
    pub currency: Currency,
    /// What is at stake, minor units: the deposit due, the claim on credit.
    pub amount: i64,
    /// What was found, minor units: the deposit paid so far, the exposure with this order.
    pub found: i64,
    /// What would have been let pass, minor units: the deposit due, the limit.
    pub bound: i64,
    /// Days by which the oldest debt is overdue.
    pub days: i64,
    /// The deepest discount, as a share of the list price.
    pub discount: Rate,
    /// Names of missing fields with commas between; the number of the order that is alike.
    pub about: String,
    pub decision: i64,
}

impl Grounds {
    #[must_use]
    pub const fn none(currency: Currency) -> Self {
        Self {
            currency,
            amount: 0,
            found: 0,
            bound: 0,
            days: 0,
            discount: Rate::ZERO,
            about: String::new(),
            decision: 0,
        }
    }
}

#[derive(Clone, Debug)]
pub struct Hold {
    pub id: Id<Hold>,
    pub version: i64,
    pub company: i64,
    pub party: i64,
    pub kind: HoldKind,
    pub subject_kind: String,
    pub subject: i64,
    /// The line it stands on, else 0.
    pub line: i64,
    pub currency: Currency,
    pub amount: i64,
    pub found: i64,
    pub bound: i64,
    pub days: i64,
    pub discount: Rate,
    pub about: String,
    pub decision: i64,
    pub placed_by: i64,
    pub placed_at: Option<Instant>,
    pub released_by: i64,
    pub released_at: Option<Instant>,
    pub release_kind: ReleaseKind,
    /// What the person who let it pass gave as reason.
    pub release_reason: String,
    /// The request that asks for its release; none where nobody may let it pass.
    pub approval: Option<Id<Approval>>,
    /// 1 while it holds, for the index.
    pub open: i64,
}

impl Hold {
    /// A hold placed now.
    #[must_use]
    pub fn place(cx: &Ctx, kind: HoldKind, on: DocRef, party: i64, why: &Grounds) -> Self {
        Self {
            id: cx.id(),
            version: 1,
            company: cx.company,
            party,
            kind,
            subject_kind: on.kind.to_owned(),
            subject: on.id,
            line: 0,
            currency: why.currency,
            amount: why.amount,
            found: why.found,
            bound: why.bound,
            days: why.days,
            discount: why.discount,
            about: why.about.clone(),
            decision: why.decision,
            placed_by: cx.user,
            placed_at: Some(cx.now),
            released_by: 0,
            released_at: None,
            release_kind: ReleaseKind::Open,
            release_reason: String::new(),
            approval: None,
            open: 1,
        }
    }
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.open == 1
    }
    /// Ends the hold.
    pub fn release(&mut self, cx: &Ctx, how: ReleaseKind) -> Done<()> {
        if !self.is_open() {
            return Done::Already;
        }
        self.open = 0;
        self.released_at = Some(cx.now);
        self.released_by = cx.user;
        self.release_kind = how;
        Done::Now(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credit_and_overdue_never_keep_shipped_goods_from_billing() {
        for kind in [HoldKind::Credit, HoldKind::Overdue, HoldKind::Prepayment] {
            assert!(blocks(kind, Stage::Ship));
            assert!(!blocks(kind, Stage::Invoice));
            assert!(!blocks(kind, Stage::Confirm));
        }
        assert!(blocks(HoldKind::Billing, Stage::Invoice));
    }
}
