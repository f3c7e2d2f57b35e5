//! Talk about rows and work that people ask of each other: comments with mentions, and tasks.
//!
//! Whoever may read a row may say something of it and ask somebody for something on it; only who
//! may read it too is called or asked. Its scope counts as it is when somebody asks.
use crate::readers::{Belonging, Person, everybody};
use connect::comment::{self, Comment};
use connect::facts;
use connect::task::{self, Task, Wish};
use kernel::{Activity, Ctx, DocRef, Done, Error, Id, Result, Stored};
use meta::Entity;
use store::scope::{Belongs, intern};
use store::{Tx, find, rows};

/// People of one answer.
const PEOPLE: usize = 20;
/// Open tasks of one row, and tasks of one answer.
const OPEN: usize = 100;
pub const SHOWN: usize = 200;

/// The row that is talked about, where the one who asks may read it. Error: `store.not_found`.
pub fn subject(cx: &Ctx, tx: &mut Tx, entity: &'static Entity, id: i64) -> Result<DocRef> {
    let scope = access::scope_for(cx, tx, &entity.permission("read"))?;
    rows::get(cx, tx, entity, &scope, id, &[])?;
    Ok(DocRef { kind: entity.name, id })
}

/// Says something of a row; who is called in it is told.
///
/// Errors: those of [`comment::write`], `comment.person_unknown`, `comment.person_cannot_see` with
/// their name: dropped in silence, they would be waited for.
pub fn write(cx: &Ctx, tx: &mut Tx, on: DocRef, text: &str) -> Result<Comment> {
    must_see(cx, tx, on, &comment::called(text)?)?;
    comment::write(cx, tx, on, text)
}

/// Says it otherwise. Errors: those of [`write`] and of [`comment::change`].
pub fn change(cx: &Ctx, tx: &mut Tx, on: DocRef, id: i64, text: &str) -> Result<Comment> {
    let before = comment::of(tx, on)?.into_iter().find(|c| c.id.raw() == id);
    let before = before.map_or_else(|| Ok(Vec::new()), |c| comment::called(&c.text))?;
    let mut new = comment::called(text)?;
    new.retain(|user| !before.contains(user));
    must_see(cx, tx, on, &new)?;
    comment::change(cx, tx, on, id, text)
}

fn must_see(cx: &Ctx, tx: &mut Tx, on: DocRef, people: &[i64]) -> Result<()> {
    if people.is_empty() {
        return Ok(());
    }
    let (all, row) = (everybody(tx)?, Belonging::of(tx, on)?);
    for user in people {
        let person = all.iter().find(|p| p.user == *user);
        let person = person.ok_or_else(|| Error::invalid("comment.person_unknown", user))?;
        if !row.as_ref().is_some_and(|row| row.is_read_by(&person.asking(cx, |_| true))) {
            let e = Error::conflict("comment.person_cannot_see", &person.name);
            return Err(e.with("field", "text"));
        }
    }
    Ok(())
}

/// Somebody who may sign in and may read a row.
#[derive(Clone, Debug)]
pub struct Reader {
    pub user: i64,
    pub name: String,
    pub login: String,
}

/// People who may read a row (of none: all), by a part of their name or login; twenty at most,
/// names that begin so first.
pub fn people(cx: &Ctx, tx: &mut Tx, on: Option<DocRef>, typed: &str) -> Result<Vec<Reader>> {
    let typed = typed.trim().to_lowercase();
    let place = |p: &Person| {
        let name = p.name.to_lowercase();
        match (name.starts_with(&typed) || p.login.starts_with(&typed), name.contains(&typed)) {
            (true, _) => Some(0),
            (false, true) => Some(1),
            _ => p.login.contains(&typed).then_some(2),
        }
    };
    let mut fit: Vec<(i32, Person)> =
        everybody(tx)?.into_iter().filter_map(|p| place(&p).map(|at| (at, p))).collect();
    fit.sort_by(|(at, a), (other, b)| (at, &a.name).cmp(&(other, &b.name)));
    let row = match on {
        None => None,
        Some(on) => match Belonging::of(tx, on)? {
            None => return Ok(Vec::new()),
            found => found,
        },
    };
    let sees = |p: &Person| row.as_ref().is_none_or(|r| r.is_read_by(&p.asking(cx, |_| true)));
    let found = fit.into_iter().map(|(_, p)| p).filter(sees).take(PEOPLE);
    Ok(found.map(|p| Reader { user: p.user, name: p.name, login: p.login }).collect())
}

/// Asks somebody, or oneself, for something; on a row, or on none.
///
/// Errors: those of [`Task::ask`], `task.person_unknown`, `task.person_cannot_see`,
/// `task.too_many`.
pub fn ask(cx: &Ctx, tx: &mut Tx, wish: Wish, for_user: i64, on: Option<DocRef>) -> Result<Task> {
    cx.allow("connect.task.create")?;
    let scope = may_be_asked(cx, tx, for_user, on)?;
    let made = Task::ask(cx, wish, for_user, on, scope)?;
    if let Some(on) = on {
        let open = of(tx, on)?.iter().filter(|t| t.is_open()).count();
        if open >= OPEN {
            return Err(Error::conflict("task.too_many", open).with("limit", OPEN));
        }
    }
    tx.insert(std::slice::from_ref(&made));
    tx.tell(made.fact(cx, facts::TASK_ASSIGNED, on).moved("", made.state.name()));
    Ok(made)
}

