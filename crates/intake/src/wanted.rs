//! What somebody wants imported, as one JSON document: files by their digest, how they are read,
//! what was corrected. A screen sends it as it grows; the job that applies it reads it again.
use crate::draft::Draft;
use crate::style::{Asked, Assigned, DayOrder, Decimal, Edit, Encoding};
use flows::history::LearntMapping;
use kernel::{Currency, Error, Rate, Result};
use serde_json::Value as Json;

/// Cells that one import may have changed.
pub const MOST_EDITS: usize = 2000;

/// A whole wish.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Digest and name of each file.
    pub files: Vec<(String, String)>,
    asked: Asked,
    /// A mapping of ours or one that was learnt; empty: by the headings.
    pub mapping: String,
    /// The kind of rows that somebody said, for guessing.
    pub target: String,
    pub assigned: Option<Assigned>,
    /// The currency of amounts; the company's where nobody said.
    pub currency: Option<Currency>,
    pub rate: Option<Rate>,
    /// The name under which the columns are to be kept.
    pub learn: String,
}

impl Wanted {
    /// Errors: `import.no_files`, `import.wish` naming what cannot be read, those of styles.
    pub fn parse(body: &Json) -> Result<Self> {
        let text = |name: &str| body[name].as_str().unwrap_or("").trim().to_owned();
        let said = |name: &str| body["style"][name].as_str().filter(|s| !s.is_empty());
        let mut asked = Asked {
            encoding: said("encoding").map(Encoding::parse).transpose()?,
            separator: said("separator").map(str::to_owned),
            header: said("header").map(header).transpose()?,
            sheet: said("sheet").map(str::to_owned),
            days: said("dates").map(DayOrder::parse).transpose()?,
            numbers: said("numbers").map(Decimal::parse).transpose()?,
            ..Asked::default()
        };
        asked.edits = list(body, "edits")?.iter().map(edit).collect::<Result<_>>()?;
        if asked.edits.len() > MOST_EDITS {
            let e = Error::invalid("import.too_many_edits", asked.edits.len());
            return Err(e.with("max", MOST_EDITS));
        }
        let target = text("target");
        let columns = list(body, "columns")?.iter().map(pair).collect::<Result<Vec<_>>>()?;
        let assigned = (!columns.is_empty()).then(|| Assigned { target: target.clone(), columns });
        let files = list(body, "files")?.iter().map(file).collect::<Result<Vec<_>>>()?;
        if files.is_empty() {
            return Err(Error::invalid("import.no_files", "-"));
        }
        let (currency, rate) = (text("currency"), text("rate"));
        Ok(Self {
            files,
            asked,
            mapping: text("mapping"),
            target,
            assigned,
            currency: filled(&currency).map(Currency::parse).transpose()?,
            rate: filled(&rate).map(Rate::parse).transpose()?,
            learn: text("learn"),
        })
    }

    /// The draft of it; `None` for the mapping: nobody knows the files by their headings.
    ///
    /// `read` gives a file's bytes by its digest, `learnt` what was learnt under a name. Errors:
    /// theirs, `import.unknown_mapping`, `import.no_target`, `import.learnt_broken`.
    pub fn draft(
        &self,
        read: &dyn Fn(&str) -> Result<Vec<u8>>,
        learnt: &dyn Fn(&str) -> Result<Option<LearntMapping>>,
    ) -> Result<(Draft, Option<String>)> {
        let bytes = |(digest, name): &(String, String)| Ok((name.clone(), read(digest)?));
        let mut draft = Draft::of(self.files.iter().map(bytes).collect::<Result<_>>()?);
        draft.asked = self.asked.clone();
        if let Some(assigned) = &self.assigned {
            draft.map(assigned.clone())?;
            if let Some(name) = filled(&self.learn) {
                draft.asked.source = Some(format!("tables:{name}"));
            }
            return Ok((draft, Some("tables".into())));
        }
        let name = match filled(&self.mapping) {
            Some(name) => match draft.is_for(name) {
                Ok(()) => Some(name.to_owned()),
                Err(unknown) => {
                    draft.as_learnt(&learnt(name)?.ok_or(unknown)?)?;
                    Some(name.to_owned())
                }
            },
            None if self.target.is_empty() => draft.detect().map(str::to_owned),
            None => None,
        };
        Ok((draft, name))
    }

