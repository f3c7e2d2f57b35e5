//! Work that goes on by itself: long orders, who does a job, what happens when it fails.
use crate::house::{House, code, each};
use kernel::{Ctx, DocRef, Error, Id, Instant, Qty, Result};
use sales::Order;
use std::cell::Cell;
use std::sync::atomic::AtomicBool;
use store::Tx;
use store::jobs::{self, Job, JobState, NewJob, Step};
use store::work::{Hand, Handler, Work};

static GOES_ON: AtomicBool = AtomicBool::new(false);

/// Does what is due as one thread of the program would, until nothing is; how many jobs.
pub(super) fn do_all(h: &House, handlers: &[Handler], holder: &str) -> Result<usize> {
    let hand = Hand {
        store: &h.store,
        tenant: h.tenant,
        clock: &|| h.now(),
        handlers,
        at_work: flows::jobs::at_work,
        stop: &GOES_ON,
        holder,
    };
    let mut count = 0;
    while hand.do_one()? {
        count += 1;
    }
    Ok(count)
}

pub(super) fn all_jobs(h: &House) -> Result<Vec<Job>> {
    h.read(|_, tx| tx.list(store::find!(Job, "id > 0 ORDER BY id"), &[]))
}

/// An order of so many lines of two pieces each.
pub(super) fn long_order(h: &House, lines: usize, on_hand: i64) -> Result<Order> {
    let products: Vec<_> =
        (0..5).map(|n| h.product(&format!("P{n}"), "1.13", on_hand, 70)).collect::<Result<_>>()?;
    let customer = h.customer("恒远机电", "N30", None)?;
    let lines: Vec<_> = (0..lines).map(|n| (products[n % 5], 2)).collect();
    h.submitted(customer, &lines)
}

fn reserved(order: &Order) -> Qty {
    order.lines.iter().map(|l| l.reserved).sum()
}

#[test]
fn an_order_of_450_lines_is_confirmed_at_once_and_supplied_in_ranges() {
    each(|h| {
        let order = long_order(h, 450, 1000)?;
        assert_eq!(order.state, sales::OrderState::Confirmed);
        assert_eq!((reserved(&order), order.holds), (Qty::ZERO, 0));
        h.check()?;
        assert_eq!(do_all(h, &flows::jobs::handlers(), "a")?, 1);
        let order = h.get(order.id)?;
        assert_eq!(reserved(&order), Qty::whole(900));
        let job = all_jobs(h)?.remove(0);
        assert_eq!((job.state, job.steps_done, job.steps_total), (JobState::Done, 450, 450));
        assert_eq!(h.open_shipments(order.id)?.len(), 1);
        h.check()?;
        h.ship_all(order.id)?;
        assert_eq!(do_all(h, &flows::jobs::handlers(), "a")?, 0, "nothing is left to supply");
        h.check()
    });
}

#[test]
fn an_order_of_200_lines_needs_no_job() {
    each(|h| {
        let order = long_order(h, 200, 1000)?;
        assert_eq!(reserved(&order), Qty::whole(400));
        assert_eq!(all_jobs(h)?.len(), 0);
        Ok(())
    });
}

#[test]
fn a_long_order_that_is_short_waits_and_gets_what_comes_in() {
    each(|h| {
        let order = long_order(h, 250, 60)?;
        assert_eq!(order.holds, 1, "five products of 60 pieces for 500 wanted");
        do_all(h, &flows::jobs::handlers(), "a")?;
        assert_eq!(reserved(&h.get(order.id)?), Qty::whole(300));
        let product = order.lines[0].product;
        h.stock_up(product, 40, 70)?;
        assert_eq!(do_all(h, &flows::jobs::handlers(), "a")?, 1, "the receipt leaves a job");
        assert_eq!(reserved(&h.get(order.id)?), Qty::whole(340));
        for line in &order.lines[1..5] {
            h.stock_up(line.product, 40, 70)?;
        }
        assert!(do_all(h, &flows::jobs::handlers(), "a")? >= 1);
        let order = h.get(order.id)?;
        assert_eq!((reserved(&order), order.holds), (Qty::whole(500), 0));
        h.check()
    });
}

#[test]
fn a_long_order_that_is_cancelled_gives_everything_back_at_once() {
    each(|h| {
        let order = long_order(h, 250, 1000)?;
        do_all(h, &flows::jobs::handlers(), "a")?;
        h.as_user(3, |cx, tx| {
            flows::order_to_cash::change::cancel_order(cx, tx, order.id, "客户撤单").map(|_| ())
        })?;
        assert_eq!(reserved(&h.get(order.id)?), Qty::ZERO);
        assert_eq!(do_all(h, &flows::jobs::handlers(), "a")?, 0);
        h.check()
    });
}

fn queue(h: &House, kind: &'static str) -> Result<Id<Job>> {
    let on = DocRef { kind: "company", id: h.company };
    h.run(|cx, tx| jobs::queue(cx, tx, NewJob::of(kind, on)))
}

fn later(h: &House, micros: i64) {
    h.at(h.now().plus(micros));
}

