//! Figures that people look at: balances of accounts and what stands behind one, a customer's
//! credit. Reads only; sums are made by the database, never here.
use kernel::{Ctx, Currency, Day, Id, Money, Result, Stored};
use ledger::Account;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::{Row, Tx, find, sql};
use terms::CreditAccount;

/// Lines behind one account, at most.
const MOST: i64 = 500;

fn bare(minor: i64, currency: Currency) -> String {
    Money::new(minor, currency).amount()
}

/// Opening balance, turnover and closing balance of every account with any, debit positive.
pub fn balances(cx: &Ctx, tx: &mut Tx, from: Day, until: Day) -> Result<Vec<Value>> {
    let before =
        ledger::questions::trial_balance(cx, tx, Day::parse("1900-01-01")?, from.plus_days(-1))?;
    let moved = ledger::questions::trial_balance(cx, tx, from, until)?;
    let accounts: Vec<Account> =
        tx.list(find!(Account, "company = $2 ORDER BY code"), &[Stored::Int(cx.company)])?;
    let opening: BTreeMap<&str, i64> =
        before.iter().map(|line| (line.code.as_str(), line.balance())).collect();
    let turnover: BTreeMap<&str, (i64, i64)> =
        moved.iter().map(|line| (line.code.as_str(), (line.debit, line.credit))).collect();
    let shown = |account: &Account| {
        let code = account.code.as_str();
        let opening = opening.get(code).copied().unwrap_or(0);
        let (debit, credit) = turnover.get(code).copied().unwrap_or((0, 0));
        let is_still = opening == 0 && debit == 0 && credit == 0;
        let amount = |minor| bare(minor, cx.base);
        (!is_still).then(|| {
            json!({
                "id": account.id.to_string(),
                "code": account.code,
                "name": account.name,
                "name_en": account.name_en,
                "class": account.class,
                "opening": amount(opening),
                "debit": amount(debit),
                "credit": amount(credit),
                "closing": amount(opening + debit - credit),
            })
        })
    };
    Ok(accounts.iter().filter_map(shown).collect())
}

/// The lines of one account from a day to a day, newest first, at most 500.
pub fn account_lines(
    cx: &Ctx,
    tx: &mut Tx,
    account: Id<Account>,
    from: Day,
    until: Day,
) -> Result<Vec<Value>> {
    let rows = tx.rows(
        sql!(
            "SELECT l.id, l.entry, l.day, l.debit, l.credit, e.kind, e.origin_kind, e.origin, \
             e.text, e.currency, l.txn_amount FROM entry_line l JOIN entry e \
             ON e.tenant_id = l.tenant_id AND e.id = l.entry \
             WHERE l.tenant_id = $1 AND l.company = $2 AND l.account = $3 AND l.day >= $4 \
             AND l.day <= $5 ORDER BY l.day DESC, l.id DESC LIMIT $6"
        ),
        &[
            Stored::Int(cx.company),
            Stored::Int(account.raw()),
            Stored::text(from.to_string()),
            Stored::text(until.to_string()),
            Stored::Int(MOST),
        ],
    )?;
    let line = |mut row: Row| {
        let (id, entry): (i64, i64) = (row.take()?, row.take()?);
        let day: String = row.take()?;
        let (debit, credit): (i64, i64) = (row.take()?, row.take()?);
        let (kind, origin_kind): (String, String) = (row.take()?, row.take()?);
        let (origin, text): (i64, String) = (row.take()?, row.take()?);
        let (code, amount): (String, i64) = (row.take()?, row.take()?);
        let currency = Currency::parse(&code).unwrap_or(cx.base);
        Ok(json!({
            "id": id.to_string(),
            "entry": entry.to_string(),
            "day": day,
            "debit": bare(debit, cx.base),
            "credit": bare(credit, cx.base),
            "kind": kind,
            "origin_kind": origin_kind,
            "origin": origin.to_string(),
            "text": text,
            // Signed, debit positive, in the entry's own currency.
            "currency": code,
            "amount": bare(amount, currency),
        }))
    };
    rows.into_iter().map(line).collect()
}

/// What moved an account from a day to a day, by the kind of entry; the books' own order.
pub fn account_kinds(
    cx: &Ctx,
    tx: &mut Tx,
    account: Id<Account>,
    from: Day,
    until: Day,
) -> Result<Vec<Value>> {
    let rows = tx.rows(
        sql!(
            "SELECT e.kind, CAST(COALESCE(SUM(l.debit), 0) AS BIGINT), \
             CAST(COALESCE(SUM(l.credit), 0) AS BIGINT) \
             FROM entry_line l JOIN entry e ON e.tenant_id = l.tenant_id AND e.id = l.entry \
             WHERE l.tenant_id = $1 AND l.company = $2 AND l.account = $3 AND l.day >= $4 \
             AND l.day <= $5 GROUP BY e.kind ORDER BY e.kind"
        ),
        &[
            Stored::Int(cx.company),
            Stored::Int(account.raw()),
            Stored::text(from.to_string()),
            Stored::text(until.to_string()),
        ],
    )?;
    let kind = |mut row: Row| {
        let kind: String = row.take()?;
        let (debit, credit): (i64, i64) = (row.take()?, row.take()?);
        Ok(json!({
            "kind": kind, "debit": bare(debit, cx.base), "credit": bare(credit, cx.base),
        }))
    };
    rows.into_iter().map(kind).collect()
}

/// A customer's credit with this company: the limit and what uses it; null before the first use.
pub fn credit(cx: &Ctx, tx: &mut Tx, party: i64) -> Result<Value> {
    let key = [Stored::Int(cx.company), Stored::Int(party)];
    let found: Vec<CreditAccount> =
        tx.list(find!(CreditAccount, "company = $2 AND party = $3"), &key)?;
    let shown = |account: &CreditAccount| {
        let amount = |minor| bare(minor, account.currency);
        json!({
            "currency": account.currency.code(),
            "controlled": account.controlled,
            "limit": amount(account.credit_limit),
            "state": account.state.name(),
            "state_reason": account.state_reason.clone(),
            "used": amount(account.used),
            "left": account.left().map(amount),
            "order_part": amount(account.order_part),
            "unbilled_part": amount(account.unbilled_part),
            "receivable_part": amount(account.receivable_part),
            "free_part": amount(account.free_part),
        })
    };
    Ok(found.first().map_or(Value::Null, shown))
}
