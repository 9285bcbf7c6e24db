//! `perp-sqrt` against Drift v2.

use num_bigint::BigInt;
use pacioli_rules::{Margin, Rules};

use crate::presets::{
    book::{Portfolio, PriceList, mutated, table, worth},
    dice::{Dice, PORTFOLIOS},
    number::{Number, ceil, decimal, read, whole},
};

const PRESET: &str = include_str!("../../../presets/perp-sqrt.toml");

/// A market's parameters in the venue's units, and the sizes in coins up to which the preset is
/// within its bound and never asks for too little.
struct Market {
    name: &'static str,
    asset: &'static str,
    /// In 1/10,000.
    maintenance: u64,
    initial: u64,
    /// In 1/1,000,000.
    imf: u64,
    within_bound: u64,
    conservative: u64,
}

const MARKETS: [Market; 2] = [
    Market {
        name: "BTC-PERP",
        asset: "BTC",
        maintenance: 300,
        initial: 500,
        imf: 3_000,
        within_bound: 1_000,
        conservative: 90_000,
    },
    Market {
        name: "SOL-PERP",
        asset: "SOL",
        maintenance: 500,
        initial: 1_000,
        imf: 550,
        within_bound: 100_000,
        conservative: 2_500_000,
    },
];

impl Market {
    fn ratio(&self, initial: bool) -> u64 {
        if initial { self.initial } else { self.maintenance }
    }

    /// The rate of a position in real numbers, at most 1e-30 too low.
    fn rate(&self, size: &Number, initial: bool) -> Number {
        let root = (size * whole(BigInt::from(10).pow(60))).to_integer().sqrt();
        let by_size = decimal(self.imf, 6) * decimal(root, 30);
        let ratio = decimal(self.ratio(initial), 4);
        ratio.clone().max(ratio * decimal(8, 1) + by_size)
    }

    /// The rate as the program computes it, in 1/10,000 and truncated.
    fn program_rate(&self, size: &Number, initial: bool) -> Number {
        let root: BigInt = (size * whole(10_000_000_000u64)).to_integer() + 1;
        let ratio = self.ratio(initial);
        let by_size: BigInt = root.sqrt() * self.imf / 10_000_000;
        decimal(BigInt::from(ratio).max(by_size + (ratio - ratio / 5)), 4)
    }
}

fn market(dice: &mut Dice) -> (PriceList, Vec<Portfolio>) {
    let mut prices = PriceList::from([("USDC".to_owned(), whole(1))]);
    for market in &MARKETS {
        let (units, decimals) = dice.price(39, 6);
        prices.insert(market.asset.to_owned(), decimal(units, decimals));
    }
    let portfolios = (0..PORTFOLIOS / 10).map(|_| portfolio(dice, &prices)).collect();
    (prices, portfolios)
}

fn portfolio(dice: &mut Dice, prices: &PriceList) -> Portfolio {
    let rules = Rules::parse(PRESET).unwrap();
    let side = if dice.coin() { "borrow" } else { "deposit" };
    let mut holdings = vec![(format!("{side} USDC"), decimal(dice.quantity(&[], 1 << 49), 6))];
    for market in &MARKETS {
        // At most 4 * 10^10 USD of each.
        let price = prices[market.asset].clone().max(decimal(1, 6));
        let most = (whole(40_000_000_000u64) / price).min(whole(market.conservative));
        let most = u128::try_from((most * whole(1_000_000_000)).to_integer()).unwrap();
        let tiers = &rules.markets[market.name].tiers;
        let bounds = tiers.iter().filter_map(|tier| tier.up_to?.exact_units(9));
        let bounds: Vec<_> = bounds.map(|bound| u128::try_from(bound).unwrap()).collect();
        let side = if dice.coin() { "long" } else { "short" };
        let quantity = decimal(dice.quantity(&bounds, most), 9);
        holdings.push((format!("{side} {}", market.name), quantity));
    }
    let side = if dice.coin() { "debit" } else { "credit" };
    holdings.push((format!("quote {side}"), decimal(dice.quantity(&[], 1 << 49), 6)));
    holdings
}

/// What the venue's formula says of an account.
struct Venue {
    /// In real numbers.
    real: Number,
    /// As the program computes it, in 1e-6 USD.
    program: Number,
    /// By how much the preset may say less than `real`; none for positions past their bound.
    bound: Option<Number>,
}

