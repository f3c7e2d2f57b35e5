//! Cells that a spreadsheet would run: written with a quote before them, read without it. Pure.
use std::borrow::Cow;

/// Does a spreadsheet take a text that begins so for a formula?
fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// The text as it may stand in a cell.
pub(crate) fn written(text: &str) -> Cow<'_, str> {
    if is_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text that such a cell stands for.
pub(crate) fn read(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_formula(rest) => rest,
        Some(_) | None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_written_as_text_and_read_back_the_same() {
        for text in ["=1+1", "+86 10", "-5", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''-", "=cmd|' /C"]
        {
            let cell = written(text);
            assert!(cell.starts_with('\''), "{text:?}");
            assert_eq!(read(&cell), text);
        }
        for text in ["", "a=b", "5-3", "'tis", "1,234"] {
            assert_eq!(written(text), text);
            assert_eq!(read(text), text);
        }
    }
}
