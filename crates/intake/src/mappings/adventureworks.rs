//! Microsoft's AdventureWorks: products, vendors, stores, customers, stock and employees.
//!
//! Traps: no headings, so that files are known by name and width; tabs or `+|` with quotes inside;
//! amounts like `.0000`; names of people are in none of the files. What has no room yet (bills of
//! material, purchase orders, prices by vendor, pay) is left out, and every such file is named.
use super::{Build, lines, link, made_of, origin, party};
use crate::mapping::{Column, FileMap, Kind, Mapping, Role, blank, ignored, text, unused};
use crate::read::Reading;
use flows::history::{
    GivenAgent, GivenOffice, GivenProduct, GivenStock, GivenStockLine, GivenWarehouse, Link, Row,
    Trade, scale_of,
};
use kernel::{Currency, Price, Qty, div_round};
use std::collections::{BTreeMap, BTreeSet};

pub(super) static MAPPING: Mapping = Mapping {
    name: "adventureworks",
    files: &[
        PRODUCTS,
        SUBCATEGORIES,
        CATEGORIES,
        VENDORS,
        STORES,
        CUSTOMERS,
        LOCATIONS,
        INVENTORY,
        DEPARTMENTS,
        EMPLOYEES,
        EMPLOYEE_DEPARTMENTS,
        later("BillOfMaterials", 9),
        later("PurchaseOrderHeader", 13),
        later("PurchaseOrderDetail", 11),
        later("ProductVendor", 11),
        later("ProductCostHistory", 5),
        later("ProductListPriceHistory", 5),
        later("EmployeePayHistory", 5),
        later("Shift", 5),
        later("ShipMethod", 6),
        later("SpecialOffer", 11),
        later("SalesPerson", 9),
        later("SalesPersonQuotaHistory", 5),
        later("SalesReason", 4),
        later("SalesTerritory", 10),
        later("ScrapReason", 3),
        later("CurrencyRate", 7),
        later("UnitMeasure", 3),
        SAMPLE_ORDERS,
        SAMPLE_LINES,
        SAMPLE_REASONS,
    ],
    nothing: &["NULL"],
    build,
};

const fn table(
    name: &'static str,
    kind: &'static str,
    key: &'static [&'static str],
    columns: &'static [Column],
) -> FileMap {
    FileMap { headless: true, ..FileMap::rows(name, kind, key, columns) }
}

const fn later(name: &'static str, width: usize) -> FileMap {
    let mut map = ignored(name, "no_room_yet", blank(width));
    map.headless = true;
    map
}

const PRODUCTS: FileMap = table(
    "Product",
    "product",
    &["ProductID"],
    &[
        text("ProductID", 20, "").needed(),
        text("Name", 200, "product.name").needed(),
        text("ProductNumber", 56, "product.code").needed(),
        unused("MakeFlag"),
        unused("FinishedGoodsFlag"),
        text("Color", 20, "product.spec"),
        unused("SafetyStockLevel"),
        unused("ReorderPoint"),
        Column::new("StandardCost", Kind::Price, "product.standard_cost").needed(),
        Column::new("ListPrice", Kind::Price, "product.list_price").needed(),
        text("Size", 20, "product.spec"),
        text("SizeUnitMeasureCode", 10, "product.spec"),
        text("WeightUnitMeasureCode", 10, "product.spec"),
        text("Weight", 20, "product.spec"),
        unused("DaysToManufacture"),
        unused("ProductLine"),
        unused("Class"),
        unused("Style"),
        text("ProductSubcategoryID", 10, "product.category").refers("ProductSubcategory"),
        unused("ProductModelID"),
        unused("SellStartDate"),
        text("SellEndDate", 40, "product.active"),
        text("DiscontinuedDate", 40, "product.active"),
        unused("rowguid"),
        unused("ModifiedDate"),
    ],
);

const SUBCATEGORIES: FileMap = FileMap {
    role: Role::Names,
    ..table(
        "ProductSubcategory",
        "subcategory",
        &["ProductSubcategoryID"],
        &[
            text("ProductSubcategoryID", 10, "").needed(),
            text("ProductCategoryID", 10, "").needed().refers("ProductCategory"),
            text("Name", 60, "product.category").needed(),
            unused("rowguid"),
            unused("ModifiedDate"),
        ],
    )
};

