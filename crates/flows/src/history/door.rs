//! One chunk at the door: its batch, the ids of rows that others name, scopes, and its facts.
use super::{ExternalRef, ImportBatch, Link, Moment, Origin, Row};
use kernel::{Activity, ActorKind, Ctx, Error, Fact, Result, Source, Stored};
use std::collections::{BTreeMap, BTreeSet};
use store::scope::{Belongs, intern};
use store::{Sql, Tx, sql};

/// Texts in one `IN` list; longer lists are read in parts.
const PART: usize = 64;

pub(super) struct Door<'a> {
    pub(super) cx: &'a Ctx,
    pub(super) batch: &'a ImportBatch,
    ids: BTreeMap<(String, String), i64>,
    scopes: BTreeMap<(i64, i64), i64>,
    refs: Vec<ExternalRef>,
}

impl<'a> Door<'a> {
    /// Reads the ids of all earlier rows that these rows name.
    pub(super) fn open(
        cx: &'a Ctx,
        tx: &mut Tx,
        batch: &'a ImportBatch,
        rows: &[Row],
    ) -> Result<Self> {
        let keys: BTreeSet<&str> =
            rows.iter().flat_map(Row::links).map(|link| link.key.as_str()).collect();
        let keys: Vec<&str> = keys.into_iter().collect();
        let before = [Stored::text(batch.source.clone()), Stored::Int(batch.company)];
        let mut ids = BTreeMap::new();
        for mut row in in_parts(tx, refs_sql(), &before, &keys)? {
            let (kind, key): (String, String) = (row.take()?, row.take()?);
            ids.insert((kind, key), row.take()?);
        }
        Ok(Self { cx, batch, ids, scopes: BTreeMap::new(), refs: Vec::new() })
    }

    /// What a row that was named became. Error: `import.reference_gone`.
    pub(super) fn id(&self, link: &Link) -> Result<i64> {
        let found = self.ids.get(&(link.kind.to_owned(), link.key.clone())).copied();
        found.ok_or_else(|| {
            Error::conflict("import.reference_gone", &link.key).with("kind", link.kind)
        })
    }

    /// Remembers what a row became. Masters are the tenant's, documents the company's.
    pub(super) fn became(&mut self, origin: &Origin, object_type: &str, id: i64) {
        let is_master = matches!(
            object_type,
            "party"
                | "known_party"
                | "contact"
                | "product"
                | "known_product"
                | "user"
                | "department"
        );
        self.ids.insert((origin.kind.to_owned(), origin.key.clone()), id);
        self.refs.push(ExternalRef {
            id: self.cx.id(),
            source: self.batch.source.clone(),
            key: origin.key.clone(),
            kind: origin.kind.to_owned(),
            company: if is_master { 0 } else { self.batch.company },
            row_hash: origin.hash.clone(),
            object_type: object_type.to_owned(),
            object_id: id,
            batch_id: self.batch.id.raw(),
        });
    }

    /// A fact of the past: nobody of ours did it. Without a day it gets the earliest, flagged.
    pub(super) fn fact(&self, activity: Activity, at: Option<Moment>) -> Fact {
        let mut fact = self.cx.fact(activity);
        (fact.actor, fact.actor_kind, fact.source) = (0, ActorKind::Unknown, Source::Import);
        (fact.batch, fact.company) = (self.batch.id.raw(), self.batch.company);
        match (at, self.batch.earliest) {
            (Some(at), _) => fact.at(at.at(&self.cx.zone)),
            (None, Some(day)) => fact.at(self.cx.zone.at(day, 0)).attr("day_assumed", "earliest"),
            (None, None) => fact.attr("day_assumed", "recorded"),
        }
    }

    /// The scope of a row of this batch's company.
    pub(super) fn scope(&mut self, tx: &mut Tx, owner: i64, department: i64) -> Result<i64> {
        if let Some(known) = self.scopes.get(&(owner, department)) {
            return Ok(*known);
        }
        let company = self.batch.company;
        let belongs = Belongs { company, owner, department, ..Belongs::default() };
        let scope = intern(self.cx, tx, belongs)?;
        self.scopes.insert((owner, department), scope);
        Ok(scope)
    }

    /// Writes down which rows of the source are now ours.
    pub(super) fn close(self, tx: &mut Tx) -> usize {
        tx.insert(&self.refs);
        self.refs.len()
    }
}

fn refs_sql() -> &'static Sql {
    sql!(@made false, listed(
        "SELECT kind, key, object_id FROM external_ref WHERE tenant_id = $1 AND source = $2 \
         AND company IN (0, $3) AND key IN",
        4,
    ))
}

/// A statement that ends in a list of texts.
pub(super) fn listed(head: &str, first: usize) -> Sql {
    let places: Vec<String> = (first..first + PART).map(|n| format!("${n}")).collect();
    Sql::new(format!("{head} ({})", places.join(", ")))
}

/// The rows of a [`listed`] statement for all `texts`.
pub(super) fn in_parts(
    tx: &mut Tx,
    sql: &'static Sql,
    before: &[Stored],
    texts: &[&str],
) -> Result<Vec<store::Row>> {
    let mut rows = Vec::new();
    for part in texts.chunks(PART) {
        let mut params = before.to_vec();
        params.extend(part.iter().map(|text| Stored::text(*text)));
        params.resize(before.len() + PART, Stored::text(part[part.len() - 1]));
        rows.extend(tx.rows(sql, &params)?);
    }
    Ok(rows)
}

/// Codes for new rows: those wanted, numbered where somebody has them already.
pub(super) struct Codes {
    taken: BTreeSet<String>,
}

impl Codes {
    /// `sql` tells which of the codes exist, with `~2` … for those that are numbered.
    pub(super) fn read(tx: &mut Tx, sql: &'static Sql, wanted: &[String]) -> Result<Self> {
        let numbered = wanted.iter().flat_map(|code| (1..5).map(move |n| number(code, n)));
        let all: BTreeSet<String> = numbered.collect();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let rows = in_parts(tx, sql, &[], &all)?;
        let taken = rows.into_iter().map(|mut row| row.take()).collect::<Result<_>>()?;
        Ok(Self { taken })
    }

    pub(super) fn free(&mut self, wanted: &str) -> String {
        let mut code = wanted.to_owned();
        let mut n = 1;
        while !self.taken.insert(code.clone()) {
            n += 1;
            code = number(wanted, n);
        }
        code
    }
}

fn number(code: &str, n: usize) -> String {
    if n == 1 { code.to_owned() } else { format!("{code}.{n}") }
}
