//! What access keeps: tenants, companies, departments, users, roles, sign-ins.
use crate::company::{Costing, Recognition, Taxpayer};
use crate::duty::{DutyKind, Effect};
use crate::role::{Reach, Shown};
use crate::sign_in::Kind;
use crate::view::Share;
use kernel::Secrecy;
use meta::{
    Entity, Field, FieldKind, Grade, Look, flag, instant, int, money, one_of, rate, refers, text,
};

const fn id() -> Field {
    Field::new("id", FieldKind::Any).by_commands()
}
const fn version() -> Field {
    int("version").by_commands()
}

/// A group of companies that share masters; its row's id is its `tenant_id`.
pub static TENANT: Entity = Entity::new(
    "tenant",
    "access",
    &[
        id(),
        version(),
        text("code", 32).required().by_commands(),
        text("name", 200).required(),
        text("hosts", 500).looks(Look::Tags).by_commands(),
        instant("created_at").by_commands(),
        instant("closed_at").by_commands(),
    ],
)
.collection("tenants")
.grade(Grade::Guarded)
.title("name");

/// A legal person with books of its own. What its books depend on is set once, by commands.
pub static COMPANY: Entity = Entity::new(
    "company",
    "access",
    &[
        id(),
        version(),
        text("code", 20).required().in_list(),
        text("name", 200).by_sound("name_sound").required().in_list(),
        text("currency", 3).required().in_list().by_commands(),
        one_of("chart", CHARTS).required().in_list().by_commands(),
        one_of("taxpayer", Taxpayer::NAMES).required().in_list(),
        flag("prices_incl_tax"),
        text("default_tax_code", 20).required(),
        one_of("costing", Costing::NAMES).required().by_commands(),
        flag("credit_control"),
        one_of("recognition", Recognition::NAMES).required().by_commands(),
        rate("credit_alpha"),
        money("refund_threshold"),
        text("start_period", 7).required().in_list().by_commands(),
        text("zone", 40).required(),
        text("tax_id", 20),
        text("address", 200).looks(Look::Address),
        text("phone", 40).looks(Look::Phone),
        text("bank", 100),
        text("bank_account", 40).kept(Secrecy::Bank),
    ],
)
.collection("companies")
.grade(Grade::Guarded)
.unique(&[&["code"]])
.title("name");

/// 企业会计准则 and 小企业会计准则.
pub const CHARTS: &[&str] = &["enterprise", "small"];

pub static DEPARTMENT: Entity = Entity::new(
    "department",
    "access",
    &[
        id(),
        version(),
        refers("company_id", "company").required().in_list(),
        text("code", 20).required().in_list(),
        text("name", 100).by_sound("name_sound").required().in_list(),
        refers("parent", "department").in_list(),
    ],
)
.collection("departments")
.grade(Grade::Guarded)
.unique(&[&["code"]])
.title("name");

/// Somebody who signs in. Its table is `app_user`: SQL reserves the word.
pub static USER: Entity = Entity::new(
    "user",
    "access",
    &[
        id(),
        version(),
        text("login", 64).required().in_list().by_commands(),
        text("name", 100).by_sound("name_sound").required().in_list().personal(),
        refers("department", "department").in_list(),
        instant("created_at").by_commands(),
        instant("disabled_at").in_list().by_commands(),
    ],
)
.table("app_user")
.collection("users")
.grade(Grade::Guarded)
.unique(&[&["login"]])
.title("name");

/// Apart from the user, so that no list, form or export ever reaches it. Its id is the user's.
pub static PASSWORD: Entity =
    Entity::new("password", "access", &[id(), text("hash", 200).required(), instant("changed_at")])
        .grade(Grade::Internal);

pub static ROLE: Entity = Entity::new(
    "role",
    "access",
    &[
        id(),
        version(),
        text("code", 40).required().in_list(),
        text("name", 100).by_sound("name_sound").in_list(),
    ],
)
.collection("roles")
.grade(Grade::Guarded)
.unique(&[&["code"]])
.title("code");

pub static ROLE_GRANT: Entity = Entity::new(
    "role_grant",
    "access",
    &[
        id(),
        refers("role", "role").required(),
        text("permission", 80).required(),
        one_of("reach", Reach::NAMES).required(),
    ],
)
.collection("role_grants")
.line_of("role")
.unique(&[&["role", "permission"]]);

/// How far a role reaches on one entity, in place of what its grants say.
pub static ROLE_REACH: Entity = Entity::new(
    "role_reach",
    "access",
    &[
        id(),
        refers("role", "role").required(),
        text("entity", 40).required(),
        one_of("reach", Reach::NAMES).required(),
    ],
)
.collection("role_reaches")
.line_of("role")
.unique(&[&["role", "entity"]]);

