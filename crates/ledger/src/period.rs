//! An accounting period (会计期间): open or closed; reopening leaves a reason. Pure.
use kernel::{Class, Ctx, Done, Id, Instant, Lifecycle, Move, Result, names};

names! {
    pub enum PeriodState {
        Open = "open",
        Closed = "closed",
    }
}

pub static PERIOD_LIFECYCLE: Lifecycle = Lifecycle {
    entity: "period",
    states: PeriodState::NAMES,
    moves: &[
        Move {
            from: "open",
            verb: "close",
            to: "closed",
            permission: "ledger.period.close",
            class: Class::Business,
            role: "finance",
            sla_minutes: 0,
        },
        // 期末调汇.
        Move {
            from: "open",
            verb: "revalue",
            to: "open",
            permission: "ledger.period.revalue",
            class: Class::Business,
            role: "finance",
            sla_minutes: 0,
        },
        Move {
            from: "closed",
            verb: "reopen",
            to: "open",
            permission: "ledger.period.reopen",
            class: Class::Waste,
            role: "finance",
            sla_minutes: 0,
        },
    ],
};

#[derive(Clone, Debug)]
pub struct Period {
    pub id: Id<Period>,
    pub version: i64,
    pub company: i64,
    /// `YYYY-MM`.
    pub period: String,
    pub state: PeriodState,
    pub closed_by: i64,
    pub closed_at: Option<Instant>,
    pub reason: String,
}

impl Period {
    /// Closes it. Error: `state.not_allowed`.
    pub fn close(&mut self, cx: &Ctx) -> Result<Done<()>> {
        self.step(cx, "close", PeriodState::Closed, "")
    }
    /// Opens it again (反结账), with a reason. Error: `state.not_allowed`.
    pub fn reopen(&mut self, cx: &Ctx, reason: &str) -> Result<Done<()>> {
        self.step(cx, "reopen", PeriodState::Open, reason)
    }
    fn step(
        &mut self,
        cx: &Ctx,
        verb: &'static str,
        to: PeriodState,
        why: &str,
    ) -> Result<Done<()>> {
        let Done::Now(next) = PERIOD_LIFECYCLE.step(self.state, verb, to)? else {
            return Ok(Done::Already);
        };
        self.state = next;
        self.closed_by = cx.user;
        self.closed_at = Some(cx.now);
        self.reason = why.to_owned();
        Ok(Done::Now(()))
    }
}
