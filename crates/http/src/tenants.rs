//! Which tenant a request is for. Each has a [`State`] of its own, so that a handler reaches the
//! store, the files and the figures of one tenant and has no word for another's.
use crate::ask::Raw;
use crate::state::State;
use kernel::{Error, Result};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A tenant that this process serves.
pub struct Tenant {
    /// Host names that lead to it alone, lower case.
    pub hosts: Vec<String>,
    pub state: Arc<State>,
}

/// All of them, oldest first.
pub struct Tenants {
    first: Tenant,
    others: Vec<Tenant>,
}

/// Whose a request is.
pub(crate) struct Choice<'t> {
    pub(crate) state: &'t Arc<State>,
    /// Several could be meant: the host decides for none.
    pub(crate) common: bool,
}

impl Tenants {
    /// Those of an installation. Errors: `tenant.host_taken`, `bug.internal`.
    pub fn new(all: Vec<Tenant>) -> Result<Arc<Self>> {
        let mut seen = BTreeSet::new();
        for host in all.iter().flat_map(|tenant| &tenant.hosts) {
            if !seen.insert(host.clone()) {
                return Err(Error::conflict("tenant.host_taken", host));
            }
        }
        let mut all = all.into_iter();
        let first = all.next().ok_or_else(|| Error::bug("bug.internal", "no tenant"))?;
        Ok(Arc::new(Self { first, others: all.collect() }))
    }

    /// The only one.
    #[must_use]
    pub fn one(state: Arc<State>) -> Arc<Self> {
        Arc::new(Self { first: Tenant { hosts: Vec::new(), state }, others: Vec::new() })
    }

    pub fn all(&self) -> impl Iterator<Item = &Tenant> {
        std::iter::once(&self.first).chain(&self.others)
    }

    pub(crate) fn are_several(&self) -> bool {
        !self.others.is_empty()
    }

    /// Where nobody in particular is asked for.
    pub(crate) const fn front(&self) -> &Arc<State> {
        &self.first.state
    }

    /// By the host name that a tenant declares; else by what the request itself carries: a link, a
    /// code at sign-in, a key, a session. A token only claims its tenant: there it is proved.
    /// Whatever names none, or one that is not here, is refused by the first like any stranger.
    pub(crate) fn choose(&self, route: &str, raw: &Raw) -> Choice<'_> {
        let host = raw.header("host").map(bare).unwrap_or_default();
        if let Some(tenant) = self.all().find(|t| t.hosts.contains(&host)) {
            return Choice { state: &tenant.state, common: false };
        }
        let claimed = |token: &str| access::sign_in::tenant_of(token);
        let id = match route {
            "/api/v1/links/{token}" => raw.params.first().and_then(|token| claimed(token)),
            "/api/v1/sign-in" | "/api/v1/set-up" => self.said(&raw.body),
            _ => raw.token(self.first.state.set.transport).and_then(|t| claimed(t.text())),
        };
        let found = self.all().find(|t| Some(t.state.set.tenant) == id);
        let state = found.map_or(self.front(), |tenant| &tenant.state);
        Choice { state, common: self.are_several() }
    }

    /// By the link or the code in a body.
    fn said(&self, body: &[u8]) -> Option<i64> {
        let body: Json = serde_json::from_slice(body).ok()?;
        if let Some(link) = body["link"].as_str() {
            return access::sign_in::tenant_of(link.trim());
        }
        let code = body["tenant"].as_str()?.trim();
        let named = self.all().find(|t| t.state.set.code == code)?;
        Some(named.state.set.tenant)
    }
}

/// A host without its port.
fn bare(host: &str) -> String {
    let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
    name.map_or(host, |(name, _)| name).trim_end_matches('.').to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::inside::{Asked, Inside};
    use crate::state::{OF_TENANT, Settings, Transport};
    use kernel::Instant;
    use store::{Store, Target};

    #[test]
    fn a_host_is_compared_without_its_port_and_in_lower_case() {
        for host in ["acme.example.com", "ACME.example.com:8360", "acme.example.com.:443"] {
            assert_eq!(bare(host), "acme.example.com");
        }
        assert_eq!(bare("[::1]:8360"), "[::1]");
    }

    /// A tenant with a file of its own, gone when it is dropped.
    struct Served {
        state: Arc<State>,
        dir: std::path::PathBuf,
    }
    impl Drop for Served {
        fn drop(&mut self) {
            std::fs::remove_dir_all(&self.dir).ok();
        }
    }

    fn served(tenant: i64) -> Result<Served> {
        let dir = format!("hl_turns_{tenant}_{}", std::process::id());
        let dir = std::env::temp_dir().join(dir);
        std::fs::create_dir_all(&dir).map_err(|e| Error::bug("bug.internal", e))?;
        let target = Target::File(dir.join("t.db"));
        let store = Store::open_declared(&target, Instant(0), &flows::entities())?;
        let state = State::new(Settings {
            store: Arc::new(store),
            tenant,
            code: format!("t{tenant}"),
            catalog: Catalog::of_flows(),
            clock: || Instant(0),
            random: || [7; 32],
            transport: Transport::Plain,
            files: None,
            mailer: connect::mail::Mailer::default(),
            columns: dir.join("own.facts"),
        })?;
        Ok(Served { state, dir })
    }

    #[test]
    fn who_floods_one_tenant_is_told_to_wait_and_stops_no_other() -> Result<()> {
        let (mine, theirs) = (served(1)?, served(2)?);
        let tenant = |host: &str, of: &Served| Tenant {
            hosts: vec![host.to_owned()],
            state: Arc::clone(&of.state),
        };
        let all =
            Tenants::new(vec![tenant("mine.example", &mine), tenant("theirs.example", &theirs)])?;
        let inside = Inside::of(&all)?;
        let ask = |host: &str| -> Result<(u16, String)> {
            let path = "/api/v1/orders";
            let asked = Asked { method: "GET", path, token: "", body: None, key: "" };
            let (status, said) = inside.ask_at(host, &asked)?;
            Ok((status, said["code"].as_str().unwrap_or_default().to_owned()))
        };
        let stranger = (401, "access.sign_in_needed".to_owned());
        let full = (503, "store.queue_full".to_owned());
        assert_eq!(ask("theirs.example")?, stranger);

        let mut running = Vec::new();
        for _ in 0..OF_TENANT {
            running.push(theirs.state.come_in()?);
        }
        assert_eq!(ask("theirs.example")?, full, "as many as it may have at once");
        assert_eq!(ask("theirs.example")?, full, "who was refused takes no place");
        assert_eq!(ask("mine.example")?, stranger, "the other has its own places");
        running.pop();
        assert_eq!(ask("theirs.example")?, stranger, "and one that ends makes room");
        assert_eq!(ask("theirs.example")?, stranger);
        Ok(())
    }
}
