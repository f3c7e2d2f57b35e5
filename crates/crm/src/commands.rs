//! Verbs of leads and opportunities that touch no other room.
use crate::{Lead, LeadState, Opportunity, OpportunityState, STAGES, facts};
use kernel::{Ctx, Day, Done, Fact, Id, Result};
use party::Party;
use store::scope::{Belongs, intern};
use store::{Tx, numbers};

/// What a new lead says.
#[derive(Clone, Debug, Default)]
pub struct NewLead {
    pub name: String,
    pub company_name: String,
    pub phone: String,
    pub mail: String,
    pub wechat: String,
    pub origin: String,
    pub region: String,
    pub need: String,
    /// Minor units of the company's currency.
    pub est_amount: i64,
}

/// A lead comes in. Error: `lead.no_contact`.
pub fn create_lead(cx: &Ctx, tx: &mut Tx, new: &NewLead) -> Result<Lead> {
    cx.allow("crm.lead.create")?;
    let belongs = Belongs { company: cx.company, department: cx.department, ..Belongs::default() };
    let mut lead = Lead {
        id: cx.id(),
        version: 1,
        scope_id: intern(cx, tx, belongs)?,
        number: String::new(),
        company: cx.company,
        name: new.name.clone(),
        company_name: new.company_name.clone(),
        phone: new.phone.clone(),
        mail: new.mail.clone(),
        wechat: new.wechat.clone(),
        origin: new.origin.clone(),
        region: new.region.clone(),
        need: new.need.clone(),
        est_amount: new.est_amount,
        currency: cx.base,
        state: LeadState::New,
        came_on: Some(cx.today()),
        owner: 0,
        given_back_by: 0,
        score: 0,
        assigned_at: None,
        first_response_at: None,
        pooled_at: None,
        return_reason: String::new(),
        party: None,
        opportunity: 0,
        history: false,
        batch_id: 0,
    };
    lead.check()?;
    lead.number = numbers::yearly(tx, "LD", cx.company, cx.today().year())?;
    tx.insert(std::slice::from_ref(&lead));
    let fact = cx.fact(facts::LEAD_CREATED).on("lead", lead.id.raw(), "lead");
    tx.tell(fact.moved("", lead.state.name()).attr("origin", &lead.origin));
    Ok(lead)
}

type LeadRule<'a> = &'a dyn Fn(&mut Lead) -> Result<Done<Fact>>;

fn change_lead(
    cx: &Ctx,
    tx: &mut Tx,
    id: Id<Lead>,
    permission: &'static str,
    rule: LeadRule<'_>,
) -> Result<Lead> {
    cx.allow(permission)?;
    let mut lead = tx.lock(id)?;
    let owner = lead.owner;
    if let Done::Now(fact) = rule(&mut lead)? {
        if lead.owner != owner {
            let (company, department) = (lead.company, department_of(cx, tx, lead.owner)?);
            let belongs = Belongs { company, department, owner: lead.owner, ..Belongs::default() };
            lead.scope_id = intern(cx, tx, belongs)?;
        }
        tx.update(std::slice::from_ref(&lead));
        tx.tell(fact);
        lead.version += 1;
    }
    Ok(lead)
}

/// Where somebody's rows belong: a lead that the desk gives out belongs to the owner's department.
fn department_of(cx: &Ctx, tx: &mut Tx, owner: i64) -> Result<i64> {
    if owner == 0 || owner == cx.user {
        return Ok(cx.department);
    }
    let user = tx.find::<access::user::User>(Id::from_raw(owner))?;
    Ok(user.and_then(|user| user.department).map_or(0, Id::raw))
}

/// Gives a lead to a user.
pub fn assign(cx: &Ctx, tx: &mut Tx, id: Id<Lead>, owner: i64) -> Result<Lead> {
    change_lead(cx, tx, id, "crm.lead.assign", &|lead| lead.assign(cx, owner))
}
/// Puts a lead into the pool.
pub fn pool(cx: &Ctx, tx: &mut Tx, id: Id<Lead>, reason: &str) -> Result<Lead> {
    change_lead(cx, tx, id, "crm.lead.assign", &|lead| lead.pool(cx, reason))
}
/// Its owner puts a lead back into the pool, with a reason.
pub fn give_back(cx: &Ctx, tx: &mut Tx, id: Id<Lead>, reason: &str) -> Result<Lead> {
    change_lead(cx, tx, id, "crm.lead.return", &|lead| lead.give_back(cx, reason))
}
/// Takes a lead out of the pool.
///
/// Errors: `lead.taken`, and those of [`crate::pool::Holding::check`].
pub fn pick(cx: &Ctx, tx: &mut Tx, id: Id<Lead>) -> Result<Lead> {
    cx.allow("crm.lead.pick")?;
    let holding = crate::pool::holding_alone(cx, tx)?;
    change_lead(cx, tx, id, "crm.lead.pick", &|lead| {
        if lead.state == LeadState::InPool {
            holding.check(cx, lead)?;
        }
        lead.pick(cx)
    })
}
/// Takes an assigned lead on.
pub fn accept(cx: &Ctx, tx: &mut Tx, id: Id<Lead>) -> Result<Lead> {
    change_lead(cx, tx, id, "crm.lead.accept", &|lead| lead.accept(cx))
}
/// Passes the checklist with a score (0–100).
pub fn qualify(cx: &Ctx, tx: &mut Tx, id: Id<Lead>, score: i64) -> Result<Lead> {
    change_lead(cx, tx, id, "crm.lead.qualify", &|lead| lead.qualify(cx, score))
}
/// Hands a lead back, with a reason.
pub fn hand_back(cx: &Ctx, tx: &mut Tx, id: Id<Lead>, reason: &str) -> Result<Lead> {
    change_lead(cx, tx, id, "crm.lead.return", &|lead| lead.hand_back(cx, reason))
}
/// Gives a lead up, with a reason.
pub fn disqualify(cx: &Ctx, tx: &mut Tx, id: Id<Lead>, reason: &str) -> Result<Lead> {
    change_lead(cx, tx, id, "crm.lead.disqualify", &|lead| lead.disqualify(cx, reason))
}

