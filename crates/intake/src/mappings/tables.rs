//! Tables of people's own: customers, products, contacts, leads, lines of orders, receivables.
//!
//! The names of the columns are ours; which heading is which column is guessed, corrected and
//! learnt (`guess`). Customers and products that have the code already are taken as they are.
use super::{Build, fault, lines, made_of, origin, party};
use crate::mapping::{Column, FileMap, Kind, Mapping, text};
use crate::read::{Line, Reading};
use flows::history::{
    Contact, GivenContact, GivenInvoice, GivenLead, GivenLine, GivenOrder, GivenParty,
    GivenProduct, LeadEnd, Link, Moment, OrderEnd, Origin, Place, Row, Settlement, Trade,
};
use kernel::{Digest, Error, Price, Qty, Rate, div_round};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) static MAPPING: Mapping = Mapping {
    name: "tables",
    files: &[CUSTOMERS, PRODUCTS, CONTACTS, LEADS, ORDERS, RECEIVABLES],
    nothing: &[],
    build,
};

pub(crate) const CUSTOMERS: FileMap = FileMap::rows(
    "customers",
    "customer",
    &["code"],
    &[
        text("code", 36, "party.code").needed(),
        text("name", 200, "party.name").needed(),
        text("tax_id", 20, "party.tax_id").optional(),
        text("industry", 60, "party.industry").optional(),
        text("country", 60, "party.country").optional(),
        text("region", 60, "party.region").optional(),
        text("city", 60, "address.city").optional(),
        text("address", 200, "address.street").optional(),
        text("postal_code", 20, "address.postal_code").optional(),
        text("contact", 100, "contact.name").optional(),
        text("title", 60, "contact.title").optional(),
        text("phone", 40, "contact.phone").optional(),
        text("mail", 120, "contact.mail").optional(),
        text("note", 1000, "party.note").optional(),
    ],
);

pub(crate) const PRODUCTS: FileMap = FileMap::rows(
    "products",
    "product",
    &["code"],
    &[
        text("code", 56, "product.code").needed(),
        text("name", 200, "product.name").needed(),
        text("spec", 120, "product.spec").optional(),
        text("category", 60, "product.category").optional(),
        text("unit", 20, "product.unit").optional(),
        Column::new("price", Kind::Price, "product.list_price").optional(),
        Column::new("cost", Kind::Price, "product.standard_cost").optional(),
    ],
);

pub(crate) const CONTACTS: FileMap = FileMap::rows(
    "contacts",
    "contact",
    &["customer", "name", "phone", "mail"],
    &[
        text("customer", 200, "party.name").needed(),
        text("name", 100, "contact.name").needed(),
        text("title", 60, "contact.title").optional(),
        text("phone", 40, "contact.phone").optional(),
        text("mail", 120, "contact.mail").optional(),
    ],
);

pub(crate) const LEADS: FileMap = FileMap::rows(
    "leads",
    "lead",
    &["name", "phone", "mail"],
    &[
        text("name", 120, "lead.name").needed(),
        text("company", 200, "lead.company_name").optional(),
        text("phone", 40, "lead.phone").optional(),
        text("mail", 120, "lead.mail").optional(),
        text("origin", 60, "lead.origin").optional(),
        text("region", 60, "lead.region").optional(),
        text("need", 1000, "lead.need").optional(),
        Column::new("created", Kind::Time, "lead.created").optional(),
    ],
);

pub(crate) const ORDERS: FileMap = FileMap::rows(
    "orders",
    "order_line",
    &[],
    &[
        text("number", 32, "order.number").needed(),
        text("customer", 36, "party.code").needed(),
        text("customer_name", 200, "party.name").optional(),
        Column::new("ordered_on", Kind::Time, "order.ordered_on").needed(),
        Column::new("requested_on", Kind::Day, "order.requested_on").optional(),
        Column::new("shipped_on", Kind::Time, "shipment.shipped_at").optional(),
        text("product", 56, "product.code").needed(),
        text("product_name", 200, "product.name").optional(),
        Column::new("quantity", Kind::Exact, "order_line.ordered").needed(),
        Column::new("price", Kind::Price, "order_line.price_entered").needed(),
        Column::new("discount", Kind::Fraction, "order_line.discount").optional(),
    ],
);

pub(crate) const RECEIVABLES: FileMap = FileMap::rows(
    "receivables",
    "receivable",
    &["number"],
    &[
        text("number", 40, "invoice.number").needed(),
        text("customer", 36, "party.code").needed(),
        text("customer_name", 200, "party.name").optional(),
        Column::new("day", Kind::Day, "invoice.day").needed(),
        Column::new("due", Kind::Day, "invoice.due").needed(),
        Column::new("amount", Kind::Money, "invoice.gross").needed(),
        Column::new("settled_on", Kind::Day, "invoice.settled_on").optional(),
    ],
);

