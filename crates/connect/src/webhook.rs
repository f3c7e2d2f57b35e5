//! A webhook: where a program is told, of what, and whether it is switched on. Pure.
use crate::entities::{WEBHOOK, WEBHOOK_SECRET};
use crate::facts;
use kernel::{
    Activity, Class, Ctx, Done, Error, Fact, Id, Instant, Lifecycle, Move, Result, names,
};
use ureq::http::Uri;

names! {
    pub enum WebhookState {
        Off = "off",
        On = "on",
    }
}

const fn mv(
    from: &'static str,
    verb: &'static str,
    to: &'static str,
    permission: &'static str,
) -> Move {
    let class = Class::Business;
    Move { from, verb, to, permission, class, role: "admin", sla_minutes: 0 }
}

pub static WEBHOOK_LIFECYCLE: Lifecycle = Lifecycle {
    entity: "webhook",
    states: WebhookState::NAMES,
    moves: &[
        mv("off", "enable", "on", "connect.webhook.enable"),
        mv("on", "disable", "off", "connect.webhook.enable"),
        mv("off", "change", "off", "connect.webhook.write"),
        mv("on", "change", "on", "connect.webhook.write"),
        mv("off", "replay", "off", "connect.webhook.replay"),
        mv("on", "replay", "on", "connect.webhook.replay"),
    ],
};

#[derive(Clone, Debug)]
pub struct Webhook {
    pub id: Id<Webhook>,
    pub version: i64,
    pub name: String,
    pub url: String,
    /// `*`, or names by comma; one may end in `*`: `order.*, invoice.issued`.
    pub activities: String,
    pub state: WebhookState,
    /// Why it is off.
    pub reason: String,
    pub made_by: i64,
    pub made_at: Instant,
}
store::record!(Webhook => WEBHOOK {
    id, version, name, url, activities, state, reason, made_by, made_at,
});

/// What signs the messages of a webhook.
#[derive(Clone, Debug)]
pub(crate) struct Secret {
    pub(crate) id: Id<Webhook>,
    pub(crate) secret: String,
    pub(crate) previous: String,
    pub(crate) previous_until: Instant,
}
store::record!(Secret => WEBHOOK_SECRET { id, secret, previous, previous_until });

impl Webhook {
    #[must_use]
    pub fn fact(&self, cx: &Ctx, activity: Activity) -> Fact {
        cx.fact(activity).on("webhook", self.id.raw(), "webhook")
    }

    /// The name of its reader of facts.
    #[must_use]
    pub fn reader(&self) -> String {
        format!("webhook:{}", self.id)
    }

    /// Errors: `field.required`, `webhook.url`, `webhook.activities`.
    pub fn check(&self) -> Result<()> {
        if self.name.trim().is_empty() {
            return Err(Error::invalid("field.required", "name").with("field", "name"));
        }
        check_url(&self.url)?;
        let fits = |c: char| c.is_ascii_lowercase() || matches!(c, '.' | '_' | '*');
        let is_pattern = |p: &str| {
            let stem = p.strip_suffix('*').unwrap_or(p);
            !p.is_empty() && p.chars().all(fits) && !stem.contains('*')
        };
        if !self.activities.split(',').map(str::trim).all(is_pattern) {
            let e = Error::invalid("webhook.activities", &self.activities);
            return Err(e.with("field", "activities"));
        }
        Ok(())
    }

    pub(crate) fn enable(&mut self, cx: &Ctx) -> Result<Done<Fact>> {
        self.go(cx, "enable", WebhookState::On, "")
    }
    pub(crate) fn disable(&mut self, cx: &Ctx, reason: &str) -> Result<Done<Fact>> {
        self.go(cx, "disable", WebhookState::Off, reason)
    }

    fn go(
        &mut self,
        cx: &Ctx,
        verb: &'static str,
        to: WebhookState,
        reason: &str,
    ) -> Result<Done<Fact>> {
        let from = self.state;
        let Done::Now(next) = WEBHOOK_LIFECYCLE.step(from, verb, to)? else {
            return Ok(Done::Already);
        };
        self.state = next;
        self.reason = reason.chars().take(200).collect();
        let activity = match next {
            WebhookState::On => facts::WEBHOOK_ENABLED,
            WebhookState::Off => facts::WEBHOOK_DISABLED,
        };
        let fact = self.fact(cx, activity).moved(from.name(), next.name());
        Ok(Done::Now(fact.because(&self.reason)))
    }
}

/// Error: `webhook.url` for what is no address of a web server, or holds a password.
pub(crate) fn check_url(url: &str) -> Result<()> {
    let wrong = || Error::invalid("webhook.url", url).with("field", "url");
    let uri: Uri = url.parse().map_err(|_| wrong())?;
    let scheme = uri.scheme_str().unwrap_or("");
    let authority = uri.authority().map_or("", |a| a.as_str());
    if !matches!(scheme, "https" | "http") || authority.is_empty() || authority.contains('@') {
        return Err(wrong());
    }
    Ok(())
}

/// Is a webhook told of an activity?
#[must_use]
pub fn wants(activities: &str, activity: &str) -> bool {
    activities.split(',').map(str::trim).any(|pattern| match pattern.strip_suffix('*') {
        Some(stem) => activity.starts_with(stem),
        None => pattern == activity,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_names_one_activity_or_all_that_begin_so() {
        assert!(wants("*", "order.confirmed"));
        assert!(wants("invoice.issued, order.*", "order.confirmed"));
        assert!(!wants("invoice.issued, order.*", "invoice.drafted"));
        assert!(!wants("order", "order.confirmed"));
    }

    #[test]
    fn an_address_is_a_web_servers_and_holds_no_password() {
        for good in ["https://example.com/hook", "http://127.0.0.1:9/x?y=1", "https://[::1]:8443/"]
        {
            assert_eq!(check_url(good), Ok(()), "{good}");
        }
        for bad in ["", "example.com", "/hook", "ftp://example.com", "https://a:b@example.com/"] {
            assert_eq!(check_url(bad).map_err(|e| e.code), Err("webhook.url"), "{bad}");
        }
    }
}
