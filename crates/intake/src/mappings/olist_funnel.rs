//! Olist's marketing funnel: leads, the deals that were closed with some, and sellers.
//!
//! Traps: first contact is a day, the win a moment; blank and `unknown` origins; one deal won
//! before its first contact; less than half of the sellers are in the master. The deal has no
//! amount: what the seller declared as monthly revenue is kept as the lead's estimate.
use super::{Build, agent, lines, link, made_of, origin, party, told};
use crate::mapping::{Column, FileMap, Kind, Mapping, Role, text};
use crate::read::{Line, Reading};
use flows::history::{GivenLead, GivenOpportunity, LeadEnd, Link, Outcome, Place, Row};
use std::collections::{BTreeMap, BTreeSet};

pub(super) static MAPPING: Mapping =
    Mapping { name: "olist_funnel", files: &[LEADS, DEALS, SELLERS], nothing: &[], build };

const LEADS: FileMap = FileMap::rows(
    "marketing_qualified_leads",
    "lead",
    &["mql_id"],
    &[
        text("mql_id", 32, "lead.number").needed(),
        Column::new("first_contact_date", Kind::Time, "lead.created").needed(),
        text("landing_page_id", 60, "lead.need"),
        text("origin", 60, "lead.origin"),
    ],
);

const DEALS: FileMap = FileMap {
    name: "closed_deals",
    kind: "opportunity",
    role: Role::Rows,
    key: &["mql_id"],
    columns: &[
        text("mql_id", 32, "opportunity.number").needed().refers("marketing_qualified_leads"),
        text("seller_id", 40, "opportunity.party").needed(),
        text("sdr_id", 60, "lead.owner"),
        text("sr_id", 60, "opportunity.owner"),
        Column::new("won_date", Kind::Time, "opportunity.closed_on").needed(),
        text("business_segment", 60, "opportunity.name"),
        text("lead_type", 60, "opportunity.name"),
        text("lead_behaviour_profile", 60, "lead.need"),
        text("has_company", 10, "lead.need"),
        text("has_gtin", 10, "lead.need"),
        text("average_stock", 20, "lead.need"),
        text("business_type", 40, "lead.need"),
        text("declared_product_catalog_size", 20, "lead.need"),
        Column::new("declared_monthly_revenue", Kind::Money, "lead.est_amount"),
    ],
    needs: &["marketing_qualified_leads"],
    headless: false,
};

const SELLERS: FileMap = FileMap::rows(
    "sellers",
    "seller",
    &["seller_id"],
    &[
        text("seller_id", 40, "party.code").needed(),
        text("seller_zip_code_prefix", 20, "address.postal_code"),
        text("seller_city", 60, "address.city"),
        text("seller_state", 60, "address.region"),
    ],
);

fn build(reading: &mut Reading, build: &mut Build) {
    sellers(reading, build);
    let deals: BTreeMap<String, &Line> =
        lines(reading, &DEALS).map(|line| (line.key(&DEALS), line)).collect();
    let people: BTreeSet<String> = deals
        .values()
        .flat_map(|line| [line.text(&DEALS, "sdr_id"), line.text(&DEALS, "sr_id")])
        .filter(|key| !key.is_empty())
        .collect();
    build.rows.extend(people.iter().map(|key| agent(key)));
    let (mut blank, mut early) = (0, 0);
    let mut wins = Vec::new();
    for line in lines(reading, &LEADS) {
        let deal = deals.get(&line.key(&LEADS)).copied();
        let lead = lead(line, deal);
        blank += usize::from(lead.channel.is_empty());
        early += usize::from(lead.ended.is_some_and(|end| Some(end) < lead.created));
        build.happened(lead.created.map(|at| at.day));
        build.happened(lead.ended.map(|at| at.day));
        wins.extend(deal.map(|deal| Row::Opportunity(Box::new(won(deal, &lead)))));
        build.rows.push(Row::Lead(Box::new(lead)));
    }
    build.rows.extend(wins);
    reading.notes.add("without_origin", blank);
    reading.notes.add("won_before_contact", early);
}

/// Sellers of the master, and those that only a deal names.
fn sellers(reading: &mut Reading, build: &mut Build) {
    let mut known = BTreeSet::new();
    for line in lines(reading, &SELLERS) {
        let text = |name: &str| line.text(&SELLERS, name);
        known.insert(line.key(&SELLERS));
        let (code, region) = (line.key(&SELLERS), text("seller_state"));
        let mut row = party(origin(&SELLERS, line), code.clone(), code);
        region.clone_into(&mut row.region);
        row.place = Some(Place {
            country: String::new(),
            region,
            city: text("seller_city"),
            street: String::new(),
            postal_code: text("seller_zip_code_prefix"),
        });
        build.rows.push(Row::Party(Box::new(row)));
    }
    let named = lines(reading, &DEALS).map(|line| line.text(&DEALS, "seller_id"));
    let missing: BTreeSet<String> = named.filter(|key| !known.contains(key)).collect();
    reading.notes.add("parties_only_named", missing.len());
    for key in missing {
        build.rows.push(Row::Party(Box::new(party(made_of("seller", &key), key.clone(), key))));
    }
}

fn person(key: String) -> Option<Link> {
    (!key.is_empty()).then_some(Link { kind: "agent", key })
}

fn lead(line: &Line, deal: Option<&Line>) -> GivenLead {
    let text = |name: &str| line.text(&LEADS, name);
    let of = |name: &str| deal.map(|deal| deal.text(&DEALS, name)).unwrap_or_default();
    let about = [
        ("landing page", text("landing_page_id")),
        ("segment", of("business_segment")),
        ("type", of("lead_type")),
        ("profile", of("lead_behaviour_profile")),
        ("company", of("has_company")),
        ("gtin", of("has_gtin")),
        ("stock", of("average_stock")),
        ("business", of("business_type")),
        ("catalog", of("declared_product_catalog_size")),
    ];
    GivenLead {
        origin: origin(&LEADS, line),
        number: line.key(&LEADS),
        name: line.key(&LEADS),
        company_name: String::new(),
        phone: String::new(),
        mail: String::new(),
        channel: text("origin"),
        region: String::new(),
        need: told(&about),
        est_amount: deal.and_then(|d| d.number(&DEALS, "declared_monthly_revenue")).unwrap_or(0),
        end: if deal.is_some() { LeadEnd::Converted } else { LeadEnd::Open },
        agent: person(of("sdr_id")),
        party: deal.and_then(|deal| link(&SELLERS, deal.text(&DEALS, "seller_id"))),
        created: line.moment(&LEADS, "first_contact_date"),
        ended: deal.and_then(|deal| deal.moment(&DEALS, "won_date")),
    }
}

fn won(line: &Line, lead: &GivenLead) -> GivenOpportunity {
    let text = |name: &str| line.text(&DEALS, name);
    let name = super::joined(&[text("business_segment"), text("lead_type")]);
    GivenOpportunity {
        origin: origin(&DEALS, line),
        number: line.key(&DEALS),
        name: if name.is_empty() { line.key(&DEALS) } else { name },
        product: None,
        party: link(&SELLERS, text("seller_id")),
        agent: person(text("sr_id")),
        team: String::new(),
        stage: "won",
        outcome: Outcome::Won,
        amount: 0,
        lead: link(&LEADS, line.key(&DEALS)),
        opened: lead.created,
        closed: line.moment(&DEALS, "won_date"),
    }
}
