//! The price engine over the database: all lines of a document in a handful of reads.
use crate::{PriceAgreement, PriceItem, PriceList, Priced, Wanted, price_line};
use kernel::{Ctx, Error, Id, Result, Stored};
use party::Party;
use product::Product;
use std::collections::BTreeMap;
use store::{Tx, find, find_in};

/// Prices of lines for a customer today, in the order wanted.
///
/// Errors: `product.not_found`, `price_list.not_found`.
pub fn quote(
    cx: &Ctx,
    tx: &mut Tx,
    party: &Party,
    wanted: &[Wanted],
    products: &BTreeMap<Id<Product>, Product>,
) -> Result<Vec<Priced>> {
    let list = list_of(tx, party)?;
    let ids: Vec<i64> = wanted.iter().map(|w| w.product.raw()).collect();
    let items: Vec<PriceItem> = match &list {
        Some(list) => tx.list_in(
            find_in!(PriceItem, "price_list = $2 AND product IN (#)", 1),
            &[Stored::Int(list.id.raw())],
            &ids,
        )?,
        None => Vec::new(),
    };
    let agreements: Vec<PriceAgreement> = tx.list_in(
        find_in!(PriceAgreement, "party = $2 AND product IN (#)", 1),
        &[Stored::Int(party.id.raw())],
        &ids,
    )?;
    let today = cx.today();
    let price = |w: &Wanted| {
        let product = products.get(&w.product);
        let product = product.ok_or_else(|| Error::not_found("product.not_found", w.product))?;
        Ok(price_line(product, w.qty, list.as_ref(), &items, &agreements, today))
    };
    wanted.iter().map(price).collect()
}

fn list_of(tx: &mut Tx, party: &Party) -> Result<Option<PriceList>> {
    if party.price_list_code.is_empty() {
        return Ok(None);
    }
    let code = Stored::text(party.price_list_code.clone());
    let found: Vec<PriceList> = tx.list(find!(PriceList, "code = $2"), &[code])?;
    match found.into_iter().next() {
        Some(list) => Ok(Some(list)),
        None => Err(Error::not_found("price_list.not_found", &party.price_list_code)),
    }
}
