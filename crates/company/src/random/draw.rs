//! Which command comes next, with which ids and amounts: mostly sensible, often not.
use super::{Command, World};
use crm::commands::NewLead;
use flows::lead_to_order::NewQuote;
use flows::order_to_cash::change::{Change, LineChange};
use flows::order_to_cash::change_orders::NewChange;
use flows::order_to_cash::enter::NewOrder;
use flows::order_to_cash::pay::{NewPayment, Pays, What};
use flows::order_to_cash::picked::{Part, Picked};
use flows::order_to_cash::receive::{NewReceipt, NewReceiptLine};
use flows::order_to_cash::refund::{NewRefund, Source};
use kernel::{Currency, Day, Id, Instant, Money, Price, Qty, Zone};
use party::Party;
use sales::{Asked, AskedBy};
use stock::ReceiptKind;
use terms::CreditState;

/// Orders that may be open at once before the oldest are cancelled.
const MANY: usize = 60;

impl World {
    pub(super) fn draw(&mut self) -> Command {
        if self.live.len() > MANY && self.dice.chance(0.25) {
            return self.clear_up();
        }
        if !self.next.is_empty() && self.dice.chance(0.4) {
            let at = self.dice.below(self.next.len());
            return self.next.swap_remove(at);
        }
        match self.dice.below(100) {
            0..=8 => Command::Order(self.order()),
            9..=29 => self.order_verb(),
            30 => self.change(),
            31..=33 => self.change_order(),
            34..=35 => {
                let reason = *self.dice.pick(&["随机", "随机", "随机", ""]);
                Command::Release(self.one("hold"), reason)
            }
            36..=37 => self.approval(),
            38..=53 => self.shipment_verb(),
            54..=56 => self.goods_back(),
            58 => self.together(),
            59..=61 => {
                let verb = *self.dice.pick(&["post", "post", "post", "cancel"]);
                Command::InvoiceVerb(verb, self.one("invoice"))
            }
            62..=68 => self.payment(),
            69..=70 => self.allocate(),
            71 => self.refund(),
            72..=73 => Command::Unallocate(self.one("allocation")),
            74 => {
                let reason = *self.dice.pick(&["退票", "退票", ""]);
                Command::Reverse(self.one("payment"), reason)
            }
            57 | 75 if self.dice.chance(0.5) => self.trust(),
            57 | 75 => self.limit(),
            76..=80 => self.receipt(),
            81..=82 => self.lead(),
            83..=87 => self.lead_verb(),
            88..=89 => self.quote(),
            90..=94 => self.quote_verb(),
            95 => {
                let verb = *self.dice.pick(&[
                    "discovery",
                    "solution",
                    "quoted",
                    "negotiation",
                    "nowhere",
                    "win",
                    "lose",
                    "pause",
                    "resume",
                    "cancel",
                    "reopen",
                ]);
                Command::OpportunityVerb(verb, self.one("opportunity"))
            }
            _ => self.books(),
        }
    }

    fn approval(&mut self) -> Command {
        let verbs = ["approve", "approve", "reject", "send_back", "resubmit", "withdraw", "again"];
        match *self.dice.pick(&verbs) {
            "again" => Command::ApprovalVerb("again", self.one("hold"), ""),
            verb => {
                let comment = *self.dice.pick(&["随机", "随机", ""]);
                Command::ApprovalVerb(verb, self.one("approval"), comment)
            }
        }
    }

    /// A known id of a kind, mostly a recent one; sometimes one that is none.
    fn one(&mut self, kind: &str) -> i64 {
        if self.dice.chance(0.02) {
            return self.dice.between(-1, 99_999);
        }
        if self.dice.chance(0.01) {
            // The id of something else.
            return *self.dice.pick(&[self.parties[0].raw(), self.products[0].raw(), self.company]);
        }
        let all = self.known.get(kind).map_or(&[][..], Vec::as_slice);
        if all.is_empty() {
            return 7;
        }
        let recent = all.len().min(30);
        if self.dice.chance(0.85) {
            all[all.len() - recent + self.dice.below(recent)]
        } else {
            all[self.dice.below(all.len())]
        }
    }

