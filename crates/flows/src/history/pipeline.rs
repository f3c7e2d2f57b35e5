//! Opportunities as another system knew them: won, lost, or still open.
use super::door::Door;
use super::{GivenOpportunity, Outcome, Row};
use access::user::User;
use crm::{Opportunity, OpportunityState, STAGES};
use kernel::{Fact, Id, Money, Result};
use std::collections::BTreeMap;
use store::{Tx, find_in};

pub(super) fn add_opportunities(door: &mut Door<'_>, tx: &mut Tx, rows: &[Row]) -> Result<()> {
    let rows: Vec<&GivenOpportunity> = rows
        .iter()
        .filter_map(|row| if let Row::Opportunity(row) = row { Some(&**row) } else { None })
        .collect();
    let departments = departments(door, tx, &rows)?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows.iter().copied() {
        let owner = row.agent.as_ref().map(|link| door.id(link)).transpose()?.unwrap_or(0);
        let department = departments.get(&owner).copied().unwrap_or(0);
        let scope = door.scope(tx, owner, department)?;
        let opportunity = opportunity_of(door, row, scope, owner)?;
        door.became(&row.origin, "opportunity", opportunity.id.raw());
        tell(door, tx, row, &opportunity);
        all.push(opportunity);
    }
    tx.insert(&all);
    Ok(())
}

/// The department of each owner.
fn departments(
    door: &Door<'_>,
    tx: &mut Tx,
    rows: &[&GivenOpportunity],
) -> Result<BTreeMap<i64, i64>> {
    let links = rows.iter().filter_map(|row| row.agent.as_ref());
    let ids: Vec<i64> = links.map(|link| door.id(link)).collect::<Result<_>>()?;
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let users: Vec<User> = tx.list_in(find_in!(User, "id IN (#)", 0), &[], &ids)?;
    Ok(users.into_iter().map(|u| (u.id.raw(), u.department.map_or(0, Id::raw))).collect())
}

fn opportunity_of(
    door: &Door<'_>,
    row: &GivenOpportunity,
    scope_id: i64,
    owner: i64,
) -> Result<Opportunity> {
    let state = match row.outcome {
        Outcome::Open => OpportunityState::Open,
        Outcome::Won => OpportunityState::Won,
        Outcome::Lost => OpportunityState::Lost,
    };
    let probability = match row.outcome {
        Outcome::Open => STAGES.iter().find(|s| s.name == row.stage).map_or(0, |s| s.probability),
        Outcome::Won => 100,
        Outcome::Lost => 0,
    };
    let party = row.party.as_ref().map(|link| door.id(link)).transpose()?;
    let product = row.product.as_ref().map(|link| door.id(link)).transpose()?;
    let lead = row.lead.as_ref().map(|link| door.id(link)).transpose()?;
    Ok(Opportunity {
        id: door.cx.id(),
        version: 1,
        scope_id,
        number: row.number.clone(),
        company: door.batch.company,
        name: row.name.clone(),
        party: party.map(Id::from_raw),
        lead: lead.map(Id::from_raw),
        product: product.map(Id::from_raw),
        stage: row.stage.to_owned(),
        state,
        amount: row.amount,
        currency: door.batch.currency,
        probability,
        owner,
        team: row.team.clone(),
        opened_on: row.opened.map(|at| at.day),
        close_expected: None,
        closed_on: row.closed.map(|at| at.day),
        lost_reason: String::new(),
        history: true,
        // No source tells the next step and the expected close that an open one must have.
        open_fields_waived: row.outcome == Outcome::Open || row.opened.is_none(),
        batch_id: door.batch.id.raw(),
    })
}

fn tell(door: &Door<'_>, tx: &mut Tx, row: &GivenOpportunity, opportunity: &Opportunity) {
    let id = opportunity.id.raw();
    let about = |fact: Fact| {
        let fact = fact.on("opportunity", id, "opportunity");
        let fact = fact.on("party", opportunity.party.map_or(0, Id::raw), "customer");
        fact.on("product", opportunity.product.map_or(0, Id::raw), "product")
    };
    let opened = about(door.fact(crm::facts::OPP_CREATED, row.opened)).moved("", "open");
    let opened = opened.on("user", opportunity.owner, "owner");
    let opened = opened.change("opportunity", id, "team", &opportunity.team);
    tx.tell(opened.change("opportunity", id, "stage", &opportunity.stage));
    let activity = match opportunity.state {
        OpportunityState::Won => crm::facts::OPP_WON,
        OpportunityState::Lost => crm::facts::OPP_LOST,
        OpportunityState::Open | OpportunityState::OnHold | OpportunityState::Cancelled => return,
    };
    let worth = Money::new(opportunity.amount, opportunity.currency);
    let closed = about(door.fact(activity, row.closed));
    let closed = closed.moved("open", opportunity.state.name());
    tx.tell(closed.worth(worth, door.batch.base(opportunity.amount)));
}
