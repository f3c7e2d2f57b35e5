//! Which documents the matrix is run on: every state, and where it matters two kinds of a state.
use super::bed::{Bed, Change, DOER, Kind, OWNER};
use kernel::Result;

/// A document of an entity in a state.
pub(super) struct Row {
    pub(super) state: &'static str,
    /// What else is so, where a state has several rows.
    pub(super) note: &'static str,
    pub(super) make: fn(&Bed) -> Result<i64>,
}

/// An entity with its rows.
pub(super) struct Subject {
    pub(super) entity: &'static str,
    /// What gives a document's state in SQL.
    pub(super) state: &'static str,
    pub(super) rows: &'static [Row],
}

const fn row(state: &'static str, note: &'static str, make: fn(&Bed) -> Result<i64>) -> Row {
    Row { state, note, make }
}

const fn subject(entity: &'static str, rows: &'static [Row]) -> Subject {
    Subject { entity, state: "state", rows }
}

pub(super) static SUBJECTS: &[Subject] = &[
    subject("lead", LEAD),
    subject("opportunity", OPPORTUNITY),
    subject("quote", QUOTE),
    subject("order", ORDER),
    subject("change_order", CHANGE_ORDER),
    Subject {
        state: "CASE WHEN open = 1 THEN 'open' ELSE 'released' END",
        ..subject("hold", HOLD)
    },
    subject("approval", APPROVAL),
    subject("shipment", SHIPMENT),
    subject("return", RETURN),
    subject("invoice", INVOICE),
    subject("payment", PAYMENT),
    subject("refund", REFUND),
    subject("credit_change", CREDIT_CHANGE),
    subject("statement", STATEMENT),
    Subject {
        state: "CASE WHEN reverses <> 0 THEN 'counter_record' \
                WHEN reversed_by <> 0 THEN 'taken_back' ELSE 'made' END",
        ..subject("allocation", ALLOCATION)
    },
    subject("period", PERIOD),
    Subject {
        state: "CASE WHEN reviewed_by = 0 THEN 'made' ELSE 'reviewed' END",
        ..subject("voucher", VOUCHER)
    },
    subject("job", JOB),
    subject("webhook", WEBHOOK),
    subject("task", TASK),
];

static LEAD: &[Row] = &[
    row("new", "", |b| b.lead(&[])),
    row("in_pool", "", |b| b.lead(&["pool"])),
    row("assigned", "", |b| b.lead(&["assign"])),
    row("working", "", |b| b.lead(&["assign", "accept"])),
    row("nurturing", "", |b| b.lead(&["assign", "return"])),
    row("qualified", "", |b| b.lead(&["assign", "accept", "qualify"])),
    row("converted", "", |b| b.lead(&["assign", "accept", "qualify", "convert"])),
    row("disqualified", "", |b| b.lead(&["disqualify"])),
];

static OPPORTUNITY: &[Row] = &[
    row("open", "", |b| b.opportunity(&[])),
    row("won", "", |b| b.opportunity(&["win"])),
    row("lost", "", |b| b.opportunity(&["lose"])),
    row("on_hold", "", |b| b.opportunity(&["pause"])),
    row("cancelled", "", |b| b.opportunity(&["cancel"])),
];

static QUOTE: &[Row] = &[
    row("draft", "", |b| b.quote(Kind::Goods, &[])),
    row("draft", "at half its list price", |b| b.quote(Kind::Cheap, &[])),
    row("in_review", "", |b| b.quote(Kind::Cheap, &["submit"])),
    row("approved", "", |b| b.quote(Kind::Goods, &["submit"])),
    row("sent", "", |b| b.quote(Kind::Goods, &["submit", "send"])),
    row("sent", "its last day is over", |b| {
        b.quote_until("2026-01-04", Kind::Goods, &["submit", "send"])
    }),
    row("sent", "a revision is drawn up", |b| b.revised(&[])),
    row("accepted", "", |b| b.quote(Kind::Goods, &["submit", "send", "accept"])),
    row("rejected", "", |b| b.quote(Kind::Goods, &["submit", "send", "reject"])),
    row("expired", "", |b| b.quote_until("2026-01-04", Kind::Goods, &["submit", "send", "expire"])),
    row("superseded", "", |b| b.revised(&["submit", "send"])),
    row("withdrawn", "", |b| b.quote(Kind::Goods, &["withdraw"])),
];

