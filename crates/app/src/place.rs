//! Opening an installation: its folder, its stores, its tenants; see docs/tenants.md.
use crate::cli;
use crate::outside::now;
use kernel::{Ctx, Error, Result};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::folder::Folder;
use store::tenants::Listed;
use store::{Engine, Store, Target};

/// The tenant that an installation begins with, and that stands alone in most.
pub(crate) const FIRST: i64 = 1;

/// A tenant's place, held by this process.
pub(crate) struct Place {
    /// Holds the folder's lock.
    _folder: Arc<Folder>,
    pub(crate) store: Arc<Store>,
    pub(crate) tenant: i64,
    pub(crate) listed: Listed,
    /// Where its files and figures lie.
    pub(crate) dir: PathBuf,
}

impl Place {
    /// The system's context now.
    pub(crate) fn system(&self) -> Ctx {
        Ctx::system(self.tenant, now(), self.store.ids())
    }
    /// The columns of its own facts, kept beside the store.
    pub(crate) fn columns(&self) -> PathBuf {
        self.dir.join("process").join(format!("{}.facts", self.tenant))
    }
    /// The folder of the files that hang on its documents: beside its rows, or, where people named
    /// one, that one; of other tenants the same name with theirs behind.
    pub(crate) fn files(&self, named: Option<&Path>) -> PathBuf {
        files_of(&self.dir, named, self.code_apart())
    }
    /// Its code, unless it is the first tenant.
    pub(crate) fn code_apart(&self) -> Option<&str> {
        (self.tenant != FIRST).then_some(&*self.listed.code)
    }
}

fn files_of(dir: &Path, named: Option<&Path>, code: Option<&str>) -> PathBuf {
    match (named, code) {
        (None, _) => dir.join("files"),
        (Some(named), None) => named.to_owned(),
        (Some(named), Some(code)) => {
            let name = named.file_name().unwrap_or_default().to_string_lossy();
            named.with_file_name(format!("{name}.{code}"))
        }
    }
}

/// Takes the chosen tenant's folder and opens its database, making the tenant on first use.
///
/// Errors: `tenant.several`, `tenant.unknown`, those of the folder and the store.
pub(crate) fn open(at: &cli::Place) -> Result<Place> {
    let at = &locate(at)?;
    let folder = Arc::new(Folder::take(&at.data, at.database.clone())?);
    let store = Arc::new(folder.open(now())?);
    let (here, wanted) = (first_use(&store)?, at.tenant.as_deref());
    if let Some(code) = wanted.filter(|code| here.iter().all(|t| t.code != *code)) {
        let apart = Folder::tenants(&at.data).into_iter();
        let known: Vec<String> = here.into_iter().map(|t| t.code).chain(apart).collect();
        return Err(Error::not_found("tenant.unknown", code).with("known", known.join(", ")));
    }
    let listed = chosen(here, wanted)?;
    Ok(placed(&folder, store, listed))
}

/// All tenants of the installation that are not closed; with `--tenant` that one.
///
/// Errors: `tenant.none_open`, those of [`open`].
pub(crate) fn open_all(at: &cli::Place) -> Result<Vec<Place>> {
    let mut all = if at.tenant.is_some() { vec![open(at)?] } else { every(at)? };
    all.retain(|place| !place.listed.is_closed);
    if all.is_empty() {
        return Err(Error::conflict("tenant.none_open", at.data.display()));
    }
    Ok(all)
}

