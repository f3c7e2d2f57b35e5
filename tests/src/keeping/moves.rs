//! All rows moved to the other engine and back, with equal checksums.
use crate::house::{House, TENANT, beside, check, code, nowhere, open};
use kernel::{Instant, Result};
use store::moving::{Move, TableSum, copy, sums};
use store::{Store, Target};

/// An order to its cash, so that most tables hold something.
fn lived(h: &House) -> Result<()> {
    let screws = h.product("SCREW-M4", "1.13", 1000, 70)?;
    let customer = h.customer("恒远机电 \"A\\B\"\t有限公司", "N30", Some(10_000))?;
    let order = h.submitted(customer, &[(screws, 100)])?;
    let shipments = h.ship_all(order.id)?;
    h.deliver(shipments[0])?;
    let invoice = h.bill(order.id)?;
    h.pay(&invoice)?;
    h.check()
}

fn moved_of(tenant: i64, from: &Target, to: &Target, now: Instant) -> Result<Vec<TableSum>> {
    copy(&Move { from, to, tenant, all: &flows::entities() }, now, &mut |_| {})
}

fn moved(from: &Target, to: &Target, now: Instant) -> Result<Vec<TableSum>> {
    moved_of(TENANT, from, to, now)
}

#[test]
fn rows_move_to_postgres_and_back_with_equal_checksums_and_work_goes_on() {
    let (Some(h), Some(pg), Some(back)) = (open("sqlite"), nowhere("postgres"), nowhere("sqlite"))
    else {
        return;
    };
    let Some(at_once) = nowhere("sqlite") else { return };
    lived(&h).unwrap();
    let all = flows::entities();
    let now = h.now();
    let there = moved(&h.target, &pg.target, now).expect("to PostgreSQL");
    let rows: u64 = there.iter().map(|t| t.rows).sum();
    assert!(rows > 300, "{rows}");
    // Nobody works there yet: a lease that moved with the rows keeps nobody waiting.
    moved(&pg.target, &at_once.target, now).expect("back at once");
    // A server of the moved company works, then ends.
    let later = Instant(now.0 + Instant::MINUTE);
    {
        let store = Store::open(&pg.target, later).unwrap();
        let mut cx = h.cx(2);
        cx.now = later;
        check(&store, &cx).expect("every invariant holds on PostgreSQL");
        let refused = moved(&pg.target, &back.target, later);
        assert_eq!(code(refused), "move.in_use");
    }
    let later = Instant(later.0 + Instant::MINUTE);
    let here = moved(&pg.target, &back.target, later).expect("and back");
    let differ = |(a, b): &(&TableSum, &TableSum)| a != b && a.table != "lease";
    let changed: Vec<_> = there.iter().zip(&here).filter(differ).collect();
    assert!(changed.is_empty(), "{changed:#?}");
    let rests = |sums: Vec<TableSum>| -> Vec<TableSum> {
        sums.into_iter().filter(|t| t.table != "lease").collect()
    };
    assert_eq!(rests(sums(&back.target, &all).unwrap()), rests(here));
    let store = Store::open(&back.target, later).unwrap();
    check(&store, &h.cx(2)).expect("every invariant holds in the file again");
    let found =
        store.read(&h.cx(2), |_, tx| party::commands::by_code(tx, "恒远机电 \"A\\B\"\t有限公司"));
    assert!(found.unwrap().is_some());
}

#[test]
fn a_target_that_holds_this_tenant_is_refused_and_left_as_it_was() {
    for (engine, code_of) in [("sqlite", "move.not_empty"), ("postgres", "move.tenant_taken")] {
        let (Some(h), Some(other)) = (open("sqlite"), nowhere(engine)) else { continue };
        let here = open("sqlite").expect("a file can always be made");
        if engine == "sqlite" {
            let held = Store::open(&other.target, h.now()).unwrap();
            let cx = kernel::Ctx::system(TENANT, h.now(), held.ids());
            held.run(&cx, |cx, tx| access::commands::create_tenant(cx, tx, "x")).unwrap();
        } else {
            moved(&here.target, &other.target, h.now()).expect("the first comes");
        }
        let before = sums(&other.target, &flows::entities()).unwrap();
        assert_eq!(code(moved(&h.target, &other.target, h.now())), code_of);
        assert_eq!(sums(&other.target, &flows::entities()).unwrap(), before, "{engine}");
    }
}

#[test]
fn a_second_tenant_moves_into_a_database_that_holds_another_and_out_again() {
    let (Some(first), Some(pg), Some(back)) =
        (open("sqlite"), nowhere("postgres"), nowhere("sqlite"))
    else {
        return;
    };
    let second = beside(&first, 1_795_000_000);
    lived(&first).unwrap();
    lived(&second).unwrap();
    let now = Instant(second.now().0 + Instant::MINUTE);
    let one = moved(&first.target, &pg.target, now).expect("the first moves");
    let two = moved_of(second.tenant, &second.target, &pg.target, now).expect("the second too");
    let count = |sums: &[TableSum]| sums.iter().map(|t| t.rows).sum::<u64>();
    let all = sums(&pg.target, &flows::entities()).unwrap();
    let own = |t: &&TableSum| t.table != "lease";
    let rows = |sums: &[TableSum]| sums.iter().filter(own).map(|t| t.rows).sum::<u64>();
    assert_eq!(rows(&all), rows(&one) + rows(&two));
    assert!(count(&two) > 300);
    {
        let store = std::sync::Arc::new(Store::open(&pg.target, now).unwrap());
        for house in [&first, &second] {
            let mut cx = house.cx(2);
            cx.now = now;
            check(&store, &cx).expect("every invariant holds beside the other");
        }
        let listed: Vec<i64> = store.tenants().unwrap().iter().map(|t| t.id).collect();
        assert_eq!(listed, [first.tenant, second.tenant]);
    }
    let home = moved_of(second.tenant, &pg.target, &back.target, now).expect("out again");
    let differ = |(a, b): &(&TableSum, &TableSum)| a != b && a.table != "lease";
    let changed: Vec<_> = two.iter().zip(&home).filter(differ).collect();
    assert!(changed.is_empty(), "{changed:#?}");
    let store = Store::open(&back.target, now).unwrap();
    let listed: Vec<i64> = store.tenants().unwrap().iter().map(|t| t.id).collect();
    assert_eq!(listed, [second.tenant], "and nothing of the other came with it");
}

#[test]
fn a_move_that_finds_a_broken_reference_leaves_the_target_empty() {
    for engine in ["sqlite", "postgres"] {
        let (Some(h), Some(to)) = (open("sqlite"), nowhere(engine)) else { continue };
        lived(&h).unwrap();
        h.store.script("PRAGMA foreign_keys = OFF; DELETE FROM product").unwrap();
        let refused = moved(&h.target, &to.target, h.now());
        assert!(refused.is_err(), "{engine}");
        let left = sums(&to.target, &flows::entities()).unwrap();
        assert_eq!(left.iter().map(|t| t.rows).sum::<u64>(), 0, "{engine}");
    }
}
