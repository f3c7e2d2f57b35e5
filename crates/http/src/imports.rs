//! Imports over HTTP: files are kept, looked at as often as asked, applied and undone by a job.
//!
//! A wish is one JSON document (`intake::Wanted`) that names files by their digest; whoever knows a
//! digest has had the file. Nothing of an import is held between two requests.
use crate::ask::{Answer, Ask, percent_decoded};
use crate::commands;
use crate::files::{NAME, files_of};
use crate::state::State;
use access::Session;
use connect::files::{self, clean_name};
use intake::{Aim, Draft, FileMap, ImportBatch, Plan, Wanted};
use kernel::{Ctx, DocRef, Error, Id, Result};
use meta::words::{self, Lang};
use serde_json::{Value as Json, json};
use store::{Tx, jobs};

/// The permission to bring data in, and the one to take it back.
pub(crate) const APPLY: &str = "history.import.apply";
pub(crate) const UNDO: &str = "history.import.undo";

/// Bytes of a file that comes in through a browser; more comes in by `huiliu import`.
pub(crate) const LARGEST: usize = files::LARGEST;
/// Faults that an answer shows.
const FAULTS: usize = 200;

/// `GET /api/v1/imports`: what can be brought in, and how it may be written.
pub(crate) fn known(state: &State, session: &Session, _: &Ask) -> Result<Answer> {
    let learnt = state.set.store.read(&session.cx, intake::all_learnt)?;
    let target = |map: &FileMap| {
        let column = |c: &intake::Column| json!({ "name": c.name, "needed": c.needed });
        let columns: Vec<Json> = map.columns.iter().map(column).collect();
        json!({ "name": map.name, "columns": columns })
    };
    let learnt = learnt.iter().map(|l| json!({ "name": l.name, "target": l.target }));
    let body = json!({
        "mappings": intake::mappings().iter().map(|m| m.name).collect::<Vec<_>>(),
        "learnt": learnt.collect::<Vec<_>>(),
        "targets": intake::own_tables().iter().map(target).collect::<Vec<_>>(),
        "currency": session.cx.base.code(),
        "limit": LARGEST,
    });
    Ok(Answer::json(200, &body))
}

/// `POST /api/v1/imports/files`: the file's bytes as the body, its name in `Huiliu-File`.
///
/// Errors: `file.*`, `request.too_large`.
pub(crate) fn keep(state: &State, _: &Session, ask: &Ask) -> Result<Answer> {
    let name = ask.header(NAME).ok_or_else(|| Error::invalid("file.name", ""))?;
    let name = clean_name(&percent_decoded(name))?;
    let digest = files_of(state)?.keep(&ask.body)?;
    Ok(Answer::json(201, &json!({ "digest": digest, "name": name, "size": ask.body.len() })))
}

/// A wish with what came of reading it.
struct Looked {
    wanted: Wanted,
    draft: Draft,
    mapping: Option<String>,
}

fn look_at(state: &State, session: &Session, body: &Json) -> Result<Looked> {
    let wanted = Wanted::parse(body)?;
    let kept = files_of(state)?;
    let learnt = |name: &str| state.set.store.read(&session.cx, |_, tx| intake::learnt(tx, name));
    let (draft, mapping) = wanted.draft(&|digest| kept.read(digest), &learnt)?;
    Ok(Looked { wanted, draft, mapping })
}

fn plan_of(state: &State, session: &Session, looked: &Looked) -> Result<Plan> {
    let source = looked.draft.source()?;
    let known = state.set.store.read(&session.cx, |cx, tx| intake::known(cx, tx, source))?;
    let base = session.cx.base;
    let aim =
        Aim { currency: looked.wanted.currency.unwrap_or(base), base, rate: looked.wanted.rate };
    looked.draft.plan(aim, &known)
}

/// `POST /api/v1/imports/look`: what the files are, how they were read, what is wrong, and what an
/// import would do. Writes nothing.
pub(crate) fn look(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    let looked = look_at(state, session, &ask.json()?)?;
    let is_own = looked.mapping.as_deref().is_none_or(|name| name == "tables");
    let wanted = Some(looked.wanted.target.as_str()).filter(|target| !target.is_empty());
    let guess = if is_own { Some(looked.draft.guess(wanted)?) } else { None };
    let guess = match guess {
        None => Json::Null,
        Some(guess) => {
            let mut shown = guess.json();
            shown["assigned"] = match &looked.wanted.assigned {
                Some(said) => json!(said.columns),
                None => json!(guess.assigned(&[])?.columns),
            };
            shown
        }
    };
    let plan = match looked.mapping {
        None => Json::Null,
        Some(_) => shown(&plan_of(state, session, &looked)?, ask.lang),
    };
    let body = json!({ "mapping": looked.mapping, "guess": guess, "plan": plan });
    Ok(Answer::json(200, &body))
}

