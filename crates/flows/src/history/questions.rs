//! What of a source is ours already, what is unfinished, and which accounts our books have.
use super::{ImportBatch, ImportProgress};
use kernel::{Ctx, Id, Result, Stored};
use std::collections::{BTreeMap, BTreeSet};
use store::{Tx, find, sql};

/// A row of the source that is ours.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KnownRef {
    pub hash: String,
    pub batch: i64,
}

/// The accounts of a company that can be opened.
#[derive(Clone, Debug, Default)]
pub struct Books {
    /// Codes of active leaf accounts.
    pub accounts: BTreeSet<String>,
    /// Role and account code.
    pub roles: BTreeMap<String, String>,
}

/// Everything of one source that a company has, by kind and key.
#[derive(Clone, Debug, Default)]
pub struct Known {
    pub books: Books,
    rows: BTreeMap<String, BTreeMap<String, KnownRef>>,
}

impl Known {
    #[must_use]
    pub fn get(&self, kind: &str, key: &str) -> Option<&KnownRef> {
        self.rows.get(kind)?.get(key)
    }
    /// Has the source given any row of this kind?
    #[must_use]
    pub fn has_kind(&self, kind: &str) -> bool {
        self.rows.contains_key(kind)
    }
    /// Rows that a batch has written.
    #[must_use]
    pub fn of_batch(&self, batch: i64) -> usize {
        self.rows.values().flat_map(BTreeMap::values).filter(|r| r.batch == batch).count()
    }
}

/// Rows of a page.
const PAGE: usize = 2000;

/// Reads what the context's company has of a source.
pub fn known(cx: &Ctx, tx: &mut Tx, source: &str) -> Result<Known> {
    let mut known = Known { books: books(cx, tx)?, ..Known::default() };
    let mut after = 0;
    loop {
        let page = tx.rows(
            sql!(
                "SELECT id, kind, key, row_hash, batch_id FROM external_ref WHERE tenant_id = $1 \
                 AND source = $2 AND id > $3 AND company IN (0, $4) ORDER BY id LIMIT 2000"
            ),
            &[Stored::text(source), Stored::Int(after), Stored::Int(cx.company)],
        )?;
        let full = page.len() == PAGE;
        for mut row in page {
            after = row.take()?;
            let (kind, key): (String, String) = (row.take()?, row.take()?);
            let found = KnownRef { hash: row.take()?, batch: row.take()? };
            known.rows.entry(kind).or_default().insert(key, found);
        }
        if !full {
            return Ok(known);
        }
    }
}

fn books(cx: &Ctx, tx: &mut Tx) -> Result<Books> {
    let key = [Stored::Int(cx.company)];
    let mut books = Books::default();
    for mut row in tx.rows(
        sql!(
            "SELECT code FROM account WHERE tenant_id = $1 AND company = $2 AND leaf = 1 \
             AND active = 1 ORDER BY code"
        ),
        &key,
    )? {
        books.accounts.insert(row.take()?);
    }
    for mut row in tx.rows(
        sql!(
            "SELECT r.role, a.code FROM account_role r JOIN account a \
             ON a.tenant_id = r.tenant_id AND a.id = r.account \
             WHERE r.tenant_id = $1 AND r.company = $2 ORDER BY r.role"
        ),
        &key,
    )? {
        let role = row.take()?;
        books.roles.insert(role, row.take()?);
    }
    Ok(books)
}

/// The batch of a source that is not yet applied, or not yet wholly undone.
pub fn unfinished(cx: &Ctx, tx: &mut Tx, source: &str) -> Result<Option<ImportBatch>> {
    let query = find!(
        ImportBatch,
        "source = $2 AND state IN ('validated', 'applying', 'undoing') AND company = $3 \
         ORDER BY id LIMIT 1"
    );
    let key = [Stored::text(source), Stored::Int(cx.company)];
    Ok(tx.list(query, &key)?.into_iter().next())
}

/// How far a batch is; nothing of one that was undone.
pub fn progress(tx: &mut Tx, batch: Id<ImportBatch>) -> Result<Option<ImportProgress>> {
    tx.find(Id::from_raw(batch.raw()))
}
