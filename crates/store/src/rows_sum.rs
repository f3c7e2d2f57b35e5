//! Sums of declared rows under a scope: how many, how much by currency, month by month.
use crate::rows::ListQuery;
use crate::rows_settle::settled;
use crate::scope::Scope;
use crate::sight;
use crate::{Tx, rows_sql};
use kernel::{Ctx, Currency, Money, Result};
use meta::{Entity, Field};

/// How many rows and how much money, of one currency and, where asked, one month.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sum {
    pub currency: Currency,
    /// `2026-03`, or empty where months were not asked for.
    pub month: String,
    pub count: i64,
    /// Of the money field; zero where none was asked for.
    pub amount: Money,
}

/// What is summed.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'q> {
    pub query: &'q ListQuery,
    pub money: Option<&'static Field>,
    /// A day by whose month the rows are told apart.
    pub month: Option<&'static Field>,
}

/// Sums what a list of the same filters would show.
///
/// Errors: those of [`crate::rows::list`], but for paging.
pub fn sums(
    cx: &Ctx,
    tx: &mut Tx,
    entity: &'static Entity,
    scope: &Scope,
    wanted: Wanted<'_>,
) -> Result<Vec<Sum>> {
    sight::may_ask(cx, entity, wanted.query)?;
    let asked: Vec<&Field> = wanted.money.into_iter().chain(wanted.month).collect();
    sight::may_sum(cx, entity, &asked)?;
    let Some(reach) = crate::rows::reach(entity, scope)? else { return Ok(Vec::new()) };
    let query = settled(cx, tx, entity, wanted.query)?;
    let built = rows_sql::sums(entity, reach, &Wanted { query: &query, ..wanted })?;
    let sum = |mut row: crate::Row| {
        let (code, month): (String, String) = (row.take()?, row.take()?);
        let currency = if code.is_empty() { cx.base } else { Currency::parse(&code)? };
        let (count, amount): (i64, i64) = (row.take()?, row.take()?);
        Ok(Sum { currency, month, count, amount: Money::new(amount, currency) })
    };
    tx.built_rows(&built.sql, &built.params)?.into_iter().map(sum).collect()
}
