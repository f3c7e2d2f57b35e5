//! What the company has before its first simulated day: books, people, masters, stock, receivables.
use super::market::{Customer, Market, ON_FILE};
use super::staff::{House, Job, Staff};
use crate::dice::Dice;
use crate::names;
use access::company::NewCompany;
use flows::order_to_cash::bill::{OpeningReceivable, open_receivables};
use flows::order_to_cash::receive::{NewReceipt, NewReceiptLine, receive, value_of};
use flows::order_to_cash::trust::set_credit_limit;
use kernel::{Ctx, Currency, Day, Id, Instant, Price, Qty, Rate, Result};
use party::{Address, Contact, Heading, Party};
use product::{Product, ProductKind};
use std::sync::Arc;
use stock::{ReceiptKind, Warehouse};
use store::{Session, Tx, numbers};
use terms::{PriceAgreement, PriceItem, PriceList};

/// Ids of what was made, by the market's indices.
pub(super) struct Masters {
    pub(super) parties: Vec<Option<Id<Party>>>,
    pub(super) products: Vec<Id<Product>>,
    pub(super) warehouses: [Id<Warehouse>; 2],
    /// Customer, document number, due day, amount.
    pub(super) receivables: Vec<(usize, String, Day, i64)>,
    /// Units on hand by product.
    pub(super) on_hand: Vec<i64>,
}

/// Rows of one command at most, and documents of one.
const ROWS: usize = 300;

/// Tenant, company, books, terms and roles.
pub(super) fn found(session: &mut Session<'_>, tenant: i64, now: Instant) -> Result<House> {
    let cx = Ctx::system(tenant, now, session.ids());
    let own = names::own_company();
    let period = cx.today().period();
    let mut new = NewCompany::usual("MH", &own.name, &period);
    new.tax_id = own.tax_id.unwrap_or_default();
    (new.address, new.phone) = (own.address, own.phone);
    (new.bank, new.bank_account) = (own.bank, own.bank_account);
    let company = session.run(&cx, |cx, tx| {
        if tx.find::<access::tenant::Tenant>(Id::from_raw(tenant))?.is_none() {
            access::commands::create_tenant(cx, tx, &new.name)?;
        }
        access::commands::create_usual_roles(cx, tx)?;
        access::commands::create_company(cx, tx, new.clone())
    })?;
    let house = House {
        tenant,
        company: company.id.raw(),
        code: company.code.clone(),
        zone: company.zone()?,
        maker: session.ids(),
    };
    session.run(&house.system(now), |cx, tx| {
        flows::setup::open_company(cx, tx, &company.chart, &period)?;
        policy::commands::set(cx, tx, "overdue", OVERDUE, OVERDUE_DAYS)?;
        flows::setup::usual_terms(cx, tx)
    })?;
    Ok(house)
}

/// Trade on long credit is not stopped for a late month, but for two and a half.
const OVERDUE: &str = r#"{">": ["oldest_overdue_days", "days"]}"#;
const OVERDUE_DAYS: &str = r#"{"days": "75"}"#;

/// Masters and opening balances, by the manager and the accountant.
pub(super) fn open(
    session: &mut Session<'_>,
    house: &House,
    staff: &Staff,
    market: &Market,
    (seed, now): (u64, Instant),
) -> Result<Masters> {
    let mut dice = Dice::new(seed, 3);
    let boss = || staff.at(house, 0, now);
    let warehouses = session.run(&boss(), |cx, tx| {
        let first = stock::commands::open_warehouse(cx, tx, "NB", "宁波总仓", 1)?;
        let second = stock::commands::open_warehouse(cx, tx, "BL", "北仑线缆仓", 2)?;
        Ok([first.id, second.id])
    })?;
    let products = products(session, &boss, market)?;
    price_lists(session, &boss(), market, &products)?;
    let parties = parties(session, &boss, market, staff)?;
    agreements(session, &boss, market, &products, &parties)?;
    let mut masters =
        Masters { parties, products, warehouses, receivables: vec![], on_hand: vec![] };
    limits(session, house, staff, market, (&mut masters, &mut dice, now))?;
    stock_up(session, &boss, market, &mut masters, &mut dice)?;
    owed(session, house, staff, market, (&mut masters, &mut dice, now))?;
    Ok(masters)
}

