//! Every statement of the program is prepared on both engines, and meets the house's rules.
use crate::house::open;
use std::collections::BTreeMap;

#[test]
fn every_statement_prepares_on_both_engines() {
    for engine in ["sqlite", "postgres"] {
        let Some(house) = open(engine) else { continue };
        let mut wrong = Vec::new();
        let all = store::all_statements();
        for (sql, place, _) in &all {
            match house.store.describe(sql) {
                Ok(types) if types.gives.iter().any(|t| t == "numeric" || t == "float8") => {
                    wrong.push(format!("{place}: gives {:?}: cast it to BIGINT", types.gives));
                }
                Ok(_) => {}
                Err(error) => wrong.push(format!("{place}: {error}\n    {}", sql.text)),
            }
        }
        println!("{engine}: {} statements prepared", all.len());
        assert!(wrong.is_empty(), "on {engine}:\n{}", wrong.join("\n"));
    }
}

#[test]
fn every_statement_names_its_tenant_and_stays_in_the_portable_subset() {
    let banned = [
        "ILIKE",
        "generate_series",
        "LATERAL",
        "DISTINCT ON",
        "FOR UPDATE",
        "now()",
        "random()",
        "GREATEST",
        "LEAST(",
        "strpos",
        "instr(",
        "AVG(",
        "avg(",
        "RANDOM",
    ];
    let mut wrong = Vec::new();
    for (sql, place, system) in store::all_statements() {
        let text = sql.text.as_str();
        let insert = text.starts_with("INSERT");
        let by_tenant = text.contains("tenant_id = $1");
        let into_tenant = insert && text.contains("(tenant_id");
        if !(system || by_tenant || into_tenant) {
            wrong.push(format!("{place}: does not filter by its tenant: {text}"));
        }
        if let Some(word) = banned.iter().find(|w| text.contains(**w)) {
            wrong.push(format!("{place}: uses {word}: {text}"));
        }
        if text.contains("SUM(") && !text.contains("CAST(COALESCE(SUM(") {
            wrong.push(format!("{place}: a sum that is not cast: {text}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A hand-written write to a document would escape the rule that a fact names it.
#[test]
fn hand_written_writes_touch_only_running_rows() {
    let entities = flows::entities();
    let documents: BTreeMap<&str, meta::Grade> =
        entities.iter().map(|e| (e.table, e.grade)).collect();
    // What these change is named by the fact of the command that does it.
    // A job's holder and place are its running; a change of its state is told.
    let known = ["UPDATE entry SET voucher", "UPDATE job SET"];
    for (sql, place, _) in store::all_statements() {
        if place.starts_with("record ") || known.iter().any(|k| sql.text.starts_with(k)) {
            continue;
        }
        let words: Vec<&str> = sql.text.split_whitespace().collect();
        let table = match words.as_slice() {
            ["INSERT", "INTO", table, ..]
            | ["UPDATE", table, ..]
            | ["DELETE", "FROM", table, ..] => *table,
            _ => continue,
        };
        let grade = documents.get(table).copied();
        let running = matches!(grade, None | Some(meta::Grade::Internal));
        assert!(running, "{place} writes {table} by hand: {}", sql.text);
    }
}

#[test]
fn every_record_has_the_columns_of_its_declaration() {
    for record in store::registered_records() {
        let (entity, columns) = ((record.entity)(), (record.columns)());
        let declared: Vec<&str> = entity.fields.iter().map(|f| f.name).collect();
        assert_eq!(declared, columns, "record of {}", entity.name);
    }
}

/// On one tenant, a search by the tenant alone reads the whole table.
#[test]
fn no_command_reads_a_whole_table() {
    let Some(house) = open("sqlite") else { return };
    let mut whole = Vec::new();
    for (sql, place, system) in store::all_statements() {
        if system || place.contains("check") || place.contains("audit") {
            continue;
        }
        for step in house.store.plan(&sql.text).expect("SQLite explains its plan") {
            if step.starts_with("SCAN ") || step.ends_with("(tenant_id=?)") {
                whole.push(format!("{place}: {step}\n    {}", sql.text));
            }
        }
    }
    let small = |text: &String| SMALL.iter().any(|part| text.contains(part));
    whole.retain(|text| !small(text));
    assert!(whole.is_empty(), "{}\n{} plans", whole.join("\n"), whole.len());
}

/// Statements that may read a whole table: it has a handful of rows, or people ask for all.
const SMALL: &[&str] = &[
    "ORDER BY seq DESC LIMIT 1",
    "MAX(fact_id)",
    "WITH RECURSIVE tree",
    "WITH RECURSIVE above",
    "FROM custom_field WHERE tenant_id = $1 AND entity <> ''",
    "DELETE FROM sign_in WHERE tenant_id = $1 AND expires_at",
    "FROM role WHERE tenant_id = $1 AND id > 0",
    // As many customers and products of one day as the statement's limit says.
    "INSERT INTO balance_day",
    "FROM payment_terms WHERE tenant_id = $1 AND code <> ''",
    "FROM duty_rule WHERE tenant_id = $1 AND code <> ''",
    "FROM kpi_target WHERE tenant_id = $1 AND kpi <> ''",
    "tests/src/",
    // Masters are removed by the undo of an import only, which may take its time.
    " delete: ",
    "history/undo.rs",
    // The simulator looks at everything at its pace.
    "crates/company/src/demo/",
    "activity = 'import.undone'",
];
