//! Who waits for goods or credit that a command may free: locked with its own roots, served at its
//! end.
//!
//! Whoever is to be served has to be locked before stock and credit are, so it is looked up first.
//! On PostgreSQL somebody may begin to wait in between; then the command runs again.
use crate::order_to_cash::{credit, submit, supply};
use kernel::{Ctx, Qty, Result};
use sales::Order;
use sales::commands::{lock_orders, save_order};
use store::{Engine, Tx};
use terms::CreditAccount;

/// Orders that wait, locked.
pub(crate) struct Waiting {
    orders: Vec<Order>,
    /// Ids that wait for the goods, first come first served.
    for_goods: Vec<i64>,
    products: Vec<i64>,
    /// The customer whose credit may become free; 0 where none may.
    party: i64,
    own: Vec<i64>,
}

impl Waiting {
    /// Locks the command's own orders and those that wait, in the order of their ids; its own ones
    /// are given back in that order.
    pub(crate) fn lock(
        cx: &Ctx,
        tx: &mut Tx,
        own: &[i64],
        products: &[i64],
        party: i64,
    ) -> Result<(Vec<Order>, Self)> {
        let mut all = own.to_vec();
        let for_goods = wanting(cx, tx, products)?;
        all.extend(&for_goods);
        all.extend(wanting_credit(tx, party)?);
        let locked = lock_orders(tx, &all)?;
        let (mine, orders): (Vec<Order>, Vec<Order>) =
            locked.into_iter().partition(|o| own.contains(&o.id.raw()));
        let (products, own) = (products.to_vec(), own.to_vec());
        Ok((mine, Self { orders, for_goods, products, party, own }))
    }

    /// Gives out what is free now, goods first come first served and credit to the oldest hold
    /// first, and saves the orders that got some.
    pub(crate) fn serve(
        mut self,
        cx: &Ctx,
        tx: &mut Tx,
        account: Option<&CreditAccount>,
    ) -> Result<()> {
        self.nobody_came_meanwhile(cx, tx)?;
        let rank = |o: &Order| {
            let at = self.for_goods.iter().position(|id| *id == o.id.raw());
            at.unwrap_or(self.for_goods.len())
        };
        self.orders.sort_by_key(rank);
        let goods = self.orders.iter().take_while(|o| self.for_goods.contains(&o.id.raw())).count();
        let mut changed = vec![false; self.orders.len()];
        self.goods(cx, tx, goods, &mut changed)?;
        if let Some(account) = account {
            for at in credit::release_fitting(cx, tx, account, &mut self.orders)? {
                submit::resume(cx, tx, &mut self.orders[at], account)?;
                changed[at] = true;
            }
        }
        for (order, changed) in self.orders.iter_mut().zip(changed) {
            if changed {
                save_order(tx, order)?;
            }
        }
        Ok(())
    }

    fn goods(&mut self, cx: &Ctx, tx: &mut Tx, count: usize, changed: &mut [bool]) -> Result<()> {
        let reserved = |o: &Order| -> Qty { o.lines.iter().map(|l| l.reserved).sum() };
        let before: Vec<Qty> = self.orders.iter().map(reserved).collect();
        supply::run(cx, tx, &mut self.orders[..count], supply::Downstream::Perhaps)?;
        for (at, order) in self.orders[..count].iter_mut().enumerate() {
            if reserved(order) == before[at] {
                continue;
            }
            submit::clear_stock_hold(cx, tx, order)?;
            tx.tell(order.fact(cx, sales::facts::ORDER_PROMISED));
            changed[at] = true;
        }
        Ok(())
    }

    /// Stock and credit are locked by now: whoever waits from here on finds what we freed.
    fn nobody_came_meanwhile(&self, cx: &Ctx, tx: &mut Tx) -> Result<()> {
        if tx.engine() == Engine::Sqlite {
            return Ok(());
        }
        let mut all = wanting(cx, tx, &self.products)?;
        all.extend(wanting_credit(tx, self.party)?);
        let known =
            |id: &i64| self.own.contains(id) || self.orders.iter().any(|o| o.id.raw() == *id);
        if all.iter().all(known) { Ok(()) } else { Err(tx.run_again("somebody began to wait")) }
    }
}

fn wanting(cx: &Ctx, tx: &mut Tx, products: &[i64]) -> Result<Vec<i64>> {
    if products.is_empty() { Ok(Vec::new()) } else { supply::waiting_for(cx, tx, products) }
}

fn wanting_credit(tx: &mut Tx, party: i64) -> Result<Vec<i64>> {
    if party == 0 { Ok(Vec::new()) } else { credit::waiting_for_credit(tx, party) }
}
