//! The journal written down: as a table, and as plain text that hledger reads.
use crate::safe;
use flows::journal::{self, ChartAccount, Posted, PostedLine};
use kernel::{Ctx, Currency, Error, Money, Result};
use std::io::Write;
use store::Store;

/// How the journal is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum JournalForm {
    /// UTF-8 with a mark, commas, CRLF; one row a line.
    Csv,
    /// One transaction an entry (hledger.org).
    Hledger,
}

impl JournalForm {
    /// By the ending of a file's name. Error: `export.journal_format`.
    pub fn of(name: &str) -> Result<Self> {
        let lower = name.to_ascii_lowercase();
        match lower.rsplit_once('.') {
            Some((_, "csv")) => Ok(Self::Csv),
            Some((_, "journal" | "hledger" | "ledger" | "j")) => Ok(Self::Hledger),
            _ => Err(Error::invalid("export.journal_format", name)),
        }
    }
}

fn broken(e: &dyn std::fmt::Display) -> Error {
    Error::conflict("export.not_written", e)
}

/// Writes all entries of the context's company; how many.
///
/// What is posted while it runs may be in it or not. Errors: `export.not_written`.
pub fn export_journal(
    store: &Store,
    cx: &dyn Fn() -> Result<Ctx>,
    form: JournalForm,
    out: &mut impl Write,
) -> Result<u64> {
    let base = cx()?.base;
    let accounts = store.read(&cx()?, journal::accounts)?;
    match form {
        JournalForm::Csv => csv_row(out, &COLUMNS.map(str::to_owned), true)?,
        JournalForm::Hledger => {
            out.write_all(head(&accounts, base).as_bytes()).map_err(|e| broken(&e))?;
        }
    }
    let (mut after, mut count) = (0, 0);
    loop {
        let page = store.read(&cx()?, |cx, tx| journal::page(cx, tx, after))?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for entry in &page {
            count += 1;
            match form {
                JournalForm::Csv => {
                    for line in &entry.lines {
                        csv_row(out, &cells(entry, line, base), false)?;
                    }
                }
                JournalForm::Hledger => {
                    out.write_all(text(entry, base).as_bytes()).map_err(|e| broken(&e))?;
                }
            }
        }
    }
    out.flush().map_err(|e| broken(&e))?;
    Ok(count)
}

const COLUMNS: [&str; 14] = [
    "day",
    "voucher",
    "entry",
    "kind",
    "origin",
    "text",
    "account",
    "account_name",
    "debit",
    "credit",
    "currency",
    "txn_amount",
    "rate",
    "party",
];

/// An amount without its currency.
fn plain(minor: i64, currency: Currency) -> String {
    let text = Money::new(minor, currency).to_string();
    text.split(' ').next().unwrap_or_default().to_owned()
}

fn cells(entry: &Posted, line: &PostedLine, base: Currency) -> [String; 14] {
    let said = |text: &str| safe::written(text).into_owned();
    [
        entry.day.to_string(),
        said(&entry.voucher),
        entry.id.to_string(),
        entry.kind.clone(),
        format!("{} {}", entry.origin.0, entry.origin.1),
        said(if line.text.is_empty() { &entry.text } else { &line.text }),
        said(&line.account.code),
        said(&line.account.name),
        plain(line.debit, base),
        plain(line.credit, base),
        entry.currency.to_string(),
        plain(line.txn, entry.currency),
        entry.rate.to_string(),
        said(&line.party),
    ]
}

fn csv_row(out: &mut impl Write, cells: &[String; 14], with_mark: bool) -> Result<()> {
    if with_mark {
        out.write_all("\u{feff}".as_bytes()).map_err(|e| broken(&e))?;
    }
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut *out);
    writer.write_record(cells).map_err(|e| broken(&e))?;
    writer.flush().map_err(|e| broken(&e))
}

