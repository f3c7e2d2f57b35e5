//! Imports of three real data sets, on both engines: exact sums, a second run, undo, bad rows,
//! a stop half way. The sums are computed here from the files, by other code than the importer's.
mod adventureworks;
mod figures;
mod ocel;
mod opening;
mod others;
mod refusals;
mod screen;
mod setup;
mod spellings;
mod sums;
mod t32;
mod tables;

use intake::{Note, Plan, Report};
use serde_json::Value as Json;
use setup::{Place, each, files};

/// Counts how often a note is true; 0 where it was not said.
fn note(notes: &[Note], code: &str) -> u64 {
    notes.iter().filter(|n| n.code == code).map(|n| n.count).sum()
}

fn rows(report: &Report, kind: &str) -> (usize, usize, usize) {
    let count = &report.counts[kind];
    (count.new, count.unchanged, count.changed)
}

/// The whole life of one import: preview, apply, the same again, undo.
fn live(place: &Place<'_>, mapping: &str, names: &[&str], check: impl Fn(&Plan, &Report)) {
    live_in(place, kernel::Currency::USD, mapping, names, check);
}

fn live_in(
    place: &Place<'_>,
    currency: kernel::Currency,
    mapping: &str,
    names: &[&str],
    check: impl Fn(&Plan, &Report),
) {
    let before = place.tables();
    let plan = place.plan_in(currency, mapping, files(mapping, names));
    assert_eq!(plan.faults, Vec::new(), "{mapping}");
    let report = place.apply(&plan);
    sums::agree(mapping, &plan, &report);
    check(&plan, &report);
    place.house.check().unwrap();
    ocel::is_sound(place, true);

    let again = place.plan_in(currency, mapping, files(mapping, names));
    assert!(again.counts.values().all(|c| c.new == 0 && c.changed == 0), "{mapping}");
    let after = place.tables();
    let nothing = place.apply(&again);
    assert_eq!((nothing.batch, nothing.applied), (None, 0));
    assert_eq!(place.tables(), after, "a second import of {mapping} changes nothing");

    let batch = report.batch.unwrap();
    let undone = place.undo(batch).unwrap();
    assert!(!undone.was_undone && !undone.removed.is_empty());
    assert_eq!(place.tables(), before, "undoing {mapping} leaves nothing");
    assert!(place.undo(batch).unwrap().was_undone);
    ocel::is_sound(place, false);
}

const CRM: &[&str] = &[
    "sales_pipeline.csv",
    "products.csv",
    "data_dictionary.csv",
    "sales_teams.csv",
    "accounts.csv",
];

#[test]
fn crm_maven_comes_in_whole_and_goes_out_whole() {
    each("crm_maven", |place| {
        live(place, "crm_maven", CRM, |plan, report| {
            assert_eq!(rows(report, "opportunity"), (8800, 0, 0));
            assert_eq!(rows(report, "account"), (85, 0, 0));
            assert_eq!(rows(report, "product"), (7, 0, 0));
            assert_eq!(rows(report, "agent"), (35, 0, 0));
            assert_eq!((rows(report, "office").0, rows(report, "team").0), (3, 6));
            assert_eq!(note(&plan.notes, "without_dates"), 500);
            assert_eq!(note(&plan.notes, "without_account"), 1425);
            assert_eq!(note(&plan.notes, "agents_without_opportunities"), 5);
            let alias = |to: &str| {
                let of = |n: &&Note| n.values.iter().any(|(_, value)| value == to);
                plan.notes.iter().filter(of).map(|n| n.count).sum::<u64>()
            };
            assert_eq!(
                (alias("GTX Pro"), alias("technology"), alias("Philippines")),
                (1480, 12, 1)
            );
            assert_eq!(plan.earliest.map(|d| d.to_string()).as_deref(), Some("2016-10-20"));
            let state = |state: &str| place.count("opportunity", &format!("state = '{state}'"));
            assert_eq!((state("won"), state("lost"), state("open")), (4238, 2473, 2089));
            let pro = "product = (SELECT id FROM product WHERE name = 'GTX Pro')";
            assert_eq!(place.count("opportunity", pro), 1480);
            assert_eq!(place.count("opportunity", "party IS NULL"), 1425);
            assert_eq!(place.count("opportunity", "opened_on IS NULL AND history = 1"), 500);
            assert_eq!(place.count("opportunity", "open_fields_waived = 1"), 2089);
            assert_eq!(place.count("party", "parent IS NOT NULL"), 15);
            assert_eq!(place.count("app_user", "disabled_at > 0"), 35);
            let flagged = place.facts("opp.created", "day_assumed");
            assert_eq!(flagged, (8800, 500), "undated ones are told on the earliest day, flagged");
            assert_eq!(place.facts("opp.won", "day_assumed"), (4238, 0));
            assert_eq!(place.facts("opp.lost", "day_assumed"), (2473, 0));
            figures::of_the_pipeline(place);
        });
    });
}

