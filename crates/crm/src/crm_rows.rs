//! Load and save of leads and opportunities.
use crate::entities::{LEAD, OPPORTUNITY};
use crate::{Lead, Opportunity};

store::record!(Lead => LEAD {
    id, version, scope_id, number, company, name, company_name, phone, mail, wechat, origin,
    region, need, est_amount, currency, state, came_on, owner, given_back_by, score, assigned_at,
    first_response_at, pooled_at, return_reason, party, opportunity, history, batch_id,
});
store::record!(Opportunity => OPPORTUNITY {
    id, version, scope_id, number, company, name, party, lead, product, stage, state, amount,
    currency, probability, owner, team, opened_on, close_expected, closed_on, lost_reason,
    history, open_fields_waived, batch_id,
});
