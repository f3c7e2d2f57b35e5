//! Scorecards: which board goes to whom, and when. What a board says is `process`'s business.
use crate::entities::SCORECARD;
use crate::facts;
use kernel::{Ctx, Day, Error, Id, Instant, Result, Zone, names};
use serde_json::{Map, Value};
use store::{Tx, find};

names! {
    /// Which figures: all of them, or those of one goal.
    pub enum Board {
        All = "all",
        Cash = "cash",
        Satisfaction = "satisfaction",
        Efficiency = "efficiency",
        Competitiveness = "competitiveness",
    }
}

names! {
    /// How often, and of which period: the last whole one.
    pub enum Every {
        Week = "week",
        Month = "month",
    }
}

#[derive(Clone, Debug)]
pub struct Scorecard {
    pub id: Id<Scorecard>,
    pub version: i64,
    pub name: String,
    pub board: Board,
    pub every: Every,
    /// Of the week (Monday is 1) or of the month, up to the 28th, which every month has.
    pub day: i64,
    /// After midnight in the company's zone.
    pub minute: i64,
    /// Who keeps it, and who gets it.
    pub owner: i64,
    pub reader: i64,
    pub active: bool,
    /// The day for which it was sent last.
    pub told: String,
}
store::record!(Scorecard => SCORECARD {
    id, version, name, board, every, day, minute, owner, reader, active, told,
});

/// How many figures are red, amber and green.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Bands {
    pub red: usize,
    pub amber: usize,
    pub green: usize,
}

/// Scorecards that are looked at, at most.
const MOST: i64 = 1000;

/// All that are sent.
pub fn active(tx: &mut Tx) -> Result<Vec<Scorecard>> {
    tx.list(
        find!(Scorecard, "active = 1 AND id > $2 ORDER BY id LIMIT $3"),
        &[kernel::Stored::Int(0), kernel::Stored::Int(MOST)],
    )
}

/// Days and minutes that there are. Errors: `scorecard.day`, `schedule.minute`.
pub fn check(row: &Map<String, Value>) -> Result<()> {
    let number = |name: &str| row.get(name).and_then(Value::as_i64).unwrap_or(0);
    let last = if row.get("every").and_then(Value::as_str) == Some("month") { 28 } else { 7 };
    let (day, minute) = (number("day"), number("minute"));
    if !(1..=last).contains(&day) {
        return Err(Error::invalid("scorecard.day", day).with("field", "day").with("last", last));
    }
    if !(0..24 * 60).contains(&minute) {
        return Err(Error::invalid("schedule.minute", minute).with("field", "minute"));
    }
    Ok(())
}

impl Scorecard {
    /// The day for which it is to be sent now; nothing where it was. A day that was missed is made
    /// up once.
    #[must_use]
    pub fn due(&self, zone: &Zone, now: Instant) -> Option<Day> {
        let is_it = |day: Day| match self.every {
            Every::Week => i64::from(day.weekday()) == self.day,
            Every::Month => i64::from(day.day()) == self.day,
        };
        let today = zone.day(now);
        let days = (0..=31).map(|back| today.plus_days(-back));
        let last = days.filter(|day| is_it(*day)).find(|day| zone.at(*day, self.minute) <= now)?;
        (self.told.as_str() < last.to_string().as_str()).then_some(last)
    }
}

/// Tells the reader what the board says; once for each day.
pub fn send(cx: &Ctx, tx: &mut Tx, id: Id<Scorecard>, day: Day, bands: Bands) -> Result<()> {
    let mut card = tx.lock(id)?;
    let told = day.to_string();
    if !card.active || card.told >= told {
        return Ok(());
    }
    card.told = told;
    let Bands { red, amber, green } = bands;
    let fact = cx.fact(facts::SCORECARD_SENT).on("scorecard", card.id.raw(), "subject");
    let fact = fact.on("user", card.reader, "reader").attr("day", &card.told);
    tx.tell(fact.because(format!("{red}/{amber}/{green}")));
    tx.update(&[card]);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(every: Every, day: i64, told: &str) -> Scorecard {
        Scorecard {
            id: Id::from_raw(1),
            version: 1,
            name: "周一例会".to_owned(),
            board: Board::Cash,
            every,
            day,
            minute: 8 * 60,
            owner: 2,
            reader: 3,
            active: true,
            told: told.to_owned(),
        }
    }

    #[test]
    fn it_is_due_from_its_minute_on_until_it_was_sent() {
        let zone = Zone::china();
        let at = |day: i8, minute: i64| zone.at(Day::of(2026, 3, day), minute);
        // The 2nd and the 9th of March 2026 are Mondays.
        let weekly = |told: &str| card(Every::Week, 1, told);
        assert_eq!(weekly("2026-03-02").due(&zone, at(9, 8 * 60 - 1)), None);
        assert_eq!(weekly("2026-03-02").due(&zone, at(9, 8 * 60)), Some(Day::of(2026, 3, 9)));
        assert_eq!(weekly("2026-03-09").due(&zone, at(9, 8 * 60)), None);
        // Nobody was there on two Mondays: the last one is made up.
        assert_eq!(weekly("2026-03-02").due(&zone, at(18, 0)), Some(Day::of(2026, 3, 16)));
        let monthly = card(Every::Month, 28, "2026-01-28");
        assert_eq!(monthly.due(&zone, at(5, 0)), Some(Day::of(2026, 2, 28)));
    }

    #[test]
    fn a_day_that_some_week_or_month_does_not_have_is_refused() {
        let of = |every: &str, day: i64, minute: i64| {
            let row = serde_json::json!({ "every": every, "day": day, "minute": minute });
            check(row.as_object().expect("a row")).map_err(|e| e.code)
        };
        assert_eq!(of("week", 7, 0), Ok(()));
        assert_eq!(of("week", 8, 0), Err("scorecard.day"));
        assert_eq!(of("month", 28, 1439), Ok(()));
        assert_eq!(of("month", 29, 0), Err("scorecard.day"));
        assert_eq!(of("month", 1, 1440), Err("schedule.minute"));
    }
}
