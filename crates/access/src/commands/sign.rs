//! Verbs of signing in and out, of one-time links, and of the first set-up.
//!
//! A refused password is a committed outcome, not an error: the failure must be counted.
use crate::company::{Company, NewCompany};
use crate::facts;
use crate::password::{Hashed, Proof};
use crate::sign_in::{Kind, SignIn, Token, token_hash};
use crate::sign_in_rows as rows;
use crate::user::{NewUser, User};
use kernel::{ActorKind, Ctx, Error, Fact, Id, Result};
use store::Tx;

/// A password that was held against its hash, and the session to open if it was right.
#[derive(Clone)]
pub struct Attempt {
    pub proof: Proof,
    /// Random bytes of the new session's token.
    pub bytes: [u8; 32],
    /// As the device names itself.
    pub device: String,
}

/// A new session.
#[derive(Clone)]
pub struct SignedIn {
    pub user: Id<User>,
    pub sign_in: Id<SignIn>,
    pub token: Token,
}

#[derive(Clone)]
pub enum Outcome {
    In(SignedIn),
    /// `access.wrong_sign_in`, or `access.throttled` with the seconds to wait.
    Refused(Error),
}

/// Signs in by password. Says the same for an unknown login, a wrong password, a disabled user.
pub fn sign_in(cx: &Ctx, tx: &mut Tx, attempt: &Attempt) -> Result<Outcome> {
    let proof = &attempt.proof;
    let failed = rows::attempt(tx, &proof.login_hash)?;
    if let Some(error) = throttled(failed.map_or(0, |f| f.wait(cx.now))) {
        return Ok(Outcome::Refused(error));
    }
    let user = match proof.user.filter(|_| proof.right) {
        Some(id) => tx.find(id)?.filter(User::is_active),
        None => None,
    };
    let Some(user) = user else {
        rows::fail(cx, tx, &proof.login_hash)?;
        if let Some(id) = proof.user {
            tx.tell(cx.fact(facts::SIGN_IN_REFUSED).on("user", id.raw(), "of"));
        }
        return Ok(Outcome::Refused(Error::forbidden("access.wrong_sign_in", "")));
    };
    rows::forgive(tx, &proof.login_hash);
    open(cx, tx, user.id, attempt.bytes, &attempt.device).map(Outcome::In)
}

/// The refusal of a login that must wait; `None` when it need not.
#[must_use]
pub fn throttled(seconds: i64) -> Option<Error> {
    let refusal = || Error::conflict("access.throttled", seconds).with("seconds", seconds);
    (seconds > 0).then(refusal)
}

fn open(cx: &Ctx, tx: &mut Tx, user: Id<User>, bytes: [u8; 32], device: &str) -> Result<SignedIn> {
    let token = Token::of(cx.tenant, bytes);
    let session = SignIn::new(cx.id(), Some(user), Kind::Session, &token, cx.now).on(device);
    rows::add_session(tx, user, &session, cx.now)?;
    tx.tell(by(user, cx.fact(facts::SIGNED_IN)).on("user", user.raw(), "of"));
    Ok(SignedIn { user, sign_in: session.id, token })
}

/// Nobody is signed in yet: the actor is the one who just proved who they are.
fn by(user: Id<User>, mut fact: Fact) -> Fact {
    (fact.actor, fact.actor_kind) = (user.raw(), ActorKind::Human);
    fact
}

/// Issues a link that signs a user in once, within 15 minutes; or, without a user, a link that
/// sets up the first company, within 7 days. Errors: `user.disabled`, `access.already_set_up`.
pub fn issue_link(cx: &Ctx, tx: &mut Tx, user: Option<Id<User>>, bytes: [u8; 32]) -> Result<Token> {
    cx.allow("access.user.issue_link")?;
    super::in_person(cx)?;
    let token = Token::of(cx.tenant, bytes);
    let (kind, fact) = match user {
        Some(id) => {
            let found = tx.get(id)?;
            if !found.is_active() {
                return Err(Error::conflict("user.disabled", found.login));
            }
            (Kind::Link, cx.fact(facts::LINK_ISSUED).on("user", id.raw(), "for"))
        }
        None => {
            refuse_second_set_up(tx)?;
            (Kind::Setup, cx.fact(facts::LINK_ISSUED).on("tenant", cx.tenant, "for"))
        }
    };
    tx.insert(&[SignIn::new(cx.id(), user, kind, &token, cx.now)]);
    tx.tell(fact.attr("kind", kind.name()));
    Ok(token)
}

