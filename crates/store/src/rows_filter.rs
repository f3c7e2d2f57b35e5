//! Conditions of a list as a typed tree: comparisons of a row's own fields and of the rows that it
//! names, joined by *and* and *or*. Read from an address here; turned into SQL in `rows_where`.
use crate::custom::Custom;
use kernel::{Ctx, Currency, Day, Error, Result, Stored, Zone};
use meta::tokens::{self, Asked};
use meta::{Entity, Field, FieldKind, check, periods};
use serde_json::Value as Json;

/// Comparisons of one list, levels of and/or, characters of a tree in an address.
pub const TERMS: usize = 40;
pub const DEPTH: usize = 4;
const LENGTH: usize = 8000;
/// Values of one `in`.
pub(crate) const VALUES: usize = 200;

/// How a field is compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Op {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    In,
    /// The text is somewhere in it; ASCII case does not count.
    Contains,
    /// It begins with the text; ASCII case does not count.
    Starts,
    /// Nothing is there (or, with *no*, something).
    Empty,
    /// Between two bounds, the first included, and of days the second too. Said by a period.
    Within,
    Outside,
    /// Has not come to the value that most rows come to ([`Entity::open`]). Never asked for: it
    /// stands beside conditions that mean it, so that an engine sees that an index has them.
    Open,
}

impl Op {
    /// Error: `filter.unknown_op`.
    pub fn named(name: &str) -> Result<Self> {
        Ok(match name {
            "eq" => Self::Eq,
            "ne" => Self::Ne,
            "lt" => Self::Lt,
            "le" => Self::Le,
            "gt" => Self::Gt,
            "ge" => Self::Ge,
            "in" => Self::In,
            "contains" => Self::Contains,
            "starts" => Self::Starts,
            "empty" => Self::Empty,
            other => return Err(Error::invalid("filter.unknown_op", other)),
        })
    }
}

/// Where the compared value stands.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    Own(&'static Field),
    /// In the row of `to` that the field `by` names.
    Of {
        by: &'static Field,
        to: &'static Entity,
        field: &'static Field,
    },
    /// A field of the tenant's own.
    Custom(&'static Field),
}

impl Place {
    #[must_use]
    pub const fn field(&self) -> &'static Field {
        match self {
            Self::Own(field) | Self::Of { field, .. } | Self::Custom(field) => field,
        }
    }
}

/// One comparison.
#[derive(Clone, Debug)]
pub struct Test {
    pub place: Place,
    pub op: Op,
    /// Several for `in`, two for a period, else one; [`Stored::Null`] asks for *nothing there*.
    pub values: Vec<Stored>,
}

#[derive(Clone, Debug)]
pub enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Is(Test),
    /// `q`: what people know a row by.
    Known(Known),
}

/// A question of a list's own search.
#[derive(Clone, Debug)]
pub struct Known {
    /// The title has it somewhere.
    pub(crate) title: Test,
    pub(crate) asked: Asked,
    pub(crate) by: By,
}

/// What a row is known by: settled when the list is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum By {
    Title,
    /// The parts that search looks up; in a very long list they alone answer in time.
    Parts,
    Both,
}

impl Filter {
    fn tests(&self) -> usize {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().map(Self::tests).sum(),
            Self::Is(_) | Self::Known(_) => 1,
        }
    }

    /// The entities whose rows it looks at beside the list's own.
    pub(crate) fn looks_at(&self, found: &mut Vec<&'static Entity>) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|p| p.looks_at(found)),
            Self::Is(Test { place: Place::Of { to, .. }, .. }) => {
                if !found.iter().any(|known| known.name == to.name) {
                    found.push(to);
                }
            }
            Self::Is(_) | Self::Known(_) => {}
        }
    }
}

/// What a reader's words mean: the currency and the day of their company, and which entity's rows
/// a field names.
pub struct Reads<'r> {
    pub base: Currency,
    pub today: Day,
    pub zone: Zone,
    pub named: &'r dyn Fn(&Field) -> Option<&'static Entity>,
    /// The tenant's own fields of the list's entity.
    pub customs: &'r [Custom],
}

impl<'r> Reads<'r> {
    #[must_use]
    pub fn of(cx: &Ctx, named: &'r dyn Fn(&Field) -> Option<&'static Entity>) -> Self {
        Self { base: cx.base, today: cx.today(), zone: cx.zone.clone(), named, customs: &[] }
    }
}

