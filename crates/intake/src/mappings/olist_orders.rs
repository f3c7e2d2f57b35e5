//! Olist's orders: customers, sellers, products, items, payments and reviews, with their times.
//!
//! Traps: orders without items; paid amounts that are not items plus freight (told one by one,
//! never forced); customers with several numbers; reviews with lines within cells and ids that
//! come twice; orders handed over before they were approved, or delivered before they left;
//! delivered without a day. Payments have no time: they are told at the order's approval.
use super::{Build, lines, link, made_of, origin, party, told};
use crate::mapping::{Column, FileMap, Kind, Mapping, Role, ignored, text, unused};
use crate::note::Difference;
use crate::read::{Line, Reading};
use flows::history::{
    GivenLine, GivenOrder, GivenPayment, GivenProduct, GivenReview, Link, Moment, OrderEnd, Origin,
    Place, Row, Trade,
};
use kernel::{Digest, Price, Qty, Rate};
use std::collections::BTreeMap;

pub(super) static MAPPING: Mapping = Mapping {
    name: "olist_orders_sample",
    files: &[
        CUSTOMERS,
        SELLERS,
        PRODUCTS,
        CATEGORIES,
        ORDERS,
        ITEMS,
        PAYMENTS,
        REVIEWS,
        GEOLOCATION,
    ],
    nothing: &[],
    build,
};

const CUSTOMERS: FileMap = FileMap::rows(
    "customers",
    "customer_number",
    &["customer_id"],
    &[
        text("customer_id", 40, "order.party").needed(),
        text("customer_unique_id", 36, "party.code").needed(),
        text("customer_zip_code_prefix", 20, "address.postal_code"),
        text("customer_city", 60, "address.city"),
        text("customer_state", 60, "address.region"),
    ],
);

const SELLERS: FileMap = FileMap::rows(
    "sellers",
    "seller",
    &["seller_id"],
    &[
        text("seller_id", 36, "party.code").needed(),
        text("seller_zip_code_prefix", 20, "address.postal_code"),
        text("seller_city", 60, "address.city"),
        text("seller_state", 60, "address.region"),
    ],
);

const PRODUCTS: FileMap = FileMap::rows(
    "products",
    "product",
    &["product_id"],
    &[
        text("product_id", 56, "product.code").needed(),
        text("product_category_name", 60, "product.category"),
        // Misspelt in the source.
        unused("product_name_lenght"),
        unused("product_description_lenght"),
        unused("product_photos_qty"),
        Column::new("product_weight_g", Kind::Whole, "product.spec"),
        Column::new("product_length_cm", Kind::Whole, "product.spec"),
        Column::new("product_height_cm", Kind::Whole, "product.spec"),
        Column::new("product_width_cm", Kind::Whole, "product.spec"),
    ],
);

const CATEGORIES: FileMap = FileMap {
    name: "product_category_name_translation",
    kind: "category",
    role: Role::Names,
    key: &["product_category_name"],
    columns: &[
        text("product_category_name", 60, "").needed(),
        text("product_category_name_english", 60, "product.category").needed(),
    ],
    needs: &[],
    headless: false,
};

const ORDERS: FileMap = FileMap {
    name: "orders",
    kind: "order",
    role: Role::Rows,
    key: &["order_id"],
    columns: &[
        text("order_id", 32, "order.number").needed(),
        text("customer_id", 40, "order.party").needed().refers("customers"),
        Column::new(
            "order_status",
            Kind::OneOf(&[
                ("created", "created"),
                ("approved", "approved"),
                ("processing", "processing"),
                ("invoiced", "invoiced"),
                ("shipped", "shipped"),
                ("delivered", "delivered"),
                ("canceled", "canceled"),
                ("unavailable", "unavailable"),
            ]),
            "order.state",
        )
        .needed(),
        Column::new("order_purchase_timestamp", Kind::Time, "order.ordered_on").needed(),
        Column::new("order_approved_at", Kind::Time, "order.confirmed_at"),
        Column::new("order_delivered_carrier_date", Kind::Time, "shipment.shipped_at"),
        Column::new("order_delivered_customer_date", Kind::Time, "shipment.delivered_at"),
        Column::new("order_estimated_delivery_date", Kind::Day, "order.requested_on"),
    ],
    needs: &["order_items", "order_payments", "customers"],
    headless: false,
};

