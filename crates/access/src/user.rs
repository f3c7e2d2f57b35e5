//! The user: somebody who signs in. Pure; the password is kept apart.
use crate::department::Department;
use kernel::{Done, Error, Id, Instant, Result};

/// A user.
#[derive(Clone, Debug)]
pub struct User {
    pub id: Id<User>,
    pub version: i64,
    /// Lower case, as typed at the sign-in.
    pub login: String,
    pub name: String,
    pub department: Option<Id<Department>>,
    pub created_at: Instant,
    /// When the user was shut out; `None` while active.
    pub disabled_at: Option<Instant>,
}

/// What a new user needs. Without a role the user may sign in and sees nothing.
#[derive(Clone, Copy, Debug)]
pub struct NewUser<'a> {
    pub login: &'a str,
    pub name: &'a str,
    pub department: Option<Id<Department>>,
    /// Codes of roles.
    pub roles: &'a [&'a str],
}

/// The hash of a user's password, beside the user.
#[derive(Clone, Debug)]
pub(crate) struct Password {
    /// The user's id.
    pub(crate) id: Id<User>,
    pub(crate) hash: String,
    pub(crate) changed_at: Instant,
}

/// A login as it is kept and compared: trimmed, lower case.
///
/// Error: `user.login_invalid` unless 2 to 64 letters, digits, `.`, `_`, `-`, `@`.
pub fn login(text: &str) -> Result<String> {
    let login = text.trim().to_lowercase();
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '@');
    let length = login.chars().count();
    if !(2..=64).contains(&length) || !login.chars().all(fits) {
        return Err(Error::invalid("user.login_invalid", text).with("field", "login"));
    }
    Ok(login)
}

impl NewUser<'_> {
    /// Errors: `user.login_invalid`, `user.no_name`.
    pub fn user(&self, id: Id<User>, now: Instant) -> Result<User> {
        if self.name.trim().is_empty() {
            return Err(Error::invalid("user.no_name", self.login).with("field", "name"));
        }
        Ok(User {
            id,
            version: 1,
            login: login(self.login)?,
            name: self.name.trim().to_owned(),
            department: self.department,
            created_at: now,
            disabled_at: None,
        })
    }
}

impl User {
    #[must_use]
    pub const fn is_active(&self) -> bool {
        self.disabled_at.is_none()
    }

    /// Shuts the user out. Error: `user.own_account`: nobody shuts themselves out.
    pub fn disable(&mut self, by: i64, now: Instant) -> Result<Done<()>> {
        if self.id.raw() == by {
            return Err(Error::conflict("user.own_account", &self.login));
        }
        if self.disabled_at.is_some() {
            return Ok(Done::Already);
        }
        self.disabled_at = Some(now);
        Ok(Done::Now(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_kept_in_lower_case_and_strange_ones_are_refused() {
        assert_eq!(login(" Li.Lei@hl "), Ok("li.lei@hl".to_owned()));
        assert_eq!(login("李雷"), Ok("李雷".to_owned()));
        for text in ["", "a", "a b", "a'--", &"x".repeat(65)] {
            assert_eq!(login(text).map_err(|e| e.code), Err("user.login_invalid"), "{text}");
        }
    }

    #[test]
    fn nobody_shuts_themselves_out_and_twice_changes_nothing() -> Result<()> {
        let new = NewUser { login: "li.lei", name: "李雷", department: None, roles: &[] };
        let mut user = new.user(Id::from_raw(7), Instant(1))?;
        assert_eq!(user.disable(7, Instant(2)).map_err(|e| e.code), Err("user.own_account"));
        assert_eq!(user.disable(8, Instant(2)), Ok(Done::Now(())));
        assert_eq!(user.disable(8, Instant(3)), Ok(Done::Already));
        assert_eq!(user.disabled_at, Some(Instant(2)));
        Ok(())
    }
}
