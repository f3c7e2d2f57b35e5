//! How many leads one may hold, and how soon one may take a lead again that one gave back. The
//! rules are policies of the company; without a policy there is no limit.
use crate::Lead;
use access::user::User;
use kernel::{Ctx, Error, Instant, Result, Stored};
use store::{Tx, find_in, sql};

/// Leads that somebody holds, and what the company allows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Holding {
    /// Leads that were given to them or taken, and are not decided.
    pub held: i64,
    /// At most so many; `None` where nobody said.
    pub limit: Option<i64>,
    /// Days before somebody may take again what they gave back; 0 at once.
    pub rest_days: i64,
}

impl Holding {
    /// May this lead be taken by whoever holds so many?
    ///
    /// Errors: `lead.hold_too_many`, `lead.given_back` with the days that are left.
    pub fn check(&self, cx: &Ctx, lead: &Lead) -> Result<()> {
        if let Some(limit) = self.limit.filter(|limit| self.held >= *limit) {
            return Err(Error::conflict("lead.hold_too_many", self.held).with("limit", limit));
        }
        let is_own = lead.given_back_by != 0 && lead.given_back_by == cx.user;
        let (true, Some(since)) = (is_own, lead.pooled_at) else { return Ok(()) };
        let free = since.plus(self.rest_days * Instant::DAY);
        if cx.now < free {
            let left = (free.0 - cx.now.0 + Instant::DAY - 1) / Instant::DAY;
            return Err(Error::conflict("lead.given_back", &lead.number).with("days", left));
        }
        Ok(())
    }
}

/// What the acting user holds, and what is allowed today.
pub fn holding(cx: &Ctx, tx: &mut Tx) -> Result<Holding> {
    let policies = policy::questions::in_force(cx, tx)?;
    let said = policies.get("lead_pool");
    let held: Option<i64> = tx.value(
        sql!(
            "SELECT COUNT(*) FROM lead WHERE tenant_id = $1 AND owner = $2 \
             AND state IN ('assigned', 'working', 'qualified')"
        ),
        &[Stored::Int(cx.user)],
    )?;
    Ok(Holding {
        held: held.unwrap_or(0),
        limit: said.and_then(|of| of.whole("most")),
        rest_days: said.and_then(|of| of.whole("rest_days")).unwrap_or(0),
    })
}

/// See [`holding`]; one person's requests come one after the other, so that two at once do not
/// take more than is allowed.
pub(crate) fn holding_alone(cx: &Ctx, tx: &mut Tx) -> Result<Holding> {
    let _locked: Vec<User> =
        tx.lock_in(find_in!(User, "id IN (#) ORDER BY id", 0), &[], &[cx.user])?;
    holding(cx, tx)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LeadState;
    use kernel::{Done, IdMaker};
    use std::sync::Arc;

    fn on_day(day: i64, user: i64) -> Ctx {
        let now = Instant(Instant::DAY * (20_000 + day));
        let mut cx = Ctx::system(1, now, Arc::new(IdMaker::new(1, 0)));
        cx.user = user;
        cx
    }

    fn lead(cx: &Ctx) -> Lead {
        Lead {
            id: cx.id(),
            version: 1,
            scope_id: 0,
            number: "LD-1".into(),
            company: 1,
            name: "王芳".into(),
            company_name: String::new(),
            phone: "13800000000".into(),
            mail: String::new(),
            wechat: String::new(),
            origin: String::new(),
            region: String::new(),
            need: String::new(),
            est_amount: 0,
            currency: cx.base,
            state: LeadState::InPool,
            came_on: Some(cx.today()),
            owner: 0,
            given_back_by: 0,
            score: 0,
            assigned_at: None,
            first_response_at: None,
            pooled_at: Some(cx.now),
            return_reason: String::new(),
            party: None,
            opportunity: 0,
            history: false,
            batch_id: 0,
        }
    }

    const THREE: Holding = Holding { held: 3, limit: Some(4), rest_days: 7 };

    #[test]
    fn nobody_takes_more_than_the_limit() {
        let cx = on_day(0, 7);
        let one = lead(&cx);
        assert_eq!(THREE.check(&cx, &one), Ok(()));
        let full = Holding { held: 4, ..THREE };
        assert_eq!(full.check(&cx, &one).map_err(|e| e.code), Err("lead.hold_too_many"));
        let free = Holding { held: 400, limit: None, ..THREE };
        assert_eq!(free.check(&cx, &one), Ok(()));
    }

    #[test]
    fn what_was_given_back_rests_for_the_one_who_gave_it_back_only() {
        let cx = on_day(0, 7);
        let mut one = lead(&cx);
        assert!(matches!(one.pick(&cx), Ok(Done::Now(_))));
        assert_eq!((one.owner, one.pooled_at), (7, None));
        assert_eq!(one.give_back(&cx, " ").map_err(|e| e.code), Err("lead.reason_required"));
        assert!(matches!(one.give_back(&cx, "区域不符"), Ok(Done::Now(_))));
        assert_eq!((one.owner, one.return_reason.as_str()), (0, "区域不符"));
        let soon = on_day(6, 7);
        let refused = THREE.check(&soon, &one).expect_err("six days of seven");
        assert_eq!((refused.code, refused.fields[0].1.as_str()), ("lead.given_back", "1"));
        assert_eq!(THREE.check(&on_day(7, 7), &one), Ok(()));
        assert_eq!(THREE.check(&on_day(1, 8), &one), Ok(()));
    }

    #[test]
    fn what_somebody_took_is_not_there_for_anybody_else() {
        let cx = on_day(0, 7);
        let mut one = lead(&cx);
        assert!(matches!(one.pick(&cx), Ok(Done::Now(_))));
        assert_eq!(one.pick(&cx), Ok(Done::Already));
        assert!(matches!(one.accept(&cx), Ok(Done::Now(_))));
        assert_eq!(one.pick(&on_day(0, 8)).map_err(|e| e.code), Err("lead.taken"));
    }
}
