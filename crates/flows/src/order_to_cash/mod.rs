//! From a wish to the cash: order, supply, shipment, recognition, invoice, payment.
//!
//! Every command locks its roots (orders, by id) first, then the credit account, then stock by
//! product, then series.
pub mod advance;
pub mod bill;
pub mod bill_several;
pub(crate) mod books;
pub mod change;
pub mod change_orders;
pub mod checks;
pub mod credit;
pub(crate) mod deposits;
pub mod enter;
pub mod holds;
pub mod net;
pub(crate) mod paid;
pub mod pay;
pub mod picked;
pub mod receive;
pub mod refund;
pub mod returns;
pub mod revalue;
pub mod ship;
mod stated;
pub mod statements;
pub mod submit;
pub mod supply;
pub mod trust;
mod wake;

use finance::Position;
use sales::{Order, OrderLine};

/// What a line stands for in the books now.
#[must_use]
pub fn position(line: &OrderLine) -> Position {
    Position {
        product: line.product.raw(),
        cost_shipped: line.cost_shipped,
        cost_recognised: line.cost_recognised,
        net_recognised: line.net_recognised,
        tax_recognised: line.tax_recognised,
        tax_dispatched: line.tax_dispatched,
        tax_agreed: line.tax_agreed,
        gross_invoiced: line.gross_invoiced,
        tax_invoiced: line.tax_invoiced,
    }
}

/// The positions of an order's lines.
#[must_use]
pub fn positions(order: &Order) -> Vec<Position> {
    order.lines.iter().map(position).collect()
}

#[cfg(test)]
pub(crate) mod tests_support;
