//! The order: lifecycle moved by commands, progress derived, holds beside it. Pure.
use crate::{OrderLine, facts};
use kernel::{
    Class, Ctx, Currency, Day, DocRef, Done, Error, Fact, Id, Instant, Lifecycle, Money, Move, Qty,
    Rate, Result, names, share,
};
use party::Party;

names! {
    pub enum OrderState {
        Draft = "draft",
        Submitted = "submitted",
        Confirmed = "confirmed",
        Closed = "closed",
        Cancelled = "cancelled",
    }
}

names! {
    /// How far a quantity-derived axis has come.
    pub enum Progress {
        None = "none",
        Partial = "partial",
        Full = "full",
    }
}

impl Progress {
    #[must_use]
    pub fn of(done: i64, whole: i64) -> Self {
        match done {
            0 => Self::None,
            d if d < whole => Self::Partial,
            _ => Self::Full,
        }
    }
}

const fn mv(
    from: &'static str,
    verb: &'static str,
    to: &'static str,
    permission: &'static str,
    class: Class,
    role: &'static str,
) -> Move {
    Move { from, verb, to, permission, class, role, sla_minutes: 240 }
}

const DESK: &str = "order_desk";

pub static ORDER_LIFECYCLE: Lifecycle = Lifecycle {
    entity: "order",
    states: OrderState::NAMES,
    moves: &[
        mv("draft", "submit", "submitted", "sales.order.submit", Class::Value, "sales"),
        mv("draft", "submit", "confirmed", "sales.order.submit", Class::Value, "sales"),
        mv("submitted", "confirm", "confirmed", "sales.order.confirm", Class::Value, DESK),
        mv("draft", "change", "draft", "sales.order.change", Class::Business, "sales"),
        mv("submitted", "change", "submitted", "sales.order.change", Class::Waste, DESK),
        mv("draft", "cancel", "cancelled", "sales.order.cancel", Class::Waste, "sales"),
        mv("submitted", "cancel", "cancelled", "sales.order.cancel", Class::Waste, DESK),
        mv("confirmed", "cancel", "cancelled", "sales.order.cancel", Class::Waste, DESK),
        mv(
            "confirmed",
            "cancel_remainder",
            "confirmed",
            "sales.order.cancel_remainder",
            Class::Waste,
            DESK,
        ),
        // By itself, when all the rest is delivered, billed and paid.
        mv(
            "confirmed",
            "cancel_remainder",
            "closed",
            "sales.order.cancel_remainder",
            Class::Waste,
            DESK,
        ),
        mv("confirmed", "perform", "confirmed", "sales.order.perform", Class::Value, "service"),
        mv("confirmed", "bill", "confirmed", "finance.invoice.create", Class::Business, "billing"),
        mv("confirmed", "close", "closed", "sales.order.close", Class::Business, DESK),
        mv("confirmed", "promise", "confirmed", "sales.order.promise", Class::Business, DESK),
        mv("closed", "reopen", "confirmed", "sales.order.reopen", Class::Waste, DESK),
    ],
};

#[derive(Clone, Debug)]
pub struct Order {
    pub id: Id<Order>,
    pub version: i64,
    pub scope_id: i64,
    /// Official at confirmation; until then `D` and the id.
    pub number: String,
    pub company: i64,
    pub party: Id<Party>,
    pub ship_to: String,
    pub contact: String,
    pub quote: i64,
    pub opportunity: i64,
    pub owner: i64,
    pub channel: String,
    pub order_type: String,
    pub customer_po_no: String,
    pub currency: Currency,
    /// Base units per transaction unit.
    pub rate: Rate,
    pub incl_tax: bool,
    pub terms_code: String,
    /// Is a due date agreed in writing? Without, the tax point is the dispatch.
    pub written_credit: bool,
    pub recognition: String,
    pub state: OrderState,
    pub fulfilment: Progress,
    pub billing: Progress,
    pub payment: Progress,
    /// Open holds on it.
    pub holds: i64,
    pub ordered_on: Option<Day>,
    pub requested_on: Option<Day>,
    pub promised_first: Option<Day>,
    pub promised_now: Option<Day>,
    pub gross: i64,
    pub net: i64,
    pub tax: i64,
    /// Payments allocated to the order itself.
    pub deposit: i64,
    /// The same in base currency, at the rates that they came at; never valued anew.
    pub deposit_base: i64,
    /// The tax in them that the books keep apart; 0 where they keep deposits whole.
    pub deposit_tax: i64,
    pub deposit_tax_base: i64,
    /// In a foreign currency: what of the deposit revenue was valued with already.
    pub covered: i64,
    pub covered_base: i64,
    /// In a foreign currency: what its lines stand for in base currency, each event at the rate of
    /// its day. All 0 in the company's own, where the lines say it.
    pub revenue_base: i64,
    pub output_vat_base: i64,
    pub deferred_base: i64,
    pub billed_base: i64,
    /// Payments on its invoices.
    pub paid: i64,
    /// What it takes of the customer's credit now; 0 while a credit hold stands.
    pub credit_taken: i64,
    pub freight: i64,
    /// History: the total that the file states.
    pub stated_total: i64,
    pub submitted_at: Option<Instant>,
    pub confirmed_at: Option<Instant>,
    pub closed_at: Option<Instant>,
    pub cancel_reason: String,
    pub history: bool,
    /// History: amounts of 10⁻⁶ as the file had them.
    pub exact: String,
    pub batch_id: i64,
    pub lines: Vec<OrderLine>,
}

