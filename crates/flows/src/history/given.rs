//! What a source says, row by row: plain, checked, typed values. No ids of ours, no database.
use kernel::{Day, Instant, Price, Qty, Rate, Zone};
use std::fmt;

/// A day with the time at which something happened, in the company's zone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Moment {
    pub day: Day,
    /// Since midnight.
    pub second: u32,
}

impl From<Day> for Moment {
    fn from(day: Day) -> Self {
        Self { day, second: 0 }
    }
}
impl Moment {
    /// As an instant of a zone.
    #[must_use]
    pub fn at(self, zone: &Zone) -> Instant {
        zone.at(self.day, 0).plus(i64::from(self.second) * Instant::SECOND)
    }
}
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (h, m, s) = (self.second / 3600, self.second / 60 % 60, self.second % 60);
        write!(f, "{} {h:02}:{m:02}:{s:02}", self.day)
    }
}

/// Which row of the source it is, and whether it is still the same.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Origin {
    /// What the source calls such a row: `customer`, `order`.
    pub kind: &'static str,
    pub key: String,
    /// Over everything of the row that we take.
    pub hash: String,
}

/// A row of the source that another one names.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Link {
    pub kind: &'static str,
    pub key: String,
}

/// In which role a party comes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trade {
    Customer,
    Supplier,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Contact {
    pub name: String,
    pub title: String,
    pub phone: String,
    pub mail: String,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    pub country: String,
    pub region: String,
    pub city: String,
    pub street: String,
    pub postal_code: String,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GivenParty {
    pub origin: Origin,
    pub code: String,
    pub name: String,
    pub trade: Trade,
    pub tax_id: String,
    pub industry: String,
    pub country: String,
    pub region: String,
    pub parent: Option<Link>,
    pub contact: Option<Contact>,
    pub place: Option<Place>,
    pub note: String,
    /// Where somebody has the code already, it is they.
    pub reuse: bool,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GivenProduct {
    pub origin: Origin,
    pub code: String,
    pub name: String,
    pub spec: String,
    pub category: String,
    /// Stock unit; empty for pieces.
    pub unit: String,
    pub list_price: Price,
    pub standard_cost: Price,
    pub active: bool,
    /// Where a product has the code already, it is that one.
    pub reuse: bool,
}

/// Somebody at a party that has its own row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GivenContact {
    pub origin: Origin,
    pub party: Link,
    pub contact: Contact,
}

/// An office or a team within one; becomes a department.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GivenOffice {
    pub origin: Origin,
    pub name: String,
    pub parent: Option<Link>,
}

/// Somebody who sold; becomes a user who cannot sign in until somebody opens the account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GivenAgent {
    pub origin: Origin,
    pub name: String,
    pub office: Option<Link>,
}

/// How far a lead came in the source.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LeadEnd {
    Open,
    Working,
    Qualified,
    Converted,
    Disqualified,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GivenLead {
    pub origin: Origin,
    pub number: String,
    pub name: String,
    pub company_name: String,
    pub phone: String,
    pub mail: String,
    /// Where it came from.
    pub channel: String,
    pub region: String,
    pub need: String,
    /// What it could be worth, minor units.
    pub est_amount: i64,
    pub end: LeadEnd,
    pub agent: Option<Link>,
    pub party: Option<Link>,
    pub created: Option<Moment>,
    pub ended: Option<Moment>,
}

