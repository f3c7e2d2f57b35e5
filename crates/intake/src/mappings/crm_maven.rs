//! Maven Analytics' CRM sales opportunities: accounts, products, sales teams, pipeline.
//!
//! Traps: the pipeline writes `GTXPro` for the product `GTX Pro`; days come as M/D/YYYY or ISO;
//! prospects have no dates, many opportunities no account; two spelling mistakes.
use super::{Build, fault, lines, link, made_of, origin};
use crate::mapping::{Column, FileMap, Kind, Mapping, Role, text, unused};
use crate::read::{Line, Reading};
use flows::history::{
    GivenAgent, GivenOffice, GivenOpportunity, GivenParty, GivenProduct, Link, Outcome, Row, Trade,
};
use kernel::{Error, Price};
use std::collections::{BTreeMap, BTreeSet};

pub(super) static MAPPING: Mapping = Mapping {
    name: "crm_maven",
    files: &[ACCOUNTS, PRODUCTS, TEAMS, PIPELINE, DICTIONARY],
    nothing: &[],
    build,
};

const ACCOUNTS: FileMap = FileMap::rows(
    "accounts",
    "account",
    &["account"],
    &[
        text("account", 40, "party.code").needed(),
        text("sector", 60, "party.industry").alias(&[("technolgy", "technology")]),
        Column::new("year_established", Kind::Whole, "party.note"),
        Column::new("revenue", Kind::Price, "party.note"),
        Column::new("employees", Kind::Whole, "party.note"),
        text("office_location", 60, "party.country").alias(&[("Philipines", "Philippines")]),
        text("subsidiary_of", 40, "party.parent").refers("accounts"),
    ],
);

const PRODUCTS: FileMap = FileMap::rows(
    "products",
    "product",
    &["product"],
    &[
        text("product", 60, "product.code").needed(),
        text("series", 60, "product.category"),
        Column::new("sales_price", Kind::Price, "product.list_price").needed(),
    ],
);

const TEAMS: FileMap = FileMap::rows(
    "sales_teams",
    "agent",
    &["sales_agent"],
    &[
        text("sales_agent", 100, "user.name").needed(),
        text("manager", 100, "department.name").needed(),
        text("regional_office", 60, "department.name").needed(),
    ],
);

const PIPELINE: FileMap = FileMap::rows(
    "sales_pipeline",
    "opportunity",
    &["opportunity_id"],
    &[
        text("opportunity_id", 40, "opportunity.number").needed(),
        text("sales_agent", 100, "opportunity.owner").needed().refers("sales_teams"),
        text("product", 60, "opportunity.product")
            .needed()
            .refers("products")
            .alias(&[("GTXPro", "GTX Pro")]),
        text("account", 40, "opportunity.party").refers("accounts"),
        Column::new(
            "deal_stage",
            Kind::OneOf(&[
                ("Prospecting", "discovery"),
                ("Engaging", "solution"),
                ("Won", "won"),
                ("Lost", "lost"),
            ]),
            "opportunity.stage",
        )
        .needed(),
        Column::new("engage_date", Kind::Day, "opportunity.opened_on"),
        Column::new("close_date", Kind::Day, "opportunity.closed_on"),
        Column::new("close_value", Kind::Money, "opportunity.amount"),
    ],
);

/// Describes the other files; its own header is two of their names.
const DICTIONARY: FileMap = FileMap {
    name: "data_dictionary",
    kind: "",
    role: Role::Ignored("describes_files"),
    key: &[],
    columns: &[unused("accounts"), unused("sales_teams")],
    needs: &[],
    headless: false,
};

fn build(reading: &mut Reading, build: &mut Build) {
    accounts(reading, build);
    for line in lines(reading, &PRODUCTS) {
        let name = line.text(&PRODUCTS, "product");
        build.rows.push(Row::Product(GivenProduct {
            origin: origin(&PRODUCTS, line),
            code: name.clone(),
            name,
            spec: String::new(),
            unit: String::new(),
            standard_cost: Price::ZERO,
            category: line.text(&PRODUCTS, "series"),
            list_price: Price(line.number(&PRODUCTS, "sales_price").unwrap_or(0)),
            active: true,
            reuse: false,
        }));
    }
    let offices = teams(reading, build);
    pipeline(reading, build, &offices);
}

/// Parents before their subsidiaries. Error: `import.cycle`.
fn accounts(reading: &mut Reading, build: &mut Build) {
    let mut waiting: Vec<&Line> = lines(reading, &ACCOUNTS).collect();
    let mut done: BTreeSet<String> = BTreeSet::new();
    let given: BTreeSet<String> = waiting.iter().map(|line| line.key(&ACCOUNTS)).collect();
    loop {
        let before = waiting.len();
        waiting.retain(|line| {
            let parent = line.text(&ACCOUNTS, "subsidiary_of");
            let is_ready = !given.contains(&parent) || done.contains(&parent);
            if is_ready {
                done.insert(line.key(&ACCOUNTS));
                build.rows.push(Row::Party(Box::new(account(line))));
            }
            !is_ready
        });
        if waiting.is_empty() {
            return;
        }
        if waiting.len() == before {
            break;
        }
    }
    let circle: Vec<(usize, u64, String)> = waiting
        .iter()
        .map(|line| (line.source, line.at, line.text(&ACCOUNTS, "subsidiary_of")))
        .collect();
    for (source, at, parent) in circle {
        let e = Error::invalid("import.cycle", &parent);
        fault(reading, (source, at), "subsidiary_of", &parent, e);
    }
}

