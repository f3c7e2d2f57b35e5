//! A hold: a typed reason why a document may not go on, placed and released with facts. Pure.
use kernel::{Ctx, DocRef, Done, Id, Instant, names};

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
    pub reason: String,
    pub amount: i64,
    pub decision: i64,
    pub placed_by: i64,
    pub placed_at: Option<Instant>,
    pub released_by: i64,
    pub released_at: Option<Instant>,
    pub release_kind: ReleaseKind,
    pub approval: i64,
    /// 1 while it holds, for the index.
    pub open: i64,
}

impl Hold {
    /// A hold placed now.
    #[must_use]
    pub fn place(cx: &Ctx, kind: HoldKind, on: DocRef, party: i64, reason: &str) -> Self {
        Self {
            id: cx.id(),
            version: 1,
            company: cx.company,
            party,
            kind,
            subject_kind: on.kind.to_owned(),
            subject: on.id,
            line: 0,
            reason: reason.to_owned(),
            amount: 0,
            decision: 0,
            placed_by: cx.user,
            placed_at: Some(cx.now),
            released_by: 0,
            released_at: None,
            release_kind: ReleaseKind::Open,
            approval: 0,
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
