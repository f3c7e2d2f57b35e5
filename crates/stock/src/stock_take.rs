//! Stock that comes or goes without an order: opening, other receipts and issues. Pure.
use crate::{StockRow, Warehouse};
use kernel::{Day, DocRef, Id, Instant, Qty, names};
use product::Product;

names! {
    pub enum ReceiptKind {
        /// 期初库存.
        Opening = "opening",
        /// Goods bought, until purchasing has its own room: against 暂估.
        Purchase = "purchase",
        /// 其他入库.
        OtherIn = "other_in",
        /// 其他出库.
        OtherOut = "other_out",
    }
}

impl ReceiptKind {
    /// The account role on the other side of the stock account.
    #[must_use]
    pub const fn counter_role(self) -> &'static str {
        match self {
            Self::Opening => "opening_equity",
            Self::Purchase => "payable_estimated",
            Self::OtherIn => "other_receipt_income",
            Self::OtherOut => "other_issue_expense",
        }
    }
    #[must_use]
    pub const fn is_out(self) -> bool {
        matches!(self, Self::OtherOut)
    }
}

#[derive(Clone, Debug)]
pub struct Receipt {
    pub id: Id<Receipt>,
    pub version: i64,
    pub scope_id: i64,
    pub number: String,
    pub company: i64,
    pub kind: ReceiptKind,
    pub warehouse: Id<Warehouse>,
    pub day: Day,
    pub reason: String,
    /// Signed; negative goes out.
    pub value: i64,
    pub made_by: i64,
    pub posted_at: Option<Instant>,
}

impl Receipt {
    #[must_use]
    pub const fn doc(&self) -> DocRef {
        DocRef { kind: "receipt", id: self.id.raw() }
    }
}

#[derive(Clone, Debug)]
pub struct ReceiptLine {
    pub id: Id<ReceiptLine>,
    pub receipt: Id<Receipt>,
    pub product: Id<Product>,
    pub stock: Id<StockRow>,
    /// Signed.
    pub qty: Qty,
    pub value: i64,
}
