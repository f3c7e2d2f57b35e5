//! Files by their content: kept once under their SHA-256, named by people, handed out harmlessly.
use crate::bucket::{Bucket, Keys};
use crate::entities::ATTACHMENT;
use crate::facts;
use kernel::{Ctx, DocRef, Error, Id, Instant, Result, Stored};
use sha2::{Digest as _, Sha256};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::{Tx, find};

/// Bytes of one file, and files of one document.
pub const LARGEST: usize = 20 * 1024 * 1024;
pub const MOST: usize = 100;

/// A file on a row.
#[derive(Clone, Debug)]
pub struct Attachment {
    pub id: Id<Attachment>,
    pub subject_kind: String,
    pub subject: i64,
    pub name: String,
    /// What its first bytes say that it is.
    pub media: String,
    pub size: i64,
    pub digest: String,
    pub made_by: i64,
    pub made_at: Instant,
}
store::record!(Attachment => ATTACHMENT {
    id, subject_kind, subject, name, media, size, digest, made_by, made_at,
});

/// Where contents lie: a folder, or a bucket. Processes of one database share it.
#[derive(Clone, Debug)]
pub struct Files(Kept);

#[derive(Clone, Debug)]
enum Kept {
    Folder(PathBuf),
    Bucket(Arc<Bucket>),
}

fn place(dir: &Path, digest: &str) -> PathBuf {
    let (folder, name) = digest.split_at(2.min(digest.len()));
    dir.join(folder).join(name)
}

impl Files {
    #[must_use]
    pub const fn at(dir: PathBuf) -> Self {
        Self(Kept::Folder(dir))
    }

    /// In a bucket: `s3://BUCKET/PREFIX?region=…&endpoint=…&style=path`, `below` that prefix.
    ///
    /// Error: `file.setting`.
    pub fn in_bucket(setting: &str, keys: Keys, below: Option<&str>) -> Result<Self> {
        let bucket = Bucket::new(setting, keys, below.unwrap_or_default())?;
        Ok(Self(Kept::Bucket(Arc::new(bucket))))
    }

    fn has(&self, digest: &str) -> Result<bool> {
        match &self.0 {
            Kept::Folder(dir) => Ok(place(dir, digest).is_file()),
            Kept::Bucket(bucket) => bucket.has(digest),
        }
    }

    /// Keeps a content and makes it durable; its digest. The same content again is the same file.
    ///
    /// Errors: `file.empty`, `file.too_large`, `file.not_kept`, `file.unreached`.
    pub fn keep(&self, bytes: &[u8]) -> Result<String> {
        if bytes.is_empty() {
            return Err(Error::invalid("file.empty", ""));
        }
        if bytes.len() > LARGEST {
            return Err(Error::invalid("file.too_large", bytes.len()).with("limit", LARGEST));
        }
        let digest = hex(&Sha256::digest(bytes));
        if !self.has(&digest)? {
            match &self.0 {
                Kept::Folder(dir) => write(&place(dir, &digest), bytes)
                    .map_err(|e| Error::conflict("file.not_kept", e))?,
                Kept::Bucket(bucket) => bucket.put(&digest, bytes)?,
            }
        }
        Ok(digest)
    }

    /// A kept content, whole.
    ///
    /// Errors: `file.lost` when it is gone or is not what it was, `file.unreached`.
    pub fn read(&self, digest: &str) -> Result<Vec<u8>> {
        let lost = || Error::conflict("file.lost", digest);
        let bytes = match &self.0 {
            Kept::Folder(dir) => std::fs::read(place(dir, digest)).map_err(|_| lost())?,
            Kept::Bucket(bucket) => bucket.get(digest, LARGEST)?.ok_or_else(lost)?,
        };
        if hex(&Sha256::digest(&bytes)) == digest { Ok(bytes) } else { Err(lost()) }
    }
}

/// Beside its place first, then renamed: whoever sees the name sees all of the content.
fn write(place: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = place.parent().unwrap_or(place);
    std::fs::create_dir_all(folder)?;
    let beside = place.with_extension(format!("{}.part", std::process::id()));
    let mut file = std::fs::File::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&beside, place)?;
    std::fs::File::open(folder)?.sync_all()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What the first bytes say; never what a name or a sender says.
