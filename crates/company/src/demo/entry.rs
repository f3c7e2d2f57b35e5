//! Orders from the message to the confirmation: entering, holds and who lets them pass, changes.
use super::market::{Origin, Reach};
use super::plants::Spot;
use super::sim::{Event, Heard, Sim, kind_of, minutes_between};
use super::staff::{Job, Who};
use crate::{arrival, names};
use flows::order_to_cash::change::{Change, LineChange, cancel_order, change_order};
use flows::order_to_cash::change_orders::{self, NewChange};
use flows::order_to_cash::enter::{NewOrder, create_order};
use flows::order_to_cash::holds::release_hold;
use flows::order_to_cash::submit::{confirm_order, submit_order};
use kernel::{Day, Id, Instant, Qty, Result};
use policy::{HoldKind, Stage, blocks};
use sales::{Asked, AskedBy, Order, OrderState};

/// An order as the simulation knows it.
pub(super) struct Case {
    pub(super) order: Id<Order>,
    pub(super) customer: usize,
    /// Product and whole units, by line.
    pub(super) lines: Vec<(usize, i64)>,
    pub(super) gross: i64,
    pub(super) state: OrderState,
    pub(super) holds: Vec<(i64, HoldKind)>,
    pub(super) parcels: Vec<usize>,
    pub(super) deposited: bool,
    pub(super) shipped: bool,
    /// Somebody will bill it.
    pub(super) to_bill: bool,
    /// Nobody touches it unless something is wrong.
    auto: bool,
    wished: Option<Day>,
    /// The customer's own salesperson, who may be careless.
    pub(super) entered_by: Who,
    duplicate: bool,
    /// The plant that makes it wait for goods, its hold, and since when.
    lacking: Option<(usize, i64, Instant)>,
}

impl Sim<'_, '_> {
    pub(super) fn wish(&mut self, now: Instant, wish: usize) -> Result<()> {
        let auto = self.market.wishes[wish].origin == Origin::CallOff;
        let at = if auto {
            now.plus(self.dice.between(1, 9) * Instant::MINUTE)
        } else {
            self.hours(now, 1.5, 9.0)
        };
        self.at(at, Event::Enter(wish));
        Ok(())
    }

    pub(super) fn enter(&mut self, now: Instant, wish: usize) -> Result<()> {
        let of = self.market.wishes[wish].clone();
        let Some(party) = self.masters.parties[of.customer] else {
            let later = now.plus(9 * Instant::DAY);
            self.at(later, Event::Enter(wish));
            return Ok(());
        };
        let auto = of.origin == Origin::CallOff;
        let who = self.who_enters(now, of.customer, auto);
        let lines = self.asked(of.customer, &of.lines, auto);
        let mut new = NewOrder::of(party, lines);
        new.channel = if auto { "web" } else { *self.dice.pick(CHANNELS) }.to_owned();
        self.fill_in(now, wish, who, &mut new);
        let duplicate = !auto && !new.customer_po_no.is_empty() && self.dice.chance(0.012);
        if duplicate {
            let again = self.hours(now, 9.0, 20.0);
            self.twice.insert(wish, (who, new.clone()));
            self.at(again, Event::Twice(wish));
        }
        self.place(now, (of.customer, of.lines), (who, auto), &new)
    }

    /// The same message is entered a second time.
    pub(super) fn enter_twice(&mut self, now: Instant, wish: usize) -> Result<()> {
        let Some((who, new)) = self.twice.remove(&wish) else { return Ok(()) };
        let of = &self.market.wishes[wish];
        let (customer, lines) = (of.customer, of.lines.clone());
        self.place(now, (customer, lines), (who, false), &new)?;
        if let Some(case) = self.cases.last_mut() {
            case.duplicate = true;
        }
        Ok(())
    }

    fn who_enters(&mut self, now: Instant, customer: usize, auto: bool) -> Who {
        let own = self.staff.of(Job::Sales)[self.market.customers[customer].sales];
        let careless = self.careless(now) == Some(own);
        if !auto && (careless || self.dice.chance(0.4)) { own } else { self.one_of(Job::Desk) }
    }

    /// The careless salesperson of plant 7, while it is at work.
    fn careless(&self, now: Instant) -> Option<Who> {
        let at = self.truth.active(Spot::CarelessSales, self.day(now))?;
        let seats = self.staff.of(Job::Sales);
        seats.into_iter().find(|who| self.staff.login(*who) == self.truth.plants[at].who)
    }

