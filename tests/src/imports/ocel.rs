//! The export against its schema and against itself: nothing dangles, everything is declared.
use super::setup::{Place, shared};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// Is the export valid, whole, the same each time, and does it hold rows of an import?
pub(super) fn is_sound(place: &Place<'_>, holds_import: bool) {
    let (counts, bytes) = place.export();
    let (_, again) = place.export();
    assert_eq!(bytes, again, "one log, one file");
    let log: Json = serde_json::from_slice(&bytes).unwrap();
    if let Some(schema) = shared("eventlogs/schema_ocel2.json") {
        let schema: Json = serde_json::from_slice(&schema).unwrap();
        follows(&schema, &log, "");
    }
    let list = |name: &str| log[name].as_array().unwrap();
    let sizes = [counts.events, counts.objects, counts.event_types, counts.object_types];
    let names = ["events", "objects", "eventTypes", "objectTypes"];
    for (name, size) in names.into_iter().zip(sizes) {
        assert_eq!(list(name).len() as u64, size, "{name}");
    }
    let ids: BTreeSet<&str> = list("objects").iter().map(|o| text(&o["id"])).collect();
    assert_eq!(ids.len() as u64, counts.objects, "ids are unique");
    let (events, objects) = (types(list("eventTypes")), types(list("objectTypes")));
    let mut touched = BTreeSet::new();
    for event in list("events") {
        is_declared(&events, event);
        for relation in event["relationships"].as_array().unwrap() {
            assert!(ids.contains(text(&relation["objectId"])), "{event}");
            touched.insert(text(&relation["objectId"]));
        }
    }
    assert_eq!(touched, ids, "every object is told of");
    list("objects").iter().for_each(|object| is_declared(&objects, object));
    let of_import = |e: &&Json| e["attributes"].to_string().contains("\"batch\"");
    let found = list("events").iter().filter(of_import).count();
    assert_eq!(found > 0, holds_import, "undone imports are left out: {found}");
    assert_eq!(counts.left_out > 0, !holds_import);
}

fn text(value: &Json) -> &str {
    value.as_str().unwrap()
}

fn types(list: &[Json]) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut all = BTreeMap::new();
    for one in list {
        let names: BTreeSet<&str> =
            one["attributes"].as_array().unwrap().iter().map(|a| text(&a["name"])).collect();
        assert!(all.insert(text(&one["name"]), names).is_none());
    }
    all
}

fn is_declared(types: &BTreeMap<&str, BTreeSet<&str>>, one: &Json) {
    let known = &types[text(&one["type"])];
    for attr in one["attributes"].as_array().unwrap() {
        assert!(known.contains(text(&attr["name"])), "{one}");
    }
}

/// The few words of JSON schema that OCEL 2.0's uses.
fn follows(schema: &Json, value: &Json, at: &str) {
    match schema["type"].as_str() {
        Some("object") => assert!(value.is_object(), "{at}: {value}"),
        Some("array") => assert!(value.is_array(), "{at}: {value}"),
        Some("string") => assert!(value.is_string(), "{at}: {value}"),
        Some(other) => panic!("{at}: this check does not know {other}"),
        None => {}
    }
    if schema["format"] == "date-time" {
        assert!(kernel::Instant::parse(text(value)).is_ok(), "{at}: {value}");
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        assert!(value.get(text(name)).is_some(), "{at} lacks {name}: {value}");
    }
    for (name, part) in schema["properties"].as_object().into_iter().flatten() {
        if let Some(value) = value.get(name) {
            follows(part, value, &format!("{at}/{name}"));
        }
    }
    if let (Some(part), Some(items)) = (schema.get("items"), value.as_array()) {
        items.iter().for_each(|item| follows(part, item, &format!("{at}[]")));
    }
}
