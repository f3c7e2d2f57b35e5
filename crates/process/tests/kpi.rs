//! Every KPI of the catalogue over a company of four orders and three leads, computed by hand.
use kernel::{Day, Zone};
use process::insight::{FiguresAsk, Insight, RowsAsk};
use process::kpi::catalogue::Agg;
use process::kpi::engine::Band;
use process::kpi::{Catalogue, Grain, Kpi, Period};
use process::own::facts::{COMPLETE, HUMAN, NewFact, PROGRAM, START, UNKNOWN};
use process::own::masters::Value;
use process::own::{Facts, Ground, Masters};
use std::collections::BTreeSet;

const fn march(day: i8) -> Day {
    Day::of(2026, 3, day)
}
fn at(day: Day, hour: i64) -> i64 {
    Zone::china().at(day, hour * 60).0
}
fn number(day: Day) -> i64 {
    day.number()
}

/// Tells facts one after the other.
struct Story(Facts);

impl Story {
    fn tell(&mut self, activity: &str, when: i64, of: &[(&str, i64)]) -> &mut Self {
        self.full(activity, when, of, |_| {})
    }
    fn full(
        &mut self,
        activity: &str,
        when: i64,
        of: &[(&str, i64)],
        with: impl Fn(&mut NewFact),
    ) -> &mut Self {
        let id = self.0.len() as i64 + 1;
        let mut new = NewFact {
            id,
            activity: activity.to_owned(),
            phase: COMPLETE,
            at: when,
            recorded: when,
            actor: 1,
            actor_kind: HUMAN,
            ..NewFact::default()
        };
        with(&mut new);
        self.0.push(&new, of.iter().copied());
        self
    }
}

/// Order 1 goes by rule, is in time and paid early; 2 is held for data and for credit, late, in
/// two parts, paid late; 3 is confirmed and short; 4 is cancelled. Leads: 11 is answered in an
/// hour, 12 the next day and returned, 13 never. Opportunity 21 is won in ten days, 22 lost.
fn facts() -> Facts {
    let mut s = Story(Facts::new());
    let rule = |f: &mut NewFact| f.actor_kind = PROGRAM;
    let (one, two) = ([("order", 1)], [("order", 2)]);
    leads(&mut s);
    // Monday 2 March.
    s.full("order.entered", at(march(2), 9), &one, rule);
    s.full("order.submitted", at(march(2), 9), &one, rule);
    s.full("order.confirmed", at(march(2), 9), &one, rule);
    let shipped = [("order", 1), ("shipment", 31)];
    s.full("shipment.created", at(march(2), 9), &shipped, rule);
    let pick = |phase: u8| {
        move |f: &mut NewFact| {
            (f.phase, f.instance, f.actor_kind) = (phase, 31, PROGRAM);
        }
    };
    s.full("pick.started", at(march(2), 10), &shipped, pick(START));
    s.full("pick.completed", at(march(2), 11), &shipped, pick(COMPLETE));
    s.full("ship.dispatched", at(march(2), 16), &shipped, rule);
    s.full("delivery.delivered", at(march(4), 16), &shipped, rule);
    let billed = [("order", 1), ("invoice", 41)];
    s.full("invoice.issued", at(march(5), 16), &billed, |f| f.amount = 1000);
    let paid = [("order", 1), ("invoice", 41), ("payment", 51)];
    s.full("payment.received", at(march(9), 9), &[("payment", 51)], |f| f.amount = 1000);
    s.full("payment.applied", at(march(9), 11), &paid, |f| {
        (f.amount, f.actor_kind) = (1000, PROGRAM);
    });
    s.tell("invoice.settled", at(march(9), 11), &[("order", 1), ("invoice", 41)]);
    s.tell("order.closed", at(march(9), 11), &one);
    held_order(&mut s, &two);
    s.tell("order.entered", at(march(10), 9), &[("order", 3)]);
    s.tell("order.submitted", at(march(10), 10), &[("order", 3)]);
    s.tell("order.confirmed", at(march(10), 10), &[("order", 3)]);
    s.tell("stock.shorted", at(march(10), 10), &[("order", 3)]);
    s.tell("order.entered", at(march(11), 9), &[("order", 4)]);
    s.tell("order.submitted", at(march(11), 9), &[("order", 4)]);
    s.tell("order.cancelled", at(march(12), 9), &[("order", 4)]);
    for (approval, end, hour) in [(95, "approval.granted", 9), (96, "approval.rejected", 10)] {
        let of = [("approval", approval), ("order", 3)];
        s.tell("approval.requested", at(march(2), 14), &of);
        s.tell(end, at(march(3), hour), &of);
    }
    for statement in [75, 76] {
        s.tell("statement.sent", at(march(9), 9), &[("statement", statement)]);
    }
    s.tell("statement.differed", at(march(10), 9), &[("statement", 75)]);
    s.tell("statement.confirmed", at(march(10), 9), &[("statement", 76)]);
    s.tell("statement.confirmed", at(march(12), 9), &[("statement", 75)]);
    s.tell("change_order.submitted", at(march(10), 11), &[("change_order", 77)]);
    s.tell("change_order.applied", at(march(10), 15), &[("change_order", 77)]);
    s.tell("return.settled", at(march(20), 9), &[("return", 71)]);
    for (review, score) in [(85, "5"), (86, "2"), (87, "4")] {
        s.full("order.reviewed", at(march(9), 9), &[("order_review", review), ("order", 1)], |f| {
            f.attrs = vec![("score".to_owned(), score.to_owned())];
        });
    }
    s.0
}

