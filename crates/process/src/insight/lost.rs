//! What loses time, and what was agreed, as JSON.
use super::Insight;
use crate::waste::cause::Rhythm;
use crate::waste::steps::Clock;
use crate::waste::worth::Worth;
use crate::waste::{Decision, Fault, Finding};
use serde_json::{Value as Json, json};

/// Cases of a finding that are listed.
const LISTED: usize = 50;
const HOUR: i64 = 3_600_000_000;

impl Insight {
    /// The findings, most money × days first; people by name only where they may be shown.
    #[must_use]
    pub fn findings(&self, with_people: bool) -> Json {
        let told = |f: &Finding| self.finding(f, with_people);
        json!({ "seq": self.seq(), "findings": self.lost().iter().map(told).collect::<Vec<_>>() })
    }
    /// Faults and wastes with their cases, most money × days first.
    #[must_use]
    pub fn faults(&self) -> Json {
        let one = |f: &Fault| {
            let case = |c: &crate::waste::faults::Case| {
                let mut row = self.listed(f.kind, c.id);
                row["seconds"] = json!(c.minutes * 60);
                row["amount"] = json!(c.amount.to_string());
                row
            };
            json!({
                "name": f.name, "waste": f.waste, "kind": f.kind, "count": f.cases.len(),
                "minutes": f.minutes(), "amount": f.amount().to_string(),
                "money_days": f.money_days().to_string(),
                "cases": f.cases.iter().take(LISTED).map(case).collect::<Vec<_>>(),
            })
        };
        let decision = |d: &Decision| {
            let round = |v: f64| (v * 100.0).round() / 100.0;
            json!({
                "what": d.what, "kind": d.kind, "count": d.n, "passed": d.passed,
                "changed": d.changed, "delegated": d.delegated, "m_shaped": d.m_shaped,
                "people": round(d.people), "departments": round(d.departments),
                "distance": round(d.distance()), "hops": round(d.hops),
                "elsewhere": round(d.elsewhere), "share": round(d.share),
                "hours": round(d.hours), "amount": d.amount.to_string(),
                "rubber_stamp": d.is_rubber_stamp(),
            })
        };
        let worth = |w: &Worth| {
            json!({ "activity": w.activity, "class": w.class.name(), "count": w.count,
                "by_rule": w.by_rule, "hours": w.waited / HOUR,
                "per_hour": w.per_hour().to_string() })
        };
        json!({
            "seq": self.seq(),
            "faults": self.all_faults().iter().map(one).collect::<Vec<_>>(),
            "steps": self.worth().iter().map(worth).collect::<Vec<_>>(),
            "decisions": self.decisions().iter().map(decision).collect::<Vec<_>>(),
        })
    }
    /// A user by name, or by login where there is no name.
    fn called(&self, user: i64) -> &str {
        let text = |field| self.ground.masters.text("user", field, user);
        Some(text("name")).filter(|name| !name.is_empty()).unwrap_or_else(|| text("login"))
    }
    /// A place in words of people: an owner is found by login and told by name.
    fn place(&self, place: &str) -> String {
        let Some((login, rest)) = place.strip_prefix("owner=").map(|of| {
            of.split_once('&').map_or((of, String::new()), |(of, end)| (of, format!("&{end}")))
        }) else {
            return place.to_owned();
        };
        let masters = &self.ground.masters;
        let is_it = |id: &&i64| masters.text("user", "login", **id) == login;
        let user = masters.ids("user").iter().find(is_it);
        let name = user.map_or(login, |id| self.called(*id));
        format!("owner={name}{rest}")
    }
    fn finding(&self, f: &Finding, with_people: bool) -> Json {
        let rhythm = f.why.rhythm.as_ref().map(|rhythm| match rhythm {
            Rhythm::Weekdays(days) => json!({ "weekdays": days }),
            Rhythm::FromDay(day) => json!({ "from_day": day }),
        });
        let is_person = f.person != 0 && f.person_share >= 80;
        let who = self.called(f.person);
        // A working day is shown as a day.
        let a_day = match f.clock {
            Clock::Working => kernel::calendar::MINUTES_A_DAY,
            Clock::Calendar => 24 * 60,
        };
        let case = |(id, minutes): &(i64, i64)| {
            let mut row = self.listed("order", *id);
            row["minutes"] = json!(minutes);
            row["seconds"] = json!(minutes * 24 * 3600 / a_day);
            row
        };
        let is_owner = f.place.starts_with("owner=");
        let place = if is_owner && !with_people { "owner=" } else { f.place.as_str() };
        let also: &[String] = if is_owner && !with_people { &[] } else { &f.also };
        let (place, also): (String, Vec<String>) =
            (self.place(place), also.iter().map(|place| self.place(place)).collect());
        json!({
            "step": f.step, "cause": f.why.cause.name(), "share": f.why.share, "rhythm": rhythm,
            "place": place, "also": also,
            "person": (is_person && with_people).then_some(who),
            "from": f.from.to_string(), "until": f.until.to_string(),
            "minutes": f.minutes, "days": f.days, "money_days": f.money_days.to_string(),
            "ratio": (f.ratio * 100.0).round() / 100.0, "z": (f.z * 10.0).round() / 10.0,
            "count": f.cases.len(),
            "cases": f.cases.iter().take(LISTED).map(case).collect::<Vec<_>>(),
        })
    }
}
