//! `perp-flat` against dYdX v4.

use pacioli_prover::rules::Rules;

use crate::{
    book::{Portfolio, PriceList, mutated, table, worth},
    dice::{Dice, PORTFOLIOS},
    number::{Number, ceil, decimal, read, truncate, whole},
};

const PRESET: &str = include_str!("../../rules/perp-flat.toml");

/// A market, the digits of its quantums, and its liquidity tier's base rate and maintenance fraction.
const MARKETS: [(&str, u32, &str, &str); 9] = [
    ("ADA", 5, "0.05", "0.6"),
    ("AVAX", 7, "0.05", "0.6"),
    ("BTC", 10, "0.02", "0.6"),
    ("CRV", 5, "0.05", "0.6"),
    ("ETH", 9, "0.02", "0.6"),
    ("FIL", 6, "0.05", "0.6"),
    ("LINK", 6, "0.05", "0.6"),
    ("MATIC", 5, "0.05", "0.6"),
    ("SOL", 7, "0.05", "0.6"),
];

/// The venue's initial rate at an open interest in USD, above the base where the tier has caps.
fn scaled_rate(base: &Number, open_interest: &Number, caps: Option<(u64, u64)>) -> Number {
    let Some((lower, upper)) = caps.map(|(lower, upper)| (whole(lower), whole(upper))) else {
        return base.clone();
    };
    let part = (open_interest - &lower) / (upper - lower);
    base + (whole(1) - base) * part.clamp(whole(0), whole(1))
}

/// Oracle prices: the digits of a price and of a quantum are 15 together. Portfolios are within 10^9
/// USD.
fn market(dice: &mut Dice) -> (PriceList, Vec<Portfolio>) {
    let mut prices = PriceList::from([("USDC".to_owned(), whole(1))]);
    for (name, digits, ..) in MARKETS {
        let (units, decimals) = dice.price(50, 15 - digits);
        prices.insert(name.to_owned(), decimal(units, decimals));
    }
    let portfolios = (0..PORTFOLIOS / 10).map(|_| portfolio(dice, &prices)).collect();
    (prices, portfolios)
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
fn net(
    portfolio: &Portfolio,
    prices: &PriceList,
    rate: impl Fn(&str, &Number) -> Number,
    maintenance: bool,
    rounding: bool,
) -> Number {
    let up = |number: Number| if rounding { ceil(&number, 6) } else { number };
    let mut net = whole(0);
    for (instrument, quantity) in portfolio {
        match instrument.split_once(' ').unwrap() {
            ("deposit", _) | ("quote", "credit") => net += quantity,
            ("borrow", _) | ("quote", "debit") => net -= quantity,
            (side, market) => {
                let asset = market.strip_suffix("-USD").unwrap();
                let (.., base, fraction) =
                    MARKETS.iter().find(|(name, ..)| *name == asset).unwrap();
                let notional =
                    quantity * &prices[asset] * whole(if side == "long" { 1 } else { -1 });
                let notional = if rounding { truncate(&notional, 6) } else { notional };
                let size = if side == "long" { notional.clone() } else { -&notional };
                net += notional;
                net -= match maintenance {
                    true => up(up(size * read(base)) * read(fraction)),
                    false => up(size * rate(asset, &read(base))),
                };
            }
        }
    }
    net
}

/// Every account is worth what the formula says in real numbers, and within 4e-6 USD a line of what
/// the venue computes.
fn compare(rules: &Rules) -> Result<(), String> {
    let mut dice = Dice::new(2);
    for _ in 0..10 {
        let (prices, portfolios) = market(&mut dice);
        let table = table(rules, &prices);
        for (scenario, maintenance) in [("maintenance", true), ("initial", false)] {
            let worth = worth(&table, &portfolios, scenario);
            for (portfolio, worth) in portfolios.iter().zip(&worth) {
                let base = |_: &str, base: &Number| base.clone();
                let exact = net(portfolio, &prices, base, maintenance, false);
                if exact != *worth {
                    return Err(format!("{scenario}: {worth}, not {exact}: {portfolio:?}"));
                }
                let on_chain = net(portfolio, &prices, base, maintenance, true);
                let bound = decimal(4 * portfolio.len(), 6);
                assert!(&on_chain - worth < bound && worth - &on_chain < bound);
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
fn another_rate_is_noticed() {
    let text = PRESET.replacen("maintenance = \"0.012\"", "maintenance = \"0.012001\"", 1);
    let error = compare(&Rules::parse(&text).unwrap()).unwrap_err();
    assert!(error.starts_with("maintenance"), "{error}");
    let text = PRESET.replacen("initial = \"0.05\"", "initial = \"0.04\"", 1);
    let error = compare(&Rules::parse(&text).unwrap()).unwrap_err();
    assert!(error.starts_with("initial"), "{error}");
}

/// The preset's initial rate of SOL-USD written anew from open interest, as its head says.
fn at_open_interest(open_interest: &Number) -> (Rules, Number) {
    let rate = scaled_rate(&read("0.05"), open_interest, Some((40_000_000, 100_000_000)));
    let written = crate::number::write(&ceil(&rate, 6), 6);
    let sol = "[markets.SOL-USD]\nunderlying = \"SOL\"\ndecimals = 7\n\
               tiers = [{ maintenance = \"0.03\", initial = ";
    (mutated(PRESET, &format!("{sol}\"0.05\""), &format!("{sol}\"{written}\"")), rate)
}

#[test]
fn initial_margin_follows_open_interest() {
    let mut dice = Dice::new(3);
    let edges = [0, 39_999_999, 40_000_000, 40_000_001, 99_999_999, 100_000_000, 100_000_001];
    let random: Vec<_> = (0..13).map(|_| dice.below(150_000_000)).collect();
    for open_interest in edges.into_iter().chain(random) {
        let (rules, exact_rate) = at_open_interest(&whole(open_interest));
        let (prices, portfolios) = market(&mut dice);
        let worth = worth(&table(&rules, &prices), &portfolios, "initial");
        for (portfolio, worth) in portfolios.iter().zip(worth) {
            let rate = |asset: &str, base: &Number| {
                if asset == "SOL" { exact_rate.clone() } else { base.clone() }
            };
            let venue = net(portfolio, &prices, rate, false, false);
            let sol = portfolio.iter().find(|(name, _)| name.ends_with(" SOL-USD"));
            let quantity = sol.map_or(whole(0), |(_, quantity)| quantity.clone());
            // The seventh digit of the rate, and a unit of value for each unit of quantity.
            let bound = &quantity * &prices["SOL"] * decimal(1, 6) + quantity * decimal(1, 11);
            assert!(worth <= venue && &venue - &worth <= bound);
        }
    }
}

#[test]
fn the_rate_is_the_base_below_the_lower_cap_and_1_from_the_upper() {
    let rate = |open_interest: u64, caps| scaled_rate(&read("0.05"), &whole(open_interest), caps);
    let mid = Some((40_000_000, 100_000_000));
    assert_eq!(rate(40_000_000, mid), read("0.05"));
    assert_eq!(rate(70_000_000, mid), read("0.525"));
    assert_eq!(rate(100_000_000, mid), whole(1));
    assert_eq!(rate(1_000_000_000_000, None), read("0.05"));
}
