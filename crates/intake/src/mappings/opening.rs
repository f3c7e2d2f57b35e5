//! Opening balances of a Chinese company, by our own template: stock, open receivables and payables
//! by document, balances of accounts. What details explain is not posted twice: where a balance is
//! stated of such an account, both must be the same.
use super::{Build, fault, lines, made_of, origin, party};
use crate::fault::At;
use crate::mapping::{Column, FileMap, Kind, Mapping, text};
use crate::read::{Line, Reading};
use flows::history::{
    GivenBalances, GivenInvoice, GivenPayable, GivenProduct, GivenStock, GivenStockLine,
    GivenWarehouse, Link, Row, Settlement, Trade,
};
use kernel::{Digest, Error, Money, Price, Qty};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) static MAPPING: Mapping = Mapping {
    name: "opening",
    files: &[STOCK, RECEIVABLES, PAYABLES, BALANCES],
    nothing: &["-"],
    build,
};

const STOCK: FileMap = FileMap::rows(
    "期初库存",
    "stock_line",
    &["仓库编码", "产品编码"],
    &[
        text("仓库编码", 20, "warehouse.code").needed(),
        text("仓库名称", 100, "warehouse.name"),
        text("产品编码", 56, "product.code").needed(),
        text("产品名称", 200, "product.name").needed(),
        text("规格型号", 120, "product.spec"),
        text("单位", 20, "product.unit"),
        Column::new("结存数量", Kind::Exact, "receipt_line.qty").needed(),
        Column::new("结存金额", Kind::Money, "receipt_line.value").needed(),
    ],
);

const RECEIVABLES: FileMap = FileMap::rows(
    "期初应收",
    "receivable",
    &["应收单据号"],
    &[
        text("客户编码", 36, "party.code").needed(),
        text("客户名称", 200, "party.name").needed(),
        text("应收单据号", 40, "invoice.number").needed(),
        Column::new("单据日期", Kind::Day, "invoice.day").needed(),
        Column::new("到期日", Kind::Day, "invoice.due").needed(),
        Column::new("未收金额", Kind::Money, "invoice.gross").needed(),
    ],
);

const PAYABLES: FileMap = FileMap::rows(
    "期初应付",
    "payable",
    &["供应商编码", "应付单据号"],
    &[
        text("供应商编码", 36, "party.code").needed(),
        text("供应商名称", 200, "party.name").needed(),
        text("应付单据号", 40, "opening_payable.number").needed(),
        Column::new("单据日期", Kind::Day, "opening_payable.day").needed(),
        Column::new("到期日", Kind::Day, "opening_payable.due").needed(),
        Column::new("未付金额", Kind::Money, "opening_payable.amount").needed(),
    ],
);

const BALANCES: FileMap = FileMap::rows(
    "科目余额",
    "balance",
    &["科目编码"],
    &[
        text("科目编码", 20, "account.code").needed(),
        text("科目名称", 100, ""),
        Column::new("借方余额", Kind::SignedMoney, "entry_line.debit"),
        Column::new("贷方余额", Kind::SignedMoney, "entry_line.credit"),
    ],
);

/// The template: sheets with their headings.
pub(crate) fn template() -> Vec<(&'static str, Vec<&'static str>)> {
    let headings = |map: &FileMap| map.columns.iter().map(|column| column.name).collect();
    MAPPING.files.iter().map(|map| (map.name, headings(map))).collect()
}

/// Accounts that documents must explain, and have none here.
const EXPLAINED: [&str; 7] = [
    "goods_shipped",
    "customer_advance",
    "receivable_unbilled",
    "output_vat",
    "output_vat_deferred",
    "revenue",
    "cost_of_sales",
];

fn build(reading: &mut Reading, build: &mut Build) {
    masters(reading, build);
    let stock = stock(reading, build);
    let receivables = receivables(reading, build);
    let payables = payables(reading, build);
    let details = [("inventory", stock), ("receivable", receivables), ("payable", -payables)];
    balances(reading, build, &details);
}

fn masters(reading: &Reading, build: &mut Build) {
    let mut parties: BTreeMap<(String, bool), String> = BTreeMap::new();
    for (map, code, name, supplies) in [
        (&RECEIVABLES, "客户编码", "客户名称", false),
        (&PAYABLES, "供应商编码", "供应商名称", true),
    ] {
        for line in lines(reading, map) {
            parties.entry((line.text(map, code), supplies)).or_insert(line.text(map, name));
        }
    }
    for ((code, supplies), name) in parties {
        let kind = if supplies { "supplier" } else { "customer" };
        let mut row = party(made_of(kind, &code), code, name);
        row.trade = if supplies { Trade::Supplier } else { Trade::Customer };
        row.reuse = true;
        build.rows.push(Row::Party(Box::new(row)));
    }
    let mut products = BTreeSet::new();
    for line in lines(reading, &STOCK) {
        let text = |name: &str| line.text(&STOCK, name);
        let code = text("产品编码");
        if !products.insert(code.clone()) {
            continue;
        }
        build.rows.push(Row::Product(GivenProduct {
            origin: made_of("product", &code),
            code,
            name: text("产品名称"),
            spec: text("规格型号"),
            category: String::new(),
            unit: text("单位"),
            list_price: Price::ZERO,
            standard_cost: Price::ZERO,
            active: true,
            reuse: true,
        }));
    }
}

