//! A line of an order: entered quantity and price, counters, and the money that follows. Pure.
use crate::{Asked, Order, Told};
use kernel::{Error, Id, Price, Qty, Rate, Result, names, portion};
use product::Product;

names! {
    pub enum LineKind {
        Goods = "goods",
        Service = "service",
        Gift = "gift",
        Discount = "discount",
        Freight = "freight",
        Fee = "fee",
    }
}

/// What of a line came back: quantities, and cost in minor units of base currency.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TakenBack {
    pub qty: Qty,
    pub delivered: Qty,
    pub recognised: Qty,
    pub cost: i64,
}

/// Counters are sums of what followed; `huiliu check` derives them again.
#[derive(Clone, Debug)]
pub struct OrderLine {
    pub id: Id<OrderLine>,
    pub order_id: Id<Order>,
    pub line_no: i64,
    pub kind: LineKind,
    pub product: Id<Product>,
    pub text: String,
    pub warehouse: i64,
    pub ordered: Qty,
    pub cancelled: Qty,
    pub reserved: Qty,
    pub shipped: Qty,
    pub delivered: Qty,
    pub recognised: Qty,
    pub returned: Qty,
    pub invoiced: Qty,
    pub list_price: Price,
    pub price_entered: Price,
    pub discount: i64,
    pub tax_code: String,
    pub tax_rate: Rate,
    /// 价税合计 of the ordered quantity.
    pub gross: i64,
    pub net: i64,
    pub tax: i64,
    /// Cost of what left stock, in base currency.
    pub cost_shipped: i64,
    pub cost_recognised: i64,
    pub net_recognised: i64,
    pub tax_recognised: i64,
    /// Tax that became due when goods left (no written due date).
    pub tax_dispatched: i64,
    /// Tax of what was billed or whose agreed day of payment has passed; 0 until one has.
    pub tax_agreed: i64,
    pub gross_invoiced: i64,
    pub tax_invoiced: i64,
    pub steps: String,
}

/// The step of a price that somebody entered.
pub(crate) const MANUAL: &str = "manual";

impl OrderLine {
    /// A new line; counters at zero.
    #[must_use]
    pub fn new(id: Id<OrderLine>, order: Id<Order>, no: i64, asked: &Asked, told: &Told) -> Self {
        Self {
            id,
            order_id: order,
            line_no: no,
            kind: LineKind::Goods,
            product: asked.product,
            text: String::new(),
            warehouse: 0,
            ordered: asked.qty,
            cancelled: Qty::ZERO,
            reserved: Qty::ZERO,
            shipped: Qty::ZERO,
            delivered: Qty::ZERO,
            recognised: Qty::ZERO,
            returned: Qty::ZERO,
            invoiced: Qty::ZERO,
            list_price: told.list_price,
            price_entered: told.price,
            discount: asked.discount,
            tax_code: String::new(),
            tax_rate: told.tax_rate,
            gross: told.gross,
            net: told.net,
            tax: told.tax,
            cost_shipped: 0,
            cost_recognised: 0,
            net_recognised: 0,
            tax_recognised: 0,
            tax_dispatched: 0,
            tax_agreed: 0,
            gross_invoiced: 0,
            tax_invoiced: 0,
            steps: told.steps.clone(),
        }
    }

