//! A small company to tell stories in: two warehouses' worth of screws, a few customers, users.
use access::company::{Costing, NewCompany, Recognition, Taxpayer};
use flows::order_to_cash::change::Change;
use flows::order_to_cash::change_orders::{self, NewChange};
use flows::order_to_cash::enter::{NewOrder, create_order};
use flows::order_to_cash::receive::{NewReceipt, NewReceiptLine, receive};
use flows::order_to_cash::submit::submit_order;
use kernel::{Ctx, Currency, Day, Error, Id, Instant, Price, Qty, Rate, Result, Zone};
use party::Party;
use product::{Product, ProductKind};
use sales::{Asked, Order};
use std::cell::Cell;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use stock::{ReceiptKind, Warehouse};
use store::{Store, Target, Tx};

pub(crate) const TENANT: i64 = 1;

/// A store with the company in it, and the clock of its story.
pub(crate) struct House {
    pub(crate) store: Arc<Store>,
    pub(crate) company: i64,
    pub(crate) warehouse: Id<Warehouse>,
    /// Where the rows lie.
    pub(crate) target: Target,
    pub(crate) tenant: i64,
    now: Cell<Instant>,
    zone: Zone,
    _place: Place,
}

/// Where the rows lie; gone when the story is over.
pub(crate) enum Place {
    File(PathBuf),
    Schema(String),
    /// Another house's, which ends it.
    Shared,
}
impl Drop for Place {
    fn drop(&mut self) {
        match self {
            Self::Shared => {}
            Self::File(dir) => drop(std::fs::remove_dir_all(dir)),
            Self::Schema(schema) => {
                let Some(url) = postgres() else { return };
                let target = Target::Postgres { url, schema: "public".into() };
                if let Ok(store) = Store::open(&target, Instant(0)) {
                    let _gone = store.script(&format!("DROP SCHEMA {schema} CASCADE"));
                }
            }
        }
    }
}

static COUNT: AtomicU32 = AtomicU32::new(0);

/// The test's PostgreSQL; a missing one fails in CI (`./test` brings it), else it is said.
pub(crate) fn postgres() -> Option<String> {
    let url = std::env::var("HUILIU_TEST_PG").ok();
    assert!(url.is_some() || std::env::var("CI").is_err(), "HUILIU_TEST_PG is not set in CI");
    url
}

/// A fresh place for rows: `sqlite` or `postgres`.
pub(crate) fn fresh(engine: &str) -> Option<(Target, Place)> {
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("story_{}_{number}", std::process::id());
    if engine == "sqlite" {
        let dir = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&dir).expect("a temporary folder can be made");
        return Some((Target::File(dir.join("huiliu.db")), Place::File(dir)));
    }
    let Some(url) = postgres() else {
        println!("skipped on PostgreSQL: HUILIU_TEST_PG is not set");
        return None;
    };
    let public = Target::Postgres { url: url.clone(), schema: "public".into() };
    let admin = Store::open(&public, Instant(0)).expect("PostgreSQL answers");
    admin.script(&format!("CREATE SCHEMA {name}")).expect("a schema can be made");
    Some((Target::Postgres { url, schema: name.clone() }, Place::Schema(name)))
}

/// Tells a story on both engines.
pub(crate) fn each(story: impl Fn(&House) -> Result<()>) {
    each_with("enterprise", story);
}

/// Tells a story on both engines, of a company with a chart of accounts.
pub(crate) fn each_with(chart: &str, story: impl Fn(&House) -> Result<()>) {
    each_of(&NewCompany { chart: chart.into(), ..new_company() }, story);
}

/// Tells a story on both engines, of a company with policies of its own.
pub(crate) fn each_of(new: &NewCompany, story: impl Fn(&House) -> Result<()>) {
    for engine in ["sqlite", "postgres"] {
        if let Some(house) = open_with(engine, new)
            && let Err(error) = story(&house).and_then(|()| house.check())
        {
            panic!("on {engine}: {error:?}");
        }
    }
}

/// A store with nothing in it; gone when it is dropped.
pub(crate) struct Empty {
    pub(crate) store: Store,
    _place: Place,
}

/// A store of one engine that opens at the start of 2025; `None` where there is no PostgreSQL.
pub(crate) fn empty(engine: &str) -> Option<Empty> {
    let (target, place) = fresh(engine)?;
    let start = Zone::china().at(Day::of(2025, 1, 1), 0);
    let store = Store::open(&target, start).expect("the store opens");
    Some(Empty { store, _place: place })
}

