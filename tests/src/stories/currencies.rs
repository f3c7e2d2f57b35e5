//! Orders in dollars of a company that keeps its books in yuan, from the rate to the cash.
use crate::house::{House, code, each, each_with, new_product};
use finance::{Allocation, Invoice, Payment};
use flows::lead_to_order as quotes;
use flows::order_to_cash::enter::{NewOrder, create_order};
use flows::order_to_cash::pay::{NewPayment, Pays, What, receive_payment, unallocate};
use flows::order_to_cash::picked::Picked;
use flows::order_to_cash::revalue::{self, Unvalued};
use flows::order_to_cash::{bill, bill_several, returns, submit};
use kernel::{Currency, Day, Id, Price, Qty, Rate, Result, Stored};
use ledger::Period;
use party::Party;
use product::Product;
use sales::{Asked, Order};
use serde_json::{Value, json};
use store::find;

const USD: Currency = Currency::USD;

/// Somebody of finance enters what a dollar is worth from a day of January on.
pub(super) fn dollar(h: &House, day: i64, rate: &str) -> Result<()> {
    let body = json!({
        "currency": "USD",
        "base": "CNY",
        "day": january(day).to_string(),
        "rate": rate,
        "source": "中国外汇交易中心",
    });
    entered(h, &body)
}

fn entered(h: &House, body: &Value) -> Result<()> {
    let rule = flows::rules().into_iter().find(|(of, _)| *of == "exchange_rate").map(|(_, r)| r);
    let entity = &finance::entities::EXCHANGE_RATE;
    h.as_user(3, |cx, tx| store::rows::create(cx, tx, entity, body, rule).map(|_| ()))
}

pub(super) fn january(day: i64) -> Day {
    Day::of(2026, 1, 1).plus_days(day - 1)
}

/// Goods without tax at 100 dollars the piece, so that amounts are easy to follow.
fn machine(h: &House) -> Result<Id<Product>> {
    let machine = h.run(|cx, tx| {
        let mut machine = new_product(cx, "MACHINE", Price::parse("700")?);
        machine.tax_code = "VAT0".into();
        product::commands::create(cx, tx, std::slice::from_ref(&machine))?;
        Ok(machine.id)
    })?;
    h.stock_up(machine, 1_000, 300_00)?;
    Ok(machine)
}

fn in_dollars(h: &House, party: Id<Party>, product: Id<Product>, pieces: i64) -> Result<Order> {
    let asked =
        Asked { product, qty: Qty::whole(pieces), price: Some(Price::parse("100")?), discount: 0 };
    let mut new = NewOrder::of(party, vec![asked]);
    new.currency = Some(USD);
    new.ship_to = "Houston".into();
    new.requested_on = Some(h.cx(1).today().plus_days(30));
    h.as_user(1, |cx, tx| {
        let order = create_order(cx, tx, &new)?;
        submit::submit_order(cx, tx, order.id)
    })
}

pub(super) fn pays(h: &House, party: Id<Party>, amount: i64, on: Option<What>) -> Result<Payment> {
    let new = NewPayment {
        currency: Some(USD),
        rate: None,
        party,
        amount,
        method: "transfer".into(),
        value_day: h.cx(3).today(),
        reference: "T/T".into(),
        pays: on.map(|what| Pays { what, amount }).into_iter().collect(),
    };
    h.as_user(3, |cx, tx| receive_payment(cx, tx, &new))
}

pub(super) fn delivered(h: &House, order: Id<Order>) -> Result<()> {
    h.ship_all(order)?.into_iter().try_for_each(|shipment| h.deliver(shipment))
}

pub(super) fn invoice(h: &House, id: Id<Invoice>) -> Result<Invoice> {
    h.read(|_, tx| tx.get(id))
}

pub(super) fn loss(h: &House) -> Result<i64> {
    h.balance("exchange_difference")
}

/// A customer without a limit, a dollar at 7.10 on the 5th, an order of 100 machines.
pub(super) fn hundred(h: &House) -> Result<(Id<Party>, Id<Product>, Order)> {
    dollar(h, 5, "7.10")?;
    let customer = h.customer("Harbor Works LLC", "N30", None)?;
    let machine = machine(h)?;
    let order = in_dollars(h, customer, machine, 100)?;
    Ok((customer, machine, order))
}

