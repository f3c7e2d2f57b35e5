//! The random company: a tiny house on which commands of every kind are thrown, right and wrong.
//!
//! A seed replays exactly. A refusal is fine, a bug is not: the error then names seed, step and
//! command. Done twice in a row, a verb of a lifecycle must change nothing or be refused.
mod command;
mod draw;

pub use command::Command;

use crate::dice::Dice;
use access::commands::{CompanyChange, change_company};
use access::company::NewCompany;
use access::department::NewDepartment;
use access::user::NewUser;
use flows::order_to_cash::picked::{Part, Picked};
use flows::order_to_cash::refund::Source;
use flows::order_to_cash::trust::set_credit_limit;
use kernel::{Ctx, Error, Grant, Id, Instant, Kind, Money, Price, Result, Zone};
use party::{Address, Party};
use product::{Product, ProductKind};
use std::collections::BTreeMap;
use std::sync::Arc;
use stock::Warehouse;
use store::{Session, Store, Tx};

/// One of the two people.
struct User {
    id: i64,
    department: i64,
    grants: Arc<[Grant]>,
}

/// The tiny company, and everything that was ever heard of in it.
pub struct World {
    seed: u64,
    tenant: i64,
    company: i64,
    users: Vec<User>,
    parties: Vec<Id<Party>>,
    products: Vec<Id<Product>>,
    warehouses: Vec<Id<Warehouse>>,
    now: Instant,
    step: u64,
    dice: Dice,
    /// Ids by kind of document, as facts named them.
    known: BTreeMap<&'static str, Vec<i64>>,
    /// Orders that are neither closed nor cancelled, oldest first.
    live: Vec<i64>,
    /// What a sensible person would do next.
    next: Vec<Command>,
    report: Report,
}

/// What a run did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Report {
    pub done: u64,
    pub repeated: u64,
    /// Refusals by code.
    pub refused: BTreeMap<&'static str, u64>,
    /// Documents met, by kind.
    pub met: BTreeMap<&'static str, usize>,
}

const TENANT: i64 = 1;

/// Throws `steps` random commands at a new company; `check` runs every so many and at the end.
///
/// Errors: a bug of a command or of a check, with seed and step to replay it.
pub fn run(
    store: &Store,
    seed: u64,
    steps: u32,
    check_every: Option<u32>,
    check: &mut dyn FnMut(&Store) -> Result<()>,
) -> Result<Report> {
    let mut world = World::setup(store, seed)?;
    let part = check_every.unwrap_or(steps).max(1);
    let mut left = steps;
    while left > 0 {
        let now = left.min(part);
        store
            .session(|session| (0..now).try_for_each(|_| step(session, &mut world).map(|_| ())))?;
        left -= now;
        check(store).map_err(|e| world.told(e, "check"))?;
    }
    Ok(world.finish())
}

/// The next command of a world.
///
/// Errors: a bug of the command, or `bug.changed_twice`.
pub fn step(session: &mut Session<'_>, world: &mut World) -> Result<Command> {
    world.step += 1;
    world.now = world.now.plus(world.dice.between(0, 24) * Instant::MINUTE);
    let command = world.draw();
    // Who draws up does not approve: the other one often does.
    let by_other = match command {
        Command::ChangeVerb("approve", _) | Command::RefundVerb("approve", _) => 0.6,
        _ => 0.1,
    };
    let who = usize::from(world.dice.chance(by_other));
    let first = world.throw(session, who, &command)?;
    if first.is_some() && world.dice.chance(0.15) {
        world.report.repeated += 1;
        let again = world.throw(session, who, &command)?;
        let changed = again.is_some_and(|facts| facts > 0);
        if changed && command.is_once() {
            let error = Error::bug("bug.changed_twice", "a repetition told facts");
            return Err(world.told(error, &format!("{command:?}")));
        }
    }
    Ok(command)
}

impl World {
    /// Four customers with small limits, six products of which one is a service, two warehouses,
    /// two users.
    pub fn setup(store: &Store, seed: u64) -> Result<Self> {
        store.session(|session| found(session, seed))
    }

    /// A user's context now; the second one may not do everything.
    fn at(&self, maker: Arc<kernel::IdMaker>, who: usize) -> Ctx {
        let mut cx = Ctx::system(self.tenant, self.now, maker);
        let user = &self.users[who];
        cx.company = self.company;
        (cx.user, cx.department) = (user.id, user.department);
        cx.actor_kind = kernel::ActorKind::Human;
        cx.zone = Zone::china();
        cx.grants = Arc::clone(&user.grants);
        cx
    }

