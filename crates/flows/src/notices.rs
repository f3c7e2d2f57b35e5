//! Whom a sealed fact concerns: who may let a held document pass, who approves, whose long work is
//! done. Whoever did it themselves is not told.
use crate::readers::{Belonging, Person, everybody};
use connect::comment;
use connect::notice::{self, NewNotice, NoticeKind};
use kernel::{Ctx, DocRef, Result, ScopeKind};
use std::collections::BTreeSet;
use store::Tx;
use store::consumers::{self, Object, Sealed};
use store::jobs::Job;

/// The name of the reader of facts that gives notices.
const READER: &str = "notices";
/// Facts of one look, and people told of one fact.
const AT_ONCE: i64 = 100;
const PEOPLE: usize = 50;

/// Facts that ask for somebody's decision: activity, and the permission to decide. An approval that
/// is asked for a hold needs none: the hold has told the same people.
const ASKS: &[(&str, &str)] = &[
    ("quote.submitted", "sales.quote.approve"),
    ("return.requested", "sales.return.approve"),
    ("credit.change_asked", "terms.credit.approve"),
];
/// Facts after which nobody has to decide about their subject any more.
const SETTLES: &[&str] = &[
    "quote.approved",
    "quote.withdrawn",
    "quote.rejected",
    "return.approved",
    "return.rejected",
    "return.cancelled",
    "credit.change_approved",
    "credit.change_rejected",
    "credit.change_withdrawn",
    "approval.granted",
    "approval.rejected",
    "approval.withdrawn",
    "job.retried",
    "job.cancelled",
    "webhook.enabled",
];

/// Reads the next facts and tells whom they concern; how many facts were read. Each is acted on
/// once: what is told and the reader's move are one transaction.
pub fn look(cx: &Ctx, tx: &mut Tx, holder: &str) -> Result<usize> {
    if consumers::reader(tx, READER)?.is_none() {
        let newest = consumers::newest(tx)?;
        consumers::ensure(tx, READER, newest);
        return Ok(0);
    }
    let Some(reader) = consumers::take(cx, tx, READER, holder)? else { return Ok(0) };
    let facts = consumers::after(tx, reader.seq, AT_ONCE)?;
    let Some(last) = facts.last().map(|f| f.seq) else { return Ok(0) };
    let mut people: Option<Vec<Person>> = None;
    for fact in facts.iter().filter(|f| f.has_effects()) {
        follow(cx, tx, fact, &mut people)?;
    }
    consumers::advance(tx, &reader, last)?;
    Ok(facts.len())
}

/// Is there anything for [`look`] to do? Reads only.
pub fn waits(tx: &mut Tx) -> Result<bool> {
    let Some(reader) = consumers::reader(tx, READER)? else { return Ok(true) };
    Ok(consumers::newest(tx)? > reader.seq)
}

