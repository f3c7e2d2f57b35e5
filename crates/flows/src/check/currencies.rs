//! Sub-ledger = control account by customer and currency, in that currency and in base currency;
//! parts in base currency sum to their whole; an entry balances in its own currency.
use super::Report;
use crate::order_to_cash::deposits::Apart;
use access::company::Company;
use kernel::{Result, Stored};
use sales::Order;
use std::collections::BTreeMap;
use store::{Sql, Tx, sql};

/// Role, customer and currency: the amount in that currency, and in base currency.
type Amounts = BTreeMap<(&'static str, i64, String), (i64, i64)>;

/// What documents say of the accounts that are kept by customer.
#[derive(Default)]
pub(super) struct Told(Amounts);

const UNBILLED: &str = "receivable_unbilled";
const RECEIVABLE: &str = "receivable";
const ADVANCE: &str = "customer_advance";
const LIABILITY: &str = "contract_liability";
const ROLES: [&str; 4] = [UNBILLED, RECEIVABLE, ADVANCE, LIABILITY];

impl Told {
    pub(super) fn unbilled(&mut self, order: &Order, amount: i64, base: i64) {
        self.add(UNBILLED, order.party.raw(), order.currency.code(), (amount, base));
    }
    fn add(&mut self, role: &'static str, party: i64, code: &str, amount: (i64, i64)) {
        let at = self.0.entry((role, party, code.to_owned())).or_default();
        *at = (at.0 + amount.0, at.1 + amount.1);
    }
    /// Adds what rows of (party, currency, amount, base) say, on the credit side where `owed`.
    fn read(&mut self, tx: &mut Tx, role: &'static str, sign: i64, of: &Of<'_>) -> Result<()> {
        for mut row in tx.rows(of.sql, of.key)? {
            let (party, code): (i64, String) = (row.take()?, row.take()?);
            let (amount, base): (i64, i64) = (row.take()?, row.take()?);
            self.add(role, party, &code, (sign * amount, sign * base));
        }
        Ok(())
    }
}

struct Of<'a> {
    sql: &'static Sql,
    key: &'a [Stored],
}

pub(super) fn prove(
    tx: &mut Tx,
    company: &Company,
    apart: Apart,
    orders: &Told,
    report: &mut Report,
) -> Result<()> {
    let key = [Stored::Int(company.id.raw())];
    let mut told = Told(orders.0.clone());
    told.read(tx, RECEIVABLE, 1, &Of { sql: open(), key: &key })?;
    told.read(tx, ADVANCE, -1, &Of { sql: free(), key: &key })?;
    let role = if apart == Apart::Yes { LIABILITY } else { ADVANCE };
    told.read(tx, role, -1, &Of { sql: deposits(), key: &key })?;
    let mut booked = Told::default();
    for mut row in tx.rows(booked_by_currency(), &key)? {
        let name: String = row.take()?;
        let (party, code): (i64, String) = (row.take()?, row.take()?);
        let amount: (i64, i64) = (row.take()?, row.take()?);
        // One account may play two roles: it is looked at once.
        let is_twice = apart == Apart::No && name == LIABILITY;
        if let Some(role) = ROLES.into_iter().find(|r| *r == name).filter(|_| !is_twice) {
            booked.add(role, party, &code, amount);
        }
    }
    let name = "ledger.accounts_are_what_documents_say_by_currency";
    report.proved.push(name);
    let keys = told.0.keys().chain(booked.0.keys());
    let keys: std::collections::BTreeSet<_> = keys.cloned().collect();
    for key in keys {
        let of = |all: &Told| all.0.get(&key).copied().unwrap_or_default();
        let (expected, found) = (of(&told), of(&booked));
        let on = format!("{} of party {} in {}", key.0, key.1, key.2);
        report.same(name, &on, expected.0, found.0);
        report.same(name, &format!("{on}, base"), expected.1, found.1);
    }
    parts(tx, report)
}

fn open() -> &'static Sql {
    sql!(
        "SELECT party, currency, CAST(COALESCE(SUM(open), 0) AS BIGINT), \
         CAST(COALESCE(SUM(open_base), 0) AS BIGINT) FROM open_item \
         WHERE tenant_id = $1 AND company = $2 GROUP BY party, currency"
    )
}

fn free() -> &'static Sql {
    sql!(
        "SELECT party, currency, CAST(COALESCE(SUM(unapplied), 0) AS BIGINT), \
         CAST(COALESCE(SUM(unapplied_base), 0) AS BIGINT) FROM payment \
         WHERE tenant_id = $1 AND company = $2 AND history = 0 GROUP BY party, currency"
    )
}

