//! Exact money: integer minor units with a currency, and how a line's money is made and shared.
use crate::{Currency, Error, Price, Qty, Rate, Result, div_round};
use std::fmt;

/// An amount in minor units (分) of one currency.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Money {
    pub minor: i64,
    pub currency: Currency,
}

impl Money {
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }
    /// Reads `113.00`. Errors as [`Qty::parse`].
    pub fn parse(text: &str, currency: Currency) -> Result<Self> {
        let minor = crate::number::parse_fixed(text, currency.places())?;
        Ok(Self { minor, currency })
    }
    /// `113.00`: the amount in major units without its currency, as [`Money::parse`] reads it.
    #[must_use]
    pub fn amount(self) -> String {
        let places = self.currency.places();
        let scale = 10_u64.pow(places);
        let size = self.minor.unsigned_abs();
        let sign = if self.minor < 0 { "-" } else { "" };
        if places == 0 {
            return format!("{sign}{size}");
        }
        let part = size % scale;
        format!("{sign}{}.{part:0w$}", size / scale, w = places as usize)
    }
    /// Errors: `money.currency_mismatch`, `money.overflow`.
    pub fn plus(self, other: Self) -> Result<Self> {
        if self.currency != other.currency {
            return Err(Error::invalid("money.currency_mismatch", format!("{self} {other}")));
        }
        let minor = self.minor.checked_add(other.minor);
        let minor = minor.ok_or_else(|| Error::invalid("money.overflow", format!("{self}")))?;
        Ok(Self { minor, ..self })
    }
}
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount(), self.currency)
    }
}

/// Which side of a price a person entered: the entered side is the truth.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PriceBasis {
    /// 含税: the price contains the tax.
    Incl,
    /// 不含税.
    Excl,
}

/// The (gross 价税合计, net, tax) of a line in minor units, from the entered side.
///
/// Including tax: gross = round(qty × price), net = round(gross ÷ (1 + rate)), tax = gross − net.
/// Excluding: net = round(qty × price), tax = round(net × rate), gross = net + tax.
/// `discount` is taken off the entered side. Error: `money.overflow`.
pub fn line_money(
    qty: Qty,
    price: Price,
    discount: i64,
    rate: Rate,
    basis: PriceBasis,
    currency: Currency,
) -> Result<(i64, i64, i64)> {
    let big = || Error::invalid("money.overflow", format!("{qty} × {price}"));
    let minor_scale = 10_i128.pow(currency.places());
    let whole = i128::from(Qty::SCALE) * i128::from(Price::SCALE);
    let value = i128::from(qty.0) * i128::from(price.0);
    let value = value.checked_mul(minor_scale).ok_or_else(big)?;
    let entered = div_round(value, whole) - i128::from(discount);
    let one = i128::from(Rate::SCALE);
    let (gross, net) = match basis {
        PriceBasis::Incl => (entered, div_round(entered * one, one + i128::from(rate.0))),
        PriceBasis::Excl => (entered + div_round(entered * i128::from(rate.0), one), entered),
    };
    let gross = i64::try_from(gross).map_err(|_| big())?;
    let net = i64::try_from(net).map_err(|_| big())?;
    Ok((gross, net, gross - net))
}

/// An amount of a currency in a company's own, at a rate in units of the own currency for one unit.
///
/// Rounded once, half away from zero. A company's own currency has two decimals (who asks for a
/// rate is told when it has not), so that a rate says all.
#[must_use]
pub const fn in_base(minor: i64, currency: Currency, rate: Rate) -> i64 {
    if rate.0 == Rate::SCALE {
        return minor;
    }
    let scaled = minor as i128 * rate.0 as i128 * 100;
    let den = Rate::SCALE as i128 * 10_i128.pow(currency.places());
    div_round(scaled, den) as i64
}

/// So much of an amount as a part is of a whole, rounded to the minor unit; nothing of nothing.
///
/// Taken one after the other off what is left, the last part takes all of the rest.
#[must_use]
pub const fn share(of: i64, part: i64, whole: i64) -> i64 {
    if whole == 0 {
        return 0;
    }
    let (num, den) = (of as i128 * part as i128, whole as i128);
    if den > 0 { div_round(num, den) as i64 } else { div_round(-num, -den) as i64 }
}

/// The share of `whole` that belongs to the first `part` of `of`, rounded.
///
/// Taken cumulatively (share up to here minus share up to before), the parts of a line always sum
/// to the whole to the cent, whatever their number and order. Zero when `of` is zero.
#[must_use]
pub const fn portion(whole: i64, part: Qty, of: Qty) -> i64 {
    if of.0 == 0 {
        return 0;
    }
    let (num, den) = (whole as i128 * part.0 as i128, of.0 as i128);
    if den > 0 { div_round(num, den) as i64 } else { div_round(-num, -den) as i64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t40_seven_pieces_at_3_33_with_13_percent_are_20_63_plus_2_68() -> Result<()> {
        let money = line_money(
            Qty::whole(7),
            Price::parse("3.33")?,
            0,
            Rate::percent(13),
            PriceBasis::Incl,
            Currency::CNY,
        )?;
        assert_eq!(money, (2331, 2063, 268));
        Ok(())
    }

    #[test]
    fn parts_of_a_line_sum_to_the_whole_in_any_cut() {
        let of = Qty::whole(7);
        for cut in 0..=7 {
            let first = portion(2331, Qty::whole(cut), of);
            let rest = portion(2331, of, of) - first;
            assert_eq!(first + rest, 2331);
        }
    }

    #[test]
    fn dollars_and_yen_become_yuan_by_their_own_decimals() -> Result<()> {
        let rate = Rate::parse("7.1")?;
        assert_eq!(in_base(3_000_00, Currency::USD, rate), 21_300_00);
        assert_eq!(in_base(-3_000_00, Currency::USD, rate), -21_300_00);
        let yen = Currency::parse("JPY")?;
        assert_eq!(in_base(10_000, yen, Rate::parse("0.0479")?), 479_00, "10,000 yen");
        Ok(())
    }

    #[test]
    fn shares_that_are_taken_one_after_the_other_leave_nothing() {
        let (mut tax, mut left) = (share(13_00, 33_33, 113_00), 33_33);
        assert_eq!(tax, 3_83);
        for part in [11_11, 11_11, 11_11] {
            let taken = share(tax, part, left);
            (tax, left) = (tax - taken, left - part);
        }
        assert_eq!((tax, left), (0, 0));
        assert_eq!(share(5, 1, 0), 0, "nothing has no parts");
        assert_eq!(share(-710, -50, -100), -355, "a credit note's sides are negative");
    }

    #[test]
    fn currencies_never_mix_and_amounts_show_their_decimals() {
        let yuan = Money::new(-105, Currency::CNY);
        assert_eq!(yuan.to_string(), "-1.05 CNY");
        let mixed = yuan.plus(Money::new(1, Currency::USD));
        assert_eq!(mixed.map_err(|e| e.code), Err("money.currency_mismatch"));
    }
}
