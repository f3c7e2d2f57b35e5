//! An opportunity: stages are data, won and lost are moves with a reason. Pure.
use crate::{Lead, facts};
use kernel::{
    Class, Ctx, Currency, Day, DocRef, Done, Error, Fact, Id, Lifecycle, Move, Result, names,
};
use party::Party;
use product::Product;

names! {
    pub enum OpportunityState {
        Open = "open",
        OnHold = "on_hold",
        Won = "won",
        Lost = "lost",
        Cancelled = "cancelled",
    }
}

/// A stage of the pipeline.
#[derive(Clone, Copy, Debug)]
pub struct Stage {
    pub name: &'static str,
    pub order: i64,
    /// Percent.
    pub probability: i64,
}

/// The default pipeline; a company's own stages are data on top of it.
pub static STAGES: &[Stage] = &[
    Stage { name: "discovery", order: 1, probability: 10 },
    Stage { name: "solution", order: 2, probability: 30 },
    Stage { name: "quoted", order: 3, probability: 50 },
    Stage { name: "negotiation", order: 4, probability: 75 },
];

const fn mv(from: &'static str, verb: &'static str, to: &'static str, class: Class) -> Move {
    let permission = "crm.opportunity.move";
    Move { from, verb, to, permission, class, role: "sales", sla_minutes: 0 }
}

pub static OPPORTUNITY_LIFECYCLE: Lifecycle = Lifecycle {
    entity: "opportunity",
    states: OpportunityState::NAMES,
    moves: &[
        mv("open", "advance", "open", Class::Value),
        mv("open", "pause", "on_hold", Class::Waste),
        mv("on_hold", "resume", "open", Class::Business),
        mv("open", "win", "won", Class::Value),
        mv("open", "lose", "lost", Class::Waste),
        mv("on_hold", "lose", "lost", Class::Waste),
        mv("open", "cancel", "cancelled", Class::Waste),
        mv("on_hold", "cancel", "cancelled", Class::Waste),
        mv("won", "reopen", "open", Class::Waste),
        mv("lost", "reopen", "open", Class::Waste),
    ],
};

/// Days after its end in which an opportunity may be opened again; later it is a new one.
pub const REOPEN_DAYS: i64 = 90;

#[derive(Clone, Debug)]
pub struct Opportunity {
    pub id: Id<Opportunity>,
    pub version: i64,
    pub scope_id: i64,
    pub number: String,
    pub company: i64,
    pub name: String,
    pub party: Option<Id<Party>>,
    pub lead: Option<Id<Lead>>,
    pub product: Option<Id<Product>>,
    pub stage: String,
    pub state: OpportunityState,
    pub amount: i64,
    pub currency: Currency,
    pub probability: i64,
    pub owner: i64,
    pub team: String,
    pub opened_on: Option<Day>,
    pub close_expected: Option<Day>,
    pub closed_on: Option<Day>,
    pub lost_reason: String,
    pub history: bool,
    /// History whose file lacks what an open opportunity must have.
    pub open_fields_waived: bool,
    pub batch_id: i64,
}

impl Opportunity {
    #[must_use]
    pub const fn doc(&self) -> DocRef {
        DocRef { kind: "opportunity", id: self.id.raw() }
    }

    fn go(
        &mut self,
        cx: &Ctx,
        verb: &'static str,
        to: OpportunityState,
        activity: kernel::Activity,
    ) -> Result<Done<Fact>> {
        let from = self.state;
        let Done::Now(next) = OPPORTUNITY_LIFECYCLE.step(from, verb, to)? else {
            return Ok(Done::Already);
        };
        self.state = next;
        let fact = cx.fact(activity).moved(from.name(), next.name());
        let fact = fact.on("opportunity", self.id.raw(), "opportunity");
        Ok(Done::Now(fact.on("party", self.party.map_or(0, Id::raw), "customer")))
    }

