//! Verbs of products.
use crate::{Product, facts};
use kernel::{Ctx, Error, Id, Result};
use std::collections::BTreeMap;
use store::{Tx, find, find_in};

/// New products. Errors: those of [`Product::check`]; a taken code fails as `store.duplicate`.
pub fn create(cx: &Ctx, tx: &mut Tx, products: &[Product]) -> Result<()> {
    cx.allow("product.product.write")?;
    products.iter().try_for_each(Product::check)?;
    tx.insert(products);
    for product in products {
        tx.tell(cx.fact(facts::CREATED).on("product", product.id.raw(), "created"));
    }
    Ok(())
}

/// The product with a code, if any.
pub fn by_code(tx: &mut Tx, code: &str) -> Result<Option<Product>> {
    let found = tx.list(find!(Product, "code = $2"), &[kernel::Stored::text(code)])?;
    Ok(found.into_iter().next())
}

/// Products by id, in one read. Error: `product.not_found`.
pub fn by_ids(tx: &mut Tx, ids: &[Id<Product>]) -> Result<BTreeMap<Id<Product>, Product>> {
    let raw: Vec<i64> = ids.iter().map(|id| id.raw()).collect();
    let found: Vec<Product> = tx.list_in(find_in!(Product, "id IN (#)", 0), &[], &raw)?;
    let all: BTreeMap<Id<Product>, Product> = found.into_iter().map(|p| (p.id, p)).collect();
    match ids.iter().find(|id| !all.contains_key(id)) {
        Some(missing) => Err(Error::not_found("product.not_found", missing)),
        None => Ok(all),
    }
}