#[test]
fn t41_a_deposit_keeps_its_rate_and_only_the_rest_makes_a_difference() {
    each(|h| {
        let (customer, _, order) = hundred(h)?;
        assert_eq!((order.gross, order.rate), (10_000_00, Rate::parse("7.1")?));
        pays(h, customer, 3_000_00, Some(What::Order(order.id)))?;
        assert_eq!(h.balance("contract_liability")?, -21_300_00, "3,000 at 7.10");
        h.day(january(12));
        dollar(h, 12, "7.20")?;
        delivered(h, order.id)?;
        assert_eq!(h.balance("revenue")?, -71_700_00, "3,000 at 7.10 and 7,000 at 7.20");
        assert_eq!(h.balance("contract_liability")?, -21_300_00, "not valued anew");
        h.check()?;
        let billed = h.bill(order.id)?;
        assert_eq!((billed.open, billed.open_base), (7_000_00, 50_400_00), "7,000 at 7.20");
        assert_eq!(h.balance("contract_liability")?, 0);
        assert_eq!((h.balance("receivable_unbilled")?, loss(h)?), (0, 0));
        h.day(january(20));
        dollar(h, 20, "7.05")?;
        pays(h, customer, 7_000_00, Some(What::Invoice(billed.id)))?;
        assert_eq!(loss(h)?, 1_050_00, "7,000 at 0.15");
        assert_eq!((h.balance("receivable")?, h.balance("customer_advance")?), (0, 0));
        assert_eq!(h.balance("bank_foreign")?, 70_650_00);
        assert_eq!(h.get(order.id)?.state, sales::OrderState::Closed);
        h.check()
    });
}

#[test]
fn a_small_enterprise_books_gains_apart_from_losses() {
    each_with("small", |h| {
        let (customer, _, order) = hundred(h)?;
        delivered(h, order.id)?;
        let billed = h.bill(order.id)?;
        assert_eq!(h.balance("receivable")?, 71_000_00);
        h.day(january(9));
        dollar(h, 9, "7.30")?;
        pays(h, customer, 4_000_00, Some(What::Invoice(billed.id)))?;
        assert_eq!(h.balance("exchange_gain")?, -800_00, "4,000 at 0.20 is income");
        h.day(january(10));
        dollar(h, 10, "7.00")?;
        pays(h, customer, 6_000_00, Some(What::Invoice(billed.id)))?;
        assert_eq!(loss(h)?, 600_00, "6,000 at 0.10");
        assert_eq!(h.balance("receivable")?, 0);
        h.check()
    });
}

#[test]
fn parts_that_do_not_divide_leave_no_cent_in_either_currency() {
    each(|h| {
        dollar(h, 5, "7.123456789")?;
        let customer = h.customer("Harbor Works LLC", "N30", None)?;
        let screws = h.product("SCREW-M4", "0.97", 7, 70)?;
        let asked = Asked { product: screws, qty: Qty::whole(10), price: None, discount: 0 };
        let mut new = NewOrder::of(customer, vec![asked]);
        (new.currency, new.ship_to) = (Some(USD), "Houston".into());
        new.requested_on = Some(january(30));
        let order = h.as_user(1, |cx, tx| submit::enter_and_submit(cx, tx, &new))?;
        assert_eq!(order.lines[0].price_entered, Price::parse("0.1362")?, "0.97 at 7.1235");
        assert_eq!(order.gross, 1_36);
        let ahead = pays(h, customer, 33, Some(What::Order(order.id)))?;
        assert_eq!((ahead.amount_base, h.get(order.id)?.deposit_base), (2_35, 2_35));
        delivered(h, order.id)?;
        let first = h.bill(order.id)?;
        h.day(january(9));
        dollar(h, 9, "7.3")?;
        h.stock_up(screws, 3, 70)?;
        delivered(h, order.id)?;
        let second = h.bill(order.id)?;
        h.check()?;
        for id in [first.id, second.id] {
            let open = invoice(h, id)?.open;
            for part in [open / 3, open - open / 3] {
                pays(h, customer, part, Some(What::Invoice(id)))?;
                h.check()?;
            }
        }
        for role in ["receivable", "receivable_unbilled", "customer_advance", "contract_liability"]
        {
            assert_eq!(h.balance(role)?, 0, "{role}");
        }
        Ok(())
    });
}

