//! A change order: how a confirmed order is to become another one, before and after. Pure.
use crate::{Order, OrderLine, facts};
use kernel::{
    Activity, Class, Ctx, Currency, Day, DocRef, Done, Error, Fact, Id, Instant, Lifecycle, Money,
    Move, Price, Qty, Result, names,
};
use party::Party;
use product::Product;

names! {
    pub enum ChangeState {
        Draft = "draft",
        PendingChecks = "pending_checks",
        PendingCustomer = "pending_customer",
        Applied = "applied",
        Declined = "declined",
        Withdrawn = "withdrawn",
    }
}

names! {
    /// Whose wish it is. What the customer asked for, the customer need not agree to.
    pub enum AskedBy {
        Customer = "customer",
        Sales = "sales",
        Supply = "supply",
        System = "system",
    }
}

names! {
    /// What is done to a line.
    pub enum ChangeAction {
        Add = "line_add",
        Qty = "line_qty",
        /// Price or discount.
        Price = "line_price",
        QtyAndPrice = "line_qty_price",
        /// What has not left of it is given up.
        Cancel = "line_cancel_qty",
    }
}

const fn mv(
    from: &'static str,
    verb: &'static str,
    to: &'static str,
    permission: &'static str,
    role: &'static str,
) -> Move {
    Move { from, verb, to, permission, class: Class::Waste, role, sla_minutes: 480 }
}

const MOVE: &str = "sales.change_order.move";
const APPROVE: &str = "sales.change_order.approve";

pub static CHANGE_ORDER_LIFECYCLE: Lifecycle = Lifecycle {
    entity: "change_order",
    states: ChangeState::NAMES,
    moves: &[
        mv("draft", "submit", "pending_checks", MOVE, "sales"),
        mv("draft", "submit", "pending_customer", MOVE, "sales"),
        mv("draft", "submit", "applied", MOVE, "sales"),
        mv("pending_checks", "approve", "pending_customer", APPROVE, "approver"),
        mv("pending_checks", "approve", "applied", APPROVE, "approver"),
        mv("pending_checks", "reject", "declined", APPROVE, "approver"),
        mv("pending_customer", "agree", "applied", MOVE, "sales"),
        mv("pending_customer", "decline", "declined", MOVE, "sales"),
        mv("draft", "withdraw", "withdrawn", MOVE, "sales"),
        mv("pending_checks", "withdraw", "withdrawn", MOVE, "sales"),
        mv("pending_customer", "withdraw", "withdrawn", MOVE, "sales"),
    ],
};

#[derive(Clone, Debug)]
pub struct ChangeOrder {
    pub id: Id<ChangeOrder>,
    pub version: i64,
    pub scope_id: i64,
    pub number: String,
    pub company: i64,
    pub order_id: Id<Order>,
    pub party: Id<Party>,
    pub state: ChangeState,
    /// The order's version on which it was drawn up.
    pub base_version: i64,
    pub asked_by: AskedBy,
    pub reason: String,
    /// How the customer asked or agreed: a letter, a call, a number of theirs.
    pub evidence: String,
    /// The wished day before and after; none after where it stays.
    pub requested_was: Option<Day>,
    pub requested_on: Option<Day>,
    /// The address before and after; empty after where it stays.
    pub ship_to_was: String,
    pub ship_to: String,
    pub currency: Currency,
    pub gross_before: i64,
    pub gross_after: i64,
    /// Does a price in it need somebody's yes?
    pub needs_approval: bool,
    pub made_by: i64,
    pub submitted_at: Option<Instant>,
    pub approved_by: i64,
    pub approved_at: Option<Instant>,
    pub applied_at: Option<Instant>,
    /// Why it was refused or withdrawn.
    pub end_reason: String,
    pub lines: Vec<ChangeLine>,
}

/// A line of the order, before and after. Quantities are what is wanted of it.
#[derive(Clone, Debug)]
pub struct ChangeLine {
    pub id: Id<ChangeLine>,
    pub change_order: Id<ChangeOrder>,
    pub line_no: i64,
    pub action: ChangeAction,
    /// The number of the order's line.
    pub order_line_no: i64,
    pub product: Id<Product>,
    pub qty_before: Qty,
    pub qty_after: Qty,
    pub price_before: Price,
    pub price_after: Price,
    pub discount_before: i64,
    pub discount_after: i64,
    pub gross_before: i64,
    pub gross_after: i64,
}

/// Where a step leads, by what is still needed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Next {
    Checks,
    Customer,
    Apply,
}

