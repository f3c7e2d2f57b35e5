//! Statements of account (对账单): drawn up for a period, sent, agreed, billed.
//!
//! A statement begins where the last one of its customer and currency ended and counts by the
//! moments at which things were recorded, so nothing falls between two of them.
use crate::order_to_cash::bill_several;
use crate::order_to_cash::stated::{self, Key, Stated};
use finance::commands::{lock_statement, save_statement};
use finance::{
    BillableItem, Dealt, Invoice, ItemState, Noted, Statement, StatementLine, StatementState, facts,
};
use kernel::{Ctx, Day, Done, Error, Id, Result, Stored};
use party::Party;
use sales::Order;
use sales::commands::lock_orders;
use std::collections::{BTreeMap, BTreeSet};
use store::scope::{Belongs, intern};
use store::{Tx, find, find_in, numbers};

/// Customers whose statements one run draws up; running it again goes on.
pub const RUN: usize = 200;

/// Lines of one statement.
pub const MAX_LINES: usize = 2_000;

/// Draws up the statement of one customer until a day, in each currency in which something moved.
///
/// Doing it again gives those that are there. Errors: `statement.too_early`,
/// `statement.nothing_to_state`, `statement.too_many_lines`, `statement.stated_later`.
pub fn draw_up(cx: &Ctx, tx: &mut Tx, party: Id<Party>, until: Day) -> Result<Vec<Statement>> {
    cx.allow("finance.statement.create")?;
    tx.get(party)?;
    let made = draw_up_all(cx, tx, &[party.raw()], until)?;
    if made.is_empty() {
        return Err(Error::conflict("statement.nothing_to_state", until));
    }
    Ok(made)
}

/// What a run over all customers of a day did.
#[derive(Clone, Debug, Default)]
pub struct Run {
    pub made: Vec<Statement>,
    /// There may be more customers: run it again.
    pub more: bool,
}

/// Draws up the statements of all customers whose statement day it is and who have none yet.
///
/// Errors: `statement.too_early`, `statement.too_many_lines`.
pub fn run(cx: &Ctx, tx: &mut Tx, until: Day) -> Result<Run> {
    cx.allow("finance.statement.create")?;
    let parties = stated::due_parties(cx, tx, until)?;
    let more = parties.len() > RUN;
    let now = &parties[..parties.len().min(RUN)];
    if now.is_empty() {
        too_early(cx, until)?;
        return Ok(Run::default());
    }
    Ok(Run { made: draw_up_all(cx, tx, now, until)?, more })
}

fn too_early(cx: &Ctx, until: Day) -> Result<()> {
    if until >= cx.today() {
        // What is still to come today would be missing for ever.
        return Err(Error::invalid("statement.too_early", until).with("field", "period_until"));
    }
    Ok(())
}

fn draw_up_all(cx: &Ctx, tx: &mut Tx, parties: &[i64], until: Day) -> Result<Vec<Statement>> {
    too_early(cx, until)?;
    // Whoever draws up another one of these customers waits here.
    let _locked: Vec<Party> =
        tx.lock_in(find_in!(Party, "id IN (#) ORDER BY id", 0), &[], parties)?;
    let last = last_ones(cx, tx, parties)?;
    let mut all = stated::gather(cx, tx, parties, until, &last)?;
    let scope_id = intern(cx, tx, Belongs { company: cx.company, ..Belongs::default() })?;
    let (mut made, mut known) = (Vec::new(), Vec::new());
    for (key, stated) in &mut all {
        match last.get(key) {
            Some(before) if before.period_until == until => known.push(before.clone()),
            Some(before) if before.period_until > until => {
                let e = Error::conflict("statement.stated_later", &before.number);
                return Err(e.with("until", before.period_until));
            }
            _ if stated.is_empty() => {}
            _ => made.push(statement(cx, key, stated, until, scope_id)?),
        }
    }
    number(cx, tx, &mut made)?;
    for statement in &made {
        tx.tell(statement.fact(cx, facts::STATEMENT_DRAFTED).moved("", "draft"));
    }
    tx.insert(&made);
    let lines: Vec<StatementLine> = made.iter().flat_map(|s| s.lines.clone()).collect();
    tx.insert(&lines);
    made.extend(known);
    Ok(made)
}

