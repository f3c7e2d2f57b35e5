//! On every public log: the tree at threshold 0 accepts every trace and equals the reference where
//! that tells the same language, no map has an orphan, and waits add up to the microsecond.
use process::discover::sliders::{Map, Sliders};
use process::discover::tree::Tree;
use process::discover::{bpmn, bpmn_xml, inductive, replay};
use process::log::{Flat, Log, Names, Only};
use process::mine::{Calendar, Variants, causes, instances};
use process::read::{Ask, read};
use std::path::PathBuf;

const LOGS: [&str; 12] = [
    "running-example.xes",
    "roadtraffic100traces.xes",
    "receipt.xes.gz",
    "helpdesk.xes.gz",
    "orders.xes.gz",
    "interval_event_log.csv",
    "PurchasingExample.csv.gz",
    "ocel20_example.json",
    "ocel20_example.xml",
    "ocel20_example.sqlite",
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

fn logs() -> Vec<(&'static str, Log)> {
    let Some(folder) = folder() else { return Vec::new() };
    let log =
        |name| read(&folder.join(name), &Ask::default(), &mut |_, _| {}).expect("it is there").log;
    LOGS.into_iter().map(|name| (name, log(name))).collect()
}

/// Every object type that is touched, as traces.
fn views(log: &Log) -> Vec<(&str, Flat)> {
    let types = log.object_types().into_iter().filter(|t| t.touched > 0);
    let view = |of: u32| (log.objects.types.text(of), Flat::of(log, of, Only::All));
    types.map(|t| view(t.object_type)).collect()
}

#[test]
fn at_threshold_0_the_tree_accepts_every_trace_and_its_diagram_survives_bpmn() {
    let mut trees = 0;
    for (name, log) in &logs() {
        for (of_type, flat) in views(log) {
            let variants = Variants::of(log, &flat);
            let tree = inductive::discover(log, &variants, 0.0);
            let fitting = replay::fitting(&tree, &variants).unwrap();
            assert!((fitting - 1.0).abs() < f64::EPSILON, "{name} {of_type}: {fitting}");
            let again = inductive::discover(log, &variants, 0.0);
            assert_eq!(tree, again, "{name} {of_type}");
            let diagram = bpmn::draw(&tree, &log.activities, name);
            let text = bpmn_xml::write(&diagram);
            assert_eq!(bpmn_xml::read(text.as_bytes()).unwrap(), diagram, "{name} {of_type}");
            trees += 1;
        }
    }
    assert!(trees == 0 || trees > 20);
}

/// Reads `->( 'a', X( tau, 'b' ) )`.
fn parse(text: &str, names: &Names) -> Tree {
    fn block(rest: &mut &str, names: &Names) -> Tree {
        *rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix("tau") {
            *rest = after;
            return Tree::Silent;
        }
        if let Some(after) = rest.strip_prefix('\'') {
            let end = after.find('\'').expect("it is there");
            *rest = &after[end + 1..];
            return Tree::Step(names.find(&after[..end]).expect("it is there"));
        }
        let (sign, after) = rest.split_once('(').expect("it is there");
        let sign = sign.trim();
        *rest = after;
        let mut children = Vec::new();
        loop {
            children.push(block(rest, names));
            *rest = rest.trim_start();
            let more = rest.starts_with(',');
            *rest = &rest[1..];
            if !more {
                break;
            }
        }
        match sign {
            "->" => Tree::Sequence(children),
            "X" => Tree::Choice(children),
            "+" => Tree::Parallel(children),
            "*" => Tree::Loop(children),
            other => panic!("{other}?"),
        }
    }
    block(&mut { text }, names)
}

#[test]
fn the_tree_is_the_reference_s_where_that_tells_the_same_language() {
    let Some(folder) = folder() else { return };
    for name in ["running-example.xes", "roadtraffic100traces.xes", "orders.xes.gz"] {
        let log = read(&folder.join(name), &Ask::default(), &mut |_, _| {}).unwrap().log;
        let variants = Variants::of(&log, &Flat::of(&log, 0, Only::All));
        let ours = inductive::discover(&log, &variants, 0.0).normal();
        let path = folder.join(format!("{name}.ref.json"));
        let reference: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let theirs = reference["pm4py_results"]["inductive_tree_noise_0.0"].as_str().unwrap();
        let theirs = parse(theirs, &log.activities).normal();
        assert_eq!(ours.text(&log.activities), theirs.text(&log.activities), "{name}");
    }
}

#[test]
fn no_position_of_the_sliders_leaves_a_node_without_a_way() {
    for (name, log) in &logs() {
        for (of_type, flat) in views(log) {
            for activities in [0.1, 0.4, 1.0] {
                for paths in [0.0, 0.2, 1.0] {
                    let sliders = Sliders { activities, paths };
                    let map = Map::of(log, &flat, sliders, &|_, _| 0);
                    let orphan = orphan(&map);
                    assert_eq!(orphan, None, "{name} {of_type} {sliders:?}");
                }
            }
        }
    }
}

/// An activity that is not reached from the start, or does not reach the end.
fn orphan(map: &Map) -> Option<u32> {
    let edges: Vec<(u32, u32)> =
        map.edges.iter().map(|at| (map.dfg.edges[*at].from, map.dfg.edges[*at].to)).collect();
    let spread = |roots: &[u32], turned: bool| {
        let mut seen: Vec<u32> = roots.to_vec();
        let mut at = 0;
        while at < seen.len() {
            for (from, to) in &edges {
                let (from, to) = if turned { (to, from) } else { (from, to) };
                if *from == seen[at] && !seen.contains(to) {
                    seen.push(*to);
                }
            }
            at += 1;
        }
        seen
    };
    let (from_start, to_end) = (spread(&map.starts, false), spread(&map.ends, true));
    map.activities.iter().copied().find(|a| !from_start.contains(a) || !to_end.contains(a))
}

#[test]
fn the_causes_add_up_to_the_wait_on_every_case_of_logs_with_start_and_end() {
    let mut checked = 0;
    for (name, log) in logs().iter().filter(|(_, log)| log.has_starts()) {
        let flat = Flat::of(log, 0, Only::All);
        let (all, _) = instances::of(log, &flat);
        let calendar = Calendar::of(log);
        // Every second hour of the first wait of a case is agreed on: it comes off first.
        let agreed = |i: &instances::Instance| match i.case % 2 {
            0 => vec![(i.enabled + 3_600_000_000, i.enabled + 7_200_000_000)],
            _ => Vec::new(),
        };
        for agreed in [&agreed as causes::Agreed<'_>, &causes::nothing_agreed] {
            let split = causes::split(&all, &calendar, agreed);
            assert_eq!(split.every, 1);
            for (instance, split) in all.iter().zip(&split.splits) {
                let split = split.unwrap();
                let case = flat.name(log, instance.case as usize);
                assert_eq!(split.total(), instance.wait(), "{name} {case}");
                let parts = split.causes().map(|(_, time)| time);
                assert!(split.agreed >= 0 && parts.iter().all(|p| *p >= 0), "{name} {case}");
                checked += u64::from(instance.wait() > 0);
            }
        }
    }
    assert!(checked == 0 || checked > 20_000, "{checked}");
}
