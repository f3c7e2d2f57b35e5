//! Figures of what stands at a moment: orders in hand and how old they are, customers who are
//! still there. Who ordered, and did not cancel it, is a customer.
use crate::cases::{Cases, NO, Table};
use crate::own::{Hours, Masters};
use kernel::Day;
use std::collections::BTreeMap;

/// Orders, and the customers that they make.
#[derive(Debug, Default)]
pub struct Standing {
    orders: Vec<Order>,
    /// When each customer ordered, with the row of the order, in order of time.
    customers: BTreeMap<i64, Vec<(i64, u32)>>,
    /// In order of time.
    moves: Vec<Move>,
}

/// Goods that came or went: by day, at what they cost.
#[derive(Clone, Copy, Debug)]
struct Move {
    at: i64,
    product: i64,
    value: i64,
    /// They went to customers, or came back from them.
    is_sold: bool,
}

#[derive(Clone, Copy, Debug)]
struct Order {
    row: u32,
    party: i64,
    submitted: i64,
    /// [`NO`] where it was never confirmed.
    confirmed: i64,
    /// Closed or cancelled; far away where it is neither.
    ended: i64,
    is_cancelled: bool,
}

/// Which orders count: all, or those of a slice.
pub type Which<'w> = &'w dyn Fn(u32) -> bool;

/// The stock of a period.
#[derive(Clone, Copy, Debug)]
struct Stock {
    /// Minor units, on average over time.
    mean: f64,
    /// At cost.
    sold: i64,
    days: f64,
}

impl Stock {
    /// How often a year it is sold.
    fn turnover(self) -> Option<f64> {
        (self.days > 0.0).then(|| self.sold as f64 * 365.0 / self.days / self.mean)
    }
}

/// Moves between our stock and the outside, by day.
fn moves(masters: &Masters, hours: &Hours) -> Vec<Move> {
    let one = |id: &i64| {
        let number = |field| masters.number("move", field, *id);
        let day = Day::of(1970, 1, 1).plus_days(number("day")?);
        let is_sold = matches!(masters.text("move", "kind", *id), "ship" | "return");
        let (product, value) = (number("product")?, number("value")?);
        Some(Move { at: hours.midnight(day), product, value, is_sold })
    };
    let mut all: Vec<Move> = masters.ids("move").iter().filter_map(one).collect();
    all.sort_by_key(|of| of.at);
    all
}

const DAY: i64 = 86_400_000_000;
/// A customer is one for a year after an order.
const YEAR: i64 = 365 * DAY;
/// Silent for so long, or three times as long as usual, a customer is lost.
const SILENT: i64 = 180 * DAY;

