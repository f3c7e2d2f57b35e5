//! Stock that comes or goes without an order; what came goes to those who wait for it.
use crate::order_to_cash::wake::Waiting;
use kernel::{Ctx, Currency, Error, Id, Money, Qty, Rate, Result, Stored, portion};
use ledger::{Draft, DraftLine, posting};
use product::Product;
use std::collections::BTreeMap;
use stock::commands::{ensure_rows, lock_stock, lock_values, storage_of};
use stock::{Move, Receipt, ReceiptKind, ReceiptLine, StockRow, StockValue, Warehouse, facts};
use store::scope::{Belongs, intern};
use store::{Tx, numbers, sql};

/// What comes (or, by kind, goes).
#[derive(Clone, Debug)]
pub struct NewReceipt {
    pub kind: ReceiptKind,
    pub warehouse: Id<Warehouse>,
    pub reason: String,
    pub lines: Vec<NewReceiptLine>,
}

/// A quantity with its value in minor units of base currency (ignored when goods go out: they
/// leave at the average).
#[derive(Clone, Copy, Debug)]
pub struct NewReceiptLine {
    pub product: Id<Product>,
    pub qty: Qty,
    pub value: i64,
}

/// Lines of one receipt at most.
const MAX_LINES: usize = 1000;

/// Posts a receipt or issue: stock, value, moves, entry; then serves open demands, first come
/// first served.
///
/// Errors: `receipt.no_lines`, `receipt.too_many_lines`, `line.quantity`, `receipt.value`,
/// `receipt.services`, `stock.short`, `period.closed`.
pub fn receive(cx: &Ctx, tx: &mut Tx, new: &NewReceipt) -> Result<Receipt> {
    cx.allow("stock.receipt.post")?;
    check(new)?;
    let warehouse = tx.get(new.warehouse)?;
    let location = storage_of(tx, new.warehouse)?;
    let products: Vec<Id<Product>> = new.lines.iter().map(|l| l.product).collect();
    let known = product::commands::by_ids(tx, &products)?;
    if let Some(service) = known.values().find(|p| !p.is_goods()) {
        return Err(Error::invalid("receipt.services", &service.name));
    }
    ensure_rows(cx, tx, &warehouse, &location, &products)?;
    // Roots first: the orders that wait, then stock.
    let raw: Vec<i64> = products.iter().map(|p| p.raw()).collect();
    let served: &[i64] = if new.kind.is_out() { &[] } else { &raw };
    let (_, waiting) = Waiting::lock(cx, tx, &[], served, 0)?;
    let receipt = book(cx, tx, new, &warehouse, &location, &raw)?;
    waiting.serve(cx, tx, None)?;
    Ok(receipt)
}

fn check(new: &NewReceipt) -> Result<()> {
    if new.lines.is_empty() {
        return Err(Error::invalid("receipt.no_lines", new.kind.name()));
    }
    if new.lines.len() > MAX_LINES {
        return Err(Error::invalid("receipt.too_many_lines", MAX_LINES));
    }
    for (at, line) in new.lines.iter().enumerate() {
        if line.qty.0 <= 0 {
            return Err(Error::invalid("line.quantity", line.qty).with("line", at + 1));
        }
        if line.value < 0 {
            return Err(Error::invalid("receipt.value", line.value).with("line", at + 1));
        }
    }
    Ok(())
}

