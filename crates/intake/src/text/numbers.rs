//! Numbers as people write them, into the one plain spelling `-1234.56`. Pure; no float.
use crate::style::Decimal;
use std::borrow::Cow;

/// What one cell tells about how its column writes numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Shape {
    /// It has no separator, or is not a number.
    Silent,
    Only(Decimal),
    /// `1,234` or `1.234`: a thousand and more, or one and a part.
    Either,
}

/// A number in its plain spelling.
pub(crate) struct Plain<'t> {
    pub(crate) text: Cow<'t, str>,
    /// The currency sign that stood with it; empty without.
    pub(crate) sign: &'static str,
    pub(crate) percent: bool,
}

/// Signs that go with an amount. Longer ones first.
const SIGNS: &[&str] = &[
    "US$",
    "HK$",
    "NT$",
    "R$",
    "CNY",
    "RMB",
    "USD",
    "EUR",
    "GBP",
    "HKD",
    "JPY",
    "人民币",
    "元",
    "圆",
    "¥",
    "€",
    "£",
    "$",
];

/// Currencies that a sign can stand for; empty: it may stand for many.
pub(crate) fn currencies_of(sign: &str) -> &'static [&'static str] {
    match sign {
        "CNY" | "RMB" | "人民币" | "元" | "圆" => &["CNY"],
        "¥" => &["CNY", "JPY"],
        "€" | "EUR" => &["EUR"],
        "£" | "GBP" => &["GBP"],
        "US$" | "USD" => &["USD"],
        "HK$" | "HKD" => &["HKD"],
        "NT$" => &["TWD"],
        "R$" => &["BRL"],
        "JPY" => &["JPY"],
        _ => &[],
    }
}

/// Does the text need any of the work below?
fn is_plain(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let mut points = 0;
    digits.bytes().any(|b| b.is_ascii_digit())
        && digits.bytes().all(|b| match b {
            b'0'..=b'9' => true,
            b'.' => {
                points += 1;
                points == 1
            }
            _ => false,
        })
}

pub(crate) fn shape(text: &str) -> Shape {
    let (core, ..) = bare(text);
    let is_number = core.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ' | '\''));
    if !is_number || !core.bytes().any(|b| b.is_ascii_digit()) {
        return Shape::Silent;
    }
    let of = |c: char| if c == '.' { Decimal::Point } else { Decimal::Comma };
    let last = core.rfind(['.', ',']);
    let Some(at) = last else { return Shape::Silent };
    let mark = core[at..].chars().next().unwrap_or('.');
    let other = if mark == '.' { ',' } else { '.' };
    if core.contains(other) || core.contains([' ', '\'']) {
        // Both stand there: the last one parts.
        return Shape::Only(of(if core.matches(mark).count() > 1 { other } else { mark }));
    }
    if core.matches(mark).count() > 1 {
        return Shape::Only(of(other));
    }
    let (before, after) = (&core[..at], &core[at + 1..]);
    let could_group =
        after.len() == 3 && (1..=3).contains(&before.len()) && !before.starts_with('0');
    if could_group { Shape::Either } else { Shape::Only(of(mark)) }
}

/// The plain spelling; `None` when it is no number in this way of writing.
pub(crate) fn plain(text: &str, decimal: Decimal) -> Option<Plain<'_>> {
    if decimal == Decimal::Point && is_plain(text) && !text.starts_with('.') && !text.ends_with('.')
    {
        return Some(Plain { text: Cow::Borrowed(text), sign: "", percent: false });
    }
    let (core, negative, sign, percent) = bare(text);
    let (point, group) = if decimal == Decimal::Point { ('.', ',') } else { (',', '.') };
    let (whole, part) = core.split_once(point).unwrap_or((&core, ""));
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if !digits(part) || (whole.is_empty() && part.is_empty()) {
        return None;
    }
    let mut groups = whole.split([group, ' ', '\'']);
    let first = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    let is_grouped = rest.is_empty() || (1..=3).contains(&first.len());
    if !digits(first) || !is_grouped || rest.iter().any(|g| g.len() != 3 || !digits(g)) {
        return None;
    }
    let mut number = String::with_capacity(text.len() + 1);
    number.push_str(if negative { "-" } else { "" });
    number.push_str(if first.is_empty() { "0" } else { first });
    rest.iter().for_each(|group| number.push_str(group));
    if !part.is_empty() {
        number.push('.');
        number.push_str(part);
    }
    Some(Plain { text: Cow::Owned(number), sign, percent })
}

