//! Load and save of parties.
use crate::entities::{ADDRESS, CONTACT, HEADING, PARTY};
use crate::{Address, Contact, Heading, Party};

store::record!(Party => PARTY {
    id, version, code, name, is_customer, is_supplier, tax_id, grade, industry, region, country,
    owner_code, terms_code, price_list_code, statement_day, parent, active, note, batch_id,
});
store::record!(Contact => CONTACT { id, party, name, title, phone, mail, wechat });
store::record!(Address => ADDRESS {
    id, party, kind, country, region, city, street, postal_code, receiver, phone,
});
store::record!(Heading => HEADING {
    id, party, name, tax_id, address_phone, bank_account, invoice_kind, valid_from,
});
