//! The market: customers, goods and the year's wishes, drawn from the seed. Pure.
use super::plants::Truth;
use crate::arrival;
use crate::dice::{Dice, sums};
use crate::names;
use kernel::{Day, Instant, Price, Zone};

/// How far a customer is: decides transit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Reach {
    Near,
    East,
    Far,
}

#[derive(Clone, Debug)]
pub(super) struct Customer {
    /// Index of its name.
    pub(super) index: usize,
    /// Share of orders, by weight.
    pub(super) weight: f64,
    /// Size of its orders, 1 for usual.
    pub(super) size: f64,
    pub(super) terms: &'static str,
    pub(super) list: &'static str,
    /// Its list's share of list prices.
    pub(super) factor: f64,
    pub(super) incl_tax: bool,
    /// Billed once a month instead of by shipment.
    pub(super) monthly: bool,
    /// Pays on this day of the month only; 0 for any, 31 for the last.
    pub(super) pay_day: i64,
    /// How late it pays, 1 for usual.
    pub(super) slack: f64,
    pub(super) reach: Reach,
    /// Its salesperson's seat.
    pub(super) sales: usize,
    pub(super) from: Day,
    pub(super) until: Day,
    /// Comes through a lead; it has no party before.
    pub(super) new: bool,
    pub(super) key_account: bool,
    pub(super) small: bool,
    /// Goods that it buys again and again, by rank.
    pub(super) basket: Vec<usize>,
    /// Of these a price is agreed, with its share of the list's price in percent.
    pub(super) agreed: Vec<(usize, i64)>,
}

#[derive(Clone, Debug)]
pub(super) struct Goods {
    /// Including tax.
    pub(super) list: Price,
    /// Without tax.
    pub(super) cost: Price,
    pub(super) service: bool,
    pub(super) category: &'static str,
    /// Seat of the warehouse where it lies.
    pub(super) warehouse: usize,
    /// Sold at all this year.
    pub(super) active: bool,
}

/// How an order comes to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Origin {
    Reorder,
    CallOff,
    Quote,
}

/// A wish that will become an order.
#[derive(Clone, Debug)]
pub(super) struct Wish {
    pub(super) at: Instant,
    pub(super) customer: usize,
    pub(super) origin: Origin,
    /// Product and whole units.
    pub(super) lines: Vec<(usize, i64)>,
}

pub(super) struct Market {
    pub(super) customers: Vec<Customer>,
    pub(super) goods: Vec<Goods>,
    pub(super) wishes: Vec<Wish>,
    /// Expected units a day and mean units of a line, by product.
    pub(super) demand: Vec<(f64, f64)>,
    /// Products that are sold, the most wanted first, with rising sums of how much.
    ranks: Vec<usize>,
    popular: Vec<f64>,
}

/// Customers on file when the year begins; the others of the 420 come by leads.
pub(super) const ON_FILE: usize = 365;
const ACTIVE: usize = 205;
const ACTIVE_GOODS: usize = 900;
/// An order's median value in minor units, and the σ of its logarithm.
const MEDIAN: f64 = 12_000_00.0;
const SIGMA: f64 = 1.2;

impl Market {
    /// The whole year of a seed.
    pub(super) fn draw(seed: u64, truth: &Truth, orders: usize, zone: &Zone) -> Self {
        let mut dice = Dice::new(seed, 1);
        let (goods, ranks) = goods(&mut dice);
        let popular = sums((0..ranks.len()).map(|rank| 1.0 / (rank as f64 + 1.5)));
        let customers = customers(&mut dice, truth, &popular, &ranks);
        let (wishes, demand) = (Vec::new(), Vec::new());
        let mut market = Self { customers, goods, wishes, demand, ranks, popular };
        market.wishes = market.wish(&mut Dice::new(seed, 2), truth, orders, zone);
        market.demand = market.expected(truth);
        market
    }

    fn wish(&self, dice: &mut Dice, truth: &Truth, orders: usize, zone: &Zone) -> Vec<Wish> {
        let days = truth.from.days_until(truth.until) + 1;
        let weights = (0..days).map(|d| arrival::weight(truth.from.plus_days(d)));
        let by_day = sums(weights);
        let buyers = sums(self.customers.iter().map(|c| c.weight));
        let mut wishes: Vec<Wish> = (0..orders)
            .map(|_| {
                let day = truth.from.plus_days(dice.by_weight(&by_day) as i64);
                let customer = self.buyer(dice, truth, day, &buyers);
                let lines = self.lines(dice, customer);
                let at = zone.at(day, arrival::minute(dice));
                let origin = self.origin(dice, truth, customer, day);
                Wish { at, customer, origin, lines }
            })
            .collect();
        wishes.sort_by_key(|w| w.at);
        self.firsts_by_quote(&mut wishes);
        wishes
    }

