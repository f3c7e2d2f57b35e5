//! Files that follow from declarations: the first migration, `docs/facts.md`. Written, or checked.
use std::path::Path;
use std::process::ExitCode;

/// What the verb is for, for the usage text.
pub(crate) const PURPOSE: &str = "write what follows from declarations (migration, docs/facts.md)";

/// Writes every made file; with `check`, fails where one differs from what it would write.
pub(crate) fn run(root: &Path, check: bool) -> ExitCode {
    let files = [
        ("crates/store/migrations/0001_init.sql", store::schema::ddl(&flows::entities())),
        (
            "crates/store/migrations/sqlite_statistics.sql",
            store::schema::lite_statistics(&flows::entities()),
        ),
        ("docs/facts.md", facts()),
    ];
    let mut stale = 0;
    for (name, text) in files {
        let path = root.join(name);
        let old = std::fs::read_to_string(&path).unwrap_or_default();
        if old == text {
            continue;
        }
        if check {
            eprintln!("{name}: differs from the declarations; run `cargo run -p xtask -- made`");
            stale += 1;
        } else if let Err(e) = std::fs::write(&path, text) {
            eprintln!("{name}: {e}");
            stale += 1;
        } else {
            println!("{name}: written");
        }
    }
    if stale == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn facts() -> String {
    let mut out = String::from(
        "# Facts\n\nMade by `cargo run -p xtask -- made` from the rooms' `facts.rs`. A name is \
         declared once and never reused. Where `kpi.yaml` has a name for it, the fact bears it.\n\n\
         | activity | room | what happened |\n|---|---|---|\n",
    );
    let mut all = flows::activities();
    all.sort_by_key(|(_, fact)| fact.name);
    all.dedup_by_key(|(_, fact)| fact.name);
    for (room, fact) in all {
        out.push_str(&format!("| `{}` | {room} | {} |\n", fact.name, fact.says));
    }
    out
}
