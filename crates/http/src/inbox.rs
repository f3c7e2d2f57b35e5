//! One's inbox, and how one wants to be told.
use crate::ask::{Answer, Ask};
use crate::state::State;
use crate::talk::{self, Titles};
use access::Session;
use connect::notice::{self, Notice, NoticeSetting};
use connect::{comment, task};
use kernel::{Ctx, DocRef, Error, Id, Result};
use meta::words::Lang;
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use store::Tx;

/// Ids of one request.
const AT_ONCE: usize = 200;
/// Characters of a comment that a notice shows.
const SHOWN: usize = 200;

/// `GET /api/v1/inbox`: one's newest notices, with what comments and tasks say and the `people` in
/// them; `?rows=no` gives the number of unread ones alone.
pub(crate) fn inbox(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    let only_count = ask.asked("rows") == Some("no");
    let body = state.set.store.read(&session.cx, |cx, tx| {
        let unread = notice::unread(cx, tx)?;
        let (rows, people) = if only_count { Default::default() } else { shown(state, cx, tx)? };
        Ok(json!({ "unread": unread, "rows": rows, "people": people }))
    })?;
    Ok(Answer::json(200, &body))
}

/// Notices whose document the user may see now, the others say nothing of it; and the names of
/// people in them.
fn shown(state: &State, cx: &Ctx, tx: &mut Tx) -> Result<(Vec<Json>, Map<String, Json>)> {
    let all = notice::mine(cx, tx)?;
    let known = state.set.catalog.listed();
    let document = |one: &Notice| {
        let entity = known.iter().find(|e| e.name == one.document_kind)?;
        Some(DocRef { kind: entity.name, id: one.document })
    };
    let documents: Vec<DocRef> = all.iter().filter_map(document).collect();
    let titles = talk::titles(state, cx, tx, &documents)?;
    let (texts, called) = said(cx, tx, &all, &titles)?;
    let people = talk::names(state, tx, called)?;
    let rows = all.iter().map(|one| row(one, &titles, &texts)).collect();
    Ok((rows, people))
}

/// What comments and tasks say, by the notice's subject, and whom the words call: comments where
/// the reader may see the row, tasks that are theirs or that they asked for.
fn said(cx: &Ctx, tx: &mut Tx, all: &[Notice], titles: &Titles) -> Result<(Texts, BTreeSet<i64>)> {
    let of = |kind: &'static str| {
        all.iter().filter(move |n| n.subject_kind == kind).map(|n| n.subject).collect::<Vec<_>>()
    };
    let mut texts = Texts::new();
    let mut people = BTreeSet::new();
    for one in comment::some(tx, &of("comment"))? {
        if titles.contains_key(&(one.subject_kind.as_str(), one.subject)) {
            people.extend(comment::called(&one.text)?);
            people.insert(one.made_by);
            texts.insert(("comment", one.id.raw()), (one.made_by, cut(&one.text)));
        }
    }
    for one in task::some(tx, &of("task"))? {
        if one.for_user == cx.user || one.asked_by == cx.user {
            people.insert(one.asked_by);
            texts.insert(("task", one.id.raw()), (one.asked_by, one.title));
        }
    }
    Ok((texts, people))
}