#[must_use]
pub fn media_of(bytes: &[u8]) -> &'static str {
    const KNOWN: &[(&[u8], &str)] = &[
        (b"%PDF-", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
        (b"PK\x03\x04", "application/zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    ];
    if let Some((_, media)) = KNOWN.iter().find(|(begin, _)| bytes.starts_with(begin)) {
        return media;
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return "image/webp";
    }
    let is_text = std::str::from_utf8(bytes).is_ok_and(|text| !text.contains('\0'));
    if is_text { "text/plain" } else { "application/octet-stream" }
}

/// A name without a path, control characters and what systems take for special.
///
/// Error: `file.name` when nothing is left, or it is too long.
pub fn clean_name(name: &str) -> Result<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or("");
    let kept: String = last
        .chars()
        .filter(|c| !c.is_control() && !matches!(c, '"' | '<' | '>' | ':' | '|' | '?' | '*'))
        // Marks that turn the reading around hide what a name ends in.
        .filter(|c| !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        .collect();
    let kept = kept.trim().trim_start_matches('.').to_owned();
    if kept.is_empty() || kept.chars().count() > 150 {
        return Err(Error::invalid("file.name", name.chars().take(150).collect::<String>()));
    }
    Ok(kept)
}

/// Hangs a kept content on a row. Errors: `file.name`, `file.too_many`.
pub fn attach(
    cx: &Ctx,
    tx: &mut Tx,
    on: DocRef,
    name: &str,
    (digest, bytes): (&str, &[u8]),
) -> Result<Attachment> {
    let known = of(tx, on)?;
    if known.len() >= MOST {
        return Err(Error::conflict("file.too_many", known.len()).with("limit", MOST));
    }
    let made = Attachment {
        id: cx.id(),
        subject_kind: on.kind.to_owned(),
        subject: on.id,
        name: clean_name(name)?,
        media: media_of(bytes).to_owned(),
        size: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
        digest: digest.to_owned(),
        made_by: cx.user,
        made_at: cx.now,
    };
    tx.insert(std::slice::from_ref(&made));
    let fact = cx.fact(facts::FILE_ATTACHED).on(on.kind, on.id, "document");
    let fact = fact.on("attachment", made.id.raw(), "file");
    tx.tell(fact.attr("size", made.size).attr("sha256", digest));
    Ok(made)
}

/// The files of a row, oldest first.
pub fn of(tx: &mut Tx, on: DocRef) -> Result<Vec<Attachment>> {
    tx.list(
        find!(Attachment, "subject_kind = $2 AND subject = $3 ORDER BY id LIMIT 200"),
        &[Stored::text(on.kind), Stored::Int(on.id)],
    )
}

/// Contents that rows name and that are not there: their names and digests, 100 and a few at most.
///
/// Error: `file.unreached`.
pub fn lost(tx: &mut Tx, files: &Files) -> Result<Vec<String>> {
    let (mut lost, mut after) = (Vec::new(), 0);
    loop {
        let some: Vec<Attachment> =
            tx.list(find!(Attachment, "id > $2 ORDER BY id LIMIT 500"), &[Stored::Int(after)])?;
        let Some(last) = some.last() else { return Ok(lost) };
        after = last.id.raw();
        for a in &some {
            if !files.has(&a.digest)? {
                lost.push(format!("{} ({})", a.name, a.digest));
            }
        }
        if lost.len() >= 100 {
            return Ok(lost);
        }
    }
}

/// One file of a row. Error: `store.not_found`, also for a file of another row.
pub fn one(tx: &mut Tx, on: DocRef, id: i64) -> Result<Attachment> {
    let found = tx.find(Id::<Attachment>::from_raw(id))?;
    let missing = || Error::not_found("store.not_found", "attachment").with("id", id);
    found.filter(|a| (a.subject_kind.as_str(), a.subject) == (on.kind, on.id)).ok_or_else(missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_first_bytes_say() {
        let cases: [(&[u8], &str); 7] = [
            (b"%PDF-1.7 ...", "application/pdf"),
            (b"\x89PNG\r\n\x1a\n....", "image/png"),
            (b"RIFF\x01\x02\x03\x04WEBPVP8 ", "image/webp"),
            ("<script>alert(1)</script>".as_bytes(), "text/plain"),
            ("送货单".as_bytes(), "text/plain"),
            (b"MZ\x90\x00\x03", "application/octet-stream"),
            (b"PK\x03\x04\x14\x00", "application/zip"),
        ];
        for (bytes, media) in cases {
            assert_eq!(media_of(bytes), media);
        }
    }

    #[test]
    fn no_name_leads_out_of_its_folder_or_hides_its_end() {
        let cases = [
            ("../../etc/passwd", "passwd"),
            ("C:\\Windows\\送货单.pdf", "送货单.pdf"),
            ("..", ""),
            (".htaccess", "htaccess"),
            ("a\r\nSet-Cookie: x.txt", "aSet-Cookie x.txt"),
            ("photo\u{202e}gpj.exe", "photogpj.exe"),
            (" ", ""),
        ];
        for (given, kept) in cases {
            let found = clean_name(given).map_err(|e| e.code);
            let expected = if kept.is_empty() { Err("file.name") } else { Ok(kept.to_owned()) };
            assert_eq!(found, expected, "{given:?}");
        }
    }

    #[test]
    fn a_content_is_kept_once_and_given_back_whole_or_not_at_all() -> Result<()> {
        let dir = std::env::temp_dir().join(format!("hl_files_{}", std::process::id()));
        let files = Files::at(dir.clone());
        let digest = files.keep("送货单".as_bytes())?;
        assert_eq!(files.keep("送货单".as_bytes())?, digest);
        assert_eq!(files.read(&digest)?, "送货单".as_bytes());
        assert_eq!(files.keep(b"").map_err(|e| e.code), Err("file.empty"));
        let large = vec![1; LARGEST + 1];
        assert_eq!(files.keep(&large).map_err(|e| e.code), Err("file.too_large"));
        std::fs::write(place(&dir, &digest), b"changed").unwrap();
        assert_eq!(files.read(&digest).map_err(|e| e.code), Err("file.lost"));
        std::fs::remove_dir_all(dir).unwrap();
        Ok(())
    }
}
