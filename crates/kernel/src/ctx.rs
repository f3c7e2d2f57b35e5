//! Who acts, for which company, when, and with which ids: the first argument of every command.
use crate::{
    Activity, Bounds, Currency, Day, EntityReach, Error, Fact, FieldRule, Id, IdBlock, IdMaker,
    Instant, Phase, Result, Secrecy, Sight, Zone,
};
use std::cell::RefCell;
use std::sync::Arc;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ActorKind {
    Human,
    Rule,
    System,
    Api,
    Agent,
    Customer,
    Supplier,
    Unknown,
}
impl ActorKind {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Rule => "rule",
            Self::System => "system",
            Self::Api => "api",
            Self::Agent => "agent",
            Self::Customer => "customer",
            Self::Supplier => "supplier",
            Self::Unknown => "unknown",
        }
    }
}

/// Through which door the command came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Source {
    Ui,
    Api,
    Import,
    Job,
}
impl Source {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ui => "ui",
            Self::Api => "api",
            Self::Import => "import",
            Self::Job => "job",
        }
    }
}

/// How the customer reached us.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Channel {
    None,
    Phone,
    Wechat,
    Mail,
    Web,
    Visit,
    File,
}
impl Channel {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Phone => "phone",
            Self::Wechat => "wechat",
            Self::Mail => "mail",
            Self::Web => "web",
            Self::Visit => "visit",
            Self::File => "file",
        }
    }
}

/// How far a permission reaches.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ScopeKind {
    Own,
    Department,
    All,
}

/// One permission of the acting user with its reach; `*` as permission is everything.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Grant {
    pub permission: String,
    pub reach: ScopeKind,
    /// Whose grant it is; 0 where it is of no role.
    pub role: i64,
}

/// A field that somebody looks at.
#[derive(Clone, Copy, Debug)]
pub struct Looked<'a> {
    pub room: &'a str,
    /// Whose permission to read counts: of a line its document's.
    pub document: &'a str,
    pub entity: &'a str,
    pub field: &'a str,
    pub secrecy: Option<Secrecy>,
}

/// Everything a command may know about the world outside its documents.
pub struct Ctx {
    pub tenant: i64,
    pub company: i64,
    /// The company's base currency.
    pub base: Currency,
    pub user: i64,
    pub department: i64,
    pub actor_kind: ActorKind,
    /// The principal of a delegation (代理), else 0.
    pub acting_for: i64,
    pub now: Instant,
    pub zone: Zone,
    pub source: Source,
    pub channel: Channel,
    /// The import batch, else 0.
    pub batch: i64,
    pub grants: Arc<[Grant]>,
    pub bounds: Arc<Bounds>,
    ids: RefCell<Ids>,
}

struct Ids {
    maker: Arc<IdMaker>,
    blocks: Vec<IdBlock>,
    /// The blocks as they were handed out, so that a retry takes the same ids again.
    first: Vec<IdBlock>,
    at: usize,
}

/// Ids taken from the maker at once: most commands need one or two blocks.
const BLOCK: i64 = 32;

impl Ctx {
    /// A context of the system itself in a tenant: may do everything, belongs to no company yet.
    #[must_use]
    pub fn system(tenant: i64, now: Instant, maker: Arc<IdMaker>) -> Self {
        Self {
            tenant,
            company: 0,
            base: Currency::CNY,
            user: 0,
            department: 0,
            actor_kind: ActorKind::System,
            acting_for: 0,
            now,
            zone: Zone::china(),
            source: Source::Job,
            channel: Channel::None,
            batch: 0,
            grants: Arc::new([Grant { permission: "*".into(), reach: ScopeKind::All, role: 0 }]),
            bounds: Arc::default(),
            ids: RefCell::new(Ids { maker, blocks: Vec::new(), first: Vec::new(), at: 0 }),
        }
    }

