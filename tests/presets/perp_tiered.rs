//! `perp-tiered` against Hyperliquid.

use std::slice::from_ref;

use pacioli_prover::rules::{MarketRule, Rules, Tier};

use crate::{
    book::{Portfolio, PriceList, mutated, prices, table, worth},
    dice::{Dice, PORTFOLIOS},
    number::{Number, decimal, floor, whole, write},
};

const PRESET: &str = include_str!("../../rules/perp-tiered.toml");

/// A market, the digits of its quantities, and its tiers: the value at which the second begins, and
/// the largest leverage of both.
const MARKETS: [(&str, u32, u64, [u32; 2]); 9] = [
    ("ARB", 1, 3_000_000, [10, 5]),
    ("AVAX", 2, 20_000_000, [10, 5]),
    ("BNB", 3, 3_000_000, [10, 5]),
    ("BTC", 5, 150_000_000, [40, 20]),
    ("DOGE", 0, 20_000_000, [10, 5]),
    ("ETH", 4, 100_000_000, [25, 15]),
    ("LINK", 1, 20_000_000, [10, 5]),
    ("SOL", 2, 70_000_000, [20, 10]),
    ("XRP", 0, 40_000_000, [20, 10]),
];

/// The prices that the preset's bounds are for.
fn preset_prices() -> PriceList {
    prices(&[
        ("ARB", "0.5"),
        ("AVAX", "40"),
        ("BNB", "800"),
        ("BTC", "100000"),
        ("DOGE", "0.2"),
        ("ETH", "4000"),
        ("LINK", "20"),
        ("SOL", "200"),
        ("XRP", "2.5"),
        ("USDC", "1"),
    ])
}

/// Other prices, with as many digits as the venue's: 6 less those of a quantity.
fn random_prices(dice: &mut Dice) -> PriceList {
    let mut prices = PriceList::from([("USDC".to_owned(), whole(1))]);
    for (name, digits, ..) in MARKETS {
        let (units, decimals) = dice.price(30, 6 - digits);
        prices.insert(name.to_owned(), decimal(units, decimals));
    }
    prices
}

/// The quantity at a bound, rounded down to a unit.
fn bound(value: u64, price: &Number, digits: u32) -> Number {
    floor(&(whole(value) / price), digits)
}

/// The preset with the bounds that are right at these prices, as its head says. A bound below one
/// unit leaves no first tier, and a price of zero none but the first.
fn at(prices: &PriceList) -> Rules {
    let mut rules = Rules::parse(PRESET).unwrap();
    for (name, digits, value, _) in MARKETS {
        let market: &mut MarketRule = rules.markets.get_mut(&format!("{name}-PERP")).unwrap();
        if prices[name] == whole(0) {
            market.tiers = vec![Tier { up_to: None, ..market.tiers[0] }];
            continue;
        }
        let bound = bound(value, &prices[name], digits);
        if bound == whole(0) {
            market.tiers.remove(0);
        } else {
            market.tiers[0].up_to = Some(write(&bound, digits).parse().unwrap());
        }
    }
    rules
}

fn portfolio(dice: &mut Dice, prices: &PriceList) -> Portfolio {
    let side = if dice.coin() { "borrow" } else { "deposit" };
    let mut holdings = vec![(format!("{side} USDC"), decimal(dice.quantity(&[], 1 << 49), 6))];
    for (name, digits, value, _) in MARKETS {
        if dice.coin() {
            continue;
        }
        // At most 10^9 USD of each, and 2^80 units.
        let price = prices[name].clone().max(decimal(1, 18));
        let units = |value: u64| {
            let units = (whole(value) / &price * whole(10u64.pow(digits))).to_integer();
            u128::try_from(units).unwrap().min(1 << 80)
        };
        let quantity = dice.quantity(&[units(value)], units(1_000_000_000));
        let side = if dice.coin() { "long" } else { "short" };
        holdings.push((format!("{side} {name}-PERP"), decimal(quantity, digits)));
    }
    let side = if dice.coin() { "debit" } else { "credit" };
    holdings.push((format!("quote {side}"), decimal(dice.quantity(&[], 1 << 49), 6)));
    holdings
}

