//! Parties: companies and people we deal with, their addresses, contacts and invoice headings.
//!
//! Customer and supplier are roles of a party, not tables. Deliberately absent: credit (terms),
//! what they bought (sales), what they owe (finance).
pub mod commands;
pub mod entities;
pub mod facts;
pub mod party;
mod party_rows;
pub mod tax_id;

pub use party::{Address, Contact, Heading, Party};
