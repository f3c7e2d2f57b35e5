//! Logs of other systems: workbooks are read as tables are, and a shelf keeps what can be read.
use process::foreign::{MOST, Shelf};
use process::insight::MapAsk;
use process::read::{Ask, Columns, Format, read};
use rust_xlsxwriter::{ExcelDateTime, Format as Style, Workbook};
use std::path::PathBuf;

/// A folder that is gone when the test is over.
struct Folder(PathBuf);
impl Folder {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("huiliu-{name}-{}", std::process::id())))
    }
}
impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

/// Two orders: 1001 is entered, checked and shipped; 1002 is entered and shipped. The first sheet
/// is empty, as sheets often are.
fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet();
    let sheet = book.add_worksheet();
    let style = Style::new().set_num_format("yyyy-mm-dd hh:mm");
    for (at, head) in ["订单号", "活动", "时间", "人员"].iter().enumerate() {
        sheet.write_string(0, at as u16, *head).expect("a head");
    }
    let rows = [
        (1001, "录入", 2, 9),
        (1001, "审核", 2, 11),
        (1002, "录入", 3, 9),
        (1001, "发货", 4, 9),
        (1002, "发货", 5, 9),
    ];
    for (at, (case, activity, day, hour)) in rows.iter().enumerate() {
        let row = at as u32 + 1;
        let time = ExcelDateTime::from_ymd(2026, 3, *day).and_then(|d| d.and_hms(*hour, 30, 0));
        sheet.write_number(row, 0, f64::from(*case)).expect("a case");
        sheet.write_string(row, 1, *activity).expect("an activity");
        sheet.write_datetime_with_format(row, 2, time.expect("a time"), &style).expect("a cell");
        sheet.write_string(row, 3, "李雷").expect("a person");
    }
    book.save_to_buffer().expect("a workbook")
}

#[test]
fn a_workbook_is_read_by_its_first_sheet_with_rows() {
    let folder = Folder::new("workbook");
    std::fs::create_dir_all(&folder.0).expect("a folder");
    let path = folder.0.join("log.xlsx");
    std::fs::write(&path, workbook()).expect("written");
    let source = read(&path, &Ask::default(), &mut |_, _| {}).expect("a log");
    assert_eq!((source.format, source.log.events.len()), (Format::Workbook, 5));
    let columns = source.columns.expect("columns");
    assert_eq!(
        (columns.case.as_deref(), columns.activity.as_deref()),
        (Some("订单号"), Some("活动"))
    );
    let cases: Vec<&str> = source.log.objects.ids.iter().collect();
    assert_eq!(cases, ["1001", "1002"], "numbers of cases are whole");
    let ends = &source.log.events.end;
    // 2026-03-02 09:30 to 2026-03-05 09:30: three days.
    let span = ends.iter().max().expect("a time") - ends.iter().min().expect("a time");
    assert_eq!(span, 3 * 86_400_000_000);
}

#[test]
fn a_kept_log_is_looked_at_in_the_screens_and_a_broken_one_is_not_kept() {
    let folder = Folder::new("shelf");
    let shelf = Shelf::new(folder.0.clone());
    let none = Columns::default();
    // A workbook tells when it was made: two would be two logs.
    let book = workbook();
    let told = shelf.keep("三月.xlsx", &book, &none).expect("kept");
    assert_eq!((told["cases"].as_u64(), told["events"].as_u64()), (Some(2), Some(5)));
    assert_eq!(told["columns"]["case"], "订单号");
    let id = told["id"].as_str().expect("an id").to_owned();
    let again = shelf.keep("三月.xlsx", &book, &none).expect("kept once");
    assert_eq!((again["id"].as_str(), shelf.list().len()), (Some(id.as_str()), 1));
    let log = shelf.open(&id).expect("opened");
    let ask = MapAsk { activities: 1.0, paths: 1.0, ..MapAsk::usual("") };
    let map = log.map(&ask);
    assert_eq!((map["cases"].as_u64(), map["case"].as_str()), (Some(2), Some("")));
    let way = |from: &str, to: &str| {
        let all = map["edges"].as_array().expect("edges");
        all.iter().find(|e| e["from"] == from && e["to"] == to).expect("a way")["median"].clone()
    };
    assert_eq!(way("录入", "发货"), 2.0 * 86_400.0);
    assert_eq!(log.variants(&ask)["count"], 2);
    let step = Some(("录入".to_owned(), "审核".to_owned()));
    assert_eq!(log.cases(&MapAsk { step, ..ask.clone() })["rows"][0]["number"], "1001");
    let march_third = Some(kernel::Day::of(2026, 3, 3));
    assert_eq!(log.map(&MapAsk { from: march_third, ..ask })["cases"], 1);
    assert!(log.report(meta::words::Lang::Zh).contains("三月.xlsx"));
    // What cannot be read is not kept, and its error does not tell where we tried.
    let error = shelf.keep("x.csv", b"a,b\n1,2\n", &none).expect_err("no columns");
    assert!(error.code.starts_with("log."), "{error}");
    assert!(!error.to_string().contains(&folder.0.display().to_string()), "{error}");
    let wrong = Columns { case: Some("没有".to_owned()), ..Columns::default() };
    assert_eq!(shelf.keep("y.xlsx", &book, &wrong).expect_err("none").code, "log.no_such_column");
    // One that is kept stays, also when it is sent again with columns that it does not have.
    let again = shelf.keep("三月.xlsx", &book, &wrong).expect_err("none");
    assert_eq!(again.code, "log.no_such_column");
    assert!(shelf.open(&id).is_ok());
    assert_eq!(shelf.list().len(), 1);
    for nth in 1..MOST {
        shelf.keep(&format!("{nth}.xlsx"), &book, &none).expect("kept");
    }
    assert_eq!(shelf.keep("more.xlsx", &book, &none).expect_err("full").code, "log.too_many");
    shelf.remove(&id).expect("removed");
    assert_eq!(shelf.open(&id).err().map(|e| e.code), Some("log.not_kept"));
    assert_eq!(shelf.open("../../etc/passwd").err().map(|e| e.code), Some("log.not_kept"));
}
