//! Signing in, links, set-up, scopes and roles on both engines; refusals as carefully.
#![expect(clippy::unwrap_used, reason = "a set-up that fails is a test that fails")]
use access::commands::{self, Attempt, Outcome, SetUp, SignedIn};
use access::company::NewCompany;
use access::department::NewDepartment;
use access::role::Reach;
use access::sign_in::Kind;
use access::user::{NewUser, User};
use access::{password, questions, sign_in};
use kernel::{Ctx, Done, Id, Instant, Result, ScopeKind};
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use store::scope::{Belongs, Scope, intern};
use store::{Store, Target, Tx};

struct Place {
    store: Store,
    schema: Option<String>,
    dir: std::path::PathBuf,
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(schema) = &self.schema {
            let _ended = self.store.script(&format!("DROP SCHEMA {schema} CASCADE"));
        }
        let _gone = std::fs::remove_dir_all(&self.dir);
    }
}

const NOW: Instant = Instant(Instant::DAY * 20_500);
const GOOD: &str = "correct horse";

/// A fresh SQLite file and, where `HUILIU_TEST_PG` names a server, a schema of its own there.
fn places() -> Vec<Place> {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let name = format!("access_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let dir = std::env::temp_dir().join(&name);
    std::fs::create_dir_all(&dir).unwrap();
    let all: Vec<_> = store::ENTITIES.iter().chain(access::entities::ENTITIES).copied().collect();
    let open = |target| Store::open_declared(&target, NOW, &all).unwrap();
    let lite = open(Target::File(dir.join("t.db")));
    let mut places = vec![Place { store: lite, schema: None, dir: dir.clone() }];
    if let Ok(url) = std::env::var("HUILIU_TEST_PG") {
        let target = Target::Postgres { url, schema: name.clone() };
        places.push(Place { store: open(target), schema: Some(name), dir });
    }
    places
}

fn bytes() -> [u8; 32] {
    static NEXT: AtomicU8 = AtomicU8::new(1);
    [NEXT.fetch_add(1, Ordering::Relaxed); 32]
}

impl Place {
    fn system(&self, now: Instant) -> Ctx {
        Ctx::system(1, now, self.store.ids())
    }
    fn run<T>(&self, now: Instant, job: impl Fn(&Ctx, &mut Tx) -> Result<T>) -> Result<T> {
        self.store.run(&self.system(now), job)
    }
    /// A tenant with a company, the usual roles, two departments and two users of sales.
    fn fill(&self) -> (Id<User>, Id<User>) {
        self.run(NOW, |cx, tx| {
            commands::create_tenant(cx, tx, "汇流集团")?;
            let new = NewCompany::usual("HL", "汇流五金", "2026-01");
            let company = commands::create_company(cx, tx, new)?.id;
            commands::create_usual_roles(cx, tx)?;
            tx.flush()?;
            let top = NewDepartment { company, code: "S", name: "销售部", parent: None };
            let top = commands::create_department(cx, tx, &top)?.id;
            let (code, name) = ("S1", "华东组");
            let below = NewDepartment { company, code, name, parent: Some(top) };
            let below = commands::create_department(cx, tx, &below)?.id;
            let roles: &[&str] = &["sales"];
            let (login, name) = ("li.lei", "李雷");
            let li = NewUser { login, name, department: Some(top), roles };
            let (login, name) = ("han.meimei", "韩梅梅");
            let han = NewUser { login, name, department: Some(below), roles };
            let li = commands::create_user(cx, tx, &li)?.id;
            Ok((li, commands::create_user(cx, tx, &han)?.id))
        })
        .unwrap()
    }
    fn give_password(&self, user: Id<User>) {
        let hashed = password::hash("li.lei", GOOD, [7; 16]).unwrap();
        self.run(NOW, |cx, tx| commands::set_password(cx, tx, user, &hashed)).unwrap();
    }
    fn try_sign_in(&self, login: &str, plain: &str, now: Instant) -> Outcome {
        let known =
            self.store.read(&self.system(now), |_, tx| questions::credentials(tx, login, now));
        let proof = password::verify(&known.unwrap(), plain).unwrap();
        let attempt = Attempt { proof, bytes: bytes(), device: "test".into() };
        self.run(now, |cx, tx| commands::sign_in(cx, tx, &attempt)).unwrap()
    }
    fn session(&self, signed_in: &SignedIn, now: Instant) -> Result<Ctx> {
        let hash = signed_in.token.hash();
        self.store.read(&self.system(now), |_, tx| {
            access::context(tx, &hash, now, self.store.ids(), None)
        })
    }
    fn facts(&self, activity: &str) -> i64 {
        let activity = kernel::Stored::text(activity);
        let count = |_: &Ctx, tx: &mut Tx| {
            let sql = store::sql!(
                "SELECT CAST(COUNT(*) AS BIGINT) FROM fact WHERE tenant_id = $1 AND activity = $2"
            );
            tx.value(sql, &[activity])
        };
        self.store.read(&self.system(NOW), count).unwrap().unwrap_or(0)
    }
}

fn code(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::In(_) => "in",
        Outcome::Refused(error) => error.code,
    }
}

