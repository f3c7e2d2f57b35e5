//! Which file it is, by its header. Pure.
use crate::mapping::{FileMap, Mapping};
use kernel::{Error, Result};

/// The file map whose columns the header has, and where each stands.
///
/// More columns than it wants do no harm. Errors: `import.unknown_file` naming the nearest,
/// `import.header_twice`.
pub(crate) fn recognise(
    mapping: &'static Mapping,
    header: &[String],
) -> Result<(&'static FileMap, Vec<usize>)> {
    let fits = |file: &&FileMap| file.columns.iter().all(|c| place(header, c.name).is_some());
    let found = mapping.files.iter().filter(fits).max_by_key(|file| file.columns.len());
    let Some(file) = found else { return Err(unknown(mapping, header)) };
    let mut places = Vec::with_capacity(file.columns.len());
    for column in file.columns {
        let same = |name: &&String| name.eq_ignore_ascii_case(column.name);
        if header.iter().filter(same).count() > 1 {
            return Err(Error::invalid("import.header_twice", column.name));
        }
        places.extend(place(header, column.name));
    }
    Ok((file, places))
}

fn place(header: &[String], name: &str) -> Option<usize> {
    header.iter().position(|have| have.eq_ignore_ascii_case(name))
}

fn unknown(mapping: &Mapping, header: &[String]) -> Error {
    let common =
        |file: &FileMap| file.columns.iter().filter(|c| place(header, c.name).is_some()).count();
    // Shared columns in thousandths of all columns of both.
    let nearness = |file: &&FileMap| {
        let (both, all) = (common(file), file.columns.len() + header.len());
        both * 1000 / (all - both).max(1)
    };
    let shown: Vec<&str> = header.iter().take(12).map(String::as_str).collect();
    let e = Error::invalid("import.unknown_file", shown.join(","));
    match mapping.files.iter().max_by_key(nearness).filter(|file| common(file) > 0) {
        Some(near) => {
            let lacks = near.columns.iter().map(|c| c.name);
            let lacks: Vec<&str> = lacks.filter(|name| place(header, name).is_none()).collect();
            e.with("nearest", near.name).with("lacks", lacks.join(", "))
        }
        None => {
            let names: Vec<&str> = mapping.files.iter().map(|file| file.name).collect();
            e.with("nearest", "-").with("lacks", names.join(", "))
        }
    }
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
            for file in mapping.files {
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