fn held_order(s: &mut Story, two: &[(&str, i64)]) {
    // The second order is what the opportunity became.
    s.tell("order.entered", at(march(2), 9), &[("order", 2), ("opportunity", 21)]);
    s.tell("order.submitted", at(march(2), 10), two);
    let hold = |reason: &'static str| move |f: &mut NewFact| f.reason = reason.to_owned();
    s.full("order.held", at(march(2), 10), &[("order", 2), ("hold", 61)], hold("data"));
    s.full("order.released", at(march(2), 14), &[("order", 2), ("hold", 61)], hold("data"));
    s.full("order.credit_blocked", at(march(2), 14), &[("order", 2), ("hold", 62)], hold("credit"));
    let freed = [("order", 2), ("hold", 62)];
    s.full("order.credit_released", at(march(3), 9), &freed, |f| {
        (f.reason, f.actor) = ("credit".to_owned(), 2);
    });
    s.tell("order.confirmed", at(march(3), 9), two);
    s.tell("order.qty_changed", at(march(3), 11), two);
    for (shipment, day) in [(32, 4), (33, 6)] {
        let of = [("order", 2), ("shipment", shipment)];
        s.tell("shipment.created", at(march(3), 9), &of);
        s.tell("ship.dispatched", at(march(day), 16), &of);
        s.tell("delivery.delivered", at(march(day + 3), 16), &of);
    }
    let billed = [("order", 2), ("invoice", 42)];
    s.full("invoice.issued", at(march(16), 16), &billed, |f| f.amount = 3000);
    let ask = [("order", 2), ("return", 71)];
    s.full("return.requested", at(march(17), 9), &ask, |f| {
        f.attrs = vec![("fault".to_owned(), "carrier".to_owned())];
    });
    let paid = [("order", 2), ("invoice", 42), ("payment", 52)];
    s.full("payment.received", at(march(30), 9), &[("payment", 52)], |f| f.amount = 3000);
    s.full("payment.applied", at(march(31), 9), &paid, |f| f.amount = 3000);
    s.tell("invoice.settled", at(march(31), 9), &[("order", 2), ("invoice", 42)]);
    s.tell("order.closed", at(march(31), 9), two);
}

