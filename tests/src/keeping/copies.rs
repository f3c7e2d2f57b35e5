//! A copy that goes on while people work, put back as of its points.
use crate::house::{SharedHouse, TENANT, check, code, open, shared};
use kernel::{Ctx, Id, Instant, Result};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use store::keep::{Copier, Limits, generations, restore};
use store::{Store, Target};

fn now() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Instant(i64::try_from(since.as_micros()).unwrap())
}

/// A folder that is gone when the story is over.
struct Dir(PathBuf);
impl Dir {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("hl_keep_{name}_{}", std::process::id()));
        std::fs::remove_dir_all(&path).ok();
        Self(path)
    }
}
impl Drop for Dir {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

/// Four people enter customers until they are told to stop; when each was acknowledged.
fn work(house: &Arc<SharedHouse>, stop: &Arc<AtomicBool>) -> Arc<Mutex<Vec<(Instant, i64)>>> {
    let acknowledged = Arc::new(Mutex::new(Vec::new()));
    for hand in 0..4 {
        let (house, stop) = (Arc::clone(house), Arc::clone(stop));
        let heard = Arc::clone(&acknowledged);
        std::thread::spawn(move || {
            for n in 0.. {
                if stop.load(Ordering::Acquire) {
                    break;
                }
                let mut cx = Ctx::system(TENANT, now(), house.store.ids());
                cx.company = house.company;
                let id = house.store.run(&cx, |cx, tx| {
                    let name = format!("客户 {hand}-{n}");
                    let mut party = party::Party::new(cx.id(), &name, &name);
                    party.is_customer = true;
                    party::commands::create(cx, tx, &party, &[], &[], &[])?;
                    Ok(party.id.raw())
                });
                let id = id.expect("a customer can be entered");
                heard.lock().unwrap().push((now(), id));
                std::thread::sleep(Duration::from_millis(4));
            }
        });
    }
    acknowledged
}

fn parties(store: &Store, ids: &[i64]) -> Result<usize> {
    let cx = Ctx::system(TENANT, now(), store.ids());
    store.read(&cx, |_, tx| {
        let mut found = 0;
        for id in ids {
            found += usize::from(tx.find(Id::<party::Party>::from_raw(*id))?.is_some());
        }
        Ok(found)
    })
}

fn file_of(target: &Target) -> &Path {
    match target {
        Target::File(path) => path,
        Target::Postgres { .. } => panic!("a story of SQLite"),
    }
}

#[test]
fn a_copy_under_load_holds_all_that_was_acknowledged_before_each_of_its_points() {
    let Some(h) = open("sqlite") else { return };
    let (dir, db) = (Dir::new("load"), file_of(&h.target).to_owned());
    let (copies, files) = (dir.0.join("copies"), dir.0.join("files"));
    let content = connect::files::Files::at(files.clone());
    let kept = content.keep("送货单".as_bytes()).unwrap();
    let house = shared(h);
    let stop = Arc::new(AtomicBool::new(false));
    let acknowledged = work(&house, &stop);
    // The log is folded every few hundred kilobytes here, so that several follow each other.
    let limits = Limits { fold: 400_000, base_every: 4 * Instant::SECOND, keep: 99 };
    let mut copier = Copier::begin(&db, &files, &copies, limits, now).expect("a copy begins");
    let mut points = vec![copier.last().clone()];
    for _ in 0..60 {
        std::thread::sleep(Duration::from_millis(100));
        points.push(copier.step().expect("the copy goes on").clone());
    }
    stop.store(true, Ordering::Release);
    drop(copier);
    let all = generations(&copies).expect("there are copies");
    let logs = all.iter().flat_map(|g| &g.points).map(|p| p.log).max();
    assert!(all.len() >= 2, "a second base was made: {}", all.len());
    assert!(logs >= Some(3), "the log was folded while others wrote: {logs:?}");
    let heard = acknowledged.lock().unwrap().clone();
    for (n, at) in [0, points.len() / 3, points.len() / 2, points.len() - 1].iter().enumerate() {
        let point = &points[*at];
        let into = dir.0.join(format!("back{n}"));
        let back =
            restore(&copies, Some(point.until), &into.join("huiliu.db"), &into.join("files"))
                .expect("a point is put back");
        assert_eq!(&back.point, point);
        assert_eq!(back.files, 1);
        let files = connect::files::Files::at(into.join("files"));
        assert_eq!(files.read(&kept).unwrap(), "送货单".as_bytes());
        let store = Store::open(&Target::File(into.join("huiliu.db")), now()).expect("it opens");
        let before: Vec<i64> =
            heard.iter().filter(|(at, _)| *at < point.from).map(|(_, id)| *id).collect();
        assert_eq!(parties(&store, &before).unwrap(), before.len(), "point {n} lost something");
        let mut cx = Ctx::system(TENANT, now(), store.ids());
        cx.company = house.company;
        check(&store, &cx).expect("every invariant holds in what was put back");
        let newest: Option<i64> = store
            .read(&cx, |_, tx| {
                tx.value(
                    store::sql!(
                        "SELECT recorded_at FROM fact WHERE tenant_id = $1 ORDER BY id DESC LIMIT 1"
                    ),
                    &[],
                )
            })
            .unwrap();
        assert!(newest.unwrap_or(0) <= point.until.0, "nothing later than the point is there");
        println!("point {n}: {} acknowledged before it, all there", before.len());
    }
    let last = heard.iter().filter(|(at, _)| *at < points[points.len() - 1].from).count();
    assert!(last > 200, "the story had something to lose: {last}");
}

#[test]
fn a_copy_that_is_not_what_was_written_is_refused_and_leaves_nothing() {
    let Some(h) = open("sqlite") else { return };
    let dir = Dir::new("damaged");
    let (copies, files) = (dir.0.join("copies"), dir.0.join("files"));
    let mut copier =
        Copier::begin(file_of(&h.target), &files, &copies, Limits::default(), now).unwrap();
    h.customer("恒远机电", "N30", None).unwrap();
    let point = copier.step().unwrap().clone();
    assert!(point.log >= 1);
    let generation = generations(&copies).unwrap().remove(0);
    let into = dir.0.join("back").join("huiliu.db");
    let again = |into: &Path| restore(&copies, None, into, &dir.0.join("back-files"));
    let flip = |path: &Path| {
        let mut bytes = std::fs::read(path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 4;
        std::fs::write(path, bytes).unwrap();
    };
    for name in ["base.db".to_owned(), format!("{:06}.wal", point.log)] {
        let path = generation.path.join(name);
        flip(&path);
        assert_eq!(code(again(&into)), "backup.damaged");
        assert!(!into.exists(), "nothing is put back from a damaged copy");
        flip(&path);
    }
    assert_eq!(code(again(&into)), "ok");
    assert_eq!(code(again(&into)), "restore.not_empty");
    let early = Instant(point.from.0 - Instant::DAY);
    let refused = restore(&copies, Some(early), &dir.0.join("x.db"), &dir.0.join("x"));
    assert_eq!(code(refused), "backup.not_so_early");
    assert_eq!(code(restore(&dir.0, None, &dir.0.join("x.db"), &dir.0)), "backup.none");
}

#[test]
fn a_file_that_was_changed_behind_our_back_is_not_copied() {
    let Some(h) = open("sqlite") else { return };
    let dir = Dir::new("files");
    let (copies, files) = (dir.0.join("copies"), dir.0.join("files"));
    let digest = connect::files::Files::at(files.clone()).keep(b"one").unwrap();
    std::fs::write(files.join(&digest[..2]).join(&digest[2..]), b"two").unwrap();
    let begun = Copier::begin(file_of(&h.target), &files, &copies, Limits::default(), now);
    assert_eq!(code(begun), "backup.file_changed");
    assert_eq!(code(generations(&copies)), "backup.none");
}