type Boss<'a> = &'a dyn Fn() -> Ctx;

fn products(
    session: &mut Session<'_>,
    boss: Boss<'_>,
    market: &Market,
) -> Result<Vec<Id<Product>>> {
    let mut ids = Vec::with_capacity(market.goods.len());
    for part in (0..market.goods.len()).collect::<Vec<_>>().chunks(ROWS) {
        let made = session.run(&boss(), |cx, tx| {
            let all: Vec<Product> = part.iter().map(|i| product(cx, market, *i)).collect();
            product::commands::create(cx, tx, &all)?;
            Ok(all.iter().map(|p| p.id).collect::<Vec<_>>())
        })?;
        ids.extend(made);
    }
    Ok(ids)
}

fn product(cx: &Ctx, market: &Market, index: usize) -> Product {
    let made = names::product(index);
    let goods = &market.goods[index];
    Product {
        id: cx.id(),
        version: 1,
        code: made.code,
        name: made.name.to_owned(),
        spec: made.spec,
        brand: made.brand.to_owned(),
        category: made.category.to_owned(),
        kind: if goods.service { ProductKind::Service } else { ProductKind::Goods },
        unit: made.unit.to_owned(),
        aux_unit: String::new(),
        tax_code: made.vat_code.to_owned(),
        tax_class_code: made.tax_class.to_owned(),
        tax_class_name: made.tax_short.to_owned(),
        barcode: made.barcode.unwrap_or_default(),
        list_price: goods.list,
        standard_cost: goods.cost,
        lot_tracked: made.by_lot,
        active: true,
        batch_id: 0,
    }
}

/// Name, code, share of list prices in thousandths, including tax.
const LISTS: &[(&str, &str, i64, bool)] = &[
    ("标准价", "LIST", 1_000, true),
    ("经销价", "DEALER", 860, true),
    ("一级价", "FIRST", 800, true),
    ("大客户价", "KA", 750, true),
    ("经销价（不含税）", "DEALER-N", 860, false),
    ("一级价（不含税）", "FIRST-N", 800, false),
];

fn price_lists(
    session: &mut Session<'_>,
    boss: &Ctx,
    market: &Market,
    products: &[Id<Product>],
) -> Result<()> {
    session.run(boss, |cx, tx| {
        for (name, code, thousandths, incl_tax) in LISTS {
            let mut factor = thousandths * 1_000_000;
            if !incl_tax {
                factor = factor * 100 / 113;
            }
            let list = PriceList {
                id: cx.id(),
                version: 1,
                code: (*code).to_owned(),
                name: (*name).to_owned(),
                currency: Currency::CNY,
                incl_tax: *incl_tax,
                factor: Rate(factor),
            };
            let items = quantity_breaks(cx, &list, market, products);
            terms::commands::set_price_list(cx, tx, &list, &items)?;
        }
        Ok(())
    })
}

/// Every twelfth product is cheaper in quantity.
fn quantity_breaks(
    cx: &Ctx,
    list: &PriceList,
    market: &Market,
    products: &[Id<Product>],
) -> Vec<PriceItem> {
    let wanted = |at: &usize| market.goods[*at].active && at % 12 == 5;
    let item = |at: usize| {
        let scaled =
            i128::from(market.goods[at].list.0) * i128::from(list.factor.0) / 1_000_000_000;
        let price = i64::try_from(scaled * 96 / 100 / 100 * 100).unwrap_or(0);
        PriceItem {
            id: cx.id(),
            price_list: list.id,
            product: products[at],
            min_qty: Qty::whole((market.demand[at].1 * 1.5).ceil().max(2.0) as i64),
            price: Price(price),
            valid_from: None,
            valid_until: None,
        }
    };
    (0..products.len()).filter(wanted).map(item).collect()
}