fn leads(s: &mut Story) {
    for (lead, day) in [(11, 2), (12, 2), (13, 3)] {
        s.tell("lead.created", at(march(day), 9), &[("lead", lead)]);
        s.tell("lead.assigned", at(march(day), 10), &[("lead", lead)]);
    }
    s.tell("lead.contacted", at(march(2), 11), &[("lead", 11)]);
    s.tell("lead.contacted", at(march(3), 10), &[("lead", 12)]);
    s.tell("lead.qualified", at(march(3), 11), &[("lead", 11)]);
    s.tell("lead.returned", at(march(4), 9), &[("lead", 12)]);
    s.tell("lead.converted", at(march(4), 9), &[("lead", 11), ("opportunity", 21)]);
    for (opportunity, end, day) in [(21, "opp.won", 14), (22, "opp.lost", 20)] {
        s.tell("opp.created", at(march(4), 9), &[("opportunity", opportunity)]);
        s.tell(end, at(march(day), 9), &[("opportunity", opportunity)]);
    }
    s.tell("quote.created", at(march(5), 9), &[("quote", 81)]);
    s.tell("quote.sent", at(march(5), 15), &[("quote", 81)]);
    s.tell("quote.accepted", at(march(6), 9), &[("quote", 81)]);
}

fn masters() -> Masters {
    let mut m = Masters::default();
    let n = Value::Number;
    m.put("opportunity", 21, &[("lead", n(11))]);
    // In stock on the first for 3,100; 1,200 left on the 11th, and 200 of it came back at once.
    let goods = [("opening", 1, 3100), ("ship", 11, -1200), ("return", 11, 200)];
    for (id, (kind, day, value)) in (61..).zip(goods) {
        let own = [("product", n(95)), ("value", n(value)), ("day", n(number(march(day))))];
        m.put("move", id, &[&own[..], &[("kind", Value::Text(kind))]].concat());
    }
    m.put("party", 91, &[("grade", Value::Text("A")), ("region", Value::Text("浙江"))]);
    m.put("party", 92, &[("grade", Value::Text("C")), ("region", Value::Text("四川"))]);
    let order = |m: &mut Masters, id: i64, party: i64, gross: i64, promised: Day| {
        let fields = [
            ("party", n(party)),
            ("gross", n(gross)),
            ("requested_on", n(number(promised))),
            ("promised_first", n(number(promised))),
        ];
        m.put("order", id, &fields);
    };
    order(&mut m, 1, 91, 1000, march(5));
    order(&mut m, 2, 92, 3000, march(7));
    order(&mut m, 3, 92, 500, march(20));
    order(&mut m, 4, 91, 700, march(20));
    for (id, order, gross, due) in [(41, 1, 1000, march(20)), (42, 2, 3000, march(26))] {
        let fields = [("order_id", n(order)), ("gross", n(gross)), ("due", n(number(due)))];
        m.put("invoice", id, &fields);
    }
    m
}

fn insight() -> Insight {
    Insight::of(Ground::of(facts(), masters())).expect("the catalogue is good")
}

/// A KPI's figure of March, whatever its least number of cases.
fn figure(insight: &Insight, id: &str) -> Option<f64> {
    let kpi = Kpi { least: 1, ..insight.catalogue.get(id).expect("a KPI").clone() };
    let engine = insight.engine(at(Day::of(2026, 8, 1), 9));
    let period = Period { from: march(1), until: Day::of(2026, 4, 1) };
    engine.cells(&kpi, &[period], None).expect("cells")[0].value
}