    fn open_order(&mut self) -> i64 {
        if self.live.is_empty() || self.dice.chance(0.15) {
            return self.one("order");
        }
        self.live[self.dice.below(self.live.len())]
    }

    /// Brings one of the oldest orders to an end.
    fn clear_up(&mut self) -> Command {
        let order = self.live[self.dice.below(20)];
        let verb = ["cancel", "cancel_remainder", "bill_and_post", "close"];
        Command::OrderVerb(self.dice.pick::<&str>(&verb), order)
    }

    fn qty(&mut self) -> Qty {
        match self.dice.below(40) {
            0 => Qty::ZERO,
            1 => Qty::whole(-3),
            2 => Qty(1),
            3 => Qty(i64::MAX / 4),
            4..=7 => Qty(self.dice.between(1, 20_000_000)),
            _ => Qty::whole(self.dice.between(1, 40)),
        }
    }

    fn lines(&mut self) -> Vec<Asked> {
        let count = self.dice.between(i64::from(self.dice.clone().below(30) != 0), 4);
        let mut lines = Vec::new();
        for _ in 0..count {
            let price = match self.dice.below(12) {
                0 => Some(Price(self.dice.between(0, 50_000_000))),
                1 => Some(Price(-1)),
                _ => None,
            };
            let discount = match self.dice.below(12) {
                0..=2 => self.dice.between(1, 3_00),
                3 => self.dice.between(-5, 1_000_00),
                _ => 0,
            };
            let product = *self.dice.pick(&self.products);
            lines.push(Asked { product, qty: self.qty(), price, discount });
        }
        lines
    }

    fn order(&mut self) -> NewOrder {
        let party = *self.dice.pick(&self.parties);
        let mut new = NewOrder::of(party, self.lines());
        new.currency = self.currency_of(party, new.lines.len() as i64);
        if self.dice.chance(0.85) {
            let wait = self.dice.between(-2, 12);
            new.requested_on = Some(Zone::china().day(self.now).plus_days(wait));
        }
        if self.dice.chance(0.85) {
            new.ship_to = "宁波".to_owned();
        }
        if self.dice.chance(0.2) {
            new.customer_po_no = format!("PO{}", self.dice.below(200));
        }
        new
    }

    /// One customer deals in dollars, another one now and then.
    fn currency_of(&self, party: Id<Party>, nth: i64) -> Option<Currency> {
        let dollars = party == self.parties[3] || (party == self.parties[1] && nth % 2 == 0);
        dollars.then_some(Currency::USD)
    }

    fn order_verb(&mut self) -> Command {
        let verb = *self.dice.pick(&[
            "submit",
            "submit",
            "submit",
            "submit",
            "submit",
            "confirm",
            "confirm",
            "cancel",
            "cancel_silently",
            "cancel_remainder",
            "promise",
            "close",
            "reopen",
            "perform",
            "perform",
            "bill",
            "bill_and_post",
            "bill_and_post",
            "bill_and_post",
        ]);
        let order = if verb == "reopen" { self.one("order") } else { self.open_order() };
        Command::OrderVerb(verb, order)
    }

    fn change(&mut self) -> Command {
        let change = self.wish();
        Command::Change(self.open_order(), change)
    }

    fn change_order(&mut self) -> Command {
        if self.dice.chance(0.5) {
            let asked_by = *self.dice.pick(&[
                AskedBy::Customer,
                AskedBy::Customer,
                AskedBy::Sales,
                AskedBy::Supply,
            ]);
            let order = Id::from_raw(self.open_order());
            let change = self.wish();
            return Command::DrawChange(NewChange {
                order,
                asked_by,
                evidence: String::new(),
                change,
            });
        }
        let verbs = [
            "submit", "submit", "approve", "approve", "reject", "agree", "agree", "decline",
            "withdraw",
        ];
        let verb = *self.dice.pick(&verbs);
        Command::ChangeVerb(verb, self.one("change_order"))
    }

