//! Load and save of the ledger's rows.
use crate::entities::{ACCOUNT, ACCOUNT_ROLE, ENTRY, ENTRY_LINE, PERIOD, VOUCHER};
use crate::{Account, AccountRole, Entry, EntryLine, Period, Voucher};

store::record!(Account => ACCOUNT {
    id, version, company, code, name, name_en, side, class, leaf, dims, active,
});
store::record!(AccountRole => ACCOUNT_ROLE { id, company, role, account });
store::record!(Period => PERIOD {
    id, version, company, period, state, closed_by, closed_at, reason,
});
store::record!(Voucher => VOUCHER {
    id, version, company, period, word, number, day, text, entries, total, made_by, reviewed_by,
    made_at,
});
store::record!(Entry => ENTRY {
    id, company, period, day, kind, origin_kind, origin, text, currency, rate, reverses, voucher,
    posted_at,
});
store::record!(EntryLine => ENTRY_LINE {
    id, entry, line_no, company, day, account, debit, credit, txn_amount, party, product,
    department, employee, project, qty, text,
});
