//! Comments and tasks on rows: under the row's scope, as it is when somebody asks.
use crate::ask::{Answer, Ask};
use crate::commands::{self, check_body};
use crate::state::State;
use access::Session;
use connect::comment::{self, Comment};
use connect::task::{TASK_LIFECYCLE, Task};
use flows::talk;
use kernel::{Ctx, DocRef, Error, Instant, Result};
use meta::Entity;
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use store::{Tx, marks, rows};

fn entity(state: &State, ask: &Ask) -> Result<&'static Entity> {
    let name = ask.params.first().map_or("", String::as_str);
    let found = state.set.catalog.collection(name);
    found.ok_or_else(|| Error::not_found("request.no_such_path", name))
}

/// `GET /api/v1/{collection}/{id}/comments`: oldest first. In a text a person stands as `@{id}`;
/// `people` has their names of today.
pub(crate) fn comments(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    let (entity, id) = (entity(state, ask)?, ask.id(1)?);
    let body = state.set.store.read(&session.cx, |cx, tx| {
        let on = talk::subject(cx, tx, entity, id)?;
        let all = comment::of(tx, on)?;
        let mut named: BTreeSet<i64> = all.iter().map(|c| c.made_by).collect();
        for one in &all {
            named.extend(comment::called(&one.text)?);
        }
        let shown: Vec<Json> = all.iter().map(|one| said(cx, one)).collect();
        let people = names(state, tx, named)?;
        Ok(json!({ "rows": shown, "people": people, "longest": comment::LONGEST }))
    })?;
    Ok(Answer::json(200, &body))
}

fn said(cx: &Ctx, one: &Comment) -> Json {
    let at = |at: Option<Instant>| at.map(Instant::rfc3339);
    json!({
        "id": one.id.to_string(),
        "text": one.text,
        "made_by": one.made_by.to_string(),
        "made_at": one.made_at.rfc3339(),
        "changed_at": at(one.changed_at),
        "withdrawn_at": at(one.withdrawn_at),
        "own": one.made_by == cx.user,
    })
}

/// Names of users by id, of those who have left too.
pub(crate) fn names(state: &State, tx: &mut Tx, ids: BTreeSet<i64>) -> Result<Map<String, Json>> {
    let ids: Vec<i64> = ids.into_iter().collect();
    let Some(user) = state.set.catalog.entity("user") else { return Ok(Map::new()) };
    let by_id = |(id, name): (i64, String)| (id.to_string(), json!(name));
    Ok(rows::titles(tx, user, &ids)?.into_iter().map(by_id).collect())
}

/// `POST /api/v1/{collection}/{id}/comments` with `text`.
///
/// Errors: those of `flows::talk::write`.
pub(crate) fn write(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    talked(state, session, ask, 201, &|cx, tx, on, text| talk::write(cx, tx, on, text))
}

/// `POST /api/v1/{collection}/{id}/comments/{comment}/change` with `text`; its author only.
pub(crate) fn change(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    let id = ask.id(2)?;
    talked(state, session, ask, 200, &|cx, tx, on, text| talk::change(cx, tx, on, id, text))
}

/// `POST /api/v1/{collection}/{id}/comments/{comment}/withdraw`; its author only.
pub(crate) fn withdraw(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    let id = ask.id(2)?;
    talked(state, session, ask, 200, &|cx, tx, on, _| comment::withdraw(cx, tx, on, id))
}

type Say<'s> = dyn Fn(&Ctx, &mut Tx, DocRef, &str) -> Result<Comment> + 's;

fn talked(
    state: &State,
    session: &Session,
    ask: &Ask,
    status: u16,
    say: &Say<'_>,
) -> Result<Answer> {
    let (entity, id, body) = (entity(state, ask)?, ask.id(1)?, ask.json()?);
    let stray = body.as_object().and_then(|all| all.keys().find(|name| *name != "text"));
    if let Some(stray) = stray {
        return Err(Error::invalid("field.unknown", stray).with("field", stray));
    }
    let text = body["text"].as_str().unwrap_or("");
    let job = |cx: &Ctx, tx: &mut Tx| {
        let on = talk::subject(cx, tx, entity, id)?;
        let one = say(cx, tx, on, text)?;
        Ok((status, said(cx, &one)))
    };
    commands::once(state, session, ask, &body, &job)
}

/// `GET /api/v1/{collection}/{id}/people?q=`: who may sign in and read this row, for `@` and for
/// tasks.
pub(crate) fn people(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    let (entity, id) = (entity(state, ask)?, ask.id(1)?);
    let typed = ask.asked("q").unwrap_or("");
    let found = state.set.store.read(&session.cx, |cx, tx| {
        let on = talk::subject(cx, tx, entity, id)?;
        talk::people(cx, tx, Some(on), typed)
    })?;
    let one =
        |p: &talk::Reader| json!({ "id": p.user.to_string(), "name": p.name, "login": p.login });
    Ok(Answer::json(200, &json!({ "rows": found.iter().map(one).collect::<Vec<_>>() })))
}

