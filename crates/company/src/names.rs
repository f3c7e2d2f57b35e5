//! Names of the demo company's people, customers and suppliers, each a pure function of a number.
//!
//! All of it is invented: combinations of common characters, identifiers from ranges that nobody
//! is given (organisation codes from `YY`, mobile numbers from 109, landlines from 0, mail at
//! `.example`), banks that do not exist. A combination may by chance be somebody's name.
//!
//! An index says nothing about size: who buys much is the simulator's decision.
mod electrical;
mod families;
mod mechanical;
mod places;
mod products;
mod words;

pub use products::{PRODUCTS, Product, product};

use kernel::Currency;
use places::{Abroad, BANKS, CITIES, COUNTRIES, City, ROADS};
use words::{
    ABROAD_FIRST, ABROAD_LAST, BUSINESSES, FIELDS, FIRST, GIVEN, MAKERS, POSITIONS, SECOND,
    SURNAMES, WORDS,
};

/// Customers on file when the year begins and ends; [`company`] gives more for leads.
pub const CUSTOMERS: usize = 420;
/// Indices that [`company`] answers with distinct names.
pub const COMPANIES: usize = 2_300;
/// Indices that [`supplier`] answers with distinct names.
pub const SUPPLIERS: usize = 120;
/// People employed; [`employee`] gives more for those who replace leavers.
pub const EMPLOYEES: usize = 65;
/// Groups of companies among the customers, of four members each.
pub const GROUPS: usize = 12;

/// A person who does not exist.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Person {
    /// Family name first, in characters.
    pub name: String,
    /// `chen.jing`.
    pub login: String,
    /// `Chen Jing`.
    pub name_en: String,
}

/// What a customer does with the goods.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trade {
    /// Sells them on.
    Dealer,
    /// Builds or installs them.
    Contractor,
    /// Makes products with them or keeps machines running.
    Maker,
}

/// A company with what an invoice, a delivery note and a call need.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Company {
    /// The full registered name; English for customers abroad.
    pub name: String,
    /// What the sales staff say.
    pub short: String,
    pub trade: Trade,
    /// ISO 3166-1 alpha-2; `CN` at home.
    pub country: &'static str,
    /// Empty abroad.
    pub province: &'static str,
    pub city: &'static str,
    /// Empty abroad.
    pub district: &'static str,
    /// The whole address as printed.
    pub address: String,
    /// 统一社会信用代码 with a valid check character; none abroad.
    pub tax_id: Option<String>,
    /// The group it belongs to, below [`GROUPS`]; the first member is the parent.
    pub group: Option<usize>,
    pub currency: Currency,
    pub contact: Person,
    /// Position of the contact.
    pub position: &'static str,
    pub phone: String,
    pub mobile: String,
    pub email: String,
    /// 开户行; empty abroad.
    pub bank: String,
    /// Empty abroad.
    pub bank_account: String,
}

/// The demo company itself.
#[must_use]
pub fn own_company() -> Company {
    let place = Place { city: &CITIES[0], district: 0 };
    let name = "宁波沐和五金电气有限公司".to_owned();
    chinese((name, "沐和五金".to_owned()), Trade::Dealer, place, (OWN, None))
}

/// An employee; distinct below 300, of whom the first [`EMPLOYEES`] work there at the start.
#[must_use]
pub fn employee(index: usize) -> Person {
    person(index % STAFF)
}

/// A customer or prospect: the first [`CUSTOMERS`] are on file; distinct below [`COMPANIES`].
///
/// Every 33rd is abroad (3 %); the first four of every 35, up to [`GROUPS`] times, are a group.
#[must_use]
pub fn company(index: usize) -> Company {
    let index = index % COMPANIES;
    let (round, member) = (index / 35, index % 35);
    if round < GROUPS && member < 4 {
        return group_member(round, member);
    }
    if index % 33 == 32 {
        return foreign(index, &COUNTRIES[index / 33 % COUNTRIES.len()]);
    }
    let place = Place { city: weighted_city(index * 37 + 11), district: index / 5 % 3 };
    let (business, trade) = BUSINESSES[(index * 7 + index / 100) % BUSINESSES.len()];
    let (full, short) = named(place.city.short, &brand(index), business);
    chinese((full, short), trade, place, (index, None))
}

