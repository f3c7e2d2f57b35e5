//! What an order line stands for in the books: a pure function of its counters.
//!
//! Whatever order the events come in (shipped, recognised, taxed, invoiced), the balances are
//! those of the position reached, so an entry is never a special case and parts always sum.
use kernel::{Currency, Day, DocRef, Qty, Rate};
use ledger::{Draft, DraftLine};

/// The money of one order line so far. Costs are in base currency, the rest in the order's.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Position {
    pub product: i64,
    pub cost_shipped: i64,
    pub cost_recognised: i64,
    pub net_recognised: i64,
    pub tax_recognised: i64,
    /// Tax due because goods left without a written due date.
    pub tax_dispatched: i64,
    /// Tax due because it was billed or its agreed day of payment has passed.
    pub tax_agreed: i64,
    pub gross_invoiced: i64,
    pub tax_invoiced: i64,
}

impl Position {
    /// Tax that is due, by the earliest of dispatch, agreed day and tax document.
    #[must_use]
    pub fn tax_due(&self) -> i64 {
        let all = [self.tax_invoiced, self.tax_agreed, self.tax_dispatched];
        all.into_iter().fold(0, |most, tax| if tax.abs() > most.abs() { tax } else { most })
    }
    /// Tax recognised with revenue and not yet due (待转销项税额).
    #[must_use]
    pub fn tax_deferred(&self) -> i64 {
        let rest = self.tax_recognised - self.tax_due();
        if rest.signum() == self.tax_recognised.signum() { rest } else { 0 }
    }
    /// What the customer owes for it, billed or not.
    #[must_use]
    pub fn receivable(&self) -> i64 {
        self.net_recognised + self.tax_due() + self.tax_deferred()
    }
}

/// The entry that leads from one set of positions to another, of orders in the company's own
/// currency; [`crate::carry`] makes those of others.
///
/// Lines stand on the side where their account lives, so a reduction is negative there (红字).
#[must_use]
pub fn difference(what: Posting, before: &[Position], after: &[Position]) -> Draft {
    let mut lines = Vec::new();
    let sum = |f: fn(&Position) -> i64| -> (i64, i64) {
        (before.iter().map(f).sum(), after.iter().map(f).sum())
    };
    lines.extend(cost_lines(before, after, Costs::Both));
    let roles: [(&str, bool, (i64, i64)); 4] = [
        ("receivable", true, sum(|p| p.gross_invoiced)),
        ("revenue", false, sum(|p| p.net_recognised)),
        ("output_vat", false, sum(Position::tax_due)),
        ("output_vat_deferred", false, sum(Position::tax_deferred)),
    ];
    let mut unbilled = (0, 0);
    for (role, debit, (old, new)) in roles {
        let (base, txn) = (new - old, new - old);
        let sign = if debit { -1 } else { 1 };
        unbilled = (unbilled.0 + sign * base, unbilled.1 + sign * txn);
        let line = if debit { DraftLine::debit } else { DraftLine::credit };
        push(&mut lines, line(role, base, txn).party(what.party));
    }
    let rest = DraftLine::debit("receivable_unbilled", unbilled.0, unbilled.1);
    push(&mut lines, rest.party(what.party));
    what.draft(lines)
}

/// What an entry is posted for.
#[derive(Clone, Debug)]
pub struct Posting {
    pub day: Day,
    pub kind: &'static str,
    pub origin: DocRef,
    pub text: String,
    pub currency: Currency,
    pub rate: Rate,
    pub party: i64,
}

impl Posting {
    pub(crate) const fn in_base(&self, amount: i64) -> i64 {
        kernel::in_base(amount, self.currency, self.rate)
    }
    pub(crate) fn draft(self, lines: Vec<DraftLine>) -> Draft {
        Draft {
            day: self.day,
            kind: self.kind,
            origin: self.origin,
            text: self.text,
            currency: self.currency,
            rate: self.rate,
            reverses: 0,
            lines,
        }
    }
}

fn push(lines: &mut Vec<DraftLine>, line: DraftLine) {
    if line.amount != 0 || line.txn != 0 {
        lines.push(line);
    }
}

/// Do costs have a part in the entry's currency?
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Costs {
    Both,
    BaseAlone,
}

