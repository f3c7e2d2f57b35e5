//! Leads as another system knew them: how far each came.
use super::door::Door;
use super::{GivenLead, LeadEnd, Row};
use crm::{Lead, LeadState, facts};
use kernel::{Fact, Id, Result};
use store::Tx;

pub(super) fn add_leads(door: &mut Door<'_>, tx: &mut Tx, rows: &[Row]) -> Result<()> {
    let mut all = Vec::new();
    for row in rows {
        let Row::Lead(row) = row else { continue };
        let owner = row.agent.as_ref().map(|link| door.id(link)).transpose()?.unwrap_or(0);
        let scope = door.scope(tx, owner, 0)?;
        let party = row.party.as_ref().map(|link| door.id(link)).transpose()?;
        let lead = lead_of(door, row, scope, owner, party);
        door.became(&row.origin, "lead", lead.id.raw());
        tell(door, tx, row, &lead);
        all.push(lead);
    }
    tx.insert(&all);
    Ok(())
}

fn lead_of(
    door: &Door<'_>,
    row: &GivenLead,
    scope_id: i64,
    owner: i64,
    party: Option<i64>,
) -> Lead {
    let state = match row.end {
        LeadEnd::Open if owner == 0 => LeadState::InPool,
        LeadEnd::Open => LeadState::Assigned,
        LeadEnd::Working => LeadState::Working,
        LeadEnd::Qualified => LeadState::Qualified,
        LeadEnd::Converted => LeadState::Converted,
        LeadEnd::Disqualified => LeadState::Disqualified,
    };
    Lead {
        id: door.cx.id(),
        version: 1,
        scope_id,
        number: row.number.clone(),
        company: door.batch.company,
        name: row.name.clone(),
        company_name: row.company_name.clone(),
        phone: row.phone.clone(),
        mail: row.mail.clone(),
        wechat: String::new(),
        origin: row.channel.clone(),
        region: row.region.clone(),
        need: row.need.clone(),
        est_amount: row.est_amount,
        currency: door.batch.currency,
        state,
        came_on: row.created.map(|at| door.cx.zone.day(at.at(&door.cx.zone))),
        owner,
        given_back_by: 0,
        score: 0,
        assigned_at: None,
        first_response_at: None,
        pooled_at: (state == LeadState::InPool).then_some(door.cx.now),
        return_reason: String::new(),
        party: party.map(Id::from_raw),
        opportunity: 0,
        history: true,
        batch_id: door.batch.id.raw(),
    }
}

fn tell(door: &Door<'_>, tx: &mut Tx, row: &GivenLead, lead: &Lead) {
    let about = |fact: Fact| fact.on("lead", lead.id.raw(), "lead");
    let first = if row.ended.is_some() { "new" } else { lead.state.name() };
    let created = about(door.fact(facts::LEAD_CREATED, row.created)).moved("", first);
    let created = created.on("user", lead.owner, "owner");
    tx.tell(created.change("lead", lead.id.raw(), "origin", &lead.origin));
    let ended = match row.end {
        LeadEnd::Converted => facts::LEAD_CONVERTED,
        LeadEnd::Disqualified => facts::LEAD_DISQUALIFIED,
        LeadEnd::Open | LeadEnd::Working | LeadEnd::Qualified => return,
    };
    if row.ended.is_none() {
        return;
    }
    let ended = about(door.fact(ended, row.ended)).moved("new", lead.state.name());
    tx.tell(ended.on("party", lead.party.map_or(0, Id::raw), "customer"));
}