const NORTHWIND: &[&str] = &[
    "order_details.csv",
    "territories.csv",
    "orders.csv",
    "suppliers.csv",
    "employees.csv",
    "products.csv",
    "regions.csv",
    "shippers.csv",
    "categories.csv",
    "customers.csv",
    "employee_territories.csv",
];

#[test]
fn northwind_comes_in_whole_and_goes_out_whole() {
    each("northwind/csv", |place| {
        live(place, "northwind", NORTHWIND, |plan, report| {
            assert_eq!(rows(report, "order"), (830, 0, 0));
            assert_eq!(rows(report, "customer"), (91, 0, 0));
            assert_eq!(rows(report, "supplier"), (29, 0, 0));
            assert_eq!(rows(report, "product"), (77, 0, 0));
            for (code, count) in [
                ("not_shipped", 21),
                ("shipped_late", 37),
                ("customers_without_orders", 2),
                ("sold_more_than_on_hand", 77),
                ("people_not_imported", 1),
                ("territories_not_imported", 3),
                ("inexact", 0),
                ("time_dropped", 0),
            ] {
                assert_eq!(note(&plan.notes, code), count, "{code}");
            }
            let net = report.sums.iter().find(|s| s.name == "orders.net").unwrap();
            assert_eq!(net.file, 1_265_793_039_500);
            assert_eq!(net.difference(), 250_500, "0.2505 by rounding 2,155 lines");
            assert_eq!(place.count("sales_order", "state = 'closed' AND fulfilment = 'full'"), 809);
            let open = "state = 'confirmed' AND fulfilment = 'none' AND history = 1";
            assert_eq!(place.count("sales_order", open), 21);
            assert_eq!(place.count("order_line", "shipped > ordered"), 0);
            assert_eq!(place.count("shipment", "history = 1 AND state = 'shipped'"), 809);
            assert_eq!(place.count("shipment", "carrier = 'Federal Shipping'"), 249);
            assert_eq!(place.count("product", "category = 'Beverages'"), 12);
            assert_eq!(place.count("product", "active = 0"), 8);
            for table in ["stock", "stock_move", "entry", "billable_item", "demand", "invoice"] {
                assert_eq!(place.count(table, "id > 0"), 0, "{table}: history moves nothing");
            }
            assert_eq!(place.facts("order.entered", "day_assumed"), (830, 0));
            assert_eq!(place.facts("ship.dispatched", "day_assumed"), (809, 0));
            figures::of_northwinds_orders(place);
        });
    });
}

const AR: &[&str] = &["accounts_receivable_before_2013-07.csv"];

