//! From a lead to an order: conversion, quotations with revisions, acceptance.
use crate::order_to_cash::enter::{NewOrder, create_order};
use crm::commands::{NewOpportunity, create_opportunity};
use crm::{Lead, LeadState, Opportunity};
use finance::rate_on;
use kernel::{Ctx, Currency, Day, Done, Error, Fact, Id, PriceBasis, Rate, Result, Stored};
use party::Party;
use product::Product;
use sales::commands::lock_quote;
use sales::{Asked, Order, Quote, QuoteLine, QuoteState, facts, lines};
use std::collections::BTreeMap;
use store::scope::{Belongs, intern};
use store::{Tx, find, numbers};
use terms::{Wanted, pricing};

/// Converts a qualified lead: links or makes the customer, opens the opportunity.
///
/// Converting again gives what was made. Errors: `state.not_allowed`, `party.not_customer`.
pub fn convert_lead(cx: &Ctx, tx: &mut Tx, id: Id<Lead>, party: Option<Id<Party>>) -> Result<Lead> {
    cx.allow("crm.lead.convert")?;
    let mut lead = tx.lock(id)?;
    if lead.state == LeadState::Converted {
        return Ok(lead);
    }
    crm::LEAD_LIFECYCLE.step(lead.state, "convert", LeadState::Converted)?.now()?;
    let customer = match party {
        Some(party) => tx.get(party)?,
        None => new_customer(cx, tx, &lead)?,
    };
    if !customer.is_customer {
        return Err(Error::invalid("party.not_customer", &customer.name));
    }
    let new = NewOpportunity {
        name: if lead.need.is_empty() { lead.name.clone() } else { lead.need.clone() },
        party: Some(customer.id),
        lead: Some(id),
        amount: lead.est_amount,
        close_expected: Some(cx.today().plus_days(60)),
    };
    let opportunity = create_opportunity(cx, tx, &new)?;
    let fact = lead.convert(cx, customer.id, opportunity.id.raw())?.now()?;
    tx.update(std::slice::from_ref(&lead));
    tx.tell(fact);
    lead.version += 1;
    Ok(lead)
}

fn new_customer(cx: &Ctx, tx: &mut Tx, lead: &Lead) -> Result<Party> {
    let name = if lead.company_name.is_empty() { &lead.name } else { &lead.company_name };
    let number = numbers::next(tx, "party")?;
    let mut party = Party::new(cx.id(), &format!("C{number:05}"), name);
    party.is_customer = true;
    party.region.clone_from(&lead.region);
    party.terms_code = "PREPAID".to_owned();
    let contact = party::Contact {
        id: cx.id(),
        party: party.id,
        name: lead.name.clone(),
        title: String::new(),
        phone: lead.phone.clone(),
        mail: lead.mail.clone(),
        wechat: lead.wechat.clone(),
    };
    party::commands::create(cx, tx, &party, &[contact], &[], &[])?;
    Ok(party)
}

/// What a new quotation says.
#[derive(Clone, Debug)]
pub struct NewQuote {
    pub party: Id<Party>,
    pub opportunity: Option<Id<Opportunity>>,
    pub valid_until: Option<Day>,
    pub lines: Vec<Asked>,
    /// The company's own where nothing is said.
    pub currency: Option<Currency>,
    /// Base units per unit of a foreign currency; else the rate of today.
    pub rate: Option<Rate>,
}

/// Draws up a quotation. Errors: those of `lines::check`, `product.not_found`, `rate.unknown`,
/// `price_list.other_currency`.
pub fn create_quote(cx: &Ctx, tx: &mut Tx, new: &NewQuote) -> Result<Quote> {
    cx.allow("sales.quote.create")?;
    let number = String::new();
    let mut quote = draw_up(cx, tx, new, number, 1, None)?;
    quote.number = numbers::yearly(tx, "QU", cx.company, cx.today().year())?;
    tx.insert(std::slice::from_ref(&quote));
    tx.insert(&quote.lines);
    tx.tell(quote.fact(cx, facts::QUOTE_CREATED).moved("", "draft"));
    Ok(quote)
}

