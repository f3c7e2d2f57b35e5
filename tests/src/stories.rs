//! Named business situations with their amounts, on SQLite and on PostgreSQL.
mod cases;
mod whole_order;