/// A supplier with the product category that it delivers; distinct below [`SUPPLIERS`].
#[must_use]
pub fn supplier(index: usize) -> (Company, &'static str) {
    let index = index % SUPPLIERS;
    let (category, business) = MAKERS[index % MAKERS.len()];
    let place = Place { city: &CITIES[index * 11 % 20], district: index / 7 % 3 };
    let (full, short) = named(place.city.short, &brand(BRANDS_LAST - index), business);
    (chinese((full, short), Trade::Maker, place, (SUPPLIER_SERIAL + index, None)), category)
}

/// Identity numbers of organisations: companies by index, then suppliers, then ourselves.
const SUPPLIER_SERIAL: usize = 5_000;
const OWN: usize = 9_999;
/// People below this number are staff, above it contacts of other companies.
const STAFF: usize = 300;
const BRANDS_LAST: usize = FIRST.len() * SECOND.len() - 1;

#[derive(Clone, Copy)]
struct Place {
    city: &'static City,
    district: usize,
}

fn group_member(group: usize, member: usize) -> Company {
    let index = group * 35 + member;
    let parents_city = (group * 5) % 9;
    let city = &CITIES[(parents_city + member * 3) % 16];
    let (business, trade) = match member {
        0 => ("集团有限公司", Trade::Maker),
        1 => ("机械制造有限公司", Trade::Maker),
        2 => ("建设工程有限公司", Trade::Contractor),
        _ => ("物资贸易有限公司", Trade::Dealer),
    };
    let (full, short) = named(city.short, &brand(group * 35), business);
    chinese((full, short), trade, Place { city, district: member % 3 }, (index, Some(group)))
}

/// `宁波恒远机电设备有限公司` and `恒远机电`.
fn named(city: &str, brand: &str, business: &str) -> (String, String) {
    let field: String = business.chars().take(2).collect();
    (format!("{city}{brand}{business}"), format!("{brand}{field}"))
}

/// Two characters; every index below their number of pairs gives another pair.
fn brand(index: usize) -> String {
    let pair = index * 1_009 % (FIRST.len() * SECOND.len());
    format!("{}{}", FIRST[pair / SECOND.len()], SECOND[pair % SECOND.len()])
}

fn chinese(
    (name, short): (String, String),
    trade: Trade,
    place: Place,
    (serial, group): (usize, Option<usize>),
) -> Company {
    let Place { city, district } = place;
    let (district, code) = city.districts[district];
    let province = if city.province == city.name { "" } else { city.province };
    let road = ROADS[serial * 5 % ROADS.len()];
    let house = 1 + (serial * 271 + 85) % 899;
    let contact = person(STAFF + serial % (SURNAMES.len() * GIVEN.len() - STAFF));
    let kind = if name.ends_with("公司") { "91" } else { "92" };
    Company {
        trade,
        country: "CN",
        province: city.province,
        city: city.name,
        district,
        address: format!("{province}{}{district}{road}{house}号", city.name),
        tax_id: Some(credit_code(kind, code, serial)),
        group,
        currency: Currency::CNY,
        position: POSITIONS[serial * 3 % POSITIONS.len()],
        phone: format!("{}-0{:07}", city.area, (serial * 7_919 + 3_471_520) % 10_000_000),
        mobile: format!("109{:08}", (serial * 104_729 + 58_120_366) % 100_000_000),
        email: format!("{}@c{serial:04}.example", contact.login),
        bank: format!("{}{}支行", BANKS[serial % BANKS.len()], district),
        bank_account: format!("9990{:015}", serial * 1_299_709 + 330_200),
        contact,
        name,
        short,
    }
}