/// All tenants of the installation, oldest first.
pub(crate) fn every(at: &cli::Place) -> Result<Vec<Place>> {
    let folder = Arc::new(Folder::take(&at.data, at.database.clone())?);
    let store = Arc::new(folder.open(now())?);
    let apart = Folder::tenants(&at.data);
    let here = first_use(&store)?.into_iter().filter(|t| !apart.contains(&t.code));
    let mut all: Vec<Place> =
        here.map(|listed| placed(&folder, Arc::clone(&store), listed)).collect();
    let mut stores = vec![(folder.target()?, store)];
    for code in apart {
        let dir = Folder::of_tenant(&at.data, &code);
        let folder = Arc::new(Folder::take(&dir, None)?);
        let target = folder.target()?;
        let known = stores.iter().find(|(of, _)| same(of, &target));
        let store = match known {
            Some((_, store)) => Arc::clone(store),
            None => Arc::new(folder.open(now())?),
        };
        stores.push((target, Arc::clone(&store)));
        let listed = chosen(store.tenants()?, Some(&code))?;
        all.push(placed(&folder, store, listed));
    }
    let mut ids = BTreeSet::new();
    if let Some(twice) = all.iter().find(|place| !ids.insert(place.tenant)) {
        return Err(Error::conflict("tenant.id_taken", &twice.listed.code));
    }
    all.sort_by_key(|place| place.tenant);
    Ok(all)
}

fn same(a: &Target, b: &Target) -> bool {
    matches!((a, b), (Target::Postgres { url: a, .. }, Target::Postgres { url: b, .. }) if a == b)
}

fn placed(folder: &Arc<Folder>, store: Arc<Store>, listed: Listed) -> Place {
    let (here, code) = (folder.path(), listed.code.as_str());
    let is_its_own = here.ends_with(Path::new("tenants").join(code));
    let dir = if store.engine() == Engine::Sqlite || is_its_own || Folder::own(here) == listed.id {
        here.to_owned()
    } else {
        Folder::of_tenant(here, code)
    };
    Place { _folder: Arc::clone(folder), store, tenant: listed.id, listed, dir }
}

/// The tenants of a database; of an empty one the first, which is made.
fn first_use(store: &Arc<Store>) -> Result<Vec<Listed>> {
    let all = store.tenants()?;
    if !all.is_empty() {
        return Ok(all);
    }
    let cx = Ctx::system(FIRST, now(), store.ids());
    store.run(&cx, |cx, tx| access::commands::create_tenant(cx, tx, "Huiliu").map(|_| ()))?;
    store.tenants()
}

/// The id of the tenant that is named in an open database, else of its first.
pub(crate) fn tenant_of(store: &Store, code: Option<&str>) -> Result<i64> {
    let all = store.tenants()?;
    match code {
        Some(_) => chosen(all, code).map(|t| t.id),
        None => Ok(all.first().map_or(FIRST, |t| t.id)),
    }
}

/// The one that is named, or the only one. Errors: `tenant.several`, `tenant.unknown`.
fn chosen(all: Vec<Listed>, code: Option<&str>) -> Result<Listed> {
    let names: Vec<&str> = all.iter().map(|t| t.code.as_str()).collect();
    let names = names.join(", ");
    let mut fits = all.into_iter().filter(|t| code.is_none_or(|code| t.code == code));
    match (fits.next(), fits.next()) {
        (Some(only), None) => Ok(only),
        (Some(_), Some(_)) => Err(Error::invalid("tenant.several", names)),
        (None, _) => {
            Err(Error::not_found("tenant.unknown", code.unwrap_or("")).with("known", names))
        }
    }
}

/// Where the chosen tenant's rows are looked for: in a folder of its own inside the data folder,
/// else in the data folder itself. Errors: `tenant.several`, those of the folder and the store.
pub(crate) fn locate(at: &cli::Place) -> Result<cli::Place> {
    let apart = Folder::tenants(&at.data);
    match &at.tenant {
        Some(code) if apart.contains(code) => {
            let data = Folder::of_tenant(&at.data, code);
            Ok(cli::Place { data, database: None, tenant: Some(code.clone()) })
        }
        None if !apart.is_empty() => {
            let here = here(at).unwrap_or_else(|_| vec![access::tenant::FIRST.to_owned()]);
            let here = here.into_iter().filter(|code| !apart.contains(code));
            let known: Vec<String> = here.chain(apart.iter().cloned()).collect();
            Err(Error::invalid("tenant.several", known.join(", ")))
        }
        _ => Ok(at.clone()),
    }
}

