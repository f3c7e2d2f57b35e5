//! From bytes to text: which encoding a file is written in, decided or asked for. Pure.
use crate::style::Encoding;
use kernel::{Error, Result};

/// A decoded file.
pub(crate) struct Decoded {
    pub(crate) text: String,
    pub(crate) encoding: Encoding,
    /// It began with a mark that names its encoding.
    pub(crate) marked: bool,
}

/// A file that could not be decoded, and where.
pub(crate) struct Undecoded {
    pub(crate) line: u64,
    pub(crate) error: Error,
}

/// Decodes a file: by its mark, by what somebody said, or by what the bytes can only be.
///
/// Errors: `import.encoding` where several encodings fit or none does, `import.not_encoded` where
/// the bytes are not what was said.
pub(crate) fn decode(
    bytes: Vec<u8>,
    asked: Option<Encoding>,
) -> std::result::Result<Decoded, Undecoded> {
    let marked = mark(&bytes);
    let encoding = match (asked, marked) {
        (Some(asked), _) => asked,
        (None, Some((encoding, _))) => encoding,
        (None, None) => match guess(&bytes) {
            Ok(encoding) => encoding,
            Err(error) => return Err(Undecoded { line: first_strange_line(&bytes), error }),
        },
    };
    let skip = marked.filter(|(of, _)| *of == encoding).map_or(0, |(_, length)| length);
    let is_marked = skip > 0;
    match read(bytes, skip, encoding) {
        Ok(text) => Ok(Decoded { text, encoding, marked: is_marked }),
        Err(line) => {
            let error = Error::invalid("import.not_encoded", encoding.name());
            Err(Undecoded { line, error })
        }
    }
}

/// The encoding that a byte order mark names, and its length.
fn mark(bytes: &[u8]) -> Option<(Encoding, usize)> {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] => Some((Encoding::Utf32Le, 4)),
        [0, 0, 0xfe, 0xff, ..] => Some((Encoding::Utf32Be, 4)),
        [0xef, 0xbb, 0xbf, ..] => Some((Encoding::Utf8, 3)),
        [0xff, 0xfe, ..] => Some((Encoding::Utf16Le, 2)),
        [0xfe, 0xff, ..] => Some((Encoding::Utf16Be, 2)),
        [0x84, 0x31, 0x95, 0x33, ..] => Some((Encoding::Gb18030, 4)),
        _ => None,
    }
}

/// Without a mark: zeros tell the wide encodings, UTF-8 proves itself, GB18030 must look it.
fn guess(bytes: &[u8]) -> Result<Encoding> {
    if let Some(wide) = wide(bytes) {
        return Ok(wide);
    }
    if std::str::from_utf8(bytes).is_ok() {
        return Ok(Encoding::Utf8);
    }
    if is_gb18030(bytes) {
        return Ok(Encoding::Gb18030);
    }
    Err(Error::invalid("import.encoding", strange(bytes)))
}

/// ASCII in two or four bytes leaves zeros at regular places.
fn wide(bytes: &[u8]) -> Option<Encoding> {
    let sample = &bytes[..bytes.len().min(4096)];
    let zeros = |step: usize, at: usize| {
        let all = sample.iter().skip(at).step_by(step);
        let (count, zero) = all.fold((0, 0), |(n, z), b| (n + 1, z + usize::from(*b == 0)));
        count > 1 && zero * 10 >= count * 4
    };
    let none = |step: usize, at: usize| sample.iter().skip(at).step_by(step).all(|b| *b != 0);
    if bytes.len().is_multiple_of(4) && zeros(4, 2) && zeros(4, 3) && zeros(4, 1) && none(4, 0) {
        return Some(Encoding::Utf32Le);
    }
    if bytes.len().is_multiple_of(4) && zeros(4, 0) && zeros(4, 1) && zeros(4, 2) && none(4, 3) {
        return Some(Encoding::Utf32Be);
    }
    if bytes.len().is_multiple_of(2) && zeros(2, 1) && none(2, 0) {
        return Some(Encoding::Utf16Le);
    }
    (bytes.len().is_multiple_of(2) && zeros(2, 0) && none(2, 1)).then_some(Encoding::Utf16Be)
}

/// Valid, and written mostly with characters that only GB18030 has at these bytes: those of
/// GB 2312 (two bytes above A0) and those of four bytes. A western accent before a letter is
/// neither, so that such a file is asked for and not read as rare characters.
fn is_gb18030(bytes: &[u8]) -> bool {
    let (mut sure, mut unsure, mut at) = (0_usize, 0_usize, 0);
    while at < bytes.len() {
        let rest = &bytes[at..];
        match rest {
            [0..=0x7f, ..] => at += 1,
            [0x81..=0xfe, 0x30..=0x39, 0x81..=0xfe, 0x30..=0x39, ..] => {
                (sure, at) = (sure + 1, at + 4);
            }
            [0xa1..=0xf7, 0xa1..=0xfe, ..] => (sure, at) = (sure + 1, at + 2),
            [0x81..=0xfe, 0x40..=0x7e | 0x80..=0xfe, ..] => (unsure, at) = (unsure + 1, at + 2),
            _ => return false,
        }
    }
    sure > 0 && sure >= unsure * 4 && read(bytes.to_vec(), 0, Encoding::Gb18030).is_ok()
}

