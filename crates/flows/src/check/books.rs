//! Sub-ledger = control account, entries balance, credit parts are what the documents say.
use super::Report;
use crate::order_to_cash::deposits::{self, Apart};
use crate::order_to_cash::{books, position};
use access::company::Company;
use finance::Carried;
use kernel::{Ctx, Currency, Id, Result, Stored};
use sales::{Order, OrderLine};
use std::collections::BTreeMap;
use store::{Tx, find, find_in, sql};

pub(super) fn prove(cx: &Ctx, tx: &mut Tx, company: &Company, report: &mut Report) -> Result<()> {
    report.differ(
        tx,
        "ledger.every_entry_balances",
        "entry",
        sql!(
            "SELECT entry, 0, CAST(COALESCE(SUM(debit - credit), 0) AS BIGINT) FROM entry_line \
             WHERE tenant_id = $1 AND company = $2 GROUP BY entry \
             HAVING CAST(COALESCE(SUM(debit - credit), 0) AS BIGINT) <> 0 \
             OR CAST(COALESCE(SUM(txn_amount), 0) AS BIGINT) <> 0"
        ),
        &[Stored::Int(company.id.raw())],
    )?;
    let books = balances(tx, company)?;
    let of = |role: &str| books.get(role).copied().unwrap_or(0);
    let sum = positions(tx, company)?;
    let on = |role: &str| format!("{role} of {}", company.code);
    for (role, expected) in [
        ("goods_shipped", sum.goods_shipped),
        ("cost_of_sales", sum.cost_of_sales),
        ("revenue", -sum.revenue),
        ("output_vat", -sum.tax_due),
        ("output_vat_deferred", -sum.tax_deferred - sum.deposit_tax),
        ("receivable_unbilled", sum.unbilled),
    ] {
        report.same("ledger.order_lines_explain_accounts", &on(role), expected, of(role));
    }
    let (stock, open, free) = sub_ledgers(tx, company)?;
    report.same("ledger.stock_value_is_inventory", &on("inventory"), stock, of("inventory"));
    report.same("ledger.open_items_are_receivables", &on("receivable"), open, of("receivable"));
    let advance = of("customer_advance");
    let mut own = Ctx::system(cx.tenant, cx.now, cx.maker());
    own.company = company.id.raw();
    let apart = deposits::apart(&own, tx)?;
    let (kept, liability) = match apart {
        Apart::Yes => (0, sum.deposit - sum.deposit_tax),
        Apart::No => (sum.deposit, sum.deposit + free),
    };
    super::currencies::prove(tx, company, apart, &sum.by_currency, report)?;
    let name = "ledger.free_payments_are_advances";
    report.same(name, &on("customer_advance"), -free - kept, advance);
    let name = "ledger.deposits_are_contract_liabilities";
    report.same(name, &on("contract_liability"), -liability, of("contract_liability"));
    credit(tx, company, &sum, report)
}

fn balances(tx: &mut Tx, company: &Company) -> Result<BTreeMap<String, i64>> {
    let rows = tx.rows(
        sql!(
            "SELECT r.role, CAST(COALESCE(SUM(l.debit - l.credit), 0) AS BIGINT) FROM entry_line l \
             JOIN account_role r ON r.tenant_id = l.tenant_id AND r.company = l.company \
             AND r.account = l.account WHERE l.tenant_id = $1 AND l.company = $2 GROUP BY r.role"
        ),
        &[Stored::Int(company.id.raw())],
    )?;
    rows.into_iter().map(|mut row| Ok((row.take()?, row.take()?))).collect()
}

/// Sums over all order lines of a company, and per customer what counts for credit.
#[derive(Default)]
struct Sums {
    goods_shipped: i64,
    cost_of_sales: i64,
    revenue: i64,
    tax_due: i64,
    tax_deferred: i64,
    unbilled: i64,
    deposit: i64,
    deposit_tax: i64,
    by_party: BTreeMap<i64, (i64, i64)>,
    by_currency: super::currencies::Told,
}

fn positions(tx: &mut Tx, company: &Company) -> Result<Sums> {
    let mut sums = Sums::default();
    let mut after = 0;
    loop {
        let mut orders: Vec<Order> = tx.list(
            find!(Order, "id > $2 AND company = $3 AND history = 0 ORDER BY id LIMIT 1000"),
            &[Stored::Int(after), Stored::Int(company.id.raw())],
        )?;
        let Some(last) = orders.last() else { return Ok(sums) };
        after = last.id.raw();
        let ids: Vec<i64> = orders.iter().map(|o| o.id.raw()).collect();
        let lines: Vec<OrderLine> =
            tx.list_in(find_in!(OrderLine, "order_id IN (#)", 0), &[], &ids)?;
        let mut by_order: BTreeMap<Id<Order>, Vec<OrderLine>> = BTreeMap::new();
        for line in lines {
            by_order.entry(line.order_id).or_default().push(line);
        }
        for order in &mut orders {
            order.lines = by_order.remove(&order.id).unwrap_or_default();
            sums.add(order, company.currency);
        }
    }
}