/// What March says, by hand. Working hours are 9–12 and 13:30–18.
const MARCH: &[(&str, f64)] = &[
    ("lead_volume", 3.0),
    // 11: 10–11 is 1; 12: 10–12, 13:30–18 and 9–10 are 7.5. The lower of two.
    ("lead_response_time", 1.0),
    ("lead_within_1h_rate", 100.0 / 3.0),
    ("lead_no_response_rate", 100.0 / 3.0),
    ("lead_qualification_rate", 100.0 / 3.0),
    ("lead_conversion_rate", 100.0 / 3.0),
    ("lead_return_rate", 100.0 / 3.0),
    // 11: qualified after 8.5 working hours; 12: returned after 14; 13 never.
    ("lead_handover_sla", 200.0 / 3.0),
    ("win_rate", 50.0),
    ("sales_cycle_length", 10.0),
    // 9–12 and 13:30–15.
    ("quote_turnaround", 4.5),
    ("quote_to_order", 100.0),
    ("order_volume", 4.0),
    // 0, 1, 1 and 0 hours.
    ("order_entry_time", 0.0),
    // 0, 6.5 (10–12, 13:30–18, 9–9) and 0 hours.
    ("order_confirm_time", 0.0),
    // Monday 9 to Wednesday 16; Monday 10 to Monday 16.
    ("order_cycle_time", 2.0 + 7.0 / 24.0),
    // Monday 9 to Monday 11; the 2nd at 10 to the 31st at 9.
    ("order_to_cash_time", 7.0 + 2.0 / 24.0),
    ("order_processing_time", 7.0 / 24.0),
    // Of 1, 2 and 3 the second had missing data and came back.
    ("first_time_right", 200.0 / 3.0),
    ("order_change_rate", 100.0 / 3.0),
    ("order_cancel_rate", 25.0),
    // Order 1 was touched by nobody, 2 by people at desks five times.
    ("touchless_rate", 50.0),
    ("manual_touches", 2.5),
    ("credit_block_rate", 25.0),
    // 14–18 on Monday.
    ("credit_release_time", 4.0),
    // Data 10–12 and 13:30–14, credit 14–18.
    ("hold_hours", 6.5),
    ("hold_rate", 100.0 / 3.0),
    ("otd", 50.0),
    ("otif", 50.0),
    ("perfect_order", 50.0),
    ("fill_rate_line", 200.0 / 3.0),
    ("stockout_rate", 100.0 / 3.0),
    ("return_rate", 50.0),
    ("pick_to_ship", 6.0),
    ("picking_wait", 1.0),
    // 2, 3 and 3 days.
    ("transit_time", 3.0),
    // 1 and 7 days after the last delivery.
    ("invoice_cycle_time", 1.0),
    // 1,000 of 4,000.
    ("invoice_within_3d", 25.0),
    ("invoice_accuracy", 100.0),
    ("billed_net", 4000.0),
    ("order_value", 5200.0),
    ("receivables_open", 0.0),
    ("dso", 0.0),
    ("dso_count_back", 0.0),
    ("bpdso", 0.0),
    ("add", 0.0),
    ("cei", 100.0),
    ("ontime_payment", 25.0),
    // The 9th for the 20th, and the 31st for the 26th: 11 days early, 5 days late. The lower.
    ("days_late_paid", -11.0),
    // 9–11, and 9 to 9 the next day: 7.5. The lower.
    ("cash_app_time", 2.0),
    // Order 2 went to the one who released its credit, and came back.
    ("handoffs", 1.0),
    ("ping_pong", 50.0),
    // 14–18 on Monday; the same and an hour on Tuesday. The lower.
    ("approval_wait", 4.0),
    ("approval_rubber_stamp", 50.0),
    ("csat", 200.0 / 3.0),
    ("invoice_cancel_rate", 0.0),
    // Of two customers one ordered twice.
    ("repeat_rate", 50.0),
    // 7 days 2 hours, 28 days 23 hours, 21 days 14 hours to the end of the month, 1 day.
    ("wip", (57.0 + 39.0 / 24.0) / 31.0),
    // Order 3, from the 10th at 10.
    ("backlog_age", 21.0 + 14.0 / 24.0),
    // Two orders on 22 working days.
    ("throughput", 2.0 / 22.0),
    ("rework_rate", 50.0),
    // Ten days of 3,100 and 21 of 2,100 are 2,422.58 a day; 1,000 of it were sold.
    ("inventory_turnover", 365_000.0 / 75_100.0),
    ("days_inventory", 75.1),
    // The lead of the 2nd became order 2, which was paid on the 31st at 9.
    ("lead_to_cash_time", 29.0),
    ("cash_app_auto", 50.0),
    ("statement_dispute_rate", 50.0),
    ("statement_dispute_time", 2.0),
    // 11–12 and 13:30–15.
    ("change_order_time", 2.5),
    ("return_settle_time", 3.0),
    ("auto_release_rate", 0.0),
];

