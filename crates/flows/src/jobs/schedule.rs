//! Schedules: daily at a minute in the company's zone, on working days only where told so.
use super::entities::{SCHEDULE, SCHEDULE_DUE};
use access::company::Company;
use kernel::calendar::BusinessCalendar;
use kernel::{Ctx, DocRef, Error, Id, Instant, Result, Stored, Zone, names};
use serde_json::{Map, Value};
use store::jobs::NewJob;
use store::{Tx, find, find_in, rows};

/// Kinds of work that may be scheduled.
pub(super) const SCHEDULED: &[&str] = Kind::NAMES;

names! {
    pub enum Kind {
        TaxPoint = "tax_point",
        CloseDay = "close_day",
    }
}

/// When a company's work is due.
#[derive(Clone, Debug)]
pub struct Schedule {
    pub id: Id<Schedule>,
    pub version: i64,
    pub company: i64,
    pub kind: Kind,
    /// Minutes after midnight in the company's zone.
    pub minute: i64,
    pub working_days: bool,
    pub active: bool,
}
store::record!(Schedule => SCHEDULE {
    id, version, company, kind, minute, working_days, active,
});

#[derive(Clone, Debug)]
struct Due {
    id: Id<Schedule>,
    due_at: Instant,
    rule: String,
}
store::record!(Due => SCHEDULE_DUE { id, due_at, rule });

/// The usual schedules: taxes of the day before first, then its balances.
const USUAL: [(Kind, i64); 2] = [(Kind::TaxPoint, 30), (Kind::CloseDay, 60)];

/// A time of the day, as people write it. Error: `schedule.minute`.
pub(crate) fn check_schedule(row: &Map<String, Value>) -> Result<()> {
    let minute = row.get("minute").and_then(Value::as_i64).unwrap_or(0);
    if (0..24 * 60).contains(&minute) {
        return Ok(());
    }
    Err(Error::invalid("schedule.minute", minute).with("field", "minute"))
}

impl Schedule {
    fn rule(&self) -> String {
        format!("{}/{}", self.minute, u8::from(self.working_days))
    }

    /// The first time after `now` that the rule names.
    fn next(&self, zone: &Zone, calendar: &BusinessCalendar, now: Instant) -> Instant {
        let minute = self.minute.clamp(0, 24 * 60 - 1);
        let mut day = zone.day(now);
        loop {
            if self.working_days {
                day = calendar.next_working(day);
            }
            let at = zone.at(day, minute);
            if at > now {
                return at;
            }
            day = day.plus_days(1);
        }
    }
}

/// Gives every company its usual schedules where it has none of that kind.
pub fn ensure(cx: &Ctx, tx: &mut Tx) -> Result<()> {
    let companies: Vec<Company> = tx.list(find!(Company, "id > 0 ORDER BY id"), &[])?;
    let usual = |known: &[Schedule], company: i64, kind| {
        known.iter().any(|s| s.company == company && s.kind == kind)
    };
    let is_whole = |known: &[Schedule]| {
        companies.iter().all(|c| USUAL.iter().all(|(kind, _)| usual(known, c.id.raw(), *kind)))
    };
    let mut known: Vec<Schedule> = tx.list(find!(Schedule, "id > 0 ORDER BY id"), &[])?;
    if is_whole(&known) {
        return Ok(());
    }
    // Another process may be making them at this moment: who comes second sees what is there.
    let _held: Vec<Company> = tx.lock_list(find!(Company, "id > 0 ORDER BY id"), &[])?;
    known = tx.list(find!(Schedule, "id > 0 ORDER BY id"), &[])?;
    for company in &companies {
        for (kind, minute) in USUAL {
            if usual(&known, company.id.raw(), kind) {
                continue;
            }
            let schedule = Schedule {
                id: cx.id(),
                version: 1,
                company: company.id.raw(),
                kind,
                minute,
                working_days: false,
                active: true,
            };
            let fact = cx.fact(rows::CREATED).on("schedule", schedule.id.raw(), "schedule");
            tx.tell(fact.attr("kind", kind.name()));
            tx.insert(&[schedule]);
        }
    }
    Ok(())
}

