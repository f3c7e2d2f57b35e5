//! Rows as a preview shows them: those at fault with every cell, else the first ones.
use crate::fault::Fault;
use crate::mapping::Kind;
use crate::read::Reading;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeSet;

/// Rows that a preview shows.
const MOST: usize = 100;
const FIRST: usize = 20;

/// `[{file, is, line, cells: {column: text}}]` of rows at fault, or of the first ones.
pub(crate) fn rows(reading: &Reading, faults: &[Fault]) -> Json {
    let bad: BTreeSet<(&str, u64)> = faults.iter().map(|f| (f.file.as_str(), f.line)).collect();
    let any = faults.iter().any(|f| f.line > 1);
    let mut all = Vec::new();
    for sheet in &reading.sheets {
        let mut count = 0;
        for line in &sheet.lines {
            let file = reading.names[line.source].as_str();
            let is_wanted = if any { bad.contains(&(file, line.at)) } else { count < FIRST };
            if !is_wanted || all.len() >= MOST {
                continue;
            }
            count += 1;
            let used = sheet.map.columns.iter().filter(|column| column.kind != Kind::Unused);
            let cell = |column: &crate::Column| {
                (column.name.to_owned(), Json::String(line.shown(sheet.map, column)))
            };
            let cells: Map<String, Json> = used.map(cell).collect();
            let is = sheet.map.name;
            all.push(json!({ "file": file, "is": is, "line": line.at, "cells": cells }));
        }
    }
    Json::Array(all)
}
