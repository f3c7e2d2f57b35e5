//! Talk about a lead and work that people ask of each other on it, through the API, on both
//! engines: who is called, who hears of it, what is refused; and that no word of it leaks.
use super::notices::look;
use super::rights::{CLOCK, Office, Person, lead};
use crate::house::{House, each};
use kernel::{Id, Instant, Result, Stored};
use serde_json::{Value as Json, json};
use std::sync::atomic::Ordering;
use store::sql;

struct Desk<'h> {
    office: Office<'h>,
    /// Owns the lead; sees it; sees all leads; sees another's only; sees none.
    ann: Person,
    boss: Person,
    desk: Person,
    bob: Person,
    keeper: Person,
    lead: String,
}

impl<'h> Desk<'h> {
    fn open(house: &'h House) -> Result<Self> {
        let office = Office::open(house)?;
        let boss = office.person("boss", "", &["admin"])?;
        let ann = office.person("ann", "A", &["sales"])?;
        let bob = office.person("bob", "B", &["sales"])?;
        let desk = office.person("desk", "", &["order_desk"])?;
        let keeper = office.person("keeper", "", &["warehouse"])?;
        let lead = lead(&office, &boss, &ann, "恒远机电");
        look(house)?;
        Ok(Self { office, ann, boss, desk, bob, keeper, lead })
    }
    fn at(&self, rest: &str) -> String {
        format!("leads/{}/{rest}", self.lead)
    }
    fn say(&self, who: &Person, text: &str) -> String {
        let said = self.office.post(who, &self.at("comments"), json!({ "text": text }));
        look(self.office.house).expect("a look");
        said["id"].as_str().expect("an id").to_owned()
    }
    fn task(&self, who: &Person, whom: &Person, title: &str) -> String {
        let body = json!({ "title": title, "for_user": whom.id, "due": "2026-03-02" });
        let made = self.office.post(who, &self.at("tasks"), body);
        look(self.office.house).expect("a look");
        made["id"].as_str().expect("an id").to_owned()
    }
    fn step(&self, who: &Person, task: &str, verb: &str, body: Json) -> Json {
        let done = self.office.post(who, &format!("tasks/{task}/{verb}"), body);
        look(self.office.house).expect("a look");
        done
    }
    fn refused(&self, who: &Person, path: &str, body: Json) -> String {
        self.office.refused(who, "POST", path, body)
    }
    /// Kinds of what waits in somebody's inbox, the newest first.
    fn inbox(&self, who: &Person) -> Vec<String> {
        let all = self.office.get(who, "inbox");
        let open = |n: &&Json| n["settled_at"].is_null();
        let rows = all["rows"].as_array().expect("rows").iter().filter(open);
        rows.filter_map(|n| n["kind"].as_str().map(str::to_owned)).collect()
    }
    fn texts(&self, who: &Person) -> Vec<String> {
        let all = self.office.get(who, &self.at("comments"));
        let text = |c: &Json| c["text"].as_str().expect("a text").to_owned();
        all["rows"].as_array().expect("rows").iter().map(text).collect()
    }
}

const fn called(who: &Person) -> &String {
    &who.id
}

#[test]
fn whoever_is_called_hears_it_and_an_answer_reaches_who_asked() {
    each(|house| {
        let d = Desk::open(house)?;
        d.say(&d.ann, &format!("@{{{}}} 客户周五付款，能发吗？", called(&d.desk)));
        assert_eq!(d.inbox(&d.desk), ["mention"]);
        let notice = d.office.get(&d.desk, "inbox")["rows"][0].clone();
        assert_eq!(notice["text"], json!(format!("@{{{}}} 客户周五付款，能发吗？", d.desk.id)));
        assert_eq!(notice["document"]["collection"], "leads");
        assert_eq!(d.inbox(&d.ann), [""; 0], "nobody is told of what they said themselves");
        d.say(&d.desk, "可以，周五到账就发。");
        assert_eq!(d.inbox(&d.ann), ["answer"]);
        assert_eq!(d.inbox(&d.desk), [""; 0], "who answers has heard it");
        // The names are those of today, and the texts are there for all who may read the lead.
        let all = d.office.get(&d.boss, &d.at("comments"));
        assert_eq!(all["people"][&d.desk.id], "desk");
        assert_eq!(d.texts(&d.boss).len(), 2);
        assert_eq!(
            (&all["rows"][0]["own"], &all["rows"][0]["made_by"]),
            (&json!(false), &json!(d.ann.id))
        );
        d.say(&d.boss, &format!("同意 @{{{}}}", called(&d.ann)));
        assert_eq!(d.inbox(&d.ann), ["mention", "answer"]);
        assert_eq!(d.inbox(&d.desk), ["answer"]);
        house.check()
    });
}

