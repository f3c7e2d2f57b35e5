//! Planted slow spots and decoys: what mining ought to find, and what it ought not. Pure.
use crate::dice::Dice;
use kernel::Day;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A slow spot that may be planted; the number is that of the specification's list.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Spot {
    /// Credit is released on Tuesdays and Fridays at four only.
    CreditTwiceAWeek = 1,
    /// Who approves discounts travels five of fifteen days.
    ApproverTravels = 2,
    /// Customers billed by shipment are billed from the 25th on.
    BilledFromThe25th = 3,
    /// One picker does a whole category at the month's end.
    OnePicker = 4,
    /// Small customers wait behind key accounts.
    SmallStarve = 5,
    /// One carrier is slow.
    SlowCarrier = 6,
    /// One salesperson's orders lack data.
    CarelessSales = 7,
    /// Cash is applied once a week, so that paid invoices look overdue.
    CashOnceAWeek = 8,
    /// Lead times in planning are too short for forty products of a category.
    ShortLeadTimes = 9,
}

const ALL: [Spot; 9] = [
    Spot::CreditTwiceAWeek,
    Spot::ApproverTravels,
    Spot::BilledFromThe25th,
    Spot::OnePicker,
    Spot::SmallStarve,
    Spot::SlowCarrier,
    Spot::CarelessSales,
    Spot::CashOnceAWeek,
    Spot::ShortLeadTimes,
];

impl Spot {
    /// The step that waits, the name, the class of cause.
    #[must_use]
    pub const fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::CreditTwiceAWeek => ("credit_release", "credit_twice_a_week", "batching"),
            Self::ApproverTravels => ("price_approval", "approver_travels", "unavailability"),
            Self::BilledFromThe25th => ("billing", "billed_from_the_25th", "batching"),
            Self::OnePicker => ("picking", "one_picker", "contention"),
            Self::SmallStarve => ("picking", "small_customers_starve", "prioritisation"),
            Self::SlowCarrier => ("transit", "slow_carrier", "extraneous"),
            Self::CarelessSales => ("order_data", "careless_sales", "rework"),
            Self::CashOnceAWeek => ("cash_application", "cash_once_a_week", "batching"),
            Self::ShortLeadTimes => ("supply", "short_lead_times", "master_data"),
        }
    }
}

/// One order that a slow spot delayed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PlantedCase {
    pub order: i64,
    /// Minutes on the clock by which it waited longer than it would have.
    pub minutes: i64,
}

/// A slow spot as planted.
#[derive(Clone, Debug)]
pub struct Plant {
    pub spot: Spot,
    /// A login, a carrier, a product category, or a kind of customer.
    pub who: String,
    pub from: Day,
    pub until: Day,
    /// Percent of the usual strength.
    pub strength: i64,
    /// Orders of its months.
    pub of: i64,
    pub cases: Vec<PlantedCase>,
}

/// Something that looks slow and is no waste.
#[derive(Clone, Debug)]
pub struct Decoy {
    pub name: &'static str,
    pub why: &'static str,
    pub from: Day,
    pub until: Day,
}

/// What was planted where.
#[derive(Clone, Debug)]
pub struct Truth {
    pub seed: u64,
    pub from: Day,
    pub until: Day,
    pub plants: Vec<Plant>,
    pub decoys: Vec<Decoy>,
    /// Commands of the year that were refused, by code: a believable company has few.
    pub refused: BTreeMap<&'static str, usize>,
}

impl Truth {
    /// Draws three to five slow spots and the two decoys of a year.
    #[must_use]
    pub fn draw(seed: u64, from: Day, until: Day) -> Self {
        let mut dice = Dice::new(seed, 90);
        let mut spots = ALL;
        dice.shuffle(&mut spots);
        let count = 3 + dice.below(3);
        let mut chosen = spots[..count].to_vec();
        chosen.sort_unstable();
        let plant = |spot: &Spot| {
            let (from, until) = months(&mut dice, from, until);
            let strength = dice.between(80, 130);
            Plant { spot: *spot, who: String::new(), from, until, strength, of: 0, cases: vec![] }
        };
        let plants = chosen.iter().map(plant).collect();
        let mut dice = Dice::new(seed, 91);
        let (mix_from, mix_until) = months(&mut dice, from, until);
        let spring = spring_of(from, until);
        let mix = Decoy {
            name: "more_far_customers",
            why: "mix: more orders for far places in these months, each as fast as ever",
            from: mix_from,
            until: mix_until,
        };
        let festival = Decoy {
            name: "spring_festival",
            why: "calendar: nobody works and carriers stop around the Spring Festival",
            from: spring.plus_days(-10),
            until: spring.plus_days(15),
        };
        Self { seed, from, until, plants, decoys: vec![mix, festival], refused: BTreeMap::new() }
    }

    /// The place of a slow spot that works on a day.
    #[must_use]
    pub fn active(&self, spot: Spot, day: Day) -> Option<usize> {
        let works = |p: &Plant| p.spot == spot && p.from <= day && day <= p.until;
        self.plants.iter().position(works)
    }

    /// The strength of a slow spot that works on a day, 1 for usual.
    #[must_use]
    pub fn strength(&self, spot: Spot, day: Day) -> Option<(usize, f64)> {
        let at = self.active(spot, day)?;
        Some((at, self.plants[at].strength as f64 / 100.0))
    }

    /// Is the mix decoy at work?
    #[must_use]
    pub fn mixes(&self, day: Day) -> bool {
        let decoy = &self.decoys[0];
        decoy.from <= day && day <= decoy.until
    }

