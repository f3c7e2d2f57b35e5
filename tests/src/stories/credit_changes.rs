//! 信用变更: who wants a customer trusted more asks for it, and somebody else decides.
use crate::house::{House, code, each, open, shared};
use flows::order_to_cash::trust::{approve, ask_limit, ask_state, reject, withdraw};
use kernel::{Ctx, DocRef, Id, Result, Stored};
use party::Party;
use policy::questions;
use std::sync::{Arc, Barrier};
use store::find;
use terms::{CreditAccount, CreditChange, CreditChangeState, CreditState};

const LIN: i64 = 3;
const BOSS: i64 = 4;

fn account(h: &House, party: Id<Party>) -> Result<CreditAccount> {
    let key = [Stored::Int(h.company), Stored::Int(party.raw())];
    let query = find!(CreditAccount, "company = $2 AND party = $3");
    h.read(|_, tx| Ok(tx.list::<CreditAccount>(query, &key)?.remove(0)))
}

fn limit(h: &House, party: Id<Party>) -> Result<Option<i64>> {
    let account = account(h, party)?;
    Ok(account.controlled.then_some(account.credit_limit))
}

fn wants(h: &House, party: Id<Party>, limit: Option<i64>) -> Result<Option<CreditChange>> {
    h.as_user(LIN, |cx, tx| ask_limit(cx, tx, party, limit, "旺季备货"))
}

fn asked(h: &House, party: Id<Party>, limit: Option<i64>) -> Result<CreditChange> {
    Ok(wants(h, party, limit)?.expect("a raise waits"))
}

#[test]
fn a_higher_limit_waits_for_somebody_else_and_frees_the_order_that_fits_it_then() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 1_000, 70)?;
        let customer = h.customer("恒远机电", "N30", Some(100))?;
        let order = h.submitted(customer, &[(screws, 100)])?;
        let on = DocRef { kind: "order", id: order.id.raw() };
        let held = |h: &House| h.read(|_, tx| Ok(questions::open_holds(tx, on)?.len()));
        assert_eq!(held(h)?, 1, "113.00 do not fit 100.00");

        let mute = h.as_user(LIN, |cx, tx| ask_limit(cx, tx, customer, Some(200_00), " "));
        assert_eq!(code(mute), "credit.reason_required");
        let change = asked(h, customer, Some(200_00))?;
        assert_eq!((limit(h, customer)?, held(h)?), (Some(100_00), 1), "asking changes nothing");
        assert_eq!(code(wants(h, customer, Some(300_00))), "credit_change.open");
        for own in [approve, reject] {
            let own = h.as_user(LIN, |cx, tx| own(cx, tx, change.id, "好"));
            assert_eq!(code(own), "credit_change.own_request");
        }
        let done = h.as_user(BOSS, |cx, tx| approve(cx, tx, change.id, "同意"))?;
        assert_eq!((done.state, done.decided_by), (CreditChangeState::Approved, BOSS));
        assert_eq!((limit(h, customer)?, held(h)?), (Some(200_00), 0));
        // A second press changes nothing; a yes stays a yes.
        let twice = h.as_user(BOSS, |cx, tx| approve(cx, tx, change.id, ""))?;
        assert_eq!(twice.state, CreditChangeState::Approved);
        assert_eq!(
            code(h.as_user(BOSS, |cx, tx| reject(cx, tx, change.id, "不"))),
            "state.not_allowed"
        );
        Ok(())
    });
}

