//! A customer's credit account with one of our companies: limit, and exposure as running parts.
//! Pure.
use kernel::{Currency, Id, Instant};
use party::Party;

/// `used = order_part + unbilled_part + receivable_part − free_part`, in minor units 价税合计.
#[derive(Clone, Debug)]
pub struct CreditAccount {
    pub id: Id<CreditAccount>,
    pub company: i64,
    pub party: Id<Party>,
    pub currency: Currency,
    /// Is there a limit at all?
    pub controlled: bool,
    pub credit_limit: i64,
    pub used: i64,
    /// Undelivered value of confirmed orders that no credit hold keeps back, less their deposits.
    pub order_part: i64,
    /// Shipped and not yet billed.
    pub unbilled_part: i64,
    /// Open posted receivables.
    pub receivable_part: i64,
    /// Payments not applied to anything.
    pub free_part: i64,
    pub overdue_max_days: i64,
    pub review_due: Option<Instant>,
}

impl CreditAccount {
    /// What is left; negative when over. `None` without a limit.
    #[must_use]
    pub const fn left(&self) -> Option<i64> {
        if self.controlled { Some(self.credit_limit - self.used) } else { None }
    }
}

/// Which part a change belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CreditPart {
    Order,
    Unbilled,
    Receivable,
    Free,
}

/// A change of the parts of one account.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct CreditDelta {
    pub order: i64,
    pub unbilled: i64,
    pub receivable: i64,
    pub free: i64,
}

impl CreditDelta {
    #[must_use]
    pub const fn used(&self) -> i64 {
        self.order + self.unbilled + self.receivable - self.free
    }
    #[must_use]
    pub const fn is_zero(&self) -> bool {
        self.order == 0 && self.unbilled == 0 && self.receivable == 0 && self.free == 0
    }
    #[must_use]
    pub const fn plus(self, part: CreditPart, amount: i64) -> Self {
        match part {
            CreditPart::Order => Self { order: self.order + amount, ..self },
            CreditPart::Unbilled => Self { unbilled: self.unbilled + amount, ..self },
            CreditPart::Receivable => Self { receivable: self.receivable + amount, ..self },
            CreditPart::Free => Self { free: self.free + amount, ..self },
        }
    }
}
