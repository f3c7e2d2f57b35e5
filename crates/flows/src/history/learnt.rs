//! How a tenant reads files of its own: learnt once, used by name, corrected by learning again.
use super::facts;
use kernel::{Ctx, Error, Id, Instant, Result, Stored};
use store::{Tx, find};

/// Which heading is which column of ours, for files of one kind.
#[derive(Clone, Debug)]
pub struct LearntMapping {
    pub id: Id<LearntMapping>,
    pub name: String,
    /// The kind of rows: `customers`, `orders` …
    pub target: String,
    /// `[[our column, their heading], …]`, as JSON.
    pub columns: String,
    /// What was said about days, numbers, separators, as JSON.
    pub style: String,
    pub made_by: i64,
    pub used_at: Option<Instant>,
}

/// What is learnt.
#[derive(Clone, Debug)]
pub struct NewLearnt {
    pub name: String,
    pub target: String,
    pub columns: String,
    pub style: String,
}

/// Characters of a name, and mappings of a tenant.
const LONGEST: usize = 60;
const MOST: usize = 500;

/// Learns a mapping under a name; what was learnt under it before is replaced.
///
/// Errors: `import.learnt_name` for an empty or too long name, `import.too_many_learnt`.
pub fn learn(cx: &Ctx, tx: &mut Tx, new: &NewLearnt) -> Result<LearntMapping> {
    cx.allow("history.import.apply")?;
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > LONGEST {
        return Err(Error::invalid("import.learnt_name", name).with("max", LONGEST));
    }
    let all = all_learnt(cx, tx)?;
    let known = all.iter().find(|one| one.name == name);
    if known.is_none() && all.len() >= MOST {
        return Err(Error::invalid("import.too_many_learnt", MOST));
    }
    let mapping = LearntMapping {
        id: known.map_or_else(|| cx.id(), |one| one.id),
        name: name.to_owned(),
        target: new.target.clone(),
        columns: new.columns.clone(),
        style: new.style.clone(),
        made_by: cx.user,
        used_at: Some(cx.now),
    };
    match known {
        Some(_) => tx.update(std::slice::from_ref(&mapping)),
        None => tx.insert(std::slice::from_ref(&mapping)),
    }
    let fact = cx.fact(facts::MAPPING_LEARNT).on("learnt_mapping", mapping.id.raw(), "mapping");
    tx.tell(fact.attr("name", &mapping.name).attr("target", &mapping.target));
    Ok(mapping)
}

/// Everything that the tenant has learnt, by name.
pub fn all_learnt(_cx: &Ctx, tx: &mut Tx) -> Result<Vec<LearntMapping>> {
    let first = [Stored::text(String::new())];
    tx.list(find!(LearntMapping, "name > $2 ORDER BY name LIMIT 500"), &first)
}

/// A learnt mapping by name, if there is one.
pub fn learnt(tx: &mut Tx, name: &str) -> Result<Option<LearntMapping>> {
    let found = tx.list(find!(LearntMapping, "name = $2"), &[Stored::text(name)])?;
    Ok(found.into_iter().next())
}
