//! Foreign currency valued anew at the end of a period (期末调汇): what customers owe for invoices,
//! and what lies in the bank and in cash. What was paid ahead, and stock, keep their rates.
//!
//! Each time only what is missing is posted, so doing it again with the same rate does nothing.
use finance::commands::{lock_invoices, lock_open_items};
use finance::{Invoice, OpenItem, facts, rate_on};
use kernel::{Ctx, Currency, Day, DocRef, Error, Id, Money, Rate, Result, Stored, in_base};
use ledger::{Draft, DraftLine, Entry, PERIOD_LIFECYCLE, Period, PeriodState, posting};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use store::{Tx, find, find_in, sql};
use terms::{CreditAccount, CreditDelta, credit_account};

/// Invoices in foreign currency that one period values anew.
const MOST: usize = 10_000;

/// What stands on an account in a foreign currency, before and after.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Valued {
    /// `receivable`, `bank_foreign` or `cash`.
    pub role: String,
    /// The customer; 0 of a bank account.
    pub party: i64,
    pub currency: Currency,
    pub rate: Rate,
    /// In its currency.
    pub amount: i64,
    /// In base currency.
    pub before: i64,
    pub after: i64,
}

impl Valued {
    #[must_use]
    pub const fn difference(&self) -> i64 {
        self.after - self.before
    }
    /// As the API shows it.
    #[must_use]
    pub fn json(&self, base: Currency) -> Value {
        let bare = |minor, of| Money::new(minor, of).amount();
        json!({
            "role": self.role,
            "party": if self.party == 0 { Value::Null } else { self.party.to_string().into() },
            "currency": self.currency.code(),
            "rate": self.rate.to_string(),
            "amount": bare(self.amount, self.currency),
            "before": bare(self.before, base),
            "after": bare(self.after, base),
            "difference": bare(self.difference(), base),
        })
    }
}

/// One open item at the rate of the day.
struct At {
    item: OpenItem,
    rate: Rate,
    after: i64,
}

/// What a period would be valued at; nothing is written. Errors: `rate.unknown`,
/// `period.too_many_items`.
pub fn preview(cx: &Ctx, tx: &mut Tx, id: Id<Period>) -> Result<Vec<Valued>> {
    let period = tx.get(id)?;
    let day = day_of(cx, &period)?;
    let (invoices, items) = open_items(cx, tx, day)?;
    drop(invoices);
    let mut rates = Rates { day, known: BTreeMap::new() };
    let items = valued(cx, tx, items, &mut rates)?;
    let mut all = by_party(&items);
    all.extend(accounts(cx, tx, &mut rates)?);
    Ok(all)
}

/// The last day of the period, or today while it is not over.
fn day_of(cx: &Ctx, period: &Period) -> Result<Day> {
    let first = Day::parse(&format!("{}-01", period.period))?;
    Ok(first.last_of_month().min(cx.today()))
}

/// Values a period's foreign currency anew at the rate of its last day.
///
/// Doing it again changes nothing. Errors: `period.closed`, `period.later_revalued`,
/// `rate.unknown`, `period.too_many_items`, `state.not_allowed`.
pub fn revalue(cx: &Ctx, tx: &mut Tx, id: Id<Period>) -> Result<Vec<Valued>> {
    cx.allow("ledger.period.revalue")?;
    let period = tx.get(id)?;
    PERIOD_LIFECYCLE.step(period.state, "revalue", PeriodState::Open)?.now()?;
    let day = day_of(cx, &period)?;
    not_later(cx, tx, &period)?;
    let (seen, items) = open_items(cx, tx, day)?;
    // Credit accounts first, then what they are of.
    let accounts_of = lock_accounts(cx, tx, &items)?;
    let ids: Vec<i64> = seen.iter().map(|i| i.id.raw()).collect();
    let mut invoices = lock_invoices(tx, &ids)?;
    let ids: Vec<i64> = items.iter().map(|i| i.id.raw()).collect();
    let mut items = lock_open_items(tx, &ids)?;
    items.retain(|item| item.open != 0);
    let mut rates = Rates { day, known: BTreeMap::new() };
    let items = valued(cx, tx, items, &mut rates)?;
    let mut all = by_party(&items);
    all.extend(accounts(cx, tx, &mut rates)?);
    if all.iter().all(|v| v.difference() == 0) {
        return Ok(all);
    }
    let kept = save(cx, tx, &mut invoices, items);
    for account in &accounts_of {
        let party = account.party.raw();
        let own = all.iter().filter(|v| v.party == party).map(Valued::difference);
        let kept = kept.get(&party).copied().unwrap_or(0);
        let delta = CreditDelta { receivable: own.sum::<i64>() + kept, ..CreditDelta::default() };
        credit_account::change(tx, account.id, delta);
    }
    let drafts = drafts(id, &period, day, &all);
    let net: i64 = all.iter().map(Valued::difference).sum();
    let fact = cx.fact(ledger::facts::PERIOD_REVALUED).on("period", id.raw(), "period");
    tx.tell(fact.worth(Money::new(net, cx.base), net).attr("day", day));
    posting::post(cx, tx, &drafts)?;
    Ok(all)
}

