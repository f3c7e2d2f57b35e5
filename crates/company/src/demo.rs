//! The demo company: a believable year of a hardware and electrical trader, made by its people.
//!
//! A discrete-event simulation: customers wish, people act by the same commands as a user, and the
//! facts that the house tells decide what happens next. Left out because the house has no document
//! for it yet: complaints, red invoices, statements of account (their
//! rhythm is kept), bills of exchange, rebates, 抹零 and write-offs, purchase orders (goods come in
//! by receipts), stock counts, foreign currency, retention money (质保金).
mod cash;
mod entry;
pub mod figures;
mod market;
mod masters;
mod office;
mod pipeline;
pub mod plants;
mod purchase;
mod returns;
mod sim;
mod staff;
mod warehouse;

pub use figures::{Figures, figures};
pub use plants::Truth;
pub use sim::Progress;

use kernel::{Day, Instant, Result, Zone};
use market::Market;
use sim::Sim;
use staff::Staff;
use store::{Session, Store};

/// What to make.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    pub seed: u64,
    /// Orders of the year; 3,000 is the size everything else is scaled to.
    pub orders: u32,
    /// The last simulated day; the first is a year earlier.
    pub until: Day,
    pub tenant: i64,
}

impl Options {
    /// The usual size.
    #[must_use]
    pub const fn usual(seed: u64, until: Day, tenant: i64) -> Self {
        Self { seed, orders: 3_000, until, tenant }
    }
    /// The first simulated day.
    #[must_use]
    pub fn from(&self) -> Day {
        self.until.plus_days(-364)
    }
}

/// Makes the company in an empty tenant and lives through its year.
///
/// Errors: those of the commands that set it up; refused commands of the year are left out.
pub fn make(store: &Store, options: &Options, progress: &mut dyn FnMut(Progress)) -> Result<Truth> {
    store.session(|session| live(session, options, progress))
}

fn live(
    session: &mut Session<'_>,
    options: &Options,
    progress: &mut dyn FnMut(Progress),
) -> Result<Truth> {
    let (zone, seed) = (Zone::china(), options.seed);
    let start = zone.at(options.from(), 8 * 60);
    let truth = Truth::draw(seed, options.from(), options.until);
    let market = Market::draw(seed, &truth, options.orders as usize, &zone);
    let house = masters::found(session, options.tenant, start)?;
    let staff = Staff::hire(session, &house, start.plus(Instant::MINUTE))?;
    let opening = start.plus(10 * Instant::MINUTE);
    let masters = masters::open(session, &house, &staff, &market, (seed, opening))?;
    let mut sim = Sim::new(session, (house, staff), (market, masters), (truth, seed));
    sim.begin(opening.plus(10 * Instant::MINUTE))?;
    sim.live(progress)?;
    Ok(office::sorted(sim.truth))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Ctx;
    use store::{Target, sql};

    const UNTIL: Day = Day::of(2026, 11, 20);

    /// Makes a small company; the last seal of its facts, and what does not hold in it.
    fn small(name: &str, seed: u64) -> Result<(String, usize)> {
        let path = std::env::temp_dir().join(format!("huiliu-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder for the test");
        let options = Options { orders: 50, ..Options::usual(seed, UNTIL, 1) };
        let start = Zone::china().at(options.from(), 0);
        let store = Store::open(&Target::File(path.join("demo.db")), start)?;
        make(&store, &options, &mut |_| {})?;
        let cx = Ctx::system(1, start, store.ids());
        let last = store.read(&cx, |cx, tx| {
            let sql =
                sql!("SELECT hash FROM fact_seal WHERE tenant_id = $1 ORDER BY seq DESC LIMIT 1");
            let broken = flows::check::run(cx, tx)?.breaches;
            let hash: Option<String> = tx.value(sql, &[])?;
            Ok((hash.unwrap_or_default(), broken.len()))
        })?;
        drop(store);
        std::fs::remove_dir_all(&path).expect("the test's own folder");
        Ok(last)
    }

    #[test]
    fn the_same_seed_makes_the_same_company_to_the_last_seal() -> Result<()> {
        let (first, again) = (small("demo-a", 1)?, small("demo-b", 1)?);
        assert_eq!(first.0.len(), 64);
        assert_eq!(first, again);
        assert_eq!(first.1, 0, "everything is proved");
        assert_ne!(small("demo-c", 2)?.0, first.0);
        Ok(())
    }
}
