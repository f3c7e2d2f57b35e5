//! Northwind: customers, suppliers, products and orders with their lines.
//!
//! Traps: the word NULL, times in days, 21 orders never shipped, more sold than was on hand.
//! The stock that the products file states is not opened: what was sold of it is history.
use super::{Build, fault, lines, link, origin};
use crate::mapping::{Column, FileMap, Kind, Mapping, Role, ignored, text, unused};
use crate::read::{Line, Reading};
use flows::history::{
    Contact, GivenLine, GivenOrder, GivenParty, GivenProduct, Link, OrderEnd, Origin, Place, Row,
    Trade,
};
use kernel::{Digest, Error, Price, Qty, Rate, div_round};
use std::collections::{BTreeMap, BTreeSet};

pub(super) static MAPPING: Mapping = Mapping {
    name: "northwind",
    files: &[
        CUSTOMERS,
        SUPPLIERS,
        CATEGORIES,
        PRODUCTS,
        SHIPPERS,
        ORDERS,
        DETAILS,
        EMPLOYEES,
        EMPLOYEE_TERRITORIES,
        REGIONS,
        TERRITORIES,
    ],
    nothing: &["NULL"],
    build,
};

const DAY: Kind = Kind::Day;

const CUSTOMERS: FileMap = FileMap::rows(
    "customers",
    "customer",
    &["customerID"],
    &[
        text("customerID", 36, "party.code").needed(),
        text("companyName", 200, "party.name").needed(),
        text("contactName", 100, "contact.name"),
        text("contactTitle", 60, "contact.title"),
        text("address", 200, "address.street"),
        text("city", 60, "address.city"),
        text("region", 60, "address.region"),
        text("postalCode", 20, "address.postal_code"),
        text("country", 60, "party.country"),
        text("phone", 40, "contact.phone"),
        text("fax", 40, "party.note"),
    ],
);

const SUPPLIERS: FileMap = FileMap::rows(
    "suppliers",
    "supplier",
    &["supplierID"],
    &[
        text("supplierID", 36, "party.code").needed(),
        text("companyName", 200, "party.name").needed(),
        text("contactName", 100, "contact.name"),
        text("contactTitle", 60, "contact.title"),
        text("address", 200, "address.street"),
        text("city", 60, "address.city"),
        text("region", 60, "address.region"),
        text("postalCode", 20, "address.postal_code"),
        text("country", 60, "party.country"),
        text("phone", 40, "contact.phone"),
        text("fax", 40, "party.note"),
        text("homePage", 200, "party.note"),
    ],
);

const CATEGORIES: FileMap = FileMap {
    name: "categories",
    kind: "category",
    role: Role::Names,
    key: &["categoryID"],
    columns: &[
        text("categoryID", 20, "").needed(),
        text("categoryName", 60, "product.category").needed(),
        unused("description"),
        unused("picture"),
    ],
    needs: &[],
    headless: false,
};

const PRODUCTS: FileMap = FileMap::rows(
    "products",
    "product",
    &["productID"],
    &[
        text("productID", 56, "product.code").needed(),
        text("productName", 200, "product.name").needed(),
        text("supplierID", 36, ""),
        text("categoryID", 20, "product.category").refers("categories"),
        text("quantityPerUnit", 120, "product.spec"),
        Column::new("unitPrice", Kind::Price, "product.list_price").needed(),
        Column::new("unitsInStock", Kind::Whole, ""),
        unused("unitsOnOrder"),
        unused("reorderLevel"),
        Column::new("discontinued", Kind::YesNo { yes: "1", no: "0" }, "product.active").needed(),
    ],
);

const SHIPPERS: FileMap = FileMap {
    name: "shippers",
    kind: "shipper",
    role: Role::Names,
    key: &["shipperID"],
    columns: &[
        text("shipperID", 20, "").needed(),
        text("companyName", 60, "shipment.carrier").needed(),
        unused("phone"),
    ],
    needs: &[],
    headless: false,
};

const ORDERS: FileMap = FileMap {
    name: "orders",
    kind: "order",
    role: Role::Rows,
    key: &["orderID"],
    columns: &[
        text("orderID", 32, "order.number").needed(),
        text("customerID", 36, "order.party").needed().refers("customers"),
        text("employeeID", 20, "order.exact"),
        Column::new("orderDate", DAY, "order.ordered_on").needed(),
        Column::new("requiredDate", DAY, "order.requested_on"),
        Column::new("shippedDate", DAY, "shipment.shipped_at"),
        text("shipVia", 20, "shipment.carrier").refers("shippers"),
        Column::new("freight", Kind::Money, "order.freight"),
        text("shipName", 60, "order.ship_to"),
        text("shipAddress", 100, "order.ship_to"),
        text("shipCity", 30, "order.ship_to"),
        text("shipRegion", 30, "order.ship_to"),
        text("shipPostalCode", 20, "order.ship_to"),
        text("shipCountry", 30, "order.ship_to"),
    ],
    needs: &["order_details"],
    headless: false,
};

