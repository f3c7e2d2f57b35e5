//! What facts do not carry and analysis slices by: attributes of documents and masters, read as
//! columns of declared entities, and addressed by `entity.field`.
use kernel::{Ctx, Result, Stored};
use meta::{Entity, FieldKind};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};
use store::{Row, Store};

/// A value of an attribute: a number (money in minor units, days since 1970, ids) or a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Value<'m> {
    Number(i64),
    Text(&'m str),
}

/// One column: numbers as they are, texts interned.
#[derive(Debug, Default, PartialEq, Eq)]
struct Column {
    numbers: Vec<i64>,
    /// Empty where the column holds numbers.
    texts: Vec<u32>,
}

/// The rows of one entity.
#[derive(Debug, Default, PartialEq, Eq)]
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
    ("role", &["code", "name"]),
    ("user_role", &["user_id", "role"]),
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
            "promised_now",
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
    ("stock_value", &["product", "value"]),
    ("move", &["product", "value", "kind", "day"]),
    ("payment", &["number", "party", "amount", "value_day"]),
    ("lead", &["number", "origin", "region", "owner", "est_amount"]),
    ("opportunity", &["number", "amount", "owner", "party", "lead"]),
    ("quote", &["number", "opportunity", "gross", "owner", "party"]),
    ("return", &["number"]),
    ("change_order", &["number", "order_id"]),
    ("statement", &["number", "party"]),
];

/// Documents, which are read again by what facts touch, and the field that says what is touched:
/// lines belong to their order. All else is small, and read whole.
const DOCUMENTS: &[(&str, &str, &str)] = &[
    ("order", "order", "id"),
    ("order_line", "order", "order_id"),
    ("shipment", "shipment", "id"),
    ("invoice", "invoice", "id"),
    ("payment", "payment", "id"),
    ("lead", "lead", "id"),
    ("opportunity", "opportunity", "id"),
    ("quote", "quote", "id"),
    ("return", "return", "id"),
    ("change_order", "change_order", "id"),
    ("statement", "statement", "id"),
];

