//! Exchange rates as dated data: what a unit of a currency was worth in another one on a day.
use kernel::{Ctx, Currency, Day, Error, Id, Rate, Result, Stored};
use store::{Tx, find};

/// What one unit of `currency` is worth in `base`, from a day on.
#[derive(Clone, Debug)]
pub struct ExchangeRate {
    pub id: Id<ExchangeRate>,
    pub version: i64,
    pub currency: Currency,
    pub base: Currency,
    pub day: Day,
    pub rate: Rate,
    /// Who says so: a bank, the customs, the foreign exchange centre.
    pub source: String,
}

/// A rate at most: amounts at it stay far below what a column holds.
const MOST: Rate = Rate::whole(100_000);

/// Decimals of a company's own currency where it trades in others.
const PLACES: u32 = 2;

impl ExchangeRate {
    /// Errors: `rate.same_currency`, `rate.range`.
    pub fn check(currency: Currency, base: Currency, rate: Rate) -> Result<()> {
        if currency == base {
            return Err(Error::invalid("rate.same_currency", currency).with("field", "base"));
        }
        may_be(rate)
    }
}

/// Error: `rate.range`.
pub(crate) fn may_be(rate: Rate) -> Result<()> {
    if rate.0 <= 0 || rate > MOST {
        let e = Error::invalid("rate.range", rate).with("field", "rate");
        return Err(e.with("most", MOST));
    }
    Ok(())
}

/// The rate of a currency on a day: the last known on or before it; 1 for the company's own, which
/// asks the database nothing. One that is given is taken, by who may.
///
/// Errors: `rate.unknown` (never 1), `rate.own_decimals`, `rate.range`, `access.forbidden`.
pub fn rate_on(
    cx: &Ctx,
    tx: &mut Tx,
    currency: Currency,
    day: Day,
    given: Option<Rate>,
) -> Result<Rate> {
    if currency == cx.base {
        return Ok(Rate(Rate::SCALE));
    }
    if cx.base.places() != PLACES {
        return Err(Error::invalid("rate.own_decimals", cx.base));
    }
    if let Some(given) = given {
        cx.allow("finance.exchange_rate.write")?;
        may_be(given)?;
        return Ok(given);
    }
    let found: Vec<ExchangeRate> = tx.list(
        find!(ExchangeRate, "currency = $2 AND base = $3 AND day <= $4 ORDER BY day DESC LIMIT 1"),
        &[
            Stored::text(currency.code()),
            Stored::text(cx.base.code()),
            Stored::text(day.to_string()),
        ],
    )?;
    let known = found.first().map(|f| f.rate);
    known.ok_or_else(|| {
        let e = Error::conflict("rate.unknown", currency).with("base", cx.base);
        e.with("day", day).with("field", "currency")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_above_nothing_and_between_two_currencies() -> Result<()> {
        let (usd, cny) = (Currency::USD, Currency::CNY);
        ExchangeRate::check(usd, cny, Rate::parse("7.1")?)?;
        let same = ExchangeRate::check(cny, cny, Rate::parse("7.1")?);
        assert_eq!(same.map_err(|e| e.code), Err("rate.same_currency"));
        for wrong in ["0", "-7.1", "100000.1"] {
            let refused = ExchangeRate::check(usd, cny, Rate::parse(wrong)?);
            assert_eq!(refused.map_err(|e| e.code), Err("rate.range"), "{wrong}");
        }
        Ok(())
    }
}
