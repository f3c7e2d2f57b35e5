//! 免批额度: small refunds ask nobody, and many small ones of one source are no way around it.
use crate::house::{House, code, each, open, shared};
use crate::stories::currencies::{dollar, hundred, january, pays};
use crate::stories::refunds::{BOSS, CASHIER, clears, comes_in, draws_up, told, wish};
use crate::stories::returns::credited_after_payment;
use access::commands::{CompanyChange, change_company};
use finance::{Refund, RefundState};
use flows::order_to_cash::refund::{self, Source};
use kernel::{Ctx, Done, Id, Result, ScopeKind};
use std::sync::{Arc, Barrier};
use store::sql;

fn threshold(h: &House, to: i64) -> Result<()> {
    says(h, to).map(|_| ())
}

fn says(h: &House, to: i64) -> Result<Done<()>> {
    let change = CompanyChange { refund_threshold: Some(to), ..CompanyChange::default() };
    h.run(|cx, tx| change_company(cx, tx, Id::from_raw(cx.company), change.clone()))
}

fn by_rule(of: &Refund) -> (RefundState, bool, i64, i64) {
    (of.state, of.by_rule, of.rule_amount_base, of.rule_sum_base)
}

const ASKED: (RefundState, bool, i64, i64) = (RefundState::Draft, false, 0, 0);

#[test]
fn a_small_refund_asks_nobody_and_says_by_which_amount() {
    each(|h| {
        let customer = h.customer("恒远机电", "N30", None)?;
        let paid = comes_in(h, customer, 500_00, None)?;
        let before = draws_up(h, Source::Payment(paid.id), 10_00)?;
        assert_eq!(by_rule(&before), ASKED, "a company that says nothing asks always");
        threshold(h, 50_00)?;
        let small = draws_up(h, Source::Payment(paid.id), 40_00)?;
        assert_eq!(by_rule(&small), (RefundState::Approved, true, 50_00, 50_00), "10 and 40");
        assert_eq!((small.approved_by, small.approved_at.is_some()), (0, true));
        h.check()?;
        h.as_user(CASHIER, |cx, tx| refund::start(cx, tx, small.id))?;
        clears(h, &small)?;
        let story = ["refund.drafted", "refund.passed", "refund.sent", "refund.paid"];
        assert_eq!(told(h, small.id)?, story, "nobody approved it: no rule of duties is crossed");
        let who = sql!(
            "SELECT COUNT(*) FROM fact WHERE tenant_id = $1 AND activity = 'refund.passed' \
             AND actor_kind = 'rule'"
        );
        assert_eq!(h.read(|_, tx| tx.value::<i64>(who, &[]))?, Some(1));
        h.check()
    });
}

#[test]
fn many_small_refunds_of_one_source_are_asked_for_like_a_large_one() {
    each(|h| {
        threshold(h, 50_00)?;
        let customer = h.customer("恒远机电", "N30", None)?;
        let paid = comes_in(h, customer, 500_00, None)?;
        let first = draws_up(h, Source::Payment(paid.id), 30_00)?;
        assert_eq!(by_rule(&first), (RefundState::Approved, true, 50_00, 30_00));
        let second = draws_up(h, Source::Payment(paid.id), 20_01)?;
        assert_eq!(by_rule(&second), ASKED, "50.01 in all");
        let own = h.as_user(CASHIER, |cx, tx| refund::approve(cx, tx, second.id));
        assert_eq!(code(own), "refund.own_request");
        h.as_user(CASHIER, |cx, tx| refund::withdraw(cx, tx, second.id, "算错"))?;
        let third = draws_up(h, Source::Payment(paid.id), 20_00)?;
        assert_eq!(by_rule(&third), (RefundState::Approved, true, 50_00, 50_00));
        // What left counts, and what came back does not.
        let fourth = draws_up(h, Source::Payment(paid.id), 1)?;
        assert_eq!(by_rule(&fourth), ASKED);
        h.as_user(CASHIER, |cx, tx| refund::start(cx, tx, third.id))?;
        clears(h, &third)?;
        assert_eq!(by_rule(&draws_up(h, Source::Payment(paid.id), 1)?), ASKED);
        h.as_user(CASHIER, |cx, tx| refund::reverse(cx, tx, third.id, "退票"))?;
        let last = draws_up(h, Source::Payment(paid.id), 19_98)?;
        assert_eq!(by_rule(&last), (RefundState::Approved, true, 50_00, 50_00));
        // Another payment of the same customer is another source.
        let other = comes_in(h, customer, 60_00, None)?;
        assert!(draws_up(h, Source::Payment(other.id), 50_00)?.by_rule);
        h.check()
    });
}

