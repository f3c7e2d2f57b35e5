//! Currencies: which there are, and the decimals of their minor unit.
use crate::{Error, Result};
use std::fmt;

/// An ISO 4217 currency.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

/// By decimals: the codes of ISO 4217 in force in 2026, and those that ended since 2010, which
/// history still has; no metals and no codes for tests.
const NONE: &str = "\
    BIF BYR CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
const TWO: &str = "\
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP \
    BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EEK EGP ERN ETB \
    EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IRR JMD KES KGS \
    KHR KPW KYD KZT LAK LBP LKR LRD LSL LTL LVL MAD MDL MGA MKD MMK MNT MOP MRO MRU MUR MVR \
    MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR \
    SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STD STN SVC SYP SZL THB TJS TMT TOP TRY TTD \
    TWD TZS UAH USD USN UYU UZS VED VEF VES WST XAD XCD XCG YER ZAR ZMK ZMW ZWG ZWL";
const THREE: &str = "\
    BHD IQD JOD KWD LYD OMR TND";
const FOUR: &str = "\
    CLF UYW";

/// Is a code in a list whose codes stand in order, four bytes each?
const fn has(list: &str, code: [u8; 3]) -> bool {
    let list = list.as_bytes();
    let (mut from, mut until) = (0, list.len().div_ceil(4));
    while from < until {
        let middle = usize::midpoint(from, until);
        let at = middle * 4;
        let here = u32::from_be_bytes([0, list[at], list[at + 1], list[at + 2]]);
        let wanted = u32::from_be_bytes([0, code[0], code[1], code[2]]);
        if here == wanted {
            return true;
        }
        if here < wanted {
            from = middle + 1;
        } else {
            until = middle;
        }
    }
    false
}

impl Currency {
    pub const CNY: Self = Self(*b"CNY");
    pub const USD: Self = Self(*b"USD");
    pub const EUR: Self = Self(*b"EUR");

    /// Reads an alphabetic code. Error: `currency.invalid`.
    pub fn parse(code: &str) -> Result<Self> {
        let known = <[u8; 3]>::try_from(code.as_bytes()).map(Self).ok();
        let known = known
            .filter(|c| *c == Self::CNY || [TWO, NONE, THREE, FOUR].iter().any(|l| has(l, c.0)));
        known.ok_or_else(|| Error::invalid("currency.invalid", code))
    }

    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }

    /// Decimals of the minor unit.
    #[must_use]
    pub const fn places(self) -> u32 {
        match self.0 {
            code if has(TWO, code) => 2,
            code if has(NONE, code) => 0,
            code if has(THREE, code) => 3,
            _ => 4,
        }
    }
}
impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_currency_is_refused() {
        for wrong in ["", "US", "usd", "USDD", "RMB", "XXX", "XAU", "元", "A A", " US"] {
            let refused = Currency::parse(wrong).map_err(|e| e.code);
            assert_eq!(refused, Err("currency.invalid"), "{wrong:?}");
        }
    }

    #[test]
    fn each_code_is_found_with_its_own_decimals() -> Result<()> {
        for (list, places) in [(NONE, 0), (TWO, 2), (THREE, 3), (FOUR, 4)] {
            for code in list.split(' ') {
                assert_eq!(Currency::parse(code)?.places(), places, "{code}");
            }
        }
        Ok(())
    }

    #[test]
    fn the_codes_are_those_of_the_published_list() {
        let Some(shared) = std::env::var_os("HUILIU_SHARED_DATA") else {
            return println!("skipped: HUILIU_SHARED_DATA is not set");
        };
        let path = std::path::Path::new(&shared).join("intl_master/currency-codes/codes-all.csv");
        let Ok(text) = std::fs::read_to_string(&path) else {
            return println!("skipped: no {}", path.display());
        };
        let mut count = 0;
        for line in text.lines().skip(1) {
            // Names may have commas; what is asked for stands behind them.
            let mut fields = line.rsplit(',');
            let (ended, minor, _, code) =
                (fields.next(), fields.next(), fields.next(), fields.next().unwrap_or(""));
            let Some(Ok(places)) = minor.map(str::parse::<u32>) else { continue };
            if ended == Some("") && !code.is_empty() {
                let known = Currency::parse(code).map(Currency::places);
                assert_eq!(known.map_err(|e| e.code), Ok(places), "{code}");
                count += 1;
            }
        }
        assert!(count > 200, "{count} lines");
    }
}
