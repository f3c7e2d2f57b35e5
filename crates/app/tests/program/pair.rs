//! Two servers of one PostgreSQL: what one does the other knows, and one goes on without the other.
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// A schema of one's own in the test's PostgreSQL; both go when the test is over.
struct Ground {
    dir: PathBuf,
    url: String,
    database: String,
    name: String,
}

impl Ground {
    /// `None` where no PostgreSQL is named.
    fn new() -> Option<Self> {
        let Ok(url) = std::env::var("HUILIU_TEST_PG") else {
            println!("skipped: HUILIU_TEST_PG is not set, two servers need PostgreSQL");
            return None;
        };
        let name = format!("pair_{}", std::process::id());
        let dir = std::env::temp_dir().join(&name);
        std::fs::create_dir_all(&dir).unwrap();
        psql(&url, &format!("CREATE DATABASE {name}"));
        Some(Self { dir, database: format!("{url} dbname={name}"), url, name })
    }
    fn command(&self, folder: &str, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_huiliu"));
        command.env("LC_ALL", "en_GB.UTF-8").args(args);
        command.arg("--data").arg(self.dir.join(folder)).args(["--database", &self.database]);
        command
    }
    fn run(&self, args: &[&str]) {
        let done = self.command("tools", args).output().unwrap();
        assert!(done.status.success(), "{args:?}: {done:?}");
    }
}
impl Drop for Ground {
    fn drop(&mut self) {
        psql(&self.url, &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        std::fs::remove_dir_all(&self.dir).ok();
    }
}

fn psql(url: &str, text: &str) {
    let done = Command::new("psql").args([url, "--quiet", "--command", text]).output().unwrap();
    assert!(done.status.success(), "{done:?}");
}

struct Server {
    child: Child,
    url: String,
    /// The last part of the sign-in link that it printed.
    link: String,
}

impl Server {
    fn start(ground: &Ground, folder: &str, files: &Path) -> Self {
        let mut command = ground.command(folder, &["serve", "--listen", "127.0.0.1:0"]);
        command.arg("--files").arg(files);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.find(|l| l.as_ref().is_ok_and(|l| l.contains("/link/"))).unwrap().unwrap();
        let url = line[line.find("http://").unwrap()..].trim();
        let (url, link) = url.split_once("/link/").unwrap();
        let (url, link) = (url.to_owned(), link.to_owned());
        // Whoever no longer reads would end it at its next line.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, url, link }
    }
    fn end(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
    fn caller(&self, token: &str) -> Caller {
        Caller { url: self.url.clone(), token: token.to_owned(), agent: agent() }
    }
}
impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder().http_status_as_error(false);
    config.timeout_connect(Some(Duration::from_secs(10))).build().into()
}

/// Who asks one of the servers.
struct Caller {
    url: String,
    token: String,
    agent: ureq::Agent,
}

impl Caller {
    fn ask(&self, method: &str, path: &str, body: &Value, key: &str) -> (u16, Value) {
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}/api/v1/{path}", self.url))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json");
        if !key.is_empty() {
            request = request.header("idempotency-key", key);
        }
        let sent = if body.is_null() { String::new() } else { body.to_string() };
        let mut response = self.agent.run(request.body(sent).unwrap()).unwrap();
        let text = response.body_mut().read_to_string().unwrap();
        (response.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::Null))
    }
    fn get(&self, path: &str) -> Value {
        let (status, body) = self.ask("GET", path, &Value::Null, "");
        assert_eq!(status, 200, "{path}: {body}");
        body
    }
    /// What the server tells its listener, line by line.
    fn listen(&self) -> Receiver<String> {
        let (sender, receiver) = channel();
        let request = self.agent.get(format!("{}/api/v1/live", self.url));
        let response = request.header("authorization", format!("Bearer {}", self.token)).call();
        let body = response.unwrap().into_body();
        std::thread::spawn(move || {
            let lines = BufReader::new(body.into_reader()).lines();
            lines.map_while(Result::ok).take_while(|l| sender.send(l.clone()).is_ok()).count()
        });
        receiver
    }
    fn rename(&self, party: &Value, name: &str) -> (u16, Value) {
        let body = json!({ "name": name, "version": party["version"] });
        self.ask("PATCH", &format!("parties/{}", party["id"].as_str().unwrap()), &body, "")
    }
}

