//! AdventureWorks: files without headings, stock into the books, and what waits for its room.
use super::setup::{each, files};
use super::{live_in, note, rows, sums};
use intake::{Plan, Report};
use kernel::Currency;
use std::collections::BTreeMap;

const TAKEN: &[&str] = &[
    "ProductInventory.csv",
    "Product.csv",
    "ProductSubcategory.csv",
    "ProductCategory.csv",
    "Vendor.csv",
    "Store.csv",
    "Customer.csv",
    "Location.csv",
    "Department.csv",
    "Employee.csv",
    "EmployeeDepartmentHistory.csv",
];

const LATER: &[&str] = &[
    "BillOfMaterials.csv",
    "PurchaseOrderHeader.csv",
    "PurchaseOrderDetail.csv",
    "ProductVendor.csv",
    "ProductCostHistory.csv",
    "ProductListPriceHistory.csv",
    "EmployeePayHistory.csv",
    "Shift.csv",
    "ShipMethod.csv",
    "SpecialOffer.csv",
    "SalesPerson.csv",
    "SalesPersonQuotaHistory.csv",
    "SalesReason.csv",
    "SalesTerritory.csv",
    "ScrapReason.csv",
    "CurrencyRate.csv",
    "UnitMeasure.csv",
];

/// Cells of a file without headings.
fn table(name: &str) -> Vec<Vec<String>> {
    let text = super::setup::text("adventureworks", name);
    text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

fn millionths(text: &str) -> i128 {
    sums::millionths(if text.starts_with('.') { "0" } else { text })
        + if let Some(part) = text.strip_prefix('.') {
            format!("{part:0<6}").parse::<i128>().unwrap()
        } else {
            0
        }
}

/// List prices, quantity, and value at standard cost rounded row by row, from the files.
pub(super) fn expected() -> BTreeMap<&'static str, i128> {
    let products = table("Product.csv");
    let costs: BTreeMap<&str, i128> =
        products.iter().map(|row| (row[0].as_str(), millionths(&row[8]))).collect();
    let (mut quantity, mut value, mut exact) = (0, 0, 0);
    for row in &table("ProductInventory.csv") {
        let qty: i128 = row[4].parse().unwrap();
        quantity += qty * 1_000_000;
        exact += qty * costs[row[0].as_str()];
        value += (qty * costs[row[0].as_str()] + 5_000) / 10_000 * 10_000;
    }
    println!("adventureworks stock: exact {exact}, rounded by row {value}");
    BTreeMap::from([
        ("products.list_price", products.iter().map(|row| millionths(&row[9])).sum()),
        ("stock.quantity", quantity),
        ("stock.value", value),
    ])
}

#[test]
fn adventureworks_comes_in_as_far_as_there_are_rooms_and_goes_out_whole() {
    each("adventureworks", |place| {
        let names: Vec<&str> = TAKEN.iter().chain(LATER).copied().collect();
        let check = |plan: &Plan, report: &Report| {
            assert_eq!(rows(report, "product"), (504, 0, 0));
            assert_eq!(rows(report, "vendor"), (104, 0, 0));
            assert_eq!(rows(report, "store"), (701, 0, 0));
            assert_eq!(rows(report, "employee"), (290, 0, 0));
            assert_eq!(rows(report, "location"), (14, 0, 0));
            assert_eq!(note(&plan.notes, "no_room_yet"), LATER.len() as u64);
            let said = plan.json()["notes"].to_string();
            assert!(LATER.iter().all(|name| said.contains(name)), "each is named: {said}");
            assert_eq!(place.count("product", "category = 'Components/Road Frames'"), 33);
            let nothing = note(&plan.notes, "stock_of_nothing") as i64;
            let lines = "receipt IN (SELECT id FROM receipt WHERE kind = 'opening')";
            assert_eq!(place.count("receipt_line", lines), 1069 - nothing);
            let value = report.sums.iter().find(|s| s.name == "stock.value").unwrap();
            let cents = i64::try_from(value.stored / 10_000).unwrap();
            assert_eq!(place.balance("inventory"), cents);
            assert_eq!(place.balance("opening_equity"), -cents);
            assert_eq!(place.count("app_user", "login = 'ken0' AND disabled_at > 0"), 1);
            assert_eq!(place.count("party", "code = 'AW00000001' AND name LIKE '%Bike%'"), 1);
        };
        live_in(place, Currency::CNY, "adventureworks", &names, check);
    });
}

#[test]
fn stock_in_another_currency_than_the_books_is_refused() {
    each("adventureworks", |place| {
        let plan = place.plan("adventureworks", files("adventureworks", TAKEN));
        let told: Vec<&str> = plan.faults.iter().map(|f| f.error.code).collect();
        assert_eq!(told, ["import.balances_base"]);
    });
}
