//! Leads, opportunities and quotations: most come to nothing, some become orders.
use super::market::Origin;
use super::sim::{Event, Sim};
use super::staff::{Job, Who};
use crate::names;
use crm::commands::{self as crm_verbs, NewLead};
use crm::{Lead, Opportunity};
use flows::lead_to_order::{
    NewQuote, accept_quote, approve_quote, convert_lead, create_quote, expire_quote, reject_quote,
    revise_quote, send_quote, submit_quote,
};
use kernel::{Day, Id, Instant, Result};
use sales::{Asked, Quote, QuoteState};

/// What a deal goes through.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Step {
    Lead,
    Assign,
    Accept,
    Judge,
    Convert,
    Draft,
    Approve,
    Send,
    Revise,
    Decide,
}

/// How it ends, known to the simulation alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fate {
    Untouched,
    HandedBack,
    Unfit,
    Rejected,
    Expired,
    Won,
}

/// A lead with what follows, or a quotation asked for directly.
pub(super) struct Deal {
    fate: Fate,
    customer: usize,
    lines: Vec<(usize, i64)>,
    /// The next of the lead's names.
    name: usize,
    owner: Who,
    lead: Option<Id<Lead>>,
    opportunity: Option<Id<Opportunity>>,
    quote: Option<Id<Quote>>,
    valid_until: Option<Day>,
    revisions: u8,
    waited: u8,
}

impl Sim<'_, '_> {
    /// Leads and quotations of the year, scaled to its orders.
    pub(super) fn plan_deals(&mut self, start: Instant) {
        let scale = self.market.wishes.len() as f64 / 3_000.0;
        let mut leads_won = (95.0 * scale) as usize;
        for wish in 0..self.market.wishes.len() {
            let of = &self.market.wishes[wish];
            let (at, customer, lines) = (of.at, of.customer, of.lines.clone());
            if of.origin != Origin::Quote {
                self.at(at, Event::Wish(wish));
                continue;
            }
            let by_lead = self.market.customers[customer].new && self.is_first(wish);
            let lead = by_lead || leads_won > 0 && self.dice.chance(0.4);
            leads_won -= usize::from(lead && !by_lead);
            let deal = self.add_deal(Fate::Won, customer, lines);
            let before = if lead { self.dice.between(22, 40) } else { self.dice.between(8, 18) };
            let at = at.plus(-before * Instant::DAY).max(start.plus(Instant::DAY));
            let at = self.office(at);
            let first = if lead { Step::Lead } else { Step::Draft };
            self.at(at, Event::Deal(deal, first));
        }
        self.plan_losses(start, scale);
    }

    fn is_first(&self, wish: usize) -> bool {
        let customer = self.market.wishes[wish].customer;
        !self.market.wishes[..wish].iter().any(|w| w.customer == customer)
    }

    fn plan_losses(&mut self, start: Instant, scale: f64) {
        let losses = [
            (Fate::Untouched, 145.0, Step::Lead),
            (Fate::HandedBack, 90.0, Step::Lead),
            (Fate::Unfit, 1_065.0, Step::Lead),
            (Fate::Rejected, 165.0, Step::Lead),
            (Fate::Expired, 185.0, Step::Lead),
            (Fate::Rejected, 45.0, Step::Draft),
            (Fate::Expired, 75.0, Step::Draft),
        ];
        let days = self.truth.from.days_until(self.truth.until);
        for (fate, count, first) in losses {
            for _ in 0..(count * scale) as usize {
                let customer = self.dice.below(super::market::ON_FILE);
                let lines = if matches!(fate, Fate::Rejected | Fate::Expired) {
                    self.market.lines(&mut self.dice, customer)
                } else {
                    Vec::new()
                };
                let deal = self.add_deal(fate, customer, lines);
                let at = start.plus(self.dice.between(1, days) * Instant::DAY);
                let at = self.office(at);
                self.at(at, Event::Deal(deal, first));
            }
        }
    }

