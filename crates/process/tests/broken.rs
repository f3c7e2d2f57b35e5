//! Files as they come: what is broken is told with its count and place, and the rest is read.
use process::log::{Flat, Only, Trouble};
use process::read::{Ask, Columns, Source, read};
use std::path::PathBuf;

fn file(name: &str, text: &[u8]) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("huiliu-broken-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join(name);
    std::fs::write(&path, text).expect("a file");
    path
}

fn read_text(name: &str, text: &str) -> Source {
    read(&file(name, text.as_bytes()), &Ask::default(), &mut |_, _| {}).expect("a log")
}

fn code(name: &str, text: &[u8]) -> &'static str {
    read(&file(name, text), &Ask::default(), &mut |_, _| {}).expect_err("a refusal").code
}

#[test]
fn a_case_named_na_is_a_case_and_rows_without_one_are_counted() {
    let source = read_text(
        "na.csv",
        "Case ID;Activity;Timestamp;User\n\
         NA;place;2024-01-02 09:00;Ann\n\
         NA;ship;2024-01-03 09:00;\n\
         ;place;2024-01-03 10:00;Bob\n\
         7;;2024-01-03 10:00;Bob\n\
         8;place;soon;Bob\n\
         9\n",
    );
    let flat = Flat::of(&source.log, 0, Only::All);
    assert_eq!((flat.len(), flat.name(&source.log, 0)), (1, "NA"));
    let count = |trouble| source.log.quality.count(trouble);
    assert_eq!(count(Trouble::CaseLooksMissing), 1);
    assert_eq!((count(Trouble::NoCase), count(Trouble::NoActivity)), (1, 1));
    assert_eq!((count(Trouble::NoTime), count(Trouble::BadRow)), (1, 1));
    assert_eq!(source.log.quality.findings[&Trouble::BadRow].places, ["line 7"]);
}

#[test]
fn columns_are_guessed_in_chinese_and_corrected_by_flags() {
    let text = "订单号,环节,开始时间,完成时间,操作人,备注\n\
                A1,下单,2024/3/5 9:00,2024/3/5 9:10,王,\n\
                A1,发货,2024/3/6 9:00,2024/3/6 9:10,李,急\n";
    let columns = read_text("zh.csv", text).columns.unwrap();
    let told = [columns.case, columns.activity, columns.time, columns.end, columns.resource];
    let told: Vec<&str> = told.iter().flatten().map(String::as_str).collect();
    assert_eq!(told, ["订单号", "环节", "开始时间", "完成时间", "操作人"]);
    let columns = Columns { activity: Some("操作人".into()), ..Columns::default() };
    let ask = Ask { columns, ..Ask::default() };
    let source = read(&file("zh2.csv", text.as_bytes()), &ask, &mut |_, _| {}).unwrap();
    assert_eq!(source.log.activities.iter().collect::<Vec<_>>(), ["王", "李"]);
    let columns = Columns { case: Some("nothing".into()), ..Columns::default() };
    let ask = Ask { columns, ..Ask::default() };
    let error = read(&file("zh3.csv", text.as_bytes()), &ask, &mut |_, _| {}).unwrap_err();
    assert_eq!(error.code, "log.no_such_column");
}

#[test]
fn columns_without_known_names_are_found_by_what_they_hold() {
    let mut text = "vorgang\twer\twas\twann\n".to_owned();
    for case in 0..20 {
        for (at, what) in ["anlegen", "prüfen", "buchen"].iter().enumerate() {
            text.push_str(&format!(
                "V{case}\tP{}\t{what}\t0{}.02.2024 10:00\n",
                case % 3 + at,
                at + 1
            ));
        }
    }
    let columns = read_text("de.tsv", &text).columns.unwrap();
    assert_eq!(columns.case.as_deref(), Some("vorgang"));
    assert_eq!((columns.activity.as_deref(), columns.time.as_deref()), (Some("was"), Some("wann")));
}

