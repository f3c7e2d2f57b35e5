//! What this room reports.
use kernel::Activity;

pub const TERMS_SET: Activity = Activity::new("terms.set", "payment terms or a price list was set");
pub const PRICE_AGREED: Activity =
    Activity::new("price.agreed", "a price was agreed with a customer");
pub const LIMIT_SET: Activity =
    Activity::new("credit.limit_set", "a customer's credit limit was set or lifted");
pub const STATE_SET: Activity =
    Activity::new("credit.state_set", "a customer's credit was blocked, watched or cleared");
pub const CHANGE_ASKED: Activity = Activity::new(
    "credit.change_asked",
    "somebody asked to trust a customer more: a higher limit or a lighter state",
);
pub const CHANGE_APPROVED: Activity =
    Activity::new("credit.change_approved", "somebody else let a customer be trusted more");
pub const CHANGE_REJECTED: Activity =
    Activity::new("credit.change_rejected", "a customer is not trusted more, with the reason");
pub const CHANGE_WITHDRAWN: Activity =
    Activity::new("credit.change_withdrawn", "a wish to trust a customer more was taken back");

pub static FACTS: &[Activity] = &[
    TERMS_SET,
    PRICE_AGREED,
    LIMIT_SET,
    STATE_SET,
    CHANGE_ASKED,
    CHANGE_APPROVED,
    CHANGE_REJECTED,
    CHANGE_WITHDRAWN,
];