/// An address's `filter=field:op:value`. Errors: `filter.*`, `field.*`, `period.*`.
pub(crate) fn from_text(entity: &Entity, text: &str, reads: &Reads<'_>) -> Result<Filter> {
    let malformed = || Error::invalid("filter.malformed", text);
    let (name, rest) = text.split_once(':').ok_or_else(malformed)?;
    let (op, value) = rest.split_once(':').ok_or_else(malformed)?;
    let place = place(entity, name, reads)?;
    let op = Op::named(op)?;
    let values: Vec<Json> = match op {
        Op::In => value.split(',').map(|part| Json::String(part.to_owned())).collect(),
        _ => vec![Json::String(value.to_owned())],
    };
    test(place, name, op, &values, reads).map(Filter::Is)
}

/// An address's `where`: `{"or": [["state", "eq", "draft"], {"and": […]}]}`.
///
/// Errors: `filter.*`, `field.*`, `period.*`.
pub(crate) fn from_tree(entity: &Entity, text: &str, reads: &Reads<'_>) -> Result<Filter> {
    if text.len() > LENGTH {
        return Err(Error::invalid("filter.too_long", text.len()).with("limit", LENGTH));
    }
    let read: std::result::Result<Json, _> = serde_json::from_str(text);
    let tree = read.map_err(|_| malformed(text))?;
    branch(entity, &tree, reads, 1)
}

fn malformed(what: impl ToString) -> Error {
    let what: String = what.to_string().chars().take(200).collect();
    Error::invalid("filter.malformed", what)
}

fn branch(entity: &Entity, node: &Json, reads: &Reads<'_>, depth: usize) -> Result<Filter> {
    match node {
        Json::Array(parts) => leaf(entity, node, parts, reads),
        Json::Object(map) if map.len() == 1 => {
            if depth > DEPTH {
                return Err(Error::invalid("filter.too_deep", depth).with("limit", DEPTH));
            }
            let (how, parts) = map.iter().next().ok_or_else(|| malformed(node))?;
            let parts = parts.as_array().filter(|all| !all.is_empty() && all.len() <= TERMS);
            let parts = parts.ok_or_else(|| malformed(node))?;
            let read = |part| branch(entity, part, reads, depth + 1);
            let parts: Vec<Filter> = parts.iter().map(read).collect::<Result<_>>()?;
            match how.as_str() {
                "and" => Ok(Filter::All(parts)),
                "or" => Ok(Filter::Any(parts)),
                _ => Err(malformed(node)),
            }
        }
        _ => Err(malformed(node)),
    }
}

fn leaf(entity: &Entity, node: &Json, parts: &[Json], reads: &Reads<'_>) -> Result<Filter> {
    let [Json::String(name), Json::String(op), value] = parts else {
        return Err(malformed(node));
    };
    let place = place(entity, name, reads)?;
    let values = match value {
        Json::Array(all) => all.clone(),
        one => vec![one.clone()],
    };
    test(place, name, Op::named(op)?, &values, reads).map(Filter::Is)
}

/// `state`, or `party.region` through a field that names a row. Errors: `field.unknown`,
/// `filter.no_relation`.
fn place(entity: &Entity, name: &str, reads: &Reads<'_>) -> Result<Place> {
    let Some((by, of)) = name.split_once('.') else {
        let custom = reads.customs.iter().find(|custom| custom.name == name);
        return match custom {
            Some(custom) if custom.filterable => Ok(Place::Custom(custom.field())),
            Some(_) => Err(Error::invalid("filter.not_comparable", name).with("field", name)),
            None => known(entity, name).map(Place::Own),
        };
    };
    let by = known(entity, by)?;
    let to = (reads.named)(by).filter(|to| to.grade != meta::Grade::Internal);
    let to = to.ok_or_else(|| Error::invalid("filter.no_relation", name).with("field", by.name))?;
    Ok(Place::Of { by, to, field: known(to, of)? })
}

pub(crate) fn known(entity: &Entity, name: &str) -> Result<&'static Field> {
    entity.field(name).ok_or_else(|| Error::invalid("field.unknown", name).with("field", name))
}

/// A comparison, held against what its field can be compared with.
pub(crate) fn test(
    place: Place,
    name: &str,
    op: Op,
    values: &[Json],
    reads: &Reads<'_>,
) -> Result<Test> {
    let field = place.field();
    if !fits(field, op) {
        return Err(Error::invalid("filter.not_comparable", name).with("field", name));
    }
    let at_once = if op == Op::In { VALUES } else { 1 };
    if values.is_empty() || values.len() > at_once {
        return Err(Error::invalid("filter.too_many", values.len()).with("limit", at_once));
    }
    if op == Op::Empty {
        let wanted = match values.first().map(|v| v.as_str().map_or(v.as_bool(), yes)) {
            Some(Some(wanted)) => wanted,
            _ => return Err(malformed(name).with("field", name)),
        };
        return Ok(Test { place, op, values: vec![Stored::Int(i64::from(wanted))] });
    }
    if let Some(period) = values.first().and_then(Json::as_str).and_then(|t| t.strip_prefix('@'))
        && matches!(field.kind, FieldKind::Day | FieldKind::Instant)
    {
        return in_period(place, op, period, reads);
    }
    let values = values.iter().map(|v| value(field, name, op, v, reads)).collect::<Result<_>>()?;
    Ok(Test { place, op, values })
}

