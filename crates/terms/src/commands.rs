//! Verbs of terms: payment terms, price lists, agreements, credit limits.
use crate::{PaymentTerms, PriceAgreement, PriceItem, PriceList, credit_account, facts};
use kernel::{Ctx, Error, Id, Money, Result, Stored};
use party::Party;
use store::{Tx, find, sql};

/// New payment terms. Errors: those of [`PaymentTerms::check`].
pub fn set_terms(cx: &Ctx, tx: &mut Tx, terms: &[PaymentTerms]) -> Result<()> {
    cx.allow("terms.payment_terms.write")?;
    terms.iter().try_for_each(PaymentTerms::check)?;
    tx.insert(terms);
    for row in terms {
        tx.tell(cx.fact(facts::TERMS_SET).on("payment_terms", row.id.raw(), "terms"));
    }
    Ok(())
}

/// A new price list with its items.
pub fn set_price_list(cx: &Ctx, tx: &mut Tx, list: &PriceList, items: &[PriceItem]) -> Result<()> {
    cx.allow("terms.price_list.write")?;
    tx.insert(std::slice::from_ref(list));
    tx.insert(items);
    tx.tell(cx.fact(facts::TERMS_SET).on("price_list", list.id.raw(), "list"));
    Ok(())
}

/// Prices agreed with customers. Error: `price.negative`.
pub fn agree_prices(cx: &Ctx, tx: &mut Tx, agreements: &[PriceAgreement]) -> Result<()> {
    cx.allow("terms.price_agreement.write")?;
    for row in agreements {
        if row.price.0 < 0 {
            return Err(Error::invalid("price.negative", row.price));
        }
        let fact = cx.fact(facts::PRICE_AGREED).on("price_agreement", row.id.raw(), "agreement");
        let fact = fact.on("party", row.party.raw(), "customer");
        tx.tell(fact.on("product", row.product.raw(), "product"));
    }
    tx.insert(agreements);
    Ok(())
}

/// Payment terms by code. Error: `terms.not_found`.
pub fn terms_by_code(tx: &mut Tx, code: &str) -> Result<PaymentTerms> {
    let key = [Stored::text(code)];
    let found: Vec<PaymentTerms> = tx.list(find!(PaymentTerms, "code = $2"), &key)?;
    let found = found.into_iter().next();
    found.ok_or_else(|| Error::not_found("terms.not_found", code))
}

/// Sets a customer's credit limit; `None` lifts the control. Error: `credit.negative_limit`.
///
/// What follows (releasing holds) is `flows`' to do, so the public verb is there.
pub fn set_limit(cx: &Ctx, tx: &mut Tx, party: Id<Party>, limit: Option<i64>) -> Result<()> {
    cx.allow("terms.credit.set_limit")?;
    keep_limit(cx, tx, party, limit)
}

/// The same, of whom somebody else allowed it.
pub fn keep_limit(cx: &Ctx, tx: &mut Tx, party: Id<Party>, limit: Option<i64>) -> Result<()> {
    if limit.is_some_and(|l| l < 0) {
        return Err(Error::invalid("credit.negative_limit", party));
    }
    let account = credit_account::lock(cx, tx, party)?;
    tx.put(
        sql!(
            "UPDATE credit_account SET controlled = $3, credit_limit = $4 \
             WHERE tenant_id = $1 AND id = $2"
        ),
        &[
            Stored::Int(account.id.raw()),
            Stored::Int(i64::from(limit.is_some())),
            Stored::Int(limit.unwrap_or(0)),
        ],
    );
    let amount = limit.unwrap_or(0);
    let fact = cx.fact(facts::LIMIT_SET).on("party", party.raw(), "customer");
    tx.tell(fact.worth(Money::new(amount, account.currency), amount));
    Ok(())
}