/// A place with nothing in it, not even tables; gone when it is dropped.
pub(crate) struct Nowhere {
    pub(crate) target: Target,
    _place: Place,
}

/// A place of one engine; `None` where there is no PostgreSQL.
pub(crate) fn nowhere(engine: &str) -> Option<Nowhere> {
    let (target, place) = fresh(engine)?;
    Some(Nowhere { target, _place: place })
}

/// A company on one engine; `None` where there is no PostgreSQL.
pub(crate) fn open(engine: &str) -> Option<House> {
    open_with(engine, &new_company())
}

fn open_with(engine: &str, company: &NewCompany) -> Option<House> {
    let (target, place) = fresh(engine)?;
    let zone = Zone::china();
    let now = zone.at(Day::of(2026, 1, 5), 9 * 60);
    let store = Store::open(&target, now).expect("the store opens");
    let mut house = House {
        store: Arc::new(store),
        company: 0,
        warehouse: Id::from_raw(0),
        target,
        tenant: TENANT,
        now: Cell::new(now),
        zone,
        _place: place,
    };
    house.found(company).expect("the company is founded");
    Some(house)
}

/// A tenant beside another on the same server: on PostgreSQL its rows stand in the same tables, on
/// SQLite in a file of its own. Later, so that no id is anybody else's.
pub(crate) fn beside(house: &House, tenant: i64) -> House {
    let now = Instant(house.now().0 + 7 * Instant::MINUTE);
    let (store, target, place) = match &house.target {
        Target::Postgres { .. } => (Arc::clone(&house.store), house.target.clone(), Place::Shared),
        Target::File(_) => {
            let (target, place) = fresh("sqlite").expect("a file can always be made");
            (Arc::new(Store::open(&target, now).expect("the store opens")), target, place)
        }
    };
    let mut other = House {
        store,
        company: 0,
        warehouse: Id::from_raw(0),
        target,
        tenant,
        now: Cell::new(now),
        zone: Zone::china(),
        _place: place,
    };
    other.found(&new_company()).expect("the company is founded");
    other
}

impl House {
    fn found(&mut self, company: &NewCompany) -> Result<()> {
        let cx = self.system();
        let code = if self.tenant == TENANT { "main".into() } else { format!("t{}", self.tenant) };
        let (name, hosts) = ("汇流测试集团".to_owned(), Vec::new());
        let new = access::tenant::NewTenant { code, name, hosts };
        let chart = company.chart.as_str();
        let company = self.store.run(&cx, |cx, tx| {
            access::commands::add_tenant(cx, tx, &new)?;
            access::commands::create_company(cx, tx, company.clone())
        })?;
        self.company = company.id.raw();
        let warehouse = self.run(|cx, tx| {
            flows::setup::open_company(cx, tx, chart, "2026-01")?;
            flows::setup::usual_terms(cx, tx)?;
            stock::commands::open_warehouse(cx, tx, "W1", "一号库", 1)
        })?;
        self.warehouse = warehouse.id;
        Ok(())
    }

    fn system(&self) -> Ctx {
        Ctx::system(self.tenant, self.now.get(), self.store.ids())
    }

    /// A context that may do everything, of one user (1 is sales, 2 the desk, 3 finance …).
    /// A user's context whose rights of one kind reach so far and no further.
    pub(crate) fn reaching(&self, user: i64, permission: &str, reach: kernel::ScopeKind) -> Ctx {
        let grant = kernel::Grant { permission: permission.into(), reach, role: 0 };
        let mut cx = self.cx(user);
        cx.grants = Arc::new([grant]);
        cx
    }
    pub(crate) fn cx(&self, user: i64) -> Ctx {
        let mut cx = self.system();
        cx.company = self.company;
        cx.user = user;
        cx.actor_kind = kernel::ActorKind::Human;
        cx.source = kernel::Source::Ui;
        cx
    }

    /// Runs a command as the order desk.
    pub(crate) fn run<T>(&self, job: impl Fn(&Ctx, &mut Tx) -> Result<T>) -> Result<T> {
        self.as_user(2, job)
    }
    pub(crate) fn as_user<T>(
        &self,
        user: i64,
        job: impl Fn(&Ctx, &mut Tx) -> Result<T>,
    ) -> Result<T> {
        self.store.run(&self.cx(user), job)
    }
    pub(crate) fn read<T>(&self, job: impl FnOnce(&Ctx, &mut Tx) -> Result<T>) -> Result<T> {
        self.store.read(&self.cx(0), job)
    }

