//! Who may do what, to which rows: tenants, companies, departments, users, roles, sign-ins.
//!
//! Holds: no default password; tokens, keys and passwords are kept as hashes only; a refused
//! password is counted and committed; a context comes from a token or a key or, for the simulator
//! and the command line, from a login; a key and a stand-in never have more than the person they
//! act for. Deliberately absent: approval limits (policy).
pub mod audit;
pub mod commands;
pub mod company;
mod company_rows;
pub mod delegation;
pub mod department;
pub mod duties;
pub mod duty;
pub mod entities;
pub mod facts;
pub mod key;
mod key_rows;
pub mod password;
pub mod questions;
mod rights;
pub mod role;
pub mod seen;
pub mod sign_in;
mod sign_in_rows;
pub mod tenant;
pub mod user;
pub mod user_rows;
pub mod view;
pub mod view_rows;

pub use questions::{
    By, Session, act_for, context, key_session, must_reach, scope_for, scope_on, session, user_ctx,
};
