//! What an entity and a field are: the one declaration behind table, API, list, form and import.
use kernel::{Lifecycle, Secrecy};

/// What a field holds, and so how it is stored, checked, shown and sorted.
#[derive(Clone, Copy, Debug)]
pub enum FieldKind {
    /// At most `max` characters.
    Text {
        max: u16,
    },
    Int,
    /// Minor units of the row's `currency` field, else of the company's base currency.
    Money,
    /// Millionths of the stock unit.
    Qty,
    /// Millionths of the major currency unit.
    Price,
    /// Billionths.
    Rate,
    /// ISO text.
    Day,
    /// Microseconds since 1970 UTC; 0 is *not yet*.
    Instant,
    Bool,
    Enum(&'static [&'static str]),
    /// The id of a row of the named entity: a foreign key.
    Ref(&'static str),
    /// The id of a row whose kind another field names; no foreign key.
    Any,
    Json,
}

/// What a value means to people beyond its kind: how it is shown, asked for and taken out. It
/// changes nothing of how it is stored, checked and filtered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Look {
    /// Text that calls when it is pressed.
    Phone,
    /// Text that opens a new mail.
    Mail,
    /// An address of the web, opened beside.
    Link,
    /// Text that is a postal address, found on a map.
    Address,
    /// Parts of text with a line, a space or a comma between them.
    Tags,
    /// A rate of one as parts of a hundred (0.13 is 13%), or a whole number of hundredths.
    Percent,
    /// A whole number of days.
    Days,
    /// Minutes after midnight.
    Clock,
    /// Bytes.
    Size,
    /// A whole number of 0 to 100 that is better the higher it is.
    Score,
}

impl Look {
    /// Its stable name in the API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Mail => "mail",
            Self::Link => "link",
            Self::Address => "address",
            Self::Tags => "tags",
            Self::Percent => "percent",
            Self::Days => "days",
            Self::Clock => "clock",
            Self::Size => "size",
            Self::Score => "score",
        }
    }
}

/// Who may write a field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SetBy {
    /// People, through forms, generic writes and imports.
    People,
    /// Only the room's commands.
    Commands,
}

#[derive(Clone, Copy, Debug)]
pub struct Field {
    pub name: &'static str,
    pub kind: FieldKind,
    pub required: bool,
    pub in_list: bool,
    pub set_by: SetBy,
    /// A personal value: never in a fact, masked where the reader lacks the permission.
    pub personal: bool,
    /// A reference that the database need not hold: see [`Field::repeated`].
    pub repeated: bool,
    /// Seeing it whole needs a permission of its own.
    pub secrecy: Option<Secrecy>,
    /// Where its kind does not say enough of how people read it.
    pub look: Option<Look>,
    /// For a name: the column of its sound's key, see [`Field::by_sound`].
    pub sound: Option<&'static str>,
}

/// How much of an entity is declared and how much is written (architecture.md section 3).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Grade {
    /// Declared only.
    Plain,
    /// Declared, plus a check in Rust.
    Guarded,
    /// Typed struct, lifecycle, commands; generic writes are refused.
    Document,
    /// A line of a document: its writes count as writes of the parent.
    Line,
    /// Running rows of the machinery (counters, leases, facts): never written from outside.
    Internal,
}

#[derive(Clone, Copy, Debug)]
pub struct Entity {
    /// One word of the glossary, singular; also the object type of facts.
    pub name: &'static str,
    /// The SQL table; differs from the name only where SQL reserves the word.
    pub table: &'static str,
    /// The path segment of its API.
    pub collection: &'static str,
    pub room: &'static str,
    pub grade: Grade,
    /// Without `tenant_id`; the first is `id`.
    pub fields: &'static [Field],
    /// Unique sets of columns (the tenant comes first by itself).
    pub unique: &'static [&'static [&'static str]],
    pub index: &'static [&'static [&'static str]],
    /// Columns with the value that most rows have come to: the rows that have not are found by an
    /// index of their own.
    pub open: &'static [(&'static str, &'static str)],
    /// For a line: the field that names its document.
    pub parent: &'static str,
    /// The field that people know a row by.
    pub title: &'static str,
    /// The order that its list begins with, as `sort` says it; empty: the newest row first.
    pub order: &'static str,
    pub lifecycle: Option<&'static Lifecycle>,
    /// Texts by which a row is found from anywhere.
    pub searched: &'static [(&'static str, Seek)],
    /// Read by most commands and written by few: see [`Entity::is_kept`].
    pub seldom: bool,
}

