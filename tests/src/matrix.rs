//! State × verb and role × permission, obtained by running the house, printed to checked-in files.
mod bed;
mod cells;
mod digest;
mod roles;
mod rows;

use crate::house::open;
use std::path::PathBuf;

/// Compares a text with its checked-in file, or writes it with `HUILIU_WRITE_DOCS=1`.
fn checked_in(name: &str, text: &str) {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/matrices");
    let path = root.join(name);
    if std::env::var("HUILIU_WRITE_DOCS").is_ok_and(|v| v == "1") {
        std::fs::create_dir_all(&root).expect("the folder can be made");
        std::fs::write(&path, text).expect("the file can be written");
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    // One line more than both, so that the end of the shorter one is compared too.
    let (was, is) = (kept.lines().chain(["(the end)"]), text.lines().chain(["(the end)"]));
    let other = was.zip(is).find(|(was, is)| was != is);
    let (was, is) = other.unwrap_or(("(other line ends)", ""));
    assert!(
        kept == text,
        "docs/matrices/{name} is not what the house does:\n  kept: {was}\n  now:  {is}\n\
         If the change is meant: HUILIU_WRITE_DOCS=1 cargo test -p tests -- matrix"
    );
}

#[test]
fn every_verb_in_every_state_does_what_the_file_says() {
    let mut first: Option<String> = None;
    for engine in ["sqlite", "postgres"] {
        let Some(found) = cells::all(engine) else { continue };
        match &first {
            Some(text) => assert_eq!(*text, found.text, "the engines differ"),
            None => checked_in("states.md", &found.text),
        }
        assert!(found.wrong.is_empty(), "on {engine}:\n{}", found.wrong.join("\n"));
        first.get_or_insert(found.text);
    }
}

#[test]
fn every_role_may_what_the_file_says() {
    let Some(house) = open("sqlite") else { return };
    let text = roles::all(&house).expect("the roles can be read");
    checked_in("permissions.md", &text);
}
