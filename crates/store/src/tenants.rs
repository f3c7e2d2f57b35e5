//! The tenants of a database: the one question that no tenant's key stands before.
use crate::driver::Lock;
use crate::{Sql, Store, sql};
use kernel::Result;

/// A tenant as the directory knows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    pub id: i64,
    pub code: String,
    pub name: String,
    /// Host names that lead to it alone.
    pub hosts: Vec<String>,
    pub is_closed: bool,
}

impl Store {
    /// The tenants whose rows are here, oldest first.
    pub fn tenants(&self) -> Result<Vec<Listed>> {
        let sql = sql!(@made true, Sql::new(
            "SELECT id, code, name, hosts, closed_at FROM tenant ORDER BY id LIMIT 1000"
        ));
        let rows =
            self.on_driver(|driver| driver.rows(sql, &[], Lock::None).map_err(Into::into))?;
        let listed = |mut row: crate::Row| {
            let (id, code, name) = (row.take()?, row.take()?, row.take()?);
            let hosts: String = row.take()?;
            let closed_at: i64 = row.take()?;
            let hosts = hosts.lines().map(str::to_owned).collect();
            Ok(Listed { id, code, name, hosts, is_closed: closed_at != 0 })
        };
        rows.into_iter().map(listed).collect()
    }
}
