//! Customer relations: leads and opportunities, up to what becomes a quotation.
//!
//! Deliberately absent: quotations and orders (sales). Converting a lead and winning an
//! opportunity touch other rooms, so these verbs are in `flows::lead_to_order`.
pub mod commands;
mod crm_rows;
pub mod entities;
pub mod facts;
mod lead;
mod opportunity;
pub mod pool;

pub use lead::{LEAD_LIFECYCLE, Lead, LeadState};
pub use opportunity::{
    OPPORTUNITY_LIFECYCLE, Opportunity, OpportunityState, REOPEN_DAYS, STAGES, Stage,
};
