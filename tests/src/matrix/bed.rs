//! A company with small documents in every state, brought there by the verbs themselves.
use crate::house::{House, new_product, open};
use access::user::{NewUser, User};
use finance::Allocation;
use kernel::{DocRef, Error, Id, Instant, Price, Result, Stored};
use ledger::Period;
use ledger::vouchers::Voucher;
use product::ProductKind;
use serde_json::{Value, json};
use store::{find, jobs};
use terms::CreditChange;

/// Who enters the documents, who carries them on, and who runs the verb of the cell.
pub(super) const OWNER: i64 = 1;
const CARRIER: i64 = 3;
pub(super) const DOER: i64 = 9;

pub(super) struct Bed {
    pub(super) house: House,
    party: i64,
    screws: i64,
    service: i64,
    /// Two users to give leads to.
    users: [Id<User>; 2],
}

/// What of an order's lines differs between the rows.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Goods,
    Service,
    /// At half its list price.
    Cheap,
    /// Without a wished day.
    Undated,
}

/// What a change order wants.
#[derive(Clone, Copy)]
pub(super) enum Change {
    /// Two pieces more, for the customer.
    More,
    /// At half its list price.
    Cheap,
    /// Fewer pieces, and it is us who wish it.
    Ours,
}

/// An order that has come some way, with what it met there (0 where it has not).
#[derive(Clone, Copy)]
pub(super) struct Carried {
    pub(super) order: i64,
    pub(super) invoice: i64,
    pub(super) payment: i64,
}

fn id_of(shown: &Value) -> Result<i64> {
    let id = shown["id"].as_str().and_then(|text| text.parse().ok());
    id.ok_or_else(|| Error::bug("bug.reply", shown))
}

fn none(what: &str) -> Error {
    Error::bug("bug.none_found", what)
}

impl Bed {
    pub(super) fn of(engine: &str) -> Option<Self> {
        let house = open(engine)?;
        Some(Self::furnish(house).expect("the company can be furnished"))
    }

    fn furnish(house: House) -> Result<Self> {
        let party = house.customer("恒远机电", "N30", None)?.raw();
        let screws = house.product("SCREW-M4", "1.13", 100_000, 70)?.raw();
        let service = house.run(|cx, tx| {
            let mut product = new_product(cx, "INSTALL", Price::parse("113")?);
            product.kind = ProductKind::Service;
            product::commands::create(cx, tx, std::slice::from_ref(&product))?;
            Ok(product.id.raw())
        })?;
        let user = |login: &str| {
            let new = NewUser { login, name: login, department: None, roles: &[] };
            house.run(|cx, tx| access::commands::create_user(cx, tx, &new).map(|u| u.id))
        };
        let users = [user("chen")?, user("wang")?];
        Ok(Self { house, party, screws, service, users })
    }

    /// Runs a verb as the API does.
    pub(super) fn act(
        &self,
        user: i64,
        (entity, verb): (&str, &str),
        id: i64,
        body: &Value,
    ) -> Result<Value> {
        self.house.as_user(user, |cx, tx| flows::run_as(cx, tx, entity, verb, id, body))
    }
    fn create(&self, entity: &str, body: &Value) -> Result<i64> {
        id_of(&self.act(OWNER, (entity, "create"), 0, body)?)
    }
    /// Takes a document through verbs, each with its sensible body.
    pub(super) fn walk(&self, entity: &str, id: i64, verbs: &[&str]) -> Result<i64> {
        for verb in verbs {
            let mut body = self.body(entity, verb)?;
            if *verb == "assign" {
                body["owner"] = json!(self.users[0].to_string());
            }
            self.act(CARRIER, (entity, *verb), id, &body)?;
        }
        Ok(id)
    }

