//! What the KPIs say of imported history, beside the same counted here straight from the files:
//! month by month, with how many rows each figure stands on.
use super::setup::Place;
use super::sums::column;
use kernel::{Day, Zone};
use process::insight::Insight;
use process::kpi::{Cell, Period};
use std::collections::BTreeMap;

/// What a month's rows say: their number and the figure.
type Month = (usize, Option<f64>);

/// The figures of what was imported. The file of columns is gone when they are.
struct Figures {
    insight: Insight,
    folder: std::path::PathBuf,
}

impl Figures {
    fn of(place: &Place<'_>) -> Self {
        let house = place.house;
        house.store.seal(crate::house::TENANT, house.now()).unwrap();
        let name = format!("huiliu-figures-{}-{:p}", std::process::id(), house);
        let folder = std::env::temp_dir().join(name);
        let (cx, entities) = (house.cx(0), flows::entities());
        let path = folder.join("1.facts");
        Self { insight: Insight::open(&path, &house.store, &cx, &entities).unwrap(), folder }
    }
    fn cells(&self, id: &str, periods: &[Period]) -> Vec<Cell> {
        let now = Zone::china().at(Day::of(2026, 6, 1), 0).0;
        let engine = self.insight.engine(now);
        engine.cells(self.insight.catalogue.get(id).unwrap(), periods, None).unwrap()
    }
    /// Every month from the first to the last of the file is as counted, and nothing lies outside.
    fn are(&self, id: &str, wanted: &BTreeMap<Day, Month>) {
        let least = self.insight.catalogue.get(id).unwrap().least;
        let (first, last) = (*wanted.keys().next().unwrap(), *wanted.keys().last().unwrap());
        let mut told = 0;
        for (period, cell) in months(first, last).into_iter().zip(self.cells_of(id, first, last)) {
            // A month without rows is nought where they are counted, and nothing elsewhere.
            let none = (0, cell.value.filter(|value| *value == 0.0));
            let (n, value) = wanted.get(&period.from).copied().unwrap_or(none);
            assert_eq!(cell.n, n, "{id} of {}: rows", period.from);
            let value = value.filter(|_| n >= least);
            told += usize::from(n > 0 && value.is_some());
            let is = cell.value.zip(value).map_or(cell.value.is_none() && value.is_none(), near);
            assert!(is, "{id} of {}: {:?}, counted {value:?}", period.from, cell.value);
        }
        assert!(told > 2, "{id}: {told} months say something");
        let ever = Period { from: Day::of(1990, 1, 1), until: Day::of(2026, 1, 1) };
        let all: usize = wanted.values().map(|(n, _)| n).sum();
        assert_eq!(self.cells(id, &[ever])[0].n, all, "{id}: no row in another month");
    }
    fn cells_of(&self, id: &str, first: Day, last: Day) -> Vec<Cell> {
        self.cells(id, &months(first, last))
    }
    /// What the files do not tell is no figure, not even nought.
    fn say_nothing(&self, ids: &[&str]) {
        let ever = Period { from: Day::of(1990, 1, 1), until: Day::of(2026, 1, 1) };
        for id in ids {
            let cell = self.cells(id, &[ever])[0];
            assert_eq!((cell.n, cell.value), (0, None), "{id} of history");
        }
    }
}

impl Drop for Figures {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

fn near((a, b): (f64, f64)) -> bool {
    (a - b).abs() <= 1e-9 * b.abs().max(1.0)
}

fn months(first: Day, last: Day) -> Vec<Period> {
    let from = std::iter::successors(Some(first), |day| Some(day.plus_months(1)));
    let from = from.take_while(|day| *day <= last);
    from.map(|from| Period { from, until: from.plus_months(1) }).collect()
}

/// `4/6/2013`.
fn american(text: &str) -> Day {
    let parts: Vec<i16> = text.split('/').map(|part| part.parse().unwrap()).collect();
    Day::of(parts[2], parts[0] as i8, parts[1] as i8)
}

/// `2017-07-09 21:57:05`: the day, and days since 1970 with their part; nothing where it is empty.
fn stamp(text: &str) -> Option<(Day, f64)> {
    let (day, time) = text.split_once(' ')?;
    let day: Vec<i16> = day.split('-').map(|part| part.parse().unwrap()).collect();
    let day = Day::of(day[0], day[1] as i8, day[2] as i8);
    let time: Vec<f64> = time.split(':').map(|part| part.parse().unwrap()).collect();
    let seconds = time[0] * 3600.0 + time[1] * 60.0 + time[2];
    Some((day, day.number() as f64 + seconds / 86_400.0))
}

/// Values by the month of their day.
fn by_month(rows: impl Iterator<Item = (Day, f64)>) -> BTreeMap<Day, Vec<f64>> {
    let mut all: BTreeMap<Day, Vec<f64>> = BTreeMap::new();
    rows.for_each(|(day, value)| all.entry(day.first_of_month()).or_default().push(value));
    all
}

/// The middle value, the lower one of two.
fn medians(rows: impl Iterator<Item = (Day, f64)>) -> BTreeMap<Day, Month> {
    let of = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        (values.len(), Some(values[values.len().div_ceil(2) - 1]))
    };
    by_month(rows).into_iter().map(|(month, values)| (month, of(values))).collect()
}

