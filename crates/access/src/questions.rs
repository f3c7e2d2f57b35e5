//! Who is it, what may they do, and which rows do they reach. Reads only.
use crate::company::Company;
use crate::delegation::Delegation;
use crate::department::Department;
use crate::key::ApiKey;
use crate::password::{self, Credentials};
use crate::sign_in::{Kind, SignIn, token_hash};
use crate::user::User;
use crate::{key_rows, sign_in_rows, user_rows};
use kernel::{ActorKind, Ctx, Error, Id, IdMaker, Instant, Result, ScopeKind, Source, Stored};
use std::sync::Arc;
use store::scope::{self, Scope};
use store::{Tx, find, sql};

/// A signed-in user at work.
pub struct Session {
    pub cx: Ctx,
    pub by: By,
    pub user: User,
    pub company: Company,
}

/// By what somebody is known.
pub enum By {
    SignIn(SignIn),
    Key(ApiKey),
}

/// The context of a signed-in user, in the company asked for by code, else in their own.
///
/// Errors: `access.sign_in_needed`, `company.not_found`.
pub fn context(
    tx: &mut Tx,
    token_hash: &str,
    now: Instant,
    maker: Arc<IdMaker>,
    company: Option<&str>,
) -> Result<Ctx> {
    session(tx, token_hash, now, maker, company).map(|session| session.cx)
}

/// See [`context`]; with whose it is.
pub fn session(
    tx: &mut Tx,
    token_hash: &str,
    now: Instant,
    maker: Arc<IdMaker>,
    company: Option<&str>,
) -> Result<Session> {
    let needed = || Error::forbidden("access.sign_in_needed", "");
    let found = sign_in_rows::by_token(tx, token_hash)?;
    let sign_in = found.filter(|s| s.is_good(Kind::Session, now)).ok_or_else(needed)?;
    let user = sign_in.user_id.map(|id| tx.find(id)).transpose()?.flatten();
    let user = user.filter(User::is_active).ok_or_else(needed)?;
    let (cx, company) = at_work(tx, &user, company.unwrap_or(""), now, maker)?;
    Ok(Session { cx, by: By::SignIn(sign_in), user, company })
}

/// Somebody's program at work by a key: with their rights, within the key's.
///
/// Errors: `access.sign_in_needed`, `company.not_found`.
pub fn key_session(
    tx: &mut Tx,
    token_hash: &str,
    now: Instant,
    maker: Arc<IdMaker>,
    company: Option<&str>,
) -> Result<Session> {
    let needed = || Error::forbidden("access.sign_in_needed", "");
    let found = key_rows::by_token(tx, token_hash)?.filter(|key| key.is_good(now));
    let key = found.ok_or_else(needed)?;
    let user = tx.find(key.user_id)?.filter(User::is_active).ok_or_else(needed)?;
    let (mut cx, company) = at_work(tx, &user, company.unwrap_or(""), now, maker)?;
    (cx.actor_kind, cx.source) = (ActorKind::Api, Source::Api);
    let bounds = Arc::make_mut(&mut cx.bounds);
    bounds.within = Some(key.permissions.0.clone());
    bounds.key = key.id.raw();
    Ok(Session { cx, by: By::Key(key), user, company })
}

/// The session goes on in another person's place: with that person's rights within what was
/// delegated, with none of its own, and with both names in every fact.
///
/// Errors: `delegation.none`, `access.by_person_only`.
pub fn act_for(tx: &mut Tx, session: &mut Session, principal: i64) -> Result<()> {
    let cx = &mut session.cx;
    crate::commands::in_person(cx)?;
    let none = || Error::forbidden("delegation.none", principal);
    let given = key_rows::delegated(tx, principal, cx.user, cx.now)?;
    if given.is_empty() {
        return Err(none());
    }
    let found = tx.find(Id::<User>::from_raw(principal))?.filter(User::is_active);
    let user = found.ok_or_else(none)?;
    let (grants, mut bounds) = crate::rights::of(tx, user.id)?;
    let patterns = given.into_iter().flat_map(|d| d.permissions.0);
    bounds.within = Some(patterns.collect());
    cx.grants = grants.into();
    cx.bounds = Arc::new(bounds);
    cx.acting_for = principal;
    cx.department = user.department.map_or(0, Id::raw);
    Ok(())
}

