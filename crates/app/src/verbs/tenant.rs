//! `huiliu tenant`: adds, lists, changes and closes tenants; the operator's, never a route's.
use crate::cli::{self, TenantVerb};
use crate::outside::say;
use crate::place;
use access::tenant::NewTenant;
use kernel::{Error, Result};
use serde_json::json;
use std::process::ExitCode;
use store::folder::Folder;
use store::tenants::Listed;

/// Does what is asked.
pub(crate) fn run(at: &cli::Place, ask: &cli::Tenant) -> Result<ExitCode> {
    match &ask.verb {
        TenantVerb::Add(new) => add(at, new),
        TenantVerb::List(json) => list(at, json.json),
        TenantVerb::Change(ask) => change(at, ask),
        TenantVerb::Close(ask) => close(at, ask),
    }
}

fn add(at: &cli::Place, ask: &cli::TenantAdd) -> Result<ExitCode> {
    let (code, name) = (ask.code.clone(), ask.name.clone());
    let listed = place::add(at, &NewTenant { code, name, hosts: ask.hosts.clone() })?;
    if ask.json {
        outln!("{}", one(&listed));
    } else {
        outln!("{}", say("cli-tenant-added", &[("code", &listed.code), ("name", &listed.name)]));
    }
    Ok(ExitCode::SUCCESS)
}

/// Those of the folder's database, and those with a folder of their own; closed ones too.
fn list(at: &cli::Place, as_json: bool) -> Result<ExitCode> {
    let here = Folder::take(&at.data, at.database.clone())?.open(crate::outside::now())?;
    let apart = Folder::tenants(&at.data);
    let mut all = here.tenants()?;
    all.retain(|t| !apart.contains(&t.code));
    drop(here);
    for code in apart {
        let at = cli::Place { tenant: Some(code), ..at.clone() };
        all.push(place::open(&at)?.listed);
    }
    all.sort_by_key(|t| t.id);
    if as_json {
        outln!("{}", json!({ "tenants": all.iter().map(one).collect::<Vec<_>>() }));
        return Ok(ExitCode::SUCCESS);
    }
    for tenant in &all {
        let closed = if tenant.is_closed { say("cli-tenant-closed", &[]) } else { String::new() };
        let hosts = tenant.hosts.join(" ");
        outln!("{}", format!("{:<16} {}  {hosts} {closed}", tenant.code, tenant.name).trim_end());
    }
    Ok(ExitCode::SUCCESS)
}

fn one(tenant: &Listed) -> serde_json::Value {
    json!({
        "id": tenant.id.to_string(), "code": tenant.code, "name": tenant.name,
        "hosts": tenant.hosts, "closed": tenant.is_closed,
    })
}

fn change(at: &cli::Place, ask: &cli::TenantChange) -> Result<ExitCode> {
    if let Some(hosts) = &ask.hosts {
        let others = place::every(&cli::Place { tenant: None, ..at.clone() })?;
        let taken = others.iter().filter(|place| place.listed.code != ask.code);
        let mut taken = taken.flat_map(|place| &place.listed.hosts);
        if let Some(host) = taken.find(|taken| hosts.iter().any(|h| h.to_lowercase() == **taken)) {
            return Err(Error::conflict("tenant.host_taken", host));
        }
    }
    let place = place::open(&cli::Place { tenant: Some(ask.code.clone()), ..at.clone() })?;
    let (name, hosts) = (ask.name.as_deref(), ask.hosts.as_deref());
    place.store.run(&place.system(), |cx, tx| {
        access::commands::change_tenant(cx, tx, name, hosts).map(|_| ())
    })?;
    outln!("{}", say("cli-tenant-changed", &[("code", &ask.code)]));
    Ok(ExitCode::SUCCESS)
}

fn close(at: &cli::Place, ask: &cli::TenantClose) -> Result<ExitCode> {
    let place = place::open(&cli::Place { tenant: Some(ask.code.clone()), ..at.clone() })?;
    place
        .store
        .run(&place.system(), |cx, tx| access::commands::close_tenant(cx, tx).map(|_| ()))?;
    outln!("{}", say("cli-tenant-was-closed", &[("code", &ask.code)]));
    Ok(ExitCode::SUCCESS)
}
