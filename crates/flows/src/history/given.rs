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
    pub industry: String,
    pub country: String,
    pub region: String,
    pub parent: Option<Link>,
    pub contact: Option<Contact>,
    pub place: Option<Place>,
    pub note: String,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GivenProduct {
    pub origin: Origin,
    pub code: String,
    pub name: String,
    pub spec: String,
    pub category: String,
    pub list_price: Price,
    pub active: bool,
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
    pub office: Link,
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
    pub opened: Option<Day>,
    pub closed: Option<Day>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GivenLine {
    pub product: Link,
    pub qty: Qty,
    pub price: Price,
    pub discount: Rate,
    /// `qty × price × (1 − discount)` in millionths of the major unit.
    pub exact: i64,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GivenOrder {
    pub origin: Origin,
    pub number: String,
    pub party: Link,
    pub ordered: Day,
    pub requested: Option<Day>,
    pub shipped: Option<Day>,
    pub carrier: String,
    pub ship_to: String,
    pub freight: i64,
    pub lines: Vec<GivenLine>,
    /// What we have no field for; kept beside the exact amounts.
    pub more: Vec<(&'static str, String)>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GivenInvoice {
    pub origin: Origin,
    pub number: String,
    pub party: Link,
    pub day: Day,
    pub due: Day,
    pub amount: i64,
    pub settled: Option<Day>,
    pub disputed: bool,
}

/// A row of any kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Row {
    Party(GivenParty),
    Product(GivenProduct),
    Office(GivenOffice),
    Agent(GivenAgent),
    Opportunity(GivenOpportunity),
    Order(GivenOrder),
    Invoice(GivenInvoice),
}

impl Row {
    #[must_use]
    pub const fn origin(&self) -> &Origin {
        match self {
            Self::Party(row) => &row.origin,
            Self::Product(row) => &row.origin,
            Self::Office(row) => &row.origin,
            Self::Agent(row) => &row.origin,
            Self::Opportunity(row) => &row.origin,
            Self::Order(row) => &row.origin,
            Self::Invoice(row) => &row.origin,
        }
    }

    /// Rows that it becomes in our tables, at most; a chunk is measured by it.
    #[must_use]
    pub fn weight(&self) -> usize {
        match self {
            Self::Party(_) => 4,
            Self::Product(_) | Self::Office(_) | Self::Agent(_) | Self::Opportunity(_) => 2,
            Self::Order(order) => 3 + 2 * order.lines.len(),
            Self::Invoice(_) => 6,
        }
    }

    /// The rows that it names, each of which must be there before it.
    #[must_use]
    pub fn links(&self) -> Vec<&Link> {
        match self {
            Self::Party(row) => row.parent.iter().collect(),
            Self::Product(_) => Vec::new(),
            Self::Office(row) => row.parent.iter().collect(),
            Self::Agent(row) => vec![&row.office],
            Self::Opportunity(row) => {
                row.product.iter().chain(&row.party).chain(&row.agent).collect()
            }
            Self::Order(row) => {
                let lines = row.lines.iter().map(|line| &line.product);
                std::iter::once(&row.party).chain(lines).collect()
            }
            Self::Invoice(row) => vec![&row.party],
        }
    }
}
