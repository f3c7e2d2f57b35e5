//! Every operation of the API, one by one, from declared entities and verbs, each with its
//! permission. What is not here cannot be reached.
use crate::{describe, people};
use access::company::Company;
use flows::Verb;
use kernel::{Ctx, Error, Result};
use meta::words::Lang;
use meta::{Entity, Field, FieldKind, Grade};
use serde_json::Value as Json;
use store::Tx;
use store::rows::Check;

/// Path segments that no collection may be called.
const RESERVED: &[&str] = &[
    "sign-in",
    "sign-out",
    "me",
    "openapi.json",
    "start",
    "links",
    "set-up",
    "meta",
    "river",
    "balances",
    "search",
    "views",
    "live",
    "inbox",
    "files",
    "imports",
    "trail",
    "audit",
];

/// What the API is made from.
pub struct Catalog {
    pub entities: Vec<&'static Entity>,
    pub verbs: Vec<&'static Verb>,
    /// Rules of guarded entities that are written as rows, by the entity's name.
    pub rules: Vec<(&'static str, Check)>,
    /// One order with everything from lead to cash.
    pub chain: fn(&Ctx, &mut Tx, i64) -> Result<Json>,
    /// Adds what a draft would come to to the row of a dry run, by its entity's name.
    pub outlook: fn(&Ctx, &mut Tx, &str, &mut Json) -> Result<()>,
    /// What a new company needs beyond its row: chart, periods, terms, a first warehouse.
    pub open_company: fn(&Ctx, &mut Tx, &Company, Lang) -> Result<()>,
}

#[derive(Clone, Copy)]
pub enum Kind {
    List,
    /// Rows of a list in groups, counted and summed.
    Groups,
    /// Rows of a list as a table that people open.
    Export,
    Get,
    /// A plain row.
    Create,
    Change,
    /// The verb `create` of a document.
    Make(&'static Verb),
    /// A verb on one row.
    Run(&'static Verb),
    /// The same verb on many rows, each in a transaction of its own.
    Bulk(&'static Verb),
}

/// One operation.
#[derive(Clone)]
pub struct Operation {
    pub method: &'static str,
    /// `/api/v1/orders/{id}/submit`.
    pub path: String,
    pub entity: &'static Entity,
    pub kind: Kind,
    pub permission: String,
}

/// The verb that makes a new document, and the one that changes a draft.
const CREATE: &str = "create";
const CHANGE: &str = "change";

/// The last segment of a list in groups.
const GROUPS: &str = "groups";
/// The last segment of a list as a table.
const EXPORT: &str = "export";
/// What stands in an id's place where a verb is asked for many rows.
const BULK: &str = "bulk";

impl Catalog {
    /// Everything that `flows` declares.
    #[must_use]
    pub fn of_flows() -> Self {
        Self {
            entities: flows::entities(),
            verbs: flows::verbs().chain(people::own_verbs()).collect(),
            rules: flows::rules(),
            chain: flows::questions::chain,
            outlook: flows::outlook::onto,
            open_company,
        }
    }

    /// The rule by which rows of an entity are written without a verb of their own.
    #[must_use]
    pub fn rule(&self, entity: &Entity) -> Option<Check> {
        self.rules.iter().find(|(name, _)| *name == entity.name).map(|(_, rule)| *rule)
    }

    /// What the API lists.
    pub(crate) fn listed(&self) -> Vec<&'static Entity> {
        self.shown().collect()
    }

    /// May rows be changed without a verb?
    pub(crate) fn writes_rows(&self, entity: &Entity) -> bool {
        self.verb(entity.name, CHANGE).is_none() && self.is_written_as_rows(entity)
    }

    /// Every permission that something of the entity needs, each once.
    pub(crate) fn permissions_of(&self, entity: &'static Entity) -> Vec<String> {
        let mut all: Vec<String> =
            self.operations_of(entity).into_iter().map(|o| o.permission).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The permission to make a new row, where that is possible at all.
    pub(crate) fn creation(&self, entity: &Entity) -> Option<String> {
        match self.verb(entity.name, CREATE) {
            Some(verb) => Some(verb.permission.to_owned()),
            None => self.is_written_as_rows(entity).then(|| entity.permission("write")),
        }
    }

    fn is_written_as_rows(&self, entity: &Entity) -> bool {
        entity.grade == Grade::Plain || self.rule(entity).is_some()
    }

    /// The entity whose rows a field names, by its declaration or by its usual name.
    #[must_use]
    pub fn named(&self, field: &Field) -> Option<&'static Entity> {
        let name = match field.kind {
            FieldKind::Ref(to) => to,
            FieldKind::Any => describe::named(field.name)?,
            _ => return None,
        };
        self.shown().find(|e| e.name == name)
    }

    #[must_use]
    pub fn entity(&self, name: &str) -> Option<&'static Entity> {
        self.entities.iter().copied().find(|e| e.name == name)
    }

    /// The entity of a collection that the API shows: not the machinery's rows, and lines only
    /// where they have verbs of their own.
    #[must_use]
    pub fn collection(&self, name: &str) -> Option<&'static Entity> {
        self.shown().find(|e| e.collection == name)
    }

