//! KPIs: a versioned catalogue of formulas as data, evaluated over the cases, with null rules,
//! cohorts that are not ripe yet, targets, bands and signals, and the cases behind every figure.
//!
//! Everything is computed again from the columns whenever it is asked for: that is faster than
//! keeping partials, and nothing can go stale. Floats are statistics; sums of money stay whole.
pub mod catalogue;
pub mod engine;
pub mod expr;
pub mod receivables;
pub mod signal;

pub use catalogue::{Catalogue, Kpi};
pub use engine::{Cell, Engine, Grain, Period};
