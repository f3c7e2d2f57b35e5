//! The general ledger: accounts, roles, periods, entries, vouchers.
//!
//! Posted is immutable; corrections are new entries. Amounts are signed (红字). Deliberately
//! absent: what an order, shipment or invoice posts (`finance` and `stock` say that by role).
mod account;
pub mod charts;
pub mod commands;
pub mod entities;
mod entry;
pub mod facts;
mod ledger_rows;
mod period;
pub mod posting;
pub mod questions;
pub mod vouchers;

pub use account::{Account, AccountRole, Chart};
pub use entry::{Draft, DraftLine, Entry, EntryLine};
pub use period::{PERIOD_LIFECYCLE, Period, PeriodState};
pub use vouchers::Voucher;
