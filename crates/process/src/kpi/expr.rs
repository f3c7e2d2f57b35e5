//! Formulas: columns, numbers, times between columns, comparisons. Parsed once, run row by row.
//!
//! `working(a, b)` are working hours between two times, `hours(a, b)` and `days(a, b)` all of
//! them, `late(a, b)` whole calendar days from the day that ends at `a` (a deadline) to the day of
//! `b`, `has(a)` says whether something happened. What is missing makes a value missing and a
//! comparison false.
use crate::cases::{NO, Table};
use crate::own::Hours;
use kernel::{Error, Result};

/// A parsed formula.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    Number(f64),
    Column(String),
    Has(String),
    Between(Clock, String, String),
    Not(Box<Self>),
    Two(Op, Box<Self>, Box<Self>),
}

/// Which time is counted between two instants.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Clock {
    Working,
    Hours,
    Days,
    Late,
}

/// Operators, loosest first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Op {
    Or,
    And,
    Eq,
    Ne,
    Le,
    Lt,
    Ge,
    Gt,
    Add,
    Sub,
    Mul,
    Div,
}

const HOUR: f64 = 3_600e6;

impl Expr {
    /// Reads a formula. Error: `kpi.formula`.
    pub fn parse(text: &str) -> Result<Self> {
        let tokens = tokens(text)?;
        let mut reader = Reader { tokens: &tokens, text };
        let made = reader.level(0)?;
        if reader.tokens.is_empty() { Ok(made) } else { Err(reader.wrong()) }
    }
    /// The columns that it reads.
    #[must_use]
    pub fn columns(&self) -> Vec<&str> {
        match self {
            Self::Number(_) => Vec::new(),
            Self::Column(name) | Self::Has(name) => vec![name],
            Self::Between(_, a, b) => vec![a, b],
            Self::Not(of) => of.columns(),
            Self::Two(_, a, b) => [a.columns(), b.columns()].concat(),
        }
    }
    /// Its value for a row; truth is 1 and 0.
    #[must_use]
    pub fn value(&self, table: &Table, row: usize, hours: &Hours) -> Option<f64> {
        let cell = |name: &str| Some(table.get(name, row)).filter(|v| *v != NO);
        let truth = |is: bool| Some(f64::from(u8::from(is)));
        match self {
            Self::Number(n) => Some(*n),
            Self::Column(name) => cell(name).map(|v| v as f64),
            Self::Has(name) => truth(cell(name).is_some()),
            Self::Between(clock, a, b) => {
                let (a, b) = (cell(a)?, cell(b)?);
                Some(match clock {
                    Clock::Working => hours.working(a, b) as f64 / HOUR,
                    Clock::Hours => (b - a) as f64 / HOUR,
                    Clock::Days => (b - a) as f64 / (24.0 * HOUR),
                    Clock::Late => hours.day(a - 1).days_until(hours.day(b)) as f64,
                })
            }
            Self::Not(of) => truth(!of.holds(table, row, hours)),
            Self::Two(op, a, b) => match op {
                Op::Or => truth(a.holds(table, row, hours) || b.holds(table, row, hours)),
                Op::And => truth(a.holds(table, row, hours) && b.holds(table, row, hours)),
                _ => op.of(a.value(table, row, hours), b.value(table, row, hours)),
            },
        }
    }
    /// Whether it is true of a row; what is missing is not.
    #[must_use]
    pub fn holds(&self, table: &Table, row: usize, hours: &Hours) -> bool {
        self.value(table, row, hours).is_some_and(|v| v != 0.0)
    }
}

impl Op {
    fn of(self, a: Option<f64>, b: Option<f64>) -> Option<f64> {
        let compare = |is: fn(&f64, &f64) -> bool| {
            Some(f64::from(u8::from(a.zip(b).is_some_and(|(a, b)| is(&a, &b)))))
        };
        match self {
            Self::Eq => compare(|a, b| (a - b).abs() < 1e-9),
            Self::Ne => compare(|a, b| (a - b).abs() >= 1e-9),
            Self::Le => compare(f64::le),
            Self::Lt => compare(f64::lt),
            Self::Ge => compare(f64::ge),
            Self::Gt => compare(f64::gt),
            Self::Add => Some(a? + b?),
            Self::Sub => Some(a? - b?),
            Self::Mul => Some(a? * b?),
            Self::Div => Some(a? / b?).filter(|v| v.is_finite()),
            Self::Or | Self::And => None,
        }
    }
    /// Operators by how tight they bind.
    fn at(level: usize, token: &str) -> Option<Self> {
        Some(match (level, token) {
            (0, "or") => Self::Or,
            (1, "and") => Self::And,
            (2, "=") => Self::Eq,
            (2, "!=") => Self::Ne,
            (2, "<=") => Self::Le,
            (2, "<") => Self::Lt,
            (2, ">=") => Self::Ge,
            (2, ">") => Self::Gt,
            (3, "+") => Self::Add,
            (3, "-") => Self::Sub,
            (4, "*") => Self::Mul,
            (4, "/") => Self::Div,
            _ => return None,
        })
    }
}

