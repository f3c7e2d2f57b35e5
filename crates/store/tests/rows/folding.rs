//! SQLite's log of writes is folded into the file beside the writer, and stays short.
use super::{Place, cx, places};
use kernel::Stored;
use std::ops::Range;
use std::sync::mpsc;
use store::{Engine, sql};

/// Bytes of a full log: 16,000 pages.
const FULL: u64 = 16_000 * 4096;
/// Characters of one write, and how many of them are more than a full log.
const LARGE: usize = 400_000;
const WRITES: i64 = 200;
/// Writes that come on top until it began anew; with those of a full log fewer than those after
/// which the writer folds by itself.
const PATIENCE: i64 = 250;

fn write(place: &Place, ids: Range<i64>) {
    let text = Stored::text("x".repeat(LARGE));
    for id in ids {
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

/// How often the log began anew: SQLite counts that in the log's header (bytes 12 to 15).
fn begun_anew(place: &Place) -> u32 {
    let log = std::fs::read(place.dir.join("t.db-wal")).unwrap_or_default();
    let count = log.get(12..16).and_then(|bytes| bytes.try_into().ok());
    count.map_or(0, u32::from_be_bytes)
}

/// Writes on until the log has begun anew since then; how many writes that took. Who folds has a
/// thread of its own, and a busy machine may let it wait: every write leaves it time.
fn until_anew(place: &Place, since: u32, from: i64) -> i64 {
    let mut id = from;
    while begun_anew(place) == since {
        assert!(id < from + PATIENCE, "never begun anew: {} bytes", bytes(place, "t.db-wal"));
        write(place, id..id + 1);
        std::thread::sleep(std::time::Duration::from_millis(100));
        id += 1;
    }
    id - from
}

#[test]
fn a_full_log_is_folded_and_begins_anew_and_a_reader_only_puts_that_off() {
    for place in places() {
        if place.store.engine() == Engine::Postgres {
            continue;
        }
        // It begins anew once it is full, before the writer folds by itself; the file has what it
        // had.
        let first = begun_anew(&place);
        write(&place, 0..WRITES);
        let some = WRITES + until_anew(&place, first, WRITES);
        assert_eq!(count(&place), some);
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
            // What they do not need may still go: the first write shows where the log begins.
            write(place, some..some + 1);
            let then = begun_anew(place);
            write(place, some + 1..some + 2 * WRITES);
            assert_eq!(begun_anew(place), then);
            go_on.send(()).unwrap();
            let (before, after) = reader.join().unwrap().unwrap();
            assert_eq!((before, after), (Some(some), Some(some)));
        });
        let then = begun_anew(&place);
        let grown = bytes(&place, "t.db-wal");
        assert!(grown > 2 * FULL * 3 / 4, "{grown}");

        // They are gone: it begins anew, and what it had is in the file.
        let all = some + 2 * WRITES;
        let all = all + until_anew(&place, then, all);
        assert_eq!(count(&place), all);
        assert!(bytes(&place, "t.db") > (some + 2 * WRITES) as u64 * LARGE as u64);
    }
}
