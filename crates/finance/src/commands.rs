//! Loading documents of this room; its verbs are in `flows`, since orders follow them.
use crate::{BillableItem, Invoice, InvoiceLine, OpenItem, Statement, StatementLine};
use kernel::{Id, Result, Stored};
use store::{Tx, find, find_in};

/// An invoice with its lines, locked. Error: `store.not_found`.
pub fn lock_invoice(tx: &mut Tx, id: Id<Invoice>) -> Result<Invoice> {
    let mut invoice = tx.lock(id)?;
    let key = [Stored::Int(id.raw())];
    invoice.lines = tx.list(find!(InvoiceLine, "invoice = $2 ORDER BY line_no"), &key)?;
    Ok(invoice)
}

/// Items of an order that wait to be billed, locked, oldest first.
pub fn ready_items(tx: &mut Tx, order: i64) -> Result<Vec<BillableItem>> {
    tx.lock_list(
        find!(BillableItem, "order_id = $2 AND state = 'ready' ORDER BY id"),
        &[Stored::Int(order)],
    )
}

/// Which orders an invoice bills, by its items: its roots, to be locked before anything else.
pub fn orders_of(tx: &mut Tx, invoice: Id<Invoice>) -> Result<Vec<i64>> {
    let items: Vec<BillableItem> =
        tx.list(find!(BillableItem, "invoice = $2"), &[Stored::Int(invoice.raw())])?;
    Ok(items.iter().map(|i| i.order_id).collect())
}

/// Items on a draft invoice, locked.
pub fn items_of(tx: &mut Tx, invoice: Id<Invoice>) -> Result<Vec<BillableItem>> {
    tx.lock_list(find!(BillableItem, "invoice = $2 ORDER BY id"), &[Stored::Int(invoice.raw())])
}

/// Open items of a customer that are not settled, the oldest due first, locked.
pub fn open_items_of(tx: &mut Tx, company: i64, party: i64) -> Result<Vec<OpenItem>> {
    tx.lock_list(
        find!(OpenItem, "company = $2 AND party = $3 AND open > 0 ORDER BY due, id LIMIT 1000"),
        &[Stored::Int(company), Stored::Int(party)],
    )
}

/// Open items by id, locked in order.
pub fn lock_open_items(tx: &mut Tx, ids: &[i64]) -> Result<Vec<OpenItem>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    tx.lock_in(find_in!(OpenItem, "id IN (#) ORDER BY id", 0), &[], ids)
}

/// Invoices by id, locked in order.
pub fn lock_invoices(tx: &mut Tx, ids: &[i64]) -> Result<Vec<Invoice>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    tx.lock_in(find_in!(Invoice, "id IN (#) ORDER BY id", 0), &[], ids)
}

/// A statement with its lines. Error: `store.not_found`.
pub fn statement(tx: &mut Tx, id: Id<Statement>) -> Result<Statement> {
    let found = tx.get(id)?;
    with_lines(tx, found)
}

/// A statement with its lines, locked. Error: `store.not_found`.
pub fn lock_statement(tx: &mut Tx, id: Id<Statement>) -> Result<Statement> {
    let found = tx.lock(id)?;
    with_lines(tx, found)
}

fn with_lines(tx: &mut Tx, mut found: Statement) -> Result<Statement> {
    let key = [Stored::Int(found.id.raw())];
    found.lines = tx.list(find!(StatementLine, "statement = $2 ORDER BY line_no"), &key)?;
    Ok(found)
}

/// Saves a statement and its lines.
pub fn save_statement(tx: &mut Tx, statement: &mut Statement) {
    tx.update(std::slice::from_ref(statement));
    tx.update(&statement.lines);
    statement.version += 1;
}
