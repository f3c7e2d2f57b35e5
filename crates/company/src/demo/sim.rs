//! The simulation itself: a queue of events in time, people who act, and facts that are reacted to.
use super::cash::{Due, Paid};
use super::entry::Case;
use super::market::Market;
use super::masters::Masters;
use super::pipeline::{Deal, Step};
use super::plants::Truth;
use super::purchase::Supply;
use super::returns::{Back, BackStep};
use super::staff::{House, Job, Staff, Who};
use super::warehouse::Parcel;
use crate::dice::Dice;
use flows::order_to_cash::enter::NewOrder;
use kernel::calendar::BusinessCalendar;
use kernel::{ActorKind, Ctx, Day, Fact, Instant, Kind, ObjectRef, Result, Source};
use policy::HoldKind;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use store::{Session, Tx};

/// Something that will happen. Numbers are places in the simulation's own lists.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Event {
    /// A customer's message arrives.
    Wish(usize),
    /// Somebody enters it.
    Enter(usize),
    Twice(usize),
    Submit(usize),
    /// Missing data is brought, in so many rounds more.
    Fix(usize, u8),
    /// A person lets a hold pass.
    Release(usize, i64),
    Deposit(usize),
    Change(usize),
    Cancel(usize),
    StartPick(usize),
    Pick(usize),
    Ship(usize),
    Deliver(usize),
    Perform(usize),
    Bill(usize),
    BillAll(usize),
    /// A customer pays what it means to pay on a day.
    Pay(usize, i64),
    Apply(usize),
    /// A customer is not content with something of what it got.
    AskBack(usize),
    Back(usize, BackStep),
    Review,
    Receive(i64),
    Books(i64),
    Deal(usize, Step),
    Leave(Who),
}

/// A fact as the simulation reacts to it.
pub(super) struct Heard {
    pub(super) activity: &'static str,
    pub(super) reason: String,
    objects: Vec<ObjectRef>,
}

impl Heard {
    pub(super) fn object(&self, kind: &str) -> Option<i64> {
        self.objects.iter().find(|o| o.kind == kind).map(|o| o.id)
    }
}

/// How many events were handled, and how far the year has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Progress {
    pub day: Day,
    pub days_done: i64,
    pub days: i64,
    pub orders: usize,
}

pub(super) struct Sim<'a, 's> {
    pub(super) session: &'a mut Session<'s>,
    pub(super) house: House,
    pub(super) staff: Staff,
    pub(super) market: Market,
    pub(super) masters: Masters,
    pub(super) truth: Truth,
    pub(super) dice: Dice,
    pub(super) calendar: BusinessCalendar,
    queue: BinaryHeap<Reverse<(Instant, u64, Event)>>,
    queued: u64,
    pub(super) cases: Vec<Case>,
    pub(super) case_of: BTreeMap<i64, usize>,
    /// Orders that will be entered a second time, by wish.
    pub(super) twice: BTreeMap<usize, (Who, NewOrder)>,
    pub(super) parcels: Vec<Parcel>,
    pub(super) dues: Vec<Due>,
    /// Dues by customer and day on which they are meant to be paid.
    pub(super) promised: BTreeMap<(usize, i64), Vec<usize>>,
    pub(super) paid: Vec<Paid>,
    pub(super) backs: Vec<Back>,
    /// What is owed and what of it is overdue, looked at each morning when the year ends.
    pub(super) owed: (i64, i64),
    /// What was billed so far.
    pub(super) billed: i64,
    /// Cases of a customer that wait for its monthly invoice.
    pub(super) unbilled: BTreeMap<usize, Vec<usize>>,
    pub(super) deals: Vec<Deal>,
    pub(super) supply: Supply,
    /// When the lone picker of plant 4 is free again.
    pub(super) picker_free: Instant,
}