/// Who said it, and the beginning of what they said; no person in it is cut in two.
type Texts = BTreeMap<(&'static str, i64), (i64, String)>;

fn cut(text: &str) -> String {
    if text.chars().count() <= SHOWN {
        return text.to_owned();
    }
    let mut kept: String = text.chars().take(SHOWN).collect();
    if let Some(at) = kept.rfind("@{").filter(|at| !kept[*at..].contains('}')) {
        kept.truncate(at);
    }
    format!("{}…", kept.trim_end())
}

fn row(one: &Notice, titles: &Titles, texts: &Texts) -> Json {
    let document = titles.get(&(one.document_kind.as_str(), one.document));
    let document = document.map(|(entity, title)| {
        json!({ "entity": one.document_kind, "collection": entity.collection,
            "id": one.document.to_string(), "title": title })
    });
    let at = |at: Option<kernel::Instant>| at.map(kernel::Instant::rfc3339);
    let said = texts.get(&(one.subject_kind.as_str(), one.subject));
    json!({
        "id": one.id.to_string(),
        "kind": one.kind.name(),
        "by": said.map(|(by, _)| by.to_string()),
        "text": said.map(|(_, text)| text),
        "reason": one.reason,
        "document": document,
        "at": one.at.rfc3339(),
        "read_at": at(one.read_at),
        "settled_at": at(one.settled_at),
    })
}

/// `POST /api/v1/inbox/read` with `ids`, and `"read": false` to have them unread again.
///
/// Errors: `id.invalid`, `bulk.too_many`.
pub(crate) fn mark(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    let body = ask.json()?;
    let given = body["ids"].as_array().cloned().unwrap_or_default();
    if given.len() > AT_ONCE {
        return Err(Error::invalid("bulk.too_many", given.len()).with("limit", AT_ONCE));
    }
    let id = |value: &Json| -> Result<i64> {
        Id::<Notice>::parse(value.as_str().unwrap_or("")).map(Id::raw)
    };
    let ids: Vec<i64> = given.iter().map(id).collect::<Result<_>>()?;
    let read = body["read"] != json!(false);
    let unread = state.set.store.run(&session.cx, |cx, tx| {
        notice::mark(cx, tx, &ids, read)?;
        notice::unread(cx, tx)
    })?;
    Ok(Answer::json(200, &json!({ "unread": unread })))
}

/// `GET /api/v1/me/notices`
pub(crate) fn setting(state: &State, session: &Session, _: &Ask) -> Result<Answer> {
    let kept = state.set.store.read(&session.cx, notice::setting)?;
    let body = json!({ "mail": kept.mail, "by_mail": kept.by_mail, "lang": kept.lang });
    Ok(Answer::json(200, &body))
}

/// `GET /api/v1/mail`: how mail goes out. User and password of the server are in no answer.
pub(crate) fn mail(state: &State, _: &Session, _: &Ask) -> Result<Answer> {
    let mailer = &state.set.mailer;
    let body = json!({ "way": mailer.way(), "host": mailer.host(), "from": mailer.from(),
        "url": mailer.url() });
    Ok(Answer::json(200, &body))
}

/// `POST /api/v1/mail/test`: a message to one's own address, the one kept in `me/notices`.
///
/// Sent outside of any transaction; what happened is told behind it.
/// Errors: `access.by_person_only`, `notice.no_mail`, `mail.none`, `mail.test_failed`.
pub(crate) fn test_mail(state: &State, session: &Session, _: &Ask) -> Result<Answer> {
    access::commands::in_person(&session.cx)?;
    let (store, mailer) = (&state.set.store, &state.set.mailer);
    let kept = store.read(&session.cx, notice::setting)?;
    if kept.mail.is_empty() {
        return Err(Error::invalid("notice.no_mail", "").with("field", "mail"));
    }
    mailer.test(session.cx.id::<Notice>().raw(), &kept.mail, Lang::of(&kept.lang))?;
    store.run(&session.cx, |cx, tx| {
        connect::mail::tell_tested(cx, tx, mailer.way());
        Ok(())
    })?;
    Ok(Answer::json(200, &json!({ "way": mailer.way(), "to": kept.mail })))
}

/// `POST /api/v1/me/notices` with `mail`, `by_mail` and `lang`. Error: `notice.mail`.
pub(crate) fn set(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    let body = ask.json()?;
    let lang = if body["lang"] == json!("en") { "en" } else { "zh-CN" };
    let wish = NoticeSetting {
        id: Id::from_raw(0),
        mail: body["mail"].as_str().unwrap_or("").trim().chars().take(200).collect(),
        by_mail: body["by_mail"] == json!(true),
        lang: lang.to_owned(),
    };
    state.set.store.run(&session.cx, |cx, tx| notice::set(cx, tx, &wish))?;
    setting(state, session, ask)
}
