//! Demands of order lines and the hard reservations that cover them. Pure.
use crate::StockRow;
use kernel::{Day, Id, Instant, Qty, names};
use product::Product;

names! {
    pub enum DemandState {
        Open = "open",
        Covered = "covered",
        Fulfilled = "fulfilled",
        Cancelled = "cancelled",
    }
}

names! {
    pub enum ReservationState {
        Hard = "hard",
        Picked = "picked",
        Consumed = "consumed",
        Released = "released",
    }
}

/// What an order line needs of a product.
#[derive(Clone, Debug)]
pub struct Demand {
    pub id: Id<Demand>,
    pub company: i64,
    pub order_id: i64,
    pub order_line: i64,
    pub product: Id<Product>,
    /// Ordered less cancelled.
    pub wanted: Qty,
    pub reserved: Qty,
    pub shipped: Qty,
    pub needed_on: Option<Day>,
    /// Smaller is served first.
    pub priority: i64,
    pub state: DemandState,
    pub opened_at: Instant,
}

impl Demand {
    /// What is neither shipped nor reserved: the backorder.
    #[must_use]
    pub fn uncovered(&self) -> Qty {
        self.wanted - self.shipped - self.reserved
    }
    /// Derives the state from the counters.
    pub fn derive(&mut self) {
        self.state = if self.wanted.0 <= 0 {
            DemandState::Cancelled
        } else if self.shipped >= self.wanted {
            DemandState::Fulfilled
        } else if self.uncovered().0 <= 0 {
            DemandState::Covered
        } else {
            DemandState::Open
        };
    }
}

/// A quantity on hand that belongs to a demand.
#[derive(Clone, Debug)]
pub struct Reservation {
    pub id: Id<Reservation>,
    pub company: i64,
    pub demand: Id<Demand>,
    pub order_id: i64,
    pub order_line: i64,
    pub stock: Id<StockRow>,
    pub product: Id<Product>,
    pub qty: Qty,
    pub state: ReservationState,
    /// The shipment line that will take it, 0 before there is one.
    pub shipment_line: i64,
}

/// Shares what is available out to a wish, best place first: (index of the row, quantity).
#[must_use]
pub fn share_out(rows: &[StockRow], wanted: Qty) -> Vec<(usize, Qty)> {
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(|at| (rows[*at].priority, rows[*at].id));
    let mut left = wanted;
    let mut shares = Vec::new();
    for at in order {
        let take = rows[at].available().min(left);
        if take.0 > 0 {
            shares.push((at, take));
            left -= take;
        }
    }
    shares
}