impl Standing {
    #[must_use]
    pub fn of(cases: &Cases, masters: &Masters, hours: &Hours) -> Self {
        let moves = moves(masters, hours);
        let Some(table) = cases.table("order") else { return Self { moves, ..Self::default() } };
        let order = |row: usize| order(table, masters, row);
        Self { moves, ..Self::with((0..table.len()).filter_map(order).collect()) }
    }
    fn with(orders: Vec<Order>) -> Self {
        let mut customers: BTreeMap<i64, Vec<(i64, u32)>> = BTreeMap::new();
        for order in orders.iter().filter(|o| o.party != 0 && !o.is_cancelled) {
            customers.entry(order.party).or_default().push((order.submitted, order.row));
        }
        customers.values_mut().for_each(|times| times.sort_unstable());
        Self { orders, customers, moves: Vec::new() }
    }
    /// A figure by name for a period, and how many orders or customers it stands on.
    #[must_use]
    pub fn figure(
        &self,
        name: &str,
        (from, to): (i64, i64),
        which: Which<'_>,
    ) -> (usize, Option<f64>) {
        let share = |n: usize, of: usize| (of, (of > 0).then(|| n as f64 * 100.0 / of as f64));
        match name {
            "in_hand" => self.in_hand(from, to, which),
            "age" => self.age(to, which),
            "turnover" => {
                let (n, stock) = self.stock(from, to);
                (n, stock.and_then(Stock::turnover))
            }
            "days_of_stock" => {
                let (n, stock) = self.stock(from, to);
                (n, stock.and_then(|s| (s.sold > 0).then(|| s.mean / s.sold as f64 * s.days)))
            }
            "repeating" => {
                let all = self.customers(to, which);
                let recent = |times: &Vec<i64>| times.iter().filter(|t| to - **t <= YEAR).count();
                let counts: Vec<usize> = all.values().map(recent).collect();
                let several = counts.iter().filter(|n| **n > 1).count();
                share(several, counts.iter().filter(|n| **n > 0).count())
            }
            "staying" => {
                let (before, after) = (self.customers(from, which), self.customers(to, which));
                let is_one = |times: &[i64], at| times.last().is_some_and(|last| at - last <= YEAR);
                let begun = before.values().filter(|times| is_one(times, from)).count();
                let known = |(party, times): &(&i64, &Vec<i64>)| {
                    is_one(times, to) && before.get(party).is_some_and(|then| is_one(then, from))
                };
                share(after.iter().filter(known).count(), begun)
            }
            "lost" => {
                let (before, after) = (self.customers(from, which), self.customers(to, which));
                let there: Vec<&i64> =
                    before.iter().filter(|(_, t)| !is_lost(t, from)).map(|(p, _)| p).collect();
                let lost = there.iter().filter(|party| is_lost(&after[**party], to)).count();
                share(lost, there.len())
            }
            _ => (0, None),
        }
    }
    /// Orders behind a figure, with the days since they were submitted.
    #[must_use]
    pub fn rows(&self, name: &str, to: i64, which: Which<'_>) -> Vec<(u32, f64)> {
        let open = self.orders.iter().filter(|o| o.submitted < to && to <= o.ended && which(o.row));
        let is_asked = |o: &&Order| match name {
            "in_hand" => true,
            "age" => o.confirmed != NO && o.confirmed < to,
            _ => false,
        };
        open.filter(is_asked).map(|o| (o.row, (to - o.submitted) as f64 / DAY as f64)).collect()
    }

    /// Products behind the turnover, with how often a year each turned over.
    #[must_use]
    pub fn products(&self, from: i64, to: i64) -> Vec<(i64, f64)> {
        let mut by_product: BTreeMap<i64, Vec<Move>> = BTreeMap::new();
        for of in &self.moves {
            by_product.entry(of.product).or_default().push(*of);
        }
        let one = |(product, moves): (i64, Vec<Move>)| {
            let own = Self { moves, ..Self::default() };
            Some((product, own.stock(from, to).1?.turnover()?))
        };
        by_product.into_iter().filter_map(one).collect()
    }
    /// What lay here on average over time, from the first goods on, and what was sold of it at
    /// cost; how many moves that stands on.
    fn stock(&self, from: i64, to: i64) -> (usize, Option<Stock>) {
        let mut own = self.moves.iter().filter(|m| m.at < to).peekable();
        let from = own.peek().map_or(from, |first| first.at.max(from));
        let (mut n, mut sold, mut area) = (0, 0, 0_i128);
        for of in own {
            area += i128::from(of.value) * i128::from(to - of.at.max(from));
            if of.is_sold && of.at >= from {
                (n, sold) = (n + 1, sold - of.value);
            }
        }
        let time = to - from;
        let mean = || area as f64 / time as f64;
        let stock = || Stock { mean: mean(), sold, days: time as f64 / DAY as f64 };
        (n, (time > 0).then(stock).filter(|s| s.mean > 0.0))
    }
    /// How many orders were open on average over time: throughput times cycle time.
    fn in_hand(&self, from: i64, to: i64, which: Which<'_>) -> (usize, Option<f64>) {
        let (mut n, mut time) = (0, 0);
        for order in self.orders.iter().filter(|o| which(o.row)) {
            let open = order.ended.min(to) - order.submitted.max(from);
            if open > 0 {
                (n, time) = (n + 1, time + open);
            }
        }
        (n, (to > from).then(|| time as f64 / (to - from) as f64))
    }
    /// Days since orders were confirmed that are still open, by median.
    fn age(&self, to: i64, which: Which<'_>) -> (usize, Option<f64>) {
        let is_open = |o: &&Order| o.confirmed != NO && o.confirmed < to && to <= o.ended;
        let open = self.orders.iter().filter(is_open).filter(|o| which(o.row));
        let mut ages: Vec<i64> = open.map(|o| to - o.confirmed).collect();
        ages.sort_unstable();
        let median = ages.len().checked_sub(1).map(|last| ages[last / 2] as f64 / DAY as f64);
        (ages.len(), median)
    }
    /// When each customer ordered before an instant, in order of time.
    fn customers(&self, at: i64, which: Which<'_>) -> BTreeMap<i64, Vec<i64>> {
        let before = |(party, times): (&i64, &Vec<(i64, u32)>)| {
            let past = &times[..times.partition_point(|(time, _)| *time < at)];
            let own = past.iter().filter(|(_, row)| which(*row));
            (*party, own.map(|(time, _)| *time).collect::<Vec<i64>>())
        };
        self.customers.iter().map(before).filter(|(_, times)| !times.is_empty()).collect()
    }
}

