//! Verbs of tasks.
use super::body::{Body, show};
use crate::Verb;
use crate::talk;
use connect::task::{Task, TaskKind, Wish};
use kernel::{Ctx, Id, Result};
use meta::{Field, any, day, one_of, text};
use serde_json::Value;

const fn verb(name: &'static str, takes: &'static [Field], run: crate::verb::Run) -> Verb {
    let permission = "connect.task.move";
    Verb { entity: "task", name, permission, moves: false, takes, lines: &[], run }
}

/// What a task says.
const SAYS: &[Field] = &[
    text("title", 200).required(),
    any("for_user").required(),
    day("due"),
    one_of("kind", TaskKind::NAMES),
    text("details", 2000),
];

pub(super) static VERBS: &[Verb] = &[
    Verb {
        permission: "connect.task.create",
        ..verb("create", SAYS, |cx, tx, _, body| {
            let (wish, whom) = asked(cx, body)?;
            shown(cx, talk::ask(cx, tx, wish, whom, None))
        })
    },
    verb("start", &[], |cx, tx, id, _| shown(cx, talk::start(cx, tx, Id::from_raw(id)))),
    verb("complete", &[text("outcome", 500)], |cx, tx, id, body| {
        let outcome = Body::new(cx, body).text("outcome");
        shown(cx, talk::complete(cx, tx, Id::from_raw(id), &outcome))
    }),
    verb(
        "change",
        &[text("title", 200), day("due"), one_of("kind", TaskKind::NAMES), text("details", 2000)],
        |cx, tx, id, body| {
            let given = given(cx, body)?;
            shown(cx, talk::say(cx, tx, Id::from_raw(id), |task| given.over(task)))
        },
    ),
    verb("assign", &[any("for_user").required()], |cx, tx, id, body| {
        let whom: Id<Task> = Body::new(cx, body).id("for_user")?;
        shown(cx, talk::assign(cx, tx, Id::from_raw(id), whom.raw()))
    }),
    verb("hand_back", &[text("reason", 500).required()], |cx, tx, id, body| {
        let reason = Body::new(cx, body).text("reason");
        shown(cx, talk::hand_back(cx, tx, Id::from_raw(id), &reason))
    }),
    verb("drop", &[text("reason", 500).required()], |cx, tx, id, body| {
        let reason = Body::new(cx, body).text("reason");
        shown(cx, talk::give_up(cx, tx, Id::from_raw(id), &reason))
    }),
    verb("reopen", &[], |cx, tx, id, _| shown(cx, talk::reopen(cx, tx, Id::from_raw(id)))),
];

/// A new task and whom it is for, from a body. Errors: `field.required`, `field.invalid`.
pub fn asked(cx: &Ctx, body: &Value) -> Result<(Wish, i64)> {
    let body = Body::new(cx, body);
    let whom: Id<Task> = body.id("for_user")?;
    let wish = Wish {
        kind: kind(&body)?.unwrap_or(TaskKind::Other),
        title: body.text("title"),
        details: body.text("details"),
        due: body.day("due")?,
    };
    Ok((wish, whom.raw()))
}

fn kind(body: &Body<'_>) -> Result<Option<TaskKind>> {
    match body.text("kind").as_str() {
        "" => Ok(None),
        name => TaskKind::named(name).map(Some),
    }
}

/// What a change says; what it does not say stays.
struct Given<'b> {
    body: &'b Value,
    kind: Option<TaskKind>,
    due: Option<kernel::Day>,
}

fn given<'b>(cx: &Ctx, body: &'b Value) -> Result<Given<'b>> {
    let read = Body::new(cx, body);
    Ok(Given { body, kind: kind(&read)?, due: read.day("due")? })
}

impl Given<'_> {
    fn over(&self, task: &Task) -> Wish {
        let text = |name: &str, was: &str| self.body[name].as_str().unwrap_or(was).to_owned();
        Wish {
            kind: self.kind.unwrap_or(task.kind),
            title: text("title", &task.title),
            details: text("details", &task.details),
            // A day that is said to be none is taken away.
            due: if self.body.get("due").is_some() { self.due } else { task.due },
        }
    }
}

fn shown(cx: &Ctx, task: Result<Task>) -> Result<Value> {
    Ok(show(&task?, cx.base))
}
