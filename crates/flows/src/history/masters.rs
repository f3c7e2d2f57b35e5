//! Parties and products as another system knew them.
use super::door::{Codes, Door, in_parts, listed};
use super::given::Contact as Given;
use super::{GivenParty, GivenProduct, Row, Trade};
use access::company::Company;
use kernel::{Id, Result};
use party::{Address, Contact, Party};
use product::{Product, ProductKind};
use std::collections::BTreeMap;
use store::{Sql, Tx, sql};

/// Stock unit of products whose source has none.
const PIECE: &str = "件";

pub(super) fn add_parties(door: &mut Door<'_>, tx: &mut Tx, rows: &[Row]) -> Result<()> {
    let rows: Vec<&GivenParty> = rows
        .iter()
        .filter_map(|row| if let Row::Party(row) = row { Some(&**row) } else { None })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let wanted: Vec<String> = rows.iter().map(|row| row.code.clone()).collect();
    let taken =
        sql!(@made false, listed("SELECT code FROM party WHERE tenant_id = $1 AND code IN", 2));
    let mut codes = Codes::read(tx, taken, &wanted)?;
    let known = sql!(@made false, listed(
        "SELECT code, id FROM party WHERE tenant_id = $1 AND code IN", 2
    ));
    let reused = rows.iter().filter(|row| row.reuse).map(|row| row.code.as_str());
    let known = by_code(tx, known, &reused.collect::<Vec<_>>())?;
    for row in rows {
        if let Some(id) = known.get(&row.code).filter(|_| row.reuse) {
            door.became(&row.origin, "known_party", *id);
            continue;
        }
        let parent = row.parent.as_ref().map(|link| door.id(link)).transpose()?;
        let party = party_of(door, row, &codes.free(&row.code), parent);
        door.became(&row.origin, "party", party.id.raw());
        let fact = door.fact(party::facts::CREATED, None);
        let fact = fact.on("party", party.id.raw(), "created");
        let fact = fact.change("party", party.id.raw(), "industry", &party.industry);
        tx.tell(fact.change("party", party.id.raw(), "country", &party.country));
        let at = party.id;
        tx.insert(&[party]);
        add_what_hangs_on(door, tx, row, at);
    }
    Ok(())
}

/// The ids of codes that somebody has.
fn by_code(tx: &mut Tx, sql: &'static Sql, codes: &[&str]) -> Result<BTreeMap<String, i64>> {
    let rows = in_parts(tx, sql, &[], codes)?;
    rows.into_iter().map(|mut row| Ok((row.take()?, row.take()?))).collect()
}

fn party_of(door: &Door<'_>, row: &GivenParty, code: &str, parent: Option<i64>) -> Party {
    let mut party = Party::new(door.cx.id(), code, &row.name);
    party.is_customer = row.trade == Trade::Customer;
    party.is_supplier = row.trade == Trade::Supplier;
    row.tax_id.clone_into(&mut party.tax_id);
    row.industry.clone_into(&mut party.industry);
    row.country.clone_into(&mut party.country);
    row.region.clone_into(&mut party.region);
    row.note.clone_into(&mut party.note);
    party.parent = parent.map(Id::from_raw);
    party.batch_id = door.batch.id.raw();
    party
}

fn add_what_hangs_on(door: &Door<'_>, tx: &mut Tx, row: &GivenParty, party: Id<Party>) {
    if let Some(contact) = &row.contact {
        tx.insert(&[contact_of(door.cx.id(), party, contact)]);
    }
    if let Some(place) = &row.place {
        tx.insert(&[Address {
            id: door.cx.id(),
            party,
            kind: "office".into(),
            country: place.country.clone(),
            region: place.region.clone(),
            city: place.city.clone(),
            street: place.street.clone(),
            postal_code: place.postal_code.clone(),
            receiver: String::new(),
            phone: String::new(),
        }]);
    }
}

fn contact_of(id: Id<Contact>, party: Id<Party>, given: &Given) -> Contact {
    Contact {
        id,
        party,
        name: given.name.clone(),
        title: given.title.clone(),
        phone: given.phone.clone(),
        mail: given.mail.clone(),
        wechat: String::new(),
    }
}

/// People of parties that came before. A fact tells the party that it got one more.
pub(super) fn add_contacts(door: &mut Door<'_>, tx: &mut Tx, rows: &[Row]) -> Result<()> {
    for row in rows {
        let Row::Contact(row) = row else { continue };
        let party = door.id(&row.party)?;
        let contact = contact_of(door.cx.id(), Id::from_raw(party), &row.contact);
        door.became(&row.origin, "contact", contact.id.raw());
        tx.tell(door.fact(party::facts::CHANGED, None).on("party", party, "changed"));
        tx.insert(&[contact]);
    }
    Ok(())
}

pub(super) fn add_products(door: &mut Door<'_>, tx: &mut Tx, rows: &[Row]) -> Result<()> {
    let rows: Vec<&GivenProduct> = rows
        .iter()
        .filter_map(|row| if let Row::Product(row) = row { Some(row) } else { None })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let company: Company = tx.get(Id::from_raw(door.batch.company))?;
    let wanted: Vec<String> = rows.iter().map(|row| row.code.clone()).collect();
    let taken =
        sql!(@made false, listed("SELECT code FROM product WHERE tenant_id = $1 AND code IN", 2));
    let mut codes = Codes::read(tx, taken, &wanted)?;
    let known = sql!(@made false, listed(
        "SELECT code, id FROM product WHERE tenant_id = $1 AND code IN", 2
    ));
    let reused = rows.iter().filter(|row| row.reuse).map(|row| row.code.as_str());
    let known = by_code(tx, known, &reused.collect::<Vec<_>>())?;
    for row in rows {
        if let Some(id) = known.get(&row.code).filter(|_| row.reuse) {
            door.became(&row.origin, "known_product", *id);
            continue;
        }
        let product = product_of(door, row, codes.free(&row.code), &company.default_tax_code);
        door.became(&row.origin, "product", product.id.raw());
        let fact = door.fact(product::facts::CREATED, None);
        let fact = fact.on("product", product.id.raw(), "created");
        tx.tell(fact.change("product", product.id.raw(), "category", &product.category));
        tx.insert(&[product]);
    }
    Ok(())
}

fn product_of(door: &Door<'_>, row: &GivenProduct, code: String, tax_code: &str) -> Product {
    Product {
        id: door.cx.id(),
        version: 1,
        code,
        name: row.name.clone(),
        spec: row.spec.clone(),
        brand: String::new(),
        category: row.category.clone(),
        kind: ProductKind::Goods,
        unit: if row.unit.is_empty() { PIECE.into() } else { row.unit.clone() },
        aux_unit: String::new(),
        tax_code: tax_code.to_owned(),
        tax_class_code: String::new(),
        tax_class_name: String::new(),
        barcode: String::new(),
        list_price: row.list_price,
        standard_cost: row.standard_cost,
        lot_tracked: false,
        active: row.active,
        batch_id: door.batch.id.raw(),
    }
}
