//! Ids of processes that come one after the other: none is made twice, whatever a clock said.
use crate::house::{TENANT, fresh};
use kernel::{Ctx, Instant, Result};
use store::Store;

const NOW: Instant = Instant(Instant::DAY * 20_500);
/// The clock of the first process ran ahead, as in a simulation or after a wrong setting.
const AHEAD: Instant = Instant(NOW.0 + 365 * Instant::DAY);
/// When the lease of a process that died has run out.
const LATER: Instant = Instant(NOW.0 + 31 * Instant::SECOND);

/// A process whose clock is ahead makes a tenant; the last id that it used.
fn first_process(store: &Store) -> Result<i64> {
    store.seal(TENANT, NOW)?;
    let cx = Ctx::system(TENANT, AHEAD, store.ids());
    store.run(&cx, |cx, tx| access::commands::create_tenant(cx, tx, "Huiliu"))?;
    Ok(store.ids().block(AHEAD, 1).take().unwrap_or(0))
}

fn node(id: i64) -> i64 {
    (id >> 12) & 1023
}

#[test]
fn a_process_that_ended_gives_its_node_back_and_the_next_makes_greater_ids() {
    for engine in ["sqlite", "postgres"] {
        let Some((target, _place)) = fresh(engine) else { continue };
        let store = Store::open(&target, NOW).expect("it opens");
        let last = first_process(&store).expect("a tenant");
        drop(store);
        let store = Store::open(&target, NOW).expect("it opens again at once");
        let next = store.ids().block(NOW, 1).take().expect("one id");
        assert_eq!(node(next), node(last), "{engine}: nobody waits for a lease");
        assert!(next > last, "{engine}: {next} after {last}");
    }
}

#[test]
fn after_a_process_that_died_before_its_facts_were_sealed_no_id_comes_twice() {
    for engine in ["sqlite", "postgres"] {
        let Some((target, _place)) = fresh(engine) else { continue };
        let store = Store::open(&target, NOW).expect("it opens");
        let last = first_process(&store).expect("a tenant");
        // As by `kill -9`: nothing is given back.
        std::mem::forget(store);
        let store = Store::open(&target, LATER).expect("it opens again");
        let next = store.ids().block(LATER, 1).take().expect("one id");
        assert_eq!(node(next), node(last), "{engine}: the lease has run out");
        assert!(next > last, "{engine}: {next} after {last}");
    }
}