    /// Lines with the discounts that people give by hand.
    pub(super) fn asked(
        &mut self,
        customer: usize,
        lines: &[(usize, i64)],
        auto: bool,
    ) -> Vec<Asked> {
        let percent = match self.dice.below(1000) {
            0..=79 if !auto => self.dice.between(13, 19),
            80..=260 if !auto => self.dice.between(2, 7),
            _ => 0,
        };
        let given = self.dice.below(lines.len().max(1));
        let ask = |(at, (product, units)): (usize, &(usize, i64))| {
            let price = self.market.price(customer, *product);
            let value = i128::from(price.0) * i128::from(*units) / 10_000;
            let off = if at == given { value * i128::from(percent) / 100 } else { 0 };
            Asked {
                product: self.masters.products[*product],
                qty: Qty::whole(*units),
                price: None,
                discount: i64::try_from(off).unwrap_or(0),
            }
        };
        lines.iter().enumerate().map(ask).collect()
    }

    /// Date, address and the customer's own number; careless people forget some of it.
    fn fill_in(&mut self, now: Instant, wish: usize, who: Who, new: &mut NewOrder) {
        let of = &self.market.wishes[wish];
        let auto = of.origin == Origin::CallOff;
        let (customer, reach) = (of.customer, self.market.customers[of.customer].reach);
        let place = names::company(customer);
        new.ship_to = format!("{} {}", place.address, place.contact.name);
        new.requested_on = Some(self.wished_day(now, reach));
        if auto || self.dice.chance(0.35) {
            new.customer_po_no = format!("PO{customer:03}-{wish:05}");
        }
        let share = match self.careless(now) {
            Some(careless) if careless == who => 0.40,
            _ if auto => 0.02,
            _ => 0.07,
        };
        if self.dice.chance(share) {
            if self.dice.chance(0.6) {
                new.requested_on = None;
            } else {
                new.ship_to.clear();
            }
        }
    }

    /// When customers wish to have it: soon, as far as roads allow.
    fn wished_day(&mut self, now: Instant, reach: Reach) -> Day {
        let least = match reach {
            Reach::Near => 4,
            Reach::East => 7,
            Reach::Far => 11,
        };
        let more = self.dice.delay(5.0, 16.0).round() as i64;
        let mut day = self.day(now).plus_days(least + more);
        let road = least - 1;
        // Everybody knows when no truck runs.
        while arrival::carriers_stop(day) || arrival::carriers_stop(day.plus_days(-road)) {
            day = day.plus_days(1);
        }
        self.calendar.next_working(day)
    }

    fn place(
        &mut self,
        now: Instant,
        (customer, lines): (usize, Vec<(usize, i64)>),
        (who, auto): (Who, bool),
        new: &NewOrder,
    ) -> Result<()> {
        let made = if auto {
            self.act_by_rule(who, now, |cx, tx| create_order(cx, tx, new))?
        } else {
            self.act(who, now, |cx, tx| create_order(cx, tx, new))?
        };
        if let Some(order) = made {
            self.open_case(now, &order, (customer, lines), (who, auto));
        }
        Ok(())
    }

    /// Follows an order from its draft on.
    pub(super) fn open_case(
        &mut self,
        now: Instant,
        order: &Order,
        (customer, lines): (usize, Vec<(usize, i64)>),
        (who, auto): (Who, bool),
    ) {
        let case = self.cases.len();
        self.case_of.insert(order.id.raw(), case);
        self.cases.push(Case {
            order: order.id,
            customer,
            lines,
            gross: order.gross,
            state: order.state,
            holds: Vec::new(),
            parcels: Vec::new(),
            deposited: false,
            shipped: false,
            to_bill: false,
            auto,
            wished: order.requested_on,
            entered_by: who,
            duplicate: false,
            lacking: None,
        });
        let day = self.day(now);
        for plant in &mut self.truth.plants {
            plant.of += i64::from(plant.from <= day && day <= plant.until);
        }
        let at = if auto { now.plus(Instant::MINUTE) } else { self.hours(now, 1.0, 6.0) };
        self.at(at, Event::Submit(case));
    }

    pub(super) fn submit(&mut self, now: Instant, case: usize) -> Result<()> {
        let (order, who, auto) = {
            let c = &self.cases[case];
            (c.order, c.entered_by, c.auto)
        };
        let done = if auto {
            self.act_by_rule(who, now, |cx, tx| submit_order(cx, tx, order))?
        } else {
            self.act(who, now, |cx, tx| submit_order(cx, tx, order))?
        };
        if let Some(order) = done {
            self.cases[case].state = order.state;
        }
        Ok(())
    }

    // ---- what facts say

    pub(super) fn on_confirmed(&mut self, now: Instant, case: usize) {
        self.cases[case].state = OrderState::Confirmed;
        let lines = self.cases[case].lines.clone();
        self.supply.claim(&lines);
        if lines.iter().any(|(p, _)| self.market.goods[*p].service) {
            let at = self.days(now, 4.0, 10.0);
            self.at(at, Event::Perform(case));
        }
        if self.dice.chance(0.15) {
            let at = self.hours(now, 3.0, 14.0);
            self.at(at, Event::Change(case));
        } else if self.dice.chance(0.035) {
            let at = self.hours(now, 2.0, 8.0);
            self.at(at, Event::Cancel(case));
        }
    }

