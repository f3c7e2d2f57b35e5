//! `huiliu sign-in`: a one-time link for a user; there are no default passwords.
use crate::cli;
use crate::outside::{random, say};
use crate::place::{self, Place};
use kernel::{Ctx, Error, Id, Result};
use serde_json::json;
use std::process::ExitCode;
use store::Store;

/// Prints the link.
pub(crate) fn run(at: &cli::Place, ask: &cli::SignIn) -> Result<ExitCode> {
    let place = place::open(at)?;
    let token = link(&place, &ask.user)?;
    let url = format!("{}/link/{token}", ask.url.trim_end_matches('/'));
    if ask.json {
        outln!("{}", json!({ "user": ask.user, "link": url, "token": token }));
    } else {
        outln!("{}", say("cli-sign-in-link", &[("user", &ask.user), ("link", &url)]));
    }
    Ok(ExitCode::SUCCESS)
}

/// Issues a link for a login; its token. Error: `user.not_found`.
pub(crate) fn link(place: &Place, login: &str) -> Result<String> {
    let (store, cx) = (&place.store, place.system());
    let user = store.read(&cx, |_, tx| access::user_rows::by_login(tx, login))?;
    let user = user.ok_or_else(|| Error::not_found("user.not_found", login))?;
    issue(store, &cx, Some(user.id))
}

/// A link that sets up the first company.
pub(crate) fn setup_link(place: &Place) -> Result<String> {
    issue(&place.store, &place.system(), None)
}

fn issue(store: &Store, cx: &Ctx, user: Option<Id<access::user::User>>) -> Result<String> {
    let bytes = random();
    let token = store.run(cx, |cx, tx| access::commands::issue_link(cx, tx, user, bytes))?;
    Ok(token.text().to_owned())
}
