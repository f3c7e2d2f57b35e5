//! What the files sum up to, computed here: decimals as text into 128-bit millionths.
use super::setup;
use intake::{Plan, Report};
use std::collections::BTreeMap;

/// Millionths of a decimal; empty and NULL are nothing.
pub(super) fn millionths(text: &str) -> i128 {
    if text.is_empty() || text == "NULL" {
        return 0;
    }
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    assert!(part.len() <= 6, "{text}");
    sign * format!("{whole}{part:0<6}").parse::<i128>().unwrap()
}

pub(super) fn column(mapping: &str, file: &str, names: &[&str]) -> Vec<Vec<String>> {
    let text = setup::text(mapping, file);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let header: Vec<&str> = header.iter().map(|h| h.trim_start_matches('\u{feff}')).collect();
    let places: Vec<usize> =
        names.iter().map(|name| header.iter().position(|h| h == name).unwrap()).collect();
    let row = |record: csv::StringRecord| places.iter().map(|at| record[*at].to_owned()).collect();
    reader.records().map(|record| row(record.unwrap())).collect()
}

fn sum(mapping: &str, file: &str, name: &str) -> i128 {
    column(mapping, file, &[name]).iter().map(|row| millionths(&row[0])).sum()
}

fn expected(mapping: &str) -> BTreeMap<&'static str, i128> {
    let of = |file: &str, name: &str| sum(mapping, file, name);
    match mapping {
        "crm_maven" => {
            let rows = column(mapping, "sales_pipeline.csv", &["deal_stage", "close_value"]);
            let won = rows.iter().filter(|row| row[0] == "Won").map(|row| millionths(&row[1]));
            BTreeMap::from([
                ("products.list_price", of("products.csv", "sales_price")),
                ("opportunities.amount", of("sales_pipeline.csv", "close_value")),
                ("opportunities.won", won.sum()),
            ])
        }
        "northwind" => {
            let names = ["unitPrice", "quantity", "discount"];
            let net = |row: &Vec<String>| {
                let (price, qty) = (millionths(&row[0]), millionths(&row[1]) / 1_000_000);
                let exact = price * qty * (1_000_000 - millionths(&row[2]));
                assert_eq!(exact % 1_000_000, 0, "{row:?}");
                exact / 1_000_000
            };
            BTreeMap::from([
                ("products.list_price", of("products.csv", "unitPrice")),
                ("orders.net", column(mapping, "order_details.csv", &names).iter().map(net).sum()),
                ("orders.freight", of("orders.csv", "freight")),
                ("orders.quantity", of("order_details.csv", "quantity")),
            ])
        }
        "olist_funnel" => {
            let deals = column(mapping, "olist_closed_deals_dataset.csv", &["mql_id"]);
            let revenue = of("olist_closed_deals_dataset.csv", "declared_monthly_revenue");
            BTreeMap::from([
                ("leads.est_amount", revenue),
                ("leads.converted", deals.len() as i128 * 1_000_000),
                ("opportunities.amount", 0),
                ("opportunities.won", 0),
            ])
        }
        "olist_orders_sample" => olist(),
        "adventureworks" => super::adventureworks::expected(),
        "leads_xeducation" => BTreeMap::from([
            ("leads.est_amount", 0),
            ("leads.converted", of("leads_even.csv", "Converted")),
        ]),
        "superstore" => {
            let file = "Sample - Superstore.csv";
            BTreeMap::from([
                ("products.list_price", 0),
                ("orders.net", of(file, "Sales")),
                ("orders.profit", of(file, "Profit")),
                ("orders.freight", 0),
                ("orders.quantity", of(file, "Quantity")),
            ])
        }
        "online_retail" => retail(),
        _ => {
            let file = "accounts_receivable_before_2013-07.csv";
            let rows = column(mapping, file, &["Disputed", "InvoiceAmount"]);
            let disputed = rows.iter().filter(|row| row[0] == "Yes").map(|row| millionths(&row[1]));
            BTreeMap::from([
                ("invoices.amount", of(file, "InvoiceAmount")),
                ("invoices.disputed", disputed.sum()),
                ("invoices.open", 0),
                ("payments.amount", of(file, "InvoiceAmount")),
            ])
        }
    }
}

fn olist() -> BTreeMap<&'static str, i128> {
    let mapping = "olist_orders_sample";
    let of = |file: &str, name: &str| sum(mapping, file, name);
    let items = "olist_order_items_dataset.csv";
    let paid = of("olist_order_payments_dataset.csv", "payment_value");
    let rows = column(mapping, items, &["price"]).len() as i128;
    BTreeMap::from([
        ("products.list_price", 0),
        ("orders.net", of(items, "price")),
        ("orders.freight", of(items, "freight_value")),
        ("orders.quantity", rows * 1_000_000),
        ("orders.paid", paid),
        ("payments.amount", paid),
        ("reviews.score", of("olist_order_reviews_dataset.csv", "review_score")),
    ])
}

fn retail() -> BTreeMap<&'static str, i128> {
    let mapping = "online_retail";
    let (mut exact, mut quantity, mut by_invoice) = (0, 0, BTreeMap::new());
    for file in super::others::RETAIL {
        for row in column(mapping, file, &["InvoiceNo", "Quantity", "UnitPrice"]) {
            let qty = millionths(&row[1]) / 1_000_000;
            let amount = qty * millionths(&row[2]);
            exact += amount;
            quantity += qty * 1_000_000;
            *by_invoice.entry(row[0].clone()).or_insert(0_i128) += amount;
        }
    }
    // Prices have two decimals: no invoice is rounded.
    assert!(by_invoice.values().all(|sum| sum % 10_000 == 0));
    BTreeMap::from([
        ("products.list_price", 0),
        ("invoices.lines", exact),
        ("invoices.quantity", quantity),
        ("invoices.amount", by_invoice.values().sum()),
    ])
}

/// The plan's preview, what is stored and our own sums are the same, to the millionth.
pub(super) fn agree(mapping: &str, plan: &Plan, report: &Report) {
    let stored: BTreeMap<&str, i128> = report.sums.iter().map(|s| (s.name, s.stored)).collect();
    let files: BTreeMap<&str, i128> = report.sums.iter().map(|s| (s.name, s.file)).collect();
    assert_eq!(stored, expected(mapping), "{mapping}");
    assert_eq!(files, stored, "{mapping}");
    for line in &report.sums {
        println!(
            "{mapping} {}: file {} stored {} rounding {}",
            line.name,
            line.file,
            line.stored,
            line.difference()
        );
    }
    let json = plan.json();
    let net = json["sums"].as_object().unwrap();
    assert_eq!(net.len(), stored.len());
}