    pub(super) fn on_hold(&mut self, now: Instant, case: usize, fact: &Heard) {
        let (Some(hold), Some(kind)) = (fact.object("hold"), kind_of(fact)) else { return };
        self.cases[case].holds.push((hold, kind));
        match kind {
            HoldKind::Data => self.will_fix(now, case),
            HoldKind::Price | HoldKind::Approval => {
                let at = self.hours(now, 4.0, 16.0);
                let at = self.approver_back(case, at);
                self.at(at, Event::Release(case, hold));
            }
            HoldKind::Credit => {
                let at = self.hours(now, 7.0, 30.0);
                let at = self.credit_day(case, at);
                self.at(at, Event::Release(case, hold));
            }
            HoldKind::Overdue => {
                let at = self.hours(now, 8.0, 34.0);
                self.blame_cash(now, at, case);
                self.at(at, Event::Release(case, hold));
            }
            HoldKind::Prepayment => {
                let at = self.days(now, 2.0, 9.0);
                self.at(at, Event::Deposit(case));
            }
            HoldKind::Duplicate => {
                let at = self.hours(now, 2.0, 6.0);
                self.at(at, Event::Cancel(case));
            }
            HoldKind::Stock => {
                let plant = self.lacks_by_plan(now, case);
                self.cases[case].lacking = plant.map(|plant| (plant, hold, now));
            }
            HoldKind::Customer | HoldKind::Billing => {}
        }
    }

    fn will_fix(&mut self, now: Instant, case: usize) {
        let careless = self.careless(now) == Some(self.cases[case].entered_by);
        let at = self.hours(now, 3.0, 12.0);
        if careless {
            // Ping-pong: the first answer does not suffice.
            let second = self.hours(at, 6.0, 20.0);
            if let Some(plant) = self.truth.active(Spot::CarelessSales, self.day(now)) {
                self.blame(plant, case, minutes_between(now, second));
            }
            self.at(at, Event::Fix(case, 1));
            self.at(second, Event::Fix(case, 0));
        } else {
            self.at(at, Event::Fix(case, 0));
        }
    }

    /// Plant 2: who approves discounts is away five working days of fifteen.
    fn approver_back(&mut self, case: usize, at: Instant) -> Instant {
        let day = self.day(at);
        let Some((plant, strength)) = self.truth.strength(Spot::ApproverTravels, day) else {
            return at;
        };
        let away = (5.0 * strength).round() as i64;
        let begun = self.truth.plants[plant].from;
        let place = self.calendar.working_days(begun, day) % 15;
        if place >= away {
            return at;
        }
        let back = self.on_day(self.calendar.add_working_days(day, away - place));
        self.blame(plant, case, minutes_between(at, back));
        back.max(at)
    }

    /// Plant 1: credit is looked at on Tuesdays and Fridays at four.
    fn credit_day(&mut self, case: usize, at: Instant) -> Instant {
        let mut day = self.day(at);
        let Some(plant) = self.truth.active(Spot::CreditTwiceAWeek, day) else { return at };
        let four = 16 * 60;
        let fits = |d: Day| matches!(d.weekday(), 2 | 5) && self.calendar.is_working(d);
        while !fits(day) || self.house.zone.at(day, four) < at {
            day = day.plus_days(1);
        }
        let batch = self.house.zone.at(day, four + self.dice.between(0, 25));
        self.blame(plant, case, minutes_between(at, batch));
        batch.max(at)
    }

    pub(super) fn on_release(&mut self, now: Instant, case: usize, fact: &Heard) {
        let hold = fact.object("hold").unwrap_or(0);
        self.cases[case].holds.retain(|(id, _)| *id != hold);
        if let Some((plant, _, since)) = self.cases[case].lacking.take_if(|l| l.1 == hold) {
            self.blame(plant, case, minutes_between(since, now));
        }
        if !self.blocked(case, Stage::Pick) {
            self.pick_what_waits(now, case);
        }
    }

    pub(super) fn blocked(&self, case: usize, stage: Stage) -> bool {
        self.cases[case].holds.iter().any(|(_, kind)| blocks(*kind, stage))
    }

    fn holds(&self, case: usize, hold: i64) -> Option<HoldKind> {
        self.cases[case].holds.iter().find(|(id, _)| *id == hold).map(|(_, kind)| *kind)
    }

    // ---- what people do about holds

