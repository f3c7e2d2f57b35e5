//! Faults, wastes and decisions over a few orders, by hand.
use kernel::{Day, Zone};
use process::insight::Insight;
use process::own::facts::{HUMAN, NewFact};
use process::own::masters::Value;
use process::own::{Facts, Ground, Masters};
use process::waste::decisions;
use process::waste::faults::{self, Fault};
use process::waste::worth::{self, Class};

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
    /// What the last fact is worth.
    fn worth(&mut self, amount: i64) {
        let last = self.0.len() - 1;
        self.0.amount[last] = amount;
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
    let credit = all.iter().find(|d| d.what == "hold" && d.kind == "credit").expect("credit");
    // Bo is up one and down one, and in another department; Anna is where she is. Never closed.
    assert_eq!((credit.n, credit.hops, credit.elsewhere, credit.share), (2, 1.0, 0.5, 0.0));
    assert!((credit.distance() - 1.5).abs() < 1e-9);
    assert!((credit.hours - 1.0).abs() < 1e-9, "the lower of 2 and 1");
    // Anna and Bo once, Anna alone once.
    assert_eq!((credit.people, credit.departments), (1.5, 1.5));
    assert!(!credit.is_rubber_stamp(), "two are too few");
    let many = decisions::Decision { n: 50, passed: 50, ..decisions::Decision::default() };
    assert!(many.is_rubber_stamp());
    assert!(!decisions::Decision { changed: 1, ..many.clone() }.is_rubber_stamp());
    assert!(!decisions::Decision { passed: 48, ..many }.is_rubber_stamp());
}

/// Cleo (3) leads the head office over sales and finance; Dan (4) is in sales beside Anna. Anna
/// asks for a price on order 1: Cleo asks back, Anna answers, Cleo says yes, Bo goes on. Order 2:
/// Dan answers in Cleo's place, and Anna goes on. A quotation, a change and a return wait too.
fn asked() -> Ground {
    let mut s = Story(Facts::new());
    let of = |order, approval, hold| {
        [("approval", approval), ("hold", hold), ("order", order), ("party", 9)]
    };
    let (one, two) = (of(1, 21, 61), of(2, 22, 62));
    s.by(1, "order.entered", at(march(2), 8), &[("order", 1)]);
    s.by(1, "order.entered", at(march(2), 8), &[("order", 2)]);
    s.why(1, "approval.requested", at(march(2), 9), &one, "price");
    s.why(3, "approval.returned", at(march(2), 10), &one, "price");
    s.why(1, "approval.resubmitted", at(march(2), 11), &one, "price");
    s.why(3, "approval.granted", at(march(2), 14), &one, "price");
    s.by(2, "pick.started", at(march(3), 9), &[("order", 1), ("shipment", 31)]);
    s.why(1, "approval.requested", at(march(2), 9), &two, "price");
    s.0.push(
        &NewFact {
            activity: "approval.rejected".to_owned(),
            at: at(march(2), 10),
            actor: 4,
            acting_for: 3,
            actor_kind: HUMAN,
            ..NewFact::default()
        },
        two.into_iter(),
    );
    s.by(1, "order.changed", at(march(2), 11), &[("order", 2)]);
    s.by(1, "quote.submitted", at(march(4), 9), &[("quote", 41)]);
    s.by(2, "quote.approved", at(march(4), 11), &[("quote", 41)]);
    // Inside the limits: nobody was asked.
    s.by(1, "quote.approved", at(march(4), 11), &[("quote", 42)]);
    let change = [("change_order", 71), ("order", 2)];
    s.by(1, "change_order.submitted", at(march(5), 9), &change);
    s.by(1, "order.qty_changed", at(march(5), 9), &[("order", 2)]);
    s.by(3, "change_order.approved", at(march(5), 10), &change);
    s.by(1, "change_order.applied", at(march(5), 11), &change);
    s.by(1, "return.requested", at(march(9), 9), &[("return", 81), ("order", 1)]);
    s.by(2, "return.rejected", at(march(9), 10), &[("return", 81), ("order", 1)]);
    // Taken back: nobody decides it.
    s.by(1, "return.requested", at(march(9), 9), &[("return", 82), ("order", 1)]);
    s.by(1, "return.cancelled", at(march(9), 10), &[("return", 82), ("order", 1)]);
    let mut masters = masters();
    masters.put("user", 3, &[("login", Value::Text("cleo")), ("department", Value::Number(70))]);
    masters.put("user", 4, &[("login", Value::Text("dan")), ("department", Value::Number(71))]);
    masters.put("quote", 41, &[("gross", Value::Number(2500))]);
    Ground::of(s.0, masters)
}

