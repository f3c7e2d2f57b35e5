//! Who acts, for which company, when, and with which ids: the first argument of every command.
use crate::{
    Activity, Currency, Day, Error, Fact, Id, IdBlock, IdMaker, Instant, Phase, Result, Zone,
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
            grants: Arc::new([Grant { permission: "*".into(), reach: ScopeKind::All }]),
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
        self.grants.iter().filter(|g| covers(&g.permission, permission)).map(|g| g.reach).max()
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
            attrs: Vec::new(),
        }
    }
}

/// `sales.order.read` is covered by itself, by `sales.order.*`, `sales.*`, `*.read` and `*`.
fn covers(granted: &str, asked: &str) -> bool {
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
