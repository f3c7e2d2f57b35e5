//! Every public log gives exactly the figures of its reference results. Needs the folder of real
//! input; without it the tests say so and pass.
use process::log::{Flat, Log, Only, Trouble};
use process::mine::{Counted, Dfg, Overview, People, Rework, Variants};
use process::read::{Ask, Source, read};
use serde_json::Value as Json;
use std::path::PathBuf;

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

fn load(folder: &std::path::Path, name: &str) -> (Source, Json) {
    let source = read(&folder.join(name), &Ask::default(), &mut |_, _| {}).expect("it is there");
    let reference =
        std::fs::read_to_string(folder.join(format!("{name}.ref.json"))).expect("it is there");
    (source, serde_json::from_str(&reference).expect("it is there"))
}

fn figures(log: &Log, object_type: u32) -> Json {
    let flat = Flat::of(log, object_type, Only::All);
    let dfg = Dfg::of(log, &flat, &|from, to| to - from);
    let variants = Variants::of(log, &flat);
    let (overview, rework) = (Overview::of(log, &flat), Rework::of(log, &flat));
    let people = People::of(log, &flat);
    let (overview, dfg, variants) = (&overview, &dfg, &variants);
    let (flat, rework, people) = (&flat, &rework, &people);
    Counted { log, flat, overview, dfg, variants, rework, people }.json()
}

/// Numbers to nine digits, everything else exactly.
fn same(path: &str, ours: &Json, theirs: &Json, wrong: &mut Vec<String>) {
    match (ours, theirs) {
        (Json::Object(ours), Json::Object(theirs)) => {
            for key in ours.keys().chain(theirs.keys()) {
                let path = format!("{path}.{key}");
                let of = |map: &serde_json::Map<String, Json>| map.get(key).cloned();
                let (a, b) = (of(ours).unwrap_or_default(), of(theirs).unwrap_or_default());
                same(&path, &a, &b, wrong);
            }
        }
        (Json::Array(ours), Json::Array(theirs)) if ours.len() == theirs.len() => {
            for (at, (a, b)) in ours.iter().zip(theirs).enumerate() {
                same(&format!("{path}[{at}]"), a, b, wrong);
            }
        }
        (Json::Number(a), Json::Number(b)) => {
            let (a, b) = (a.as_f64().expect("it is there"), b.as_f64().expect("it is there"));
            if (a - b).abs() > 1e-9 * a.abs().max(b.abs()).max(1.0) {
                wrong.push(format!("{path}: {a} instead of {b}"));
            }
        }
        (a, b) if a == b => {}
        (a, b) => wrong.push(format!("{path}: {a} instead of {b}")),
    }
}

fn leave_out_last(top: &mut Json) {
    let top = top.as_object_mut().expect("it is there");
    let last = top.values().filter_map(Json::as_u64).min();
    if top.len() == 15 {
        top.retain(|_, count| count.as_u64() != last);
    }
}

#[test]
fn every_log_of_cases_gives_the_figures_of_its_reference() {
    let Some(folder) = folder() else { return };
    let logs = [
        ("running-example.xes", 0),
        ("roadtraffic100traces.xes", 0),
        ("receipt.xes.gz", 0),
        ("helpdesk.xes.gz", 0),
        ("orders.xes.gz", 154),
        ("interval_event_log.csv", 0),
        ("PurchasingExample.csv.gz", 0),
    ];
    for (name, text_times) in logs {
        let (source, reference) = load(&folder, name);
        let ours = figures(&source.log, 0);
        let mut wrong = Vec::new();
        let mut compared = 0;
        let beside = [
            "resources",
            "resource_events_top",
            "handover_top",
            "handover_pairs",
            "handover_between_different",
            "handover_total",
            "resource_activity_pairs",
            "service_seconds_by_activity",
        ];
        let beside = beside.iter().filter_map(|key| Some((*key, reference.get(*key)?)));
        let own = reference["document_order"].as_object().unwrap();
        for (key, theirs) in own.iter().map(|(k, v)| (k.as_str(), v)).chain(beside) {
            if key == "out_of_order_adjacent" && name.contains(".csv") {
                // The reference counts it after it has put a table's rows in order.
                continue;
            }
            let mut ours = ours[key].clone();
            let mut theirs = theirs.clone();
            if key == "resource_events_top" {
                // Of people with as few events as the last one, the reference names any.
                leave_out_last(&mut ours);
                leave_out_last(&mut theirs);
            }
            let theirs = &theirs;
            if let (Json::Array(ours), Json::Array(theirs)) = (&mut ours, theirs) {
                ours.truncate(theirs.len());
            }
            same(key, &ours, theirs, &mut wrong);
            compared += 1;
        }
        assert!(wrong.is_empty(), "{name}: {wrong:#?}");
        assert!(compared >= 18, "{name}: only {compared} keys");
        let count = |trouble| source.log.quality.count(trouble);
        assert_eq!(count(Trouble::TextTime), text_times, "{name}");
        assert_eq!((count(Trouble::NoTime), count(Trouble::BadRow)), (0, 0), "{name}");
    }
}