#[test]
fn who_may_not_read_the_row_is_neither_called_nor_asked_nor_shown_a_word() {
    each(|house| {
        let d = Desk::open(house)?;
        let before = counts(house)?;
        let text = |who: &Person| json!({ "text": format!("@{{{}}} 看一下", called(who)) });
        for (who, code) in
            [(&d.bob, "comment.person_cannot_see"), (&d.keeper, "comment.person_cannot_see")]
        {
            assert_eq!(d.refused(&d.ann, &d.at("comments"), text(who)), code);
        }
        let nobody = json!({ "text": "@{17} 看一下" });
        assert_eq!(d.refused(&d.ann, &d.at("comments"), nobody), "comment.person_unknown");
        let ask = json!({ "title": "回访", "for_user": d.keeper.id });
        assert_eq!(d.refused(&d.ann, &d.at("tasks"), ask), "task.person_cannot_see");
        let ask = json!({ "title": "回访", "for_user": "17" });
        assert_eq!(d.refused(&d.ann, &d.at("tasks"), ask), "task.person_unknown");
        // Whom one may call is who may read it, found by a part of the name.
        let people = |typed: &str| {
            let found = d.office.get(&d.ann, &d.at(&format!("people?q={typed}")));
            let name = |p: &Json| p["name"].as_str().expect("a name").to_owned();
            found["rows"].as_array().expect("rows").iter().map(name).collect::<Vec<_>>()
        };
        assert_eq!(people(""), ["ann", "boss", "desk"]);
        assert_eq!(people("s"), ["boss", "desk"], "bob, who has an s nowhere, aside");
        assert_eq!(people("DE"), ["desk"]);
        assert_eq!(people("bob"), [""; 0]);
        // To others the row, its talk and its tasks are not there, whichever way they ask.
        for path in ["comments", "tasks", "people"] {
            for who in [&d.bob, &d.keeper] {
                let code = d.office.refused(who, "GET", &d.at(path), json!({}));
                assert!(["store.not_found", "access.forbidden"].contains(&&*code), "{path} {code}");
            }
        }
        let said = json!({ "text": "你好" });
        assert_eq!(d.refused(&d.bob, &d.at("comments"), said.clone()), "store.not_found");
        assert_eq!(d.refused(&d.ann, "leads/17/comments", said), "store.not_found");
        assert_eq!(before, counts(house)?, "nothing was kept of what was refused");
        house.check()
    });
}

/// Rows of the talk, and facts.
fn counts(house: &House) -> Result<Vec<i64>> {
    house.read(|_, tx| {
        let none = [Stored::Int(0)];
        let statements = [
            sql!("SELECT COUNT(*) FROM comment WHERE tenant_id = $1 AND id > $2"),
            sql!("SELECT COUNT(*) FROM comment_mention WHERE tenant_id = $1 AND id > $2"),
            sql!("SELECT COUNT(*) FROM task WHERE tenant_id = $1 AND id > $2"),
            sql!("SELECT COUNT(*) FROM fact WHERE tenant_id = $1 AND id > $2"),
        ];
        let mut all = Vec::new();
        for sql in statements {
            all.push(tx.value(sql, &none)?.unwrap_or(0));
        }
        Ok(all)
    })
}