    /// Moves the story's clock to nine o'clock of a day.
    pub(crate) fn day(&self, day: Day) {
        self.now.set(self.zone.at(day, 9 * 60));
    }
    pub(crate) fn at(&self, now: Instant) {
        self.now.set(now);
    }
    pub(crate) fn now(&self) -> Instant {
        self.now.get()
    }

    /// A customer on terms, with a credit limit in yuan where one is given.
    pub(crate) fn customer(
        &self,
        name: &str,
        terms: &str,
        limit: Option<i64>,
    ) -> Result<Id<Party>> {
        self.run(|cx, tx| {
            let mut party = Party::new(cx.id(), name, name);
            party.is_customer = true;
            party.terms_code = terms.to_owned();
            party::commands::create(cx, tx, &party, &[], &[], &[])?;
            terms::commands::set_limit(cx, tx, party.id, limit.map(|yuan| yuan * 100))?;
            Ok(party.id)
        })
    }

    /// A product at a list price (including 13 % VAT), with so many pieces at a cost each in fen.
    pub(crate) fn product(
        &self,
        code: &str,
        price: &str,
        pieces: i64,
        cost: i64,
    ) -> Result<Id<Product>> {
        let id = self.run(|cx, tx| {
            let product = new_product(cx, code, Price::parse(price)?);
            product::commands::create(cx, tx, std::slice::from_ref(&product))?;
            Ok(product.id)
        })?;
        if pieces > 0 {
            self.stock_up(id, pieces, cost)?;
        }
        Ok(id)
    }

    /// Opening stock: pieces at a cost each in fen.
    pub(crate) fn stock_up(&self, product: Id<Product>, pieces: i64, cost: i64) -> Result<()> {
        let line = NewReceiptLine { product, qty: Qty::whole(pieces), value: pieces * cost };
        let new = NewReceipt {
            kind: ReceiptKind::Opening,
            warehouse: self.warehouse,
            reason: String::new(),
            lines: vec![line],
        };
        self.run(|cx, tx| receive(cx, tx, &new).map(|_| ()))
    }

    /// A draft order of pieces, wished for in a month, by user 1.
    pub(crate) fn order(
        &self,
        party: Id<Party>,
        lines: &[(Id<Product>, i64)],
    ) -> Result<Id<Order>> {
        let asked = |(product, pieces): &(Id<Product>, i64)| Asked {
            product: *product,
            qty: Qty::whole(*pieces),
            price: None,
            discount: 0,
        };
        let mut new = NewOrder::of(party, lines.iter().map(asked).collect());
        new.ship_to = "宁波市鄞州区".into();
        new.requested_on = Some(self.zone.day(self.now.get()).plus_days(30));
        self.as_user(1, |cx, tx| create_order(cx, tx, &new).map(|o| o.id))
    }

    pub(crate) fn submitted(
        &self,
        party: Id<Party>,
        lines: &[(Id<Product>, i64)],
    ) -> Result<Order> {
        let id = self.order(party, lines)?;
        self.as_user(1, |cx, tx| submit_order(cx, tx, id))
    }

    /// A confirmed order is changed by a document, for the customer, as far as nobody has to be
    /// asked.
    pub(crate) fn changed(&self, order: Id<Order>, change: Change) -> Result<Order> {
        let new = NewChange {
            order,
            asked_by: sales::AskedBy::Customer,
            evidence: String::new(),
            change,
        };
        self.as_user(3, |cx, tx| {
            let drawn = change_orders::draw_up(cx, tx, &new)?;
            change_orders::submit(cx, tx, drawn.id)?;
            sales::commands::order(tx, order)
        })
    }

    pub(crate) fn get(&self, id: Id<Order>) -> Result<Order> {
        self.read(|_, tx| sales::commands::order(tx, id))
    }

    /// Shipments of an order that have not left.
    pub(crate) fn open_shipments(&self, order: Id<Order>) -> Result<Vec<stock::Shipment>> {
        self.read(|_, tx| stock::commands::open_shipments(tx, order.raw()))
    }