/// What the reference holds of an object-centric log: it leaves out, in silence, objects without
/// events and links to them, events without objects, and relations to objects that do not exist.
fn attached(log: &Log) -> [usize; 4] {
    let touched: std::collections::BTreeSet<u32> = log.e2o.object.iter().copied().collect();
    let telling: std::collections::BTreeSet<u32> = log.e2o.event.iter().copied().collect();
    let both = |(a, b, _): &&(u32, u32, u32)| touched.contains(a) && touched.contains(b);
    [telling.len(), touched.len(), log.e2o.event.len(), log.o2o.iter().filter(both).count()]
}

fn number(of: &Json) -> usize {
    usize::try_from(of.as_u64().expect("it is there")).expect("it is there")
}

/// What does not hang on the order of events at the same time.
const TIED: [(&str, &str); 3] = [
    ("ocel2-logistics.sqlite", "Container"),
    ("ocel2-logistics.sqlite", "Forklift"),
    ("ocel2-order-management-running-example.sqlite", "employees"),
];

#[test]
fn every_object_centric_log_gives_the_figures_of_its_reference() {
    let Some(folder) = folder() else { return };
    for name in [
        "ocel20_example.json",
        "ocel20_example.xml",
        "ocel20_example.sqlite",
        "ocel2-logistics.sqlite",
        "ocel2-order-management-running-example.sqlite",
    ] {
        let (source, reference) = load(&folder, name);
        let log = &source.log;
        let told = ["events", "objects", "e2o", "o2o"].map(|key| number(&reference[key]));
        assert_eq!(attached(log), told, "{name}");
        let mut wrong = Vec::new();
        for (of_type, theirs) in reference["per_object_type"].as_object().unwrap() {
            let number = log.objects.types.find(of_type).unwrap();
            let is_tied = TIED.contains(&(name, of_type.as_str()));
            compare_type(
                &format!("{name} {of_type}"),
                &figures(log, number),
                theirs,
                is_tied,
                &mut wrong,
            );
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

fn compare_type(path: &str, ours: &Json, theirs: &Json, is_tied: bool, wrong: &mut Vec<String>) {
    same(&format!("{path} traces"), &ours["cases"], &theirs["traces"], wrong);
    same(&format!("{path} events"), &ours["events"], &theirs["events"], wrong);
    for key in ["n", "mean", "median", "p95", "min", "max"] {
        let (a, b) = (&ours["case_duration_seconds"][key], &theirs["duration_seconds"][key]);
        same(&format!("{path} {key}"), a, b, wrong);
    }
    if is_tied {
        return;
    }
    for (our_key, key) in [
        ("variants", "variants"),
        ("start_activities", "start"),
        ("end_activities", "end"),
        ("dfg", "dfg"),
        ("dfg_edges", "dfg_edges"),
    ] {
        same(&format!("{path} {key}"), &ours[our_key], &theirs[key], wrong);
    }
    if let Some(top) = theirs["top_variants"].as_array() {
        let ours: Vec<Json> = ours["top_variants"]
            .as_array()
            .expect("it is there")
            .iter()
            .take(top.len())
            .cloned()
            .collect();
        same(&format!("{path} top"), &Json::Array(ours), &theirs["top_variants"], wrong);
    }
    for (edge, theirs) in ours["dfg_seconds"]
        .as_array()
        .expect("it is there")
        .iter()
        .zip(theirs["dfg_mean_seconds"].as_array().expect("it is there"))
    {
        let ours = serde_json::json!([edge["from_"], edge["to"], edge["mean"], edge["median"]]);
        same(&format!("{path} seconds"), &ours, theirs, wrong);
    }
}

#[test]
fn broken_references_and_ids_stored_two_ways_are_told_with_counts() {
    let Some(folder) = folder() else { return };
    let (source, _) = load(&folder, "ocel2-logistics.sqlite");
    let count = |trouble| source.log.quality.count(trouble);
    assert_eq!((source.log.events.len(), source.log.objects.ids.len()), (8_727, 970));
    assert_eq!(count(Trouble::EventWithoutObject), 2_540);
    assert_eq!(count(Trouble::DanglingObject), 16_738 - 11_658);
    assert_eq!(count(Trouble::DanglingLink), 3_960 - 1_420);
    let (source, _) = load(&folder, "ocel2-order-management-running-example.sqlite");
    let count = |trouble| source.log.quality.count(trouble);
    assert_eq!((source.log.events.len(), source.log.objects.ids.len()), (18_211, 10_031));
    assert_eq!((source.log.e2o.event.len(), source.log.o2o.len()), (35_857, 25_336));
    // Items, orders and packages have numbers as ids in their own tables.
    assert_eq!(count(Trouble::NumericId), 7_670 + 2_000 + 320);
    assert_eq!(count(Trouble::ObjectWithoutEvent), 20);
}
