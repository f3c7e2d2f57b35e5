//! 退款: free money goes back, never more than is free, and the books move when the bank has done it.
use crate::house::{House, code, each, open, shared};
use crate::stories::returns::credited_after_payment;
use finance::{InvoiceState, LineKind, Payment, Refund, RefundState};
use flows::order_to_cash::change::cancel_order;
use flows::order_to_cash::pay::{
    NewPayment, Pays, What, allocate, receive_payment, reverse_payment, unallocate,
};
use flows::order_to_cash::refund::{self, NewRefund, Source};
use flows::order_to_cash::{net, statements};
use kernel::{Ctx, Day, Id, Result, ScopeKind, Stored};
use party::Party;
use sales::{Order, OrderState};
use std::sync::{Arc, Barrier};
use store::sql;
use terms::CreditAccount;

pub(super) const CASHIER: i64 = 3;
pub(super) const BOSS: i64 = 4;

pub(super) fn comes_in(
    h: &House,
    party: Id<Party>,
    amount: i64,
    on: Option<(Id<Order>, i64)>,
) -> Result<Payment> {
    let part = |(order, amount)| Pays { what: What::Order(order), amount };
    let new = NewPayment {
        currency: None,
        rate: None,
        party,
        amount,
        method: "transfer".into(),
        value_day: h.cx(CASHIER).today(),
        reference: "多付".into(),
        pays: on.map(part).into_iter().collect(),
    };
    h.as_user(CASHIER, |cx, tx| receive_payment(cx, tx, &new))
}

pub(super) fn wish(from: Source, amount: i64) -> NewRefund {
    NewRefund { from, amount, method: "transfer".into(), reason: "客户多付".into() }
}

pub(super) fn draws_up(h: &House, from: Source, amount: i64) -> Result<Refund> {
    h.as_user(CASHIER, |cx, tx| refund::draw_up(cx, tx, &wish(from, amount)))
}

/// Approved by the boss and with the bank.
pub(super) fn on_its_way(h: &House, of: &Refund) -> Result<Refund> {
    h.as_user(BOSS, |cx, tx| refund::approve(cx, tx, of.id))?;
    h.as_user(CASHIER, |cx, tx| refund::start(cx, tx, of.id))
}

pub(super) fn left(reference: &str) -> refund::Left {
    refund::Left { reference: reference.into(), ..refund::Left::default() }
}

pub(super) fn clears(h: &House, of: &Refund) -> Result<Refund> {
    h.as_user(CASHIER, |cx, tx| refund::clear(cx, tx, of.id, &left("B-0017")))
}

pub(super) fn used(h: &House, party: Id<Party>) -> Result<i64> {
    h.read(|cx, tx| {
        let key = [Stored::Int(cx.company), Stored::Int(party.raw())];
        let all: Vec<CreditAccount> =
            tx.list(store::find!(CreditAccount, "company = $2 AND party = $3"), &key)?;
        Ok(all.first().map_or(0, |a| a.used))
    })
}

fn now(h: &House, of: &Payment) -> Result<Payment> {
    h.read(|_, tx| tx.get(of.id))
}

pub(super) fn told(h: &House, of: Id<Refund>) -> Result<Vec<String>> {
    let query = sql!(
        "SELECT f.activity FROM fact f JOIN fact_object o ON o.tenant_id = f.tenant_id \
         AND o.fact_id = f.id WHERE f.tenant_id = $1 AND o.object_type = 'refund' \
         AND o.object_id = $2 AND o.qualifier = 'subject' ORDER BY f.id"
    );
    h.read(|_, tx| {
        let rows = tx.rows(query, &[Stored::Int(of.raw())])?;
        rows.into_iter().map(|mut row| row.take()).collect()
    })
}