fn foreign(index: usize, abroad: &'static Abroad) -> Company {
    let serial = index / 33;
    let (word, field) = (WORDS[serial % WORDS.len()], FIELDS[serial % FIELDS.len()]);
    let name = match abroad.form {
        "PT" => format!("PT {word} {field}"),
        form => format!("{word} {field} {form}"),
    };
    let (first, last) = (ABROAD_FIRST[serial % 12], ABROAD_LAST[(serial + serial / 12) % 12]);
    let login = format!("{}.{}", first.to_lowercase(), last.to_lowercase());
    let full_name = format!("{first} {last}");
    let house = 2 + serial * 17 % 240;
    Company {
        trade: Trade::Dealer,
        country: abroad.country,
        province: "",
        city: abroad.city,
        district: "",
        address: format!("{house} {}, {}, {}", abroad.street, abroad.city, abroad.country),
        tax_id: None,
        group: None,
        currency: abroad.currency,
        position: "Purchasing",
        phone: format!("+{} 555 01{:02}", abroad.calling_code, serial % 100),
        mobile: String::new(),
        email: format!("{login}@c{index:04}.example"),
        contact: Person { name: full_name.clone(), login, name_en: full_name },
        bank: String::new(),
        bank_account: String::new(),
        short: format!("{word} {field}"),
        name,
    }
}

/// A pair of names; every index below their number of pairs gives another pair.
fn person(index: usize) -> Person {
    // 41 and 60 have no common divisor, so the two remainders together never repeat.
    let (surname, family) = SURNAMES[index % SURNAMES.len()];
    let (given, first) = GIVEN[index * 7 % GIVEN.len()];
    Person {
        name: format!("{surname}{given}"),
        login: format!("{family}.{first}"),
        name_en: format!("{} {}", capital(family), capital(first)),
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |c| c.to_ascii_uppercase().to_string())
        + letters.as_str()
}

fn weighted_city(number: usize) -> &'static City {
    let mut left = number % 100;
    for city in CITIES {
        if left < city.weight {
            return city;
        }
        left -= city.weight;
    }
    &CITIES[0]
}

