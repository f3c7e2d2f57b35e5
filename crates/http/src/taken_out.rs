//! A list as a table that people open: the rows of its conditions, in its order, with its columns,
//! and nothing that its reader does not see.
use crate::ask::{Answer, Ask};
use crate::catalog::Operation;
use crate::collections::{asked, under_scopes};
use crate::files::encoded;
use crate::state::State;
use access::Session;
use intake::{Chosen, Format, ListExport};
use kernel::{Ctx, Result};
use meta::words::{self, Lang};
use meta::{Entity, Field};
use std::collections::BTreeMap;
use std::io::Cursor;
use store::Tx;
use store::custom::{self, Custom};
use store::rows::{ListQuery, Reads};
use store::sight::Veil;

/// Rows of one table; more are taken out by `huiliu export list`.
const MOST: u64 = 100_000;

/// `GET /api/v1/{collection}/export?format=csv|xlsx` with a list's `filter`, `where`, `q`, `sort`
/// and `fields`.
///
/// Errors: `export.format`, `export.too_many`, those of lists.
pub(crate) fn table(
    state: &State,
    session: &Session,
    ask: &Ask,
    operation: &Operation,
) -> Result<Answer> {
    let (entity, catalog) = (operation.entity, &state.set.catalog);
    let wanted = ask.asked("format").unwrap_or("csv");
    let name = words::text(ask.lang, &format!("entity-{}", entity.name.replace('_', "-")), &[]);
    let name = format!("{name} {}.{wanted}", session.cx.today());
    let list = ListExport { entity, lang: ask.lang, format: Format::of(&name)? };
    let named = |field: &Field| catalog.named(field);
    let (query, scope, customs) = state.set.store.read(&session.cx, |cx, tx| {
        let customs = custom::of(tx, entity)?;
        let reads = Reads { customs: &customs, ..Reads::of(cx, &named) };
        let mut query = ListQuery::parse(entity, &pairs(ask), &reads)?;
        if query.fields.is_empty() && query.customs.is_empty() {
            query.fields = entity.fields.iter().filter(|f| f.in_list).collect();
        }
        let veil = Veil::of(cx, entity);
        let hidden: Vec<&str> =
            veil.names().filter(|(_, s)| *s == kernel::Sight::Hidden).map(|(n, _)| n).collect();
        query.fields.retain(|field| !hidden.contains(&field.name));
        query.customs.retain(|field| !hidden.contains(&field.name));
        let scope = access::scope_for(cx, tx, &operation.permission)?;
        Ok((under_scopes(cx, tx, &query)?, scope, customs))
    })?;
    let titles = |cx: &Ctx, tx: &mut Tx, entity: &'static Entity, ids: &[i64]| {
        access::seen::titles(cx, tx, entity, ids)
    };
    let labels = labels(&customs, ask.lang);
    let chosen = Chosen { query, most: Some(MOST), named: &named, titles: &titles, labels };
    let mut out = Cursor::new(Vec::new());
    // Who may read what is asked anew for each page.
    let cx = || crate::routes::session(state, ask).map(|session| session.cx);
    intake::export_chosen(&state.set.store, &cx, (&scope, &chosen), &list, &mut out)?;
    let media = match list.format {
        Format::Csv => "text/csv; charset=utf-8",
        Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    };
    let answer = Answer::bytes(200, media, out.into_inner().into());
    let name = format!("attachment; filename*=UTF-8''{}", encoded(&name));
    Ok(answer.with("content-disposition", &name))
}

/// A list's parameters without those of a page.
fn pairs(ask: &Ask) -> Vec<(String, String)> {
    asked(ask).into_iter().filter(|(name, _)| name != "format").collect()
}

fn labels(customs: &[Custom], lang: Lang) -> BTreeMap<&'static str, String> {
    let label = |c: &Custom| match lang {
        Lang::En => c.label_en.clone(),
        Lang::Zh => c.label_zh.clone(),
    };
    customs.iter().map(|c| (c.field().name, label(c))).collect()
}
