//! `spot-margin` against Binance's proof of solvency.

use std::slice::from_ref;

use pacioli_rules::Rules;

use crate::presets::{
    book::{Portfolio, PriceList, mutants, prices, table, worth},
    dice::{Dice, PORTFOLIOS},
    number::{Number, decimal, floor, read, whole},
};

const PRESET: &str = include_str!("../../../presets/spot-margin.toml");

/// Tiers as the venue lists them: where each ends in USD, and its ratio in percent.
type Ratios = &'static [(u64, u32)];

const LARGE: Ratios = &[
    (40_000_000, 100),
    (50_000_000, 98),
    (80_000_000, 95),
    (120_000_000, 90),
    (160_000_000, 85),
    (200_000_000, 80),
    (300_000_000, 60),
    (1_000_000_000, 30),
];
const SOL: Ratios = &[
    (3_000_000, 100),
    (6_000_000, 95),
    (7_000_000, 90),
    (8_000_000, 85),
    (10_000_000, 75),
    (30_000_000, 60),
    (50_000_000, 30),
    (150_000_000, 20),
    (200_000_000, 10),
];
const DOGE: Ratios = &[
    (2_500_000, 100),
    (4_000_000, 90),
    (5_000_000, 70),
    (6_000_000, 60),
    (8_000_000, 50),
    (10_000_000, 30),
    (80_000_000, 10),
];
const AVAX: Ratios = &[
    (1_000_000, 100),
    (2_000_000, 90),
    (4_000_000, 85),
    (8_000_000, 50),
    (15_000_000, 20),
    (30_000_000, 10),
];
const STABLE: Ratios = &[
    (50_000_000, 100),
    (70_000_000, 98),
    (100_000_000, 95),
    (150_000_000, 90),
    (200_000_000, 85),
    (250_000_000, 80),
    (300_000_000, 75),
    (400_000_000, 70),
    (800_000_000, 60),
    (1_500_000_000, 50),
    (2_500_000_000, 30),
];
const SHIB: Ratios = &[(50_000, 100)];

/// An asset, a price at which its bounds are whole units, its tiers, and the digits of a quantity.
const ASSETS: [(&str, &str, Ratios, u32); 12] = [
    ("ADA", "0.8", DOGE, 8),
    ("AVAX", "40", AVAX, 8),
    ("BNB", "800", LARGE, 8),
    ("BTC", "100000", LARGE, 8),
    ("DOGE", "0.2", DOGE, 8),
    ("DOT", "8", AVAX, 8),
    ("ETH", "4000", LARGE, 8),
    ("FDUSD", "1", STABLE, 8),
    ("SHIB", "0.000025", SHIB, 2),
    ("SOL", "200", SOL, 8),
    ("USDC", "1", STABLE, 8),
    ("USDT", "1", STABLE, 8),
];

/// Prices at which every bound is a whole number of units.
fn round_prices() -> PriceList {
    prices(&ASSETS.map(|(name, price, ..)| (name, price)))
}

/// Other prices, with as many digits as let every ratio of a price be whole units of value: 6, or
/// 12 for a coin counted in hundredths.
fn random_prices(dice: &mut Dice) -> PriceList {
    let price = |(name, _, _, digits): (&str, &str, Ratios, u32)| {
        let (units, decimals) = dice.price(40, if digits == 2 { 12 } else { 6 });
        (name.to_owned(), decimal(units, decimals))
    };
    ASSETS.map(price).into()
}

/// Every price at nothing, at the smallest and at the largest of these.
fn extreme_prices() -> [PriceList; 3] {
    [0, 1, (1 << 40) - 1].map(|units: u64| {
        let price = |(name, _, _, digits): (&str, &str, Ratios, u32)| {
            (name.to_owned(), decimal(units, if digits == 2 { 12 } else { 6 }))
        };
        ASSETS.map(price).into()
    })
}

fn portfolio(dice: &mut Dice, prices: &PriceList) -> Portfolio {
    let mut holdings = Portfolio::new();
    for (name, _, ratios, digits) in ASSETS {
        // At most 3 * 10^9 USD of each, and 2^80 units.
        let price = prices[name].clone().max(decimal(1, 18));
        let units = |value: u64| {
            let units = (whole(value) / &price * whole(10u64.pow(digits))).to_integer();
            u128::try_from(units).unwrap().min(1 << 80)
        };
        let bounds: Vec<_> = ratios.iter().map(|(end, _)| units(*end)).collect();
        let mut quantity = || decimal(dice.quantity(&bounds, units(3_000_000_000)), digits);
        let sides = [quantity(), quantity()];
        for (side, quantity) in ["deposit", "borrow"].into_iter().zip(sides) {
            if dice.below(3) == 0 {
                holdings.push((format!("{side} {name}"), quantity));
            }
        }
    }
    holdings.push(("quote credit".to_owned(), whole(0)));
    holdings
}

