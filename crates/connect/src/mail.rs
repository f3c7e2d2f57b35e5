//! Mail: a message in the reader's language, by a mail server or into a folder as `.eml` files.
use crate::notice::{Notice, NoticeSetting};
use crate::{egress, facts};
use kernel::{Ctx, Error, Id, Result};
use lettre::message::header::ContentType;
use lettre::{Message, SmtpTransport, Transport};
use std::path::PathBuf;
use store::jobs::{Job, Step};
use store::meta::words::{self, Lang};
use store::work::{Handler, Work};
use store::{Store, Tx};

/// Where messages go.
#[derive(Default)]
pub enum Post {
    /// Nowhere: nobody set a way up. Jobs of mail end at once.
    #[default]
    None,
    /// A file for each message; needs no server.
    Folder(PathBuf),
    Server(Box<SmtpTransport>),
}

/// The way of mail of an installation.
#[derive(Default)]
pub struct Mailer {
    post: Post,
    /// The mail server's name and port: what may be shown of the setting.
    host: String,
    from: String,
    /// Where the program is reached, for links in messages.
    url: String,
}

impl Mailer {
    /// From a setting: nothing, `file:FOLDER`, or `smtps://user:password@host` and its like.
    ///
    /// Error: `mail.setting`, which never repeats the setting: it may hold a password.
    pub fn new(setting: &str, from: &str, url: &str) -> Result<Self> {
        let wrong = |_| Error::invalid("mail.setting", "");
        let post = match setting {
            "" => Post::None,
            _ => match setting.strip_prefix("file:") {
                Some(folder) => Post::Folder(PathBuf::from(folder)),
                None => {
                    let made = SmtpTransport::from_url(setting).map_err(wrong)?;
                    Post::Server(Box::new(made.timeout(Some(egress::WITHIN)).build()))
                }
            },
        };
        let host = if matches!(post, Post::Server(_)) { host_of(setting) } else { "" };
        Ok(Self { post, host: host.to_owned(), from: from.to_owned(), url: url.to_owned() })
    }

    /// How messages go: `none`, `folder` or `server`.
    #[must_use]
    pub const fn way(&self) -> &'static str {
        match self.post {
            Post::None => "none",
            Post::Folder(_) => "folder",
            Post::Server(_) => "server",
        }
    }
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }
    #[must_use]
    pub fn from(&self) -> &str {
        &self.from
    }
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Sends whoever asks a message at their own address, now. Nothing is tried again.
    ///
    /// Errors: `mail.none`, `mail.test_failed`.
    pub fn test(&self, id: i64, to: &str, lang: Lang) -> Result<()> {
        if matches!(self.post, Post::None) {
            return Err(Error::conflict("mail.none", ""));
        }
        let (subject, body) = words_of_test(lang, &self.url);
        let failed = |e: Error| Error::conflict("mail.test_failed", e.detail);
        self.send(id, to, &subject, &body).map_err(failed)
    }

    /// Sends one message. Errors: `mail.not_sent`.
    pub fn send(&self, id: i64, to: &str, subject: &str, body: &str) -> Result<()> {
        let not_sent = |why: &dyn std::fmt::Display| Error::conflict("mail.not_sent", why);
        let message = Message::builder()
            .from(self.from.parse().map_err(|e| not_sent(&e))?)
            .to(to.parse().map_err(|e| not_sent(&e))?)
            .message_id(Some(format!("<{id}@huiliu>")))
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body(body.to_owned())
            .map_err(|e| not_sent(&e))?;
        match &self.post {
            Post::None => Ok(()),
            Post::Server(server) => server.send(&message).map(|_| ()).map_err(|e| not_sent(&e)),
            Post::Folder(folder) => {
                // The same message twice is the same file.
                let path = folder.join(format!("{id}.eml"));
                std::fs::create_dir_all(folder)
                    .and_then(|()| std::fs::write(path, message.formatted()))
                    .map_err(|e| not_sent(&e))
            }
        }
    }
}

/// The server in `smtps://user:password@host:465/?tls=required`; never what stands before it.
fn host_of(setting: &str) -> &str {
    let behind = setting.split_once("://").map_or("", |(_, behind)| behind);
    let behind = behind.rsplit_once('@').map_or(behind, |(_, host)| host);
    behind.split(['/', '?']).next().unwrap_or("")
}

fn words_of_test(lang: Lang, url: &str) -> (String, String) {
    (words::text(lang, "mail-test", &[]), words::text(lang, "mail-test-body", &[("link", url)]))
}

/// Tells that whoever acts sent themselves a message. The address is in no fact.
pub fn tell_tested(cx: &Ctx, tx: &mut Tx, way: &str) {
    tx.tell(cx.fact(facts::MAIL_TESTED).on("user", cx.user, "of").attr("way", way));
}

/// The handler of mail jobs.
#[must_use]
pub fn handler(mailer: Mailer) -> Handler {
    let act = move |store: &Store, cx: &Ctx, job: &Job| {
        let found = store.read(cx, |_, tx| {
            let Some(notice) = tx.find(Id::<Notice>::from_raw(job.subject))? else {
                return Ok(None);
            };
            let setting = tx.find(Id::<NoticeSetting>::from_raw(notice.user_id))?;
            Ok(setting.filter(|s| s.by_mail).map(|setting| (notice, setting)))
        })?;
        // Nobody wants it any more.
        let Some((notice, setting)) = found else { return Ok(Step::Done) };
        let (subject, body) = mailer.words(&notice, Lang::of(&setting.lang));
        mailer.send(notice.id.raw(), &setting.mail, &subject, &body)?;
        Ok(Step::Done)
    };
    Handler { kind: "mail", work: Work::Outside(Box::new(act)) }
}

impl Mailer {
    /// Subject and text of a notice.
    #[must_use]
    pub fn words(&self, notice: &Notice, lang: Lang) -> (String, String) {
        let kind = notice.kind.name().replace('_', "-");
        let document =
            words::text(lang, &format!("entity-{}", notice.document_kind.replace('_', "-")), &[]);
        let link = format!("{}/inbox", self.url.trim_end_matches('/'));
        // A board says how many figures are red, amber and green.
        let mut counts = notice.reason.split('/');
        let mut count = || counts.next().unwrap_or_default();
        let (red, amber, green) = (count(), count(), count());
        let values = [
            ("document", document.as_str()),
            ("link", link.as_str()),
            ("red", red),
            ("amber", amber),
            ("green", green),
        ];
        let subject = words::text(lang, &format!("mail-{kind}"), &values);
        let body = words::text(lang, "mail-body", &[("what", &subject), ("link", &link)]);
        (subject, body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_setting_the_server_alone_is_shown() {
        for (setting, host) in [
            ("smtps://user:pass@word@mail.example.com:465?tls=required", "mail.example.com:465"),
            ("smtp://mail.example.com/client", "mail.example.com"),
            ("smtps://user:secret@mail.example.com", "mail.example.com"),
        ] {
            assert_eq!(host_of(setting), host);
        }
    }

    #[test]
    fn without_a_way_a_test_is_refused() {
        let refused = Mailer::default().test(1, "wang@example.com", Lang::En).unwrap_err();
        assert_eq!(refused.code, "mail.none");
    }
}
