//! Billing: items onto a draft, posting it, and what an early deposit pays of it.
use crate::order_to_cash::books::{self, About};
use crate::order_to_cash::{credit, deposits, net, positions};
use finance::commands::{items_of, lock_invoice, orders_of, ready_items};
use finance::{
    BillableItem, Invoice, InvoiceLine, InvoiceState, ItemState, OpenItem, facts, rate_on,
};
use kernel::calendar::BusinessCalendar;
use kernel::{Ctx, DocRef, Done, Error, Id, Money, Qty, Result, Stored};
use ledger::posting;
use party::Heading;
use policy::{Stage, blocks, questions};
use sales::commands::{lock_order, lock_orders, save_order};
use sales::{Order, OrderLine, OrderState};
use store::scope::Belongs;
use store::{Tx, find, numbers};
use terms::{CreditDelta, credit_account};

/// Draws up an invoice of everything of an order that can be billed.
///
/// Errors: `order.nothing_to_bill`, `order.billing_held`, `state.not_allowed`.
pub fn bill_order(cx: &Ctx, tx: &mut Tx, id: Id<Order>) -> Result<Invoice> {
    cx.allow("finance.invoice.create")?;
    let order = lock_order(tx, id)?;
    let (invoice, items) = draft(cx, tx, &order)?;
    keep(tx, &invoice, &items);
    Ok(invoice)
}

/// Saves a draft and its items.
pub(super) fn keep(tx: &mut Tx, invoice: &Invoice, items: &[BillableItem]) {
    tx.insert(std::slice::from_ref(invoice));
    tx.insert(&invoice.lines);
    tx.update(items);
}

/// Draws up and posts in one act: the usual way of one who bills by shipment.
pub fn bill_and_post(cx: &Ctx, tx: &mut Tx, id: Id<Order>) -> Result<Invoice> {
    cx.allow("finance.invoice.create")?;
    cx.allow("finance.invoice.post")?;
    let order = lock_order(tx, id)?;
    let (invoice, items) = draft(cx, tx, &order)?;
    post_new(cx, tx, invoice, vec![order], items)
}

/// Draws up an invoice in memory; the caller saves it, or posts it at once by [`post_new`].
pub(crate) fn draft(cx: &Ctx, tx: &mut Tx, order: &Order) -> Result<(Invoice, Vec<BillableItem>)> {
    may_bill(tx, order)?;
    let items = ready_items(tx, order.id.raw())?;
    if items.is_empty() {
        return Err(Error::conflict("order.nothing_to_bill", &order.number));
    }
    draft_of(cx, tx, &[order], items)
}

/// May an order be billed? Errors: `order.billing_held`, `state.not_allowed`.
pub(super) fn may_bill(tx: &mut Tx, order: &Order) -> Result<()> {
    if !matches!(order.state, OrderState::Confirmed | OrderState::Closed) {
        return Err(sales::ORDER_LIFECYCLE.refusal(order.state.name(), "bill"));
    }
    if order.holds == 0 {
        return Ok(());
    }
    let open = questions::open_holds(tx, order.doc())?;
    match open.iter().find(|h| blocks(h.kind, Stage::Invoice)) {
        Some(hold) => {
            let e = Error::conflict("order.billing_held", &order.number);
            Err(e.with("hold", hold.kind.name()))
        }
        None => Ok(()),
    }
}

/// Draws up an invoice of items of orders that may be billed, all alike in what an invoice says
/// once, in memory.
pub(crate) fn draft_of(
    cx: &Ctx,
    tx: &mut Tx,
    orders: &[&Order],
    mut items: Vec<BillableItem>,
) -> Result<(Invoice, Vec<BillableItem>)> {
    let mut invoice = header(cx, tx, orders)?;
    for item in &mut items {
        let mut lines = orders.iter().flat_map(|o| &o.lines);
        let line = lines.find(|l| l.id.raw() == item.order_line);
        let line = line.ok_or_else(|| Error::bug("bug.order_line", item.order_line))?;
        let no = invoice.lines.len() as i64 + 1;
        invoice.lines.push(invoice_line(cx, &invoice, no, item, line));
        item.state = ItemState::Reserved;
        item.invoice = invoice.id.raw();
    }
    invoice.sum();
    if invoice.gross < 0 {
        "credit".clone_into(&mut invoice.kind);
    }
    let fact = invoice.fact(cx, facts::INVOICE_DRAFTED).moved("", "draft");
    tx.tell(orders.iter().fold(fact, |fact, o| fact.on("order", o.id.raw(), "order")));
    Ok((invoice, items))
}