    /// Runs a command; facts told, or `None` when it was refused.
    fn throw(
        &mut self,
        session: &mut Session<'_>,
        who: usize,
        command: &Command,
    ) -> Result<Option<usize>> {
        let cx = self.at(session.ids(), who);
        let done = session.run(&cx, |cx, tx| {
            let more = command.run(cx, tx)?;
            let named = |f: &kernel::Fact| (f.activity.name, f.objects.clone(), f.amount);
            Ok((more, tx.told().iter().map(named).collect::<Vec<_>>()))
        });
        match done {
            Ok((more, facts)) => {
                self.report.done += 1;
                for (kind, id) in more {
                    self.meet(kind, id);
                }
                for (activity, objects, amount) in &facts {
                    for object in objects {
                        self.meet(object.kind, object.id);
                    }
                    self.follow(activity, objects, *amount);
                }
                Ok(Some(facts.len()))
            }
            Err(e) if e.kind == Kind::Bug => Err(self.told(e, &format!("{command:?}"))),
            Err(e) => {
                *self.report.refused.entry(e.code).or_default() += 1;
                Ok(None)
            }
        }
    }

    fn meet(&mut self, kind: &'static str, id: i64) {
        let all = self.known.entry(kind).or_default();
        if all.iter().rev().take(400).all(|known| *known != id) {
            all.push(id);
        }
    }

    /// What was delivered is billed with all that is ready of its order, or now and then alone.
    fn bill(&mut self, order: i64, shipment: i64) -> Command {
        let part = Part::Delivery(Id::from_raw(shipment));
        match self.dice.chance(0.3) {
            true => Command::Together(vec![Picked { order, part }]),
            false => Command::OrderVerb("bill_and_post", order),
        }
    }

    fn follow(&mut self, activity: &str, objects: &[kernel::ObjectRef], worth: Option<Money>) {
        let amount = worth.map_or(0, |worth| worth.minor);
        let of = |kind: &str| objects.iter().find(|o| o.kind == kind).map_or(0, |o| o.id);
        let (order, shipment, quote, lead) = (of("order"), of("shipment"), of("quote"), of("lead"));
        let next = match activity {
            "order.entered" | "order.reopened" => {
                self.live.push(order);
                Command::OrderVerb("submit", order)
            }
            "order.closed" | "order.cancelled" => {
                self.live.retain(|id| *id != order);
                return;
            }
            "shipment.created" => Command::ShipmentVerb("ship", shipment),
            "ship.dispatched" => Command::ShipmentVerb("deliver", shipment),
            "delivery.delivered" => {
                let back = self.ask_back(order);
                self.next.extend(back);
                self.bill(order, shipment)
            }
            "order.held" | "order.credit_blocked" => Command::Release(of("hold"), "随机"),
            "invoice.drafted" => Command::InvoiceVerb("post", of("invoice")),
            "invoice.issued" => {
                let Some(gross) = worth else { return };
                self.payment_of(of("party"), of("invoice"), gross)
            }
            "change_order.drafted" => Command::ChangeVerb("submit", of("change_order")),
            "change_order.submitted" => {
                let verb = *self.dice.pick(&["approve", "approve", "agree", "agree", "reject"]);
                Command::ChangeVerb(verb, of("change_order"))
            }
            "change_order.approved" => Command::ChangeVerb("agree", of("change_order")),
            "invoice.credited" => {
                let from = Source::CreditNote(Id::from_raw(of("invoice")));
                let Some(next) = self.refund_of(from, -amount) else { return };
                next
            }
            "payment.received" => {
                let from = Source::Payment(Id::from_raw(of("payment")));
                let Some(next) = self.refund_of(from, amount / 4) else { return };
                next
            }
            "refund.drafted" => Command::RefundVerb("approve", of("refund")),
            "credit.change_asked" => Command::CreditVerb("approve", of("credit_change")),
            "refund.approved" | "refund.passed" | "refund.failed" => {
                let first = if activity == "refund.failed" { "retry" } else { "start" };
                Command::RefundVerb(first, of("refund"))
            }
            "refund.sent" | "refund.retried" => {
                let verb = *self.dice.pick(&["clear", "clear", "clear", "fail"]);
                Command::RefundVerb(verb, of("refund"))
            }
            "return.requested" => Command::ReturnVerb("approve", of("return")),
            "return.approved" => Command::ReturnVerb("receive", of("return")),
            "return.received" => Command::ReturnVerb("settle", of("return")),
            "lead.created" => Command::LeadVerb("assign", lead, self.users[0].id),
            "lead.assigned" => Command::LeadVerb("accept", lead, 1),
            "lead.contacted" => Command::LeadVerb("qualify", lead, 80),
            "lead.qualified" => Command::LeadVerb("convert", lead, 0),
            "quote.created" | "quote.revised" => Command::QuoteVerb("submit", quote),
            "quote.approved" => Command::QuoteVerb("send", quote),
            "quote.sent" => Command::QuoteVerb("accept", quote),
            _ => return,
        };
        if self.next.len() < 200 {
            self.next.push(next);
        }
    }

