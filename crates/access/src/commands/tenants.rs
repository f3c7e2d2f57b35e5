//! Verbs of tenants: the operator's, on the command line; no route leads here.
use crate::facts;
use crate::tenant::{self, FIRST, NewTenant, Tenant};
use kernel::{Ctx, Error, Id, Result};
use store::Tx;

/// Makes the tenant that an installation begins with. Errors: those of [`add_tenant`].
pub fn create_tenant(cx: &Ctx, tx: &mut Tx, name: &str) -> Result<Tenant> {
    let (code, name) = (FIRST.to_owned(), name.to_owned());
    add_tenant(cx, tx, &NewTenant { code, name, hosts: Vec::new() })
}

/// Makes the context's tenant: the row whose id is the tenant's.
///
/// Errors: `tenant.exists`, those of [`NewTenant::tenant`].
pub fn add_tenant(cx: &Ctx, tx: &mut Tx, new: &NewTenant) -> Result<Tenant> {
    cx.allow("access.tenant.create")?;
    let id = Id::from_raw(cx.tenant);
    if tx.find::<Tenant>(id)?.is_some() {
        return Err(Error::conflict("tenant.exists", &new.name));
    }
    let tenant = new.tenant(id, cx.now)?;
    tx.insert(std::slice::from_ref(&tenant));
    tx.tell(cx.fact(facts::TENANT_CREATED).on("tenant", id.raw(), "created"));
    Ok(tenant)
}

/// Says its name, its host names or both anew; what is not given stays.
///
/// Errors: `tenant.no_name`, `tenant.host_invalid`.
pub fn change_tenant(
    cx: &Ctx,
    tx: &mut Tx,
    name: Option<&str>,
    hosts: Option<&[String]>,
) -> Result<Tenant> {
    cx.allow("access.tenant.change")?;
    let mut tenant = own(cx, tx)?;
    if let Some(name) = name {
        tenant.name = tenant::name(name)?;
    }
    if let Some(hosts) = hosts {
        tenant.hosts = tenant::hosts(hosts)?;
    }
    tx.update(std::slice::from_ref(&tenant));
    tx.tell(cx.fact(facts::TENANT_CHANGED).on("tenant", cx.tenant, "changed"));
    Ok(tenant)
}

/// Closes it: no server serves it any more; its rows stay. `false` where it was closed before.
pub fn close_tenant(cx: &Ctx, tx: &mut Tx) -> Result<bool> {
    cx.allow("access.tenant.close")?;
    let mut tenant = own(cx, tx)?;
    if tenant.closed_at.is_some() {
        return Ok(false);
    }
    tenant.closed_at = Some(cx.now);
    tx.update(std::slice::from_ref(&tenant));
    tx.tell(cx.fact(facts::TENANT_CLOSED).on("tenant", cx.tenant, "closed"));
    Ok(true)
}

fn own(cx: &Ctx, tx: &mut Tx) -> Result<Tenant> {
    tx.get(Id::from_raw(cx.tenant))
}
