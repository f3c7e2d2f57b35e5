//! Sales: quotations with versions, orders with four axes, and the change orders that change them.
//!
//! Deliberately absent: shipments (stock), invoices (finance), what follows from what (flows).
mod change_order;
pub mod commands;
pub mod entities;
pub mod facts;
pub mod lines;
mod order;
mod order_line;
mod quote;
mod sales_rows;

pub use change_order::{
    AskedBy, CHANGE_ORDER_LIFECYCLE, ChangeAction, ChangeLine, ChangeOrder, ChangeState,
    Difference, Ending, Next, differences,
};
pub use lines::{Asked, Told};
pub use order::{Deposit, ORDER_LIFECYCLE, Order, OrderState, Progress};
pub use order_line::{LineKind, OrderLine, TakenBack};
pub use quote::{QUOTE_LIFECYCLE, Quote, QuoteLine, QuoteState};