    fn told(&self, error: Error, command: &str) -> Error {
        error.with("seed", self.seed).with("step", self.step).with("command", command)
    }

    /// What was done so far.
    #[must_use]
    pub fn finish(mut self) -> Report {
        self.report.met = self.known.iter().map(|(kind, all)| (*kind, all.len())).collect();
        self.report
    }
}

// ---- set-up

fn found(session: &mut Session<'_>, seed: u64) -> Result<World> {
    let now = Zone::china().at(kernel::Day::of(2025, 1, 2), 9 * 60);
    let cx = Ctx::system(TENANT, now, session.ids());
    let company = session.run(&cx, |cx, tx| {
        access::commands::create_tenant(cx, tx, "Random")?;
        access::commands::create_usual_roles(cx, tx)?;
        access::commands::create_company(cx, tx, NewCompany::usual("R", "随机公司", "2025-01"))
    })?;
    let mut cx = Ctx::system(TENANT, now, session.ids());
    cx.company = company.id.raw();
    let users = session.run(&cx, |cx, tx| {
        flows::setup::open_company(cx, tx, &company.chart, "2025-01")?;
        flows::setup::usual_terms(cx, tx)?;
        two_users(cx, tx)
    })?;
    let masters = session.run(&cx, masters)?;
    let mut world = World {
        seed,
        tenant: TENANT,
        company: company.id.raw(),
        users,
        parties: masters.0,
        products: masters.1,
        warehouses: masters.2,
        now,
        step: 0,
        dice: Dice::new(seed, 50),
        known: BTreeMap::new(),
        live: Vec::new(),
        next: Vec::new(),
        report: Report::default(),
    };
    let periods = session.run(&cx, |cx, tx| {
        let key = [kernel::Stored::Int(cx.company)];
        let all: Vec<ledger::Period> =
            tx.list(store::find!(ledger::Period, "company = $2 ORDER BY period"), &key)?;
        Ok(all.iter().map(|p| p.id.raw()).collect::<Vec<_>>())
    })?;
    world.known.insert("period", periods);
    Ok(world)
}

/// One may do everything, one works at the order desk and in the warehouse, and approves.
fn two_users(cx: &Ctx, tx: &mut Tx) -> Result<Vec<User>> {
    let company = Id::from_raw(cx.company);
    let new = NewDepartment { company, code: "ALL", name: "全部", parent: None };
    let department = access::commands::create_department(cx, tx, &new)?;
    let people: [(&str, &[&str]); 2] =
        [("boss", &["admin"]), ("desk", &["order_desk", "warehouse", "approver"])];
    let hire = |(login, roles): (&str, &[&str])| {
        let new = NewUser { login, name: login, department: Some(department.id), roles };
        let user = access::commands::create_user(cx, tx, &new)?;
        let theirs = access::user_ctx(tx, login, "R", cx.now, cx.maker())?;
        let department = department.id.raw();
        Ok(User { id: user.id.raw(), department, grants: theirs.grants })
    };
    people.into_iter().map(hire).collect()
}

type Masters = (Vec<Id<Party>>, Vec<Id<Product>>, Vec<Id<Warehouse>>);

