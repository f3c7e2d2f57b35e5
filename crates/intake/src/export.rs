//! Lists as tables that people open: CSV or a workbook, page by page, within a scope.
use crate::safe;
use kernel::{Ctx, Error, Rate, Result};
use meta::words::{self, Lang};
use meta::{Entity, Field, FieldKind, Look};
use rust_xlsxwriter::{Format as CellFormat, Workbook, Worksheet};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Seek, Write};
use store::rows::{self, Count, ListQuery};
use store::scope::Scope;
use store::{Store, Tx};

/// How a table is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// UTF-8 with a mark, commas, CRLF.
    Csv,
    Xlsx,
}

impl Format {
    /// By the ending of a file's name. Error: `export.format`.
    pub fn of(name: &str) -> Result<Self> {
        let lower = name.to_ascii_lowercase();
        match lower.rsplit_once('.') {
            Some((_, "csv")) => Ok(Self::Csv),
            Some((_, "xlsx")) => Ok(Self::Xlsx),
            _ => Err(Error::invalid("export.format", name)),
        }
    }
}

/// What is written of an entity, and how.
#[derive(Clone, Copy, Debug)]
pub struct ListExport {
    pub entity: &'static Entity,
    /// Of the headings.
    pub lang: Lang,
    pub format: Format,
}

/// An entity by name or collection. Error: `export.no_entity`.
pub fn entity(name: &str) -> Result<&'static Entity> {
    let all = flows::entities();
    let found = all.iter().find(|e| e.name == name || e.collection == name);
    let listed = found.filter(|e| e.grade != meta::Grade::Internal);
    listed.copied().ok_or_else(|| Error::not_found("export.no_entity", name))
}

/// Which rows, which columns, and whom their references may be named to.
pub struct Chosen<'c> {
    /// Conditions, order and columns; its page is set here.
    pub query: ListQuery,
    /// Rows, at most.
    pub most: Option<u64>,
    /// The entity whose rows a field names.
    pub named: &'c dyn Fn(&Field) -> Option<&'static Entity>,
    /// What the reader may know those rows by.
    pub titles: &'c Titles<'c>,
    /// Headings of the tenant's own fields.
    pub labels: BTreeMap<&'static str, String>,
}