    /// A body that every verb finds what it needs in.
    pub(super) fn body(&self, entity: &str, verb: &str) -> Result<Value> {
        let lines = match (entity, verb) {
            ("order", "change") => json!([{ "line_no": 1, "qty": "12" }]),
            ("payment", "allocate") => {
                let invoice = self.billed(&["post"])?.invoice;
                json!([{ "invoice": invoice.to_string(), "amount": "1.00" }])
            }
            ("statement", "differ") => {
                json!([{ "line_no": 1, "difference": "-1.00", "note": "少收一件" }])
            }
            ("statement", "confirm") => json!([{ "line_no": 1, "dealt": "adjusted" }]),
            _ => json!([]),
        };
        let (invoice, amount) = match (entity, verb) {
            ("invoice", "apply_credit") => {
                (self.billed(&["post"])?.invoice.to_string(), "0.10".to_owned())
            }
            _ => (String::new(), String::new()),
        };
        Ok(json!({
            "reason": "客户要求", "score": 80, "stage": "solution", "signed_by": "张三",
            "owner": self.users[1].to_string(), "lines": lines, "invoice": invoice,
            "amount": amount, "seq": 0, "name": "另一个系统", "comment": "写明理由",
            "evidence": "邮件", "title": "回访客户", "for_user": self.users[1].to_string(),
        }))
    }

    // ---- sales

    fn lines(&self, kind: Kind) -> Value {
        let product = if matches!(kind, Kind::Service) { self.service } else { self.screws };
        let price = matches!(kind, Kind::Cheap).then_some("0.50");
        json!([{ "product": product.to_string(), "qty": "10", "price": price }])
    }
    pub(super) fn order_by(&self, user: i64, kind: Kind) -> Result<i64> {
        let day = (!matches!(kind, Kind::Undated)).then_some("2026-02-10");
        let body = json!({
            "party": self.party.to_string(), "ship_to": "宁波市鄞州区", "requested_on": day,
            "lines": self.lines(kind),
        });
        id_of(&self.act(user, ("order", "create"), 0, &body)?)
    }
    pub(super) fn order(&self, kind: Kind, verbs: &[&str]) -> Result<i64> {
        self.walk("order", self.order_by(OWNER, kind)?, verbs)
    }
    /// Held for a missing day that has come since.
    pub(super) fn filled_in(&self) -> Result<i64> {
        let id = self.order(Kind::Undated, &["submit"])?;
        let body = json!({ "requested_on": "2026-02-10", "reason": "补交期" });
        id_of(&self.act(CARRIER, ("order", "change"), id, &body)?)
    }
    pub(super) fn quote(&self, kind: Kind, verbs: &[&str]) -> Result<i64> {
        self.quote_until("2026-12-31", kind, verbs)
    }
    pub(super) fn quote_until(&self, day: &str, kind: Kind, verbs: &[&str]) -> Result<i64> {
        let body = json!({
            "party": self.party.to_string(), "valid_until": day, "lines": self.lines(kind),
        });
        self.walk("quote", self.create("quote", &body)?, verbs)
    }
    /// A sent quotation and its next revision, taken through verbs.
    pub(super) fn revised(&self, verbs: &[&str]) -> Result<i64> {
        let old = self.quote(Kind::Goods, &["submit", "send"])?;
        let body = self.body("quote", "revise")?;
        let new = id_of(&self.act(CARRIER, ("quote", "revise"), old, &body)?)?;
        self.walk("quote", new, verbs)?;
        Ok(old)
    }

    /// A change of a confirmed order, drawn up by a user.
    pub(super) fn change_order(&self, by: i64, wish: Change, verbs: &[&str]) -> Result<i64> {
        let order = self.order(Kind::Goods, &["submit"])?;
        let line = match wish {
            Change::More => json!({ "line_no": 1, "qty": "12" }),
            Change::Cheap => json!({ "line_no": 1, "price": "0.50" }),
            Change::Ours => json!({ "line_no": 1, "qty": "8" }),
        };
        let asked_by = if matches!(wish, Change::Ours) { "supply" } else { "customer" };
        let body = json!({
            "order": order.to_string(), "asked_by": asked_by, "reason": "计划调整",
            "lines": [line],
        });
        let made = id_of(&self.act(by, ("change_order", "create"), 0, &body)?)?;
        self.walk("change_order", made, verbs)
    }
    /// Fewer pieces than left meanwhile.
    pub(super) fn overtaken_change(&self) -> Result<i64> {
        let made = self.change_order(OWNER, Change::Ours, &[])?;
        let order = self
            .house
            .read(|_, tx| Ok(tx.get(Id::<sales::ChangeOrder>::from_raw(made))?.order_id))?;
        self.shipment_of(order.raw(), &["ship"])?;
        Ok(made)
    }