/// How far every role reaches on what it was set for, beside what its grants say.
pub fn reaches(tx: &mut Tx) -> Result<Vec<kernel::EntityReach>> {
    crate::rights::reaches(tx)
}

/// A person's keys, newest first.
pub fn keys(tx: &mut Tx, user: Id<User>) -> Result<Vec<ApiKey>> {
    key_rows::of_user(tx, user)
}

/// Seconds for which wrong secrets of what begins like this must wait.
pub fn key_wait(tx: &mut Tx, begins: &str, now: Instant) -> Result<i64> {
    let failed = sign_in_rows::attempt(tx, &password::login_hash(begins))?;
    Ok(failed.map_or(0, |failed| failed.wait(now)))
}

/// What is delegated by somebody or to somebody, newest first.
pub fn delegations(tx: &mut Tx, user: Id<User>) -> Result<Vec<Delegation>> {
    key_rows::delegations(tx, user.raw())
}

/// The context of a user named by login, for the simulator and the command line.
///
/// Errors: `user.not_found`, `user.disabled`, `company.not_found`.
pub fn user_ctx(
    tx: &mut Tx,
    login: &str,
    company_code: &str,
    now: Instant,
    maker: Arc<IdMaker>,
) -> Result<Ctx> {
    let user = user_rows::by_login(tx, login)?;
    let user = user.ok_or_else(|| Error::not_found("user.not_found", login))?;
    if !user.is_active() {
        return Err(Error::conflict("user.disabled", login));
    }
    at_work(tx, &user, company_code, now, maker).map(|(cx, _)| cx)
}

fn at_work(
    tx: &mut Tx,
    user: &User,
    asked: &str,
    now: Instant,
    maker: Arc<IdMaker>,
) -> Result<(Ctx, Company)> {
    let (grants, bounds) = crate::rights::of(tx, user.id)?;
    let department = user.department.map(|id| tx.get(id)).transpose()?;
    let far = grants.iter().any(|g| g.reach == ScopeKind::All);
    let company = company_of(tx, department.as_ref(), asked, far)?;
    let mut cx = Ctx::system(tx.tenant(), now, maker);
    cx.company = company.id.raw();
    cx.base = company.currency;
    cx.user = user.id.raw();
    cx.department = user.department.map_or(0, Id::raw);
    cx.actor_kind = ActorKind::Human;
    cx.zone = company.zone()?;
    cx.source = Source::Ui;
    cx.grants = grants.into();
    cx.bounds = Arc::new(bounds);
    Ok((cx, company))
}

/// One's own company, or the one asked for: another than one's own needs a grant that reaches all.
fn company_of(
    tx: &mut Tx,
    department: Option<&Department>,
    asked: &str,
    far: bool,
) -> Result<Company> {
    let own = department.map(|d| tx.get(d.company_id)).transpose()?;
    let missing = || Error::not_found("company.not_found", asked);
    match own {
        Some(own) if asked.is_empty() || own.code == asked => Ok(own),
        Some(_) if !far => Err(missing()),
        _ if asked.is_empty() => first_company(tx)?.ok_or_else(missing),
        _ => company(tx, asked)?.ok_or_else(missing),
    }
}

/// The company with a code, if any.
pub fn company(tx: &mut Tx, code: &str) -> Result<Option<Company>> {
    let code = Stored::text(code);
    Ok(tx.list(find!(Company, "code = $2"), &[code])?.into_iter().next())
}

/// The tenant's first company; none before set-up.
pub fn first_company(tx: &mut Tx) -> Result<Option<Company>> {
    Ok(tx.list(find!(Company, "id > 0 ORDER BY id LIMIT 1"), &[])?.into_iter().next())
}

/// The login of the first administrator who may still sign in.
pub fn first_admin(tx: &mut Tx) -> Result<Option<String>> {
    tx.value(
        sql!(
            "SELECT u.login FROM app_user u JOIN user_role g ON g.tenant_id = u.tenant_id \
             AND g.user_id = u.id JOIN role r ON r.tenant_id = g.tenant_id AND r.id = g.role \
             WHERE u.tenant_id = $1 AND r.code = 'admin' AND u.disabled_at = 0 \
             ORDER BY u.id LIMIT 1"
        ),
        &[],
    )
}