/// Decodes without replacing anything; the line of what cannot be decoded otherwise.
fn read(bytes: Vec<u8>, skip: usize, encoding: Encoding) -> std::result::Result<String, u64> {
    match encoding {
        Encoding::Utf8 if skip == 0 => String::from_utf8(bytes)
            .map_err(|e| line_at(e.as_bytes(), e.utf8_error().valid_up_to())),
        Encoding::Utf8 => std::str::from_utf8(&bytes[skip..])
            .map(str::to_owned)
            .map_err(|e| line_at(&bytes[skip..], e.valid_up_to())),
        Encoding::Utf32Le => utf32(&bytes[skip..], u32::from_le_bytes),
        Encoding::Utf32Be => utf32(&bytes[skip..], u32::from_be_bytes),
        Encoding::Utf16Le => with(encoding_rs::UTF_16LE, &bytes[skip..]),
        Encoding::Utf16Be => with(encoding_rs::UTF_16BE, &bytes[skip..]),
        Encoding::Gb18030 => with(encoding_rs::GB18030, &bytes[skip..]),
        Encoding::Big5 => with(encoding_rs::BIG5, &bytes[skip..]),
        Encoding::Windows1252 => with(encoding_rs::WINDOWS_1252, &bytes[skip..]),
    }
}

fn with(
    encoding: &'static encoding_rs::Encoding,
    bytes: &[u8],
) -> std::result::Result<String, u64> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let most = decoder.max_utf8_buffer_length_without_replacement(bytes.len());
    let mut text = String::with_capacity(most.unwrap_or(bytes.len() * 3));
    let (result, _) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
    match result {
        encoding_rs::DecoderResult::InputEmpty => {
            text.shrink_to_fit();
            Ok(text)
        }
        encoding_rs::DecoderResult::OutputFull | encoding_rs::DecoderResult::Malformed(..) => {
            Err(1 + text.matches('\n').count() as u64)
        }
    }
}

fn utf32(bytes: &[u8], of: fn([u8; 4]) -> u32) -> std::result::Result<String, u64> {
    let mut text = String::with_capacity(bytes.len() / 2);
    let line = |text: &String| 1 + text.matches('\n').count() as u64;
    let (chunks, rest) = bytes.as_chunks::<4>();
    for chunk in chunks {
        match char::from_u32(of(*chunk)) {
            Some(c) => text.push(c),
            None => return Err(line(&text)),
        }
    }
    if rest.is_empty() { Ok(text) } else { Err(line(&text)) }
}

fn line_at(bytes: &[u8], at: usize) -> u64 {
    1 + bytes[..at].iter().filter(|b| **b == b'\n').count() as u64
}

fn first_strange(bytes: &[u8]) -> usize {
    std::str::from_utf8(bytes).map_or_else(|e| e.valid_up_to(), str::len)
}

fn first_strange_line(bytes: &[u8]) -> u64 {
    line_at(bytes, first_strange(bytes))
}

/// The line around the first byte that is not UTF-8, as far as it can be shown.
fn strange(bytes: &[u8]) -> String {
    let at = first_strange(bytes);
    let from = bytes[..at]
        .iter()
        .rposition(|b| *b == b'\n')
        .map_or(0, |n| n + 1)
        .max(at.saturating_sub(20));
    let to = (at + 12).min(bytes.len());
    String::from_utf8_lossy(&bytes[from..to]).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "编号,名称\n1,汇流\n2,Señor Müller\n";

    fn wide(text: &str, of: impl Fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(of).collect()
    }
    fn found(bytes: &[u8]) -> Result<(Encoding, bool)> {
        let decoded = decode(bytes.to_vec(), None).map_err(|e| e.error)?;
        assert!(decoded.text.starts_with("编号") || decoded.text.starts_with("a,b"));
        Ok((decoded.encoding, decoded.marked))
    }

    #[test]
    fn encodings_are_known_by_their_mark_or_by_their_bytes() {
        assert_eq!(found(TEXT.as_bytes()), Ok((Encoding::Utf8, false)));
        assert_eq!(found(format!("\u{feff}{TEXT}").as_bytes()), Ok((Encoding::Utf8, true)));
        let marked = format!("\u{feff}{TEXT}");
        assert_eq!(found(&wide(&marked, u16::to_le_bytes)), Ok((Encoding::Utf16Le, true)));
        assert_eq!(found(&wide(&marked, u16::to_be_bytes)), Ok((Encoding::Utf16Be, true)));
        let ascii = "a,b\n1,2\n";
        assert_eq!(found(&wide(ascii, u16::to_le_bytes)), Ok((Encoding::Utf16Le, false)));
        assert_eq!(found(&wide(ascii, u16::to_be_bytes)), Ok((Encoding::Utf16Be, false)));
        let le =
            |text: &str| text.chars().flat_map(|c| (c as u32).to_le_bytes()).collect::<Vec<_>>();
        let be =
            |text: &str| text.chars().flat_map(|c| (c as u32).to_be_bytes()).collect::<Vec<_>>();
        assert_eq!(found(&le(&marked)), Ok((Encoding::Utf32Le, true)));
        assert_eq!(found(&be(&marked)), Ok((Encoding::Utf32Be, true)));
        assert_eq!(found(&le(ascii)), Ok((Encoding::Utf32Le, false)));
        let (gb, _, _) = encoding_rs::GB18030.encode(TEXT);
        assert_eq!(found(&gb), Ok((Encoding::Gb18030, false)));
    }

    #[test]
    fn a_western_accent_is_not_taken_for_a_rare_character_but_asked_for() {
        let bytes = b"a,b\n1,M\xfcller\n".to_vec();
        let refused = decode(bytes.clone(), None).err().unwrap();
        assert_eq!((refused.line, refused.error.code), (2, "import.encoding"));
        let read = decode(bytes.clone(), Some(Encoding::Windows1252)).ok().unwrap();
        assert_eq!(read.text, "a,b\n1,Müller\n");
        let refused = decode(bytes, Some(Encoding::Utf8)).err().unwrap();
        assert_eq!((refused.line, refused.error.code), (2, "import.not_encoded"));
    }
}
