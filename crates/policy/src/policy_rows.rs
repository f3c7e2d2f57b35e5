//! Load and save of policies, decisions, holds and approvals.
use crate::entities::{APPROVAL, DECISION, HOLD, POLICY_VERSION};
use crate::{Approval, Decision, Hold, PolicyVersion};

store::record!(PolicyVersion => POLICY_VERSION {
    id, company, name, number, effective_from, condition, params, recorded_at,
});
store::record!(Decision => DECISION {
    id, company, policy, policy_version, build, subject_kind, subject, inputs, outcome,
    recorded_at,
});
store::record!(Hold => HOLD {
    id, version, company, party, kind, subject_kind, subject, line, currency, amount, found,
    bound, days, discount, about, decision, placed_by, placed_at, released_by, released_at,
    release_kind, release_reason, approval, open,
});
store::record!(Approval => APPROVAL {
    id, version, scope_id, company, subject_kind, subject, party, kind, currency, amount,
    state, role, requested_by, requested_at, decided_by, decided_at, comment,
});
