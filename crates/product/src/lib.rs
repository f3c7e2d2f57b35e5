//! Products and services, their units and tax codes. Deliberately absent: prices agreed with
//! anyone (terms), quantities anywhere (stock).
pub mod commands;
pub mod entities;
pub mod facts;
mod product_doc;
mod product_rows;
pub mod vat;

pub use product_doc::{Product, ProductKind};
