//! Everything that measures: sealed facts, and event logs of other systems. Writes nothing back,
//! and knows no room's tables.
//!
//! A log is read (`read`) into columns (`log`), counted by pure functions (`mine`), modelled
//! (`discover`), told as a report (`report`) and written for other tools (`write`). `ocel` streams
//! our own facts; `own` keeps them in columns. The walkthroughs are docs/mining.md and
//! docs/insight.md. Deliberately absent until their issues: conformance, what-if.
pub mod cases;
pub mod discover;
pub mod foreign;
pub mod insight;
pub mod kpi;
pub mod log;
pub mod mine;
pub mod ocel;
pub mod own;
pub mod read;
pub mod report;
pub mod waste;
pub mod write;
