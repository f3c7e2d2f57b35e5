//! What access reports. Facts name users and sign-ins by id only.
use kernel::Activity;

pub const TENANT_CREATED: Activity =
    Activity::new("tenant.created", "a tenant, a group of companies, was created");
pub const TENANT_CHANGED: Activity =
    Activity::new("tenant.changed", "a tenant's name or host names were said anew");
pub const TENANT_CLOSED: Activity =
    Activity::new("tenant.closed", "a tenant was closed: nobody signs in there any more");
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
pub const DEPARTMENT_CHANGED: Activity =
    Activity::new("department.changed", "a department was renamed");
pub const DEPARTMENT_MOVED: Activity =
    Activity::new("department.moved", "a department came below another one, or to the top");
pub const USER_CHANGED: Activity = Activity::new("user.changed", "a user was renamed");
pub const USER_MOVED: Activity = Activity::new("user.moved", "a user came into another department");
pub const REACH_SET: Activity =
    Activity::new("role.reach_set", "how far a role reaches on an entity was set");
pub const REACH_CLEARED: Activity = Activity::new(
    "role.reach_cleared",
    "a role reaches on an entity as far as its grants say again",
);
pub const FIELD_SET: Activity =
    Activity::new("role.field_set", "what a role sees and writes of a field was set");
pub const FIELD_CLEARED: Activity =
    Activity::new("role.field_cleared", "a role sees and writes a field as declared again");
pub const KEY_CREATED: Activity = Activity::new("api_key.created", "a user made an API key");
pub const KEY_REVOKED: Activity =
    Activity::new("api_key.revoked", "an API key was revoked before its end");
pub const KEY_REFUSED: Activity =
    Activity::new("api_key.refused", "a wrong secret was given for a known API key");
pub const DUTY_SET: Activity = Activity::new("duty.set", "a rule of separate duties was set");
pub const DELEGATED: Activity =
    Activity::new("delegation.given", "a user's work was given to another one for a time");
pub const DELEGATION_REVOKED: Activity =
    Activity::new("delegation.revoked", "a delegation was taken back before its end");

pub const VIEW_SAVED: Activity =
    Activity::new("view.saved", "a view of a list was saved, renamed or shared");
pub const VIEW_REMOVED: Activity = Activity::new("view.removed", "a view of a list was removed");

pub static FACTS: &[Activity] = &[
    TENANT_CREATED,
    TENANT_CHANGED,
    TENANT_CLOSED,
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
    DEPARTMENT_CHANGED,
    DEPARTMENT_MOVED,
    USER_CHANGED,
    USER_MOVED,
    REACH_SET,
    REACH_CLEARED,
    FIELD_SET,
    FIELD_CLEARED,
    KEY_CREATED,
    KEY_REVOKED,
    KEY_REFUSED,
    DUTY_SET,
    DELEGATED,
    DELEGATION_REVOKED,
    VIEW_SAVED,
    VIEW_REMOVED,
];
