//! Rows of separated cells, read strictly: what a quote does wrong is told with its place. Pure.
use std::borrow::Cow;

/// How cells and rows are told apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Dialect {
    pub(crate) separator: String,
    /// Quotes hold cells together; without, they are letters like others.
    pub(crate) quoted: bool,
    /// Written before each line's end.
    pub(crate) row_end: &'static str,
}

impl Dialect {
    pub(crate) fn of(separator: &str) -> Self {
        let plain = separator.len() == 1;
        let row_end = if separator == "+|" { "&|" } else { "" };
        Self { separator: separator.to_owned(), quoted: plain, row_end }
    }
}

/// A quote that does not hold a cell together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Stray {
    pub(crate) line: u64,
    /// Which cell of its row, from 0.
    pub(crate) column: usize,
    pub(crate) value: String,
    pub(crate) never_closed: bool,
}

/// Rows of a text, one after the other.
#[derive(Clone)]
pub(crate) struct Records<'t> {
    text: &'t str,
    at: usize,
    line: u64,
    dialect: &'t Dialect,
    /// Quotes within cells that are not quoted; they are kept.
    pub(crate) kept_quotes: u64,
}

impl<'t> Records<'t> {
    pub(crate) fn new(text: &'t str, dialect: &'t Dialect) -> Self {
        Self { text, at: 0, line: 1, dialect, kept_quotes: 0 }
    }

    /// Reads a row into `cells`: its line, and the first quote gone astray; `None` at the end.
    pub(crate) fn next(&mut self, cells: &mut Vec<Cow<'t, str>>) -> Option<(u64, Option<Stray>)> {
        cells.clear();
        if self.at >= self.text.len() {
            return None;
        }
        let (line, mut stray) = (self.line, None);
        loop {
            let is_quoted = self.dialect.quoted && self.text[self.at..].starts_with('"');
            let cell = if is_quoted { self.quoted(cells.len(), &mut stray) } else { self.plain() };
            cells.push(cell);
            if !self.separator() {
                break;
            }
        }
        self.line_end();
        Some((line, stray))
    }

    fn plain(&mut self) -> Cow<'t, str> {
        let (bytes, separator) = (self.text.as_bytes(), self.dialect.separator.as_bytes());
        let from = self.at;
        let mut at = from;
        while at < bytes.len() && !matches!(bytes[at], b'\n' | b'\r') {
            if bytes[at] == separator[0] && bytes[at..].starts_with(separator) {
                break;
            }
            self.kept_quotes += u64::from(bytes[at] == b'"' && self.dialect.quoted);
            at += 1;
        }
        self.at = at;
        let mut cell = &self.text[from..at];
        let ends_row = bytes.get(at).is_none_or(|b| matches!(b, b'\n' | b'\r'));
        if ends_row && !self.dialect.row_end.is_empty() {
            cell = cell.strip_suffix(self.dialect.row_end).unwrap_or(cell);
        }
        Cow::Borrowed(cell)
    }

    fn quoted(&mut self, column: usize, stray: &mut Option<Stray>) -> Cow<'t, str> {
        let (text, opened) = (self.text, self.line);
        let bytes = text.as_bytes();
        self.at += 1;
        let (from, mut at) = (self.at, self.at);
        let mut whole: Option<String> = None;
        let mut part = from;
        loop {
            match bytes.get(at) {
                Some(b'"') if bytes.get(at + 1) == Some(&b'"') => {
                    whole.get_or_insert_default().push_str(&text[part..=at]);
                    at += 2;
                    part = at;
                }
                Some(b'"') => break,
                Some(b) => {
                    let ends = *b == b'\n' || (*b == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
                    self.line += u64::from(ends);
                    at += 1;
                }
                None => {
                    let value = text[from..].chars().take(80).collect();
                    let lost = Stray { line: opened, column, value, never_closed: true };
                    stray.get_or_insert(lost);
                    self.at = at;
                    return Cow::Borrowed(&text[from..]);
                }
            }
        }
        let cell = match whole {
            Some(mut whole) => {
                whole.push_str(&text[part..at]);
                Cow::Owned(whole)
            }
            None => Cow::Borrowed(&text[from..at]),
        };
        self.at = at + 1;
        if self.is_at_cell_end() {
            return cell;
        }
        // Something follows the closing quote: the rest of the cell is read as it stands.
        let line = self.line;
        let rest = self.plain();
        let value: String = format!("\"{cell}\"{rest}").chars().take(80).collect();
        stray.get_or_insert(Stray { line, column, value, never_closed: false });
        cell + rest
    }

    fn is_at_cell_end(&self) -> bool {
        let rest = &self.text[self.at..];
        rest.is_empty()
            || rest.starts_with(['\n', '\r'])
            || rest.starts_with(self.dialect.separator.as_str())
    }

    fn separator(&mut self) -> bool {
        let is_there = self.text[self.at..].starts_with(self.dialect.separator.as_str());
        self.at += if is_there { self.dialect.separator.len() } else { 0 };
        is_there
    }

    fn line_end(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        let length = match rest {
            [b'\r', b'\n', ..] => 2,
            [b'\r' | b'\n', ..] => 1,
            _ => 0,
        };
        self.at += length;
        self.line += u64::from(length > 0);
    }
}

