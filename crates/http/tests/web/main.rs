//! The API behind the real router, on a small house of their own.
mod api;
mod files;
mod house;
mod live;
mod start;