fn order(table: &Table, masters: &Masters, row: usize) -> Option<Order> {
    let at = |column| table.get(column, row);
    let (closed, cancelled) = (at("closed"), at("cancelled"));
    let ended = [closed, cancelled].into_iter().find(|time| *time != NO).unwrap_or(i64::MAX);
    let submitted = at("submitted");
    (submitted != NO).then(|| Order {
        row: row as u32,
        party: masters.number("order", "party", table.id[row]).unwrap_or(0),
        submitted,
        confirmed: at("confirmed"),
        ended,
        is_cancelled: cancelled != NO,
    })
}

/// Silent for half a year, and for three times the customer's usual time between two orders.
fn is_lost(times: &[i64], at: i64) -> bool {
    let Some(last) = times.last() else { return true };
    let mut gaps: Vec<i64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    gaps.sort_unstable();
    let usual = gaps.len().checked_sub(1).map_or(0, |end| gaps[end / 2]);
    at - last > SILENT.max(3 * usual)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Customer 1 orders on days 0, 100 and 200, customer 2 on day 10 alone, customer 3 on day
    /// 300; customer 4 cancels what it ordered on day 5. The order of day 300 is open, and was
    /// confirmed two days later; the others took ten days.
    fn made() -> Standing {
        let one = |(row, party, day): (u32, i64, i64)| Order {
            row,
            party,
            submitted: day * DAY,
            confirmed: (day + 2) * DAY,
            ended: if day == 300 { i64::MAX } else { (day + 10) * DAY },
            is_cancelled: party == 4,
        };
        let all = [(0, 1, 0), (1, 1, 100), (2, 1, 200), (3, 2, 10), (4, 3, 300), (5, 4, 5)];
        Standing::with(all.map(one).to_vec())
    }

    #[test]
    fn orders_in_hand_and_customers_by_hand() {
        let made = made();
        let of =
            |name: &str, from: i64, to: i64| made.figure(name, (from * DAY, to * DAY), &|_| true);
        // Ten days of the first, ten of the second customer's and ten of the cancelled, in twenty.
        assert_eq!(of("in_hand", 0, 20), (3, Some(1.5)));
        assert_eq!(of("age", 300, 312), (1, Some(10.0)));
        assert_eq!(of("age", 20, 50), (0, None));
        // Of customers 1, 2 and 3 the first ordered again.
        assert_eq!(of("repeating", 0, 310), (3, Some(100.0 / 3.0)));
        // A year and a day after its only order customer 2 is none any more; 3 is new.
        assert_eq!(of("staying", 300, 376), (2, Some(50.0)));
        // Customer 2 is silent for half a year at day 191; customer 1 orders each 100 days, and is
        // lost at day 501 only.
        assert_eq!(of("lost", 100, 190), (2, Some(0.0)));
        assert_eq!(of("lost", 100, 191), (2, Some(50.0)));
        assert_eq!((of("lost", 310, 499).1, of("lost", 310, 501).1), (Some(50.0), Some(100.0)));
        assert_eq!(of("nothing", 0, 10), (0, None));
    }

    #[test]
    fn a_slice_counts_its_own_orders_only() {
        let first = |row: u32| row < 3;
        let standing = made();
        assert_eq!(standing.figure("repeating", (0, 310 * DAY), &first), (1, Some(100.0)));
        assert_eq!(standing.rows("in_hand", 310 * DAY, &|_| true), [(4, 10.0)]);
        assert_eq!(standing.rows("age", 301 * DAY, &|_| true), []);
        assert_eq!(standing.rows("lost", 301 * DAY, &|_| true), []);
    }
}