#[test]
fn an_allocation_that_is_taken_back_takes_its_difference_back_in_red() {
    each(|h| {
        let (customer, _, order) = hundred(h)?;
        delivered(h, order.id)?;
        let billed = h.bill(order.id)?;
        h.day(january(9));
        dollar(h, 9, "7.00")?;
        let paid = pays(h, customer, 10_000_00, Some(What::Invoice(billed.id)))?;
        assert_eq!(loss(h)?, 1_000_00);
        let key = [Stored::Int(paid.id.raw())];
        let query = find!(Allocation, "payment = $2 ORDER BY id LIMIT 1");
        let first = h.read(|_, tx| Ok(tx.list::<Allocation>(query, &key)?.remove(0)))?;
        assert_eq!((first.amount_base, first.difference_base), (70_000_00, -1_000_00));
        h.as_user(3, |cx, tx| unallocate(cx, tx, first.id, "记错客户"))?;
        assert_eq!(loss(h)?, 0);
        let turnover: i64 = h.read(|cx, tx| {
            let query = store::sql!(
                "SELECT CAST(COALESCE(SUM(l.debit), -1) AS BIGINT) FROM entry_line l \
                 JOIN account_role r ON r.tenant_id = l.tenant_id AND r.company = l.company \
                 AND r.account = l.account WHERE l.tenant_id = $1 AND l.company = $2 \
                 AND r.role = 'exchange_difference'"
            );
            Ok(tx.value(query, &[Stored::Int(cx.company)])?.unwrap_or(-1))
        })?;
        assert_eq!(turnover, 0, "on its own side (红字)");
        assert_eq!(h.balance("receivable")?, 71_000_00);
        assert_eq!(h.balance("customer_advance")?, -70_000_00);
        h.check()
    });
}

#[test]
fn without_a_rate_nothing_is_entered_and_the_refusal_says_what_is_missing() {
    each(|h| {
        let customer = h.customer("Harbor Works LLC", "N30", None)?;
        let machine = machine(h)?;
        let refused = in_dollars(h, customer, machine, 1);
        let error = refused.err().ok_or_else(|| kernel::Error::bug("bug.story", "entered"))?;
        assert_eq!(error.code, "rate.unknown");
        assert!(error.fields.contains(&("day", "2026-01-05".into())), "{error}");
        assert_eq!(code(pays(h, customer, 1_00, None)), "rate.unknown");
        dollar(h, 6, "7.10")?;
        assert_eq!(code(in_dollars(h, customer, machine, 1)), "rate.unknown", "known tomorrow");
        h.day(january(25));
        assert_eq!(in_dollars(h, customer, machine, 1)?.rate, Rate::parse("7.1")?);
        Ok(())
    });
}

#[test]
fn money_pays_only_what_is_in_its_currency() {
    each(|h| {
        let (customer, machine, order) = hundred(h)?;
        delivered(h, order.id)?;
        let dollars = h.bill(order.id)?;
        let yuan = h.submitted(customer, &[(machine, 1)])?;
        delivered(h, yuan.id)?;
        let yuan = h.bill(yuan.id)?;
        assert_eq!(yuan.currency, Currency::CNY);
        let wrong = pays(h, customer, 100_00, Some(What::Invoice(yuan.id)));
        assert_eq!(code(wrong), "payment.other_currency");
        let mut own = invoice(h, dollars.id)?;
        own.open = 1_00;
        assert_eq!(code(h.pay(&own)), "payment.other_currency");
        h.check()
    });
}

#[test]
fn a_limit_in_yuan_holds_an_order_in_dollars_by_its_worth() {
    each(|h| {
        dollar(h, 5, "7.10")?;
        let customer = h.customer("Harbor Works LLC", "N30", Some(71_000))?;
        let machine = machine(h)?;
        let fits = in_dollars(h, customer, machine, 60)?;
        assert_eq!((fits.holds, fits.credit_taken), (0, 42_600_00), "6,000 at 7.10");
        let over = in_dollars(h, customer, machine, 41)?;
        assert_eq!((over.holds, over.credit_taken), (1, 0), "10,100 dollars are 71,710 yuan");
        h.check()?;
        delivered(h, fits.id)?;
        let billed = h.bill(fits.id)?;
        pays(h, customer, 6_000_00, Some(What::Invoice(billed.id)))?;
        assert_eq!(h.get(over.id)?.holds, 0, "paid, so there is room");
        h.check()
    });
}

