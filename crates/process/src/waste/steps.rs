//! The steps of order to cash whose waits are compared: from which fact to which, and what they
//! are sliced by.
use crate::log::Names;
use crate::own::{Facts, Ground, Hours, Masters};
use rustc_hash::{FxHashMap, FxHashSet};

/// How a step's time is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Clock {
    /// Working hours of the company.
    Working,
    /// All hours: roads and customers do not keep ours.
    Calendar,
}

/// One wait, or one case's share of a step that few cases meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    pub order: i64,
    pub from: i64,
    pub to: i64,
    /// What counts of it, in microseconds of the step's clock, agreed parts cut off.
    pub time: i64,
    /// Who ended it; 0 where nobody did.
    pub actor: i64,
    /// What it holds up, in minor units of the base currency.
    pub amount: i64,
    /// Waits are compared with their like only: the same control.
    pub control: u32,
    /// Entries of [`Step::words`]: what it may be sliced by.
    pub tags: Vec<u32>,
    /// How often somebody had to come back to it.
    pub rounds: u32,
}

/// A step with its waits.
#[derive(Debug)]
pub struct Step {
    pub name: &'static str,
    pub clock: Clock,
    /// Every case counts, with nothing where it did not wait: how often it happens matters too.
    pub by_case: bool,
    pub waits: Vec<Wait>,
    /// Whether the step as a whole is looked at, or its slices only.
    pub as_a_whole: bool,
    /// Tags and controls, as `dimension=value`.
    pub words: Names,
}

impl Step {
    fn new(name: &'static str, clock: Clock, by_case: bool) -> Self {
        let mut words = Names::default();
        words.intern("");
        Self { name, clock, by_case, waits: Vec::new(), as_a_whole: true, words }
    }
}

/// What orders are sliced by, found once.
struct Orders<'g> {
    facts: &'g Facts,
    masters: &'g Masters,
    hours: &'g Hours,
    categories: FxHashMap<i64, Vec<i64>>,
    monthly: FxHashSet<i64>,
}

impl<'g> Orders<'g> {
    fn of(ground: &'g Ground) -> Self {
        let masters = &ground.masters;
        let month_end = |id: &&i64| masters.number("payment_terms", "month_end", **id) == Some(1);
        let terms = masters.ids("payment_terms").iter().filter(month_end);
        let codes: Vec<&str> = terms.map(|id| masters.text("payment_terms", "code", *id)).collect();
        let is_monthly =
            |order: &&i64| codes.contains(&masters.text("order", "terms_code", **order));
        Self {
            facts: ground.facts(),
            masters,
            hours: &ground.hours,
            categories: masters.by("order_line", "order_id"),
            monthly: masters.ids("order").iter().filter(is_monthly).copied().collect(),
        }
    }
    fn party(&self, order: i64) -> i64 {
        self.masters.number("order", "party", order).unwrap_or(0)
    }
    fn amount(&self, order: i64) -> i64 {
        self.masters.number("order", "gross", order).unwrap_or(0)
    }
    fn grade(&self, order: i64) -> String {
        format!("grade={}", self.masters.text("party", "grade", self.party(order)))
    }
    fn categories(&self, order: i64) -> Vec<String> {
        let lines = self.categories.get(&order).map_or(&[][..], Vec::as_slice);
        let product = |line: &i64| self.masters.number("order_line", "product", *line);
        let of = |id: i64| self.masters.text("product", "category", id);
        let mut all: Vec<&str> = lines.iter().filter_map(product).map(of).collect();
        all.sort_unstable();
        all.dedup();
        all.into_iter().filter(|c| !c.is_empty()).map(|c| format!("category={c}")).collect()
    }
    /// Categories of goods that were short, by order.
    fn short(&self) -> FxHashMap<i64, FxHashSet<String>> {
        let line = self.facts.kind("order_line");
        let mut all: FxHashMap<i64, FxHashSet<String>> = FxHashMap::default();
        for fact in self.facts.of(&["stock.shorted"]) {
            let Some(order) = self.objects(fact, "order") else { continue };
            let lines = self.facts.touches(fact as usize).filter(|(kind, _)| Some(*kind) == line);
            let product = |(_, id): (u8, i64)| self.masters.number("order_line", "product", id);
            let of = lines.filter_map(product);
            let names = of.map(|id| self.masters.text("product", "category", id));
            all.entry(order).or_default().extend(names.map(|name| format!("category={name}")));
        }
        all
    }
    fn owner(&self, order: i64) -> String {
        let owner = self.masters.number("order", "owner", order).unwrap_or(0);
        format!("owner={}", self.masters.text("user", "login", owner))
    }
    /// Whether an instant lies in the last seven days of its month.
    fn month_ends(&self, at: i64) -> bool {
        let day = self.hours.day(at);
        day.days_until(day.last_of_month()) < 7
    }
    fn objects(&self, fact: u32, kind: &str) -> Option<i64> {
        self.facts.object(fact as usize, self.facts.kind(kind))
    }
    fn at(&self, fact: u32) -> i64 {
        self.facts.at[fact as usize]
    }
    fn actor(&self, fact: u32) -> i64 {
        self.facts.actor(fact as usize)
    }
    /// A wait of a step, by its clock; `None` around the Spring Festival.
    fn wait(&self, step: &Step, order: i64, (from, to): (i64, i64), actor: i64) -> Option<Wait> {
        if to < from || self.hours.meets_festival(from, to) {
            return None;
        }
        let time = match step.clock {
            Clock::Working => self.hours.working(from, to),
            Clock::Calendar => to - from,
        };
        let (amount, tags) = (self.amount(order), Vec::new());
        Some(Wait { order, from, to, time, actor, amount, control: 0, tags, rounds: 0 })
    }
}