    /// A new id, ordered by `now`.
    pub fn id<T>(&self) -> Id<T> {
        let mut ids = self.ids.borrow_mut();
        loop {
            let at = ids.at;
            if let Some(block) = ids.blocks.get_mut(at) {
                if let Some(raw) = block.take() {
                    return Id::from_raw(raw);
                }
                ids.at += 1;
            } else {
                let block = ids.maker.block(self.now, BLOCK);
                ids.blocks.push(block);
                ids.first.push(block);
            }
        }
    }

    /// A command begins: [`Self::rewind`] goes back to here, and never to ids of one before.
    pub fn begin(&self) {
        let mut ids = self.ids.borrow_mut();
        let at = ids.at;
        ids.blocks.drain(..at);
        ids.first = ids.blocks.clone();
        ids.at = 0;
    }

    /// Starts over with the same ids: a retried command writes the same rows.
    pub fn rewind(&self) {
        let mut ids = self.ids.borrow_mut();
        ids.blocks = ids.first.clone();
        ids.at = 0;
    }

    /// The maker, for a context derived from this one.
    #[must_use]
    pub fn maker(&self) -> Arc<IdMaker> {
        Arc::clone(&self.ids.borrow().maker)
    }

    /// Today in the company's zone.
    #[must_use]
    pub fn today(&self) -> Day {
        self.zone.day(self.now)
    }

    /// How far the user's grant of `permission` reaches; `None` when not granted.
    #[must_use]
    pub fn reach(&self, permission: &str) -> Option<ScopeKind> {
        self.reach_on(permission.split('.').nth(1).unwrap_or(""), permission)
    }

    /// See [`Ctx::reach`]; on rows of an entity, which the permission need not be named after.
    #[must_use]
    pub fn reach_on(&self, entity: &str, permission: &str) -> Option<ScopeKind> {
        let within = self.bounds.within.as_ref();
        if within.is_some_and(|all| !all.iter().any(|pattern| covers(pattern, permission))) {
            return None;
        }
        let covering = self.grants.iter().filter(|g| covers(&g.permission, permission));
        let set = |g: &Grant| {
            let of = |r: &&EntityReach| r.role == g.role && r.entity == entity;
            self.bounds.reaches.iter().find(of).map_or(g.reach, |r| r.reach)
        };
        covering.map(set).max()
    }

    /// How much of a field the user sees: what the rules of the roles that read it say, or what its
    /// secrecy leaves.
    #[must_use]
    pub fn sight(&self, asked: Looked<'_>) -> Sight {
        let usual = match asked.secrecy {
            Some(secrecy) if self.reach(secrecy.permission()).is_none() => secrecy.otherwise(),
            _ => Sight::Whole,
        };
        let rules = self.rules(&asked);
        if rules.is_empty() {
            return usual;
        }
        let of = |role: i64| rules.iter().find(|r| r.role == role).map_or(usual, |r| r.sight);
        let strictest = || rules.iter().map(|r| r.sight).min().unwrap_or(Sight::Hidden);
        self.readers(&asked).map(of).max().unwrap_or_else(strictest)
    }

    /// May the user write a field? What is not seen whole is not written.
    #[must_use]
    pub fn writes(&self, asked: Looked<'_>) -> bool {
        if self.sight(asked) != Sight::Whole {
            return false;
        }
        let rules = self.rules(&asked);
        let of = |role: i64| rules.iter().find(|r| r.role == role).is_none_or(|r| r.writes);
        rules.is_empty() || self.readers(&asked).any(of)
    }

    fn rules(&self, asked: &Looked<'_>) -> Vec<&FieldRule> {
        let of = |r: &&FieldRule| r.field == asked.field && r.entity == asked.entity;
        self.bounds.fields.iter().filter(of).collect()
    }

    /// The roles by which the user reads an entity.
    fn readers(&self, asked: &Looked<'_>) -> impl Iterator<Item = i64> {
        let read = format!("{}.{}.read", asked.room, asked.document);
        self.grants.iter().filter(move |g| covers(&g.permission, &read)).map(|g| g.role)
    }

