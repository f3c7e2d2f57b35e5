//! Several tenants by the real program: added, named, copied, put back, moved beside another.
use std::path::PathBuf;
use std::process::{Command, Output};

/// A folder of folders; gone when the test is over.
struct Dir(PathBuf);

impl Dir {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("hl_app_{name}_{}", std::process::id()));
        std::fs::remove_dir_all(&path).ok();
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
    /// Exit code and everything that was said.
    fn run(&self, data: &str, args: &[&str]) -> (i32, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_huiliu"));
        command.env("LC_ALL", "en_GB.UTF-8");
        for name in ["HUILIU_DATABASE", "HUILIU_TENANT"] {
            command.env_remove(name);
        }
        let done: Output =
            command.args(args).arg("--data").arg(self.0.join(data)).output().unwrap();
        let said = [&done.stdout[..], &done.stderr[..]].concat();
        (done.status.code().unwrap_or(-1), String::from_utf8_lossy(&said).into_owned())
    }
    fn fine(&self, data: &str, args: &[&str]) -> String {
        let (code, said) = self.run(data, args);
        assert_eq!(code, 0, "{args:?}: {said}");
        said
    }
    fn refused(&self, data: &str, args: &[&str], with: &str) {
        let (code, said) = self.run(data, args);
        assert!(code != 0 && said.contains(with), "{args:?}: {code} {said}");
    }
    fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}
impl Drop for Dir {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

#[test]
fn a_tenant_has_a_file_of_its_own_and_of_several_one_must_be_named() {
    let dir = Dir::new("tenants");
    dir.fine("d", &["bench", "fill", "--orders", "2"]);
    dir.fine("d", &["check"]);
    dir.fine("d", &["tenant", "add", "acme", "--name", "Acme", "--host", "acme.example.com"]);
    assert!(dir.0.join("d/huiliu.db").exists() && dir.0.join("d/tenants/acme/huiliu.db").exists());
    dir.refused("d", &["check"], "tenant.several");
    let (_, said) = dir.run("d", &["check"]);
    assert!(said.contains("main, acme"), "{said}");
    dir.refused("d", &["check", "--tenant", "nobody"], "tenant.unknown");
    let (_, said) = dir.run("d", &["check", "--tenant", "nobody"]);
    assert!(said.contains("main, acme"), "{said}");
    for code in ["main", "acme"] {
        let said = dir.fine("d", &["check", "--tenant", code]);
        assert!(said.contains("0 things broken"), "{said}");
        dir.fine("d", &["audit", "verify", "--tenant", code]);
    }
    let listed = dir.fine("d", &["tenant", "list"]);
    assert!(listed.contains("main") && listed.contains("acme.example.com"), "{listed}");
    let add = |code: &str, host: &str, with: &str| {
        dir.refused("d", &["tenant", "add", code, "--name", "x", "--host", host], with);
    };
    add("acme", "x.example.com", "tenant.code_taken");
    add("main", "x.example.com", "tenant.code_taken");
    add("../x", "x.example.com", "tenant.code_invalid");
    add("other", "ACME.example.com", "tenant.host_taken");
    assert!(!dir.0.join("d/tenants/other").exists(), "a refusal leaves nothing");
    dir.fine("d", &["tenant", "close", "acme"]);
    assert!(dir.fine("d", &["tenant", "list"]).contains("closed"));
}

#[test]
fn a_lost_tenant_is_put_back_and_the_others_are_as_they_were() {
    let dir = Dir::new("tenant_copies");
    dir.fine("d", &["tenant", "add", "one", "--name", "One"]);
    dir.fine("d", &["tenant", "add", "two", "--name", "Two"]);
    dir.fine("d", &["bench", "fill", "--orders", "2", "--tenant", "two"]);
    let copies = dir.path("copies");
    dir.fine("d", &["backup", "--to", &copies, "--tenant", "two"]);
    std::fs::remove_dir_all(dir.0.join("d/tenants/two")).unwrap();
    dir.refused("d", &["check", "--tenant", "two"], "tenant.unknown");
    let said = dir.fine("d", &["restore", "--from", &copies, "--tenant", "two"]);
    assert!(said.contains("0 things broken"), "{said}");
    dir.refused("d", &["restore", "--from", &copies, "--tenant", "two"], "restore.not_empty");
    let listed = dir.fine("d", &["tenant", "list"]);
    assert!(listed.contains("One") && listed.contains("two"), "{listed}");
}

/// A database of one's own in the test's PostgreSQL; gone when the test is over.
struct Database {
    url: String,
    name: String,
}

impl Database {
    fn new() -> Option<Self> {
        let Ok(url) = std::env::var("HUILIU_TEST_PG") else {
            println!("skipped: HUILIU_TEST_PG is not set, a move needs PostgreSQL");
            return None;
        };
        let name = format!("tenants_{}", std::process::id());
        psql(&url, &format!("CREATE DATABASE {name}"));
        Some(Self { url, name })
    }
    fn place(&self) -> String {
        format!("{} dbname={}", self.url, self.name)
    }
}
impl Drop for Database {
    fn drop(&mut self) {
        psql(&self.url, &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

fn psql(url: &str, text: &str) {
    let done = Command::new("psql").args([url, "--quiet", "--command", text]).output().unwrap();
    assert!(done.status.success(), "{done:?}");
}

#[test]
fn two_tenants_move_into_one_database_and_a_third_of_the_same_id_is_refused() {
    let Some(database) = Database::new() else { return };
    let (dir, to) = (Dir::new("tenant_moves"), database.place());
    for data in ["d", "other"] {
        dir.fine(data, &["bench", "fill", "--orders", "2"]);
    }
    dir.fine("d", &["tenant", "add", "acme", "--name", "Acme"]);
    dir.fine("d", &["bench", "fill", "--orders", "2", "--tenant", "acme"]);
    let said = dir.fine("d", &["migrate", "--to", &to, "--tenant", "acme", "--json"]);
    assert!(said.contains("\"equal\":true"), "{said}");
    dir.fine("d", &["migrate", "--to", &to, "--tenant", "main", "--json"]);
    for code in ["main", "acme"] {
        let said = dir.fine("d", &["check", "--tenant", code]);
        assert!(said.contains("0 things broken"), "{said}");
    }
    let listed = dir.fine("d", &["tenant", "list", "--json"]);
    assert_eq!(listed.matches("\"code\"").count(), 2, "{listed}");
    dir.refused("other", &["migrate", "--to", &to], "move.tenant_taken");
    assert!(dir.fine("other", &["check"]).contains("0 things broken"));
    let elsewhere = dir.run("new", &["tenant", "list", "--database", &to]).1;
    assert!(elsewhere.contains("acme") && elsewhere.contains("main"), "{elsewhere}");
    dir.fine("new", &["tenant", "add", "third", "--name", "Third", "--database", &to]);
    dir.fine("new", &["check", "--tenant", "third", "--database", &to]);
}

#[test]
fn where_every_tenant_is_closed_nothing_is_served_and_what_to_do_is_said() {
    let dir = Dir::new("closed");
    dir.fine("d", &["tenant", "add", "acme", "--name", "Acme"]);
    dir.fine("d", &["tenant", "close", "acme"]);
    dir.refused("d", &["serve", "--listen", "127.0.0.1:0"], "tenant.none_open");
    dir.refused("d", &["serve", "--listen", "127.0.0.1:0", "--tenant", "acme"], "tenant.none_open");
    let said = dir.fine("d", &["check", "--tenant", "acme"]);
    assert!(said.contains("0 things broken"), "{said}");
}
