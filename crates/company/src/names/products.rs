//! The demo company's products, each a pure function of its number.
//!
//! 94 % are goods at 13 % VAT; 3 % each are services at 9 % and 6 %. Nothing is at 0 % by itself:
//! the zero rate comes from the customer abroad.
use super::electrical::ELECTRICAL;
use super::families::{Family, SERVICES};
use super::mechanical::MECHANICAL;
use kernel::{Price, Qty, Rate};

/// Indices that [`product`] answers with distinct products.
pub const PRODUCTS: usize = 1_800;

/// A product or service of the demo company.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Product {
    /// `HB-007`.
    pub code: String,
    pub name: &'static str,
    pub name_en: &'static str,
    /// 规格型号, such as `M8×40 8.8级发黑`.
    pub spec: String,
    /// An invented brand; empty for a service.
    pub brand: &'static str,
    pub unit: &'static str,
    /// `fastener`, `transmission`, `low_voltage`, `cable`, `conduit`, `lighting`, `wiring`, `tool`,
    /// `cutting`, `valve`, `consumable` or `service`.
    pub category: &'static str,
    /// Of one unit, in yuan including VAT.
    pub list_price: Price,
    /// Cost without VAT as a share of the list price without VAT: 0.53 to 0.76.
    pub cost_ratio: Rate,
    pub vat_code: &'static str,
    /// 19 digits of 商品和服务税收分类编码; good for a demo only.
    pub tax_class: &'static str,
    /// The short name that an invoice line begins with, without its stars.
    pub tax_short: &'static str,
    /// EAN-13 from prefix 69; none for a service.
    pub barcode: Option<String>,
    /// Of one unit, in kilograms; zero for a service.
    pub weight_kg: Qty,
    /// Kept by lot (about 14 %).
    pub by_lot: bool,
    /// Days from production; none when it does not spoil.
    pub shelf_life: Option<u16>,
}

impl Product {
    /// Whether it is work, not goods: no stock, no weight.
    #[must_use]
    pub fn is_service(&self) -> bool {
        self.category == super::families::SERVICE
    }
}

/// A product; distinct below [`PRODUCTS`]. Neighbours are of different families, so any run of
/// indices is a fair sample of the assortment.
#[must_use]
pub fn product(index: usize) -> Product {
    let index = index % PRODUCTS;
    let (hundred, place) = (index / 100, index % 100);
    if let Some(nth) = [33, 66, 99].iter().position(|&p| p == place) {
        return service(&SERVICES[..2], hundred * 3 + nth);
    }
    if let Some(nth) = [16, 49, 82].iter().position(|&p| p == place) {
        return service(&SERVICES[2..], hundred * 3 + nth);
    }
    let services_before = [16, 33, 49, 66, 82, 99].iter().filter(|&&p| p < place).count();
    let rank = hundred * 94 + place - services_before;
    let families = MECHANICAL.len() + ELECTRICAL.len();
    let (number, nth) = (rank % families, rank / families);
    let family = MECHANICAL.get(number).unwrap_or_else(|| &ELECTRICAL[number - MECHANICAL.len()]);
    let made = member(family, nth);
    Product { barcode: Some(ean13(&format!("69999{number:02}{index:05}"))), ..made }
}

fn service(families: &'static [Family], rank: usize) -> Product {
    member(&families[rank % families.len()], rank / families.len())
}

/// The `nth` of a family: brands change first, then variants, then sizes.
fn member(family: &'static Family, nth: usize) -> Product {
    let brands = if family.brands[0].is_empty() { 1 } else { family.brands.len() };
    let (brand, rest) = (nth % brands, nth / brands);
    let (variant, size) = (rest % family.variants.len(), rest / family.variants.len());
    let (text, percent) = family.variants[variant];
    // The second brand is the cheaper one.
    let li = family.li[size] * percent * [100, 94][brand] / 10_000;
    let sway = (nth as i64 * 7) % 9 - 4;
    let kind = family.kind;
    Product {
        code: format!("{}-{:03}", family.prefix, nth + 1),
        name: family.name,
        name_en: family.name_en,
        spec: format!("{} {text}", family.sizes[size]),
        brand: family.brands[brand],
        unit: family.unit,
        category: kind.category,
        list_price: Price(rounded(li) * 1_000),
        cost_ratio: Rate((kind.cost + sway * 5) * 1_000_000),
        vat_code: kind.vat_code,
        tax_class: kind.tax_class,
        tax_short: kind.tax_short,
        barcode: None,
        weight_kg: Qty(family.grams[size] * 1_000),
        by_lot: kind.lot,
        shelf_life: kind.shelf_life,
    }
}

