//! Where the company's own work loses time and money: waits beyond what is usual for their like,
//! with place, period and cause, ranked by money × days. Reads columns of facts only.
//!
//! What was agreed and what everybody knows (the weeks around the Spring Festival) is left out
//! before anything is compared. Definitions: docs/insight.md.
pub mod cause;
pub mod decisions;
mod doubles;
pub mod faults;
pub mod find;
pub mod scan;
pub mod steps;
pub mod worth;

pub use cause::Cause;
pub use decisions::Decision;
pub use faults::Fault;
pub use find::{Finding, findings};
pub use steps::{Step, Wait};