/// A part of a deposit: in the order's currency, and in base currency at the rate it came at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Deposit {
    pub amount: i64,
    pub base: i64,
}

impl Order {
    #[must_use]
    pub const fn doc(&self) -> DocRef {
        DocRef { kind: "order", id: self.id.raw() }
    }
    /// A fact about this order and its customer.
    #[must_use]
    pub fn fact(&self, cx: &Ctx, activity: kernel::Activity) -> Fact {
        let fact = cx.fact(activity).on("order", self.id.raw(), "order");
        fact.on("party", self.party.raw(), "customer")
    }
    #[must_use]
    pub fn worth(&self) -> Money {
        Money::new(self.gross, self.currency)
    }
    /// An amount of the order's currency in base currency.
    #[must_use]
    pub fn base(&self, amount: i64) -> i64 {
        kernel::in_base(amount, self.currency, self.rate)
    }

    /// Sums the lines into the header.
    pub fn sum(&mut self) {
        self.gross = self.lines.iter().map(|l| l.money_of(l.wanted()).0).sum();
        self.net = self.lines.iter().map(|l| l.money_of(l.wanted()).1).sum();
        self.tax = self.gross - self.net;
    }
    /// The claim on credit of what is not delivered, less the order's own deposit.
    #[must_use]
    pub fn credit_claim(&self) -> i64 {
        let open: i64 = self.lines.iter().map(OrderLine::undelivered_gross).sum();
        self.base((open - self.deposit).max(0))
    }
    #[must_use]
    pub fn unbilled(&self) -> i64 {
        self.base(self.lines.iter().map(OrderLine::unbilled_gross).sum())
    }

    /// Puts a deposit on it. The tax in it, at the order's own share, where that is kept apart.
    pub fn add_deposit(&mut self, added: Deposit, tax_apart: bool) -> Deposit {
        let amount = if tax_apart { share(self.tax, added.amount, self.gross) } else { 0 };
        let tax = Deposit { amount, base: share(added.base, amount, added.amount) };
        self.deposit += added.amount;
        self.deposit_base += added.base;
        self.deposit_tax += tax.amount;
        self.deposit_tax_base += tax.base;
        tax
    }
    /// Takes a part of the deposit off it. The tax in it: what is taken last takes all of the rest.
    pub fn take_deposit(&mut self, taken: Deposit) -> Deposit {
        let tax = Deposit {
            amount: share(self.deposit_tax, taken.amount, self.deposit),
            base: share(self.deposit_tax_base, taken.amount, self.deposit),
        };
        self.deposit -= taken.amount;
        self.deposit_base -= taken.base;
        self.deposit_tax -= tax.amount;
        self.deposit_tax_base -= tax.base;
        let most = self.deposit;
        self.covers_at_most(most);
        tax
    }
    /// The deposit that revenue was valued with is never more than what is there of it.
    pub fn covers_at_most(&mut self, most: i64) {
        if self.covered > most {
            self.covered_base = share(self.covered_base, most, self.covered);
            self.covered = most;
        }
    }

    fn go(&mut self, verb: &'static str, to: OrderState) -> Result<Done<(OrderState, OrderState)>> {
        let from = self.state;
        Ok(match ORDER_LIFECYCLE.step(from, verb, to)? {
            Done::Now(next) => {
                self.state = next;
                Done::Now((from, next))
            }
            Done::Already => Done::Already,
        })
    }

