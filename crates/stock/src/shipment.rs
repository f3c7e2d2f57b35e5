//! A shipment: picked, packed, shipped (maybe in part), delivered. Pure.
use crate::{StockRow, Warehouse, facts};
use kernel::{
    Class, Ctx, Day, DocRef, Done, Error, Fact, Id, Instant, Lifecycle, Move, Qty, Result, names,
};
use party::Party;
use product::Product;

names! {
    pub enum ShipmentState {
        Assigned = "assigned",
        Picking = "picking",
        Picked = "picked",
        Packed = "packed",
        Shipped = "shipped",
        Delivered = "delivered",
        Cancelled = "cancelled",
    }
}

const fn mv(
    from: &'static str,
    verb: &'static str,
    to: &'static str,
    permission: &'static str,
    class: Class,
) -> Move {
    Move { from, verb, to, permission, class, role: "warehouse", sla_minutes: 480 }
}

pub static SHIPMENT_LIFECYCLE: Lifecycle = Lifecycle {
    entity: "shipment",
    states: ShipmentState::NAMES,
    moves: &[
        mv("assigned", "start_picking", "picking", "stock.shipment.pick", Class::Value),
        mv("assigned", "pick", "picked", "stock.shipment.pick", Class::Value),
        mv("picking", "pick", "picked", "stock.shipment.pick", Class::Value),
        mv("picked", "pack", "packed", "stock.shipment.pack", Class::Value),
        mv("assigned", "ship", "shipped", "stock.shipment.ship", Class::Value),
        mv("picking", "ship", "shipped", "stock.shipment.ship", Class::Value),
        mv("picked", "ship", "shipped", "stock.shipment.ship", Class::Value),
        mv("packed", "ship", "shipped", "stock.shipment.ship", Class::Value),
        mv("shipped", "deliver", "delivered", "stock.shipment.deliver", Class::Value),
        mv("delivered", "recognise", "delivered", "finance.revenue.recognise", Class::Business),
        mv("assigned", "cancel", "cancelled", "stock.shipment.cancel", Class::Waste),
        mv("picking", "cancel", "cancelled", "stock.shipment.cancel", Class::Waste),
        mv("picked", "cancel", "cancelled", "stock.shipment.cancel", Class::Waste),
        mv("packed", "cancel", "cancelled", "stock.shipment.cancel", Class::Waste),
    ],
};

#[derive(Clone, Debug)]
pub struct Shipment {
    pub id: Id<Shipment>,
    pub version: i64,
    pub scope_id: i64,
    pub number: String,
    pub company: i64,
    pub order_id: Option<i64>,
    pub party: Option<Id<Party>>,
    pub warehouse: Option<Id<Warehouse>>,
    pub state: ShipmentState,
    pub ship_to: String,
    pub carrier: String,
    pub tracking: String,
    pub planned_on: Option<Day>,
    pub promised_on: Option<Day>,
    pub picked_at: Option<Instant>,
    pub shipped_at: Option<Instant>,
    pub delivered_at: Option<Instant>,
    pub recognised_at: Option<Instant>,
    /// Who signed.
    pub pod_name: String,
    pub picker: i64,
    pub exception: String,
    pub history: bool,
    pub batch_id: i64,
    pub lines: Vec<ShipmentLine>,
}

#[derive(Clone, Debug)]
pub struct ShipmentLine {
    pub id: Id<ShipmentLine>,
    pub shipment: Id<Shipment>,
    pub order_line: i64,
    pub product: Id<Product>,
    pub stock: Option<Id<StockRow>>,
    pub reservation: i64,
    pub assigned: Qty,
    pub shipped: Qty,
    pub delivered: Qty,
    pub recognised: Qty,
    /// Of the shipped, back in stock.
    pub returned: Qty,
    /// Cost of what left, base currency.
    pub cost: i64,
}

impl ShipmentLine {
    /// What left and did not come back.
    #[must_use]
    pub fn kept(&self) -> Qty {
        self.shipped - self.returned
    }
    /// The cost of what was kept.
    #[must_use]
    pub fn kept_cost(&self) -> i64 {
        self.cost - kernel::portion(self.cost, self.returned, self.shipped)
    }
    /// The cost of the next `qty` that come back: parts sum to the whole.
    #[must_use]
    pub fn cost_of_return(&self, qty: Qty) -> i64 {
        let until = |returned: Qty| kernel::portion(self.cost, returned, self.shipped);
        until(self.returned + qty) - until(self.returned)
    }
}