    /// Error: `access.forbidden`.
    pub fn allow(&self, permission: &'static str) -> Result<()> {
        match self.reach(permission) {
            Some(_) => Ok(()),
            None => Err(Error::forbidden("access.forbidden", permission)),
        }
    }

    /// A fact of this command, complete but for its objects and values.
    #[must_use]
    pub fn fact(&self, activity: Activity) -> Fact {
        let key = self.bounds.key;
        Fact {
            activity,
            phase: Phase::Complete,
            instance: 0,
            from_state: "",
            to_state: "",
            occurred_at: self.now,
            recorded_at: self.now,
            actor: self.user,
            actor_kind: self.actor_kind,
            acting_for: self.acting_for,
            channel: self.channel,
            source: self.source,
            batch: self.batch,
            company: self.company,
            reason: String::new(),
            amount: None,
            amount_base: 0,
            decision: 0,
            cause: 0,
            objects: Vec::new(),
            changes: Vec::new(),
            attrs: if key == 0 { Vec::new() } else { vec![("api_key", key.to_string())] },
        }
    }
}

/// `sales.order.read` is covered by itself, by `sales.order.*`, `sales.*`, `*.read` and `*`.
#[must_use]
pub fn covers(granted: &str, asked: &str) -> bool {
    match granted.split_once('*') {
        Some((stem, tail)) => {
            let fits = asked.len() >= stem.len() + tail.len();
            fits && asked.starts_with(stem) && asked.ends_with(tail)
        }
        None => granted == asked,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_retry_takes_the_same_ids_again() {
        let cx = Ctx::system(1, Instant(Instant::DAY * 20_000), Arc::new(IdMaker::new(1, 0)));
        let first: Vec<Id<()>> = (0..70).map(|_| cx.id()).collect();
        cx.rewind();
        let again: Vec<Id<()>> = (0..70).map(|_| cx.id()).collect();
        assert_eq!(first, again);
    }

    #[test]
    fn a_retried_command_never_takes_the_ids_of_the_one_before() {
        let cx = Ctx::system(1, Instant(Instant::DAY * 20_000), Arc::new(IdMaker::new(1, 0)));
        cx.begin();
        let first: Vec<Id<()>> = (0..40).map(|_| cx.id()).collect();
        cx.begin();
        let second: Vec<Id<()>> = (0..40).map(|_| cx.id()).collect();
        cx.rewind();
        let again: Vec<Id<()>> = (0..40).map(|_| cx.id()).collect();
        assert_eq!(second, again);
        assert!(again.iter().all(|id| !first.contains(id)));
    }

    fn of_roles(grants: &[(&str, ScopeKind, i64)], bounds: Bounds) -> Ctx {
        let mut cx = Ctx::system(1, Instant(0), Arc::new(IdMaker::new(1, 0)));
        let grant = |(permission, reach, role): &(&str, ScopeKind, i64)| Grant {
            permission: (*permission).to_owned(),
            reach: *reach,
            role: *role,
        };
        cx.grants = grants.iter().map(grant).collect();
        cx.bounds = Arc::new(bounds);
        cx
    }

    #[test]
    fn a_role_reaches_on_an_entity_what_was_set_for_it_and_the_farthest_role_counts() {
        let reach = |entity: &str, reach, role| EntityReach { role, entity: entity.into(), reach };
        let reaches = vec![reach("order", ScopeKind::Own, 7), reach("quote", ScopeKind::All, 7)];
        let bounds = Bounds { reaches, ..Bounds::default() };
        let cx = of_roles(&[("sales.*", ScopeKind::Department, 7)], bounds.clone());
        assert_eq!(cx.reach("sales.order.read"), Some(ScopeKind::Own));
        assert_eq!(cx.reach("sales.quote.read"), Some(ScopeKind::All));
        assert_eq!(cx.reach("sales.return.read"), Some(ScopeKind::Department));
        assert_eq!(cx.reach("crm.lead.read"), None, "a reach grants nothing");
        assert_eq!(cx.reach_on("order", "sales.desk.perform"), Some(ScopeKind::Own));
        let two = [("sales.*", ScopeKind::Department, 7), ("*.read", ScopeKind::All, 8)];
        let cx = of_roles(&two, bounds);
        assert_eq!(cx.reach("sales.order.read"), Some(ScopeKind::All));
        assert_eq!(cx.reach("sales.order.submit"), Some(ScopeKind::Own));
    }

    #[test]
    fn a_key_does_what_its_person_may_and_it_names_and_nothing_else() {
        let within = Some(vec!["sales.*".to_owned(), "*.read".to_owned()]);
        let bounds = Bounds { within, ..Bounds::default() };
        let cx = of_roles(&[("sales.order.*", ScopeKind::All, 7)], bounds);
        assert_eq!(cx.reach("sales.order.submit"), Some(ScopeKind::All));
        assert_eq!(cx.reach("sales.quote.create"), None, "its person may not");
        let cx = Ctx { bounds: Arc::clone(&cx.bounds), ..of_roles(&[], Bounds::default()) };
        assert_eq!(cx.reach("sales.order.submit"), None);
    }

    #[test]
    fn a_field_is_seen_by_its_secrecy_and_by_the_rule_of_each_role_that_reads_it() {
        let rule = |role, sight, writes| FieldRule {
            role,
            entity: "order".into(),
            field: "gross".into(),
            sight,
            writes,
        };
        let looked = |secrecy| Looked {
            room: "sales",
            document: "order",
            entity: "order",
            field: "gross",
            secrecy,
        };
        let clerk = [("sales.order.read", ScopeKind::All, 1)];
        let plain = of_roles(&clerk, Bounds::default());
        assert_eq!(plain.sight(looked(None)), Sight::Whole);
        assert_eq!(plain.sight(looked(Some(Secrecy::Cost))), Sight::Hidden);
        assert_eq!(plain.sight(looked(Some(Secrecy::Contact))), Sight::Masked);
        assert!(plain.writes(looked(None)) && !plain.writes(looked(Some(Secrecy::Contact))));
        let fields = vec![rule(1, Sight::Hidden, false)];
        let bounds = Bounds { fields, ..Bounds::default() };
        let hidden = of_roles(&clerk, bounds.clone());
        assert_eq!(hidden.sight(looked(None)), Sight::Hidden);
        let other = [clerk[0], ("stock.*", ScopeKind::All, 2)];
        let hidden = of_roles(&other, bounds.clone());
        assert_eq!(hidden.sight(looked(None)), Sight::Hidden, "the other role reads no orders");
        let boss = of_roles(&[clerk[0], ("*", ScopeKind::All, 3)], bounds);
        assert_eq!(boss.sight(looked(Some(Secrecy::Cost))), Sight::Whole);
        assert!(boss.writes(looked(None)));
        let fields = vec![rule(1, Sight::Whole, false)];
        let read_only = of_roles(&clerk, Bounds { fields, ..Bounds::default() });
        assert_eq!(read_only.sight(looked(Some(Secrecy::Cost))), Sight::Whole);
        assert!(!read_only.writes(looked(None)));
    }

    #[test]
    fn a_grant_covers_what_it_names_and_nothing_beside() {
        assert!(covers("sales.*", "sales.order.confirm"));
        assert!(covers("*.read", "sales.order.read"));
        assert!(covers("stock.*.read", "stock.shipment.read"));
        assert!(!covers("*.read", "sales.order.confirm"));
        assert!(!covers("sales.*.read", "sales.read"));
        assert!(!covers("sales.*", "stock.shipment.ship"));
        assert!(!covers("sales.order.confirm", "sales.order.cancel"));
    }
}
