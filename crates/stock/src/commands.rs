//! Loading and changing stock rows; the verbs that others follow are in `flows`.
use crate::{
    Location, Lot, Return, ReturnLine, Shipment, ShipmentLine, StockRow, StockValue, Warehouse,
    facts,
};
use kernel::{Ctx, Error, Id, Qty, Result, Stored};
use product::Product;
use store::{Tx, find, find_in, sql};

/// A shipment with its lines, locked. Error: `store.not_found`.
pub fn lock_shipment(tx: &mut Tx, id: Id<Shipment>) -> Result<Shipment> {
    let mut shipment = tx.lock(id)?;
    let key = [Stored::Int(id.raw())];
    shipment.lines = tx.list(find!(ShipmentLine, "shipment = $2 ORDER BY id"), &key)?;
    Ok(shipment)
}

/// Saves a shipment and its lines.
pub fn save_shipment(tx: &mut Tx, shipment: &mut Shipment) {
    tx.update(std::slice::from_ref(shipment));
    tx.update(&shipment.lines);
    shipment.version += 1;
}

/// Open shipments of an order with their lines, oldest first.
pub fn open_shipments(tx: &mut Tx, order: i64) -> Result<Vec<Shipment>> {
    let key = [Stored::Int(order)];
    let mut shipments: Vec<Shipment> = tx.list(
        find!(
            Shipment,
            "order_id = $2 AND state IN ('assigned', 'picking', 'picked', 'packed') ORDER BY id"
        ),
        &key,
    )?;
    if shipments.is_empty() {
        return Ok(shipments);
    }
    let ids: Vec<i64> = shipments.iter().map(|s| s.id.raw()).collect();
    let lines: Vec<ShipmentLine> =
        tx.list_in(find_in!(ShipmentLine, "shipment IN (#) ORDER BY id", 0), &[], &ids)?;
    for line in lines {
        if let Some(shipment) = shipments.iter_mut().find(|s| s.id == line.shipment) {
            shipment.lines.push(line);
        }
    }
    Ok(shipments)
}

/// A return with its lines, locked. Error: `store.not_found`.
pub fn lock_return(tx: &mut Tx, id: Id<Return>) -> Result<Return> {
    let mut found = tx.lock(id)?;
    let key = [Stored::Int(id.raw())];
    found.lines = tx.list(find!(ReturnLine, "return_id = $2 ORDER BY id"), &key)?;
    Ok(found)
}

/// Saves a return and its lines.
pub fn save_return(tx: &mut Tx, saved: &mut Return) {
    tx.update(std::slice::from_ref(saved));
    tx.update(&saved.lines);
    saved.version += 1;
}

/// Stock rows of products in storage, locked in the order of product and row.
pub fn lock_stock(cx: &Ctx, tx: &mut Tx, products: &[i64]) -> Result<Vec<StockRow>> {
    if products.is_empty() {
        return Ok(Vec::new());
    }
    tx.lock_in(
        find_in!(StockRow, "company = $2 AND product IN (#) ORDER BY product, location, lot", 1),
        &[Stored::Int(cx.company)],
        products,
    )
}

/// Values of products, locked in the order of product.
pub fn lock_values(cx: &Ctx, tx: &mut Tx, products: &[i64]) -> Result<Vec<StockValue>> {
    if products.is_empty() {
        return Ok(Vec::new());
    }
    tx.lock_in(
        find_in!(StockValue, "company = $2 AND product IN (#) ORDER BY product", 1),
        &[Stored::Int(cx.company)],
        products,
    )
}

