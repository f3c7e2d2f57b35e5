//! History from elsewhere: the one door through which another system's past comes in.
//!
//! Documents are put in their final state and marked `history`; their numbers are the source's;
//! what only an open document needs is waived. No stock moves and nothing is posted, except one
//! opening entry of the receivables still open at cut-over. Facts carry `source = import`, the
//! batch and the day it happened on. Rows come in typed and checked: reading files is `intake`'s.
mod batch;
mod batch_rows;
mod commands;
mod cutover;
mod door;
pub mod entities;
pub mod facts;
mod given;
mod masters;
mod orders;
mod people;
mod pipeline;
mod questions;
mod receivables;
mod undo;

pub use batch::{BATCH_LIFECYCLE, BatchState, ExternalRef, ImportBatch, ImportProgress, NewBatch};
pub use commands::{apply_chunk, find_batch, finish, start};
pub use entities::ENTITIES;
pub use facts::FACTS;
pub use given::{
    Contact, GivenAgent, GivenInvoice, GivenLine, GivenOffice, GivenOpportunity, GivenOrder,
    GivenParty, GivenProduct, Link, Moment, Origin, Outcome, Place, Row, Trade,
};
pub use questions::{Known, KnownRef, StoredSum, known, scale_of, stored_sums, unfinished};
pub use undo::{Removed, begin_undo, finish_undo, remove_some};