/// Waits until a line speaks of this; false when it never does.
fn hears(lines: &Receiver<String>, of: &str, within: Duration) -> bool {
    let end = Instant::now() + within;
    loop {
        match lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(line) if line.contains(of) => return true,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}

fn first(rows: &Value) -> Value {
    rows["rows"][0].clone()
}

#[test]
fn what_one_server_does_the_other_knows_and_one_goes_on_when_the_other_is_ended_by_force() {
    let Some(ground) = Ground::new() else { return };
    ground.run(&["demo", "--orders", "40", "--until", "2026-11-20"]);
    let files = ground.dir.join("files");
    let mut one = Server::start(&ground, "one", &files);
    let two = Server::start(&ground, "two", &files);
    let body = json!({ "link": one.link, "bearer": true });
    let (status, signed) = one.caller("").ask("POST", "sign-in", &body, "");
    assert_eq!(status, 200, "{signed}");
    let token = signed["token"].as_str().unwrap();
    // Who signed in at one is known at the other.
    let (at_one, at_two) = (one.caller(token), two.caller(token));
    let heard = at_two.listen();
    assert!(hears(&heard, "hello", Duration::from_secs(20)));

    // A change at one is told to those who listen at the other; who comes second is refused.
    let customers = "parties?limit=1&filter=is_customer:eq:true";
    let party = first(&at_two.get(customers));
    let (status, changed) = at_one.rename(&party, "改名一");
    assert_eq!(status, 200, "{changed}");
    assert!(hears(&heard, party["id"].as_str().unwrap(), Duration::from_secs(30)));
    let (status, refusal) = at_two.rename(&party, "改名二");
    assert_eq!(
        (status, refusal["code"].as_str()),
        (409, Some("store.version_conflict")),
        "{refusal}"
    );

    // One key at both at once acts once.
    let new = json!({ "code": "ONLY-1", "name": "只有一个", "is_customer": true });
    let made: BTreeSet<String> = std::thread::scope(|scope| {
        let new = &new;
        let ask = |at: Caller| scope.spawn(move || made_at(&at, new, "once"));
        let both = [ask(one.caller(token)), ask(two.caller(token))];
        both.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert_eq!(made.len(), 1, "{made:?}");
    let name = new["name"].as_str().unwrap();
    assert_eq!(at_one.get(&format!("parties?count=exact&filter=name:eq:{name}"))["total"], 1);

    // Orders entered at both have numbers of their own.
    let product = first(&at_one.get("products?limit=1&filter=kind:eq:goods"));
    let numbers: Vec<String> = std::thread::scope(|scope| {
        let enter = |at: Caller| {
            let (party, product) = (&party, &product);
            scope.spawn(move || (0..8).map(|_| entered(&at, party, product)).collect::<Vec<_>>())
        };
        let both = [enter(one.caller(token)), enter(two.caller(token))];
        both.into_iter().flat_map(|t| t.join().unwrap()).collect()
    });
    assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), 16, "{numbers:?}");

    // One is ended by force: the other goes on, and seals and tells what happens from now on.
    one.end();
    let party = first(&at_two.get(customers));
    let (status, changed) = at_two.rename(&party, "改名三");
    assert_eq!(status, 200, "{changed}");
    assert!(hears(&heard, party["id"].as_str().unwrap(), Duration::from_secs(90)));
    drop(two);
    ground.run(&["check"]);
    ground.run(&["audit", "verify"]);
}

fn made_at(at: &Caller, new: &Value, key: &str) -> String {
    // Who comes while the other is at it may be asked to come again.
    for _ in 0..20 {
        let (status, made) = at.ask("POST", "parties", new, key);
        match status {
            201 => return made["id"].as_str().unwrap().to_owned(),
            409 => std::thread::sleep(Duration::from_millis(100)),
            _ => panic!("{status} {made}"),
        }
    }
    panic!("never made");
}

fn entered(at: &Caller, party: &Value, product: &Value) -> String {
    let line = json!({ "product": product["id"], "qty": "1", "price": "10" });
    let new = json!({ "party": party["id"], "lines": [line], "ship_to": "厦门" });
    let (status, order) = at.ask("POST", "orders", &new, "");
    assert_eq!(status, 201, "{order}");
    let path = format!("orders/{}/submit", order["id"].as_str().unwrap());
    let key = format!("submit-{}", order["id"]);
    let (status, done) = at.ask("POST", &path, &json!({}), &key);
    assert_eq!(status, 200, "{done}");
    let number = at.get(&format!("orders/{}", order["id"].as_str().unwrap()));
    number["number"].as_str().unwrap().to_owned()
}
