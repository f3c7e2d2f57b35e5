//! Payment terms: an anchor, days and months, the customer's pay day, and a deposit. Pure.
use kernel::calendar::BusinessCalendar;
use kernel::{Day, Error, Id, Rate, Result, div_round, names};

names! {
    /// From what the days are counted.
    pub enum Anchor {
        Order = "order",
        Ship = "ship",
        Delivery = "delivery",
        Invoice = "invoice",
        /// Money first (款到发货): nothing is shipped before it.
        Prepaid = "prepaid",
    }
}

#[derive(Clone, Debug)]
pub struct PaymentTerms {
    pub id: Id<PaymentTerms>,
    pub version: i64,
    pub code: String,
    pub name: String,
    pub anchor: Anchor,
    /// Count from the end of the anchor's month (月结).
    pub month_end: bool,
    pub days: i64,
    pub months: i64,
    /// The customer pays on this day of the month; 0 for any day, 31 for the last.
    pub pay_day: i64,
    /// The share due before goods leave.
    pub deposit: Rate,
}

impl PaymentTerms {
    /// Error: `terms.unknown_pay_day`, `terms.deposit_range`.
    pub fn check(&self) -> Result<()> {
        if !(0..=31).contains(&self.pay_day) {
            return Err(Error::invalid("terms.unknown_pay_day", self.pay_day));
        }
        if self.deposit.0 < 0 || self.deposit > Rate::percent(100) {
            return Err(Error::invalid("terms.deposit_range", self.deposit));
        }
        Ok(())
    }
    /// The due day, counted from the anchor's day and moved off holidays.
    #[must_use]
    pub fn due(&self, anchor: Day, calendar: &BusinessCalendar) -> Day {
        let from = if self.month_end { anchor.last_of_month() } else { anchor };
        let due = from.plus_months(self.months).plus_days(self.days);
        calendar.next_working(self.on_pay_day(due))
    }
    fn on_pay_day(&self, due: Day) -> Day {
        if self.pay_day == 0 {
            return due;
        }
        let in_month = |of: Day| {
            let last = i64::from(of.last_of_month().day());
            of.first_of_month().plus_days(self.pay_day.min(last) - 1)
        };
        let this = in_month(due);
        if this >= due { this } else { in_month(due.first_of_month().plus_months(1)) }
    }
    /// What must be paid of an order's gross amount before its goods leave, in minor units.
    #[must_use]
    pub fn deposit_of(&self, gross: i64) -> i64 {
        let share = if self.anchor == Anchor::Prepaid { Rate::percent(100) } else { self.deposit };
        let due = div_round(i128::from(gross) * i128::from(share.0), i128::from(Rate::SCALE));
        i64::try_from(due).unwrap_or(gross)
    }
    /// Is the due date agreed in writing (赊销)? Without, tax is due when goods leave.
    #[must_use]
    pub fn is_written_credit(&self) -> bool {
        self.anchor != Anchor::Prepaid
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn monthly(days: i64, pay_day: i64) -> PaymentTerms {
        PaymentTerms {
            id: Id::from_raw(1),
            version: 1,
            code: "M30".into(),
            name: "月结30".into(),
            anchor: Anchor::Delivery,
            month_end: true,
            days,
            months: 0,
            pay_day,
            deposit: Rate::ZERO,
        }
    }

    #[test]
    fn monthly_30_counts_from_the_end_of_the_month_and_waits_for_the_pay_day() {
        let plain = BusinessCalendar::plain();
        let due = monthly(30, 0).due(Day::of(2026, 3, 10), &plain);
        assert_eq!(due, Day::of(2026, 4, 30));
        assert_eq!(monthly(30, 25).due(Day::of(2026, 3, 10), &plain), Day::of(2026, 5, 25));
        assert_eq!(monthly(30, 31).due(Day::of(2026, 3, 10), &plain), Day::of(2026, 4, 30));
    }

    #[test]
    fn prepaid_asks_for_all_of_it_and_thirty_percent_for_its_share() {
        let mut terms = monthly(0, 0);
        terms.deposit = Rate::percent(30);
        assert_eq!(terms.deposit_of(11_300_00), 3_390_00);
        terms.anchor = Anchor::Prepaid;
        assert_eq!(terms.deposit_of(11_300_00), 11_300_00);
    }
}
