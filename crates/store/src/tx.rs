//! One transaction as business code sees it: reads, locks, writes, numbers, facts.
use crate::driver::{Driver, Engine, Expect, Failure, Lock, Write};
use crate::search::{Columns, Sought};
use crate::seen::Seen;
use crate::{IN_MAX, InSql, Record, Row, Sql, facts, search};
use kernel::{Cell, Ctx, DocRef, Error, Fact, Id, Result, Stored};
use meta::{Entity, Grade};

/// A fact that was stored, for the sealer.
#[derive(Clone, Debug)]
pub struct Told {
    pub tenant: i64,
    pub fact: i64,
    pub digest: String,
}

/// One transaction. Commands take `(&Ctx, &mut Tx, …)`; the caller commits.
pub struct Tx<'a> {
    driver: &'a mut dyn Driver,
    tenant: i64,
    queue: Vec<Write>,
    seen: Seen,
    facts: Vec<Fact>,
    /// Documents written in this transaction; each must be named by a fact.
    touched: Vec<DocRef>,
    /// Searched texts that changed.
    sought: Vec<Sought>,
    statements: u64,
    retry: bool,
    log: Option<&'a mut Vec<LoggedWrite>>,
}

/// A write as it was run, for the raw limit of `huiliu bench`.
#[derive(Clone)]
pub struct LoggedWrite {
    /// None marks the end of a command.
    pub sql: Option<&'static Sql>,
    pub params: Vec<Stored>,
}

impl LoggedWrite {
    pub(crate) const fn end_of_command() -> Self {
        Self { sql: None, params: Vec::new() }
    }
}

impl<'a> Tx<'a> {
    pub(crate) fn new(
        driver: &'a mut dyn Driver,
        tenant: i64,
        log: Option<&'a mut Vec<LoggedWrite>>,
    ) -> Self {
        let (queue, facts, touched) = (Vec::new(), Vec::new(), Vec::new());
        let (seen, sought) = (Seen::default(), Vec::new());
        let (statements, retry) = (0, false);
        Self { driver, tenant, queue, seen, facts, touched, sought, statements, retry, log }
    }

    #[must_use]
    pub fn engine(&self) -> Engine {
        self.driver.engine()
    }
    #[must_use]
    pub const fn tenant(&self) -> i64 {
        self.tenant
    }
    /// Statements sent so far: budgets of commands are asserted on it.
    #[must_use]
    pub const fn statements(&self) -> u64 {
        self.statements
    }
    pub(crate) const fn must_retry(&self) -> bool {
        self.retry
    }

    // ---- reading

    fn params(&self, rest: &[Stored]) -> Vec<Stored> {
        let mut all = Vec::with_capacity(rest.len() + 1);
        all.push(Stored::Int(self.tenant));
        all.extend_from_slice(rest);
        all
    }

    fn query(&mut self, sql: &Sql, rest: &[Stored], lock: Lock) -> Result<Vec<Row>> {
        self.flush()?;
        self.statements += 1;
        let params = self.params(rest);
        let rows = self.driver.rows(sql, &params, lock);
        self.noted(rows)
    }

    fn load<T: Record>(&mut self, sql: &Sql, rest: &[Stored], lock: Lock) -> Result<Vec<T>> {
        let rows = self.query(sql, rest, lock)?;
        let seen = &mut self.seen;
        let load = |mut row: Row| {
            seen.keep::<T>(row.left());
            T::load(&mut row)
        };
        rows.into_iter().map(load).collect()
    }

