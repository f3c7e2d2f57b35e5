//! The real program, as processes of its own.
#![expect(clippy::unwrap_used, reason = "a set-up that fails is a test that fails")]
mod keeping;
mod pair;
mod tenants;
