//! What a draft would come to, said beside its prices while it is typed: what lies there of each
//! product, when the goods could leave, and what is earned. Nothing here is kept or promised.
use crate::order_to_cash::submit::promise_on;
use kernel::{Ctx, Day, Id, Money, Price, Qty, Result, Sight, Stored, div_round};
use meta::Entity;
use product::entities::PRODUCT;
use product::{Product, ProductKind};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use stock::entities::STOCK_VALUE;
use stock::{StockRow, StockValue};
use store::{Tx, find_in, sight};

/// Who may see what lies in stock.
const SEES_STOCK: &str = "stock.stock.read";

/// A line that is being typed.
struct Wish {
    product: Id<Product>,
    qty: Qty,
    /// Minor units of the draft's currency.
    net: i64,
}

/// What is known of one product.
struct Known {
    is_goods: bool,
    available: Qty,
    /// What so many cost; nothing where no cost is known.
    value: i64,
    of: Qty,
}

/// Adds to an order or a quotation that was just made, and to its lines, what it would come to:
/// `available` of goods, `promise` of an order, and `margin` with `margin_rate` (of the net amount,
/// 0.2 is a fifth) for whoever may read cost, in the company's own currency. Another entity's row
/// stays as it is.
///
/// Errors: those of reading.
pub fn onto(cx: &Ctx, tx: &mut Tx, entity: &str, row: &mut Json) -> Result<()> {
    let id = row["id"].as_str().and_then(|id| id.parse().ok()).unwrap_or(0);
    let (wishes, requested, currency) = match entity {
        "order" => {
            let order = sales::commands::order(tx, Id::from_raw(id))?;
            let wish =
                |l: &sales::OrderLine| Wish { product: l.product, qty: l.ordered, net: l.net };
            (
                order.lines.iter().map(wish).collect::<Vec<_>>(),
                Some(order.requested_on),
                order.currency,
            )
        }
        "quote" => {
            let quote = sales::commands::quote(tx, Id::from_raw(id))?;
            let wish = |l: &sales::QuoteLine| Wish { product: l.product, qty: l.qty, net: l.net };
            (quote.lines.iter().map(wish).collect(), None, quote.currency)
        }
        _ => return Ok(()),
    };
    let known = known(cx, tx, &wishes)?;
    if cx.reach(SEES_STOCK).is_some() {
        supply(cx, row, &wishes, &known, requested);
    }
    if currency == cx.base && sees_cost(cx) {
        margins(cx, row, &wishes, &known);
    }
    Ok(())
}

/// Does the reader see what things cost? Who sees the margin could reckon it.
fn sees_cost(cx: &Ctx) -> bool {
    let sees = |entity: &Entity, name: &str| {
        entity.field(name).is_some_and(|field| sight::of(cx, entity, field) == Sight::Whole)
    };
    sees(&PRODUCT, "standard_cost") && sees(&STOCK_VALUE, "value")
}

fn known(cx: &Ctx, tx: &mut Tx, wishes: &[Wish]) -> Result<BTreeMap<Id<Product>, Known>> {
    let mut ids: Vec<i64> = wishes.iter().map(|w| w.product.raw()).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let company = [Stored::Int(cx.company)];
    let products: Vec<Product> = tx.list_in(find_in!(Product, "id IN (#)", 0), &[], &ids)?;
    let rows: Vec<StockRow> =
        tx.list_in(find_in!(StockRow, "company = $2 AND product IN (#)", 1), &company, &ids)?;
    let values: Vec<StockValue> =
        tx.list_in(find_in!(StockValue, "company = $2 AND product IN (#)", 1), &company, &ids)?;
    let one = |product: &Product| {
        let average = values.iter().find(|v| v.product == product.id && v.qty.0 > 0);
        let (value, of) = average.map_or_else(|| standard(cx, product), |v| (v.value, v.qty));
        let available = stock::commands::available(&rows, product.id);
        (product.id, Known { is_goods: product.kind == ProductKind::Goods, available, value, of })
    };
    Ok(products.iter().map(one).collect())
}

/// What a product is said to cost, where none lies there to know it by.
fn standard(cx: &Ctx, product: &Product) -> (i64, Qty) {
    let per_minor = Price::SCALE / 10_i64.pow(cx.base.places());
    match product.standard_cost.0 {
        0 => (0, Qty::ZERO),
        // So many units that the cost is whole minor units.
        price => (price, Qty::whole(per_minor)),
    }
}

type Products = BTreeMap<Id<Product>, Known>;

fn supply(cx: &Ctx, row: &mut Json, wishes: &[Wish], known: &Products, asked: Option<Option<Day>>) {
    let mut left: BTreeMap<Id<Product>, Qty> = BTreeMap::new();
    let mut short = false;
    for (at, wish) in wishes.iter().enumerate() {
        let Some(goods) = known.get(&wish.product).filter(|k| k.is_goods) else { continue };
        let left = left.entry(wish.product).or_insert(goods.available);
        *left -= wish.qty;
        short |= left.0 < 0;
        row["lines"][at]["available"] = json!(goods.available.to_string());
    }
    if let Some(requested) = asked {
        row["promise"] = json!(promise_on(cx, requested, short).to_string());
    }
}

fn margins(cx: &Ctx, row: &mut Json, wishes: &[Wish], known: &Products) {
    let (mut net, mut margin, mut all) = (0_i64, 0_i64, true);
    for (at, wish) in wishes.iter().enumerate() {
        let Some(goods) = known.get(&wish.product).filter(|k| k.is_goods) else { continue };
        let Some(earned) = earned(wish, goods) else {
            all = false;
            continue;
        };
        say(cx, &mut row["lines"][at], earned, wish.net);
        (net, margin) = (net.saturating_add(wish.net), margin.saturating_add(earned));
    }
    // Of a part it would be read as of the whole.
    if all && net != 0 {
        say(cx, row, margin, net);
    }
}

/// Net less cost, in minor units; nothing where the cost is not known.
fn earned(wish: &Wish, goods: &Known) -> Option<i64> {
    if goods.of.0 <= 0 {
        return None;
    }
    let cost = div_round(i128::from(goods.value) * i128::from(wish.qty.0), i128::from(goods.of.0));
    wish.net.checked_sub(i64::try_from(cost).ok()?)
}

fn say(cx: &Ctx, place: &mut Json, margin: i64, net: i64) {
    place["margin"] = json!(Money::new(margin, cx.base).amount());
    if net != 0 {
        let of = i128::from(Qty::SCALE) * i128::from(margin.signum() * net.signum());
        let rate =
            div_round(i128::from(margin.unsigned_abs()) * of, i128::from(net.unsigned_abs()));
        place["margin_rate"] =
            i64::try_from(rate).map_or(Json::Null, |r| json!(Qty(r).to_string()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(qty: i64, net: i64) -> Wish {
        Wish { product: Id::from_raw(1), qty: Qty::whole(qty), net }
    }

    #[test]
    fn what_is_earned_is_the_net_amount_less_the_average_cost() {
        // Three lie there for 10.00: two cost 6.67.
        let known =
            Known { is_goods: true, available: Qty::whole(3), value: 1000, of: Qty::whole(3) };
        assert_eq!(earned(&wish(2, 1000), &known), Some(333));
        // Sold below cost.
        assert_eq!(earned(&wish(2, 500), &known), Some(-167));
        let unknown = Known { of: Qty::ZERO, ..known };
        assert_eq!(earned(&wish(2, 1000), &unknown), None);
    }
}
