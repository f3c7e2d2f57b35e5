//! Vouchers (凭证): numbered per month when they are generated, never in an order's transaction.
use crate::{Entry, facts};
use kernel::{Ctx, Day, Error, Id, Instant, Money, Result, Stored};
use std::collections::BTreeMap;
use store::{Tx, find, find_in, numbers, sql};

/// A numbered voucher: one or many entries of a day and kind (合并制单).
#[derive(Clone, Debug)]
pub struct Voucher {
    pub id: Id<Voucher>,
    pub version: i64,
    pub company: i64,
    /// `YYYY-MM`.
    pub period: String,
    /// 记, 收, 付 or 转.
    pub word: String,
    pub number: i64,
    pub day: Day,
    pub text: String,
    pub entries: i64,
    pub total: i64,
    /// 制单.
    pub made_by: i64,
    /// 审核: never the maker.
    pub reviewed_by: i64,
    pub made_at: Option<Instant>,
}

/// Entries grouped into vouchers by one run of [`generate`].
const BATCH: usize = 1000;

/// How entries become vouchers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Grouping {
    /// One voucher an entry.
    Each,
    /// One voucher for all entries of a day and kind (合并制单).
    PerDayAndKind,
}

/// Makes vouchers of the entries of a period that have none, up to a thousand entries a call.
///
/// Numbers follow the day and have no gaps. Returns how many vouchers; 0 when none is left.
pub fn generate(cx: &Ctx, tx: &mut Tx, period: &str, grouping: Grouping) -> Result<i64> {
    cx.allow("ledger.voucher.generate")?;
    let first = Day::parse(&format!("{period}-01"))?;
    let entries: Vec<Entry> = tx.list(
        find!(
            Entry,
            "company = $2 AND day >= $3 AND day <= $4 AND voucher IS NULL \
             ORDER BY day, kind, id LIMIT 1000"
        ),
        &[
            Stored::Int(cx.company),
            Stored::text(first.to_string()),
            Stored::text(first.last_of_month().to_string()),
        ],
    )?;
    debug_assert!(entries.len() <= BATCH, "the query's own limit");
    let groups = grouped(&entries, grouping);
    if groups.is_empty() {
        return Ok(0);
    }
    let totals = totals(tx, &entries)?;
    let count = groups.len() as i64;
    let series = format!("voucher:记:{}:{period}", cx.company);
    let number = numbers::next_many(tx, &series, count)?;
    for (at, group) in groups.iter().enumerate() {
        let total = group.iter().map(|e| totals.get(&e.id.raw()).copied().unwrap_or(0)).sum();
        save(cx, tx, group, number + at as i64, total, period);
    }
    Ok(count)
}

fn grouped(entries: &[Entry], grouping: Grouping) -> Vec<Vec<&Entry>> {
    let mut groups: Vec<Vec<&Entry>> = Vec::new();
    for entry in entries {
        let joins = |group: &&mut Vec<&Entry>| {
            grouping == Grouping::PerDayAndKind
                && group[0].day == entry.day
                && group[0].kind == entry.kind
        };
        match groups.last_mut().filter(|group| joins(group)) {
            Some(group) => group.push(entry),
            None => groups.push(vec![entry]),
        }
    }
    groups
}

fn totals(tx: &mut Tx, entries: &[Entry]) -> Result<BTreeMap<i64, i64>> {
    let ids: Vec<i64> = entries.iter().map(|e| e.id.raw()).collect();
    let lines: Vec<crate::EntryLine> =
        tx.list_in(find_in!(crate::EntryLine, "entry IN (#)", 0), &[], &ids)?;
    let mut totals = BTreeMap::new();
    for line in lines {
        *totals.entry(line.entry.raw()).or_insert(0) += line.debit;
    }
    Ok(totals)
}

fn save(cx: &Ctx, tx: &mut Tx, group: &[&Entry], number: i64, total: i64, period: &str) {
    let voucher = Voucher {
        id: cx.id(),
        version: 1,
        company: cx.company,
        period: period.to_owned(),
        word: "记".to_owned(),
        number,
        day: group[0].day,
        text: group[0].text.clone(),
        entries: group.len() as i64,
        total,
        made_by: cx.user,
        reviewed_by: 0,
        made_at: Some(cx.now),
    };
    let fact = cx.fact(facts::VOUCHER_MADE).on("voucher", voucher.id.raw(), "voucher");
    let fact = fact.worth(Money::new(total, cx.base), total).attr("number", number);
    let mut fact = fact.attr("period", period);
    for entry in group {
        fact = fact.on("entry", entry.id.raw(), "entry");
    }
    let id = voucher.id;
    tx.insert(&[voucher]);
    for entry in group {
        tx.put(
            sql!("UPDATE entry SET voucher = $3 WHERE tenant_id = $1 AND id = $2"),
            &[Stored::Int(entry.id.raw()), Stored::Int(id.raw())],
        );
    }
    tx.tell(fact);
}

/// Reviews a voucher (审核). Errors: `voucher.own`, `store.not_found`.
pub fn review(cx: &Ctx, tx: &mut Tx, id: Id<Voucher>) -> Result<Voucher> {
    cx.allow("ledger.voucher.review")?;
    let mut voucher = tx.lock(id)?;
    if voucher.made_by == cx.user {
        return Err(Error::forbidden("voucher.own", voucher.number));
    }
    if voucher.reviewed_by == 0 {
        voucher.reviewed_by = cx.user;
        tx.update(std::slice::from_ref(&voucher));
        tx.tell(cx.fact(facts::VOUCHER_REVIEWED).on("voucher", id.raw(), "voucher"));
    }
    Ok(voucher)
}