/// So many machines are back in the warehouse; what they mean in money is not yet put right.
pub(super) fn goods_back(h: &House, order: &Order, pieces: i64) -> Result<stock::Return> {
    let new = returns::NewReturn {
        order: order.id,
        reason: "坏了".into(),
        fault: stock::Fault::Us,
        lines: vec![(order.lines[0].id, Qty::whole(pieces))],
    };
    let back = h.as_user(1, |cx, tx| returns::request_return(cx, tx, &new))?;
    h.as_user(2, |cx, tx| returns::approve_return(cx, tx, back.id))?;
    h.as_user(2, |cx, tx| returns::receive_return(cx, tx, back.id, &[]))
}

#[test]
fn goods_that_come_back_leave_neither_currency_open() {
    each(|h| {
        let (customer, _, order) = hundred(h)?;
        delivered(h, order.id)?;
        let billed = h.bill(order.id)?;
        pays(h, customer, 5_000_00, Some(What::Invoice(billed.id)))?;
        h.day(january(9));
        dollar(h, 9, "7.00")?;
        let back = goods_back(h, &order, 20)?;
        h.check()?;
        h.as_user(3, |cx, tx| returns::settle_return(cx, tx, back.id))?;
        let left = invoice(h, billed.id)?;
        assert_eq!((left.open, left.open_base), (3_000_00, 21_300_00), "at 7.10, as it stood");
        assert_eq!(loss(h)?, 0, "what comes back comes back at its own rate");
        pays(h, customer, 3_000_00, Some(What::Invoice(billed.id)))?;
        assert_eq!((h.balance("receivable")?, loss(h)?), (0, 300_00));
        h.check()
    });
}

fn period(h: &House, name: &str) -> Result<Id<Period>> {
    let key = [Stored::Int(h.company), Stored::text(name)];
    let query = find!(Period, "company = $2 AND period = $3");
    h.read(|_, tx| Ok(tx.list::<Period>(query, &key)?.remove(0).id))
}

pub(super) fn revalued(h: &House, name: &str) -> Result<i64> {
    let id = period(h, name)?;
    let lines = h.as_user(3, |cx, tx| revalue::revalue(cx, tx, id))?;
    Ok(lines.iter().map(revalue::Valued::difference).sum())
}

fn entries(h: &House) -> Result<i64> {
    let query = store::sql!("SELECT COUNT(*) FROM entry WHERE tenant_id = $1");
    h.read(|_, tx| Ok(tx.value(query, &[])?.unwrap_or(0)))
}

#[test]
fn what_is_owed_and_in_the_bank_is_valued_at_the_end_of_the_month_and_deposits_are_not() {
    each(|h| {
        let (customer, machine, order) = hundred(h)?;
        delivered(h, order.id)?;
        let billed = h.bill(order.id)?;
        pays(h, customer, 4_000_00, Some(What::Invoice(billed.id)))?;
        let other = in_dollars(h, customer, machine, 10)?;
        pays(h, customer, 500_00, Some(What::Order(other.id)))?;
        dollar(h, 31, "7.00")?;
        h.day(january(31).plus_days(1));
        let id = period(h, "2026-01")?;
        let seen = h.read(|cx, tx| revalue::preview(cx, tx, id))?;
        let seen: Vec<_> =
            seen.iter().map(|v| (v.role.as_str(), v.amount, v.difference())).collect();
        let all = [("receivable", 6_000_00, -600_00), ("bank_foreign", 4_500_00, -450_00)];
        assert_eq!(seen, all, "6,000 and 4,500 at 0.10");
        assert_eq!(loss(h)?, 0, "a look books nothing");
        assert_eq!(revalued(h, "2026-01")?, -1_050_00);
        assert_eq!(loss(h)?, 1_050_00);
        assert_eq!(h.balance("contract_liability")?, -3_550_00, "500 at 7.10, as they came");
        assert_eq!(invoice(h, billed.id)?.open_base, 42_000_00);
        h.check()?;
        let before = entries(h)?;
        assert_eq!(revalued(h, "2026-01")?, 0, "the same rate a second time");
        assert_eq!((entries(h)?, loss(h)?), (before, 1_050_00));
        pays(h, customer, 6_000_00, Some(What::Invoice(billed.id)))?;
        assert_eq!(loss(h)?, 1_050_00, "paid at what it is valued at");
        assert_eq!(h.balance("receivable")?, 0);
        h.check()
    });
}

