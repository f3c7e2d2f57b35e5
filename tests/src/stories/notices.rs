//! Whoever may do what a document waits for finds it in the inbox, and by mail where they wish so.
use super::jobs::do_all;
use crate::house::{House, TENANT, code, each};
use access::user::NewUser;
use connect::notice::{self, Notice, NoticeKind, NoticeSetting};
use kernel::{Id, Result};
use sales::Order;
use store::jobs::{self, Job};

/// A user of some usual roles, with a context of their own.
fn user(h: &House, login: &str, roles: &[&str]) -> Result<i64> {
    let new = NewUser { login, name: login, department: None, roles };
    h.run(|cx, tx| access::commands::create_user(cx, tx, &new).map(|u| u.id.raw()))
}

/// The consumer reads until nothing is new.
pub(super) fn look(h: &House) -> Result<()> {
    h.store.seal(TENANT, h.now())?;
    let cx = kernel::Ctx::system(TENANT, h.now(), h.store.ids());
    while h.store.run(&cx, |cx, tx| flows::notices::look(cx, tx, "looker"))? > 0 {
        h.store.seal(TENANT, h.now())?;
    }
    Ok(())
}

fn inbox(h: &House, user: i64) -> Result<Vec<Notice>> {
    h.store.read(&h.cx(user), notice::mine)
}

fn unread(h: &House, user: i64) -> Result<i64> {
    h.store.read(&h.cx(user), notice::unread)
}

pub(super) struct People {
    admin: i64,
    pub(super) credit: i64,
    desk: i64,
    seller: i64,
}

pub(super) fn people(h: &House) -> Result<People> {
    h.run(access::commands::create_usual_roles)?;
    look(h)?;
    Ok(People {
        admin: user(h, "admin", &["admin"])?,
        credit: user(h, "credit", &["credit"])?,
        desk: user(h, "desk", &["order_desk"])?,
        seller: user(h, "seller", &["sales"])?,
    })
}

/// An order over the customer's credit, confirmed and held.
pub(super) fn held(h: &House) -> Result<Order> {
    let screws = h.product("SCREW-M4", "1.13", 1000, 70)?;
    let customer = h.customer("恒远机电", "N30", Some(100))?;
    h.submitted(customer, &[(screws, 500)])
}

#[test]
fn who_may_release_a_credit_hold_is_told_and_nobody_else_and_it_settles() {
    each(|h| {
        let all = people(h)?;
        let order = held(h)?;
        look(h)?;
        look(h)?;
        let told = inbox(h, all.credit)?;
        assert_eq!(told.len(), 1, "once, however often it is looked at");
        assert_eq!((told[0].kind, told[0].reason.as_str()), (NoticeKind::Hold, "credit"));
        assert_eq!((told[0].document_kind.as_str(), told[0].document), ("order", order.id.raw()));
        for other in [all.desk, all.seller, all.admin] {
            let told: Vec<String> = inbox(h, other)?.into_iter().map(|n| n.reason).collect();
            assert!(!told.contains(&"credit".to_owned()), "{told:?}");
        }
        assert_eq!(unread(h, all.credit)?, 1);
        let hold = Id::from_raw(told[0].subject);
        h.as_user(all.credit, |cx, tx| {
            flows::order_to_cash::holds::release_hold(cx, tx, hold, "老客户").map(|_| ())
        })?;
        look(h)?;
        assert_eq!(unread(h, all.credit)?, 0);
        assert!(inbox(h, all.credit)?[0].settled_at.is_some());
        h.check()
    });
}

#[test]
fn a_notice_is_read_and_unread_by_its_own_reader_only() {
    each(|h| {
        let all = people(h)?;
        held(h)?;
        look(h)?;
        let id = inbox(h, all.credit)?[0].id.raw();
        let mark =
            |user: i64, read: bool| h.as_user(user, |cx, tx| notice::mark(cx, tx, &[id], read));
        mark(all.desk, true)?;
        assert_eq!(unread(h, all.credit)?, 1, "another's mark is worth nothing");
        mark(all.credit, true)?;
        assert_eq!(unread(h, all.credit)?, 0);
        mark(all.credit, false)?;
        assert_eq!(unread(h, all.credit)?, 1);
        Ok(())
    });
}

