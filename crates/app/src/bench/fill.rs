//! `huiliu bench fill`: a large company, made in batches by the same commands, that passes `check`.
use crate::bench::{flow, ground, import};
use crate::outside::write;
use crate::{cli, place};
use flows::order_to_cash::{bill, ship};
use ground::Ground;
use kernel::{Ctx, Error, Result};
use serde_json::json;
use std::ops::{ControlFlow, Range};
use std::process::ExitCode;
use std::time::Instant;
use store::Store;

/// Orders that are carried through the work, one command after the other. What a company has
/// beyond these was done before it had this program: it comes as history.
pub(crate) const LIVE: usize = 10_000;
/// Orders in one imported file.
const FILE: usize = 100_000;

/// Makes so many orders: of the first ten thousand four of five shipped, delivered and billed, the
/// rest open; all others imported.
pub(crate) fn run(at: &cli::Place, orders: usize, as_json: bool) -> Result<ExitCode> {
    let place = place::open(at)?;
    let known = place.store.read(&place.system(), |_, tx| access::questions::first_company(tx))?;
    if let Some(company) = known {
        return Err(Error::conflict("bench.not_empty", company.name));
    }
    let begun = Instant::now();
    let ground = ground::found(&place.store, place.tenant)?;
    add(at, &place, &ground, 0..orders)?;
    let seconds = begun.elapsed().as_secs_f64();
    if as_json {
        outln!("{}", json!({ "suite": "fill", "orders": orders, "seconds": seconds }));
    } else {
        outln!("{orders} orders in {seconds:.1} s");
    }
    Ok(ExitCode::SUCCESS)
}

/// Makes the orders of these numbers; a company grows by asking for the next ones.
pub(crate) fn add(
    at: &cli::Place,
    place: &place::Place,
    ground: &Ground,
    orders: Range<usize>,
) -> Result<()> {
    let live = orders.start.min(LIVE)..orders.end.min(LIVE);
    let mut past = orders.start.max(LIVE)..orders.end.max(LIVE);
    carry(&place.store, place.tenant, ground, live)?;
    while !past.is_empty() {
        let file = past.start..past.end.min(past.start + FILE);
        past.start = file.end;
        remember(at, place, ground, file)?;
    }
    Ok(())
}

fn context(store: &Store, tenant: i64, ground: &Ground) -> Ctx {
    let mut cx = Ctx::system(tenant, ground::start(), store.ids());
    cx.company = ground.company;
    cx
}

/// Carries these orders through the work, one command after the other.
pub(crate) fn carry(
    store: &Store,
    tenant: i64,
    ground: &Ground,
    orders: Range<usize>,
) -> Result<()> {
    let cx = context(store, tenant, ground);
    store.session(|session| {
        for number in orders {
            let new = flow::order_of(&cx, ground, number);
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
    })
}

/// Imports orders of another system, as any import does.
fn remember(
    at: &cli::Place,
    place: &place::Place,
    ground: &Ground,
    orders: Range<usize>,
) -> Result<()> {
    let path = at.data.join(format!("fill_{}.csv", orders.start));
    write(&path, &import::orders_csv(orders))?;
    let context = || context(&place.store, place.tenant, ground);
    let plan = import::plan(&place.store, &context(), &path, "orders")?;
    intake::apply(&place.store, &context, &plan, &mut |_| ControlFlow::Continue(()))?;
    drop(plan);
    std::fs::remove_file(&path).ok();
    Ok(())
}
