//! Opens a file, unpacks it, and tells its format by its first bytes. Parses nothing.
use super::{Format, Progress};
use flate2::bufread::MultiGzDecoder;
use kernel::{Error, Result};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;

/// An opened file.
pub(super) struct Input<'a> {
    pub(super) stream: Box<dyn BufRead + 'a>,
    pub(super) format: Format,
    pub(super) bytes: u64,
}

/// How much of the beginning decides the format.
const HEAD: usize = 1 << 16;
const BUFFER: usize = 1 << 18;

pub(super) fn open<'a>(path: &Path, progress: Progress<'a>) -> Result<Input<'a>> {
    let broken = |e: io::Error| Error::invalid("log.cannot_read", e).with("path", path.display());
    let file = File::open(path).map_err(broken)?;
    let meta = file.metadata().map_err(broken)?;
    if meta.is_dir() {
        return Err(Error::invalid("log.cannot_read", "a folder").with("path", path.display()));
    }
    let bytes = meta.len();
    let counted = Counted { file, read: 0, bytes, progress };
    let mut packed = BufReader::with_capacity(BUFFER, counted);
    let is_packed = packed.fill_buf().map_err(broken)?.starts_with(&[0x1f, 0x8b]);
    let mut stream: Box<dyn BufRead + 'a> = if is_packed {
        Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(packed)))
    } else {
        Box::new(packed)
    };
    let mut head = Vec::with_capacity(HEAD);
    stream.by_ref().take(HEAD as u64).read_to_end(&mut head).map_err(broken)?;
    let format = format_of(&head, is_packed).map_err(|e| e.with("path", path.display()))?;
    let is_latin = matches!(format, Format::Xes | Format::OcelXml) && says_latin(&head);
    let bom = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let mut beginning = Cursor::new(head);
    beginning.set_position(bom);
    let stream: Box<dyn BufRead + 'a> = Box::new(beginning.chain(stream));
    let stream: Box<dyn BufRead + 'a> = if is_latin {
        Box::new(BufReader::with_capacity(BUFFER, Latin { from: stream, left: None }))
    } else {
        stream
    };
    Ok(Input { stream, format, bytes })
}

fn format_of(head: &[u8], is_packed: bool) -> Result<Format> {
    if head.starts_with(b"SQLite format 3\0") {
        if is_packed {
            return Err(Error::invalid("log.unknown_format", "SQLite, gzip"));
        }
        return Ok(Format::OcelSqlite);
    }
    if head.starts_with(b"PK\x03\x04") {
        return Ok(Format::Workbook);
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let Some(first) = text.iter().find(|b| !b.is_ascii_whitespace()) else {
        return Err(Error::invalid("log.empty", "0"));
    };
    let has = |word: &[u8]| text.windows(word.len()).any(|w| w == word);
    match first {
        b'<' if has(b"<object-types") || has(b"<event-types") || has(b"<events") => {
            Ok(Format::OcelXml)
        }
        b'<' if has(b"<log") => Ok(Format::Xes),
        b'<' => Err(Error::invalid("log.unknown_format", "XML")),
        b'{' => Ok(Format::OcelJson),
        b'[' => Err(Error::invalid("log.unknown_format", "JSON")),
        _ if text.contains(&0) => Err(Error::invalid("log.unknown_format", "0x00")),
        _ => Ok(Format::Csv),
    }
}

fn says_latin(head: &[u8]) -> bool {
    let line = &head[..head.len().min(200)];
    let line = String::from_utf8_lossy(line).to_ascii_lowercase();
    ["iso-8859-1", "windows-1252", "latin1"].iter().any(|name| line.contains(name))
}

/// Counts what is read of a file.
struct Counted<'a> {
    file: File,
    read: u64,
    bytes: u64,
    progress: Progress<'a>,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.file.read(buffer)?;
        self.read += n as u64;
        (self.progress)(self.read, self.bytes);
        Ok(n)
    }
}

/// Latin-1 as UTF-8: every byte is the character of its number.
struct Latin<R> {
    from: R,
    /// The second byte of a character that did not fit.
    left: Option<u8>,
}

impl<R: BufRead> Read for Latin<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut to = 0;
        if let Some(byte) = self.left.take() {
            buffer[0] = byte;
            to = 1;
        }
        let bytes = self.from.fill_buf()?;
        let mut used = 0;
        while to < buffer.len() && used < bytes.len() {
            let byte = bytes[used];
            used += 1;
            if byte < 0x80 {
                buffer[to] = byte;
                to += 1;
                continue;
            }
            buffer[to] = 0xc0 | (byte >> 6);
            to += 1;
            let second = 0x80 | (byte & 0x3f);
            match buffer.get_mut(to) {
                Some(place) => *place = second,
                None => self.left = Some(second),
            }
            to += usize::from(self.left.is_none());
        }
        self.from.consume(used);
        Ok(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_known_by_its_first_bytes() {
        let of = |head: &[u8]| format_of(head, false).ok();
        assert_eq!(of(b"<?xml version='1.0'?><log><trace/></log>"), Some(Format::Xes));
        assert_eq!(of(b"<log>\n<object-types/></log>"), Some(Format::OcelXml));
        assert_eq!(of(b"\xef\xbb\xbf {\"events\": []}"), Some(Format::OcelJson));
        assert_eq!(of(b"SQLite format 3\0rest"), Some(Format::OcelSqlite));
        assert_eq!(of(b"case,activity,time\n"), Some(Format::Csv));
        let code = |head: &[u8]| format_of(head, false).err().map(|e| e.code);
        assert_eq!(of(b"PK\x03\x04..."), Some(Format::Workbook));
        assert_eq!(
            (code(b" \n"), code(b"<html/>")),
            (Some("log.empty"), Some("log.unknown_format"))
        );
    }

    #[test]
    fn latin_letters_become_utf8_even_where_the_buffer_ends() {
        let mut latin = Latin { from: &b"B\xfcro\xdf"[..], left: None };
        let mut text = Vec::new();
        let mut byte = [0; 1];
        while latin.read(&mut byte).is_ok_and(|n| n > 0) {
            text.push(byte[0]);
        }
        assert_eq!(String::from_utf8_lossy(&text), "Büroß");
    }
}
