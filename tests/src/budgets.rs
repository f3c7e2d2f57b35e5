//! How many statements each command of a three-line flow sends: a new query in a loop shows here.
use crate::house::{House, each};
use kernel::Result;

/// Statements that one command sent.
fn sent<T>(h: &House, job: impl FnOnce() -> Result<T>) -> Result<(T, u64)> {
    let before = h.store.counted().0;
    let value = job()?;
    Ok((value, h.store.counted().0 - before))
}

#[test]
fn a_flow_of_three_lines_keeps_its_statement_budget() {
    each(|h| {
        let products = [
            h.product("A", "1.13", 1000, 70)?,
            h.product("B", "2.26", 1000, 150)?,
            h.product("C", "3.39", 1000, 210)?,
        ];
        let customer = h.customer("恒远机电", "N30", Some(100_000))?;
        let lines: Vec<_> = products.iter().map(|p| (*p, 10)).collect();
        // The first of everything interns scopes and opens series; the second is the usual one.
        h.submitted(customer, &lines)?;
        let (order, entered) = sent(h, || h.order(customer, &lines))?;
        let submit =
            || h.as_user(1, |cx, tx| flows::order_to_cash::submit::submit_order(cx, tx, order));
        let (_, submitted) = sent(h, submit)?;
        let (shipments, shipped) = sent(h, || h.ship_all(order))?;
        let ((), delivered) = sent(h, || h.deliver(shipments[0]))?;
        let (invoice, billed) = sent(h, || h.bill(order))?;
        let (_, paid) = sent(h, || h.pay(&invoice))?;
        for (command, count, budget) in [
            ("enter", entered, 20),
            ("submit", submitted, 75),
            ("ship", shipped, 60),
            ("deliver and recognise", delivered, 45),
            ("bill and post", billed, 65),
            ("pay and allocate", paid, 50),
        ] {
            println!("{command}: {count} statements (budget {budget})");
            assert!(count <= budget, "{command} sent {count} statements, {budget} are allowed");
        }
        Ok(())
    });
}

/// Ten lines cost a few writes a line more, and not one read.
#[test]
fn reads_do_not_grow_with_the_lines() {
    each(|h| {
        let products: Vec<_> = (0..20)
            .map(|n| h.product(&format!("P{n}"), "1.13", 1000, 70))
            .collect::<Result<_>>()?;
        let customer = h.customer("恒远机电", "N30", None)?;
        let lines = |n: usize| products[..n].iter().map(|p| (*p, 1)).collect::<Vec<_>>();
        h.submitted(customer, &lines(1))?;
        let mut counts = Vec::new();
        for n in [10, 20] {
            let order = h.order(customer, &lines(n))?;
            let submit =
                || h.as_user(1, |cx, tx| flows::order_to_cash::submit::submit_order(cx, tx, order));
            counts.push(sent(h, submit)?.1);
        }
        // A line more: itself, its demand, reservation, shipment line, stock row, two fact objects.
        let a_line = (counts[1] - counts[0]) as usize / 10;
        println!("submit: {} and {} statements, {a_line} a line", counts[0], counts[1]);
        assert!(a_line <= 7, "a line more costs {a_line} statements");
        Ok(())
    });
}