#[test]
fn only_its_author_changes_a_comment_and_what_is_withdrawn_is_gone_everywhere() {
    each(|house| {
        let d = Desk::open(house)?;
        let first = d.say(&d.ann, &format!("@{{{}}} 价格九五折", called(&d.desk)));
        let act = |verb: &str| d.at(&format!("comments/{first}/{verb}"));
        let text = |text: String| json!({ "text": text });
        for (who, code) in [(&d.boss, "comment.not_own"), (&d.desk, "comment.not_own")] {
            assert_eq!(d.refused(who, &act("change"), text("改".into())), code);
            assert_eq!(d.refused(who, &act("withdraw"), json!({})), code);
        }
        for (given, code) in [
            (String::new(), "comment.empty"),
            ("长".repeat(4001), "comment.too_long"),
            (format!("@{{{}}}", d.bob.id), "comment.person_cannot_see"),
        ] {
            assert_eq!(d.refused(&d.ann, &act("change"), text(given)), code);
        }
        let stray = json!({ "text": "改", "made_by": d.bob.id });
        assert_eq!(d.refused(&d.ann, &act("change"), stray), "field.unknown");
        // Who is newly called is told, nobody twice.
        let both = format!("@{{{}}} @{{{}}} 价格九折", d.desk.id, d.boss.id);
        let changed = d.office.post(&d.ann, &act("change"), text(both.clone()));
        assert!(changed["changed_at"].is_string());
        look(house)?;
        assert_eq!(
            (d.inbox(&d.desk), d.inbox(&d.boss)),
            (vec!["mention".into()], vec!["mention".into()])
        );
        // The same again changes nothing, and a comment of one row is none of another.
        let facts = d.office.facts("comment.changed").len();
        d.office.post(&d.ann, &act("change"), text(both));
        assert_eq!(d.office.facts("comment.changed").len(), facts);
        let other = lead(&d.office, &d.boss, &d.ann, "别的线索");
        let elsewhere = format!("leads/{other}/comments/{first}/withdraw");
        assert_eq!(d.refused(&d.ann, &elsewhere, json!({})), "store.not_found");
        for _ in 0..2 {
            let gone = d.office.post(&d.ann, &act("withdraw"), json!({}));
            assert_eq!((&gone["text"], gone["withdrawn_at"].is_string()), (&json!(""), true));
        }
        look(house)?;
        assert_eq!((d.inbox(&d.desk), d.inbox(&d.boss)), (vec![], vec![]));
        assert_eq!(d.refused(&d.ann, &act("change"), text("再改".into())), "comment.withdrawn");
        assert_eq!(d.texts(&d.boss), [""]);
        // No word of it was ever in a fact, and none is left in a notice.
        for activity in ["comment.written", "comment.changed", "comment.withdrawn"] {
            let told = serde_json::to_string(&d.office.facts(activity)).expect("text");
            assert!(told.contains(activity) && !told.contains("折"), "{told}");
        }
        let inbox = d.office.get(&d.desk, "inbox").to_string();
        assert!(!inbox.contains('折'), "{inbox}");
        house.check()
    });
}

#[test]
fn comments_go_with_their_row_to_its_next_owner() {
    each(|house| {
        let d = Desk::open(house)?;
        d.say(&d.ann, "客户要样品");
        assert_eq!(
            d.office.refused(&d.bob, "GET", &d.at("comments"), json!({})),
            "store.not_found"
        );
        d.office.post(&d.boss, &d.at("assign"), json!({ "owner": d.bob.id }));
        assert_eq!(d.texts(&d.bob), ["客户要样品"]);
        assert_eq!(
            d.office.refused(&d.ann, "GET", &d.at("comments"), json!({})),
            "store.not_found"
        );
        // Ann said something here once and may not see it any more: an answer does not reach her.
        d.say(&d.bob, "样品已寄");
        assert_eq!(d.inbox(&d.ann), [""; 0]);
        house.check()
    });
}

