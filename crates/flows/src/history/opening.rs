//! What our books begin with: stock, bills of suppliers, balances of accounts; and the rows that
//! wait here for a room of their own (payables, reviews).
use super::door::Door;
use super::{GivenBalances, GivenStock, ImportBatch, Row, facts};
use crate::order_to_cash::receive::{NewReceipt, NewReceiptLine, receive};
use kernel::{Currency, Day, Error, Id, Instant, Money, Result};
use ledger::{Draft, DraftLine, posting};
use stock::{ReceiptKind, Warehouse};
use store::Tx;

/// A bill of a supplier that was not paid when our books began; purchasing takes it over.
#[derive(Clone, Debug)]
pub struct OpeningPayable {
    pub id: Id<OpeningPayable>,
    pub company: i64,
    pub party: i64,
    pub number: String,
    pub currency: Currency,
    pub day: Day,
    pub due: Day,
    pub amount: i64,
    pub open: i64,
    pub batch_id: i64,
}

/// What a customer said about an order.
#[derive(Clone, Debug)]
pub struct OrderReview {
    pub id: Id<OrderReview>,
    pub company: i64,
    pub order_id: i64,
    pub score: i64,
    pub title: String,
    pub text: String,
    pub made_at: Instant,
    pub answered_at: Option<Instant>,
    pub batch_id: i64,
}

/// Opens the warehouses that rows name; one that is open under the same code is used.
pub(super) fn add_warehouses(door: &mut Door<'_>, tx: &mut Tx, rows: &[Row]) -> Result<()> {
    for row in rows {
        let Row::Warehouse(row) = row else { continue };
        let found: Option<i64> = tx.value(
            store::sql!(
                "SELECT id FROM warehouse WHERE tenant_id = $1 AND company = $2 AND code = $3"
            ),
            &[kernel::Stored::Int(door.batch.company), kernel::Stored::text(row.code.clone())],
        )?;
        match found {
            Some(id) => door.became(&row.origin, "known_warehouse", id),
            None => {
                let warehouse =
                    stock::commands::open_warehouse(door.cx, tx, &row.code, &row.name, 100)?;
                door.became(&row.origin, "warehouse", warehouse.id.raw());
            }
        }
    }
    Ok(())
}

/// One receipt of the kind *opening* for each warehouse: stock, value, moves and entry.
pub(super) fn add_stock(door: &mut Door<'_>, tx: &mut Tx, rows: &[Row]) -> Result<()> {
    for row in rows {
        let Row::Stock(row) = row else { continue };
        let new = receipt_of(door, row)?;
        let receipt = receive(door.cx, tx, &new)?;
        door.became(&row.origin, "receipt", receipt.id.raw());
    }
    Ok(())
}

fn receipt_of(door: &Door<'_>, row: &GivenStock) -> Result<NewReceipt> {
    let line = |given: &super::GivenStockLine| {
        let product = Id::from_raw(door.id(&given.product)?);
        Ok(NewReceiptLine { product, qty: given.qty, value: given.value })
    };
    Ok(NewReceipt {
        kind: ReceiptKind::Opening,
        warehouse: Id::<Warehouse>::from_raw(door.id(&row.warehouse)?),
        reason: format!("import {}", door.batch.source),
        lines: row.lines.iter().map(line).collect::<Result<_>>()?,
    })
}

pub(super) fn add_payables(door: &mut Door<'_>, tx: &mut Tx, rows: &[Row]) -> Result<()> {
    let mut all = Vec::new();
    for row in rows {
        let Row::Payable(row) = row else { continue };
        let payable = OpeningPayable {
            id: door.cx.id(),
            company: door.batch.company,
            party: door.id(&row.party)?,
            number: row.number.clone(),
            currency: door.batch.currency,
            day: row.day,
            due: row.due,
            amount: row.amount,
            open: row.amount,
            batch_id: door.batch.id.raw(),
        };
        door.became(&row.origin, "opening_payable", payable.id.raw());
        let fact = door.fact(facts::PAYABLE_OPENED, Some(row.day.into()));
        let fact = fact.on("party", payable.party, "supplier").attr("due", row.due);
        let worth = Money::new(payable.amount, payable.currency);
        tx.tell(fact.worth(worth, door.batch.base(payable.amount)));
        all.push(payable);
    }
    tx.insert(&all);
    Ok(())
}

/// One entry with the balances of accounts that no document explains.
///
/// Errors: `ledger.no_account`, those of posting.
pub(super) fn add_balances(door: &mut Door<'_>, tx: &mut Tx, rows: &[Row]) -> Result<()> {
    for row in rows {
        let Row::Balances(row) = row else { continue };
        let day = super::cutover::entry_day(tx, door.batch)?;
        let entries = posting::post(door.cx, tx, &[draft_of(door.batch, row, day)])?;
        let entry = entries.first().map_or(0, |id| id.raw());
        door.became(&row.origin, "entry", entry);
    }
    Ok(())
}

fn draft_of(batch: &ImportBatch, row: &GivenBalances, day: Day) -> Draft {
    let line = |(code, amount): &(String, i64)| {
        DraftLine::debit(&posting::of_account(code), *amount, *amount)
    };
    let mut lines: Vec<DraftLine> = row.lines.iter().map(line).collect();
    let total = row.lines.iter().map(|(_, amount)| *amount).sum();
    lines.push(DraftLine::credit("opening_equity", total, total));
    Draft {
        day,
        kind: "opening",
        origin: batch.doc(),
        text: format!("{}: opening balances", batch.source),
        currency: batch.currency,
        rate: batch.rate,
        reverses: 0,
        lines,
    }
}

/// Balances and stock are in base currency: an import in another one has none.
pub(super) fn balances_are_base(batch: &ImportBatch, base: Currency, rows: &[Row]) -> Result<()> {
    let stated = |row: &Row| matches!(row, Row::Balances(_) | Row::Stock(_));
    if batch.currency != base && rows.iter().any(stated) {
        return Err(Error::invalid("import.balances_base", batch.currency).with("base", base));
    }
    Ok(())
}