/// Which line ends a text has, most frequent first.
pub(crate) fn line_ends(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut crlf, mut cr, mut lf) = (0_usize, 0_usize, 0_usize);
    let mut at = 0;
    while at < bytes.len() {
        match &bytes[at..] {
            [b'\r', b'\n', ..] => (crlf, at) = (crlf + 1, at + 1),
            [b'\r', ..] => cr += 1,
            [b'\n', ..] => lf += 1,
            _ => {}
        }
        at += 1;
    }
    let mut all = [(crlf, "CRLF"), (lf, "LF"), (cr, "CR")];
    all.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    let there: Vec<&str> = all.iter().filter(|(n, _)| *n > 0).map(|(_, name)| *name).collect();
    there.join("+")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str, separator: &str) -> Vec<(u64, Vec<String>, Option<Stray>)> {
        let dialect = Dialect::of(separator);
        let mut records = Records::new(text, &dialect);
        let mut cells = Vec::new();
        let mut all = Vec::new();
        while let Some((line, stray)) = records.next(&mut cells) {
            all.push((line, cells.iter().map(|c| c.to_string()).collect(), stray));
        }
        all
    }
    fn cells(text: &str, separator: &str) -> Vec<Vec<String>> {
        rows(text, separator).into_iter().map(|(_, cells, _)| cells).collect()
    }

    #[test]
    fn every_line_end_ends_a_row_and_lines_are_counted_within_quotes() {
        for end in ["\n", "\r\n", "\r"] {
            let text = format!("a,b{end}1,\"x{end}y\"{end}{end}2,\"he said \"\"no\"\"\"");
            let found = rows(&text, ",");
            let lines: Vec<u64> = found.iter().map(|(line, ..)| *line).collect();
            assert_eq!(lines, [1, 2, 4, 5], "{end:?}");
            assert_eq!(found[1].1, ["1".to_owned(), format!("x{end}y")]);
            assert_eq!(found[3].1, ["2", "he said \"no\""]);
            assert!(found.iter().all(|(.., stray)| stray.is_none()));
        }
        assert_eq!(line_ends("a\r\nb\nc\r\n"), "CRLF+LF");
    }

    #[test]
    fn separators_of_several_characters_and_row_ends_of_their_own() {
        let found = cells("1+|a|b+|<x y=\"1\"/>&|\r\n2+|c+|&|\n", "+|");
        assert_eq!(found, [vec!["1", "a|b", "<x y=\"1\"/>"], vec!["2", "c", ""]]);
        assert_eq!(cells("a\t5\" pipe\t\n", "\t"), [vec!["a", "5\" pipe", ""]]);
    }

    #[test]
    fn a_quote_gone_astray_is_told_where_it_stands() {
        let found = rows("a,b\n\"x\"y,2\nz,3\n", ",");
        let stray = found[1].2.clone().unwrap();
        assert_eq!((stray.line, stray.column, stray.value.as_str()), (2, 0, "\"x\"y"));
        assert_eq!(found[2].1, ["z", "3"], "what follows is read on");
        let found = rows("a,b\n1,\"open\n2,3\n", ",");
        let stray = found[1].2.clone().unwrap();
        assert!(stray.never_closed);
        assert_eq!((stray.line, stray.column), (2, 1));
    }
}
