//! What a source's files hold, as data: files by their header, columns by their kind. No rules.
use crate::mappings::Build;
use crate::read::Reading;

/// A source: its name is the name of the folder that it came in.
#[derive(Debug)]
pub struct Mapping {
    pub name: &'static str,
    pub files: &'static [FileMap],
    /// Cells that say *nothing*, besides empty ones.
    pub nothing: &'static [&'static str],
    /// Makes typed rows of good lines.
    pub(crate) build: fn(&mut Reading, &mut Build),
}

/// One kind of file, recognised by its columns.
#[derive(Debug)]
pub struct FileMap {
    pub name: &'static str,
    /// What one row is called in references: `customer`.
    pub kind: &'static str,
    pub role: Role,
    pub key: &'static [&'static str],
    pub columns: &'static [Column],
    /// Files without which this one says only half.
    pub needs: &'static [&'static str],
    /// It has no headings: known by its name and the number of its columns.
    pub headless: bool,
}

/// What becomes of a file's rows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// They become rows of ours.
    Rows,
    /// They only name things that other files refer to.
    Names,
    /// They are not imported; the note (`note-import-…`) says why.
    Ignored(&'static str),
}

#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub name: &'static str,
    pub kind: Kind,
    /// Where it goes, `entity.field`; empty where it is only read.
    pub field: &'static str,
    pub needed: bool,
    /// The file may lack the whole column.
    pub optional: bool,
    /// The file whose key it holds.
    pub refers: Option<&'static str>,
    /// Values that mean another one.
    pub aliases: &'static [(&'static str, &'static str)],
}

/// What a column holds. Numbers and days are read in whatever way the file writes them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Text {
        max: usize,
    },
    /// A number that only names something: `15465.0` is `15465`.
    Code {
        max: usize,
    },
    /// A time other than midnight is dropped and said.
    Day,
    /// A day with its time, to the second.
    Time,
    /// Not negative; millionths of the major unit.
    Price,
    /// Not negative; minor units of the import's currency.
    Money,
    /// As [`Kind::Money`], of either sign.
    SignedMoney,
    /// Of either sign, in millionths: amounts finer than money, and quantities.
    Exact,
    /// From 0 to 1, in billionths.
    Fraction,
    /// A whole number above zero.
    Count,
    /// A whole number from zero on.
    Whole,
    YesNo {
        yes: &'static str,
        no: &'static str,
    },
    /// Value in the file and our name for it.
    OneOf(&'static [(&'static str, &'static str)]),
    /// Read by nobody.
    Unused,
}

impl Kind {
    pub(crate) const fn is_day(self) -> bool {
        matches!(self, Self::Day | Self::Time)
    }
    pub(crate) const fn is_number(self) -> bool {
        matches!(
            self,
            Self::Price
                | Self::Money
                | Self::SignedMoney
                | Self::Exact
                | Self::Fraction
                | Self::Count
                | Self::Whole
        )
    }
}

impl Mapping {
    #[must_use]
    pub fn file(&self, name: &str) -> Option<&'static FileMap> {
        self.files.iter().find(|file| file.name == name)
    }
}

impl FileMap {
    /// A file with headings whose rows become ours and that says all by itself.
    #[must_use]
    pub const fn rows(
        name: &'static str,
        kind: &'static str,
        key: &'static [&'static str],
        columns: &'static [Column],
    ) -> Self {
        Self { name, kind, role: Role::Rows, key, columns, needs: &[], headless: false }
    }
    pub(crate) fn column(&self, name: &str) -> Option<(usize, &'static Column)> {
        self.columns.iter().enumerate().find(|(_, column)| column.name == name)
    }
}

impl Column {
    pub(crate) const fn new(name: &'static str, kind: Kind, field: &'static str) -> Self {
        Self { name, kind, field, needed: false, optional: false, refers: None, aliases: &[] }
    }
    pub(crate) const fn needed(mut self) -> Self {
        self.needed = true;
        self
    }
    pub(crate) const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }
    pub(crate) const fn refers(mut self, file: &'static str) -> Self {
        self.refers = Some(file);
        self
    }
    pub(crate) const fn alias(mut self, all: &'static [(&'static str, &'static str)]) -> Self {
        self.aliases = all;
        self
    }
}

pub(crate) const fn text(name: &'static str, max: usize, field: &'static str) -> Column {
    Column::new(name, Kind::Text { max }, field)
}
/// So many columns that nobody reads.
pub(crate) const fn blank(count: usize) -> &'static [Column] {
    static BLANK: [Column; 40] = [unused(""); 40];
    BLANK.split_at(count).0
}
/// A file that is left out, for the reason that a note says.
pub(crate) const fn ignored(
    name: &'static str,
    why: &'static str,
    columns: &'static [Column],
) -> FileMap {
    let (role, key, needs) = (Role::Ignored(why), &[], &[]);
    FileMap { name, kind: "", role, key, columns, needs, headless: false }
}
pub(crate) const fn unused(name: &'static str) -> Column {
    Column::new(name, Kind::Unused, "")
}
