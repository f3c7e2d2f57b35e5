//! Running every verb on every row; what it did, and what that breaks.
use super::bed::{Bed, DOER};
use super::digest::{changed, digest, kept};
use super::rows::{Row, SUBJECTS, Subject};
use flows::Verb;
use kernel::{Kind, Lifecycle, Result, Stored};
use std::fmt::Write as _;
use store::Sql;

/// The printed matrix and everything in it that may not be.
#[derive(Default)]
pub(super) struct Found {
    pub(super) text: String,
    pub(super) wrong: Vec<String>,
}

const HEAD: &str = "# State × verb

Each cell: a document in that state, the verb run on it by a user who may do everything and is not
its owner. `→ state`: it happened, and the document stands there now. `=`: nothing was changed, the
wish was fulfilled before. Else the code of the refusal, after which no table has changed.

Printed by `HUILIU_WRITE_DOCS=1 cargo test -p tests -- matrix`; the test fails when it differs.
";

/// Every subject on one engine; `None` where there is no such engine.
pub(super) fn all(engine: &str) -> Option<Found> {
    let mut found = Found { text: HEAD.to_owned(), ..Found::default() };
    for subject in SUBJECTS {
        let bed = Bed::of(engine)?;
        let entity = subject.entity;
        if let Err(e) = print(&bed, subject, &mut found).and_then(|()| bed.house.check()) {
            found.wrong.push(format!("{entity}: {e:?}"));
        }
    }
    Some(found)
}

fn verbs_of(entity: &str) -> Vec<&'static Verb> {
    flows::verbs().filter(|v| v.entity == entity && v.name != "create").collect()
}

fn print(bed: &Bed, subject: &Subject, found: &mut Found) -> Result<()> {
    let verbs = verbs_of(subject.entity);
    let lifecycle = flows::lifecycles().into_iter().find(|l| l.entity == subject.entity);
    let names: Vec<&str> = verbs.iter().map(|v| v.name).collect();
    let text = &mut found.text;
    let _ = write!(text, "\n## {}\n\n| state | {} |\n|", subject.entity, names.join(" | "));
    let _ = writeln!(text, "{}", "---|".repeat(names.len() + 1));
    for row in subject.rows {
        let cells = cells(bed, subject, row, &verbs, lifecycle, &mut found.wrong)?;
        let note = if row.note.is_empty() { String::new() } else { format!(", {}", row.note) };
        let _ = writeln!(found.text, "| {}{note} | {} |", row.state, cells.join(" | "));
    }
    if let Some(lifecycle) = lifecycle {
        unserved(subject, lifecycle, &names, &mut found.text);
    }
    Ok(())
}

/// States without a row and moves without a verb: what the table of moves says and nobody can do.
fn unserved(subject: &Subject, lifecycle: &Lifecycle, verbs: &[&str], text: &mut String) {
    let has_row = |state: &str| subject.rows.iter().any(|r| r.state == state);
    let states: Vec<&str> = lifecycle.states.iter().copied().filter(|s| !has_row(s)).collect();
    if !states.is_empty() {
        let _ = writeln!(text, "\nStates that no verb leads to: {}.", states.join(", "));
    }
    let mut moves: Vec<&str> = lifecycle.moves.iter().map(|m| m.verb).collect();
    moves.dedup();
    moves.retain(|verb| !verbs.contains(verb));
    moves.sort_unstable();
    moves.dedup();
    if !moves.is_empty() {
        let _ = writeln!(text, "\nMoves without a verb of the API: {}.", moves.join(", "));
    }
}

fn cells(
    bed: &Bed,
    subject: &Subject,
    row: &Row,
    verbs: &[&Verb],
    lifecycle: Option<&Lifecycle>,
    wrong: &mut Vec<String>,
) -> Result<Vec<String>> {
    let table = flows::entities().into_iter().find(|e| e.name == subject.entity);
    let table = table.map_or(subject.entity, |e| e.table);
    let expr = subject.state;
    let sql = kept(format!("SELECT {expr} FROM {table} WHERE tenant_id = $1 AND id = $2"));
    let mut unchanged = None;
    let mut cells = Vec::new();
    for verb in verbs {
        let place = format!("{} {} ({}): {}", subject.entity, row.state, row.note, verb.name);
        let body = bed.body(subject.entity, verb.name)?;
        // A document that the verb before left as it was, by every table, is as good as a new one.
        let id = match unchanged {
            Some(id) => id,
            None => (row.make)(bed).map_err(|e| e.with("set_up", &place))?,
        };
        let stands = state(bed, sql, id)?;
        if stands != row.state {
            wrong.push(format!("{place}: the set-up stands in {stands}"));
        }
        let before = digest(&bed.house)?;
        let result = bed.act(DOER, (subject.entity, verb.name), id, &body);
        let after = digest(&bed.house)?;
        let tables = changed(&before, &after);
        unchanged = tables.is_empty().then_some(id);
        let new = state(bed, sql, id)?;
        let cell = match &result {
            Ok(_) if tables.is_empty() => "=".to_owned(),
            Ok(_) => format!("→ {new}"),
            Err(e) => e.code.to_owned(),
        };
        if let Err(e) = &result {
            if !tables.is_empty() {
                wrong.push(format!("{place}: refused ({e}), but {} changed", tables.join(", ")));
            }
            if e.kind == Kind::Bug {
                wrong.push(format!("{place}: {e:?}"));
            }
        }
        if let Some(lifecycle) = lifecycle {
            let moved = (result.is_ok() && !tables.is_empty()).then_some(new.as_str());
            wrong.extend(judged(lifecycle, row.state, verb.name, moved, &cell, &place));
        }
        cells.push(cell);
    }
    Ok(cells)
}

fn state(bed: &Bed, sql: &'static Sql, id: i64) -> Result<String> {
    bed.house.read(|_, tx| Ok(tx.value(sql, &[Stored::Int(id)])?.unwrap_or_default()))
}

/// What a cell says against the table of moves.
fn judged(
    lifecycle: &Lifecycle,
    from: &str,
    verb: &str,
    moved: Option<&str>,
    cell: &str,
    place: &str,
) -> Option<String> {
    let listed = || lifecycle.moves.iter().filter(|m| m.from == from && m.verb == verb);
    match moved {
        Some(to) if !listed().any(|m| m.to == to) => {
            Some(format!("{place}: moved to {to}, which the table of moves does not list"))
        }
        None if cell == "state.not_allowed" && listed().count() > 0 => {
            Some(format!("{place}: the table of moves lists it, but it is refused"))
        }
        _ => None,
    }
}