fn signed_in(outcome: Outcome) -> SignedIn {
    match outcome {
        Outcome::In(signed_in) => signed_in,
        Outcome::Refused(error) => panic!("{error}"),
    }
}

#[test]
fn the_right_password_opens_a_session_of_the_user_in_their_company() {
    for place in places() {
        let (li, _) = place.fill();
        place.give_password(li);
        let session = signed_in(place.try_sign_in(" Li.Lei ", GOOD, NOW));
        let cx = place.session(&session, NOW).unwrap();
        assert_eq!((cx.user, cx.base.code()), (li.raw(), "CNY"));
        assert!(cx.company > 0 && cx.department > 0);
        assert_eq!(cx.reach("crm.lead.create"), Some(ScopeKind::Own));
        assert_eq!(cx.reach("product.product.read"), Some(ScopeKind::All));
        assert_eq!(cx.reach("sales.hold.release"), None);
        assert_eq!(cx.reach("access.user.create"), None);
        assert_eq!(place.facts("user.signed_in"), 1);
    }
}

#[test]
fn unknown_wrong_and_disabled_are_refused_in_the_same_words() {
    for place in places() {
        let (li, han) = place.fill();
        place.give_password(li);
        place.give_password(han);
        place.run(NOW, |cx, tx| commands::disable_user(cx, tx, han)).unwrap().now().unwrap();
        let words = |login, plain| match place.try_sign_in(login, plain, NOW) {
            Outcome::Refused(e) => (e.code, e.detail, e.fields),
            Outcome::In(_) => panic!("let in"),
        };
        let wrong = words("li.lei", "wrong horse");
        assert_eq!(wrong.0, "access.wrong_sign_in");
        assert_eq!(words("nobody", GOOD), wrong);
        assert_eq!(words("han.meimei", GOOD), wrong);
    }
}

#[test]
fn five_failures_are_free_then_even_the_right_password_waits_but_never_for_good() {
    for place in places() {
        let (li, _) = place.fill();
        place.give_password(li);
        for login in ["li.lei", "nobody"] {
            for _ in 0..5 {
                let refused = place.try_sign_in(login, "wrong horse", NOW);
                assert_eq!(code(&refused), "access.wrong_sign_in");
            }
            assert_eq!(code(&place.try_sign_in(login, GOOD, NOW)), "access.throttled");
        }
        let later = NOW.plus(Instant::SECOND);
        assert_eq!(code(&place.try_sign_in("li.lei", GOOD, later)), "in");
        let wrong = place.try_sign_in("li.lei", "wrong horse", later);
        assert_eq!(code(&wrong), "access.wrong_sign_in");
        assert_eq!(code(&place.try_sign_in("li.lei", GOOD, later)), "in");
        assert_eq!(place.facts("user.sign_in_refused"), 6);
    }
}

#[test]
fn a_link_signs_in_once_within_fifteen_minutes() {
    for place in places() {
        let (li, _) = place.fill();
        let issue = || {
            let (bytes, issue) = (bytes(), |cx: &Ctx, tx: &mut Tx, bytes| {
                commands::issue_link(cx, tx, Some(li), bytes)
            });
            place.run(NOW, |cx, tx| issue(cx, tx, bytes)).unwrap()
        };
        let redeem = |link: &str, now: Instant| {
            let bytes = bytes();
            place.run(now, |cx, tx| commands::redeem_link(cx, tx, link, bytes, "test"))
        };
        let link = issue();
        let session = redeem(link.text(), NOW).unwrap();
        assert_eq!(place.session(&session, NOW).unwrap().user, li.raw());
        let late = issue();
        for (link, now) in [
            (link.text(), NOW),
            (late.text(), NOW.plus(15 * Instant::MINUTE)),
            (session.token.text(), NOW),
            ("", NOW),
            ("00", NOW),
        ] {
            let refused = redeem(link, now).map(|_| ()).map_err(|e| e.code);
            assert_eq!(refused, Err("access.link_invalid"));
        }
        let looked = |token: &str| {
            place.store.read(&place.system(NOW), |_, tx| questions::link(tx, token, NOW)).unwrap()
        };
        assert_eq!(looked(late.text()), Some(Kind::Link));
        assert_eq!(looked(link.text()), None);
        assert_eq!(looked(session.token.text()), None);
    }
}

