//! What stands before every handler: requests of other sites are refused, answers get headers.
use crate::ask::{Ask, Token};
use crate::state::Transport;
use kernel::{Error, Result};

/// Refuses writes that another site's page sends with our user's cookie.
///
/// The browser says where a request comes from (`Sec-Fetch-Site`); an old one says its `Origin`;
/// a program says neither and carries no cookie of ours. Error: `request.cross_site`.
pub(crate) fn same_site(ask: &Ask) -> Result<()> {
    let is_read = matches!(ask.method, "GET" | "HEAD");
    if is_read || matches!(ask.token, Some(Token::Bearer(_))) {
        return Ok(());
    }
    let refused = |from: &str| Err(Error::forbidden("request.cross_site", from));
    match (ask.header("sec-fetch-site"), ask.header("origin")) {
        (Some("same-origin" | "none"), _) | (None, None) => Ok(()),
        (Some(site), _) => refused(site),
        (None, Some(origin)) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            if host.is_some() && host == ask.header("host") { Ok(()) } else { refused(origin) }
        }
    }
}

/// A write of the API with a cookie says that it is JSON: no form of another site can.
/// Error: `request.not_json`.
pub(crate) fn says_json(ask: &Ask) -> Result<()> {
    let is_read = matches!(ask.method, "GET" | "HEAD");
    if is_read || !matches!(ask.token, Some(Token::Cookie(_))) {
        return Ok(());
    }
    // A file says its name in a header that no form of another site can set.
    if ask.header(crate::files::NAME).is_some() && ask.path.ends_with("/files") {
        return Ok(());
    }
    let media = ask.header("content-type").unwrap_or("");
    if media.split(';').next().is_some_and(|m| m.trim() == "application/json") {
        return Ok(());
    }
    Err(Error::invalid("request.not_json", media))
}

/// Scripts and styles from our own files only, none in the page; nothing of any other host.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; manifest-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Headers of every answer.
pub(crate) fn headers(transport: Transport) -> Vec<(&'static str, &'static str)> {
    let mut all = vec![
        ("content-security-policy", POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=()"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ];
    if transport == Transport::Tls {
        all.push(("strict-transport-security", "max-age=31536000; includeSubDomains"));
    }
    all
}
