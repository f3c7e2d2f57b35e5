//! Duties kept apart, work delegated, and what the auditor asks; on both engines.
use super::keys::key;
use super::rights::{CLOCK, Office, Person, Reply, lead};
use crate::house::each;
use kernel::{Instant, Result};
use serde_json::json;
use std::sync::atomic::Ordering;

#[test]
fn duties_that_a_rule_keeps_apart_are_neither_given_nor_done_and_the_auditor_sees_who_did() {
    each(|house| {
        let office = Office::open(house)?;
        let boss = office.person("boss", "", &["admin"])?;
        let finance = office.person("finance", "F", &["finance"])?;
        let rule = |who: &Person, code: &str| {
            office.ids(who, &format!("duty_rules?filter=code:eq:{code}")).remove(0)
        };
        // A company of one person: warned of, and nothing stops.
        let given = format!("users/{}/assign_role", finance.id);
        let sales = office.role(&boss, "order_desk");
        let warned = office.post(&boss, &given, json!({ "role": sales }));
        assert!(warned["warnings"].is_null(), "{warned}");
        let admin = office.role(&boss, "admin");
        let warned = office.post(&boss, &given, json!({ "role": admin }));
        assert!(warned["warnings"].to_string().contains("rights_and_money"), "{warned}");
        office.post(
            &boss,
            &format!("users/{}/withdraw_role", finance.id),
            json!({ "role": admin }),
        );
        // Refused from now on: neither by a role, nor by a grant to a role that somebody has.
        let refuse = json!({ "effect": "refuse" });
        for code in ["rights_and_money", "receive_and_apply"] {
            let path = format!("/api/v1/duty_rules/{}", rule(&boss, code));
            let (status, reply) = office.ask(&boss.token, "PATCH", &path, Some(&refuse));
            assert_eq!(status, 200, "{reply}");
        }
        let made = office.post(&boss, "roles", json!({ "code": "hr", "name": "" }));
        let hr = made["id"].as_str().expect("an id").to_owned();
        let assigns = json!({ "permission": "access.user.assign_role", "reach": "all" });
        office.post(&boss, &format!("roles/{hr}/grant"), assigns);
        assert_eq!(office.refused(&boss, "POST", &given, json!({ "role": hr })), "duty.refused");
        let role = office.role(&boss, "finance");
        let assigns = json!({ "permission": "access.*", "reach": "all" });
        let refused = office.refused(&boss, "POST", &format!("roles/{role}/grant"), assigns);
        assert_eq!(refused, "duty.refused");
        // On one document: who received the money does not allocate it.
        let product = house.product("P1", "1.13", 1000, 70)?;
        let party = house.customer("恒远机电有限公司", "N30", None)?;
        let order = house.submitted(party, &[(product, 10)])?.id;
        for shipment in house.ship_all(order)? {
            house.deliver(shipment)?;
        }
        let invoice = house.bill(order)?;
        let body = json!({ "party": party.to_string(), "amount": "11.30", "method": "transfer",
            "value_day": "2026-01-05", "reference": "R1" });
        let payment = office.post(&finance, "payments", body);
        let payment = payment["id"].as_str().expect("an id").to_owned();
        let pays = json!({ "lines": [{ "invoice": invoice.id.to_string(), "amount": "11.30" }] });
        let path = format!("payments/{payment}/allocate");
        assert_eq!(office.refused(&finance, "POST", &path, pays.clone()), "duty.crossed");
        assert_eq!(house.read(|_, tx| tx.get(invoice.id))?.open, 1130, "nothing of it is kept");
        let cashier = office.person("cashier", "F", &["cashier"])?;
        office.post(&cashier, &path, pays);
        // Nor both at once.
        let both = json!({ "party": party.to_string(), "amount": "1.00", "method": "transfer",
            "value_day": "2026-01-05", "reference": "R2",
            "lines": [{ "order": order.to_string(), "amount": "1.00" }] });
        assert_eq!(office.refused(&finance, "POST", "payments", both), "duty.crossed");
        the_auditor_sees_who_holds_both(&office, &finance)?;
        let unknown = json!({ "code": "x", "kind": "document", "entity": "order",
            "first": "order.submitted", "second": "order.eaten", "effect": "warn" });
        let refused = office.refused(&boss, "POST", "duty_rules", unknown);
        assert_eq!(refused, "duty.unknown_activity");
        Ok(())
    });
}

