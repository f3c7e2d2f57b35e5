//! Rust source with everything that is not code blanked out, so that a search finds code only.
//! Knows the shape of tokens, nothing of their meaning.
use std::ops::Range;

/// The code of one file: same lines; comments, characters and the insides of strings are blanks.
pub(crate) struct Code {
    pub(crate) text: String,
    literals: Vec<Literal>,
    lines: Vec<usize>,
    tests: Vec<Range<usize>>,
}

/// A string literal as written between its quotes; `at` is its opening quote in the blanked text.
struct Literal {
    at: usize,
    value: String,
}

/// A function with a body, from the line of `fn` to the line of its closing brace.
pub(crate) struct Function<'a> {
    pub(crate) name: &'a str,
    pub(crate) line: usize,
    pub(crate) lines: usize,
}

impl Code {
    pub(crate) fn of(source: &str) -> Self {
        let mut reader = Reader { left: source.chars().collect(), ..Reader::default() };
        reader.read();
        let text = reader.text;
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
        let mut code =
            Self { lines: lines.collect(), text, literals: reader.literals, tests: Vec::new() };
        code.tests = code.test_items();
        code
    }

    pub(crate) fn line(&self, at: usize) -> usize {
        self.lines.partition_point(|start| *start <= at)
    }

    pub(crate) fn is_test(&self, at: usize) -> bool {
        self.tests.iter().any(|range| range.contains(&at))
    }

    /// Where the pattern stands as whole words: `env::` is not found in `my_env::`.
    pub(crate) fn places_of(&self, pattern: &str) -> Vec<usize> {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let places = self.text.match_indices(pattern).map(|(at, _)| at);
        let stands_alone = |at: &usize| {
            let before = self.text[..*at].chars().next_back();
            let after = self.text[at + pattern.len()..].chars().next();
            let joined_before = before.is_some_and(is_word) && pattern.starts_with(is_word);
            let joined_after = after.is_some_and(is_word) && pattern.ends_with(is_word);
            !joined_before && !joined_after
        };
        places.filter(stands_alone).collect()
    }

    /// The string literals given as first argument to calls of the pattern, each with its place.
    pub(crate) fn first_arguments(&self, call: &str) -> Vec<(usize, &str)> {
        let literal = |at: usize| {
            let rest = &self.text[at + call.len()..];
            let quote = at + call.len() + (rest.len() - rest.trim_start().len());
            let found = self.literals.binary_search_by_key(&quote, |literal| literal.at).ok()?;
            Some((quote, self.literals[found].value.as_str()))
        };
        self.places_of(call).into_iter().filter_map(literal).collect()
    }

    pub(crate) fn functions(&self) -> Vec<Function<'_>> {
        let function = |at: usize| {
            let rest = self.text[at + 2..].trim_start();
            let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '$')?;
            let name = rest.get(..length).filter(|name| !name.is_empty())?;
            let body = self.body_after(at + 2)?;
            let line = self.line(at);
            Some(Function { name, line, lines: self.line(body.end) + 1 - line })
        };
        self.places_of("fn").into_iter().filter_map(function).collect()
    }

    /// Items marked `#[cfg(test)]`, or with any other `cfg` that asks for `test`.
    fn test_items(&self) -> Vec<Range<usize>> {
        let item = |at: usize| {
            let condition = self.text[at..].split_once(']')?.0;
            let asks = condition.contains("test") && !condition.contains("not(test");
            let end = self.item_end(at + condition.len() + 1);
            asks.then_some(at..end)
        };
        self.text.match_indices("#[cfg(").filter_map(|(at, _)| item(at)).collect()
    }

    fn item_end(&self, from: usize) -> usize {
        match self.body_after(from) {
            Some(body) => body.end,
            None => self.text[from..].find(';').map_or(self.text.len(), |at| from + at),
        }
    }

    /// From the first brace outside any bracket to the one that closes it; none if `;` comes first.
    fn body_after(&self, from: usize) -> Option<Range<usize>> {
        let bytes = self.text.as_bytes();
        let mut brackets = 0_usize;
        let mut open = from;
        loop {
            match bytes.get(open)? {
                b'(' | b'[' => brackets += 1,
                b')' | b']' => brackets = brackets.saturating_sub(1),
                b'{' if brackets == 0 => break,
                b';' if brackets == 0 => return None,
                _ => {}
            }
            open += 1;
        }
        let mut braces = 0_usize;
        for (offset, byte) in bytes[open..].iter().enumerate() {
            match byte {
                b'{' => braces += 1,
                b'}' => braces -= 1,
                _ => {}
            }
            if braces == 0 {
                return Some(open..open + offset);
            }
        }
        Some(open..bytes.len())
    }
}

#[derive(Default)]
struct Reader {
    left: Vec<char>,
    at: usize,
    text: String,
    literals: Vec<Literal>,
}

impl Reader {
    fn read(&mut self) {
        while let Some(c) = self.peek(0) {
            match (c, self.peek(1)) {
                ('/', Some('/')) => self.line_comment(),
                ('/', Some('*')) => self.block_comment(),
                ('"', _) => self.string(),
                ('\'', _) => self.quote(),
                _ if c.is_alphanumeric() || c == '_' => self.word(),
                _ => self.keep(),
            }
        }
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.left.get(self.at + ahead).copied()
    }

    fn keep(&mut self) {
        self.text.extend(self.peek(0));
        self.at += 1;
    }