/// What collateral counts for, less debt, in the venue's units of 1e-16 USD: what is below the
/// reached tier at its ratios, and of the rest the ratio's percent rounded down. And by how much a
/// preset may say less: a unit of every deposit.
fn venue(portfolio: &Portfolio, prices: &PriceList) -> (Number, Number) {
    let (mut net, mut bound) = (whole(0), whole(0));
    for (instrument, quantity) in portfolio {
        let (side, name) = instrument.split_once(' ').unwrap();
        let Some((.., ratios, digits)) = ASSETS.iter().find(|(known, ..)| *known == name) else {
            continue;
        };
        let value = quantity * &prices[name];
        if side == "borrow" {
            net -= value;
            continue;
        }
        let (mut below, mut counted) = (whole(0), whole(0));
        // Past the last tier nothing more counts.
        for (end, percent) in *ratios {
            let ratio = decimal(*percent, 2);
            if value < whole(*end) {
                counted += floor(&((&value - &below) * ratio), 16);
                break;
            }
            counted += (whole(*end) - &below) * ratio;
            below = whole(*end);
        }
        net += counted;
        bound += &prices[name] * decimal(1, *digits);
    }
    (net, bound)
}

fn compare(
    rules: &Rules,
    price_lists: impl IntoIterator<Item = PriceList>,
    each: usize,
) -> Result<(), String> {
    let mut dice = Dice::new(6);
    for prices in price_lists {
        let table = table(rules, &prices);
        let portfolios: Vec<_> = (0..each).map(|_| portfolio(&mut dice, &prices)).collect();
        let worth = worth(&table, &portfolios, "maintenance");
        for (portfolio, worth) in portfolios.iter().zip(&worth) {
            let (venue, bound) = venue(portfolio, &prices);
            if *worth > venue || &venue - worth > bound {
                return Err(format!("{worth}, not {venue}: {portfolio:?}"));
            }
            // Where every bound is a whole number of units.
            if prices == round_prices() && *worth != venue {
                return Err(format!("{worth} is not exactly {venue}: {portfolio:?}"));
            }
        }
    }
    Ok(())
}

fn preset() -> Rules {
    Rules::parse(PRESET).unwrap()
}

#[test]
fn equals_the_venues_formula_where_bounds_are_whole_units() {
    compare(&preset(), vec![round_prices(); 5], PORTFOLIOS / 5).unwrap();
}

#[test]
fn is_less_by_a_unit_at_most_at_any_price() {
    let mut dice = Dice::new(7);
    let random: Vec<_> = (0..20).map(|_| random_prices(&mut dice)).collect();
    compare(&preset(), random.into_iter().chain(extreme_prices()), PORTFOLIOS / 20).unwrap();
}

#[test]
fn a_ratio_or_a_bound_that_counts_more_is_noticed_each_by_itself() {
    let prices = round_prices();
    // More of each asset than any bound, alone.
    let large = |(name, price, ..): (&str, &str, Ratios, u32)| {
        vec![(format!("deposit {name}"), floor(&(whole(3_000_000_000u64) / read(price)), 2))]
    };
    let portfolios: Vec<Portfolio> = ASSETS.map(large).into();
    let noticed = |rules: &Rules| {
        let worth = worth(&table(rules, &prices), &portfolios, "maintenance");
        portfolios.iter().zip(worth).any(|(portfolio, worth)| worth > venue(portfolio, &prices).0)
    };
    assert!(!noticed(&preset()));
    let ends = mutants(PRESET, "up_to_value", |end| end + whole(1));
    let bounds: usize = ASSETS.iter().map(|(_, _, ratios, _)| ratios.len()).sum();
    assert_eq!(ends.len(), bounds);
    // The first ratio of each asset is 1, which no other may exceed.
    let ratios = mutants(PRESET, "maintenance", |ratio| ratio + decimal(1, 6));
    assert_eq!(ratios.len(), bounds);
    for (what, rules) in ends.iter().chain(&ratios) {
        assert!(noticed(rules), "{what}");
    }
}

#[test]
fn a_price_twice_as_high_halves_the_bounds() {
    let mut prices = round_prices();
    prices.insert("BTC".to_owned(), whole(200_000));
    let held = vec![("deposit BTC".to_owned(), whole(400))];
    let worth = worth(&table(&preset(), &prices), from_ref(&held), "maintenance");
    assert_eq!(worth[0], venue(&held, &prices).0);
    // 40 million in full, 10 at 0.98, 30 at 0.95.
    assert_eq!(worth[0], whole(78_300_000));
}