#[test]
fn a_task_is_asked_begun_done_and_who_asked_hears_of_it() {
    each(|house| {
        let d = Desk::open(house)?;
        let task = d.task(&d.desk, &d.ann, "请客户寄回单");
        assert_eq!(d.inbox(&d.ann), ["task"]);
        let told = d.office.get(&d.ann, "inbox")["rows"][0].clone();
        assert_eq!(
            (&told["text"], &told["document"]["id"]),
            (&json!("请客户寄回单"), &json!(d.lead))
        );
        let mine = d.office.get(&d.ann, "me/tasks");
        assert_eq!(
            mine["rows"][0]["verbs"],
            json!(["start", "complete", "change", "assign", "hand_back", "drop"])
        );
        let asked = d.office.get(&d.desk, "me/tasks");
        assert_eq!(asked["rows"][0]["verbs"], json!(["change", "assign", "drop"]));
        assert_eq!(
            d.refused(&d.desk, &format!("tasks/{task}/complete"), json!({})),
            "task.not_yours"
        );
        assert_eq!(
            d.refused(&d.bob, &format!("tasks/{task}/drop"), json!({ "reason": "x" })),
            "task.not_yours"
        );
        assert_eq!(d.step(&d.ann, &task, "start", json!({}))["state"], "doing");
        let done = d.step(&d.ann, &task, "complete", json!({ "outcome": "周三寄到" }));
        assert_eq!((&done["state"], &done["outcome"]), (&json!("done"), &json!("周三寄到")));
        assert_eq!((d.inbox(&d.ann), d.inbox(&d.desk)), (vec![], vec!["task_ended".into()]));
        assert_eq!(d.step(&d.ann, &task, "complete", json!({}))["outcome"], "周三寄到");
        assert_eq!(
            d.refused(&d.ann, &format!("tasks/{task}/start"), json!({})),
            "state.not_allowed"
        );
        assert!(d.office.get(&d.ann, "me/tasks")["rows"].as_array().is_some_and(Vec::is_empty));
        assert_eq!(d.office.get(&d.boss, &d.at("tasks"))["rows"][0]["state"], "done");
        // Begun and done are one piece of work, and no word of it is in a fact.
        let (start, end) = (d.office.facts("task.started"), d.office.facts("task.completed"));
        let told = serde_json::to_string(&(start, end)).expect("text");
        assert!(!told.contains("回单") && !told.contains("周三"), "{told}");
        d.step(&d.desk, &task, "reopen", json!({}));
        assert_eq!(d.inbox(&d.ann), ["task"]);
        house.check()
    });
}