/// What a searched text is, and so in which parts it is found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Seek {
    /// `SO-2026-00042`: whole, by how it begins, and by its running number.
    Number,
    /// By how it begins, and by its last eight and four digits.
    Phone,
    /// Words, pairs of Chinese characters, pinyin and its initials.
    Words,
}

impl Entity {
    #[must_use]
    pub const fn new(name: &'static str, room: &'static str, fields: &'static [Field]) -> Self {
        Self {
            name,
            table: name,
            collection: name,
            room,
            grade: Grade::Plain,
            fields,
            unique: &[],
            index: &[],
            open: &[],
            parent: "",
            title: "id",
            order: "",
            lifecycle: None,
            searched: &[],
            seldom: false,
        }
    }
    #[must_use]
    pub const fn searched(mut self, searched: &'static [(&'static str, Seek)]) -> Self {
        self.searched = searched;
        self
    }
    /// Says that its rows are read by most commands and written by few.
    #[must_use]
    pub const fn seldom_written(mut self) -> Self {
        self.seldom = true;
        self
    }
    /// May the writer keep rows of it in memory from one command to the next?
    #[must_use]
    pub const fn is_kept(&self) -> bool {
        self.seldom || matches!(self.grade, Grade::Plain | Grade::Guarded)
    }
    #[must_use]
    pub const fn table(mut self, table: &'static str) -> Self {
        self.table = table;
        self
    }
    #[must_use]
    pub const fn collection(mut self, collection: &'static str) -> Self {
        self.collection = collection;
        self
    }
    #[must_use]
    pub const fn grade(mut self, grade: Grade) -> Self {
        self.grade = grade;
        self
    }
    #[must_use]
    pub const fn unique(mut self, unique: &'static [&'static [&'static str]]) -> Self {
        self.unique = unique;
        self
    }
    #[must_use]
    pub const fn index(mut self, index: &'static [&'static [&'static str]]) -> Self {
        self.index = index;
        self
    }
    /// Says that in the end most rows have this value in that column, as `(column, value)`, and
    /// that people ask for those which have not.
    #[must_use]
    pub const fn open_until(mut self, open: &'static [(&'static str, &'static str)]) -> Self {
        self.open = open;
        self
    }
    #[must_use]
    pub const fn line_of(mut self, parent: &'static str) -> Self {
        self.parent = parent;
        self.grade = Grade::Line;
        self
    }
    #[must_use]
    pub const fn title(mut self, title: &'static str) -> Self {
        self.title = title;
        self
    }
    /// Says the order that its list begins with: `-day` where rows come in any order.
    #[must_use]
    pub const fn order(mut self, order: &'static str) -> Self {
        self.order = order;
        self
    }
    #[must_use]
    pub const fn lifecycle(mut self, lifecycle: &'static Lifecycle) -> Self {
        self.lifecycle = Some(lifecycle);
        self.grade = Grade::Document;
        self
    }
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|f| f.name == name)
    }
    /// The entity that a line's parent field refers to.
    #[must_use]
    pub fn parent_entity(&self) -> Option<&'static str> {
        match self.field(self.parent)?.kind {
            FieldKind::Ref(entity) => Some(entity),
            _ => None,
        }
    }
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.field(name).is_some()
    }
    /// May a tenant declare fields of its own for its rows? They live in a column of every such
    /// table that no declaration names.
    #[must_use]
    pub fn takes_custom(&self) -> bool {
        let is_row = matches!(self.grade, Grade::Plain | Grade::Guarded | Grade::Document);
        is_row && self.has("version") && self.room != "access"
    }
    /// The columns of its names' sounds.
    pub fn sounds(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.fields.iter().filter_map(|f| f.sound)
    }
    /// Permission of a generic verb (`read`, `write`): `sales.order.read`.
    #[must_use]
    pub fn permission(&self, verb: &str) -> String {
        format!("{}.{}.{verb}", self.room, self.name)
    }
}

