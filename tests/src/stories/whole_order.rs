//! One order from the wish to the cash, and its parts: shipped, billed and paid in pieces.
use crate::house::{code, each, each_of, new_company};
use access::company::{NewCompany, Recognition};
use flows::order_to_cash::bill::post_invoice;
use flows::order_to_cash::bill_several::bill_together;
use flows::order_to_cash::picked::{Part, Picked};
use flows::order_to_cash::ship::{self, Leaving};
use kernel::{Day, Qty, Result};
use sales::{OrderState, Progress};

#[test]
fn an_order_is_confirmed_shipped_signed_billed_and_paid_and_closes_by_itself() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 1000, 70)?;
        let nuts = h.product("NUT-M4", "2.26", 1000, 150)?;
        let customer = h.customer("恒远机电", "N30", Some(10_000))?;
        let order = h.submitted(customer, &[(screws, 100), (nuts, 50)])?;
        assert_eq!(order.state, OrderState::Confirmed);
        assert_eq!(order.number, "SO-2026-00001");
        assert_eq!((order.gross, order.net, order.tax), (226_00, 200_00, 26_00));
        assert_eq!(order.credit_taken, 226_00);

        let shipments = h.ship_all(order.id)?;
        assert_eq!(shipments.len(), 1);
        assert_eq!(h.balance("goods_shipped")?, 145_00);
        assert_eq!(h.balance("revenue")?, 0);

        h.deliver(shipments[0])?;
        assert_eq!(h.balance("revenue")?, -200_00);
        assert_eq!(h.balance("cost_of_sales")?, 145_00);
        assert_eq!(h.balance("goods_shipped")?, 0);
        assert_eq!(h.balance("receivable_unbilled")?, 226_00);

        let invoice = h.bill(order.id)?;
        assert_eq!((invoice.gross, invoice.net, invoice.tax), (226_00, 200_00, 26_00));
        assert_eq!(h.balance("receivable")?, 226_00);
        assert_eq!(h.balance("output_vat")?, -26_00);
        assert_eq!(h.balance("receivable_unbilled")?, 0);

        h.pay(&invoice)?;
        assert_eq!(h.balance("receivable")?, 0);
        assert_eq!(h.balance("bank")?, 226_00);
        let done = h.get(order.id)?;
        assert_eq!(done.state, OrderState::Closed);
        assert_eq!(done.payment, Progress::Full);
        assert_eq!(done.credit_taken, 0);
        Ok(())
    });
}

#[test]
fn part_of_an_order_leaves_the_rest_waits_and_two_invoices_sum_to_the_whole() {
    each(|h| {
        let screws = h.product("SCREW-M4", "3.33", 4, 100)?;
        let customer = h.customer("恒远机电", "N30", None)?;
        let order = h.submitted(customer, &[(screws, 7)])?;
        assert_eq!(order.holds, 1, "three of seven are not on hand");
        assert_eq!(order.lines[0].reserved, Qty::whole(4));

        let open = h.open_shipments(order.id)?;
        let three =
            Leaving { lines: vec![(open[0].lines[0].id, Qty::whole(3))], ..Leaving::default() };
        h.run(|cx, tx| ship::ship(cx, tx, open[0].id, &three))?;
        h.deliver(open[0].id)?;
        let first = h.bill(order.id)?;
        assert_eq!(h.get(order.id)?.fulfilment, Progress::Partial);

        h.stock_up(screws, 3, 100)?;
        let order = h.get(order.id)?;
        assert_eq!(order.holds, 0, "the goods came");
        assert_eq!(order.lines[0].reserved, Qty::whole(4));
        for shipment in h.ship_all(order.id)? {
            h.deliver(shipment)?;
        }
        let second = h.bill(order.id)?;

        assert_eq!(first.gross + second.gross, 23_31);
        assert_eq!((first.net + second.net, first.tax + second.tax), (20_63, 2_68));
        assert_eq!(h.balance("revenue")?, -20_63);
        assert_eq!(h.balance("output_vat")?, -2_68);
        assert_eq!(h.balance("receivable")?, 23_31);
        assert_eq!(code(h.bill(order.id)), "order.nothing_to_bill");
        Ok(())
    });
}

