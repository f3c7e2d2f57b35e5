//! The outside, and what hangs on rows of any kind: webhooks, notices and mail, files, comments,
//! tasks. Works from sealed facts and ready-made payloads.
//!
//! Holds: nothing reaches outside inside a transaction; every effect may be done twice and says by
//! its id that it is the same; requests go to public addresses only, unless the configuration
//! allows others. Deliberately absent: whom a fact concerns (`flows` knows), clock, environment.
pub mod bucket;
pub mod comment;
pub mod courier;
pub mod egress;
mod entities;
pub mod facts;
pub mod files;
pub mod mail;
pub mod notice;
pub mod sign;
pub mod task;
mod webhook;
pub mod webhooks;

pub use entities::ENTITIES;
pub use webhook::{WEBHOOK_LIFECYCLE, Webhook, WebhookState, wants};
