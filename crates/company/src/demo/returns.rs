//! Goods that customers give back: asked for by sales, approved by the desk, taken in, credited.
use super::sim::{Event, Sim};
use super::staff::Job;
use finance::Invoice;
use flows::order_to_cash::returns::{self, NewReturn};
use kernel::{Id, Instant, Qty, Result};
use sales::{OrderLine, OrderState};
use stock::{Fault, Return};
use store::find_in;

/// What a return still has to go through.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum BackStep {
    Approve,
    Receive,
    Settle,
}

/// A return as the simulation knows it.
pub(super) struct Back {
    id: Id<Return>,
    case: usize,
}

/// Why goods come back, whose fault it is, and how often of a hundred.
const REASONS: &[(&str, Fault, usize)] = &[
    ("质量问题", Fault::Vendor, 35),
    ("多发多订", Fault::Customer, 30),
    ("发错货", Fault::Us, 20),
    ("运输破损", Fault::Carrier, 15),
];

/// Delivered orders of which something comes back, about half a line of every hundred in three.
const SHARE: f64 = 0.055;

impl Sim<'_, '_> {
    /// Some of what was delivered will not do.
    pub(super) fn may_come_back(&mut self, now: Instant, case: usize) {
        if self.dice.chance(SHARE) {
            let at = self.days(now, 8.0, 25.0);
            self.at(at, Event::AskBack(case));
        }
    }

    pub(super) fn ask_back(&mut self, now: Instant, case: usize) -> Result<()> {
        if self.cases[case].state == OrderState::Cancelled {
            return Ok(());
        }
        let mut left = self.dice.below(100);
        let reason = REASONS.iter().find(|(_, _, share)| {
            let found = left < *share;
            left = left.saturating_sub(*share);
            found
        });
        let (reason, fault, _) = *reason.unwrap_or(&REASONS[0]);
        let (order, draw) = (self.cases[case].order, self.dice.below(1000));
        let (own, desk) = (self.cases[case].entered_by, self.one_of(Job::Desk));
        // A salesperson asks for orders of their own only: who took over from somebody that left
        // does not own what that one entered.
        let found = self.act(desk, now, |_, tx| sales::commands::order(tx, order))?;
        let is_own = found.is_some_and(|found| found.owner == self.staff.user(own));
        let by = if draw % 2 == 0 && is_own { own } else { desk };
        let asked = self.act(by, now, |cx, tx| {
            let order = sales::commands::order(tx, order)?;
            let goods: Vec<&OrderLine> =
                order.lines.iter().filter(|l| l.is_goods() && l.kept().0 > 0).collect();
            let Some(line) = goods.get(draw % goods.len().max(1)) else {
                return Err(kernel::Error::conflict("return.nothing_left", &order.number));
            };
            let most = (line.kept().0 / Qty::SCALE / 3).max(1);
            let qty = Qty::whole(1 + (draw as i64 * 7) % most);
            let reason = reason.to_owned();
            let new = NewReturn { order: order.id, reason, fault, lines: vec![(line.id, qty)] };
            returns::request_return(cx, tx, &new)
        })?;
        let Some(asked) = asked else { return Ok(()) };
        self.backs.push(Back { id: asked.id, case });
        let at = self.hours(now, 5.0, 24.0);
        self.at(at, Event::Back(self.backs.len() - 1, BackStep::Approve));
        Ok(())
    }

    pub(super) fn back(&mut self, now: Instant, back: usize, step: BackStep) -> Result<()> {
        let id = self.backs[back].id;
        match step {
            BackStep::Approve => {
                let who = self.one_of(Job::Approver);
                if self.dice.chance(0.06) {
                    let late = "已过退货期限";
                    self.act(who, now, |cx, tx| returns::reject_return(cx, tx, id, late))?;
                    return Ok(());
                }
                self.act(who, now, |cx, tx| returns::approve_return(cx, tx, id))?;
                let at = self.days(now, 4.0, 10.0);
                self.at(at, Event::Back(back, BackStep::Receive));
            }
            BackStep::Receive => {
                let who = self.one_of(Job::Warehouse);
                self.act(who, now, |cx, tx| returns::receive_return(cx, tx, id, &[]))?;
                let at = self.days(now, 2.0, 7.0);
                self.at(at, Event::Back(back, BackStep::Settle));
            }
            BackStep::Settle => {
                let who = self.one_of(Job::Billing);
                self.act(who, now, |cx, tx| returns::settle_return(cx, tx, id))?;
                self.look_up_dues(now, self.backs[back].case)?;
            }
        }
        Ok(())
    }

    /// A credit note lowers what the customer owes and means to pay.
    fn look_up_dues(&mut self, now: Instant, case: usize) -> Result<()> {
        let customer = self.cases[case].customer;
        let own: Vec<usize> = (0..self.dues.len())
            .filter(|at| self.dues[*at].customer == customer && self.dues[*at].open > 0)
            .collect();
        let ids: Vec<i64> = own.iter().map(|at| self.dues[*at].invoice.raw()).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let who = self.one_of(Job::Billing);
        let found = self.act(who, now, |_, tx| {
            let all: Vec<Invoice> = tx.list_in(find_in!(Invoice, "id IN (#)", 0), &[], &ids)?;
            Ok(all)
        })?;
        for invoice in found.unwrap_or_default() {
            for at in &own {
                if self.dues[*at].invoice == invoice.id {
                    self.dues[*at].open = self.dues[*at].open.min(invoice.open);
                }
            }
        }
        Ok(())
    }
}
