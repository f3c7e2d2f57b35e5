//! What this room reports.
use kernel::Activity;

pub const TERMS_SET: Activity = Activity::new("terms.set", "payment terms or a price list was set");
pub const PRICE_AGREED: Activity =
    Activity::new("price.agreed", "a price was agreed with a customer");
pub const LIMIT_SET: Activity =
    Activity::new("credit.limit_set", "a customer's credit limit was set or lifted");
pub const STATE_SET: Activity =
    Activity::new("credit.state_set", "a customer's credit was blocked, watched or cleared");

pub static FACTS: &[Activity] = &[TERMS_SET, PRICE_AGREED, LIMIT_SET, STATE_SET];
