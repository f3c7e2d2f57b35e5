//! The only place that sees several rooms: journeys, history from elsewhere, and reads over rooms.
//!
//! Any verb after which other rooms follow is public here and nowhere else.
pub mod billable;
pub mod check;
pub mod figures;
pub mod history;
pub mod house;
pub mod jobs;
pub mod journal;
pub mod lead_to_order;
pub mod notices;
pub mod order_to_cash;
pub mod outlook;
pub mod questions;
mod readers;
mod rules;
pub mod setup;
mod story;
pub mod talk;
pub mod trail;
mod verb;
pub mod verbs;

pub use crm::pool;
pub use house::{activities, entities, lifecycles};
pub use policy::{scorecards, targets};
pub use rules::rules;
pub use story::story;
pub use verb::{BY_ANOTHER, Verb, run_as};
pub use verbs::verbs;