static ORDER: &[Row] = &[
    row("draft", "", |b| b.order(Kind::Goods, &[])),
    row("draft", "at half its list price", |b| b.order(Kind::Cheap, &[])),
    row("submitted", "held for its price", |b| b.order(Kind::Cheap, &["submit"])),
    row("submitted", "what it lacked was filled in", Bed::filled_in),
    row("confirmed", "nothing has left", |b| b.order(Kind::Goods, &["submit"])),
    row("confirmed", "all left and was signed for", Bed::signed),
    row("confirmed", "all is billed, nothing paid", |b| Ok(b.billed(&["post"])?.order)),
    row("confirmed", "a service", |b| b.order(Kind::Service, &["submit"])),
    row("confirmed", "opened again", |b| b.walk("order", b.paid()?.order, &["reopen"])),
    row("closed", "", |b| Ok(b.paid()?.order)),
    row("cancelled", "", |b| b.order(Kind::Goods, &["submit", "cancel"])),
];

static CHANGE_ORDER: &[Row] = &[
    row("draft", "", |b| b.change_order(OWNER, Change::More, &[])),
    row("draft", "at half its list price", |b| b.change_order(OWNER, Change::Cheap, &[])),
    row("draft", "overtaken by goods that left", Bed::overtaken_change),
    row("pending_checks", "", |b| b.change_order(OWNER, Change::Cheap, &["submit"])),
    row("pending_checks", "of one's own", |b| b.change_order(DOER, Change::Cheap, &["submit"])),
    row("pending_customer", "", |b| b.change_order(OWNER, Change::Ours, &["submit"])),
    row("applied", "", |b| b.change_order(OWNER, Change::More, &["submit"])),
    row("declined", "", |b| b.change_order(OWNER, Change::Ours, &["submit", "decline"])),
    row("withdrawn", "", |b| b.change_order(OWNER, Change::More, &["withdraw"])),
];

static HOLD: &[Row] = &[
    row("open", "for the price", |b| b.hold(OWNER, Kind::Cheap, &[])),
    row("open", "for the price, on one's own order", |b| b.hold(DOER, Kind::Cheap, &[])),
    row("open", "for missing data", |b| b.hold(OWNER, Kind::Undated, &[])),
    row("released", "", |b| b.hold(OWNER, Kind::Cheap, &["release"])),
];

static APPROVAL: &[Row] = &[
    row("pending", "", |b| b.approval(OWNER, &[])),
    row("pending", "asked for by oneself", |b| b.approval(DOER, &[])),
    row("approved", "", |b| b.approval(OWNER, &["approve"])),
    row("rejected", "", |b| b.approval(OWNER, &["reject"])),
    row("returned", "", |b| b.approval(OWNER, &["send_back"])),
    row("returned", "to oneself", |b| b.approval(DOER, &["send_back"])),
    row("withdrawn", "", |b| b.approval(OWNER, &["withdraw"])),
];

static SHIPMENT: &[Row] = &[
    row("assigned", "", |b| b.shipment(&[])),
    row("picking", "", |b| b.shipment(&["start_picking"])),
    row("picked", "", |b| b.shipment(&["pick"])),
    row("packed", "", |b| b.shipment(&["pick", "pack"])),
    row("shipped", "", |b| b.shipment(&["ship"])),
    row("delivered", "", |b| b.shipment(&["ship", "deliver"])),
    row("cancelled", "", |b| b.shipment(&["cancel"])),
];

static RETURN: &[Row] = &[
    row("requested", "", |b| b.goods_back(OWNER, &[])),
    row("requested", "by oneself", |b| b.goods_back(DOER, &[])),
    row("approved", "", |b| b.goods_back(OWNER, &["approve"])),
    row("received", "", |b| b.goods_back(OWNER, &["approve", "receive"])),
    row("settled", "", |b| b.goods_back(OWNER, &["approve", "receive", "settle"])),
    row("rejected", "", |b| b.goods_back(OWNER, &["reject"])),
    row("cancelled", "", |b| b.goods_back(OWNER, &["cancel"])),
];

