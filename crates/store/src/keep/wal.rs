//! SQLite's write-ahead log as bytes: its commits, proved by their checksums, and putting them into
//! a database file. The format is SQLite's own (sqlite.org/fileformat.html, section 4).
use kernel::Result;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::unusable;

const HEADER: usize = 32;
const FRAME: usize = 24;

/// Running checksum of a log.
type Sum = (u32, u32);

/// Who a log is: SQLite begins a new one, with new salts, whenever it has folded the old one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Log {
    pub(crate) bytes: [u8; HEADER],
    pub(crate) page: usize,
    salts: [u8; 8],
    little: bool,
    sum: Sum,
}

fn word(bytes: &[u8], at: usize) -> u32 {
    let mut four = [0; 4];
    four.copy_from_slice(&bytes[at..at + 4]);
    u32::from_be_bytes(four)
}

fn summed(little: bool, mut sum: Sum, bytes: &[u8]) -> Sum {
    for pair in bytes.chunks_exact(8) {
        let mut words = [[0; 4]; 2];
        words[0].copy_from_slice(&pair[..4]);
        words[1].copy_from_slice(&pair[4..]);
        let of = |four| if little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) };
        sum.0 = sum.0.wrapping_add(of(words[0])).wrapping_add(sum.1);
        sum.1 = sum.1.wrapping_add(of(words[1])).wrapping_add(sum.0);
    }
    sum
}

impl Log {
    /// `None` where the bytes are no head of a log (yet).
    pub(crate) fn of(bytes: [u8; HEADER]) -> Option<Self> {
        let little = match word(&bytes, 0) {
            0x377f_0682 => true,
            0x377f_0683 => false,
            _ => return None,
        };
        let sum = summed(little, (0, 0), &bytes[..24]);
        let mut salts = [0; 8];
        salts.copy_from_slice(&bytes[16..24]);
        let is_whole = sum == (word(&bytes, 24), word(&bytes, 28));
        let page = word(&bytes, 8) as usize;
        let is_log = is_whole && (512..=65_536).contains(&page) && page.is_power_of_two();
        is_log.then_some(Self { bytes, page, salts, little, sum })
    }

    /// Is this the log that SQLite begins after folding `before`?
    pub(crate) fn follows(&self, before: &Self) -> bool {
        let (seq, salt) = (12, 16);
        word(&self.bytes, seq) == word(&before.bytes, seq).wrapping_add(1)
            && word(&self.bytes, salt) == word(&before.bytes, salt).wrapping_add(1)
    }
}

/// A place in a log: after a commit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct At {
    pub(crate) log: Log,
    /// Bytes from the log's beginning.
    pub(crate) bytes: u64,
    sum: Sum,
}

impl At {
    pub(crate) fn begin(log: Log) -> Self {
        Self { bytes: HEADER as u64, sum: log.sum, log }
    }
}

/// Bytes before the frames of a log's copy: its head, and the sum at which it begins.
pub(crate) const COPY_HEAD: usize = HEADER + 8;

impl At {
    /// What a copy that begins here begins with.
    pub(crate) fn copy_head(&self) -> Vec<u8> {
        let mut bytes = self.log.bytes.to_vec();
        bytes.extend(self.sum.0.to_be_bytes());
        bytes.extend(self.sum.1.to_be_bytes());
        bytes
    }

    /// The beginning of a copy; `None` where it is no copy.
    pub(crate) fn of_copy(path: &Path) -> Result<Option<Self>> {
        let mut bytes = [0; COPY_HEAD];
        let read = File::open(path).and_then(|mut file| file.read_exact(&mut bytes));
        read.map_err(|e| unusable(path, &e))?;
        let mut head = [0; HEADER];
        head.copy_from_slice(&bytes[..HEADER]);
        let sum = (word(&bytes, HEADER), word(&bytes, HEADER + 4));
        Ok(Log::of(head).map(|log| Self { log, bytes: COPY_HEAD as u64, sum }))
    }
}

/// A place near the end of a log, after a commit that everybody sees already: another commit
/// follows it, and SQLite's one writer begins a commit only when the one before is seen. The log's
/// beginning where there is none.
pub(crate) fn near_end(path: &Path, log: &Log) -> Result<At> {
    let broken = |e: std::io::Error| unusable(path, &e);
    let mut file = File::open(path).map_err(broken)?;
    let one = (FRAME + log.page) as u64;
    let frames = (file.metadata().map_err(broken)?.len().saturating_sub(HEADER as u64)) / one;
    let mut head = |frame: u64| -> Result<[u8; FRAME]> {
        let mut bytes = [0; FRAME];
        let place = HEADER as u64 + frame * one;
        file.seek(SeekFrom::Start(place)).map_err(broken)?;
        file.read_exact(&mut bytes).map_err(broken)?;
        Ok(bytes)
    };
    // Frames of this log come first; behind them lie those of logs before.
    let (mut ours, mut others) = (0, frames);
    while ours < others {
        let middle = ours + (others - ours) / 2;
        if head(middle)?[8..16] == log.salts { ours = middle + 1 } else { others = middle }
    }
    for frame in (0..ours).rev() {
        let bytes = head(frame)?;
        if word(&bytes, 4) == 0 {
            continue;
        }
        let sum = (word(&bytes, 16), word(&bytes, 20));
        let at = At { log: log.clone(), bytes: HEADER as u64 + (frame + 1) * one, sum };
        let end = commits(path, &at, u64::MAX, &mut |_| Ok(()))?;
        if end.bytes > at.bytes {
            return Ok(at);
        }
    }
    Ok(At::begin(log.clone()))
}