#[test]
fn where_nobody_has_the_work_the_administrator_is_told() {
    each(|h| {
        let all = people(h)?;
        let on = kernel::DocRef { kind: "company", id: h.company };
        let id: Id<Job> = h.run(|cx, tx| jobs::queue(cx, tx, jobs::NewJob::of("close_day", on)))?;
        for _ in 0..9 {
            h.at(h.now().plus(jobs::GOOD_FOR));
            h.run(|cx, tx| jobs::take(cx, tx, id, "gone").map(|_| ()))?;
        }
        look(h)?;
        let told = inbox(h, all.admin)?;
        assert_eq!(told.iter().map(|n| n.kind).collect::<Vec<_>>(), [NoticeKind::WorkDied]);
        h.as_user(all.admin, |cx, tx| jobs::retry(cx, tx, id).map(|_| ()))?;
        look(h)?;
        assert_eq!(unread(h, all.admin)?, 0);
        Ok(())
    });
}

#[test]
fn whoever_began_long_work_hears_when_it_is_done() {
    each(|h| {
        let all = people(h)?;
        let screws = h.product("SCREW-M4", "1.13", 10_000, 70)?;
        let customer = h.customer("恒远机电", "N30", None)?;
        let id = h.order(customer, &vec![(screws, 1); 300])?;
        h.as_user(all.desk, |cx, tx| {
            flows::order_to_cash::submit::submit_order(cx, tx, id).map(|_| ())
        })?;
        look(h)?;
        assert_eq!(inbox(h, all.desk)?.len(), 0, "not before");
        do_all(h, &flows::jobs::handlers(), "a")?;
        look(h)?;
        let told = inbox(h, all.desk)?;
        assert_eq!((told[0].kind, told[0].document), (NoticeKind::WorkDone, id.raw()));
        Ok(())
    });
}

#[test]
fn mail_goes_into_a_folder_in_the_readers_language_once() {
    each(|h| {
        let all = people(h)?;
        let wish = |mail: &str, lang: &str| NoticeSetting {
            id: Id::from_raw(0),
            mail: mail.into(),
            by_mail: true,
            lang: lang.into(),
        };
        let set = |wish: NoticeSetting| h.as_user(all.credit, |cx, tx| notice::set(cx, tx, &wish));
        assert_eq!(code(set(wish("a@b\r\nBcc: c@d.e", "en"))), "notice.mail");
        set(wish("credit@example.com", "zh-CN"))?;
        held(h)?;
        look(h)?;
        let name = format!("hl_mail_{}_{:?}", std::process::id(), h.store.engine());
        let folder = std::env::temp_dir().join(name);
        let mailer = || {
            let setting = format!("file:{}", folder.display());
            let from = "Huiliu <huiliu@example.com>";
            connect::mail::Mailer::new(&setting, from, "https://erp.example.com/")
        };
        let mut handlers = flows::jobs::handlers();
        handlers.push(connect::mail::handler(mailer()?));
        assert_eq!(do_all(h, &handlers, "post")?, 1);
        assert_eq!(do_all(h, &handlers, "post")?, 0);
        let files: Vec<_> = std::fs::read_dir(&folder).expect("it was made").flatten().collect();
        assert_eq!(files.len(), 1);
        let text = std::fs::read_to_string(files[0].path()).expect("it is text");
        assert!(text.contains("To: credit@example.com"), "{text}");
        assert!(text.contains("From: Huiliu <huiliu@example.com>"), "{text}");
        assert!(text.contains("Subject: =?utf-8?"), "the subject is Chinese: {text}");
        let told = inbox(h, all.credit)?.remove(0);
        let zh = mailer()?.words(&told, store::meta::words::Lang::Zh);
        let en = mailer()?.words(&told, store::meta::words::Lang::En);
        assert!(zh.0.contains("等待您放行") && en.0.contains("yours to release"), "{zh:?} {en:?}");
        assert!(en.1.contains("https://erp.example.com/inbox"));
        std::fs::remove_dir_all(folder).expect("it can go");
        Ok(())
    });
}

#[test]
fn a_mail_server_that_does_not_answer_costs_a_try_and_no_notice() {
    each(|h| {
        let all = people(h)?;
        let wish = NoticeSetting {
            id: Id::from_raw(0),
            mail: "credit@example.com".into(),
            by_mail: true,
            lang: "en".into(),
        };
        h.as_user(all.credit, |cx, tx| notice::set(cx, tx, &wish))?;
        held(h)?;
        look(h)?;
        // Port 9 of this machine: nobody listens.
        let mailer = connect::mail::Mailer::new("smtp://127.0.0.1:9", "a@example.com", "")?;
        assert_eq!(do_all(h, &[connect::mail::handler(mailer)], "post")?, 1);
        let job = super::jobs::all_jobs(h)?.remove(0);
        assert!(job.last_error.starts_with("mail.not_sent"), "{}", job.last_error);
        assert_eq!((job.state, unread(h, all.credit)?), (jobs::JobState::Open, 1));
        Ok(())
    });
}

