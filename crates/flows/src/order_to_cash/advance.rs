//! Wanted minus existing = to do: what an order's supply lacks, or has too much of. Pure, signed,
//! safe to repeat.
use kernel::{Id, Qty};
use sales::{Order, OrderLine, OrderState};
use stock::{Reservation, StockRow, share_out};

/// What is to be done for the lines of one order.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Todo {
    pub take: Vec<Take>,
    pub give: Vec<Give>,
    pub ask: Vec<Ask>,
}

/// Reserve so much of a stock row for a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Take {
    pub line: Id<OrderLine>,
    /// Index of the stock row.
    pub row: usize,
    pub qty: Qty,
}

/// Give so much of a reservation back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Give {
    pub reservation: Id<Reservation>,
    pub qty: Qty,
}

/// Posted follow-ups exceed what is wanted: people must decide.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ask {
    /// More left than is wanted: take goods back.
    Return { line: Id<OrderLine>, qty: Qty },
    /// More is billed than is wanted: credit it.
    Credit { line: Id<OrderLine>, qty: Qty },
}

/// May the order take goods at all?
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Appetite {
    Open,
    /// A hold forbids hard reservations: what it has it keeps, it takes nothing new.
    Held,
}

/// What is missing or too much, given the hard reservations and the stock as it lies.
///
/// `stock` is not changed; the caller books what it takes before it asks for the next order.
#[must_use]
pub fn advance(
    order: &Order,
    appetite: Appetite,
    reservations: &[Reservation],
    stock: &[StockRow],
) -> Todo {
    advance_lines(order, &order.lines, appetite, reservations, stock)
}

/// The same for some of the order's lines: a long order is advanced in ranges.
#[must_use]
pub fn advance_lines(
    order: &Order,
    lines: &[OrderLine],
    appetite: Appetite,
    reservations: &[Reservation],
    stock: &[StockRow],
) -> Todo {
    let mut todo = Todo::default();
    let mut free: Vec<StockRow> = stock.to_vec();
    for line in lines {
        let wanted = if order.state == OrderState::Confirmed { line.wanted() } else { Qty::ZERO };
        ask(&mut todo, order, line, wanted);
        if line.is_goods() {
            let mine: Vec<&Reservation> =
                reservations.iter().filter(|r| r.order_line == line.id.raw()).collect();
            let reserved: Qty = mine.iter().map(|r| r.qty).sum();
            let lack = (wanted - line.shipped).max(Qty::ZERO) - reserved;
            if lack.0 < 0 {
                give(&mut todo, &mine, -lack);
            } else if lack.0 > 0 && appetite == Appetite::Open {
                take(&mut todo, line, lack, &mut free);
            }
        }
    }
    todo
}

fn ask(todo: &mut Todo, order: &Order, line: &OrderLine, wanted: Qty) {
    if order.state != OrderState::Confirmed {
        return;
    }
    if line.shipped - line.returned > wanted {
        let qty = line.shipped - line.returned - wanted;
        todo.ask.push(Ask::Return { line: line.id, qty });
    }
    if line.invoiced > wanted {
        todo.ask.push(Ask::Credit { line: line.id, qty: line.invoiced - wanted });
    }
}

/// The youngest reservations are given back first.
fn give(todo: &mut Todo, mine: &[&Reservation], too_much: Qty) {
    let mut left = too_much;
    for reservation in mine.iter().rev() {
        let qty = reservation.qty.min(left);
        if qty.0 > 0 {
            todo.give.push(Give { reservation: reservation.id, qty });
            left -= qty;
        }
    }
}

fn take(todo: &mut Todo, line: &OrderLine, lack: Qty, free: &mut [StockRow]) {
    let mine: Vec<usize> = (0..free.len()).filter(|at| free[*at].product == line.product).collect();
    let rows: Vec<StockRow> = mine.iter().map(|at| free[*at].clone()).collect();
    for (at, qty) in share_out(&rows, lack) {
        let row = mine[at];
        free[row].reserved += qty;
        todo.take.push(Take { line: line.id, row, qty });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order_to_cash::tests_support::{order_with, reservation, stock_row};

    #[test]
    fn it_takes_what_is_there_and_does_nothing_the_second_time() {
        let order = order_with(&[10]);
        let stock = [stock_row(1, 6)];
        let todo = advance(&order, Appetite::Open, &[], &stock);
        let line = order.lines[0].id;
        assert_eq!(todo.take, [Take { line, row: 0, qty: Qty::whole(6) }]);
        let mut taken = stock.clone();
        taken[0].reserved = Qty::whole(6);
        let have = [reservation(&order, 0, 6)];
        assert_eq!(advance(&order, Appetite::Open, &have, &taken), Todo::default());
    }

    #[test]
    fn a_smaller_order_gives_back_the_youngest_first() {
        let mut order = order_with(&[10]);
        order.lines[0].cancelled = Qty::whole(7);
        let have = [reservation(&order, 0, 6), reservation(&order, 0, 4)];
        let todo = advance(&order, Appetite::Open, &have, &[]);
        let given: Vec<Qty> = todo.give.iter().map(|g| g.qty).collect();
        assert_eq!(given, [Qty::whole(4), Qty::whole(3)]);
    }

    #[test]
    fn a_held_order_keeps_what_it_has_and_takes_nothing() {
        let order = order_with(&[10]);
        let have = [reservation(&order, 0, 2)];
        let todo = advance(&order, Appetite::Held, &have, &[stock_row(1, 50)]);
        assert_eq!(todo, Todo::default());
    }

    #[test]
    fn ranges_of_an_order_take_what_the_whole_would() {
        let mut order = order_with(&[4, 4, 4]);
        order.lines.iter_mut().for_each(|line| line.product = Id::from_raw(1));
        let mut stock = [stock_row(1, 10)];
        let whole = advance(&order, Appetite::Open, &[], &stock);
        let mut parts = Vec::new();
        for range in [&order.lines[..2], &order.lines[2..]] {
            let todo = advance_lines(&order, range, Appetite::Open, &[], &stock);
            stock[0].reserved += todo.take.iter().map(|t| t.qty).sum();
            parts.extend(todo.take);
        }
        assert_eq!(parts, whole.take);
        assert_eq!(parts.iter().map(|t| t.qty).sum::<Qty>(), Qty::whole(10));
    }

    #[test]
    fn t39_returned_goods_are_never_counted_as_missing() {
        let mut order = order_with(&[100]);
        let line = &mut order.lines[0];
        (line.shipped, line.delivered, line.returned) =
            (Qty::whole(100), Qty::whole(100), Qty::whole(10));
        let todo = advance(&order, Appetite::Open, &[], &[stock_row(1, 50)]);
        assert_eq!(todo, Todo::default());
    }

    #[test]
    fn what_left_or_was_billed_beyond_the_wish_is_asked_about() {
        let mut order = order_with(&[10]);
        let line = &mut order.lines[0];
        (line.shipped, line.invoiced, line.ordered) =
            (Qty::whole(10), Qty::whole(10), Qty::whole(8));
        let todo = advance(&order, Appetite::Open, &[], &[]);
        let (line, qty) = (order.lines[0].id, Qty::whole(2));
        assert_eq!(todo.ask, [Ask::Return { line, qty }, Ask::Credit { line, qty }]);
    }
}
