//! Taking opened stock back: quantities, values, moves, receipts and their entries.
use super::ImportBatch;
use super::undo::{Gone, Removed};
use kernel::{DocRef, Error, Id, Result, Stored};
use ledger::{Entry, EntryLine, Period, PeriodState};
use std::collections::BTreeSet;
use stock::{Lot, Move, Receipt, ReceiptLine, StockRow, StockValue};
use store::{Tx, find, find_in, sql};

/// Error: `import.undo_referred` when goods of the batch's products moved since; or
/// `import.undo_posted` when a receipt's entry has a voucher or its period is closed.
pub(super) fn nothing_moved_since(tx: &mut Tx, batch: &ImportBatch) -> Result<()> {
    let key = [Stored::Int(batch.id.raw())];
    let moved: Option<i64> = tx.value(
        sql!(
            "SELECT COUNT(*) FROM external_ref r JOIN receipt_line l \
             ON l.tenant_id = r.tenant_id AND l.receipt = r.object_id \
             JOIN stock_move m ON m.tenant_id = l.tenant_id AND m.product = l.product \
             AND m.id > l.id LEFT JOIN external_ref o ON o.tenant_id = m.tenant_id \
             AND o.object_type = 'receipt' AND o.object_id = m.origin AND o.batch_id = $2 \
             WHERE r.tenant_id = $1 AND r.batch_id = $2 AND r.object_type = 'receipt' \
             AND o.id IS NULL"
        ),
        &key,
    )?;
    if moved.unwrap_or(0) > 0 {
        let e = Error::conflict("import.undo_referred", &batch.source);
        return Err(e.with("what", "stock_move"));
    }
    let entries: Vec<Entry> = tx.lock_list(
        find!(
            Entry,
            "origin_kind = 'receipt' AND origin IN (SELECT object_id FROM external_ref \
             WHERE tenant_id = $1 AND batch_id = $2 AND object_type = 'receipt') ORDER BY id"
        ),
        &key,
    )?;
    for entry in &entries {
        let period: Period = tx.get(entry.period)?;
        if entry.voucher.is_some() || period.state != PeriodState::Open {
            return Err(Error::conflict("import.undo_posted", &batch.source));
        }
    }
    Ok(())
}

/// Removes one receipt of the batch with everything that it did.
pub(super) fn remove_receipt(tx: &mut Tx, batch: Id<ImportBatch>) -> Result<Option<Gone>> {
    let receipts: Vec<Receipt> = tx.list(
        find!(
            Receipt,
            "id IN (SELECT object_id FROM external_ref WHERE tenant_id = $1 AND batch_id = $2 \
             AND object_type = 'receipt') ORDER BY id DESC LIMIT 1"
        ),
        &[Stored::Int(batch.raw())],
    )?;
    let Some(receipt) = receipts.first() else { return Ok(None) };
    let key = [Stored::Int(receipt.id.raw())];
    let lines: Vec<ReceiptLine> = tx.list(find!(ReceiptLine, "receipt = $2 ORDER BY id"), &key)?;
    for line in &lines {
        take_back(tx, line);
    }
    remove_emptied(tx, batch, receipt, &lines)?;
    let moves: Vec<Move> =
        tx.list(find!(Move, "origin_kind = 'receipt' AND origin = $2 ORDER BY id"), &key)?;
    let entries: Vec<Entry> =
        tx.list(find!(Entry, "origin_kind = 'receipt' AND origin = $2 ORDER BY id"), &key)?;
    let entry_lines: Vec<EntryLine> = tx.list(
        find!(
            EntryLine,
            "entry IN (SELECT id FROM entry WHERE tenant_id = $1 AND origin_kind = 'receipt' \
             AND origin = $2) ORDER BY id"
        ),
        &key,
    )?;
    tx.delete(&entry_lines);
    tx.delete(&entries);
    tx.delete(&moves);
    tx.delete(&lines);
    tx.delete(std::slice::from_ref(receipt));
    let entries = entries.iter().map(|e| DocRef { kind: "entry", id: e.id.raw() });
    let documents: BTreeSet<DocRef> = entries.chain([receipt.doc()]).collect();
    let removed = Removed { table: "receipt", rows: 1, kind: 0 };
    Ok(Some(Gone { removed, documents }))
}

