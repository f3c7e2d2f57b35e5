//! What this room reports (names of `kpi.yaml`'s vocabulary; ours beside it where it has none).
use kernel::Activity;

pub const QUOTE_CREATED: Activity = Activity::new("quote.created", "a quotation was drawn up");
pub const QUOTE_SUBMITTED: Activity =
    Activity::new("quote.submitted", "a quotation outside the limits went into review");
pub const QUOTE_APPROVED: Activity = Activity::new("quote.approved", "a quotation was approved");
pub const QUOTE_SENT: Activity = Activity::new("quote.sent", "a quotation was sent");
pub const QUOTE_REVISED: Activity =
    Activity::new("quote.revised", "a new revision of a quotation was drawn up");
pub const QUOTE_SUPERSEDED: Activity =
    Activity::new("quote.superseded", "a newer revision of a quotation was sent");
pub const QUOTE_ACCEPTED: Activity =
    Activity::new("quote.accepted", "the customer accepted a quotation");
pub const QUOTE_REJECTED: Activity =
    Activity::new("quote.rejected", "the customer refused a quotation");
pub const QUOTE_EXPIRED: Activity = Activity::new("quote.expired", "a quotation ran out");
pub const QUOTE_WITHDRAWN: Activity = Activity::new("quote.withdrawn", "a quotation was withdrawn");

pub const ORDER_RECEIVED: Activity =
    Activity::new("order.received", "the customer's wish reached us");
pub const ORDER_ENTERED: Activity = Activity::new("order.entered", "an order was entered");
pub const ORDER_SUBMITTED: Activity =
    Activity::new("order.submitted", "an order was submitted to the checks");
pub const ORDER_CREDIT_CHECKED: Activity =
    Activity::new("order.credit_checked", "an order's credit was checked and fits");
pub const ORDER_CREDIT_BLOCKED: Activity =
    Activity::new("order.credit_blocked", "a credit hold was placed on an order");
pub const ORDER_CREDIT_RELEASED: Activity =
    Activity::new("order.credit_released", "a credit hold on an order was released");
pub const ORDER_HELD: Activity =
    Activity::new("order.held", "a hold other than credit was placed on an order");
pub const ORDER_RELEASED: Activity =
    Activity::new("order.released", "a hold other than credit on an order was released");
pub const ORDER_CONFIRMED: Activity =
    Activity::new("order.confirmed", "an order was confirmed: prices and promise are fixed");
pub const ORDER_PROMISED: Activity =
    Activity::new("order.promised", "an order's promised date was set or moved");
pub const ORDER_QTY_CHANGED: Activity =
    Activity::new("order.qty_changed", "quantities of an order were changed");
pub const ORDER_PRICE_CHANGED: Activity =
    Activity::new("order.price_changed", "prices or discounts of an order's lines were changed");
pub const ORDER_DATE_CHANGED: Activity =
    Activity::new("order.date_changed", "the customer's wished date was changed");
pub const ORDER_CHANGED: Activity = Activity::new("order.changed", "an order was changed");
pub const ORDER_CANCELLED: Activity = Activity::new("order.cancelled", "an order was cancelled");
pub const ORDER_CLOSED: Activity =
    Activity::new("order.closed", "everything of an order is delivered, billed and paid");
pub const ORDER_REOPENED: Activity =
    Activity::new("order.reopened", "a closed order was opened again");

pub const CHANGE_DRAFTED: Activity =
    Activity::new("change_order.drafted", "a change of a confirmed order was drawn up");
pub const CHANGE_SUBMITTED: Activity =
    Activity::new("change_order.submitted", "a change order was submitted to the checks");
pub const CHANGE_APPROVED: Activity =
    Activity::new("change_order.approved", "the price of a change order was approved");
pub const CHANGE_APPLIED: Activity =
    Activity::new("change_order.applied", "a change order became what the order says");
pub const CHANGE_DECLINED: Activity =
    Activity::new("change_order.declined", "a change order was refused, by us or by the customer");
pub const CHANGE_WITHDRAWN: Activity =
    Activity::new("change_order.withdrawn", "a change order was withdrawn");

pub static FACTS: &[Activity] = &[
    QUOTE_CREATED,
    QUOTE_SUBMITTED,
    QUOTE_APPROVED,
    QUOTE_SENT,
    QUOTE_REVISED,
    QUOTE_SUPERSEDED,
    QUOTE_ACCEPTED,
    QUOTE_REJECTED,
    QUOTE_EXPIRED,
    QUOTE_WITHDRAWN,
    ORDER_RECEIVED,
    ORDER_ENTERED,
    ORDER_SUBMITTED,
    ORDER_CREDIT_CHECKED,
    ORDER_CREDIT_BLOCKED,
    ORDER_CREDIT_RELEASED,
    ORDER_HELD,
    ORDER_RELEASED,
    ORDER_CONFIRMED,
    ORDER_PROMISED,
    ORDER_QTY_CHANGED,
    ORDER_PRICE_CHANGED,
    ORDER_DATE_CHANGED,
    ORDER_CHANGED,
    ORDER_CANCELLED,
    ORDER_CLOSED,
    ORDER_REOPENED,
    CHANGE_DRAFTED,
    CHANGE_SUBMITTED,
    CHANGE_APPROVED,
    CHANGE_APPLIED,
    CHANGE_DECLINED,
    CHANGE_WITHDRAWN,
];