/// One page as a log holds it.
pub(crate) struct Frame<'f> {
    pub(crate) number: u32,
    /// Pages of the database after this commit; 0 inside of one.
    pub(crate) size: u32,
    pub(crate) page: &'f [u8],
    pub(crate) whole: &'f [u8],
}

/// The head of a log; `None` where there is none yet.
pub(crate) fn head(path: &Path) -> Result<Option<Log>> {
    let mut bytes = [0; HEADER];
    match File::open(path).and_then(|mut file| file.read_exact(&mut bytes)) {
        Ok(()) => Ok(Log::of(bytes)),
        Err(e) => match e.kind() {
            std::io::ErrorKind::NotFound | std::io::ErrorKind::UnexpectedEof => Ok(None),
            _ => Err(unusable(path, &e)),
        },
    }
}

/// The place of a log after so many frames.
pub(crate) const fn after_frames(log: &Log, frames: u64) -> u64 {
    HEADER as u64 + frames * (FRAME + log.page) as u64
}

/// Gives `put` every frame of the commits after `from` (a whole commit at a time) and up to
/// `until`; the place after the last of them. What follows it is not committed, or of an older log.
pub(crate) fn commits(
    path: &Path,
    from: &At,
    until: u64,
    put: &mut dyn FnMut(&Frame<'_>) -> Result<()>,
) -> Result<At> {
    let broken = |e: std::io::Error| unusable(path, &e);
    let mut file = File::open(path).map_err(broken)?;
    file.seek(SeekFrom::Start(from.bytes)).map_err(broken)?;
    let mut file = BufReader::with_capacity(1 << 18, file);
    let one = FRAME + from.log.page;
    let (mut at, mut sum) = (from.clone(), from.sum);
    let mut commit: Vec<u8> = Vec::new();
    let mut frame = vec![0; one];
    while file.read_exact(&mut frame).is_ok() {
        sum = summed(from.log.little, sum, &frame[..8]);
        sum = summed(from.log.little, sum, &frame[FRAME..]);
        let of_this_log = frame[8..16] == from.log.salts;
        if !of_this_log || sum != (word(&frame, 16), word(&frame, 20)) {
            break;
        }
        commit.extend_from_slice(&frame);
        if word(&frame, 4) != 0 {
            if at.bytes + commit.len() as u64 > until {
                break;
            }
            for whole in commit.chunks_exact(one) {
                let (number, size) = (word(whole, 0), word(whole, 4));
                put(&Frame { number, size, page: &whole[FRAME..], whole })?;
            }
            at = At { bytes: at.bytes + commit.len() as u64, sum, ..at };
            commit.clear();
        }
    }
    Ok(at)
}

/// Writes a frame's page to its place in a database file.
pub(crate) fn apply(into: &mut File, frame: &Frame<'_>) -> std::io::Result<()> {
    let page = frame.page.len() as u64;
    into.seek(SeekFrom::Start(u64::from(frame.number.saturating_sub(1)) * page))?;
    into.write_all(frame.page)?;
    if frame.size == 0 { Ok(()) } else { into.set_len(u64::from(frame.size) * page) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::Connection;

    /// A file in WAL mode with three commits in its log, and the paths of both.
    fn written(name: &str) -> (Connection, std::path::PathBuf, std::path::PathBuf) {
        let dir = std::env::temp_dir().join(format!("hl_wal_{name}_{}", std::process::id()));
        std::fs::remove_dir_all(&dir).ok();
        std::fs::create_dir_all(&dir).unwrap();
        let path = dir.join("a.db");
        let db = Connection::open(&path).unwrap();
        db.execute_batch("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0").unwrap();
        db.execute_batch("CREATE TABLE t (n INTEGER)").unwrap();
        for n in 1..=2 {
            db.execute("INSERT INTO t VALUES (?1)", [n]).unwrap();
        }
        (db, path, dir.join("a.db-wal"))
    }

    #[test]
    fn a_place_near_the_end_has_a_commit_after_it_and_goes_on_from_there() {
        let (db, _, wal) = written("near");
        for n in 0..40 {
            db.execute("INSERT INTO t VALUES (?1)", [n]).unwrap();
        }
        let log = head(&wal).unwrap().unwrap();
        assert_eq!(count(&wal, &near_end(&wal, &log).unwrap()).0, 1);
        // A new log over the old one: what lies behind its end is not taken for its own.
        db.query_row("PRAGMA wal_checkpoint(RESTART)", [], |_| Ok(())).unwrap();
        db.execute("INSERT INTO t VALUES (1)", []).unwrap();
        let log = head(&wal).unwrap().unwrap();
        assert_eq!(near_end(&wal, &log).unwrap(), At::begin(log.clone()));
        db.execute("INSERT INTO t VALUES (2)", []).unwrap();
        db.execute("INSERT INTO t VALUES (3)", []).unwrap();
        assert_eq!(count(&wal, &near_end(&wal, &log).unwrap()).0, 1);
        let copy = wal.with_extension("copy");
        let at = near_end(&wal, &log).unwrap();
        let mut bytes = at.copy_head();
        commits(&wal, &at, u64::MAX, &mut |f| {
            bytes.extend_from_slice(f.whole);
            Ok(())
        })
        .unwrap();
        std::fs::write(&copy, bytes).unwrap();
        assert_eq!(count(&copy, &At::of_copy(&copy).unwrap().unwrap()).0, 1);
    }

    fn count(path: &Path, upto: &At) -> (u64, At) {
        let mut commits_seen = 0;
        let at = commits(path, upto, u64::MAX, &mut |f| {
            commits_seen += u64::from(f.size != 0);
            Ok(())
        });
        (commits_seen, at.unwrap())
    }

    #[test]
    fn commits_are_read_whole_and_in_order_and_once() {
        let (db, _, wal) = written("order");
        let begin = At::begin(head(&wal).unwrap().unwrap());
        let (seen, at) = count(&wal, &begin);
        assert_eq!(seen, 3);
        assert_eq!(count(&wal, &at), (0, at.clone()));
        db.execute("INSERT INTO t VALUES (3)", []).unwrap();
        assert_eq!(count(&wal, &at).0, 1);
    }

    #[test]
    fn a_commit_beyond_the_end_asked_for_is_left_out() {
        let (_db, _, wal) = written("until");
        let log = head(&wal).unwrap().unwrap();
        let begin = At::begin(log.clone());
        let whole = count(&wal, &begin).1;
        let end = commits(&wal, &begin, whole.bytes - 1, &mut |_| Ok(())).unwrap();
        assert!(end.bytes < whole.bytes && end.bytes > begin.bytes);
        let frames = (whole.bytes - begin.bytes) / (FRAME + log.page) as u64;
        assert_eq!(after_frames(&log, frames), whole.bytes);
    }

    #[test]
    fn a_flipped_byte_ends_what_is_read_before_its_commit() {
        let (_db, _, wal) = written("flip");
        let begin = At::begin(head(&wal).unwrap().unwrap());
        let mut bytes = std::fs::read(&wal).unwrap();
        let last = bytes.len() - 100;
        bytes[last] ^= 1;
        let copy = wal.with_extension("copy");
        std::fs::write(&copy, bytes).unwrap();
        assert_eq!(count(&copy, &begin).0, 2);
    }

    #[test]
    fn the_log_after_a_folded_one_is_known_as_its_follower_and_no_other_is() {
        let (db, _, wal) = written("follow");
        let first = head(&wal).unwrap().unwrap();
        let next = |db: &Connection| {
            db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
            db.execute("INSERT INTO t VALUES (9)", []).unwrap();
            head(&wal).unwrap().unwrap()
        };
        let second = next(&db);
        let third = next(&db);
        assert!(second.follows(&first));
        assert!(third.follows(&second));
        assert!(!third.follows(&first));
    }

    #[test]
    fn frames_put_into_an_older_file_make_the_newer_one() {
        let (db, path, wal) = written("apply");
        db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
        let old = path.with_extension("old");
        std::fs::copy(&path, &old).unwrap();
        db.execute("INSERT INTO t SELECT n + 10 FROM t", []).unwrap();
        let mut file = File::options().write(true).open(&old).unwrap();
        let begin = At::begin(head(&wal).unwrap().unwrap());
        let mut put = |f: &Frame<'_>| apply(&mut file, f).map_err(|e| unusable(&old, &e));
        commits(&wal, &begin, u64::MAX, &mut put).unwrap();
        drop(file);
        let sum = |db: &Connection| {
            db.query_row("SELECT SUM(n) FROM t", [], |r| r.get::<_, i64>(0)).unwrap()
        };
        assert_eq!(sum(&Connection::open(&old).unwrap()), sum(&db));
        assert_eq!(sum(&db), 1 + 2 + 11 + 12);
    }
}
