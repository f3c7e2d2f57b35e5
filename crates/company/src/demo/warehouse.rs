//! From the released order to the signed delivery note: picking, trucks, roads, proof of delivery.
use super::market::Reach;
use super::plants::Spot;
use super::sim::{Event, Heard, Sim, minutes_between};
use super::staff::{Job, Who};
use crate::{arrival, names};
use flows::order_to_cash::ship::{Leaving, deliver, perform, pick, ship, start_picking};
use kernel::{Id, Instant, Qty, Result};
use policy::Stage;
use stock::{Shipment, ShipmentLine};

/// A shipment as the simulation knows it.
pub(super) struct Parcel {
    pub(super) id: Id<Shipment>,
    case: usize,
    /// Somebody will come for it.
    planned: bool,
    gone: bool,
    picker: Who,
    left: Instant,
    arrived: Instant,
}

impl Sim<'_, '_> {
    pub(super) fn on_parcel(&mut self, now: Instant, case: usize, fact: &Heard) {
        let Some(id) = fact.object("shipment") else { return };
        let at = self.parcels.len();
        self.parcels.push(Parcel {
            id: Id::from_raw(id),
            case,
            planned: false,
            gone: false,
            picker: 0,
            left: now,
            arrived: now,
        });
        self.cases[case].parcels.push(at);
        if !self.blocked(case, Stage::Pick) {
            self.plan_pick(now, at);
        }
    }

    pub(super) fn on_parcel_cancelled(&mut self, fact: &Heard) {
        let id = fact.object("shipment").unwrap_or(0);
        if let Some(parcel) = self.parcels.iter_mut().rev().find(|p| p.id.raw() == id) {
            parcel.gone = true;
        }
    }

    pub(super) fn pick_what_waits(&mut self, now: Instant, case: usize) {
        for parcel in self.cases[case].parcels.clone() {
            let p = &self.parcels[parcel];
            if !p.planned && !p.gone {
                self.plan_pick(now, parcel);
            }
        }
    }

    fn plan_pick(&mut self, now: Instant, parcel: usize) {
        self.parcels[parcel].planned = true;
        let day = self.day(now);
        let rush = day.days_until(day.last_of_month()) < 4;
        let slow = arrival::from_festival(day).is_some_and(|d| (-3..=15).contains(&d));
        let pace = if slow {
            1.5
        } else if rush {
            0.55
        } else {
            1.0
        };
        let usual = self.hours(now, 2.6 * pace, 7.5 * pace);
        let case = self.parcels[parcel].case;
        let at = self.starve(case, usual);
        let at = self.lone_picker(parcel, case, at);
        self.at(at, Event::StartPick(parcel));
    }

    /// Plant 5: small customers wait while key accounts are served.
    fn starve(&mut self, case: usize, usual: Instant) -> Instant {
        let small = self.market.customers[self.cases[case].customer].small;
        let day = self.day(usual);
        let plant = self.truth.strength(Spot::SmallStarve, day);
        let Some((plant, strength)) = plant.filter(|_| small) else { return usual };
        if !self.dice.chance(0.6) {
            return usual;
        }
        let at = self.hours(usual, 13.0 * strength, 24.0 * strength);
        self.blame(plant, case, minutes_between(usual, at));
        at
    }

    /// Plant 4: at the month's end one picker does a whole category.
    fn lone_picker(&mut self, parcel: usize, case: usize, usual: Instant) -> Instant {
        let day = self.day(usual);
        let late = day.days_until(day.last_of_month()) < 7;
        let plant = self.truth.strength(Spot::OnePicker, day).filter(|_| late);
        let Some((plant, strength)) = plant else { return usual };
        let category = &self.truth.plants[plant].who;
        let goods = &self.market.goods;
        let lines = &self.cases[case].lines;
        if !lines.iter().any(|(p, _)| goods[*p].category == category) {
            return usual;
        }
        let begin = self.picker_free.max(usual);
        let minutes = (self.dice.delay(52.0, 80.0) * strength) as i64;
        self.picker_free = self.calendar.add_working_minutes(&self.house.zone, begin, minutes);
        self.parcels[parcel].picker = self.staff.of(Job::Warehouse)[0];
        self.blame(plant, case, minutes_between(usual, begin));
        begin
    }

    pub(super) fn start_pick(&mut self, now: Instant, parcel: usize) -> Result<()> {
        let (case, id) = (self.parcels[parcel].case, self.parcels[parcel].id);
        if self.parcels[parcel].gone {
            return Ok(());
        }
        if self.blocked(case, Stage::Pick) {
            self.parcels[parcel].planned = false;
            return Ok(());
        }
        if self.parcels[parcel].picker == 0 {
            self.parcels[parcel].picker = self.one_of(Job::Warehouse);
        }
        let who = self.parcels[parcel].picker;
        self.act(who, now, |cx, tx| start_picking(cx, tx, id))?;
        let at = self.hours(now, 0.5, 1.8);
        self.at(at, Event::Pick(parcel));
        Ok(())
    }