const ITEMS: FileMap = FileMap {
    name: "order_items",
    kind: "order_line",
    role: Role::Rows,
    key: &["order_id", "order_item_id"],
    columns: &[
        text("order_id", 32, "order_line.order_id").needed().refers("orders"),
        Column::new("order_item_id", Kind::Count, "order_line.line_no").needed(),
        text("product_id", 56, "order_line.product").needed().refers("products"),
        text("seller_id", 36, "order.exact").needed().refers("sellers"),
        Column::new("shipping_limit_date", Kind::Time, "order.exact"),
        Column::new("price", Kind::Price, "order_line.price_entered").needed(),
        Column::new("freight_value", Kind::Money, "order.freight").needed(),
    ],
    needs: &["orders"],
    headless: false,
};

const PAYMENTS: FileMap = FileMap {
    name: "order_payments",
    kind: "payment",
    role: Role::Rows,
    key: &["order_id", "payment_sequential"],
    columns: &[
        text("order_id", 32, "allocation.order_id").needed().refers("orders"),
        Column::new("payment_sequential", Kind::Count, "payment.number").needed(),
        text("payment_type", 40, "payment.reference"),
        Column::new("payment_installments", Kind::Whole, "payment.reference"),
        Column::new("payment_value", Kind::Money, "payment.amount").needed(),
    ],
    needs: &["orders"],
    headless: false,
};

const REVIEWS: FileMap = FileMap {
    name: "order_reviews",
    kind: "review",
    role: Role::Rows,
    // 34 ids stand at several orders.
    key: &["review_id", "order_id"],
    columns: &[
        text("review_id", 40, "").needed(),
        text("order_id", 32, "order_review.order_id").needed().refers("orders"),
        Column::new("review_score", Kind::Count, "order_review.score").needed(),
        text("review_comment_title", 200, "order_review.title"),
        text("review_comment_message", 4000, "order_review.text"),
        Column::new("review_creation_date", Kind::Time, "order_review.made_at").needed(),
        Column::new("review_answer_timestamp", Kind::Time, "order_review.answered_at"),
    ],
    needs: &["orders"],
    headless: false,
};

const GEOLOCATION: FileMap = ignored(
    "geolocation",
    "geolocation_not_imported",
    &[
        unused("geolocation_zip_code_prefix"),
        unused("geolocation_lat"),
        unused("geolocation_lng"),
        unused("geolocation_city"),
        unused("geolocation_state"),
    ],
);

fn build(reading: &mut Reading, build: &mut Build) {
    let customers = customers(reading, build);
    for line in lines(reading, &SELLERS) {
        let code = line.key(&SELLERS);
        let mut row = party(origin(&SELLERS, line), code.clone(), code);
        row.trade = Trade::Supplier;
        row.place = place(line, &SELLERS, "seller");
        build.rows.push(Row::Party(Box::new(row)));
    }
    products(reading, build);
    orders(reading, build, &customers);
    reviews(reading, build);
}

fn place(line: &Line, map: &FileMap, of: &str) -> Option<Place> {
    let text = |name: &str| line.text(map, &format!("{of}_{name}"));
    Some(Place {
        country: String::new(),
        region: text("state"),
        city: text("city"),
        street: String::new(),
        postal_code: text("zip_code_prefix"),
    })
}

/// One party a person, with the address of the first number; the person of each number.
fn customers(reading: &mut Reading, build: &mut Build) -> BTreeMap<String, String> {
    let mut people: BTreeMap<String, String> = BTreeMap::new();
    let mut met: BTreeMap<String, usize> = BTreeMap::new();
    for line in lines(reading, &CUSTOMERS) {
        let person = line.text(&CUSTOMERS, "customer_unique_id");
        people.insert(line.key(&CUSTOMERS), person.clone());
        let count = met.entry(person.clone()).or_default();
        *count += 1;
        if *count == 1 {
            let mut row = party(made_of("customer", &person), person.clone(), person);
            row.region = line.text(&CUSTOMERS, "customer_state");
            row.place = place(line, &CUSTOMERS, "customer");
            build.rows.push(Row::Party(Box::new(row)));
        }
    }
    reading.notes.add("customers_again", people.len() - met.len());
    people
}

