//! What this room reports (names of `kpi.yaml`'s vocabulary).
use kernel::Activity;

pub const LEAD_CREATED: Activity = Activity::new("lead.created", "a lead came in");
pub const LEAD_ASSIGNED: Activity = Activity::new("lead.assigned", "a lead was given to a user");
pub const LEAD_POOLED: Activity = Activity::new("lead.pooled", "a lead went into the pool");
pub const LEAD_CONTACTED: Activity =
    Activity::new("lead.contacted", "its owner took a lead on and made the first contact");
pub const LEAD_QUALIFIED: Activity = Activity::new("lead.qualified", "a lead passed the checklist");
pub const LEAD_CONVERTED: Activity =
    Activity::new("lead.converted", "a lead became an opportunity of a customer");
pub const LEAD_RETURNED: Activity =
    Activity::new("lead.returned", "sales handed a lead back to marketing, with a reason");
pub const LEAD_DISQUALIFIED: Activity =
    Activity::new("lead.disqualified", "a lead was given up, with a reason");
pub const OPP_CREATED: Activity = Activity::new("opp.created", "an opportunity was opened");
pub const OPP_STAGE_CHANGED: Activity =
    Activity::new("opp.stage_changed", "an opportunity moved to another stage");
pub const OPP_WON: Activity = Activity::new("opp.won", "an opportunity was won");
pub const OPP_LOST: Activity = Activity::new("opp.lost", "an opportunity was lost, with a reason");
pub const OPP_PAUSED: Activity =
    Activity::new("opp.paused", "an opportunity was laid aside for a while, with a reason");
pub const OPP_RESUMED: Activity = Activity::new("opp.resumed", "an opportunity was taken up again");
pub const OPP_CANCELLED: Activity =
    Activity::new("opp.cancelled", "an opportunity that was none was taken out, with a reason");
pub const OPP_REOPENED: Activity =
    Activity::new("opp.reopened", "a decided opportunity was opened again, with a reason");

pub static FACTS: &[Activity] = &[
    LEAD_CREATED,
    LEAD_ASSIGNED,
    LEAD_POOLED,
    LEAD_CONTACTED,
    LEAD_QUALIFIED,
    LEAD_CONVERTED,
    LEAD_RETURNED,
    LEAD_DISQUALIFIED,
    OPP_CREATED,
    OPP_STAGE_CHANGED,
    OPP_WON,
    OPP_LOST,
    OPP_PAUSED,
    OPP_RESUMED,
    OPP_CANCELLED,
    OPP_REOPENED,
];