/// Queues the work of every schedule that is due, and finds its next time; a time that was missed
/// is made up once. How many were queued.
pub fn look(cx: &Ctx, tx: &mut Tx) -> Result<usize> {
    let active: Vec<Schedule> =
        tx.list(find!(Schedule, "id > 0 AND active = 1 ORDER BY id LIMIT 1000"), &[])?;
    let ids: Vec<i64> = active.iter().map(|s| s.id.raw()).collect();
    if ids.is_empty() {
        return Ok(0);
    }
    let due: Vec<Due> = tx.list_in(find_in!(Due, "id IN (#)", 0), &[], &ids)?;
    let is_ripe = |s: &&Schedule| {
        let of = due.iter().find(|d| d.id == s.id);
        of.is_none_or(|d| d.rule != s.rule() || d.due_at <= cx.now)
    };
    let ripe: Vec<&Schedule> = active.iter().filter(is_ripe).collect();
    if ripe.is_empty() {
        return Ok(0);
    }
    let companies: Vec<i64> = ripe.iter().map(|s| s.company).collect();
    let companies: Vec<Company> = tx.list_in(find_in!(Company, "id IN (#)", 0), &[], &companies)?;
    let locked: Vec<Due> = tx.lock_in(find_in!(Due, "id IN (#) ORDER BY id", 0), &[], &ids)?;
    let mut queued = 0;
    for schedule in ripe {
        let of = |c: &&Company| c.id.raw() == schedule.company;
        let Some(company) = companies.iter().find(of) else { continue };
        let next = Due {
            id: schedule.id,
            due_at: schedule.next(&company.zone()?, &BusinessCalendar::china(), cx.now),
            rule: schedule.rule(),
        };
        let Some(was) = locked.iter().find(|d| d.id == schedule.id) else {
            tx.insert(&[next]);
            continue;
        };
        let is_due = was.rule == next.rule && was.due_at <= cx.now;
        tx.update(&[next]);
        if is_due {
            queue(cx, tx, schedule)?;
            queued += 1;
        }
    }
    Ok(queued)
}

/// Work of a company that waits already is not queued a second time.
fn queue(cx: &Ctx, tx: &mut Tx, schedule: &Schedule) -> Result<()> {
    let mut own = Ctx::system(cx.tenant, cx.now, cx.maker());
    own.company = schedule.company;
    let on = DocRef { kind: "company", id: schedule.company };
    let open: Option<i64> = tx.value(
        store::sql!(
            "SELECT id FROM job WHERE tenant_id = $1 AND subject_kind = 'company' \
             AND subject = $2 AND state = 'open' AND kind = $3 ORDER BY id LIMIT 1"
        ),
        &[Stored::Int(on.id), Stored::text(schedule.kind.name())],
    )?;
    if open.is_none() {
        store::jobs::queue(&own, tx, NewJob::of(schedule.kind.name(), on))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Day;

    fn schedule(minute: i64, working_days: bool) -> Schedule {
        Schedule {
            id: Id::from_raw(1),
            version: 1,
            company: 1,
            kind: Kind::CloseDay,
            minute,
            working_days,
            active: true,
        }
    }

    #[test]
    fn a_daily_time_is_todays_until_it_has_passed() {
        let (zone, china) = (Zone::china(), BusinessCalendar::china());
        let at = |day: i8, minute: i64| zone.at(Day::of(2026, 3, day), minute);
        let one = schedule(60, false);
        assert_eq!(one.next(&zone, &china, at(4, 59)), at(4, 60));
        assert_eq!(one.next(&zone, &china, at(4, 60)), at(5, 60));
    }

    #[test]
    fn closed_days_are_skipped_where_told_so_and_make_up_days_are_not() {
        let (zone, china) = (Zone::china(), BusinessCalendar::china());
        let before = zone.at(Day::of(2026, 2, 13), 700);
        let next =
            |working_days: bool| zone.day(schedule(600, working_days).next(&zone, &china, before));
        assert_eq!(next(false), Day::of(2026, 2, 14));
        // Saturday the 14th is worked for the Spring Festival; the 15th to the 23rd are not.
        assert_eq!(next(true), Day::of(2026, 2, 14));
        let eve = zone.at(Day::of(2026, 2, 14), 700);
        let after = schedule(600, true).next(&zone, &china, eve);
        assert_eq!(zone.day(after), Day::of(2026, 2, 24));
    }

    #[test]
    fn the_zone_is_the_companys() -> Result<()> {
        let (berlin, plain) = (Zone::named("Europe/Berlin")?, BusinessCalendar::plain());
        let noon = Instant::parse("2026-07-01T12:00:00Z")?;
        let next = schedule(60, false).next(&berlin, &plain, noon);
        assert_eq!(next, Instant::parse("2026-07-01T23:00:00Z")?);
        Ok(())
    }
}