    fn add_deal(&mut self, fate: Fate, customer: usize, lines: Vec<(usize, i64)>) -> usize {
        let owner = self.staff.of(Job::Sales)[self.market.customers[customer].sales];
        let place = self.deals.len();
        self.deals.push(Deal {
            fate,
            customer,
            lines,
            name: names::CUSTOMERS + place % (names::COMPANIES - names::CUSTOMERS),
            owner,
            lead: None,
            opportunity: None,
            quote: None,
            valid_until: None,
            revisions: u8::from(self.dice.chance(0.45)),
            waited: 0,
        });
        place
    }

    pub(super) fn deal(&mut self, now: Instant, deal: usize, step: Step) -> Result<()> {
        match step {
            Step::Lead => self.lead_comes(now, deal),
            Step::Assign => self.lead_assigned(now, deal),
            Step::Accept => self.lead_accepted(now, deal),
            Step::Judge => self.lead_judged(now, deal),
            Step::Convert => self.lead_converted(now, deal),
            Step::Draft => self.quote_drawn_up(now, deal),
            Step::Approve => self.quote_approved(now, deal),
            Step::Send => self.quote_sent(now, deal),
            Step::Revise => self.quote_revised(now, deal),
            Step::Decide => self.quote_decided(now, deal),
        }
    }

    fn next(&mut self, at: Instant, deal: usize, step: Step) {
        self.at(at, Event::Deal(deal, step));
    }

    fn lead_comes(&mut self, now: Instant, deal: usize) -> Result<()> {
        let d = &self.deals[deal];
        // Who will become a customer bears its own name, the others are prospects.
        let converts = matches!(d.fate, Fate::Won | Fate::Rejected | Fate::Expired);
        let of = names::company(if converts { d.customer } else { d.name });
        let new = NewLead {
            name: of.contact.name,
            company_name: of.name,
            phone: of.mobile,
            mail: of.email,
            wechat: String::new(),
            origin: (*self.dice.pick(ORIGINS)).to_owned(),
            region: of.province.to_owned(),
            need: (*self.dice.pick(NEEDS)).to_owned(),
            est_amount: (self.dice.spread(15_000.0, 0.9) as i64) * 100,
        };
        let who = self.one_of(Job::Marketing);
        let made = self.act(who, now, |cx, tx| crm_verbs::create_lead(cx, tx, &new))?;
        let Some(lead) = made else { return Ok(()) };
        self.deals[deal].lead = Some(lead.id);
        if self.deals[deal].fate == Fate::Untouched && self.dice.chance(0.4) {
            self.act(who, now, |cx, tx| crm_verbs::pool(cx, tx, lead.id, ""))?;
            return Ok(());
        }
        let at = self.hours(now, 1.0, 5.0);
        self.next(at, deal, Step::Assign);
        Ok(())
    }

    fn lead_assigned(&mut self, now: Instant, deal: usize) -> Result<()> {
        let Some(lead) = self.deals[deal].lead else { return Ok(()) };
        let owner = self.staff.user(self.deals[deal].owner);
        let who = self.one_of(Job::Marketing);
        self.act(who, now, |cx, tx| crm_verbs::assign(cx, tx, lead, owner))?;
        if self.deals[deal].fate != Fate::Untouched {
            let at = self.hours(now, 3.0, 20.0);
            self.next(at, deal, Step::Accept);
        }
        Ok(())
    }

    fn lead_accepted(&mut self, now: Instant, deal: usize) -> Result<()> {
        let Some(lead) = self.deals[deal].lead else { return Ok(()) };
        let who = self.deals[deal].owner;
        self.act(who, now, |cx, tx| crm_verbs::accept(cx, tx, lead))?;
        let at = self.hours(now, 8.0, 40.0);
        self.next(at, deal, Step::Judge);
        Ok(())
    }

