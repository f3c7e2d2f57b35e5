//! Workbooks (XLSX, XLS) as text cells: numbers as they are shown, days as ISO text. No rules.
use crate::table::Cells;
use calamine::{Data, Reader, open_workbook_auto_from_rs};
use kernel::{Error, Result};
use std::io::Cursor;

/// Cells of one sheet, at most.
const MOST_CELLS: usize = 20_000_000;

/// Does a file begin like a workbook?
pub(crate) fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0])
}

/// All sheets with their rows; row numbers as the workbook counts them.
///
/// Errors: `import.workbook`, `import.too_many_rows`.
pub(crate) fn sheets(bytes: Vec<u8>) -> Result<Vec<(String, Cells)>> {
    let refused = |e: &dyn std::fmt::Display| Error::invalid("import.workbook", e);
    let mut book = open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|e| refused(&e))?;
    let mut sheets = Vec::new();
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name).map_err(|e| refused(&e))?;
        let (height, width) = range.get_size();
        if height.saturating_mul(width) > MOST_CELLS {
            return Err(Error::invalid("import.too_many_rows", MOST_CELLS / width.max(1)));
        }
        let first = range.start().map_or(0, |(row, _)| u64::from(row));
        let rows = range.rows().zip(first + 1..);
        let cells = rows.map(|(row, line)| (line, row.iter().map(shown).collect()));
        sheets.push((name, cells.collect()));
    }
    Ok(sheets)
}

fn shown(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) => text.clone(),
        Data::DateTimeIso(text) | Data::DurationIso(text) => text.replace('T', " "),
        Data::Int(n) => n.to_string(),
        Data::Bool(yes) => if *yes { "TRUE" } else { "FALSE" }.to_owned(),
        Data::Float(n) => decimal(*n),
        Data::DateTime(at) if at.is_duration() => decimal(at.as_f64()),
        Data::DateTime(at) => {
            let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
            let day = format!("{year:04}-{month:02}-{day:02}");
            match (hour, minute, second) {
                (0, 0, 0) => day,
                (hour, minute, second) => format!("{day} {hour:02}:{minute:02}:{second:02}"),
            }
        }
        Data::Error(e) => e.to_string(),
    }
}

/// The 15 digits that a spreadsheet shows of its binary numbers: 0.1 + 0.2 is 0.3.
fn decimal(value: f64) -> String {
    let text = format!("{value:.14e}");
    let Some((mantissa, power)) = text.split_once('e') else { return text };
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_end_matches('0');
    let power: i64 = power.parse().unwrap_or(0);
    if digits.is_empty() || !(-30..=30).contains(&power) {
        return if digits.is_empty() { "0".to_owned() } else { text };
    }
    let point = power + 1;
    let body = if point <= 0 {
        format!("0.{}{digits}", "0".repeat(point.unsigned_abs() as usize))
    } else if digits.len() as i64 <= point {
        format!("{digits}{}", "0".repeat(point as usize - digits.len()))
    } else {
        format!("{}.{}", &digits[..point as usize], &digits[point as usize..])
    };
    format!("{sign}{body}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_what_the_spreadsheet_shows() {
        for (value, expected) in [
            (0.1 + 0.2, "0.3"),
            (1234.56, "1234.56"),
            (-0.05, "-0.05"),
            (0.0, "0"),
            (1e6, "1000000"),
            (123_456_789_012_345.0, "123456789012345"),
            (2.675, "2.675"),
            (0.000_012_5, "0.0000125"),
        ] {
            assert_eq!(decimal(value), expected);
        }
    }
}
