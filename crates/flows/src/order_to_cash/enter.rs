//! Entering orders: lines and their prices.
use access::company::Company;
use finance::rate_on;
use kernel::{Ctx, Currency, Day, Error, Id, PriceBasis, Rate, Result};
use party::Party;
use product::Product;
use sales::{Asked, Order, OrderLine, OrderState, Progress, Told, facts, lines};
use std::collections::BTreeMap;
use store::Tx;
use store::scope::{Belongs, intern};
use terms::{PaymentTerms, Wanted, pricing};

/// What a new order says.
#[derive(Clone, Debug)]
pub struct NewOrder {
    pub party: Id<Party>,
    pub lines: Vec<Asked>,
    pub requested_on: Option<Day>,
    pub ship_to: String,
    pub customer_po_no: String,
    pub channel: String,
    pub order_type: String,
    /// The accepted quotation and its opportunity, else 0. Its prices are taken as they are.
    pub quote: i64,
    pub opportunity: i64,
    /// The company's own where nothing is said.
    pub currency: Option<Currency>,
    /// Base units per unit of a foreign currency; else the rate of today.
    pub rate: Option<Rate>,
}

impl NewOrder {
    /// A standard order of a customer with lines.
    #[must_use]
    pub fn of(party: Id<Party>, lines: Vec<Asked>) -> Self {
        Self {
            party,
            lines,
            requested_on: None,
            ship_to: String::new(),
            customer_po_no: String::new(),
            channel: String::new(),
            order_type: "standard".into(),
            quote: 0,
            opportunity: 0,
            currency: None,
            rate: None,
        }
    }
}

/// Enters an order as a draft. Errors: those of `lines::check`, `party.not_customer`,
/// `terms.not_found`, `product.not_found`, `rate.unknown`, `price_list.other_currency`.
pub fn create_order(cx: &Ctx, tx: &mut Tx, new: &NewOrder) -> Result<Order> {
    cx.allow("sales.order.create")?;
    lines::check(&new.lines)?;
    let party = tx.get(new.party)?;
    if !party.is_customer {
        return Err(Error::invalid("party.not_customer", &party.name));
    }
    let company = tx.get(Id::<Company>::from_raw(cx.company))?;
    let terms = match party.terms_code.as_str() {
        "" => None,
        code => Some(terms::commands::terms_by_code(tx, code)?),
    };
    let currency = new.currency.unwrap_or(company.currency);
    let money = (currency, rate_on(cx, tx, currency, cx.today(), new.rate)?);
    let priced = price_lines(cx, tx, &company, &party, &new.lines, (money, None))?;
    let mut order = header(cx, tx, &company, &party, terms.as_ref(), new)?;
    (order.currency, order.rate) = money;
    order.incl_tax = priced.incl_tax;
    for (at, (asked, priced)) in new.lines.iter().zip(&priced.lines).enumerate() {
        order.lines.push(line(cx, order.id, at as i64 + 1, asked, priced));
    }
    order.sum();
    order.derive_progress();
    tx.insert(std::slice::from_ref(&order));
    tx.insert(&order.lines);
    let fact = order.fact(cx, facts::ORDER_ENTERED).moved("", "draft");
    let fact =
        fact.on("quote", new.quote, "quote").on("opportunity", new.opportunity, "opportunity");
    let fact = fact.worth(order.worth(), order.base(order.gross)).attr("lines", order.lines.len());
    tx.tell(fact.change("order", order.id.raw(), "channel", &order.channel));
    Ok(order)
}

/// A new line of an order.
pub(super) fn line(
    cx: &Ctx,
    order: Id<Order>,
    no: i64,
    asked: &Asked,
    (told, product): &PricedLine,
) -> OrderLine {
    let mut line = OrderLine::new(cx.id(), order, no, asked, told);
    line.tax_code.clone_from(&product.tax_code);
    line.text = if product.spec.is_empty() {
        product.name.clone()
    } else {
        format!("{} {}", product.name, product.spec)
    };
    if !product.is_goods() {
        line.kind = sales::LineKind::Service;
    }
    line
}

/// What a line is worth, and what it is of.
pub(super) type PricedLine = (Told, Product);