impl<'a, 's> Sim<'a, 's> {
    pub(super) fn new(
        session: &'a mut Session<'s>,
        (house, staff): (House, Staff),
        (market, masters): (Market, Masters),
        (truth, seed): (Truth, u64),
    ) -> Self {
        let supply = Supply::of(&market, &masters, seed);
        Self {
            session,
            house,
            staff,
            market,
            masters,
            truth,
            dice: Dice::new(seed, 4),
            calendar: BusinessCalendar::china(),
            queue: BinaryHeap::new(),
            queued: 0,
            cases: Vec::new(),
            case_of: BTreeMap::new(),
            twice: BTreeMap::new(),
            parcels: Vec::new(),
            dues: Vec::new(),
            promised: BTreeMap::new(),
            paid: Vec::new(),
            backs: Vec::new(),
            owed: (0, 0),
            billed: 0,
            unbilled: BTreeMap::new(),
            deals: Vec::new(),
            supply,
            picker_free: Instant(0),
        }
    }

    pub(super) fn at(&mut self, when: Instant, event: Event) {
        self.queued += 1;
        self.queue.push(Reverse((when, self.queued, event)));
    }

    /// Lives through the year; what lies behind its last evening does not happen.
    pub(super) fn live(&mut self, progress: &mut dyn FnMut(Progress)) -> Result<()> {
        let end = self.house.zone.at(self.truth.until.plus_days(1), 0);
        let days = self.truth.from.days_until(self.truth.until) + 1;
        let mut last = self.truth.from.plus_days(-1);
        while let Some(Reverse((now, _, event))) = self.queue.pop() {
            if now >= end {
                break;
            }
            let day = self.house.zone.day(now);
            if day > last {
                last = day;
                let days_done = self.truth.from.days_until(day);
                progress(Progress { day, days_done, days, orders: self.cases.len() });
            }
            self.happen(now, event)?;
        }
        Ok(())
    }

    fn happen(&mut self, now: Instant, event: Event) -> Result<()> {
        match event {
            Event::Wish(wish) => self.wish(now, wish),
            Event::Enter(wish) => self.enter(now, wish),
            Event::Twice(wish) => self.enter_twice(now, wish),
            Event::Submit(case) => self.submit(now, case),
            Event::Fix(case, rounds) => self.fix(now, case, rounds),
            Event::Release(case, hold) => self.release(now, case, hold),
            Event::Deposit(case) => self.deposit(now, case),
            Event::Change(case) => self.change(now, case),
            Event::Cancel(case) => self.cancel(now, case),
            Event::StartPick(parcel) => self.start_pick(now, parcel),
            Event::Pick(parcel) => self.pick(now, parcel),
            Event::Ship(parcel) => self.ship(now, parcel),
            Event::Deliver(parcel) => self.deliver(now, parcel),
            Event::Perform(case) => self.perform(now, case),
            Event::Bill(case) => self.bill(now, case),
            Event::BillAll(customer) => self.bill_all(now, customer),
            Event::Pay(customer, day) => self.pay(now, customer, day),
            Event::Apply(paid) => self.apply(now, paid),
            Event::AskBack(case) => self.ask_back(now, case),
            Event::Back(back, step) => self.back(now, back, step),
            Event::Review => self.review(now),
            Event::Receive(day) => self.receive(now, day),
            Event::Books(day) => self.books(now, day),
            Event::Deal(deal, step) => self.deal(now, deal, step),
            Event::Leave(who) => self.staff.replace(self.session, &self.house, now, who),
        }
    }

    // ---- acting

    /// A person runs a command; `None` when it was refused. Bugs and missing rights end the year.
    pub(super) fn act<T>(
        &mut self,
        who: Who,
        now: Instant,
        job: impl Fn(&Ctx, &mut Tx) -> Result<T>,
    ) -> Result<Option<T>> {
        let cx = self.staff.at(&self.house, who, now);
        self.run(&cx, job)
    }

    /// A rule runs a command in a person's name: what nobody touches.
    pub(super) fn act_by_rule<T>(
        &mut self,
        who: Who,
        now: Instant,
        job: impl Fn(&Ctx, &mut Tx) -> Result<T>,
    ) -> Result<Option<T>> {
        let mut cx = self.staff.at(&self.house, who, now);
        (cx.actor_kind, cx.source) = (ActorKind::Rule, Source::Api);
        self.run(&cx, job)
    }