#[test]
fn ar_ibm_comes_in_whole_and_goes_out_whole() {
    each("ar_ibm", |place| {
        live(place, "ar_ibm", AR, |plan, report| {
            assert_eq!(rows(report, "invoice"), (1930, 0, 0));
            assert_eq!(rows(report, "customer"), (100, 0, 0));
            assert_eq!(note(&plan.notes, "disputed"), 439);
            assert_eq!(note(&plan.notes, "days_differ"), 0);
            assert_eq!(plan.cut_over.map(|d| d.to_string()).as_deref(), Some("2013-08-23"));
            assert_eq!(place.count("invoice", "number = '0000611365'"), 1, "zeros are kept");
            assert_eq!(place.count("invoice", "state = 'settled' AND open = 0"), 1930);
            assert_eq!(place.count("invoice", "disputed = 1"), 439);
            assert_eq!(place.count("payment", "unapplied = 0 AND history = 1"), 1930);
            assert_eq!(place.count("entry", "id > 0"), 0, "nothing is open at cut-over");
            assert_eq!(report.opened_base, 0);
            assert_eq!(place.facts("invoice.issued", "day_assumed"), (1930, 0));
            assert_eq!(place.facts("payment.received", "day_assumed"), (1930, 0));
            assert_eq!(place.facts("payment.applied", "day_assumed"), (1930, 0));
            figures::of_receivables(place);
        });
    });
}

#[test]
fn what_is_open_at_cut_over_is_opened_once_in_the_books_and_taken_back_by_undo() {
    each("ar_ibm", |place| {
        let before = place.tables();
        let text = setup::text("ar_ibm", AR[0]);
        let open: Vec<&str> = text.lines().skip(1).take(3).collect();
        let blank = |line: &str| {
            let mut cells: Vec<&str> = line.split(',').collect();
            (cells[8], cells[10], cells[11]) = ("", "", "");
            cells.join(",")
        };
        let text = open.iter().fold(text.clone(), |text, line| text.replace(line, &blank(line)));
        let owed: i64 = open.iter().map(|line| setup::cents(line.split(',').nth(6).unwrap())).sum();
        let files = vec![setup::source("ar.csv", text.clone().into_bytes())];
        let plan = place.plan_in(kernel::Currency::CNY, "ar_ibm", files);
        assert_eq!(plan.faults, Vec::new());
        assert_eq!(note(&plan.notes, "open"), 3);
        let report = place.apply(&plan);
        assert_eq!(report.opened_base, owed);
        let sum = report.sums.iter().find(|s| s.name == "invoices.open").unwrap();
        assert_eq!((sum.file, sum.stored), (i128::from(owed) * 10_000, i128::from(owed) * 10_000));
        assert_eq!(place.count("entry", "kind = 'opening' AND day = '2026-01-01'"), 1);
        assert_eq!(place.balance("receivable"), owed);
        assert_eq!(place.balance("opening_equity"), -owed);
        assert_eq!(place.sum("open_item", "open"), owed);
        assert_eq!(place.sum("credit_account", "used"), owed);
        place.house.check().unwrap();
        place.undo(report.batch.unwrap()).unwrap();
        assert_eq!(place.tables(), before);
    });
}

#[test]
fn the_preview_and_the_report_are_json_that_a_script_can_read() {
    each("northwind/csv", |place| {
        let plan = place.plan("northwind", files("northwind", NORTHWIND));
        let json = plan.json();
        assert_eq!(json["valid"], Json::Bool(true));
        assert_eq!(json["sums"]["orders.net"], "1265793.0395");
        assert_eq!(json["first_rows"]["orders"][0]["orderDate"], "1996-07-04");
        assert_eq!(json["counts"]["order"]["new"], 830);
        let notes = json["notes"].as_array().unwrap();
        let said = |n: &Json| n["message"]["zh"] != n["message"]["en"];
        assert!(!notes.is_empty() && notes.iter().all(said), "{notes:?}");
        let report = place.apply(&plan).json();
        assert_eq!(report["reconciled"], Json::Bool(true));
        let net = report["sums"].as_array().unwrap();
        let net = net.iter().find(|s| s["name"] == "orders.net").unwrap();
        assert_eq!(net["rounding_difference"], "0.2505");
        assert_eq!(net["rounded"], "1265793.29");
    });
}