fn fits(field: &Field, op: Op) -> bool {
    let is_text = matches!(field.kind, FieldKind::Text { .. });
    let is_named = matches!(field.kind, FieldKind::Enum(_) | FieldKind::Bool);
    let can_lack = matches!(
        field.kind,
        FieldKind::Text { .. }
            | FieldKind::Enum(_)
            | FieldKind::Day
            | FieldKind::Instant
            | FieldKind::Ref(_)
            | FieldKind::Any
    );
    let fits = match op {
        Op::Eq | Op::Ne | Op::In => true,
        Op::Contains | Op::Starts => is_text,
        Op::Lt | Op::Le | Op::Gt | Op::Ge => !is_named,
        Op::Empty => can_lack,
        Op::Within | Op::Outside | Op::Open => false,
    };
    fits && !matches!(field.kind, FieldKind::Json)
}

fn yes(text: &str) -> Option<bool> {
    match text {
        "yes" | "true" => Some(true),
        "no" | "false" => Some(false),
        _ => None,
    }
}

fn value(field: &Field, name: &str, op: Op, value: &Json, reads: &Reads<'_>) -> Result<Stored> {
    let is_text = matches!(field.kind, FieldKind::Text { .. });
    match (value.as_str(), field.kind) {
        (Some(""), _) if is_text => Ok(Stored::text(String::new())),
        (Some(""), _) if field.nullable() && matches!(op, Op::Eq | Op::Ne) => Ok(Stored::Null),
        (Some(""), _) => Err(malformed(name).with("field", name)),
        (Some(text), FieldKind::Bool) => {
            let wanted = yes(text).ok_or_else(|| malformed(name).with("field", name))?;
            Ok(Stored::Int(i64::from(wanted)))
        }
        (None, _) if value.is_array() || value.is_object() || value.is_null() => {
            Err(malformed(name).with("field", name))
        }
        _ => check::read(field, value, reads.base),
    }
}

/// *Equal to this week* is within it, *before* is before its first day, *after* after its last.
fn in_period(place: Place, op: Op, period: &str, reads: &Reads<'_>) -> Result<Test> {
    let field = place.field();
    let (first, last) =
        periods::days(period, reads.today).map_err(|e| e.with("field", field.name))?;
    let is_day = matches!(field.kind, FieldKind::Day);
    let at = |day: Day| match is_day {
        true => Stored::text(day.to_string()),
        false => Stored::Int(reads.zone.at(day, 0).0),
    };
    if is_day && first == last && op == Op::Eq {
        // One day alone: rows of an index of days are then still in their order.
        return Ok(Test { place, op, values: vec![at(first)] });
    }
    // An instant is before the first moment of the day after.
    let end = if is_day { at(last) } else { at(last.plus_days(1)) };
    let (op, values) = match op {
        Op::Eq | Op::In => (Op::Within, vec![at(first), end]),
        Op::Ne => (Op::Outside, vec![at(first), end]),
        Op::Lt => (Op::Lt, vec![at(first)]),
        Op::Ge => (Op::Ge, vec![at(first)]),
        Op::Le => (if is_day { Op::Le } else { Op::Lt }, vec![end]),
        Op::Gt => (if is_day { Op::Gt } else { Op::Ge }, vec![end]),
        _ => return Err(Error::invalid("filter.not_comparable", field.name)),
    };
    Ok(Test { place, op, values })
}

/// `q` looks into what people know a row by.
pub(crate) fn from_q(entity: &Entity, text: &str) -> Result<Option<Filter>> {
    let title = known(entity, entity.title)?;
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if !matches!(title.kind, FieldKind::Text { .. }) {
        return Err(Error::invalid("filter.not_comparable", "q").with("field", "q"));
    }
    let text: String = text.chars().take(100).collect();
    let values = vec![Stored::text(text.clone())];
    let title = Test { place: Place::Own(title), op: Op::Contains, values };
    Ok(Some(Filter::Known(Known { title, asked: tokens::asked(&text), by: By::Title })))
}

/// Error: `filter.too_many`.
pub(crate) fn within_limits(all: &[Filter]) -> Result<()> {
    let tests: usize = all.iter().map(Filter::tests).sum();
    if tests > TERMS {
        return Err(Error::invalid("filter.too_many", tests).with("limit", TERMS));
    }
    Ok(())
}