/// What is to be done when a period is closed whose foreign currency is not valued anew.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unvalued {
    Refuse,
    Leave,
}

/// Closes a period, and reminds of what was not valued anew.
///
/// Errors: `period.not_revalued` with the amount that is missing, `rate.unknown`, those of
/// [`ledger::commands::close_period`].
pub fn close_period(cx: &Ctx, tx: &mut Tx, id: Id<Period>, unvalued: Unvalued) -> Result<Period> {
    cx.allow("ledger.period.close")?;
    let period = tx.get(id)?;
    if unvalued == Unvalued::Refuse && period.state == PeriodState::Open {
        let missing = preview(cx, tx, id)?;
        let missing: i64 = missing.iter().map(|v| v.difference().abs()).sum();
        if missing != 0 {
            let e = Error::conflict("period.not_revalued", &period.period);
            return Err(e.with("amount", Money::new(missing, cx.base)));
        }
    }
    ledger::commands::close_period(cx, tx, id)
}

/// Open invoices in foreign currency that were posted by a day, with their open items.
fn open_items(cx: &Ctx, tx: &mut Tx, day: Day) -> Result<(Vec<Invoice>, Vec<OpenItem>)> {
    let invoices: Vec<Invoice> = tx.list(
        find!(
            Invoice,
            "state = 'posted' AND company = $2 AND currency <> $3 AND day <= $4 \
             ORDER BY due, id LIMIT 10001"
        ),
        &[Stored::Int(cx.company), Stored::text(cx.base.code()), Stored::text(day.to_string())],
    )?;
    if invoices.len() > MOST {
        return Err(Error::conflict("period.too_many_items", invoices.len()).with("limit", MOST));
    }
    let ids: Vec<i64> = invoices.iter().map(|i| i.id.raw()).collect();
    if ids.is_empty() {
        return Ok((invoices, Vec::new()));
    }
    let items: Vec<OpenItem> =
        tx.list_in(find_in!(OpenItem, "invoice IN (#) ORDER BY id", 0), &[], &ids)?;
    Ok((invoices, items.into_iter().filter(|item| item.open != 0).collect()))
}

fn lock_accounts(cx: &Ctx, tx: &mut Tx, items: &[OpenItem]) -> Result<Vec<CreditAccount>> {
    let parties: BTreeSet<i64> = items.iter().map(|i| i.party.raw()).collect();
    if parties.is_empty() {
        return Ok(Vec::new());
    }
    let parties: Vec<i64> = parties.into_iter().collect();
    tx.lock_in(
        find_in!(CreditAccount, "company = $2 AND party IN (#) ORDER BY id", 1),
        &[Stored::Int(cx.company)],
        &parties,
    )
}

/// Rates of one day, each asked for once.
struct Rates {
    day: Day,
    known: BTreeMap<Currency, Rate>,
}

impl Rates {
    fn of(&mut self, cx: &Ctx, tx: &mut Tx, currency: Currency) -> Result<Rate> {
        if let Some(rate) = self.known.get(&currency) {
            return Ok(*rate);
        }
        let rate = rate_on(cx, tx, currency, self.day, None)?;
        self.known.insert(currency, rate);
        Ok(rate)
    }
}

fn valued(cx: &Ctx, tx: &mut Tx, items: Vec<OpenItem>, rates: &mut Rates) -> Result<Vec<At>> {
    let at = |item: OpenItem| {
        let rate = rates.of(cx, tx, item.currency)?;
        Ok(At { rate, after: in_base(item.open, item.currency, rate), item })
    };
    items.into_iter().map(at).collect()
}

/// What customers owe, by customer and currency.
fn by_party(items: &[At]) -> Vec<Valued> {
    let mut all: BTreeMap<(i64, Currency), Valued> = BTreeMap::new();
    for At { item, rate, after } in items {
        let one = all.entry((item.party.raw(), item.currency)).or_insert_with(|| Valued {
            role: "receivable".to_owned(),
            party: item.party.raw(),
            currency: item.currency,
            rate: *rate,
            amount: 0,
            before: 0,
            after: 0,
        });
        one.amount += item.open;
        one.before += item.open_base;
        one.after += after;
    }
    all.into_values().collect()
}

