//! The house of the stories as a place to import into, and the files to import.
use crate::house::{self, House};
use intake::{Aim, Asked, Plan, Report, Source, UndoReport};
use kernel::{Ctx, Currency, Day, Rate, Result};
use std::collections::BTreeMap;
use std::io::Cursor;
use std::ops::ControlFlow;
use std::path::PathBuf;
use store::{Sql, Tx};

pub(super) struct Place<'h> {
    pub(super) house: &'h House,
}

/// Tells a story on both engines, in a house where somebody is known as ALFKI already; where the
/// data is not there, it says that it did not. The house proves its invariants at the end.
pub(super) fn each(data: &str, story: impl Fn(&Place<'_>)) {
    if folder(data).is_some() {
        each_house(story);
    }
}

/// As [`each`], of files that the test writes itself.
pub(super) fn each_house(story: impl Fn(&Place<'_>)) {
    house::each(|house| {
        house.customer("ALFKI", "N30", None)?;
        story(&Place { house });
        Ok(())
    });
}

/// Where the shared data is; fails in CI where it is not.
fn folder(data: &str) -> Option<PathBuf> {
    let root = std::env::var("HUILIU_SHARED_DATA").map_or_else(
        |_| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data")),
        PathBuf::from,
    );
    let found = root.join(data);
    if found.exists() {
        return Some(found);
    }
    let must = std::env::var("CI_REQUIRE_DATA").is_ok_and(|v| v == "1");
    assert!(!must, "{} is not there", found.display());
    println!("skipped: {} is not there", found.display());
    None
}

pub(super) fn shared(data: &str) -> Option<Vec<u8>> {
    folder(data).map(|path| std::fs::read(path).unwrap())
}

pub(super) fn text(mapping: &str, name: &str) -> String {
    let folder_name = if mapping == "northwind" { "northwind/csv" } else { mapping };
    let path = folder(folder_name).unwrap().join(name);
    std::fs::read_to_string(path).unwrap()
}

pub(super) fn source(name: &str, bytes: Vec<u8>) -> Source {
    Source { name: name.to_owned(), input: Box::new(Cursor::new(bytes)) }
}

pub(super) fn files(mapping: &str, names: &[&str]) -> Vec<Source> {
    let folder_name = if mapping == "northwind" { "northwind/csv" } else { mapping };
    let folder = folder(folder_name).unwrap();
    let read = |name: &&str| source(name, std::fs::read(folder.join(name)).unwrap());
    names.iter().map(read).collect()
}

/// `55.9` is 5590.
pub(super) fn cents(text: &str) -> i64 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{part:0<2}").parse().unwrap()
}

fn leaked(text: String) -> &'static Sql {
    Box::leak(Box::new(Sql::new(text)))
}

impl Place<'_> {
    pub(super) fn cx(&self) -> Ctx {
        self.house.cx(2)
    }

    /// Files in dollars into a company that keeps yuan, at 7.
    pub(super) fn plan(&self, mapping: &str, sources: Vec<Source>) -> Plan {
        self.plan_in(Currency::USD, mapping, sources)
    }
    pub(super) fn plan_in(&self, currency: Currency, mapping: &str, sources: Vec<Source>) -> Plan {
        let mapping = intake::named(mapping).unwrap();
        let into = Aim { currency, base: Currency::CNY, rate: Some(Rate::whole(7)) };
        let known = self.house.read(|cx, tx| intake::known(cx, tx, mapping.name));
        intake::plan(mapping, sources, into, &known.unwrap()).unwrap()
    }
    pub(super) fn plan_asked(&self, mapping: &str, sources: Vec<Source>, asked: &Asked) -> Plan {
        let mapping = intake::named(mapping).unwrap();
        let into = Aim { currency: Currency::USD, base: Currency::CNY, rate: Some(Rate::whole(7)) };
        let known = self.house.read(|cx, tx| intake::known(cx, tx, mapping.name));
        intake::plan_as(mapping, sources, into, &known.unwrap(), asked).unwrap()
    }
    pub(super) fn apply(&self, plan: &Plan) -> Report {
        self.try_apply(plan).unwrap()
    }
    pub(super) fn try_apply(&self, plan: &Plan) -> Result<Report> {
        intake::apply(&self.house.store, &|| self.cx(), plan, &mut |_| ControlFlow::Continue(()))
    }
    pub(super) fn undo(&self, batch: i64) -> Result<UndoReport> {
        intake::undo(&self.house.store, &|| self.cx(), batch)
    }

    fn value(&self, sql: String) -> i64 {
        let sql = leaked(sql);
        self.house.read(|_, tx| tx.value::<i64>(sql, &[])).unwrap().unwrap_or(0)
    }
    pub(super) fn count(&self, table: &str, clause: &str) -> i64 {
        self.value(format!("SELECT COUNT(*) FROM {table} WHERE tenant_id = $1 AND {clause}"))
    }
    pub(super) fn find(&self, table: &str, clause: &str) -> i64 {
        self.value(format!("SELECT id FROM {table} WHERE tenant_id = $1 AND {clause}"))
    }
    pub(super) fn sum(&self, table: &str, column: &str) -> i64 {
        self.value(format!(
            "SELECT CAST(COALESCE(SUM({column}), 0) AS BIGINT) FROM {table} WHERE tenant_id = $1"
        ))
    }
    pub(super) fn balance(&self, role: &str) -> i64 {
        let until = Day::of(2099, 12, 31);
        let read = |cx: &Ctx, tx: &mut Tx| ledger::questions::balance_of(cx, tx, role, until);
        self.house.read(read).unwrap()
    }
    /// Facts of an activity by an import, and those of them with an attribute.
    pub(super) fn facts(&self, activity: &str, attr: &str) -> (i64, i64) {
        let clause = format!(
            "activity = '{activity}' AND source = 'import' AND actor = 0 \
             AND actor_kind = 'unknown' AND batch_id > 0"
        );
        let with = format!("{clause} AND CAST(attrs AS TEXT) LIKE '%{attr}%'");
        (self.count("fact", &clause), self.count("fact", &with))
    }

    /// Facts of an activity that happened at a moment.
    pub(super) fn facts_at(&self, activity: &str, at: &str) -> i64 {
        let at = kernel::Instant::parse(at).unwrap().0;
        self.count("fact", &format!("activity = '{activity}' AND occurred_at = {at}"))
    }

    /// Rows and a checksum of each table but those of facts, leases and of imports themselves.
    pub(super) fn tables(&self) -> BTreeMap<&'static str, (i64, i64)> {
        let kept = ["import_batch", "scope", "tenant"];
        let of_rows = |e: &&meta::Entity| e.room != "store" || e.name == "search_token";
        let all = flows::entities().into_iter().filter(of_rows);
        let all = all.filter(|e| !kept.contains(&e.name));
        all.map(|entity| {
            let id = if entity.has("id") { "id" } else { "tenant_id" };
            let version = if entity.has("version") { "+ version" } else { "" };
            let table = entity.table;
            let sum = format!(
                "SELECT CAST(COALESCE(SUM({id} % 1000003 {version}), 0) AS BIGINT) FROM {table} \
                 WHERE tenant_id = $1"
            );
            (entity.name, (self.count(table, "1 = 1"), self.value(sum)))
        })
        .collect()
    }

    pub(super) fn export(&self) -> (process::ocel::Counts, Vec<u8>) {
        self.house.store.seal(house::TENANT, self.house.now()).unwrap();
        let mut out = Vec::new();
        let counts = self.house.read(|_, tx| process::ocel::export(tx, &mut out));
        (counts.unwrap(), out)
    }
}
