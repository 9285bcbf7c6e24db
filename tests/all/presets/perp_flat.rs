//! `perp-flat` against dYdX v4.

use pacioli_rules::{Compiled, Rules};

use crate::presets::{
    book::{Portfolio, PriceList, mutants, table_with, worth},
    dice::{Dice, PORTFOLIOS},
    number::{Number, ceil, decimal, read, truncate, whole},
};

const PRESET: &str = include_str!("../../../presets/perp-flat.toml");

/// The lower and the upper cap of a liquidity tier, in USD.
type Caps = Option<(u64, u64)>;

const MID_CAP: Caps = Some((40_000_000, 100_000_000));

/// A market, the digits of its quantums, and its liquidity tier's base rate, maintenance fraction and
/// caps.
const MARKETS: [(&str, u32, &str, &str, Caps); 9] = [
    ("ADA", 5, "0.05", "0.6", MID_CAP),
    ("AVAX", 7, "0.05", "0.6", MID_CAP),
    ("BTC", 10, "0.02", "0.6", None),
    ("CRV", 5, "0.05", "0.6", MID_CAP),
    ("ETH", 9, "0.02", "0.6", None),
    ("FIL", 6, "0.05", "0.6", MID_CAP),
    ("LINK", 6, "0.05", "0.6", MID_CAP),
    ("MATIC", 5, "0.05", "0.6", MID_CAP),
    ("SOL", 7, "0.05", "0.6", MID_CAP),
];

/// A day's oracle prices, and how much is open in every market, in coins.
struct Day {
    prices: PriceList,
    open_interest: PriceList,
}

impl Day {
    fn table(&self, rules: &Rules) -> Compiled {
        table_with(rules, &self.prices, &self.open_interest)
    }

    /// The venue's initial rate of a market at its open interest.
    fn rate(&self, asset: &str) -> Number {
        let (.., base, _, caps) = MARKETS.iter().find(|(name, ..)| *name == asset).unwrap();
        let open_interest = &self.prices[asset] * &self.open_interest[&format!("{asset}-USD")];
        scaled_rate(&read(base), &open_interest, *caps)
    }
}

/// The venue's initial rate at an open interest in USD, above the base where the tier has caps.
fn scaled_rate(base: &Number, open_interest: &Number, caps: Caps) -> Number {
    let Some((lower, upper)) = caps.map(|(lower, upper)| (whole(lower), whole(upper))) else {
        return base.clone();
    };
    let part = (open_interest - &lower) / (upper - lower);
    base + (whole(1) - base) * part.clamp(whole(0), whole(1))
}

/// Oracle prices: the digits of a price and of a quantum are 15 together. Open interest comes back to
/// the caps and a quantum beside them. Portfolios are within 10^9 USD.
fn market(dice: &mut Dice, price: impl Fn(&mut Dice, u32) -> Number) -> (Day, Vec<Portfolio>) {
    let mut prices = PriceList::from([("USDC".to_owned(), whole(1))]);
    let mut open_interest = PriceList::new();
    for (name, digits, ..) in MARKETS {
        let price = price(dice, 15 - digits);
        let quantums = |usd: u64| {
            let units = whole(usd) / price.clone().max(decimal(1, 15)) * whole(10u64.pow(digits));
            u128::try_from(units.to_integer()).unwrap()
        };
        let caps = [quantums(40_000_000), quantums(100_000_000)];
        let open = decimal(dice.quantity(&caps, quantums(150_000_000)), digits);
        open_interest.insert(format!("{name}-USD"), open);
        prices.insert(name.to_owned(), price);
    }
    let day = Day { prices, open_interest };
    let portfolios = (0..PORTFOLIOS / 10).map(|_| portfolio(dice, &day.prices)).collect();
    (day, portfolios)
}

/// Any price.
fn random(dice: &mut Dice, decimals: u32) -> Number {
    let (units, decimals) = dice.price(50, decimals);
    decimal(units, decimals)
}

fn portfolio(dice: &mut Dice, prices: &PriceList) -> Portfolio {
    let side = if dice.coin() { "borrow" } else { "deposit" };
    let mut holdings = vec![(format!("{side} USDC"), decimal(dice.quantity(&[], 1 << 46), 6))];
    for (name, digits, ..) in MARKETS {
        if dice.coin() {
            continue;
        }
        // At most 5 * 10^7 USD of each, and 2^80 units.
        let coins = whole(5 * 10u64.pow(7)) / prices[name].clone().max(decimal(1, 15));
        let most = (coins * whole(10u128.pow(digits))).to_integer();
        let most = u128::try_from(most).unwrap().min(1 << 80);
        let side = if dice.coin() { "long" } else { "short" };
        let quantity = decimal(dice.quantity(&[], most), digits);
        holdings.push((format!("{side} {name}-USD"), quantity));
    }
    let side = if dice.coin() { "debit" } else { "credit" };
    holdings.push((format!("quote {side}"), decimal(dice.quantity(&[], 1 << 46), 6)));
    holdings
}

