//! The tax point of goods on written credit: output tax is due on the agreed day of payment,
//! whether or not anybody made an invoice by then.
//!
//! What is due so is counted on the order line (`tax_agreed`): the tax of every shipment that was
//! billed or whose agreed day has passed. The later invoice adds nothing to it.
use super::entities::TAX_POINT;
use crate::order_to_cash::books::{self, About};
use crate::order_to_cash::positions;
use kernel::calendar::BusinessCalendar;
use kernel::{Activity, Ctx, Day, Id, Qty, Result, Stored};
use ledger::{Period, PeriodState};
use sales::Order;
use sales::commands::{lock_orders, save_order};
use std::collections::{BTreeMap, BTreeSet};
use stock::{Shipment, ShipmentLine};
use store::jobs::{Job, Step};
use store::{Tx, find, find_in, sql};
use terms::{Anchor, PaymentTerms};

pub(super) const FELL_DUE: Activity = Activity::new(
    "tax.fell_due",
    "output tax fell due on the agreed day of payment, before there was an invoice",
);

/// Orders of one step.
const RANGE: usize = 20;

/// The day agreed in writing by which a shipment, or an order's services, are paid for.
#[derive(Clone, Debug)]
struct TaxPoint {
    id: Id<TaxPoint>,
    company: i64,
    order_id: i64,
    /// 0 for the order's services.
    shipment: i64,
    agreed_on: Day,
    /// The day has passed and its tax is posted.
    reached: bool,
}
store::record!(TaxPoint => TAX_POINT { id, company, order_id, shipment, agreed_on, reached });

/// The agreed day of what leaves today. Where it is counted from the invoice it is counted from
/// today: waiting with the invoice does not put the tax off.
fn agreed_on(cx: &Ctx, order: &Order, terms: &PaymentTerms) -> Day {
    let from = match terms.anchor {
        Anchor::Order => order.ordered_on.unwrap_or(cx.today()),
        Anchor::Ship | Anchor::Delivery | Anchor::Invoice | Anchor::Prepaid => cx.today(),
    };
    terms.due(from, &BusinessCalendar::china())
}

/// Goods left on written credit: notes by when their tax is due.
pub(crate) fn agree(cx: &Ctx, tx: &mut Tx, order: &Order, shipment: &Shipment) -> Result<()> {
    note(cx, tx, order, shipment.id.raw(), shipment.id.raw())
}

/// The same for an order's services.
pub(crate) fn agree_services(cx: &Ctx, tx: &mut Tx, order: &Order) -> Result<()> {
    note(cx, tx, order, order.id.raw(), 0)
}

fn note(cx: &Ctx, tx: &mut Tx, order: &Order, id: i64, shipment: i64) -> Result<()> {
    if !order.written_credit || order.terms_code.is_empty() {
        return Ok(());
    }
    let terms = terms::commands::terms_by_code(tx, &order.terms_code)?;
    let agreed = agreed_on(cx, order, &terms);
    tx.put(
        sql!(
            "INSERT INTO tax_point (tenant_id, id, company, order_id, shipment, agreed_on, \
             reached) VALUES ($1, $2, $3, $4, $5, $6, 0) ON CONFLICT (tenant_id, id) DO UPDATE SET \
             agreed_on = excluded.agreed_on, reached = 0"
        ),
        &[
            Stored::Int(id),
            Stored::Int(order.company),
            Stored::Int(order.id.raw()),
            Stored::Int(shipment),
            Stored::text(agreed.to_string()),
        ],
    );
    Ok(())
}

/// Goods were signed for: where the terms count from the delivery, the agreed day is known now.
pub(crate) fn delivered(cx: &Ctx, tx: &mut Tx, order: &Order, shipment: &Shipment) -> Result<()> {
    if !order.written_credit || order.terms_code.is_empty() {
        return Ok(());
    }
    let terms = terms::commands::terms_by_code(tx, &order.terms_code)?;
    if terms.anchor != Anchor::Delivery {
        return Ok(());
    }
    let signed = shipment.delivered_at.map_or(cx.today(), |at| cx.zone.day(at));
    let agreed = terms.due(signed, &BusinessCalendar::china());
    tx.put(
        sql!(
            "UPDATE tax_point SET agreed_on = $3 WHERE tenant_id = $1 AND id = $2 AND reached = 0"
        ),
        &[Stored::Int(shipment.id.raw()), Stored::text(agreed.to_string())],
    );
    Ok(())
}

/// Posts the tax of the next orders whose agreed day is over.
pub(super) fn step(cx: &Ctx, tx: &mut Tx, job: &Job) -> Result<Step> {
    let today = cx.today();
    let ripe: Vec<TaxPoint> = tx.list(
        find!(
            TaxPoint,
            "company = $2 AND reached = 0 AND agreed_on < $3 ORDER BY agreed_on, id LIMIT 200"
        ),
        &[Stored::Int(cx.company), Stored::text(today.to_string())],
    )?;
    let mut roots: Vec<i64> = Vec::new();
    for point in &ripe {
        if !roots.contains(&point.order_id) && roots.len() < RANGE {
            roots.push(point.order_id);
        }
    }
    if roots.is_empty() {
        return Ok(Step::Done);
    }
    let mut orders = lock_orders(tx, &roots)?;
    let points: Vec<TaxPoint> =
        tx.lock_in(find_in!(TaxPoint, "order_id IN (#) ORDER BY id", 0), &[], &roots)?;
    let open = open_periods(cx, tx)?;
    for order in &mut orders {
        let mine: Vec<&TaxPoint> = points.iter().filter(|p| p.order_id == order.id.raw()).collect();
        fall_due(cx, tx, order, &mine, &open)?;
    }
    let done = job.steps_done + roots.len() as i64;
    Ok(Step::More { place: job.place + 1, done, total: done })
}