/// The last statement of each customer and currency.
fn last_ones(cx: &Ctx, tx: &mut Tx, parties: &[i64]) -> Result<BTreeMap<Key, Statement>> {
    let all: Vec<Statement> = tx.list_in(
        find_in!(
            Statement,
            "company = $2 AND party IN (#) AND NOT EXISTS (SELECT 1 FROM statement l \
             WHERE l.tenant_id = $1 AND l.company = statement.company \
             AND l.party = statement.party AND l.currency = statement.currency \
             AND l.period_until > statement.period_until)",
            1
        ),
        &[Stored::Int(cx.company)],
        parties,
    )?;
    Ok(all.into_iter().map(|s| (Key::of(s.party.raw(), s.currency), s)).collect())
}

fn statement(
    cx: &Ctx,
    key: &Key,
    stated: &mut Stated,
    until: Day,
    scope_id: i64,
) -> Result<Statement> {
    let id = cx.id();
    if stated.lines.len() > MAX_LINES {
        let e = Error::invalid("statement.too_many_lines", stated.lines.len());
        return Err(e.with("limit", MAX_LINES));
    }
    stated.lines.sort_by_key(|l| (l.day, l.kind.name(), l.number.clone()));
    for (line, no) in stated.lines.iter_mut().zip(1..) {
        (line.statement, line.line_no) = (id, no);
    }
    let mut made = Statement {
        id,
        version: 1,
        scope_id,
        number: String::new(),
        company: cx.company,
        party: Id::from_raw(key.party),
        state: StatementState::Draft,
        currency: key.currency()?,
        period_from: stated.from,
        period_until: until,
        from_at: cx.zone.at(stated.from, 0),
        until_at: cx.zone.at(until.plus_days(1), 0),
        opening: stated.opening,
        delivered: 0,
        returned: 0,
        paid: 0,
        closing: 0,
        difference: 0,
        reason: String::new(),
        sent_at: None,
        confirmed_at: None,
        signed_by: String::new(),
        settled_at: None,
        lines: std::mem::take(&mut stated.lines),
    };
    made.sum();
    Ok(made)
}

fn number(cx: &Ctx, tx: &mut Tx, made: &mut [Statement]) -> Result<()> {
    if made.is_empty() {
        return Ok(());
    }
    let first = numbers::yearly_many(tx, "ST", cx.company, cx.today().year(), made.len() as i64)?;
    for (statement, number) in made.iter_mut().zip(first) {
        statement.number = number;
    }
    Ok(())
}

/// Given to the customer. Error: `state.not_allowed`.
pub fn send(cx: &Ctx, tx: &mut Tx, id: Id<Statement>) -> Result<Statement> {
    cx.allow("finance.statement.send")?;
    let mut found = lock_statement(tx, id)?;
    if let Done::Now(fact) = found.send(cx)? {
        tx.tell(fact);
        save_statement(tx, &mut found);
    }
    Ok(found)
}

/// The customer sees lines otherwise. Errors as [`Statement::differ`].
pub fn differ(
    cx: &Ctx,
    tx: &mut Tx,
    id: Id<Statement>,
    noted: &[Noted],
    reason: &str,
) -> Result<Statement> {
    cx.allow("finance.statement.confirm")?;
    let mut found = lock_statement(tx, id)?;
    if let Done::Now(fact) = found.differ(cx, noted, reason)? {
        tx.tell(fact);
        save_statement(tx, &mut found);
    }
    Ok(found)
}

/// How a customer agreed.
#[derive(Clone, Debug, Default)]
pub struct Agreed {
    pub signed_by: String,
    /// What becomes of each difference that was noted, by the number of its line.
    pub dealt: Vec<(i64, Dealt)>,
}