fn follow(cx: &Ctx, tx: &mut Tx, fact: &Sealed, people: &mut Option<Vec<Person>>) -> Result<()> {
    let Some(subject) = fact.subject() else { return Ok(()) };
    let activity = fact.activity.as_str();
    let hold = fact.objects.iter().find(|o| o.kind == "hold");
    match activity {
        "order.held" | "order.credit_blocked" => {
            let Some(hold) = hold else { return Ok(()) };
            let permission = match fact.reason.as_str() {
                "credit" | "overdue" | "prepayment" => "terms.credit.release",
                "price" | "approval" => "sales.order.approve",
                _ => "sales.order.release",
            };
            let new = new(fact, NoticeKind::Hold, hold, subject);
            return tell(cx, tx, fact, permission, new, people);
        }
        "order.released" | "order.credit_released" => {
            return hold.map_or(Ok(()), |hold| notice::settle(cx, tx, "hold", hold.id));
        }
        "job.done" => return work_done(cx, tx, fact, subject),
        "job.died" => {
            let new = new(fact, NoticeKind::WorkDied, subject, subject);
            return tell(cx, tx, fact, "store.job.retry", new, people);
        }
        "kpi_target.missed" => {
            let owner = fact.objects.iter().find(|o| o.kind == "user");
            return match (new(fact, NoticeKind::Figure, subject, subject), owner) {
                (Some(new), Some(owner)) => notice::give(cx, tx, &new, &[owner.id]),
                _ => Ok(()),
            };
        }
        "comment.written" | "comment.changed" | "comment.withdrawn" => {
            return talked(cx, tx, fact, subject, people);
        }
        name if name.starts_with("task.") => return work_asked(cx, tx, fact, subject),
        "scorecard.sent" => return scorecard(cx, tx, fact, subject, people),
        // By itself, after it failed for long.
        "webhook.disabled" if fact.actor_kind == "system" => {
            let new = new(fact, NoticeKind::WebhookOff, subject, subject);
            return tell(cx, tx, fact, "connect.webhook.enable", new, people);
        }
        _ => {}
    }
    if SETTLES.contains(&activity) {
        return notice::settle(cx, tx, &subject.kind, subject.id);
    }
    if let Some((_, permission)) = ASKS.iter().find(|(name, _)| *name == activity) {
        let new = new(fact, NoticeKind::Approval, subject, subject);
        return tell(cx, tx, fact, permission, new, people);
    }
    Ok(())
}

/// Who is called hears it, and so do those who said something before and may still read the row.
fn talked(
    cx: &Ctx,
    tx: &mut Tx,
    fact: &Sealed,
    subject: &Object,
    people: &mut Option<Vec<Person>>,
) -> Result<()> {
    let (Some(on), Some(said)) = (doc(subject), object(fact, "comment")) else { return Ok(()) };
    if fact.activity == "comment.withdrawn" {
        return notice::settle(cx, tx, "comment", said.id);
    }
    let called: Vec<i64> = ids(fact, "mentioned").filter(|user| *user != fact.actor).collect();
    if let Some(new) = new(fact, NoticeKind::Mention, said, subject) {
        notice::give(cx, tx, &new, &called)?;
    }
    if fact.activity == "comment.changed" {
        return Ok(());
    }
    notice::settle_heard(cx, tx, fact.actor, on)?;
    let before = comment::of(tx, on)?.into_iter().filter(|c| c.id.raw() < said.id);
    let before = before.filter(|c| c.withdrawn_at.is_none()).map(|c| c.made_by);
    let others: BTreeSet<i64> =
        before.filter(|user| *user != fact.actor && !called.contains(user)).collect();
    if others.is_empty() {
        return Ok(());
    }
    let all = known(tx, people)?;
    let row = Belonging::of(tx, on)?;
    let sees = |p: &&Person| row.as_ref().is_some_and(|r| r.is_read_by(&p.asking(cx, |_| true)));
    let told = all.iter().filter(|p| others.contains(&p.user)).filter(sees).map(|p| p.user);
    let told: Vec<i64> = told.take(PEOPLE).collect();
    match new(fact, NoticeKind::Answer, said, subject) {
        Some(new) => notice::give(cx, tx, &new, &told),
        None => Ok(()),
    }
}

/// Whom a task is for hears of it, and who asked for it that it ended. Settled first: what was said
/// of it before no longer holds.
fn work_asked(cx: &Ctx, tx: &mut Tx, fact: &Sealed, task: &Object) -> Result<()> {
    let (kind, told) = match fact.activity.as_str() {
        "task.assigned" | "task.returned" | "task.reopened" => (NoticeKind::Task, "for"),
        "task.completed" => (NoticeKind::TaskEnded, "asked_by"),
        "task.dropped" => (NoticeKind::TaskEnded, "for"),
        _ => return Ok(()),
    };
    notice::settle(cx, tx, &task.kind, task.id)?;
    let document = fact.objects.iter().find(|o| o.qualifier == "document").unwrap_or(task);
    let mut whom: BTreeSet<i64> = ids(fact, told).collect();
    if fact.activity == "task.dropped" {
        whom.extend(ids(fact, "asked_by"));
    }
    let whom: Vec<i64> = whom.into_iter().filter(|user| *user != fact.actor).collect();
    let Some(mut new) = new(fact, kind, task, document) else { return Ok(()) };
    new.reason = fact.activity.trim_start_matches("task.").to_owned();
    notice::give(cx, tx, &new, &whom)
}

