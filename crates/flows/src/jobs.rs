//! Work that goes on by itself: the handlers of jobs, in whose name they run, and their schedules.
mod advance;
mod balances;
mod entities;
mod schedule;
mod tax_point;

pub use balances::{Balance, ROLES, as_of, closed_until, totals};
pub use entities::ENTITIES;
pub(crate) use schedule::check_schedule;
pub use schedule::{Schedule, ensure, look};
pub(crate) use tax_point::{agree, agree_services, delivered, recount};

use access::company::Company;
use kernel::{Activity, Ctx, Id, IdMaker, Instant, Result};
use std::sync::Arc;
use store::Tx;
use store::work::{Handler, Work};

/// What the house's own work reports.
pub static FACTS: &[Activity] = &[tax_point::FELL_DUE];

/// The handlers of the house's own work.
#[must_use]
pub fn handlers() -> Vec<Handler> {
    vec![
        Handler { kind: "advance", work: Work::Rows(advance::step) },
        Handler { kind: "close_day", work: Work::Rows(balances::step) },
        Handler { kind: "tax_point", work: Work::Rows(tax_point::step) },
    ]
}

/// The system at work for a company (0: for the tenant), in its currency and zone.
///
/// Error: `store.not_found` for a company that is gone.
pub fn at_work(tx: &mut Tx, company: i64, now: Instant, maker: Arc<IdMaker>) -> Result<Ctx> {
    let mut cx = Ctx::system(tx.tenant(), now, maker);
    if company != 0 {
        let company = tx.get(Id::<Company>::from_raw(company))?;
        cx.company = company.id.raw();
        cx.base = company.currency;
        cx.zone = company.zone()?;
    }
    Ok(cx)
}
