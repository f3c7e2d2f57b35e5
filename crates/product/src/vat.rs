//! China's VAT rates as dated data, each with its source; no tax calculation.
//!
//! A code carries one rate and never another, because invoices keep both: when the law changes a
//! rate, a new code of the same class follows, and [`code_on`] leads from the code on a product to
//! the one in force on a day (`VAT17` → `VAT16` → `VAT13`), backwards too, for a red invoice to an
//! old blue one. Since 2026-01-01 the source is 中华人民共和国增值税法 and 公告2026年第10号.
//!
//! Deliberately absent: the 5 % levy rate on immovable property and other rules that a trader in
//! goods does not meet.
use kernel::{Day, Rate};

/// Why a rate applies; codes of one class follow one another in time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum VatClass {
    /// 基本税率.
    Standard,
    /// 低税率 for goods of daily need, transport, construction.
    Reduced,
    /// 低税率 for services.
    Service,
    /// 征收率.
    Levy,
    /// 减按征收率: a temporary relief from [`Self::Levy`].
    LevyRelief,
    /// 零税率: no output tax, input tax is refunded.
    Zero,
    /// 免税: no output tax, input tax is not deductible.
    Exempt,
    /// 不征税: not a taxable transaction.
    NotTaxed,
}

/// A code and one period in which it is in force.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct VatCode {
    pub code: &'static str,
    pub name_zh: &'static str,
    pub name_en: &'static str,
    pub class: VatClass,
    pub rate: Rate,
    pub valid_from: Day,
    /// The last day, included; none while nobody knows an end.
    pub valid_until: Option<Day>,
    /// The law or announcement.
    pub source: &'static str,
}

impl VatCode {
    /// What it applies to, in Chinese and English.
    #[must_use]
    pub const fn applies_to(&self) -> (&'static str, &'static str) {
        match self.class {
            VatClass::Standard => (
                "销售、进口一般货物，加工修理修配服务，有形动产租赁",
                "Goods in general, processing and repair, lease of movables",
            ),
            VatClass::Reduced => (
                "农产品、水气、图书、化肥等货物，交通运输、邮政、基础电信、建筑（含安装）、不动产",
                "Food, water, gas, books; transport, post, construction and installation",
            ),
            VatClass::Service => (
                "现代服务（技术、设计、检测、咨询、仓储装卸）、生活服务、金融、无形资产",
                "Technical, design, testing, advisory, storage and other services, intangibles",
            ),
            VatClass::Levy => (
                "小规模纳税人；一般纳税人适用简易计税方法的交易",
                "Small-scale taxpayers; simple method of general taxpayers",
            ),
            VatClass::LevyRelief => (
                "小规模纳税人适用3%征收率的应税收入，可放弃减征",
                "Small-scale taxpayers' income at 3 %; the relief may be waived",
            ),
            VatClass::Zero => {
                ("出口货物、跨境销售规定的服务", "Exports of goods and listed services")
            }
            VatClass::Exempt => ("法定免税项目", "Items that the law exempts"),
            VatClass::NotTaxed => (
                "不属于应税交易的项目，如预付卡、代收政府性收费、财政补贴",
                "Not a taxable transaction: prepaid cards, fees collected for the state, grants",
            ),
        }
    }

    /// Whether it is in force on a day.
    #[must_use]
    pub fn covers(&self, day: Day) -> bool {
        self.valid_from <= day && self.valid_until.is_none_or(|last| day <= last)
    }
}

/// The rate of a code on a day (of the tax point); none when it is not in force then.
#[must_use]
pub fn rate_on(code: &str, day: Day) -> Option<Rate> {
    CODES.iter().find(|c| c.code == code && c.covers(day)).map(|c| c.rate)
}

/// The code in force on a day in the class of this code, which may have been of another time.
#[must_use]
pub fn code_on(code: &str, day: Day) -> Option<&'static str> {
    let class = CODES.iter().find(|c| c.code == code)?.class;
    CODES.iter().find(|c| c.class == class && c.covers(day)).map(|c| c.code)
}

/// All codes, one row for each period of each code, by class and time.
#[must_use]
pub const fn codes() -> &'static [VatCode] {
    CODES
}

