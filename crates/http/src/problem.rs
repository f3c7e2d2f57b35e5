//! Errors as RFC 9457 problems: a stable code, a message in the reader's language, no internals.
use crate::ask::{Answer, Ask};
use kernel::{Error, Kind};
use meta::words::{self, Lang};
use serde_json::{Map, Value as Json, json};

/// The status of an error: by its code where HTTP knows better, else by its kind.
pub(crate) fn status(error: &Error) -> u16 {
    match error.code {
        "access.sign_in_needed" | "access.wrong_sign_in" => 401,
        "access.throttled" | "access.rate_limited" | "live.too_many" => 429,
        "request.method_not_allowed" => 405,
        "request.too_large" => 413,
        "request.not_json" => 415,
        "request.too_slow" => 408,
        "store.queue_full" | "store.busy" | "store.full" => 503,
        _ => match error.kind {
            Kind::NotFound => 404,
            Kind::Invalid => 422,
            Kind::Conflict => 409,
            Kind::Forbidden => 403,
            Kind::Bug => 500,
        },
    }
}

/// The body of a problem. Of a bug it says the trace id only.
pub(crate) fn body(error: &Error, lang: Lang, trace: &str) -> Json {
    let mut body = Map::new();
    let is_bug = error.kind == Kind::Bug;
    let code = code(error);
    body.insert("type".into(), json!(format!("urn:huiliu:error:{code}")));
    body.insert("title".into(), json!(title(error, lang, trace)));
    body.insert("status".into(), json!(status(error)));
    body.insert("code".into(), json!(code));
    if is_bug {
        body.insert("trace".into(), json!(trace));
        return Json::Object(body);
    }
    body.insert("detail".into(), json!(error.detail));
    if !error.fields.is_empty() {
        let fields = error.fields.iter().map(|(k, v)| ((*k).to_owned(), json!(v)));
        body.insert("fields".into(), Json::Object(fields.collect()));
    }
    Json::Object(body)
}

/// The code that the outside sees; all bugs have one.
pub(crate) fn code(error: &Error) -> &'static str {
    if error.kind == Kind::Bug { "bug.internal" } else { error.code }
}

/// What an error says to a person.
pub(crate) fn title(error: &Error, lang: Lang, trace: &str) -> String {
    match error.kind {
        Kind::Bug => words::text(lang, "error-bug-internal", &[("trace", trace)]),
        _ => words::error(lang, &spoken(lang, error)),
    }
}

/// A refusal by state names verb and state as people see them on buttons and documents.
fn spoken(lang: Lang, error: &Error) -> Error {
    let mut said = error.clone();
    if said.code == "state.not_allowed" {
        let entity = said.detail.clone();
        for (name, value) in &mut said.fields {
            *value = words::label(lang, name, &entity, value);
        }
    }
    // So does one that names a kind of hold.
    let kind = |code: &str| words::label(lang, "option-kind", "hold", code);
    if matches!(said.code, "hold.own_request" | "hold.nobody_approves") {
        said.detail = kind(&said.detail);
    }
    for (_, value) in said.fields.iter_mut().filter(|(n, _)| matches!(*n, "hold" | "holds")) {
        let and = if lang == Lang::En { ", " } else { "、" };
        *value = value.split(", ").map(kind).collect::<Vec<_>>().join(and);
    }
    said
}

/// Names a bug for whoever reads the log.
pub(crate) fn trace(ask: &Ask, error: &Error) -> String {
    let trace = format!("{:x}", ask.now.0);
    if error.kind == Kind::Bug {
        eprintln!("bug {trace} {} {}: {error}", ask.method, ask.path);
    }
    trace
}

/// The answer of the API to an error.
pub(crate) fn answer(ask: &Ask, error: &Error) -> Answer {
    let body = body(error, ask.lang, &trace(ask, error));
    let mut answer = Answer::json(status(error), &body);
    answer.media = "application/problem+json";
    with_hints(answer, error)
}

/// When to come back, and how to sign in.
pub(crate) fn with_hints(answer: Answer, error: &Error) -> Answer {
    match status(error) {
        503 => answer.with("retry-after", "1"),
        401 => answer.with("www-authenticate", "Bearer"),
        429 => {
            let seconds = error.fields.iter().find(|(name, _)| *name == "seconds");
            answer.with("retry-after", seconds.map_or("1", |(_, value)| value))
        }
        _ => answer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_status_and_some_codes_their_own() {
        for (error, expected) in [
            (Error::not_found("store.not_found", ""), 404),
            (Error::invalid("field.required", ""), 422),
            (Error::conflict("state.not_allowed", ""), 409),
            (Error::forbidden("access.forbidden", ""), 403),
            (Error::bug("bug.database", ""), 500),
            (Error::forbidden("access.sign_in_needed", ""), 401),
            (Error::conflict("access.throttled", ""), 429),
            (Error::conflict("store.queue_full", ""), 503),
            (Error::invalid("request.too_large", ""), 413),
        ] {
            assert_eq!(status(&error), expected, "{error}");
        }
    }

    #[test]
    fn a_closed_verb_is_told_by_the_words_on_its_button() {
        let closed = Error::conflict("state.not_allowed", "order");
        let closed = closed.with("verb", "cancel_remainder").with("state", "draft");
        let said = title(&closed, Lang::En, "");
        assert!(said.contains("Cancel the rest") && said.contains("Draft"), "{said}");
        assert!(title(&closed, Lang::Zh, "").contains("取消余量"));
    }

    #[test]
    fn a_bug_tells_a_trace_id_and_nothing_of_the_inside() {
        let error = Error::bug("bug.database", "no such column: secret").with("sql", "SELECT");
        let text = body(&error, Lang::En, "7f").to_string();
        assert!(text.contains("7f") && !text.contains("secret") && !text.contains("SELECT"));
        assert!(!text.contains("bug.database"), "{text}");
    }
}