#[test]
fn deliveries_billed_out_of_their_order_leave_no_cent_where_revenue_waits_for_the_invoice() {
    let recognition = Recognition::OnInvoice;
    each_of(&NewCompany { recognition, ..new_company() }, |h| {
        let screws = h.product("SCREW-M4", "3.33", 7, 100)?;
        let customer = h.customer("恒远机电", "N30", None)?;
        let order = h.submitted(customer, &[(screws, 7)])?;
        // One, two and four pieces leave one after the other.
        let mut left = Vec::new();
        for pieces in [1, 2, 4] {
            let open = h.open_shipments(order.id)?;
            let line = (open[0].lines[0].id, Qty::whole(pieces));
            let leaving = Leaving { lines: vec![line], ..Leaving::default() };
            h.run(|cx, tx| ship::ship(cx, tx, open[0].id, &leaving))?;
            h.deliver(open[0].id)?;
            left.push(open[0].id);
        }
        assert_eq!((h.balance("revenue")?, h.balance("receivable_unbilled")?), (0, 0));
        assert_eq!(h.balance("goods_shipped")?, 7_00, "delivered, and not yet sold");

        let (mut gross, mut net, mut tax) = (0, 0, 0);
        for shipment in [left[2], left[0], left[1]] {
            let part = Picked { order: order.id.raw(), part: Part::Delivery(shipment) };
            let draft = h.as_user(3, |cx, tx| bill_together(cx, tx, &[part]))?;
            let invoice = h.as_user(3, |cx, tx| post_invoice(cx, tx, draft.id))?;
            gross += invoice.gross;
            net += invoice.net;
            tax += invoice.tax;
            assert_eq!(h.balance("receivable")?, gross, "what was billed is owed");
            assert_eq!(h.balance("output_vat")?, -tax, "its tax is due");
            let waiting = h.balance("receivable_unbilled")?;
            assert_eq!(h.balance("revenue")?, -(net + waiting), "nothing is lost between them");
            assert!(waiting.abs() <= 1, "a part's cent: {waiting}");
            h.check()?;
        }
        assert_eq!((gross, net, tax), (23_31, 20_63, 2_68), "the parts sum to the whole");
        assert_eq!((h.balance("revenue")?, h.balance("output_vat")?), (-20_63, -2_68));
        assert_eq!((h.balance("receivable_unbilled")?, h.balance("goods_shipped")?), (0, 0));
        assert_eq!(h.balance("cost_of_sales")?, 7_00);
        Ok(())
    });
}

#[test]
fn a_line_goes_up_and_down_before_it_ships_and_supply_follows() {
    each(|h| {
        use flows::order_to_cash::change::{Change, LineChange};
        let screws = h.product("SCREW-M4", "1.13", 10, 70)?;
        let customer = h.customer("恒远机电", "N30", Some(1_000))?;
        let order = h.submitted(customer, &[(screws, 6)])?;
        let to = |qty: i64| Change {
            lines: vec![LineChange::qty(1, Qty::whole(qty))],
            reason: "customer".into(),
            ..Change::default()
        };
        for (wish, reserved) in [(9, 9), (4, 4), (12, 10), (6, 6)] {
            let order = h.changed(order.id, to(wish))?;
            assert_eq!(order.lines[0].reserved, Qty::whole(reserved), "wish {wish}");
            assert_eq!(order.gross, wish * 113);
            assert_eq!(order.credit_taken, wish * 113);
            let assigned: Qty =
                h.open_shipments(order.id)?.iter().flat_map(|s| &s.lines).map(|l| l.assigned).sum();
            assert_eq!(assigned, Qty::whole(reserved), "shipments follow");
        }
        h.ship_all(order.id)?;
        let floor = h.changed(order.id, to(5));
        assert_eq!(code(floor), "order.below_floor");
        Ok(())
    });
}

