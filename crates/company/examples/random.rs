//! Throws random commands at a tiny company in a file: `echo FILE SEED STEPS | random`.
use company::random::{self, World};
use kernel::{Ctx, Day, Error, Result, Zone};
use std::collections::BTreeMap;
use store::{Store, Target};

fn main() -> Result<()> {
    let mut line = String::new();
    let read = std::io::stdin().read_line(&mut line);
    read.map_err(|e| Error::bug("bug.input", e))?;
    let mut words = line.split_whitespace();
    let file = words.next().unwrap_or("/tmp/random.db").to_owned();
    let mut number = |other: u64| words.next().and_then(|t| t.parse().ok()).unwrap_or(other);
    let (seed, steps) = (number(1), number(5_000) as u32);
    for end in ["", "-wal", "-shm"] {
        let _absent = std::fs::remove_file(format!("{file}{end}"));
    }
    let start = Zone::china().at(Day::of(2025, 1, 1), 0);
    let store = Store::open(&Target::File(file.into()), start)?;
    let mut world = World::setup(&store, seed)?;
    let mut bugs: BTreeMap<&str, u32> = BTreeMap::new();
    store.session(|session| {
        for _ in 0..steps {
            if let Err(e) = random::step(session, &mut world) {
                let count = bugs.entry(e.code).or_default();
                *count += 1;
                if *count <= 6 {
                    println!("{e:?}");
                }
            }
        }
        Ok(())
    })?;
    println!("{:#?}", world.finish());
    println!("bugs {bugs:?}");
    let cx = Ctx::system(1, start, store.ids());
    let report = store.read(&cx, flows::check::run)?;
    println!("proved {} breaches {:#?}", report.proved.len(), report.breaches);
    Ok(())
}
