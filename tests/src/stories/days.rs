//! What the clock brings: schedules, the close of a day, tax on the agreed day of payment.
use super::jobs::{all_jobs, do_all};
use crate::house::{House, each};
use flows::jobs::{Balance, as_of, closed_until, handlers, totals};
use kernel::{Day, Id, Qty, Result};
use sales::Order;
use store::jobs::JobState;

fn january(day: i8) -> Day {
    Day::of(2026, 1, day)
}

/// A night passes: schedules are looked at a while after one o'clock, and their work is done.
fn night(h: &House, until: Day) -> Result<()> {
    h.at(kernel::Zone::china().at(until, 70));
    h.run(|cx, tx| {
        flows::jobs::ensure(cx, tx)?;
        flows::jobs::look(cx, tx).map(|_| ())
    })?;
    do_all(h, &handlers(), "night")?;
    let failed = all_jobs(h)?.into_iter().find(|job| job.state != JobState::Done);
    assert!(failed.is_none(), "{failed:?}");
    Ok(())
}

fn total(h: &House, role: &str, day: Day) -> Result<Option<i64>> {
    let all = h.read(|cx, tx| totals(cx, tx, day))?;
    Ok(all.into_iter().find(|(known, _)| known == role).map(|(_, amount)| amount))
}

fn of_parties(h: &House, role: &str, day: Day) -> Result<Vec<(i64, i64)>> {
    let all = h.read(|cx, tx| as_of(cx, tx, role, day))?;
    Ok(all.iter().map(|b: &Balance| (b.party, b.amount)).collect())
}

/// Shipped and signed for today.
fn delivered(h: &House, order: Id<Order>) -> Result<()> {
    h.ship_all(order)?.into_iter().try_for_each(|shipment| h.deliver(shipment))
}

#[test]
fn a_schedule_is_due_once_a_day_and_a_missed_day_is_made_up_once() {
    each(|h| {
        let queued = |h: &House| h.run(flows::jobs::look);
        h.run(flows::jobs::ensure)?;
        h.run(flows::jobs::ensure)?;
        assert_eq!(queued(h)?, 0, "the first look finds the next time");
        h.at(kernel::Zone::china().at(january(6), 59));
        assert_eq!(queued(h)?, 1, "tax at half past midnight");
        assert_eq!(queued(h)?, 0);
        h.at(kernel::Zone::china().at(january(6), 60));
        assert_eq!(queued(h)?, 1, "balances at one o'clock");
        // A week of no power.
        h.at(kernel::Zone::china().at(january(13), 700));
        assert_eq!(queued(h)?, 2);
        assert_eq!(queued(h)?, 0);
        let kinds: Vec<String> = all_jobs(h)?.into_iter().map(|job| job.kind).collect();
        assert_eq!(kinds, ["tax_point", "close_day"], "what waits already is not queued again");
        Ok(())
    });
}

#[test]
fn each_day_keeps_what_stood_at_its_end_by_customer_and_by_product() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 1000, 70)?;
        let one = h.customer("恒远机电", "N30", None)?;
        let two = h.customer("德清五金", "N30", None)?;
        night(h, january(6))?;
        h.day(january(6));
        let first = h.submitted(one, &[(screws, 100)])?.id;
        let second = h.submitted(two, &[(screws, 200)])?.id;
        h.ship_all(first)?;
        delivered(h, second)?;
        h.day(january(8));
        let invoice = h.bill(second)?;
        h.day(january(9));
        h.pay(&invoice)?;
        night(h, january(12))?;
        assert_eq!(h.read(closed_until)?, Some(january(11)));
        assert_eq!(total(h, "inventory", january(5))?, Some(700_00));
        assert_eq!(total(h, "inventory", january(6))?, Some(490_00));
        assert_eq!(total(h, "goods_shipped", january(7))?, Some(70_00), "a quiet day");
        assert_eq!(total(h, "receivable_unbilled", january(7))?, Some(226_00));
        assert_eq!(of_parties(h, "receivable", january(7))?, []);
        assert_eq!(of_parties(h, "receivable", january(8))?, [(two.raw(), 226_00)]);
        assert_eq!(of_parties(h, "receivable", january(10))?, []);
        let stock = h.read(|cx, tx| as_of(cx, tx, "inventory", january(11)))?;
        assert_eq!(stock, [Balance { party: 0, product: screws.raw(), amount: 490_00 }]);
        assert_eq!(total(h, "inventory", january(12))?, None, "today is not over");
        h.check()
    });
}

