//! `huiliu bench fill`: a large company, made in batches by the same commands, that passes `check`.
use crate::bench::{flow, ground};
use crate::{cli, place};
use flows::order_to_cash::{bill, ship};
use kernel::{Ctx, Error, Result};
use serde_json::json;
use std::process::ExitCode;
use std::time::Instant;

/// Makes so many orders: four of five shipped, delivered and billed, the rest open.
pub(crate) fn run(at: &cli::Place, orders: usize, as_json: bool) -> Result<ExitCode> {
    let place = place::open(at)?;
    let known = place.store.read(&place.system(), |_, tx| access::questions::first_company(tx))?;
    if let Some(company) = known {
        return Err(Error::conflict("bench.not_empty", company.name));
    }
    let ground = ground::found(&place.store, place::TENANT)?;
    let begun = Instant::now();
    let mut cx = Ctx::system(place::TENANT, ground::start(), place.store.ids());
    cx.company = ground.company;
    place.store.session(|session| {
        for number in 0..orders {
            let new = flow::order_of(&cx, &ground, number);
            let order = session.run(&cx, |cx, tx| flow::submit_new(cx, tx, &new))?;
            if number % 5 == 4 {
                continue;
            }
            let open =
                session.run(&cx, |_, tx| stock::commands::open_shipments(tx, order.id.raw()))?;
            for shipment in open {
                let all = ship::Leaving::default();
                session.run(&cx, |cx, tx| ship::ship(cx, tx, shipment.id, &all))?;
                session.run(&cx, |cx, tx| ship::deliver(cx, tx, shipment.id, "signed", None))?;
            }
            session.run(&cx, |cx, tx| bill::bill_and_post(cx, tx, order.id))?;
        }
        Ok(())
    })?;
    let seconds = begun.elapsed().as_secs_f64();
    if as_json {
        outln!("{}", json!({ "suite": "fill", "orders": orders, "seconds": seconds }));
    } else {
        outln!("{orders} orders in {seconds:.1} s");
    }
    Ok(ExitCode::SUCCESS)
}
