//! Stock: what lies where, what is reserved, what leaves and comes, and what it is worth.
//!
//! Deliberately absent: why goods are wanted (sales) and what their leaving means in money owed
//! (finance). `Σ moves = on hand`, reserved ≤ on hand, value follows a moving average.
pub mod commands;
pub mod entities;
pub mod facts;
mod goods_return;
mod place;
mod reservation;
mod shipment;
mod stock_rows;
mod stock_take;
mod valuation;

pub use goods_return::{Fault, RETURN_LIFECYCLE, Return, ReturnLine, ReturnState};
pub use place::{Location, Lot, Warehouse};
pub use reservation::{Demand, DemandState, Reservation, ReservationState, share_out};
pub use shipment::{SHIPMENT_LIFECYCLE, Shipment, ShipmentLine, ShipmentState};
pub use stock_take::{Receipt, ReceiptKind, ReceiptLine};
pub use valuation::{Move, StockRow, StockValue};