    /// Several orders on one invoice, a run, or items by name.
    fn together(&mut self) -> Command {
        if self.dice.chance(0.3) {
            let until = Zone::china().day(self.now).plus_days(-self.dice.between(0, 20));
            let party = self.dice.chance(0.8).then(|| self.dice.pick(&self.parties).raw());
            return Command::Period(party, until);
        }
        let count = self.dice.between(0, 4);
        let mut picked = Vec::new();
        for _ in 0..count {
            let order = self.open_order();
            let part = match self.dice.below(4) {
                0 => Part::Delivery(Id::from_raw(self.one("shipment"))),
                1 => Part::Services,
                _ => Part::All,
            };
            picked.push(Picked { order, part });
        }
        Command::Together(picked)
    }

    fn refund(&mut self) -> Command {
        if self.dice.chance(0.5) {
            let from = match self.dice.below(3) {
                0 => Source::CreditNote(Id::from_raw(self.one("invoice"))),
                _ => Source::Payment(Id::from_raw(self.one("payment"))),
            };
            let reason = (*self.dice.pick(&["随机", "随机", ""])).to_owned();
            let amount = self.amount();
            let method = (*self.dice.pick(&["transfer", "cash"])).to_owned();
            return Command::Refund(NewRefund { from, amount, method, reason });
        }
        let verbs = [
            "approve", "approve", "start", "clear", "clear", "fail", "retry", "reverse", "withdraw",
        ];
        let verb = *self.dice.pick(&verbs);
        Command::RefundVerb(verb, self.one("refund"))
    }

    /// Money that was paid too much, or a credit note, mostly goes back in part.
    pub(super) fn refund_of(&mut self, from: Source, free: i64) -> Option<Command> {
        let amount = if self.dice.chance(0.5) { free } else { free / 2 };
        let new = NewRefund {
            from,
            amount: amount.max(1),
            method: "transfer".to_owned(),
            reason: "随机".to_owned(),
        };
        self.dice.chance(0.5).then_some(Command::Refund(new))
    }

    fn trust(&mut self) -> Command {
        let states = [CreditState::Ok, CreditState::Ok, CreditState::Watch, CreditState::Blocked];
        let reason = *self.dice.pick(&["随机", "随机", "随机", ""]);
        let (party, state) = (*self.dice.pick(&self.parties), *self.dice.pick(&states));
        match self.dice.chance(0.5) {
            true => Command::Trust(party, state, reason),
            false => Command::AskTrust(party, state, reason),
        }
    }

    fn wish(&mut self) -> Change {
        let mut change = Change::default();
        if self.dice.chance(0.9) {
            change.reason = "随机".to_owned();
        }
        for _ in 0..self.dice.between(0, 2) {
            let (no, qty) = (self.dice.between(0, 4), self.qty());
            let price = self.dice.chance(0.2).then(|| Price(self.dice.between(1, 30_000_000)));
            let wanted = match self.dice.below(10) {
                0 => LineChange::Remove(no),
                1 => LineChange::Add(Asked {
                    product: *self.dice.pick(&self.products),
                    qty,
                    price,
                    discount: 0,
                }),
                _ => LineChange::Set { no, qty: Some(qty), price, discount: None },
            };
            change.lines.push(wanted);
        }
        if self.dice.chance(0.3) {
            let wait = self.dice.between(0, 9);
            change.requested_on = Some(Zone::china().day(self.now).plus_days(wait));
        }
        if self.dice.chance(0.2) {
            change.ship_to = Some(format!("地址{}", self.dice.below(3)));
        }
        change
    }

    fn shipment_verb(&mut self) -> Command {
        let verb = *self.dice.pick(&[
            "start_picking",
            "pick",
            "pack",
            "ship",
            "ship",
            "ship",
            "part",
            "part",
            "deliver",
            "deliver",
            "deliver",
            "deliver",
            "recognise",
            "cancel",
        ]);
        let shipment = self.one("shipment");
        if verb == "part" {
            let percent = *self.dice.pick(&[0, 10, 33, 50, 99, 100, 101, -1]);
            return Command::ShipPart(shipment, percent);
        }
        Command::ShipmentVerb(verb, shipment)
    }