#[test]
fn what_was_paid_too_much_goes_back_and_the_books_move_when_the_bank_has_done_it() {
    each(|h| {
        let customer = h.customer("恒远机电", "N30", Some(1_000))?;
        let paid = comes_in(h, customer, 500_00, None)?;
        assert_eq!((h.balance("customer_advance")?, used(h, customer)?), (-500_00, -500_00));
        let drawn = draws_up(h, Source::Payment(paid.id), 300_00)?;
        assert_eq!((drawn.state, drawn.number.as_str()), (RefundState::Draft, "RF-2026-00001"));
        let kept = now(h, &paid)?;
        assert_eq!((kept.unapplied, kept.held, kept.free()), (500_00, 300_00, 200_00));
        assert_eq!(h.balance("customer_advance")?, -500_00, "the books wait for the bank");
        assert_eq!(used(h, customer)?, -200_00, "what is on its way out lowers no exposure");
        h.check()?;

        assert_eq!(
            code(h.as_user(CASHIER, |cx, tx| refund::approve(cx, tx, drawn.id))),
            "refund.own_request"
        );
        assert_eq!(
            code(h.as_user(CASHIER, |cx, tx| refund::start(cx, tx, drawn.id))),
            "state.not_allowed"
        );
        let sent = on_its_way(h, &drawn)?;
        assert_eq!((sent.state, sent.approved_by), (RefundState::InProcess, BOSS));
        let fails =
            |reason: &str| h.as_user(CASHIER, |cx, tx| refund::fail(cx, tx, drawn.id, reason));
        assert_eq!(code(fails("")), "refund.reason_required");
        assert_eq!(fails("账号不符")?.state, RefundState::Failed);
        assert_eq!(now(h, &paid)?.held, 300_00, "it is tried again: the money stays kept");
        h.as_user(CASHIER, |cx, tx| refund::retry(cx, tx, drawn.id))?;
        let gone = clears(h, &drawn)?;
        assert_eq!((gone.state, gone.reference.as_str()), (RefundState::Cleared, "B-0017"));
        let after = now(h, &paid)?;
        assert_eq!((after.unapplied, after.held), (200_00, 0));
        assert_eq!((h.balance("customer_advance")?, h.balance("bank")?), (-200_00, 200_00));
        assert_eq!(used(h, customer)?, -200_00);
        let again = clears(h, &drawn)?;
        assert_eq!((again.version, h.balance("bank")?), (gone.version, 200_00), "once is once");
        h.check()?;

        h.as_user(CASHIER, |cx, tx| refund::reverse(cx, tx, drawn.id, "银行退回"))?;
        assert_eq!((now(h, &paid)?.free(), used(h, customer)?), (500_00, -500_00));
        assert_eq!((h.balance("customer_advance")?, h.balance("bank")?), (-500_00, 500_00));
        let story = ["drafted", "approved", "sent", "failed", "retried", "paid", "reversed"];
        let story: Vec<String> = story.iter().map(|s| format!("refund.{s}")).collect();
        assert_eq!(told(h, drawn.id)?, story);
        h.check()
    });
}

#[test]
fn nothing_else_takes_what_is_kept_for_a_refund_until_it_is_withdrawn() {
    each(|h| {
        let (_, invoice) = billed_113(h)?;
        let paid = comes_in(h, invoice.party, 150_00, None)?;
        let from = Source::Payment(paid.id);
        assert_eq!(code(draws_up(h, from, 150_01)), "refund.too_much");
        assert_eq!(code(draws_up(h, from, 0)), "payment.amount");
        assert_eq!(
            code(h.as_user(CASHIER, |cx, tx| {
                refund::draw_up(cx, tx, &NewRefund { reason: " ".into(), ..wish(from, 1_00) })
            })),
            "refund.reason_required"
        );
        assert_eq!(code(draws_up(h, Source::CreditNote(invoice.id), 1_00)), "credit.not_a_note");
        let drawn = draws_up(h, from, 100_00)?;
        assert_eq!(code(draws_up(h, from, 50_01)), "refund.too_much");
        let pays = |amount| {
            let part = [Pays { what: What::Invoice(invoice.id), amount }];
            h.as_user(CASHIER, |cx, tx| allocate(cx, tx, paid.id, &part))
        };
        assert_eq!(code(pays(50_01)), "payment.over_allocated");
        let reversed = h.as_user(CASHIER, |cx, tx| reverse_payment(cx, tx, paid.id, "错"));
        assert_eq!(code(reversed), "payment.applied");
        assert_eq!(now(h, &paid)?.version, 2, "refusals leave no trace");
        pays(50_00)?;
        h.check()?;
        h.as_user(CASHIER, |cx, tx| refund::withdraw(cx, tx, drawn.id, "抵下张发票"))?;
        pays(63_00)?;
        let left = now(h, &paid)?;
        assert_eq!((left.free(), left.held), (37_00, 0));
        assert_eq!(
            code(h.as_user(BOSS, |cx, tx| refund::approve(cx, tx, drawn.id))),
            "state.not_allowed"
        );
        h.check()
    });
}