#[test]
fn closing_twice_changes_nothing_and_a_later_entry_for_a_closed_day_is_found() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 1000, 70)?;
        night(h, january(6))?;
        night(h, january(10))?;
        let kept = |h: &House| {
            h.read(|_, tx| {
                let rows = tx.rows(
                    store::sql!(
                        "SELECT role, grain, party, product, day, amount FROM balance_day \
                         WHERE tenant_id = $1 AND company > 0 ORDER BY day, role, grain, product"
                    ),
                    &[],
                )?;
                let row = |mut r: store::Row| {
                    Ok((r.take::<String>()?, r.take::<String>()?, r.take::<i64>()?))
                };
                rows.into_iter().map(row).collect::<Result<Vec<_>>>()
            })
        };
        let before = kept(h)?;
        let on = kernel::DocRef { kind: "company", id: h.company };
        h.run(|cx, tx| store::jobs::queue(cx, tx, store::jobs::NewJob::of("close_day", on)))?;
        do_all(h, &handlers(), "again")?;
        assert_eq!(kept(h)?, before);
        // Somebody posts for the seventh on the tenth.
        let draft = ledger::Draft {
            day: january(7),
            kind: "manual",
            origin: on,
            text: "补记".into(),
            currency: kernel::Currency::CNY,
            rate: kernel::Rate::whole(1),
            reverses: 0,
            lines: vec![
                ledger::DraftLine::debit("goods_shipped", 5_00, 5_00)
                    .product(screws.raw(), Qty::ZERO),
                ledger::DraftLine::credit("inventory", 5_00, 5_00).product(screws.raw(), Qty::ZERO),
            ],
        };
        h.run(|cx, tx| ledger::posting::post(cx, tx, std::slice::from_ref(&draft)).map(|_| ()))?;
        night(h, january(11))?;
        assert_eq!(total(h, "inventory", january(6))?, Some(700_00));
        assert_eq!(total(h, "inventory", january(7))?, Some(695_00));
        assert_eq!(total(h, "inventory", january(10))?, Some(695_00));
        let back = ledger::Draft {
            lines: vec![
                ledger::DraftLine::credit("goods_shipped", 5_00, 5_00)
                    .product(screws.raw(), Qty::ZERO),
                ledger::DraftLine::debit("inventory", 5_00, 5_00).product(screws.raw(), Qty::ZERO),
            ],
            ..draft
        };
        h.run(|cx, tx| ledger::posting::post(cx, tx, std::slice::from_ref(&back)).map(|_| ()))?;
        night(h, january(12))?;
        assert_eq!(total(h, "inventory", january(7))?, Some(700_00));
        h.check()
    });
}

#[test]
fn tax_is_due_on_the_agreed_day_though_nobody_made_an_invoice() {
    each(|h| {
        let screws = h.product("SCREW-M4", "113", 100, 70_00)?;
        let customer = h.customer("恒远机电", "N30", None)?;
        night(h, january(6))?;
        h.day(january(6));
        let order = h.submitted(customer, &[(screws, 100)])?.id;
        delivered(h, order)?;
        assert_eq!(h.balance("output_vat")?, 0);
        assert_eq!(h.balance("output_vat_deferred")?, -1_300_00);
        // Thirty days after the sixth of January: Thursday, the fifth of February.
        night(h, Day::of(2026, 2, 5))?;
        assert_eq!(h.balance("output_vat")?, 0, "the day itself is not over");
        night(h, Day::of(2026, 2, 6))?;
        assert_eq!(h.balance("output_vat")?, -1_300_00);
        assert_eq!(h.balance("output_vat_deferred")?, 0);
        let on_the_day = h.read(|cx, tx| {
            ledger::questions::balance_of(cx, tx, "output_vat", Day::of(2026, 2, 5))
        })?;
        assert_eq!(on_the_day, -1_300_00, "posted for the agreed day");
        h.check()?;
        // The invoice comes in March and finds the tax done.
        h.day(Day::of(2026, 3, 2));
        let invoice = h.bill(order)?;
        assert_eq!(invoice.tax, 1_300_00);
        assert_eq!(h.balance("output_vat")?, -1_300_00);
        assert_eq!(h.balance("receivable")?, 11_300_00);
        assert_eq!(h.balance("receivable_unbilled")?, 0);
        night(h, Day::of(2026, 3, 3))?;
        assert_eq!(h.balance("output_vat")?, -1_300_00);
        h.check()
    });
}

