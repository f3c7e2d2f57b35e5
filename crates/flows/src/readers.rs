//! Who may see a row: asked for many people at once, in as many statements as for one.
use kernel::{Bounds, Ctx, DocRef, Grant, Result, ScopeKind, Stored};
use meta::Entity;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::marks::{self, Mark};
use store::scope::Scope;
use store::{Tx, sql};

/// A user who may sign in, with what they may do.
pub(crate) struct Person {
    pub(crate) user: i64,
    pub(crate) name: String,
    pub(crate) login: String,
    pub(crate) department: i64,
    pub(crate) grants: Vec<Grant>,
    bounds: Arc<Bounds>,
}

impl Person {
    /// As if the person asked, with some of their grants.
    pub(crate) fn asking(&self, cx: &Ctx, of_work: impl Fn(&Grant) -> bool) -> Ctx {
        let mut own = Ctx::system(cx.tenant, cx.now, cx.maker());
        (own.user, own.department) = (self.user, self.department);
        own.grants = self.grants.iter().filter(|g| of_work(g)).cloned().collect();
        own.bounds = Arc::clone(&self.bounds);
        own
    }
}

/// Every user who may sign in, by id.
pub(crate) fn everybody(tx: &mut Tx) -> Result<Vec<Person>> {
    let mut granted: BTreeMap<i64, Vec<Grant>> = BTreeMap::new();
    let grants = sql!(
        "SELECT role, permission, reach FROM role_grant WHERE tenant_id = $1 AND role > $2 \
         ORDER BY role, id LIMIT 50000"
    );
    for mut row in tx.rows(grants, &[Stored::Int(0)])? {
        let role: i64 = row.take()?;
        let (permission, reach): (String, access::role::Reach) = (row.take()?, row.take()?);
        let grant = Grant { permission, reach: reach.kind(), role };
        granted.entry(role).or_default().push(grant);
    }
    let bounds = Arc::new(Bounds { reaches: access::questions::reaches(tx)?, ..Bounds::default() });
    let members = sql!(
        "SELECT u.id, u.name, u.login, COALESCE(u.department, 0), COALESCE(m.role, 0) \
         FROM app_user u \
         LEFT JOIN user_role m ON m.tenant_id = u.tenant_id AND m.user_id = u.id \
         WHERE u.tenant_id = $1 AND u.id > $2 AND u.disabled_at = 0 \
         ORDER BY u.id, m.role LIMIT 50000"
    );
    let mut all: BTreeMap<i64, Person> = BTreeMap::new();
    for mut row in tx.rows(members, &[Stored::Int(0)])? {
        let (user, name, login) = (row.take()?, row.take()?, row.take()?);
        let (department, role): (i64, i64) = (row.take()?, row.take()?);
        let bounds = Arc::clone(&bounds);
        let new = || Person { user, name, login, department, grants: Vec::new(), bounds };
        let person = all.entry(user).or_insert_with(new);
        person.grants.extend(granted.get(&role).into_iter().flatten().cloned());
    }
    Ok(all.into_values().collect())
}

/// A row and whose it is.
pub(crate) struct Belonging {
    entity: &'static Entity,
    mark: Mark,
    owner: i64,
    /// Its department and all above it.
    departments: Vec<i64>,
}

impl Belonging {
    /// Nothing for a row that is gone, or of a kind that the house does not know.
    pub(crate) fn of(tx: &mut Tx, document: DocRef) -> Result<Option<Self>> {
        let Some(entity) = crate::entities().into_iter().find(|e| e.name == document.kind) else {
            return Ok(None);
        };
        let Some(mark) = marks::of(tx, entity, &[document.id])?.into_iter().next() else {
            return Ok(None);
        };
        let whose = sql!("SELECT owner, department FROM scope WHERE tenant_id = $1 AND id = $2");
        let (mut owner, mut departments) = (0, Vec::new());
        if let Some(mut row) = tx.rows(whose, &[Stored::Int(mark.scope)])?.into_iter().next() {
            owner = row.take()?;
            let department: i64 = row.take()?;
            let above = sql!(
                "WITH RECURSIVE above (id, parent) AS (SELECT d.id, d.parent FROM department d \
                 WHERE d.tenant_id = $1 AND d.id = $2 UNION SELECT d.id, d.parent \
                 FROM department d JOIN above a ON d.id = a.parent WHERE d.tenant_id = $1) \
                 SELECT a.id FROM above a ORDER BY 1"
            );
            let rows = tx.rows(above, &[Stored::Int(department)])?;
            departments = rows.into_iter().map(|mut row| row.take()).collect::<Result<_>>()?;
        }
        Ok(Some(Self { entity, mark, owner, departments }))
    }

    /// May the one who asks read the row?
    pub(crate) fn is_read_by(&self, own: &Ctx) -> bool {
        self.is_reached_by(own, &self.entity.permission("read"))
    }

    /// Does the permission of the one who asks reach the row?
    pub(crate) fn is_reached_by(&self, own: &Ctx, permission: &str) -> bool {
        let is_own = self.owner != 0 && self.owner == own.user;
        let is_near = || own.department != 0 && self.departments.contains(&own.department);
        let scope = match own.reach(permission) {
            None => return false,
            Some(ScopeKind::All) => Scope::All,
            Some(ScopeKind::Own) if is_own => Scope::Only(vec![self.mark.scope]),
            Some(ScopeKind::Department) if is_own || is_near() => {
                Scope::Only(vec![self.mark.scope])
            }
            Some(_) => Scope::Only(Vec::new()),
        };
        marks::reaches(self.entity, &scope, &self.mark)
    }
}
