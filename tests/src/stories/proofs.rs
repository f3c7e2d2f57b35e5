//! `check` names what a hand laid on the database, where no foreign key would have stopped it.
use crate::house::{House, open};
use kernel::Result;

fn named(h: &House, script: &str) -> Result<Vec<&'static str>> {
    h.store.script(script)?;
    let report = h.store.read(&h.cx(0), flows::check::run)?;
    Ok(report.breaches.iter().map(|breach| breach.invariant).collect())
}

#[test]
fn a_reference_that_repeats_another_wrongly_is_named() {
    for house in ["sqlite", "postgres"].into_iter().filter_map(open) {
        told(&house).unwrap();
    }
}

fn told(h: &House) -> Result<()> {
    let screws = h.product("SCREW-M4", "1.13", 1000, 70)?;
    let nuts = h.product("NUT-M4", "2.26", 1000, 150)?;
    let customer = h.customer("恒远机电", "N30", None)?;
    let order = h.submitted(customer, &[(screws, 100)])?;
    let shipments = h.ship_all(order.id)?;
    h.deliver(shipments[0])?;
    h.bill(order.id)?;
    h.submitted(customer, &[(screws, 5)])?;
    h.check()?;
    let other = nuts.raw();
    for (script, breach) in [
        (format!("UPDATE demand SET product = {other}"), "repeat.demand_follows_order_line"),
        ("UPDATE reservation SET order_line = 1".into(), "repeat.reservation_follows_demand"),
        (
            format!("UPDATE shipment_line SET product = {other}"),
            "repeat.shipment_line_follows_order_line",
        ),
        ("UPDATE invoice_line SET order_line = 1".into(), "repeat.invoice_line_follows_item"),
        ("UPDATE stock_move SET lot = 1".into(), "repeat.move_has_its_stock"),
    ] {
        let found = named(h, &script)?;
        assert!(found.contains(&breach), "{script}: {found:?}");
    }
    Ok(())
}
