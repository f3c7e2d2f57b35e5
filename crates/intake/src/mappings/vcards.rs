//! Contact cards: who has an organisation is a contact of it, who has none is a party alone.
use super::{Build, lines, made_of, origin, party, told};
use crate::mapping::{FileMap, Mapping, text};
use crate::read::{Line, Reading};
use flows::history::{Contact, GivenContact, Link, Place, Row};
use std::collections::BTreeMap;

pub(super) static MAPPING: Mapping =
    Mapping { name: "vcard", files: &[CARDS], nothing: &[], build };

const CARDS: FileMap = FileMap::rows(
    "cards",
    "card",
    &[],
    &[
        text("uid", 200, ""),
        text("name", 100, "contact.name").needed(),
        text("organisation", 200, "party.name"),
        text("title", 60, "contact.title"),
        text("phone", 40, "contact.phone"),
        text("phones", 400, "party.note"),
        text("mail", 120, "contact.mail"),
        text("mails", 500, "party.note"),
        text("street", 200, "address.street"),
        text("city", 60, "address.city"),
        text("region", 60, "address.region"),
        text("postal_code", 20, "address.postal_code"),
        text("country", 60, "address.country"),
    ],
);

fn build(reading: &mut Reading, build: &mut Build) {
    let mut organisations: BTreeMap<String, &Line> = BTreeMap::new();
    for line in lines(reading, &CARDS) {
        let name = line.text(&CARDS, "organisation");
        if !name.is_empty() {
            organisations.entry(name).or_insert(line);
        }
    }
    for (name, line) in &organisations {
        let mut row = party(made_of("organisation", name), code(name), name.clone());
        row.place = place(line);
        row.country = line.text(&CARDS, "country");
        build.rows.push(Row::Party(Box::new(row)));
    }
    let mut keys: BTreeMap<String, usize> = BTreeMap::new();
    let mut same = 0;
    for line in lines(reading, &CARDS) {
        let text = |name: &str| line.text(&CARDS, name);
        // The same card in two files is one person.
        let mut key = text("uid");
        if key.is_empty() {
            key = [text("name"), text("organisation"), text("mail"), text("phone")].join("|");
        }
        let met = keys.entry(key.clone()).or_default();
        *met += 1;
        if *met > 1 {
            same += 1;
            continue;
        }
        let mut origin = origin(&CARDS, line);
        origin.key = key.chars().take(200).collect();
        build.rows.push(row(line, origin));
    }
    reading.notes.add("cards_twice", same);
}

fn row(line: &Line, origin: flows::history::Origin) -> Row {
    let text = |name: &str| line.text(&CARDS, name);
    let contact = Contact {
        name: text("name"),
        title: text("title"),
        phone: text("phone"),
        mail: text("mail"),
    };
    let organisation = text("organisation");
    if !organisation.is_empty() {
        let party = Link { kind: "organisation", key: organisation };
        return Row::Contact(GivenContact { origin, party, contact });
    }
    let mut row = party(origin, code(&contact.name), contact.name.clone());
    row.place = place(line);
    row.country = text("country");
    row.note = told(&[("phones", text("phones")), ("mails", text("mails"))]);
    row.contact = Some(contact);
    Row::Party(Box::new(row))
}

fn code(name: &str) -> String {
    name.chars().take(36).collect()
}

fn place(line: &Line) -> Option<Place> {
    let text = |name: &str| line.text(&CARDS, name);
    let place = Place {
        country: text("country"),
        region: text("region"),
        city: text("city"),
        street: text("street"),
        postal_code: text("postal_code"),
    };
    (!place.street.is_empty() || !place.city.is_empty()).then_some(place)
}
