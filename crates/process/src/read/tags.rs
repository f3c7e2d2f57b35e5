//! The tags of an XML file, one slice of the reader's own buffer after the other: nothing is copied
//! and nothing allocated per element. Text between tags, comments and declarations are passed over.
use super::xml::plain;
use kernel::{Error, Result};
use memchr::{memchr, memchr2, memchr3, memmem};
use std::borrow::Cow;
use std::io::BufRead;

/// A tag.
pub(super) enum Tag<'a> {
    Open(Element<'a>),
    Close(&'a str),
    End,
}

/// An element that begins here; an empty one ends here as well.
pub(super) struct Element<'a> {
    /// Without its prefix.
    pub(super) name: &'a str,
    attributes: &'a [u8],
    pub(super) is_empty: bool,
}

impl<'a> Element<'a> {
    /// The value of an attribute, entities resolved where they can be.
    pub(super) fn value(&self, name: &str) -> Option<Cow<'a, str>> {
        let mut found = None;
        pairs(self.attributes, |key, value| {
            if key == name.as_bytes() && found.is_none() {
                found = Some(value);
            }
        });
        std::str::from_utf8(found?).ok().map(|text| plain(Cow::Borrowed(text)))
    }
    /// `key` and `value` of an attribute element of XES, in one pass, as they stand.
    pub(super) fn key_and_value(&self) -> Option<(Raw<'a>, Raw<'a>)> {
        let (mut key, mut told) = (None, None);
        pairs(self.attributes, |name, text| match name {
            b"key" => key = Some(text),
            b"value" => told = Some(text),
            _ => {}
        });
        Some((Raw(key?), Raw(told?)))
    }
}

/// A value as it stands in the file.
#[derive(Clone, Copy)]
pub(super) struct Raw<'a>(&'a [u8]);

impl<'a> Raw<'a> {
    /// Entities resolved where they can be; nothing where it is no text.
    pub(super) fn text(self) -> Option<Cow<'a, str>> {
        std::str::from_utf8(self.0).ok().map(|text| plain(Cow::Borrowed(text)))
    }
}

/// Names and quoted values, in the order of the file.
fn pairs<'a>(mut rest: &'a [u8], mut see: impl FnMut(&'a [u8], &'a [u8])) {
    while let Some(at) = memchr2(b'"', b'\'', rest) {
        let (name, after) = (&rest[..at], &rest[at + 1..]);
        let Some(end) = memchr(rest[at], after) else { return };
        let is_between = |b: &u8| b.is_ascii_whitespace() || *b == b'=';
        let first = name.iter().position(|b| !is_between(b)).unwrap_or(name.len());
        let last = name.iter().rposition(|b| !is_between(b)).map_or(first, |last| last + 1);
        see(&name[first..last], &after[..end]);
        rest = &after[end + 1..];
    }
}

/// A tag may be so long.
const LONGEST: usize = 16 << 20;
const BUFFER: usize = 1 << 18;

/// What is read and not yet told.
pub(super) struct Tags<R> {
    stream: R,
    buffer: Vec<u8>,
    from: usize,
    until: usize,
    /// Bytes told before the buffer's first.
    before: u64,
    is_done: bool,
    /// Names of what is open, one after the other, and where each begins.
    names: Vec<u8>,
    open: Vec<usize>,
}

/// What a piece that begins with `<` is, and where it ends.
enum Piece {
    Passed(usize),
    Tag(usize),
}

impl<R: BufRead> Tags<R> {
    pub(super) fn of(stream: R) -> Self {
        let (names, open) = (Vec::new(), Vec::new());
        let buffer = vec![0; BUFFER];
        Self { stream, buffer, from: 0, until: 0, before: 0, is_done: false, names, open }
    }

    /// The file is no well-formed XML from here on.
    pub(super) fn broken(&self, what: impl std::fmt::Display) -> Error {
        let place = self.before + self.from as u64;
        Error::invalid("log.broken", what).with("place", format!("byte {place}"))
    }