#[test]
fn who_is_ended_by_force_loses_the_job_to_another_who_goes_on_at_the_kept_place() {
    each(|h| {
        let order = long_order(h, 450, 1000)?;
        let id = all_jobs(h)?.remove(0).id;
        let take = |who: &'static str| h.run(|cx, tx| jobs::take(cx, tx, id, who));
        let first = take("a")?.expect("nobody holds it");
        assert!(take("b")?.is_none(), "it is held");
        let step = |job: &Job| {
            h.run(|cx, tx| {
                jobs::hold_on(cx, tx, job)?;
                let place = flows::order_to_cash::supply::RANGE as i64;
                let mut order = sales::commands::lock_order(tx, order.id)?;
                let from = job.place as usize;
                flows::order_to_cash::supply::run_range(cx, tx, &mut order, from)?;
                sales::commands::save_order(tx, &mut order)?;
                let more = Step::More { place: job.place + place, done: 200, total: 450 };
                jobs::stepped(cx, tx, job, &more)
            })
        };
        let first = step(&first)?.expect("it goes on");
        assert_eq!(reserved(&h.get(order.id)?), Qty::whole(400));
        // The process of `a` is gone; its lease ends after thirty seconds, not before.
        later(h, jobs::GOOD_FOR);
        let second = take("b")?.expect("the lease has ended");
        assert_eq!(second.place, 200);
        // `a` was only slow: what it does now leaves nothing behind.
        assert_eq!(code(step(&first)), "job.lost");
        assert_eq!(reserved(&h.get(order.id)?), Qty::whole(400));
        later(h, jobs::GOOD_FOR);
        do_all(h, &flows::jobs::handlers(), "c")?;
        assert_eq!(reserved(&h.get(order.id)?), Qty::whole(900));
        Ok(())
    });
}

thread_local! {
    static FAILING: Cell<bool> = const { Cell::new(false) };
}

/// Work that fails after it wrote something, for as long as the test says.
fn fails(cx: &Ctx, tx: &mut Tx, job: &Job) -> Result<Step> {
    flows::jobs::ensure(cx, tx)?;
    if FAILING.get() { Err(Error::conflict("store.busy", &job.kind)) } else { Ok(Step::Done) }
}

#[test]
fn a_job_that_fails_is_tried_eight_times_ever_later_and_then_waits_for_people() {
    each(|h| {
        let failing = [Handler { kind: "close_day", work: Work::Rows(fails) }];
        FAILING.set(true);
        let id = queue(h, "close_day")?;
        let mut waits = Vec::new();
        for _ in 0..8 {
            assert_eq!(do_all(h, &failing, "a")?, 1);
            let job = h.read(|_, tx| tx.get(id))?;
            waits.push((job.due_at.0 - h.now().0) / Instant::SECOND);
            assert_eq!(do_all(h, &failing, "a")?, 0, "not before it is due");
            h.at(job.due_at.max(h.now()));
        }
        assert_eq!(&waits[..7], &[5, 20, 80, 320, 1280, 3600, 3600]);
        let dead = h.read(|_, tx| tx.get(id))?;
        assert_eq!((dead.state, dead.attempts), (JobState::Dead, 8));
        assert!(dead.last_error.starts_with("store.busy"), "{}", dead.last_error);
        assert_eq!(schedules(h)?, 0, "a step that failed leaves nothing behind");
        let retry = |h: &House| h.as_user(9, |cx, tx| jobs::retry(cx, tx, id).map(|_| ()));
        retry(h)?;
        FAILING.set(false);
        assert_eq!(do_all(h, &failing, "a")?, 1);
        assert_eq!(h.read(|_, tx| tx.get(id))?.state, JobState::Done);
        assert_eq!(code(retry(h)), "state.not_allowed");
        Ok(())
    });
}

fn schedules(h: &House) -> Result<usize> {
    use flows::jobs::Schedule;
    h.read(|_, tx| Ok(tx.list::<Schedule>(store::find!(Schedule, "id > 0"), &[])?.len()))
}

#[test]
fn work_that_ends_the_program_each_time_is_given_up_too() {
    each(|h| {
        let id = queue(h, "close_day")?;
        for _ in 0..8 {
            assert!(h.run(|cx, tx| jobs::take(cx, tx, id, "gone"))?.is_some());
            later(h, jobs::GOOD_FOR);
        }
        assert_eq!(do_all(h, &flows::jobs::handlers(), "a")?, 0);
        assert_eq!(h.read(|_, tx| tx.get(id))?.state, JobState::Dead);
        Ok(())
    });
}

#[test]
fn what_documents_wait_for_is_not_cancelled_and_other_work_is() {
    each(|h| {
        long_order(h, 250, 1000)?;
        let supply = all_jobs(h)?.remove(0).id;
        let close = queue(h, "close_day")?;
        let cancel = |id: Id<Job>| h.as_user(9, |cx, tx| jobs::cancel(cx, tx, id).map(|_| ()));
        assert_eq!(code(cancel(supply)), "job.must_be_done");
        cancel(close)?;
        cancel(close)?;
        assert_eq!(do_all(h, &flows::jobs::handlers(), "a")?, 1, "only the supply is done");
        assert_eq!(h.read(|_, tx| tx.get(close))?.state, JobState::Cancelled);
        Ok(())
    });
}

#[test]
fn a_command_that_is_refused_leaves_no_job() {
    each(|h| {
        let on = DocRef { kind: "company", id: h.company };
        let refused: Result<()> = h.run(|cx, tx| {
            jobs::queue(cx, tx, NewJob::of("close_day", on))?;
            Err(Error::conflict("store.busy", "refused"))
        });
        assert_eq!(code(refused), "store.busy");
        assert_eq!(all_jobs(h)?.len(), 0);
        Ok(())
    });
}
