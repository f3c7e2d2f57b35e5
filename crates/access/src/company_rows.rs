//! Load and save of tenants, companies and departments.
use crate::company::Company;
use crate::department::Department;
use crate::entities::{COMPANY, DEPARTMENT, TENANT};
use crate::tenant::Tenant;

store::record!(Tenant => TENANT { id, version, code, name, hosts, created_at, closed_at });
store::record!(Company => COMPANY {
    id, version, code, name, currency, chart, taxpayer, prices_incl_tax, default_tax_code, costing,
    credit_control, recognition, credit_alpha, refund_threshold, start_period, zone, tax_id,
    address, phone, bank, bank_account,
});
store::record!(Department => DEPARTMENT { id, version, company_id, code, name, parent });
