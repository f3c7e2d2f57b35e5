//! Verbs of the ledger: opening a chart and periods, closing and reopening.
use crate::charts;
use crate::{Account, AccountRole, Period, PeriodState, facts};
use kernel::{Ctx, Day, Done, Error, Id, Result, Stored};
use std::collections::BTreeMap;
use store::{Tx, find};

/// Opens a company's chart of accounts from one of ours (`enterprise`, `small`).
///
/// Errors: `ledger.unknown_chart`; a second time fails as `store.duplicate`.
pub fn open_chart(cx: &Ctx, tx: &mut Tx, code: &str) -> Result<()> {
    cx.allow("ledger.account.write")?;
    let chart = charts::chart(code).ok_or_else(|| Error::invalid("ledger.unknown_chart", code))?;
    let mut ids: BTreeMap<&str, Id<Account>> = BTreeMap::new();
    let has_child = |code: &str| {
        chart.accounts.iter().any(|a| a.code.len() > code.len() && a.code.starts_with(code))
    };
    for account in chart.accounts {
        let row = Account {
            id: cx.id(),
            version: 1,
            company: cx.company,
            code: account.code.to_owned(),
            name: account.name_zh.to_owned(),
            name_en: account.name_en.to_owned(),
            side: account.side.name().to_owned(),
            class: account.class.name().to_owned(),
            leaf: !has_child(account.code),
            dims: account.dims.join(","),
            active: true,
        };
        ids.insert(account.code, row.id);
        tx.tell(cx.fact(facts::CHART_OPENED).on("account", row.id.raw(), "account"));
        tx.insert(&[row]);
    }
    for (role, code) in chart.roles {
        let account = ids.get(code).copied();
        let account = account.ok_or_else(|| Error::bug("bug.chart", *role))?;
        let company = cx.company;
        tx.insert(&[AccountRole { id: cx.id(), company, role: (*role).to_owned(), account }]);
    }
    Ok(())
}

/// Opens periods from a month on, `months` of them; those that exist are left.
pub fn open_periods(cx: &Ctx, tx: &mut Tx, from: Day, months: i64) -> Result<()> {
    cx.allow("ledger.period.open")?;
    let known: Vec<Period> =
        tx.list(find!(Period, "company = $2 ORDER BY period"), &[Stored::Int(cx.company)])?;
    for month in 0..months {
        let period = from.first_of_month().plus_months(month).period();
        if known.iter().any(|p| p.period == period) {
            continue;
        }
        let row = Period {
            id: cx.id(),
            version: 1,
            company: cx.company,
            period,
            state: PeriodState::Open,
            closed_by: 0,
            closed_at: None,
            reason: String::new(),
        };
        let fact = cx.fact(facts::PERIOD_OPENED).on("period", row.id.raw(), "period");
        tx.tell(fact.attr("period", &row.period));
        tx.insert(&[row]);
    }
    Ok(())
}

/// Closes a period: the ones before it first (结账). Waits for postings under way.
///
/// Errors: `state.not_allowed`, `period.earlier_open`.
pub fn close_period(cx: &Ctx, tx: &mut Tx, id: Id<Period>) -> Result<Period> {
    cx.allow("ledger.period.close")?;
    let mut period = tx.lock_out(id)?;
    let earlier: Vec<Period> = tx.list(
        find!(Period, "company = $2 AND period < $3 AND state = 'open' ORDER BY period LIMIT 1"),
        &[Stored::Int(cx.company), Stored::text(period.period.clone())],
    )?;
    if let Some(first) = earlier.first() {
        return Err(Error::conflict("period.earlier_open", &first.period));
    }
    if let Done::Now(()) = period.close(cx)? {
        tx.update(std::slice::from_ref(&period));
        tx.tell(cx.fact(facts::PERIOD_CLOSED).on("period", id.raw(), "period"));
    }
    Ok(period)
}

/// Opens a closed period again (反结账): the last closed one only, with a reason.
///
/// Errors: `state.not_allowed`, `period.reason_required`, `period.later_closed`.
pub fn reopen_period(cx: &Ctx, tx: &mut Tx, id: Id<Period>, reason: &str) -> Result<Period> {
    cx.allow("ledger.period.reopen")?;
    let mut period = tx.lock_out(id)?;
    if reason.trim().is_empty() {
        return Err(Error::invalid("period.reason_required", &period.period));
    }
    let later: Vec<Period> = tx.list(
        find!(Period, "company = $2 AND period > $3 AND state = 'closed' LIMIT 1"),
        &[Stored::Int(cx.company), Stored::text(period.period.clone())],
    )?;
    if let Some(closed) = later.first() {
        return Err(Error::conflict("period.later_closed", &closed.period));
    }
    if let Done::Now(()) = period.reopen(cx, reason)? {
        tx.update(std::slice::from_ref(&period));
        let fact = cx.fact(facts::PERIOD_REOPENED).on("period", id.raw(), "period");
        tx.tell(fact.because(reason));
    }
    Ok(period)
}