/// All steps, in the order of the work.
#[must_use]
pub fn all(ground: &Ground) -> Vec<Step> {
    let orders = Orders::of(ground);
    let mut steps = vec![
        by_owner(&orders, held(&orders, "order_data", &["data"], true)),
        held(&orders, "price_approval", &["price", "approval"], false),
        held(&orders, "credit_release", &["credit"], false),
        held(&orders, "overdue_release", &["overdue"], false),
        by_category(&orders, held(&orders, "supply", &["stock"], true)),
        picking(&orders),
        transit(&orders),
        billing(&orders),
        cash_application(&orders),
    ];
    for step in &mut steps {
        step.waits.sort_by_key(|w| (w.from, w.order, w.to));
    }
    steps
}

/// Holds of some kinds from placed to released; by case, orders without one count too.
fn held(orders: &Orders<'_>, name: &'static str, kinds: &[&str], by_case: bool) -> Step {
    let mut step = Step::new(name, Clock::Working, by_case);
    let facts = orders.facts;
    let mut open: FxHashMap<i64, u32> = FxHashMap::default();
    let mut found: FxHashMap<i64, Wait> = FxHashMap::default();
    let mut single = Vec::new();
    let told = facts.of(&[
        "order.held",
        "order.credit_blocked",
        "order.released",
        "order.credit_released",
        "order.changed",
    ]);
    let mut standing: FxHashMap<i64, u32> = FxHashMap::default();
    for fact in told {
        let Some(order) = orders.objects(fact, "order") else { continue };
        if facts.activity(fact as usize) == "order.changed" {
            if let Some(rounds) = standing.get_mut(&order) {
                *rounds += 1;
            }
            continue;
        }
        let Some(hold) = orders.objects(fact, "hold") else { continue };
        if !kinds.contains(&facts.reason(fact as usize)) {
            continue;
        }
        if matches!(facts.activity(fact as usize), "order.held" | "order.credit_blocked") {
            open.insert(hold, fact);
            standing.insert(order, 0);
            continue;
        }
        let Some(begun) = open.remove(&hold) else { continue };
        let rounds = standing.remove(&order).unwrap_or(0);
        let between = (orders.at(begun), orders.at(fact));
        let Some(mut wait) = orders.wait(&step, order, between, orders.actor(fact)) else {
            continue;
        };
        wait.rounds = rounds;
        match found.get_mut(&order) {
            Some(known) if by_case => known.time += wait.time,
            _ if by_case => drop(found.insert(order, wait)),
            _ => single.push(wait),
        }
    }
    step.waits = if by_case { with_others(orders, &step, found) } else { single };
    step
}

/// Who entered an order answers for its data.
fn by_owner(orders: &Orders<'_>, mut step: Step) -> Step {
    step.as_a_whole = false;
    for wait in &mut step.waits {
        wait.tags = vec![step.words.intern(&orders.owner(wait.order))];
    }
    step
}

/// What is short is short by product: an order that waits for goods of one category does not wait
/// for those of another that lie here. Each category of an order is a wait of its own, without time
/// where none of its goods were short.
fn by_category(orders: &Orders<'_>, mut step: Step) -> Step {
    step.as_a_whole = false;
    let short = orders.short();
    for wait in std::mem::take(&mut step.waits) {
        let lacking = short.get(&wait.order);
        for category in orders.categories(wait.order) {
            let is_short = lacking.is_none_or(|of| of.contains(&category));
            let time = if is_short { wait.time } else { 0 };
            let tags = vec![step.words.intern(&category)];
            step.waits.push(Wait { time, tags, ..wait.clone() });
        }
    }
    step
}

/// Every submitted order, with no time where nothing was found.
fn with_others(orders: &Orders<'_>, step: &Step, mut found: FxHashMap<i64, Wait>) -> Vec<Wait> {
    let mut all = Vec::new();
    let mut seen = FxHashSet::default();
    for fact in orders.facts.of(&["order.submitted"]) {
        let Some(order) = orders.objects(fact, "order") else { continue };
        if !seen.insert(order) {
            continue;
        }
        let at = orders.at(fact);
        match found.remove(&order) {
            Some(wait) => all.push(wait),
            None => all.extend(orders.wait(step, order, (at, at), 0)),
        }
    }
    all
}

