//! What happens once a month or once a year: vouchers, closing, people who leave, what was owed.
use super::cash::Due;
use super::masters::Masters;
use super::plants::{Spot, Truth};
use super::sim::{Event, Sim};
use super::staff::{Job, Staff};
use finance::Invoice;
use kernel::calendar::spring_festival;
use kernel::{Instant, Result, Stored};
use ledger::vouchers::{Grouping, generate};
use ledger::{Period, PeriodState};
use std::collections::BTreeMap;
use store::find;

/// Products with wrong lead times (plant 9), and the share of orders that want one of them.
const FORTY: usize = 40;
const WANTED_PER_MILLE: usize = 320;

impl Sim<'_, '_> {
    /// Everything that is known to happen when the year begins.
    pub(super) fn begin(&mut self, start: Instant) -> Result<()> {
        self.name_the_guilty();
        self.plan_deals(start);
        let first = self.house.zone.at(self.truth.from, 8 * 60 + 40);
        self.at(first.max(start), Event::Review);
        let mut month = self.truth.from.first_of_month().plus_months(1);
        while month <= self.truth.until {
            let day = self.calendar.add_working_days(month, 4);
            let at = self.house.zone.at(day, 17 * 60);
            self.at(at, Event::Books(month.number()));
            month = month.plus_months(1);
        }
        self.plan_leavers();
        self.old_dues(start)
    }

    /// Vouchers of the month that ended, then its books are closed.
    pub(super) fn books(&mut self, now: Instant, month: i64) -> Result<()> {
        let this = self.day(now);
        let first = this.plus_days(month - this.number());
        let period = first.plus_months(-1).period();
        let who = self.staff.of(Job::Accountant)[1];
        let mut at = now;
        loop {
            let text = period.clone();
            let made =
                self.act(who, at, |cx, tx| generate(cx, tx, &text, Grouping::PerDayAndKind))?;
            at = at.plus(5 * Instant::MINUTE);
            if made.unwrap_or(0) == 0 {
                break;
            }
        }
        let company = self.house.company;
        let head = self.staff.of(Job::Accountant)[0];
        self.act(head, at, |cx, tx| {
            let key = [Stored::Int(company), Stored::text(period.clone())];
            let found: Vec<Period> =
                tx.list(find!(Period, "company = $2 AND period = $3"), &key)?;
            for open in found.iter().filter(|p| p.state == PeriodState::Open) {
                ledger::commands::close_period(cx, tx, open.id)?;
            }
            Ok(())
        })?;
        Ok(())
    }

    /// 12–18 % leave in a year, half of them after the Spring Festival.
    fn plan_leavers(&mut self) {
        let count = (self.staff.count() as f64 * (0.12 + 0.06 * self.dice.unit())).round() as usize;
        let year = self.truth.from.days_until(self.truth.until);
        let spring = spring_festival(self.truth.until.year()).unwrap_or(self.truth.from);
        let mut gone: Vec<usize> = Vec::new();
        for nth in 0..count {
            // The manager, and whoever does a job alone, stays.
            let who = 1 + self.dice.below(self.staff.count() - 1);
            let alone = [Job::Credit, Job::Billing, Job::Cashier, Job::Accountant, Job::Approver];
            let stays = alone.iter().any(|job| self.staff.of(*job).contains(&who));
            let guilty = self.truth.plants.iter().any(|p| p.who == self.staff.login(who));
            if stays || guilty || gone.contains(&who) {
                continue;
            }
            gone.push(who);
            let day = if nth % 2 == 0 && spring > self.truth.from {
                spring.plus_days(self.dice.between(9, 40))
            } else {
                self.truth.from.plus_days(self.dice.between(10, year))
            };
            let at = self.on_day(day);
            self.at(at, Event::Leave(who));
        }
    }

