//! Load and save of imports.
use super::entities::{EXTERNAL_REF, IMPORT_BATCH, IMPORT_PROGRESS};
use super::{ExternalRef, ImportBatch, ImportProgress};

store::record!(ImportBatch => IMPORT_BATCH {
    id, version, company, source, state, currency, rate, files, digest, rows, earliest, cut_over,
    started_by, validated_at, applied_at, undone_at, report,
});
store::record!(ImportProgress => IMPORT_PROGRESS { id, rows_total, rows_done, chunks, updated_at });
store::record!(ExternalRef => EXTERNAL_REF {
    id, source, key, kind, company, row_hash, object_type, object_id, batch_id,
});
