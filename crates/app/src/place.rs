//! Opening an installation: its folder, its store, its tenant.
use crate::cli;
use crate::outside::now;
use kernel::{Ctx, Result};
use std::sync::Arc;
use store::Store;
use store::folder::Folder;

/// The tenant of an installation; hosting many is a later step's.
pub(crate) const TENANT: i64 = 1;

/// An installation held by this process.
pub(crate) struct Place {
    /// Holds the folder's lock.
    _folder: Folder,
    pub(crate) store: Arc<Store>,
}

/// Takes the folder and opens its database, making the tenant on first use.
pub(crate) fn open(place: &cli::Place) -> Result<Place> {
    let folder = Folder::take(&place.data, place.database.clone())?;
    let store = Arc::new(folder.open(now())?);
    let cx = Ctx::system(TENANT, now(), store.ids());
    let known = store.read(&cx, |cx, tx| {
        tx.find(kernel::Id::<access::department::Tenant>::from_raw(cx.tenant))
    })?;
    if known.is_none() {
        store.run(&cx, |cx, tx| access::commands::create_tenant(cx, tx, "Huiliu").map(|_| ()))?;
    }
    Ok(Place { _folder: folder, store })
}

impl Place {
    /// The system's context now.
    pub(crate) fn system(&self) -> Ctx {
        Ctx::system(TENANT, now(), self.store.ids())
    }
}