    // ---- people who may buy

    pub(super) fn lead(&self, verbs: &[&str]) -> Result<i64> {
        let body = json!({ "name": "赵工", "phone": "13800000000", "need": "紧固件" });
        self.walk("lead", self.create("lead", &body)?, verbs)
    }
    pub(super) fn opportunity(&self, verbs: &[&str]) -> Result<i64> {
        let body = json!({
            "name": "年度框架", "party": self.party.to_string(), "amount": "1000.00",
        });
        self.walk("opportunity", self.create("opportunity", &body)?, verbs)
    }

    // ---- goods and money

    pub(super) fn shipment(&self, verbs: &[&str]) -> Result<i64> {
        let order = self.order(Kind::Goods, &["submit"])?;
        self.shipment_of(order, verbs)
    }
    fn shipment_of(&self, order: i64, verbs: &[&str]) -> Result<i64> {
        let open = self.house.open_shipments(Id::from_raw(order))?;
        let id = open.first().ok_or_else(|| none("shipment"))?.id.raw();
        self.walk("shipment", id, verbs)
    }
    /// An order whose goods left and were signed for.
    pub(super) fn signed(&self) -> Result<i64> {
        let order = self.order(Kind::Goods, &["submit"])?;
        self.shipment_of(order, &["ship", "deliver"])?;
        Ok(order)
    }
    pub(super) fn billed(&self, verbs: &[&str]) -> Result<Carried> {
        let order = self.signed()?;
        let invoice = id_of(&self.act(CARRIER, ("order", "bill"), order, &json!({}))?)?;
        self.walk("invoice", invoice, verbs)?;
        Ok(Carried { order, invoice, payment: 0 })
    }
    pub(super) fn paid(&self) -> Result<Carried> {
        let billed = self.billed(&["post"])?;
        let lines = json!([{ "invoice": billed.invoice.to_string(), "amount": "11.30" }]);
        Ok(Carried { payment: self.payment(&lines, &[])?, ..billed })
    }
    /// One piece of a billed order that comes back, asked for by a user.
    pub(super) fn goods_back(&self, user: i64, verbs: &[&str]) -> Result<i64> {
        let order = self.billed(&["post"])?.order;
        self.back(user, order, verbs)
    }
    fn back(&self, user: i64, order: i64, verbs: &[&str]) -> Result<i64> {
        let line = self.house.get(Id::from_raw(order))?.lines[0].id;
        let body = json!({
            "order": order.to_string(), "reason": "有毛刺",
            "lines": [{ "id": line.to_string(), "qty": "1" }],
        });
        let made = id_of(&self.act(user, ("return", "create"), 0, &body)?)?;
        self.walk("return", made, verbs)
    }
    /// The credit note of a return on a paid invoice.
    pub(super) fn credit_note(&self) -> Result<i64> {
        let back = self.back(OWNER, self.paid()?.order, &["approve", "receive", "settle"])?;
        let found = self.house.read(|_, tx| tx.get(Id::<stock::Return>::from_raw(back)))?;
        Ok(found.credit_note)
    }
    /// Money that nobody asked for, on its way back.
    pub(super) fn refund(&self, user: i64, verbs: &[&str]) -> Result<i64> {
        let payment = self.payment(&json!([]), &[])?;
        self.refund_of(user, "payment", payment, verbs)
    }
    pub(super) fn refunded_note(&self) -> Result<i64> {
        let note = self.credit_note()?;
        self.refund_of(OWNER, "credit_note", note, &["approve", "start", "clear"])
    }
    fn refund_of(&self, user: i64, kind: &str, from: i64, verbs: &[&str]) -> Result<i64> {
        let mut body = json!({ "amount": "1.00", "method": "transfer", "reason": "多付" });
        body[kind] = json!(from.to_string());
        let made = id_of(&self.act(user, ("refund", "create"), 0, &body)?)?;
        self.walk("refund", made, verbs)
    }
    /// A higher limit for a customer of its own, asked for by a user.
    pub(super) fn credit_change(&self, user: i64, verbs: &[&str]) -> Result<i64> {
        let before =
            self.house.read(|_, tx| tx.list::<CreditChange>(find!(CreditChange, "id > 0"), &[]))?;
        let name = format!("恒远机电 {}", before.len());
        let party = self.house.customer(&name, "N30", Some(100))?.raw();
        let body = json!({ "limit": "200.00", "reason": "订单增加" });
        self.act(user, ("party", "set_credit_limit"), party, &body)?;
        let found = find!(CreditChange, "party = $2");
        let key = [Stored::Int(party)];
        let made = self.house.read(|_, tx| tx.list::<CreditChange>(found, &key))?;
        let made = made.first().ok_or_else(|| none("credit_change"))?.id.raw();
        self.walk("credit_change", made, verbs)
    }
    /// The limit was lowered since.
    pub(super) fn overtaken_credit_change(&self) -> Result<i64> {
        let made = self.credit_change(OWNER, &[])?;
        let change = self.house.read(|_, tx| tx.get(Id::<CreditChange>::from_raw(made)))?;
        let body = json!({ "limit": "50.00" });
        self.act(CARRIER, ("party", "set_credit_limit"), change.party.raw(), &body)?;
        Ok(made)
    }
    pub(super) fn payment(&self, lines: &Value, verbs: &[&str]) -> Result<i64> {
        let body = json!({
            "party": self.party.to_string(), "amount": "11.30", "method": "transfer",
            "lines": lines,
        });
        self.walk("payment", self.create("payment", &body)?, verbs)
    }
    /// What the customer got yesterday, stated today.
    pub(super) fn statement(&self, verbs: &[&str]) -> Result<i64> {
        self.signed()?;
        self.stated(verbs)
    }
    /// The same, when all of it is paid.
    pub(super) fn paid_statement(&self) -> Result<i64> {
        self.paid()?;
        self.stated(&["send", "confirm"])
    }
    fn stated(&self, verbs: &[&str]) -> Result<i64> {
        let until = self.house.cx(OWNER).today().to_string();
        self.house.at(self.house.now().plus(Instant::DAY));
        let body = json!({ "party": self.party.to_string(), "period_until": until });
        self.walk("statement", self.create("statement", &body)?, verbs)
    }
    /// What a payment paid: the record itself, or the one that took it back.
    pub(super) fn allocation(&self, back: bool, counter: bool) -> Result<i64> {
        let payment = self.paid()?.payment;
        let found = || {
            self.house.read(|_, tx| {
                let all: Vec<Allocation> = tx
                    .list(find!(Allocation, "payment = $2 ORDER BY id"), &[Stored::Int(payment)])?;
                Ok(all)
            })
        };
        let first = found()?.first().ok_or_else(|| none("allocation"))?.id.raw();
        if back {
            self.walk("allocation", first, &["reverse"])?;
        }
        let wanted = found()?.into_iter().find(|a| (a.reverses != 0) == counter);
        wanted.map(|a| a.id.raw()).ok_or_else(|| none("allocation"))
    }

