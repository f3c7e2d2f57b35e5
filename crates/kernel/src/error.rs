//! The five ways to fail that a caller can act on, each with a stable code.
use std::fmt;

/// What a caller can do about it; HTTP maps each to one status.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// 404: it does not exist, or it is not in your scope (the two look the same).
    NotFound,
    /// 422: the input breaks a rule; correct it and send again.
    Invalid,
    /// 409: the state of things does not allow it now.
    Conflict,
    /// 403: you may not.
    Forbidden,
    /// 500: our fault; nothing was saved.
    Bug,
}

/// An error: kind, stable code (also the translation key), and values for the message.
#[derive(Clone, PartialEq, Eq)]
pub struct Error {
    pub kind: Kind,
    pub code: &'static str,
    /// What it is about, as entered or as named; shown as `{$detail}`.
    pub detail: String,
    pub fields: Vec<(&'static str, String)>,
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    fn of(kind: Kind, code: &'static str, detail: String) -> Self {
        Self { kind, code, detail, fields: Vec::new() }
    }
    pub fn not_found(code: &'static str, detail: impl fmt::Display) -> Self {
        Self::of(Kind::NotFound, code, detail.to_string())
    }
    pub fn invalid(code: &'static str, detail: impl fmt::Display) -> Self {
        Self::of(Kind::Invalid, code, detail.to_string())
    }
    pub fn conflict(code: &'static str, detail: impl fmt::Display) -> Self {
        Self::of(Kind::Conflict, code, detail.to_string())
    }
    pub fn forbidden(code: &'static str, detail: impl fmt::Display) -> Self {
        Self::of(Kind::Forbidden, code, detail.to_string())
    }
    pub fn bug(code: &'static str, detail: impl fmt::Display) -> Self {
        Self::of(Kind::Bug, code, detail.to_string())
    }
    /// Adds a value that the message names.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.fields.push((name, value.to_string()));
        self
    }
}
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.detail)?;
        self.fields.iter().try_for_each(|(name, value)| write!(f, " {name}={value}"))
    }
}
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {self}", self.kind)
    }
}
impl std::error::Error for Error {}
