//! Tables of people's own: guessed by headings and cells, corrected, learnt, edited, imported;
//! and lists that go out as tables and come in again.
use super::setup::{Place, each_house};
use intake::{Aim, Draft, Edit, Format, ListExport, Plan};
use kernel::Currency;
use meta::words::Lang;
use std::io::Cursor;
use store::scope::Scope;

const ORDERS: &str = "销售订单导出
导出人：王芳

单据编号;客户代码;购货单位;下单日期;存货编码;品名;数量（件）;单价(元);折扣;业务员
SO-1;K1;无锡机械;31/12/2025;P1;轴承;1.000,5;12,50;0;李雷
SO-1;K1;无锡机械;31/12/2025;P2;螺栓;20;0,125;10 %;李雷
SO-2;K2;苏州电气;05/01/2026;P1;轴承;3;12,50;;韩梅梅
";

fn draft(name: &str, text: &str) -> Draft {
    Draft::of(vec![(name.to_owned(), text.as_bytes().to_vec())])
}

fn plan(place: &Place<'_>, draft: &Draft) -> Plan {
    let source = draft.source().unwrap();
    let known = place.house.read(|cx, tx| intake::known(cx, tx, source)).unwrap();
    let into = Aim { currency: Currency::CNY, base: Currency::CNY, rate: None };
    draft.plan(into, &known).unwrap()
}

fn field<'g>(guess: &'g intake::Guess, heading: &str) -> Option<&'g str> {
    guess.columns.iter().find(|c| c.heading == heading).unwrap().field
}

#[test]
fn an_unknown_table_is_guessed_shown_corrected_learnt_and_imported() {
    each_house(|place| {
        let before = place.tables();
        let mut first = draft("订单.csv", ORDERS);
        assert_eq!(first.detect(), None, "no mapping of ours knows it");
        let guess = first.guess(None).unwrap();
        assert_eq!(guess.target, "orders");
        assert!(guess.confidence >= 80, "{guess:?}");
        assert_eq!(guess.lacks, Vec::<&str>::new());
        for (heading, ours) in [
            ("单据编号", Some("number")),
            ("客户代码", Some("customer")),
            ("购货单位", Some("customer_name")),
            ("下单日期", Some("ordered_on")),
            ("存货编码", Some("product")),
            ("品名", Some("product_name")),
            ("数量（件）", Some("quantity")),
            ("单价(元)", Some("price")),
            ("折扣", Some("discount")),
            ("业务员", None),
        ] {
            assert_eq!(field(&guess, heading), ours, "{heading}");
        }
        assert_eq!(guess.columns[6].samples, ["1.000,5", "20", "3"]);
        assert_eq!((guess.style.header_line, guess.style.separator.as_str()), (4, ";"));

        let assigned = guess.assigned(&[]).unwrap();
        place
            .house
            .run(|cx, tx| intake::learn(cx, tx, "金蝶订单", &assigned, &first.asked))
            .unwrap();
        let learnt = place.house.read(|_, tx| intake::learnt(tx, "金蝶订单")).unwrap().unwrap();
        let mut second = draft("一月.csv", ORDERS);
        second.as_learnt(&learnt).unwrap();
        let ready = plan(place, &second);
        assert_eq!(ready.faults, Vec::new());
        // 1,000.5 × 12.50 + 20 × 0.125 × 0.9 + 3 × 12.50.
        assert_eq!(ready.json()["sums"]["orders.net"], "12546");
        let report = place.apply(&ready);
        assert_eq!(place.count("sales_order", "number = 'SO-1' AND ordered_on = '2025-12-31'"), 1);
        assert!(plan(place, &second).counts.values().all(|c| c.new == 0 && c.changed == 0));
        place.house.check().unwrap();
        place.undo(report.batch.unwrap()).unwrap();
        let mut after = place.tables();
        assert_eq!(after.remove("learnt_mapping").unwrap().0, 1, "what was learnt stays");
        let mut before = before.clone();
        before.remove("learnt_mapping");
        assert_eq!(after, before);
    });
}