fn object<'f>(fact: &'f Sealed, kind: &str) -> Option<&'f Object> {
    fact.objects.iter().find(|o| o.kind == kind)
}

fn ids(fact: &Sealed, qualifier: &str) -> impl Iterator<Item = i64> {
    fact.objects.iter().filter(move |o| o.qualifier == qualifier).map(|o| o.id)
}

/// A notice, where the house has an entity of that name.
fn new(fact: &Sealed, kind: NoticeKind, on: &Object, document: &Object) -> Option<NewNotice> {
    Some(NewNotice {
        kind,
        on: doc(on)?,
        document: doc(document)?,
        reason: fact.reason.clone(),
        fact: fact.id,
        at: fact.occurred_at,
    })
}

fn doc(object: &Object) -> Option<DocRef> {
    let entity = crate::entities().into_iter().find(|e| e.name == object.kind)?;
    Some(DocRef { kind: entity.name, id: object.id })
}

/// Work that a person began, once it is done: a schedule's tells nobody.
fn work_done(cx: &Ctx, tx: &mut Tx, fact: &Sealed, subject: &Object) -> Result<()> {
    let job: Option<Job> = tx.find(kernel::Id::from_raw(subject.id))?;
    let Some(job) = job.filter(|j| j.asked_by != 0 && j.kind != "mail") else { return Ok(()) };
    let document =
        Object { kind: job.subject_kind.clone(), id: job.subject, qualifier: String::new() };
    let Some(mut new) = new(fact, NoticeKind::WorkDone, subject, &document) else { return Ok(()) };
    new.reason = job.kind;
    notice::give(cx, tx, &new, &[job.asked_by])
}

/// A board of figures reaches its reader while they may see figures.
fn scorecard(
    cx: &Ctx,
    tx: &mut Tx,
    fact: &Sealed,
    subject: &Object,
    people: &mut Option<Vec<Person>>,
) -> Result<()> {
    let all = known(tx, people)?;
    let reader = fact.objects.iter().find(|o| o.kind == "user").map(|o| o.id);
    let Some(person) = all.iter().find(|p| Some(p.user) == reader) else { return Ok(()) };
    let own = person.asking(cx, |_| true);
    match new(fact, NoticeKind::Scorecard, subject, subject) {
        Some(new) if own.reach("process.kpi.read") == Some(ScopeKind::All) => {
            notice::give(cx, tx, &new, &[person.user])
        }
        _ => Ok(()),
    }
}

/// Everybody, read once for all facts of a look.
fn known<'p>(tx: &mut Tx, people: &'p mut Option<Vec<Person>>) -> Result<&'p [Person]> {
    Ok(match people {
        Some(all) => all,
        None => people.insert(everybody(tx)?),
    })
}

fn tell(
    cx: &Ctx,
    tx: &mut Tx,
    fact: &Sealed,
    permission: &str,
    new: Option<NewNotice>,
    people: &mut Option<Vec<Person>>,
) -> Result<()> {
    let Some(new) = new else { return Ok(()) };
    let all = known(tx, people)?;
    let (row, mut users) = (Belonging::of(tx, new.document)?, Vec::new());
    // Whoever may do everything is told only where nobody has the work for their own.
    for own_work in [true, false] {
        for person in all.iter().filter(|p| p.user != fact.actor) {
            if users.len() == PEOPLE {
                break;
            }
            let own = person.asking(cx, |g| !own_work || g.permission != "*");
            let reaches = row.as_ref().is_some_and(|row| row.is_reached_by(&own, permission));
            if reaches || own.reach(permission) == Some(ScopeKind::All) {
                users.push(person.user);
            }
        }
        if !users.is_empty() {
            break;
        }
    }
    notice::give(cx, tx, &new, &users)
}