#[test]
fn a_session_ends_by_sign_out_by_disabling_and_by_a_new_password() {
    for place in places() {
        let (li, _) = place.fill();
        place.give_password(li);
        let gone = |session: &SignedIn| {
            place.session(session, NOW).map(|_| ()).map_err(|e| e.code)
                == Err("access.sign_in_needed")
        };
        let first = signed_in(place.try_sign_in("li.lei", GOOD, NOW));
        let cx = place.session(&first, NOW).unwrap();
        place.store.run(&cx, |cx, tx| commands::sign_out(cx, tx, first.sign_in)).unwrap();
        assert!(gone(&first));
        let second = signed_in(place.try_sign_in("li.lei", GOOD, NOW));
        assert!(!gone(&second));
        place.give_password(li);
        assert!(gone(&second));
        let third = signed_in(place.try_sign_in("li.lei", GOOD, NOW));
        place.run(NOW, |cx, tx| commands::disable_user(cx, tx, li)).unwrap().now().unwrap();
        assert!(gone(&third));
        let again = place.run(NOW, |cx, tx| commands::disable_user(cx, tx, li)).unwrap();
        assert!(matches!(again, Done::Already));
        let forged = SignedIn { token: sign_in::Token::of(1, [0; 32]), ..third };
        assert!(gone(&forged));
    }
}

#[test]
fn the_eleventh_device_pushes_the_first_one_out() {
    for place in places() {
        let (li, _) = place.fill();
        place.give_password(li);
        let all: Vec<SignedIn> =
            (0..11).map(|_| signed_in(place.try_sign_in("li.lei", GOOD, NOW))).collect();
        assert!(place.session(&all[0], NOW).is_err());
        assert!(all[1..].iter().all(|s| place.session(s, NOW).is_ok()));
        let cx = place.session(&all[1], NOW).unwrap();
        let open = place.store.read(&cx, questions::sign_ins).unwrap();
        assert_eq!(open.len(), 10);
    }
}

#[test]
fn set_up_runs_once_and_its_administrator_may_do_everything() {
    for place in places() {
        let link = bytes();
        let link = place
            .run(NOW, |cx, tx| {
                commands::create_tenant(cx, tx, "汇流集团")?;
                commands::issue_link(cx, tx, None, link)
            })
            .unwrap();
        let answers = |company: NewCompany| SetUp {
            link: link.text(),
            company,
            login: "boss",
            name: "王总",
            password: password::hash("boss", GOOD, [1; 16]).unwrap(),
            bytes: [99; 32],
            device: "test",
        };
        let set_up =
            |answers: &SetUp<'_>| place.run(NOW, |cx, tx| commands::set_up(cx, tx, answers));
        let bad = answers(NewCompany::usual("HL", "", "2026-01"));
        assert_eq!(set_up(&bad).map(|_| ()).map_err(|e| e.code), Err("company.no_name"));
        let good = answers(NewCompany::usual("HL", "汇流五金", "2026-01"));
        let (company, session) = set_up(&good).unwrap();
        let cx = place.session(&session, NOW).unwrap();
        assert_eq!(cx.company, company.id.raw());
        assert_eq!(cx.reach("sales.order.confirm"), Some(ScopeKind::All));
        let again = set_up(&good).map(|_| ()).map_err(|e| e.code);
        assert_eq!(again, Err("access.link_invalid"));
        let another = bytes();
        let issued = place.run(NOW, |cx, tx| commands::issue_link(cx, tx, None, another));
        assert_eq!(issued.map(|_| ()).map_err(|e| e.code), Err("access.already_set_up"));
        assert_eq!(code(&place.try_sign_in("boss", GOOD, NOW)), "in");
    }
}

