//! Doors to the outside that only some crates may open: database drivers, the web framework,
//! environment, clock and chance.
use super::Findings;
use super::house::{House, Manifest, Source};
use super::layers::dependencies;
use toml::Table;

struct Door {
    name: &'static str,
    /// Who may open it.
    keepers: &'static [&'static str],
    /// Packages that are the door.
    packages: &'static [&'static str],
    /// Paths in the source that lead through it.
    paths: &'static [&'static str],
    /// Code compiled for tests only may pass.
    open_to_tests: bool,
    instead: &'static str,
}

static DOORS: &[Door] = &[
    Door {
        name: "the database drivers",
        keepers: &["store"],
        packages: &["rusqlite", "libsqlite3-sys", "tokio-postgres", "postgres"],
        paths: &["rusqlite::", "tokio_postgres::", "postgres::"],
        open_to_tests: false,
        instead: "only store names a driver: use its Tx",
    },
    Door {
        name: "the web framework",
        keepers: &["http"],
        packages: &["axum"],
        paths: &["axum::"],
        open_to_tests: false,
        instead: "only http names axum",
    },
    Door {
        name: "the environment",
        keepers: &["app", "tests", "xtask"],
        packages: &[],
        paths: &["std::env", "env::"],
        open_to_tests: true,
        instead: "only app reads it: take the value as an argument",
    },
    Door {
        name: "the clock",
        keepers: &["app", "tests", "xtask"],
        packages: &[],
        paths: &["SystemTime::now", "Instant::now", "Zoned::now", "Timestamp::now"],
        open_to_tests: true,
        instead: "only app reads it: time comes in through Ctx",
    },
    Door {
        name: "chance",
        keepers: &["app", "tests", "xtask"],
        packages: &["rand", "fastrand", "getrandom", "uuid"],
        paths: &["rand::", "fastrand::", "getrandom::", "Uuid::new_v4"],
        open_to_tests: true,
        instead: "randomness comes in through Ctx, so that a seed replays",
    },
];

struct Exception {
    door: &'static str,
    file: &'static str,
    reason: &'static str,
}

/// Files that may pass a door of others, each with its reason. One that nobody needs must go.
static EXCEPTIONS: &[Exception] = &[
    Exception {
        door: "the clock",
        file: "crates/store/src/engine.rs",
        reason: "a group of commands closes after 20 ms of real time; no row or fact sees it",
    },
    Exception {
        door: "the database drivers",
        file: "crates/process/Cargo.toml",
        reason: "OCEL logs of other systems come as SQLite files (ADR 0010)",
    },
    Exception {
        door: "the database drivers",
        file: "crates/process/src/read/ocel_sqlite.rs",
        reason: "reads such a file",
    },
    Exception {
        door: "the database drivers",
        file: "crates/process/src/write/ocel_sqlite.rs",
        reason: "writes such a file",
    },
    Exception {
        door: "the environment",
        file: "crates/http/build.rs",
        reason: "cargo tells a build script by the environment where the web app's files are",
    },
];

pub(crate) fn check(house: &House, findings: &mut Findings) {
    check_against(house, EXCEPTIONS, findings);
}

fn check_against(house: &House, exceptions: &[Exception], findings: &mut Findings) {
    let shared = house.shared_dependencies();
    for door in DOORS {
        for manifest in house.manifests.iter().filter(|m| !door.keepers.contains(&&*m.home)) {
            let excepted = |e: &Exception| e.door == door.name && e.file == manifest.path;
            if !exceptions.iter().any(excepted) {
                check_manifest(door, manifest, &shared, findings);
            }
        }
        for source in house.sources.iter().filter(|s| !door.keepers.contains(&&*s.home)) {
            let passes = passes(door, source);
            let excepted = |e: &&Exception| e.door == door.name && e.file == source.path;
            match exceptions.iter().find(excepted) {
                None => passes.iter().for_each(|(line, path)| {
                    let what = format!("{path} is a door to {}", door.name);
                    findings.refuse(&source.path, *line, what, door.instead);
                }),
                Some(idle) if passes.is_empty() => {
                    let what = format!("needs no exception for {} ({})", door.name, idle.reason);
                    findings.refuse(&source.path, 1, what, "remove it from EXCEPTIONS");
                }
                Some(_) => {}
            }
        }
    }
}

