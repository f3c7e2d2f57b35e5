//! Verbs of shipments, receipts and warehouses.
use super::body::{Body, show, show_with};
use crate::Verb;
use crate::order_to_cash::receive::{NewReceipt, NewReceiptLine, receive};
use crate::order_to_cash::ship::{self, Leaving};
use kernel::{Ctx, Error, Id, Result};
use meta::{Field, any, instant, int, money, one_of, qty, refers, text};
use serde_json::Value;
use stock::{ReceiptKind, Shipment};
use store::Tx;

const fn verb(
    entity: &'static str,
    name: &'static str,
    permission: &'static str,
    takes: &'static [Field],
    run: crate::verb::Run,
) -> Verb {
    Verb { entity, name, permission, moves: true, takes, lines: &[], run }
}

pub(super) static VERBS: &[Verb] = &[
    verb("shipment", "start_picking", "stock.shipment.pick", &[], |cx, tx, id, _| {
        shipment(cx, ship::start_picking(cx, tx, Id::from_raw(id)))
    }),
    verb("shipment", "pick", "stock.shipment.pick", &[], |cx, tx, id, _| {
        shipment(cx, ship::pick(cx, tx, Id::from_raw(id)))
    }),
    verb("shipment", "pack", "stock.shipment.pack", &[], |cx, tx, id, _| {
        shipment(cx, ship::pack(cx, tx, Id::from_raw(id)))
    }),
    Verb {
        lines: &[any("id").required(), qty("qty").required()],
        ..verb(
            "shipment",
            "ship",
            "stock.shipment.ship",
            &[text("carrier", 60), text("tracking", 80)],
            ship_it,
        )
    },
    verb(
        "shipment",
        "deliver",
        "stock.shipment.deliver",
        &[text("signed_by", 100), instant("at")],
        |cx, tx, id, body| {
            let body = Body::new(cx, body);
            let (signed_by, at) = (body.text("signed_by"), body.instant("at")?);
            shipment(cx, ship::deliver(cx, tx, Id::from_raw(id), &signed_by, at))
        },
    ),
    verb("shipment", "recognise", "finance.revenue.recognise", &[], |cx, tx, id, _| {
        shipment(cx, ship::recognise(cx, tx, Id::from_raw(id)))
    }),
    verb(
        "shipment",
        "cancel",
        "stock.shipment.cancel",
        &[text("reason", 200)],
        |cx, tx, id, body| {
            let reason = Body::new(cx, body).text("reason");
            shipment(cx, ship::cancel_shipment(cx, tx, Id::from_raw(id), &reason))
        },
    ),
    Verb {
        lines: &[refers("product", "product").required(), qty("qty").required(), money("value")],
        ..verb(
            "receipt",
            "create",
            "stock.receipt.post",
            &[
                one_of("kind", ReceiptKind::NAMES).required(),
                refers("warehouse", "warehouse").required(),
                text("reason", 200),
            ],
            create_receipt,
        )
    },
    Verb {
        moves: false,
        ..verb(
            "warehouse",
            "create",
            "stock.warehouse.write",
            &[text("code", 20).required(), text("name", 100).required(), int("priority")],
            |cx, tx, _, body| {
                let body = Body::new(cx, body);
                let (code, name) = (body.text("code"), body.text("name"));
                let made = stock::commands::open_warehouse(cx, tx, &code, &name, 1)?;
                Ok(show(&made, cx.base))
            },
        )
    },
];

fn shipment(cx: &Ctx, shipment: Result<Shipment>) -> Result<Value> {
    let shipment = shipment?;
    Ok(show_with(&shipment, &shipment.lines, cx.base))
}

fn ship_it(cx: &Ctx, tx: &mut Tx, id: i64, body: &Value) -> Result<Value> {
    let body = Body::new(cx, body);
    let line = |l: Body<'_>| Ok((l.id("id")?, l.qty("qty")?));
    let leaving = Leaving {
        lines: body.lines().into_iter().map(line).collect::<Result<_>>()?,
        carrier: body.text("carrier"),
        tracking: body.text("tracking"),
    };
    shipment(cx, ship::ship(cx, tx, Id::from_raw(id), &leaving))
}

fn create_receipt(cx: &Ctx, tx: &mut Tx, _: i64, body: &Value) -> Result<Value> {
    let body = Body::new(cx, body);
    let kind = body.text("kind");
    let known = ReceiptKind::NAMES.contains(&kind.as_str());
    if !known {
        return Err(Error::invalid("field.not_one_of", kind)
            .with("field", "kind")
            .with("allowed", ReceiptKind::NAMES.join(", ")));
    }
    let line = |l: Body<'_>| {
        let (product, qty, value) = (l.id("product")?, l.qty("qty")?, l.money("value")?);
        Ok(NewReceiptLine { product, qty, value })
    };
    let new = NewReceipt {
        kind: ReceiptKind::named(&kind)?,
        warehouse: body.id("warehouse")?,
        reason: body.text("reason"),
        lines: body.lines().into_iter().map(line).collect::<Result<_>>()?,
    };
    Ok(show(&receive(cx, tx, &new)?, cx.base))
}