impl Shipment {
    #[must_use]
    pub const fn doc(&self) -> DocRef {
        DocRef { kind: "shipment", id: self.id.raw() }
    }
    /// Goods have not left yet and may still change.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(
            self.state,
            ShipmentState::Assigned
                | ShipmentState::Picking
                | ShipmentState::Picked
                | ShipmentState::Packed
        )
    }
    #[must_use]
    pub fn fact(&self, cx: &Ctx, activity: kernel::Activity) -> Fact {
        let fact = cx.fact(activity).on("shipment", self.id.raw(), "shipment");
        let fact = fact.on("order", self.order_id.unwrap_or(0), "order");
        fact.on("party", self.party.map_or(0, Id::raw), "customer")
    }
    fn go(
        &mut self,
        cx: &Ctx,
        verb: &'static str,
        to: ShipmentState,
        activity: kernel::Activity,
    ) -> Result<Done<Fact>> {
        let from = self.state;
        let Done::Now(next) = SHIPMENT_LIFECYCLE.step(from, verb, to)? else {
            return Ok(Done::Already);
        };
        self.state = next;
        Ok(Done::Now(self.fact(cx, activity).moved(from.name(), next.name())))
    }

    pub fn start_picking(&mut self, cx: &Ctx) -> Result<Done<Fact>> {
        self.picker = cx.user;
        let done = self.go(cx, "start_picking", ShipmentState::Picking, facts::PICK_STARTED)?;
        Ok(match done {
            Done::Now(mut fact) => {
                fact.phase = kernel::Phase::Start;
                fact.instance = self.id.raw();
                Done::Now(fact)
            }
            Done::Already => Done::Already,
        })
    }
    pub fn pick(&mut self, cx: &Ctx) -> Result<Done<Fact>> {
        if matches!(self.state, ShipmentState::Packed) {
            return Ok(Done::Already);
        }
        let done = self.go(cx, "pick", ShipmentState::Picked, facts::PICK_COMPLETED)?;
        let Done::Now(mut fact) = done else { return Ok(Done::Already) };
        self.picked_at = Some(cx.now);
        fact.instance = self.id.raw();
        Ok(Done::Now(fact))
    }
    pub fn pack(&mut self, cx: &Ctx) -> Result<Done<Fact>> {
        self.go(cx, "pack", ShipmentState::Packed, facts::PACK_COMPLETED)
    }
    /// Goods leave. What each line ships was set before. Errors: `shipment.nothing`,
    /// `shipment.too_much`.
    pub fn ship(&mut self, cx: &Ctx, shipped: &[(Id<ShipmentLine>, Qty)]) -> Result<Done<Fact>> {
        if self.state == ShipmentState::Delivered {
            return Ok(Done::Already);
        }
        let done = self.go(cx, "ship", ShipmentState::Shipped, facts::SHIP_DISPATCHED)?;
        let Done::Now(fact) = done else { return Ok(Done::Already) };
        self.set_shipped(shipped)?;
        self.shipped_at = Some(cx.now);
        let lines: Vec<i64> =
            self.lines.iter().filter(|l| l.shipped.0 > 0).map(|l| l.order_line).collect();
        Ok(Done::Now(lines.into_iter().fold(fact, |f, id| f.on("order_line", id, "line"))))
    }
    fn set_shipped(&mut self, shipped: &[(Id<ShipmentLine>, Qty)]) -> Result<()> {
        for line in &mut self.lines {
            let asked = shipped.iter().find(|(id, _)| *id == line.id).map(|(_, qty)| *qty);
            let qty = asked.unwrap_or(if shipped.is_empty() { line.assigned } else { Qty::ZERO });
            if qty.0 < 0 || qty > line.assigned {
                let e = Error::invalid("shipment.too_much", qty);
                return Err(e.with("assigned", line.assigned));
            }
            line.shipped = qty;
        }
        if let Some((id, _)) =
            shipped.iter().find(|(id, _)| !self.lines.iter().any(|l| l.id == *id))
        {
            return Err(Error::invalid("shipment.no_such_line", id));
        }
        if self.lines.iter().all(|l| l.shipped.is_zero()) {
            return Err(Error::invalid("shipment.nothing", &self.number));
        }
        Ok(())
    }
    /// The customer signed (回单).
    pub fn deliver(&mut self, cx: &Ctx, signed_by: &str, at: Instant) -> Result<Done<Fact>> {
        if at > cx.now || self.shipped_at.is_some_and(|left| at < left) {
            return Err(Error::invalid("shipment.delivery_time", at.rfc3339()));
        }
        let done = self.go(cx, "deliver", ShipmentState::Delivered, facts::DELIVERED)?;
        let Done::Now(fact) = done else { return Ok(Done::Already) };
        for line in &mut self.lines {
            line.delivered = line.kept();
        }
        self.delivered_at = Some(at);
        signed_by.clone_into(&mut self.pod_name);
        Ok(Done::Now(fact.at(at)))
    }
    pub fn cancel(&mut self, cx: &Ctx, reason: &str) -> Result<Done<Fact>> {
        let done = self.go(cx, "cancel", ShipmentState::Cancelled, facts::SHIPMENT_CANCELLED)?;
        Ok(match done {
            Done::Now(fact) => Done::Now(fact.because(reason)),
            Done::Already => Done::Already,
        })
    }
}