    /// The hold that keeps an order back.
    pub(super) fn hold(&self, user: i64, kind: Kind, verbs: &[&str]) -> Result<i64> {
        let order = self.walk("order", self.order_by(user, kind)?, &["submit"])?;
        let on = DocRef { kind: "order", id: order };
        let open = self.house.read(|_, tx| policy::questions::open_holds(tx, on))?;
        let id = open.first().ok_or_else(|| none("hold"))?.id.raw();
        self.walk("hold", id, verbs)
    }

    /// A request about a deep discount, made by a user and taken through verbs: the asker's own by
    /// the asker, answers by somebody else.
    pub(super) fn approval(&self, asker: i64, verbs: &[&str]) -> Result<i64> {
        let order = self.order_by(OWNER, Kind::Cheap)?;
        self.act(asker, ("order", "submit"), order, &json!({}))?;
        let on = DocRef { kind: "order", id: order };
        let open = self.house.read(|_, tx| policy::questions::pending(tx, on))?;
        let id = open.first().ok_or_else(|| none("approval"))?.id.raw();
        for verb in verbs {
            let who = if ["resubmit", "withdraw"].contains(verb) { asker } else { CARRIER };
            self.act(who, ("approval", *verb), id, &self.body("approval", verb)?)?;
        }
        Ok(id)
    }

