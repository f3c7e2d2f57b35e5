//! What of a row its reader sees: values are left out or masked, and nobody asks by what they may
//! not read.
use crate::custom::PREFIX;
use crate::rows::ListQuery;
use crate::rows_filter::{Filter, Place, Test};
use kernel::{Ctx, Error, Looked, Result, Secrecy, Sight};
use meta::{Entity, Field, FieldKind};
use serde_json::{Map, Value as Json};

/// A field of an entity as its reader looks at it.
fn looked<'a>(entity: &'a Entity, field: &'a str, secrecy: Option<Secrecy>) -> Looked<'a> {
    let document = entity.parent_entity().unwrap_or(entity.name);
    Looked { room: entity.room, document, entity: entity.name, field, secrecy }
}

/// How much of a field the reader sees. A figure cannot be masked: it is hidden then; and who does
/// not see `open` does not see it in the company's currency (`open_base`) either.
#[must_use]
pub fn of(cx: &Ctx, entity: &Entity, field: &Field) -> Sight {
    let twin = field.name.strip_suffix("_base").and_then(|name| entity.field(name));
    let own = alone(cx, entity, field);
    twin.map_or(own, |twin| own.min(alone(cx, entity, twin)))
}

fn alone(cx: &Ctx, entity: &Entity, field: &Field) -> Sight {
    let sight = cx.sight(looked(entity, field.name, field.secrecy));
    let is_text = matches!(field.kind, FieldKind::Text { .. });
    if sight == Sight::Masked && !is_text { Sight::Hidden } else { sight }
}

/// May a field be written? Error: `field.not_writable`.
pub fn writable(cx: &Ctx, entity: &Entity, name: &str) -> Result<()> {
    let secrecy = entity.field(name).and_then(|f| f.secrecy);
    if cx.writes(looked(entity, name, secrecy)) {
        return Ok(());
    }
    let e = Error::forbidden("field.not_writable", name).with("entity", entity.name);
    Err(e.with("field", name))
}

/// Error: `field.not_readable`.
fn readable(cx: &Ctx, entity: &Entity, field: &Field) -> Result<()> {
    if of(cx, entity, field) == Sight::Whole {
        return Ok(());
    }
    let e = Error::forbidden("field.not_readable", field.name).with("entity", entity.name);
    Err(e.with("field", field.name))
}

/// Does a list ask only by what its reader sees whole? Error: `field.not_readable`.
pub(crate) fn may_ask(cx: &Ctx, entity: &Entity, query: &ListQuery) -> Result<()> {
    for sort in &query.sort {
        readable(cx, entity, sort.field)?;
        if let Some((to, title)) = sort.of.and_then(|to| Some((to, to.field(to.title)?))) {
            readable(cx, to, title)?;
        }
    }
    query.filter.iter().try_for_each(|filter| may_filter(cx, entity, filter))
}

/// See [`may_ask`]; of fields that are grouped by or summed.
pub(crate) fn may_sum(cx: &Ctx, entity: &Entity, fields: &[&Field]) -> Result<()> {
    fields.iter().try_for_each(|field| readable(cx, entity, field))
}

fn may_filter(cx: &Ctx, entity: &Entity, filter: &Filter) -> Result<()> {
    match filter {
        Filter::All(parts) | Filter::Any(parts) => {
            parts.iter().try_for_each(|part| may_filter(cx, entity, part))
        }
        Filter::Is(Test { place, .. }) => match place {
            Place::Own(field) | Place::Custom(field) => readable(cx, entity, field),
            Place::Of { by, to, field } => {
                readable(cx, entity, by)?;
                readable(cx, to, field)
            }
        },
        Filter::Known(known) => readable(cx, entity, known.title.place.field()),
    }
}

/// What of an entity's rows is not seen whole, worked out once for all rows of an answer.
pub struct Veil {
    fields: Vec<(String, Sight, Option<Secrecy>)>,
}

impl Veil {
    #[must_use]
    pub fn of(cx: &Ctx, entity: &Entity) -> Self {
        let declared = entity.fields.iter().map(|field| {
            let sight = of(cx, entity, field);
            (field.name.to_owned(), sight, field.secrecy)
        });
        let own = cx.bounds.fields.iter();
        let own = own.filter(|r| r.entity == entity.name && r.field.starts_with(PREFIX));
        let own = own.map(|r| (r.field.clone(), cx.sight(looked(entity, &r.field, None)), None));
        let fields = declared.chain(own).filter(|(_, sight, _)| *sight != Sight::Whole).collect();
        Self { fields }
    }

