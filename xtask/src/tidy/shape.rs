//! The shape of a source file: opening sentence, length, names. Says nothing of what it does.
use super::Findings;
use super::house::{House, Source};

const MAX_FILE: usize = 600;
const LONG_FILE: usize = 400;
const MAX_FUNCTION: usize = 70;
const MAX_COLUMNS: usize = 100;

/// Names that say nothing, so that everything ends up there.
const BANNED: &[&str] = &["utils", "util", "helpers", "helper", "common", "manager", "managers"];

pub(crate) fn check(house: &House, findings: &mut Findings) {
    for source in &house.sources {
        check_opening(source, findings);
        check_lengths(source, findings);
        check_names(source, findings);
    }
}

fn check_opening(source: &Source, findings: &mut Findings) {
    let opening = source.text.lines().next().and_then(|line| line.strip_prefix("//!"));
    if opening.is_none_or(|sentence| sentence.trim().is_empty()) {
        let todo = "start it with one sentence: what lives here and what must not";
        findings.refuse(&source.path, 1, "the file does not start with //!", todo);
    }
}

fn check_lengths(source: &Source, findings: &mut Findings) {
    let lines = source.text.lines().count();
    if lines > MAX_FILE {
        let what = format!("the file has {lines} lines, {MAX_FILE} are the limit");
        findings.refuse(&source.path, 1, what, "split it by what it is about");
    } else if lines > LONG_FILE {
        let what = format!("the file has {lines} lines, over {LONG_FILE}");
        findings.warn(&source.path, 1, what, "think of where it would split");
    }
    for function in source.code.functions() {
        if function.lines > MAX_FUNCTION {
            let what = format!("fn {} has {} lines", function.name, function.lines);
            let todo = format!("{MAX_FUNCTION} are the limit: name its parts");
            findings.refuse(&source.path, function.line, what, todo);
        }
    }
    for (index, line) in source.text.lines().enumerate() {
        let columns = line.chars().count();
        if columns > MAX_COLUMNS {
            let what = format!("the line has {columns} columns");
            let todo = format!("{MAX_COLUMNS} are the limit: break it");
            findings.refuse(&source.path, index + 1, what, todo);
        }
    }
}

/// Files, folders, and modules inside a file.
fn check_names(source: &Source, findings: &mut Findings) {
    let todo = "name it after the idea that lives there";
    for part in source.path.trim_end_matches(".rs").split('/') {
        if is_banned(part) {
            findings.refuse(&source.path, 1, format!("nothing is called {part}"), todo);
        }
    }
    for at in source.code.places_of("mod") {
        let rest = source.code.text[at + 3..].trim_start();
        let name = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next();
        if let Some(name) = name.filter(|name| is_banned(name)) {
            let line = source.code.line(at);
            findings.refuse(&source.path, line, format!("no module is called {name}"), todo);
        }
    }
}

/// `date_utils` is as empty a name as `utils`.
fn is_banned(name: &str) -> bool {
    BANNED.contains(&name.rsplit('_').next().unwrap_or(name))
}

#[cfg(test)]
mod tests {
    use super::super::found;
    use super::*;

    fn file(text: &str) -> Vec<String> {
        found(check, &[("crates/sales/src/order.rs", text)])
    }

    #[test]
    fn a_file_says_in_its_first_line_what_it_is() {
        assert!(file("//! The order.\n").is_empty());
        assert_eq!(file("use kernel::Id;\n").len(), 1);
        assert_eq!(file("//!\n//! The order.\n").len(), 1);
    }

    #[test]
    fn a_file_over_400_lines_is_warned_and_over_600_refused() {
        let of_lines = |lines: usize| file(&format!("//! a\n{}", "\n".repeat(lines - 1)));
        assert!(of_lines(400).is_empty());
        assert!(of_lines(401)[0].contains("warning: "));
        assert!(of_lines(601)[0].contains("601 lines, 600 are the limit"));
    }

    #[test]
    fn a_function_of_71_lines_is_refused() {
        let body = |lines: usize| "\n".repeat(lines - 2);
        let of_lines = |lines| file(&format!("//! a\nfn f() {{\n{}}}\n", body(lines)));
        assert!(of_lines(70).is_empty());
        assert_eq!(
            of_lines(71),
            ["crates/sales/src/order.rs:2: fn f has 71 lines; 70 are the limit: name its parts"]
        );
    }

    #[test]
    fn a_line_of_101_characters_is_refused_in_any_script() {
        assert!(file(&format!("//! {}\n", "单".repeat(96))).is_empty());
        assert_eq!(file(&format!("//! {}\n", "单".repeat(97))).len(), 1);
    }

    #[test]
    fn empty_names_are_refused_for_files_folders_and_modules() {
        let named = |path| found(check, &[(path, "//! a\n")]).len();
        assert_eq!(named("crates/sales/src/utils.rs"), 1);
        assert_eq!(named("crates/sales/src/helpers/price.rs"), 1);
        assert_eq!(named("crates/sales/src/date_utils.rs"), 1);
        assert_eq!(named("crates/sales/src/commands.rs"), 0);
        assert_eq!(file("//! a\nmod manager {}\n").len(), 1);
    }
}
