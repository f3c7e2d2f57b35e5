//! Makes the demo company in a file and prints its figures: `echo FILE SEED ORDERS | demo`.
use company::demo::{self, Options};
use kernel::{Ctx, Day, Error, Result, Zone};
use store::{Store, Target};

fn main() -> Result<()> {
    let mut line = String::new();
    let read = std::io::stdin().read_line(&mut line);
    read.map_err(|e| Error::bug("bug.input", e))?;
    let mut words = line.split_whitespace();
    let file = words.next().unwrap_or("/tmp/demo.db").to_owned();
    let mut number = |other: u64| words.next().and_then(|t| t.parse().ok()).unwrap_or(other);
    let (seed, orders) = (number(1), number(3_000) as u32);
    for end in ["", "-wal", "-shm"] {
        let _absent = std::fs::remove_file(format!("{file}{end}"));
    }
    let until = Day::of(2026, 11, 20);
    let options = Options { orders, ..Options::usual(seed, until, 1) };
    let zone = Zone::china();
    let store = Store::open(&Target::File(file.into()), zone.at(options.from(), 0))?;
    let truth = demo::make(&store, &options, &mut |p| {
        if p.days_done % 60 == 0 {
            println!("{} {} orders", p.day, p.orders);
        }
    })?;
    for plant in &truth.plants {
        let minutes: i64 = plant.cases.iter().map(|c| c.minutes).sum();
        let tenths = minutes * 10 / 1440 / plant.cases.len().max(1) as i64;
        let (cases, of) = (plant.cases.len(), plant.of);
        println!("{:?} {} {}: {cases} of {of}, {tenths} d/10", plant.spot, plant.who, plant.from);
    }
    println!("refused {:?}", truth.refused);
    let cx = Ctx::system(1, zone.at(until.plus_days(1), 0), store.ids());
    let figures = store.read(&cx, |_, tx| demo::figures(tx, options.from(), until))?;
    println!("{figures:#?}");
    for line in figures.check() {
        println!("OUT OF RANGE {line}");
    }
    let report = store.read(&cx, flows::check::run)?;
    println!("proved {} breaches {:#?}", report.proved.len(), report.breaches);
    Ok(())
}
