//! API keys: what their person may and they name, until they end; on both engines.
use super::rights::{CLOCK, Office, Person, lead};
use crate::house::each;
use kernel::Instant;
use serde_json::json;
use std::sync::atomic::Ordering;

/// A key of somebody's: its id and its secret.
pub(super) fn key(
    office: &Office<'_>,
    who: &Person,
    permissions: &[&str],
    days: i64,
) -> (String, String) {
    let until = office.house.now().plus(days * Instant::DAY).rfc3339();
    let body = json!({ "name": "shop", "permissions": permissions, "expires_at": until });
    let made = office.post(who, "me/keys", body);
    let text = |name: &str| made[name].as_str().expect("told once").to_owned();
    (text("id"), text("token"))
}

#[test]
fn a_key_does_what_its_person_may_and_it_names_until_it_is_revoked() {
    each(|house| {
        let office = Office::open(house)?;
        let boss = office.person("boss", "", &["admin"])?;
        let ann = office.person("ann", "A", &["sales"])?;
        let bob = office.person("bob", "B", &["sales"])?;
        let (of_ann, _) = (lead(&office, &boss, &ann, "甲"), lead(&office, &boss, &bob, "乙"));
        let (id, token) = key(&office, &ann, &["crm.lead.*"], 30);
        let shop = Person { id: ann.id.clone(), token: token.clone() };
        // Its person's rows, what it names, nothing else; a phone is not among what it names.
        assert_eq!(office.ids(&shop, "leads"), std::slice::from_ref(&of_ann));
        assert_eq!(office.get(&shop, "leads?fields=phone")["rows"][0]["phone"], "138****8000");
        assert_eq!(office.refused(&shop, "GET", "opportunities", json!({})), "access.forbidden");
        assert_eq!(office.refused(&shop, "GET", "entries", json!({})), "access.forbidden");
        office.post(&shop, &format!("leads/{of_ann}/accept"), json!({}));
        let accepted =
            house.read(|_, tx| flows::story(tx, "lead", of_ann.parse().expect("an id")))?;
        assert_eq!(
            (&accepted[0]["actor_kind"], &accepted[0]["actor"]),
            (&json!("api"), &json!(ann.id))
        );
        only_a_person_does(&office, &shop);
        nobody_makes_a_key_beyond_themselves(&office, &ann);
        // The secret is told nowhere again.
        let listed = office.get(&ann, "me/keys");
        assert_eq!(listed["rows"][0]["id"], id.as_str());
        assert!(listed["rows"][0]["last_used_at"].is_string());
        let secret = &token[13..];
        assert!(!listed.to_string().contains(secret));
        let all = flows::trail::Wanted::default();
        let told = house.read(|cx, tx| flows::trail::trail(cx, tx, &all))?;
        assert!(!told.to_string().contains(secret));
        assert_eq!(office.facts("api_key.created").len(), 1);
        assert!(office.ids(&bob, "me/keys").is_empty());
        let revoke = format!("me/keys/{id}/revoke");
        assert_eq!(office.refused(&bob, "POST", &revoke, json!({})), "store.not_found");
        // What its person loses, the key loses; then the key itself ends.
        let role = office.role(&boss, "sales");
        let crm = json!({ "permission": "crm.*" });
        office.post(&boss, &format!("roles/{role}/withdraw_grant"), crm);
        assert_eq!(office.refused(&shop, "GET", "leads", json!({})), "access.forbidden");
        let crm = json!({ "permission": "crm.*", "reach": "own" });
        office.post(&boss, &format!("roles/{role}/grant"), crm);
        assert_eq!(office.ids(&shop, "leads").len(), 1);
        office.post(&ann, &revoke, json!({}));
        office.post(&ann, &revoke, json!({}));
        assert_eq!(office.facts("api_key.revoked").len(), 1);
        let (status, reply) = office.ask(&token, "GET", "/api/v1/leads", None);
        assert_eq!((status, &reply["code"]), (401, &json!("access.sign_in_needed")));
        Ok(())
    });
}

#[test]
fn keys_end_with_their_time_and_their_person_and_wrong_secrets_wait_like_passwords() {
    each(|house| {
        let office = Office::open(house)?;
        let boss = office.person("boss", "", &["admin"])?;
        let ann = office.person("ann", "A", &["sales"])?;
        let (_, token) = key(&office, &ann, &["crm.*"], 30);
        let status = |token: &str| office.ask(token, "GET", "/api/v1/leads", None).0;
        assert_eq!(status(&token), 200);
        // A wrong secret: five tries are free, then one waits; the right one never does.
        let mut wrong = token.clone();
        let last = wrong.pop();
        wrong.push(if last == Some('0') { '1' } else { '0' });
        for _ in 0..5 {
            assert_eq!(status(&wrong), 401);
        }
        assert_eq!(office.facts("api_key.refused").len(), 5);
        let (code, reply) = office.ask(&wrong, "GET", "/api/v1/leads", None);
        assert_eq!((code, &reply["code"]), (429, &json!("access.throttled")));
        assert_eq!(status(&token), 200);
        // Six hundred requests a minute.
        let over = (0..700).map(|_| status(&token)).find(|s| *s != 200);
        assert_eq!(over, Some(429));
        CLOCK.store(house.now().0 + Instant::MINUTE, Ordering::Relaxed);
        assert_eq!(status(&token), 200);
        let bob = office.person("bob", "B", &["sales"])?;
        let (_, other) = key(&office, &bob, &["crm.*"], 30);
        CLOCK.store(house.now().0 + Instant::HOUR, Ordering::Relaxed);
        office.post(&boss, &format!("users/{}/disable", ann.id), json!({}));
        assert_eq!(status(&token), 401, "its person is gone");
        assert_eq!(status(&other), 200);
        CLOCK.store(house.now().0 + 30 * Instant::DAY, Ordering::Relaxed);
        assert_eq!(status(&other), 401, "its time is over");
        CLOCK.store(house.now().0, Ordering::Relaxed);
        Ok(())
    });
}

fn only_a_person_does(office: &Office<'_>, shop: &Person) {
    let at = "2026-01-09T00:00:00Z";
    let new = json!({ "name": "x", "permissions": ["crm.lead.*"], "expires_at": at });
    for (path, body) in [
        ("me/keys", new),
        ("me/password", json!({ "password": "correct horse battery" })),
        ("sign-out", json!({})),
    ] {
        assert_eq!(office.refused(shop, "POST", path, body), "access.by_person_only", "{path}");
    }
}

fn nobody_makes_a_key_beyond_themselves(office: &Office<'_>, ann: &Person) {
    let wanted = |permissions: &[&str], until: &str| {
        let name = "x";
        json!({ "name": name, "permissions": permissions, "expires_at": until })
    };
    let (soon, late) = ("2026-01-20T00:00:00Z", "2029-01-01T00:00:00Z");
    for (body, code) in [
        (wanted(&["ledger.*"], soon), "api_key.beyond"),
        (wanted(&["*"], soon), "api_key.beyond"),
        (wanted(&[], soon), "api_key.no_permission"),
        (wanted(&["crm.lead.*"], late), "api_key.lifetime"),
        (wanted(&["crm.lead.*"], "2020-01-01T00:00:00Z"), "api_key.lifetime"),
    ] {
        assert_eq!(office.refused(ann, "POST", "me/keys", body), code);
    }
}
