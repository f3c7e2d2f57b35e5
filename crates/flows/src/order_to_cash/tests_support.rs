//! Small orders and stock for the rules' tests.
use kernel::{Currency, Id, Price, Qty, Rate};
use sales::{Asked, Order, OrderLine, OrderState, Progress, Told};
use stock::{Reservation, ReservationState, StockRow};

/// A confirmed order of one product per line, ¥1.13 a piece including 13 %.
pub(crate) fn order_with(pieces: &[i64]) -> Order {
    let mut order = without_lines();
    order.lines = pieces.iter().enumerate().map(line).collect();
    order.sum();
    order
}

fn line((at, qty): (usize, &i64)) -> OrderLine {
    let asked = Asked {
        product: Id::from_raw(at as i64 + 1),
        qty: Qty::whole(*qty),
        price: None,
        discount: 0,
    };
    let told = Told {
        list_price: Price(1_130_000),
        price: Price(1_130_000),
        tax_rate: Rate::percent(13),
        gross: 113 * qty,
        net: 100 * qty,
        tax: 13 * qty,
        steps: "[]".into(),
    };
    let id = Id::from_raw(100 + at as i64);
    OrderLine::new(id, Id::from_raw(7), at as i64 + 1, &asked, &told)
}

fn without_lines() -> Order {
    Order {
        id: Id::from_raw(7),
        version: 1,
        scope_id: 0,
        number: "SO-2026-00001".into(),
        company: 1,
        party: Id::from_raw(3),
        ship_to: String::new(),
        contact: String::new(),
        quote: 0,
        opportunity: 0,
        owner: 0,
        channel: String::new(),
        order_type: "standard".into(),
        customer_po_no: String::new(),
        currency: Currency::CNY,
        rate: Rate(Rate::SCALE),
        incl_tax: true,
        terms_code: "N30".into(),
        written_credit: true,
        recognition: "on_acceptance".into(),
        state: OrderState::Confirmed,
        fulfilment: Progress::None,
        billing: Progress::None,
        payment: Progress::None,
        holds: 0,
        ordered_on: None,
        requested_on: None,
        promised_first: None,
        promised_now: None,
        gross: 0,
        net: 0,
        tax: 0,
        deposit: 0,
        deposit_base: 0,
        deposit_tax: 0,
        deposit_tax_base: 0,
        covered: 0,
        covered_base: 0,
        revenue_base: 0,
        output_vat_base: 0,
        deferred_base: 0,
        billed_base: 0,
        paid: 0,
        credit_taken: 0,
        freight: 0,
        stated_total: 0,
        submitted_at: None,
        confirmed_at: None,
        closed_at: None,
        cancel_reason: String::new(),
        history: false,
        exact: "{}".into(),
        batch_id: 0,
        lines: Vec::new(),
    }
}

/// A stock row of product 1, 2, 3 … with so many pieces on hand.
pub(crate) fn stock_row(product: i64, on_hand: i64) -> StockRow {
    StockRow {
        id: Id::from_raw(product * 10),
        company: 1,
        product: Id::from_raw(product),
        warehouse: Id::from_raw(1),
        location: Id::from_raw(1),
        lot: Id::from_raw(1),
        priority: 1,
        on_hand: Qty::whole(on_hand),
        reserved: Qty::ZERO,
    }
}

/// A hard reservation of so many pieces for a line.
pub(crate) fn reservation(order: &Order, line: usize, qty: i64) -> Reservation {
    Reservation {
        id: Id::from_raw(qty),
        company: 1,
        demand: Id::from_raw(1),
        order_id: order.id.raw(),
        order_line: order.lines[line].id.raw(),
        stock: Id::from_raw(10),
        product: order.lines[line].product,
        qty: Qty::whole(qty),
        state: ReservationState::Hard,
        shipment_line: 0,
    }
}
