//! Load and save of terms, prices and credit accounts.
use crate::entities::{
    CREDIT_ACCOUNT, CREDIT_CHANGE, PAYMENT_TERMS, PRICE_AGREEMENT, PRICE_ITEM, PRICE_LIST,
};
use crate::{CreditAccount, CreditChange, PaymentTerms, PriceAgreement, PriceItem, PriceList};

store::record!(PaymentTerms => PAYMENT_TERMS {
    id, version, code, name, anchor, month_end, days, months, pay_day, deposit,
});
store::record!(PriceList => PRICE_LIST { id, version, code, name, currency, incl_tax, factor });
store::record!(PriceItem => PRICE_ITEM {
    id, price_list, product, min_qty, price, valid_from, valid_until,
});
store::record!(PriceAgreement => PRICE_AGREEMENT {
    id, version, party, product, min_qty, price, valid_from, valid_until,
});
store::record!(CreditAccount => CREDIT_ACCOUNT {
    id, company, party, currency, controlled, credit_limit, used, order_part, unbilled_part,
    receivable_part, free_part, overdue_max_days, review_due, state, state_reason, state_by,
    state_since,
});
store::record!(CreditChange => CREDIT_CHANGE {
    id, version, scope_id, number, company, party, kind, state, currency, was_limited, limited,
    limit_before, limit_after, trust_before, trust_after, reason, asked_by, asked_at, decided_by,
    decided_at, comment,
});
