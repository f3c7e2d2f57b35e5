//! Search over everything that its reader may read: one box, one answer.
use crate::ask::{Answer, Ask};
use crate::state::State;
use access::Session;
use kernel::{Error, Result};
use meta::{Entity, Grade};
use serde_json::{Value as Json, json};
use store::search::{self, Hit, MOST, Sees};

/// Rows of an answer unless asked otherwise.
const USUAL: usize = 20;

/// `GET /api/v1/search?q=&limit=`. Errors: `field.required`, `list.limit`.
pub(crate) fn search(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    let question = ask.asked("q").map(str::trim).filter(|q| !q.is_empty());
    let question = question.ok_or_else(|| Error::invalid("field.required", "q"))?;
    let limit = limit(ask.asked("limit"))?;
    let catalog = &state.set.catalog;
    let sought = catalog.entities.iter().copied().filter(|e| !e.searched.is_empty());
    let sought: Vec<(&'static Entity, &'static Entity)> =
        sought.filter_map(|e| Some((e, opened(catalog, e)?))).collect();
    let hits = state.set.store.read(&session.cx, |cx, tx| {
        let mut sees = Vec::new();
        for (entity, opens) in &sought {
            let permission = opens.permission("read");
            if cx.reach(&permission).is_some() {
                let scope = access::scope_for(cx, tx, &permission)?;
                sees.push(Sees { entity, scope });
            }
        }
        search::find(cx, tx, question, &sees, limit)
    })?;
    let rows: Vec<Json> = hits.iter().map(|hit| shown(&sought, hit)).collect();
    Ok(Answer::json(200, &json!({ "rows": rows })))
}

fn limit(asked: Option<&str>) -> Result<usize> {
    let Some(text) = asked else { return Ok(USUAL) };
    let limit = text.parse().ok().filter(|n| (1..=MOST).contains(n));
    limit.ok_or_else(|| Error::invalid("list.limit", text).with("limit", MOST))
}

/// The entity whose record a hit opens: a line's document, else itself.
fn opened(catalog: &crate::Catalog, entity: &'static Entity) -> Option<&'static Entity> {
    match entity.grade {
        Grade::Line => catalog.entity(entity.parent_entity()?),
        Grade::Internal => None,
        Grade::Plain | Grade::Guarded | Grade::Document => Some(entity),
    }
}

fn shown(sought: &[(&'static Entity, &'static Entity)], hit: &Hit) -> Json {
    let opens = sought.iter().find(|(e, _)| e.name == hit.entity.name).map(|(_, opens)| *opens);
    let opens = opens.unwrap_or(hit.entity);
    let is_state = hit.entity.has("state");
    json!({
        "entity": hit.entity.name,
        "collection": opens.collection,
        "id": hit.opens.to_string(),
        "title": hit.title,
        "called": hit.called,
        "state": is_state.then_some(&hit.beside),
        "beside": (!is_state).then_some(&hit.beside),
        "rank": hit.rank,
    })
}