#[test]
fn a_month_is_not_closed_silently_while_its_dollars_are_not_valued() {
    each(|h| {
        let (_, _, order) = hundred(h)?;
        delivered(h, order.id)?;
        h.bill(order.id)?;
        dollar(h, 31, "7.20")?;
        h.day(january(31).plus_days(5));
        let id = period(h, "2026-01")?;
        let close = |how| h.as_user(3, |cx, tx| revalue::close_period(cx, tx, id, how));
        let refused = close(Unvalued::Refuse);
        let error = refused.err().ok_or_else(|| kernel::Error::bug("bug.story", "closed"))?;
        assert_eq!(error.code, "period.not_revalued");
        assert!(error.fields.contains(&("amount", "1000.00 CNY".into())), "{error}");
        revalued(h, "2026-01")?;
        close(Unvalued::Refuse)?;
        let gone = h.as_user(3, |cx, tx| revalue::revalue(cx, tx, id));
        assert_eq!(code(gone), "state.not_allowed");
        dollar(h, 31 + 20, "7.00")?;
        h.day(january(31).plus_days(29));
        assert_eq!(revalued(h, "2026-02")?, -2_000_00, "from 7.20, not from 7.10");
        h.as_user(3, |cx, tx| ledger::commands::reopen_period(cx, tx, id, "补录"))?;
        let late = h.as_user(3, |cx, tx| revalue::revalue(cx, tx, id));
        assert_eq!(code(late), "period.later_revalued");
        Ok(())
    });
}

/// A price list in dollars for a customer, with one price.
fn dollar_list(h: &House, party: Id<Party>, product: Id<Product>) -> Result<()> {
    h.run(|cx, tx| {
        let list = terms::PriceList {
            id: cx.id(),
            version: 1,
            code: "USD".into(),
            name: "美元价目表".into(),
            currency: USD,
            incl_tax: true,
            factor: Rate::whole(1),
        };
        let item = terms::PriceItem {
            id: cx.id(),
            price_list: list.id,
            product,
            min_qty: Qty::ZERO,
            price: Price::parse("95")?,
            valid_from: None,
            valid_until: None,
        };
        terms::commands::set_price_list(cx, tx, &list, &[item])?;
        let mut party = tx.lock(party)?;
        "USD".clone_into(&mut party.price_list_code);
        tx.tell(cx.fact(terms::facts::TERMS_SET).on("party", party.id.raw(), "customer"));
        tx.update(&[party]);
        Ok(())
    })
}

fn quote_in(
    h: &House,
    party: Id<Party>,
    product: Id<Product>,
    currency: Currency,
) -> Result<sales::Quote> {
    let asked = Asked { product, qty: Qty::whole(10), price: None, discount: 0 };
    let new = quotes::NewQuote {
        currency: Some(currency),
        rate: None,
        party,
        opportunity: None,
        valid_until: Some(january(31)),
        lines: vec![asked],
    };
    h.as_user(1, |cx, tx| quotes::create_quote(cx, tx, &new))
}

#[test]
fn prices_are_converted_or_of_the_list_in_dollars_and_a_third_currency_is_refused() {
    each(|h| {
        dollar(h, 5, "7.00")?;
        let customer = h.customer("Harbor Works LLC", "N30", None)?;
        let machine = machine(h)?;
        let offered = quote_in(h, customer, machine, USD)?;
        assert_eq!(offered.lines[0].price_entered, Price::parse("100")?, "700 yuan at 7.00");
        assert_eq!((offered.gross, offered.base()), (1_000_00, 7_000_00));
        dollar_list(h, customer, machine)?;
        let listed = quote_in(h, customer, machine, USD)?;
        assert_eq!(listed.lines[0].price_entered, Price::parse("95")?, "as the list says");
        h.day(january(7));
        dollar(h, 7, "7.20")?;
        for step in [quotes::submit_quote, quotes::send_quote] {
            h.as_user(1, |cx, tx| step(cx, tx, listed.id).map(|_| ()))?;
        }
        let order = h.as_user(1, |cx, tx| quotes::accept_quote(cx, tx, listed.id))?;
        assert_eq!((order.currency, order.gross), (USD, 950_00), "what was offered");
        assert_eq!(order.rate, Rate::parse("7.2")?, "of the order's own day");
        entered(
            h,
            &json!({ "currency": "EUR", "base": "CNY", "day": "2026-01-01", "rate": "8.10" }),
        )?;
        let euro = Currency::EUR;
        assert_eq!(code(quote_in(h, customer, machine, euro)), "price_list.other_currency");
        let own = quote_in(h, customer, machine, Currency::CNY);
        assert_eq!(code(own), "price_list.other_currency", "95 dollars are not 95 yuan");
        let twice = json!({ "currency": "EUR", "base": "CNY", "day": "2026-01-01", "rate": "8" });
        assert_eq!(code(entered(h, &twice)), "store.duplicate");
        let itself = json!({ "currency": "CNY", "base": "CNY", "day": "2026-01-01", "rate": "1" });
        assert_eq!(code(entered(h, &itself)), "rate.same_currency");
        Ok(())
    });
}