#[test]
fn months_close_in_order_and_a_closed_month_takes_no_entry() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 10, 70)?;
        let customer = h.customer("恒远机电", "N30", None)?;
        let order = h.submitted(customer, &[(screws, 6)])?;
        let period = |name: &str| {
            let name = name.to_owned();
            h.read(move |cx, tx| {
                let key = [kernel::Stored::Int(cx.company), kernel::Stored::text(name)];
                let found: Vec<ledger::Period> =
                    tx.list(store::find!(ledger::Period, "company = $2 AND period = $3"), &key)?;
                Ok(found[0].id)
            })
        };
        let (january, february) = (period("2026-01")?, period("2026-02")?);
        let close = |id| h.run(|cx, tx| ledger::commands::close_period(cx, tx, id));
        assert_eq!(code(close(february)), "period.earlier_open");
        close(january)?;
        close(january)?;
        assert_eq!(code(h.ship_all(order.id)), "period.closed");
        h.day(Day::of(2026, 2, 2));
        h.ship_all(order.id)?;
        let reopen =
            |why: &str| h.run(|cx, tx| ledger::commands::reopen_period(cx, tx, january, why));
        assert_eq!(code(reopen("")), "period.reason_required");
        reopen("forgotten receipt")?;
        let made = h.run(|cx, tx| {
            ledger::vouchers::generate(cx, tx, "2026-02", ledger::vouchers::Grouping::Each)
        })?;
        assert_eq!(made, 1);
        Ok(())
    });
}

#[test]
fn a_lead_becomes_an_order_through_a_quotation() -> Result<()> {
    each(|h| {
        use crm::commands as leads;
        use flows::lead_to_order as quotes;
        let screws = h.product("SCREW-M4", "1.13", 1000, 70)?;
        let new = leads::NewLead {
            name: "王五".into(),
            company_name: "甬江机械".into(),
            phone: "0574-0000".into(),
            origin: "展会".into(),
            est_amount: 50_000_00,
            ..leads::NewLead::default()
        };
        let lead = h.run(|cx, tx| leads::create_lead(cx, tx, &new))?.id;
        assert_eq!(code(h.run(|cx, tx| leads::accept(cx, tx, lead))), "state.not_allowed");
        h.run(|cx, tx| leads::assign(cx, tx, lead, 1))?;
        h.as_user(1, |cx, tx| leads::accept(cx, tx, lead))?;
        let low = h.as_user(1, |cx, tx| leads::qualify(cx, tx, lead, 40));
        assert_eq!(code(low), "lead.score_too_low");
        h.as_user(1, |cx, tx| leads::qualify(cx, tx, lead, 80))?;
        let lead = h.as_user(1, |cx, tx| quotes::convert_lead(cx, tx, lead, None))?;
        let party = lead.party.expect("converted");
        let asked =
            sales::Asked { product: screws, qty: Qty::whole(500), price: None, discount: 0 };
        let new = quotes::NewQuote {
            currency: None,
            rate: None,
            party,
            opportunity: Some(kernel::Id::from_raw(lead.opportunity)),
            valid_until: Some(Day::of(2026, 2, 28)),
            lines: vec![asked],
        };
        let quote = h.as_user(1, |cx, tx| quotes::create_quote(cx, tx, &new))?.id;
        h.as_user(1, |cx, tx| quotes::submit_quote(cx, tx, quote))?;
        h.as_user(1, |cx, tx| quotes::send_quote(cx, tx, quote))?;
        let second = h.as_user(1, |cx, tx| quotes::revise_quote(cx, tx, quote, &[]))?;
        assert_eq!((second.revision, second.previous), (2, Some(quote)));
        h.as_user(1, |cx, tx| quotes::submit_quote(cx, tx, second.id))?;
        h.as_user(1, |cx, tx| quotes::send_quote(cx, tx, second.id))?;
        let stale = h.as_user(1, |cx, tx| quotes::accept_quote(cx, tx, quote));
        assert_eq!(code(stale), "state.not_allowed");
        let order = h.as_user(1, |cx, tx| quotes::accept_quote(cx, tx, second.id))?;
        let again = h.as_user(1, |cx, tx| quotes::accept_quote(cx, tx, second.id))?;
        assert_eq!(order.id, again.id);
        assert_eq!(order.gross, 565_00);
        let chain = h.read(|cx, tx| flows::questions::chain(cx, tx, order.id.raw()))?;
        assert_eq!(chain["before"]["lead"]["state"], "converted");
        assert_eq!(chain["before"]["opportunity"]["state"], "won");
        Ok(())
    });
    Ok(())
}
