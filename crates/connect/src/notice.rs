//! Notices: what somebody should know or do, kept until read, and by mail where they wish so.
use crate::entities::{NOTICE, NOTICE_SETTING};
use crate::facts;
use kernel::{Ctx, DocRef, Error, Id, Instant, Result, Stored, names};
use store::jobs::{self, NewJob};
use store::{Tx, find, find_in, sql};

names! {
    /// Why somebody is told.
    pub enum NoticeKind {
        /// A document is held, and they may let it pass.
        Hold = "hold",
        /// Something waits for their approval.
        Approval = "approval",
        /// Long work that they began is done.
        WorkDone = "work_done",
        /// Work that goes on by itself was given up.
        WorkDied = "work_died",
        /// A webhook failed for long and was switched off.
        WebhookOff = "webhook_off",
        /// A figure that they answer for missed its target or left its limits.
        Figure = "figure",
        /// A board of figures that they get regularly.
        Scorecard = "scorecard",
        /// Somebody calls them in a comment.
        Mention = "mention",
        /// Somebody answered where they said something.
        Answer = "answer",
        /// Somebody asks them to do something.
        Task = "task",
        /// What they had asked for is done, or dropped.
        TaskEnded = "task_ended",
    }
}

#[derive(Clone, Debug)]
pub struct Notice {
    pub id: Id<Notice>,
    pub user_id: i64,
    pub kind: NoticeKind,
    /// What it is about: a hold, a quotation, a job.
    pub subject_kind: String,
    pub subject: i64,
    /// The document to open.
    pub document_kind: String,
    pub document: i64,
    /// A code: the hold's kind, the job's, the error.
    pub reason: String,
    pub fact: i64,
    pub at: Instant,
    pub read_at: Option<Instant>,
    /// Somebody did what was to be done.
    pub settled_at: Option<Instant>,
}
store::record!(Notice => NOTICE {
    id, user_id, kind, subject_kind, subject, document_kind, document, reason, fact, at, read_at,
    settled_at,
});

/// How a user wants to be told. Its id is the user's.
#[derive(Clone, Debug)]
pub struct NoticeSetting {
    pub id: Id<NoticeSetting>,
    pub mail: String,
    pub by_mail: bool,
    /// `zh-CN` or `en`.
    pub lang: String,
}
store::record!(NoticeSetting => NOTICE_SETTING { id, mail, by_mail, lang });

/// A notice before it is known who gets it.
#[derive(Clone, Debug)]
pub struct NewNotice {
    pub kind: NoticeKind,
    pub on: DocRef,
    pub document: DocRef,
    pub reason: String,
    pub fact: i64,
    pub at: Instant,
}

/// Notices of one list.
pub const SHOWN: i64 = 100;

/// Tells users, each once for a fact; by mail too where they wish so.
pub fn give(cx: &Ctx, tx: &mut Tx, new: &NewNotice, users: &[i64]) -> Result<()> {
    if users.is_empty() {
        return Ok(());
    }
    let known: Vec<Notice> = tx.list(find!(Notice, "fact = $2"), &[Stored::Int(new.fact)])?;
    let settings: Vec<NoticeSetting> =
        tx.list_in(find_in!(NoticeSetting, "by_mail = 1 AND id IN (#)", 0), &[], users)?;
    for user in users {
        if known.iter().any(|n| n.user_id == *user) {
            continue;
        }
        let notice = Notice {
            id: cx.id(),
            user_id: *user,
            kind: new.kind,
            subject_kind: new.on.kind.to_owned(),
            subject: new.on.id,
            document_kind: new.document.kind.to_owned(),
            document: new.document.id,
            reason: new.reason.chars().take(200).collect(),
            fact: new.fact,
            at: new.at,
            read_at: None,
            settled_at: None,
        };
        let fact = cx.fact(facts::NOTICE_GIVEN).on("notice", notice.id.raw(), "notice");
        tx.tell(fact.on("user", *user, "recipient").attr("kind", new.kind.name()));
        if settings.iter().any(|s| s.id.raw() == *user) {
            let on = DocRef { kind: "notice", id: notice.id.raw() };
            jobs::queue(cx, tx, NewJob::of("mail", on))?;
        }
        tx.insert(&[notice]);
    }
    Ok(())
}

