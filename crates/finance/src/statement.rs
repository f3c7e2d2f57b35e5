//! Statements of account (对账单): what a customer got, sent back and paid in a period. Pure.
use crate::{BillableItem, Payment, Refund, facts};
use kernel::{
    Class, Ctx, Currency, Day, DocRef, Done, Error, Fact, Id, Instant, Lifecycle, Money, Move,
    Price, Qty, Result, names,
};
use party::Party;

names! {
    pub enum StatementState {
        Draft = "draft",
        Sent = "sent",
        Difference = "difference",
        Confirmed = "confirmed",
        Settled = "settled",
    }
}

names! {
    /// What a line stands for.
    pub enum LineKind {
        Delivery = "delivery",
        GoodsBack = "goods_back",
        Payment = "payment",
        /// A payment of an earlier statement that was taken back since.
        PaymentBack = "payment_back",
        /// Money that we gave back.
        Refund = "refund",
        /// A refund of an earlier statement that came back since.
        RefundBack = "refund_back",
        /// A receivable that was taken over in the period.
        Receivable = "receivable",
    }
}

names! {
    /// What became of a difference.
    pub enum Dealt {
        None = "none",
        /// It waits for an answer.
        Noted = "noted",
        /// Our amount holds, or a document put it right that the next statement shows.
        Adjusted = "adjusted",
        /// It is not billed now: it goes on to the next statement.
        Carried = "carried",
    }
}

const fn mv(
    from: &'static str,
    verb: &'static str,
    to: &'static str,
    permission: &'static str,
    class: Class,
) -> Move {
    Move { from, verb, to, permission, class, role: "billing", sla_minutes: 480 }
}

pub static STATEMENT_LIFECYCLE: Lifecycle = Lifecycle {
    entity: "statement",
    states: StatementState::NAMES,
    moves: &[
        mv("draft", "send", "sent", "finance.statement.send", Class::Business),
        mv("sent", "differ", "difference", "finance.statement.confirm", Class::Waste),
        mv("sent", "confirm", "confirmed", "finance.statement.confirm", Class::Business),
        mv("difference", "confirm", "confirmed", "finance.statement.confirm", Class::Business),
        mv("confirmed", "settle", "settled", "finance.statement.settle", Class::Business),
    ],
};

#[derive(Clone, Debug)]
pub struct Statement {
    pub id: Id<Statement>,
    pub version: i64,
    pub scope_id: i64,
    pub number: String,
    pub company: i64,
    pub party: Id<Party>,
    pub state: StatementState,
    pub currency: Currency,
    pub period_from: Day,
    pub period_until: Day,
    /// The first moment that counts, and the first that does not.
    pub from_at: Instant,
    pub until_at: Instant,
    pub opening: i64,
    pub delivered: i64,
    pub returned: i64,
    pub paid: i64,
    pub closing: i64,
    /// What the customer says otherwise, summed over the lines that are not adjusted.
    pub difference: i64,
    pub reason: String,
    pub sent_at: Option<Instant>,
    pub confirmed_at: Option<Instant>,
    /// Who confirmed it for the customer.
    pub signed_by: String,
    pub settled_at: Option<Instant>,
    pub lines: Vec<StatementLine>,
}

#[derive(Clone, Debug)]
pub struct StatementLine {
    pub id: Id<StatementLine>,
    pub statement: Id<Statement>,
    pub line_no: i64,
    pub kind: LineKind,
    pub day: Day,
    /// The number of the order, payment or receivable, as it was then.
    pub number: String,
    pub order_id: Option<i64>,
    pub item: Option<Id<BillableItem>>,
    pub payment: Option<Id<Payment>>,
    pub refund: Option<Id<Refund>>,
    pub product: Option<i64>,
    pub text: String,
    pub qty: Qty,
    pub price: Price,
    /// What it does to what is owed: payments and goods that came back are negative.
    pub amount: i64,
    /// What the customer says less what we say.
    pub difference: i64,
    pub note: String,
    pub dealt: Dealt,
}

/// The greatest difference of a line, minor units: that of the worth of a whole order.
pub(crate) const MAX_DIFFERENCE: i64 = 10_000_000_000_000;

/// A line that the customer sees otherwise.
#[derive(Clone, Debug)]
pub struct Noted {
    pub line_no: i64,
    pub difference: i64,
    pub note: String,
}

impl Statement {
    #[must_use]
    pub const fn doc(&self) -> DocRef {
        DocRef { kind: "statement", id: self.id.raw() }
    }
    #[must_use]
    pub fn fact(&self, cx: &Ctx, activity: kernel::Activity) -> Fact {
        let fact = cx.fact(activity).on("statement", self.id.raw(), "statement");
        let fact = fact.on("party", self.party.raw(), "customer");
        fact.worth(Money::new(self.closing, self.currency), self.closing)
    }
    /// Adds its lines up: what is owed at the end follows from what was owed at the start.
    pub fn sum(&mut self) {
        let of = |kinds: &[LineKind]| -> i64 {
            self.lines.iter().filter(|l| kinds.contains(&l.kind)).map(|l| l.amount).sum()
        };
        self.delivered = of(&[LineKind::Delivery, LineKind::Receivable]);
        self.returned = of(&[LineKind::GoodsBack]);
        self.paid = -of(&[
            LineKind::Payment,
            LineKind::PaymentBack,
            LineKind::Refund,
            LineKind::RefundBack,
        ]);
        self.closing = self.opening + self.delivered + self.returned - self.paid;
        self.sum_differences();
    }
    fn sum_differences(&mut self) {
        let open = self.lines.iter().filter(|l| l.dealt != Dealt::Adjusted);
        self.difference = open.map(|l| l.difference).sum();
    }

