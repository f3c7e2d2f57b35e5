//! Reports of all public logs in both languages: the same bytes each time, no word without its
//! translation, nothing from elsewhere, and JSON with the names of the reference.
use meta::words::{Lang, find};
use process::log::Trouble;
use process::read::{Ask, Keep, read};
use process::report::{self, LANE_ATTRIBUTES, SourceFacts, Study, Wish};
use std::path::PathBuf;

const LOGS: [&str; 6] = [
    "running-example.xes",
    "receipt.xes.gz",
    "PurchasingExample.csv.gz",
    "interval_event_log.csv",
    "ocel20_example.json",
    "ocel2-logistics.sqlite",
];

fn folder() -> Option<PathBuf> {
    let told = std::env::var("HUILIU_SHARED_DATA").map(PathBuf::from).ok();
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = told.unwrap_or(beside).join("eventlogs");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: no real input (HUILIU_SHARED_DATA)");
    None
}

fn study(folder: &std::path::Path, name: &str, of_type: Option<&str>) -> (Study, SourceFacts) {
    let keep = Keep::Named(LANE_ATTRIBUTES.map(str::to_owned).to_vec());
    let ask = Ask { keep, ..Ask::default() };
    let source = read(&folder.join(name), &ask, &mut |_, _| {}).expect("a log");
    let (log, facts) = SourceFacts::split(source, name.to_owned());
    let wish = Wish { object_type: of_type.map(str::to_owned), sliders: None };
    (Study::of(log, &wish).expect("a report"), facts)
}

#[test]
fn a_report_is_whole_in_both_languages_and_always_the_same() {
    let Some(folder) = folder() else { return };
    for name in LOGS {
        let (first, facts) = study(&folder, name, None);
        let (second, _) = study(&folder, name, None);
        for lang in [Lang::Zh, Lang::En] {
            let html = report::html(&first, &facts, lang);
            assert!(html == report::html(&second, &facts, lang), "{name}: other bytes");
            for foreign in ["<script", "http://", "https://", "<link", "@import", "url(h"] {
                assert!(!html.contains(foreign), "{name}: {foreign}");
            }
            let untold =
                html.find(">mine-").or_else(|| html.find("{$")).or_else(|| html.find("{ $"));
            assert_eq!(untold, None, "{name}: {:?}", untold.map(|at| &html[at..at + 40]));
            assert_eq!(html.matches("<section").count(), 9, "{name}");
        }
        let (a, b) = (report::json(&first, &facts), report::json(&second, &facts));
        assert!(a == b, "{name}: other figures");
        for key in ["cases", "dfg_seconds", "case_duration_seconds", "top_variants", "quality"] {
            assert!(!a[key].is_null(), "{name}: {key}");
        }
    }
}

#[test]
fn another_object_type_is_studied_when_asked_and_an_unknown_one_is_refused() {
    let Some(folder) = folder() else { return };
    let name = "ocel2-logistics.sqlite";
    let (study, _) = study(&folder, name, Some("transport document"));
    assert_eq!((study.overview.cases, study.overview.events), (200, 600));
    let log = read(&folder.join(name), &Ask::default(), &mut |_, _| {}).unwrap().log;
    let wish = Wish { object_type: Some("Handling Unit".to_owned()), sliders: None };
    let refused = Study::of(log, &wish).err().unwrap();
    assert_eq!(refused.code, "log.no_such_type");
}

#[test]
fn what_to_look_at_first_is_ranked_and_names_its_cases() {
    let Some(folder) = folder() else { return };
    let (study, _) = study(&folder, "PurchasingExample.csv.gz", None);
    let days: Vec<f64> = study.findings.iter().map(|f| f.days).filter(|d| *d > 0.0).collect();
    assert!(days.len() >= 4 && days.is_sorted_by(|a, b| a >= b), "{days:?}");
    let with_days = study.findings.iter().filter(|f| f.days > 0.0);
    assert!(with_days.clone().all(|f| !f.examples.is_empty() && f.cases > 0));
    // The quotation that is asked for again and again is what this log is known for.
    let first = report::headlines(&study, Lang::En)[0].clone();
    assert!(first.contains("Analyze Request for Quotation"), "{first}");
}

#[test]
fn every_trouble_has_words() {
    let all = [
        Trouble::NoCase,
        Trouble::CaseUnnamed,
        Trouble::NoActivity,
        Trouble::NoTime,
        Trouble::BadRow,
        Trouble::TextTime,
        Trouble::AmbiguousDate,
        Trouble::EqualTimes,
        Trouble::OutOfOrder,
        Trouble::StartAfterEnd,
        Trouble::DanglingObject,
        Trouble::DanglingEvent,
        Trouble::DanglingLink,
        Trouble::EventWithoutObject,
        Trouble::ObjectWithoutEvent,
        Trouble::RelationTwice,
        Trouble::EventTwice,
        Trouble::ObjectTwice,
        Trouble::NumericId,
        Trouble::UndeclaredType,
        Trouble::MissingGlobal,
        Trouble::EmptyCase,
        Trouble::CaseTwice,
        Trouble::CaseLooksMissing,
        Trouble::NotUtf8,
        Trouble::NoStart,
        Trouble::NeverCompleted,
    ];
    for trouble in all {
        for lang in [Lang::Zh, Lang::En] {
            let key = format!("mine-trouble-{}", trouble.name());
            assert!(find(lang, &key, &[]).is_some(), "{key}");
        }
    }
}