    fn lead_judged(&mut self, now: Instant, deal: usize) -> Result<()> {
        let Some(lead) = self.deals[deal].lead else { return Ok(()) };
        let (who, fate) = (self.deals[deal].owner, self.deals[deal].fate);
        match fate {
            Fate::HandedBack => {
                let reason = *self.dice.pick(&["区域不符", "需求不明", "联系不上"]);
                self.act(who, now, |cx, tx| crm_verbs::hand_back(cx, tx, lead, reason))?;
            }
            Fate::Unfit => {
                let reason = *self.dice.pick(UNFIT);
                self.act(who, now, |cx, tx| crm_verbs::disqualify(cx, tx, lead, reason))?;
            }
            Fate::Untouched | Fate::Rejected | Fate::Expired | Fate::Won => {
                let score = self.dice.between(60, 95);
                self.act(who, now, |cx, tx| crm_verbs::qualify(cx, tx, lead, score))?;
                let at = self.hours(now, 4.0, 16.0);
                self.next(at, deal, Step::Convert);
            }
        }
        Ok(())
    }

    fn lead_converted(&mut self, now: Instant, deal: usize) -> Result<()> {
        let Some(lead) = self.deals[deal].lead else { return Ok(()) };
        let (who, customer) = (self.deals[deal].owner, self.deals[deal].customer);
        let known = self.masters.parties[customer];
        let done = self.act(who, now, |cx, tx| convert_lead(cx, tx, lead, known))?;
        let Some(converted) = done else { return Ok(()) };
        self.masters.parties[customer] = known.or(converted.party);
        self.deals[deal].opportunity = Some(Id::from_raw(converted.opportunity));
        let at = self.hours(now, 6.0, 24.0);
        self.next(at, deal, Step::Draft);
        Ok(())
    }

    /// Moves the opportunity, where there is one.
    fn advance(&mut self, now: Instant, deal: usize, stage: &str) -> Result<()> {
        let Some(opportunity) = self.deals[deal].opportunity else { return Ok(()) };
        let who = self.deals[deal].owner;
        self.act(who, now, |cx, tx| crm_verbs::advance(cx, tx, opportunity, stage, "报价"))?;
        Ok(())
    }

    fn quote_drawn_up(&mut self, now: Instant, deal: usize) -> Result<()> {
        let d = &self.deals[deal];
        let (who, customer, opportunity) = (d.owner, d.customer, d.opportunity);
        let Some(party) = self.masters.parties[customer] else {
            self.deals[deal].waited += 1;
            if self.deals[deal].waited < 20 {
                self.next(now.plus(8 * Instant::DAY), deal, Step::Draft);
            }
            return Ok(());
        };
        let lines = self.quoted(deal);
        let valid_until = Some(self.day(now).plus_days(40));
        let new = NewQuote { party, opportunity, valid_until, lines, currency: None, rate: None };
        self.advance(now, deal, "solution")?;
        let made = self.act(who, now, |cx, tx| {
            let quote = create_quote(cx, tx, &new)?;
            submit_quote(cx, tx, quote.id)
        })?;
        let Some(quote) = made else { return Ok(()) };
        self.deals[deal].valid_until = quote.valid_until;
        self.quote_ready(now, deal, &quote);
        Ok(())
    }

    /// As priced by the engine; six of a hundred are over the limit.
    fn quoted(&mut self, deal: usize) -> Vec<Asked> {
        let over = self.dice.chance(0.06);
        let (customer, lines) = (self.deals[deal].customer, self.deals[deal].lines.clone());
        let mut asked = self.asked(customer, &lines, true);
        if over {
            let (product, units) = lines[0];
            let price = self.market.price(customer, product);
            let value = i128::from(price.0) * i128::from(units) / 10_000;
            asked[0].discount = i64::try_from(value * 8 / 100).unwrap_or(0);
        }
        asked
    }

    fn quote_ready(&mut self, now: Instant, deal: usize, quote: &Quote) {
        self.deals[deal].quote = Some(quote.id);
        if quote.state == QuoteState::InReview {
            let at = self.hours(now, 2.0, 12.0);
            self.next(at, deal, Step::Approve);
        } else {
            let at = self.hours(now, 0.3, 1.5);
            self.next(at, deal, Step::Send);
        }
    }