#[test]
fn a_scope_holds_ones_own_rows_or_the_departments_below_or_all() {
    for place in places() {
        let (li, han) = place.fill();
        let ctx = |login: &str| {
            place
                .store
                .read(&place.system(NOW), |_, tx| {
                    access::user_ctx(tx, login, "HL", NOW, place.store.ids())
                })
                .unwrap()
        };
        let rows = |cx: &Ctx| {
            let belongs = Belongs {
                company: cx.company,
                owner: cx.user,
                department: cx.department,
                ..Belongs::default()
            };
            place.store.run(cx, |cx, tx| intern(cx, tx, belongs)).unwrap()
        };
        let (lis, hans) = (rows(&ctx("li.lei")), rows(&ctx("han.meimei")));
        let scope = |cx: &Ctx, permission: &str| {
            place.store.read(cx, |cx, tx| access::scope_for(cx, tx, permission))
        };
        let cx = ctx("li.lei");
        assert_eq!(scope(&cx, "sales.order.read"), Ok(Scope::Only(vec![lis])));
        assert_eq!(scope(&cx, "party.party.read"), Ok(Scope::All));
        assert_eq!(scope(&cx, "ledger.entry.read").map_err(|e| e.code), Err("access.forbidden"));
        let role = place
            .run(NOW, |cx, tx| {
                let role = commands::create_role(cx, tx, "sales_lead", "")?.id;
                tx.flush()?;
                let reach = Reach::Department;
                assert_eq!(commands::grant(cx, tx, role, "sales.*", reach)?, Done::Now(Vec::new()));
                assert_eq!(commands::grant(cx, tx, role, "sales.*", reach)?, Done::Already);
                for user in [li, han] {
                    assert_eq!(
                        commands::assign_role(cx, tx, user, role)?,
                        Done::Now(vec!["order_and_approval".to_owned()])
                    );
                    assert_eq!(commands::assign_role(cx, tx, user, role)?, Done::Already);
                }
                Ok(role)
            })
            .unwrap();
        let mut both = vec![lis, hans];
        both.sort_unstable();
        assert_eq!(scope(&ctx("li.lei"), "sales.order.read"), Ok(Scope::Only(both)));
        assert_eq!(scope(&ctx("han.meimei"), "sales.order.read"), Ok(Scope::Only(vec![hans])));
        let less = |permission: &'static str| {
            place.run(NOW, |cx, tx| commands::withdraw_grant(cx, tx, role, permission))
        };
        assert_eq!(less("crm.*"), Ok(Done::Already));
        assert_eq!(less("sales.*"), Ok(Done::Now(())));
        assert_eq!(scope(&ctx("li.lei"), "sales.order.read"), Ok(Scope::Only(vec![lis])));
        let again = |cx: &Ctx, tx: &mut Tx| {
            commands::grant(cx, tx, role, "sales.*", Reach::Department).map(|_| ())
        };
        place.run(NOW, again).unwrap();
        place.run(NOW, |cx, tx| commands::withdraw_role(cx, tx, li, role)).unwrap().now().unwrap();
        assert_eq!(scope(&ctx("li.lei"), "sales.order.read"), Ok(Scope::Only(vec![lis])));
    }
}

#[test]
fn nobody_without_the_permission_creates_users_grants_or_sets_anothers_password() {
    for place in places() {
        let (li, han) = place.fill();
        let ctx = place.store.read(&place.system(NOW), |_, tx| {
            access::user_ctx(tx, "li.lei", "", NOW, place.store.ids())
        });
        let ctx = ctx.unwrap();
        let hashed = password::hash("li.lei", GOOD, [7; 16]).unwrap();
        let run = |job: &dyn Fn(&Ctx, &mut Tx) -> Result<()>| {
            place.store.run(&ctx, |cx, tx| job(cx, tx)).map_err(|e| e.code)
        };
        let forbidden = Err("access.forbidden");
        let (login, name) = ("spy", "Spy");
        let spy = NewUser { login, name, department: None, roles: &["admin"] };
        assert_eq!(run(&|cx, tx| commands::create_user(cx, tx, &spy).map(|_| ())), forbidden);
        assert_eq!(run(&|cx, tx| commands::create_role(cx, tx, "x", "").map(|_| ())), forbidden);
        let role = Id::from_raw(1);
        let grant =
            |cx: &Ctx, tx: &mut Tx| commands::grant(cx, tx, role, "*", Reach::All).map(|_| ());
        assert_eq!(run(&grant), forbidden);
        let assign = |cx: &Ctx, tx: &mut Tx| commands::assign_role(cx, tx, li, role).map(|_| ());
        assert_eq!(run(&assign), forbidden);
        assert_eq!(run(&|cx, tx| commands::set_password(cx, tx, han, &hashed)), forbidden);
        assert_eq!(run(&|cx, tx| commands::set_password(cx, tx, li, &hashed)), Ok(()));
        let link =
            |cx: &Ctx, tx: &mut Tx| commands::issue_link(cx, tx, Some(han), [3; 32]).map(|_| ());
        assert_eq!(run(&link), forbidden);
        assert_eq!(place.facts("user.created"), 2);
    }
}

