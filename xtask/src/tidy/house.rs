//! The files of the repository, read once: the only part of `tidy` that touches the disk.
use super::code::Code;
use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use toml::Table;

/// Text files that some check reads; anything else stays closed.
const READ: &[&str] = &["rs", "toml", "ftl", "md", "sql", "txt"];
/// Folders made by tools. Hidden ones (`.git`, `.demo`) are left out as well.
const MADE_BY_TOOLS: &[&str] = &["target", "node_modules", "dist"];

pub(crate) struct House {
    /// By path from the root, with `/` on every system.
    pub(crate) files: BTreeMap<String, String>,
    pub(crate) sources: Vec<Source>,
    /// The crates' manifests, without the workspace's own.
    pub(crate) manifests: Vec<Manifest>,
}

/// One `.rs` file.
pub(crate) struct Source {
    pub(crate) path: String,
    /// The crate that it belongs to, by folder.
    pub(crate) home: String,
    pub(crate) text: String,
    pub(crate) code: Code,
    /// The whole file is compiled for tests only.
    pub(crate) only_tests: bool,
}

pub(crate) struct Manifest {
    pub(crate) path: String,
    pub(crate) home: String,
    pub(crate) text: String,
    /// What cargo would read; the error's text if it could not.
    pub(crate) table: Result<Table, String>,
}

impl House {
    pub(crate) fn read(root: &Path) -> Result<Self, String> {
        let mut files = BTreeMap::new();
        read_folder(root, "", &mut files).map_err(|why| format!("{}: {why}", root.display()))?;
        Ok(Self::of(files))
    }

    pub(crate) fn of(files: BTreeMap<String, String>) -> Self {
        let ending =
            |ending: &'static str| files.iter().filter(move |(path, _)| path.ends_with(ending));
        let sources = ending(".rs").map(|(path, text)| Source::of(path, text)).collect();
        let manifests = ending("/Cargo.toml")
            .map(|(path, text)| Manifest {
                path: path.clone(),
                home: home_of(path).to_owned(),
                text: text.clone(),
                table: text.parse::<Table>().map_err(|why| why.message().to_owned()),
            })
            .collect();
        Self { sources, manifests, files }
    }

    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// Files right under or below a folder whose name ends so.
    pub(crate) fn under<'a>(
        &'a self,
        folder: &'a str,
        ending: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.files
            .iter()
            .filter(move |(path, _)| path.starts_with(folder) && path.ends_with(ending))
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The workspace's own manifest.
    pub(crate) fn workspace(&self) -> Table {
        self.text("Cargo.toml").and_then(|text| text.parse().ok()).unwrap_or_default()
    }

    /// The dependencies that all crates draw from.
    pub(crate) fn shared_dependencies(&self) -> Table {
        let workspace = self.workspace();
        let dependencies = workspace.get("workspace").and_then(|w| w.get("dependencies"));
        dependencies.and_then(|d| d.as_table()).cloned().unwrap_or_default()
    }
}

impl Source {
    fn of(path: &str, text: &str) -> Self {
        let home = home_of(path).to_owned();
        let parts = || path.split('/');
        let only_tests = parts().any(|part| part == "tests" || part == "tests.rs");
        Self {
            path: path.to_owned(),
            home,
            text: text.to_owned(),
            code: Code::of(text),
            only_tests,
        }
    }

    /// Whether the place is compiled for tests only.
    pub(crate) fn is_test(&self, at: usize) -> bool {
        self.only_tests || self.code.is_test(at)
    }
}

impl Manifest {
    /// The line that names the dependency in the section, or that opens the section.
    pub(crate) fn line_of(&self, section: &str, name: &str) -> usize {
        let mut inside = false;
        let mut best = 1;
        for (index, line) in self.text.lines().enumerate() {
            let line = line.trim();
            if let Some(header) = line.strip_prefix('[') {
                let header = header.trim_end_matches(']');
                if header == format!("{section}.{name}") {
                    return index + 1;
                }
                inside = header == section;
                if inside {
                    best = index + 1;
                }
            } else if inside && line.split([' ', '.', '=']).next() == Some(name) {
                return index + 1;
            }
        }
        best
    }
}

/// `crates/sales/src/order.rs` lives in `sales`, `tests/stories/order.rs` in `tests`.
fn home_of(path: &str) -> &str {
    let mut parts = path.split('/');
    match parts.next() {
        Some("crates") => parts.next().unwrap_or_default(),
        first => first.unwrap_or_default(),
    }
}

fn read_folder(root: &Path, inside: &str, into: &mut BTreeMap<String, String>) -> io::Result<()> {
    for entry in std::fs::read_dir(root.join(inside))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if inside.is_empty() { name.clone() } else { format!("{inside}/{name}") };
        if entry.file_type()?.is_dir() {
            if !name.starts_with('.') && !MADE_BY_TOOLS.contains(&name.as_str()) {
                read_folder(root, &path, into)?;
            }
        } else if READ.iter().any(|ending| name.rsplit_once('.').is_some_and(|n| n.1 == *ending)) {
            let bytes = std::fs::read(entry.path())?;
            into.insert(path, String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_lives_in_the_crate_of_its_folder() {
        assert_eq!(home_of("crates/sales/src/order.rs"), "sales");
        assert_eq!(home_of("tests/stories/order.rs"), "tests");
        assert_eq!(home_of("xtask/src/main.rs"), "xtask");
    }

    #[test]
    fn a_dependency_is_found_in_its_own_section() {
        let text = "[dependencies]\nkernel.workspace = true\n[dev-dependencies]\nkernel = \"1\"\n";
        let files = [("crates/sales/Cargo.toml".to_owned(), text.to_owned())];
        let house = House::of(files.into());
        assert_eq!(house.manifests[0].line_of("dependencies", "kernel"), 2);
        assert_eq!(house.manifests[0].line_of("dev-dependencies", "kernel"), 4);
    }
}