fn invoice_line(
    cx: &Ctx,
    invoice: &Invoice,
    line_no: i64,
    item: &BillableItem,
    line: &OrderLine,
) -> InvoiceLine {
    let (until, from) = (line.money_of(item.from_qty + item.qty), line.money_of(item.from_qty));
    InvoiceLine {
        id: cx.id(),
        invoice: invoice.id,
        line_no,
        item: Some(item.id),
        order_line: Some(line.id.raw()),
        product: Some(line.product),
        text: line.text.clone(),
        qty: item.qty,
        price: line.price_entered,
        tax_code: line.tax_code.clone(),
        tax_rate: line.tax_rate,
        gross: until.0 - from.0,
        net: until.1 - from.1,
        tax: until.2 - from.2,
    }
}

fn header(cx: &Ctx, tx: &mut Tx, orders: &[&Order]) -> Result<Invoice> {
    let order = orders.first().ok_or_else(|| Error::invalid("invoice.no_orders", ""))?;
    // Of orders of several people it is nobody's own.
    let scope_id = match orders.iter().all(|o| o.scope_id == order.scope_id) {
        true => order.scope_id,
        false => {
            let company = order.company;
            store::scope::intern(cx, tx, Belongs { company, ..Belongs::default() })?
        }
    };
    let party = tx.get(order.party)?;
    let headings: Vec<Heading> = tx.list(
        find!(Heading, "party = $2 ORDER BY id DESC LIMIT 1"),
        &[Stored::Int(order.party.raw())],
    )?;
    let heading = headings.first();
    Ok(Invoice {
        id: cx.id(),
        version: 1,
        scope_id,
        number: String::new(),
        company: order.company,
        party: order.party,
        heading: heading.map_or(party.name, |h| h.name.clone()),
        tax_id: heading.map_or(party.tax_id, |h| h.tax_id.clone()),
        kind: "invoice".to_owned(),
        state: InvoiceState::Draft,
        order_id: if orders.len() == 1 { order.id.raw() } else { 0 },
        currency: order.currency,
        rate: order.rate,
        day: None,
        due: None,
        gross: 0,
        net: 0,
        tax: 0,
        open: 0,
        gross_base: 0,
        open_base: 0,
        held: 0,
        held_base: 0,
        disputed: false,
        posted_at: None,
        settled_on: None,
        history: false,
        batch_id: 0,
        lines: Vec::new(),
    })
}

/// Posts a draft: number, due day, receivable unbilled → billed, tax due, open item.
///
/// Credit and overdue never stop it (T02). Posting again changes nothing. Errors:
/// `invoice.empty`, `period.closed`, `state.not_allowed`.
pub fn post_invoice(cx: &Ctx, tx: &mut Tx, id: Id<Invoice>) -> Result<Invoice> {
    cx.allow("finance.invoice.post")?;
    let seen = tx.get(id)?;
    let mut roots = orders_of(tx, id)?;
    roots.push(seen.order_id);
    roots.retain(|id| *id != 0);
    let orders = lock_orders(tx, &roots)?;
    let invoice = lock_invoice(tx, id)?;
    let items = items_of(tx, id)?;
    if invoice.state != InvoiceState::Draft {
        let mut again = invoice.clone();
        let done = again.post(cx, String::new(), cx.today(), cx.today())?;
        done.already_or_bug()?;
        return Ok(invoice);
    }
    post_drawn(cx, tx, (invoice, Kept::Saved), orders, items)
}

/// Posts an invoice that was drawn up in this very act: it is written once, as posted.
pub(crate) fn post_new(
    cx: &Ctx,
    tx: &mut Tx,
    invoice: Invoice,
    orders: Vec<Order>,
    items: Vec<BillableItem>,
) -> Result<Invoice> {
    post_drawn(cx, tx, (invoice, Kept::InMemory), orders, items)
}

/// Where a draft is before it is posted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kept {
    InMemory,
    Saved,
}

