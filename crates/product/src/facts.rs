//! What this room reports: the master-data activities of the parties' room.
use kernel::Activity;

pub const CREATED: Activity =
    Activity::new("master.created", "a master record (party, product, account) was created");

pub static FACTS: &[Activity] = &[CREATED];
