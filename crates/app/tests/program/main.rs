//! The real program, as processes of its own.
mod keeping;
mod pair;
mod tenants;
