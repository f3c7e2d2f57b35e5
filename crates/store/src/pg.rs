//! PostgreSQL: a connection that its calling thread drives, with pipelined writes.
use crate::driver::{Driver, Engine, Failure, Lock, Write, shared, together};
use crate::{Row, Sql};
use bytes::{BufMut, BytesMut};
use futures_util::future::try_join_all;
use kernel::{Error, Result, Stored};
use std::collections::HashMap;
use tokio::runtime::Runtime;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, NoTls, Statement, error::SqlState};

/// One PostgreSQL connection with its own small runtime; it runs while a caller waits on it.
pub(crate) struct Pg {
    runtime: Runtime,
    client: Client,
    prepared: HashMap<String, Statement>,
}

type AnyError = Box<dyn std::error::Error + Sync + Send>;

#[derive(Debug)]
struct Param<'a>(&'a Stored);
impl ToSql for Param<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, AnyError> {
        match self.0 {
            Stored::Null => return Ok(IsNull::Yes),
            Stored::Int(n) => match *ty {
                Type::INT4 => out.put_i32(i32::try_from(*n)?),
                _ => out.put_i64(*n),
            },
            Stored::Text(text) => {
                if *ty == Type::JSONB {
                    out.put_u8(1);
                }
                out.put_slice(text.as_bytes());
            }
        }
        Ok(IsNull::No)
    }
    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::INT8 | Type::INT4 | Type::TEXT | Type::VARCHAR | Type::JSONB)
    }
    to_sql_checked!();
}

struct Value(Stored);
impl<'a> FromSql<'a> for Value {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, AnyError> {
        Ok(Self(match *ty {
            Type::INT8 => Stored::Int(i64::from_be_bytes(raw.try_into()?)),
            Type::INT4 => Stored::Int(i64::from(i32::from_be_bytes(raw.try_into()?))),
            Type::BOOL => Stored::Int(i64::from(raw.first() == Some(&1))),
            Type::JSONB => Stored::text(std::str::from_utf8(raw.get(1..).unwrap_or(&[]))?),
            _ => Stored::text(std::str::from_utf8(raw)?),
        }))
    }
    fn from_sql_null(_: &Type) -> Result<Self, AnyError> {
        Ok(Self(Stored::Null))
    }
    fn accepts(ty: &Type) -> bool {
        matches!(
            *ty,
            Type::INT8 | Type::INT4 | Type::BOOL | Type::TEXT | Type::VARCHAR | Type::JSONB
        )
    }
}

impl Pg {
    /// Connects. Error: `store.cannot_open`.
    pub(crate) fn connect(url: &str, schema: &str) -> Result<Self> {
        let refused = |e: &dyn std::fmt::Display| Error::conflict("store.cannot_open", e);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|e| refused(&e))?;
        let connected = runtime.block_on(tokio_postgres::connect(url, NoTls));
        let (client, connection) = connected.map_err(|e| refused(&e))?;
        runtime.spawn(async move {
            // A broken connection shows itself at the next statement; nothing to do here.
            let _ended = connection.await;
        });
        let mut pg = Self { runtime, client, prepared: HashMap::new() };
        let setup = format!(
            "SET search_path TO {schema}; SET synchronous_commit = on; \
             SET statement_timeout = '60s'; SET lock_timeout = '20s'; \
             SET idle_in_transaction_session_timeout = '120s'; SET jit = off"
        );
        pg.script(&setup)?;
        Ok(pg)
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    fn prepare(&mut self, text: &str) -> Result<Statement, Failure> {
        if let Some(known) = self.prepared.get(text) {
            return Ok(known.clone());
        }
        let made = self.runtime.block_on(self.client.prepare(text)).map_err(|e| failure(&e))?;
        self.prepared.insert(text.to_owned(), made.clone());
        Ok(made)
    }