/// A hundred screws, delivered and billed: 113.00.
fn billed_113(h: &House) -> Result<(Id<Order>, finance::Invoice)> {
    let screws = h.product("SCREW-M4", "1.13", 1_000, 70)?;
    let customer = h.customer("恒远机电", "N30", None)?;
    let order = h.submitted(customer, &[(screws, 100)])?.id;
    for shipment in h.ship_all(order)? {
        h.deliver(shipment)?;
    }
    Ok((order, h.bill(order)?))
}

#[test]
fn a_credit_note_on_a_paid_invoice_goes_back_and_is_settled_by_it() {
    each(|h| {
        let (order, note) = credited_after_payment(h)?;
        assert_eq!((note.gross, note.open, h.balance("receivable")?), (-11_30, -11_30, -11_30));
        let drawn = draws_up(h, Source::CreditNote(note.id), 11_30)?;
        let open = h.read(|_, tx| tx.get(note.id))?;
        assert_eq!((open.open, open.held, open.state), (-11_30, 11_30, InvoiceState::Posted));
        let (_, other) = billed_again(h, note.party)?;
        let set = h.as_user(CASHIER, |cx, tx| net::apply_credit(cx, tx, note.id, other.id, 1));
        assert_eq!(code(set), "credit.too_much");
        h.check()?;
        on_its_way(h, &drawn)?;
        clears(h, &drawn)?;
        let done = h.read(|_, tx| tx.get(note.id))?;
        assert_eq!((done.open, done.held, done.state), (0, 0, InvoiceState::Settled));
        assert_eq!(h.get(order)?.paid, 101_70, "113.00 came and 11.30 went back");
        assert_eq!(h.balance("receivable")?, other.open);
        h.check()?;
        h.as_user(CASHIER, |cx, tx| refund::reverse(cx, tx, drawn.id, "银行退回"))?;
        let back = h.read(|_, tx| tx.get(note.id))?;
        assert_eq!((back.open, back.state), (-11_30, InvoiceState::Posted));
        assert_eq!(h.get(order)?.paid, 113_00);
        h.check()
    });
}

fn billed_again(h: &House, party: Id<Party>) -> Result<(Id<Order>, finance::Invoice)> {
    let bolts = h.product("BOLT-M6", "2.26", 100, 90)?;
    let order = h.submitted(party, &[(bolts, 10)])?.id;
    for shipment in h.ship_all(order)? {
        h.deliver(shipment)?;
    }
    Ok((order, h.bill(order)?))
}

#[test]
fn the_deposit_of_a_cancelled_order_is_free_money_that_goes_back() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 1_000, 70)?;
        let customer = h.customer("恒远机电", "N30", Some(100))?;
        let order = h.submitted(customer, &[(screws, 100)])?;
        assert_eq!(order.credit_taken, 0, "113.00 do not fit 100.00");
        let paid = comes_in(h, customer, 33_90, Some((order.id, 33_90)))?;
        assert_eq!(h.balance("contract_liability")?, -30_00);
        assert_eq!(code(draws_up(h, Source::Payment(paid.id), 33_90)), "refund.too_much");
        let gone = h.run(|cx, tx| cancel_order(cx, tx, order.id, "客户不要了"))?;
        assert_eq!((gone.state, gone.deposit, gone.deposit_tax), (OrderState::Cancelled, 0, 0));
        assert_eq!((h.balance("contract_liability")?, h.balance("output_vat_deferred")?), (0, 0));
        assert_eq!((h.balance("customer_advance")?, now(h, &paid)?.free()), (-33_90, 33_90));
        h.check()?;
        let drawn = draws_up(h, Source::Payment(paid.id), 33_90)?;
        on_its_way(h, &drawn)?;
        clears(h, &drawn)?;
        assert_eq!((h.balance("customer_advance")?, h.balance("bank")?), (0, 0));
        let first: i64 = h.read(|_, tx| {
            let of = sql!("SELECT id FROM allocation WHERE tenant_id = $1 AND refund = $2");
            Ok(tx.value(of, &[Stored::Int(drawn.id.raw())])?.unwrap_or(0))
        })?;
        let taken = h.as_user(CASHIER, |cx, tx| unallocate(cx, tx, Id::from_raw(first), "错"));
        assert_eq!(code(taken), "allocation.is_refund");
        h.check()
    });
}

