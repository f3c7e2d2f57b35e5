//! What a company needs before its first order: chart, periods, policies, terms, a warehouse.
use kernel::{Ctx, Day, Rate, Result};
use store::Tx;
use terms::{Anchor, PaymentTerms};

/// Months that are opened from the first period on.
const MONTHS: i64 = 36;

/// Opens the books and the usual terms of the context's company.
///
/// Errors: `ledger.unknown_chart`, `day.invalid` for a period that is none.
pub fn open_company(cx: &Ctx, tx: &mut Tx, chart: &str, start_period: &str) -> Result<()> {
    let first = Day::parse(&format!("{start_period}-01"))?;
    ledger::commands::open_chart(cx, tx, chart)?;
    ledger::commands::open_periods(cx, tx, first, MONTHS)?;
    policy::commands::set_defaults(cx, tx)
}

/// Payment terms that trade in China commonly uses, where there are none yet.
pub fn usual_terms(cx: &Ctx, tx: &mut Tx) -> Result<()> {
    let known: Vec<PaymentTerms> =
        tx.list(store::find!(PaymentTerms, "code <> '' LIMIT 1"), &[])?;
    if !known.is_empty() {
        return Ok(());
    }
    let terms =
        |code: &str, name: &str, anchor: Anchor, month_end: bool, days: i64, deposit: i64| {
            PaymentTerms {
                id: cx.id(),
                version: 1,
                code: code.to_owned(),
                name: name.to_owned(),
                anchor,
                month_end,
                days,
                months: 0,
                pay_day: 0,
                deposit: Rate::percent(deposit),
            }
        };
    let all = [
        terms("PREPAID", "款到发货", Anchor::Prepaid, false, 0, 0),
        terms("DEP30", "30% 定金，余款货到 30 天", Anchor::Delivery, false, 30, 30),
        terms("N30", "票到 30 天", Anchor::Invoice, false, 30, 0),
        terms("M30", "月结 30 天", Anchor::Invoice, true, 30, 0),
        terms("M60", "月结 60 天", Anchor::Invoice, true, 60, 0),
        terms("M90", "月结 90 天", Anchor::Invoice, true, 90, 0),
    ];
    terms::commands::set_terms(cx, tx, &all)
}
