//! Looks a question up among the parts of searched texts, for one reader.
use crate::rows_sql::{Params, scoped};
use crate::scope::Scope;
use crate::{Sql, Tx, rows, search_seen, sight};
use kernel::{Ctx, Result, Sight, Stored};
use meta::tokens::{self, Asked, Term, Weight};
use meta::{Entity, Field, FieldKind, Seek};
use std::collections::BTreeMap;

/// Rows of one answer, at most.
pub const MOST: usize = 50;
/// Rows gathered by how a further word begins; who types on sees the rest.
const GATHERED: usize = 20_000;
/// Characters of a question.
const QUESTION: usize = 100;

/// An entity that the reader may look into, and how far.
pub struct Sees {
    pub entity: &'static Entity,
    pub scope: Scope,
}

/// A row that was found.
#[derive(Clone, Debug)]
pub struct Hit {
    pub entity: &'static Entity,
    pub id: i64,
    /// Of a line: its document's, else its own.
    pub opens: i64,
    pub title: String,
    /// The words that it is found by beside its title: of a lead its person and company. Only
    /// what the reader sees whole.
    pub called: Vec<String>,
    /// What stands beside the title: a state, else a code or another short text.
    pub beside: String,
    /// Smaller is better.
    pub rank: i64,
}

/// Rows whose searched texts fit a question, the best first: a number as it is, then what begins
/// like that, then what has all the words.
///
/// Errors: `row.needs_all`, `scope.too_wide`.
pub fn find(
    cx: &Ctx,
    tx: &mut Tx,
    question: &str,
    sees: &[Sees],
    limit: usize,
) -> Result<Vec<Hit>> {
    let question: String = question.chars().take(QUESTION).collect();
    let asked = tokens::asked(&question);
    let limit = limit.clamp(1, MOST);
    let mut within = Vec::new();
    for one in sees.iter().filter(|s| !s.entity.searched.is_empty()) {
        if let Some(reach) = rows::reach(one.entity, &one.scope)? {
            within.push((one.entity, reach));
        }
    }
    if within.is_empty() || (asked.whole.is_none() && asked.terms.is_empty()) {
        return Ok(Vec::new());
    }
    let mut ranked = candidates(tx, &asked, &within, limit)?;
    for (at, (entity, _)) in within.iter().enumerate() {
        if !search_seen::sees_all(cx, entity) {
            let ids: Vec<i64> = ranked.iter().filter(|f| f.at == at).map(|f| f.id).collect();
            let fit = search_seen::fitting(cx, tx, entity, &ids, &asked)?;
            ranked.retain(|found| found.at != at || fit.contains(&found.id));
        }
    }
    ranked.sort_unstable_by_key(|found| (found.rank, std::cmp::Reverse(found.id)));
    ranked.truncate(limit);
    let mut hits = shown(cx, tx, &within, &ranked)?;
    for hit in &mut hits {
        let veiled = |f: &'static Field| sight::of(cx, hit.entity, f) != Sight::Whole;
        if beside(hit.entity).is_some_and(veiled) {
            hit.beside.clear();
        }
    }
    Ok(hits)
}

type Within<'s> = (&'static Entity, &'s [i64]);

/// An entity by its place among those looked into, a row, and how well it fits.
struct Found {
    at: usize,
    id: i64,
    rank: i64,
}

/// As it was asked, beginning like it, having all its words.
const WHOLE: i64 = 0;
const BEGINS: i64 = 10;
const WORDS: i64 = 20;

