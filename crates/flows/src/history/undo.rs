//! Taking an import back: refused whole while anything else refers to its rows, then in chunks.
use super::{ExternalRef, ImportBatch, OpeningPayable, OrderReview, cutover, facts, undo_stock};
use access::department::Department;
use access::user::User;
use crm::{Lead, Opportunity};
use finance::{Allocation, Invoice, InvoiceLine, OpenItem, Payment};
use kernel::{Cell, Ctx, DocRef, Done, Error, Id, Result, Stored};
use meta::Grade;
use party::{Address, Contact, Party};
use product::Product;
use sales::{Order, OrderLine};
use std::collections::BTreeSet;
use stock::{Location, Shipment, ShipmentLine, Warehouse};
use store::{Record, Sql, Tx, find, sql};
use terms::CreditAccount;

/// Begins to undo a batch; `Already` when it is undone, or when that was begun before.
///
/// Errors: `import.undo_referred` naming what else refers to it, `import.undo_posted`.
pub fn begin_undo(cx: &Ctx, tx: &mut Tx, id: Id<ImportBatch>) -> Result<Done<ImportBatch>> {
    cx.allow("history.import.undo")?;
    let mut batch: ImportBatch = tx.lock(id)?;
    let Done::Now(fact) = batch.undo(cx)? else { return Ok(Done::Already) };
    nothing_else_refers(tx, &batch)?;
    undo_stock::nothing_moved_since(tx, &batch)?;
    let entries = cutover::close_books(cx, tx, &batch)?;
    tx.update(std::slice::from_ref(&batch));
    tx.tell(entries.iter().fold(fact, |fact, id| fact.on("entry", id.raw(), "removed")));
    Ok(Done::Now(batch))
}

/// Somebody worked on a row of the batch, or wrote a document that names one.
fn nothing_else_refers(tx: &mut Tx, batch: &ImportBatch) -> Result<()> {
    let key = [Stored::Int(batch.id.raw())];
    let told = tx.rows(
        sql!(
            "SELECT o.object_type, o.object_id, o.activity FROM external_ref r \
             JOIN fact_object o ON o.tenant_id = r.tenant_id AND o.object_type = r.object_type \
             AND o.object_id = r.object_id \
             JOIN fact f ON f.tenant_id = o.tenant_id AND f.id = o.fact_id \
             WHERE r.tenant_id = $1 AND r.batch_id = $2 AND r.batch_id <> 0 AND f.batch_id <> $2 \
             AND NOT EXISTS (SELECT 1 FROM import_batch b WHERE b.tenant_id = f.tenant_id \
             AND b.id = f.batch_id AND b.state = 'undone') ORDER BY r.id LIMIT 1"
        ),
        &key,
    )?;
    if let Some(mut row) = told.into_iter().next() {
        let (kind, id, activity): (String, i64, String) = (row.take()?, row.take()?, row.take()?);
        let e = Error::conflict("import.undo_referred", format!("{kind} {id}"));
        return Err(e.with("what", activity));
    }
    for (what, sql) in outside() {
        if tx.value::<i64>(sql, &key)?.unwrap_or(0) > 0 {
            let e = Error::conflict("import.undo_referred", &batch.source);
            return Err(e.with("what", what));
        }
    }
    Ok(())
}