#[test]
fn every_kpi_of_the_catalogue_by_hand() {
    let insight = insight();
    let receivables = ["ar_current_share", "ar_over_90", "ar_over_365", "overdue_share"];
    // Nobody was a customer before March.
    let nothing: Vec<&str> =
        receivables.into_iter().chain(["customer_churn", "retention"]).collect();
    for (id, wanted) in MARCH {
        let found = figure(&insight, id).unwrap_or(f64::NAN);
        assert!((found - wanted).abs() < 1e-6, "{id}: {found}, by hand {wanted}");
    }
    for id in &nothing {
        assert_eq!(figure(&insight, id), None, "{id}: nothing is there to divide by");
    }
    let known: Vec<&str> = MARCH.iter().map(|(id, _)| *id).chain(nothing).collect();
    for kpi in &insight.catalogue.kpis {
        assert!(known.contains(&kpi.id.as_str()), "{} is not computed by hand", kpi.id);
    }
}

#[test]
fn facts_that_come_one_by_one_make_the_figures_of_all_at_once() {
    let (all, whole) = (facts(), insight());
    let mut grown = Insight::of(Ground::of(Facts::new(), masters())).expect("a company of nothing");
    for fact in 0..all.len() {
        let new = NewFact {
            id: fact as i64 + 1,
            activity: all.activity(fact).to_owned(),
            phase: all.phase[fact],
            at: all.at[fact],
            recorded: all.recorded(fact),
            actor: all.actor(fact),
            acting_for: all.acting_for(fact),
            actor_kind: all.actor_kind[fact],
            reason: all.reason(fact).to_owned(),
            amount: all.amount[fact],
            instance: all.instance(fact),
            batch: all.batch(fact),
            attrs: ["fault", "score"]
                .iter()
                .filter_map(|name| Some(((*name).into(), all.attr(fact, name)?.into())))
                .collect(),
        };
        let touched: Vec<(String, i64)> = all
            .touches(fact)
            .map(|(kind, id)| (all.kinds.text(u32::from(kind)).to_owned(), id))
            .collect();
        grown.tell(&new, touched.iter().map(|(kind, id)| (kind.as_str(), *id)));
    }
    for (day, grain) in [(march(31), Grain::Day), (Day::of(2026, 7, 1), Grain::Month)] {
        let ask = FiguresAsk {
            grain,
            count: 31,
            dimension: None,
            value: None,
            people: true,
            targets: vec![],
        };
        let board = |of: &Insight| of.board(&ask, at(day, 9)).expect("a board")["kpis"].clone();
        assert!(board(&whole).as_array().is_some_and(|kpis| kpis.len() > 50));
        assert_eq!(board(&grown), board(&whole));
    }
}

/// An order, an invoice that was settled nobody knows when, and one paid on its due day.
#[test]
fn history_counts_for_what_its_file_told_and_for_nothing_else() {
    let mut s = Story(Facts::new());
    let import = |f: &mut NewFact| (f.batch, f.actor, f.actor_kind) = (7, 0, UNKNOWN);
    let shipped = [("order", 1), ("shipment", 2)];
    s.full("order.entered", at(march(2), 9), &[("order", 1)], import);
    s.full("order.confirmed", at(march(3), 9), &[("order", 1)], import);
    s.full("ship.dispatched", at(march(4), 9), &shipped, import);
    s.full("delivery.delivered", at(march(6), 9), &shipped, import);
    s.full("order.closed", at(march(6), 9), &[("order", 1)], import);
    s.full("invoice.issued", at(march(2), 0), &[("invoice", 3)], |f| {
        import(f);
        (f.amount, f.attrs) = (500, vec![("settlement".into(), "unknown".into())]);
    });
    let paid = [("invoice", 4), ("payment", 5)];
    for activity in ["invoice.issued", "payment.received", "payment.applied", "invoice.settled"] {
        let day = if activity == "invoice.issued" { 2 } else { 31 };
        s.full(activity, at(march(day), 0), &paid, |f| {
            import(f);
            f.amount = 300;
        });
    }
    let mut m = Masters::default();
    let day = |day| Value::Number(number(march(day)));
    m.put("order", 1, &[("requested_on", day(5)), ("gross", Value::Number(100))]);
    m.put("invoice", 3, &[("due", day(10))]);
    m.put("invoice", 4, &[("due", day(31))]);
    let insight = Insight::of(Ground::of(s.0, m)).expect("the catalogue is good");
    for (id, wanted) in [
        ("order_volume", 1.0),
        ("order_cycle_time", 4.0),
        ("order_processing_time", 2.0),
        ("otd", 0.0),
        ("days_late_paid", 0.0),
        ("ontime_payment", 100.0),
        ("billed_net", 800.0),
        ("receivables_open", 0.0),
    ] {
        assert_eq!(figure(&insight, id), Some(wanted), "{id}");
    }
    let ours = insight.catalogue.kpis.iter().filter(|kpi| kpi.ours);
    let ours: Vec<&str> = ours.map(|kpi| kpi.id.as_str()).collect();
    assert!(ours.contains(&"touchless_rate") && ours.contains(&"hold_rate"), "{ours:?}");
    for id in ours {
        assert_eq!(figure(&insight, id), None, "{id}: no file told it");
    }
}