const DETAILS: FileMap = FileMap {
    name: "order_details",
    kind: "order_line",
    role: Role::Rows,
    key: &["orderID", "productID"],
    columns: &[
        text("orderID", 32, "order_line.order_id").needed().refers("orders"),
        text("productID", 56, "order_line.product").needed().refers("products"),
        Column::new("unitPrice", Kind::Price, "order_line.price_entered").needed(),
        Column::new("quantity", Kind::Count, "order_line.ordered").needed(),
        Column::new("discount", Kind::Fraction, "order_line.discount").needed(),
    ],
    needs: &["orders"],
    headless: false,
};

const EMPLOYEES: FileMap = ignored(
    "employees",
    "people_not_imported",
    &[unused("employeeID"), unused("lastName"), unused("firstName"), unused("birthDate")],
);
const EMPLOYEE_TERRITORIES: FileMap = ignored(
    "employee_territories",
    "territories_not_imported",
    &[unused("employeeID"), unused("territoryID")],
);
const REGIONS: FileMap = ignored(
    "regions",
    "territories_not_imported",
    &[unused("regionID"), unused("regionDescription")],
);
const TERRITORIES: FileMap = ignored(
    "territories",
    "territories_not_imported",
    &[unused("territoryID"), unused("territoryDescription"), unused("regionID")],
);

/// Lines of one order, at most.
const MOST_LINES: usize = 2000;

fn build(reading: &mut Reading, build: &mut Build) {
    for (map, trade) in [(&CUSTOMERS, Trade::Customer), (&SUPPLIERS, Trade::Supplier)] {
        build
            .rows
            .extend(lines(reading, map).map(|line| Row::Party(Box::new(party(map, line, trade)))));
    }
    let categories = names(reading, &CATEGORIES, "categoryName");
    let given = lines(reading, &PRODUCTS).map(|line| Row::Product(product(line, &categories)));
    build.rows.extend(given);
    orders(reading, build);
    say_stock(reading);
}

fn party(map: &FileMap, line: &Line, trade: Trade) -> GivenParty {
    let text = |name: &str| line.text(map, name);
    let country = text("country");
    let contact = Contact {
        name: text("contactName"),
        title: text("contactTitle"),
        phone: text("phone"),
        mail: String::new(),
    };
    let place = Place {
        country: country.clone(),
        region: text("region"),
        city: text("city"),
        street: text("address"),
        postal_code: text("postalCode"),
    };
    let more = [("fax", text("fax")), ("web", text("homePage"))];
    let more = more.iter().filter(|(_, value)| !value.is_empty());
    let note: Vec<String> = more.map(|(what, value)| format!("{what} {value}")).collect();
    // Suppliers are numbered from 1: their codes must not look like anybody's else.
    let code = line.key(map);
    let code = if trade == Trade::Supplier { format!("S-{code}") } else { code };
    GivenParty {
        origin: origin(map, line),
        code,
        name: text("companyName"),
        trade,
        tax_id: String::new(),
        industry: String::new(),
        country,
        region: text("region"),
        parent: None,
        contact: (!contact.name.is_empty()).then_some(contact),
        place: (!place.street.is_empty() || !place.city.is_empty()).then_some(place),
        note: note.join("; "),
        reuse: false,
    }
}

/// Key and name of what a file only names.
fn names(reading: &Reading, map: &FileMap, column: &str) -> BTreeMap<String, String> {
    lines(reading, map).map(|line| (line.key(map), line.text(map, column))).collect()
}

fn product(line: &Line, categories: &BTreeMap<String, String>) -> GivenProduct {
    let category = line.text(&PRODUCTS, "categoryID");
    GivenProduct {
        origin: origin(&PRODUCTS, line),
        code: line.key(&PRODUCTS),
        name: line.text(&PRODUCTS, "productName"),
        spec: line.text(&PRODUCTS, "quantityPerUnit"),
        category: categories.get(&category).cloned().unwrap_or(category),
        unit: String::new(),
        standard_cost: Price::ZERO,
        list_price: Price(line.number(&PRODUCTS, "unitPrice").unwrap_or(0)),
        active: !line.is_yes(&PRODUCTS, "discontinued"),
        reuse: false,
    }
}

fn orders(reading: &mut Reading, build: &mut Build) {
    let carriers = names(reading, &SHIPPERS, "companyName");
    let mut details: BTreeMap<String, Vec<&Line>> = BTreeMap::new();
    for line in lines(reading, &DETAILS) {
        details.entry(line.text(&DETAILS, "orderID")).or_default().push(line);
    }
    let (mut unshipped, mut late, mut inexact) = (0, 0, 0);
    let mut wrong = Vec::new();
    let mut buyers = BTreeSet::new();
    for line in lines(reading, &ORDERS) {
        let of = details.get(&line.key(&ORDERS)).map_or(&[][..], Vec::as_slice);
        wrong.extend(problem(line, of));
        let Some(row) = order(line, of, &carriers, &mut inexact) else { continue };
        unshipped += usize::from(row.shipped.is_none());
        late += usize::from(row.shipped.zip(row.requested).is_some_and(|(s, r)| s.day > r));
        buyers.insert(row.party.key.clone());
        build.happened(Some(row.ordered.day));
        build.happened(row.shipped.map(|at| at.day));
        build.rows.push(Row::Order(row));
    }
    let customers = lines(reading, &CUSTOMERS);
    let idle = customers.filter(|line| !buyers.contains(&line.key(&CUSTOMERS))).count();
    for (place, column, value, e) in wrong {
        fault(reading, place, column, &value, e);
    }
    reading.notes.add("not_shipped", unshipped);
    reading.notes.add("shipped_late", late);
    reading.notes.add("inexact", inexact);
    if !buyers.is_empty() {
        reading.notes.add("customers_without_orders", idle);
    }
}