impl Next {
    const fn state(self) -> ChangeState {
        match self {
            Self::Checks => ChangeState::PendingChecks,
            Self::Customer => ChangeState::PendingCustomer,
            Self::Apply => ChangeState::Applied,
        }
    }
}

/// How an ending differs from another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending {
    /// By who had to approve it.
    Reject,
    /// By the customer.
    Decline,
    /// By who drew it up.
    Withdraw,
}

impl Ending {
    const fn step(self) -> (&'static str, ChangeState, Activity) {
        match self {
            Self::Reject => ("reject", ChangeState::Declined, facts::CHANGE_DECLINED),
            Self::Decline => ("decline", ChangeState::Declined, facts::CHANGE_DECLINED),
            Self::Withdraw => ("withdraw", ChangeState::Withdrawn, facts::CHANGE_WITHDRAWN),
        }
    }
}

impl ChangeOrder {
    #[must_use]
    pub const fn doc(&self) -> DocRef {
        DocRef { kind: "change_order", id: self.id.raw() }
    }
    /// What the order is worth more by it.
    #[must_use]
    pub const fn delta(&self) -> i64 {
        self.gross_after - self.gross_before
    }
    /// A fact about it, its order and its customer, worth the difference.
    #[must_use]
    pub fn fact(&self, cx: &Ctx, order: &Order, activity: Activity) -> Fact {
        let fact = cx.fact(activity).on("change_order", self.id.raw(), "change");
        let fact = fact.on("order", self.order_id.raw(), "order");
        let fact = fact.on("party", self.party.raw(), "customer");
        let worth = Money::new(self.delta(), self.currency);
        fact.worth(worth, order.base(self.delta())).attr("asked_by", self.asked_by.name())
    }
    /// What it takes next: somebody's yes to its price, the customer's to a wish of ours.
    #[must_use]
    pub const fn next(&self) -> Next {
        if self.needs_approval && self.approved_at.is_none() {
            return Next::Checks;
        }
        match self.asked_by {
            AskedBy::Customer => Next::Apply,
            AskedBy::Sales | AskedBy::Supply | AskedBy::System => Next::Customer,
        }
    }

    /// Goes on from the draft, as far as [`ChangeOrder::next`] lets it.
    pub fn submit(&mut self, cx: &Ctx, order: &Order) -> Result<Done<Fact>> {
        let to = self.next().state();
        let Done::Now(from) = self.go("submit", to)? else { return Ok(Done::Already) };
        self.submitted_at = Some(cx.now);
        // What is applied at once was submitted too; that it was applied is a fact of its own.
        let told = if to == ChangeState::Applied { ChangeState::PendingChecks } else { to };
        let fact = self.fact(cx, order, facts::CHANGE_SUBMITTED).because(&self.reason);
        Ok(Done::Now(fact.moved(from.name(), told.name())))
    }

    /// Somebody's yes to its price. Error: `change_order.own_request`.
    pub fn approve(&mut self, cx: &Ctx, order: &Order) -> Result<Done<Fact>> {
        let open = self.state == ChangeState::PendingChecks;
        if open && self.made_by == cx.user && cx.user != 0 {
            return Err(Error::forbidden("change_order.own_request", &self.number));
        }
        let next = match self.asked_by {
            AskedBy::Customer => ChangeState::Applied,
            AskedBy::Sales | AskedBy::Supply | AskedBy::System => ChangeState::PendingCustomer,
        };
        let Done::Now(from) = self.go("approve", next)? else { return Ok(Done::Already) };
        (self.approved_by, self.approved_at) = (cx.user, Some(cx.now));
        let told = if next == ChangeState::Applied { from } else { next };
        let fact = self.fact(cx, order, facts::CHANGE_APPROVED);
        Ok(Done::Now(fact.moved(from.name(), told.name())))
    }

    /// The customer's yes. Error: `change_order.evidence_required`.
    pub fn agree(&mut self, evidence: &str) -> Result<Done<()>> {
        let Done::Now(from) = self.go("agree", ChangeState::Applied)? else {
            return Ok(Done::Already);
        };
        if evidence.trim().is_empty() {
            self.state = from;
            return Err(Error::invalid("change_order.evidence_required", &self.number));
        }
        evidence.trim().clone_into(&mut self.evidence);
        Ok(Done::Now(()))
    }

    /// It became the order's truth.
    pub fn applied(&mut self, cx: &Ctx, order: &Order, from: ChangeState) -> Fact {
        self.applied_at = Some(cx.now);
        let fact = self.fact(cx, order, facts::CHANGE_APPLIED).because(&self.reason);
        let fact = fact.moved(from.name(), ChangeState::Applied.name());
        fact.attr("lines", self.lines.len())
    }

