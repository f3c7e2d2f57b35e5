//! Named business situations with their amounts, on SQLite and on PostgreSQL.
mod approvals;
mod cases;
mod changing;
mod days;
mod jobs;
mod notices;
mod returns;
mod statements;
mod trail;
mod waking;
mod webhooks;
mod whole_order;
