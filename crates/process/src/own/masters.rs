//! What facts do not carry and analysis slices by: attributes of documents and masters, read as
//! columns of declared entities, and addressed by `entity.field`.
use kernel::{Ctx, Result, Stored};
use meta::{Entity, FieldKind};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use store::{Row, Store};

/// A value of an attribute: a number (money in minor units, days since 1970, ids) or a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Value<'m> {
    Number(i64),
    Text(&'m str),
}

/// One column: numbers as they are, texts interned.
#[derive(Debug, Default)]
struct Column {
    numbers: Vec<i64>,
    /// Empty where the column holds numbers.
    texts: Vec<u32>,
}

/// The rows of one entity.
#[derive(Debug, Default)]
struct Table {
    /// Ascending.
    ids: Vec<i64>,
    columns: BTreeMap<&'static str, Column>,
}

/// Attributes of documents and masters.
#[derive(Debug, Default)]
pub struct Masters {
    tables: BTreeMap<&'static str, Table>,
    words: crate::log::Names,
}

/// What is read: entity and fields. An entity or field that the house does not declare is left out.
const WANTED: &[(&str, &[&str])] = &[
    ("company", &["code", "name"]),
    ("department", &["code", "name", "parent"]),
    ("user", &["login", "name", "department"]),
    ("party", &["code", "name", "grade", "region", "terms_code", "industry"]),
    ("product", &["code", "name", "category"]),
    ("payment_terms", &["code", "anchor", "month_end", "days"]),
    (
        "order",
        &[
            "number",
            "party",
            "owner",
            "channel",
            "terms_code",
            "requested_on",
            "promised_first",
            "ordered_on",
            "gross",
            "currency",
            "state",
            "history",
        ],
    ),
    ("order_line", &["order_id", "product", "ordered", "cancelled", "delivered", "gross"]),
    ("shipment", &["number", "order_id", "carrier", "picker", "promised_on", "history"]),
    ("invoice", &["number", "order_id", "party", "kind", "due", "day", "gross", "currency"]),
    ("payment", &["number", "party", "amount", "value_day"]),
    ("lead", &["number", "origin", "region", "owner", "est_amount"]),
    ("opportunity", &["number", "amount", "owner", "party"]),
    ("quote", &["number", "opportunity", "gross", "owner", "party"]),
];

impl Masters {
    /// Reads all of it.
    pub fn read(store: &Store, cx: &Ctx, entities: &[&'static Entity]) -> Result<Self> {
        let mut masters = Self::default();
        for (name, fields) in WANTED {
            let Some(entity) = entities.iter().find(|e| e.name == *name) else { continue };
            let fields: Vec<&'static str> =
                fields.iter().copied().filter(|f| entity.field(f).is_some()).collect();
            let table = store.read(cx, |_, tx| {
                let mut table = Table::default();
                let words = &mut masters.words;
                let mut put = |id, row| table.put(entity, &fields, id, row, words);
                store::rows_bulk::each(tx, entity, &fields, &mut put)?;
                Ok(table)
            })?;
            masters.tables.insert(entity.name, table);
        }
        Ok(masters)
    }
    /// Adds a row, whose id is above all before it; texts and numbers by field.
    pub fn put(&mut self, entity: &'static str, id: i64, fields: &[(&'static str, Value<'_>)]) {
        let table = self.tables.entry(entity).or_default();
        table.ids.push(id);
        for (name, value) in fields {
            let column = table.columns.entry(name).or_default();
            match value {
                Value::Number(n) => column.numbers.push(*n),
                Value::Text(text) => column.texts.push(self.words.intern(text)),
            }
        }
    }
    /// An attribute of an object; `None` where there is no such object, attribute or value.
    #[must_use]
    pub fn get(&self, entity: &str, field: &str, id: i64) -> Option<Value<'_>> {
        let table = self.tables.get(entity)?;
        let at = table.ids.binary_search(&id).ok()?;
        let column = table.columns.get(field)?;
        match column.texts.get(at) {
            Some(word) => Some(self.words.text(*word)).filter(|t| !t.is_empty()).map(Value::Text),
            None => Some(column.numbers[at]).filter(|n| *n != i64::MIN).map(Value::Number),
        }
    }
    /// A text attribute, or nothing.
    #[must_use]
    pub fn text(&self, entity: &str, field: &str, id: i64) -> &str {
        match self.get(entity, field, id) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }
    /// A number attribute; days as days since 1970.
    #[must_use]
    pub fn number(&self, entity: &str, field: &str, id: i64) -> Option<i64> {
        match self.get(entity, field, id)? {
            Value::Number(n) => Some(n),
            Value::Text(_) => None,
        }
    }
    /// The ids of an entity, ascending.
    #[must_use]
    pub fn ids(&self, entity: &str) -> &[i64] {
        self.tables.get(entity).map_or(&[], |t| &t.ids)
    }
    /// Rows by the id that a field holds: the lines of an order.
    #[must_use]
    pub fn by(&self, entity: &str, field: &str) -> FxHashMap<i64, Vec<i64>> {
        let mut all: FxHashMap<i64, Vec<i64>> = FxHashMap::default();
        for id in self.ids(entity) {
            if let Some(of) = self.number(entity, field, *id) {
                all.entry(of).or_default().push(*id);
            }
        }
        all
    }
}

impl Table {
    fn put(
        &mut self,
        entity: &Entity,
        fields: &[&'static str],
        id: i64,
        mut row: Row,
        words: &mut crate::log::Names,
    ) -> Result<()> {
        self.ids.push(id);
        for name in fields {
            let column = self.columns.entry(name).or_default();
            let kind = entity.field(name).map(|f| f.kind);
            let is_day = matches!(kind, Some(FieldKind::Day));
            let is_text = matches!(kind, Some(FieldKind::Text { .. } | FieldKind::Enum(_)));
            match row.take::<Any>()?.0 {
                Stored::Text(text) if is_day => {
                    let day = kernel::Day::parse(&text).map_or(i64::MIN, |d| d.number());
                    column.numbers.push(day);
                }
                Stored::Text(text) => column.texts.push(words.intern(&text)),
                Stored::Null if is_text => column.texts.push(words.intern("")),
                Stored::Null => column.numbers.push(i64::MIN),
                Stored::Int(n) => column.numbers.push(n),
            }
        }
        Ok(())
    }
}

/// Whatever a column holds.
struct Any(Stored);

impl kernel::Cell for Any {
    fn store(&self) -> Stored {
        self.0.clone()
    }
    fn load(stored: Stored) -> Result<Self> {
        Ok(Self(stored))
    }
}