    /// Submits: confirmed when no hold blocks the confirmation, else submitted and held.
    ///
    /// Credit never refuses; it holds. Errors: `line.none`, `state.not_allowed`.
    pub fn submit(&mut self, cx: &Ctx, held_back: bool) -> Result<Done<Fact>> {
        if self.state == OrderState::Draft && self.lines.is_empty() {
            return Err(Error::invalid("line.none", 0));
        }
        let to = if held_back { OrderState::Submitted } else { OrderState::Confirmed };
        // A second submit after the order went on is the same wish, not a new one.
        if matches!(self.state, OrderState::Submitted | OrderState::Confirmed) {
            return Ok(Done::Already);
        }
        let Done::Now((from, _)) = self.go("submit", to)? else { return Ok(Done::Already) };
        self.submitted_at = Some(cx.now);
        let fact = self.fact(cx, facts::ORDER_SUBMITTED).moved(from.name(), "submitted");
        Ok(Done::Now(fact.worth(self.worth(), self.base(self.gross))))
    }

    /// What confirmation fixes: number, promise, instant.
    pub fn confirmed(&mut self, cx: &Ctx, number: String, promise: Option<Day>) -> Fact {
        self.number = number;
        self.confirmed_at = Some(cx.now);
        self.promised_first = self.promised_first.or(promise);
        self.promised_now = promise;
        let fact = self.fact(cx, facts::ORDER_CONFIRMED).moved("submitted", "confirmed");
        let fact = fact.worth(self.worth(), self.base(self.gross));
        let lines = self.lines.iter().map(|l| l.id.raw()).collect::<Vec<_>>();
        lines.into_iter().fold(fact, |fact, id| fact.on("order_line", id, "line"))
    }

    /// Tells the customer another day; what was promised first stays. The same day is `Already`.
    ///
    /// Errors: `order.reason_required`, `order.promise_past`, `order.nothing_to_promise` (all has
    /// left), `state.not_allowed`.
    pub fn promise(&mut self, cx: &Ctx, on: Day, reason: &str) -> Result<Done<Fact>> {
        let went = self.go("promise", OrderState::Confirmed)?;
        if went == Done::Already || self.promised_now == Some(on) {
            return Ok(Done::Already);
        }
        if reason.trim().is_empty() {
            return Err(Error::invalid("order.reason_required", &self.number));
        }
        if on < cx.today() {
            let e = Error::invalid("order.promise_past", on).with("field", "promised_on");
            return Err(e.with("today", cx.today()));
        }
        if self.lines.iter().all(|l| l.ordered <= l.shipped + l.cancelled) {
            return Err(Error::conflict("order.nothing_to_promise", &self.number));
        }
        let was = self.promised_now.replace(on);
        self.promised_first = self.promised_first.or(Some(on));
        let fact = self.fact(cx, facts::ORDER_PROMISED).attr("promised_on", on).because(reason);
        let fact = fact.change("order", self.id.raw(), "promised_now", on);
        Ok(Done::Now(match was {
            Some(was) => fact.attr("was", was),
            None => fact,
        }))
    }

    /// Confirms a submitted order. Error: `order.held` while a hold blocks it.
    pub fn confirm(&mut self, blocking: usize) -> Result<Done<()>> {
        if self.state == OrderState::Submitted && blocking > 0 {
            return Err(Error::conflict("order.held", &self.number).with("holds", blocking));
        }
        Ok(match self.go("confirm", OrderState::Confirmed)? {
            Done::Now(_) => Done::Now(()),
            Done::Already => Done::Already,
        })
    }

    /// Cancels an order of which nothing has left or been billed.
    ///
    /// Errors: `order.reason_required`, `order.already_shipped` (cancel the remainder, or take the
    /// goods back), `state.not_allowed`.
    pub fn cancel(&mut self, cx: &Ctx, reason: &str) -> Result<Done<Fact>> {
        if self.state == OrderState::Cancelled {
            return Ok(Done::Already);
        }
        if reason.trim().is_empty() {
            return Err(Error::invalid("order.reason_required", &self.number));
        }
        let gone: Qty = self.lines.iter().map(|l| l.shipped.max(l.invoiced)).sum();
        if self.state == OrderState::Confirmed && gone.0 > 0 {
            return Err(Error::conflict("order.already_shipped", &self.number).with("qty", gone));
        }
        let done = self.go("cancel", OrderState::Cancelled)?;
        let Done::Now((from, to)) = done else { return Ok(Done::Already) };
        for line in &mut self.lines {
            let _rest = line.cancel_remainder();
        }
        reason.clone_into(&mut self.cancel_reason);
        let fact = self.fact(cx, facts::ORDER_CANCELLED).moved(from.name(), to.name());
        Ok(Done::Now(fact.because(reason).worth(self.worth(), self.base(self.gross))))
    }

