//! Files as other CRM systems export them or ask for them: Odoo's templates, Salesforce's tables.
//!
//! Traps: continuation lines without a key; people in the same file as their companies; stages in
//! the source's words; amounts without a currency. Purchase orders wait for their room.
use super::{Build, fault, lines, made_of, origin, party, told};
use crate::mapping::{Column, FileMap, Kind, Mapping, Role, ignored, text, unused};
use crate::read::{Line, Reading};
use flows::history::{
    Contact, GivenContact, GivenLead, GivenOpportunity, GivenParty, GivenProduct, LeadEnd, Link,
    Outcome, Place, Row,
};
use kernel::{Error, Price};
use std::collections::BTreeMap;

pub(super) static MAPPING: Mapping = Mapping {
    name: "crm_formats",
    files: &[
        ODOO_CATEGORIES,
        ODOO_PRODUCTS,
        ODOO_TAGGED,
        ODOO_PEOPLE,
        ODOO_TEMPLATES,
        ODOO_LEADS,
        ODOO_PURCHASES,
        ODOO_PURCHASE_HEADS,
        ODOO_SUPPLIER_PRICES,
        ODOO_PRODUCT_SUPPLIERS,
        ODOO_PRICE_LISTS,
        ODOO_BOMS,
        ODOO_EMPLOYEES,
        SF_ACCOUNTS,
        SF_CONTACTS,
        SF_INTERACTIONS,
        SF_LEADS,
        SF_OPPORTUNITIES,
    ],
    nothing: &[],
    build,
};

const ODOO_CATEGORIES: FileMap = FileMap {
    role: Role::Names,
    ..FileMap::rows(
        "product_categories",
        "category",
        &["External ID"],
        &[
            text("External ID", 60, "").needed(),
            text("Name", 60, "product.category").needed(),
            text("Parent Category/External ID", 60, ""),
        ],
    )
};

const ODOO_PRODUCTS: FileMap = FileMap::rows(
    "products",
    "product",
    &["Internal Reference"],
    &[
        text("External ID", 60, "").optional(),
        text("Name", 200, "product.name").needed(),
        text("Internal Reference", 56, "product.code").needed(),
        text("Category/External ID", 60, "product.category").optional(),
        Column::new("Sale Price", Kind::Price, "product.list_price").needed(),
        Column::new("Cost", Kind::Price, "product.standard_cost"),
        Column::new("Can be Sold", Kind::YesNo { yes: "True", no: "False" }, "product.active"),
        text("Product Type", 40, "product.spec"),
    ],
);

const ODOO_TAGGED: FileMap = FileMap::rows(
    "customers_with_tags",
    "customer",
    &["Reference"],
    &[
        text("Name", 200, "party.name").needed(),
        text("Reference", 36, "party.code").needed(),
        text("Tags", 200, "party.industry"),
        Column::new("Customer", Kind::YesNo { yes: "True", no: "False" }, "party.is_customer"),
        text("Street", 200, "address.street"),
        text("City", 60, "address.city"),
        text("Country", 60, "address.country"),
    ],
);

const ODOO_PEOPLE: FileMap = FileMap::rows(
    "companies_and_people",
    "partner",
    &["Name"],
    &[
        text("Name", 100, "party.name").needed(),
        Column::new("Is a company", Kind::YesNo { yes: "1", no: "0" }, "").needed(),
        text("Related company", 200, "contact.party").refers("companies_and_people"),
        text("Address type", 60, "contact.title"),
        text("Street", 200, "address.street"),
        text("ZIP", 20, "address.postal_code"),
        text("City", 60, "address.city"),
        text("State", 60, "address.region"),
        text("Country", 60, "address.country"),
    ],
);

const ODOO_PURCHASES: FileMap = ignored(
    "purchase_order_lines",
    "no_room_yet",
    &[
        unused("Order Date"),
        unused("Order Reference"),
        unused("Vendor"),
        unused("Order Lines / Product"),
    ],
);
const ODOO_PURCHASE_HEADS: FileMap =
    ignored("purchase_orders", "no_room_yet", &[unused("Order Reference"), unused("Vendor")]);

const ODOO_TEMPLATES: FileMap = FileMap::rows(
    "product_templates",
    "product_template",
    &["External ID"],
    &[
        text("External ID", 60, "").needed(),
        text("Name", 200, "product.name").needed(),
        text("Product Type", 40, "product.spec"),
        text("Internal Reference", 56, "product.code"),
        text("Barcode", 30, ""),
        Column::new("Sales Price", Kind::Price, "product.list_price"),
        Column::new("Cost", Kind::Price, "product.standard_cost"),
        text("Weight", 20, ""),
        text("Sales Description", 1000, ""),
    ],
);

