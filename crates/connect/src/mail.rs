//! Mail: a message in the reader's language, by a mail server or into a folder as `.eml` files.
use crate::egress;
use crate::notice::{Notice, NoticeSetting};
use kernel::{Ctx, Error, Id, Result};
use lettre::message::header::ContentType;
use lettre::{Message, SmtpTransport, Transport};
use std::path::PathBuf;
use store::Store;
use store::jobs::{Job, Step};
use store::meta::words::{self, Lang};
use store::work::{Handler, Work};

/// Where messages go.
pub enum Post {
    /// Nowhere: nobody set a way up. Jobs of mail end at once.
    None,
    /// A file for each message; needs no server.
    Folder(PathBuf),
    Server(Box<SmtpTransport>),
}

/// The way of mail of an installation.
pub struct Mailer {
    post: Post,
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
        Ok(Self { post, from: from.to_owned(), url: url.to_owned() })
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
