//! Load and save of tenants, companies and departments.
use crate::company::Company;
use crate::department::{Department, Tenant};
use crate::entities::{COMPANY, DEPARTMENT, TENANT};

store::record!(Tenant => TENANT { id, version, name, created_at });
store::record!(Company => COMPANY {
    id, version, code, name, currency, chart, taxpayer, prices_incl_tax, default_tax_code, costing,
    credit_control, recognition, credit_alpha, start_period, zone, tax_id, address, phone, bank,
    bank_account,
});
store::record!(Department => DEPARTMENT { id, version, company_id, code, name, parent });
