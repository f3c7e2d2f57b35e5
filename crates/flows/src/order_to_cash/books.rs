//! The entries of orders' lines: in the company's own currency the difference of two positions, in
//! another one at the rate of the day, with what the order carries in base currency.
use crate::order_to_cash::positions;
use finance::{Carried, Position, Posting, carry, difference, rate_on};
use kernel::{Ctx, Day, DocRef, Result};
use ledger::{Draft, posting};
use sales::Order;
use store::Tx;

/// What an entry is posted for.
#[derive(Clone, Debug)]
pub(crate) struct About {
    pub(crate) day: Day,
    pub(crate) kind: &'static str,
    pub(crate) origin: DocRef,
    pub(crate) text: String,
}

impl About {
    /// Something that happens today.
    pub(crate) fn today(cx: &Ctx, kind: &'static str, origin: DocRef, text: &str) -> Self {
        Self { day: cx.today(), kind, origin, text: text.to_owned() }
    }
}

/// Posts what changed of an order's lines; the caller saves the order.
///
/// Errors: `rate.unknown`, those of posting.
pub(crate) fn post(
    cx: &Ctx,
    tx: &mut Tx,
    order: &mut Order,
    before: Vec<Position>,
    about: About,
) -> Result<()> {
    let drafts = drafts(cx, tx, std::slice::from_mut(order), &[before], &about)?;
    posting::post(cx, tx, &drafts)?;
    Ok(())
}

/// The entries for what changed of orders of one currency: one for all of them in the company's
/// own, else one for each, and what each carries is brought up to date.
///
/// Errors: `rate.unknown`, `rate.own_decimals`.
pub(crate) fn drafts(
    cx: &Ctx,
    tx: &mut Tx,
    orders: &mut [Order],
    before: &[Vec<Position>],
    about: &About,
) -> Result<Vec<Draft>> {
    let Some(first) = orders.first() else { return Ok(Vec::new()) };
    let what = Posting {
        day: about.day,
        kind: about.kind,
        origin: about.origin,
        text: about.text.clone(),
        currency: first.currency,
        rate: first.rate,
        party: first.party.raw(),
    };
    if first.currency == cx.base {
        let after: Vec<Position> = orders.iter().flat_map(positions).collect();
        return Ok(vec![difference(what, &before.concat(), &after)]);
    }
    let rate = rate_on(cx, tx, first.currency, about.day, None)?;
    let mut drafts = Vec::with_capacity(orders.len());
    for (order, before) in orders.iter_mut().zip(before) {
        let what = Posting { rate, ..what.clone() };
        let (draft, now) = carry(what, before, &positions(order), carried(order));
        keep(order, &now);
        drafts.push(draft);
    }
    Ok(drafts)
}

/// What an order carries in base currency.
pub(crate) const fn carried(order: &Order) -> Carried {
    Carried {
        revenue: order.revenue_base,
        output_vat: order.output_vat_base,
        deferred: order.deferred_base,
        billed: order.billed_base,
        deposit: (order.deposit, order.deposit_base),
        covered: (order.covered, order.covered_base),
    }
}

const fn keep(order: &mut Order, now: &Carried) {
    order.revenue_base = now.revenue;
    order.output_vat_base = now.output_vat;
    order.deferred_base = now.deferred;
    order.billed_base = now.billed;
    (order.covered, order.covered_base) = now.covered;
}
