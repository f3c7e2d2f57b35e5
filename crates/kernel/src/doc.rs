//! Pointing at any document without knowing its room, and whether a command changed anything.
use crate::{Error, Result};

/// A document by kind (its declared entity name) and id.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct DocRef {
    pub kind: &'static str,
    pub id: i64,
}

/// Did the command change anything? Doing it twice is `Already`, not an error.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[must_use]
pub enum Done<T> {
    Now(T),
    Already,
}

impl<T> Done<T> {
    /// For callers to whom a repetition would be a mistake of theirs. Error: `bug.already_done`.
    pub fn now(self) -> Result<T> {
        match self {
            Self::Now(value) => Ok(value),
            Self::Already => Err(Error::bug("bug.already_done", "a step was taken twice")),
        }
    }

    /// For callers that have nothing to do on a repetition. Error: `bug.not_done`.
    pub fn already_or_bug(self) -> Result<()> {
        match self {
            Self::Already => Ok(()),
            Self::Now(_) => Err(Error::bug("bug.not_done", "a step was taken and not saved")),
        }
    }
}
