//! What an order in a foreign currency stands for in base currency: each event at the rate of its
//! day, and what was paid ahead at the rate that the deposit came at. Pure.
//!
//! In the order's own currency its accounts are a function of its lines ([`Position`]); in base
//! currency they are what the events left, so they are carried on the order.
use crate::position::{self, Position, Posting};
use kernel::share;
use ledger::{Draft, DraftLine};

/// Balances in base currency (minor units) of one order, and its deposit.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Carried {
    pub revenue: i64,
    pub output_vat: i64,
    pub deferred: i64,
    /// Moved to the billed receivable.
    pub billed: i64,
    /// What is paid ahead on it now: in its currency, and in base currency as it came.
    pub deposit: (i64, i64),
    /// What of the deposit revenue was valued with already, and is not yet used by an invoice.
    pub covered: (i64, i64),
}

/// One account of the order: its balance in its currency before and after, and in base currency.
struct Account {
    was: i64,
    is: i64,
    base: i64,
}

impl Account {
    fn of(before: &[Position], after: &[Position], f: fn(&Position) -> i64, base: i64) -> Self {
        Self { was: before.iter().map(f).sum(), is: after.iter().map(f).sum(), base }
    }
    const fn moved(&self) -> i64 {
        self.is - self.was
    }
    /// Gives up a part of its balance; what that was in base currency.
    const fn give(&mut self, amount: i64) -> i64 {
        let base = share(self.base, amount, self.was);
        self.was -= amount;
        self.base -= base;
        base
    }
    const fn take(&mut self, amount: i64, base: i64) {
        self.was += amount;
        self.base += base;
    }
    /// Does it fall towards zero, and not beyond it?
    const fn falls(&self) -> bool {
        let moved = self.moved();
        moved != 0 && moved.signum() != self.was.signum() && moved.abs() <= self.was.abs()
    }
}

impl Carried {
    /// What left or was rendered and is not billed, in base currency.
    #[must_use]
    pub const fn unbilled(&self) -> i64 {
        self.revenue + self.output_vat + self.deferred - self.billed
    }

    /// What comes newly: the part that is paid ahead at the deposit's rate, the rest at today's.
    fn worth(&mut self, what: &Posting, amount: i64) -> i64 {
        let (free, base) = (self.deposit.0 - self.covered.0, self.deposit.1 - self.covered.1);
        let ahead = free.min(amount).max(0);
        let ahead_base = share(base, ahead, free);
        self.covered.0 += ahead;
        self.covered.1 += ahead_base;
        ahead_base + what.in_base(amount - ahead)
    }
}

/// The entry that leads an order from one set of positions to another, and what it carries then.
///
/// Tax that moves from deferred to due moves as it stands, and so does what is billed; what falls
/// takes its share. Costs have no part in the foreign currency: their lines are in base alone.
#[must_use]
pub fn carry(
    what: Posting,
    before: &[Position],
    after: &[Position],
    carried: Carried,
) -> (Draft, Carried) {
    let mut now = carried;
    let mut revenue = Account::of(before, after, |p| p.net_recognised, carried.revenue);
    let mut due = Account::of(before, after, Position::tax_due, carried.output_vat);
    let mut deferred = Account::of(before, after, Position::tax_deferred, carried.deferred);
    let billed = Account::of(before, after, |p| p.gross_invoiced, carried.billed);
    let was = revenue.was + due.was + deferred.was;
    let is = revenue.is + due.is + deferred.is;
    transfer(&mut deferred, &mut due);
    transfer(&mut due, &mut deferred);
    for account in [&mut revenue, &mut due, &mut deferred] {
        if account.falls() {
            account.give(-account.moved());
        }
    }
    let new = [revenue.moved(), due.moved(), deferred.moved()];
    let more: i64 = new.iter().filter(|m| **m > 0).sum();
    let worth = now.worth(&what, more);
    let mut left = worth;
    // The remainder is revenue's: it comes last.
    for account in [&mut due, &mut deferred, &mut revenue] {
        let moved = account.moved();
        let base = match moved {
            0 => 0,
            m if m < 0 => what.in_base(m),
            m => share(worth, m, more),
        };
        account.take(moved, base);
        left -= base.max(0);
    }
    if more > 0 {
        let last = if new[0] > 0 { &mut revenue } else { &mut due };
        let last = if new[0] <= 0 && new[1] <= 0 { &mut deferred } else { last };
        last.base += left;
    }
    (now.revenue, now.output_vat, now.deferred) = (revenue.base, due.base, deferred.base);
    if is < was {
        let most = (is - billed.was).max(0);
        if now.covered.0 > most {
            now.covered = (most, share(now.covered.1, most, now.covered.0));
        }
    }
    now.billed += to_bill(&what, &now, is - billed.was, billed.moved());
    (draft(what, before, after, &carried, &now), now)
}

/// Tax moves from one account to the other as it stands.
fn transfer(from: &mut Account, to: &mut Account) {
    let amount = (-from.moved()).min(to.moved());
    if amount > 0 && from.falls() {
        let base = from.give(amount);
        to.take(amount, base);
    }
}