    /// A new customer's first wish comes through a lead.
    fn firsts_by_quote(&self, wishes: &mut [Wish]) {
        let mut seen = vec![false; self.customers.len()];
        for wish in wishes {
            let first = !std::mem::replace(&mut seen[wish.customer], true);
            if first && self.customers[wish.customer].new {
                wish.origin = Origin::Quote;
            }
        }
    }

    fn buyer(&self, dice: &mut Dice, truth: &Truth, day: Day, sums: &[f64]) -> usize {
        let mut last = 0;
        for _ in 0..200 {
            last = dice.by_weight(sums);
            let c = &self.customers[last];
            let far = c.reach == Reach::Far;
            // The mix decoy: others are drawn less often in its months.
            if !far && truth.mixes(day) && dice.chance(0.35) {
                continue;
            }
            if c.from <= day && day <= c.until {
                break;
            }
        }
        last
    }

    fn origin(&self, dice: &mut Dice, truth: &Truth, customer: usize, day: Day) -> Origin {
        let early = truth.from.days_until(day) < 35;
        let regular = self.customers[customer].weight > 0.4;
        match dice.below(100) {
            0..=9 if !early => Origin::Quote,
            10..=64 if regular => Origin::CallOff,
            _ => Origin::Reorder,
        }
    }

    /// Lines worth a drawn value; the customer's basket first.
    pub(super) fn lines(&self, dice: &mut Dice, customer: usize) -> Vec<(usize, i64)> {
        let c = &self.customers[customer];
        let count = (dice.spread(2.4, 0.85).round() as usize).clamp(1, 40);
        let value = dice.spread(MEDIAN, SIGMA).min(MEDIAN * 30.0) * c.size;
        let shares: Vec<f64> = (0..count).map(|_| dice.spread(1.0, 0.7)).collect();
        let whole: f64 = shares.iter().sum();
        let mut lines: Vec<(usize, i64)> = Vec::with_capacity(count);
        for share in shares {
            let product = if c.basket.is_empty() || dice.chance(0.25) {
                self.ranks[dice.by_weight(&self.popular)]
            } else {
                *dice.pick(&c.basket)
            };
            if lines.iter().any(|(known, _)| *known == product) {
                continue;
            }
            let price = self.goods[product].list.0 as f64 / 10_000.0 * c.factor;
            let units = value * share / whole / price.max(0.1);
            lines.push((product, round_units(units)));
        }
        lines
    }

    /// A customer's price of a product as the price engine will find it, quantity breaks aside.
    pub(super) fn price(&self, customer: usize, product: usize) -> Price {
        let c = &self.customers[customer];
        let thousandths = (c.factor * 1000.0).round() as i64;
        let mut price = i128::from(self.goods[product].list.0) * i128::from(thousandths) / 1000;
        if !c.incl_tax {
            price = price * 100 / 113;
        }
        if let Some((_, percent)) = c.agreed.iter().find(|(p, _)| *p == product) {
            price = price * i128::from(*percent) / 100;
        }
        Price(i64::try_from(price / 100 * 100).unwrap_or(0).max(100))
    }

    /// Products that are sold, the most wanted first.
    pub(super) fn by_want(&self) -> impl Iterator<Item = usize> {
        self.ranks.iter().copied()
    }

    /// Mean sales a day by customer, in minor units including tax.
    pub(super) fn sales(&self) -> Vec<f64> {
        let mut all = vec![0.0; self.customers.len()];
        for wish in &self.wishes {
            let c = &self.customers[wish.customer];
            let of = |(p, units): &(usize, i64)| self.goods[*p].list.0 as f64 * *units as f64;
            all[wish.customer] += wish.lines.iter().map(of).sum::<f64>() / 1e4 * c.factor / 365.0;
        }
        all
    }

    /// What each customer is expected to owe and to have on order.
    pub(super) fn exposure(&self) -> Vec<f64> {
        let days = |c: &Customer| match c.terms {
            "PREPAID" => 10.0,
            "DEP30" | "N30" => 60.0,
            "M30" => 75.0,
            "M60" => 105.0,
            _ => 135.0,
        };
        self.sales().into_iter().zip(&self.customers).map(|(s, c)| s * days(c)).collect()
    }

