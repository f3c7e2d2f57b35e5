//! What this room reports.
use kernel::Activity;

pub const POLICY_SET: Activity = Activity::new("policy.set", "a new version of a policy was set");
pub const REQUESTED: Activity = Activity::new("approval.requested", "somebody asked for approval");
pub const GRANTED: Activity = Activity::new("approval.granted", "an approval was granted");
pub const REJECTED: Activity = Activity::new("approval.rejected", "an approval was refused");
pub const RETURNED: Activity =
    Activity::new("approval.returned", "a request went back to who asked, with a question");
pub const RESUBMITTED: Activity =
    Activity::new("approval.resubmitted", "a request was made again, with an answer");
pub const WITHDRAWN: Activity = Activity::new("approval.withdrawn", "a request was withdrawn");

pub const KPI_MISSED: Activity =
    Activity::new("kpi_target.missed", "a figure missed its target or left its natural limits");

pub const SCORECARD_SENT: Activity =
    Activity::new("scorecard.sent", "a board of figures went to its reader, as agreed");

pub static FACTS: &[Activity] = &[
    POLICY_SET,
    REQUESTED,
    GRANTED,
    REJECTED,
    RETURNED,
    RESUBMITTED,
    WITHDRAWN,
    KPI_MISSED,
    SCORECARD_SENT,
];