fn check_manifest(door: &Door, manifest: &Manifest, shared: &Table, findings: &mut Findings) {
    let Ok(table) = &manifest.table else { return };
    for (section, name, package) in dependencies(table, shared) {
        if door.packages.contains(&&*package) {
            let line = manifest.line_of(&section, &name);
            let what = format!("{package} is a door to {}", door.name);
            findings.refuse(&manifest.path, line, what, door.instead);
        }
    }
}

/// Where the source goes through the door, once a line.
fn passes<'a>(door: &'a Door, source: &Source) -> Vec<(usize, &'a str)> {
    let mut passes = Vec::new();
    for path in door.paths {
        for at in source.code.places_of(path) {
            let is_own_module = path.ends_with("::") && is_inside_a_path(source, at);
            let is_open = door.open_to_tests && source.is_test(at);
            if !is_own_module && !is_open {
                passes.push((source.code.line(at), *path));
            }
        }
    }
    passes.sort_unstable();
    passes.dedup_by_key(|(line, _)| *line);
    passes
}

/// `store::postgres::` is our own module, `std::env::` is found by its longer name.
fn is_inside_a_path(source: &Source, at: usize) -> bool {
    let before = source.code.text[..at].strip_suffix("::");
    before.is_some_and(|b| b.ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

#[cfg(test)]
mod tests {
    use super::super::found;
    use super::*;

    fn source(home: &str, code: &str) -> Vec<String> {
        found(check, &[(&format!("crates/{home}/src/order.rs"), code)])
    }

    #[test]
    fn only_store_names_a_driver() {
        assert_eq!(
            source("sales", "use rusqlite::Connection;"),
            ["crates/sales/src/order.rs:1: rusqlite:: is a door to the database drivers; \
             only store names a driver: use its Tx"]
        );
        assert!(source("store", "use rusqlite::Connection;").is_empty());
        assert!(source("app", "use store::postgres::Pool; // rusqlite::").is_empty());
        let manifest =
            "[package]\nname = \"sales\"\n[dependencies]\ntokio-postgres.workspace = true\n";
        assert_eq!(found(check, &[("crates/sales/Cargo.toml", manifest)]).len(), 1);
    }

    #[test]
    fn only_http_names_axum() {
        assert_eq!(source("app", "axum::serve(listener, router)").len(), 1);
        assert!(source("http", "axum::serve(listener, router)").is_empty());
    }

    #[test]
    fn only_app_reads_environment_clock_and_chance() {
        assert_eq!(source("store", "let url = std::env::var(\"URL\");").len(), 1);
        assert_eq!(source("store", "use std::{env, fs};\nlet url = env::var(\"URL\");").len(), 1);
        assert_eq!(source("sales", "let now = std::time::Instant::now();").len(), 1);
        assert_eq!(source("company", "let n = rand::random();").len(), 1);
        assert!(source("app", "let now = std::time::SystemTime::now();").is_empty());
        assert!(source("store", "const VERSION: &str = env!(\"CARGO_PKG_VERSION\");").is_empty());
    }

    #[test]
    fn tests_may_read_the_environment_but_name_no_driver() {
        assert!(source("store", "#[cfg(test)]\nmod t { use std::env; }").is_empty());
        assert_eq!(source("sales", "#[cfg(test)]\nmod t { use rusqlite::Row; }").len(), 1);
    }

    #[test]
    fn an_exception_opens_one_door_in_one_file_and_must_be_needed() {
        let exceptions = [Exception {
            door: "the clock",
            file: "crates/store/src/a.rs",
            reason: "a group's 5 ms",
        }];
        let said = |text: &str| {
            let files = [("crates/store/src/a.rs".to_owned(), text.to_owned())];
            let mut findings = Findings::default();
            check_against(&House::of(files.into()), &exceptions, &mut findings);
            findings.0.len()
        };
        assert_eq!(said("let began = Instant::now();"), 0);
        assert_eq!(said("let began = 0;"), 1);
        assert_eq!(said("let began = Instant::now(); let home = std::env::var(\"HOME\");"), 1);
    }
}
