//! Logs of other systems beside the company's own process: kept as files in a folder as they came,
//! looked at in the same screens. No fact and no row knows of them.
use crate::insight::attributes::{by_case, of_log, told as told_values};
use crate::insight::subject::Subject;
use crate::insight::{Attribute, MapAsk, Who, maps};
use crate::log::{Flat, Log, NONE};
use crate::read::{Ask, Columns, Keep, read};
use crate::report::{LANE_ATTRIBUTES, SourceFacts, Study, Wish};
use kernel::{Digest, Error, Result};
use meta::words::Lang;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Logs that are kept at once.
pub const MOST: usize = 20;

/// The folder of kept logs.
#[derive(Debug)]
pub struct Shelf(PathBuf);

/// A log that is looked at.
pub struct Opened {
    pub id: String,
    study: Study,
    facts: SourceFacts,
}

impl Shelf {
    #[must_use]
    pub const fn new(folder: PathBuf) -> Self {
        Self(folder)
    }
    fn path(&self, id: &str, end: &str) -> Result<PathBuf> {
        let is_id = id.len() == 64 && id.bytes().all(|b| b.is_ascii_hexdigit());
        let wrong = || Error::not_found("log.not_kept", id);
        is_id.then(|| self.0.join(format!("{id}.{end}"))).ok_or_else(wrong)
    }
    /// Keeps a log and says what is in it; what cannot be read is not kept.
    ///
    /// Errors: `log.too_many`, `file.not_written`, those of [`read`].
    pub fn keep(&self, name: &str, bytes: &[u8], columns: &Columns) -> Result<Json> {
        let id = id_of(name, bytes);
        let (log, about) = (self.path(&id, "log")?, self.path(&id, "json")?);
        let was_kept = about.exists();
        if !was_kept && self.list().len() >= MOST {
            return Err(Error::conflict("log.too_many", MOST).with("limit", MOST));
        }
        std::fs::create_dir_all(&self.0).map_err(|e| unwritable(&self.0, &e))?;
        std::fs::write(&log, bytes).map_err(|e| unwritable(&log, &e))?;
        let told = study(&log, name, columns).map(|(study, facts)| told(&id, &study, &facts));
        match told {
            Ok(told) => {
                std::fs::write(&about, told.to_string()).map_err(|e| unwritable(&about, &e))?;
                Ok(told)
            }
            // It was read before, with other columns: it stays as it was.
            Err(error) if was_kept => Err(nameless(error, &log, name)),
            Err(error) => {
                std::fs::remove_file(&log).map_err(|e| unwritable(&log, &e))?;
                Err(nameless(error, &log, name))
            }
        }
    }
    /// What is kept, by name.
    #[must_use]
    pub fn list(&self) -> Vec<Json> {
        let files = std::fs::read_dir(&self.0).into_iter().flatten().flatten();
        let about = files.map(|f| f.path()).filter(|p| p.extension().is_some_and(|e| e == "json"));
        let mut all: Vec<Json> =
            about.filter_map(|p| serde_json::from_slice(&std::fs::read(p).ok()?).ok()).collect();
        let text = |of: &Json, name: &str| of[name].as_str().unwrap_or_default().to_owned();
        all.sort_by_key(|of| (text(of, "name"), text(of, "id")));
        all
    }
    /// Throws a log away. Error: `log.not_kept`.
    pub fn remove(&self, id: &str) -> Result<()> {
        for end in ["json", "log"] {
            let path = self.path(id, end)?;
            std::fs::remove_file(path).map_err(|_| Error::not_found("log.not_kept", id))?;
        }
        Ok(())
    }
    /// Opens a log. Errors: `log.not_kept`, those of [`read`].
    pub fn open(&self, id: &str) -> Result<Opened> {
        let missing = || Error::not_found("log.not_kept", id);
        let text = std::fs::read(self.path(id, "json")?).map_err(|_| missing())?;
        let about: Json = serde_json::from_slice(&text).map_err(|_| missing())?;
        let columns = Columns::of(|name| about["columns"][name].as_str().map(str::to_owned));
        let name = about["name"].as_str().unwrap_or_default();
        let (study, facts) = study(&self.path(id, "log")?, name, &columns)?;
        Ok(Opened { id: id.to_owned(), study, facts })
    }
}

/// A log is known by its name and all of its bytes: nobody can put another one in its place.
fn id_of(name: &str, bytes: &[u8]) -> String {
    let mut digest = Digest::new();
    digest.text(name).bytes(bytes);
    digest.finish()
}

fn study(path: &Path, name: &str, columns: &Columns) -> Result<(Study, SourceFacts)> {
    // Whatever the log carries may be filtered by.
    let ask = Ask { columns: columns.clone(), keep: Keep::All };
    let source = read(path, &ask, &mut |_, _| {})?;
    let (log, facts) = SourceFacts::split(source, name.to_owned());
    Ok((Study::of(log, &Wish { object_type: None, sliders: None })?, facts))
}