/// References that no fact tells of, and rows that have no number in the source.
fn outside() -> [(&'static str, &'static Sql); 6] {
    [
        (
            "order_line",
            sql!(
                "SELECT COUNT(*) FROM product p JOIN order_line l ON l.tenant_id = p.tenant_id \
             AND l.product = p.id JOIN sales_order o ON o.tenant_id = l.tenant_id \
             AND o.id = l.order_id WHERE p.tenant_id = $1 AND p.batch_id = $2 AND p.batch_id <> 0 \
             AND o.batch_id <> $2"
            ),
        ),
        (
            "quote_line",
            sql!(
                "SELECT COUNT(*) FROM product p JOIN quote_line l ON l.tenant_id = p.tenant_id \
             AND l.product = p.id WHERE p.tenant_id = $1 AND p.batch_id = $2 AND p.batch_id <> 0"
            ),
        ),
        (
            "stock",
            sql!(
                "SELECT COUNT(*) FROM product p JOIN stock_move m ON m.tenant_id = p.tenant_id \
             AND m.product = p.id LEFT JOIN external_ref r ON r.tenant_id = m.tenant_id \
             AND r.object_type = m.origin_kind AND r.object_id = m.origin AND r.batch_id = $2 \
             WHERE p.tenant_id = $1 AND p.batch_id = $2 AND r.id IS NULL"
            ),
        ),
        (
            "user_role",
            sql!(
                "SELECT COUNT(*) FROM external_ref r JOIN user_role u ON u.tenant_id = r.tenant_id \
             AND u.user_id = r.object_id WHERE r.tenant_id = $1 AND r.batch_id = $2 AND \
             r.batch_id <> 0 \
             AND r.object_type = 'user'"
            ),
        ),
        (
            "shipment",
            sql!(
                "SELECT COUNT(*) FROM shipment WHERE tenant_id = $1 AND batch_id = $2 AND \
                 batch_id <> 0 \
             AND version > 1"
            ),
        ),
        (
            "payment",
            sql!(
                "SELECT COUNT(*) FROM payment WHERE tenant_id = $1 AND batch_id = $2 AND \
                 batch_id <> 0 \
                 AND version > 1"
            ),
        ),
    ]
}

/// Rows that one step of an undo removed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Removed {
    pub table: &'static str,
    pub rows: u64,
    /// The kind of rows that this step was about: the next step begins with it.
    pub kind: usize,
}

/// Removes some rows of one kind of a batch that is being undone, what hangs on others first;
/// `None` when none is left from the kind `from` on: 0 at first, then what the last step said.
/// The fact names every document that went.
///
/// Errors: `state.not_allowed`, `import.undo_blocked` when something came to refer to a row since.
pub fn remove_some(
    cx: &Ctx,
    tx: &mut Tx,
    id: Id<ImportBatch>,
    from: usize,
) -> Result<Option<Removed>> {
    cx.allow("history.import.undo")?;
    let batch: ImportBatch = tx.lock(id)?;
    if batch.state != super::BatchState::Undoing {
        return Err(super::BATCH_LIFECYCLE.refusal(batch.state.name(), "clear"));
    }
    for (kind, remove) in REMOVALS.iter().enumerate().skip(from) {
        let Some(gone) = remove(tx, id)? else { continue };
        tx.flush().map_err(|e| match e.code {
            "store.reference" => Error::conflict("import.undo_blocked", gone.removed.table),
            _ => e,
        })?;
        let fact = batch.fact(cx, facts::ROWS_REMOVED).attr("table", gone.removed.table);
        let fact = fact.attr("rows", gone.removed.rows);
        tx.tell(gone.documents.iter().fold(fact, |f, doc| f.on(doc.kind, doc.id, "removed")));
        return Ok(Some(Removed { kind, ..gone.removed }));
    }
    Ok(None)
}

/// The batch has no row left.
pub fn finish_undo(cx: &Ctx, tx: &mut Tx, id: Id<ImportBatch>) -> Result<ImportBatch> {
    cx.allow("history.import.undo")?;
    let mut batch: ImportBatch = tx.lock(id)?;
    if let Done::Now(fact) = batch.clear(cx)? {
        tx.exec(
            sql!("DELETE FROM import_progress WHERE tenant_id = $1 AND id = $2"),
            &[Stored::Int(id.raw())],
        )?;
        tx.update(std::slice::from_ref(&batch));
        tx.tell(fact);
    }
    Ok(batch)
}

/// What one step removed, and the documents that lost it.
pub(super) struct Gone {
    pub(super) removed: Removed,
    pub(super) documents: BTreeSet<DocRef>,
}

type Remove = fn(&mut Tx, Id<ImportBatch>) -> Result<Option<Gone>>;

/// Removes what a statement finds of a batch.
fn gone<T: Record>(
    tx: &mut Tx,
    batch: Id<ImportBatch>,
    found: &'static Sql,
) -> Result<Option<Gone>> {
    let rows: Vec<T> = tx.list(found, &[batch.store()])?;
    if rows.is_empty() {
        return Ok(None);
    }
    tx.delete(&rows);
    let documents = rows.iter().filter_map(document).collect();
    let removed = Removed { table: T::entity().table, rows: rows.len() as u64, kind: 0 };
    Ok(Some(Gone { removed, documents }))
}

