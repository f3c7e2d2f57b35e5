//! What a reader may not see is taken out of answers that are no plain rows: replies of verbs,
//! chains of documents, timelines; and what they may not write is refused in bodies.
use crate::catalog::Catalog;
use flows::Verb;
use kernel::{Ctx, Result, Secrecy};
use meta::Entity;
use serde_json::Value as Json;
use store::sight::{self, Veil};

/// Takes out of an answer whatever the reader does not see, each part by the entity it is of: said
/// by the name that it stands under, else that of what it stands in.
pub(crate) fn over(catalog: &Catalog, cx: &Ctx, entity: &Entity, answer: &mut Json) {
    match answer {
        Json::Array(all) => all.iter_mut().for_each(|one| over(catalog, cx, entity, one)),
        Json::Object(row) => {
            Veil::of(cx, entity).over(row);
            for (name, part) in row.iter_mut().filter(|(_, p)| p.is_object() || p.is_array()) {
                for of in parts_of(catalog, entity, name) {
                    over(catalog, cx, of, part);
                }
            }
        }
        _ => {}
    }
}

/// Which entity a part may be of: `lines` are of any kind of line of the document around them.
fn parts_of<'c>(catalog: &'c Catalog, around: &'c Entity, name: &str) -> Vec<&'c Entity> {
    let lines = catalog.lines_of(around);
    if name == "lines" && !lines.is_empty() {
        return lines;
    }
    let named = |e: &&&'static Entity| e.name == name || e.collection == name;
    let found = catalog.entities.iter().find(named);
    vec![found.copied().unwrap_or(around)]
}

/// Activities whose amount is what goods cost us.
const COSTS: &[&str] = &["entry.", "stock.", "ship.", "return.", "voucher.", "receipt."];
/// Fields that a document's facts say the worth of.
const WORTH: &[&str] = &["gross", "net", "amount", "open"];
/// Activities whose amount is how much we trust a customer.
const CREDITS: &[&str] = &["credit.limit_set"];

/// Takes out of a timeline values of fields that are not seen whole, and amounts of costs.
pub(crate) fn over_facts(cx: &Ctx, entity: &Entity, facts: &mut [Json]) {
    let veil = Veil::of(cx, entity);
    let hides_worth = WORTH.iter().any(|name| veil.hides(name));
    let lacks = |secrecy: Secrecy| cx.reach(secrecy.permission()).is_none();
    for fact in facts {
        if let Some(changes) = fact["changes"].as_array_mut() {
            changes.retain(|c| !c["field"].as_str().is_some_and(|field| veil.hides(field)));
        }
        let activity = fact["activity"].as_str().unwrap_or("");
        let of = |known: &[&str]| known.iter().any(|a| activity.starts_with(a));
        let hidden = (of(COSTS) && lacks(Secrecy::Cost)) || (of(CREDITS) && lacks(Secrecy::Credit));
        if (hidden || hides_worth)
            && let Some(fact) = fact.as_object_mut()
        {
            fact.insert("worth".into(), Json::Null);
        }
    }
}

/// Refuses what a verb's body says of fields that its writer may not write.
///
/// Error: `field.not_writable`.
pub(crate) fn may_write(catalog: &Catalog, cx: &Ctx, verb: &Verb, body: &Json) -> Result<()> {
    let Some(entity) = catalog.entity(verb.entity) else { return Ok(()) };
    given(cx, entity, body)?;
    let lines = catalog.lines_of(entity);
    for line in body["lines"].as_array().into_iter().flatten() {
        lines.iter().try_for_each(|of| given(cx, of, line))?;
    }
    Ok(())
}

/// See [`may_write`]; of one row's fields.
pub(crate) fn given(cx: &Ctx, entity: &Entity, body: &Json) -> Result<()> {
    let names = body.as_object().into_iter().flatten().map(|(name, _)| name);
    for name in names {
        let is_custom = name.starts_with(store::custom::PREFIX);
        if entity.has(name) || is_custom {
            sight::writable(cx, entity, name)?;
        }
    }
    Ok(())
}
