//! Which file it is, and how to read it: by its headings under some separator, line or sheet.
use crate::fault::At;
use crate::mapping::{FileMap, Mapping};
use crate::style::{Asked, Assigned};
use crate::table::{Grid, Opened, Rows};
use kernel::{Error, Result};
use std::collections::BTreeSet;

/// A file that was recognised.
pub(crate) struct Found<'g> {
    pub(crate) file: &'static FileMap,
    /// Where each declared column stands.
    pub(crate) places: Vec<Option<usize>>,
    pub(crate) header: Vec<String>,
    pub(crate) line: u64,
    pub(crate) rows: Rows<'g>,
    /// Which of the grids.
    pub(crate) grid: usize,
}

/// Looks through every way to read the file for headings that the mapping knows.
///
/// Errors: `import.unknown_file` naming the nearest, `import.header_twice`,
/// `import.too_many_columns`, `import.which_sheet`, those of an assignment.
pub(crate) fn find<'g>(
    mapping: &'static Mapping,
    opened: &Opened,
    grids: &'g [Grid<'_>],
    asked: &Asked,
) -> Result<Vec<Found<'g>>, (u64, Error)> {
    let mut nearest: Option<(usize, u64, Vec<String>)> = None;
    let mut found: Vec<Found<'g>> = Vec::new();
    for (at, grid) in grids.iter().enumerate() {
        for (line, header, rows) in grid.heads(asked.header) {
            if header.len() > MOST_COLUMNS {
                let e = Error::invalid("import.too_many_columns", header.len());
                return Err((line, e.with("max", MOST_COLUMNS)));
            }
            match recognised(mapping, &header, asked) {
                Ok((file, places)) => {
                    found.push(Found { file, places, header, line, rows, grid: at });
                    break;
                }
                Err(e) if e.code != "import.unknown_file" => return Err((line, e)),
                Err(_) => {
                    let score = score(mapping, &header);
                    if nearest.as_ref().is_none_or(|(best, ..)| score > *best) {
                        nearest = Some((score, line, header));
                    }
                }
            }
        }
        if !found.is_empty() && grid.style.sheet.is_empty() {
            break;
        }
    }
    // Sheets of different kinds are read all; of two of one kind nobody knows which.
    let kinds: BTreeSet<&str> = found.iter().map(|f| f.file.name).collect();
    if kinds.len() < found.len() {
        let sheets: Vec<&str> = found.iter().map(|f| grids[f.grid].style.sheet.as_str()).collect();
        return Err((0, Error::invalid("import.which_sheet", sheets.join(", "))));
    }
    if found.is_empty() {
        found.extend(headless(mapping, opened, grids));
    }
    if !found.is_empty() {
        return Ok(found);
    }
    let (_, line, header) = nearest.unwrap_or((0, 1, Vec::new()));
    Err((line, unknown(mapping, &header)))
}

const MOST_COLUMNS: usize = 500;

fn recognised(
    mapping: &'static Mapping,
    header: &[String],
    asked: &Asked,
) -> Result<(&'static FileMap, Vec<Option<usize>>)> {
    match &asked.assigned {
        Some(assigned) => by_assignment(mapping, header, assigned),
        None => recognise(mapping, header),
    }
}

/// The file map whose columns the header has, and where each stands.
///
/// More columns than it wants do no harm. Errors: `import.unknown_file` naming the nearest,
/// `import.header_twice`.
pub(crate) fn recognise(
    mapping: &'static Mapping,
    header: &[String],
) -> Result<(&'static FileMap, Vec<Option<usize>>)> {
    let fits = |file: &&FileMap| {
        let mut wanted = file.columns.iter().filter(|c| !c.optional);
        !file.headless && wanted.all(|c| place(header, c.name).is_some())
    };
    let common = |file: &&FileMap| {
        let there = file.columns.iter().filter(|c| place(header, c.name).is_some()).count();
        (there, std::cmp::Reverse(file.columns.len()))
    };
    let found = mapping.files.iter().filter(fits).max_by_key(common);
    let Some(file) = found else { return Err(unknown(mapping, header)) };
    for column in file.columns {
        let same = |name: &&String| name.eq_ignore_ascii_case(column.name);
        if header.iter().filter(same).count() > 1 {
            return Err(Error::invalid("import.header_twice", column.name));
        }
    }
    Ok((file, file.columns.iter().map(|column| place(header, column.name)).collect()))
}

