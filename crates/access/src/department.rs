//! Tenants and departments: who shares masters, and who works together. Pure.
use crate::company::Company;
use kernel::{Error, Id, Instant, Result};

/// A group of companies that share masters; nothing crosses its border.
#[derive(Clone, Debug)]
pub struct Tenant {
    pub id: Id<Tenant>,
    pub version: i64,
    pub name: String,
    pub created_at: Instant,
}

/// Part of a company; one of the things a scope is made of.
#[derive(Clone, Debug)]
pub struct Department {
    pub id: Id<Department>,
    pub version: i64,
    pub company_id: Id<Company>,
    pub code: String,
    pub name: String,
    /// The department above; its people see this one's rows too.
    pub parent: Option<Id<Department>>,
}

/// What a new department needs.
#[derive(Clone, Copy, Debug)]
pub struct NewDepartment<'a> {
    pub company: Id<Company>,
    pub code: &'a str,
    pub name: &'a str,
    pub parent: Option<Id<Department>>,
}

impl NewDepartment<'_> {
    /// Error: `department.no_name`.
    pub fn check(&self) -> Result<()> {
        if self.code.trim().is_empty() || self.name.trim().is_empty() {
            return Err(Error::invalid("department.no_name", self.code).with("field", "name"));
        }
        Ok(())
    }
}