impl Masters {
    /// Reads all of it.
    pub fn read(store: &Store, cx: &Ctx, entities: &[&'static Entity]) -> Result<Self> {
        let mut masters = Self::default();
        for (entity, fields) in wanted(entities) {
            let table = masters.whole(store, cx, entity, &fields)?;
            masters.tables.insert(entity.name, table);
        }
        Ok(masters)
    }
    /// Reads again what facts touched, by kind and id; whether something changed that rows which
    /// nobody touched are sliced by.
    pub fn refresh(
        &mut self,
        store: &Store,
        cx: &Ctx,
        entities: &[&'static Entity],
        touched: &BTreeMap<String, Vec<i64>>,
    ) -> Result<bool> {
        let mut is_other = false;
        for (entity, fields) in wanted(entities) {
            let Some((_, kind, key)) = DOCUMENTS.iter().find(|(name, ..)| *name == entity.name)
            else {
                let table = self.whole(store, cx, entity, &fields)?;
                // What goods are worth slices nothing.
                is_other |= !matches!(entity.name, "stock_value" | "move")
                    && self.tables.get(entity.name).is_some_and(|known| *known != table);
                self.tables.insert(entity.name, table);
                continue;
            };
            let Some(ids) = touched.get(*kind) else { continue };
            let new = store.read(cx, |_, tx| {
                let mut table = Table::default();
                let words = &mut self.words;
                let mut put = |id, row| table.put(entity, &fields, id, row, words);
                store::rows_bulk::of(tx, entity, &fields, (key, ids), &mut put)?;
                Ok(table)
            })?;
            let known = self.tables.entry(entity.name).or_default();
            *known = std::mem::take(known).with(new, key, ids);
        }
        Ok(is_other)
    }
    fn whole(
        &mut self,
        store: &Store,
        cx: &Ctx,
        entity: &'static Entity,
        fields: &[&'static str],
    ) -> Result<Table> {
        store.read(cx, |_, tx| {
            let mut table = Table::default();
            let words = &mut self.words;
            let mut put = |id, row| table.put(entity, fields, id, row, words);
            store::rows_bulk::each(tx, entity, fields, &mut put)?;
            Ok(table)
        })
    }
    /// Adds a row, whose id is above all before it; texts and numbers by field, absent ones empty.
    pub fn put(&mut self, entity: &'static str, id: i64, fields: &[(&'static str, Value<'_>)]) {
        let table = self.tables.entry(entity).or_default();
        table.ids.push(id);
        for (name, value) in fields {
            let column = table.columns.entry(name).or_default();
            let before = table.ids.len() - 1;
            match value {
                Value::Number(n) => {
                    column.numbers.resize(before, i64::MIN);
                    column.numbers.push(*n);
                }
                Value::Text(text) => {
                    column.texts.resize(before, self.words.intern(""));
                    column.texts.push(self.words.intern(text));
                }
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
            None => {
                let number = column.numbers.get(at).copied().filter(|n| *n != i64::MIN);
                number.map(Value::Number)
            }
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
    /// Fields of an entity that hold texts.
    pub fn texts(&self, entity: &str) -> impl Iterator<Item = &'static str> + '_ {
        let columns = self.tables.get(entity).into_iter().flat_map(|table| &table.columns);
        columns.filter(|(_, column)| !column.texts.is_empty()).map(|(name, _)| *name)
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

/// The entities that are read, with those of their fields that are declared.
fn wanted(
    entities: &[&'static Entity],
) -> impl Iterator<Item = (&'static Entity, Vec<&'static str>)> {
    WANTED.iter().filter_map(|(name, fields)| {
        let entity = *entities.iter().find(|e| e.name == *name)?;
        let declared = |field: &&'static str| entity.field(field).is_some();
        Some((entity, fields.iter().copied().filter(declared).collect()))
    })
}

impl Table {
    /// This table with the rows of some keys as they are now: those that are gone are gone.
    fn with(self, new: Self, key: &str, ids: &[i64]) -> Self {
        let ids: FxHashSet<i64> = ids.iter().copied().collect();
        let keys = match key {
            "id" => &self.ids,
            field => self.columns.get(field).map_or(&self.ids, |column| &column.numbers),
        };
        let stay = (0..self.ids.len()).filter(|at| !ids.contains(&keys[*at]));
        let mut rows: Vec<(bool, usize)> = stay.map(|at| (false, at)).collect();
        rows.extend((0..new.ids.len()).map(|at| (true, at)));
        let id = |(is_new, at): &(bool, usize)| if *is_new { new.ids[*at] } else { self.ids[*at] };
        if !rows.is_sorted_by_key(id) {
            rows.sort_by_key(id);
        }
        let empty = Column::default();
        let merged = |name: &&'static str| {
            let old = self.columns.get(name).unwrap_or(&empty);
            let new = new.columns.get(name).unwrap_or(&empty);
            let column = Column {
                numbers: picked(&rows, &old.numbers, &new.numbers),
                texts: picked(&rows, &old.texts, &new.texts),
            };
            (*name, column)
        };
        let names: BTreeSet<&'static str> =
            self.columns.keys().chain(new.columns.keys()).copied().collect();
        let columns = names.iter().map(merged).collect();
        Self { ids: rows.iter().map(id).collect(), columns }
    }
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

/// The values of rows that stay and of new ones; nothing where the column is of the other sort.
fn picked<T: Copy>(rows: &[(bool, usize)], old: &[T], new: &[T]) -> Vec<T> {
    if old.is_empty() && new.is_empty() {
        return Vec::new();
    }
    rows.iter()
        .filter_map(|(is_new, at)| if *is_new { new } else { old }.get(*at).copied())
        .collect()
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
