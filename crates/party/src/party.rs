//! A party and what hangs on it. Pure: no clock, no database.
use crate::tax_id;
use kernel::{Day, DocRef, Error, Id, Result};

/// A company or person that we deal with.
#[derive(Clone, Debug)]
pub struct Party {
    pub id: Id<Party>,
    pub version: i64,
    pub code: String,
    pub name: String,
    pub is_customer: bool,
    pub is_supplier: bool,
    pub tax_id: String,
    pub grade: String,
    pub industry: String,
    pub region: String,
    pub country: String,
    /// Login or code of the salesperson.
    pub owner_code: String,
    pub terms_code: String,
    pub price_list_code: String,
    /// The day of the month until which its statements run; 0 is the last one.
    pub statement_day: i64,
    /// The group it belongs to.
    pub parent: Option<Id<Party>>,
    pub active: bool,
    pub note: String,
    /// The import that made it, else 0.
    pub batch_id: i64,
}

impl Party {
    /// A party with only what everyone has.
    #[must_use]
    pub fn new(id: Id<Party>, code: &str, name: &str) -> Self {
        Self {
            id,
            version: 1,
            code: code.to_owned(),
            name: name.to_owned(),
            is_customer: false,
            is_supplier: false,
            tax_id: String::new(),
            grade: String::new(),
            industry: String::new(),
            region: String::new(),
            country: String::new(),
            owner_code: String::new(),
            terms_code: String::new(),
            price_list_code: String::new(),
            statement_day: 0,
            parent: None,
            active: true,
            note: String::new(),
            batch_id: 0,
        }
    }
    #[must_use]
    pub const fn doc(&self) -> DocRef {
        DocRef { kind: "party", id: self.id.raw() }
    }
    /// Errors: `party.no_name`, those of [`tax_id::check`] for a Chinese tax id.
    pub fn check(&self) -> Result<()> {
        if self.name.trim().is_empty() || self.code.trim().is_empty() {
            return Err(Error::invalid("party.no_name", &self.code));
        }
        if !(0..=31).contains(&self.statement_day) {
            let e = Error::invalid("party.statement_day", self.statement_day);
            return Err(e.with("field", "statement_day"));
        }
        let chinese = self.country.is_empty() || self.country == "CN" || self.country == "中国";
        if chinese && !self.tax_id.is_empty() {
            tax_id::check(&self.tax_id)?;
        }
        Ok(())
    }
    /// What an order to this customer still lacks, as field names. Empty: complete.
    #[must_use]
    pub fn lacks_for_order(&self) -> Vec<&'static str> {
        let mut lacks = Vec::new();
        if !self.active {
            lacks.push("active");
        }
        if !self.is_customer {
            lacks.push("is_customer");
        }
        if self.terms_code.is_empty() {
            lacks.push("terms_code");
        }
        lacks
    }
}

#[derive(Clone, Debug)]
pub struct Contact {
    pub id: Id<Contact>,
    pub party: Id<Party>,
    pub name: String,
    pub title: String,
    pub phone: String,
    pub mail: String,
    pub wechat: String,
}

#[derive(Clone, Debug)]
pub struct Address {
    pub id: Id<Address>,
    pub party: Id<Party>,
    /// `ship_to`, `office` or `invoice`.
    pub kind: String,
    pub country: String,
    pub region: String,
    pub city: String,
    pub street: String,
    pub postal_code: String,
    pub receiver: String,
    pub phone: String,
}

/// 开票抬头.
#[derive(Clone, Debug)]
pub struct Heading {
    pub id: Id<Heading>,
    pub party: Id<Party>,
    pub name: String,
    pub tax_id: String,
    pub address_phone: String,
    pub bank_account: String,
    /// `special` 专票 or `ordinary` 普票.
    pub invoice_kind: String,
    pub valid_from: Option<Day>,
}
