//! What a part of a payment is: in its currency, and what it gave and took off in base currency;
//! with the record and the lines that it leaves.
use finance::{Allocation, OpenItem, Payment};
use kernel::{Ctx, Currency, DocRef, Id, Rate};
use ledger::{Draft, DraftLine};
use party::Party;
use sales::Deposit;

/// A part of a payment that pays something.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Paid {
    /// In the payment's currency.
    pub(super) amount: i64,
    /// What the payment gave in base currency, at the rate that it came at.
    pub(super) gave: i64,
    /// What the books take off what is paid, in base currency.
    pub(super) relieved: i64,
}

impl Paid {
    /// On an order: what is paid ahead keeps its rate.
    pub(super) const fn ahead(of: Deposit) -> Self {
        Self { amount: of.amount, gave: of.base, relieved: of.base }
    }
    /// The exchange difference (汇兑差额) where the two rates differ: a gain, or a loss.
    pub(super) fn difference(&self) -> Option<DraftLine> {
        match self.gave - self.relieved {
            0 => None,
            gain if gain > 0 => Some(DraftLine::credit("exchange_gain", gain, 0)),
            loss => Some(DraftLine::debit("exchange_difference", -loss, 0)),
        }
    }
}

pub(super) fn advance_to_receivable(party: Id<Party>, paid: Paid) -> Vec<DraftLine> {
    let mut lines = vec![
        DraftLine::debit("customer_advance", paid.gave, paid.amount).party(party.raw()),
        DraftLine::credit("receivable", paid.relieved, paid.amount).party(party.raw()),
    ];
    lines.extend(paid.difference());
    lines
}

/// 红字: the same lines on the same sides, negative.
pub(super) fn in_red(lines: Vec<DraftLine>) -> Vec<DraftLine> {
    let red = |line: DraftLine| DraftLine { amount: -line.amount, txn: -line.txn, ..line };
    lines.into_iter().map(red).collect()
}

pub(super) fn allocation(
    cx: &Ctx,
    payment: &Payment,
    open_item: Option<Id<OpenItem>>,
    order_id: Option<i64>,
    paid: Paid,
) -> Allocation {
    Allocation {
        id: cx.id(),
        company: payment.company,
        payment: Some(payment.id),
        open_item,
        order_id,
        refund: None,
        netted_with: 0,
        amount: paid.amount,
        amount_base: paid.gave,
        difference_base: paid.gave - paid.relieved,
        day: cx.today(),
        made_by: cx.user,
        reverses: 0,
        reversed_by: 0,
        recorded_at: Some(cx.now),
    }
}

pub(super) fn draft(
    cx: &Ctx,
    origin: DocRef,
    text: &str,
    kind: &'static str,
    (currency, rate): (Currency, Rate),
    lines: Vec<DraftLine>,
) -> Draft {
    Draft {
        day: cx.today(),
        kind,
        origin,
        text: text.to_owned(),
        currency,
        rate,
        reverses: 0,
        lines,
    }
}
