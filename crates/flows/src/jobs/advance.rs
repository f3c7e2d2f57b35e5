//! A long order is supplied in ranges, each a transaction.
use crate::order_to_cash::{submit, supply};
use kernel::{Ctx, Id, Qty, Result};
use sales::Order;
use sales::commands::{lock_order, save_order};
use store::Tx;
use store::jobs::{Job, Step};

/// Supplies the next range; after the last one the order's stock hold says what is lacking.
pub(super) fn step(cx: &Ctx, tx: &mut Tx, job: &Job) -> Result<Step> {
    let mut order = lock_order(tx, Id::<Order>::from_raw(job.subject))?;
    let reserved = |o: &Order| -> Vec<Qty> { o.lines.iter().map(|l| l.reserved).collect() };
    let before = reserved(&order);
    let from = usize::try_from(job.place).unwrap_or(0);
    let next = supply::run_range(cx, tx, &mut order, from)?;
    let mut changed = reserved(&order) != before;
    if next.is_none() {
        changed |= submit::settle_stock_hold(cx, tx, &mut order)?;
    }
    if changed {
        save_order(tx, &mut order)?;
    }
    Ok(match next {
        Some(at) => {
            let (at, total) = (at as i64, order.lines.len() as i64);
            Step::More { place: at, done: at, total }
        }
        None => Step::Done,
    })
}
