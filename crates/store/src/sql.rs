//! Statements: hand-written, portable, registered, so that one test prepares all on both engines.
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// A statement in the portable subset, with `$1…` placeholders; `$1` is the tenant.
pub struct Sql {
    pub text: String,
    /// With `?1…`, for SQLite.
    pub(crate) lite: String,
    stands_alone: bool,
    /// Tells statements apart, whatever memory they lie in.
    serial: u64,
    /// The table of a read that finds nothing but rows of masters ([`Entity::is_kept`]).
    ///
    /// [`Entity::is_kept`]: meta::Entity::is_kept
    masters: Option<&'static str>,
    /// The table that it writes; none for a read.
    writes: Option<Box<str>>,
    /// With `FOR NO KEY UPDATE`, for PostgreSQL's row locks.
    pub(crate) lock: OnceLock<String>,
    pub(crate) exclude: OnceLock<String>,
    /// The same insert for 2, 4 and 8 rows; `None` where it is no plain insert.
    many: [OnceLock<Option<Box<Sql>>>; 3],
}

/// Inserts into the tables of facts, which refer to nothing by foreign keys.
const RECORDS: [&str; 4] = [
    "INSERT INTO fact (",
    "INSERT INTO fact_object (",
    "INSERT INTO object_change (",
    "INSERT INTO fact_seal (",
];

impl Sql {
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        let lite = text.replace('$', "?");
        let stands_alone = RECORDS.iter().any(|head| text.starts_with(head));
        let writes = written(&text).map(Box::from);
        static MADE: AtomicU64 = AtomicU64::new(0);
        Self {
            text,
            lite,
            stands_alone,
            serial: MADE.fetch_add(1, Ordering::Relaxed),
            masters: None,
            writes,
            lock: OnceLock::new(),
            exclude: OnceLock::new(),
            many: [const { OnceLock::new() }; 3],
        }
    }
    /// Says that it reads rows of this table of masters and of no other.
    pub(crate) const fn of_masters(mut self, table: &'static str) -> Self {
        self.masters = Some(table);
        self
    }
    pub(crate) const fn masters(&self) -> Option<&'static str> {
        self.masters
    }
    pub(crate) const fn serial(&self) -> u64 {
        self.serial
    }
    pub(crate) fn writes(&self) -> Option<&str> {
        self.writes.as_deref()
    }
    /// This insert for 2, 4 or 8 rows at once, the parameters of one row after those of another.
    pub(crate) fn many(&self, rows: usize) -> Option<&Self> {
        let at = rows.trailing_zeros() as usize;
        let made = self.many.get(at.checked_sub(1)?)?;
        let make = || {
            let mut several = Self::new(several(&self.text, rows)?);
            // The command fails with its statement, and is taken back whole: what the statement
            // wrote before it failed needs no journal.
            several.lite = several.lite.replacen("INSERT INTO", "INSERT OR FAIL INTO", 1);
            Some(Box::new(several))
        };
        made.get_or_init(make).as_deref()
    }
    /// Does this insert rows of a table without foreign keys?
    pub(crate) const fn stands_alone(&self) -> bool {
        self.stands_alone
    }
    pub(crate) fn locking(&self) -> &str {
        self.lock.get_or_init(|| format!("{} FOR NO KEY UPDATE", self.text))
    }
    /// The same rows, locked even against those that refer to them (closing a period).
    #[must_use]
    pub fn excluding(&self) -> &str {
        self.exclude.get_or_init(|| format!("{} FOR UPDATE", self.text))
    }
}

/// The table of an `INSERT`, `UPDATE` or `DELETE`.
fn written(text: &str) -> Option<&str> {
    let heads = ["INSERT INTO ", "UPDATE ", "DELETE FROM "];
    let rest = heads.iter().find_map(|head| text.strip_prefix(head))?;
    rest.split([' ', '(']).next()
}

/// `INSERT … VALUES (…)` with that many rows; `None` for any other statement.
fn several(text: &str, rows: usize) -> Option<String> {
    let (head, row) = text.split_once(" VALUES (")?;
    let (row, conflict) = match row.find(" ON CONFLICT (") {
        // What a conflict does must not speak of one row's parameters.
        Some(at) if row[at..].contains(" DO UPDATE ") && !row[at..].contains('$') => {
            row.split_at(at)
        }
        _ => (row, ""),
    };
    let inner = row.strip_suffix(')')?;
    if !head.starts_with("INSERT INTO ") || inner.contains([')', '(']) {
        return None;
    }
    let cells: Vec<&str> = inner.split(", ").collect();
    let place = |cell: &str| cell.strip_prefix('$').and_then(|n| n.parse::<usize>().ok());
    let width = cells.iter().filter_map(|cell| place(cell)).max()?;
    let row = |at: usize| {
        let moved = |cell: &&str| match place(cell) {
            Some(n) => format!("${}", n + at * width),
            None => (*cell).to_owned(),
        };
        format!("({})", cells.iter().map(moved).collect::<Vec<_>>().join(", "))
    };
    let rows = (0..rows).map(row).collect::<Vec<_>>().join(", ");
    Some(format!("{head} VALUES {rows}{conflict}"))
}