const LEVELS: usize = 5;

fn tokens(text: &str) -> Result<Vec<String>> {
    let mut all = Vec::new();
    let chars: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        let is_word = |c: &char| c.is_ascii_alphanumeric() || *c == '_' || *c == '.';
        let word: String = chars[at..].iter().take_while(|c| is_word(c)).collect();
        if c.is_whitespace() {
            at += 1;
        } else if !word.is_empty() {
            at += word.len();
            all.push(word);
        } else {
            let two: String = chars[at..].iter().take(2).collect();
            let one = if matches!(two.as_str(), "<=" | ">=" | "!=") { two } else { c.to_string() };
            if !"()=<>+-*/,".contains(c) && one.len() == 1 {
                return Err(Error::bug("kpi.formula", text));
            }
            at += one.len();
            all.push(one);
        }
    }
    Ok(all)
}

struct Reader<'t> {
    tokens: &'t [String],
    text: &'t str,
}

impl Reader<'_> {
    fn wrong(&self) -> Error {
        let next = self.tokens.first().map_or("", String::as_str);
        Error::bug("kpi.formula", format!("{} at `{next}`", self.text))
    }
    fn take(&mut self) -> Result<String> {
        let (first, rest) = self.tokens.split_first().ok_or_else(|| self.wrong())?;
        self.tokens = rest;
        Ok(first.clone())
    }
    fn expect(&mut self, token: &str) -> Result<()> {
        if self.tokens.first().is_some_and(|t| t == token) {
            self.tokens = &self.tokens[1..];
            return Ok(());
        }
        Err(self.wrong())
    }
    fn level(&mut self, level: usize) -> Result<Expr> {
        if level == LEVELS {
            return self.single();
        }
        let mut left = self.level(level + 1)?;
        while let Some(op) = self.tokens.first().and_then(|t| Op::at(level, t)) {
            self.take()?;
            left = Expr::Two(op, Box::new(left), Box::new(self.level(level + 1)?));
        }
        Ok(left)
    }
    fn single(&mut self) -> Result<Expr> {
        let token = self.take()?;
        let clock = match token.as_str() {
            "(" => {
                let inside = self.level(0)?;
                self.expect(")")?;
                return Ok(inside);
            }
            "not" => return Ok(Expr::Not(Box::new(self.single()?))),
            "has" => {
                self.expect("(")?;
                let name = self.take()?;
                self.expect(")")?;
                return Ok(Expr::Has(name));
            }
            "working" => Clock::Working,
            "hours" => Clock::Hours,
            "days" => Clock::Days,
            "late" => Clock::Late,
            word => {
                return match word.parse() {
                    Ok(n) => Ok(Expr::Number(n)),
                    Err(_) if word.starts_with(|c: char| c.is_ascii_lowercase()) => {
                        Ok(Expr::Column(word.to_owned()))
                    }
                    Err(_) => Err(self.wrong()),
                };
            }
        };
        self.expect("(")?;
        let from = self.take()?;
        self.expect(",")?;
        let to = self.take()?;
        self.expect(")")?;
        Ok(Expr::Between(clock, from, to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Option<f64> {
        Expr::parse(text).expect("a formula").value(&Table::default(), 0, &Hours::china())
    }

    #[test]
    fn operators_bind_as_in_school_and_what_is_missing_is_not_true() {
        assert_eq!(value("1 + 2 * 3 - 4 / 2"), Some(5.0));
        assert_eq!(value("(1 + 2) * 3"), Some(9.0));
        assert_eq!(value("1 < 2 and not 2 <= 1 or 0"), Some(1.0));
        assert_eq!(value("paid > 3"), Some(0.0));
        assert_eq!(
            (value("paid + 3"), value("has(paid)"), value("1 / 0")),
            (None, Some(0.0), None)
        );
        assert_eq!(value("not has(paid)"), Some(1.0));
    }

    #[test]
    fn a_formula_that_is_none_is_refused() {
        for wrong in ["", "1 +", "working(a)", "a b", "§", "(1", "Upper"] {
            assert_eq!(Expr::parse(wrong).expect_err(wrong).code, "kpi.formula");
        }
    }
}