fn build(reading: &mut Reading, build: &mut Build) {
    build.rows.extend(lines(reading, &CUSTOMERS).map(|line| Row::Party(Box::new(customer(line)))));
    build.rows.extend(lines(reading, &PRODUCTS).map(|line| Row::Product(product(line))));
    contacts(reading, build);
    build.rows.extend(lines(reading, &LEADS).map(|line| Row::Lead(Box::new(lead(line)))));
    orders(reading, build);
    receivables(reading, build);
}

fn customer(line: &Line) -> GivenParty {
    let text = |name: &str| line.text(&CUSTOMERS, name);
    let mut row = party(origin(&CUSTOMERS, line), text("code"), text("name"));
    (row.tax_id, row.industry) = (text("tax_id"), text("industry"));
    (row.country, row.region, row.note) = (text("country"), text("region"), text("note"));
    let contact = Contact {
        name: text("contact"),
        title: text("title"),
        phone: text("phone"),
        mail: text("mail"),
    };
    row.contact = (!contact.name.is_empty()).then_some(contact);
    let place = Place {
        country: text("country"),
        region: text("region"),
        city: text("city"),
        street: text("address"),
        postal_code: text("postal_code"),
    };
    row.place = (!place.street.is_empty() || !place.city.is_empty()).then_some(place);
    row.reuse = true;
    row
}

fn product(line: &Line) -> GivenProduct {
    let text = |name: &str| line.text(&PRODUCTS, name);
    let price = |name: &str| Price(line.number(&PRODUCTS, name).unwrap_or(0));
    GivenProduct {
        origin: origin(&PRODUCTS, line),
        code: text("code"),
        name: text("name"),
        spec: text("spec"),
        category: text("category"),
        unit: text("unit"),
        list_price: price("price"),
        standard_cost: price("cost"),
        active: true,
        reuse: true,
    }
}

/// A party that other rows name by its code; whoever has it is meant.
fn named(code: &str, name: &str) -> Row {
    let name = if name.is_empty() { code } else { name };
    let code: String = code.chars().take(36).collect();
    let mut row = party(made_of("customer", &code), code, name.to_owned());
    row.trade = Trade::Customer;
    row.reuse = true;
    Row::Party(Box::new(row))
}

fn contacts(reading: &Reading, build: &mut Build) {
    let mut met = BTreeSet::new();
    let mut rows = Vec::new();
    for line in lines(reading, &CONTACTS) {
        let text = |name: &str| line.text(&CONTACTS, name);
        let customer: String = text("customer").chars().take(36).collect();
        if met.insert(customer.clone()) {
            build.rows.push(named(&customer, &text("customer")));
        }
        rows.push(Row::Contact(GivenContact {
            origin: origin(&CONTACTS, line),
            party: Link { kind: "customer", key: customer },
            contact: Contact {
                name: text("name"),
                title: text("title"),
                phone: text("phone"),
                mail: text("mail"),
            },
        }));
    }
    build.rows.extend(rows);
}

fn lead(line: &Line) -> GivenLead {
    let text = |name: &str| line.text(&LEADS, name);
    GivenLead {
        origin: origin(&LEADS, line),
        number: made_of("lead", &line.key(&LEADS)).hash.chars().take(12).collect(),
        name: text("name"),
        company_name: text("company"),
        phone: text("phone"),
        mail: text("mail"),
        channel: text("origin"),
        region: text("region"),
        need: text("need"),
        est_amount: 0,
        end: LeadEnd::Open,
        agent: None,
        party: None,
        created: line.moment(&LEADS, "created"),
        ended: None,
    }
}

fn orders(reading: &mut Reading, build: &mut Build) {
    let (mut parties, mut products) = (BTreeSet::new(), BTreeSet::new());
    // Taken out, and let go order by order: a large file is not held as lines and as orders.
    let sheet = reading.sheets.iter_mut().find(|sheet| sheet.map.name == ORDERS.name);
    let taken = sheet.map(|sheet| std::mem::take(&mut sheet.lines)).unwrap_or_default();
    let mut all: BTreeMap<String, Vec<Line>> = BTreeMap::new();
    for line in taken.into_iter().filter(|line| !line.is_bad) {
        let text = |name: &str| line.text(&ORDERS, name);
        let customer = text("customer");
        if !parties.contains(&customer) {
            build.rows.push(named(&customer, &text("customer_name")));
            parties.insert(customer);
        }
        let code = text("product");
        if !products.contains(&code) {
            build.rows.push(Row::Product(ordered(&code, text("product_name"))));
            products.insert(code);
        }
        all.entry(text("number")).or_default().push(line);
    }
    let (mut wrong, mut inexact) = (Vec::new(), 0);
    for (number, of) in all {
        wrong.extend(of.iter().filter_map(|line| problem(&of[0], line)));
        let Some(row) = order(&number, &of, &mut inexact) else { continue };
        build.happened(Some(row.ordered.day));
        build.happened(row.shipped.map(|at| at.day));
        build.rows.push(Row::Order(row));
    }
    for (place, column, value, e) in wrong {
        fault(reading, place, column, &value, e);
    }
    reading.notes.add("inexact", inexact);
}

