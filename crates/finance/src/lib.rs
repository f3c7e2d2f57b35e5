//! Receivables: billable items, invoices, open items, payments, allocations, and what they post.
//!
//! An order line's accounts are a pure function of its counters ([`Position`]); an entry is the
//! difference of two positions. Deliberately absent: orders and shipments (values are handed in).
mod carried;
pub mod commands;
pub mod entities;
pub mod facts;
mod finance_rows;
mod invoice;
mod payment;
mod position;
mod rate;
mod refund;
mod statement;

pub use carried::{Carried, carry};
pub use invoice::{
    BillableItem, INVOICE_LIFECYCLE, Invoice, InvoiceLine, InvoiceState, ItemState, OpenItem,
};
pub use payment::{Allocation, PAYMENT_LIFECYCLE, Payment, PaymentState};
pub use position::{Position, Posting, difference};
pub use rate::{ExchangeRate, rate_on};
pub use refund::{REFUND_LIFECYCLE, Refund, RefundState};
pub use statement::{
    Dealt, LineKind, Noted, STATEMENT_LIFECYCLE, Statement, StatementLine, StatementState,
};
