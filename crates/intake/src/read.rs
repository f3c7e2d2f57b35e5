//! Reading files: streamed, UTF-8, every cell checked; whatever line ends it has, with or without
//! a mark at its begin.
use crate::cell::{self, Cell};
use crate::detect;
use crate::fault::{At, Faults};
use crate::mapping::{FileMap, Kind, Mapping, Role};
use crate::note::Notes;
use csv::ByteRecord;
use kernel::{Currency, Day, Digest, Error};
use std::io::Read;

/// Limits of one import.
const MOST_BYTES: u64 = 256 * 1024 * 1024;
const MOST_ROWS: usize = 500_000;
const MOST_COLUMNS: usize = 500;

/// A file by the name that people know it by, and its bytes.
pub struct Source {
    pub name: String,
    pub input: Box<dyn Read>,
}

/// A row as read: one cell a declared column.
pub(crate) struct Line {
    /// Which of the sources.
    pub(crate) source: usize,
    pub(crate) at: u64,
    pub(crate) cells: Vec<Cell>,
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
    fn cell(&self, map: &FileMap, name: &str) -> &Cell {
        let at = map.column(name).map(|(at, _)| at);
        at.and_then(|at| self.cells.get(at)).unwrap_or(&Cell::Nothing)
    }
    /// Empty where the file says nothing.
    pub(crate) fn text(&self, map: &FileMap, name: &str) -> String {
        match self.cell(map, name) {
            Cell::Text(text) => text.clone(),
            Cell::Name(name) => (*name).to_owned(),
            Cell::Number(n) => n.to_string(),
            Cell::Day(day) => day.to_string(),
            Cell::Nothing | Cell::Flag(_) => String::new(),
        }
    }
    pub(crate) fn day(&self, map: &FileMap, name: &str) -> Option<Day> {
        if let Cell::Day(day) = self.cell(map, name) { Some(*day) } else { None }
    }
    pub(crate) fn number(&self, map: &FileMap, name: &str) -> Option<i64> {
        if let Cell::Number(n) = self.cell(map, name) { Some(*n) } else { None }
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
        self.cells.iter().for_each(|cell| cell.digest(into));
    }
}

impl Reading {
    pub(crate) fn sheet(&self, name: &str) -> Option<&Sheet> {
        self.sheets.iter().find(|sheet| sheet.map.name == name)
    }

    /// Reads one file into its sheet.
    pub(crate) fn take(&mut self, mapping: &'static Mapping, source: Source, currency: Currency) {
        let name = source.name;
        self.names.push(name.clone());
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(64 * 1024)
            .from_reader(source.input.take(MOST_BYTES + 1));
        let Some(header) = self.header(&name, &mut reader) else { return };
        let (file, places) = match detect::recognise(mapping, &header) {
            Ok(found) => found,
            Err(e) => return self.faults.add(At { line: 1, ..At::file(&name) }, e),
        };
        self.say_unused(&name, file, &header);
        let mut digest = Digest::new();
        header.iter().for_each(|field| {
            digest.text(field);
        });
        let rows = Rows { mapping, file, places, width: header.len(), currency };
        let count = self.rows(&name, &mut reader, &rows, &mut digest);
        let digest = digest.finish();
        if self.taken.iter().any(|taken| taken.digest == digest) {
            return self.faults.add(At::file(&name), Error::invalid("import.file_twice", &name));
        }
        if let Role::Ignored(why) = file.role {
            self.notes.count(why, &[("file", &name)]);
        }
        self.taken.push(Taken { name, file: file.name, rows: count, digest });
    }

    fn header(&mut self, name: &str, reader: &mut csv::Reader<impl Read>) -> Option<Vec<String>> {
        let mut record = ByteRecord::new();
        let at = At { line: 1, ..At::file(name) };
        let read = reader.read_byte_record(&mut record);
        let error = match read {
            Err(e) => Error::invalid("import.cannot_read", e),
            Ok(false) => Error::invalid("import.empty_file", name),
            Ok(true) if record.len() > MOST_COLUMNS => {
                Error::invalid("import.too_many_columns", record.len()).with("max", MOST_COLUMNS)
            }
            Ok(true) => {
                let text = |field: &[u8]| std::str::from_utf8(field).map(clean);
                match record.iter().map(text).collect::<Result<Vec<String>, _>>() {
                    Ok(header) => return Some(header),
                    Err(_) => Error::invalid("import.not_utf8", name),
                }
            }
        };
        self.faults.add(at, error);
        None
    }

