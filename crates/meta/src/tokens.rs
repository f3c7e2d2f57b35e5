//! The parts by which a text is found, and the parts that a question asks for. Pure.
//!
//! One row has few of them: a document's number two, a name about three a character. Chinese is cut
//! into pairs, since no engine of ours finds words in it; pinyin begins at every character, so that
//! a name is found without what stands before it.
use crate::Seek;
use crate::sound::{plain, syllables};

/// What a part is; a smaller one is found first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Weight {
    Number,
    Part,
    Word,
    Pair,
    Pinyin,
}

impl Weight {
    #[must_use]
    pub const fn stored(self) -> i64 {
        self as i64
    }
}

/// Parts of one row, characters of one part.
pub const PARTS: usize = 64;
pub const LENGTH: usize = 24;
/// Places of a run of Chinese at which its pinyin begins.
const BEGINNINGS: usize = 12;
/// Terms of a question.
const TERMS: usize = 8;

/// What stands behind most names and tells nothing apart by its pinyin.
const TAILS: &[&str] = &["股份有限公司", "有限责任公司", "有限公司", "集团公司", "公司", "集团"];

/// The parts of a searched text.
#[must_use]
pub fn of(seek: Seek, text: &str) -> Vec<(String, Weight)> {
    let text = fold(text);
    let mut parts = match seek {
        Seek::Number => number(&text),
        Seek::Phone => phone(&text),
        Seek::Words => words(&text),
    };
    parts.retain(|(part, _)| !part.is_empty());
    parts.truncate(PARTS);
    parts
}

/// Lower case, and half width where a character has one.
#[must_use]
pub fn fold(text: &str) -> String {
    let half = |c: char| match c {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    text.chars().map(half).flat_map(char::to_lowercase).collect()
}

fn cut(text: impl Iterator<Item = char>) -> String {
    text.take(LENGTH).collect()
}

/// Letters and digits alone.
fn compact(text: &str) -> String {
    cut(text.chars().filter(|c| c.is_alphanumeric()))
}

fn number(text: &str) -> Vec<(String, Weight)> {
    let whole = compact(text);
    let mut parts = vec![(whole.clone(), Weight::Number)];
    let tail = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let begins = tail.rfind(|c: char| !c.is_ascii_digit()).map_or(0, |at| at + 1);
    let running = tail.get(begins..).unwrap_or("").trim_start_matches('0');
    let running = cut(running.chars());
    if begins > 0 && !running.is_empty() && running != whole {
        parts.push((running, Weight::Part));
    }
    parts
}

fn phone(text: &str) -> Vec<(String, Weight)> {
    let digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
    let last = |n: usize| digits.len().checked_sub(n).filter(|at| *at > 0);
    let mut parts = vec![(cut(digits.iter().copied()), Weight::Number)];
    for from in [last(8), last(4)].into_iter().flatten() {
        parts.push((digits[from..].iter().collect(), Weight::Part));
    }
    parts
}

fn words(text: &str) -> Vec<(String, Weight)> {
    let (mut parts, mut sounds) = (Vec::new(), Vec::new());
    for run in runs(text) {
        match run {
            Run::Word(word) => parts.push((cut(word.chars()), Weight::Word)),
            Run::Han(run) => {
                pairs(&run, &mut parts);
                spoken(&run, &mut sounds);
            }
        }
    }
    parts.append(&mut sounds);
    parts
}

enum Run {
    Han(Vec<char>),
    Word(String),
}

/// Runs of Chinese, and words of letters and digits; the rest parts them.
fn runs(text: &str) -> Vec<Run> {
    let mut all: Vec<Run> = Vec::new();
    let mut open = false;
    for c in text.chars() {
        let (han, word) = (is_han(c), c.is_alphanumeric());
        match all.last_mut() {
            Some(Run::Han(run)) if open && han => run.push(c),
            Some(Run::Word(text)) if open && word && !han => text.push(c),
            _ if han => all.push(Run::Han(vec![c])),
            _ if word => all.push(Run::Word(c.to_string())),
            _ => {}
        }
        open = han || word;
    }
    all
}

pub(crate) const fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

fn pairs(run: &[char], parts: &mut Vec<(String, Weight)>) {
    if let [one] = run {
        parts.push((one.to_string(), Weight::Pair));
    }
    parts.extend(run.windows(2).map(|pair| (pair.iter().collect(), Weight::Pair)));
}

/// Pinyin and its initials from each character on.
fn spoken(run: &[char], parts: &mut Vec<(String, Weight)>) {
    let text: String = run.iter().collect();
    let tail = TAILS.iter().find(|t| text.ends_with(**t) && text.len() > t.len());
    let kept = run.len() - tail.map_or(0, |t| t.chars().count());
    let sounds = syllables(&run[..kept]);
    for from in 0..sounds.len().min(BEGINNINGS) {
        let rest = &sounds[from..];
        if from > 0 && rest.len() < 2 {
            break;
        }
        let first = |sound: &String| sound.chars().next();
        parts.push((cut(rest.iter().filter_map(first)), Weight::Pinyin));
        parts.push((cut(rest.iter().flat_map(|s| plain(s).chars())), Weight::Pinyin));
    }
}

/// What a question asks for.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Asked {
    /// The whole of it as one part, where it can be one: looked for whole, and as a beginning.
    pub whole: Option<String>,
    /// Parts that a row must all have.
    pub terms: Vec<Term>,
}