/// The digits and separators alone; whether it is negative, its currency sign, a percent sign.
fn bare(text: &str) -> (String, bool, &'static str, bool) {
    let mut core: String = text.trim().chars().map(narrow).collect();
    let mut sign = "";
    for known in SIGNS {
        let found = core.strip_prefix(known).or_else(|| core.strip_suffix(known));
        let inner = ["-", "("].iter().find_map(|m| {
            let rest = core.strip_prefix(m)?.strip_prefix(known)?;
            Some(format!("{m}{rest}"))
        });
        if let Some(rest) = found.map(str::to_owned).or(inner) {
            (core, sign) = (rest.trim().to_owned(), known);
            break;
        }
    }
    let percent = core.ends_with('%');
    let core = core.trim_end_matches('%').trim();
    let (core, negative) = match core.strip_prefix('(').and_then(|c| c.strip_suffix(')')) {
        Some(inner) => (inner, true),
        None => match core.strip_prefix('-').or_else(|| core.strip_suffix('-')) {
            Some(rest) => (rest, true),
            None => (core.strip_prefix('+').unwrap_or(core), false),
        },
    };
    (core.trim().to_owned(), negative, sign, percent)
}

/// Full-width digits and signs, odd spaces and minus signs, as ASCII.
pub(crate) fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{ffe5}' => '¥',
        '\u{ffe1}' => '£',
        '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{3000}' => ' ',
        '\u{2212}' | '\u{2013}' => '-',
        '\u{2019}' => '\'',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, decimal: Decimal) -> Option<String> {
        plain(text, decimal).map(|p| p.text.into_owned())
    }

    #[test]
    fn numbers_of_four_countries_are_one_number() {
        for text in
            ["1,234.56", "１，２３４．５６", "¥1,234.56", "1234.56元", "US$ 1,234.56", "1'234.56"]
        {
            assert_eq!(read(text, Decimal::Point).as_deref(), Some("1234.56"), "{text}");
        }
        for text in ["1.234,56", "1 234,56", "1\u{a0}234,56", "1234,56 €"] {
            assert_eq!(read(text, Decimal::Comma).as_deref(), Some("1234.56"), "{text}");
        }
        for text in ["-5", "(5)", "5-", "−5", "-¥5", "(¥5)"] {
            assert_eq!(read(text, Decimal::Point).as_deref(), Some("-5"), "{text}");
        }
        assert_eq!(read(".0000", Decimal::Point).as_deref(), Some("0.0000"));
    }

    #[test]
    fn what_is_grouped_wrongly_is_no_number() {
        for text in ["1,23.4", "12,34", "1.234,56", "1234,567.8", "--5", "1e5", "", ".", "12a"] {
            assert_eq!(read(text, Decimal::Point), None, "{text}");
        }
    }

    #[test]
    fn a_cell_tells_which_mark_parts_or_that_both_could() {
        for (text, expected) in [
            ("12", Shape::Silent),
            ("abc", Shape::Silent),
            ("1,234.56", Shape::Only(Decimal::Point)),
            ("1.234,56", Shape::Only(Decimal::Comma)),
            ("1,234,567", Shape::Only(Decimal::Point)),
            ("12.5", Shape::Only(Decimal::Point)),
            ("12,5", Shape::Only(Decimal::Comma)),
            ("0,125", Shape::Only(Decimal::Comma)),
            ("1234,567", Shape::Only(Decimal::Comma)),
            ("1 234,5", Shape::Only(Decimal::Comma)),
            ("1,234", Shape::Either),
            ("1.234", Shape::Either),
        ] {
            assert_eq!(shape(text), expected, "{text}");
        }
    }
}