    fn shown(&self) -> impl Iterator<Item = &'static Entity> {
        let shown = |e: &&'static Entity| match e.grade {
            Grade::Internal => false,
            Grade::Line => self.verbs.iter().any(|v| v.entity == e.name),
            Grade::Plain | Grade::Guarded | Grade::Document => true,
        };
        self.entities.iter().copied().filter(shown)
    }

    /// The kinds of lines that documents of an entity have.
    #[must_use]
    pub fn lines_of(&self, entity: &Entity) -> Vec<&'static Entity> {
        let is_line =
            |e: &&'static Entity| e.grade == Grade::Line && e.parent_entity() == Some(entity.name);
        self.entities.iter().copied().filter(is_line).collect()
    }

    #[must_use]
    pub fn verb(&self, entity: &str, name: &str) -> Option<&'static Verb> {
        self.verbs.iter().copied().find(|v| v.entity == entity && v.name == name)
    }

    fn verbs_of(&self, entity: &Entity) -> impl Iterator<Item = &'static Verb> {
        let name = entity.name;
        self.verbs.iter().copied().filter(move |v| v.entity == name && v.name != CREATE)
    }

    /// Every operation there is.
    #[must_use]
    pub fn operations(&self) -> Vec<Operation> {
        self.shown().flat_map(|entity| self.operations_of(entity)).collect()
    }

    fn operations_of(&self, entity: &'static Entity) -> Vec<Operation> {
        let base = format!("/api/v1/{}", entity.collection);
        let one = format!("{base}/{{id}}");
        let make = |method, path: &str, kind, permission: &str| {
            let (path, permission) = (path.to_owned(), permission.to_owned());
            Operation { method, path, entity, kind, permission }
        };
        let (read, write) = (entity.permission("read"), entity.permission("write"));
        let mut all =
            vec![make("GET", &base, Kind::List, &read), make("GET", &one, Kind::Get, &read)];
        all.push(make("GET", &format!("{base}/{GROUPS}"), Kind::Groups, &read));
        all.push(make("GET", &format!("{base}/{EXPORT}"), Kind::Export, &read));
        match self.verb(entity.name, CREATE) {
            Some(verb) => all.push(make("POST", &base, Kind::Make(verb), verb.permission)),
            None if self.is_written_as_rows(entity) => {
                all.push(make("POST", &base, Kind::Create, &write));
            }
            None => {}
        }
        match self.verb(entity.name, CHANGE) {
            Some(verb) => all.push(make("PATCH", &one, Kind::Run(verb), verb.permission)),
            None if self.is_written_as_rows(entity) => {
                all.push(make("PATCH", &one, Kind::Change, &write));
            }
            None => {}
        }
        for verb in self.verbs_of(entity) {
            let (on_one, on_many) =
                (format!("{one}/{}", verb.name), format!("{base}/{BULK}/{}", verb.name));
            all.push(make("POST", &on_one, Kind::Run(verb), verb.permission));
            all.push(make("POST", &on_many, Kind::Bulk(verb), verb.permission));
        }
        all
    }

    /// The operation that a request asks for: its collection and what follows it.
    ///
    /// Errors: `request.no_such_path`, `request.method_not_allowed`.
    pub(crate) fn find(&self, method: &str, place: &Place<'_>) -> Result<Operation> {
        let unknown = || Error::not_found("request.no_such_path", place.collection);
        let entity = self.collection(place.collection).ok_or_else(unknown)?;
        let here: Vec<Operation> =
            self.operations_of(entity).into_iter().filter(|op| place.is_of(op)).collect();
        if here.is_empty() {
            return Err(unknown());
        }
        let found = here.into_iter().find(|op| op.method == method);
        found.ok_or_else(|| Error::conflict("request.method_not_allowed", method))
    }

    /// Every operation names a permission `room.entity.verb`; every verb an entity that exists;
    /// no two collections share a name. Errors: `bug.route_without_permission`, `bug.catalog`.
    pub fn check(&self) -> Result<()> {
        for verb in &self.verbs {
            if self.entity(verb.entity).is_none_or(|e| e.grade == Grade::Internal) {
                let what = format!("{}.{}", verb.entity, verb.name);
                return Err(Error::bug("bug.catalog", what));
            }
        }
        let mut names: Vec<&str> = self.shown().map(|e| e.collection).collect();
        names.sort_unstable();
        let twice = names.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0]);
        let taken = names.iter().find(|name| RESERVED.contains(name) || !is_word(name)).copied();
        if let Some(name) = twice.or(taken) {
            return Err(Error::bug("bug.catalog", name));
        }
        for operation in self.operations() {
            let parts: Vec<&str> = operation.permission.split('.').collect();
            if parts.len() != 3 || !parts.iter().all(|part| is_word(part)) {
                let what = format!("{} {}", operation.method, operation.path);
                return Err(Error::bug("bug.route_without_permission", what));
            }
        }
        Ok(())
    }
}

