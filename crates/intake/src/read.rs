//! Reading a recognised file: every cell checked, whatever way the file is written in.
use crate::cell::{self, Cell, Way};
use crate::detect::{self, Found};
use crate::fault::{At, Faults};
use crate::mapping::{Column, FileMap, Kind, Mapping, Role};
use crate::note::Notes;
use crate::packed::Packed;
use crate::style::{Asked, Style};
use crate::sums;
use crate::survey::{self, Evidence};
use crate::table::{self, Opened, Source};
use crate::text::records::Stray;
use flows::history::Moment;
use kernel::{Currency, Day, Digest, Error};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Rows of one file, at most.
const MOST_ROWS: usize = 500_000;
/// Characters of a row that a fault shows.
const SHOWN: usize = 80;

/// A row as read: one cell a declared column.
pub(crate) struct Line {
    map: &'static FileMap,
    /// Which of the sources.
    pub(crate) source: usize,
    pub(crate) at: u64,
    pub(crate) cells: Packed,
    /// At least one cell is at fault: the row counts for keys only.
    pub(crate) is_bad: bool,
}

/// All rows of one kind of file.
pub(crate) struct Sheet {
    pub(crate) map: &'static FileMap,
    pub(crate) lines: Vec<Line>,
}

/// A file that was read.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    pub(crate) name: String,
    /// What it was recognised as.
    pub(crate) file: &'static str,
    pub(crate) rows: usize,
    pub(crate) digest: String,
    pub(crate) style: Style,
}

#[derive(Default)]
pub(crate) struct Reading {
    pub(crate) sheets: Vec<Sheet>,
    pub(crate) taken: Vec<Taken>,
    pub(crate) names: Vec<String>,
    pub(crate) faults: Faults,
    pub(crate) notes: Notes,
}

impl Line {
    fn cell(&self, map: &FileMap, name: &str) -> Cell {
        let at = map.column(name).map(|(at, _)| at);
        at.and_then(|at| self.cells.cells(self.map.columns).nth(at)).unwrap_or(Cell::Nothing)
    }
    /// Empty where the file says nothing.
    pub(crate) fn text(&self, map: &FileMap, name: &str) -> String {
        match self.cell(map, name) {
            Cell::Text(text) => text.into(),
            Cell::Name(name) => name.to_owned(),
            Cell::Number(n) => n.to_string(),
            Cell::Day(day) => day.to_string(),
            Cell::Moment(at) => at.to_string(),
            Cell::Nothing | Cell::Flag(_) => String::new(),
        }
    }
    /// As a preview shows it: prices in their unit, yes and no as such.
    pub(crate) fn shown(&self, map: &FileMap, column: &Column) -> String {
        match (column.kind, self.cell(map, column.name)) {
            (Kind::YesNo { .. }, Cell::Flag(yes)) => yes.to_string(),
            (Kind::Price | Kind::Exact, Cell::Number(n)) => sums::shown(n.into()),
            _ => self.text(map, column.name),
        }
    }
    pub(crate) fn day(&self, map: &FileMap, name: &str) -> Option<Day> {
        self.moment(map, name).map(|at| at.day)
    }
    pub(crate) fn moment(&self, map: &FileMap, name: &str) -> Option<Moment> {
        match self.cell(map, name) {
            Cell::Day(day) => Some(Moment::from(day)),
            Cell::Moment(at) => Some(at),
            _ => None,
        }
    }
    pub(crate) fn number(&self, map: &FileMap, name: &str) -> Option<i64> {
        if let Cell::Number(n) = self.cell(map, name) { Some(n) } else { None }
    }
    pub(crate) fn is_yes(&self, map: &FileMap, name: &str) -> bool {
        matches!(self.cell(map, name), Cell::Flag(true))
    }
    pub(crate) fn named(&self, map: &FileMap, name: &str) -> &'static str {
        if let Cell::Name(name) = self.cell(map, name) { name } else { "" }
    }
    /// The columns of the key, joined.
    pub(crate) fn key(&self, map: &FileMap) -> String {
        let parts: Vec<String> = map.key.iter().map(|name| self.text(map, name)).collect();
        parts.join("/")
    }
    /// Over everything that is taken of it.
    pub(crate) fn hash(&self) -> String {
        let mut digest = Digest::new();
        self.digest(&mut digest);
        digest.finish()
    }
    pub(crate) fn digest(&self, into: &mut Digest) {
        self.cells.cells(self.map.columns).for_each(|cell| cell.digest(into));
    }
}

impl Reading {
    pub(crate) fn sheet(&self, name: &str) -> Option<&Sheet> {
        self.sheets.iter().find(|sheet| sheet.map.name == name)
    }

