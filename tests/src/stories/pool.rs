//! The pool of leads through the API, on both engines: who sees it, who takes, what is refused.
use super::rights::{Office, Person};
use crate::house::{House, each};
use serde_json::{Value as Json, json};

fn pooled(office: &Office<'_>, boss: &Person, name: &str, amount: &str) -> String {
    let body = json!({ "name": name, "phone": "13800138000", "est_amount": amount });
    let lead = office.post(boss, "leads", body)["id"].as_str().expect("an id").to_owned();
    let there = office.post(boss, &format!("leads/{lead}/pool"), json!({ "reason": "展会" }));
    assert_eq!((&there["state"], &there["return_reason"]), (&json!("in_pool"), &json!("展会")));
    lead
}

fn holder(office: &Office<'_>, boss: &Person, lead: &str) -> Json {
    office.get(boss, &format!("leads/{lead}"))["owner"].clone()
}

#[test]
fn what_nobody_owns_is_there_for_all_who_may_take_and_only_one_of_them_gets_it() {
    each(|house| {
        let office = Office::open(house)?;
        let boss = office.person("boss", "", &["admin"])?;
        let ann = office.person("ann", "A", &["sales"])?;
        let bob = office.person("bob", "B", &["sales"])?;
        let keeper = office.person("keeper", "", &["warehouse"])?;
        let small = pooled(&office, &boss, "甲", "100.00");
        let large = pooled(&office, &boss, "乙", "900.00");
        // A lead that somebody owns is not there, whatever the address asks.
        let owned = super::rights::lead(&office, &boss, &bob, "丙");
        assert_eq!(office.ids(&ann, "leads/pool?sort=-est_amount"), [large.clone(), small.clone()]);
        assert!(office.ids(&ann, "leads/pool?filter=state:eq:assigned").is_empty());
        assert!(office.ids(&ann, "leads").is_empty(), "nobody's is not one's own");
        assert_eq!(office.refused(&keeper, "GET", "leads/pool", json!({})), "access.forbidden");
        let take = format!("leads/{small}/pick");
        assert_eq!(office.refused(&keeper, "POST", &take, json!({})), "access.forbidden");
        // Both looked; the second one is told, and nothing changed by asking.
        let taken = office.post(&ann, &take, json!({}));
        assert_eq!((&taken["state"], &taken["owner"]), (&json!("assigned"), &json!(ann.id)));
        assert!(taken["pooled_at"].is_null());
        assert_eq!(office.refused(&bob, "POST", &take, json!({})), "lead.taken");
        office.post(&ann, &format!("leads/{small}/accept"), json!({}));
        assert_eq!(office.refused(&bob, "POST", &take, json!({})), "lead.taken");
        assert_eq!(holder(&office, &boss, &small), json!(ann.id));
        let (assigned, given) = (office.facts("lead.assigned"), json!(ann.id));
        assert_eq!((assigned.len(), &assigned[0]["actor"]), (2, &given), "{assigned:?}");
        // Several at once: what was taken meanwhile is refused alone.
        let many = json!({ "ids": [small, large, owned] });
        let answer = office.post(&ann, "leads/bulk/pick", many);
        let results: Vec<&str> = answer["results"]
            .as_array()
            .expect("results")
            .iter()
            .filter_map(|r| r["result"].as_str())
            .collect();
        assert_eq!(results[1], "done", "{answer}");
        assert_ne!(results[2], "done", "{answer}");
        assert_eq!(holder(&office, &boss, &owned), json!(bob.id));
        assert_eq!(office.get(&ann, "leads/pool")["held"], 2);
        Ok(())
    });
}

#[test]
fn what_goes_back_says_why_and_rests_for_the_one_who_gave_it_back() {
    each(|house| {
        let office = Office::open(house)?;
        let boss = office.person("boss", "", &["admin"])?;
        let ann = office.person("ann", "A", &["sales"])?;
        let bob = office.person("bob", "B", &["sales"])?;
        rules(house, 2, 7)?;
        let lead = pooled(&office, &boss, "甲", "100.00");
        let (take, back) = (format!("leads/{lead}/pick"), format!("leads/{lead}/give_back"));
        office.post(&ann, &take, json!({}));
        assert_eq!(office.refused(&ann, "POST", &back, json!({})), "lead.reason_required");
        assert_eq!(holder(&office, &boss, &lead), json!(ann.id));
        // Somebody else's is not theirs to give back: they do not even see it.
        let reason = json!({ "reason": "区域不符" });
        assert_eq!(office.refused(&bob, "POST", &back, reason.clone()), "store.not_found");
        office.post(&ann, &back, reason);
        let row = &office.get(&bob, "leads/pool?fields=return_reason,given_back_by")["rows"][0];
        assert_eq!(
            (&row["return_reason"], &row["given_back_by"]),
            (&json!("区域不符"), &json!(ann.id))
        );
        assert_eq!(office.refused(&ann, "POST", &take, json!({})), "lead.given_back");
        // Where the company lets nobody rest, it is theirs at once.
        rules(house, 2, 0)?;
        office.post(&ann, &take, json!({}));
        // Two is the most: the third is refused until one of them is decided.
        let more = ["乙", "丙"].map(|name| pooled(&office, &boss, name, "1.00"));
        let [second, third] = more.map(|id| format!("leads/{id}/pick"));
        office.post(&ann, &second, json!({}));
        assert_eq!(office.refused(&ann, "POST", &third, json!({})), "lead.hold_too_many");
        let held = office.get(&ann, "leads/pool");
        assert_eq!((&held["held"], &held["most"]), (&json!(2), &json!(2)));
        let lost = json!({ "reason": "没有需求" });
        office.post(&ann, &format!("leads/{lead}/disqualify"), lost);
        office.post(&ann, &third, json!({}));
        Ok(())
    });
}

/// The company's own rule, in force at once.
fn rules(house: &House, most: i64, rest_days: i64) -> kernel::Result<()> {
    let params = json!({ "most": most.to_string(), "rest_days": rest_days.to_string() });
    let condition = r#"{">=": ["held", "most"]}"#;
    house.run(|cx, tx| {
        policy::commands::set(cx, tx, "lead_pool", condition, &params.to_string()).map(|_| ())
    })
}
