//! An import under way, as an API or a command line holds it: files, what they are, what somebody
//! said and changed. Detect, map, check, edit, preview; applying is `apply`, undoing `undo`.
use crate::detect;
use crate::guess::{Guess, guess, target};
use crate::mapping::Mapping;
use crate::mappings::{self, tables};
use crate::plan::{Aim, Plan, plan_as};
use crate::style::{Asked, Assigned, DayOrder, Decimal, Edit, Encoding};
use crate::table::{self, Opened, Source};
use flows::history::{self, Known, LearntMapping, NewLearnt};
use kernel::{Ctx, Error, Result};
use serde_json::{Value as Json, json};
use std::io::{Cursor, Read};
use std::sync::Arc;
use store::Tx;

/// Opens a file from its beginning, as often as asked.
pub type Opener = Arc<dyn Fn() -> std::io::Result<Box<dyn Read>> + Send + Sync>;

/// Files with what is known and said of them.
#[derive(Clone, Default)]
pub struct Draft {
    files: Vec<(String, Opener)>,
    mapping: Option<&'static Mapping>,
    pub asked: Asked,
}

impl Draft {
    /// Files by the names that people know them by.
    #[must_use]
    pub fn of(files: Vec<(String, Vec<u8>)>) -> Self {
        let file = |(name, bytes): (String, Vec<u8>)| {
            let bytes: Arc<[u8]> = bytes.into();
            let opener: Opener = Arc::new(move || Ok(Box::new(Cursor::new(Arc::clone(&bytes)))));
            (name, opener)
        };
        Self::opening(files.into_iter().map(file).collect())
    }

    /// Files that are opened when they are read: a large one is not held twice.
    #[must_use]
    pub fn opening(files: Vec<(String, Opener)>) -> Self {
        Self { files, mapping: None, asked: Asked::default() }
    }

    /// Error: `import.cannot_read`.
    fn open((name, opener): &(String, Opener)) -> Result<Source> {
        let input = opener().map_err(|e| Error::invalid("import.cannot_read", e))?;
        Ok(Source { name: name.clone(), input })
    }
    fn sources(&self) -> Result<Vec<Source>> {
        self.files.iter().map(Self::open).collect()
    }

    /// The mapping that knows all of the files by their headings; `None`: guess.
    pub fn detect(&mut self) -> Option<&'static str> {
        let open = |file| table::open(Self::open(file).ok()?, &self.asked).ok();
        let opened: Vec<Opened> = self.files.iter().map(open).collect::<Option<_>>()?;
        let knows = |mapping: &&'static Mapping| {
            opened.iter().all(|opened| {
                let grids = opened.grids();
                detect::find(mapping, opened, &grids, &self.asked).is_ok()
            })
        };
        self.mapping = mappings::all().iter().copied().find(knows);
        self.mapping.map(|mapping| mapping.name)
    }

    /// Says which mapping the files are for. Error: `import.unknown_mapping`.
    pub fn is_for(&mut self, mapping: &str) -> Result<()> {
        self.mapping = Some(mappings::named(mapping)?);
        Ok(())
    }

    /// What the first file seems to hold. Errors: `import.no_files`, those of guessing.
    pub fn guess(&self, wanted: Option<&str>) -> Result<Guess> {
        let first = self.files.first().ok_or_else(|| Error::invalid("import.no_files", "-"))?;
        guess(Self::open(first)?, &self.asked, wanted)
    }

    /// Says which heading is which column. Error: `import.no_target`.
    pub fn map(&mut self, assigned: Assigned) -> Result<()> {
        let map = target(&assigned.target)?;
        self.mapping = Some(&tables::MAPPING);
        self.asked.source.get_or_insert_with(|| format!("tables:{}", map.name));
        self.asked.assigned = Some(assigned);
        Ok(())
    }

    /// Reads the files as was learnt under a name. Error: `import.learnt_broken`.
    pub fn as_learnt(&mut self, learnt: &LearntMapping) -> Result<()> {
        let broken = || Error::invalid("import.learnt_broken", &learnt.name);
        let columns: Vec<(String, String)> =
            serde_json::from_str(&learnt.columns).map_err(|_| broken())?;
        let style: Json = serde_json::from_str(&learnt.style).map_err(|_| broken())?;
        let said = |name: &str| style.get(name).and_then(Json::as_str);
        self.asked.source = Some(format!("tables:{}", learnt.name));
        let asked = &mut self.asked;
        asked.encoding = asked.encoding.or(said("encoding").and_then(|t| Encoding::parse(t).ok()));
        asked.days = asked.days.or(said("days").and_then(|t| DayOrder::parse(t).ok()));
        asked.numbers = asked.numbers.or(said("numbers").and_then(|t| Decimal::parse(t).ok()));
        if asked.separator.is_none() {
            asked.separator = said("separator").map(str::to_owned);
        }
        self.map(Assigned { target: learnt.target.clone(), columns })
    }

    /// Changes a staged cell; the next plan reads it so.
    pub fn edit(&mut self, edit: Edit) {
        let is_same =
            |e: &Edit| (&e.file, e.line, &e.column) == (&edit.file, edit.line, &edit.column);
        self.asked.edits.retain(|e| !is_same(e));
        self.asked.edits.push(edit);
    }

    /// By which a second import knows these rows. Error: `import.not_mapped`.
    pub fn source(&self) -> Result<&str> {
        let mapping = self.mapping.ok_or_else(|| Error::invalid("import.not_mapped", "-"))?;
        Ok(self.asked.source.as_deref().unwrap_or(mapping.name))
    }

    /// Checks every row and previews what an import would do.
    ///
    /// Errors: `import.not_mapped`, those of [`plan_as`].
    pub fn plan(&self, into: Aim, known: &Known) -> Result<Plan> {
        let mapping = self.mapping.ok_or_else(|| Error::invalid("import.not_mapped", "-"))?;
        plan_as(mapping, self.sources()?, into, known, &self.asked)
    }
}

/// Keeps how a file is read, for the next one of its kind.
///
/// Errors: `import.learnt_name`, `import.too_many_learnt`, `import.no_target`.
pub fn learn(
    cx: &Ctx,
    tx: &mut Tx,
    name: &str,
    assigned: &Assigned,
    asked: &Asked,
) -> Result<LearntMapping> {
    target(&assigned.target)?;
    if mappings::named(name).is_ok() {
        return Err(Error::invalid("import.learnt_name", name).with("max", 60));
    }
    let style = json!({
        "encoding": asked.encoding.map(Encoding::name),
        "separator": asked.separator,
        "days": asked.days.map(DayOrder::name),
        "numbers": asked.numbers.map(Decimal::name),
    });
    let new = NewLearnt {
        name: name.to_owned(),
        target: assigned.target.clone(),
        columns: json!(assigned.columns).to_string(),
        style: style.to_string(),
    };
    history::learn(cx, tx, &new)
}

/// What was learnt under a name, if anything.
pub fn learnt(tx: &mut Tx, name: &str) -> Result<Option<LearntMapping>> {
    history::learnt(tx, name)
}
