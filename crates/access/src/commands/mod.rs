//! Verbs of access: allow, load, decide, save, tell. Hashing happened before.
mod bounds;
mod duties;
mod keys;
mod organise;
mod people;
mod sign;
mod tenants;
mod views;

pub use bounds::{
    DepartmentChange, UserChange, change_department, change_user, clear_field, clear_reach,
    set_field, set_reach,
};
pub use duties::{check_done, set_duty};
pub use keys::{
    create_key, delegate, in_person, refuse_key, revoke_delegation, revoke_key, see_key,
};
pub use organise::{CompanyChange, change_company, create_company, create_department};
pub use people::{
    assign_role, create_role, create_user, create_usual_roles, disable_user, grant, set_password,
    withdraw_grant, withdraw_role,
};
pub use sign::{
    Attempt, Outcome, SetUp, SignedIn, forget_ended, issue_link, redeem_link, revoke, see, set_up,
    sign_in, sign_out, throttled,
};
pub use tenants::{add_tenant, change_tenant, close_tenant, create_tenant};
pub use views::{remove_view, save_view};