/// A warehouse that the batch opened goes too: so do the rows that its receipt alone filled.
fn remove_emptied(
    tx: &mut Tx,
    batch: Id<ImportBatch>,
    receipt: &Receipt,
    lines: &[ReceiptLine],
) -> Result<()> {
    let opened: Option<i64> = tx.value(
        sql!(
            "SELECT COUNT(*) FROM external_ref WHERE tenant_id = $1 \
             AND object_type = 'warehouse' AND object_id = $2 AND batch_id = $3"
        ),
        &[Stored::Int(receipt.warehouse.raw()), Stored::Int(batch.raw())],
    )?;
    if opened.unwrap_or(0) == 0 {
        return Ok(());
    }
    tx.flush()?;
    let ids: Vec<i64> = lines.iter().map(|line| line.stock.raw()).collect();
    let mut rows: Vec<StockRow> = tx.list_in(find_in!(StockRow, "id IN (#)", 0), &[], &ids)?;
    rows.retain(|row| row.on_hand.is_zero() && row.reserved.is_zero());
    tx.delete(&lines_of(&rows, lines));
    tx.delete(&rows);
    Ok(())
}

/// The receipt's lines that hang on rows which go: they go first.
fn lines_of(rows: &[StockRow], lines: &[ReceiptLine]) -> Vec<ReceiptLine> {
    let goes = |line: &&ReceiptLine| rows.iter().any(|row| row.id == line.stock);
    lines.iter().filter(goes).cloned().collect()
}

fn take_back(tx: &mut Tx, line: &ReceiptLine) {
    tx.put_guarded(
        sql!(
            "UPDATE stock SET on_hand = on_hand - $3 WHERE tenant_id = $1 AND id = $2 \
             AND on_hand - $3 >= reserved"
        ),
        &[Stored::Int(line.stock.raw()), Stored::Int(line.qty.0)],
        "bug.stock_bounds",
    );
    tx.put(
        sql!(
            "UPDATE stock_value SET qty = qty - $3, value = value - $4 WHERE tenant_id = $1 \
             AND product = $2 AND company = (SELECT company FROM stock WHERE tenant_id = $1 \
             AND id = $5)"
        ),
        &[
            Stored::Int(line.product.raw()),
            Stored::Int(line.qty.0),
            Stored::Int(line.value),
            Stored::Int(line.stock.raw()),
        ],
    );
}

/// Stock, value and lot rows of the batch's products and warehouses that hold nothing any more.
pub(super) fn remove_empty_rows(tx: &mut Tx, batch: Id<ImportBatch>) -> Result<Option<Gone>> {
    let key = [Stored::Int(batch.raw())];
    let of: ImportBatch = tx.get(batch)?;
    let rows: Vec<StockRow> = tx.list(
        find!(
            StockRow,
            "company = $3 AND on_hand = 0 AND reserved = 0 AND product IN (SELECT id FROM product \
             WHERE tenant_id = $1 AND batch_id = $2) ORDER BY id LIMIT 200"
        ),
        &[key[0].clone(), Stored::Int(of.company)],
    )?;
    if !rows.is_empty() {
        tx.delete(&rows);
        return Ok(Some(gone("stock", rows.len())));
    }
    let values: Vec<StockValue> = tx.list(
        find!(
            StockValue,
            "qty = 0 AND value = 0 AND product IN (SELECT id FROM product WHERE tenant_id = $1 \
             AND batch_id = $2) ORDER BY id LIMIT 200"
        ),
        &key,
    )?;
    if !values.is_empty() {
        tx.delete(&values);
        return Ok(Some(gone("stock_value", values.len())));
    }
    let lots: Vec<Lot> = tx.list(
        find!(
            Lot,
            "product IN (SELECT id FROM product WHERE tenant_id = $1 AND batch_id = $2) \
             ORDER BY id LIMIT 200"
        ),
        &key,
    )?;
    if lots.is_empty() {
        return Ok(None);
    }
    tx.delete(&lots);
    Ok(Some(gone("lot", lots.len())))
}

const fn gone(table: &'static str, rows: usize) -> Gone {
    Gone { removed: Removed { table, rows: rows as u64, kind: 0 }, documents: BTreeSet::new() }
}
