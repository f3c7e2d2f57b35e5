//! Where the work stands from lead to cash: how much is in each stage, what waits, and how this
//! month compares. The same filters open the lists behind each figure.
use crate::ask::{Answer, Ask};
use crate::catalog::Catalog;
use crate::state::State;
use access::Session;
use kernel::{Ctx, Day, Error, Result, Sight};
use serde_json::{Value as Json, json};
use store::Tx;
use store::rows::{self, ListQuery, Reads, Sum, Wanted};
use store::sight;

/// Rows of one kind in one condition.
struct Pool {
    name: &'static str,
    entity: &'static str,
    /// As in an address; `TODAY` stands for the day in the company's zone.
    filter: &'static [&'static str],
    /// The money that is summed, or empty.
    money: &'static str,
}

/// A stage: what is in it, and what of it waits for somebody.
struct Stage {
    pool: Pool,
    waits: &'static [Pool],
}

/// Money by month of a day.
struct Figure {
    pool: Pool,
    day: &'static str,
}

const fn pool(
    name: &'static str,
    entity: &'static str,
    filter: &'static [&'static str],
    money: &'static str,
) -> Pool {
    Pool { name, entity, filter, money }
}

const TO_PICK: &str = "state:in:assigned,picking,picked,packed";

static STAGES: &[Stage] = &[
    Stage {
        pool: pool(
            "lead",
            "lead",
            &["state:in:new,in_pool,assigned,working,qualified,nurturing"],
            "est_amount",
        ),
        waits: &[
            pool("lead_to_take", "lead", &["state:in:new,in_pool,assigned"], "est_amount"),
            pool("lead_to_convert", "lead", &["state:eq:qualified"], "est_amount"),
        ],
    },
    Stage {
        pool: pool("opportunity", "opportunity", &["state:in:open,on_hold"], "amount"),
        waits: &[pool(
            "opportunity_late",
            "opportunity",
            &["state:eq:open", "close_expected:lt:TODAY"],
            "amount",
        )],
    },
    Stage {
        pool: pool("quote", "quote", &["state:in:draft,in_review,approved,sent"], "gross"),
        waits: &[
            pool("quote_to_approve", "quote", &["state:eq:in_review"], "gross"),
            pool("quote_expired", "quote", &["state:eq:sent", "valid_until:lt:TODAY"], "gross"),
        ],
    },
    Stage {
        pool: pool(
            "order",
            "order",
            &["state:in:draft,submitted,confirmed", "fulfilment:ne:full"],
            "gross",
        ),
        waits: &[
            // Nothing else can be held; the states let an index lead it.
            pool(
                "order_held",
                "order",
                &["state:in:draft,submitted,confirmed", "holds:gt:0"],
                "gross",
            ),
            pool(
                "order_late",
                "order",
                &["state:eq:confirmed", "fulfilment:ne:full", "promised_now:lt:TODAY"],
                "gross",
            ),
        ],
    },
    Stage {
        pool: pool(
            "shipment",
            "shipment",
            &["state:in:assigned,picking,picked,packed,shipped"],
            "",
        ),
        waits: &[
            pool("shipment_to_pick", "shipment", &[TO_PICK], ""),
            pool("shipment_to_sign", "shipment", &["state:eq:shipped"], ""),
        ],
    },
    Stage {
        pool: pool(
            "bill",
            "order",
            &["state:eq:confirmed", "fulfilment:ne:none", "billing:ne:full"],
            "gross",
        ),
        waits: &[pool("invoice_to_post", "invoice", &["state:eq:draft"], "gross")],
    },
    Stage {
        pool: pool("cash", "invoice", &["state:eq:posted", "open:gt:0"], "open_base"),
        waits: &[
            pool(
                "invoice_overdue",
                "invoice",
                &["state:eq:posted", "open:gt:0", "due:lt:TODAY"],
                "open_base",
            ),
            pool(
                "payment_to_match",
                "payment",
                &["state:eq:cleared", "unapplied:gt:0"],
                "unapplied_base",
            ),
        ],
    },
];

static FIGURES: &[Figure] = &[
    Figure {
        pool: pool("intake", "order", &["state:in:submitted,confirmed,closed"], "gross"),
        day: "ordered_on",
    },
    Figure {
        pool: pool("billed", "invoice", &["state:ne:draft", "state:ne:cancelled"], "gross"),
        day: "day",
    },
    Figure {
        pool: pool("received", "payment", &["state:eq:cleared", "direction:eq:in"], "amount"),
        day: "value_day",
    },
];

/// Months of a figure, this one included.
const MONTHS: i64 = 12;

/// Whose river: everybody's, or one customer's.
struct Of<'r> {
    catalog: &'r Catalog,
    party: Option<i64>,
}

/// `GET /api/v1/river`, `?party=ID` for one customer: what the user may read of it.
pub(crate) fn river(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    let party = match ask.asked("party") {
        Some(text) => Some(text.parse().map_err(|_| Error::invalid("id.invalid", text))?),
        None => None,
    };
    let of = Of { catalog: &state.set.catalog, party };
    let body = state.set.store.read(&session.cx, |cx, tx| {
        let mut stages = Vec::new();
        for stage in STAGES {
            let Some(mut shown) = counted(&of, cx, tx, &stage.pool)? else { continue };
            let mut waits = Vec::new();
            for wait in stage.waits {
                waits.extend(counted(&of, cx, tx, wait)?);
            }
            shown["waits"] = waits.into();
            stages.push(shown);
        }
        let mut figures = Vec::new();
        for figure in FIGURES {
            figures.extend(by_month(&of, cx, tx, figure)?);
        }
        Ok(json!({ "today": cx.today().to_string(), "stages": stages, "figures": figures }))
    })?;
    Ok(Answer::json(200, &body))
}