fn is_word(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    !text.is_empty() && text.chars().all(fits)
}

/// The books and usual terms of a company that was just set up, in its own name.
fn open_company(cx: &Ctx, tx: &mut Tx, company: &Company, lang: Lang) -> Result<()> {
    let mut own = Ctx::system(cx.tenant, cx.now, cx.maker());
    own.company = company.id.raw();
    own.base = company.currency;
    own.zone = company.zone()?;
    flows::setup::open_company(&own, tx, &company.chart, &company.start_period)?;
    flows::setup::usual_terms(&own, tx)?;
    // The first goods need a place to lie; it is renamed like any other.
    let name = meta::words::text(lang, "first-warehouse", &[]);
    let first = serde_json::json!({ "code": "W1", "name": name });
    flows::run_as(&own, tx, "warehouse", "create", 0, &first).map(|_| ())
}

/// What a path says after `/api/v1/`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'p> {
    pub(crate) collection: &'p str,
    /// An id, or a verb for many.
    pub(crate) second: Option<&'p str>,
    pub(crate) verb: Option<&'p str>,
}

impl Place<'_> {
    fn is_of(&self, operation: &Operation) -> bool {
        match (operation.kind, self.second, self.verb) {
            (Kind::List | Kind::Create | Kind::Make(_), None, None) => true,
            (Kind::Get | Kind::Change, Some(id), None) => is_id(id),
            (Kind::Run(_), Some(id), None) => is_id(id) && operation.method == "PATCH",
            (Kind::Run(verb), Some(id), Some(name)) => {
                is_id(id) && operation.method == "POST" && verb.name == name
            }
            (Kind::Bulk(verb), Some(BULK), Some(name)) => verb.name == name,
            (Kind::Groups, Some(name), None) => name == GROUPS,
            (Kind::Export, Some(name), None) => name == EXPORT,
            _ => false,
        }
    }
}

