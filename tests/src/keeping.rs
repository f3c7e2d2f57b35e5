//! What is kept: copies under load put back, rows moved between engines, older schemas brought up
//! to date, and a chain of facts in which no change goes unseen.
mod audits;
mod copies;
mod journals;
mod moves;
mod upgrades;
