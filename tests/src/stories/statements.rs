//! 对账单: what a customer got, sent back and paid in a month, agreed before it is billed.
use crate::house::{House, code, each};
use finance::{
    BillableItem, Dealt, Invoice, InvoiceState, LineKind, Noted, Statement, StatementState,
};
use flows::order_to_cash::pay::{NewPayment, receive_payment, reverse_payment};
use flows::order_to_cash::statements::{self, Agreed, Run};
use kernel::{Day, Id, Result, Stored};
use party::Party;
use product::Product;
use sales::Order;
use store::find;

const JANUARY: Day = Day::of(2026, 1, 31);
const FEBRUARY: Day = Day::of(2026, 2, 28);

fn draw_up(h: &House, party: Id<Party>, until: Day) -> Result<Statement> {
    let made = h.as_user(3, |cx, tx| statements::draw_up(cx, tx, party, until))?;
    h.read(|_, tx| finance::commands::statement(tx, made[0].id))
}

fn sent(h: &House, party: Id<Party>, until: Day) -> Result<Statement> {
    let id = draw_up(h, party, until)?.id;
    h.as_user(3, |cx, tx| statements::send(cx, tx, id))
}

fn agreed(h: &House, id: Id<Statement>, dealt: &[(i64, Dealt)]) -> Result<Statement> {
    let agreed = Agreed { signed_by: "李会计".into(), dealt: dealt.to_vec() };
    h.as_user(3, |cx, tx| statements::confirm(cx, tx, id, &agreed))
}

/// An order of pieces that left and was signed for on a day.
fn delivered(
    h: &House,
    party: Id<Party>,
    product: Id<Product>,
    pieces: i64,
    on: Day,
) -> Result<Id<Order>> {
    h.day(on);
    let order = h.submitted(party, &[(product, pieces)])?;
    for shipment in h.ship_all(order.id)? {
        h.deliver(shipment)?;
    }
    Ok(order.id)
}

fn pays(h: &House, party: Id<Party>, amount: i64, on: Day) -> Result<finance::Payment> {
    h.day(on);
    let new = NewPayment {
        currency: None,
        rate: None,
        party,
        amount,
        method: "transfer".into(),
        value_day: on,
        reference: "货款".into(),
        pays: Vec::new(),
    };
    h.as_user(3, |cx, tx| receive_payment(cx, tx, &new))
}

fn invoices(h: &House, order: Id<Order>) -> Result<Vec<Invoice>> {
    let key = [Stored::Int(order.raw())];
    h.read(|_, tx| {
        let query = find!(
            Invoice,
            "id IN (SELECT invoice FROM billable_item WHERE tenant_id = $1 AND order_id = $2) \
             ORDER BY id"
        );
        tx.list(query, &key)
    })
}

fn items(h: &House, order: Id<Order>) -> Result<Vec<BillableItem>> {
    let key = [Stored::Int(order.raw())];
    h.read(|_, tx| tx.list(find!(BillableItem, "order_id = $2 ORDER BY id"), &key))
}

#[test]
fn two_deliveries_and_a_payment_make_the_month_and_agreeing_to_it_bills_them() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 10_000, 70)?;
        let customer = h.customer("恒远机电", "N30", None)?;
        let first = delivered(h, customer, screws, 100, Day::of(2026, 1, 10))?;
        let second = delivered(h, customer, screws, 50, Day::of(2026, 1, 20))?;
        pays(h, customer, 40_00, Day::of(2026, 1, 25))?;
        h.day(Day::of(2026, 2, 2));
        let statement = draw_up(h, customer, JANUARY)?;
        assert_eq!(statement.state, StatementState::Draft);
        assert_eq!(statement.number, "ST-2026-00001");
        assert_eq!((statement.opening, statement.delivered), (0, 113_00 + 56_50));
        assert_eq!((statement.paid, statement.closing), (40_00, 129_50));
        let kinds: Vec<LineKind> = statement.lines.iter().map(|l| l.kind).collect();
        assert_eq!(kinds, [LineKind::Delivery, LineKind::Delivery, LineKind::Payment]);
        let again = draw_up(h, customer, JANUARY)?;
        assert_eq!(again.id, statement.id, "the month is stated once");
        h.as_user(3, |cx, tx| statements::send(cx, tx, statement.id))?;
        let confirmed = agreed(h, statement.id, &[])?;
        assert_eq!(confirmed.state, StatementState::Confirmed);
        let drawn = invoices(h, first)?;
        assert_eq!((drawn.len(), drawn[0].gross), (1, 169_50), "one for the whole month");
        assert_eq!(drawn[0].state, InvoiceState::Draft, "somebody posts it");
        assert_eq!(invoices(h, second)?[0].id, drawn[0].id);
        let early = h.as_user(3, |cx, tx| statements::settle(cx, tx, statement.id));
        assert_eq!(code(early), "statement.still_open");
        let id = drawn[0].id;
        let posted = h.as_user(3, |cx, tx| flows::order_to_cash::bill::post_invoice(cx, tx, id))?;
        h.pay(&posted)?;
        let settled = h.as_user(3, |cx, tx| statements::settle(cx, tx, statement.id))?;
        assert_eq!(settled.state, StatementState::Settled);
        Ok(())
    });
}

