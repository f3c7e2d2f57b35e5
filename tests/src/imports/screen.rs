//! An import as the screen does it: a wish over HTTP, a job that applies it, a refused undo and a
//! good one; on both engines.
use super::setup::{Place, each_house};
use access::user::NewUser;
use connect::files::Files;
use http::{Asked, Catalog, Inside, Settings, State, Transport};
use kernel::Instant;
use serde_json::{Value as Json, json};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use store::work::Hand;

static CLOCK: AtomicI64 = AtomicI64::new(0);
static DICE: AtomicU64 = AtomicU64::new(1);
static GOES_ON: AtomicBool = AtomicBool::new(false);

fn now() -> Instant {
    Instant(CLOCK.fetch_add(1000, Ordering::Relaxed))
}

fn random() -> [u8; 32] {
    let mut bytes = [9; 32];
    bytes[..8].copy_from_slice(&DICE.fetch_add(1, Ordering::Relaxed).to_le_bytes());
    bytes
}

struct Screen<'p> {
    place: &'p Place<'p>,
    inside: Inside,
    files: Files,
    dir: PathBuf,
}

impl Drop for Screen<'_> {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.dir);
    }
}

impl<'p> Screen<'p> {
    fn new(place: &'p Place<'p>) -> Self {
        place.house.run(access::commands::create_usual_roles).unwrap();
        let nth = DICE.fetch_add(1, Ordering::Relaxed);
        let dir = std::env::temp_dir().join(format!("hl-wish-{}-{nth}", std::process::id()));
        CLOCK.store(place.house.now().0, Ordering::Relaxed);
        let files = Files::at(dir.clone());
        let settings = Settings {
            store: Arc::clone(&place.house.store),
            tenant: crate::house::TENANT,
            code: "main".into(),
            catalog: Catalog::of_flows(),
            clock: now,
            random,
            transport: Transport::Plain,
            files: Some(files.clone()),
            mailer: connect::mail::Mailer::default(),
            columns: dir.join("1.facts"),
        };
        let inside = Inside::new(State::new(settings).unwrap()).unwrap();
        Self { place, inside, files, dir }
    }

    fn token(&self, login: &str, role: &str) -> String {
        let house = self.place.house;
        let new = NewUser { login, name: login, department: None, roles: &[role] };
        let user = house.run(|cx, tx| access::commands::create_user(cx, tx, &new)).unwrap();
        let bytes = random();
        let link =
            house.run(|cx, tx| access::commands::issue_link(cx, tx, Some(user.id), bytes)).unwrap();
        let body = json!({ "link": link.text(), "bearer": true });
        let reply = self.ask("", "POST", "sign-in", &body, "");
        reply.1["token"].as_str().unwrap().to_owned()
    }

    fn ask(
        &self,
        token: &str,
        method: &'static str,
        path: &str,
        body: &Json,
        key: &str,
    ) -> (u16, Json) {
        let path = format!("/api/v1/{path}");
        let body = (method == "POST").then_some(body);
        self.inside.ask(&Asked { method, path: &path, token, body, key }).unwrap()
    }

    fn do_jobs(&self) {
        let files = self.files.clone();
        let read: intake::Reader = Arc::new(move |digest| files.read(digest));
        let hand = Hand {
            store: &self.place.house.store,
            tenant: crate::house::TENANT,
            clock: &now,
            handlers: &[intake::handler(read, now)],
            at_work: flows::jobs::at_work,
            stop: &GOES_ON,
            holder: "screen",
        };
        while hand.do_one().unwrap() {}
    }
}

fn wish(screen: &Screen<'_>, text: &str) -> Json {
    let digest = screen.files.keep(text.as_bytes()).unwrap();
    json!({
        "files": [{ "digest": digest, "name": "客户.csv" }],
        "target": "customers",
        "columns": [["code", "客户编码"], ["name", "客户名称"]],
    })
}