fn book(
    cx: &Ctx,
    tx: &mut Tx,
    new: &NewReceipt,
    warehouse: &Warehouse,
    location: &stock::Location,
    products: &[i64],
) -> Result<Receipt> {
    let mut rows = lock_stock(cx, tx, products)?;
    let mut values = lock_values(cx, tx, products)?;
    let company = cx.company;
    let belongs = Belongs { company, warehouse: warehouse.id.raw(), ..Belongs::default() };
    let mut receipt = Receipt {
        id: cx.id(),
        version: 1,
        scope_id: intern(cx, tx, belongs)?,
        number: String::new(),
        company,
        kind: new.kind,
        warehouse: warehouse.id,
        day: cx.today(),
        reason: new.reason.clone(),
        value: 0,
        made_by: cx.user,
        posted_at: Some(cx.now),
    };
    let mut lines = Vec::new();
    let mut moves = Vec::new();
    for line in &new.lines {
        let at_place = |r: &&mut StockRow| r.product == line.product && r.location == location.id;
        let row = rows.iter_mut().find(at_place);
        let row = row.ok_or_else(|| Error::bug("bug.stock_row", line.product))?;
        let value = values.iter_mut().find(|v| v.product == line.product);
        let value = value.ok_or_else(|| Error::bug("bug.stock_value", line.product))?;
        let (qty, worth) = change(tx, new.kind, row, value, line)?;
        receipt.value += worth;
        let (id, product, stock) = (cx.id(), line.product, row.id);
        moves.push(movement(cx, &receipt, row, qty, worth, &id));
        lines.push(ReceiptLine { id, receipt: receipt.id, product, stock, qty, value: worth });
    }
    tx.update(&values);
    let prefix = if new.kind.is_out() { "OU" } else { "IN" };
    receipt.number = numbers::yearly(tx, prefix, company, cx.today().year())?;
    tx.insert(std::slice::from_ref(&receipt));
    tx.insert(&lines);
    tx.insert(&moves);
    posting::post(cx, tx, &[entry(cx, &receipt, &lines)])?;
    let activity = if new.kind.is_out() { facts::STOCK_ISSUED } else { facts::STOCK_RECEIVED };
    let fact = cx.fact(activity).on("receipt", receipt.id.raw(), "receipt");
    let fact = fact.worth(Money::new(receipt.value, cx.base), receipt.value);
    tx.tell(fact.attr("kind", new.kind.name()).attr("lines", lines.len()));
    Ok(receipt)
}

/// Changes quantity and value of one row; signed quantity and value. Going out is at the average,
/// and only what nobody has reserved; a second line of a product finds what the first one left.
fn change(
    tx: &mut Tx,
    kind: ReceiptKind,
    row: &mut StockRow,
    value: &mut StockValue,
    line: &NewReceiptLine,
) -> Result<(Qty, i64)> {
    let (qty, worth) = if kind.is_out() {
        if line.qty > row.available() {
            let e = Error::conflict("stock.short", line.product);
            return Err(e.with("wanted", line.qty).with("on_hand", row.available()));
        }
        (-line.qty, -value.issue(line.qty)?)
    } else {
        value.receive(line.qty, line.value);
        (line.qty, line.value)
    };
    tx.put_guarded(
        sql!(
            "UPDATE stock SET on_hand = on_hand + $3 WHERE tenant_id = $1 AND id = $2 \
             AND on_hand + $3 >= reserved"
        ),
        &[Stored::Int(row.id.raw()), Stored::Int(qty.0)],
        "bug.stock_bounds",
    );
    row.on_hand += qty;
    Ok((qty, worth))
}

fn movement(
    cx: &Ctx,
    receipt: &Receipt,
    row: &StockRow,
    qty: Qty,
    value: i64,
    line: &Id<ReceiptLine>,
) -> Move {
    Move {
        id: cx.id(),
        company: receipt.company,
        product: row.product,
        location: row.location,
        lot: row.lot,
        qty,
        value,
        kind: receipt.kind.name().to_owned(),
        origin_kind: "receipt".to_owned(),
        origin: receipt.id.raw(),
        origin_line: line.raw(),
        day: receipt.day,
        recorded_at: cx.now,
    }
}

fn entry(cx: &Ctx, receipt: &Receipt, lines: &[ReceiptLine]) -> Draft {
    let mut by_product: BTreeMap<i64, (Qty, i64)> = BTreeMap::new();
    for line in lines {
        let sum = by_product.entry(line.product.raw()).or_default();
        *sum = (sum.0 + line.qty, sum.1 + line.value);
    }
    let stock = |(product, (qty, value)): (&i64, &(Qty, i64))| {
        DraftLine::debit("inventory", *value, *value).product(*product, *qty)
    };
    let mut drafts: Vec<DraftLine> = by_product.iter().map(stock).collect();
    let total = receipt.value;
    drafts.push(DraftLine::credit(receipt.kind.counter_role(), total, total));
    Draft {
        day: receipt.day,
        kind: "receipt",
        origin: receipt.doc(),
        text: receipt.number.clone(),
        currency: cx.base,
        rate: Rate(Rate::SCALE),
        reverses: 0,
        lines: drafts,
    }
}

/// The value of a quantity at a unit cost of 10⁻⁶, in minor units: for callers that know costs.
#[must_use]
pub fn value_of(qty: Qty, unit_cost: kernel::Price, currency: Currency) -> i64 {
    let per_unit = 10_i64.pow(currency.places());
    portion(unit_cost.0, qty, Qty(Qty::SCALE)) / (kernel::Price::SCALE / per_unit)
}