#[test]
fn a_statement_shows_the_refund_and_the_next_one_that_it_came_back() {
    each(|h| {
        let (_, invoice) = billed_113(h)?;
        let paid = comes_in(h, invoice.party, 150_00, None)?;
        let part = [Pays { what: What::Invoice(invoice.id), amount: 113_00 }];
        h.as_user(CASHIER, |cx, tx| allocate(cx, tx, paid.id, &part))?;
        let drawn = draws_up(h, Source::Payment(paid.id), 37_00)?;
        on_its_way(h, &drawn)?;
        clears(h, &drawn)?;
        h.day(Day::of(2026, 2, 2));
        let until = Day::of(2026, 1, 31);
        let january = h.run(|cx, tx| statements::draw_up(cx, tx, invoice.party, until))?.remove(0);
        let kinds: Vec<LineKind> = january.lines.iter().map(|l| l.kind).collect();
        assert!(kinds.contains(&LineKind::Refund), "{kinds:?}");
        assert_eq!((january.opening, january.delivered, january.paid), (0, 113_00, 113_00));
        assert_eq!(january.closing, 0);
        h.as_user(CASHIER, |cx, tx| refund::reverse(cx, tx, drawn.id, "银行退回"))?;
        h.day(Day::of(2026, 3, 2));
        let until = Day::of(2026, 2, 28);
        let february = h.run(|cx, tx| statements::draw_up(cx, tx, invoice.party, until))?.remove(0);
        assert_eq!((february.opening, february.paid, february.closing), (0, 37_00, -37_00));
        h.check()
    });
}

#[test]
fn of_sixteen_who_draw_up_the_same_money_at_once_exactly_one_gets_it() {
    for engine in ["sqlite", "postgres"] {
        let Some(h) = open(engine) else { continue };
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
                    let new = wish(Source::Payment(paid.id), 300_00);
                    code(house.store.run(&cx, |cx, tx| refund::draw_up(cx, tx, &new)))
                })
            })
            .collect();
        let said: Vec<&str> = threads.into_iter().map(|t| t.join().expect("a client")).collect();
        assert_eq!(said.iter().filter(|c| **c == "ok").count(), 1, "{engine}: {said:?}");
        assert!(said.iter().all(|c| ["ok", "refund.too_much"].contains(c)), "{engine}: {said:?}");
        let mut cx = Ctx::system(crate::house::TENANT, at, house.store.ids());
        cx.company = house.company;
        crate::house::check(&house.store, &cx).expect("every invariant holds");
    }
}

#[test]
fn who_does_not_reach_the_money_sends_none_of_it_back() {
    each(|h| {
        let customer = h.customer("恒远机电", "N30", None)?;
        let free = comes_in(h, customer, 500_00, None)?;
        let drawn = |reach: ScopeKind| {
            let cx = h.reaching(CASHIER, "finance.*", reach);
            let new = wish(Source::Payment(free.id), 300_00);
            code(h.store.run(&cx, |cx, tx| refund::draw_up(cx, tx, &new)))
        };
        assert_eq!(drawn(ScopeKind::Own), "access.forbidden");
        assert_eq!(now(h, &free)?.held, 0, "nothing is kept");
        assert_eq!(drawn(ScopeKind::All), "ok");
        h.check()
    });
}
