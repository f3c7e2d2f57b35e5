//! What somebody asks for on a line, and the line's money from it. Pure.
use kernel::{Currency, Error, Id, Price, PriceBasis, Qty, Rate, Result, line_money};
use product::Product;

/// One line as entered: price `None` asks the price engine.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Asked {
    pub product: Id<Product>,
    pub qty: Qty,
    pub price: Option<Price>,
    /// Minor units off the entered side.
    pub discount: i64,
}

/// A line's price and money, decided.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    pub list_price: Price,
    pub price: Price,
    pub tax_rate: Rate,
    pub gross: i64,
    pub net: i64,
    pub tax: i64,
    /// How the price came about, as JSON.
    pub steps: String,
}

/// Lines of a document at most.
pub const MAX_LINES: usize = 2000;

/// A line at most: a billion units, and a hundred billion of money (minor units). Sums over the
/// longest document stay far below what a column holds.
pub const MAX_QTY: Qty = Qty::whole(1_000_000_000);
pub const MAX_GROSS: i64 = 10_000_000_000_000;

/// Errors: `line.none`, `line.too_many`, `line.quantity`, `line.price`, `line.too_much`.
pub fn check(asked: &[Asked]) -> Result<()> {
    if asked.is_empty() {
        return Err(Error::invalid("line.none", 0));
    }
    if asked.len() > MAX_LINES {
        return Err(Error::invalid("line.too_many", asked.len()).with("max", MAX_LINES));
    }
    for (at, line) in asked.iter().enumerate() {
        if line.qty.0 <= 0 {
            return Err(Error::invalid("line.quantity", line.qty).with("line", at + 1));
        }
        if line.qty > MAX_QTY {
            let e = Error::invalid("line.too_much", line.qty).with("max", MAX_QTY);
            return Err(e.with("line", at + 1));
        }
        if line.price.is_some_and(|p| p.0 < 0) || line.discount < 0 {
            return Err(Error::invalid("line.price", line.discount).with("line", at + 1));
        }
    }
    Ok(())
}

/// The money of a line at a price. Errors: `money.overflow`, `line.too_much`, `line.price` when
/// the discount exceeds the amount.
pub fn tell(
    asked: &Asked,
    priced: &terms::Priced,
    tax_rate: Rate,
    incl_tax: bool,
    currency: Currency,
) -> Result<Told> {
    let price = asked.price.unwrap_or(priced.price);
    let basis = if incl_tax { PriceBasis::Incl } else { PriceBasis::Excl };
    let (gross, net, tax) =
        line_money(asked.qty, price, asked.discount, tax_rate, basis, currency)?;
    if gross < 0 {
        return Err(Error::invalid("line.price", asked.discount));
    }
    if gross > MAX_GROSS {
        let max = kernel::Money::new(MAX_GROSS, currency);
        return Err(Error::invalid("line.too_much", asked.qty).with("max", max));
    }
    let step = |s: &terms::PriceStep| serde_json::json!([s.step, s.price.to_string()]);
    let mut steps: Vec<serde_json::Value> = priced.steps.iter().map(step).collect();
    if asked.price.is_some_and(|p| p != priced.price) {
        steps.push(serde_json::json!([crate::order_line::MANUAL, price.to_string()]));
    }
    let (list_price, steps) = (priced.list_price, serde_json::Value::Array(steps).to_string());
    Ok(Told { list_price, price, tax_rate, gross, net, tax, steps })
}