/// How many of a hundred are 1.
fn shares(rows: impl Iterator<Item = (Day, f64)>) -> BTreeMap<Day, Month> {
    let of = |values: Vec<f64>| {
        (values.len(), Some(values.iter().sum::<f64>() * 100.0 / values.len() as f64))
    };
    by_month(rows).into_iter().map(|(month, values)| (month, of(values))).collect()
}

fn counts(rows: impl Iterator<Item = (Day, f64)>) -> BTreeMap<Day, Month> {
    let of = |values: Vec<f64>| (values.len(), Some(values.len() as f64));
    by_month(rows).into_iter().map(|(month, values)| (month, of(values))).collect()
}

fn truth(is: bool) -> f64 {
    f64::from(u8::from(is))
}

/// An invoice of the file: issued, due, settled, cents.
struct Invoice {
    issued: Day,
    due: Day,
    settled: Day,
    cents: i64,
}

fn invoices() -> Vec<Invoice> {
    let names = ["InvoiceDate", "DueDate", "SettledDate", "InvoiceAmount"];
    let rows = column("ar_ibm", "accounts_receivable_before_2013-07.csv", &names);
    let of = |row: Vec<String>| Invoice {
        issued: american(&row[0]),
        due: american(&row[1]),
        settled: american(&row[2]),
        cents: (super::sums::millionths(&row[3]) / 10_000) as i64,
    };
    rows.into_iter().map(of).collect()
}

/// Days late, paid on time, DSO, what was open and overdue: the file is in dollars, our books in
/// yuan at 7.
pub(super) fn of_receivables(place: &Place<'_>) {
    let (figures, all) = (Figures::of(place), invoices());
    let late = all.iter().map(|i| (i.settled, i.due.days_until(i.settled) as f64));
    figures.are("days_late_paid", &medians(late));
    let mut paid: BTreeMap<Day, (usize, i64, i64)> = BTreeMap::new();
    for i in &all {
        let month = paid.entry(i.due.first_of_month()).or_default();
        let in_time = if i.settled <= i.due { i.cents } else { 0 };
        *month = (month.0 + 1, month.1 + in_time, month.2 + i.cents);
    }
    let share = |(n, part, of): (usize, i64, i64)| (n, Some(part as f64 * 100.0 / of as f64));
    figures.are("ontime_payment", &paid.into_iter().map(|(m, sums)| (m, share(sums))).collect());

    let first = all.iter().map(|i| i.issued).min().unwrap().first_of_month();
    let last = all.iter().map(|i| i.settled).max().unwrap().first_of_month();
    let told = ["dso", "receivables_open", "overdue_share", "billed_net"];
    let told = told.map(|id| figures.cells_of(id, first, last));
    let mut spoken = 0;
    for (at, Period { from, until }) in months(first, last).into_iter().enumerate() {
        let sum = |is: &dyn Fn(&&Invoice) -> bool| -> i64 {
            all.iter().filter(is).map(|i| i.cents).sum()
        };
        let sold = sum(&|i| i.issued >= from && i.issued < until);
        let open = sum(&|i| i.issued < until && i.settled >= until);
        let overdue =
            sum(&|i| i.issued < until && i.settled >= until && i.due.plus_days(1) < until);
        let days = from.days_until(until) as f64;
        let ratio = |a: i64, b: i64| (b > 0).then(|| a as f64 / b as f64);
        let wanted = [
            ratio(open, sold).map(|r| r * days),
            Some(open as f64 * 7.0),
            ratio(overdue, open).map(|r| r * 100.0),
            Some(sold as f64 * 7.0),
        ];
        for (cells, wanted) in told.iter().zip(wanted) {
            let found = cells[at].value;
            let is = found.zip(wanted).map_or(found.is_none() && wanted.is_none(), near);
            assert!(is, "receivables of {from}: {found:?}, counted {wanted:?}");
            spoken += usize::from(wanted.is_some_and(|w| w > 0.0));
        }
    }
    assert!(spoken > 60, "{spoken} figures of receivables");
    figures.say_nothing(&["invoice_accuracy", "cash_app_time"]);
}