/// From goods assigned, with nothing in the way, to picking begun.
fn picking(orders: &Orders<'_>) -> Step {
    let mut step = Step::new("picking", Clock::Working, false);
    let facts = orders.facts;
    let mut ready: FxHashMap<i64, i64> = FxHashMap::default();
    let mut freed: FxHashMap<i64, i64> = FxHashMap::default();
    for fact in
        facts.of(&["shipment.created", "order.released", "order.credit_released", "pick.started"])
    {
        let (order, shipment) = (orders.objects(fact, "order"), orders.objects(fact, "shipment"));
        match (facts.activity(fact as usize), order, shipment) {
            ("shipment.created", Some(_), Some(shipment)) => {
                ready.insert(shipment, orders.at(fact));
            }
            ("pick.started", Some(order), Some(shipment)) => {
                let Some(made) = ready.remove(&shipment) else { continue };
                let free = freed.get(&order).copied().unwrap_or(i64::MIN);
                let between = (made.max(free), orders.at(fact));
                step.waits.extend(orders.wait(&step, order, between, orders.actor(fact)));
            }
            (_, Some(order), None) if facts.reason(fact as usize) != "stock" => {
                freed.insert(order, orders.at(fact));
            }
            _ => {}
        }
    }
    for at in 0..step.waits.len() {
        let (order, to) = (step.waits[at].order, step.waits[at].to);
        let mut words = vec![orders.grade(order)];
        let categories = orders.categories(order);
        if orders.month_ends(to) {
            words.push("month_end".to_owned());
            words.extend(categories.iter().map(|c| format!("{c}&month_end")));
        }
        words.extend(categories);
        step.waits[at].tags = words.iter().map(|w| step.words.intern(w)).collect();
    }
    step
}

/// From goods on the truck to goods at the customer's.
fn transit(orders: &Orders<'_>) -> Step {
    let mut step = Step::new("transit", Clock::Calendar, false);
    let mut left: FxHashMap<i64, i64> = FxHashMap::default();
    for fact in orders.facts.of(&["ship.dispatched", "delivery.delivered"]) {
        let Some(shipment) = orders.objects(fact, "shipment") else { continue };
        if orders.facts.activity(fact as usize) == "ship.dispatched" {
            left.insert(shipment, orders.at(fact));
            continue;
        }
        let (Some(from), Some(order)) = (left.remove(&shipment), orders.objects(fact, "order"))
        else {
            continue;
        };
        if let Some(mut wait) = orders.wait(&step, order, (from, orders.at(fact)), 0) {
            let carrier = orders.masters.text("shipment", "carrier", shipment);
            wait.control = step.words.intern(&format!("carrier={carrier}"));
            wait.tags = vec![wait.control, step.words.intern(&orders.grade(order))];
            step.waits.push(wait);
        }
    }
    step
}

/// From the signed delivery being known to the invoice, where the terms do not bill by month.
fn billing(orders: &Orders<'_>) -> Step {
    let mut step = Step::new("billing", Clock::Calendar, false);
    step.as_a_whole = false;
    let mut known: FxHashMap<i64, i64> = FxHashMap::default();
    for fact in orders.facts.of(&["revenue.recognised", "invoice.issued"]) {
        let Some(order) = orders.objects(fact, "order") else { continue };
        if orders.facts.activity(fact as usize) == "revenue.recognised" {
            known.entry(order).or_insert_with(|| orders.at(fact));
            continue;
        }
        let Some(from) = known.remove(&order) else { continue };
        if orders.monthly.contains(&order) {
            continue;
        }
        let between = (from, orders.at(fact));
        if let Some(mut wait) = orders.wait(&step, order, between, orders.actor(fact)) {
            wait.control = step.words.intern("billed=by_shipment");
            wait.tags = vec![wait.control];
            step.waits.push(wait);
        }
    }
    step
}

/// From money in the bank to what it pays.
fn cash_application(orders: &Orders<'_>) -> Step {
    let mut step = Step::new("cash_application", Clock::Working, true);
    let facts = orders.facts;
    let mut came: FxHashMap<i64, u32> = FxHashMap::default();
    for fact in facts.of(&["payment.received", "payment.applied"]) {
        let Some(payment) = orders.objects(fact, "payment") else { continue };
        if facts.activity(fact as usize) == "payment.received" {
            came.insert(payment, fact);
            continue;
        }
        let Some(begun) = came.remove(&payment) else { continue };
        let order = orders.objects(fact, "order").unwrap_or(0);
        let between = (orders.at(begun), orders.at(fact));
        if let Some(mut wait) = orders.wait(&step, order, between, orders.actor(fact)) {
            wait.amount = facts.amount[begun as usize];
            step.waits.push(wait);
        }
    }
    step
}
