//! The price engine over the database: all lines of a document in a handful of reads.
use crate::{PriceAgreement, PriceItem, PriceList, Priced, Wanted, price_line};
use kernel::{Ctx, Currency, Error, Id, Price, Rate, Result, Stored, div_round};
use party::Party;
use product::Product;
use std::collections::BTreeMap;
use store::{Tx, find, find_in};

/// The currency that prices are wanted in, and its rate in base units per unit.
pub type Into = (Currency, Rate);

/// Prices of lines for a customer today, in the order wanted, in the currency wanted: products and
/// agreements are priced in the company's own, a list in its own.
///
/// Errors: `product.not_found`, `price_list.not_found`, `price_list.other_currency`.
pub fn quote(
    cx: &Ctx,
    tx: &mut Tx,
    party: &Party,
    wanted: &[Wanted],
    products: &BTreeMap<Id<Product>, Product>,
    into: Into,
) -> Result<Vec<Priced>> {
    let list = list_of(tx, party)?;
    if let Some(list) = &list {
        fits(cx, list, into.0)?;
    }
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
    let (items, agreements) = converted(cx, list.as_ref(), (items, agreements), into);
    let today = cx.today();
    let price = |w: &Wanted| {
        let product = products.get(&w.product);
        let product = product.ok_or_else(|| Error::not_found("product.not_found", w.product))?;
        let at = (w.qty, exchanged(product.list_price, cx, into));
        Ok(price_line(product.id, at, list.as_ref(), &items, &agreements, today))
    };
    wanted.iter().map(price).collect()
}

/// Prices of a list in a third currency say nothing here. Error: `price_list.other_currency`.
fn fits(cx: &Ctx, list: &PriceList, wanted: Currency) -> Result<()> {
    if list.currency == wanted || list.currency == cx.base {
        return Ok(());
    }
    let e = Error::conflict("price_list.other_currency", &list.code);
    Err(e.with("currency", list.currency).with("wanted", wanted).with("field", "currency"))
}

/// A price of the company's own currency in another one, to the hundredth of its minor unit.
fn exchanged(price: Price, cx: &Ctx, (currency, rate): Into) -> Price {
    if currency == cx.base || rate.0 <= 0 {
        return price;
    }
    let step = 10_i128.pow(4_u32.saturating_sub(currency.places()));
    let scaled = i128::from(price.0) * i128::from(Rate::SCALE);
    let exchanged = div_round(scaled, i128::from(rate.0) * step) * step;
    Price(i64::try_from(exchanged).unwrap_or(price.0))
}

type Known = (Vec<PriceItem>, Vec<PriceAgreement>);

fn converted(cx: &Ctx, list: Option<&PriceList>, known: Known, into: Into) -> Known {
    let (mut items, mut agreements) = known;
    if list.is_some_and(|list| list.currency != into.0) {
        items.iter_mut().for_each(|item| item.price = exchanged(item.price, cx, into));
    }
    agreements.iter_mut().for_each(|a| a.price = exchanged(a.price, cx, into));
    (items, agreements)
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