/// Names of rows by their ids; one that the reader does not see is left out.
pub type Titles<'c> =
    dyn Fn(&Ctx, &mut Tx, &'static Entity, &[i64]) -> Result<BTreeMap<i64, String>> + 'c;

/// The names of all rows, whoever asks: for whom the whole installation is open.
///
/// Errors: the store's.
pub fn all_titles(
    _: &Ctx,
    tx: &mut Tx,
    entity: &'static Entity,
    ids: &[i64],
) -> Result<BTreeMap<i64, String>> {
    rows::titles(tx, entity, ids)
}

/// Writes every row that the scope reaches, references by the names that `titles` gives; how many.
///
/// Errors: those of [`export_chosen`].
pub fn export_list(
    store: &Store,
    cx: &dyn Fn() -> Result<Ctx>,
    (scope, titles): (&Scope, &Titles<'_>),
    ask: &ListExport,
    out: &mut (impl Write + Seek + Send),
) -> Result<u64> {
    let query = ListQuery { fields: columns(ask.entity), ..ListQuery::default() };
    let named = |field: &Field| match field.kind {
        FieldKind::Ref(name) => entity(name).ok(),
        _ => None,
    };
    let labels = BTreeMap::new();
    let chosen = Chosen { query, most: None, named: &named, titles, labels };
    export_chosen(store, cx, (scope, &chosen), ask, out)
}

/// Writes the rows that somebody chose, as they chose them; how many.
///
/// Rows are read a page at a time: what is written while it runs may be in it or not. Errors:
/// those of a list, `export.not_written`, `export.too_many`, `export.too_many_rows`.
pub fn export_chosen(
    store: &Store,
    cx: &dyn Fn() -> Result<Ctx>,
    (scope, chosen): (&Scope, &Chosen<'_>),
    ask: &ListExport,
    out: &mut (impl Write + Seek + Send),
) -> Result<u64> {
    let mut query = ListQuery { count: Count::No, limit: rows::MOST, ..chosen.query.clone() };
    let columns: Vec<&'static Field> = query.fields.iter().chain(&query.customs).copied().collect();
    let heading = |f: &&'static Field| match chosen.labels.get(f.name) {
        Some(label) => label.clone(),
        None => words::label(ask.lang, "field", ask.entity.name, f.name),
    };
    let headings: Vec<String> = columns.iter().map(heading).collect();
    let cells = Cells { ask, columns: &columns, named: chosen.named };
    let mut sheet = Sheet::begin(ask, &headings)?;
    let mut count = 0;
    loop {
        let (page, known) = store.read(&cx()?, |cx, tx| {
            let page = rows::list(cx, tx, ask.entity, scope, &query)?;
            let known = cells.known(cx, tx, chosen.titles, &page.rows)?;
            Ok((page, known))
        })?;
        for row in &page.rows {
            count += 1;
            if let Some(most) = chosen.most.filter(|most| count > *most) {
                return Err(Error::invalid("export.too_many", most));
            }
            sheet.row(&cells.of(row, &known), out)?;
        }
        match page.next {
            Some(next) => query.cursor = Some(next),
            None => break,
        }
    }
    sheet.end(out)?;
    Ok(count)
}

/// What people read: no keys, versions, scopes, and nothing that is JSON inside.
fn columns(entity: &'static Entity) -> Vec<&'static Field> {
    let inner = ["id", "version", "scope_id", "batch_id", "company"];
    let is_shown = |f: &&Field| !inner.contains(&f.name) && !matches!(f.kind, FieldKind::Json);
    entity.fields.iter().filter(is_shown).collect()
}

/// The names of rows that references name, by entity and id.
type KnownTitles = BTreeMap<(&'static str, i64), String>;

/// How rows become cells.
struct Cells<'c> {
    ask: &'c ListExport,
    columns: &'c [&'static Field],
    named: &'c dyn Fn(&Field) -> Option<&'static Entity>,
}

impl Cells<'_> {
    fn known(
        &self,
        cx: &Ctx,
        tx: &mut Tx,
        titles: &Titles<'_>,
        page: &[Json],
    ) -> Result<KnownTitles> {
        // Fields of one entity are asked for together.
        let mut wanted: BTreeMap<&'static str, (&'static Entity, BTreeSet<i64>)> = BTreeMap::new();
        for field in self.columns {
            let Some(entity) = (self.named)(field) else { continue };
            let ids = page.iter().filter_map(|row| id_of(&row[field.name]));
            wanted.entry(entity.name).or_insert_with(|| (entity, BTreeSet::new())).1.extend(ids);
        }
        let mut all = KnownTitles::new();
        for (name, (entity, ids)) in wanted {
            let ids: Vec<i64> = ids.into_iter().collect();
            let found = titles(cx, tx, entity, &ids)?;
            all.extend(found.into_iter().map(|(id, title)| ((name, id), title)));
        }
        Ok(all)
    }

    /// Is it a number, and its text, of each column.
    fn of(&self, row: &Json, known: &KnownTitles) -> Vec<(bool, String)> {
        let cell = |f: &&'static Field| (is_number(f), self.text(f, &row[f.name], known));
        self.columns.iter().map(cell).collect()
    }

    fn text(&self, field: &Field, cell: &Json, known: &KnownTitles) -> String {
        if let (Some(entity), Some(id)) = ((self.named)(field), id_of(cell))
            && let Some(title) = known.get(&(entity.name, id))
        {
            return title.clone();
        }
        match cell {
            Json::Null => String::new(),
            Json::String(text) => match (field.kind, field.look) {
                (FieldKind::Enum(_), _) if !text.is_empty() => self.option(field, text),
                (FieldKind::Rate, Some(Look::Percent)) => percent(text),
                _ => text.clone(),
            },
            Json::Number(n) => match (n.as_i64(), field.look) {
                (Some(n), Some(Look::Percent)) => format!("{n}%"),
                (Some(n), Some(Look::Clock)) => format!("{:02}:{:02}", n / 60, n % 60),
                _ => n.to_string(),
            },
            other => other.to_string(),
        }
    }

    /// One of a few values in the reader's words.
    fn option(&self, field: &Field, value: &str) -> String {
        let (lang, entity) = (self.ask.lang, self.ask.entity.name);
        let (kind, name) = match field.name {
            "state" => ("state", value.to_owned()),
            field => ("option", format!("{field}-{value}")),
        };
        let label = words::label(lang, kind, entity, &name);
        if label == name || label.starts_with(&format!("{kind}-")) {
            return value.to_owned();
        }
        label
    }
}

fn id_of(cell: &Json) -> Option<i64> {
    cell.as_i64().or_else(|| cell.as_str().and_then(|text| text.parse().ok()))
}

/// A rate of one in hundredths: `13%` of `0.13`. What is none stays as it is.
fn percent(text: &str) -> String {
    let hundredths = Rate::parse(text).ok().and_then(|rate| rate.0.checked_mul(100));
    hundredths.map_or_else(|| text.to_owned(), |n| format!("{}%", Rate(n)))
}

const fn is_number(field: &Field) -> bool {
    !matches!(field.look, Some(Look::Clock))
        && matches!(
            field.kind,
            FieldKind::Money | FieldKind::Qty | FieldKind::Price | FieldKind::Rate | FieldKind::Int
        )
}

/// The file under way.
enum Sheet {
    Csv { begun: bool, headings: Vec<String> },
    Xlsx { book: Box<Workbook>, row: u32 },
}

fn broken(e: &dyn std::fmt::Display) -> Error {
    Error::conflict("export.not_written", e)
}

/// Rows of one sheet.
const MOST_ROWS: u32 = 1_048_575;