#[test]
fn a_guess_is_corrected_by_column_and_refuses_columns_that_are_not_there() {
    each_house(|_| {
        let text = "Ref,Firm,Number,When\nA,Acme,12,2026-01-02\nB,Bolt,13,2026-01-03\n";
        let draft = draft("x.csv", text);
        let guess = draft.guess(Some("receivables")).unwrap();
        assert_eq!(field(&guess, "When"), None, "no word for it is known");
        let fix = |pairs: &[(&str, &str)]| {
            let own = |(a, b): &(&str, &str)| ((*a).to_owned(), (*b).to_owned());
            guess.assigned(&pairs.iter().map(own).collect::<Vec<_>>())
        };
        let fixed = fix(&[("amount", "Number"), ("day", "When"), ("number", "Ref")]).unwrap();
        let of = |ours: &str| {
            fixed
                .columns
                .iter()
                .find(|(field, _)| field == ours)
                .map(|(_, heading)| heading.clone())
        };
        assert_eq!(of("amount").as_deref(), Some("Number"));
        assert_eq!((of("day").as_deref(), of("number").as_deref()), (Some("When"), Some("Ref")));
        let refused = fix(&[("colour", "Ref")]).map_err(|e| e.code).err();
        assert_eq!(refused, Some("import.no_column"));
    });
}

#[test]
fn a_staged_cell_is_edited_before_anything_is_written() {
    each_house(|place| {
        let text = ORDERS.replace("05/01/2026", "31/02/2026");
        let mut draft = draft("o.csv", &text);
        let assigned = draft.guess(None).unwrap().assigned(&[]).unwrap();
        draft.map(assigned).unwrap();
        let refused = plan(place, &draft);
        let at = |f: &intake::Fault| (f.line, f.column.clone(), f.value.clone(), f.error.code);
        let told: Vec<_> = refused.faults.iter().map(at).collect();
        let day = ("ordered_on".to_owned(), "31/02/2026".to_owned());
        assert_eq!(told, [(7, day.0.clone(), day.1, "import.day")]);
        let (file, value) = ("o.csv".to_owned(), "28/02/2026".to_owned());
        draft.edit(Edit { file, line: 7, column: day.0, value });
        let plan = plan(place, &draft);
        assert_eq!(plan.faults, Vec::new());
        place.apply(&plan);
        assert_eq!(place.count("sales_order", "ordered_on = '2026-02-28'"), 1);
    });
}

#[test]
fn an_import_that_somebody_stops_keeps_what_it_wrote_and_goes_on_later() {
    each_house(|place| {
        let mut text = "编码,名称\n".to_owned();
        (0..2000).for_each(|n| text.push_str(&format!("P{n},产品 {n}\n")));
        let mut draft = draft("p.csv", &text);
        let assigned = draft.guess(Some("products")).unwrap().assigned(&[]).unwrap();
        draft.map(assigned).unwrap();
        let ready = plan(place, &draft);
        let mut seen = Vec::new();
        let mut stop = |at: intake::Progress| {
            seen.push(at.done);
            if seen.len() == 3 {
                std::ops::ControlFlow::Break(())
            } else {
                std::ops::ControlFlow::Continue(())
            }
        };
        let stopped = intake::apply(&place.house.store, &|| place.cx(), &ready, &mut stop);
        assert_eq!(stopped.map_err(|e| e.code).err(), Some("import.stopped"));
        let half = place.count("product", "batch_id > 0");
        assert_eq!(half, *seen.last().unwrap() as i64);
        let report = place.apply(&plan(place, &draft));
        assert!(report.resumed);
        assert_eq!(place.count("product", "batch_id > 0"), 2000);
    });
}

/// A list as a file.
fn exported(place: &Place<'_>, name: &str, format: Format) -> Vec<u8> {
    let entity = intake::exported(name).unwrap();
    let ask = ListExport { entity, lang: Lang::Zh, format };
    let mut out = Cursor::new(Vec::new());
    let store = &place.house.store;
    intake::export_list(
        store,
        &|| Ok(place.cx()),
        (&Scope::All, &intake::all_titles),
        &ask,
        &mut out,
    )
    .unwrap();
    out.into_inner()
}

const PRODUCTS: &str = "code,name,spec,category,unit,price,cost
=1+1,\"=HYPERLINK(\"\"x\"\")\",\"6204, 2Z\",@cat,盒,12.345678,-
+P2,-螺栓,\"a\nb\",轴承,件,0.000001,3
P3,''=quoted,,,,1000,
";

fn rows_of(place: &Place<'_>, name: &str, bytes: Vec<u8>, target: &str) -> String {
    let mut draft = Draft::of(vec![(name.to_owned(), bytes)]);
    let assigned = draft.guess(Some(target)).unwrap().assigned(&[]).unwrap();
    draft.map(assigned).unwrap();
    let plan = plan(place, &draft);
    assert_eq!(plan.faults, Vec::new(), "{name}");
    let mut rows: Vec<String> = plan.rows().iter().map(|row| format!("{row:?}")).collect();
    rows.sort();
    rows.join("\n")
}

