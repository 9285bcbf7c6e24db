//! `perp-tiered` against Hyperliquid.

use std::slice::from_ref;

use pacioli_rules::Rules;

use crate::presets::{
    book::{Portfolio, PriceList, mutants, prices, table, worth},
    dice::{Dice, PORTFOLIOS},
    number::{Number, decimal, floor, whole},
};

const PRESET: &str = include_str!("../../../presets/perp-tiered.toml");

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

/// Prices at which every bound is a whole number of units.
fn round_prices() -> PriceList {
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

/// Every price at nothing, at the smallest and at the largest of these.
fn extreme_prices() -> [PriceList; 3] {
    [0, 1, (1 << 30) - 1].map(|units: u64| {
        let mut prices = PriceList::from([("USDC".to_owned(), whole(1))]);
        prices.extend(
            MARKETS.map(|(name, digits, ..)| (name.to_owned(), decimal(units, 6 - digits))),
        );
        prices
    })
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
    rules: &Rules,
    price_lists: impl IntoIterator<Item = PriceList>,
    each: usize,
) -> Result<(), String> {
    let mut dice = Dice::new(4);
    for prices in price_lists {
        let table = table(rules, &prices);
        let portfolios: Vec<_> = (0..each).map(|_| portfolio(&mut dice, &prices)).collect();
        for (scenario, initial) in [("maintenance", false), ("initial", true)] {
            let worth = worth(&table, &portfolios, scenario);
            for (portfolio, worth) in portfolios.iter().zip(&worth) {
                let (venue, bound) = venue(portfolio, &prices, initial);
                if *worth > venue || &venue - worth > bound {
                    return Err(format!("{scenario}: {worth}, not {venue}: {portfolio:?}"));
                }
                // Where a rate is no decimal, the ledger differs.
                let exact = |(name, _): &(String, Number)| !name.contains("ETH");
                if prices == round_prices() && portfolio.iter().all(exact) && *worth != venue {
                    return Err(format!("{scenario}: {worth} is not exactly {venue}"));
                }
            }
        }
    }
    Ok(())
}

fn preset() -> Rules {
    Rules::parse(PRESET).unwrap()
}

#[test]
fn asks_for_the_venues_margin_where_bounds_are_whole_units() {
    compare(&preset(), vec![round_prices(); 5], PORTFOLIOS / 5).unwrap();
}

#[test]
fn asks_for_a_unit_more_at_most_and_never_for_less_at_any_price() {
    let mut dice = Dice::new(5);
    let random: Vec<_> = (0..20).map(|_| random_prices(&mut dice)).collect();
    compare(&preset(), random.into_iter().chain(extreme_prices()), PORTFOLIOS / 20).unwrap();
}

#[test]
fn a_rate_or_a_bound_that_asks_for_less_is_noticed_each_by_itself() {
    let prices = round_prices();
    // As much of each market as ends the first tier, and a billion USD, alone and on either side.
    let mut portfolios: Vec<Portfolio> = Vec::new();
    for (name, digits, end, _) in MARKETS {
        for value in [end, 1_000_000_000] {
            let quantity = floor(&(whole(value) / &prices[name]), digits);
            let held = |side: &str| vec![(format!("{side} {name}-PERP"), quantity.clone())];
            portfolios.extend([held("long"), held("short")]);
        }
    }
    let noticed = |rules: &Rules| {
        let table = table(rules, &prices);
        [("maintenance", false), ("initial", true)].iter().any(|&(scenario, initial)| {
            let worth = worth(&table, &portfolios, scenario);
            let mut pairs = portfolios.iter().zip(worth);
            pairs.any(|(portfolio, worth)| worth > venue(portfolio, &prices, initial).0)
        })
    };
    assert!(!noticed(&preset()));
    let less = |rate: &Number| rate - decimal(1, 12);
    // No unit is worth more than 2.5 USD here, so an end 3 USD further takes another one.
    let of_assets = 1; // the weight of USDC
    for (key, other, count) in [
        (
            "up_to_value",
            &(|end: &Number| end + whole(3)) as &dyn Fn(&Number) -> Number,
            MARKETS.len(),
        ),
        ("maintenance", &less, 2 * MARKETS.len() + of_assets),
        ("initial", &less, 2 * MARKETS.len() + of_assets),
    ] {
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
fn a_price_twice_as_high_halves_the_bounds() {
    let mut prices = round_prices();
    prices.insert("BTC".to_owned(), whole(200_000));
    let held = vec![("long BTC-PERP".to_owned(), whole(1_500))];
    let worth = worth(&table(&preset(), &prices), from_ref(&held), "maintenance");
    assert_eq!(worth[0], venue(&held, &prices, false).0);
    // 1.25 % of 150 million and 2.5 % of the other 150.
    assert_eq!(worth[0], whole(300_000_000 - 1_875_000 - 3_750_000));
}
