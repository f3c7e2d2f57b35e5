//! Entering and changing orders: lines, prices, quantities, cancelling.
use crate::order_to_cash::wake::Waiting;
use crate::order_to_cash::{credit, submit, supply};
use access::company::Company;
use kernel::{Ctx, Day, Done, Error, Id, PriceBasis, Rate, Result};
use party::Party;
use product::Product;
use sales::commands::save_order;
use sales::{Asked, Order, OrderLine, OrderState, Progress, Told, facts, lines};
use std::collections::BTreeMap;
use store::Tx;
use store::scope::{Belongs, intern};
use terms::{PaymentTerms, Wanted, credit_account, pricing};

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
        }
    }
}

/// Enters an order as a draft. Errors: those of `lines::check`, `party.not_customer`,
/// `terms.not_found`, `product.not_found`.
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
    let priced = price_lines(cx, tx, &company, &party, &new.lines)?;
    let mut order = header(cx, tx, &company, &party, terms.as_ref(), new)?;
    order.incl_tax = priced.incl_tax;
    for (at, (asked, (told, product))) in new.lines.iter().zip(&priced.lines).enumerate() {
        let mut line = OrderLine::new(cx.id(), order.id, at as i64 + 1, asked, told);
        line.tax_code.clone_from(&product.tax_code);
        line.text = if product.spec.is_empty() {
            product.name.clone()
        } else {
            format!("{} {}", product.name, product.spec)
        };
        if !product.is_goods() {
            line.kind = sales::LineKind::Service;
        }
        order.lines.push(line);
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

/// Lines with their prices and products, in the order asked.
struct PricedLines {
    incl_tax: bool,
    lines: Vec<(Told, Product)>,
}

fn price_lines(
    cx: &Ctx,
    tx: &mut Tx,
    company: &Company,
    party: &Party,
    asked: &[Asked],
) -> Result<PricedLines> {
    let ids: Vec<Id<Product>> = asked.iter().map(|a| a.product).collect();
    let products = product::commands::by_ids(tx, &ids)?;
    let wanted: Vec<Wanted> =
        asked.iter().map(|a| Wanted { product: a.product, qty: a.qty }).collect();
    let prices = pricing::quote(cx, tx, party, &wanted, &products)?;
    let incl_tax = match prices.first() {
        Some(first) if !party.price_list_code.is_empty() => first.basis == PriceBasis::Incl,
        Some(_) | None => company.prices_incl_tax,
    };
    let mut told = Vec::with_capacity(asked.len());
    for (line, price) in asked.iter().zip(&prices) {
        let product = &products[&line.product];
        let rate = tax_rate(cx, product)?;
        told.push((lines::tell(line, price, rate, incl_tax, company.currency)?, product.clone()));
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
    let belongs = Belongs {
        company: cx.company,
        owner: cx.user,
        department: cx.department,
        ..Belongs::default()
    };
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

/// A wanted change of an order.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// New ordered quantities by line number; the price stays as entered.
    pub quantities: Vec<(i64, kernel::Qty)>,
    pub requested_on: Option<Day>,
    pub ship_to: Option<String>,
    pub reason: String,
}

/// Changes quantities up or down, the wished date or the address; supply and credit follow.
///
/// A change to what already stands changes nothing. Errors: `order.below_floor` with the floor
/// (T11), `order.no_such_line`, `order.line_twice`, `order.reason_required` once
/// confirmed, `state.not_allowed`.
pub fn change_order(cx: &Ctx, tx: &mut Tx, id: Id<Order>, change: &Change) -> Result<Order> {
    cx.allow("sales.order.change")?;
    let (mut order, waiting) = lock_with_waiting(cx, tx, id)?;
    sales::ORDER_LIFECYCLE.step(order.state, "change", order.state)?.now()?;
    if order.state != OrderState::Draft && change.reason.trim().is_empty() {
        return Err(Error::invalid("order.reason_required", &order.number));
    }
    let mut numbers: Vec<i64> = change.quantities.iter().map(|(no, _)| *no).collect();
    numbers.sort_unstable();
    if let Some(twice) = numbers.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(Error::invalid("order.line_twice", twice[0]));
    }
    let before = credit::counted(&order);
    let changed = apply_change(cx, &mut order, change)?;
    let Some(fact) = changed else { return Ok(order) };
    order.sum();
    tx.tell(fact);
    if order.state == OrderState::Confirmed {
        let account = credit_account::lock(cx, tx, order.party)?;
        let delta = credit::settle(before, &mut order);
        credit_account::change(tx, account.id, delta);
        submit::recheck_credit(cx, tx, &mut order, &account)?;
        submit::follow_deposit(cx, tx, &mut order, &account)?;
        supply::run(cx, tx, std::slice::from_mut(&mut order), supply::Downstream::Perhaps)?;
        submit::clear_stock_hold(cx, tx, &mut order)?;
        save_order(tx, &mut order)?;
        waiting.serve(cx, tx, Some(&account))?;
        return Ok(order);
    }
    save_order(tx, &mut order)?;
    Ok(order)
}

/// An order, and who waits for what it may let go of: its goods and its customer's credit.
fn lock_with_waiting(cx: &Ctx, tx: &mut Tx, id: Id<Order>) -> Result<(Order, Waiting)> {
    let seen = sales::commands::order(tx, id)?;
    let goods = seen.lines.iter().filter(|l| l.reserved.0 > 0);
    let products: Vec<i64> = goods.map(|l| l.product.raw()).collect();
    let party = if seen.credit_taken > 0 { seen.party.raw() } else { 0 };
    let (own, waiting) = Waiting::lock(cx, tx, &[id.raw()], &products, party)?;
    let own = own.into_iter().next();
    Ok((own.ok_or_else(|| Error::not_found("store.not_found", "order"))?, waiting))
}

/// `None` when the order is already as wished.
fn apply_change(cx: &Ctx, order: &mut Order, change: &Change) -> Result<Option<kernel::Fact>> {
    let mut fact = order.fact(cx, facts::ORDER_QTY_CHANGED).because(&change.reason);
    let mut quantities = 0;
    for (no, qty) in &change.quantities {
        let (incl_tax, currency) = (order.incl_tax, order.currency);
        let line = order.lines.iter_mut().find(|l| l.line_no == *no);
        let line = line.ok_or_else(|| Error::invalid("order.no_such_line", no))?;
        if line.ordered == *qty {
            continue;
        }
        let asked = Asked {
            product: line.product,
            qty: *qty,
            price: Some(line.price_entered),
            discount: line.discount,
        };
        let priced = terms::Priced {
            price: line.price_entered,
            list_price: line.list_price,
            basis: if incl_tax { PriceBasis::Incl } else { PriceBasis::Excl },
            steps: Vec::new(),
        };
        let told = lines::tell(&asked, &priced, line.tax_rate, incl_tax, currency)?;
        let was = line.ordered;
        line.set_ordered(&asked, &told)?;
        fact = fact.on("order_line", line.id.raw(), "line").attr("from", was).attr("to", *qty);
        quantities += 1;
    }
    let mut other = 0;
    if let Some(day) = change.requested_on.filter(|d| Some(*d) != order.requested_on) {
        order.requested_on = Some(day);
        fact = fact.attr("requested_on", day);
        other += 1;
    }
    if let Some(address) = change.ship_to.as_ref().filter(|a| **a != order.ship_to) {
        order.ship_to.clone_from(address);
        other += 1;
    }
    if quantities == 0 && other > 0 {
        fact.activity = facts::ORDER_CHANGED;
    }
    Ok((quantities + other > 0).then_some(fact))
}

/// Cancels an order of which nothing has left (T10). Errors: those of [`Order::cancel`].
pub fn cancel_order(cx: &Ctx, tx: &mut Tx, id: Id<Order>, reason: &str) -> Result<Order> {
    cx.allow("sales.order.cancel")?;
    shrink(cx, tx, id, &|order| order.cancel(cx, reason))
}

/// Cancels what has not left. Errors: those of [`Order::cancel_remainder`].
pub fn cancel_remainder(cx: &Ctx, tx: &mut Tx, id: Id<Order>, reason: &str) -> Result<Order> {
    cx.allow("sales.order.cancel_remainder")?;
    shrink(cx, tx, id, &|order| order.cancel_remainder(cx, reason))
}

type Rule<'a> = &'a dyn Fn(&mut Order) -> Result<Done<kernel::Fact>>;

fn shrink(cx: &Ctx, tx: &mut Tx, id: Id<Order>, rule: Rule<'_>) -> Result<Order> {
    let (mut order, waiting) = lock_with_waiting(cx, tx, id)?;
    let before = credit::counted(&order);
    let was = order.state;
    let mut freed = None;
    let Done::Now(fact) = rule(&mut order)? else { return Ok(order) };
    tx.tell(fact);
    if was == OrderState::Confirmed {
        let account = credit_account::lock(cx, tx, order.party)?;
        let delta = credit::settle(before, &mut order);
        credit_account::change(tx, account.id, delta);
        supply::run(cx, tx, std::slice::from_mut(&mut order), supply::Downstream::Perhaps)?;
        freed = Some(account);
    }
    if order.state == OrderState::Cancelled {
        submit::drop_holds(cx, tx, &mut order)?;
    } else {
        submit::clear_stock_hold(cx, tx, &mut order)?;
    }
    order.derive_progress();
    if let Some(fact) = order.close_if_settled(cx) {
        tx.tell(fact);
    }
    save_order(tx, &mut order)?;
    if let Some(account) = freed {
        waiting.serve(cx, tx, Some(&account))?;
    }
    Ok(order)
}

/// Products of an order's lines.
pub(crate) fn products_of(tx: &mut Tx, order: &Order) -> Result<BTreeMap<Id<Product>, Product>> {
    let ids: Vec<Id<Product>> = order.lines.iter().map(|l| l.product).collect();
    product::commands::by_ids(tx, &ids)
}
