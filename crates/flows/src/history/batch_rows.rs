//! Load and save of imports.
use super::entities::{
    EXTERNAL_REF, IMPORT_BATCH, IMPORT_PROGRESS, LEARNT_MAPPING, OPENING_PAYABLE, ORDER_REVIEW,
};
use super::{ExternalRef, ImportBatch, ImportProgress, LearntMapping, OpeningPayable, OrderReview};

store::record!(ImportBatch => IMPORT_BATCH {
    id, version, company, source, state, currency, rate, files, digest, rows, earliest, cut_over,
    started_by, validated_at, applied_at, undone_at, report,
});
store::record!(ImportProgress => IMPORT_PROGRESS { id, rows_total, rows_done, chunks, updated_at });
store::record!(ExternalRef => EXTERNAL_REF {
    id, source, key, kind, company, row_hash, object_type, object_id, batch_id,
});
store::record!(OpeningPayable => OPENING_PAYABLE {
    id, company, party, number, currency, day, due, amount, open, batch_id,
});
store::record!(OrderReview => ORDER_REVIEW {
    id, company, order_id, score, title, text, made_at, answered_at, batch_id,
});
store::record!(LearntMapping => LEARNT_MAPPING {
    id, name, target, columns, style, made_by, used_at,
});
