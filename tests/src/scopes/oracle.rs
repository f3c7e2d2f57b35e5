//! Rights worked out anew from the tables of roles, with rules written here a second time: what
//! the program answers is held against them.
use crate::house::House;
use access::commands;
use access::role::{Reach, RoleField, Shown};
use kernel::{Id, Result, ScopeKind, Secrecy};
use meta::{Entity, Field, FieldKind};
use std::collections::BTreeMap;
use store::Tx;

/// By user: roles. By role: grants, reaches by entity, sights by entity and field.
pub(super) struct Oracle {
    roles: BTreeMap<i64, Vec<i64>>,
    grants: BTreeMap<i64, Vec<(String, ScopeKind)>>,
    reaches: BTreeMap<(i64, String), ScopeKind>,
    sights: BTreeMap<(i64, String, String), String>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Seen {
    Nothing,
    Mask,
    All,
}

fn reach(word: &str) -> ScopeKind {
    match word {
        "all" => ScopeKind::All,
        "department" => ScopeKind::Department,
        _ => ScopeKind::Own,
    }
}

/// A pattern with one star, as two ends.
fn covers(pattern: &str, asked: &str) -> bool {
    match pattern.find('*') {
        None => pattern == asked,
        Some(at) => {
            let (head, tail) = (&pattern[..at], &pattern[at + 1..]);
            asked.len() >= head.len() + tail.len()
                && asked.starts_with(head)
                && asked.ends_with(tail)
        }
    }
}

impl Oracle {
    pub(super) fn read(tx: &mut Tx) -> Result<Self> {
        let mut all = Self {
            roles: BTreeMap::new(),
            grants: BTreeMap::new(),
            reaches: BTreeMap::new(),
            sights: BTreeMap::new(),
        };
        let of = store::sql!("SELECT user_id, role FROM user_role WHERE tenant_id = $1");
        for mut row in tx.rows(of, &[])? {
            all.roles.entry(row.take()?).or_default().push(row.take()?);
        }
        let of = store::sql!("SELECT role, permission, reach FROM role_grant WHERE tenant_id = $1");
        for mut row in tx.rows(of, &[])? {
            let (role, permission, far): (i64, String, String) =
                (row.take()?, row.take()?, row.take()?);
            all.grants.entry(role).or_default().push((permission, reach(&far)));
        }
        let of = store::sql!("SELECT role, entity, reach FROM role_reach WHERE tenant_id = $1");
        for mut row in tx.rows(of, &[])? {
            let key = (row.take()?, row.take()?);
            let far: String = row.take()?;
            all.reaches.insert(key, reach(&far));
        }
        let of =
            store::sql!("SELECT role, entity, field, sight FROM role_field WHERE tenant_id = $1");
        for mut row in tx.rows(of, &[])? {
            let key = (row.take()?, row.take()?, row.take()?);
            all.sights.insert(key, row.take()?);
        }
        Ok(all)
    }

    fn roles_of(&self, user: i64) -> &[i64] {
        self.roles.get(&user).map_or(&[], Vec::as_slice)
    }

    fn grant(&self, role: i64, permission: &str) -> Option<ScopeKind> {
        let all = self.grants.get(&role)?;
        all.iter().filter(|(p, _)| covers(p, permission)).map(|(_, far)| *far).max()
    }

    /// The farthest of the user's roles, each as far as was set for the entity.
    pub(super) fn reach(&self, user: i64, entity: &str, permission: &str) -> Option<ScopeKind> {
        let far = |role: &i64| {
            let granted = self.grant(*role, permission)?;
            Some(self.reaches.get(&(*role, entity.to_owned())).copied().unwrap_or(granted))
        };
        self.roles_of(user).iter().filter_map(far).max()
    }

    /// What the user sees of a field: the most that one of the roles that read it shows.
    pub(super) fn seen(&self, user: i64, entity: &Entity, field: &Field) -> Seen {
        // An amount in the company's currency tells the amount.
        let twin = field.name.strip_suffix("_base").and_then(|name| entity.field(name));
        let own = self.alone(user, entity, field);
        twin.map_or(own, |twin| own.min(self.alone(user, entity, twin)))
    }

    fn alone(&self, user: i64, entity: &Entity, field: &Field) -> Seen {
        let roles = self.roles_of(user);
        let (permission, left) = match field.secrecy {
            None => ("", Seen::All),
            Some(Secrecy::Contact) => ("access.contact.read", Seen::Mask),
            Some(Secrecy::Bank) => ("access.bank.read", Seen::Mask),
            Some(Secrecy::Cost) => ("access.cost.read", Seen::Nothing),
            Some(Secrecy::Credit) => ("access.credit.read", Seen::Nothing),
        };
        let trusted = roles.iter().any(|role| self.grant(*role, permission).is_some());
        let usual = if permission.is_empty() || trusted { Seen::All } else { left };
        let document = entity.parent_entity().unwrap_or(entity.name);
        let read = format!("{}.{document}.read", entity.room);
        let readers = roles.iter().filter(|role| self.grant(**role, &read).is_some());
        let said = |role: &i64| {
            let key = (*role, entity.name.to_owned(), field.name.to_owned());
            match self.sights.get(&key).map(String::as_str) {
                Some("hidden") => Seen::Nothing,
                Some("masked") => Seen::Mask,
                Some(_) => Seen::All,
                None => usual,
            }
        };
        let seen = readers.map(said).max().unwrap_or(usual);
        let is_text = matches!(field.kind, FieldKind::Text { .. });
        if seen == Seen::Mask && !is_text { Seen::Nothing } else { seen }
    }
}

/// Two more roles: one bounded by kinds of record, one that sees less of what it reads.
pub(super) fn bounded_roles(house: &House) -> Result<()> {
    let role = |code: &'static str, permissions: &[&str], far: Reach| {
        let role = house.run(|cx, tx| commands::create_role(cx, tx, code, code))?;
        for permission in permissions {
            house.run(|cx, tx| commands::grant(cx, tx, role.id, permission, far).map(|_| ()))?;
        }
        Ok::<_, kernel::Error>(role.id)
    };
    let bounded = role("bounded", &["*.read", "sales.*", "crm.*"], Reach::All)?;
    for (entity, far) in [
        ("order", Reach::Own),
        ("quote", Reach::Department),
        ("opportunity", Reach::Own),
        ("lead", Reach::Department),
        ("invoice", Reach::Own),
    ] {
        house.run(|cx, tx| commands::set_reach(cx, tx, bounded, entity, far).map(|_| ()))?;
    }
    let plain = ["crm.*", "sales.*", "stock.*", "product.*", "party.*", "finance.*"];
    let veiled = role("veiled", &plain, Reach::All)?;
    for (entity, field, sight) in [
        ("order", "gross", Shown::Hidden),
        ("order", "party", Shown::Hidden),
        ("order_line", "gross", Shown::Hidden),
        ("order", "ship_to", Shown::Masked),
        ("party", "region", Shown::Masked),
        ("lead", "mail", Shown::Whole),
        ("invoice", "open", Shown::Hidden),
    ] {
        let (entity, field) = (entity.to_owned(), field.to_owned());
        let rule =
            RoleField { id: Id::from_raw(0), role: veiled, entity, field, sight, writes: false };
        house.run(|cx, tx| commands::set_field(cx, tx, rule.clone()).map(|_| ()))?;
    }
    Ok(())
}
