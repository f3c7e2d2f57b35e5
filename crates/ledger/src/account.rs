//! Accounts of a company, and the roles by which rooms name them. Pure.
use kernel::{Error, Id, Result};
use std::collections::BTreeMap;

#[derive(Clone, Debug)]
pub struct Account {
    pub id: Id<Account>,
    pub version: i64,
    pub company: i64,
    pub code: String,
    pub name: String,
    pub name_en: String,
    pub side: String,
    pub class: String,
    pub leaf: bool,
    /// Required 辅助核算, comma-separated.
    pub dims: String,
    pub active: bool,
}

#[derive(Clone, Debug)]
pub struct AccountRole {
    pub id: Id<AccountRole>,
    pub company: i64,
    pub role: String,
    pub account: Id<Account>,
}

/// Role → account of one company.
#[derive(Clone, Debug, Default)]
pub struct Chart {
    pub roles: BTreeMap<String, Id<Account>>,
}

impl Chart {
    /// Error: `ledger.no_role` when the company's chart maps no account to the role.
    pub fn account(&self, role: &str) -> Result<Id<Account>> {
        let found = self.roles.get(role).copied();
        found.ok_or_else(|| Error::invalid("ledger.no_role", role))
    }
}