    /// Writes a delay down; several delays of an order by one spot are one case.
    pub(crate) fn blame(&mut self, plant: usize, order: i64, minutes: i64) {
        if minutes <= 0 || order == 0 {
            return;
        }
        let cases = &mut self.plants[plant].cases;
        match cases.iter_mut().find(|c| c.order == order) {
            Some(case) => case.minutes += minutes,
            None => cases.push(PlantedCase { order, minutes }),
        }
    }

    /// As `huiliu demo --truth FILE` writes it.
    #[must_use]
    pub fn json(&self) -> Value {
        let decoy = |d: &Decoy| {
            let (from, until) = (d.from.to_string(), d.until.to_string());
            json!({ "name": d.name, "why": d.why, "from": from, "until": until })
        };
        json!({
            "seed": self.seed,
            "from": self.from.to_string(),
            "until": self.until.to_string(),
            "plants": self.plants.iter().map(plant_json).collect::<Vec<_>>(),
            "decoys": self.decoys.iter().map(decoy).collect::<Vec<_>>(),
        })
    }

    /// Reads what [`Truth::json`] wrote, for who looks at a company made before; the words of the
    /// decoys and what was refused are not in it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let all: Value = serde_json::from_str(text).ok()?;
        let day = |of: &Value| of.as_str().and_then(|text| Day::parse(text).ok());
        let plant = |of: &Value| {
            let spot = *ALL.get(usize::try_from(of["number"].as_u64()?).ok()?.checked_sub(1)?)?;
            let case = |c: &Value| {
                let order = c["order"].as_str()?.parse().ok()?;
                Some(PlantedCase { order, minutes: c["minutes"].as_i64()? })
            };
            Some(Plant {
                spot,
                who: of["who"].as_str()?.to_owned(),
                from: day(&of["from"])?,
                until: day(&of["until"])?,
                strength: of["strength_percent"].as_i64()?,
                of: of["of"].as_i64()?,
                cases: of["cases"].as_array()?.iter().map(case).collect::<Option<_>>()?,
            })
        };
        Some(Self {
            seed: all["seed"].as_u64()?,
            from: day(&all["from"])?,
            until: day(&all["until"])?,
            plants: all["plants"].as_array()?.iter().map(plant).collect::<Option<_>>()?,
            decoys: Vec::new(),
            refused: BTreeMap::new(),
        })
    }
}

fn plant_json(plant: &Plant) -> Value {
    let (step, name, cause) = plant.spot.words();
    let share = plant.cases.len() as f64 / plant.of.max(1) as f64;
    let minutes: i64 = plant.cases.iter().map(|c| c.minutes).sum();
    let case = |c: &PlantedCase| json!({ "order": c.order.to_string(), "minutes": c.minutes });
    json!({
        "number": plant.spot as i64,
        "name": name,
        "step": step,
        "cause": cause,
        "who": plant.who,
        "from": plant.from.to_string(),
        "until": plant.until.to_string(),
        "strength_percent": plant.strength,
        "of": plant.of,
        "share": (share * 1000.0).round() / 1000.0,
        "minutes": minutes,
        "cases": plant.cases.iter().map(case).collect::<Vec<_>>(),
    })
}

/// Five to seven months of the year, from the first of one to the last of another.
fn months(dice: &mut Dice, from: Day, until: Day) -> (Day, Day) {
    let start = from.first_of_month().plus_months(dice.between(2, 5));
    let end = start.plus_months(dice.between(4, 6)).last_of_month();
    (start.min(until), end.min(until))
}

fn spring_of(from: Day, until: Day) -> Day {
    let known = |year: i16| kernel::calendar::spring_festival(year);
    let inside = |day: &Day| from <= *day && *day <= until;
    let found = known(from.year()).filter(inside).or_else(|| known(until.year()).filter(inside));
    found.unwrap_or(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FROM: Day = Day::of(2025, 11, 22);
    const UNTIL: Day = Day::of(2026, 11, 21);

    #[test]
    fn each_seed_plants_three_to_five_different_spots_and_all_are_met() {
        let mut met = Vec::new();
        for seed in 0..60 {
            let truth = Truth::draw(seed, FROM, UNTIL);
            assert!((3..=5).contains(&truth.plants.len()));
            assert!(truth.plants.windows(2).all(|w| w[0].spot < w[1].spot));
            assert!(truth.plants.iter().all(|p| FROM < p.from && p.from < p.until));
            met.extend(truth.plants.iter().map(|p| p.spot));
        }
        met.sort_unstable();
        met.dedup();
        assert_eq!(met, ALL);
    }

    #[test]
    fn delays_of_one_order_by_one_spot_are_one_case() {
        let mut truth = Truth::draw(1, FROM, UNTIL);
        truth.blame(0, 7, 30);
        truth.blame(0, 7, 12);
        truth.blame(0, 8, 0);
        assert_eq!(truth.plants[0].cases, [PlantedCase { order: 7, minutes: 42 }]);
        let json = truth.json();
        assert_eq!(json["plants"][0]["cases"][0]["order"], "7");
        assert_eq!(json["decoys"][1]["name"], "spring_festival");
        let read = Truth::parse(&json.to_string()).expect("as it was written");
        assert_eq!(read.json()["plants"], json["plants"]);
        assert_eq!((read.seed, read.from, read.until), (1, FROM, UNTIL));
        assert!(Truth::parse("{}").is_none());
    }
}
