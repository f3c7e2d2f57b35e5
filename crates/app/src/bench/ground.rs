//! The company that is measured: customers, products and stock in plenty, the same every time.
use flows::order_to_cash::receive::{NewReceipt, NewReceiptLine, receive};
use kernel::{Ctx, Day, Id, Instant, Price, Qty, Result, Zone};
use party::Party;
use product::{Product, ProductKind};
use stock::{ReceiptKind, Warehouse};
use store::Store;

pub(crate) const CUSTOMERS: usize = 200;
pub(crate) const PRODUCTS: usize = 500;

/// Ids of what orders are made of.
pub(crate) struct Ground {
    pub(crate) company: i64,
    pub(crate) customers: Vec<Id<Party>>,
    pub(crate) products: Vec<Id<Product>>,
}

/// The day on which everything of a measurement happens: results do not depend on today.
pub(crate) fn start() -> Instant {
    Zone::china().at(Day::of(2026, 3, 2), 9 * 60)
}

/// Founds the company. Deterministic: the same ids each time.
pub(crate) fn found(store: &Store, tenant: i64) -> Result<Ground> {
    let mut cx = Ctx::system(tenant, start(), store.ids());
    let company = store.run(&cx, |cx, tx| {
        if tx.find(Id::<access::tenant::Tenant>::from_raw(cx.tenant))?.is_none() {
            access::commands::create_tenant(cx, tx, "bench")?;
        }
        let new = access::company::NewCompany::usual("BENCH", "Bench", "2026-01");
        access::commands::create_company(cx, tx, new)
    })?;
    cx.company = company.id.raw();
    let warehouse = store.run(&cx, |cx, tx| {
        flows::setup::open_company(cx, tx, "enterprise", "2026-01")?;
        flows::setup::usual_terms(cx, tx)?;
        stock::commands::open_warehouse(cx, tx, "W1", "W1", 1)
    })?;
    let products = products(store, &cx, warehouse.id)?;
    let customers = customers(store, &cx)?;
    Ok(Ground { company: cx.company, customers, products })
}

fn products(store: &Store, cx: &Ctx, warehouse: Id<Warehouse>) -> Result<Vec<Id<Product>>> {
    let products = store.run(cx, |cx, tx| {
        let all: Vec<Product> = (0..PRODUCTS).map(|n| product(cx, n)).collect();
        product::commands::create(cx, tx, &all)?;
        Ok(all.iter().map(|p| p.id).collect::<Vec<_>>())
    })?;
    let line = |product: &Id<Product>| NewReceiptLine {
        product: *product,
        qty: Qty::whole(10_000_000),
        value: 7_000_000_000,
    };
    let new = NewReceipt {
        kind: ReceiptKind::Opening,
        warehouse,
        reason: String::new(),
        lines: products.iter().map(line).collect(),
    };
    store.run(cx, |cx, tx| receive(cx, tx, &new).map(|_| ()))?;
    Ok(products)
}

fn product(cx: &Ctx, number: usize) -> Product {
    Product {
        id: cx.id(),
        version: 1,
        code: format!("P{number:05}"),
        name: format!("Product {number}"),
        spec: String::new(),
        brand: String::new(),
        category: String::new(),
        kind: ProductKind::Goods,
        unit: "pc".to_owned(),
        aux_unit: String::new(),
        tax_code: "VAT13".to_owned(),
        tax_class_code: String::new(),
        tax_class_name: String::new(),
        barcode: String::new(),
        list_price: Price(11_300_000 + number as i64 * 10_000),
        standard_cost: Price::ZERO,
        lot_tracked: false,
        active: true,
        batch_id: 0,
    }
}

fn customers(store: &Store, cx: &Ctx) -> Result<Vec<Id<Party>>> {
    store.run(cx, |cx, tx| {
        let mut ids = Vec::with_capacity(CUSTOMERS);
        for number in 0..CUSTOMERS {
            let mut party =
                Party::new(cx.id(), &format!("C{number:05}"), &format!("Customer {number}"));
            party.is_customer = true;
            "N30".clone_into(&mut party.terms_code);
            party::commands::create(cx, tx, &party, &[], &[], &[])?;
            terms::commands::set_limit(cx, tx, party.id, Some(1_000_000_000_00))?;
            ids.push(party.id);
        }
        Ok(ids)
    })
}

/// The ground of a company that was founded before.
pub(crate) fn again(store: &Store, tenant: i64, company: i64) -> Result<Ground> {
    let cx = Ctx::system(tenant, start(), store.ids());
    store.read(&cx, |_, tx| {
        let customers: Vec<Party> = tx.list(store::find!(Party, "code <> '' ORDER BY id"), &[])?;
        let products: Vec<Product> =
            tx.list(store::find!(Product, "code <> '' ORDER BY id"), &[])?;
        Ok(Ground {
            company,
            customers: customers.iter().map(|p| p.id).collect(),
            products: products.iter().map(|p| p.id).collect(),
        })
    })
}
