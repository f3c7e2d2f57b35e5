//! What products of a family have in common, kinds of goods, and the services; data only.
//!
//! Tax classes are at the level of a category of 商品和服务税收分类编码, as far as we know them; they
//! were not checked against the authority's current table, so they are good for a demo only.
//! Installation is a construction service at 9 %, not one of the services at 6 %.

/// What all members of a family share, and how they differ.
pub(super) struct Family {
    /// Beginning of the product codes.
    pub(super) prefix: &'static str,
    pub(super) name: &'static str,
    pub(super) name_en: &'static str,
    pub(super) kind: &'static Kind,
    pub(super) unit: &'static str,
    pub(super) sizes: &'static [&'static str],
    /// List price by size, including VAT, in thousandths of a yuan.
    pub(super) li: &'static [i64],
    /// Weight of a unit by size, in grams.
    pub(super) grams: &'static [i64],
    /// What else is printed, and its share of the size's price in percent.
    pub(super) variants: [(&'static str, i64); 3],
    /// Both empty for a service.
    pub(super) brands: [&'static str; 2],
}

/// What a group of families shares.
pub(super) struct Kind {
    pub(super) category: &'static str,
    pub(super) tax_class: &'static str,
    pub(super) tax_short: &'static str,
    pub(super) vat_code: &'static str,
    /// Usual cost in thousandths of the list price, both without VAT.
    pub(super) cost: i64,
    /// Kept by lot.
    pub(super) lot: bool,
    /// Days; none when it does not spoil.
    pub(super) shelf_life: Option<u16>,
}

/// The category of what has no stock.
pub(super) const SERVICE: &str = "服务";

const fn goods(
    category: &'static str,
    tax_class: &'static str,
    tax_short: &'static str,
    cost: i64,
) -> Kind {
    let vat_code = "VAT13";
    Kind { category, tax_class, tax_short, vat_code, cost, lot: false, shelf_life: None }
}

const fn service(
    vat_code: &'static str,
    tax_class: &'static str,
    tax_short: &'static str,
    cost: i64,
) -> Kind {
    let category = SERVICE;
    Kind { category, tax_class, tax_short, vat_code, cost, lot: false, shelf_life: None }
}

const fn by_lot(kind: Kind, shelf_life: Option<u16>) -> Kind {
    Kind { lot: true, shelf_life, ..kind }
}

pub(super) static FASTENER: Kind = goods("紧固件", "1080413010000000000", "金属制品", 625);
pub(super) static BEARING: Kind = goods("轴承传动", "1090124010000000000", "轴承", 680);
pub(super) static BELT: Kind = goods("轴承传动", "1070503010000000000", "橡胶制品", 650);
pub(super) static LOW_VOLTAGE: Kind = goods("低压电器", "1090407010000000000", "配电控制设备", 690);
pub(super) static CABLE: Kind =
    by_lot(goods("电线电缆", "1090408010000000000", "电线电缆", 735), None);
pub(super) static TRAY: Kind = goods("桥架管材", "1080401010000000000", "金属制品", 670);
pub(super) static PLASTIC: Kind = goods("桥架管材", "1070602010000000000", "塑料制品", 650);
pub(super) static LAMP: Kind = goods("照明", "1090417010000000000", "照明装置", 630);
pub(super) static WIRING: Kind = goods("开关插座", "1090407040000000000", "配电控制设备", 645);
pub(super) static POWER_TOOL: Kind = goods("工具", "1090252010000000000", "电动工具", 700);
pub(super) static HAND_TOOL: Kind = goods("工具", "1080403010000000000", "金属工具", 650);
pub(super) static CUTTING: Kind = goods("刀具磨具", "1080402010000000000", "金属工具", 655);
pub(super) static ABRASIVE: Kind = goods("刀具磨具", "1080117010000000000", "磨具", 640);
pub(super) static VALVE: Kind = goods("阀门管件", "1090120010000000000", "阀门", 665);
pub(super) static ROD: Kind = by_lot(goods("胶粘耗材", "1070221010000000000", "焊料", 690), None);
pub(super) static GLUE: Kind =
    by_lot(goods("胶粘耗材", "1070219010000000000", "胶粘剂", 620), Some(365));
pub(super) static GREASE: Kind =
    by_lot(goods("胶粘耗材", "1070101080000000000", "石油制品", 660), Some(1_095));
pub(super) static INSTALLATION: Kind = service("VAT9", "3050200000000000000", "建筑服务", 640);
pub(super) static TRANSPORT: Kind = service("VAT9", "3010102020100000000", "运输服务", 720);
pub(super) static TESTING: Kind = service("VAT6", "3040602000000000000", "鉴证咨询服务", 560);
pub(super) static DESIGN: Kind = service("VAT6", "3040301010000000000", "设计服务", 550);

/// At 9 %, then at 6 %, two of each.
pub(super) static SERVICES: &[Family; 4] = &[
    Family {
        prefix: "IN",
        name: "安装服务",
        name_en: "Installation",
        kind: &INSTALLATION,
        unit: "项",
        sizes: &[
            "配电箱",
            "照明回路",
            "电缆桥架",
            "工业插座",
            "动力电缆",
            "阀门管路",
            "消防管件",
            "接地系统",
            "电机接线",
        ],
        li: &[380_000, 260_000, 680_000, 180_000, 880_000, 520_000, 460_000, 350_000, 220_000],
        grams: &[0, 0, 0, 0, 0, 0, 0, 0, 0],
        variants: [("小型", 100), ("中型", 260), ("大型", 680)],
        brands: ["", ""],
    },
    Family {
        prefix: "FT",
        name: "货物运输",
        name_en: "Road freight",
        kind: &TRANSPORT,
        unit: "车次",
        sizes: &["市内", "杭州", "上海", "苏州", "温州", "合肥", "南京", "台州", "舟山"],
        li: &[180_000, 420_000, 560_000, 620_000, 580_000, 980_000, 860_000, 380_000, 450_000],
        grams: &[0, 0, 0, 0, 0, 0, 0, 0, 0],
        variants: [("4.2米", 100), ("6.8米", 165), ("9.6米", 230)],
        brands: ["", ""],
    },
    Family {
        prefix: "TE",
        name: "检测服务",
        name_en: "Testing",
        kind: &TESTING,
        unit: "次",
        sizes: &[
            "紧固件拉力",
            "盐雾试验",
            "电缆耐压",
            "断路器特性",
            "接地电阻",
            "照度测试",
            "阀门试压",
            "绝缘电阻",
            "硬度试验",
        ],
        li: &[120_000, 180_000, 260_000, 220_000, 95_000, 88_000, 140_000, 75_000, 68_000],
        grams: &[0, 0, 0, 0, 0, 0, 0, 0, 0],
        variants: [("普通", 100), ("加急", 160), ("驻场", 240)],
        brands: ["", ""],
    },
    Family {
        prefix: "DS",
        name: "设计咨询",
        name_en: "Design and advice",
        kind: &DESIGN,
        unit: "人天",
        sizes: &[
            "配电方案",
            "照明方案",
            "桥架排布",
            "备件清单",
            "设备选型",
            "节能改造",
            "线路核查",
            "图纸深化",
            "负荷计算",
        ],
        li: &[
            1_600_000, 1_400_000, 1_200_000, 900_000, 1_100_000, 1_800_000, 1_000_000, 1_500_000,
            850_000,
        ],
        grams: &[0, 0, 0, 0, 0, 0, 0, 0, 0],
        variants: [("助理工程师", 62), ("工程师", 100), ("高级工程师", 165)],
        brands: ["", ""],
    },
];
