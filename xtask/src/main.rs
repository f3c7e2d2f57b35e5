//! The repository's own tool: `cargo run -p xtask -- VERB`. One module a verb; no rule lives here.
mod made;
mod migration;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The command line was not understood.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let verb = std::env::args().nth(1);
    let Some(root) = std::env::current_dir().ok().and_then(|here| root_above(&here)) else {
        eprintln!("error: no Cargo.toml with [workspace] here or above");
        return ExitCode::from(USAGE);
    };
    match verb.as_deref() {
        Some("tidy") => tidy::run(&root),
        Some("made") => made::run(&root, std::env::args().nth(2).as_deref() == Some("--check")),
        Some("migration") => migration::run(std::env::args().nth(2).as_deref()),
        _ => {
            eprintln!(
                "usage: cargo run -p xtask -- VERB\n\nverbs:\n  tidy            {}\n  \
                 made [--check]  {}\n  migration FILE  {}",
                tidy::PURPOSE,
                made::PURPOSE,
                migration::PURPOSE
            );
            ExitCode::from(USAGE)
        }
    }
}

/// The nearest folder that holds the workspace's manifest.
fn root_above(here: &Path) -> Option<PathBuf> {
    let holds_workspace = |folder: &&Path| {
        std::fs::read_to_string(folder.join("Cargo.toml"))
            .is_ok_and(|manifest| manifest.lines().any(|line| line.trim() == "[workspace]"))
    };
    here.ancestors().find(holds_workspace).map(Path::to_path_buf)
}