/// Lines with their prices and products, in the order asked.
pub(super) struct PricedLines {
    incl_tax: bool,
    pub(super) lines: Vec<PricedLine>,
}

/// Prices lines in a currency; with or without tax as an order that is there already says.
pub(super) fn price_lines(
    cx: &Ctx,
    tx: &mut Tx,
    company: &Company,
    party: &Party,
    asked: &[Asked],
    (money, incl_tax): (pricing::Into, Option<bool>),
) -> Result<PricedLines> {
    let ids: Vec<Id<Product>> = asked.iter().map(|a| a.product).collect();
    let products = product::commands::by_ids(tx, &ids)?;
    let wanted: Vec<Wanted> =
        asked.iter().map(|a| Wanted { product: a.product, qty: a.qty }).collect();
    let prices = pricing::quote(cx, tx, party, &wanted, &products, money)?;
    let usual = match prices.first() {
        Some(first) if !party.price_list_code.is_empty() => first.basis == PriceBasis::Incl,
        Some(_) | None => company.prices_incl_tax,
    };
    let incl_tax = incl_tax.unwrap_or(usual);
    let mut told = Vec::with_capacity(asked.len());
    for (line, price) in asked.iter().zip(&prices) {
        let product = &products[&line.product];
        let rate = tax_rate(cx, product)?;
        told.push((lines::tell(line, price, rate, incl_tax, money.0)?, product.clone()));
    }
    Ok(PricedLines { incl_tax, lines: told })
}

/// The product's tax rate today. Error: `tax.no_rate`.
fn tax_rate(cx: &Ctx, product: &Product) -> Result<Rate> {
    let rate = product::vat::rate_on(&product.tax_code, cx.today());
    rate.ok_or_else(|| Error::invalid("tax.no_rate", &product.tax_code).with("day", cx.today()))
}

fn header(
    cx: &Ctx,
    tx: &mut Tx,
    company: &Company,
    party: &Party,
    terms: Option<&PaymentTerms>,
    new: &NewOrder,
) -> Result<Order> {
    let (company_id, owner, department) = (cx.company, cx.user, cx.department);
    let belongs = Belongs { company: company_id, owner, department, ..Belongs::default() };
    let id = cx.id::<Order>();
    Ok(Order {
        id,
        version: 1,
        scope_id: intern(cx, tx, belongs)?,
        number: format!("D{id}"),
        company: cx.company,
        party: party.id,
        ship_to: new.ship_to.clone(),
        contact: String::new(),
        quote: new.quote,
        opportunity: new.opportunity,
        owner: cx.user,
        channel: new.channel.clone(),
        order_type: new.order_type.clone(),
        customer_po_no: new.customer_po_no.clone(),
        currency: company.currency,
        rate: Rate(Rate::SCALE),
        incl_tax: company.prices_incl_tax,
        terms_code: party.terms_code.clone(),
        written_credit: terms.is_some_and(PaymentTerms::is_written_credit),
        recognition: company.recognition.name().to_owned(),
        state: OrderState::Draft,
        fulfilment: Progress::None,
        billing: Progress::None,
        payment: Progress::None,
        holds: 0,
        ordered_on: Some(cx.today()),
        requested_on: new.requested_on,
        promised_first: None,
        promised_now: None,
        gross: 0,
        net: 0,
        tax: 0,
        deposit: 0,
        deposit_base: 0,
        deposit_tax: 0,
        deposit_tax_base: 0,
        covered: 0,
        covered_base: 0,
        revenue_base: 0,
        output_vat_base: 0,
        deferred_base: 0,
        billed_base: 0,
        paid: 0,
        credit_taken: 0,
        freight: 0,
        stated_total: 0,
        submitted_at: None,
        confirmed_at: None,
        closed_at: None,
        cancel_reason: String::new(),
        history: false,
        exact: "{}".to_owned(),
        batch_id: 0,
        lines: Vec::new(),
    })
}

/// Products of an order's lines.
pub(crate) fn products_of(tx: &mut Tx, order: &Order) -> Result<BTreeMap<Id<Product>, Product>> {
    let ids: Vec<Id<Product>> = order.lines.iter().map(|l| l.product).collect();
    product::commands::by_ids(tx, &ids)
}