impl Sheet {
    fn begin(ask: &ListExport, headings: &[String]) -> Result<Self> {
        if ask.format == Format::Csv {
            return Ok(Self::Csv { begun: false, headings: headings.to_vec() });
        }
        let mut book = Box::new(Workbook::new());
        let sheet = book.add_worksheet_with_constant_memory().map_err(|e| broken(&e))?;
        sheet.set_name(ask.entity.collection).map_err(|e| broken(&e))?;
        write_headings(sheet, headings)?;
        Ok(Self::Xlsx { book, row: 0 })
    }

    fn row(&mut self, texts: &[(bool, String)], out: &mut impl Write) -> Result<()> {
        match self {
            Self::Csv { begun, headings } => {
                if !std::mem::replace(begun, true) {
                    csv_headings(out, headings)?;
                }
                let cells: Vec<String> = texts.iter().map(|(n, text)| cell(*n, text)).collect();
                csv_row(out, &cells)
            }
            Self::Xlsx { book, row: at } => {
                *at += 1;
                if *at > MOST_ROWS {
                    return Err(Error::invalid("export.too_many_rows", MOST_ROWS));
                }
                let sheet = book.worksheet_from_index(0).map_err(|e| broken(&e))?;
                for ((is_number, text), column) in texts.iter().zip(0..) {
                    put(sheet, *at, column, *is_number, text)?;
                }
                Ok(())
            }
        }
    }

    fn end(self, out: &mut (impl Write + Seek + Send)) -> Result<()> {
        match self {
            Self::Csv { begun, headings } => {
                if !begun {
                    csv_headings(out, &headings)?;
                }
                out.flush().map_err(|e| broken(&e))
            }
            Self::Xlsx { mut book, .. } => book.save_to_writer(out).map_err(|e| broken(&e)),
        }
    }
}

/// A number stands as it is; any other text that a spreadsheet would run does not.
fn cell(is_number: bool, text: &str) -> String {
    if is_number { text.to_owned() } else { safe::written(text).into_owned() }
}

fn csv_headings(out: &mut impl Write, headings: &[String]) -> Result<()> {
    out.write_all("\u{feff}".as_bytes()).map_err(|e| broken(&e))?;
    csv_row(out, headings)
}

fn csv_row(out: &mut impl Write, cells: &[String]) -> Result<()> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut *out);
    writer.write_record(cells).map_err(|e| broken(&e))?;
    writer.flush().map_err(|e| broken(&e))
}

fn write_headings(sheet: &mut Worksheet, headings: &[String]) -> Result<()> {
    for (heading, column) in headings.iter().zip(0..) {
        sheet.write_string(0, column, heading).map_err(|e| broken(&e))?;
    }
    Ok(())
}

/// Numbers of up to 15 digits are numbers to a spreadsheet; longer ones would lose digits.
fn put(sheet: &mut Worksheet, row: u32, column: u16, is_number: bool, text: &str) -> Result<()> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    // A spreadsheet keeps hundredths as a number of one that is shown with its sign.
    let hundredths = text.strip_suffix('%').filter(|_| is_number && digits <= 13);
    if let Some(share) = hundredths.and_then(|text| format!("{text}e-2").parse::<f64>().ok()) {
        let format = CellFormat::new().set_num_format("0.##%");
        let done = sheet.write_number_with_format(row, column, share, &format);
        return done.map(|_| ()).map_err(|e| broken(&e));
    }
    let number: Option<f64> = text.parse().ok().filter(|_| is_number && digits <= 15);
    let done = match number {
        _ if text.is_empty() => return Ok(()),
        Some(number) => sheet.write_number(row, column, number),
        None => sheet.write_string(row, column, cell(is_number, text)),
    };
    done.map(|_| ()).map_err(|e| broken(&e))
}

/// Writes a template as a workbook, one sheet a table.
///
/// Errors: `import.no_template`, `export.not_written`.
pub fn template(name: &str, out: &mut (impl Write + Seek + Send)) -> Result<()> {
    let mut book = Workbook::new();
    for (name, headings) in tables_of(name)? {
        let sheet = book.add_worksheet();
        sheet.set_name(name).map_err(|e| broken(&e))?;
        write_headings(sheet, &headings)?;
    }
    book.save_to_writer(out).map_err(|e| broken(&e))
}

fn tables_of(name: &str) -> Result<Vec<(&'static str, Vec<String>)>> {
    if name != "opening" {
        return Err(Error::not_found("import.no_template", name).with("known", "opening"));
    }
    let owned = |headings: Vec<&'static str>| headings.into_iter().map(str::to_owned).collect();
    let all = crate::mappings::opening::template();
    Ok(all.into_iter().map(|(name, headings)| (name, owned(headings))).collect())
}

/// The tables of a template as CSV, each under its name. Error: `import.no_template`.
pub fn template_tables(name: &str) -> Result<Vec<(String, Vec<u8>)>> {
    let table = |(name, headings): (&'static str, Vec<String>)| {
        let mut bytes = Vec::new();
        csv_headings(&mut bytes, &headings)?;
        Ok((format!("{name}.csv"), bytes))
    };
    tables_of(name)?.into_iter().map(table).collect()
}