/// The filters of a pool on this day.
fn filters(of: &Of<'_>, pool: &Pool, today: Day) -> Vec<String> {
    let own = pool.filter.iter().map(|f| f.replace("TODAY", &today.to_string()));
    own.chain(of.party.map(|id| format!("party:eq:{id}"))).collect()
}

fn query(entity: &meta::Entity, filters: &[String], cx: &Ctx) -> Result<ListQuery> {
    let pairs: Vec<(String, String)> =
        filters.iter().map(|f| ("filter".to_owned(), f.clone())).collect();
    ListQuery::parse(entity, &pairs, &Reads::of(cx, &|_| None))
}

/// `None` where the user may not read such rows.
fn counted(of: &Of<'_>, cx: &Ctx, tx: &mut Tx, pool: &Pool) -> Result<Option<Json>> {
    let Some(entity) = readable(of, cx, pool) else { return Ok(None) };
    let filters = filters(of, pool, cx.today());
    let query = query(entity, &filters, cx)?;
    let scope = access::scope_for(cx, tx, &entity.permission("read"))?;
    let money = entity.field(pool.money).filter(|f| sight::of(cx, entity, f) == Sight::Whole);
    let wanted = Wanted { query: &query, money, month: None };
    let Some(sums) = seen(rows::sums(cx, tx, entity, &scope, wanted))? else { return Ok(None) };
    let count: i64 = sums.iter().map(|s| s.count).sum();
    let amounts: Vec<Json> = sums.iter().filter(|_| money.is_some()).map(amount).collect();
    Ok(Some(json!({
        "name": pool.name,
        "collection": entity.collection,
        "filter": filters,
        "count": count,
        "amounts": amounts,
    })))
}

/// What asks by a field that the reader may not read is left out.
fn seen(sums: Result<Vec<Sum>>) -> Result<Option<Vec<Sum>>> {
    match sums {
        Err(error) if error.code == "field.not_readable" => Ok(None),
        other => other.map(Some),
    }
}

fn readable(of: &Of<'_>, cx: &Ctx, pool: &Pool) -> Option<&'static meta::Entity> {
    let entity = of.catalog.entity(pool.entity)?;
    cx.reach(&entity.permission("read")).map(|_| entity)
}

fn amount(sum: &Sum) -> Json {
    json!({ "currency": sum.currency.code(), "amount": sum.amount.amount() })
}

fn by_month(of: &Of<'_>, cx: &Ctx, tx: &mut Tx, figure: &Figure) -> Result<Option<Json>> {
    let Some(entity) = readable(of, cx, &figure.pool) else { return Ok(None) };
    let mut filters = filters(of, &figure.pool, cx.today());
    let shown = filters.clone();
    filters.push(format!("{}:ge:{}", figure.day, first_day(cx.today())));
    let query = query(entity, &filters, cx)?;
    let scope = access::scope_for(cx, tx, &entity.permission("read"))?;
    let (money, month) = (entity.field(figure.pool.money), entity.field(figure.day));
    let wanted = Wanted { query: &query, money, month };
    let Some(sums) = seen(rows::sums(cx, tx, entity, &scope, wanted))? else { return Ok(None) };
    let one = |sum: &Sum| {
        json!({ "month": sum.month, "count": sum.count, "currency": sum.currency.code(),
            "amount": sum.amount.amount() })
    };
    Ok(Some(json!({
        "name": figure.pool.name,
        "collection": entity.collection,
        "day": figure.day,
        "filter": shown,
        "months": sums.iter().map(one).collect::<Vec<_>>(),
    })))
}

/// The first day of the first month shown.
fn first_day(today: Day) -> String {
    let period = today.period();
    let (year, month) = period.split_once('-').unwrap_or(("1970", "01"));
    let (year, month): (i64, i64) = (year.parse().unwrap_or(1970), month.parse().unwrap_or(1));
    let months = year * 12 + month - MONTHS;
    format!("{:04}-{:02}-01", months.div_euclid(12), months.rem_euclid(12) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pool_asks_for_what_is_declared() {
        let catalog = Catalog::of_flows();
        let waits = STAGES.iter().flat_map(|s| s.waits);
        let pools = STAGES.iter().map(|s| &s.pool).chain(waits);
        for pool in pools.chain(FIGURES.iter().map(|f| &f.pool)) {
            let entity = catalog.entity(pool.entity).map(|e| {
                assert!(pool.money.is_empty() || e.has(pool.money), "{}", pool.name);
                for filter in pool.filter {
                    let pair = ("filter".to_owned(), filter.replace("TODAY", "2026-01-02"));
                    let maker = std::sync::Arc::new(kernel::IdMaker::new(1, 0));
                    let cx = Ctx::system(1, kernel::Instant(0), maker);
                    let read = ListQuery::parse(e, &[pair], &Reads::of(&cx, &|_| None));
                    assert!(read.is_ok(), "{} {filter}", pool.name);
                }
            });
            assert!(entity.is_some(), "{}", pool.name);
        }
    }

    #[test]
    fn twelve_months_begin_eleven_months_before_this_one() {
        let day = |text: &str| Day::parse(text).map(first_day);
        assert_eq!(day("2026-11-22"), Ok("2025-12-01".into()));
        assert_eq!(day("2026-12-31"), Ok("2026-01-01".into()));
        assert_eq!(day("2026-01-01"), Ok("2025-02-01".into()));
    }
}