fn products(reading: &mut Reading, build: &mut Build) {
    let english: BTreeMap<String, String> = lines(reading, &CATEGORIES)
        .map(|line| {
            (line.key(&CATEGORIES), line.text(&CATEGORIES, "product_category_name_english"))
        })
        .collect();
    let mut unnamed = 0;
    let mut rows = Vec::new();
    for line in lines(reading, &PRODUCTS) {
        let text = |name: &str| line.text(&PRODUCTS, name);
        let theirs = text("product_category_name");
        let category = english.get(&theirs).cloned().unwrap_or(theirs);
        unnamed += usize::from(category.is_empty());
        let size = [text("product_length_cm"), text("product_width_cm"), text("product_height_cm")];
        let is_sized = size.iter().all(|part| !part.is_empty());
        let size = if is_sized { format!("{} cm", size.join(" × ")) } else { String::new() };
        let weight = text("product_weight_g");
        let weight = if weight.is_empty() { weight } else { format!("{weight} g") };
        let code = line.key(&PRODUCTS);
        rows.push(Row::Product(GivenProduct {
            origin: origin(&PRODUCTS, line),
            // The source names no product: its category and code must do.
            name: super::joined(&[category.clone(), code.chars().take(8).collect()]),
            code,
            spec: super::joined(&[size, weight]),
            category,
            unit: String::new(),
            list_price: Price::ZERO,
            standard_cost: Price::ZERO,
            active: true,
            reuse: false,
        }));
    }
    build.rows.extend(rows);
    reading.notes.add("products_without_category", unnamed);
}

/// What the times of orders say that cannot be.
#[derive(Default)]
struct Odd {
    without_items: usize,
    shipped_before_approval: usize,
    delivered_before_shipped: usize,
    delivered_without_day: usize,
    late: usize,
}

fn orders(reading: &mut Reading, build: &mut Build, people: &BTreeMap<String, String>) {
    let items = by_order(reading, &ITEMS);
    let payments = by_order(reading, &PAYMENTS);
    let none = Vec::new();
    let mut odd = Odd::default();
    let mut paid = Vec::new();
    for line in lines(reading, &ORDERS) {
        let number = line.key(&ORDERS);
        let items = items.get(&number).unwrap_or(&none);
        let of = payments.get(&number).unwrap_or(&none);
        let Some(person) = people.get(&line.text(&ORDERS, "customer_id")) else { continue };
        let Some(row) = order(line, items, of, person) else { continue };
        odd.see(line, &row);
        build.differences.extend(difference(&row, build.currency));
        for at in [Some(row.ordered), row.confirmed, row.shipped, row.delivered] {
            build.happened(at.map(|at| at.day));
        }
        paid.extend(of.iter().filter_map(|payment| payment_of(payment, &row)));
        build.rows.push(Row::Order(row));
    }
    build.rows.extend(paid.into_iter().map(Row::Payment));
    odd.say(reading);
    reading.notes.add("paid_differs", build.differences.len());
}

fn by_order<'r>(reading: &'r Reading, map: &FileMap) -> BTreeMap<String, Vec<&'r Line>> {
    let mut all: BTreeMap<String, Vec<&Line>> = BTreeMap::new();
    for line in lines(reading, map) {
        all.entry(line.text(map, "order_id")).or_default().push(line);
    }
    all
}

impl Odd {
    fn see(&mut self, line: &Line, row: &GivenOrder) {
        let is = |earlier: Option<Moment>, later: Option<Moment>| {
            usize::from(later.zip(earlier).is_some_and(|(later, earlier)| later < earlier))
        };
        self.without_items += usize::from(row.lines.is_empty());
        self.shipped_before_approval += is(row.confirmed, row.shipped);
        self.delivered_before_shipped += is(row.shipped, row.delivered);
        let is_delivered = line.named(&ORDERS, "order_status") == "delivered";
        self.delivered_without_day += usize::from(is_delivered && row.delivered.is_none());
        let late = row.delivered.zip(row.requested).is_some_and(|(at, day)| at.day > day);
        self.late += usize::from(late);
    }
    fn say(&self, reading: &mut Reading) {
        reading.notes.add("orders_without_items", self.without_items);
        reading.notes.add("shipped_before_approval", self.shipped_before_approval);
        reading.notes.add("delivered_before_shipped", self.delivered_before_shipped);
        reading.notes.add("delivered_without_day", self.delivered_without_day);
        reading.notes.add("shipped_late", self.late);
    }
}

