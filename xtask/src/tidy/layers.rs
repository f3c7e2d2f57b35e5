//! Which crate may import which: the table of ARCHITECTURE.md as data, held against the manifests.
//! A new edge is one line here and one ADR.
use super::Findings;
use super::house::{House, Manifest};
use toml::Table;

type Names = &'static [&'static str];

const BASE: Names = &["kernel", "meta", "store", "access"];
/// Each may import those left of it.
const GROUND: Names = &["party", "product", "ledger", "policy", "terms"];
const ROOMS: Names =
    &["crm", "sales", "stock", "finance", "purchase", "make", "people", "project", "service"];
const ABOVE: Names = &["flows", "process", "intake", "connect"];
const TOP: Names = &["company", "http", "app"];

const OF_A_ROOM: &[Names] = &[BASE, GROUND];
const ALL: &[Names] = &[BASE, GROUND, ROOMS, ABOVE, TOP];

/// A crate and what it may import; what is not here does not exist.
pub(crate) static LAYERS: &[(&str, &[Names])] = &[
    ("kernel", &[]),
    ("meta", &[&["kernel"]]),
    ("store", &[&["kernel", "meta"]]),
    ("access", &[&["kernel", "meta", "store"]]),
    ("party", &[BASE]),
    ("product", &[BASE, &["party"]]),
    ("ledger", &[BASE, &["party", "product"]]),
    ("policy", &[BASE, &["party", "product", "ledger"]]),
    ("terms", &[BASE, &["party", "product", "ledger", "policy"]]),
    ("crm", OF_A_ROOM),
    ("sales", OF_A_ROOM),
    ("stock", OF_A_ROOM),
    ("finance", OF_A_ROOM),
    ("purchase", OF_A_ROOM),
    ("make", OF_A_ROOM),
    ("people", OF_A_ROOM),
    ("project", OF_A_ROOM),
    ("service", OF_A_ROOM),
    // connect: `flows` lists what it declares, and says whom a fact concerns (ADR 0023).
    ("flows", &[BASE, GROUND, ROOMS, &["connect"]]),
    ("process", &[&["kernel", "meta", "store"]]),
    ("intake", &[&["kernel", "meta", "store", "flows"]]),
    ("connect", &[&["kernel", "store"]]),
    ("company", &[BASE, GROUND, ROOMS, ABOVE]),
    // kernel: its errors, ids and `Ctx` are in every signature that http calls. No room, ever.
    ("http", &[BASE, ABOVE]),
    ("app", ALL),
    ("tests", ALL),
    ("xtask", ALL),
];

/// Tests of any crate may need rows to stand on.
const DEV_DEPENDENCY_OF_ALL: &str = "store";

const SECTIONS: Names = &["dependencies", "dev-dependencies", "build-dependencies"];

pub(crate) fn check(house: &House, findings: &mut Findings) {
    let shared = house.shared_dependencies();
    for manifest in &house.manifests {
        let table = match &manifest.table {
            Ok(table) => table,
            Err(why) => {
                findings.refuse(&manifest.path, 1, why, "make it a manifest that cargo can read");
                continue;
            }
        };
        check_name(manifest, table, findings);
        for (section, name, package) in dependencies(table, &shared) {
            if is_ours(&package) && !may(&manifest.home, &section, &package) {
                let line = manifest.line_of(&section, &name);
                let what = format!("{} imports {package}", manifest.home);
                findings.refuse(&manifest.path, line, what, instead(&manifest.home, &package));
            }
        }
    }
}

/// Every dependency of a manifest: section, name in the source, package.
pub(crate) fn dependencies(table: &Table, shared: &Table) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    let mut collect = |place: &Table, prefix: &str| {
        for section in SECTIONS {
            let Some(names) = place.get(*section).and_then(|s| s.as_table()) else { continue };
            for (name, how) in names {
                let inherited = how.get("workspace").is_some().then(|| shared.get(name)).flatten();
                let package = inherited.unwrap_or(how).get("package").and_then(|p| p.as_str());
                let package = package.unwrap_or(name).to_owned();
                found.push((format!("{prefix}{section}"), name.clone(), package));
            }
        }
    };
    collect(table, "");
    let targets = table.get("target").and_then(|t| t.as_table());
    for (target, place) in targets.into_iter().flatten() {
        if let Some(place) = place.as_table() {
            collect(place, &format!("target.{target}."));
        }
    }
    found
}