    /// Passes over characters; lines stay lines.
    fn blank(&mut self, count: usize) {
        for _ in 0..count {
            let Some(c) = self.peek(0) else { return };
            self.text.push(if c == '\n' { c } else { ' ' });
            self.at += 1;
        }
    }

    fn line_comment(&mut self) {
        while self.peek(0).is_some_and(|c| c != '\n') {
            self.blank(1);
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0_usize;
        loop {
            match (self.peek(0), self.peek(1)) {
                (Some('/'), Some('*')) => {
                    depth += 1;
                    self.blank(2);
                }
                (Some('*'), Some('/')) => {
                    depth -= 1;
                    self.blank(2);
                }
                (None, _) => return,
                _ => self.blank(1),
            }
            if depth == 0 {
                return;
            }
        }
    }

    /// A word, or a string that a word introduces: `r"…"`, `br#"…"#`, `b'x'`.
    fn word(&mut self) {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let length = self.left[self.at..].iter().take_while(|c| is_word(**c)).count();
        let word: String = self.left[self.at..self.at + length].iter().collect();
        let hashes = self.left[self.at + length..].iter().take_while(|c| **c == '#').count();
        let next = self.peek(length + hashes);
        match word.as_str() {
            "r" | "br" | "cr" if next == Some('"') => {
                self.blank(length + hashes);
                self.raw_string(hashes);
            }
            "b" | "c" if hashes == 0 && next == Some('"') => {
                self.blank(length);
                self.string();
            }
            "b" if hashes == 0 && next == Some('\'') => {
                self.blank(length);
                self.quote();
            }
            _ => (0..length).for_each(|_| self.keep()),
        }
    }

    fn string(&mut self) {
        let (at, from) = (self.text.len(), self.at + 1);
        self.keep();
        while let Some(c) = self.peek(0).filter(|c| *c != '"') {
            self.blank(if c == '\\' { 2 } else { 1 });
        }
        self.close(at, from);
    }

    fn raw_string(&mut self, hashes: usize) {
        let (at, from) = (self.text.len(), self.at + 1);
        self.keep();
        let closes = |reader: &Self| {
            reader.peek(0) == Some('"') && (1..=hashes).all(|n| reader.peek(n) == Some('#'))
        };
        while self.peek(0).is_some() && !closes(self) {
            self.blank(1);
        }
        self.close(at, from);
        self.blank(hashes);
    }

    fn close(&mut self, at: usize, from: usize) {
        let end = self.at.min(self.left.len());
        let value = self.left[from.min(end)..end].iter().collect();
        self.literals.push(Literal { at, value });
        self.keep();
    }

    /// A character, or the mark of a lifetime.
    fn quote(&mut self) {
        match (self.peek(1), self.peek(2)) {
            (Some('\\'), _) => {
                self.blank(3);
                while self.peek(0).is_some_and(|c| c != '\'') {
                    self.blank(1);
                }
                self.blank(1);
            }
            (Some(_), Some('\'')) => self.blank(3),
            _ => self.keep(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_characters_are_blanked_and_lines_stay() {
        let code = Code::of("a /* b /* c */ d */ e // f\ng '{' '\\'' b'\\n' 'h h\n");
        assert_eq!(code.text.split_whitespace().collect::<Vec<_>>(), ["a", "e", "g", "'h", "h"]);
        assert_eq!(code.text.lines().count(), 2);
    }

    #[test]
    fn strings_keep_their_quotes_and_lose_their_insides() {
        let code = Code::of(r###"f("a\"b}", r#"c"d{"#, b"e")"###);
        let squeezed: String = code.text.split_whitespace().collect();
        assert_eq!(squeezed, r#"f("","","")"#);
        assert_eq!(
            code.literals.iter().map(|l| l.value.as_str()).collect::<Vec<_>>(),
            ["a\\\"b}", "c\"d{", "e"]
        );
    }

    #[test]
    fn a_function_is_counted_to_its_own_closing_brace() {
        let source = "fn one(a: [u8; 2]) -> u8 {\n  let s = \"}\";\n  if a { 1 } else { 2 }\n}\n\
                      trait T { fn none(&self);\n fn two() {} }\ntype F = fn(u8);\n";
        let code = Code::of(source);
        let functions: Vec<_> =
            code.functions().iter().map(|f| (f.name.to_owned(), f.line, f.lines)).collect();
        assert_eq!(functions, [("one".to_owned(), 1, 4), ("two".to_owned(), 6, 1)]);
    }

    #[test]
    fn a_pattern_is_found_as_a_whole_word_and_not_in_a_string() {
        let code = Code::of("use std::env; let my_env = env::var(\"env::var\");");
        assert_eq!(code.places_of("env::").len(), 1);
        assert_eq!(code.places_of("std::env").len(), 1);
    }

    #[test]
    fn the_first_argument_may_stand_on_the_next_line() {
        let code = Code::of("Error::invalid(\n    \"order.no_lines\", 1); Error::invalid(code, 2)");
        let found: Vec<_> =
            code.first_arguments("Error::invalid(").iter().map(|f| (code.line(f.0), f.1)).collect();
        assert_eq!(found, [(2, "order.no_lines")]);
    }

    #[test]
    fn code_for_tests_is_known_as_such() {
        let source =
            "fn a() {}\n#[cfg(test)]\nmod tests { fn b() {} }\n#[cfg(not(test))]\nfn c() {}";
        let code = Code::of(source);
        let is_test = |name: &str| code.is_test(code.places_of(name)[0]);
        assert_eq!([is_test("a"), is_test("b"), is_test("c")], [false, true, false]);
    }
}