/// The customer agreed: what of it is not billed is drawn up as draft invoices.
///
/// Orders whose billing is held stay for later. Errors as [`Statement::confirm`].
pub fn confirm(cx: &Ctx, tx: &mut Tx, id: Id<Statement>, agreed: &Agreed) -> Result<Statement> {
    cx.allow("finance.statement.confirm")?;
    let seen = finance::commands::statement(tx, id)?;
    let mut wanted = seen.lines.iter().filter_map(|l| l.item.map(Id::raw)).collect::<Vec<_>>();
    wanted.extend(carried_before(tx, &seen)?);
    let items: Vec<BillableItem> = match wanted.is_empty() {
        true => Vec::new(),
        false => tx.list_in(find_in!(BillableItem, "id IN (#)", 0), &[], &wanted)?,
    };
    let roots: BTreeSet<i64> = items.iter().map(|i| i.order_id).collect();
    let orders = lock_orders(tx, &roots.into_iter().collect::<Vec<_>>())?;
    let mut found = lock_statement(tx, id)?;
    let Done::Now(fact) = found.confirm(cx, &agreed.signed_by, &agreed.dealt)? else {
        return Ok(found);
    };
    let kept = found.billable();
    let on_it: Vec<i64> = seen.lines.iter().filter_map(|l| l.item.map(Id::raw)).collect();
    wanted.retain(|item| kept.contains(item) || !on_it.contains(item));
    let drafts = bill_items(cx, tx, &orders, &wanted)?;
    let mut fact = fact.attr("invoices", drafts.len());
    for draft in &drafts {
        fact = fact.on("invoice", draft.id.raw(), "invoice");
    }
    tx.tell(fact);
    save_statement(tx, &mut found);
    Ok(found)
}

/// What earlier statements carried over and nobody billed since.
fn carried_before(tx: &mut Tx, seen: &Statement) -> Result<Vec<i64>> {
    let items: Vec<BillableItem> = tx.list(
        find!(
            BillableItem,
            "party = $2 AND state = 'ready' AND id IN (SELECT l.item FROM statement_line l \
             JOIN statement s ON s.tenant_id = l.tenant_id AND s.id = l.statement \
             WHERE l.tenant_id = $1 AND s.party = $2 AND s.company = $3 AND s.currency = $4 \
             AND s.period_until < $5 AND l.dealt = 'carried')"
        ),
        &[
            Stored::Int(seen.party.raw()),
            Stored::Int(seen.company),
            Stored::text(seen.currency.code()),
            Stored::text(seen.period_until.to_string()),
        ],
    )?;
    Ok(items.into_iter().map(|i| i.id.raw()).collect())
}

/// Draft invoices of those items that are still to bill, as few as may be.
fn bill_items(cx: &Ctx, tx: &mut Tx, orders: &[Order], wanted: &[i64]) -> Result<Vec<Invoice>> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let ready: Vec<BillableItem> = tx.lock_in(
        find_in!(BillableItem, "id IN (#) AND state = 'ready' ORDER BY id", 0),
        &[],
        wanted,
    )?;
    bill_several::bill_alike(cx, tx, orders, &ready)
}

/// All on it is billed and paid. Error: `statement.still_open`.
pub fn settle(cx: &Ctx, tx: &mut Tx, id: Id<Statement>) -> Result<Statement> {
    cx.allow("finance.statement.settle")?;
    let mut found = lock_statement(tx, id)?;
    let open = still_open(tx, &found)?;
    if let Done::Now(fact) = found.settle(cx, open)? {
        tx.tell(fact);
        save_statement(tx, &mut found);
    }
    Ok(found)
}

/// What of a statement is not billed, and what of its invoices is not paid.
fn still_open(tx: &mut Tx, statement: &Statement) -> Result<i64> {
    let wanted = statement.billable();
    if wanted.is_empty() {
        return Ok(0);
    }
    let items: Vec<BillableItem> =
        tx.list_in(find_in!(BillableItem, "id IN (#)", 0), &[], &wanted)?;
    let unbilled = |i: &&BillableItem| matches!(i.state, ItemState::Ready | ItemState::Reserved);
    let unbilled: BTreeSet<i64> = items.iter().filter(unbilled).map(|i| i.id.raw()).collect();
    let is_open = |l: &&StatementLine| l.item.is_some_and(|i| unbilled.contains(&i.raw()));
    let lines: i64 = statement.lines.iter().filter(is_open).map(|l| l.amount).sum();
    let bills: BTreeSet<i64> = items.iter().map(|i| i.invoice).filter(|i| *i != 0).collect();
    let bills: Vec<i64> = bills.into_iter().collect();
    let invoices: Vec<Invoice> = match bills.is_empty() {
        true => Vec::new(),
        false => tx.list_in(find_in!(Invoice, "id IN (#) AND state = 'posted'", 0), &[], &bills)?,
    };
    Ok(lines + invoices.iter().map(|i| i.open).sum::<i64>())
}
