//! Two tenants of one server, side by side: the same numbers, the same customers, the same day, and
//! neither does, hears or counts anything of the other's.
use super::{jobs, webhooks};
use crate::house::{House, beside, check, each};
use crate::receiver::{Reaction, Receiver};
use connect::egress::Reach;
use kernel::Result;
use store::facts::{self, Head};

const SECOND: i64 = 1_795_000_000;

/// An order from its entry to its cash; its number and what is owed after.
fn order_to_cash(h: &House, price: &str) -> Result<(String, i64)> {
    let screws = h.product("SCREW-M4", price, 1000, 70)?;
    let customer = h.customer("恒远机电有限公司", "N30", Some(10_000))?;
    let order = h.submitted(customer, &[(screws, 100)])?;
    let shipments = h.ship_all(order.id)?;
    h.deliver(shipments[0])?;
    let invoice = h.bill(order.id)?;
    let owed = h.balance("receivable")?;
    h.pay(&invoice)?;
    Ok((order.number, owed))
}

#[test]
fn two_tenants_use_the_same_codes_and_numbers_and_their_books_hold_their_own() {
    each(|one| {
        let two = beside(one, SECOND);
        let (first, owed) = order_to_cash(one, "1.13")?;
        let (second, owed_there) = order_to_cash(&two, "2.26")?;
        assert_eq!(first, second, "each counts its orders from one");
        // 100 pieces at 1.13 and at 2.26 yuan.
        assert_eq!((owed, owed_there), (11_300, 22_600));
        assert_eq!((one.balance("receivable")?, two.balance("receivable")?), (0, 0));
        check(&two.store, &two.cx(0))
    });
}

/// The chain from its beginning: facts, and what is broken.
fn chain(h: &House) -> Result<(usize, usize)> {
    h.store.seal(h.tenant, h.now())?;
    h.read(|_, tx| {
        let (mut at, mut looked) = (Head { seq: 0, hash: String::new() }, 0);
        let mut broken = facts::strangers(tx)?.len();
        while let Some(step) = facts::audit(tx, &at)? {
            looked += step.looked;
            broken += step.broken.len();
            at = step.head;
        }
        assert_eq!(at.seq as usize, looked, "no gap, and nobody else's fact between");
        Ok((looked, broken))
    })
}

#[test]
fn each_tenant_has_a_chain_of_its_own_facts_without_a_gap() {
    each(|one| {
        let two = beside(one, SECOND);
        order_to_cash(one, "1.13")?;
        let before = chain(one)?;
        order_to_cash(&two, "2.26")?;
        let there = chain(&two)?;
        assert_eq!(chain(one)?, before, "what the other does is none of its facts");
        assert!(before.0 > 20 && there.0 > 20, "{before:?} {there:?}");
        assert_eq!((before.1, there.1), (0, 0));
        Ok(())
    });
}

#[test]
fn a_webhook_hears_of_its_own_tenant_alone() {
    each(|one| {
        let two = beside(one, SECOND);
        let receiver = Receiver::start(|_, _| Reaction::Status(204));
        webhooks::hook(one, &receiver.url, "order.submitted, order.confirmed")?;
        order_to_cash(&two, "2.26")?;
        assert_eq!(webhooks::tell(&two, Reach::Anywhere)?, 0, "it has no webhook");
        assert_eq!(webhooks::tell(one, Reach::Anywhere)?, 0, "nothing happened here");
        order_to_cash(one, "1.13")?;
        assert_eq!(webhooks::tell(&two, Reach::Anywhere)?, 0);
        assert!(webhooks::tell(one, Reach::Anywhere)? > 0);
        Ok(())
    });
}

#[test]
fn a_hand_of_one_tenant_does_none_of_the_others_jobs() {
    each(|one| {
        let two = beside(one, SECOND);
        jobs::long_order(one, 250, 100_000)?;
        let handlers = flows::jobs::handlers();
        assert_eq!(jobs::do_all(&two, &handlers, "two")?, 0);
        assert!(jobs::all_jobs(&two)?.is_empty());
        assert!(jobs::do_all(one, &handlers, "one")? > 0);
        Ok(())
    });
}