fn order(line: &Line, items: &[&Line], paid: &[&Line], person: &str) -> Option<GivenOrder> {
    let status = line.named(&ORDERS, "order_status");
    let mut digest = Digest::new();
    line.digest(&mut digest);
    items.iter().chain(paid).for_each(|part| part.digest(&mut digest));
    let sum = |of: &[&Line], map: &FileMap, name: &str| -> i64 {
        of.iter().filter_map(|part| part.number(map, name)).sum()
    };
    let end = match status {
        "delivered" => OrderEnd::Closed,
        "canceled" | "unavailable" => OrderEnd::Cancelled,
        _ => OrderEnd::Open,
    };
    let moment = |name: &str| line.moment(&ORDERS, name);
    Some(GivenOrder {
        origin: Origin { kind: ORDERS.kind, key: line.key(&ORDERS), hash: digest.finish() },
        number: line.key(&ORDERS),
        party: Link { kind: "customer", key: person.to_owned() },
        end,
        reason: if end == OrderEnd::Cancelled { status.to_owned() } else { String::new() },
        ordered: moment("order_purchase_timestamp")?,
        confirmed: moment("order_approved_at"),
        requested: line.day(&ORDERS, "order_estimated_delivery_date"),
        shipped: moment("order_delivered_carrier_date"),
        delivered: moment("order_delivered_customer_date"),
        carrier: String::new(),
        ship_to: String::new(),
        freight: sum(items, &ITEMS, "freight_value"),
        paid: sum(paid, &PAYMENTS, "payment_value"),
        lines: items.iter().filter_map(|item| part(item)).collect(),
        more: vec![("status", status.to_owned()), ("customer", line.text(&ORDERS, "customer_id"))],
    })
}

fn part(line: &Line) -> Option<GivenLine> {
    let price = line.number(&ITEMS, "price")?;
    let freight = line.number(&ITEMS, "freight_value").unwrap_or(0);
    Some(GivenLine {
        product: link(&PRODUCTS, line.text(&ITEMS, "product_id"))?,
        qty: Qty::whole(1),
        price: Price(price),
        discount: Rate::ZERO,
        exact: price,
        more: vec![
            ("seller", line.text(&ITEMS, "seller_id")),
            ("ship_until", line.text(&ITEMS, "shipping_limit_date")),
            ("freight_minor", freight.to_string()),
        ],
    })
}

/// Paid, and items plus freight, where the two are not the same.
fn difference(row: &GivenOrder, currency: kernel::Currency) -> Option<Difference> {
    let minor = flows::history::scale_of(currency);
    let found: i128 = row.lines.iter().map(|line| i128::from(line.exact)).sum();
    let found = found + i128::from(row.freight) * minor;
    let stated = i128::from(row.paid) * minor;
    let what = "paid_is_items_and_freight";
    let key = row.number.clone();
    (stated != found).then_some(Difference { kind: "order", key, what, stated, found })
}

fn payment_of(line: &Line, order: &GivenOrder) -> Option<GivenPayment> {
    let number = line.text(&PAYMENTS, "payment_sequential");
    let how = [
        ("by", line.text(&PAYMENTS, "payment_type")),
        ("instalments", line.text(&PAYMENTS, "payment_installments")),
    ];
    Some(GivenPayment {
        origin: origin(&PAYMENTS, line),
        number: format!("{}-{number}", order.number),
        party: order.party.clone(),
        order: Link { kind: ORDERS.kind, key: order.number.clone() },
        amount: line.number(&PAYMENTS, "payment_value")?,
        at: order.confirmed.unwrap_or(order.ordered),
        is_assumed: true,
        how: told(&how),
    })
}

fn reviews(reading: &Reading, build: &mut Build) {
    for line in lines(reading, &REVIEWS) {
        let text = |name: &str| line.text(&REVIEWS, name);
        let (Some(score), Some(made), Some(order)) = (
            line.number(&REVIEWS, "review_score"),
            line.moment(&REVIEWS, "review_creation_date"),
            link(&ORDERS, text("order_id")),
        ) else {
            continue;
        };
        let answered = line.moment(&REVIEWS, "review_answer_timestamp");
        build.happened(Some(made.day));
        build.happened(answered.map(|at| at.day));
        build.rows.push(Row::Review(GivenReview {
            origin: origin(&REVIEWS, line),
            order,
            score,
            title: text("review_comment_title"),
            text: text("review_comment_message"),
            made,
            answered,
        }));
    }
}
