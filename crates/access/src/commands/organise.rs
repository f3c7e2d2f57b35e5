//! Verbs of companies and departments.
use crate::company::{Company, NewCompany};
use crate::department::{Department, NewDepartment};
use crate::facts;
use kernel::{Ctx, Done, Error, Id, Money, Result, Stored};
use store::{Tx, find};

/// Errors: those of [`NewCompany::check`], `company.code_taken`.
pub fn create_company(cx: &Ctx, tx: &mut Tx, new: NewCompany) -> Result<Company> {
    cx.allow("access.company.create")?;
    new.check()?;
    if crate::questions::company(tx, &new.code)?.is_some() {
        return Err(Error::conflict("company.code_taken", &new.code).with("field", "code"));
    }
    let company = new.company(cx.id());
    tx.insert(std::slice::from_ref(&company));
    let id = company.id.raw();
    let mut fact = cx.fact(facts::COMPANY_CREATED).on("company", id, "created");
    fact.company = id;
    tx.tell(
        fact.attr("chart", &company.chart)
            .attr("taxpayer", company.taxpayer.name())
            .attr("costing", company.costing.name())
            .attr("recognition", company.recognition.name())
            .attr("start_period", &company.start_period),
    );
    Ok(company)
}

/// Minor units; whoever means more asks nobody anyway.
const MAX_THRESHOLD: i64 = 100_000_000_00;

/// What may be said anew of a company; the rest its books rest on.
#[derive(Clone, Debug, Default)]
pub struct CompanyChange {
    pub name: Option<String>,
    pub tax_id: Option<String>,
    pub address: Option<String>,
    pub phone: Option<String>,
    pub bank: Option<String>,
    pub bank_account: Option<String>,
    /// Of documents from now on.
    pub prices_incl_tax: Option<bool>,
    /// Of refunds that are drawn up from now on: minor units of its currency.
    pub refund_threshold: Option<i64>,
}

/// Says anew what stands on a company's paper, and what it leaves to its people. Saying what is so
/// already is nothing.
///
/// Errors: `company.no_name`, `company.threshold_invalid`.
pub fn change_company(
    cx: &Ctx,
    tx: &mut Tx,
    id: Id<Company>,
    change: CompanyChange,
) -> Result<Done<()>> {
    cx.allow("access.company.change")?;
    let mut company: Company = tx.lock(id)?;
    let mut changed = Vec::new();
    let mut set = |name: &'static str, was: &mut String, to: Option<String>| {
        if let Some(to) = to.map(|to| to.trim().to_owned()).filter(|to| to != was) {
            *was = to;
            changed.push(name);
        }
    };
    set("name", &mut company.name, change.name);
    set("tax_id", &mut company.tax_id, change.tax_id);
    set("address", &mut company.address, change.address);
    set("phone", &mut company.phone, change.phone);
    set("bank", &mut company.bank, change.bank);
    set("bank_account", &mut company.bank_account, change.bank_account);
    if let Some(to) = change.prices_incl_tax.filter(|to| *to != company.prices_incl_tax) {
        company.prices_incl_tax = to;
        changed.push("prices_incl_tax");
    }
    if let Some(to) = change.refund_threshold.filter(|to| *to != company.refund_threshold) {
        if !(0..=MAX_THRESHOLD).contains(&to) {
            let e = Error::invalid("company.threshold_invalid", Money::new(to, company.currency));
            return Err(e.with("field", "refund_threshold"));
        }
        company.refund_threshold = to;
        changed.push("refund_threshold");
    }
    if company.name.is_empty() {
        return Err(Error::invalid("company.no_name", &company.code).with("field", "name"));
    }
    if changed.is_empty() {
        return Ok(Done::Already);
    }
    tx.update(std::slice::from_ref(&company));
    let mut fact = cx.fact(facts::COMPANY_CHANGED).on("company", id.raw(), "changed");
    fact.company = id.raw();
    if changed.contains(&"refund_threshold") {
        fact = fact.attr("refund_threshold", company.refund_threshold);
    }
    tx.tell(fact.attr("fields", changed.join(",")));
    Ok(Done::Now(()))
}

/// Errors: `department.no_name`, `department.code_taken`.
pub fn create_department(cx: &Ctx, tx: &mut Tx, new: &NewDepartment<'_>) -> Result<Department> {
    cx.allow("access.department.create")?;
    new.check()?;
    let code = new.code.trim().to_owned();
    if department(tx, &code)?.is_some() {
        return Err(Error::conflict("department.code_taken", &code).with("field", "code"));
    }
    let department = Department {
        id: cx.id(),
        version: 1,
        company_id: new.company,
        code,
        name: new.name.trim().to_owned(),
        parent: new.parent,
    };
    tx.insert(std::slice::from_ref(&department));
    let fact = cx.fact(facts::DEPARTMENT_CREATED).on("department", department.id.raw(), "created");
    tx.tell(fact.on("company", new.company.raw(), "of"));
    Ok(department)
}

fn department(tx: &mut Tx, code: &str) -> Result<Option<Department>> {
    let code = Stored::text(code);
    Ok(tx.list(find!(Department, "code = $2"), &[code])?.into_iter().next())
}
