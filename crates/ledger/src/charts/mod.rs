//! Charts of accounts as data, and the roles by which posting rules name accounts; no posting.
//!
//! Posting rules never name a code: they name a *role* (`revenue`), the chart maps it to a leaf.
//! Both charts map the same roles. Codes are 4-2-2-2 digits; a parent stands before its children;
//! an account without children is a leaf, and only leaves are posted to.
//!
//! `dims` are *required* (辅助核算): an entry line without them is refused. They stand where a
//! sub-ledger must equal its control account (customer, supplier, employee, product), and the
//! department on expenses that people book. Accounts that commands post to by themselves ask for
//! nothing that the command does not know, so freight, rounding and bad debt carry no department.
//!
//! Deliberately absent: accounts for banks, insurers, securities, farming, oil, and 共同类.
mod enterprise;
mod small;

pub use enterprise::ENTERPRISE;
pub use small::SMALL;

/// The side on which an account grows (余额方向).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// 借.
    Debit,
    /// 贷.
    Credit,
}

/// What an account tells (科目类别). 损益类 is split into revenue and expense.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AccountClass {
    /// 资产.
    Asset,
    /// 负债.
    Liability,
    /// 所有者权益.
    Equity,
    /// 成本.
    Cost,
    /// 损益: income.
    Revenue,
    /// 损益: expense.
    Expense,
}

/// One account of a chart, before a company adds its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ChartAccount {
    /// 4, 6, 8 or 10 digits; the parent's code is its beginning.
    pub code: &'static str,
    pub name_zh: &'static str,
    pub name_en: &'static str,
    pub side: Side,
    pub class: AccountClass,
    /// Dimensions that every line must carry: `customer`, `supplier`, `product`, `department`,
    /// `employee` or `project`.
    pub dims: &'static [&'static str],
}

/// A chart of accounts.
#[derive(Clone, Copy, Debug)]
pub struct Chart {
    /// `enterprise` (企业会计准则) or `small` (小企业会计准则).
    pub code: &'static str,
    /// Sorted by code.
    pub accounts: &'static [ChartAccount],
    /// Role and the leaf that plays it.
    pub roles: &'static [(&'static str, &'static str)],
}

impl Chart {
    /// The account with this code.
    #[must_use]
    pub fn account(&self, code: &str) -> Option<&'static ChartAccount> {
        let found = self.accounts.binary_search_by(|a| a.code.cmp(code)).ok()?;
        self.accounts.get(found)
    }

    /// The code of the leaf that plays a role.
    #[must_use]
    pub fn role(&self, role: &str) -> Option<&'static str> {
        self.roles.iter().find(|(name, _)| *name == role).map(|(_, code)| *code)
    }

    /// Whether the account exists and has no children: only such accounts are posted to.
    #[must_use]
    pub fn is_leaf(&self, code: &str) -> bool {
        let Ok(found) = self.accounts.binary_search_by(|a| a.code.cmp(code)) else { return false };
        self.accounts.get(found + 1).is_none_or(|next| !next.code.starts_with(code))
    }
}

/// The chart that a company chose at set-up, by `enterprise` or `small`.
#[must_use]
pub fn chart(code: &str) -> Option<&'static Chart> {
    [&ENTERPRISE, &SMALL].into_iter().find(|c| c.code == code)
}

const CUSTOMER: &[&str] = &["customer"];
const SUPPLIER: &[&str] = &["supplier"];
const PRODUCT: &[&str] = &["product"];
const CUSTOMER_PRODUCT: &[&str] = &["customer", "product"];
const EMPLOYEE: &[&str] = &["employee"];
const DEPARTMENT: &[&str] = &["department"];
const PROJECT: &[&str] = &["project"];

type Text = &'static str;

const fn asset(code: Text, name_zh: Text, name_en: Text) -> ChartAccount {
    let (side, class) = (Side::Debit, AccountClass::Asset);
    ChartAccount { code, name_zh, name_en, side, class, dims: &[] }
}
const fn liability(code: Text, name_zh: Text, name_en: Text) -> ChartAccount {
    let (side, class) = (Side::Credit, AccountClass::Liability);
    ChartAccount { code, name_zh, name_en, side, class, dims: &[] }
}
const fn equity(code: Text, name_zh: Text, name_en: Text) -> ChartAccount {
    let (side, class) = (Side::Credit, AccountClass::Equity);
    ChartAccount { code, name_zh, name_en, side, class, dims: &[] }
}
const fn cost(code: Text, name_zh: Text, name_en: Text) -> ChartAccount {
    let (side, class) = (Side::Debit, AccountClass::Cost);
    ChartAccount { code, name_zh, name_en, side, class, dims: &[] }
}
const fn revenue(code: Text, name_zh: Text, name_en: Text) -> ChartAccount {
    let (side, class) = (Side::Credit, AccountClass::Revenue);
    ChartAccount { code, name_zh, name_en, side, class, dims: &[] }
}
const fn expense(code: Text, name_zh: Text, name_en: Text) -> ChartAccount {
    let (side, class) = (Side::Debit, AccountClass::Expense);
    ChartAccount { code, name_zh, name_en, side, class, dims: &[] }
}

impl ChartAccount {
    /// Grows on the other side than its class (备抵).
    const fn contra(mut self) -> Self {
        self.side = match self.side {
            Side::Debit => Side::Credit,
            Side::Credit => Side::Debit,
        };
        self
    }

    /// Requires these dimensions on every line.
    const fn by(mut self, dims: &'static [&'static str]) -> Self {
        self.dims = dims;
        self
    }
}

#[cfg(test)]
mod tests;

impl Side {
    /// The stored name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Debit => "debit",
            Self::Credit => "credit",
        }
    }
}

impl AccountClass {
    /// The stored name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Asset => "asset",
            Self::Liability => "liability",
            Self::Equity => "equity",
            Self::Cost => "cost",
            Self::Revenue => "revenue",
            Self::Expense => "expense",
        }
    }
}