#[test]
fn a_task_goes_on_to_somebody_else_back_to_who_asked_or_is_dropped_with_a_reason() {
    each(|house| {
        let d = Desk::open(house)?;
        let task = d.task(&d.desk, &d.ann, "回访");
        let at = |verb: &str| format!("tasks/{task}/{verb}");
        assert_eq!(
            d.refused(&d.ann, &at("hand_back"), json!({ "reason": " " })),
            "task.reason_required"
        );
        assert_eq!(
            d.refused(&d.desk, &at("assign"), json!({ "for_user": d.bob.id })),
            "task.person_cannot_see"
        );
        let back = d.step(&d.ann, &task, "hand_back", json!({ "reason": "本周出差" }));
        assert_eq!((&back["for_user"], &back["outcome"]), (&json!(d.desk.id), &json!("本周出差")));
        assert_eq!((d.inbox(&d.ann), d.inbox(&d.desk)), (vec![], vec!["task".into()]));
        assert_eq!(
            d.refused(&d.desk, &at("hand_back"), json!({ "reason": "x" })),
            "task.own_request"
        );
        assert_eq!(d.refused(&d.ann, &at("complete"), json!({})), "task.not_yours");
        d.step(&d.desk, &task, "assign", json!({ "for_user": d.boss.id }));
        assert_eq!((d.inbox(&d.desk), d.inbox(&d.boss)), (vec![], vec!["task".into()]));
        // Whoever it is for finds it in the list of tasks; others' lists do not have it.
        assert_eq!(d.office.ids(&d.boss, "tasks"), std::slice::from_ref(&task));
        assert_eq!(d.office.ids(&d.ann, "tasks"), [""; 0]);
        let later = d.step(&d.boss, &task, "change", json!({ "due": "2026-03-09" }));
        assert_eq!((&later["due"], &later["title"]), (&json!("2026-03-09"), &json!("回访")));
        assert_eq!(
            d.refused(&d.desk, &at("drop"), json!({ "reason": " " })),
            "task.reason_required"
        );
        d.step(&d.desk, &task, "drop", json!({ "reason": "客户已续约" }));
        assert_eq!(d.inbox(&d.boss), ["task_ended"]);
        for (body, code) in [
            (json!({ "title": " ", "for_user": d.ann.id }), "task.empty_title"),
            (json!({ "for_user": d.ann.id }), "field.required"),
            (json!({ "title": "回访" }), "field.required"),
            (json!({ "title": "回访", "for_user": d.ann.id, "due": "soon" }), "day.invalid"),
            (json!({ "title": "回访", "for_user": d.ann.id, "kind": "party" }), "field.not_one_of"),
            (json!({ "title": "回访", "for_user": d.ann.id, "state": "done" }), "field.unknown"),
        ] {
            assert_eq!(d.refused(&d.ann, &d.at("tasks"), body.clone()), code, "{body}");
        }
        house.check()
    });
}

#[test]
fn whose_right_is_lost_keeps_the_task_without_the_name_of_what_it_is_about() {
    each(|house| {
        let d = Desk::open(house)?;
        let task = d.task(&d.boss, &d.ann, "回访");
        d.office.post(&d.boss, &d.at("assign"), json!({ "owner": d.bob.id }));
        let mine = d.office.get(&d.ann, "me/tasks");
        assert_eq!(
            (&mine["rows"][0]["id"], &mine["rows"][0]["document"]),
            (&json!(task), &Json::Null)
        );
        d.step(&d.ann, &task, "complete", json!({}));
        // Somebody who has left hands nothing over: who manages people's tasks does.
        let other = d.task(&d.desk, &d.bob, "收款");
        let (desk, bob) = (user(&d.desk), user(&d.bob));
        house
            .run(|cx, tx| access::commands::disable_user(cx, tx, Id::from_raw(desk)).map(|_| ()))?;
        assert_eq!(
            d.refused(&d.bob, &format!("tasks/{other}/hand_back"), json!({ "reason": "x" })),
            "task.person_unknown"
        );
        house
            .run(|cx, tx| access::commands::disable_user(cx, tx, Id::from_raw(bob)).map(|_| ()))?;
        assert_eq!(
            d.step(&d.boss, &other, "assign", json!({ "for_user": d.boss.id }))["for_user"],
            json!(d.boss.id)
        );
        house.check()
    });
}

fn user(who: &Person) -> i64 {
    who.id.parse().expect("an id")
}

#[test]
fn a_task_is_due_on_a_day_of_the_company_not_of_the_clock() {
    each(|house| {
        // One minute before midnight in China, and one after.
        let (hours, minute) = (8 * 3_600_000_000, 60_000_000);
        let midnight = ((house.now().0 + hours) / Instant::DAY + 1) * Instant::DAY - hours;
        house.at(Instant(midnight - minute));
        let d = Desk::open(house)?;
        d.task(&d.ann, &d.ann, "回访");
        let today = |d: &Desk<'_>| d.office.get(&d.ann, "me/tasks")["today"].clone();
        let before = kernel::Day::parse(today(&d).as_str().expect("a day"))?;
        CLOCK.store(midnight + minute, Ordering::Relaxed);
        let after = kernel::Day::parse(today(&d).as_str().expect("a day"))?;
        assert_eq!(before.plus_days(1), after);
        assert_eq!(before, house.cx(1).today());
        Ok(())
    });
}