/// How an opportunity ended, as far as the source knows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    Open,
    Won,
    Lost,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GivenOpportunity {
    pub origin: Origin,
    pub number: String,
    pub name: String,
    pub product: Option<Link>,
    pub party: Option<Link>,
    pub agent: Option<Link>,
    pub team: String,
    pub stage: &'static str,
    pub outcome: Outcome,
    /// Minor units of the batch's currency.
    pub amount: i64,
    pub lead: Option<Link>,
    pub opened: Option<Moment>,
    pub closed: Option<Moment>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GivenLine {
    pub product: Link,
    pub qty: Qty,
    pub price: Price,
    pub discount: Rate,
    /// `qty × price × (1 − discount)`, or what the file says it is, in millionths of the major
    /// unit.
    pub exact: i64,
    /// What we have no field for; kept beside the exact amounts.
    pub more: Vec<(&'static str, String)>,
}

/// How an order ended in the source.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OrderEnd {
    Open,
    Closed,
    Cancelled,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GivenOrder {
    pub origin: Origin,
    pub number: String,
    pub party: Link,
    pub end: OrderEnd,
    /// Why it was cancelled, in the source's word.
    pub reason: String,
    pub ordered: Moment,
    pub confirmed: Option<Moment>,
    pub requested: Option<Day>,
    pub shipped: Option<Moment>,
    pub delivered: Option<Moment>,
    pub carrier: String,
    pub ship_to: String,
    pub freight: i64,
    /// What was paid for it, minor units; 0 where the source does not say.
    pub paid: i64,
    pub lines: Vec<GivenLine>,
    /// What we have no field for; kept beside the exact amounts.
    pub more: Vec<(&'static str, String)>,
}

/// A payment for an order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GivenPayment {
    pub origin: Origin,
    pub number: String,
    pub party: Link,
    pub order: Link,
    pub amount: i64,
    /// The order's, where the source has none of its own; the fact then says so.
    pub at: Moment,
    pub is_assumed: bool,
    /// How it was paid, in the source's words.
    pub how: String,
}

/// What a customer said about an order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GivenReview {
    pub origin: Origin,
    pub order: Link,
    pub score: i64,
    pub title: String,
    pub text: String,
    pub made: Moment,
    pub answered: Option<Moment>,
}

/// How an invoice stands in the source.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Settlement {
    /// Owed: opened in our books at cut-over.
    Open,
    Paid(Day),
    /// The source does not tell; nothing is owed.
    Unknown,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GivenInvoiceLine {
    pub product: Link,
    pub text: String,
    pub qty: Qty,
    pub price: Price,
}

impl GivenInvoiceLine {
    /// `qty × price` in millionths of millionths of the major unit.
    #[must_use]
    pub fn exact(&self) -> i128 {
        i128::from(self.qty.0) * i128::from(self.price.0)
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GivenInvoice {
    pub origin: Origin,
    pub number: String,
    pub party: Link,
    /// `invoice`, `credit` or `opening`.
    pub kind: &'static str,
    pub at: Moment,
    pub due: Day,
    pub amount: i64,
    pub settlement: Settlement,
    pub disputed: bool,
    /// Empty: one line stands for the whole.
    pub lines: Vec<GivenInvoiceLine>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GivenWarehouse {
    pub origin: Origin,
    pub code: String,
    pub name: String,
}

/// What lies in a warehouse when our books begin; one receipt.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GivenStock {
    pub origin: Origin,
    pub warehouse: Link,
    pub lines: Vec<GivenStockLine>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GivenStockLine {
    pub product: Link,
    pub qty: Qty,
    /// Minor units of base currency.
    pub value: i64,
}

/// A bill of a supplier that is not paid when our books begin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GivenPayable {
    pub origin: Origin,
    pub number: String,
    pub party: Link,
    pub day: Day,
    pub due: Day,
    pub amount: i64,
}

/// Balances of accounts when our books begin; one entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GivenBalances {
    pub origin: Origin,
    /// Account code and signed amount, debit positive, minor units of base currency.
    pub lines: Vec<(String, i64)>,
}

/// A row of any kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Row {
    Party(Box<GivenParty>),
    Contact(GivenContact),
    Product(GivenProduct),
    Office(GivenOffice),
    Agent(GivenAgent),
    Lead(Box<GivenLead>),
    Opportunity(Box<GivenOpportunity>),
    Order(GivenOrder),
    Payment(GivenPayment),
    Review(GivenReview),
    Invoice(GivenInvoice),
    Warehouse(GivenWarehouse),
    Stock(GivenStock),
    Payable(GivenPayable),
    Balances(GivenBalances),
}

impl Row {
    #[must_use]
    pub const fn origin(&self) -> &Origin {
        match self {
            Self::Party(row) => &row.origin,
            Self::Contact(row) => &row.origin,
            Self::Product(row) => &row.origin,
            Self::Office(row) => &row.origin,
            Self::Agent(row) => &row.origin,
            Self::Lead(row) => &row.origin,
            Self::Opportunity(row) => &row.origin,
            Self::Order(row) => &row.origin,
            Self::Payment(row) => &row.origin,
            Self::Review(row) => &row.origin,
            Self::Invoice(row) => &row.origin,
            Self::Warehouse(row) => &row.origin,
            Self::Stock(row) => &row.origin,
            Self::Payable(row) => &row.origin,
            Self::Balances(row) => &row.origin,
        }
    }

    /// Rows that it becomes in our tables, at most; a chunk is measured by it.
    #[must_use]
    pub fn weight(&self) -> usize {
        match self {
            Self::Party(_) | Self::Warehouse(_) => 4,
            Self::Contact(_)
            | Self::Product(_)
            | Self::Office(_)
            | Self::Agent(_)
            | Self::Lead(_)
            | Self::Opportunity(_)
            | Self::Review(_)
            | Self::Payable(_) => 2,
            Self::Payment(_) => 3,
            Self::Order(order) => 3 + 2 * order.lines.len(),
            Self::Invoice(invoice) => 6 + invoice.lines.len(),
            Self::Stock(stock) => 3 + 6 * stock.lines.len(),
            Self::Balances(balances) => 2 + balances.lines.len(),
        }
    }

    /// The rows that it names, each of which must be there before it.
    #[must_use]
    pub fn links(&self) -> Vec<&Link> {
        match self {
            Self::Party(row) => row.parent.iter().collect(),
            Self::Contact(row) => vec![&row.party],
            Self::Product(_) | Self::Warehouse(_) | Self::Balances(_) => Vec::new(),
            Self::Office(row) => row.parent.iter().collect(),
            Self::Agent(row) => row.office.iter().collect(),
            Self::Lead(row) => row.agent.iter().chain(&row.party).collect(),
            Self::Opportunity(row) => {
                row.product.iter().chain(&row.party).chain(&row.agent).chain(&row.lead).collect()
            }
            Self::Order(row) => {
                let lines = row.lines.iter().map(|line| &line.product);
                std::iter::once(&row.party).chain(lines).collect()
            }
            Self::Payment(row) => vec![&row.party, &row.order],
            Self::Review(row) => vec![&row.order],
            Self::Invoice(row) => {
                let lines = row.lines.iter().map(|line| &line.product);
                std::iter::once(&row.party).chain(lines).collect()
            }
            Self::Stock(row) => {
                let lines = row.lines.iter().map(|line| &line.product);
                std::iter::once(&row.warehouse).chain(lines).collect()
            }
            Self::Payable(row) => vec![&row.party],
        }
    }
}