#[test]
fn names_that_are_taken_or_unknown_are_refused() {
    for place in places() {
        let (li, _) = place.fill();
        let run = |job: &dyn Fn(&Ctx, &mut Tx) -> Result<()>| {
            place.run(NOW, |cx, tx| job(cx, tx)).map_err(|e| e.code)
        };
        let user = |login: &'static str, roles: &'static [&'static str]| {
            move |cx: &Ctx, tx: &mut Tx| {
                let new = NewUser { login, name: "X", department: None, roles };
                commands::create_user(cx, tx, &new).map(|_| ())
            }
        };
        assert_eq!(run(&user("LI.LEI", &[])), Err("user.login_taken"));
        assert_eq!(run(&user("x y", &[])), Err("user.login_invalid"));
        assert_eq!(run(&user("wang", &["king"])), Err("role.not_found"));
        let company = |cx: &Ctx, tx: &mut Tx| {
            commands::create_company(cx, tx, NewCompany::usual("HL", "Y", "2026-01")).map(|_| ())
        };
        assert_eq!(run(&company), Err("company.code_taken"));
        let tenant = |cx: &Ctx, tx: &mut Tx| commands::create_tenant(cx, tx, "Z").map(|_| ());
        assert_eq!(run(&tenant), Err("tenant.exists"));
        let asked = |login: &str, company: &str| {
            let ids = place.store.ids();
            let ask = |_: &Ctx, tx: &mut Tx| access::user_ctx(tx, login, company, NOW, ids);
            place.store.read(&place.system(NOW), ask).map(|_| ()).map_err(|e| e.code)
        };
        assert_eq!(asked("nobody", "HL"), Err("user.not_found"));
        assert_eq!(asked("li.lei", "XX"), Err("company.not_found"));
        place.run(NOW, |cx, tx| commands::disable_user(cx, tx, li)).unwrap().now().unwrap();
        assert_eq!(asked("li.lei", "HL"), Err("user.disabled"));
    }
}

#[test]
fn the_last_administrator_keeps_the_role() {
    for place in places() {
        let (li, _) = place.fill();
        let sql = || store::sql!("SELECT id FROM role WHERE tenant_id = $1 AND code = 'admin'");
        let find = |_: &Ctx, tx: &mut Tx| tx.value::<i64>(sql(), &[]);
        let admin = place.store.read(&place.system(NOW), find).unwrap().unwrap();
        let admin = Id::from_raw(admin);
        place.run(NOW, |cx, tx| commands::assign_role(cx, tx, li, admin)).unwrap().now().unwrap();
        let taken = place.run(NOW, |cx, tx| commands::withdraw_role(cx, tx, li, admin));
        assert_eq!(taken.map_err(|e| e.code), Err("role.last_admin"));
    }
}

#[test]
fn tokens_that_ended_are_forgotten_after_thirty_days_and_living_ones_stay() {
    for place in places() {
        let (li, _) = place.fill();
        let link = bytes();
        place.run(NOW, |cx, tx| commands::issue_link(cx, tx, Some(li), link)).unwrap();
        let later = |days: i64| NOW.plus(days * Instant::DAY + 15 * Instant::MINUTE);
        assert_eq!(place.run(later(30), commands::forget_ended), Ok(0));
        assert_eq!(place.run(later(31), commands::forget_ended), Ok(1));
    }
}

#[test]
fn every_statement_of_access_prepares_on_each_engine() {
    for place in places() {
        // `open_declared` runs no migrations, so their table is not there.
        let all = store::all_statements();
        for (sql, name, _) in all.into_iter().filter(|(_, name, _)| !name.contains("migrate")) {
            let told = place.store.describe(sql);
            assert!(told.is_ok(), "{name}: {:?}", told.err());
        }
    }
}