/// What lies in the bank and in cash at the end of the day, by account and currency.
fn accounts(cx: &Ctx, tx: &mut Tx, rates: &mut Rates) -> Result<Vec<Valued>> {
    let rows = tx.rows(
        sql!(
            "SELECT r.role, e.currency, CAST(COALESCE(SUM(l.txn_amount), 0) AS BIGINT), \
             CAST(COALESCE(SUM(l.debit - l.credit), 0) AS BIGINT) FROM account_role r \
             JOIN entry_line l ON l.tenant_id = r.tenant_id AND l.company = r.company \
             AND l.account = r.account JOIN entry e ON e.tenant_id = l.tenant_id \
             AND e.id = l.entry WHERE r.tenant_id = $1 AND r.company = $2 \
             AND r.role IN ('bank_foreign', 'cash') AND l.day <= $4 AND e.currency <> $3 \
             GROUP BY r.role, e.currency ORDER BY r.role, e.currency"
        ),
        &[
            Stored::Int(cx.company),
            Stored::text(cx.base.code()),
            Stored::text(rates.day.to_string()),
        ],
    )?;
    let mut all = Vec::new();
    for mut row in rows {
        let (role, code): (String, String) = (row.take()?, row.take()?);
        let (amount, before): (i64, i64) = (row.take()?, row.take()?);
        let currency = Currency::parse(&code)?;
        let rate = rates.of(cx, tx, currency)?;
        let after = in_base(amount, currency, rate);
        all.push(Valued { role, party: 0, currency, rate, amount, before, after });
    }
    Ok(all)
}

/// A later period's rates are in the books already. Error: `period.later_revalued`.
fn not_later(cx: &Ctx, tx: &mut Tx, period: &Period) -> Result<()> {
    let end = Day::parse(&format!("{}-01", period.period))?.last_of_month();
    let later: Vec<Entry> = tx.list(
        find!(Entry, "company = $2 AND day > $3 AND kind = 'revaluation' ORDER BY day LIMIT 1"),
        &[Stored::Int(cx.company), Stored::text(end.to_string())],
    )?;
    match later.first() {
        None => Ok(()),
        Some(entry) => {
            let e = Error::conflict("period.later_revalued", &period.period);
            Err(e.with("later", entry.day.period()))
        }
    }
}

/// Items and their invoices at what they are worth now; each invoice that changed is told. By how
/// much what is kept of credit notes for refunds changed with it, by customer: that lowers no
/// exposure.
fn save(cx: &Ctx, tx: &mut Tx, invoices: &mut [Invoice], items: Vec<At>) -> BTreeMap<i64, i64> {
    let mut kept: BTreeMap<i64, i64> = BTreeMap::new();
    let mut changed: BTreeMap<i64, i64> = BTreeMap::new();
    let mut saved = Vec::new();
    for At { mut item, after, .. } in items {
        let more = after - item.open_base;
        if more != 0 {
            item.open_base = after;
            item.revalued_base += more;
            *changed.entry(item.invoice.raw()).or_default() += more;
            saved.push(item);
        }
    }
    tx.update(&saved);
    for invoice in invoices {
        let Some(more) = changed.get(&invoice.id.raw()).copied() else { continue };
        *kept.entry(invoice.party.raw()).or_default() += invoice.revalued(more);
        tx.update(std::slice::from_ref(invoice));
        let fact = invoice.fact(cx, facts::RECEIVABLE_REVALUED);
        tx.tell(fact.worth(Money::new(more, cx.base), more));
    }
    kept
}

/// One entry for each currency: its own part is nothing, only what it is worth changed.
fn drafts(id: Id<Period>, period: &Period, day: Day, all: &[Valued]) -> Vec<Draft> {
    let mut by_currency: BTreeMap<Currency, Vec<&Valued>> = BTreeMap::new();
    for valued in all.iter().filter(|v| v.difference() != 0) {
        by_currency.entry(valued.currency).or_default().push(valued);
    }
    let draft = |(currency, valued): (Currency, Vec<&Valued>)| {
        let line = |v: &&Valued| DraftLine::debit(&v.role, v.difference(), 0).party(v.party);
        let mut lines: Vec<DraftLine> = valued.iter().map(line).collect();
        let net: i64 = valued.iter().map(|v| v.difference()).sum();
        match net {
            0 => {}
            gain if gain > 0 => lines.push(DraftLine::credit("exchange_gain", gain, 0)),
            loss => lines.push(DraftLine::debit("exchange_difference", -loss, 0)),
        }
        Draft {
            day,
            kind: "revaluation",
            origin: DocRef { kind: "period", id: id.raw() },
            text: period.period.clone(),
            currency,
            rate: valued[0].rate,
            reverses: 0,
            lines,
        }
    };
    by_currency.into_iter().map(draft).collect()
}
