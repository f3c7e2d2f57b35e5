//! What we write, we read back the same; and OCEL files are valid by their public schemas.
use process::log::{Flat, Log, NO_TIME, Only};
use process::read::{Ask, read};
use process::write;
use std::path::{Path, PathBuf};

const LOGS: [&str; 5] = [
    "running-example.xes",
    "PurchasingExample.csv.gz",
    "ocel20_example.json",
    "ocel2-logistics.sqlite",
    "ocel2-order-management-running-example.sqlite",
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

fn load(path: &Path) -> Log {
    read(path, &Ask::default(), &mut |_, _| {}).expect("it is there").log
}

fn place(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("huiliu-exports-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("it is there");
    let path = folder.join(name);
    std::fs::remove_file(&path).ok();
    path
}

/// A line for each event and each link, in words.
fn told(log: &Log) -> Vec<String> {
    let mut lines = Vec::new();
    let mut touch = 0;
    for event in 0..log.events.len() {
        let activity = log.activities.text(log.events.activity[event]);
        let who = log.resources.text(log.events.resource[event]);
        let (start, end) = (log.events.start[event], log.events.end[event]);
        let mut line = format!("{activity} {start} {end} {who}");
        let mut objects = Vec::new();
        while log.e2o.event.get(touch) == Some(&(event as u32)) {
            let object = log.e2o.object[touch];
            let of_type = log.objects.types.text(log.objects.of_type[object as usize]);
            let qualifier = log.qualifiers.text(log.e2o.qualifier[touch]);
            objects.push(format!(" {of_type}:{}:{qualifier}", log.objects.ids.text(object)));
            touch += 1;
        }
        objects.sort();
        line.extend(objects);
        lines.push(line);
    }
    for (source, target, qualifier) in &log.o2o {
        let id = |object: &u32| log.objects.ids.text(*object);
        lines.push(format!("{} {} {}", id(source), id(target), log.qualifiers.text(*qualifier)));
    }
    for change in &log.objects.changes {
        let at = if change.at == NO_TIME { 0 } else { change.at };
        let object = log.objects.ids.text(change.object);
        let (name, value) = (log.values.text(change.name), log.values.text(change.value));
        lines.push(format!("{object} {name} {value} {at}"));
    }
    lines.sort();
    lines
}

fn assert_same(name: &str, ours: &Log, again: &Log) {
    let (ours, again) = (told(ours), told(again));
    let differ = ours.iter().zip(&again).find(|(a, b)| a != b);
    assert_eq!((differ, ours.len()), (None, again.len()), "{name}");
}

#[test]
fn a_log_written_as_ocel_xml_and_sqlite_is_read_back_the_same() {
    let Some(folder) = folder() else { return };
    for name in LOGS {
        let log = load(&folder.join(name));
        let xml = place(&format!("{name}.xml"));
        let mut out = Vec::new();
        write::ocel_xml(&log, &mut out).unwrap();
        std::fs::write(&xml, &out).unwrap();
        assert_same(&format!("{name} xml"), &log, &load(&xml));
        let mut again = Vec::new();
        write::ocel_xml(&log, &mut again).unwrap();
        assert!(out == again, "{name}: other bytes");
        let sqlite = place(&format!("{name}.sqlite"));
        write::ocel_sqlite(&log, &sqlite).unwrap();
        assert_same(&format!("{name} sqlite"), &log, &load(&sqlite));
        assert_eq!(write::ocel_sqlite(&log, &sqlite).unwrap_err().code, "export.cannot_write");
        std::fs::remove_file(&xml).ok();
        std::fs::remove_file(&sqlite).ok();
    }
}

#[test]
fn traces_written_as_xes_and_csv_are_read_back_the_same() {
    let Some(folder) = folder() else { return };
    for name in LOGS {
        let log = load(&folder.join(name));
        let of_type = log.object_types()[0].object_type;
        let flat = Flat::of(&log, of_type, Only::All);
        let traces = |log: &Log, flat: &Flat| -> Vec<String> {
            let case = |(case, trace): (usize, &[u32])| {
                let event = |e: &u32| {
                    let at = *e as usize;
                    let name = log.activities.text(log.events.activity[at]);
                    let who = log.resources.text(log.events.resource[at]);
                    format!(" {name} {} {} {who}", log.events.start[at], log.events.end[at])
                };
                let events: String = trace.iter().map(event).collect();
                format!("{}{events}", flat.name(log, case))
            };
            flat.traces().enumerate().map(case).collect()
        };
        for form in ["xes", "csv"] {
            let path = place(&format!("{name}.{form}"));
            let mut file = std::fs::File::create(&path).unwrap();
            match form {
                "xes" => write::xes(&log, &flat, &mut file).unwrap(),
                _ => write::csv(&log, &flat, &mut file).unwrap(),
            }
            let again = load(&path);
            let back = Flat::of(&again, 0, Only::All);
            let (ours, theirs) = (traces(&log, &flat), traces(&again, &back));
            let differ = ours.iter().zip(&theirs).find(|(a, b)| a != b);
            assert_eq!((differ, ours.len()), (None, theirs.len()), "{name} {form}");
            std::fs::remove_file(&path).ok();
        }
    }
}

/// By `xmllint` (Debian: `libxml2-utils`), where it is installed.
#[test]
fn ocel_xml_is_valid_by_its_public_schema() {
    let Some(folder) = folder() else { return };
    if std::process::Command::new("xmllint").arg("--version").output().is_err() {
        println!("skipped: no xmllint (libxml2-utils)");
        return;
    }
    for name in LOGS {
        let path = place(&format!("valid-{name}.xml"));
        let log = load(&folder.join(name));
        write::ocel_xml(&log, &mut std::fs::File::create(&path).unwrap()).unwrap();
        let schema = folder.join("ocel2-validation.xsd");
        let lint = std::process::Command::new("xmllint")
            .args(["--huge", "--noout", "--schema"])
            .args([&schema, &path])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&lint.stderr);
        // The public schema lets no two event types have an attribute of one name, though OCEL
        // does: its keys are sought in the whole file. Everything else has to hold.
        let is_of_schema =
            |line: &&str| line.contains("More than one match") && line.contains("AttributeRef'");
        let wrong: Vec<&str> = said
            .lines()
            .filter(|line| !is_of_schema(line) && !line.ends_with(" fails to validate"))
            .filter(|line| !line.ends_with(" validates"))
            .take(5)
            .collect();
        assert!(wrong.is_empty(), "{name}: {wrong:#?}");
        if name == "ocel20_example.json" {
            assert!(lint.status.success(), "{name}");
        }
        std::fs::remove_file(&path).ok();
    }
}