    /// Reads one file into its sheet.
    pub(crate) fn take(
        &mut self,
        mapping: &'static Mapping,
        source: Source,
        currency: Currency,
        asked: &Asked,
    ) {
        let name = source.name.clone();
        let opened = match table::open(source, asked) {
            Ok(opened) => opened,
            Err(e) => return self.refuse(name, e.line, e.error),
        };
        let grids = opened.grids();
        let all = match detect::find(mapping, &opened, &grids, asked) {
            Ok(all) => all,
            Err((line, e)) => return self.refuse(name, line, e),
        };
        let several = all.len() > 1;
        for found in all {
            let sheet = &grids[found.grid].style.sheet;
            let name = if several { format!("{name}#{sheet}") } else { name.clone() };
            let style = grids[found.grid].style.clone();
            self.take_one(mapping, (&opened, name), &found, style, (currency, asked));
        }
    }

    fn refuse(&mut self, name: String, line: u64, error: Error) {
        self.faults.add(detect::of_line(&name, line), error);
        self.names.push(name);
    }

    fn take_one(
        &mut self,
        mapping: &'static Mapping,
        (opened, name): (&Opened, String),
        found: &Found<'_>,
        mut style: Style,
        (currency, asked): (Currency, &Asked),
    ) {
        self.names.push(name.clone());
        style.header_line = found.line;
        self.say_unused(&name, found);
        let edits = Edits::of(&name, asked);
        let ways = self.survey(mapping, &name, found, &edits, asked, &mut style);
        let rows = Rows { mapping, found, ways, currency, has_nul: opened.has_nul() };
        let mut digest = Digest::new();
        found.header.iter().for_each(|field| {
            digest.text(field);
        });
        let count = self.rows(&name, &rows, &edits, &mut digest);
        if let Role::Ignored(why) = found.file.role {
            self.notes.count(why, &[("file", &name)]);
        }
        let (file, digest) = (found.file.name, digest.finish());
        self.keep(Taken { name, file, rows: count, digest, style }, opened);
    }

    fn keep(&mut self, taken: Taken, opened: &Opened) {
        if self.taken.iter().any(|known| known.digest == taken.digest) {
            let e = Error::invalid("import.file_twice", &taken.name);
            return self.faults.add(At::file(&taken.name), e);
        }
        if opened.encoding().is_some_and(|e| e != crate::style::Encoding::Utf8) {
            let encoding = opened.encoding().map_or("", crate::style::Encoding::name);
            self.notes.count("encoding", &[("file", &taken.name), ("encoding", encoding)]);
        }
        self.taken.push(taken);
    }

    fn say_unused(&mut self, name: &str, found: &Found<'_>) {
        if matches!(found.file.role, Role::Ignored(_)) {
            return;
        }
        for (at, column) in found.header.iter().enumerate() {
            if !column.is_empty() && !found.places.contains(&Some(at)) {
                self.notes.count("column_unknown", &[("file", name), ("column", column)]);
            }
        }
    }

    /// Reads all cells of days and numbers once, only for how they are written.
    fn survey(
        &mut self,
        mapping: &Mapping,
        name: &str,
        found: &Found<'_>,
        edits: &Edits<'_>,
        asked: &Asked,
        style: &mut Style,
    ) -> Vec<Way> {
        let columns = found.file.columns;
        let mut evidence: Vec<Evidence> = columns.iter().map(|_| Evidence::default()).collect();
        let is_asked = |at: usize| columns[at].kind.is_day() || columns[at].kind.is_number();
        let wanted: Vec<usize> = (0..columns.len()).filter(|at| is_asked(*at)).collect();
        let (mut rows, mut cells, mut count) = (found.rows.clone(), Vec::new(), 0);
        while let Some((line, _)) = rows.next(&mut cells) {
            count += 1;
            if wanted.is_empty() || count > MOST_ROWS {
                break;
            }
            for at in &wanted {
                let stands = found.places[*at].and_then(|place| cells.get(place));
                let text = edits.cell(line, columns[*at].name).or(stands.map(AsRef::as_ref));
                let text = text.unwrap_or_default().trim();
                if !text.is_empty() && !mapping.nothing.contains(&text) {
                    survey::see(&columns[*at], line, text, &mut evidence[*at]);
                }
            }
        }
        let ways = survey::ways(name, columns, &evidence, asked, &mut self.faults);
        for ((column, way), evidence) in columns.iter().zip(&ways).zip(&evidence) {
            let shown = survey::shown(column, *way, evidence);
            if !shown.is_empty() {
                style.columns.insert(column.name, shown);
            }
        }
        ways
    }

    fn rows(
        &mut self,
        name: &str,
        rows: &Rows<'_>,
        edits: &Edits<'_>,
        digest: &mut Digest,
    ) -> usize {
        let (mut left, mut cells, mut count) = (rows.found.rows.clone(), Vec::new(), 0);
        let source = self.names.len() - 1;
        let kept_before = left.kept_quotes();
        while let Some((line, stray)) = left.next(&mut cells) {
            if self.faults.is_full() {
                break;
            }
            let at = At { line, ..At::file(name) };
            if count >= MOST_ROWS {
                self.faults.add(at, Error::invalid("import.too_many_rows", MOST_ROWS));
                break;
            }
            if cells.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            count += 1;
            if self.is_broken(name, rows, &cells, line, stray) {
                continue;
            }
            edits.apply(line, rows.found, &mut cells);
            cells.iter().for_each(|cell| {
                digest.text(cell);
            });
            if !matches!(rows.found.file.role, Role::Ignored(_)) {
                let (cells, is_bad) = self.cells(at, &cells, rows);
                let map = rows.found.file;
                self.add(map, Line { map, source, at: line, cells, is_bad });
            }
        }
        let kept = left.kept_quotes() - kept_before;
        self.notes.count_all("quotes_kept", &[("file", name)], kept);
        count
    }