#[test]
fn of_two_shipments_each_is_taxed_once_by_its_day_or_by_its_invoice() {
    each(|h| {
        let screws = h.product("SCREW-M4", "113", 40, 70_00)?;
        let customer = h.customer("恒远机电", "N30", None)?;
        night(h, january(6))?;
        h.day(january(6));
        let order = h.submitted(customer, &[(screws, 100)])?.id;
        // Forty left and nobody signed; twenty follow, are signed for and billed.
        h.ship_all(order)?;
        h.day(january(20));
        h.stock_up(screws, 20, 70_00)?;
        delivered(h, order)?;
        h.day(january(21));
        h.bill(order)?;
        assert_eq!(h.balance("output_vat")?, -260_00);
        night(h, Day::of(2026, 2, 6))?;
        assert_eq!(h.balance("output_vat")?, -780_00, "forty by their day, twenty by invoice");
        h.check()?;
        // Ten of the forty come back: their tax with them.
        let line = h.get(order)?.lines[0].id;
        let new = flows::order_to_cash::returns::NewReturn {
            order,
            reason: "有毛刺".into(),
            fault: stock::Fault::Us,
            lines: vec![(line, Qty::whole(10))],
        };
        use flows::order_to_cash::returns::{approve_return, receive_return, request_return};
        let back = h.as_user(1, |cx, tx| request_return(cx, tx, &new))?;
        h.as_user(2, |cx, tx| approve_return(cx, tx, back.id))?;
        h.as_user(5, |cx, tx| receive_return(cx, tx, back.id, &[]))?;
        assert_eq!(h.balance("output_vat")?, -650_00);
        h.check()?;
        night(h, Day::of(2026, 3, 6))?;
        assert_eq!(h.balance("output_vat")?, -650_00);
        h.check()
    });
}

#[test]
fn tax_of_a_month_that_was_closed_meanwhile_is_posted_today() {
    each(|h| {
        let screws = h.product("SCREW-M4", "113", 100, 70_00)?;
        let customer = h.customer("恒远机电", "N30", None)?;
        night(h, january(6))?;
        h.day(january(6));
        let order = h.submitted(customer, &[(screws, 100)])?.id;
        delivered(h, order)?;
        h.day(Day::of(2026, 3, 2));
        for period in ["2026-01", "2026-02"] {
            let id: Option<i64> = h.read(|cx, tx| {
                tx.value(
                    store::sql!(
                        "SELECT id FROM period WHERE tenant_id = $1 AND company = $2 \
                         AND period = $3"
                    ),
                    &[kernel::Stored::Int(cx.company), kernel::Stored::Text(period.into())],
                )
            })?;
            let id = id.unwrap_or(0);
            h.as_user(3, |cx, tx| {
                flows::run_as(cx, tx, "period", "close", id, &serde_json::json!({})).map(|_| ())
            })?;
        }
        night(h, Day::of(2026, 3, 3))?;
        let until = |day| h.read(|cx, tx| ledger::questions::balance_of(cx, tx, "output_vat", day));
        assert_eq!(until(Day::of(2026, 2, 28))?, 0);
        assert_eq!(until(Day::of(2026, 3, 3))?, -1_300_00);
        h.check()
    });
}
