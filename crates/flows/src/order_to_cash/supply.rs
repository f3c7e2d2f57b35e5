//! Brings reservations, demands and open shipments of orders in line with what they want.
use crate::order_to_cash::advance::{Appetite, Give, Take, Todo, advance, advance_lines};
use crate::order_to_cash::credit::holds_back;
use kernel::{Ctx, Done, Fact, Id, Qty, Result, Stored};
use policy::Hold;
use sales::{Order, OrderLine, OrderState};
use std::collections::BTreeMap;
use std::ops::Range;
use stock::commands::lock_stock;
use stock::{
    Demand, DemandState, Reservation, ReservationState, Shipment, ShipmentLine, ShipmentState,
    StockRow, Warehouse, facts,
};
use store::jobs::NewJob;
use store::scope::{Belongs, intern};
use store::{Tx, find_in, numbers, sql};

/// May anything be downstream of the orders already?
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Downstream {
    /// Confirmed by this very command: nothing to load.
    Nothing,
    Perhaps,
}

/// Everything downstream of some orders that supply looks at, and what it makes.
struct Work {
    holds: Vec<Hold>,
    demands: Vec<Demand>,
    fresh_demands: Vec<Demand>,
    reservations: Vec<Reservation>,
    shipments: Vec<Shipment>,
    stock: Vec<StockRow>,
    fresh_shipments: Vec<Shipment>,
    fresh_lines: Vec<ShipmentLine>,
    fresh_reservations: Vec<Reservation>,
}

/// Goods lines that a command supplies by itself; a longer order is supplied in ranges of as many.
pub const RANGE: usize = 200;

/// Is the order so long that a job supplies it? What it has too much it gives back at once.
#[must_use]
pub fn is_long(order: &Order) -> bool {
    order.lines.iter().filter(|l| l.is_goods()).count() > RANGE
}

/// Runs `advance` for locked orders, in the order given: earlier ones take first. What a long order
/// wants is left to a job.
///
/// Changes the orders' lines (reserved) in memory; the caller saves them.
pub fn run(cx: &Ctx, tx: &mut Tx, orders: &mut [Order], downstream: Downstream) -> Result<()> {
    if orders.is_empty() {
        return Ok(());
    }
    let mut work = load(cx, tx, orders, downstream)?;
    for order in orders.iter_mut() {
        let long = is_long(order);
        let appetite = if long { Appetite::Held } else { appetite(order, &work.holds) };
        let mine = work.reservations_of(order);
        let todo = advance(order, appetite, &mine, &work.stock);
        work.give_back(cx, tx, order, &todo)?;
        work.take(cx, tx, order, &todo)?;
        let lines = 0..order.lines.len();
        work.follow_demands(cx, tx, order, lines, if long { Fresh::Later } else { Fresh::Now });
        if long && wants(order) {
            store::jobs::queue_once(cx, tx, NewJob::of("advance", order.doc()))?;
        }
    }
    work.save(cx, tx)
}

/// Does a line lack goods that its order may still get?
fn wants(order: &Order) -> bool {
    let lacks = |l: &OrderLine| l.is_goods() && l.reserved < l.to_ship();
    order.state == OrderState::Confirmed && order.lines.iter().any(lacks)
}

/// Supplies one range of a locked order, from line `from` on; where the next begins, if one does.
///
/// Changes the order's lines in memory; the caller saves them.
pub fn run_range(cx: &Ctx, tx: &mut Tx, order: &mut Order, from: usize) -> Result<Option<usize>> {
    let until = (from + RANGE).min(order.lines.len());
    let range = order.lines.get(from..until).unwrap_or_default().to_vec();
    let mut work = load_lines(cx, tx, std::slice::from_ref(order), &range, Downstream::Perhaps)?;
    let (appetite, mine) = (appetite(order, &work.holds), work.reservations_of(order));
    let todo = advance_lines(order, &range, appetite, &mine, &work.stock);
    work.give_back(cx, tx, order, &todo)?;
    work.take(cx, tx, order, &todo)?;
    work.follow_demands(cx, tx, order, from..until, Fresh::Now);
    work.save(cx, tx)?;
    Ok((until < order.lines.len()).then_some(until))
}

fn appetite(order: &Order, holds: &[Hold]) -> Appetite {
    let held = |h: &Hold| h.subject == order.id.raw() && holds_back(h.kind);
    if holds.iter().any(held) { Appetite::Held } else { Appetite::Open }
}

