//! Our own sealed facts in columns: read by `seq`, kept in a file beside the store, seen as a log.
//!
//! Knows fact, activity and object names only. The walkthrough is docs/insight.md. Deliberately
//! absent: qualifiers of touches (the subject of a fact is told by its activity's name).
pub mod agreed;
pub mod cache;
pub mod calendar;
mod codec;
pub mod facts;
pub mod ground;
pub mod masters;
pub mod read;
pub mod runs;
pub mod view;

pub use agreed::{Agreed, Why};
pub use cache::Kept;
pub use calendar::Hours;
pub use facts::Facts;
pub use ground::Ground;
pub use masters::Masters;
