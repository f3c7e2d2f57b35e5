//! A customer's credit account with one of our companies: limit, and exposure as running parts.
//! Pure.
use kernel::{
    Class, Ctx, Currency, Done, Error, Fact, Id, Instant, Lifecycle, Move, Result, names,
};
use party::Party;

names! {
    /// How far we trust a customer (lifecycles.md E11).
    pub enum CreditState {
        Ok = "ok",
        /// Looked at more closely; nothing is kept back for it alone.
        Watch = "watch",
        /// No order takes any credit, however much is left.
        Blocked = "blocked",
    }
}

const fn mv(from: &'static str, verb: &'static str, to: &'static str) -> Move {
    let permission = "terms.credit.set_state";
    Move { from, verb, to, permission, class: Class::Business, role: "credit", sla_minutes: 480 }
}

pub static CREDIT_LIFECYCLE: Lifecycle = Lifecycle {
    entity: "credit_account",
    states: CreditState::NAMES,
    moves: &[
        mv("ok", "watch", "watch"),
        mv("ok", "block", "blocked"),
        mv("watch", "block", "blocked"),
        mv("watch", "clear", "ok"),
        mv("blocked", "watch", "watch"),
        mv("blocked", "clear", "ok"),
    ],
};

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
    pub state: CreditState,
    pub state_reason: String,
    pub state_by: i64,
    pub state_since: Option<Instant>,
}

impl CreditAccount {
    /// What is left; negative when over. `None` without a limit.
    #[must_use]
    pub const fn left(&self) -> Option<i64> {
        if self.controlled { Some(self.credit_limit - self.used) } else { None }
    }

    /// Trusts the customer more or less. Errors: `credit.reason_required`, `state.not_allowed`.
    pub fn go(&mut self, cx: &Ctx, to: CreditState, reason: &str) -> Result<Done<Fact>> {
        if to == self.state {
            return Ok(Done::Already);
        }
        let verb = match to {
            CreditState::Ok => "clear",
            CreditState::Watch => "watch",
            CreditState::Blocked => "block",
        };
        let from = self.state;
        CREDIT_LIFECYCLE.step(from, verb, to)?.now()?;
        if reason.trim().is_empty() {
            return Err(Error::invalid("credit.reason_required", to.name()).with("field", "reason"));
        }
        self.state = to;
        reason.trim().clone_into(&mut self.state_reason);
        (self.state_by, self.state_since) = (cx.user, Some(cx.now));
        let fact = cx.fact(crate::facts::STATE_SET).on("credit_account", self.id.raw(), "account");
        let fact = fact.on("party", self.party.raw(), "customer").because(reason.trim());
        Ok(Done::Now(fact.moved(from.name(), to.name())))
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
