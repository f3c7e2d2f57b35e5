//! Reads sealed facts above a `seq` into columns, a page at a time.
use super::facts::{COMPLETE, Facts, HUMAN, NewFact, OTHER, PARTNER, PROGRAM, START, UNKNOWN};
use kernel::{Ctx, Error, Result, Stored};
use serde_json::Value as Json;
use std::sync::mpsc::sync_channel;
use store::{Row, Store, Tx, sql};

/// Facts of one page; a page is one read of its own.
const PAGE: i64 = 20_000;

/// Reads what was sealed since, up to a seal; how many facts came.
///
/// Error: `process.other_store` where the columns are of another store.
pub fn catch_up(store: &Store, cx: &Ctx, facts: &mut Facts, most: i64) -> Result<usize> {
    let before = facts.len();
    let until = store.read(cx, |_, tx| {
        verify(tx, facts)?;
        let last = tx.value(
            sql!("SELECT seq FROM fact_seal WHERE tenant_id = $1 ORDER BY seq DESC LIMIT 1"),
            &[],
        )?;
        Ok(last.unwrap_or(0_i64).min(most))
    })?;
    let mut ends = Vec::new();
    let mut to = facts.until;
    while to < until {
        to = until.min(to + PAGE);
        ends.push(to);
    }
    if ends.len() < 3 {
        for to in ends {
            let page = store.read(cx, |_, tx| fetch(tx, facts.until, to))?;
            take(facts, page);
        }
    } else {
        by_two(store, cx, facts, &ends)?;
    }
    Ok(facts.len() - before)
}

/// Two readers fetch pages in turn, and the columns take them in the order of the seal: the same
/// columns as if one had read them all.
fn by_two(store: &Store, cx: &Ctx, facts: &mut Facts, ends: &[i64]) -> Result<()> {
    let from = facts.until;
    let begins = |nth: usize| if nth == 0 { from } else { ends[nth - 1] };
    std::thread::scope(|scope| {
        let reader = |first: usize| {
            // One page waits while the next is fetched: memory does not grow with the facts.
            let (send, pages) = sync_channel::<Result<Page>>(1);
            let own = Ctx::system(cx.tenant, cx.now, cx.maker());
            scope.spawn(move || {
                for nth in (first..ends.len()).step_by(2) {
                    let page = store.read(&own, |_, tx| fetch(tx, begins(nth), ends[nth]));
                    let is_last = page.is_err();
                    if send.send(page).is_err() || is_last {
                        return;
                    }
                }
            });
            pages
        };
        let readers = [reader(0), reader(1)];
        for nth in 0..ends.len() {
            let page = readers[nth % 2].recv().map_err(|e| Error::bug("bug.thread", e))??;
            take(facts, page);
        }
        Ok(())
    })
}

/// The head that the columns know must still be in the chain.
fn verify(tx: &mut Tx, facts: &Facts) -> Result<()> {
    if facts.until == 0 {
        return Ok(());
    }
    let found = hash_at(tx, facts.until)?;
    if found.as_deref() == Some(facts.head.as_str()) {
        return Ok(());
    }
    Err(Error::conflict("process.other_store", facts.until))
}

fn hash_at(tx: &mut Tx, seq: i64) -> Result<Option<String>> {
    tx.value(
        sql!("SELECT hash FROM fact_seal WHERE tenant_id = $1 AND seq = $2"),
        &[Stored::Int(seq)],
    )
}

/// Facts above one seal up to another, with what they touch.
struct Page {
    facts: Vec<NewFact>,
    touches: Vec<(i64, String, i64)>,
    until: i64,
    head: String,
}

fn fetch(tx: &mut Tx, from: i64, to: i64) -> Result<Page> {
    let rows = tx.rows(
        sql!(
            "SELECT f.id, f.activity, f.lifecycle, f.occurred_at, f.recorded_at, f.actor, \
             f.acting_for, f.actor_kind, f.reason, f.amount_base, f.instance_id, f.batch_id, \
             f.attrs FROM fact_seal s \
             JOIN fact f ON f.tenant_id = s.tenant_id AND f.id = s.fact_id \
             WHERE s.tenant_id = $1 AND s.seq > $2 AND s.seq <= $3 ORDER BY s.seq"
        ),
        &[Stored::Int(from), Stored::Int(to)],
    )?;
    let facts: Vec<NewFact> = rows.into_iter().map(fact).collect::<Result<_>>()?;
    let touches = touches(tx, &facts)?;
    let head = hash_at(tx, to)?.unwrap_or_default();
    Ok(Page { facts, touches, until: to, head })
}

fn take(facts: &mut Facts, page: Page) {
    let Page { facts: new, touches, until, head } = page;
    for new in &new {
        let from = touches.partition_point(|(fact, ..)| *fact < new.id);
        let own = touches[from..].iter().take_while(|(fact, ..)| *fact == new.id);
        facts.push(new, own.map(|(_, kind, id)| (kind.as_str(), *id)));
    }
    (facts.head, facts.until) = (head, until);
}

/// What the facts of a page touch, ordered by fact. One range of ids holds the page: ids rise with
/// time as the seal does, so hardly anything else lies between.
fn touches(tx: &mut Tx, page: &[NewFact]) -> Result<Vec<(i64, String, i64)>> {
    let least = page.iter().map(|f| f.id).min().unwrap_or(0);
    let most = page.iter().map(|f| f.id).max().unwrap_or(0);
    let rows = tx.rows(
        sql!(
            "SELECT fact_id, object_type, object_id FROM fact_object \
             WHERE tenant_id = $1 AND fact_id >= $2 AND fact_id <= $3 \
             ORDER BY fact_id, object_type, object_id"
        ),
        &[Stored::Int(least), Stored::Int(most)],
    )?;
    rows.into_iter().map(|mut row| Ok((row.take()?, row.take()?, row.take()?))).collect()
}

fn fact(mut row: Row) -> Result<NewFact> {
    let (id, activity) = (row.take()?, row.take()?);
    let phase: String = row.take()?;
    let (at, recorded) = (row.take()?, row.take()?);
    let (actor, acting_for) = (row.take()?, row.take()?);
    let actor_kind: String = row.take()?;
    let reason = row.take()?;
    let (amount, instance, batch) = (row.take()?, row.take()?, row.take()?);
    let attrs: String = row.take()?;
    let phase = match phase.as_str() {
        "complete" => COMPLETE,
        "start" => START,
        _ => OTHER,
    };
    let actor_kind = match actor_kind.as_str() {
        "human" => HUMAN,
        "customer" | "supplier" => PARTNER,
        "unknown" => UNKNOWN,
        _ => PROGRAM,
    };
    let attrs = if attrs == "{}" { Vec::new() } else { pairs(&attrs) };
    Ok(NewFact {
        id,
        activity,
        phase,
        at,
        recorded,
        actor,
        acting_for,
        actor_kind,
        reason,
        amount,
        instance,
        batch,
        attrs,
    })
}

fn pairs(attrs: &str) -> Vec<(String, String)> {
    let Ok(Json::Object(own)) = serde_json::from_str::<Json>(attrs) else { return Vec::new() };
    let text = |value: Json| match value {
        Json::String(text) => text,
        other => other.to_string(),
    };
    own.into_iter().map(|(name, value)| (name, text(value))).collect()
}