/// What would end a name, begin a comment or a new line in a plain-text journal.
fn tame(text: &str) -> String {
    let inner: String = text
        .chars()
        .map(|c| if c.is_control() || matches!(c, ';' | '|') { ' ' } else { c })
        .collect();
    inner.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One name: `1122 应收账款`. A colon would make a sub-account of its rest.
fn name(account: &ChartAccount) -> String {
    tame(&format!("{} {}", account.code, account.name).replace(':', " "))
}

/// The accounts and the currency, so that `hledger check --strict` knows every name.
fn head(accounts: &[ChartAccount], base: Currency) -> String {
    let unit =
        plain(if base.places() == 0 { 1000 } else { 1000 * 10_i64.pow(base.places()) }, base);
    let unit = if base.places() == 0 { format!("{unit}.") } else { unit };
    let mut out = format!("commodity {unit} {base}\n\n");
    for account in accounts {
        let kind = match account.class.as_str() {
            "asset" | "cost" => "A",
            "liability" => "L",
            "equity" => "E",
            "revenue" => "R",
            _ => "X",
        };
        out.push_str(&format!("account {}  ; type:{kind}\n", name(account)));
    }
    out
}

fn text(entry: &Posted, base: Currency) -> String {
    let code = match entry.voucher.is_empty() {
        true => String::new(),
        false => format!(" ({})", tame(&entry.voucher).replace(['(', ')'], " ")),
    };
    let says = tame(&entry.text);
    let says = if says.is_empty() { entry.kind.clone() } else { says };
    let (kind, id) = (&entry.kind, entry.id);
    let mut out = format!("\n{}{code} {says}  ; entry:{id}, kind:{kind}\n", entry.day);
    for line in &entry.lines {
        let amount = Money::new(line.debit - line.credit, base);
        let mut note = String::new();
        if !line.party.is_empty() {
            note = format!("  ; party:{}", tame(&line.party).replace(',', " "));
        }
        if entry.currency != base {
            let txn = Money::new(line.txn, entry.currency);
            let mark = if note.is_empty() { "  ; " } else { ", " };
            note.push_str(&format!("{mark}txn:{txn}"));
        }
        out.push_str(&format!("    {}  {amount}{note}\n", name(&line.account)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{Day, Rate};

    fn account(code: &str, name: &str, class: &str) -> ChartAccount {
        ChartAccount { code: code.into(), name: name.into(), class: class.into() }
    }

    fn entry() -> Posted {
        let line = |code: &str, name: &str, debit, credit| PostedLine {
            account: account(code, name, "asset"),
            debit,
            credit,
            txn: debit - credit,
            party: "=HYPERLINK(1)".into(),
            text: String::new(),
        };
        Posted {
            id: 7,
            day: Day::of(2026, 1, 5),
            kind: "invoice".into(),
            origin: ("invoice".into(), 9),
            text: "=1+1; two\nlines  | more".into(),
            currency: Currency::CNY,
            rate: Rate(1_000_000_000),
            voucher: "记-12".into(),
            lines: vec![line("1122", "应收:账款", 113_00, 0), line("6001", "收入", 0, 113_00)],
        }
    }

    #[test]
    fn no_text_ends_a_name_or_begins_a_comment_or_a_line_in_the_plain_form() {
        assert_eq!(
            text(&entry(), Currency::CNY),
            "\n2026-01-05 (记-12) =1+1 two lines more  ; entry:7, kind:invoice\n    \
             1122 应收 账款  113.00 CNY  ; party:=HYPERLINK(1)\n    \
             6001 收入  -113.00 CNY  ; party:=HYPERLINK(1)\n"
        );
        assert_eq!(
            head(&[account("1122", "应收账款", "asset")], Currency::CNY),
            "commodity 1000.00 CNY\n\naccount 1122 应收账款  ; type:A\n"
        );
        assert!(head(&[], Currency::parse("JPY").unwrap()).starts_with("commodity 1000. JPY"));
    }

    #[test]
    fn no_cell_of_the_table_is_run_by_a_spreadsheet() {
        let entry = entry();
        let row = cells(&entry, &entry.lines[0], Currency::CNY);
        assert_eq!(row[5], "'=1+1; two\nlines  | more");
        assert_eq!(row[13], "'=HYPERLINK(1)");
        assert_eq!((row[8].as_str(), row[9].as_str()), ("113.00", "0.00"));
    }
}