static STATEMENT: &[Row] = &[
    row("draft", "", |b| b.statement(&[])),
    row("sent", "", |b| b.statement(&["send"])),
    row("difference", "", |b| b.statement(&["send", "differ"])),
    row("confirmed", "", |b| b.statement(&["send", "confirm"])),
    row("confirmed", "all is paid", Bed::paid_statement),
    row("settled", "", |b| b.walk("statement", b.paid_statement()?, &["settle"])),
];

static INVOICE: &[Row] = &[
    row("draft", "", |b| Ok(b.billed(&[])?.invoice)),
    row("posted", "", |b| Ok(b.billed(&["post"])?.invoice)),
    row("settled", "", |b| Ok(b.paid()?.invoice)),
    row("posted", "a credit note, open", Bed::credit_note),
    row("cancelled", "", |b| Ok(b.billed(&["cancel"])?.invoice)),
];

static PAYMENT: &[Row] = &[
    row("cleared", "nothing applied", |b| b.payment(&serde_json::json!([]), &[])),
    row("cleared", "applied whole", |b| Ok(b.paid()?.payment)),
    row("reversed", "", |b| b.payment(&serde_json::json!([]), &["reverse"])),
];

static REFUND: &[Row] = &[
    row("draft", "", |b| b.refund(OWNER, &[])),
    row("draft", "of one's own", |b| b.refund(DOER, &[])),
    row("approved", "", |b| b.refund(OWNER, &["approve"])),
    row("in_process", "", |b| b.refund(OWNER, &["approve", "start"])),
    row("failed", "", |b| b.refund(OWNER, &["approve", "start", "fail"])),
    row("cleared", "", |b| b.refund(OWNER, &["approve", "start", "clear"])),
    row("cleared", "of a credit note", Bed::refunded_note),
    row("reversed", "", |b| b.refund(OWNER, &["approve", "start", "clear", "reverse"])),
    row("withdrawn", "", |b| b.refund(OWNER, &["withdraw"])),
];

static CREDIT_CHANGE: &[Row] = &[
    row("asked", "", |b| b.credit_change(OWNER, &[])),
    row("asked", "of one's own", |b| b.credit_change(DOER, &[])),
    row("asked", "since overtaken", Bed::overtaken_credit_change),
    row("approved", "", |b| b.credit_change(OWNER, &["approve"])),
    row("rejected", "", |b| b.credit_change(OWNER, &["reject"])),
    row("withdrawn", "", |b| b.credit_change(OWNER, &["withdraw"])),
];

static ALLOCATION: &[Row] = &[
    row("made", "", |b| b.allocation(false, false)),
    row("taken_back", "", |b| b.allocation(true, false)),
    row("counter_record", "", |b| b.allocation(true, true)),
];

static PERIOD: &[Row] = &[
    row("open", "the first open one", |b| b.open_period(0)),
    row("open", "an earlier one is open", |b| b.open_period(1)),
    row("closed", "the last closed one", |b| b.closed_period(0)),
    row("closed", "a later one is closed", |b| b.closed_period(1)),
];

static JOB: &[Row] = &[
    row("open", "", |b| b.job("close_day", 0, &[])),
    row("open", "documents wait for it", |b| b.job("advance", 0, &[])),
    row("dead", "", |b| b.job("close_day", 9, &[])),
    row("cancelled", "", |b| b.job("close_day", 0, &["cancel"])),
];

static WEBHOOK: &[Row] = &[
    row("off", "without a secret", |b| b.webhook(false, &[])),
    row("off", "", |b| b.webhook(true, &[])),
    row("on", "", |b| b.webhook(true, &["enable"])),
];

static VOUCHER: &[Row] = &[
    row("made", "", |b| b.voucher(OWNER, &[])),
    row("made", "by oneself", |b| b.voucher(DOER, &[])),
    row("reviewed", "", |b| b.voucher(OWNER, &["review"])),
];

static TASK: &[Row] = &[
    row("todo", "", |b| b.task(OWNER, DOER, &[])),
    row("todo", "for somebody else", |b| b.task(DOER, OWNER, &[])),
    row("todo", "of one's own", |b| b.task(DOER, DOER, &[])),
    row("doing", "", |b| b.task(OWNER, DOER, &["start"])),
    row("done", "", |b| b.task(OWNER, DOER, &["complete"])),
    row("dropped", "", |b| b.task(OWNER, DOER, &["drop"])),
];
