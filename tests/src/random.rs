//! Random commands at a tiny company: every invariant after each step; same seed, same chain.
use crate::house::{TENANT, check, empty};
use kernel::{Ctx, Instant};
use store::Store;

/// Proves every invariant of the random company.
fn prove(store: &Store) -> kernel::Result<()> {
    check(store, &Ctx::system(TENANT, Instant(1_800_000_000_000_000), store.ids()))
}

/// The end of the chain of facts: one text for everything that ever happened.
fn last_seal(store: &Store) -> String {
    let cx = Ctx::system(TENANT, Instant(0), store.ids());
    let sql =
        store::sql!("SELECT hash FROM fact_seal WHERE tenant_id = $1 ORDER BY seq DESC LIMIT 1");
    let found = store.read(&cx, |_, tx| tx.value::<String>(sql, &[]));
    found.expect("the chain is read").expect("something happened")
}

#[test]
fn after_each_of_many_random_commands_every_invariant_holds() {
    for (engine, steps) in [("sqlite", 250), ("postgres", 60)] {
        let Some(place) = empty(engine) else { continue };
        let seed = 3;
        let report = company::random::run(&place.store, seed, steps, Some(1), &mut prove);
        let report = report.expect("no bug, no breach");
        println!("{engine}, seed {seed}: {report:?}");
        assert!(report.done > 0 && !report.refused.is_empty());
    }
}

#[test]
fn the_same_seed_tells_the_same_story_byte_for_byte() {
    let chains: Vec<String> = (0..2)
        .filter_map(|_| empty("sqlite"))
        .map(|place| {
            let run = company::random::run(&place.store, 11, 400, None, &mut |_| Ok(()));
            run.expect("no bug");
            last_seal(&place.store)
        })
        .collect();
    assert_eq!(chains[0], chains[1]);
}
