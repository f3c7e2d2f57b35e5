//! Something that one person is to do, for themselves or for somebody else, on a row or on none
//! (lifecycles.md E22, without projects).
use crate::entities::TASK;
use crate::facts;
use kernel::{
    Activity, Class, Ctx, Day, DocRef, Done, Error, Fact, Id, Instant, Lifecycle, Move, Phase,
    Result, names,
};
use store::{Tx, find_in};

/// Characters of a title, of what is said about it, and of what came of it.
const TITLE: usize = 200;
const DETAILS: usize = 2_000;
const OUTCOME: usize = 500;

names! {
    pub enum TaskState {
        Todo = "todo",
        Doing = "doing",
        Done = "done",
        Dropped = "dropped",
    }
}

names! {
    /// What is to be done; a call or a visit is what people otherwise keep in a log of activities.
    pub enum TaskKind {
        Other = "other",
        Call = "call",
        Mail = "mail",
        Visit = "visit",
        Meeting = "meeting",
    }
}

const MOVE: &str = "connect.task.move";
/// For other people's tasks: of somebody who has left, say.
pub const MANAGE: &str = "connect.task.manage";

const fn mv(from: &'static str, verb: &'static str, to: &'static str, class: Class) -> Move {
    Move { from, verb, to, permission: MOVE, class, role: "everyone", sla_minutes: 0 }
}

pub static TASK_LIFECYCLE: Lifecycle = Lifecycle {
    entity: "task",
    states: TaskState::NAMES,
    moves: &[
        mv("todo", "start", "doing", Class::Business),
        mv("todo", "complete", "done", Class::Business),
        mv("doing", "complete", "done", Class::Business),
        mv("todo", "change", "todo", Class::Business),
        mv("doing", "change", "doing", Class::Business),
        mv("todo", "assign", "todo", Class::Waste),
        mv("doing", "assign", "todo", Class::Waste),
        mv("todo", "hand_back", "todo", Class::Waste),
        mv("doing", "hand_back", "todo", Class::Waste),
        mv("todo", "drop", "dropped", Class::Waste),
        mv("doing", "drop", "dropped", Class::Waste),
        mv("done", "reopen", "todo", Class::Waste),
        mv("dropped", "reopen", "todo", Class::Waste),
    ],
};

/// A task.
#[derive(Clone, Debug)]
pub struct Task {
    pub id: Id<Task>,
    pub version: i64,
    /// Of whom it is for.
    pub scope_id: i64,
    pub company: i64,
    pub kind: TaskKind,
    pub title: String,
    pub details: String,
    pub state: TaskState,
    pub due: Option<Day>,
    pub for_user: i64,
    pub asked_by: i64,
    pub asked_at: Instant,
    /// The row that it is about; empty and 0 where it is about none.
    pub subject_kind: String,
    pub subject: i64,
    /// What came of it, or why it was dropped or handed back.
    pub outcome: String,
    pub ended_at: Option<Instant>,
}
store::record!(Task => TASK {
    id, version, scope_id, company, kind, title, details, state, due, for_user, asked_by, asked_at,
    subject_kind, subject, outcome, ended_at,
});

/// What a new or changed task says.
#[derive(Clone, Debug)]
pub struct Wish {
    pub kind: TaskKind,
    pub title: String,
    pub details: String,
    pub due: Option<Day>,
}

impl Wish {
    /// Without the space around it. Errors: `task.empty_title`, `task.too_long`.
    fn clean(self) -> Result<Self> {
        let title = short("title", &self.title, TITLE)?;
        if title.is_empty() {
            return Err(Error::invalid("task.empty_title", "").with("field", "title"));
        }
        Ok(Self { title, details: short("details", &self.details, DETAILS)?, ..self })
    }
}

/// Error: `task.too_long`.
fn short(field: &'static str, text: &str, limit: usize) -> Result<String> {
    let text = text.trim();
    let length = text.chars().count();
    if length > limit {
        let e = Error::invalid("task.too_long", length).with("limit", limit);
        return Err(e.with("field", field));
    }
    Ok(text.to_owned())
}

