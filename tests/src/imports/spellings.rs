//! The same rows in other encodings, separators, numbers and days are the same rows; what could
//! be read in two ways is asked for.
use super::setup::{Place, each, source, text};
use super::{AR, CRM, NORTHWIND};
use intake::{Asked, DayOrder, Encoding, Source};

/// A table as the test reads it.
type Table = Vec<Vec<String>>;

fn table(text: &str) -> Table {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn written(table: &Table, separator: u8, end: &str) -> String {
    let terminator = if end == "\r" { csv::Terminator::Any(b'\r') } else { csv::Terminator::CRLF };
    let mut writer = csv::WriterBuilder::new()
        .delimiter(separator)
        .terminator(terminator)
        .flexible(true)
        .from_writer(Vec::new());
    table.iter().for_each(|row| writer.write_record(row).unwrap());
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

/// Columns of numbers and of days of the three sources.
const NUMBERS: &[&str] = &["revenue", "unitPrice", "freight", "discount", "InvoiceAmount"];
const DAYS: &[&str] = &[
    "engage_date",
    "close_date",
    "PaperlessDate",
    "InvoiceDate",
    "DueDate",
    "SettledDate",
    "orderDate",
    "requiredDate",
    "shippedDate",
];

fn change(table: &mut Table, columns: &[&str], of: impl Fn(&str) -> String) {
    let places: Vec<usize> =
        (0..table[0].len()).filter(|at| columns.contains(&table[0][*at].as_str())).collect();
    for row in &mut table[1..] {
        for at in &places {
            row[*at] = of(&row[*at]);
        }
    }
}

/// `1234.5` is `1.234,5`; what has no decimals stays.
fn comma(number: &str) -> String {
    let Some((whole, part)) = number.split_once('.') else { return number.to_owned() };
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            grouped.push('.');
        }
        grouped.push(digit);
    }
    format!("{grouped},{part}")
}

/// Both `3/31/2013` and `2013-03-31 …` are `31/03/2013`.
fn day_first(day: &str) -> String {
    let date = day.split(' ').next().unwrap();
    match date.split(['/', '-']).collect::<Vec<_>>()[..] {
        [y, m, d] if y.len() == 4 => format!("{d:0>2}/{m:0>2}/{y}"),
        [m, d, y] => format!("{d:0>2}/{m:0>2}/{y}"),
        _ => day.to_owned(),
    }
}

fn respelled(mapping: &str, names: &[&str], of: impl Fn(&str) -> Vec<u8>) -> Vec<Source> {
    names.iter().map(|name| source(name, of(&text(mapping, name)))).collect()
}

fn gb18030(text: &str) -> Vec<u8> {
    let (bytes, _, lost) = encoding_rs::GB18030.encode(text);
    assert!(!lost);
    bytes.into_owned()
}

fn utf16(text: &str) -> Vec<u8> {
    "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

/// A workbook whose numbers are numbers and whose days are days.
fn workbook(text: &str) -> Vec<u8> {
    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let format = Format::new().set_num_format("yyyy-mm-dd");
    let table = table(text);
    for (row, cells) in table.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            let (at, heading) = (row as u32, table[0][column].as_str());
            let day = day_first(cell);
            let day: Vec<u16> = day.split('/').filter_map(|part| part.parse().ok()).collect();
            let column = column as u16;
            match (&day[..], cell.parse::<f64>()) {
                ([d, m, y], _) if row > 0 && DAYS.contains(&heading) => {
                    let day = ExcelDateTime::from_ymd(*y, *m as u8, *d as u8).unwrap();
                    sheet.write_datetime_with_format(at, column, &day, &format).unwrap();
                }
                (_, Ok(number)) if row > 0 && NUMBERS.contains(&heading) => {
                    sheet.write_number(at, column, number).unwrap();
                }
                _ => {
                    sheet.write_string(at, column, cell).unwrap();
                }
            }
        }
    }
    book.save_to_buffer().unwrap()
}

