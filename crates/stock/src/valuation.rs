//! Stock rows, moves, and the moving average that values them. Pure.
use crate::{Location, Lot, Warehouse};
use kernel::{Day, Error, Id, Instant, Qty, Result, portion};
use product::Product;

/// What lies of a product, lot and location.
#[derive(Clone, Debug)]
pub struct StockRow {
    pub id: Id<StockRow>,
    pub company: i64,
    pub product: Id<Product>,
    pub warehouse: Id<Warehouse>,
    pub location: Id<Location>,
    pub lot: Id<Lot>,
    pub priority: i64,
    pub on_hand: Qty,
    /// Σ of hard reservations; never more than on hand.
    pub reserved: Qty,
}

impl StockRow {
    #[must_use]
    pub fn available(&self) -> Qty {
        self.on_hand - self.reserved
    }
}

/// Quantity and value of a product in a company: the moving average is their quotient.
#[derive(Clone, Debug)]
pub struct StockValue {
    pub id: Id<StockValue>,
    pub company: i64,
    pub product: Id<Product>,
    pub qty: Qty,
    /// Minor units of base currency.
    pub value: i64,
}

impl StockValue {
    /// Goods come in at a value.
    pub fn receive(&mut self, qty: Qty, value: i64) {
        self.qty += qty;
        self.value += value;
    }
    /// Goods leave at the average; the last ones take what is left. Their cost.
    ///
    /// Error: `stock.short` when more leaves than there is.
    pub fn issue(&mut self, qty: Qty) -> Result<i64> {
        if qty > self.qty {
            let e = Error::conflict("stock.short", self.product);
            return Err(e.with("wanted", qty).with("on_hand", self.qty));
        }
        let cost = portion(self.value, qty, self.qty);
        self.qty -= qty;
        self.value -= cost;
        Ok(cost)
    }
}

/// A stock move: immutable; positive comes in.
#[derive(Clone, Debug)]
pub struct Move {
    pub id: Id<Move>,
    pub company: i64,
    pub product: Id<Product>,
    pub location: Id<Location>,
    pub lot: Id<Lot>,
    pub qty: Qty,
    pub value: i64,
    /// `opening`, `other_in`, `other_out`, `ship`, `return`.
    pub kind: String,
    pub origin_kind: String,
    pub origin: i64,
    pub origin_line: i64,
    pub day: Day,
    pub recorded_at: Instant,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(qty: i64, value: i64) -> StockValue {
        let (id, product) = (Id::from_raw(1), Id::from_raw(2));
        StockValue { id, company: 1, product, qty: Qty::whole(qty), value }
    }

    #[test]
    fn a_return_at_its_own_cost_moves_the_average() -> Result<()> {
        // 30 @ 14 + 2 back @ 12 = 32 @ 13.875 (lifecycles.md E8).
        let mut stock = value(30, 420_00);
        stock.receive(Qty::whole(2), 24_00);
        assert_eq!((stock.qty, stock.value), (Qty::whole(32), 444_00));
        assert_eq!(stock.issue(Qty::whole(8))?, 111_00);
        Ok(())
    }

    #[test]
    fn the_last_goods_take_the_last_cent() -> Result<()> {
        let mut stock = value(3, 100);
        let costs = [stock.issue(Qty::whole(1))?, stock.issue(Qty::whole(1))?];
        let last = stock.issue(Qty::whole(1))?;
        assert_eq!(costs.iter().sum::<i64>() + last, 100);
        assert_eq!(stock.value, 0);
        assert_eq!(stock.issue(Qty(1)).map_err(|e| e.code), Err("stock.short"));
        Ok(())
    }
}
