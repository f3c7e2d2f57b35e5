//! Billable items, invoices and the open items that they leave. Pure.
use crate::facts;
use kernel::{
    Class, Ctx, Currency, Day, DocRef, Done, Error, Fact, Id, Instant, Lifecycle, Money, Move,
    Price, Qty, Rate, Result, names, share,
};
use party::Party;
use product::Product;

names! {
    /// A billable item's way.
    pub enum ItemState {
        Ready = "ready",
        Reserved = "reserved",
        Invoiced = "invoiced",
        Waived = "waived",
    }
}

names! {
    pub enum InvoiceState {
        Draft = "draft",
        Posted = "posted",
        Settled = "settled",
        Cancelled = "cancelled",
    }
}

const fn mv(
    from: &'static str,
    verb: &'static str,
    to: &'static str,
    permission: &'static str,
) -> Move {
    Move { from, verb, to, permission, class: Class::Business, role: "billing", sla_minutes: 480 }
}

pub static INVOICE_LIFECYCLE: Lifecycle = Lifecycle {
    entity: "invoice",
    states: InvoiceState::NAMES,
    moves: &[
        mv("draft", "post", "posted", "finance.invoice.post"),
        mv("draft", "cancel", "cancelled", "finance.invoice.cancel"),
        // Of a credit note: set against what an invoice leaves open.
        mv("posted", "apply_credit", "posted", "finance.payment.allocate"),
        mv("posted", "apply_credit", "settled", "finance.payment.allocate"),
    ],
};

/// Something to bill: made when goods were accepted (or left, by policy).
#[derive(Clone, Debug)]
pub struct BillableItem {
    pub id: Id<BillableItem>,
    pub company: i64,
    pub party: Id<Party>,
    pub order_id: i64,
    pub order_line: i64,
    pub shipment: i64,
    pub state: ItemState,
    pub qty: Qty,
    /// From which cumulative quantity of the line on: its money follows from it.
    pub from_qty: Qty,
    pub invoice: i64,
    pub ready_at: Instant,
}

#[derive(Clone, Debug)]
pub struct Invoice {
    pub id: Id<Invoice>,
    pub version: i64,
    pub scope_id: i64,
    /// Official at posting.
    pub number: String,
    pub company: i64,
    pub party: Id<Party>,
    /// Invoice heading as printed.
    pub heading: String,
    pub tax_id: String,
    /// `invoice`, `credit` or `opening`.
    pub kind: String,
    pub state: InvoiceState,
    /// Its order, when it bills only one.
    pub order_id: i64,
    pub currency: Currency,
    pub rate: Rate,
    pub day: Option<Day>,
    pub due: Option<Day>,
    pub gross: i64,
    pub net: i64,
    pub tax: i64,
    pub open: i64,
    /// 价税合计 in base currency as it was posted, and what of it is open as the books have it.
    pub gross_base: i64,
    pub open_base: i64,
    /// What of a credit note is kept for refunds under way; and in base currency, as the books
    /// have it.
    pub held: i64,
    pub held_base: i64,
    pub disputed: bool,
    pub posted_at: Option<Instant>,
    pub settled_on: Option<Day>,
    pub history: bool,
    pub batch_id: i64,
    pub lines: Vec<InvoiceLine>,
}

#[derive(Clone, Debug)]
pub struct InvoiceLine {
    pub id: Id<InvoiceLine>,
    pub invoice: Id<Invoice>,
    pub line_no: i64,
    pub item: Option<Id<BillableItem>>,
    pub order_line: Option<i64>,
    pub product: Option<Id<Product>>,
    pub text: String,
    pub qty: Qty,
    pub price: Price,
    pub tax_code: String,
    pub tax_rate: Rate,
    pub gross: i64,
    pub net: i64,
    pub tax: i64,
}

/// What is owed for one document, with its due day; of an invoice over several orders, for each.
#[derive(Clone, Debug)]
pub struct OpenItem {
    pub id: Id<OpenItem>,
    pub company: i64,
    pub party: Id<Party>,
    pub invoice: Id<Invoice>,
    /// The order whose share it is, else 0.
    pub order_id: i64,
    pub currency: Currency,
    pub due: Day,
    pub amount: i64,
    /// `amount` less what is allocated; 0 is settled.
    pub open: i64,
    /// The same in base currency: what it was posted at, and what the books have of it now.
    pub amount_base: i64,
    pub open_base: i64,
    /// What valuing it anew at the ends of periods added, base currency.
    pub revalued_base: i64,
}

