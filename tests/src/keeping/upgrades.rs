//! A database of an older schema, brought up to date with all that it holds, on both engines.
//!
//! `tests/fixtures/before.sql` is the schema as it was before views, approvals, own fields and
//! webhooks, with a company in it; `schema_step` works out the way to the schema of today.
use crate::house::{TENANT, check, code, nowhere};
use kernel::{Ctx, Day, Error, Instant, Zone};
use store::moving::sums;
use store::schema_step::{Schema, step};
use store::{Store, Tx, migrate, sound};

const BEFORE: &str = include_str!("../../fixtures/before.sql");
const ROWS: &str = include_str!("../../fixtures/before_rows.sql");
const BY_HAND: &str = include_str!("../../fixtures/by_hand.sql");

fn now() -> Instant {
    Zone::china().at(Day::of(2026, 2, 1), 9 * 60)
}

/// The migration from the older schema to that of today: what is worked out, then what is not.
fn way() -> String {
    let today: String = migrate::ALL.iter().map(|(_, text)| *text).collect();
    let entities = flows::entities();
    let step = step(&Schema::of(BEFORE), &Schema::of(&today), &entities);
    step.expect("there is a way that loses nothing") + BY_HAND
}

#[test]
fn an_older_database_is_brought_up_to_date_with_all_that_it_holds() {
    let way = way();
    let all = [(1, BEFORE), (2, way.as_str())];
    let mut kept = Vec::new();
    for engine in ["sqlite", "postgres"] {
        let Some(place) = nowhere(engine) else { continue };
        let store = Store::open_by(&place.target, now(), &all[..1]).expect("the older schema");
        store.script(ROWS).expect("the older rows");
        drop(store);
        let store = Store::open_by(&place.target, now(), &all).expect("it is brought up to date");
        let Some(new) = nowhere(engine) else { continue };
        let fresh = Store::open(&new.target, now()).expect("a fresh one");
        assert_eq!(store.shape().unwrap(), fresh.shape().unwrap(), "{engine}: fresh is migrated");
        let mut cx = Ctx::system(TENANT, now(), store.ids());
        let company = store.read(&cx, |_, tx| access::questions::first_company(tx)).unwrap();
        cx.company = company.expect("the company is there").id.raw();
        // What `huiliu reindex` does after it: names were ordered by their characters before.
        for entity in flows::entities() {
            let sounds = |cx: &Ctx, tx: &mut Tx<'_>| sound::write_some(cx, tx, entity, 0);
            store.run(&cx, sounds).expect("the sounds are written");
        }
        check(&store, &cx).expect("every invariant holds, the chain of facts among them");
        let party = store.read(&cx, |_, tx| party::commands::by_code(tx, "恒远机电"));
        let mut party = party.unwrap().expect("the customer is there");
        assert_eq!(party.name, "恒远机电");
        // Work goes on: a customer entered after, beside the one from before.
        (party.id, party.code, party.version) = (cx.id(), "新客户".into(), 1);
        store.run(&cx, |cx, tx| party::commands::create(cx, tx, &party, &[], &[], &[])).unwrap();
        check(&store, &cx).expect("and holds after new work");
        drop(store);
        let of_rows = |t: &store::moving::TableSum| (t.table, t.rows);
        let sums = sums(&place.target, &flows::entities()).unwrap();
        // How many processes held a lease differs: a folder has one at a time.
        kept.push(sums.iter().filter(|t| t.table != "lease").map(of_rows).collect::<Vec<_>>());
    }
    if let [lite, pg] = kept.as_slice() {
        assert_eq!(lite, pg, "both engines hold as many rows of everything");
    }
}

#[test]
fn a_migration_that_fails_leaves_the_older_database_whole_and_is_done_later() {
    let way = way();
    for engine in ["sqlite", "postgres"] {
        let Some(place) = nowhere(engine) else { continue };
        let store = Store::open_by(&place.target, now(), &[(1, BEFORE)]).unwrap();
        store.script(ROWS).unwrap();
        let before = store.shape().unwrap();
        drop(store);
        let broken = format!("{way}\nCREATE INDEX never ON nowhere (tenant_id);\n");
        let failed = Store::open_by(&place.target, now(), &[(1, BEFORE), (2, &broken)]);
        assert!(failed.is_err(), "{engine}");
        let store = Store::open_by(&place.target, now(), &[(1, BEFORE)]).unwrap();
        assert_eq!(store.shape().unwrap(), before, "{engine}: nothing of it is left");
        drop(store);
        let done = Store::open_by(&place.target, now(), &[(1, BEFORE), (2, &way)]);
        assert_eq!(code(done), "ok", "{engine}");
    }
}

#[test]
fn a_database_of_a_newer_or_another_program_is_refused() {
    for engine in ["sqlite", "postgres"] {
        let Some(place) = nowhere(engine) else { continue };
        let open = |all: &[(i64, &str)]| -> Result<(), Error> {
            Store::open_by(&place.target, now(), all).map(|_| ())
        };
        let two = "CREATE TABLE extra (\n    tenant_id BIGINT NOT NULL,\n    \
                   PRIMARY KEY (tenant_id)\n);\n";
        assert_eq!(code(open(&[(1, BEFORE), (2, two)])), "ok");
        assert_eq!(code(open(&[(1, BEFORE)])), "store.schema_newer", "{engine}");
        let other = format!("{BEFORE}-- another\n");
        assert_eq!(code(open(&[(1, &other), (2, two)])), "store.schema_changed", "{engine}");
        assert_eq!(code(open(&[(1, BEFORE), (2, two)])), "ok");
    }
}
