//! Sign-ins, one-time links and throttling: opaque tokens of 256 bits, kept as hashes. Pure.
use crate::user::User;
use kernel::{Digest, Id, Instant, names};

names! {
    /// What a token is good for.
    pub enum Kind {
        /// A signed-in device.
        Session = "session",
        /// Signs its user in, once.
        Link = "link",
        /// Sets up the first company, once; belongs to no user yet.
        Setup = "setup",
    }
}

/// How long a session lives unused, and at all.
const IDLE: i64 = 8 * Instant::HOUR;
const SESSION: i64 = 7 * Instant::DAY;
const LINK: i64 = 15 * Instant::MINUTE;
const SETUP: i64 = 7 * Instant::DAY;
/// A session's last use is written down at most this often.
const SEEN_EVERY: i64 = 5 * Instant::MINUTE;
/// Signed-in devices of one user; the oldest give way.
pub const PARALLEL: usize = 10;

/// A token in the open: in a cookie or a link, never in the database.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// From 32 random bytes. It says its tenant in the open, so that a server of several finds
    /// the one where it is proved without asking all; the hash that proves it covers that too.
    #[must_use]
    pub fn of(tenant: i64, bytes: [u8; 32]) -> Self {
        Self(format!("{tenant}-{}", crate::password::hex(&bytes)))
    }
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
    #[must_use]
    pub fn hash(&self) -> String {
        token_hash(&self.0)
    }
}

/// The tenant that a token or an API key claims; proved there by its hash, or not at all.
#[must_use]
pub fn tenant_of(token: &str) -> Option<i64> {
    let (_, secret) = token.rsplit_once('_').unwrap_or(("", token));
    let (tenant, _) = secret.split_once('-')?;
    let digits = !tenant.is_empty() && tenant.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| tenant.parse().ok()).flatten()
}

/// Under which a token is kept.
#[must_use]
pub fn token_hash(token: &str) -> String {
    let mut digest = Digest::new();
    digest.text("token").text(token);
    digest.finish()
}

/// A row of a token.
#[derive(Clone, Debug)]
pub struct SignIn {
    pub id: Id<SignIn>,
    pub token_hash: String,
    pub user_id: Option<Id<User>>,
    pub kind: Kind,
    pub created_at: Instant,
    pub expires_at: Instant,
    pub last_seen_at: Instant,
    pub revoked_at: Option<Instant>,
    pub device: String,
}

impl SignIn {
    #[must_use]
    pub fn new(
        id: Id<Self>,
        user_id: Option<Id<User>>,
        kind: Kind,
        token: &Token,
        now: Instant,
    ) -> Self {
        let good_for = match kind {
            Kind::Session => SESSION,
            Kind::Link => LINK,
            Kind::Setup => SETUP,
        };
        Self {
            id,
            token_hash: token.hash(),
            user_id,
            kind,
            created_at: now,
            expires_at: now.plus(good_for),
            last_seen_at: now,
            revoked_at: None,
            device: String::new(),
        }
    }

    /// On a device, as it names itself; at most 200 characters are kept.
    #[must_use]
    pub fn on(mut self, device: &str) -> Self {
        self.device = device.chars().filter(|c| !c.is_control()).take(200).collect();
        self
    }

    /// Is it good for `kind` now?
    #[must_use]
    pub fn is_good(&self, kind: Kind, now: Instant) -> bool {
        let idle = kind == Kind::Session && now.0 - self.last_seen_at.0 >= IDLE;
        self.kind == kind && self.revoked_at.is_none() && now < self.expires_at && !idle
    }

    /// Is it time to write down that it was used?
    #[must_use]
    pub const fn is_seen_late(&self, now: Instant) -> bool {
        now.0 - self.last_seen_at.0 >= SEEN_EVERY
    }
}

/// Failures of a login in a row.
#[derive(Clone, Debug)]
pub(crate) struct SignInAttempt {
    pub(crate) id: Id<SignInAttempt>,
    pub(crate) login_hash: String,
    pub(crate) failures: i64,
    pub(crate) last_at: Instant,
}

impl SignInAttempt {
    /// Seconds until the next try is looked at; 0 now.
    pub(crate) fn wait(&self, now: Instant) -> i64 {
        let until = self.last_at.0 + delay(self.failures) * Instant::SECOND;
        ((until - now.0).max(0) + Instant::SECOND - 1) / Instant::SECOND
    }
}

/// Five tries are free; then 1, 2, 4 … seconds, at most 15 minutes, never for good.
const fn delay(failures: i64) -> i64 {
    match failures {
        ..5 => 0,
        5..15 => {
            let seconds = 1 << (failures - 5);
            if seconds < 900 { seconds } else { 900 }
        }
        _ => 900,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(now: Instant) -> SignIn {
        let token = Token::of(1, [1; 32]);
        SignIn::new(Id::from_raw(1), Some(Id::from_raw(2)), Kind::Session, &token, now)
    }

    #[test]
    fn a_session_ends_after_eight_idle_hours_and_seven_days() {
        let start = Instant(Instant::DAY * 20_000);
        let mut used = session(start);
        assert!(used.is_good(Kind::Session, start.plus(8 * Instant::HOUR - 1)));
        assert!(!used.is_good(Kind::Session, start.plus(8 * Instant::HOUR)));
        used.last_seen_at = start.plus(7 * Instant::DAY - 1);
        assert!(used.is_good(Kind::Session, start.plus(7 * Instant::DAY - 1)));
        assert!(!used.is_good(Kind::Session, start.plus(7 * Instant::DAY)));
    }

    #[test]
    fn a_token_is_good_for_its_kind_only_and_not_after_it_was_revoked() {
        let start = Instant(Instant::DAY * 20_000);
        let mut used = session(start);
        assert!(!used.is_good(Kind::Link, start));
        assert!(!used.is_good(Kind::Setup, start));
        used.revoked_at = Some(start);
        assert!(!used.is_good(Kind::Session, start));
    }

    #[test]
    fn waiting_doubles_after_five_failures_and_never_exceeds_15_minutes() {
        let waits: Vec<i64> = (0..20).map(delay).collect();
        assert_eq!(waits[..9], [0, 0, 0, 0, 0, 1, 2, 4, 8]);
        assert_eq!(waits[14], 512);
        assert!(waits.iter().all(|w| *w <= 900));
        let at = Instant(Instant::DAY);
        let (id, login_hash) = (Id::from_raw(1), String::new());
        let failed = SignInAttempt { id, login_hash, failures: 7, last_at: at };
        assert_eq!(failed.wait(at), 4);
        assert_eq!(failed.wait(at.plus(3_500_000)), 1);
        assert_eq!(failed.wait(at.plus(4_000_000)), 0);
    }
}
