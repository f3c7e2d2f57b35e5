//! A request as handlers see it, and their answer: plain values, nothing of the web framework.
use crate::state::{State, Transport};
use kernel::{Error, Instant, Result};
use meta::words::Lang;
use serde_json::Value as Json;
use std::borrow::Cow;

/// A request.
#[derive(Clone)]
pub(crate) struct Ask {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    /// The path's parameters, decoded, in order.
    pub(crate) params: Vec<String>,
    pub(crate) query: Vec<(String, String)>,
    /// Headers that we look at, lower-case names.
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) now: Instant,
    pub(crate) lang: Lang,
    pub(crate) token: Option<Token>,
    /// Several tenants could be meant by this address.
    pub(crate) common: bool,
}

/// How the sender says who they are.
#[derive(Clone)]
pub(crate) enum Token {
    Cookie(String),
    Bearer(String),
}

impl Token {
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Cookie(text) | Self::Bearer(text) => text,
        }
    }
}

/// Bytes of a header that we look at.
const HEADER: usize = 4096;

pub(crate) struct Raw {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) params: Vec<String>,
    pub(crate) query: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Raw {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(n, _)| n == name);
        found.map(|(_, value)| value.as_str()).filter(|v| v.len() <= HEADER)
    }

    fn cookie(&self, name: &str) -> Option<&str> {
        let cookies = self.header("cookie")?.split(';');
        let mut pairs = cookies.filter_map(|c| c.trim().split_once('='));
        pairs.find(|(n, _)| *n == name).map(|(_, value)| value)
    }

    /// How the sender says who they are.
    pub(crate) fn token(&self, transport: Transport) -> Option<Token> {
        let bearer = self.header("authorization").and_then(|h| h.strip_prefix("Bearer "));
        match bearer {
            Some(text) => Some(Token::Bearer(text.trim().to_owned())),
            None => self.cookie(cookie_name(transport)).map(|text| Token::Cookie(text.to_owned())),
        }
    }
}

impl Ask {
    pub(crate) fn new(state: &State, raw: Raw) -> Self {
        let token = raw.token(state.set.transport);
        let (headers, query) = (raw.headers, pairs(&raw.query));
        let mut ask = Self {
            method: raw.method,
            path: raw.path,
            params: raw.params,
            query,
            headers,
            body: raw.body,
            now: state.now(),
            lang: Lang::Zh,
            token,
            common: false,
        };
        ask.lang = ask.wished_lang();
        ask
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(n, _)| n == name);
        found.map(|(_, value)| value.as_str()).filter(|v| v.len() <= HEADER)
    }

    pub(crate) fn asked(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        let cookies = self.header("cookie")?.split(';');
        let mut pairs = cookies.filter_map(|c| c.trim().split_once('='));
        pairs.find(|(n, _)| *n == name).map(|(_, value)| value)
    }

    /// By the address, by what was chosen before, by the browser.
    fn wished_lang(&self) -> Lang {
        let chosen = self.asked("lang").or_else(|| self.cookie("hl_lang"));
        Lang::of(chosen.or_else(|| self.header("accept-language")).unwrap_or(""))
    }

    /// Error: `request.not_json`, also where the sender does not say that it is.
    pub(crate) fn json(&self) -> Result<Json> {
        if self.body.is_empty() {
            return Ok(Json::Object(serde_json::Map::new()));
        }
        let media = self.header("content-type").unwrap_or("");
        let is_json = media.split(';').next().is_some_and(|m| m.trim() == "application/json");
        if !is_json {
            return Err(Error::invalid("request.not_json", media));
        }
        let parsed: serde_json::Result<Json> = serde_json::from_slice(&self.body);
        let parsed = parsed.map_err(|e| Error::invalid("request.malformed", e))?;
        if !parsed.is_object() {
            return Err(Error::invalid("body.not_an_object", "body"));
        }
        Ok(parsed)
    }

    /// As the device names itself.
    pub(crate) fn device(&self) -> &str {
        self.header("user-agent").unwrap_or("")
    }

    /// An id among the path's parameters. Error: `request.no_such_path`.
    pub(crate) fn id(&self, at: usize) -> Result<i64> {
        let text = self.params.get(at).map_or("", String::as_str);
        let id: Option<i64> = text.parse().ok();
        id.filter(|id| *id > 0).ok_or_else(|| Error::not_found("request.no_such_path", text))
    }
}

/// The session's cookie: bound to this very host where the way is encrypted.
pub(crate) const fn cookie_name(transport: Transport) -> &'static str {
    match transport {
        Transport::Plain => "hl_sid",
        Transport::Tls => "__Host-hl_sid",
    }
}

pub(crate) fn session_cookie(transport: Transport, token: &str) -> String {
    cookie(transport, cookie_name(transport), token, 7 * 24 * 3600, "; HttpOnly")
}

pub(crate) fn no_session_cookie(transport: Transport) -> String {
    cookie(transport, cookie_name(transport), "", 0, "; HttpOnly")
}

fn cookie(transport: Transport, name: &str, value: &str, age: u32, more: &str) -> String {
    let secure = if transport == Transport::Tls { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; Max-Age={age}; SameSite=Lax{more}{secure}")
}

/// `a=1&b=%E6%B1%87+x` decoded; at most 400 pairs.
pub(crate) fn pairs(text: &str) -> Vec<(String, String)> {
    let pair = |part: &str| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        (decoded(name), decoded(value))
    };
    text.split('&').filter(|p| !p.is_empty()).take(400).map(pair).collect()
}

/// `%E6%B1%87` decoded; a `+` stays one.
pub(crate) fn percent_decoded(text: &str) -> String {
    decoded(&text.replace('+', "%2B"))
}

fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let hex = text.get(at + 1..at + 3).and_then(|h| u8::from_str_radix(h, 16).ok());
        let (value, step) = match (byte, hex) {
            (b'%', Some(value)) => (value, 3),
            (b'+', _) => (b' ', 1),
            _ => (*byte, 1),
        };
        out.push(value);
        at += step;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// What an answer carries: text made for it, or bytes of a file in the program.
pub(crate) type Body = Cow<'static, [u8]>;

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) media: &'static str,
    pub(crate) body: Body,
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl Answer {
    pub(crate) fn json(status: u16, body: &Json) -> Self {
        Self::text(status, "application/json", body.to_string())
    }
    pub(crate) fn text(status: u16, media: &'static str, body: String) -> Self {
        Self::bytes(status, media, body.into_bytes().into())
    }
    pub(crate) const fn bytes(status: u16, media: &'static str, body: Body) -> Self {
        Self { status, media, body, headers: Vec::new() }
    }
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
    pub(crate) fn cookie(self, cookie: &str) -> Self {
        self.with("set-cookie", cookie)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_and_addresses_are_decoded_and_broken_ones_stay_text() {
        let read = pairs("a=1&b=%E6%B1%87%E6%B5%81+x&c&&d=%zz%4");
        let expected = [("a", "1"), ("b", "汇流 x"), ("c", ""), ("d", "%zz%4")];
        let expected: Vec<_> =
            expected.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        assert_eq!(read, expected);
    }

    #[test]
    fn the_cookie_is_bound_to_the_host_where_the_way_is_encrypted() {
        let tls = session_cookie(Transport::Tls, "t");
        assert!(tls.starts_with("__Host-hl_sid=t; Path=/;") && tls.ends_with("HttpOnly; Secure"));
        assert!(tls.contains("SameSite=Lax"));
        assert!(session_cookie(Transport::Plain, "t").starts_with("hl_sid=t;"));
    }
}