    pub(super) fn fix(&mut self, now: Instant, case: usize, rounds: u8) -> Result<()> {
        let Some(at) = self.cases[case].holds.iter().position(|h| h.1 == HoldKind::Data) else {
            return Ok(());
        };
        let hold = self.cases[case].holds[at].0;
        let (order, customer) = (self.cases[case].order, self.cases[case].customer);
        let reach = self.market.customers[customer].reach;
        let day = self.wished_day(now, reach);
        let place = names::company(customer);
        let mut change = Change { reason: "补充资料".to_owned(), ..Change::default() };
        change.ship_to = Some(format!("{} {}", place.address, place.contact.name));
        if rounds > 0 {
            // Asked and answered, but the main thing is still missing.
            change.ship_to = Some(format!("{} 待确认", place.address));
        } else {
            change.requested_on = self.cases[case].wished.or(Some(day));
        }
        let who = self.one_of(Job::Desk);
        self.act(who, now, |cx, tx| change_order(cx, tx, order, &change))?;
        let others = |(id, kind): &(i64, HoldKind)| *id != hold && blocks(*kind, Stage::Confirm);
        if rounds == 0 && !self.cases[case].holds.iter().any(others) {
            let at = now.plus(self.dice.between(1, 12) * Instant::MINUTE);
            self.act(who, at, |cx, tx| confirm_order(cx, tx, order))?;
        }
        Ok(())
    }

    pub(super) fn release(&mut self, now: Instant, case: usize, hold: i64) -> Result<()> {
        let Some(kind) = self.holds(case, hold) else { return Ok(()) };
        let (job, reason) = match kind {
            HoldKind::Price | HoldKind::Approval => (Job::Approver, "同意，量大"),
            HoldKind::Overdue => (Job::Credit, "已催款，放行"),
            _ => (Job::Credit, "客户信誉良好，放行"),
        };
        let who = self.one_of(job);
        let id = Id::from_raw(hold);
        self.act(who, now, |cx, tx| release_hold(cx, tx, id, reason))?;
        Ok(())
    }

    // ---- changes

    pub(super) fn change(&mut self, now: Instant, case: usize) -> Result<()> {
        let c = &self.cases[case];
        let prepaid = c.deposited || c.holds.iter().any(|(_, kind)| *kind == HoldKind::Prepayment);
        if c.state != OrderState::Confirmed || c.shipped || prepaid {
            return Ok(());
        }
        let (order, lines) = (c.order, c.lines.clone());
        let mut change = Change { reason: "客户要求".to_owned(), ..Change::default() };
        let line = self.dice.below(lines.len());
        let (product, units) = lines[line];
        let service = self.market.goods[product].service;
        let mut wanted = units;
        if service || self.dice.chance(0.6) {
            let later = self.dice.between(2, 9);
            let day = self.cases[case].wished.unwrap_or(self.day(now)).plus_days(later);
            change.requested_on = Some(day);
        } else {
            wanted = (units as f64 * self.dice.spread(1.0, 0.4)).round().max(1.0) as i64;
            change.lines.push(LineChange::qty(line as i64 + 1, Qty::whole(wanted)));
        }
        let who = self.one_of(Job::Desk);
        if change.requested_on.is_none() && wanted == units {
            return Ok(());
        }
        let asked_by = AskedBy::Customer;
        let new = NewChange { order, asked_by, evidence: String::new(), change };
        let done = self.act(who, now, |cx, tx| {
            let drawn = change_orders::draw_up(cx, tx, &new)?;
            change_orders::submit(cx, tx, drawn.id)?;
            sales::commands::order(tx, order)
        })?;
        if let Some(order) = done {
            self.supply.claim(&[(product, wanted - units)]);
            let c = &mut self.cases[case];
            (c.gross, c.lines[line].1) = (order.gross, wanted);
        }
        Ok(())
    }

    pub(super) fn cancel(&mut self, now: Instant, case: usize) -> Result<()> {
        let c = &self.cases[case];
        let live = matches!(c.state, OrderState::Confirmed | OrderState::Submitted);
        if !live || c.shipped || c.deposited {
            return Ok(());
        }
        let reason = if c.duplicate { "重复下单" } else { "客户取消" };
        let (order, lines) = (c.order, c.lines.clone());
        let who = self.one_of(Job::Desk);
        let was = self.cases[case].state;
        let done = self.act(who, now, |cx, tx| cancel_order(cx, tx, order, reason))?;
        if done.is_some() {
            self.cases[case].state = OrderState::Cancelled;
            if was == OrderState::Confirmed {
                let back: Vec<_> = lines.iter().map(|(p, units)| (*p, -units)).collect();
                self.supply.claim(&back);
            }
        }
        Ok(())
    }
}

const CHANNELS: &[&str] = &["wechat", "wechat", "wechat", "phone", "phone", "file", "mail"];
