//! Which of what is ready goes onto an invoice: all of an order, or single deliveries of it. What
//! is not picked stays ready.
use finance::{BillableItem, ItemState};
use kernel::{Error, Id, Result, Stored};
use sales::Order;
use std::collections::BTreeSet;
use stock::Shipment;
use store::{Tx, find};

/// What of an order goes onto an invoice.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// All that is ready.
    All,
    Delivery(Id<Shipment>),
    /// What was rendered and not delivered.
    Services,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Picked {
    pub order: i64,
    pub part: Part,
}

/// What one picks at most: an invoice with more lines is nobody's.
pub const MAX_PICKED: usize = 1_000;

impl Picked {
    /// All that is ready of an order.
    #[must_use]
    pub const fn all(order: i64) -> Self {
        Self { order, part: Part::All }
    }
    fn takes(&self, item: &BillableItem) -> bool {
        let of_part = match self.part {
            Part::All => true,
            Part::Delivery(shipment) => item.shipment == shipment.raw(),
            Part::Services => item.shipment == 0,
        };
        item.order_id == self.order && of_part
    }
}

/// The items that were picked of those that are ready.
///
/// Errors: `invoice.delivery_of_other_order`, `invoice.delivery_billed`,
/// `invoice.delivery_not_ready`, `order.nothing_to_bill`.
pub(super) fn of(
    tx: &mut Tx,
    orders: &[Order],
    picked: &[Picked],
    ready: Vec<BillableItem>,
) -> Result<Vec<BillableItem>> {
    for one in picked {
        if !ready.iter().any(|item| one.takes(item)) {
            return Err(refusal(tx, orders, one)?);
        }
    }
    Ok(chosen(picked, ready))
}

/// What is picked, and what came back of the same lines: nobody is billed more than was kept.
fn chosen(picked: &[Picked], ready: Vec<BillableItem>) -> Vec<BillableItem> {
    let is_picked = |item: &BillableItem| picked.iter().any(|one| one.takes(item));
    let lines: BTreeSet<i64> =
        ready.iter().filter(|item| is_picked(item)).map(|item| item.order_line).collect();
    let comes_along = |item: &BillableItem| item.qty.0 < 0 && lines.contains(&item.order_line);
    ready.into_iter().filter(|item| is_picked(item) || comes_along(item)).collect()
}

/// Why nothing of it is ready.
fn refusal(tx: &mut Tx, orders: &[Order], one: &Picked) -> Result<Error> {
    let order = orders.iter().find(|o| o.id.raw() == one.order);
    let order = order.map_or("", |o| o.number.as_str());
    let Part::Delivery(id) = one.part else {
        return Ok(Error::conflict("order.nothing_to_bill", order));
    };
    let found: Vec<Shipment> = tx.list(
        find!(Shipment, "id = $2 AND order_id = $3"),
        &[Stored::Int(id.raw()), Stored::Int(one.order)],
    )?;
    let Some(shipment) = found.first() else {
        return Ok(Error::invalid("invoice.delivery_of_other_order", order).with("field", "lines"));
    };
    let items: Vec<BillableItem> = tx.list(
        find!(BillableItem, "order_id = $2 AND shipment = $3 ORDER BY id"),
        &[Stored::Int(one.order), Stored::Int(id.raw())],
    )?;
    let on_one = |i: &BillableItem| matches!(i.state, ItemState::Reserved | ItemState::Invoiced);
    let code = match items.iter().any(on_one) {
        true => "invoice.delivery_billed",
        false => "invoice.delivery_not_ready",
    };
    Ok(Error::conflict(code, &shipment.number).with("order", order))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{Instant, Qty};

    /// An item of order 1 by its line, its shipment and its pieces.
    fn item((line, shipment, pieces): (i64, i64, i64)) -> BillableItem {
        BillableItem {
            id: Id::from_raw(100 * line + 10 * shipment + pieces.signum()),
            company: 1,
            party: Id::from_raw(2),
            order_id: 1,
            order_line: line,
            shipment,
            state: ItemState::Ready,
            qty: Qty::whole(pieces),
            from_qty: Qty::ZERO,
            invoice: 0,
            ready_at: Instant(0),
        }
    }

    fn pieces(part: Part, ready: &[(i64, i64, i64)]) -> Vec<i64> {
        let ready = ready.iter().copied().map(item).collect();
        let of = chosen(&[Picked { order: 1, part }], ready);
        of.iter().map(|item| item.qty.0 / Qty::whole(1).0).collect()
    }

    #[test]
    fn a_delivery_goes_alone_and_services_are_what_was_not_delivered() {
        let ready = [(1, 7, 30), (1, 8, 40), (2, 7, 5), (3, 0, 1)];
        assert_eq!(pieces(Part::All, &ready), [30, 40, 5, 1]);
        assert_eq!(pieces(Part::Delivery(Id::from_raw(7)), &ready), [30, 5]);
        assert_eq!(pieces(Part::Services, &ready), [1]);
        let other = Picked { order: 2, part: Part::All };
        assert_eq!(chosen(&[other], ready.map(item).to_vec()).len(), 0);
    }

    #[test]
    fn what_came_back_of_a_line_goes_along_whichever_delivery_of_it_is_picked() {
        let ready = [(1, 8, 40), (1, 7, -10), (2, 7, -3)];
        assert_eq!(
            pieces(Part::Delivery(Id::from_raw(8)), &ready),
            [40, -10],
            "line 2 is not on it"
        );
        assert_eq!(pieces(Part::Delivery(Id::from_raw(7)), &ready), [-10, -3]);
    }
}