/// Ids are digits only, so that a verb is never taken for one.
fn is_id(text: &str) -> bool {
    !text.is_empty() && text.len() <= 19 && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use meta::{any, text};

    static ORDER: Entity =
        Entity::new("order", "sales", &[any("id"), text("number", 20)]).collection("orders");
    static LINE: Entity =
        Entity::new("order_line", "sales", &[any("id"), meta::refers("order_id", "order")])
            .line_of("order_id");
    static FACT: Entity = Entity::new("fact", "store", &[any("id")]).grade(Grade::Internal);

    fn verb(name: &'static str, permission: &'static str) -> &'static Verb {
        of("order", name, permission)
    }

    fn of(entity: &'static str, name: &'static str, permission: &'static str) -> &'static Verb {
        let run = |_: &Ctx, _: &mut Tx, _: i64, _: &Json| Ok(Json::Null);
        let (takes, lines): (&'static [meta::Field], &'static [meta::Field]) = (&[], &[]);
        Box::leak(Box::new(Verb { entity, name, permission, moves: false, takes, lines, run }))
    }

    fn catalog(verbs: Vec<&'static Verb>) -> Catalog {
        let entities = vec![&ORDER, &LINE, &FACT];
        Catalog {
            entities,
            verbs,
            rules: Vec::new(),
            chain: |_, _, _| Ok(Json::Null),
            outlook: |_, _, _, _| Ok(()),
            open_company: |_, _, _, _| Ok(()),
        }
    }

    #[test]
    fn a_route_without_a_declared_permission_does_not_start() {
        for permission in ["", "order", "sales.order", "sales..submit", "sales.order.*"] {
            let refused = catalog(vec![verb("submit", permission)]).check();
            let refused = refused.map_err(|e| e.code);
            assert_eq!(refused, Err("bug.route_without_permission"), "{permission}");
        }
        assert_eq!(catalog(vec![verb("submit", "sales.order.submit")]).check(), Ok(()));
    }

    #[test]
    fn a_verb_of_nothing_and_two_collections_of_one_name_do_not_start() {
        let stray = of("ghost", "submit", "sales.ghost.submit");
        assert_eq!(catalog(vec![stray]).check().map_err(|e| e.code), Err("bug.catalog"));
        let internal = of("fact", "edit", "store.fact.edit");
        assert_eq!(catalog(vec![internal]).check().map_err(|e| e.code), Err("bug.catalog"));
        let mut twice = catalog(vec![]);
        twice.entities.push(&ORDER);
        assert_eq!(twice.check().map_err(|e| e.code), Err("bug.catalog"));
    }

    #[test]
    fn everything_that_flows_declares_is_served_under_a_permission() {
        let all = Catalog::of_flows();
        assert_eq!(all.check(), Ok(()));
        for verb in &all.verbs {
            let name = |op: &Operation| match op.kind {
                Kind::Make(v) | Kind::Run(v) => std::ptr::eq(v, *verb),
                _ => false,
            };
            assert!(
                all.operations().iter().any(name),
                "{}.{} has no route",
                verb.entity,
                verb.name
            );
        }
    }

    #[test]
    fn a_request_finds_its_operation_and_nothing_that_is_not_declared() {
        let all = catalog(vec![verb("submit", "sales.order.submit")]);
        let find = |method: &str, collection: &str, second: Option<&str>, verb: Option<&str>| {
            let place = Place { collection, second, verb };
            all.find(method, &place).map(|op| op.path).map_err(|e| e.code)
        };
        let (no_path, no_method) = (Err("request.no_such_path"), Err("request.method_not_allowed"));
        assert_eq!(find("GET", "orders", None, None), Ok("/api/v1/orders".into()));
        assert_eq!(find("GET", "orders", Some("7"), None), Ok("/api/v1/orders/{id}".into()));
        let submit = find("POST", "orders", Some("7"), Some("submit"));
        assert_eq!(submit, Ok("/api/v1/orders/{id}/submit".into()));
        let bulk = find("POST", "orders", Some("bulk"), Some("submit"));
        assert_eq!(bulk, Ok("/api/v1/orders/bulk/submit".into()));
        assert_eq!(find("GET", "orders", Some("bulk"), Some("submit")), no_method);
        assert_eq!(find("POST", "orders", Some("submit"), None), no_path);
        assert_eq!(find("POST", "orders", Some("bulk"), Some("burn")), no_path);
        assert_eq!(find("DELETE", "orders", Some("7"), None), no_method);
        assert_eq!(find("POST", "orders", Some("7"), Some("burn")), no_path);
        assert_eq!(find("GET", "orders", Some("7x"), None), no_path);
        assert_eq!(find("GET", "fact", None, None), no_path);
        assert_eq!(find("GET", "order_line", None, None), no_path);
        assert_eq!(find("GET", "order", None, None), no_path);
    }
}