/// A plan in the reader's language; not every fault, and none of the rows twice.
fn shown(plan: &Plan, lang: Lang) -> Json {
    let mut all = plan.json();
    let fault = |f: &intake::Fault| {
        json!({ "file": f.file, "line": f.line, "column": f.column, "value": f.value,
            "code": f.error.code, "message": words::error(lang, &f.error) })
    };
    all["errors"] = plan.faults.iter().take(FAULTS).map(fault).collect();
    all["error_count"] = json!(plan.faults.len());
    if let Some(all) = all.as_object_mut() {
        all.remove("first_rows");
    }
    in_words(&mut all["notes"], lang);
    if let Some(all) = all["differences"]["all"].as_array_mut() {
        all.truncate(FAULTS);
    }
    all
}

/// Messages in both languages become those of the reader.
fn in_words(notes: &mut Json, lang: Lang) {
    let name = if lang == Lang::En { "en" } else { "zh" };
    for note in notes.as_array_mut().into_iter().flatten() {
        note["message"] = note["message"][name].take();
    }
}

/// `POST /api/v1/imports`: begins the import of a wish that is good; a job applies it.
///
/// Errors: `import.not_valid`, `import.not_mapped`, `import.unfinished`, those of reading.
pub(crate) fn begin(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    let body = ask.json()?;
    if ask.header("idempotency-key").is_none() {
        return Err(Error::invalid("idempotency.required", &ask.path));
    }
    let looked = look_at(state, session, &body)?;
    let plan = plan_of(state, session, &looked)?;
    let wish = files_of(state)?.keep(body.to_string().as_bytes())?;
    let job = |cx: &Ctx, tx: &mut Tx| {
        let wanted = &looked.wanted;
        if let (Some(assigned), false) = (&wanted.assigned, wanted.learn.is_empty()) {
            intake::learn(cx, tx, &wanted.learn, assigned, wanted.asked())?;
        }
        match intake::begin(cx, tx, &plan, &wish)? {
            Some(batch) => Ok((201, json!({ "id": batch.id.to_string() }))),
            None => Ok((200, json!({ "id": null }))),
        }
    };
    commands::once(state, session, ask, &body, &job)
}

/// `GET /api/v1/imports/{id}`: how far it is, and what came of it.
///
/// Error: `import.not_found`, also for one of another company.
pub(crate) fn one(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    let id = ask.id(0)?;
    let shown = state.set.store.read(&session.cx, |cx, tx| {
        let batch = intake::find_batch(tx, id)?;
        if batch.company != cx.company {
            return Err(Error::not_found("import.not_found", id));
        }
        state_of(cx, tx, &batch, ask.lang)
    })?;
    Ok(Answer::json(200, &shown))
}

fn state_of(cx: &Ctx, tx: &mut Tx, batch: &ImportBatch, lang: Lang) -> Result<Json> {
    let progress = intake::progress(tx, Id::from_raw(batch.id.raw()))?;
    let on = DocRef { kind: "import_batch", id: batch.id.raw() };
    let job = jobs::newest(tx, on)?;
    let mut report: Json = serde_json::from_str(&batch.report).unwrap_or(Json::Null);
    in_words(&mut report["notes"], lang);
    let stuck = job.filter(|job| !job.last_error.is_empty()).map(|job| {
        json!({ "state": job.state.name(), "message": words::kept_error(lang, &job.last_error) })
    });
    Ok(json!({
        "id": batch.id.to_string(),
        "source": batch.source,
        "state": batch.state.name(),
        "currency": batch.currency.code(),
        "done": progress.as_ref().map_or(0, |p| p.rows_done),
        "total": progress.as_ref().map_or(batch.rows, |p| p.rows_total),
        "applied_at": batch.applied_at.map(kernel::Instant::rfc3339),
        "undone_at": batch.undone_at.map(kernel::Instant::rfc3339),
        "report": report,
        "stuck": stuck,
        "may_undo": cx.reach(UNDO).is_some(),
    }))
}

/// `POST /api/v1/imports/{id}/undo`: refused whole while anything else refers to its rows.
///
/// Errors: `import.not_found`, `import.undo_referred`, `import.undo_posted`.
pub(crate) fn undo(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    let (id, body) = (ask.id(0)?, ask.json()?);
    let job = |cx: &Ctx, tx: &mut Tx| {
        intake::begin_undo(cx, tx, id)?;
        Ok((200, json!({ "id": id.to_string() })))
    };
    commands::once(state, session, ask, &body, &job)
}