impl Sums {
    fn add(&mut self, order: &Order, base: Currency) {
        let mut unbilled = 0;
        let mut now = Carried::default();
        for line in &order.lines {
            let at = position(line);
            self.goods_shipped += at.cost_shipped - at.cost_recognised;
            self.cost_of_sales += at.cost_recognised;
            now.revenue += at.net_recognised;
            now.output_vat += at.tax_due();
            now.deferred += at.tax_deferred();
            now.billed += at.gross_invoiced;
            unbilled += at.receivable() - at.gross_invoiced;
        }
        // In a foreign currency the books are what the events left.
        if order.currency != base {
            now = books::carried(order);
        }
        self.revenue += now.revenue;
        self.tax_due += now.output_vat;
        self.tax_deferred += now.deferred;
        self.unbilled += now.unbilled();
        self.by_currency.unbilled(order, unbilled, now.unbilled());
        self.deposit += order.deposit_base;
        self.deposit_tax += order.deposit_tax_base;
        let party = self.by_party.entry(order.party.raw()).or_default();
        party.0 += order.credit_taken;
        party.1 += order.unbilled();
    }
}

fn sub_ledgers(tx: &mut Tx, company: &Company) -> Result<(i64, i64, i64)> {
    let key = [Stored::Int(company.id.raw())];
    let stock: Option<i64> = tx.value(
        sql!(
            "SELECT CAST(COALESCE(SUM(value), 0) AS BIGINT) FROM stock_value \
             WHERE tenant_id = $1 AND company = $2"
        ),
        &key,
    )?;
    let open: Option<i64> = tx.value(
        sql!(
            "SELECT CAST(COALESCE(SUM(open_base), 0) AS BIGINT) FROM open_item \
             WHERE tenant_id = $1 AND company = $2"
        ),
        &key,
    )?;
    let free: Option<i64> = tx.value(
        sql!(
            "SELECT CAST(COALESCE(SUM(unapplied_base), 0) AS BIGINT) FROM payment \
             WHERE tenant_id = $1 AND company = $2 AND history = 0"
        ),
        &key,
    )?;
    Ok((stock.unwrap_or(0), open.unwrap_or(0), free.unwrap_or(0)))
}

fn credit(tx: &mut Tx, company: &Company, sums: &Sums, report: &mut Report) -> Result<()> {
    let key = [Stored::Int(company.id.raw())];
    let accounts: Vec<terms::CreditAccount> =
        tx.list(find!(terms::CreditAccount, "company = $2 ORDER BY id"), &key)?;
    let open = by_party(
        tx,
        sql!(
            "SELECT party, CAST(COALESCE(SUM(open_base), 0) AS BIGINT) FROM open_item \
             WHERE tenant_id = $1 AND company = $2 GROUP BY party"
        ),
        company,
    )?;
    // What is kept for a refund lowers no exposure: it is on its way out.
    let kept = by_party(
        tx,
        sql!(
            "SELECT party, CAST(COALESCE(SUM(held_base), 0) AS BIGINT) FROM invoice \
             WHERE tenant_id = $1 AND company = $2 AND held <> 0 GROUP BY party"
        ),
        company,
    )?;
    let free = by_party(
        tx,
        sql!(
            "SELECT party, CAST(COALESCE(SUM(unapplied_base - held_base), 0) AS BIGINT) \
             FROM payment WHERE tenant_id = $1 AND company = $2 AND history = 0 GROUP BY party"
        ),
        company,
    )?;
    for account in &accounts {
        let party = account.party.raw();
        let (order, unbilled) = sums.by_party.get(&party).copied().unwrap_or((0, 0));
        let get = |all: &BTreeMap<i64, i64>| all.get(&party).copied().unwrap_or(0);
        let name = |part: &str| format!("{part} of party {party}");
        let invariant = "credit.parts_are_what_documents_say";
        report.same(invariant, &name("order_part"), order, account.order_part);
        report.same(invariant, &name("unbilled_part"), unbilled, account.unbilled_part);
        let owed = get(&open) + get(&kept);
        report.same(invariant, &name("receivable_part"), owed, account.receivable_part);
        report.same(invariant, &name("free_part"), get(&free), account.free_part);
        let used = account.order_part + account.unbilled_part + account.receivable_part
            - account.free_part;
        report.same(invariant, &name("used"), used, account.used);
    }
    Ok(())
}

fn by_party(
    tx: &mut Tx,
    sql: &'static store::Sql,
    company: &Company,
) -> Result<BTreeMap<i64, i64>> {
    let rows = tx.rows(sql, &[Stored::Int(company.id.raw())])?;
    rows.into_iter().map(|mut row| Ok((row.take()?, row.take()?))).collect()
}