#[test]
fn every_question_that_people_answer_is_a_decision() {
    let insight = Insight::of(asked()).expect("the catalogue");
    let all = decisions::all(&insight.ground, &insight.cases);
    let one = |what: &str| {
        let found = all.iter().find(|d| d.what == what);
        found.unwrap_or_else(|| panic!("no decision about a {what}")).clone()
    };
    let price = one("approval");
    assert_eq!((price.kind.as_str(), price.n, price.passed), ("price", 2, 1));
    // Up one to Cleo; Dan is where Anna is.
    assert_eq!((price.hops, price.elsewhere), (0.5, 0.5));
    // Anna and Cleo, two departments; Anna and Dan, one.
    assert_eq!((price.people, price.departments), (2.0, 1.5));
    assert_eq!((price.changed, price.delegated), (1, 1), "a question came back; Dan for Cleo");
    assert_eq!(price.m_shaped, 1, "up from sales to the head, down to finance");
    assert_eq!((price.hours, price.amount), (1.0, 1000), "3.5 and 1 hours; order 1 passed");
    let quote = one("quote");
    assert_eq!((quote.n, quote.passed, quote.hops, quote.amount), (1, 1, 2.0, 2500));
    let change = one("change_order");
    assert_eq!((change.n, change.passed, change.changed, change.m_shaped), (1, 1, 1, 0));
    let back = one("return");
    assert_eq!((back.n, back.passed, back.hours, back.amount), (1, 0, 1.0, 0));
    assert!(all.iter().all(|d| d.what != "hold"), "no hold was let go by hand");
}

/// Order 1 is billed twice over (41 and 42, 1000 each, of 1000) and order 5 in two right halves
/// (43 and 44, 300 each, of 600); order 2 is perhaps order 1 again, and its invoice 45 too. Invoice
/// 46 is given up. Payment 51 pays 41; 52 is the same money again and lies here; 53 pays order 5's
/// first half and 54 its second; 55 is matched, taken back and reversed, 56 matched and taken back.
fn doubled() -> Ground {
    let mut s = Story(Facts::new());
    for order in [1, 2, 5] {
        let of = [("order", order)];
        s.by(1, "order.submitted", at(march(2), 9), &of);
        s.by(1, "order.confirmed", at(march(2), 10), &of);
    }
    let parcel = [("order", 5), ("shipment", 31)];
    s.by(2, "pick.started", at(march(3), 9), &parcel);
    s.by(1, "order.price_changed", at(march(3), 11), &[("order", 5)]);
    s.by(1, "order.date_changed", at(march(2), 11), &[("order", 2)]);
    for (invoice, order, day) in [(41, 1, 4), (42, 1, 5), (43, 5, 5), (44, 5, 6), (45, 2, 6)] {
        s.by(2, "invoice.issued", at(march(day), 9), &[("invoice", invoice), ("order", order)]);
    }
    s.by(2, "invoice.drafted", at(march(5), 9), &[("invoice", 46), ("order", 5)]);
    s.by(2, "invoice.cancelled", at(march(5), 10), &[("invoice", 46), ("order", 5)]);
    let came = [(51, 9, 1000, 9), (52, 9, 1000, 10), (53, 8, 300, 9), (54, 8, 300, 9)];
    for (payment, party, amount, day) in came.into_iter().chain([(55, 7, 70, 9), (56, 7, 90, 9)]) {
        s.by(2, "payment.received", at(march(day), 9), &[("payment", payment), ("party", party)]);
        s.worth(amount);
    }
    for (payment, invoice) in [(51, 41), (53, 43), (54, 44), (55, 41), (56, 41)] {
        s.by(2, "payment.applied", at(march(11), 9), &[("payment", payment), ("invoice", invoice)]);
    }
    for payment in [55, 56] {
        s.by(2, "payment.unapplied", at(march(11), 11), &[("payment", payment)]);
    }
    s.by(2, "payment.reversed", at(march(11), 11), &[("payment", 55)]);
    let statement = |id| [("statement", id), ("party", 9)];
    for (id, day) in [(61, 1), (62, 1)] {
        s.by(2, "statement.sent", at(march(day), 9), &statement(id));
        s.worth(4000);
        s.by(2, "statement.differed", at(march(2), 9), &statement(id));
    }
    s.by(2, "statement.confirmed", at(march(4), 9), &statement(61));
    let ask = [("approval", 71), ("hold", 81), ("order", 1)];
    s.by(1, "approval.requested", at(march(2), 9), &ask);
    s.by(2, "approval.returned", at(march(2), 10), &ask);
    s.by(1, "approval.resubmitted", at(march(2), 11), &ask);
    s.by(2, "approval.granted", at(march(3), 9), &ask);
    Ground::of(s.0, doubled_masters())
}