    fn add(&mut self, map: &'static FileMap, line: Line) {
        match self.sheets.iter_mut().find(|sheet| sheet.map.name == map.name) {
            Some(sheet) => sheet.lines.push(line),
            None => self.sheets.push(Sheet { map, lines: vec![line] }),
        }
    }

    /// A row that cannot be told into its cells. Errors: `import.quote`, `import.quote_open`,
    /// `import.columns`, `import.nul`.
    fn is_broken(
        &mut self,
        name: &str,
        rows: &Rows<'_>,
        cells: &[Cow<'_, str>],
        line: u64,
        stray: Option<Stray>,
    ) -> bool {
        if let Some(stray) = stray {
            let column = rows.heading(stray.column);
            let code = if stray.never_closed { "import.quote_open" } else { "import.quote" };
            let at = At { file: name, line: stray.line, column, value: &stray.value };
            self.faults.add(at, Error::invalid(code, column));
            return true;
        }
        let width = rows.found.header.len();
        if cells.len() != width {
            let row: String = cells.join(" | ").chars().take(SHOWN).collect();
            let at = At { file: name, line, column: "", value: &row };
            let e = Error::invalid("import.columns", cells.len()).with("expected", width);
            self.faults.add(at, e);
            return true;
        }
        let nul = |cell: &Cow<'_, str>| cell.contains('\0');
        if let Some(column) = cells.iter().position(nul).filter(|_| rows.has_nul) {
            let value = cells[column].replace('\0', "\\0");
            let heading = rows.heading(column);
            let at = At { file: name, line, column: heading, value: &value };
            self.faults.add(at, Error::invalid("import.nul", heading));
            return true;
        }
        false
    }

    fn cells(&mut self, at: At<'_>, fields: &[Cow<'_, str>], rows: &Rows<'_>) -> (Packed, bool) {
        let mut is_bad = false;
        let columns = rows.found.file.columns;
        let mut cells = Vec::with_capacity(columns.len());
        for (n, column) in columns.iter().enumerate() {
            let place = rows.found.places[n];
            let text = place.and_then(|place| fields.get(place)).map_or("", |field| field.trim());
            let at = At { column: column.name, value: text, ..at };
            if text.is_empty()
                || rows.mapping.nothing.contains(&text)
                || column.kind == Kind::Unused
            {
                if column.needed {
                    is_bad = true;
                    self.faults.add(at, Error::invalid("import.needed", column.name));
                }
                cells.push(Cell::Nothing);
                continue;
            }
            match cell::read(column, text, rows.ways[n], rows.currency, &mut self.notes) {
                Ok(cell) => cells.push(cell),
                Err(e) => {
                    is_bad = true;
                    self.faults.add(at, e.with("column", column.name));
                    // A bad cell may still be the key that others name.
                    cells.push(Cell::Text(text.into()));
                }
            }
        }
        (Packed::of(&cells, columns), is_bad)
    }
}

/// How the rows of one file are read.
struct Rows<'g> {
    mapping: &'static Mapping,
    found: &'g Found<'g>,
    ways: Vec<Way>,
    currency: Currency,
    has_nul: bool,
}

impl Rows<'_> {
    /// The heading of a cell by its place.
    fn heading(&self, place: usize) -> &str {
        self.found.header.get(place).map_or("", String::as_str)
    }
}

/// Cells of one file that somebody changed, by line and column.
struct Edits<'a> {
    cells: BTreeMap<(u64, &'a str), &'a str>,
}

impl<'a> Edits<'a> {
    fn of(name: &str, asked: &'a Asked) -> Self {
        let ours = asked.edits.iter().filter(|edit| edit.file == name);
        let cell =
            |edit: &'a crate::style::Edit| ((edit.line, edit.column.as_str()), edit.value.as_str());
        Self { cells: ours.map(cell).collect() }
    }
    fn cell(&self, line: u64, column: &str) -> Option<&'a str> {
        if self.cells.is_empty() {
            return None;
        }
        self.cells.get(&(line, column)).copied()
    }
    fn apply<'c>(&self, line: u64, found: &Found<'_>, cells: &mut [Cow<'c, str>]) {
        if self.cells.is_empty() {
            return;
        }
        for (column, place) in found.file.columns.iter().zip(&found.places) {
            let value = self.cell(line, column.name);
            if let (Some(value), Some(place)) = (value, place)
                && let Some(cell) = cells.get_mut(*place)
            {
                *cell = Cow::Owned(value.to_owned());
            }
        }
    }
}