/// 统一社会信用代码 of kind `91` or `92`: place, organisation code (GB 11714), check (GB 32100).
fn credit_code(kind: &str, place: &str, serial: usize) -> String {
    // Organisation codes are handed out in rising order and have come to `MA`; `YY` is far away.
    let organisation = format!("YY{:06}", serial * 7_919 % 1_000_000);
    let weights = [3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = organisation
        .chars()
        .zip(weights)
        .map(|(c, weight)| c.to_digit(36).unwrap_or_default() * weight)
        .sum();
    let check = match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from_digit(digit, 10).unwrap_or('0'),
    };
    let body = format!("{kind}{place}{organisation}{check}");
    let alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let value = |c: char| alphabet.find(c).unwrap_or_default();
    let step = |(sum, weight), c| (sum + value(c) * weight, weight * 3 % 31);
    let (sum, _) = body.chars().fold((0, 1), step);
    let last = alphabet.chars().nth((31 - sum % 31) % 31).unwrap_or('0');
    format!("{body}{last}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn distinct<T: Ord>(values: impl Iterator<Item = T>) -> usize {
        values.collect::<BTreeSet<_>>().len()
    }

    #[test]
    fn employees_have_distinct_names_and_logins() {
        assert_eq!(employee(0).name, "陈静");
        assert_eq!(employee(0).login, "chen.jing");
        assert_eq!(employee(0).name_en, "Chen Jing");
        assert_eq!(distinct((0..STAFF).map(|i| employee(i).name)), STAFF);
        assert_eq!(distinct((0..STAFF).map(|i| employee(i).login)), STAFF);
        let pairs = SURNAMES.len() * GIVEN.len();
        assert_eq!(distinct((0..pairs).map(|i| person(i).login)), pairs);
    }

    #[test]
    fn customers_prospects_and_suppliers_all_have_distinct_names_and_numbers() {
        let all = || {
            let others = (0..SUPPLIERS).map(|i| supplier(i).0).chain([own_company()]);
            (0..COMPANIES).map(company).chain(others)
        };
        let count = COMPANIES + SUPPLIERS + 1;
        assert_eq!(distinct(all().map(|c| c.name)), count);
        assert_eq!(distinct(all().map(|c| c.email)), count);
        let at_home = all().filter(|c| c.country == "CN").count();
        assert_eq!(distinct(all().filter_map(|c| c.tax_id)), at_home);
        assert_eq!(distinct(all().map(|c| c.mobile)), at_home + 1);
    }

    #[test]
    fn three_percent_of_customers_are_abroad_and_pay_in_their_currency() {
        let abroad: Vec<_> = (0..CUSTOMERS).map(company).filter(|c| c.country != "CN").collect();
        assert_eq!(abroad.len(), 12);
        for customer in abroad {
            assert!(customer.name.is_ascii() && customer.tax_id.is_none(), "{}", customer.name);
            assert_ne!(customer.currency, Currency::CNY);
        }
    }

    #[test]
    fn twelve_groups_have_a_parent_and_three_daughters_of_one_brand() {
        for group in 0..GROUPS {
            let members: Vec<_> =
                (0..CUSTOMERS).map(company).filter(|c| c.group == Some(group)).collect();
            assert_eq!(members.len(), 4);
            assert!(members[0].name.ends_with("集团有限公司"), "{}", members[0].name);
            let brand: String = members[0].short.chars().take(2).collect();
            assert!(members.iter().all(|m| m.name.contains(&brand)), "{brand}");
        }
    }

    #[test]
    fn credit_codes_carry_both_check_characters() {
        let alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
        let value = |c| alphabet.find(c).unwrap();
        for code in (0..COMPANIES).filter_map(|i| company(i).tax_id) {
            let mut weight = 1;
            let mut sum = 0;
            for c in code.chars().take(17) {
                sum += value(c) * weight;
                weight = weight * 3 % 31;
            }
            let last = code.chars().last().map(value).unwrap();
            assert!(code.len() == 18 && (sum + last) % 31 == 0, "{code}");
        }
        assert_eq!(credit_code("91", "330212", 0), "91330212YY0000001G");
    }

    #[test]
    fn most_customers_are_near_and_every_trade_is_there() {
        let customers: Vec<_> = (0..CUSTOMERS).map(company).collect();
        let share = |test: fn(&Company) -> bool| customers.iter().filter(|c| test(c)).count();
        assert!((250..300).contains(&share(|c| c.province == "浙江省")));
        assert!((95..130).contains(&share(|c| c.city == "宁波市")));
        assert!(share(|c| c.trade == Trade::Dealer) > 100);
        assert!(share(|c| c.trade == Trade::Contractor) > 80);
        assert!(share(|c| c.trade == Trade::Maker) > 120);
    }

    #[test]
    fn weights_of_cities_add_up_and_their_codes_are_those_of_the_published_list() {
        assert_eq!(CITIES.iter().map(|c| c.weight).sum::<usize>(), 100);
        let root = std::env::var("HUILIU_SHARED_DATA").unwrap_or_else(|_| {
            concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").into()
        });
        let file = format!("{root}/china_master/divisions_modood/areas.csv");
        let Ok(list) = std::fs::read_to_string(file) else {
            assert_ne!(std::env::var("CI_REQUIRE_DATA").as_deref(), Ok("1"), "data required");
            println!("skipped: shared data absent");
            return;
        };
        for (name, code) in CITIES.iter().flat_map(|c| c.districts) {
            assert!(list.contains(&format!("{code},\"{name}\"")), "{code} {name}");
        }
    }
}
