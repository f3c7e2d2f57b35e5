//! What people say of a row to each other: comments, and who is called by one.
//!
//! In a text a person stands as `@{id}`, so that a new name is right everywhere and no name is kept
//! in the text. Whose row it is, who may see it and who is told, `flows` knows.
use crate::entities::{COMMENT, COMMENT_MENTION};
use crate::facts;
use kernel::{Activity, Ctx, DocRef, Error, Fact, Id, Instant, Result, Stored};
use store::{Tx, find, find_in};

/// Characters of a text, comments of one row, and people called by one comment.
pub const LONGEST: usize = 4_000;
pub const MOST: usize = 1_000;
pub const CALLED: usize = 20;

/// A comment on a row.
#[derive(Clone, Debug)]
pub struct Comment {
    pub id: Id<Comment>,
    pub version: i64,
    pub subject_kind: String,
    pub subject: i64,
    /// Empty once it is withdrawn; what was changed is not kept either.
    pub text: String,
    pub made_by: i64,
    pub made_at: Instant,
    pub changed_at: Option<Instant>,
    pub withdrawn_at: Option<Instant>,
}
store::record!(Comment => COMMENT {
    id, version, subject_kind, subject, text, made_by, made_at, changed_at, withdrawn_at,
});

/// Somebody whom a comment calls.
#[derive(Clone, Debug)]
struct Mention {
    id: Id<Mention>,
    comment: Id<Comment>,
    user_id: i64,
}
store::record!(Mention => COMMENT_MENTION { id, comment, user_id });

/// People whom a text calls, each once, in its order. Error: `comment.mentions_too_many`.
pub fn called(text: &str) -> Result<Vec<i64>> {
    let mut all = Vec::new();
    for part in text.split("@{").skip(1) {
        let Some((id, _)) = part.split_once('}') else { continue };
        let digits = !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit());
        if let Some(id) = digits.then(|| id.parse().ok()).flatten()
            && !all.contains(&id)
        {
            all.push(id);
        }
    }
    if all.len() > CALLED {
        return Err(Error::invalid("comment.mentions_too_many", all.len()).with("limit", CALLED));
    }
    Ok(all)
}

/// A text without the space around it. Errors: `comment.empty`, `comment.too_long`.
fn clean(text: &str) -> Result<String> {
    let kept: String =
        text.trim().chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    let length = kept.chars().count();
    if kept.is_empty() {
        return Err(Error::invalid("comment.empty", "").with("field", "text"));
    }
    if length > LONGEST {
        let e = Error::invalid("comment.too_long", length).with("limit", LONGEST);
        return Err(e.with("field", "text"));
    }
    Ok(kept)
}

impl Comment {
    #[must_use]
    pub fn on(&self, subject: DocRef) -> bool {
        (self.subject_kind.as_str(), self.subject) == (subject.kind, subject.id)
    }

    fn fact(&self, cx: &Ctx, activity: Activity, on: DocRef) -> Fact {
        let fact = cx.fact(activity).on(on.kind, on.id, "document");
        fact.on("comment", self.id.raw(), "comment")
    }

    /// May the one who asks change it? Errors: `comment.not_own`, `comment.withdrawn`.
    fn must_be_own(&self, cx: &Ctx) -> Result<()> {
        if self.made_by != cx.user {
            return Err(Error::forbidden("comment.not_own", self.id));
        }
        if self.withdrawn_at.is_some() {
            return Err(Error::conflict("comment.withdrawn", self.id));
        }
        Ok(())
    }
}

/// Says something of a row. Whom it calls was asked for before.
///
/// Errors: `comment.empty`, `comment.too_long`, `comment.too_many`, `comment.mentions_too_many`.
pub fn write(cx: &Ctx, tx: &mut Tx, on: DocRef, text: &str) -> Result<Comment> {
    let text = clean(text)?;
    let people = called(&text)?;
    let known = of(tx, on)?.len();
    if known >= MOST {
        return Err(Error::conflict("comment.too_many", known).with("limit", MOST));
    }
    let made = Comment {
        id: cx.id(),
        version: 1,
        subject_kind: on.kind.to_owned(),
        subject: on.id,
        text,
        made_by: cx.user,
        made_at: cx.now,
        changed_at: None,
        withdrawn_at: None,
    };
    tx.insert(std::slice::from_ref(&made));
    tell(cx, tx, (&made, facts::COMMENT_WRITTEN, on), &people);
    Ok(made)
}