    /// Rows of a hand-written query; the tenant is added as `$1`.
    pub fn rows(&mut self, sql: &'static Sql, params: &[Stored]) -> Result<Vec<Row>> {
        self.query(sql, params, Lock::None)
    }
    /// Rows of a query built from declarations (lists); columns are never taken from outside.
    pub(crate) fn built_rows(&mut self, sql: &Sql, params: &[Stored]) -> Result<Vec<Row>> {
        self.query(sql, params, Lock::None)
    }
    /// The one value of a hand-written query; `None` without a row.
    pub fn value<T: Cell>(&mut self, sql: &'static Sql, params: &[Stored]) -> Result<Option<T>> {
        let row = self.query(sql, params, Lock::None)?.into_iter().next();
        row.map(|mut row| row.take()).transpose()
    }
    /// Records found by [`crate::find!`].
    pub fn list<T: Record>(&mut self, sql: &'static Sql, params: &[Stored]) -> Result<Vec<T>> {
        self.load(sql, params, Lock::None)
    }
    /// The same, locked until commit, in the order of the query (order by the lock order).
    pub fn lock_list<T: Record>(&mut self, sql: &'static Sql, params: &[Stored]) -> Result<Vec<T>> {
        self.load(sql, params, Lock::Row)
    }
    /// Records of an id list found by [`crate::find_in!`]; the list comes after `params`.
    pub fn list_in<T: Record>(
        &mut self,
        sql: &'static InSql,
        params: &[Stored],
        ids: &[i64],
    ) -> Result<Vec<T>> {
        self.in_parts(sql, params, ids, Lock::None)
    }
    /// The same, locked until commit.
    pub fn lock_in<T: Record>(
        &mut self,
        sql: &'static InSql,
        params: &[Stored],
        ids: &[i64],
    ) -> Result<Vec<T>> {
        self.in_parts(sql, params, ids, Lock::Row)
    }
    fn in_parts<T: Record>(
        &mut self,
        sql: &'static InSql,
        params: &[Stored],
        ids: &[i64],
        lock: Lock,
    ) -> Result<Vec<T>> {
        let mut sorted = ids.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        let mut found = Vec::new();
        for part in sorted.chunks(IN_MAX) {
            let (sql, size) = sql.of(part.len(), params.len());
            let mut all = params.to_vec();
            all.extend(part.iter().map(|id| Stored::Int(*id)));
            all.resize(params.len() + size, Stored::Int(part[part.len() - 1]));
            found.extend(self.load(sql, &all, lock)?);
        }
        Ok(found)
    }
    /// A record, locked even against new rows that refer to it (closing a period).
    pub fn lock_out<T: Record>(&mut self, id: Id<T>) -> Result<T> {
        let rows = self.load(&T::statements().select, &[id.store()], Lock::Exclude)?;
        rows.into_iter().next().ok_or_else(|| missing::<T>(id.raw()))
    }
    /// Error: `<entity>.not_found` is the caller's to say; this says `None`.
    pub fn find<T: Record>(&mut self, id: Id<T>) -> Result<Option<T>> {
        let rows = self.load(&T::statements().select, &[id.store()], Lock::None)?;
        Ok(rows.into_iter().next())
    }
    /// Error: `store.not_found`.
    pub fn get<T: Record>(&mut self, id: Id<T>) -> Result<T> {
        self.find(id)?.ok_or_else(|| missing::<T>(id.raw()))
    }
    /// A record, locked until commit. Error: `store.not_found`.
    pub fn lock<T: Record>(&mut self, id: Id<T>) -> Result<T> {
        let rows = self.load(&T::statements().select, &[id.store()], Lock::Row)?;
        rows.into_iter().next().ok_or_else(|| missing::<T>(id.raw()))
    }

    // ---- writing

