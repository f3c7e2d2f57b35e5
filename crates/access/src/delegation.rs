//! 代理: one person's work done by another for a time, within patterns of permissions. Pure.
//!
//! Whoever acts in another's place says so with each request, has that person's rights within the
//! patterns and none of their own, and is told beside them in every fact. Nothing is passed on:
//! only the person's own roles count, so that no chain and no circle can arise.
use crate::key::Patterns;
use crate::user::User;
use kernel::{Error, Id, Instant, Result, covers};

/// Days that a delegation lasts at most, characters of its reason.
const LONGEST: i64 = 366 * Instant::DAY;
const REASON: usize = 400;
/// Rights themselves are never given away with work.
const NEVER: &[&str] = &["access.role.grant", "access.user.assign_role", "access.user.create"];

#[derive(Clone, Debug)]
pub struct Delegation {
    pub id: Id<Delegation>,
    pub version: i64,
    pub scope_id: i64,
    pub from_user: Id<User>,
    pub to_user: Id<User>,
    pub permissions: Patterns,
    pub from_at: Instant,
    /// The first moment that is out.
    pub until_at: Instant,
    pub reason: String,
    pub given_by: Id<User>,
    pub revoked_at: Option<Instant>,
}

#[derive(Clone, Debug)]
pub struct NewDelegation {
    pub from_user: Id<User>,
    pub to_user: Id<User>,
    pub permissions: Vec<String>,
    pub from_at: Instant,
    pub until_at: Instant,
    pub reason: String,
}

impl NewDelegation {
    /// Errors: `delegation.to_oneself`, `delegation.time`, `delegation.no_reason`,
    /// `delegation.too_wide`, those of [`Patterns::of`].
    pub fn check(&self, now: Instant) -> Result<Patterns> {
        if self.from_user == self.to_user {
            let e = Error::invalid("delegation.to_oneself", self.to_user);
            return Err(e.with("field", "to_user"));
        }
        let (from, until) = (self.from_at, self.until_at);
        if until <= from || until <= now || until.0 - from.0 > LONGEST {
            let e = Error::invalid("delegation.time", LONGEST / Instant::DAY);
            return Err(e.with("limit", LONGEST / Instant::DAY).with("field", "until_at"));
        }
        let length = self.reason.trim().chars().count();
        if length == 0 || length > REASON {
            return Err(Error::invalid("delegation.no_reason", length).with("field", "reason"));
        }
        let patterns = Patterns::of(&self.permissions)?;
        let wide = |p: &&String| NEVER.iter().any(|never| covers(p, never));
        if let Some(wide) = patterns.0.iter().find(wide) {
            let e = Error::invalid("delegation.too_wide", wide);
            return Err(e.with("field", "permissions"));
        }
        Ok(patterns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delegation_is_to_another_for_a_time_with_a_reason_and_never_of_rights() {
        let now = Instant(Instant::DAY * 10);
        let good = NewDelegation {
            from_user: Id::from_raw(1),
            to_user: Id::from_raw(2),
            permissions: vec!["sales.*".into(), "*.read".into()],
            from_at: now,
            until_at: now.plus(Instant::DAY * 7),
            reason: "holiday".into(),
        };
        assert!(good.check(now).is_ok());
        let code = |new: &NewDelegation| new.check(now).map_err(|e| e.code).map(|_| ());
        let own = NewDelegation { to_user: Id::from_raw(1), ..good.clone() };
        assert_eq!(code(&own), Err("delegation.to_oneself"));
        for until in [now, Instant(1), now.plus(LONGEST + 1)] {
            let new = NewDelegation { until_at: until, ..good.clone() };
            assert_eq!(code(&new), Err("delegation.time"));
        }
        let silent = NewDelegation { reason: " ".into(), ..good.clone() };
        assert_eq!(code(&silent), Err("delegation.no_reason"));
        for wide in ["*", "access.*", "access.user.*", "access.role.grant"] {
            let new = NewDelegation { permissions: vec![wide.into()], ..good.clone() };
            assert_eq!(code(&new), Err("delegation.too_wide"), "{wide}");
        }
    }
}