#[test]
fn the_next_month_begins_with_what_the_last_one_left() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 10_000, 70)?;
        let customer = h.customer("恒远机电", "N30", None)?;
        delivered(h, customer, screws, 100, Day::of(2026, 1, 10))?;
        let wrong = pays(h, customer, 30_00, Day::of(2026, 1, 12))?;
        h.day(Day::of(2026, 2, 2));
        assert_eq!(draw_up(h, customer, JANUARY)?.closing, 83_00);
        h.as_user(3, |cx, tx| reverse_payment(cx, tx, wrong.id, "付给了别家"))?;
        delivered(h, customer, screws, 10, Day::of(2026, 2, 9))?;
        h.day(Day::of(2026, 3, 2));
        let february = draw_up(h, customer, FEBRUARY)?;
        assert_eq!(february.period_from, Day::of(2026, 2, 1));
        assert_eq!((february.opening, february.delivered), (83_00, 11_30));
        assert_eq!(february.paid, -30_00, "what January called paid was taken back");
        assert_eq!(february.closing, 124_30);
        let owed = h.balance("receivable_unbilled")? + h.balance("customer_advance")?;
        assert_eq!(owed, 124_30, "and the books say so too");
        Ok(())
    });
}

#[test]
fn what_was_owed_before_the_first_statement_opens_it() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 10_000, 70)?;
        let customer = h.customer("恒远机电", "N30", None)?;
        delivered(h, customer, screws, 100, Day::of(2026, 1, 10))?;
        delivered(h, customer, screws, 10, Day::of(2026, 2, 9))?;
        delivered(h, customer, screws, 20, Day::of(2026, 3, 1))?;
        h.day(Day::of(2026, 3, 2));
        let february = draw_up(h, customer, FEBRUARY)?;
        assert_eq!((february.opening, february.closing), (113_00, 124_30));
        Ok(())
    });
}

#[test]
fn a_difference_is_noted_on_its_line_and_carried_to_the_next_month() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 10_000, 70)?;
        let customer = h.customer("恒远机电", "N30", None)?;
        let good = delivered(h, customer, screws, 100, Day::of(2026, 1, 10))?;
        let doubted = delivered(h, customer, screws, 50, Day::of(2026, 1, 20))?;
        h.day(Day::of(2026, 2, 2));
        let statement = sent(h, customer, JANUARY)?;
        let line_no = statement.lines[1].line_no;
        let noted = |difference| vec![Noted { line_no, difference, note: "少收十件".into() }];
        let differ = |noted: &[Noted], why: &str| {
            h.as_user(3, |cx, tx| statements::differ(cx, tx, statement.id, noted, why))
        };
        assert_eq!(code(differ(&noted(-11_30), " ")), "statement.reason_required");
        assert_eq!(code(differ(&[], "少货")), "statement.no_difference");
        assert_eq!(code(differ(&noted(i64::MIN), "少货")), "statement.difference_too_large");
        let found = differ(&noted(-11_30), "少货")?;
        assert_eq!((found.state, found.difference), (StatementState::Difference, -11_30));
        assert_eq!(code(agreed(h, statement.id, &[])), "statement.difference_open");
        let confirmed = agreed(h, statement.id, &[(line_no, Dealt::Carried)])?;
        assert_eq!(confirmed.difference, -11_30, "it goes on to the next month");
        assert_eq!(invoices(h, good)?.len(), 1);
        assert!(invoices(h, doubted)?.is_empty(), "nobody bills what is not agreed");
        delivered(h, customer, screws, 10, Day::of(2026, 2, 9))?;
        h.day(Day::of(2026, 3, 2));
        let february = sent(h, customer, FEBRUARY)?;
        agreed(h, february.id, &[])?;
        assert_eq!(invoices(h, doubted)?.len(), 1, "agreed in February, billed in February");
        assert!(items(h, doubted)?.iter().all(|i| i.state == finance::ItemState::Reserved));
        Ok(())
    });
}

#[test]
fn a_day_that_is_not_over_has_no_statement_and_a_stated_one_no_earlier() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 10_000, 70)?;
        let customer = h.customer("恒远机电", "N30", None)?;
        delivered(h, customer, screws, 100, Day::of(2026, 1, 31))?;
        assert_eq!(code(draw_up(h, customer, JANUARY)), "statement.too_early");
        h.day(Day::of(2026, 3, 2));
        draw_up(h, customer, FEBRUARY)?;
        assert_eq!(code(draw_up(h, customer, JANUARY)), "statement.stated_later");
        let stranger = h.customer("从未买过", "N30", None)?;
        assert_eq!(code(draw_up(h, stranger, FEBRUARY)), "statement.nothing_to_state");
        Ok(())
    });
}

#[test]
fn a_run_draws_up_all_whose_day_it_is_and_the_second_run_none() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 10_000, 70)?;
        let on_25 = h.run(|cx, tx| {
            let mut party = Party::new(cx.id(), "K-25", "二十五日对账");
            (party.is_customer, party.statement_day) = (true, 25);
            "N30".clone_into(&mut party.terms_code);
            party::commands::create(cx, tx, &party, &[], &[], &[])?;
            Ok(party.id)
        })?;
        let customers = [h.customer("甲", "N30", None)?, h.customer("乙", "N30", None)?, on_25];
        for customer in customers {
            delivered(h, customer, screws, 10, Day::of(2026, 1, 10))?;
        }
        h.day(Day::of(2026, 2, 2));
        let run = |until| -> Result<Run> { h.as_user(3, |cx, tx| statements::run(cx, tx, until)) };
        assert_eq!(run(JANUARY)?.made.len(), 2);
        assert!(run(JANUARY)?.made.is_empty());
        let on_the_25th = run(Day::of(2026, 1, 25))?.made;
        assert_eq!(on_the_25th.len(), 1);
        assert_eq!(on_the_25th[0].period_from, Day::of(2025, 12, 26));
        Ok(())
    });
}
