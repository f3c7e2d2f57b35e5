//! What this room reports: the activities of masters, which generic rows tell too.
use kernel::Activity;

pub use store::rows::CREATED;

pub static FACTS: &[Activity] = &[CREATED];
