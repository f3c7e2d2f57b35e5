//! Tableau's superstore: one file of order lines with customer, product, discount and profit.
//!
//! Traps: amounts of four decimals, after discount; 32 product ids carry two names each; products
//! come twice in one order; postal codes without their zeros. The unit price before discount is
//! computed; the line's amount is the file's, exactly.
use super::{Build, fault, lines, made_of, party};
use crate::mapping::{Column, FileMap, Kind, Mapping, text};
use crate::read::{Line, Reading};
use flows::history::{
    GivenLine, GivenOrder, GivenProduct, Link, Moment, OrderEnd, Origin, Place, Row,
};
use kernel::{Digest, Error, Price, Qty, Rate, div_round};
use std::collections::{BTreeMap, BTreeSet};

pub(super) static MAPPING: Mapping =
    Mapping { name: "superstore", files: &[LINES], nothing: &[], build };

const LINES: FileMap = FileMap::rows(
    "superstore",
    "order_line",
    &["Row ID"],
    &[
        text("Row ID", 20, "").needed(),
        text("Order ID", 32, "order.number").needed(),
        Column::new("Order Date", Kind::Day, "order.ordered_on").needed(),
        Column::new("Ship Date", Kind::Day, "shipment.shipped_at"),
        text("Ship Mode", 60, "shipment.carrier"),
        text("Customer ID", 36, "party.code").needed(),
        text("Customer Name", 200, "party.name").needed(),
        text("Segment", 60, "party.industry"),
        text("Country", 60, "order.ship_to"),
        text("City", 60, "order.ship_to"),
        text("State", 60, "order.ship_to"),
        text("Postal Code", 20, "order.ship_to"),
        text("Region", 60, "order.ship_to"),
        text("Product ID", 50, "product.code").needed(),
        text("Category", 60, "product.category"),
        text("Sub-Category", 60, "product.category"),
        text("Product Name", 200, "product.name").needed(),
        Column::new("Sales", Kind::Exact, "order_line.net").needed(),
        Column::new("Quantity", Kind::Count, "order_line.ordered").needed(),
        Column::new("Discount", Kind::Fraction, "order_line.discount"),
        Column::new("Profit", Kind::Exact, "order.exact"),
    ],
);

fn build(reading: &mut Reading, build: &mut Build) {
    let names = masters(reading, build);
    let mut orders: BTreeMap<String, Vec<&Line>> = BTreeMap::new();
    for line in lines(reading, &LINES) {
        orders.entry(line.text(&LINES, "Order ID")).or_default().push(line);
    }
    let mut wrong = Vec::new();
    for (number, of) in &orders {
        wrong.extend(of.iter().filter_map(|line| problem(of[0], line)));
        let Some(row) = order(number, of, &names) else { continue };
        build.happened(Some(row.ordered.day));
        build.happened(row.shipped.map(|at| at.day));
        build.rows.push(Row::Order(row));
    }
    for (place, column, value, e) in wrong {
        fault(reading, place, column, &value, e);
    }
}