/// A statement that exists somewhere in the program, for the test that prepares them all.
pub struct Registered {
    pub statement: fn() -> &'static Sql,
    pub place: &'static str,
    /// `store`'s own statements over all tenants (directory, leases, due work).
    pub system: bool,
}
inventory::collect!(Registered);

/// Every statement of the program that is linked in.
pub fn registered() -> impl Iterator<Item = &'static Registered> {
    inventory::iter::<Registered>()
}

/// A whole statement: `sql!("UPDATE stock SET … WHERE tenant_id = $1 AND id = $2")`.
#[macro_export]
macro_rules! sql {
    ($text:expr) => {
        $crate::sql!(@made false, $crate::Sql::new($text))
    };
    (@made $system:literal, $made:expr) => {{
        fn statement() -> &'static $crate::Sql {
            static SQL: std::sync::LazyLock<$crate::Sql> = std::sync::LazyLock::new(|| $made);
            &SQL
        }
        $crate::inventory::submit! { $crate::Registered {
            statement, place: concat!(file!(), ":", line!()), system: $system,
        } }
        statement()
    }};
}

/// The rows of a record that meet a clause: `find!(Order, "customer = $2 ORDER BY id")`.
#[macro_export]
macro_rules! find {
    ($record:ty, $clause:expr) => {
        $crate::sql!(@made false, $crate::find_statement::<$record>($clause))
    };
}

/// A statement with an `IN (#)` list, made once per power-of-two length.
pub struct InSql {
    make: fn(&str) -> Sql,
    made: [OnceLock<Sql>; 12],
}

/// Ids in one `IN` list; longer lists are read in parts.
pub const IN_MAX: usize = 2048;

impl InSql {
    #[must_use]
    pub const fn new(make: fn(&str) -> Sql) -> Self {
        Self { make, made: [const { OnceLock::new() }; 12] }
    }
    /// The statement for `count` ids after `before` other parameters, and the padded length.
    pub(crate) fn of(&self, count: usize, before: usize) -> (&Sql, usize) {
        let size = count.max(1).next_power_of_two().min(IN_MAX);
        let sql = self.made[size.trailing_zeros() as usize].get_or_init(|| {
            let places: Vec<String> = (0..size).map(|n| format!("${}", before + 2 + n)).collect();
            (self.make)(&places.join(", "))
        });
        (sql, size)
    }
}

/// The rows of a record whose column is in a list: `find_in!(Order, "id IN (#) ORDER BY id", 0)`;
/// the number says how many parameters of its own the clause has, from `$2` on.
#[macro_export]
macro_rules! find_in {
    ($record:ty, $clause:literal, $before:literal) => {{
        fn make(list: &str) -> $crate::Sql {
            $crate::find_statement::<$record>(&$clause.replace('#', list))
        }
        static MADE: $crate::InSql = $crate::InSql::new(make);
        fn statement() -> &'static $crate::Sql {
            MADE.sample($before)
        }
        $crate::inventory::submit! { $crate::Registered {
            statement, place: concat!(file!(), ":", line!()), system: false,
        } }
        &MADE
    }};
}

impl InSql {
    /// The statement for four ids, for the test that prepares every statement.
    #[must_use]
    pub fn sample(&'static self, before: usize) -> &'static Sql {
        self.of(4, before).0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_insert_of_several_rows_counts_its_parameters_on() {
        let one = "INSERT INTO t (tenant_id, a, b) VALUES ($1, $2, 1)";
        let two = "INSERT INTO t (tenant_id, a, b) VALUES ($1, $2, 1), ($3, $4, 1)";
        assert_eq!(Sql::new(one).many(2).map(|sql| sql.text.as_str()), Some(two));
    }

    #[test]
    fn an_upsert_of_several_rows_keeps_what_a_conflict_does() {
        let tail = " ON CONFLICT (tenant_id, a) DO UPDATE SET b = excluded.b";
        let one = format!("INSERT INTO t (tenant_id, a, b) VALUES ($1, $2, $3){tail}");
        let two =
            format!("INSERT INTO t (tenant_id, a, b) VALUES ($1, $2, $3), ($4, $5, $6){tail}");
        assert_eq!(Sql::new(one).many(2).map(|sql| sql.text.clone()), Some(two));
    }

    #[test]
    fn what_is_no_plain_insert_stays_alone() {
        for text in [
            "UPDATE t SET a = $2 WHERE tenant_id = $1",
            "INSERT INTO t (a) VALUES ($1) ON CONFLICT (a) DO NOTHING",
            "INSERT INTO t (a) VALUES ($1) ON CONFLICT (a) DO UPDATE SET a = $1",
            "INSERT INTO t (a) VALUES (COALESCE($1, 0))",
        ] {
            assert!(Sql::new(text).many(4).is_none(), "{text}");
        }
    }
}
