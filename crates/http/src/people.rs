//! Verbs of companies, users and roles: the commands of `access` behind the same routes as all.
use crate::{duties, roles};
use access::commands;
use access::company::Company;
use access::role::{Reach, Role};
use access::user::{NewUser, User};
use flows::Verb;
use kernel::{Ctx, Done, Error, Id, Money, Result};
use meta::{Field, any, flag, money, one_of, text};
use serde_json::{Value as Json, json};
use store::Tx;

pub(crate) type Run = fn(&Ctx, &mut Tx, i64, &Json) -> Result<Json>;

pub(crate) const fn verb(
    entity: &'static str,
    name: &'static str,
    permission: &'static str,
    takes: &'static [Field],
    run: Run,
) -> Verb {
    Verb { entity, name, permission, moves: false, takes, lines: &[], run }
}

const ROLE: &[Field] = &[any("role").required()];

/// Verbs that are not of `flows`: users and roles.
pub fn own_verbs() -> impl Iterator<Item = &'static Verb> {
    VERBS.iter().chain(roles::VERBS).chain(duties::VERBS)
}

pub(crate) static VERBS: &[Verb] = &[
    verb(
        "user",
        "create",
        "access.user.create",
        &[
            text("login", 64).required(),
            text("name", 100).required(),
            any("department"),
            text("role_code", 40),
        ],
        create_user,
    ),
    verb(
        "company",
        "change",
        "access.company.change",
        &[
            text("name", 200),
            text("tax_id", 20),
            text("address", 200),
            text("phone", 40),
            text("bank", 100),
            text("bank_account", 40),
            flag("prices_incl_tax"),
            money("refund_threshold"),
        ],
        change_company,
    ),
    verb("user", "disable", "access.user.disable", &[], |cx, tx, id, _| {
        let _done = commands::disable_user(cx, tx, Id::from_raw(id))?;
        Ok(shown(id))
    }),
    verb("user", "assign_role", "access.user.assign_role", ROLE, |cx, tx, id, body| {
        let role = id_of::<Role>(body, "role")?;
        Ok(warned(commands::assign_role(cx, tx, Id::from_raw(id), role)?, id))
    }),
    verb("user", "withdraw_role", "access.user.assign_role", ROLE, |cx, tx, id, body| {
        let role = id_of::<Role>(body, "role")?;
        done(commands::withdraw_role(cx, tx, Id::from_raw(id), role)?, id)
    }),
    verb(
        "role",
        "create",
        "access.role.create",
        &[text("code", 40).required(), text("name", 100)],
        |cx, tx, _, body| {
            let role = commands::create_role(cx, tx, word(body, "code"), word(body, "name"))?;
            Ok(shown(role.id.raw()))
        },
    ),
    verb(
        "role",
        "grant",
        "access.role.grant",
        &[text("permission", 80).required(), one_of("reach", Reach::NAMES).required()],
        |cx, tx, id, body| {
            let reach = Reach::named(word(body, "reach"))?;
            let permission = word(body, "permission");
            Ok(warned(commands::grant(cx, tx, Id::from_raw(id), permission, reach)?, id))
        },
    ),
    verb(
        "role",
        "withdraw_grant",
        "access.role.grant",
        &[text("permission", 80).required()],
        |cx, tx, id, body| {
            done(commands::withdraw_grant(cx, tx, Id::from_raw(id), word(body, "permission"))?, id)
        },
    ),
];

/// What a body says of a company's paper; what it does not name stays.
fn change_company(cx: &Ctx, tx: &mut Tx, id: i64, body: &Json) -> Result<Json> {
    let said = |name: &str| body[name].as_str().map(str::to_owned);
    let threshold = match &body["refund_threshold"] {
        Json::String(text) => Some(text.trim().to_owned()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let in_its_currency = |text: String| match text.as_str() {
        "" => Ok(0),
        text => {
            let currency = tx.get::<Company>(Id::from_raw(id))?.currency;
            let money = Money::parse(text, currency);
            money.map(|m| m.minor).map_err(|e| e.with("field", "refund_threshold"))
        }
    };
    let refund_threshold = threshold.map(in_its_currency).transpose()?;
    let change = commands::CompanyChange {
        name: said("name"),
        tax_id: said("tax_id"),
        address: said("address"),
        phone: said("phone"),
        bank: said("bank"),
        bank_account: said("bank_account"),
        prices_incl_tax: body["prices_incl_tax"].as_bool(),
        refund_threshold,
    };
    done(commands::change_company(cx, tx, Id::from_raw(id), change)?, id)
}

pub(crate) fn word<'b>(body: &'b Json, name: &str) -> &'b str {
    body[name].as_str().unwrap_or("").trim()
}

pub(crate) fn id_of<T>(body: &Json, name: &'static str) -> Result<Id<T>> {
    let text = body[name].as_str().unwrap_or("");
    if text.is_empty() {
        return Err(Error::invalid("field.required", name).with("field", name));
    }
    Id::parse(text).map_err(|e| e.with("field", name))
}

fn shown(id: i64) -> Json {
    json!({ "id": id.to_string() })
}

/// With the duty rules that warn of what was given.
fn warned(done: Done<Vec<String>>, id: i64) -> Json {
    let mut shown = shown(id);
    if let Done::Now(codes) = done
        && !codes.is_empty()
    {
        shown["warnings"] = json!(codes);
    }
    shown
}

pub(crate) fn done(_: Done<()>, id: i64) -> Result<Json> {
    Ok(shown(id))
}

fn create_user(cx: &Ctx, tx: &mut Tx, _: i64, body: &Json) -> Result<Json> {
    let department = match word(body, "department") {
        "" => None,
        _ => Some(id_of(body, "department")?),
    };
    let role = word(body, "role_code");
    let roles: Vec<&str> = if role.is_empty() { Vec::new() } else { vec![role] };
    let new =
        NewUser { login: word(body, "login"), name: word(body, "name"), department, roles: &roles };
    let user: User = commands::create_user(cx, tx, &new)?;
    Ok(shown(user.id.raw()))
}
