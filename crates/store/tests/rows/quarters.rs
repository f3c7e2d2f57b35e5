//! Facts lie in the table of their quarter on PostgreSQL, and are found wherever they lie.
use super::{NOW, Place, cx, places};
use kernel::{Instant, first_id};
use store::{Engine, Sql, sql};

fn count(place: &Place, sql: &'static Sql) -> i64 {
    let found = place.store.read(&cx(&place.store, 1), |_, tx| tx.value::<i64>(sql, &[]));
    found.unwrap().unwrap()
}

fn change(place: &Place, at: Instant) {
    let fact = first_id(at);
    let row = format!(
        "INSERT INTO object_change (tenant_id, object_type, object_id, fact_id, attr, value) \
         VALUES (1, 'thing', 7, {fact}, 'name', 'x')"
    );
    place.store.script(&row).unwrap();
}

fn of_all(place: &Place) -> i64 {
    count(place, sql!("SELECT COUNT(*) FROM object_change WHERE tenant_id = $1"))
}
fn of_rest(place: &Place) -> i64 {
    count(place, sql!("SELECT COUNT(*) FROM object_change_rest WHERE tenant_id = $1"))
}
fn of_this(place: &Place) -> i64 {
    count(place, sql!("SELECT COUNT(*) FROM object_change_2026q1 WHERE tenant_id = $1"))
}
fn of_next(place: &Place) -> i64 {
    count(place, sql!("SELECT COUNT(*) FROM object_change_2026q2 WHERE tenant_id = $1"))
}

#[test]
fn each_fact_lies_in_its_quarter_and_one_of_another_time_in_the_rest() {
    for place in places() {
        let far = Instant(NOW.0 + 300 * Instant::DAY);
        for at in [NOW, Instant(NOW.0 + 60 * Instant::DAY), Instant(Instant::DAY * 19_000), far] {
            change(&place, at);
        }
        assert_eq!(of_all(&place), 4);
        if place.store.engine() == Engine::Sqlite {
            continue;
        }
        assert_eq!((of_this(&place), of_next(&place), of_rest(&place)), (1, 1, 2));

        // Again, and by two at once: nothing changes.
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| place.store.prepare(NOW).unwrap());
            }
        });
        // A quarter in which facts were written before its table was keeps them in the rest.
        place.store.prepare(far).unwrap();
        change(&place, Instant(far.0 + Instant::HOUR));
        assert_eq!((of_this(&place), of_next(&place), of_rest(&place)), (1, 1, 3));
        assert_eq!(of_all(&place), 5);
    }
}