fn post_drawn(
    cx: &Ctx,
    tx: &mut Tx,
    (mut invoice, kept): (Invoice, Kept),
    mut orders: Vec<Order>,
    mut items: Vec<BillableItem>,
) -> Result<Invoice> {
    let account = credit_account::lock(cx, tx, invoice.party)?;
    let before: Vec<_> = orders.iter().map(positions).collect();
    let billed: Vec<i64> = orders.iter().map(|o| o.billed_base).collect();
    let counted: Vec<_> = orders.iter().map(credit::counted).collect();
    count_invoiced(cx, tx, &mut orders, &invoice)?;
    let credit_note = invoice.is_credit_note();
    let due = if credit_note { cx.today() } else { due_day(cx, tx, &orders)? };
    let series = if credit_note { "CN" } else { "IV" };
    let number = numbers::yearly(tx, series, invoice.company, cx.today().year())?;
    invoice.rate = rate_on(cx, tx, invoice.currency, cx.today(), None)?;
    let fact = invoice.post(cx, number, cx.today(), due)?.now()?;
    for item in &mut items {
        item.state = ItemState::Invoiced;
    }
    tx.update(&items);
    orders.iter_mut().try_for_each(|order| crate::jobs::recount(tx, order))?;
    let about = About::today(cx, "invoice", invoice.doc(), &invoice.number);
    let entries = books::drafts(cx, tx, &mut orders, &before, &about)?;
    let mut shares = shares(cx, &invoice, &orders, due);
    for ((share, order), billed) in shares.iter_mut().zip(&orders).zip(billed) {
        // In a foreign currency it is what the books moved.
        if order.currency != cx.base {
            (share.amount_base, share.open_base) =
                (order.billed_base - billed, order.billed_base - billed);
        }
    }
    invoice.gross_base = shares.iter().map(|s| s.amount_base).sum();
    invoice.open_base = invoice.gross_base;
    let worth = Money::new(invoice.gross, invoice.currency);
    let fact = fact.worth(worth, invoice.gross_base);
    tx.tell(orders.iter().fold(fact, |fact, o| fact.on("order", o.id.raw(), "order")));
    posting::post(cx, tx, &entries)?;
    let mut delta = CreditDelta { receivable: invoice.gross_base, ..CreditDelta::default() };
    for (order, counted) in orders.iter_mut().zip(counted) {
        let change = credit::settle(counted, order);
        delta.order += change.order;
        delta.unbilled += change.unbilled;
    }
    credit_account::change(tx, account.id, delta);
    if kept == Kept::InMemory {
        tx.insert(std::slice::from_ref(&invoice));
        tx.insert(&invoice.lines);
    } else {
        tx.update(std::slice::from_ref(&invoice));
        invoice.version += 1;
    }
    tx.insert(&shares);
    for (order, share) in orders.iter_mut().zip(&mut shares) {
        if credit_note {
            net::against_own_order(cx, tx, order, &mut invoice, share)?;
        } else {
            deposits::onto(cx, tx, order, &mut invoice, share, &account)?;
        }
        order.derive_progress();
        if let Some(fact) = order.close_if_settled(cx) {
            tx.tell(fact);
        }
        save_order(tx, order)?;
    }
    Ok(invoice)
}

/// Counts what is billed on the lines; by the policy *on invoice* revenue is recognised now.
fn count_invoiced(cx: &Ctx, tx: &mut Tx, orders: &mut [Order], invoice: &Invoice) -> Result<()> {
    let mut late = false;
    for billed in &invoice.lines {
        let lines = orders.iter_mut().flat_map(|o| {
            let on_invoice = o.recognition == "on_invoice";
            o.lines.iter_mut().map(move |l| (on_invoice, l))
        });
        let of = lines.into_iter().find(|(_, l)| Some(l.id.raw()) == billed.order_line);
        let Some((on_invoice, line)) = of else { continue };
        line.invoiced += billed.qty;
        line.gross_invoiced += billed.gross;
        line.tax_invoiced += billed.tax;
        if on_invoice {
            recognise_line(line, billed.qty);
            late = true;
        }
    }
    if late {
        tx.tell(invoice.fact(cx, facts::REVENUE_RECOGNISED));
    }
    Ok(())
}

/// Revenue and the cost share of a quantity, for the policy *on invoice*.
fn recognise_line(line: &mut OrderLine, qty: Qty) {
    line.recognised += qty;
    let (_, net, tax) = line.money_of(line.recognised);
    (line.net_recognised, line.tax_recognised) = (net, tax);
    line.cost_recognised = match line.kept() {
        Qty::ZERO => 0,
        kept => kernel::portion(line.cost_shipped, line.recognised, kept),
    };
}

/// Due by the terms, counted from the anchor's day; the invoice's day where it has none.
fn due_day(cx: &Ctx, tx: &mut Tx, orders: &[Order]) -> Result<kernel::Day> {
    let code = orders.first().map(|o| o.terms_code.clone()).unwrap_or_default();
    if code.is_empty() {
        return Ok(cx.today());
    }
    let terms = terms::commands::terms_by_code(tx, &code)?;
    Ok(terms.due(cx.today(), &BusinessCalendar::china()))
}

fn open_item(
    cx: &Ctx,
    invoice: &Invoice,
    due: kernel::Day,
    (order_id, amount): (i64, i64),
) -> OpenItem {
    OpenItem {
        id: cx.id(),
        company: invoice.company,
        party: invoice.party,
        invoice: invoice.id,
        order_id,
        currency: invoice.currency,
        due,
        amount,
        open: amount,
        amount_base: amount,
        open_base: amount,
        revalued_base: 0,
    }
}

