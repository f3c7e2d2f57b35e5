//! Words that leave the program: error codes have a message in both languages, both languages say
//! the same things, and every activity is in `docs/facts.md`.
use super::Findings;
use super::house::House;
use std::collections::BTreeMap;

const LANGUAGES: &[&str] = &["zh-CN", "en"];
const FACTS: &str = "docs/facts.md";

const ERRORS: &[&str] = &[
    "Error::not_found(",
    "Error::invalid(",
    "Error::conflict(",
    "Error::forbidden(",
    "Error::bug(",
];
const ACTIVITY: &str = "Activity::new(";

/// A message's key, and where it stands.
type Keys = BTreeMap<String, (String, usize)>;

pub(crate) fn check_errors(house: &House, findings: &mut Findings) {
    let messages: Vec<_> = LANGUAGES.iter().map(|l| (*l, keys_of(house, l).0)).collect();
    for (file, line, code) in named(house, ERRORS) {
        if !is_name(code) {
            let what = format!("{code:?} is no error code");
            findings.refuse(file, line, what, "write object.what_is_wrong, a-z 0-9 _ and dots");
            continue;
        }
        let key = format!("error-{}", code.replace(['.', '_'], "-"));
        let silent = messages.iter().filter(|(_, keys)| !keys.contains_key(&key));
        let silent: Vec<_> = silent.map(|(language, _)| *language).collect();
        if !silent.is_empty() {
            let what = format!("the error {code} has no message in {}", silent.join(" and "));
            findings.refuse(file, line, what, format!("add {key} to locales/*/*.ftl"));
        }
    }
}

/// Both languages have the same keys, each once.
pub(crate) fn check_languages(house: &House, findings: &mut Findings) {
    let mut messages = Vec::new();
    for language in LANGUAGES {
        let (keys, odd) = keys_of(house, language);
        for (file, line, what) in odd {
            findings.refuse(&file, line, what, "mend or remove it");
        }
        one_and_many(&keys, findings);
        messages.push((*language, keys));
    }
    for (language, keys) in &messages {
        for (other, theirs) in &messages {
            for (key, (file, line)) in keys.iter().filter(|(key, _)| !theirs.contains_key(*key)) {
                let what = format!("{key} is said in {language} only");
                findings.refuse(file, *line, what, format!("say it in locales/{other} too"));
            }
        }
    }
}

/// What one row is called, a list of them is called too: screens ask for both.
fn one_and_many(keys: &Keys, findings: &mut Findings) {
    let entities = keys.iter().filter(|(key, _)| key.starts_with("entity-") && !key.contains('.'));
    for (key, (file, line)) in entities {
        if !keys.contains_key(&format!("{key}.many")) {
            let what = format!("{key} has no word for several");
            findings.refuse(file, *line, what, "add .many below it");
        }
    }
}

/// Every activity is declared once and told in `docs/facts.md`.
pub(crate) fn check_facts(house: &House, findings: &mut Findings) {
    let told = house.text(FACTS).unwrap_or_default();
    let mut declared: BTreeMap<&str, (&str, usize)> = BTreeMap::new();
    for (file, line, name) in named(house, &[ACTIVITY]) {
        if let Some((where_else, at)) = declared.insert(name, (file, line)) {
            let what = format!("the activity {name} is declared at {where_else}:{at} already");
            findings.refuse(file, line, what, "declare it once; names are never reused");
        }
        if !told.contains(&format!("`{name}`")) {
            let what = format!("the activity {name} is not in {FACTS}");
            findings.refuse(file, line, what, "generate the file again");
        }
    }
}

/// The literals given first to one of the calls, outside tests: file, line, text.
fn named<'a>(house: &'a House, calls: &'a [&str]) -> Vec<(&'a str, usize, &'a str)> {
    let mut named = Vec::new();
    for source in house.sources.iter().filter(|source| source.home != "xtask") {
        for (at, text) in calls.iter().flat_map(|call| source.code.first_arguments(call)) {
            if !source.is_test(at) {
                named.push((source.path.as_str(), source.code.line(at), text));
            }
        }
    }
    named
}

fn is_name(code: &str) -> bool {
    let is_part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_lowercase())
            && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    code.contains('.') && code.split('.').all(is_part)
}

/// What a language says (`key`, `key.attribute`, `-term`), and lines that say nothing.
fn keys_of(house: &House, language: &str) -> (Keys, Vec<(String, usize, String)>) {
    let mut keys = Keys::new();
    let mut odd = Vec::new();
    let folder = format!("locales/{language}/");
    for (file, text) in house.under(&folder, ".ftl") {
        let mut message = String::new();
        for (index, line) in text.lines().enumerate() {
            let place = (file.to_owned(), index + 1);
            let key = match key_in(line) {
                Line::Message(key) => {
                    message = key.to_owned();
                    message.clone()
                }
                Line::Attribute(name) => format!("{message}.{name}"),
                Line::Continued => continue,
                Line::Odd => {
                    odd.push((place.0, place.1, "the line is no message".to_owned()));
                    continue;
                }
            };
            if let Some((first, at)) = keys.get(&key) {
                odd.push((place.0, place.1, format!("{key} is said at {first}:{at} already")));
            } else {
                keys.insert(key, place);
            }
        }
    }
    (keys, odd)
}