    /// Sends rows in the text form of COPY.
    pub(crate) fn copy_in(&mut self, sql: &str, rows: Vec<u8>) -> Result<(), Failure> {
        use futures_util::SinkExt;
        let client = &self.client;
        let sent = self.runtime.block_on(async {
            let sink = client.copy_in::<_, bytes::Bytes>(sql).await?;
            let mut sink = std::pin::pin!(sink);
            sink.send(rows.into()).await?;
            sink.finish().await
        });
        sent.map(|_| ()).map_err(|e| failure(&e))
    }

    /// Types that a prepared statement takes and gives, for the test on both engines.
    pub(crate) fn describe(&mut self, sql: &Sql) -> Result<(Vec<String>, Vec<String>), Failure> {
        let made = self.prepare(&sql.text)?;
        let takes = made.params().iter().map(|t| t.name().to_owned()).collect();
        let gives = made.columns().iter().map(|c| c.type_().name().to_owned()).collect();
        Ok((takes, gives))
    }
}

fn failure(e: &tokio_postgres::Error) -> Failure {
    let Some(db) = e.as_db_error() else {
        return Failure::Broken(e.to_string());
    };
    let text = format!("{}: {}", db.code().code(), db.message());
    match *db.code() {
        SqlState::T_R_SERIALIZATION_FAILURE
        | SqlState::T_R_DEADLOCK_DETECTED
        | SqlState::LOCK_NOT_AVAILABLE => Failure::Retry(text),
        SqlState::UNIQUE_VIOLATION => Failure::Duplicate(text),
        SqlState::FOREIGN_KEY_VIOLATION => Failure::Reference(text),
        SqlState::DISK_FULL => Failure::Full(text),
        _ => Failure::Broken(text),
    }
}

impl Driver for Pg {
    fn exec(&mut self, sql: &Sql, params: &[Stored]) -> Result<u64, Failure> {
        let statement = self.prepare(&sql.text)?;
        let run = self.client.execute_raw(&statement, params.iter().map(Param));
        self.runtime.block_on(run).map_err(|e| failure(&e))
    }

    fn rows(&mut self, sql: &Sql, params: &[Stored], lock: Lock) -> Result<Vec<Row>, Failure> {
        let statement = self.prepare(match lock {
            Lock::None => &sql.text,
            Lock::Row => sql.locking(),
            Lock::Exclude => sql.excluding(),
        })?;
        let params: Vec<Param> = params.iter().map(Param).collect();
        let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|p| p as _).collect();
        let found = self.runtime.block_on(self.client.query(&statement, &params));
        let found = found.map_err(|e| failure(&e))?;
        let width = statement.columns().len();
        let row = |row: tokio_postgres::Row| {
            let cell = |at| row.try_get::<_, Value>(at).map(|v| v.0).map_err(|e| failure(&e));
            (0..width).map(cell).collect::<Result<Vec<Stored>, Failure>>().map(Row::new)
        };
        found.into_iter().map(row).collect()
    }

    fn batch(&mut self, writes: &[Write]) -> Result<Vec<u64>, Failure> {
        let parts = together(writes);
        let mut statements = Vec::with_capacity(parts.len());
        for (sql, _) in &parts {
            statements.push(self.prepare(&sql.text)?);
        }
        let client = &self.client;
        let mut all = Vec::with_capacity(parts.len());
        for ((_, rows), statement) in parts.iter().zip(&statements) {
            let params: Vec<_> = rows.iter().flat_map(|w| &w.params).map(Param).collect();
            all.push(client.execute_raw(statement, params));
        }
        let counts = self.runtime.block_on(try_join_all(all)).map_err(|e| failure(&e))?;
        let each = |(count, (_, rows)): (u64, &(&Sql, &[Write]))| shared(count, rows.len());
        Ok(counts.into_iter().zip(&parts).flat_map(each).collect())
    }

    fn script(&mut self, text: &str) -> Result<(), Failure> {
        self.runtime.block_on(self.client.batch_execute(text)).map_err(|e| failure(&e))
    }

    fn engine(&self) -> Engine {
        Engine::Postgres
    }

    fn is_in_transaction(&self) -> bool {
        true
    }
}
