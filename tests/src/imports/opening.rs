//! Opening balances of a Chinese company: details explain their control accounts, or nothing comes
//! in.
use super::setup::{Place, each_house, source};
use intake::{Plan, Source};
use kernel::Currency;

const STOCK: &str = "仓库编码,仓库名称,产品编码,产品名称,规格型号,单位,结存数量,结存金额
CK1,成品库,P-1,轴承,6204,件,100,\"1,200.00\"
CK1,成品库,P-2,螺栓,M8×40,盒,12.5,62.50
CK2,备件库,P-1,轴承,6204,件,10,125.00
";
const RECEIVABLES: &str = "客户编码,客户名称,应收单据号,单据日期,到期日,未收金额
C-9,无锡某某机械有限公司,AR-1,2025-11-05,2025-12-05,11300.00
ALFKI,老客户,AR-2,2025-12-20,2026-01-19,¥500.00
";
const PAYABLES: &str = "供应商编码,供应商名称,应付单据号,单据日期,到期日,未付金额
S-1,江阴钢材,AP-1,2025-12-01,2026-01-30,2000.00
S-1,江阴钢材,AP-2,2025-12-15,2026-02-14,345.67
";

/// The trial balance that goes with the details above, by the codes of the company's chart.
fn balances(codes: &[(&str, String)]) -> String {
    let code = |role: &str| codes.iter().find(|(name, _)| *name == role).unwrap().1.clone();
    format!(
        "科目编码,科目名称,借方余额,贷方余额
{},银行存款,50000.00,
{},库存商品,1387.50,
{},应收账款,11800.00,
{},应付账款,,2345.67
{},以前年度未分配利润,,60841.83
",
        code("bank"),
        code("inventory"),
        code("receivable"),
        code("payable"),
        code("retained_profit"),
    )
}

fn codes(place: &Place<'_>) -> Vec<(&'static str, String)> {
    let known = place.house.read(|cx, tx| intake::known(cx, tx, "opening")).unwrap();
    ["bank", "inventory", "receivable", "payable", "retained_profit"]
        .map(|role| (role, known.books.roles[role].clone()))
        .to_vec()
}

fn sheets(balances: &str) -> Vec<Source> {
    [("库存.csv", STOCK), ("应收.csv", RECEIVABLES), ("应付.csv", PAYABLES), ("余额.csv", balances)]
        .map(|(name, text)| source(name, text.as_bytes().to_vec()))
        .into()
}

fn told(plan: &Plan) -> Vec<(&'static str, u64)> {
    plan.faults.iter().map(|f| (f.error.code, f.line)).collect()
}

#[test]
fn opening_balances_come_in_by_document_and_agree_with_their_accounts() {
    each_house(|place| {
        let before = place.tables();
        let balances = balances(&codes(place));
        let plan = place.plan_in(Currency::CNY, "opening", sheets(&balances));
        assert_eq!(plan.faults, Vec::new());
        let report = place.apply(&plan);
        for (role, amount) in [
            ("inventory", 138_750),
            ("receivable", 1_180_000),
            ("payable", -234_567),
            ("bank", 5_000_000),
            ("retained_profit", -6_084_183),
            ("opening_equity", 0),
        ] {
            assert_eq!(place.balance(role), amount, "{role}");
        }
        assert_eq!(place.sum("open_item", "open"), 1_180_000);
        assert_eq!(place.count("opening_payable", "due = '2026-02-14' AND open = 34567"), 1);
        assert_eq!(place.count("invoice", "kind = 'opening' AND due = '2025-12-05'"), 1);
        let alfki = "party = (SELECT id FROM party WHERE code = 'ALFKI')";
        assert_eq!(place.count("invoice", alfki), 1, "who is known already stays one party");
        assert_eq!(place.count("party", "name = '老客户'"), 0);
        assert_eq!(place.count("stock", "on_hand > 0"), 3);
        assert_eq!(place.sum("stock", "on_hand"), 122_500_000);
        place.house.check().unwrap();

        let again = place.plan_in(Currency::CNY, "opening", sheets(&balances));
        assert!(again.counts.values().all(|c| c.new == 0 && c.changed == 0));
        place.undo(report.batch.unwrap()).unwrap();
        assert_eq!(place.tables(), before, "undoing the opening leaves nothing");
        assert_eq!(place.balance("bank"), 0);
        place.house.check().unwrap();
    });
}

#[test]
fn an_opening_that_does_not_agree_is_refused_with_its_account() {
    each_house(|place| {
        let codes = codes(place);
        let good = balances(&codes);
        let refused = |text: &str| told(&place.plan_in(Currency::CNY, "opening", sheets(text)));
        let off = good.replace("11800.00", "11801.00").replace("60841.83", "60842.83");
        assert_eq!(refused(&off), [("import.control_differs", 0)]);
        let tilted = good.replace("60841.83", "60841.82");
        assert_eq!(refused(&tilted), [("import.balances_differ", 0)]);
        let unknown = good.replace(&codes[4].1, "9999");
        assert_eq!(refused(&unknown), [("import.no_account", 6)]);
        let advance = place.house.read(|cx, tx| intake::known(cx, tx, "opening")).unwrap();
        let advance = &advance.books.roles["customer_advance"];
        let taken = good.replace(&codes[4].1, advance);
        assert_eq!(refused(&taken), [("import.control_without_details", 6)]);
        let none = place.plan("opening", sheets(&good));
        assert!(told(&none).contains(&("import.balances_base", 0)), "{:?}", told(&none));
    });
}
