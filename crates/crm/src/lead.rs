//! A lead: its states and rules. Exactly one of owner and pool while it is open. Pure.
use crate::facts;
use kernel::{
    Class, Ctx, Currency, Day, DocRef, Done, Error, Fact, Id, Instant, Lifecycle, Move, Result,
    names,
};
use party::Party;

names! {
    pub enum LeadState {
        New = "new",
        InPool = "in_pool",
        Assigned = "assigned",
        Working = "working",
        Nurturing = "nurturing",
        Qualified = "qualified",
        Converted = "converted",
        Disqualified = "disqualified",
    }
}

const fn mv(
    from: &'static str,
    verb: &'static str,
    to: &'static str,
    permission: &'static str,
    class: Class,
) -> Move {
    Move { from, verb, to, permission, class, role: "sales", sla_minutes: 240 }
}

pub static LEAD_LIFECYCLE: Lifecycle = Lifecycle {
    entity: "lead",
    states: LeadState::NAMES,
    moves: &[
        mv("new", "assign", "assigned", "crm.lead.assign", Class::Business),
        mv("in_pool", "assign", "assigned", "crm.lead.assign", Class::Business),
        mv("nurturing", "assign", "assigned", "crm.lead.assign", Class::Business),
        mv("assigned", "assign", "assigned", "crm.lead.assign", Class::Waste),
        mv("new", "pool", "in_pool", "crm.lead.assign", Class::Business),
        mv("nurturing", "pool", "in_pool", "crm.lead.assign", Class::Business),
        mv("in_pool", "pick", "assigned", "crm.lead.pick", Class::Business),
        mv("assigned", "accept", "working", "crm.lead.accept", Class::Value),
        mv("assigned", "return", "nurturing", "crm.lead.return", Class::Waste),
        mv("working", "return", "nurturing", "crm.lead.return", Class::Waste),
        mv("qualified", "return", "nurturing", "crm.lead.return", Class::Waste),
        mv("assigned", "give_back", "in_pool", "crm.lead.return", Class::Waste),
        mv("working", "give_back", "in_pool", "crm.lead.return", Class::Waste),
        mv("working", "qualify", "qualified", "crm.lead.qualify", Class::Value),
        mv("qualified", "convert", "converted", "crm.lead.convert", Class::Value),
        mv("new", "disqualify", "disqualified", "crm.lead.disqualify", Class::Waste),
        mv("in_pool", "disqualify", "disqualified", "crm.lead.disqualify", Class::Waste),
        mv("assigned", "disqualify", "disqualified", "crm.lead.disqualify", Class::Waste),
        mv("working", "disqualify", "disqualified", "crm.lead.disqualify", Class::Waste),
        mv("nurturing", "disqualify", "disqualified", "crm.lead.disqualify", Class::Waste),
        mv("qualified", "disqualify", "disqualified", "crm.lead.disqualify", Class::Waste),
    ],
};

#[derive(Clone, Debug)]
pub struct Lead {
    pub id: Id<Lead>,
    pub version: i64,
    pub scope_id: i64,
    pub number: String,
    pub company: i64,
    pub name: String,
    pub company_name: String,
    pub phone: String,
    pub mail: String,
    pub wechat: String,
    /// Where it came from (展会, 官网, 转介绍 …).
    pub origin: String,
    pub region: String,
    pub need: String,
    pub est_amount: i64,
    pub currency: Currency,
    pub state: LeadState,
    /// The day it came in; unknown of what another system knew.
    pub came_on: Option<Day>,
    /// The user who has it; 0 while it is in the pool.
    pub owner: i64,
    /// Who gave it back last; 0 where nobody did.
    pub given_back_by: i64,
    /// Since when it is in the pool, while it is there.
    pub pooled_at: Option<Instant>,
    pub score: i64,
    pub assigned_at: Option<Instant>,
    pub first_response_at: Option<Instant>,
    pub return_reason: String,
    pub party: Option<Id<Party>>,
    pub opportunity: i64,
    pub history: bool,
    pub batch_id: i64,
}

impl Lead {
    #[must_use]
    pub const fn doc(&self) -> DocRef {
        DocRef { kind: "lead", id: self.id.raw() }
    }

    /// Error: `lead.no_contact` without any way to reach them.
    pub fn check(&self) -> Result<()> {
        let reachable =
            [&self.phone, &self.mail, &self.wechat].iter().any(|s| !s.trim().is_empty());
        if self.name.trim().is_empty() || !(reachable || self.history) {
            return Err(Error::invalid("lead.no_contact", &self.name));
        }
        Ok(())
    }

    fn go(
        &mut self,
        cx: &Ctx,
        verb: &'static str,
        to: LeadState,
        activity: kernel::Activity,
    ) -> Result<Done<Fact>> {
        let from = self.state;
        let Done::Now(next) = LEAD_LIFECYCLE.step(from, verb, to)? else {
            return Ok(Done::Already);
        };
        self.state = next;
        let fact = cx.fact(activity).moved(from.name(), next.name());
        Ok(Done::Now(fact.on("lead", self.id.raw(), "lead")))
    }