    /// Queues new rows.
    pub fn insert<T: Record>(&mut self, records: &[T]) {
        for record in records {
            let cells = record.cells();
            self.touch::<T>(&cells);
            self.seek(&T::statements().sought, None, Some(&cells));
            self.seen.keep::<T>(&cells);
            let made = T::statements();
            let sounds: Vec<Stored> = made.names.sounds(&cells).collect();
            self.queue(&made.insert, cells.into_iter().chain(sounds), None);
        }
    }
    /// Queues changed rows, of a row that this transaction read only the columns that changed. A
    /// version that someone else moved on fails the command: `store.version_conflict`.
    pub fn update<T: Record>(&mut self, records: &[T]) {
        let versioned = T::entity().has("version");
        let made = T::statements();
        for record in records {
            let cells = record.cells();
            let seen = cells.first().and_then(|id| self.seen.row::<T>(id));
            if let Some(changed) = made.sought.changed(seen, Some(&cells)) {
                self.sought.push(changed);
            }
            let update = match self.seen.changed::<T>(&cells) {
                Some(0) if !versioned => continue,
                Some(changed) => made.partial(changed),
                None => &made.update,
            };
            self.touch::<T>(&cells);
            let expect = versioned.then_some(Expect::Version(T::entity().name));
            self.queue(&update.sql, update.params(&cells), expect);
        }
    }
    /// Queues the removal of rows (drafts, undone imports).
    pub fn delete<T: Record>(&mut self, records: &[T]) {
        for record in records {
            let cells = record.cells();
            self.touch::<T>(&cells);
            self.seek(&T::statements().sought, Some(&cells), None);
            crate::custom::forget::<T>(self, &cells[0]);
            self.queue(&T::statements().delete, cells.into_iter().take(1), None);
        }
    }
    /// Queues a hand-written write whose result is not needed.
    pub fn put(&mut self, sql: &'static Sql, params: &[Stored]) {
        self.queue(sql, params.iter().cloned(), None);
    }
    /// The same, with parameters that are given away.
    pub(crate) fn put_all(&mut self, sql: &'static Sql, params: impl IntoIterator<Item = Stored>) {
        self.queue(sql, params, None);
    }
    /// Queues a hand-written write with a bound in its WHERE; a bug of that code when it meets no
    /// row (its rows were locked and looked at before).
    pub fn put_guarded(&mut self, sql: &'static Sql, params: &[Stored], code: &'static str) {
        self.queue(sql, params.iter().cloned(), Some(Expect::Guard(code)));
    }
    /// Runs a hand-written write now; rows changed.
    pub fn exec(&mut self, sql: &'static Sql, params: &[Stored]) -> Result<u64> {
        self.flush()?;
        self.still_open()?;
        self.statements += 1;
        let params = self.params(params);
        self.logged(sql, &params);
        let changed = self.driver.exec(sql, &params);
        self.noted(changed)
    }
    /// Runs a guarded write that returns a value (`… RETURNING`); `None` when the guard held.
    pub fn exec_value<T: Cell>(&mut self, sql: &'static Sql, rest: &[Stored]) -> Result<Option<T>> {
        let params = self.params(rest);
        self.logged(sql, &params);
        self.value(sql, rest)
    }
    /// A write built from declarations (generic rows); the entity's document is named.
    pub(crate) fn built_write(&mut self, sql: &'static Sql, params: Vec<Stored>, doc: DocRef) {
        self.touched.push(doc);
        self.queue(sql, params, Some(Expect::Version(doc.kind)));
    }

    /// Notes that searched texts of a row changed; their parts are written at the end, together.
    pub(crate) fn seek(&mut self, of: &Columns, old: Option<&[Stored]>, new: Option<&[Stored]>) {
        self.sought.extend(of.changed(old, new));
    }
    pub(crate) fn take_sought(&mut self) -> Vec<Sought> {
        std::mem::take(&mut self.sought)
    }

    fn queue(
        &mut self,
        sql: &'static Sql,
        rest: impl IntoIterator<Item = Stored>,
        expect: Option<Expect>,
    ) {
        let params = std::iter::once(Stored::Int(self.tenant)).chain(rest).collect();
        self.queue.push(Write { sql, params, expect });
    }

