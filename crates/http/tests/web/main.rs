//! The API and the first pages behind the real router, on a small house of their own.
mod api;
mod house;
mod pages;