const ODOO_LEADS: FileMap = FileMap::rows(
    "odoo_leads",
    "odoo_lead",
    &["External ID"],
    &[
        text("External ID", 32, "lead.number").needed(),
        text("Name", 120, "lead.need").needed(),
        text("Company Name", 200, "lead.company_name"),
        text("Contact Name", 120, "lead.name"),
        text("Email", 120, "lead.mail"),
        text("Job Position", 60, "lead.need"),
        text("Phone", 40, "lead.phone"),
        text("Mobile", 40, "lead.phone"),
        text("City", 60, "lead.region"),
        text("Country", 60, "lead.region"),
        text("Notes", 800, "lead.need"),
    ],
);

const ODOO_SUPPLIER_PRICES: FileMap = ignored(
    "vendor_prices",
    "no_room_yet",
    &[unused("Vendor"), unused("Product Template"), unused("Vendor Product Name")],
);
const ODOO_PRODUCT_SUPPLIERS: FileMap = ignored(
    "vendors_of_products",
    "no_room_yet",
    &[unused("External ID"), unused("Name"), unused("Vendors/Vendor"), unused("Vendors/Price")],
);
const ODOO_PRICE_LISTS: FileMap =
    ignored("price_lists", "no_room_yet", &[unused("External ID"), unused("Pricelist Name")]);
const ODOO_BOMS: FileMap =
    ignored("boms", "no_room_yet", &[unused("BoM Type"), unused("BoM Lines/Component")]);
const ODOO_EMPLOYEES: FileMap = ignored(
    "odoo_employees",
    "people_not_imported",
    &[unused("External ID"), unused("Work Email"), unused("Identification No")],
);

const SF_ACCOUNTS: FileMap = FileMap::rows(
    "accounts",
    "account",
    &["Account Name"],
    &[
        text("Account Name", 200, "party.name").needed(),
        text("Industry", 60, "party.industry"),
        text("Phone", 40, "party.note"),
        text("Billing City", 60, "address.city"),
        text("Billing Country", 60, "address.country"),
    ],
);

const SF_CONTACTS: FileMap = FileMap::rows(
    "contacts",
    "contact",
    &["Email"],
    &[
        text("First Name", 60, "contact.name"),
        text("Last Name", 60, "contact.name").needed(),
        text("Email", 120, "contact.mail").needed(),
        text("Phone", 40, "contact.phone"),
        text("Account Name", 200, "contact.party").needed().refers("accounts"),
        text("Title", 60, "contact.title"),
    ],
);

const SF_INTERACTIONS: FileMap = ignored(
    "customer_interactions",
    "no_room_yet",
    &[
        unused("Interaction Date"),
        unused("Interaction Type"),
        unused("Notes"),
        unused("Contact Email"),
    ],
);

const SF_LEADS: FileMap = FileMap::rows(
    "leads",
    "lead",
    &["Email"],
    &[
        text("First Name", 60, "lead.name"),
        text("Last Name", 60, "lead.name").needed(),
        text("Company", 200, "lead.company_name").needed(),
        text("Title", 60, "lead.need"),
        text("Email", 120, "lead.mail").needed(),
        text("Phone", 40, "lead.phone"),
        text("Lead Source", 60, "lead.origin"),
        Column::new(
            "Status",
            Kind::OneOf(&[
                ("New", "open"),
                ("Working", "working"),
                ("Nurturing", "working"),
                ("Qualified", "qualified"),
                ("Converted", "converted"),
                ("Unqualified", "disqualified"),
            ]),
            "lead.state",
        )
        .needed(),
        text("Industry", 60, "lead.need"),
        text("City", 60, "lead.region"),
        text("Country", 60, "lead.region"),
    ],
);

const SF_OPPORTUNITIES: FileMap = FileMap::rows(
    "opportunities",
    "opportunity",
    &["Opportunity Name"],
    &[
        text("Opportunity Name", 200, "opportunity.name").needed(),
        text("Account Name", 200, "opportunity.party").needed().refers("accounts"),
        Column::new(
            "Stage",
            Kind::OneOf(&[
                ("Prospecting", "discovery"),
                ("Qualification", "discovery"),
                ("Proposal/Price Quote", "quoted"),
                ("Negotiation/Review", "negotiation"),
                ("Closed Won", "won"),
                ("Closed Lost", "lost"),
            ]),
            "opportunity.stage",
        )
        .needed(),
        Column::new("Amount", Kind::Money, "opportunity.amount").needed(),
        Column::new("Close Date", Kind::Day, "opportunity.closed_on").needed(),
        text("Type", 60, "opportunity.team"),
    ],
);

