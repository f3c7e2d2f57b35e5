//! Payments, and the allocations that say what they pay. Pure.
use crate::{OpenItem, Refund, facts};
use kernel::{
    Class, Ctx, Currency, Day, DocRef, Done, Error, Fact, Id, Instant, Lifecycle, Money, Move,
    Rate, Result, names, share,
};
use party::Party;

names! {
    pub enum PaymentState {
        Cleared = "cleared",
        Reversed = "reversed",
    }
}

pub static PAYMENT_LIFECYCLE: Lifecycle = Lifecycle {
    entity: "payment",
    states: PaymentState::NAMES,
    moves: &[
        Move {
            from: "cleared",
            verb: "allocate",
            to: "cleared",
            permission: "finance.payment.allocate",
            class: Class::Business,
            role: "cashier",
            sla_minutes: 480,
        },
        Move {
            from: "cleared",
            verb: "reverse",
            to: "reversed",
            permission: "finance.payment.reverse",
            class: Class::Waste,
            role: "cashier",
            sla_minutes: 0,
        },
    ],
};

#[derive(Clone, Debug)]
pub struct Payment {
    pub id: Id<Payment>,
    pub version: i64,
    pub scope_id: i64,
    pub number: String,
    pub company: i64,
    pub party: Id<Party>,
    /// `in` from a customer, `out` to one.
    pub direction: String,
    /// `transfer`, `wechat`, `alipay`, `cash`, `bill`.
    pub method: String,
    pub state: PaymentState,
    pub currency: Currency,
    pub rate: Rate,
    pub amount: i64,
    /// Not yet applied: the customer's credit.
    pub unapplied: i64,
    /// The same two in base currency, at the rate it came at; never valued anew.
    pub amount_base: i64,
    pub unapplied_base: i64,
    /// What of it is kept for refunds under way; and in base currency, as it was booked.
    pub held: i64,
    pub held_base: i64,
    pub value_day: Day,
    pub reference: String,
    pub received_at: Option<Instant>,
    pub history: bool,
    pub batch_id: i64,
}

/// An own record: so much of this payment pays that. Taken back by a counter-record. A credit note
/// that is set against an invoice leaves two, one for each open item.
#[derive(Clone, Debug)]
pub struct Allocation {
    pub id: Id<Allocation>,
    pub company: i64,
    /// None where a credit note is set against an invoice.
    pub payment: Option<Id<Payment>>,
    /// An open item, or an order (deposit): exactly one.
    pub open_item: Option<Id<OpenItem>>,
    pub order_id: Option<i64>,
    /// The refund that it left with, beside the payment or the credit note's open item.
    pub refund: Option<Id<Refund>>,
    /// The other open item, where a credit note is set against an invoice; else 0.
    pub netted_with: i64,
    /// Negative in a counter-record.
    pub amount: i64,
    /// What the payment gave for it in base currency.
    pub amount_base: i64,
    /// By how much that is more than the books took off the open item: an exchange gain, or a loss
    /// below zero.
    pub difference_base: i64,
    pub day: Day,
    pub made_by: i64,
    /// The record that it takes back, else 0.
    pub reverses: i64,
    /// The record that took it back, else 0.
    pub reversed_by: i64,
    pub recorded_at: Option<Instant>,
}

impl Payment {
    #[must_use]
    pub const fn doc(&self) -> DocRef {
        DocRef { kind: "payment", id: self.id.raw() }
    }
    #[must_use]
    pub fn fact(&self, cx: &Ctx, activity: kernel::Activity, amount: i64) -> Fact {
        let fact = cx.fact(activity).on("payment", self.id.raw(), "payment");
        let fact = fact.on("party", self.party.raw(), "customer");
        let base = kernel::in_base(amount, self.currency, self.rate);
        fact.worth(Money::new(amount, self.currency), base)
    }
    /// Applies a part; what it is in base currency. Errors: `payment.over_allocated`,
    /// `payment.amount`, `state.not_allowed`.
    pub fn apply(&mut self, amount: i64) -> Result<i64> {
        if self.state != PaymentState::Cleared {
            return Err(PAYMENT_LIFECYCLE.refusal(self.state.name(), "allocate"));
        }
        if amount <= 0 {
            return Err(Error::invalid("payment.amount", Money::new(amount, self.currency)));
        }
        if amount > self.free() {
            let e = Error::invalid("payment.over_allocated", &self.number);
            return Err(e.with("unapplied", Money::new(self.free(), self.currency)));
        }
        let base = share(self.free_base(), amount, self.free());
        self.unapplied -= amount;
        self.unapplied_base -= base;
        Ok(base)
    }
    /// Takes an applied part back, with what it was in base currency.
    pub const fn unapply(&mut self, amount: i64, base: i64) {
        self.unapplied += amount;
        self.unapplied_base += base;
    }
    /// Takes the payment back whole (bounced, entered by mistake).
    ///
    /// Errors: `payment.applied` while parts are allocated, `payment.reason_required`.
    pub fn reverse(&mut self, cx: &Ctx, reason: &str) -> Result<Done<Fact>> {
        let from = self.state;
        let done = PAYMENT_LIFECYCLE.step(from, "reverse", PaymentState::Reversed)?;
        let Done::Now(to) = done else { return Ok(Done::Already) };
        if reason.trim().is_empty() {
            return Err(Error::invalid("payment.reason_required", &self.number));
        }
        if self.free() != self.amount {
            return Err(Error::conflict("payment.applied", &self.number));
        }
        self.state = to;
        (self.unapplied, self.unapplied_base) = (0, 0);
        let fact = self.fact(cx, facts::PAYMENT_REVERSED, self.amount);
        Ok(Done::Now(fact.moved(from.name(), to.name()).because(reason)))
    }
}
