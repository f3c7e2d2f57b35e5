//! Whom a sealed fact concerns: who may let a held document pass, who approves, whose long work is
//! done. Whoever did it themselves is not told.
use connect::notice::{self, NewNotice, NoticeKind};
use kernel::{Bounds, Ctx, DocRef, Grant, Result, ScopeKind, Stored};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::consumers::{self, Object, Sealed};
use store::jobs::Job;
use store::marks;
use store::{Tx, sql};

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
    let all = match people {
        Some(all) => all,
        None => people.insert(everybody(tx)?),
    };
    let reader = fact.objects.iter().find(|o| o.kind == "user").map(|o| o.id);
    let Some(person) = all.iter().find(|p| Some(p.user) == reader) else { return Ok(()) };
    let mut own = Ctx::system(cx.tenant, cx.now, cx.maker());
    (own.user, own.department) = (person.user, person.department);
    own.grants = person.grants.clone().into();
    match new(fact, NoticeKind::Scorecard, subject, subject) {
        Some(new) if own.reach("process.kpi.read") == Some(ScopeKind::All) => {
            notice::give(cx, tx, &new, &[person.user])
        }
        _ => Ok(()),
    }
}

/// A user with what they may do.
struct Person {
    user: i64,
    department: i64,
    grants: Vec<Grant>,
    bounds: Arc<Bounds>,
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
    let all = match people {
        Some(all) => all,
        None => people.insert(everybody(tx)?),
    };
    let mut users = Vec::new();
    // Whoever may do everything is told only where nobody has the work for their own.
    for own_work in [true, false] {
        for person in all.iter().filter(|p| p.user != fact.actor) {
            if users.len() == PEOPLE {
                break;
            }
            let mut own = Ctx::system(cx.tenant, cx.now, cx.maker());
            (own.user, own.department) = (person.user, person.department);
            let of_work = |g: &&Grant| !own_work || g.permission != "*";
            own.grants = person.grants.iter().filter(of_work).cloned().collect();
            own.bounds = Arc::clone(&person.bounds);
            if may(&own, tx, permission, new.document)? {
                users.push(person.user);
            }
        }
        if !users.is_empty() {
            break;
        }
    }
    notice::give(cx, tx, &new, &users)
}

/// Does the user's permission reach the document?
fn may(own: &Ctx, tx: &mut Tx, permission: &str, document: DocRef) -> Result<bool> {
    match own.reach(permission) {
        None => Ok(false),
        Some(ScopeKind::All) => Ok(true),
        Some(_) => {
            let scope = access::scope_for(own, tx, permission)?;
            let Some(entity) = crate::entities().into_iter().find(|e| e.name == document.kind)
            else {
                return Ok(false);
            };
            let marks = marks::of(tx, entity, &[document.id])?;
            Ok(marks.iter().any(|mark| marks::reaches(entity, &scope, mark)))
        }
    }
}

/// Every user who may sign in, with their grants.
fn everybody(tx: &mut Tx) -> Result<Vec<Person>> {
    let rows = tx.rows(
        sql!(
            "SELECT u.id, COALESCE(u.department, 0), g.permission, g.reach, g.role \
             FROM app_user u \
             JOIN user_role m ON m.tenant_id = u.tenant_id AND m.user_id = u.id \
             JOIN role_grant g ON g.tenant_id = m.tenant_id AND g.role = m.role \
             WHERE u.tenant_id = $1 AND u.id > $2 AND u.disabled_at = 0 \
             ORDER BY u.id LIMIT 20000"
        ),
        &[Stored::Int(0)],
    )?;
    let bounds = Arc::new(Bounds { reaches: access::questions::reaches(tx)?, ..Bounds::default() });
    let mut all: BTreeMap<i64, Person> = BTreeMap::new();
    for mut row in rows {
        let (user, department): (i64, i64) = (row.take()?, row.take()?);
        let (permission, reach): (String, access::role::Reach) = (row.take()?, row.take()?);
        let role: i64 = row.take()?;
        let person = all.entry(user).or_insert_with(|| Person {
            user,
            department,
            grants: Vec::new(),
            bounds: Arc::clone(&bounds),
        });
        person.grants.push(Grant { permission, reach: reach.kind(), role });
    }
    Ok(all.into_values().collect())
}