/// Costs move per product: the stock sub-ledger is kept by product.
pub(crate) fn cost_lines(before: &[Position], after: &[Position], costs: Costs) -> Vec<DraftLine> {
    let mut lines = Vec::new();
    let mut same = before.len() == after.len();
    for (old, new) in before.iter().zip(after) {
        same &= old.product == new.product;
        let shipped = new.cost_shipped - old.cost_shipped;
        let recognised = new.cost_recognised - old.cost_recognised;
        let on = |side: fn(&str, i64, i64) -> DraftLine, role: &str, amount: i64| {
            let txn = if costs == Costs::Both { amount } else { 0 };
            side(role, amount, txn).product(new.product, Qty::ZERO)
        };
        push(&mut lines, on(DraftLine::debit, "goods_shipped", shipped));
        push(&mut lines, on(DraftLine::credit, "inventory", shipped));
        push(&mut lines, on(DraftLine::debit, "cost_of_sales", recognised));
        push(&mut lines, on(DraftLine::credit, "goods_shipped", recognised));
    }
    debug_assert!(same, "positions of the same lines");
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Result;

    fn posting(kind: &'static str) -> Posting {
        Posting {
            day: Day::of(2026, 1, 31),
            kind,
            origin: DocRef { kind: "order", id: 1 },
            text: String::new(),
            currency: Currency::CNY,
            rate: Rate(Rate::SCALE),
            party: 7,
        }
    }

    fn roles(before: Position, after: Position) -> Result<Vec<(String, i64)>> {
        let draft = difference(posting("test"), &[before], &[after]);
        if !draft.lines.is_empty() {
            draft.check()?;
        }
        let signed = |l: &DraftLine| (l.role.clone(), if l.debit { l.amount } else { -l.amount });
        Ok(draft.lines.iter().map(signed).collect())
    }

    #[test]
    fn t38_shipped_in_january_signed_in_february_invoiced_in_march() -> Result<()> {
        let start = Position::default();
        let shipped = Position { cost_shipped: 7_000_00, ..start };
        let january = roles(start, shipped)?;
        assert_eq!(january, [("goods_shipped".into(), 7_000_00), ("inventory".into(), -7_000_00)]);
        let signed = Position {
            cost_recognised: 7_000_00,
            net_recognised: 10_000_00,
            tax_recognised: 1_300_00,
            ..shipped
        };
        let february = roles(shipped, signed)?;
        assert_eq!(
            february,
            [
                ("cost_of_sales".into(), 7_000_00),
                ("goods_shipped".into(), -7_000_00),
                ("revenue".into(), -10_000_00),
                ("output_vat_deferred".into(), -1_300_00),
                ("receivable_unbilled".into(), 11_300_00),
            ]
        );
        let invoiced = Position { gross_invoiced: 11_300_00, tax_invoiced: 1_300_00, ..signed };
        let march = roles(signed, invoiced)?;
        assert_eq!(
            march,
            [
                ("receivable".into(), 11_300_00),
                ("output_vat".into(), -1_300_00),
                ("output_vat_deferred".into(), 1_300_00),
                ("receivable_unbilled".into(), -11_300_00),
            ]
        );
        Ok(())
    }

    #[test]
    fn tax_that_was_due_at_dispatch_is_not_taken_again_by_the_invoice() -> Result<()> {
        let start = Position::default();
        let left = Position { tax_dispatched: 130, ..start };
        let all = [("output_vat".into(), -130), ("receivable_unbilled".into(), 130)];
        assert_eq!(roles(start, left)?, all);
        let signed = Position { net_recognised: 1000, tax_recognised: 130, ..left };
        let all = [("revenue".into(), -1000), ("receivable_unbilled".into(), 1000)];
        assert_eq!(roles(left, signed)?, all);
        let invoiced = Position { gross_invoiced: 1130, tax_invoiced: 130, ..signed };
        let all = [("receivable".into(), 1130), ("receivable_unbilled".into(), -1130)];
        assert_eq!(roles(signed, invoiced)?, all);
        Ok(())
    }

    #[test]
    fn tax_of_an_agreed_day_is_not_taken_again_by_the_invoice() -> Result<()> {
        let signed = Position { net_recognised: 1000, tax_recognised: 130, ..Position::default() };
        let due = Position { tax_agreed: 130, ..signed };
        let all = [("output_vat".into(), -130), ("output_vat_deferred".into(), 130)];
        assert_eq!(roles(signed, due)?, all);
        let invoiced = Position { gross_invoiced: 1130, tax_invoiced: 130, ..due };
        let all = [("receivable".into(), 1130), ("receivable_unbilled".into(), -1130)];
        assert_eq!(roles(due, invoiced)?, all);
        Ok(())
    }

    #[test]
    fn any_way_back_reverses_to_zero_on_the_same_sides() -> Result<()> {
        let there = Position {
            product: 5,
            cost_shipped: 70,
            cost_recognised: 70,
            net_recognised: 100,
            tax_recognised: 13,
            tax_dispatched: 0,
            tax_agreed: 0,
            gross_invoiced: 113,
            tax_invoiced: 13,
        };
        let zero = Position { product: 5, ..Position::default() };
        let mut sum = std::collections::BTreeMap::new();
        for (role, amount) in roles(zero, there)?.into_iter().chain(roles(there, zero)?) {
            *sum.entry(role).or_insert(0) += amount;
        }
        assert!(sum.values().all(|v| *v == 0), "{sum:?}");
        Ok(())
    }
}