/// Would all that the order wants be on hand, were nobody else to take it? Locks nothing.
pub(crate) fn seems_short(cx: &Ctx, tx: &mut Tx, order: &Order) -> Result<bool> {
    let mut wanted: BTreeMap<i64, Qty> = BTreeMap::new();
    for line in order.lines.iter().filter(|l| l.is_goods()) {
        *wanted.entry(line.product.raw()).or_default() += line.to_ship() - line.reserved;
    }
    let products: Vec<i64> = wanted.keys().copied().collect();
    let rows: Vec<StockRow> = tx.list_in(
        find_in!(StockRow, "company = $2 AND product IN (#)", 1),
        &[Stored::Int(cx.company)],
        &products,
    )?;
    for row in &rows {
        *wanted.entry(row.product.raw()).or_default() -= row.on_hand - row.reserved;
    }
    Ok(wanted.values().any(|lack| lack.0 > 0))
}

/// When demands that are not there yet are made.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fresh {
    Now,
    /// By the job that supplies the order.
    Later,
}

fn load(cx: &Ctx, tx: &mut Tx, orders: &[Order], downstream: Downstream) -> Result<Work> {
    // Of a long order only what it gives back is looked at here.
    let looked = |o: &&Order| !is_long(o);
    let mut lines: Vec<OrderLine> =
        orders.iter().filter(looked).flat_map(|o| &o.lines).cloned().collect();
    let too_much = |l: &&OrderLine| l.reserved > l.to_ship();
    let long = orders.iter().filter(|o| is_long(o)).flat_map(|o| &o.lines);
    lines.extend(long.filter(too_much).cloned());
    load_lines(cx, tx, orders, &lines, downstream)
}

fn load_lines(
    cx: &Ctx,
    tx: &mut Tx,
    orders: &[Order],
    lines: &[OrderLine],
    downstream: Downstream,
) -> Result<Work> {
    let ids: Vec<i64> = orders.iter().map(|o| o.id.raw()).collect();
    let goods = lines.iter().filter(|l| l.is_goods());
    let products: Vec<i64> = goods.map(|l| l.product.raw()).collect();
    let holds = if orders.iter().all(|o| o.holds == 0) {
        Vec::new()
    } else {
        let open = find_in!(Hold, "subject_kind = 'order' AND open = 1 AND subject IN (#)", 0);
        tx.list_in(open, &[], &ids)?
    };
    let (mut demands, mut reservations, mut shipments) = (Vec::new(), Vec::new(), Vec::new());
    if downstream == Downstream::Perhaps {
        demands = tx.list_in(find_in!(Demand, "order_id IN (#)", 0), &[], &ids)?;
        let hard = find_in!(Reservation, "state = 'hard' AND order_id IN (#) ORDER BY id", 0);
        reservations = tx.list_in(hard, &[], &ids)?;
        shipments = open_shipments(tx, &ids)?;
    }
    let stock = lock_stock(cx, tx, &products)?;
    Ok(Work {
        holds,
        demands,
        fresh_demands: Vec::new(),
        reservations,
        shipments,
        stock,
        fresh_shipments: Vec::new(),
        fresh_lines: Vec::new(),
        fresh_reservations: Vec::new(),
    })
}

