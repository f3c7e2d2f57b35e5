//! Whether a Chinese taxpayer number can be right: form and check digit, not whether it exists.
//!
//! Two forms: the 18-character 统一社会信用代码 (GB 32100-2015: authority, kind, six digits of the
//! place, nine of the organisation, one check character), and the 15-character number that tax
//! offices gave before 2015, still found on old contracts. The latter is checked for form only: its
//! last nine are an organisation code for companies, but part of an identity number for others.
//!
//! Deliberately absent: identity numbers of natural persons, which are no taxpayer number to keep.
use kernel::{Error, Result};

/// The characters of GB 32100-2015 in the order of their values; I, O, S, V and Z are not used.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Checks a number as printed: capital letters, no spaces.
///
/// Errors: `tax_id.length` (neither 15 nor 18), `tax_id.characters`, `tax_id.checksum`.
pub fn check(text: &str) -> Result<()> {
    match text.chars().count() {
        15 => check_legacy(text),
        18 => check_uscc(text),
        _ => Err(Error::invalid("tax_id.length", text)),
    }
}

/// Whether it is an 18-character 统一社会信用代码 with a valid check character.
#[must_use]
pub fn uscc_check(text: &str) -> bool {
    text.len() == 18 && check_uscc(text).is_ok()
}

/// The 18th character for the first 17; none when they are not 17 of the 31 characters.
#[must_use]
pub fn uscc_check_char(first_17: &str) -> Option<char> {
    if first_17.len() != 17 {
        return None;
    }
    let mut sum = 0;
    let mut weight = 1;
    for byte in first_17.bytes() {
        sum += value(byte)? * weight;
        weight = weight * 3 % 31;
    }
    let place = (31 - sum % 31) % 31;
    ALPHABET.get(place).map(|&byte| char::from(byte))
}

fn check_uscc(text: &str) -> Result<()> {
    let place = text.get(2..8).unwrap_or_default();
    let in_alphabet = text.bytes().all(|byte| value(byte).is_some());
    if !in_alphabet || !place.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Error::invalid("tax_id.characters", text));
    }
    let expected = text.get(..17).and_then(uscc_check_char);
    if expected.is_some() && expected == text.chars().last() {
        Ok(())
    } else {
        Err(Error::invalid("tax_id.checksum", text))
    }
}

fn check_legacy(text: &str) -> Result<()> {
    let (place, rest) = text.split_at_checked(6).unwrap_or_default();
    let good = place.len() == 6
        && place.bytes().all(|b| b.is_ascii_digit())
        && rest.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
    if good { Ok(()) } else { Err(Error::invalid("tax_id.characters", text)) }
}

fn value(byte: u8) -> Option<usize> {
    ALPHABET.iter().position(|&known| known == byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn refusal(text: &str) -> &'static str {
        check(text).map_or_else(|e| e.code, |()| "ok")
    }

    #[test]
    fn the_check_character_follows_gb_32100() {
        // The number that explanations of the standard use as their example.
        assert_eq!(refusal("91350100M000100Y43"), "ok");
        assert_eq!(uscc_check_char("91350100M000100Y4"), Some('3'));
        assert!(uscc_check("91350100M000100Y43") && !uscc_check("91350100M000100Y44"));
    }

    #[test]
    fn one_wrong_or_two_swapped_characters_are_noticed() {
        let good = "91350100M000100Y43";
        for place in 8..17 {
            let mut wrong: Vec<u8> = good.bytes().collect();
            wrong[place] = if wrong[place] == b'7' { b'8' } else { b'7' };
            assert_eq!(refusal(std::str::from_utf8(&wrong).unwrap()), "tax_id.checksum");
        }
        assert_eq!(refusal("91350100M00010Y043"), "tax_id.checksum");
    }

    #[test]
    fn what_has_the_wrong_form_is_refused_with_its_reason() {
        for (text, code) in [
            ("", "tax_id.length"),
            ("9135010", "tax_id.length"),
            ("91350100M000100Y4３", "tax_id.characters"),
            ("91350100m000100y43", "tax_id.characters"),
            ("91350100I000100Y43", "tax_id.characters"),
            ("91A50100M000100Y43", "tax_id.characters"),
            ("91 350100M000100Y4", "tax_id.characters"),
            ("汇流汇流汇流汇流汇流汇流汇流汇流汇流", "tax_id.characters"),
            ("汇流汇流汇流汇流汇流汇流汇流汇", "tax_id.characters"),
        ] {
            assert_eq!(refusal(text), code, "{text}");
        }
    }

    #[test]
    fn legacy_numbers_of_15_are_checked_for_form_only() {
        assert_eq!(refusal("330200123456789"), "ok");
        assert_eq!(refusal("33020075327834X"), "ok");
        assert_eq!(refusal("33O200123456789"), "tax_id.characters");
        assert_eq!(refusal("3302001234 6789"), "tax_id.characters");
    }

    #[test]
    fn numbers_from_public_examples_pass() {
        let Some(file) = shared_data("china_master/stdnum_cn/test_cn_uscc.doctest") else { return };
        let text = std::fs::read_to_string(file).unwrap();
        let list = text.split("numbers = '''").nth(1).unwrap_or_default();
        let numbers: Vec<_> = list.split_whitespace().filter(|w| w.len() == 18).collect();
        assert!(numbers.len() > 100);
        for number in numbers {
            assert_eq!(refusal(number), "ok", "{number}");
        }
    }

    /// A path of the shared test data, or a notice that it is absent.
    fn shared_data(path: &str) -> Option<PathBuf> {
        let root = std::env::var("HUILIU_SHARED_DATA").unwrap_or_else(|_| {
            concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").into()
        });
        let found = PathBuf::from(root).join(path);
        if found.exists() {
            return Some(found);
        }
        // This one file is not in every copy of the shared data, so it is never required.
        println!("skipped: shared data absent");
        None
    }
}
