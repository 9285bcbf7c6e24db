//! `lending` against Compound III and Aave v3.

use pacioli_rules::Rules;

use crate::presets::{
    book::{Portfolio, PriceList, mutated, table, worth},
    dice::{Dice, PORTFOLIOS},
    number::{Number, decimal, floor, truncate, whole},
};

const PRESET: &str = include_str!("../../../presets/lending.toml");

/// Collateral with its factor for liquidation and for borrowing, in hundredths.
const COLLATERAL: [(&str, u32, u32); 5] =
    [("COMP", 73, 65), ("LINK", 87, 79), ("UNI", 83, 75), ("WBTC", 78, 70), ("WETH", 90, 82)];

/// Prices of 8 digits as a feed has them, and portfolios within 1.1 * 10^9 USD.
fn market(dice: &mut Dice) -> (PriceList, Vec<Portfolio>) {
    let mut prices = PriceList::new();
    for (name, ..) in COLLATERAL {
        let (units, decimals) = dice.price(45, 8);
        prices.insert(name.to_owned(), decimal(units, decimals));
    }
    prices.insert("USDC".to_owned(), decimal(99_000_000 + dice.below(2_000_000), 8));
    let portfolios = (0..PORTFOLIOS / 10).map(|_| portfolio(dice, &prices));
    let portfolios = portfolios.collect();
    (prices, portfolios)
}

fn portfolio(dice: &mut Dice, prices: &PriceList) -> Portfolio {
    let side = if dice.coin() { "borrow" } else { "deposit" };
    let mut holdings = vec![(format!("{side} USDC"), decimal(dice.quantity(&[], 1 << 49), 6))];
    for (name, ..) in COLLATERAL {
        if dice.coin() {
            continue;
        }
        // At most 10^8 USD of each, and 2^80 units.
        let price = &prices[name];
        let most =
            if *price == whole(0) { whole(1u128 << 80) } else { whole(10u64.pow(16)) / price };
        let most = u128::try_from(most.to_integer()).unwrap().min(1 << 80);
        holdings.push((format!("deposit {name}"), decimal(dice.quantity(&[], most), 8)));
    }
    holdings
}

/// The account's liquidity: what it owes or has in USDC, and the part of its collateral that counts.
/// `digits` is where each product is truncated, 8 on chain, or none.
fn comet(portfolio: &Portfolio, prices: &PriceList, initial: bool, on_chain: bool) -> Number {
    let cut = |number: Number| if on_chain { truncate(&number, 8) } else { number };
    let mut liquidity = whole(0);
    for (instrument, quantity) in portfolio {
        let (side, asset) = instrument.split_once(' ').unwrap();
        let value = cut(quantity * &prices[asset] * whole(if side == "borrow" { -1 } else { 1 }));
        let factor = COLLATERAL.iter().find(|(name, ..)| *name == asset);
        liquidity += match factor {
            Some((_, liquidate, borrow)) => {
                cut(value * decimal(if initial { *borrow } else { *liquidate }, 2))
            }
            None => value,
        };
    }
    liquidity
}

/// The health factor of Aave v3 in its 18 digits, where there is debt: collateral rounded down and
/// debt up to 8 digits, thresholds in 1/10,000.
fn aave(portfolio: &Portfolio, prices: &PriceList) -> Option<Number> {
    let (mut collateral, mut debt) = (whole(0), whole(0));
    for (instrument, quantity) in portfolio {
        let (side, asset) = instrument.split_once(' ').unwrap();
        let value = quantity * &prices[asset];
        if side == "borrow" {
            debt -= floor(&-value, 8);
            continue;
        }
        let factor = COLLATERAL.iter().find(|(name, ..)| *name == asset);
        let threshold = factor.map_or(10_000, |(_, liquidate, _)| liquidate * 100);
        collateral += floor(&value, 8) * decimal(threshold, 4);
    }
    (debt != whole(0)).then(|| floor(&(collateral / debt), 18))
}

/// Every account is worth what Compound's formula says without rounding; Compound's own number is
/// within 2e-8 USD a line of it, and Aave agrees on who is short wherever that is no matter of rounding.
fn compare(rules: &Rules) -> Result<(), String> {
    let mut dice = Dice::new(1);
    for _ in 0..10 {
        let (prices, portfolios) = market(&mut dice);
        let table = table(rules, &prices);
        for (scenario, initial) in [("maintenance", false), ("initial", true)] {
            let worth = worth(&table, &portfolios, scenario);
            for (portfolio, worth) in portfolios.iter().zip(&worth) {
                let exact = comet(portfolio, &prices, initial, false);
                if exact != *worth {
                    return Err(format!("{scenario}: {worth}, not {exact}: {portfolio:?}"));
                }
                let on_chain = comet(portfolio, &prices, initial, true);
                let bound = decimal(2 * portfolio.len(), 8);
                assert!(&on_chain - worth < bound && worth - &on_chain < bound);
                let health = aave(portfolio, &prices).filter(|_| !initial);
                if let Some(health) = health.filter(|_| *worth >= bound || *worth <= -bound) {
                    assert_eq!(health < whole(1), *worth < whole(0), "{health} {worth}");
                }
            }
        }
    }
    Ok(())
}

#[test]
fn equals_the_venues_formula() {
    compare(&Rules::parse(PRESET).unwrap()).unwrap();
}

#[test]
fn another_factor_is_noticed() {
    let error = compare(&mutated(PRESET, "\"0.87\"", "\"0.8700001\"")).unwrap_err();
    assert!(error.starts_with("maintenance"), "{error}");
    let error = compare(&mutated(PRESET, "\"0.82\"", "\"0.83\"")).unwrap_err();
    assert!(error.starts_with("initial"), "{error}");
}
