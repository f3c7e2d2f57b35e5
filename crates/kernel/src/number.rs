//! Fixed-point numbers: quantities and unit prices of 10⁻⁶, rates of 10⁻⁹, and the one rounding.
use crate::{Error, Result};
use std::fmt;

/// Divides and rounds half away from zero: the one rounding of this house (四舍五入).
///
/// `den` is positive; callers divide by scales and ordered quantities, which are never zero.
#[must_use]
pub const fn div_round(num: i128, den: i128) -> i128 {
    let half = den / 2;
    if num >= 0 { (num + half) / den } else { -((-num + half) / den) }
}

macro_rules! fixed {
    ($(#[$doc:meta])* $name:ident, $places:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
        pub struct $name(pub i64);
        impl $name {
            pub const ZERO: Self = Self(0);
            /// Parts of one whole.
            pub const SCALE: i64 = 10_i64.pow($places);
            /// A whole number of units.
            #[must_use]
            pub const fn whole(units: i64) -> Self { Self(units * Self::SCALE) }
            #[must_use]
            pub const fn is_zero(self) -> bool { self.0 == 0 }
            /// Reads `-12.5`; at most
            #[doc = stringify!($places)]
            /// decimals. Errors: `number.invalid`, `number.too_precise`, `number.overflow`.
            pub fn parse(text: &str) -> Result<Self> { parse_fixed(text, $places).map(Self) }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&show_fixed(self.0, $places))
            }
        }
        impl std::ops::Add for $name {
            type Output = Self;
            fn add(self, o: Self) -> Self { Self(self.0 + o.0) }
        }
        impl std::ops::Sub for $name {
            type Output = Self;
            fn sub(self, o: Self) -> Self { Self(self.0 - o.0) }
        }
        impl std::ops::Neg for $name { type Output = Self; fn neg(self) -> Self { Self(-self.0) } }
        impl std::ops::AddAssign for $name { fn add_assign(&mut self, o: Self) { self.0 += o.0 } }
        impl std::ops::SubAssign for $name { fn sub_assign(&mut self, o: Self) { self.0 -= o.0 } }
        impl std::iter::Sum for $name {
            fn sum<I: Iterator<Item = Self>>(it: I) -> Self { it.fold(Self(0), |a, b| a + b) }
        }
    };
}
fixed!(
    /// A quantity in millionths of the product's stock unit.
    Qty, 6
);
fixed!(
    /// A unit price in millionths of the major currency unit (元, not 分).
    Price, 6
);
fixed!(
    /// A rate (tax, exchange, discount) in billionths: 13 % is `130_000_000`.
    Rate, 9
);

impl Rate {
    #[must_use]
    pub const fn percent(whole: i64) -> Self {
        Self(whole * 10_000_000)
    }
}

/// Reads a decimal text into an integer of 10⁻ᵖˡᵃᶜᵉˢ without ever passing through a float.
pub(crate) fn parse_fixed(text: &str, places: u32) -> Result<i64> {
    let bad = || Error::invalid("number.invalid", text);
    let (negative, digits) = match text.trim().strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.trim().strip_prefix('+').unwrap_or(text.trim())),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && part.is_empty()
        || !digits.chars().all(|c| c.is_ascii_digit() || c == '.')
    {
        return Err(bad());
    }
    let kept = part.trim_end_matches('0');
    if kept.len() > places as usize {
        return Err(Error::invalid("number.too_precise", text).with("places", places));
    }
    let joined = format!("{whole}{kept:0<width$}", width = places as usize);
    let value: i128 = joined.parse().map_err(|_| bad())?;
    let signed = if negative { -value } else { value };
    i64::try_from(signed).map_err(|_| Error::invalid("number.overflow", text))
}

/// Writes the shortest exact decimal.
pub(crate) fn show_fixed(value: i64, places: u32) -> String {
    let scale = 10_u64.pow(places);
    let size = value.unsigned_abs();
    let sign = if value < 0 { "-" } else { "" };
    let part = format!("{:0width$}", size % scale, width = places as usize);
    let part = part.trim_end_matches('0');
    let dot = if part.is_empty() { "" } else { "." };
    format!("{sign}{}{dot}{part}", size / scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_and_written_exactly() -> Result<()> {
        for text in ["0", "-0.5", "12.000001", "9223372036854.775807"] {
            assert_eq!(Qty::parse(text)?.to_string(), text);
        }
        assert_eq!(Qty::parse("1.50")?.to_string(), "1.5");
        Ok(())
    }

    #[test]
    fn what_is_not_a_decimal_or_too_fine_is_refused() {
        for (text, code) in [
            ("", "number.invalid"),
            (".", "number.invalid"),
            ("1e3", "number.invalid"),
            ("１", "number.invalid"),
            ("0.0000001", "number.too_precise"),
            ("99999999999999999999", "number.overflow"),
        ] {
            assert_eq!(Qty::parse(text).map_err(|e| e.code), Err(code), "{text}");
        }
    }

    #[test]
    fn halves_round_away_from_zero() {
        assert_eq!(div_round(25, 10), 3);
        assert_eq!(div_round(-25, 10), -3);
        assert_eq!(div_round(24, 10), 2);
    }
}
