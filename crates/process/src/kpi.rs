//! KPIs: a versioned catalogue of formulas as data, evaluated over the cases, with null rules,
//! cohorts that are not ripe yet, targets, bands and signals, and the cases behind every figure.
//!
//! Figures are sums of the parts of days (`partials`), which are kept in memory and follow the
//! seal: facts that come change the rows they touch, and those rows their days. Floats are
//! statistics; sums of money stay whole.
pub mod catalogue;
pub mod engine;
pub mod expr;
pub mod partials;
pub mod receivables;
pub mod signal;
pub mod standing;

pub use catalogue::{Catalogue, Kpi};
pub use engine::{Cell, Engine, Grain, Period};