fn deposits() -> &'static Sql {
    sql!(
        "SELECT party, currency, CAST(COALESCE(SUM(deposit - deposit_tax), 0) AS BIGINT), \
         CAST(COALESCE(SUM(deposit_base - deposit_tax_base), 0) AS BIGINT) FROM sales_order \
         WHERE tenant_id = $1 AND company = $2 AND history = 0 GROUP BY party, currency"
    )
}

fn booked_by_currency() -> &'static Sql {
    sql!(
        "SELECT r.role, l.party, e.currency, CAST(COALESCE(SUM(l.txn_amount), 0) AS BIGINT), \
         CAST(COALESCE(SUM(l.debit - l.credit), 0) AS BIGINT) FROM entry_line l \
         JOIN entry e ON e.tenant_id = l.tenant_id AND e.id = l.entry \
         JOIN account_role r ON r.tenant_id = l.tenant_id AND r.company = l.company \
         AND r.account = l.account WHERE l.tenant_id = $1 AND l.company = $2 \
         AND r.role IN ('receivable', 'receivable_unbilled', 'customer_advance', \
         'contract_liability') GROUP BY r.role, l.party, e.currency"
    )
}

/// Parts in base currency sum to their whole, and nothing is left where nothing is open.
fn parts(tx: &mut Tx, report: &mut Report) -> Result<()> {
    report.differ(
        tx,
        "payment.allocations_explain_unapplied_in_base",
        "payment",
        sql!(
            "SELECT p.id, p.amount_base - COALESCE(a.base, 0), p.unapplied_base FROM payment p \
             LEFT JOIN (SELECT tenant_id, payment, \
             CAST(COALESCE(SUM(amount_base), 0) AS BIGINT) AS base \
             FROM allocation WHERE tenant_id = $1 GROUP BY tenant_id, payment) a \
             ON a.tenant_id = p.tenant_id AND a.payment = p.id WHERE p.tenant_id = $1 \
             AND p.state = 'cleared' AND (p.unapplied_base <> p.amount_base - COALESCE(a.base, 0) \
             OR (p.unapplied = 0 AND p.unapplied_base <> 0))"
        ),
        &[],
    )?;
    report.differ(
        tx,
        "open_item.allocations_explain_open_in_base",
        "open_item",
        sql!(
            "SELECT i.id, i.amount_base + i.revalued_base - COALESCE(a.base, 0), i.open_base \
             FROM open_item i LEFT JOIN (SELECT tenant_id, open_item, \
             CAST(COALESCE(SUM(amount_base - difference_base), 0) AS BIGINT) AS base \
             FROM allocation WHERE tenant_id = $1 GROUP BY tenant_id, open_item) a \
             ON a.tenant_id = i.tenant_id AND a.open_item = i.id WHERE i.tenant_id = $1 \
             AND (i.open_base <> i.amount_base + i.revalued_base - COALESCE(a.base, 0) \
             OR (i.open = 0 AND i.open_base <> 0))"
        ),
        &[],
    )?;
    report.differ(
        tx,
        "invoice.open_items_are_what_is_open_in_base",
        "invoice",
        sql!(
            "SELECT i.id, i.open_base, CAST(COALESCE(o.base, 0) AS BIGINT) FROM invoice i \
             LEFT JOIN (SELECT tenant_id, invoice, CAST(COALESCE(SUM(open_base), 0) AS BIGINT) \
             AS base FROM open_item WHERE tenant_id = $1 GROUP BY tenant_id, invoice) o \
             ON o.tenant_id = i.tenant_id AND o.invoice = i.id WHERE i.tenant_id = $1 \
             AND i.state IN ('posted', 'settled') AND i.open_base <> COALESCE(o.base, 0)"
        ),
        &[],
    )?;
    report.differ(
        tx,
        "order.deposit_is_what_is_allocated_to_it_in_base",
        "order",
        sql!(
            "SELECT o.id, CAST(COALESCE(a.base, 0) AS BIGINT), o.deposit_base FROM sales_order o \
             LEFT JOIN (SELECT tenant_id, order_id, \
             CAST(COALESCE(SUM(amount_base), 0) AS BIGINT) AS base FROM allocation \
             WHERE tenant_id = $1 GROUP BY tenant_id, order_id) a \
             ON a.tenant_id = o.tenant_id AND a.order_id = o.id WHERE o.tenant_id = $1 \
             AND o.history = 0 AND (COALESCE(a.base, 0) <> o.deposit_base \
             OR (o.deposit = 0 AND (o.deposit_base <> 0 OR o.deposit_tax_base <> 0)) \
             OR o.covered < 0 OR o.covered > o.deposit \
             OR (o.covered = 0 AND o.covered_base <> 0))"
        ),
        &[],
    )
}