fn build(reading: &mut Reading, build: &mut Build) {
    build.rows.extend(lines(reading, &SF_ACCOUNTS).map(|line| Row::Party(Box::new(account(line)))));
    build.rows.extend(lines(reading, &ODOO_TAGGED).map(|line| Row::Party(Box::new(tagged(line)))));
    people(reading, build);
    let categories: BTreeMap<String, String> = lines(reading, &ODOO_CATEGORIES)
        .map(|line| (line.key(&ODOO_CATEGORIES), line.text(&ODOO_CATEGORIES, "Name")))
        .collect();
    let products = lines(reading, &ODOO_PRODUCTS);
    build.rows.extend(products.map(|line| Row::Product(product(line, &categories))));
    build.rows.extend(lines(reading, &SF_CONTACTS).map(|line| Row::Contact(contact(line))));
    build.rows.extend(lines(reading, &ODOO_TEMPLATES).map(|line| Row::Product(template(line))));
    let leads = lines(reading, &SF_LEADS).map(lead);
    let leads: Vec<GivenLead> = leads.chain(lines(reading, &ODOO_LEADS).map(odoo_lead)).collect();
    reading.notes.add("leads_without_days", leads.len());
    build.rows.extend(leads.into_iter().map(|row| Row::Lead(Box::new(row))));
    let deals: Vec<GivenOpportunity> = lines(reading, &SF_OPPORTUNITIES).map(deal).collect();
    for deal in deals {
        build.happened(deal.closed.map(|at| at.day));
        build.rows.push(Row::Opportunity(Box::new(deal)));
    }
}

fn short(name: &str) -> String {
    name.chars().take(36).collect()
}

fn account(line: &Line) -> GivenParty {
    let text = |name: &str| line.text(&SF_ACCOUNTS, name);
    let name = text("Account Name");
    let mut row = party(origin(&SF_ACCOUNTS, line), short(&name), name);
    (row.industry, row.country) = (text("Industry"), text("Billing Country"));
    row.note = told(&[("phone", text("Phone"))]);
    row.place = Some(Place {
        country: text("Billing Country"),
        region: String::new(),
        city: text("Billing City"),
        street: String::new(),
        postal_code: String::new(),
    });
    row
}

fn tagged(line: &Line) -> GivenParty {
    let text = |name: &str| line.text(&ODOO_TAGGED, name);
    let mut row = party(origin(&ODOO_TAGGED, line), text("Reference"), text("Name"));
    row.industry = text("Tags").chars().take(60).collect();
    row.country = text("Country");
    row.place = Some(Place {
        country: text("Country"),
        region: String::new(),
        city: text("City"),
        street: text("Street"),
        postal_code: String::new(),
    });
    row
}

/// Companies and people without one are parties; people of a company are its contacts.
fn people(reading: &mut Reading, build: &mut Build) {
    let (mut contacts, mut wrong) = (Vec::new(), Vec::new());
    for line in lines(reading, &ODOO_PEOPLE) {
        let text = |name: &str| line.text(&ODOO_PEOPLE, name);
        let (name, company) = (text("Name"), text("Related company"));
        let contact = Contact {
            name: name.clone(),
            title: text("Address type"),
            phone: String::new(),
            mail: String::new(),
        };
        if company == name {
            let e = Error::invalid("import.cycle", &company);
            wrong.push(((line.source, line.at), company, e));
        } else if !company.is_empty() {
            let party = Link { kind: ODOO_PEOPLE.kind, key: company };
            let mut origin = origin(&ODOO_PEOPLE, line);
            origin.kind = "partner_contact";
            contacts.push(Row::Contact(GivenContact { origin, party, contact }));
        } else {
            let mut row = party(origin(&ODOO_PEOPLE, line), short(&name), name);
            row.country = text("Country");
            row.place = Some(Place {
                country: text("Country"),
                region: text("State"),
                city: text("City"),
                street: text("Street"),
                postal_code: text("ZIP"),
            });
            row.contact = (!line.is_yes(&ODOO_PEOPLE, "Is a company")).then_some(contact);
            build.rows.push(Row::Party(Box::new(row)));
        }
    }
    build.rows.extend(contacts);
    for (place, value, e) in wrong {
        fault(reading, place, "Related company", &value, e);
    }
}

fn product(line: &Line, categories: &BTreeMap<String, String>) -> GivenProduct {
    let text = |name: &str| line.text(&ODOO_PRODUCTS, name);
    let price = |name: &str| Price(line.number(&ODOO_PRODUCTS, name).unwrap_or(0));
    let category = text("Category/External ID");
    GivenProduct {
        origin: origin(&ODOO_PRODUCTS, line),
        code: text("Internal Reference"),
        name: text("Name"),
        spec: text("Product Type"),
        category: categories.get(&category).cloned().unwrap_or(category),
        unit: String::new(),
        list_price: price("Sale Price"),
        standard_cost: price("Cost"),
        active: line.is_yes(&ODOO_PRODUCTS, "Can be Sold"),
        reuse: false,
    }
}