    /// Returns and what follows from them.
    fn goods_back(&mut self) -> Command {
        match self.dice.below(8) {
            0..=3 => {
                let lines = (0..self.dice.between(0, 2))
                    .map(|_| (self.dice.between(1, 3), self.qty()))
                    .collect();
                Command::Return(self.one("order"), lines)
            }
            4..=6 => {
                let verbs = ["approve", "reject", "cancel", "receive", "receive", "part", "settle"];
                let verb = *self.dice.pick(&verbs);
                Command::ReturnVerb(verb, self.one("return"))
            }
            _ => {
                let (note, invoice) = (self.one("invoice"), self.one("invoice"));
                Command::ApplyCredit(note, invoice, self.amount())
            }
        }
    }

    /// A small part of a delivered order, now and then.
    pub(super) fn ask_back(&mut self, order: i64) -> Option<Command> {
        let qty = Qty::whole(self.dice.between(1, 4));
        self.dice.chance(0.2).then(|| Command::Return(order, vec![(self.dice.between(1, 2), qty)]))
    }

    fn amount(&mut self) -> i64 {
        match self.dice.below(20) {
            0 => 0,
            1 => -5,
            2 => i64::MAX / 8,
            3..=9 => self.dice.between(1, 50_00),
            _ => self.dice.between(1, 2_000_00),
        }
    }

    fn pays(&mut self) -> Vec<Pays> {
        let mut pays = Vec::new();
        for _ in 0..self.dice.between(0, 3) {
            let what = if self.dice.chance(0.6) {
                What::Invoice(Id::from_raw(self.one("invoice")))
            } else {
                What::Order(Id::from_raw(self.open_order()))
            };
            pays.push(Pays { what, amount: self.amount() });
        }
        pays
    }

    fn payment(&mut self) -> Command {
        let (pays, amount) = (self.pays(), self.amount());
        let party = *self.dice.pick(&self.parties);
        Command::Pay(NewPayment {
            currency: self.currency_of(party, amount),
            rate: None,
            party,
            amount,
            method: (*self.dice.pick(&["transfer", "cash", "wechat"])).to_owned(),
            value_day: Zone::china().day(self.now),
            reference: String::new(),
            pays,
        })
    }

    /// All or part of an invoice, sometimes too much; sometimes applied later.
    pub(super) fn payment_of(&mut self, party: i64, invoice: i64, owed: Money) -> Command {
        let gross = owed.minor;
        let amount = match self.dice.below(4) {
            0 => gross / 2,
            1 => gross + 1_00,
            _ => gross,
        };
        let what = What::Invoice(Id::from_raw(invoice));
        let part = amount.min(gross);
        let pays = if self.dice.chance(0.8) { vec![Pays { what, amount: part }] } else { vec![] };
        Command::Pay(NewPayment {
            currency: Some(owed.currency),
            rate: None,
            party: Id::from_raw(party),
            amount,
            method: "transfer".to_owned(),
            value_day: Zone::china().day(self.now),
            reference: String::new(),
            pays,
        })
    }

    fn allocate(&mut self) -> Command {
        let payment = self.one("payment");
        Command::Allocate(payment, self.pays())
    }

    fn limit(&mut self) -> Command {
        let limit = match self.dice.below(10) {
            0 => Some(-1),
            1 => None,
            2 => Some(0),
            _ => Some(self.dice.between(1, 12_000_00)),
        };
        let party = *self.dice.pick(&self.parties);
        let reason = *self.dice.pick(&["随机", "随机", ""]);
        match self.dice.below(4) {
            0 => Command::Limit(party, limit),
            1 => {
                let verb = *self.dice.pick(&["approve", "approve", "reject", "withdraw"]);
                Command::CreditVerb(verb, self.one("credit_change"))
            }
            _ => Command::AskLimit(party, limit, reason),
        }
    }

