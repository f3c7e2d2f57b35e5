//! What all tables hold, as a count and a sum of row hashes each.
use crate::house::House;
use kernel::{Cell, Result, Stored};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::OnceLock;
use store::Sql;

/// Rows and the sum of their hashes, by table.
pub(super) type Digest = BTreeMap<&'static str, (usize, u64)>;

/// A table with the statement that reads every cell of it.
struct Table {
    name: &'static str,
    columns: usize,
    sql: &'static Sql,
}

/// A statement that lives as long as the tests.
pub(super) fn kept(text: String) -> &'static Sql {
    Box::leak(Box::new(Sql::new(text)))
}

fn tables() -> &'static [Table] {
    static TABLES: OnceLock<Vec<Table>> = OnceLock::new();
    TABLES.get_or_init(|| {
        let table = |entity: &'static meta::Entity| {
            let columns: Vec<&str> = entity.fields.iter().map(|f| f.name).collect();
            let (list, name) = (columns.join(", "), entity.table);
            let sql = kept(format!("SELECT {list} FROM {name} WHERE tenant_id = $1"));
            Table { name, columns: columns.len(), sql }
        };
        flows::entities().into_iter().map(table).collect()
    })
}

/// A cell of any kind, as it is stored.
struct Any(Stored);

impl Cell for Any {
    fn store(&self) -> Stored {
        self.0.clone()
    }
    fn load(stored: Stored) -> Result<Self> {
        Ok(Self(stored))
    }
}

/// Reads everything that the tenant has.
pub(super) fn digest(house: &House) -> Result<Digest> {
    house.read(|_, tx| {
        let mut all = Digest::new();
        for table in tables() {
            let rows = tx.rows(table.sql, &[])?;
            let (count, mut sum) = (rows.len(), 0_u64);
            for mut row in rows {
                let mut hasher = DefaultHasher::new();
                for _ in 0..table.columns {
                    row.take::<Any>()?.0.hash(&mut hasher);
                }
                sum = sum.wrapping_add(hasher.finish());
            }
            all.insert(table.name, (count, sum));
        }
        Ok(all)
    })
}

/// The tables whose rows are not what they were.
pub(super) fn changed(before: &Digest, after: &Digest) -> Vec<&'static str> {
    after.iter().filter(|(name, is)| before.get(*name) != Some(is)).map(|(name, _)| *name).collect()
}
