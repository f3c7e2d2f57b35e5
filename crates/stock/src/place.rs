//! Where goods lie: warehouses, their locations, and lots. Pure.
use kernel::{Day, Id};
use product::Product;

#[derive(Clone, Debug)]
pub struct Warehouse {
    pub id: Id<Warehouse>,
    pub version: i64,
    pub company: i64,
    pub code: String,
    pub name: String,
    /// Smaller is reserved from first.
    pub priority: i64,
}

#[derive(Clone, Debug)]
pub struct Location {
    pub id: Id<Location>,
    pub warehouse: Id<Warehouse>,
    pub code: String,
    /// `storage`, `staging` or `quarantine`.
    pub kind: String,
}

#[derive(Clone, Debug)]
pub struct Lot {
    pub id: Id<Lot>,
    pub product: Id<Product>,
    /// `-` is the default lot of a product that is not tracked by lot.
    pub code: String,
    pub expires_on: Option<Day>,
    pub blocked: bool,
}