/// Win rate by the month of the first talk, sales cycle by the month of the win.
pub(super) fn of_the_pipeline(place: &Place<'_>) {
    let figures = Figures::of(place);
    let names = ["deal_stage", "engage_date", "close_date"];
    let rows = column("crm_maven", "sales_pipeline.csv", &names);
    let closed = || rows.iter().filter(|row| matches!(row[0].as_str(), "Won" | "Lost"));
    let won = closed().map(|row| (american(&row[1]), truth(row[0] == "Won")));
    figures.are("win_rate", &shares(won));
    let cycle = closed().filter(|row| row[0] == "Won").map(|row| {
        let (begun, won) = (american(&row[1]), american(&row[2]));
        (won, begun.days_until(won) as f64)
    });
    figures.are("sales_cycle_length", &medians(cycle));
}

/// On time by the day that the customer was given, cycle, way to the carrier and on the road,
/// volume, cancelled.
pub(super) fn of_olists_orders(place: &Place<'_>) {
    let figures = Figures::of(place);
    let names = [
        "order_purchase_timestamp",
        "order_delivered_carrier_date",
        "order_delivered_customer_date",
        "order_estimated_delivery_date",
        "order_status",
    ];
    let rows = column("olist_orders_sample", "olist_orders_dataset.csv", &names);
    let bought = |row: &[String]| stamp(&row[0]).unwrap();
    // Delivered without a day on which it left: it left.
    let left = |row: &[String]| stamp(&row[1]).or_else(|| stamp(&row[2]));
    let delivered = || rows.iter().filter_map(|row| Some((row, stamp(&row[2])?)));
    let on_time =
        |(row, (day, _)): (&Vec<String>, (Day, f64))| Some((day, truth(day <= stamp(&row[3])?.0)));
    figures.are("otd", &shares(delivered().filter_map(on_time)));
    figures.are("order_cycle_time", &medians(delivered().map(|(r, d)| (d.0, d.1 - bought(r).1))));
    let road = delivered().filter_map(|(row, there)| Some((there.0, there.1 - left(row)?.1)));
    figures.are("transit_time", &medians(road));
    let gone = rows.iter().filter_map(|row| Some((row, left(row)?)));
    let gone = gone.map(|(row, at)| (at.0, at.1 - bought(row).1));
    figures.are("order_processing_time", &medians(gone));
    figures.are("order_volume", &counts(rows.iter().map(|row| (bought(row).0, 1.0))));
    let is_gone = |row: &[String]| matches!(row[4].as_str(), "canceled" | "unavailable");
    let cancelled = rows.iter().map(|row| (bought(row).0, truth(is_gone(row))));
    figures.are("order_cancel_rate", &shares(cancelled));
    let reviews = column(
        "olist_orders_sample",
        "olist_order_reviews_dataset.csv",
        &["review_score", "review_creation_date"],
    );
    let content = reviews
        .iter()
        .map(|row| (stamp(&row[1]).unwrap().0, truth(row[0].parse::<i64>().unwrap() >= 4)));
    figures.are("csat", &shares(content));
    figures.say_nothing(&["touchless_rate", "otif", "hold_rate", "order_entry_time"]);
}

/// Days until an order left, by the month in which it did.
pub(super) fn of_superstores_orders(place: &Place<'_>) {
    let figures = Figures::of(place);
    let names = ["Order ID", "Order Date", "Ship Date"];
    let rows = column("superstore", "Sample - Superstore.csv", &names);
    let orders: BTreeMap<&str, (Day, Day)> =
        rows.iter().map(|row| (row[0].as_str(), (american(&row[1]), american(&row[2])))).collect();
    let way = orders.values().map(|(ordered, left)| (*left, ordered.days_until(*left) as f64));
    figures.are("order_processing_time", &medians(way));
    figures.are("order_volume", &counts(orders.values().map(|(ordered, _)| (*ordered, 1.0))));
    figures.say_nothing(&["otd", "order_cycle_time", "touchless_rate"]);
}

/// Days until an order left, by the month in which it did, and how many were ordered; the file
/// tells no delivery, so nothing is on time or late by it.
pub(super) fn of_northwinds_orders(place: &Place<'_>) {
    let figures = Figures::of(place);
    let names = ["orderDate", "shippedDate"];
    let rows = column("northwind", "orders.csv", &names);
    let day = |text: &String| stamp(text).map(|(day, _)| day);
    let left = |row: &Vec<String>| Some((day(&row[1])?, day(&row[0])?));
    let way = rows.iter().filter_map(left).map(|(l, o)| (l, o.days_until(l) as f64));
    figures.are("order_processing_time", &medians(way));
    figures.are("order_volume", &counts(rows.iter().map(|row| (day(&row[0]).unwrap(), 1.0))));
    figures.say_nothing(&["otd", "order_cycle_time", "transit_time", "touchless_rate"]);
}