fn draw_up(
    cx: &Ctx,
    tx: &mut Tx,
    new: &NewQuote,
    number: String,
    revision: i64,
    previous: Option<Id<Quote>>,
) -> Result<Quote> {
    lines::check(&new.lines)?;
    let party = tx.get(new.party)?;
    let company = tx.get(Id::<access::company::Company>::from_raw(cx.company))?;
    let ids: Vec<Id<Product>> = new.lines.iter().map(|l| l.product).collect();
    let products = product::commands::by_ids(tx, &ids)?;
    let wanted: Vec<Wanted> =
        new.lines.iter().map(|l| Wanted { product: l.product, qty: l.qty }).collect();
    let currency = new.currency.unwrap_or(company.currency);
    let rate = rate_on(cx, tx, currency, cx.today(), new.rate)?;
    let prices = pricing::quote(cx, tx, &party, &wanted, &products, (currency, rate))?;
    let incl_tax = prices.first().is_none_or(|p| p.basis == PriceBasis::Incl);
    let belongs = Belongs {
        company: cx.company,
        owner: cx.user,
        department: cx.department,
        ..Belongs::default()
    };
    let mut quote = Quote {
        id: cx.id(),
        version: 1,
        scope_id: intern(cx, tx, belongs)?,
        number,
        revision,
        company: cx.company,
        party: party.id,
        opportunity: new.opportunity.map_or(0, Id::raw),
        previous,
        state: QuoteState::Draft,
        currency,
        rate,
        incl_tax,
        terms_code: party.terms_code,
        valid_until: new.valid_until,
        owner: cx.user,
        gross: 0,
        net: 0,
        tax: 0,
        sent_at: None,
        decided_at: None,
        reject_reason: String::new(),
        accepted_order: 0,
        lines: Vec::new(),
    };
    for (asked, priced) in new.lines.iter().zip(&prices) {
        let line = quote_line(cx, &quote, asked, priced, &products)?;
        quote.lines.push(line);
    }
    quote.sum();
    Ok(quote)
}

fn quote_line(
    cx: &Ctx,
    quote: &Quote,
    asked: &Asked,
    priced: &terms::Priced,
    products: &BTreeMap<Id<Product>, Product>,
) -> Result<QuoteLine> {
    let product = &products[&asked.product];
    let rate = product::vat::rate_on(&product.tax_code, cx.today());
    let rate = rate.ok_or_else(|| Error::invalid("tax.no_rate", &product.tax_code))?;
    let told = lines::tell(asked, priced, rate, quote.incl_tax, quote.currency)?;
    Ok(QuoteLine {
        id: cx.id(),
        quote: quote.id,
        line_no: quote.lines.len() as i64 + 1,
        product: asked.product,
        text: product.name.clone(),
        qty: asked.qty,
        list_price: told.list_price,
        price_entered: told.price,
        discount: asked.discount,
        tax_code: product.tax_code.clone(),
        tax_rate: rate,
        gross: told.gross,
        net: told.net,
        tax: told.tax,
    })
}

type Rule<'a> = &'a dyn Fn(&mut Quote) -> Result<Done<Fact>>;

fn change(
    cx: &Ctx,
    tx: &mut Tx,
    id: Id<Quote>,
    permission: &'static str,
    rule: Rule<'_>,
) -> Result<Quote> {
    cx.allow(permission)?;
    let mut quote = lock_quote(tx, id)?;
    if let Done::Now(fact) = rule(&mut quote)? {
        tx.update(std::slice::from_ref(&quote));
        tx.tell(fact);
        quote.version += 1;
    }
    Ok(quote)
}

/// Into review, or approved at once when no line is below seven tenths of its list price and
/// none has a discount by hand.
pub fn submit_quote(cx: &Ctx, tx: &mut Tx, id: Id<Quote>) -> Result<Quote> {
    change(cx, tx, id, "sales.quote.move", &|quote| {
        let inside = |l: &QuoteLine| {
            l.discount == 0 && i128::from(l.price_entered.0) * 10 >= i128::from(l.list_price.0) * 7
        };
        let inside_limits = quote.lines.iter().all(inside);
        quote.submit(cx, inside_limits)
    })
}
/// Approves a quotation in review. Error: `approval.own_request` for its own author.
pub fn approve_quote(cx: &Ctx, tx: &mut Tx, id: Id<Quote>) -> Result<Quote> {
    change(cx, tx, id, "sales.quote.approve", &|quote| {
        if quote.state == QuoteState::InReview && quote.owner == cx.user && cx.user != 0 {
            return Err(Error::forbidden("approval.own_request", &quote.number));
        }
        quote.approve(cx)
    })
}
/// Sends it; the revision before is superseded by that.
///
/// Error: `quote.already_accepted` when the customer took the revision before.
pub fn send_quote(cx: &Ctx, tx: &mut Tx, id: Id<Quote>) -> Result<Quote> {
    let quote = change(cx, tx, id, "sales.quote.move", &|quote| quote.send(cx))?;
    if let Some(previous) = quote.previous {
        let mut old = tx.lock(previous)?;
        if old.state == QuoteState::Accepted && quote.state == QuoteState::Sent {
            return Err(Error::conflict("quote.already_accepted", &old.number));
        }
        if old.state == QuoteState::Sent {
            let fact = old.supersede(cx)?.now()?;
            tx.update(std::slice::from_ref(&old));
            tx.tell(fact.on("quote", quote.id.raw(), "revision"));
        }
    }
    Ok(quote)
}

