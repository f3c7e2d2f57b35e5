//! Copies, audit and upgrades by the real program: what it ends with when something is wrong.
use kernel::Instant;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use store::{Store, Target};

/// A folder of a company with three orders; gone when the test is over.
struct Dir(PathBuf);

impl Dir {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("hl_app_{name}_{}", std::process::id()));
        std::fs::remove_dir_all(&path).ok();
        std::fs::create_dir_all(&path).unwrap();
        let dir = Self(path);
        let filled = dir.run("live", &["bench", "fill", "--orders", "3"]);
        assert!(filled.status.success(), "{filled:?}");
        dir
    }
    fn run(&self, data: &str, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_huiliu"));
        command.env("LC_ALL", "en_GB.UTF-8").env_remove("HUILIU_DATABASE");
        command.args(args).arg("--data").arg(self.0.join(data)).output().unwrap()
    }
    fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
    fn script(&self, text: &str) {
        let store = Store::open(&Target::File(self.0.join("live/huiliu.db")), Instant(0)).unwrap();
        store.script(text).unwrap();
    }
}
impl Drop for Dir {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

/// Exit code and everything that was said.
fn end(output: &Output) -> (i32, String) {
    let said = [&output.stdout[..], &output.stderr[..]].concat();
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&said).into_owned())
}

fn flip(path: &Path) {
    let mut bytes = std::fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn a_copy_is_made_listed_put_back_and_proved_and_a_damaged_one_ends_with_five() {
    let dir = Dir::new("copy");
    let copies = dir.path("copies");
    let (code, said) = end(&dir.run("live", &["backup", "--to", &copies]));
    assert!(code == 0 && said.contains("everything that was acknowledged before"), "{said}");
    let (code, said) = end(&dir.run("back", &["restore", "--from", &copies, "--list"]));
    assert!(code == 0 && said.contains("points"), "{said}");
    let (code, said) = end(&dir.run("back", &["restore", "--from", &copies]));
    assert!(code == 0 && said.contains("0 things broken"), "{said}");
    let (code, said) = end(&dir.run("back", &["restore", "--from", &copies]));
    assert!(code == 1 && said.contains("restore.not_empty"), "{said}");
    let early = ["restore", "--from", &copies, "--at", "2020-01-01T00:00:00Z"];
    let (code, said) = end(&dir.run("other", &early));
    assert!(code == 1 && said.contains("backup.not_so_early"), "{said}");
    let generations = std::fs::read_dir(dir.0.join("copies/generations")).unwrap();
    let generation = generations.last().unwrap().unwrap().path();
    flip(&generation.join("base.db"));
    let (code, said) = end(&dir.run("third", &["restore", "--from", &copies]));
    assert!(code == 5 && said.contains("backup.damaged"), "{said}");
    let (code, said) = end(&dir.run("nowhere", &["backup", "--to", &copies]));
    assert!(code == 1 && said.contains("backup.nothing"), "{said}");
}

#[test]
fn a_database_of_a_newer_program_ends_with_six() {
    let dir = Dir::new("newer");
    dir.script("INSERT INTO schema_version (number, digest) VALUES (9999, 'x')");
    let (code, said) = end(&dir.run("live", &["check"]));
    assert!(code == 6 && said.contains("newer than this program"), "{said}");
    let (code, said) = end(&dir.run("live", &["audit", "verify"]));
    assert!(code == 6 && said.contains("store.schema_newer"), "{said}");
}

#[test]
fn an_altered_fact_ends_with_one_and_is_named_and_a_cut_chain_is_seen_by_a_kept_head() {
    let dir = Dir::new("audit");
    let heads = dir.path("heads");
    let (code, said) = end(&dir.run("live", &["audit", "head", "--out", &heads]));
    assert!(code == 0 && said.contains("hash"), "{said}");
    let proved = ["audit", "verify", "--against", &heads];
    let (code, said) = end(&dir.run("live", &proved));
    assert!(code == 0 && said.contains("0 things broken"), "{said}");
    let newest = "WHERE seq = (SELECT MAX(seq) FROM fact_seal)";
    dir.script(&format!(
        "CREATE TABLE gone AS SELECT * FROM fact_seal {newest}; DELETE FROM fact_seal {newest}; \
         DELETE FROM object_change WHERE fact_id IN (SELECT fact_id FROM gone); \
         DELETE FROM fact_object WHERE fact_id IN (SELECT fact_id FROM gone); \
         DELETE FROM fact WHERE id IN (SELECT fact_id FROM gone); DROP TABLE gone"
    ));
    let (code, said) = end(&dir.run("live", &["audit", "verify"]));
    assert!(code == 0, "a chain that was cut clean is whole for who kept no head: {said}");
    let (code, said) = end(&dir.run("live", &proved));
    assert!(code == 1 && said.contains("The chain was cut"), "{said}");
    dir.script("UPDATE fact SET reason = 'other' WHERE id = (SELECT MIN(id) FROM fact)");
    let (code, said) = end(&dir.run("live", &["audit", "verify", "--json"]));
    assert!(code == 1 && said.contains("fact.changed"), "{said}");
    let (code, said) = end(&dir.run("live", &["audit", "verify", "--against", &dir.path("none")]));
    assert!(code == 1 && said.contains("audit.no_heads"), "{said}");
}

#[test]
fn the_journal_is_written_by_the_ending_of_its_name() {
    let dir = Dir::new("journal");
    for name in ["books.csv", "books.journal"] {
        let (code, said) = end(&dir.run("live", &["export", "journal", "--out", &dir.path(name)]));
        assert!(code == 0 && said.contains("entries were written"), "{said}");
        assert!(std::fs::metadata(dir.0.join(name)).unwrap().len() > 1000);
    }
    let (code, said) = end(&dir.run("live", &["export", "journal", "--out", &dir.path("x.doc")]));
    assert!(code == 1 && said.contains("export.journal_format"), "{said}");
    let of = ["export", "journal", "--company", "NONE", "--out", &dir.path("y.csv")];
    let (code, said) = end(&dir.run("live", &of));
    assert!(code == 1 && said.contains("export.no_company"), "{said}");
}