impl Task {
    /// A new task for somebody; `on` is the row that it is about.
    ///
    /// Errors: `task.empty_title`, `task.too_long`.
    pub fn ask(
        cx: &Ctx,
        wish: Wish,
        for_user: i64,
        on: Option<DocRef>,
        scope: i64,
    ) -> Result<Self> {
        let Wish { kind, title, details, due } = wish.clean()?;
        Ok(Self {
            id: cx.id(),
            version: 1,
            scope_id: scope,
            company: cx.company,
            kind,
            title,
            details,
            state: TaskState::Todo,
            due,
            for_user,
            asked_by: cx.user,
            asked_at: cx.now,
            subject_kind: on.map_or_else(String::new, |on| on.kind.to_owned()),
            subject: on.map_or(0, |on| on.id),
            outcome: String::new(),
            ended_at: None,
        })
    }

    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.state, TaskState::Todo | TaskState::Doing)
    }

    /// A fact of it; `on` is the row that it is about. No word of the task is in it.
    #[must_use]
    pub fn fact(&self, cx: &Ctx, activity: Activity, on: Option<DocRef>) -> Fact {
        let fact = cx.fact(activity).on("task", self.id.raw(), "task");
        let fact = fact.on("user", self.for_user, "for").on("user", self.asked_by, "asked_by");
        match on {
            Some(on) => fact.on(on.kind, on.id, "document"),
            None => fact,
        }
    }

    /// May the one who asks take this step, whatever the state? Whom it is for does it; who asked
    /// for it, and who manages other people's, may say it otherwise, give it away and drop it.
    ///
    /// Errors: `task.not_yours`, `task.own_request`.
    pub fn allows(&self, cx: &Ctx, verb: &str) -> Result<()> {
        let is_for = self.for_user == cx.user;
        let concerns = is_for || self.asked_by == cx.user || cx.reach(MANAGE).is_some();
        let may =
            if matches!(verb, "start" | "complete" | "hand_back") { is_for } else { concerns };
        if !may {
            return Err(Error::forbidden("task.not_yours", &self.title));
        }
        if verb == "hand_back" && self.asked_by == cx.user {
            return Err(Error::conflict("task.own_request", &self.title));
        }
        Ok(())
    }

    /// Begins the work. Errors: `task.not_yours`, `state.not_allowed`.
    pub fn start(&mut self, cx: &Ctx) -> Result<Done<()>> {
        self.go(cx, "start", TaskState::Doing)
    }

    /// The work is done. Errors: `task.not_yours`, `task.too_long`, `state.not_allowed`.
    pub fn complete(&mut self, cx: &Ctx, outcome: &str) -> Result<Done<()>> {
        let outcome = short("outcome", outcome, OUTCOME)?;
        let done = self.go(cx, "complete", TaskState::Done)?;
        if matches!(done, Done::Now(())) {
            (self.outcome, self.ended_at) = (outcome, Some(cx.now));
        }
        Ok(done)
    }

    /// Says it otherwise, or until another day.
    ///
    /// Errors: `task.not_yours`, `task.empty_title`, `task.too_long`, `state.not_allowed`.
    pub fn change(&mut self, cx: &Ctx, wish: Wish) -> Result<Done<()>> {
        let same = self.state;
        let _stays = self.go(cx, "change", same)?;
        let wish = wish.clean()?;
        let before = (self.kind, self.title.as_str(), self.details.as_str(), self.due);
        if before == (wish.kind, wish.title.as_str(), wish.details.as_str(), wish.due) {
            return Ok(Done::Already);
        }
        (self.kind, self.title) = (wish.kind, wish.title);
        (self.details, self.due) = (wish.details, wish.due);
        Ok(Done::Now(()))
    }

    /// Gives it to somebody else. Errors: `task.not_yours`, `state.not_allowed`.
    pub fn assign(&mut self, cx: &Ctx, for_user: i64, scope: i64) -> Result<Done<()>> {
        let _again = self.go(cx, "assign", TaskState::Todo)?;
        if self.for_user == for_user {
            return Ok(Done::Already);
        }
        (self.for_user, self.scope_id) = (for_user, scope);
        Ok(Done::Now(()))
    }

    /// Back to who asked for it, with the reason.
    ///
    /// Errors: `task.not_yours`, `task.own_request`, `task.reason_required`, `state.not_allowed`.
    pub fn hand_back(&mut self, cx: &Ctx, reason: &str, scope: i64) -> Result<Done<()>> {
        self.allows(cx, "hand_back")?;
        let reason = required(reason)?;
        let done = self.go(cx, "hand_back", TaskState::Todo)?;
        (self.outcome, self.for_user, self.scope_id) = (reason, self.asked_by, scope);
        Ok(done)
    }

    /// Nobody needs to do it any more.
    ///
    /// Errors: `task.not_yours`, `task.reason_required`, `state.not_allowed`.
    pub fn give_up(&mut self, cx: &Ctx, reason: &str) -> Result<Done<()>> {
        self.allows(cx, "drop")?;
        if self.state == TaskState::Dropped {
            return Ok(Done::Already);
        }
        let reason = required(reason)?;
        let done = self.go(cx, "drop", TaskState::Dropped)?;
        (self.outcome, self.ended_at) = (reason, Some(cx.now));
        Ok(done)
    }

    /// It is to be done after all. Errors: `task.not_yours`, `state.not_allowed`.
    pub fn reopen(&mut self, cx: &Ctx) -> Result<Done<()>> {
        let done = self.go(cx, "reopen", TaskState::Todo)?;
        if matches!(done, Done::Now(())) {
            (self.outcome, self.ended_at) = (String::new(), None);
        }
        Ok(done)
    }

    fn go(&mut self, cx: &Ctx, verb: &'static str, to: TaskState) -> Result<Done<()>> {
        self.allows(cx, verb)?;
        let Done::Now(to) = TASK_LIFECYCLE.step(self.state, verb, to)? else {
            return Ok(Done::Already);
        };
        self.state = to;
        Ok(Done::Now(()))
    }
}

