//! A quotation: what was sent is never changed; a change is a new revision. Pure.
use crate::facts;
use kernel::{
    Class, Ctx, Currency, Day, DocRef, Done, Error, Fact, Id, Instant, Lifecycle, Money, Move,
    Price, Qty, Rate, Result, names,
};
use party::Party;
use product::Product;

names! {
    pub enum QuoteState {
        Draft = "draft",
        InReview = "in_review",
        Approved = "approved",
        Sent = "sent",
        Accepted = "accepted",
        Rejected = "rejected",
        Expired = "expired",
        Superseded = "superseded",
        Withdrawn = "withdrawn",
    }
}

const fn mv(from: &'static str, verb: &'static str, to: &'static str, class: Class) -> Move {
    let permission = "sales.quote.move";
    Move { from, verb, to, permission, class, role: "sales", sla_minutes: 480 }
}

pub static QUOTE_LIFECYCLE: Lifecycle = Lifecycle {
    entity: "quote",
    states: QuoteState::NAMES,
    moves: &[
        mv("draft", "submit", "in_review", Class::Business),
        mv("draft", "submit", "approved", Class::Business),
        Move {
            permission: "sales.quote.approve",
            role: "approver",
            ..mv("in_review", "approve", "approved", Class::Business)
        },
        mv("approved", "send", "sent", Class::Value),
        Move { permission: "sales.quote.create", ..mv("sent", "revise", "sent", Class::Waste) },
        mv("sent", "supersede", "superseded", Class::Waste),
        mv("sent", "accept", "accepted", Class::Value),
        mv("sent", "reject", "rejected", Class::Waste),
        mv("sent", "expire", "expired", Class::Waste),
        mv("draft", "withdraw", "withdrawn", Class::Waste),
        mv("in_review", "withdraw", "withdrawn", Class::Waste),
        mv("approved", "withdraw", "withdrawn", Class::Waste),
        mv("sent", "withdraw", "withdrawn", Class::Waste),
    ],
};

#[derive(Clone, Debug)]
pub struct Quote {
    pub id: Id<Quote>,
    pub version: i64,
    pub scope_id: i64,
    pub number: String,
    /// 1, 2, 3 … of the same number.
    pub revision: i64,
    pub company: i64,
    pub party: Id<Party>,
    pub opportunity: i64,
    pub previous: Option<Id<Quote>>,
    pub state: QuoteState,
    pub currency: Currency,
    /// Base units per unit of its currency on the day it was drawn up.
    pub rate: Rate,
    pub incl_tax: bool,
    pub terms_code: String,
    pub valid_until: Option<Day>,
    pub owner: i64,
    pub gross: i64,
    pub net: i64,
    pub tax: i64,
    pub sent_at: Option<Instant>,
    pub decided_at: Option<Instant>,
    pub reject_reason: String,
    pub accepted_order: i64,
    pub lines: Vec<QuoteLine>,
}

#[derive(Clone, Debug)]
pub struct QuoteLine {
    pub id: Id<QuoteLine>,
    pub quote: Id<Quote>,
    pub line_no: i64,
    pub product: Id<Product>,
    pub text: String,
    pub qty: Qty,
    pub list_price: Price,
    pub price_entered: Price,
    pub discount: i64,
    pub tax_code: String,
    pub tax_rate: Rate,
    pub gross: i64,
    pub net: i64,
    pub tax: i64,
}

impl Quote {
    #[must_use]
    pub const fn doc(&self) -> DocRef {
        DocRef { kind: "quote", id: self.id.raw() }
    }
    #[must_use]
    pub fn fact(&self, cx: &Ctx, activity: kernel::Activity) -> Fact {
        let fact = cx.fact(activity).on("quote", self.id.raw(), "quote");
        let fact = fact.on("party", self.party.raw(), "customer");
        fact.on("opportunity", self.opportunity, "opportunity")
    }
    /// What it is worth in base currency.
    #[must_use]
    pub const fn base(&self) -> i64 {
        kernel::in_base(self.gross, self.currency, self.rate)
    }
    pub fn sum(&mut self) {
        self.gross = self.lines.iter().map(|l| l.gross).sum();
        self.net = self.lines.iter().map(|l| l.net).sum();
        self.tax = self.gross - self.net;
    }