/// Says it otherwise; only whoever is newly called is told. The earlier text is not kept.
///
/// Errors: those of [`write`], `store.not_found`, `comment.not_own`, `comment.withdrawn`.
pub fn change(cx: &Ctx, tx: &mut Tx, on: DocRef, id: i64, text: &str) -> Result<Comment> {
    let mut found = lock(tx, on, id)?;
    found.must_be_own(cx)?;
    let text = clean(text)?;
    let people = called(&text)?;
    if text == found.text {
        return Ok(found);
    }
    (found.text, found.changed_at) = (text, Some(cx.now));
    tx.update(std::slice::from_ref(&found));
    let earlier = mentions(tx, &[id])?;
    let gone: Vec<Mention> =
        earlier.iter().filter(|m| !people.contains(&m.user_id)).cloned().collect();
    tx.delete(&gone);
    let new: Vec<i64> =
        people.into_iter().filter(|u| !earlier.iter().any(|m| m.user_id == *u)).collect();
    tell(cx, tx, (&found, facts::COMMENT_CHANGED, on), &new);
    Ok(found)
}

/// Takes it back: its text is gone, that there was one stays.
///
/// Errors: `store.not_found`, `comment.not_own`. Doing it again changes nothing.
pub fn withdraw(cx: &Ctx, tx: &mut Tx, on: DocRef, id: i64) -> Result<Comment> {
    let mut found = lock(tx, on, id)?;
    if found.withdrawn_at.is_some() && found.made_by == cx.user {
        return Ok(found);
    }
    found.must_be_own(cx)?;
    (found.text, found.withdrawn_at) = (String::new(), Some(cx.now));
    tx.update(std::slice::from_ref(&found));
    let earlier = mentions(tx, &[id])?;
    tx.delete(&earlier);
    tx.tell(found.fact(cx, facts::COMMENT_WITHDRAWN, on));
    Ok(found)
}

/// A fact names whom it calls, and holds no word of the text.
fn tell(cx: &Ctx, tx: &mut Tx, (of, activity, on): (&Comment, Activity, DocRef), new: &[i64]) {
    let rows = |user: &i64| Mention { id: cx.id(), comment: of.id, user_id: *user };
    tx.insert(&new.iter().map(rows).collect::<Vec<_>>());
    let length = i64::try_from(of.text.chars().count()).unwrap_or(i64::MAX);
    let fact = of.fact(cx, activity, on).attr("characters", length);
    tx.tell(new.iter().fold(fact, |fact, user| fact.on("user", *user, "mentioned")));
}

/// The comments of a row, oldest first.
pub fn of(tx: &mut Tx, on: DocRef) -> Result<Vec<Comment>> {
    tx.list(
        find!(Comment, "subject_kind = $2 AND subject = $3 ORDER BY id LIMIT 1000"),
        &[Stored::text(on.kind), Stored::Int(on.id)],
    )
}

/// Comments by their ids.
pub fn some(tx: &mut Tx, ids: &[i64]) -> Result<Vec<Comment>> {
    tx.list_in(find_in!(Comment, "id IN (#) ORDER BY id", 0), &[], ids)
}

fn mentions(tx: &mut Tx, comments: &[i64]) -> Result<Vec<Mention>> {
    tx.list_in(find_in!(Mention, "comment IN (#) ORDER BY id", 0), &[], comments)
}

/// One comment of a row, locked. Error: `store.not_found`, also for one of another row.
fn lock(tx: &mut Tx, on: DocRef, id: i64) -> Result<Comment> {
    let missing = || Error::not_found("store.not_found", "comment").with("id", id);
    let found: Vec<Comment> =
        tx.lock_in(find_in!(Comment, "id IN (#) ORDER BY id", 0), &[], &[id])?;
    found.into_iter().find(|c| c.on(on)).ok_or_else(missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_called_by_their_id_in_braces_and_once() {
        let cases: [(&str, &[i64]); 7] = [
            ("@{17} 客户周五付款，能发吗？", &[17]),
            ("@{17}@{18} and @{17} again", &[17, 18]),
            ("mail me at a@b.com", &[]),
            ("@{} @{x} @{-1} @{17", &[]),
            ("@{99999999999999999999}", &[]),
            ("{17} @17", &[]),
            ("@{@{17}}", &[17]),
        ];
        for (text, people) in cases {
            assert_eq!(called(text).as_deref(), Ok(people), "{text}");
        }
        let many: String = (1..=21).map(|n| format!("@{{{n}}}")).collect();
        assert_eq!(called(&many).map_err(|e| e.code), Err("comment.mentions_too_many"));
    }

    #[test]
    fn a_text_is_neither_empty_nor_longer_than_a_page() {
        let long = "长".repeat(LONGEST);
        let cases = [
            ("", Err("comment.empty")),
            (" \n\t ", Err("comment.empty")),
            ("\u{7}", Err("comment.empty")),
            (" 好的\r\n谢谢 ", Ok("好的\n谢谢".to_owned())),
            (&long, Ok(long.clone())),
            (&format!("{long}长"), Err("comment.too_long")),
        ];
        for (text, expected) in cases {
            assert_eq!(clean(text).map_err(|e| e.code), expected);
        }
    }
}