#[test]
fn a_formula_reads_only_columns_that_there_are() {
    let insight = insight();
    for kpi in Catalogue::ours().expect("the catalogue").kpis {
        // Goods are no cases: what turns over is read off their moves.
        let Some(table) = insight.cases.table(&kpi.table) else {
            assert_eq!((kpi.table.as_str(), kpi.agg), ("product", Agg::Standing));
            continue;
        };
        let of_a_moment = matches!(kpi.agg, Agg::Receivables | Agg::Standing);
        let of = |e: &process::kpi::expr::Expr| {
            e.columns().iter().map(|c| (*c).to_owned()).collect::<Vec<_>>()
        };
        let mut columns = if of_a_moment { Vec::new() } else { of(&kpi.value) };
        columns.extend(kpi.filter.as_ref().map(of).unwrap_or_default());
        columns.extend(kpi.weight.clone());
        columns.push(kpi.by.clone());
        for column in columns {
            assert!(table.column(&column).is_some(), "{}: no column {column}", kpi.id);
        }
    }
}

#[test]
fn too_few_cases_are_no_figure_and_a_cohort_ripens() {
    let insight = insight();
    let kpi = insight.catalogue.get("lead_qualification_rate").expect("a KPI");
    let period = Period { from: march(1), until: Day::of(2026, 4, 1) };
    let cell = |now: Day| insight.engine(at(now, 9)).cells(kpi, &[period], None).expect("cells")[0];
    let early = cell(Day::of(2026, 4, 2));
    assert_eq!((early.n, early.value, early.is_ripe), (3, None, false), "three of five");
    assert!(cell(Day::of(2026, 7, 1)).is_ripe);
}