#[test]
fn a_stand_in_has_the_persons_rights_within_the_delegation_and_both_are_told() {
    each(|house| {
        let office = Office::open(house)?;
        let boss = office.person("boss", "", &["admin"])?;
        let ann = office.person("ann", "A", &["sales"])?;
        let bob = office.person("bob", "B", &["warehouse"])?;
        let of_ann = lead(&office, &boss, &ann, "甲");
        let until = |days: i64| house.now().plus(days * Instant::DAY).rfc3339();
        let given = |to: &Person, permissions: &str, days: i64| {
            json!({ "to_user": to.id, "permissions": permissions, "reason": "假期",
                "until_at": until(days) })
        };
        let as_ann = |who: &Person, method: &'static str, path: &str| {
            let body = json!({});
            let body = (method == "POST").then_some(&body);
            office.ask_for(&who.token, &ann.id, method, &format!("/api/v1/{path}"), body)
        };
        let code = |reply: Reply| reply.1["code"].as_str().unwrap_or("").to_owned();
        assert_eq!(code(as_ann(&bob, "GET", "leads")), "delegation.none");
        for (body, code) in [
            (given(&ann, "crm.*", 7), "delegation.to_oneself"),
            (given(&bob, "*", 7), "delegation.too_wide"),
            (given(&bob, "crm.*", -1), "delegation.time"),
        ] {
            assert_eq!(office.refused(&ann, "POST", "delegations", body), code);
        }
        let made = office.post(&ann, "delegations", given(&bob, "crm.*", 7));
        let id = made["id"].as_str().expect("an id").to_owned();
        // Ann's rows and rights within crm; none of Bob's own while he stands in.
        let (status, seen) = as_ann(&bob, "GET", "leads");
        assert_eq!((status, &seen["rows"][0]["id"]), (200, &json!(of_ann)));
        assert_eq!(code(as_ann(&bob, "GET", "orders")), "access.forbidden");
        assert_eq!(code(as_ann(&bob, "GET", "shipments")), "access.forbidden");
        assert_eq!(office.refused(&bob, "GET", "leads", json!({})), "access.forbidden");
        let (status, reply) = as_ann(&bob, "POST", &format!("leads/{of_ann}/accept"));
        assert_eq!(status, 200, "{reply}");
        let told = house.read(|_, tx| {
            let sql = store::sql!(
                "SELECT acting_for FROM fact WHERE tenant_id = $1 AND actor = $2 \
                 AND activity = 'lead.contacted'"
            );
            tx.value::<i64>(sql, &[kernel::Stored::Int(bob.id.parse().expect("an id"))])
        })?;
        assert_eq!(told.map(|id| id.to_string()), Some(ann.id.clone()));
        // Nothing is passed on: Cai stands in for Bob, and reaches nothing of Ann's.
        let cai = office.person("cai", "C", &["warehouse"])?;
        office.post(&bob, "delegations", given(&cai, "crm.*", 7));
        assert_eq!(code(as_ann(&cai, "GET", "leads")), "delegation.none");
        let leads = "/api/v1/leads";
        let reply = office.ask_for(&cai.token, &bob.id, "GET", leads, None);
        assert_eq!(code(reply), "access.forbidden");
        no_rights_in_anothers_place(&office, &ann, &bob);
        // Bob cannot take it back, Ann can; then it is over, as it is when its time is.
        let revoke = format!("delegations/{id}/revoke");
        assert_eq!(office.refused(&bob, "POST", &revoke, json!({})), "store.not_found");
        office.post(&ann, &revoke, json!({}));
        assert_eq!(code(as_ann(&bob, "GET", "leads")), "delegation.none");
        let short = json!({ "to_user": bob.id, "permissions": "crm.*", "reason": "午休",
            "until_at": house.now().plus(Instant::HOUR).rfc3339() });
        office.post(&ann, "delegations", short);
        assert_eq!(as_ann(&bob, "GET", "leads").0, 200);
        CLOCK.store(house.now().0 + Instant::HOUR, Ordering::Relaxed);
        assert_eq!(code(as_ann(&bob, "GET", "leads")), "delegation.none", "the time is over");
        CLOCK.store(house.now().0, Ordering::Relaxed);
        assert_eq!(office.facts("delegation.given").len(), 3);
        assert_eq!(office.facts("delegation.revoked").len(), 1);
        Ok(())
    });
}