fn doubled_masters() -> Masters {
    let mut m = Masters::default();
    let n = Value::Number;
    for (order, party, gross, later) in [(1, 9, 1000, 0), (2, 9, 1000, 3), (5, 8, 600, -1)] {
        let (first, now) = (march(20), march(20).plus_days(later));
        let promised = [("promised_first", n(first.number())), ("promised_now", n(now.number()))];
        let own = [("party", n(party)), ("gross", n(gross))];
        m.put("order", order, &[own, promised].concat());
    }
    let invoices = [(41, 1, 9, 1000), (42, 1, 9, 1000), (43, 5, 8, 300), (44, 5, 8, 300)];
    for (id, order, party, gross) in invoices.into_iter().chain([(45, 2, 9, 1000), (46, 5, 8, 300)])
    {
        let kind = ("kind", Value::Text("invoice"));
        let fields = [("order_id", n(order)), ("party", n(party)), ("gross", n(gross)), kind];
        m.put("invoice", id, &fields);
    }
    for (id, party) in [(51, 9), (52, 9), (53, 8), (54, 8), (55, 7), (56, 7)] {
        m.put("payment", id, &[("party", n(party))]);
    }
    m
}

#[test]
fn what_was_done_twice_and_changed_late_is_told_and_what_is_right_is_not() {
    let insight = Insight::of(doubled()).expect("the catalogue");
    let now = at(march(20), 9);
    let all = faults::all(&insight.ground, &insight.cases, now);
    let told = |name: &str| {
        let found = fault(&all, name).unwrap_or_else(|| panic!("{name} is not found"));
        found.cases.iter().map(|c| (c.id, c.minutes, c.amount)).collect::<Vec<_>>()
    };
    // 43 and 44 are halves of one order; 42 bills order 1 again, 45 an order that is its twin.
    assert_eq!(told("invoice_twice"), [(42, 0, 1000), (45, 0, 1000)]);
    // Ten days here; 54 pays another invoice than 53.
    assert_eq!(told("payment_twice"), [(52, 10 * 24 * 60, 1000)]);
    assert_eq!(told("matched_wrongly"), [(56, 120, 90)], "55 was reversed whole");
    assert_eq!(told("invoice_given_up"), [(46, 60, 300)]);
    // The price of order 5 was changed two hours after picking began.
    assert_eq!(told("changed_in_work"), [(5, 120, 600)]);
    assert_eq!(told("changed_after_confirm"), [(5, 25 * 60, 600), (2, 60, 1000)]);
    assert_eq!(told("promised_again"), [(2, 3 * 24 * 60, 1000)], "earlier is no fault");
    // Agreed after two days; 62 not yet.
    assert_eq!(told("statement_differed"), [(62, 18 * 24 * 60, 4000), (61, 2 * 24 * 60, 4000)]);
    // 9–12 and 13:30–18 of the day.
    assert_eq!(told("asked_back"), [(71, 450, 0)]);
    for kind in all.iter().map(|f| f.kind) {
        assert!(faults::KINDS.contains(&kind), "{kind} is no known kind");
    }
}

#[test]
fn a_step_has_its_worth_who_does_it_and_the_money_that_waits_before_it() {
    let mut s = Story(Facts::new());
    let of = |order| [("order", order)];
    for order in [1, 2] {
        s.by(1, "order.entered", at(march(2), 9), &of(order));
        s.by(1, "order.submitted", at(march(2), 10), &of(order));
    }
    let held = [("order", 1), ("hold", 61)];
    s.why(1, "order.held", at(march(2), 10), &held, "prepayment");
    s.why(2, "order.released", at(march(2), 15), &held, "prepayment");
    s.by(2, "pick.started", at(march(2), 17), &of(1));
    s.by(2, "pick.started", at(march(6), 9), &of(2));
    // Friday to Monday: two of three days are closed.
    s.by(2, "delivery.delivered", at(march(9), 9), &of(2));
    let last = s.0.len() - 1;
    s.0.actor_kind[last] = process::own::facts::PROGRAM;
    let insight = Insight::of(Ground::of(s.0, masters())).expect("the catalogue");
    let all = worth::all(&insight.ground, &insight.cases);
    let one = |activity: &str| all.iter().find(|w| w.activity == activity).expect(activity);
    let hours = |activity: &str| one(activity).waited / 3_600_000_000;
    let picked = one("pick.started");
    assert_eq!((picked.class, picked.count, picked.by_rule), (Class::Value, 2, 0));
    // Order 1 from 15 to 17, order 2 from Monday at 10 to Friday at 9, all of them working days.
    assert_eq!(hours("pick.started"), 2 + 4 * 24 - 1);
    assert_eq!(picked.per_hour(), (2 * 1000 + 95 * 1005) / 97);
    // While the prepayment was awaited nobody was late: all of the five hours were agreed on.
    assert_eq!((one("order.released").class, hours("order.released")), (Class::Waste, 0));
    assert_eq!((one("order.submitted").class, hours("order.submitted")), (Class::Necessary, 2));
    assert_eq!((one("delivery.delivered").by_rule, hours("delivery.delivered")), (1, 24));
    assert_eq!(all[0].activity, "pick.started", "most money waits before it");
}
