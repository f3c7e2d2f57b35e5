//! The API behind the real router, on a small house of their own.
#![expect(clippy::unwrap_used, reason = "a set-up that fails is a test that fails")]
mod api;
mod customs;
mod declared;
mod exports;
mod files;
mod house;
mod lists;
mod live;
mod mail;
mod measure;
mod start;
