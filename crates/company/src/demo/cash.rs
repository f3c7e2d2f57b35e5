//! From the signed delivery to the money: invoices in their rhythm, payments, what they pay.
use super::figures;
use super::plants::Spot;
use super::sim::{Event, Sim, minutes_between};
use super::staff::Job;
use crate::arrival;
use finance::{Invoice, Payment};
use flows::order_to_cash::bill::bill_and_post;
use flows::order_to_cash::pay::{NewPayment, Pays, What, allocate, receive_payment};
use kernel::{Day, Id, Instant, Result, div_round};
use policy::HoldKind;
use sales::OrderState;

/// An invoice that is owed.
pub(super) struct Due {
    pub(super) invoice: Id<Invoice>,
    pub(super) customer: usize,
    pub(super) due: Day,
    pub(super) open: i64,
}

/// Money that came in and does not pay anything yet.
pub(super) struct Paid {
    payment: Id<Payment>,
    customer: usize,
    parts: Vec<(usize, i64)>,
    applied: bool,
}

impl Sim<'_, '_> {
    pub(super) fn will_bill(&mut self, now: Instant, case: usize) {
        if std::mem::replace(&mut self.cases[case].to_bill, true) {
            return;
        }
        let customer = self.cases[case].customer;
        if !self.market.customers[customer].monthly {
            let usual = self.days(now, 2.0, 6.0);
            let at = self.billed_on(case, usual);
            self.at(at, Event::Bill(case));
            return;
        }
        let waiting = self.unbilled.entry(customer).or_default();
        let first = waiting.is_empty();
        if !waiting.contains(&case) {
            waiting.push(case);
        }
        if first {
            let at = self.statement_day(now, customer);
            self.at(at, Event::BillAll(customer));
        }
    }

    /// Monthly customers agree their statement and are billed from the 25th on.
    fn statement_day(&mut self, now: Instant, customer: usize) -> Instant {
        let today = self.day(now);
        let mut month = today.first_of_month();
        let late = self.dice.chance(0.25);
        loop {
            let day = if late {
                month.plus_months(1).plus_days(5 + (customer as i64 * 3) % 7)
            } else {
                month.plus_days(24 + (customer as i64 * 7) % 5)
            };
            if day > today.plus_days(1) {
                return self.on_day(day);
            }
            month = month.plus_months(1);
        }
    }

    /// Plant 3: invoices by shipment wait for the 25th.
    fn billed_on(&mut self, case: usize, usual: Instant) -> Instant {
        let day = self.day(usual);
        let Some(plant) = self.truth.active(Spot::BilledFromThe25th, day) else { return usual };
        if day.day() >= 25 {
            return usual;
        }
        let at = self.on_day(day.first_of_month().plus_days(24)).max(usual);
        self.blame(plant, case, minutes_between(usual, at));
        at
    }

    pub(super) fn bill_all(&mut self, now: Instant, customer: usize) -> Result<()> {
        let mut at = now;
        for case in self.unbilled.remove(&customer).unwrap_or_default() {
            self.bill(at, case)?;
            at = at.plus(self.dice.between(1, 3) * Instant::MINUTE);
        }
        Ok(())
    }

    pub(super) fn bill(&mut self, now: Instant, case: usize) -> Result<()> {
        let order = self.cases[case].order;
        self.cases[case].to_bill = false;
        let who = self.one_of(Job::Billing);
        let Some(invoice) = self.act(who, now, |cx, tx| bill_and_post(cx, tx, order))? else {
            return Ok(());
        };
        self.billed += invoice.gross;
        let (invoice_id, open) = (invoice.id, invoice.open);
        let due = invoice.due.unwrap_or(self.day(now));
        if open > 0 {
            let customer = self.cases[case].customer;
            self.owe(now, Due { invoice: invoice_id, customer, due, open });
        }
        Ok(())
    }

    /// When the customer means to pay it.
    pub(super) fn owe(&mut self, now: Instant, due: Due) {
        let (customer, day) = (due.customer, due.due);
        let at = self.dues.len();
        self.dues.push(due);
        let c = &self.market.customers[customer];
        let (slack, small) = (c.slack, c.small);
        if small && self.dice.chance(0.004) {
            return;
        }
        let late = if self.dice.chance(0.585) {
            (self.dice.delay(13.0, 45.0) * slack).round() as i64
        } else {
            -self.dice.between(0, 4)
        };
        let pays = self.pay_day(customer, day.plus_days(late));
        self.will_pay(now, at, pays);
    }

    fn will_pay(&mut self, now: Instant, due: usize, day: Day) {
        let customer = self.dues[due].customer;
        let day = self.calendar.next_working(day.max(self.day(now).plus_days(1)));
        let key = (customer, day.number());
        let first = !self.promised.contains_key(&key);
        self.promised.entry(key).or_default().push(due);
        if first {
            let at = self.on_day(day);
            self.at(at, Event::Pay(customer, day.number()));
        }
    }

