//! What the XML readers share: attributes of an element, and where a broken file broke.
use kernel::Error;
use quick_xml::Reader;
use quick_xml::events::BytesStart;
use std::borrow::Cow;
use std::io::BufRead;

/// A reader that does not insist on what the figures do not need.
pub(super) fn reader<R: BufRead>(stream: R) -> Reader<R> {
    let mut reader = Reader::from_reader(stream);
    reader.config_mut().check_comments = false;
    reader.config_mut().allow_dangling_amp = true;
    reader
}

/// The file is no well-formed XML from here on.
pub(super) fn broken<R>(reader: &Reader<R>, what: impl std::fmt::Display) -> Error {
    Error::invalid("log.broken", what).with("place", format!("byte {}", reader.buffer_position()))
}

/// The value of an attribute, entities resolved where they can be.
pub(super) fn value<'a>(element: &'a BytesStart<'_>, name: &str) -> Option<Cow<'a, str>> {
    let mut attributes = element.attributes();
    attributes.with_checks(false);
    attributes.flatten().find(|a| a.key.as_ref() == name).map(|a| plain(a.value))
}

/// Text with entities resolved; as it stands where one is unknown.
pub(super) fn plain(raw: Cow<'_, str>) -> Cow<'_, str> {
    if !raw.contains('&') {
        return raw;
    }
    match quick_xml::escape::unescape(&raw) {
        Ok(text) => Cow::Owned(text.into_owned()),
        Err(_) => raw,
    }
}
