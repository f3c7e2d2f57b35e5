//! Roles and the grants they carry; the roles that a new tenant starts with, as data.
use crate::user::User;
use kernel::{Error, Id, Result, ScopeKind, Sight, names};

/// A named set of permissions, given to users.
#[derive(Clone, Debug)]
pub struct Role {
    pub id: Id<Role>,
    pub version: i64,
    pub code: String,
    pub name: String,
}

names! {
    /// How far a grant reaches, as stored.
    pub enum Reach {
        Own = "own",
        Department = "department",
        All = "all",
    }
}

names! {
    /// How much of a field a role sees, as stored.
    pub enum Shown {
        Hidden = "hidden",
        Masked = "masked",
        Whole = "whole",
    }
}

impl Shown {
    #[must_use]
    pub const fn sight(self) -> Sight {
        match self {
            Self::Hidden => Sight::Hidden,
            Self::Masked => Sight::Masked,
            Self::Whole => Sight::Whole,
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct RoleReach {
    pub(crate) id: Id<RoleReach>,
    pub(crate) role: Id<Role>,
    pub(crate) entity: String,
    pub(crate) reach: Reach,
}

/// What a role sees of a field.
#[derive(Clone, Debug)]
pub struct RoleField {
    pub id: Id<RoleField>,
    pub role: Id<Role>,
    pub entity: String,
    pub field: String,
    pub sight: Shown,
    pub writes: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct RoleGrant {
    pub(crate) id: Id<RoleGrant>,
    pub(crate) role: Id<Role>,
    pub(crate) permission: String,
    pub(crate) reach: Reach,
}

#[derive(Clone, Debug)]
pub(crate) struct UserRole {
    pub(crate) id: Id<UserRole>,
    pub(crate) user_id: Id<User>,
    pub(crate) role: Id<Role>,
}

impl Reach {
    #[must_use]
    pub const fn kind(self) -> ScopeKind {
        match self {
            Self::Own => ScopeKind::Own,
            Self::Department => ScopeKind::Department,
            Self::All => ScopeKind::All,
        }
    }
}

/// A pattern may name a permission, a room or entity with `*` behind, or a verb with `*` before.
///
/// Error: `grant.invalid`.
pub fn check_pattern(pattern: &str) -> Result<()> {
    let fits = |c: char| c.is_ascii_lowercase() || c == '_' || c == '*';
    let parts_fit = pattern.split('.').all(|p| !p.is_empty() && p.chars().all(fits));
    if !parts_fit || pattern.len() > 80 || pattern.matches('*').count() > 1 {
        return Err(Error::invalid("grant.invalid", pattern).with("field", "permission"));
    }
    Ok(())
}

/// A role that a new tenant starts with; data that it may change.
pub struct Usual {
    pub code: &'static str,
    pub own: &'static [&'static str],
    pub all: &'static [&'static str],
}

/// What everyone may see: whom they work with and for, and what is sold.
pub const EVERYONE: &[&str] = &[
    "access.company.read",
    "access.department.read",
    "access.user.read",
    "access.delegation.create",
    "access.delegation.revoke",
    "connect.task.create",
    "connect.task.move",
    "party.*.read",
    "product.*.read",
];

/// What everyone does for themselves: tasks are of whom they are for.
pub const EVERYONE_OWN: &[&str] = &["connect.task.read"];

/// Few, by the work people do; a person may have several. Nobody but `admin` both makes money
/// move and grants the right to.
pub static USUAL: &[Usual] = &[
    Usual { code: "admin", own: &[], all: &["*"] },
    Usual {
        code: "sales",
        own: &[
            "crm.*",
            "sales.order.create",
            "sales.order.submit",
            "sales.order.change",
            "sales.order.cancel",
            "sales.change_order.create",
            "sales.change_order.move",
            "sales.return.create",
            "sales.quote.create",
            "sales.quote.move",
            "sales.*.read",
            "policy.approval.ask",
            "policy.approval.read",
            "finance.*.read",
        ],
        all: &[
            "crm.lead.pick",
            "finance.exchange_rate.read",
            "party.*",
            "terms.*.read",
            "stock.*.read",
            "access.contact.read",
            "access.bank.read",
            "access.credit.read",
        ],
    },
    Usual {
        code: "order_desk",
        own: &[],
        all: &[
            "sales.order.create",
            "sales.order.submit",
            "sales.order.confirm",
            "sales.order.change",
            "sales.order.cancel",
            "sales.order.cancel_remainder",
            "sales.order.promise",
            "sales.order.perform",
            "sales.order.close",
            "sales.order.reopen",
            "sales.order.release",
            "sales.change_order.create",
            "sales.change_order.move",
            "sales.return.*",
            "policy.hold.release",
            "policy.approval.ask",
            "sales.quote.create",
            "sales.quote.move",
            "sales.*.read",
            "crm.lead.create",
            "crm.lead.assign",
            "crm.*.read",
            "party.*",
            "terms.*.read",
            "stock.*.read",
            "finance.*.read",
            "policy.*.read",
            "access.contact.read",
            "access.bank.read",
            "access.credit.read",
        ],
    },
    Usual { code: "warehouse", own: &[], all: &["stock.*", "sales.*.read"] },
    Usual {
        code: "finance",
        own: &[],
        all: &[
            "finance.*",
            "ledger.*",
            "sales.*.read",
            "stock.*.read",
            "terms.*.read",
            "policy.*.read",
            "access.contact.read",
            "access.bank.read",
            "access.cost.read",
            "access.credit.read",
        ],
    },
    Usual {
        code: "credit",
        own: &[],
        all: &[
            "policy.hold.*",
            "policy.approval.decide",
            "terms.credit.release",
            "terms.credit.set_limit",
            "terms.credit.set_state",
            "terms.credit.ask",
            "terms.*.read",
            "sales.*.read",
            "policy.*.read",
            "finance.*.read",
            "access.contact.read",
            "access.credit.read",
        ],
    },
    Usual {
        code: "billing",
        own: &[],
        all: &[
            "finance.billable*",
            "finance.invoice*",
            "finance.refund.create",
            "finance.return*",
            "finance.revenue*",
            "finance.statement*",
            "finance.*.read",
            "sales.*.read",
            "stock.*.read",
            "terms.*.read",
            "access.contact.read",
            "access.bank.read",
            "access.credit.read",
        ],
    },
    Usual {
        code: "cashier",
        own: &[],
        all: &[
            "finance.payment*",
            "finance.allocation*",
            "finance.refund.create",
            "finance.refund.pay",
            "finance.*.read",
            "sales.*.read",
            "access.contact.read",
            "access.bank.read",
            "access.credit.read",
        ],
    },
    Usual {
        code: "buyer",
        own: &[],
        all: &[
            "purchase.*",
            "product.*",
            "party.*",
            "stock.*.read",
            "sales.*.read",
            "access.contact.read",
            "access.bank.read",
            "access.cost.read",
        ],
    },
    Usual {
        code: "approver",
        own: &[],
        all: &[
            "policy.*",
            "sales.order.approve",
            "sales.change_order.approve",
            "sales.quote.approve",
            "finance.refund.approve",
            "terms.credit.approve",
            "sales.*.read",
            "crm.*.read",
            "terms.*.read",
            "finance.*.read",
            "access.contact.read",
            "access.cost.read",
            "access.credit.read",
        ],
    },
    Usual { code: "auditor", own: &[], all: &["*.read"] },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_names_a_permission_or_one_star_and_nothing_else() {
        for good in ["*", "sales.*", "*.read", "sales.order.confirm", "terms.credit*"] {
            assert_eq!(check_pattern(good), Ok(()), "{good}");
        }
        for bad in ["", "sales..read", "*.*", "sales order", "Sales.*", "sales.order'"] {
            assert_eq!(check_pattern(bad).map_err(|e| e.code), Err("grant.invalid"), "{bad}");
        }
    }

    #[test]
    fn every_usual_grant_is_a_pattern() {
        for usual in USUAL {
            for pattern in usual.own.iter().chain(usual.all).chain(EVERYONE) {
                assert_eq!(check_pattern(pattern), Ok(()), "{}", usual.code);
            }
        }
    }
}