    /// Is the year nearly over?
    fn year_ends(&self, today: Day) -> bool {
        (0..=40).contains(&today.days_until(self.truth.until))
    }

    /// Before the year ends the finance people put in order what came in (what came in its last
    /// days they still look at), and ring up who owes longest, until the books look as they should.
    pub(super) fn chase(&mut self, now: Instant) -> Result<()> {
        let today = self.day(now);
        if !self.year_ends(today) {
            return Ok(());
        }
        let who = self.one_of(Job::Accountant);
        let read = self.act(who, now, |_, tx| figures::receivables(tx, today))?;
        let (owed, late) = read.unwrap_or((0, 0));
        self.owed = (owed, late);
        if late * 1000 / owed.max(1) <= CHASED_ABOVE {
            return Ok(());
        }
        let last_days = today.days_until(self.truth.until) < 5;
        if !last_days && self.truth.active(Spot::CashOnceAWeek, today).is_none() {
            let open: Vec<usize> =
                (0..self.paid.len()).filter(|at| !self.paid[*at].applied).collect();
            for paid in open {
                self.apply(now, paid)?;
            }
        }
        let mut wanted = late - owed * CHASED_ABOVE / 1000;
        let mut old: Vec<usize> = (0..self.dues.len())
            .filter(|at| self.dues[*at].open > 0 && self.dues[*at].due < today)
            .collect();
        old.sort_by_key(|at| self.dues[*at].due);
        for due in old {
            if wanted <= 0 {
                break;
            }
            wanted -= self.dues[due].open;
            self.will_pay(now, due, today.plus_days(1));
        }
        Ok(())
    }

    /// At the end of a good year customers like to keep their money over the holidays: what they
    /// would pay now would leave too little owed, or too little of it overdue.
    fn kept_back(&mut self, now: Instant, due: usize) -> bool {
        let today = self.day(now);
        if !self.year_ends(today) {
            return false;
        }
        let open = self.dues[due].open;
        let is_late = self.dues[due].due < today;
        let owed = self.owed.0 - open;
        let late = self.owed.1 - if is_late { open } else { 0 };
        let share = late * 1000 / owed.max(1);
        let few = owed * 365 / self.billed.max(1) < OWED_DAYS && share < CHASED_ABOVE;
        let keeps = few || is_late && share < KEPT_BELOW;
        if keeps {
            let later = self.truth.until.plus_days(self.dice.between(5, 20));
            self.will_pay(now, due, later);
        } else {
            self.owed = (owed, late);
        }
        keeps
    }

    /// The customer's next pay day; before the Spring Festival many settle what is old.
    fn pay_day(&mut self, customer: usize, meant: Day) -> Day {
        let settled = match arrival::from_festival(meant) {
            Some(d @ -3..=30) if self.dice.chance(0.3) => {
                meant.plus_days(-d - self.dice.between(4, 28))
            }
            _ => meant,
        };
        let pay_day = self.market.customers[customer].pay_day;
        if pay_day == 0 {
            return settled;
        }
        let in_month = |of: Day| {
            let last = i64::from(of.last_of_month().day());
            of.first_of_month().plus_days(pay_day.min(last) - 1)
        };
        let this = in_month(settled);
        if this >= settled.plus_days(-4) { this } else { in_month(this.plus_months(1)) }
    }

    pub(super) fn pay(&mut self, now: Instant, customer: usize, day: i64) -> Result<()> {
        let dues = self.promised.remove(&(customer, day)).unwrap_or_default();
        let Some(party) = self.masters.parties[customer] else { return Ok(()) };
        let mut parts: Vec<(usize, i64)> = Vec::new();
        for due in dues {
            if self.kept_back(now, due) {
                continue;
            }
            let open = self.dues[due].open;
            let short = open > 1_000_00 && self.dice.chance(0.035);
            let percent = if short { self.dice.between(70, 96) } else { 100 };
            let amount = open * percent / 100;
            if amount > 0 {
                parts.push((due, amount));
            }
            if short {
                let later = self.day(now).plus_days(self.dice.between(15, 50));
                self.will_pay(now, due, later);
            }
        }
        if parts.is_empty() {
            return Ok(());
        }
        let amount = parts.iter().map(|(_, amount)| amount).sum();
        let method = *self.dice.pick(METHODS);
        let referenced = method != "transfer" || self.dice.chance(0.65);
        let weekly = self.truth.active(Spot::CashOnceAWeek, self.day(now)).is_some();
        let at_once = referenced && !weekly;
        let new = NewPayment {
            currency: None,
            rate: None,
            party,
            amount,
            method: method.to_owned(),
            value_day: self.day(now),
            reference: if referenced { self.reference(&parts) } else { "货款".to_owned() },
            pays: if at_once { self.pays(&parts) } else { Vec::new() },
        };
        let who = self.one_of(Job::Cashier);
        let done = self.act(who, now, |cx, tx| receive_payment(cx, tx, &new))?;
        let Some(payment) = done else { return Ok(()) };
        for (due, amount) in &parts {
            self.dues[*due].open -= amount;
        }
        if !at_once {
            self.will_apply(now, Paid { payment: payment.id, customer, parts, applied: false });
        }
        Ok(())
    }