/// What a new opportunity says.
#[derive(Clone, Debug)]
pub struct NewOpportunity {
    pub name: String,
    pub party: Option<Id<Party>>,
    pub lead: Option<Id<Lead>>,
    pub amount: i64,
    pub close_expected: Option<Day>,
}

/// Opens an opportunity for the acting user.
pub fn create_opportunity(cx: &Ctx, tx: &mut Tx, new: &NewOpportunity) -> Result<Opportunity> {
    cx.allow("crm.opportunity.create")?;
    let (company, owner, department) = (cx.company, cx.user, cx.department);
    let opportunity = Opportunity {
        id: cx.id(),
        version: 1,
        scope_id: intern(cx, tx, Belongs { company, owner, department, ..Belongs::default() })?,
        number: numbers::yearly(tx, "OP", cx.company, cx.today().year())?,
        company,
        name: new.name.clone(),
        party: new.party,
        lead: new.lead,
        product: None,
        stage: STAGES[0].name.to_owned(),
        state: OpportunityState::Open,
        amount: new.amount,
        currency: cx.base,
        probability: STAGES[0].probability,
        owner,
        team: String::new(),
        opened_on: Some(cx.today()),
        close_expected: new.close_expected,
        closed_on: None,
        lost_reason: String::new(),
        history: false,
        open_fields_waived: false,
        batch_id: 0,
    };
    tx.insert(std::slice::from_ref(&opportunity));
    let fact = cx.fact(facts::OPP_CREATED).on("opportunity", opportunity.id.raw(), "opportunity");
    let fact = fact.on("party", new.party.map_or(0, Id::raw), "customer");
    tx.tell(fact.on("lead", new.lead.map_or(0, Id::raw), "lead").moved("", "open"));
    Ok(opportunity)
}

type OppRule<'a> = &'a dyn Fn(&mut Opportunity) -> Result<Done<Fact>>;

fn change_opportunity(
    cx: &Ctx,
    tx: &mut Tx,
    id: Id<Opportunity>,
    rule: OppRule<'_>,
) -> Result<Opportunity> {
    cx.allow("crm.opportunity.move")?;
    let mut opportunity = tx.lock(id)?;
    if let Done::Now(fact) = rule(&mut opportunity)? {
        tx.update(std::slice::from_ref(&opportunity));
        tx.tell(fact);
        opportunity.version += 1;
    }
    Ok(opportunity)
}

/// Moves an opportunity to another stage.
pub fn advance(
    cx: &Ctx,
    tx: &mut Tx,
    id: Id<Opportunity>,
    stage: &str,
    reason: &str,
) -> Result<Opportunity> {
    change_opportunity(cx, tx, id, &|o| o.advance(cx, stage, reason))
}
/// Wins it.
pub fn win(cx: &Ctx, tx: &mut Tx, id: Id<Opportunity>) -> Result<Opportunity> {
    change_opportunity(cx, tx, id, &|o| o.win(cx))
}
/// Loses it, with a reason.
pub fn lose(cx: &Ctx, tx: &mut Tx, id: Id<Opportunity>, reason: &str) -> Result<Opportunity> {
    change_opportunity(cx, tx, id, &|o| o.lose(cx, reason))
}
/// Lets it rest, with a reason.
pub fn pause(cx: &Ctx, tx: &mut Tx, id: Id<Opportunity>, reason: &str) -> Result<Opportunity> {
    change_opportunity(cx, tx, id, &|o| o.pause(cx, reason))
}
/// Takes a resting one up again.
pub fn resume(cx: &Ctx, tx: &mut Tx, id: Id<Opportunity>) -> Result<Opportunity> {
    change_opportunity(cx, tx, id, &|o| o.resume(cx))
}
/// Takes out what was none, with a reason.
pub fn cancel(cx: &Ctx, tx: &mut Tx, id: Id<Opportunity>, reason: &str) -> Result<Opportunity> {
    change_opportunity(cx, tx, id, &|o| o.cancel(cx, reason))
}
/// Opens a decided one again, with a reason.
pub fn reopen(cx: &Ctx, tx: &mut Tx, id: Id<Opportunity>, reason: &str) -> Result<Opportunity> {
    change_opportunity(cx, tx, id, &|o| o.reopen(cx, reason))
}
