//! Guessing what an unknown table holds: by its headings in two languages and by its cells.
//!
//! A guess is shown with its confidence and samples, and corrected by people; nothing is imported
//! by a guess that nobody saw.
use crate::mapping::{Column, FileMap, Kind};
use crate::mappings::tables;
use crate::style::{Asked, Assigned, Style};
use crate::synonyms;
use crate::table::{self, Grid, Source};
use crate::text::{days, numbers};
use kernel::{Error, Result};
use serde_json::{Value as Json, json};

/// Rows of a table that are looked at.
const LOOKED_AT: usize = 200;
const SAMPLES: usize = 3;

/// What a table seems to hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Guess {
    /// `customers`, `products`, `contacts`, `leads`, `orders` or `receivables`.
    pub target: &'static str,
    /// In percent.
    pub confidence: u8,
    pub columns: Vec<ColumnGuess>,
    /// Columns that the target must have and no heading seems to be.
    pub lacks: Vec<&'static str>,
    /// Others, best first.
    pub instead: Vec<(&'static str, u8)>,
    pub style: Style,
    pub headings: Vec<String>,
}

/// What one heading seems to be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ColumnGuess {
    pub heading: String,
    /// Our column; `None` is left out.
    pub field: Option<&'static str>,
    /// In percent.
    pub confidence: u8,
    pub samples: Vec<String>,
}

impl Guess {
    /// `{target, confidence, columns: [{heading, field, confidence, samples}], lacks, instead}`.
    #[must_use]
    pub fn json(&self) -> Json {
        let column = |c: &ColumnGuess| {
            json!({
                "heading": c.heading, "field": c.field,
                "confidence": c.confidence, "samples": c.samples,
            })
        };
        let instead = self.instead.iter().map(|(t, c)| json!({ "target": t, "confidence": c }));
        json!({
            "target": self.target,
            "confidence": self.confidence,
            "columns": self.columns.iter().map(column).collect::<Vec<_>>(),
            "lacks": self.lacks,
            "instead": instead.collect::<Vec<_>>(),
            "style": self.style.json(),
        })
    }

    /// The guess as an assignment, with what somebody corrected: `(field, heading)`; an empty
    /// heading leaves the field out.
    ///
    /// Error: `import.no_column`.
    pub fn assigned(&self, corrections: &[(String, String)]) -> Result<Assigned> {
        let map = target(self.target)?;
        let mut columns: Vec<(String, String)> = self
            .columns
            .iter()
            .filter_map(|c| Some((c.field?.to_owned(), c.heading.clone())))
            .collect();
        for (field, heading) in corrections {
            if map.column(field).is_none() {
                let names: Vec<&str> = map.columns.iter().map(|column| column.name).collect();
                let e = Error::invalid("import.no_column", field);
                return Err(e.with("known", names.join(", ")));
            }
            columns.retain(|(ours, theirs)| ours != field && theirs != heading);
            if !heading.is_empty() {
                columns.push((field.clone(), heading.clone()));
            }
        }
        Ok(Assigned { target: self.target.to_owned(), columns })
    }
}

/// A kind of table by name. Error: `import.no_target`.
pub(crate) fn target(name: &str) -> Result<&'static FileMap> {
    tables::MAPPING.file(name).ok_or_else(|| {
        let names: Vec<&str> = tables::MAPPING.files.iter().map(|file| file.name).collect();
        Error::invalid("import.no_target", name).with("known", names.join(", "))
    })
}

/// Guesses what a table holds; `wanted` names the kind of rows where somebody said it.
///
/// Errors: those of opening the file, `import.no_headings`, `import.no_target`.
pub fn guess(source: Source, asked: &Asked, wanted: Option<&str>) -> Result<Guess> {
    let opened = table::open(source, asked).map_err(|e| e.error.with("line", e.line))?;
    let grids = opened.grids();
    let mut best: Option<Guess> = None;
    for grid in &grids {
        let found = of_grid(grid, asked, wanted)?;
        let is_better = |found: &Guess| {
            let known = best.as_ref().map_or((0, 0), |b| (b.confidence, b.headings.len()));
            (found.confidence, found.headings.len()) > known
        };
        if let Some(found) = found.filter(is_better) {
            best = Some(found);
        }
    }
    best.ok_or_else(|| Error::invalid("import.no_headings", &opened.name))
}

/// The first row that looks like headings, and what it says.
fn of_grid(grid: &Grid<'_>, asked: &Asked, wanted: Option<&str>) -> Result<Option<Guess>> {
    let mut best: Option<Guess> = None;
    for (line, headings, mut rows) in grid.heads(asked.header) {
        let filled = headings.iter().filter(|heading| !heading.is_empty()).count();
        if filled < 2 {
            continue;
        }
        let mut columns: Vec<Vec<String>> = vec![Vec::new(); headings.len()];
        let mut cells = Vec::new();
        let mut looked = 0;
        while looked < LOOKED_AT && rows.next(&mut cells).is_some() {
            looked += 1;
            for (column, cell) in columns.iter_mut().zip(&cells) {
                if !cell.trim().is_empty() {
                    column.push(cell.trim().to_owned());
                }
            }
        }
        let mut found = of_table(&headings, &columns, wanted)?;
        found.style = Style { header_line: line, ..grid.style.clone() };
        if best.as_ref().is_none_or(|b| found.confidence > b.confidence) {
            best = Some(found);
        }
    }
    Ok(best)
}