    /// Sends what is queued.
    pub fn flush(&mut self) -> Result<()> {
        if self.queue.is_empty() {
            return Ok(());
        }
        self.still_open()?;
        let queue = std::mem::take(&mut self.queue);
        self.statements += queue.len() as u64;
        let changed = self.driver.batch(&queue);
        let changed = self.noted(changed)?;
        for (write, changed) in queue.into_iter().zip(changed) {
            match (write.expect, changed) {
                (Some(Expect::Version(kind)), 0) => {
                    return Err(Error::conflict("store.version_conflict", kind));
                }
                (Some(Expect::Guard(code)), 0) => {
                    return Err(Error::bug(code, "a guarded write met no row"));
                }
                _ => {}
            }
            if let Some(log) = &mut self.log {
                log.push(LoggedWrite { sql: Some(write.sql), params: write.params });
            }
        }
        Ok(())
    }

    /// Error: `store.transaction_lost`; the command runs again by itself.
    fn still_open(&self) -> Result<()> {
        if self.driver.is_in_transaction() {
            return Ok(());
        }
        Err(Error::conflict("store.transaction_lost", self.tenant))
    }

    fn logged(&mut self, sql: &'static Sql, params: &[Stored]) {
        if let Some(log) = &mut self.log {
            log.push(LoggedWrite { sql: Some(sql), params: params.to_vec() });
        }
    }

    fn noted<T>(&mut self, result: std::result::Result<T, Failure>) -> Result<T> {
        result.map_err(|failure| {
            self.retry |= matches!(failure, Failure::Retry(_));
            failure.into()
        })
    }

    fn touch<T: Record>(&mut self, cells: &[Stored]) {
        if let Some(doc) = touched(T::entity(), T::columns(), cells)
            && !self.touched.contains(&doc)
        {
            self.touched.push(doc);
        }
    }

    /// The command saw that it began on what others have changed meanwhile: it runs again, from the
    /// start and with fresh reads. Only where several commands run at once.
    pub fn run_again(&mut self, why: &'static str) -> Error {
        self.retry = true;
        Error::conflict("store.busy", why)
    }

    /// Ends the transaction under the command, as a full disk does. For the tests of faults.
    pub fn break_transaction(&mut self) -> Result<()> {
        let broken = self.driver.script("ROLLBACK");
        self.noted(broken)
    }

    // ---- telling

    /// Tells what happened. Stored with the command's own transaction, or not at all.
    pub fn tell(&mut self, fact: Fact) {
        self.facts.push(fact);
    }
    /// Facts told so far in this transaction.
    #[must_use]
    pub fn told(&self) -> &[Fact] {
        &self.facts
    }

    /// Ends the command: every written document is named by a fact, and the facts are stored.
    ///
    /// Error: `bug.untold` when a document was written and no fact names it.
    pub(crate) fn finish(&mut self, cx: &Ctx) -> Result<Vec<Told>> {
        let named = |doc: &DocRef| {
            let same = |f: &Fact| f.objects.iter().any(|o| (o.kind, o.id) == (doc.kind, doc.id));
            self.facts.iter().any(same)
        };
        if let Some(silent) = self.touched.iter().find(|doc| !named(doc)) {
            return Err(Error::bug("bug.untold", silent.kind).with("id", silent.id));
        }
        search::write(self);
        let told = facts::write(cx, self)?;
        self.flush()?;
        Ok(told)
    }
    pub(crate) fn take_facts(&mut self) -> Vec<Fact> {
        std::mem::take(&mut self.facts)
    }
}

fn missing<T: Record>(id: i64) -> Error {
    Error::not_found("store.not_found", T::entity().name).with("id", id)
}

/// The document that a write of this entity's row belongs to; none for running rows.
fn touched(entity: &'static Entity, columns: &[&str], cells: &[Stored]) -> Option<DocRef> {
    let id_at = |name: &str| match columns.iter().position(|c| *c == name).map(|at| &cells[at]) {
        Some(Stored::Int(id)) => Some(*id),
        Some(Stored::Null | Stored::Text(_)) | None => None,
    };
    match entity.grade {
        Grade::Plain | Grade::Guarded | Grade::Document => {
            Some(DocRef { kind: entity.name, id: id_at("id")? })
        }
        Grade::Line => Some(DocRef { kind: entity.parent_entity()?, id: id_at(entity.parent)? }),
        Grade::Internal => None,
    }
}