    /// Ships everything of the order's open shipments; their ids.
    pub(crate) fn ship_all(&self, order: Id<Order>) -> Result<Vec<Id<stock::Shipment>>> {
        let open = self.open_shipments(order)?;
        for shipment in &open {
            self.run(|cx, tx| {
                flows::order_to_cash::ship::ship(cx, tx, shipment.id, &Default::default())
            })?;
        }
        Ok(open.iter().map(|s| s.id).collect())
    }
    pub(crate) fn deliver(&self, shipment: Id<stock::Shipment>) -> Result<()> {
        self.run(|cx, tx| {
            flows::order_to_cash::ship::deliver(cx, tx, shipment, "张三", None).map(|_| ())
        })
    }
    pub(crate) fn bill(&self, order: Id<Order>) -> Result<finance::Invoice> {
        self.as_user(3, |cx, tx| flows::order_to_cash::bill::bill_and_post(cx, tx, order))
    }
    /// The customer pays an invoice whole.
    pub(crate) fn pay(&self, invoice: &finance::Invoice) -> Result<finance::Payment> {
        use flows::order_to_cash::pay::{NewPayment, Pays, What, receive_payment};
        let new = NewPayment {
            currency: None,
            rate: None,
            party: invoice.party,
            amount: invoice.open,
            method: "transfer".into(),
            value_day: self.zone.day(self.now.get()),
            reference: invoice.number.clone(),
            pays: vec![Pays { what: What::Invoice(invoice.id), amount: invoice.open }],
        };
        self.as_user(3, |cx, tx| receive_payment(cx, tx, &new))
    }

    /// Proves every invariant; a breach fails the story.
    pub(crate) fn check(&self) -> Result<()> {
        check(&self.store, &self.cx(0))
    }

    /// The balance of an account role today, in fen, debit positive.
    pub(crate) fn balance(&self, role: &str) -> Result<i64> {
        self.read(|cx, tx| ledger::questions::balance_of(cx, tx, role, cx.today()))
    }
}

pub(crate) fn new_company() -> NewCompany {
    NewCompany {
        code: "HL".into(),
        name: "汇流五金有限公司".into(),
        currency: Currency::CNY,
        chart: "enterprise".into(),
        taxpayer: Taxpayer::General,
        prices_incl_tax: true,
        default_tax_code: "VAT13".into(),
        costing: Costing::MovingAverage,
        credit_control: true,
        recognition: Recognition::OnAcceptance,
        credit_alpha: Rate::percent(100),
        start_period: "2026-01".into(),
        zone: "Asia/Shanghai".into(),
        tax_id: String::new(),
        address: String::new(),
        phone: String::new(),
        bank: String::new(),
        bank_account: String::new(),
    }
}

pub(crate) fn new_product(cx: &Ctx, code: &str, list_price: Price) -> Product {
    Product {
        id: cx.id(),
        version: 1,
        code: code.to_owned(),
        name: code.to_owned(),
        spec: String::new(),
        brand: String::new(),
        category: String::new(),
        kind: ProductKind::Goods,
        unit: "个".into(),
        aux_unit: String::new(),
        tax_code: "VAT13".into(),
        tax_class_code: String::new(),
        tax_class_name: String::new(),
        barcode: String::new(),
        list_price,
        standard_cost: Price::ZERO,
        lot_tracked: false,
        active: true,
        batch_id: 0,
    }
}

/// The code of a refusal, for `assert_eq!`.
pub(crate) fn code<T>(result: Result<T>) -> &'static str {
    result.map_or_else(|e: Error| e.code, |_| "ok")
}

/// Shares a house between threads.
pub(crate) fn shared(house: House) -> Arc<SharedHouse> {
    Arc::new(SharedHouse { store: house.store, company: house.company, _place: house._place })
}

/// What threads need of a house.
pub(crate) struct SharedHouse {
    pub(crate) store: Arc<Store>,
    pub(crate) company: i64,
    _place: Place,
}

/// Proves every invariant of a store.
pub(crate) fn check(store: &Store, cx: &Ctx) -> Result<()> {
    store.seal(cx.tenant, cx.now)?;
    store.notice_growth()?;
    let report = store.read(cx, flows::check::run)?;
    match report.breaches.first() {
        None => Ok(()),
        Some(_) => Err(Error::bug("bug.check", format!("{:#?}", report.breaches))),
    }
}