    /// Who and where of each slow spot.
    fn name_the_guilty(&mut self) {
        for at in 0..self.truth.plants.len() {
            let spot = self.truth.plants[at].spot;
            let nth = self.dice.below(10);
            if spot == Spot::ShortLeadTimes {
                self.truth.plants[at].who = self.shorten_lead_times(at, nth).to_owned();
            } else {
                self.truth.plants[at].who = guilty(&self.staff, spot, nth);
            }
        }
    }

    /// Planning has wrong lead times for forty products of a category: what one supplier
    /// delivers. Categories come into question whose forty are in about a third of the orders.
    fn shorten_lead_times(&mut self, plant: usize, nth: usize) -> &'static str {
        let goods = &self.market.goods;
        let mut of: BTreeMap<&'static str, Vec<usize>> = BTreeMap::new();
        for product in self.market.by_want().filter(|p| !goods[*p].service) {
            of.entry(goods[product].category).or_default().push(product);
        }
        let (from, until) = (self.truth.plants[plant].from, self.truth.plants[plant].until);
        let inside = |at: Instant| (from..=until).contains(&self.house.zone.day(at));
        let wishes: Vec<_> = self.market.wishes.iter().filter(|w| inside(w.at)).collect();
        let mut met: Vec<(usize, &'static str, Vec<usize>)> = Vec::new();
        for (category, mut products) in of {
            products.truncate(FORTY);
            let wants = |(p, _): &(usize, i64)| products.contains(p);
            let orders = wishes.iter().filter(|w| w.lines.iter().any(wants)).count();
            let per_mille = orders * 1000 / wishes.len().max(1);
            met.push((per_mille.abs_diff(WANTED_PER_MILLE), category, products));
        }
        met.sort();
        let (_, category, products) = met.swap_remove(nth % met.len().min(3));
        for product in products {
            self.supply.mistake(product);
        }
        category
    }

    /// The open documents of the year before are paid like all others.
    fn old_dues(&mut self, start: Instant) -> Result<()> {
        let cx = self.house.system(start);
        let key = [Stored::Int(self.house.company)];
        let invoices: Vec<Invoice> = self.session.run(&cx, |_, tx| {
            tx.list(find!(Invoice, "company = $2 AND kind = 'opening' ORDER BY id"), &key)
        })?;
        let by_number: BTreeMap<String, Invoice> =
            invoices.into_iter().map(|i| (i.number.clone(), i)).collect();
        let Masters { receivables, .. } = &mut self.masters;
        for (customer, number, due, open) in std::mem::take(receivables) {
            if let Some(invoice) = by_number.get(&number) {
                self.owe(start, Due { invoice: invoice.id, customer, due, open });
            }
        }
        Ok(())
    }
}

/// A login, a carrier, a category or a kind of customer.
fn guilty(staff: &Staff, spot: Spot, nth: usize) -> String {
    let login = |job: Job, at: usize| {
        let seats = staff.of(job);
        staff.login(seats[at % seats.len()]).to_owned()
    };
    match spot {
        Spot::CreditTwiceAWeek => login(Job::Credit, 0),
        Spot::ApproverTravels => login(Job::Approver, 0),
        Spot::BilledFromThe25th => login(Job::Billing, 0),
        Spot::OnePicker => ["fastener", "low_voltage", "tool"][nth % 3].to_owned(),
        Spot::SmallStarve => "C".to_owned(),
        Spot::SlowCarrier => super::warehouse::carrier(super::market::Reach::Far).to_owned(),
        Spot::CarelessSales => login(Job::Sales, nth),
        Spot::CashOnceAWeek => login(Job::Cashier, 0),
        // Drawn among what is much asked for.
        Spot::ShortLeadTimes => String::new(),
    }
}

/// Truth as it stands when the year is over: cases in the order of their orders.
pub(super) fn sorted(mut truth: Truth) -> Truth {
    for plant in &mut truth.plants {
        plant.cases.sort_by_key(|c| c.order);
    }
    truth
}
