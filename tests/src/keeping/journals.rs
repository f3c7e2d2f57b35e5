//! The journal as other programs read it.
use crate::house::{House, each};
use intake::{JournalForm, export_journal};
use kernel::Result;
use std::process::Command;

fn lived(h: &House) -> Result<()> {
    let screws = h.product("SCREW-M4", "1.13", 1000, 70)?;
    let customer = h.customer("=恒远; 机电|A", "N30", Some(10_000))?;
    let order = h.submitted(customer, &[(screws, 100)])?;
    let shipments = h.ship_all(order.id)?;
    h.deliver(shipments[0])?;
    let invoice = h.bill(order.id)?;
    h.pay(&invoice)?;
    Ok(())
}

fn written(h: &House, form: JournalForm) -> Result<(u64, String)> {
    let mut out = Vec::new();
    let count = export_journal(&h.store, &|| Ok(h.cx(0)), form, &mut out)?;
    Ok((count, String::from_utf8(out).unwrap()))
}

#[test]
fn hledger_reads_the_journal_strictly_and_comes_to_the_same_balances() {
    let missing = Command::new("hledger").arg("--version").output().is_err();
    assert!(!missing || std::env::var("CI").is_err(), "hledger is missing in CI");
    each(|h| {
        lived(h)?;
        let (count, text) = written(h, JournalForm::Hledger)?;
        assert!(count >= 5, "{count}");
        if missing {
            println!("skipped: hledger is not installed, so nobody else has read the journal");
            return Ok(());
        }
        let name = format!("hl_{}_{}.journal", h.store.engine().name(), std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, &text).unwrap();
        let ran = |args: &[&str]| {
            let ran = Command::new("hledger")
                .env("LC_ALL", "C.UTF-8")
                .arg("-f")
                .arg(&path)
                .args(args)
                .output()
                .unwrap();
            assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
            String::from_utf8(ran.stdout).unwrap()
        };
        ran(&["check", "--strict"]);
        let said = ran(&["balance", "--flat", "-N", "--empty", "-O", "csv"]);
        let day = kernel::Day::of(2020, 1, 1);
        let books = h.read(|cx, tx| {
            ledger::questions::trial_balance(cx, tx, day, kernel::Day::of(2030, 1, 1))
        })?;
        assert!(!books.is_empty());
        for line in &books {
            let amount = kernel::Money::new(line.balance(), kernel::Currency::CNY).to_string();
            let amount = if line.balance() == 0 { "0".to_owned() } else { amount };
            let row = format!("\"{} {}\",\"{amount}\"", line.code, line.name);
            assert!(said.contains(&row), "{row} is not in\n{said}");
        }
        std::fs::remove_file(&path).ok();
        Ok(())
    });
}

#[test]
fn the_journal_as_a_table_balances_and_holds_no_formula() {
    each(|h| {
        lived(h)?;
        let (_, text) = written(h, JournalForm::Csv)?;
        let text = text.strip_prefix('\u{feff}').expect("it says that it is UTF-8");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let (mut debit, mut credit, mut rows) = (0, 0, 0);
        for row in reader.records() {
            let row = row.unwrap();
            let fen =
                |at: usize| kernel::Money::parse(&row[at], kernel::Currency::CNY).map(|m| m.minor);
            (debit, credit, rows) = (debit + fen(8)?, credit + fen(9)?, rows + 1);
            for at in [1, 5, 6, 7, 13] {
                assert!(!row[at].starts_with(['=', '+', '-', '@']), "{}", &row[at]);
            }
        }
        assert!(rows >= 12, "{rows}");
        assert_eq!(debit, credit);
        Ok(())
    });
}