fn open_periods(cx: &Ctx, tx: &mut Tx) -> Result<Vec<String>> {
    let open: Vec<Period> = tx.list(
        find!(Period, "company = $2 AND period <= $3 ORDER BY period DESC LIMIT 36"),
        &[Stored::Int(cx.company), Stored::text(cx.today().period())],
    )?;
    let open = open.into_iter().filter(|p| p.state == PeriodState::Open);
    Ok(open.map(|p| p.period).collect())
}

/// The points of one order whose day is over, the earliest first, each with its entry.
fn fall_due(
    cx: &Ctx,
    tx: &mut Tx,
    order: &mut Order,
    points: &[&TaxPoint],
    open: &[String],
) -> Result<()> {
    let is_ripe = |p: &TaxPoint| !p.reached && p.agreed_on < cx.today();
    let days: BTreeSet<Day> = points.iter().filter(|p| is_ripe(p)).map(|p| p.agreed_on).collect();
    let mut covered = Covered::load(tx, order)?;
    covered.shipments.extend(points.iter().filter(|p| p.reached).map(|p| p.shipment));
    let mut changed = false;
    for day in days {
        let of_day = points.iter().filter(|p| is_ripe(p) && p.agreed_on == day);
        covered.shipments.extend(of_day.map(|p| p.shipment));
        let before = positions(order);
        covered.count(order);
        let due = |all: &[finance::Position]| all.iter().map(finance::Position::tax_due).sum();
        let (was, is): (i64, i64) = (due(&before), due(&positions(order)));
        if was == is {
            continue;
        }
        changed = true;
        let mut about = About::today(cx, "tax_point", order.doc(), &order.number);
        // The tax belongs to the month of its day; once that is closed, to today's.
        about.day = if open.contains(&day.period()) { day } else { cx.today() };
        books::post(cx, tx, order, before, about)?;
        let tax = kernel::Money::new(is - was, order.currency);
        let fact = order.fact(cx, FELL_DUE).worth(tax, order.base(is - was));
        tx.tell(fact.attr("agreed_on", day));
    }
    let reached: Vec<TaxPoint> = points
        .iter()
        .filter(|p| is_ripe(p))
        .map(|p| TaxPoint { reached: true, ..(*p).clone() })
        .collect();
    tx.update(&reached);
    if changed { save_order(tx, order) } else { Ok(()) }
}

/// What was billed or came back since: the order's tax counted anew, where any fell due so.
///
/// The caller has saved shipments and billable items, and posts the difference.
pub(crate) fn recount(tx: &mut Tx, order: &mut Order) -> Result<()> {
    if order.lines.iter().all(|l| l.tax_agreed == 0) {
        return Ok(());
    }
    let reached: Vec<TaxPoint> =
        tx.list(find!(TaxPoint, "order_id = $2 AND reached = 1"), &[Stored::Int(order.id.raw())])?;
    let mut covered = Covered::load(tx, order)?;
    covered.shipments.extend(reached.iter().map(|p| p.shipment));
    covered.count(order);
    Ok(())
}

/// Shipments whose tax is due, whole by an agreed day or line by line by an invoice; 0 stands for
/// services.
struct Covered {
    shipments: BTreeSet<i64>,
    billed: BTreeSet<(i64, i64)>,
    /// Shipment, order line, what of it was kept.
    left: Vec<(i64, i64, Qty)>,
}

impl Covered {
    fn load(tx: &mut Tx, order: &Order) -> Result<Self> {
        let key = [Stored::Int(order.id.raw())];
        let lines: Vec<ShipmentLine> = tx.list(
            find!(
                ShipmentLine,
                "shipment IN (SELECT id FROM shipment WHERE tenant_id = $1 AND order_id = $2 \
                 AND state IN ('shipped', 'delivered'))"
            ),
            &key,
        )?;
        let items: Vec<finance::BillableItem> = tx.list(
            find!(finance::BillableItem, "order_id = $2 AND state = 'invoiced' AND qty > 0"),
            &key,
        )?;
        let mut left: Vec<(i64, i64, Qty)> =
            lines.iter().map(|l| (l.shipment.raw(), l.order_line, l.kept())).collect();
        let services = order.lines.iter().filter(|l| !l.is_goods());
        left.extend(services.map(|l| (0, l.id.raw(), l.kept())));
        let billed = items.iter().map(|i| (i.shipment, i.order_line)).collect();
        Ok(Self { shipments: BTreeSet::new(), billed, left })
    }

    fn count(&self, order: &mut Order) {
        let mut due: BTreeMap<i64, Qty> = BTreeMap::new();
        for (shipment, line, kept) in &self.left {
            if self.shipments.contains(shipment) || self.billed.contains(&(*shipment, *line)) {
                *due.entry(*line).or_default() += *kept;
            }
        }
        for line in &mut order.lines {
            let qty = due.get(&line.id.raw()).copied().unwrap_or_default();
            line.tax_agreed = line.money_of(qty).2;
        }
    }
}
