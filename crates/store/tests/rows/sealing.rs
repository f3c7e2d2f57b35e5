//! Facts are sealed in the order in which they are found, those of a command that ran long too.
use super::{NOW, Place, THING, cx, places};
use kernel::{Ctx, Instant};
use serde_json::json;
use std::sync::{Mutex, mpsc};
use store::{Engine, rows, sql};

fn at(place: &Place, seconds: i64) -> Ctx {
    let mut cx = cx(&place.store, 1);
    cx.now = Instant(NOW.0 + seconds * Instant::SECOND);
    cx
}

fn unsealed(place: &Place) -> i64 {
    let count = sql!(
        "SELECT COUNT(*) FROM fact f LEFT JOIN fact_seal s ON s.tenant_id = f.tenant_id \
         AND s.fact_id = f.id WHERE f.tenant_id = $1 AND s.fact_id IS NULL"
    );
    place.store.read(&cx(&place.store, 1), |_, tx| tx.value(count, &[])).unwrap().unwrap()
}

#[test]
fn what_a_long_command_told_is_sealed_after_what_came_later() {
    for place in places() {
        // Two commands beside each other: SQLite has one at a time, and seals each as it commits.
        if place.store.engine() == Engine::Sqlite {
            continue;
        }
        let (store, tenant) = (&place.store, 1);
        let add = |cx: &Ctx, name: &str| {
            let body = json!({"name": name, "kind": "a"});
            store.run(cx, |cx, tx| rows::create(cx, tx, &THING, &body, None)).unwrap();
        };
        // What all rows of a user need is there: nobody waits for it.
        add(&at(&place, 0), "first");
        store.seal(tenant, NOW).unwrap();
        for (began, ran, is_found_at_once) in [(0, 5, true), (60, 900, false)] {
            let now = at(&place, began + ran);
            let (go_on, told) = mpsc::channel::<()>();
            let (begun, has_begun) = mpsc::channel::<()>();
            let told = Mutex::new(told);
            std::thread::scope(|scope| {
                let (place, told, begun) = (&place, &told, &begun);
                let long = scope.spawn(move || {
                    let body = json!({"name": format!("long {ran}"), "kind": "a"});
                    let job = |cx: &Ctx, tx: &mut store::Tx| {
                        rows::create(cx, tx, &THING, &body, None)?;
                        begun.send(()).unwrap();
                        told.lock().unwrap().recv().unwrap();
                        Ok(())
                    };
                    store.run(&at(place, began), job).unwrap();
                });
                has_begun.recv().unwrap();
                add(&now, &format!("short {ran}"));
                assert_eq!(store.seal_recent(tenant, now.now).unwrap(), 1);
                go_on.send(()).unwrap();
                long.join().unwrap();
            });
            assert_eq!(unsealed(&place), 1);
            let found = usize::from(is_found_at_once);
            assert_eq!(store.seal_recent(tenant, now.now).unwrap(), found);
            assert_eq!(store.seal(tenant, now.now).unwrap(), 1 - found);
            assert_eq!(unsealed(&place), 0);
        }
    }
}

/// More than one transaction seals are sealed by one call, each once.
#[test]
fn a_great_many_facts_are_sealed_by_one_call() {
    for place in places() {
        let now = at(&place, 0);
        let some = json!((0..2_500).map(|n| format!("n{n}")).collect::<Vec<_>>());
        let all = |cx: &Ctx, tx: &mut store::Tx| {
            for name in some.as_array().into_iter().flatten() {
                rows::create(cx, tx, &THING, &json!({"name": name, "kind": "a"}), None)?;
            }
            Ok(())
        };
        place.store.run(&now, all).unwrap();
        let sealed = place.store.seal(1, now.now).unwrap();
        let expected = if place.store.engine() == Engine::Sqlite { 0 } else { 2_500 };
        assert_eq!(sealed, expected);
        assert_eq!(unsealed(&place), 0);
        assert_eq!(place.store.seal_recent(1, now.now).unwrap(), 0);
    }
}
