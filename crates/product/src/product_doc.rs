//! A product or service. Pure.
use kernel::{DocRef, Error, Id, Price, Result, names};

names! {
    /// Whether it lies in stock.
    pub enum ProductKind {
        Goods = "goods",
        Service = "service",
    }
}

#[derive(Clone, Debug)]
pub struct Product {
    pub id: Id<Product>,
    pub version: i64,
    pub code: String,
    pub name: String,
    /// 规格型号.
    pub spec: String,
    pub brand: String,
    pub category: String,
    pub kind: ProductKind,
    /// The stock unit.
    pub unit: String,
    pub aux_unit: String,
    pub tax_code: String,
    /// 19-digit 税收分类编码.
    pub tax_class_code: String,
    pub tax_class_name: String,
    pub barcode: String,
    pub list_price: Price,
    pub standard_cost: Price,
    pub lot_tracked: bool,
    pub active: bool,
    pub batch_id: i64,
}

impl Product {
    #[must_use]
    pub const fn doc(&self) -> DocRef {
        DocRef { kind: "product", id: self.id.raw() }
    }
    /// Errors: `product.no_name`, `product.tax_class_code`, `product.negative_price`.
    pub fn check(&self) -> Result<()> {
        if self.name.trim().is_empty() || self.code.trim().is_empty() {
            return Err(Error::invalid("product.no_name", &self.code));
        }
        let class = &self.tax_class_code;
        if !class.is_empty() && (class.len() != 19 || !class.bytes().all(|b| b.is_ascii_digit())) {
            return Err(Error::invalid("product.tax_class_code", class));
        }
        if self.list_price.0 < 0 || self.standard_cost.0 < 0 {
            return Err(Error::invalid("product.negative_price", &self.code));
        }
        Ok(())
    }
    #[must_use]
    pub fn is_goods(&self) -> bool {
        self.kind == ProductKind::Goods
    }
}
