//! `spot-margin` against Binance's proof of solvency.

use std::slice::from_ref;

use pacioli_prover::rules::{Rules, Tier};

use crate::{
    book::{Portfolio, PriceList, mutated, prices, table, worth},
    dice::{Dice, PORTFOLIOS},
    number::{Number, decimal, floor, whole, write},
};

const PRESET: &str = include_str!("../../rules/spot-margin.toml");

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

/// An asset, the price its bounds in the preset are for, its tiers, and the digits of a quantity.
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

fn preset_prices() -> PriceList {
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

/// The preset with the bounds that are right at these prices, as its head says. Bounds that fall
/// together leave one tier, and a price of zero none but the first.
fn at(prices: &PriceList) -> Rules {
    let mut rules = Rules::parse(PRESET).unwrap();
    for (name, _, ratios, digits) in ASSETS {
        let asset = rules.assets.get_mut(name).unwrap();
        let tiers = asset.tiers.take().unwrap();
        let price = &prices[name];
        if *price == whole(0) {
            asset.tiers = Some(vec![Tier { up_to: None, ..tiers[0] }]);
            continue;
        }
        let mut before = whole(0);
        let mut kept = Vec::new();
        for (tier, (end, _)) in tiers.iter().zip(ratios) {
            let bound = floor(&(whole(*end) / price), digits);
            if bound > before {
                kept.push(Tier { up_to: Some(write(&bound, digits).parse().unwrap()), ..*tier });
                before = bound;
            }
        }
        kept.extend(tiers.last());
        asset.tiers = Some(kept);
    }
    rules
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
    rules: impl Fn(&PriceList) -> Rules,
    price_lists: impl IntoIterator<Item = PriceList>,
) -> Result<(), String> {
    let mut dice = Dice::new(6);
    for prices in price_lists {
        let table = table(&rules(&prices), &prices);
        let portfolios: Vec<_> =
            (0..PORTFOLIOS / 5).map(|_| portfolio(&mut dice, &prices)).collect();
        let worth = worth(&table, &portfolios, "maintenance");
        for (portfolio, worth) in portfolios.iter().zip(&worth) {
            let (venue, bound) = venue(portfolio, &prices);
            if *worth > venue || &venue - worth > bound {
                return Err(format!("{worth}, not {venue}: {portfolio:?}"));
            }
            // At the preset's own prices every bound is a whole number of units.
            if prices == preset_prices() && *worth != venue {
                return Err(format!("{worth} is not exactly {venue}: {portfolio:?}"));
            }
        }
    }
    Ok(())
}

fn as_it_is(_: &PriceList) -> Rules {
    Rules::parse(PRESET).unwrap()
}

#[test]
fn equals_the_venues_formula_at_the_prices_named() {
    compare(as_it_is, vec![preset_prices(); 5]).unwrap();
}

#[test]
fn is_less_by_a_unit_at_most_at_other_prices_with_the_bounds_divided_anew() {
    let mut dice = Dice::new(7);
    compare(at, (0..5).map(|_| random_prices(&mut dice))).unwrap();
}

#[test]
fn the_bounds_are_those_of_the_prices_named() {
    assert_eq!(at(&preset_prices()), as_it_is(&preset_prices()));
}

#[test]
fn another_ratio_or_bound_is_noticed() {
    let mutant = |from: &str, to: &str| {
        let mutant = |_: &PriceList| mutated(PRESET, from, to);
        compare(mutant, vec![preset_prices(); 5]).unwrap_err()
    };
    let third = "{ up_to = \"3000\", maintenance = ";
    mutant(&format!("{third}\"0.6\" }}"), &format!("{third}\"0.61\" }}"));
    mutant("{ up_to = \"400\", ", "{ up_to = \"400.00000001\", ");
}

#[test]
fn at_a_higher_price_the_bounds_as_they_are_count_too_much() {
    let mut prices = preset_prices();
    prices.insert("BTC".to_owned(), whole(200_000));
    let held = vec![("deposit BTC".to_owned(), whole(400))];
    let worth = worth(&table(&as_it_is(&prices), &prices), from_ref(&held), "maintenance");
    assert!(worth[0] > venue(&held, &prices).0);
}
