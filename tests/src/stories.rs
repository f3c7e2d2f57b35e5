//! Named business situations with their amounts, on SQLite and on PostgreSQL.
mod cases;
mod days;
mod jobs;
mod returns;
mod waking;
mod whole_order;
