//! The seeded company simulator: makes the demo company and drives the tests.
pub mod names;
