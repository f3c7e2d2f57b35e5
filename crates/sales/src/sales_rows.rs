//! Load and save of quotations, orders and change orders.
use crate::entities::{CHANGE_LINE, CHANGE_ORDER, ORDER, ORDER_LINE, QUOTE, QUOTE_LINE};
use crate::{ChangeLine, ChangeOrder, Order, OrderLine, Quote, QuoteLine};

store::record!(Quote => QUOTE {
    id, version, scope_id, number, revision, company, party, opportunity, previous, state,
    currency, rate, incl_tax, terms_code, valid_until, owner, gross, net, tax, sent_at, decided_at,
    reject_reason, accepted_order,
} + { lines });
store::record!(QuoteLine => QUOTE_LINE {
    id, quote, line_no, product, text, qty, list_price, price_entered, discount, tax_code,
    tax_rate, gross, net, tax,
});
store::record!(Order => ORDER {
    id, version, scope_id, number, company, party, ship_to, contact, quote, opportunity, owner,
    channel, order_type, customer_po_no, currency, rate, incl_tax, terms_code, written_credit,
    recognition, state, fulfilment, billing, payment, holds, ordered_on, requested_on,
    promised_first, promised_now, gross, net, tax, deposit, deposit_base, deposit_tax,
    deposit_tax_base, covered, covered_base, revenue_base, output_vat_base, deferred_base,
    billed_base, paid, credit_taken, freight, stated_total, submitted_at, confirmed_at, closed_at,
    cancel_reason, history, exact, batch_id,
} + { lines });
store::record!(OrderLine => ORDER_LINE {
    id, order_id, line_no, kind, product, text, warehouse, ordered, cancelled, reserved, shipped,
    delivered, recognised, returned, invoiced, list_price, price_entered, discount, tax_code,
    tax_rate, gross, net, tax, cost_shipped, cost_recognised, net_recognised, tax_recognised,
    tax_dispatched, tax_agreed, gross_invoiced, tax_invoiced, steps,
});
store::record!(ChangeOrder => CHANGE_ORDER {
    id, version, scope_id, number, company, order_id, party, state, base_version, asked_by, reason,
    evidence, requested_was, requested_on, ship_to_was, ship_to, currency, gross_before,
    gross_after, needs_approval, made_by, submitted_at, approved_by, approved_at, applied_at,
    end_reason,
} + { lines });
store::record!(ChangeLine => CHANGE_LINE {
    id, change_order, line_no, action, order_line_no, product, qty_before, qty_after, price_before,
    price_after, discount_before, discount_after, gross_before, gross_after,
});
