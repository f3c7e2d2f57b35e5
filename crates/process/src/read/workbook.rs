//! The first sheet of a workbook as a table of text: days and times as ISO text. No rules.
use calamine::{Data, Reader, open_workbook_auto_from_rs};
use kernel::{Error, Result};
use std::io::{BufRead, Cursor};

/// Cells of the sheet, at most.
const MOST_CELLS: usize = 20_000_000;

/// Reads the sheet as CSV. Errors: `log.is_workbook` for what is none after all or has no rows,
/// `log.workbook_too_large`.
pub(super) fn table(stream: &mut dyn BufRead) -> Result<Cursor<Vec<u8>>> {
    let refused = |e: &dyn std::fmt::Display| Error::invalid("log.is_workbook", e);
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).map_err(|e| refused(&e))?;
    let mut book = open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|e| refused(&e))?;
    let mut out = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name).map_err(|e| refused(&e))?;
        let (height, width) = range.get_size();
        if height.saturating_mul(width) > MOST_CELLS {
            return Err(Error::invalid("log.workbook_too_large", height).with("limit", MOST_CELLS));
        }
        if height < 2 {
            continue;
        }
        for row in range.rows() {
            out.write_record(row.iter().map(shown)).map_err(|e| refused(&e))?;
        }
        return out.into_inner().map(Cursor::new).map_err(|e| refused(&e));
    }
    Err(refused(&"no rows"))
}

fn shown(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(n) => n.to_string(),
        Data::Bool(yes) => yes.to_string(),
        // Numbers of cases are whole; what is not is shown as it is.
        Data::Float(n) => n.to_string(),
        Data::DateTime(at) if at.is_duration() => at.as_f64().to_string(),
        Data::DateTime(at) => {
            let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
        }
        Data::Error(e) => e.to_string(),
    }
}