fn is_the_same(place: &Place<'_>, mapping: &str, names: &[&str]) {
    let plain = place.plan(mapping, respelled(mapping, names, |text| text.as_bytes().to_vec()));
    assert_eq!(plain.faults, Vec::new());
    let rows = format!("{:#?}", plain.rows());
    let same = |what: &str, of: &dyn Fn(&str) -> Vec<u8>| {
        let plan = place.plan(mapping, respelled(mapping, names, of));
        assert_eq!(plan.faults, Vec::new(), "{mapping} {what}");
        assert!(!plan.rows().is_empty());
        assert!(format!("{:#?}", plan.rows()) == rows, "{mapping} as {what} has other rows");
        println!("{mapping} as {what}: {} rows, identical", plan.rows().len());
    };
    same("GB18030", &gb18030);
    same("UTF-16LE with BOM", &utf16);
    same("a workbook", &workbook);
    same("CR line ends", &|text| written(&table(text), b',', "\r").into_bytes());
    same("; with decimal comma", &|text| {
        let mut table = table(text);
        change(&mut table, NUMBERS, comma);
        written(&table, b';', "\r\n").into_bytes()
    });
    same("D/M/Y days", &|text| {
        let mut table = table(text);
        change(&mut table, DAYS, day_first);
        written(&table, b'\t', "\r\n").into_bytes()
    });
    same("all at once under a preamble", &|text| {
        let mut table = table(text);
        change(&mut table, NUMBERS, comma);
        change(&mut table, DAYS, day_first);
        let body = written(&table, b';', "\r\n");
        gb18030(&format!("导出时间：2026-01-01\r\n\r\n{body}"))
    });
}

#[test]
fn every_known_file_is_the_same_rows_in_any_spelling() {
    each("crm_maven", |place| is_the_same(place, "crm_maven", CRM));
    each("northwind/csv", |place| is_the_same(place, "northwind", NORTHWIND));
    each("ar_ibm", |place| is_the_same(place, "ar_ibm", AR));
}

#[test]
fn a_column_of_days_that_could_be_either_is_asked_for() {
    each("ar_ibm", |place| {
        let text = text("ar_ibm", AR[0]);
        let mut table = table(&text);
        let is_low = |day: &str| day.split('/').take(2).all(|n| n.parse::<u8>().unwrap() <= 12);
        table.retain(|row| row[0] == "countryCode" || (is_low(&row[4]) && is_low(&row[5])));
        table.iter_mut().skip(1).for_each(|row| row[8].clear());
        table.iter_mut().skip(1).for_each(|row| row[2].clear());
        table.truncate(8);
        assert!(table.len() > 3);
        let file = || vec![source("ar.csv", written(&table, b',', "\r\n").into_bytes())];
        let plan = place.plan("ar_ibm", file());
        let told: Vec<_> =
            plan.faults.iter().map(|f| (f.line, f.column.as_str(), f.error.code)).collect();
        assert!(told.contains(&(2, "InvoiceDate", "import.day_ambiguous")), "{told:?}");
        assert!(told.contains(&(2, "DueDate", "import.day_ambiguous")), "{told:?}");
        let asked = Asked { days: Some(DayOrder::MonthFirst), ..Asked::default() };
        let plan = place.plan_asked("ar_ibm", file(), &asked);
        assert_eq!(plan.faults, Vec::new());
        let json = plan.json();
        assert_eq!(json["files"][0]["style"]["columns"]["InvoiceDate"], "mdy");
        assert_eq!(json["files"][0]["style"]["separator"], ",");
        assert_eq!(json["files"][0]["style"]["line_end"], "CRLF");
    });
}

#[test]
fn what_cannot_be_told_is_overridden_by_what_somebody_says() {
    each("northwind/csv", |place| {
        let broken = b"shipperID,companyName,phone\n3,M\xfcller \"&\" Co,1\n".to_vec();
        let with = |asked: &Asked| {
            let file = vec![source("shippers.csv", broken.clone())];
            place.plan_asked("northwind", file, asked)
        };
        assert_eq!(with(&Asked::default()).faults[0].error.code, "import.encoding");
        let asked = Asked { encoding: Some(Encoding::Windows1252), ..Asked::default() };
        let plan = with(&asked);
        assert_eq!(plan.faults, Vec::new());
        let json = plan.json();
        assert_eq!(json["first_rows"]["shippers"][0]["companyName"], "Müller \"&\" Co");
        assert_eq!(super::note(&plan.notes, "quotes_kept"), 2);
    });
}

#[test]
fn quotes_gone_astray_and_zero_characters_are_told_with_their_place() {
    each("northwind/csv", |place| {
        let of = |body: &str| {
            let text = format!("shipperID,companyName,phone\n{body}");
            let plan = place.plan("northwind", vec![source("s.csv", text.into_bytes())]);
            let fault = plan.faults[0].clone();
            (fault.line, fault.column, fault.value, fault.error.code)
        };
        let is = |found, line, column: &str, value: &str, code| {
            assert_eq!(found, (line, column.to_owned(), value.to_owned(), code));
        };
        is(of("1,\"A\"x,2\n"), 2, "companyName", "\"A\"x", "import.quote");
        is(of("1,A,2\n2,\"B,3\n"), 3, "companyName", "B,3\n", "import.quote_open");
        is(of("1,A\0B,2\n"), 2, "companyName", "A\\0B", "import.nul");
        is(of("1,A\n"), 2, "", "1 | A", "import.columns");
    });
}