    fn quote_approved(&mut self, now: Instant, deal: usize) -> Result<()> {
        let Some(quote) = self.deals[deal].quote else { return Ok(()) };
        let who = self.one_of(Job::Approver);
        self.act(who, now, |cx, tx| approve_quote(cx, tx, quote))?;
        let at = self.hours(now, 0.5, 3.0);
        self.next(at, deal, Step::Send);
        Ok(())
    }

    fn quote_sent(&mut self, now: Instant, deal: usize) -> Result<()> {
        let Some(quote) = self.deals[deal].quote else { return Ok(()) };
        let who = self.deals[deal].owner;
        self.act(who, now, |cx, tx| send_quote(cx, tx, quote))?;
        self.advance(now, deal, "quoted")?;
        if self.deals[deal].revisions > 0 {
            self.deals[deal].revisions -= 1;
            let at = self.days(now, 3.0, 8.0);
            self.next(at, deal, Step::Revise);
            return Ok(());
        }
        let at = match self.deals[deal].fate {
            Fate::Expired => {
                let end = self.deals[deal].valid_until.unwrap_or(self.day(now));
                let after = end.plus_days(self.dice.between(1, 4));
                self.on_day(after).max(now)
            }
            _ => self.days(now, 5.0, 12.0),
        };
        self.next(at, deal, Step::Decide);
        Ok(())
    }

    fn quote_revised(&mut self, now: Instant, deal: usize) -> Result<()> {
        let Some(quote) = self.deals[deal].quote else { return Ok(()) };
        let who = self.deals[deal].owner;
        for (_, units) in &mut self.deals[deal].lines {
            *units = (*units * self.dice.between(8, 12) / 10).max(1);
        }
        let lines = self.quoted(deal);
        let made = self.act(who, now, |cx, tx| {
            let newer = revise_quote(cx, tx, quote, &lines)?;
            submit_quote(cx, tx, newer.id)
        })?;
        let Some(newer) = made else { return Ok(()) };
        self.deals[deal].valid_until = newer.valid_until;
        self.quote_ready(now, deal, &newer);
        Ok(())
    }

    fn quote_decided(&mut self, now: Instant, deal: usize) -> Result<()> {
        let Some(quote) = self.deals[deal].quote else { return Ok(()) };
        let (who, fate) = (self.deals[deal].owner, self.deals[deal].fate);
        match fate {
            Fate::Won => {
                let made = self.act(who, now, |cx, tx| accept_quote(cx, tx, quote))?;
                if let Some(order) = made {
                    let d = &self.deals[deal];
                    let lines = (d.customer, d.lines.clone());
                    self.open_case(now, &order, lines, (who, false));
                }
                return Ok(());
            }
            Fate::Expired => {
                self.act(who, now, |cx, tx| expire_quote(cx, tx, quote))?;
            }
            Fate::Untouched | Fate::HandedBack | Fate::Unfit | Fate::Rejected => {
                let reason = *self.dice.pick(LOST);
                self.act(who, now, |cx, tx| reject_quote(cx, tx, quote, reason))?;
            }
        }
        if let Some(opportunity) = self.deals[deal].opportunity {
            let reason = *self.dice.pick(LOST);
            self.act(who, now, |cx, tx| crm_verbs::lose(cx, tx, opportunity, reason))?;
        }
        Ok(())
    }
}

const ORIGINS: &[&str] = &["官网", "展会", "转介绍", "电话", "平台询价", "老客户推荐"];
const NEEDS: &[&str] =
    &["低压电器配套", "紧固件年度采购", "电缆桥架项目", "车间维修备件", "照明改造"];
const UNFIT: &[&str] = &["重复线索", "同行询价", "预算不足", "已有供应商", "需求取消", "联系不上"];
const LOST: &[&str] = &["价格高", "交期长", "选择竞争对手", "项目取消"];
