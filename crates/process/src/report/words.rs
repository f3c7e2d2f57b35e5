//! Words and numbers of a report in its language.
use crate::mine::calendar::Origin;
use meta::words::{Lang, text};

/// The stable name of where a calendar comes from.
pub(super) const fn origin(of: Origin) -> &'static str {
    match of {
        Origin::Learned => "learned",
        Origin::AroundTheClock => "around-the-clock",
        Origin::Assumed => "assumed",
        Origin::Company => "company",
    }
}

/// A language's words.
#[derive(Clone, Copy)]
pub(super) struct Words(pub(super) Lang);

impl Words {
    /// A text of the catalogue `mine`.
    pub(super) fn say(self, key: &str, values: &[(&str, &str)]) -> String {
        text(self.0, &format!("mine-{key}"), values)
    }
    /// The same without values, safe to write into HTML.
    pub(super) fn of(self, key: &str) -> String {
        escape(&self.say(key, &[]))
    }
    /// A duration in the unit that fits it.
    pub(super) fn time(self, seconds: f64) -> String {
        let (amount, unit) = match seconds {
            s if s <= 0.0 => return "0".to_owned(),
            s if s < 60.0 => (s, "unit-s"),
            s if s < 3_600.0 => (s / 60.0, "unit-min"),
            s if s < 86_400.0 => (s / 3_600.0, "unit-h"),
            s => (s / 86_400.0, "unit-d"),
        };
        format!("{} {}", number(amount), self.of(unit))
    }
    /// Days, whole where they are many.
    pub(super) fn days(self, days: f64) -> String {
        format!("{} {}", number(days), self.of("unit-d"))
    }
}

/// Three figures, and groups of three.
pub(super) fn number(amount: f64) -> String {
    match amount {
        a if a >= 99.95 => grouped(a.round() as u64),
        a if a >= 9.95 => trim(&format!("{a:.1}")),
        a => trim(&format!("{a:.1}")),
    }
}

fn trim(text: &str) -> String {
    text.strip_suffix(".0").unwrap_or(text).to_owned()
}

/// 12345 as 12,345.
pub(super) fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A share as per cent.
pub(super) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent > 0.0 && percent < 9.95 {
        format!("{} %", trim(&format!("{percent:.1}")))
    } else {
        format!("{percent:.0} %")
    }
}

/// Text that HTML shows as it stands.
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_numbers_are_said_in_three_figures() {
        let words = Words(Lang::En);
        let said = [0.0, 8.2, 90.0, 5_400.0, 216_000.0, 8_640_000_000.0].map(|s| words.time(s));
        assert_eq!(said, ["0", "8.2 s", "1.5 min", "1.5 h", "2.5 d", "100,000 d"]);
        assert_eq!(
            (percent(0.0312), percent(0.5), percent(1.0)),
            ("3.1 %".into(), "50 %".into(), "100 %".into())
        );
        assert_eq!(escape("<a & \"b\">"), "&lt;a &amp; &quot;b&quot;&gt;");
    }
}