/// Minor units that lie there in all.
fn stock(reading: &mut Reading, build: &mut Build) -> i64 {
    let mut places: BTreeMap<String, (String, Vec<GivenStockLine>, Digest)> = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut total = 0;
    for line in lines(reading, &STOCK) {
        let (qty, value) = (
            line.number(&STOCK, "结存数量").unwrap_or(0),
            line.number(&STOCK, "结存金额").unwrap_or(0),
        );
        if qty <= 0 {
            let place = (line.source, line.at);
            wrong.push((place, Qty(qty).to_string()));
            continue;
        }
        total += value;
        let (_, of, digest) = places
            .entry(line.text(&STOCK, "仓库编码"))
            .or_insert_with(|| (line.text(&STOCK, "仓库名称"), Vec::new(), Digest::new()));
        line.digest(digest);
        let product = Link { kind: "product", key: line.text(&STOCK, "产品编码") };
        of.push(GivenStockLine { product, qty: Qty(qty), value });
    }
    for (place, value) in wrong {
        let e = Error::invalid("import.stock_quantity", &value);
        fault(reading, place, "结存数量", &value, e);
    }
    for (code, (name, lines, digest)) in places {
        let name = if name.is_empty() { code.clone() } else { name };
        let warehouse = Link { kind: "warehouse", key: code.clone() };
        build.rows.push(Row::Warehouse(GivenWarehouse {
            origin: made_of("warehouse", &code),
            code: code.clone(),
            name,
        }));
        let mut origin = made_of("opening_stock", &code);
        origin.hash = digest.finish();
        build.rows.push(Row::Stock(GivenStock { origin, warehouse, lines }));
    }
    total
}

fn receivables(reading: &mut Reading, build: &mut Build) -> i64 {
    let mut total = 0;
    let all: Vec<GivenInvoice> = lines(reading, &RECEIVABLES).filter_map(receivable).collect();
    for row in all {
        total += row.amount;
        build.happened(Some(row.at.day));
        build.rows.push(Row::Invoice(row));
    }
    total
}

fn receivable(line: &Line) -> Option<GivenInvoice> {
    Some(GivenInvoice {
        origin: origin(&RECEIVABLES, line),
        number: line.text(&RECEIVABLES, "应收单据号"),
        party: Link { kind: "customer", key: line.text(&RECEIVABLES, "客户编码") },
        kind: "opening",
        at: line.moment(&RECEIVABLES, "单据日期")?,
        due: line.day(&RECEIVABLES, "到期日")?,
        amount: line.number(&RECEIVABLES, "未收金额")?,
        settlement: Settlement::Open,
        disputed: false,
        lines: Vec::new(),
    })
}

fn payables(reading: &Reading, build: &mut Build) -> i64 {
    let mut total = 0;
    let all: Vec<GivenPayable> = lines(reading, &PAYABLES).filter_map(payable).collect();
    for row in all {
        total += row.amount;
        build.happened(Some(row.day));
        build.rows.push(Row::Payable(row));
    }
    total
}

fn payable(line: &Line) -> Option<GivenPayable> {
    Some(GivenPayable {
        origin: origin(&PAYABLES, line),
        number: line.text(&PAYABLES, "应付单据号"),
        party: Link { kind: "supplier", key: line.text(&PAYABLES, "供应商编码") },
        day: line.day(&PAYABLES, "单据日期")?,
        due: line.day(&PAYABLES, "到期日")?,
        amount: line.number(&PAYABLES, "未付金额")?,
    })
}

/// Errors: `import.books_needed`, `import.no_account`, `import.control_differs`,
/// `import.control_without_details`, `import.balances_differ`.
fn balances(reading: &mut Reading, build: &mut Build, details: &[(&'static str, i64)]) {
    let Some(first) = lines(reading, &BALANCES).next() else { return };
    let file = reading.names[first.source].clone();
    if build.books.accounts.is_empty() {
        return reading.faults.add(At::file(&file), Error::invalid("import.books_needed", &file));
    }
    let shown = |minor: i64| Money::new(minor, build.currency).to_string();
    let code_of = |role: &str| build.books.roles.get(role).cloned().unwrap_or_default();
    let (mut posted, mut wrong, mut total) = (Vec::new(), Vec::new(), 0);
    let mut stated: BTreeMap<String, i64> = BTreeMap::new();
    let mut digest = Digest::new();
    for line in lines(reading, &BALANCES) {
        line.digest(&mut digest);
        let code = line.key(&BALANCES);
        let number = |name: &str| line.number(&BALANCES, name).unwrap_or(0);
        let amount = number("借方余额") - number("贷方余额");
        total += amount;
        stated.insert(code.clone(), amount);
        let place = (line.source, line.at);
        if !build.books.accounts.contains(&code) {
            wrong.push((place, code.clone(), Error::invalid("import.no_account", &code)));
        } else if EXPLAINED.iter().any(|role| code_of(role) == code) && amount != 0 {
            let e = Error::invalid("import.control_without_details", &code);
            wrong.push((place, code, e.with("amount", shown(amount))));
        } else if !details.iter().any(|(role, _)| code_of(role) == code) && amount != 0 {
            posted.push((code, amount));
        }
    }
    for (role, found) in details {
        let code = code_of(role);
        let said = stated.get(&code).copied().unwrap_or(0);
        if said != *found {
            let e = Error::invalid("import.control_differs", &code).with("stated", shown(said));
            reading.faults.add(At::file(&file), e.with("details", shown(*found)));
        }
    }
    for (place, code, e) in wrong {
        fault(reading, place, "科目编码", &code, e);
    }
    if total != 0 {
        let e = Error::invalid("import.balances_differ", shown(total));
        reading.faults.add(At::file(&file), e);
    }
    if !posted.is_empty() {
        let mut origin = made_of("balances", "opening");
        origin.hash = digest.finish();
        build.rows.push(Row::Balances(GivenBalances { origin, lines: posted }));
    }
}
