//! What only all files together show: keys that come twice, and references to nothing.
use crate::fault::{At, Faults};
use crate::mapping::{FileMap, Mapping, Role};
use crate::read::{Line, Reading, Sheet};
use flows::history::Known;
use kernel::Error;
use std::collections::BTreeMap;

/// Where each key of a file is.
type Keys<'r> = BTreeMap<String, &'r Line>;

/// Checks files, keys and references; adds to the reading's faults.
///
/// Errors: `import.file_missing`, `import.duplicate_key`, `import.no_such_row`.
pub(crate) fn check(reading: &mut Reading, mapping: &'static Mapping, known: &Known) {
    let mut faults = std::mem::take(&mut reading.faults);
    missing_files(reading, mapping, known, &mut faults);
    let mut all: BTreeMap<&str, Keys<'_>> = BTreeMap::new();
    for sheet in &reading.sheets {
        all.insert(sheet.map.name, keys(reading, sheet, &mut faults));
    }
    for sheet in &reading.sheets {
        references(reading, mapping, sheet, &all, known, &mut faults);
    }
    reading.faults = faults;
}

fn missing_files(reading: &Reading, mapping: &'static Mapping, known: &Known, faults: &mut Faults) {
    let has = |name: &str| reading.taken.iter().any(|taken| taken.file == name);
    for sheet in &reading.sheets {
        let referred = sheet.map.columns.iter().filter_map(|column| column.refers);
        let referred = referred.filter(|name| {
            let target = mapping.file(name);
            target.is_some_and(|t| t.role == Role::Rows && !known.has_kind(t.kind))
        });
        let mut wanted: Vec<&str> = sheet.map.needs.iter().copied().chain(referred).collect();
        wanted.sort_unstable();
        wanted.dedup();
        for name in wanted.into_iter().filter(|name| !has(name)) {
            let e = Error::invalid("import.file_missing", name).with("by", sheet.map.name);
            faults.add(At::file(sheet.map.name), e);
        }
    }
}

fn keys<'r>(reading: &Reading, sheet: &'r Sheet, faults: &mut Faults) -> Keys<'r> {
    let mut keys = Keys::new();
    if sheet.map.key.is_empty() {
        return keys;
    }
    for line in &sheet.lines {
        let key = line.key(sheet.map);
        if let Some(first) = keys.get(&key) {
            let first: &&Line = first;
            let place = format!("{}:{}", reading.names[first.source], first.at);
            let column = sheet.map.key.join(", ");
            let at = At {
                file: &reading.names[line.source],
                line: line.at,
                column: &column,
                value: &key,
            };
            faults.add(at, Error::invalid("import.duplicate_key", &key).with("first", place));
        } else {
            keys.insert(key, line);
        }
    }
    keys
}

fn references(
    reading: &Reading,
    mapping: &'static Mapping,
    sheet: &Sheet,
    all: &BTreeMap<&str, Keys<'_>>,
    known: &Known,
    faults: &mut Faults,
) {
    for column in sheet.map.columns {
        let Some(target) = column.refers.and_then(|name| mapping.file(name)) else { continue };
        let keys = all.get(target.name);
        if keys.is_none() && (target.role == Role::Names || !known.has_kind(target.kind)) {
            continue;
        }
        for line in &sheet.lines {
            let value = line.text(sheet.map, column.name);
            let is_there = |keys: &Keys<'_>| keys.contains_key(&value);
            if value.is_empty() || keys.is_some_and(is_there) || is_known(known, target, &value) {
                continue;
            }
            let file = &reading.names[line.source];
            let at = At { file, line: line.at, column: column.name, value: &value };
            faults
                .add(at, Error::invalid("import.no_such_row", &value).with("target", target.name));
        }
    }
}

fn is_known(known: &Known, target: &FileMap, key: &str) -> bool {
    known.get(target.kind, key).is_some()
}
