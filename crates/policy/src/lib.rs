//! Policies as versioned data, the decisions they made, holds, and approvals.
//!
//! Deliberately absent: what a hold blocks (each room reads that), a rule language of our own
//! (conditions are `meta`'s typed tree).
mod approval;
pub mod commands;
pub mod entities;
pub mod facts;
mod hold;
mod policy_doc;
mod policy_rows;
pub mod questions;
pub mod scorecards;
pub mod targets;

pub use approval::{APPROVAL_LIFECYCLE, About, Again, Answer, Approval, ApprovalState};
pub use hold::{Grounds, Hold, HoldKind, ReleaseKind, Stage, approver, blocks};
pub use policy_doc::{Decision, PolicyVersion};
