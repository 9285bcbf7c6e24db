//! Quanto contracts as `docs/snapshot.md` books them: `n` contracts of ETH/USD pay a fixed part of a bitcoin
//! for each dollar, so in dollars they follow the product of two prices. Exact at mark, in stresses and in
//! margins.

use num_bigint::BigInt;
use pacioli_circuits::ScenarioId;
use pacioli_rules::{Compiled, Prices, Rules, compile};
use proptest::prelude::*;

/// In the crash BTC falls by 40 % and ETH by 50 %, so the product by 1 - 0.6 * 0.5 = 70 %.
const RULES: &str = r#"
name = "quanto"
source = "made up"
date = "2026-01-01"
exactness = "exact"
quote = "USD"
value_decimals = 16
scenarios = [
    { name = "mark", kind = "mark" },
    { name = "crash", kind = "stress", default_move = "-0.5", moves = { BTC = "-0.4", "ETH.BTC" = "-0.7" } },
    { name = "maintenance", kind = "margin", margin = "maintenance" },
]
[assets.BTC]
decimals = 8
maintenance = "1"
[markets.ETHUSD]
underlying = "ETH.BTC"
decimals = 0
tiers = [{ maintenance = "0.01" }]
[markets."ETHUSD.XBT"]
underlying = "BTC"
decimals = 8
tiers = [{ maintenance = "0" }]
[policy]
min_coverage = "1"
"#;

/// A number of so many decimals.
fn text(units: u128, decimals: u32) -> String {
    let one = 10u128.pow(decimals);
    format!("{}.{:0width$}", units / one, units % one, width = decimals as usize)
}

/// At prices in cents; the contract pays 0.000001 BTC for each dollar.
fn at(rules: &str, eth: u64, btc: u64) -> Compiled {
    let product = u128::from(eth) * u128::from(btc);
    let prices = format!(
        r#"{{ "as_of": "2026-01-01T00:00:00Z", "quote": "USD", "method": "made up",
            "prices": {{ "BTC": "{}", "ETHUSD": "{}" }} }}"#,
        text(btc.into(), 2),
        text(product, 10)
    );
    compile(&Rules::parse(rules).unwrap(), &Prices::parse(&prices).unwrap()).unwrap()
}

fn value(table: &Compiled, name: &str, scenario: ScenarioId) -> BigInt {
    let row = table.find(name).unwrap().row();
    table.table.instruments()[row].values[scenario].units().into()
}

proptest! {
    #[test]
    fn a_quanto_contract_is_worth_what_the_venue_says(
        contracts in 1..10_000_000u64,
        entry in 0..2_000_000u64,
        eth in 0..2_000_000u64,
        btc in 0..9_000_000u64,
    ) {
        let table = at(RULES, eth, btc);
        for (side, other, sign) in [("long", "short", 1), ("short", "long", -1)] {
            let worth = |scenario| {
                // The multiplier times the entry has 8 decimals, so coins are exact.
                let coins = BigInt::from(contracts) * entry;
                value(&table, &format!("{side} ETHUSD"), scenario) * contracts
                    + value(&table, &format!("{other} ETHUSD.XBT"), scenario) * coins
            };
            // contracts * (price - entry) coins of 1e-8, at the price of a coin in cents: in 1e-10 USD.
            let gain = |eth: BigInt, btc: BigInt, scale: u32| {
                let coins = BigInt::from(contracts) * (eth - entry * BigInt::from(10).pow(scale));
                sign * coins * btc * BigInt::from(10).pow(6 - 2 * scale)
            };
            prop_assert_eq!(worth(ScenarioId::MARK), gain(eth.into(), btc.into(), 0));
            // Moved prices have a decimal more.
            let moved = gain(BigInt::from(eth) * 5, BigInt::from(btc) * 6, 1);
            prop_assert_eq!(worth(ScenarioId::new(1)), moved);
            // 1 % of what the contracts are worth at the mark price.
            let asked = worth(ScenarioId::MARK) - worth(ScenarioId::new(2));
            let notional = BigInt::from(contracts) * eth * btc * BigInt::from(10).pow(6);
            prop_assert_eq!(asked * 100, notional);
        }
    }
}

/// Nobody but the author of the rules knows that the two prices move together: a stress that says nothing
/// of the product moves it by its default, which is less.
#[test]
fn a_stress_has_to_say_how_the_product_moves() {
    let crash = ScenarioId::new(1);
    let crashed = |rules: &str| value(&at(rules, 100, 100), "long ETHUSD", crash);
    // A contract is worth 0.000001 USD where both prices are 1.
    assert_eq!(crashed(RULES), BigInt::from(3_000_000_000u64));
    let unsaid = RULES.replace(", \"ETH.BTC\" = \"-0.7\"", "");
    assert_eq!(crashed(&unsaid), BigInt::from(5_000_000_000u64));
}