#[test]
fn who_answers_for_a_figure_is_told_once_a_week_that_it_was_missed() {
    each(|h| {
        let all = people(h)?;
        let entities = flows::entities();
        let entity = entities.iter().find(|e| e.name == "kpi_target").expect("declared");
        let owner = all.desk.to_string();
        let target =
            |kpi: &str| serde_json::json!({ "kpi": kpi, "target": "91.5", "owner": owner });
        h.run(|cx, tx| store::rows::create(cx, tx, entity, &target("otif"), None))?;
        let twice = h.run(|cx, tx| store::rows::create(cx, tx, entity, &target("otif"), None));
        assert!(twice.is_err(), "a figure has one target");
        let set = h.read(|_, tx| flows::targets::all(tx))?;
        assert_eq!((set.len(), set[0].kpi.as_str(), set[0].target.0), (1, "otif", 91_500_000));
        for (what, notices) in
            [("red:2026-01-05", 1), ("red:2026-01-05", 1), ("outside:2026-01-12", 2)]
        {
            h.run(|cx, tx| flows::targets::miss(cx, tx, set[0].id, what))?;
            look(h)?;
            let told = inbox(h, all.desk)?;
            assert_eq!(told.len(), notices, "{what}");
            assert_eq!(told[0].kind, NoticeKind::Figure);
            assert_eq!(
                (told[0].document_kind.as_str(), told[0].document),
                ("kpi_target", set[0].id.raw())
            );
            assert_eq!(told[0].reason, what.split(':').next().unwrap_or_default());
        }
        assert!(inbox(h, all.seller)?.is_empty(), "nobody else is told");
        h.check()
    });
}

#[test]
fn a_scorecard_reaches_its_reader_once_a_day_and_only_who_may_see_figures() {
    each(|h| {
        let all = people(h)?;
        let entities = flows::entities();
        let entity = entities.iter().find(|e| e.name == "scorecard").expect("declared");
        let card = |reader: i64, day: i64| {
            serde_json::json!({ "name": "周一例会", "board": "cash", "every": "week", "day": day,
                "minute": 480, "owner": all.admin.to_string(), "reader": reader.to_string(),
                "active": true })
        };
        let rule = flows::rules().into_iter().find(|(name, _)| *name == "scorecard");
        let rule = rule.map(|(_, rule)| rule);
        let create = |body: serde_json::Value| {
            h.run(|cx, tx| store::rows::create(cx, tx, entity, &body, rule))
        };
        assert_eq!(code(create(card(all.admin, 8))), "scorecard.day");
        for reader in [all.admin, all.desk] {
            create(card(reader, 1))?;
        }
        let wish = NoticeSetting {
            id: Id::from_raw(all.admin),
            mail: "admin@example.com".to_owned(),
            by_mail: true,
            lang: "en".to_owned(),
        };
        h.as_user(all.admin, |cx, tx| notice::set(cx, tx, &wish))?;
        let cards = h.read(|_, tx| flows::scorecards::active(tx))?;
        assert_eq!(cards.len(), 2);
        let (zone, now) = (kernel::Zone::china(), h.now());
        let day = cards[0].due(&zone, now).expect("some Monday has passed");
        let bands = flows::scorecards::Bands { red: 2, amber: 1, green: 9 };
        for card in cards.iter().chain(&cards) {
            h.run(|cx, tx| flows::scorecards::send(cx, tx, card.id, day, bands))?;
        }
        look(h)?;
        let told = inbox(h, all.admin)?;
        assert_eq!(told.len(), 1, "sent twice, told once");
        assert_eq!((told[0].kind, told[0].reason.as_str()), (NoticeKind::Scorecard, "2/1/9"));
        assert_eq!(told[0].document_kind, "scorecard");
        assert!(inbox(h, all.desk)?.is_empty(), "who may not see figures gets none");
        let cards = h.read(|_, tx| flows::scorecards::active(tx))?;
        assert!(cards.iter().all(|card| card.due(&zone, now).is_none()), "sent for this week");
        // By mail too, as the reader wishes, with what the board says.
        let folder = std::env::temp_dir().join(format!("huiliu-card-{}", std::process::id()));
        let post = format!("file:{}", folder.display());
        let mailer = connect::mail::Mailer::new(&post, "a@example.com", "https://hl.example")?;
        let (subject, _) = mailer.words(&told[0], meta::words::Lang::En);
        assert_eq!(subject, "Your figures: 2 red, 1 amber, 9 green");
        assert_eq!(do_all(h, &[connect::mail::handler(mailer)], "post")?, 1);
        let sent = std::fs::read_dir(&folder).expect("a folder").count();
        assert_eq!(sent, 1);
        std::fs::remove_dir_all(&folder).expect("removed");
        h.check()
    });
}