fn refuse_second_set_up(tx: &mut Tx) -> Result<()> {
    match crate::questions::first_company(tx)? {
        Some(company) => Err(Error::conflict("access.already_set_up", company.name)),
        None => Ok(()),
    }
}

/// Takes a link's place by a session; the link is used up.
///
/// Error: `access.link_invalid` for one that never was, was used, or has expired.
pub fn redeem_link(
    cx: &Ctx,
    tx: &mut Tx,
    link: &str,
    bytes: [u8; 32],
    device: &str,
) -> Result<SignedIn> {
    let user = use_up(cx, tx, link, Kind::Link)?.user_id;
    let user = user.map(|id| tx.find(id)).transpose()?.flatten().filter(User::is_active);
    let user = user.ok_or_else(|| Error::forbidden("access.link_invalid", ""))?;
    open(cx, tx, user.id, bytes, device)
}

fn use_up(cx: &Ctx, tx: &mut Tx, link: &str, kind: Kind) -> Result<SignIn> {
    let invalid = || Error::forbidden("access.link_invalid", "");
    let found = rows::by_token(tx, &token_hash(link))?.filter(|l| l.is_good(kind, cx.now));
    let found = found.ok_or_else(invalid)?;
    if rows::revoke(tx, found.id, cx.now)? { Ok(found) } else { Err(invalid()) }
}

/// The answers of the first-run page.
#[derive(Clone)]
pub struct SetUp<'a> {
    /// The set-up link's token.
    pub link: &'a str,
    pub company: NewCompany,
    pub login: &'a str,
    pub name: &'a str,
    pub password: Hashed,
    /// Random bytes of the new session's token.
    pub bytes: [u8; 32],
    pub device: &'a str,
}

/// Sets up the first company, the usual roles and the administrator, and signs them in.
///
/// Errors: `access.link_invalid`, `access.already_set_up`, those of company and user.
pub fn set_up(cx: &Ctx, tx: &mut Tx, answers: &SetUp<'_>) -> Result<(Company, SignedIn)> {
    use_up(cx, tx, answers.link, Kind::Setup)?;
    refuse_second_set_up(tx)?;
    let company = super::create_company(cx, tx, answers.company.clone())?;
    super::create_usual_roles(cx, tx)?;
    let (login, name) = (answers.login, answers.name);
    let new = NewUser { login, name, department: None, roles: &["admin"] };
    let user = super::create_user(cx, tx, &new)?;
    super::set_password(cx, tx, user.id, &answers.password)?;
    let signed_in = open(cx, tx, user.id, answers.bytes, answers.device)?;
    Ok((company, signed_in))
}

/// Ends the session itself.
pub fn sign_out(cx: &Ctx, tx: &mut Tx, id: Id<SignIn>) -> Result<()> {
    if rows::revoke(tx, id, cx.now)? {
        tx.tell(cx.fact(facts::SIGNED_OUT).on("user", cx.user, "of"));
    }
    Ok(())
}

/// Ends a session: one of one's own, or anyone's with `access.user.revoke`.
///
/// Error: `store.not_found`.
pub fn revoke(cx: &Ctx, tx: &mut Tx, id: Id<SignIn>) -> Result<()> {
    let session = tx.get(id)?;
    let of = session.user_id.map_or(0, Id::raw);
    if of != cx.user {
        cx.allow("access.user.revoke")?;
    }
    if rows::revoke(tx, id, cx.now)? {
        tx.tell(cx.fact(facts::SIGN_IN_REVOKED).on("user", of, "of").on("tenant", cx.tenant, "in"));
    }
    Ok(())
}

/// Writes down that a session is in use.
pub fn see(cx: &Ctx, tx: &mut Tx, id: Id<SignIn>) {
    rows::see(tx, id, cx.now);
}

/// Removes tokens that ended 30 days ago; how many. A job of the night.
pub fn forget_ended(cx: &Ctx, tx: &mut Tx) -> Result<u64> {
    rows::forget(tx, cx.now)
}