    /// Moves to a later stage; skipping or going back needs a reason.
    ///
    /// Errors: `opportunity.unknown_stage`, `opportunity.reason_required`.
    pub fn advance(&mut self, cx: &Ctx, stage: &str, reason: &str) -> Result<Done<Fact>> {
        let place = |name: &str| STAGES.iter().find(|s| s.name == name);
        let target =
            place(stage).ok_or_else(|| Error::invalid("opportunity.unknown_stage", stage))?;
        if self.stage == stage {
            return Ok(Done::Already);
        }
        let here = place(&self.stage).map_or(0, |s| s.order);
        if target.order != here + 1 && reason.trim().is_empty() {
            return Err(Error::invalid("opportunity.reason_required", stage));
        }
        let done = self.go(cx, "advance", OpportunityState::Open, facts::OPP_STAGE_CHANGED)?;
        let Done::Now(fact) = done else { return Ok(Done::Already) };
        let fact = fact.attr("from_stage", &self.stage).attr("stage", stage).because(reason);
        stage.clone_into(&mut self.stage);
        self.probability = target.probability;
        Ok(Done::Now(fact.change("opportunity", self.id.raw(), "stage", stage)))
    }
    /// Won: a quotation was accepted, a contract signed or an order came.
    pub fn win(&mut self, cx: &Ctx) -> Result<Done<Fact>> {
        let done = self.go(cx, "win", OpportunityState::Won, facts::OPP_WON)?;
        Ok(self.closed(cx, done))
    }
    /// Error: `opportunity.reason_required`.
    pub fn lose(&mut self, cx: &Ctx, reason: &str) -> Result<Done<Fact>> {
        if reason.trim().is_empty() {
            return Err(Error::invalid("opportunity.reason_required", &self.number));
        }
        let done = self.go(cx, "lose", OpportunityState::Lost, facts::OPP_LOST)?;
        reason.clone_into(&mut self.lost_reason);
        Ok(match self.closed(cx, done) {
            Done::Now(fact) => Done::Now(fact.because(reason)),
            Done::Already => Done::Already,
        })
    }
    /// Lets it rest: the customer asked to wait. Error: `opportunity.reason_required`.
    pub fn pause(&mut self, cx: &Ctx, reason: &str) -> Result<Done<Fact>> {
        self.with_reason(cx, reason, ("pause", OpportunityState::OnHold, facts::OPP_PAUSED))
    }
    /// Takes a resting one up again.
    pub fn resume(&mut self, cx: &Ctx) -> Result<Done<Fact>> {
        self.go(cx, "resume", OpportunityState::Open, facts::OPP_RESUMED)
    }
    /// It was never one: a double, a test. Error: `opportunity.reason_required`.
    pub fn cancel(&mut self, cx: &Ctx, reason: &str) -> Result<Done<Fact>> {
        let step = ("cancel", OpportunityState::Cancelled, facts::OPP_CANCELLED);
        let done = self.with_reason(cx, reason, step)?;
        Ok(self.closed(cx, done))
    }
    /// Opens a decided one again within [`REOPEN_DAYS`] days.
    ///
    /// Errors: `opportunity.reason_required`, `opportunity.closed_long_ago`.
    pub fn reopen(&mut self, cx: &Ctx, reason: &str) -> Result<Done<Fact>> {
        let days = self.closed_on.map_or(0, |day| day.days_until(cx.today()));
        let step = ("reopen", OpportunityState::Open, facts::OPP_REOPENED);
        let was = self.clone();
        let done = self.with_reason(cx, reason, step)?;
        if let Done::Now(_) = done {
            if days > REOPEN_DAYS {
                *self = was;
                let e = Error::conflict("opportunity.closed_long_ago", &self.number);
                return Err(e.with("days", REOPEN_DAYS));
            }
            self.closed_on = None;
            self.lost_reason = String::new();
        }
        Ok(done)
    }

    fn with_reason(
        &mut self,
        cx: &Ctx,
        reason: &str,
        (verb, to, activity): (&'static str, OpportunityState, kernel::Activity),
    ) -> Result<Done<Fact>> {
        if self.state != to && reason.trim().is_empty() {
            return Err(Error::invalid("opportunity.reason_required", &self.number));
        }
        Ok(match self.go(cx, verb, to, activity)? {
            Done::Now(fact) => Done::Now(fact.because(reason)),
            Done::Already => Done::Already,
        })
    }

    fn closed(&mut self, cx: &Ctx, done: Done<Fact>) -> Done<Fact> {
        let Done::Now(fact) = done else { return Done::Already };
        self.closed_on = Some(cx.today());
        let worth = kernel::Money::new(self.amount, self.currency);
        Done::Now(fact.worth(worth, self.amount))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{IdMaker, Instant};
    use std::sync::Arc;

    fn on_day(day: i64) -> Ctx {
        Ctx::system(1, Instant(Instant::DAY * (20_000 + day)), Arc::new(IdMaker::new(1, 0)))
    }

    fn open(cx: &Ctx) -> Opportunity {
        Opportunity {
            id: cx.id(),
            version: 1,
            scope_id: 0,
            number: "OP-1".into(),
            company: 1,
            name: "年度框架".into(),
            party: None,
            lead: None,
            product: None,
            stage: STAGES[0].name.into(),
            state: OpportunityState::Open,
            amount: 100_00,
            currency: cx.base,
            probability: 10,
            owner: 1,
            team: String::new(),
            opened_on: Some(cx.today()),
            close_expected: None,
            closed_on: None,
            lost_reason: String::new(),
            history: false,
            open_fields_waived: false,
            batch_id: 0,
        }
    }

    #[test]
    fn it_rests_with_a_reason_and_goes_on() {
        let cx = on_day(0);
        let mut one = open(&cx);
        assert!(one.pause(&cx, " ").is_err());
        assert!(matches!(one.pause(&cx, "客户预算冻结"), Ok(Done::Now(_))));
        assert!(matches!(one.pause(&cx, ""), Ok(Done::Already)));
        assert!(one.win(&cx).is_err(), "what rests is not won");
        assert!(matches!(one.resume(&cx), Ok(Done::Now(_))));
        assert_eq!(one.state, OpportunityState::Open);
    }

    #[test]
    fn a_lost_one_opens_again_only_while_it_is_fresh() {
        let mut one = open(&on_day(0));
        assert!(one.lose(&on_day(0), "价格").is_ok());
        let late = one.reopen(&on_day(REOPEN_DAYS + 1), "客户回头");
        assert_eq!(late.map_err(|e| e.code), Err("opportunity.closed_long_ago"));
        assert_eq!(one.state, OpportunityState::Lost, "a refusal changes nothing");
        assert!(matches!(one.reopen(&on_day(REOPEN_DAYS), "客户回头"), Ok(Done::Now(_))));
        assert_eq!((one.closed_on, one.lost_reason.as_str()), (None, ""));
    }
}
