//! Reading a verb's body, and showing a document as its reply.
use kernel::{
    Cell, Ctx, Currency, Day, Error, Id, Instant, Money, Price, Qty, Rate, Result, Stored,
};
use meta::check;
use sales::Asked;
use serde_json::{Map, Value, json};
use store::Record;

/// A body whose fields are read by name; errors name the field.
pub(crate) struct Body<'a> {
    value: &'a Value,
    currency: Currency,
}

impl<'a> Body<'a> {
    /// Its money is of the currency that it names, else of the company's own.
    pub(crate) fn new(cx: &Ctx, value: &'a Value) -> Self {
        let named = value["currency"].as_str().and_then(|code| Currency::parse(code).ok());
        Self { value, currency: named.unwrap_or(cx.base) }
    }
    /// Its money is of the currency of the document that it is about.
    pub(crate) const fn of_currency(mut self, currency: Currency) -> Self {
        self.currency = currency;
        self
    }
    /// Error: `currency.invalid`.
    pub(crate) fn currency(&self) -> Result<Option<Currency>> {
        match self.text("currency").as_str() {
            "" => Ok(None),
            code => Currency::parse(code).map(Some).map_err(Self::on("currency")),
        }
    }
    pub(crate) fn rate(&self) -> Result<Option<Rate>> {
        match self.bare("rate").as_str() {
            "" => Ok(None),
            text => Rate::parse(text).map(Some).map_err(Self::on("rate")),
        }
    }
    fn of(&self, name: &'static str) -> &'a Value {
        &self.value[name]
    }
    fn on(name: &'static str) -> impl Fn(Error) -> Error {
        move |e| e.with("field", name)
    }
    pub(crate) fn text(&self, name: &'static str) -> String {
        self.of(name).as_str().unwrap_or_default().trim().to_owned()
    }
    /// A number or a decimal in text, as text; empty where absent.
    fn bare(&self, name: &'static str) -> String {
        match self.of(name) {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(n) => n.to_string(),
            _ => String::new(),
        }
    }
    pub(crate) fn id<T>(&self, name: &'static str) -> Result<Id<T>> {
        let text = self.bare(name);
        if text.is_empty() {
            return Err(Error::invalid("field.required", name).with("field", name));
        }
        Id::parse(&text).map_err(Self::on(name))
    }
    pub(crate) fn id_or_none<T>(&self, name: &'static str) -> Result<Option<Id<T>>> {
        match self.bare(name).as_str() {
            "" => Ok(None),
            text => Id::parse(text).map(Some).map_err(Self::on(name)),
        }
    }
    pub(crate) fn int(&self, name: &'static str) -> Result<i64> {
        let parsed = self.bare(name).parse();
        parsed.map_err(|_| Error::invalid("field.invalid", self.bare(name)).with("field", name))
    }
    pub(crate) fn day(&self, name: &'static str) -> Result<Option<Day>> {
        match self.bare(name).as_str() {
            "" => Ok(None),
            text => Day::parse(text).map(Some).map_err(Self::on(name)),
        }
    }
    pub(crate) fn instant(&self, name: &'static str) -> Result<Option<Instant>> {
        match self.bare(name).as_str() {
            "" => Ok(None),
            text => Instant::parse(text).map(Some).map_err(Self::on(name)),
        }
    }
    /// Minor units; 0 where absent.
    pub(crate) fn money(&self, name: &'static str) -> Result<i64> {
        match self.bare(name).as_str() {
            "" => Ok(0),
            text => Money::parse(text, self.currency).map(|m| m.minor).map_err(Self::on(name)),
        }
    }
    pub(crate) fn qty(&self, name: &'static str) -> Result<Qty> {
        Qty::parse(&self.bare(name)).map_err(Self::on(name))
    }
    pub(crate) fn price(&self, name: &'static str) -> Result<Option<Price>> {
        match self.bare(name).as_str() {
            "" => Ok(None),
            text => Price::parse(text).map(Some).map_err(Self::on(name)),
        }
    }
    /// Was anything said under this name?
    pub(crate) fn has(&self, name: &'static str) -> bool {
        !self.bare(name).is_empty()
    }
    pub(crate) fn yes(&self, name: &'static str) -> bool {
        self.of(name).as_bool().unwrap_or(false)
    }
    /// The elements of `lines`; none where absent.
    pub(crate) fn lines(&self) -> Vec<Body<'a>> {
        let all = self.of("lines").as_array().map(Vec::as_slice).unwrap_or_default();
        all.iter().map(|value| Body { value, currency: self.currency }).collect()
    }
    /// A product, a quantity, a price and a discount.
    pub(crate) fn one_asked(&self) -> Result<Asked> {
        Ok(Asked {
            product: self.id("product")?,
            qty: self.qty("qty")?,
            price: self.price("price")?,
            discount: self.money("discount")?,
        })
    }
    /// Lines with product, quantity, price and discount.
    pub(crate) fn asked(&self) -> Result<Vec<Asked>> {
        let one = |(at, line): (usize, Body<'_>)| {
            line.one_asked().map_err(|e: Error| e.with("line", at + 1))
        };
        self.lines().into_iter().enumerate().map(one).collect()
    }
}

/// A record as its API shows it.
pub(crate) fn show<T: Record>(record: &T, base: Currency) -> Value {
    let entity = T::entity();
    let cells = record.cells();
    let currency = own_currency::<T>(&cells).unwrap_or(base);
    let mut shown = Map::new();
    for (name, cell) in T::columns().iter().zip(&cells) {
        if let Some(field) = entity.field(name) {
            let currency = if field.is_base() { base } else { currency };
            shown.insert((*name).to_owned(), shown_cell(field, cell, currency));
        }
    }
    Value::Object(shown)
}

fn own_currency<T: Record>(cells: &[Stored]) -> Option<Currency> {
    let at = T::columns().iter().position(|c| *c == "currency")?;
    Currency::load(cells[at].clone()).ok()
}

fn shown_cell(field: &meta::Field, cell: &Stored, currency: Currency) -> Value {
    check::show(field, cell, currency)
}

/// A document with its lines.
pub(crate) fn show_with<T: Record, L: Record>(
    record: &T,
    lines: &[L],
    currency: Currency,
) -> Value {
    let mut shown = show(record, currency);
    let currency = own_currency::<T>(&record.cells()).unwrap_or(currency);
    shown["lines"] = lines.iter().map(|l| show(l, currency)).collect::<Vec<_>>().into();
    shown
}

/// A reply that only says what document it is.
#[must_use]
pub(crate) fn only_id(id: i64) -> Value {
    json!({ "id": id.to_string() })
}