    /// Cancels what has not left. Nothing left to cancel is `Already`.
    ///
    /// Errors: `order.reason_required`, `order.nothing_left_yet` (cancel the order instead),
    /// `state.not_allowed`.
    pub fn cancel_remainder(&mut self, cx: &Ctx, reason: &str) -> Result<Done<Fact>> {
        if reason.trim().is_empty() {
            return Err(Error::invalid("order.reason_required", &self.number));
        }
        let gone: Qty = self.lines.iter().map(|l| l.shipped.max(l.invoiced)).sum();
        if self.state == OrderState::Confirmed && gone.is_zero() {
            return Err(Error::conflict("order.nothing_left_yet", &self.number));
        }
        // Closed by the first time: doing it again changes nothing.
        if self.go("cancel_remainder", OrderState::Confirmed)? == Done::Already {
            return Ok(Done::Already);
        }
        let rest: Qty = self.lines.iter_mut().map(OrderLine::cancel_remainder).sum();
        if rest.is_zero() {
            return Ok(Done::Already);
        }
        self.sum();
        let fact = self.fact(cx, facts::ORDER_QTY_CHANGED).because(reason);
        Ok(Done::Now(fact.attr("cancelled", rest)))
    }

    /// 价税合计 of what is wanted and did not come back.
    #[must_use]
    pub fn payable(&self) -> i64 {
        let back = |l: &OrderLine| l.money_of(l.wanted()).0 - l.money_of(l.payable()).0;
        self.gross - self.lines.iter().map(back).sum::<i64>()
    }

    /// Derives the three progress axes from the lines' counters and the money received.
    pub fn derive_progress(&mut self) {
        let sum = |f: fn(&OrderLine) -> i64| self.lines.iter().map(f).sum::<i64>();
        let wanted = sum(|l| l.wanted().0);
        let goods = sum(|l| if l.is_goods() { l.wanted().0 } else { 0 });
        // Services are rendered whole; they count only where there are no goods to wait for.
        let (shipped, goods) = if goods > 0 {
            (sum(|l| if l.is_goods() { l.shipped.0 } else { 0 }), goods)
        } else {
            (sum(|l| l.shipped.0), wanted)
        };
        let (invoiced, payable) = (sum(|l| l.invoiced.0), sum(|l| l.payable().0));
        self.fulfilment = Progress::of(shipped, goods);
        self.billing = Progress::of(invoiced, payable);
        self.payment = Progress::of(self.paid + self.deposit, self.payable());
    }

    /// Closes by itself when every line is settled and paid. `None` when it is not there yet.
    pub fn close_if_settled(&mut self, cx: &Ctx) -> Option<Fact> {
        let settled = self.lines.iter().all(OrderLine::is_settled);
        let paid = self.payment == Progress::Full || self.payable() == 0;
        if self.state != OrderState::Confirmed || !settled || !paid {
            return None;
        }
        self.state = OrderState::Closed;
        self.closed_at = Some(cx.now);
        let fact = self.fact(cx, facts::ORDER_CLOSED).moved("confirmed", "closed");
        Some(fact.worth(self.worth(), self.base(self.gross)))
    }

    /// Opens a closed order again. Error: `state.not_allowed`.
    pub fn reopen(&mut self, cx: &Ctx, reason: &str) -> Result<Done<Fact>> {
        if reason.trim().is_empty() {
            return Err(Error::invalid("order.reason_required", &self.number));
        }
        // A confirmed order was not closed: that is no repetition, it is a wrong wish.
        if self.state != OrderState::Closed {
            return Err(ORDER_LIFECYCLE.refusal(self.state.name(), "reopen"));
        }
        self.go("reopen", OrderState::Confirmed)?.now()?;
        self.closed_at = None;
        let fact = self.fact(cx, facts::ORDER_REOPENED).moved("closed", "confirmed");
        Ok(Done::Now(fact.because(reason)))
    }
}
