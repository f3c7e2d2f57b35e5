//! Terms of trade: payment terms, price lists and agreements, the price engine, credit accounts.
//!
//! Deliberately absent: what is ordered (sales) and what is owed (finance); both hand in values.
pub mod commands;
mod credit;
pub mod credit_account;
mod credit_change;
pub mod entities;
pub mod facts;
mod payment_terms;
mod price;
pub mod pricing;
mod terms_rows;

pub use credit::{CREDIT_LIFECYCLE, CreditAccount, CreditDelta, CreditPart, CreditState};
pub use credit_change::{
    CREDIT_CHANGE_LIFECYCLE, CreditChange, CreditChangeKind, CreditChangeState, Trust,
};
pub use payment_terms::{Anchor, PaymentTerms};
pub use price::{PriceAgreement, PriceItem, PriceList, PriceStep, Priced, Wanted, price_line};
