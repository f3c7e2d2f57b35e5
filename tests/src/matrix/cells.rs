//! Running every verb on every row; what it did, and what that breaks.
use super::bed::{Bed, DOER};
use super::digest::{Digest, changed, digest, kept};
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
    left_out(&mut found);
    Some(found)
}

/// Entities with a lifecycle that no verb of the API serves; one with verbs has to have rows.
fn left_out(found: &mut Found) {
    let has_rows = |entity: &str| SUBJECTS.iter().any(|s| s.entity == entity);
    let all = flows::lifecycles().into_iter().map(|l| l.entity).filter(|e| !has_rows(e));
    let (served, silent): (Vec<_>, Vec<_>) = all.partition(|e| !verbs_of(e).is_empty());
    found.wrong.extend(served.iter().map(|e| format!("{e}: it has verbs and no rows here")));
    let _ = writeln!(found.text, "\n## Without verbs of the API\n\n{}.", silent.join(", "));
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
    let table = flows::entities().into_iter().find(|e| e.name == subject.entity);
    let (table, expr) = (table.map_or(subject.entity, |e| e.table), subject.state);
    let state = kept(format!("SELECT {expr} FROM {table} WHERE tenant_id = $1 AND id = $2"));
    for row in subject.rows {
        let judge = Judge { subject, row, lifecycle, state };
        let cells = cells(bed, &judge, &verbs, &mut found.wrong)?;
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

/// Where a row's cells are noted, and what judges them.
struct Judge<'a> {
    subject: &'a Subject,
    row: &'a Row,
    lifecycle: Option<&'a Lifecycle>,
    /// Reads a document's state by its id.
    state: &'static Sql,
}

fn cells(
    bed: &Bed,
    judge: &Judge<'_>,
    verbs: &[&Verb],
    wrong: &mut Vec<String>,
) -> Result<Vec<String>> {
    let (entity, row) = (judge.subject.entity, judge.row);
    // All bodies first: making one may make other documents.
    let bodies = verbs.iter().map(|v| bed.body(entity, v.name)).collect::<Result<Vec<_>>>()?;
    let mut left: Option<(i64, Digest)> = None;
    let mut cells = Vec::new();
    for (verb, body) in verbs.iter().zip(&bodies) {
        // A document that the verb before left as it was, by every table, is as good as a new one.
        let (id, before) = match left.take() {
            Some(same) => same,
            None => {
                let place = format!("{entity} {} ({}): {}", row.state, row.note, verb.name);
                let id = (row.make)(bed).map_err(|e| e.with("set_up", place))?;
                (id, digest(&bed.house)?)
            }
        };
        let was = state(bed, judge.state, id)?;
        let result = bed.act(DOER, (entity, verb.name), id, body).map(|_| ());
        let after = digest(&bed.house)?;
        let (tables, is) = (changed(&before, &after), state(bed, judge.state, id)?);
        let cell = match &result {
            Ok(()) if tables.is_empty() => "=".to_owned(),
            Ok(()) => format!("→ {is}"),
            Err(e) => e.code.to_owned(),
        };
        let seen = Seen { was, is, tables: &tables, result };
        let breaches = judge.breaches(verb.name, &seen);
        let place = |what: String| format!("{entity} {} ({}): {what}", row.state, row.note);
        wrong.extend(breaches.into_iter().map(place));
        if tables.is_empty() {
            left = Some((id, after));
        }
        cells.push(cell);
    }
    Ok(cells)
}

/// What running one verb showed.
struct Seen<'a> {
    was: String,
    is: String,
    tables: &'a [&'static str],
    result: Result<()>,
}

impl Judge<'_> {
    fn breaches(&self, verb: &str, seen: &Seen<'_>) -> Vec<String> {
        let mut all = Vec::new();
        if seen.was != self.row.state {
            all.push(format!("{verb}: the set-up stands in {}", seen.was));
        }
        if let Err(e) = &seen.result {
            if !seen.tables.is_empty() {
                let tables = seen.tables.join(", ");
                all.push(format!("{verb}: refused ({e}), but {tables} changed"));
            }
            if e.kind == Kind::Bug {
                all.push(format!("{verb}: {e:?}"));
            }
        }
        let Some(lifecycle) = self.lifecycle else { return all };
        let from = self.row.state;
        let listed = || lifecycle.moves.iter().filter(|m| m.from == from && m.verb == verb);
        match &seen.result {
            Ok(()) if seen.tables.is_empty() => {}
            Ok(()) if listed().any(|m| m.to == seen.is) => {}
            Ok(()) => all.push(format!("{verb} → {}: not in the table of moves", seen.is)),
            Err(e) if e.code == "state.not_allowed" && listed().count() > 0 => {
                all.push(format!("{verb}: in the table of moves, but not allowed"));
            }
            Err(_) => {}
        }
        all
    }
}

fn state(bed: &Bed, sql: &'static Sql, id: i64) -> Result<String> {
    bed.house.read(|_, tx| Ok(tx.value(sql, &[Stored::Int(id)])?.unwrap_or_default()))
}