/// Opens a warehouse with a storage, a staging and a quarantine location.
pub fn open_warehouse(
    cx: &Ctx,
    tx: &mut Tx,
    code: &str,
    name: &str,
    priority: i64,
) -> Result<Warehouse> {
    cx.allow("stock.warehouse.write")?;
    let warehouse = Warehouse {
        id: cx.id(),
        version: 1,
        company: cx.company,
        code: code.to_owned(),
        name: name.to_owned(),
        priority,
    };
    tx.insert(std::slice::from_ref(&warehouse));
    let places: Vec<Location> = ["storage", "staging", "quarantine"]
        .iter()
        .map(|kind| Location {
            id: cx.id(),
            warehouse: warehouse.id,
            code: (*kind).to_owned(),
            kind: (*kind).to_owned(),
        })
        .collect();
    tx.insert(&places);
    tx.tell(cx.fact(facts::WAREHOUSE_OPENED).on("warehouse", warehouse.id.raw(), "warehouse"));
    Ok(warehouse)
}

/// The storage location of a warehouse. Error: `warehouse.no_storage`.
pub fn storage_of(tx: &mut Tx, warehouse: Id<Warehouse>) -> Result<Location> {
    let found: Vec<Location> = tx.list(
        find!(Location, "warehouse = $2 AND kind = 'storage' ORDER BY id LIMIT 1"),
        &[Stored::Int(warehouse.raw())],
    )?;
    let found = found.into_iter().next();
    found.ok_or_else(|| Error::not_found("warehouse.no_storage", warehouse))
}

/// Makes sure that stock and value rows of products exist at a location, in the default lot.
pub fn ensure_rows(
    cx: &Ctx,
    tx: &mut Tx,
    warehouse: &Warehouse,
    location: &Location,
    products: &[Id<Product>],
) -> Result<()> {
    let raw: Vec<i64> = products.iter().map(|p| p.raw()).collect();
    let known: Vec<StockRow> = tx.list_in(
        find_in!(StockRow, "location = $2 AND product IN (#)", 1),
        &[Stored::Int(location.id.raw())],
        &raw,
    )?;
    let missing: Vec<i64> =
        raw.iter().copied().filter(|p| !known.iter().any(|r| r.product.raw() == *p)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let mut missing = missing;
    missing.sort_unstable();
    missing.dedup();
    for product in &missing {
        let id = cx.id::<Lot>().raw();
        tx.put(
            sql!(
                "INSERT INTO lot (tenant_id, id, product, code, expires_on, blocked) \
                 VALUES ($1, $2, $3, '-', NULL, 0) ON CONFLICT DO NOTHING"
            ),
            &[Stored::Int(id), Stored::Int(*product)],
        );
    }
    let lots: Vec<Lot> =
        tx.list_in(find_in!(Lot, "code = '-' AND product IN (#)", 0), &[], &missing)?;
    for lot in &lots {
        put_rows(cx, tx, warehouse, location, lot);
    }
    tx.flush()
}

fn put_rows(cx: &Ctx, tx: &mut Tx, warehouse: &Warehouse, location: &Location, lot: &Lot) {
    tx.put(
        sql!(
            "INSERT INTO stock (tenant_id, id, company, product, warehouse, location, lot, \
             priority, on_hand, reserved) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0) \
             ON CONFLICT DO NOTHING"
        ),
        &[
            Stored::Int(cx.id::<StockRow>().raw()),
            Stored::Int(cx.company),
            Stored::Int(lot.product.raw()),
            Stored::Int(warehouse.id.raw()),
            Stored::Int(location.id.raw()),
            Stored::Int(lot.id.raw()),
            Stored::Int(warehouse.priority),
        ],
    );
    tx.put(
        sql!(
            "INSERT INTO stock_value (tenant_id, id, company, product, qty, value) \
             VALUES ($1, $2, $3, $4, 0, 0) ON CONFLICT DO NOTHING"
        ),
        &[
            Stored::Int(cx.id::<StockValue>().raw()),
            Stored::Int(cx.company),
            Stored::Int(lot.product.raw()),
        ],
    );
}

/// What is available of a product in the whole company.
#[must_use]
pub fn available(rows: &[StockRow], product: Id<Product>) -> Qty {
    rows.iter().filter(|r| r.product == product).map(StockRow::available).sum()
}
