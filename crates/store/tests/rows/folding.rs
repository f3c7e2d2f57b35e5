//! SQLite's log of writes is folded into the file beside the writer, and stays short.
use super::{Place, cx, places};
use kernel::Stored;
use std::sync::mpsc;
use store::{Engine, sql};

/// Bytes of a full log: 16,000 pages.
const FULL: u64 = 16_000 * 4096;
/// Characters of one write, and how many of them are more than a full log.
const LARGE: usize = 400_000;
const WRITES: i64 = 200;

fn write(place: &Place, from: i64) {
    let text = Stored::text("x".repeat(LARGE));
    for id in from..from + WRITES {
        let done = place.store.run(&cx(&place.store, 1), |_, tx| {
            tx.put(
                sql!(
                    "INSERT INTO object_change (tenant_id, object_type, object_id, fact_id, attr, \
                     value) VALUES ($1, 'thing', $2, $2, 'name', $3)"
                ),
                &[Stored::Int(id), text.clone()],
            );
            Ok(())
        });
        done.unwrap();
    }
}

fn count(place: &Place) -> i64 {
    let all = sql!("SELECT COUNT(*) FROM object_change WHERE tenant_id = $1");
    place.store.read(&cx(&place.store, 1), |_, tx| tx.value(all, &[])).unwrap().unwrap()
}

fn bytes(place: &Place, name: &str) -> u64 {
    std::fs::metadata(place.dir.join(name)).unwrap().len()
}

#[test]
fn a_full_log_is_folded_and_begins_anew_and_a_reader_only_puts_that_off() {
    for place in places() {
        if place.store.engine() == Engine::Postgres {
            continue;
        }
        // More than two full logs: it never grew to what the writer folds by itself, and a little
        // more, and the file has what it had.
        (0..2).for_each(|part| write(&place, part * WRITES));
        assert_eq!(count(&place), 2 * WRITES);
        assert!(bytes(&place, "t.db-wal") < 7 * FULL / 2, "{}", bytes(&place, "t.db-wal"));
        assert!(bytes(&place, "t.db") > FULL);

        // Somebody reads on: what they saw when they began stays, and the log has to grow.
        let (go_on, told) = mpsc::channel::<()>();
        let (begun, has_begun) = mpsc::channel::<()>();
        std::thread::scope(|scope| {
            let place = &place;
            let reader = scope.spawn(move || {
                let all = sql!("SELECT COUNT(*) FROM object_change WHERE tenant_id = $1");
                place.store.read(&cx(&place.store, 1), |_, tx| {
                    let before = tx.value::<i64>(all, &[])?;
                    begun.send(()).unwrap();
                    told.recv().unwrap();
                    Ok((before, tx.value::<i64>(all, &[])?))
                })
            });
            has_begun.recv().unwrap();
            (2..4).for_each(|part| write(place, part * WRITES));
            go_on.send(()).unwrap();
            let (before, after) = reader.join().unwrap().unwrap();
            assert_eq!((before, after), (Some(2 * WRITES), Some(2 * WRITES)));
        });
        let grown = bytes(&place, "t.db-wal");
        assert!(grown > 2 * FULL * 3 / 4, "{grown}");

        // They are gone: it begins anew, and what it had is in the file.
        write(&place, 4 * WRITES);
        assert_eq!(count(&place), 5 * WRITES);
        assert!(bytes(&place, "t.db-wal") <= grown + FULL / 2, "{}", bytes(&place, "t.db-wal"));
        assert!(bytes(&place, "t.db") > 4 * WRITES as u64 * LARGE as u64);
    }
}
