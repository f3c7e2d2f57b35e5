//! A command with everything it needs, so that it can be printed, run, and run again.
use crm::commands::{self as crm_verbs, NewLead};
use flows::lead_to_order as quotes;
use flows::order_to_cash::bill::{bill_and_post, bill_order, cancel_invoice, post_invoice};
use flows::order_to_cash::bill_several;
use flows::order_to_cash::change::{self, Change, LineChange};
use flows::order_to_cash::change_orders::{self, NewChange};
use flows::order_to_cash::enter::{self, NewOrder};
use flows::order_to_cash::pay::{self, NewPayment, Pays};
use flows::order_to_cash::picked::Picked;
use flows::order_to_cash::receive::{NewReceipt, receive};
use flows::order_to_cash::refund::{self, NewRefund};
use flows::order_to_cash::ship::{self, Leaving};
use flows::order_to_cash::{holds, net, returns, revalue, submit, trust};
use kernel::{Ctx, Day, Id, Qty, Result, Stored};
use ledger::vouchers::{Grouping, generate};
use party::Party;
use policy::{Again, Answer};
use sales::{Asked, Ending};
use store::{Tx, find};
use terms::CreditState;

/// Something that a person may try. Ids may be wrong on purpose.
#[derive(Clone, Debug)]
pub enum Command {
    Order(NewOrder),
    /// A verb of an order's lifecycle.
    OrderVerb(&'static str, i64),
    Change(i64, Change),
    /// Draws up a change of a confirmed order.
    DrawChange(NewChange),
    /// A verb of a change order's lifecycle.
    ChangeVerb(&'static str, i64),
    Release(i64, &'static str),
    /// A verb of a request's lifecycle with a comment; `again` asks once more about a hold.
    ApprovalVerb(&'static str, i64, &'static str),
    /// A verb of a shipment's lifecycle.
    ShipmentVerb(&'static str, i64),
    /// Ships so many percent of each line.
    ShipPart(i64, i64),
    /// A verb of an invoice's lifecycle.
    InvoiceVerb(&'static str, i64),
    /// One invoice over several orders, or of single deliveries.
    Together(Vec<Picked>),
    /// A billing run until a day, of one customer or of all.
    Period(Option<i64>, Day),
    Refund(NewRefund),
    /// Wishes for credit, as people have them.
    AskLimit(Id<Party>, Option<i64>, &'static str),
    AskTrust(Id<Party>, CreditState, &'static str),
    /// A verb of a change of credit.
    CreditVerb(&'static str, i64),
    /// A verb of a refund's lifecycle.
    RefundVerb(&'static str, i64),
    /// Asks for a return: an order, and quantities by line number.
    Return(i64, Vec<(i64, Qty)>),
    /// A verb of a return's lifecycle.
    ReturnVerb(&'static str, i64),
    /// Sets so much of a credit note against an invoice.
    ApplyCredit(i64, i64, i64),
    Pay(NewPayment),
    Allocate(i64, Vec<Pays>),
    Unallocate(i64),
    Reverse(i64, &'static str),
    Limit(Id<Party>, Option<i64>),
    Trust(Id<Party>, CreditState, &'static str),
    Receive(NewReceipt),
    Lead(NewLead),
    /// A verb of a lead's lifecycle, with a user, a score or a reason as it needs.
    LeadVerb(&'static str, i64, i64),
    Quote(quotes::NewQuote),
    /// A verb of a quotation's lifecycle.
    QuoteVerb(&'static str, i64),
    Revise(i64, Vec<Asked>),
    OpportunityVerb(&'static str, i64),
    ClosePeriod(i64),
    ReopenPeriod(i64, &'static str),
    Revalue(i64),
    Vouchers(Day),
}

/// Documents that no fact names: kind and id.
type More = Vec<(&'static str, i64)>;

impl Command {
    /// Must a repetition change nothing? What makes something new may make it again.
    #[must_use]
    pub fn is_once(&self) -> bool {
        match self {
            Self::Order(_)
            | Self::Pay(_)
            | Self::Allocate(..)
            | Self::Limit(..)
            | Self::AskLimit(..)
            | Self::AskTrust(..)
            | Self::Receive(_)
            | Self::Return(..)
            | Self::ApplyCredit(..)
            | Self::DrawChange(_)
            | Self::Together(_)
            | Self::Period(..)
            | Self::Refund(_)
            | Self::Lead(_)
            | Self::Quote(_)
            | Self::Vouchers(_) => false,
            Self::Change(_, change) => {
                !change.lines.iter().any(|line| matches!(line, LineChange::Add(_)))
            }
            Self::OrderVerb(..)
            | Self::ChangeVerb(..)
            | Self::RefundVerb(..)
            | Self::CreditVerb(..)
            | Self::Trust(..)
            | Self::Release(..)
            | Self::ApprovalVerb(..)
            | Self::ShipmentVerb(..)
            | Self::ShipPart(..)
            | Self::InvoiceVerb(..)
            | Self::ReturnVerb(..)
            | Self::Unallocate(_)
            | Self::Reverse(..)
            | Self::LeadVerb(..)
            | Self::QuoteVerb(..)
            | Self::Revise(..)
            | Self::OpportunityVerb(..)
            | Self::ClosePeriod(_)
            | Self::Revalue(_)
            | Self::ReopenPeriod(..) => true,
        }
    }

    /// Runs it. Errors: those of the command.
    pub fn run(&self, cx: &Ctx, tx: &mut Tx) -> Result<More> {
        match self {
            Self::Order(new) => enter::create_order(cx, tx, new).map(|_| ())?,
            Self::OrderVerb(verb, id) => order_verb(cx, tx, verb, *id)?,
            Self::Change(id, change) => {
                change::change_order(cx, tx, Id::from_raw(*id), change).map(|_| ())?;
            }
            Self::DrawChange(new) => change_orders::draw_up(cx, tx, new).map(|_| ())?,
            Self::ChangeVerb(verb, id) => change_verb(cx, tx, verb, *id)?,
            Self::Together(picked) => bill_several::bill_together(cx, tx, picked).map(|_| ())?,
            Self::Period(party, until) => {
                bill_several::bill_period(cx, tx, *party, *until).map(|_| ())?;
            }
            Self::Refund(new) => refund::draw_up(cx, tx, new).map(|_| ())?,
            Self::RefundVerb(verb, id) => refund_verb(cx, tx, verb, *id)?,
            Self::Trust(party, state, reason) => {
                trust::set_credit_state(cx, tx, *party, *state, reason).map(|_| ())?;
            }
            Self::Release(id, reason) => {
                holds::release_hold(cx, tx, Id::from_raw(*id), reason).map(|_| ())?;
            }
            Self::ApprovalVerb(verb, id, comment) => approval_verb(cx, tx, verb, *id, comment)?,
            Self::ShipmentVerb(verb, id) => shipment_verb(cx, tx, verb, *id)?,
            Self::ShipPart(id, percent) => ship_part(cx, tx, *id, *percent)?,
            Self::InvoiceVerb(verb, id) => invoice_verb(cx, tx, verb, *id)?,
            Self::Return(order, lines) => ask_back(cx, tx, *order, lines)?,
            Self::ReturnVerb(verb, id) => return_verb(cx, tx, verb, *id)?,
            Self::ApplyCredit(note, invoice, amount) => {
                let (note, invoice) = (Id::from_raw(*note), Id::from_raw(*invoice));
                net::apply_credit(cx, tx, note, invoice, *amount).map(|_| ())?;
            }
            Self::Pay(_) | Self::Allocate(..) | Self::Unallocate(_) | Self::Reverse(..) => {
                return self.money(cx, tx);
            }
            Self::Limit(party, limit) => trust::set_credit_limit(cx, tx, *party, *limit)?,
            Self::AskLimit(party, limit, reason) => {
                trust::ask_limit(cx, tx, *party, *limit, reason).map(|_| ())?;
            }
            Self::AskTrust(party, state, reason) => {
                trust::ask_state(cx, tx, *party, *state, reason).map(|_| ())?;
            }
            Self::CreditVerb(verb, id) => credit_verb(cx, tx, verb, *id)?,
            Self::Receive(new) => receive(cx, tx, new).map(|_| ())?,
            Self::Lead(new) => crm_verbs::create_lead(cx, tx, new).map(|_| ())?,
            Self::LeadVerb(verb, id, with) => lead_verb(cx, tx, verb, *id, *with)?,
            Self::Quote(new) => quotes::create_quote(cx, tx, new).map(|_| ())?,
            Self::QuoteVerb(verb, id) => quote_verb(cx, tx, verb, *id)?,
            Self::Revise(id, lines) => {
                quotes::revise_quote(cx, tx, Id::from_raw(*id), lines).map(|_| ())?;
            }
            Self::OpportunityVerb(verb, id) => opportunity_verb(cx, tx, verb, *id)?,
            Self::ClosePeriod(id) => {
                ledger::commands::close_period(cx, tx, Id::from_raw(*id)).map(|_| ())?;
            }
            Self::Revalue(id) => revalue::revalue(cx, tx, Id::from_raw(*id)).map(|_| ())?,
            Self::ReopenPeriod(id, reason) => {
                ledger::commands::reopen_period(cx, tx, Id::from_raw(*id), reason).map(|_| ())?;
            }
            Self::Vouchers(day) => {
                generate(cx, tx, &day.period(), Grouping::PerDayAndKind).map(|_| ())?;
            }
        }
        Ok(Vec::new())
    }

    fn money(&self, cx: &Ctx, tx: &mut Tx) -> Result<More> {
        let payment = match self {
            Self::Pay(new) => pay::receive_payment(cx, tx, new)?,
            Self::Allocate(id, pays) => pay::allocate(cx, tx, Id::from_raw(*id), pays)?,
            Self::Unallocate(id) => pay::unallocate(cx, tx, Id::from_raw(*id), "记错了")?,
            Self::Reverse(id, reason) => pay::reverse_payment(cx, tx, Id::from_raw(*id), reason)?,
            _ => return Ok(Vec::new()),
        };
        let made: Vec<finance::Allocation> = tx.list(
            find!(finance::Allocation, "payment = $2 ORDER BY id"),
            &[Stored::Int(payment.id.raw())],
        )?;
        Ok(made.iter().map(|a| ("allocation", a.id.raw())).collect())
    }
}

fn order_verb(cx: &Ctx, tx: &mut Tx, verb: &str, id: i64) -> Result<()> {
    let order = Id::from_raw(id);
    match verb {
        "submit" => submit::submit_order(cx, tx, order).map(|_| ()),
        "confirm" => submit::confirm_order(cx, tx, order).map(|_| ()),
        "cancel" => change::cancel_order(cx, tx, order, "随机").map(|_| ()),
        "cancel_silently" => change::cancel_order(cx, tx, order, " ").map(|_| ()),
        "cancel_remainder" => change::cancel_remainder(cx, tx, order, "随机").map(|_| ()),
        "promise" => {
            let on = cx.today().plus_days(id % 9 - 1);
            change::promise(cx, tx, order, on, "随机").map(|_| ())
        }
        "close" => submit::close_order(cx, tx, order).map(|_| ()),
        "reopen" => submit::reopen_order(cx, tx, order, "随机").map(|_| ()),
        "perform" => ship::perform(cx, tx, order).map(|_| ()),
        "bill" => bill_order(cx, tx, order).map(|_| ()),
        _ => bill_and_post(cx, tx, order).map(|_| ()),
    }
}

fn change_verb(cx: &Ctx, tx: &mut Tx, verb: &str, id: i64) -> Result<()> {
    let id = Id::from_raw(id);
    let done = match verb {
        "submit" => change_orders::submit(cx, tx, id),
        "approve" => change_orders::approve(cx, tx, id),
        "agree" => change_orders::agree(cx, tx, id, "随机"),
        "reject" => change_orders::end(cx, tx, id, Ending::Reject, "随机"),
        "decline" => change_orders::end(cx, tx, id, Ending::Decline, "随机"),
        _ => change_orders::end(cx, tx, id, Ending::Withdraw, "随机"),
    };
    done.map(|_| ())
}

fn refund_verb(cx: &Ctx, tx: &mut Tx, verb: &str, id: i64) -> Result<()> {
    let id = Id::from_raw(id);
    let done = match verb {
        "approve" => refund::approve(cx, tx, id),
        "start" => refund::start(cx, tx, id),
        "clear" => refund::clear(cx, tx, id, &refund::Left::default()),
        "fail" => refund::fail(cx, tx, id, "随机"),
        "retry" => refund::retry(cx, tx, id),
        "reverse" => refund::reverse(cx, tx, id, "随机"),
        _ => refund::withdraw(cx, tx, id, "随机"),
    };
    done.map(|_| ())
}

fn credit_verb(cx: &Ctx, tx: &mut Tx, verb: &str, id: i64) -> Result<()> {
    let id = Id::from_raw(id);
    let done = match verb {
        "approve" => trust::approve(cx, tx, id, ""),
        "reject" => trust::reject(cx, tx, id, "随机"),
        _ => trust::withdraw(cx, tx, id),
    };
    done.map(|_| ())
}

fn approval_verb(cx: &Ctx, tx: &mut Tx, verb: &str, id: i64, comment: &str) -> Result<()> {
    if verb == "again" {
        return holds::request_release(cx, tx, Id::from_raw(id)).map(|_| ());
    }
    let id = Id::from_raw(id);
    let done = match verb {
        "approve" => holds::answer(cx, tx, id, Answer::Approve, comment),
        "reject" => holds::answer(cx, tx, id, Answer::Reject, comment),
        "send_back" => holds::answer(cx, tx, id, Answer::SendBack, comment),
        "resubmit" => holds::ask(cx, tx, id, Again::Resubmit, comment),
        _ => holds::ask(cx, tx, id, Again::Withdraw, comment),
    };
    done.map(|_| ())
}

fn invoice_verb(cx: &Ctx, tx: &mut Tx, verb: &str, id: i64) -> Result<()> {
    let id = Id::from_raw(id);
    match verb {
        "post" => post_invoice(cx, tx, id).map(|_| ()),
        _ => cancel_invoice(cx, tx, id).map(|_| ()),
    }
}

fn ask_back(cx: &Ctx, tx: &mut Tx, order: i64, asked: &[(i64, Qty)]) -> Result<()> {
    let order = sales::commands::order(tx, Id::from_raw(order))?;
    let id_of = |no: i64| order.lines.iter().find(|l| l.line_no == no).map(|l| l.id);
    let lines = asked.iter().map(|(no, qty)| (id_of(*no).unwrap_or(Id::from_raw(7)), *qty));
    let new = returns::NewReturn {
        order: order.id,
        reason: "随机".to_owned(),
        fault: stock::Fault::Us,
        lines: lines.collect(),
    };
    returns::request_return(cx, tx, &new).map(|_| ())
}

fn return_verb(cx: &Ctx, tx: &mut Tx, verb: &str, id: i64) -> Result<()> {
    let id = Id::from_raw(id);
    let done = match verb {
        "approve" => returns::approve_return(cx, tx, id),
        "reject" => returns::reject_return(cx, tx, id, "随机"),
        "cancel" => returns::cancel_return(cx, tx, id, "随机"),
        "receive" => returns::receive_return(cx, tx, id, &[]),
        "part" => {
            let found = stock::commands::lock_return(tx, id)?;
            let half = |qty: Qty| Qty(qty.0 / 2);
            let came: Vec<_> = found.lines.iter().map(|l| (l.id, half(l.asked))).collect();
            returns::receive_return(cx, tx, id, &came)
        }
        _ => returns::settle_return(cx, tx, id),
    };
    done.map(|_| ())
}

fn shipment_verb(cx: &Ctx, tx: &mut Tx, verb: &str, id: i64) -> Result<()> {
    let id = Id::from_raw(id);
    let done = match verb {
        "start_picking" => ship::start_picking(cx, tx, id),
        "pick" => ship::pick(cx, tx, id),
        "pack" => ship::pack(cx, tx, id),
        "ship" => ship::ship(cx, tx, id, &Leaving::default()),
        "deliver" => ship::deliver(cx, tx, id, "张三", None),
        "recognise" => ship::recognise(cx, tx, id),
        _ => ship::cancel_shipment(cx, tx, id, "随机"),
    };
    done.map(|_| ())
}

fn ship_part(cx: &Ctx, tx: &mut Tx, id: i64, percent: i64) -> Result<()> {
    let id = Id::from_raw(id);
    let shipment = stock::commands::lock_shipment(tx, id)?;
    let part = |qty: Qty| Qty(qty.0 / 100 * percent);
    let lines = shipment.lines.iter().map(|l| (l.id, part(l.assigned))).collect();
    let leaving = Leaving { lines, ..Leaving::default() };
    ship::ship(cx, tx, id, &leaving).map(|_| ())
}

fn lead_verb(cx: &Ctx, tx: &mut Tx, verb: &str, id: i64, with: i64) -> Result<()> {
    let lead = Id::from_raw(id);
    let reason = if with % 5 == 0 { "" } else { "随机" };
    let done = match verb {
        "assign" => crm_verbs::assign(cx, tx, lead, with),
        "pool" => crm_verbs::pool(cx, tx, lead, reason),
        "give_back" => crm_verbs::give_back(cx, tx, lead, reason),
        "pick" => crm_verbs::pick(cx, tx, lead),
        "accept" => crm_verbs::accept(cx, tx, lead),
        "qualify" => crm_verbs::qualify(cx, tx, lead, with),
        "return" => crm_verbs::hand_back(cx, tx, lead, reason),
        "disqualify" => crm_verbs::disqualify(cx, tx, lead, reason),
        _ => quotes::convert_lead(cx, tx, lead, (with > 100).then(|| Id::from_raw(with))),
    };
    done.map(|_| ())
}

fn quote_verb(cx: &Ctx, tx: &mut Tx, verb: &str, id: i64) -> Result<()> {
    let quote = Id::from_raw(id);
    let done = match verb {
        "submit" => quotes::submit_quote(cx, tx, quote),
        "approve" => quotes::approve_quote(cx, tx, quote),
        "send" => quotes::send_quote(cx, tx, quote),
        "reject" => quotes::reject_quote(cx, tx, quote, "随机"),
        "expire" => quotes::expire_quote(cx, tx, quote),
        "withdraw" => quotes::withdraw_quote(cx, tx, quote),
        _ => return quotes::accept_quote(cx, tx, quote).map(|_| ()),
    };
    done.map(|_| ())
}

fn opportunity_verb(cx: &Ctx, tx: &mut Tx, verb: &str, id: i64) -> Result<()> {
    let opportunity = Id::from_raw(id);
    let done = match verb {
        "win" => crm_verbs::win(cx, tx, opportunity),
        "lose" => crm_verbs::lose(cx, tx, opportunity, "随机"),
        "pause" => crm_verbs::pause(cx, tx, opportunity, "随机"),
        "resume" => crm_verbs::resume(cx, tx, opportunity),
        "cancel" => crm_verbs::cancel(cx, tx, opportunity, "随机"),
        "reopen" => crm_verbs::reopen(cx, tx, opportunity, "随机"),
        stage => crm_verbs::advance(cx, tx, opportunity, stage, "随机"),
    };
    done.map(|_| ())
}