/// What a link is good for; `None` when it is good for nothing. Looking does not use it up.
pub fn link(tx: &mut Tx, token: &str, now: Instant) -> Result<Option<Kind>> {
    let found = sign_in_rows::by_token(tx, &token_hash(token))?;
    let good = |s: &SignIn| s.kind != Kind::Session && s.is_good(s.kind, now);
    Ok(found.filter(good).map(|s| s.kind))
}

/// What is needed to look at a password: see [`password::verify`].
pub fn credentials(tx: &mut Tx, login: &str, now: Instant) -> Result<Credentials> {
    let login_hash = password::login_hash(login);
    let wait = sign_in_rows::attempt(tx, &login_hash)?.map_or(0, |failed| failed.wait(now));
    let user = user_rows::by_login(tx, login)?.map(|user| user.id);
    let kept = user.map(|id| user_rows::password(tx, id)).transpose()?.flatten();
    Ok(Credentials { login_hash, user, hash: kept.map(|p| p.hash), wait })
}

/// A user's open sessions, newest first.
pub fn sign_ins(cx: &Ctx, tx: &mut Tx) -> Result<Vec<SignIn>> {
    let mut all = sign_in_rows::open_sessions(tx, Id::from_raw(cx.user))?;
    all.retain(|s| s.is_good(Kind::Session, cx.now));
    Ok(all)
}

/// The rows that the user reaches with a permission. Error: `access.forbidden`.
///
/// A department reaches those below it; a department's and one's own rows are both reached.
pub fn scope_for(cx: &Ctx, tx: &mut Tx, permission: &str) -> Result<Scope> {
    under(cx, tx, cx.reach(permission), permission)
}

/// See [`scope_for`]; of an entity that the permission need not be named after.
pub fn scope_on(cx: &Ctx, tx: &mut Tx, entity: &str, permission: &str) -> Result<Scope> {
    under(cx, tx, cx.reach_on(entity, permission), permission)
}

/// Does a right reach a row of this scope? For what is drawn up of a document that the caller may
/// read and yet not touch. Error: `access.forbidden`.
pub fn must_reach(
    cx: &Ctx,
    tx: &mut Tx,
    entity: &str,
    permission: &str,
    scope_id: i64,
) -> Result<()> {
    if scope_on(cx, tx, entity, permission)?.reaches(scope_id) {
        return Ok(());
    }
    Err(Error::forbidden("access.forbidden", permission))
}

fn under(cx: &Ctx, tx: &mut Tx, reach: Option<ScopeKind>, permission: &str) -> Result<Scope> {
    match reach {
        None => Err(Error::forbidden("access.forbidden", permission)),
        Some(ScopeKind::All) => Ok(Scope::All),
        Some(ScopeKind::Own) => scope::of_owner(tx, in_place_of(cx)),
        Some(ScopeKind::Department) => of_departments(cx, tx),
    }
}

/// Whose rows are *own*: those of the person in whose place somebody acts.
const fn in_place_of(cx: &Ctx) -> i64 {
    if cx.acting_for == 0 { cx.user } else { cx.acting_for }
}

fn of_departments(cx: &Ctx, tx: &mut Tx) -> Result<Scope> {
    let sql = sql!(
        "WITH RECURSIVE tree (id) AS (SELECT d.id FROM department d WHERE d.tenant_id = $1 \
         AND d.id = $2 UNION SELECT d.id FROM department d JOIN tree t ON d.parent = t.id \
         WHERE d.tenant_id = $1) SELECT s.id FROM scope s WHERE s.tenant_id = $1 \
         AND s.department IN (SELECT t.id FROM tree t) UNION SELECT s.id FROM scope s \
         WHERE s.tenant_id = $1 AND s.owner = $3 ORDER BY 1"
    );
    let rows = tx.rows(sql, &[Stored::Int(cx.department), Stored::Int(in_place_of(cx))])?;
    rows.into_iter().map(|mut row| row.take()).collect::<Result<_>>().map(Scope::Only)
}