fn venue(portfolio: &Portfolio, prices: &PriceList, initial: bool) -> Venue {
    let (mut real, mut program, mut bound) = (whole(0), whole(0), Some(whole(0)));
    for (instrument, quantity) in portfolio {
        let sign = match instrument.split_once(' ').unwrap().0 {
            "deposit" | "long" => 1,
            "borrow" | "short" => -1,
            _ if instrument == "quote credit" => 1,
            _ => -1,
        };
        let (_, name) = instrument.split_once(' ').unwrap();
        let Some(market) = MARKETS.iter().find(|market| market.name == name) else {
            real += quantity * whole(sign);
            program += quantity * whole(sign);
            continue;
        };
        let notional = quantity * &prices[market.asset];
        let margin = &notional * market.rate(quantity, initial);
        let value = crate::presets::number::floor(&notional, 6);
        program += &value * whole(sign);
        program -=
            crate::presets::number::floor(&(value * market.program_rate(quantity, initial)), 6);
        real += &notional * whole(sign) - &margin;
        let is_within = *quantity <= whole(market.within_bound);
        // 1.1 %, and a unit of value for each unit of quantity.
        bound = bound
            .filter(|_| is_within)
            .map(|b| b + margin * decimal(11, 3) + quantity * decimal(1, 7));
    }
    Venue { real, program, bound }
}

/// Asks for what the venue asks for or more, in real numbers and, up to 1e-6 USD a position, as the
/// program computes it; and within the bound for no more than that.
fn compare(rules: &Rules) -> Result<(), String> {
    let mut dice = Dice::new(8);
    for _ in 0..10 {
        let (prices, portfolios) = market(&mut dice);
        let table = table(rules, &prices);
        for (scenario, initial) in [("maintenance", false), ("initial", true)] {
            let worth = worth(&table, &portfolios, scenario);
            for (portfolio, worth) in portfolios.iter().zip(&worth) {
                let Venue { real, program, bound } = venue(portfolio, &prices, initial);
                let is_too_low = bound.is_some_and(|bound| &real - worth > bound);
                if *worth > real || is_too_low {
                    return Err(format!("{scenario}: {worth}, not {real}: {portfolio:?}"));
                }
                assert!(worth - program <= decimal(2, 6), "{portfolio:?}");
            }
        }
    }
    Ok(())
}

#[test]
fn never_asks_for_less_than_the_venue_and_for_little_more() {
    compare(&Rules::parse(PRESET).unwrap()).unwrap();
}

#[test]
fn another_rate_is_noticed() {
    let lower = mutated(
        PRESET,
        "maintenance = \"0.03\", initial = \"0.05\"",
        "maintenance = \"0.029\", initial = \"0.05\"",
    );
    assert!(compare(&lower).unwrap_err().starts_with("maintenance"));
    let higher = PRESET.replace("initial = \"0.1\"", "initial = \"0.103\"");
    assert!(compare(&Rules::parse(&higher).unwrap()).unwrap_err().starts_with("initial"));
}

#[test]
fn each_rate_is_the_slope_of_a_chord_of_the_formula() {
    let rules = Rules::parse(PRESET).unwrap();
    for market in &MARKETS {
        let tiers = &rules.markets[market.name].tiers;
        for (initial, margin) in [(false, Margin::Maintenance), (true, Margin::Initial)] {
            let requirement = |size: &Number| size * market.rate(size, initial);
            let mut before = whole(0);
            for tier in tiers {
                let rate = match margin {
                    Margin::Maintenance => &tier.maintenance,
                    Margin::Initial => &tier.initial,
                };
                let rate = read(&rate.as_ref().unwrap().to_string());
                let Some(end) = tier.up_to.map(|end| read(&end.to_string())) else {
                    assert_eq!(rate, whole(1));
                    continue;
                };
                let slope = (requirement(&end) - requirement(&before)) / (&end - &before);
                assert_eq!(rate, ceil(&slope, 6), "{} up to {end}", market.name);
                before = end;
            }
            assert_eq!(before, whole(market.within_bound));
        }
    }
}

/// The largest part of the requirement that the preset asks for in excess, at mark prices where one
/// coin is worth one, over a fine grid of sizes.
fn largest_excess(market: &Market, initial: bool) -> Number {
    let rules = Rules::parse(PRESET).unwrap();
    let prices = PriceList::from(["USDC", "BTC", "SOL"].map(|name| (name.to_owned(), whole(1))));
    let sizes: Vec<_> = (1..=2_000u64)
        .map(|step| whole(step * step) * whole(market.within_bound) / whole(4_000_000))
        .map(|size| crate::presets::number::floor(&size, 9))
        .collect();
    let long = |size: &Number| vec![(format!("long {}", market.name), size.clone())];
    let portfolios: Vec<_> = sizes.iter().map(long).collect();
    let scenario = if initial { "initial" } else { "maintenance" };
    let worth = worth(&table(&rules, &prices), &portfolios, scenario);
    let excess = sizes.iter().zip(worth).map(|(size, worth)| {
        let requirement = size * market.rate(size, initial);
        (size - worth) / requirement - whole(1)
    });
    excess.max().unwrap()
}

#[test]
fn the_chords_are_within_the_stated_bound_and_no_better_one() {
    for market in &MARKETS {
        let worst = [false, true].map(|initial| largest_excess(market, initial));
        let worst = worst.into_iter().max().unwrap();
        assert!(worst > decimal(9, 3) && worst < decimal(11, 3), "{}: {worst}", market.name);
    }
}
