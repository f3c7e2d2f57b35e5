//! Where the demo company's customers and suppliers sit: cities, districts, roads; data only.
//!
//! Names and six-digit codes of places are public facts (GB/T 2260); weights, roads, banks and
//! foreign streets are ours.
use kernel::Currency;

/// A Chinese city as the simulator uses it.
pub(super) struct City {
    /// The same as `name` for the four municipalities.
    pub(super) province: &'static str,
    pub(super) name: &'static str,
    /// As companies write it before their name.
    pub(super) short: &'static str,
    /// Telephone area code.
    pub(super) area: &'static str,
    /// Share of customers in percent; all add up to 100.
    pub(super) weight: usize,
    /// Districts or county-level cities with their six-digit codes.
    pub(super) districts: [(&'static str, &'static str); 3],
}

const fn city(
    (province, name, short): (&'static str, &'static str, &'static str),
    (area, weight): (&'static str, usize),
    districts: [(&'static str, &'static str); 3],
) -> City {
    City { province, name, short, area, weight, districts }
}

/// Two thirds sit in Zhejiang, nine tenths in the east: a trader lives from what is near.
pub(super) static CITIES: &[City] = &[
    city(
        ("浙江省", "宁波市", "宁波"),
        ("0574", 27),
        [("鄞州区", "330212"), ("北仑区", "330206"), ("镇海区", "330211")],
    ),
    city(
        ("浙江省", "杭州市", "杭州"),
        ("0571", 9),
        [("萧山区", "330109"), ("余杭区", "330110"), ("滨江区", "330108")],
    ),
    city(
        ("浙江省", "温州市", "温州"),
        ("0577", 5),
        [("瓯海区", "330304"), ("龙湾区", "330303"), ("乐清市", "330382")],
    ),
    city(
        ("浙江省", "台州市", "台州"),
        ("0576", 6),
        [("路桥区", "331004"), ("椒江区", "331002"), ("温岭市", "331081")],
    ),
    city(
        ("浙江省", "绍兴市", "绍兴"),
        ("0575", 5),
        [("越城区", "330602"), ("柯桥区", "330603"), ("诸暨市", "330681")],
    ),
    city(
        ("浙江省", "嘉兴市", "嘉兴"),
        ("0573", 4),
        [("秀洲区", "330411"), ("海宁市", "330481"), ("平湖市", "330482")],
    ),
    city(
        ("浙江省", "金华市", "金华"),
        ("0579", 4),
        [("婺城区", "330702"), ("永康市", "330784"), ("义乌市", "330782")],
    ),
    city(
        ("浙江省", "湖州市", "湖州"),
        ("0572", 2),
        [("吴兴区", "330502"), ("长兴县", "330522"), ("德清县", "330521")],
    ),
    city(
        ("浙江省", "舟山市", "舟山"),
        ("0580", 3),
        [("定海区", "330902"), ("普陀区", "330903"), ("岱山县", "330921")],
    ),
    city(
        ("上海市", "上海市", "上海"),
        ("021", 6),
        [("嘉定区", "310114"), ("松江区", "310117"), ("奉贤区", "310120")],
    ),
    city(
        ("江苏省", "苏州市", "苏州"),
        ("0512", 4),
        [("吴中区", "320506"), ("昆山市", "320583"), ("张家港市", "320582")],
    ),
    city(
        ("江苏省", "无锡市", "无锡"),
        ("0510", 3),
        [("惠山区", "320206"), ("江阴市", "320281"), ("宜兴市", "320282")],
    ),
    city(
        ("江苏省", "常州市", "常州"),
        ("0519", 2),
        [("武进区", "320412"), ("新北区", "320411"), ("溧阳市", "320481")],
    ),
    city(
        ("江苏省", "南京市", "南京"),
        ("025", 2),
        [("江宁区", "320115"), ("浦口区", "320111"), ("六合区", "320116")],
    ),
    city(
        ("江苏省", "南通市", "南通"),
        ("0513", 2),
        [("通州区", "320612"), ("海安市", "320685"), ("启东市", "320681")],
    ),
    city(
        ("安徽省", "合肥市", "合肥"),
        ("0551", 2),
        [("蜀山区", "340104"), ("包河区", "340111"), ("肥西县", "340123")],
    ),
    city(
        ("福建省", "厦门市", "厦门"),
        ("0592", 1),
        [("集美区", "350211"), ("同安区", "350212"), ("海沧区", "350205")],
    ),
    city(
        ("福建省", "泉州市", "泉州"),
        ("0595", 1),
        [("晋江市", "350582"), ("南安市", "350583"), ("石狮市", "350581")],
    ),
    city(
        ("江西省", "南昌市", "南昌"),
        ("0791", 1),
        [("青山湖区", "360111"), ("新建区", "360112"), ("南昌县", "360121")],
    ),
    city(
        ("山东省", "青岛市", "青岛"),
        ("0532", 1),
        [("黄岛区", "370211"), ("即墨区", "370215"), ("胶州市", "370281")],
    ),
    city(
        ("天津市", "天津市", "天津"),
        ("022", 1),
        [("北辰区", "120113"), ("西青区", "120111"), ("津南区", "120112")],
    ),
    city(
        ("湖北省", "武汉市", "武汉"),
        ("027", 1),
        [("江夏区", "420115"), ("黄陂区", "420116"), ("蔡甸区", "420114")],
    ),
    city(
        ("湖南省", "长沙市", "长沙"),
        ("0731", 1),
        [("长沙县", "430121"), ("浏阳市", "430181"), ("望城区", "430112")],
    ),
    city(
        ("河南省", "郑州市", "郑州"),
        ("0371", 1),
        [("中原区", "410102"), ("新郑市", "410184"), ("荥阳市", "410182")],
    ),
    city(
        ("广东省", "佛山市", "佛山"),
        ("0757", 1),
        [("南海区", "440605"), ("顺德区", "440606"), ("三水区", "440607")],
    ),
    city(
        ("广东省", "深圳市", "深圳"),
        ("0755", 1),
        [("宝安区", "440306"), ("龙岗区", "440307"), ("光明区", "440311")],
    ),
    city(
        ("四川省", "成都市", "成都"),
        ("028", 1),
        [("双流区", "510116"), ("新都区", "510114"), ("郫都区", "510117")],
    ),
    city(
        ("重庆市", "重庆市", "重庆"),
        ("023", 1),
        [("渝北区", "500112"), ("九龙坡区", "500107"), ("江津区", "500116")],
    ),
    city(
        ("陕西省", "西安市", "西安"),
        ("029", 1),
        [("雁塔区", "610113"), ("长安区", "610116"), ("高陵区", "610117")],
    ),
    city(
        ("云南省", "昆明市", "昆明"),
        ("0871", 1),
        [("官渡区", "530111"), ("呈贡区", "530114"), ("安宁市", "530181")],
    ),
];

pub(super) static ROADS: [&str; 17] = [
    "兴业路",
    "工业大道",
    "创新路",
    "望江路",
    "启航路",
    "金业路",
    "学府路",
    "滨江大道",
    "同心路",
    "五金城路",
    "振兴东路",
    "科苑路",
    "港区二路",
    "纬三路",
    "新塘路",
    "机电园路",
    "春晓路",
];

/// Banks that do not exist.
pub(super) static BANKS: [&str; 5] =
    ["东湾银行", "海汇银行", "三江岸商业银行", "甬湾农商银行", "浙海湾银行"];

/// A country that the demo company exports to.
pub(super) struct Abroad {
    /// ISO 3166-1 alpha-2.
    pub(super) country: &'static str,
    pub(super) city: &'static str,
    /// Street and postcode, after a house number.
    pub(super) street: &'static str,
    /// What a limited company is called there.
    pub(super) form: &'static str,
    pub(super) calling_code: &'static str,
    pub(super) currency: Currency,
}

const fn abroad(
    (country, city, street): (&'static str, &'static str, &'static str),
    (form, calling_code, currency): (&'static str, &'static str, Currency),
) -> Abroad {
    Abroad { country, city, street, form, calling_code, currency }
}

pub(super) static COUNTRIES: &[Abroad] = &[
    abroad(("DE", "Hamburg", "Speicherweg, 20457"), ("GmbH", "49", Currency::EUR)),
    abroad(("US", "Houston", "Harbor Works Dr, TX 77029"), ("LLC", "1", Currency::USD)),
    abroad(("VN", "Hai Phong", "Cang Moi Street, 180000"), ("Co., Ltd", "84", Currency::USD)),
    abroad(("AE", "Dubai", "Warehouse Row 7, Al Quoz"), ("Trading LLC", "971", Currency::USD)),
    abroad(("NL", "Rotterdam", "Kadestraat, 3089"), ("B.V.", "31", Currency::EUR)),
    abroad(("TH", "Samut Prakan", "Bangna Works Road, 10540"), ("Co., Ltd", "66", Currency::USD)),
    abroad(("PL", "Gdynia", "ul. Magazynowa, 81-061"), ("Sp. z o.o.", "48", Currency::EUR)),
    abroad(("MX", "Monterrey", "Calle Taller, 64000"), ("S.A. de C.V.", "52", Currency::USD)),
    abroad(("ID", "Surabaya", "Jalan Gudang, 60177"), ("PT", "62", Currency::USD)),
    abroad(("AU", "Brisbane", "Foundry Lane, QLD 4008"), ("Pty Ltd", "61", Currency::USD)),
    abroad(("ZA", "Durban", "Dockside Road, 4001"), ("(Pty) Ltd", "27", Currency::USD)),
];
