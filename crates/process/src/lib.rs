//! Everything that measures: reads sealed facts, never a room's tables, and writes nothing back.
//!
//! Now: the export of facts for tools of process mining. Deliberately absent until their issues:
//! maps, variants, waits, KPIs, what-if.
pub mod discover;
pub mod log;
pub mod mine;
pub mod ocel;
pub mod read;
pub mod report;