fn template(line: &Line) -> GivenProduct {
    let text = |name: &str| line.text(&ODOO_TEMPLATES, name);
    let price = |name: &str| Price(line.number(&ODOO_TEMPLATES, name).unwrap_or(0));
    let code = [text("Internal Reference"), line.key(&ODOO_TEMPLATES)];
    GivenProduct {
        origin: origin(&ODOO_TEMPLATES, line),
        code: code.into_iter().find(|code| !code.is_empty()).unwrap_or_default(),
        name: text("Name"),
        spec: text("Product Type"),
        category: String::new(),
        unit: String::new(),
        list_price: price("Sales Price"),
        standard_cost: price("Cost"),
        active: true,
        reuse: false,
    }
}

fn odoo_lead(line: &Line) -> GivenLead {
    let text = |name: &str| line.text(&ODOO_LEADS, name);
    let first = |names: [&str; 2]| {
        names.into_iter().map(text).find(|value| !value.is_empty()).unwrap_or_default()
    };
    let region = super::joined(&[text("City"), text("Country")]);
    let about = [("", text("Name")), ("position", text("Job Position")), ("", text("Notes"))];
    GivenLead {
        origin: origin(&ODOO_LEADS, line),
        number: line.key(&ODOO_LEADS),
        name: first(["Contact Name", "Name"]),
        company_name: text("Company Name"),
        phone: first(["Phone", "Mobile"]),
        mail: text("Email"),
        channel: String::new(),
        region: region.chars().take(60).collect(),
        need: told(&about).trim().to_owned(),
        est_amount: 0,
        end: LeadEnd::Open,
        agent: None,
        party: None,
        created: None,
        ended: None,
    }
}

fn full_name(line: &Line, map: &FileMap) -> String {
    let name = [line.text(map, "First Name"), line.text(map, "Last Name")].join(" ");
    name.trim().to_owned()
}

fn contact(line: &Line) -> GivenContact {
    let text = |name: &str| line.text(&SF_CONTACTS, name);
    GivenContact {
        origin: origin(&SF_CONTACTS, line),
        party: Link { kind: SF_ACCOUNTS.kind, key: text("Account Name") },
        contact: Contact {
            name: full_name(line, &SF_CONTACTS),
            title: text("Title"),
            phone: text("Phone"),
            mail: text("Email"),
        },
    }
}

fn lead(line: &Line) -> GivenLead {
    let text = |name: &str| line.text(&SF_LEADS, name);
    let end = match line.named(&SF_LEADS, "Status") {
        "working" => LeadEnd::Working,
        "qualified" => LeadEnd::Qualified,
        "converted" => LeadEnd::Converted,
        "disqualified" => LeadEnd::Disqualified,
        _ => LeadEnd::Open,
    };
    GivenLead {
        origin: origin(&SF_LEADS, line),
        number: made_of("lead", &line.key(&SF_LEADS)).hash.chars().take(12).collect(),
        name: full_name(line, &SF_LEADS),
        company_name: text("Company"),
        phone: text("Phone"),
        mail: text("Email"),
        channel: text("Lead Source"),
        region: super::joined(&[text("City"), text("Country")]).chars().take(60).collect(),
        need: told(&[("title", text("Title")), ("industry", text("Industry"))]),
        est_amount: 0,
        end,
        agent: None,
        party: None,
        created: None,
        ended: None,
    }
}

fn deal(line: &Line) -> GivenOpportunity {
    let text = |name: &str| line.text(&SF_OPPORTUNITIES, name);
    let stage = line.named(&SF_OPPORTUNITIES, "Stage");
    let outcome = match stage {
        "won" => Outcome::Won,
        "lost" => Outcome::Lost,
        _ => Outcome::Open,
    };
    let closed = line.moment(&SF_OPPORTUNITIES, "Close Date");
    GivenOpportunity {
        origin: origin(&SF_OPPORTUNITIES, line),
        number: made_of("deal", &line.key(&SF_OPPORTUNITIES)).hash.chars().take(12).collect(),
        name: text("Opportunity Name"),
        product: None,
        party: Some(Link { kind: SF_ACCOUNTS.kind, key: text("Account Name") }),
        agent: None,
        team: text("Type"),
        stage,
        outcome,
        amount: line.number(&SF_OPPORTUNITIES, "Amount").unwrap_or(0),
        lead: None,
        opened: None,
        closed: if outcome == Outcome::Open { None } else { closed },
    }
}