    fn expected(&self, truth: &Truth) -> Vec<(f64, f64)> {
        let days = (truth.from.days_until(truth.until) + 1) as f64;
        let mut all = vec![(0.0, 0.0); self.goods.len()];
        for (product, units) in self.wishes.iter().flat_map(|w| &w.lines) {
            let (units, of) = (*units as f64, &mut all[*product]);
            *of = (of.0 + units, of.1 + 1.0);
        }
        let mean = |(units, lines): (f64, f64)| (units / days, units / lines.max(1.0));
        all.into_iter().map(mean).collect()
    }
}

/// As people order: two digits, then zeros.
fn round_units(units: f64) -> i64 {
    let whole = units.round().max(1.0) as i64;
    let mut step = 1;
    while whole / step >= 100 {
        step *= 10;
    }
    (whole + step / 2) / step * step
}

fn goods(dice: &mut Dice) -> (Vec<Goods>, Vec<usize>) {
    let mut all: Vec<Goods> = (0..names::PRODUCTS).map(one_good).collect();
    let mut ranks: Vec<usize> = (0..all.len()).collect();
    dice.shuffle(&mut ranks);
    ranks.truncate(ACTIVE_GOODS);
    for product in &ranks {
        all[*product].active = true;
    }
    (all, ranks)
}

fn one_good(index: usize) -> Goods {
    let made = names::product(index);
    let net = made.list_price.0 as f64 / 1.13;
    let cost = net * made.cost_ratio.0 as f64 / 1e9 * 1.03;
    Goods {
        list: made.list_price,
        cost: Price(cost.round().max(100.0) as i64),
        service: made.is_service(),
        category: made.category,
        warehouse: usize::from(matches!(made.category, "电线电缆" | "桥架管材")),
        active: false,
    }
}

fn customers(dice: &mut Dice, truth: &Truth, popular: &[f64], ranks: &[usize]) -> Vec<Customer> {
    let mut sizes = dice.clone();
    let mut places: Vec<usize> = (0..ON_FILE).collect();
    sizes.shuffle(&mut places);
    let new = names::CUSTOMERS - ON_FILE;
    let mut all: Vec<Customer> =
        (0..names::CUSTOMERS).map(|index| customer(dice, truth, index)).collect();
    // The biggest first; new customers stand in the lower ranks.
    let mut order: Vec<usize> = places[..ACTIVE].to_vec();
    for nth in 0..new {
        let at = (90 + nth * 3).min(order.len());
        order.insert(at, ON_FILE + nth);
    }
    for (rank, index) in order.into_iter().enumerate() {
        let c = &mut all[index];
        let share = (rank as f64 + 6.0).powf(-1.5) * 42.0;
        c.weight = share.powf(0.75);
        c.size = share.powf(0.25);
        c.key_account = rank < 12;
        c.small = rank >= 60;
        rank_terms(dice, c, rank);
        let wide = dice.between(12, 45) as usize;
        c.basket = (0..wide).map(|_| ranks[dice.by_weight(popular)]).collect();
        c.basket.sort_unstable();
        c.basket.dedup();
        let agreed: Vec<usize> = c.basket.iter().copied().filter(|_| dice.chance(0.28)).collect();
        c.agreed = agreed.into_iter().map(|p| (p, dice.between(92, 98))).collect();
    }
    even_out(&mut all);
    all
}

/// Sizes such that the mean order is of size 1.
fn even_out(all: &mut [Customer]) {
    let orders: f64 = all.iter().map(|c| c.weight).sum();
    let value: f64 = all.iter().map(|c| c.weight * c.size).sum();
    for c in all {
        c.size *= orders / value;
    }
}

/// A customer as it stands before its size is known.
fn customer(dice: &mut Dice, truth: &Truth, index: usize) -> Customer {
    let made = names::company(index);
    let new = index >= ON_FILE;
    let year = truth.from.days_until(truth.until);
    let (mut from, mut until) = (truth.from, truth.until);
    if new {
        from = truth.from.plus_days(dice.between(40, year - 20));
    } else if dice.chance(0.12) {
        until = truth.from.plus_days(dice.between(30, year));
    }
    let reach = match made.province {
        "浙江省" => Reach::Near,
        "上海市" | "江苏省" | "安徽省" | "福建省" | "山东省" => Reach::East,
        _ => Reach::Far,
    };
    Customer {
        index,
        weight: 0.0,
        size: 1.0,
        terms: "PREPAID",
        list: "",
        factor: 1.0,
        incl_tax: true,
        monthly: false,
        pay_day: *dice.pick(&[0, 0, 0, 0, 10, 15, 25, 25, 31, 31]),
        slack: dice.spread(1.0, 0.3),
        reach,
        sales: index % 10,
        from,
        until,
        new,
        key_account: false,
        small: true,
        basket: Vec::new(),
        agreed: Vec::new(),
    }
}