    /// How the files are read, as somebody said it.
    #[must_use]
    pub const fn asked(&self) -> &Asked {
        &self.asked
    }
}

fn filled(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

fn wish(what: &str) -> Error {
    Error::invalid("import.wish", what).with("field", what)
}

fn header(text: &str) -> Result<u64> {
    text.parse().ok().filter(|line| *line > 0).ok_or_else(|| wish("header"))
}

fn list<'j>(body: &'j Json, name: &'static str) -> Result<&'j [Json]> {
    match &body[name] {
        Json::Null => Ok(&[]),
        Json::Array(all) => Ok(all),
        _ => Err(wish(name)),
    }
}

/// A digest names a place in a folder: it is sixty-four hexadecimal digits and nothing else.
fn file(given: &Json) -> Result<(String, String)> {
    let (digest, name) = (given["digest"].as_str(), given["name"].as_str());
    let is_one = |text: &&str| text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    match (digest.filter(is_one), name.filter(|name| !name.is_empty())) {
        (Some(digest), Some(name)) => Ok((digest.to_ascii_lowercase(), name.to_owned())),
        _ => Err(wish("files")),
    }
}

fn pair(given: &Json) -> Result<(String, String)> {
    match (given[0].as_str(), given[1].as_str()) {
        (Some(ours), Some(theirs)) => Ok((ours.to_owned(), theirs.to_owned())),
        _ => Err(wish("columns")),
    }
}

fn edit(given: &Json) -> Result<Edit> {
    let text = |name: &str| given[name].as_str().map(str::to_owned);
    let parts = (text("file"), given["line"].as_u64(), text("column"), text("value"));
    let (Some(file), Some(line), Some(column), Some(value)) = parts else {
        return Err(wish("edits"));
    };
    Ok(Edit { file, line, column, value })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn code(body: &Json) -> &'static str {
        Wanted::parse(body).map_err(|e| e.code).err().unwrap_or("")
    }

    #[test]
    fn a_digest_that_is_a_path_is_refused() {
        let of = |digest: &str| json!({ "files": [{ "digest": digest, "name": "a.csv" }] });
        assert_eq!(code(&of("../../etc/passwd")), "import.wish");
        assert_eq!(code(&of(&"g".repeat(64))), "import.wish");
        assert_eq!(code(&of(&"a".repeat(64))), "");
        assert_eq!(code(&json!({})), "import.no_files");
    }

    #[test]
    fn what_was_said_is_read_and_what_cannot_be_is_refused() {
        let files = json!([{ "digest": "b".repeat(64), "name": "客户.csv" }]);
        let style = json!({ "encoding": "gbk", "dates": "dmy", "header": "3" });
        let edit = json!({ "file": "客户.csv", "line": 4, "column": "code", "value": "C-1" });
        let good = json!({ "files": files, "style": style, "edits": [edit] });
        let wanted = Wanted::parse(&good).unwrap();
        assert_eq!(wanted.asked().encoding, Some(Encoding::Gb18030));
        assert_eq!((wanted.asked().header, wanted.asked().edits.len()), (Some(3), 1));
        let many = vec![good["edits"][0].clone(); MOST_EDITS + 1];
        for (name, bad, expected) in [
            ("style", json!({ "encoding": "morse" }), "import.style"),
            ("style", json!({ "header": "0" }), "import.wish"),
            ("edits", json!([{ "line": 1 }]), "import.wish"),
            ("edits", json!(many), "import.too_many_edits"),
            ("columns", json!("code"), "import.wish"),
        ] {
            let mut body = good.clone();
            body[name] = bad;
            assert_eq!(code(&body), expected, "{name}");
        }
    }
}