fn parties(
    session: &mut Session<'_>,
    boss: Boss<'_>,
    market: &Market,
    staff: &Staff,
) -> Result<Vec<Option<Id<Party>>>> {
    let sales = staff.of(Job::Sales);
    let first = session.run(&boss(), |_, tx| numbers::next_many(tx, "party", ON_FILE as i64))?;
    let mut ids: Vec<Option<Id<Party>>> = vec![None; market.customers.len()];
    for part in (0..ON_FILE).collect::<Vec<_>>().chunks(60) {
        let known = ids.clone();
        let made = session.run(&boss(), |cx, tx| {
            let mut made: Vec<Id<Party>> = Vec::new();
            for at in part {
                let c = &market.customers[*at];
                let code = format!("C{:05}", first + *at as i64);
                let parent = parent_of(*at, |i| {
                    known[i].or_else(|| made.get(i.wrapping_sub(part[0])).copied())
                });
                let owner = staff.login(sales[c.sales]);
                made.push(party(cx, tx, c, (&code, owner, parent))?);
            }
            Ok(made)
        })?;
        for (at, id) in part.iter().zip(made) {
            ids[*at] = Some(id);
        }
    }
    Ok(ids)
}

/// The first member of a customer's group, when it is another.
fn parent_of(at: usize, id_of: impl Fn(usize) -> Option<Id<Party>>) -> Option<Id<Party>> {
    let group = names::company(at).group?;
    let first = group * 35;
    if first == at { None } else { id_of(first) }
}

fn party(
    cx: &Ctx,
    tx: &mut Tx,
    c: &Customer,
    (code, owner, parent): (&str, &str, Option<Id<Party>>),
) -> Result<Id<Party>> {
    let made = names::company(c.index);
    let mut party = Party::new(cx.id(), code, &made.name);
    party.is_customer = true;
    party.tax_id = made.tax_id.clone().unwrap_or_default();
    party.grade = if c.key_account {
        "A"
    } else if c.small {
        "C"
    } else {
        "B"
    }
    .to_owned();
    party.industry = format!("{:?}", made.trade).to_lowercase();
    party.region = made.province.to_owned();
    party.country = made.country.to_owned();
    party.owner_code = owner.to_owned();
    party.terms_code = c.terms.to_owned();
    party.price_list_code = c.list.to_owned();
    party.parent = parent;
    let contact = Contact {
        id: cx.id(),
        party: party.id,
        name: made.contact.name.clone(),
        title: made.position.to_owned(),
        phone: made.mobile.clone(),
        mail: made.email.clone(),
        wechat: String::new(),
    };
    let address = Address {
        id: cx.id(),
        party: party.id,
        kind: "ship_to".to_owned(),
        country: made.country.to_owned(),
        region: made.province.to_owned(),
        city: made.city.to_owned(),
        street: made.address.clone(),
        postal_code: String::new(),
        receiver: made.contact.name.clone(),
        phone: made.mobile.clone(),
    };
    let heading = Heading {
        id: cx.id(),
        party: party.id,
        name: made.name.clone(),
        tax_id: party.tax_id.clone(),
        address_phone: format!("{} {}", made.address, made.phone),
        bank_account: format!("{} {}", made.bank, made.bank_account),
        invoice_kind: "special".to_owned(),
        valid_from: None,
    };
    party::commands::create(cx, tx, &party, &[contact], &[address], &[heading])?;
    Ok(party.id)
}

fn agreements(
    session: &mut Session<'_>,
    boss: Boss<'_>,
    market: &Market,
    products: &[Id<Product>],
    parties: &[Option<Id<Party>>],
) -> Result<()> {
    let of = |(at, c): (usize, &Customer)| {
        let party = parties[at];
        c.agreed
            .iter()
            .filter_map(move |(p, percent)| Some((party?, at, *p, *percent)))
            .collect::<Vec<_>>()
    };
    let all: Vec<_> = market.customers.iter().enumerate().flat_map(of).collect();
    for part in all.chunks(ROWS) {
        session.run(&boss(), |cx, tx| {
            let row = |(party, at, p, _): &(Id<Party>, usize, usize, i64)| PriceAgreement {
                id: cx.id(),
                version: 1,
                party: *party,
                product: products[*p],
                min_qty: Qty::ZERO,
                price: market.price(*at, *p),
                valid_from: None,
                valid_until: None,
            };
            terms::commands::agree_prices(cx, tx, &part.iter().map(row).collect::<Vec<_>>())
        })?;
    }
    Ok(())
}

type Work<'a> = (&'a mut Masters, &'a mut Dice, Instant);

