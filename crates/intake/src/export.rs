//! Lists as tables that people open: CSV or a workbook, page by page, within a scope.
use crate::safe;
use kernel::{Ctx, Error, Result};
use meta::words::{self, Lang};
use meta::{Entity, Field, FieldKind};
use rust_xlsxwriter::{Workbook, Worksheet};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::io::{Seek, Write};
use store::Store;
use store::rows::{self, Count, ListQuery};
use store::scope::Scope;

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

/// Writes every row that the scope reaches; how many.
///
/// Rows are read a page at a time: what is written while it runs may be in it or not. Errors:
/// those of a list, `export.not_written`.
pub fn export_list(
    store: &Store,
    cx: &dyn Fn() -> Result<Ctx>,
    scope: &Scope,
    ask: &ListExport,
    out: &mut (impl Write + Seek + Send),
) -> Result<u64> {
    let columns = columns(ask.entity);
    let headings: Vec<String> =
        columns.iter().map(|f| words::label(ask.lang, "field", ask.entity.name, f.name)).collect();
    let mut sheet = Sheet::begin(ask, &headings)?;
    let mut query = ListQuery { count: Count::No, limit: rows::MOST, ..ListQuery::default() };
    query.fields = columns.clone();
    let mut count = 0;
    loop {
        let (page, titles) = store.read(&cx()?, |cx, tx| {
            let page = rows::list(cx, tx, ask.entity, scope, &query)?;
            let titles = titles(tx, &columns, &page.rows)?;
            Ok((page, titles))
        })?;
        for row in &page.rows {
            count += 1;
            sheet.row(&columns, row, &titles, out)?;
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
type Titles = BTreeMap<(&'static str, i64), String>;

fn titles(tx: &mut store::Tx, columns: &[&'static Field], page: &[Json]) -> Result<Titles> {
    let mut all = Titles::new();
    for field in columns {
        let FieldKind::Ref(name) = field.kind else { continue };
        let Ok(entity) = entity(name) else { continue };
        let ids: Vec<i64> = page.iter().filter_map(|row| id_of(&row[field.name])).collect();
        let found = rows::titles(tx, entity, &ids)?;
        all.extend(found.into_iter().map(|(id, title)| ((name, id), title)));
    }
    Ok(all)
}

fn id_of(cell: &Json) -> Option<i64> {
    cell.as_i64().or_else(|| cell.as_str().and_then(|text| text.parse().ok()))
}

fn text_of(field: &Field, cell: &Json, titles: &Titles) -> String {
    if let (FieldKind::Ref(name), Some(id)) = (field.kind, id_of(cell))
        && let Some(title) = titles.get(&(name, id))
    {
        return title.clone();
    }
    match cell {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

const fn is_number(field: &Field) -> bool {
    matches!(
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

    fn row(
        &mut self,
        columns: &[&'static Field],
        row: &Json,
        titles: &Titles,
        out: &mut impl Write,
    ) -> Result<()> {
        let texts = columns.iter().map(|f| (is_number(f), text_of(f, &row[f.name], titles)));
        match self {
            Self::Csv { begun, headings } => {
                if !std::mem::replace(begun, true) {
                    csv_headings(out, headings)?;
                }
                let cells: Vec<String> = texts.map(|(n, text)| cell(n, &text)).collect();
                csv_row(out, &cells)
            }
            Self::Xlsx { book, row: at } => {
                *at += 1;
                if *at > MOST_ROWS {
                    return Err(Error::invalid("export.too_many_rows", MOST_ROWS));
                }
                let sheet = book.worksheet_from_index(0).map_err(|e| broken(&e))?;
                for ((is_number, text), column) in texts.zip(0..) {
                    put(sheet, *at, column, is_number, &text)?;
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
