//! The columns as a file beside the store: segments appended as facts are sealed, each with a
//! checksum. A torn end is cut off, a file of another store is made anew.
use super::codec::{In, Out};
use super::facts::Facts;
use super::read;
use super::runs::Runs;
use crate::log::Names;
use kernel::{Ctx, Error, Result};
use rustc_hash::FxHasher;
use std::fs::File;
use std::hash::Hasher;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use store::Store;

/// What a file of this layout begins with; a change of layout changes it.
const MAGIC: &[u8; 8] = b"HLFACT02";

/// Facts of one segment, at most. One is in memory as bytes while it is read.
const PART: i64 = 60_000;
/// What stands before a segment: its length, its checksum, how many facts, touches and attributes.
const HEAD: usize = 40;

/// Facts that are kept in a file.
#[derive(Debug)]
pub struct Kept {
    path: PathBuf,
    pub facts: Facts,
}

/// How long the name tables and columns were when the last segment ended.
#[derive(Clone, Copy, Default)]
struct Mark {
    names: [usize; 5],
    actors: usize,
    facts: usize,
    touches: usize,
    attrs: usize,
}

impl Mark {
    fn of(facts: &Facts) -> Self {
        let names = tables(facts).map(Names::len);
        let (touches, attrs) = (facts.touch_id.len(), facts.attr_name.len());
        let actors = facts.actor.different();
        Self { names, actors, facts: facts.len(), touches, attrs }
    }
}

fn tables(facts: &Facts) -> [&Names; 5] {
    let f = facts;
    [&f.activities, &f.reasons, &f.kinds, &f.attr_names, &f.attr_values]
}

impl Kept {
    /// Facts that no file keeps.
    #[must_use]
    pub const fn of(facts: Facts) -> Self {
        Self { path: PathBuf::new(), facts }
    }
    /// Opens the file and reads what was sealed since; makes it where there is none.
    ///
    /// Errors: those of the store, `file.not_written`.
    pub fn open(path: &Path, store: &Store, cx: &Ctx) -> Result<Self> {
        Self::open_until(path, store, cx, i64::MAX)
    }
    /// The same, knowing nothing that was sealed later than `most`.
    pub fn open_until(path: &Path, store: &Store, cx: &Ctx, most: i64) -> Result<Self> {
        let (facts, good) = load(path).unwrap_or_else(|| (Facts::new(), 0));
        let mut kept = Self { path: path.to_owned(), facts };
        if good > 0 && std::fs::metadata(path).is_ok_and(|m| m.len() > good) {
            let file = File::options().write(true).open(path).map_err(|e| unwritable(path, &e))?;
            file.set_len(good).map_err(|e| unwritable(path, &e))?;
        }
        match kept.catch_up(store, cx, most) {
            Err(e) if e.code == "process.other_store" => {
                kept.facts = Facts::new();
                std::fs::remove_file(path).map_err(|e| unwritable(path, &e))?;
                kept.catch_up(store, cx, most)?;
            }
            other => {
                other?;
            }
        }
        Ok(kept)
    }

    /// Reads what was sealed since, and appends it; how many facts came.
    pub fn refresh(&mut self, store: &Store, cx: &Ctx) -> Result<usize> {
        self.catch_up(store, cx, i64::MAX)
    }
    /// A part after the other, so that no copy of all facts is ever in memory.
    fn catch_up(&mut self, store: &Store, cx: &Ctx, most: i64) -> Result<usize> {
        let before = self.facts.len();
        loop {
            let mark = Mark::of(&self.facts);
            let (is_new, until) = (self.facts.until == 0, self.facts.until);
            let part = most.min(until.saturating_add(PART));
            let came = read::catch_up(store, cx, &mut self.facts, part)?;
            if came > 0 {
                let mark = if is_new { Mark::default() } else { mark };
                append(&self.path, &segment(&self.facts, mark), is_new)?;
            }
            if self.facts.until == until {
                break;
            }
        }
        self.facts.shrink();
        Ok(self.facts.len() - before)
    }
}

fn unwritable(path: &Path, e: &std::io::Error) -> Error {
    Error::conflict("file.not_written", e).with("path", path.display())
}

fn checksum(bytes: &[u8]) -> i64 {
    let mut hasher = FxHasher::default();
    hasher.write(bytes);
    hasher.finish() as i64
}

/// A segment, and how many facts, touches and attributes it holds.
type Segment = (Vec<u8>, [usize; 3]);

