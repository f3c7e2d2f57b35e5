//! An entry (分录): signed lines that balance, in base currency and in its own. Pure.
use crate::{Account, Period, Voucher};
use kernel::{Currency, Day, DocRef, Error, Id, Instant, Qty, Rate, Result};

/// What a room wants posted; accounts by role, amounts signed (debit positive) in base currency.
#[derive(Clone, Debug)]
pub struct Draft {
    pub day: Day,
    pub kind: &'static str,
    pub origin: DocRef,
    pub text: String,
    pub currency: Currency,
    /// Base units per transaction unit.
    pub rate: Rate,
    pub reverses: i64,
    pub lines: Vec<DraftLine>,
}

#[derive(Clone, Debug)]
pub struct DraftLine {
    pub role: String,
    pub amount: i64,
    /// The same in transaction currency.
    pub txn: i64,
    /// On which side it stands: a negative amount stays on its side (红字).
    pub debit: bool,
    pub party: i64,
    pub product: i64,
    pub qty: Qty,
}

impl DraftLine {
    #[must_use]
    pub fn debit(role: &str, amount: i64, txn: i64) -> Self {
        let (party, product, qty) = (0, 0, Qty::ZERO);
        Self { role: role.to_owned(), amount, txn, debit: true, party, product, qty }
    }
    #[must_use]
    pub fn credit(role: &str, amount: i64, txn: i64) -> Self {
        Self { debit: false, ..Self::debit(role, amount, txn) }
    }
    #[must_use]
    pub const fn party(mut self, party: i64) -> Self {
        self.party = party;
        self
    }
    #[must_use]
    pub const fn product(mut self, product: i64, qty: Qty) -> Self {
        (self.product, self.qty) = (product, qty);
        self
    }
}

impl Draft {
    /// Debits equal credits in base currency, and in its own when it has only one.
    ///
    /// Errors: `ledger.unbalanced`, `ledger.empty`.
    pub fn check(&self) -> Result<()> {
        if self.lines.is_empty() {
            return Err(Error::invalid("ledger.empty", self.kind));
        }
        let sum = |f: fn(&DraftLine) -> i64| -> i128 {
            let signed = |l: &DraftLine| i128::from(if l.debit { f(l) } else { -f(l) });
            self.lines.iter().map(signed).sum()
        };
        let (base, txn) = (sum(|l| l.amount), sum(|l| l.txn));
        if base != 0 || txn != 0 {
            let e = Error::bug("bug.unbalanced", self.kind).with("base", base);
            return Err(e.with("txn", txn));
        }
        Ok(())
    }
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.iter().all(|l| l.amount == 0 && l.txn == 0)
    }
    /// The sum of its debits, base currency.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.lines.iter().filter(|l| l.debit).map(|l| l.amount).sum()
    }
}

/// A posted entry. Immutable but for the voucher that groups it.
#[derive(Clone, Debug)]
pub struct Entry {
    pub id: Id<Entry>,
    pub company: i64,
    pub period: Id<Period>,
    pub day: Day,
    pub kind: String,
    pub origin_kind: String,
    pub origin: i64,
    pub text: String,
    pub currency: Currency,
    pub rate: Rate,
    pub reverses: i64,
    pub voucher: Option<Id<Voucher>>,
    pub posted_at: Option<Instant>,
}

#[derive(Clone, Debug)]
pub struct EntryLine {
    pub id: Id<EntryLine>,
    pub entry: Id<Entry>,
    pub line_no: i64,
    pub company: i64,
    pub day: Day,
    pub account: Id<Account>,
    pub debit: i64,
    pub credit: i64,
    /// Signed, debit positive, in the entry's currency.
    pub txn_amount: i64,
    pub party: i64,
    pub product: i64,
    pub department: i64,
    pub employee: i64,
    pub project: i64,
    pub qty: Qty,
    pub text: String,
}