/// The columns that somebody assigned; this row holds the headings if it has all of them.
///
/// Errors: `import.no_target`, `import.no_column`, `import.unknown_file`.
fn by_assignment(
    mapping: &'static Mapping,
    header: &[String],
    assigned: &Assigned,
) -> Result<(&'static FileMap, Vec<Option<usize>>)> {
    let file = mapping.file(&assigned.target).ok_or_else(|| {
        let names: Vec<&str> = mapping.files.iter().map(|file| file.name).collect();
        Error::invalid("import.no_target", &assigned.target).with("known", names.join(", "))
    })?;
    let mut places = vec![None; file.columns.len()];
    for (ours, theirs) in &assigned.columns {
        let Some((at, _)) = file.column(ours) else {
            let names: Vec<&str> = file.columns.iter().map(|column| column.name).collect();
            return Err(Error::invalid("import.no_column", ours).with("known", names.join(", ")));
        };
        let stands = header.iter().position(|have| have == theirs);
        let shown = header.join(",");
        let lacking = || {
            let e = Error::invalid("import.unknown_file", &shown);
            e.with("nearest", file.name).with("lacks", theirs)
        };
        places[at] = Some(stands.ok_or_else(lacking)?);
    }
    Ok((file, places))
}

/// A file without headings, by its name and the number of its cells.
fn headless<'g>(
    mapping: &'static Mapping,
    opened: &Opened,
    grids: &'g [Grid<'_>],
) -> Option<Found<'g>> {
    let stem = opened.name.rsplit_once('.').map_or(opened.name.as_str(), |(stem, _)| stem);
    let is_named = |file: &&FileMap| file.headless && file.name.eq_ignore_ascii_case(stem);
    let file = mapping.files.iter().find(is_named)?;
    let mut cells = Vec::new();
    let grid = grids.iter().position(|grid| {
        grid.rows().next(&mut cells).is_some() && cells.len() == file.columns.len()
    })?;
    let header = file.columns.iter().map(|column| column.name.to_owned()).collect();
    let places = (0..file.columns.len()).map(Some).collect();
    Some(Found { file, places, header, line: 0, rows: grids[grid].rows(), grid })
}

fn place(header: &[String], name: &str) -> Option<usize> {
    header.iter().position(|have| have.eq_ignore_ascii_case(name))
}

fn common(file: &FileMap, header: &[String]) -> usize {
    file.columns.iter().filter(|c| place(header, c.name).is_some()).count()
}

/// Shared columns in thousandths of all columns of both.
fn nearness(file: &FileMap, header: &[String]) -> usize {
    let (both, all) = (common(file, header), file.columns.len() + header.len());
    both * 1000 / (all - both).max(1)
}

/// How near a row is to any headings: what is shared, else how much it looks like a row.
fn score(mapping: &Mapping, header: &[String]) -> usize {
    let shared = mapping.files.iter().map(|file| nearness(file, header)).max().unwrap_or(0);
    shared * 1000 + header.len().min(999)
}

fn unknown(mapping: &Mapping, header: &[String]) -> Error {
    let shown: Vec<&str> = header.iter().take(12).map(String::as_str).collect();
    let e = Error::invalid("import.unknown_file", shown.join(","));
    let near = mapping.files.iter().max_by_key(|file| nearness(file, header));
    match near.filter(|file| common(file, header) > 0) {
        Some(near) => {
            let lacks = near.columns.iter().filter(|c| !c.optional).map(|c| c.name);
            let lacks: Vec<&str> = lacks.filter(|name| place(header, name).is_none()).collect();
            e.with("nearest", near.name).with("lacks", lacks.join(", "))
        }
        None => {
            let names: Vec<&str> = mapping.files.iter().map(|file| file.name).collect();
            e.with("nearest", "-").with("lacks", names.join(", "))
        }
    }
}

/// Where a file as a whole is at fault.
pub(crate) const fn of_line(file: &str, line: u64) -> At<'_> {
    At { file, line, column: "", value: "" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mappings;

    fn header(text: &str) -> Vec<String> {
        text.split(',').map(str::to_owned).collect()
    }

    #[test]
    fn every_file_of_every_mapping_is_known_by_its_own_header_in_any_order() {
        for mapping in mappings::all() {
            for file in mapping.files.iter().filter(|file| !file.headless) {
                let mut names: Vec<String> =
                    file.columns.iter().map(|c| c.name.to_owned()).collect();
                names.reverse();
                names.push("another".into());
                let found = recognise(mapping, &names).map(|(found, _)| found.name);
                assert_eq!(found, Ok(file.name), "{}", mapping.name);
            }
        }
    }

    #[test]
    fn an_unknown_header_names_the_nearest_file_and_what_it_lacks() {
        let mapping = mappings::named("northwind").unwrap();
        let e = recognise(mapping, &header("orderID,productID,unitPrice,quantity")).unwrap_err();
        assert_eq!(e.code, "import.unknown_file");
        assert_eq!(
            e.fields,
            [("nearest", "order_details".to_owned()), ("lacks", "discount".to_owned()),]
        );
        let twice = header("shipperID,companyName,phone,Phone");
        assert_eq!(
            recognise(mapping, &twice).map_err(|e| e.code).err(),
            Some("import.header_twice")
        );
    }
}
