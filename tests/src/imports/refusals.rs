//! What an import refuses, and how it says so; stops half way; undo that something stands against.
use super::setup::{Place, each, files, source, text};
use super::{AR, CRM, NORTHWIND, note};
use intake::{MOST_FAULTS, Plan, Progress, Source};
use kernel::Id;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Where and what, in the order found.
fn told(plan: &Plan) -> Vec<(String, u64, String, String, &'static str)> {
    let one = |f: &intake::Fault| {
        (f.file.clone(), f.line, f.column.clone(), f.value.clone(), f.error.code)
    };
    plan.faults.iter().map(one).collect()
}

fn with(
    mapping: &str,
    names: &[&str],
    name: &str,
    change: impl Fn(String) -> String,
) -> Vec<Source> {
    let of = |file: &&str| {
        let read = text(mapping, file);
        let read = if *file == name { change(read) } else { read };
        source(file, read.into_bytes())
    };
    names.iter().map(of).collect()
}

fn spoil(text: String, line: usize, from: &str, to: &str) -> String {
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    assert!(lines[line - 1].contains(from), "{}", lines[line - 1]);
    lines[line - 1] = lines[line - 1].replacen(from, to, 1);
    lines.join("\n")
}

#[test]
fn a_bad_row_is_told_with_file_line_column_value_and_reason_in_both_languages() {
    each("crm_maven", |place| {
        let before = place.tables();
        let file = "sales_pipeline.csv";
        let spoiled = with("crm_maven", CRM, file, |text| {
            let text = spoil(text, 2, "10/20/2016", "20/10/2016");
            let text = spoil(text, 3, "GTXPro", "GTX-Pro");
            let text = spoil(text, 4, "Won", "Gewonnen");
            let text = spoil(text, 5, "Moses Frase", "");
            spoil(text, 6, ",Won,", ",Won,extra,")
        });
        let plan = place.plan("crm_maven", spoiled);
        let expected = [
            (2, "engage_date", "20/10/2016", "import.day"),
            (4, "deal_stage", "Gewonnen", "import.not_one_of"),
            (
                6,
                "",
                "PE84CX4O | Zane Levy | GTX Basic | Hatfan | Won | extra | 10/25/2016 | 3/2/2017 ",
                "import.columns",
            ),
            (3, "product", "GTX-Pro", "import.no_such_row"),
        ];
        let found = told(&plan);
        for (line, column, value, code) in expected {
            let fault = (file.into(), line, column.into(), value.into(), code);
            assert!(found.contains(&fault), "{code}: {found:?}");
        }
        for fault in &plan.faults {
            let json = fault.json();
            let (zh, en) = (json["message"]["zh"].to_string(), json["message"]["en"].to_string());
            assert!(zh != en && !zh.contains("import.") && !en.contains("import."), "{zh} {en}");
        }
        assert_eq!(place.try_apply(&plan).map_err(|e| e.code).err(), Some("import.not_valid"));
        assert_eq!(place.tables(), before, "nothing of the good rows was written either");
    });
}

#[test]
fn faults_are_all_collected_up_to_a_thousand() {
    each("crm_maven", |place| {
        let broken =
            with("crm_maven", CRM, "sales_pipeline.csv", |text| text.replace("Won", "won"));
        let plan = place.plan("crm_maven", broken);
        assert_eq!(plan.faults.len(), MOST_FAULTS + 1);
        assert_eq!(plan.faults[MOST_FAULTS].error.code, "import.too_many_errors");
    });
}

#[test]
fn files_that_cannot_be_read_are_refused_by_name() {
    each("northwind/csv", |place| {
        let one = |name: &str, bytes: &[u8]| {
            let mut all = files("northwind", NORTHWIND);
            all.push(source(name, bytes.to_vec()));
            told(&place.plan("northwind", all))
                .into_iter()
                .map(|f| (f.0, f.1, f.4))
                .collect::<Vec<_>>()
        };
        let is = |found: Vec<(String, u64, &str)>, name: &str, line: u64, code: &str| {
            assert!(
                found.iter().any(|f| (f.0.as_str(), f.1, f.2) == (name, line, code)),
                "{found:?}"
            );
        };
        is(one("x.csv", b"a,b\n1,2\n"), "x.csv", 1, "import.unknown_file");
        is(one("x.csv", b""), "x.csv", 1, "import.empty_file");
        is(
            one("x.csv", b"shipperID,companyName,phone\n9,M\xfcller,1\n"),
            "x.csv",
            2,
            "import.encoding",
        );
        let utf16 = [0xff, 0xfe, b'a', 0, b',', 0, b'b', 0];
        is(one("x.csv", &utf16), "x.csv", 1, "import.unknown_file");
        let twice = text("northwind", "shippers.csv");
        is(one("again.csv", twice.as_bytes()), "again.csv", 0, "import.file_twice");
        let more = b"shipperID,companyName,phone\n3,Third,1\n";
        is(one("more.csv", more), "more.csv", 2, "import.duplicate_key");
        let half = place.plan("northwind", files("northwind", &["orders.csv"]));
        let lacks: Vec<_> =
            told(&half).into_iter().filter(|f| f.4 == "import.file_missing").collect();
        assert_eq!(lacks.len(), 2, "customers and order_details: {lacks:?}");
    });
}