/// Net collateral less the requirement. With `rounding` as on chain: in 1e-6 USD, notional truncated
/// towards zero, the initial requirement rounded up, the maintenance requirement rounded up from it.
fn net(portfolio: &Portfolio, day: &Day, maintenance: bool, rounding: bool) -> Number {
    let up = |number: Number| if rounding { ceil(&number, 6) } else { number };
    let mut net = whole(0);
    for (instrument, quantity) in portfolio {
        match instrument.split_once(' ').unwrap() {
            ("deposit", _) | ("quote", "credit") => net += quantity,
            ("borrow", _) | ("quote", "debit") => net -= quantity,
            (side, market) => {
                let asset = market.strip_suffix("-USD").unwrap();
                let (.., base, fraction, _) =
                    MARKETS.iter().find(|(name, ..)| *name == asset).unwrap();
                let notional =
                    quantity * &day.prices[asset] * whole(if side == "long" { 1 } else { -1 });
                let notional = if rounding { truncate(&notional, 6) } else { notional };
                let size = if side == "long" { notional.clone() } else { -&notional };
                net += notional;
                net -= match maintenance {
                    true => up(up(size * read(base)) * read(fraction)),
                    false => up(size * day.rate(asset)),
                };
            }
        }
    }
    net
}

/// By how much the 18th digit of a rate, and a unit of value for each unit of quantity where a rate is
/// scaled, may ask for more.
fn finest(portfolio: &Portfolio, day: &Day) -> Number {
    let line = |(name, quantity): &(String, Number)| {
        let asset = name.split_once(' ').unwrap().1.strip_suffix("-USD")?;
        let (_, digits, ..) = MARKETS.iter().find(|(known, ..)| *known == asset)?;
        let units = quantity * whole(10u64.pow(*digits));
        Some(quantity * &day.prices[asset] * decimal(1, 18) + units * decimal(1, 18))
    };
    portfolio.iter().filter_map(line).sum()
}

/// Every account is worth what the formula says in real numbers, but for the last digit of a rate that
/// follows open interest, and within 4e-6 USD a line of what the venue computes.
fn compare(rules: &Rules, days: impl IntoIterator<Item = (Day, Vec<Portfolio>)>) {
    for (day, portfolios) in days {
        let table = day.table(rules);
        for (scenario, maintenance) in [("maintenance", true), ("initial", false)] {
            let worth = worth(&table, &portfolios, scenario);
            for (portfolio, worth) in portfolios.iter().zip(&worth) {
                let exact = net(portfolio, &day, maintenance, false);
                let most = if maintenance { whole(0) } else { finest(portfolio, &day) };
                assert!(
                    *worth <= exact && &exact - worth <= most,
                    "{scenario}: {worth}, not {exact}"
                );
                let on_chain = net(portfolio, &day, maintenance, true);
                let bound = decimal(4 * portfolio.len(), 6) + most;
                assert!(&on_chain - worth < bound && worth - &on_chain < bound);
            }
        }
    }
}

fn preset() -> Rules {
    Rules::parse(PRESET).unwrap()
}

#[test]
fn equals_the_venues_formula_at_any_price_and_open_interest() {
    let mut dice = Dice::new(2);
    compare(&preset(), (0..10).map(|_| market(&mut dice, random)).collect::<Vec<_>>());
    let extremes = [0u64, 1, (1 << 50) - 1];
    let days = extremes.map(|units| market(&mut dice, |_, decimals| decimal(units, decimals)));
    compare(&preset(), days);
}

#[test]
fn a_number_that_asks_for_less_is_noticed_each_by_itself() {
    // At 1 USD, and 70 million of each between the caps.
    let [mut prices, mut open_interest] = [PriceList::new(), PriceList::new()];
    prices.insert("USDC".to_owned(), whole(1));
    for (name, ..) in MARKETS {
        prices.insert(name.to_owned(), whole(1));
        open_interest.insert(format!("{name}-USD"), whole(70_000_000));
    }
    let day = Day { prices, open_interest };
    let portfolios: Vec<Portfolio> = ["long", "short"]
        .iter()
        .flat_map(|side| {
            MARKETS.map(|(name, ..)| vec![(format!("{side} {name}-USD"), whole(1_000_000))])
        })
        .collect();
    let noticed = |rules: &Rules| {
        let table = day.table(rules);
        [("maintenance", true), ("initial", false)].iter().any(|&(scenario, maintenance)| {
            let worth = worth(&table, &portfolios, scenario);
            let mut pairs = portfolios.iter().zip(worth);
            pairs.any(|(portfolio, worth)| worth > net(portfolio, &day, maintenance, false))
        })
    };
    assert!(!noticed(&preset()));
    let capped = MARKETS.iter().filter(|(.., caps)| caps.is_some()).count();
    let less: fn(&Number) -> Number = |rate| rate - decimal(1, 6);
    let more: fn(&Number) -> Number = |cap| cap + whole(1);
    let other = [
        ("maintenance", less, MARKETS.len() + 1), // and the weight of USDC
        ("initial", less, MARKETS.len() + 1),
        ("lower", more, capped),
        ("upper", more, capped),
    ];
    for (key, other, count) in other {
        let mutants = mutants(PRESET, key, other);
        assert_eq!(mutants.len(), count, "{key}");
        for (what, rules) in mutants {
            // A smaller weight of USDC asks for more.
            let asks_for_more = rules.assets["USDC"] != preset().assets["USDC"];
            assert!(asks_for_more || noticed(&rules), "{what}");
        }
    }
}

#[test]
fn the_rate_is_the_base_below_the_lower_cap_and_1_from_the_upper() {
    let rate = |open_interest: u64, caps| scaled_rate(&read("0.05"), &whole(open_interest), caps);
    assert_eq!(rate(40_000_000, MID_CAP), read("0.05"));
    assert_eq!(rate(70_000_000, MID_CAP), read("0.525"));
    assert_eq!(rate(100_000_000, MID_CAP), whole(1));
    assert_eq!(rate(1_000_000_000_000, None), read("0.05"));
}
