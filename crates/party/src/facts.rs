//! What this room reports.
use kernel::Activity;

pub const CREATED: Activity =
    Activity::new("master.created", "a master record (party, product, account) was created");
pub const CHANGED: Activity = Activity::new("master.changed", "a master record was changed");

pub static FACTS: &[Activity] = &[CREATED, CHANGED];
