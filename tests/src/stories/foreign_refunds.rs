//! 外币退款: what came in dollars goes back in dollars; it leaves the books at what they had it at and
//! the bank at the rate of its day.
use crate::house::{House, code, each, each_with};
use crate::stories::currencies::{
    delivered, dollar, goods_back, hundred, invoice, january, loss, pays, revalued,
};
use crate::stories::refunds::{CASHIER, draws_up, left, on_its_way, used};
use finance::{Invoice, InvoiceState, Refund, RefundState};
use flows::order_to_cash::pay::What;
use flows::order_to_cash::refund::{self, Left, Source};
use flows::order_to_cash::{net, returns};
use kernel::{Currency, Id, Rate, Result, ScopeKind};
use sales::Order;

fn clears(h: &House, of: &Refund, how: &Left) -> Result<Refund> {
    h.as_user(CASHIER, |cx, tx| refund::clear(cx, tx, of.id, how))
}

#[test]
fn dollars_that_were_paid_too_much_go_back_at_the_rate_of_the_day_and_make_a_difference() {
    each(|h| {
        let (customer, _, order) = hundred(h)?;
        let before = used(h, customer)?;
        let paid = pays(h, customer, 500_00, None)?;
        assert_eq!((used(h, customer)?, order.currency), (before - 3_550_00, Currency::USD));
        let drawn = draws_up(h, Source::Payment(paid.id), 300_00)?;
        assert_eq!(
            (drawn.currency, drawn.amount, drawn.amount_base),
            (paid.currency, 300_00, 2_130_00)
        );
        let kept = h.read(|_, tx| tx.get(paid.id))?;
        assert_eq!((kept.held, kept.held_base, kept.free()), (300_00, 2_130_00, 200_00));
        assert_eq!(used(h, customer)?, before - 1_420_00, "in yuan, of what is not on its way out");
        assert_eq!(code(draws_up(h, Source::Payment(paid.id), 200_01)), "refund.too_much");
        h.check()?;

        on_its_way(h, &drawn)?;
        h.day(january(12));
        dollar(h, 12, "7.20")?;
        let gone = clears(h, &drawn, &left("SWIFT-1"))?;
        assert_eq!((gone.rate, gone.paid_base), (Rate::parse("7.2")?, 2_160_00));
        assert_eq!(h.balance("customer_advance")?, -1_420_00, "200 at 7.10 are left");
        assert_eq!(h.balance("bank_foreign")?, 1_390_00, "500 at 7.10 less 300 at 7.20");
        assert_eq!((loss(h)?, h.balance("bank")?), (30_00, 0), "300 at 0.10");
        assert_eq!(used(h, customer)?, before - 1_420_00);
        clears(h, &drawn, &left("SWIFT-1"))?;
        assert_eq!(loss(h)?, 30_00, "once is once");
        h.check()?;

        dollar(h, 20, "7.50")?;
        h.day(january(20));
        h.as_user(CASHIER, |cx, tx| refund::reverse(cx, tx, drawn.id, "银行退回"))?;
        assert_eq!((loss(h)?, h.balance("bank_foreign")?), (0, 3_550_00), "as it was posted");
        assert_eq!(h.balance("customer_advance")?, -3_550_00);
        let free = h.read(|_, tx| tx.get(paid.id))?;
        assert_eq!((free.free(), free.free_base()), (500_00, 3_550_00));
        h.check()
    });
}

#[test]
fn a_small_enterprise_books_what_a_cheaper_dollar_saves_as_income() {
    each_with("small", |h| {
        let (customer, ..) = hundred(h)?;
        let paid = pays(h, customer, 100_00, None)?;
        let drawn = draws_up(h, Source::Payment(paid.id), 100_00)?;
        on_its_way(h, &drawn)?;
        h.day(january(9));
        dollar(h, 9, "7.00")?;
        clears(h, &drawn, &left("SWIFT-1"))?;
        assert_eq!((h.balance("exchange_gain")?, loss(h)?), (-10_00, 0));
        assert_eq!((h.balance("customer_advance")?, h.balance("bank_foreign")?), (0, 10_00));
        h.check()
    });
}

#[test]
fn who_may_enter_rates_says_what_the_bank_took_and_nobody_else_does() {
    each(|h| {
        let (customer, ..) = hundred(h)?;
        let paid = pays(h, customer, 100_00, None)?;
        let drawn = draws_up(h, Source::Payment(paid.id), 100_00)?;
        on_its_way(h, &drawn)?;
        let by_hand = |rate: &str| -> Result<Left> {
            Ok(Left { rate: Some(Rate::parse(rate)?), ..left("SWIFT-2") })
        };
        let cx = h.reaching(CASHIER, "finance.refund.*", ScopeKind::All);
        let how = by_hand("7.15")?;
        let refused = h.store.run(&cx, |cx, tx| refund::clear(cx, tx, drawn.id, &how));
        assert_eq!(code(refused), "access.forbidden");
        assert_eq!(code(clears(h, &drawn, &by_hand("0")?)), "rate.range");
        let still = h.read(|_, tx| tx.get(drawn.id))?;
        assert_eq!((still.state, still.version), (RefundState::InProcess, 3), "no trace");
        assert_eq!((loss(h)?, h.balance("bank_foreign")?), (0, 710_00));
        let gone = clears(h, &drawn, &how)?;
        assert_eq!((gone.rate, gone.paid_base, loss(h)?), (Rate::parse("7.15")?, 715_00, 5_00));
        h.check()
    });
}