impl Asked {
    /// Nothing that could be looked up: only signs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.whole.is_none() && self.terms.is_empty()
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Term {
    Is(String),
    Begins(String),
}

/// Reads a question; empty where there is too little to look for.
#[must_use]
pub fn asked(question: &str) -> Asked {
    let folded = fold(question);
    let folded = folded.trim();
    let han = folded.chars().filter(|c| is_han(*c)).count();
    let whole = compact(folded);
    let count = whole.chars().count();
    let is_pair = han == count && (1..=2).contains(&han);
    let is_word = han == 0 && count >= 2;
    let mut terms = Vec::new();
    for run in runs(folded) {
        match run {
            Run::Word(word) => terms.push(Term::Begins(cut(word.chars()))),
            Run::Han(run) if run.len() == 1 => terms.push(Term::Begins(run.iter().collect())),
            Run::Han(run) => {
                terms.extend(run.windows(2).map(|pair| Term::Is(pair.iter().collect())));
            }
        }
    }
    terms.truncate(TERMS);
    // One number or word has been asked for whole: its own parts would only ask for it again.
    let alone = is_pair || (is_word && !folded.contains(char::is_whitespace));
    if alone || (han == 0 && count < 2) {
        terms.clear();
    }
    // People finish a word before they begin the next: only the last one may be a beginning.
    let last = terms.len().saturating_sub(1);
    for term in terms.iter_mut().take(last) {
        if let Term::Begins(word) = term
            && !word.starts_with(is_han)
        {
            *term = Term::Is(std::mem::take(word));
        }
    }
    Asked { whole: (is_pair || is_word).then_some(whole), terms }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(seek: Seek, text: &str) -> Vec<String> {
        of(seek, text).into_iter().map(|(part, _)| part).collect()
    }

    #[test]
    fn a_number_is_found_whole_and_by_its_running_number() {
        assert_eq!(texts(Seek::Number, "SO-2026-00042"), ["so202600042", "42"]);
        assert_eq!(texts(Seek::Number, "ＳＯ２０２６"), ["so2026", "2026"]);
        assert_eq!(texts(Seek::Number, "91310000MA1K3"), ["91310000ma1k3", "3"]);
        assert_eq!(texts(Seek::Number, "42"), ["42"]);
        assert!(texts(Seek::Number, " - ").is_empty());
    }

    #[test]
    fn a_phone_is_found_by_its_beginning_and_its_last_digits() {
        assert_eq!(texts(Seek::Phone, "138 0013-8000"), ["13800138000", "00138000", "8000"]);
        assert_eq!(texts(Seek::Phone, "8000"), ["8000"]);
    }

    #[test]
    fn a_chinese_name_is_found_by_pairs_and_by_pinyin_from_each_character_on() {
        let parts = texts(Seek::Words, "重庆恒远机电有限公司");
        for part in ["重庆", "恒远", "远机", "有限", "cqhyjd", "hyjd", "hengyuanjidian", "jidian"]
        {
            assert!(parts.contains(&part.to_owned()), "{part} in {parts:?}");
        }
        assert!(!parts.iter().any(|p| p.contains("youxian")), "{parts:?}");
        assert!(parts.len() <= PARTS);
        assert_eq!(texts(Seek::Words, "M8 Bolt"), ["m8", "bolt"]);
        assert_eq!(texts(Seek::Words, "李"), ["李", "l", "li"]);
    }

    #[test]
    fn a_question_is_one_part_or_several_that_must_all_be_there() {
        let is = |t: &str| Term::Is(t.to_owned());
        let begins = |t: &str| Term::Begins(t.to_owned());
        for (question, whole, terms) in [
            ("SO-2026-00042", Some("so202600042"), vec![]),
            ("hlwj", Some("hlwj"), vec![]),
            ("恒", Some("恒"), vec![]),
            ("恒远", Some("恒远"), vec![]),
            ("恒远机", None, vec![is("恒远"), is("远机")]),
            ("恒远 bolt", None, vec![is("恒远"), begins("bolt")]),
            ("恒远 m8 bol", None, vec![is("恒远"), is("m8"), begins("bol")]),
            ("so 2026", Some("so2026"), vec![is("so"), begins("2026")]),
            ("a", None, vec![]),
            ("", None, vec![]),
            (" - ", None, vec![]),
        ] {
            let read = asked(question);
            assert_eq!((read.whole.as_deref(), read.terms), (whole, terms), "{question}");
        }
    }
}
