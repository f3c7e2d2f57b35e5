//! One side of a move: a connection that reads everything, or takes everything in the fastest way
//! that its engine has, with references and indexes made again at the end.
use crate::driver::{Driver, Engine, Lock};
use crate::fold::Pages;
use crate::lite::Lite;
use crate::pg::Pg;
use crate::{Sql, Target, migrate};
use kernel::{Error, Result, Stored};

pub(super) enum Side {
    Lite(Lite),
    Pg(Pg, String),
}

/// What was taken off a target, and is made again.
pub(super) struct Made(Vec<String>);

impl Side {
    /// Error: `store.cannot_open`.
    pub(super) fn open(target: &Target) -> Result<Self> {
        match target {
            Target::File(path) => {
                let mut lite = Lite::writer(path, &Pages::default())?;
                // References are proved once, when all rows are there; nobody else writes, so the
                // log may be folded inside a commit.
                lite.script("PRAGMA foreign_keys = OFF; PRAGMA wal_autocheckpoint = 16000;")?;
                Ok(Self::Lite(lite))
            }
            Target::Postgres { url, schema } => {
                let mut pg = Pg::connect(url, schema)?;
                pg.script(
                    "SET statement_timeout = 0; SET lock_timeout = 0; \
                     SET idle_in_transaction_session_timeout = 0; \
                     SET maintenance_work_mem = '256MB'",
                )?;
                Ok(Self::Pg(pg, schema.clone()))
            }
        }
    }

    pub(super) fn driver(&mut self) -> &mut dyn Driver {
        match self {
            Self::Lite(lite) => lite,
            Self::Pg(pg, _) => pg,
        }
    }

    pub(super) fn begin_reading(&mut self) -> Result<()> {
        let begin = match self {
            Self::Lite(_) => "BEGIN",
            Self::Pg(..) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        self.driver().script(begin).map_err(Error::from)
    }

    pub(super) fn begin_writing(&mut self) -> Result<()> {
        let begin = match self {
            Self::Lite(_) => "BEGIN IMMEDIATE",
            Self::Pg(..) => "BEGIN",
        };
        self.driver().script(begin).map_err(Error::from)
    }

    pub(super) fn end(&mut self, keep: bool) -> Result<()> {
        self.driver().script(if keep { "COMMIT" } else { "ROLLBACK" })?;
        match (self, keep) {
            (Self::Pg(pg, _), true) => pg.script("ANALYZE").map_err(Error::from),
            (Self::Lite(lite), true) => {
                lite.script("PRAGMA wal_checkpoint(TRUNCATE);").map_err(Error::from)
            }
            (_, false) => Ok(()),
        }
    }

    fn texts(&mut self, sql: &str, params: &[Stored]) -> Result<Vec<Vec<String>>> {
        let rows = self.driver().rows(&Sql::new(sql), params, Lock::None)?;
        let texts = |row: crate::Row| {
            row.rest().into_iter().map(|cell| match cell {
                Stored::Text(text) => text.into_string(),
                Stored::Int(n) => n.to_string(),
                Stored::Null => String::new(),
            })
        };
        Ok(rows.into_iter().map(|row| texts(row).collect()).collect())
    }

    /// Takes off what would be proved or kept up row by row.
    pub(super) fn strip(&mut self) -> Result<Made> {
        let (mut drop, mut made) = (String::new(), Vec::new());
        if let Self::Pg(_, schema) = self {
            let of = [Stored::text(schema.as_str())];
            let keys = self.texts(
                "SELECT c.conrelid::regclass::text, c.conname::text, pg_get_constraintdef(c.oid) \
                 FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace \
                 WHERE c.contype = 'f' AND n.nspname = CAST($1 AS TEXT)",
                &of,
            )?;
            for key in &keys {
                let (table, name, text) = (&key[0], &key[1], &key[2]);
                drop.push_str(&format!("ALTER TABLE {table} DROP CONSTRAINT {name};"));
                made.push(format!("ALTER TABLE {table} ADD CONSTRAINT {name} {text}"));
            }
            let indexes = self.texts(
                "SELECT i.indexrelid::regclass::text, \
                 replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') \
                 FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
                 JOIN pg_namespace n ON n.oid = c.relnamespace \
                 WHERE n.nspname = CAST($1 AS TEXT) AND NOT i.indisprimary \
                 AND NOT c.relispartition",
                &of,
            )?;
            for index in &indexes {
                drop.push_str(&format!("DROP INDEX {};", index[0]));
                // Indexes before references: a reference may need one.
                made.insert(0, index[1].clone());
            }
        } else {
            let indexes = self.texts(
                "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL",
                &[],
            )?;
            for index in indexes {
                drop.push_str(&format!("DROP INDEX {};", index[0]));
                made.push(index[1].clone());
            }
        }
        self.driver().script(&drop)?;
        Ok(Made(made))
    }

    /// Makes it again; a reference to a row that is not there refuses. Error: `move.reference`.
    pub(super) fn dress(&mut self, made: Made) -> Result<()> {
        for text in made.0 {
            self.driver().script(&text)?;
        }
        if self.driver().engine() == Engine::Sqlite {
            let broken = self.texts("PRAGMA foreign_key_check", &[])?;
            if let Some(first) = broken.first() {
                return Err(Error::conflict("move.reference", first.join(" ")));
            }
            migrate::statistics(self.driver())?;
        }
        Ok(())
    }

    /// Takes rows in.
    pub(super) fn load(
        &mut self,
        table: &str,
        columns: &[&str],
        rows: &[Vec<Stored>],
    ) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let list = columns.join(", ");
        match self {
            Self::Pg(pg, _) => {
                let mut text = String::with_capacity(rows.len() * 64);
                for row in rows {
                    copied(&mut text, row);
                }
                let sql = format!("COPY {table} ({list}) FROM STDIN");
                pg.copy_in(&sql, text.into_bytes()).map_err(Error::from)
            }
            Self::Lite(lite) => {
                let marks: Vec<String> = (1..=columns.len()).map(|n| format!("${n}")).collect();
                let marks = marks.join(", ");
                let sql = Sql::new(format!("INSERT INTO {table} ({list}) VALUES ({marks})"));
                lite.load(&sql, rows).map_err(Error::from)
            }
        }
    }
}

/// A row in the text form of COPY.
fn copied(out: &mut String, row: &[Stored]) {
    for (at, cell) in row.iter().enumerate() {
        if at > 0 {
            out.push('\t');
        }
        match cell {
            Stored::Null => out.push_str("\\N"),
            Stored::Int(n) => out.push_str(&n.to_string()),
            Stored::Text(text) => {
                for c in text.chars() {
                    match c {
                        '\\' => out.push_str("\\\\"),
                        '\t' => out.push_str("\\t"),
                        '\n' => out.push_str("\\n"),
                        '\r' => out.push_str("\\r"),
                        other => out.push(other),
                    }
                }
            }
        }
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_separates_cells_and_rows_is_escaped() {
        let mut out = String::new();
        let text = |s: &str| Stored::text(s);
        copied(&mut out, &[Stored::Int(-7), Stored::Null, text(""), text("a\tb\\N\n\r中")]);
        assert_eq!(out, "-7\t\\N\t\ta\\tb\\\\N\\n\\r中\n");
    }
}