fn account(line: &Line) -> GivenParty {
    let name = line.text(&ACCOUNTS, "account");
    let revenue = line.number(&ACCOUNTS, "revenue").map(|n| Price(n).to_string());
    let about = [
        ("revenue", revenue.unwrap_or_default()),
        ("employees", line.text(&ACCOUNTS, "employees")),
        ("established", line.text(&ACCOUNTS, "year_established")),
    ];
    let about = about.iter().filter(|(_, value)| !value.is_empty());
    let note: Vec<String> = about.map(|(what, value)| format!("{what} {value}")).collect();
    GivenParty {
        origin: origin(&ACCOUNTS, line),
        code: name.clone(),
        name,
        trade: Trade::Customer,
        tax_id: String::new(),
        industry: line.text(&ACCOUNTS, "sector"),
        country: line.text(&ACCOUNTS, "office_location"),
        region: String::new(),
        parent: link(&ACCOUNTS, line.text(&ACCOUNTS, "subsidiary_of")),
        contact: None,
        place: None,
        note: note.join("; "),
        reuse: false,
    }
}

/// Offices, the managers' teams in them, and agents; the office of each agent.
fn teams(reading: &Reading, build: &mut Build) -> BTreeMap<String, String> {
    let mut offices: BTreeMap<String, String> = BTreeMap::new();
    let mut made: BTreeSet<String> = BTreeSet::new();
    let mut agents = Vec::new();
    for line in lines(reading, &TEAMS) {
        let (office, manager) =
            (line.text(&TEAMS, "regional_office"), line.text(&TEAMS, "manager"));
        let team = format!("{office}/{manager}");
        if made.insert(office.clone()) {
            let origin = made_of("office", &office);
            build.rows.push(Row::Office(GivenOffice {
                origin,
                name: office.clone(),
                parent: None,
            }));
        }
        if made.insert(team.clone()) {
            let parent = Some(Link { kind: "office", key: office.clone() });
            let origin = made_of("team", &team);
            build.rows.push(Row::Office(GivenOffice { origin, name: manager, parent }));
        }
        let name = line.text(&TEAMS, "sales_agent");
        offices.insert(name.clone(), office);
        let office = Link { kind: "team", key: team };
        agents.push(Row::Agent(GivenAgent {
            origin: origin(&TEAMS, line),
            name,
            office: Some(office),
        }));
    }
    build.rows.extend(agents);
    offices
}

fn pipeline(reading: &mut Reading, build: &mut Build, offices: &BTreeMap<String, String>) {
    let (mut undated, mut nobody) = (0, 0);
    let mut wrong = Vec::new();
    let mut sellers: BTreeSet<String> = BTreeSet::new();
    for line in lines(reading, &PIPELINE) {
        wrong.extend(contradiction(line));
        let row = opportunity(line, offices);
        undated += usize::from(row.opened.is_none());
        nobody += usize::from(row.party.is_none());
        sellers.extend(row.agent.iter().map(|link| link.key.clone()));
        build.happened(row.opened.map(|at| at.day));
        build.happened(row.closed.map(|at| at.day));
        build.rows.push(Row::Opportunity(Box::new(row)));
    }
    for (place, column, value, e) in wrong {
        fault(reading, place, column, &value, e);
    }
    let idle = offices.keys().filter(|name| !sellers.contains(*name)).count();
    reading.notes.add("without_dates", undated);
    reading.notes.add("without_account", nobody);
    if !sellers.is_empty() {
        reading.notes.add("agents_without_opportunities", idle);
    }
}

type Wrong = ((usize, u64), &'static str, String, Error);

/// What is closed needs its day and value; nothing closes before it opens.
fn contradiction(line: &Line) -> Option<Wrong> {
    let place = (line.source, line.at);
    let is_closed = matches!(line.named(&PIPELINE, "deal_stage"), "won" | "lost");
    let (opened, closed) = (line.day(&PIPELINE, "engage_date"), line.day(&PIPELINE, "close_date"));
    if is_closed && closed.is_none() {
        return Some((
            place,
            "close_date",
            String::new(),
            Error::invalid("import.needed", "close_date"),
        ));
    }
    if is_closed && line.number(&PIPELINE, "close_value").is_none() {
        let e = Error::invalid("import.needed", "close_value");
        return Some((place, "close_value", String::new(), e));
    }
    let (opened, closed) = (opened?, closed?);
    (closed < opened).then(|| {
        let e = Error::invalid("import.day_order", closed).with("column", "engage_date");
        (place, "close_date", closed.to_string(), e.with("earlier", opened))
    })
}

fn opportunity(line: &Line, offices: &BTreeMap<String, String>) -> GivenOpportunity {
    let (product, account) = (line.text(&PIPELINE, "product"), line.text(&PIPELINE, "account"));
    let agent = line.text(&PIPELINE, "sales_agent");
    let (stage, outcome) = match line.named(&PIPELINE, "deal_stage") {
        "won" => ("", Outcome::Won),
        "lost" => ("", Outcome::Lost),
        stage => (stage, Outcome::Open),
    };
    let name = if account.is_empty() { product.clone() } else { format!("{product} · {account}") };
    GivenOpportunity {
        origin: origin(&PIPELINE, line),
        number: line.text(&PIPELINE, "opportunity_id"),
        name,
        product: link(&PRODUCTS, product),
        party: link(&ACCOUNTS, account),
        team: offices.get(&agent).cloned().unwrap_or_default(),
        agent: link(&TEAMS, agent),
        stage,
        outcome,
        amount: line.number(&PIPELINE, "close_value").unwrap_or(0),
        lead: None,
        opened: line.moment(&PIPELINE, "engage_date"),
        closed: line.moment(&PIPELINE, "close_date"),
    }
}