#[test]
fn a_figure_is_sliced_and_its_cases_are_named() {
    let insight = insight();
    let now = at(Day::of(2026, 4, 2), 9);
    let engine = insight.engine(now);
    let kpi = insight.catalogue.get("order_value").expect("a KPI");
    let period = Period { from: march(1), until: Day::of(2026, 4, 1) };
    let value =
        |grade: &str| engine.cells(kpi, &[period], Some(("grade", grade))).expect("cells")[0].value;
    assert_eq!((value("A"), value("C")), (Some(1700.0), Some(3500.0)));
    // What is open at a moment is sliced too, and its cases are what is open.
    let owed = insight.catalogue.get("receivables_open").expect("a KPI");
    let period = Period { from: march(1), until: march(21) };
    let of = |grade: &str| {
        let slice = Some(("grade", grade));
        let cell = engine.cells(owed, &[period], slice).expect("cells")[0];
        (cell.n, cell.value, engine.rows(owed, period, slice).expect("rows"))
    };
    assert_eq!(of("C"), (1, Some(3000.0), vec![(42, 3000.0)]));
    assert_eq!(of("A"), (0, Some(0.0), vec![]));
    let old = insight.catalogue.get("backlog_age").expect("a KPI");
    let rows = engine.rows(old, Period { from: march(1), until: march(13) }, None).expect("rows");
    let ids: Vec<i64> = rows.iter().map(|(id, _)| *id).collect();
    assert_eq!(ids, [2, 3], "the oldest first");
    let period = Period { from: march(1), until: Day::of(2026, 4, 1) };
    let wrong = engine.cells(kpi, &[period], Some(("colour", "red"))).expect_err("no such slice");
    assert_eq!(wrong.code, "kpi.no_such_dimension");
    let ask = RowsAsk { period, dimension: Some("grade".into()), value: Some("C".into()) };
    let rows = insight.kpi_rows("order_value", &ask, now).expect("rows");
    let ids: Vec<&str> =
        rows["rows"].as_array().expect("rows").iter().filter_map(|r| r["id"].as_str()).collect();
    assert_eq!((ids, rows["count"].as_u64()), (vec!["2", "3"], Some(2)));
    let ask = FiguresAsk {
        grain: Grain::Month,
        count: 2,
        dimension: None,
        value: None,
        people: false,
        targets: vec![],
    };
    let board = insight.board(&ask, now).expect("a board");
    let told = board["kpis"].as_array().expect("KPIs").iter().find(|k| k["id"] == "order_value");
    assert_eq!(told.expect("told")["cells"][0]["value"], "5200", "money is whole and a text");
    assert_eq!(insight.kpi("nothing", &ask, now).expect_err("none").code, "kpi.not_found");
}

#[test]
fn a_band_is_amber_within_a_fifth_of_the_target() {
    let insight = insight();
    let kpi = insight.catalogue.get("otif").expect("a KPI");
    assert_eq!((kpi.target, kpi.direction.as_str()), (Some(95.0), "up"));
    let band = |value| Band::of(kpi, value).expect("a band");
    assert_eq!([band(95.0), band(76.0), band(75.9)], [Band::Green, Band::Amber, Band::Red]);
}

/// Every kind of case that a figure counts leads to a document with a screen, and every document
/// of a kind bears the name that people know it by.
#[test]
fn every_case_behind_a_figure_leads_to_a_document() {
    let mut masters = masters();
    for (kind, id, name) in
        [("lead", 11, "LD-11"), ("opportunity", 21, "OP-21"), ("return", 71, "RT-71")]
    {
        masters.put(kind, id, &[("number", Value::Text(name))]);
    }
    masters.put("order", 9, &[("number", Value::Text("SO-9"))]);
    let insight = Insight::of(Ground::of(facts(), masters)).expect("the catalogue is good");
    let now = at(Day::of(2026, 8, 1), 9);
    let mut kinds = BTreeSet::new();
    for kpi in &insight.catalogue.kpis {
        let period = Period { from: march(1), until: Day::of(2026, 4, 1) };
        let ask = RowsAsk { period, dimension: None, value: None };
        let told = insight.kpi_rows(&kpi.id, &ask, now).expect("rows");
        for row in told["rows"].as_array().expect("a list") {
            let (of, document) = (&row["of"], &row["document"]);
            assert!(of.is_string() && document.is_string(), "{}: {row} leads nowhere", kpi.id);
            kinds.insert((kpi.table.clone(), of.as_str().unwrap_or_default().to_owned()));
        }
    }
    let own = |kind: &str| kinds.contains(&(kind.to_owned(), kind.to_owned()));
    for kind in ["lead", "opportunity", "quote", "order", "shipment", "invoice", "payment"] {
        assert!(own(kind), "no figure counts a {kind}: {kinds:?}");
    }
    for kind in ["hold", "approval", "order_review"] {
        assert!(kinds.contains(&(kind.to_owned(), "order".to_owned())), "{kind}: {kinds:?}");
    }
    let ask = RowsAsk {
        period: Period { from: march(1), until: Day::of(2026, 4, 1) },
        dimension: None,
        value: None,
    };
    let won = insight.kpi_rows("sales_cycle_length", &ask, now).expect("rows");
    let row = &won["rows"][0];
    assert_eq!((row["number"].as_str(), row["document"].as_str()), (Some("OP-21"), Some("21")));
}
