//! API keys: a program acts for the person who made the key, within what the key names. Pure.
use crate::sign_in::token_hash;
use crate::user::User;
use kernel::{Cell, Ctx, Error, Id, Instant, Result, Stored, covers};

/// How a key begins, so that people and scanners of leaks know one.
pub const PREFIX: &str = "hlk_";
/// Keys of one person, patterns of one key, days of its life.
pub const MOST: usize = 20;
pub const PATTERNS: usize = 50;
pub const LONGEST: i64 = 366 * Instant::DAY;
/// A key's last use is written down at most this often.
const SEEN_EVERY: i64 = 5 * Instant::MINUTE;

/// Patterns of permissions, stored one a line.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Patterns(pub Vec<String>);

impl Cell for Patterns {
    fn store(&self) -> Stored {
        Stored::text(self.0.join("\n"))
    }
    fn load(stored: Stored) -> Result<Self> {
        let text = kernel::said(stored)?;
        Ok(Self(text.lines().map(str::to_owned).collect()))
    }
}

impl Patterns {
    /// Each once, in order. Errors: `grant.invalid`, `api_key.no_permission`.
    pub fn of(given: &[String]) -> Result<Self> {
        let mut all: Vec<String> = given.iter().map(|p| p.trim().to_owned()).collect();
        all.sort_unstable();
        all.dedup();
        if all.is_empty() || all.len() > PATTERNS {
            let e = Error::invalid("api_key.no_permission", all.len()).with("limit", PATTERNS);
            return Err(e.with("field", "permissions"));
        }
        all.iter().try_for_each(|p| crate::role::check_pattern(p))?;
        Ok(Self(all))
    }
}

/// A key as it is kept: of its secret only the hash.
#[derive(Clone, Debug)]
pub struct ApiKey {
    pub id: Id<ApiKey>,
    pub version: i64,
    pub user_id: Id<User>,
    pub name: String,
    /// What stands in the open of it, by which people tell their keys apart.
    pub begins: String,
    pub token_hash: String,
    pub permissions: Patterns,
    pub created_at: Instant,
    pub expires_at: Instant,
    pub last_used_at: Option<Instant>,
    pub revoked_at: Option<Instant>,
}

/// What a person wants of a new key.
#[derive(Clone, Debug)]
pub struct NewKey {
    pub name: String,
    pub permissions: Vec<String>,
    pub expires_at: Instant,
}

impl NewKey {
    /// A key of whoever acts, and its secret, which is shown this once.
    ///
    /// Errors: `api_key.no_name`, `api_key.lifetime`, `api_key.beyond`, those of [`Patterns::of`].
    pub fn key(&self, cx: &Ctx, bytes: [u8; 32]) -> Result<(ApiKey, String)> {
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > 80 {
            return Err(Error::invalid("api_key.no_name", name).with("field", "name"));
        }
        if self.expires_at <= cx.now || self.expires_at.0 - cx.now.0 > LONGEST {
            let days = LONGEST / Instant::DAY;
            let e = Error::invalid("api_key.lifetime", days).with("limit", days);
            return Err(e.with("field", "expires_at"));
        }
        let permissions = Patterns::of(&self.permissions)?;
        let has = |pattern: &&String| !cx.grants.iter().any(|g| covers(&g.permission, pattern));
        if let Some(beyond) = permissions.0.iter().find(has) {
            return Err(Error::forbidden("api_key.beyond", beyond).with("field", "permissions"));
        }
        let hex = crate::password::hex(&bytes);
        let (open, secret) = hex.split_at(8);
        let begins = format!("{PREFIX}{open}");
        // Like a sign-in's token it says its tenant; see there.
        let token = format!("{begins}_{}-{secret}", cx.tenant);
        let key = ApiKey {
            id: cx.id(),
            version: 1,
            user_id: Id::from_raw(cx.user),
            name: name.to_owned(),
            begins,
            token_hash: token_hash(&token),
            permissions,
            created_at: cx.now,
            expires_at: self.expires_at,
            last_used_at: None,
            revoked_at: None,
        };
        Ok((key, token))
    }
}

