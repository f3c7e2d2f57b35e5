//! Stock that comes in: a planner's reorder points, suppliers' days, receipts that fill backorders.
use super::market::Market;
use super::masters::Masters;
use super::plants::Spot;
use super::sim::{Event, Sim};
use super::staff::Job;
use crate::arrival;
use crate::dice::Dice;
use flows::order_to_cash::receive::{NewReceipt, NewReceiptLine, receive, value_of};
use kernel::{Currency, Day, Instant, Price, Qty, Result};
use sales::OrderState;
use std::collections::BTreeMap;
use stock::ReceiptKind;

/// What the planner sees of each product, in whole units.
pub(super) struct Supply {
    /// On hand less what is ordered; negative is a backlog.
    free: Vec<i64>,
    coming: Vec<i64>,
    /// Products and units by the day of their arrival.
    arrivals: BTreeMap<i64, Vec<(usize, i64)>>,
    /// Products with wrong lead times in planning (plant 9).
    pub(super) wrong: Vec<bool>,
    /// The same products as they would stand with right lead times: what plant 9 is blamed by.
    right: BTreeMap<usize, Right>,
    dice: Dice,
}

/// A product that is planned as all others are: what would be there, and what would be coming.
#[derive(Default)]
struct Right {
    free: i64,
    coming: Vec<(i64, i64)>,
}

/// Days of demand that a reorder point covers, and its share of a usual line.
const COVER_DAYS: f64 = 15.0;
const COVER_LINES: f64 = 2.3;
/// The share of a reorder point that a lead time too short takes off.
const TOO_SHORT: f64 = 0.95;
/// Days of demand of one purchase; fewer where goods are thought to come quickly (plant 9).
const BUY_DAYS: f64 = 38.0;
const BUY_QUICK_DAYS: f64 = 8.0;

impl Supply {
    pub(super) fn of(market: &Market, masters: &Masters, seed: u64) -> Self {
        let count = market.goods.len();
        Self {
            free: masters.on_hand.clone(),
            coming: vec![0; count],
            arrivals: BTreeMap::new(),
            wrong: vec![false; count],
            right: BTreeMap::new(),
            dice: Dice::new(seed, 9),
        }
    }

    /// From now on this product's lead time in planning is wrong.
    pub(super) fn mistake(&mut self, product: usize) {
        self.wrong[product] = true;
        let free = self.free[product];
        self.right.insert(product, Right { free, coming: Vec::new() });
    }

    /// Orders claim units, or give them back.
    pub(super) fn claim(&mut self, lines: &[(usize, i64)]) {
        for (product, units) in lines {
            self.free[*product] -= units;
            if let Some(right) = self.right.get_mut(product) {
                right.free -= units;
            }
        }
    }

    /// A morning of the products with wrong lead times, had they been planned as all others are.
    fn review_right(&mut self, today: i64, demand: &[(f64, f64)]) {
        for (product, right) in &mut self.right {
            let arrived = right.coming.iter().filter(|(day, _)| *day <= today);
            right.free += arrived.map(|(_, units)| units).sum::<i64>();
            right.coming.retain(|(day, _)| *day > today);
            let (daily, _) = demand[*product];
            let point = reorder_point(demand[*product]).ceil() as i64;
            let position = right.free + right.coming.iter().map(|(_, units)| units).sum::<i64>();
            if position < point {
                let units = point - position + (daily * BUY_DAYS).ceil() as i64;
                let mut arrives = today + self.dice.delay(6.0, 16.0).round() as i64;
                while arrival::carriers_stop(Day::of(1970, 1, 1).plus_days(arrives)) {
                    arrives += 1;
                }
                right.coming.push((arrives, units));
            }
        }
    }
}

fn reorder_point((daily, line): (f64, f64)) -> f64 {
    daily * COVER_DAYS + line * COVER_LINES
}