    fn run<T>(&mut self, cx: &Ctx, job: impl Fn(&Ctx, &mut Tx) -> Result<T>) -> Result<Option<T>> {
        let done = self.session.run(cx, |cx, tx| {
            let value = job(cx, tx)?;
            Ok((value, tx.told().iter().filter_map(hear).collect::<Vec<_>>()))
        });
        match done {
            Ok((value, heard)) => {
                self.react(cx.now, &heard);
                Ok(Some(value))
            }
            Err(e) if matches!(e.kind, Kind::Conflict | Kind::Invalid) => {
                *self.truth.refused.entry(e.code).or_default() += 1;
                Ok(None)
            }
            Err(e) => Err(e),
        }
    }

    fn react(&mut self, now: Instant, heard: &[Heard]) {
        for fact in heard {
            let case = fact.object("order").and_then(|id| self.case_of.get(&id).copied());
            let Some(case) = case else { continue };
            match fact.activity {
                "order.held" | "order.credit_blocked" => self.on_hold(now, case, fact),
                "order.released" | "order.credit_released" => self.on_release(now, case, fact),
                "order.confirmed" => self.on_confirmed(now, case),
                "shipment.created" => self.on_parcel(now, case, fact),
                "shipment.cancelled" => self.on_parcel_cancelled(fact),
                _ => {}
            }
        }
    }

    // ---- people and time

    pub(super) fn one_of(&mut self, job: Job) -> Who {
        let seats = self.staff.of(job);
        *self.dice.pick(&seats)
    }

    pub(super) fn day(&self, now: Instant) -> Day {
        self.house.zone.day(now)
    }

    /// After a lognormal time of working hours.
    pub(super) fn hours(&mut self, from: Instant, p50: f64, p90: f64) -> Instant {
        let minutes = (self.dice.delay(p50, p90) * 60.0).round().max(1.0) as i64;
        self.calendar.add_working_minutes(&self.house.zone, from, minutes)
    }

    /// After a lognormal time of days, in the hours of work.
    pub(super) fn days(&mut self, from: Instant, p50: f64, p90: f64) -> Instant {
        let minutes = (self.dice.delay(p50, p90) * 1440.0).round().max(1.0) as i64;
        self.office(from.plus(minutes * Instant::MINUTE))
    }

    /// The same moment if somebody works then, else some time into the next working hours.
    pub(super) fn office(&mut self, at: Instant) -> Instant {
        let next = self.calendar.add_working_minutes(&self.house.zone, at, 1);
        if next.0 - at.0 <= 2 * Instant::MINUTE {
            return next;
        }
        let more = self.dice.between(1, 150);
        self.calendar.add_working_minutes(&self.house.zone, next, more)
    }

    /// A moment in the hours of work of a day, or of the next that is worked.
    pub(super) fn on_day(&mut self, day: Day) -> Instant {
        let day = self.calendar.next_working(day);
        let minute = self.dice.between(9 * 60 + 5, 11 * 60 + 50);
        let after = self.dice.chance(0.5);
        self.house.zone.at(day, if after { minute + 300 } else { minute })
    }

    pub(super) fn blame(&mut self, plant: usize, case: usize, minutes: i64) {
        let order = self.cases[case].order.raw();
        self.truth.blame(plant, order, minutes);
    }
}

/// Only what somebody reacts to is kept.
fn hear(fact: &Fact) -> Option<Heard> {
    const WANTED: &[&str] = &[
        "order.held",
        "order.credit_blocked",
        "order.released",
        "order.credit_released",
        "order.confirmed",
        "shipment.created",
        "shipment.cancelled",
    ];
    let activity = fact.activity.name;
    WANTED.contains(&activity).then(|| Heard {
        activity,
        reason: fact.reason.clone(),
        objects: fact.objects.clone(),
    })
}

/// The kind of hold that a fact names.
pub(super) fn kind_of(fact: &Heard) -> Option<HoldKind> {
    HoldKind::named(&fact.reason).ok()
}

/// Whole minutes between two moments, never negative.
pub(super) fn minutes_between(a: Instant, b: Instant) -> i64 {
    ((b.0 - a.0) / Instant::MINUTE).max(0)
}