#[test]
fn a_wish_is_looked_at_mended_applied_by_a_job_and_taken_back() {
    each_house(|place| {
        let screen = Screen::new(place);
        let admin = screen.token("boss", "admin");
        let mut body = wish(&screen, "客户编码,客户名称\nW-1,一号\n,二号\n");
        let before = place.tables();

        let (status, looked) = screen.ask(&admin, "POST", "imports/look", &body, "");
        assert_eq!((status, &looked["plan"]["valid"]), (200, &json!(false)), "{looked}");
        let error = &looked["plan"]["errors"][0];
        assert_eq!((&error["line"], &error["column"]), (&json!(3), &json!("code")));
        assert_eq!(looked["plan"]["rows"][0]["cells"]["name"], "二号");
        let refused = screen.ask(&admin, "POST", "imports", &body, "k0").1;
        assert_eq!(refused["code"], "import.not_valid");

        let edit = json!({ "file": "客户.csv", "line": 3, "column": "code", "value": "W-2" });
        body["edits"] = json!([edit]);
        let looked = screen.ask(&admin, "POST", "imports/look", &body, "").1;
        assert_eq!(looked["plan"]["counts"]["customer"]["new"], 2, "{looked}");
        assert_eq!(place.tables(), before, "looking writes nothing");
        let keyless = screen.ask(&admin, "POST", "imports", &body, "").1;
        assert_eq!(keyless["code"], "idempotency.required");
        let begun = screen.ask(&admin, "POST", "imports", &body, "k1");
        let again = screen.ask(&admin, "POST", "imports", &body, "k1");
        assert_eq!((begun.0, &begun.1), (201, &again.1));
        let id = begun.1["id"].as_str().unwrap();

        let waits = screen.ask(&admin, "GET", &format!("imports/{id}"), &json!({}), "").1;
        assert_eq!((&waits["state"], &waits["done"]), (&json!("validated"), &json!(0)));
        screen.do_jobs();
        let done = screen.ask(&admin, "GET", &format!("imports/{id}"), &json!({}), "").1;
        assert_eq!((&done["state"], &done["done"]), (&json!("applied"), &json!(2)), "{done}");
        assert_eq!(place.count("party", "code IN ('W-1', 'W-2')"), 2);
        let nothing = screen.ask(&admin, "POST", "imports", &body, "k2");
        assert_eq!((nothing.0, &nothing.1["id"]), (200, &Json::Null));

        let undo = screen.ask(&admin, "POST", &format!("imports/{id}/undo"), &json!({}), "k3");
        assert_eq!(undo.0, 200);
        screen.do_jobs();
        let gone = screen.ask(&admin, "GET", &format!("imports/{id}"), &json!({}), "").1;
        assert_eq!(gone["state"], "undone");
        assert_eq!(place.count("party", "code IN ('W-1', 'W-2')"), 0);
    });
}

#[test]
fn nobody_brings_in_or_takes_back_without_the_right_and_no_digest_leads_out() {
    each_house(|place| {
        let screen = Screen::new(place);
        let (admin, sales) = (screen.token("boss", "admin"), screen.token("ann", "sales"));
        let body = wish(&screen, "客户编码,客户名称\nV-1,一号\n");
        for (method, path) in [
            ("GET", "imports"),
            ("POST", "imports/look"),
            ("POST", "imports"),
            ("GET", "imports/1"),
            ("POST", "imports/1/undo"),
        ] {
            let (status, refused) = screen.ask(&sales, method, path, &body, "s1");
            assert_eq!((status, &refused["code"]), (403, &json!("access.forbidden")), "{path}");
        }
        let missing = screen.ask(&admin, "GET", "imports/1", &body, "").1;
        assert_eq!(missing["code"], "import.not_found");
        let mut lost = body.clone();
        lost["files"][0]["digest"] = json!("0".repeat(64));
        assert_eq!(screen.ask(&admin, "POST", "imports/look", &lost, "").1["code"], "file.lost");
        lost["files"][0]["digest"] = json!("../../../etc/passwd");
        assert_eq!(screen.ask(&admin, "POST", "imports/look", &lost, "").1["code"], "import.wish");
        assert_eq!(place.count("import_batch", "id > 0"), 0);
    });
}