    fn say_unused(&mut self, name: &str, file: &FileMap, header: &[String]) {
        if matches!(file.role, Role::Ignored(_)) {
            return;
        }
        let is_used =
            |have: &String| file.columns.iter().any(|c| c.name.eq_ignore_ascii_case(have));
        for column in header.iter().filter(|have| !have.is_empty() && !is_used(have)) {
            self.notes.count("column_unknown", &[("file", name), ("column", column)]);
        }
    }

    fn rows(
        &mut self,
        name: &str,
        reader: &mut csv::Reader<impl Read>,
        rows: &Rows,
        digest: &mut Digest,
    ) -> usize {
        let mut record = ByteRecord::new();
        let mut count = 0;
        let source = self.names.len() - 1;
        while !self.faults.is_full() {
            let line = reader.position().line();
            let at = At { line, ..At::file(name) };
            match reader.read_byte_record(&mut record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(e) => {
                    self.faults.add(at, Error::invalid("import.cannot_read", e));
                    break;
                }
            }
            let line = record.position().map_or(line, csv::Position::line);
            if let Some(e) = too_much(reader.position().byte(), count) {
                self.faults.add(At { line, ..at }, e);
                break;
            }
            if record.iter().all(|field| field.trim_ascii().is_empty()) {
                continue;
            }
            count += 1;
            if !self.row(Place { source, name, line }, &record, rows, digest) {
                break;
            }
        }
        count
    }

    /// Reads one row; `false` when the rest of the file cannot be read either.
    fn row(
        &mut self,
        place: Place<'_>,
        record: &ByteRecord,
        rows: &Rows,
        digest: &mut Digest,
    ) -> bool {
        let (at, line) = (At { line: place.line, ..At::file(place.name) }, place.line);
        let mut fields = Vec::with_capacity(record.len());
        for field in record {
            let Ok(text) = std::str::from_utf8(field) else {
                let value = String::from_utf8_lossy(field).into_owned();
                let column = rows.column_at(fields.len());
                let e = Error::invalid("import.not_utf8", place.name);
                self.faults.add(At { column, value: &value, ..at }, e);
                return false;
            };
            digest.text(text);
            fields.push(text);
        }
        if fields.len() != rows.width {
            let e = Error::invalid("import.columns", fields.len()).with("expected", rows.width);
            self.faults.add(at, e);
            return true;
        }
        if matches!(rows.file.role, Role::Ignored(_)) {
            return true;
        }
        let (cells, is_bad) = self.cells(at, &fields, rows);
        let line = Line { source: place.source, at: line, cells, is_bad };
        match self.sheets.iter_mut().find(|sheet| sheet.map.name == rows.file.name) {
            Some(sheet) => sheet.lines.push(line),
            None => self.sheets.push(Sheet { map: rows.file, lines: vec![line] }),
        }
        true
    }

    fn cells(&mut self, at: At<'_>, fields: &[&str], rows: &Rows) -> (Vec<Cell>, bool) {
        let mut is_bad = false;
        let mut cells = Vec::with_capacity(rows.places.len());
        for (column, place) in rows.file.columns.iter().zip(&rows.places) {
            let text = fields.get(*place).map_or("", |field| field.trim());
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
            match cell::read(column, text, rows.currency, &mut self.notes) {
                Ok(cell) => cells.push(cell),
                Err(e) => {
                    is_bad = true;
                    self.faults.add(at, e.with("column", column.name));
                    // A bad cell may still be the key that others name.
                    cells.push(Cell::Text(text.to_owned()));
                }
            }
        }
        (cells, is_bad)
    }
}

/// Where a row stands.
#[derive(Clone, Copy)]
struct Place<'a> {
    source: usize,
    name: &'a str,
    line: u64,
}

/// How the rows of one file are read.
struct Rows {
    mapping: &'static Mapping,
    file: &'static FileMap,
    /// Where each declared column stands in the file.
    places: Vec<usize>,
    width: usize,
    currency: Currency,
}

impl Rows {
    fn column_at(&self, place: usize) -> &'static str {
        let declared = self.places.iter().position(|at| *at == place);
        declared.and_then(|at| self.file.columns.get(at)).map_or("", |column| column.name)
    }
}

fn clean(text: &str) -> String {
    text.trim_start_matches('\u{feff}').trim().to_owned()
}

fn too_much(bytes: u64, rows: usize) -> Option<Error> {
    if bytes > MOST_BYTES {
        let mebibytes = MOST_BYTES / 1024 / 1024;
        return Some(Error::invalid("import.file_too_large", mebibytes));
    }
    (rows >= MOST_ROWS).then(|| Error::invalid("import.too_many_rows", MOST_ROWS))
}
