//! Load and save of receivables.
use crate::entities::{
    ALLOCATION, BILLABLE_ITEM, EXCHANGE_RATE, INVOICE, INVOICE_LINE, OPEN_ITEM, PAYMENT, REFUND,
    STATEMENT, STATEMENT_LINE,
};
use crate::{
    Allocation, BillableItem, ExchangeRate, Invoice, InvoiceLine, OpenItem, Payment, Refund,
    Statement, StatementLine,
};

store::record!(ExchangeRate => EXCHANGE_RATE { id, version, currency, base, day, rate, source });
store::record!(BillableItem => BILLABLE_ITEM {
    id, company, party, order_id, order_line, shipment, state, qty, from_qty, invoice, ready_at,
});
store::record!(Invoice => INVOICE {
    id, version, scope_id, number, company, party, heading, tax_id, kind, state, order_id,
    currency, rate, day, due, gross, net, tax, open, gross_base, open_base, held, held_base,
    disputed, posted_at, settled_on, history, batch_id,
} + { lines });
store::record!(InvoiceLine => INVOICE_LINE {
    id, invoice, line_no, item, order_line, product, text, qty, price, tax_code, tax_rate, gross,
    net, tax,
});
store::record!(OpenItem => OPEN_ITEM {
    id, company, party, invoice, order_id, currency, due, amount, open, amount_base, open_base,
    revalued_base,
});
store::record!(Payment => PAYMENT {
    id, version, scope_id, number, company, party, direction, method, state, currency, rate,
    amount, unapplied, amount_base, unapplied_base, held, held_base, value_day, reference,
    received_at, history, batch_id,
});
store::record!(Allocation => ALLOCATION {
    id, company, payment, open_item, order_id, refund, netted_with, amount, amount_base,
    difference_base, day, made_by, reverses, reversed_by, recorded_at,
});
store::record!(Refund => REFUND {
    id, version, scope_id, number, company, party, payment, credit_note, state, method, currency,
    rate, amount, amount_base, paid_base, reason, reference, made_by, approved_by, approved_at,
    by_rule, rule_amount_base, rule_sum_base, value_day, cleared_at, trouble,
});
store::record!(Statement => STATEMENT {
    id, version, scope_id, number, company, party, state, currency, period_from, period_until,
    from_at, until_at, opening, delivered, returned, paid, closing, difference, reason, sent_at,
    confirmed_at, signed_by, settled_at,
} + { lines });
store::record!(StatementLine => STATEMENT_LINE {
    id, statement, line_no, kind, day, number, order_id, item, payment, refund, product, text, qty,
    price, amount, difference, note, dealt,
});
