//! Deposits in the books: 合同负债 and 待转销项税额 under CAS, 预收账款 whole in a small enterprise.
use crate::house::{House, code, each, each_with};
use finance::{Allocation, Payment};
use flows::order_to_cash::pay::{NewPayment, Pays, What, receive_payment, unallocate};
use kernel::{Id, Result, Stored};
use party::Party;
use product::Product;
use sales::{Order, OrderState};
use store::find;

/// Advances, deposits and deferred tax, as we owe them.
fn owed(h: &House) -> Result<(i64, i64, i64)> {
    let of = |role| Ok::<i64, kernel::Error>(-h.balance(role)?);
    Ok((of("customer_advance")?, of("contract_liability")?, of("output_vat_deferred")?))
}

fn pays(h: &House, party: Id<Party>, amount: i64, on: &[(Id<Order>, i64)]) -> Result<Payment> {
    let part =
        |(order, amount): &(Id<Order>, i64)| Pays { what: What::Order(*order), amount: *amount };
    let new = NewPayment {
        currency: None,
        rate: None,
        party,
        amount,
        method: "transfer".into(),
        value_day: h.cx(3).today(),
        reference: "定金".into(),
        pays: on.iter().map(part).collect(),
    };
    h.as_user(3, |cx, tx| receive_payment(cx, tx, &new))
}

fn first_allocation(h: &House, of: &Payment) -> Result<Id<Allocation>> {
    let key = [Stored::Int(of.id.raw())];
    let query = find!(Allocation, "payment = $2 ORDER BY id LIMIT 1");
    h.read(|_, tx| Ok(tx.list::<Allocation>(query, &key)?.remove(0).id))
}

fn hundred(h: &House) -> Result<(Id<Product>, Id<Party>, Id<Order>)> {
    let screws = h.product("SCREW-M4", "1.13", 1_000, 70)?;
    let customer = h.customer("恒远机电", "N30", None)?;
    let order = h.submitted(customer, &[(screws, 100)])?;
    Ok((screws, customer, order.id))
}

/// Ships and delivers so many pieces, and bills them.
fn billed(h: &House, order: Id<Order>) -> Result<finance::Invoice> {
    for shipment in h.ship_all(order)? {
        h.deliver(shipment)?;
    }
    h.bill(order)
}

#[test]
fn a_deposit_is_owed_without_its_tax_until_the_invoice_that_it_pays() {
    each(|h| {
        let (_, customer, order) = hundred(h)?;
        let paid = pays(h, customer, 50_00, &[(order, 33_90)])?;
        assert_eq!(paid.unapplied, 16_10);
        assert_eq!(owed(h)?, (16_10, 30_00, 3_90), "33.90 is 30.00 and 13 % of it");
        let now = h.get(order)?;
        assert_eq!((now.deposit, now.deposit_tax), (33_90, 3_90));
        h.check()?;
        let invoice = billed(h, order)?;
        assert_eq!((invoice.gross, invoice.open), (113_00, 79_10));
        assert_eq!(owed(h)?, (16_10, 0, 0), "what is left is free money");
        assert_eq!(h.balance("receivable")?, 79_10);
        assert_eq!(h.balance("output_vat")?, -13_00, "tax is due once, by the invoice");
        h.pay(&invoice)?;
        let closed = h.get(order)?;
        assert_eq!((closed.state, closed.deposit, closed.deposit_tax), (OrderState::Closed, 0, 0));
        h.check()
    });
}

#[test]
fn a_deposit_over_two_invoices_leaves_no_cent_of_liability_or_tax() {
    each(|h| {
        let screws = h.product("SCREW-M4", "0.97", 7, 70)?;
        let customer = h.customer("恒远机电", "N30", None)?;
        let order = h.submitted(customer, &[(screws, 10)])?.id;
        pays(h, customer, 8_01, &[(order, 8_01)])?;
        assert_eq!(owed(h)?, (0, 7_09, 92));
        let first = billed(h, order)?;
        assert_eq!((first.gross, first.open), (6_79, 0));
        let left = h.get(order)?;
        assert_eq!(owed(h)?, (0, left.deposit - left.deposit_tax, left.deposit_tax));
        assert_eq!(left.deposit, 1_22);
        h.stock_up(screws, 3, 70)?;
        let second = billed(h, order)?;
        assert_eq!((second.gross, second.open), (2_91, 1_69));
        assert_eq!(owed(h)?, (0, 0, 0), "liability zero at the end (T15)");
        h.check()
    });
}

#[test]
fn a_deposit_that_is_taken_back_is_free_money_again_and_its_entry_is_red() {
    each(|h| {
        let (_, customer, order) = hundred(h)?;
        let too_much = pays(h, customer, 200_00, &[(order, 113_01)]);
        assert_eq!(code(too_much), "order.deposit_too_much");
        assert_eq!(owed(h)?, (0, 0, 0), "a refusal books nothing");
        let paid = pays(h, customer, 56_50, &[(order, 56_50)])?;
        assert_eq!(owed(h)?, (0, 50_00, 6_50));
        let allocation = first_allocation(h, &paid)?;
        h.as_user(3, |cx, tx| unallocate(cx, tx, allocation, "记错订单"))?;
        assert_eq!(owed(h)?, (56_50, 0, 0));
        let turnover: i64 = h.read(|cx, tx| {
            let query = store::sql!(
                "SELECT CAST(COALESCE(SUM(l.debit), -1) AS BIGINT) FROM entry_line l \
                 JOIN account_role r ON r.tenant_id = l.tenant_id AND r.company = l.company \
                 AND r.account = l.account WHERE l.tenant_id = $1 AND l.company = $2 \
                 AND r.role = 'contract_liability'"
            );
            Ok(tx.value(query, &[Stored::Int(cx.company)])?.unwrap_or(-1))
        })?;
        assert_eq!(turnover, 0, "taken back on its own side (红字)");
        h.as_user(3, |cx, tx| unallocate(cx, tx, allocation, "再来一次"))?;
        assert_eq!(owed(h)?, (56_50, 0, 0), "taking it back again changes nothing");
        h.check()
    });
}

#[test]
fn a_small_enterprise_keeps_deposits_whole_with_other_advances() {
    each_with("small", |h| {
        let (_, customer, order) = hundred(h)?;
        let paid = pays(h, customer, 33_90, &[(order, 33_90)])?;
        assert_eq!(paid.unapplied, 0);
        assert_eq!(h.balance("customer_advance")?, -33_90);
        assert_eq!(h.balance("output_vat_deferred")?, 0, "a receipt is no tax document");
        assert_eq!(h.get(order)?.deposit_tax, 0);
        h.check()?;
        let invoice = billed(h, order)?;
        assert_eq!(invoice.open, 79_10);
        assert_eq!(h.balance("customer_advance")?, 0);
        h.check()
    });
}