type Wrong = ((usize, u64), &'static str, String, Error);

/// Errors: `import.no_lines`, `import.too_many_lines`, `import.day_order`.
fn problem(line: &Line, details: &[&Line]) -> Option<Wrong> {
    let (place, number) = ((line.source, line.at), line.key(&ORDERS));
    if details.is_empty() {
        let e = Error::invalid("import.no_lines", &number);
        return Some((place, "orderID", number, e));
    }
    if details.len() > MOST_LINES {
        let e = Error::invalid("import.too_many_lines", &number).with("max", MOST_LINES);
        return Some((place, "orderID", number, e));
    }
    let ordered = line.day(&ORDERS, "orderDate")?;
    let shipped = line.day(&ORDERS, "shippedDate").filter(|shipped| *shipped < ordered)?;
    let e = Error::invalid("import.day_order", shipped).with("column", "orderDate");
    Some((place, "shippedDate", shipped.to_string(), e.with("earlier", ordered)))
}

fn order(
    line: &Line,
    details: &[&Line],
    carriers: &BTreeMap<String, String>,
    inexact: &mut usize,
) -> Option<GivenOrder> {
    let text = |name: &str| line.text(&ORDERS, name);
    let mut digest = Digest::new();
    line.digest(&mut digest);
    details.iter().for_each(|detail| detail.digest(&mut digest));
    let ship_to = ["shipName", "shipAddress", "shipCity", "shipRegion", "shipPostalCode"];
    let ship_to = ship_to.iter().chain(&["shipCountry"]).map(|name| text(name));
    let ship_to: Vec<String> = ship_to.filter(|part| !part.is_empty()).collect();
    let via = text("shipVia");
    let shipped = line.moment(&ORDERS, "shippedDate");
    Some(GivenOrder {
        origin: Origin { kind: ORDERS.kind, key: line.key(&ORDERS), hash: digest.finish() },
        number: line.key(&ORDERS),
        party: link(&CUSTOMERS, text("customerID"))?,
        end: if shipped.is_some() { OrderEnd::Closed } else { OrderEnd::Open },
        reason: String::new(),
        ordered: line.moment(&ORDERS, "orderDate")?,
        confirmed: None,
        requested: line.day(&ORDERS, "requiredDate"),
        shipped,
        delivered: None,
        paid: 0,
        carrier: carriers.get(&via).cloned().unwrap_or(via),
        ship_to: ship_to.join(", "),
        freight: line.number(&ORDERS, "freight").unwrap_or(0),
        lines: details.iter().filter_map(|detail| detail_of(detail, inexact)).collect(),
        more: vec![("employee", text("employeeID"))],
    })
}

/// `price × quantity × (1 − discount)`, exact to the millionth.
fn detail_of(line: &Line, inexact: &mut usize) -> Option<GivenLine> {
    let number = |name: &str| line.number(&DETAILS, name);
    let (price, qty, discount) = (number("unitPrice")?, number("quantity")?, number("discount")?);
    let scale = i128::from(Rate::SCALE);
    let value = i128::from(price) * i128::from(qty) * (scale - i128::from(discount));
    *inexact += usize::from(value % scale != 0);
    Some(GivenLine {
        product: Link { kind: PRODUCTS.kind, key: line.text(&DETAILS, "productID") },
        qty: Qty::whole(qty),
        price: Price(price),
        discount: Rate(discount),
        exact: i64::try_from(div_round(value, scale)).ok()?,
        more: Vec::new(),
    })
}

/// Says that the stated stock is not opened, and where more was sold than it.
fn say_stock(reading: &mut Reading) {
    let mut sold: BTreeMap<String, i64> = BTreeMap::new();
    for line in lines(reading, &DETAILS) {
        *sold.entry(line.text(&DETAILS, "productID")).or_insert(0) +=
            line.number(&DETAILS, "quantity").unwrap_or(0);
    }
    let on_hand = |line: &Line| line.number(&PRODUCTS, "unitsInStock").unwrap_or(0);
    let stated = lines(reading, &PRODUCTS).filter(|line| on_hand(line) > 0).count();
    let short = lines(reading, &PRODUCTS)
        .filter(|line| sold.get(&line.key(&PRODUCTS)).is_some_and(|n| *n > on_hand(line)))
        .count();
    reading.notes.add("stock_not_opened", stated);
    reading.notes.add("sold_more_than_on_hand", short);
}