/// The document that a row is, or is a line of.
fn document<T: Record>(row: &T) -> Option<DocRef> {
    let entity = T::entity();
    let (kind, column) = match entity.grade {
        Grade::Line => (entity.parent_entity()?, entity.parent),
        Grade::Plain | Grade::Guarded | Grade::Document => (entity.name, "id"),
        Grade::Internal => return None,
    };
    let at = T::columns().iter().position(|name| *name == column)?;
    match row.cells().get(at) {
        Some(Stored::Int(id)) => Some(DocRef { kind, id: *id }),
        Some(Stored::Null | Stored::Text(_)) | None => None,
    }
}

/// Rows that carry the batch; those made last first, since they may name earlier ones.
macro_rules! by_batch {
    ($record:ty) => {
        |tx, id| {
            let found =
                find!($record, "batch_id = $2 AND batch_id <> 0 ORDER BY id DESC LIMIT 200");
            gone::<$record>(tx, id, found)
        }
    };
}
/// Rows that hang on one that carries the batch.
macro_rules! by_parent {
    ($record:ty, $column:literal, $parent:literal) => {
        |tx, id| {
            const CLAUSE: &str = concat!(
                $column,
                " IN (SELECT id FROM ",
                $parent,
                " WHERE tenant_id = $1 AND batch_id = $2 AND batch_id <> 0) ORDER BY id \
                 DESC LIMIT 200"
            );
            gone::<$record>(tx, id, find!($record, CLAUSE))
        }
    };
}
/// Rows that only the memory of the source knows.
macro_rules! by_memory {
    ($record:ty, $kind:literal) => {
        |tx, id| {
            const CLAUSE: &str = concat!(
                "id IN (SELECT object_id FROM external_ref WHERE tenant_id = $1 \
                 AND batch_id = $2 AND batch_id <> 0 AND object_type = '",
                $kind,
                "') ORDER BY id DESC LIMIT 200"
            );
            gone::<$record>(tx, id, find!($record, CLAUSE))
        }
    };
}

/// Children before what they hang on; the memory of the source last.
static REMOVALS: &[Remove] = &[
    undo_stock::remove_receipt,
    undo_stock::remove_empty_rows,
    by_batch!(OpeningPayable),
    by_batch!(OrderReview),
    by_parent!(Allocation, "payment", "payment"),
    by_parent!(OpenItem, "invoice", "invoice"),
    by_parent!(InvoiceLine, "invoice", "invoice"),
    by_batch!(Invoice),
    by_batch!(Payment),
    by_parent!(ShipmentLine, "shipment", "shipment"),
    by_batch!(Shipment),
    by_parent!(OrderLine, "order_id", "sales_order"),
    by_batch!(Order),
    by_batch!(Opportunity),
    by_batch!(Lead),
    by_memory!(Contact, "contact"),
    by_parent!(Contact, "party", "party"),
    by_parent!(Address, "party", "party"),
    |tx, id| {
        const CLAUSE: &str = "controlled = 0 AND used = 0 AND order_part = 0 \
                      AND receivable_part = 0 \
                      AND party IN (SELECT id FROM party WHERE tenant_id = $1 \
                      AND batch_id = $2 AND batch_id <> 0) ORDER BY id LIMIT 200";
        gone::<CreditAccount>(tx, id, find!(CreditAccount, CLAUSE))
    },
    by_batch!(Party),
    by_batch!(Product),
    |tx, id| {
        const CLAUSE: &str = "warehouse IN (SELECT object_id FROM external_ref \
                      WHERE tenant_id = $1 AND batch_id = $2 AND object_type = 'warehouse') \
                      ORDER BY id LIMIT 200";
        gone::<Location>(tx, id, find!(Location, CLAUSE))
    },
    by_memory!(Warehouse, "warehouse"),
    by_memory!(User, "user"),
    by_memory!(Department, "department"),
    by_batch!(ExternalRef),
];