fn append(path: &Path, (segment, counts): &Segment, is_new: bool) -> Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|e| unwritable(path, &e))?;
    }
    let mut options = File::options();
    let options = if is_new { options.write(true).truncate(true) } else { options.append(true) };
    let mut file = options.create(true).open(path).map_err(|e| unwritable(path, &e))?;
    let mut head = Out::default();
    if is_new {
        head.0.extend_from_slice(MAGIC);
    }
    head.number(segment.len() as i64);
    head.number(checksum(segment));
    counts.iter().for_each(|count| head.number(*count as i64));
    file.write_all(&head.0).and_then(|()| file.write_all(segment)).map_err(|e| unwritable(path, &e))
}

fn segment(facts: &Facts, from: Mark) -> Segment {
    let mut out = Out::default();
    out.number(facts.until);
    out.text(&facts.head);
    for (names, from) in tables(facts).into_iter().zip(from.names) {
        out.number((names.len() - from) as i64);
        (from..names.len()).for_each(|n| out.text(names.text(n as u32)));
    }
    let n = from.facts;
    out.shorts(&facts.activity[n..]);
    out.bytes(&facts.phase[n..]);
    out.longs(&facts.at[n..]);
    runs(&mut out, &facts.recorded, n);
    out.longs(facts.actor.since(from.actors));
    out.words(&facts.actor.of[n..]);
    runs(&mut out, &facts.acting_for, n);
    out.bytes(&facts.actor_kind[n..]);
    out.words(&facts.reason[n..]);
    out.longs(&facts.amount[n..]);
    runs(&mut out, &facts.instance, n);
    runs(&mut out, &facts.batch, n);
    out.words(&facts.touch_end[n..]);
    out.bytes(&facts.touch_kind[from.touches..]);
    out.longs(&facts.touch_id[from.touches..]);
    out.words(&facts.attr_end[n..]);
    out.shorts(&facts.attr_name[from.attrs..]);
    out.words(&facts.attr_value[from.attrs..]);
    let to = Mark::of(facts);
    (out.0, [to.facts - n, to.touches - from.touches, to.attrs - from.attrs])
}

fn runs(out: &mut Out, column: &Runs, from: usize) {
    let (from, value) = column.since(from);
    out.words(&from);
    out.longs(&value);
}

/// The facts of a file, and how many of its bytes are whole; `None` where there is none of ours.
/// One segment is in memory at a time.
fn load(path: &Path) -> Option<(Facts, u64)> {
    let mut file = std::io::BufReader::with_capacity(1 << 16, File::open(path).ok()?);
    let mut left = file.get_ref().metadata().ok()?.len();
    let mut magic = [0; MAGIC.len()];
    file.read_exact(&mut magic).ok()?;
    if magic != *MAGIC {
        return None;
    }
    left -= MAGIC.len() as u64;
    let mut facts = Facts::default();
    let [count, touches, attrs] = counted(&mut file, left)?;
    facts.reserve(count, touches, attrs);
    let mut good = MAGIC.len() as u64;
    let (mut head, mut body) = ([0; HEAD], Vec::new());
    while file.read_exact(&mut head).is_ok() {
        left = left.saturating_sub(HEAD as u64);
        let mut input = In::new(&head);
        let (length, sum) = (u64::try_from(input.number()?).ok()?, input.number()?);
        // What the file does not hold is a torn end, however long it says it is.
        if length > left {
            break;
        }
        body.resize(usize::try_from(length).ok()?, 0);
        if file.read_exact(&mut body).is_err() {
            break;
        }
        if checksum(&body) != sum || take(&mut facts, In::new(&body)).is_none() {
            break;
        }
        left -= length;
        good += HEAD as u64 + length;
    }
    if facts.until == 0 {
        return None;
    }
    facts.shrink();
    let undone = facts.known("import.undone");
    let of_undone = (0..facts.len()).filter(|fact| Some(facts.activity[*fact]) == undone);
    facts.undone = of_undone.map(|fact| facts.batch(fact)).collect();
    Some((facts, good))
}