    fn go(
        &mut self,
        cx: &Ctx,
        verb: &'static str,
        to: QuoteState,
        activity: kernel::Activity,
    ) -> Result<Done<Fact>> {
        let from = self.state;
        let Done::Now(next) = QUOTE_LIFECYCLE.step(from, verb, to)? else {
            return Ok(Done::Already);
        };
        self.state = next;
        let fact = self.fact(cx, activity).moved(from.name(), next.name());
        Ok(Done::Now(fact.worth(Money::new(self.gross, self.currency), self.base())))
    }

    /// Approved at once inside the limits, else in review.
    pub fn submit(&mut self, cx: &Ctx, inside_limits: bool) -> Result<Done<Fact>> {
        if matches!(self.state, QuoteState::InReview | QuoteState::Approved) {
            return Ok(Done::Already);
        }
        let (to, activity) = if inside_limits {
            (QuoteState::Approved, facts::QUOTE_APPROVED)
        } else {
            (QuoteState::InReview, facts::QUOTE_SUBMITTED)
        };
        self.go(cx, "submit", to, activity)
    }
    pub fn approve(&mut self, cx: &Ctx) -> Result<Done<Fact>> {
        self.go(cx, "approve", QuoteState::Approved, facts::QUOTE_APPROVED)
    }
    pub fn send(&mut self, cx: &Ctx) -> Result<Done<Fact>> {
        let done = self.go(cx, "send", QuoteState::Sent, facts::QUOTE_SENT)?;
        if matches!(done, Done::Now(_)) {
            self.sent_at = Some(cx.now);
        }
        Ok(done)
    }
    /// A newer revision was sent.
    pub fn supersede(&mut self, cx: &Ctx) -> Result<Done<Fact>> {
        self.go(cx, "supersede", QuoteState::Superseded, facts::QUOTE_SUPERSEDED)
    }
    /// Error: `quote.expired` after its last day.
    pub fn accept(&mut self, cx: &Ctx, order: i64) -> Result<Done<Fact>> {
        if self.state == QuoteState::Sent && self.valid_until.is_some_and(|d| d < cx.today()) {
            return Err(Error::conflict("quote.expired", &self.number));
        }
        let done = self.go(cx, "accept", QuoteState::Accepted, facts::QUOTE_ACCEPTED)?;
        let Done::Now(fact) = done else { return Ok(Done::Already) };
        self.decided_at = Some(cx.now);
        self.accepted_order = order;
        Ok(Done::Now(fact.on("order", order, "order")))
    }
    /// Error: `quote.reason_required`.
    pub fn reject(&mut self, cx: &Ctx, reason: &str) -> Result<Done<Fact>> {
        if reason.trim().is_empty() {
            return Err(Error::invalid("quote.reason_required", &self.number));
        }
        let done = self.go(cx, "reject", QuoteState::Rejected, facts::QUOTE_REJECTED)?;
        let Done::Now(fact) = done else { return Ok(Done::Already) };
        self.decided_at = Some(cx.now);
        reason.clone_into(&mut self.reject_reason);
        Ok(Done::Now(fact.because(reason)))
    }
    /// Error: `quote.still_valid` before its last day is over.
    pub fn expire(&mut self, cx: &Ctx) -> Result<Done<Fact>> {
        let over = self.valid_until.is_some_and(|d| d < cx.today());
        if self.state == QuoteState::Sent && !over {
            return Err(Error::conflict("quote.still_valid", &self.number));
        }
        self.go(cx, "expire", QuoteState::Expired, facts::QUOTE_EXPIRED)
    }
    pub fn withdraw(&mut self, cx: &Ctx) -> Result<Done<Fact>> {
        self.go(cx, "withdraw", QuoteState::Withdrawn, facts::QUOTE_WITHDRAWN)
    }
}