#[test]
fn the_same_rows_in_another_spelling_are_the_same_rows() {
    each("crm_maven", |place| {
        place.apply(&place.plan("crm_maven", files("crm_maven", CRM)));
        let iso = with("crm_maven", CRM, "sales_pipeline.csv", |text| {
            let day = |cell: &str| match cell.split('/').collect::<Vec<_>>()[..] {
                [m, d, y] => format!("{y}-{m:0>2}-{d:0>2}"),
                _ => cell.to_owned(),
            };
            let line = |line: &str| line.split(',').map(day).collect::<Vec<_>>().join(",") + "\r\n";
            format!("\u{feff}{}", text.lines().map(line).collect::<String>())
        });
        let plan = place.plan("crm_maven", iso);
        assert_eq!(plan.faults, Vec::new());
        assert!(plan.counts.values().all(|c| c.new == 0 && c.changed == 0), "{:?}", plan.counts);
    });
}

#[test]
fn a_changed_row_is_reported_and_not_applied() {
    each("crm_maven", |place| {
        place.apply(&place.plan("crm_maven", files("crm_maven", CRM)));
        let before = place.tables();
        let changed =
            with("crm_maven", CRM, "sales_pipeline.csv", |text| spoil(text, 2, ",1054", ",2054"));
        let plan = place.plan("crm_maven", changed);
        let count = &plan.counts["opportunity"];
        assert_eq!((count.new, count.unchanged, count.changed), (0, 8799, 1));
        assert_eq!(count.changed_keys, ["1C1I7A6R"]);
        assert_eq!(place.apply(&plan).applied, 0);
        assert_eq!(place.tables(), before);
    });
}

/// Runs an import that dies after some chunks, as a killed process would.
fn stopped(place: &Place<'_>, plan: &Plan, after: usize) -> i64 {
    let mut batch = 0;
    let mut chunks = 0;
    let died = catch_unwind(AssertUnwindSafe(|| {
        let mut progress = |p: Progress| {
            batch = p.batch;
            chunks += 1;
            assert!(chunks < after, "killed");
            ControlFlow::Continue(())
        };
        intake::apply(&place.house.store, &|| place.cx(), plan, &mut progress)
    }));
    assert!(died.is_err());
    batch
}

#[test]
fn an_import_that_was_stopped_goes_on_where_it_was() {
    each("ar_ibm", |place| {
        let plan = place.plan("ar_ibm", files("ar_ibm", AR));
        let batch = stopped(place, &plan, 7);
        let half = place.count("invoice", "id > 0");
        assert!(half > 0 && half < 1930, "{half}");
        assert_eq!(place.count("import_batch", "state = 'applying'"), 1);

        let other = text("ar_ibm", AR[0]);
        let other: String = other.lines().take(20).map(|line| format!("{line}\n")).collect();
        let other = place.plan("ar_ibm", vec![source("other.csv", other.into_bytes())]);
        assert_eq!(place.try_apply(&other).map_err(|e| e.code).err(), Some("import.unfinished"));

        let again = place.plan("ar_ibm", files("ar_ibm", AR));
        let report = place.apply(&again);
        assert!(report.resumed);
        assert_eq!((report.batch, report.applied), (Some(batch), 2030));
        assert_eq!(place.count("invoice", "id > 0"), 1930);
        super::sums::agree("ar_ibm", &again, &report);
    });
}

#[test]
fn an_import_that_was_stopped_can_be_given_up() {
    each("northwind/csv", |place| {
        let before = place.tables();
        let plan = place.plan("northwind", files("northwind", NORTHWIND));
        let batch = stopped(place, &plan, 5);
        place.undo(batch).unwrap();
        assert_eq!(place.tables(), before);
        let report = place.apply(&place.plan("northwind", files("northwind", NORTHWIND)));
        assert!(!report.resumed && report.batch != Some(batch));
    });
}

#[test]
fn undo_is_refused_whole_while_something_else_refers_to_its_rows() {
    each("crm_maven", |place| {
        let report = place.apply(&place.plan("crm_maven", files("crm_maven", CRM)));
        let party = place.find("party", "name = 'Cancity'");
        let new = crm::commands::NewOpportunity {
            name: "A new one".into(),
            party: Some(Id::from_raw(party)),
            lead: None,
            amount: 100,
            close_expected: None,
        };
        let made =
            |cx: &kernel::Ctx, tx: &mut store::Tx| crm::commands::create_opportunity(cx, tx, &new);
        place.house.run(made).unwrap();
        let before = place.tables();
        let refused = place.undo(report.batch.unwrap()).unwrap_err();
        assert_eq!(refused.code, "import.undo_referred");
        assert_eq!(place.tables(), before);
        assert_eq!(place.count("import_batch", "state = 'applied'"), 1);
        assert_eq!(place.undo(77).map_err(|e| e.code).err(), Some("import.not_found"));
    });
}

#[test]
fn codes_that_somebody_has_already_are_numbered() {
    each("northwind/csv", |place| {
        let plan = place.plan("northwind", files("northwind", NORTHWIND));
        place.apply(&plan);
        assert_eq!(place.count("party", "code = 'ALFKI' AND batch_id = 0"), 1);
        assert_eq!(place.count("party", "code = 'ALFKI.2' AND batch_id > 0"), 1);
        assert_eq!(note(&plan.notes, "rate_unknown"), 0);
    });
}
