//! `huiliu check`: re-proves the house's invariants from the rows and names what breaks.
//!
//! Documents marked as history are proved by their import's reconciliation; here they take part
//! only where they left entries.
mod books;
mod credit;
mod currencies;
mod days;
mod facts;
mod orders;
mod refunds;
mod repeats;
mod statements;
mod stock;

use kernel::{Ctx, Result, Stored};
use serde_json::{Value, json};
use store::{Sql, Tx};

/// One thing that does not hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Breach {
    /// Which promise (a stable name).
    pub invariant: &'static str,
    /// What it is about: `stock 4711`.
    pub object: String,
    pub expected: String,
    pub found: String,
}

impl Breach {
    #[must_use]
    pub fn json(&self) -> Value {
        json!({
            "invariant": self.invariant,
            "object": self.object,
            "expected": self.expected,
            "found": self.found,
        })
    }
}

/// What was proved, and what was not.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Invariants looked at.
    pub proved: Vec<&'static str>,
    pub breaches: Vec<Breach>,
}

/// Breaches that are listed for one invariant; the rest is like them.
const LISTED: usize = 20;

impl Report {
    /// Adds the rows of a query that gives (id, expected, found) where they differ.
    fn differ(
        &mut self,
        tx: &mut Tx,
        invariant: &'static str,
        kind: &str,
        sql: &'static Sql,
        params: &[Stored],
    ) -> Result<()> {
        self.proved.push(invariant);
        for mut row in tx.rows(sql, params)?.into_iter().take(LISTED) {
            let (id, expected, found): (i64, i64, i64) = (row.take()?, row.take()?, row.take()?);
            self.breaches.push(Breach {
                invariant,
                object: format!("{kind} {id}"),
                expected: expected.to_string(),
                found: found.to_string(),
            });
        }
        Ok(())
    }

    /// Adds a comparison of two numbers.
    fn same(&mut self, invariant: &'static str, object: &str, expected: i64, found: i64) {
        if !self.proved.contains(&invariant) {
            self.proved.push(invariant);
        }
        if expected != found {
            self.breaches.push(Breach {
                invariant,
                object: object.to_owned(),
                expected: expected.to_string(),
                found: found.to_string(),
            });
        }
    }
}

/// Proves everything for the context's tenant, company by company.
pub fn run(cx: &Ctx, tx: &mut Tx) -> Result<Report> {
    let mut report = Report::default();
    stock::prove(tx, &mut report)?;
    orders::prove(tx, &mut report)?;
    statements::prove(tx, &mut report)?;
    refunds::prove(tx, &mut report)?;
    credit::prove(tx, &mut report)?;
    repeats::prove(tx, &mut report)?;
    let companies: Vec<access::company::Company> =
        tx.list(store::find!(access::company::Company, "id > 0 ORDER BY id"), &[])?;
    for company in &companies {
        books::prove(cx, tx, company, &mut report)?;
        days::prove(cx, tx, company, &mut report)?;
    }
    facts::prove(cx, tx, &mut report)?;
    names(tx, &mut report)?;
    Ok(report)
}

/// Every name's sound is its own: no list leaves a row out or has it twice.
fn names(tx: &mut Tx, report: &mut Report) -> Result<()> {
    report.proved.push("names.stand_by_their_sound");
    for entity in crate::entities() {
        let (mut after, mut left) = (0, LISTED);
        while let (Some(last), untrue) = store::sound::look_at_some(tx, entity, after)? {
            after = last;
            let listed = untrue.len().min(left);
            left -= listed;
            report.breaches.extend(untrue.into_iter().take(listed).map(|one| Breach {
                invariant: "names.stand_by_their_sound",
                object: format!("{} {} {}", entity.name, one.id, one.column),
                expected: one.expected,
                found: one.found,
            }));
        }
    }
    Ok(())
}
