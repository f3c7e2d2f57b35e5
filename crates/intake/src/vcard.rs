//! Contact cards (vCard 2.1, 3.0, 4.0) as rows: folded lines, quoted-printable, escapes. Pure.
use crate::table::Cells;
use kernel::Error;

/// The headings of the rows that cards become.
pub(crate) const COLUMNS: [&str; 13] = [
    "uid",
    "name",
    "organisation",
    "title",
    "phone",
    "phones",
    "mail",
    "mails",
    "street",
    "city",
    "region",
    "postal_code",
    "country",
];

/// Properties of one card, at most.
const MOST_LINES: usize = 10_000;

pub(crate) fn is_one(text: &str) -> bool {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    start.get(..11).is_some_and(|head| head.eq_ignore_ascii_case("BEGIN:VCARD"))
}

/// A property: name, parameters in upper case, and value as written.
struct Property {
    name: String,
    params: Vec<String>,
    value: String,
}

/// A row of headings and one row a card; the line is that of its `BEGIN`.
///
/// Errors: `import.card_open`, `import.card`.
pub(crate) fn cells(text: &str) -> Result<Cells, (u64, Error)> {
    let mut rows: Cells = vec![(0, COLUMNS.iter().map(|name| (*name).to_owned()).collect())];
    let mut card: Option<(u64, Vec<Property>)> = None;
    for (line, text) in unfolded(text) {
        let Some(property) = property(&text) else {
            if text.trim().is_empty() {
                continue;
            }
            let shown: String = text.chars().take(60).collect();
            return Err((line, Error::invalid("import.card", shown)));
        };
        match (property.name.as_str(), property.value.to_ascii_uppercase().as_str()) {
            ("BEGIN", "VCARD") => {
                if let Some((begun, _)) = card {
                    return Err((line, Error::invalid("import.card_open", begun)));
                }
                card = Some((line, Vec::new()));
            }
            ("END", "VCARD") => {
                if let Some((begun, properties)) = card.take() {
                    rows.push((begun, row(&properties)));
                }
            }
            _ => {
                if let Some((_, properties)) = &mut card
                    && properties.len() < MOST_LINES
                {
                    properties.push(property);
                }
            }
        }
    }
    match card {
        Some((begun, _)) => Err((begun, Error::invalid("import.card_open", begun))),
        None => Ok(rows),
    }
}

/// Lines with their continuations: by a space (3.0, 4.0), by `=` (quoted-printable), and the
/// base64 of 2.1, which ends with an empty line.
fn unfolded(text: &str) -> Vec<(u64, String)> {
    let mut lines: Vec<(u64, String)> = Vec::new();
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
    for (line, number) in text.split('\n').zip(1..) {
        let is_soft = |last: &String| {
            last.ends_with('=') && last.to_ascii_uppercase().contains("QUOTED-PRINTABLE")
        };
        let is_base64 = |last: &String| {
            let head = last.split(':').next().unwrap_or_default().to_ascii_uppercase();
            head.contains("BASE64") || head.contains("ENCODING=B")
        };
        match lines.last_mut() {
            Some((_, last)) if is_soft(last) => {
                last.pop();
                last.push_str(line);
            }
            Some((_, last)) if line.starts_with([' ', '\t']) => last.push_str(&line[1..]),
            Some((_, last)) if is_base64(last) && !line.contains(':') => last.push_str(line),
            _ => lines.push((number, line.to_owned())),
        }
    }
    lines
}

fn property(line: &str) -> Option<Property> {
    let mut is_quoted = false;
    let colon = line.char_indices().find_map(|(at, c)| match c {
        '"' => {
            is_quoted = !is_quoted;
            None
        }
        ':' if !is_quoted => Some(at),
        _ => None,
    })?;
    let (head, value) = (&line[..colon], &line[colon + 1..]);
    let mut parts = head.split(';');
    let name = parts.next()?.rsplit('.').next()?.trim().to_ascii_uppercase();
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let params: Vec<String> = parts.map(str::to_ascii_uppercase).collect();
    is_name.then(|| {
        let value = if params.iter().any(|p| p.contains("QUOTED-PRINTABLE")) {
            quoted_printable(value)
        } else {
            value.to_owned()
        };
        Property { name, params, value }
    })
}

/// Bytes of `=C3=91`, as UTF-8 where they are, else letter by letter.
fn quoted_printable(value: &str) -> String {
    let bytes = value.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = value.get(at + 1..at + 3).and_then(|h| u8::from_str_radix(h, 16).ok());
        let (byte, length) = match (bytes[at], hex) {
            (b'=', Some(byte)) => (byte, 3),
            (byte, _) => (byte, 1),
        };
        out.push(byte);
        at += length;
    }
    String::from_utf8(out).unwrap_or_else(|e| e.as_bytes().iter().map(|b| char::from(*b)).collect())
}

