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
    let map = log.map(&ask).expect("a map");
    assert_eq!((map["cases"].as_u64(), map["case"].as_str()), (Some(2), Some("")));
    let way = |from: &str, to: &str| {
        let all = map["edges"].as_array().expect("edges");
        all.iter().find(|e| e["from"] == from && e["to"] == to).expect("a way")["median"].clone()
    };
    assert_eq!(way("录入", "发货"), 2.0 * 86_400.0);
    assert_eq!(log.variants(&ask).expect("ways")["count"], 2);
    let step = Some(("录入".to_owned(), "审核".to_owned()));
    assert_eq!(
        log.cases(&MapAsk { step, ..ask.clone() }).expect("cases")["rows"][0]["number"],
        "1001"
    );
    let march_third = Some(kernel::Day::of(2026, 3, 3));
    let late = log.map(&MapAsk { from: march_third, ..ask }).expect("a map");
    assert_eq!(late["cases"], 1);
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

/// Four orders: two by web (entered, then shipped after a day), two by phone (checked in between,
/// shipped after three days). 李雷 enters and checks in the office, 韩梅 ships in the warehouse.
const TABLE: &str = "\
case,activity,time,resource,department,channel
1,enter,2026-03-02 09:00,李雷,office,web
1,ship,2026-03-03 09:00,韩梅,warehouse,web
2,enter,2026-03-02 09:00,李雷,office,web
2,ship,2026-03-03 09:00,韩梅,warehouse,web
3,enter,2026-03-02 09:00,李雷,office,phone
3,check,2026-03-03 09:00,李雷,office,phone
3,ship,2026-03-05 09:00,韩梅,warehouse,phone
4,enter,2026-03-02 09:00,李雷,office,phone
4,ship,2026-03-05 09:00,韩梅,warehouse,phone
";

#[test]
fn a_log_is_filtered_by_any_attribute_and_two_parts_stand_beside_each_other() {
    let folder = Folder::new("beside");
    let shelf = Shelf::new(folder.0.clone());
    let told = shelf.keep("orders.csv", TABLE.as_bytes(), &Columns::default()).expect("kept");
    let log = shelf.open(told["id"].as_str().expect("an id")).expect("opened");
    let whole = MapAsk { activities: 1.0, paths: 1.0, people: true, ..MapAsk::usual("") };
    let map = log.map(&whole).expect("a map");
    assert_eq!(
        map["attributes"],
        serde_json::json!(["event.channel", "event.department", "person."])
    );
    let may_not = log.map(&MapAsk { people: false, ..whole.clone() }).expect("a map");
    assert_eq!(may_not["attributes"], serde_json::json!(["event.channel", "event.department"]));
    let by = |dimension: &str, value: &str| MapAsk {
        dimension: Some(dimension.to_owned()),
        value: Some(value.to_owned()),
        ..whole.clone()
    };
    let (web, phone) = (by("event.channel", "web"), by("event.channel", "phone"));
    assert_eq!(log.map(&web).expect("a map")["cases"], 2);
    assert_eq!(log.map(&web).expect("a map")["values"], serde_json::json!(["phone", "web"]));
    assert_eq!(log.map(&by("person.", "韩梅")).expect("a map")["cases"], 4);
    let unknown = log.map(&by("event.colour", "red")).expect_err("no such attribute");
    assert_eq!(unknown.code, "kpi.no_such_dimension");
    let both = log.beside(&web, &phone).expect("two maps");
    assert_eq!(both["cases"], serde_json::json!([2, 2]));
    let path = |from: &str, to: &str| {
        let all = both["edges"].as_array().expect("paths");
        all.iter().find(|e| e["from"] == from && e["to"] == to).expect("a path").clone()
    };
    let direct = path("enter", "ship");
    assert_eq!((&direct["one"]["count"], &direct["one"]["median"]), (&2.into(), &86_400.0.into()));
    assert_eq!(
        (&direct["two"]["count"], &direct["two"]["median"]),
        (&1.into(), &(3.0 * 86_400.0).into())
    );
    let check = path("enter", "check");
    assert_eq!((&check["one"], &check["two"]["count"]), (&serde_json::Value::Null, &1.into()));
    let nodes: Vec<_> = both["nodes"].as_array().expect("steps").iter().collect();
    let counts = nodes.iter().find(|n| n["activity"] == "check").expect("a step");
    assert_eq!(counts["counts"], serde_json::json!([0, 1]));
}

#[test]
fn the_organisation_of_a_log_is_who_does_what_and_hands_over_to_whom() {
    let folder = Folder::new("people");
    let shelf = Shelf::new(folder.0.clone());
    let told = shelf.keep("orders.csv", TABLE.as_bytes(), &Columns::default()).expect("kept");
    let log = shelf.open(told["id"].as_str().expect("an id")).expect("opened");
    let all = log.people(&MapAsk::usual("")).expect("people");
    assert_eq!(all["people"][0]["name"], "李雷");
    assert_eq!((&all["people"][0]["events"], &all["people"][0]["cases"]), (&5.into(), &4.into()));
    assert_eq!(all["people"][1]["department"], "warehouse");
    let between = serde_json::json!([
        { "from": "office", "to": "office", "count": 1 },
        { "from": "office", "to": "warehouse", "count": 4 },
    ]);
    assert_eq!(all["between"], between);
    assert_eq!((&all["handed"], &all["hand_overs"][0]["count"]), (&4.into(), &4.into()));
    let carriers = all["carriers"].as_array().expect("activities");
    assert!(carriers.iter().all(|c| c["bus_factor"] == 1 && c["people"] == 1));
}
