//! History from elsewhere: the one door through which another system's past comes in.
//!
//! Documents are put in their final state and marked `history`; their numbers are the source's;
//! what only an open document needs is waived. No stock moves and nothing is posted, except what
//! our books begin with: receivables and payables still open at cut-over, stock, and balances of
//! accounts. Facts carry `source = import`, the batch and the moment at which it happened. Rows
//! come in typed and checked: reading files is `intake`'s.
mod batch;
mod batch_rows;
mod commands;
mod cutover;
mod door;
pub mod entities;
pub mod facts;
mod given;
mod leads;
mod learnt;
mod masters;
mod opening;
mod orders;
mod payments;
mod people;
mod pipeline;
mod questions;
mod receivables;
mod sums;
mod undo;
mod undo_stock;

pub use batch::{BATCH_LIFECYCLE, BatchState, ExternalRef, ImportBatch, ImportProgress, NewBatch};
pub use commands::{apply_chunk, find_batch, finish, start};
pub use entities::ENTITIES;
pub use facts::FACTS;
pub use given::{
    Contact, GivenAgent, GivenBalances, GivenContact, GivenInvoice, GivenInvoiceLine, GivenLead,
    GivenLine, GivenOffice, GivenOpportunity, GivenOrder, GivenParty, GivenPayable, GivenPayment,
    GivenProduct, GivenReview, GivenStock, GivenStockLine, GivenWarehouse, LeadEnd, Link, Moment,
    OrderEnd, Origin, Outcome, Place, Row, Settlement, Trade,
};
pub use learnt::{LearntMapping, NewLearnt, all_learnt, learn, learnt};
pub use opening::{OpeningPayable, OrderReview};
pub use questions::{Books, Known, KnownRef, known, progress, unfinished};
pub use sums::{StoredSum, scale_of, stored_sums};
pub use undo::{Removed, begin_undo, finish_undo, remove_some};
