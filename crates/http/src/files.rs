//! Files on rows: under the row's scope, kept by content, handed out as downloads only.
use crate::ask::{Answer, Ask};
use crate::state::State;
use access::Session;
use connect::files::{self, Attachment};
use kernel::{Ctx, DocRef, Error, Result};
use meta::Entity;
use serde_json::{Value as Json, json};
use store::{Tx, rows};

/// The header that names a file that is sent; no page of another site can set it.
pub(crate) const NAME: &str = "huiliu-file";

fn entity(state: &State, ask: &Ask) -> Result<&'static Entity> {
    let name = ask.params.first().map_or("", String::as_str);
    let found = state.set.catalog.collection(name);
    found.ok_or_else(|| Error::not_found("request.no_such_path", name))
}

/// The row that the files hang on, where the user reaches it.
fn row(cx: &Ctx, tx: &mut Tx, entity: &'static Entity, id: i64) -> Result<DocRef> {
    let scope = access::scope_for(cx, tx, &entity.permission("read"))?;
    rows::get(cx, tx, entity, &scope, id, &[])?;
    Ok(DocRef { kind: entity.name, id })
}

fn shown(file: &Attachment) -> Json {
    json!({
        "id": file.id.to_string(),
        "name": file.name,
        "media": file.media,
        "size": file.size,
        "sha256": file.digest,
        "made_by": file.made_by.to_string(),
        "made_at": file.made_at.rfc3339(),
    })
}

/// `GET /api/v1/{collection}/{id}/files`
pub(crate) fn list(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    let (entity, id) = (entity(state, ask)?, ask.id(1)?);
    let all = state.set.store.read(&session.cx, |cx, tx| {
        let on = row(cx, tx, entity, id)?;
        files::of(tx, on)
    })?;
    let may = may_attach(state, session, entity);
    let body = json!({ "rows": all.iter().map(shown).collect::<Vec<_>>(), "may_attach": may,
        "limit": files::LARGEST });
    Ok(Answer::json(200, &body))
}

/// Whoever may do anything with such documents but look at them may hang a file on one.
fn may_attach(state: &State, session: &Session, entity: &'static Entity) -> bool {
    let all = state.set.catalog.permissions_of(entity);
    all.iter().any(|p| !p.ends_with(".read") && session.cx.reach(p).is_some())
}

/// `POST /api/v1/{collection}/{id}/files`: the file's bytes as the body, its name (percent-encoded)
/// in the header `Huiliu-File`.
///
/// Errors: `access.forbidden`, `store.not_found`, `file.*`, `request.too_large`.
pub(crate) fn attach(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    let (entity, id) = (entity(state, ask)?, ask.id(1)?);
    let name = ask.header(NAME).ok_or_else(|| Error::invalid("file.name", ""))?;
    let name = files::clean_name(&crate::ask::percent_decoded(name))?;
    if !may_attach(state, session, entity) {
        return Err(Error::forbidden("access.forbidden", entity.permission("write")));
    }
    // Before anything is kept: the row is in scope.
    state.set.store.read(&session.cx, |cx, tx| row(cx, tx, entity, id).map(|_| ()))?;
    let store = files_of(state)?;
    let digest = store.keep(&ask.body)?;
    let made = state.set.store.run(&session.cx, |cx, tx| {
        let on = row(cx, tx, entity, id)?;
        files::attach(cx, tx, on, &name, (&digest, &ask.body))
    })?;
    Ok(Answer::json(201, &shown(&made)))
}

pub(crate) fn files_of(state: &State) -> Result<&files::Files> {
    state.set.files.as_ref().ok_or_else(|| Error::conflict("file.not_kept", "no folder"))
}

/// `GET /api/v1/{collection}/{id}/files/{file}`: a download, never a page.
///
/// Errors: `store.not_found`, `file.lost`.
pub(crate) fn download(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    let (entity, id, file) = (entity(state, ask)?, ask.id(1)?, ask.id(2)?);
    let found = state.set.store.read(&session.cx, |cx, tx| {
        let on = row(cx, tx, entity, id)?;
        files::one(tx, on, file)
    })?;
    let bytes = files_of(state)?.read(&found.digest)?;
    let answer = Answer::bytes(200, media_of(&found), bytes.into());
    let name = format!("attachment; filename*=UTF-8''{}", encoded(&found.name));
    let answer = answer.with("content-disposition", &name);
    Ok(answer.with("content-security-policy", "default-src 'none'; sandbox"))
}

/// The media of pictures; everything else is only bytes to a browser.
fn media_of(file: &Attachment) -> &'static str {
    let known = ["image/png", "image/jpeg", "image/gif", "image/webp"];
    known.into_iter().find(|m| *m == file.media).unwrap_or("application/octet-stream")
}

pub(crate) fn encoded(name: &str) -> String {
    let keep = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    let one = |b: u8| if keep(b) { char::from(b).to_string() } else { format!("%{b:02X}") };
    name.bytes().map(one).collect()
}