impl OpenItem {
    /// A part of it is paid, or given back with a negative amount; what that takes off in base
    /// currency. The last part takes all of the rest.
    pub const fn relieve(&mut self, amount: i64) -> i64 {
        let base = share(self.open_base, amount, self.open);
        self.relieve_by(amount, base);
        base
    }
    /// The same where somebody else knows what it takes off in base currency.
    pub const fn relieve_by(&mut self, amount: i64, base: i64) {
        self.open -= amount;
        self.open_base -= base;
    }
}

impl Invoice {
    #[must_use]
    pub const fn doc(&self) -> DocRef {
        DocRef { kind: "invoice", id: self.id.raw() }
    }
    #[must_use]
    pub fn fact(&self, cx: &Ctx, activity: kernel::Activity) -> Fact {
        let fact = cx.fact(activity).on("invoice", self.id.raw(), "invoice");
        let fact = fact.on("party", self.party.raw(), "customer");
        let fact = fact.on("order", self.order_id, "order");
        let posted = self.posted_at.is_some();
        let base = if posted { self.gross_base } else { self.base(self.gross) };
        fact.worth(Money::new(self.gross, self.currency), base)
    }
    /// An amount of it at the rate of its day, before it is posted.
    #[must_use]
    pub const fn base(&self, amount: i64) -> i64 {
        kernel::in_base(amount, self.currency, self.rate)
    }
    /// Takes off what was billed: its amounts are negative.
    #[must_use]
    pub fn is_credit_note(&self) -> bool {
        self.kind == "credit"
    }
    pub fn sum(&mut self) {
        self.gross = self.lines.iter().map(|l| l.gross).sum();
        self.net = self.lines.iter().map(|l| l.net).sum();
        self.tax = self.gross - self.net;
    }
    /// Posts the draft: number, day and due day are fixed. Error: `invoice.empty`.
    pub fn post(&mut self, cx: &Ctx, number: String, day: Day, due: Day) -> Result<Done<Fact>> {
        if self.state == InvoiceState::Settled {
            return Ok(Done::Already);
        }
        let from = self.state;
        let Done::Now(to) = INVOICE_LIFECYCLE.step(from, "post", InvoiceState::Posted)? else {
            return Ok(Done::Already);
        };
        if self.lines.is_empty() {
            return Err(Error::invalid("invoice.empty", self.id));
        }
        self.state = to;
        self.number = number;
        self.day = Some(day);
        self.due = Some(due);
        self.open = self.gross;
        (self.gross_base, self.open_base) = (self.base(self.gross), self.base(self.gross));
        self.posted_at = Some(cx.now);
        let credit_note = self.is_credit_note();
        let activity = if credit_note { facts::INVOICE_CREDITED } else { facts::INVOICE_ISSUED };
        let fact = self.fact(cx, activity).moved(from.name(), to.name());
        Ok(Done::Now(fact.attr("due", due)))
    }
    /// Gives up a draft; its items are ready again.
    pub fn cancel(&mut self, cx: &Ctx) -> Result<Done<Fact>> {
        let from = self.state;
        let done = INVOICE_LIFECYCLE.step(from, "cancel", InvoiceState::Cancelled)?;
        let Done::Now(to) = done else { return Ok(Done::Already) };
        self.state = to;
        Ok(Done::Now(self.fact(cx, facts::INVOICE_CANCELLED).moved(from.name(), to.name())))
    }
    /// Money came or was taken back: open falls or rises; settled at zero. Of a credit note it is
    /// the other way round, with a negative amount. `base` is what the books take off with it.
    ///
    /// Error: `invoice.over_allocated`.
    pub fn pay(&mut self, cx: &Ctx, amount: i64, base: i64) -> Result<()> {
        let open = self.open - amount;
        if open < self.gross.min(0) || open > self.gross.max(0) {
            let e = Error::invalid("invoice.over_allocated", &self.number);
            return Err(e.with("open", Money::new(self.open, self.currency)));
        }
        self.open = open;
        self.open_base -= base;
        let settled = open == 0;
        self.state = if settled { InvoiceState::Settled } else { InvoiceState::Posted };
        self.settled_on = settled.then(|| cx.today());
        Ok(())
    }
}