enum Line<'a> {
    Message(&'a str),
    Attribute(&'a str),
    /// A comment, an empty line, or the rest of a message.
    Continued,
    Odd,
}

fn key_in(line: &str) -> Line<'_> {
    let is_id = |id: &str| {
        let letters = id.strip_prefix('-').unwrap_or(id);
        letters.starts_with(|c: char| c.is_ascii_alphabetic())
            && letters.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
    };
    let name = line.split_once('=').map(|(name, _)| name.trim()).filter(|name| !name.is_empty());
    if line.trim().is_empty() || line.starts_with(['#', '}']) {
        return Line::Continued;
    }
    if line.starts_with([' ', '\t']) {
        let attribute = name.and_then(|name| name.strip_prefix('.')).filter(|name| is_id(name));
        return attribute.map_or(Line::Continued, Line::Attribute);
    }
    name.filter(|name| is_id(name)).map_or(Line::Odd, Line::Message)
}

#[cfg(test)]
mod tests {
    use super::super::found;
    use super::*;

    const REFUSED: (&str, &str) =
        ("crates/sales/src/order.rs", "Error::invalid(\"order.no_lines\", id)");

    #[test]
    fn an_entity_is_named_alone_and_in_numbers() {
        let zh = ("locales/zh-CN/fields.ftl", "entity-rate = 汇率\n    .many = 汇率\n");
        let en = ("locales/en/fields.ftl", "entity-rate = Rate\n    .many = Rates\n");
        assert!(found(check_languages, &[zh, en]).is_empty());
        let alone = ("locales/en/fields.ftl", "entity-rate = Rate\n");
        let zh = ("locales/zh-CN/fields.ftl", "entity-rate = 汇率\n");
        let several = found(check_languages, &[zh, alone]);
        assert_eq!(several.len(), 2);
        assert!(several.iter().all(|what| what.contains("entity-rate has no word for several")));
    }

    #[test]
    fn an_error_without_a_message_in_both_languages_is_refused() {
        let zh = ("locales/zh-CN/errors.ftl", "error-order-no-lines = 订单没有行\n");
        let en = ("locales/en/errors.ftl", "error-order-no-lines = The order has no lines\n");
        assert_eq!(
            found(check_errors, &[REFUSED, en]),
            ["crates/sales/src/order.rs:1: the error order.no_lines has no message in zh-CN; \
             add error-order-no-lines to locales/*/*.ftl"]
        );
        assert!(found(check_errors, &[REFUSED, zh, en]).is_empty());
    }

    #[test]
    fn an_error_code_is_a_name_and_not_prose() {
        let file = |code| ("crates/sales/src/order.rs", code);
        assert_eq!(found(check_errors, &[file("Error::bug(\"No lines!\", 1)")]).len(), 1);
        assert!(found(check_errors, &[file("MyError::bug(\"No lines!\", 1)")]).is_empty());
        assert!(
            found(check_errors, &[file("#[cfg(test)]\nfn t() { Error::bug(\"x\", 1) }")])
                .is_empty()
        );
    }

    #[test]
    fn what_one_language_says_the_other_says_too() {
        let zh =
            ("locales/zh-CN/order.ftl", "order = 订单\n    .hint = 提示\norder-number = 订单号\n");
        let en =
            ("locales/en/order.ftl", "# words\norder = Order\n    or more\n    .hint = Hint\n");
        assert_eq!(
            found(check_languages, &[zh, en]),
            ["locales/zh-CN/order.ftl:3: order-number is said in zh-CN only; \
             say it in locales/en too"]
        );
    }

    #[test]
    fn a_key_said_twice_and_a_line_that_says_nothing_are_refused() {
        let zh = ("locales/zh-CN/order.ftl", "order = 订单\norder = 定单\n订单\n");
        let en = ("locales/en/order.ftl", "order = Order\n");
        assert_eq!(found(check_languages, &[zh, en]).len(), 2);
    }

    #[test]
    fn an_activity_is_declared_once_and_told() {
        let facts = "A = Activity::new(\"order.confirmed\", \"It holds.\");\n";
        let code = ("crates/sales/src/facts.rs", facts);
        let told = ("docs/facts.md", "| `order.confirmed` | It holds. |\n");
        let again = ("crates/stock/src/facts.rs", facts);
        assert_eq!(found(check_facts, &[code]).len(), 1);
        assert!(found(check_facts, &[code, told]).is_empty());
        assert_eq!(
            found(check_facts, &[code, told, again]),
            ["crates/stock/src/facts.rs:1: the activity order.confirmed is declared at \
             crates/sales/src/facts.rs:1 already; declare it once; names are never reused"]
        );
    }
}
