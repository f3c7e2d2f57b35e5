//! Faults, wastes and decisions over a few orders, by hand.
use kernel::{Day, Zone};
use process::insight::Insight;
use process::own::facts::{HUMAN, NewFact};
use process::own::masters::Value;
use process::own::{Facts, Ground, Masters};
use process::waste::decisions;
use process::waste::faults::{self, Fault};

const fn march(day: i8) -> Day {
    Day::of(2026, 3, day)
}
fn at(day: Day, hour: i64) -> i64 {
    Zone::china().at(day, hour * 60).0
}

struct Story(Facts);

impl Story {
    fn by(&mut self, actor: i64, activity: &str, when: i64, of: &[(&str, i64)]) {
        self.why(actor, activity, when, of, "");
    }
    fn why(&mut self, actor: i64, activity: &str, when: i64, of: &[(&str, i64)], reason: &str) {
        let new = NewFact {
            id: self.0.len() as i64 + 1,
            activity: activity.to_owned(),
            at: when,
            recorded: when,
            actor,
            actor_kind: HUMAN,
            reason: reason.to_owned(),
            attrs: vec![("how".to_owned(), "approved".to_owned())],
            ..NewFact::default()
        };
        self.0.push(&new, of.iter().copied());
    }
}

/// Anna (1, sales) and Bo (2, finance, under the same head office). Order 1 is blocked twice and
/// let go by Bo, then by Anna herself; order 2 is order 1 again four days later, delivered a day
/// late; order 3 is held as overdue while the customer's money lies unapplied.
fn ground() -> Ground {
    let mut s = Story(Facts::new());
    let (one, two, three) = ([("order", 1), ("party", 9)], [("order", 2)], ("order", 3));
    s.by(1, "order.entered", at(march(2), 9), &one);
    s.by(1, "order.submitted", at(march(2), 9), &one);
    let hold = |id| [("order", 1), ("hold", id), ("party", 9)];
    s.why(1, "order.credit_blocked", at(march(2), 9), &hold(61), "credit");
    s.why(2, "order.credit_released", at(march(2), 11), &hold(61), "credit");
    s.why(1, "order.credit_blocked", at(march(2), 14), &hold(62), "credit");
    s.why(1, "order.credit_released", at(march(2), 15), &hold(62), "credit");
    s.by(1, "order.entered", at(march(6), 9), &two);
    s.by(1, "order.submitted", at(march(6), 9), &two);
    let parcel = [("order", 2), ("shipment", 31), ("order_line", 81)];
    s.by(2, "ship.dispatched", at(march(7), 9), &parcel);
    s.by(2, "delivery.delivered", at(march(10), 0), &[("order", 2), ("shipment", 31)]);
    s.by(2, "payment.received", at(march(9), 9), &[("payment", 51), ("party", 8)]);
    let held = [three, ("hold", 63), ("party", 8)];
    s.by(1, "order.entered", at(march(10), 9), &[three]);
    s.why(1, "order.held", at(march(10), 10), &held, "overdue");
    s.why(2, "order.released", at(march(10), 12), &held, "overdue");
    s.by(2, "payment.applied", at(march(13), 9), &[("payment", 51), ("party", 8)]);
    s.by(1, "lead.created", at(Day::of(2026, 1, 5), 9), &[("lead", 11)]);
    Ground::of(s.0, masters())
}

fn masters() -> Masters {
    let mut m = Masters::default();
    let n = Value::Number;
    m.put("department", 70, &[("name", Value::Text("head"))]);
    m.put("department", 71, &[("name", Value::Text("sales")), ("parent", n(70))]);
    m.put("department", 72, &[("name", Value::Text("finance")), ("parent", n(70))]);
    m.put("user", 1, &[("login", Value::Text("anna")), ("department", n(71))]);
    m.put("user", 2, &[("login", Value::Text("bo")), ("department", n(72))]);
    for (id, party, gross, promised) in [(1, 9, 1000, 20), (2, 9, 1005, 8), (3, 8, 500, 20)] {
        let fields = [
            ("party", n(party)),
            ("gross", n(gross)),
            ("promised_first", n(march(promised).number())),
        ];
        m.put("order", id, &fields);
    }
    m.put("order_line", 81, &[("order_id", n(2)), ("product", n(91))]);
    m.put("stock_value", 1, &[("product", n(91)), ("value", n(700))]);
    m.put("stock_value", 2, &[("product", n(92)), ("value", n(300))]);
    m
}

fn fault<'f>(all: &'f [Fault], name: &str) -> Option<&'f Fault> {
    all.iter().find(|f| f.name == name)
}

#[test]
fn faults_list_their_cases_with_minutes_and_money() {
    let ground = ground();
    let insight = Insight::of(ground).expect("the catalogue");
    // Two hundred days after the first fact, so that goods can lie idle.
    let now = at(Day::of(2026, 9, 1), 9);
    let all = faults::all(&insight.ground, &insight.cases, now);
    let told = |name: &str| {
        let found = fault(&all, name).unwrap_or_else(|| panic!("{name} is not found"));
        found.cases.iter().map(|c| (c.id, c.minutes, c.amount)).collect::<Vec<_>>()
    };
    // 9 to 11 and 14 to 15.
    assert_eq!(told("credit_hold_again"), [(1, 180, 1000)]);
    assert_eq!(told("released_own_order"), [(1, 0, 1000)]);
    assert_eq!(told("perhaps_twice"), [(2, 0, 1005)], "within one per cent and seven days");
    // Promised until the 8th, delivered at midnight of the 10th.
    assert_eq!(told("delivered_late"), [(2, 24 * 60, 1005)]);
    // Never billed: 175 days and 9 hours until now, of which three days are allowed.
    assert_eq!(told("invoiced_late"), [(2, (172 * 24 + 9) * 60, 1005)]);
    assert_eq!(told("overdue_though_paid"), [(3, 120, 500)]);
    // Four days, three of which are allowed.
    assert_eq!(told("cash_unapplied"), [(51, 24 * 60, 0)]);
    assert_eq!(told("lead_untouched").len(), 1);
    assert_eq!(told("idle_stock"), [(92, 344_160, 300)], "239 days since the first fact");
    assert_eq!(fault(&all, "delivered_in_parts"), None);
    let weights: Vec<i64> = all.iter().map(Fault::money_days).collect();
    assert!(weights.is_sorted_by(|a, b| a >= b), "{weights:?}");
}

#[test]
fn a_decision_has_a_distance_and_fifty_without_a_change_are_a_stamp() {
    let insight = Insight::of(ground()).expect("the catalogue");
    let all = decisions::all(&insight.ground, &insight.cases);
    let credit = all.iter().find(|d| d.kind == "credit").expect("credit");
    // Bo is up one and down one, and in another department; Anna is where she is. Never closed.
    assert_eq!((credit.n, credit.hops, credit.elsewhere, credit.share), (2, 1.0, 0.5, 0.0));
    assert!((credit.distance() - 1.5).abs() < 1e-9);
    assert!((credit.hours - 1.0).abs() < 1e-9, "the lower of 2 and 1");
    assert!(!credit.is_rubber_stamp(), "two are too few");
    let many = decisions::Decision { n: 50, passed: 50, ..decisions::Decision::default() };
    assert!(many.is_rubber_stamp());
    assert!(!decisions::Decision { changed: 1, ..many.clone() }.is_rubber_stamp());
    assert!(!decisions::Decision { passed: 48, ..many }.is_rubber_stamp());
}
