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
        let prices = (self.list_price, self.standard_cost);
        Self::check_parts((&self.code, &self.name), &self.tax_class_code, prices)
    }
    /// The rule of [`Product::check`] on code and name, tax class, list price and standard cost.
    pub fn check_parts(
        (code, name): (&str, &str),
        tax_class: &str,
        (list_price, standard_cost): (Price, Price),
    ) -> Result<()> {
        if name.trim().is_empty() || code.trim().is_empty() {
            return Err(Error::invalid("product.no_name", code));
        }
        let is_class = tax_class.len() == 19 && tax_class.bytes().all(|b| b.is_ascii_digit());
        if !tax_class.is_empty() && !is_class {
            return Err(Error::invalid("product.tax_class_code", tax_class));
        }
        if list_price.0 < 0 || standard_cost.0 < 0 {
            return Err(Error::invalid("product.negative_price", code));
        }
        Ok(())
    }
    #[must_use]
    pub fn is_goods(&self) -> bool {
        self.kind == ProductKind::Goods
    }
}
