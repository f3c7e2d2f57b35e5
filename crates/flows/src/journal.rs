//! The journal (序时账) as it was posted: entries with their vouchers, accounts and parties, page by
//! page, for whoever writes it down elsewhere.
use kernel::{Ctx, Currency, Day, Id, Rate, Result, Stored};
use ledger::{Account, Entry, EntryLine, Voucher};
use party::Party;
use std::collections::BTreeMap;
use store::{Tx, find, find_in};

/// An account of the chart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChartAccount {
    pub code: String,
    pub name: String,
    /// `asset`, `liability`, `equity`, `cost`, `revenue`, `expense`.
    pub class: String,
}

/// One posted entry.
#[derive(Clone, Debug)]
pub struct Posted {
    pub id: i64,
    pub day: Day,
    pub kind: String,
    pub origin: (String, i64),
    pub text: String,
    pub currency: Currency,
    pub rate: Rate,
    /// `记-12`; empty before vouchers are made.
    pub voucher: String,
    pub lines: Vec<PostedLine>,
}

/// One of its lines; amounts in minor units, a red one negative on its side.
#[derive(Clone, Debug)]
pub struct PostedLine {
    pub account: ChartAccount,
    pub debit: i64,
    pub credit: i64,
    /// In the entry's currency, debit positive.
    pub txn: i64,
    /// The party's code.
    pub party: String,
    pub text: String,
}

/// Entries of one page.
pub const PAGE: i64 = 500;

/// The company's accounts by code.
pub fn accounts(cx: &Ctx, tx: &mut Tx) -> Result<Vec<ChartAccount>> {
    Ok(by_id(cx, tx)?.into_values().collect())
}

fn by_id(cx: &Ctx, tx: &mut Tx) -> Result<BTreeMap<Id<Account>, ChartAccount>> {
    let all: Vec<Account> =
        tx.list(find!(Account, "company = $2 ORDER BY code"), &[Stored::Int(cx.company)])?;
    let one = |a: Account| (a.id, ChartAccount { code: a.code, name: a.name, class: a.class });
    Ok(all.into_iter().map(one).collect())
}

/// The next entries of the company after one, in the order in which they were posted.
pub fn page(cx: &Ctx, tx: &mut Tx, after: i64) -> Result<Vec<Posted>> {
    let entries: Vec<Entry> = tx.list(
        find!(Entry, "id > $2 AND company = $3 ORDER BY id LIMIT $4"),
        &[Stored::Int(after), Stored::Int(cx.company), Stored::Int(PAGE)],
    )?;
    let ids: Vec<i64> = entries.iter().map(|e| e.id.raw()).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let accounts = by_id(cx, tx)?;
    let lines: Vec<EntryLine> =
        tx.list_in(find_in!(EntryLine, "entry IN (#) ORDER BY entry, line_no, id", 0), &[], &ids)?;
    let vouchers: Vec<i64> = entries.iter().filter_map(|e| e.voucher).map(Id::raw).collect();
    let vouchers: Vec<Voucher> = tx.list_in(find_in!(Voucher, "id IN (#)", 0), &[], &vouchers)?;
    let vouchers: BTreeMap<Id<Voucher>, String> =
        vouchers.iter().map(|v| (v.id, format!("{}-{}", v.word, v.number))).collect();
    let mut parties: Vec<i64> = lines.iter().map(|l| l.party).filter(|id| *id != 0).collect();
    parties.sort_unstable();
    parties.dedup();
    let parties: Vec<Party> = tx.list_in(find_in!(Party, "id IN (#)", 0), &[], &parties)?;
    let parties: BTreeMap<i64, String> =
        parties.into_iter().map(|p| (p.id.raw(), p.code)).collect();
    let mut of: BTreeMap<Id<Entry>, Vec<PostedLine>> = BTreeMap::new();
    for line in lines {
        let unknown = || ChartAccount {
            code: line.account.raw().to_string(),
            name: String::new(),
            class: String::new(),
        };
        of.entry(line.entry).or_default().push(PostedLine {
            account: accounts.get(&line.account).cloned().unwrap_or_else(unknown),
            debit: line.debit,
            credit: line.credit,
            txn: line.txn_amount,
            party: parties.get(&line.party).cloned().unwrap_or_default(),
            text: line.text,
        });
    }
    let posted = |e: Entry| Posted {
        id: e.id.raw(),
        day: e.day,
        kind: e.kind,
        origin: (e.origin_kind, e.origin),
        text: e.text,
        currency: e.currency,
        rate: e.rate,
        voucher: e.voucher.and_then(|v| vouchers.get(&v).cloned()).unwrap_or_default(),
        lines: of.remove(&e.id).unwrap_or_default(),
    };
    Ok(entries.into_iter().map(posted).collect())
}