/// The scope of a task of somebody who may read what it is about.
fn may_be_asked(cx: &Ctx, tx: &mut Tx, user: i64, on: Option<DocRef>) -> Result<i64> {
    let all = everybody(tx)?;
    let person = all
        .iter()
        .find(|p| p.user == user)
        .ok_or_else(|| Error::invalid("task.person_unknown", user).with("field", "for_user"))?;
    if let Some(on) = on {
        let row = Belonging::of(tx, on)?;
        if !row.is_some_and(|row| row.is_read_by(&person.asking(cx, |_| true))) {
            let e = Error::conflict("task.person_cannot_see", &person.name);
            return Err(e.with("field", "for_user"));
        }
    }
    let (owner, department) = (person.user, person.department);
    intern(cx, tx, Belongs { company: cx.company, owner, department, ..Belongs::default() })
}

/// Begins the work. Errors: those of [`Task::start`].
pub fn start(cx: &Ctx, tx: &mut Tx, id: Id<Task>) -> Result<Task> {
    step(cx, tx, id, facts::TASK_STARTED, |task, _| task.start(cx))
}
/// The work is done. Errors: those of [`Task::complete`].
pub fn complete(cx: &Ctx, tx: &mut Tx, id: Id<Task>, outcome: &str) -> Result<Task> {
    step(cx, tx, id, facts::TASK_COMPLETED, |task, _| task.complete(cx, outcome))
}
/// What is `None` stays. Errors: those of [`Task::change`].
pub fn say(cx: &Ctx, tx: &mut Tx, id: Id<Task>, wish: impl FnOnce(&Task) -> Wish) -> Result<Task> {
    step(cx, tx, id, facts::TASK_CHANGED, |task, _| {
        let wish = wish(task);
        task.change(cx, wish)
    })
}
/// Gives it to somebody else. Errors: those of [`Task::assign`], `task.person_unknown`,
/// `task.person_cannot_see`.
pub fn assign(cx: &Ctx, tx: &mut Tx, id: Id<Task>, for_user: i64) -> Result<Task> {
    step(cx, tx, id, facts::TASK_ASSIGNED, |task, tx| {
        task.allows(cx, "assign")?;
        let scope = may_be_asked(cx, tx, for_user, about(task))?;
        task.assign(cx, for_user, scope)
    })
}
/// Back to who asked for it. Errors: those of [`Task::hand_back`], `task.person_unknown` where they
/// have left.
pub fn hand_back(cx: &Ctx, tx: &mut Tx, id: Id<Task>, reason: &str) -> Result<Task> {
    step(cx, tx, id, facts::TASK_RETURNED, |task, tx| {
        task.allows(cx, "hand_back")?;
        let scope = may_be_asked(cx, tx, task.asked_by, None)?;
        task.hand_back(cx, reason, scope)
    })
}
/// Nobody needs to do it any more. Errors: those of [`Task::give_up`].
pub fn give_up(cx: &Ctx, tx: &mut Tx, id: Id<Task>, reason: &str) -> Result<Task> {
    step(cx, tx, id, facts::TASK_DROPPED, |task, _| task.give_up(cx, reason))
}
/// It is to be done after all. Errors: those of [`Task::reopen`].
pub fn reopen(cx: &Ctx, tx: &mut Tx, id: Id<Task>) -> Result<Task> {
    step(cx, tx, id, facts::TASK_REOPENED, |task, _| task.reopen(cx))
}

fn step(
    cx: &Ctx,
    tx: &mut Tx,
    id: Id<Task>,
    activity: Activity,
    rule: impl FnOnce(&mut Task, &mut Tx) -> Result<Done<()>>,
) -> Result<Task> {
    cx.allow("connect.task.move")?;
    let mut task = tx.lock(id)?;
    let from = task.state.name();
    if rule(&mut task, tx)? == Done::Already {
        return Ok(task);
    }
    tx.update(std::slice::from_ref(&task));
    let fact = task.fact(cx, activity, about(&task)).moved(from, task.state.name());
    tx.tell(task::timed(fact, &task));
    Ok(task)
}

/// The row that a task is about.
#[must_use]
pub fn about(task: &Task) -> Option<DocRef> {
    let entity = crate::entities().into_iter().find(|e| e.name == task.subject_kind)?;
    Some(DocRef { kind: entity.name, id: task.subject })
}

/// Tasks on a row: open ones by their day, then those that ended, the newest first.
pub fn of(tx: &mut Tx, on: DocRef) -> Result<Vec<Task>> {
    let mut found: Vec<Task> = tx.list(
        find!(Task, "subject_kind = $2 AND subject = $3 ORDER BY id DESC LIMIT 300"),
        &[Stored::text(on.kind), Stored::Int(on.id)],
    )?;
    found.sort_by_key(|t| (!t.is_open(), t.is_open().then_some((t.due.is_none(), t.due))));
    Ok(found)
}

/// Open tasks that are for the one who asks, or that they asked of others; the earliest first.
pub fn mine(cx: &Ctx, tx: &mut Tx) -> Result<Vec<Task>> {
    let me = [Stored::Int(cx.user)];
    let mut all: Vec<Task> = tx.list(
        find!(Task, "for_user = $2 AND state IN ('todo', 'doing') ORDER BY due, id LIMIT 200"),
        &me,
    )?;
    let asked: Vec<Task> = tx.list(
        find!(Task, "asked_by = $2 AND state IN ('todo', 'doing') ORDER BY due, id LIMIT 200"),
        &me,
    )?;
    all.extend(asked.into_iter().filter(|t| t.for_user != cx.user));
    all.sort_by_key(|t| (t.for_user != cx.user, t.due.is_none(), t.due, t.id.raw()));
    all.truncate(SHOWN);
    Ok(all)
}