impl Sim<'_, '_> {
    /// Every morning: what is below its reorder point is bought.
    pub(super) fn review(&mut self, now: Instant) -> Result<()> {
        self.chase(now)?;
        let day = self.day(now);
        let next = self.calendar.add_working_days(day, 1);
        let tomorrow = self.house.zone.at(next, 8 * 60 + 40);
        self.at(tomorrow, Event::Review);
        let short_lead = self.truth.strength(Spot::ShortLeadTimes, day);
        self.supply.review_right(day.number(), &self.market.demand);
        for product in 0..self.market.goods.len() {
            if self.market.goods[product].service || !self.market.goods[product].active {
                continue;
            }
            let (daily, _) = self.market.demand[product];
            let (mut need, mut days) = (reorder_point(self.market.demand[product]), BUY_DAYS);
            // Plant 9: who takes goods for quickly had reorders when they are all but gone, and
            // buys what is wanted now.
            if let Some((_, strength)) = short_lead.filter(|_| self.supply.wrong[product]) {
                need *= (1.0 - TOO_SHORT * strength).max(0.0);
                days = BUY_QUICK_DAYS;
            }
            let point = need.ceil() as i64;
            let position = self.supply.free[product] + self.supply.coming[product];
            if position >= point {
                continue;
            }
            let units = point - position + (daily * days).ceil() as i64;
            self.buy(now, product, units);
        }
        Ok(())
    }

    fn buy(&mut self, now: Instant, product: usize, units: i64) {
        let at = self.days(now, 6.0, 16.0);
        let mut arrives = self.day(at);
        while arrival::carriers_stop(arrives) {
            arrives = arrives.plus_days(1);
        }
        let arrives = self.calendar.next_working(arrives).number();
        self.supply.coming[product] += units;
        let new = !self.supply.arrivals.contains_key(&arrives);
        self.supply.arrivals.entry(arrives).or_default().push((product, units));
        if new {
            let day = self.day(now);
            let at = self.house.zone.at(day.plus_days(arrives - day.number()), 10 * 60 + 15);
            self.at(at.max(now), Event::Receive(arrives));
        }
    }

    /// What arrives on a day, warehouse by warehouse.
    pub(super) fn receive(&mut self, now: Instant, day: i64) -> Result<()> {
        let Some(mut arrived) = self.supply.arrivals.remove(&day) else { return Ok(()) };
        arrived.sort_unstable();
        for (seat, warehouse) in self.masters.warehouses.into_iter().enumerate() {
            let here: Vec<(usize, i64)> = arrived
                .iter()
                .copied()
                .filter(|(p, _)| self.market.goods[*p].warehouse == seat)
                .collect();
            if here.is_empty() {
                continue;
            }
            let lines = here.iter().map(|(product, units)| self.bought(*product, *units)).collect();
            let reason = "采购到货".to_owned();
            let new = NewReceipt { kind: ReceiptKind::Purchase, warehouse, reason, lines };
            let who = self.one_of(Job::Buyer);
            let at = now.plus(seat as i64 * 7 * Instant::MINUTE);
            self.act(who, at, |cx, tx| receive(cx, tx, &new))?;
            for (product, units) in here {
                self.supply.free[product] += units;
                self.supply.coming[product] -= units;
            }
        }
        Ok(())
    }

    /// Bought at about the standard cost.
    fn bought(&mut self, product: usize, units: i64) -> NewReceiptLine {
        let qty = Qty::whole(units);
        let cost = self.market.goods[product].cost.0 as f64 * self.dice.spread(1.0, 0.03);
        let value = value_of(qty, Price(cost.round() as i64), Currency::CNY);
        NewReceiptLine { product: self.masters.products[product], qty, value }
    }

    /// Plant 9: a stock hold for goods that right lead times would have had here. An order that
    /// lacks anything else as well would have waited anyway, and is nobody's.
    pub(super) fn lacks_by_plan(&self, now: Instant, case: usize) -> Option<usize> {
        let plant = self.truth.active(Spot::ShortLeadTimes, self.day(now))?;
        let c = &self.cases[case];
        let is_claimed = c.state == OrderState::Confirmed;
        let own = |units: i64| if is_claimed { 0 } else { units };
        let is_short = |(p, units): &&(usize, i64)| {
            !self.market.goods[*p].service && self.supply.free[*p] < own(*units)
        };
        let would_be_here = |(p, units): &(usize, i64)| {
            self.supply.right.get(p).is_some_and(|right| right.free >= own(*units))
        };
        let mut short = c.lines.iter().filter(is_short).peekable();
        short.peek()?;
        short.all(would_be_here).then_some(plant)
    }
}