/// Parts at unescaped marks, with `\n`, `\,` and `\;` read.
fn parts(value: &str, mark: char) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        let last = all.len() - 1;
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') => all[last].push('\n'),
                Some(other) => all[last].push(other),
                None => {}
            },
            c if c == mark => all.push(String::new()),
            c => all[last].push(c),
        }
    }
    all.iter().map(|part| part.trim().to_owned()).collect()
}

fn whole(value: &str) -> String {
    parts(value, '\u{0}').concat()
}

fn row(card: &[Property]) -> Vec<String> {
    let all = |name: &str| card.iter().filter(move |p| p.name == name).collect::<Vec<_>>();
    let first = |name: &str| all(name).first().map_or_else(String::new, |p| whole(&p.value));
    let values = |name: &str| {
        let of =
            |p: &&Property| whole(p.value.trim_start_matches("tel:").trim_start_matches("mailto:"));
        all(name).iter().map(of).filter(|v| !v.is_empty()).collect::<Vec<String>>()
    };
    let preferred = |name: &str| {
        let marked = |p: &&&Property| p.params.iter().any(|param| param.contains("PREF"));
        let mut found = all(name);
        if let Some(best) = all(name).iter().find(marked) {
            found.insert(0, best);
        }
        found.first().map(|p| whole(p.value.trim_start_matches("tel:"))).unwrap_or_default()
    };
    // Family; given; additional; prefix; suffix.
    let name = all("N").first().map(|p| parts(&p.value, ';')).unwrap_or_default();
    let given = |at: usize| name.get(at).cloned().unwrap_or_default();
    let joined = [given(3), given(1), given(2), given(0)].join(" ");
    let joined = joined.split_whitespace().collect::<Vec<_>>().join(" ");
    let organisation = all("ORG").first().map(|p| parts(&p.value, ';')).unwrap_or_default();
    let (phones, mails) = (values("TEL"), values("EMAIL"));
    let shown = [first("FN"), joined, organisation.first().cloned().unwrap_or_default()];
    let reached = [preferred("EMAIL"), preferred("TEL")];
    let shown = shown.into_iter().chain(reached).find(|text| !text.is_empty()).unwrap_or_default();
    // Post box; extended; street; city; region; postal code; country.
    let place = all("ADR").first().map(|p| parts(&p.value, ';')).unwrap_or_default();
    let at = |n: usize| place.get(n).cloned().unwrap_or_default().replace('\n', ", ");
    let street = [at(0), at(1), at(2)].into_iter().filter(|part| !part.is_empty());
    vec![
        first("UID"),
        shown,
        organisation.into_iter().next().unwrap_or_default(),
        first("TITLE"),
        preferred("TEL"),
        phones.join(", "),
        preferred("EMAIL"),
        mails.join(", "),
        street.collect::<Vec<_>>().join(", "),
        at(3),
        at(4),
        at(5),
        at(6),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = "BEGIN:VCARD\r\nVERSION:2.1\r\n\
        N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=91a=\r\n=C3=B1a;Li;;;\r\n\
        ORG:Huiliu;Sales\r\nTEL;WORK:1\r\nTEL;CELL;PREF:2\r\n\
        ADR;WORK:;;Road 1;Wuxi;Jiangsu;214000;China\r\nEND:VCARD\r\n";
    const THREE: &str = "BEGIN:VCARD\nVERSION:3.0\nN:Ñañ\n a;Li;;;\n\
        item1.ORG:Huiliu;Sales\nTEL;TYPE=WORK:1\nTEL;TYPE=CELL,PREF:2\n\
        ADR;TYPE=WORK:;;Road 1;Wuxi;Jiangsu;214000;China\nEND:VCARD";
    const FOUR: &str = "BEGIN:VCARD\nVERSION:4.0\nN:Ñaña;Li;;;\n\
        ORG;TYPE=work:Huiliu;Sales\nTEL;VALUE=uri;TYPE=\"work:x\":tel:1\n\
        TEL;PREF=1;VALUE=uri:tel:2\nADR:;;Road 1;Wuxi;Jiangsu;214000;China\nEND:VCARD\n";

    #[test]
    fn three_versions_of_a_card_become_the_same_row() {
        let rows = |text: &str| -> Vec<Vec<String>> {
            cells(text).unwrap().into_iter().map(|(_, row)| row).collect()
        };
        assert_eq!(rows(TWO)[1][1..5], ["Li Ñaña", "Huiliu", "", "2"]);
        assert_eq!(rows(TWO), rows(THREE));
        assert_eq!(rows(THREE), rows(FOUR));
    }

    #[test]
    fn a_card_that_does_not_end_is_refused_where_it_begins() {
        let open = "BEGIN:VCARD\nFN:A\nBEGIN:VCARD\nFN:B\nEND:VCARD\n";
        let (line, error) = cells(open).unwrap_err();
        assert_eq!((line, error.code), (3, "import.card_open"));
        let (line, error) = cells("BEGIN:VCARD\nFN:A\nwhat is this\nEND:VCARD\n").unwrap_err();
        assert_eq!((line, error.code), (3, "import.card"));
    }
}