const CATEGORIES: FileMap = FileMap {
    role: Role::Names,
    ..table(
        "ProductCategory",
        "category",
        &["ProductCategoryID"],
        &[
            text("ProductCategoryID", 10, "").needed(),
            text("Name", 60, "product.category").needed(),
            unused("rowguid"),
            unused("ModifiedDate"),
        ],
    )
};

const VENDORS: FileMap = table(
    "Vendor",
    "vendor",
    &["BusinessEntityID"],
    &[
        text("BusinessEntityID", 20, "").needed(),
        text("AccountNumber", 36, "party.code").needed(),
        text("Name", 200, "party.name").needed(),
        text("CreditRating", 5, "party.note"),
        unused("PreferredVendorStatus"),
        Column::new("ActiveFlag", Kind::YesNo { yes: "1", no: "0" }, "party.note"),
        text("PurchasingWebServiceURL", 200, "party.note"),
        unused("ModifiedDate"),
    ],
);

const STORES: FileMap = table(
    "Store",
    "store",
    &["BusinessEntityID"],
    &[
        text("BusinessEntityID", 20, "").needed(),
        text("Name", 200, "party.name").needed(),
        text("SalesPersonID", 20, ""),
        unused("Demographics"),
        unused("rowguid"),
        unused("ModifiedDate"),
    ],
);

const CUSTOMERS: FileMap = table(
    "Customer",
    "customer",
    &["CustomerID"],
    &[
        text("CustomerID", 20, "").needed(),
        text("PersonID", 20, ""),
        text("StoreID", 20, "").refers("Store"),
        text("TerritoryID", 10, ""),
        text("AccountNumber", 36, "party.code").needed(),
        unused("rowguid"),
        unused("ModifiedDate"),
    ],
);

const LOCATIONS: FileMap = table(
    "Location",
    "location",
    &["LocationID"],
    &[
        text("LocationID", 10, "warehouse.code").needed(),
        text("Name", 100, "warehouse.name").needed(),
        unused("CostRate"),
        unused("Availability"),
        unused("ModifiedDate"),
    ],
);

const INVENTORY: FileMap = FileMap {
    needs: &["Product", "Location"],
    ..table(
        "ProductInventory",
        "stock",
        &["ProductID", "LocationID"],
        &[
            text("ProductID", 20, "receipt_line.product").needed().refers("Product"),
            text("LocationID", 10, "receipt.warehouse").needed().refers("Location"),
            unused("Shelf"),
            unused("Bin"),
            Column::new("Quantity", Kind::Whole, "receipt_line.qty").needed(),
            unused("rowguid"),
            unused("ModifiedDate"),
        ],
    )
};

const DEPARTMENTS: FileMap = table(
    "Department",
    "department",
    &["DepartmentID"],
    &[
        text("DepartmentID", 10, "").needed(),
        text("Name", 60, "department.name").needed(),
        text("GroupName", 60, "department.parent").needed(),
        unused("ModifiedDate"),
    ],
);

/// Numbers of identity, birthdays, marital status and gender are not read at all.
const EMPLOYEES: FileMap = FileMap {
    needs: &["Department", "EmployeeDepartmentHistory"],
    ..table(
        "Employee",
        "employee",
        &["BusinessEntityID"],
        &[
            text("BusinessEntityID", 20, "").needed(),
            unused("NationalIDNumber"),
            text("LoginID", 60, "user.login").needed(),
            unused("OrganizationNode"),
            unused("OrganizationLevel"),
            text("JobTitle", 60, "user.name").needed(),
            unused("BirthDate"),
            unused("MaritalStatus"),
            unused("Gender"),
            unused("HireDate"),
            unused("SalariedFlag"),
            unused("VacationHours"),
            unused("SickLeaveHours"),
            unused("CurrentFlag"),
            unused("rowguid"),
            unused("ModifiedDate"),
        ],
    )
};