/// As price lists round, in thousandths of a yuan: whole yuan from 100, jiao from 10, fen from 1.
fn rounded(li: i64) -> i64 {
    let step = match li {
        100_000.. => 1_000,
        10_000.. => 100,
        1_000.. => 10,
        _ => 1,
    };
    (li + step / 2) / step * step
}

/// Twelve digits and their check digit (GB 12904).
fn ean13(twelve: &str) -> String {
    let digits = twelve.bytes().map(|b| u32::from(b - b'0'));
    let sum: u32 = digits.zip([1, 3].into_iter().cycle()).map(|(d, weight)| d * weight).sum();
    format!("{twelve}{}", (10 - sum % 10) % 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn all() -> impl Iterator<Item = Product> {
        (0..PRODUCTS).map(product)
    }

    fn distinct<T: Ord>(values: impl Iterator<Item = T>) -> usize {
        values.collect::<BTreeSet<_>>().len()
    }

    #[test]
    fn eighteen_hundred_products_differ_in_code_and_in_what_is_printed() {
        assert_eq!(distinct(all().map(|p| p.code)), PRODUCTS);
        let printed = all().map(|p| (p.name, p.spec, p.brand));
        assert_eq!(distinct(printed), PRODUCTS);
        assert_eq!(product(0).code, "HB-001");
        assert_eq!(product(0).spec, "M6×20 4.8级镀锌");
    }

    #[test]
    fn of_a_hundred_products_94_bear_13_percent_and_3_each_bear_9_and_6() {
        for hundred in 0..PRODUCTS / 100 {
            let run = || (hundred * 100..hundred * 100 + 100).map(product);
            for (code, count) in [("VAT13", 94), ("VAT9", 3), ("VAT6", 3)] {
                assert_eq!(run().filter(|p| p.vat_code == code).count(), count, "{code}");
            }
        }
    }

    #[test]
    fn barcodes_are_distinct_and_valid_and_only_services_have_none() {
        assert_eq!(ean13("590123412345"), "5901234123457");
        let codes: Vec<_> = all().filter_map(|p| p.barcode).collect();
        assert_eq!(distinct(codes.iter()), 1_692);
        for code in codes {
            assert!(code.len() == 13 && code.starts_with("69"), "{code}");
            assert_eq!(ean13(&code[..12]), code);
        }
        assert!(all().all(|p| p.is_service() == p.barcode.is_none()));
        assert!(all().all(|p| p.is_service() == p.weight_kg.is_zero()));
    }

    #[test]
    fn tax_classes_have_19_digits_and_a_short_name() {
        for product in all() {
            assert_eq!(product.tax_class.len(), 19, "{}", product.code);
            assert!(product.tax_class.bytes().all(|b| b.is_ascii_digit()), "{}", product.code);
            assert!(!product.tax_short.is_empty() && !product.name_en.is_empty());
        }
    }

    #[test]
    fn prices_are_believable_and_leave_a_margin_after_usual_discounts() {
        let mut ratios = 0;
        for product in all() {
            let price = product.list_price;
            assert!(price >= Price(10_000) && price < Price::whole(10_000), "{}", product.code);
            let ratio = product.cost_ratio;
            assert!(ratio >= Rate(530_000_000) && ratio <= Rate(760_000_000), "{}", product.code);
            ratios += ratio.0;
        }
        let mean = ratios / PRODUCTS as i64;
        assert!((640_000_000..690_000_000).contains(&mean), "{mean}");
    }

    #[test]
    fn about_one_in_seven_is_kept_by_lot_and_what_spoils_is_among_them() {
        let lots = all().filter(|p| p.by_lot).count();
        assert!((230..290).contains(&lots), "{lots}");
        assert!(all().all(|p| p.by_lot || p.shelf_life.is_none()));
        assert!(all().any(|p| p.shelf_life == Some(365)));
    }

    #[test]
    fn families_have_as_many_prices_and_weights_as_sizes_and_enough_of_each() {
        for family in MECHANICAL.iter().chain(ELECTRICAL).chain(SERVICES) {
            assert_eq!(family.sizes.len(), family.li.len(), "{}", family.prefix);
            assert_eq!(family.sizes.len(), family.grams.len(), "{}", family.prefix);
        }
    }
}