/// What is owed for each order on an invoice, in the order of the orders: their lines' sums.
fn shares(cx: &Ctx, invoice: &Invoice, orders: &[Order], due: kernel::Day) -> Vec<OpenItem> {
    let of = |order: &Order| -> i64 {
        let own = |billed: &&InvoiceLine| {
            order.lines.iter().any(|l| Some(l.id.raw()) == billed.order_line)
        };
        invoice.lines.iter().filter(own).map(|l| l.gross).sum()
    };
    orders.iter().map(|o| open_item(cx, invoice, due, (o.id.raw(), of(o)))).collect()
}

/// Gives up a draft; its items can be billed again (T24).
///
/// Errors: `state.not_allowed` once it is posted: credit it instead.
pub fn cancel_invoice(cx: &Ctx, tx: &mut Tx, id: Id<Invoice>) -> Result<Invoice> {
    cx.allow("finance.invoice.cancel")?;
    let seen = tx.get(id)?;
    let mut roots = orders_of(tx, id)?;
    roots.push(seen.order_id);
    roots.retain(|id| *id != 0);
    let orders = lock_orders(tx, &roots)?;
    let mut invoice = lock_invoice(tx, id)?;
    let Done::Now(fact) = invoice.cancel(cx)? else { return Ok(invoice) };
    let mut items = items_of(tx, id)?;
    for item in &mut items {
        item.state = ItemState::Ready;
        item.invoice = 0;
    }
    tx.update(&items);
    tx.update(std::slice::from_ref(&invoice));
    invoice.version += 1;
    tx.tell(orders.iter().fold(fact, |fact, o| fact.on("order", o.id.raw(), "order")));
    Ok(invoice)
}

/// An opening receivable of one document, with its own due day (期初应收).
#[derive(Clone, Debug)]
pub struct OpeningReceivable {
    pub party: Id<party::Party>,
    pub number: String,
    pub day: kernel::Day,
    pub due: kernel::Day,
    /// Minor units of base currency, 价税合计.
    pub amount: i64,
}

/// Takes over open receivables per document: posted invoices of kind *opening*, one entry.
///
/// Errors: `receivable.amount`, `period.closed`.
pub fn open_receivables(cx: &Ctx, tx: &mut Tx, all: &[OpeningReceivable]) -> Result<()> {
    cx.allow("finance.opening.post")?;
    for opening in all {
        if opening.amount <= 0 {
            return Err(Error::invalid("receivable.amount", &opening.number));
        }
        take_over(cx, tx, opening)?;
    }
    Ok(())
}

fn take_over(cx: &Ctx, tx: &mut Tx, opening: &OpeningReceivable) -> Result<()> {
    let account = credit_account::lock(cx, tx, opening.party)?;
    let company = cx.company;
    let belongs = Belongs { company, ..Belongs::default() };
    let invoice = Invoice {
        id: cx.id(),
        version: 1,
        scope_id: store::scope::intern(cx, tx, belongs)?,
        number: opening.number.clone(),
        company,
        party: opening.party,
        heading: String::new(),
        tax_id: String::new(),
        kind: "opening".to_owned(),
        state: InvoiceState::Posted,
        order_id: 0,
        currency: cx.base,
        rate: kernel::Rate(kernel::Rate::SCALE),
        day: Some(opening.day),
        due: Some(opening.due),
        gross: opening.amount,
        net: opening.amount,
        tax: 0,
        open: opening.amount,
        gross_base: opening.amount,
        open_base: opening.amount,
        held: 0,
        held_base: 0,
        disputed: false,
        posted_at: Some(cx.now),
        settled_on: None,
        history: false,
        batch_id: 0,
        lines: Vec::new(),
    };
    tx.insert(std::slice::from_ref(&invoice));
    tx.insert(&[open_item(cx, &invoice, opening.due, (0, opening.amount))]);
    let delta = CreditDelta { receivable: opening.amount, ..CreditDelta::default() };
    credit_account::change(tx, account.id, delta);
    tx.tell(invoice.fact(cx, facts::RECEIVABLE_OPENED).attr("due", opening.due));
    let amount = opening.amount;
    let draft = ledger::Draft {
        day: cx.today(),
        kind: "opening",
        origin: DocRef { kind: "invoice", id: invoice.id.raw() },
        text: opening.number.clone(),
        currency: cx.base,
        rate: kernel::Rate(kernel::Rate::SCALE),
        reverses: 0,
        lines: vec![
            ledger::DraftLine::debit("receivable", amount, amount).party(opening.party.raw()),
            ledger::DraftLine::credit("opening_equity", amount, amount),
        ],
    };
    posting::post(cx, tx, &[draft])?;
    Ok(())
}