impl ApiKey {
    #[must_use]
    pub fn is_good(&self, now: Instant) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }

    /// Is it time to write down that it was used?
    #[must_use]
    pub fn is_seen_late(&self, now: Instant) -> bool {
        self.last_used_at.is_none_or(|at| now.0 - at.0 >= SEEN_EVERY)
    }
}

/// What of a given token stands in the open; `None` where it is no key.
#[must_use]
pub fn open_part(token: &str) -> Option<&str> {
    let open = token.strip_prefix(PREFIX)?.split_once('_')?.0;
    (open.len() == 8).then(|| &token[..PREFIX.len() + 8])
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{Grant, IdMaker, ScopeKind};
    use std::sync::Arc;

    fn person() -> Ctx {
        let mut cx = Ctx::system(1, Instant(Instant::DAY), Arc::new(IdMaker::new(1, 0)));
        let grant = |permission: &str| Grant {
            permission: permission.to_owned(),
            reach: ScopeKind::Own,
            role: 1,
        };
        cx.user = 7;
        cx.grants = [grant("sales.*"), grant("*.read")].into_iter().collect();
        cx
    }

    fn wanted(permissions: &[&str]) -> NewKey {
        NewKey {
            name: " shop ".into(),
            permissions: permissions.iter().map(|p| (*p).to_owned()).collect(),
            expires_at: Instant(Instant::DAY * 30),
        }
    }

    #[test]
    fn a_key_is_of_its_maker_and_keeps_of_its_secret_a_hash_only() -> Result<()> {
        let (key, token) = wanted(&["sales.order.*", "crm.lead.read"]).key(&person(), [7; 32])?;
        assert_eq!((key.user_id.raw(), key.name.as_str()), (7, "shop"));
        assert_eq!(token.len(), PREFIX.len() + 67);
        assert_eq!(crate::sign_in::tenant_of(&token), Some(1));
        assert!(token.starts_with(&key.begins) && open_part(&token) == Some(key.begins.as_str()));
        assert_eq!(key.token_hash, token_hash(&token));
        assert!(!format!("{key:?}").contains(&token[PREFIX.len() + 11..]));
        assert!(key.is_good(Instant(Instant::DAY * 29)));
        assert!(!key.is_good(Instant(Instant::DAY * 30)));
        assert!(!ApiKey { revoked_at: Some(Instant(2)), ..key }.is_good(Instant(3)));
        for token in ["", "hlk_", "hlk_123_x", "7f7f", "hlk_1234567"] {
            assert_eq!(open_part(token), None, "{token}");
        }
        Ok(())
    }

    #[test]
    fn a_key_never_names_more_than_its_person_may_nor_lives_for_ever() {
        let code = |new: &NewKey| new.key(&person(), [7; 32]).map_err(|e| e.code).map(|_| ());
        assert_eq!(code(&wanted(&["sales.*.read"])), Ok(()));
        for beyond in ["*", "finance.payment.receive", "sales*", "*.write"] {
            assert_eq!(code(&wanted(&[beyond])), Err("api_key.beyond"), "{beyond}");
        }
        assert_eq!(code(&wanted(&[])), Err("api_key.no_permission"));
        assert_eq!(code(&wanted(&["Sales;"])), Err("grant.invalid"));
        let nameless = NewKey { name: " ".into(), ..wanted(&["sales.*"]) };
        assert_eq!(code(&nameless), Err("api_key.no_name"));
        for at in [Instant(Instant::DAY), Instant(Instant::DAY * 400)] {
            let new = NewKey { expires_at: at, ..wanted(&["sales.*"]) };
            assert_eq!(code(&new), Err("api_key.lifetime"));
        }
    }
}
