//! Goods that a customer gives back: asked for, approved, received, settled. Pure.
use crate::{Shipment, ShipmentLine, Warehouse, facts};
use kernel::{
    Activity, Class, Ctx, DocRef, Done, Error, Fact, Id, Instant, Lifecycle, Move, Qty, Result,
    names,
};
use party::Party;
use product::Product;

names! {
    pub enum ReturnState {
        Requested = "requested",
        Approved = "approved",
        Received = "received",
        Settled = "settled",
        Rejected = "rejected",
        Cancelled = "cancelled",
    }
}

names! {
    /// Whose fault it was, for the figures; nothing follows from it by itself.
    pub enum Fault {
        Us = "us",
        Carrier = "carrier",
        Customer = "customer",
        Vendor = "vendor",
    }
}

const fn mv(
    from: &'static str,
    verb: &'static str,
    to: &'static str,
    permission: &'static str,
    role: &'static str,
) -> Move {
    Move { from, verb, to, permission, class: Class::Waste, role, sla_minutes: 960 }
}

pub static RETURN_LIFECYCLE: Lifecycle = Lifecycle {
    entity: "return",
    states: ReturnState::NAMES,
    moves: &[
        mv("requested", "approve", "approved", "sales.return.approve", "order_desk"),
        mv("requested", "reject", "rejected", "sales.return.approve", "order_desk"),
        mv("requested", "cancel", "cancelled", "sales.return.create", "sales"),
        mv("approved", "cancel", "cancelled", "sales.return.create", "sales"),
        mv("approved", "receive", "received", "stock.return.receive", "warehouse"),
        mv("received", "settle", "settled", "finance.return.settle", "billing"),
    ],
};

/// A return of goods of one order.
#[derive(Clone, Debug)]
pub struct Return {
    pub id: Id<Return>,
    pub version: i64,
    pub scope_id: i64,
    pub number: String,
    pub company: i64,
    pub order_id: i64,
    pub party: Id<Party>,
    /// Where the goods come back to.
    pub warehouse: Id<Warehouse>,
    pub state: ReturnState,
    pub reason: String,
    pub fault: Fault,
    pub requested_by: i64,
    pub requested_at: Option<Instant>,
    pub decided_by: i64,
    pub received_at: Option<Instant>,
    pub settled_at: Option<Instant>,
    /// The credit note that settled it; 0 where the next invoice takes it off.
    pub credit_note: i64,
    pub lines: Vec<ReturnLine>,
}

/// So much of one shipment's line. What came back was delivered and recognised, or not yet.
#[derive(Clone, Debug)]
pub struct ReturnLine {
    pub id: Id<ReturnLine>,
    pub return_id: Id<Return>,
    pub order_line: i64,
    pub shipment: Id<Shipment>,
    pub shipment_line: Id<ShipmentLine>,
    pub product: Id<Product>,
    pub asked: Qty,
    pub received: Qty,
    /// What of the received had been delivered, and recognised as revenue.
    pub delivered: Qty,
    pub recognised: Qty,
    /// Of the received, at what it left for, in minor units of base currency.
    pub cost: i64,
}

impl Return {
    #[must_use]
    pub const fn doc(&self) -> DocRef {
        DocRef { kind: "return", id: self.id.raw() }
    }
    #[must_use]
    pub fn fact(&self, cx: &Ctx, activity: Activity) -> Fact {
        let fact = cx.fact(activity).on("return", self.id.raw(), "return");
        let fact = fact.on("party", self.party.raw(), "customer");
        let fact = fact.on("order", self.order_id, "order");
        let lines: Vec<i64> = self.lines.iter().map(|l| l.order_line).collect();
        lines.into_iter().fold(fact, |fact, line| fact.on("order_line", line, "line"))
    }

    fn go(
        &mut self,
        cx: &Ctx,
        verb: &'static str,
        to: ReturnState,
        activity: Activity,
    ) -> Result<Done<Fact>> {
        let from = self.state;
        let Done::Now(to) = RETURN_LIFECYCLE.step(from, verb, to)? else {
            return Ok(Done::Already);
        };
        self.state = to;
        Ok(Done::Now(self.fact(cx, activity).moved(from.name(), to.name())))
    }

    /// Error: `return.own_request` when the same person asked for it.
    pub fn approve(&mut self, cx: &Ctx) -> Result<Done<Fact>> {
        if self.state == ReturnState::Requested && self.requested_by == cx.user && cx.user != 0 {
            return Err(Error::forbidden("return.own_request", &self.number));
        }
        let done = self.go(cx, "approve", ReturnState::Approved, facts::RETURN_APPROVED)?;
        if let Done::Now(_) = done {
            self.decided_by = cx.user;
        }
        Ok(done)
    }
    /// Error: `return.reason_required`.
    pub fn reject(&mut self, cx: &Ctx, reason: &str) -> Result<Done<Fact>> {
        self.gone(cx, "reject", ReturnState::Rejected, facts::RETURN_REJECTED, reason)
    }
    /// Error: `return.reason_required`.
    pub fn cancel(&mut self, cx: &Ctx, reason: &str) -> Result<Done<Fact>> {
        self.gone(cx, "cancel", ReturnState::Cancelled, facts::RETURN_CANCELLED, reason)
    }

    fn gone(
        &mut self,
        cx: &Ctx,
        verb: &'static str,
        to: ReturnState,
        activity: Activity,
        reason: &str,
    ) -> Result<Done<Fact>> {
        if self.state != to && reason.trim().is_empty() {
            return Err(Error::invalid("return.reason_required", &self.number));
        }
        let done = self.go(cx, verb, to, activity)?;
        Ok(match done {
            Done::Now(fact) => {
                self.decided_by = cx.user;
                Done::Now(fact.because(reason))
            }
            Done::Already => Done::Already,
        })
    }

    /// Goods came back: all that was asked for, or what is named. What did not come is dropped.
    ///
    /// Errors: `return.too_much`, `return.nothing`, `return.no_such_line`.
    pub fn receive(&mut self, cx: &Ctx, came: &[(Id<ReturnLine>, Qty)]) -> Result<Done<Fact>> {
        let done = self.go(cx, "receive", ReturnState::Received, facts::RETURN_RECEIVED)?;
        let Done::Now(fact) = done else { return Ok(Done::Already) };
        if let Some((id, _)) = came.iter().find(|(id, _)| self.lines.iter().all(|l| l.id != *id)) {
            return Err(Error::invalid("return.no_such_line", id));
        }
        for line in &mut self.lines {
            let named = came.iter().filter(|(id, _)| *id == line.id).map(|(_, qty)| *qty).sum();
            let qty: Qty = if came.is_empty() { line.asked } else { named };
            if qty.0 < 0 || qty > line.asked {
                return Err(Error::invalid("return.too_much", qty).with("asked", line.asked));
            }
            line.received = qty;
        }
        let all: Qty = self.lines.iter().map(|l| l.received).sum();
        if all.is_zero() {
            return Err(Error::invalid("return.nothing", &self.number));
        }
        self.received_at = Some(cx.now);
        let left_with = self.lines.iter().map(|l| l.shipment.raw());
        let fact = left_with.fold(fact, |fact, id| fact.on("shipment", id, "shipment"));
        Ok(Done::Now(fact.attr("qty", all)))
    }

    /// Its money is put right.
    pub fn settle(&mut self, cx: &Ctx) -> Result<Done<Fact>> {
        let done = self.go(cx, "settle", ReturnState::Settled, facts::RETURN_SETTLED)?;
        if let Done::Now(_) = done {
            self.settled_at = Some(cx.now);
        }
        Ok(done)
    }
}
