//! Verbs of webhooks.
use super::body::{Body, show};
use crate::Verb;
use connect::webhooks::{self, Wish};
use kernel::{Ctx, Error, Id, Result};
use meta::{Field, Look, int, text};
use serde_json::Value;

const fn verb(
    name: &'static str,
    permission: &'static str,
    takes: &'static [Field],
    run: crate::verb::Run,
) -> Verb {
    Verb { entity: "webhook", name, permission, moves: false, takes, lines: &[], run }
}

pub(super) static VERBS: &[Verb] = &[
    verb(
        "create",
        "connect.webhook.write",
        &[
            text("name", 100).required(),
            text("url", 500).looks(Look::Link).required(),
            text("activities", 500).required(),
        ],
        |cx, tx, _, body| shown(cx, wished(cx, body, |wish| webhooks::create(cx, tx, wish))),
    ),
    verb(
        "change",
        "connect.webhook.write",
        &[text("name", 100), text("url", 500).looks(Look::Link), text("activities", 500)],
        |cx, tx, id, body| {
            let id = Id::from_raw(id);
            shown(cx, wished(cx, body, |wish| webhooks::change(cx, tx, id, wish)))
        },
    ),
    verb("enable", "connect.webhook.enable", &[], |cx, tx, id, _| {
        shown(cx, webhooks::enable(cx, tx, Id::from_raw(id)))
    }),
    verb("disable", "connect.webhook.enable", &[text("reason", 200)], |cx, tx, id, body| {
        let reason = Body::new(cx, body).text("reason");
        shown(cx, webhooks::disable(cx, tx, Id::from_raw(id), &reason))
    }),
    verb("replay", "connect.webhook.replay", &[int("seq").required()], |cx, tx, id, body| {
        let seq = Body::new(cx, body).int("seq")?;
        shown(cx, webhooks::replay(cx, tx, Id::from_raw(id), seq))
    }),
];

fn wished<T>(cx: &Ctx, body: &Value, job: impl FnOnce(&Wish<'_>) -> Result<T>) -> Result<T> {
    let body = Body::new(cx, body);
    let (name, url) = (body.text("name"), body.text("url"));
    let activities = body.text("activities");
    known(&activities)?;
    job(&Wish { name: &name, url: &url, activities: &activities })
}

/// Each name, or pattern with a star, is of something that is told here: a misspelt one would wait
/// for ever. Error: `webhook.unknown_activity`.
fn known(activities: &str) -> Result<()> {
    let all = crate::activities();
    let is_told = |name: &&str| all.iter().any(|(_, told)| connect::wants(name, told.name));
    let given = activities.split(',').map(str::trim).filter(|name| !name.is_empty());
    match { given }.find(|name| !is_told(name)) {
        None => Ok(()),
        Some(name) => {
            let e = Error::invalid("webhook.unknown_activity", name);
            Err(e.with("field", "activities"))
        }
    }
}

fn shown(cx: &Ctx, webhook: Result<connect::Webhook>) -> Result<Value> {
    Ok(show(&webhook?, cx.base))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_activity_is_refused_by_its_name() {
        for good in ["*", "order.*", "order.confirmed, invoice.issued", ""] {
            assert_eq!(known(good), Ok(()), "{good}");
        }
        let wrong = known("order.confirmed, order.nonsense");
        let wrong = wrong.map_err(|e| (e.code, e.detail));
        assert_eq!(wrong, Err(("webhook.unknown_activity", "order.nonsense".to_owned())));
        assert!(known("orders.*").is_err());
    }
}
