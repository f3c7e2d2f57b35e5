//! Case T32: many rows with three bad ones. Nothing comes in; corrected they do; undone it is as
//! before. `huiliu bench import` does it with 100,000.
use super::setup::each_house;
use intake::{Aim, Draft, Plan};
use kernel::Currency;
use std::fmt::Write;

const ROWS: usize = 10_000;

/// A table of products; the rows named are bad in three ways.
fn products(bad: &[usize]) -> Vec<u8> {
    let mut text = "编码,名称,单价\n".to_owned();
    for n in 0..ROWS {
        let is = |which: usize| bad.get(which) == Some(&n);
        let name = if is(1) { String::new() } else { format!("螺栓 {n}") };
        let price = if is(0) { "便宜" } else { "12.50" };
        let code = if is(2) { 5 } else { n };
        writeln!(text, "B{code:06},{name},{price}").unwrap();
    }
    text.into_bytes()
}

fn plan(place: &super::setup::Place<'_>, bytes: Vec<u8>) -> Plan {
    let mut draft = Draft::of(vec![("产品.csv".to_owned(), bytes)]);
    let assigned = draft.guess(None).unwrap().assigned(&[]).unwrap();
    assert_eq!(assigned.target, "products");
    draft.map(assigned).unwrap();
    let known = place.house.read(|cx, tx| intake::known(cx, tx, "tables:products")).unwrap();
    let into = Aim { currency: Currency::CNY, base: Currency::CNY, rate: None };
    draft.plan(into, &known).unwrap()
}

#[test]
fn t32_of_many_rows_with_three_bad_ones_none_comes_in_until_they_are_mended() {
    each_house(|place| {
        let before = place.tables();
        let bad = plan(place, products(&[7, 5_000, 9_999]));
        let told: Vec<_> =
            bad.faults.iter().map(|f| (f.line, f.column.as_str(), f.error.code)).collect();
        assert_eq!(
            told,
            [
                (9, "price", "import.number"),
                (5_002, "name", "import.needed"),
                (10_001, "code", "import.duplicate_key"),
            ]
        );
        assert_eq!(place.try_apply(&bad).map_err(|e| e.code).err(), Some("import.not_valid"));
        assert_eq!(place.tables(), before, "nothing came in");

        let good = plan(place, products(&[]));
        assert_eq!(good.faults, Vec::new());
        let report = place.apply(&good);
        assert_eq!((report.applied, place.count("product", "batch_id > 0")), (ROWS, ROWS as i64));
        let sum = report.sums.iter().find(|s| s.name == "products.list_price").unwrap();
        assert_eq!((sum.file, sum.stored), (125_000_000_000, 125_000_000_000));
        place.undo(report.batch.unwrap()).unwrap();
        assert_eq!(place.tables(), before, "as before");
    });
}