/// `GET /api/v1/{collection}/{id}/tasks`: open ones by their day, then the ended.
pub(crate) fn tasks(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    let (entity, id) = (entity(state, ask)?, ask.id(1)?);
    let rows = state.set.store.read(&session.cx, |cx, tx| {
        let on = talk::subject(cx, tx, entity, id)?;
        let all = talk::of(tx, on)?;
        listed(state, cx, tx, &all)
    })?;
    Ok(Answer::json(200, &rows))
}

/// `POST /api/v1/{collection}/{id}/tasks` with `title`, `for_user`, and `due`, `kind`, `details`.
///
/// Errors: those of `flows::talk::ask`, `field.*`.
pub(crate) fn ask_for(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    let (entity, id, body) = (entity(state, ask)?, ask.id(1)?, ask.json()?);
    let verb = flows::verbs().find(|v| (v.entity, v.name) == ("task", "create"));
    let verb = verb.ok_or_else(|| Error::bug("bug.route", "task"))?;
    crate::routes::allow(session, verb.permission)?;
    check_body(verb, &body, session.cx.base)?;
    let job = |cx: &Ctx, tx: &mut Tx| {
        let on = talk::subject(cx, tx, entity, id)?;
        let (wish, whom) = flows::verbs::asked_task(cx, &body)?;
        let made = talk::ask(cx, tx, wish, whom, Some(on))?;
        Ok((201, task(cx, &made)))
    };
    commands::once(state, session, ask, &body, &job)
}

/// `GET /api/v1/me/tasks`: open ones that are for me, then those that I asked of others.
pub(crate) fn mine(state: &State, session: &Session, _: &Ask) -> Result<Answer> {
    let rows = state.set.store.read(&session.cx, |cx, tx| {
        let all = talk::mine(cx, tx)?;
        listed(state, cx, tx, &all)
    })?;
    Ok(Answer::json(200, &rows))
}

fn task(cx: &Ctx, one: &Task) -> Json {
    let open = TASK_LIFECYCLE.open(one.state.name());
    let may = open.iter().filter(|step| one.allows(cx, step.verb).is_ok());
    json!({
        "id": one.id.to_string(),
        "version": one.version,
        "kind": one.kind.name(),
        "title": one.title,
        "details": one.details,
        "state": one.state.name(),
        "due": one.due.map(|day| day.to_string()),
        "for_user": one.for_user.to_string(),
        "asked_by": one.asked_by.to_string(),
        "asked_at": one.asked_at.rfc3339(),
        "outcome": one.outcome,
        "ended_at": one.ended_at.map(Instant::rfc3339),
        "verbs": may.map(|step| step.verb).collect::<Vec<_>>(),
    })
}

/// Tasks with the names of their people, and with what they are about where the one who asks may
/// read it.
fn listed(state: &State, cx: &Ctx, tx: &mut Tx, all: &[Task]) -> Result<Json> {
    let people = all.iter().flat_map(|t| [t.for_user, t.asked_by]).collect();
    let people = names(state, tx, people)?;
    let about: Vec<DocRef> = all.iter().filter_map(talk::about).collect();
    let titles = titles(state, cx, tx, &about)?;
    let row = |one: &Task| {
        let mut shown = task(cx, one);
        let seen = titles.get(&(one.subject_kind.as_str(), one.subject));
        shown["document"] = json!(seen.map(|(entity, title)| {
            json!({ "entity": entity.name, "collection": entity.collection,
                "id": one.subject.to_string(), "title": title })
        }));
        shown
    };
    let rows: Vec<Json> = all.iter().map(row).collect();
    Ok(json!({ "rows": rows, "people": people, "today": cx.today().to_string() }))
}

pub(crate) type Titles = BTreeMap<(&'static str, i64), (&'static Entity, String)>;

/// What rows are called, of those that the one who asks may read now.
pub(crate) fn titles(state: &State, cx: &Ctx, tx: &mut Tx, of: &[DocRef]) -> Result<Titles> {
    let mut ids: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for one in of {
        ids.entry(one.kind).or_default().push(one.id);
    }
    let mut titles = Titles::new();
    for (kind, ids) in ids {
        let Some(entity) = state.set.catalog.listed().into_iter().find(|e| e.name == kind) else {
            continue;
        };
        let permission = entity.permission("read");
        if cx.reach(&permission).is_none() {
            continue;
        }
        let scope = access::scope_for(cx, tx, &permission)?;
        let found = marks::of(tx, entity, &ids)?;
        let seen = found.iter().filter(|m| marks::reaches(entity, &scope, m)).map(|m| m.id);
        let seen: Vec<i64> = seen.collect();
        let mut names = rows::titles(tx, entity, &seen)?;
        for id in seen {
            titles.insert((entity.name, id), (entity, names.remove(&id).unwrap_or_default()));
        }
    }
    Ok(titles)
}