/// Draws up the next revision of a sent quotation with new lines; the sent one stays as it is.
///
/// Errors: `state.not_allowed`, `quote.revision_exists`.
pub fn revise_quote(cx: &Ctx, tx: &mut Tx, id: Id<Quote>, new_lines: &[Asked]) -> Result<Quote> {
    cx.allow("sales.quote.create")?;
    let old = lock_quote(tx, id)?;
    sales::QUOTE_LIFECYCLE.step(old.state, "revise", QuoteState::Sent)?.now()?;
    let newer: Vec<Quote> = tx.list(
        find!(Quote, "previous = $2 AND state IN ('draft', 'in_review', 'approved') LIMIT 1"),
        &[Stored::Int(id.raw())],
    )?;
    if let Some(newer) = newer.first() {
        return Err(Error::conflict("quote.revision_exists", newer.revision));
    }
    let same: Vec<Asked> = old
        .lines
        .iter()
        .map(|l| Asked {
            product: l.product,
            qty: l.qty,
            price: Some(l.price_entered),
            discount: l.discount,
        })
        .collect();
    let new = NewQuote {
        party: old.party,
        opportunity: (old.opportunity != 0).then(|| Id::from_raw(old.opportunity)),
        valid_until: Some(cx.today().plus_days(30)),
        lines: if new_lines.is_empty() { same } else { new_lines.to_vec() },
        currency: Some(old.currency),
        rate: None,
    };
    let last: Option<i64> = tx.value(
        store::sql!(
            "SELECT CAST(COALESCE(MAX(revision), 0) AS BIGINT) FROM quote \
             WHERE tenant_id = $1 AND number = $2"
        ),
        &[Stored::text(old.number.clone())],
    )?;
    let revision = last.unwrap_or(1) + 1;
    let quote = draw_up(cx, tx, &new, old.number.clone(), revision, Some(id))?;
    tx.insert(std::slice::from_ref(&quote));
    tx.insert(&quote.lines);
    let fact = quote.fact(cx, facts::QUOTE_REVISED).moved("", "draft");
    tx.tell(fact.on("quote", id.raw(), "previous").attr("revision", revision));
    Ok(quote)
}

/// The customer accepts: an order with the same lines and prices, as a draft; the opportunity is
/// won. Accepting again gives the order that was made. Errors: `quote.expired`.
pub fn accept_quote(cx: &Ctx, tx: &mut Tx, id: Id<Quote>) -> Result<Order> {
    cx.allow("sales.quote.move")?;
    let mut quote = lock_quote(tx, id)?;
    if quote.state == QuoteState::Accepted {
        return sales::commands::order(tx, Id::from_raw(quote.accepted_order));
    }
    let asked = |l: &QuoteLine| Asked {
        product: l.product,
        qty: l.qty,
        price: Some(l.price_entered),
        discount: l.discount,
    };
    let mut new = NewOrder::of(quote.party, quote.lines.iter().map(asked).collect());
    (new.quote, new.opportunity) = (quote.id.raw(), quote.opportunity);
    new.currency = Some(quote.currency);
    new.requested_on = Some(cx.today().plus_days(7));
    new.ship_to = ship_to_of(tx, quote.party)?;
    // The rule first: a refused acceptance must not cost prices and a draft.
    let mut probe = quote.clone();
    probe.accept(cx, 0)?.now()?;
    let order = create_order(cx, tx, &new)?;
    let fact = quote.accept(cx, order.id.raw())?.now()?;
    tx.update(std::slice::from_ref(&quote));
    tx.tell(fact);
    if quote.opportunity != 0 {
        win(cx, tx, Id::from_raw(quote.opportunity))?;
    }
    Ok(order)
}

fn win(cx: &Ctx, tx: &mut Tx, id: Id<Opportunity>) -> Result<()> {
    let mut opportunity = tx.lock(id)?;
    if opportunity.state == crm::OpportunityState::Open {
        let fact = opportunity.win(cx)?.now()?;
        tx.update(std::slice::from_ref(&opportunity));
        tx.tell(fact);
    }
    Ok(())
}

/// A customer's first ship-to address as one line.
pub(crate) fn ship_to_of(tx: &mut Tx, party: Id<Party>) -> Result<String> {
    let found: Vec<party::Address> = tx.list(
        find!(party::Address, "party = $2 AND kind = 'ship_to' ORDER BY id LIMIT 1"),
        &[Stored::Int(party.raw())],
    )?;
    let line = |a: &party::Address| format!("{}{}{} {}", a.region, a.city, a.street, a.receiver);
    Ok(found.first().map(line).unwrap_or_default())
}

/// The customer refuses, with a reason.
pub fn reject_quote(cx: &Ctx, tx: &mut Tx, id: Id<Quote>, reason: &str) -> Result<Quote> {
    change(cx, tx, id, "sales.quote.move", &|quote| quote.reject(cx, reason))
}
/// Its last day is over.
pub fn expire_quote(cx: &Ctx, tx: &mut Tx, id: Id<Quote>) -> Result<Quote> {
    change(cx, tx, id, "sales.quote.move", &|quote| quote.expire(cx))
}
/// We take it back.
pub fn withdraw_quote(cx: &Ctx, tx: &mut Tx, id: Id<Quote>) -> Result<Quote> {
    change(cx, tx, id, "sales.quote.move", &|quote| quote.withdraw(cx))
}