/// Some of the newest rows of each entity and each way of fitting, in one statement.
fn candidates(tx: &mut Tx, asked: &Asked, all: &[Within<'_>], limit: usize) -> Result<Vec<Found>> {
    let mut build = Build { params: Params::default(), limit: String::new(), parts: Vec::new() };
    build.limit = build.params.bind(Stored::Int(limit as i64));
    for (at, (entity, reach)) in all.iter().enumerate() {
        build.entity(at, entity, reach, asked)?;
    }
    let sql = Sql::new(build.parts.join(" UNION ALL "));
    let mut best: BTreeMap<(i64, i64), i64> = BTreeMap::new();
    for mut row in tx.built_rows(&sql, &build.params.all())? {
        let (at, way, weight): (i64, i64, i64) = (row.take()?, row.take()?, row.take()?);
        let id: i64 = row.take()?;
        let rank = rank(way, weight);
        let kept = best.entry((at, id)).or_insert(rank);
        *kept = rank.min(*kept);
    }
    let found = |((at, id), rank)| Found { at: usize::try_from(at).unwrap_or(0), id, rank };
    Ok(best.into_iter().map(found).collect())
}

/// A number as it is comes before everything, and words by their letters before their sound.
const fn rank(way: i64, weight: i64) -> i64 {
    if way == WHOLE && weight > Weight::Word.stored() { BEGINS + weight } else { way + weight }
}

struct Build {
    params: Params,
    limit: String,
    parts: Vec<String>,
}

impl Build {
    fn entity(&mut self, at: usize, entity: &Entity, reach: &[i64], asked: &Asked) -> Result<()> {
        let kind = self.params.bind(Stored::text(entity.name));
        let within = scoped(reach, &mut self.params)?;
        let from = format!(
            "FROM search_token a WHERE a.tenant_id = $1 AND a.object_type = {kind}{within}"
        );
        if let Some(whole) = &asked.whole {
            let is = self.term("a", &Term::Is(whole.clone()));
            self.part(at, WHOLE, &format!("{from} AND {is}"), "a.object_id DESC");
            let begins = self.term("a", &Term::Begins(whole.clone()));
            let newest = "a.token DESC, a.object_id DESC";
            self.part(at, BEGINS, &format!("{from} AND {begins}"), newest);
        }
        let is_whole = |term: &&Term| matches!(term, Term::Is(_));
        let Some(first) = asked.terms.iter().find(is_whole).or(asked.terms.first()) else {
            return Ok(());
        };
        let mut all = format!("{from} AND {}", self.term("a", first));
        for term in asked.terms.iter().filter(|term| *term != first) {
            let other = self.term("b", term);
            // A whole part is looked up for each row; rows of a beginning are gathered once. The
            // offset keeps PostgreSQL from weighing every order of looking them up: a fifth of a
            // second for a question of eight words, and the answer is the same.
            all.push_str(&match term {
                Term::Is(_) => format!(
                    " AND EXISTS (SELECT 1 FROM search_token b WHERE b.tenant_id = $1 \
                     AND b.object_type = {kind} AND b.object_id = a.object_id AND {other} \
                     LIMIT 1 OFFSET 0)"
                ),
                Term::Begins(_) => format!(
                    " AND a.object_id IN (SELECT g.object_id FROM (SELECT b.object_id \
                     FROM search_token b WHERE b.tenant_id = $1 AND b.object_type = {kind} \
                     AND {other} ORDER BY b.token LIMIT {GATHERED}) g)"
                ),
            });
        }
        let order = match first {
            Term::Is(_) => "a.object_id DESC",
            Term::Begins(_) => "a.token DESC, a.object_id DESC",
        };
        self.part(at, WORDS, &all, order);
        Ok(())
    }

    fn term(&mut self, of: &str, term: &Term) -> String {
        fits(of, term, &mut self.params)
    }

    /// One way of fitting; the numbers are our own.
    fn part(&mut self, at: usize, way: i64, from: &str, order: &str) {
        let (n, limit) = (self.parts.len(), &self.limit);
        self.parts.push(format!(
            "SELECT CAST({at} AS BIGINT), CAST({way} AS BIGINT), p{n}.weight, p{n}.object_id FROM \
             (SELECT a.weight, a.object_id {from} ORDER BY {order} LIMIT {limit}) p{n}"
        ));
    }
}

fn fits(of: &str, term: &Term, params: &mut Params) -> String {
    match term {
        Term::Is(text) => format!("{of}.token = {}", params.bind(Stored::text(text.clone()))),
        Term::Begins(text) => {
            let from = params.bind(Stored::text(text.clone()));
            // Nothing that is written comes after this character.
            let until = params.bind(Stored::text(format!("{text}\u{10FFFF}")));
            format!("{of}.token >= {from} AND {of}.token < {until}")
        }
    }
}

/// `id IN …` of all rows of an entity that fit a question; for a list, which has its own order.
pub(crate) fn having(entity: &str, asked: &Asked, params: &mut Params) -> String {
    let kind = params.bind(Stored::text(entity));
    let parts = |of: &str, term: &Term, params: &mut Params| {
        let fits = fits(of, term, params);
        format!(
            "SELECT {of}.object_id FROM search_token {of} WHERE {of}.tenant_id = $1 \
             AND {of}.object_type = {kind} AND {fits}"
        )
    };
    let mut ways = Vec::new();
    if let Some(whole) = &asked.whole {
        ways.push(parts("w", &Term::Begins(whole.clone()), params));
    }
    if let Some((first, others)) = asked.terms.split_first() {
        let mut all = parts("a", first, params);
        for term in others {
            all.push_str(&format!(" AND a.object_id IN ({})", parts("b", term, params)));
        }
        ways.push(all);
    }
    format!("id IN ({})", ways.join(" UNION ALL "))
}

/// The rows themselves, read under the scope once more: a part never shows more than its row.
fn shown(cx: &Ctx, tx: &mut Tx, all: &[Within<'_>], ranked: &[Found]) -> Result<Vec<Hit>> {
    let mut params = Params::default();
    let mut parts = Vec::new();
    for (at, (entity, reach)) in all.iter().enumerate() {
        let ids: Vec<Stored> =
            ranked.iter().filter(|f| f.at == at).map(|f| Stored::Int(f.id)).collect();
        let Some(first) = ids.first().cloned() else { continue };
        let list = params.bind_all(&ids, &first);
        let within = scoped(reach, &mut params)?;
        let (table, title) = (entity.table, text_of(entity.field(entity.title)));
        let (beside, opens) = (text_of(beside(entity)), opens(entity));
        let called = called(cx, entity);
        parts.push(format!(
            "SELECT CAST({at} AS BIGINT), id, {opens}, {title}, {called}, {beside} FROM {table} \
             WHERE tenant_id = $1 AND id IN ({list}){within}"
        ));
    }
    if parts.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows: BTreeMap<(usize, i64), Hit> = BTreeMap::new();
    for mut row in tx.built_rows(&Sql::new(parts.join(" UNION ALL ")), &params.all())? {
        let at = usize::try_from(row.take::<i64>()?).unwrap_or(0);
        let Some((entity, _)) = all.get(at) else { continue };
        let (id, opens) = (row.take()?, row.take()?);
        let (title, called): (_, String) = (row.take()?, row.take()?);
        let called = called.split(APART).filter(|part| !part.is_empty()).map(Into::into).collect();
        let beside = row.take()?;
        rows.insert((at, id), Hit { entity, id, opens, title, called, beside, rank: 0 });
    }
    let hit = |found: &Found| {
        let row = rows.get(&(found.at, found.id))?;
        Some(Hit { rank: found.rank, ..row.clone() })
    };
    Ok(ranked.iter().filter_map(hit).collect())
}

fn text_of(field: Option<&'static Field>) -> &'static str {
    let is_text = |f: &&Field| matches!(f.kind, FieldKind::Text { .. } | FieldKind::Enum(_));
    field.filter(|f| is_text(f)).map_or("''", |f| f.name)
}

/// Stands between words of one answer, and in no text that people type.
const APART: char = '\u{1f}';

/// The texts of [`Hit::called`] as one.
fn called(cx: &Ctx, entity: &Entity) -> String {
    let words = entity.searched.iter().filter(|(name, seek)| {
        let seen = entity.field(name).is_some_and(|f| sight::of(cx, entity, f) == Sight::Whole);
        seen && *seek == Seek::Words && *name != entity.title
    });
    let all: Vec<&str> = words.map(|(name, _)| *name).collect();
    if all.is_empty() { "''".into() } else { all.join(&format!(" || '{APART}' || ")) }
}

fn beside(entity: &Entity) -> Option<&'static Field> {
    let short = |f: &&Field| {
        f.name != entity.title
            && f.in_list
            && matches!(f.kind, FieldKind::Text { max } if max <= 200)
    };
    entity.field("state").or_else(|| entity.fields.iter().find(short))
}

fn opens(entity: &Entity) -> &'static str {
    entity.field(entity.parent).map_or("id", |f| f.name)
}
