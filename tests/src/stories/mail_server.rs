//! Mail through a mail server that somebody else wrote: Debian's `python3-aiosmtpd`.
use super::jobs::do_all;
use super::notices::{held, look, people};
use crate::house::{code, each};
use connect::mail::{Mailer, handler};
use connect::notice::{self, NoticeSetting};
use kernel::{Error, Id, Result};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use store::meta::words::Lang;

/// The system's own Python has Debian's packages; another one may come first in the path.
const PYTHON: &str = "/usr/bin/python3";

/// A server that keeps what it is given in a Maildir; it ends with the test.
struct MailServer {
    child: Child,
    port: u16,
    folder: PathBuf,
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ended = self.child.kill().and_then(|()| self.child.wait());
        let _gone = std::fs::remove_dir_all(&self.folder);
    }
}

impl MailServer {
    fn start(name: &str) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr());
        let port = free.expect("a free port").port();
        let folder = std::env::temp_dir().join(format!("hl_smtp_{}_{name}", std::process::id()));
        let child = Command::new("timeout")
            .args(["120", PYTHON, "-m", "aiosmtpd", "-n", "-l", &format!("127.0.0.1:{port}")])
            .args(["-c", "aiosmtpd.handlers.Mailbox"])
            .arg(&folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let server = Self { child, port, folder };
        for _ in 0..600 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return server;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the mail server did not listen within half a minute");
    }

    fn mailer(&self) -> Result<Mailer> {
        let setting = format!("smtp://127.0.0.1:{}", self.port);
        Mailer::new(&setting, "汇流 <huiliu@example.com>", "https://erp.example.com/")
    }
}

/// What another program reads out of the letters of a Maildir: to, from, subject and text.
fn letters(folder: &Path) -> Vec<[String; 4]> {
    let script = "import mailbox, json, sys, email.policy, email\n\
        box = mailbox.Maildir(sys.argv[1], create=False)\n\
        read = [email.message_from_bytes(m.as_bytes(), policy=email.policy.default) for m in box]\n\
        print(json.dumps([[m['to'], m['from'], m['subject'], m.get_content()] for m in read]))";
    let ran = Command::new(PYTHON).args(["-c", script]).arg(folder).output().expect("it runs");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    serde_json::from_slice(&ran.stdout).expect("four words of each letter")
}

fn is_missing() -> bool {
    let found = Command::new(PYTHON).args(["-c", "import aiosmtpd"]).output();
    let missing = !found.is_ok_and(|ran| ran.status.success());
    assert!(!missing || std::env::var("CI").is_err(), "python3-aiosmtpd is missing in CI");
    if missing {
        println!("skipped: python3-aiosmtpd is not installed, so no real server has read our mail");
    }
    missing
}

#[test]
fn a_notice_reaches_a_mail_server_and_is_read_as_it_was_written() {
    if is_missing() {
        return;
    }
    each(|h| {
        let server = MailServer::start(h.store.engine().name());
        let all = people(h)?;
        let wish = NoticeSetting {
            id: Id::from_raw(0),
            mail: "credit@example.com".into(),
            by_mail: true,
            lang: "zh-CN".into(),
        };
        h.as_user(all.credit, |cx, tx| notice::set(cx, tx, &wish))?;
        held(h)?;
        look(h)?;
        assert_eq!(do_all(h, &[handler(server.mailer()?)], "post")?, 1);
        let told = h.store.read(&h.cx(all.credit), notice::mine)?.remove(0);
        let (subject, body) = server.mailer()?.words(&told, Lang::Zh);
        let [letter] = <[_; 1]>::try_from(letters(&server.folder)).expect("one letter, once");
        let [to, from, read_subject, text] = letter;
        assert_eq!(
            (to.as_str(), from.as_str()),
            ("credit@example.com", "汇流 <huiliu@example.com>")
        );
        assert_eq!(read_subject, subject);
        assert_eq!(text.trim_end().replace("\r\n", "\n"), body.trim_end());
        assert!(text.contains("https://erp.example.com/"), "a way back: {text}");
        assert_eq!(do_all(h, &[handler(server.mailer()?)], "post")?, 0);
        assert_eq!(letters(&server.folder).len(), 1);
        Ok(())
    });
}

#[test]
fn a_message_to_oneself_arrives_and_a_server_that_went_away_is_said() {
    if is_missing() {
        return;
    }
    let server = MailServer::start("oneself");
    let mailer = server.mailer().expect("a setting");
    mailer.test(1, "boss@example.com", Lang::En).expect("it goes out");
    let read = letters(&server.folder);
    assert_eq!(read.len(), 1);
    assert_eq!(read[0][0], "boss@example.com");
    drop(server);
    let failed: Result<()> = mailer.test(2, "boss@example.com", Lang::En);
    let said = failed.as_ref().map_err(|e: &Error| e.detail.clone());
    assert_eq!(code(failed.clone()), "mail.test_failed");
    assert!(said.is_err_and(|why| !why.is_empty()));
}
