//! The API behind the real router, on a small house of their own.
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
