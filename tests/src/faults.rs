//! Commands that fail, panic or end the transaction: nobody else is harmed, nothing is half done.
use crate::house::{SharedHouse, TENANT, check, code, each, open, shared};
use kernel::{Ctx, Error, Id, Instant, Result};
use std::sync::{Arc, Barrier};
use store::Tx;

fn cx(house: &SharedHouse, at: Instant) -> Ctx {
    let mut cx = Ctx::system(TENANT, at, house.store.ids());
    cx.company = house.company;
    cx
}

/// Writes a customer, so that there is something to lose.
fn write(cx: &Ctx, tx: &mut Tx, name: &str) -> Result<Id<party::Party>> {
    let mut party = party::Party::new(cx.id(), name, name);
    party.is_customer = true;
    party::commands::create(cx, tx, &party, &[], &[], &[])?;
    Ok(party.id)
}

#[test]
fn t37_a_crash_between_stock_and_ledger_leaves_neither() {
    each(|h| {
        let screws = h.product("SCREW-M4", "1.13", 100, 70)?;
        let customer = h.customer("恒远机电", "N30", None)?;
        let order = h.submitted(customer, &[(screws, 100)])?.id;
        let shipment = h.open_shipments(order)?[0].id;
        let broken = h.run(|cx, tx| {
            flows::order_to_cash::ship::ship(cx, tx, shipment, &Default::default())?;
            tx.flush()?;
            let died: Result<()> = Err(Error::bug("bug.panic", "as if the program died here"));
            died
        });
        assert_eq!(code(broken), "bug.panic");
        assert_eq!(h.balance("goods_shipped")?, 0);
        assert_eq!(h.open_shipments(order)?.len(), 1);
        let panicked = h.run(|cx, tx| {
            flows::order_to_cash::ship::ship(cx, tx, shipment, &Default::default())?;
            let nothing: Vec<i64> = Vec::new();
            Ok(nothing[tx.statements() as usize])
        });
        assert_eq!(code(panicked), "bug.panic");
        h.ship_all(order)?;
        assert_eq!(h.balance("goods_shipped")?, 70_00);
        Ok(())
    });
}

#[test]
fn a_document_that_no_fact_names_is_not_committed() {
    each(|h| {
        let silent = h.run(|cx, tx| {
            let party = party::Party::new(cx.id(), "无声", "无声");
            tx.insert(&[party]);
            Ok(())
        });
        assert_eq!(code(silent), "bug.untold");
        let found = h.read(|_, tx| party::commands::by_code(tx, "无声"))?;
        assert!(found.is_none());
        Ok(())
    });
}

/// One job of a group panics, one ends the transaction, one is refused: the others' work stays.
#[test]
fn a_group_survives_jobs_that_panic_fail_or_end_the_transaction() {
    for engine in ["sqlite", "postgres"] {
        let Some(h) = open(engine) else { continue };
        let (at, house) = (h.now(), shared(h));
        let barrier = Arc::new(Barrier::new(48));
        let threads: Vec<_> = (0..48)
            .map(|n| {
                let (house, barrier) = (Arc::clone(&house), Arc::clone(&barrier));
                std::thread::spawn(move || {
                    barrier.wait();
                    let cx = cx(&house, at);
                    house.store.run(&cx, |cx, tx| {
                        let id = write(cx, tx, &format!("客户{n}"))?;
                        tx.flush()?;
                        match n % 6 {
                            3 => Err(Error::invalid("party.no_name", "refused on purpose")),
                            4 => Err(Error::bug("bug.panic", Vec::<i64>::new()[n])),
                            5 => {
                                tx.break_transaction()?;
                                Err(Error::bug("bug.database", "the transaction is gone"))
                            }
                            _ => Ok(id),
                        }
                    })
                })
            })
            .collect();
        let results: Vec<Result<Id<party::Party>>> = threads
            .into_iter()
            .map(|t| t.join().unwrap_or_else(|_| Err(Error::bug("bug.thread", "died"))))
            .collect();
        let cx = cx(&house, at);
        for (n, result) in results.iter().enumerate() {
            let found =
                house.store.read(&cx, |_, tx| party::commands::by_code(tx, &format!("客户{n}")));
            let stored = found.expect("reads go on").is_some();
            assert_eq!(stored, result.is_ok(), "{engine}: client {n}: {result:?}");
            assert_eq!(result.is_ok(), n % 6 < 3, "{engine}: client {n}: {result:?}");
        }
        check(&house.store, &cx).expect("every invariant holds");
    }
}

/// One context runs many commands; those that run again take ids of their own, not of the first.
#[test]
fn a_command_that_runs_again_never_reuses_the_ids_of_the_one_before() {
    for engine in ["sqlite", "postgres"] {
        let Some(h) = open(engine) else { continue };
        let cx = h.cx(1);
        let first = h.store.run(&cx, |cx, tx| write(cx, tx, "先来")).expect("the first is written");
        let tries = std::cell::Cell::new(0);
        let second = h.store.run(&cx, |cx, tx| {
            tries.set(tries.get() + 1);
            let id = write(cx, tx, "后到")?;
            if tries.get() == 1 && engine == "sqlite" {
                tx.flush()?;
                tx.break_transaction()?;
            }
            Ok(id)
        });
        let second = second.expect("the second is written, alone if need be");
        assert!(second > first, "{engine}");
        h.check().expect("every invariant holds");
    }
}