/// Limits from what a customer is expected to owe; some are too small, some generous.
fn limits(
    session: &mut Session<'_>,
    house: &House,
    staff: &Staff,
    market: &Market,
    (masters, dice, now): Work<'_>,
) -> Result<()> {
    let who = staff.of(Job::Credit)[0];
    let exposure = market.exposure();
    for (at, party) in masters.parties.iter().enumerate() {
        let Some(party) = *party else { continue };
        let c = &market.customers[at];
        if c.terms == "PREPAID" && dice.chance(0.8) {
            continue;
        }
        let wanted = (exposure[at] * dice.spread(LIMIT, 0.38)).max(30_000_00.0);
        let limit = (wanted as i64 + 500_000) / 1_000_000 * 1_000_000;
        let cx = staff.at(house, who, now);
        session.run(&cx, |cx, tx| set_credit_limit(cx, tx, party, Some(limit.max(1_000_000))))?;
    }
    Ok(())
}

/// A median limit against the mean exposure.
const LIMIT: f64 = 2.4;

fn stock_up(
    session: &mut Session<'_>,
    boss: Boss<'_>,
    market: &Market,
    masters: &mut Masters,
    dice: &mut Dice,
) -> Result<()> {
    let opening = |at: usize, dice: &mut Dice| {
        let (daily, line) = market.demand[at];
        let dead = !market.goods[at].active && at.is_multiple_of(11);
        if dead {
            return dice.between(20, 400);
        }
        (daily * 38.0 * dice.spread(1.0, 0.35) + line * 0.8).ceil() as i64
    };
    for (at, goods) in market.goods.iter().enumerate() {
        masters.on_hand.push(if goods.service { 0 } else { opening(at, dice) });
    }
    for (seat, warehouse) in masters.warehouses.iter().enumerate() {
        let here = |at: &usize| market.goods[*at].warehouse == seat && masters.on_hand[*at] > 0;
        let all: Vec<usize> = (0..market.goods.len()).filter(here).collect();
        for part in all.chunks(ROWS) {
            let line = |at: &usize| {
                let qty = Qty::whole(masters.on_hand[*at]);
                let value = value_of(qty, market.goods[*at].cost, Currency::CNY);
                NewReceiptLine { product: masters.products[*at], qty, value }
            };
            let new = NewReceipt {
                kind: ReceiptKind::Opening,
                warehouse: *warehouse,
                reason: "期初库存".to_owned(),
                lines: part.iter().map(line).collect(),
            };
            session.run(&boss(), |cx, tx| receive(cx, tx, &new).map(|_| ()))?;
        }
    }
    Ok(())
}

/// Open documents of the months before, as old as their terms let them be.
fn owed(
    session: &mut Session<'_>,
    house: &House,
    staff: &Staff,
    market: &Market,
    (masters, dice, now): Work<'_>,
) -> Result<()> {
    let who = staff.of(Job::Accountant)[0];
    let today = house.zone.day(now);
    let calendar = kernel::calendar::BusinessCalendar::china();
    let mut all: Vec<(usize, OpeningReceivable)> = Vec::new();
    for (at, sales) in market.sales().into_iter().enumerate() {
        let Some(party) = masters.parties[at] else { continue };
        let c = &market.customers[at];
        let days = match c.terms {
            "PREPAID" => continue,
            "DEP30" | "N30" => 34,
            "M30" => 50,
            "M60" => 80,
            _ => 110,
        };
        let mut left = (sales * f64::from(days) * 1.1) as i64;
        while left > 2_000_00 {
            let amount = (dice.spread(15_000_00.0, 1.0) as i64).clamp(500_00, left);
            left -= amount;
            let day = today.plus_days(-dice.between(1, i64::from(days)));
            let due = calendar.next_working(day.plus_days(i64::from(days) - 12));
            let number = format!("QC-{:05}", all.len() + 1);
            all.push((at, OpeningReceivable { party, number, day, due, amount }));
        }
    }
    let rows: Arc<[OpeningReceivable]> = all.iter().map(|(_, r)| r.clone()).collect();
    for part in rows.chunks(100) {
        session.run(&staff.at(house, who, now), |cx, tx| open_receivables(cx, tx, part))?;
    }
    masters.receivables = all.into_iter().map(|(at, r)| (at, r.number, r.due, r.amount)).collect();
    Ok(())
}
