//! Declarations of entities and fields, and what follows from them: checks, OpenAPI, table, words.
//!
//! A declaration is inert data: no closures, no expressions in strings.
pub mod check;
pub mod cond;
mod entity;
pub mod openapi;
pub mod periods;
pub mod sound;
pub mod tokens;
pub mod words;

pub use entity::{
    Entity, Field, FieldKind, Grade, Look, Seek, SetBy, any, day, flag, instant, int, json, money,
    one_of, price, qty, rate, refers, text,
};