    pub(super) fn pick(&mut self, now: Instant, parcel: usize) -> Result<()> {
        let (case, id) = (self.parcels[parcel].case, self.parcels[parcel].id);
        if self.parcels[parcel].gone {
            return Ok(());
        }
        if self.blocked(case, Stage::Pick) {
            self.parcels[parcel].planned = false;
            return Ok(());
        }
        let who = self.parcels[parcel].picker;
        self.act(who, now, |cx, tx| pick(cx, tx, id))?;
        let at = self.truck(now);
        self.at(at, Event::Ship(parcel));
        Ok(())
    }

    /// Trucks take at four what was ready at half past three; none around the Spring Festival.
    fn truck(&mut self, ready: Instant) -> Instant {
        let mut day = self.day(ready);
        if self.house.zone.minute_of_day(ready) > 15 * 60 + 30 {
            day = day.plus_days(1);
        }
        while arrival::carriers_stop(day) || !self.calendar.is_working(day) {
            day = day.plus_days(1);
        }
        let minute = self.dice.between(16 * 60, 17 * 60 + 30);
        self.house.zone.at(day, minute).max(ready.plus(Instant::MINUTE))
    }

    pub(super) fn ship(&mut self, now: Instant, parcel: usize) -> Result<()> {
        let (case, id) = (self.parcels[parcel].case, self.parcels[parcel].id);
        if self.parcels[parcel].gone {
            return Ok(());
        }
        if self.blocked(case, Stage::Ship) {
            self.parcels[parcel].planned = false;
            return Ok(());
        }
        let reach = self.market.customers[self.cases[case].customer].reach;
        let leaving = Leaving {
            lines: Vec::new(),
            carrier: carrier(reach).to_owned(),
            tracking: format!("YD{:010}", id.raw() % 10_000_000_000),
        };
        let short = self.dice.chance(0.02);
        let who = self.parcels[parcel].picker;
        let done = self.act(who, now, |cx, tx| {
            let mut leaving = leaving.clone();
            if short {
                leaving.lines = all_but_some(&stock::commands::lock_shipment(tx, id)?.lines);
            }
            ship(cx, tx, id, &leaving)
        })?;
        self.parcels[parcel].gone = true;
        if done.is_none() {
            return Ok(());
        }
        self.cases[case].shipped = true;
        let arrives = self.arrives(now, case, reach);
        let (p50, p90) = if self.dice.chance(0.03) { (32.0, 45.0) } else { (4.0, 15.0) };
        let signed = self.days(arrives, p50, p90);
        let p = &mut self.parcels[parcel];
        (p.left, p.arrived) = (now, arrives);
        self.at(signed, Event::Deliver(parcel));
        Ok(())
    }

    /// The road; plant 6 is the carrier for far places.
    fn arrives(&mut self, left: Instant, case: usize, reach: Reach) -> Instant {
        let days = match reach {
            Reach::Near => self.dice.delay(1.2, 1.9),
            Reach::East => self.dice.delay(3.3, 4.9),
            Reach::Far => self.dice.delay(5.8, 8.1),
        };
        let day = self.day(left);
        let usual = self.house.zone.at(day.plus_days(days.round().max(1.0) as i64), 0);
        let usual = usual.plus(self.dice.between(9 * 60, 17 * 60) * Instant::MINUTE);
        let plant = self.truth.strength(Spot::SlowCarrier, day);
        let Some((plant, strength)) = plant.filter(|_| reach == Reach::Far) else { return usual };
        let more = (self.dice.delay(4.0, 6.0) * strength * 1440.0) as i64;
        self.blame(plant, case, more);
        usual.plus(more * Instant::MINUTE)
    }

    /// The signed note comes back: that is when we know.
    pub(super) fn deliver(&mut self, now: Instant, parcel: usize) -> Result<()> {
        let p = &self.parcels[parcel];
        let (case, id, arrived) = (p.case, p.id, p.arrived.max(p.left));
        let signed_by = names::company(self.cases[case].customer).contact.name;
        let who = self.one_of(Job::Warehouse);
        let done = self.act(who, now, |cx, tx| deliver(cx, tx, id, &signed_by, Some(arrived)))?;
        if done.is_some() {
            self.will_bill(now, case);
            self.may_come_back(now, case);
        }
        Ok(())
    }

    pub(super) fn perform(&mut self, now: Instant, case: usize) -> Result<()> {
        let order = self.cases[case].order;
        if self.cases[case].state != sales::OrderState::Confirmed {
            return Ok(());
        }
        let who = self.one_of(Job::Desk);
        let done = self.act(who, now, |cx, tx| perform(cx, tx, order))?;
        if done.is_some() {
            self.will_bill(now, case);
        }
        Ok(())
    }
}

/// The last line leaves a third behind.
fn all_but_some(lines: &[ShipmentLine]) -> Vec<(Id<ShipmentLine>, Qty)> {
    let last = lines.len().saturating_sub(1);
    let part = |(at, line): (usize, &ShipmentLine)| {
        let units = line.assigned.0 / Qty::SCALE;
        let behind = if at == last && units >= 3 { units / 3 } else { 0 };
        (line.id, Qty(line.assigned.0 - Qty::whole(behind).0))
    };
    lines.iter().enumerate().filter(|(_, l)| l.assigned.0 > 0).map(part).collect()
}

/// The carrier for a distance; the far one is plant 6's.
pub(super) const fn carrier(reach: Reach) -> &'static str {
    match reach {
        Reach::Near => "甬城配送",
        Reach::East => "华东零担",
        Reach::Far => "西南专线",
    }
}