type Wrong = ((usize, u64), &'static str, String, Error);

/// Lines of one order say one thing of it. Errors: `import.contradiction`, `import.day_order`.
fn problem(first: &Line, line: &Line) -> Option<Wrong> {
    let place = (line.source, line.at);
    for column in ["Customer ID", "Order Date", "Ship Date", "Ship Mode"] {
        let value = line.text(&LINES, column);
        if value != first.text(&LINES, column) {
            let e = Error::invalid("import.contradiction", &value).with("first", first.at);
            return Some((place, column, value, e));
        }
    }
    let ordered = line.day(&LINES, "Order Date")?;
    let shipped = line.day(&LINES, "Ship Date").filter(|day| *day < ordered)?;
    let e = Error::invalid("import.day_order", shipped).with("column", "Order Date");
    Some((place, "Ship Date", shipped.to_string(), e.with("earlier", ordered)))
}

/// The key of a product: its id, and the name where the id has several.
type Keys = BTreeMap<(String, String), String>;

fn masters(reading: &mut Reading, build: &mut Build) -> Keys {
    let (mut customers, mut ids, mut keys) = (BTreeSet::new(), BTreeSet::new(), Keys::new());
    let mut twice = 0;
    let mut rows = Vec::new();
    for line in lines(reading, &LINES) {
        let text = |name: &str| line.text(&LINES, name);
        let code = text("Customer ID");
        if customers.insert(code.clone()) {
            let origin = made_of("customer", &code);
            let mut row = party(origin, code, text("Customer Name"));
            (row.industry, row.country) = (text("Segment"), text("Country"));
            row.place = Some(Place {
                country: text("Country"),
                region: text("State"),
                city: text("City"),
                street: String::new(),
                postal_code: text("Postal Code"),
            });
            rows.push(Row::Party(Box::new(row)));
        }
        let (id, name) = (text("Product ID"), text("Product Name"));
        if keys.contains_key(&(id.clone(), name.clone())) {
            continue;
        }
        let is_first = ids.insert(id.clone());
        twice += usize::from(!is_first);
        let key = if is_first { id.clone() } else { format!("{id}|{name}") };
        keys.insert((id.clone(), name.clone()), key.clone());
        let category = [text("Category"), text("Sub-Category")].join("/");
        rows.push(Row::Product(GivenProduct {
            origin: made_of("product", &key),
            code: id,
            name,
            spec: String::new(),
            category,
            unit: String::new(),
            list_price: Price::ZERO,
            standard_cost: Price::ZERO,
            active: true,
            reuse: false,
        }));
    }
    build.rows.extend(rows);
    reading.notes.add("codes_with_two_names", twice);
    keys
}

fn order(number: &str, of: &[&Line], names: &Keys) -> Option<GivenOrder> {
    let first = of.first()?;
    let text = |name: &str| first.text(&LINES, name);
    let mut digest = Digest::new();
    of.iter().for_each(|line| line.digest(&mut digest));
    let profit: i64 = of.iter().filter_map(|line| line.number(&LINES, "Profit")).sum();
    let place = [text("Postal Code"), text("City"), text("State"), text("Region"), text("Country")];
    let shipped = first.moment(&LINES, "Ship Date");
    Some(GivenOrder {
        origin: Origin { kind: "order", key: number.to_owned(), hash: digest.finish() },
        number: number.to_owned(),
        party: Link { kind: "customer", key: text("Customer ID") },
        end: if shipped.is_some() { OrderEnd::Closed } else { OrderEnd::Open },
        reason: String::new(),
        ordered: Moment::from(first.day(&LINES, "Order Date")?),
        confirmed: None,
        requested: None,
        shipped,
        delivered: None,
        carrier: text("Ship Mode"),
        ship_to: super::joined(&place),
        freight: 0,
        paid: 0,
        lines: of.iter().filter_map(|line| part(line, names)).collect(),
        more: vec![("profit", Price(profit).to_string())],
    })
}

fn part(line: &Line, names: &Keys) -> Option<GivenLine> {
    let number = |name: &str| line.number(&LINES, name);
    let key = (line.text(&LINES, "Product ID"), line.text(&LINES, "Product Name"));
    let (sales, qty) = (number("Sales")?, number("Quantity")?);
    let discount = number("Discount").unwrap_or(0);
    let left = i128::from(Rate::SCALE - discount) * i128::from(qty);
    // Given away whole: the price before the discount is not known.
    let price =
        if left == 0 { 0 } else { div_round(i128::from(sales) * i128::from(Rate::SCALE), left) };
    Some(GivenLine {
        product: Link { kind: "product", key: names.get(&key)?.clone() },
        qty: Qty::whole(qty),
        price: Price(i64::try_from(price).ok()?),
        discount: Rate(discount),
        exact: sales,
        more: vec![
            ("row", line.text(&LINES, "Row ID")),
            ("profit", Price(number("Profit").unwrap_or(0)).to_string()),
        ],
    })
}
