//! The web app inside the program: files with their kinds of compression, and the one page that
//! answers wherever a browser asks for a page. Without the app, a page that says how to build it.
use crate::ask::{Answer, Ask, Body};
use crate::state::State;
use kernel::{Error, Result};
use meta::words::{self, Lang};

/// A file of the app: as it is, and as brotli and gzip made it where that is smaller.
struct File {
    path: &'static str,
    media: &'static str,
    etag: &'static str,
    plain: &'static [u8],
    br: Option<&'static [u8]>,
    gz: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/web_files.rs"));

const INDEX: &str = "/index.html";

/// Where the app may be asked for as a page.
pub(crate) fn is_page(ask: &Ask) -> bool {
    let wants = ask.header("accept").is_some_and(|a| a.contains("text/html"));
    (wants || ask.path == "/")
        && !ask.path.starts_with("/api/")
        && !ask.path.starts_with("/assets/")
}

/// A file, or the page for any address of the app.
///
/// Error: `request.no_such_path`.
pub(crate) fn answer(_: &State, ask: &Ask) -> Result<Answer> {
    let missing = || Error::not_found("request.no_such_path", &ask.path);
    if let Some(file) = FILES.iter().find(|f| f.path == ask.path && f.path != INDEX) {
        return Ok(sent(ask, file));
    }
    if !is_page(ask) {
        return Err(missing());
    }
    match FILES.iter().find(|f| f.path == INDEX) {
        Some(index) => Ok(sent(ask, index)),
        None => Ok(help(ask.lang)),
    }
}

/// Files under `/assets/` carry a hash in their name and never change; others are asked again.
fn sent(ask: &Ask, file: &File) -> Answer {
    let keeps = match file.path.starts_with("/assets/") {
        true => "public, max-age=31536000, immutable",
        false => "no-cache",
    };
    let known = ask.header("if-none-match") == Some(file.etag);
    let accepts = |coding: &str| {
        let all = ask.header("accept-encoding").unwrap_or("");
        all.split(',').any(|c| c.split(';').next().is_some_and(|c| c.trim() == coding))
    };
    let (coding, bytes) = match (file.br, file.gz) {
        (Some(br), _) if accepts("br") => (Some("br"), br),
        (_, Some(gz)) if accepts("gzip") => (Some("gzip"), gz),
        _ => (None, file.plain),
    };
    let (status, body) = if known { (304, Body::default()) } else { (200, bytes.into()) };
    let answer = Answer::bytes(status, file.media, body)
        .with("cache-control", keeps)
        .with("etag", file.etag)
        .with("vary", "accept-encoding");
    match coding {
        Some(coding) if !known => answer.with("content-encoding", coding),
        _ => answer,
    }
}

/// What a program built without the app says in its place.
fn help(lang: Lang) -> Answer {
    let word = |key: &str| words::text(lang, key, &[]);
    let page = format!(
        "<!doctype html><html lang=\"{}\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{}</title>\
         <h1>{}</h1><p>{}</p><pre>cd web &amp;&amp; npm ci &amp;&amp; npx vite build\ncargo build \
         -p app</pre><p>{} <a href=\"/api/v1/openapi.json\">/api/v1/openapi.json</a></p></html>",
        lang.tag(),
        word("page-name"),
        word("page-no-web"),
        word("page-no-web-how"),
        word("page-no-web-api"),
    );
    Answer::bytes(200, "text/html; charset=utf-8", page.into_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_built_app_has_its_page_and_every_file_a_media_type_and_a_tag() {
        assert_eq!(FILES.is_empty(), !FILES.iter().any(|f| f.path == INDEX));
        for file in FILES {
            assert!(file.path.starts_with('/') && !file.media.is_empty(), "{}", file.path);
            assert!(file.etag.len() > 10 && file.etag.starts_with('"'), "{}", file.path);
            assert!(file.br.is_none_or(|br| br.len() < file.plain.len()), "{}", file.path);
        }
    }
}