#[test]
fn the_auditor_sees_who_may_do_what_and_why_and_nobody_else_does() {
    each(|house| {
        let office = Office::open(house)?;
        let boss = office.person("boss", "", &["admin"])?;
        let ann = office.person("ann", "A", &["sales"])?;
        let bob = office.person("bob", "B", &["warehouse"])?;
        let auditor = office.person("auditor", "", &["auditor"])?;
        let (key, token) = key(&office, &ann, &["crm.*"], 30);
        let given = json!({ "to_user": bob.id, "permissions": "crm.*", "reason": "假期",
            "until_at": house.now().plus(Instant::DAY).rfc3339() });
        office.post(&ann, "delegations", given);
        let of_ann = office.get(&auditor, &format!("audit/rights?user={}", ann.id));
        let rows = of_ann["rows"].as_array().expect("rows");
        let crm = rows.iter().find(|r| r["permission"] == "crm.*").expect("a right");
        assert_eq!((&crm["reach"], &crm["role_code"]), (&json!("own"), &json!("sales")));
        assert_eq!(of_ann["keys"][0]["id"], key.as_str());
        assert!(!of_ann.to_string().contains(&token[13..]));
        let of_bob = office.get(&auditor, &format!("audit/rights?user={}", bob.id));
        assert_eq!(of_bob["delegations"][0]["from_user"], ann.id.as_str());
        let everybody = office.get(&auditor, "audit/rights");
        assert!(everybody["rows"].as_array().expect("rows").len() > rows.len());
        let seen = office.get(&auditor, &format!("audit/sign-ins?user={}", ann.id));
        assert_eq!(seen["rows"][0]["login"], "ann");
        assert_eq!(
            office.get(&auditor, "audit/sign-ins")["rows"].as_array().map(Vec::len),
            Some(4)
        );
        for who in [&ann, &bob] {
            for path in ["audit/rights", "audit/sign-ins", "audit/violations"] {
                assert_eq!(office.refused(who, "GET", path, json!({})), "access.forbidden");
            }
        }
        // Changes of rights are told: by whom, of which role, without anybody's name.
        let role = office.role(&boss, "sales");
        let grant = json!({ "permission": "terms.*", "reach": "own" });
        office.post(&boss, &format!("roles/{role}/grant"), grant);
        let told = office.get(&auditor, &format!("trail?kind=role&id={role}"));
        assert_eq!(told["rows"][0]["activity"], "role.granted");
        assert_eq!(told["rows"][0]["actor"], boss.id.as_str());
        Ok(())
    });
}

fn the_auditor_sees_who_holds_both(office: &Office<'_>, finance: &Person) -> Result<()> {
    let auditor = office.person("auditor", "", &["auditor"])?;
    let found = office.get(&auditor, "audit/violations");
    assert!(found["held"].to_string().contains("rights_and_money"), "{found}");
    assert_eq!(office.refused(finance, "GET", "audit/violations", json!({})), "access.forbidden");
    Ok(())
}

/// No keys in another's place, nor any other thing that only the person does.
fn no_rights_in_anothers_place(office: &Office<'_>, ann: &Person, bob: &Person) {
    let until = office.house.now().plus(Instant::DAY).rfc3339();
    let body = json!({ "name": "x", "permissions": ["crm.*"], "expires_at": until });
    let reply = office.ask_for(&bob.token, &ann.id, "POST", "/api/v1/me/keys", Some(&body));
    assert_eq!(reply.1["code"], "access.by_person_only");
}
