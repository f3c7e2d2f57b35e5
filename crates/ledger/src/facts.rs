//! What this room reports.
use kernel::Activity;

pub const CHART_OPENED: Activity =
    Activity::new("chart.opened", "a company's chart of accounts was opened");
pub const ENTRY_POSTED: Activity = Activity::new("entry.posted", "an entry was posted");
pub const PERIOD_OPENED: Activity = Activity::new("period.opened", "a period was opened");
pub const PERIOD_REVALUED: Activity = Activity::new(
    "period.revalued",
    "foreign currency was valued anew at the rate of a period's last day",
);
pub const PERIOD_CLOSED: Activity = Activity::new("period.closed", "a period was closed");
pub const PERIOD_REOPENED: Activity =
    Activity::new("period.reopened", "a closed period was opened again, with a reason");
pub const VOUCHER_MADE: Activity =
    Activity::new("voucher.generated", "a numbered voucher was made of entries");
pub const VOUCHER_REVIEWED: Activity =
    Activity::new("voucher.reviewed", "somebody other than its maker reviewed a voucher");

pub static FACTS: &[Activity] = &[
    CHART_OPENED,
    ENTRY_POSTED,
    PERIOD_OPENED,
    PERIOD_REVALUED,
    PERIOD_CLOSED,
    PERIOD_REOPENED,
    VOUCHER_MADE,
    VOUCHER_REVIEWED,
];
