//! A file opened as a grid of cells: text, a workbook's sheet, or cards. Knows no mapping.
use crate::style::{Asked, Encoding, Style};
use crate::text::encoding;
use crate::text::records::{Dialect, Records, Stray, line_ends};
use crate::{vcard, workbook};
use kernel::{Error, Result};
use std::borrow::Cow;
use std::io::Read;

/// Bytes of one file, at most.
pub(crate) const MOST_BYTES: u64 = 256 * 1024 * 1024;
/// Rows among which the headings are looked for.
const PREAMBLE: usize = 30;
/// Separators that are tried, in this order.
const SEPARATORS: &[&str] = &[",", ";", "\t", "+|", "|"];

/// A file by the name that people know it by, and its bytes.
pub struct Source {
    pub name: String,
    pub input: Box<dyn Read>,
}

/// Rows as they stand, each with its line or row number.
pub(crate) type Cells = Vec<(u64, Vec<String>)>;

/// A file, opened and decoded.
pub(crate) struct Opened {
    pub(crate) name: String,
    content: Content,
    asked: Asked,
    style: Style,
}

enum Content {
    Text(String),
    Sheets(Vec<(String, Cells)>),
}

/// One way to read an opened file as a grid.
pub(crate) struct Grid<'o> {
    body: Body<'o>,
    pub(crate) style: Style,
}

enum Body<'o> {
    Text { text: &'o str, dialect: Dialect },
    Cells(&'o [(u64, Vec<String>)]),
}

/// Rows of a grid, one after the other.
#[derive(Clone)]
pub(crate) enum Rows<'g> {
    Text(Records<'g>),
    Cells(std::slice::Iter<'g, (u64, Vec<String>)>),
}

/// A file that could not be opened, and the line where.
pub(crate) struct Unopened {
    pub(crate) line: u64,
    pub(crate) error: Error,
}

/// Reads and decodes a file.
///
/// Errors: `import.cannot_read`, `import.file_too_large`, `import.empty_file`, those of decoding
/// and of the workbook.
pub(crate) fn open(source: Source, asked: &Asked) -> std::result::Result<Opened, Unopened> {
    let at = |line| move |error| Unopened { line, error };
    let name = source.name;
    let bytes = bytes(source.input, &name).map_err(at(1))?;
    let (asked, mut style) = (asked.clone(), Style::default());
    if workbook::is_one(&bytes) {
        let mut sheets = workbook::sheets(bytes).map_err(at(0))?;
        if let Some(wanted) = &asked.sheet {
            let names: Vec<String> = sheets.iter().map(|(name, _)| name.clone()).collect();
            sheets.retain(|(name, _)| name == wanted);
            if sheets.is_empty() {
                let e = Error::invalid("import.no_sheet", wanted).with("known", names.join(", "));
                return Err(at(0)(e));
            }
        }
        return Ok(Opened { name, content: Content::Sheets(sheets), asked, style });
    }
    let decoded = encoding::decode(bytes, asked.encoding)
        .map_err(|lost| Unopened { line: lost.line, error: lost.error })?;
    (style.encoding, style.marked) = (Some(decoded.encoding), decoded.marked);
    if vcard::is_one(&decoded.text) {
        style.line_end = line_ends(&decoded.text);
        let cards =
            vcard::cells(&decoded.text).map_err(|(line, error)| Unopened { line, error })?;
        let content = Content::Sheets(vec![(String::new(), cards)]);
        return Ok(Opened { name, content, asked, style });
    }
    style.line_end = line_ends(&decoded.text);
    Ok(Opened { name, content: Content::Text(decoded.text), asked, style })
}

fn bytes(input: Box<dyn Read>, name: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = input.take(MOST_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|e| Error::invalid("import.cannot_read", e))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Error::invalid("import.file_too_large", MOST_BYTES / 1024 / 1024));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Error::invalid("import.empty_file", name));
    }
    bytes.shrink_to_fit();
    Ok(bytes)
}

impl Opened {
    /// Is there a zero character in the text? Then every cell is looked at.
    pub(crate) fn has_nul(&self) -> bool {
        match &self.content {
            Content::Text(text) => text.contains('\0'),
            Content::Sheets(_) => false,
        }
    }
    pub(crate) const fn encoding(&self) -> Option<Encoding> {
        self.style.encoding
    }
    /// Every way in which the file could be read: separators of a text, sheets of a workbook.
    pub(crate) fn grids(&self) -> Vec<Grid<'_>> {
        match &self.content {
            Content::Text(text) => {
                let asked = self.asked.separator.as_deref().map(spelled);
                let of = |separator: &str| Grid {
                    body: Body::Text { text, dialect: Dialect::of(separator) },
                    style: Style { separator: separator.to_owned(), ..self.style.clone() },
                };
                match asked {
                    Some(separator) => vec![of(&separator)],
                    None => SEPARATORS.iter().map(|separator| of(separator)).collect(),
                }
            }
            Content::Sheets(sheets) => {
                let of = |(name, cells): &'_ (String, Cells)| (name.clone(), cells.len());
                let filled = sheets.iter().filter(|sheet| of(sheet).1 > 0);
                let grid = |(name, cells)| {
                    let style = Style { sheet: String::clone(name), ..self.style.clone() };
                    Grid { body: Body::Cells(Vec::as_slice(cells)), style }
                };
                filled.map(|(name, cells)| grid((name, cells))).collect()
            }
        }
    }
}

/// `\t` and `tab` are a tab.
fn spelled(separator: &str) -> String {
    match separator {
        "\\t" | "tab" => "\t".to_owned(),
        "" => ",".to_owned(),
        other => other.to_owned(),
    }
}

impl<'o> Grid<'o> {
    pub(crate) fn rows(&self) -> Rows<'_> {
        match &self.body {
            Body::Text { text, dialect } => Rows::Text(Records::new(text, dialect)),
            Body::Cells(cells) => Rows::Cells(cells.iter()),
        }
    }
    /// Rows that could hold the headings, each with the rows after it.
    pub(crate) fn heads(&self, header: Option<u64>) -> Vec<(u64, Vec<String>, Rows<'_>)> {
        let mut rows = self.rows();
        let mut cells = Vec::new();
        let mut heads = Vec::new();
        let most = if header.is_some() { usize::MAX } else { PREAMBLE };
        while let Some((line, _)) = rows.next(&mut cells) {
            let is_wanted = header.is_none_or(|wanted| wanted == line);
            if is_wanted && cells.iter().any(|cell| !cell.trim().is_empty()) {
                let names = cells.iter().map(|cell| clean(cell)).collect();
                heads.push((line, names, rows.clone()));
            }
            if heads.len() >= most || header.is_some_and(|wanted| line >= wanted) {
                break;
            }
        }
        heads
    }
}

fn clean(text: &str) -> String {
    text.trim_start_matches('\u{feff}').trim().to_owned()
}

impl<'g> Rows<'g> {
    /// Reads a row into `cells`: its line, and a quote gone astray.
    pub(crate) fn next(&mut self, cells: &mut Vec<Cow<'g, str>>) -> Option<(u64, Option<Stray>)> {
        match self {
            Self::Text(records) => records.next(cells),
            Self::Cells(rows) => {
                let (line, row) = rows.next()?;
                cells.clear();
                cells.extend(row.iter().map(|cell| Cow::Borrowed(cell.as_str())));
                Some((*line, None))
            }
        }
    }
    pub(crate) const fn kept_quotes(&self) -> u64 {
        match self {
            Self::Text(records) => records.kept_quotes,
            Self::Cells(_) => 0,
        }
    }
}