    /// Given to the customer.
    pub fn send(&mut self, cx: &Ctx) -> Result<Done<Fact>> {
        let from = self.state;
        let done = STATEMENT_LIFECYCLE.step(from, "send", StatementState::Sent)?;
        let Done::Now(to) = done else { return Ok(Done::Already) };
        self.state = to;
        self.sent_at = Some(cx.now);
        Ok(Done::Now(self.fact(cx, facts::STATEMENT_SENT).moved(from.name(), to.name())))
    }

    /// The customer sees lines otherwise.
    ///
    /// Errors: `statement.reason_required`, `statement.no_line`, `statement.no_difference`,
    /// `statement.difference_too_large`.
    pub fn differ(&mut self, cx: &Ctx, noted: &[Noted], reason: &str) -> Result<Done<Fact>> {
        let from = self.state;
        let done = STATEMENT_LIFECYCLE.step(from, "differ", StatementState::Difference)?;
        let Done::Now(to) = done else { return Ok(Done::Already) };
        if reason.trim().is_empty() {
            return Err(Error::invalid("statement.reason_required", &self.number));
        }
        if noted.is_empty() {
            return Err(Error::invalid("statement.no_difference", &self.number));
        }
        for one in noted {
            let number = &self.number;
            let line = self.lines.iter_mut().find(|l| l.line_no == one.line_no);
            let line = line.ok_or_else(|| Error::invalid("statement.no_line", number))?;
            if !(-MAX_DIFFERENCE..=MAX_DIFFERENCE).contains(&one.difference) {
                let limit = Money::new(MAX_DIFFERENCE, self.currency);
                let e = Error::invalid("statement.difference_too_large", one.line_no);
                return Err(e.with("limit", limit).with("field", "difference"));
            }
            line.difference = one.difference;
            line.note.clone_from(&one.note);
            line.dealt = Dealt::Noted;
        }
        self.state = to;
        reason.clone_into(&mut self.reason);
        self.sum_differences();
        let fact = self.fact(cx, facts::STATEMENT_DIFFERED).moved(from.name(), to.name());
        Ok(Done::Now(fact.attr("lines", noted.len()).because(reason)))
    }

    /// Agreed by the customer. Every difference that was noted is dealt with by now.
    ///
    /// Errors: `statement.difference_open`, `statement.no_line`, `statement.dealt_how`.
    pub fn confirm(
        &mut self,
        cx: &Ctx,
        signed_by: &str,
        dealt: &[(i64, Dealt)],
    ) -> Result<Done<Fact>> {
        let from = self.state;
        let done = STATEMENT_LIFECYCLE.step(from, "confirm", StatementState::Confirmed)?;
        let Done::Now(to) = done else { return Ok(Done::Already) };
        for (line_no, how) in dealt {
            let number = &self.number;
            let line = self.lines.iter_mut().find(|l| l.line_no == *line_no);
            let line = line.ok_or_else(|| Error::invalid("statement.no_line", number))?;
            if !matches!(how, Dealt::Adjusted | Dealt::Carried) {
                return Err(Error::invalid("statement.dealt_how", how.name()));
            }
            // A line that both see alike has nothing to deal with.
            if line.dealt != Dealt::None {
                line.dealt = *how;
            }
        }
        if self.lines.iter().any(|l| l.dealt == Dealt::Noted) {
            return Err(Error::conflict("statement.difference_open", &self.number));
        }
        self.state = to;
        self.confirmed_at = Some(cx.now);
        signed_by.clone_into(&mut self.signed_by);
        self.sum_differences();
        Ok(Done::Now(self.fact(cx, facts::STATEMENT_CONFIRMED).moved(from.name(), to.name())))
    }

    /// Everything on it is billed and paid: `open` is what is not.
    ///
    /// Error: `statement.still_open`.
    pub fn settle(&mut self, cx: &Ctx, open: i64) -> Result<Done<Fact>> {
        let from = self.state;
        let done = STATEMENT_LIFECYCLE.step(from, "settle", StatementState::Settled)?;
        let Done::Now(to) = done else { return Ok(Done::Already) };
        if open != 0 {
            let e = Error::conflict("statement.still_open", &self.number);
            return Err(e.with("open", Money::new(open, self.currency)));
        }
        self.state = to;
        self.settled_at = Some(cx.now);
        Ok(Done::Now(self.fact(cx, facts::STATEMENT_SETTLED).moved(from.name(), to.name())))
    }

    /// Items that may be billed when it is confirmed: those without a difference carried on.
    #[must_use]
    pub fn billable(&self) -> Vec<i64> {
        let kept = self.lines.iter().filter(|l| l.dealt != Dealt::Carried);
        kept.filter_map(|l| l.item).map(Id::raw).collect()
    }
}
