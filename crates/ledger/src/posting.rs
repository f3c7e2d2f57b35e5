//! Posting entries: the one door into the books.
use crate::{
    Account, AccountRole, Chart, Draft, DraftLine, Entry, EntryLine, Period, PeriodState, facts,
};
use kernel::{Ctx, Error, Fact, Id, Money, Result, Stored};
use std::collections::{BTreeMap, BTreeSet};
use store::{Tx, find};

/// Posts drafts of one company; an entry is a slice of one. Empty drafts are left out.
///
/// Returns the entries' ids in order. `tell` makes the fact of the document that caused it name
/// the entry too. Errors: `ledger.no_role`, `period.closed`, `period.not_open`.
pub fn post(cx: &Ctx, tx: &mut Tx, drafts: &[Draft]) -> Result<Vec<Id<Entry>>> {
    let drafts: Vec<&Draft> = drafts.iter().filter(|d| !d.is_empty()).collect();
    if drafts.is_empty() {
        return Ok(Vec::new());
    }
    drafts.iter().try_for_each(|d| d.check())?;
    let mut chart = chart_of(cx, tx, &drafts)?;
    add_named(cx, tx, &drafts, &mut chart)?;
    let periods = periods(cx, tx, &drafts)?;
    let mut ids = Vec::new();
    let mut facts = Vec::new();
    for draft in &drafts {
        let period = &periods[&draft.day.period()];
        let (entry, lines) = rows(cx, draft, period.id, &chart)?;
        ids.push(entry.id);
        facts.push(fact(cx, draft, &entry));
        tx.insert(&[entry]);
        tx.insert(&lines);
    }
    still_open(cx, tx, &drafts)?;
    for fact in facts {
        tx.tell(fact);
    }
    Ok(ids)
}

/// Names an account by its code where drafts name roles: for opening balances only.
#[must_use]
pub fn of_account(code: &str) -> String {
    format!("{ACCOUNT}{code}")
}

const ACCOUNT: &str = "account:";

/// Adds the accounts that drafts name by code. Error: `ledger.no_role` when one does not exist.
fn add_named(cx: &Ctx, tx: &mut Tx, drafts: &[&Draft], chart: &mut Chart) -> Result<()> {
    let is_named = |line: &DraftLine| line.role.starts_with(ACCOUNT);
    if !drafts.iter().any(|draft| draft.lines.iter().any(is_named)) {
        return Ok(());
    }
    let accounts: Vec<Account> = tx.list(
        find!(Account, "company = $2 AND leaf = 1 AND active = 1 ORDER BY code"),
        &[Stored::Int(cx.company)],
    )?;
    chart.roles.extend(accounts.into_iter().map(|a| (of_account(&a.code), a.id)));
    Ok(())
}

/// The company's roles, in one read.
pub fn chart(cx: &Ctx, tx: &mut Tx) -> Result<Chart> {
    let roles: Vec<AccountRole> =
        tx.list(find!(AccountRole, "company = $2 ORDER BY role"), &[Stored::Int(cx.company)])?;
    Ok(Chart { roles: roles.into_iter().map(|r| (r.role, r.account)).collect() })
}

/// Roles asked for at once: as many as most documents have.
const ROLES: usize = 4;

/// The accounts of the roles that these drafts speak of: a chart has five times as many.
fn chart_of(cx: &Ctx, tx: &mut Tx, drafts: &[&Draft]) -> Result<Chart> {
    let roles = drafts.iter().flat_map(|d| &d.lines).map(|l| l.role.as_str());
    let roles: BTreeSet<&str> = roles.collect();
    let roles: Vec<&str> = roles.into_iter().collect();
    let [first, ..] = roles[..] else { return Ok(Chart::default()) };
    if roles.len() > ROLES {
        return chart(cx, tx);
    }
    let mut params = vec![Stored::Int(cx.company)];
    params.extend(roles.iter().map(|role| Stored::text(*role)));
    params.resize(1 + ROLES, Stored::text(first));
    let found: Vec<AccountRole> =
        tx.list(find!(AccountRole, "company = $2 AND role IN ($3, $4, $5, $6)"), &params)?;
    Ok(Chart { roles: found.into_iter().map(|r| (r.role, r.account)).collect() })
}

fn span(drafts: &[&Draft]) -> (String, String) {
    let periods = || drafts.iter().map(|d| d.day.period());
    (periods().min().unwrap_or_default(), periods().max().unwrap_or_default())
}

fn load_periods(cx: &Ctx, tx: &mut Tx, drafts: &[&Draft]) -> Result<BTreeMap<String, Period>> {
    let (first, last) = span(drafts);
    let found: Vec<Period> = tx.list(
        find!(Period, "company = $2 AND period >= $3 AND period <= $4"),
        &[Stored::Int(cx.company), Stored::text(first), Stored::text(last)],
    )?;
    Ok(found.into_iter().map(|p| (p.period.clone(), p)).collect())
}

fn periods(cx: &Ctx, tx: &mut Tx, drafts: &[&Draft]) -> Result<BTreeMap<String, Period>> {
    let found = load_periods(cx, tx, drafts)?;
    for draft in drafts {
        match found.get(&draft.day.period()) {
            Some(period) if period.state == PeriodState::Open => {}
            Some(period) => return Err(Error::conflict("period.closed", &period.period)),
            None => return Err(Error::conflict("period.not_open", draft.day.period())),
        }
    }
    Ok(found)
}

/// The entries' foreign keys now hold the periods; whoever closes one waits for us or was first.
fn still_open(cx: &Ctx, tx: &mut Tx, drafts: &[&Draft]) -> Result<()> {
    if tx.engine() == store::Engine::Sqlite {
        return Ok(());
    }
    periods(cx, tx, drafts).map(|_| ())
}

fn rows(
    cx: &Ctx,
    draft: &Draft,
    period: Id<Period>,
    chart: &Chart,
) -> Result<(Entry, Vec<EntryLine>)> {
    let entry = Entry {
        id: cx.id(),
        company: cx.company,
        period,
        day: draft.day,
        kind: draft.kind.to_owned(),
        origin_kind: draft.origin.kind.to_owned(),
        origin: draft.origin.id,
        text: draft.text.clone(),
        currency: draft.currency,
        rate: draft.rate,
        reverses: draft.reverses,
        voucher: None,
        posted_at: Some(cx.now),
    };
    let mut lines = Vec::with_capacity(draft.lines.len());
    for line in draft.lines.iter().filter(|l| l.amount != 0 || l.txn != 0) {
        lines.push(EntryLine {
            id: cx.id(),
            entry: entry.id,
            line_no: lines.len() as i64 + 1,
            company: cx.company,
            day: draft.day,
            account: chart.account(&line.role)?,
            debit: if line.debit { line.amount } else { 0 },
            credit: if line.debit { 0 } else { line.amount },
            txn_amount: if line.debit { line.txn } else { -line.txn },
            party: line.party,
            product: line.product,
            department: 0,
            employee: 0,
            project: 0,
            qty: line.qty,
            text: String::new(),
        });
    }
    Ok((entry, lines))
}

fn fact(cx: &Ctx, draft: &Draft, entry: &Entry) -> Fact {
    let total = draft.total();
    cx.fact(facts::ENTRY_POSTED)
        .on("entry", entry.id.raw(), "entry")
        .on(draft.origin.kind, draft.origin.id, "origin")
        .worth(Money::new(total, cx.base), total)
        .attr("kind", draft.kind)
        .attr("day", draft.day)
}
