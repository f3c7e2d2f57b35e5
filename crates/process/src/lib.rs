//! Everything that measures: sealed facts, and event logs of other systems. Writes nothing back,
//! and knows no room's tables.
//!
//! A log is read (`read`) into columns (`log`), counted by pure functions (`mine`), modelled
//! (`discover`), told as a report (`report`) and written for other tools (`write`). `ocel` streams
//! our own facts. The walkthrough is docs/mining.md. Deliberately absent until their issues: KPIs,
//! conformance, what-if.
pub mod discover;
pub mod log;
pub mod mine;
pub mod ocel;
pub mod read;
pub mod report;
pub mod write;
