//! Checks of both charts, alone and against two public lists; test code only.
use super::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

const BOTH: [&Chart; 2] = [&ENTERPRISE, &SMALL];

#[test]
fn codes_are_unique_and_sorted_so_parents_stand_before_their_children() {
    for chart in BOTH {
        assert!(chart.accounts.windows(2).all(|w| w[0].code < w[1].code), "{}", chart.code);
    }
}

#[test]
fn codes_are_4_2_2_2_digits_below_a_parent_of_the_same_class() {
    for chart in BOTH {
        for account in chart.accounts {
            let code = account.code;
            assert!(matches!(code.len(), 4 | 6 | 8 | 10), "{code}");
            assert!(code.bytes().all(|b| b.is_ascii_digit()), "{code}");
            if code.len() > 4 {
                let parent = chart.account(&code[..code.len() - 2]).unwrap();
                assert_eq!(parent.class, account.class, "{code}");
                assert!(parent.dims.is_empty(), "{code}: only leaves ask for dimensions");
            }
        }
    }
}

#[test]
fn dimensions_are_from_the_known_six() {
    let known = ["customer", "supplier", "product", "department", "employee", "project"];
    for account in BOTH.iter().flat_map(|c| c.accounts) {
        assert!(account.dims.iter().all(|d| known.contains(d)), "{}", account.code);
    }
}

#[test]
fn every_role_is_played_once_and_by_a_leaf() {
    for chart in BOTH {
        let names: BTreeSet<_> = chart.roles.iter().map(|r| r.0).collect();
        assert_eq!(names.len(), chart.roles.len(), "{}", chart.code);
        for (role, code) in chart.roles {
            assert!(chart.is_leaf(code), "{} {role} {code}", chart.code);
            assert_eq!(chart.role(role), Some(*code));
        }
    }
}

#[test]
fn both_charts_play_the_same_roles_with_accounts_of_fitting_sides() {
    let names = |chart: &Chart| chart.roles.iter().map(|r| r.0).collect::<Vec<_>>();
    assert_eq!(names(&ENTERPRISE), names(&SMALL));
    let debit = ["cash", "bank", "receivable", "inventory", "goods_shipped", "cost_of_sales"];
    let credit = ["payable", "customer_advance", "contract_liability", "output_vat", "revenue"];
    for chart in BOTH {
        let side = |role| chart.account(chart.role(role).unwrap()).unwrap().side;
        assert!(debit.iter().all(|role| side(role) == Side::Debit));
        assert!(credit.iter().all(|role| side(role) == Side::Credit));
    }
}

#[test]
fn charts_are_found_by_the_code_a_company_stores() {
    assert_eq!(chart("small").map(|c| c.code), Some("small"));
    assert!(chart("gaap").is_none());
    assert_eq!(ENTERPRISE.account("1406").map(|a| a.name_zh), Some("发出商品"));
    assert!(SMALL.account("1406").is_none() && !SMALL.is_leaf("1405") && !SMALL.is_leaf("9"));
}

/// Codes of the 2006 draft in the published list, and the code of the standard as issued.
const DRAFT_CODES: &[(&str, &str)] = &[
    ("1015 其他货币资金", "1012"),
    ("1231 其他应收款", "1221"),
    ("1241 坏账准备", "1231"),
    ("1406 库存商品", "1405"),
    ("1407 发出商品", "1406"),
    ("1410 商品进销差价", "1407"),
    ("1411 委托加工物资", "1408"),
    ("1461 存货跌价准备", "1471"),
    ("1524 长期股权投资", "1511"),
    ("1525 长期股权投资减值准备", "1512"),
    ("1526 投资性房地产", "1521"),
    ("1541 未实现融资收益", "1532"),
    ("2205 预收账款", "2203"),
    ("2231 应付股利", "2232"),
    ("2232 应付利息", "2231"),
    ("2411 预计负债", "2801"),
    ("2501 递延收益", "2401"),
    ("2601 长期借款", "2501"),
    ("2801 长期应付款", "2701"),
    ("2802 未确认融资费用", "2702"),
    ("2811 专项应付款", "2711"),
];

