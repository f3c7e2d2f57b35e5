//! What the door of history reports about itself; the documents' facts are the rooms' own.
use kernel::Activity;

pub const VALIDATED: Activity =
    Activity::new("import.validated", "every row of an import's files was checked");
pub const STARTED: Activity =
    Activity::new("import.started", "an import began to write its rows, or went on after a stop");
pub const APPLIED: Activity =
    Activity::new("import.applied", "an import wrote its last row and was reconciled");
pub const UNDO_STARTED: Activity =
    Activity::new("import.undo_started", "the rows of an import began to be removed");
pub const ROWS_REMOVED: Activity =
    Activity::new("import.rows_removed", "some rows of an import were removed");
pub const UNDONE: Activity =
    Activity::new("import.undone", "an import was undone; readers leave its facts out");

pub const ORDER_REVIEWED: Activity =
    Activity::new("order.reviewed", "a customer said how content they were with an order");
pub const PAYABLE_OPENED: Activity =
    Activity::new("payable.opened", "a supplier's unpaid bill came in with the opening balances");

pub const MAPPING_LEARNT: Activity =
    Activity::new("import.mapping_learnt", "a way to read files of one's own was learnt");

pub static FACTS: &[Activity] = &[
    VALIDATED,
    STARTED,
    APPLIED,
    UNDO_STARTED,
    ROWS_REMOVED,
    UNDONE,
    ORDER_REVIEWED,
    PAYABLE_OPENED,
    MAPPING_LEARNT,
];