    // ---- work that goes on by itself

    /// A job that so many hands took and let fall.
    pub(super) fn job(&self, kind: &'static str, falls: usize, verbs: &[&str]) -> Result<i64> {
        let on = DocRef { kind: "company", id: self.house.company };
        let id = self.house.run(|cx, tx| jobs::queue(cx, tx, jobs::NewJob::of(kind, on)))?;
        for _ in 0..falls {
            self.house.at(self.house.now().plus(jobs::GOOD_FOR));
            self.house.run(|cx, tx| jobs::take(cx, tx, id, "gone"))?;
        }
        self.walk("job", id.raw(), verbs)
    }

    pub(super) fn webhook(&self, secret: bool, verbs: &[&str]) -> Result<i64> {
        let body = json!({ "name": "仓库系统", "url": "https://example.com/", "activities": "*" });
        let id = self.create("webhook", &body)?;
        if secret {
            self.house.run(|cx, tx| {
                connect::webhooks::issue_secret(cx, tx, Id::from_raw(id), [7; 32]).map(|_| ())
            })?;
        }
        self.walk("webhook", id, verbs)
    }

    /// A task that one user asks of another, who takes the steps.
    pub(super) fn task(&self, asker: i64, whom: i64, verbs: &[&str]) -> Result<i64> {
        for id in [asker, whom] {
            self.signs_in(id)?;
        }
        let body = json!({ "title": "回访客户", "for_user": whom.to_string() });
        let id = id_of(&self.act(asker, ("task", "create"), 0, &body)?)?;
        for verb in verbs {
            self.act(whom, ("task", verb), id, &self.body("task", verb)?)?;
        }
        Ok(id)
    }
    /// A number that acts is a user who may sign in.
    fn signs_in(&self, id: i64) -> Result<()> {
        self.house.run(|cx, tx| {
            if tx.find::<User>(Id::from_raw(id))?.is_none() {
                let (login, name) = (&*format!("user.{id}"), "李四");
                let new = NewUser { login, name, department: None, roles: &[] };
                let user = new.user(Id::from_raw(id), cx.now)?;
                tx.insert(std::slice::from_ref(&user));
                tx.tell(cx.fact(access::facts::USER_CREATED).on("user", id, "created"));
            }
            Ok(())
        })
    }

    // ---- books

    fn periods(&self, state: &str) -> Result<Vec<i64>> {
        self.house.read(|cx, tx| {
            let key = [Stored::Int(cx.company), Stored::text(state)];
            let all: Vec<Period> =
                tx.list(find!(Period, "company = $2 AND state = $3 ORDER BY period"), &key)?;
            Ok(all.iter().map(|p| p.id.raw()).collect())
        })
    }
    /// The first open period, or one behind it.
    pub(super) fn open_period(&self, at: usize) -> Result<i64> {
        self.periods("open")?.get(at).copied().ok_or_else(|| none("period"))
    }
    /// The last closed period, or one before it.
    pub(super) fn closed_period(&self, back: usize) -> Result<i64> {
        while self.periods("closed")?.len() <= back {
            self.walk("period", self.open_period(0)?, &["close"])?;
        }
        self.periods("closed")?.iter().rev().nth(back).copied().ok_or_else(|| none("period"))
    }
    /// A voucher of some stock that came in.
    pub(super) fn voucher(&self, maker: i64, verbs: &[&str]) -> Result<i64> {
        self.house.stock_up(Id::from_raw(self.screws), 1, 70)?;
        self.act(maker, ("voucher", "create"), 0, &json!({ "period": "2026-01" }))?;
        let last = self.house.read(|cx, tx| {
            let company = [Stored::Int(cx.company)];
            let all: Vec<Voucher> =
                tx.list(find!(Voucher, "company = $2 ORDER BY id DESC LIMIT 1"), &company)?;
            Ok(all.into_iter().next())
        })?;
        self.walk("voucher", last.ok_or_else(|| none("voucher"))?.id.raw(), verbs)
    }
}