/// From its first day, with no known end.
const fn since(
    (code, name_zh, name_en): (&'static str, &'static str, &'static str),
    class: VatClass,
    percent: i64,
    valid_from: Day,
    source: &'static str,
) -> VatCode {
    let rate = Rate::percent(percent);
    VatCode { code, name_zh, name_en, class, rate, valid_from, valid_until: None, source }
}

impl VatCode {
    const fn until(mut self, last: Day) -> Self {
        self.valid_until = Some(last);
        self
    }
}

const VAT17: (&str, &str, &str) = ("VAT17", "增值税17%", "VAT 17 %");
const VAT16: (&str, &str, &str) = ("VAT16", "增值税16%", "VAT 16 %");
const VAT13: (&str, &str, &str) = ("VAT13", "增值税13%", "VAT 13 %");
const VAT11: (&str, &str, &str) = ("VAT11", "增值税11%", "VAT 11 %");
const VAT10: (&str, &str, &str) = ("VAT10", "增值税10%", "VAT 10 %");
const VAT9: (&str, &str, &str) = ("VAT9", "增值税9%", "VAT 9 %");
const VAT6: (&str, &str, &str) = ("VAT6", "增值税6%", "VAT 6 %");
const VAT3: (&str, &str, &str) = ("VAT3", "征收率3%", "Levy 3 %");
const VAT1: (&str, &str, &str) = ("VAT1", "减按1%征收", "Levy 1 % (relief)");
const VAT0: (&str, &str, &str) = ("VAT0", "零税率", "Zero rate");
const EXEMPT: (&str, &str, &str) = ("EXEMPT", "免税", "Exempt");
const NONTAX: (&str, &str, &str) = ("NONTAX", "不征税", "Not taxed");

/// 中华人民共和国增值税法 in force.
const LAW: Day = Day::of(2026, 1, 1);
const BEFORE_LAW: Day = Day::of(2025, 12, 31);
/// 增值税暂行条例 in force.
const RULES: Day = Day::of(1994, 1, 1);
/// 全面推开营业税改征增值税试点.
const PILOT: Day = Day::of(2016, 5, 1);

use VatClass::{Exempt, Levy, LevyRelief, NotTaxed, Reduced, Service, Standard, Zero};

static CODES: &[VatCode] = &[
    since(VAT17, Standard, 17, RULES, "增值税暂行条例第二条（国务院令第134号、第538号）")
        .until(Day::of(2018, 4, 30)),
    since(VAT16, Standard, 16, Day::of(2018, 5, 1), "财税〔2018〕32号").until(Day::of(2019, 3, 31)),
    since(VAT13, Standard, 13, Day::of(2019, 4, 1), "财政部 税务总局 海关总署公告2019年第39号")
        .until(BEFORE_LAW),
    since(VAT13, Standard, 13, LAW, "增值税法第十条第一项"),
    // Goods joined at 11 % on 2017-07-01 (财税〔2017〕37号), from an older 13 % that is not here.
    since(VAT11, Reduced, 11, PILOT, "财税〔2016〕36号、财税〔2017〕37号")
        .until(Day::of(2018, 4, 30)),
    since(VAT10, Reduced, 10, Day::of(2018, 5, 1), "财税〔2018〕32号").until(Day::of(2019, 3, 31)),
    since(VAT9, Reduced, 9, Day::of(2019, 4, 1), "财政部 税务总局 海关总署公告2019年第39号")
        .until(BEFORE_LAW),
    since(VAT9, Reduced, 9, LAW, "增值税法第十条第二项"),
    since(VAT6, Service, 6, PILOT, "财税〔2016〕36号").until(BEFORE_LAW),
    since(VAT6, Service, 6, LAW, "增值税法第十条第三项"),
    since(VAT3, Levy, 3, Day::of(2009, 1, 1), "增值税暂行条例第十二条（国务院令第538号）")
        .until(BEFORE_LAW),
    since(VAT3, Levy, 3, LAW, "增值税法第十一条"),
    // From 2022-04-01 to 2022-12-31 this income was exempt instead (公告2022年第15号).
    since(VAT1, LevyRelief, 1, Day::of(2020, 3, 1), "公告2020年第13号、第24号，公告2021年第7号")
        .until(Day::of(2022, 3, 31)),
    since(VAT1, LevyRelief, 1, Day::of(2023, 1, 1), "财政部 税务总局公告2023年第1号、第19号")
        .until(BEFORE_LAW),
    since(VAT1, LevyRelief, 1, LAW, "财政部 税务总局公告2026年第10号").until(Day::of(2027, 12, 31)),
    since(VAT0, Zero, 0, RULES, "增值税暂行条例第二条").until(BEFORE_LAW),
    since(VAT0, Zero, 0, LAW, "增值税法第十条第四项、第五项"),
    since(EXEMPT, Exempt, 0, RULES, "增值税暂行条例第十五条").until(BEFORE_LAW),
    since(EXEMPT, Exempt, 0, LAW, "增值税法第二十四条"),
    since(NONTAX, NotTaxed, 0, PILOT, "财税〔2016〕36号附件2").until(BEFORE_LAW),
    since(NONTAX, NotTaxed, 0, LAW, "增值税法第六条"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_rate_fell_from_17_to_16_to_13() {
        for (code, day, rate) in [
            ("VAT17", Day::of(2018, 4, 30), Some(17)),
            ("VAT17", Day::of(2018, 5, 1), None),
            ("VAT16", Day::of(2018, 5, 1), Some(16)),
            ("VAT16", Day::of(2019, 3, 31), Some(16)),
            ("VAT13", Day::of(2019, 3, 31), None),
            ("VAT13", Day::of(2019, 4, 1), Some(13)),
            ("VAT13", Day::of(2026, 7, 1), Some(13)),
            ("VAT9", Day::of(2026, 7, 1), Some(9)),
            ("VAT10", Day::of(2019, 3, 31), Some(10)),
            ("VAT0", Day::of(2026, 7, 1), Some(0)),
            ("VAT8", Day::of(2026, 7, 1), None),
        ] {
            assert_eq!(rate_on(code, day), rate.map(Rate::percent), "{code} {day}");
        }
    }

    #[test]
    fn the_relief_of_small_taxpayers_paused_in_2022_and_ends_with_2027() {
        for (day, rate) in [
            (Day::of(2022, 3, 31), Some(1)),
            (Day::of(2022, 6, 1), None),
            (Day::of(2023, 1, 1), Some(1)),
            (Day::of(2027, 12, 31), Some(1)),
            (Day::of(2028, 1, 1), None),
        ] {
            assert_eq!(rate_on("VAT1", day), rate.map(Rate::percent), "{day}");
            assert_eq!(rate_on("VAT3", day), Some(Rate::percent(3)), "{day}");
        }
    }

    #[test]
    fn the_code_on_a_product_leads_to_the_one_in_force_then() {
        assert_eq!(code_on("VAT17", Day::of(2026, 7, 1)), Some("VAT13"));
        assert_eq!(code_on("VAT13", Day::of(2018, 6, 1)), Some("VAT16"));
        assert_eq!(code_on("VAT11", Day::of(2019, 4, 1)), Some("VAT9"));
        assert_eq!(code_on("VAT1", Day::of(2028, 1, 1)), None);
        assert_eq!(code_on("VAT8", Day::of(2026, 7, 1)), None);
    }

    #[test]
    fn periods_of_a_class_never_overlap_and_only_the_relief_has_a_gap() {
        for pair in codes().windows(2).filter(|w| w[0].class == w[1].class) {
            let last = pair[0].valid_until.unwrap();
            let gap = last.days_until(pair[1].valid_from) - 1;
            assert!(gap == 0 || gap > 0 && pair[1].class == LevyRelief, "{}", pair[1].code);
        }
    }

    #[test]
    fn a_code_has_one_rate_a_name_in_two_languages_and_a_source() {
        for row in codes() {
            let twins = codes().iter().filter(|c| c.code == row.code);
            assert!(twins.clone().all(|c| c.rate == row.rate && c.class == row.class));
            let (zh, en) = row.applies_to();
            let texts = [row.name_zh, row.name_en, row.source, zh, en];
            assert!(texts.iter().all(|t| !t.is_empty()), "{}", row.code);
        }
    }
}
