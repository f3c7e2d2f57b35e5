//! The company: a legal person with books, and the choices made when it was set up. Pure.
use kernel::{Currency, Day, Error, Id, Rate, Result, Zone, names};

names! {
    /// 纳税人身份.
    pub enum Taxpayer {
        /// 一般纳税人: deducts input tax.
        General = "general",
        /// 小规模纳税人: a flat rate, no deduction.
        Small = "small",
    }
}
names! {
    /// 存货计价: how the cost of what leaves is found.
    pub enum Costing {
        MovingAverage = "moving_average",
        MonthWeighted = "month_weighted",
    }
}
names! {
    /// 收入确认: which event earns revenue (lifecycles E9).
    pub enum Recognition {
        OnAcceptance = "on_acceptance",
        OnShip = "on_ship",
        OnInvoice = "on_invoice",
    }
}

/// A company.
#[derive(Clone, Debug)]
pub struct Company {
    pub id: Id<Company>,
    pub version: i64,
    pub code: String,
    pub name: String,
    /// The base currency, in which its books balance.
    pub currency: Currency,
    /// 企业会计准则 `enterprise`, 小企业会计准则 `small`.
    pub chart: String,
    pub taxpayer: Taxpayer,
    /// Are prices entered including tax unless somebody says otherwise?
    pub prices_incl_tax: bool,
    pub default_tax_code: String,
    pub costing: Costing,
    pub credit_control: bool,
    pub recognition: Recognition,
    /// α of the exposure: how much of what is ordered and undelivered counts.
    pub credit_alpha: Rate,
    /// Refunds of one source up to this sum ask nobody: minor units of its currency, 0 asks always.
    pub refund_threshold: i64,
    /// 启用期间, `YYYY-MM`.
    pub start_period: String,
    pub zone: String,
    pub tax_id: String,
    pub address: String,
    pub phone: String,
    pub bank: String,
    pub bank_account: String,
}

/// What set-up asks for.
#[derive(Clone, Debug)]
pub struct NewCompany {
    pub code: String,
    pub name: String,
    pub currency: Currency,
    pub chart: String,
    pub taxpayer: Taxpayer,
    pub prices_incl_tax: bool,
    pub default_tax_code: String,
    pub costing: Costing,
    pub credit_control: bool,
    pub recognition: Recognition,
    pub credit_alpha: Rate,
    pub start_period: String,
    pub zone: String,
    pub tax_id: String,
    pub address: String,
    pub phone: String,
    pub bank: String,
    pub bank_account: String,
}

impl NewCompany {
    /// The usual Chinese trader: every choice can be changed before it is set up.
    #[must_use]
    pub fn usual(code: &str, name: &str, start_period: &str) -> Self {
        Self {
            code: code.into(),
            name: name.into(),
            currency: Currency::CNY,
            chart: "enterprise".into(),
            taxpayer: Taxpayer::General,
            prices_incl_tax: true,
            default_tax_code: "VAT13".into(),
            costing: Costing::MovingAverage,
            credit_control: true,
            recognition: Recognition::OnAcceptance,
            credit_alpha: Rate::whole(1),
            start_period: start_period.into(),
            zone: "Asia/Shanghai".into(),
            tax_id: String::new(),
            address: String::new(),
            phone: String::new(),
            bank: String::new(),
            bank_account: String::new(),
        }
    }

    /// Errors: `company.no_name`, `company.code_invalid`, `company.chart_unknown`,
    /// `company.start_period_invalid`, `company.alpha_invalid`, `zone.invalid`.
    pub fn check(&self) -> Result<()> {
        if self.name.trim().is_empty() {
            return Err(Error::invalid("company.no_name", &self.code).with("field", "name"));
        }
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if self.code.is_empty() || self.code.len() > 20 || !self.code.chars().all(fits) {
            return Err(Error::invalid("company.code_invalid", &self.code).with("field", "code"));
        }
        if !crate::entities::CHARTS.contains(&self.chart.as_str()) {
            return Err(Error::invalid("company.chart_unknown", &self.chart).with("field", "chart"));
        }
        let first = Day::parse(&format!("{}-01", self.start_period));
        if !first.is_ok_and(|day| day.period() == self.start_period) {
            let e = Error::invalid("company.start_period_invalid", &self.start_period);
            return Err(e.with("field", "start_period"));
        }
        if self.credit_alpha < Rate::ZERO || self.credit_alpha > Rate::whole(1) {
            let e = Error::invalid("company.alpha_invalid", self.credit_alpha);
            return Err(e.with("field", "credit_alpha"));
        }
        Zone::named(&self.zone).map(|_| ())
    }

    pub(crate) fn company(&self, id: Id<Company>) -> Company {
        let new = self.clone();
        Company {
            id,
            version: 1,
            code: new.code,
            name: new.name.trim().to_owned(),
            currency: new.currency,
            chart: new.chart,
            taxpayer: new.taxpayer,
            prices_incl_tax: new.prices_incl_tax,
            default_tax_code: new.default_tax_code,
            costing: new.costing,
            credit_control: new.credit_control,
            recognition: new.recognition,
            credit_alpha: new.credit_alpha,
            refund_threshold: 0,
            start_period: new.start_period,
            zone: new.zone,
            tax_id: new.tax_id,
            address: new.address,
            phone: new.phone,
            bank: new.bank,
            bank_account: new.bank_account,
        }
    }
}

impl Company {
    /// The zone in which its business days begin. Error: `zone.invalid`.
    pub fn zone(&self) -> Result<Zone> {
        match self.zone.as_str() {
            "Asia/Shanghai" => Ok(Zone::china()),
            other => Zone::named(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_company_without_what_books_need_is_refused() {
        let usual = NewCompany::usual("HL", "汇流五金", "2026-01");
        assert_eq!(usual.check(), Ok(()));
        let cases = [
            (NewCompany { name: " ".into(), ..usual.clone() }, "company.no_name"),
            (NewCompany { code: "汇".into(), ..usual.clone() }, "company.code_invalid"),
            (NewCompany { chart: "us".into(), ..usual.clone() }, "company.chart_unknown"),
            (
                NewCompany { start_period: "2026-13".into(), ..usual.clone() },
                "company.start_period_invalid",
            ),
            (
                NewCompany { start_period: "2026-1".into(), ..usual.clone() },
                "company.start_period_invalid",
            ),
            (NewCompany { credit_alpha: Rate::whole(2), ..usual.clone() }, "company.alpha_invalid"),
            (NewCompany { zone: "Mars/Base".into(), ..usual }, "zone.invalid"),
        ];
        for (company, code) in cases {
            assert_eq!(company.check().map_err(|e| e.code), Err(code));
        }
    }
}