    /// Ends it without a trace on the order. Error: `change_order.reason_required`.
    pub fn end(
        &mut self,
        cx: &Ctx,
        order: &Order,
        how: Ending,
        reason: &str,
    ) -> Result<Done<Fact>> {
        let (verb, to, activity) = how.step();
        let Done::Now(from) = self.go(verb, to)? else { return Ok(Done::Already) };
        if reason.trim().is_empty() {
            self.state = from;
            return Err(Error::invalid("change_order.reason_required", &self.number));
        }
        reason.trim().clone_into(&mut self.end_reason);
        let fact = self.fact(cx, order, activity).because(reason.trim());
        Ok(Done::Now(fact.moved(from.name(), to.name())))
    }

    /// Moves it; the state it comes from.
    fn go(&mut self, verb: &'static str, to: ChangeState) -> Result<Done<ChangeState>> {
        let from = self.state;
        Ok(match CHANGE_ORDER_LIFECYCLE.step(from, verb, to)? {
            Done::Now(next) => {
                self.state = next;
                Done::Now(from)
            }
            Done::Already => Done::Already,
        })
    }

    /// Is what it leads to now what it was drawn up for? Error: `change_order.outdated`.
    pub fn still_holds(&self, now: &[Difference]) -> Result<()> {
        let same = |line: &ChangeLine| {
            let of_line = |d: &&Difference| match line.action {
                // A new line goes to the end, wherever that is by now.
                ChangeAction::Add => d.action == ChangeAction::Add && d.product == line.product,
                _ => d.order_line_no == line.order_line_no,
            };
            now.iter().filter(of_line).any(|d| d.same_as(line))
        };
        match self.lines.iter().find(|line| !same(line)) {
            None if self.lines.len() == now.len() => Ok(()),
            other => {
                let line = other.map_or(0, |l| l.order_line_no);
                Err(Error::conflict("change_order.outdated", &self.number).with("line", line))
            }
        }
    }
}

/// How a line of an order differs from how it was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    pub action: ChangeAction,
    pub order_line_no: i64,
    pub product: Id<Product>,
    pub qty: (Qty, Qty),
    pub price: (Price, Price),
    pub discount: (i64, i64),
    pub gross: (i64, i64),
}

impl Difference {
    /// The line of a change order that says so.
    #[must_use]
    pub fn line(&self, cx: &Ctx, of: Id<ChangeOrder>, line_no: i64) -> ChangeLine {
        ChangeLine {
            id: cx.id(),
            change_order: of,
            line_no,
            action: self.action,
            order_line_no: self.order_line_no,
            product: self.product,
            qty_before: self.qty.0,
            qty_after: self.qty.1,
            price_before: self.price.0,
            price_after: self.price.1,
            discount_before: self.discount.0,
            discount_after: self.discount.1,
            gross_before: self.gross.0,
            gross_after: self.gross.1,
        }
    }
    fn same_as(&self, line: &ChangeLine) -> bool {
        self.qty == (line.qty_before, line.qty_after)
            && self.price == (line.price_before, line.price_after)
            && self.discount == (line.discount_before, line.discount_after)
            && self.gross == (line.gross_before, line.gross_after)
    }
}

/// What became of the lines of an order, by their numbers.
#[must_use]
pub fn differences(before: &Order, after: &Order) -> Vec<Difference> {
    let of = |now: &OrderLine| {
        let was = before.lines.iter().find(|l| l.line_no == now.line_no);
        let gross = |l: &OrderLine| l.money_of(l.wanted()).0;
        let all = was.map_or_else(
            || (Qty::ZERO, Price::ZERO, 0, 0),
            |l| (l.wanted(), l.price_entered, l.discount, gross(l)),
        );
        let difference = |action: ChangeAction| Difference {
            action,
            order_line_no: now.line_no,
            product: now.product,
            qty: (all.0, now.wanted()),
            price: (all.1, now.price_entered),
            discount: (all.2, now.discount),
            gross: (all.3, gross(now)),
        };
        let Some(was) = was else { return Some(difference(ChangeAction::Add)) };
        let priced = (was.price_entered, was.discount) != (now.price_entered, now.discount);
        let action = match (was.wanted() == now.wanted(), priced) {
            (true, false) => return None,
            (false, true) => ChangeAction::QtyAndPrice,
            (true, true) => ChangeAction::Price,
            (false, false) if now.cancelled > was.cancelled => ChangeAction::Cancel,
            (false, false) => ChangeAction::Qty,
        };
        Some(difference(action))
    };
    after.lines.iter().filter_map(of).collect()
}