/// What a log holds, and which columns of a table were taken.
fn told(id: &str, study: &Study, facts: &SourceFacts) -> Json {
    let columns = facts.columns.as_ref().map(|c| {
        json!({ "case": c.case, "activity": c.activity, "time": c.time, "end": c.end,
            "resource": c.resource })
    });
    let odd: u64 = study.log.quality.findings.values().map(|f| f.count).sum();
    json!({
        "id": id, "name": facts.name, "format": facts.format, "columns": columns,
        "cases": study.overview.cases, "events": study.overview.events,
        "variants": study.variants.list.len(), "odd": odd,
    })
}

/// The error with the file called as its sender calls it: the folder is nobody's business.
fn nameless(mut error: Error, path: &Path, name: &str) -> Error {
    let ours = path.display().to_string();
    error.detail = error.detail.replace(&ours, name);
    for (_, value) in &mut error.fields {
        *value = value.replace(&ours, name);
    }
    error
}

/// The department of each person: the one that most of their events name.
fn departments(log: &Log) -> BTreeMap<&str, String> {
    let is_lane = |name: &str| LANE_ATTRIBUTES.iter().any(|lane| lane.eq_ignore_ascii_case(name));
    let Some(attribute) = log.attributes.iter().find(|a| is_lane(&a.name)) else {
        return BTreeMap::new();
    };
    let mut counts: BTreeMap<(u32, u32), u64> = BTreeMap::new();
    for (event, value) in attribute.events.iter().zip(&attribute.values) {
        *counts.entry((log.events.resource[*event as usize], *value)).or_default() += 1;
    }
    let mut best: BTreeMap<u32, (u64, u32)> = BTreeMap::new();
    for ((person, value), n) in counts {
        let known = best.entry(person).or_default();
        if n > known.0 {
            *known = (n, value);
        }
    }
    let named = |(person, (_, value)): (&u32, &(u64, u32))| {
        (log.resources.text(*person), log.values.text(*value).to_owned())
    };
    best.iter().filter(|(person, _)| **person != NONE).map(named).collect()
}

fn unwritable(path: &Path, e: &std::io::Error) -> Error {
    Error::conflict("file.not_written", e).with("path", path.display())
}

impl Opened {
    /// The cases asked for. Error: `kpi.no_such_dimension`.
    fn selected(&self, ask: &MapAsk) -> Result<Flat> {
        let Study { log, flat, .. } = &self.study;
        let midnight = |day: kernel::Day| kernel::Zone::china().at(day, 0).0;
        let Some((name, value)) = ask.dimension.as_deref().zip(ask.value.as_deref()) else {
            return Ok(maps::in_days(log, flat, ask, &midnight, |_| true));
        };
        let values = Attribute::named(name).and_then(|of| by_case(log, flat, of));
        let values = values.ok_or_else(|| Error::invalid("kpi.no_such_dimension", name))?;
        Ok(maps::in_days(log, flat, ask, &midnight, |case| values[case].contains(&value)))
    }
    fn subject<'s>(&'s self, flat: &'s Flat, ask: &MapAsk) -> Subject<'s> {
        let Study { log, calendar, .. } = &self.study;
        let of = ask.dimension.as_deref().and_then(Attribute::named);
        let values = of.and_then(|of| by_case(log, &self.study.flat, of));
        Subject {
            case: "",
            log,
            flat,
            working: Box::new(|from, to| calendar.working(from, to)),
            id: Box::new(i64::from),
            number: Box::new(|id| log.objects.ids.text(id as u32).to_owned()),
            dimensions: Vec::new(),
            // Who did something is told to whoever may know it only.
            attributes: of_log(log)
                .into_iter()
                .filter(|name| ask.people || Attribute::named(name) != Some(Attribute::Person))
                .collect(),
            values: values.map_or_else(Vec::new, |all| told_values(all.into_iter())),
            seq: 0,
        }
    }
    fn look<T>(&self, ask: &MapAsk, of: impl FnOnce(&Subject<'_>) -> T) -> Result<T> {
        let flat = self.selected(ask)?;
        Ok(of(&self.subject(&flat, ask)))
    }
    /// As [`crate::insight::Insight::map`].
    pub fn map(&self, ask: &MapAsk) -> Result<Json> {
        self.look(ask, |subject| subject.map(ask))
    }
    /// As [`crate::insight::Insight::beside`].
    pub fn beside(&self, ask: &MapAsk, other: &MapAsk) -> Result<Json> {
        let (one, two) = (self.selected(ask)?, self.selected(other)?);
        let (one, two) = (self.subject(&one, ask), self.subject(&two, other));
        Ok(one.beside(&two, ask))
    }
    /// As [`crate::insight::Insight::people`]; departments and roles where the log tells one.
    pub fn people(&self, ask: &MapAsk) -> Result<Json> {
        let lanes = departments(&self.study.log);
        let who = |name: &str| Who {
            name: name.to_owned(),
            department: lanes.get(name).cloned().unwrap_or_default(),
            ..Who::default()
        };
        self.look(ask, |subject| subject.people(&who))
    }
    pub fn variants(&self, ask: &MapAsk) -> Result<Json> {
        self.look(ask, |subject| subject.variants())
    }
    pub fn cases(&self, ask: &MapAsk) -> Result<Json> {
        self.look(ask, |subject| subject.cases(ask))
    }
    /// Everything that `huiliu mine` says of it, as one file.
    #[must_use]
    pub fn report(&self, lang: Lang) -> String {
        crate::report::html(&self.study, &self.facts, lang)
    }
}