/// Terms of the biggest customers, by rank.
const BIG_TERMS: &[&str] = &[
    "M30", "M60", "M30", "N30", "M60", "M30", "M90", "M60", "M30", "N30", "M60", "M30", "M90",
    "M30", "M60", "N30", "M30", "M60", "M30", "M60",
];

/// Terms and price list by size: key accounts pay late and little.
fn rank_terms(dice: &mut Dice, c: &mut Customer, rank: usize) {
    if c.new {
        return;
    }
    let terms = match dice.below(100) {
        // The biggest few decide what is owed in all: their terms are not left to chance.
        _ if rank < BIG_TERMS.len() => BIG_TERMS[rank],
        0..=8 => "M90",
        9..=31 => "M60",
        32..=62 => "M30",
        63..=81 => "N30",
        82..=91 => "DEP30",
        _ => "PREPAID",
    };
    if rank < BIG_TERMS.len() {
        c.slack = c.slack.sqrt();
    }
    c.terms = terms;
    c.monthly = terms.starts_with('M');
    let (list, factor) = match (rank, dice.below(10)) {
        (0..=11, _) => ("KA", 0.75),
        (12..=69, 0..=5) => ("FIRST", 0.80),
        (_, 0..=6) => ("DEALER", 0.86),
        (70.., 7..=8) => ("LIST", 1.0),
        _ => ("FIRST", 0.80),
    };
    (c.list, c.factor) = (list, factor);
    if dice.chance(0.3) && matches!(list, "FIRST" | "DEALER") {
        c.incl_tax = false;
        c.list = if list == "FIRST" { "FIRST-N" } else { "DEALER-N" };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn market(seed: u64) -> Market {
        let truth = Truth::draw(seed, Day::of(2025, 11, 22), Day::of(2026, 11, 21));
        Market::draw(seed, &truth, 3_000, &Zone::china())
    }

    /// An order's value at its customer's prices, without agreements, in yuan.
    fn value(market: &Market, wish: &Wish) -> f64 {
        let c = &market.customers[wish.customer];
        let of = |(p, units): &(usize, i64)| market.goods[*p].list.0 as f64 * *units as f64;
        wish.lines.iter().map(of).sum::<f64>() / 1e6 * c.factor
    }

    #[test]
    fn a_year_is_worth_what_such_a_trader_turns_over_and_few_customers_make_most_of_it() {
        for seed in 1..=3 {
            let market = market(seed);
            assert_eq!(market.wishes.len(), 3_000);
            let mut by_customer = vec![0.0; market.customers.len()];
            for wish in &market.wishes {
                by_customer[wish.customer] += value(&market, wish);
            }
            by_customer.sort_by(|a, b| b.total_cmp(a));
            let total: f64 = by_customer.iter().sum();
            assert!((55e6..100e6).contains(&total), "{total}");
            let top: f64 = by_customer[..10].iter().sum();
            assert!((0.30..0.52).contains(&(top / total)), "{}", top / total);
            let fifth: f64 = by_customer[..52].iter().sum();
            assert!((0.70..0.86).contains(&(fifth / total)), "{}", fifth / total);
        }
    }

    #[test]
    fn orders_have_few_lines_and_some_many() {
        let market = market(1);
        let mut lines: Vec<usize> = market.wishes.iter().map(|w| w.lines.len()).collect();
        lines.sort_unstable();
        let mean = lines.iter().sum::<usize>() as f64 / lines.len() as f64;
        assert!((2.8..4.2).contains(&mean), "{mean}");
        assert!((7..=13).contains(&lines[lines.len() * 95 / 100]));
    }

    #[test]
    fn a_new_customers_first_wish_comes_by_a_quotation() {
        let market = market(2);
        for (index, c) in market.customers.iter().enumerate().filter(|(_, c)| c.new) {
            let first = market.wishes.iter().find(|w| w.customer == index);
            assert!(first.is_none_or(|w| w.origin == Origin::Quote), "{}", c.index);
        }
    }

    #[test]
    fn units_are_rounded_as_people_order() {
        assert_eq!([0.2, 7.4, 123.0, 98_765.0].map(round_units), [1, 7, 120, 99_000]);
    }
}