#[test]
fn a_lower_limit_holds_at_once_and_what_was_asked_before_is_outdated() {
    each(|h| {
        let customer = h.customer("恒远机电", "N30", Some(100))?;
        let change = asked(h, customer, None)?;
        assert!(wants(h, customer, Some(50_00))?.is_none());
        assert_eq!(limit(h, customer)?, Some(50_00));
        let late = h.as_user(BOSS, |cx, tx| approve(cx, tx, change.id, ""));
        assert_eq!(code(late), "credit_change.outdated");
        assert_eq!(
            code(h.as_user(BOSS, |cx, tx| reject(cx, tx, change.id, ""))),
            "credit.reason_required"
        );
        h.as_user(BOSS, |cx, tx| reject(cx, tx, change.id, "额度已降"))?;
        // The next wish may be asked for, and taken back.
        let next = asked(h, customer, None)?;
        h.as_user(LIN, |cx, tx| withdraw(cx, tx, next.id))?;
        assert_eq!(limit(h, customer)?, Some(50_00));
        assert_eq!(
            code(h.as_user(LIN, |cx, tx| ask_limit(cx, tx, customer, Some(-1), "错"))),
            "credit.negative_limit"
        );
        let last = asked(h, customer, None)?;
        h.as_user(BOSS, |cx, tx| approve(cx, tx, last.id, ""))?;
        assert_eq!(limit(h, customer)?, None, "no limit is the highest");
        assert!(wants(h, customer, Some(10_00))?.is_none(), "a first limit lowers");
        Ok(())
    });
}

#[test]
fn a_customer_is_blocked_at_once_and_cleared_by_two() {
    each(|h| {
        let customer = h.customer("恒远机电", "N30", Some(100))?;
        let wish =
            |user, state| h.as_user(user, |cx, tx| ask_state(cx, tx, customer, state, "欠款诉讼"));
        assert!(wish(LIN, CreditState::Watch)?.is_none());
        assert!(wish(LIN, CreditState::Blocked)?.is_none());
        let change = wish(LIN, CreditState::Ok)?.expect("clearing waits");
        assert_eq!(account(h, customer)?.state, CreditState::Blocked);
        // Another thing of the same customer may wait beside it.
        let raise = asked(h, customer, Some(200_00))?;
        h.as_user(BOSS, |cx, tx| approve(cx, tx, change.id, ""))?;
        assert_eq!(account(h, customer)?.state, CreditState::Ok);
        assert_eq!(limit(h, customer)?, Some(100_00), "each decides about its own");
        h.as_user(BOSS, |cx, tx| approve(cx, tx, raise.id, ""))?;
        assert_eq!(limit(h, customer)?, Some(200_00));
        Ok(())
    });
}

#[test]
fn a_customer_who_is_closed_is_not_trusted_more() {
    each(|h| {
        let customer = h.customer("恒远机电", "N30", Some(100))?;
        h.store.script(&format!("UPDATE party SET active = 0 WHERE id = {}", customer.raw()))?;
        assert_eq!(code(wants(h, customer, Some(200_00))), "party.inactive");
        assert!(wants(h, customer, Some(50_00))?.is_none(), "less is always possible");
        Ok(())
    });
}

#[test]
fn of_sixteen_who_ask_at_once_exactly_one_waits() {
    for engine in ["sqlite", "postgres"] {
        let Some(house) = open(engine) else { continue };
        let customer = house.customer("恒远机电", "N30", Some(100)).expect("a customer");
        let cx = house.cx(LIN);
        let (company, now) = (cx.company, cx.now);
        let house = shared(house);
        let together = Arc::new(Barrier::new(16));
        let ask = |user: i64| {
            let (house, together) = (Arc::clone(&house), Arc::clone(&together));
            std::thread::spawn(move || {
                let mut cx = Ctx::system(crate::house::TENANT, now, house.store.ids());
                (cx.company, cx.user) = (company, user);
                together.wait();
                let job = |cx: &Ctx, tx: &mut store::Tx| {
                    ask_limit(cx, tx, customer, Some(900_00), "抢额度")
                };
                code(house.store.run(&cx, job))
            })
        };
        let all: Vec<_> = (0..16).map(|nth| ask(20 + nth)).collect();
        let codes: Vec<&str> = all.into_iter().map(|t| t.join().expect("an answer")).collect();
        let count = |wanted| codes.iter().filter(|code| **code == wanted).count();
        assert_eq!((count("ok"), count("credit_change.open")), (1, 15), "{engine}: {codes:?}");
    }
}