#[test]
fn products_and_customers_go_out_as_tables_and_come_in_the_same() {
    each_house(|place| {
        let mut draft = draft("p.csv", &PRODUCTS.replace(",-\n", ",\n"));
        let assigned = draft.guess(Some("products")).unwrap().assigned(&[]).unwrap();
        draft.map(assigned).unwrap();
        place.apply(&plan(place, &draft));
        let csv = exported(place, "products", Format::Csv);
        let text = String::from_utf8(csv.clone()).unwrap();
        for cell in ["'=1+1", "\"'=HYPERLINK(\"\"x\"\")\"", "'+P2", "'-螺栓", "'@cat", "''=quoted"]
        {
            assert!(text.contains(cell), "{cell} in {text}");
        }
        let risky = |row: &str| row.split(',').any(|cell| cell.starts_with(['=', '+', '@']));
        assert!(!text.lines().any(risky), "{text}");
        let xlsx = exported(place, "products", Format::Xlsx);
        let by_csv = rows_of(place, "out.csv", csv, "products");
        let by_xlsx = rows_of(place, "out.xlsx", xlsx, "products");
        assert_eq!(by_csv, by_xlsx, "both files say the same");
        for part in ["code: \"=1+1\"", "spec: \"a\\nb\"", "Price(12345678)", "name: \"'=quoted\""] {
            assert!(by_csv.contains(part), "{part} in {by_csv}");
        }
        let parties = exported(place, "parties", Format::Csv);
        let again = exported(place, "parties", Format::Xlsx);
        let by_csv = rows_of(place, "k.csv", parties, "customers");
        assert_eq!(by_csv, rows_of(place, "k.xlsx", again, "customers"));
        assert!(by_csv.contains("ALFKI"));
    });
}

#[test]
fn a_list_goes_out_only_as_far_as_its_reader_reaches() {
    each_house(|place| {
        let mut draft = draft("o.csv", ORDERS);
        let assigned = draft.guess(None).unwrap().assigned(&[]).unwrap();
        draft.map(assigned).unwrap();
        place.apply(&plan(place, &draft));
        let entity = intake::exported("orders").unwrap();
        let ask = ListExport { entity, lang: Lang::En, format: Format::Csv };
        let within = |rights: &[&str]| {
            let mut cx = place.cx();
            let within = Some(rights.iter().map(|right| (*right).into()).collect());
            cx.bounds = std::sync::Arc::new(kernel::Bounds { within, ..kernel::Bounds::default() });
            cx
        };
        let written = |scope: &Scope, rights: &[&str]| {
            let cx = || Ok(within(rights));
            let (mut out, seen) = (Cursor::new(Vec::new()), &access::seen::titles);
            let count = intake::export_list(&place.house.store, &cx, (scope, seen), &ask, &mut out);
            (count.unwrap(), String::from_utf8(out.into_inner()).unwrap())
        };
        let all = ["sales.order.read", "party.party.read"];
        let (count, text) = written(&Scope::All, &all);
        assert!(count == 2 && text.contains("无锡机械"), "{text}");
        let (count, text) = written(&Scope::All, &all[..1]);
        assert!(
            count == 2 && !text.contains("无锡机械"),
            "no name of what they may not read: {text}"
        );
        assert_eq!(written(&Scope::Only(Vec::new()), &all).0, 0);
        let refused = intake::exported("external_ref").map_err(|e| e.code).err();
        assert_eq!(refused, Some("export.no_entity"));
    });
}

#[test]
fn the_opening_template_is_known_by_its_own_headings_once_filled_in() {
    each_house(|place| {
        let mut out = Cursor::new(Vec::new());
        intake::template("opening", &mut out).unwrap();
        let draft = Draft::of(vec![("期初.xlsx".to_owned(), out.into_inner())]);
        let mut draft = draft.clone();
        assert_eq!(draft.detect(), Some("opening"));
        let plan = plan(place, &draft);
        assert_eq!((plan.faults.len(), plan.rows().len()), (0, 0), "empty sheets are no rows");
        assert_eq!(plan.json()["files"].as_array().unwrap().len(), 4);
        let tables = intake::template_tables("opening").unwrap();
        assert_eq!(tables.len(), 4);
        let mut csv = Draft::of(tables);
        assert_eq!(csv.detect(), Some("opening"));
    });
}