/// Account value less the requirement, by rate and deduction; and by how much a preset may ask for
/// more than that.
fn venue(portfolio: &Portfolio, prices: &PriceList, initial: bool) -> (Number, Number) {
    let (mut net, mut bound) = (whole(0), whole(0));
    for (instrument, quantity) in portfolio {
        match instrument.split_once(' ').unwrap() {
            ("deposit", _) | ("quote", "credit") => net += quantity,
            ("borrow", _) | ("quote", "debit") => net -= quantity,
            (side, market) => {
                let asset = market.strip_suffix("-PERP").unwrap();
                let known = MARKETS.iter().find(|(name, ..)| *name == asset);
                let (_, digits, lower, leverage) = known.unwrap();
                let notional = quantity * &prices[asset];
                let half = if initial { 1 } else { 2 };
                let rates = leverage.map(|times| Number::new(1.into(), (half * times).into()));
                let steps = &rates[1] - &rates[0];
                let deduction = whole(*lower) * &steps;
                let margin = match notional > whole(*lower) {
                    true => &notional * &rates[1] - deduction,
                    false => &notional * &rates[0],
                };
                if side == "long" {
                    net += &notional
                } else {
                    net -= &notional
                }
                net -= margin;
                bound += steps * &prices[asset] * decimal(1, *digits) + notional * decimal(1, 12);
                // One unit of value for each unit of quantity.
                bound += quantity * decimal(1, 16 - digits);
            }
        }
    }
    (net, bound)
}

fn compare(
    rules: impl Fn(&PriceList) -> Rules,
    price_lists: impl IntoIterator<Item = PriceList>,
) -> Result<(), String> {
    let mut dice = Dice::new(4);
    for prices in price_lists {
        let table = table(&rules(&prices), &prices);
        let portfolios: Vec<_> =
            (0..PORTFOLIOS / 5).map(|_| portfolio(&mut dice, &prices)).collect();
        for (scenario, initial) in [("maintenance", false), ("initial", true)] {
            let worth = worth(&table, &portfolios, scenario);
            for (portfolio, worth) in portfolios.iter().zip(&worth) {
                let (venue, bound) = venue(portfolio, &prices, initial);
                if *worth > venue || &venue - worth > bound {
                    return Err(format!("{scenario}: {worth}, not {venue}: {portfolio:?}"));
                }
                // Where a bound is no whole number of units or a rate no decimal, the ledger differs.
                let exact = |(name, _): &(String, Number)| !name.contains("ETH");
                if prices == preset_prices() && portfolio.iter().all(exact) && *worth != venue {
                    return Err(format!("{scenario}: {worth} is not exactly {venue}"));
                }
            }
        }
    }
    Ok(())
}

fn as_it_is(_: &PriceList) -> Rules {
    Rules::parse(PRESET).unwrap()
}

#[test]
fn asks_for_the_venues_margin_and_never_less() {
    compare(as_it_is, vec![preset_prices(); 5]).unwrap();
}

#[test]
fn so_it_does_at_other_prices_with_the_bounds_divided_anew() {
    let mut dice = Dice::new(5);
    compare(at, (0..5).map(|_| random_prices(&mut dice))).unwrap();
}

#[test]
fn the_bounds_are_those_of_the_prices_named() {
    assert_eq!(at(&preset_prices()), as_it_is(&preset_prices()));
}

#[test]
fn another_rate_or_bound_is_noticed() {
    let mutant = |from: &str, to: &str| {
        compare(|_| mutated(PRESET, from, to), vec![preset_prices(); 5]).unwrap_err()
    };
    assert!(mutant("\"0.0125\"", "\"0.0125001\"").starts_with("maintenance"));
    assert!(mutant("\"1500\"", "\"1500.001\"").starts_with("maintenance"));
    assert!(mutant("\"0.04\"", "\"0.0399999\"").starts_with("initial"));
}

#[test]
fn at_a_higher_price_the_bounds_as_they_are_ask_for_too_little() {
    let mut prices = preset_prices();
    prices.insert("BTC".to_owned(), whole(200_000));
    let held = vec![("long BTC-PERP".to_owned(), whole(1_500))];
    let worth = worth(&table(&as_it_is(&prices), &prices), from_ref(&held), "maintenance");
    assert!(worth[0] > venue(&held, &prices, false).0);
}