fn of_table(headings: &[String], cells: &[Vec<String>], wanted: Option<&str>) -> Result<Guess> {
    let wanted = wanted.map(target).transpose()?;
    let mut all: Vec<Guess> = tables::MAPPING
        .files
        .iter()
        .filter(|file| wanted.is_none_or(|wanted| wanted.name == file.name))
        .map(|file| of_target(file, headings, cells))
        .collect();
    all.sort_by_key(|guess| std::cmp::Reverse(guess.confidence));
    let mut best = all.remove(0);
    best.instead = all.iter().map(|guess| (guess.target, guess.confidence)).collect();
    Ok(best)
}

/// Gives each heading the column that it fits best, the surest first.
fn of_target(file: &'static FileMap, headings: &[String], cells: &[Vec<String>]) -> Guess {
    let mut scores = Vec::new();
    for (at, heading) in headings.iter().enumerate() {
        for (n, column) in file.columns.iter().enumerate() {
            let score = fit(file, column, heading, &cells[at]);
            if score > 0 {
                scores.push((score, at, n));
            }
        }
    }
    scores.sort_by_key(|(score, at, n)| (std::cmp::Reverse(*score), *n, *at));
    let mut given: Vec<Option<(usize, u8)>> = vec![None; headings.len()];
    let mut taken = vec![false; file.columns.len()];
    for (score, at, n) in scores {
        if given[at].is_none() && !taken[n] {
            given[at] = Some((n, score));
            taken[n] = true;
        }
    }
    let missing =
        |(n, column): (usize, &Column)| (column.needed && !taken[n]).then_some(column.name);
    let lacks: Vec<&'static str> = file.columns.iter().enumerate().filter_map(missing).collect();
    let columns: Vec<ColumnGuess> = headings
        .iter()
        .zip(&given)
        .zip(cells)
        .map(|((heading, given), cells)| ColumnGuess {
            heading: heading.clone(),
            field: given.map(|(n, _)| file.columns[n].name),
            confidence: given.map_or(0, |(_, score)| score),
            samples: cells.iter().take(SAMPLES).cloned().collect(),
        })
        .collect();
    let confidence = sureness(file, &columns, &lacks);
    let headings = headings.to_vec();
    let (instead, style) = (Vec::new(), Style::default());
    Guess { target: file.name, confidence, columns, lacks, instead, style, headings }
}

/// The mean over the columns that the target must have and the headings that there are.
fn sureness(file: &FileMap, columns: &[ColumnGuess], lacks: &[&str]) -> u8 {
    let needed = |c: &&ColumnGuess| {
        let of = c.field.and_then(|field| file.column(field));
        of.is_some_and(|(_, column)| column.needed)
    };
    let must: u32 = columns.iter().filter(needed).map(|c| u32::from(c.confidence)).sum();
    let count = columns.iter().filter(needed).count() as u32 + lacks.len() as u32;
    let there = columns.iter().filter(|c| !c.heading.is_empty()).count() as u32;
    let all: u32 = columns.iter().map(|c| u32::from(c.confidence)).sum();
    let mean = must / count.max(1) * 7 / 10 + all / there.max(1) * 3 / 10;
    let mean = if lacks.is_empty() { mean } else { mean / 2 };
    u8::try_from(mean.min(100)).unwrap_or(100)
}

/// How well a heading with its cells fits a column, in percent; 0 where the cells cannot be it.
fn fit(file: &FileMap, column: &Column, heading: &str, cells: &[String]) -> u8 {
    let by_name = synonyms::fit(file.name, column.name, heading);
    let by_cells = looks(column, cells);
    match (by_name, by_cells) {
        (_, Some(false)) | (0, None) => 0,
        (name, Some(true)) if name > 0 => (name + 5).min(100),
        (name, None) => name,
        // Only the cells speak for it.
        (_, Some(true)) => 40,
    }
}

/// Do the cells look like the column? `None`: they could be anything.
fn looks(column: &Column, cells: &[String]) -> Option<bool> {
    if cells.is_empty() {
        return None;
    }
    let most = |is: &dyn Fn(&str) -> bool| {
        cells.iter().filter(|cell| is(cell)).count() * 10 >= cells.len() * 8
    };
    let is_day = |cell: &str| {
        days::read(cell, None).is_some() || !matches!(days::shape(cell), days::Shape::Silent)
    };
    let is_number = |cell: &str| {
        let either = [crate::style::Decimal::Point, crate::style::Decimal::Comma];
        either.into_iter().any(|decimal| numbers::plain(cell, decimal).is_some())
    };
    match column.kind {
        Kind::Day | Kind::Time if most(&is_day) => None,
        Kind::Day | Kind::Time => Some(false),
        kind if kind.is_number() && most(&is_number) && !most(&is_day) => None,
        kind if kind.is_number() => Some(false),
        _ if column.name == "mail" => {
            let is_mail = |cell: &str| cell.contains('@') && !cell.contains(' ');
            Some(most(&is_mail))
        }
        _ if column.name == "phone" => {
            let digits = |cell: &str| cell.chars().filter(char::is_ascii_digit).count();
            let is_phone = |cell: &str| {
                let rest = |c: char| c.is_ascii_digit() || " +-()/.".contains(c);
                (7..=16).contains(&digits(cell)) && cell.chars().all(rest)
            };
            if most(&is_phone) { Some(true) } else { None }
        }
        _ => None,
    }
}
