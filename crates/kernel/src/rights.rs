//! What the grants of a user are bounded by: reach by entity, sight of fields, a key's own limits.
use crate::ScopeKind;

/// How much of a value somebody sees.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Sight {
    Hidden,
    /// Enough to tell it from another: `138****1234`.
    Masked,
    Whole,
}

/// What makes a value sensitive; seeing it whole needs a permission of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Secrecy {
    /// How to reach a person.
    Contact,
    Bank,
    /// What goods cost us, and so what we earn.
    Cost,
    Credit,
}

impl Secrecy {
    pub const ALL: &[Self] = &[Self::Contact, Self::Bank, Self::Cost, Self::Credit];

    #[must_use]
    pub const fn permission(self) -> &'static str {
        match self {
            Self::Contact => "access.contact.read",
            Self::Bank => "access.bank.read",
            Self::Cost => "access.cost.read",
            Self::Credit => "access.credit.read",
        }
    }

    /// What is left to see without the permission.
    #[must_use]
    pub const fn otherwise(self) -> Sight {
        match self {
            Self::Contact | Self::Bank => Sight::Masked,
            Self::Cost | Self::Credit => Sight::Hidden,
        }
    }
}

/// How far a role reaches on one entity, whatever its grants say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EntityReach {
    pub role: i64,
    pub entity: String,
    pub reach: ScopeKind,
}

/// What a role sees of a field, and whether it may write it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldRule {
    pub role: i64,
    pub entity: String,
    pub field: String,
    pub sight: Sight,
    pub writes: bool,
}

/// Two things that one person may not both do on one document, by their activities.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Duty {
    pub code: String,
    /// The kind of document.
    pub entity: String,
    pub first: String,
    pub second: String,
}

/// What bounds the grants of a user. Empty bounds nothing.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Bounds {
    pub reaches: Vec<EntityReach>,
    pub fields: Vec<FieldRule>,
    pub duties: Vec<Duty>,
    /// Nothing beyond these patterns: of a key, or of a delegation.
    pub within: Option<Vec<String>>,
    /// The API key that acts, else 0.
    pub key: i64,
}