/// What a role sees of a field, and whether it writes it.
pub static ROLE_FIELD: Entity = Entity::new(
    "role_field",
    "access",
    &[
        id(),
        refers("role", "role").required(),
        text("entity", 40).required(),
        text("field", 60).required(),
        one_of("sight", Shown::NAMES).required(),
        flag("writes"),
    ],
)
.collection("role_fields")
.line_of("role")
.unique(&[&["role", "entity", "field"]]);

pub static USER_ROLE: Entity = Entity::new(
    "user_role",
    "access",
    &[id(), refers("user_id", "user").required(), refers("role", "role").required()],
)
.collection("user_roles")
.line_of("user_id")
.unique(&[&["user_id", "role"]]);

/// A signed-in device, or a link that will sign one in. Only the token's hash is kept.
pub static SIGN_IN: Entity = Entity::new(
    "sign_in",
    "access",
    &[
        id(),
        text("token_hash", 64).required(),
        refers("user_id", "user"),
        one_of("kind", Kind::NAMES).required(),
        instant("created_at"),
        instant("expires_at"),
        instant("last_seen_at"),
        instant("revoked_at"),
        text("device", 200),
    ],
)
.grade(Grade::Internal)
.unique(&[&["token_hash"]]);

/// Lets a program act for a person. Internal, so that no list or export reaches its hash.
pub static API_KEY: Entity = Entity::new(
    "api_key",
    "access",
    &[
        id(),
        version(),
        refers("user_id", "user").required(),
        text("name", 80).required(),
        text("begins", 12).required(),
        text("token_hash", 64).required(),
        text("permissions", 4000).looks(Look::Tags).required(),
        instant("created_at"),
        instant("expires_at"),
        instant("last_used_at"),
        instant("revoked_at"),
    ],
)
.grade(Grade::Internal)
.unique(&[&["token_hash"]])
.index(&[&["user_id", "id"], &["begins"]]);

/// What one person may not both hold, or both do on one document.
pub static DUTY_RULE: Entity = Entity::new(
    "duty_rule",
    "access",
    &[
        id(),
        version(),
        text("code", 40).required().in_list(),
        one_of("kind", DutyKind::NAMES).required().in_list(),
        text("entity", 40).in_list(),
        text("first", 80).required().in_list(),
        text("second", 80).required().in_list(),
        one_of("effect", Effect::NAMES).required().in_list(),
        text("reason", 400).in_list(),
    ],
)
.collection("duty_rules")
.grade(Grade::Guarded)
.unique(&[&["code"]])
.index(&[&["kind", "effect"]])
.title("code");

/// 代理: one person's work done by another for a time.
pub static DELEGATION: Entity = Entity::new(
    "delegation",
    "access",
    &[
        id(),
        version(),
        Field::new("scope_id", FieldKind::Any).by_commands(),
        refers("from_user", "user").required().in_list(),
        refers("to_user", "user").required().in_list(),
        text("permissions", 4000).looks(Look::Tags).required().in_list(),
        instant("from_at").in_list(),
        instant("until_at").in_list(),
        text("reason", 400).required().in_list(),
        refers("given_by", "user").by_commands(),
        instant("revoked_at").by_commands().in_list(),
    ],
)
.collection("delegations")
.grade(Grade::Guarded)
.index(&[&["from_user", "id"], &["to_user", "from_user"]])
.title("reason");

/// Failed sign-ins of a login in a row, known or unknown, by the login's hash.
pub static SIGN_IN_ATTEMPT: Entity = Entity::new(
    "sign_in_attempt",
    "access",
    &[id(), text("login_hash", 64).required(), int("failures"), instant("last_at")],
)
.grade(Grade::Internal)
.unique(&[&["login_hash"]])
.index(&[&["last_at"]]);

/// A list as somebody keeps it: its conditions, order and columns by a name. Its table is
/// `list_view`: SQL reserves the word.
pub static VIEW: Entity = Entity::new(
    "view",
    "access",
    &[
        id(),
        version(),
        refers("owner", "user").required(),
        text("entity", 30).required(),
        text("name", 80).required(),
        one_of("share", Share::NAMES).required(),
        refers("role", "role"),
        flag("usual"),
        text("asked", 4000),
    ],
)
.table("list_view")
.grade(Grade::Internal)
.index(&[&["owner", "entity"], &["share", "entity"]]);

/// Every table of access, referred ones first.
pub static ENTITIES: &[&Entity] = &[
    &TENANT,
    &COMPANY,
    &DEPARTMENT,
    &USER,
    &PASSWORD,
    &ROLE,
    &ROLE_GRANT,
    &ROLE_REACH,
    &ROLE_FIELD,
    &USER_ROLE,
    &SIGN_IN,
    &SIGN_IN_ATTEMPT,
    &API_KEY,
    &DUTY_RULE,
    &DELEGATION,
    &VIEW,
];