const EMPLOYEE_DEPARTMENTS: FileMap = FileMap {
    role: Role::Names,
    ..table(
        "EmployeeDepartmentHistory",
        "employment",
        &["BusinessEntityID", "DepartmentID", "StartDate"],
        &[
            text("BusinessEntityID", 20, "").needed(),
            text("DepartmentID", 10, "user.department").needed().refers("Department"),
            text("ShiftID", 10, ""),
            Column::new("StartDate", Kind::Day, "").needed(),
            Column::new("EndDate", Kind::Day, ""),
            unused("ModifiedDate"),
        ],
    )
};

/// The sample of orders lost its days: they read `00/01/1900`.
const SAMPLE_ORDERS: FileMap = ignored(
    "Sales.SalesOrderHeader",
    "damaged_sample",
    &[unused("SalesOrderID"), unused("OrderDate"), unused("SalesOrderNumber")],
);
const SAMPLE_LINES: FileMap = ignored(
    "Sales.SalesOrderDetail",
    "damaged_sample",
    &[unused("SalesOrderID"), unused("SalesOrderDetailID"), unused("OrderQty")],
);
const SAMPLE_REASONS: FileMap = ignored(
    "Sales.SalesOrderHeaderSalesReason",
    "damaged_sample",
    &[unused("SalesOrderID"), unused("SalesReasonID")],
);

fn build(reading: &mut Reading, build: &mut Build) {
    parties(reading, build);
    products(reading, build);
    people(reading, build);
    stock(reading, build);
}

fn parties(reading: &mut Reading, build: &mut Build) {
    for line in lines(reading, &VENDORS) {
        let text = |name: &str| line.text(&VENDORS, name);
        let mut row = party(origin(&VENDORS, line), text("AccountNumber"), text("Name"));
        row.trade = Trade::Supplier;
        let rating = ("credit rating", text("CreditRating"));
        row.note = super::told(&[rating, ("web", text("PurchasingWebServiceURL"))]);
        build.rows.push(Row::Party(Box::new(row)));
    }
    let accounts: BTreeMap<String, String> = lines(reading, &CUSTOMERS)
        .filter(|line| line.text(&CUSTOMERS, "PersonID").is_empty())
        .map(|line| (line.text(&CUSTOMERS, "StoreID"), line.text(&CUSTOMERS, "AccountNumber")))
        .collect();
    for line in lines(reading, &STORES) {
        let key = line.key(&STORES);
        let code = accounts.get(&key).cloned().unwrap_or_else(|| format!("ST-{key}"));
        let row = party(origin(&STORES, line), code, line.text(&STORES, "Name"));
        build.rows.push(Row::Party(Box::new(row)));
    }
    let mut contacts = 0;
    for line in lines(reading, &CUSTOMERS) {
        let is = |name: &str| !line.text(&CUSTOMERS, name).is_empty();
        if is("StoreID") {
            contacts += usize::from(is("PersonID"));
            continue;
        }
        let code = line.text(&CUSTOMERS, "AccountNumber");
        build.rows.push(Row::Party(Box::new(party(origin(&CUSTOMERS, line), code.clone(), code))));
    }
    reading.notes.add("contacts_without_name", contacts);
}

fn products(reading: &Reading, build: &mut Build) {
    let names = |map: &FileMap, column: &str| -> BTreeMap<String, String> {
        lines(reading, map).map(|line| (line.key(map), line.text(map, column))).collect()
    };
    let (top, subs) = (names(&CATEGORIES, "Name"), names(&SUBCATEGORIES, "Name"));
    let parents = names(&SUBCATEGORIES, "ProductCategoryID");
    for line in lines(reading, &PRODUCTS) {
        let text = |name: &str| line.text(&PRODUCTS, name);
        let price = |name: &str| Price(line.number(&PRODUCTS, name).unwrap_or(0));
        let sub = text("ProductSubcategoryID");
        let parent = parents.get(&sub).and_then(|key| top.get(key));
        let category: Vec<&str> =
            parent.into_iter().chain(subs.get(&sub)).map(String::as_str).collect();
        let size = format!("{} {}", text("Size"), text("SizeUnitMeasureCode"));
        let weight = format!("{} {}", text("Weight"), text("WeightUnitMeasureCode"));
        let spec = [text("Color"), size.trim().to_owned(), weight.trim().to_owned()];
        build.rows.push(Row::Product(GivenProduct {
            origin: origin(&PRODUCTS, line),
            code: text("ProductNumber"),
            name: text("Name"),
            spec: super::joined(&spec),
            category: category.join("/"),
            unit: String::new(),
            list_price: price("ListPrice"),
            standard_cost: price("StandardCost"),
            active: text("SellEndDate").is_empty() && text("DiscontinuedDate").is_empty(),
            reuse: false,
        }));
    }
}