#[test]
fn an_xes_file_without_globals_with_text_times_and_an_empty_trace_is_read_and_told() {
    let source = read_text(
        "odd.xes",
        r#"<?xml version="1.0"?><log>
        <trace><string key="concept:name" value="1"/>
          <event><string key="concept:name" value="a &amp; b"/>
            <string key="time:timestamp" value="2024/01/02 10:00:00"/>
            <list key="costs"><string key="concept:name" value="inner"/></list></event>
          <event><string key="concept:name" value="c"/></event>
          <event><date key="time:timestamp" value="2024-01-01T10:00:00Z"/></event>
        </trace>
        <trace><string key="concept:name" value="2"/></trace>
        <trace><event><string key="concept:name" value="c"/>
          <date key="time:timestamp" value="2024-01-02T10:00:00.5+08:00"/></event></trace>
        </log>"#,
    );
    let log = &source.log;
    assert_eq!(log.activities.iter().collect::<Vec<_>>(), ["a & b", "c"]);
    let count = |trouble| log.quality.count(trouble);
    assert_eq!((count(Trouble::TextTime), count(Trouble::NoTime)), (1, 1));
    assert_eq!((count(Trouble::NoActivity), count(Trouble::EmptyCase)), (1, 1));
    assert_eq!((count(Trouble::CaseUnnamed), count(Trouble::MissingGlobal)), (1, 1));
    assert_eq!(log.objects.ids.iter().collect::<Vec<_>>(), ["1", "#3"]);
}

#[test]
fn ocel_1_is_read_and_its_missing_declarations_are_told() {
    let source = read_text(
        "one.jsonocel",
        r#"{"ocel:objects": {"o1": {"ocel:type": "order", "ocel:ovmap": {"price": 12.5}}},
            "ocel:events": {"e1": {"ocel:activity": "place",
              "ocel:timestamp": "2024-01-02T10:00:00",
              "ocel:omap": ["o1", "gone"], "ocel:vmap": {"resource": "Ann"}}}}"#,
    );
    let log = &source.log;
    assert_eq!((log.events.len(), log.e2o.event.len(), log.objects.changes.len()), (1, 1, 1));
    assert_eq!(log.resources.iter().collect::<Vec<_>>(), ["Ann"]);
    let count = |trouble| log.quality.count(trouble);
    assert_eq!((count(Trouble::DanglingObject), count(Trouble::MissingGlobal)), (1, 1));
}

#[test]
fn an_event_that_comes_twice_counts_once() {
    let event = r#"{"id": "e1", "type": "a", "time": "2024-01-02T10:00:00Z",
        "relationships": [{"objectId": "o", "qualifier": ""},
                          {"objectId": "o", "qualifier": ""}]}"#;
    let text = format!(
        r#"{{"eventTypes": [], "objectTypes": [{{"name": "order", "attributes": []}}],
            "events": [{event}, {event}], "objects": [{{"id": "o", "type": "order"}}]}}"#
    );
    let source = read_text("twice.json", &text);
    let count = |trouble| source.log.quality.count(trouble);
    assert_eq!((count(Trouble::EventTwice), count(Trouble::RelationTwice)), (1, 1));
    assert_eq!((count(Trouble::UndeclaredType), source.log.e2o.event.len()), (1, 1));
}

#[test]
fn a_file_that_cannot_be_read_says_why() {
    assert_eq!(
        code("half.xes", b"<log><trace><string key='concept:name' value='1'/>"),
        "log.broken"
    );
    assert_eq!(code("half.json", b"{\"events\": [{\"id\": \"1\""), "log.broken");
    assert_eq!(code("empty.csv", b""), "log.empty");
    assert_eq!(code("book.xlsx", b"PK\x03\x04rest"), "log.is_workbook");
    assert_eq!(code("page.html", b"<html></html>"), "log.unknown_format");
    assert_eq!(code("none.csv", b"a,b\n1,2\n"), "log.columns_unknown");
    assert_eq!(code("rows.csv", b"case,activity,time\n"), "log.no_events");
    assert_eq!(code("half.xes.gz", &[0x1f, 0x8b, 8, 0, 0]), "log.cannot_read");
    let nowhere = read(&PathBuf::from("/nowhere"), &Ask::default(), &mut |_, _| {}).unwrap_err();
    assert_eq!(nowhere.code, "log.cannot_read");
}