fn open_shipments(tx: &mut Tx, orders: &[i64]) -> Result<Vec<Shipment>> {
    let open = find_in!(
        Shipment,
        "state IN ('assigned', 'picking', 'picked', 'packed') AND order_id IN (#) ORDER BY id",
        0
    );
    let mut shipments: Vec<Shipment> = tx.list_in(open, &[], orders)?;
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

/// Changes a stock row's reserved quantity within its bounds.
pub(crate) fn change_reserved(tx: &mut Tx, stock: Id<StockRow>, by: Qty) {
    tx.put_guarded(
        sql!(
            "UPDATE stock SET reserved = reserved + $3 WHERE tenant_id = $1 AND id = $2 \
             AND on_hand - reserved >= $3 AND reserved + $3 >= 0"
        ),
        &[Stored::Int(stock.raw()), Stored::Int(by.0)],
        "bug.stock_bounds",
    );
}

impl Work {
    fn reservations_of(&self, order: &Order) -> Vec<Reservation> {
        self.reservations.iter().filter(|r| r.order_id == order.id.raw()).cloned().collect()
    }

    fn take(&mut self, cx: &Ctx, tx: &mut Tx, order: &mut Order, todo: &Todo) -> Result<()> {
        if todo.take.is_empty() {
            return Ok(());
        }
        let mut fact = order.fact(cx, facts::STOCK_RESERVED);
        for take in &todo.take {
            let shipment = self.shipment_for(cx, tx, order, take)?;
            fact = fact.on("shipment", shipment.raw(), "shipment");
            fact = fact.on("order_line", take.line.raw(), "line");
            if let Some(line) = order.lines.iter_mut().find(|l| l.id == take.line) {
                line.reserved += take.qty;
                self.reserve(cx, tx, order.company, take, line, shipment);
            }
        }
        let taken: Qty = todo.take.iter().map(|t| t.qty).sum();
        tx.tell(fact.attr("qty", taken));
        Ok(())
    }

    fn reserve(
        &mut self,
        cx: &Ctx,
        tx: &mut Tx,
        company: i64,
        take: &Take,
        line: &OrderLine,
        shipment: Id<Shipment>,
    ) {
        let demand = self.demand_of(cx, line).id;
        let row = &mut self.stock[take.row];
        row.reserved += take.qty;
        change_reserved(tx, row.id, take.qty);
        let reservation = Reservation {
            id: cx.id(),
            company,
            demand,
            order_id: line.order_id.raw(),
            order_line: line.id.raw(),
            stock: row.id,
            product: line.product,
            qty: take.qty,
            state: ReservationState::Hard,
            shipment_line: cx.id::<ShipmentLine>().raw(),
        };
        self.fresh_lines.push(ShipmentLine {
            id: Id::from_raw(reservation.shipment_line),
            shipment,
            order_line: line.id.raw(),
            product: line.product,
            stock: Some(row.id),
            reservation: reservation.id.raw(),
            assigned: take.qty,
            shipped: Qty::ZERO,
            delivered: Qty::ZERO,
            recognised: Qty::ZERO,
            returned: Qty::ZERO,
            cost: 0,
        });
        self.fresh_reservations.push(reservation);
    }

    /// The demand of a line: known, or a new one.
    fn demand_of(&mut self, cx: &Ctx, line: &OrderLine) -> &mut Demand {
        let of = |d: &Demand| d.order_line == line.id.raw();
        if let Some(at) = self.demands.iter().position(of) {
            return &mut self.demands[at];
        }
        let at = self.fresh_demands.iter().position(of).unwrap_or_else(|| {
            self.fresh_demands.push(Demand {
                id: cx.id(),
                company: cx.company,
                order_id: line.order_id.raw(),
                order_line: line.id.raw(),
                product: line.product,
                wanted: Qty::ZERO,
                reserved: Qty::ZERO,
                shipped: Qty::ZERO,
                needed_on: None,
                priority: 100,
                state: DemandState::Covered,
                opened_at: cx.now,
            });
            self.fresh_demands.len() - 1
        });
        &mut self.fresh_demands[at]
    }

    /// The open shipment that takes the goods: one that nobody picks yet, or a new one.
    fn shipment_for(
        &mut self,
        cx: &Ctx,
        tx: &mut Tx,
        order: &Order,
        take: &Take,
    ) -> Result<Id<Shipment>> {
        let warehouse = self.stock[take.row].warehouse;
        let fits = |s: &&Shipment| {
            s.order_id == Some(order.id.raw())
                && s.warehouse == Some(warehouse)
                && s.state == ShipmentState::Assigned
        };
        let open = self.shipments.iter().chain(&self.fresh_shipments).find(fits);
        if let Some(open) = open {
            return Ok(open.id);
        }
        let shipment = new_shipment(cx, tx, order, warehouse)?;
        let id = shipment.id;
        self.fresh_shipments.push(shipment);
        Ok(id)
    }

    fn give_back(&mut self, cx: &Ctx, tx: &mut Tx, order: &mut Order, todo: &Todo) -> Result<()> {
        if todo.give.is_empty() {
            return Ok(());
        }
        let mut fact = order.fact(cx, facts::STOCK_RELEASED);
        for give in &todo.give {
            fact = self.give_one(tx, order, give, fact);
        }
        let given: Qty = todo.give.iter().map(|g| g.qty).sum();
        tx.tell(fact.attr("qty", given));
        let of = |s: &&mut Shipment| s.order_id == Some(order.id.raw()) && s.is_open();
        for shipment in self.shipments.iter_mut().filter(of) {
            if shipment.lines.iter().all(|l| l.assigned.is_zero())
                && let Done::Now(fact) = shipment.cancel(cx, "order changed")?
            {
                tx.tell(fact);
                tx.update(std::slice::from_ref(shipment));
            }
        }
        Ok(())
    }

    fn give_one(&mut self, tx: &mut Tx, order: &mut Order, give: &Give, fact: Fact) -> Fact {
        let found = self.reservations.iter_mut().find(|r| r.id == give.reservation);
        let Some(reservation) = found else { return fact };
        reservation.qty -= give.qty;
        if reservation.qty.is_zero() {
            reservation.state = ReservationState::Released;
        }
        tx.update(std::slice::from_ref(reservation));
        change_reserved(tx, reservation.stock, -give.qty);
        if let Some(row) = self.stock.iter_mut().find(|s| s.id == reservation.stock) {
            row.reserved -= give.qty;
        }
        let line = order.lines.iter_mut().find(|l| l.id.raw() == reservation.order_line);
        if let Some(line) = line {
            line.reserved -= give.qty;
        }
        let mut fact = fact.on("order_line", reservation.order_line, "line");
        for shipment in &mut self.shipments {
            let of = |l: &&mut ShipmentLine| l.id.raw() == reservation.shipment_line;
            if let Some(line) = shipment.lines.iter_mut().find(of) {
                line.assigned -= give.qty;
                tx.update(std::slice::from_ref(line));
                fact = fact.on("shipment", shipment.id.raw(), "shipment");
            }
        }
        fact
    }

    /// Demands follow their lines; what is not covered is told once, when it opens.
    fn follow_demands(
        &mut self,
        cx: &Ctx,
        tx: &mut Tx,
        order: &Order,
        lines: Range<usize>,
        fresh: Fresh,
    ) {
        let mut fact = order.fact(cx, facts::STOCK_SHORTED);
        let mut short = Qty::ZERO;
        let live = matches!(order.state, OrderState::Confirmed | OrderState::Closed);
        let lines = order.lines.get(lines).unwrap_or_default();
        for line in lines.iter().filter(|l| l.is_goods()) {
            let known = self.demands.iter().any(|d| d.order_line == line.id.raw());
            if !known && (!live || fresh == Fresh::Later) {
                continue;
            }
            let demand = self.demand_of(cx, line);
            let was = (demand.state, demand.wanted, demand.reserved, demand.shipped);
            demand.wanted = if live { line.wanted() } else { Qty::ZERO };
            (demand.reserved, demand.shipped) = (line.reserved, line.shipped);
            demand.needed_on = order.requested_on;
            demand.derive();
            let now = (demand.state, demand.wanted, demand.reserved, demand.shipped);
            if demand.state == DemandState::Open && was.0 != DemandState::Open {
                short += demand.uncovered();
                fact = fact.on("order_line", line.id.raw(), "line");
            }
            if known && was != now {
                let changed = demand.clone();
                tx.update(&[changed]);
            }
        }
        if short.0 > 0 {
            tx.tell(fact.attr("qty", short));
        }
    }

    /// Saves what is new, referred rows first; numbers last.
    fn save(self, cx: &Ctx, tx: &mut Tx) -> Result<()> {
        let year = cx.today().year();
        let mut shipments = self.fresh_shipments;
        tx.insert(&self.fresh_demands);
        if !shipments.is_empty() {
            let series = format!("SH:{}:{year}", cx.company);
            let first = numbers::next_many(tx, &series, shipments.len() as i64)?;
            for (at, shipment) in shipments.iter_mut().enumerate() {
                shipment.number = format!("SH-{year}-{:05}", first + at as i64);
                let fact = shipment.fact(cx, facts::SHIPMENT_CREATED);
                tx.tell(fact.moved("", shipment.state.name()));
            }
        }
        tx.insert(&shipments);
        tx.insert(&self.fresh_lines);
        tx.insert(&self.fresh_reservations);
        Ok(())
    }
}

fn new_shipment(
    cx: &Ctx,
    tx: &mut Tx,
    order: &Order,
    warehouse: Id<Warehouse>,
) -> Result<Shipment> {
    let (company, warehouse_id) = (order.company, warehouse.raw());
    let belongs = Belongs { company, warehouse: warehouse_id, ..Belongs::default() };
    Ok(Shipment {
        id: cx.id(),
        version: 1,
        scope_id: intern(cx, tx, belongs)?,
        number: String::new(),
        company,
        order_id: Some(order.id.raw()),
        party: Some(order.party),
        warehouse: Some(warehouse),
        state: ShipmentState::Assigned,
        ship_to: order.ship_to.clone(),
        carrier: String::new(),
        tracking: String::new(),
        planned_on: order.promised_now,
        promised_on: order.promised_first,
        picked_at: None,
        shipped_at: None,
        delivered_at: None,
        recognised_at: None,
        pod_name: String::new(),
        picker: 0,
        exception: String::new(),
        history: false,
        batch_id: 0,
        lines: Vec::new(),
    })
}

/// Orders whose open demands want some of these products, first come first served.
pub fn waiting_for(cx: &Ctx, tx: &mut Tx, products: &[i64]) -> Result<Vec<i64>> {
    let open = find_in!(
        Demand,
        "company = $2 AND state = 'open' AND product IN (#) ORDER BY priority, id LIMIT 500",
        1
    );
    let mut demands: Vec<Demand> = tx.list_in(open, &[Stored::Int(cx.company)], products)?;
    demands.sort_by_key(|d| (d.priority, d.id));
    let mut orders: Vec<i64> = Vec::new();
    for demand in demands {
        if !orders.contains(&demand.order_id) {
            orders.push(demand.order_id);
        }
    }
    Ok(orders)
}
