//! What a log says of its process: pure functions over traces, in an order that never varies.
//!
//! Statistics are floats, in seconds; times are integers until the last step. Nothing here reads a
//! file, a clock or a table.
pub mod calendar;
pub mod causes;
pub mod dfg;
pub mod figures;
pub mod instances;
pub mod overview;
pub mod people;
pub mod rework;
pub mod stats;
pub mod variants;

pub use calendar::Calendar;
pub use dfg::{Dfg, Edge};
pub use figures::Counted;
pub use overview::Overview;
pub use people::People;
pub use rework::Rework;
pub use stats::Summary;
pub use variants::{Variant, Variants};
