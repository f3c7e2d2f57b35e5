//! Named business situations with their amounts, on SQLite and on PostgreSQL.
mod approvals;
mod cases;
mod change_orders;
mod changing;
mod days;
mod duties;
mod jobs;
mod keys;
mod notices;
mod proofs;
mod returns;
mod rights;
mod statements;
mod trail;
mod waking;
mod webhooks;
mod whole_order;
