//! Copies of the files that people hung on documents: each lies under its own SHA-256, so what is
//! there once is never copied again, and what is not what its name says is refused.
use super::unusable;
use kernel::{Error, Result};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// One folder kept like another.
pub(crate) struct Mirror {
    from: PathBuf,
    to: PathBuf,
    /// When each folder was changed last, as it was seen: an unchanged one is not read again.
    seen: BTreeMap<PathBuf, SystemTime>,
}

impl Mirror {
    pub(crate) fn new(from: &Path, to: &Path) -> Self {
        Self { from: from.to_owned(), to: to.to_owned(), seen: BTreeMap::new() }
    }

    /// Copies what is new; how many files.
    ///
    /// Errors: `backup.unusable`, `backup.file_changed`.
    pub(crate) fn copy(&mut self) -> Result<u64> {
        let mut copied = 0;
        for folder in entries(&self.from)?.into_iter().filter(|path| path.is_dir()) {
            let changed = folder.metadata().and_then(|m| m.modified());
            let changed = changed.map_err(|e| unusable(&folder, &e))?;
            if self.seen.get(&folder) == Some(&changed) {
                continue;
            }
            let name = folder.file_name().unwrap_or_default();
            for file in entries(&folder)? {
                copied += u64::from(one(&file, &self.to.join(name))?);
            }
            // Files come with a clock's grain: what was changed just now is read once more.
            let age = changed.elapsed().unwrap_or_default();
            if age.as_secs() >= 2 {
                self.seen.insert(folder, changed);
            }
        }
        Ok(copied)
    }
}

/// Copies the files of documents into a folder of copies; how many were new.
///
/// Errors: `backup.unusable`, `backup.file_changed`.
pub fn copy_files(files: &Path, to: &Path) -> Result<u64> {
    Mirror::new(files, &to.join("files")).copy()
}

/// Copies contents from one folder of them to another. Errors: those of [`copy_files`].
pub fn copy_contents(from: &Path, to: &Path) -> Result<u64> {
    Mirror::new(from, to).copy()
}

/// Copies them back. Errors: those of [`copy_files`].
pub fn copy_files_back(from: &Path, files: &Path) -> Result<u64> {
    Mirror::new(&from.join("files"), files).copy()
}

/// What lies in a folder; nothing where there is none.
fn entries(dir: &Path) -> Result<Vec<PathBuf>> {
    match std::fs::read_dir(dir) {
        Ok(found) => Ok(found.filter_map(|entry| entry.ok().map(|e| e.path())).collect()),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(e) => Err(unusable(dir, &e)),
    }
}

/// Copies one file if it is a kept content that is not there yet.
fn one(file: &Path, into: &Path) -> Result<bool> {
    let text =
        |path: &Path| path.file_name().and_then(|n| n.to_str()).unwrap_or_default().to_owned();
    // The first two digits of its digest are its folder's name, the others its own.
    let (folder, name) = (text(into), text(file));
    let digits =
        |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_hexdigit());
    let is_content = digits(&folder, 2) && digits(&name, 62);
    let place = into.join(&name);
    if !is_content || place.exists() {
        return Ok(false);
    }
    let bytes = std::fs::read(file).map_err(|e| unusable(file, &e))?;
    if hex(&Sha256::digest(&bytes)) != format!("{folder}{name}") {
        return Err(Error::conflict("backup.file_changed", file.display()));
    }
    let part = into.join(format!("{name}.part"));
    let write = || -> std::io::Result<()> {
        std::fs::create_dir_all(into)?;
        let mut out = File::create(&part)?;
        out.write_all(&bytes)?;
        out.sync_all()?;
        std::fs::rename(&part, &place)?;
        File::open(into)?.sync_all()
    };
    write().map_err(|e| unusable(&place, &e))?;
    Ok(true)
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// SHA-256 of a file.
pub(crate) fn digest_of(path: &Path) -> Result<String> {
    let broken = |e: std::io::Error| unusable(path, &e);
    let mut file = File::open(path).map_err(broken)?;
    let (mut digest, mut some) = (Sha256::new(), vec![0; 1 << 18]);
    loop {
        let read = file.read(&mut some).map_err(broken)?;
        if read == 0 {
            return Ok(hex(&digest.finalize()));
        }
        digest.update(&some[..read]);
    }
}