    /// Gives it to a user. Assigning it again to the same user changes nothing.
    pub fn assign(&mut self, cx: &Ctx, owner: i64) -> Result<Done<Fact>> {
        if owner == 0 {
            return Err(Error::invalid("lead.no_owner", &self.number));
        }
        if self.state == LeadState::Assigned && self.owner == owner {
            return Ok(Done::Already);
        }
        let done = self.go(cx, "assign", LeadState::Assigned, facts::LEAD_ASSIGNED)?;
        Ok(self.owned(cx, owner, done))
    }
    /// Puts it into the pool, for anyone to pick; the reason may be left out.
    pub fn pool(&mut self, cx: &Ctx, reason: &str) -> Result<Done<Fact>> {
        let done = self.go(cx, "pool", LeadState::InPool, facts::LEAD_POOLED)?;
        Ok(self.pooled(cx, reason, done))
    }
    /// Its owner puts it back into the pool. Error: `lead.reason_required`.
    pub fn give_back(&mut self, cx: &Ctx, reason: &str) -> Result<Done<Fact>> {
        self.reasoned(reason)?;
        let owner = self.owner;
        let done = self.go(cx, "give_back", LeadState::InPool, facts::LEAD_POOLED)?;
        if matches!(done, Done::Now(_)) {
            self.given_back_by = owner;
        }
        Ok(self.pooled(cx, reason, done))
    }
    fn pooled(&mut self, cx: &Ctx, reason: &str, done: Done<Fact>) -> Done<Fact> {
        let Done::Now(fact) = self.owned(cx, 0, done) else { return Done::Already };
        self.pooled_at = Some(cx.now);
        if reason.trim().is_empty() {
            return Done::Now(fact);
        }
        reason.clone_into(&mut self.return_reason);
        Done::Now(fact.because(reason))
    }
    /// Takes it out of the pool for oneself. Error: `lead.taken` once somebody has it.
    pub fn pick(&mut self, cx: &Ctx) -> Result<Done<Fact>> {
        // Whoever has it may have gone on with it since.
        if self.owner != 0 && self.owner != cx.user {
            return Err(Error::conflict("lead.taken", &self.number));
        }
        let done = self.go(cx, "pick", LeadState::Assigned, facts::LEAD_ASSIGNED)?;
        Ok(self.owned(cx, cx.user, done))
    }
    fn owned(&mut self, cx: &Ctx, owner: i64, done: Done<Fact>) -> Done<Fact> {
        let Done::Now(fact) = done else { return Done::Already };
        self.owner = owner;
        self.assigned_at = (owner != 0).then_some(cx.now);
        self.pooled_at = None;
        Done::Now(fact.attr("owner", owner))
    }
    /// The owner takes it on; the first response is now.
    pub fn accept(&mut self, cx: &Ctx) -> Result<Done<Fact>> {
        let done = self.go(cx, "accept", LeadState::Working, facts::LEAD_CONTACTED)?;
        if matches!(done, Done::Now(_)) {
            self.first_response_at = self.first_response_at.or(Some(cx.now));
        }
        Ok(done)
    }
    /// Error: `lead.score_too_low` below 60 (the checklist of the qualification).
    pub fn qualify(&mut self, cx: &Ctx, score: i64) -> Result<Done<Fact>> {
        if self.state == LeadState::Working && score < 60 {
            return Err(Error::invalid("lead.score_too_low", score).with("needed", 60));
        }
        let done = self.go(cx, "qualify", LeadState::Qualified, facts::LEAD_QUALIFIED)?;
        if matches!(done, Done::Now(_)) {
            self.score = score;
        }
        Ok(done)
    }
    /// Sales hands it back to marketing. Error: `lead.reason_required`.
    pub fn hand_back(&mut self, cx: &Ctx, reason: &str) -> Result<Done<Fact>> {
        self.with_reason(cx, "return", LeadState::Nurturing, facts::LEAD_RETURNED, reason)
    }
    /// Error: `lead.reason_required`.
    pub fn disqualify(&mut self, cx: &Ctx, reason: &str) -> Result<Done<Fact>> {
        self.with_reason(
            cx,
            "disqualify",
            LeadState::Disqualified,
            facts::LEAD_DISQUALIFIED,
            reason,
        )
    }
    fn with_reason(
        &mut self,
        cx: &Ctx,
        verb: &'static str,
        to: LeadState,
        activity: kernel::Activity,
        reason: &str,
    ) -> Result<Done<Fact>> {
        self.reasoned(reason)?;
        let Done::Now(fact) = self.go(cx, verb, to, activity)? else { return Ok(Done::Already) };
        self.return_reason = reason.to_owned();
        Ok(Done::Now(fact.because(reason)))
    }
    fn reasoned(&self, reason: &str) -> Result<()> {
        if reason.trim().is_empty() {
            let e = Error::invalid("lead.reason_required", &self.number);
            return Err(e.with("field", "reason"));
        }
        Ok(())
    }
    /// Becomes an opportunity of a customer.
    pub fn convert(&mut self, cx: &Ctx, party: Id<Party>, opportunity: i64) -> Result<Done<Fact>> {
        let done = self.go(cx, "convert", LeadState::Converted, facts::LEAD_CONVERTED)?;
        let Done::Now(fact) = done else { return Ok(Done::Already) };
        self.party = Some(party);
        self.opportunity = opportunity;
        let fact = fact.on("party", party.raw(), "customer");
        Ok(Done::Now(fact.on("opportunity", opportunity, "opportunity")))
    }
}