/// What was to be done is done: nobody needs to any more.
pub fn settle(cx: &Ctx, tx: &mut Tx, kind: &str, id: i64) -> Result<()> {
    let open: Vec<Notice> = tx.list(
        find!(Notice, "subject_kind = $2 AND subject = $3 AND settled_at = 0"),
        &[Stored::text(kind), Stored::Int(id)],
    )?;
    end(cx, tx, open);
    Ok(())
}

fn end(cx: &Ctx, tx: &mut Tx, open: Vec<Notice>) {
    for notice in &open {
        let fact = cx.fact(facts::NOTICE_SETTLED).on("notice", notice.id.raw(), "notice");
        tx.tell(fact.on("user", notice.user_id, "recipient"));
    }
    let settled = |n: Notice| Notice { settled_at: Some(cx.now), ..n };
    tx.update(&open.into_iter().map(settled).collect::<Vec<_>>());
}

/// Whoever says something of a document has heard those who talked to them there.
pub fn settle_heard(cx: &Ctx, tx: &mut Tx, user: i64, document: DocRef) -> Result<()> {
    let open: Vec<Notice> = tx.list(
        find!(
            Notice,
            "user_id = $2 AND document_kind = $3 AND document = $4 AND settled_at = 0 \
             AND kind IN ('mention', 'answer')"
        ),
        &[Stored::Int(user), Stored::text(document.kind), Stored::Int(document.id)],
    )?;
    end(cx, tx, open);
    Ok(())
}

/// One's own notices, newest first.
pub fn mine(cx: &Ctx, tx: &mut Tx) -> Result<Vec<Notice>> {
    let key = [Stored::Int(cx.user), Stored::Int(SHOWN)];
    tx.list(find!(Notice, "user_id = $2 ORDER BY id DESC LIMIT $3"), &key)
}

/// How many of one's own are neither read nor settled; up to a hundred.
pub fn unread(cx: &Ctx, tx: &mut Tx) -> Result<i64> {
    let rows = tx.rows(
        sql!(
            "SELECT id FROM notice WHERE tenant_id = $1 AND user_id = $2 AND read_at = 0 \
             AND settled_at = 0 ORDER BY id DESC LIMIT 100"
        ),
        &[Stored::Int(cx.user)],
    )?;
    Ok(rows.len() as i64)
}

/// Marks one's own notices as read, or as unread again; others' are passed over.
pub fn mark(cx: &Ctx, tx: &mut Tx, ids: &[i64], read: bool) -> Result<()> {
    let found: Vec<Notice> = tx.lock_in(
        find_in!(Notice, "user_id = $2 AND id IN (#) ORDER BY id", 1),
        &[Stored::Int(cx.user)],
        ids,
    )?;
    let marked = |n: Notice| Notice { read_at: read.then_some(cx.now), ..n };
    tx.update(&found.into_iter().map(marked).collect::<Vec<_>>());
    Ok(())
}

/// How one wants to be told; by notices alone unless one said otherwise.
pub fn setting(cx: &Ctx, tx: &mut Tx) -> Result<NoticeSetting> {
    let kept = tx.find(Id::<NoticeSetting>::from_raw(cx.user))?;
    Ok(kept.unwrap_or(NoticeSetting {
        id: Id::from_raw(cx.user),
        mail: String::new(),
        by_mail: false,
        lang: "zh-CN".into(),
    }))
}

/// Keeps how one wants to be told. Error: `notice.mail` for what is no address.
pub fn set(cx: &Ctx, tx: &mut Tx, wish: &NoticeSetting) -> Result<()> {
    let parts = wish.mail.split_once('@');
    let fits = parts.is_some_and(|(who, host)| {
        !who.is_empty() && host.contains('.') && !wish.mail.contains([' ', '\r', '\n', '<', '>'])
    });
    if (wish.by_mail || !wish.mail.is_empty()) && !fits {
        return Err(Error::invalid("notice.mail", &wish.mail).with("field", "mail"));
    }
    let own = NoticeSetting { id: Id::from_raw(cx.user), ..wish.clone() };
    match tx.find(own.id)? {
        Some(_) => tx.update(&[own]),
        None => tx.insert(&[own]),
    }
    Ok(())
}
