//! Passwords: their rules, their argon2id hashes, and proofs made outside of any transaction.
//!
//! Hashing takes 20 ms and 19 MiB on purpose. It never runs while the writer is held: callers
//! hash or verify first, and hand the result to the command.
use crate::user::User;
use argon2::{Algorithm, Argon2, Params, Version};
use kernel::{Digest, Error, Id, Result};

const MEMORY_KIB: u32 = 19 * 1024;
const TURNS: u32 = 2;
const LANES: u32 = 1;
const LENGTH: usize = 32;
/// Characters of a password.
const SHORTEST: usize = 8;
const LONGEST: usize = 128;

/// Passwords that everybody tries first.
const COMMON: &[&str] = &[
    "12345678",
    "123456789",
    "1234567890",
    "0123456789",
    "87654321",
    "11111111",
    "00000000",
    "88888888",
    "66666666",
    "12341234",
    "123123123",
    "password",
    "password1",
    "passw0rd",
    "p@ssw0rd",
    "qwertyui",
    "qwerty123",
    "1q2w3e4r",
    "1qaz2wsx",
    "asdfghjk",
    "abcd1234",
    "a1234567",
    "a12345678",
    "woaini1314",
    "5201314520",
    "iloveyou",
    "admin123",
    "admin888",
    "huiliu123",
    "huiliu888",
];

/// A password's hash, ready for [`crate::commands::set_password`].
#[derive(Clone)]
pub struct Hashed(pub(crate) String);

/// Hashes a new password with 16 random bytes.
///
/// Errors: `password.too_short`, `password.too_long`, `password.too_common`.
pub fn hash(login: &str, plain: &str, salt: [u8; 16]) -> Result<Hashed> {
    let length = plain.chars().count();
    if length < SHORTEST {
        return Err(refused("password.too_short", SHORTEST));
    }
    if length > LONGEST {
        return Err(refused("password.too_long", LONGEST));
    }
    let lower = plain.to_lowercase();
    let same = lower.chars().all(|c| lower.starts_with(c));
    let login = login.trim().to_lowercase();
    if same || COMMON.contains(&lower.as_str()) || (login.len() > 3 && lower.contains(&login)) {
        return Err(refused("password.too_common", SHORTEST));
    }
    let made = derive(plain, &salt, MEMORY_KIB, TURNS)?;
    let text = format!("argon2id${MEMORY_KIB}${TURNS}${}${}", hex(&salt), hex(&made));
    Ok(Hashed(text))
}

/// What is known of a login before its password is looked at.
#[derive(Clone, Debug)]
pub struct Credentials {
    pub(crate) login_hash: String,
    pub(crate) user: Option<Id<User>>,
    pub(crate) hash: Option<String>,
    /// Seconds until the next try is looked at; 0 now.
    pub wait: i64,
}

/// That a password was held against a login's hash, and how it ended.
#[derive(Clone, Debug)]
pub struct Proof {
    pub(crate) login_hash: String,
    pub(crate) user: Option<Id<User>>,
    pub(crate) right: bool,
}

/// Holds a password against the stored hash; as slow for a login that nobody has.
pub fn verify(known: &Credentials, plain: &str) -> Result<Proof> {
    let stored = known.hash.as_deref().and_then(parse);
    let (memory, turns, salt, expected) = stored.clone().unwrap_or_else(stand_in);
    let plain = if plain.chars().count() > LONGEST { "" } else { plain };
    let made = derive(plain, &salt, memory, turns)?;
    let same = made
        .iter()
        .zip(&expected)
        .fold(made.len() ^ expected.len(), |sum, (a, b)| sum | usize::from(a ^ b));
    let right = same == 0 && stored.is_some() && !plain.is_empty();
    Ok(Proof { login_hash: known.login_hash.clone(), user: known.user, right })
}

/// Under which a login's failures are counted; the login itself is not kept.
pub(crate) fn login_hash(login: &str) -> String {
    let mut digest = Digest::new();
    digest.text("login").text(&login.trim().to_lowercase());
    digest.finish()
}

fn refused(code: &'static str, limit: usize) -> Error {
    Error::invalid(code, limit).with("field", "password")
}

fn derive(plain: &str, salt: &[u8], memory: u32, turns: u32) -> Result<Vec<u8>> {
    let broken = |e: argon2::Error| Error::bug("bug.password_hash", e);
    let params = Params::new(memory, turns, LANES, Some(LENGTH)).map_err(broken)?;
    let mut out = vec![0; LENGTH];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(plain.as_bytes(), salt, &mut out)
        .map_err(broken)?;
    Ok(out)
}

type Parts = (u32, u32, Vec<u8>, Vec<u8>);

fn stand_in() -> Parts {
    (MEMORY_KIB, TURNS, vec![0; 16], vec![0; LENGTH])
}

fn parse(text: &str) -> Option<Parts> {
    let mut parts = text.split('$');
    let kind = parts.next()?;
    let (memory, turns) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let (salt, hash) = (unhex(parts.next()?)?, unhex(parts.next()?)?);
    (kind == "argon2id" && hash.len() == LENGTH).then_some((memory, turns, salt, hash))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let pair = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    (0..text.len()).step_by(2).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(hash: Option<String>) -> Credentials {
        Credentials { login_hash: login_hash("li"), user: Some(Id::from_raw(1)), hash, wait: 0 }
    }

    #[test]
    fn only_the_right_password_is_right() -> Result<()> {
        let made = hash("li", "correct horse", [7; 16])?;
        assert!(made.0.starts_with("argon2id$19456$2$0707"));
        assert!(verify(&known(Some(made.0.clone())), "correct horse")?.right);
        for wrong in ["correct horsf", "Correct horse", "", &"x".repeat(200)] {
            assert!(!verify(&known(Some(made.0.clone())), wrong)?.right, "{wrong}");
        }
        Ok(())
    }

    #[test]
    fn a_login_without_a_password_never_signs_in() -> Result<()> {
        assert!(!verify(&known(None), "")?.right);
        assert!(!verify(&known(None), "anything at all")?.right);
        assert!(!verify(&known(Some("argon2id$broken".into())), "anything at all")?.right);
        Ok(())
    }

    #[test]
    fn weak_passwords_are_refused_before_any_work() {
        for (plain, code) in [
            ("short", "password.too_short"),
            ("12345678", "password.too_common"),
            ("Password1", "password.too_common"),
            ("aaaaaaaaaa", "password.too_common"),
            ("li.lei-2026", "password.too_common"),
        ] {
            assert_eq!(hash("li.lei", plain, [0; 16]).map_err(|e| e.code).err(), Some(code));
        }
        let long = "长".repeat(129);
        assert_eq!(hash("li", &long, [0; 16]).map_err(|e| e.code).err(), Some("password.too_long"));
    }
}