#[test]
fn parts_that_do_not_divide_leave_no_cent_of_a_payment() {
    each(|h| {
        dollar(h, 5, "7.123456789")?;
        let customer = h.customer("Harbor Works LLC", "N30", None)?;
        let paid = pays(h, customer, 1_00, None)?;
        assert_eq!(paid.amount_base, 7_12);
        let drawn = [33, 33, 34].map(|part| draws_up(h, Source::Payment(paid.id), part));
        let [first, second, third] = drawn;
        let (first, second, third) = (first?, second?, third?);
        let base = [&first, &second, &third].map(|r| r.amount_base);
        assert_eq!((base, base.iter().sum()), ([2_35, 2_35, 2_42], 7_12));
        h.check()?;
        h.as_user(CASHIER, |cx, tx| refund::withdraw(cx, tx, second.id, "改抵货款"))?;
        for one in [&first, &third] {
            on_its_way(h, one)?;
            clears(h, one, &left("SWIFT-3"))?;
            h.check()?;
        }
        let rest = h.read(|_, tx| tx.get(paid.id))?;
        assert_eq!((rest.unapplied, rest.unapplied_base, rest.held_base), (33, 2_35, 0));
        assert_eq!(h.balance("customer_advance")?, -2_35);
        Ok(())
    });
}

/// An order of 100 machines, paid whole at 7.10; twenty come back: a credit note of 2,000 dollars.
fn credited(h: &House) -> Result<(Order, Invoice)> {
    let (customer, _, order) = hundred(h)?;
    delivered(h, order.id)?;
    let billed = h.bill(order.id)?;
    pays(h, customer, 10_000_00, Some(What::Invoice(billed.id)))?;
    let back = goods_back(h, &order, 20)?;
    let back = h.as_user(3, |cx, tx| returns::settle_return(cx, tx, back.id))?;
    let note = invoice(h, Id::from_raw(back.credit_note))?;
    assert_eq!((note.open, note.open_base), (-2_000_00, -14_200_00), "at 7.10");
    Ok((order, note))
}

#[test]
fn a_credit_note_in_dollars_is_settled_by_its_refund_and_what_left_comes_back_as_it_left() {
    each(|h| {
        let (order, note) = credited(h)?;
        let owed = used(h, note.party)?;
        let drawn = draws_up(h, Source::CreditNote(note.id), 2_000_00)?;
        assert_eq!(used(h, note.party)?, owed + 14_200_00);
        h.check()?;
        on_its_way(h, &drawn)?;
        dollar(h, 9, "7.00")?;
        h.day(january(9));
        clears(h, &drawn, &left("SWIFT-4"))?;
        let done = invoice(h, note.id)?;
        assert_eq!((done.state, done.open_base, done.held_base), (InvoiceState::Settled, 0, 0));
        assert_eq!((h.balance("receivable")?, loss(h)?), (0, -200_00), "2,000 at 0.10 saved");
        assert_eq!(h.balance("bank_foreign")?, 57_000_00, "71,000 less 14,000");
        assert_eq!(h.get(order.id)?.paid, 8_000_00);
        h.check()?;
        h.as_user(CASHIER, |cx, tx| refund::reverse(cx, tx, drawn.id, "银行退回"))?;
        let again = invoice(h, note.id)?;
        assert_eq!((again.open, again.open_base), (-2_000_00, -14_200_00));
        assert_eq!((loss(h)?, h.balance("bank_foreign")?), (0, 71_000_00));
        assert_eq!((h.get(order.id)?.paid, used(h, note.party)?), (10_000_00, owed));
        h.check()
    });
}

#[test]
fn what_was_valued_anew_while_it_waited_leaves_at_its_new_value_and_nothing_twice() {
    each(|h| {
        let (order, note) = credited(h)?;
        let drawn = draws_up(h, Source::CreditNote(note.id), 500_00)?;
        let waits = draws_up(h, Source::CreditNote(note.id), 600_00)?;
        let owed = used(h, note.party)?;
        dollar(h, 31, "7.00")?;
        h.day(january(31).plus_days(1));
        let posted = revalued(h, "2026-01")?;
        assert_eq!(posted, 200_00 - 1_000_00, "2,000 that we owe and 10,000 in the bank at 0.10");
        let kept = invoice(h, note.id)?;
        assert_eq!((kept.open_base, kept.held_base), (-14_000_00, 7_700_00), "1,100 at 7.00");
        assert_eq!(used(h, note.party)?, owed + 90_00, "the 900 that are not on their way out");
        h.check()?;
        let loss_of_january = loss(h)?;
        on_its_way(h, &drawn)?;
        clears(h, &drawn, &left("SWIFT-5"))?;
        assert_eq!(loss(h)?, loss_of_january, "it left at what it is valued at");
        h.check()?;
        h.as_user(CASHIER, |cx, tx| refund::withdraw(cx, tx, waits.id, "抵下张发票"))?;
        let rest = invoice(h, note.id)?;
        assert_eq!((rest.open_base, rest.held, rest.held_base), (-10_500_00, 0, 0));
        assert_eq!(revalued(h, "2026-02")?, 0, "nothing is valued twice");
        h.as_user(CASHIER, |cx, tx| refund::reverse(cx, tx, drawn.id, "银行退回"))?;
        assert_eq!((invoice(h, note.id)?.open_base, loss(h)?), (-14_000_00, loss_of_january));
        let yuan = h.submitted(note.party, &[(order.lines[0].product, 1)])?;
        delivered(h, yuan.id)?;
        let other = h.bill(yuan.id)?;
        let set = h.as_user(3, |cx, tx| net::apply_credit(cx, tx, note.id, other.id, 1_00));
        assert_eq!(code(set), "payment.wrong_party", "dollars are not set against yuan");
        h.check()
    });
}
