//! What this room reports (names of `kpi.yaml`'s vocabulary; ours beside it where it has none).
use kernel::Activity;

pub const WAREHOUSE_OPENED: Activity =
    Activity::new("warehouse.opened", "a warehouse with its locations was opened");
pub const STOCK_RESERVED: Activity =
    Activity::new("stock.reserved", "goods on hand were reserved for an order");
pub const STOCK_SHORTED: Activity =
    Activity::new("stock.shorted", "an order's goods are not all on hand: a backorder");
pub const STOCK_RELEASED: Activity =
    Activity::new("stock.released", "a reservation was given back");
pub const STOCK_RECEIVED: Activity =
    Activity::new("stock.received", "goods came in by opening, purchase or another receipt");
pub const STOCK_ISSUED: Activity = Activity::new("stock.issued", "goods went out without an order");
pub const SHIPMENT_CREATED: Activity =
    Activity::new("shipment.created", "a shipment was made of reserved goods");
pub const SHIPMENT_CHANGED: Activity =
    Activity::new("shipment.changed", "an open shipment followed a change of its order");
pub const SHIPMENT_CANCELLED: Activity =
    Activity::new("shipment.cancelled", "a shipment was cancelled before it left");
pub const PICK_STARTED: Activity = Activity::new("pick.started", "picking began");
pub const PICK_COMPLETED: Activity = Activity::new("pick.completed", "a shipment was picked");
pub const PACK_COMPLETED: Activity = Activity::new("pack.completed", "a shipment was packed");
pub const SHIP_DISPATCHED: Activity = Activity::new("ship.dispatched", "goods left");
pub const DELIVERED: Activity =
    Activity::new("delivery.delivered", "the customer got the goods and signed");

pub const RETURN_REQUESTED: Activity =
    Activity::new("return.requested", "a customer asked to give goods back");
pub const RETURN_APPROVED: Activity =
    Activity::new("return.approved", "goods may come back: somebody said so");
pub const RETURN_REJECTED: Activity =
    Activity::new("return.rejected", "goods may not come back: somebody said so");
pub const RETURN_CANCELLED: Activity =
    Activity::new("return.cancelled", "goods will not come back after all");
pub const RETURN_RECEIVED: Activity =
    Activity::new("return.received", "goods came back into stock at what they had left for");
pub const RETURN_SETTLED: Activity =
    Activity::new("return.settled", "the money of a return was put right");

pub static FACTS: &[Activity] = &[
    WAREHOUSE_OPENED,
    STOCK_RESERVED,
    STOCK_SHORTED,
    STOCK_RELEASED,
    STOCK_RECEIVED,
    STOCK_ISSUED,
    SHIPMENT_CREATED,
    SHIPMENT_CHANGED,
    SHIPMENT_CANCELLED,
    PICK_STARTED,
    PICK_COMPLETED,
    PACK_COMPLETED,
    SHIP_DISPATCHED,
    DELIVERED,
    RETURN_REQUESTED,
    RETURN_APPROVED,
    RETURN_REJECTED,
    RETURN_CANCELLED,
    RETURN_RECEIVED,
    RETURN_SETTLED,
];