#[test]
fn who_may_enter_rates_may_say_another_one_on_a_document_and_nobody_else() {
    each(|h| {
        let (customer, machine, _) = hundred(h)?;
        let asked = Asked { product: machine, qty: Qty::whole(1), price: None, discount: 0 };
        let mut new = NewOrder::of(customer, vec![asked]);
        (new.currency, new.rate) = (Some(USD), Some(Rate::parse("7.5")?));
        let sales = h.reaching(1, "sales.order.create", kernel::ScopeKind::All);
        let refused = h.store.run(&sales, |cx, tx| create_order(cx, tx, &new));
        assert_eq!(code(refused), "access.forbidden");
        let order = h.as_user(3, |cx, tx| create_order(cx, tx, &new))?;
        assert_eq!(order.rate, Rate::parse("7.5")?);
        new.rate = Some(Rate::parse("0")?);
        assert_eq!(code(h.as_user(3, |cx, tx| create_order(cx, tx, &new))), "rate.range");
        Ok(())
    });
}

#[test]
fn one_invoice_over_orders_of_two_rates_leaves_no_cent() {
    each(|h| {
        let (customer, machine, first) = hundred(h)?;
        pays(h, customer, 3_333_33, Some(What::Order(first.id)))?;
        delivered(h, first.id)?;
        h.day(january(9));
        dollar(h, 9, "7.31")?;
        let second = in_dollars(h, customer, machine, 33)?;
        delivered(h, second.id)?;
        let both = [first.id, second.id].map(|id| Picked::all(id.raw()));
        let drawn = h.as_user(3, |cx, tx| bill_several::bill_together(cx, tx, &both))?;
        let billed = h.as_user(3, |cx, tx| bill::post_invoice(cx, tx, drawn.id))?;
        assert_eq!(billed.gross_base, 95_123_00, "10,000 at 7.10 and 3,300 at 7.31");
        assert_eq!((billed.open, billed.open_base), (9_966_67, 71_456_36));
        h.check()?;
        h.day(january(20));
        dollar(h, 20, "7.00")?;
        pays(h, customer, 8_000_01, Some(What::Invoice(billed.id)))?;
        h.check()?;
        pays(h, customer, 1_966_66, Some(What::Invoice(billed.id)))?;
        assert_eq!((h.balance("receivable")?, h.balance("customer_advance")?), (0, 0));
        assert_eq!(loss(h)?, 1_689_67, "71,456.36 less 9,966.67 at 7.00");
        h.check()
    });
}

#[test]
fn what_was_paid_at_a_new_value_and_taken_back_is_valued_again_and_clears() {
    each(|h| {
        let (customer, _, order) = hundred(h)?;
        delivered(h, order.id)?;
        let billed = h.bill(order.id)?;
        let paid = pays(h, customer, 4_000_00, Some(What::Invoice(billed.id)))?;
        dollar(h, 31, "7.00")?;
        h.day(january(31).plus_days(1));
        assert_eq!(revalued(h, "2026-01")?, -1_000_00, "6,000 owed and 4,000 in the bank at 0.10");
        let key = [Stored::Int(paid.id.raw())];
        let query = find!(Allocation, "payment = $2 ORDER BY id LIMIT 1");
        let first = h.read(|_, tx| Ok(tx.list::<Allocation>(query, &key)?.remove(0).id))?;
        h.as_user(3, |cx, tx| unallocate(cx, tx, first, "付错"))?;
        assert_eq!(invoice(h, billed.id)?.open_base, 70_400_00, "6,000 at 7.00, 4,000 at 7.10");
        h.check()?;
        assert_eq!(revalued(h, "2026-02")?, -400_00, "the 4,000 that are owed again");
        pays(h, customer, 10_000_00, Some(What::Invoice(billed.id)))?;
        assert_eq!(h.balance("receivable")?, 0);
        h.check()
    });
}
