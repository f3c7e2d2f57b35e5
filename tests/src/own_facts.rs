//! The facts as columns: the same on both engines, kept in a file, caught up by `seq`.
use crate::house::{House, open};
use kernel::{Day, Result};
use process::insight::{FiguresAsk, Insight};
use process::kpi::Grain;
use process::own::{Ground, Kept};
use std::path::PathBuf;
use store::sql;

/// A file of columns that is gone when the story is over.
struct Columns(PathBuf);
impl Columns {
    fn new(engine: &str) -> Self {
        let name = format!("huiliu-own-{engine}-{}", std::process::id());
        Self(std::env::temp_dir().join(name).join("1.facts"))
    }
}
impl Drop for Columns {
    fn drop(&mut self) {
        if let Some(folder) = self.0.parent() {
            std::fs::remove_dir_all(folder).ok();
        }
    }
}

/// One order from Monday to its cash on Friday a week later; its invoice is due on the day.
fn one_order(h: &House) -> Result<()> {
    let screws = h.product("SCREW-M4", "1.13", 1000, 70)?;
    let customer = h.customer("恒远机电", "N30", Some(10_000))?;
    let order = h.submitted(customer, &[(screws, 100)])?;
    h.day(Day::of(2026, 1, 6));
    let shipments = h.ship_all(order.id)?;
    h.day(Day::of(2026, 1, 8));
    h.deliver(shipments[0])?;
    h.day(Day::of(2026, 1, 9));
    let invoice = h.bill(order.id)?;
    h.day(Day::of(2026, 1, 16));
    h.pay(&invoice)?;
    Ok(())
}

fn sealed(h: &House) -> Result<i64> {
    h.store.seal(1, h.now())?;
    let sql = sql!("SELECT CAST(COUNT(*) AS BIGINT) FROM fact_seal WHERE tenant_id = $1");
    h.read(|_, tx| Ok(tx.value(sql, &[])?.unwrap_or(0)))
}

#[test]
fn own_facts_are_the_same_columns_on_both_engines() -> Result<()> {
    let mut told = Vec::new();
    for engine in ["sqlite", "postgres"] {
        let Some(house) = open(engine) else { continue };
        let columns = Columns::new(engine);
        one_order(&house)?;
        let count = sealed(&house)?;
        let cx = house.cx(0);
        let ground = Ground::open(&columns.0, &house.store, &cx, &flows::entities())?;
        assert_eq!(ground.facts().len() as i64, count, "on {engine}");
        let study = ground.study("order")?;
        assert_eq!(study.overview.cases, 1);
        let waits = study.waits.as_ref().map(|w| (w.total, w.apart.clone()));
        let steps: Vec<_> = study.flat.trace(0).iter().map(|e| activity(&study, *e)).collect();
        told.push((steps, waits));
    }
    let steps: Vec<&str> = told[0].0.iter().map(String::as_str).collect();
    let first = ["order.entered", "order.credit_checked", "order.submitted"];
    assert!(first.iter().all(|step| steps[..4].contains(step)), "{steps:?}");
    assert_eq!(steps.last(), Some(&"order.closed"));
    assert!(!steps.contains(&"entry.posted"), "the books are left out");
    assert!(told.windows(2).all(|pair| pair[0] == pair[1]), "{told:?}");
    Ok(())
}

fn activity(study: &process::report::Study, event: u32) -> String {
    study.activity(study.log.events.activity[event as usize]).to_owned()
}

#[test]
fn own_facts_are_caught_up_by_seq_and_a_file_of_another_store_is_made_anew() -> Result<()> {
    for engine in ["sqlite", "postgres"] {
        let (Some(house), Some(other)) = (open(engine), open(engine)) else { continue };
        let columns = Columns::new(&format!("{engine}-seq"));
        let cx = house.cx(0);
        let before = sealed(&house)?;
        let mut kept = Kept::open(&columns.0, &house.store, &cx)?;
        assert_eq!(kept.facts.len() as i64, before);
        assert_eq!(kept.refresh(&house.store, &cx)?, 0);
        one_order(&house)?;
        let after = sealed(&house)?;
        assert_eq!(kept.refresh(&house.store, &cx)? as i64, after - before);
        let read = Kept::open(&columns.0, &house.store, &cx)?;
        assert_eq!((read.facts.len() as i64, read.facts.until), (after, after));
        assert_eq!(read.facts.at, kept.facts.at);
        assert_eq!(read.facts.touch_id, kept.facts.touch_id);
        // Another company's chain does not hold our last seal.
        let here = sealed(&other)?;
        let theirs = Kept::open(&columns.0, &other.store, &other.cx(0))?;
        assert_eq!(theirs.facts.len() as i64, here, "on {engine}");
    }
    Ok(())
}

#[test]
fn figures_follow_the_seal_and_are_those_of_a_fresh_look() -> Result<()> {
    for engine in ["sqlite", "postgres"] {
        let Some(house) = open(engine) else { continue };
        let (columns, fresh) =
            (Columns::new(&format!("{engine}-a")), Columns::new(&format!("{engine}-b")));
        let (cx, entities) = (house.cx(0), flows::entities());
        let board = |of: &Insight| {
            let at = Day::of(2026, 3, 1);
            let ask = FiguresAsk {
                grain: Grain::Day,
                count: 60,
                dimension: Some("region".to_owned()),
                value: Some(String::new()),
                people: true,
                targets: Vec::new(),
            };
            of.board(&ask, kernel::Zone::china().at(at, 0).0)
        };
        sealed(&house)?;
        let mut kept = Insight::open(&columns.0, &house.store, &cx, &entities)?;
        let nothing = board(&kept)?;
        one_order(&house)?;
        let screws = house.product("SCREW-M5", "1.13", 1000, 70)?;
        let customer = house.customer("明达电气", "N30", Some(10_000))?;
        let order = house.submitted(customer, &[(screws, 100)])?;
        for step in 0..2 {
            if step == 1 {
                house.ship_all(order.id)?;
            }
            sealed(&house)?;
            assert!(kept.refresh(&house.store, &cx, &entities)? > 0);
            let anew = Insight::open(&fresh.0, &house.store, &cx, &entities)?;
            assert_eq!(board(&kept)?, board(&anew)?, "on {engine}, step {step}");
            assert_ne!(board(&kept)?["kpis"], nothing["kpis"]);
        }
    }
    Ok(())
}
