//! The seeded company simulator: makes the demo company and drives the tests.
//!
//! Everything happens by the commands of a user, as a named user, in simulated time that reaches
//! the code only through `Ctx`. Deliberately absent: a clock, an environment, anybody else's dice.
pub mod arrival;
pub mod demo;
pub mod dice;
pub mod names;
pub mod random;