fn ordered(code: &str, name: String) -> GivenProduct {
    GivenProduct {
        origin: made_of("product", code),
        code: code.to_owned(),
        name: if name.is_empty() { code.to_owned() } else { name },
        spec: String::new(),
        category: String::new(),
        unit: String::new(),
        list_price: Price::ZERO,
        standard_cost: Price::ZERO,
        active: true,
        reuse: true,
    }
}

type Wrong = ((usize, u64), &'static str, String, Error);

/// Error: `import.contradiction` where lines of one order say different things of it.
fn problem(first: &Line, line: &Line) -> Option<Wrong> {
    for column in ["customer", "ordered_on", "shipped_on"] {
        let value = line.text(&ORDERS, column);
        if value != first.text(&ORDERS, column) {
            let e = Error::invalid("import.contradiction", &value).with("first", first.at);
            return Some(((line.source, line.at), column, value, e));
        }
    }
    None
}

fn order(number: &str, of: &[Line], inexact: &mut usize) -> Option<GivenOrder> {
    let first = of.first()?;
    let mut digest = Digest::new();
    of.iter().for_each(|line| line.digest(&mut digest));
    let shipped = first.moment(&ORDERS, "shipped_on");
    let mut lines: Vec<GivenLine> = Vec::with_capacity(of.len());
    lines.extend(of.iter().filter_map(|line| part(line, inexact)));
    Some(GivenOrder {
        origin: Origin { kind: "order", key: number.to_owned(), hash: digest.finish() },
        number: number.to_owned(),
        party: Link { kind: "customer", key: first.text(&ORDERS, "customer") },
        end: if shipped.is_some() { OrderEnd::Closed } else { OrderEnd::Open },
        reason: String::new(),
        ordered: first.moment(&ORDERS, "ordered_on")?,
        confirmed: None,
        requested: first.day(&ORDERS, "requested_on"),
        shipped,
        delivered: None,
        carrier: String::new(),
        ship_to: String::new(),
        freight: 0,
        paid: 0,
        lines,
        more: Vec::new(),
    })
}

/// `price × quantity × (1 − discount)`, exact to the millionth.
fn part(line: &Line, inexact: &mut usize) -> Option<GivenLine> {
    let number = |name: &str| line.number(&ORDERS, name);
    let (price, qty) = (number("price")?, number("quantity")?);
    let discount = number("discount").unwrap_or(0);
    let scale = i128::from(Rate::SCALE) * i128::from(Qty::SCALE);
    let value = i128::from(price) * i128::from(qty) * i128::from(Rate::SCALE - discount);
    *inexact += usize::from(value % scale != 0);
    Some(GivenLine {
        product: Link { kind: "product", key: line.text(&ORDERS, "product") },
        qty: Qty(qty),
        price: Price(price),
        discount: Rate(discount),
        exact: i64::try_from(div_round(value, scale)).ok()?,
        more: Vec::new(),
    })
}

fn receivables(reading: &Reading, build: &mut Build) {
    let mut met = BTreeSet::new();
    for line in lines(reading, &RECEIVABLES) {
        let customer = line.text(&RECEIVABLES, "customer");
        if met.insert(customer.clone()) {
            build.rows.push(named(&customer, &line.text(&RECEIVABLES, "customer_name")));
        }
    }
    let all: Vec<GivenInvoice> = lines(reading, &RECEIVABLES).filter_map(receivable).collect();
    for row in all {
        build.happened(Some(row.at.day));
        if let Settlement::Paid(day) = row.settlement {
            build.happened(Some(day));
        }
        build.rows.push(Row::Invoice(row));
    }
}

fn receivable(line: &Line) -> Option<GivenInvoice> {
    Some(GivenInvoice {
        origin: origin(&RECEIVABLES, line),
        number: line.text(&RECEIVABLES, "number"),
        party: Link { kind: "customer", key: line.text(&RECEIVABLES, "customer") },
        kind: "invoice",
        at: Moment::from(line.day(&RECEIVABLES, "day")?),
        due: line.day(&RECEIVABLES, "due")?,
        amount: line.number(&RECEIVABLES, "amount")?,
        settlement: match line.day(&RECEIVABLES, "settled_on") {
            Some(day) => Settlement::Paid(day),
            None => Settlement::Open,
        },
        disputed: false,
        lines: Vec::new(),
    })
}