/// What an amount that is billed moves in base currency: what is paid ahead of it first.
fn to_bill(what: &Posting, now: &Carried, unbilled: i64, amount: i64) -> i64 {
    if amount == 0 {
        return 0;
    }
    if amount.signum() != unbilled.signum() || amount.abs() > unbilled.abs() {
        return what.in_base(amount);
    }
    if amount == unbilled {
        return now.unbilled();
    }
    let ahead = now.covered.0.min(amount).max(0);
    let ahead_base = share(now.covered.1, ahead, now.covered.0);
    let (rest, rest_base) = (unbilled - now.covered.0, now.unbilled() - now.covered.1);
    ahead_base + share(rest_base, amount - ahead, rest)
}

fn draft(
    what: Posting,
    before: &[Position],
    after: &[Position],
    was: &Carried,
    now: &Carried,
) -> Draft {
    let moved = |f: fn(&Position) -> i64| -> i64 {
        after.iter().map(f).sum::<i64>() - before.iter().map(f).sum::<i64>()
    };
    let roles: [(&str, i64, i64); 3] = [
        ("revenue", now.revenue - was.revenue, moved(|p| p.net_recognised)),
        ("output_vat", now.output_vat - was.output_vat, moved(Position::tax_due)),
        ("output_vat_deferred", now.deferred - was.deferred, moved(Position::tax_deferred)),
    ];
    let billed = (now.billed - was.billed, moved(|p| p.gross_invoiced));
    let party = what.party;
    let mut lines = position::cost_lines(before, after, position::Costs::BaseAlone);
    let mut unbilled = (-billed.0, -billed.1);
    lines.push(DraftLine::debit("receivable", billed.0, billed.1).party(party));
    for (role, base, txn) in roles {
        unbilled = (unbilled.0 + base, unbilled.1 + txn);
        lines.push(DraftLine::credit(role, base, txn).party(party));
    }
    lines.push(DraftLine::debit("receivable_unbilled", unbilled.0, unbilled.1).party(party));
    lines.retain(|line| line.amount != 0 || line.txn != 0);
    what.draft(lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{Currency, Day, DocRef, Rate, Result};

    fn on(rate: &str) -> Result<Posting> {
        Ok(Posting {
            day: Day::of(2026, 1, 31),
            kind: "test",
            origin: DocRef { kind: "order", id: 1 },
            text: String::new(),
            currency: Currency::USD,
            rate: Rate::parse(rate)?,
            party: 7,
        })
    }

    fn recognised(net: i64, tax: i64) -> Position {
        Position { net_recognised: net, tax_recognised: tax, ..Position::default() }
    }

    fn step(rate: &str, from: Position, to: Position, at: Carried) -> Result<(Draft, Carried)> {
        let (draft, now) = carry(on(rate)?, &[from], &[to], at);
        draft.check()?;
        Ok((draft, now))
    }

    #[test]
    fn t41_revenue_takes_the_deposits_rate_for_what_was_paid_ahead() -> Result<()> {
        let at = Carried { deposit: (3_000_00, 21_300_00), ..Carried::default() };
        let all = recognised(10_000_00, 0);
        let (_, now) = step("7.2", Position::default(), all, at)?;
        assert_eq!(now.revenue, 71_700_00, "3,000 at 7.10 and 7,000 at 7.20");
        assert_eq!(now.covered, (3_000_00, 21_300_00));
        let part = Position { gross_invoiced: 4_000_00, ..all };
        let (_, billed) = step("7.3", all, part, now)?;
        assert_eq!(billed.billed, 28_500_00, "what is paid ahead is billed first");
        assert_eq!(billed.unbilled(), 43_200_00, "6,000 at 7.20: billing has no rate of its own");
        Ok(())
    }

    #[test]
    fn two_parts_at_two_rates_and_back_leave_nothing() -> Result<()> {
        let (none, half, all) =
            (Position::default(), recognised(33_33, 4_33), recognised(100_00, 13_00));
        let (_, first) = step("7.1", none, half, Carried::default())?;
        assert_eq!((first.revenue, first.deferred), (236_65, 30_74), "267.39 at 7.10 in all");
        let (_, both) = step("7.2", half, all, first)?;
        assert_eq!(both.unbilled() - first.unbilled(), 542_45, "75.34 at 7.20");
        let due = Position { gross_invoiced: 113_00, tax_invoiced: 13_00, ..all };
        let (_, billed) = step("7.5", all, due, both)?;
        assert_eq!((billed.unbilled(), billed.deferred), (0, 0));
        assert_eq!(billed.output_vat, both.deferred, "tax moves as it stands");
        let (_, gone) = step("6.9", due, none, billed)?;
        assert_eq!(gone, Carried::default());
        Ok(())
    }

    #[test]
    fn costs_have_no_part_in_dollars() -> Result<()> {
        let shipped = Position { cost_shipped: 70_00, ..Position::default() };
        let (draft, now) = step("7.1", Position::default(), shipped, Carried::default())?;
        assert_eq!(now, Carried::default());
        assert!(draft.lines.iter().all(|l| l.txn == 0 && l.amount == 70_00));
        Ok(())
    }
}
