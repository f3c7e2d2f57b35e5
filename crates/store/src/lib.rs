//! One thin layer over SQLite and PostgreSQL: transactions, records, facts, numbers, scopes.
//!
//! Blocking to its callers. Only this crate names a database driver. Deliberately absent: an ORM,
//! a query language of our own, business rules.
mod audit;
pub mod consumers;
pub mod custom;
mod driver;
mod engine;
mod entities;
pub mod facts;
mod fold;
pub mod folder;
mod growth;
pub mod idempotency;
mod job;
pub mod jobs;
pub mod keep;
mod known;
pub mod leases;
mod lite;
pub mod marks;
pub mod migrate;
pub mod moving;
pub mod numbers;
mod pg;
mod quarters;
mod record;
pub mod rows;
pub mod rows_bulk;
mod rows_either;
mod rows_few;
mod rows_filter;
mod rows_group;
mod rows_named;
mod rows_order;
mod rows_settle;
mod rows_sql;
mod rows_sum;
mod rows_where;
mod rows_write;
pub mod schema;
pub mod schema_step;
pub mod scope;
pub mod search;
mod search_find;
mod search_seen;
mod seen;
pub mod sight;
pub mod sound;
mod sql;
mod store_at;
pub mod tenants;
mod tx;
pub mod work;

pub use driver::Engine;
pub use entities::{ENTITIES, key};
pub use record::{
    Record, RegisteredRecord, Row, Statements, all_statements, find_statement, registered_records,
};
pub use sql::{IN_MAX, InSql, Registered, Sql, registered};
pub use store_at::{Described, Session, Store, Target};
pub use tx::{LoggedWrite, Told, Tx};

pub use {inventory, kernel, meta};