    fn reference(&self, parts: &[(usize, i64)]) -> String {
        let first = &self.dues[parts[0].0];
        format!("INV{:06} 等{}张", first.invoice.raw() % 1_000_000, parts.len())
    }

    fn pays(&self, parts: &[(usize, i64)]) -> Vec<Pays> {
        let one = |(due, amount): &(usize, i64)| Pays {
            what: What::Invoice(self.dues[*due].invoice),
            amount: *amount,
        };
        parts.iter().map(one).collect()
    }

    /// Somebody must find out what it pays; plant 8 does that on Fridays only.
    fn will_apply(&mut self, now: Instant, paid: Paid) {
        let unidentified = self.dice.chance(0.06);
        let mut at =
            if unidentified { self.days(now, 8.0, 20.0) } else { self.hours(now, 3.0, 20.0) };
        let day = self.day(at);
        if let Some((_, strength)) = self.truth.strength(Spot::CashOnceAWeek, day) {
            let weeks = if strength > 1.1 { 14 } else { 7 };
            let least = day.plus_days(weeks - 7);
            let to_friday = (5 - i64::from(least.weekday())).rem_euclid(7);
            let friday = self.calendar.next_working(least.plus_days(to_friday));
            at = self.house.zone.at(friday, 16 * 60 + self.dice.between(0, 80)).max(at);
        }
        let place = self.paid.len();
        self.paid.push(paid);
        self.at(at, Event::Apply(place));
    }

    pub(super) fn apply(&mut self, now: Instant, paid: usize) -> Result<()> {
        if self.paid[paid].applied {
            return Ok(());
        }
        let pays = self.pays(&self.paid[paid].parts);
        let id = self.paid[paid].payment;
        let who = self.one_of(Job::Cashier);
        self.act(who, now, |cx, tx| allocate(cx, tx, id, &pays))?;
        self.paid[paid].applied = true;
        Ok(())
    }

    /// Plant 8: held as overdue while the money is in the house.
    pub(super) fn blame_cash(&mut self, now: Instant, until: Instant, case: usize) {
        let Some(plant) = self.truth.active(Spot::CashOnceAWeek, self.day(now)) else { return };
        let customer = self.cases[case].customer;
        if self.paid.iter().rev().take(400).any(|p| p.customer == customer && !p.applied) {
            self.blame(plant, case, minutes_between(now, until));
        }
    }

    /// The deposit that the terms ask for comes in.
    pub(super) fn deposit(&mut self, now: Instant, case: usize) -> Result<()> {
        let c = &self.cases[case];
        let waits = c.holds.iter().any(|(_, kind)| *kind == HoldKind::Prepayment);
        if !waits || c.state == OrderState::Cancelled {
            return Ok(());
        }
        let (order, customer, gross) = (c.order, c.customer, c.gross);
        let Some(party) = self.masters.parties[customer] else { return Ok(()) };
        let amount = match self.market.customers[customer].terms {
            "DEP30" => i64::try_from(div_round(i128::from(gross) * 3, 10)).unwrap_or(gross),
            _ => gross,
        };
        let new = NewPayment {
            currency: None,
            rate: None,
            party,
            amount,
            method: (*self.dice.pick(METHODS)).to_owned(),
            value_day: self.day(now),
            reference: "预付款".to_owned(),
            pays: vec![Pays { what: What::Order(order), amount }],
        };
        let who = self.one_of(Job::Cashier);
        let done = self.act(who, now, |cx, tx| receive_payment(cx, tx, &new))?;
        self.cases[case].deposited |= done.is_some();
        Ok(())
    }
}

/// Overdue shares, in thousandths of what is owed, between which a year may end by itself.
const CHASED_ABOVE: i64 = 245;
const KEPT_BELOW: i64 = 215;
/// Days of a year's billing that are owed at its end, at least.
const OWED_DAYS: i64 = 61;

/// Bills of exchange have no document yet; who pays by them transfers.
const METHODS: &[&str] = &[
    "transfer", "transfer", "transfer", "transfer", "transfer", "transfer", "transfer", "transfer",
    "transfer", "transfer", "transfer", "transfer", "transfer", "transfer", "wechat", "alipay",
    "cash",
];