/// Renamed, merged, withdrawn or left out on purpose, with the reason.
const OTHERWISE: &[(&str, &str)] = &[
    ("1321 代理业务资产", "agency business of financial firms"),
    ("1412 包装物及低值易耗品", "1411 周转材料 in the standard as issued"),
    ("1501 待摊费用", "withdrawn; prepayments or 1801"),
    ("1521 持有至到期投资", "债权投资 since CAS 22 of 2017"),
    ("1522 持有至到期投资减值准备", "债权投资减值准备 since CAS 22 of 2017"),
    ("1523 可供出售金融资产", "其他债权投资 or 其他权益工具投资 since CAS 22 of 2017"),
    ("2314 代理业务负债", "agency business of financial firms"),
    ("2401 预提费用", "withdrawn; 其他应付款"),
    ("2602 长期债券", "2502 应付债券 in the standard as issued"),
    ("3101 衍生工具", "共同类 is left out"),
    ("3201 套期工具", "共同类 is left out"),
    ("3202 被套期项目", "共同类 is left out"),
    ("6405 营业税金及附加", "6403, 税金及附加 since 财会〔2016〕22号"),
    ("6604 勘探费用", "oil and gas"),
    ("6801 所得税", "所得税费用 in the standard as issued"),
];

#[test]
fn the_enterprise_chart_differs_from_a_published_list_only_where_we_know_why() {
    let Some(file) = shared_data("china_master/coa_enterprise_cas_fanjingdan012.md") else {
        return;
    };
    let text = std::fs::read_to_string(file).unwrap();
    let draft: BTreeMap<_, _> = DRAFT_CODES.iter().copied().collect();
    let mut otherwise: BTreeSet<_> = OTHERWISE.iter().map(|o| o.0).collect();
    let (mut same, mut moved) = (0, 0);
    for (code, name) in text.lines().filter_map(listed_account) {
        let ours = |code: &str| ENTERPRISE.account(code).map(|a| a.name_zh);
        let line = format!("{code} {name}");
        if ours(code) == Some(name) {
            same += 1;
        } else if let Some(official) = draft.get(line.as_str()) {
            assert_eq!(ours(official), Some(name), "{line}");
            moved += 1;
        } else {
            assert!(otherwise.remove(line.as_str()), "{line}: ours is {:?}", ours(code));
        }
    }
    assert_eq!((same, moved), (57, DRAFT_CODES.len()));
    assert!(otherwise.is_empty(), "no longer in the list: {otherwise:?}");
}

/// Code and name of a line such as `  - 129 6001 主营业务收入  Sales revenue`; lines of one
/// industry only (专用, 共用) are not for us.
fn listed_account(line: &str) -> Option<(&str, &str)> {
    let mut words = line.trim().strip_prefix("- ")?.split_whitespace().peekable();
    words.next_if(|w| w.len() == 3);
    let code = words.next().filter(|c| c.len() == 4 && c.bytes().all(|b| b.is_ascii_digit()))?;
    let name = words.next()?;
    let industry = words.next().is_some_and(|w| w.ends_with("专用") || w.ends_with("共用"));
    (!industry).then_some((code, name))
}

/// Codes of Odoo 15's list that are not the standard's, with what they are there.
const ODOO_ERRORS: &[(&str, &str)] = &[
    ("1124", "Accounts Receivable (PoS)"), // Odoo's own account for its cash register
    ("2241", "Dividents payable"),         // 应付股利 is 2232; 2241 is 其他应付款
    ("2501", "Other payable"),             // 其他应付款 is 2241; 2501 is 长期借款
];

#[test]
fn odoos_small_business_list_is_in_truth_the_enterprise_chart_with_three_errors() {
    let Some(file) = shared_data("china_master/coa_odoo15_l10n_cn/account.account.template.csv")
    else {
        return;
    };
    let text = std::fs::read_to_string(file).unwrap();
    let mut errors = Vec::new();
    for line in text.lines().skip(1) {
        let fields: Vec<_> = line.split("\",\"").collect();
        let (name, code) = (fields[1], fields[2]);
        let known = ODOO_ERRORS.contains(&(code, name));
        if known {
            errors.push(code);
        }
        assert!(known || ENTERPRISE.account(code).is_some(), "{code} {name}");
    }
    assert_eq!(errors.len(), ODOO_ERRORS.len());
    assert!(text.contains("\"6001\"") && SMALL.account("6001").is_none());
}

/// A path of the shared test data, or a notice that it is absent.
fn shared_data(path: &str) -> Option<PathBuf> {
    let root = std::env::var("HUILIU_SHARED_DATA")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").into());
    let found = PathBuf::from(root).join(path);
    if found.exists() {
        return Some(found);
    }
    assert!(std::env::var("CI_REQUIRE_DATA").as_deref() != Ok("1"), "{found:?} is required");
    println!("skipped: shared data absent");
    None
}
