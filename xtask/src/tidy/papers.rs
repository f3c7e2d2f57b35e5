//! Papers that must agree with the code: reasons for dependencies, migrations that were released.
use super::Findings;
use super::house::House;
use super::layers::dependencies;

const REASONS: &str = "docs/deps.md";
const MIGRATIONS: &str = "crates/store/migrations/";
const HASHES: &str = "crates/store/migrations/hashes.txt";

/// Every dependency of others has its line in `docs/deps.md`, and comes in through the workspace.
pub(crate) fn check_dependencies(house: &House, findings: &mut Findings) {
    let shared = house.shared_dependencies();
    let reasons = house.text(REASONS).unwrap_or_default();
    let explained = explained(reasons);
    for (name, how) in &shared {
        if how.get("path").is_none() && !explained.iter().any(|(_, told)| told == name) {
            let line = line_with(house.text("Cargo.toml").unwrap_or_default(), name);
            let what = format!("nobody says why we depend on {name}");
            findings.refuse("Cargo.toml", line, what, format!("add its line to {REASONS}"));
        }
    }
    for (line, name) in &explained {
        if !shared.contains_key(name) {
            let what = format!("{name} is no dependency of the workspace");
            findings.refuse(REASONS, *line, what, "remove the line");
        }
    }
    for manifest in &house.manifests {
        let Ok(table) = &manifest.table else { continue };
        for (section, name, package) in dependencies(table, &shared) {
            if !shared.contains_key(&name) {
                let line = manifest.line_of(&section, &name);
                let what = format!("{package} does not come from the workspace");
                let todo = "put it into [workspace.dependencies] and write workspace = true";
                findings.refuse(&manifest.path, line, what, todo);
            }
        }
    }
}

/// A migration whose hash was written down never changes again.
pub(crate) fn check_migrations(house: &House, findings: &mut Findings) {
    let Some(hashes) = house.text(HASHES) else { return };
    for (index, line) in hashes.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let Some((name, wanted)) = line.split_once(char::is_whitespace) else {
            findings.refuse(HASHES, index + 1, format!("{line:?} is no line"), "write: FILE HASH");
            continue;
        };
        let path = format!("{MIGRATIONS}{name}");
        match house.text(&path) {
            None => {
                let what = format!("the released migration {name} is gone");
                findings.refuse(HASHES, index + 1, what, "bring it back as it was");
            }
            Some(text) if hash(text) != wanted.trim() => {
                let what = format!("the released migration changed: its hash is {}", hash(text));
                findings.refuse(&path, 1, what, "put it back and write a new migration");
            }
            Some(_) => {}
        }
    }
}

/// FNV-1a of 64 bits: against a slip of the hand, not against a forger.
pub(crate) fn hash(text: &str) -> String {
    let step = |sum: u64, byte: u8| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    format!("{:016x}", text.bytes().fold(0xcbf2_9ce4_8422_2325, step))
}

/// The names in the first column of the file's tables, each with its line.
fn explained(reasons: &str) -> Vec<(usize, String)> {
    let name = |line: &str| {
        let cell = line.strip_prefix("| `")?;
        Some(cell.split_once('`')?.0.to_owned())
    };
    let lines = reasons.lines().enumerate();
    lines.filter_map(|(index, line)| Some((index + 1, name(line)?))).collect()
}

fn line_with(manifest: &str, name: &str) -> usize {
    let names = |line: &str| line.split([' ', '.', '=']).next() == Some(name);
    manifest.lines().position(names).map_or(1, |index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::super::found;
    use super::*;

    const WORKSPACE: (&str, &str) =
        ("Cargo.toml", "[workspace.dependencies]\nkernel = { path = \"k\" }\ncsv = \"1.4\"\n");

    #[test]
    fn a_dependency_without_a_reason_is_refused() {
        assert_eq!(
            found(check_dependencies, &[WORKSPACE]),
            ["Cargo.toml:3: nobody says why we depend on csv; add its line to docs/deps.md"]
        );
        let reasons = ("docs/deps.md", "| `csv` | reads what people export | MIT |\n");
        assert!(found(check_dependencies, &[WORKSPACE, reasons]).is_empty());
    }

    #[test]
    fn a_reason_without_a_dependency_is_refused() {
        let reasons = ("docs/deps.md", "| `csv` | a |\n| `serde` | b |\n");
        assert_eq!(
            found(check_dependencies, &[WORKSPACE, reasons]),
            ["docs/deps.md:2: serde is no dependency of the workspace; remove the line"]
        );
    }

    #[test]
    fn a_crate_takes_its_dependencies_from_the_workspace() {
        let reasons = ("docs/deps.md", "| `csv` | a |\n");
        let of = |line: &str| {
            let text = format!("[package]\nname = \"intake\"\n[dependencies]\n{line}\n");
            found(check_dependencies, &[WORKSPACE, reasons, ("crates/intake/Cargo.toml", &text)])
        };
        assert!(of("csv.workspace = true").is_empty());
        assert_eq!(of("regex = \"1\"").len(), 1);
    }

    #[test]
    fn a_released_migration_never_changes() {
        let sql = ("crates/store/migrations/0001_init.sql", "CREATE TABLE a (b BIGINT);\n");
        let list = format!("# FILE HASH\n0001_init.sql {}\n", hash(sql.1));
        let hashes = (HASHES, list.as_str());
        assert!(found(check_migrations, &[sql, hashes]).is_empty());
        assert!(found(check_migrations, &[sql]).is_empty());
        assert_eq!(found(check_migrations, &[hashes]).len(), 1);
        let changed = (sql.0, "CREATE TABLE a (b TEXT);\n");
        assert!(found(check_migrations, &[changed, hashes])[0].contains("migration changed"));
    }

    #[test]
    fn the_hash_is_the_known_one() {
        assert_eq!(hash("a"), "af63dc4c8601ec8c");
    }
}
