//! Verbs of tenants, companies and departments.
use crate::company::{Company, NewCompany};
use crate::department::{Department, NewDepartment, Tenant};
use crate::facts;
use kernel::{Ctx, Error, Id, Result, Stored};
use store::{Tx, find};

/// Makes the context's tenant: the row whose id is the tenant's. Error: `tenant.exists`.
pub fn create_tenant(cx: &Ctx, tx: &mut Tx, name: &str) -> Result<Tenant> {
    cx.allow("access.tenant.create")?;
    let id = Id::from_raw(cx.tenant);
    if tx.find::<Tenant>(id)?.is_some() {
        return Err(Error::conflict("tenant.exists", name));
    }
    let tenant = Tenant { id, version: 1, name: name.trim().to_owned(), created_at: cx.now };
    tx.insert(std::slice::from_ref(&tenant));
    tx.tell(cx.fact(facts::TENANT_CREATED).on("tenant", id.raw(), "created"));
    Ok(tenant)
}

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
    let code = Stored::text(code.to_owned());
    Ok(tx.list(find!(Department, "code = $2"), &[code])?.into_iter().next())
}
