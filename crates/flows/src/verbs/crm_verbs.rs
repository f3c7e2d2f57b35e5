//! Verbs of leads and opportunities.
use super::body::{Body, show};
use crate::{Verb, lead_to_order};
use crm::commands;
use kernel::{Ctx, Id, Result};
use meta::{Field, Look, day, int, money, refers, text};
use serde_json::Value;
use store::Tx;

const fn verb(
    entity: &'static str,
    name: &'static str,
    permission: &'static str,
    takes: &'static [Field],
    run: crate::verb::Run,
) -> Verb {
    Verb { entity, name, permission, moves: false, takes, lines: &[], run }
}

const REASON: &[Field] = &[text("reason", 200)];

pub(super) static VERBS: &[Verb] = &[
    verb(
        "lead",
        "create",
        "crm.lead.create",
        &[
            text("name", 120).required(),
            text("company_name", 200),
            text("phone", 40).looks(Look::Phone),
            text("mail", 120).looks(Look::Mail),
            text("wechat", 60),
            text("origin", 60),
            text("region", 60),
            text("need", 1000),
            money("est_amount"),
        ],
        create_lead,
    ),
    verb("lead", "assign", "crm.lead.assign", &[refers("owner", "user").required()], assign),
    verb("lead", "pool", "crm.lead.assign", REASON, |cx, tx, id, body| {
        let reason = Body::new(cx, body).text("reason");
        lead(cx, commands::pool(cx, tx, Id::from_raw(id), &reason))
    }),
    verb("lead", "give_back", "crm.lead.return", REASON, |cx, tx, id, body| {
        let reason = Body::new(cx, body).text("reason");
        lead(cx, commands::give_back(cx, tx, Id::from_raw(id), &reason))
    }),
    verb("lead", "pick", "crm.lead.pick", &[], |cx, tx, id, _| {
        lead(cx, commands::pick(cx, tx, Id::from_raw(id)))
    }),
    verb("lead", "accept", "crm.lead.accept", &[], |cx, tx, id, _| {
        lead(cx, commands::accept(cx, tx, Id::from_raw(id)))
    }),
    verb(
        "lead",
        "qualify",
        "crm.lead.qualify",
        &[int("score").looks(Look::Score).required()],
        |cx, tx, id, body| {
            let score = Body::new(cx, body).int("score")?;
            lead(cx, commands::qualify(cx, tx, Id::from_raw(id), score))
        },
    ),
    verb("lead", "return", "crm.lead.return", REASON, |cx, tx, id, body| {
        let reason = Body::new(cx, body).text("reason");
        lead(cx, commands::hand_back(cx, tx, Id::from_raw(id), &reason))
    }),
    verb("lead", "disqualify", "crm.lead.disqualify", REASON, |cx, tx, id, body| {
        let reason = Body::new(cx, body).text("reason");
        lead(cx, commands::disqualify(cx, tx, Id::from_raw(id), &reason))
    }),
    verb("lead", "convert", "crm.lead.convert", &[refers("party", "party")], |cx, tx, id, body| {
        let party = Body::new(cx, body).id_or_none("party")?;
        lead(cx, lead_to_order::convert_lead(cx, tx, Id::from_raw(id), party))
    }),
    verb(
        "opportunity",
        "create",
        "crm.opportunity.create",
        &[
            text("name", 200).required(),
            refers("party", "party"),
            money("amount"),
            day("close_expected"),
        ],
        create_opportunity,
    ),
    verb(
        "opportunity",
        "advance",
        "crm.opportunity.move",
        &[text("stage", 40).required(), text("reason", 200)],
        |cx, tx, id, body| {
            let body = Body::new(cx, body);
            let (stage, reason) = (body.text("stage"), body.text("reason"));
            let moved = commands::advance(cx, tx, Id::from_raw(id), &stage, &reason)?;
            Ok(show(&moved, cx.base))
        },
    ),
    verb("opportunity", "win", "crm.opportunity.move", &[], |cx, tx, id, _| {
        Ok(show(&commands::win(cx, tx, Id::from_raw(id))?, cx.base))
    }),
    verb("opportunity", "lose", "crm.opportunity.move", REASON, |cx, tx, id, body| {
        let reason = Body::new(cx, body).text("reason");
        Ok(show(&commands::lose(cx, tx, Id::from_raw(id), &reason)?, cx.base))
    }),
    verb("opportunity", "pause", "crm.opportunity.move", REASON, |cx, tx, id, body| {
        let reason = Body::new(cx, body).text("reason");
        Ok(show(&commands::pause(cx, tx, Id::from_raw(id), &reason)?, cx.base))
    }),
    verb("opportunity", "resume", "crm.opportunity.move", &[], |cx, tx, id, _| {
        Ok(show(&commands::resume(cx, tx, Id::from_raw(id))?, cx.base))
    }),
    verb("opportunity", "cancel", "crm.opportunity.move", REASON, |cx, tx, id, body| {
        let reason = Body::new(cx, body).text("reason");
        Ok(show(&commands::cancel(cx, tx, Id::from_raw(id), &reason)?, cx.base))
    }),
    verb("opportunity", "reopen", "crm.opportunity.move", REASON, |cx, tx, id, body| {
        let reason = Body::new(cx, body).text("reason");
        Ok(show(&commands::reopen(cx, tx, Id::from_raw(id), &reason)?, cx.base))
    }),
];

fn lead(cx: &Ctx, lead: Result<crm::Lead>) -> Result<Value> {
    Ok(show(&lead?, cx.base))
}

fn create_lead(cx: &Ctx, tx: &mut Tx, _: i64, body: &Value) -> Result<Value> {
    let body = Body::new(cx, body);
    let new = commands::NewLead {
        name: body.text("name"),
        company_name: body.text("company_name"),
        phone: body.text("phone"),
        mail: body.text("mail"),
        wechat: body.text("wechat"),
        origin: body.text("origin"),
        region: body.text("region"),
        need: body.text("need"),
        est_amount: body.money("est_amount")?,
    };
    lead(cx, commands::create_lead(cx, tx, &new))
}

fn assign(cx: &Ctx, tx: &mut Tx, id: i64, body: &Value) -> Result<Value> {
    let owner: Id<access::user::User> = Body::new(cx, body).id("owner")?;
    let owner = tx.get(owner)?;
    lead(cx, commands::assign(cx, tx, Id::from_raw(id), owner.id.raw()))
}

fn create_opportunity(cx: &Ctx, tx: &mut Tx, _: i64, body: &Value) -> Result<Value> {
    let body = Body::new(cx, body);
    let new = commands::NewOpportunity {
        name: body.text("name"),
        party: body.id_or_none("party")?,
        lead: None,
        amount: body.money("amount")?,
        close_expected: body.day("close_expected")?,
    };
    Ok(show(&commands::create_opportunity(cx, tx, &new)?, cx.base))
}