/// How many facts, touches and attributes the file says it holds: a column that takes its room at
/// once is never in memory twice. No more than its bytes can hold.
fn counted(file: &mut (impl Read + Seek), length: u64) -> Option<[usize; 3]> {
    let begin = file.stream_position().ok()?;
    let mut head = [0; HEAD];
    let mut all = [0_usize; 3];
    while file.read_exact(&mut head).is_ok() {
        let mut input = In::new(&head);
        let (skip, _) = (input.number()?, input.number()?);
        for sum in &mut all {
            *sum = sum.saturating_add(usize::try_from(input.number()?).ok()?);
        }
        if skip < 0 || file.seek_relative(skip).is_err() {
            break;
        }
    }
    file.seek(SeekFrom::Start(begin)).ok()?;
    // A fact takes more than 30 bytes, a touch 9, an attribute 6.
    let most = |bytes: u64| usize::try_from(length / bytes).unwrap_or(usize::MAX);
    Some([all[0].min(most(30)), all[1].min(most(9)), all[2].min(most(6))])
}

fn take(facts: &mut Facts, mut input: In<'_>) -> Option<()> {
    let until = input.number()?;
    let head = input.text()?.to_owned();
    let f = &mut *facts;
    for names in
        [&mut f.activities, &mut f.reasons, &mut f.kinds, &mut f.attr_names, &mut f.attr_values]
    {
        for _ in 0..input.number()? {
            names.intern(input.text()?);
        }
    }
    input.shorts(&mut f.activity)?;
    input.bytes(&mut f.phase)?;
    input.longs(&mut f.at)?;
    take_runs(&mut f.recorded, &mut input)?;
    let (mut actors, mut of) = (Vec::new(), Vec::new());
    input.longs(&mut actors)?;
    input.words(&mut of)?;
    f.actor.append(&actors, &of)?;
    take_runs(&mut f.acting_for, &mut input)?;
    input.bytes(&mut f.actor_kind)?;
    input.words(&mut f.reason)?;
    input.longs(&mut f.amount)?;
    take_runs(&mut f.instance, &mut input)?;
    take_runs(&mut f.batch, &mut input)?;
    input.words(&mut f.touch_end)?;
    input.bytes(&mut f.touch_kind)?;
    input.longs(&mut f.touch_id)?;
    input.words(&mut f.attr_end)?;
    input.shorts(&mut f.attr_name)?;
    input.words(&mut f.attr_value)?;
    (facts.until, facts.head) = (until, head);
    Some(())
}

fn take_runs(column: &mut Runs, input: &mut In<'_>) -> Option<()> {
    let (mut from, mut value) = (Vec::new(), Vec::new());
    input.words(&mut from)?;
    input.longs(&mut value)?;
    column.append(&from, &value);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::super::facts::NewFact;
    use super::*;

    fn two() -> Facts {
        let mut facts = Facts::new();
        let new = |activity: &str, at: i64| NewFact {
            activity: activity.to_owned(),
            at,
            reason: "credit".to_owned(),
            attrs: vec![("how".to_owned(), "approved".to_owned())],
            ..NewFact::default()
        };
        facts.push(&new("order.entered", 1), [("order", 7)].into_iter());
        facts.push(&new("order.credit_blocked", 2), [("order", 7), ("hold", 8)].into_iter());
        (facts.until, facts.head) = (2, "aa".to_owned());
        facts
    }

    #[test]
    fn segments_are_read_back_and_a_torn_one_is_left_out() {
        let path = std::env::temp_dir().join(format!("huiliu-facts-{}", std::process::id()));
        let mut facts = two();
        append(&path, &segment(&facts, Mark::default()), true).expect("written");
        let mark = Mark::of(&facts);
        let more = NewFact { activity: "order.confirmed".to_owned(), ..NewFact::default() };
        facts.push(&more, [("order", 7)].into_iter());
        (facts.until, facts.head) = (3, "bb".to_owned());
        append(&path, &segment(&facts, mark), false).expect("appended");
        let (read, good) = load(&path).expect("a file");
        assert_eq!((read.until, read.head.as_str(), read.len()), (3, "bb", 3));
        assert_eq!(read.activity(2), "order.confirmed");
        assert_eq!(read.touches(1).collect::<Vec<_>>(), facts.touches(1).collect::<Vec<_>>());
        assert_eq!((read.attr(1, "how"), read.reason(1)), (Some("approved"), "credit"));
        // The last byte is missing: the second segment does not count, the first does.
        let file = File::options().write(true).open(&path).expect("the file");
        file.set_len(good - 1).expect("cut");
        let (read, shorter) = load(&path).expect("a file");
        assert_eq!((read.until, read.len()), (2, 2));
        assert!(shorter < good);
        std::fs::remove_file(&path).expect("removed");
    }
}