fn masters(cx: &Ctx, tx: &mut Tx) -> Result<Masters> {
    let products: Vec<Product> = (0..6).map(|nth| product(cx, nth)).collect();
    product::commands::create(cx, tx, &products)?;
    let mut parties = Vec::new();
    for (nth, terms) in ["N30", "M30", "PREPAID", "DEP30"].into_iter().enumerate() {
        let mut party = Party::new(cx.id(), &format!("K{nth}"), &format!("客户{nth}"));
        party.is_customer = true;
        party.terms_code = terms.to_owned();
        let address = ship_to(cx, party.id);
        party::commands::create(cx, tx, &party, &[], &[address], &[])?;
        if nth < 3 {
            set_credit_limit(cx, tx, party.id, Some(3_000_00 * (nth as i64 + 1)))?;
        }
        parties.push(party.id);
    }
    let first = stock::commands::open_warehouse(cx, tx, "A", "一仓", 1)?;
    dollars(cx, tx)?;
    small_refunds_ask_nobody(cx, tx)?;
    let second = stock::commands::open_warehouse(cx, tx, "B", "二仓", 2)?;
    Ok((parties, products.iter().map(|p| p.id).collect(), vec![first.id, second.id]))
}

fn small_refunds_ask_nobody(cx: &Ctx, tx: &mut Tx) -> Result<()> {
    let refund_threshold = Some(40_00);
    let change = CompanyChange { refund_threshold, ..CompanyChange::default() };
    change_company(cx, tx, Id::from_raw(cx.company), change).map(|_| ())
}

/// What a dollar is worth, another rate every day.
fn dollars(cx: &Ctx, tx: &mut Tx) -> Result<()> {
    let entity = &finance::entities::EXCHANGE_RATE;
    let rules = flows::rules();
    let rule = rules.into_iter().find(|(of, _)| *of == entity.name).map(|(_, rule)| rule);
    let first = kernel::Day::of(2025, 1, 1);
    for nth in 0..400 {
        let body = serde_json::json!({
            "currency": "USD",
            "base": "CNY",
            "day": first.plus_days(nth).to_string(),
            "rate": format!("{}.{:03}1", 6 + nth % 2, nth * 377 % 1000),
        });
        store::rows::create(cx, tx, entity, &body, rule)?;
    }
    Ok(())
}

fn ship_to(cx: &Ctx, party: Id<Party>) -> Address {
    Address {
        id: cx.id(),
        party,
        kind: "ship_to".to_owned(),
        country: "CN".to_owned(),
        region: "浙江省".to_owned(),
        city: "宁波市".to_owned(),
        street: "随机路1号".to_owned(),
        postal_code: String::new(),
        receiver: "收货人".to_owned(),
        phone: String::new(),
    }
}

fn product(cx: &Ctx, nth: i64) -> Product {
    let service = nth == 5;
    // Odd prices and a cost that does not divide: rounding must hold everywhere.
    let list_price = Price(3_330_000 + nth * 7_770_001);
    Product {
        id: cx.id(),
        version: 1,
        code: format!("P{nth}"),
        name: format!("商品{nth}"),
        spec: String::new(),
        brand: String::new(),
        category: "random".to_owned(),
        kind: if service { ProductKind::Service } else { ProductKind::Goods },
        unit: "个".to_owned(),
        aux_unit: String::new(),
        tax_code: ["VAT13", "VAT13", "VAT9", "VAT13", "VAT0", "VAT6"][nth as usize].to_owned(),
        tax_class_code: String::new(),
        tax_class_name: String::new(),
        barcode: String::new(),
        list_price,
        standard_cost: Price(list_price.0 * 6 / 10),
        lot_tracked: false,
        active: true,
        batch_id: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::Target;

    fn thrown(name: &str, seed: u64) -> Result<Report> {
        let path = std::env::temp_dir().join(format!("huiliu-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder for the test");
        let start = Zone::china().at(kernel::Day::of(2025, 1, 1), 0);
        let store = Store::open(&Target::File(path.join("random.db")), start)?;
        let mut checks = 0;
        let report = run(&store, seed, 600, Some(200), &mut |_| {
            checks += 1;
            Ok(())
        });
        assert!(checks == 3 || report.is_err());
        drop(store);
        std::fs::remove_dir_all(&path).expect("the test's own folder");
        report
    }

    #[test]
    fn a_seed_replays_exactly_and_meets_every_kind_of_document() -> Result<()> {
        let first = thrown("random-a", 1)?;
        assert_eq!(first, thrown("random-b", 1)?);
        for kind in
            ["order", "shipment", "invoice", "payment", "allocation", "hold", "approval", "quote"]
        {
            assert!(first.met.get(kind).is_some_and(|n| *n > 2), "{kind}: {:?}", first.met);
        }
        assert!(first.refused.len() > 15, "{:?}", first.refused);
        Ok(())
    }
}
