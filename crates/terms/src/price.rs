//! Prices: base list, agreement, quantity break; each step is kept. Pure.
use kernel::{Currency, Day, Id, Price, PriceBasis, Qty, Rate, div_round};
use party::Party;
use product::Product;

#[derive(Clone, Debug)]
pub struct PriceList {
    pub id: Id<PriceList>,
    pub version: i64,
    pub code: String,
    pub name: String,
    pub currency: Currency,
    pub incl_tax: bool,
    /// Of the product's list price, where the list has no price of its own (经销 0.86).
    pub factor: Rate,
}

#[derive(Clone, Debug)]
pub struct PriceItem {
    pub id: Id<PriceItem>,
    pub price_list: Id<PriceList>,
    pub product: Id<Product>,
    /// From this quantity on (阶梯价).
    pub min_qty: Qty,
    pub price: Price,
    pub valid_from: Option<Day>,
    pub valid_until: Option<Day>,
}

/// A price agreed with one customer.
#[derive(Clone, Debug)]
pub struct PriceAgreement {
    pub id: Id<PriceAgreement>,
    pub version: i64,
    pub party: Id<Party>,
    pub product: Id<Product>,
    pub min_qty: Qty,
    pub price: Price,
    pub valid_from: Option<Day>,
    pub valid_until: Option<Day>,
}

/// One step of how a price came about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PriceStep {
    pub step: &'static str,
    pub price: Price,
}

/// A product wanted in a quantity.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    pub product: Id<Product>,
    pub qty: Qty,
}

/// A price with its steps; the last one counts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Priced {
    pub price: Price,
    pub list_price: Price,
    pub basis: PriceBasis,
    pub steps: Vec<PriceStep>,
}

fn valid(from: Option<Day>, until: Option<Day>, today: Day) -> bool {
    from.is_none_or(|d| d <= today) && until.is_none_or(|d| today <= d)
}

/// Prices one line, all in one currency: base list, then agreement, then quantity break
/// (lifecycles.md E25).
#[must_use]
pub fn price_line(
    product: Id<Product>,
    (qty, list_price): (Qty, Price),
    list: Option<&PriceList>,
    items: &[PriceItem],
    agreements: &[PriceAgreement],
    today: Day,
) -> Priced {
    let basis = match list {
        Some(list) if !list.incl_tax => PriceBasis::Excl,
        Some(_) | None => PriceBasis::Incl,
    };
    let mut steps = vec![PriceStep { step: "product", price: list_price }];
    if let Some(list) = list.filter(|l| l.factor.0 != 0 && l.factor.0 != Rate::SCALE) {
        let scaled = i128::from(list_price.0) * i128::from(list.factor.0);
        // Lists are kept to the hundredth of the minor unit, as trading houses print them.
        let price = div_round(scaled, i128::from(Rate::SCALE) * 100) * 100;
        let price = Price(i64::try_from(price).unwrap_or(list_price.0));
        steps.push(PriceStep { step: "list_factor", price });
    }
    let best = items
        .iter()
        .filter(|i| i.product == product && i.min_qty <= qty)
        .filter(|i| valid(i.valid_from, i.valid_until, today))
        .max_by_key(|i| i.min_qty);
    if let Some(item) = best {
        let step = if item.min_qty.is_zero() { "list" } else { "quantity_break" };
        steps.push(PriceStep { step, price: item.price });
    }
    let agreed = agreements
        .iter()
        .filter(|a| a.product == product && a.min_qty <= qty)
        .filter(|a| valid(a.valid_from, a.valid_until, today))
        .max_by_key(|a| a.min_qty);
    if let Some(agreement) = agreed {
        steps.push(PriceStep { step: "agreement", price: agreement.price });
    }
    let price = steps.last().map_or(list_price, |s| s.price);
    Priced { price, list_price, basis, steps }
}