fn check_name(manifest: &Manifest, table: &Table, findings: &mut Findings) {
    let home = &manifest.home;
    let package = table.get("package").and_then(|p| p.get("name")).and_then(|n| n.as_str());
    if package != Some(home) {
        let what = format!("the package of the folder {home} is called {package:?}");
        findings.refuse(&manifest.path, 1, what, "give folder and package one name");
    }
    if !is_ours(home) {
        let what = format!("the crate {home} is in no layer");
        findings.refuse(&manifest.path, 1, what, "add it to xtask/src/tidy/layers.rs with an ADR");
    }
}

fn is_ours(name: &str) -> bool {
    LAYERS.iter().any(|(layer, _)| *layer == name)
}

fn may(home: &str, section: &str, package: &str) -> bool {
    let row = LAYERS.iter().find(|(layer, _)| *layer == home);
    let in_row = row.is_some_and(|(_, names)| names.iter().any(|some| some.contains(&package)));
    in_row || (section.ends_with("dev-dependencies") && package == DEV_DEPENDENCY_OF_ALL)
}

fn instead(home: &str, package: &str) -> &'static str {
    if ROOMS.contains(&home) && ROOMS.contains(&package) {
        "a room never imports a sibling: take the value as an argument, flows brings it"
    } else if home == "http" {
        "http knows no room: let flows answer"
    } else if GROUND.contains(&home) && GROUND.contains(&package) {
        "on the ground floor each imports only those left of it: party product ledger policy terms"
    } else {
        "the layers (ARCHITECTURE.md) have no such edge: pass the value in, or write the ADR first"
    }
}

#[cfg(test)]
mod tests {
    use super::super::found;
    use super::*;

    fn manifest_of(home: &str, rest: &str) -> Vec<String> {
        let path = format!("crates/{home}/Cargo.toml");
        let text = format!("[package]\nname = \"{home}\"\n{rest}");
        found(check, &[(&path, &text)])
    }

    #[test]
    fn a_room_that_imports_its_sibling_is_refused() {
        let said =
            manifest_of("sales", "[dependencies]\nkernel.workspace = true\ncrm.workspace = true\n");
        assert_eq!(
            said,
            ["crates/sales/Cargo.toml:5: sales imports crm; a room never imports a sibling: \
             take the value as an argument, flows brings it"]
        );
    }

    #[test]
    fn the_ground_floor_imports_only_to_the_left() {
        assert!(manifest_of("ledger", "[dependencies]\nparty.workspace = true\n").is_empty());
        assert_eq!(manifest_of("party", "[dependencies]\nledger.workspace = true\n").len(), 1);
    }

    #[test]
    fn http_knows_no_room_and_process_no_ground_floor() {
        assert_eq!(manifest_of("http", "[dependencies]\nsales.workspace = true\n").len(), 1);
        assert_eq!(manifest_of("process", "[dependencies]\nparty.workspace = true\n").len(), 1);
        assert_eq!(manifest_of("company", "[dependencies]\nhttp.workspace = true\n").len(), 1);
    }

    #[test]
    fn store_may_serve_the_tests_of_any_crate_but_nothing_else_may() {
        assert!(manifest_of("kernel", "[dev-dependencies]\nstore.workspace = true\n").is_empty());
        assert_eq!(manifest_of("kernel", "[dev-dependencies]\nmeta.workspace = true\n").len(), 1);
    }

    #[test]
    fn another_name_or_another_target_hides_nothing() {
        let renamed = "[dependencies]\nfriend = { package = \"crm\", path = \"../crm\" }\n";
        assert_eq!(manifest_of("sales", renamed).len(), 1);
        let targeted = "[target.'cfg(unix)'.dependencies]\ncrm.workspace = true\n";
        assert_eq!(manifest_of("sales", targeted).len(), 1);
    }

    #[test]
    fn a_crate_outside_the_table_is_refused() {
        assert_eq!(manifest_of("billing", "").len(), 1);
    }

    #[test]
    fn the_table_has_no_circle() {
        let mut done: Vec<&str> = Vec::new();
        while done.len() < LAYERS.len() {
            let before = done.len();
            for (name, names) in LAYERS {
                let ready = |n: &str| done.contains(&n) || (names == &ALL && TOP.contains(&n));
                if !done.contains(name) && names.iter().copied().flatten().all(|n| ready(n)) {
                    done.push(name);
                }
            }
            assert!(done.len() > before, "a circle among what is not in {done:?}");
        }
    }
}