    /// What is hidden of it, and what is masked.
    pub fn names(&self) -> impl Iterator<Item = (&str, Sight)> {
        self.fields.iter().map(|(name, sight, _)| (name.as_str(), *sight))
    }

    #[must_use]
    pub fn hides(&self, name: &str) -> bool {
        self.names().any(|(known, _)| known == name)
    }

    /// Leaves out and masks values of a row.
    pub fn over(&self, row: &mut Map<String, Json>) {
        for (name, sight, secrecy) in &self.fields {
            match (sight, row.get_mut(name)) {
                (Sight::Masked, Some(Json::String(text))) => *text = masked(text, *secrecy),
                (_, Some(_)) => {
                    row.remove(name);
                }
                (_, None) => {}
            }
        }
    }
}

/// `138****1234`, `w***@huaxing.cn`, `****6688`, `王***`: enough to tell one from another.
#[must_use]
pub fn masked(text: &str, secrecy: Option<Secrecy>) -> String {
    let all: Vec<char> = text.trim().chars().collect();
    let from = |at: usize| all[at..].iter().collect::<String>();
    let until = |at: usize| all[..at].iter().collect::<String>();
    let digits = all.iter().filter(|c| c.is_ascii_digit()).count();
    if all.is_empty() {
        return String::new();
    }
    if let Some((name, host)) = text.trim().split_once('@').filter(|(name, _)| !name.is_empty()) {
        return format!("{}***@{host}", name.chars().next().unwrap_or('*'));
    }
    match secrecy {
        Some(Secrecy::Bank) if all.len() > 8 => format!("****{}", from(all.len() - 4)),
        Some(Secrecy::Contact) if digits >= 9 && all.len() >= 11 => {
            format!("{}****{}", until(3), from(all.len() - 4))
        }
        _ if all.len() >= 4 => format!("{}***", until(1)),
        _ => "***".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{Bounds, FieldRule, Grant, IdMaker, Instant, ScopeKind};
    use meta::{any, money};
    use std::sync::Arc;

    static BILL: Entity =
        Entity::new("bill", "test", &[any("id"), money("open"), money("open_base")]);

    #[test]
    fn who_does_not_see_an_amount_does_not_see_it_in_another_currency() {
        let mut cx = Ctx::system(1, Instant(0), Arc::new(IdMaker::new(1, 0)));
        let permission = "test.bill.read".to_owned();
        cx.grants = Arc::new([Grant { permission, reach: ScopeKind::All, role: 3 }]);
        let hidden = |cx: &Ctx| {
            let veil = Veil::of(cx, &BILL);
            veil.names().map(|(name, _)| name.to_owned()).collect::<Vec<_>>()
        };
        assert!(hidden(&cx).is_empty());
        let rule = |field: &str| FieldRule {
            role: 3,
            entity: "bill".into(),
            field: field.into(),
            sight: Sight::Hidden,
            writes: false,
        };
        cx.bounds = Arc::new(Bounds { fields: vec![rule("open")], ..Bounds::default() });
        assert_eq!(hidden(&cx), ["open", "open_base"]);
        cx.bounds = Arc::new(Bounds { fields: vec![rule("open_base")], ..Bounds::default() });
        assert_eq!(hidden(&cx), ["open_base"]);
    }

    #[test]
    fn a_masked_value_is_told_from_another_and_cannot_be_used() {
        let contact = Some(Secrecy::Contact);
        assert_eq!(masked("13800138000", contact), "138****8000");
        assert_eq!(masked("+86 13800138000", contact), "+86****8000");
        assert_eq!(masked("wang@huaxing.cn", contact), "w***@huaxing.cn");
        assert_eq!(masked("0574", contact), "0***");
        assert_eq!(masked("wx1", contact), "***");
        assert_eq!(masked("6222 0210 0112 3456", Some(Secrecy::Bank)), "****3456");
        assert_eq!(masked("", contact), "");
        assert_eq!(masked("恒远机电有限公司", None), "恒***");
        // Nothing short of what is hidden shows in what is left.
        for text in ["13800138000", "wang@huaxing.cn", "6222021001123456", "abcd"] {
            assert!(!masked(text, contact).contains(text));
        }
    }
}