    /// What is still wanted of the line, shipped or not.
    #[must_use]
    pub fn wanted(&self) -> Qty {
        self.ordered - self.cancelled
    }
    /// What has not left yet.
    #[must_use]
    pub fn to_ship(&self) -> Qty {
        self.wanted() - self.shipped
    }
    /// Does it need stock?
    #[must_use]
    pub fn is_goods(&self) -> bool {
        matches!(self.kind, LineKind::Goods | LineKind::Gift)
    }
    /// Gross, net and tax of the first `qty` of the line: cumulative, so that parts sum.
    #[must_use]
    pub fn money_of(&self, qty: Qty) -> (i64, i64, i64) {
        let gross = portion(self.gross, qty, self.ordered);
        let net = portion(self.net, qty, self.ordered);
        (gross, net, gross - net)
    }
    /// Gross value that is ordered and not yet delivered or billed: the order's claim on credit.
    #[must_use]
    pub fn undelivered_gross(&self) -> i64 {
        let gone = self.shipped.max(self.invoiced);
        self.money_of(self.wanted()).0 - self.money_of(gone).0
    }
    /// What left and did not come back.
    #[must_use]
    pub fn kept(&self) -> Qty {
        self.shipped - self.returned
    }
    /// What the customer pays for in the end: wanted, less what came back.
    #[must_use]
    pub fn payable(&self) -> Qty {
        self.wanted() - self.returned
    }
    /// Gross value that left and is not billed.
    #[must_use]
    pub fn unbilled_gross(&self) -> i64 {
        if self.kept() > self.invoiced {
            self.money_of(self.kept()).0 - self.gross_invoiced
        } else {
            0
        }
    }
    /// The least quantity that the line can be changed to (T11).
    #[must_use]
    pub fn floor(&self) -> Qty {
        self.shipped.max(self.invoiced) + self.cancelled
    }
    /// All of it left, was delivered or came back, and what was kept is billed.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        let (wanted, kept) = (self.wanted(), self.payable());
        let shipped = !self.is_goods() || (self.shipped == wanted && self.delivered == kept);
        shipped && self.invoiced == kept
    }

    /// Goods of this line came back, at what they left for; a part that was delivered, and a part
    /// that was recognised as revenue, are so no longer.
    pub fn take_back(&mut self, back: &TakenBack) {
        self.returned += back.qty;
        self.delivered -= back.delivered;
        self.cost_shipped -= back.cost;
        if back.recognised.0 > 0 {
            self.recognised -= back.recognised;
            (_, self.net_recognised, self.tax_recognised) = self.money_of(self.recognised);
            self.cost_recognised -= back.cost;
        } else if self.recognised > self.kept() {
            // Revenue follows the invoice here, cost follows the goods.
            self.cost_recognised = self.cost_shipped;
        }
    }

    /// The price that the engine gave, before anybody entered another one by hand.
    #[must_use]
    pub fn engine_price(&self) -> Price {
        let steps: serde_json::Value = serde_json::from_str(&self.steps).unwrap_or_default();
        let steps = steps.as_array().map(Vec::as_slice).unwrap_or_default();
        let engine = steps.iter().rev().find(|step| step[0] != MANUAL);
        let price = engine.and_then(|step| Price::parse(step[1].as_str()?).ok());
        price.unwrap_or(self.price_entered)
    }

    /// Notes a price entered by hand as the last step; the engine's own price as none.
    pub fn reprice(&mut self, price: Price) {
        let engine = self.engine_price();
        let steps: serde_json::Value = serde_json::from_str(&self.steps).unwrap_or_default();
        let mut steps = steps.as_array().cloned().unwrap_or_default();
        steps.retain(|step| step[0] != MANUAL);
        if price != engine {
            steps.push(serde_json::json!([MANUAL, price.to_string()]));
        }
        self.steps = serde_json::Value::Array(steps).to_string();
    }

    /// Changes the ordered quantity; money follows the entered price.
    ///
    /// Errors: `order.below_floor` with the floor, `line.quantity`.
    pub fn set_ordered(&mut self, asked: &Asked, told: &Told) -> Result<()> {
        if asked.qty.0 <= 0 {
            return Err(Error::invalid("line.quantity", asked.qty).with("line", self.line_no));
        }
        if asked.qty < self.floor() {
            let e = Error::conflict("order.below_floor", asked.qty);
            return Err(e.with("floor", self.floor()).with("line", self.line_no));
        }
        self.ordered = asked.qty;
        self.discount = asked.discount;
        self.price_entered = told.price;
        self.gross = told.gross;
        self.net = told.net;
        self.tax = told.tax;
        Ok(())
    }

    /// Cancels what has not left. What is cancelled.
    pub fn cancel_remainder(&mut self) -> Qty {
        let rest = self.wanted() - self.shipped.max(self.invoiced);
        self.cancelled += rest;
        rest
    }

    /// The bounds of lifecycles.md E0.2. Error: `bug.counters`.
    pub fn check(&self) -> Result<()> {
        let ordered = self.ordered;
        let goods = !self.is_goods() || self.delivered <= self.shipped;
        let ok = self.cancelled.0 >= 0
            && self.cancelled <= ordered - self.shipped.max(self.invoiced)
            && self.reserved.0 >= 0
            && self.shipped + self.reserved <= self.wanted()
            && self.recognised <= self.wanted()
            && self.returned.0 >= 0
            && self.returned <= self.shipped
            && goods;
        if ok { Ok(()) } else { Err(Error::bug("bug.counters", format!("{self:?}"))) }
    }
}