    /// The next tag. Errors: `log.broken`.
    pub(super) fn next(&mut self) -> Result<Tag<'_>> {
        let (begin, end) = loop {
            let Some(at) = memchr(b'<', &self.buffer[self.from..self.until]) else {
                self.from = self.until;
                if self.fill()? {
                    continue;
                }
                return if self.open.is_empty() { Ok(Tag::End) } else { Err(self.unclosed()) };
            };
            self.from += at;
            let rest = &self.buffer[self.from..self.until];
            match piece(rest, self.is_done) {
                Some(Piece::Passed(length)) => self.from += length,
                Some(Piece::Tag(length)) => break (self.from, self.from + length),
                None if self.fill()? => {}
                None => return Err(self.unclosed()),
            }
        };
        self.from = end;
        self.tag(begin + 1, end - 1)
    }

    fn unclosed(&self) -> Error {
        let last = self.open.last().map_or(&b""[..], |at| &self.names[*at..]);
        self.broken(format!("</{}>", String::from_utf8_lossy(last)))
    }

    /// What lies between `<` and `>`.
    fn tag(&mut self, begin: usize, end: usize) -> Result<Tag<'_>> {
        if self.buffer[begin..end].first() == Some(&b'/') {
            let inside = &self.buffer[begin + 1..end];
            let name = inside.trim_ascii_end();
            let last = self.open.pop();
            if last.is_none_or(|at| &self.names[at..] != name) {
                let name = String::from_utf8_lossy(name).into_owned();
                return Err(self.broken(format!("</{name}>")));
            }
            self.names.truncate(last.unwrap_or(0));
            return match local(&self.buffer[begin + 1..end]) {
                Some(name) => Ok(Tag::Close(name.trim_ascii_end())),
                None => Err(self.broken("UTF-8")),
            };
        }
        let is_empty = self.buffer[begin..end].last() == Some(&b'/');
        let end = end - usize::from(is_empty);
        let is_end = |b: &u8| b.is_ascii_whitespace();
        let length = self.buffer[begin..end].iter().position(is_end).unwrap_or(end - begin);
        let name = begin..begin + length;
        if length == 0 {
            return Err(self.broken("< >"));
        }
        if !is_empty {
            self.open.push(self.names.len());
            self.names.extend_from_slice(&self.buffer[name.clone()]);
        }
        let attributes = &self.buffer[name.end..end];
        match local(&self.buffer[name]) {
            Some(name) => Ok(Tag::Open(Element { name, attributes, is_empty })),
            None => Err(self.broken("UTF-8")),
        }
    }

    /// Reads more behind what is not yet told; `false` at the end of the file.
    fn fill(&mut self) -> Result<bool> {
        if self.is_done {
            return Ok(false);
        }
        self.buffer.copy_within(self.from..self.until, 0);
        self.before += self.from as u64;
        (self.from, self.until) = (0, self.until - self.from);
        if self.until * 2 > self.buffer.len() {
            if self.buffer.len() > LONGEST {
                return Err(self.broken(format!("> {LONGEST}")));
            }
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        let read = loop {
            match self.stream.read(&mut self.buffer[self.until..]) {
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        let n = read.map_err(|e| self.broken(e))?;
        self.until += n;
        self.is_done = n == 0;
        // At the end of the file what is there is looked at once more, for what it is.
        Ok(n > 0 || self.from < self.until)
    }
}

/// A name without its prefix.
fn local(name: &[u8]) -> Option<&str> {
    let at = memchr(b':', name).map_or(0, |at| at + 1);
    std::str::from_utf8(&name[at..]).ok()
}

/// `None` where the end is not in sight yet.
fn piece(rest: &[u8], is_done: bool) -> Option<Piece> {
    let until = |end: &[u8], from: usize| {
        let at = memmem::find(rest.get(from..)?, end)?;
        Some(Piece::Passed(from + at + end.len()))
    };
    match rest.get(1) {
        None => None,
        Some(b'?') => until(b"?>", 2),
        Some(b'!') if rest.len() < 9 && !is_done => None,
        Some(b'!') if rest.starts_with(b"<!--") => until(b"-->", 4),
        Some(b'!') if rest.starts_with(b"<![CDATA[") => until(b"]]>", 9),
        Some(b'!') => declaration(rest).map(Piece::Passed),
        Some(_) => closed(rest).map(Piece::Tag),
    }
}

/// Where a tag ends: `>` outside quotes.
fn closed(rest: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        at += memchr3(b'>', b'"', b'\'', &rest[at..])?;
        match rest[at] {
            b'>' => return Some(at + 1),
            quote => at += 1 + memchr(quote, &rest[at + 1..])? + 1,
        }
    }
}

/// Where a document type ends: `>` outside quotes and brackets.
fn declaration(rest: &[u8]) -> Option<usize> {
    let (mut at, mut depth) = (1, 0_i32);
    loop {
        match rest.get(at)? {
            b'[' => depth += 1,
            b']' => depth -= 1,
            b'>' if depth <= 0 => return Some(at + 1),
            quote @ (b'"' | b'\'') => at += 1 + memchr(*quote, &rest[at + 1..])?,
            _ => {}
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one byte at a time: every piece meets the end of the buffer.
    struct Drops<'a>(&'a [u8]);
    impl std::io::Read for Drops<'_> {
        fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
            let n = usize::from(!self.0.is_empty() && !to.is_empty());
            to[..n].copy_from_slice(&self.0[..n]);
            self.0 = &self.0[n..];
            Ok(n)
        }
    }

    fn told(text: &str) -> std::result::Result<Vec<String>, &'static str> {
        let mut tags = Tags::of(std::io::BufReader::with_capacity(1, Drops(text.as_bytes())));
        let mut all = Vec::new();
        loop {
            match tags.next().map_err(|e| e.code)? {
                Tag::End => return Ok(all),
                Tag::Close(name) => all.push(format!("/{name}")),
                Tag::Open(e) => {
                    let pair = e.key_and_value();
                    let pair =
                        pair.and_then(|(k, v)| Some(format!(" {}={}", k.text()?, v.text()?)));
                    let end = if e.is_empty { "/" } else { "" };
                    all.push(format!("{}{}{end}", e.name, pair.unwrap_or_default()));
                }
            }
        }
    }

    #[test]
    fn tags_are_told_and_what_is_between_them_is_passed() {
        let text = "<?xml version='1.0'?><!DOCTYPE log [<!ENTITY a '>'>]>\
                    <!-- <log> --><x:log a='1'>\
                    text <![CDATA[<no>]]><string key=\"a>b\" value='1 &lt; \"2\"' />\
                    <list key = 'l'  value = \"\"><e/></list ></x:log>\n<!-- end -->";
        let wanted = ["log", "string a>b=1 < \"2\"/", "list l=", "e/", "/list", "/log"];
        assert_eq!(told(text).expect("well-formed"), wanted);
    }

    #[test]
    fn what_does_not_end_or_ends_wrongly_is_refused() {
        for text in ["<log", "<log>", "<log></lo>", "</log>", "<log a='>", "<log><!-- ", "<log>< >"]
        {
            assert_eq!(told(text), Err("log.broken"), "{text}");
        }
        assert_eq!(told("").map(|all| all.len()), Ok(0));
    }
}