#[test]
fn credit_notes_and_dollars_are_measured_in_the_companys_own_currency() {
    each(|h| {
        let (_, note) = credited_after_payment(h)?;
        threshold(h, 11_29)?;
        assert_eq!(by_rule(&draws_up(h, Source::CreditNote(note.id), 11_30)?), ASKED);
        h.check()
    });
    each(|h| {
        let (customer, ..) = hundred(h)?;
        threshold(h, 71_00)?;
        let paid = pays(h, customer, 100_00, None)?;
        h.day(january(9));
        dollar(h, 9, "6.00")?;
        let ten = draws_up(h, Source::Payment(paid.id), 10_00)?;
        assert_eq!(by_rule(&ten), (RefundState::Approved, true, 71_00, 71_00), "10.00 at 7.10");
        assert_eq!(by_rule(&draws_up(h, Source::Payment(paid.id), 1)?), ASKED);
        h.check()
    });
}

#[test]
fn who_may_not_change_the_company_sets_no_threshold_and_none_is_below_nothing() {
    each(|h| {
        assert_eq!(code(threshold(h, -1)), "company.threshold_invalid");
        let cx = h.reaching(BOSS, "finance.*", ScopeKind::All);
        let change = CompanyChange { refund_threshold: Some(1), ..CompanyChange::default() };
        let company = Id::from_raw(h.company);
        let refused = h.store.run(&cx, |cx, tx| change_company(cx, tx, company, change.clone()));
        assert_eq!(code(refused), "access.forbidden");
        assert_eq!(h.read(|_, tx| tx.get(company))?.refund_threshold, 0);
        assert_eq!(says(h, 20_00)?, Done::Now(()));
        assert_eq!(says(h, 20_00)?, Done::Already);
        h.check()
    });
}

#[test]
fn of_sixteen_small_ones_at_once_no_more_go_unasked_than_the_threshold_lets() {
    for engine in ["sqlite", "postgres"] {
        let Some(h) = open(engine) else { continue };
        threshold(&h, 50_00).expect("a threshold");
        let customer = h.customer("恒远机电", "N30", None).expect("a customer");
        let paid = comes_in(&h, customer, 500_00, None).expect("money");
        let (at, house) = (h.now(), shared(h));
        let barrier = Arc::new(Barrier::new(16));
        let threads: Vec<_> = (0..16)
            .map(|n| {
                let (house, barrier) = (Arc::clone(&house), Arc::clone(&barrier));
                std::thread::spawn(move || {
                    barrier.wait();
                    let mut cx = Ctx::system(crate::house::TENANT, at, house.store.ids());
                    (cx.company, cx.user) = (house.company, 10 + n);
                    let new = wish(Source::Payment(paid.id), 20_00);
                    let drawn = house.store.run(&cx, |cx, tx| refund::draw_up(cx, tx, &new));
                    drawn.expect("there is enough for all").by_rule
                })
            })
            .collect();
        let unasked = threads.into_iter().map(|t| t.join().expect("a client")).filter(|x| *x);
        assert_eq!(unasked.count(), 2, "{engine}: 40.00 fit 50.00, 60.00 do not");
        let mut cx = Ctx::system(crate::house::TENANT, at, house.store.ids());
        cx.company = house.company;
        crate::house::check(&house.store, &cx).expect("every invariant holds");
    }
}
