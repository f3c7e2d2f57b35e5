//! Tenants: groups of companies that share masters and nothing else. Pure; see docs/tenants.md.
use kernel::{Error, Id, Instant, Result};

/// A group of companies that share masters; nothing crosses its border.
#[derive(Clone, Debug)]
pub struct Tenant {
    pub id: Id<Tenant>,
    pub version: i64,
    /// Names it on the command line and at sign-in, one of an installation; it never changes.
    pub code: String,
    pub name: String,
    /// Host names that lead to it and to no other, one a line.
    pub hosts: String,
    pub created_at: Instant,
    pub closed_at: Option<Instant>,
}

/// The code of the tenant that an installation begins with.
pub const FIRST: &str = "main";
/// Characters of a code, of a name, and of all host names with what parts them.
const CODE: usize = 32;
const NAME: usize = 200;
const HOSTS: usize = 500;

/// What a new tenant is called, and where it is found.
#[derive(Clone, Debug)]
pub struct NewTenant {
    pub code: String,
    pub name: String,
    pub hosts: Vec<String>,
}

impl NewTenant {
    /// Errors: `tenant.code_invalid`, those of [`name`] and [`hosts`].
    pub fn tenant(&self, id: Id<Tenant>, now: Instant) -> Result<Tenant> {
        check_code(&self.code)?;
        Ok(Tenant {
            id,
            version: 1,
            code: self.code.clone(),
            name: name(&self.name)?,
            hosts: hosts(&self.hosts)?,
            created_at: now,
            closed_at: None,
        })
    }
}

/// Lower-case letters, digits and `-`, a letter first: it is also a folder's name.
///
/// Error: `tenant.code_invalid`.
pub fn check_code(code: &str) -> Result<()> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let begins = code.chars().next().is_some_and(|c| c.is_ascii_lowercase());
    if begins && code.len() <= CODE && code.chars().all(plain) {
        return Ok(());
    }
    Err(Error::invalid("tenant.code_invalid", code).with("limit", CODE))
}

/// A name as it is kept. Error: `tenant.no_name`.
pub fn name(given: &str) -> Result<String> {
    let name = given.trim();
    if name.is_empty() || name.chars().count() > NAME {
        return Err(Error::invalid("tenant.no_name", name).with("limit", NAME));
    }
    Ok(name.to_owned())
}

/// Host names as they are kept. Error: `tenant.host_invalid`.
pub fn hosts(given: &[String]) -> Result<String> {
    let mut all: Vec<String> = given.iter().map(|h| h.trim().to_lowercase()).collect();
    all.sort_unstable();
    all.dedup();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
    let is_host = |h: &str| !h.is_empty() && h.len() <= 253 && h.chars().all(plain);
    if let Some(wrong) = all.iter().find(|h| !is_host(h)) {
        return Err(Error::invalid("tenant.host_invalid", wrong));
    }
    let text = all.join("\n");
    if text.len() > HOSTS {
        return Err(Error::invalid("tenant.host_invalid", all.len()).with("limit", HOSTS));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_a_folders_name_and_a_host_is_one_host() {
        for good in ["a", "acme", "acme-2", "x9"] {
            assert!(check_code(good).is_ok(), "{good}");
        }
        for bad in ["", "2acme", "Acme", "a/b", "..", "a b", "-a", &"a".repeat(33)] {
            assert_eq!(check_code(bad).unwrap_err().code, "tenant.code_invalid", "{bad}");
        }
        let hosts_of =
            |all: &[&str]| hosts(&all.iter().map(|h| (*h).to_owned()).collect::<Vec<_>>());
        assert_eq!(
            hosts_of(&["B.example.com ", "a.example.com"]).unwrap(),
            "a.example.com\nb.example.com"
        );
        for bad in ["", "a:80", "http://a", "a/b", "a\nb"] {
            assert_eq!(hosts_of(&[bad]).unwrap_err().code, "tenant.host_invalid", "{bad}");
        }
    }
}