fn people(reading: &Reading, build: &mut Build) {
    let mut groups = BTreeSet::new();
    for line in lines(reading, &DEPARTMENTS) {
        let group = line.text(&DEPARTMENTS, "GroupName");
        if groups.insert(group.clone()) {
            let origin = made_of("department_group", &group);
            build.rows.push(Row::Office(GivenOffice { origin, name: group.clone(), parent: None }));
        }
        build.rows.push(Row::Office(GivenOffice {
            origin: origin(&DEPARTMENTS, line),
            name: line.text(&DEPARTMENTS, "Name"),
            parent: Some(Link { kind: "department_group", key: group }),
        }));
    }
    let mut at: BTreeMap<String, String> = BTreeMap::new();
    for line in lines(reading, &EMPLOYEE_DEPARTMENTS) {
        if line.day(&EMPLOYEE_DEPARTMENTS, "EndDate").is_none() {
            let person = line.text(&EMPLOYEE_DEPARTMENTS, "BusinessEntityID");
            at.insert(person, line.text(&EMPLOYEE_DEPARTMENTS, "DepartmentID"));
        }
    }
    for line in lines(reading, &EMPLOYEES) {
        let login = line.text(&EMPLOYEES, "LoginID");
        let login = login.rsplit('\\').next().unwrap_or(&login).to_owned();
        let key = line.key(&EMPLOYEES);
        build.rows.push(Row::Agent(GivenAgent {
            origin: origin(&EMPLOYEES, line),
            name: login,
            office: at.get(&key).and_then(|department| link(&DEPARTMENTS, department.clone())),
        }));
    }
}

/// One receipt a location, at standard cost. What lies at none is left out and counted.
fn stock(reading: &mut Reading, build: &mut Build) {
    let costs: BTreeMap<String, i64> = lines(reading, &PRODUCTS)
        .map(|line| (line.key(&PRODUCTS), line.number(&PRODUCTS, "StandardCost").unwrap_or(0)))
        .collect();
    let mut places: BTreeMap<String, Vec<GivenStockLine>> = BTreeMap::new();
    let mut none = 0;
    for line in lines(reading, &INVENTORY) {
        let product = line.text(&INVENTORY, "ProductID");
        let qty = line.number(&INVENTORY, "Quantity").unwrap_or(0);
        if qty == 0 {
            none += 1;
            continue;
        }
        let value = value(qty, costs.get(&product).copied().unwrap_or(0), build.currency);
        let of = places.entry(line.text(&INVENTORY, "LocationID")).or_default();
        let product = Link { kind: PRODUCTS.kind, key: product };
        of.push(GivenStockLine { product, qty: Qty::whole(qty), value });
    }
    for line in lines(reading, &LOCATIONS) {
        build.rows.push(Row::Warehouse(GivenWarehouse {
            origin: origin(&LOCATIONS, line),
            code: format!("AW{}", line.key(&LOCATIONS)),
            name: line.text(&LOCATIONS, "Name"),
        }));
    }
    for (place, lines) in places {
        let warehouse = Link { kind: LOCATIONS.kind, key: place.clone() };
        build.rows.push(Row::Stock(GivenStock {
            origin: made_of("opening_stock", &place),
            warehouse,
            lines,
        }));
    }
    reading.notes.add("stock_of_nothing", none);
}

/// Minor units of a quantity at a cost in millionths.
fn value(qty: i64, cost: i64, currency: Currency) -> i64 {
    div_round(i128::from(qty) * i128::from(cost), scale_of(currency)) as i64
}
