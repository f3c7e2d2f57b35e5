//! One's inbox, and how one wants to be told.
use crate::ask::{Answer, Ask};
use crate::state::State;
use access::Session;
use connect::notice::{self, Notice, NoticeSetting};
use kernel::{Ctx, Error, Id, Result};
use meta::words::Lang;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use store::{Tx, marks, rows};

/// Ids of one request.
const AT_ONCE: usize = 200;

/// `GET /api/v1/inbox`: one's newest notices; `?rows=no` gives the number of unread ones alone.
pub(crate) fn inbox(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    let only_count = ask.asked("rows") == Some("no");
    let body = state.set.store.read(&session.cx, |cx, tx| {
        let unread = notice::unread(cx, tx)?;
        let found = if only_count { Vec::new() } else { shown(state, cx, tx)? };
        Ok(json!({ "unread": unread, "rows": found }))
    })?;
    Ok(Answer::json(200, &body))
}

/// Notices whose document the user may see now; the others say nothing of it.
fn shown(state: &State, cx: &Ctx, tx: &mut Tx) -> Result<Vec<Json>> {
    let all = notice::mine(cx, tx)?;
    let mut ids: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for one in &all {
        ids.entry(one.document_kind.as_str()).or_default().push(one.document);
    }
    let mut titles: BTreeMap<(&str, i64), (&'static str, String)> = BTreeMap::new();
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
            let name = names.remove(&id).unwrap_or_default();
            titles.insert((kind, id), (entity.collection, name));
        }
    }
    Ok(all.iter().map(|one| row(one, &titles)).collect())
}

fn row(one: &Notice, titles: &BTreeMap<(&str, i64), (&'static str, String)>) -> Json {
    let document = titles.get(&(one.document_kind.as_str(), one.document));
    let document = document.map(|(collection, title)| {
        json!({ "entity": one.document_kind, "collection": collection,
            "id": one.document.to_string(), "title": title })
    });
    let at = |at: Option<kernel::Instant>| at.map(kernel::Instant::rfc3339);
    json!({
        "id": one.id.to_string(),
        "kind": one.kind.name(),
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
