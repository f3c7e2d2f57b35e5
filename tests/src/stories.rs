//! Named business situations with their amounts, on SQLite and on PostgreSQL.
mod approvals;
mod cases;
mod changing;
mod days;
mod jobs;
mod returns;
mod waking;
mod whole_order;
