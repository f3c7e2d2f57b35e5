//! Who may do what, to which rows: tenants, companies, departments, users, roles, sign-ins.
//!
//! Holds: no default password; tokens and passwords are kept as hashes only; a refused password
//! is counted and committed; a context comes from a token or, for the simulator and the command
//! line, from a login. Deliberately absent: delegation (代理) and approval limits (policy).
pub mod commands;
pub mod company;
mod company_rows;
pub mod department;
pub mod entities;
pub mod facts;
pub mod password;
pub mod questions;
pub mod role;
pub mod sign_in;
mod sign_in_rows;
pub mod user;
pub mod user_rows;
pub mod view;
pub mod view_rows;

pub use questions::{Session, context, scope_for, session, user_ctx};