/// The codes of the tenants in the folder's own database. A server that holds it keeps them to
/// itself: then the usual one is named.
fn here(at: &cli::Place) -> Result<Vec<String>> {
    let store = Folder::take(&at.data, at.database.clone())?.open(now())?;
    Ok(store.tenants()?.into_iter().map(|t| t.code).collect())
}

/// Adds a tenant. In a data folder on SQLite it gets a folder and a file of its own, in PostgreSQL
/// rows beside the others'; the first of an empty installation takes its place.
///
/// Errors: `tenant.code_taken`, `tenant.host_taken`, those of [`access::tenant::NewTenant`].
pub(crate) fn add(at: &cli::Place, new: &access::tenant::NewTenant) -> Result<Listed> {
    access::tenant::check_code(&new.code)?;
    let (folder, apart) = (Folder::take(&at.data, at.database.clone())?, Folder::tenants(&at.data));
    let store = folder.open(now())?;
    let here = store.tenants()?;
    if apart.contains(&new.code) || here.iter().any(|t| t.code == new.code) {
        return Err(Error::conflict("tenant.code_taken", &new.code));
    }
    let is_first = here.is_empty() && apart.is_empty();
    if is_first || store.engine() == Engine::Postgres {
        let id = if is_first { FIRST } else { next_id(&here) };
        free_hosts(&here, new)?;
        return added(&store, id, new);
    }
    drop((folder, store));
    let all = if here.is_empty() { Vec::new() } else { every(at)? };
    let all: Vec<Listed> = all.into_iter().map(|place| place.listed).collect();
    free_hosts(&all, new)?;
    let dir = Folder::of_tenant(&at.data, &new.code);
    let store = Folder::take(&dir, None)?.open(now())?;
    added(&store, next_id(&all), new)
}

/// The second in which it is added: an id that no tenant of another installation has either, so
/// that it can move to a database of others. Facts' digests cover it, so it cannot change later.
fn next_id(all: &[Listed]) -> i64 {
    let newest = all.iter().map(|t| t.id).max().unwrap_or(0);
    (now().0 / kernel::Instant::SECOND).max(newest + 1)
}

fn free_hosts(all: &[Listed], new: &access::tenant::NewTenant) -> Result<()> {
    let mut taken = all.iter().flat_map(|t| &t.hosts);
    let hosts = access::tenant::hosts(&new.hosts)?;
    match taken.find(|taken| hosts.lines().any(|h| h == *taken)) {
        Some(host) => Err(Error::conflict("tenant.host_taken", host)),
        None => Ok(()),
    }
}

fn added(store: &Store, id: i64, new: &access::tenant::NewTenant) -> Result<Listed> {
    let cx = Ctx::system(id, now(), store.ids());
    store.run(&cx, |cx, tx| access::commands::add_tenant(cx, tx, new).map(|_| ()))?;
    store.seal(id, now())?;
    chosen(store.tenants()?, Some(&new.code))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(code: &str) -> Listed {
        let (name, hosts) = (code.to_owned(), Vec::new());
        Listed { id: FIRST, code: code.to_owned(), name, hosts, is_closed: false }
    }

    #[test]
    fn the_only_tenant_need_not_be_named_and_of_several_one_must_be() {
        let two = || vec![listed("main"), listed("acme")];
        let code = |of: Result<Listed>| of.map_err(|e| e.code).map(|t| t.code);
        assert_eq!(code(chosen(vec![listed("main")], None)), Ok("main".to_owned()));
        assert_eq!(code(chosen(two(), Some("acme"))), Ok("acme".to_owned()));
        assert_eq!(code(chosen(two(), None)), Err("tenant.several"));
        assert_eq!(code(chosen(two(), Some("zeta"))), Err("tenant.unknown"));
    }

    #[test]
    fn a_named_folder_of_files_is_the_firsts_and_others_have_one_beside_it() {
        let (dir, named) = (Path::new("/data/tenants/acme"), Path::new("/srv/files"));
        assert_eq!(files_of(dir, None, Some("acme")), dir.join("files"));
        assert_eq!(files_of(dir, Some(named), None), named);
        assert_eq!(files_of(dir, Some(named), Some("acme")), Path::new("/srv/files.acme"));
    }
}