/// Errors: `task.reason_required`, `task.too_long`.
fn required(reason: &str) -> Result<String> {
    let reason = short("reason", reason, OUTCOME)?;
    if reason.is_empty() {
        return Err(Error::invalid("task.reason_required", "").with("field", "reason"));
    }
    Ok(reason)
}

/// Tasks by their ids.
pub fn some(tx: &mut Tx, ids: &[i64]) -> Result<Vec<Task>> {
    tx.list_in(find_in!(Task, "id IN (#) ORDER BY id", 0), &[], ids)
}

/// A started piece of work and its end belong together.
#[must_use]
pub fn timed(mut fact: Fact, task: &Task) -> Fact {
    fact.instance = task.id.raw();
    if fact.activity.name == facts::TASK_STARTED.name {
        fact.phase = Phase::Start;
    }
    fact
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(title: &str) -> Wish {
        let (title, details) = (title.to_owned(), String::new());
        Wish { kind: TaskKind::Call, title, details, due: None }
    }

    #[test]
    fn a_title_is_neither_empty_nor_longer_than_a_line() {
        let code = |wish: Wish| wish.clean().map(|w| w.title).map_err(|e| e.code);
        assert_eq!(code(wish("  ")), Err("task.empty_title"));
        assert_eq!(code(wish(" 回访 ")), Ok("回访".to_owned()));
        assert_eq!(code(wish(&"长".repeat(201))), Err("task.too_long"));
        let long = Wish { details: "长".repeat(2_001), ..wish("回访") };
        assert_eq!(code(long), Err("task.too_long"));
    }

    #[test]
    fn a_reason_is_said() {
        assert_eq!(required(" ").map_err(|e| e.code), Err("task.reason_required"));
        assert_eq!(required(" 客户已付款 ").as_deref(), Ok("客户已付款"));
    }
}
