//! What access reports. Facts name users and sign-ins by id only.
use kernel::Activity;

pub const TENANT_CREATED: Activity =
    Activity::new("tenant.created", "a tenant, a group of companies, was created");
pub const COMPANY_CREATED: Activity =
    Activity::new("company.created", "a company with its choices of set-up was created");
pub const COMPANY_CHANGED: Activity =
    Activity::new("company.changed", "what stands on a company's paper was said anew");
pub const DEPARTMENT_CREATED: Activity =
    Activity::new("department.created", "a department was created");
pub const USER_CREATED: Activity = Activity::new("user.created", "a user was created");
pub const USER_DISABLED: Activity =
    Activity::new("user.disabled", "a user was shut out and all sign-ins were revoked");
pub const PASSWORD_SET: Activity =
    Activity::new("user.password_set", "a user's password was set and old sign-ins were revoked");
pub const LINK_ISSUED: Activity =
    Activity::new("user.link_issued", "a link that signs a user in once was issued");
pub const SIGNED_IN: Activity = Activity::new("user.signed_in", "a user signed in");
pub const SIGN_IN_REFUSED: Activity =
    Activity::new("user.sign_in_refused", "a wrong password was given for a user");
pub const SIGNED_OUT: Activity = Activity::new("user.signed_out", "a user signed out");
pub const SIGN_IN_REVOKED: Activity =
    Activity::new("user.sign_in_revoked", "a sign-in was revoked before its end");
pub const ROLE_CREATED: Activity = Activity::new("role.created", "a role was created");
pub const ROLE_GRANTED: Activity =
    Activity::new("role.granted", "a role was given a permission, or another reach of it");
pub const ROLE_GRANT_WITHDRAWN: Activity =
    Activity::new("role.grant_withdrawn", "a permission was taken from a role");
pub const ROLE_ASSIGNED: Activity = Activity::new("role.assigned", "a user was given a role");
pub const ROLE_WITHDRAWN: Activity =
    Activity::new("role.withdrawn", "a role was taken away from a user");

pub const VIEW_SAVED: Activity =
    Activity::new("view.saved", "a view of a list was saved, renamed or shared");
pub const VIEW_REMOVED: Activity = Activity::new("view.removed", "a view of a list was removed");

pub static FACTS: &[Activity] = &[
    TENANT_CREATED,
    COMPANY_CREATED,
    COMPANY_CHANGED,
    DEPARTMENT_CREATED,
    USER_CREATED,
    USER_DISABLED,
    PASSWORD_SET,
    LINK_ISSUED,
    SIGNED_IN,
    SIGN_IN_REFUSED,
    SIGNED_OUT,
    SIGN_IN_REVOKED,
    ROLE_CREATED,
    ROLE_GRANTED,
    ROLE_GRANT_WITHDRAWN,
    ROLE_ASSIGNED,
    ROLE_WITHDRAWN,
    VIEW_SAVED,
    VIEW_REMOVED,
];