    fn receipt(&mut self) -> Command {
        let kind = *self.dice.pick(&[
            ReceiptKind::Purchase,
            ReceiptKind::Purchase,
            ReceiptKind::Purchase,
            ReceiptKind::OtherIn,
            ReceiptKind::OtherOut,
            ReceiptKind::Opening,
        ]);
        let mut lines = Vec::new();
        for _ in 0..self.dice.between(0, 3) {
            let goods = if self.dice.chance(0.03) { 6 } else { 5 };
            let product = self.products[self.dice.below(goods)];
            let qty = if self.dice.chance(0.8) {
                Qty::whole(self.dice.between(5, 80))
            } else {
                Qty(self.dice.between(-2, 9_000_000))
            };
            let value = self.dice.between(-1, 800_00);
            lines.push(NewReceiptLine { product, qty, value });
        }
        let warehouse = *self.dice.pick(&self.warehouses);
        Command::Receive(NewReceipt { kind, warehouse, reason: "随机".to_owned(), lines })
    }

    fn lead(&mut self) -> Command {
        let phone = if self.dice.chance(0.9) { "10900000000" } else { "" };
        Command::Lead(NewLead {
            name: "李四".to_owned(),
            company_name: format!("线索{}", self.step),
            phone: phone.to_owned(),
            est_amount: self.amount(),
            ..NewLead::default()
        })
    }

    fn lead_verb(&mut self) -> Command {
        let verb = *self.dice.pick(&[
            "assign",
            "assign",
            "pool",
            "pick",
            "give_back",
            "accept",
            "accept",
            "qualify",
            "qualify",
            "return",
            "disqualify",
            "convert",
            "convert",
            "convert",
        ]);
        let with = match verb {
            "assign" => *self.dice.pick(&[0, self.users[0].id, self.users[1].id]),
            "convert" if self.dice.chance(0.7) => self.dice.pick(&self.parties).raw(),
            "convert" => 0,
            _ => self.dice.between(40, 100),
        };
        Command::LeadVerb(verb, self.one("lead"), with)
    }

    fn quote(&mut self) -> Command {
        let opportunity = self.dice.chance(0.5).then(|| Id::from_raw(self.one("opportunity")));
        let wait = self.dice.between(-1, 20);
        let party = *self.dice.pick(&self.parties);
        Command::Quote(NewQuote {
            currency: self.currency_of(party, wait),
            rate: None,
            party,
            opportunity,
            valid_until: Some(Zone::china().day(self.now).plus_days(wait)),
            lines: self.lines(),
        })
    }

    fn quote_verb(&mut self) -> Command {
        let verb = *self.dice.pick(&[
            "submit", "submit", "submit", "approve", "approve", "send", "send", "send", "accept",
            "accept", "accept", "reject", "expire", "withdraw", "revise",
        ]);
        let quote = self.one("quote");
        if verb == "revise" {
            return Command::Revise(quote, self.lines());
        }
        Command::QuoteVerb(verb, quote)
    }

    /// Mostly months that are over; rarely one that is not.
    fn books(&mut self) -> Command {
        let today = Zone::china().day(self.now);
        let first = Day::of(2025, 1, 1);
        let months = i64::from(today.year() - first.year()) * 12 + i64::from(today.month()) - 1;
        let all = self.known.get("period").cloned().unwrap_or_default();
        let ended = months.clamp(1, all.len() as i64) as usize;
        match self.dice.below(10) {
            0 => Command::Revalue(all[self.dice.below(ended)]),
            1..=3 => Command::Vouchers(today.plus_days(-self.dice.between(0, 40))),
            4..=5 => Command::ClosePeriod(all[self.dice.below(ended)]),
            6..=7 => {
                let reason = *self.dice.pick(&["随机", ""]);
                Command::ReopenPeriod(all[self.dice.below(ended)], reason)
            }
            8 => Command::ClosePeriod(self.one("period")),
            _ => {
                // A closed month of today would stop everything: open it.
                let this = (months as usize).min(all.len() - 1);
                self.now = self.now.plus(Instant::HOUR);
                Command::ReopenPeriod(all[this], "随机")
            }
        }
    }
}