impl Field {
    #[must_use]
    pub const fn new(name: &'static str, kind: FieldKind) -> Self {
        let set_by = SetBy::People;
        let (required, in_list, personal, repeated) = (false, false, false, false);
        let (secrecy, look, sound) = (None, None, None);
        Self { name, kind, required, in_list, set_by, personal, repeated, secrecy, look, sound }
    }
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }
    #[must_use]
    pub const fn in_list(mut self) -> Self {
        self.in_list = true;
        self
    }
    #[must_use]
    pub const fn by_commands(mut self) -> Self {
        self.set_by = SetBy::Commands;
        self
    }
    #[must_use]
    pub const fn personal(mut self) -> Self {
        self.personal = true;
        self
    }
    /// Says that this reference repeats what another reference of the row leads to (a demand's
    /// product is its order line's). It has no foreign key of its own: each would cost every row
    /// that is written a look, and every master that is removed a search for rows that name it.
    #[must_use]
    pub const fn repeated(mut self) -> Self {
        self.repeated = true;
        self
    }
    /// Says what it is to people beyond its kind.
    #[must_use]
    pub const fn looks(mut self, look: Look) -> Self {
        self.look = Some(look);
        self
    }
    /// Says that it is sensitive: cost, credit, how to reach a person, a bank account.
    #[must_use]
    pub const fn kept(mut self, secrecy: Secrecy) -> Self {
        self.secrecy = Some(secrecy);
        self
    }
    /// Says that it is a name, which people look up by how it sounds. Its [`crate::sound::key`]
    /// stands in a column that no declaration names, and is written wherever the row is.
    #[must_use]
    pub const fn by_sound(mut self, column: &'static str) -> Self {
        self.sound = Some(column);
        self
    }
    /// Is it money of the company's own currency, whatever the row's `currency` is? By its name.
    #[must_use]
    pub fn is_base(&self) -> bool {
        matches!(self.kind, FieldKind::Money) && self.name.ends_with("_base")
    }
    /// May it be NULL? References and days may be; everything else has a neutral value.
    #[must_use]
    pub const fn nullable(&self) -> bool {
        !self.required && matches!(self.kind, FieldKind::Ref(_) | FieldKind::Day)
    }
}

#[must_use]
pub const fn text(name: &'static str, max: u16) -> Field {
    Field::new(name, FieldKind::Text { max })
}
#[must_use]
pub const fn int(name: &'static str) -> Field {
    Field::new(name, FieldKind::Int)
}
#[must_use]
pub const fn money(name: &'static str) -> Field {
    Field::new(name, FieldKind::Money)
}
#[must_use]
pub const fn qty(name: &'static str) -> Field {
    Field::new(name, FieldKind::Qty)
}
#[must_use]
pub const fn price(name: &'static str) -> Field {
    Field::new(name, FieldKind::Price)
}
#[must_use]
pub const fn rate(name: &'static str) -> Field {
    Field::new(name, FieldKind::Rate)
}
#[must_use]
pub const fn day(name: &'static str) -> Field {
    Field::new(name, FieldKind::Day)
}
#[must_use]
pub const fn instant(name: &'static str) -> Field {
    Field::new(name, FieldKind::Instant)
}
#[must_use]
pub const fn flag(name: &'static str) -> Field {
    Field::new(name, FieldKind::Bool)
}
#[must_use]
pub const fn json(name: &'static str) -> Field {
    Field::new(name, FieldKind::Json)
}
#[must_use]
pub const fn one_of(name: &'static str, set: &'static [&'static str]) -> Field {
    Field::new(name, FieldKind::Enum(set))
}
#[must_use]
pub const fn refers(name: &'static str, entity: &'static str) -> Field {
    Field::new(name, FieldKind::Ref(entity))
}
/// The id of a row whose kind another field names.
#[must_use]
pub const fn any(name: &'static str) -> Field {
    Field::new(name, FieldKind::Any)
}
